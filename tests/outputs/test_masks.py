"""A picture with masks is in every output: masked, numbered and labelled."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cardpress.anki.card_templates import fill_card_template, join_css
from cardpress.anki.fields import list_card_numbers, write_masks
from cardpress.deck.notes import Box, Deck, Mask, Note, Occlusion, RichText
from cardpress.markdown import parse
from cardpress.note_types import Holds, OcclusionPart
from cardpress.writers import load_writer
from cardpress.writers.pdf.data import make_print_data
from tests.conftest import DECK, ROOT, WriteProject
from tests.helpers.decks import deck_from, deck_of, page_of
from tests.helpers.diagnostics import codes, problems
from tests.helpers.json_bundle import bundle_and_schema, problems_of
from tests.helpers.masked_pictures import AORTA, APEX, HEART, VEIN, note, with_masks
from tests.helpers.own_note_types import place_of
from tests.helpers.pdf_pages import glyphs, sheets, words


def heart(deck: Deck) -> Note:
    (found,) = deck.notes()
    return found


@pytest.fixture
def deck(tmp_path: Path) -> Deck:
    return deck_from(tmp_path, with_masks(note(AORTA, VEIN, APEX)))


def test_a_note_has_its_masks_with_numbers_and_places(deck: Deck) -> None:
    occlusion = heart(deck).occlusion
    assert occlusion is not None
    assert (occlusion.width, occlusion.height, occlusion.hides_all) == (400, 200, True)
    assert [(mask.id, mask.number, mask.boxes) for mask in occlusion.masks] == [
        ("aorta", 1, (Box(0.1, 0.1, 0.2, 0.2),)),
        ("vein", 2, (Box(0.6, 0.6, 0.2, 0.2),)),
        ("apex", 3, (Box(0.5, 0, 0.25, 0.5),)),
    ]
    assert [card.number for card in heart(deck).cards()] == [1, 2, 3]
    assert list_card_numbers(heart(deck)) == (1, 2, 3)
    assert [media.origin for media in deck.media] == ["heart.svg"]


def test_several_shapes_are_one_mask(tmp_path: Path) -> None:
    mask = {"id": "both", "shapes": ["aorta", "vein"]}
    occlusion = heart(deck_from(tmp_path, with_masks(note(mask)))).occlusion
    assert occlusion is not None
    assert [each.boxes for each in occlusion.masks] == [(Box(0.1, 0.1, 0.2, 0.2), Box(0.6, 0.6, 0.2, 0.2))]
    assert write_masks(occlusion).count("{{c1::") == 2


def test_shapes_alone_are_masks(tmp_path: Path) -> None:
    one = {"id": "heart", "occlude": {"image": "heart.svg", "shapes": ["vein", "aorta"]}}
    found = heart(deck_from(tmp_path, with_masks(one)))
    assert found.occlusion is not None
    assert [(mask.id, mask.number, mask.label) for mask in found.occlusion.masks] == [
        ("vein", 1, None),
        ("aorta", 2, None),
    ]
    assert found.asked.plain == "Heart"


@pytest.mark.parametrize(
    ("note", "image", "name"),
    [
        ("parts-of-a-boat", "img_0031.svg", "Parts of a boat"),
        ("q-12", "boat.svg", "Boat"),
        ("q-12", "12.svg", "12"),
        ("q-12", "\N{CJK UNIFIED IDEOGRAPH-8239}.svg", "\N{CJK UNIFIED IDEOGRAPH-8239}"),
    ],
)
def test_a_picture_without_a_header_has_its_id_for_a_title(tmp_path: Path, note: str, image: str, name: str) -> None:
    one = {"id": note, "occlude": {"image": image, "shapes": ["vein"]}}
    files: dict[str, Any] = {**with_masks(one), f"media/{image}": HEART}
    (found,) = deck_from(tmp_path, files).notes()
    assert found.asked.plain == name


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ((0.0, 0.0, 1.0, 1.0), "left=.0000:top=.0000:width=1.:height=1."),
        ((0.5, 0.25, 0.1, 0.0001), "left=.5:top=.25:width=.1:height=.0001"),
        ((0.1234, 0.02, 0.203, 0.3), "left=.1234:top=.02:width=.203:height=.3"),
    ],
)
def test_numbers_are_written_as_anki_writes_them(parts: tuple[float, float, float, float], wanted: str) -> None:
    name = RichText("a", parse("a"), is_line=True)
    occlusion = Occlusion("a.png", 1, 1, name, hides_all=False, masks=(Mask("a", 4, (Box(*parts),)),))
    assert write_masks(occlusion) == f"{{{{c4::image-occlusion:rect:{wanted}}}}}<br>"


def test_braces_and_colons_in_labels_end_no_deletion(tmp_path: Path) -> None:
    found = heart(deck_from(tmp_path, with_masks(note({**AORTA, "label": "a}} b::c {{d"}))))
    label = found.fields["Labels"]
    assert label.startswith("{{c1::")
    assert label.endswith("}}")
    assert "}}" not in label[:-2]
    assert "::" not in label[6:]


def test_only_cards_with_masks_have_their_style_and_script(tmp_path: Path) -> None:
    files = with_masks(note(), {"id": "q", "question": "Q?", "answer": "A."})
    deck = deck_from(tmp_path, files)
    for note_type in deck.note_types:
        css = join_css(deck, note_type)
        sides = [side for card in note_type.cards for side in fill_card_template(deck, note_type, card)]
        is_masked = note_type.kind == "occlusion"
        assert ("#image-occlusion-canvas" in css) == is_masked
        assert all(("anki.imageOcclusion" in side) == is_masked for side in sides)
        # Our own script would enlarge the picture without its masks.
        assert all(("cardpressKeys" in side) != is_masked for side in sides)


def test_the_bundle_has_them_as_its_schema_says(deck: Deck) -> None:
    bundle, schema = bundle_and_schema(deck)
    assert problems_of(bundle, schema) == []
    written = str(bundle["questions"])
    assert re.search(r"'hide': 'all'", written)
    assert written.count("'rects'") == 3
    assert "'rects': [[0.6, 0.6, 0.2, 0.2]]" in written
    assert "'text': 'the vein'" in written


def text_of(deck: Deck, sheet: str) -> str:
    return "".join(words(glyphs(page)) for page in sheets(deck)[sheet].pages)


@pytest.mark.parametrize("sheet", ["booklet-a4", "study-notes-a4"])
def test_sheets_to_read_have_the_picture_with_numbers_and_a_list(deck: Deck, sheet: str) -> None:
    text = text_of(deck, sheet)
    assert "Whatisthis?" in text
    assert "1231.theaorta2.thevein" in text


@pytest.mark.parametrize("sheet", ["booklet-a4", "study-notes-a4"])
def test_a_picture_stands_on_one_page_with_its_list(tmp_path: Path, sheet: str) -> None:
    masks = [(number, mark) for number in range(12) for mark in "ABCDEF"]
    notes = [
        note(
            *({**AORTA, "id": mark.lower(), "label": f"<{number}{mark}>"} for each, mark in masks if each == number),
            id=f"n-{number}",
            header=f"({number})",
            extra="\n\n".join(["Filled."] * (number + 1)),
        )
        for number in range(12)
    ]
    pages = [words(glyphs(page)) for page in sheets(deck_from(tmp_path, with_masks(*notes)))[sheet].pages]
    for number in range(12):
        found = [index for index, page in enumerate(pages) for mark in "ABCDEF" if f"<{number}{mark}>" in page]
        assert found == [found[0]] * 6
        assert f"({number})" in pages[found[0]]


def test_the_page_has_a_drawing_of_the_masks_over_the_picture(tmp_path: Path) -> None:
    html = page_of(tmp_path, with_masks(note(AORTA, VEIN, APEX))).read_text(encoding="utf-8")
    assert '<svg viewBox="0 0 1000 500.0" aria-hidden="true">' in html.replace("1000.0", "1000")
    rects = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/>', html)
    assert [tuple(map(float, rect)) for rect in rects] == [
        (100, 50, 200, 100),
        (600, 300, 200, 100),
        (500, 0, 250, 250),
    ]
    assert 'alt="Heart"' in html
    assert html.count("data:image/svg+xml") == 1


def test_a_page_template_of_an_authors_own_can_show_them(write_project: WriteProject) -> None:
    page = (ROOT / "templates/web/page.html").read_text(encoding="utf-8").replace("<h1>", "<h1>Mine: ")
    project = write_project({**with_masks(), "../templates/web/page.html": page})
    (artifact,) = load_writer("page")(deck_of(project)).artifacts
    assert artifact.data.count(b'<rect x="') == 2


def test_what_stands_in_a_name_is_no_markup(tmp_path: Path) -> None:
    hostile = '1. *a* "><img src=x> {{c1::b}}.svg'
    files: dict[str, Any] = {f"media/{hostile}": HEART}
    one = {"id": "q-1", "occlude": {"image": hostile, "shapes": ["vein"]}}
    (found,) = deck_from(tmp_path, {**with_masks(one), **files}).notes()
    assert found.asked.plain == "1 a img src x c1 b"
    assert re.fullmatch(r'<img src="sample-[a-z0-9-]+\.svg" alt="1 a img src x c1 b">', found.fields["Image"])


BELOW = """\
title: Map
noun: a map
fields:
  - {key: map, holds: occlusion}
