"""Printed pictures have the pixels that print shows: not more, which would make files heavy, and not fewer."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from cardpress.outputs import PER_PAGE
from cardpress.writers import pdf as writer
from tests.conftest import DECK
from tests.helpers.decks import deck_from
from tests.helpers.pdf_pages import drawn_pictures

# Pixels: wide, usual, high.
SIZES = {"wide": (3200, 1000), "usual": (2400, 1800), "high": (1300, 2400)}
QUESTION = """\
- id: {name}
  question: "What is {name}? ![a place](media/{name}.jpg)"
  answer: |
    A place.

    ![a place](media/{name}.jpg)
  gist: ["![a place](media/{name}.jpg)"]
  sources: [Book]
  recall:
    - {{id: {name}-recall, question: "Which? ![a place](media/{name}.jpg)", answer: It.}}
    - {{id: {name}-cloze, cloze: "{{{{c1::It}}}} ![a place](media/{name}.jpg)"}}
"""
MASKED = """\
- id: masked
  occlude: {image: usual.jpg, hide: all, masks: [{id: one, rect: [0, 0, 0.4, 0.4], label: One}]}
"""


def photo(width: int, height: int) -> bytes:
    """Return a photograph of noise, which nothing compresses well."""
    chance = random.Random(width)
    noise = Image.frombytes("RGB", (400, 300), chance.randbytes(400 * 300 * 3)).resize((width, height))
    file = io.BytesIO()
    noise.save(file, "JPEG", quality=90)
    return file.getvalue()


@pytest.fixture(scope="module")
def files() -> dict[str, str | bytes]:
    questions = "".join(QUESTION.format(name=name) for name in SIZES) + MASKED
    return {
        "first.yaml": questions.replace("media/", ""),
        **{f"media/{name}.jpg": photo(*size) for name, size in SIZES.items()},
    }


def printed(folder: Path, files: Mapping[str, str | bytes], outputs: str = "") -> dict[str, bytes]:
    deck = deck_from(folder, {**files, "deck.yaml": DECK + outputs})
    return {made.name.removeprefix("sample-"): made.data for made in writer.write(deck).artifacts}


def places(pdf: bytes) -> list[tuple[str, float, tuple[float, ...]]]:
    """Return each place of a picture in a PDF: the picture, its dots an inch there, and its edges in points."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [
            (str(picture.objgen), int(picture.Width) * 72 / (edges[2] - edges[0]), edges)
            for page in opened.pages
            for picture, edges in drawn_pictures(page)
            if picture.Subtype == "/Image"
        ]


def test_they_stand_where_larger_ones_would_in_far_fewer_bytes(
    tmp_path: Path, files: dict[str, str | bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted = printed(tmp_path / "fitted", files)
    monkeypatch.setattr(writer, "shrink_for_sheets", lambda *_: ({}, {}))
    whole = printed(tmp_path / "whole", files)
    assert fitted.keys() == whole.keys()
    assert len(fitted) == 10
    for name, data in fitted.items():
        after, before = places(data), places(whole[name])
        assert len(after) == len(before) > 2
        largest: dict[str, float] = {}
        for (picture, dots, edges), (_, had, edges_before) in zip(after, before, strict=True):
            assert edges == pytest.approx(edges_before, abs=0.6)
            # As sharp as print shows, or as they ever were; 282 has the booklet.
            assert dots > min(280, had * 0.99), name
            largest[picture] = min(dots, largest.get(picture, dots))
        # Cards may have smaller type. The cheat sheet has room for a wide picture across its columns, if there are two.
        assert max(largest.values()) < (700 if name.startswith("cheatsheet") else 450), name
        share = 1.01 if name.startswith("booklet") else 0.7 if name.startswith("cheatsheet") else 0.5
        assert len(data) < share * len(whole[name]), name


@pytest.mark.parametrize("per_page", PER_PAGE)
def test_cards_of_every_size_have_sharp_pictures(tmp_path: Path, files: dict[str, str | bytes], per_page: int) -> None:
    cards = f"{{per_page: {per_page}, papers: [a4]}}"
    outputs = f"outputs:\n  pdf: false\n  flashcards: {cards}\n  recall-cards: {cards}\n"
    for name, data in printed(tmp_path, files, outputs).items():
        found = [dots for _, dots, _ in places(data)]
        assert len(found) > 5
        assert min(found) > 280, name


def test_the_same_bytes_each_time(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    outputs = "outputs: {pdf: {papers: [a4]}, booklet: false}\n"
    assert printed(tmp_path / "one", files, outputs) == printed(tmp_path / "other", files, outputs)


def test_a_template_of_ones_own_gets_them_larger(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    own = tmp_path / "templates" / "print" / "study-notes.typ"
    own.parent.mkdir(parents=True)
    own.write_text(
        '#set document(title: deck.title)\n#image("/" + deck.media.at("usual.jpg").file, format: "jpg", alt: "it")\n'
    )
    outputs = "outputs: {pdf: {papers: [a4]}, booklet: false}\n"
    made = printed(tmp_path, files, outputs)
    sizes = {}
    for sheet in ("study-notes", "flashcards"):
        with pikepdf.open(io.BytesIO(made[f"{sheet}-a4.pdf"])) as opened:
            found = [int(each.Width) for page in opened.pages for each, _ in drawn_pictures(page)]
            sizes[sheet] = max(found)
    assert sizes["study-notes"] == 1600
    assert sizes["flashcards"] < 1100
