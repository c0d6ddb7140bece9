"""Note types: what a kind of note holds, which cards Anki makes of it, and its permanent numbers.

`templates/note-types/` declares them, ours and an author's alike. Everything that depends on a field follows from here:
the keys of YAML, the rules, Anki's fields, the JSON bundle, the page, the sheets, and the words of `diff`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from cardpress.diagnostics import SourceFile, Span
from cardpress.note_types.identity import make_number, make_uuid
from cardpress.note_types.in_anki import CardInAnki, FieldInAnki, TypeInAnki
from cardpress.note_types.template_parts import Part as TemplatePart
from cardpress.note_types.template_parts import read_front, shows_nothing

# The name of a card template that needs none, because it is the only one.
ONLY_CARD = "Card"
# Names that Anki fills in by itself (its manual, "Special Fields").
SPECIAL_NAMES = frozenset({"FrontSide", "Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", "CardID"})
# Names that no field has: these, and the one that a text file for Anki calls its tags by.
RESERVED_NAMES = SPECIAL_NAMES | {"tags"}
# Those of them that no card lacks: all but its tags and what is a side of it.
_ALWAYS_FILLED = SPECIAL_NAMES - {"FrontSide", "Tags"}
# Those of them that are a word, and so can stand in an attribute.
WORD_NAMES = frozenset({"CardFlag", "CardID"})
# Filters of Anki that a card can show a field through, as in `hint:word` among what it asks or answers.
SHOWN_THROUGH = ("hint", "furigana", "kanji", "kana")
# Those of them that take characters and their readings apart.
OF_READINGS = ("furigana", "kanji", "kana")


class Holds(StrEnum):
    """What a field holds."""

    LINE = "line"  # Markdown; a single paragraph stands in a line
    TEXT = "text"  # Markdown
    CLOZE = "cloze"  # Markdown with cloze deletions
    OCCLUSION = "occlusion"  # a picture, and masks over parts of it
    LINES = "lines"  # a list of Markdown lines
    PAIRS = "pairs"  # a list of mappings of Markdown lines, with the keys that `parts` names
    SNIPPET = "snippet"  # the name of a file of source/snippets/
    OUTPUT = "output"  # a text that is shown as typed
    LINKS = "links"  # a list of addresses with titles
    NUMBER = "number"  # a whole number from 1 up
    ONE_OF = "one-of"  # one of the texts that `values` names
    IDS = "ids"  # a list of ids of questions
    HTML = "html"  # HTML as Anki's editor makes it, for decks that were made in Anki
    HTML_CLOZE = "html-cloze"  # the same with cloze deletions
    PICTURE = "picture"  # a picture of source/media/
    AUDIO = "audio"  # a sound of source/media/
    FLAG = "flag"  # true or false, which decides about cards and is not shown


# Texts with cloze deletions, and all that Anki makes a card of for each number of its deletions.
CLOZES = (Holds.CLOZE, Holds.HTML_CLOZE)
DELETED = (*CLOZES, Holds.OCCLUSION)

_TEXTS = (Holds.LINE, Holds.TEXT, Holds.HTML)
# What a note can be known by.
TEXTS = (*_TEXTS, *DELETED)


class Fact(StrEnum):
    """What the engine knows of a note, and a card can show."""

    NOTICE = "notice"  # that the note is retired, and why
    ABOUT = "about"  # the id of the question that the note is about
    SECTION = "section"  # the section's title
    ID = "id"
    VERSION = "version"  # the version in which the note last changed


class OcclusionPart(StrEnum):
    """What Anki's image occlusion has in further fields of its own, beside the masks."""

    IMAGE = "image"
    # Empty, where an author has no field for it; Anki's editor writes into these.
    HEADER = "header"
    BACK_EXTRA = "back-extra"
    COMMENTS = "comments"
    # What the masks hide, in words: each label in a deletion of its mask's number.
    LABELS = "labels"


@dataclass(frozen=True, slots=True)
class OfQuestion:
    """The value that the question has under a key, on the notes below it."""

    key: str


