"""Rules on what the cheat sheet has: short gists, and comparisons that are tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic
from cardpress.diagnostics.suggest import propose
from cardpress.markdown.plain_text import to_plain_text
from cardpress.markdown.tree import Picture, Table, Text, map_nodes
from cardpress.source.bank import Bank, MarkdownText
from cardpress.source.cheat_sheet import MOST_POINTS
from cardpress.source.print_limits import MOST_COLUMNS
from cardpress.wording import say_count

# The row of a table, and what divides its cells.
_ROW = re.compile(r"\|.*\|")
_BAR = re.compile(r"(?<!\\)\|")
# Characters, as a reader sees them: two lines in a box of the sheet.
LONGEST_POINT = 120


def check_gists(bank: Bank) -> Iterator[Diagnostic]:
    """A gist has few lines, and short ones."""
    for question in bank.active():
        if len(question.gist) > MOST_POINTS:
            message = f"a gist of {len(question.gist)} lines; the cheat sheet has the first {MOST_POINTS}"
            yield Diagnostic("gist-too-long", question.gist[MOST_POINTS].span, message, "remove or join some of them")
        for line in question.gist[:MOST_POINTS]:
            if (length := _measure(line)) > LONGEST_POINT:
                message = f"{length} characters; a line of a gist should have at most {LONGEST_POINT}"
                yield Diagnostic("gist-too-long", line.span, message, "cut it to what one looks up")


def _measure(line: MarkdownText) -> int:
    """Return how many characters a line shows. Those that describe a picture are not seen."""
    if len(line.value) <= LONGEST_POINT:
        return 0
    shown = map_nodes(line.document, lambda node: Text("") if isinstance(node, Picture) else node)
    return len(to_plain_text(shown).strip())


def check_comparisons(bank: Bank) -> Iterator[Diagnostic]:
    """A comparison is a table, and stands in a section of the deck."""
    sections = [section.id.value for section in bank.sections]
    for comparison in bank.info.comparisons if bank.info else ():
        yield from _check_table(comparison.table)
        if comparison.section and comparison.section.value not in sections:
            name = comparison.section.value
            hint = propose(name, sections, "name the `id` of a section, or remove it")
            yield Diagnostic("unknown-reference", comparison.section.span, f"no section `{name}`", hint)


def _check_table(text: MarkdownText) -> Iterator[Diagnostic]:
    """Report what is no table at its first line, and what stands beside one at its own."""
    blocks = text.document.blocks
    table = next((block for block in blocks if isinstance(block, Table)), None)
    other = next((block for block in blocks if block is not table), None)
    if table and other:
        hint = "leave the table alone here"
        yield Diagnostic("comparison-without-table", text.find(other.place), "there is more than a table", hint)
    elif other:
        first = next(filter(None, map(str.strip, text.value.split("\n"))))
        start = text.value.index(first)
        message = "this is no Markdown table"
        hint = "write `table: |` and the lines below it: `| a | b |`, `|---|---|`, `| 1 | 2 |`"
        raw = text.span.file.text[text.span.start : text.span.end]
        if not raw.startswith("|") and "\n" in raw.strip():
            message = "YAML joins these lines, so this is no table"
            hint = "begin the text on a line of its own, below `|`, which keeps its lines"
            hint = "write `|` in the place of `>`" if raw.startswith(">") else hint
        elif _ROW.fullmatch(first) and (columns := len(_BAR.findall(first)) - 1) <= MOST_COLUMNS:
            dashes = f"`|{'---|' * columns}`"
            message = f"a table of {say_count(columns, 'column')} has a line {dashes} below its first row"
            hint = f"write {dashes} as its second line"
        yield Diagnostic("comparison-without-table", text.place(start, start + len(first)), message, hint)
