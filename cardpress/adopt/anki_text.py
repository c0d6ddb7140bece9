"""Texts that Anki imports and exports, and all others with a note a line → their notes.

Anki's own begin with lines such as `#separator:tab` and `#guid column:1`, which say what the columns are; a line that
begins with `#` is no note. Of other texts the first row may name the columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from cardpress.adopt.card_texts import BARE_SETTINGS, is_of_cards
from cardpress.adopt.column_names import Role, find_role, is_header
from cardpress.adopt.separated import Row, Separated, read_separated
from cardpress.adopt.written_notes import WrittenNote, WrittenNotes, decode_text
from cardpress.anki.original import OriginalError

_HEADER = re.compile(r"#([a-z][a-z ]*):(.*)", re.IGNORECASE)
_COLUMN_KEYS = ("notetype column", "deck column", "tags column", "guid column")
_KEYS = frozenset({"separator", "html", "tags", "columns", "notetype", "deck", "if matches", *_COLUMN_KEYS})
_SIGNS = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|", "colon": ":", "\\t": "\t"}
_COLUMN_ROLES = dict(zip(_COLUMN_KEYS, (Role.KIND, Role.DECK, Role.TAGS, Role.GUID), strict=True))
# What is HTML for sure: tags that end what another began, those that nothing ends, and names of characters.
_HTML = re.compile(
    r"</(?:b|i|u|div|p|ul|ol|li|span|font|strong|em|sub|sup|pre|code|table|tr|td|a|h[1-6])>|<br ?/?>|<img\s[^<>]*>"
    r"|&(?:nbsp|lt|gt|amp|quot|#\d{2,6});",
    re.IGNORECASE,
)
_OF_CARDS = (
    "it is *Cards in Plain Text*, with the two sides of each card as Anki shows them; "
    "export *Notes in Plain Text (.txt)* with everything ticked, or the deck as *Anki Deck Package (.apkg)*"
)
_BARE = (
    "the text names no note types, decks, tags or GUIDs: if Anki has some, export *Notes in Plain Text (.txt)* with "
    "everything ticked, and import that"
)
# A deck's name has a few levels, and no line ends.
_LONGEST_NAME = 300
# What Excel writes and reads as the first line of a text, to say which sign stands between fields.
_OF_EXCEL = re.compile('"?sep=([^"])"?,*', re.IGNORECASE)
_BETWEEN_TAGS = re.compile("[,;]")
# Lines of remarks of one kind. Nobody reads more.
_MOST_REMARKS = 20


class _Plan(NamedTuple):
    """What the columns of a text are: the special ones by their numbers from 0, and the others."""

    special: Mapping[int, Role]
    fields: tuple[int, ...]
    names: tuple[str, ...]


def read_text_notes(data: bytes) -> WrittenNotes:
    """Return the notes of a text. Raises OriginalError for what is none."""
    text = decode_text(data)
    settings, start = _read_settings(text)
    lines = text.split("\n")
    sign = _SIGNS.get(settings.get("separator", "").strip().lower(), settings.get("separator", "").strip() or None)
    if not settings and (named := _OF_EXCEL.fullmatch(lines[0])):
        sign, start = named[1], 1
    body = "\n".join(lines[start:]) if start else text
    separated = read_separated(body, sign=sign if sign and len(sign) == 1 else None, first_line=start + 1)
    # In quotes a `#` begins a field, and no comment.
    rows = [row for row in separated.rows if not (settings and lines[row.line - 1].startswith("#"))]
    if not rows:
        raise OriginalError("a text without a note")
    if is_of_cards(settings, rows):
        raise OriginalError(_OF_CARDS)
    plan = _plan_by_settings(settings, separated) if settings else _plan_by_header(rows, separated.width)
    if not settings and plan.names:
        rows = rows[1:]
    remarks: list[str] = []
    made = (_make_note(row, plan, settings, separated, remarks) for row in rows)
    notes = tuple(replace(note, number=number) for number, note in enumerate(made))
    if not plan.fields or not notes:
        raise OriginalError("a text whose notes have no fields")
    is_html = settings["html"].strip().lower() == "true" if "html" in settings else _has_html(notes)
    if is_html and "html" not in settings:  # somebody typed these fields, one as HTML and others as plain text
        notes = tuple(map(_break_lines, notes))
    if len(remarks) > _MOST_REMARKS:
        remarks[_MOST_REMARKS:] = [f"and {len(remarks) - _MOST_REMARKS:,} more such lines"]
    advice = (_BARE,) if settings.keys() == BARE_SETTINGS else ()
    return WrittenNotes(_name_form(settings, separated), notes, is_html, plan.names, tuple(remarks), advice)


def _read_settings(text: str) -> tuple[dict[str, str], int]:
    """Return what the first lines of a text say in Anki's way, and how many lines these are."""
    settings: dict[str, str] = {}
    count = 0
    for line in text.split("\n"):
        if not line.startswith("#"):
            break
        found = _HEADER.fullmatch(line)
        key = found[1].strip().lower() if found else ""
        if found and key in _KEYS:
            settings.setdefault(key, found[2])
        elif not settings:
            return {}, 0
        count += 1
    return settings, count


