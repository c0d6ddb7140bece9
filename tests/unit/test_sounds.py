"""Sounds are told by their bytes, and one that is no sound, or of which a part is missing, is found out."""

from __future__ import annotations

import random
import time

import pytest

from cardpress.source.media.formats import guess_media_type
from cardpress.source.media.sounds import find_sound_fault, sniff_sound
from tests.helpers.pictures import png
from tests.helpers.sounds import ENDINGS, silence, tone


@pytest.mark.parametrize("ending", ENDINGS)
def test_each_format_is_told_by_its_bytes(ending: str) -> None:
    data = tone(ending)
    assert sniff_sound(data) == guess_media_type(f"x.{ending}")
    assert find_sound_fault(data) is None


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_sound_that_is_cut_short_is_found_out(ending: str, share: float) -> None:
    data = tone(ending)
    assert find_sound_fault(data[: int(len(data) * share)]) == "is cut short"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "is empty"),
        (b"no sound", "is no sound"),
        (b"<!doctype html><title>404</title>" + b"x" * 5000, "is no sound"),
        (png(8, 8), "is no sound"),
        (b"ID3\x03\0\0\x7f\x7f\x7f\x7f" + b"\xff" * 500, "is no sound"),
        (b"ID3\x03\0\0\0\0\0\x10" + b"\0" * 500, "is no sound"),
        (silence(0), "has no sound in it"),
        (silence(100, codec=0x55), "holds no sound that browsers can play"),
        (b"RIFF\0\0\0\0WAVE", "is cut short"),
        (b"RIFF\0\0\0\0WAVEdata\1\0\0\0x", "is damaged"),
        (b"OggS" + b"\0" * 22 + b"\1\x09Speex   x", "holds no sound that Anki and browsers can play"),
        (b"OggS", "is cut short"),
        (tone("ogg") + b"more", "is damaged"),
        (b"fLaC", "is cut short"),
        (b"fLaC\x80\0\0\0xxxx", "is damaged"),
        (b"\0\0\0\x10ftypM4A \0\0\0\0", "is cut short"),
        (b"\0\0\0\x10ftypM4A \0\0\0\0\0\0\0\x04free", "is damaged"),
        (b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x0cmoovvide", "is a film"),
        (b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x0cmoovtext", "holds no sound"),
        (b"\0\0\0\x10ftypheic\0\0\0\0", "is no sound"),
    ],
)
def test_what_is_no_sound(data: bytes, fault: str) -> None:
    assert find_sound_fault(data) == fault


def test_tags_around_a_sound_are_none_of_it() -> None:
    tagged = b"ID3\x04\0\0\0\0\0\x0a" + b"\0" * 10 + tone() + b"TAG" + b"\0" * 125
    assert (sniff_sound(tagged), find_sound_fault(tagged)) == ("audio/mpeg", None)
    flac = b"ID3\x04\0\0\0\0\0\x0a" + b"\0" * 10 + tone("flac")
    assert (sniff_sound(flac), find_sound_fault(flac)) == ("audio/flac", None)


def test_a_pipe_does_not_know_the_length_of_a_wav() -> None:
    data = bytearray(silence(100))
    data[40:44] = b"\xff\xff\xff\xff"
    assert find_sound_fault(bytes(data)) is None


def test_noise_is_no_sound() -> None:
    chance = random.Random(1)
    assert not any(sniff_sound(chance.randbytes(20_000)) for _ in range(100))


@pytest.mark.parametrize(
    "data",
    [
        b"\xff" * 16_000_000,
        b"\xff\xfb\x90\x00" * 4_000_000,
        (b"\xff\xe3\x18\x00" + b"\0" * 20) * 600_000,  # the shortest frames
        b"ID3\x03\0\0\0\0\0\0" + b"\xff\xfb" * 8_000_000,
        b"OggS" + (b"\0" * 22 + b"\1\x08OpusHead" + b"OggS") * 500_000,
        b"fLaC" + b"\0" * 16_000_000,
        b"fLaC\x80\0\0\x22" + b"\0" * 34 + b"\xff\xf8\0\0\0\0\0\0" * 100_000,
        silence(10)[:36] + b"junk\0\0\0\0" * 2_000_000,
        b"\0\0\0\x10ftypM4A \0\0\0\0" + b"\0\0\0\x08free" * 2_000_000,
        b"\0\0\0\x10ftypM4A \0\0\0\0\0\0\0\x01moov\xff\xff\xff\xff\xff\xff\xff\xff",
    ],
    ids=range(10),
)
def test_no_file_takes_long(data: bytes) -> None:
    start = time.process_time()
    find_sound_fault(data)
    assert time.process_time() - start < 2
