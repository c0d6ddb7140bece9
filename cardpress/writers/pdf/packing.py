"""Makes a PDF smaller: objects that are not streams, mostly accessibility tags, go into compressed object streams.

Where words stand is written to a hundredth of a point (3.5 micrometers), which no printer can tell from more.

Only for files as plain as Typst's: one cross-reference table, every object of generation 0, no encryption.
Terms and layout: PDF 1.7 (ISO 32000-1), 7.5.7 "Object streams" and 7.5.8 "Cross-reference streams".
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import pairwise

import deflate

# Objects in one stream. A reader has to unpack all of it to get one of them.
_TOGETHER = 200
# Of libdeflate, which makes the same bytes on every machine, as Python's own zlib does not.
_LEVEL = 9
# Bytes. In a longer file the streams are not compressed again, because that takes seconds.
_LARGE = 4_000_000
# The place of a run of text, as Typst writes it, and the space between two of its letters, in thousandths of its size.
# A bracket in a text is escaped, and its letters are numbers of two bytes, the first of which is hardly a digit.
_PLACE = re.compile(rb"(?<=q 1 0 0 -1 )(\d+\.\d+) (\d+\.\d+)(?= cm/)")
_SPACE = re.compile(rb"(?<=[^\\]\))-?\d+\.\d+(?=\()")
_OBJECT = re.compile(rb"(\d+) 0 obj\s+")


def pack_pdf(pdf: bytes) -> bytes:
    """Return the same document in fewer bytes. Raises ValueError when the file is not as plain as Typst's."""
    table = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    entries, trailer = pdf[table:].split(b"trailer", 1)
    places = sorted(int(place) for place, kind in re.findall(rb"(\d{10}) \d{5} ([nf])", entries) if kind == b"n")
    streams: dict[int, bytes] = {}
    plain: dict[int, bytes] = {}
    for start, end in pairwise([*places, table]):
        opening = _OBJECT.match(pdf, start)
        body = pdf[opening.end() : end].rstrip() if opening else b""
        if opening is None or not body.endswith(b"endobj"):
            raise ValueError(f"no object at byte {start}")
        body = body.removesuffix(b"endobj").rstrip()
        if body.endswith(b"endstream"):
            streams[int(opening[1])] = _shrunk(body) if len(pdf) < _LARGE else body
        else:
            plain[int(opening[1])] = body
    return b"".join(_written(pdf[: places[0]], streams, plain, _kept(trailer)))


def _shrunk(body: bytes) -> bytes:
    """Return a stream compressed better, or as it is when it has any filter but plain FlateDecode."""
    entries, _, rest = body.partition(b"stream\n")
    length = re.search(rb"/Length (\d+)(?! \d+ R)", entries)
    if length is None or b"/DecodeParms" in entries or not re.search(rb"/Filter\s*/FlateDecode", entries):
        return body
    data = rest[: int(length[1])]
    again = bytes(deflate.zlib_compress(_rounded(zlib.decompress(data)), _LEVEL))
    if len(again) >= len(data):
        return body
    before, after = entries[: length.start()], entries[length.end() :]
    return b"%b/Length %d%bstream\n%b\nendstream" % (before, len(again), after, again)


def _rounded(content: bytes) -> bytes:
    """Return a page's content with places and spaces of text that are no longer than they have to be."""
    placed = _PLACE.sub(lambda found: b"%b %b" % (_hundredth(found[1]), _hundredth(found[2])), content)
    return _SPACE.sub(lambda found: b"%d" % round(float(found[0])), placed)


def _hundredth(number: bytes) -> bytes:
    return (b"%.2f" % float(number)).rstrip(b"0").rstrip(b".")


def _kept(trailer: bytes) -> bytes:
    """Return the entries of a trailer, without the number of objects."""
    inside = trailer[trailer.index(b"<<") + 2 : trailer.rindex(b">>")]
    return re.sub(rb"/Size \d+", b"", inside).strip()


def _written(head: bytes, streams: dict[int, bytes], plain: dict[int, bytes], trailer: bytes) -> Iterator[bytes]:
    """Yield the file: the streams as they are, all other objects in object streams, the cross-reference stream."""
    first = max((*streams, *plain)) + 1
    # By object number, as in PDF 1.7, 7.5.8.3: the type (0 free, 1 in the file, 2 in an object stream), the byte offset
    # or the object stream's number, and the index in that stream.
    table: dict[int, tuple[int, int, int]] = {0: (0, 0, 0xFFFF)}
    ordered = sorted(plain.items())
    batches = [ordered[start : start + _TOGETHER] for start in range(0, len(ordered), _TOGETHER)]
    for number, batch in enumerate(batches, first):
        streams[number] = _object_stream(batch)
        table |= {each: (2, number, index) for index, (each, _) in enumerate(batch)}
    place = len(head)
    yield head
    for number, body in streams.items():
        table[number] = (1, place, 0)
        written = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        place += len(written)
        yield written
    last = first + len(batches)
    table[last] = (1, place, 0)
    yield b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (last, _table_stream(table, last + 1, trailer), place)


def _object_stream(objects: list[tuple[int, bytes]]) -> bytes:
    index, at = [], 0
    for number, body in objects:
        index.append(b"%d %d" % (number, at))
        at += len(body) + 1
    head = b" ".join(index) + b"\n"
    return _stream(b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head)), head + b"\n".join(b for _, b in objects))


def _table_stream(table: dict[int, tuple[int, int, int]], size: int, trailer: bytes) -> bytes:
    rows = (table.get(number, (0, 0, 0xFFFF)) for number in range(size))
    data = b"".join(
        kind.to_bytes(1, "big") + place.to_bytes(4, "big") + index.to_bytes(2, "big") for kind, place, index in rows
    )
    return _stream(b"/Type/XRef/Size %d/W[1 4 2]%b" % (size, trailer), data)


def _stream(entries: bytes, data: bytes) -> bytes:
    shrunk = bytes(deflate.zlib_compress(data, _LEVEL))
    return b"<<%b/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (entries, len(shrunk), shrunk)
