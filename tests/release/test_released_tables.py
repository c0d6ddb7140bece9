"""Rows of tables over releases: ids that were made are written once, and are those that learners have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from time import process_time

import pytest

from cardpress.cli.main import run
from cardpress.cli.reports import find_folder
from cardpress.history.records import Release, to_text
from cardpress.pipeline import Options, load_and_check, render_deck
from cardpress.progress import NoProgress
from cardpress.release.documents import extend_history
from cardpress.release.make import Request, make_release
from tests.conftest import WriteProject
from tests.helpers.diagnostics import codes, places, problems

DECK = """\
id: sample
title: Sample deck
version: 0.1.0
date: 2026-01-01
sections:
  - {id: metals, title: Metals, table: metals.csv, note_type: recall}
  - {id: gases, title: Gases, table: gases.csv, note_type: recall, ids: {from: answer}}
"""
TABLES = {
    "deck.yaml": DECK,
    "metals.csv": "question,answer\nWhat rusts?,Iron.\nWhat melts at noon?,Gallium.\nWhat rusts?,Steel.\n",
    "gases.csv": "question;answer\r\nWhat glows red?;Neon\r\nWhat lifts balloons?;Helium\r\n",
}


def release(project: Path, version: str, day: str) -> None:
    options = Options(project, project / "dist", ("apkg",))
    outcome = make_release(Request(options, version, day, allow_dirty=True), NoProgress())
    assert outcome.released, outcome.diagnostics


def write(project: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (project / "source" / name).write_bytes(text.encode())


def read(project: Path, name: str) -> str:
    return (project / "source" / name).read_bytes().decode()


@pytest.fixture
def released(write_project: WriteProject) -> Path:
    """A project with two tables without ids that was released."""
    project = write_project(TABLES)
    (project / "source" / "first.yaml").unlink()
    assert problems(project) == []
    release(project, "1.0.0", "2026-01-02")
    return project


def test_from_the_first_release_on_rows_need_ids(released: Path) -> None:
    assert places(problems(released)) == [
        "source/gases.csv:1:1 missing-row-id",
        "source/metals.csv:1:1 missing-row-id",
    ]


def test_the_ids_that_are_written_are_those_that_were_released(
    released: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ids", "--project", str(released)]) == 0
    assert capsys.readouterr().out == (
        f"{find_folder(released)}/source/metals.csv: 3 ids written\n"
        f"{find_folder(released)}/source/gases.csv: 2 ids written\n"
    )
    assert read(released, "gases.csv") == (
        "id;question;answer\r\nneon;What glows red?;Neon\r\nhelium;What lifts balloons?;Helium\r\n"
    )
    assert [line.partition(",")[0] for line in read(released, "metals.csv").splitlines()] == [
        "id",
        "what-rusts",
        "what-melts-at-noon",
        "what-rusts-2",
    ]
    assert problems(released) == []


@pytest.mark.parametrize("late", ["metals.csv", "gases.csv"])
def test_ids_that_were_stopped_between_two_tables_go_on_as_if_they_were_not(released: Path, late: str) -> None:
    # In both tables a row asks what two of the other one do.
    rows = read(released, "gases.csv") + "What rusts?;Zinc\r\n"
    write(released, {"gases.csv": rows})
    before = read(released, late)
    assert run(["ids", "--project", str(released)]) == 0
    whole = {name: read(released, name) for name in ("metals.csv", "gases.csv")}
    write(released, {late: before})
    assert run(["ids", "--project", str(released)]) == 0
    assert {name: read(released, name) for name in whole} == whole


def test_then_everything_may_be_reworded(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ids", "--project", str(released)]) == 0
    write(released, {"gases.csv": read(released, "gases.csv").replace("glows red?;Neon", "glows?;It is neon.")})
    capsys.readouterr()
    assert run(["diff", "--project", str(released), "--format", "json"]) == 0
    changed = json.loads(capsys.readouterr().out)
    assert "neon" in json.dumps(changed)
    release(released, "1.0.1", "2026-01-03")
    assert problems(released) == []


def test_a_new_row_gets_its_id_by_the_same_command(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ids", "--project", str(released)]) == 0
    write(released, {"gases.csv": read(released, "gases.csv") + ";What burns?;Hydrogen\r\n"})
    assert places(problems(released)) == ["source/gases.csv:4:1 missing-row-id"]
    assert run(["ids", "--project", str(released)]) == 0
    assert read(released, "gases.csv").endswith("\r\nhydrogen;What burns?;Hydrogen\r\n")
    assert problems(released) == []


def test_a_row_whose_id_would_be_another_now_keeps_the_released_one(released: Path) -> None:
    write(released, {"gases.csv": read(released, "gases.csv").replace(";Neon", ";It is neon.")})
    assert run(["ids", "--project", str(released)]) == 0
    assert "\r\nneon;What glows red?;It is neon.\r\n" in read(released, "gases.csv")
    assert problems(released) == []


def test_a_released_id_that_no_row_has_is_named(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = read(released, "metals.csv").replace("What melts at noon?", "What melts in a hand?")
    write(released, {"metals.csv": table})
    assert run(["ids", "--project", str(released)]) == 0
    assert "of no row or question now: what-melts-at-noon\n" in capsys.readouterr().out
    assert codes(problems(released)) == ["released-question-missing"]
    (problem,) = problems(released)
    assert problem.span.path == "source/metals.csv"
    assert "column `retired`" in problem.help
    changed = read(released, "metals.csv").replace("what-melts-in-a-hand,", "what-melts-at-noon,")
    write(released, {"metals.csv": changed})
    assert problems(released) == []


def test_a_row_that_is_retired_ships_with_its_notice(released: Path) -> None:
    assert run(["ids", "--project", str(released)]) == 0
    lines = read(released, "gases.csv").splitlines()
    rows = [f"{lines[0]};retired", f"{lines[1]};Neon is not asked any more.", f"{lines[2]};"]
    write(released, {"gases.csv": "\n".join(rows) + "\n"})
    assert problems(released) == []
    release(released, "1.1.0", "2026-01-03")
    history = json.loads(read(released, "history.json"))
    assert [each["id"] for each in history["retired"]] == ["neon"]


def test_a_release_renews_the_schema_of_the_source(released: Path) -> None:
    assert run(["ids", "--project", str(released)]) == 0
    write(released, {"source.schema.json": "{}\n"})
    assert codes(problems(released)) == ["stale-schema"]
    release(released, "1.0.1", "2026-01-03")
    assert problems(released) == []
    assert '"question-recall"' in read(released, "source.schema.json")


def test_rows_that_ask_the_same_keep_their_ids_by_what_else_they_hold(
    released: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sorted after the release, and before `ids`."""
    sorted_rows = "question,answer\nWhat rusts?,Steel.\nWhat rusts?,Iron.\nWhat melts at noon?,Gallium.\n"
    write(released, {"metals.csv": sorted_rows, "gases.csv": TABLES["gases.csv"] + "What is [bad?;\\(\\foo\\)\r\n"})
    before = read(released, "metals.csv")
    assert run(["ids", "--project", str(released)]) == 1
    assert "some rows ask the same" in capsys.readouterr().err
    assert read(released, "metals.csv") == before
    write(released, {"gases.csv": TABLES["gases.csv"]})
    assert run(["ids", "--project", str(released)]) == 0
    assert [line.split(",")[0::2] for line in read(released, "metals.csv").splitlines()[1:]] == [
        ["what-rusts-2", "Steel."],
        ["what-rusts", "Iron."],
        ["what-melts-at-noon", "Gallium."],
    ]
    assert problems(released) == []


