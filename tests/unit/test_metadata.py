"""Page and sheets get pictures without what cameras and programs wrote into them, whatever their size."""

from __future__ import annotations

import base64
import io
import random
import struct
import time
import zlib
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from cardpress.deck.pictures import shrink, shrink_for_screen
from cardpress.source.media.metadata import drop_metadata, list_embedded

XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>SecretEditor</rdf:RDF></x:xmpmeta>'
SECRETS = (b"SecretCamera", b"SecretEditor", b"SecretComment", b"\x01\x10\x00\x05", b"Exif\x00\x00II")


def exif_of(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[1] = "N"
    return exif.tobytes()


def noise(width: int = 60, height: int = 40, seed: int = 1) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(seed).randbytes(width * height * 3))


def saved(kind: str, picture: Image.Image | None = None, **options: object) -> bytes:
    file = io.BytesIO()
    (picture or noise()).save(file, kind, **options)
    return file.getvalue()


def texts() -> PngImagePlugin.PngInfo:
    made = PngImagePlugin.PngInfo()
    made.add_text("Comment", "SecretComment")
    made.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    made.add(b"prVt", b"SecretEditor")
    return made


def two_frames(kind: str, **options: Any) -> bytes:
    return saved(kind, save_all=True, append_images=[noise(seed=2)], duration=[100, 200], loop=0, **options)


def with_secrets(orientation: int = 1) -> dict[str, bytes]:
    exif = exif_of(orientation)
    return {
        "jpeg": saved("JPEG", exif=exif, xmp=XMP, comment=b"SecretComment"),
        "progressive": saved("JPEG", exif=exif, xmp=XMP, progressive=True),
        "gray": saved("JPEG", noise().convert("L"), exif=exif, comment=b"SecretComment"),
        "cmyk": saved("JPEG", noise().convert("CMYK"), exif=exif),
        "png": saved("PNG", exif=exif, pnginfo=texts()),
        "webp": saved("WEBP", exif=exif, xmp=XMP),
        "lossless": saved("WEBP", lossless=True, exif=exif, xmp=XMP),
        "moving webp": two_frames("WEBP", exif=exif, xmp=XMP),
        "moving png": two_frames("PNG", exif=exif, pnginfo=texts()),
    }


def pixels(data: bytes) -> list[bytes]:
    with Image.open(io.BytesIO(data)) as picture:
        frames = []
        for number in range(getattr(picture, "n_frames", 1)):
            picture.seek(number)
            frames.append(picture.convert("RGBA").tobytes())
        return frames


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("kind", with_secrets())
def test_no_camera_and_no_program_is_named_and_no_pixel_changes(kind: str, orientation: int) -> None:
    data = with_secrets(orientation)[kind]
    assert b"SecretCamera" in data
    made = drop_metadata(data)
    for secret in SECRETS[:3]:
        assert secret not in made
    with Image.open(io.BytesIO(made)) as picture:
        assert dict(picture.getexif()) == ({} if orientation == 1 else {0x0112: orientation})
        assert not picture.info.keys() & {"xmp", "comment", "Comment", "XML:com.adobe.xmp"}
    assert pixels(made) == pixels(data)
    assert drop_metadata(made) is made
    assert shrink_for_screen(data) == made
    if "moving" not in kind:
        assert shrink(data) == made


def test_a_moving_gif_keeps_moving_without_its_comment() -> None:
    data = two_frames("GIF", comment=b"SecretComment")
    packed = b"!\xff\x0bXMP DataXMP\x0cSecretEditor\x00"
    data = data[:-1] + packed + b";" + b"behind it"
    made = drop_metadata(data)
    assert b"SecretComment" in data
    assert not any(secret in made for secret in (*SECRETS, b"behind it"))
    assert b"NETSCAPE2.0" in made
    assert pixels(made) == pixels(data)
    assert drop_metadata(made) is made


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_color_profile_stays(kind: str) -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = drop_metadata(saved(kind, exif=exif_of(1), icc_profile=profile))
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.info["icc_profile"] == profile


