"""Rules on what learners had of a deck before cardpress: GUIDs and numbers in Anki, each of one thing, and for ever."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cardpress.deck.names import find_released_names, name_deck, name_sections
from cardpress.diagnostics import Diagnostic, Related, Span
from cardpress.history.records import TAGS, History, NameRecord, NoteRecord, TypeRecord, name_text
from cardpress.note_types import ONLY_CARD, CardTemplate, Field, NoteType
from cardpress.note_types.identity import make_guid, make_number
from cardpress.note_types.template_parts import is_blank
from cardpress.source.bank import Bank, DeckInAnki, DeckInfo, HtmlText, Question, Section
from cardpress.source.note_types.folders import name_declaration
from cardpress.source.yaml.syntax import quote


def check_guids(bank: Bank) -> Iterator[Diagnostic]:
    """No two notes have one GUID: Anki would take the second one for the first."""
    if bank.info is None:
        return
    first: dict[str, Question] = {}
    for note in bank.notes():
        other = first.setdefault(note.identify(bank.info.id.value), note)
        if other is note or other.id.value == note.id.value:
            continue  # the second of two equal ids is reported by itself
        second, earlier = (note, other) if note.guid else (other, note)
        if second.guid is None:
            continue  # made of two ids, which no two are
        message = f"`{earlier.id.value}` has this GUID already, so Anki would take both for one note"
        hint = "write the GUID that learners have of this one, or remove `guid` where it is new to them"
        place = earlier.guid.span if earlier.guid else earlier.id.span
        yield Diagnostic("duplicate-guid", second.guid.span, message, hint, (Related(place, "first here"),))


class _Numbered(NamedTuple):
    """What has a number in Anki: what it is called, and where that number is written."""

    number: int
    name: str
    place: Span


def check_numbers_in_anki(bank: Bank) -> Iterator[Diagnostic]:
    """No two decks, note types, fields or cards have one number in Anki."""
    if bank.info is None:
        return
    yield from _find_repeated(_list_decks(bank, bank.info), "deck")
    types = [each for each in bank.note_types.values() if each.anki and each.anki.id is not None]
    yield from _find_repeated(
        (_Numbered(each.id(""), each.kind, _place_type(each)) for each in types),
        "note type",
    )
    for note_type in bank.note_types.values():
        parts: tuple[tuple[str, Iterable[Field | CardTemplate]], ...] = (
            ("field", note_type.fields),
            ("card", note_type.cards),
        )
        for what, each in parts:
            yield from _find_repeated(_list_parts(note_type, each), what)


def _list_decks(bank: Bank, info: DeckInfo) -> Iterator[_Numbered]:
    """Yield the numbers that are written for decks, one for each name in Anki."""
    deck = name_deck(info, bank.history)
    sections = name_sections(deck, bank.sections, bank.history)
    written = [(deck, info.anki), *((sections[each.id.value], each.anki) for each in bank.sections)]
    seen: set[tuple[int, str]] = set()
    for names, anki in written:
        folded = unicodedata.normalize("NFC", names.name).casefold()
        if anki and anki.id is not None and (anki.id, folded) not in seen:
            seen.add((anki.id, folded))
            yield _Numbered(anki.id, names.name, anki.id_span or anki.span)
    for section in bank.sections:
        for each in section.anki.card_decks if section.anki else ():
            folded = unicodedata.normalize("NFC", each.name.value).casefold()
            if each.id is not None and (each.id, folded) not in seen:
                seen.add((each.id, folded))
                yield _Numbered(each.id, each.name.value, each.id_span or each.name.span)


def _list_parts(note_type: NoteType, parts: Iterable[Field | CardTemplate]) -> Iterator[_Numbered]:
    for part in parts:
        number = _get_number(part)
        if number is not None:
            yield _Numbered(number, part.name, part.place or _place_type(note_type))


def _get_number(part: Field | CardTemplate) -> int | None:
    """Return the number that is written for a field or card."""
    if isinstance(part, CardTemplate):
        return part.anki.id
    return part.anki.id if part.anki else None


def _find_repeated(numbered: Iterable[_Numbered], what: str) -> Iterator[Diagnostic]:
    first: dict[int, _Numbered] = {}
    for each in numbered:
        other = first.setdefault(each.number, each)
        if other is not each:
            message = f"{what} `{other.name}` has the number {each.number} in Anki already"
            hint = "write the number that learners have of this one, or remove `id`, and one is made"
            related = (Related(other.place, "first here"),)
            yield Diagnostic("duplicate-anki-number", each.place, message, hint, related)


def check_released_numbers(bank: Bank) -> Iterator[Diagnostic]:
    """A deck, section or note type that was released keeps its number in Anki, and a note type its name."""
    history, info = bank.history, bank.info
    if history is None or info is None or history.deck is None or history.deck.id != info.id.value:
        return
    yield from _check_deck("deck", history.deck, info.anki, make_number(info.id.value, "deck"))
    for section in bank.sections:
        if released := history.sections.get(section.id.value):
            made = make_number(info.id.value, "section", section.id.value)
            yield from _check_deck("section", released, section.anki, made)
            yield from _check_card_decks(section, released, info.id.value)
    kinds = {record.id: kind for kind, record in history.note_types.items()}
    for kind, note_type in bank.note_types.items():
        if record := history.note_types.get(kind):
            yield from _check_type(note_type, record, info.id.value)
        elif was := kinds.get(note_type.id(info.id.value)):
            message = f"the note type with this number in Anki was released as `{was}`, and is `{kind}` now"
            hint = f"call its folder templates/note-types/{was} again; its `title` may be any"
            yield Diagnostic("released-id-changed", _place_type(note_type), message, hint)


def _check_deck(what: str, released: NameRecord, anki: DeckInAnki | None, made: int) -> Iterator[Diagnostic]:
    wanted = made if released.number is None else released.number
    if anki and anki.id is not None and anki.id != wanted:
        message = f"this {what} was released with the number {wanted} in Anki"
        hint = "remove `id`" if released.number is None else f"write `id: {wanted}`"
        yield Diagnostic("released-id-changed", anki.id_span or anki.span, message, hint)


def _check_card_decks(section: Section, released: NameRecord, deck_id: str) -> Iterator[Diagnostic]:
    for each in section.anki.card_decks if section.anki else ():
        for name in find_released_names(section, each.template.value):
            had = released.card_decks.get(name)
            if had is None or each.id is None:
                continue
            made = make_number(deck_id, "section", section.id.value, "cards", name)
            wanted = made if had.number is None else had.number
            if each.id != wanted:
                message = f"this deck of cards was released with the number {wanted} in Anki"
                hint = "remove `id`" if had.number is None else f"write `id: {wanted}`"
                yield Diagnostic("released-id-changed", each.id_span or each.name.span, message, hint)


def _check_type(note_type: NoteType, record: TypeRecord, deck_id: str) -> Iterator[Diagnostic]:
    if record.id != note_type.id(deck_id):
        message = f"the {note_type.kind} note type was released with the number {record.id} in Anki"
        message += "; under another one, learners would get each of its notes anew"
        hint = f"write `anki: {{id: {record.id}}}`"
        if record.id == make_number(deck_id, "note-type", note_type.kind):
            hint = "remove `id`"
        yield Diagnostic("released-id-changed", _place_type(note_type), message, hint)
    name = note_type.anki.name if note_type.anki else None
    if name is not None and record.name not in ("", name):
        message = f"the {note_type.kind} note type was released as `{record.name}`"
        hint = f"write `name: {quote(record.name)}` under `anki`, or remove it"
        yield Diagnostic("released-name-changed", _place_type(note_type), message, hint)


def find_other_numbers(note_type: NoteType, record: TypeRecord, deck_id: str) -> Iterator[Diagnostic]:
    """Yield fields and cards of an adopted note type that have another number than learners know them by.

    So, too, one that learners know by its name alone, and that has another now.
    """
    if not note_type.is_adopted or record.id != note_type.id(deck_id):
        return
    names, numbers = record.list_names(), set(record.list_fields())
    parts = record.name_parts() | ({} if record.first_card else {record.template: ONLY_CARD})
    for field in note_type.fields:
        number = note_type.field_id(deck_id, field)
        known = names.get(field.released_name, names.get(field.name))
        had = [name for name, other in names.items() if other == number]
        if number not in numbers and known is not None:
            yield _report_number(note_type, field, known)
        elif _get_number(field) is None and had and field.name != parts[number]:
            yield _report_rename(note_type, field, parts[number])
        elif had and field.released_name not in had:
            message = f"field `{field.name}` was released as `{had[0]}`"
            hint = f"add `was: {quote(had[0])}`, by which its notes are told apart from new ones"
            yield Diagnostic("field-list-changed", field.name_place or _place_type(note_type), message, hint)
    cards = {record.first_card or ONLY_CARD: record.template, **record.more}
    for card in note_type.cards:
        number = note_type.template_id(deck_id, card)
        known = cards.get(card.released_name, cards.get(card.name))
        if known is not None and number not in cards.values():
            yield _report_number(note_type, card, known)
        elif card.anki.id is None and card.name != parts.get(number, card.name):
            yield _report_rename(note_type, card, parts[number])


def _report_rename(note_type: NoteType, part: Field | CardTemplate, released: str) -> Diagnostic:
    """Return the problem that something has another name which Anki knows by its name: it takes no such note type."""
    what = "card" if isinstance(part, CardTemplate) else "field"
    message = (
        f"{what} `{part.name}` was released as `{released}`, and had no number in Anki before; "
        "who skips a release would get no update more"
    )
    return Diagnostic(
        "field-list-changed", part.name_place or _place_type(note_type), message, f"write `name: {quote(released)}`"
    )


def _report_number(note_type: NoteType, part: Field | CardTemplate, released: int) -> Diagnostic:
    what = "card" if isinstance(part, CardTemplate) else "field"
    message = f"{what} `{part.name}` of the {note_type.kind} note type was released with the number {released} in Anki"
    hint = f"write `anki: {{id: {released}}}` for it"
    return Diagnostic("field-list-changed", part.place or _place_type(note_type), message, hint)


def _place_type(note_type: NoteType) -> Span:
    """Return where the number of a note type is written, or else where its file is."""
    anki = note_type.anki
    return (anki and (anki.id_place or anki.place)) or Span.of_file(name_declaration(note_type.kind))


def is_renamed_type(note: Question, released: NoteRecord, history: History, deck_id: str) -> bool:
    """Return whether a note's type is the one that it was released with, by its number, in another folder."""
    record = history.note_types.get(released.kind)
    return record is not None and record.id == note.note_type.id(deck_id)


