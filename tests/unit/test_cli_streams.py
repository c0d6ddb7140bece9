"""What a run prints reaches whoever reads it: a terminal, a pipe, a file in any encoding, a reader that has gone."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import QUESTION, ROOT, WriteProject
from tests.helpers.folders import contents

pytestmark = pytest.mark.slow  # each test starts a process or two
START = "import sys; from cardpress.cli.main import run; sys.exit(run(sys.argv[1:]))"
# Stops in the middle of a build for a minute. It heeds Ctrl-C even if the shell that runs these tests has them in the
# background, where a process ignores it.
SLOW = (
    "import cardpress.pipeline as p, signal, time; p.write_artifacts = lambda *a: time.sleep(60); "
    "signal.signal(signal.SIGINT, signal.default_int_handler); " + START
)
CODES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


@pytest.fixture
def project(write_project: WriteProject) -> Path:
    return write_project({})


def command(*arguments: str, code: str = START) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def piped(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command(*arguments, "--project", str(project)),
        cwd=ROOT,
        capture_output=True,
        env=os.environ | environment,
        check=False,
    )


def on_terminal(arguments: list[str], after: str = "", **environment: str) -> tuple[int, str]:
    """Run on a terminal of 100 columns, with Ctrl-C once `after` is on it. Return the exit status and the output."""
    near, far = os.openpty()
    env = os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"} | environment
    shown = b""
    with subprocess.Popen(
        arguments, stdin=far, stdout=far, stderr=far, cwd=ROOT, env=env, start_new_session=True
    ) as process:
        os.close(far)
        while True:
            try:
                part = os.read(near, 65536)
            except OSError:  # how Linux says that nobody is at the other end
                break
            if not part:
                break
            shown += part
            if after and after.encode() in shown:
                after = ""
                os.killpg(process.pid, signal.SIGINT)
    os.close(near)
    return process.returncode, shown.decode()


def test_in_a_pipe_lines_are_plain(project: Path) -> None:
    done = piped(project, "--only", "json", FORCE_COLOR="", TERM="xterm")
    assert done.stderr == b""
    assert b"\x1b" not in done.stdout
    assert len(done.stdout.splitlines()) == 4


def test_on_a_terminal_there_is_a_bar_and_then_a_table(project: Path) -> None:
    status, shown = on_terminal(command("--only", "json", "--project", str(project)))
    assert status == 0
    assert "\x1b[" in shown
    bar, _, table = CODES.sub("", shown).partition(str(project / "dist"))
    assert "check" in bar or "publish" in bar
    assert "━" in bar
    row = next(line for line in table.splitlines() if "sample.json" in line)
    assert re.search(r"sample\.json +│ +\d+ KiB │ .* │ \d+\.\d\d s │", row)
    assert "SHA256SUMS" in table


def test_no_color_means_no_color(project: Path) -> None:
    status, shown = on_terminal(command("--only", "json", "--project", str(project)), NO_COLOR="1")
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
    assert f"{project / '[/red]'}, in 0." in CODES.sub("", shown)


def test_ctrl_c_leaves_dist_as_it_is_and_says_so(project: Path) -> None:
    assert piped(project, "--only", "json").returncode == 0
    before = contents(project / "dist")
    (project / "source" / "first.yaml").write_text(QUESTION + "\n# edited\n", encoding="utf-8")
    status, shown = on_terminal(command("--only", "json", "--project", str(project), code=SLOW), after="render")
    assert status == 130
    assert CODES.sub("", shown).rstrip().endswith("cardpress: stopped; dist/ is as it was")
    assert "Traceback" not in shown
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


def test_a_terminal_that_cannot_show_a_character_shows_the_rest(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": QUESTION.replace("question", "frage_日本")})
    status, shown = on_terminal(command("check", "--project", str(project)), PYTHONIOENCODING="latin-1")
    assert status == 1
    assert "\r\n    2 |   frage_??: What is one?\r\n" in CODES.sub("", shown)
    assert "Traceback" not in shown
