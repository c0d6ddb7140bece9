"""A packed PDF is the same document in fewer bytes, the same each time, for every reader."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from cardpress.writers import pdf as writer
from cardpress.writers.pdf.packing import pack_pdf
from tests.helpers.decks import deck_from
from tests.helpers.pdf_pages import glyphs
from tests.helpers.sample_project import EVERYTHING


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(writer, "pack_pdf", bytes)
        made = writer.write(deck_from(tmp_path_factory.mktemp("deck"), EVERYTHING))
    assert made.artifacts[0].name.endswith("booklet-a4.pdf")
    return made.artifacts[0].data


def coarse(content: bytes) -> bytes:
    """Return a page's content without what is finer than a hundredth of a point, or than a thousandth of a letter."""
    places = rb"(?<=q 1 0 0 -1 )([\d.]+) ([\d.]+)(?= cm/)"
    placed = re.sub(places, lambda found: b"%.2f %.2f" % (float(found[1]), float(found[2])), content)
    return re.sub(rb"(?<=\))-?[\d.]+(?=\()", lambda found: b"%d" % round(float(found[0])), placed)


def described(data: bytes, numbers: list[int]) -> dict[int, tuple[bytes, bytes]]:
    """Return a document's objects by number: the text of each and the content of its stream, without lengths."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = {}
        for number in numbers:
            each = pdf.get_object((number, 0))
            inside = coarse(each.read_bytes()) if isinstance(each, pikepdf.Stream) else b""
            entries = each.stream_dict if isinstance(each, pikepdf.Stream) else each
            found[number] = (re.sub(rb"/Length \d+", b"", entries.unparse(resolved=True)), inside)
        return found


def test_every_object_is_as_it_was(plain: bytes) -> None:
    numbers = [int(found) for found in re.findall(rb"^(\d+) 0 obj", plain, re.MULTILINE)]
    assert len(numbers) > 100
    assert described(pack_pdf(plain), numbers) == described(plain, numbers)


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
