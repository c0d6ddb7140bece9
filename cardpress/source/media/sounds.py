"""What a sound's file is, as its bytes say, and whether all of it is there: MP3, Ogg, M4A, WAV and FLAC.

Headers and the lengths in them are read, a bounded number of them; no sound is decoded.
"""

from __future__ import annotations

import re
import struct

# Pages, chunks, boxes and frames that are looked at. A sound of some hours has more, whose ends nobody checks.
_MOST_PARTS = 100_000
# Where the first frame of an MP3 is looked for, behind its tags.
_LEAD = 64 * 1024
# Bytes of a frame of FLAC, and places where the last one is looked for.
_LONGEST_FRAME = 200_000
_MOST_CANDIDATES = 5_000
# Sums of them that are made.
_MOST_SUMS = 5
_MPEG_VERSIONS = {3: 1, 2: 2, 0: 2}  # the bits in a header → MPEG 1, MPEG 2 and 2.5 (ISO 11172-3, 2.4.2.3; 13818-3)
_RATES = {
    # (version, layer) → kilobits a second by their index
    (1, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES[2, 3] = _RATES[2, 2]
_FREQUENCIES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_CODECS = (b"OpusHead", b"\x01vorbis", b"\x7fFLAC")
# Formats of WAV that browsers play: PCM, floating point, A-law, µ-law, and one that names another one of them.
_FORMATS = (1, 3, 6, 7, 0xFFFE)
# What the first frame of many an MP3 says: flags, the number of frames, and that of bytes.
_COUNT = re.compile(rb"(?s)(?:Xing|Info)...[\x03\x07\x0b\x0f]....(....)")
# Brands of M4A and of other files of that kind (ISO 14496-12).
_BRANDS = re.compile(rb"M4A |M4B |mp4[12]|isom|iso[2-9]|dash|MSNV|qt  ")


class _CutError(Exception):
    """Raised where a part is longer than what is left of the file."""


def sniff_sound(data: bytes) -> str | None:
    """Return a sound's media type by its first bytes, None when it is none that Anki and browsers can play."""
    if data[:4] == b"OggS":
        return "audio/ogg"
    if data[:4] == b"fLaC":
        return "audio/flac"
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "audio/wav"
    if data[4:8] == b"ftyp":
        return "audio/mp4" if _BRANDS.match(data, 8) else None
    start = _skip_tag(data)
    if start and data[start : start + 4] == b"fLaC":
        return "audio/flac"
    return "audio/mpeg" if _find_frame(data, start) is not None else None


def find_sound_fault(data: bytes) -> str | None:
    """Return what is wrong with a sound, to go on with after its name; None when it can be played."""
    if not data:
        return "is empty"
    checks = {
        "audio/ogg": _ogg,
        "audio/flac": _flac,
        "audio/wav": _wav,
        "audio/mp4": _mp4,
        "audio/mpeg": _mpeg,
    }
    kind = sniff_sound(data)
    if kind is None:
        return "is no sound"
    try:
        return checks[kind](data)
    except (_CutError, struct.error, IndexError):
        return "is cut short"


def _ogg(data: bytes) -> str | None:
    """Walk its pages (RFC 3533, 6)."""
    place = is_last = 0
    for _ in range(_MOST_PARTS):
        if place == len(data):
            break
        if data[place : place + 4] != b"OggS":
            return "is damaged" if place + 4 <= len(data) else "is cut short"
        is_last = data[place + 5] & 4
        segments = data[place + 26]
        sizes = data[place + 27 : place + 27 + segments]
        start = place + 27 + segments
        if place == 0 and not data.startswith(_CODECS, start):
            return "holds no sound that Anki and browsers can play"
        place = start + sum(sizes)
        if len(sizes) < segments or place > len(data):
            raise _CutError
    return None if is_last or place < len(data) else "is cut short"


def _flac(data: bytes) -> str | None:
    """Walk its blocks of metadata (RFC 9639, 8): behind them are frames, the last of which is whole."""
    start = _skip_tag(data)
    place, is_last = start + 4, False
    for _ in range(_MOST_PARTS):
        if is_last:
            break
        head, length = data[place], int.from_bytes(data[place + 1 : place + 4], "big")
        is_last = bool(head & 0x80)
        place += 4 + length
    if place + 2 > len(data):
        raise _CutError
    if data[place] != 0xFF or data[place + 1] & 0xFC != 0xF8:
        return "is damaged"
    (size,) = struct.unpack(">H", data[start + 8 : start + 10])
    samples = int.from_bytes(data[start + 21 : start + 26], "big") & 0xF_FFFF_FFFF
    # Tags of an MP3 behind it are no part of it.
    end = len(data) - 128 if data[-128:-125] == b"TAG" else len(data)
    at, tried = end, 0
    for _ in range(_MOST_CANDIDATES):
        at = data.rfind(b"\xff", max(place, end - _LONGEST_FRAME), at)
        if at < 0 or tried == _MOST_SUMS:
            break
        if _may_be_last(data[at : at + 16], size, samples):
            tried += 1
            if _sum_up(data[at:end]) == 0:
                return None
    raise _CutError


def _may_be_last(head: bytes, size: int, samples: int) -> bool:
    """Return whether the last frame of a FLAC may begin so (RFC 9639, 9.1)."""
    if len(head) < 6 or head[1] not in (0xF8, 0xF9):
        return False
    # The number is coded like a character in UTF-8: of the frame, or of its first sample.
    length = max(8 - (head[4] ^ 0xFF).bit_length(), 1)
    if length > 7 or (head[4] >= 0x80 and length == 1):
        return False
    number = head[4] if length == 1 else head[4] & (0x7F >> length)
    for byte in head[5 : 4 + length]:
        number = number << 6 | byte & 0x3F
    last = (number + 1) * size if head[1] == 0xF8 else number + size
    return not samples or last >= samples


def _sum_up(data: bytes) -> int:
    """Return the CRC-16 of FLAC, which is 0 of a whole frame."""
    crc = 0
    for byte in data:
        crc = crc << 8 & 0xFFFF ^ _CRC[crc >> 8 ^ byte]
    return crc


def _make_crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        crc = byte << 8
        for _ in range(8):
            crc = crc << 1 & 0xFFFF ^ (0x8005 if crc & 0x8000 else 0)
        table.append(crc)
    return tuple(table)


_CRC = _make_crc_table()


def _wav(data: bytes) -> str | None:
    """Walk its chunks (RIFF, Multimedia Programming Interface 1.0): a format and the samples."""
    place, has_format = 12, False
    for _ in range(_MOST_PARTS):
        kind, length = struct.unpack("<4sI", data[place : place + 8])
        place += 8
        if kind == b"data":
            if not length or len(data) == place:
                return "has no sound in it"
            # Who writes into a pipe does not know the length beforehand.
            if length < 0x7FFF_0000 and place + length > len(data):
                raise _CutError
            return None if has_format else "is damaged"
        if kind == b"fmt ":
            has_format = True
            if int.from_bytes(data[place : place + 2], "little") not in _FORMATS:
                return "holds no sound that browsers can play"
        place += length + length % 2
    return "is damaged"


def _mp4(data: bytes) -> str | None:
    """Walk its boxes (ISO 14496-12, 4.2): a description of sound and no film, and all of the data."""
    place = 0
    films: bytes | None = None
    for _ in range(_MOST_PARTS):
        if place == len(data):
            break
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        if length == 1:
            (length,) = struct.unpack(">Q", data[place + 8 : place + 16])
        elif length == 0:
            length = len(data) - place
        if length < 8:
            return "is damaged"
        if place + length > len(data):
            raise _CutError
        if kind == b"moov":
            films = data[place : place + length]
        place += length
    if films is None:
        return "is cut short"
    if b"vide" in films and b"soun" not in films:
        return "is a film"
    return None if b"soun" in films else "holds no sound"


def _mpeg(data: bytes) -> str | None:
    """Walk its frames. What stands behind them are tags."""
    place = _find_frame(data, _skip_tag(data)) or 0
    found = _COUNT.search(data, place, place + 200)
    if found and place + int.from_bytes(found[1], "big") > len(data) + _measure_frame(data, place):
        raise _CutError
    for _ in range(_MOST_PARTS):
        length = _measure_frame(data, place)
        if place + length > len(data):
            raise _CutError
        if not length:
            break
        place += length
    return None


def _skip_tag(data: bytes) -> int:
    """Return where the sound begins behind a tag ID3v2 (its section 3.1), which may lie."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _find_frame(data: bytes, start: int) -> int | None:
    """Return where the first frame of MPEG audio begins that another one follows, or that the file ends with."""
    place = data.find(b"\xff", start, start + _LEAD)
    while place >= 0:
        length = _measure_frame(data, place)
        after = place + length
        ends = place == start and after >= len(data)  # else any noise would be a sound
        if length and (ends or _measure_frame(data, after) or data[after : after + 3] == b"TAG"):
            return place
        place = data.find(b"\xff", place + 1, start + _LEAD)
    return None


def _measure_frame(data: bytes, place: int) -> int:
    """Return how many bytes a frame of MPEG audio has, 0 when there is none."""
    head = data[place : place + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    rate, frequency, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version not in _MPEG_VERSIONS or layer == 4 or rate in (0, 15) or frequency == 3:
        return 0
    bits = _RATES[_MPEG_VERSIONS[version], layer][rate] * 1000
    hertz = _FREQUENCIES[version][frequency]
    if layer == 1:
        return (12 * bits // hertz + padding) * 4
    samples = 72 if layer == 3 and version != 3 else 144
    return samples * bits // hertz + padding