def test_what_stands_behind_a_picture_goes() -> None:
    behind = saved("JPEG", exif=exif_of(1))
    for data in (saved("JPEG"), saved("PNG"), saved("WEBP")):
        assert drop_metadata(data + behind) == data


def test_a_second_picture_in_the_file_goes() -> None:
    second = noise(seed=3)
    second.encoderinfo = {"exif": exif_of(1)}
    data = saved("MPO", save_all=True, append_images=[second])
    made = drop_metadata(data)
    assert b"SecretCamera" in data
    assert b"SecretCamera" not in made
    assert b"MPF" not in made
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.format == "JPEG"
    assert pixels(made) == pixels(data)[:1]


def test_a_small_picture_beside_the_large_one_goes() -> None:
    data = saved("JPEG")
    head = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01"
    assert data[6:20].startswith(head)
    thumbnail = b"\xff\xe0" + struct.pack(">H", 2 + 14 + 3) + head + b"\x01\x01" + b"abc"
    extension = b"\xff\xe0\x00\x10JFXX\x00SecretCam"
    assert drop_metadata(data[:2] + thumbnail + extension + data[20:]) == data


@pytest.mark.parametrize("between", [b"", b"\n ", b"&#10;", b"&#xa;"])
def test_a_photograph_inside_a_drawing_has_none_either(between: bytes) -> None:
    photo = saved("JPEG", exif=exif_of(6))
    figures = base64.b64encode(photo)
    cut = len(figures) // 2
    svg = b'<svg><image href="data:image/jpeg;base64,%s"/></svg>'
    data = svg % (figures[:cut] + between + figures[cut:])
    assert list(list_embedded(data)) == [photo]
    assert drop_metadata(data) == svg % base64.b64encode(drop_metadata(photo))


def test_a_drawing_without_such_a_photograph_stays_as_it_is() -> None:
    for data in (
        b"<svg/>",
        b'<svg><image href="data:image/png;base64,%s"/></svg>' % base64.b64encode(saved("PNG")),
        b'<svg><image href="data:image/png;base64,A"/></svg>',
    ):
        assert drop_metadata(data) is data


@pytest.mark.parametrize("kind", ["jpeg", "progressive", "png", "webp", "moving webp"])
def test_what_is_cut_short_breaks_nothing(kind: str) -> None:
    data = with_secrets(6)[kind]
    for end in range(0, len(data), 37):
        drop_metadata(data[:end])


@pytest.mark.parametrize("part", [b"\xff\xfe\x00\x02", b"\xff\xd8", b"\xff"])
def test_a_file_of_nothing_but_parts_takes_no_time(part: bytes) -> None:
    data = b"\xff\xd8" + part * (4 * 1024 * 1024)
    before = time.perf_counter()
    drop_metadata(data)
    assert time.perf_counter() - before < 1


def test_random_changes_break_nothing() -> None:
    chance = random.Random(7)
    samples = [*with_secrets(6).values(), two_frames("GIF")]
    for number in range(2000):
        data = bytearray(samples[number % len(samples)])
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(min(len(data), 600))] = chance.randrange(256)
        made = drop_metadata(bytes(data))
        assert len(made) <= len(data) + 60


def test_orientations_are_read_in_both_orders_and_others_are_none() -> None:
    for order, mark in (("<", b"II*\x00"), (">", b"MM\x00*")):
        for value in (0, 1, 3, 8, 9):
            exif = mark + struct.pack(f"{order}IHHHIHHI", 8, 1, 0x0112, 3, 1, value, 0, 0)
            chunk = b"eXIf" + exif
            part = struct.pack(">I", len(exif)) + chunk + struct.pack(">I", zlib.crc32(chunk))
            plain = saved("PNG")
            with Image.open(io.BytesIO(drop_metadata(plain[:-12] + part + plain[-12:]))) as picture:
                picture.load()
                assert picture.getexif().get(0x0112) == (value if value in (3, 8) else None)
