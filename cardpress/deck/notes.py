"""The Deck and its notes: everything that the writers print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cardpress.diagnostics import SourceFile, Span
from cardpress.history.records import NameRecord
from cardpress.markdown.card_html import CardWriter
from cardpress.markdown.formulas import may_hold_formulas
from cardpress.markdown.headline import split_headline
from cardpress.markdown.html_writer import HtmlWriter
from cardpress.markdown.plain_text import to_plain_text
from cardpress.markdown.simple_trees import is_simple
from cardpress.markdown.tree import (
    CodeBlock,
    Document,
    Formula,
    LineBreak,
    Node,
    Paragraph,
    Place,
    Ruby,
    Sound,
    Text,
    has_content,
    list_children,
    map_nodes,
    walk,
)
from cardpress.note_types import CLOZES, CardTemplate, Field, Holds, NoteType
from cardpress.note_types.template_parts import is_blank
from cardpress.outputs import ALL, Extent, Sheet, list_printed
from cardpress.source.bank import Media
from cardpress.source.strings import Strings

_CARD = CardWriter()


@dataclass(frozen=True, slots=True)
class RichText:
    """A text and its tree. `is_line` says whether it stands in a line, as a question does.

    `raw` is the HTML that Anki gets of a text in HTML, and empty for Markdown.
    """

    markdown: str
    document: Document
    is_line: bool = False
    # Its language (BCP 47), empty for that of the deck.
    language: str = ""
    raw: str = ""
    # What is shown of a text that is masks on a picture, as a deck that was made in Anki has them.
    masks: Occlusion | None = None
    # Holds the HTML of a simple tree, which most writers share, or None of another, once one has asked for it.
    _shared: list[str | None] = field(default_factory=list, init=False, compare=False, repr=False)

    def html(self, writer: HtmlWriter) -> str:
        """Return the text as a writer of HTML has it."""
        if not self._shared:
            self._shared.append(self._write(_CARD) if is_simple(self.document) else None)
        shared = self._shared[0]
        return shared if shared is not None and writer.keeps(shared) else self._write(writer)

    def _write(self, writer: HtmlWriter) -> str:
        return writer.line(self.document) if self.is_line else writer.document(self.document)

    @property
    def nodes(self) -> Sequence[Node]:
        """What it consists of: blocks, or what stands in its line."""
        line = self.document.line if self.is_line else None
        return self.document.blocks if line is None else line

    @property
    def plain(self) -> str:
        """The text that a person reads in it."""
        return to_plain_text(self.document)

    @property
    def name(self) -> RichText:
        """What it is called where there is room for a line (`Document.name`)."""
        name = self.document.name
        return self if name is self.document else replace(self, document=name, is_line=True)

    @property
    def one_line(self) -> str:
        """Its name, without markup and without line ends."""
        return " ".join(self.name.plain.split())

    def headline(self, language: str, *, sentence: bool = False) -> tuple[RichText, RichText | None] | None:
        """Return its core and what explains that, as cards show an answer of one fact (`split_headline`).

        `language` is the deck's, for a text that names none of its own. With `sentence`, it is the first sentence.
        """
        found = None if self.raw else split_headline(self.document, self.language or language, sentence=sentence)
        if found is None:
            return None
        rest = replace(self, document=found.rest) if found.rest else None
        return replace(self, document=found.core, is_line=True), rest

    def has_formulas(self) -> bool:
        """Return whether a formula is in it."""
        if self._shared and self._shared[0] is not None:
            return False
        may = may_hold_formulas(self.markdown, with_dollars=True) or "[latex]" in self.markdown.lower()
        return may and any(isinstance(node, Formula) for node in self.document.walk())


@dataclass(frozen=True, slots=True)
class Code:
    """The shown part of a snippet: its file, and the code in its colors."""

    file: str
    block: CodeBlock


@dataclass(frozen=True, slots=True)
class SourceLink:
    """What an answer is based on: a web page, or a book, which has no address."""

    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a picture, in parts of the whole: its left and upper edge, width and height."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Mask:
    """What hides a part of a picture: its id, the number of its card, where it lies, and what it hides, in words."""

    id: str
    number: int
    boxes: tuple[Box, ...]
    label: RichText | None = None


@dataclass(frozen=True, slots=True)
class Occlusion:
    """A picture under the name that it ships under, its size, and its masks, sorted by number.

    `name` is what it is called where nothing stands above it. `hides_all` says whether a card hides what all masks
    hide, or only what it asks for.
    """

    picture: str
    width: float
    height: float
    name: RichText
    hides_all: bool
    masks: tuple[Mask, ...]


# What a field of a note has, by what the field holds (`Holds`): `PAIRS` are mappings by the keys of their parts,
# `OUTPUT` and `ONE_OF` are texts, `IDS` a tuple of them; `FLAG` is True, or the note does not have it.
Content = (
    RichText
    | tuple[RichText, ...]
    | tuple[Mapping[str, RichText], ...]
    | Code
    | str
    | int
    | tuple[SourceLink, ...]
    | tuple[str, ...]
    | Occlusion
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a note's content last changed: the version of that release and its moment, in seconds since 1970 UTC."""

    version: str
    modified: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What a retired note tells learners who have it: why, and what is asked in its place, by its name."""

    reason: str
    replaced_by: str | None


def show_through(content: Any, name: str) -> Any:
    """Return what a field holds as Anki shows it through one of its filters: characters or readings alone, or both."""
    if name not in ("kanji", "kana"):
        return content

    def shown(node: Node) -> Node:
        return Text(node.base if name == "kanji" else node.reading) if isinstance(node, Ruby) else node

    match content:
        case RichText():
            return replace(content, document=map_nodes(content.document, shown))
        case tuple():
            return tuple(show_through(each, name) for each in content)
        case Mapping():
            return {key: show_through(text, name) for key, text in content.items()}
        case _:
            return content


@dataclass(frozen=True, slots=True)
class Card:
    """A card that Anki makes of a note: its number, from 1, and what its sides show.

    The number is as in Anki (`ord` + 1); for a cloze text it is that of the deletions that the card hides, which are
    `deletion`, too. `asked` has the fields of the front that have any content, in its order, `answered` those that the
    back adds. `typed` is what the learner types, None where that is nothing.
    """

    number: int
    template: CardTemplate
    asked: tuple[tuple[Field, Any], ...]
    answered: tuple[tuple[Field, Any], ...]
    deletion: int | None = None
    typed: tuple[Field, Any] | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A rendered question or recall note, plus its GUID.

    `contents` has what its fields hold, by their keys, in the order of the note type, and `places` where each stands in
    the source; `section` is the section's id. `fields` is what Anki gets, by the names that its fields were first
    released under, once that has been made.
    """

    note_type: NoteType
    id: str
    guid: str
    stamp: Stamp
    section: str
    contents: Mapping[str, Any]
    places: Mapping[str, Span]
    tags: tuple[str, ...] = ()
    recall: tuple[Note, ...] = ()
    # Its points on the cheat sheet, which Anki does not get.
    gist: tuple[RichText, ...] = ()
    notice: Notice | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    # Holds whether it has formulas, once that was asked for: after an edit, it is asked of all notes.
    _has_formulas: list[bool] = field(default_factory=list, init=False, compare=False, repr=False)

    @property
    def asked(self) -> RichText:
        """The text that its first card asks: a question, a cloze text, or the name of a picture with masks.

        Of an adopted note without that, it is the first text that shows anything, or else its id.
        """
        known_by = self.known_by
        found = self.contents[known_by.key] if known_by else _name(self.id)
        text: RichText = found.name if isinstance(found, Occlusion) else found
        return text.masks.name if text.masks else text

    @property
    def title(self) -> str:
        """What it asks in words, in a line; its id where that has none, such as a sound."""
        return self.asked.one_line or self.id

    def has_formulas(self) -> bool:
        """Return whether a text of it has a formula."""
        if not self._has_formulas:
            texts = (text for content in self.contents.values() for text in _list(content))
            self._has_formulas.append(any(text.has_formulas() for text in texts))
        return self._has_formulas[0]

    @property
    def known_by(self) -> Field | None:
        """The field that has the text by which it is known; None for an adopted note without any."""
        fields = [each for each in self.note_type.known_by if each.key in self.contents]
        if not self.note_type.is_adopted:
            return fields[0]
        known_by = next((each for each in fields if shows_anything(self.contents[each.key])), None)
        masked = next((each for each in fields if _get_masks(self.contents[each.key])), None)
        if masked and (known_by is None or known_by.key not in self.note_type.cards[0].asks):
            return self.note_type.masked[masked.key]  # what only its back shows would tell what is hidden
        return known_by

    @property
    def occlusion(self) -> Occlusion | None:
        """The picture with masks that its cards ask, None when it has none."""
        if not self.note_type.has_masks:
            return None
        return next((content for _, content in self.each(Holds.OCCLUSION)), None)

    @property
    def masked(self) -> Occlusion | None:
        """The picture with masks that its cards show, those that learners had before cardpress among them."""
        return self.occlusion or next(filter(None, map(_get_masks, self.contents.values())), None)

    @property
    def answer(self) -> RichText | None:
        """The text that answers its first card, None when what is asked has the answer in its gaps.

        What an adopted note is known by is no answer, too.
        """
        known_by = self.known_by
        found = (self.contents.get(each.key) for each in self.note_type.answered if each is not known_by)
        return next((text for text in found if isinstance(text, RichText)), None)

    @property
    def number(self) -> int | None:
        """Its number among the deck's questions, None when it has none."""
        return next((number for each, number in self.each(Holds.NUMBER) if each.is_unique), None)

    @property
    def level(self) -> str | None:
        """The value of a few that stands beside the question, such as its level, None when it has none."""
        return next((value for each, value in self.each(Holds.ONE_OF) if each == self.note_type.beside), None)

    def each(self, *holds: Holds) -> Iterator[tuple[Field, Any]]:
        """Yield the fields that hold one of these kinds and have any content, with that."""
        for each in self.note_type.keyed:
            if each.holds in holds and each.key in self.contents:
                yield each, self.contents[each.key]

    def cards(self) -> tuple[Card, ...]:
        """Return its cards: one for each card template whose conditions it meets, or for each number of its deletions.

        Whether a retired note ships them is another question (`anki.fields.list_card_numbers`).
        """
        templates, numbers = self.note_type.cards, self.number_cards()
        if self.note_type.is_cloze:  # of deletions or masks
            return tuple(self._card(number, templates[0], deletion=number) for number in numbers)
        return tuple(self._card(number, templates[number - 1]) for number in numbers)

    def number_cards(self) -> tuple[int, ...]:
        """Return the numbers of its cards, in their order."""
        note_type = self.note_type
        if occlusion := self.occlusion:
            return tuple(mask.number for mask in occlusion.masks)
        if note_type.is_cloze:
            return tuple(
                sorted({number for each, content in self.contents.items() for number in self._gaps(each, content)})
            )
        if note_type.is_adopted:
            return note_type.number_cards(self._list_filled(), is_tagged=bool(self.tags))
        return tuple(
            number
            for number, template in enumerate(note_type.cards, 1)
            if all(each.key in self.contents for each in note_type.conditions(template))
        )

    def _gaps(self, key: str, content: Any) -> Iterable[int]:
        """Return the numbers of the cards that Anki makes of a field's deletions.

        It looks for them in all fields. In those of ours that hold no cloze text, it finds none (`anki/fields.py`).
        """
        holds = self.note_type.field(key).holds
        if not isinstance(content, RichText):
            return ()
        if holds is Holds.HTML_CLOZE or (holds is Holds.HTML and self.note_type.is_adopted):
            from cardpress.markdown.html_deletions import list_cards  # for decks with such texts alone

            return list_cards(content.raw)
        return {deletion.number for deletion in content.document.deletions()} if holds is Holds.CLOZE else ()

    def _list_filled(self) -> frozenset[str]:
        """Return the names of the fields that have any content, in Anki's eyes."""
        return frozenset(self.note_type.field(key).name for key, text in self.contents.items() if not _is_blank(text))

    def _card(self, number: int, template: CardTemplate, deletion: int | None = None) -> Card:
        asked = self._shown(template.asks, template.asks_through)
        answered = self._shown(template.answers, template.answers_through)
        if deletion is not None:
            asked = tuple(each for each in asked if self._is_shown(*each, deletion)) or asked
            answered = tuple(each for each in answered if self._is_shown(*each, deletion))
        is_typed = template.typed in self.contents and (template.typed_when or template.typed) in self.contents
        typed = (self.note_type.field(template.typed), self.contents[template.typed]) if is_typed else None
        return Card(number, template, asked, answered, deletion, typed)

    def _is_shown(self, field: Field, content: Any, deletion: int) -> bool:
        """Return whether a card shows a field: of a cloze text that has none of its deletions, Anki shows nothing."""
        return field.holds not in CLOZES or deletion in self._gaps(field.key, content)

    def _shown(self, keys: Sequence[str], through: Mapping[str, str]) -> tuple[tuple[Field, Any], ...]:
        """Return the fields with these keys that have any content, as a side of a card shows them."""
        present = self._present(map(self.note_type.field, keys))
        return tuple((each, show_through(content, through.get(each.key, ""))) for each, content in present)

    def front(self) -> Iterator[tuple[Field, Any]]:
        """Yield the fields of the first card's front that have any content, in its order."""
        return self._present(map(self.note_type.field, self.note_type.cards[0].asks))

    def back(self) -> Iterator[tuple[Field, Any]]:
        """Yield the fields that have any content of what the note tells, in the order of its note type's cards."""
        return self._present(self.note_type.told)

    def _present(self, fields: Iterable[Field]) -> Iterator[tuple[Field, Any]]:
        present = ((each, self.contents[each.key]) for each in fields if each.key in self.contents)
        if not self.note_type.is_adopted:
            yield from present
            return
        for each, content in present:
            if masks := _get_masks(content):
                yield self.note_type.masked[each.key], masks
            elif shows_anything(content):
                yield each, content


