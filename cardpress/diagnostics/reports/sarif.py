"""Diagnostics → SARIF 2.1.0, the format that code hosts read for code scanning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from cardpress import __version__
from cardpress.diagnostics import Diagnostic, Span
from cardpress.diagnostics.codes import CODES
from cardpress.diagnostics.visible import to_json


def as_sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """Return the diagnostics as a SARIF 2.1.0 log, in JSON."""
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": CODES[code].meaning},
            "defaultConfiguration": {"level": CODES[code].severity.value},
        }
        for code in codes
    ]
    driver = {"name": "cardpress", "version": __version__, "rules": rules}
    results = [_sarif_result(diagnostic, codes.index(diagnostic.code)) for diagnostic in diagnostics]
    content = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    return to_json(content)


def _sarif_result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity.value,
        "message": {"text": f"{diagnostic.message}\nhelp: {diagnostic.help}"},
        "locations": [{"physicalLocation": _sarif_place(diagnostic.span)}],
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": related.message}, "physicalLocation": _sarif_place(related.span)}
            for number, related in enumerate(diagnostic.related, 1)
        ]
    return result


def _sarif_place(span: Span) -> dict[str, Any]:
    region = {"startLine": span.line, "startColumn": span.column, "endColumn": span.column + span.width}
    return {"artifactLocation": {"uri": _uri(span.path)}, "region": region}


def _uri(path: str) -> str:
    if re.match("[A-Za-z]:/", path):  # on Windows, in a folder on another disk
        return f"file:///{path[:2]}{quote(path[2:], errors='surrogateescape')}"
    return ("file://" if path.startswith("/") else "") + quote(path, errors="surrogateescape")
