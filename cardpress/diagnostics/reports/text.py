"""Diagnostics → text for people, and JSON, GitHub annotations and SARIF for programs."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import click

from cardpress import __version__
from cardpress.diagnostics import Diagnostic, Span
from cardpress.diagnostics.codes import CODES, Severity

Report = Callable[[Sequence[Diagnostic]], str]
# A line this long is shown from near the place on, so that the caret stays on the screen.
_WIDEST = 160
# What terminals act on: C0 but for the tab, DEL and C1, the marks that turn the direction of writing, line separators.
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def as_text(diagnostics: Sequence[Diagnostic]) -> str:
    """Write a report to read: the place, the line, a caret under it, and what to type instead."""
    blocks = [_text_block(diagnostic) for diagnostic in diagnostics]
    return "\n".join((*blocks, summarize(diagnostics) + "\n")) if blocks else ""


def summarize(diagnostics: Sequence[Diagnostic]) -> str:
    """Count errors and warnings in words."""
    parts = []
    for severity in Severity:
        count = sum(1 for diagnostic in diagnostics if diagnostic.severity is severity)
        if count:
            parts.append(f"{count} {severity}{'s' if count > 1 else ''}")
    return ", ".join(parts) or "no problems"


def _text_block(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    color = "red" if diagnostic.severity is Severity.ERROR else "yellow"
    place = click.style(f"{make_visible(span.path)}:{span.line}:{span.column}:", bold=True)
    label = click.style(f"{diagnostic.severity}[{diagnostic.code}]", fg=color, bold=True)
    lines = [f"{place} {label} {make_visible(diagnostic.message)}", *_excerpt(span, color)]
    for related in diagnostic.related:
        other = related.span
        lines.append(f"  {make_visible(other.path)}:{other.line}:{other.column}: {related.message}")
    lines.append(f"  {click.style('help:', fg='cyan')} {make_visible(diagnostic.help)}")
    return "\n".join(lines) + "\n"


def _excerpt(span: Span, color: str) -> list[str]:
    excerpt, column, width = span.excerpt, span.column - 1, span.width
    cut = max(0, column - _WIDEST // 2) if len(excerpt) > _WIDEST else 0
    shown = make_visible(excerpt[cut : cut + _WIDEST])
    if not shown.strip():
        return []
    column -= cut
    # Tabs stay tabs, so that the caret stands right at any tab width; wide characters take two columns.
    before = "".join("\t" if character == "\t" else " " * _columns(character) for character in shown[:column])
    marked = shown[column : column + width]
    caret = "^" * max(1, sum(_columns(character) for character in marked))
    gutter = f"{span.line:>5} | "
    return [gutter + shown, " " * (len(gutter) - 2) + "| " + before + click.style(caret, fg=color, bold=True)]


def make_visible(text: str) -> str:
    """Show control characters as signs: a report must not move the reader's cursor, or turn what he reads around."""
    return _CONTROL.sub(lambda found: chr(0x2400 + ord(found[0])) if found[0] < " " else "�", text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """Write a report for programs, version 1."""
    content = {"version": 1, "diagnostics": [_json_entry(diagnostic) for diagnostic in diagnostics]}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


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


def as_github(diagnostics: Sequence[Diagnostic]) -> str:
    """Write GitHub's workflow commands, which it shows beside the lines of a pull request."""
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


def as_sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """Write SARIF 2.1.0, which code hosts take for code scanning."""
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
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


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
    return {"artifactLocation": {"uri": quote(span.path, errors="surrogateescape")}, "region": region}


REPORTS: Mapping[str, Report] = MappingProxyType(
    {"text": as_text, "json": as_json, "github": as_github, "sarif": as_sarif}
)
