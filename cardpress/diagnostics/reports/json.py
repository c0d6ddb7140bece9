"""Diagnostics → JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cardpress.diagnostics import Diagnostic, Span
from cardpress.diagnostics.visible import to_json


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a report for programs, in version 1 of the format."""
    content = {"version": 1, "diagnostics": [_json_entry(diagnostic) for diagnostic in diagnostics]}
    return to_json(content)


def _json_entry(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        **_place(diagnostic.span),
        "help": diagnostic.help,
        "related": [{**_place(related.span), "message": related.message} for related in diagnostic.related],
    }


def _place(span: Span) -> dict[str, Any]:
    return {"file": span.path, "line": span.line, "column": span.column}
