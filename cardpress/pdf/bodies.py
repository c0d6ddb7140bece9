"""Reads and changes the bodies of a PDF's objects, as Typst writes them.

Terms: PDF 1.7 (ISO 32000-1), 7.3 "Objects".
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace

from cardpress.pdf.packing import Objects

REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_ID = re.compile(rb"/ID\s*\[[^\]]*\]")
_IN_STRING = re.compile(rb"\\.|[()]", re.DOTALL)


def get_body(part: Objects, number: int) -> bytes:
    """Return an object by its number."""
    return part.plain[number] if number in part.plain else part.streams[number]


def list_references(body: bytes) -> list[int]:
    """Return the numbers of the objects that one refers to."""
    found: list[bytes] = []

    def collect(text: bytes) -> bytes:
        found.extend(REFERENCE.findall(text))
        return text

    change_outside_strings(body.partition(b"stream\n")[0], collect)
    return list(map(int, found))


def change_outside_strings(body: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return an object with a change in what is no literal string: a text can hold anything."""
    made = []
    place = 0
    while (start := body.find(b"(", place)) >= 0:
        end = end_of_string(body, start)
        made += [change(body[place:start]), body[start:end]]
        place = end
    return b"".join((*made, change(body[place:])))


def end_of_string(body: bytes, start: int) -> int:
    """Return where the literal string ends that begins at a bracket."""
    depth, end = 1, start + 1
    while depth:
        found = _IN_STRING.search(body, end)
        if found is None:
            raise ValueError("a string without an end")
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        end = found.end()
    return end


def read_number(body: bytes, name: bytes) -> int:
    """Return the number of the object that an entry refers to."""
    found = re.search(rb"/%b (\d+) 0 R" % name, body)
    if found is None:
        raise ValueError(f"no {name.decode()}")
    return int(found[1])


def read_array(body: bytes, name: bytes) -> bytes:
    """Return what is in an array of an entry, which has no others in it."""
    found = re.search(rb"/%b\s*\[([^\[\]]*)\]" % name, body)
    if found is None:
        raise ValueError(f"no {name.decode()}")
    return found[1]


def read_list(body: bytes, name: bytes) -> tuple[int, ...]:
    """Return the numbers of the objects that the array of an entry refers to."""
    return tuple(map(int, REFERENCE.findall(read_array(body, name))))


def say_number(number: float) -> bytes:
    """Return a number as it is written, to a thousandth."""
    return (b"%.3f" % number).rstrip(b"0").rstrip(b".")


def make_stream(content: bytes) -> bytes:
    """Return a stream that is not compressed."""
    return b"<</Length %d>>\nstream\n%b\nendstream" % (len(content), content)


def name_document(objects: Objects) -> Objects:
    """Return a document with a name of its own, which readers know it by (PDF 1.7, 14.4 "File Identifiers")."""
    whole = hashlib.sha256(objects.trailer)
    for number, body in sorted((*objects.streams.items(), *objects.plain.items())):
        whole.update(b"%d %d " % (number, len(body)) + body)
    name = b64encode(whole.digest()[:16])
    return replace(objects, trailer=_ID.sub(lambda _: b"/ID[(%b)(%b)]" % (name, name), objects.trailer))
