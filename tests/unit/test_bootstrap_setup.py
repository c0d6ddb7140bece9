"""Making the environment: whole or not at all, once, and never over something that is not ours."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cardpress import bootstrap
from tests.helpers.fake_checkout import FakeCheckout


def fail(error: BaseException) -> None:
    raise error


def test_the_first_run_makes_the_environment_and_later_runs_do_not(
    checkout: FakeCheckout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.enter("check")
    venv, pip = checkout.commands
    assert venv[1:] == ["-m", "venv", str(checkout.environment)]
    assert pip[0] == str(checkout.python)
    assert pip[-4:] == ["--no-deps", "--require-hashes", "-r", str(checkout.root / "requirements.txt")]
    assert capsys.readouterr().err == "cardpress: setting up .venv from requirements.txt …\n"
    checkout.commands.clear()
    checkout.enter("check")
    assert not checkout.commands
    assert capsys.readouterr().err == ""
    assert len(checkout.handed_over) == 2


def test_test_adds_what_tests_need_and_leaves_the_rest(checkout: FakeCheckout) -> None:
    checkout.set_up()
    checkout.enter("test", "-q")
    (pip,) = checkout.commands
    assert pip[-1] == str(checkout.root / "requirements-dev.txt")
    assert checkout.made_from() == {"requirements.txt", "requirements-dev.txt"}


def test_an_environment_for_tests_is_good_for_builds(checkout: FakeCheckout) -> None:
    checkout.set_up("test")
    checkout.enter()
    assert not checkout.commands


def test_other_pins_make_it_anew(checkout: FakeCheckout) -> None:
    checkout.set_up()
    (checkout.packages / "old").touch()
    checkout.pin("no-such-package==2.0")
    checkout.enter()
    assert len(checkout.commands) == 2
    assert not (checkout.packages / "old").exists()


def test_made_anew_by_a_run_inside_it_it_comes_from_the_python_outside(
    checkout: FakeCheckout, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.set_up()
    checkout.pin("no-such-package==2.0")
    checkout.inside(monkeypatch)
    monkeypatch.setattr("sys.executable", str(checkout.python))
    monkeypatch.setattr("sys._base_executable", "/usr/bin/python3")
    checkout.enter()
    assert checkout.commands[0][0] == "/usr/bin/python3"


def test_another_python_makes_it_anew(checkout: FakeCheckout, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout.set_up()
    monkeypatch.setattr("cardpress.bootstrap._fingerprint", lambda requirements: "of 3.99")
    checkout.enter()
    assert len(checkout.commands) == 2


def test_an_environment_whose_python_is_gone_is_made_anew(checkout: FakeCheckout) -> None:
    checkout.set_up()
    checkout.python.unlink()
    checkout.enter()
    assert len(checkout.commands) == 2


@pytest.mark.parametrize("mark", ["", "{", "[]", "null", '"x"', "{}", '{"requirements.txt": 1}', "\0"])
def test_a_mark_that_says_nothing_of_use_makes_it_anew(checkout: FakeCheckout, mark: str) -> None:
    checkout.set_up()
    checkout.mark.write_text(mark, encoding="utf-8")
    checkout.enter()
    assert len(checkout.commands) == 2
    assert checkout.made_from() == {"requirements.txt"}


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_gets_one_line(
    checkout: FakeCheckout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], module: str
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == module else object())
    assert checkout.enter() == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert "apt install python3-venv" in line
    assert not checkout.environment.exists()


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (bootstrap.SetupError("no packages: no network"), 3, "no packages: no network"),
        (OSError(28, "No space left on device", "/x"), 3, "/x: No space left on device"),
        (KeyboardInterrupt(), 130, "stopped"),
    ],
)
def test_a_setup_that_fails_leaves_nothing_and_says_why(
    checkout: FakeCheckout, capsys: pytest.CaptureFixture[str], error: BaseException, status: int, words: str
) -> None:
    checkout.pip = lambda: fail(error)
    assert checkout.enter() == status
    first, second = capsys.readouterr().err.splitlines()
    assert "setting up" in first
    assert second == f"cardpress: {words}"
    assert not checkout.environment.exists()
    assert not checkout.handed_over


def test_no_network_for_the_tests_leaves_the_environment_for_builds(checkout: FakeCheckout) -> None:
    checkout.set_up()
    checkout.pip = lambda: fail(bootstrap.SetupError("no network"))
    assert checkout.enter("test") == 3
    assert checkout.made_from() == {"requirements.txt"}
    checkout.commands.clear()
    checkout.enter()
    assert not checkout.commands


def test_tests_that_are_half_installed_leave_nothing(checkout: FakeCheckout) -> None:
    checkout.set_up()

    def half() -> None:
        (checkout.packages / "half").touch()
        raise KeyboardInterrupt

    checkout.pip = half
    assert checkout.enter("test") == 130
    assert not checkout.environment.exists()


def test_a_folder_that_cannot_be_written_gets_one_line(
    checkout: FakeCheckout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: Path, *arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert checkout.enter() == 3
    assert capsys.readouterr().err.splitlines()[1:] == [f"cardpress: {checkout.environment}: Permission denied"]


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_what_is_not_ours_is_left_alone(checkout: FakeCheckout, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    theirs = checkout.environment if kind == "folder" else checkout.root / "theirs"
    if kind == "file":
        checkout.environment.write_text("mine", encoding="utf-8")
    else:
        theirs.mkdir()
        (theirs / "pyvenv.cfg").touch()
    if kind == "link":
        checkout.environment.symlink_to(theirs)
    before = sorted(checkout.root.rglob("*"))
    assert checkout.enter() == 3
    assert "was not made by build.py" in capsys.readouterr().err
    assert sorted(checkout.root.rglob("*")) == before
    assert not checkout.commands


def test_one_that_is_half_deleted_is_not_taken_for_whole(
    checkout: FakeCheckout, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.set_up()
    checkout.pin("no-such-package==2.0")
    monkeypatch.setattr("shutil.rmtree", lambda path, **options: fail(KeyboardInterrupt()))  # as a kill would
    assert checkout.enter() == 130
    assert checkout.made_from() == set()


def test_one_without_its_settings_is_made_anew(checkout: FakeCheckout) -> None:
    checkout.set_up()
    (checkout.environment / "pyvenv.cfg").unlink()
    checkout.enter()
    assert len(checkout.commands) == 2


def test_an_empty_folder_in_its_place_is_taken(checkout: FakeCheckout) -> None:
    checkout.environment.mkdir()
    checkout.enter()
    assert len(checkout.commands) == 2


def test_the_mark_is_the_last_to_go(checkout: FakeCheckout, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout.set_up()
    checkout.pin("no-such-package==2.0")

    def stop(path: Path, **options: object) -> None:
        assert path != checkout.environment
        raise KeyboardInterrupt  # as a kill would, on the way

    entries = sorted(checkout.environment.iterdir(), key=lambda path: path != checkout.mark)
    monkeypatch.setattr(Path, "iterdir", lambda path: iter(entries))  # in the order that is worst
    monkeypatch.setattr("shutil.rmtree", stop)
    assert checkout.enter() == 130
    assert checkout.mark.exists()


def test_pip_installs_into_the_environment_whatever_its_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_TARGET", "elsewhere")
    monkeypatch.setenv("PIP_DRY_RUN", "1")
    seen = "'PIP_TARGET' in os.environ or 'PIP_DRY_RUN' in os.environ"
    bootstrap._run([sys.executable, "-c", f"import os, sys; sys.exit({seen})"], "it failed", None)


def test_what_pip_says_last_of_its_errors_is_the_reason() -> None:
    said = "WARNING: retrying\\nERROR: first\\nERROR: No matching distribution found for x==1\\n\\nnotice"
    command = [sys.executable, "-c", f"import sys; sys.stderr.write('{said}'); sys.exit(1)"]
    with pytest.raises(bootstrap.SetupError, match=r"^it failed: ERROR: No matching distribution found for x==1$"):
        bootstrap._run(command, "it failed", None)
    with pytest.raises(bootstrap.SetupError, match=r"^it failed: exit status 4$"):
        bootstrap._run([sys.executable, "-c", "raise SystemExit(4)"], "it failed", None)


# Goes through the front door in a process of its own, where pip stops half way until it can read a line.
DRIVER = """
import sys
from pathlib import Path
from _pytest.monkeypatch import MonkeyPatch
from cardpress import bootstrap
from tests.helpers.fake_checkout import FakeCheckout
run = bootstrap._run
checkout = FakeCheckout(Path(sys.argv[1]))
checkout.open(MonkeyPatch())
def pip():
    code = "import pathlib, sys; pathlib.Path(sys.argv[1]).touch(); sys.stdin.readline()"
    run([sys.executable, "-c", code, str(checkout.packages / "half")], "", checkout.lock)
