"""Rules on the short facts of a question: its number, its level, its tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

from cardpress.diagnostics import Diagnostic, Related
from cardpress.diagnostics.suggest import find_closest
from cardpress.diagnostics.unusual import HIDDEN, did_you_mean, make_usual, name_unusual
from cardpress.note_types import Holds
from cardpress.source.bank import Bank, Number, Text

# Anki splits tags at white space, and puts them into a card's HTML as they are.
_TAG_PART = rf"[^\s:\"'*\\<>{HIDDEN}_][^\s:\"'*\\<>{HIDDEN}]*"
_TAG = re.compile(rf"{_TAG_PART}(?:::{_TAG_PART})*")
_MAX_TAG = 60
# What Anki itself takes for a tag, and what puts no element into a card that shows it.
_ANY_TAG = re.compile(r"[^ \u3000<>\x00-\x1f\x7f-\x9f]{1,2000}")
# A sign that parts tags in other programs, and is part of one in Anki. Between digits it is meant: `2,4-dinitrophenol`.
_BETWEEN = re.compile(r",(?!(?<=[0-9],)[0-9])|;")
# Quotes of a word processor, which are part of a text in YAML. An apostrophe can end a word.
_QUOTES = "\u2018\u2019\u201a\u201c\u201d\u201e"
_QUOTED = re.compile(f"[{_QUOTES}]|.*[\u201c\u201d\u201e]$", re.DOTALL)
_TAGS_OF_ANKI = ("leech", "marked")


def check_numbers(bank: Bank) -> Iterator[Diagnostic]:
    """No two questions have the same number, where numbers are to be unique."""
    numbers: dict[str, list[tuple[Number, Text]]] = {}
    for question in bank.active():
        for field, number in question.each(Holds.NUMBER):
            if field.is_unique:
                numbers.setdefault(field.key, []).append((number, question.id))
    for key, found in numbers.items():
        yield from _repeated(key, found)


def _repeated(key: str, found: list[tuple[Number, Text]]) -> Iterator[Diagnostic]:
    first: dict[int, Text] = {}
    free = max(number.value for number, _ in found) + 1
    for number, note_id in found:
        other = first.setdefault(number.value, note_id)
        if other is not note_id:
            message = f"{key} {number.value} is already that of `{other.value}`"
            related = (Related(other.span, "first here"),)
            yield Diagnostic("duplicate-number", number.span, message, f"write {free}, which is free", related)


def check_levels(bank: Bank) -> Iterator[Diagnostic]:
    """A level, or another value of a few, is one of those that its field allows."""
    for note in bank.notes():
        for field, value in note.each(Holds.ONE_OF):
            if value.value not in field.values:
                close = find_closest(value.value.lower(), field.values)
                hint = did_you_mean(value.value, close) if close else f"write one of {', '.join(field.values)}"
                message = f"`{value.value}` is no value of `{field.key}`"
                yield Diagnostic("unknown-level", value.span, message, hint)


def check_tags(bank: Bank) -> Iterator[Diagnostic]:
    """Tags are ones that Anki can hold: parts joined by `::`, without white space and signs with a meaning to it.

    Notes of adopted note types may have any that Anki takes.
    """
    adopted = _list_adopted(bank)
    for tag in bank.tags():
        if id(tag) in adopted and _ANY_TAG.fullmatch(tag.value) and tag.value.casefold() not in _TAGS_OF_ANKI:
            continue
        is_quoted = _QUOTED.match(tag.value) is not None
        if is_quoted or not _TAG.fullmatch(tag.value) or len(tag.value) > _MAX_TAG:
            bare = make_usual(tag.value).strip(_QUOTES) if is_quoted else make_usual(tag.value)
            parts = (re.sub(r"[\s:\"'*\\<>]+", "-", part).strip("-_") for part in bare.split("::"))
            meant = "::".join(part for part in parts if part)[:_MAX_TAG] or "topic"
            unusual = name_unusual(tag.value)
            without = f", without {unusual}" if unusual else ""
            message = f"Anki cannot hold the tag `{tag.value}`"
            if is_quoted:
                message = f"the curly quotes are part of the tag `{tag.value}`"
            yield Diagnostic("bad-tag", tag.span, message, f"write `{meant}`{without}")
        elif found := _BETWEEN.search(tag.value):
            yield Diagnostic("bad-tag", tag.span, *_explain_sign(tag, found[0]))
        elif tag.value.casefold() in _TAGS_OF_ANKI:
            message = f"`{tag.value}` is a tag of Anki's own, which an import takes away"
            yield Diagnostic("bad-tag", tag.span, message, f"write another one, such as `{tag.value}-note`")
        elif bank.info and tag.value.casefold() == f"{bank.info.id.value}::retired":
            message = f"`{tag.value}` tells learners which notes are retired"
            yield Diagnostic("bad-tag", tag.span, message, "write another one, or retire the note with `retired`")


def _list_adopted(bank: Bank) -> frozenset[int]:
    """Return the identities of the tags that notes of adopted note types have."""
    return frozenset(id(tag) for note in bank.notes() if note.note_type.is_adopted for tag in note.tags)


def _explain_sign(tag: Text, sign: str) -> tuple[str, str]:
    """Return what is wrong with a comma or semicolon in a tag, and what to write."""
    names = [part for part in _BETWEEN.split(tag.value) if part]
    written = " ".join(names) if tag.span.file.is_table else f"[{', '.join(names)}]"
    is_several = len(names) > 1
    message = f"the {'comma' if sign == ',' else 'semicolon'} is part of the tag `{tag.value}`"
    if not names:
        return message, "remove it"
    if not is_several:
        return message, f"write `{names[0]}`" + ("; spaces alone part tags" if tag.span.file.is_table else "")
    return message, f"write several tags as `{written}`, one as `{'-'.join(names)}`"


def check_spelling_of_tags(bank: Bank) -> Iterator[Diagnostic]:
    """No two tags, and no two levels of tags, differ in capitals alone: Anki spells both like the first."""
    first: dict[str, tuple[str, Text]] = {}
    adopted = _list_adopted(bank)
    for tag in bank.tags():
        if id(tag) in adopted:
            continue  # learners have both spellings already
        value = normalize("NFC", tag.value)
        ends = (*(found.start() for found in re.finditer("::", value)), len(value))
        for level in (value[:end] for end in ends):
            known, other = first.setdefault(level.casefold(), (level, tag))
            if known != level:
                message = f"`{level}` and `{known}` are one tag to Anki"
                hint = f"write `{known}{value.removeprefix(level)}`"
                yield Diagnostic("bad-tag", tag.span, message, hint, (Related(other.span, "first here"),))
                break
