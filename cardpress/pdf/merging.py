"""Makes one PDF of several that Typst set: parts of a sheet, and what is drawn around each of its pages.

Each part begins with a page of letters, on which the letters of the whole sheet stand in one order. So the fonts of all
parts are the same, and the file has each of them once. That page is left out. A part links what is in another one by an
address of the scheme `part:`, and the name that it has there.

Terms: PDF 1.7 (ISO 32000-1), 7.7.3 "Page Tree", 7.8.3 "Resource Dictionaries", 12.3.3 "Document Outline", 14.7.2
"Structure Hierarchy", 14.7.4.4 "Finding Structure Elements from Content Items".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cardpress.pdf.bodies import (
    REFERENCE,
    change_outside_strings,
    get_body,
    list_references,
    make_stream,
    name_document,
    read_number,
)
from cardpress.pdf.packing import Objects, pack_stream, read_content
from cardpress.pdf.parts import CELLS, NAMES, RESOURCES, Root, find_in, list_resources, reach, read_aim

# The scheme of addresses in another part.
PART = "part:"
_KEY = re.compile(rb"(?<=/StructParent) (\d+)|(?<=/StructParents) (\d+)")
_CONTENTS = re.compile(rb"/Contents (\d+) 0 R")
# Resources of a page by their kinds.
_CATEGORY = re.compile(rb"/(\w+)<<((?:/\w+ \d+ 0 R)*)>>")
_RESOURCE = re.compile(rb"/(\w+) (\d+) 0 R")
_PAGES = re.compile(rb"(?<=<xmpTPg:NPages>)\d+(?=<)")
_LENGTH = re.compile(rb"/Length \d+")
# The names of a table's cells, which others name as their heads. Typst counts tables from 1 in each part.
_OF_A_TABLE = b"<</Type/StructElem/S/T"
_CELL = re.compile(rb"(?<=\()(?=U\d+x\d+y\d+\))")
_NEXT_KEY = re.compile(rb"/ParentTreeNextKey \d+")
_BESIDE = re.compile(rb"/(?:Prev|Next) \d+ 0 R")
# What an entry of an outline has below it. Its title is behind that.
_LAST = re.compile(rb"/Last (\d+) 0 R")
_COUNT = re.compile(rb"/Count -?(\d+)")
# A link to a place in another part.
_TO_PART = re.compile(rb"/A<</Type/Action/S/URI/URI\(part:([^()\\]*)\)>>(.*)/Contents\(part:[^()\\]*\)", re.DOTALL)
# What is read out of a link to a page: a text in the document's language with the page's number at its end, which Typst
# writes in brackets or as UTF-16.
_SAID = re.compile(
    rb"/Dest\(((?:[^()\\]|\\.)*)\)([^()]*)/Contents(?:\(([^()]*?)\d+\)|<([0-9A-F]*?)(?:003[0-9])+>)", re.DOTALL
)
_LINK = b"<</Type/Annot/Subtype/Link"
_CATALOG, _TREE, _STRUCTURE, _DOCUMENT, _OUTLINES = 1, 2, 3, 4, 5


def merge(parts: Iterable[Objects], around: Iterable[Objects] = ()) -> Objects:
    """Return the objects of one PDF with the pages of all parts in their order, but for the first page of each.

    Parts are not needed any more when they were added, so that there can be few of them at a time. `around` has a page
    for each of these, behind the first one of each of its own parts. It is drawn over them, and nobody reads it out. On
    its first page is a link, which has the words for those that lead to another part.
    Raises ValueError when a part is not as Typst writes sheets.
    """
    merged = _Merged()
    for part in parts:
        merged.add(part)
    merged.draw_over(around)
    return merged.finish()


@dataclass(slots=True)
class _Merged:
    """What was merged so far. `known` has the numbers of fonts, pictures and the like by what they are."""

    streams: dict[int, bytes] = field(default_factory=dict)
    plain: dict[int, bytes] = field(default_factory=dict)
    known: dict[bytes, int] = field(default_factory=dict)
    pages: list[int] = field(default_factory=list)
    elements: list[int] = field(default_factory=list)
    parents: list[bytes] = field(default_factory=list)
    cells: list[bytes] = field(default_factory=list)
    places: list[tuple[bytes, int]] = field(default_factory=list)
    chapters: list[int] = field(default_factory=list)
    head: bytes = b""
    trailer: bytes = b""
    parts: int = 0
    key: int = 0
    last: int = _OUTLINES
    said: re.Match[bytes] | None = None

    def add(self, part: Objects) -> None:
        """Add a part behind the others."""
        root = Root.of(part)
        numbers = _number_fixed(root)
        renumber = _Renumber(numbers, self.key, b"%d" % self.parts)
        self._add_resources(part, root.pages[1:], renumber)
        if root.goes_on:  # what is below is below the last chapter
            numbers[root.goes_on[0]] = self.chapters[-1]
        is_first = not self.parts
        heads = (part.plain[root.catalog], part.trailer) if is_first else ()
        reached = list(
            reach(
                part,
                (
                    *root.pages[1:],
                    *root.elements,
                    *root.parents.values(),
                    *root.chapters,
                    *root.goes_on[1:],
                    *(number for _, number in root.places),
                    *(each for head in heads for each in list_references(head)),
                ),
                numbers,
            )
        )
        for number in reached:
            numbers[number] = self._take_number()
        for number in reached:
            self._put(numbers[number], part, number, renumber(get_body(part, number)))
        if is_first:
            self.head = part.head
            self.trailer = renumber(part.trailer)
            self.plain[_CATALOG] = renumber(part.plain[root.catalog])
            self.plain[_STRUCTURE] = part.plain[root.structure]
            self.plain[_DOCUMENT] = part.plain[root.document]
        self.pages += [numbers[each] for each in root.pages[1:]]
        self.elements += [numbers[each] for each in root.elements]
        if root.goes_on:
            self._go_on([numbers[each] for each in root.goes_on[1:]])
        self.chapters += [numbers[each] for each in root.chapters]
        self.places += [(name, numbers[number]) for name, number in root.places]
        self.parents += [
            b"%d %d 0 R" % (self.key + each, numbers[number]) for each, number in sorted(root.parents.items())
        ]
        self.cells += [b"(%d%b)%d 0 R" % (self.parts, name, numbers[each]) for name, each in root.cells.items()]
        self.key += max(root.parents, default=-1) + 1
        self.parts += 1

    def draw_over(self, around: Iterable[Objects]) -> None:
        """Draw each page of other documents over the one in its place, and read out links as they do."""
        done = 0
        for frames in around:
            root = Root.of(frames)
            links = (body for body in frames.plain.values() if body.startswith(_LINK))
            self.said = self.said or next(filter(None, map(_SAID.search, links)), None)
            count = len(root.pages) - 1
            self._draw_over(frames, root, self.pages[done : done + count])
            done += count
        if done not in (0, len(self.pages)):
            raise ValueError("not every page has something around it")

    def _draw_over(self, around: Objects, root: Root, pages: Sequence[int]) -> None:
        renumber = _Renumber(_number_fixed(root), 0, b"")
        self._add_resources(around, root.pages[1:], renumber)
        before = self._take_number()
        self.streams[before] = make_stream(b"q\n")
        for number, page in zip(pages, root.pages[1:], strict=True):
            frame, body = around.plain[page], self.plain[number]
            resources = around.plain[int(find_in(RESOURCES, frame))]
            used = [name for _, listed in _CATEGORY.findall(resources) for name in _RESOURCE.findall(listed)]
            drawn = read_content(around.streams[int(find_in(_CONTENTS, frame))])
            after = self._take_number()
            self.streams[after] = pack_stream(b"\nQ\n" + _rename(drawn, [name for name, _ in used]))
            own = self.plain[int(find_in(RESOURCES, body))]
            for category, listed in _CATEGORY.findall(_rename(renumber(resources), [name for name, _ in used])):
                opening = b"/%b<<" % category
                own = (
                    own.replace(opening, opening + listed, 1)
                    if opening in own
                    else own[:-2] + opening + listed + b">>>>"
                )
            if own not in self.known:
                self.known[own] = self._take_number()
                self.plain[self.known[own]] = own
            body = _CONTENTS.sub(b"/Contents[%d 0 R \\1 0 R %d 0 R]" % (before, after), body)
            self.plain[number] = RESOURCES.sub(b"/Resources %d 0 R" % self.known[own], body)

    def finish(self) -> Objects:
        """Return all of it."""
        plain = self.plain
        plain[_TREE] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(self.pages), _say(self.pages))
        structure = _put(_put(plain[_STRUCTURE], b"K", _say([_DOCUMENT])), b"Nums", b" ".join(self.parents))
        named = b"/IDTree<</Names[%b]>>" % b"".join(sorted(self.cells)) if self.cells else b""
        structure = CELLS.sub(b"", structure).removesuffix(b">>") + named + b">>"
        plain[_STRUCTURE] = _NEXT_KEY.sub(b"/ParentTreeNextKey %d" % self.key, structure)
        document = _put(plain[_DOCUMENT], b"K", _say(self.elements))
        plain[_DOCUMENT] = re.sub(rb"/P \d+ 0 R", b"/P %d 0 R" % _STRUCTURE, document)
        self._link_chapters()
        self._name_places()
        metadata = read_number(plain[_CATALOG], b"Metadata")
        self.streams[metadata] = _count_pages(self.streams[metadata], len(self.pages))
        return name_document(Objects(self.head, self.streams, plain, self.trailer))

    def _go_on(self, more: Sequence[int]) -> None:
        """Put entries of the outline behind those of the last chapter."""
        chapter = self.plain[self.chapters[-1]]
        last, count = _LAST.search(chapter), _COUNT.search(chapter)
        if last is None or count is None:
            raise ValueError("a chapter goes on that has nothing in it")
        before = int(last[1])
        chapter = chapter.replace(last[0], b"/Last %d 0 R" % more[-1], 1)
        self.plain[self.chapters[-1]] = chapter.replace(count[0], b"/Count -%d" % (int(count[1]) + len(more)), 1)
        self.plain[before] = self.plain[before].replace(b"<<", b"<</Next %d 0 R" % more[0], 1)
        self.plain[more[0]] = self.plain[more[0]].replace(b"<<", b"<</Prev %d 0 R" % before, 1)

    def _link_chapters(self) -> None:
        """Make one outline of those of all parts."""
        chapters = self.chapters
        if not chapters:
            self.plain[_OUTLINES] = b"<</Type/Outlines>>"
            return
        for index, number in enumerate(chapters):
            before = b"/Prev %d 0 R" % chapters[index - 1] if index else b""
            after = b"/Next %d 0 R" % chapters[index + 1] if index + 1 < len(chapters) else b""
            body = change_outside_strings(self.plain[number], lambda text: _BESIDE.sub(b"", text))
            self.plain[number] = body.replace(b"<<", b"<<" + before + after, 1)
        self.plain[_OUTLINES] = b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (
            chapters[0],
            chapters[-1],
            len(chapters),
        )

    def _name_places(self) -> None:
        """Let the names of all parts be known to all links."""
        pages = {number: index for index, number in enumerate(self.pages, 1)}
        places = {name: pages[read_aim(self.plain[number])[0]] for name, number in self.places}

        def lead(found: re.Match[bytes]) -> bytes:
            if found[1] not in places or self.said is None:
                raise ValueError(f"no part has the place {found[1].decode('latin-1')}")
            return b"/Dest(%b)%b/Contents%b" % (found[1], found[2], _say_page(self.said, places[found[1]]))

        for number, body in self.plain.items():
            if not body.startswith(_LINK):  # a title may hold anything
                continue
            if b"/URI(part:" in body:
                self.plain[number] = _TO_PART.sub(lead, body)
            else:
                self.plain[number] = _SAID.sub(
                    lambda found: b"/Dest(%b)%b/Contents%b" % (found[1], found[2], _say_page(found, places[found[1]])),
                    body,
                )
        listed = b"".join(b"(%b)%d 0 R" % place for place in sorted(self.places))
        catalog, _, _ = self.plain[_CATALOG].partition(NAMES)
        catalog = catalog.removesuffix(b">>") if catalog == self.plain[_CATALOG] else catalog
        self.plain[_CATALOG] = catalog + (b"%b%b]>>>>>>" % (NAMES, listed) if self.places else b">>")

    def _add_resources(self, part: Objects, pages: Iterable[int], renumber: _Renumber) -> None:
        """Add fonts, pictures and the like, those below first: the file has the same ones once."""
        for number in list_resources(part, pages):
            body = renumber(get_body(part, number))
            if body not in self.known:
                self.known[body] = self._take_number()
                self._put(self.known[body], part, number, body)
            renumber.numbers[number] = self.known[body]

    def _put(self, number: int, part: Objects, before: int, body: bytes) -> None:
        (self.streams if before in part.streams else self.plain)[number] = body

    def _take_number(self) -> int:
        self.last += 1
        return self.last


def _number_fixed(root: Root) -> dict[int, int]:
    """Return the new numbers of what a document has once."""
    return {
        root.catalog: _CATALOG,
        root.tree: _TREE,
        root.structure: _STRUCTURE,
        root.document: _DOCUMENT,
        root.outlines: _OUTLINES,
    }


@dataclass(frozen=True, slots=True)
class _Renumber:
    """Gives what an object refers to its new numbers, pages the keys of their elements, and cells their names."""

    numbers: dict[int, int]
    key: int
    part: bytes

    def __call__(self, body: bytes) -> bytes:
        if body.startswith(_OF_A_TABLE):
            body = _CELL.sub(self.part, body)
        head, opening, content = body.partition(b"stream\n")
        return change_outside_strings(head, self._change) + opening + content

    def _change(self, text: bytes) -> bytes:
        keyed = _KEY.sub(lambda found: b" %d" % (int(found[1] or found[2]) + self.key), text)
        return REFERENCE.sub(lambda found: b"%d 0 R" % self.numbers[int(found[1])], keyed)


def _say_page(said: re.Match[bytes], page: int) -> bytes:
    """Return what is read out of a link to a page, in the words of another one."""
    if said[4] is not None:
        return b"<%b%b>" % (said[4], b"".join(b"003%b" % digit.to_bytes() for digit in b"%d" % page))
    return b"(%b%d)" % (said[3], page)


def _rename(content: bytes, names: Iterable[bytes]) -> bytes:
    """Return what is drawn, or the resources for that, with other names for these, which no page has."""
    pattern = re.compile(rb"/(%b)(?=[\s\[])" % b"|".join(map(re.escape, names)))
    return change_outside_strings(content, lambda text: pattern.sub(rb"/around\1", text)) if names else content


def _put(body: bytes, name: bytes, array: bytes) -> bytes:
    return re.sub(rb"/%b\s*\[[^\[\]]*\]" % name, lambda _: b"/%b[%b]" % (name, array), body, count=1)


def _say(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _count_pages(metadata: bytes, pages: int) -> bytes:
    """Return a document's metadata, which is not compressed, with this number of pages."""
    entries, _, rest = metadata.partition(b"stream\n")
    content = _PAGES.sub(b"%d" % pages, rest.removesuffix(b"\nendstream"))
    return b"%bstream\n%b\nendstream" % (_LENGTH.sub(b"/Length %d" % len(content), entries), content)