@dataclass(frozen=True, slots=True)
class RetiredNote:
    """A note that ships without cards, to tell those who have it, and the question that it belongs to."""

    note: Note
    parent: Note


@dataclass(frozen=True, slots=True)
class CrowdAnkiIds:
    """What CrowdAnki knows a deck and its preset of options by, and the preset's name.

    `is_known` says whether learners have the deck from CrowdAnki, by the id that was written for it.
    """

    deck: str = ""
    preset: str = ""
    preset_name: str = ""
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class DeckSection:
    """A rendered section and its notes, in order. `names` has its name in Anki, and the title that its notes show."""

    id: str
    title: str
    names: NameRecord
    description: str
    notes: tuple[Note, ...]
    retired: tuple[RetiredNote, ...] = ()
    crowdanki: CrowdAnkiIds = CrowdAnkiIds()
    # The engine's own texts in the deck's language; in notes stand levels, and the notice of a retired one.
    strings: Strings = field(default_factory=Strings)
    # Descriptions of the decks in `names.card_decks`, by the same names.
    card_decks: Mapping[str, str] = field(default_factory=dict)

    def find_deck(self, template: CardTemplate) -> str:
        """Return the full name in Anki of the deck in which cards of a card template are."""
        found = self.names.card_decks.get(template.released_name)
        return found.name if found else self.names.name

    def find_first_deck(self, note: Note) -> str:
        """Return the name of the deck of a note's first card, for programs that have all cards of a note in one."""
        cards = note.cards() if self.names.card_decks else ()
        return self.find_deck(cards[0].template) if cards else self.names.name


