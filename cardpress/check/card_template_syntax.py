"""Rules on Anki card templates: every field they name exists, every section they open is closed.

Anki shows such a mistake on the learner's card; here the author sees it first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from cardpress.check.adopted_templates import check_adopted_template
from cardpress.check.card_template_conditions import check_conditions
from cardpress.check.card_template_filters import check_filters
from cardpress.check.card_template_tags import LONGEST_TEMPLATE, MOST_TAGS, find_tags
from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.diagnostics.suggest import find_closest, propose
from cardpress.note_types import DELETED, SPECIAL_NAMES, CardTemplate, Holds, NoteType, Spare
from cardpress.source.bank import Bank

# The last two braces of a run, so that a long run is read once.
_UNCLOSED = re.compile(r"\{\{(?!\{)(?![^{}]*\}\})")
# What is filled in besides fields and labels.
_PLACE = re.compile(r"@@([A-Za-z_-]{1,40})@@")
_PLACES = ("language", "direction", "report", "script")
# Sections in each other. Anki crashes at some thousands.
_DEEPEST = 50


def check_card_templates(bank: Bank) -> Iterator[Diagnostic]:
    """Card templates name only fields of their note type, close their sections and ask something."""
    for note_type in bank.note_types.values():
        for card in note_type.cards:
            for file in (card.front, card.back):
                if file is not None and note_type.is_adopted:
                    yield from check_adopted_template(file, note_type)
                elif file is not None:
                    yield from _judge(file, note_type, card)


def _judge(file: SourceFile, note_type: NoteType, card: CardTemplate) -> Iterator[Diagnostic]:
    """Yield what is wrong with a template: with its tags, else with what they show, else with when they show it."""
    problems = (*_template(file, note_type), *_places(file))
    if not problems:
        asks = _asks(file, note_type, card) if file is card.front or note_type.is_cloze else ()
        problems = (*check_filters(file, note_type, card), *asks)
    if not problems and file is card.front and not note_type.is_cloze:
        problems = tuple(check_conditions(file, note_type, card))
    yield from problems


def check_shown_fields(bank: Bank) -> Iterator[Diagnostic]:
    """Every field that authors write is on a card: named by one, or in its templates.

    A released field stays declared for ever. Once no note has it, it may be on none. Ids say nothing to a learner: page
    and sheets make links of them.
    """
    used = {(note.note_type.kind, key) for note in bank.notes() for key in note.values} if bank.history else set()
    for note_type in bank.note_types.values():
        templates = [file.text for card in note_type.cards for file in (card.front, card.back) if file is not None]
        named = {tag[2].rpartition(":")[2].strip() for text in templates for tag in find_tags(text)}
        # A field under a misspelled name is shown, once that is mended.
        known = (*(field.name for field in note_type.fields if not isinstance(field.holds, Spare)), *SPECIAL_NAMES)
        named |= {find_closest(name, known) or name for name in named}
        written = any(file is None for card in note_type.cards for file in (card.front, card.back))
        listed = {key for card in note_type.cards for key in (*card.asks, *card.answers)} if written else set()
        listed |= {key for card in note_type.cards for key in (card.when, card.typed_when)}
        released = _find_released(bank, note_type)
        # What learners have already may be on no card.
        for field in () if note_type.is_adopted else note_type.keyed:
            if field.name in named or field.key in listed or field.place is None or field.holds is Holds.IDS:
                continue
            is_flag, is_new = field.holds is Holds.FLAG, field.key not in released
            if is_new or (not is_flag and (note_type.kind, field.key) in used):
                hint = f"name it in `answers`, or put `{{{{{field.name}}}}}` in a template"
                hint = f"write `when: {field.key}` in a card" if is_flag else hint
                message = f"no card {'waits for' if is_flag else 'shows'} `{field.key}`"
                yield Diagnostic("unshown-field", field.place, message, f"{hint}; or remove it" if is_new else hint)


def _find_released(bank: Bank, note_type: NoteType) -> set[str]:
    """Return the keys of the fields that learners have."""
    record = bank.history.note_types.get(note_type.kind) if bank.history else None
    numbers = {*record.fields.values(), *record.personal_fields.values()} if record else set()
    deck_id = bank.info.id.value if bank.info else ""
    return {each.key for each in note_type.keyed if note_type.field_id(deck_id, each) in numbers}


def _asks(file: SourceFile, note_type: NoteType, card: CardTemplate) -> Iterator[Diagnostic]:
    shown = [("cloze:" if field.holds in DELETED else "") + field.name for field in map(note_type.field, card.asks)]
    asked = shown[0]
    named = {f":{tag[2].strip()}" for tag in find_tags(file.text) if not tag[1]}
    if not any(name.endswith(f":{each}") for name in named for each in shown):
        message = f"the card template does not show `{{{{{asked}}}}}`, and Anki makes no card that asks nothing"
        yield Diagnostic("template-field", Span(file), message, f"put `{{{{{asked}}}}}` in it")


def _template(file: SourceFile, note_type: NoteType) -> Iterator[Diagnostic]:
    names = tuple(field.name for field in note_type.fields if not isinstance(field.holds, Spare))
    opened: list[tuple[str, Span]] = []
    if len(file.text) > LONGEST_TEMPLATE:
        message = f"a card template of {len(file.text):,} characters; {LONGEST_TEMPLATE:,} are allowed"
        yield Diagnostic("text-too-long", Span(file), message, "shorten it")
        return
    if extra := next(islice(find_tags(file.text), MOST_TAGS, None), None):
        message = f"a card template that names fields more than {MOST_TAGS} times"
        yield Diagnostic("text-too-long", Span(file, extra.start(), extra.end()), message, "show each field once")
        return
    for token in find_tags(file.text):
        sign, name = token[1], token[2].strip()
        span = Span(file, token.start(), token.end())
        field = name.rpartition(":")[2]
        if file.text.endswith("{", 0, token.start()):
            hint = f"write `{{{{{sign}{name}}}}}`; behind a brace that is to be shown put a space"
            yield Diagnostic("template-field", span, "a third brace stands before this, and Anki reads two", hint)
        if field != field.strip() and field.strip() in names:
            # Anki trims what stands in the braces, but not behind a filter.
            message, field = f"Anki finds no field `{field}`, with the space", field.strip()
            yield Diagnostic(
                "template-field", span, message, f"write `{{{{{sign}{name.replace(f': {field}', f':{field}')}}}}}`"
            )
        elif sign and ":" in name and field in names:
            message = f"a section names a field alone, and `{name}` has a filter"
            yield Diagnostic("template-field", span, message, f"write `{{{{{sign}{field}}}}}`")
        # A section can be about anything but a side.
        known = (*names, *(SPECIAL_NAMES - {"FrontSide"} if sign else SPECIAL_NAMES))
        if field not in known:
            hint = propose(field, known, f"its fields: {', '.join(names)}")
            yield Diagnostic("template-field", span, f"the {note_type.kind} note type has no field `{field}`", hint)
        if sign in ("#", "^"):
            opened.append((name, span))
            if len(opened) > _DEEPEST:
                message = f"a section inside {_DEEPEST} others; Anki would crash at some depth"
                yield Diagnostic("too-deep", span, message, "nest fewer of them")
                return
        elif sign == "/" and (not opened or opened.pop()[0] != name):
            yield Diagnostic("template-section", span, f"`{{{{/{name}}}}}` closes what is not open", "remove it")
    for unclosed in _UNCLOSED.finditer(file.text):
        span = Span(file, unclosed.start(), unclosed.end())
        yield Diagnostic("template-field", span, "`{{` without the `}}` that closes it", "close it after the field")
    for name, span in opened:
        yield Diagnostic("template-section", span, f"`{name}` is opened and not closed", f"add `{{{{/{name}}}}}`")


def _places(file: SourceFile) -> Iterator[Diagnostic]:
    """Yield the places of a template that nothing fills in."""
    for place in _PLACE.finditer(file.text):
        if place[1] not in _PLACES:
            span, hint = Span(file, place.start(), place.end()), f"a template has {', '.join(map(_mark, _PLACES))}"
            close = find_closest(place[1], _PLACES)
            hint = f"did you mean {_mark(close)}?" if close else hint
            yield Diagnostic("template-field", span, f"`{place[0]}` stands for nothing, and is shown as typed", hint)


def _mark(place: str) -> str:
    return f"`@@{place}@@`"
