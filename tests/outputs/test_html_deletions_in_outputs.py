"""HTML with cloze deletions, and masks that were made in Anki, in the package, on page and paper."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema

from cardpress.anki.fields import get_fields
from cardpress.deck.notes import Note, Occlusion
from cardpress.note_types import Holds
from cardpress.pipeline import check_project
from cardpress.writers import load_writer
from cardpress.writers.json import make_bundle, make_schema
from cardpress.writers.page.layout import arrange
from tests.conftest import WriteProject
from tests.helpers.decks import deck_from, page_of
from tests.helpers.html_deletions import RECT, SHAPES, number_notes, with_gaps, with_masks

HIDDEN = RECT.format(1, ".1", ".2") + RECT.format(2, ".5", ".2")
MASKED = {"id": "heart", "occlusion": HIDDEN, "image": '<img src="flag.svg">', "header": "Name it", "extra": "so"}


def notes_from(folder: Path, *rows: list[str]) -> list[Note]:
    return list(deck_from(folder, with_gaps(*number_notes(rows))).notes())


def numbers_of(note: Note) -> list[int]:
    return [card.number for card in note.cards()]


def test_cards_are_of_the_deletions_in_all_fields(tmp_path: Path) -> None:
    rows = [["{{c1::a}}", "{{c3::b}}", "{{c5::c}}"], ["a"], ["{{c1,2::a}}"], ["{{c1::a", "", "{{c2::b}}"]]
    assert list(map(numbers_of, notes_from(tmp_path, *rows))) == [[1, 3, 5], [], [1, 2], [2]]


def test_a_card_shows_no_cloze_text_without_its_deletion(tmp_path: Path) -> None:
    (note,) = notes_from(tmp_path, ["{{c1::a}}", "{{c2::b}}", "c"])
    shown = [
        ([field.key for field, _ in card.asked], [field.key for field, _ in card.answered]) for card in note.cards()
    ]
    assert shown == [(["text"], ["remark"]), (["extra"], ["remark"])]


def test_a_note_without_a_deletion_is_no_error_and_no_card(write_project: WriteProject) -> None:
    assert check_project(write_project(with_gaps(*number_notes([["a"], ["{{c1::b"]])))).diagnostics == ()


def test_anki_gets_deletions_as_they_stand(tmp_path: Path) -> None:
    values = ["<b>{{c1::a</b> b::<i>h</i>}}", "[$]x[/$] [latex]y[/latex]", "{{c2::c}}"]
    deck = deck_from(tmp_path, with_gaps(*number_notes([values])))
    (note,) = deck.notes()
    assert list(get_fields(deck.sections[0], note, note).values()) == values


def test_page_and_bundle_have_its_deletions(tmp_path: Path) -> None:
    files = with_gaps(*number_notes([["<div>{{c1::a</div><div>b::hint}}</div>", "{{c2::c}}"]]))
    page = page_of(tmp_path / "page", files).read_text(encoding="utf-8")
    marked = page.partition('class="cloze" data-hint="hint">')[2].partition("</mark>")[0]
    assert re.sub(r"<[^>]*>|\s", "", marked) == "ab"
    assert 'data-gaps="text extra"' in page
    assert 'data-cards="1 2"' in page
    deck = deck_from(tmp_path / "deck", files)
    bundle = json.loads(json.dumps(make_bundle(deck)))
    jsonschema.validate(bundle, make_schema(deck))
    assert '<mark class="cloze" data-cloze="1"' in bundle["questions"][0]["text"]["html"]


def test_masks_of_anki_stay_and_are_shown_over_their_picture(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, with_masks(MASKED))
    (note,) = deck.notes()
    assert get_fields(deck.sections[0], note, note)["Occlusion"] == HIDDEN
    assert numbers_of(note) == [1, 2]
    assert note.asked.plain == "Name it"
    asked = arrange(note).asked
    assert [field.holds for field, _ in asked] == [Holds.OCCLUSION]
    (occlusion,) = [content for _, content in asked]
    assert isinstance(occlusion, Occlusion)
    assert occlusion.hides_all
    boxes = [(mask.number, box.left, box.top, box.width, box.height) for mask in occlusion.masks for box in mask.boxes]
    assert boxes == [(1, 0.1, 0.2, 0.25, 0.2), (2, 0.5, 0.2, 0.25, 0.2)]


def test_any_shape_is_the_rectangle_around_it(tmp_path: Path) -> None:
    (note,) = deck_from(tmp_path, with_masks(MASKED | {"occlusion": SHAPES})).notes()
    assert note.masked is not None
    boxes = [
        (mask.number, box.left, box.top, box.width, box.height) for mask in note.masked.masks for box in mask.boxes
    ]
    assert boxes == [(2, 0.5, 0.15, 0.28, 0.2), (3, 0.1, 0.6, 0.27, 0.2)]
    assert not note.masked.hides_all


def test_nobody_reads_what_only_anki_does(tmp_path: Path) -> None:
    files = with_masks(
        {key: text for key, text in MASKED.items() if key != "header"},
        MASKED | {"id": "lung", "image": "no picture", "header": "x"},
    )
    page = page_of(tmp_path / "page", files).read_text(encoding="utf-8")
    assert "image-occlusion" not in page
    deck = deck_from(tmp_path / "deck", files)
    assert load_writer("pdf")(deck).diagnostics == ()
    assert [note.asked.plain for note in deck.notes()] == ["flag", "x"]


def test_a_note_without_a_card_is_read_and_not_studied(tmp_path: Path) -> None:
    page = page_of(tmp_path, with_gaps(*number_notes([["none"], ["{{c1::one}}"]]))).read_text(encoding="utf-8")
    articles = re.findall(r"<article [^>]*>", page)
    assert ['data-cards="none"' in each for each in articles] == [True, False]
    assert ['data-kind="gaps" data-cards="1"' in each for each in articles] == [False, True]
