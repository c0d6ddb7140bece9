"""Reads a PDF that Typst set as a part of a sheet: its pages, and what else a whole document has once.

It begins with a page of letters, which is not counted. Terms: PDF 1.7 (ISO 32000-1), 7.7.3 "Page Tree", 12.3.2
"Destinations", 12.3.3 "Document Outline", 14.7.4.4 "Finding Structure Elements from Content Items".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cardpress.pdf.bodies import (
    change_outside_strings,
    end_of_string,
    get_body,
    list_references,
    read_array,
    read_list,
    read_number,
)
from cardpress.pdf.packing import Objects

_KEY_OF_PAGE = re.compile(rb"/StructParents (\d+)")
_PAIR = re.compile(rb"(\d+) (\d+) 0 R")
_NUMBER = re.compile(rb"(\d+) 0 R")
RESOURCES = re.compile(rb"/Resources (\d+) 0 R")
CELLS = re.compile(rb"/IDTree<</Names\[([^\]]*)\]>>")
_NAMED_CELL = re.compile(rb"\((U\d+x\d+y\d+)\)(\d+) 0 R")
# The names of places.
NAMES = b"/Names<</Dests<</Names["
# What a whole document has, and its parts cannot have each for itself.
_OF_A_WHOLE = (b"/PageLabels", b"/Dests ", b"/Kids")


def list_places(part: Objects) -> dict[str, tuple[int, float, float]]:
    """Return the named places of a part: the page, from 1, without that of letters, and how far right and up it is."""
    root = Root.of(part)
    pages = {number: index for index, number in enumerate(root.pages)}
    places = {}
    for name, number in root.places:
        page, across, up = read_aim(part.plain[number])
        places[name.decode("latin-1")] = (pages[page], across, up)
    return places


def count_pages_of(part: Objects) -> int:
    """Return how many pages a part has, without that of letters."""
    return len(Root.of(part).pages) - 1


@dataclass(frozen=True, slots=True)
class Root:
    """The numbers of a document's objects: its catalog, trees of pages and of structure, and what is in these.

    `goes_on` is the entry of the outline whose heading is on the page of letters, and what is below it. The chapter
    before it goes on with that.
    """

    catalog: int
    tree: int
    structure: int
    document: int
    outlines: int
    pages: tuple[int, ...]
    elements: tuple[int, ...]
    parents: Mapping[int, int]
    cells: Mapping[bytes, int]
    places: tuple[tuple[bytes, int], ...]
    chapters: tuple[int, ...]
    goes_on: tuple[int, ...]

    @classmethod
    def of(cls, part: Objects) -> Root:
        """Return them. Raises ValueError when the part is not as Typst writes it, or cannot be one."""
        catalog = read_number(part.trailer, b"Root")
        body = part.plain[catalog]
        tree, structure, outlines = (read_number(body, name) for name in (b"Pages", b"StructTreeRoot", b"Outlines"))
        of_structure = part.plain[structure]
        if any(each in head for each in _OF_A_WHOLE for head in (body, of_structure)):
            raise ValueError("a part of a sheet has what only a whole document can have")
        (document,) = read_list(of_structure, b"K")
        pages = read_list(part.plain[tree], b"Kids")
        elements, parents = _read_tree(part, of_structure, document, pages[0])
        return cls(
            catalog,
            tree,
            structure,
            document,
            outlines,
            pages,
            elements,
            parents,
            {name: int(number) for name, number in _NAMED_CELL.findall(b"".join(CELLS.findall(of_structure)))},
            tuple(named for named in _list_named(body) if read_aim(part.plain[named[1]])[0] != pages[0]),
            *_part_chapters(part, outlines, pages[0]),
        )


def _read_tree(
    part: Objects, of_structure: bytes, document: int, letters: int
) -> tuple[tuple[int, ...], dict[int, int]]:
    """Return a document's elements, and those by the keys of pages, but for what is on the page of letters."""
    if b"/Nums" not in of_structure:
        return (), {}
    elements = read_list(part.plain[document], b"K")
    parents = {int(key): int(number) for key, number in _PAIR.findall(read_array(of_structure, b"Nums"))}
    if (found := _KEY_OF_PAGE.search(part.plain[letters])) is not None:
        del parents[int(found[1])]
        there = b"/Pg %d 0 R" % letters
        elements = tuple(number for number in elements if there not in _without_strings(part.plain[number]))
    return elements, parents


def _list_named(catalog: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield the names of places, as they are written in brackets, and the objects that say where they are."""
    _, opening, rest = catalog.partition(NAMES)
    place = 0
    while opening and rest[place : place + 1] == b"(":
        end = end_of_string(rest, place)
        found = _NUMBER.match(rest, end)
        if found is None:
            raise ValueError("a name without a place")
        yield rest[place + 1 : end - 1], int(found[1])
        place = found.end()


def _part_chapters(part: Objects, outlines: int, letters: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the chapters of a part, and the first one where that goes on, with what is below it."""
    chapters = tuple(list_entries(part, outlines))
    if not chapters:
        return (), ()
    aim = read_number(_without_strings(part.plain[chapters[0]]), b"Dest")
    if read_aim(part.plain[aim])[0] != letters:
        return chapters, ()
    return chapters[1:], (chapters[0], *list_entries(part, chapters[0]))


def list_entries(part: Objects, above: int) -> Iterator[int]:
    """Yield the entries of an outline that are right below one, or below none."""
    following = re.search(rb"/First (\d+) 0 R", _without_strings(part.plain[above]))
    while following is not None:
        number = int(following[1])
        yield number
        following = re.search(rb"/Next (\d+) 0 R", _without_strings(part.plain[number]))


def _without_strings(body: bytes) -> bytes:
    made: list[bytes] = []

    def collect(text: bytes) -> bytes:
        made.append(text)
        return text

    change_outside_strings(body, collect)
    return b"".join(made)


def read_aim(body: bytes) -> tuple[int, float, float]:
    """Return the number of the page that a place is on, and how far right and up there."""
    found = re.fullmatch(rb"\[(\d+) 0 R\s*/XYZ (-?[\d.]+) (-?[\d.]+) [\d.]+\]", body.strip())
    if found is None:
        raise ValueError("a place that is not a point of a page")
    return int(found[1]), float(found[2]), float(found[3])


def reach(part: Objects, starts: Iterable[int], known: Mapping[int, int]) -> Iterator[int]:
    """Yield the objects that can be reached from some, but for those that are known."""
    seen = set(known)
    waiting = list(starts)[::-1]
    while waiting:
        number = waiting.pop()
        if number not in seen:
            seen.add(number)
            yield number
            waiting += list_references(get_body(part, number))[::-1]


def list_resources(part: Objects, pages: Iterable[int]) -> list[int]:
    """Return what pages are drawn with, each behind all that it refers to."""
    ordered: dict[int, None] = {}

    def visit(number: int) -> None:
        if number not in ordered:
            for each in list_references(get_body(part, number)):
                visit(each)
            ordered[number] = None

    for page in pages:
        visit(int(find_in(RESOURCES, part.plain[page])))
    return list(ordered)


def find_in(pattern: re.Pattern[bytes], body: bytes) -> bytes:
    """Return what a pattern finds first. Raises ValueError when it finds nothing."""
    found = pattern.search(body)
    if found is None:
        raise ValueError("a page that is not as Typst writes it")
    return found[1]
