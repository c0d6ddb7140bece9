"""What a page template sees of a deck: texts, numbers and lists of them, and nothing that leads anywhere else.

Every text is HTML already. So a template of a stranger can be made into a page in a process that has nothing but this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import starmap
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from cardpress.anki.updates import list_updated
from cardpress.deck import notes
from cardpress.deck.badges import place_badges
from cardpress.deck.section_colors import SECTION_COLORS
from cardpress.markdown.tree import is_block
from cardpress.note_types import DELETED, CardTemplate, Field, Holds, NoteType
from cardpress.outputs import OUTPUTS
from cardpress.source.languages import is_right_to_left
from cardpress.writers.page.html import PageWriter
from cardpress.writers.page.layout import arrange


@dataclass(frozen=True, slots=True)
class PageText:
    """A text as HTML, as one line for use in a link, and whether it has paragraphs or other blocks.

    `direction` is that of a language of its own, `ltr` or `rtl`, and empty where it has that of the page.
    """

    html: Markup
    line: Markup
    has_blocks: bool = False
    direction: str = ""

    def __html__(self) -> str:
        return self.html


@dataclass(frozen=True, slots=True)
class PagePart:
    """A part of a pair."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class PageField:
    """A field of a note type."""

    key: str
    name: str
    label: str
    holds: str
    is_folded: bool
    parts: tuple[PagePart, ...]


@dataclass(frozen=True, slots=True)
class PageShown:
    """A field that a side of a card shows, by its key, and the filter of Anki's that it is shown through, if any."""

    key: str
    through: str


@dataclass(frozen=True, slots=True)
class PageCardTemplate:
    """A card template: its number in Anki, from 1, what its sides show, and the key of what is typed, if any."""

    number: int
    name: str
    asks: tuple[PageShown, ...]
    answers: tuple[PageShown, ...]
    typed: str


@dataclass(frozen=True, slots=True)
class PageCard:
    """A card of a note, by its number: of a cloze text that of the deletions which it hides."""

    number: int
    is_typed: bool


@dataclass(frozen=True, slots=True)
class PageNoteType:
    """A note type. `gaps` are the keys of what has cloze deletions, or masks."""

    kind: str
    title: str
    is_cloze: bool
    cards: tuple[PageCardTemplate, ...]
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageLink:
    """A source that an answer is based on: a web page, or a title alone."""

    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class PageBox:
    """A rectangle on a picture, in the units of the drawing that lies over it."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PageMask:
    """A mask: the number of its card, what it hides in words, if they are there, and its rectangles."""

    number: int
    label: PageText | None
    boxes: tuple[PageBox, ...]
    # Where its number begins: the left end of its base line.
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class PageOcclusion:
    """A picture with masks: its address and description, the size of the drawing over it, and what a card hides."""

    address: Markup
    alt: str
    # How wide it is at most, in pixels.
    shown_width: int
    width: float
    height: float
    hides_all: bool
    masks: tuple[PageMask, ...]


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The fields of a note, each with what it holds, in the groups of `layout.Layout`."""

    asked: tuple[tuple[PageField, Any], ...]
    said: tuple[tuple[PageField, Any], ...]
    beside: tuple[tuple[PageField, Any], ...]
    further: tuple[tuple[PageField, Any], ...]
    references: tuple[tuple[PageField, Any], ...]

    @property
    def told(self) -> tuple[tuple[PageField, Any], ...]:
        """Everything that the note tells."""
        return (*self.said, *self.beside, *self.further, *self.references)


@dataclass(frozen=True, slots=True)
class PageNote:
    """A question, or a recall note."""

    id: str
    note_type: PageNoteType
    number: int | None
    level: str | None
    tags: tuple[str, ...]
    asked: PageText
    asked_key: str
    has_answer: bool
    # Empty for a note with a single card that asks what the page shows first, and answers everything else.
    cards: tuple[PageCard, ...]
    # None where it is made when the template asks for it.
    layout: PageLayout | None
    recall: tuple[PageNote, ...]
    report: str
    # Whether Anki makes any card of it: of a text without a deletion it makes none.
    is_studied: bool = True

    @property
    def answer(self) -> PageText | None:
        """The text that answers its first card, None when what is asked has the answer in its gaps."""
        said = self.layout.said if self.layout else ()
        found = [content for _, content in said if isinstance(content, PageText)]
        return found[0] if self.has_answer and found else None


