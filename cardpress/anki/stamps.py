"""When each note of a deck last changed, from a comparison with what was released, without a clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cardpress.anki.card_templates import fill_card_template, join_css
from cardpress.anki.deletions import list_deletions, make_mask_record, read_deletions
from cardpress.anki.fields import get_fields, list_card_numbers, render_fields
from cardpress.deck.notes import Deck, DeckSection, Note, Stamp
from cardpress.history.digests import digest_asked, digest_short
from cardpress.history.masks import digest_mask
from cardpress.history.previews import Preview, Seen, name_version, to_preview_moment, to_unreleased_moment
from cardpress.history.records import TAGS, Deletions, History, Masks, NoteRecord, TypeRecord, name_text
from cardpress.history.versions import rank
from cardpress.note_types import ONLY_CARD, Fact, Holds, NoteType, Spare
from cardpress.note_types.in_anki import FieldInAnki


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


@dataclass(frozen=True, slots=True)
class Stamped:
    """A note as it was and with its stamp, and whether learners may have it as it was before."""

    before: Shipped
    note: Note
    is_update: bool


class KeptStamps:
    """Keeps the notes of one deck with their stamps until the next time, for who stamps a deck again and again."""

    def __init__(self) -> None:
        self._under: tuple[object, ...] = ()
        self._stamped: dict[str, Stamped] = {}
        self._before: dict[str, Stamped] = {}

    def begin(self, under: tuple[object, ...]) -> None:
        """Begin another deck. `under` is what stamps depend on beside the notes, all of it compared by identity."""
        is_same = len(under) == len(self._under) and all(
            old is new or (isinstance(new, str) and old == new) for old, new in zip(self._under, under, strict=True)
        )
        self._before = self._stamped if is_same else {}
        self._under, self._stamped = under, {}

    def find(self, each: Shipped) -> Stamped | None:
        """Return a note with its stamp as it was stamped before; None when what decides that has changed."""
        known = self._before.get(each.note.guid)
        if known is None or not _decide_the_same(known.before, each):
            return None
        if known.before.note is not each.note:  # it stands elsewhere in its file
            moved = replace(known.note, places=each.note.places, recall=each.note.recall)
            known = Stamped(each, moved, known.is_update)
        self._stamped[each.note.guid] = known
        return known

    def keep(self, each: Shipped, note: Note, is_update: bool) -> Stamped:
        """Keep a note that was stamped."""
        known = self._stamped[each.note.guid] = Stamped(each, note, is_update)
        return known


def _decide_the_same(one: Shipped, other: Shipped) -> bool:
    """Return whether two notes have the same stamp and fields, as what they hold is the very same."""
    return (
        one.note.contents is other.note.contents
        and one.parent.contents is other.parent.contents
        and one.note.note_type is other.note.note_type
        and (one.note.id, one.note.tags, one.note.notice) == (other.note.id, other.note.tags, other.note.notice)
        and (one.parent.id, one.section.id) == (other.parent.id, other.section.id)
        and one.section.names == other.section.names
    )


def list_shipped(deck: Deck) -> Iterator[Shipped]:
    """Yield every note of the package in the deck's order, each section's retired notes last."""
    for section in deck.sections:
        for note in section.notes:
            yield from (Shipped(each, section, note) for each in (note, *note.recall))
        yield from (Shipped(each.note, section, each.parent) for each in section.retired)


def collect_contents(each: Shipped) -> dict[str, str]:
    """Return what Anki receives of a note: its fields, by the names of their texts in a record, and its tags."""
    fields = {name_text(name): text for name, text in each.fields.items()}
    return {**fields, TAGS: " ".join(each.note.tags)}


def make_record(deck: Deck, each: Shipped) -> NoteRecord:
    """Return a note's record, with digests of what Anki receives. The version printed on the note does not count."""
    values = _list_values(each)
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
        deletions=_list_deletions(each.note),
        more_cards=() if each.note.note_type.is_cloze else _list_more_cards(each.note),
        masks=_list_masks(each.note),
    )


def _list_values(each: Shipped) -> dict[str, str]:
    versions = {field.released_name for field in each.note.note_type.fields if field.holds is Fact.VERSION}
    return {name: text for name, text in collect_contents(each).items() if name not in versions}


def _list_more_cards(note: Note) -> tuple[int, ...]:
    """Return the numbers of its cards after the first, which an adopted note may lack."""
    return tuple(number for number in list_card_numbers(note) if number > 1)


def _list_deletions(note: Note) -> Deletions:
    if note.occlusion:
        return {mask.number: (digest_mask(mask.id),) for mask in note.occlusion.masks}
    documents = [text.document for _, text in note.each(Holds.CLOZE)]
    found = {number: list(answers) for number, answers in list_deletions(documents).items()}
    of_html = (Holds.HTML_CLOZE, Holds.HTML) if note.note_type.is_adopted else (Holds.HTML_CLOZE,)
    for _, text in note.each(*of_html) if note.note_type.is_cloze else ():
        for number, answers in read_deletions(text.raw).items():
            found.setdefault(number, []).extend(answers)
    return {number: tuple(found[number]) for number in sorted(found)}


