"""Which pictures can be seen through, so that a dark screen would swallow what is drawn on them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from cardpress.anki.card_templates import join_css
from cardpress.engine import ROOT
from cardpress.source.media.transparency import has_dark_scheme, may_be_seen_through, needs_light_ground
from tests.conftest import DECK
from tests.helpers.decks import deck_from
from tests.helpers.pictures import png

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 0 200 100">'
LINE = '<path d="M0 0h9" stroke="#000"/></svg>'


def picture(kind: str, mode: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, (4, 4)).save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (png(2, 2), False),
        (png(2, 2, None, (b"tRNS", b"\0\0")), True),
        (picture("PNG", "RGBA"), True),
        (picture("PNG", "LA"), True),
        (picture("JPEG", "RGB"), False),
        (picture("GIF", "P"), False),
        (picture("GIF", "P", transparency=0), True),
        (picture("WEBP", "RGB"), False),
        (picture("WEBP", "RGB", lossless=True), False),
        (picture("WEBP", "RGBA"), True),
        (picture("WEBP", "RGBA", lossless=True), True),
        (picture("PNG", "RGBA")[:20], False),
    ],
)
def test_pixels(data: bytes, wanted: bool) -> None:
    assert may_be_seen_through(data) is wanted


@pytest.mark.parametrize(
    ("inside", "wanted"),
    [
        ("", True),
        ('<rect width="100%" height="100%" fill="#fff"/>', False),
        ('<title>a</title><defs><g/></defs><rect x="-10" width="200" height="100" rx="8"/>', False),
        ('<rect width="100%" height="100%" fill="none"/>', True),
        ('<rect width="100%" height="100%" opacity=".1"/>', True),
        ('<rect width="100" height="100"/>', True),
        ('<rect width="wide" height="100"/>', True),
    ],
)
def test_drawings(inside: str, wanted: bool) -> None:
    assert may_be_seen_through((HEAD + inside + LINE).encode()) is wanted


NIGHT = "<style>.a { fill: #000 } @media (prefers-color-scheme: dark) { .a { fill: #fff } }</style>"


@pytest.mark.parametrize(
    ("inside", "wanted"),
    [
        (NIGHT, True),
        ("<style>@media screen and (Prefers-Color-Scheme:dark){}</style>", True),
        ("<style>@media (prefers-color-scheme: light) { .a { fill: #000 } }</style>", False),
        ("<desc>prefers-color-scheme</desc>", False),
    ],
)
def test_a_drawing_with_colors_for_the_night_needs_no_light_ground(inside: str, wanted: bool) -> None:
    data = (HEAD + inside + LINE).encode()
    assert has_dark_scheme(data) is wanted
    assert needs_light_ground(data) is not wanted


def test_every_picture_of_the_fastapi_deck_has_colors_for_the_night() -> None:
    pictures = sorted((ROOT / "source" / "media").glob("*.svg"))
    assert pictures
    assert [each.name for each in pictures if not has_dark_scheme(each.read_bytes())] == []


@pytest.mark.parametrize(("data", "count"), [(png(2, 2), 0), (png(2, 2, None, (b"tRNS", b"\0\0")), 1)])
def test_cards_have_paper_behind_pictures_where_one_can_be_seen_through(
    tmp_path: Path, data: bytes, count: int
) -> None:
    question = "- id: one\n  question: One ![a dot](new.png)?\n  answer: One.\n"
    deck = deck_from(tmp_path, {"deck.yaml": DECK, "first.yaml": question, "media/new.png": data})
    # The first one is that of the card itself.
    assert join_css(deck, deck.note_types[0]).count("color-scheme: light") == 1 + count


def test_a_drawing_with_colors_for_the_night_has_no_paper_behind_it(tmp_path: Path) -> None:
    question = "- id: one\n  question: One ![a dot](new.png) and ![a line](two.svg)?\n  answer: One.\n"
    media = {"media/new.png": picture("PNG", "RGBA"), "media/two.svg": (HEAD + NIGHT + LINE).encode()}
    deck = deck_from(tmp_path, {"deck.yaml": DECK, "first.yaml": question, **media})
    css = join_css(deck, deck.note_types[0])
    assert '.card img[src*="sample-two-"][src$=".svg"] { background: none; color-scheme: inherit; }' in css
