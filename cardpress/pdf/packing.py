"""Makes a PDF smaller: objects that are not streams, mostly accessibility tags, go into compressed object streams.

What pages draw is written in fewer bytes, too: where words stand to a hundredth of a point (3.5 micrometers) and other
numbers in five digits, which no printer can tell from more, and texts as plain bytes.

Only for files as plain as Typst's: one cross-reference table, every object of generation 0, no encryption.
Terms and layout: PDF 1.7 (ISO 32000-1), 7.3.4 "String Objects", 7.4.4.4 "LZW and Flate Predictor Functions",
7.5.7 "Object Streams" and 7.5.8 "Cross-Reference Streams".
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import sub

import deflate

# Objects in one stream. A reader has to unpack all of it to get one of them.
_TOGETHER = 1000
# Of libdeflate, which makes the same bytes on every machine, as Python's own zlib does not. Level 11 would save another
# twentieth, and take ten times as long.
_LEVEL = 9
# Bytes. In a longer file the streams are not compressed again, because that takes seconds.
LARGE = 4_000_000
# The place of a run of text, as Typst writes it.
_PLACE = re.compile(rb"q 1 0 0 -1 (\d+\.\d+) (\d+\.\d+) cm/")
# A literal string, in which brackets that are pairs need no backslash, a string of hexadecimal digits, or a number.
# Such pairs stand in each other at most three deep here; a stray bracket is one that is deeper.
# A token is found by its first byte, which is all that Python looks for on its way to the next one.
_BYTES_OF_A_STRING = rb"\\.[^()\\]*+|[^()\\]++"
_IN_BRACKETS = rb"\((?>(?:%b|\((?>(?:%b|\((?>(?:%b)*)\))*)\))*)\)" % ((_BYTES_OF_A_STRING,) * 3)
_TOKEN = re.compile(
    rb"([-(<)\d](?:(?<=\()(?>(?:%b|%b)*)\)|(?<=<)(?<!<<)(?:[0-9A-F]{2})+>(?!>)|(?<=\d)(?<![\w./-].)\d*\.\d+"
    rb"|(?<=-)(?<![\w./-].)\d+\.\d+|(?<=[()])))" % (_BYTES_OF_A_STRING, _IN_BRACKETS),
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r?\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r\n": b""}
# What cannot stand for itself: a carriage return would be read as a line feed.
_SPECIAL = re.compile(rb"[()\\\r]")
# Of a number that is no place.
_DIGITS = 5
_NEXT_TO_NOTHING = 1e-9
# The rest of a number of -256 to 255 when it is divided by 256.
_MODULO = tuple(range(256))
_DRAWN = re.compile(rb"/Contents (\d+) 0 R")
_OBJECT = re.compile(rb"(\d+) 0 obj\s+")


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of a PDF by their numbers, those with streams and all others, its first bytes and its trailer."""

    head: bytes
    streams: Mapping[int, bytes]
    plain: Mapping[int, bytes]
    trailer: bytes

    def to_bytes(self) -> bytes:
        """Return them as bytes that `from_bytes` reads."""
        bodies = (*self.streams.values(), *self.plain.values())
        index = [
            len(self.head),
            [[number, len(body)] for number, body in self.streams.items()],
            [[number, len(body)] for number, body in self.plain.items()],
        ]
        return b"\n".join((json.dumps(index).encode(), b"".join((self.head, *bodies, self.trailer))))

    @classmethod
    def from_bytes(cls, data: bytes) -> Objects:
        """Return what `to_bytes` wrote. Raises ValueError for anything else."""
        index, _, rest = data.partition(b"\n")
        try:
            length, *kinds = json.loads(index)
            place = length
            streams: dict[int, bytes] = {}
            plain: dict[int, bytes] = {}
            for objects, listed in zip((streams, plain), kinds, strict=True):
                for number, size in listed:
                    objects[number] = rest[place : place + size]
                    place += size
        except (TypeError, RecursionError) as error:
            raise ValueError(str(error)) from None
        return cls(rest[:length], streams, plain, rest[place:])