def has_other_answers(note: Note, now: NoteRecord, released: NoteRecord) -> bool:
    """Return whether what a note's released deletions or masks hide is recorded otherwise now."""
    other = {number for number, answers in released.deletions.items() if now.deletions.get(number) != answers}
    if not other or note.occlusion:
        return bool(other)
    before = list_deletions((text.document for _, text in note.each(Holds.CLOZE)), as_before=True)
    return any(before.get(number) != released.deletions[number] for number in other)


def _list_masks(note: Note) -> Masks:
    masks = note.occlusion.masks if note.occlusion else ()
    return {mask.id: make_mask_record(mask.label.document if mask.label else None, mask.boxes) for mask in masks}


def make_type_record(deck: Deck, note_type: NoteType) -> TypeRecord:
    """Return a note type's record: a digest of what Anki receives, and its frozen ids."""
    templates = [text for card in note_type.cards for text in fill_card_template(deck, note_type, card)]
    names = [field.name for field in note_type.fields]
    # Last, and nothing where there are none: a note type that was released before is as old as it was.
    cards = [card.name for card in note_type.cards if card.name != ONLY_CARD]
    spares = [*(field.name for field in note_type.spares), *note_type.spare_cards]
    personal = [field.name for field in note_type.fields if field.is_personal]
    first, *others = note_type.cards
    name, css = deck.type_names[note_type.kind], join_css(deck, note_type)
    return TypeRecord(
        kind=note_type.kind,
        id=note_type.id(deck.id),
        fields=_list_numbers(deck, note_type, is_personal=False),
        template=note_type.template_id(deck.id, first),
        version=deck.version,
        date=deck.date,
        digest=digest_short(name, *names, *templates, css, *cards, *spares, *personal, *_list_looks(note_type)),
        name=name,
        first_card="" if first.name == ONLY_CARD else first.name,
        more={card.name: note_type.template_id(deck.id, card) for card in others},
        spare_fields={field.name: note_type.field_id(deck.id, field) for field in note_type.spares},
        spare_cards={name: note_type.spare_card_id(deck.id, name) for name in note_type.spare_cards},
        personal_fields=_list_numbers(deck, note_type, is_personal=True),
        from_spares=note_type.from_spares,
        cards_from_spares=note_type.cards_from_spares,
        former_names=note_type.former_names,
        asks=note_type.list_asked(),
    )


def _list_looks(note_type: NoteType) -> Iterator[str]:
    """Yield how Anki's editor and browser show a note type, as far as its project says so."""
    if anki := note_type.anki:
        yield from (f"{anki.latex_before}", f"{anki.latex_after}", f"{anki.is_latex_svg}")
        yield from (anki.sort_field, f"{anki.stock_kind}")
    for card in note_type.cards:
        if card.anki.browser_front or card.anki.browser_back:
            yield from (card.name, card.anki.browser_front, card.anki.browser_back)
    for place, field in enumerate(note_type.fields):
        look = replace(field.anki or FieldInAnki(), id=None)
        if look != FieldInAnki():
            flags = (look.is_right_to_left, look.is_collapsed, look.is_plain_text)
            yield from (f"{place}", look.font, f"{look.size}", look.description, *map(str, flags))


def _list_numbers(deck: Deck, note_type: NoteType, *, is_personal: bool) -> dict[str, int]:
    """Return the numbers of what is no spare field, by their names, in Anki's order."""
    used = [each for each in note_type.fields if not isinstance(each.holds, Spare)]
    return {each.name: note_type.field_id(deck.id, each) for each in used if each.is_personal == is_personal}


