"""The rule on Python snippets: they are valid Python."""

from __future__ import annotations

import symtable
import warnings
from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.source.bank import Bank
from cardpress.source.facts import Facts


def check_syntax(bank: Bank) -> Iterator[Diagnostic]:
    """Every Python snippet parses."""
    for name, snippet in sorted(bank.snippets.items()):
        if name.endswith(".py"):
            yield from _check(snippet.file, bank.facts)


def _check(file: SourceFile, facts: Facts) -> Iterator[Diagnostic]:
    found: list[Diagnostic] = []

    def is_valid() -> bool:
        found.extend(_parse(file))
        return not found

    if not facts.find("valid Python", (file.text.encode("utf-8", "surrogatepass"),), bool, is_valid):
        yield from found or _parse(file)


def _parse(file: SourceFile) -> Iterator[Diagnostic]:
    help_line = "run the file with Python, which says more"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a snippet with a doubtful escape is valid; its own test may complain
            # It parses as `ast.parse` does, in half the time: it makes no objects of a tree that nobody looks at.
            symtable.symtable(file.text, file.path, "exec")
    except SyntaxError as error:
        line = min(max(error.lineno or 1, 1), len(file.line_starts))
        start = file.line_starts[line - 1] + min(max((error.offset or 1) - 1, 0), len(file.line(line)))
        yield Diagnostic("snippet-syntax", Span(file, start, start + 1), f"not valid Python: {error.msg}", help_line)
    except (ValueError, RecursionError, MemoryError) as error:
        yield Diagnostic("snippet-syntax", Span(file), f"not valid Python: {error or 'nested too deep'}", help_line)