def pack_pdf(pdf: bytes) -> bytes:
    """Return the same document in fewer bytes. Raises ValueError when the file is not as plain as Typst's."""
    objects = read_objects(pdf)
    return write_objects(objects if len(pdf) >= LARGE else shrink(objects))


def read_objects(pdf: bytes) -> Objects:
    """Return the objects of a PDF. Raises ValueError when the file is not as plain as Typst's."""
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
            streams[int(opening[1])] = body
        else:
            plain[int(opening[1])] = body
    return Objects(pdf[: places[0]], streams, plain, _kept(trailer))


def shrink(objects: Objects) -> Objects:
    """Return objects whose streams have fewer bytes."""
    drawn = {int(number) for body in objects.plain.values() for number in _DRAWN.findall(body)}
    known = _Known()
    return replace(
        objects,
        streams={number: _shrunk(body, known if number in drawn else None) for number, body in objects.streams.items()},
    )


def write_objects(objects: Objects) -> bytes:
    """Return a PDF of these objects: those without streams are in compressed object streams."""
    return b"".join(_written(objects))


def read_content(stream: bytes) -> bytes:
    """Return what a stream holds. Raises ValueError where it is not compressed as Typst compresses it."""
    entries, _, rest = stream.partition(b"stream\n")
    if b"/DecodeParms" in entries or not re.search(rb"/Filter\s*/FlateDecode", entries):
        raise ValueError("a stream that is not compressed as Typst's are")
    try:
        return zlib.decompressobj().decompress(rest)
    except zlib.error as error:
        raise ValueError(str(error)) from None


def pack_stream(content: bytes) -> bytes:
    """Return a compressed stream."""
    return _stream(b"", content)


def _shrunk(body: bytes, known: _Known | None) -> bytes:
    """Return a stream compressed better, or as it is when it has any filter but plain FlateDecode.

    `known` has the tokens of what pages draw, None where it is no such stream.
    """
    entries, _, rest = body.partition(b"stream\n")
    length = re.search(rb"/Length (\d+)(?! \d+ R)", entries)
    if length is None or b"/DecodeParms" in entries or not re.search(rb"/Filter\s*/FlateDecode", entries):
        return body
    data = rest[: int(length[1])]
    content = zlib.decompress(data)
    again = bytes(deflate.zlib_compress(content if known is None else _shortened(content, known), _LEVEL))
    if len(again) >= len(data):
        return body
    before, after = entries[: length.start()], entries[length.end() :]
    return b"%b/Length %d%bstream\n%b\nendstream" % (before, len(again), after, again)


class _Known(dict[tuple[bytes, bool], bytes]):
    """Tokens in fewer bytes, by themselves and by whether they stand right behind another one. Most come many times."""

    def __missing__(self, key: tuple[bytes, bool]) -> bytes:
        token, is_next = key
        self[key] = made = _token(token, is_next=is_next)
        return made


def _shortened(content: bytes, known: _Known) -> bytes:
    """Return what a page draws in fewer bytes, or as it is when it has brackets that are not understood."""
    placed = _PLACE.sub(lambda found: b"q 1 0 0 -1 %b %b cm/" % (_hundredth(found[1]), _hundredth(found[2])), content)
    # What is between two tokens, and the tokens, in turn.
    parts = _TOKEN.split(placed)
    try:
        parts[1::2] = [known[token, not before] for before, token in zip(parts[::2], parts[1::2], strict=False)]
    except _StrayBracketError:
        return placed
    return b"".join(parts)


class _StrayBracketError(ValueError):
    """A bracket is in no string."""


def _token(token: bytes, *, is_next: bool) -> bytes:
    if token in (b"(", b")"):
        raise _StrayBracketError
    if token.startswith(b"("):
        return _string(_read_string(token[1:-1]))
    if token.startswith(b"<"):
        return _string(bytes.fromhex(token[1:-1].decode()))
    # Right behind a string stands the space between two letters, in thousandths of their size.
    return b"%d" % round(float(token)) if is_next else _number(token)


def _read_string(written: bytes) -> bytes:
    """Return the bytes of a literal string. Of the numbers of glyphs, most begin with the byte 0."""
    if b"\\\\" not in written:
        written = written.replace(b"\\000", b"\0")
    return _ESCAPE.sub(_unescape, written) if b"\\" in written else written


