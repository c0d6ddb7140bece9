"""What tests of validation share: the problems of a project in a form to compare, and of a text on a card."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from cardpress.diagnostics import Diagnostic
from cardpress.pipeline import check_project

# What a two-line question brings along; tests of something else do not want to hear of it.
_BESIDE_THE_POINT = {"no-source", "near-duplicate-question"}


def problems(project: Path) -> list[Diagnostic]:
    """Check a project and give what a test is about."""
    return [found for found in check_project(project).diagnostics if found.code not in _BESIDE_THE_POINT]


def places(found: Iterable[Diagnostic]) -> list[str]:
    """Write diagnostics as `file:line:column code`."""
    return [f"{each.span.path}:{each.span.line}:{each.span.column} {each.code}" for each in found]


def codes(found: Iterable[Diagnostic]) -> list[str]:
    """Give the codes, in the report's order."""
    return [each.code for each in found]


def question(**keys: object) -> str:
    """Write a question as YAML, `one` unless it is said otherwise."""
    # JSON is YAML; its escapes make any text a text.
    return f"- {json.dumps({'id': 'one', 'question': 'What is one?', 'answer': 'The first.', **keys})}\n"


def block(*lines: str) -> str:
    """Write a question whose answer is these lines, below `answer: |`: the first is line 4 of the file, column 5."""
    answer = "".join(f"    {line}\n" if line else "\n" for line in lines)
    return f"- id: one\n  question: What is one?\n  answer: |\n{answer}"
