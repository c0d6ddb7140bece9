"""The rule on texts whose lines YAML joins: what is Markdown only at the start of a line would be lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic, Span
from cardpress.note_types import Holds
from cardpress.source.bank import Bank, HtmlText, MarkdownText, Text
from cardpress.source.texts import list_markdown_texts

# What begins a line of a list, a table, a fence, a heading or a quote, and what it is then called.
_MARKS = (
    (re.compile(r"[-*+][ \t]+\S"), "an entry of a list"),
    (re.compile(r"[0-9]{1,3}[.)][ \t]+\S"), "an entry of a list"),
    (re.compile(r"\|.*\|$"), "a row of a table"),
    (re.compile(r"```|~~~"), "a fence"),
    (re.compile(r"#{1,6}[ \t]+\S"), "a heading"),
    (re.compile(r">[ \t]"), "a quote"),
)
_OUTPUT = ((re.compile(r"\S"), "a line of the output"),)


def check_joined_lines(bank: Bank) -> Iterator[Diagnostic]:
    """No list, table, fence or output is written where YAML makes one line of it."""
    outputs = (output for note in bank.notes() for _, output in note.each(Holds.OUTPUT))
    # One of these is an error of its own.
    tables = frozenset(each.table.span for each in bank.info.comparisons) if bank.info else frozenset()
    for text in (*list_markdown_texts(bank), *outputs):
        if text.span.file.is_table or text.span in tables:
            continue  # a cell keeps its lines
        if not isinstance(text, HtmlText) and text.span.file.text[text.span.start : text.span.start + 1] != "|":
            yield from _joined(text)


def _joined(text: Text) -> Iterator[Diagnostic]:
    """Yield a warning of the first line that is joined with the one above, and means something only as a line."""
    marks = _MARKS if isinstance(text, MarkdownText) else _OUTPUT
    raw = text.span.file.text[text.span.start : text.span.end]
    if raw.isprintable():
        return  # it is one line
    is_folded = raw[:1] == ">"
    # Below `>`, the first line is the sign itself, and lines that are indented further stay lines.
    lines = raw.splitlines(keepends=True)
    texts = [line for line in lines[1:] if line.strip()]
    columns = min(map(_indentation, texts), default=0)
    place = text.span.start
    for number, line in enumerate(lines):
        plain = line.strip()
        before = lines[number - 1] if number > is_folded else ""
        is_joined = bool(before.strip()) and (not is_folded or _indentation(before) == _indentation(line) == columns)
        what = next((what for mark, what in marks if mark.match(plain)), None) if is_joined else None
        if what:
            start = place + _indentation(line)
            message = f"YAML joins this line with the one above, so it is not {what}"
            if is_folded:
                hint = "write `|` in the place of `>`, which joins lines"
            else:
                hint = "begin the text on a line of its own, below `|`, which keeps its lines"
            yield Diagnostic("joined-lines", Span(text.span.file, start, start + len(plain)), message, hint)
            return
        place += len(line)


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
