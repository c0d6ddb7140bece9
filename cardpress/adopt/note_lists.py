"""Lists of notes, as Anki, spreadsheets and Quizlet write them → a project of basic notes, cloze texts or own ones.

What its fields say becomes Markdown where there is such a text for all notes; else a field stays HTML, in a note type
of the project's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from cardpress.adopt.kinds import NO_KEYS
from cardpress.adopt.markdown_pages import read_fragment, write_elements
from cardpress.adopt.media_beside import MediaBeside, list_missing, settle
from cardpress.adopt.wishes import Wish
from cardpress.adopt.writing import Ids, Value, split_words, write_yaml
from cardpress.adopt.written_notes import WrittenNote, WrittenNotes
from cardpress.anki.field_text import to_plain_text
from cardpress.anki.original import OriginalError
from cardpress.deck.names import LEVELS
from cardpress.markdown.raw_html import read_html
from cardpress.markdown.safe_html import make_safe, sanitize, scan
from cardpress.markdown.signs import is_words
from cardpress.markdown.tree import Deletion, has_content
from cardpress.note_types import RESERVED_NAMES, Fact, Holds
from cardpress.source.note_types.declarations import make_field_name
from cardpress.source.slugs import DEVICES, make_slug
from cardpress.source.yaml.reading import LONGEST_LABEL, MAX_CHARACTERS, MAX_HTML
from cardpress.wording import say_count

_OURS = ("basic", "cloze", "interview", "occlusion", "recall")
_ADVICE = ("near-duplicate-question", "recall-asks-for-a-list", "recall-too-long", "wide-table")
_DELETION = re.compile(r"\{\{c[0-9]{1,3}::")
# What stands around what a deletion hides.
_IN_DELETION = re.compile(r"\{\{c[0-9]{1,3}::|(?:::[^{}:]*)?\}\}")
# Names of Anki's own note types, in English: those with a second card, and those whose answer is typed.
_REVERSED = re.compile(r"reversed|both (?:ways|directions)", re.IGNORECASE)
_OPTIONAL = re.compile(r"optional reversed", re.IGNORECASE)
_TYPED = re.compile(r"type in the answer", re.IGNORECASE)
# Notes with nothing but what they ask, as a share of all: so many are left out, and of more it seems to be meant, which
# needs a note type that allows it. One in so many that need another note type than ours do not take the others along.
_FEW, _MANY = 0.5, 4
# What a text may not do, and is told to have done.
_ACTS = re.compile(
    r"<\s*(?:script|style|iframe|object|embed|link|meta|form|input|button|video|audio|base)\b|\son\w+\s*=|javascript:",
    re.IGNORECASE,
)
# What shows nothing in HTML, or not what it seems to.
_MARKUP = re.compile(r"<[^<>]*>|&#?\w{1,32};")
# The keys of fields without names, by whether the first one is a cloze text.
_KEYS = {False: ("question", "answer", "extra"), True: ("text", "extra")}
_LONGEST_KEY = 40
# Characters of a field of a text. As HTML that is safe it may have more.
_LONGEST_FIELD = MAX_HTML // 5
# Characters of a field that are read for what a note is called.
_SAID = 1_000
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
    # By the numbers of the notes of the text.
    notes: dict[int, DraftNote] = field(default_factory=dict)


def make_list_project(path: Path, written: WrittenNotes, wish: Wish) -> Adopted:
    """Return the project of a list of notes. Raises OriginalError when none of them can be taken over."""
    taken = _Taken(MediaBeside(path.absolute().parent), Ids("note-type", (*_OURS, *DEVICES)))
    taken.losses += [Loss("", remark) for remark in written.remarks]
    groups: dict[str, list[WrittenNote]] = {}
    for note in _without_repeated(written.notes, taken):
        shown = replace(note, fields=tuple(each if _shows(each, written) else "" for each in note.fields))
        groups.setdefault(note.kind, []).append(shown)
    for kind, notes in groups.items():
        _take_group(kind, notes, written, taken)
    if not taken.notes:
        raise OriginalError("a list of notes, none of which asks anything")
    decks = list(dict.fromkeys(note.deck for note in written.notes if note.number in taken.notes))
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
        next_steps=(*written.advice, *_say_next(draft)),
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
            "who has these notes in Anki gets no update from this project, since a text does not say their note types: "
            "import the deck's .apkg instead, or remove each `guid`, and it is a second deck for them"
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
        if len(note.guid) > LONGEST_LABEL:
            what = f"has a GUID of {len(note.guid):,} characters, which is left out: it is a new note for Anki"
            taken.losses.append(Loss(_name(note), what))
            yield replace(note, guid="")
            continue
        seen.add(note.guid)
        yield note


def _shows(value: str, written: WrittenNotes) -> bool:
    """Return whether a field shows anything: `<b></b>` and a byte order mark do not."""
    if is_words(value) or len(value) > _LONGEST_FIELD:
        return True
    is_plain = not written.is_html or ("<!" not in value and not _ACTS.search(value))
    if is_plain and any(map(str.isalnum, _MARKUP.sub("", value) if written.is_html else value)):
        return True
    return has_content(read_html(sanitize(value) if written.is_html else escape(value, quote=False)).blocks)


def _has_deletion(value: str, written: WrittenNotes) -> bool:
    """Return whether something is deleted from what a field shows, and not in a comment or in script."""
    if _DELETION.search(value) is None:
        return False
    html = make_safe(value)[0] if written.is_html else escape(value, quote=False)
    return any(isinstance(each, Deletion) for each in read_html(html, with_deletions=True).walk())


def _name(note: WrittenNote) -> str:
    words = _say(next((each for each in note.fields if each.strip()), ""))
    return f"line {note.line:,} ({name_words(words)})" if words else f"line {note.line:,}"


def _list_sections(
    decks: Sequence[str], notes: Sequence[WrittenNote], taken: _Taken, title: str
) -> Iterator[DraftSection]:
    """Yield a section for each deck, in the order of their names; one for all notes where no deck is named."""
    by_deck: dict[str, list[DraftNote]] = {}
    for note in notes:
        if note.number in taken.notes:
            by_deck.setdefault(note.deck, []).append(taken.notes[note.number])
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


@dataclass(frozen=True, slots=True)
class _Group:
    """The notes of one note type: its name or "", and the places of their fields.

    `texts` has what each field says as Markdown, if it can, by the number of the note and the place of the field.
    """

    kind: str
    notes: tuple[WrittenNote, ...]
    names: tuple[str, ...]
    asked: int
    answer: int | None
    extra: int | None
    others: tuple[int, ...]
    is_cloze: bool
    texts: Mapping[tuple[int, int], str | None]

    @property
    def places(self) -> tuple[int, ...]:
        """The places of all fields that are used: of what is asked, of the answer, and so on."""
        return tuple(each for each in (self.asked, self.answer, self.extra, *self.others) if each is not None)

    @property
    def can_be_ours(self) -> bool:
        """Whether a note type of ours has such fields."""
        if self.others:
            return False
        return self.extra is None if self.is_cloze else self.answer is not None

    def is_usual(self, note: WrittenNote) -> bool:
        """Return whether a note type of ours can hold a note: as Markdown, and with an answer."""
        if any(self.texts[note.number, place] is None for place in self.places):
            return False
        return self.is_cloze or (self.answer is not None and bool(note.fields[self.answer].strip()))


def _take_group(kind: str, notes: Sequence[WrittenNote], written: WrittenNotes, taken: _Taken) -> None:
    """Take over the notes of one note type."""
    asked, answer, extra, others = _sort_columns(notes, written.columns)
    is_cloze = sum(bool(_DELETION.search(note.fields[asked])) for note in notes) * 2 > len(notes)
    unanswered = {note.number for note in notes if not any(note.fields[:asked] + note.fields[asked + 1 :])}
    leaves_unanswered = not is_cloze and len(unanswered) <= _FEW * len(notes)
    kept: list[WrittenNote] = []
    for note in notes:
        if any(len(each) > _LONGEST_FIELD for each in note.fields):
            taken.losses.append(Loss(_name(note), f"is left out: a field has at most {_LONGEST_FIELD:,} characters"))
        elif not note.fields[asked].strip():
            taken.losses.append(Loss(_name(note), "asks nothing, and is left out"))
        elif is_cloze and not _has_deletion(note.fields[asked], written):
            taken.losses.append(Loss(_name(note), "has no deletion, and is left out"))
        elif leaves_unanswered and note.number in unanswered and not note.guid:
            taken.losses.append(Loss(_name(note), "has no answer, and is left out"))
        else:
            kept.append(note)
    places = [each for each in (asked, answer, extra, *others) if each is not None]
    texts = {
        (note.number, place): _convert(note, place, written, taken, is_cloze=is_cloze and place == asked)
        for note in kept
        for place in places
    }
    group = _Group(kind, tuple(kept), written.columns, asked, answer, extra, tuple(others), is_cloze, texts)
    odd = [note for note in kept if not group.is_usual(note)]
    if not group.can_be_ours or len(odd) * _MANY > len(kept):
        odd = kept
    numbers = {note.number for note in odd}
    _add_to_ours(replace(group, notes=tuple(note for note in kept if note.number not in numbers)), taken)
    if odd:
        _add_to_own(replace(group, notes=tuple(odd)), written, taken)


def _convert(note: WrittenNote, place: int, written: WrittenNotes, taken: _Taken, *, is_cloze: bool) -> str | None:
    """Return a field of a note as Markdown, None where there is no such text."""
    value = note.fields[place]
    if is_words(value):
        return value if len(value) <= MAX_CHARACTERS else None
    if written.is_html and _ACTS.search(value) and (dropped := scan(value)[0]):
        taken.losses.append(Loss(_name(note), f"is made safe, without {', '.join(each.what for each in dropped[:5])}"))
    settled = _settle(value, _name(note), written, taken)
    make = make_markdown if written.is_html else make_plain_markdown
    text = make(settled, with_deletions=is_cloze)
    if text is None or len(text) > MAX_CHARACTERS or (is_cloze and not _DELETION.search(text)):
        return None
    return text if text.strip() or not value.strip() else None


def _add_to_ours(group: _Group, taken: _Taken) -> None:
    """Take over notes as basic notes or cloze texts."""
    is_optional = bool(_OPTIONAL.search(group.kind)) and group.extra is not None
    keys = {group.asked: "cloze" if group.is_cloze else "question"}
    if group.answer is not None:
        keys[group.answer] = "extra" if group.is_cloze else "answer"
    if group.extra is not None and not is_optional:
        keys[group.extra] = "extra"
    flags = {"reverse": bool(_REVERSED.search(group.kind)), "typed": bool(_TYPED.search(group.kind))}
    for note in group.notes:
        values: dict[str, Value] = {key: group.texts[note.number, place] or "" for place, key in keys.items()}
        if not group.is_cloze:
            has_reverse = not is_optional or (group.extra is not None and bool(note.fields[group.extra].strip()))
            values |= {name: True for name, is_set in flags.items() if is_set and (name != "reverse" or has_reverse)}
        words = _list_words(say_words, [str(values[key]) for key in keys.values()])
        _add(note, "cloze" if group.is_cloze else "basic", values, words, taken)


def _add_to_own(group: _Group, written: WrittenNotes, taken: _Taken) -> None:
    """Take over notes with a note type of the project's own: a field is HTML where one of its texts has to be."""
    columns = [_make_column(place, group, written, taken) for place in group.places]
    slug = make_slug(group.kind, "note")
    name = taken.names.make(f"anki-{slug}" if slug in _OURS else slug)
    keys = tuple(_make_keys(columns, is_cloze=group.is_cloze))
    taken.files[f"templates/note-types/{name}/note-type.yaml"] = _declare(group, columns, keys)
    html = frozenset(
        key for key, each in zip(keys, columns, strict=True) if each.holds not in (Holds.LINE, Holds.CLOZE)
    )
    for index, note in enumerate(group.notes):
        values: dict[str, Value] = {key: column.texts[index] for key, column in zip(keys, columns, strict=True)}
        _add(note, name, values, _list_words(_say, [note.fields[place] for place in group.places]), taken, html)


