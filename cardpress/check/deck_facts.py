"""The rule on the version, date and language in deck.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from cardpress.diagnostics import Diagnostic
from cardpress.history.records import FIRST_YEAR
from cardpress.history.versions import VERSION
from cardpress.source.bank import Bank, DeckInfo

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def check_deck_facts(bank: Bank) -> Iterator[Diagnostic]:
    """The version is a semantic version, the date a calendar day from 1980 on, the language a language tag."""
    if bank.info is None:
        return
    info = bank.info
    if not VERSION.fullmatch(info.version.value):
        message = f"`{info.version.value}` is not a semantic version"
        hint = f"write three numbers: `version: {_version_like(info.version.value)}`"
        yield Diagnostic("bad-version", info.version.span, message, hint)
    if not _is_date(info):
        message = f"`{info.date.value}` is not a calendar day from {FIRST_YEAR} on"
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
        return date.fromisoformat(info.date.value).year >= FIRST_YEAR
    except ValueError:
        return False