class _Bytes(dict[bytes, bytes]):
    """What escapes stand for, which are the same few over and over."""

    def __missing__(self, escape: bytes) -> bytes:
        escaped = escape[1:]
        self[escape] = byte = bytes((int(escaped, 8) % 256,)) if escaped.isdigit() else _ESCAPED.get(escaped, escaped)
        return byte


_BYTES = _Bytes()


def _unescape(found: re.Match[bytes]) -> bytes:
    return _BYTES[found[0]]


def _string(text: bytes) -> bytes:
    escaped = _SPECIAL.sub(lambda found: b"\\r" if found[0] == b"\r" else b"\\" + found[0], text)
    return b"(%b)" % escaped


def _number(number: bytes) -> bytes:
    value = float(number)
    if abs(value) < _NEXT_TO_NOTHING:  # the sine of a right angle, as computed
        return b"0"
    exponent = int((b"%.*e" % (_DIGITS - 1, value)).partition(b"e")[2])
    return _trimmed(b"%.*f" % (max(1, _DIGITS - 1 - exponent), value))


def _hundredth(number: bytes) -> bytes:
    return _trimmed(b"%.2f" % float(number))


def _trimmed(number: bytes) -> bytes:
    return number.rstrip(b"0").rstrip(b".")


def _kept(trailer: bytes) -> bytes:
    """Return the entries of a trailer, without the number of objects."""
    inside = trailer[trailer.index(b"<<") + 2 : trailer.rindex(b">>")]
    return re.sub(rb"/Size \d+", b"", inside).strip()


def _written(objects: Objects) -> Iterator[bytes]:
    """Yield the file: the streams as they are, all other objects in object streams, the cross-reference stream."""
    streams = dict(objects.streams)
    first = max((*streams, *objects.plain)) + 1
    # By object number, as in PDF 1.7, 7.5.8.3: the type (0 free, 1 in the file, 2 in an object stream), the byte offset
    # or the object stream's number, and the index in that stream.
    table: dict[int, tuple[int, int, int]] = {0: (0, 0, 0xFFFF)}
    ordered = sorted(objects.plain.items())
    batches = [ordered[start : start + _TOGETHER] for start in range(0, len(ordered), _TOGETHER)]
    for number, batch in enumerate(batches, first):
        streams[number] = _object_stream(batch)
        table |= {each: (2, number, index) for index, (each, _) in enumerate(batch)}
    place = len(objects.head)
    yield objects.head
    for number, body in streams.items():
        table[number] = (1, place, 0)
        written = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        place += len(written)
        yield written
    last = first + len(batches)
    table[last] = (1, place, 0)
    yield b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        last,
        _table_stream(table, last + 1, objects.trailer),
        place,
    )


def _object_stream(objects: list[tuple[int, bytes]]) -> bytes:
    index, at = [], 0
    for number, body in objects:
        index.append(b"%d %d" % (number, at))
        at += len(body) + 1
    head = b" ".join(index) + b"\n"
    return _stream(b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head)), head + b"\n".join(b for _, b in objects))


def _table_stream(table: dict[int, tuple[int, int, int]], size: int, trailer: bytes) -> bytes:
    rows = [table.get(number, (0, 0, 0xFFFF)) for number in range(size)]
    written = [kind.to_bytes(1, "big") + at.to_bytes(4, "big") + index.to_bytes(2, "big") for kind, at, index in rows]
    # Each row is what it adds to the row above it, filter 2 of PNG, as rows are much alike.
    rows_in_bytes = b"".join(written)
    added = bytes(map(_MODULO.__getitem__, map(sub, rows_in_bytes, bytes(7) + rows_in_bytes)))
    data = b"".join(b"\2" + added[start : start + 7] for start in range(0, len(added), 7))
    predictor = b"/DecodeParms<</Predictor 12/Columns 7>>"
    return _stream(b"/Type/XRef/Size %d/W[1 4 2]%b%b" % (size, predictor, trailer), data)


def _stream(entries: bytes, data: bytes) -> bytes:
    shrunk = bytes(deflate.zlib_compress(data, _LEVEL))
    return b"<<%b/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (entries, len(shrunk), shrunk)
