"""A note's cards as Anki's engine makes them: its fields in the card templates of its note type.

What stands here is held against the real engine, to the character (`tests/anki/test_card_rendering.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from itertools import count

from cardpress.anki.card_sounds import Sound, Speech, extract_sounds
from cardpress.anki.card_templates import fill_card_template, join_css
from cardpress.anki.fields import get_fields, list_card_numbers
from cardpress.anki.models import write_name
from cardpress.anki.template_filters import apply_filters
from cardpress.anki.typed_boxes import Typed, find_expected
from cardpress.deck.names import LEVELS, disarm_name
from cardpress.deck.notes import Deck, DeckSection, Note
from cardpress.note_types import SPECIAL_NAMES, CardTemplate, NoteType
from cardpress.note_types.template_parts import (
    Part,
    Place,
    Section,
    TemplateError,
    is_blank,
    read_template,
    shows_nothing,
)

# What a section is about that is shown on the cards of one number.
_OF_CARD = re.compile(r"c[0-9]+")
# What Anki writes behind a front that shows no field, with other words.
_BLANK = '<div class="mistake">The front of this card is blank.</div>'


@dataclass(frozen=True, slots=True)
class Sides:
    """The HTML of a card's front and back, and its style, as Anki's engine hands them to its window.

    `[anki:play:q:0]` is where the first of `front_sounds` is played, `[anki:play:a:0]` the first of `back_sounds`, and
    `[[type:Field]]` is the box to type in.
    """

    front: str
    back: str
    css: str
    front_sounds: tuple[Sound | Speech, ...] = ()
    back_sounds: tuple[Sound | Speech, ...] = ()


@dataclass(frozen=True, slots=True)
class RenderedCard:
    """A card: its number, which is one more than Anki's `ord`, its name, its sides, and what is typed on it, if any."""

    number: int
    name: str
    sides: Sides
    typed: Typed | None = None


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a note stands: its section, and the question that it is about, or itself."""

    section: DeckSection
    parent: Note


class CardMaker:
    """Makes the cards of a deck's notes. What they share, such as their style, is made once."""

    def __init__(self, deck: Deck) -> None:
        self.deck = deck
        self._styles: dict[str, str] = {}
        # Fronts and backs, by the note type's kind and the card's name.
        self._filled: dict[tuple[str, str], tuple[str, str]] = {}

    def read_templates(self) -> None:
        """Raise TemplateError where no card can be made of a note type, as rules say in the author's words.

        Of an adopted one Anki shows an error in the place of such a card, and so do we.
        """
        for note_type in self.deck.note_types:
            if note_type.is_adopted:
                continue
            for card in note_type.cards:
                self._read_sides(note_type, card)

    def make(self, note: Note) -> tuple[RenderedCard, ...]:
        """Return the cards that the package has of a note, in Anki's order; none of a retired one."""
        numbers = list_card_numbers(note)
        if not numbers:
            return ()
        home = self._homes[note.guid]
        note_type = note.note_type
        by_released_name = get_fields(home.section, home.parent, note)
        fields = {field.name: by_released_name[field.released_name] for field in note_type.fields}
        facts = self._list_facts(note)
        return tuple(self._make_card(note, fields, facts, number, home.section) for number in numbers)

    def _make_card(
        self, note: Note, fields: Mapping[str, str], facts: Mapping[str, str], number: int, section: DeckSection
    ) -> RenderedCard:
        note_type = note.note_type
        template = note_type.cards[0 if note_type.is_cloze else number - 1]
        name = disarm_name(template.name)
        css = self._join_css(note_type)
        try:
            front, back = self._read_sides(note_type, template)
        except TemplateError as error:
            return RenderedCard(number, name, _show_mistake(str(error), css))
        deck = disarm_name(section.find_deck(template))
        of_card = {"Card": name, "Deck": deck, "Subdeck": deck.rpartition(LEVELS)[2], f"c{number}": "1"}
        values = {**of_card, **facts, **fields}
        if self._shows_id(note_type, template):
            values.setdefault("CardID", str(self._find_id(note, number)))
        sides = render_sides(front, back, values, number, css)
        if note_type.is_adopted and not note_type.is_cloze and shows_nothing(front, _list_filled(values)):
            sides = replace(sides, front=sides.front + _BLANK)
        return RenderedCard(number, name, sides, find_expected(sides.front, fields, number))

    def _list_facts(self, note: Note) -> dict[str, str]:
        """Return what Anki knows of all cards of a note without a field for it."""
        return {
            "Tags": " ".join(sorted(note.tags, key=str.casefold)),
            "Type": write_name(self.deck, note.note_type),
            "CardFlag": "flag0",
        }

    def _read_sides(self, note_type: NoteType, card: CardTemplate) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        front, back = self._fill(note_type, card)
        return read_template(front), read_template(back)

    def _fill(self, note_type: NoteType, card: CardTemplate) -> tuple[str, str]:
        key = (note_type.kind, card.name)
        if key not in self._filled:
            self._filled[key] = fill_card_template(self.deck, note_type, card)
        return self._filled[key]

    def _shows_id(self, note_type: NoteType, card: CardTemplate) -> bool:
        """Return whether a card shows its number in the package, for which all before it are counted."""
        return any("CardID" in side for side in self._fill(note_type, card))

    def _find_id(self, note: Note, number: int) -> int:
        return self._first_ids[note.guid] + list_card_numbers(note).index(number)

    def _join_css(self, note_type: NoteType) -> str:
        if note_type.kind not in self._styles:
            self._styles[note_type.kind] = join_css(self.deck, note_type)
        return self._styles[note_type.kind]

    @cached_property
    def _homes(self) -> Mapping[str, _Home]:
        """Where each note stands, by its GUID."""
        homes: dict[str, _Home] = {}
        for section in self.deck.sections:
            for note in section.notes:
                homes |= {each.guid: _Home(section, note) for each in (note, *note.recall)}
        return homes

    @cached_property
    def _first_ids(self) -> Mapping[str, int]:
        """The number of each note's first card in the package, by the note's GUID; the others follow."""
        numbers: dict[str, int] = {}
        following = count(self.deck.modified * 1000)
        for note in self._list_shipped():
            next(following)  # the note's own number
            cards = [next(following) for _ in list_card_numbers(note)]
            numbers[note.guid] = cards[0] if cards else 0
        return numbers

    def _list_shipped(self) -> Iterator[Note]:
        for section in self.deck.sections:
            for note in section.notes:
                yield from (note, *note.recall)
            yield from (each.note for each in section.retired)


