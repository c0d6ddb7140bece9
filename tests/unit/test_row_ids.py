"""Ids of rows: made where no cell has one, permanent from the first release on, and written into tables by `ids`."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardpress.cli.main import run
from cardpress.cli.reports import find_folder
from cardpress.publish import transaction
from cardpress.source.slugs import is_slug, make_row_id
from tests.conftest import DECK, WriteProject
from tests.helpers.diagnostics import places, problems
from tests.unit.test_tables import TABLE, project_of, questions


def ids_of(project: Path) -> list[str]:
    return list(questions(project))


def made_from(word: str) -> dict[str, str]:
    return {"deck.yaml": TABLE + f"    ids: {{from: {word}}}\n"}


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("France", "france"),
        ("C\u00f4te d\u2019Ivoire", "cote-d-ivoire"),
        ("Stra\u00dfe", "strasse"),
        ("What is *el perro*?", "what-is-el-perro"),
        ("\u65e5\u672c", "row-cf2abf0c"),
        ("\u65e5\u672c (Japan)", "japan-fdaa720c"),
        ("+", "row-a318c242"),
        ("a" * 70, "a" * 48 + "-6bd5e503"),
        (
            "What is the name of the capital of the country that borders on it?",
            "what-is-the-name-of-the-capital-of-the-country-741576bd",
        ),
    ],
)
def test_an_id_that_is_made_of_a_text_never_changes(text: str, made: str) -> None:
    assert is_slug(make_row_id(text))
    if made:
        assert make_row_id(text) == made


def test_two_texts_that_no_id_can_have_get_different_ids() -> None:
    texts = ["\u65e5\u672c", "\u4e2d\u56fd", "long " * 20 + "a", "long " * 20 + "b"]
    assert len({make_row_id(text) for text in texts}) == len(texts)


def test_a_row_without_an_id_gets_one_of_what_it_asks(write_project: WriteProject) -> None:
    project = project_of(write_project, "word,meaning\nel perro,the dog\nel gato,the cat\n")
    assert problems(project) == []
    assert ids_of(project) == ["el-perro", "el-gato"]
    (project / "source/first.csv").write_text("meaning,word\nthe cat,el gato\na dog,el perro\n")
    assert ids_of(project) == ["el-gato", "el-perro"]


def test_rows_that_ask_the_same_are_counted(write_project: WriteProject) -> None:
    table = "id,word,meaning\n,a,1\na-3,x,2\n,a,3\n,a,4\n,a-2,5\n"
    project = project_of(write_project, table)
    assert problems(project) == []
    assert ids_of(project) == ["a", "a-3", "a-4", "a-5", "a-2"]


@pytest.mark.parametrize("form", ["    ids: {from: meaning}\n", None])
def test_ids_are_made_from_another_column(form: str | None, write_project: WriteProject) -> None:
    deck = TABLE + form if form else TABLE.replace("id: first", "id: {from: meaning}")
    project = project_of(write_project, "word,meaning\nel perro,the dog\nel gato,the cat\n", {"deck.yaml": deck})
    assert problems(project) == []
    assert ids_of(project) == ["the-dog", "the-cat"]


def test_what_makes_no_id_is_reported_at_its_cell(write_project: WriteProject) -> None:
    table = "word,meaning,typed\na,b,one\nc,d,\ne,f,One!\n"
    found = problems(project_of(write_project, table, made_from("typed")))
    assert places(found) == ["source/first.csv:3:5 missing-key", "source/first.csv:4:5 duplicate-id"]


@pytest.mark.parametrize(
    ("lines", "place", "code"),
    [
        ("    ids: {from: wrd}\n", "11:17", "unknown-key"),
        ("    ids: word\n", "11:10", "wrong-type"),
        ("    ids: {of: word}\n", "11:11", "wrong-type"),
    ],
)
def test_what_ids_are_made_from_is_a_column(lines: str, place: str, code: str, write_project: WriteProject) -> None:
    deck = TABLE.removesuffix("\n") + "\n" + lines
    found = problems(project_of(write_project, "word,meaning\na,b\n", {"deck.yaml": deck}))
    assert places(found) == [f"source/deck.yaml:{place} {code}"]


def test_questions_in_yaml_have_their_ids_themselves(write_project: WriteProject) -> None:
    found = problems(write_project({"deck.yaml": DECK + "    ids: {from: question}\n"}))
    assert places(found) == ["source/deck.yaml:8:11 missing-key"]


def test_an_id_that_is_made_twice_in_a_deck_is_told_how_to_change(write_project: WriteProject) -> None:
    deck = TABLE + "  - {id: second, title: Second, table: second.csv, note_type: card}\n"
    table = "word,meaning\nel perro,the dog\n"
    (problem,) = problems(project_of(write_project, table, {"deck.yaml": deck, "second.csv": table}))
    assert places([problem]) == ["source/second.csv:2:1 duplicate-id"]
    assert "cardpress ids" in problem.help


# --- the command


def write_ids(project: Path) -> int:
    return run(["ids", "--project", str(project)])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("word,meaning\na,b\nc,d\n", "id,word,meaning\na,a,b\nc,c,d\n"),
        (
            '\ufeffword,meaning\r\n"a","b ""x""\r\nc"\r\nc,d',
            '\ufeffid,word,meaning\r\na,"a","b ""x""\r\nc"\r\nc,c,d',
        ),
        ("word;meaning\r\ra;b\r", "id;word;meaning\r\ra;a;b\r"),
        ("\n,\nword,meaning\n\n,\n \na,b\n", "\n,,\nid,word,meaning\n\n,,\n \na,a,b\n"),
        ('word,id,meaning\na,,b\nc,x,d\ne,"",f\ng,  ,h\n', "word,id,meaning\na,a,b\nc,x,d\ne,e,f\ng,g  ,h\n"),
        ("id,word,meaning\nx,a,b\n", "id,word,meaning\nx,a,b\n"),
    ],
)
def test_the_command_adds_ids_and_nothing_else(before: str, after: str, write_project: WriteProject) -> None:
    project = project_of(write_project, before)
    ids = ids_of(project)
    assert write_ids(project) == 0
    assert (project / "source/first.csv").read_bytes().decode() == after
    assert ids_of(project) == ids
    assert write_ids(project) == 0
    assert (project / "source/first.csv").read_bytes().decode() == after


def test_the_command_says_what_it_did(write_project: WriteProject, capsys: pytest.CaptureFixture[str]) -> None:
    project = project_of(write_project, "word,meaning\na,b\nc,d\n")
    write_ids(project)
    assert capsys.readouterr().out == f"{find_folder(project)}/source/first.csv: 2 ids written\n"
    write_ids(project)
    assert capsys.readouterr().out == "every row has an id\n"


def test_the_first_release_asks_for_the_ids_of_rows(
    write_project: WriteProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = project_of(write_project, "id,word,meaning\nx,a,b\n,c,d\n")
    assert run(["release", "1.0.0", "--project", str(project)]) == 0
    assert f"there are rows without an id: run `cardpress ids --project {project}`" in capsys.readouterr().out
    assert write_ids(project) == 0
    assert run(["check", "--project", str(project)]) == 0


def test_nothing_is_written_into_a_table_that_cannot_be_read(
    write_project: WriteProject, capsys: pytest.CaptureFixture[str]
) -> None:
    table = "word,meaning\na,b\nc\n"
    project = project_of(write_project, table)
    assert write_ids(project) == 1
    assert "ragged-row" in capsys.readouterr().out
    assert (project / "source/first.csv").read_text() == table


def test_nothing_is_written_through_a_link(write_project: WriteProject, capsys: pytest.CaptureFixture[str]) -> None:
    project = project_of(write_project, "", {"tables/first.csv": "word,meaning\na,b\n"})
    (project / "source/first.csv").unlink()
    (project / "source/first.csv").symlink_to("tables/first.csv")
    assert write_ids(project) == 1
    assert "source/first.csv is a link" in capsys.readouterr().err
    assert (project / "source/tables/first.csv").read_text() == "word,meaning\na,b\n"


def test_a_table_that_cannot_be_written_stays_as_it_is(
    write_project: WriteProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = project_of(write_project, "word,meaning\na,b\n")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(transaction, "write_new", fail)
    assert write_ids(project) == 3
    assert (project / "source/first.csv").read_text() == "word,meaning\na,b\n"
    assert sorted(path.name for path in (project / "source").iterdir()) == ["deck.yaml", "first.csv"]


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ("word,meaning\na,b\n,c\nd,e\n", "3:1"),
        ("id,word,meaning\n,a,b\n,,c\n,d,e\n", "3:2"),
        ("meaning,word\nb,a\nc, \ne,d\n", "3:3"),
        ("word,meaning,tags\na,b,\nd,,\n", "3:3"),
    ],
)
def test_a_row_that_no_id_can_be_made_for_is_reported_and_never_lost(
    table: str, place: str, write_project: WriteProject
) -> None:
    project = project_of(write_project, table)
    (found,) = problems(project)
    assert places([found]) == [f"source/first.csv:{place} missing-key"]
    assert found.help.startswith("fill this cell")


def test_every_empty_cell_of_a_row_without_an_id_is_reported(write_project: WriteProject) -> None:
    project = project_of(write_project, "word,meaning,rank,tags\n,,x,\n,,,t\n")
    assert places(problems(project)) == [
        f"source/first.csv:{each}"
        for each in ("2:1 missing-key", "2:2 missing-key", "2:3 bad-number", "3:1 missing-key", "3:2 missing-key")
    ]
