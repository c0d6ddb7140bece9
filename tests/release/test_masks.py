"""The masks of a released picture are permanent: each has one card for ever, wherever it lies."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from cardpress.anki.package import read_package
from cardpress.diagnostics import Diagnostic
from cardpress.history.masks import digest_mask, find_lost, number_masks
from cardpress.history.merging import merge
from cardpress.release.changes import Change, find_changes
from cardpress.release.rehearsal import rehearse
from tests.helpers.author import Author, small_deck
from tests.helpers.decks import deck_of
from tests.helpers.diagnostics import codes, problems
from tests.helpers.masked_pictures import AORTA, HEART, VEIN, note
from tests.helpers.masked_pictures import APEX as UNLABELLED


def write(author: Author) -> None:
    author.write()
    media = author.project / "source" / "media"
    media.mkdir(exist_ok=True)
    (media / "heart.svg").write_text(HEART, encoding="utf-8")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of a deck that was released with a picture of two masks."""
    author = Author(tmp_path_factory.mktemp("masks") / "project", {"metals": [*small_deck()["metals"], note()]})
    write(author)
    author.release("1.0.0")
    return author.project


@pytest.fixture
def masks(tmp_path: Path, released: Path) -> Author:
    """The author of a copy of `released`."""
    return Author.of(shutil.copytree(released, tmp_path / "project"))


def change(author: Author, *masks: dict[str, Any], **keys: Any) -> None:
    author.find("heart").update(note(*masks, **keys))
    write(author)


def found(author: Author, *masks: dict[str, Any]) -> list[Diagnostic]:
    change(author, *masks)
    return problems(author.project)


def numbers(package: bytes) -> list[str]:
    (heart,) = (each for each in read_package(package).notes.values() if "image-occlusion" in each.fields[0])
    return [part.partition("}}")[0] for part in heart.fields[0].split("{{")[1:]]


def test_the_history_knows_masks_by_their_ids(masks: Author) -> None:
    (record,) = (each for each in masks.history.notes.values() if each.id == "heart")
    assert record.deletions == {1: (digest_mask("aorta"),), 2: (digest_mask("vein"),)}


APEX = {**UNLABELLED, "label": "apex"}
MOVED = {**AORTA, "rect": [0, 0, 100, 100]}
FREE: dict[str, tuple[list[dict[str, Any]], list[str]]] = {
    "as it was": ([AORTA, VEIN], ["c1", "c2"]),
    "moved and resized": ([MOVED, VEIN], ["c1", "c2"]),
    "relabelled": ([{**AORTA, "label": "the great artery"}, VEIN], ["c1", "c2"]),
    "another order": ([VEIN, AORTA], ["c1", "c2"]),
    "a new one in front": ([APEX, AORTA, VEIN], ["c1", "c2", "c3"]),
    "a shape instead of a rectangle": ([{"id": "aorta", "shape": "aorta", "label": "aorta"}, VEIN], ["c1", "c2"]),
}


@pytest.mark.parametrize("name", FREE)
def test_this_is_free_and_every_mask_keeps_its_number(masks: Author, tmp_path: Path, name: str) -> None:
    now, wanted = FREE[name]
    assert found(masks, *now) == []
    package = masks.build(tmp_path / "out")
    assert [each.partition("::")[0] for each in numbers(package)] == wanted


def test_a_new_mask_in_front_takes_a_number_of_its_own(masks: Author, tmp_path: Path) -> None:
    change(masks, APEX, AORTA, VEIN)
    package = masks.build(tmp_path / "out")
    assert [each.rpartition("left=")[2].partition(":")[0] for each in numbers(package)] == [".1", ".6", ".5"]


@pytest.mark.parametrize("now", [[AORTA], [{**AORTA, "id": "artery"}, VEIN]], ids=["gone", "under another id"])
def test_a_mask_that_learners_have_cannot_go(masks: Author, now: list[dict[str, Any]]) -> None:
    lost = found(masks, *now)
    assert codes(lost) == ["released-deletion-missing"]
    assert "put the mask back under its id" in lost[0].help
    assert "`heart-2`" in lost[0].help


def test_a_retired_picture_ships_as_it_was(masks: Author) -> None:
    masks.find("heart")["retired"] = {"reason": "It was drawn wrong."}
    write(masks)
    assert problems(masks.project) == []


def test_two_branches_that_gave_one_number_to_two_masks_have_both() -> None:
    released = {1: (digest_mask("a"),), 2: (digest_mask("b"), digest_mask("c"))}
    assert number_masks(["c", "a", "b", "d"], released) == {"a": 1, "b": 2, "c": 3, "d": 4}
    assert number_masks(["c", "a"], released) == {"a": 1, "c": 2}
    assert find_lost(["a", "c"], released) == []
    assert find_lost(["a"], released) == [2]


def changes(author: Author) -> list[Change]:
    return list(find_changes(deck_of(author.project), author.history).notes)


WHAT: dict[str, tuple[list[dict[str, Any]], dict[str, Any], tuple[str, ...], int]] = {
    "moved": ([MOVED, VEIN], {}, ("picture changed",), 0),
    "relabelled": ([{**AORTA, "label": "the great artery"}, VEIN], {}, ("answer changed",), 0),
    "added": ([AORTA, VEIN, UNLABELLED], {}, ("picture changed",), 1),
    "another header": ([AORTA, VEIN], {"header": "Name it"}, ("reworded",), 0),
    "hides one": ([AORTA, VEIN], {"hide": "one"}, ("picture changed",), 0),
    "with more to say": ([AORTA, VEIN], {"extra": "More."}, ("details changed",), 0),
}


@pytest.mark.parametrize("name", WHAT)
def test_diff_says_in_words_what_happened(masks: Author, name: str) -> None:
    now, keys, what, new_cards = WHAT[name]
    change(masks, *now, **keys)
    (found,) = changes(masks)
    assert (found.what, len(found.cards), found.updates) == (what, new_cards, True)


@pytest.mark.anki
def test_no_learner_loses_anything_when_masks_move_come_and_are_renamed(masks: Author) -> None:
    old = masks.package
    change(masks, APEX, MOVED, {**VEIN, "label": "a vein"})
    masks.release("1.1.0", "2026-03-01")
    rows = rehearse(old, masks.package)
    assert {row.promise: row.broken for row in rows if row.broken} == {}
    assert next(row for row in rows if row.promise == "every cloze card asks for the same gap").held >= 3


@pytest.mark.anki
def test_a_package_whose_masks_have_changed_their_numbers_is_noticed(masks: Author, tmp_path: Path) -> None:
    history = masks.project / "source" / "history.json"
    aorta, vein = digest_mask("aorta"), digest_mask("vein")
    swapped = history.read_text(encoding="utf-8").replace(aorta, "~").replace(vein, aorta).replace("~", vein)
    assert swapped.count(aorta) == 1
    history.write_text(swapped, encoding="utf-8")
    rows = rehearse(masks.package, masks.build(tmp_path / "out"))
    broken = {row.promise for row in rows if row.broken}
    assert "every cloze card asks for the same gap" in broken


def test_a_merge_names_the_cards_that_ask_for_another_mask_on_each_side(masks: Author, tmp_path: Path) -> None:
    other = Author.of(shutil.copytree(masks.project, tmp_path / "other"))
    for author, new in ((masks, APEX), (other, {**APEX, "id": "tip"})):
        change(author, AORTA, VEIN, new)
        author.release("1.1.0")
    assert merge(masks.history, other.history).torn == {"heart": (3,)}
    assert merge(masks.history, masks.history).torn == {}
