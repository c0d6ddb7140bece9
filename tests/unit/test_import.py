"""`import` makes a project of a package, all or nothing, says what became of it, and writes nothing over."""

from __future__ import annotations

import errno
import time
from pathlib import Path

import pytest
import yaml

from cardpress.adopt.adopted import Adopted, Loss
from cardpress.adopt.report import write_report
from cardpress.anki.original_package import read_original
from cardpress.cli.main import run
from cardpress.diagnostics import SourceFile
from cardpress.history.records import History, parse
from tests.helpers.originals import LONG_AGO, Hand, HandNote, by_hand, hand_deck, hand_type, zipped
from tests.helpers.pictures import png

WORDS = [HandNote(f"word-{place}", [f"palabra {place}", f"word {place}"], tags=" a ") for place in range(3)]


def import_deck(package: bytes, folder: Path, *more: str) -> int:
    """Import a package that is written beside a folder, into that."""
    source = folder.with_name("original.apkg")
    source.write_bytes(package)
    return run(["import", str(source), str(folder), *more])


def parse_history(project: Path) -> History:
    """Return the history of a project."""
    file = SourceFile("history.json", (project / "source" / "history.json").read_text(encoding="utf-8"))
    history = parse(file)
    assert isinstance(history, History)
    return history


def tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_package_becomes_a_project_without_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = by_hand(Hand(WORDS, media={"dot.png": png(1, 1)}))
    assert import_deck(package, tmp_path / "spanish", "--language", "es") == 0
    said = capsys.readouterr().out

    project = tmp_path / "spanish"
    assert "the deck “By hand”, made from an Anki package" in said
    assert "3 notes with 3 cards" in said
    assert "spanish/import-report.md" in said.replace("\\", "/")
    assert "release 1.0.0" in said
    assert (project / "source" / "by-hand.csv").read_text(encoding="utf-8").splitlines()[:2] == [
        "id,front,back,tags,guid",
        "palabra-0,palabra 0,word 0,a,word-0",
    ]
    assert (project / "dist" / "spanish.apkg").read_bytes() == package
    assert {"README.md", ".gitattributes", "source/history.json", "source/media/dot.png"} <= tree(project)
    deck = yaml.safe_load((project / "source" / "deck.yaml").read_text(encoding="utf-8"))
    assert deck["language"] == "es"
    assert deck["anki"] == {"id": 1_500_000_000_101, "name": "By hand"}
    assert run(["check", "--strict", "--project", str(project)]) == 0
    assert run(["schema", "--project", str(project)]) == 0
    assert "is as it should be" in capsys.readouterr().out


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "deck"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine", encoding="utf-8")

    assert import_deck(by_hand(Hand(WORDS)), folder) == 2
    assert "deck holds mine.txt; name a folder that is new or empty" in capsys.readouterr().err
    assert tree(folder) == {"mine.txt"}


def test_what_a_new_repository_has_stays(tmp_path: Path) -> None:
    folder = tmp_path / "deck"
    (folder / ".git").mkdir(parents=True)
    (folder / "README.md").write_text("mine", encoding="utf-8")

    assert import_deck(by_hand(Hand(WORDS)), folder) == 0
    assert (folder / "README.md").read_text(encoding="utf-8") == "mine"
    assert "source/deck.yaml" in tree(folder)
    assert {path.name for path in tmp_path.iterdir()} == {"deck", "original.apkg"}


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.apkg", b"PK\x03\x04 broken", "cannot be taken over: "),
        ("a.apkg", b"", "cannot be taken over: "),
        ("a.apkg", zipped({"collection.anki2": b"no database", "media": b"{}"}), "cannot be taken over: "),
        ("a.colpkg", by_hand(Hand(WORDS)), "whole collection; export the deck alone, as .apkg"),
        ("a.bin", b"\x00\x01\x02", "cannot be taken over: "),
        ("a.apkg", by_hand(Hand([])), "cannot be taken over: "),
    ],
)
def test_what_cannot_be_taken_over_is_one_line_and_nothing_is_written(
    name: str, data: bytes, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(data)

    assert run(["import", str(tmp_path / name), str(tmp_path / "new" / "deck")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"cardpress: {tmp_path / name} cannot be taken over: ")
    assert said.err.count("\n") == 1
    assert why in said.err
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_stands_in_the_way_of_a_project_is_one_line_and_names_the_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "full" / "mine.txt").parent.mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "original.apkg").write_bytes(by_hand(Hand(WORDS)))
    for folder, why in {
        "full": "holds mine.txt; name a folder that is new or empty",
        "file": "name a folder that is new or empty",
        "file/deck": "file is no folder; name a folder that is new or empty",
        "n" * 300: "there can be no folder ",
        "two\nlines\x1b": "cannot be taken over: ",
    }.items():
        source = tmp_path / ("original.apkg" if "\n" not in folder else "no\nwhere")
        assert run(["import", str(source), str(tmp_path / folder)], "python3 build.py") == 2, folder
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith("python3 build.py: ")
        assert said.err.count("\n") == 1
        assert "\x1b" not in said.err
        assert why in said.err
    assert {path.name for path in tmp_path.iterdir()} == {"file", "full", "original.apkg"}