def report_other_guid(note: Question, released: str, deck_id: str) -> Diagnostic:
    """Return the problem that a released note has another GUID, by which Anki would take it for a new one."""
    place = note.guid.span if note.guid else note.id.span
    message = f"`{note.id.value}` was released with the GUID `{released}`; learners would get it as a new note"
    is_made = released == make_guid(deck_id, note.id.value)
    hint = "remove `guid`" if is_made else f"write `guid: {quote(released)}`"
    if place.file.is_table and not is_made:
        hint = f"write `{released}` into the column `guid` of its row"
    return Diagnostic("released-guid-changed", place, message, hint)


def is_new(bank: Bank, note: Question) -> bool:
    """Return whether learners do not have a note yet, of a deck that they have."""
    return bool(bank.history and bank.info and note.identify(bank.info.id.value) not in bank.history.notes)


def check_fronts(bank: Bank) -> Iterator[Diagnostic]:
    """A new question of an adopted note type shows something on a front: its card would be blank.

    Of those that learners have already, some always had a blank card.
    """
    for note in bank.notes():
        note_type = note.note_type
        if not note_type.is_adopted or note_type.is_cloze or note.retired or not is_new(bank, note):
            continue
        written = (each for each in note_type.keyed if each.key in note.values)
        filled = frozenset(
            each.name
            for each in written
            if not (isinstance(text := note.values[each.key], HtmlText) and is_blank(text.value))
        )
        if not note_type.list_shown_cards(filled, is_tagged=bool(note.tags)):
            asked = next((key for card in note_type.cards for key in card.asks if key not in note.values), None)
            hint = f"add `{asked}`" if asked else "write something that a front shows"
            yield Diagnostic(
                "missing-key", note.id.span, f"no card of `{note.id.value}` shows anything on its front", hint
            )


def find_lost_cards(note: Question, released: NoteRecord) -> Iterator[Diagnostic]:
    """Yield a problem for each card of an adopted note whose front showed something when it was released.

    Learners may always have had cards that show nothing: these are not the author's doing.
    """
    note_type = note.note_type
    names = {name_text(each.released_name): each.name for each in note_type.fields}
    then = frozenset(names[name] for name in released.fields if name in names)
    if not then:
        return  # its first card is one that Anki makes of a note that would have none
    now = frozenset(field.name for field in note_type.keyed if field.key in note.values)
    left = set(note_type.number_cards(now, is_tagged=bool(note.tags)))
    for number in note_type.number_cards(then, is_tagged=TAGS in released.fields):
        if number not in left and released.has_card(number):
            card = note_type.cards[number - 1]
            message = f"`{note.id.value}` was released with its card `{card.name}`, whose front shows nothing any more"
            asked = next((f"its `{key}`" for key in card.asks if key not in note.values), "what it shows")
            hint = f"put {asked} back; to ask it no more, retire the note as it was, and write a new one"
            yield Diagnostic("released-card-missing", note.id.span, message, hint)
