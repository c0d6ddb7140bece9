"""Check a project, and write its diagnostics in a form that a test can compare."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cardpress.diagnostics import Diagnostic
from cardpress.pipeline import check_project

# The short questions of the tests cause these. Tests of other rules leave them out.
_BESIDE_THE_POINT = {"no-source", "near-duplicate-question"}


def problems(project: Path) -> list[Diagnostic]:
    """Check a project and return its diagnostics, without missing sources and near duplicates."""
    return [found for found in check_project(project).diagnostics if found.code not in _BESIDE_THE_POINT]


def places(found: Iterable[Diagnostic]) -> list[str]:
    """Return each diagnostic as `file:line:column code`."""
    return [f"{each.span.path}:{each.span.line}:{each.span.column} {each.code}" for each in found]


def codes(found: Iterable[Diagnostic]) -> list[str]:
    """Return the code of each diagnostic, in the order of the report."""
    return [each.code for each in found]
