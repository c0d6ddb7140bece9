"""When each note of a deck last changed, from a comparison with what was released, without a clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cardpress.anki.card_templates import fill_card_template, join_css, name_note_type
from cardpress.anki.fields import AnyNote, render_fields
from cardpress.deck.notes import ClozeNote, Deck, DeckSection, InterviewNote, Stamp
from cardpress.history.digests import digest_asked, digest_short
from cardpress.history.records import History, NoteRecord, TypeRecord
from cardpress.history.versions import rank
from cardpress.note_types import CLOZE, INTERVIEW, NOTE_TYPES, RECALL, NoteType

# The key for a note's tags among its fields. No field has that name: theirs begin with a capital.
TAGS = "tags"


@dataclass(frozen=True, slots=True)
class Shipped:
    """A note that the package holds, with the section and question that it belongs to."""

    note: AnyNote
    section: DeckSection
    parent: InterviewNote

    @property
    def is_retired(self) -> bool:
        """Whether the note ships to say that it is no longer asked."""
        return bool(self.note.notice)

    @property
    def note_type(self) -> NoteType:
        """The note's note type."""
        if isinstance(self.note, InterviewNote):
            return INTERVIEW
        return CLOZE if isinstance(self.note, ClozeNote) else RECALL


def list_shipped(deck: Deck) -> Iterator[Shipped]:
    """Yield every note of the package in the deck's order, each section's retired notes last."""
    for section in deck.sections:
        for note in section.notes:
            yield from (Shipped(each, section, note) for each in (note, *note.recall))
        yield from (Shipped(each.note, section, each.parent) for each in section.retired)


def collect_contents(deck: Deck, each: Shipped) -> dict[str, str]:
    """Return what Anki receives of a note: its fields, by the names they were first released under, and its tags."""
    values = render_fields(deck, each.section, each.parent, each.note)
    named = {each.note_type.released_name(name): value for name, value in values.items()}
    return named | {TAGS: " ".join(each.note.tags)}


def make_record(deck: Deck, each: Shipped) -> NoteRecord:
    """Return a note's record, with digests of what Anki receives. The version printed on the note does not count."""
    values = {name: text for name, text in collect_contents(deck, each).items() if name != "Version"}
    fields = {name: digest_short(text)[:8] for name, text in values.items() if text}
    asked = each.note.text if isinstance(each.note, ClozeNote) else each.note.question
    return NoteRecord(
        guid=each.note.guid,
        id=each.note.id,
        kind=each.note_type.kind,
        section=each.section.id,
        version=deck.version,
        date=deck.date,
        digest=digest_short(*values.values()),
        asked=digest_asked(asked.markdown),
        fields=fields,
    )


def make_type_record(deck: Deck, note_type: NoteType) -> TypeRecord:
    """Return a note type's record: a digest of what Anki receives, and its frozen ids."""
    front, back = fill_card_template(deck, note_type)
    fields = {name: note_type.field_id(deck.id, name) for name in note_type.fields}
    return TypeRecord(
        kind=note_type.kind,
        id=note_type.id(deck.id),
        fields=fields,
        template=note_type.template_id(deck.id),
        version=deck.version,
        date=deck.date,
        digest=digest_short(name_note_type(deck, note_type), *note_type.fields, front, back, join_css(deck)),
    )


def stamp(deck: Deck, history: History | None) -> Deck:
    """Return the deck with the stamps of its notes and note types; without a history, the deck as it is.

    What has not changed keeps the moment of its release. What has changed is one second newer than the last release:
    Anki imports it over that release, and the next release over it.
    """
    if history is None:
        return deck
    stamps = {each.note.guid: _stamp(make_record(deck, each), deck, history) for each in list_shipped(deck)}
    type_stamps = {note_type.kind: _type_moment(make_type_record(deck, note_type), history) for note_type in NOTE_TYPES}

    def stamped_note(note: InterviewNote) -> InterviewNote:
        recall = tuple(replace(each, stamp=stamps[each.guid]) for each in note.recall)
        return replace(note, stamp=stamps[note.guid], recall=recall)

    sections = tuple(
        replace(
            section,
            notes=tuple(map(stamped_note, section.notes)),
            retired=tuple(replace(r, note=replace(r.note, stamp=stamps[r.note.guid])) for r in section.retired),
        )
        for section in deck.sections
    )
    return replace(deck, sections=sections, type_moments=type_stamps)


def _stamp(now: NoteRecord, deck: Deck, history: History) -> Stamp:
    released = history.notes.get(now.guid)
    if released and released.digest == now.digest:
        return Stamp(released.version, history.moment_of(released.version))
    is_bumped = rank(deck.version) > rank(history.last.version)
    last = history.last.version
    version = deck.version if is_bumped else f"{last}{'.' if '+' in last else '+'}preview"
    return Stamp(version, history.moment_of(history.last.version) + 1)


def _type_moment(now: TypeRecord, history: History) -> int:
    released = history.note_types.get(now.kind)
    if released and released.digest == now.digest:
        return history.moment_of(released.version)
    return history.moment_of(history.last.version) + 1