@dataclass(frozen=True, slots=True)
class Comparison:
    """A table of the cheat sheet, its title, and the id of the section that it stands in, empty for none.

    `place` is where the source has the table.
    """

    title: RichText
    table: RichText
    section: str
    place: Span


@dataclass(frozen=True, slots=True)
class Deck:
    """Everything that a writer needs.

    `modified` is the start of the day `date`, in seconds since 1970 UTC. Pictures have the names that the HTML uses.
    `names` has the deck's name in Anki, and `type_names` those of its note types by their kinds.
    """

    id: str
    title: str
    names: NameRecord
    version: str
    date: str
    modified: int
    language: str
    description: str
    introduction: RichText | None
    checked: str
    authors: tuple[str, ...]
    license: str
    homepage: str
    report_url: str
    note_types: tuple[NoteType, ...]
    type_names: Mapping[str, str]
    sections: tuple[DeckSection, ...]
    media: tuple[Media, ...]
    fonts: tuple[Media, ...]
    engine_fonts: tuple[Media, ...]
    templates: Mapping[str, SourceFile]
    web_fonts: tuple[Media, ...]
    # The engine's templates that files of the project took the place of.
    replaced_templates: Mapping[str, SourceFile]
    # The names of templates that the project brought, and whether script in them is trusted.
    own_templates: frozenset[str]
    trusted: bool
    # The outputs that are made together, by their names: the page links those that lie beside it.
    outputs: tuple[str, ...] = (
        *("apkg", "booklet", "cheatsheet", "flashcards", "json", "page", "recall-cards", "study-notes"),
    )
    # How each sheet is printed that is among them.
    sheets: tuple[Sheet, ...] = ALL
    # Where the site will be served, empty where that is not said.
    site_address: str = ""
    # When each note type last changed, by its kind, in seconds since 1970 UTC. `modified` holds for those not in it.
    type_moments: Mapping[str, int] = field(default_factory=dict)
    crowdanki: CrowdAnkiIds = CrowdAnkiIds()
    # The GUIDs of the notes that learners may have as they were before.
    updated: frozenset[str] = frozenset()
    # The tables of the cheat sheet, and the names of pictures that only this sheet shows.
    comparisons: tuple[Comparison, ...] = ()
    on_paper_alone: frozenset[str] = frozenset()
    # Files that Anki alone gets: those of a deck that was taken over which no text shows, or no other output can show.
    media_of_anki: tuple[Media, ...] = ()
    # The engine's own texts in the deck's language: `deck.strings("Key points")`.
    strings: Strings = field(default_factory=Strings)
    # Holds whether there are formulas, once that was asked for: each style asks. A deck with other notes has its own.
    _has_formulas: list[bool] = field(default_factory=list, init=False, compare=False, repr=False)

    @property
    def printed(self) -> tuple[Sheet, ...]:
        """The sheets that are made: those that are asked for, have room for the deck, and something to print."""
        asked = (sheet for sheet in self.sheets if sheet.name in self.outputs)
        recall = sum(len(note.recall) for note in self.notes())
        gists = len(self.comparisons) + sum(bool(note.gist) for note in self.notes())
        return list_printed(asked, Extent(sum(len(section.notes) for section in self.sections), recall, gists))

    def list_media_of_cards(self) -> tuple[Media, ...]:
        """Return the pictures and sounds that Anki and the page get: all but those that the cheat sheet alone shows."""
        return tuple(each for each in self.media if each.name not in self.on_paper_alone)

    def list_media_of_anki(self) -> tuple[Media, ...]:
        """Return the files that Anki gets."""
        return tuple(sorted((*self.list_media_of_cards(), *self.media_of_anki), key=lambda file: file.name))

    def has_formulas(self) -> bool:
        """Return whether a text of a note has a formula."""
        if not self._has_formulas:
            notes = (each for note in self.notes() for each in (note, *note.recall))
            self._has_formulas.append(any(note.has_formulas() for note in notes))
        return self._has_formulas[0]

    def list_used_types(self) -> tuple[NoteType, ...]:
        """Return the note types that the deck has notes of, in the order of its note types."""
        used = {each.note_type.kind for note in self.notes() for each in (note, *note.recall)}
        return tuple(each for each in self.note_types if each.kind in used)

    def notes(self) -> Iterator[Note]:
        """Yield every question's note, in the deck's order."""
        for section in self.sections:
            yield from section.notes


