"""The Bank: everything an author wrote in source/, as frozen dataclasses, each part with its place in the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from cardpress.diagnostics import SourceFile, Span
from cardpress.diagnostics.checks import Checks
from cardpress.history.records import History
from cardpress.markdown import Document, parse
from cardpress.markdown.signs import may_show_nothing
from cardpress.markdown.tree import Place, has_content
from cardpress.note_types import Field, Holds, NoteType
from cardpress.note_types.identity import make_guid
from cardpress.outputs import SITE, Wanted
from cardpress.source.facts import Facts
from cardpress.source.known_trees import KnownTrees
from cardpress.source.media.formats import find_file
from cardpress.source.strings import Strings
from cardpress.source.yaml.folding import find_places, find_places_in_cell

# What reads HTML is loaded by the functions that need it: most decks have none.
if TYPE_CHECKING:
    from cardpress.markdown.safe_html import Scanned

# The line breaks of YAML 1.1 (its section 5.4): more than an editor knows.
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_RAW_LINE = re.compile(f"[^\r\n\x85\u2028\u2029]*(?:{_BREAK.pattern})|[^\r\n\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Text:
    """A text from the source and the place it came from."""

    value: str
    span: Span

    @property
    def is_written(self) -> bool:
        """Whether it stands in the file itself; a file's name can take the place of an id that cannot be read."""
        return self.span.end > self.span.start

    @property
    def is_literal(self) -> bool:
        """Whether it stands in the file as it is; the id of a row can be made from another text."""
        raw = self.span.file.text[self.span.start : self.span.end]
        return not self.span.file.is_table or raw.strip('"') == self.value.strip('"')

    def place(self, start: int, end: int) -> Span:
        """Return the place in the file of characters `start` to `end` of the value.

        Where that cannot be found, return the place of the whole text.
        """
        raw, quote = _read_raw(self.span, self.value)
        if self.span.file.is_table:
            return self._place_in_cell(raw, start, end) or self.span
        if raw[:1] == "|":
            return self._place_in_block(start, end) or self.span
        if quote is not None:
            return Span(self.span.file, self.span.start + quote + start, self.span.start + quote + end)
        return self._place_in_folded(raw, start, end) or self.span

    def _place_in_cell(self, raw: str, start: int, end: int) -> Span | None:
        places = find_places_in_cell(raw, self.value)
        return Span(self.span.file, self.span.start + places[start], self.span.start + places[end]) if places else None

    def _place_in_folded(self, raw: str, start: int, end: int) -> Span | None:
        places = find_places(raw, self.value)
        if not places:
            return None
        counts = _count_signs(self.value)
        before, inside = counts[start], counts[min(end, len(self.value))] - counts[start]
        if inside:
            first, last = places[before], places[before + inside - 1]
        else:  # white space: behind what stands before it
            first = last = (places[before - 1][1],) * 2 if before else (places[0][0],) * 2
        return Span(self.span.file, self.span.start + first[0], self.span.start + last[1])

    def _place_in_block(self, start: int, end: int) -> Span | None:
        lines = _read_lines(self.span, self.value)
        number = bisect_right(lines.starts, start) - 1
        if number + 1 >= len(lines.raw_starts):
            return None
        line_start, line_end = lines.starts[number], lines.ends[number]
        indentation = lines.raw_ends[number + 1] - lines.raw_starts[number + 1] - (line_end - line_start)
        found = self.span.start + lines.raw_starts[number + 1] + indentation + start - line_start
        return Span(self.span.file, found, found + min(end, line_end) - start)


class _Lines(NamedTuple):
    """Where the lines of a value and of the raw text start, and where each ends without its line break."""

    starts: Sequence[int]
    ends: Sequence[int]
    raw_starts: Sequence[int]
    raw_ends: Sequence[int]


# A long text can have many places that somebody asks for: what all of them need is looked for once.
@lru_cache(maxsize=8)
def _read_raw(span: Span, value: str) -> tuple[str, int | None]:
    """Return how a text stands in its file, and the length of its quotes where the value stands so between them."""
    raw = span.file.text[span.start : span.end]
    return raw, next((quote for quote in (0, 1) if raw[quote : len(raw) - quote] == value), None)