def _list_words(say: Callable[[str], str], values: Sequence[str]) -> list[str]:
    """Return the first words of what a note asks, and of its other fields where an id cannot be made of these."""
    first = say(values[0])
    is_enough = any(letter.isalpha() for letter in make_slug(first, ""))
    return [first, *(() if is_enough else map(say, values[1:]))]


def _add(
    note: WrittenNote,
    kind: str,
    values: Mapping[str, Value],
    words: Sequence[str],
    taken: _Taken,
    html: frozenset[str] = frozenset(),
) -> None:
    if str(next(iter(values.values()))).strip():
        first, *others = words
        tags, long = make_tags(note.tags)
        taken.notes[note.number] = DraftNote(kind, values, first, tags, note.guid, tuple(others), html)
        taken.losses += [Loss(_name(note), f"loses its tag {each[:40]}…, which is too long") for each in long]
    else:
        taken.losses.append(Loss(_name(note), "asks nothing that can be shown, and is left out"))


def _say(value: str) -> str:
    start = _IN_DELETION.sub("", value[:_SAID])
    return " ".join(to_plain_text(sanitize(start) if _ACTS.search(start) else start).split())


def _make_column(place: int, group: _Group, written: WrittenNotes, taken: _Taken) -> _Column:
    """Return a field of notes as Markdown, where that can be of all of them; else as HTML."""
    name = group.names[place] if place < len(group.names) else ""
    is_cloze = group.is_cloze and place == group.asked
    texts = [group.texts[note.number, place] for note in group.notes]
    if all(each is not None for each in texts):
        return _Column(place, name, Holds.CLOZE if is_cloze else Holds.LINE, tuple(each or "" for each in texts))
    sources = [_settle(note.fields[place], _name(note), written, taken) for note in group.notes]
    html = [each if written.is_html else escape(each, quote=False).replace("\n", "<br>") for each in sources]
    return _Column(
        place, name, Holds.HTML_CLOZE if is_cloze else Holds.HTML, tuple(make_safe(each)[0] for each in html)
    )


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


