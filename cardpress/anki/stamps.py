"""When each note of a deck last changed, from a comparison with what was released, without a clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cardpress.anki.card_templates import fill_card_template, join_css, name_note_type
from cardpress.anki.fields import get_fields, render_fields
from cardpress.deck.notes import Deck, DeckSection, Note, Stamp
from cardpress.history.digests import digest_asked, digest_short
from cardpress.history.records import History, NoteRecord, TypeRecord
from cardpress.history.versions import rank
from cardpress.note_types import Fact, NoteType

# The key for a note's tags among its fields. No field has that name: theirs begin with a capital, or are an author's.
TAGS = "tags"


@dataclass(frozen=True, slots=True)
class Shipped:
    """A note that the package holds, with the section and question that it belongs to."""

    note: Note
    section: DeckSection
    parent: Note

    @property
    def is_retired(self) -> bool:
        """Whether the note ships to say that it is no longer asked."""
        return self.note.notice is not None

    @property
    def is_question(self) -> bool:
        """Whether the note is a question, and not a recall note below one."""
        return self.note.id == self.parent.id

    @property
    def fields(self) -> Mapping[str, str]:
        """What Anki gets of the note, by the names that its fields were first released under."""
        return get_fields(self.section, self.parent, self.note)


def list_shipped(deck: Deck) -> Iterator[Shipped]:
    """Yield every note of the package in the deck's order, each section's retired notes last."""
    for section in deck.sections:
        for note in section.notes:
            yield from (Shipped(each, section, note) for each in (note, *note.recall))
        yield from (Shipped(each.note, section, each.parent) for each in section.retired)


def collect_contents(each: Shipped) -> dict[str, str]:
    """Return what Anki receives of a note: its fields, by the names they were first released under, and its tags."""
    return {**each.fields, TAGS: " ".join(each.note.tags)}


def make_record(deck: Deck, each: Shipped) -> NoteRecord:
    """Return a note's record, with digests of what Anki receives. The version printed on the note does not count."""
    versions = {field.released_name for field in each.note.note_type.fields if field.holds is Fact.VERSION}
    values = {name: text for name, text in collect_contents(each).items() if name not in versions}
    fields = {name: digest_short(text)[:8] for name, text in values.items() if text}
    return NoteRecord(
        guid=each.note.guid,
        id=each.note.id,
        kind=each.note.note_type.kind,
        section=each.section.id,
        version=deck.version,
        date=deck.date,
        digest=digest_short(*values.values()),
        asked=digest_asked(each.note.asked.markdown),
        fields=fields,
    )


def make_type_record(deck: Deck, note_type: NoteType) -> TypeRecord:
    """Return a note type's record: a digest of what Anki receives, and its frozen ids."""
    templates = [text for card in note_type.cards for text in fill_card_template(deck, note_type, card)]
    fields = {field.name: note_type.field_id(deck.id, field) for field in note_type.fields}
    first, *others = note_type.cards
    css = join_css(deck, note_type)
    return TypeRecord(
        kind=note_type.kind,
        id=note_type.id(deck.id),
        fields=fields,
        template=note_type.template_id(deck.id, first),
        version=deck.version,
        date=deck.date,
        digest=digest_short(name_note_type(deck, note_type), *fields, *templates, css),
        more={card.name: note_type.template_id(deck.id, card) for card in others},
    )


def stamp(deck: Deck, history: History | None) -> Deck:
    """Return the deck whose notes have what Anki gets of them, and with their stamps and those of note types.

    What has not changed keeps the moment of its release. What has changed is one second newer than the last release:
    Anki imports it over that release, and the next release over it. Without a history, everything has the deck's own.
    """

    def stamped(each: Shipped) -> Note:
        fields = render_fields(each.section, each.parent, each.note)
        note = replace(each.note, fields=fields)
        if history is None:
            return note
        record = make_record(deck, replace(each, note=note))
        marked = replace(note, stamp=_stamp(record, deck, history))
        versions = {
            field.released_name: marked.stamp.version for field in note.note_type.fields if field.holds is Fact.VERSION
        }
        return replace(marked, fields=fields | versions)

    def stamped_question(section: DeckSection, note: Note) -> Note:
        recall = tuple(stamped(Shipped(each, section, note)) for each in note.recall)
        return replace(stamped(Shipped(note, section, note)), recall=recall)

    sections = tuple(
        replace(
            section,
            notes=tuple(stamped_question(section, note) for note in section.notes),
            retired=tuple(
                replace(each, note=stamped(Shipped(each.note, section, each.parent))) for each in section.retired
            ),
        )
        for section in deck.sections
    )
    if history is None:
        return replace(deck, sections=sections)
    moments = {each.kind: _type_moment(make_type_record(deck, each), history) for each in deck.note_types}
    return replace(deck, sections=sections, type_moments=moments)


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