@lru_cache(maxsize=8)
def _read_lines(span: Span, value: str) -> _Lines:
    raw, _ = _read_raw(span, value)
    breaks = [found.span() for found in _BREAK.finditer(value)]
    raw_lines = [found.span() for found in _RAW_LINE.finditer(raw)]
    raw_breaks = (_BREAK.search(raw, *each) for each in raw_lines)
    return _Lines(
        (0, *(end for _, end in breaks)),
        (*(start for start, _ in breaks), len(value)),
        tuple(start for start, _ in raw_lines),
        tuple(found.start() if found else end for found, (_, end) in zip(raw_breaks, raw_lines, strict=True)),
    )


@lru_cache(maxsize=8)
def _count_signs(value: str) -> Sequence[int]:
    """Return for each place in a value how many characters that are no white space stand before it."""
    return (0, *accumulate(not character.isspace() for character in value))


@dataclass(frozen=True, slots=True)
class MarkdownText(Text):
    """A text in Markdown. In a cloze text, `{{c1::…}}` is a deletion, and with dollars `$…$` is a formula."""

    with_deletions: bool = False
    # Whether formulas may stand between dollars.
    with_dollars: bool = False
    # Holds the tree once it is there. It depends on the text alone.
    _parsed: list[Document] = field(default_factory=list, compare=False, repr=False)

    @property
    def document(self) -> Document:
        """The text's tree, which is made when it is first asked for."""
        if not self._parsed:
            document = parse(
                self.value,
                with_deletions=self.with_deletions,
                with_dollars=self.with_dollars,
                # A cell has no other way to end a line.
                with_breaks=self.span.file.is_table,
            )
            self._parsed.append(document)
        return self._parsed[0]

    @property
    def tree_made_of(self) -> str | None:
        """All that decides the text's tree, beside the engine; None of a text whose tree is not kept."""
        flags = self.with_deletions, self.with_dollars, self.span.file.is_table
        return f"{sum(flag << place for place, flag in enumerate(flags))}{self.value}"

    @property
    def made_document(self) -> Document | None:
        """The text's tree if that has been made."""
        return self._parsed[0] if self._parsed else None

    def take(self, document: Document) -> None:
        """Take a tree that was made of the same text before."""
        if not self._parsed:
            self._parsed.append(document)

    def learn(self, other: MarkdownText) -> None:
        """Take the tree of the same text, if that has been made."""
        if not self._parsed:
            self._parsed.extend(other._parsed)

    def find(self, place: Place) -> Span:
        """Return where a place of the tree is in the file."""
        return self.place(place.start, place.end)


@dataclass(frozen=True, slots=True)
class HtmlText(MarkdownText):
    """A text in HTML, as Anki's editor makes it. It has a tree as Markdown has."""

    # As the tree: what all rules and writers ask for is looked for once.
    _scanned: list[Scanned] = field(default_factory=list, compare=False, repr=False)

    @property
    def tree_made_of(self) -> str | None:
        """None: a tree of HTML is made without the grammar."""
        return None

    @property
    def scanned(self) -> Scanned:
        """What is not kept of it, and the files that it names."""
        if not self._scanned:
            from cardpress.markdown.safe_html import scan

            self._scanned.append(scan(self.value))
        return self._scanned[0]

    def learn(self, other: MarkdownText) -> None:
        """Take what was found out of the same text."""
        MarkdownText.learn(self, other)
        if isinstance(other, HtmlText) and not self._scanned:
            self._scanned.extend(other._scanned)

    @property
    def document(self) -> Document:
        """The tree of what is kept of it, which is made when it is first asked for."""
        if not self._parsed:
            from cardpress.markdown.raw_html import read_html

            self._parsed.append(read_html(self.value, with_deletions=self.with_deletions))
        return self._parsed[0]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A file of source/snippets/ and the part of it that cards show."""

    name: str
    file: SourceFile
    shown: str


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number, and its place."""

    value: int
    span: Span


