"""Bank → Deck: notes with their GUIDs, code in colors, and pictures under the names that they ship under."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from unicodedata import normalize

from cardpress.deck.colors import Colors
from cardpress.deck.kept_notes import KeptNotes, MadeNote, list_places
from cardpress.deck.masks import place_masks, read_picture
from cardpress.deck.masks_of_anki import show_masks
from cardpress.deck.names import clean_name, find_released_names, name_deck, name_note_types, name_sections
from cardpress.deck.notes import (
    Code,
    Comparison,
    Content,
    CrowdAnkiIds,
    Deck,
    DeckSection,
    Mask,
    Note,
    Notice,
    Occlusion,
    RetiredNote,
    RichText,
    SourceLink,
    Stamp,
)
from cardpress.history.masks import number_masks
from cardpress.history.records import to_moment
from cardpress.markdown import tree as markdown
from cardpress.markdown.card_html import guard
from cardpress.markdown.highlighting import guess_language
from cardpress.markdown.ruby import read_notation
from cardpress.markdown.simple_trees import is_simple
from cardpress.markdown.tree import CodeBlock, Document, Node, Picture, Sound, map_nodes
from cardpress.note_types import Field, Holds
from cardpress.note_types.identity import make_uuid
from cardpress.source.bank import (
    Bank,
    DeckInAnki,
    DeckInfo,
    Link,
    MarkdownText,
    MaskedPicture,
    Media,
    MediaName,
    Question,
    Retirement,
    Section,
    Text,
)
from cardpress.source.media.formats import find_file, make_shipped_name
from cardpress.source.texts import list_markdown_texts


def assemble(bank: Bank, colors: Colors, jobs: int = 1, kept: KeptNotes | None = None) -> Deck:
    """Return the deck of a bank without errors. `jobs`, the number of processes, does not change it.

    Nor does `kept`, which has the notes that were made before. Raises ValueError when the bank has no deck.yaml.
    """
    if bank.info is None:
        raise ValueError("a bank whose deck.yaml could not be read has no deck")
    if kept is not None:
        return _Assembly(bank, bank.info, colors, kept).deck()
    with colors.coloring_ahead(jobs) as ahead:
        ahead.add((snippet.shown, guess_language(snippet.name)) for snippet in bank.snippets.values())
        for text in list_markdown_texts(bank):
            document = text.document  # makes it
            if any(fence in text.value for fence in _FENCES):
                ahead.add((node.text, node.language) for node in document.walk() if isinstance(node, CodeBlock))
        ahead.add_last()
        return _Assembly(bank, bank.info, colors, KeptNotes()).deck()


# What Markdown would take for its own in a description.
_BRACKETS, _ESCAPED = re.compile(r"[\[\]\\]"), r"\\\g<0>"

# What code with the name of its language stands between.
_FENCES = ("```", "~~~")


class _Assembly:
    def __init__(self, bank: Bank, info: DeckInfo, colors: Colors, kept: KeptNotes) -> None:
        self.bank = bank
        self.info = info
        self.colors = colors
        self.shipped = {
            name: normalize("NFC", name) if file.is_adopted else make_shipped_name(info.id.value, name, file.data)
            for name, file in bank.media.items()
        }
        # The media that notes show, or the introduction; and those that the cheat sheet shows.
        self.shown: set[str] = set()
        self.in_gists: set[str] = set()
        self.names = name_deck(info, bank.history)
        self.section_names = name_sections(self.names, bank.sections, bank.history)
        # The code that a question shows, by the names of its snippets.
        self.snippets: dict[str, str] = {}
        self.kept = kept
        # That of all notes, as long as nobody compares them with what was released.
        self.stamp = Stamp(info.version.value, to_moment(info.date.value))
        # What files hold, by the names that they ship under.
        self.files = {self.shipped[name]: file.data for name, file in bank.media.items()}

    def deck(self) -> Deck:
        info = self.info
        decides = (info.id.value, info.version.value, info.date.value)
        self.kept.begin((*decides, self.bank.history, self.bank.strings, self.shipped))
        introduction = self.rich(info.introduction) if info.introduction else None
        sections = tuple(self.section(section) for section in self.bank.sections)
        comparisons = tuple(
            Comparison(self.gist(each.title), self.gist(each.table), _plain(each.section), each.table.span)
            for each in info.comparisons
        )
        names = self.shown | self.in_gists
        kept = {name for name, file in self.bank.media.items() if file.is_adopted}
        return Deck(
            id=info.id.value,
            title=self.names.title,
            names=self.names,
            version=info.version.value,
            date=info.date.value,
            modified=to_moment(info.date.value),
            language=info.language.value,
            description=_plain(info.description),
            introduction=introduction,
            checked=_plain(info.checked),
            authors=tuple(author.value.strip() for author in info.authors),
            license=_plain(info.license),
            homepage=_plain(info.homepage),
            report_url=_plain(info.report_url),
            note_types=tuple(self.bank.note_types.values()),
            sections=sections,
            media=self.list_media(names),
            media_of_anki=self.list_media(kept - names),
            fonts=self.bank.fonts,
            engine_fonts=self.bank.engine_fonts,
            templates=self.bank.templates,
            web_fonts=self.bank.web_fonts,
            replaced_templates=self.bank.replaced_templates,
            type_names=name_note_types(self.names, self.bank.note_types, self.bank.history),
            own_templates=self.bank.own_templates,
            trusted=info.trust is not None,
            outputs=self.bank.choose_outputs(),
            sheets=self.bank.wanted.list_sheets(),
            site_address=self.bank.wanted.address.value if self.bank.wanted.address else "",
            comparisons=comparisons,
            on_paper_alone=frozenset(self.shipped[name] for name in self.in_gists - self.shown - kept),
            strings=self.bank.strings,
            crowdanki=self.crowdanki(info.anki, "deck"),
        )

    def section(self, section: Section) -> DeckSection:
        notes = tuple(
            self.question(question, section.id.value) for question in section.questions if not question.retired
        )
        retired = tuple(note for question in section.questions for note in self.retired(question, section.id.value))
        names = self.section_names[section.id.value]
        description = _plain(section.description)
        ids = self.crowdanki(section.anki, "section", section.id.value)
        card_decks = {
            template: each.description.value.strip()
            for each in (section.anki.card_decks if section.anki else ())
            for template in find_released_names(section, each.template.value)
            if each.description
        }
        return DeckSection(
            section.id.value, names.title, names, description, notes, retired, ids, self.bank.strings, card_decks
        )

    def crowdanki(self, anki: DeckInAnki | None, *parts: str) -> CrowdAnkiIds:
        """Return what CrowdAnki knows the deck or a section by: what learners have, else what is made of ids."""
        deck_id = self.info.id.value
        uuid = anki.uuid.value if anki and anki.uuid else make_uuid(deck_id, *parts)
        preset = (anki and anki.preset) or (self.info.anki and self.info.anki.preset)
        is_known = anki is not None and anki.uuid is not None
        if preset:
            return CrowdAnkiIds(uuid, preset[0].value, preset[1].value, is_known)
        return CrowdAnkiIds(uuid, make_uuid(deck_id, "preset"), clean_name(self.names.first_title), is_known)

    def question(self, question: Question, section: str) -> Note:
        """Return the note of a question, made anew or as it was made before."""
        made = self.kept.find(question, section, self.bank.snippets)
        if made is None:
            before = self.shown, self.in_gists
            self.shown, self.in_gists, self.snippets = set(), set(), {}
            note = self.note(question, section)
            made = MadeNote(question, note, frozenset(self.shown), frozenset(self.in_gists), self.snippets)
            self.shown, self.in_gists = before
        self.shown |= made.shown
        self.in_gists |= made.in_gists
        self.kept.keep(made, section)
        return made.note

    def retired(self, question: Question, section: str) -> Iterator[RetiredNote]:
        """Yield the notes of a question that ship to say that they are retired: all if it is, else those that are."""
        if not question.retired and not any(recall.retired for recall in question.recall):
            return
        parent = self.question(question, section)
        if question.retired:
            yield from self.notice_of(parent, parent, question.retired)
        for recall in question.recall:
            if retirement := recall.retired or question.retired:
                yield from self.notice_of(self.question(recall, section), parent, retirement)

    def notice_of(self, note: Note, parent: Note, retirement: Retirement) -> Iterator[RetiredNote]:
        """Yield a retired note with its notice, if it was ever released: then there are learners who have it."""
        if self.bank.history and self.bank.history.ships_retired(note.guid):
            wanted = retirement.replaced_by.value if retirement.replaced_by else None
            instead = (self.rich(each.asked).one_line for each in self.bank.questions() if each.id.value == wanted)
            notice = Notice(retirement.reason.value.strip(), next(instead, None))
            tags = tuple(sorted({*note.tags, f"{self.info.id.value}::retired"}))
            yield RetiredNote(replace(note, notice=notice, tags=tags), parent)

    def note(self, question: Question, section: str) -> Note:
        guid = question.identify(self.info.id.value)
        contents = {
            key: self.occlusion(value, guid)
            if isinstance(value, MaskedPicture)
            else self.content(field, value, is_apart=field.name in question.note_type.apart)
            for key, value in question.values.items()
            for field in (question.note_type.field(key),)
        }
        return Note(
            note_type=question.note_type,
            id=question.id.value,
            guid=guid,
            stamp=self.stamp,
            section=section,
            contents=show_masks(question.note_type, contents, self.files.get),
            places=list_places(question),
            tags=_list_tags(question),
            recall=tuple(self.note(recall, section) for recall in question.active_recall()),
            gist=tuple(map(self.gist, question.gist)),
        )

    def content(  # noqa: PLR0911, PLR0912 - one for each kind of content
        self, field: Field, value: Any, *, is_apart: bool
    ) -> Content:
        """Return what a note has in a field. `is_apart` says that a card takes characters or readings from it."""
        match field.holds:
            case Holds.LINE | Holds.CLOZE:
                return self.line(value, field.language)
            case Holds.TEXT:
                return self.rich(value, field.language)
            case Holds.LINES:
                return tuple(self.line(text, field.language) for text in value)
            case Holds.PAIRS:
                texts = (pair.texts.items() for pair in value)
                return tuple({key: self.line(text, field.language) for key, text in each} for each in texts)
            case Holds.SNIPPET:
                return self.code(value)
            case Holds.OUTPUT:
                return str(value.value).strip("\n").rstrip()
            case Holds.LINKS:
                return tuple(map(_link, value))
            case Holds.NUMBER:
                return int(value.value)
            case Holds.ONE_OF:
                return str(value.value)
            case Holds.IDS:
                return tuple(each.value for each in value)
            case Holds.HTML | Holds.HTML_CLOZE:
                from cardpress.markdown.safe_html import clean  # for decks with such texts alone

                raw = clean(value.value, self.rename, value.scanned)
                document = self.finish(value)
                return RichText(value.value, read_notation(document) if is_apart else document, is_line=True, raw=raw)
            case Holds.PICTURE | Holds.AUDIO:
                return self.media(field, value)
            case Holds.FLAG:
                return bool(value.value)
            case _:
                raise TypeError(f"authors write no {field.holds}")

    def occlusion(self, value: MaskedPicture, guid: str) -> Occlusion:
        """Return a picture with masks that have boxes and numbers. Raises ValueError for a bank that has errors."""
        name = value.image.value
        picture = read_picture(self.bank.media[name].data)
        if picture is None:
            raise ValueError(f"the size of {name} is not known")
        self.shown.add(name)
        boxes, _ = place_masks(value, picture)
        released = self.bank.history.notes.get(guid) if self.bank.history else None
        numbers = number_masks((mask.id.value for mask in value.masks), released.deletions if released else {})
        masks = (
            Mask(
                mask.id.value,
                numbers[mask.id.value],
                boxes[mask.id.value],
                self.line(mask.label) if mask.label else None,
            )
            for mask in value.masks
        )
        return Occlusion(
            self.shipped[name],
            picture.width,
            picture.height,
            self.line(value.name),
            value.hides_all,
            tuple(sorted(masks, key=lambda mask: mask.number)),
        )

    def list_media(self, names: Iterable[str]) -> tuple[Media, ...]:
        """Return files by the names that they ship under, in the order of these."""
        media = (Media(self.shipped[name], self.bank.media[name].data, name) for name in names)
        return tuple(sorted(media, key=lambda file: file.name))

    def rename(self, name: str) -> str:
        """Return the name that a file ships under which a text calls so; the same for one that keeps its name."""
        found = find_file(name, self.shipped)
        shipped = self.shipped.get(found, name)
        return name if shipped == found else shipped

    def rich(self, text: MarkdownText, language: str = "") -> RichText:
        return RichText(text.value, self.finish(text), language=language)

    def line(self, text: MarkdownText, language: str = "") -> RichText:
        """Return a text for use inside a line."""
        return RichText(text.value, self.finish(text), is_line=True, language=language)

    def gist(self, text: MarkdownText) -> RichText:
        """Return a text of the cheat sheet. Its pictures are no part of what learners get in Anki."""
        return RichText(text.value, self.finish(text, self.in_gists), is_line=True)

    def finish(self, text: MarkdownText, shown: set[str] | None = None) -> Document:
        """Return a text's tree with code in colors, and with the names that its pictures and sounds ship under.

        Their names are added to `shown`, by default to those that notes show.
        """
        made = text.document
        if is_simple(made):
            return made
        is_colored = is_simple(made, or_code=True)
        document = made if is_colored else guard(made, text.value)
        if is_colored or any(isinstance(node, Picture | Sound | CodeBlock) for node in document.walk()):
            names = self.shown if shown is None else shown
            return map_nodes(document, lambda node: self.finish_node(node, names))
        return document

    def finish_node(self, node: Node, shown: set[str]) -> Node:
        if isinstance(node, Picture | Sound):
            name = find_file(node.name, self.shipped)
            if self.bank.lacks(name) or self.bank.media[name].fault:
                return markdown.Text(node.description or name)
            shown.add(name)
            return replace(node, name=self.shipped[name])
        return (
            replace(node, pieces=self.colors.color(node.text, node.language)) if isinstance(node, CodeBlock) else node
        )

    def media(self, field: Field, value: MediaName) -> RichText:
        """Return a picture or sound as a text that consists of it.

        Without words of its own it is called what its field is: that gives nothing away on the front of a card.
        """
        words = value.description.value.strip() if value.description else ""
        description = words or self.bank.strings(field.label or field.key_in_words)
        name, nowhere = self.shipped[value.name.value], markdown.Place(0, 0)
        self.shown.add(value.name.value)
        node = (
            Picture(name, description, "", nowhere, nowhere)
            if field.holds is Holds.PICTURE
            else Sound(name, description, nowhere, nowhere)
        )
        written = f"![{re.sub(_BRACKETS, _ESCAPED, description)}](<{value.name.value}>)"
        document = Document((markdown.Paragraph((node,), nowhere, is_tight=True),))
        return RichText(written, document, is_line=True)

    def code(self, name: Text) -> Code:
        snippet = self.bank.snippets[name.value]
        self.snippets[snippet.name] = snippet.shown
        language = guess_language(snippet.name)
        content = (markdown.Text(snippet.shown),)
        pieces = self.colors.color(snippet.shown, language)
        return Code(snippet.name, CodeBlock(language, content, markdown.Place(0, 0), pieces=pieces))


def _list_tags(question: Question) -> tuple[str, ...]:
    """Return a note's tags: sorted, or of a note that learners had before cardpress, in the order that they have."""
    tags = dict.fromkeys(normalize("NFC", tag.value) for tag in question.tags)
    return tuple(tags) if question.guid else tuple(sorted(tags))


def _plain(text: Text | None) -> str:
    return text.value.strip() if text else ""


def _link(link: Link) -> SourceLink:
    url = link.url.value if link.url else None
    return SourceLink(link.title.value if link.title else url or "", url)
