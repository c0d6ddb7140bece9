"""Reports of diagnostics, one module for each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from cardpress.diagnostics import Diagnostic
from cardpress.diagnostics.reports.github import as_github
from cardpress.diagnostics.reports.json import as_json
from cardpress.diagnostics.reports.sarif import as_sarif
from cardpress.diagnostics.reports.text import as_text

Report = Callable[[Sequence[Diagnostic]], str]

REPORTS: Mapping[str, Report] = MappingProxyType(
    {"text": as_text, "json": as_json, "github": as_github, "sarif": as_sarif}
)