def _settle(value: str, where: str, written: WrittenNotes, taken: _Taken) -> str:
    """Return a field whose pictures and sounds are files of the project. `where` is what a report calls its note."""
    taken.media.where = where
    if "[sound:" not in value and (not written.is_html or ("<img" not in value.lower() and "<a" not in value.lower())):
        return value
    if not written.is_html:
        return "".join(str(each) for each in settle([value], taken.media))
    return write_elements(settle(read_fragment(value), taken.media))


def _make_keys(columns: Sequence[_Column], *, is_cloze: bool) -> Iterator[str]:
    """Yield the keys of fields: their names, or what they are for."""
    taken = set(NO_KEYS)
    # For Anki, `AB` and `Ab` are one name.
    names = {make_field_name(fact).lower() for fact in Fact}
    for number, column in enumerate(columns):
        usual = _KEYS[is_cloze][number] if number < len(_KEYS[is_cloze]) and not column.name else f"field_{number + 1}"
        stem = (
            make_slug(split_words(column.name), "").replace("-", "_")[:_LONGEST_KEY].strip("_") if column.name else ""
        )
        if not stem[:1].isalpha():
            stem = usual
        key, count = stem, 1
        while key in taken or make_field_name(key).lower() in names:
            count += 1
            key = f"{stem[: _LONGEST_KEY - 5]}_{count}"
        taken.add(key)
        names.add(make_field_name(key).lower())
        yield key


