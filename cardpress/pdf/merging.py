"""Makes one PDF of several that Typst set: parts of a sheet whose pages need nothing of each other but their order.

Each part begins with a page of letters, on which the letters of the whole sheet stand in one order. So the fonts of all
parts are the same, and the file has each of them once. That page is left out.

Terms: PDF 1.7 (ISO 32000-1), 7.7.3 "Page Tree", 14.7.2 "Structure Hierarchy", 14.7.4.4 "Finding Structure Elements from
Content Items".
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cardpress.pdf.packing import Objects

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_KEY = re.compile(rb"(?<=/StructParent) (\d+)|(?<=/StructParents) (\d+)")
_PAIR = re.compile(rb"(\d+) (\d+) 0 R")
_RESOURCES = re.compile(rb"/Resources (\d+) 0 R")
_BOX = re.compile(rb"/MediaBox\s*\[[^\]]*\]")
_CONTENTS = re.compile(rb"/Contents (\d+ 0 R)")
# Places on a page: of links, and of what stands as a figure.
_PLACES = re.compile(rb"/(Rect|QuadPoints|BBox)\s*\[([^\]]*)\]")
_PATTERNS = re.compile(rb"/Pattern\s*<<([^>]*)>>")
_MATRIX = re.compile(rb"/Matrix\s*\[([^\]]*)\]")
# Where a link leads to.
_AIM = re.compile(rb"/XYZ (-?[\d.]+) (-?[\d.]+)")
_PAGES = re.compile(rb"(?<=<xmpTPg:NPages>)\d+(?=<)")
_LENGTH = re.compile(rb"/Length \d+")
_ID = re.compile(rb"/ID\s*\[[^\]]*\]")
# The names of a table's cells, which others name as their heads. Typst counts tables from 1 in each part.
_OF_A_TABLE = b"<</Type/StructElem/S/T"
_CELL = re.compile(rb"(?<=\()(?=U\d+x\d+y\d+\))")
_CELLS = re.compile(rb"/IDTree<</Names\[([^\]]*)\]>>")
_NAMED = re.compile(rb"\((U\d+x\d+y\d+)\)(\d+) 0 R")
_NEXT_KEY = re.compile(rb"/ParentTreeNextKey \d+")
_IN_STRING = re.compile(rb"\\.|[()]", re.DOTALL)
# What a whole document has, and its parts cannot have each for itself.
_OF_A_WHOLE = (b"/Names<<", b"/PageLabels", b"/Dests")
_CATALOG, _TREE, _STRUCTURE, _DOCUMENT = 1, 2, 3, 4


def merge(parts: Sequence[Objects]) -> Objects:
    """Return the objects of one PDF with the pages of all parts in their order, but for the first page of each.

    Raises ValueError when a part is not as Typst writes sheets without links to their own pages.
    """
    streams: dict[int, bytes] = {}
    plain: dict[int, bytes] = {}
    known: dict[bytes, int] = {}
    pages: list[int] = []
    elements: list[int] = []
    parents: list[bytes] = []
    cells: list[bytes] = []
    last, key = _DOCUMENT, 0
    for index, part in enumerate(parts):
        root = _Root.of(part)
        numbers = {root.catalog: _CATALOG, root.tree: _TREE, root.structure: _STRUCTURE, root.document: _DOCUMENT}
        renumber = _Renumber(numbers, key, b"%d" % index)
        # Fonts and pictures, those below first: the file has the same ones once.
        for number in _list_resources(part, root.pages[1:]):
            body = renumber(_get(part, number))
            if body not in known:
                last += 1
                known[body] = last
                (streams if number in part.streams else plain)[last] = body
            numbers[number] = known[body]
        heads = () if plain.get(_CATALOG) else (part.plain[root.catalog], part.trailer)
        starts = (
            *root.pages[1:],
            *root.elements,
            *root.parents.values(),
            *(each for head in heads for each in _list_references(head)),
        )
        reached = list(_reach(part, starts, numbers))
        for number in reached:
            last += 1
            numbers[number] = last
        for number in reached:
            (streams if number in part.streams else plain)[numbers[number]] = renumber(_get(part, number))
        if heads:
            trailer = renumber(part.trailer)
            for number in (root.catalog, root.tree, root.structure, root.document):
                plain[numbers[number]] = part.plain[number] if number != root.catalog else renumber(part.plain[number])
        pages += [numbers[each] for each in root.pages[1:]]
        elements += [numbers[each] for each in root.elements]
        parents += [b"%d %d 0 R" % (key + each, numbers[number]) for each, number in sorted(root.parents.items())]
        cells += [b"(%d%b)%d 0 R" % (index, name, numbers[number]) for name, number in root.cells.items()]
        key += max(root.parents, default=-1) + 1
    plain[_TREE] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(pages), _say(pages))
    structure = _put(_put(plain[_STRUCTURE], b"K", _say([_DOCUMENT])), b"Nums", b" ".join(parents))
    named = b"/IDTree<</Names[%b]>>" % b"".join(sorted(cells)) if cells else b""
    structure = _CELLS.sub(b"", structure).removesuffix(b">>") + named + b">>"
    plain[_STRUCTURE] = _NEXT_KEY.sub(b"/ParentTreeNextKey %d" % key, structure)
    document = _put(plain[_DOCUMENT], b"K", _say(elements))
    plain[_DOCUMENT] = re.sub(rb"/P \d+ 0 R", b"/P %d 0 R" % _STRUCTURE, document)
    metadata = _read_number(plain[_CATALOG], b"Metadata")
    streams[metadata] = _count_pages(streams[metadata], len(pages))
    return _name(Objects(parts[0].head, streams, plain, trailer))


def move_pages(objects: Objects, size: tuple[float, float], moved: tuple[float, float]) -> Objects:
    """Return a PDF whose pages have another width and height, in points, and what is on them moved right and up."""
    across, up = moved
    before, after = (max((*objects.streams, *objects.plain)) + number for number in (1, 2))
    box = b"/MediaBox[0 0 %b %b]" % tuple(map(_say_number, size))
    contents = rb"/Contents[%d 0 R \1 %d 0 R]" % (before, after)

    def move(found: re.Match[bytes]) -> bytes:
        places = [float(place) + (up if index % 2 else across) for index, place in enumerate(found[2].split())]
        return b"/%b[%b]" % (found[1], b" ".join(map(_say_number, places)))

    def aim(found: re.Match[bytes]) -> bytes:
        return b"/XYZ %b %b" % (_say_number(float(found[1]) + across), _say_number(float(found[2]) + up))

    def change(text: bytes) -> bytes:
        return _AIM.sub(aim, _PLACES.sub(move, _CONTENTS.sub(contents, _BOX.sub(box, text))))

    streams = {
        **objects.streams,
        before: _make_stream(b"q 1 0 0 1 %b %b cm\n" % (_say_number(across), _say_number(up))),
        after: _make_stream(b"\nQ"),
    }
    plain = {
        number: _change_outside_strings(body, change) if _is_placed(body) else body
        for number, body in objects.plain.items()
    }
    for number in _list_patterns(objects):
        of_kind = plain if number in plain else streams
        of_kind[number] = _move_pattern(of_kind[number], across, up)
    return _name(replace(objects, streams=streams, plain=plain))


@dataclass(frozen=True, slots=True)
class _Root:
    """The numbers of a document's objects: its catalog, trees of pages and of structure, and what is in these."""

    catalog: int
    tree: int
    structure: int
    document: int
    pages: tuple[int, ...]
    elements: tuple[int, ...]
    parents: Mapping[int, int]
    cells: Mapping[bytes, int]

    @classmethod
    def of(cls, part: Objects) -> _Root:
        catalog = _read_number(part.trailer, b"Root")
        body = part.plain[catalog]
        tree, structure = _read_number(body, b"Pages"), _read_number(body, b"StructTreeRoot")
        of_structure = part.plain[structure]
        if any(each in head for each in _OF_A_WHOLE for head in (body, of_structure)):
            raise ValueError("a part of a sheet has what only a whole document can have")
        (document,) = _read_list(of_structure, b"K")
        return cls(
            catalog,
            tree,
            structure,
            document,
            _read_list(part.plain[tree], b"Kids"),
            _read_list(part.plain[document], b"K"),
            {int(key): int(number) for key, number in _PAIR.findall(_read_array(of_structure, b"Nums"))},
            {name: int(number) for name, number in _NAMED.findall(b"".join(_CELLS.findall(of_structure)))},
        )


