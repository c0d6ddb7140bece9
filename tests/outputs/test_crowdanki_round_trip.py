"""A CrowdAnki folder becomes a project, and the project's folder is the same for who has the first one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.adopt.crowdanki import read_crowdanki
from cardpress.adopt.making import write_project
from cardpress.adopt.sources import adopt
from cardpress.adopt.wishes import Wish
from cardpress.anki.original import Original
from cardpress.note_types.template_parts import is_blank
from cardpress.progress import NoProgress
from cardpress.writers.crowdanki import write
from tests.helpers.crowdanki_folders import GAP, make_card, make_deck, make_note, make_root, make_type, write_folder
from tests.helpers.decks import deck_of
from tests.helpers.pictures import png

_PIECES = (
    *(
        "word",
        " ",
        "\n",
        "<b>bold</b>",
        "&lt;",
        "&amp;",
        "&nbsp;",
        "<br>",
        "<div>line</div>",
        "e\N{COMBINING ACUTE ACCENT}",
    ),
    *('<img src="a b.png">', "{{c1::gap}}", "{{c2::other::hint}}", "{{c12::<i>deep</i>}}", "[sound:none.mp3]"),
    *(
        "*",
        "_",
        "# ",
        "1. ",
        "|",
        "`",
        "\\(x^2\\)",
        "[latex]x[/latex]",
        "{{",
        "}}",
        "\N{SNOWMAN}",
        "漢字[かんじ]",
    ),
    *("<ul><li>one</li></ul>", "https://example.org/", "'", '"', "- ", "<font color=red>red</font>"),
)
_FIELD = st.lists(st.sampled_from(_PIECES), max_size=6).map("".join).map(lambda text: "" if is_blank(text) else text)
_TAG = st.sampled_from(["b", "a::c", "Ä", "x_y", "1"])
_GUID = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=10)


@st.composite
def folders(draw: st.DrawFn) -> dict[str, Any]:
    """Return what deck.json holds: two note types, and notes in decks that are in each other."""
    guids = draw(st.lists(_GUID, min_size=1, max_size=8, unique=True))
    notes = []
    for guid in guids:
        uuid = draw(st.sampled_from([None, GAP]))
        first = draw(_FIELD.map(lambda text: f"{{{{c3::a}}}}{text}")) if uuid else draw(_FIELD)
        kind = {"uuid": uuid} if uuid else {}
        notes.append(make_note(guid, first, draw(_FIELD), tags=tuple(draw(st.lists(_TAG, unique=True))), **kind))
    cut = draw(st.integers(0, len(notes)))
    gaps = make_type(GAP, "Gaps", type=1, tmpls=[make_card("Gaps", "{{cloze:Word}}", "{{cloze:Word}} {{Meaning}}")])
    inner = make_deck("Verbs", *notes[cut:], desc=draw(st.sampled_from(["", "About verbs"])))
    between = make_deck("Between", children=(inner,))
    children = draw(st.sampled_from([(inner,), (between,)]))
    return make_root("Languages::Spanish", *notes[:cut], children=children, note_models=[make_type(), gaps])


def contents(original: Original) -> dict[str, object]:
    """Return what learners have of each note, by its GUID."""
    return {note.guid: (note.type_key, note.fields, note.tags, note.cards) for note in original.notes}


def go_around(folder: Path, content: dict[str, Any]) -> tuple[Original, Original, Sequence[str]]:
    """Return what is in a folder, and in that of the project made of it, with what could not be taken over."""
    write_folder(folder / "original", content, {"a b.png": png(2, 2)})
    adopted = adopt(folder / "original", Wish("words", "Words", "", "2026-11-27"))
    made = write_project(folder / "project", adopted, NoProgress())
    for artifact in write(deck_of(folder / "project")).artifacts:
        path = folder / artifact.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.data)
    left_out = [f"{loss.where}: {loss.what}" for loss in made.adopted.losses if "left out" in loss.what]
    return read_crowdanki(folder / "original"), read_crowdanki(folder / "crowdanki"), left_out


@settings(max_examples=25, deadline=None)
@given(folders())
def test_who_has_the_first_folder_has_what_the_second_says(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, Any]
) -> None:
    original, again, left_out = go_around(tmp_path_factory.mktemp("round"), content)
    had, has = contents(original), contents(again)
    assert {guid: had[guid] for guid in has} == has
    assert len(had) - len(has) == len(left_out)
    types = {each.key: replace(each, modified=0) for each in original.note_types}
    assert all(each == types[each.key] for each in again.note_types)
    decks = {each.name: (each.uuid, each.preset_uuid, each.preset_name) for each in original.decks}
    assert all(decks[each.name] == (each.uuid, each.preset_uuid, each.preset_name) for each in again.decks)
    assert dict(again.media) == {"a b.png": png(2, 2)}


def test_a_note_whose_second_card_alone_shows_something_is_taken_over(tmp_path: Path) -> None:
    original, again, left_out = go_around(tmp_path, make_root("Words", make_note("0", "", "word")))
    assert left_out == []
    assert contents(again) == contents(original)
    assert [number for number, _ in again.notes[0].cards] == [2]


def test_decks_keep_their_order_and_what_is_said_of_them(tmp_path: Path) -> None:
    children = tuple(make_deck(name, make_note(name, name, "word")) for name in ("Zebras", "apes", "Bees"))
    root = make_root("Animals", desc="All & more.", children=list(children))
    write_folder(tmp_path / "original", root)
    write_project(tmp_path / "project", adopt(tmp_path / "original", Wish("animals", "Animals", "", "2026-11-27")))
    artifacts = write(deck_of(tmp_path / "project")).artifacts
    made = json.loads(next(each.data for each in artifacts if each.name == "crowdanki/deck.json"))
    assert [each["name"] for each in made["children"]] == ["Zebras", "apes", "Bees"]
    assert made["desc"] == "All &amp; more."
