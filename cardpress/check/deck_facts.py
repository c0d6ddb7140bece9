"""Rules on the deck's facts in deck.yaml: its version, date and language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from cardpress.diagnostics import Diagnostic, Span
from cardpress.history.records import FIRST_YEAR
from cardpress.history.versions import LONGEST, VERSION
from cardpress.source.bank import Bank, DeckInfo, Text
from cardpress.source.languages import is_language
from cardpress.source.note_types.folders import name_declaration

# Characters of a title, which every note of a section bears, and of an address, which every question on the page has.
LONGEST_TITLE = 300
_LONGEST_ADDRESS = 2_000


def check_deck_facts(bank: Bank) -> Iterator[Diagnostic]:
    """The version is a semantic version, the date a calendar day from 1980 on, the language a language tag."""
    if bank.info is None:
        return
    info = bank.info
    if not VERSION.fullmatch(info.version.value):
        message = f"`{info.version.value}` is not a semantic version"
        hint = f"write three numbers: `version: {_version_like(info.version.value)}`"
        yield Diagnostic("bad-version", info.version.span, message, hint)
    elif len(info.version.value) > LONGEST:
        message = f"`version` has {len(info.version.value):,} characters; {LONGEST} are allowed"
        yield Diagnostic("bad-version", info.version.span, message, "leave out what follows the three numbers")
    if not _is_date(info):
        message = f"`{info.date.value}` is not a calendar day from {FIRST_YEAR} on"
        yield Diagnostic("bad-date", info.date.span, message, "write it as YYYY-MM-DD: `date: 2026-11-24`")
    if not is_language(info.language.value):
        message = f"`{info.language.value}` is not a language tag"
        yield Diagnostic("bad-language", info.language.span, message, "write `language: en`, `de` or `pt-BR`")


def check_lengths(bank: Bank) -> Iterator[Diagnostic]:
    """What every note or card repeats is short."""
    titles = [("title", section.title, LONGEST_TITLE) for section in bank.sections]
    titles += [("deck_name", each.deck_name, LONGEST_TITLE) for each in bank.sections if each.deck_name]
    if bank.info:
        titles.append(("title", bank.info.title, LONGEST_TITLE))
        if bank.info.deck_name:
            titles.append(("deck_name", bank.info.deck_name, LONGEST_TITLE))
        if bank.info.report_url:
            titles.append(("report_url", bank.info.report_url, _LONGEST_ADDRESS))
    for kind, note_type in bank.note_types.items():
        titles.append(("title", Text(note_type.title, Span.of_file(name_declaration(kind))), LONGEST_TITLE))
    for key, text, most in titles:
        if len(text.value) > most:
            message = f"`{key}` has {len(text.value):,} characters; {most:,} are allowed"
            yield Diagnostic("text-too-long", text.span, message, "shorten it")


def check_outputs(bank: Bank) -> Iterator[Diagnostic]:
    """Some output is made."""
    # What could not be read may be what its author wants.
    if bank.complete and bank.wanted.places and not bank.choose_outputs():
        place = next(iter(bank.wanted.places.values()))
        hint = "leave one on, such as `apkg: true`"
        yield Diagnostic("bad-output", place, "`outputs` switches everything off", hint)


def check_release_values(bank: Bank) -> Iterator[Diagnostic]:
    """Version and date stand where a release can put the next ones."""
    if bank.info is None:
        return
    for key, text in (("version", bank.info.version), ("date", bank.info.date)):
        if not is_beside_key(key, text):
            message = f"`{key}` is not a plain value on the line of its key, where `release` writes the next one"
            yield Diagnostic("version-not-plain", text.span, message, f"write `{key}: {text.value}`")


def is_beside_key(key: str, text: Text) -> bool:
    """Return whether a text is the plain or quoted value of this key, on the key's line, and nothing but that."""
    file, start, end = text.span.file.text, text.span.start, text.span.end
    line = file[max(0, file.rfind("\n", 0, start)) : start]
    is_plain = file[start:end] in (text.value, f'"{text.value}"', f"'{text.value}'")
    return is_plain and re.search(rf"""(?<![\w-]){key}["']?[ \t]*:[ \t]+$""", line) is not None


def _version_like(value: str) -> str:
    parts = [str(int(part)) for part in re.findall(r"[0-9]{1,6}", value)[:3]]
    return ".".join((*parts, "0", "0", "0")[:3]) if parts else "1.0.0"


def _is_date(info: DeckInfo) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", info.date.value, re.ASCII):
        return False
    try:
        return date.fromisoformat(info.date.value).year >= FIRST_YEAR
    except ValueError:
        return False