def _declare(group: _Group, columns: Sequence[_Column], keys: Sequence[str]) -> str:
    """Return the note-type.yaml of a note type with these fields. The engine writes its cards."""
    fields: list[Value] = []
    for number, (column, key) in enumerate(zip(columns, keys, strict=True)):
        declared: dict[str, Value] = {"key": key, "holds": str(column.holds)}
        if number == 0:
            declared["required"] = True
        elif number > 1 and column.name:
            declared["label"] = column.name
        if (name := make_field_name(key)) in RESERVED_NAMES:
            declared["name"] = f"{name} field"
        fields.append(declared)
    if len(keys) == 1:
        fields.append({"key": "extra", "holds": "text"})
        keys = [*keys, "extra"]
    card: dict[str, Value] = {"asks": [keys[0]], "answers": list(keys[1:])}
    cards: list[Value] = [card]
    if not group.is_cloze:
        if _TYPED.search(group.kind) and columns[1:] and columns[1].holds is Holds.LINE:
            card["typed"] = keys[1]
        if _REVERSED.search(group.kind):
            back = {"name": "Reverse", "asks": [keys[1]], "answers": [keys[0], *keys[2:]]}
            cards = [{"name": "Forward", **card}, back]
    title = make_title(group.kind, "Note")
    return write_yaml({"title": title, "noun": "a note", "fields": fields, "cards": cards})