@dataclass(frozen=True, slots=True)
class Spare:
    """Nothing yet: the field ships so that a later one can take its place in Anki."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of each pair that a field holds: its key, its label for readers, and its meaning for authors."""

    key: str
    label: str
    meaning: str
    label_place: Span | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its key in YAML, its name in Anki, and what it holds.

    `released_name` is the name that it was first released under, from which its number is made. `meaning` is for
    authors, `label` for readers.
    """

    key: str
    name: str
    released_name: str
    holds: Holds | Fact | OfQuestion | OcclusionPart | Spare
    meaning: str = ""
    label: str = ""
    label_place: Span | None = None
    # Where the project declares it, its name and the name that it was released under; None for what the engine does.
    place: Span | None = None
    name_place: Span | None = None
    was_place: Span | None = None
    # Each note has it, because its author says so, or because the first card asks it.
    is_demanded: bool = False
    is_asked_first: bool = False
    # Readers see it when they ask for it; the sheets to look things up on leave it out.
    is_folded: bool = False
    # No two questions have the same.
    is_unique: bool = False
    # A note without it is incomplete, which is a warning.
    is_wanted: bool = False
    # It is said out loud, in a minute.
    is_spoken: bool = False
    # It holds one fact, in few words.
    is_one_fact: bool = False
    # The language of its texts (BCP 47), empty for that of the deck.
    language: str = ""
    # It ships empty, for the learner's own words.
    is_personal: bool = False
    # For `one-of`.
    values: tuple[str, ...] = ()
    # For `pairs`: the parts, and what one pair is called.
    parts: tuple[Part, ...] = ()
    noun: str = ""
    # What Anki has of it already, where a deck was taken over.
    anki: FieldInAnki | None = None

    @property
    def key_in_words(self) -> str:
        """What it is called where it has no label."""
        return self.key.replace("_", " ").capitalize()

    @property
    def is_required(self) -> bool:
        """Whether each note has it."""
        return self.is_demanded or self.is_asked_first


@dataclass(frozen=True, slots=True)
class CardTemplate:
    """A card that Anki makes: the keys of what it asks and answers, and the author's templates, if there are any.

    `when` is the key of a flag without which a note has no such card. `typed` is the key whose answer is typed, and
    `typed_when` that of a flag without which it is not. `asks_through` and `answers_through` have the filters of Anki
    that a side shows fields through, by their keys.
    """

    name: str
    released_name: str
    asks: tuple[str, ...]
    answers: tuple[str, ...]
    front: SourceFile | None = None
    back: SourceFile | None = None
    when: str = ""
    typed: str = ""
    typed_when: str = ""
    asks_through: Mapping[str, str] = field(default_factory=dict)
    answers_through: Mapping[str, str] = field(default_factory=dict)
    # Where the project declares it, and the name that it was released under; None for what the engine does.
    place: Span | None = None
    was_place: Span | None = None
    # What Anki has of it already, where a deck was taken over.
    anki: CardInAnki = field(default_factory=CardInAnki)

    @property
    def name_place(self) -> Span | None:
        """Where its name stands."""
        return self.place


# A field that an author's template shows through one of these.
_APART = re.compile(rf"\{{\{{(?:[^{{}}]*:)?(?:{'|'.join(OF_READINGS)}):(?:[^{{}}]*:)?([^{{}}:]+)\}}\}}")


@dataclass(frozen=True, eq=False)
class NoteType:
    """A note type. `noun` is what one of its notes is called, `below` are the kinds of notes that may stand below one.

    Anki gets `fields` in their order, spare ones among them, and `cards`, after which come those that `spare_cards`
    names. Both lists are frozen from the first release on: another list would be a conflict in every learner's
    collection, and Anki would drop all later updates. Names may change, so that a spare one can be used
    (`source/note_types/spares.py`).
    """

    kind: str
    title: str
    noun: str
    fields: tuple[Field, ...]
    cards: tuple[CardTemplate, ...]
    below: tuple[str, ...] = ()
    style: SourceFile | None = None
    # Whether all kinds below it could be read.
    is_whole: bool = True
    spare_cards: tuple[str, ...] = ()
    # The keys in the author's order, where Anki's is another.
    order: tuple[str, ...] = ()
    # Of fields and cards that took a spare one's place: the names that they were first released under, and the spares'.
    from_spares: Mapping[str, str] = field(default_factory=dict)
    cards_from_spares: Mapping[str, str] = field(default_factory=dict)
    # Names that fields had in a release and have no more, with the numbers of these fields.
    former_names: Mapping[str, int] = field(default_factory=dict)
    # What Anki has of it already, where a deck was taken over: such a note type has nothing that the engine adds.
    anki: TypeInAnki | None = None

    def __post_init__(self) -> None:
        # A note is known by the text that its first card asks, so that it must have it. Which card is the first is for
        # Anki to say, in whose order a released note type is. What learners have already may lack anything.
        if self.is_adopted:
            return
        first = self.cards[0].asks
        texts = [each for each in self.fields if each.key in first and each.holds in TEXTS and not each.is_personal]
        asked = next((each.key for each in sorted(texts, key=lambda each: each.holds not in DELETED)), None)
        fields = (replace(each, is_asked_first=each.key == asked) for each in self.fields)
        object.__setattr__(self, "fields", tuple(fields))

    @cached_property
    def keyed(self) -> tuple[Field, ...]:
        """The fields that have a key, in the author's order."""
        keyed = [each for each in self.fields if isinstance(each.holds, Holds)]
        return tuple(sorted(keyed, key=lambda each: self.order.index(each.key)) if self.order else keyed)

    def list_holding(self, *holds: Holds) -> tuple[Field, ...]:
        """Return the fields that have a key and hold one of these kinds, in the author's order."""
        if holds not in self._holding:  # asked for each note, by most rules
            self._holding[holds] = tuple(each for each in self.keyed if each.holds in holds)
        return self._holding[holds]

    @cached_property
    def _holding(self) -> dict[tuple[Holds, ...], tuple[Field, ...]]:
        return {}

    @property
    def is_adopted(self) -> bool:
        """Whether learners had it before cardpress, so that nothing of it is made by the engine."""
        return self.anki is not None

    @cached_property
    def is_cloze(self) -> bool:
        """Whether Anki makes its cards from cloze deletions: those of a text, or the masks of a picture."""
        return any(field.holds in DELETED for field in self.fields)

    @cached_property
    def has_masks(self) -> bool:
        """Whether Anki makes its cards from the masks of a picture."""
        return any(field.holds is Holds.OCCLUSION for field in self.fields)

    @cached_property
    def required(self) -> frozenset[str]:
        """The keys that each of its notes has."""
        return frozenset(each.key for each in self.keyed if each.is_required)

    def labels(self) -> Iterator[tuple[str, Span]]:
        """Yield the labels that readers see, with their places."""
        for each in self.fields:
            labels = [(each.label, each.label_place), *((part.label, part.label_place) for part in each.parts)]
            yield from ((label, place) for label, place in labels if place is not None)

    @cached_property
    def written(self) -> tuple[Field, ...]:
        """The fields that authors write: all that have a key but the learner's own."""
        return tuple(field for field in self.keyed if not field.is_personal)

    @cached_property
    def personal(self) -> tuple[Field, ...]:
        """The fields that ship empty, for the learner's own words."""
        return tuple(field for field in self.keyed if field.is_personal)

    @cached_property
    def spares(self) -> tuple[Field, ...]:
        """The fields that no author has declared, in which a later one can stand."""
        return tuple(field for field in self.fields if isinstance(field.holds, Spare))

    @cached_property
    def by_key(self) -> Mapping[str, Field]:
        """The fields that have a key, by it."""
        return {each.key: each for each in self.keyed}

    def field(self, key: str) -> Field:
        """Return the field with a key. Raises KeyError when there is none."""
        return self.by_key[key]

    @cached_property
    def told(self) -> tuple[Field, ...]:
        """What a note tells: what the first card's back adds, then what only other cards show, then all other fields.

        Of these last, numbers and values of a few are left out: they stand beside the question. Flags are not shown.
        An adopted note tells what cards show alone: its other fields are for sections, or for nobody.
        """
        first, *others = self.cards
        shown = (*first.answers, *(key for card in others for key in (*card.asks, *card.answers)))
        left_out = (Holds.NUMBER, Holds.ONE_OF, Holds.FLAG)
        rest = (each.key for each in self.keyed if each.holds not in left_out and not self.is_adopted)
        return tuple(self.field(key) for key in dict.fromkeys((*shown, *rest)) if key not in first.asks)

    @cached_property
    def asked(self) -> tuple[Field, ...]:
        """What its first card asks, and by which a note is known: a question, or a cloze text.

        A picture with masks is known by what stands above it, or else by its own name.
        """
        texts: tuple[Holds, ...] = CLOZES if self.is_cloze else _TEXTS
        if self.has_masks:
            texts = (*_TEXTS, Holds.OCCLUSION)
        return tuple(
            field for field in map(self.field, self.cards[0].asks) if field.holds in texts and not field.is_personal
        )

    @cached_property
    def known_by(self) -> tuple[Field, ...]:
        """The fields by the first of which a note is known that it has: what its first card asks, and nothing else.

        A note of an adopted type may lack that: then it is known by any text, those first that cards show first.
        """
        if not self.is_adopted:
            return self.asked
        shown = [key for card in self.cards for key in (*card.asks, *card.answers)]
        keys = dict.fromkeys((*(each.key for each in self.asked), *(shown or self.by_key)))
        return tuple(field for field in map(self.field, keys) if field.holds in TEXTS and not field.is_personal)

    @cached_property
    def masked(self) -> Mapping[str, Field]:
        """The fields of an adopted note type that may have masks on a picture, as such fields are, by their keys."""
        return {each.key: replace(each, holds=Holds.OCCLUSION) for each in self.keyed if each.holds in CLOZES}

    def number_cards(self, filled: frozenset[str], *, is_tagged: bool) -> tuple[int, ...]:
        """Return the numbers, from 1, of the cards of an adopted note, whose fields of these names have any content."""
        return number_cards(self._fronts, [each.name for each in self.fields], filled, is_tagged=is_tagged)

    def list_shown_cards(self, filled: frozenset[str], *, is_tagged: bool) -> tuple[int, ...]:
        """Return the numbers, from 1, of the cards of an adopted note whose front shows something."""
        return list_shown_cards(self._fronts, [each.name for each in self.fields], filled, is_tagged=is_tagged)

    @cached_property
    def _fronts(self) -> tuple[tuple[TemplatePart, ...], ...]:
        return tuple(read_front(card.front.text) if card.front else () for card in self.cards)

    def gate(self, card: CardTemplate) -> Field:
        """Return the field without which a note has no such card: the first text that it asks, or its first key.

        Of a note type with deletions or masks, what has these.
        """
        if self.is_cloze:
            return next(field for field in self.keyed if field.holds in DELETED)
        asked = [field for field in map(self.field, card.asks) if not field.is_personal]
        return next((field for field in asked if field.holds in _TEXTS), asked[0] if asked else self.fields[0])

    def conditions(self, card: CardTemplate) -> tuple[Field, ...]:
        """Return the fields without any of which a note has no such card: its gate, and the flag that it waits for.

        Of an adopted note type the front alone decides (`number_cards`).
        """
        return self._conditions[card.name]

    @cached_property
    def _conditions(self) -> Mapping[str, tuple[Field, ...]]:
        if self.is_adopted:
            return {card.name: () for card in self.cards}
        flags = {card.name: (self.field(card.when),) if card.when else () for card in self.cards}
        return {card.name: (self.gate(card), *flags[card.name]) for card in self.cards}

    @cached_property
    def apart(self) -> frozenset[str]:
        """The names of the fields that a card shows through a filter that takes characters and readings apart.

        In Anki these have its own notation, `漢字[かんじ]`. All others have HTML, which such a filter does not know.
        """
        through = (pair for card in self.cards for pair in (*card.asks_through.items(), *card.answers_through.items()))
        keys = {key for key, name in through if name in OF_READINGS}
        names = {each.name for each in self.keyed if each.key in keys}
        templates = (file.text for card in self.cards for file in (card.front, card.back) if file is not None)
        return frozenset(names | {found[1].strip() for text in templates for found in _APART.finditer(text)})

    def list_asked(self) -> dict[str, str]:
        """Return what each of several cards asks, as the history has it: by the names that numbers are made of."""
        if len(self.cards) == 1:
            return {}
        return {card.released_name: "/".join(self._name_asked(card)) for card in self.cards}

    def _name_asked(self, card: CardTemplate) -> Iterator[str]:
        for key in card.asks:
            through = card.asks_through.get(key)
            yield f"{through}:{self.field(key).released_name}" if through else self.field(key).released_name

    @cached_property
    def beside(self) -> Field | None:
        """The field that stands beside a question, for the page to filter by: the first `one-of` that no card names."""
        named = {key for card in self.cards for key in (*card.asks, *card.answers)}
        found = (field for field in self.keyed if field.holds is Holds.ONE_OF and field.key not in named)
        return next(found, None)

    @cached_property
    def answered(self) -> tuple[Field, ...]:
        """The text that answers its first card; none when that is in the gaps of what is asked, or no text."""
        first = () if self.is_cloze else tuple(map(self.field, self.cards[0].answers[:1]))
        return tuple(field for field in first if field.holds in _TEXTS and not field.is_personal)

    def id(self, deck_id: str) -> int:
        """Return the note type's number. It differs from deck to deck, so that no deck restyles another."""
        if self.anki and self.anki.id is not None:
            return self.anki.id
        return make_number(deck_id, "note-type", self.kind)

    def uuid(self, deck_id: str) -> str:
        """Return what CrowdAnki knows the note type by."""
        return self.anki.uuid if self.anki and self.anki.uuid else make_uuid(deck_id, "note-type", self.kind)

    def field_id(self, deck_id: str, field: Field) -> int:
        """Return a field's number, by which Anki recognizes it under any name."""
        if field.anki and field.anki.id is not None:
            return field.anki.id
        return make_number(deck_id, "field", self.kind, field.released_name)

    def template_id(self, deck_id: str, card: CardTemplate) -> int:
        """Return a card template's number."""
        if card.anki.id is not None:
            return card.anki.id
        names = () if card.released_name == ONLY_CARD else (card.released_name,)
        return make_number(deck_id, "template", self.kind, *names)

    def spare_card_id(self, deck_id: str, name: str) -> int:
        """Return the number of a spare card template, which the card has that takes its place."""
        return make_number(deck_id, "template", self.kind, name)


def number_cards(
    fronts: Iterable[tuple[TemplatePart, ...]], fields: Iterable[str], filled: frozenset[str], *, is_tagged: bool
) -> tuple[int, ...]:
    """Return the numbers, from 1, of the cards that Anki makes of a note with these fronts, fields and filled fields.

    It has those whose front shows something. Anki makes the first one of a note that would have none.
    """
    return list_shown_cards(fronts, fields, filled, is_tagged=is_tagged) or (1,)


def list_shown_cards(
    fronts: Iterable[tuple[TemplatePart, ...]], fields: Iterable[str], filled: frozenset[str], *, is_tagged: bool
) -> tuple[int, ...]:
    """Return the numbers, from 1, of the cards whose front shows a field, or what Anki fills in by itself."""
    known = _ALWAYS_FILLED | {"Tags"} if is_tagged else _ALWAYS_FILLED
    filled = filled | known.difference(fields)
    return tuple(number for number, front in enumerate(fronts, 1) if not shows_nothing(front, filled))
