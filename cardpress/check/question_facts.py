"""Rules on the short facts of a question: its number, its level, its tags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic, Related
from cardpress.diagnostics.suggest import find_closest
from cardpress.source.bank import LEVELS, Bank, Text

_TAG_PART = r"[^\s:\"'*\\_][^\s:\"'*\\]*"
_TAG = re.compile(rf"{_TAG_PART}(?:::{_TAG_PART})*")
_MAX_TAG = 60


def check_numbers(bank: Bank) -> Iterator[Diagnostic]:
    """No two questions have the same number."""
    first: dict[int, Text] = {}
    free = max((question.number or 0 for question in bank.active()), default=0) + 1
    for question in bank.active():
        if question.number is None or question.number_span is None:
            continue
        if question.number in first:
            other = first[question.number]
            message = f"number {question.number} is already that of `{other.value}`"
            related = (Related(other.span, "first here"),)
            yield Diagnostic("duplicate-number", question.number_span, message, f"write {free}, which is free", related)
        else:
            first[question.number] = question.id


def check_levels(bank: Bank) -> Iterator[Diagnostic]:
    """A level is one of LEVELS."""
    for question in bank.questions():
        level = question.level
        if level and level.value not in LEVELS:
            close = find_closest(level.value.lower(), LEVELS)
            hint = f"did you mean `{close}`?" if close else f"write one of {', '.join(LEVELS)}"
            yield Diagnostic("unknown-level", level.span, f"`{level.value}` is not a level", hint)


def check_tags(bank: Bank) -> Iterator[Diagnostic]:
    """Tags are ones that Anki can hold: parts joined by `::`, without white space, quotes, asterisks or backslashes."""
    for question in bank.questions():
        for tag in (*question.tags, *(tag for recall in question.recall for tag in recall.tags)):
            if not _TAG.fullmatch(tag.value) or len(tag.value) > _MAX_TAG:
                parts = (re.sub(r"[\s:\"'*\\]+", "-", part).strip("-_") for part in tag.value.split("::"))
                meant = "::".join(part for part in parts if part)[:_MAX_TAG] or "topic"
                yield Diagnostic("bad-tag", tag.span, f"Anki cannot hold the tag `{tag.value}`", f"write `{meant}`")
