"""The rules that a bank must keep, in one list. A rule is a function that yields what breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from cardpress.diagnostics import MAX_PROBLEMS, Diagnostic
from cardpress.model import Bank
from cardpress.rules import (
    advice,
    cloze,
    duplicates,
    identity,
    links,
    markdown,
    media,
    printing,
    released,
    snippets,
    templates,
)

Rule = Callable[[Bank], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    identity.deck_facts,
    identity.ids,
    identity.numbers,
    identity.levels,
    identity.tags,
    identity.references,
    links.addresses,
    links.text_links,
    markdown.fences,
    markdown.opening_numbers,
    markdown.nesting,
    markdown.raw_html,
    media.pictures,
    media.picture_files,
    cloze.deletions,
    snippets.syntax,
    templates.card_templates,
    printing.control_characters,
    printing.glyphs,
    duplicates.near_duplicates,
    advice.recall_notes,
    advice.example_answers,
    advice.sources,
    released.retirements,
    released.notes,
    released.field_lists,
)


def check(bank: Bank) -> tuple[Diagnostic, ...]:
    """Hold a bank against every rule and give all that breaks one, of each rule as much as anyone reads."""
    return tuple(diagnostic for rule in RULES for diagnostic in islice(rule(bank), MAX_PROBLEMS))