@dataclass(frozen=True, slots=True)
class _Renumber:
    """Gives what an object refers to its new numbers, pages the keys of their elements, and cells their names."""

    numbers: Mapping[int, int]
    key: int
    part: bytes

    def __call__(self, body: bytes) -> bytes:
        if body.startswith(_OF_A_TABLE):
            body = _CELL.sub(self.part, body)
        head, opening, content = body.partition(b"stream\n")
        return _change_outside_strings(head, self._change) + opening + content

    def _change(self, text: bytes) -> bytes:
        keyed = _KEY.sub(lambda found: b" %d" % (int(found[1] or found[2]) + self.key), text)
        return _REFERENCE.sub(lambda found: b"%d 0 R" % self.numbers[int(found[1])], keyed)


def _move_pattern(body: bytes, across: float, up: float) -> bytes:
    entries, opening, content = body.partition(b"stream\n")
    found = _MATRIX.search(entries)
    a, b, c, d, right, high = map(float, found[1].split()) if found else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    matrix = b"/Matrix[%b]" % b" ".join(b"%.6f" % each for each in (a, b, c, d, right + across, high + up))
    rest = _MATRIX.sub(b"", entries, count=1) if found else entries
    return rest.replace(b"<<", b"<<" + matrix, 1) + opening + content


