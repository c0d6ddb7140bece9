"""A picture with masks is a note of Anki's own image occlusion, which its editor opens and its script draws."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anki.import_export_pb2 import ImportResponse

from cardpress.note_types.identity import make_guid
from tests.conftest import DECK, WriteProject
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.decks import deck_of, package_of
from tests.helpers.masked_pictures import AORTA, APEX, VEIN, Files, note, with_masks
from tests.helpers.visible_text import visible

HEART = make_guid("sample", "heart")
STOCK = ["Occlusion", "Image", "Header", "Back Extra", "Comments"]
NEWER = DECK.replace("2026-01-02", "2026-02-03").replace("1.0.0", "1.1.0")
OWN = """\
title: Map
fields:
  - {key: place, holds: line}
  - {key: map, holds: occlusion}
  - {key: extra, holds: text, label: More}
cards:
  - {asks: [place, map], answers: [extra]}
"""


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


def take(learner: Learner, write_project: WriteProject, files: Files) -> ImportResponse.Log:
    return learner.take(package_of(deck_of(write_project(files))))


def read(learner: Learner, guid: str = HEART) -> Any:
    (card, *_) = learner.cards_of(guid)
    return learner.collection.get_image_occlusion_note(card.nid).note


@pytest.mark.parametrize("hide", ["all", "one"])
def test_ankis_editor_reads_the_note(write_project: WriteProject, learner: Learner, hide: str) -> None:
    take(learner, write_project, with_masks(note(AORTA, VEIN, APEX, hide=hide, extra="Of a *cow*.")))
    found = read(learner)
    shapes = {
        each.ordinal: [(shape.shape, {part.name: part.value for part in shape.properties}) for shape in each.shapes]
        for each in found.occlusions
    }
    others = {"oi": "1"} if hide == "all" else {}
    assert shapes == {
        1: [("rect", {"left": ".1", "top": ".1", "width": ".2", "height": ".2"} | others)],
        2: [("rect", {"left": ".6", "top": ".6", "width": ".2", "height": ".2"} | others)],
        3: [("rect", {"left": ".5", "top": ".0000", "width": ".25", "height": ".5"} | others)],
    }
    assert found.occlude_inactive == (hide == "all")
    assert found.image_data.startswith(b"<svg")
    assert re.fullmatch(r"sample-heart-[0-9a-f]{8}\.svg", found.image_file_name)
    assert (found.header, found.back_extra) == ("What is <em>this</em>?", "<p>Of a <em>cow</em>.</p>")


def test_the_note_type_is_ankis_own_kind(write_project: WriteProject, learner: Learner) -> None:
    take(learner, write_project, with_masks())
    note_type = learner.cards_of(HEART)[0].note_type()
    assert (note_type["type"], note_type["originalStockKind"], note_type["name"]) == (1, 6, "Sample deck · occlusion")
    fields = [(field["name"], field["tag"], field["preventDeletion"]) for field in note_type["flds"]]
    assert fields[:5] == [(name, tag, tag < 4) for tag, name in enumerate(STOCK)]
    assert all((tag, is_kept) == (None, False) for _, tag, is_kept in fields[5:])
    stock = learner.collection.models.by_name("Image Occlusion")
    assert stock is not None
    assert [field["name"] for field in stock["flds"]] == STOCK
    # What Anki's script looks for on both sides.
    for side in ("qfmt", "afmt"):
        for part in ('<div id="image-occlusion-container">', "{{Image}}", '<canvas id="image-occlusion-canvas">'):
            assert part in stock["tmpls"][0][side]
            assert part in note_type["tmpls"][0][side]
        assert "{{cloze:Occlusion}}" in note_type["tmpls"][0][side]
        assert "anki.imageOcclusion.setup();" in note_type["tmpls"][0][side]
    assert '<button id="toggle">' in note_type["tmpls"][0]["afmt"]


def test_what_ankis_editor_writes_is_what_we_write(write_project: WriteProject, learner: Learner) -> None:
    """Anki's editor saves a note anew: with the same texts it is the same note."""
    take(learner, write_project, with_masks())
    before = learner.everything()
    card = learner.cards_of(HEART)[0]
    fields = dict(card.note().items())
    learner.collection.update_image_occlusion_note(
        card.nid, fields["Occlusion"], fields["Header"], fields["Back Extra"], card.note().tags
    )
    after = learner.everything()
    assert dict(learner.cards_of(HEART)[0].note().items()) == fields
    assert after["cards"] == before["cards"]


