"""The booklet in parts: its front, its sections, and what is around the text of each page.

After an edit only those parts are set again that have other words, or other pages: a section, as a rule.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cardpress.pdf.merging import merge
from cardpress.pdf.packing import Objects
from cardpress.pdf.parts import count_pages_of, list_places
from cardpress.pdf.places import find_lowest
from cardpress.writers.pdf.heights import JsonObject
from cardpress.writers.pdf.rooms import find_pictures

# Characters of the data of a part: what is set in about 0.2 s.
_LEAST = 40_000
# Points: the margins above and below the text, as `booklet.typ` has them.
_TOP, _BOTTOM = 26 * 72 / 25.4, 24 * 72 / 25.4
# The part of a page that has room for a section to begin on it.
_ROOM = 0.7
# As `sections-here` has it: how near to the text's first line a section begins the page, and how much higher than a
# heading Typst lets its links lead.
_NEAR, _ABOVE = 24.0, 10.0
# More sections than these are told by the first and the last.
_MOST_NAMED = 3
# How often the contents are set, as their own length decides on which pages all else is.
_TRIES = 5

Section = JsonObject
# Sets parts of the data.
SetParts = Callable[[Sequence[JsonObject]], Sequence[Objects]]


def can_be_in_parts(data: JsonObject) -> bool:
    """Return whether no part says on which page something in another one is: numbers tell where questions are."""
    return all(note["number"] is not None for section in data["sections"] for note in section["notes"])


def set_in_parts(data: JsonObject, height: float, set_parts: SetParts) -> Objects:
    """Return a booklet on paper of a height in points. Raises ValueError when it cannot be made of parts."""

    def ends_high(part: Objects) -> bool:
        return find_lowest(part) > _BOTTOM + _ROOM * (height - _TOP - _BOTTOM)

    common = _strip(data)
    bodies = _set_bodies(data, common, ends_high, set_parts)
    front = _set_front(data, common, range(0), bodies, set_parts)
    while bodies and ends_high(front):  # the next sections go on there
        body = bodies.pop(0)
        guess = count_pages_of(front) - 1 + count_pages_of(body.made)
        front = _set_front(data, common, range(body.sections.stop), bodies, set_parts, guess)
    places = _list_all_places([front, *(body.made for body in bodies)])
    pages = count_pages_of(front) + sum(count_pages_of(body.made) for body in bodies)
    heads = _name_pages(data["sections"], places, pages, height)
    (around,) = set_parts([common | {"part": "around", "around": heads}])
    return merge([front, *(body.made for body in bodies)], around)


def _list_all_places(parts: Iterable[Objects], first: int = 0) -> dict[str, tuple[int, float]]:
    """Return the named places of parts behind so many pages: the page, and how far up it is on it."""
    places: dict[str, tuple[int, float]] = {}
    for part in parts:
        places |= {name: (first + page, up) for name, (page, _, up) in list_places(part).items()}
        first += count_pages_of(part)
    return places


@dataclass(frozen=True, slots=True)
class _Body:
    """Some sections, and what was made of them."""

    sections: range
    made: Objects


def _set_bodies(
    data: JsonObject, common: JsonObject, ends_high: Callable[[Objects], bool], set_parts: SetParts
) -> list[_Body]:
    """Return all sections. Those stand together of which one ends high on a page, where the next one goes on."""
    groups = list(_group(data["sections"]))
    made: dict[range, Objects] = {}
    while True:
        missing = [group for group in groups if group not in made]
        made |= zip(missing, set_parts([_take(data, common, group) for group in missing]), strict=True)
        joined: list[range] = []
        for group, is_high in zip(groups, [False, *(ends_high(made[group]) for group in groups)], strict=False):
            if is_high:
                joined[-1] = range(joined[-1].start, group.stop)
            else:
                joined.append(group)
        if joined == groups:
            return [_Body(group, made[group]) for group in groups]
        groups = joined


def _group(sections: Sequence[Section]) -> Iterator[range]:
    """Yield sections that are set together. One without questions begins no page."""
    start = used = 0
    for index, section in enumerate(sections, 1):
        used += len(json.dumps(section, ensure_ascii=False))
        if index == len(sections) or (used >= _LEAST and sections[index]["notes"]):
            yield range(start, index)
            start, used = index, 0


def _take(data: JsonObject, common: JsonObject, group: range) -> JsonObject:
    """Return the data with some sections alone."""
    sections = [
        {**section, "here": True} if index in group else _empty(section)
        for index, section in enumerate(data["sections"])
    ]
    return common | {"part": "body", "sections": sections, "media": _choose_media(data, sections)}


def _strip(data: JsonObject) -> JsonObject:
    """Return what all parts have, and the letters of all of them."""
    letters = {letter for letter in json.dumps(data, ensure_ascii=False) if letter.isprintable() and letter != " "}
    return {
        **data,
        "introduction": [],
        "letters": "".join(sorted(letters)),
        "sections": list(map(_empty, data["sections"])),
        "media": {},
    }


def _empty(section: Section) -> Section:
    return {"id": section["id"], "title": section["title"], "description": "", "notes": [], "here": False}


def _choose_media(data: JsonObject, shown: object) -> JsonObject:
    names = set(find_pictures(shown))
    return {name: each for name, each in data["media"].items() if name in names}


def _set_front(
    data: JsonObject, common: JsonObject, first: range, others: Sequence[_Body], set_parts: SetParts, guess: int = 1
) -> Objects:
    """Return the front with its contents, and the first sections. It has as many pages as its `guess`, or others."""
    keys = ("id", "number", "title")
    sections = [
        {**section, "here": True}
        if index in first
        else {**_empty(section), "notes": [{key: note[key] for key in keys} for note in section["notes"]]}
        for index, section in enumerate(data["sections"])
    ]
    front = common | {
        "part": "front",
        "introduction": data["introduction"],
        "sections": sections,
        "media": _choose_media(data, [data["introduction"], sections]),
    }
    count = guess
    for _ in range(_TRIES):
        places = _list_all_places((body.made for body in others), count)
        (made,) = set_parts([front | {"pages": {name: page for name, (page, _) in places.items()}}])
        if count_pages_of(made) == count:
            return made
        count = count_pages_of(made)
    raise ValueError("the length of the contents depends on their numbers")


def _name_pages(
    sections: Sequence[Section], places: dict[str, tuple[int, float]], pages: int, height: float
) -> list[list[str]]:
    """Return the sections that each page is in, for its head."""
    begins = [(*places[f"section:{section['id']}"], section["title"]) for section in sections]
    heads: list[list[str]] = []
    for page in range(1, pages + 1):
        before = [title for where, _, title in begins if where < page]
        here = [(height - up + _ABOVE, title) for where, up, title in begins if where == page]
        is_at_top = bool(here) and here[0][0] < _TOP + _NEAR
        named = [*(before[-1:] if not is_at_top else ()), *(title for _, title in here)]
        heads.append([f"{named[0]} – {named[-1]}"] if len(named) > _MOST_NAMED else named)
    return heads