def test_a_source_that_is_nowhere_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", str(tmp_path / "nowhere.apkg"), str(tmp_path / "deck")]) == 2
    assert "there is no such file or folder" in capsys.readouterr().err
    assert run(["import", str(tmp_path / "nowhere.apkg"), str(tmp_path / "deck"), "--language", "spanish!"]) == 2
    assert "is no language tag" in capsys.readouterr().err


def test_script_is_dropped_and_told_and_never_trusted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes = [*WORDS, HandNote("unsafe", ["<script>steal()</script>safe", '<b onclick="steal()">bold</b>'])]
    note_type = hand_type()
    note_type["tmpls"][0]["qfmt"] = "{{Front}}<script>steal()</script>"
    assert import_deck(by_hand(Hand(notes, types=[note_type])), tmp_path / "deck") == 0
    capsys.readouterr()

    project = tmp_path / "deck"
    texts = [
        path.read_text(encoding="utf-8") for path in project.rglob("*.*") if path.suffix in (".yaml", ".csv", ".html")
    ]
    assert not [text for text in texts if "steal" in text or "trusted_templates" in text]
    report = (project / "import-report.md").read_text(encoding="utf-8")
    assert "- safe (`safe`): without " in report
    assert "- note type By hand: without " in report
    assert run(["check", "--project", str(project)]) == 0
    assert capsys.readouterr().out == "no problems\n"
    assert run(["diff", "--project", str(project)]) == 0
    assert "1 note" in capsys.readouterr().out


def test_what_check_refuses_is_left_out_and_told(tmp_path: Path) -> None:
    notes = [*WORDS, HandNote(" ", ["a GUID of nothing", "but a space"])]
    assert import_deck(by_hand(Hand(notes)), tmp_path / "deck") == 0

    report = (tmp_path / "deck" / "import-report.md").read_text(encoding="utf-8")
    assert "- a GUID of nothing: left out, so that it stays as it is: `guid` is empty" in report
    assert "- 3 notes with 3 cards" in report


def test_tags_of_the_exporters_own_study_are_left_out_and_no_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = [*WORDS, HandNote("leech", ["hard", "word"], tags=" Leech a MARKED marked::me ")]
    assert import_deck(by_hand(Hand(notes)), tmp_path / "deck") == 0

    table = (tmp_path / "deck" / "source" / "by-hand.csv").read_text(encoding="utf-8")
    assert "hard,hard,word,a marked::me,leech\n" in table
    assert "Not taken over" not in (tmp_path / "deck" / "import-report.md").read_text(encoding="utf-8")
    history = parse_history(tmp_path / "deck")
    assert history.notes["leech"].modified == LONG_AGO
    capsys.readouterr()
    assert run(["diff", "--project", str(tmp_path / "deck")]) == 0
    assert "no note changes" in capsys.readouterr().out


