"""The front door: which environment a run takes, and what it says when it can have none."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import pytest

from cardpress import __version__
from cardpress.cli import build_commands
from tests.conftest import ROOT
from tests.helpers.fake_checkout import FakeCheckout
from tests.helpers.without_packages import unload

BUILD = ROOT / "build.py"


def engine(monkeypatch: pytest.MonkeyPatch, status: int = 0) -> list[Sequence[str]]:
    """Put a command line in the engine's place; gives what it is called with."""
    given: list[Sequence[str]] = []

    def run(arguments: Sequence[str], program: str) -> int:
        assert program == "python3 build.py"
        given.append(arguments)
        return status

    monkeypatch.setitem(sys.modules, "cardpress.cli.main", SimpleNamespace(run=run))
    return given


def run_as(version_info: str) -> subprocess.CompletedProcess[str]:
    """Run build.py in a Python that says it is of another version."""
    code = f"import runpy, sys; sys.version_info = {version_info}; runpy.run_path({str(BUILD)!r}, run_name='__main__')"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("version_info", ["(2, 7, 18, 'final', 0)", "(3, 6, 15)", "(3, 10, 13)"])
def test_too_old_a_python_gets_one_line_and_status_3(version_info: str) -> None:
    done = run_as(version_info)
    assert done.returncode == 3
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "Python 3.11 or newer is needed" in line
    assert sys.executable in line


def test_build_py_asks_for_the_version_before_anything_an_old_python_cannot_read() -> None:
    source = BUILD.read_bytes()
    assert source.isascii()  # Python 2 wants a declaration for anything else
    tree = ast.parse(source)
    _, first_import, question = tree.body[:3]
    assert isinstance(first_import, ast.Import)
    assert [name.name for name in first_import.names] == ["sys"]
    assert isinstance(question, ast.If)
    assert "sys.version_info" in ast.unparse(question.test)
    too_new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.FunctionDef, ast.Try, ast.Starred)
    assert not [node for node in ast.walk(tree) if isinstance(node, too_new)]


def test_the_version_asked_for_is_the_one_that_pyproject_names() -> None:
    import tomllib

    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert wanted == ">=3.11"
    assert "version_info < (3, 11)" in BUILD.read_text(encoding="utf-8")


def test_another_environment_is_left_for_ours_whatever_is_in_it(
    checkout: FakeCheckout, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.pin(f"click=={version('click')}")
    given = engine(monkeypatch)
    checkout.inside(monkeypatch, checkout.root / "their-venv")
    checkout.enter("check")
    assert checkout.handed_over == [[str(checkout.python), str(checkout.root / "build.py"), "check"]]
    assert not given


def test_our_environment_is_used_as_it_is(checkout: FakeCheckout, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout.set_up()
    checkout.inside(monkeypatch)
    given = engine(monkeypatch, status=1)
    assert checkout.enter("check", "--strict") == 1
    assert given == [("check", "--strict")]
    assert not checkout.handed_over


def test_an_environment_of_ours_is_known_through_a_link(
    checkout: FakeCheckout, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.set_up()
    link = checkout.root.with_name("link")
    link.symlink_to(checkout.root)
    checkout.inside(monkeypatch, link / ".venv")
    engine(monkeypatch)
    assert checkout.enter() == 0
    assert not checkout.handed_over  # nor is it entered for ever, once in each run


def test_an_environment_that_does_not_run_its_own_python_ends_in_one_line_and_not_in_a_circle(
    checkout: FakeCheckout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.set_up()
    capsys.readouterr()
    assert checkout.enter() is None
    for name, value in checkout.handed_over_with.items():
        monkeypatch.setenv(name, value)
    assert checkout.enter() == 3  # what was handed over to is not inside
    assert "does not run in" in capsys.readouterr().err
    assert checkout.enter() is None  # a program that such a run starts is none of this


def test_nothing_leads_what_runs_there_to_packages_elsewhere(
    checkout: FakeCheckout, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_USER"):
        monkeypatch.setenv(name, "elsewhere")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    checkout.enter()
    assert "elsewhere" not in checkout.handed_over_with.values()
    assert checkout.handed_over_with["PYTHONHASHSEED"] == "7"


def test_arguments_reach_the_environment_as_they_were_typed(checkout: FakeCheckout) -> None:
    arguments = ["build", "--out", "a folder/ö 日本", "--only", "json"]
    checkout.enter(*arguments)
    assert checkout.handed_over == [[str(checkout.python), str(checkout.root / "build.py"), *arguments]]


@pytest.mark.parametrize("missing", ["click", "cardpress.pipeline"])
def test_a_damaged_environment_is_one_line_and_a_damaged_engine_is_not_hidden(
    checkout: FakeCheckout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    checkout.set_up()
    capsys.readouterr()
    checkout.inside(monkeypatch)
    with unload("cardpress.cli"):
        monkeypatch.setitem(sys.modules, missing, None)
        if missing != "click":
            with pytest.raises(ImportError, match=missing):
                checkout.enter()
            return
        assert checkout.enter() == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert "lacks a package that cardpress needs" in line
    assert "delete it" in line


def test_a_package_that_was_loaded_anew_is_again_the_one_that_was_there() -> None:
    before = sys.modules["cardpress.cli.build_commands"]
    with unload("cardpress.cli"):
        assert importlib.import_module("cardpress.cli.build_commands") is not before
    assert sys.modules["cardpress.cli.build_commands"] is before
    assert sys.modules["cardpress.cli"].build_commands is before
    assert sys.modules["cardpress"].cli is sys.modules["cardpress.cli"]


def test_an_environment_whose_python_cannot_start_is_one_line(
    checkout: FakeCheckout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.set_up()
    capsys.readouterr()

    def refuse(path: str, command: list[str], environment: dict[str, str]) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("os.execve", refuse)
    assert checkout.enter() == 3
    assert capsys.readouterr().err == f"cardpress: {checkout.python}: Permission denied\n"


def test_tests_run_in_the_project_and_keep_their_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[list[str], Path]] = []

    def call(command: list[str], cwd: Path, env: dict[str, str]) -> int:
        assert "PYTHONSAFEPATH" not in env
        calls.append((command, cwd))
        return 5

    monkeypatch.setattr("subprocess.call", call)
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    assert build_commands._run_tests(["-k", "anki"]) == 5
    assert calls == [([sys.executable, "-m", "pytest", "-k", "anki"], ROOT)]


def run_module(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cardpress", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_any_environment_that_has_the_packages_can_run_the_module() -> None:
    done = run_module("--version")
    assert (done.returncode, done.stdout) == (0, f"cardpress {__version__}\n")
    assert "Usage: python -m cardpress" in run_module("--help").stdout
    assert run_module("check", "--no-such-option").returncode == 2


def test_a_command_ends_without_looking_for_cycles_among_all_that_it_made() -> None:
    code = (
        "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > len(gc.get_objects()))); "
        "from cardpress.bootstrap import import_command_line; import_command_line()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "True"


def test_an_environment_without_the_packages_gets_one_line_from_the_module(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    (python,) = [*(tmp_path / "bare").glob("bin/python"), *(tmp_path / "bare").glob("Scripts/python.exe")]
    command = [str(python), "-m", "cardpress", "check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 3
    assert "lacks a package that cardpress needs" in line


@pytest.mark.slow
@pytest.mark.parametrize("how", [["-I"], ["-P"]])
def test_build_py_finds_its_engine_whatever_python_puts_on_the_path(tmp_path: Path, how: list[str]) -> None:
    code = f"import runpy; runpy.run_path({str(BUILD)!r}, run_name='imported')"
    command = [sys.executable, *how, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