@dataclass(frozen=True, slots=True)
class Flag:
    """A truth value, and its place."""

    value: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of texts by their keys, such as a wrong claim that people make, and the truth."""

    texts: Mapping[str, MarkdownText]


@dataclass(frozen=True, slots=True)
class Link:
    """A source of an answer: a web address, a title, or both. Without a title, outputs show the address."""

    url: Text | None
    title: Text | None = None


@dataclass(frozen=True, slots=True)
class MediaName:
    """The name of a picture or sound below source/media/, and its description, if it has one of its own."""

    name: Text
    description: Text | None = None

    @property
    def span(self) -> Span:
        """Its place, which is that of the name."""
        return self.name.span


# The left and upper edge, width and height of a rectangle.
Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class WrittenMask:
    """What hides a part of a picture, under an id of its own, until it is recalled.

    It is a rectangle in the picture's units, or lies over some of the SVG's own shapes, by their ids. `span` is where
    that is written.
    """

    id: Text
    span: Span
    rect: Rect | None = None
    shapes: tuple[Text, ...] = ()
    label: MarkdownText | None = None


@dataclass(frozen=True, slots=True)
class MaskedPicture:
    """A picture with masks. `name` is what it is called where nothing stands above it: its note's id, in words.

    `hides_all` says whether a card hides what all masks hide, or only what it asks for.
    """

    image: Text
    span: Span
    name: MarkdownText
    hides_all: bool
    masks: tuple[WrittenMask, ...]
    # Whether each of its masks has an id that could be read.
    is_whole: bool = True


# What a field of a note can have, by what the field holds (`Holds`): a list is a tuple.
Value = Text | Number | Flag | MediaName | MaskedPicture | tuple[MarkdownText | Pair | Link | Text, ...]


@dataclass(frozen=True, slots=True)
class Retirement:
    """Why a released note is no longer asked, and the id of the question that replaces it."""

    span: Span
    reason: Text
    replaced_by: Text | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question that an author wrote, of any note type, or a recall note below one.

    `values` has what its fields hold, by their keys, in the order of the note type; without those that are not written.
    """

    note_type: NoteType
    id: Text
    span: Span
    values: Mapping[str, Value]
    # With those of what it stands below, unless the deck says otherwise.
    tags: tuple[Text, ...] = ()
    recall: tuple[Question, ...] = ()
    # Its points on the cheat sheet, of which a recall note has none.
    gist: tuple[MarkdownText, ...] = ()
    retired: Retirement | None = None
    # Keys that are written, and whose values could not be read, which was reported.
    unread: frozenset[str] = frozenset()
    # That of a note that learners have already, exactly as it is written; None for one that is made of ids.
    guid: Text | None = None
    # Asked for by most rules.
    _markdown_texts: tuple[MarkdownText, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_markdown_texts", (*_list_markdown(self.values.values()), *self.gist))

    def identify(self, deck_id: str) -> str:
        """Return the note's GUID: the one that is written for it, or else the one that is made of ids."""
        return self.guid.value if self.guid else make_guid(deck_id, self.id.value)

    def active_recall(self) -> tuple[Question, ...]:
        """Return the recall notes that are not retired."""
        return tuple(note for note in self.recall if not note.retired)

    def with_recall(self) -> tuple[Question, ...]:
        """Return the question and its recall notes."""
        return (self, *self.recall)

    def each(self, *holds: Holds) -> Iterator[tuple[Field, Any]]:
        """Yield the fields that hold one of these kinds and are written, with their values."""
        for each in self.note_type.list_holding(*holds):
            if each.key in self.values:
                yield each, self.values[each.key]

    @property
    def asked(self) -> MarkdownText:
        """The text that its first card asks, or the name of its picture with masks.

        Of an adopted note without that, it is the first text that shows anything, or else its id.
        """
        values = [self.values.get(field.key) for field in self.note_type.known_by]
        named = (value.name if isinstance(value, MaskedPicture) else value for value in values)
        texts = (text for text in named if isinstance(text, MarkdownText))
        if self.note_type.is_adopted:
            texts = (text for text in texts if not may_show_nothing(text.value) or has_content(text.document.blocks))
            return next(texts, MarkdownText(self.id.value, self.id.span))
        return next(texts)

    def markdown_texts(self) -> tuple[MarkdownText, ...]:
        """Return its Markdown texts, without those of its recall notes."""
        return self._markdown_texts

    def texts_on_screens(self) -> tuple[MarkdownText, ...]:
        """Return these texts without its gist, which is on paper alone."""
        return self._markdown_texts[: len(self._markdown_texts) - len(self.gist)]

    def plain_texts(self) -> Iterator[Text]:
        """Yield its plain texts that are printed, without those of its recall notes."""
        for _, links in self.each(Holds.LINKS):
            yield from (link.title for link in links if link.title)
        yield from (output for _, output in self.each(Holds.OUTPUT))
        for _, media in self.each(Holds.PICTURE, Holds.AUDIO):
            yield from (text for text in (media.description,) if text)
        if self.retired:
            yield self.retired.reason


def _list_markdown(values: Iterable[Value]) -> Iterator[MarkdownText]:
    for value in values:
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, MarkdownText):
                yield part
            elif isinstance(part, Pair):
                yield from part.texts.values()
            elif isinstance(part, MaskedPicture):
                yield from (mask.label for mask in part.masks if mask.label)