def test_a_large_deck_has_several_files_of_one_deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardpress.adopt.plans._LONGEST_FILE", 500)
    assert import_deck(by_hand(Hand(WORDS)), tmp_path / "deck") == 0

    deck = yaml.safe_load((tmp_path / "deck" / "source" / "deck.yaml").read_text(encoding="utf-8"))
    assert [section["title"] for section in deck["sections"]] == ["By hand", "By hand (2)"]
    assert {section["anki"]["name"] for section in deck["sections"]} == {"By hand"}
    assert run(["--only", "apkg", "--project", str(tmp_path / "deck"), "--out", str(tmp_path / "out")]) == 0


def test_sections_are_the_decks_and_questions_name_their_note_types(tmp_path: Path) -> None:
    second = hand_type(1_500_000_000_002, "Basic", ("Frage", "Antwort", "Notes", "ID", "1. Wort", "日本"))
    decks = [hand_deck(11, "Spanish"), hand_deck(12, "Spanish::A::One"), hand_deck(13, "Spanish::B::One")]
    notes = [
        HandNote("a", ["one", "<i>uno</i>"], cards=((0, 12),)),
        HandNote("b", ["two", "dos"] + ["x"] * 4, type_id=1_500_000_000_002, cards=((0, 12),)),
        HandNote("c", ["three", "tres"], cards=((0, 13),)),
    ]
    assert import_deck(by_hand(Hand(notes, types=[hand_type(), second], decks=decks)), tmp_path / "deck") == 0

    source = tmp_path / "deck" / "source"
    deck = yaml.safe_load((source / "deck.yaml").read_text(encoding="utf-8"))
    assert deck["title"] == "Spanish"
    assert [(each["id"], each["title"]) for each in deck["sections"]] == [("a-one", "A · One"), ("b-one", "B · One")]
    one, two = yaml.safe_load((source / "a-one.yaml").read_text(encoding="utf-8"))
    assert one == {"id": "one", "guid": "a", "front": "one", "back": "<i>uno</i>"}
    assert two["note_type"] == "anki-basic"
    assert list(two)[3:] == ["frage", "antwort", "notes", "id_field", "field_1_wort", "field_6"]


def test_of_two_files_whose_names_differ_in_capitals_one_stays(tmp_path: Path) -> None:
    notes = [*WORDS, HandNote("pictures", ['<img src="a.png"><img src="A.png">', "two"])]
    assert import_deck(by_hand(Hand(notes, media={"a.png": png(1, 1), "A.png": png(2, 2)})), tmp_path / "deck") == 0

    assert [path.name for path in (tmp_path / "deck" / "source" / "media").iterdir()] == ["A.png"]
    assert "- a.png: left out" in (tmp_path / "deck" / "import-report.md").read_text(encoding="utf-8")
    assert run(["check", "--project", str(tmp_path / "deck")]) == 0


def test_the_language_of_the_words_around_questions_is_told_where_nobody_said_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = "the words around the questions are English ones"
    assert import_deck(by_hand(Hand(WORDS)), tmp_path / "first") == 0
    assert told in capsys.readouterr().out
    assert import_deck(by_hand(Hand(WORDS)), tmp_path / "second", "--language", "es") == 0
    assert told not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "description"),
    [
        ("Please see the <a href='https://ankiweb.net/shared/info/1'>shared deck page</a> for more info.", None),
        ("Words of the <b>market</b>.", "Words of the market."),
    ],
)
def test_what_anki_writes_into_every_shared_deck_describes_none(
    said: str, description: str | None, tmp_path: Path
) -> None:
    package = by_hand(Hand(WORDS, decks=[hand_deck(name="Market", desc=said)]))
    assert import_deck(package, tmp_path / "deck") == 0
    deck = yaml.safe_load((tmp_path / "deck" / "source" / "deck.yaml").read_text(encoding="utf-8"))
    assert deck.get("description") == description


def test_a_note_without_a_card_is_left_out_so_that_nobody_gets_one(tmp_path: Path) -> None:
    retired = HandNote("retired", ["viejo", "old"], cards=())
    assert import_deck(by_hand(Hand([*WORDS, retired])), tmp_path / "deck") == 0
    assert "retired" not in {note.guid for note in parse_history(tmp_path / "deck").notes.values()}
    report = (tmp_path / "deck" / "import-report.md").read_text(encoding="utf-8")
    assert "it has no card, and would get one with the next release" in report


