"""Puts the pages of a PDF on paper of another size.

Terms: PDF 1.7 (ISO 32000-1), 8.3 "Coordinate Systems", 8.7.3.1 "General Properties of Tiling Patterns".
"""

from __future__ import annotations

import re
from dataclasses import replace

from cardpress.pdf.bodies import REFERENCE, change_outside_strings, make_stream, name_document, say_number
from cardpress.pdf.packing import Objects

_RESOURCES = re.compile(rb"/Resources (\d+) 0 R")
_BOX = re.compile(rb"/MediaBox\s*\[[^\]]*\]")
_CONTENTS = re.compile(rb"/Contents ?(?:(\d+ 0 R)|\[([^\]]*)\])")
# Places on a page: of links, and of what stands as a figure.
_PLACES = re.compile(rb"/(Rect|QuadPoints|BBox)\s*\[([^\]]*)\]")
_PATTERNS = re.compile(rb"/Pattern\s*<<([^>]*)>>")
_MATRIX = re.compile(rb"/Matrix\s*\[([^\]]*)\]")
# Where a link leads to.
_AIM = re.compile(rb"/XYZ (-?[\d.]+) (-?[\d.]+)")


def move_pages(objects: Objects, size: tuple[float, float], moved: tuple[float, float]) -> Objects:
    """Return a PDF whose pages have another width and height, in points, and what is on them moved right and up."""
    across, up = moved
    before, after = (max((*objects.streams, *objects.plain)) + number for number in (1, 2))
    box = b"/MediaBox[0 0 %b %b]" % tuple(map(say_number, size))
    contents = rb"/Contents[%d 0 R \1\2 %d 0 R]" % (before, after)

    def move(found: re.Match[bytes]) -> bytes:
        places = [float(place) + (up if index % 2 else across) for index, place in enumerate(found[2].split())]
        return b"/%b[%b]" % (found[1], b" ".join(map(say_number, places)))

    def aim(found: re.Match[bytes]) -> bytes:
        return b"/XYZ %b %b" % (say_number(float(found[1]) + across), say_number(float(found[2]) + up))

    def change(text: bytes) -> bytes:
        return _AIM.sub(aim, _PLACES.sub(move, _CONTENTS.sub(contents, _BOX.sub(box, text))))

    streams = {
        **objects.streams,
        before: make_stream(b"q 1 0 0 1 %b %b cm\n" % (say_number(across), say_number(up))),
        after: make_stream(b"\nQ"),
    }
    plain = {
        number: change_outside_strings(body, change) if _is_placed(body) else body
        for number, body in objects.plain.items()
    }
    for number in _list_patterns(objects):
        of_kind = plain if number in plain else streams
        of_kind[number] = _move_pattern(of_kind[number], across, up)
    return name_document(replace(objects, streams=streams, plain=plain))


def _is_placed(body: bytes) -> bool:
    if b"/BBox" in body and b"/Type/StructElem" in body:
        return True
    return any(each in body for each in (b"/MediaBox", b"/Type/Annot", b"/XYZ"))


def _list_patterns(objects: Objects) -> frozenset[int]:
    """Return the patterns that pages draw with: what is not moved by what a page draws (PDF 1.7, 8.7.3.1)."""
    pages = [body for body in objects.plain.values() if b"/MediaBox" in body]
    resources = {int(number) for body in pages for number in _RESOURCES.findall(body)}
    found = (_PATTERNS.findall(objects.plain[number]) for number in resources)
    return frozenset(int(number) for each in found for listed in each for number in REFERENCE.findall(listed))


def _move_pattern(body: bytes, across: float, up: float) -> bytes:
    entries, opening, content = body.partition(b"stream\n")
    found = _MATRIX.search(entries)
    a, b, c, d, right, high = map(float, found[1].split()) if found else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    matrix = b"/Matrix[%b]" % b" ".join(b"%.6f" % each for each in (a, b, c, d, right + across, high + up))
    rest = _MATRIX.sub(b"", entries, count=1) if found else entries
    return rest.replace(b"<<", b"<<" + matrix, 1) + opening + content