@dataclass(frozen=True, slots=True)
class PageSection:
    """A section. `tint` is the number of its color in `SECTION_COLORS`, from 0."""

    id: str
    title: str
    description: str
    notes: tuple[PageNote, ...]
    tint: int


@dataclass(frozen=True, slots=True)
class PageSheet:
    """A printed sheet that lies beside the page, and its sizes of paper: `<id>-<name>-<paper>.pdf`."""

    name: str
    title: str
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageDeck:
    """A deck."""

    id: str
    title: str
    version: str
    date: str
    language: str
    description: str
    introduction: PageText | None
    checked: str
    authors: tuple[str, ...]
    license: str
    homepage: str
    report_url: str
    outputs: tuple[str, ...]
    sheets: tuple[PageSheet, ...]
    sections: tuple[PageSection, ...]


# The attributes of each kind of thing that a template sees: values, and nothing else.
SEEN: Mapping[type, frozenset[str]] = {
    kind: frozenset(each.name for each in fields(kind))
    for kind in (
        PageText,
        PagePart,
        PageField,
        PageNoteType,
        PageLink,
        PageBox,
        PageMask,
        PageOcclusion,
        PageLayout,
        PageNote,
        PageSection,
        PageSheet,
        PageDeck,
    )
}


# Pixels that a drawing with masks is at least wide, where there is room.
_DRAWING = 640
# Pixels that the longer side of another picture with masks has at least, where there is room.
_SMALLEST = 480
# Units of the drawing over a picture with masks: at most one for each of its pixels, so that numbers stay large enough.
_LONGER_SIDE = 1000
# The size of a mask's number in these units: a digit, what is around all digits, its height, and its base line.
_DIGIT, _AROUND, _BADGE, _BASE_LINE = 12.5, 8.0, 24.0, 19.0


