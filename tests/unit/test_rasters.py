"""The size of a picture is read from its header, and one that would need very much room is refused with its size."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardpress.source.media.rasters import MAX_PIXELS, Raster, find_fault, measure, read_embedded
from tests.conftest import WriteProject
from tests.helpers.diagnostics import problems
from tests.helpers.pictures import png
from tests.unit.test_any_input import steady

JPEG = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc0\0\x0b\x08\0\x20\0\x30\x01\x01\x11\0\xff\xd9"
FRAME = b"\x21\xf9\x04\0\0\0\0\0,\0\0\0\0\x10\0\x08\0\0\x02\x02\x44\x01\0"
GIF = b"GIF89a\x10\0\x08\0\0\0\0" + FRAME + b";"


def webp(kind: bytes, content: bytes) -> bytes:
    chunk = kind + struct.pack("<I", len(content)) + content
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


LOSSY = webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 48, 32))
LOSSLESS = webp(b"VP8L", b"\x2f" + struct.pack("<I", 47 | 31 << 14))
EXTENDED = webp(b"VP8X", b"\0\0\0\0" + (47).to_bytes(3, "little") + (31).to_bytes(3, "little"))


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (png(48, 32), Raster(48, 32)),
        (JPEG, Raster(48, 32)),
        (GIF, Raster(16, 8)),
        (GIF[:13] + FRAME * 7 + b";", Raster(16, 8, 7)),
        (LOSSY, Raster(48, 32)),
        (LOSSLESS, Raster(48, 32)),
        (EXTENDED, Raster(48, 32)),
        (png(48, 32, None, (b"acTL", struct.pack(">II", 9, 0))), Raster(48, 32, 9)),
        (b"", None),
        (b"BM", None),
    ],
)
def test_the_header_says_the_size(data: bytes, size: Raster | None) -> None:
    assert measure(data) == size


BOMB = zlib.compress(bytes(9_000_000))
FAULTS = {
    "many pixels": (png(20_000, 20_000, b"x"), "has 20,000 × 20,000 pixels; 60,000,000 in all are allowed"),
    "a long side": (png(40_000, 1, b"x"), "has 40,000 × 1 pixels; a side of 30,000 is allowed"),
    "no side": (png(0, 1, b"x"), "has no pixels"),
    "many frames": (GIF[:13] + FRAME * 1_001 + b";", "has 1,001 frames; 1,000 are allowed"),
    "many large frames": (
        b"GIF89a\x88\x13\x88\x13\0\0\0" + FRAME * 3 + b";",
        "has 5,000 × 5,000 pixels in 3 frames; 60,000,000 in all are allowed",
    ),
    "a profile that is a bomb": (png(1, 1, None, (b"iCCP", b"a\0\0" + BOMB)), "unpacks to more than 8,388,608 bytes"),
    "a text that is a bomb": (png(1, 1, None, (b"zTXt", b"a\0\0" + BOMB)), "unpacks to more than 8,388,608 bytes"),
    "an international bomb": (
        png(1, 1, None, (b"iTXt", b"a\0\1\0\0\0" + BOMB)),
        "unpacks to more than 8,388,608 bytes",
    ),
    "many small bombs": (
        png(1, 1, None, *[(b"zTXt", b"a\0\0" + zlib.compress(bytes(900_000)))] * 10),
        "unpacks to more than 8,388,608 bytes",
    ),
    "no pixels": (png(1, 1)[:33], "has a header and no pixels"),
    "a cut": (png(9, 9)[:50], "is cut short"),
    "a JPEG without a frame": (JPEG[:8], "is cut short"),
    "a JPEG that is none": (b"\xff\xd8abcdef", "is a JPEG that cannot be read"),
    "a GIF that is none": (GIF[:13] + b"x", "is a GIF that cannot be read"),
    "a WebP that is none": (webp(b"VP8 ", b"x" * 10), "is a WebP that cannot be read"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_shown_is_named(name: str) -> None:
    data, fault = FAULTS[name]
    assert fault in str(find_fault(data))


@pytest.mark.parametrize("data", [png(48, 32), JPEG, GIF, LOSSY, LOSSLESS, EXTENDED])
def test_what_can_be_shown_has_no_fault(data: bytes) -> None:
    assert find_fault(data) is None


def test_a_large_picture_is_refused_with_its_size(write_project: WriteProject) -> None:
    project = write_project({"media/one.png": png(20_000, 20_000, b"x")})
    found = [(each.code, each.message) for each in problems(project)]
    message = "source/media/one.png has 20,000 × 20,000 pixels; 60,000,000 in all are allowed"
    assert ("unsupported-media", message) in found


def test_many_pictures_that_are_large_for_their_bytes_are_refused(write_project: WriteProject) -> None:
    project = write_project({f"media/{number}.png": png(7_000, 7_000, b"x") for number in range(3)})
    found = [each for each in problems(project) if each.code == "unsupported-media"]
    assert [each.span.path for each in found] == ["source/media/1.png", "source/media/2.png"]
    assert "more pixels" in found[0].message


def test_photographs_have_room(write_project: WriteProject) -> None:
    assert MAX_PIXELS > 8_000 * 6_000
    photo = png(4_000, 3_000, bytes(600_000))
    project = write_project({f"media/{number}.png": photo for number in range(12)})
    assert [each.code for each in problems(project)] == []


def test_embedded_pictures_are_read() -> None:
    data = png(3, 2)
    packed = base64.b64encode(data).decode()
    assert read_embedded(f" data:image/png;base64,{packed[:20]}\n {packed[20:]}") == data
    assert read_embedded("data:image/png;base64," + packed.rstrip("=")) == data
    assert read_embedded("data:image/gif,GIF89a%00") == b"GIF89a\0"
    assert read_embedded("data:image/png;base64,a") == b""
    assert read_embedded("data:") == b""


STARTS = st.sampled_from([png(3, 3), JPEG, GIF, LOSSY, LOSSLESS, EXTENDED, png(3, 3)[:8], GIF[:6], LOSSY[:12], b""])


@steady
@given(STARTS, st.binary(max_size=40), st.integers(0, 60))
def test_no_bytes_make_a_traceback(start: bytes, more: bytes, cut: int) -> None:
    for data in (start + more, start[:cut] + more, start[:cut] + more + start[cut:]):
        assert find_fault(data) is None or measure(data) is None or measure(data) is not None
