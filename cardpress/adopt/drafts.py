"""What a text becomes: notes under the keys of their note types, in sections, and the files that hold them.

For sources that nobody has in Anki, or of which nobody knows what Anki has: the notes are new ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import category, normalize

from cardpress.adopt.markdown_text import write_markdown
from cardpress.adopt.wishes import Wish
from cardpress.adopt.writing import Ids, Value, can_be_cell, write_entries, write_table, write_yaml
from cardpress.anki.package import TAGS_OF_LEARNERS
from cardpress.deck.names import LEVELS
from cardpress.markdown import parse, to_plain_text
from cardpress.markdown.tree import Paragraph
from cardpress.source.contents import SCHEMA
from cardpress.source.slugs import NO_SECTIONS
from cardpress.source.tables.cells import MAX_ROWS
from cardpress.source.yaml.reading import MAX_ENTRIES

VERSION = "0.1.0"
_EDITOR = f"# yaml-language-server: $schema={SCHEMA}\n"
# Characters of a value that reads well in a table, and lines of one.
_LONGEST_CELL, _MOST_LINES = 160, 3
# Characters of a file of questions.
_LONGEST_FILE = 12 * 1024 * 1024
_LONGEST_TITLE, _LONGEST_NAME = 100, 60
# Notes. Sheets of more fill books, and take long.
_MOST_PRINTED, _MOST_IN_BOOKLET = 2_000, 500
_TAG_SIGNS = re.compile(r"[\s:\"'*\\<>\u2018\u2019\u201c-\u201e,;]+")
_LONGEST_TAG = 60
_ADVICE = "# What is advice for new questions is switched off: remove a line to be told of it.\n"
_NO_SHEETS = "# A deck of this size has no printed sheets, which would fill books: remove the line to have them.\n"


@dataclass(frozen=True, slots=True)
class DraftNote:
    """A note: its kind, its values by their keys, and the words that its id is made of, or else other ones.

    `html` are the keys of those values that are HTML; other texts are Markdown.
    """

    kind: str
    values: Mapping[str, Value]
    words: str
    tags: tuple[str, ...] = ()
    guid: str = ""
    other_words: tuple[str, ...] = ()
    html: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DraftSection:
    """A section: its title, its notes, and the full name of its deck in Anki, "" where it has none yet."""

    title: str
    notes: tuple[DraftNote, ...]
    deck: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A deck that is to be written: its title, its sections, and the files of its own note types.

    `advice` has the codes of warnings that its texts, which are taken over as they are, would cause again and again.
    `deck` is the full name of its deck in Anki, "" where it has none yet.
    """

    title: str
    sections: tuple[DraftSection, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    advice: tuple[str, ...] = ()
    deck: str = ""

    @property
    def notes(self) -> Iterator[DraftNote]:
        """All notes."""
        return (note for section in self.sections for note in section.notes)


def write_draft(draft: Draft, wish: Wish) -> dict[str, bytes]:
    """Return the files of a project by their paths in it."""
    section_ids, note_ids = Ids("section", NO_SECTIONS), Ids("note")
    files = dict(draft.files)
    declared: list[Value] = []
    kinds = Counter(note.kind for note in draft.notes)
    usual = kinds.most_common(1)[0][0]
    is_only = len(draft.sections) == 1 and not draft.sections[0].deck
    for section, part in _part_all(draft.sections):
        section_id = section_ids.make(part)
        own = Counter(note.kind for note in section.notes).most_common(1)[0][0]
        entry: dict[str, Value] = {"id": section_id, "title": part}
        if section.deck:
            entry["anki"] = {"name": section.deck}
        elif is_only:
            entry["deck_name"] = False
        if own != usual:
            entry["note_type"] = own
        named = [(note_ids.make(note.words, note.other_words), note) for note in section.notes]
        if all(note.kind == own and _fits_row(note) for note in section.notes):
            entry["table"] = f"{section_id}.csv"
            files[f"source/{section_id}.csv"] = write_table(_list_rows(named))
        else:
            files[f"source/{section_id}.yaml"] = _EDITOR + write_entries(_list_entries(named, own))
        declared.append(entry)
    files["source/deck.yaml"] = _EDITOR + "".join(_write_deck(draft, wish, usual, declared, kinds.total()))
    return {path: text.encode() for path, text in files.items()}


def _write_deck(draft: Draft, wish: Wish, kind: str, sections: Sequence[Value], count: int) -> Iterator[str]:
    yield write_yaml({"id": wish.id, "title": draft.title, "version": VERSION})
    yield f"date: {wish.date}\n"
    more: dict[str, Value] = {"language": wish.language} if wish.language else {}
    if draft.deck:
        more["anki"] = {"name": draft.deck}
    yield write_yaml(more | {"note_type": kind, "inherit_tags": False})
    if draft.advice:
        yield _ADVICE
        yield "checks:\n" + "".join(f"  {code}: off\n" for code in draft.advice)
    if count > _MOST_PRINTED:
        yield _NO_SHEETS
        yield write_yaml({"outputs": {"pdf": False}})
    elif count > _MOST_IN_BOOKLET:
        yield write_yaml({"outputs": {"booklet": False}})
    yield write_yaml({"sections": sections})


def _part_all(sections: Sequence[DraftSection]) -> Iterator[tuple[DraftSection, str]]:
    """Yield sections whose files can be read, with their titles, which no two share."""
    taken: Counter[str] = Counter()
    for section in sections:
        for notes in _part(section.notes):
            taken[section.title] += 1
            number = taken[section.title]
            yield (
                DraftSection(section.title, notes, section.deck),
                section.title if number == 1 else f"{section.title} ({number})",
            )


def _part(notes: Sequence[DraftNote]) -> Iterator[tuple[DraftNote, ...]]:
    part: list[DraftNote] = []
    size = 0
    for note in notes:
        weight = 200 + sum(
            len(value) + value.count("\n") * 4 for value in note.values.values() if isinstance(value, str)
        )
        if part and (size + weight > _LONGEST_FILE // 3 or len(part) >= MAX_ROWS):
            yield tuple(part)
            part, size = [], 0
        part.append(note)
        size += weight
    yield tuple(part)


def _fits_row(note: DraftNote) -> bool:
    """Return whether a note reads well as a row, and is the same there."""
    return all(
        isinstance(value, bool) or (isinstance(value, str) and (cell := _find_cell(note, key)) and can_be_cell(cell[0]))
        for key, value in note.values.items()
    ) and can_be_cell(note.guid)


def _find_cell(note: DraftNote, key: str) -> tuple[str] | None:
    """Return a text as a cell has it, where a line end is a line break; None where it does not read well in a table."""
    text = str(note.values[key])
    if len(text) > _LONGEST_CELL or text.count("\n") >= _MOST_LINES:
        return None
    if "\n" not in text or key in note.html:
        return (text,)
    cell = _write_lines(text)
    return None if cell is None else (cell,)


@lru_cache(maxsize=2 * MAX_ROWS)
def _write_lines(text: str) -> str | None:
    """Return a text of several lines for a cell, None where it is more than paragraphs. It is asked twice of each."""
    with_deletions = "{{c" in text
    document = parse(text, with_deletions=with_deletions)
    if not all(isinstance(block, Paragraph) for block in document.blocks):
        return None
    return write_markdown(document, with_deletions=with_deletions, with_breaks=True)


def _list_rows(notes: Sequence[tuple[str, DraftNote]]) -> Iterator[Sequence[str]]:
    keys = list(dict.fromkeys(key for _, note in notes for key, value in note.values.items() if value))
    has_tags, has_guids = any(note.tags for _, note in notes), any(note.guid for _, note in notes)
    yield ["id", *keys, *(["tags"] if has_tags else []), *(["guid"] if has_guids else [])]
    for note_id, note in notes:
        cells = [_write_cell(note, key) for key in keys]
        yield [
            note_id,
            *cells,
            *([" ".join(note.tags)] if has_tags else []),
            *([note.guid] if has_guids else []),
        ]


def _write_cell(note: DraftNote, key: str) -> str:
    value = note.values.get(key, "")
    if isinstance(value, bool):
        return "true" if value else ""
    cell = _find_cell(note, key) if key in note.values else None
    return cell[0] if cell else ""


def _list_entries(notes: Sequence[tuple[str, DraftNote]], usual: str) -> Iterator[Mapping[str, Value]]:
    for note_id, note in notes:
        entry: dict[str, Value] = {"id": note_id}
        if note.guid:
            entry["guid"] = note.guid
        if note.kind != usual:
            entry["note_type"] = note.kind
        entry |= {key: value for key, value in note.values.items() if value}
        if note.tags:
            entry["tags"] = list(note.tags)
        yield entry


# --- titles, names and tags


def make_title(text: str, otherwise: str) -> str:
    """Return a title from a heading or a deck's name: a line of words, without what no print font has."""
    kept = "".join(" " if category(each) in ("So", "Cs", "Co", "Cn", "Sk", "Cf", "Cc") else each for each in text)
    bare = re.sub(r"[`*]|\[\s*\]|\(\s*\)", "", normalize("NFC", kept))
    words = " ".join(bare.split()).strip(" -–—:#|")
    cut = words if len(words) <= _LONGEST_TITLE else words[:_LONGEST_TITLE].rpartition(" ")[0] or words[:_LONGEST_TITLE]
    return cut if any(map(str.isalnum, cut)) else otherwise


def name_deck(decks: Sequence[str]) -> str:
    """Return the name of the deck that all decks lie below, or are, "" where there is none."""
    parted = [name.split(LEVELS) for name in decks]
    shared = 0
    while parted and all(len(each) > shared and each[shared] == parted[0][shared] for each in parted):
        shared += 1
    return LEVELS.join(parted[0][:shared]) if parted else ""


def make_tags(tags: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return tags as a project can hold them, each once, and those that are too long for it."""
    made: dict[str, str] = {}
    long: list[str] = []
    for tag in tags:
        parts = (_TAG_SIGNS.sub("-", part).strip("-_") for part in tag.split(LEVELS))
        kept = LEVELS.join(part for part in parts if part)
        if len(kept) > _LONGEST_TAG:
            long.append(tag)
        elif kept and kept.casefold() not in TAGS_OF_LEARNERS:
            made.setdefault(kept.casefold(), kept)
    return tuple(made.values()), tuple(long)


def say_words(markdown: str) -> str:
    """Return the first words of a Markdown text, without its marks."""
    start = re.sub(r"\{\{c[0-9]+::|(?:::[^{}]*)?\}\}", "", markdown[:500])
    return " ".join(to_plain_text(parse(start)).split())


def name_words(words: str) -> str:
    """Return what a report calls a note that has these words."""
    return words if len(words) <= _LONGEST_NAME else f"{words[:_LONGEST_NAME].rstrip()}…"


def join_small(sections: Sequence[DraftSection], title: str) -> tuple[DraftSection, ...]:
    """Return no more sections than a deck can have: all notes in one, where there are more."""
    if len(sections) <= MAX_ENTRIES // 2:
        return tuple(sections)
    return (DraftSection(title, tuple(note for section in sections for note in section.notes)),)
