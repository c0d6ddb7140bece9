"""The YAML of a picture with masks: each mistake is told at its place, all at once."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cardpress.deck.masks import Picture, read_picture
from tests.conftest import DECK, WriteProject
from tests.helpers.diagnostics import codes, places, problems
from tests.helpers.masked_pictures import AORTA, HEART, VEIN, note, with_masks


def occlude(text: str, **files: str | bytes) -> dict[str, str | bytes]:
    """Return a project whose only note has this under `occlude`."""
    return {**with_masks(), "first.yaml": f"- id: heart\n  occlude: {text}\n", **files}


RECT = "{image: heart.svg, masks: [{id: a, rect: %s}]}"
MISTAKES = {
    "no mapping": ("heart.svg", ["wrong-type"], "2:12"),
    "no image": ("{masks: [{id: a, rect: [0, 0, 1, 1]}]}", ["missing-key"], "2:13"),
    "no masks": ("{image: heart.svg}", ["missing-key"], "2:13"),
    "an empty list": ("{image: heart.svg, masks: []}", ["empty-text"], "2:38"),
    "no list": ("{image: heart.svg, masks: aorta}", ["wrong-type"], "2:38"),
    "an unknown key": ("{image: heart.svg, shapes: [vein], colour: red}", ["unknown-key"], "2:47"),
    "hide without what": ("{image: heart.svg, hide: true, shapes: [vein]}", ["bad-mask"], "2:37"),
    "a typo in hide": ("{image: heart.svg, hide: al, shapes: [vein]}", ["bad-mask"], "2:37"),
    "a mask without an id": ("{image: heart.svg, masks: [{rect: [0, 0, 1, 1]}]}", ["missing-key"], "2:40"),
    "a mask without a place": ("{image: heart.svg, masks: [{id: a}]}", ["missing-key"], "2:40"),
    "two places": ("{image: heart.svg, masks: [{id: a, shape: vein, rect: [0, 0, 1, 1]}]}", ["bad-mask"], "2:60"),
    "a mask that is a text": ("{image: heart.svg, masks: [aorta]}", ["wrong-type"], "2:39"),
    "an unknown key of a mask": ("{image: heart.svg, masks: [{id: a, shape: vein, x: 1}]}", ["unknown-key"], "2:60"),
    "two masks with one id": ("{image: heart.svg, shapes: [vein, vein]}", ["bad-mask"], "2:46"),
    "ids in other capitals": (
        "{image: heart.svg, shapes: [vein], masks: [{id: VEIN, shape: vein}]}",
        ["bad-mask"],
        "2:40",
    ),
    "an id of two lines": ('{image: heart.svg, masks: [{id: "a\\nb", shape: vein}]}', ["bad-mask"], "2:44"),
    "a long id": (f"{{image: heart.svg, masks: [{{id: {'a' * 101}, shape: vein}}]}}", ["bad-mask"], "2:44"),
    "no shapes": ("{image: heart.svg, masks: [{id: a, shapes: []}]}", ["empty-text"], "2:55"),
    "three numbers": (RECT % "[1, 2, 3]", ["bad-mask"], "2:53"),
    "five numbers": (RECT % "[1, 2, 3, 4, 5]", ["bad-mask"], "2:53"),
    "one number": (RECT % "3", ["wrong-type"], "2:53"),
    "a text": (RECT % "[1, 2, wide, 4]", ["bad-mask"], "2:60"),
    "a text in quotes with a number": (RECT % '[1, 2, "3 px", 4]', ["bad-mask"], "2:60"),
    "no number at all": (RECT % "[.nan, 2, .inf, 1e999]", ["bad-mask", "bad-mask", "bad-mask"], "2:54"),
    "a number of many digits": (RECT % f"[{'9' * 5000}, 2, 3, 4]", ["bad-mask"], "2:54"),
    "a list in the list": (RECT % "[[1], 2, 3, 4]", ["bad-mask"], "2:54"),
    "no width": (RECT % "[1, 2, 0, 4]", ["bad-mask"], "2:60"),
    "a negative height": (RECT % "[1, 2, 3, -4]", ["bad-mask"], "2:63"),
    "outside at the right": (RECT % "[400, 2, 30, 40]", ["bad-mask"], "2:53"),
    "outside above": (RECT % "[10, -50, 30, 40]", ["bad-mask"], "2:53"),
    "over the edge": (RECT % "[380, 2, 30, 40]", ["bad-mask"], "2:53"),
    "a part as height among units": (RECT % "[0.1, 0.2, 300, 0.4]", ["bad-mask"], "2:53"),
    "a part as width among units": (RECT % "[10, 20, 0.3, 40]", ["bad-mask"], "2:53"),
    "over the edge in parts": (RECT % "[0.9, 0, 0.2, 1]", ["bad-mask"], "2:53"),
    "too small to be seen": (RECT % "[10, 2, 0.001, 40]", ["bad-mask"], "2:53"),
    "a shape that is not there": ("{image: heart.svg, shapes: [viens]}", ["bad-mask"], "2:40"),
    "a shape that is a text": ("{image: heart.svg, shapes: [words]}", ["bad-mask"], "2:40"),
    "shapes of a photograph": ("{image: photo.png, shapes: [vein]}", ["bad-mask"], "2:40"),
    "no such picture": ("{image: haert.svg, shapes: [vein]}", ["missing-media"], "2:20"),
    "a picture elsewhere": ("{image: ../heart.svg, shapes: [vein]}", ["path-outside-source"], "2:20"),
    "a picture in the network": ("{image: 'https://example.org/a.svg', shapes: [vein]}", ["remote-media"], "2:20"),
    "a picture that is none": ("{image: dull.png, masks: [{id: a, rect: [0, 0, 1, 1]}]}", ["unsupported-media"], "1:1"),
    "an SVG without a size": ("{image: sizeless.svg, shapes: [a]}", ["bad-mask"], "2:20"),
    "a sound": ("{image: a.mp3, shapes: [a]}", ["missing-media", "unsupported-media"], "2:20"),
}
OTHERS: dict[str, str | bytes] = {
    "media/sizeless.svg": '<svg xmlns="http://www.w3.org/2000/svg"><rect id="a" width="5" height="5"/></svg>',
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_at_its_place(write_project: WriteProject, name: str) -> None:
    text, wanted, place = MISTAKES[name]
    files = occlude(text, **OTHERS)
    if "dull" in text:
        files["media/dull.png"] = b"dull"
    found = problems(write_project(files))
    assert codes(found) == wanted
    assert places(found)[0].endswith(f":{place} {wanted[0]}")
    assert all(each.help for each in found)


def test_all_mistakes_of_a_picture_are_told_at_once(write_project: WriteProject) -> None:
    masks = "[{id: a, rect: [1]}, {id: b, rect: [1, 2, x, 4]}, {id: c, shape: nope}, {id: d, rect: [900, 0, 9, 9]}]"
    found = problems(write_project(occlude(f"{{image: heart.svg, hide: none, masks: {masks}}}")))
    assert codes(found) == ["bad-mask"] * 5


def test_help_says_what_to_type(write_project: WriteProject) -> None:
    over = problems(write_project(occlude(RECT % "[380, 2, 30, 40]")))
    assert over[0].help == "keep it inside, as in `rect: [380, 2, 20, 40]`"
    assert "400 × 200" in over[0].message


@pytest.mark.parametrize(
    ("rect", "inside"),
    [
        ("[380, 71, 30, 200]", "[380, 71, 20, 129]"),
        ("[-5, 70.3, 30, 5]", "[0, 70.3, 25, 5]"),
        ("[0.7, 0.71, 0.4, 0.1]", "[0.7, 0.71, 0.3, 0.1]"),
    ],
)
def test_a_mask_over_the_edge_keeps_the_numbers_that_are_right(
    rect: str, inside: str, write_project: WriteProject
) -> None:
    (over,) = problems(write_project(occlude(RECT % rect)))
    assert over.help == f"keep it inside, as in `rect: {inside}`"


def test_a_picture_is_named_without_its_folder(write_project: WriteProject) -> None:
    (found,) = problems(write_project(occlude("{image: source/media/heart.svg, shapes: [vein]}")))
    assert found.help == "write `heart.svg`"
    (found,) = problems(write_project(occlude("{image: source/media/zzz.png, shapes: [vein]}")))
    assert found.help == "create source/media/zzz.png, and write its name alone: `zzz.png`"
    close = problems(write_project(occlude("{image: heart.svg, shapes: [vien]}")))
    assert close[0].help == "did you mean `vein`?"


def test_a_hand_may_slip_by_a_hair(write_project: WriteProject) -> None:
    assert problems(write_project(occlude(RECT % "[-1, -0.5, 402, 201]"))) == []


def test_ten_thousand_masks_are_refused_and_cost_no_time(write_project: WriteProject) -> None:
    masks = json.dumps([{"id": f"m{n}", "rect": [0, 0, 1, 1]} for n in range(10_000)])
    begun = time.process_time()
    assert codes(problems(write_project(occlude(f"{{image: heart.svg, masks: {masks}}}")))) == ["text-too-long"]
    assert time.process_time() - begun < 10


def test_five_hundred_masks_are_fine(write_project: WriteProject) -> None:
    masks = json.dumps([{"id": f"m{n}", "rect": [0, 0, 1, 1]} for n in range(500)])
    assert problems(write_project(occlude(f"{{image: heart.svg, masks: {masks}}}"))) == []


@pytest.mark.parametrize("kind", ["interview", "cloze", "occlusion", "recall"])
def test_the_key_alone_says_what_it_is_in_any_section(write_project: WriteProject, kind: str) -> None:
    files = with_masks()
    files["deck.yaml"] = f"{DECK}    note_type: {kind}\n"
    assert problems(write_project(files)) == []


def test_ids_may_be_numbers_and_words_of_a_drawing_program(write_project: WriteProject) -> None:
    svg = HEART.replace('id="aorta"', 'id="path_12-3.α"')
    files = with_masks(note({"id": "path_12-3.α", "shape": "path_12-3.α", "label": "a"}, {**VEIN, "id": 7}))
    assert problems(write_project({**files, "media/heart.svg": svg})) == []


def test_labels_are_texts_of_which_all_rules_hold(write_project: WriteProject) -> None:
    found = problems(write_project(with_masks(note({**AORTA, "label": "[a](htp://example.org)"}))))
    assert codes(found) == ["bad-url"]


OWN: dict[str, Any] = {
    "two pictures": ("  - {key: other, holds: occlusion}\n", "two fields hold masks"),
    "a cloze text, too": ("  - {key: other, holds: cloze}\n", "one field holds a cloze text, and another masks"),
    "a name that Anki needs": ("  - {key: image, holds: line}\n", "two fields are called `Image` in Anki"),
}
TYPE = """\
title: Map
fields:
  - {key: map, holds: occlusion}
  - {key: extra, holds: text, label: More}
