"""The rule on code that a phone has no room for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import category, east_asian_width

from cardpress.diagnostics import Diagnostic, Related, Span
from cardpress.markdown.signs import list_plain_code, may_hold_code_blocks
from cardpress.markdown.tree import CodeBlock, Place
from cardpress.note_types import Holds
from cardpress.source.bank import Bank, HtmlText, MarkdownText, Question, Snippet
from cardpress.source.snippets import MARKER

# Columns that a phone 390 pixels wide has room for, in the sizes of templates/anki/card.css. Notes below a question are
# asked and answered in a few seconds, and have larger code.
MOST_BELOW = 42
MOST = 56
_TAB = 4


def count_columns(line: str) -> int:
    """Return how wide a line of code is shown: characters of East Asia take two columns, combining ones none."""
    line = line.rstrip().expandtabs(_TAB)
    if line.isascii():
        return len(line)
    return sum(0 if category(sign) in ("Mn", "Me", "Cf") else 1 + (east_asian_width(sign) in "WF") for sign in line)


@dataclass(frozen=True, slots=True)
class _Note:
    """A note, and what stands about it in a report: how many columns its code may have, and the words for that."""

    question: Question
    most: int
    where: str


def check_code_width(bank: Bank) -> Iterator[Diagnostic]:
    """A phone shows each line of code as a whole: 42 columns on a note below a question, 56 on others."""
    for question in bank.active():
        yield from _check(bank, _Note(question, MOST, "a question"))
        for below in question.active_recall():
            yield from _check(bank, _Note(below, MOST_BELOW, "a note below a question"))


def _check(bank: Bank, note: _Note) -> Iterator[Diagnostic]:
    for _, name in note.question.each(Holds.SNIPPET):
        if (snippet := bank.snippets.get(name.value)) and (wide := _find_wide(snippet.shown, note.most)):
            place = _find_line(snippet, wide[0][0])
            yield _report(note, wide, place, (Related(name.span, "shown here"),))
    for text in note.question.texts_on_screens():
        yield from _check_text(note, text)


def _check_text(note: _Note, text: MarkdownText) -> Iterator[Diagnostic]:
    may_hold = "<" in text.value if isinstance(text, HtmlText) else may_hold_code_blocks(text.value)
    if not may_hold or max(map(len, text.value.split("\n")), default=0) * _TAB <= note.most:
        return  # nor can it be wider
    plain = None if text.with_deletions or isinstance(text, HtmlText) else list_plain_code(text.value)
    if plain is not None and not any(_find_wide(code, note.most) for code in plain):
        return
    for block in text.document.walk():
        if isinstance(block, CodeBlock) and (wide := _find_wide(block.text, note.most)):
            line = block.text.split("\n")[wide[0][0]].strip()
            start = text.value.find(line, block.place.start)
            place = Place(start, start + len(line)) if 0 <= start < block.place.end else block.place
            yield _report(note, wide, text.find(place))


def _find_wide(code: str, most: int) -> list[tuple[int, int]]:
    """Return the lines of code that are too wide: their numbers, from 0, and their columns."""
    lines = code.split("\n")
    if code.isascii() and "\t" not in code and max(map(len, lines)) <= most:
        return []
    columns = enumerate(map(count_columns, lines))
    return [(number, count) for number, count in columns if count > most]


def _report(note: _Note, wide: list[tuple[int, int]], place: Span, related: tuple[Related, ...] = ()) -> Diagnostic:
    more = {1: "", 2: ", and one more is too wide"}.get(len(wide), f", and {len(wide) - 1} more are too wide")
    message = f"this line has {wide[0][1]} columns{more}; on {note.where} a phone shows {note.most} of them"
    hint = "break it into lines, in Python inside of brackets, or take shorter names"
    return Diagnostic("code-too-wide", place, message, hint, related)


def _find_line(snippet: Snippet, number: int) -> Span:
    """Return where a line of the shown part stands in the snippet's file."""
    file = snippet.file
    marker = next((each for each in MARKER.finditer(file.text) if each[1] == "card:"), None)
    start = end = marker.end() if marker else 0
    # The shown lines stand in the file in their order, with other indentation and with others between them.
    for line in filter(None, (line.strip() for line in snippet.shown.split("\n")[: number + 1])):
        found = re.compile(rf"^[ \t]*{re.escape(line)}[ \t\r]*$", re.MULTILINE).search(file.text, end)
        if found is None:  # where lines end in a lone `\r`
            return Span(file)
        start, end = found.start() + found[0].index(line), found.start() + found[0].index(line) + len(line)
    return Span(file, start, end)
