"""What a run prints reaches whoever reads it: a terminal, a pipe, a file in any encoding, a reader that has gone."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import QUESTION, ROOT, WriteProject
from tests.helpers.folders import contents
from tests.helpers.terminals import CODES, START, command, is_clean, on_terminal

pytestmark = pytest.mark.slow  # each test starts a process or two
# Stops in the middle of a build for a minute. It heeds Ctrl-C even if the shell that runs these tests has them in the
# background, where a process ignores it.
SLOW = (
    "import cardpress.pipeline as p, signal, time; p.write_artifacts = lambda *a: time.sleep(60); "
    "signal.signal(signal.SIGINT, signal.default_int_handler); " + START
)
# Takes long enough over rendering for a bar to appear.
PATIENT = (
    "import cardpress.pipeline as p, time; render = p.render_deck; "
    "p.render_deck = lambda *a: (time.sleep(1.5), render(*a))[1]; " + START
)


@pytest.fixture
def project(write_project: WriteProject) -> Path:
    return write_project({})


def piped(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command(*arguments, "--project", str(project)),
        cwd=ROOT,
        capture_output=True,
        env=os.environ | environment,
        check=False,
    )


def test_in_a_pipe_lines_are_plain(project: Path) -> None:
    done = piped(project, "--only", "json", FORCE_COLOR="", TERM="xterm")
    assert done.stderr == b""
    assert b"\x1b" not in done.stdout
    assert len(done.stdout.splitlines()) == 4


def test_on_a_terminal_there_is_a_bar_and_then_a_table(project: Path) -> None:
    status, shown = on_terminal(command("--only", "json", "--project", str(project), code=PATIENT))
    assert status == 0
    assert "\x1b[" in shown
    assert is_clean(shown)
    bar, _, table = CODES.sub("", shown).partition(str(project / "dist"))
    assert "render" in bar
    assert "━" in bar
    row = next(line for line in table.splitlines() if "sample.json" in line)
    assert re.search(r"sample\.json +│ +\d+ KiB │ .* │ \d+\.\d\d s │", row)
    assert "SHA256SUMS" in table


def test_a_check_that_makes_sheets_shows_a_bar_and_then_its_report_alone(project: Path) -> None:
    arguments = command("check", "--strict", "--project", str(project), code=PATIENT)
    status, shown = on_terminal(arguments)
    assert status == 0
    assert is_clean(shown)
    assert "render" in CODES.sub("", shown)
    assert shown.endswith("no problems\r\n")
    assert on_terminal([*arguments, "--quiet"]) == (0, "")
    assert "render" not in piped(project, "check", "--strict").stderr.decode()


@pytest.mark.parametrize("columns", ["24", "40"])
def test_on_a_narrow_terminal_a_bar_is_one_line(project: Path, columns: str) -> None:
    arguments = command("--only", "json", "--project", str(project), code=PATIENT)
    _, shown = on_terminal(arguments, COLUMNS=columns)
    assert "━" in shown
    # It goes up by the one line that it takes, to remove it.
    assert shown.partition("dist")[0].count("\x1b[1A") == 1


def test_no_color_means_no_color(project: Path) -> None:
    status, shown = on_terminal(command("--only", "json", "--project", str(project), code=PATIENT), NO_COLOR="1")
    assert status == 0
    assert "sample.json" in shown
    assert not re.search(r"\x1b\[[0-9;]*(3|4|9)[0-9]m", shown)


def test_on_a_terminal_quiet_shows_nothing(project: Path) -> None:
    assert on_terminal(command("--only", "json", "--quiet", "--project", str(project))) == (0, "")


def test_on_a_terminal_a_report_for_programs_stands_alone_on_standard_output(project: Path) -> None:
    status, shown = on_terminal(command("--format", "json", "--only", "json", "--project", str(project)))
    assert status == 0
    assert '"diagnostics": []' in shown.replace("[\r\n]", "[]")
    assert "│" not in shown


def test_a_folder_with_brackets_in_its_name_is_shown_as_it_is(project: Path) -> None:
    status, shown = on_terminal(command("--only", "json", "--project", str(project), "--out", str(project / "[/red]")))
    assert status == 0
    assert f"{project / '[/red]'}, in " in CODES.sub("", shown)


def test_ctrl_c_leaves_dist_as_it_is_and_says_so(project: Path) -> None:
    assert piped(project, "--only", "json").returncode == 0
    before = contents(project / "dist")
    (project / "source" / "first.yaml").write_text(QUESTION + "\n# edited\n", encoding="utf-8")
    status, shown = on_terminal(command("--only", "json", "--project", str(project), code=SLOW), after="render")
    assert status == 130
    assert CODES.sub("", shown).rstrip().endswith("cardpress: stopped; the outputs are as they were")
    assert "Traceback" not in shown
    assert is_clean(shown)
    assert contents(project / "dist") == before


@pytest.mark.parametrize("arguments", [["check"], ["--only", "json", "--no-cache"], ["check", "--format", "json"]])
def test_a_reader_that_has_gone_is_no_traceback_and_no_problem_of_the_source(
    project: Path, arguments: list[str]
) -> None:
    near, far = os.pipe()
    os.close(near)
    done = subprocess.run(
        command(*arguments, "--project", str(project)), cwd=ROOT, stdout=far, stderr=subprocess.PIPE, check=False
    )
    os.close(far)
    assert done.returncode == 3
    assert done.stderr == b""


@pytest.mark.parametrize(
    "environment", [{"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "C"}]
)
def test_a_report_in_a_pipe_is_utf_8_whatever_the_locale(
    write_project: WriteProject, environment: dict[str, str]
) -> None:
    project = write_project({"first.yaml": QUESTION.replace("question", "frage_日本_é")})
    for report_format in ("text", "json"):
        done = piped(project, "check", "--format", report_format, **environment)
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
        text = done.stdout.decode("utf-8")
        assert "frage_日本_é" in text or r"frage_\u65e5" in text


def test_at_a_terminal_a_report_ends_with_where_to_read_more(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": QUESTION.replace("question:", "qestion:")})
    for arguments in (["check"], ["--only", "json"]):
        status, shown = on_terminal(command(*arguments, "--project", str(project)))
        assert status == 1
        assert shown.endswith("`cardpress explain unknown-key` says more\r\n")
        assert "explain" not in on_terminal(command(*arguments, "--quiet", "--project", str(project)))[1]
        assert b"explain" not in piped(project, *arguments).stdout
    project = write_project({"first.yaml": QUESTION.replace("  sources: [https://example.org/one]\n", "")})
    status, shown = on_terminal(command("check", "--project", str(project)))
    assert status == 0
    assert "no-source" in shown
    assert "explain" not in shown


def test_a_page_of_explain_is_in_color_at_a_terminal_alone(project: Path) -> None:
    status, shown = on_terminal(command("explain", "no-source"))
    assert status == 0
    assert shown.startswith("\x1b[")
    plain = piped(project, "explain", "--help")
    assert b"\x1b" not in plain.stdout


def test_a_terminal_that_cannot_show_a_character_shows_the_rest(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": QUESTION.replace("question", "frage_日本")})
    status, shown = on_terminal(command("check", "--project", str(project)), PYTHONIOENCODING="latin-1")
    assert status == 1
    assert "\r\n    2 |   frage_??: What is one?\r\n" in CODES.sub("", shown)
    assert "Traceback" not in shown
