"""The command line: commands, options and exit statuses."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from cardpress import engine, pipeline
from cardpress.cli import build_commands
from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.main import main, run
from cardpress.outputs import NAMES
from cardpress.publish.dist import PathClashError
from tests.conftest import QUESTION, WriteProject
from tests.helpers.folders import contents, names

WARNS = QUESTION.replace("  sources: [https://example.org/one]\n", "")
FAILS = WARNS.replace("question:", "qestion:")


@pytest.fixture
def project(write_project: WriteProject) -> Path:
    return write_project({})


def test_build_is_what_runs_when_no_command_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    assert run(["--only", "json"]) == 0
    made = contents(project / "dist")
    assert run(["build", "--only", "json", "--out", "again", "--no-cache"]) == 0
    assert contents(project / "again") == made
    assert names(project / "dist") == ["SHA256SUMS", "manifest.json", "sample.json", "sample.schema.json"]


def test_all_outputs_are_made_unless_some_are_asked_for(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--project", str(project)]) == 0
    suffixes = {name.rpartition(".")[2] for name in names(project / "dist")}
    assert suffixes == {"apkg", "html", "json", "pdf", "SHA256SUMS"}
    *said, advice = capsys.readouterr().out.splitlines()
    assert advice.startswith("not for handing out yet")
    assert len(said) == len(names(project / "dist"))
    assert all(line.startswith(str(project / "dist" / "")) and " bytes  " in line for line in said)
    assert run(["--project", str(project), "--only", " page, json,page"]) == 0
    assert "sample.apkg" not in names(project / "dist")


def test_a_build_says_what_it_removed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--project", str(project), "--only", "apkg", "--only", "json,page"]) == 0
    assert "removed" not in capsys.readouterr().out
    (project / "dist" / "notes.txt").touch()
    assert run(["--project", str(project), "--only", "json"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == ("removed 2 files that an earlier build made")
    assert run(["--project", str(project), "--only", "page", "--format", "json"]) == 0
    assert capsys.readouterr().err.splitlines()[-1] == ("removed 2 files that an earlier build made")
    assert run(["--project", str(project), "--only", "apkg"]) == 0
    assert capsys.readouterr().out.splitlines()[-2] == "removed 1 file that an earlier build made"
    assert run(["--project", str(project), "--only", "json", "--quiet"]) == 0
    assert run(["--project", str(project), "--only", "json"]) == 0
    assert "removed" not in capsys.readouterr().out


def test_so_does_a_preview(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--project", str(project), "--only", "apkg,json"]) == 0
    capsys.readouterr()
    assert run(["--project", str(project), "--only", "apkg", "--preview"]) == 0
    assert "removed 2 files that an earlier build made\n" in capsys.readouterr().out


def test_before_the_first_release_a_build_says_that_its_package_is_not_for_handing_out(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    advice = "not for handing out yet: `release 1.0.0` makes the package that later ones update\n"
    build = ["build", "--no-cache", "--project", str(project), "--only"]
    assert run([*build, "apkg"]) == 0
    assert capsys.readouterr().out.endswith(advice)
    for options in (["json"], ["apkg", "--quiet"], ["apkg", "--format", "json"]):
        assert run([*build, *options]) == 0
        assert "handing out" not in "".join(capsys.readouterr())
    assert run(["build", "--project", str(project), "--only", "apkg", "--preview"]) == 0
    assert "handing out" not in capsys.readouterr().out


def test_of_many_files_that_it_removed_a_build_says_how_many(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--project", str(project)]) == 0
    count = len(names(project / "dist"))
    capsys.readouterr()
    assert run(["--project", str(project), "--only", "json"]) == 0
    left = len(names(project / "dist"))
    assert capsys.readouterr().out.splitlines()[-1] == f"removed {count - left} files that an earlier build made"


def test_a_file_that_somebody_removed_before_is_not_said_to_be_removed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--project", str(project), "--only", "json,page"]) == 0
    (project / "dist" / "sample.html").unlink()
    capsys.readouterr()
    assert run(["--project", str(project), "--only", "json"]) == 0
    assert "removed" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("question", "options", "status"),
    [(QUESTION, [], 0), (WARNS, [], 0), (WARNS, ["--strict"], 1), (FAILS, [], 1), ("{", ["--quiet"], 1)],
)
@pytest.mark.parametrize("command", [["check"], ["build", "--only", "json"]])
def test_the_status_says_whether_there_are_problems(
    write_project: WriteProject, command: list[str], question: str, options: list[str], status: int
) -> None:
    project = write_project({"first.yaml": question})
    assert run([*command, "--project", str(project), *options]) == status
    assert (project / "dist").exists() is (command[0] == "build" and status == 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "json,docx"], "there is no output `docx`; choose from " + ", ".join(NAMES)),
        (["--only", "apgk"], "there is no output `apgk`; did you mean `apkg`?"),
        (["--only", ""], "there is no output ``"),
        (["--jobs", "0"], "0 is not a whole number from 1 up"),
        (["--jobs", "zero"], "zero is not a whole number from 1 up"),
        (["help"], "there is no command `help`; type `cardpress --help`"),
        (["version"], "there is no command `version`; type `cardpress --version`"),
        (["serve", "--port", "abc"], "abc is not a port from 1 to 65535"),
        (["serve", "--port", "70000"], "70000 is not a port from 1 to 65535"),
        (["release", "v1.1.0"], "v1.1.0 is not a semantic version such as 1.1.0; write 1.1.0"),
        (["check", "--project", "source"], "; did you mean `--project .`?"),
        (["check", "--project", "../project/source"], "; did you mean `--project ../project`?"),
        (["check", "--project", "source/deck.yaml"], "source/deck.yaml is a file; did you mean `--project .`?"),
        (["--project", "../project/source/deck.yaml"], "is a file; did you mean `--project ../project`?"),
        (["../project/source"], "there is no command `../project/source`; did you mean `--project ../project`?"),
        (["../project/source/deck.yaml"], "did you mean `--project ../project`?"),
        (["--project", "a.txt"], "is a file"),
        (["--format", "xml"], "there is no `xml`; choose from github, json, sarif, text"),
        (["--project", "no-such-folder"], "does not exist"),
        (["--project", "dist"], "there is no source/ folder in"),
        (
            ["check", "--project", "dist"],
            "name the deck's with --project, or make a new deck: `cardpress init my-deck`",
        ),
        (["check", "--out", "x"], "`check` has no option `--out`; `cardpress check --help` lists its options"),
        (["--no-such-option"], "`build` has no option `--no-such-option`; `cardpress build --help` lists its options"),
        (["--projct", "x"], "`build` has no option `--projct`; did you mean `--project`?"),
        (["--projct=x"], "`build` has no option `--projct`; did you mean `--project`?"),
        (["-project", "x"], "`build` has no option `-project`; did you mean `--project`?"),
        (["check", "-strict"], "`check` has no option `-strict`; did you mean `--strict`?"),
        (["build", "-only", "json"], "`build` has no option `-only`; did you mean `--only`?"),
        (["-o", "x"], "`build` has no option `-o`; `cardpress build --help` lists its options"),
        (["build", "apkg"], "write `--only apkg`"),
        (["page"], "there is no command `page`; did you mean `--only page`?"),
        (["page", "json"], "there is no command `page`; did you mean `--only page`?"),
        (["build", "--only", "page", "json"], "write `--only page,json`"),
        (["--only", "page", "json", "apkg"], "write `--only page,json,apkg`"),
        (["--only", "page,", "json"], "write `--only page,json`"),
        (["--only", "page", ",json"], "write `--only page,json`"),
        (["--only", "page", "jsn"], "write `--only page,json`"),
        (["build", "page", "json"], "write `--only page,json`"),
        (["--projct", "."], "did you mean `--project`?"),
        (["diff", "--filds"], "did you mean `--fields`?"),
        (["xyz"], "there is no command `xyz`; choose from " + ", ".join(sorted(main.commands))),
        (["chekc"], "there is no command `chekc`; did you mean `check`?"),
        (["Build", "--only", "json"], "there is no command `Build`; did you mean `build`?"),
        (["relaese", "1.0.0"], "there is no command `relaese`; did you mean `release`?"),
        (["--project", ".", "chekc"], "there is no command `chekc`; did you mean `check`?"),
        (["--strict", "check"], "a command stands before its options: `cardpress check …`"),
        (["../project"], "did you mean `--project ../project`?"),
        (["--out", "source/deck.yaml"], "is a file"),
    ],
)
def test_wrong_usage_is_status_2_and_says_what_is_right(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    (project / "dist").mkdir()
    (project / "a.txt").touch()
    monkeypatch.chdir(project)
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert words in " ".join(said.err.split())
    assert names(project / "dist") == []


@pytest.mark.parametrize("out", [".", "..", "/", "source", "source/dist", "templates", "templates/x", "link", "x/../."])
def test_out_may_not_be_or_hold_the_project(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], out: str
) -> None:
    (project / "link").symlink_to(project / "source")
    (project / "x").mkdir()
    monkeypatch.chdir(project)
    before = contents(project)
    assert run(["--only", "json", "--out", out]) == 2
    assert "is or holds the project itself" in capsys.readouterr().err
    assert contents(project) == before


def test_a_dist_that_is_a_link_to_the_source_is_refused(project: Path) -> None:
    (project / "dist").symlink_to("source")
    before = contents(project / "source")
    assert run(["--only", "json", "--project", str(project)]) == 2
    assert contents(project / "source") == before


def test_a_projects_own_templates_take_the_place_of_ours(project: Path) -> None:
    web = min((engine.ROOT / "templates" / "web").glob("*.css"))
    own = project / "templates" / "web" / web.name
    own.parent.mkdir(parents=True)
    own.write_text(web.read_text(encoding="utf-8") + "\n.mine-alone { color: #123456 }\n", encoding="utf-8")
    assert run(["--project", str(project), "--only", "page"]) == 0
    page = (project / "dist" / "sample.html").read_text(encoding="utf-8")
    assert "mine-alone" in page
    assert "What is one?" in page


def test_quiet_prints_problems_and_nothing_else(
    write_project: WriteProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = write_project({})
    assert run(["--project", str(project), "--only", "json", "--quiet"]) == 0
    assert run(["check", "--project", str(project), "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    write_project({"first.yaml": WARNS})
    assert run(["--project", str(project), "--only", "json", "--quiet"]) == 0
    said = capsys.readouterr()
    assert "no-source" in said.out
    assert "bytes" not in said.out + said.err


@pytest.mark.parametrize("report_format", ["json", "sarif", "github"])
def test_a_report_for_programs_has_standard_output_to_itself(
    project: Path, capsys: pytest.CaptureFixture[str], report_format: str
) -> None:
    for again in (False, True):
        assert run(["--project", str(project), "--only", "json", "--format", report_format]) == 0
        said = capsys.readouterr()
        if report_format == "github":
            assert said.out == ""
        else:
            assert json.loads(said.out)["version"] in (1, "2.1.0")
        assert ("is up to date" if again else "sample.json") in said.err


def test_check_says_that_all_is_well_to_people_alone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--project", str(project)]) == 0
    assert capsys.readouterr().out == "no problems\n"
    assert run(["check", "--project", str(project), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"version": 1, "diagnostics": []}
    assert names(project) == ["source"]


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OSError(28, "No space left on device"), 3, "cardpress: No space left on device\n"),
        (PermissionError(13, "Permission denied", "/x/y"), 3, "cardpress: /x/y: Permission denied\n"),
        (PathClashError("dist/a is a folder"), 3, "cardpress: dist/a is a folder\n"),
        (KeyboardInterrupt(), 130, "cardpress: stopped; the outputs are as they were\n"),
    ],
)
def test_a_failure_that_is_not_the_authors_is_one_line(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    status: int,
    words: str,
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(pipeline, "build_project", fail)
    assert run(["--project", str(project)]) == status
    assert capsys.readouterr().err.lstrip("\n") == words


def test_a_mistake_of_ours_shows_where_and_says_whose_it_is(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pipeline, "check_project", lambda project, **options: 1 / 0)
    assert run(["check", "--project", str(project)]) == 3
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert said.splitlines()[-1].startswith("cardpress: this is a mistake in cardpress, not in your deck")


@pytest.mark.parametrize("status", [0, 1, 5])
def test_test_hands_everything_to_pytest(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    given: list[tuple[str, ...]] = []

    def tests(arguments: tuple[str, ...]) -> int:
        given.append(arguments)
        return status

    monkeypatch.setattr(build_commands, "_run_tests", tests)
    assert run(["test", "-k", "anki", "--help", "--project", "x"]) == status
    assert given == [("-k", "anki", "--help", "--project", "x")]


def test_nobody_needs_an_output(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert run(["--project", str(project), "--only", "json"]) == 0
    for stream in (sys.stdout, sys.stderr):
        assert stream.name == os.devnull
        stream.close()
    assert "sample.json" in names(project / "dist")


@pytest.mark.parametrize("command", ["check", "ids", "schema"])
def test_a_project_behind_a_command_is_told_its_option(
    command: str, write_project: WriteProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = write_project({})
    assert run([command, str(project)]) == ExitStatus.WRONG_USAGE
    assert f"did you mean `--project {project}`?" in capsys.readouterr().err
    assert run([command, "nowhere"]) == ExitStatus.WRONG_USAGE
    assert "unexpected extra argument" in capsys.readouterr().err
