"""Diagnostics → workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from cardpress.diagnostics import Diagnostic
from cardpress.diagnostics.visible import make_visible


def as_github(diagnostics: Sequence[Diagnostic]) -> str:
    """Return one workflow command for each diagnostic, each on its own line."""
    return "".join(_github_line(diagnostic) for diagnostic in diagnostics)


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
    message = _escaped(f"{make_visible(diagnostic.message)}\nhelp: {make_visible(diagnostic.help)}", "")
    return f"::{diagnostic.severity} {written}::{message}\n"


def _escaped(text: str, more: str) -> str:
    return "".join(f"%{ord(character):02X}" if character in "%\r\n" + more else character for character in text)