def test_each_mask_has_a_card_whose_front_hides_it_and_whose_back_says_what_it_is(
    write_project: WriteProject, learner: Learner
) -> None:
    take(learner, write_project, with_masks(note(AORTA, VEIN, APEX)))
    cards = learner.cards_of(HEART)
    assert [card.ord for card in cards] == [0, 1, 2]
    for number, (card, label) in enumerate(zip(cards, ["the aorta", "the vein", ""], strict=True), 1):
        output = card.render_output()
        front, back = output.question_text, output.answer_text
        shown = [
            (kind, int(ordinal)) for kind, ordinal in re.findall(r'<div class="(cloze\S*)" data-ordinal="(\d)"', front)
        ]
        assert sorted(shown) == sorted(("cloze" if n == number else "cloze-inactive", n) for n in (1, 2, 3))
        assert f'<div class="cloze-highlight" data-ordinal="{number}"' in back
        assert "the aorta" not in front
        assert "the vein" not in front
        said = re.findall(r'<span class="cloze" data-ordinal="\d">(.*?)</span>', back)
        assert [visible(each) for each in said] == ([label] if label else [])
        assert "What is this?" in visible(front)


def test_anki_finds_nothing_to_mend_in_it(write_project: WriteProject, learner: Learner) -> None:
    take(learner, write_project, with_masks())
    before = learner.everything()
    assert learner.collection.fix_integrity()[1]
    assert list(learner.collection.get_empty_cards().notes) == []
    assert learner.everything()["cards"] == before["cards"]


def test_masks_move_come_and_change_their_names_over_a_studied_deck(
    write_project: WriteProject, learner: Learner
) -> None:
    take(learner, write_project, with_masks())
    learner.study(HEART)
    query = "select id, nid, did, ord, type, queue, due, ivl, reps from cards order by id"
    before = learner.rows(query)
    moved, named = {**AORTA, "rect": [0, 0, 40, 40]}, {**VEIN, "label": "a vein"}
    # Without a history a new one comes last: with one it may stand anywhere (tests/release/test_masks.py).
    log = take(learner, write_project, with_masks(note(moved, named, APEX), deck=NEWER))
    assert (len(log.updated), len(log.new), len(log.conflicting)) == (1, 0, 0)
    after = learner.rows(query)
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
    assert "left=.0000:top=.0000:width=.1:height=.2" in learner.cards_of(HEART)[0].note()["Occlusion"]
    assert not [each for each in learner.collection.models.all_names_and_ids() if each.name.endswith("+")]


def test_a_type_of_an_authors_own_is_native_too(write_project: WriteProject, learner: Learner) -> None:
    one = {"id": "heart", "place": "Where?", "map": note()["occlude"]}
    files = with_masks(one, deck=f"{DECK}    note_type: map\n")
    take(learner, write_project, {**files, "../templates/note-types/map/note-type.yaml": OWN})
    note_type = learner.cards_of(HEART)[0].note_type()
    names = [field["name"] for field in note_type["flds"]]
    assert names[:7] == ["Map", "Image", "Header", "Extra", "Comments", "Labels", "Place"]
    assert [field["tag"] for field in note_type["flds"]][:5] == [0, 1, 2, 3, 4]
    assert len(read(learner).occlusions) == 2
    assert "Where?" in visible(learner.cards_of(HEART)[0].render_output().question_text)
