"""Rules on what names and places things: ids, numbers, levels, tags, references, the deck's own facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from cardpress.diagnostics import Diagnostic, Related
from cardpress.diagnostics.suggest import find_closest
from cardpress.history.versions import VERSION
from cardpress.source.bank import Bank, DeckInfo, Text

LEVELS = ("beginner", "intermediate", "advanced")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_ID = 64
# Names that Windows keeps for devices, and the one file in source/ that is no section.
_RESERVED = {"deck", "con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_TAG_PART = r"[^\s:\"'*\\_][^\s:\"'*\\]*"
_TAG = re.compile(rf"{_TAG_PART}(?:::{_TAG_PART})*")
_MAX_TAG = 60
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def make_slug(value: str) -> str:
    """Make the id that somebody may have meant."""
    return re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")[:_MAX_ID].strip("-") or "my-id"


def check_deck_facts(bank: Bank) -> Iterator[Diagnostic]:
    """The deck's version, date and language are written as such."""
    if bank.info is None:
        return
    info = bank.info
    yield from _bad_id(info.id, reserved=frozenset())
    if not VERSION.fullmatch(info.version.value):
        message = f"`{info.version.value}` is not a semantic version"
        hint = f"write three numbers: `version: {_version_like(info.version.value)}`"
        yield Diagnostic("bad-version", info.version.span, message, hint)
    if not _is_date(info):
        message = f"`{info.date.value}` is not a calendar day from 1980 on"
        yield Diagnostic("bad-date", info.date.span, message, "write it as YYYY-MM-DD: `date: 2026-11-24`")
    if not _LANGUAGE.fullmatch(info.language.value):
        message = f"`{info.language.value}` is not a language tag"
        yield Diagnostic("bad-language", info.language.span, message, "write `language: en`, `de` or `pt-BR`")


def _version_like(value: str) -> str:
    parts = [str(int(part)) for part in re.findall(r"[0-9]{1,6}", value)[:3]]
    return ".".join((*parts, "0", "0", "0")[:3]) if parts else "1.0.0"


def _is_date(info: DeckInfo) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", info.date.value, re.ASCII):
        return False
    try:
        return date.fromisoformat(info.date.value).year >= 1980  # a zip member cannot be older
    except ValueError:
        return False


def check_ids(bank: Bank) -> Iterator[Diagnostic]:
    """Ids are slugs, and each stands for one thing in the whole deck, so that it can move freely."""
    for namespace in (
        [section.id for section in bank.sections],
        [text for question in bank.questions() for text in (question.id, *(recall.id for recall in question.recall))],
    ):
        first: dict[str, Text] = {}
        for text in namespace:
            if text.span.end > text.span.start:
                yield from _bad_id(text, reserved=_RESERVED if namespace[0] is bank.sections[0].id else frozenset())
            if text.value in first:
                other = first[text.value].span
                message = f"`{text.value}` is already the id at {other.path}:{other.line}:{other.column}"
                hint = f"ids are permanent: give the newer of the two another one, such as `{text.value}-2`"
                yield Diagnostic("duplicate-id", text.span, message, hint, (Related(other, "first here"),))
            else:
                first[text.value] = text


def _bad_id(text: Text, reserved: set[str] | frozenset[str]) -> Iterator[Diagnostic]:
    if not _SLUG.fullmatch(text.value) or len(text.value) > _MAX_ID:
        message = f"`{text.value}` is not an id: lowercase letters, digits and single hyphens, at most {_MAX_ID}"
        yield Diagnostic("bad-id", text.span, message, f"write `{make_slug(text.value)}`")
    elif text.value in reserved:
        message = f"`{text.value}` cannot name a section: its file could not be told from another, or made on Windows"
        yield Diagnostic("bad-id", text.span, message, f"write `{text.value}-section`")


def check_numbers(bank: Bank) -> Iterator[Diagnostic]:
    """A number belongs to one question."""
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
    """A level is one of three words."""
    for question in bank.questions():
        level = question.level
        if level and level.value not in LEVELS:
            close = find_closest(level.value.lower(), LEVELS)
            hint = f"did you mean `{close}`?" if close else f"write one of {', '.join(LEVELS)}"
            yield Diagnostic("unknown-level", level.span, f"`{level.value}` is not a level", hint)


def check_tags(bank: Bank) -> Iterator[Diagnostic]:
    """Tags are what Anki takes for one tag."""
    for question in bank.questions():
        for tag in (*question.tags, *(tag for recall in question.recall for tag in recall.tags)):
            if not _TAG.fullmatch(tag.value) or len(tag.value) > _MAX_TAG:
                parts = (re.sub(r"[\s:\"'*\\]+", "-", part).strip("-_") for part in tag.value.split("::"))
                meant = "::".join(part for part in parts if part)[:_MAX_TAG] or "topic"
                yield Diagnostic("bad-tag", tag.span, f"Anki cannot hold the tag `{tag.value}`", f"write `{meant}`")


def check_references(bank: Bank) -> Iterator[Diagnostic]:
    """`see_also` names other questions of this deck."""
    known = {question.id.value for question in bank.active()} | bank.broken_ids
    for question in bank.active():
        for reference in question.see_also:
            if reference.value == question.id.value:
                message = f"`{reference.value}` is this question itself"
                yield Diagnostic("self-reference", reference.span, message, "name another question, or remove it")
            elif reference.value not in known:
                close = find_closest(reference.value, sorted(known))
                hint = f"did you mean `{close}`?" if close else "name the `id` of a question in this deck"
                yield Diagnostic("unknown-reference", reference.span, f"no question `{reference.value}`", hint)