class View:
    """The names that a page template knows, with their values.

    One that is not `complete` makes the fields of a note when the template asks for them: that needs less memory, and
    more of the deck than a process of a stranger's template may have.
    """

    def __init__(self, deck: notes.Deck, writer: PageWriter, *, complete: bool) -> None:
        self.deck = deck
        self.writer = writer
        self.complete = complete
        # By identity: a note type is one object, and so are its fields.
        self.fields: dict[int, PageField] = {}
        self.note_types: dict[int, PageNoteType] = {}
        self.sources: dict[str, notes.Note] = {}
        self.names = self._name_all()

    def arrange(self, note: PageNote) -> PageLayout:
        """Return the fields of a note in their groups."""
        return note.layout or self._lay_out(self.sources[note.id])

    def _lay_out(self, note: notes.Note) -> PageLayout:
        layout = arrange(note)
        said = tuple((self._field(field, content), self._tell(field, content)) for field, content in layout.said)
        return replace(PageLayout(*map(self._see, layout)), said=said)

    def _name_all(self) -> dict[str, Any]:
        deck = self.deck
        sections = tuple(starmap(self._section, enumerate(deck.sections)))
        page_deck = PageDeck(
            id=deck.id,
            title=deck.title,
            version=deck.version,
            date=deck.date,
            language=deck.language,
            description=deck.description,
            introduction=self._text(deck.introduction) if deck.introduction else None,
            checked=deck.checked,
            authors=deck.authors,
            license=deck.license,
            homepage=deck.homepage,
            report_url=deck.report_url,
            outputs=_list_made(deck),
            sheets=tuple(PageSheet(each.name, OUTPUTS[each.name].title, each.papers) for each in deck.printed),
            sections=sections,
        )
        return {
            "deck": page_deck,
            "direction": "rtl" if is_right_to_left(deck.language) else "ltr",
            "note_types": tuple(self._note_type(each) for each in deck.list_used_types()),
            "questions": {note.id: note for section in sections for note in section.notes},
            "levels": _list_levels(deck),
            "level_label": deck.strings(_find_level_label(deck)),
            "labels": dict(deck.strings.texts),
            "untranslated": deck.strings.untranslated,
            "tags": _count_tags(deck),
        }

    def _section(self, index: int, section: notes.DeckSection) -> PageSection:
        questions = tuple(map(self._question, section.notes))
        tint = index % len(SECTION_COLORS)
        return PageSection(section.id, section.title, section.description, questions, tint)

    def _question(self, note: notes.Note) -> PageNote:
        return self._note(note, is_below=False)

    def _note(self, note: notes.Note, *, is_below: bool = True) -> PageNote:
        self.sources[note.id] = note
        return PageNote(
            id=note.id,
            note_type=self._note_type(note.note_type),
            number=note.number,
            level=note.level,
            tags=note.tags,
            asked=self._name(note),
            asked_key=_find_asked(note),
            has_answer=note.answer is not None,
            cards=_list_cards(note, is_below=is_below),
            layout=self._lay_out(note) if self.complete else None,
            recall=tuple(map(self._note, note.recall)),
            report=self._report(note),
            is_studied=bool(note.number_cards()),
        )

    def _name(self, note: notes.Note) -> PageText:
        """Return what stands above a note. In a link it is its id, where it has no words, as a sound has none."""
        asked = self._asked(note.asked)
        return asked if asked.line else replace(asked, line=Markup.escape(note.id))

    def _see(self, parts: tuple[tuple[Field, Any], ...]) -> tuple[tuple[PageField, Any], ...]:
        return tuple([(self._field(field, content), self._content(content)) for field, content in parts])

    def _tell(self, field: Field, content: Any) -> Any:
        """Return a content of a field that answers. An answer of one fact begins with its headline, if it has one."""
        is_fact = field.is_one_fact and isinstance(content, notes.RichText)
        headline = content.headline(self.deck.language) if is_fact else None
        if headline is None:
            return self._content(content)
        core, rest = (each and self._html(each) for each in headline)
        html = Markup('<p class="core">%s</p>\n%s') % (core, rest or "")
        return PageText(html, html, has_blocks=True, direction=_find_direction(content))

    def _content(self, content: Any) -> Any:  # noqa: PLR0911 - one for each kind of content
        match content:
            case notes.RichText():
                return self._text(content)
            case notes.Code():
                html = Markup(self.writer.block(content.block))  # noqa: S704 - of a tree, which can hold nothing else
                return PageText(html, html, has_blocks=True)
            case notes.Occlusion():
                return self._occlusion(content)
            case notes.SourceLink():
                return PageLink(content.title, content.url)
            case tuple():
                return tuple(map(self._content, content))
            case Mapping():
                return {key: self._content(text) for key, text in content.items()}
            case _:
                return content

    def _occlusion(self, content: notes.Occlusion) -> PageOcclusion:
        """Return a picture with masks, in units of which the longer side of most pictures has a thousand.

        A small picture has fewer, and is enlarged, so that the numbers of its masks can be read.
        """
        # A drawing is as sharp in any size, and what is written in it is small in an icon's.
        is_drawing = content.picture.lower().endswith(".svg")
        longer = max(content.width, content.height)
        side = _LONGER_SIDE if is_drawing else min(_LONGER_SIDE, max(longer, _SMALLEST))
        unit = side / longer
        width, height = round(content.width * unit, 1), round(content.height * unit, 1)

        def place(box: notes.Box) -> PageBox:
            return PageBox(
                round(box.left * width, 1),
                round(box.top * height, 1),
                round(box.width * width, 1),
                round(box.height * height, 1),
            )

        across, down = max(width, 1.0), max(height, 1.0)
        badges = place_badges(content.masks, _DIGIT / across, _AROUND / across, _BADGE / down)
        masks = []
        for mask, spot in zip(content.masks, badges, strict=True):
            label = self._text(mask.label) if mask.label else None
            x = spot.x * width + spot.across * (_DIGIT * len(str(mask.number)) + _AROUND) + _AROUND / 2
            y = spot.y * height + spot.down * _BADGE + _BASE_LINE
            masks.append(PageMask(mask.number, label, tuple(map(place, mask.boxes)), round(x, 1), round(y, 1)))
        address = Markup(self.writer.picture_address(content.picture))  # noqa: S704 - escaped for attributes
        alt = " ".join(content.name.plain.split())
        enlarged = max(1, _SMALLEST / longer)
        shown_width = max(round(content.width), _DRAWING) if is_drawing else max(round(content.width * enlarged), 1)
        return PageOcclusion(address, alt, shown_width, width, height, content.hides_all, tuple(masks))

    def _text(self, text: notes.RichText) -> PageText:
        if self.complete:
            return self._asked(text)
        html = self._html(text)
        return PageText(html, html, direction=_find_direction(text))

    def _html(self, text: notes.RichText) -> Markup:
        html = text.html(self.writer)
        if text.language:
            element = "div" if any(map(is_block, text.nodes)) else "span"
            html = f'<{element} lang="{text.language}" dir="{_find_direction(text)}">{html}</{element}>'
        return Markup(html)  # noqa: S704 - of a tree, which can hold nothing else

    def _asked(self, text: notes.RichText) -> PageText:
        html = self._html(text)
        line = Markup(self.writer.link_text(text, html))  # noqa: S704 - as above
        return PageText(html, line, any(map(is_block, text.nodes)), _find_direction(text))

    def _field(self, field: Field, content: Any) -> PageField:
        if notes.repeats_label(field, content, self.deck.strings):
            # The player has its words behind it.
            return replace(self._labelled(field), label="")
        return self._labelled(field)

    def _labelled(self, field: Field) -> PageField:
        if id(field) not in self.fields:
            strings = self.deck.strings
            parts = tuple(PagePart(part.key, strings(part.label)) for part in field.parts)
            holds = str(field.holds)
            label = strings(field.label)
            self.fields[id(field)] = PageField(field.key, field.name, label, holds, field.is_folded, parts)
        return self.fields[id(field)]

    def _note_type(self, note_type: NoteType) -> PageNoteType:
        if id(note_type) not in self.note_types:
            cards = tuple(_see_template(number, each) for number, each in enumerate(note_type.cards, 1))
            gaps = tuple(each.key for each in note_type.keyed if each.holds in DELETED)
            made = PageNoteType(note_type.kind, note_type.title, note_type.is_cloze, cards, gaps)
            self.note_types[id(note_type)] = made
        return self.note_types[id(note_type)]

    def _report(self, note: notes.Note) -> str:
        version = quote(self.deck.version, safe="")
        return self.deck.report_url.replace("{id}", note.id).replace("{version}", version)


