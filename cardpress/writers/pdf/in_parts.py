"""What sheets that are set in parts have in common: where parts lead to, the contents of all, and the heads of pages.

After an edit only those parts are set again that have other words, or other pages. A large sheet in parts takes as much
memory as its largest part.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from cardpress.pdf.merging import merge
from cardpress.pdf.packing import Objects
from cardpress.pdf.parts import count_pages_of, list_places
from cardpress.writers.pdf.heights import JsonObject
from cardpress.writers.pdf.rooms import find_pictures

# As `sections-here` has it: how near to the text's first line a section begins the page, and how much higher than a
# heading Typst lets its links lead.
_NEAR, _ABOVE = 24.0, 10.0
_ASCII = "".join(map(chr, range(128)))
# More sections than these are told by the first and the last.
_MOST_NAMED = 3
# Where the list of sources begins.
_SOURCES = "sources:"
# Pages whose heads and feet are set together.
_PAGES_AT_A_TIME = 200
# How often the contents are set, as their own length decides on which pages all else is.
_TRIES = 5

Section = JsonObject
# Sets parts of the data.
SetParts = Callable[[Sequence[JsonObject]], Sequence[Objects]]


def list_letters(text: str) -> str:
    """Return the letters that all parts begin with, so that they have the same fonts: of their text, and of ASCII.

    An edit that brings another letter sets all parts again.
    """
    return "".join(sorted(letter for letter in {*text, *_ASCII} if letter.isprintable() and letter != " "))


def strip(data: JsonObject) -> JsonObject:
    """Return the data that all parts of a sheet have, and the letters of all of them."""
    return {
        **data,
        "introduction": [],
        "letters": list_letters(json.dumps(data, ensure_ascii=False)),
        "sections": list(map(_strip_section, data["sections"])),
        "media": {},
    }


@dataclass(frozen=True, slots=True)
class Piece:
    """Notes that are set together: the places of some of each section that has any here, and how long their data is."""

    notes: tuple[tuple[int, range], ...]
    size: int

    @property
    def goes_on(self) -> bool:
        """Return whether its first section began in the piece before it."""
        return any(places.start > 0 for _, places in self.notes[:1])

    def __add__(self, other: Piece) -> Piece:
        return Piece((*self.notes, *other.notes), self.size + other.size)


def split(sections: Sequence[Section], many: int, most: int) -> Iterator[Piece]:
    """Yield all notes in pieces, the first of which there always is.

    From `many` characters of data on, a section begins the next piece; what has more than `most` is parted within one.
    """
    notes: list[tuple[int, range]] = []
    used = 0
    for index, section in enumerate(sections):
        start = 0
        for place, note in enumerate(section["notes"]):
            size = len(json.dumps(note, ensure_ascii=False))
            if used and used + size > (most if place else many):
                # A section without notes stands above the next one.
                above = [] if place else list(takewhile(lambda each: not each[1], reversed(notes)))[::-1]
                before = [*notes, (index, range(start, place))] if place else notes[: len(notes) - len(above)]
                yield Piece(tuple(before), used)
                notes, used, start = above, 0, place
            used += size
        notes.append((index, range(start, len(section["notes"]))))
    yield Piece(tuple(notes), used)


def take(data: JsonObject, common: JsonObject, piece: Piece) -> JsonObject:
    """Return the data with a piece alone."""
    places = dict(piece.notes)
    sections = [
        _take_section(section, places[index]) if index in places else _strip_section(section)
        for index, section in enumerate(data["sections"])
    ]
    return common | {"part": "body", "sections": sections, "media": choose_media(data, sections)}


def _take_section(section: Section, places: range) -> Section:
    notes = section["notes"][places.start : places.stop]
    return {**section, "notes": notes, "here": True, "goes-on": places.start > 0}


def _strip_section(section: Section) -> Section:
    return {"id": section["id"], "title": section["title"], "description": "", "notes": [], "here": False}


def choose_media(data: JsonObject, shown: object) -> JsonObject:
    """Return the pictures of the data that are shown."""
    names = set(find_pictures(shown))
    return {name: each for name, each in data["media"].items() if name in names}


def name_all(part: JsonObject, data: JsonObject, keys: Sequence[str]) -> JsonObject:
    """Return the data of the part that has the contents, with these values of all notes."""
    sections = [
        {**section, "all": [{key: note[key] for key in keys} for note in whole["notes"]]}
        for section, whole in zip(part["sections"], data["sections"], strict=True)
    ]
    return part | {"part": "front", "sections": sections}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sheet: its data, and what was made of it."""

    data: JsonObject
    made: Objects


def set_with_contents(front: JsonObject, others: Sequence[Objects], set_parts: SetParts, guess: int) -> Part:
    """Return the part that has the contents of all, in front of the others. It has as many pages as guessed, or others.

    Raises ValueError when the contents name pages that are not those where all else then is.
    """
    count = guess
    for _ in range(_TRIES):
        data = front | {"pages": list_pages(others, count)}
        (made,) = set_parts([data])
        if count_pages_of(made) == count:
            return Part(data, made)
        count = count_pages_of(made)
    raise ValueError("the length of the contents depends on their numbers")


def put_together(
    data: JsonObject, common: JsonObject, parts: Sequence[Objects], height: float, top: float, set_parts: SetParts
) -> Objects:
    """Return all parts as one sheet, on paper of a height with a margin at the top, in points.

    Around the text, each page has its number, and the sections that it is in. The sources are one, too.
    """
    places = _list_all_places(parts)
    pages = sum(map(count_pages_of, parts))
    begins = [(*places[f"section:{section['id']}"], section["title"]) for section in data["sections"]]
    if _SOURCES in places:
        begins.append((*places[_SOURCES], data["labels"].get("Sources", "Sources")))
    heads = _name_pages(begins, pages, height, top)
    frame = common | {"part": "around", "count": pages}
    frames = [
        frame | {"first": first, "around": heads[first : first + _PAGES_AT_A_TIME]}
        for first in range(0, pages, _PAGES_AT_A_TIME)
    ]
    return merge(parts, set_parts(frames))


def list_pages(parts: Iterable[Objects], first: int = 0) -> dict[str, int]:
    """Return the pages of the named places of parts behind so many pages."""
    return {name: page for name, (page, _) in _list_all_places(parts, first).items()}


def _list_all_places(parts: Iterable[Objects], first: int = 0) -> dict[str, tuple[int, float]]:
    """Return the named places of parts behind so many pages: the page, and how far up it is on it."""
    places: dict[str, tuple[int, float]] = {}
    for part in parts:
        places |= {name: (first + page, up) for name, (page, _, up) in list_places(part).items()}
        first += count_pages_of(part)
    return places


def _name_pages(begins: Sequence[tuple[int, float, str]], pages: int, height: float, top: float) -> list[list[str]]:
    """Return the sections that each page is in, for its head: of where each begins, and its title."""
    heads: list[list[str]] = []
    for page in range(1, pages + 1):
        before = [title for where, _, title in begins if where < page]
        here = [(height - up + _ABOVE, title) for where, up, title in begins if where == page]
        is_at_top = bool(here) and here[0][0] < top + _NEAR
        named = [*(before[-1:] if not is_at_top else ()), *(title for _, title in here)]
        heads.append([f"{named[0]} – {named[-1]}"] if len(named) > _MOST_NAMED else named)
    return heads