def test_a_deck_that_is_older_than_any_archive_is_of_the_first_day_that_a_deck_can_have(tmp_path: Path) -> None:
    note_type = hand_type(mod=86_400)
    notes = [HandNote("old", ["a note", "of 1970"], modified=86_400)]
    assert import_deck(by_hand(Hand(notes, types=[note_type])), tmp_path / "deck") == 0

    deck = yaml.safe_load((tmp_path / "deck" / "source" / "deck.yaml").read_text(encoding="utf-8"))
    assert str(deck["date"]) == "1980-01-01"
    assert run(["check", "--project", str(tmp_path / "deck")]) == 0


@pytest.mark.parametrize("has_folder", [False, True])
def test_a_full_disk_leaves_nothing(has_folder: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("cardpress.adopt.making.write_report", fail)
    folder = tmp_path / "new" / "deck"
    if has_folder:
        (folder / ".git").mkdir(parents=True)

    assert import_deck(by_hand(Hand(WORDS)), tmp_path / "deck") == 3
    (tmp_path / "original.apkg").rename(tmp_path / "kept.apkg")
    assert run(["import", str(tmp_path / "kept.apkg"), str(folder)]) == 3
    left = {path.name for path in tmp_path.rglob("*")}
    assert left == ({"kept.apkg", "new", "deck", ".git"} if has_folder else {"kept.apkg"})


def test_cards_of_a_template_in_a_deck_of_their_own_stay_there_and_strays_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reading, writing, stray = 21, 22, 23
    decks = [hand_deck(20, "Chinese"), hand_deck(reading, "Chinese::Reading"), hand_deck(stray, "Mine")]
    decks.append(hand_deck(writing, "Chinese::Writing", desc="To be <b>written</b>."))
    note_type = hand_type()
    note_type["tmpls"].append({**note_type["tmpls"][0], "name": "Writing", "ord": 1, "qfmt": "{{Back}}"})
    notes = [
        HandNote(f"word-{place}", [f"palabra {place}", f"word {place}"], cards=((0, reading), (1, writing)))
        for place in range(18)
    ]
    notes.append(HandNote("stray", ["palabra", "stray"], cards=((0, reading), (1, stray))))
    assert import_deck(by_hand(Hand(notes, types=[note_type], decks=decks)), tmp_path / "deck") == 0

    project = tmp_path / "deck"
    deck = yaml.safe_load((project / "source" / "deck.yaml").read_text(encoding="utf-8"))
    assert deck["anki"] == {"id": 20, "name": "Chinese"}
    (section,) = deck["sections"]
    assert section["anki"] == {
        "id": reading,
        "name": "Chinese::Reading",
        "card_decks": {"Writing": {"id": writing, "name": "Chinese::Writing", "description": "To be written."}},
    }
    assert parse_history(project).sections["reading"].card_decks == {"Writing": ("Chinese::Writing", writing)}
    report = (project / "import-report.md").read_text(encoding="utf-8")
    assert report.count("new learners get") == 1
    assert "new learners get its card Writing in Chinese::Writing; who has it in Mine keeps it there" in report
    assert "palabra" in report
    assert run(["check", "--project", str(project)]) == 0
    capsys.readouterr()
    assert run(["diff", "--project", str(project)]) == 0
    assert "no note changes" in capsys.readouterr().out


def test_cards_of_a_template_in_several_decks_are_told_one_by_one(tmp_path: Path) -> None:
    note_type = hand_type()
    note_type["tmpls"].append({**note_type["tmpls"][0], "name": "Writing", "ord": 1, "qfmt": "{{Back}}"})
    decks = [hand_deck(number, f"Chinese::{number}") for number in (21, 22, 23)]
    notes = [HandNote(str(deck), [f"a{deck}", f"b{deck}"], cards=((0, 21), (1, deck))) for deck in (21, 22, 23)]
    assert import_deck(by_hand(Hand(notes, types=[note_type], decks=decks)), tmp_path / "deck") == 0

    assert "card_decks" not in (tmp_path / "deck" / "source" / "deck.yaml").read_text(encoding="utf-8")
    report = (tmp_path / "deck" / "import-report.md").read_text(encoding="utf-8")
    assert report.count("new learners get its card Writing in Chinese::21") == 2


def test_warnings_of_check_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes = [HandNote(f"{place}", [f"pala\u200bbra {place}", f"word {place}"]) for place in range(20)]
    assert import_deck(by_hand(Hand(notes)), tmp_path / "deck") == 0
    lines = capsys.readouterr().out.splitlines()
    (told,) = [line for line in lines if line.startswith("`cardpress check --project ")]
    assert told.endswith("` tells 20 warnings: 20 odd-character; it has advice, too")
    assert len(lines) < 10


def test_what_is_said_of_many_notes_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes = [
        HandNote(f"{kind} {place}", [f"{kind} # {place}", f"<script>{kind}</script>word {place}"])
        for place in range(40)
        for kind in ("b", "a")
    ]
    notes += [HandNote(f"media {place}", [f"media {place}", f'<img src="{place}.png">']) for place in range(20)]
    notes += [HandNote(f"more {place}", [f"more {place}", '<img src="none.png">']) for place in range(9)]
    notes += [HandNote("odd", ["odd", '<b onclick="steal()">\x07</b>'])]
    assert import_deck(by_hand(Hand(notes)), tmp_path / "deck") == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) < 20
    assert max(map(len, lines)) < 400
    assert "110 things are not as in the source:" in lines
    assert "  b # 0 and 79 more: without `<script>` in Back: the next release updates it" in lines
    assert "  … and 18 more remarks" in lines

    report = (tmp_path / "deck" / "import-report.md").read_text(encoding="utf-8")
    heading = "### Without `<script>` in Back: the next release updates it\n\n80 notes:\n\n"
    assert report.count("without `<script>`") == 0
    assert report.count(heading) == 1
    assert f"{heading}- b # 0 (`b-0`)\n- a # 0 (`a-0`)\n" in report
    assert report.count("- a # ") == report.count("- b # ") == 40
    assert "- media 7 (`media-7`): names the file 7.png, which the source lacks: put it into source/media/\n" in report
    assert report.count("which the source lacks") == 21
    assert report.index("- odd (`odd`): without ") < report.index("### ")


