"""Diagnostics → workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cardpress.diagnostics import Diagnostic
from cardpress.diagnostics.visible import make_visible


def as_github(diagnostics: Sequence[Diagnostic]) -> str:
    """Return one workflow command for each diagnostic, each on its own line.

    GitHub shows ten errors and ten warnings of a step. So the first of each code come before the second of any.
    """
    seen: Counter[str] = Counter()
    ranked = []
    for diagnostic in diagnostics:
        ranked.append((seen[diagnostic.code], diagnostic))
        seen[diagnostic.code] += 1
    return "".join(_github_line(diagnostic) for _, diagnostic in sorted(ranked, key=lambda each: each[0]))


def _github_line(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    properties = {
        "file": make_visible(span.path),
        "line": span.line,
        "col": span.column,
        "endColumn": span.column + span.width,
        "title": diagnostic.code,
    }
    # The escapes of GitHub's own toolkit (actions/toolkit, packages/core/src/command.ts).
    written = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items())
    lines = [make_visible(diagnostic.message)]
    for related in diagnostic.related:
        other = related.span
        lines.append(f"{make_visible(other.path)}:{other.line}:{other.column}: {make_visible(related.message)}")
    message = _escaped("\n".join((*lines, f"help: {make_visible(diagnostic.help)}")), "")
    return f"::{diagnostic.severity} {written}::{message}\n"


def _escaped(text: str, more: str) -> str:
    return "".join(f"%{ord(character):02X}" if character in "%\r\n" + more else character for character in text)