@pytest.mark.parametrize(
    ("rows", "ids"),
    [
        # What an id is made from was reworded, and a new row has the old text there.
        ("What is new?;Neon\r\nWhat glows red?;Ne\r\nWhat lifts balloons?;Helium\r\n", ["neon-2", "neon", "helium"]),
        # Two rows have exchanged it.
        ("What glows red?;Helium\r\nWhat lifts balloons?;Neon\r\n", ["neon", "helium"]),
    ],
)
def test_a_row_that_asks_the_same_keeps_its_id_whatever_id_would_be_made_of_it(
    released: Path, rows: str, ids: list[str]
) -> None:
    write(released, {"gases.csv": f"question;answer\r\n{rows}"})
    assert run(["ids", "--project", str(released)]) == 0
    assert [line.split(";")[0] for line in read(released, "gases.csv").splitlines()[1:]] == ids
    assert problems(released) == []


def test_thousands_of_rows_may_ask_the_same(write_project: WriteProject) -> None:
    count = 3_000
    lines = [f"What do you hear?,It is number {number}.\n" for number in range(count)]
    project = write_project({**TABLES, "metals.csv": "question,answer\n" + "".join(lines)})
    (project / "source" / "first.yaml").unlink()
    bank, _ = load_and_check(project)
    deck = render_deck(bank, Options(project, project / "dist"))
    release = Release("0.1.0", "2026-01-02", "", "", 1)
    write(project, {"history.json": to_text(extend_history(None, deck, release))})
    # In another order, one in three with other words.
    changed = [line.replace("It is", "This is") if number % 3 == 0 else line for number, line in enumerate(lines)]
    write(project, {"metals.csv": "question,answer\n" + "".join(reversed(changed))})
    start = process_time()
    assert run(["ids", "--project", str(project)]) == 0
    assert process_time() - start < 15
    rows = [line.split(",") for line in read(project, "metals.csv").splitlines()[1:]]
    for number, (note_id, _, answer) in enumerate(reversed(rows)):
        assert f"number {number}." in answer
        if number % 3:
            assert note_id == f"what-do-you-hear-{number + 1}"
    assert len({row[0] for row in rows}) == count