cards:
  - {asks: [map], answers: []}
"""


def test_a_picture_below_a_question_is_on_the_page_and_in_the_booklet(tmp_path: Path) -> None:
    declared = (ROOT / "templates/note-types/interview/note-type.yaml").read_text(encoding="utf-8")
    question = {"id": "q", "question": "Q?", "answer": "A.", "recall": [{"id": "heart", "map": note()["occlude"]}]}
    files = {
        **with_masks(question),
        "../templates/note-types/map/note-type.yaml": BELOW,
        "../templates/note-types/interview/note-type.yaml": declared.replace("below: [", "below: [map, "),
    }
    deck = deck_from(tmp_path, files)
    assert "theaorta" in text_of(deck, "booklet-a4")
    (artifact,) = load_writer("page")(deck).artifacts
    assert artifact.data.count(b'<rect x="') == 2


OWN = """\
title: Map
fields:
  - {key: map, holds: occlusion}
cards:
  - {asks: [map], answers: [], front: front.html, back: back.html}
"""


def test_an_author_can_write_such_a_card_whose_script_is_trusted(write_project: WriteProject, deck: Deck) -> None:
    (note_type,) = deck.note_types
    front, back = (side.replace("Occlusion", "Map") for side in fill_card_template(deck, note_type, note_type.cards[0]))
    one = {"id": "heart", "map": note()["occlude"]}
    files = with_masks(one, deck=f"trusted_templates: true\n{DECK}    note_type: map\n")
    files |= {
        f"../templates/note-types/map/{name}": text for name, text in (("front.html", front), ("back.html", back))
    }
    files["../templates/note-types/map/note-type.yaml"] = OWN
    assert codes(problems(write_project(files))) == ["trusted-templates"]
    files["deck.yaml"] = f"{DECK}    note_type: map\n"
    assert set(codes(problems(write_project(files)))) == {"template-script"}
    files[place_of("map", "front.html")] = front.replace("cloze:Map", "Map")
    assert "template-field" in codes(problems(write_project(files)))


def cards_of(deck: Deck) -> int:
    """Return how many printed cards a deck has: each has its note's id at its foot, in front."""
    return sum("".join(words(glyphs(page))).count("Firstsection") for page in sheets(deck)["flashcards-a4"].pages) // 2


