"""The rules that a bank must keep, in one list. A rule is a function that yields what breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from cardpress.check import (
    advice,
    card_template_syntax,
    characters,
    cloze,
    formatting,
    ids,
    links,
    near_duplicates,
    pictures,
    python_snippets,
    released,
)
from cardpress.diagnostics import MAX_PROBLEMS, Diagnostic
from cardpress.source.bank import Bank

Rule = Callable[[Bank], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    ids.deck_facts,
    ids.ids,
    ids.numbers,
    ids.levels,
    ids.tags,
    ids.references,
    links.addresses,
    links.text_links,
    formatting.fences,
    formatting.opening_numbers,
    formatting.nesting,
    formatting.raw_html,
    pictures.pictures,
    pictures.picture_files,
    cloze.deletions,
    python_snippets.syntax,
    card_template_syntax.card_templates,
    characters.control_characters,
    characters.glyphs,
    near_duplicates.near_duplicates,
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
