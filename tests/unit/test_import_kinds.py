"""`import` takes over note types as learners have them: names with spaces, gaps to type into, blank fronts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from cardpress.anki.original import OriginalError
from cardpress.anki.original_package import read_original
from cardpress.cli.main import run
from tests.helpers.adopting import adopt, build_package, import_into_anki
from tests.helpers.anki_collection import learning
from tests.helpers.originals import Form, Hand, HandNote, add, anki_package, by_hand, hand_type

DECK = 1_500_000_000_101


def make_card(name: str, front: str, back: str, place: int = 0) -> dict[str, Any]:
    return {"name": name, "ord": place, "qfmt": front, "afmt": back, "bqfmt": "", "bafmt": "", "did": None}


def make_package(notes: Sequence[HandNote], *cards: tuple[str, str], names: Sequence[str] = (), **more: Any) -> bytes:
    """Return a package of one note type with these sides of cards."""
    called = names or [f"Card {place}" for place in range(1, len(cards) + 1)]
    made = [make_card(name, *sides, place) for place, (name, sides) in enumerate(zip(called, cards, strict=True))]
    return by_hand(Hand(notes, types=(hand_type(tmpls=made, **more),)))


def test_names_of_cards_and_note_types_keep_spaces_at_their_ends(tmp_path: Path) -> None:
    cards = (("{{Front}}", "{{Back}}"), ("{{Back}}", "{{Front}}"))
    notes = [HandNote("a", ["one", "two"], cards=((0, DECK), (1, DECK)))]
    package = make_package(notes, *cards, names=["| ", "Back  "], name="Words ")
    made = adopt(package, tmp_path / "deck")

    assert made.diagnostics == ()
    assert made.adopted.losses == ()
    was, now = (
        import_into_anki(tmp_path / "was", package),
        import_into_anki(tmp_path / "now", build_package(tmp_path / "deck")),
    )
    assert now.note_types == was.note_types
    assert [name for name, _, _ in now.note_types["Words "]["cards"]] == ["| ", "Back  "]


def test_gaps_to_type_into_are_taken_over(tmp_path: Path) -> None:
    notes = [HandNote("a", ["{{c1::one}} {{c2::two}}", "more"], cards=((0, DECK), (1, DECK)))]
    for number, front in enumerate(("{{type:cloze:Front}}", "{{cloze:Front}}{{type:cloze:Front}}")):
        package = make_package(notes, (front, f"{front}{{{{Back}}}}"), type=1)
        project = tmp_path / f"deck-{number}"
        made = adopt(package, project)
        assert made.adopted.losses == ()
        assert run(["check", "--strict", "--project", str(project)]) == 0
        was = import_into_anki(tmp_path / f"was-{number}", package)
        assert import_into_anki(tmp_path / f"now-{number}", build_package(project)) == was


BLANK = "left out, so that it stays as it is: none of its fronts shows anything, and it would get a blank card"


def test_a_note_without_cards_that_would_get_a_blank_one_is_left_out_and_told(tmp_path: Path) -> None:
    cards = (("{{Front}}", "{{Back}}"), ("{{#Front}}{{Back}}{{/Front}}", "{{Front}}"))
    notes = [
        HandNote("a", ["one", "two"], cards=((0, DECK), (1, DECK))),
        HandNote("b", ["", "two alone"], cards=()),
        HandNote("c", ["", "three alone"], cards=((1, DECK),)),
        HandNote("d", ["<br>", "four alone"]),
    ]
    made = adopt(make_package(notes, *cards), tmp_path / "deck")
    told = {loss.where: loss.what for loss in made.adopted.losses}
    assert told["two alone"] == told["three alone"] == BLANK
    assert "2 notes with 3 cards" in made.adopted.taken
    # What learners have so stays so for new ones, too.
    now = import_into_anki(tmp_path / "now", build_package(tmp_path / "deck"))
    assert {guid: [number for number, _ in note[4]] for guid, note in now.notes.items()} == {"a": [0, 1], "d": [0]}


@pytest.mark.parametrize(
    ("is_cloze", "front"),
    [
        (False, "<br"),
        (False, "<iframe src=x></iframe>"),
        (False, "<script>1</script>"),
        (True, "{{c1::<br}} tail"),
        (True, "{{c1::x<br}} tail"),
        (True, "<script>{{c1::x}}</script> {{c2::y}}"),
        (True, "<!-- {{c2::x}} --> {{c1::y}}"),
    ],
)
def test_a_note_of_whose_card_nothing_would_be_left_is_left_out_and_told(
    is_cloze: bool, front: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = "{{cloze:Front}}" if is_cloze else "{{Front}}"
    cards = ((0, DECK), (1, DECK)) if "c2" in front else ((0, DECK),)
    notes = [
        HandNote("keeps", ["{{c1::this}}", "b"]),
        HandNote("mended", ["{{c1::that}}<iframe></iframe>", "b"]),
        HandNote("goes", [front, "b"], cards=cards),
    ]
    package = make_package(notes, (shown, f"{shown}{{{{Back}}}}"), type=int(is_cloze))
    project = tmp_path / "deck"
    made = adopt(package, project)
    told = [loss.what for loss in made.adopted.losses if "media" not in loss.what]
    assert len(told) == 2
    (left_out,) = (each for each in told if each.startswith("left out, so that it stays as it is: without "))
    assert left_out.endswith(" would show nothing")
    source = tmp_path / "original.apkg"
    source.write_bytes(package)
    assert run(["rehearse", "--from", str(source), "--project", str(project)]) == 0, capsys.readouterr()
    now = import_into_anki(tmp_path / "now", build_package(project))
    assert set(now.notes) == {"keeps", "mended"}


def test_a_deck_of_blank_notes_alone_is_refused_in_a_line(tmp_path: Path) -> None:
    package = make_package([HandNote("a", ["", "b"], cards=())], ("{{Front}}", "{{Back}}"))
    with pytest.raises(OriginalError, match=r"^no card of its notes would show anything in Anki$"):
        adopt(package, tmp_path / "deck")


@pytest.mark.parametrize(
    ("cards", "more"),
    [
        ((("{{Front}}", "{{Back}}"), ("{{Front}}", "{{Front}}")), {}),
        ((("{{Front}} {{Nowhere}}", "{{Back}}"),), {}),
        ((("Always the same", "{{Back}}"),), {}),
        ((("{{#Front}}{{Front}}", "{{Back}}"),), {}),
        ((("{{cloze-only:Front}}", "{{cloze:Front}}"),), {"type": 1}),
        ((("{{cloze:Front}}", "{{Front}}"),), {"type": 1}),
    ],
)
def test_templates_that_anki_s_editor_would_not_save_are_rehearsed_and_told(
    cards: tuple[tuple[str, str], ...], more: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = [HandNote(f"n{place}", [f"{{{{c1::word {place}}}}}", "b"]) for place in range(3)]
    source = tmp_path / "original.apkg"
    source.write_bytes(make_package(notes, *cards, **more))
    status = run(["import", str(source), str(tmp_path / "deck"), "--rehearse"])
    said = capsys.readouterr()
    assert status == 0, said
    (told,) = (line for line in said.out.splitlines() if "no field was added" in line)
    assert told.startswith("    merge: no field was added to By hand (")
    assert told.endswith("), which Anki does not save")
    assert told.isprintable()


def test_a_new_question_that_no_card_asks_is_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = tmp_path / "deck"
    adopt(
        make_package([HandNote("a", ["one", "two"]), HandNote("d", ["<br>", "four"])], ("{{Front}}", "{{Back}}")),
        project,
    )
    table = project / "source" / "by-hand.csv"
    begun = table.read_text(encoding="utf-8")
    for front in ("", "<br> "):
        table.write_text(f"{begun}new-one,{front},only back,\n", encoding="utf-8")
        assert run(["check", "--project", str(project)]) == 1
        said = capsys.readouterr().out
        assert "by-hand.csv:4:1: error[missing-key] no card of `new-one` shows anything on its front" in said
    assert "help: write something that a front shows" in said
    table.write_text(f"{begun}new-one,more,,\n", encoding="utf-8")
    assert run(["check", "--project", str(project)]) == 0


def test_a_new_question_without_deletion_is_a_problem_and_one_that_learners_have_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "deck"
    notes = [HandNote("a", ["{{c1::one}}", "two"]), HandNote("b", ["none", "two"])]
    made = adopt(make_package(notes, ("{{cloze:Front}}", "{{cloze:Front}}{{Back}}"), type=1), project)
    assert [loss.what for loss in made.adopted.losses] == [
        "card 1 asks nothing: new learners do not get it, and who has it keeps it"
    ]
    file = project / "source" / "by-hand.yaml"
    assert run(["check", "--project", str(project)]) == 0
    file.write_text(file.read_text(encoding="utf-8") + "- id: new-one\n  front: also none\n", encoding="utf-8")
    assert run(["check", "--project", str(project)]) == 1
    assert "error[cloze-without-deletion] nothing is deleted" in capsys.readouterr().out


@pytest.mark.parametrize("form", [Form.FIRST, Form.LATEST])
def test_what_the_list_of_anki_s_browser_shows_of_cards_is_taken_over(form: Form, tmp_path: Path) -> None:
    def fill(collection: Collection) -> None:
        note_type = collection.models.by_name("Basic (and reversed card)")
        assert note_type is not None
        note_type["tmpls"][0] |= {"bqfmt": "{{Front}} \N{RIGHTWARDS ARROW}", "bafmt": "{{text:Back}}"}
        note_type["tmpls"][1]["bafmt"] = "<b>{{Front}}</b>"  # is more than a line of text
        collection.models.update_dict(note_type)
        add(collection, note_type["name"], "Words", "one", "two")

    package = anki_package(form, fill=fill)
    project = tmp_path / "deck"
    made = adopt(package, project)
    (loss,) = made.adopted.losses
    assert loss.what.endswith("how its cards look in the list of Anki's browser are not taken over.")
    assert run(["check", "--strict", "--project", str(project)]) == 0
    with learning(tmp_path / "now") as learner:
        learner.take(build_package(project))
        (note_id,) = learner.collection.find_notes("")
        note_type = learner.collection.get_note(note_id).note_type()
        assert note_type is not None
        looks = [(each["bqfmt"], each["bafmt"]) for each in note_type["tmpls"]]
        assert looks == [("{{Front}} \N{RIGHTWARDS ARROW}", "{{text:Back}}"), ("", "")]


def test_what_the_browser_lists_is_a_change_of_the_note_type_and_a_line_of_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = make_card("Card", "{{Front}}", "{{Back}}") | {"bqfmt": "{{Back}}"}
    package = by_hand(Hand([HandNote("a", ["one", "two"])], types=(hand_type(tmpls=[card]),)))
    project = tmp_path / "deck"
    assert adopt(package, project).adopted.losses == ()
    (declared,) = (project / "templates" / "note-types").rglob("note-type.yaml")
    written = declared.read_text(encoding="utf-8")
    assert 'browser_front: "{{Back}}"' in written
    assert run(["diff", "--project", str(project)]) == 0
    assert "no note changes" in capsys.readouterr().out
    declared.write_text(written.replace('"{{Back}}"', '"<i>{{Back}}</i>"'), encoding="utf-8")
    assert run(["check", "--project", str(project)]) == 1
    assert "`browser_front` is no line of plain text" in capsys.readouterr().out


def test_a_field_that_is_called_as_tags_are_is_none_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cards = (("{{#tags}}{{Back}} {{tags}}{{/tags}}", "{{Front}}"), ("{{Front}}", "{{Back}}"))
    notes = [
        HandNote("a", ["dog", "- perro\n- can", ""], tags=" animal ", cards=((1, DECK),)),
        HandNote("b", ["cat", "gato", "pet"], cards=((0, DECK), (1, DECK))),
        HandNote("c", ["cow", "vaca", "- a\n- b"], tags=" animal ", cards=((0, DECK), (1, DECK))),
    ]
    project = tmp_path / "deck"
    made = adopt(make_package(notes, *cards, fields=("Front", "Back", "tags")), project)
    assert made.diagnostics == ()
    assert run(["release", "1.0.0", "--project", str(project)]) == 0
    capsys.readouterr()
    assert run(["check", "--strict", "--project", str(project)]) == 0, "learners have these texts"
    (source,) = (path for path in (project / "source").iterdir() if "gato" in path.read_text(encoding="utf-8"))
    before = source.read_text(encoding="utf-8")
    assert before.count("pet") == 1
    source.write_text(before.replace("pet", "a friend"), encoding="utf-8")
    capsys.readouterr()
    assert run(["diff", "--fields", "--project", str(project)]) == 0
    said = capsys.readouterr().out
    assert "pet" in said
    assert "a friend" in said
    source.write_text(before.replace("pet", ""), encoding="utf-8")
    assert run(["check", "--project", str(project)]) == 1
    assert "released-card-missing" in capsys.readouterr().out


SOUNDS = (
    "see [sound:[x]",
    "[sound:[pron].mp3]",
    "[sound:a[sound:b.mp3]",
    "[sound:<b>x</b>]",
    "[sound:a?.mp3]",
    "[sound:",
)


def test_names_of_sounds_are_those_that_anki_makes_of_them(tmp_path: Path) -> None:
    notes = [HandNote(f"note-{place}", [field, "back"]) for place, field in enumerate(SOUNDS)]
    package = make_package(notes, ("{{Front}}", "{{Back}}"))
    anki = import_into_anki(tmp_path / "was", package)
    read = {note.guid: note.fields[0] for note in read_original(package).notes}
    assert read == {guid: note[0][0] for guid, note in anki.notes.items()}