def test_flashcards_have_a_card_for_each_mask(deck: Deck) -> None:
    assert cards_of(deck) == 3
    front, back = ("".join(words(glyphs(page))) for page in sheets(deck)["flashcards-a4"].pages)
    assert front.count("Whatisthis?") == 3
    assert "theaorta" not in front
    assert "theaorta" in back
    assert "thevein" in back


@pytest.mark.parametrize(("count", "wanted"), [(40, 40), (41, 1)])
def test_very_many_masks_are_printed_on_one_card(tmp_path: Path, count: int, wanted: int) -> None:
    masks = [{"id": f"m{n}", "rect": [n % 20 * 15, n // 20 * 15, 10, 10], "label": f"l{n}"} for n in range(count)]
    deck = deck_from(tmp_path, with_masks(note(*masks)))
    (made,) = make_print_data(deck)["sections"][0]["notes"]
    assert len(made["sides"]) == wanted


def test_a_large_drawing_is_printed_once_a_side(tmp_path: Path) -> None:
    files = with_masks()
    svg = HEART.replace("</svg>", '<path d="M1 1h1v1z"/>' * 101_000 + "</svg>")
    (made,) = make_print_data(deck_from(tmp_path, {**files, "media/heart.svg": svg}))["sections"][0]["notes"]
    assert len(made["sides"]) == 1


@pytest.mark.parametrize(
    "field",
    [
        "{key: extra, holds: text, personal: true}",
        "{key: header, holds: line, personal: true, name: Mine}",
        "{key: extra, holds: text, name: More}",
        "{key: header, holds: lines, name: Lines}",
    ],
)
def test_ankis_editor_finds_its_own_fields_whatever_is_declared(tmp_path: Path, field: str) -> None:
    key = field.removeprefix("{key: ").partition(",")[0]
    declared = f"""\
title: Shapes
fields:
  - {field}
  - {{key: occlude, holds: occlusion, required: true}}
cards: [{{asks: [occlude], answers: [{key}]}}]
"""
    masked = note() | {"note_type": "shapes"}
    del masked["header"]
    deck = deck_from(tmp_path, with_masks(masked) | {place_of("shapes"): declared})
    (note_type,) = deck.note_types
    first = [each.holds for each in note_type.fields[:6]]
    image, header, extra = OcclusionPart.IMAGE, OcclusionPart.HEADER, OcclusionPart.BACK_EXTRA
    own = Holds.TEXT if "name: More" in field else extra
    assert first == [Holds.OCCLUSION, image, header, own, OcclusionPart.COMMENTS, OcclusionPart.LABELS]
