"""The questions of a file as JSON, and back: for who keeps what was read until its text, or what reads it, changes.

Only a file without any problem is kept, and only what stands in that file itself. What is written is data alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from cardpress.diagnostics import SourceFile, Span
from cardpress.diagnostics.checks import Allowance
from cardpress.note_types import NoteType
from cardpress.source.bank import (
    Flag,
    HtmlText,
    Link,
    MarkdownText,
    MediaName,
    Number,
    Pair,
    Question,
    Retirement,
    Text,
    Value,
)

Read = tuple[tuple[Question, ...], tuple[Text, ...], tuple[Allowance, ...]]


class Shelf(Protocol):
    """Where bytes are kept by a key, which says all that they are made of."""

    def find(self, made_of: Sequence[str]) -> bytes | None:
        """Return what is kept of these texts, None when there is nothing."""

    def keep(self, made_of: Sequence[str], data: bytes) -> None:
        """Keep what was made of these texts."""


def write_questions(file: SourceFile, read: Read, note_types: Mapping[str, NoteType]) -> bytes | None:
    """Return the questions of a file, the snippets that they name and what they allow; None where some are not kept."""
    questions, snippets, allowances = read
    writer = _Writer(file, note_types)
    try:
        value = [
            [writer.question(each) for each in questions],
            [writer.text(each) for each in snippets],
            [
                [each.code, writer.span(each.place), [writer.span(part) for part in each.within], each.is_expected]
                for each in allowances
            ],
        ]
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except (_OtherError, UnicodeEncodeError):
        return None


def read_questions(data: bytes, file: SourceFile, note_types: Mapping[str, NoteType]) -> Read:
    """Return what was written of a file. Raises ValueError for anything else."""
    reader = _Reader(file, note_types)
    try:
        questions, snippets, allowances = json.loads(data)
        return (
            tuple(map(reader.question, questions)),
            tuple(map(reader.text, snippets)),
            tuple(
                Allowance(code, reader.span(place), tuple(map(reader.span, within)), is_expected)
                for code, place, within, is_expected in allowances
            ),
        )
    except (KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise ValueError("these are no questions that were kept") from error


class _OtherError(Exception):
    """Something is of another file, or of a kind that is not kept."""


class _Writer:
    def __init__(self, file: SourceFile, note_types: Mapping[str, NoteType]) -> None:
        self._file, self._note_types = file, note_types

    def question(self, each: Question) -> list[Any]:
        if self._note_types.get(each.note_type.kind) is not each.note_type:
            raise _OtherError
        retired = each.retired and [
            self.span(each.retired.span),
            self.text(each.retired.reason),
            each.retired.replaced_by and self.text(each.retired.replaced_by),
        ]
        return [
            each.note_type.kind,
            self.text(each.id),
            self.span(each.span),
            {key: self.value(value) for key, value in each.values.items()},
            [self.text(tag) for tag in each.tags],
            [self.question(note) for note in each.recall],
            [self.text(point) for point in each.gist],
            retired,
            sorted(each.unread),
            each.guid and self.text(each.guid),
        ]

    def span(self, span: Span) -> list[int]:
        if span.file is not self._file:
            raise _OtherError
        return [span.start, span.end]

    def text(self, text: Text) -> list[Any]:
        span = text.span
        if span.file is not self._file:
            raise _OtherError
        if isinstance(text, HtmlText):
            return ["h", text.value, span.start, span.end, text.with_deletions, text.with_dollars]
        if isinstance(text, MarkdownText):
            return ["m", text.value, span.start, span.end, text.with_deletions, text.with_dollars]
        return ["t", text.value, span.start, span.end]

    def value(self, value: Value | Pair | Link) -> list[Any]:
        match value:
            case tuple():
                return ["u", *map(self.value, value)]
            case Text():
                return self.text(value)
            case Number() | Flag():
                return ["n" if isinstance(value, Number) else "f", value.value, *self.span(value.span)]
            case Pair(texts):
                return ["p", {key: self.text(text) for key, text in texts.items()}]
            case Link(url, title):
                return ["l", url and self.text(url), title and self.text(title)]
            case MediaName(name, description):
                return ["f:", self.text(name), description and self.text(description)]
            case _:
                raise _OtherError


class _Reader:
    def __init__(self, file: SourceFile, note_types: Mapping[str, NoteType]) -> None:
        self._file, self._note_types = file, note_types
        self._of: Mapping[str, Callable[[list[Any]], Any]] = {
            "t": self.text,
            "m": self.text,
            "h": self.text,
            "u": lambda value: tuple(map(self.value, value[1:])),
            "n": lambda value: Number(value[1], self.span(value[2:])),
            "f": lambda value: Flag(value[1], self.span(value[2:])),
            "p": lambda value: Pair({key: self.text(text) for key, text in value[1].items()}),
            "l": lambda value: Link(self._text_or_none(value[1]), self._text_or_none(value[2])),
            "f:": lambda value: MediaName(self.text(value[1]), self._text_or_none(value[2])),
        }

    def question(self, value: list[Any]) -> Question:
        kind, note_id, span, values, tags, recall, gist, retired, unread, guid = value
        return Question(
            self._note_types[kind],
            self.text(note_id),
            self.span(span),
            {key: self.value(each) for key, each in values.items()},
            tuple(map(self.text, tags)),
            tuple(map(self.question, recall)),
            tuple(map(self.text, gist)),
            retired and Retirement(self.span(retired[0]), self.text(retired[1]), self._text_or_none(retired[2])),
            frozenset(unread),
            self._text_or_none(guid),
        )

    def span(self, value: list[int]) -> Span:
        start, end = value
        return Span(self._file, start, end)

    def text(self, value: list[Any]) -> Any:
        kind = value[0]
        if kind == "m":
            _, text, start, end, with_deletions, with_dollars = value
            return MarkdownText(text, Span(self._file, start, end), with_deletions, with_dollars)
        if kind == "t":
            _, text, start, end = value
            return Text(text, Span(self._file, start, end))
        _, text, start, end, with_deletions, with_dollars = value
        return HtmlText(text, Span(self._file, start, end), with_deletions, with_dollars)

    def value(self, value: list[Any]) -> Any:
        return self._of[value[0]](value)

    def _text_or_none(self, value: list[Any] | None) -> Any:
        return None if value is None else self.text(value)
