"""A packed PDF is the same document in fewer bytes, the same each time, for every reader."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from cardpress.pdf import typesetting
from cardpress.pdf.packing import Objects, pack_pdf, read_objects
from cardpress.writers import pdf as writer
from tests.helpers.decks import deck_from
from tests.helpers.pdf_pages import glyphs
from tests.helpers.sample_project import EVERYTHING


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    with pytest.MonkeyPatch.context() as patched:
        made: list[bytes] = []

        def note(pdf: bytes) -> Objects:
            made.append(pdf)
            return read_objects(pdf)

        patched.setattr(typesetting, "read_objects", note)
        writer.write(deck_from(tmp_path_factory.mktemp("deck"), EVERYTHING))
    return next(pdf for pdf in made if b"Booklet" in pdf or b"B\0o\0o\0k\0l\0e\0t" in pdf)


def with_content(content: bytes) -> bytes:
    """Return a document of one page that draws this, as plain as Typst's."""
    data = zlib.compress(content, 0)
    bodies = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<<>>>>",
        b"<</Length %d/Filter/FlateDecode>>\nstream\n%b\nendstream" % (len(data), data),
    )
    written, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    entries = b"".join(b"%010d 00000 n\r\n" % place for place in places)
    table = b"xref\n0 5\n0000000000 65535 f\r\n%btrailer\n<</Size 5/Root 1 0 R>>\n" % entries
    return written + table + b"startxref\n%d\n%%%%EOF" % len(written)


def content_of(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return opened.pages[0].Contents.read_bytes()


def values(operand: object) -> Iterator[object]:
    """Yield the values of an operand: numbers, and other things as text or bytes."""
    if isinstance(operand, pikepdf.Array):
        for each in operand:
            yield from values(each)
    elif isinstance(operand, pikepdf.Object):
        yield bytes(operand) if isinstance(operand, pikepdf.String) else operand.unparse()
    else:
        yield float(operand) if isinstance(operand, int | Decimal) else operand


def drawn(data: bytes) -> list[list[tuple[str, list[object]]]]:
    """Return what each page of a document draws: operators with the values of their operands."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [
            [
                (str(step.operator), [value for operand in step.operands for value in values(operand)])
                for step in pikepdf.parse_content_stream(page)
            ]
            for page in pdf.pages
        ]


def described(data: bytes, numbers: list[int]) -> dict[int, tuple[bytes, bytes]]:
    """Return a document's objects by number: the text of each and the content of its stream, without lengths.

    What pages draw is left out.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = {page.Contents.objgen[0] for page in pdf.pages}
        found = {}
        for number in numbers:
            each = pdf.get_object((number, 0))
            inside = each.read_bytes() if isinstance(each, pikepdf.Stream) and number not in pages else b""
            entries = each.stream_dict if isinstance(each, pikepdf.Stream) else each
            found[number] = (re.sub(rb"/Length \d+", b"", entries.unparse(resolved=True)), inside)
        return found


def test_every_object_is_as_it_was(plain: bytes) -> None:
    numbers = [int(found) for found in re.findall(rb"^(\d+) 0 obj", plain, re.MULTILINE)]
    assert len(numbers) > 100
    assert described(pack_pdf(plain), numbers) == described(plain, numbers)


def test_pages_draw_what_they_drew(plain: bytes) -> None:
    for before, after in zip(drawn(plain), drawn(pack_pdf(plain)), strict=True):
        assert len(before) > 100
        for (operator, was), (same, now) in zip(before, after, strict=True):
            assert same == operator
            # Points; or thousandths of a letter's size, between two letters.
            finest = 0.51 if operator == "TJ" else 0.0051
            for one, other in zip(was, now, strict=True):
                assert other == pytest.approx(one, abs=finest) if isinstance(one, float) else other == one


@pytest.mark.parametrize(
    ("written", "packed"),
    [
        (rb"(\000\001\000\002) Tj", b"(\0\1\0\2) Tj"),
        (rb"(a\n\b\t\f\1018\)\\) Tj", b"(a\n\b\t\x0cA8\\)\\\\) Tj"),
        (rb"(\0001\1000) Tj (\\000\000) Tj", b"(\0" + b"1@0) Tj (\\\\000\0) Tj"),
        (rb"[(1.23456789)-1.60(a-1.23456789)1.60] TJ", b"[(1.23456789)-2(a-1.23456789)2] TJ"),
        (rb"/a1.23456789 -1.23456789 m <</Alt<</a 1>>>>", b"/a1.23456789 -1.2346 m <</Alt<</a 1>>>>"),
        # A carriage return that stands for itself is read as a line feed.
        (rb"(\r\015) Tj", rb"(\r\r) Tj"),
        (rb"((pairs (in) pairs)) Tj", rb"(\(pairs \(in\) pairs\)) Tj"),
        (rb"[<0041>-2.6<28290D00FF>] TJ", b"[(\0A)-3(\\(\\)\\r\0\xff)] TJ"),
        (rb"(1.23456789) Tj 1.23456789 0.000123456789 w", b"(1.23456789) Tj 1.2346 0.00012346 w"),
        (rb"0.00000000000000052071594 -500.123456 l", b"0 -500.12 l"),
        (rb"q 1 0 0 -1 12.3456 7.8999 cm/c0 cs", b"q 1 0 0 -1 12.35 7.9 cm/c0 cs"),
        (rb"/Span<</Lang<656E>/MCID 0>>BDC", b"/Span<</Lang(en)/MCID 0>>BDC"),
        # So deep are no brackets that Typst writes: all of it stays as it is.
        (rb"(((((deep))))) Tj 1.23456789 w", b"(((((deep))))) Tj 1.23456789 w"),
    ],
)
def test_texts_and_numbers_are_short(written: bytes, packed: bytes) -> None:
    # Three times, as a stream that got no smaller would stay as it was.
    assert content_of(pack_pdf(with_content(b"\n".join([written] * 3)))) == b"\n".join([packed] * 3)


def test_it_is_much_smaller(plain: bytes) -> None:
    assert len(pack_pdf(plain)) < len(plain) * 0.7


def test_two_readers_find_every_page(plain: bytes) -> None:
    small = pack_pdf(plain)
    with pikepdf.open(io.BytesIO(plain)) as before, pikepdf.open(io.BytesIO(small)) as after:
        assert after.check_pdf_syntax() == []
        for one, other in zip(before.pages, after.pages, strict=True):
            for was, now in zip(glyphs(one), glyphs(other), strict=True):
                assert (was.text, was.size) == (now.text, now.size)
                # Points: a twentieth of a millimeter at the end of a line.
                assert (was.left, was.right, was.y) == pytest.approx((now.left, now.right, now.y), abs=0.15)
        assert after.trailer.ID == before.trailer.ID
    texts = [
        [page.extract_text() for page in PdfReader(io.BytesIO(data), strict=True).pages] for data in (plain, small)
    ]
    assert texts[0] == texts[1]


def test_the_same_bytes_each_time(plain: bytes) -> None:
    assert pack_pdf(plain) == pack_pdf(plain)


def test_what_is_no_such_file_is_refused(plain: bytes) -> None:
    with pytest.raises(ValueError, match="no object at byte"):
        pack_pdf(plain.replace(b"1 0 obj", b"1 0 job", 1))


def test_sheets_are_packed(tmp_path: Path) -> None:
    for artifact in writer.write(deck_from(tmp_path, EVERYTHING)).artifacts:
        assert b"/ObjStm" in artifact.data