checkout.pip = pip
status = checkout.enter(*sys.argv[2:])
print("handed over" if status is None else status)
"""


def start(checkout: FakeCheckout, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", DRIVER, str(checkout.root), *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def wait_for(path: Path) -> None:
    for _ in range(1000):
        if path.exists():
            return
        time.sleep(0.01)
    raise AssertionError(f"{path} did not appear")


def test_a_setup_killed_while_pip_runs_is_repaired_once_pip_has_ended(checkout: FakeCheckout) -> None:
    with start(checkout) as process:
        wait_for(checkout.packages / "half")
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert checkout.made_from() == set()
        waiting = threading.Event()
        said = bootstrap._say

        def say(message: str, status: int = 0) -> int:
            if "waiting for another run" in message:
                waiting.set()
                assert process.stdin is not None
                process.stdin.close()  # lets the pip that outlived its run end
            return said(message, status)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bootstrap, "_say", say)
            checkout.enter()
        assert waiting.is_set()
    assert checkout.made_from() == {"requirements.txt"}
    assert not (checkout.packages / "half").exists()


def test_of_two_first_runs_one_sets_up_and_the_other_waits(checkout: FakeCheckout) -> None:
    with start(checkout) as first, start(checkout) as second:
        wait_for(checkout.packages / "half")
        for process in (first, second):  # either may be the first to come
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        outputs = [process.communicate() for process in (first, second)]
        assert [output for output, _ in outputs] == ["handed over\n"] * 2
        said = "".join(error for _, error in outputs)
        assert said.count("setting up .venv") == 1
        assert said.count("waiting for another run") <= 1  # none, when the second came after the first was done
    assert checkout.made_from() == {"requirements.txt"}