def _plan_by_settings(settings: Mapping[str, str], separated: Separated) -> _Plan:
    width = max((len(row.cells) for row in separated.rows), default=0)
    special: dict[int, Role] = {}
    for key, role in _COLUMN_ROLES.items():
        number = settings.get(key, "").strip()
        if number.isascii() and number.isdecimal() and len(number) < 5 and 0 < int(number) <= width:
            special[int(number) - 1] = role
    fields = tuple(each for each in range(width) if each not in special)
    names = [each.strip() for each in settings.get("columns", "").split(separated.sign)]
    kept = tuple(names[each] if each < len(names) else "" for each in fields) if any(names) else ()
    return _Plan(special, fields, kept)


def _plan_by_header(rows: Sequence[Row], width: int) -> _Plan:
    first = rows[0].cells
    if not is_header(first):
        return _Plan({}, tuple(range(width)), ())
    if len(rows) == 1:
        raise OriginalError("a text with the names of columns, and without a note")
    width = max(len(row.cells) for row in rows)
    roles = {number: find_role(cell) for number, cell in enumerate(first)}
    others = (Role.ASKED, Role.ANSWER, Role.EXTRA)
    special = {number: role for number, role in roles.items() if role is not None and role not in others}
    # Each of these once.
    seen: set[Role] = set()
    for number, role in list(special.items()):
        if role in seen:
            del special[number]
        seen.add(role)
    fields = tuple(number for number in range(width) if number not in special)
    return _Plan(special, fields, tuple(first[each].strip() if each < len(first) else "" for each in fields))


def _make_note(
    row: Row, plan: _Plan, settings: Mapping[str, str], separated: Separated, remarks: list[str]
) -> WrittenNote:
    cells = list(row.cells)
    width = len(plan.special) + len(plan.fields)
    while not settings and len(cells) > max(1, separated.width) and not cells[-1].strip():
        cells.pop()
    if not settings and len(cells) > separated.width and separated.width > 1 and not plan.names:
        remarks.append(
            f"line {row.line:,} has {len(cells)} fields, and most have {separated.width}: the last one has all the rest"
        )
        sign = separated.sign if separated.sign.strip() else " "
        cells[separated.width - 1 :] = [sign.join(cells[separated.width - 1 :])]
    cells += [""] * (width - len(cells))
    special = {role: cells[number].strip() for number, role in plan.special.items()}
    tags = [*settings.get("tags", "").split(), *_part_tags(special.get(Role.TAGS, ""), is_of_anki=bool(settings))]
    return WrittenNote(
        row.line,
        tuple(cells[each].strip() for each in plan.fields),
        tuple(dict.fromkeys(tags)),
        cells[next(number for number, role in plan.special.items() if role is Role.GUID)]
        if Role.GUID in special
        else "",
        (special.get(Role.DECK) or settings.get("deck", "").strip())[:_LONGEST_NAME],
        (special.get(Role.KIND) or settings.get("notetype", "").strip())[:_LONGEST_NAME],
    )


def _part_tags(cell: str, *, is_of_anki: bool) -> list[str]:
    """Return the tags of a cell: in a text of Anki's there are spaces between them, elsewhere commas, if any."""
    if is_of_anki or not _BETWEEN_TAGS.search(cell):
        return cell.replace(",", " ").split()
    return [each.strip() for each in _BETWEEN_TAGS.split(cell) if each.strip()]


def _break_lines(note: WrittenNote) -> WrittenNote:
    """Return a note with line breaks where a field without any HTML has line ends, which HTML would not show."""
    fields = (each if _HTML.search(each) else each.replace("\n", "<br>") for each in note.fields)
    return replace(note, fields=tuple(fields))


def _has_html(notes: Sequence[WrittenNote]) -> bool:
    """Return whether the fields of notes are HTML, where nothing says so."""
    return any(_HTML.search(each) for note in notes for each in note.fields)


def _name_form(settings: Mapping[str, str], separated: Separated) -> str:
    if settings:
        return "a text that Anki wrote, or that is written for it"
    names = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars", "\n": "empty lines"}
    return f"a list of notes with {names.get(separated.sign, f'`{separated.sign.strip()}`')} between their fields"
