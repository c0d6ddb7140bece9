"""All rules in one list. A rule is a function that yields what breaks it; its docstring states the rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from cardpress.check import (
    advice,
    card_template_syntax,
    characters,
    cloze,
    deck_facts,
    formatting,
    ids,
    links,
    near_duplicates,
    pictures,
    python_snippets,
    question_facts,
    released,
)
from cardpress.diagnostics import MAX_PROBLEMS, Diagnostic
from cardpress.source.bank import Bank

Rule = Callable[[Bank], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    deck_facts.check_deck_facts,
    ids.check_ids,
    question_facts.check_numbers,
    question_facts.check_levels,
    question_facts.check_tags,
    ids.check_references,
    links.check_addresses,
    links.check_text_links,
    formatting.check_fences,
    formatting.check_opening_numbers,
    formatting.check_markdown,
    formatting.check_raw_html,
    pictures.check_pictures,
    pictures.check_picture_files,
    cloze.check_deletions,
    python_snippets.check_syntax,
    card_template_syntax.check_card_templates,
    card_template_syntax.check_shown_fields,
    characters.check_control_characters,
    characters.check_glyphs,
    near_duplicates.check_near_duplicates,
    advice.check_recall_notes,
    advice.check_example_answers,
    advice.check_sources,
    released.check_retirements,
    released.check_notes,
    released.check_field_lists,
)


def check(bank: Bank) -> tuple[Diagnostic, ...]:
    """Return everything in a bank that breaks a rule, with at most MAX_PROBLEMS diagnostics a rule."""
    return tuple(diagnostic for rule in RULES for diagnostic in islice(rule(bank), MAX_PROBLEMS))
