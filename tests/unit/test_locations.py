"""A picture or sound that says where it was made is told, whatever way it says so; one that does not is not."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from collections.abc import Mapping

import pytest
from PIL import Image

from cardpress.pipeline import check_project
from cardpress.source.media.locations import says_where, says_where_heard
from tests.conftest import WriteProject
from tests.helpers.sounds import ENDINGS, tone

GPS = 0x8825
ANGLES = {1: "N", 2: (51.0, 20.0, 24.0), 3: "E", 4: (12.0, 22.0, 12.0)}
UNKNOWN = {0: b"\x02\x03\x00\x00"}
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description exif:GPSLatitude="51,20.4N"/></x:xmpmeta>'


def photograph(kind: str, place: Mapping[int, object] | None = None, **options: object) -> bytes:
    """Return a small picture, in whose Exif a camera wrote its name, and this of the place."""
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    if place is not None:
        exif.get_ifd(GPS).update(place)
    made = io.BytesIO()
    Image.new("RGB", (2, 2)).save(made, kind, exif=exif, **options)
    return made.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_with(*chunks: bytes) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (2, 2)).save(made, "PNG")
    data = made.getvalue()
    return data[:33] + b"".join(chunks) + data[33:]


def jpeg_with(marker: int, content: bytes) -> bytes:
    data = photograph("JPEG")
    return data[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content + data[2:]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_place_in_exif_is_found(kind: str) -> None:
    assert says_where(photograph(kind, ANGLES))
    assert says_where(photograph(kind, {28: b"ASCII\x00\x00\x00Leipzig"}))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("place", [None, UNKNOWN, {2: (51.0, 20.0, 24.0)}])
def test_a_camera_that_did_not_know_the_place_says_none(kind: str, place: dict[int, object] | None) -> None:
    assert not says_where(photograph(kind, place))


def test_a_second_picture_in_the_file_is_looked_at() -> None:
    plain, placed = photograph("JPEG"), photograph("JPEG", ANGLES)
    assert says_where(plain + placed)
    assert not says_where(plain + plain)
    second = Image.new("RGB", (2, 2))
    exif = Image.Exif()
    exif.get_ifd(GPS).update(ANGLES)
    second.encoderinfo = {"exif": exif.tobytes()}
    file = io.BytesIO()
    Image.new("RGB", (2, 2)).save(file, "MPO", save_all=True, append_images=[second])
    assert says_where(file.getvalue())


def test_a_film_behind_a_photograph_is_looked_at() -> None:
    for place, says in ((b"\xa9xyz\x00\x12\x15\xc7+51.3400+012.3700/", True), (b"", False)):
        assert says_where(photograph("JPEG") + b"\x00\x00\x00\x18ftypmp42" + bytes(100) + place) == says


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_inside_a_drawing_is_looked_at(kind: str) -> None:
    for place, says in ((ANGLES, True), (None, False)):
        figures = base64.b64encode(photograph(kind, place)).decode()
        svg = f'<svg><image href="data:image/{kind.lower()};base64,\n{figures[:40]}&#10;{figures[40:]}"/></svg>'
        assert says_where(svg.encode()) == says


def test_angles_of_nothing_are_no_place() -> None:
    data = photograph("JPEG", ANGLES)
    for numbers in ((51, 1), (12, 1)):
        for order in "<>":
            data = data.replace(struct.pack(f"{order}2I", *numbers), struct.pack("2I", 0, 0))
    assert not says_where(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (jpeg_with(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + XMP), True),
        (jpeg_with(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + XMP.replace(b"51,20.4N", b"")), False),
        (jpeg_with(0xE1, b"http://ns.adobe.com/xap/1.0/\x00<photoshop:City>Leipzig</photoshop:City>"), True),
        (jpeg_with(0xED, b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x0c\x1c\x02\x5a\x00\x07Leipzig"), True),
        (jpeg_with(0xED, b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x0c\x1c\x02\x78\x00\x07Leipzig"), False),
        (jpeg_with(0xFE, XMP), False),
        (png_with(chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + XMP)), True),
        (png_with(chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x01\x00\x00\x00" + zlib.compress(XMP))), True),
        (png_with(chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x01\x00\x00\x00" + XMP)), False),
        (png_with(chunk(b"tEXt", b"Comment\x00GPSLatitude is unknown")), False),
        (b"GIF89a" + XMP, True),
        (b"<svg><metadata>" + XMP + b"</metadata></svg>", True),
        (b"<svg><text>GPSLatitude</text></svg>", False),
    ],
)
def test_a_place_in_other_facts_is_found(data: bytes, says: bool) -> None:
    assert says_where(data) is says


def test_a_profile_that_imagemagick_wrote_is_read() -> None:
    exif = photograph("JPEG", ANGLES)
    start = exif.index(b"Exif\x00\x00")
    (length,) = struct.unpack(">H", exif[start - 2 : start])
    figures = exif[start : start + length - 2].hex().encode()
    text = (
        b"\nexif\n    "
        + str(length - 2).encode()
        + b"\n"
        + b"\n".join(figures[at : at + 72] for at in range(0, len(figures), 72))
    )
    assert says_where(png_with(chunk(b"zTXt", b"Raw profile type exif\x00\x00" + zlib.compress(text))))
    assert not says_where(png_with(chunk(b"tEXt", b"Raw profile type exif\x00\nexif\n 8\nno figures")))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_any_damage_is_survived(kind: str) -> None:
    data = photograph(kind, ANGLES)
    for place in range(len(data)):
        says_where(data[:place])
        says_where(data[:place] + b"\xff" + data[place + 1 :])


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zlib.compress(b"\x00" * 50_000_000 + XMP)
    assert not says_where(png_with(*[chunk(b"zTXt", b"a\x00\x00" + bomb)] * 3))


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        (b"\x00\x00\x00\x1e\xa9xyz\x00\x12\x15\xc7+51.3400+012.3700/", True),
        (b"com.apple.quicktime.location.ISO6709", True),
        (b"\x12\x00\x00\x00GEO_LOCATION=Leipzig", True),
        (b"\x10\x00\x00\x00LOCATION=Leipzig", True),
        (b"\x0c\x00\x00\x00LOCATION=\x00", False),
        (b"ALLOCATION=none \xa9xyz", False),
    ],
)
def test_a_place_in_a_sound_is_found_at_its_beginning_and_end(tags: bytes, says: bool) -> None:
    silence = b"\x00" * 1_000_000
    assert says_where_heard(tags + silence) is says_where_heard(silence + tags) is says


def test_the_samples_of_tests_say_no_place() -> None:
    assert not any(says_where_heard(tone(ending)) for ending in ENDINGS)


def test_each_file_is_named_with_what_to_do(write_project: WriteProject) -> None:
    files: dict[str, str | bytes] = {
        "first.yaml": "- {id: q, question: 'Q ![a](a.jpg) ![b](b.svg)?', answer: A., sources: ['https://example.org/']}",
        "media/a.jpg": photograph("JPEG", ANGLES),
        "media/b.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><desc>photoshop:City="B"</desc></svg>',
    }
    found = [each for each in check_project(write_project(files)).diagnostics if each.code == "location-in-file"]
    assert [(each.span.path, "mogrify" in each.help) for each in found] == [
        ("source/media/a.jpg", True),
        ("source/media/b.svg", False),
    ]