def test_rows_whose_ids_were_exchanged_are_told_which_cell_to_change(released: Path) -> None:
    assert run(["ids", "--project", str(released)]) == 0
    exchanged = "id;question;answer\r\nhelium;What glows red?;Neon\r\nneon;What lifts balloons?;Helium\r\n"
    write(released, {"gases.csv": exchanged})
    assert [problem.help for problem in problems(released)] == [
        f"write `{each}` into the column `id` of its row" for each in ("neon", "helium")
    ]


def test_a_column_of_ids_that_was_shifted_is_one_report(released: Path) -> None:
    """As where cells were inserted into all columns but one."""
    assert run(["ids", "--project", str(released)]) == 0
    rows = [(f"q{number}", f"What is number {number}?", f"Number {number}.") for number in range(1, 1001)]
    write(released, {"gases.csv": read(released, "gases.csv") + "".join(";".join(row) + "\r\n" for row in rows)})
    release(released, "1.1.0", "2026-01-03")
    ids = [row[0] for row in rows] + ["q1001"]
    texts = [("What is new?", "This."), *(row[1:] for row in rows)]
    head = "".join(read(released, "gases.csv").splitlines(keepends=True)[:3])
    shifted = "".join(f"{each};{';'.join(text)}\r\n" for each, text in zip(ids, texts, strict=True))
    write(released, {"gases.csv": head + shifted})
    (problem,) = problems(released)
    assert (problem.code, problem.span.line) == ("released-id-changed", 5)
    assert problem.message.startswith("1000 rows ask what was released under other ids, the first as `q1`; learners'")
    assert "write `q1` into the column `id` here, `q2` in line 6, `q3` in line 7, and so on" in problem.help
    mended = "".join(f"{each};{';'.join(text)}\r\n" for each, text in zip(["new", *ids[:-1]], texts, strict=True))
    write(released, {"gases.csv": head + mended})
    assert problems(released) == []
