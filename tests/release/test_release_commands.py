"""`diff`, `rehearse` and `release` as they are typed: what they print, how they end, what they leave."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import datetime, tzinfo
from pathlib import Path

import click
import pytest

from cardpress import bootstrap
from cardpress.cli import release_commands
from cardpress.cli.main import run
from cardpress.cli.release_commands import rehearse_update
from cardpress.release.learners import LEARNERS
from tests.conftest import ROOT
from tests.helpers.altered_packages import with_field
from tests.helpers.author import Author, tree
from tests.helpers.fake_checkout import FakeCheckout

CLEAN, PROBLEMS, USAGE = 0, 1, 2


def typed(author: Author, *arguments: str) -> int:
    return run([arguments[0], "--project", str(author.project), *arguments[1:]])


@pytest.fixture
def changed(author: Author) -> Author:
    author.find("neon")["answer"] = "Red."
    author.write()
    return author


# --- diff -----------------------------------------------------------------------------------------------------------


def test_diff_says_what_changed(changed: Author, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(changed, "diff") == CLEAN
    wanted = "since 1.0.0:\n  answer changed: neon  What colour has a neon lamp?\n1 note is updated, 0 schedules lost\n"
    wanted += (
        "except where a learner or Anki edited the note after the day of the release, or they added a field or a card\n"
    )
    assert capsys.readouterr().out == wanted


def lose_release(author: Author) -> None:
    """Put a build in the place of the release, and keep no copy of that."""
    shutil.rmtree(author.out)
    author.build(author.out)


def test_diff_shows_the_old_text_from_dist(changed: Author, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(changed, "diff", "--fields") == CLEAN
    assert "    Answer\n      - Red and orange.\n      + Red.\n" in capsys.readouterr().out
    lose_release(changed)
    assert typed(changed, "diff", "--fields") == CLEAN
    assert "    Answer\n1 note is updated" in capsys.readouterr().out


def test_diff_speaks_markdown_and_json(changed: Author, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(changed, "diff", "--format", "markdown") == CLEAN
    assert capsys.readouterr().out.startswith("For those who have 1.0.0: 1 note is updated, 0 schedules lost.\n")
    assert typed(changed, "diff", "--format", "json") == CLEAN
    assert json.loads(capsys.readouterr().out)["notes"][0]["what"] == ["answer changed"]


@pytest.mark.parametrize("command", ["diff", "rehearse", "release"])
def test_a_broken_source_is_reported(author: Author, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    author.remove("neon")
    author.write()
    before = tree(author.project)
    arguments = ("2.0.0",) if command == "release" else ()
    assert typed(author, command, *arguments) == PROBLEMS
    assert "error[released-question-missing]" in capsys.readouterr().out
    assert tree(author.project) == before


@pytest.mark.parametrize("command", ["diff", "rehearse", "release"])
def test_a_folder_without_a_source_is_wrong_usage(tmp_path: Path, command: str) -> None:
    arguments = ["1.0.0"] if command == "release" else []
    assert run([command, "--project", str(tmp_path), *arguments]) == USAGE
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["rehearse", "release"])
def test_the_project_is_no_place_for_what_is_made(author: Author, command: str) -> None:
    before = tree(author.project)
    arguments = ("1.0.1",) if command == "release" else ()
    assert typed(author, command, "--out", str(author.project), *arguments) == USAGE
    assert tree(author.project) == before


# --- rehearse ---------------------------------------------------------------------------------------------------------


def test_rehearse_prints_every_promise(changed: Author, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(changed.project)
    assert typed(changed, "rehearse") == CLEAN
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1.0.0 was studied, and this build imported over it:"
    assert lines[1].split() == ["promise", "cases", "default", "merge", "AnkiConnect"]
    assert len(lines) == 15
    assert all(line.split()[-3:] == ["kept"] * 3 for line in lines[2:])
    for name in ("default", "merge", "AnkiConnect"):
        assert {line[lines[1].index(name) :].split()[0] for line in lines[2:]} == {"kept"}
    assert max(map(len, lines)) <= 90
    assert tree(changed.project) == before


def test_rehearse_before_the_first_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    author = Author(tmp_path / "project")
    assert typed(author, "rehearse") == CLEAN
    assert capsys.readouterr().out.startswith("nothing was released yet: this build was studied, and imported over")


def test_rehearse_as_one_learner_or_several(changed: Author, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(changed, "rehearse", "--as", "AnkiConnect") == CLEAN
    assert capsys.readouterr().out.splitlines()[1].split() == ["promise", "cases", "AnkiConnect"]
    assert typed(changed, "rehearse", "--as", "merge", "--as", "default") == CLEAN
    assert capsys.readouterr().out.splitlines()[1].split() == ["promise", "cases", "default", "merge"]


def test_every_learner_can_be_picked() -> None:
    option = next(each for each in rehearse_update.params if each.name == "ways")
    assert isinstance(option.type, click.Choice)
    assert list(option.type.choices) == [learner.name.lower() for learner in LEARNERS]


@pytest.mark.parametrize("command", ["rehearse", "release"])
def test_a_package_whose_note_types_differ_breaks_a_promise(
    changed: Author, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    old = changed.project.parent / "old.apkg"
    old.write_bytes(with_field(changed.package, "interview"))
    before = tree(changed.project)
    arguments = ("1.0.1",) if command == "release" else ()
    assert typed(changed, command, "--from", str(old), *arguments) == PROBLEMS
    told = capsys.readouterr()
    assert "    default: BROKEN for 6: argon, copper, gold, helium, iron, …\n" in told.out
    assert ("nothing was released; every file is as it was" in told.err) is (command == "release")
    assert tree(changed.project) == before


@pytest.mark.parametrize("command", ["rehearse", "release"])
def test_what_is_no_package_is_wrong_usage(changed: Author, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    old = changed.project.parent / "old.apkg"
    old.write_bytes(b"a letter")
    arguments = ("1.0.1",) if command == "release" else ()
    assert typed(changed, command, "--from", str(old), *arguments) == USAGE
    assert "Invalid value for --from" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["rehearse", "release"])
def test_the_package_of_another_deck_is_refused(
    changed: Author, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Author(changed.project.parent / "other")
    other.facts["id"] = "other"
    other.write()
    assert run(["build", "--only", "apkg", "--quiet", "--project", str(other.project)]) == CLEAN
    old = other.out / "other.apkg"
    arguments = ("1.0.1", "--date", "2026-02-01") if command == "release" else ()
    assert typed(changed, command, "--from", str(old), *arguments) == PROBLEMS
    refusal = "refused: the package has no note of `sample`; name one that its learners have with --from\n"
    assert capsys.readouterr().err == refusal


@pytest.mark.parametrize("command", ["rehearse", "release"])
def test_a_history_that_lacks_released_notes_is_refused(
    changed: Author, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    history = changed.project / "source" / "history.json"
    lines = history.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if '"id": "gold"' in line)
    history.write_text("".join(lines[:at] + lines[at + 2 :]), encoding="utf-8")
    arguments = ("1.1.0", "--date", "2026-02-01") if command == "release" else ()
    assert typed(changed, command, *arguments) == PROBLEMS
    said = capsys.readouterr().err
    assert said.startswith("refused: source/history.json lacks 1 note that 1.0.0 has; only `release` writes it")


@pytest.mark.parametrize("command", ["rehearse", "release"])
def test_where_the_last_release_is_nowhere_it_is_asked_for(
    changed: Author, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    released = changed.project.parent / "released.apkg"
    released.write_bytes(changed.package)
    lose_release(changed)
    arguments = ("1.0.1", "--date", "2026-02-01") if command == "release" else ()
    assert typed(changed, command, *arguments) == PROBLEMS
    where = f"neither {changed.out}/ nor any commit has the package of 1.0.0"
    refusal = f"refused: {where}; name a copy of it, such as the one that you handed out, with --from\n"
    assert capsys.readouterr().err == refusal
    assert typed(changed, command, "--from", str(released), *arguments) == CLEAN


@pytest.mark.parametrize("command", ["diff", "rehearse"])
def test_a_folder_of_the_last_release_that_is_not_there_is_wrong_usage(
    changed: Author, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = changed.project / "nowhere"
    assert run([command, "--project", str(changed.project), "--out", str(nowhere)]) == USAGE
    assert "nowhere' does not exist" in capsys.readouterr().err


# --- release ----------------------------------------------------------------------------------------------------------


def test_release_says_what_it_did(changed: Author, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(changed, "release", "1.0.1", "--date", "2026-02-01") == CLEAN
    at = changed.project.as_posix()
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "released 1.0.1: 1 note is updated, 0 schedules lost",
        f"keep {at}/dist/ and {at}/source/history.json: without git, the next release needs both as they are",
    ]
    assert (changed.history.last.version, changed.history.last.date) == ("1.0.1", "2026-02-01")
    subprocess.run(["git", "init", "-q", str(changed.project)], check=True)
    changed.find("neon")["answer"] = "Orange."
    changed.write()
    assert typed(changed, "release", "1.0.2", "--date", "2026-02-02", "--allow-dirty") == CLEAN
    told = capsys.readouterr().out.splitlines()
    assert told[-2:] == [
        "released 1.0.2: 1 note is updated, 0 schedules lost",
        f"commit it now, in {changed.project.as_posix()}: until then, the next release is refused",
    ]
    assert typed(changed, "diff") == CLEAN
    assert capsys.readouterr().out == "since 1.0.2:\nno note changes, 0 schedules lost\n"
    made = tree(changed.out)
    assert typed(changed, "build", "--strict", "--quiet") == CLEAN
    assert tree(changed.out) == made


def test_a_release_in_which_nothing_changed_is_made_and_says_so(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(author, "release", "1.0.1", "--date", "2026-02-01") == CLEAN
    assert "\nnothing changed for learners in Anki: who has 1.0.0 need not import it\n" in capsys.readouterr().out
    author.find("neon")["answer"] = "Orange."
    author.write()
    assert typed(author, "release", "1.0.2", "--date", "2026-02-02") == CLEAN
    assert "nothing changed" not in capsys.readouterr().out


def test_release_without_a_day_is_of_today(changed: Author) -> None:
    from datetime import UTC, datetime

    before = datetime.now(UTC).date().isoformat()
    assert typed(changed, "release", "1.0.1") == CLEAN
    assert before <= changed.history.last.date <= datetime.now(UTC).date().isoformat()


def test_a_day_in_the_future_is_refused_but_for_time_zones(
    changed: Author, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Now(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Now:
            return cls(2026, 2, 27, 11, 0, tzinfo=tz)

    monkeypatch.setattr(release_commands, "datetime", Now)
    before = tree(changed.project)
    assert typed(changed, "release", "1.0.1", "--date", "2026-03-02") == PROBLEMS
    refusal = "refused: 2026-03-02 is in the future, and no release may come before it; take a day up to 2026-03-01\n"
    assert capsys.readouterr().err == refusal
    assert tree(changed.project) == before
    assert typed(changed, "release", "1.0.1", "--date", "2026-03-01") == CLEAN


@pytest.mark.parametrize("day", ["1970-01-01", "1979-12-31"])
def test_a_day_that_no_package_can_have_is_wrong_usage(changed: Author, day: str) -> None:
    assert typed(changed, "release", "1.0.1", "--date", day) == USAGE


@pytest.mark.parametrize(
    "arguments",
    [
        ("one",),
        ("v1.0.1",),
        ("1.0",),
        ("1.0.1", "--date", "tomorrow"),
        ("1.0.1", "--date", "2026-02-30"),
        ("1.0.1", "--date", "20260201"),
        ("1.0.1", "--date", "2026-W06-1"),
        ("1.0.1", "--from", "no-such-file.apkg"),
        (),
    ],
)
def test_a_version_or_day_that_is_none_is_wrong_usage(changed: Author, arguments: tuple[str, ...]) -> None:
    before = tree(changed.project)
    assert typed(changed, "release", *arguments) == USAGE
    assert tree(changed.project) == before


def test_a_refusal_says_why_in_a_line(changed: Author, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(changed, "release", "1.0.0") == PROBLEMS
    assert capsys.readouterr() == ("", "refused: 1.0.0 does not come after 1.0.0, the last release\n")


@pytest.mark.parametrize("command", ["rehearse", "release"])
def test_what_needs_the_real_anki_sets_up_the_environment_of_tests(checkout: FakeCheckout, command: str) -> None:
    checkout.set_up(command, "1.0.0")
    assert checkout.made_from() == {bootstrap.DEVELOPMENT.name, bootstrap.RUN_TIME.name}


def test_the_smallest_deck_of_the_readme_is_released(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deck, questions, *_ = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "deck.yaml").write_text(deck, encoding="utf-8")
    (tmp_path / "source" / "basics.yaml").write_text(questions, encoding="utf-8")
    release = ["release", "1.0.0", "--date", "2026-11-24", "--allow-dirty", "--project", str(tmp_path)]
    assert run([*release, "--strict"]) == PROBLEMS
    told = capsys.readouterr()
    assert "warning[no-source]" in told.out
    assert told.err == "refused: 1 warning, which --strict refuses; nothing was released; every file is as it was\n"
    assert not (tmp_path / "dist").exists()
    assert run(release) == CLEAN
    told = capsys.readouterr()
    assert "warning[no-source]" in told.out
    assert told.out.splitlines()[-2] == "released 1.0.0: 1 new note with 1 card"
    assert (tmp_path / "dist" / "my-deck.apkg").exists()


def test_a_refusal_names_each_reason(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    author.find("neon")["levle"] = "beginner"
    author.remove("argon")
    author.write()
    assert typed(author, "release", "0.9.0") == PROBLEMS
    assert capsys.readouterr().err.splitlines() == [
        "refused: 0.9.0 does not come after 1.0.0, the last release",
        "refused: 1 error; nothing was released; every file is as it was",
    ]