def test_what_is_said_of_thousands_of_notes_can_be_read(tmp_path: Path) -> None:
    losses = tuple(Loss(f"word {place}", "is left out", f"word-{place}") for place in range(3_000))
    remark = Loss("", "remark of the whole\ndeck")
    report = write_report(Adopted("a text", "x", "X", {}, (), (*losses, remark)))
    assert report.splitlines()[7:10] == ["## Not taken over as it was", "", "- remark of the whole deck"]
    assert len(report.splitlines()) == 3_000 + 15
    assert max(map(len, report.splitlines())) < 60


@pytest.mark.parametrize("field", ["<div>" * 200_000, "[sound:x.mp3]" * 80_000, "<" * 600_000, "x" * 500_001])
def test_a_note_with_a_field_that_is_too_long_is_left_out_before_it_is_read(field: str, tmp_path: Path) -> None:
    start = time.process_time()
    assert import_deck(by_hand(Hand([*WORDS, HandNote("long", ["a long one", field])])), tmp_path / "deck") == 0
    assert time.process_time() - start < 4

    report = (tmp_path / "deck" / "import-report.md").read_text(encoding="utf-8")
    said = f"`Back` has {len(field):,} characters; 500,000 are allowed"
    assert f"- a long one: left out, so that it stays as it is: {said}" in report
    assert "- 3 notes with 3 cards" in report


def test_a_field_that_is_too_long_once_it_is_safe_is_left_out(tmp_path: Path) -> None:
    field = "<" * 200_000
    assert import_deck(by_hand(Hand([*WORDS, HandNote("long", ["a long one", field])])), tmp_path / "deck") == 0
    assert "a long one: left out, so that it stays as it is: `Back` has " in (
        tmp_path / "deck" / "import-report.md"
    ).read_text(encoding="utf-8")


