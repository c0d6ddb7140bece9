"""Files of a deck that was taken over keep their names in Anki; page and sheets show those that they can."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from cardpress.anki.fields import get_fields
from cardpress.deck.notes import Deck
from cardpress.disk.reading import MAX_BYTES
from cardpress.pipeline import check_project
from cardpress.source.media.formats import find_file
from cardpress.writers import load_writer
from cardpress.writers.json import make_bundle
from tests.conftest import WriteProject
from tests.helpers.adopted_media import ADOPTED, BACK, FRONT, adopted
from tests.helpers.decks import deck_from, package_of, page_of
from tests.helpers.pictures import png
from tests.helpers.sounds import tone


def names_in(deck: Deck) -> dict[str, bytes]:
    """Return the files of a deck's package by their names in Anki."""
    with zipfile.ZipFile(BytesIO(package_of(deck))) as archive:
        return {name: archive.read(number) for number, name in json.loads(archive.read("media")).items()}


def test_they_ship_under_their_own_names_whatever_they_are(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, adopted())
    (note,) = deck.notes()
    values = get_fields(deck.sections[0], note, note)
    assert (values["Front"], values["Back"]) == (FRONT, BACK)
    assert names_in(deck) == ADOPTED


def test_page_and_sheets_show_what_they_can_and_name_the_rest(tmp_path: Path) -> None:
    files = adopted()
    page = page_of(tmp_path / "page", files).read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") >= 2
    assert "data:audio/mpeg;base64," in page
    assert "film.webm" in page
    assert "a map" in page
    deck = deck_from(tmp_path / "deck", files)
    assert {each.origin for each in deck.media} == {"my map.png", "Tom & Jerry.png", "a & b.mp3"}
    written = load_writer("pdf")(deck)
    assert written.diagnostics == ()
    assert written.artifacts


def test_a_picture_may_have_the_name_of_another_kind(tmp_path: Path) -> None:
    named: dict[str, bytes] = {"a.jpg": png(8, 4), "B.PNG": png(4, 4), "c": png(2, 2), "d.mp3": tone("ogg")}
    files = adopted('<img src="a.jpg"><img src="B.PNG"><img src="c">', "[sound:d.mp3]", named)
    page = page_of(tmp_path / "page", files).read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") >= 3
    assert "data:audio/ogg;base64," in page
    deck = deck_from(tmp_path / "deck", files)
    assert names_in(deck) == named
    assert {each["media_type"] for each in make_bundle(deck)["media"]} >= {"image/png"}
    assert load_writer("pdf")(deck).diagnostics == ()


def test_what_only_anki_shows_is_said_once(write_project: WriteProject) -> None:
    found = check_project(write_project(adopted())).diagnostics
    alone = [each.span.path for each in found if each.code == "shown-by-anki-alone"]
    assert alone == [f"source/media/{name}" for name in ("_x.jpg", "broken.gif", "film.webm")]
    assert {each.code for each in found} == {"shown-by-anki-alone"}


def test_a_file_that_changed_ships_anew_under_a_name_of_its_own(tmp_path: Path) -> None:
    files = adopted(back="", media={"my map.png": png(8, 4)}, front='<img src="my%20map.png" width=9>')
    files = {**files, "media/my map.png": png(9, 4)}
    deck = deck_from(
        tmp_path,
        {name: content for name, content in files.items() if name != "first.yaml"}
        | {"first.yaml": json.dumps([{"id": "one", "front": '<img src="my%20map.png" width=9>'}])},
    )
    (note,) = deck.notes()
    (name,) = names_in(deck)
    assert name.startswith("sample-my-map-")
    assert get_fields(deck.sections[0], note, note)["Front"] == f'<img src="{name}" width=9>'


def test_what_is_missing_now_is_an_error_unless_learners_never_had_it(write_project: WriteProject) -> None:
    files = adopted()
    del files["media/_x.jpg"]
    found = [each for each in check_project(write_project(files)).diagnostics if each.severity == "error"]
    assert [(each.code, each.message) for each in found] == [("missing-media", "no file source/media/_x.jpg")]


def test_a_film_may_be_large(write_project: WriteProject) -> None:
    film = b"\x1aE\xdf\xa3" + bytes(MAX_BYTES)
    files = adopted(back='<video src="film.webm">', front="x", media={"film.webm": film})
    assert [each.code for each in check_project(write_project(files)).diagnostics] == ["shown-by-anki-alone"]


@pytest.mark.parametrize(
    ("written", "name"),
    [("a%20b.png", "a b.png"), ("a b.png", "a b.png"), ("100%.png", "100%.png"), ("a%2520b.png", "a%20b.png")],
)
def test_names_are_found_as_anki_finds_them(written: str, name: str) -> None:
    assert find_file(written, {name}) == name
    assert find_file(written, {written, name}) == written


def test_a_name_that_is_not_known_stays() -> None:
    assert find_file("a%20b.png", {"b.png"}) == "a%20b.png"
