"""The booklet in parts: its front, and its sections. After an edit one section is set again, as a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice

from cardpress.note_types import Holds
from cardpress.pdf.packing import Objects
from cardpress.pdf.parts import count_pages_of
from cardpress.pdf.places import find_lowest
from cardpress.writers.pdf.heights import JsonObject
from cardpress.writers.pdf.in_parts import (
    Part,
    Piece,
    SetParts,
    choose_media,
    list_pages,
    name_all,
    put_together,
    set_with_contents,
    split,
    strip,
    take,
)

# Characters of the data of a part: from so many on, which are set in about 0.2 s, a section begins the next one. Parts
# are not longer than the second number, which would take 150 MB, also where a section is.
_MANY, _MOST = 40_000, 400_000
# Points: the margins above and below the text, as `booklet.typ` has them.
_TOP, _BOTTOM = 26 * 72 / 25.4, 24 * 72 / 25.4
# The part of a page that has room for a section to begin on it.
_ROOM = 0.7


def is_parted(data: JsonObject) -> bool:
    """Return whether a booklet is so long that it is set in parts."""
    return any(True for _ in islice(split(data["sections"], _MANY, _MOST), 1, None))


def set_booklet(data: JsonObject, height: float, set_parts: SetParts) -> Objects:
    """Return a booklet on paper of a height in points. Raises ValueError when it cannot be made of parts."""

    def ends_high(part: Part) -> bool:
        return find_lowest(part.made) > _BOTTOM + _ROOM * (height - _TOP - _BOTTOM)

    common = strip(data)
    bodies = _set_bodies(data, common, ends_high, set_parts)
    start = Piece((), 0)
    begin = _set_front(data, common, start, bodies, set_parts)
    # The next sections go on there.
    while ends_high(begin) and (piece := next(iter(bodies), None)) is not None and not piece.goes_on:
        guess = count_pages_of(begin.made) - 1 + count_pages_of(bodies.pop(piece).made)
        start += piece
        begin = _set_front(data, common, start, bodies, set_parts, guess)
    made = _tell_pages([begin, *bodies.values()], set_parts)
    return put_together(data, common, made, height, _TOP, set_parts)


def _tell_pages(parts: Sequence[Part], set_parts: SetParts) -> list[Objects]:
    """Return the parts, of which those are set again that say on which pages questions without numbers are.

    Raises ValueError when something else then stands on another page.
    """
    made = [part.made for part in parts]
    pages = list_pages(made)
    named = [_list_named(part.data) for part in parts]
    told = [
        part.data | {"see-pages": {name: pages[name] for name in names}}
        for part, names in zip(parts, named, strict=True)
        if names
    ]
    if told:
        again = iter(set_parts(told))
        made = [next(again) if names else each for names, each in zip(named, made, strict=True)]
        if list_pages(made) != pages:
            raise ValueError("what is on a page depends on the pages that it names")
    return made


def _list_named(data: JsonObject) -> list[str]:
    """Return the questions that others of a part name by their pages."""
    fields = [field for section in data["sections"] for note in section["notes"] for field in note.get("fields", ())]
    others = [other for field in fields if field["holds"] == Holds.IDS for other in field["value"]]
    return sorted({other["id"] for other in others if other["number"] is None})


def _set_bodies(
    data: JsonObject, common: JsonObject, ends_high: Callable[[Part], bool], set_parts: SetParts
) -> dict[Piece, Part]:
    """Return all sections. Those stand together of which one ends high on a page, where the next one goes on."""
    pieces = list(split(data["sections"], _MANY, _MOST))
    made: dict[Piece, Part] = {}
    while True:
        missing = {piece: take(data, common, piece) for piece in pieces if piece not in made}
        pairs = zip(missing.items(), set_parts(list(missing.values())), strict=True)
        made |= {piece: Part(of_piece, objects) for (piece, of_piece), objects in pairs}
        joined: list[Piece] = []
        for piece, is_high in zip(pieces, [False, *(ends_high(made[piece]) for piece in pieces)], strict=False):
            if is_high and not piece.goes_on:
                joined[-1] += piece
            else:
                joined.append(piece)
        if joined == pieces:
            return {piece: made[piece] for piece in pieces}
        pieces = joined


def _set_front(
    data: JsonObject,
    common: JsonObject,
    start: Piece,
    others: Mapping[Piece, Part],
    set_parts: SetParts,
    guess: int = 1,
) -> Part:
    """Return the front with its contents, and the first sections. It has as many pages as its `guess`, or others."""
    taken = take(data, common, start)
    media = choose_media(data, [data["introduction"], taken["sections"]])
    front = taken | {"introduction": data["introduction"], "media": media}
    front = name_all(front, data, ("id", "number", "title"))
    return set_with_contents(front, [body.made for body in others.values()], set_parts, guess)
