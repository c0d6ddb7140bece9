"""The masks of a released picture are permanent: each has one card for ever, wherever it lies."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from cardpress.anki.package import read_package
from cardpress.diagnostics import Diagnostic
from cardpress.history.masks import Lost, digest_mask, find_lost, number_masks
from cardpress.history.merging import merge
from cardpress.history.records import MaskRecord, NoteRecord
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


def place(problem: Diagnostic) -> str:
    return problem.span.file.text[problem.span.start : problem.span.end]


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
    hints = {
        1: "put `id: vein` back, wherever it lies now; to ask for it no more, retire the note and write a new one with "
        "another id, such as `heart-2`",
        2: "write `id: aorta`",
    }
    assert lost[0].help == hints[len(now)]
    assert lost[0].message.startswith("`heart` was released with the mask `vein`" if len(now) == 1 else "`heart` was")
    assert place(lost[0]) == ("masks" if len(now) == 1 else "artery")


def test_a_mask_in_the_short_way_is_told_how_to_keep_its_id(masks: Author) -> None:
    masks.find("heart")["occlude"] = {"image": "heart.svg", "shapes": ["aorta", "vein"]}
    write(masks)
    masks.release("1.1.0")
    (masks.project / "source" / "media" / "heart.svg").write_text(HEART.replace('"vein"', '"vena"'), encoding="utf-8")
    masks.find("heart")["occlude"] = {"image": "heart.svg", "shapes": ["aorta", "vena"]}
    masks.write()
    (lost,) = problems(masks.project)
    assert (lost.code, lost.help) == (
        "released-deletion-missing",
        "write it under `masks` as `{id: vein, shape: vena}`",
    )


def test_a_mask_that_cannot_be_placed_is_not_missed(masks: Author) -> None:
    assert codes(found(masks, {**AORTA, "rect": [40, 20, 80, 0]}, VEIN)) == ["bad-mask"]
    assert codes(found(masks, {**AORTA, "rect": "here"}, VEIN)) == ["wrong-type"]
    assert codes(found(masks, {key: AORTA[key] for key in ("rect", "label")}, VEIN)) == ["missing-key"]


def test_a_history_without_the_ids_of_masks_names_their_cards(masks: Author) -> None:
    _forget_masks(masks)
    (lost,) = found(masks, AORTA)
    assert lost.message == "`heart` was released with a mask for card 2, whose card learners have; it is gone"
    assert lost.help.startswith("put the mask back under its id, wherever")


def _forget_masks(author: Author) -> None:
    """Take from the history what releases before 1.1 did not record."""
    path = author.project / "source" / "history.json"
    text, count = re.subn(r', "masks": \{[^}]*\}', "", path.read_text(encoding="utf-8"))
    assert count == 1
    path.write_text(text, encoding="utf-8")


EXCHANGED: dict[str, list[dict[str, Any]]] = {
    "ids": [{**AORTA, "id": "vein"}, {**VEIN, "id": "aorta"}],
    "labels": [{**AORTA, "label": VEIN["label"]}, {**VEIN, "label": "*The* aorta"}],
    "one to a new mask": [{**AORTA, "label": "the great vein"}, VEIN, {**UNLABELLED, "label": "the aorta"}],
}


@pytest.mark.parametrize("name", EXCHANGED)
def test_masks_that_exchanged_what_they_hide_are_found(masks: Author, name: str) -> None:
    wrong = found(masks, *EXCHANGED[name])
    assert set(codes(wrong)) == {"released-deletion-moved"}
    assert len(wrong) == (1 if name == "one to a new mask" else 2)
    told = {(place(each), *re.findall(r"`id: (\w+)`", each.help)) for each in wrong}
    assert told == ({("apex", "aorta")} if len(wrong) == 1 else {("vein", "aorta"), ("aorta", "vein")})


def test_pictures_with_equal_headers_are_known_by_what_their_masks_hide(masks: Author) -> None:
    lung = {**note({**AORTA, "label": "bronchus"}, {**VEIN, "label": "alveole"}), "id": "lung"}
    masks.sections["metals"].append(lung)
    write(masks)
    masks.release("1.1.0")
    masks.find("lung")["header"] = "What is this called?"
    masks.sections["metals"].append({**note(APEX), "id": "tip"})
    write(masks)
    assert problems(masks.project) == []
    masks.find("lung").update(header=note()["header"])
    masks.find("heart")["id"], lung["id"] = "x", "heart"
    masks.find("x")["id"] = "lung"
    write(masks)
    wrong = [each for each in problems(masks.project) if each.code == "released-id-changed"]
    assert {(place(each), each.help) for each in wrong} == {
        ("heart", "write `id: lung`"),
        ("lung", "write `id: heart`"),
    }


def test_masks_without_labels_are_known_by_where_they_lie(masks: Author) -> None:
    first, second = {"id": "aorta", "rect": [40, 20, 80, 40]}, {"id": "vein", "shape": "vein"}
    change(masks, first, second)
    masks.release("1.1.0")
    assert found(masks, {**first, "rect": [0, 0, 50, 50]}, second) == []
    assert found(masks, {**first, **AORTA}, {**second, **VEIN}) == []
    exchanged = found(masks, {**first, "id": "vein"}, {**second, "id": "aorta"})
    assert codes(exchanged) == ["released-deletion-moved"] * 2


LEFT, RIGHT = {"id": "aorta", "rect": [40, 20, 80, 40]}, {"id": "vein", "rect": [240, 120, 80, 40]}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("", ""), ("aorta", "vein")),
        (("", ""), ("", "vein")),
        (("aorta", "vein"), ("", "")),
        (("aorta", "vein"), ("the big aorta", "the vein")),
    ],
    ids=["labels come", "one label comes", "labels go", "other words"],
)
def test_where_labels_cannot_tell_masks_are_known_by_where_they_lie(
    masks: Author, before: tuple[str, str], after: tuple[str, str]
) -> None:
    def labelled(labels: tuple[str, str], left: str, right: str) -> list[dict[str, Any]]:
        both = ({**LEFT, "id": left, "label": labels[0]}, {**RIGHT, "id": right, "label": labels[1]})
        return [each if each["label"] else {key: each[key] for key in ("id", "rect")} for each in both]

    change(masks, *labelled(before, "left", "right"))
    masks.find("heart")["id"] = "heart-2"
    masks.sections["metals"].append(note())
    write(masks)
    masks.release("1.1.0")
    moved = "released-deletion-moved"
    masks.find("heart-2").update({**note(*labelled(after, "right", "left")), "id": "heart-2"})
    write(masks)
    wrong = [each for each in problems(masks.project) if each.code == moved]
    assert {(place(each), *re.findall(r"`id: (\w+)`", each.help)) for each in wrong} == {
        ("left", "right"),
        ("right", "left"),
    }
    masks.find("heart-2").update({**note(*labelled(after, "left", "right")), "id": "heart-2"})
    write(masks)
    assert moved not in codes(problems(masks.project))


def test_masks_that_only_exchange_places_are_told_by_their_labels(masks: Author) -> None:
    change(masks, {**AORTA, "rect": [240, 120, 80, 40]}, {**VEIN, "shape": "aorta"})
    masks.write()
    assert problems(masks.project) == []


def test_equal_labels_are_no_exchange(masks: Author) -> None:
    valve = {**UNLABELLED, "label": "the vein"}
    change(masks, AORTA, VEIN, valve)
    masks.release("1.1.0")
    assert found(masks, AORTA, {**VEIN, "label": "the left vein"}, valve) == []


def test_a_retired_picture_ships_as_it_was(masks: Author) -> None:
    masks.find("heart")["retired"] = {"reason": "It was drawn wrong."}
    write(masks)
    assert problems(masks.project) == []


def test_two_branches_that_gave_one_number_to_two_masks_have_both() -> None:
    released = {1: (digest_mask("a"),), 2: (digest_mask("b"), digest_mask("c"))}
    assert number_masks(["c", "a", "b", "d"], released) == {"a": 1, "b": 2, "c": 3, "d": 4}
    assert number_masks(["c", "a"], released) == {"a": 1, "c": 2}
    now = {each: MaskRecord(each, each) for each in "abc"}
    record = NoteRecord("g", "heart", "occlusion", "s", "1.0.0", "2026-01-01", "", "", {}, released, masks=now)
    assert list(find_lost({each: now[each] for each in "ac"}, record)) == []
    assert list(find_lost({"a": now["a"]}, record)) == [Lost(2, "b", "")]
    assert list(find_lost({"a": now["a"], "d": now["b"]}, record)) == [Lost(2, "b", "d")]


def changes(author: Author) -> list[Change]:
    return list(find_changes(deck_of(author.project), author.history).notes)


WHAT: dict[str, tuple[list[dict[str, Any]], dict[str, Any], tuple[str, ...], int]] = {
    "moved": ([MOVED, VEIN], {}, ("picture changed",), 0),
    "relabelled": ([{**AORTA, "label": "the great artery"}, VEIN], {}, ("answer changed",), 0),
    "added": ([AORTA, VEIN, UNLABELLED], {}, ("picture changed",), 1),
    "added with a label": ([AORTA, APEX, VEIN], {}, ("picture changed",), 1),
    "added, and another relabelled": (
        [{**AORTA, "label": "x"}, APEX, VEIN],
        {},
        ("answer changed", "picture changed"),
        1,
    ),
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


@pytest.mark.parametrize(
    ("other_mask", "torn"),
    [
        ({**APEX, "label": "another thing"}, {"heart": (3,)}),
        ({**APEX, "rect": [1, 2, 30, 40]}, {}),  # it has moved, and hides the same
    ],
)
def test_a_merge_names_a_mask_of_one_id_that_hides_something_else_on_each_side(
    masks: Author, tmp_path: Path, other_mask: dict[str, object], torn: dict[str, tuple[int, ...]]
) -> None:
    other = Author.of(shutil.copytree(masks.project, tmp_path / "other"))
    for author, new in ((masks, APEX), (other, other_mask)):
        change(author, AORTA, VEIN, new)
        author.release("1.1.0")
    assert merge(masks.history, other.history).torn == torn