def stamp(deck: Deck, history: History | None, preview: Preview | None = None, kept: KeptStamps | None = None) -> Deck:
    """Return the deck whose notes have what Anki gets of them, and with their stamps and those of note types.

    What has not changed keeps the moment of its release. What has changed is one second newer than the last release:
    Anki imports it over that release, and the next release over it. Without a history, everything is older than any
    release, so that the first one reaches those who were handed a build.

    In a `preview`, what has changed, or was changed by a preview before, has the moment of the preview that last
    changed it, so that Anki imports it over those before; and the deck bears the preview's version.

    `kept` has the notes that were stamped before, and decides nothing but how long this takes.
    """
    kept = kept or KeptStamps()
    kept.begin((deck.version, deck.date, history, preview, deck.strings))
    dates = _Dates(deck.version, deck.date, history, preview)
    updated: set[str] = set()
    if preview:
        deck = replace(deck, version=name_version(history, deck.version, preview.number))

    def stamped(each: Shipped) -> Note:
        known = kept.find(each)
        if known is None:
            known = kept.keep(each, *stamped_anew(each))
        if known.is_update:
            updated.add(each.note.guid)
        return known.note

    def stamped_anew(each: Shipped) -> tuple[Note, bool]:
        fields = render_fields(each.section, each.parent, each.note)
        note, now = each.note, ""
        if history or preview:  # else nothing is asked about what it was before
            filled = replace(each, note=replace(note, fields=fields))
            now = digest_short(*_list_values(filled).values())
        mark = dates.stamp(note.guid, now)
        versions = {field.released_name: mark.version for field in note.note_type.fields if field.holds is Fact.VERSION}
        is_update = dates.is_update(note.guid, now, is_retired=each.is_retired)
        return replace(note, stamp=mark, fields=fields | versions), is_update

    def stamped_question(section: DeckSection, note: Note) -> Note:
        recall = tuple(stamped(Shipped(each, section, note)) for each in note.recall)
        marked = stamped(Shipped(note, section, note))
        return replace(marked, recall=recall) if recall else marked

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
    moments = {each.kind: dates.date_type(make_type_record(deck, each)) for each in deck.note_types}
    deck = replace(deck, sections=sections, type_moments=moments)
    if history is None or (len(history.releases) == 1 and not updated):
        # Before a first release, or in it: nobody knows what was handed out.
        updated = {each.note.guid for each in list_shipped(deck)}
    return replace(deck, updated=frozenset(updated))


@dataclass(frozen=True, slots=True)
class _Dates:
    """When notes and note types of a deck changed. `version` and `date` are the deck's as its author wrote them."""

    version: str
    date: str
    history: History | None
    preview: Preview | None

    def stamp(self, guid: str, digest: str) -> Stamp:
        """Return the stamp of a note of which this is the digest now."""
        released = self.history.notes.get(guid) if self.history else None
        number = self._number(digest, released, self.preview.notes.get(guid) if self.preview else None)
        if number:
            version = name_version(self.history, self.version, number)
            return Stamp(version, to_preview_moment(self.history, number, released))
        if self.history is None:
            return Stamp(self.version, to_unreleased_moment(self.date))
        if released and released.digest == digest:
            release = self.history.find(released.version)
            return Stamp(release.shipped_version, release.moment if released.modified is None else released.modified)
        last = self.history.last.version
        is_bumped = rank(self.version) > rank(last)
        version = self.version if is_bumped else f"{last}{'.' if '+' in last else '+'}preview"
        return Stamp(version, self.history.find_moment_before(released) + 1)

    def is_update(self, guid: str, digest: str, *, is_retired: bool) -> bool:
        """Return whether learners may have the note as it was before.

        A retired one counts in the release that retires it, and not again until it changes once more, in its tags, say.
        Who came later has it without cards.
        """
        released = self.history.notes.get(guid) if self.history else None
        if self.history is None or released is None:
            return False
        told = self.history.retired.get(guid)
        if is_retired and told and told.version != self.history.last.version:
            return released.digest != digest or released.version != told.version
        was_shown = self.preview is not None and guid in self.preview.notes
        return was_shown or released.is_updated or released.digest != digest

    def date_type(self, now: TypeRecord) -> int:
        released = self.history.note_types.get(now.kind) if self.history else None
        number = self._number(now.digest, released, self.preview.note_types.get(now.kind) if self.preview else None)
        if number:
            return to_preview_moment(self.history, number, released)
        if self.history is None:
            return to_unreleased_moment(self.date)
        if released and released.digest == now.digest:
            moment = self.history.moment_of(released.version)
            return moment if released.modified is None else released.modified
        return self.history.find_moment_before(released) + 1

    def _number(self, digest: str, released: NoteRecord | TypeRecord | None, seen: Seen | None) -> int | None:
        """Return the number of the preview that last changed something. None when only releases did, or in a build."""
        if self.preview is None or (seen is None and released is not None and released.digest == digest):
            return None
        return seen.number if seen and seen.digest == digest else self.preview.number


def note_preview(deck: Deck, history: History | None, preview: Preview) -> Preview:
    """Return a preview that knows what it and those before it changed. The deck is the one that was stamped for it."""
    notes, note_types = dict(preview.notes), dict(preview.note_types)
    for each in list_shipped(deck):
        released = history.notes.get(each.note.guid) if history else None
        start = to_preview_moment(history, 0, released)
        if each.note.stamp.modified > start:
            notes[each.note.guid] = Seen(make_record(deck, each).digest, each.note.stamp.modified - start)
    for note_type in deck.note_types:
        type_released = history.note_types.get(note_type.kind) if history else None
        start = to_preview_moment(history, 0, type_released)
        if (moment := deck.type_moments[note_type.kind]) > start:
            note_types[note_type.kind] = Seen(make_type_record(deck, note_type).digest, moment - start)
    return Preview(preview.number, notes, note_types)
