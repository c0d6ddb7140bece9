"""All rules in one list. A rule is a function that yields what breaks it; its docstring states the rule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

from cardpress.check import (
    adopted,
    advice,
    card_template_syntax,
    characters,
    cheat_sheet,
    cloze,
    code_width,
    deck_facts,
    deck_names,
    formatting,
    html_fields,
    ids,
    joined_lines,
    labels,
    links,
    markdown_in_html,
    masks,
    near_duplicates,
    odd_characters,
    pictures,
    printing,
    python_snippets,
    question_facts,
    readings,
    references,
    released,
    row_ids,
    source_schema,
    template_safety,
    titles,
    typed_answers,
)
from cardpress.check.clean_files import CleanFiles
from cardpress.diagnostics import MAX_PROBLEMS, Diagnostic, has_errors
from cardpress.diagnostics.checks import apply, report_unused
from cardpress.outputs import SHEETS
from cardpress.source.bank import Bank

Rule = Callable[[Bank], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    deck_facts.check_deck_facts,
    deck_facts.check_lengths,
    deck_facts.check_outputs,
    deck_facts.check_release_values,
    titles.check_titles,
    titles.check_listed_title,
    deck_names.check_deck_names,
    ids.check_ids,
    adopted.check_guids,
    adopted.check_numbers_in_anki,
    row_ids.check_row_ids,
    question_facts.check_numbers,
    question_facts.check_levels,
    question_facts.check_tags,
    question_facts.check_spelling_of_tags,
    references.check_references,
    links.check_addresses,
    links.check_text_links,
    formatting.check_fences,
    formatting.check_snippet_lengths,
    formatting.check_opening_numbers,
    formatting.check_bullets,
    formatting.check_markdown,
    formatting.check_rows,
    formatting.check_plain_texts,
    formatting.check_labels_and_hints,
    formatting.check_content,
    joined_lines.check_joined_lines,
    formatting.check_raw_html,
    html_fields.check_html_fields,
    markdown_in_html.check_markdown_in_html,
    pictures.check_pictures,
    pictures.check_picture_files,
    pictures.check_replaced_files,
    pictures.check_locations,
    masks.check_masks,
    cloze.check_deletions,
    typed_answers.check_typed_answers,
    cloze.check_gaps_alone,
    python_snippets.check_syntax,
    code_width.check_code_width,
    card_template_syntax.check_card_templates,
    card_template_syntax.check_shown_fields,
    readings.check_readings,
    readings.check_other_brackets,
    labels.check_language_of_labels,
    labels.check_labels,
    labels.check_strings,
    template_safety.check_template_safety,
    template_safety.check_trust,
    characters.check_control_characters,
    characters.check_marks,
    odd_characters.check_odd_characters,
    odd_characters.check_merges,
    characters.check_glyphs,
    printing.check_booklet,
    printing.check_empty_sheets,
    printing.check_tables,
    near_duplicates.check_near_duplicates,
    advice.check_recall_notes,
    advice.check_example_answers,
    advice.check_sources,
    references.check_retirements,
    cheat_sheet.check_comparisons,
    cheat_sheet.check_gists,
    source_schema.check_source_schema,
    released.check_history,
    released.check_sections,
    released.check_notes,
    released.check_cards,
    released.check_field_lists,
    adopted.check_released_numbers,
    adopted.check_fronts,
)


# What rules find that find nothing but warnings. One whose codes are all off is not run.
_ADVISES: Mapping[Rule, tuple[str, ...]] = MappingProxyType(
    {
        formatting.check_snippet_lengths: ("uncolored-code",),
        formatting.check_opening_numbers: ("number-becomes-list",),
        formatting.check_bullets: ("doubled-bullet",),
        formatting.check_rows: ("unsupported-markdown",),
        joined_lines.check_joined_lines: ("joined-lines",),
        code_width.check_code_width: ("code-too-wide",),
        card_template_syntax.check_shown_fields: ("unshown-field",),
        html_fields.check_html_fields: ("dropped-html",),
        markdown_in_html.check_markdown_in_html: ("markdown-in-html",),
        characters.check_glyphs: ("missing-glyph",),
        pictures.check_locations: ("location-in-file",),
        labels.check_language_of_labels: ("english-labels",),
        labels.check_strings: ("unused-label",),
        printing.check_booklet: ("no-booklet",),
        printing.check_empty_sheets: ("empty-sheet",),
        printing.check_tables: ("wide-table",),
        near_duplicates.check_near_duplicates: ("near-duplicate-question",),
        advice.check_recall_notes: ("recall-asks-for-a-list", "recall-too-long"),
        advice.check_example_answers: ("example-answer-too-long",),
        advice.check_sources: ("missing-wanted", "no-source"),
        cheat_sheet.check_gists: ("gist-too-long",),
        titles.check_listed_title: ("long-title",),
        source_schema.check_source_schema: ("stale-schema",),
    }
)
# Rules about some outputs, by their names. They are asked where one of these is made.
_ABOUT: Mapping[Rule, tuple[str, ...]] = MappingProxyType(
    {
        titles.check_titles: ("apkg", "crowdanki"),
        titles.check_listed_title: ("ankiweb",),
        deck_names.check_deck_names: ("apkg", "crowdanki"),
        card_template_syntax.check_shown_fields: ("apkg", "crowdanki"),
        code_width.check_code_width: ("apkg", "crowdanki", "page"),
        labels.check_language_of_labels: ("apkg", "crowdanki", "page", *SHEETS, "ankiweb", "site"),
        characters.check_glyphs: SHEETS,
        printing.check_booklet: ("booklet",),
        printing.check_empty_sheets: SHEETS,
        printing.check_tables: SHEETS,
        cheat_sheet.check_gists: ("cheatsheet",),
    }
)
# Rules that look at one note at a time, beside what stands in deck.yaml, snippets and templates. What they can see of a
# note is in `clean_files.py`: in a file in which one of these has found nothing, it is not asked again.
OF_ONE_NOTE: frozenset[Rule] = frozenset(
    {
        links.check_addresses,
        links.check_text_links,
        formatting.check_fences,
        formatting.check_opening_numbers,
        formatting.check_bullets,
        formatting.check_markdown,
        formatting.check_rows,
        formatting.check_plain_texts,
        formatting.check_labels_and_hints,
        formatting.check_content,
        joined_lines.check_joined_lines,
        formatting.check_raw_html,
        html_fields.check_html_fields,
        markdown_in_html.check_markdown_in_html,
        cloze.check_deletions,
        typed_answers.check_typed_answers,
        cloze.check_gaps_alone,
        code_width.check_code_width,
        readings.check_other_brackets,
        characters.check_control_characters,
        characters.check_marks,
        odd_characters.check_odd_characters,
        advice.check_recall_notes,
        advice.check_example_answers,
        advice.check_sources,
    }
)


def name_rule(rule: Rule) -> str:
    """Return the name of a rule, by which it is known from one check to the next."""
    return f"{rule.__module__}.{rule.__qualname__}"


def check(
    bank: Bank,
    found: Iterable[Diagnostic] = (),
    only: Collection[str] | None = None,
    before_each: Callable[[], object] = lambda: None,
    *,
    with_advice: bool = True,
    clean: CleanFiles | None = None,
) -> tuple[Diagnostic, ...]:
    """Return what was `found` before and all that breaks a rule, as the bank's `checks` have it.

    Of each rule there are at most MAX_PROBLEMS diagnostics. Rules about outputs that are not made are not asked; those
    that are made are those of `only`, by default those that deck.yaml wants. `before_each` is called before each rule;
    what it raises ends the check. Without advice, rules that find nothing but warnings are not asked. `clean` knows in
    which of the bank's files nothing is to be found, and learns more of it.
    """
    checks = bank.checks
    outputs = bank.list_made(only)
    parts = [apply(checks, found)]
    unasked: set[str] = set()
    for rule in RULES:
        before_each()
        codes = _ADVISES.get(rule, ())
        is_about_others = rule in _ABOUT and not any(output in outputs for output in _ABOUT[rule])
        if is_about_others or (codes and not with_advice):
            unasked.update(codes)
            continue
        if codes and all(map(checks.is_off, codes)):
            continue
        if clean is not None and rule in OF_ONE_NOTE:
            parts.append(clean.ask(name_rule(rule), rule))
        else:
            parts.append(apply(checks, rule(bank), MAX_PROBLEMS))
    if clean is not None:
        clean.keep()
    diagnostics = tuple(diagnostic for part in parts for diagnostic in part.diagnostics)
    # Of a part that could not be read, nobody knows what it would be warned of.
    if all(part.is_whole for part in parts) and bank.complete and not has_errors(diagnostics):
        used = frozenset(allowance for part in parts for allowance in part.used)
        diagnostics += apply(checks, report_unused(checks, used, unasked), MAX_PROBLEMS).diagnostics
    return diagnostics
