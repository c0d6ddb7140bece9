"""Lists of notes, as Anki, spreadsheets and Quizlet write them → a project of basic notes, cloze texts or own ones.

What its fields say becomes Markdown where there is such a text for all notes; else a field stays HTML, in a note type
of the project's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from cardpress.adopt.adopted import Adopted, Loss
from cardpress.adopt.column_names import Role, find_role
from cardpress.adopt.drafts import (
    Draft,
    DraftNote,
    DraftSection,
    join_small,
    make_tags,
    make_title,
    name_deck,
    name_words,
    say_words,
    write_draft,
)
from cardpress.adopt.html_meaning import make_markdown, make_plain_markdown
from cardpress.adopt.markdown_pages import read_fragment, write_elements
from cardpress.adopt.media_beside import MediaBeside, list_missing, settle
from cardpress.adopt.wishes import Wish
from cardpress.adopt.writing import Ids, Value, write_yaml
from cardpress.adopt.written_notes import WrittenNote, WrittenNotes
from cardpress.anki.field_text import to_plain_text
from cardpress.anki.original import OriginalError
from cardpress.deck.names import LEVELS
from cardpress.markdown.safe_html import make_safe
from cardpress.markdown.signs import is_words
from cardpress.note_types import Holds
from cardpress.source.note_types.declarations import RESERVED_KEYS
from cardpress.source.slugs import make_slug
from cardpress.source.yaml.reading import MAX_CHARACTERS
from cardpress.wording import say_count

_OURS = ("basic", "cloze", "interview", "occlusion", "recall")
_ADVICE = ("near-duplicate-question", "recall-asks-for-a-list", "recall-too-long", "wide-table")
_DELETION = re.compile(r"\{\{c[0-9]{1,3}::")
# Names of Anki's own note types, in English: those with a second card, and those whose answer is typed.
_REVERSED = re.compile(r"reversed|both (?:ways|directions)", re.IGNORECASE)
_OPTIONAL = re.compile(r"optional reversed", re.IGNORECASE)
_TYPED = re.compile(r"type in the answer", re.IGNORECASE)
# Notes without an answer, as a share of all: few of them are left out, and more need a note type that allows it.
_FEW = 0.05
_LONGEST_KEY = 40
# Losses of one kind that are told one by one.
_MOST_TOLD = 500


@dataclass(frozen=True, slots=True)
class _Column:
    """A field of notes: its place among theirs, its name or "", what it holds here, and its text in each note."""

    place: int
    name: str
    holds: Holds
    texts: tuple[str, ...]


@dataclass(slots=True)
class _Taken:
    """What was taken over of a list."""

    media: MediaBeside
    names: Ids
    files: dict[str, str] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
    # By the line where a note begins.
    notes: dict[int, DraftNote] = field(default_factory=dict)


def make_list_project(path: Path, written: WrittenNotes, wish: Wish) -> Adopted:
    """Return the project of a list of notes. Raises OriginalError when none of them can be taken over."""
    taken = _Taken(MediaBeside(path.absolute().parent), Ids("note-type", _OURS))
    taken.losses += [Loss("", remark) for remark in written.remarks]
    groups: dict[str, list[WrittenNote]] = {}
    for note in _without_repeated(written.notes, taken):
        groups.setdefault(note.kind, []).append(note)
    for kind, notes in groups.items():
        _take_group(kind, notes, written, taken)
    if not taken.notes:
        raise OriginalError("a list of notes, none of which asks anything")
    decks = list(dict.fromkeys(note.deck for note in written.notes if note.line in taken.notes))
    root = name_deck([each for each in decks if each])
    title = make_title(root.rpartition(LEVELS)[2], wish.title) if root else wish.title
    sections = join_small(tuple(_list_sections(decks, written.notes, taken, title)), title)
    draft = Draft(title, sections, taken.files, _ADVICE, root)
    return Adopted(
        form=written.form,
        id=wish.id,
        title=title,
        files=write_draft(draft, wish),
        taken=tuple(_say_taken(draft, taken)),
        losses=tuple(_cut([*taken.losses, *list_missing(taken.media)])),
        media=taken.media.files,
        next_steps=tuple(_say_next(draft)),
    )


def _say_taken(draft: Draft, taken: _Taken) -> Iterator[str]:
    kinds = sorted({note.kind for note in draft.notes})
    yield f"{say_count(sum(1 for _ in draft.notes), 'note')}: {', '.join(kinds)}"
    yield f"{say_count(len(draft.sections), 'section')}: {', '.join(each.title for each in draft.sections[:10])}"
    if guids := sum(bool(note.guid) for note in draft.notes):
        yield f"{say_count(guids, 'GUID')}, by which Anki knows notes"
    if taken.media.files:
        yield f"{say_count(len(taken.media.files), 'file')} in source/media/"


def _say_next(draft: Draft) -> Iterator[str]:
    if any(note.guid for note in draft.notes):
        yield (
            "a text does not say what note types learners have: to update their notes with a package, import the "
            "deck's .apkg instead"
        )


def _cut(losses: Sequence[Loss]) -> Iterator[Loss]:
    yield from losses[:_MOST_TOLD]
    if len(losses) > _MOST_TOLD:
        yield Loss("", f"{len(losses) - _MOST_TOLD:,} more things were not taken over")


def _without_repeated(notes: Sequence[WrittenNote], taken: _Taken) -> Iterator[WrittenNote]:
    """Yield notes, each GUID once: a note has one."""
    seen: set[str] = set()
    for note in notes:
        if note.guid and note.guid in seen:
            taken.losses.append(Loss(_name(note), "has the GUID of a note above, and is left out"))
            continue
        seen.add(note.guid)
        yield note


def _name(note: WrittenNote) -> str:
    words = " ".join(to_plain_text(next((each for each in note.fields if each.strip()), "")[:1_000]).split())
    return f"line {note.line:,} ({name_words(words)})" if words else f"line {note.line:,}"


def _list_sections(
    decks: Sequence[str], notes: Sequence[WrittenNote], taken: _Taken, title: str
) -> Iterator[DraftSection]:
    """Yield a section for each deck, in the order of their names; one for all notes where no deck is named."""
    by_deck: dict[str, list[DraftNote]] = {}
    for note in notes:
        if note.line in taken.notes:
            by_deck.setdefault(note.deck, []).append(taken.notes[note.line])
    last = [make_title(deck.rpartition(LEVELS)[2], title).casefold() for deck in decks]
    for deck in sorted(by_deck, key=_order):
        name = make_title(deck.rpartition(LEVELS)[2], title)
        if last.count(name.casefold()) > 1 and LEVELS in deck:
            name = make_title(" · ".join(deck.split(LEVELS)[-2:]), title)
        yield DraftSection(name, tuple(by_deck[deck]), deck)


def _order(name: str) -> list[list[tuple[int, str]]]:
    """Return what decks are sorted by: as Anki does, but that `Part 2` is before `Part 10`."""
    parts = [re.findall(r"[0-9]{1,9}|[^0-9]+|[0-9]", part.casefold()) for part in name.split(LEVELS)]
    return [[(int(each), "") if each.isascii() and each.isdecimal() else (-1, each) for each in part] for part in parts]


# --- the notes of one note type


def _take_group(kind: str, notes: Sequence[WrittenNote], written: WrittenNotes, taken: _Taken) -> None:
    """Take over the notes of one note type."""
    asked, answer, extra, others = _sort_columns(notes, written.columns)
    is_cloze = sum(bool(_DELETION.search(note.fields[asked])) for note in notes) * 2 > len(notes)
    kept: list[WrittenNote] = []
    for note in notes:
        if not note.fields[asked].strip():
            taken.losses.append(Loss(_name(note), "asks nothing, and is left out"))
        elif is_cloze and not _DELETION.search(note.fields[asked]):
            taken.losses.append(Loss(_name(note), "has no deletion, and is left out"))
        else:
            kept.append(note)
    if not kept:
        return
    is_reversed, is_typed = bool(_REVERSED.search(kind)), bool(_TYPED.search(kind))
    is_optional = bool(_OPTIONAL.search(kind)) and extra is not None
    places = [each for each in (asked, answer, extra, *others) if each is not None]
    columns = [_read_column(each, kept, written, taken, is_cloze=is_cloze and each == asked) for each in places]
    has_html = any(each.holds in (Holds.HTML, Holds.HTML_CLOZE) for each in columns)
    unanswered = [note for note in kept if answer is None or not note.fields[answer].strip()]
    is_few = len(unanswered) <= _FEW * len(kept) and not any(note.guid for note in unanswered)
    if is_cloze and not has_html and len(columns) <= 2:
        keys = dict(zip(places, ("cloze", "extra"), strict=False))
        _add_notes("cloze", keys, columns, kept, taken)
    elif not is_cloze and not has_html and not others and (not unanswered or is_few) and answer is not None:
        for note in unanswered:
            taken.losses.append(Loss(_name(note), "has no answer, and is left out"))
        keys = {asked: "question", answer: "answer"}
        if extra is not None and not is_optional:
            keys[extra] = "extra"
        flags = {"reverse": is_reversed, "typed": is_typed}
        _add_notes(
            "basic", keys, columns, kept, taken, flags=flags, only_if=extra if is_optional else None, without=unanswered
        )
    else:
        slug = make_slug(kind, "note")
        name = taken.names.make(f"anki-{slug}" if slug in _OURS else slug)
        keys = dict(zip(places, _make_keys(columns), strict=True))
        taken.files[f"templates/note-types/{name}/note-type.yaml"] = _declare(
            kind or "Note", columns, list(keys.values()), is_cloze=is_cloze, is_reversed=is_reversed, is_typed=is_typed
        )
        _add_notes(name, keys, columns, kept, taken)


def _sort_columns(notes: Sequence[WrittenNote], names: Sequence[str]) -> tuple[int, int | None, int | None, list[int]]:
    """Return the places of what is asked, of the answer and of what else there is to it, and of all others."""
    width = max(len(note.fields) for note in notes)
    filled = [place for place in range(width) if any(note.fields[place : place + 1] != ("",) for note in notes)]
    used = [place for place in filled if any("".join(note.fields[place : place + 1]).strip() for note in notes)] or [0]
    roles = {find_role(names[place]): place for place in reversed(used) if place < len(names)}
    asked, answer, extra = (roles.get(role) for role in (Role.ASKED, Role.ANSWER, Role.EXTRA))
    free = [place for place in used if place not in (asked, answer, extra)]
    if asked is None:
        asked = free.pop(0) if free else used[0]
    if answer is None and free:
        answer = free.pop(0)
    if extra is None and len(free) == 1 and not (len(names) > free[0] and names[free[0]]):
        extra = free.pop(0)
    return asked, None if answer == asked else answer, None if extra in (asked, answer) else extra, free


def _read_column(
    place: int, notes: Sequence[WrittenNote], written: WrittenNotes, taken: _Taken, *, is_cloze: bool
) -> _Column:
    """Return a field of notes as Markdown, where that can be; else as HTML."""
    name = written.columns[place] if place < len(written.columns) else ""
    sources = [_settle(note.fields[place], written, taken) for note in notes]
    texts: list[str] = []
    for html in sources:
        text = html if is_words(html) else None
        if text is None and written.is_html:
            text = make_markdown(html, with_deletions=is_cloze)
        elif text is None:
            text = make_plain_markdown(html, with_deletions=is_cloze)
        if text is None or (is_cloze and not _DELETION.search(text)) or len(text) > MAX_CHARACTERS:
            break
        texts.append(text)
    if len(texts) == len(notes):
        return _Column(place, name, Holds.CLOZE if is_cloze else Holds.LINE, tuple(texts))
    safe: list[str] = []
    for html, source in zip(sources, notes, strict=True):
        kept, dropped = make_safe(html if written.is_html else escape(html, quote=False).replace("\n", "<br>"))
        if dropped:
            taken.losses.append(Loss(_name(source), f"made safe: {', '.join(dropped[:5])}"))
        safe.append(kept)
    return _Column(place, name, Holds.HTML_CLOZE if is_cloze else Holds.HTML, tuple(safe))


def _settle(value: str, written: WrittenNotes, taken: _Taken) -> str:
    """Return a field whose pictures and sounds are files of the project."""
    if "[sound:" not in value and (not written.is_html or ("<img" not in value.lower() and "<a" not in value.lower())):
        return value
    if not written.is_html:
        return "".join(str(each) for each in settle([value], taken.media))
    return write_elements(settle(read_fragment(value), taken.media))


def _make_keys(columns: Sequence[_Column]) -> Iterator[str]:
    """Yield the keys of fields: their names, or what they are for."""
    taken = set(RESERVED_KEYS)
    for number, column in enumerate(columns):
        usual = ("question", "answer", "extra")[number] if number < 3 and not column.name else f"field_{number + 1}"
        stem = make_slug(column.name, "").replace("-", "_")[:_LONGEST_KEY].strip("_") if column.name else ""
        if not stem[:1].isalpha():
            stem = usual
        key, count = stem, 1
        while key in taken:
            count += 1
            key = f"{stem[: _LONGEST_KEY - 5]}_{count}"
        taken.add(key)
        yield key


def _declare(
    title: str, columns: Sequence[_Column], keys: Sequence[str], *, is_cloze: bool, is_reversed: bool, is_typed: bool
) -> str:
    """Return the note-type.yaml of a note type with these fields. The engine writes its cards."""
    fields: list[Value] = []
    for number, (column, key) in enumerate(zip(columns, keys, strict=True)):
        declared: dict[str, Value] = {"key": key, "holds": str(column.holds)}
        if number == 0:
            declared["required"] = True
        elif number > 1 and column.name:
            declared["label"] = column.name
        fields.append(declared)
    if len(keys) == 1:
        fields.append({"key": "extra", "holds": "text"})
        keys = [*keys, "extra"]
    card: dict[str, Value] = {"asks": [keys[0]], "answers": list(keys[1:])}
    if is_typed and columns[1:] and columns[1].holds is Holds.LINE and not is_cloze:
        card["typed"] = keys[1]
    cards: list[Value] = [card]
    if is_reversed and not is_cloze:
        cards = [
            {"name": "Forward", **card},
            {"name": "Reverse", "asks": [keys[1]], "answers": [keys[0], *keys[2:]]},
        ]
    return write_yaml({"title": make_title(title, "Note"), "noun": "a note", "fields": fields, "cards": cards})


def _add_notes(
    kind: str,
    keys: Mapping[int, str],
    columns: Sequence[_Column],
    notes: Sequence[WrittenNote],
    taken: _Taken,
    *,
    flags: Mapping[str, bool] | None = None,
    only_if: int | None = None,
    without: Sequence[WrittenNote] = (),
) -> None:
    """Take over notes under these keys. `only_if` is the place of a field that says whether a note is reversed."""
    left = {note.line for note in without}
    by_place = {column.place: column for column in columns}
    for index, note in enumerate(notes):
        if note.line in left:
            continue
        values: dict[str, Value] = {key: by_place[place].texts[index] for place, key in keys.items()}
        first = columns[0]
        words = say_words(first.texts[index]) if first.holds in (Holds.LINE, Holds.CLOZE) else ""
        values |= {name: True for name, is_set in (flags or {}).items() if is_set}
        if only_if is not None and not by_place[only_if].texts[index].strip():
            values.pop("reverse", None)
        if not str(values[keys[first.place]]).strip():
            taken.losses.append(Loss(_name(note), "asks nothing that can be shown, and is left out"))
            continue
        plain = words or " ".join(to_plain_text(note.fields[first.place][:1_000]).split())
        taken.notes[note.line] = DraftNote(kind, values, plain, make_tags(note.tags), note.guid)
