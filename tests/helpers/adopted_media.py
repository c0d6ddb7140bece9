"""A deck that was taken over, whose files are known by `media` in its history."""

from __future__ import annotations

from collections.abc import Mapping

from cardpress.history.digests import digest_file
from cardpress.history.records import History, NameRecord, Release, to_text
from tests.helpers.media_deck import SVG, with_media
from tests.helpers.own_note_types import Files
from tests.helpers.pictures import png
from tests.helpers.sounds import tone

OLD = """\
title: Old
fields: [{key: front, holds: html, required: true}, {key: back, holds: html}]
cards: [{asks: [front], answers: [back]}]
"""
FRONT = '<img src="my%20map.png"><img src="Tom &amp; Jerry.png">[sound:a &amp; b.mp3]<img src=_x.jpg>'
BACK = (
    '<img src="broken.gif"><video controls src="film.webm"></video><img src="gone.png" alt="a map">[sound:gone.mp3]'
    '<img src="never%20there.png">'
)
ADOPTED: dict[str, bytes] = {
    "my map.png": png(8, 4),
    "Tom & Jerry.png": png(4, 4),
    "a & b.mp3": tone("mp3"),
    "_x.jpg": b"no JPEG",
    "broken.gif": b"GIF89a",
    "film.webm": b"\x1aE\xdf\xa3film",
    "_font.ttf": b"\0\1\0\0font",
    "latex-0123.svg": SVG.encode(),
}
LACKED = ("gone.png", "gone.mp3", "never there.png")


def history_of(adopted: Mapping[str, bytes], *lacked: str) -> str:
    """Return a history that holds such files, and lacks others."""
    release = Release("0.1.0", "2026-01-01", "0" * 64, "1" * 64, 1767225600)
    media = {name: digest_file(data) for name, data in adopted.items()} | dict.fromkeys(lacked, "")
    deck = NameRecord("sample", "Sample deck", "Sample deck", "Sample deck")
    first = NameRecord("first", "Sample deck::01 First section", "First section", "First section")
    return to_text(History((release,), {}, {}, {}, deck=deck, sections={"first": first}, media=media))


def adopted(front: str = FRONT, back: str = BACK, media: Mapping[str, bytes] = ADOPTED) -> Files:
    """Return the files below `source/` of a deck with one note, all of whose files are as learners had them."""
    files = with_media({"id": "one", "front": front, "back": back}, declared=OLD, kind="old")
    files = {name: content for name, content in files.items() if not name.startswith("media/")}
    held: Files = {f"media/{name}": data for name, data in media.items()}
    return {**files, **held, "history.json": history_of(media, *LACKED)}
