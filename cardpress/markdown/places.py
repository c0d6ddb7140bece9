"""Where what a parser finds stands in the author's text: blocks by their lines, the rest by characters."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from markdown_it.token import Token

from cardpress.markdown.tree import Place


class SourceText(NamedTuple):
    """The text that is parsed, and where its characters stand in the text that the author wrote."""

    text: str
    lines: tuple[str, ...]
    starts: tuple[int, ...]
    # Places in `text` → how far behind the author's text it is from there on.
    shifts: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str, breaks: Sequence[tuple[int, str]]) -> SourceText:
        """Return a text with line breaks put in: each where it stands, and as it is."""
        text = text.replace("\x00", "\ufffd")  # which the parser reads in its place
        pieces: list[str] = []
        shifts = [(0, 0)]
        position = length = 0

        def add(original: str, replaced: str) -> None:
            nonlocal position, length
            pieces.append(replaced)
            position, length = position + len(original), length + len(replaced)
            shifts.append((length, length - position))

        if "\r" in text or breaks:
            inserted = dict(breaks)
            cuts = sorted({*inserted, *(found.start() for found in re.finditer("\r", text))})
            for cut in cuts:
                add(text[position:cut], text[position:cut])
                if cut in inserted:
                    add("", inserted[cut])
                if text.startswith("\r\n", cut):
                    add("\r\n", "\n")
                elif text.startswith("\r", cut):
                    add("\r", "\n")
            add(text[position:], text[position:])
            text = "".join(pieces)
        lines = tuple(text.split("\n"))
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)
        return cls(text, lines, tuple(starts), tuple(shifts))

    def original(self, place: int) -> int:
        """Return where a character of `text` stands in the author's text."""
        if len(self.shifts) == 1:
            return place
        return place - self.shifts[bisect_right(self.shifts, (place, len(self.text) + 1)) - 1][1]

    def line_before(self, place: int) -> str:
        """Return what stands before a character of the author's text in its line, as far as nothing was put in."""
        start = self.text.rfind("\n", 0, place) + 1
        return self.text[start:place]

    def place(self, start: int, end: int) -> Place:
        """Return a place of the author's text."""
        return Place(self.original(start), self.original(end))

    def block(self, token: Token) -> Place:
        """Return the place of a block's lines, without the white space around them."""
        first, last = token.map or (0, 0)
        last = min(last, len(self.lines))
        while last - 1 > first and not self.lines[last - 1].strip():
            last -= 1
        if last <= first:
            return self.place(self.starts[first], self.starts[first])
        start, end = self.lines[first], self.lines[last - 1]
        indentation = len(start) - len(start.lstrip())
        return self.place(self.starts[first] + indentation, self.starts[last - 1] + len(end.rstrip()))

    def locate(self, content: str, first: int, last: int) -> Located:
        """Return where the characters of a block's content stand.

        The content's lines are what is left of lines `first` to `last` without the marks and the indentation around
        them.
        """
        offsets, places = [], []
        offset, number = 0, first
        most = min(last, len(self.lines)) - 1
        lines = content.split("\n")
        while number < most and not self.lines[number].rstrip().endswith(lines[0].strip()):
            number += 1  # a task's box stands alone in its line
        for line in lines:
            body = line.lstrip()
            whole = self.lines[min(number, most)].rstrip()
            column = len(whole) - len(body.rstrip()) if whole.endswith(body.rstrip()) else max(whole.find(body), 0)
            offsets.append(offset)
            places.append(self.starts[min(number, most)] + column - (len(line) - len(body)))
            offset += len(line) + 1
            number += 1
        return Located(self, offsets, places)

    def locate_cell(self, content: str, number: int, start: int) -> tuple[Located, int]:
        """Return where the characters of a table's cell stand, and the column after it.

        It is searched in its line, from column `start` on. There, its bars have backslashes.
        """
        found = re.compile(re.escape(content).replace(r"\|", r"\\\|")).search(self.lines[number], start)
        if found is None:
            return Located(self, [0], [self.starts[number] + start]), start
        offsets, places = [0], [self.starts[number] + found.start()]
        column, offset = found.start(), 0
        for character in content:
            if character == "|" and self.lines[number][column] == "\\":
                column += 1
                offsets.append(offset)
                places.append(self.starts[number] + column)
            column, offset = column + 1, offset + 1
        return Located(self, offsets, places), found.end()


class Located(NamedTuple):
    """Where the lines of a content begin: in the content, and in the text."""

    source: SourceText
    offsets: list[int]
    places: list[int]

    def at(self, offset: int) -> int:
        """Return where a character of the content stands in the author's text."""
        line = bisect_right(self.offsets, offset) - 1
        return self.source.original(max(self.places[line] + offset - self.offsets[line], 0))

    def place(self, start: int, end: int) -> Place:
        """Return a place of the author's text. It ends behind its last character, not before the next one."""
        first = self.at(start)
        return Place(first, self.at(end - 1) + 1 if end > start else first)