def _get(part: Objects, number: int) -> bytes:
    return part.plain[number] if number in part.plain else part.streams[number]


def _list_references(body: bytes) -> list[int]:
    """Return the numbers of the objects that one refers to."""
    found: list[bytes] = []

    def collect(text: bytes) -> bytes:
        found.extend(_REFERENCE.findall(text))
        return text

    _change_outside_strings(body.partition(b"stream\n")[0], collect)
    return list(map(int, found))


def _reach(part: Objects, starts: Iterable[int], known: Mapping[int, int]) -> Iterator[int]:
    """Yield the objects that can be reached from some, but for those that are known."""
    seen = set(known)
    waiting = list(starts)[::-1]
    while waiting:
        number = waiting.pop()
        if number not in seen:
            seen.add(number)
            yield number
            waiting += _list_references(_get(part, number))[::-1]


def _list_resources(part: Objects, pages: Iterable[int]) -> list[int]:
    """Return what pages are drawn with, each behind all that it refers to."""
    ordered: dict[int, None] = {}

    def visit(number: int) -> None:
        if number not in ordered:
            for each in _list_references(_get(part, number)):
                visit(each)
            ordered[number] = None

    for page in pages:
        for resources in _RESOURCES.findall(part.plain[page]):
            visit(int(resources))
    return list(ordered)


def _change_outside_strings(body: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return an object with a change in what is no literal string: a text can hold anything."""
    made = []
    place = 0
    while (start := body.find(b"(", place)) >= 0:
        depth, end = 1, start + 1
        while depth:
            found = _IN_STRING.search(body, end)
            if found is None:
                raise ValueError("a string without an end")
            depth += {b"(": 1, b")": -1}.get(found[0], 0)
            end = found.end()
        made += [change(body[place:start]), body[start:end]]
        place = end
    return b"".join((*made, change(body[place:])))


def _read_number(body: bytes, name: bytes) -> int:
    found = re.search(rb"/%b (\d+) 0 R" % name, body)
    if found is None:
        raise ValueError(f"no {name.decode()}")
    return int(found[1])


def _read_array(body: bytes, name: bytes) -> bytes:
    found = re.search(rb"/%b\s*\[([^\[\]]*)\]" % name, body)
    if found is None:
        raise ValueError(f"no {name.decode()}")
    return found[1]


def _read_list(body: bytes, name: bytes) -> tuple[int, ...]:
    return tuple(map(int, _REFERENCE.findall(_read_array(body, name))))


def _put(body: bytes, name: bytes, array: bytes) -> bytes:
    return re.sub(rb"/%b\s*\[[^\[\]]*\]" % name, lambda _: b"/%b[%b]" % (name, array), body, count=1)


def _say(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _say_number(number: float) -> bytes:
    return (b"%.3f" % number).rstrip(b"0").rstrip(b".")


def _is_placed(body: bytes) -> bool:
    if b"/BBox" in body and b"/Type/StructElem" in body:
        return True
    return any(each in body for each in (b"/MediaBox", b"/Type/Annot", b"/XYZ"))


def _list_patterns(objects: Objects) -> frozenset[int]:
    """Return the patterns that pages draw with: what is not moved by what a page draws (PDF 1.7, 8.7.3.1)."""
    pages = [body for body in objects.plain.values() if b"/MediaBox" in body]
    resources = {int(number) for body in pages for number in _RESOURCES.findall(body)}
    found = (_PATTERNS.findall(objects.plain[number]) for number in resources)
    return frozenset(int(number) for each in found for listed in each for number in _REFERENCE.findall(listed))


def _make_stream(content: bytes) -> bytes:
    return b"<</Length %d>>\nstream\n%b\nendstream" % (len(content), content)


def _count_pages(metadata: bytes, pages: int) -> bytes:
    """Return a document's metadata, which is not compressed, with this number of pages."""
    entries, _, rest = metadata.partition(b"stream\n")
    content = _PAGES.sub(b"%d" % pages, rest.removesuffix(b"\nendstream"))
    return b"%bstream\n%b\nendstream" % (_LENGTH.sub(b"/Length %d" % len(content), entries), content)


def _name(objects: Objects) -> Objects:
    """Return a document with a name of its own, which readers know it by (PDF 1.7, 14.4 "File Identifiers")."""
    whole = hashlib.sha256(objects.trailer)
    for number, body in sorted((*objects.streams.items(), *objects.plain.items())):
        whole.update(b"%d %d " % (number, len(body)) + body)
    name = b64encode(whole.digest()[:16])
    return replace(objects, trailer=_ID.sub(lambda _: b"/ID[(%b)(%b)]" % (name, name), objects.trailer))
