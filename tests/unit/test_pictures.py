"""Pictures become as large as outputs show them: the right way up, in their colors, without what a camera wrote."""

from __future__ import annotations

import hashlib
import io
import random
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngImageFile

from cardpress.deck import pictures
from cardpress.deck.pictures import WIDEST, Room, TooManyPixelsError, shrink, shrink_for_print, shrink_for_screen
from tests.helpers.pictures import png


def photo(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Return a picture of soft colors and some noise, with a red spot at its upper left."""
    chance = random.Random(width * height)
    colors = Image.frombytes("RGB", (8, 6), chance.randbytes(8 * 6 * 3)).resize((width, height))
    noise = Image.frombytes("RGB", (64, 48), chance.randbytes(64 * 48 * 3)).resize((width, height))
    made = Image.blend(colors, noise, 0.2)
    ImageDraw.Draw(made).rectangle((0, 0, width // 4, height // 4), fill=(255, 0, 0))
    return made.convert(mode)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def is_red(picture: Image.Image, place: tuple[int, int]) -> bool:
    color = picture.convert("RGB").getpixel(place)
    assert isinstance(color, tuple)
    red, green, blue = color[:3]
    return red > 230 and green < 40 and blue < 40


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        *(("JPEG", mode) for mode in ("RGB", "L", "CMYK")),
        *(("PNG", mode) for mode in ("RGB", "L", "P", "1", "LA", "RGBA")),
        *(("WEBP", mode) for mode in ("RGB", "RGBA")),
        ("GIF", "P"),
    ],
)
def test_a_large_picture_becomes_smaller(kind: str, mode: str) -> None:
    before = photo(2400, 1200, mode)
    picture = opened(saved(before, kind))
    after = opened(pictures._encode(pictures._decode(picture, (1600, 800)), is_photograph=kind == "JPEG"))
    assert (after.mode, after.size) == ("L" if mode in ("L", "1") else "RGB", (1600, 800))
    if mode in ("RGB", "CMYK", "RGBA"):
        assert is_red(after, (100, 100))


def test_what_is_small_enough_stays_as_it_is() -> None:
    for data in (
        saved(photo(WIDEST, 900), "JPEG"),
        saved(photo(900, 4000), "PNG"),
        b"<svg/>",
        b"broken",
    ):
        assert shrink(data) is data


def test_a_damaged_picture_stays_as_it_is() -> None:
    data = saved(photo(2400, 1200), "PNG")
    assert shrink(data[: len(data) // 2]) == data[: len(data) // 2]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_right_side_stays_up_and_no_camera_is_named(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    data = saved(photo(2400, 1800), "JPEG", exif=exif, comment=b"my address")
    assert b"SecretCamera" in data
    made = shrink(data)
    for secret in (b"SecretCamera", b"Exif", b"my address"):
        assert secret not in made
    after = opened(made)
    assert (after.width > after.height) == (orientation <= 4)
    left = orientation in (1, 4, 5, 8)
    up = orientation in (1, 2, 5, 6)
    assert is_red(after, (80 if left else after.width - 80, 80 if up else after.height - 80))


def test_transparency_stays() -> None:
    before = photo(2400, 1200, "RGBA")
    before.putalpha(Image.linear_gradient("L").resize(before.size))
    after = opened(shrink(saved(before, "PNG")))
    assert (after.format, after.mode, after.size) == ("PNG", "RGBA", (1600, 800))
    assert after.getchannel("A").getextrema() == (0, 255)
    assert opened(shrink(saved(before, "WEBP"))).mode == "RGBA"


def test_sixteen_bits_become_eight() -> None:
    rows = b"".join(b"\0" + b"".join(struct.pack(">H", column * 20) for column in range(3000)) for _ in range(1000))
    header = struct.pack(">IIBBBBB", 3000, 1000, 16, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part)) for kind, part in parts
    )
    picture = pictures._open(data)
    assert picture is not None
    after = pictures._decode(picture, (1600, 533))
    assert after.mode == "L"
    assert [after.getpixel((x, 99)) for x in (0, 800, 1599)] == pytest.approx([0, 117, 234], abs=2)


def test_a_drawing_stays_sharp_where_that_costs_no_bytes() -> None:
    drawing = Image.new("RGB", (3000, 1000), "white")
    for number in range(60):
        ImageDraw.Draw(drawing).line((number * 50, 0, 3000 - number * 50, 999), fill="navy", width=3)
    data = saved(drawing.quantize(4), "PNG")
    assert shrink(data) is data


def test_a_high_picture_stays_as_wide_as_its_pixels_allow() -> None:
    after = opened(shrink(saved(photo(1000, 8000), "JPEG")))
    assert after.width > 650
    assert after.width * after.height <= 4_010_000


def test_a_color_profile_stays() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind in ("JPEG", "PNG"):
        after = opened(shrink(saved(photo(2400, 1200), kind, icc_profile=profile)))
        assert after.info["icc_profile"] == profile


def test_what_moves_moves_on_the_screen() -> None:
    first, second = photo(2400, 1200).quantize(16), photo(2400, 1201).crop((0, 0, 2400, 1200)).quantize(16)
    data = saved(first, "GIF", save_all=True, append_images=[second])
    assert shrink_for_screen(data) is data
    still = saved(photo(2400, 1200), "JPEG")
    assert shrink_for_screen(still) == shrink(still)


def test_a_bomb_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = png(20_000, 20_000)
    monkeypatch.setattr(Image.Image, "load", None)
    with pytest.raises(TooManyPixelsError, match="20,000 × 20,000 pixels"):
        shrink(data)
    assert shrink_for_screen(data) is data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_print_has_three_hundred_dots_an_inch_where_there_is_least_room(kind: str) -> None:
    data = saved(photo(1600, 1200), kind)
    # Two inches wide, or an inch high.
    assert opened(shrink_for_print(data, Room(144, 900))).size == (600, 450)
    assert opened(shrink_for_print(data, Room(900, 72))).size == (400, 300)


def test_print_keeps_what_has_hardly_more_pixels() -> None:
    for data in (saved(photo(700, 500), "JPEG"), saved(photo(500, 700), "PNG"), b"<svg/>", b"broken"):
        assert shrink_for_print(data, Room(144, 144)) is data


def test_print_keeps_a_drawing_that_has_fewer_bytes() -> None:
    drawing = Image.new("RGB", (1600, 800), "white")
    for number in range(60):
        ImageDraw.Draw(drawing).line((number * 20, 0, 1600 - number * 20, 799), fill="navy", width=2)
    data = saved(drawing.quantize(4), "PNG")
    assert shrink_for_print(data, Room(144, 144)) is data


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_made_for_a_size_is_printed_in_that(kind: str) -> None:
    # A scan: one inch wide, where there is room for four.
    after = opened(shrink_for_print(saved(photo(1200, 900), kind, dpi=(1200, 1200)), Room(288, 288)))
    assert after.size == (300, 225)
    assert after.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    # One with room for half of it is as large as there is room.
    after = opened(shrink_for_print(saved(photo(1200, 900), kind, dpi=(1200, 1200)), Room(36, 288)))
    assert after.size == (150, 112)
    assert "dpi" not in after.info


def test_print_measures_a_picture_the_right_way_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    after = opened(shrink_for_print(saved(photo(1600, 1200), "JPEG", exif=exif), Room(72, 900)))
    assert after.size == (300, 400)


def test_a_damaged_picture_is_printed_as_it_is() -> None:
    data = saved(photo(1600, 1200), "PNG")
    assert shrink_for_print(data[: len(data) // 2], Room(72, 72)) == data[: len(data) // 2]


def test_two_who_ask_at_the_same_time_share_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []

    def record(data: bytes) -> bytes:
        seen.append(data)
        return data

    monkeypatch.setattr(pictures, "_shrink", record)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(shrink, [b"one and the same"] * 8))
    assert len(seen) == 1


def test_the_bytes_are_those_of_every_machine() -> None:
    """The digests were compared on x86-64 and on Arm."""
    chance = random.Random(5)
    colors = Image.frombytes("RGB", (240, 180), chance.randbytes(240 * 180 * 3)).resize(
        (2391, 1793), Image.Resampling.NEAREST
    )
    digests = [
        hashlib.sha256(
            pictures._encode(pictures._decode(picture, (1600, 1200)), is_photograph=is_photograph)
        ).hexdigest()
        for picture, is_photograph in (
            (colors.copy(), True),
            (colors.convert("L"), False),
            (colors.convert("RGBA").rotate(7), False),
        )
    ]
    assert [digest[:12] for digest in digests] == ["b373e3c99f82", "4c08bc40cd5c", "378e2e500e13"]


def test_one_large_picture_is_decoded_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    at_work: list[int] = []
    count = 0
    load = PngImageFile.load

    def watch(picture: PngImageFile) -> object:
        nonlocal count
        if not picture.tile:  # it is decoded already
            return load(picture)
        count += 1
        at_work.append(count)
        sleep(0.05)
        count -= 1
        return load(picture)

    monkeypatch.setattr(PngImageFile, "load", watch)
    large = [saved(photo(2_400, height), "PNG") for height in (2_000, 2_010, 2_020)]
    with ThreadPoolExecutor(len(large)) as pool:
        made = list(pool.map(shrink, large))
    assert {opened(each).width for each in made} == {1600}
    assert max(at_work) == 1


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_pixels_of_a_large_picture_go_before_the_smaller_one_is_written(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    read: list[Image.Image] = []
    looked: list[int] = []
    open_picture, encode = pictures._open, pictures._encode

    def remember(data: bytes) -> Image.Image | None:
        picture = open_picture(data)
        read.extend([picture] if picture else [])
        return picture

    def look(picture: Image.Image, *, is_photograph: bool, dots: int | None = None) -> bytes:
        with pytest.raises(ValueError, match="closed"):
            read[-1].getpixel((0, 0))
        looked.append(picture.width)
        return encode(picture, is_photograph=is_photograph, dots=dots)

    monkeypatch.setattr(pictures, "_open", remember)
    monkeypatch.setattr(pictures, "_encode", look)
    shrink(saved(photo(2_300, 1_100), kind))
    assert (len(read), looked) == (1, [1600])