def repeats_label(field: Field, content: Any, strings: Strings) -> bool:
    """Return whether a sound is called what its field is, so that a label above it would say the same once more."""
    if field.holds is not Holds.AUDIO or field.is_folded or not isinstance(content, RichText):
        return False
    return content.plain == " ".join(strings(field.label).split())


def shows_anything(content: Any) -> bool:
    """Return whether what a field has is more than spaces and line breaks, which adopted notes may have."""
    return not isinstance(content, RichText) or has_content(content.document.blocks)


def is_heard_alone(content: Any) -> bool:
    """Return whether what a field has is sounds and nothing else, which paper cannot ask."""
    if not isinstance(content, RichText):
        return False
    shown = [each for each in content.document.walk() if has_content((each,)) and not list_children(each)]
    return bool(shown) and all(isinstance(each, Sound) for each in shown)


def _name(note_id: str) -> RichText:
    """Return an id as a text."""
    nowhere = Place(0, 0)
    return RichText(note_id, Document((Paragraph((Text(note_id),), nowhere, is_tight=True),)), is_line=True)


def _get_masks(content: Any) -> Occlusion | None:
    return content.masks if isinstance(content, RichText) else None


def _is_blank(content: Any) -> bool:
    """Return whether what a field has is nothing in Anki's eyes: spaces and line breaks. Of Markdown, HTML is made."""
    if not isinstance(content, RichText):
        return False
    if content.raw or not content.is_line:
        return is_blank(content.raw) if content.raw else not content.document.blocks
    leaves = (node for node in walk(content.nodes) if not list_children(node))
    return all(isinstance(node, LineBreak) or (isinstance(node, Text) and is_blank(node.value)) for node in leaves)


def _list(content: Any) -> Iterator[RichText]:
    """Yield the texts of what a field has."""
    match content:
        case RichText():
            yield content
        case tuple():
            for each in content:
                yield from _list(each)
        case Mapping():
            for each in content.values():
                yield from _list(each)