def _list_cards(note: notes.Note, *, is_below: bool) -> tuple[PageCard, ...]:
    """Return the cards of a note; none for one whose only card shows what the page shows of the note anyway."""
    cards = note.cards()
    if note.note_type.is_adopted:
        # Nobody can answer a front that shows nothing.
        cards = tuple(card for card in cards if any(notes.shows_anything(each) for _, each in card.asked))
    is_single = len(note.note_type.cards) == 1 and len(cards) == 1 and cards[0].typed is None
    # Below a question, what is asked beside the text stands with it.
    if is_single and (is_below or (len(cards[0].asked) == 1 and not note.note_type.is_cloze)):
        return ()
    return tuple(PageCard(card.number, card.typed is not None) for card in cards)


def _find_direction(text: notes.RichText) -> str:
    """Return the direction of a text's own language; an empty text where it has that of the deck."""
    return ("rtl" if is_right_to_left(text.language) else "ltr") if text.language else ""


def _find_asked(note: notes.Note) -> str:
    """Return the key of the text that stands above a note; of a name, which no field holds, an empty one."""
    asked = note.known_by
    return "" if asked is None or asked.holds is Holds.OCCLUSION else asked.key


def _list_made(deck: notes.Deck) -> tuple[str, ...]:
    """Return the outputs that lie beside the page: an update as text where there is one to be made."""
    return tuple(name for name in deck.outputs if name != "csv" or list_updated(deck))


def _see_template(number: int, card: CardTemplate) -> PageCardTemplate:
    asks = tuple(PageShown(key, card.asks_through.get(key, "")) for key in card.asks)
    answers = tuple(PageShown(key, card.answers_through.get(key, "")) for key in card.answers)
    return PageCardTemplate(number, card.name, asks, answers, card.typed)


def _count_tags(deck: notes.Deck) -> tuple[tuple[str, int], ...]:
    """Return every tag, sorted, with the number of its questions. Those of its subtags count too."""
    counts: Counter[str] = Counter()
    for note in deck.notes():
        parts = (tag.split("::") for tag in note.tags)
        counts.update({"::".join(names[: depth + 1]) for names in parts for depth in range(len(names))})
    return tuple(sorted(counts.items()))


def _list_levels(deck: notes.Deck) -> tuple[str, ...]:
    """Return the levels that questions have, in the order that their note types name them in."""
    used = {note.level for note in deck.notes()}
    fields = [field for note_type in deck.note_types if (field := note_type.beside)]
    return tuple(dict.fromkeys(level for field in fields for level in field.values if level in used))


def _find_level_label(deck: notes.Deck) -> str:
    """Return the label of the filter by level."""
    fields = [field for note_type in deck.note_types if (field := note_type.beside)]
    return next((field.label or field.key_in_words for field in fields), "")
