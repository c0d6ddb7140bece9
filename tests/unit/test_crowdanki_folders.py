"""What CrowdAnki wrote is read as learners have it; what cannot be read is one clear line, or a remark."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardpress.adopt import crowdanki
from cardpress.adopt.crowdanki import find_deck_file, read_crowdanki
from cardpress.anki.original import Original, OriginalDeck, OriginalError, OriginalField
from cardpress.cli.main import run
from cardpress.note_types.in_anki import USUAL_LATEX_AFTER, USUAL_LATEX_BEFORE, read_unusual
from tests.helpers.crowdanki_folders import (
    GAP,
    PRESET,
    WORD,
    make_card,
    make_deck,
    make_field,
    make_note,
    make_root,
    make_type,
    write_folder,
)


def read(tmp_path: Path, content: Any) -> Original:
    return read_crowdanki(write_folder(tmp_path / "folder", content))


def refused(tmp_path: Path, content: Any) -> str:
    with pytest.raises(OriginalError) as caught:
        read(tmp_path, content)
    said = str(caught.value)
    assert "\n" not in said
    assert str(tmp_path) not in said
    return said


def test_a_folder_has_what_learners_have(tmp_path: Path) -> None:
    child = make_deck("Verbs", make_note("v", "ir", "to go"), desc="<b>verbs</b>")
    root = make_root("Words::Spanish", make_note('a"|%', "<i>el sol</i>", "", tags=("x::y", "b")), children=(child,))
    folder = write_folder(tmp_path / "folder", root, {"a b.png": b"picture", "_font.ttf": b"font"})
    original = read_crowdanki(folder)
    assert original.form == "a CrowdAnki folder"
    assert original.decks == (
        OriginalDeck("Words::Spanish", uuid="uuid of Words::Spanish", preset_uuid=PRESET, preset_name="Ours"),
        OriginalDeck(
            "Words::Spanish::Verbs",
            description="<b>verbs</b>",
            uuid="uuid of Verbs",
            preset_uuid=PRESET,
            preset_name="Ours",
        ),
    )
    (note_type,) = original.note_types
    assert (note_type.key, note_type.uuid, note_type.id, note_type.name) == (WORD, WORD, None, "Word")
    assert note_type.fields[0] == OriginalField("Word", -77)
    assert note_type.fields[1] == OriginalField("Meaning", size=30, is_right_to_left=True, is_plain_text=True)
    assert [(card.name, card.front, card.back) for card in note_type.cards] == [
        ("Recognise", "{{Word}}", "{{Meaning}}"),
        ("Recall", "{{Meaning}}", "{{Word}}"),
    ]
    assert (note_type.sort_field, note_type.is_cloze, note_type.latex_before) == (1, False, "\\begin{document}")
    first, second = original.notes
    assert (first.guid, first.fields, first.tags) == ('a"|%', ("<i>el sol</i>", ""), ("x::y", "b"))
    assert (first.type_key, first.modified) == (WORD, None)
    assert {deck for _, deck in first.cards} == {"Words::Spanish"}
    assert {deck for _, deck in second.cards} == {"Words::Spanish::Verbs"}
    assert dict(original.media) == {"a b.png": b"picture", "_font.ttf": b"font"}
    assert original.remarks == ()


def test_the_file_may_have_the_name_of_the_folder(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path / "Spanish.words", make_root("Words", make_note("a", "b")), name="Spanish.words.json"
    )
    assert find_deck_file(folder) == folder / "Spanish.words.json"
    assert len(read_crowdanki(folder).notes) == 1
    write_folder(folder, make_root("Others", make_note("a", "b")))
    assert read_crowdanki(folder).decks[0].name == "Others"


def test_what_is_not_crowdanki_s_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert find_deck_file(tmp_path / "empty") is None
    with pytest.raises(OriginalError, match=r"holds neither `deck\.json`"):
        read_crowdanki(tmp_path / "empty")
    assert "is no JSON: Expecting value in line 1" in refused(tmp_path, b"words")
    assert "not what CrowdAnki writes" in refused(tmp_path, [1, 2])
    assert "not what CrowdAnki writes" in refused(tmp_path, {"name": "a deck of another program"})
    assert "not in UTF-8" in refused(tmp_path, b'{"name": "\xff"}')
    assert "nested too deep" in refused(tmp_path, b"[" * 200_000)
    assert "number that is too long" in refused(tmp_path, b"1" * 10_000)
    assert "no note" in refused(tmp_path, make_root("Words"))
    assert "has no name" in refused(tmp_path, make_root("Words", make_note("a", "b"), children=({"notes": []},)))
    half = make_root("Words", make_note("a", "b"))
    half["name"] = "\ud800"
    assert "has no name" in refused(tmp_path, json.dumps(half).encode())


def test_what_is_too_much_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deck = make_deck("Deep")
    for _ in range(60):
        deck = make_deck("Deep", children=(deck,))
    assert "too many in each other" in refused(tmp_path, make_root("Words", make_note("a", "b"), children=(deck,)))
    monkeypatch.setattr(crowdanki, "_MOST_NOTES", 2)
    assert "more than 2 notes" in refused(tmp_path, make_root("Words", *(make_note(name, "b") for name in "abc")))
    monkeypatch.setattr(crowdanki, "_LONGEST", 100)
    assert "more than 100 bytes" in refused(tmp_path, make_root("Words", make_note("a", "b")))


def test_a_note_that_anki_could_not_have_is_passed_over_by_name(tmp_path: Path) -> None:
    odd = [
        7,
        make_note("", "a"),
        make_note("long", "a", "b", "c"),
        make_note("typeless", "a", uuid="another"),
        make_note("number", "a", 1),  # type: ignore[arg-type]  # a mistake of another program
        make_note("joined", "a\x1fb"),
        make_note("tagged", "a") | {"tags": "one two"},
    ]
    original = read(tmp_path, make_root("Words", *odd, make_note("short", "a")))
    assert [(note.guid, note.fields) for note in original.notes] == [("short", ("a", ""))]
    assert len(original.remarks) == len(odd)
    assert "The note number 1 of “Words” was passed over: it is no object." in original.remarks
    assert (
        "The note with the GUID `typeless` of “Words” was passed over: its note type is not there." in original.remarks
    )


def test_a_note_in_several_decks_is_where_crowdanki_puts_it(tmp_path: Path) -> None:
    """It imports decks after those in them, and moves all cards of a note with each."""
    first = make_deck("First", make_note("in all", "a"), make_note("in two", "a"))
    second = make_deck("Second", make_note("in two", "a"))
    original = read(tmp_path, make_root("Words", make_note("in all", "a"), children=(first, second)))
    assert [(note.guid, note.cards[0][1]) for note in original.notes] == [
        ("in all", "Words"),
        ("in two", "Words::Second"),
    ]
    assert len(original.remarks) == 2


def test_a_note_has_the_cards_that_anki_made_of_it(tmp_path: Path) -> None:
    gaps = make_type(GAP, "Gaps", type=1, tmpls=[make_card("Gaps", "{{cloze:Word}}", "{{cloze:Word}}")])
    notes = (
        make_note("both", "a", "b"),
        make_note("front alone", "a", "<br>"),
        make_note("nothing", "", ""),
        make_note("gaps", "{{c3::a}} {{c1::b}}", "{{c7::c}}", uuid=GAP),
        make_note("no gap", "a", uuid=GAP),
    )
    original = read(tmp_path, make_root("Words", *notes, note_models=[make_type(), gaps]))
    numbers = [[number for number, _ in note.cards] for note in original.notes]
    assert numbers == [[1, 2], [1], [1], [1, 3, 7], [1]]


def test_there_are_no_more_remarks_than_somebody_reads(tmp_path: Path) -> None:
    original = read(tmp_path, make_root("Words", make_note("a", "b"), *[0] * 1_500))
    assert len(original.remarks) == 1_001
    assert original.remarks[-1] == "And so on: 500 more of these."


def test_a_note_type_without_what_anki_needs_is_passed_over(tmp_path: Path) -> None:
    types = [
        make_type(),
        make_type("1", "Without fields", flds=[]),
        make_type("2", "Without cards", tmpls=None),
        make_type("3", "Nameless field", flds=[make_field("")]),
        make_type("4", "Half a card", tmpls=[{"name": "Card", "qfmt": "{{Word}}"}]),
        "no object",
        make_type(GAP, "Gaps", type=1, tmpls=[make_card("Gaps", "{{cloze:Word}}", "{{cloze:Word}}")], sortf="x"),
    ]
    notes = (make_note("a", "b"), make_note("gap", "{{c1::b}}", uuid=GAP))
    original = read(tmp_path, make_root("Words", *notes, note_models=types))
    assert [(each.name, each.is_cloze, each.sort_field) for each in original.note_types] == [
        ("Word", False, 1),
        ("Gaps", True, 0),
    ]
    assert len(original.remarks) == 5
    assert any("“Half a card” was passed over" in each for each in original.remarks)


def test_what_stands_around_latex_is_anki_s_own_where_it_is_not_said(tmp_path: Path) -> None:
    note_type = make_type()
    del note_type["latexPre"], note_type["latexPost"]
    (read_type,) = read(tmp_path, make_root("Words", make_note("a", "b"), note_models=[note_type])).note_types
    assert (read_type.latex_before, read_type.latex_after) == (USUAL_LATEX_BEFORE, USUAL_LATEX_AFTER)


def test_what_is_unusual_of_fields_and_cards_is_kept_as_far_as_it_acts_on_nothing(tmp_path: Path) -> None:
    note_type = make_type()
    note_type["flds"][1] |= {"sticky": True, "media": ["a.png"], "excludeFromSearch": "yes", "odd": 1}
    note_type["tmpls"][0] |= {"bqfmt": "{{Word}}", "bafmt": "<script>a()</script>", "bsize": 12, "did": 77, "bfont": ""}
    (read_type,) = read(tmp_path, make_root("Words", make_note("a", "b"), note_models=[note_type])).note_types
    kept = '[[{"media":[]},{"sticky":true}],[{"bqfmt":"{{Word}}","bsize":12,"did":77},{}]]'
    assert read_type.crowdanki == kept
    assert (parts := read_unusual(kept)) is not None
    assert parts.to_text() == kept
    for text in ("", "x", "[]", "[[],[],[]]", "[1,2]", '[[{"odd":1}],[]]', '[[{"sticky": true}],[]]', "[" * 100_000):
        assert read_unusual(text) is None


def test_letters_are_in_the_form_that_anki_stores(tmp_path: Path) -> None:
    apart = normalize("NFD", "Años")
    media = {f"{apart}.png": b"picture"}
    note = make_note(apart, f'<img src="{apart}.png">', tags=(f"{apart} two", "two"))
    original = read_crowdanki(write_folder(tmp_path / "folder", make_root(apart, note), media))
    assert original.decks[0].name == "Años"
    assert original.notes[0].guid == apart  # ids are as they are
    assert original.notes[0].fields[0] == '<img src="Años.png">'
    assert original.notes[0].tags == ("Años", "two")
    assert dict(original.media) == {"Años.png": b"picture"}


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    content = json.dumps(make_root("Words", make_note("a", "b"))).encode("utf-8-sig")
    assert len(read(tmp_path, content).notes) == 1


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}", encoding="utf-8")
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "secret.png").write_bytes(b"secret")
    root = make_root("../Words", make_note("a", '<img src="../secret.json">'), media_files=["../secret.json"])
    folder = write_folder(tmp_path / "folder", root, {"a.png": b"picture"})
    (folder / "media" / "below").mkdir()
    (folder / "media" / "below" / "b.png").write_bytes(b"below")
    if sys.platform != "win32":
        (folder / "media" / "link.png").symlink_to(tmp_path / "secret.json")
        os.mkfifo(folder / "media" / "pipe.png")
    assert dict(read_crowdanki(folder).media) == {"a.png": b"picture"}
    if sys.platform != "win32":
        other = tmp_path / "linked"
        other.mkdir()
        (other / "deck.json").symlink_to(folder / "deck.json")
        with pytest.raises(OriginalError, match="leads out"):
            read_crowdanki(other)
        (other / "deck.json").unlink()
        os.mkfifo(other / "deck.json")
        with pytest.raises(OriginalError, match="no regular file"):
            read_crowdanki(other)
        (other / "deck.json").unlink()
        write_folder(other, make_root("Words", make_note("a", "b")))
        (other / "media").symlink_to(tmp_path / "others")
        assert dict(read_crowdanki(other).media) == {}


def test_a_picture_that_has_gone_since_is_one_line(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "folder", make_root("Words", make_note("a", "b")), {"a.png": b"picture"})
    media = read_crowdanki(folder).media
    (folder / "media" / "a.png").unlink()
    with pytest.raises(OriginalError, match=r"`a\.png`"):
        media["a.png"]


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_KEYS = sorted({*make_root("a"), *make_type(), *make_note("a"), *make_field("a"), *make_card("a", "", "")})


@given(st.data())
def test_whatever_stands_in_it_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content: Any = make_root("Words", make_note("a", "b"), children=(make_deck("Verbs", make_note("c", "d")),))
    for _ in range(data.draw(st.integers(1, 3))):
        owner = content
        while True:
            inner = [
                each
                for each in (owner.values() if isinstance(owner, dict) else owner)
                if each and isinstance(each, dict | list)
            ]
            if not inner or data.draw(st.booleans()):
                break
            owner = data.draw(st.sampled_from(inner))
        if isinstance(owner, dict):
            owner[data.draw(st.sampled_from(_KEYS))] = data.draw(_ANY)
        else:
            owner.append(data.draw(_ANY))
    folder = write_folder(tmp_path_factory.mktemp("any"), json.dumps(content).encode())
    try:
        original = read_crowdanki(folder)
    except OriginalError:
        return
    known = {each.key: len(each.fields) for each in original.note_types}
    assert all(len(note.fields) == known[note.type_key] for note in original.notes)
    assert {deck for note in original.notes for _, deck in note.cards} <= {deck.name for deck in original.decks}


@pytest.mark.parametrize(("count", "is_kept"), [(30, True), (990, False)])
def test_what_is_unusual_of_many_fields_refuses_nothing(count: int, is_kept: bool, tmp_path: Path) -> None:
    fields = [make_field(f"Field {number}", sticky=count > 100) for number in range(count)]
    note_type = make_type(flds=fields, tmpls=[make_card("Card", "{{Field 0}}", "{{Field 1}}")], sortf=0)
    folder = write_folder(
        tmp_path / "folder", make_root("Words", make_note("a", *["b"] * count), note_models=[note_type])
    )
    project = tmp_path / "deck"
    assert run(["import", str(folder), str(project)]) == 0
    said = next((project / "templates" / "note-types").rglob("note-type.yaml")).read_text(encoding="utf-8")
    assert ('"media":[]' in said) is is_kept