def test_a_deck_of_nothing_but_a_field_that_is_too_long_is_refused_in_words_of_the_deck(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_deck(by_hand(Hand([HandNote("long", ["a long one", "x" * 600_000])])), tmp_path / "deck") == 2
    said = capsys.readouterr().err
    assert "a long one: `Back` has 600,000 characters; 500,000 are allowed" in said
    assert "source/" not in said
    assert not (tmp_path / "deck").exists()


def test_what_check_refuses_of_the_whole_deck_is_told_in_words_of_the_deck(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_deck(by_hand(Hand([HandNote(" ", ["alone", "and refused"])])), tmp_path / "deck") == 2
    said = capsys.readouterr().err
    assert "cannot be taken over: alone: `guid` is empty" in said
    assert "source/" not in said

    note_type = hand_type()
    note_type["tmpls"][0]["qfmt"] = "{{Front}}" + "a {}" * 200_000
    assert import_deck(by_hand(Hand(WORDS, types=[note_type])), tmp_path / "deck") == 2
    said = capsys.readouterr().err
    assert "cannot be taken over: note type By hand: " in said
    assert "templates/" not in said


def test_a_text_that_is_too_long_for_a_line_is_taken_over_as_html(tmp_path: Path) -> None:
    field = "x" * 21_000
    assert import_deck(by_hand(Hand([*WORDS, HandNote("long", ["a long one", field])])), tmp_path / "deck") == 0
    assert field in (tmp_path / "deck" / "source" / "by-hand.yaml").read_text(encoding="utf-8").replace("\n", "")
    assert "Not taken over" not in (tmp_path / "deck" / "import-report.md").read_text(encoding="utf-8")


def test_a_deck_of_many_notes_that_begin_alike_is_not_told_of_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def write_checks(name: str, notes: list[HandNote]) -> str:
        assert import_deck(by_hand(Hand(notes)), tmp_path / name) == 0
        assert "near-duplicate-question" not in capsys.readouterr().out
        deck = (tmp_path / name / "source" / "deck.yaml").read_text(encoding="utf-8")
        return "\n".join(line for line in deck.splitlines() if "near-duplicate" in line or line.startswith("# "))

    alike = [HandNote(f"alike-{place}", ["What is it?", "The same."]) for place in range(25)]
    assert "checks" not in write_checks("few", alike[:5])
    assert "24 notes begin as another one does" in write_checks("alike", alike)
    many = [HandNote(f"many-{place}", [f"palabra {place}", f"word {place}"]) for place in range(2_001)]
    written = write_checks("many", many)
    assert "2,001 notes" in written
    assert "\nchecks: {near-duplicate-question: off}" in written


def test_files_whose_names_differ_in_capitals_alone_are_told_as_they_are(tmp_path: Path) -> None:
    notes = [HandNote("one", ['<img src="dup1.png">', "a"]), HandNote("two", ['two <img src="Dup1.png">', "b"])]
    package = by_hand(Hand(notes, media={"dup1.png": png(1, 1), "Dup1.png": png(2, 2)}))
    assert import_deck(package, tmp_path / "deck") == 0
    report = (tmp_path / "deck" / "import-report.md").read_text(encoding="utf-8")
    assert "- dup1.png: left out: Dup1.png has this name but for capitals" in report
    assert "names the file dup1.png, which is left out: give it another name, or let the note name Dup1.png" in report
    assert "which the source lacks" not in report


def test_a_file_whose_name_begins_with_a_dot_is_one_as_any_other(tmp_path: Path) -> None:
    package = by_hand(Hand([HandNote("one", ['<img src=".hid.png">', "a"])], media={".hid.png": png(1, 1)}))
    assert import_deck(package, tmp_path / "deck") == 0
    assert "Not taken over" not in (tmp_path / "deck" / "import-report.md").read_text(encoding="utf-8")
    assert run(["build", "--project", str(tmp_path / "deck"), "--only", "apkg", "--out", str(tmp_path / "out")]) == 0
    assert list(read_original((tmp_path / "out" / "deck.apkg").read_bytes()).media) == [".hid.png"]
