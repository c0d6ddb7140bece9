"""The history of a deck that was taken over: what learners have, as if it were a release of ours.

A note whose fields the project makes again to the byte is as old as it was in the original, so that an update passes it
by. What had to be made safe is recorded as learners have it, so that the first release brings what it is now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from unicodedata import normalize

from cardpress.adopt.original_projects import VERSION
from cardpress.adopt.plans import Plan, list_tags
from cardpress.anki.fields import list_card_numbers
from cardpress.anki.original import OriginalNote, OriginalType
from cardpress.anki.stamps import Shipped, collect_contents, list_shipped, make_record, make_type_record
from cardpress.deck.notes import Deck
from cardpress.diagnostics import SourceFile
from cardpress.history.records import (
    NOT_YET,
    TAGS,
    DeckRecord,
    History,
    NameRecord,
    NoteRecord,
    Release,
    TypeRecord,
)
from cardpress.note_types import NoteType


@dataclass(frozen=True, slots=True)
class Compared:
    """The records of what learners have, and what is made otherwise: of notes by GUID, and of note types by kind.

    `new_cards` and `lost_cards` have the numbers of cards that only the project makes of a note, or only the original
    has.
    """

    notes: Mapping[str, NoteRecord]
    note_types: Mapping[str, TypeRecord]
    changed: Mapping[str, tuple[str, ...]]
    changed_types: frozenset[str]
    new_cards: Mapping[str, tuple[int, ...]]
    lost_cards: Mapping[str, tuple[int, ...]]


def begin_history(plan: Plan, source: str, media: Mapping[str, str]) -> History:
    """Return a history in which nothing is known of its notes but that they are there.

    It has the release that stands for the original, with its names and files.

    `source` is the digest of the project's source, and `media` has those of files by their names.
    """
    release = Release(VERSION, plan.date, source, NOT_YET, plan.moment)
    deck = NameRecord(plan.id, plan.root.name, plan.title, plan.title, plan.root.id)
    sections = {
        each.id: NameRecord(
            each.id,
            each.deck.name,
            each.title,
            each.title,
            each.deck.id,
            {card: DeckRecord(deck.name, deck.id) for card, deck in each.card_decks.items()},
        )
        for each in plan.sections
    }
    notes = {
        note.guid: NoteRecord(
            note.guid, note_id, plan.kinds[note.type_key].name, each.id, VERSION, plan.date, "", "", {}
        )
        for each in plan.sections
        for note_id, note in each.notes
    }
    return History((release,), {}, notes, {}, deck, sections, media={**media, **dict.fromkeys(plan.missing_media, "")})


def compare(plan: Plan, deck: Deck) -> Compared:
    """Return the records of an original's notes and note types, which a deck without history makes again."""
    by_guid = {note.guid: note for note in plan.original.notes}
    by_id = {note_id: by_guid[note.guid] for section in plan.sections for note_id, note in section.notes}
    types = {each.key: each for each in plan.original.note_types}
    kinds = {kind.name: types[kind.original.key] for kind in plan.kinds.values()}
    notes: dict[str, NoteRecord] = {}
    changed: dict[str, tuple[str, ...]] = {}
    new_cards: dict[str, tuple[int, ...]] = {}
    lost_cards: dict[str, tuple[int, ...]] = {}
    for each in list_shipped(deck):
        had = by_id[each.note.id]
        learned = _as_learned(each, had)
        other = _find_other(each, learned)
        if other:
            changed[had.guid] = other
        had_numbers, now_numbers = {number for number, _ in had.cards}, {*list_card_numbers(each.note)}
        if new := sorted(now_numbers - had_numbers):
            new_cards[had.guid] = tuple(new)
        if lost := sorted(had_numbers - now_numbers):
            lost_cards[had.guid] = tuple(lost)
        record = make_record(deck, learned)
        if not each.note.note_type.is_cloze:
            kept = had_numbers & now_numbers - {1}
            record = replace(record, more_cards=tuple(sorted(kept)))
        # What is newer than the release that stands for the original keeps its time, which the next one has to pass.
        is_late = had.modified is not None and had.modified > plan.moment
        notes[had.guid] = replace(record, modified=had.modified if is_late or not other else None)
    type_records: dict[str, TypeRecord] = {}
    changed_types = set()
    for note_type in deck.note_types:
        if original := kinds.get(note_type.kind):
            record_now = make_type_record(deck, note_type)
            record_then = make_type_record(deck, _as_was(note_type, original))
            is_same = record_now.digest == record_then.digest
            is_late = original.modified > plan.moment
            type_records[note_type.kind] = replace(
                record_then, modified=original.modified if is_late or is_same else None
            )
            if not is_same:
                changed_types.add(note_type.kind)
    return Compared(notes, type_records, changed, frozenset(changed_types), new_cards, lost_cards)


def _as_learned(each: Shipped, had: OriginalNote) -> Shipped:
    """Return a note with the fields and tags that learners have."""
    names = [field.released_name for field in each.note.note_type.fields]
    fields = {name: normalize("NFC", value) for name, value in zip(names, had.fields, strict=True)}
    return replace(each, note=replace(each.note, fields=fields, tags=list_tags(had)))


def _find_other(each: Shipped, learned: Shipped) -> tuple[str, ...]:
    """Return the names of the fields that the project makes otherwise, and `tags` where it makes these so."""
    now, then = collect_contents(each), collect_contents(learned)
    return tuple("its tags" if name == TAGS else name for name, value in then.items() if now[name] != value)


def _as_was(note_type: NoteType, original: OriginalType) -> NoteType:
    """Return a note type with the card templates and the style that learners have."""
    cards = tuple(
        replace(
            card,
            front=SourceFile(card.front.path if card.front else "", had.front),
            back=SourceFile(card.back.path if card.back else "", had.back),
        )
        for card, had in zip(note_type.cards, original.cards, strict=True)
    )
    style = SourceFile(note_type.style.path if note_type.style else "", original.css) if original.css else None
    return replace(note_type, cards=cards, style=style)