cards:
  - {asks: [map], answers: [extra]}
"""


@pytest.mark.parametrize("name", OWN)
def test_a_note_type_has_one_picture_with_masks(write_project: WriteProject, name: str) -> None:
    line, message = OWN[name]
    files = {**with_masks(), "../templates/note-types/map/note-type.yaml": TYPE.replace("cards:", f"{line}cards:")}
    (found,) = problems(write_project(files))
    assert (found.code, found.message) == ("bad-note-type", message)


def test_a_card_of_masks_is_one_and_asks_them(write_project: WriteProject) -> None:
    declared = TYPE.replace("asks: [map], answers: [extra]", "asks: [extra], answers: [map]")
    files = {**with_masks(), "../templates/note-types/map/note-type.yaml": declared}
    (found,) = problems(write_project(files))
    assert found.message == "Anki makes the cards of masks itself"


def jpeg(width: int, height: int, orientation: int) -> bytes:
    picture = Image.new("RGB", (width, height))
    exif = picture.getexif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    picture.save(file, "JPEG", exif=exif)
    return file.getvalue()


@pytest.mark.parametrize(("orientation", "size"), [(1, (40, 20)), (3, (40, 20)), (6, (20, 40)), (8, (20, 40))])
def test_a_photograph_has_the_size_that_it_is_shown_in(orientation: int, size: tuple[int, int]) -> None:
    assert read_picture(jpeg(40, 20, orientation)) == Picture(*size)


def test_the_units_of_an_svg_are_those_of_its_view_box(write_project: WriteProject, tmp_path: Path) -> None:
    picture = read_picture(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-100 50 200 100" width="50mm"/>')
    assert picture is not None
    assert picture.units == pytest.approx((-100, 50, 200, 100))
    assert picture.said == "200 × 100, from -100, 50"