@dataclass(frozen=True, slots=True)
class UnnamedRow:
    """A row without an id: where that should be, where the row begins in its file, and the id that was made for it."""

    span: Span
    start: int
    id: str


@dataclass(frozen=True, slots=True)
class Table:
    """The table that a section's questions are read from: its file, its first cell, and its rows without ids.

    `separator` parts its cells.
    """

    file: SourceFile
    separator: str
    header: Span
    has_ids: bool
    unnamed: tuple[UnnamedRow, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the deck, with its questions in the order of its file. `tags` are those of all its notes.

    `deck_name` is its name in Anki below that of the deck, None for one that is made of its title. Without
    `has_subdeck`, its cards are in the deck itself.
    """

    id: Text
    title: Text
    description: Text | None = None
    tags: tuple[Text, ...] = ()
    questions: tuple[Question, ...] = ()
    # None where its questions stand in YAML.
    table: Table | None = None
    deck_name: Text | None = None
    has_subdeck: bool = True
    anki: DeckInAnki | None = None

    @property
    def wants_own_name(self) -> bool:
        """Whether deck.yaml says what it is called in Anki."""
        is_named = self.anki is not None and self.anki.name is not None
        return self.deck_name is not None or not self.has_subdeck or is_named


@dataclass(frozen=True, slots=True)
class DeckInAnki:
    """What learners have of a deck or section: its number, its full name, and what CrowdAnki knows it by.

    `preset` is what CrowdAnki knows its preset of options by, with the name of that. `card_decks` are those of cards
    that are in no deck of the section's own name. `span` is where all of it is written, `id_span` where the number is.
    """

    id: int | None
    name: Text | None
    uuid: Text | None
    span: Span
    id_span: Span | None = None
    preset: tuple[Text, Text] | None = None
    card_decks: tuple[CardDeck, ...] = ()


@dataclass(frozen=True, slots=True)
class CardDeck:
    """The deck in Anki of the cards of a section that one card template makes: its number and its full name."""

    template: Text
    id: int | None
    name: Text
    description: Text | None
    id_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A table of the cheat sheet, with its title. It stands among the questions of a section, if it names one."""

    title: MarkdownText
    table: MarkdownText
    section: Text | None = None


@dataclass(frozen=True, slots=True)
class DeckInfo:
    """What deck.yaml says about the deck as a whole."""

    id: Text
    title: Text
    version: Text
    date: Text
    language: Text
    description: Text | None
    introduction: MarkdownText | None
    checked: Text | None
    authors: tuple[Text, ...]
    license: Text | None
    homepage: Text | None
    report_url: Text | None
    # Its name in Anki, None for its title.
    deck_name: Text | None
    # Where it says that script in the project's own templates is trusted; None where it does not.
    trust: Span | None
    comparisons: tuple[Comparison, ...] = ()
    anki: DeckInAnki | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace of a release: where it is, and the version that was released."""

    span: Span
    version: str


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or a font: its name and its bytes.

    In a Bank, a picture's `name` is its path below source/media/. In a Deck, `name` is the file name that learners
    get, and `origin` is that path.

    `is_adopted` says that it is as learners had it before cardpress, and keeps its name; `fault`, why nothing but Anki
    can show or play such a file, "" where all outputs can.
    """

    name: str
    data: bytes = field(repr=False)
    origin: str = ""
    is_adopted: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Bank:
    """Everything in source/ after load, as far as it could be read. `info` is None when deck.yaml could not be read."""

    info: DeckInfo | None
    sections: tuple[Section, ...]
    snippets: Mapping[str, Snippet]
    media: Mapping[str, Media]
    fonts: tuple[Media, ...]
    # Those of `fonts` that are the engine's, or that files of the project took the place of.
    engine_fonts: tuple[Media, ...]
    templates: Mapping[str, SourceFile]
    web_fonts: tuple[Media, ...]
    # The engine's templates that files of the project took the place of.
    replaced_templates: Mapping[str, SourceFile]
    # The names of templates that the project brought.
    own_templates: frozenset[str]
    # By kind: those that the deck's notes can have, the first one being that of its questions.
    note_types: Mapping[str, NoteType]
    # All that its notes could have, by kind, and the schema of the source for editors, None when there is none.
    known_note_types: Mapping[str, NoteType]
    schema: SourceFile | None
    history: History | None
    # What the author wants of checks.
    checks: Checks
    # What deck.yaml says of outputs.
    wanted: Wanted
    # What says that there was a release which history.json, if it is there, does not have.
    traces: tuple[Trace, ...]
    # Whether all of the source could be read. Only then is a released question that is missing here really gone.
    complete: bool
    # Names of files of source/media/ that could not be read, which was reported.
    unread_media: frozenset[str]
    # Ids of questions left out because they could not be read. A reference to one is not reported again.
    broken_ids: frozenset[str]
    # The engine's own texts in the deck's language.
    strings: Strings
    # What rules found out about contents before.
    facts: Facts = field(default_factory=Facts, compare=False, repr=False)
    # What is known of texts that were read before.
    trees: KnownTrees = field(default_factory=KnownTrees, compare=False, repr=False)

    def choose_outputs(self, only: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return the outputs that a build makes, sorted, each sheet by its own name.

        They are those that `only` names; by default, those that deck.yaml wants. An update as text is for learners who
        fill personal fields.
        """
        has_personal = any(note_type.personal for note_type in self.note_types.values())
        return self.wanted.choose(only, off=() if has_personal else ("csv",))

    def list_made(self, only: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return the outputs that a build makes, sorted: those that it is asked for, and those that its site has."""
        asked = self.choose_outputs(only)
        return tuple(sorted({*asked, *(self.choose_outputs() if SITE in asked else ())}))

    def lacks(self, name: str) -> bool:
        """Return whether learners never had the file of this name that a deck names which was taken over."""
        media = self.history.media if self.history else {}
        return name not in self.media and media.get(find_file(name, media)) == ""

    def questions(self) -> Iterator[Question]:
        """Yield every question, in the deck's order."""
        for section in self.sections:
            yield from section.questions

    def notes(self) -> Iterator[Question]:
        """Yield every question and recall note, in the deck's order."""
        for question in self.questions():
            yield from question.with_recall()

    def active(self) -> Iterator[Question]:
        """Yield every question that is not retired, in the deck's order."""
        return (question for question in self.questions() if not question.retired)

    def active_notes(self) -> Iterator[Question]:
        """Yield every question and recall note that is not retired, in the deck's order."""
        for question in self.active():
            yield question
            yield from question.active_recall()

    def tags(self) -> Iterator[Text]:
        """Yield every tag as it is written, once, though several notes may have it."""
        of_sections = (tag for section in self.sections for tag in section.tags)
        of_notes = (tag for note in self.notes() for tag in note.tags)
        return iter({id(tag): tag for tag in (*of_sections, *of_notes)}.values())

    @property
    def is_english(self) -> bool:
        """Whether its texts are in English, or in a language that could not be read."""
        return self.info is None or self.info.language.value.lower().startswith("en")