def render_cards(deck: Deck, note: Note) -> tuple[RenderedCard, ...]:
    """Return a note's cards as Anki makes them, in its order. For many notes of a deck, keep a `CardMaker`."""
    return CardMaker(deck).make(note)


def render_sides(
    front: Sequence[Part], back: Sequence[Part], values: Mapping[str, str], number: int, css: str = ""
) -> Sides:
    """Return what Anki makes of two templates.

    `values` has a note's fields by their names, and what Anki knows of the card.
    """
    filled = _list_filled(values)
    if unknown := next(_find_unknown((*front, *back), values), None):
        return _show_mistake(f"there is no field {unknown}", css)
    return _render_both(front, back, values, number, css, filled)


def _find_unknown(parts: Sequence[Part], values: Mapping[str, str]) -> Iterator[str]:
    """Yield the fields that a template names and that there are not, also in sections that are not shown."""
    for part in parts:
        if isinstance(part, Place) and part.field not in values and part.field not in SPECIAL_NAMES:
            yield part.field
        elif isinstance(part, Section):
            if part.field not in values and not _OF_CARD.fullmatch(part.field):
                yield part.field
            yield from _find_unknown(part.parts, values)


def _list_filled(values: Mapping[str, str]) -> frozenset[str]:
    return frozenset(name for name, value in values.items() if not is_blank(value))


def _show_mistake(message: str, css: str) -> Sides:
    """Return a card as Anki shows it that it cannot make, with other words."""
    shown = f'<div class="mistake">This card template has a mistake: {escape(message)}.</div>'
    return Sides(shown, shown, css)


def _render_both(
    front: Sequence[Part],
    back: Sequence[Part],
    values: Mapping[str, str],
    number: int,
    css: str,
    filled: frozenset[str],
) -> Sides:
    front_text, front_sounds = extract_sounds(_render(front, values, filled, number), "q")
    back_text, back_sounds = extract_sounds(_render(back, values, filled, number, front_text), "a")
    return Sides(front_text, back_text, css, front_sounds, back_sounds)


def _render(
    parts: Sequence[Part], values: Mapping[str, str], filled: frozenset[str], number: int, front: str | None = None
) -> str:
    """Return a side of a card. `front` is what a back shows of its front, None for a front itself."""
    pieces: list[str] = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(part)
        elif not isinstance(part, Place):
            if (part.field in filled) is not part.is_negated:
                pieces.append(_render(part.parts, values, filled, number, front))
        elif part.field == "FrontSide":
            pieces.append(front or "")
        elif part.field in values:
            value = values[part.field]
            is_front = front is None
            pieces.append(
                apply_filters(part.filters, value, part.field, number, is_front=is_front) if part.filters else value
            )
    return "".join(pieces)
