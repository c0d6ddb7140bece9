"""A shell completes commands, options and their values, as click's scripts ask for them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cardpress.cli.completion_command import SHELLS, VARIABLE
from cardpress.cli.init_command import TEMPLATES
from cardpress.cli.main import main, run
from cardpress.diagnostics.codes import CODES
from cardpress.outputs import NAMES
from tests.conftest import ROOT


def complete(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str, shell: str = "bash"
) -> list[str]:
    """Return what a shell is told to complete the last word of a line with."""
    words = line.split(" ")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", words[-1] if shell == "fish" else str(len(words) - 1))
    monkeypatch.setenv(VARIABLE, f"{shell}_complete")
    assert run([]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out.strip("\n").splitlines()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("cardpress re", ["rehearse", "release"]),
        ("cardpress check --st", ["--strict"]),
        ("cardpress --on", ["--only"]),
        ("cardpress --vers", ["--version"]),
        ("cardpress check --format ", ["github", "json", "sarif", "text"]),
        ("cardpress --format js", ["json"]),
        ("cardpress diff --format m", ["markdown"]),
        ("cardpress --only bo", ["booklet"]),
        ("cardpress watch --only apkg,bo", ["apkg,booklet"]),
        ("cardpress --only apkg,json,p", ["apkg,json,page", "apkg,json,pdf"]),
        ("cardpress --only page,pa", []),
        ("cardpress explain unknown-k", ["unknown-key"]),
        ("cardpress explain ", list(CODES)),
        ("cardpress explain error[unknown-k", ["error[unknown-key]"]),
        ("cardpress init x --template ", list(TEMPLATES)),
        ("cardpress rehearse --as a", ["ankiconnect"]),
        ("cardpress completion ", list(SHELLS)),
    ],
)
def test_words_are_completed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str, words: list[str]
) -> None:
    assert complete(monkeypatch, capsys, line) == [f"plain,{word}" for word in words]


def test_all_commands_and_options_are_completed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sorted(complete(monkeypatch, capsys, "cardpress ")) == sorted(f"plain,{name}" for name in main.commands)
    assert len(complete(monkeypatch, capsys, "cardpress --only ")) == len(NAMES)
    for name, command in main.commands.items():
        options = {option for each in command.params for option in each.opts if option.startswith("--")}
        assert {f"plain,{each}" for each in options} <= set(complete(monkeypatch, capsys, f"cardpress {name} --"))


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("cardpress check --project ", "dir"),
        ("cardpress --project ", "dir"),
        ("cardpress build --out ", "dir"),
        ("cardpress rehearse --from ", "file"),
    ],
)
def test_folders_and_files_are_left_to_the_shell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str, kind: str
) -> None:
    assert complete(monkeypatch, capsys, line) == [f"{kind},"]


@pytest.mark.parametrize("line", ["cardpress nonsense -", "cardpress check --nonsense x --for", "cardpress 'a b"])
def test_what_is_wrong_in_a_line_gives_no_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    complete(monkeypatch, capsys, line)


def test_shells_that_show_it_are_told_what_each_word_is_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    meaning = CODES["unknown-key"].meaning
    assert complete(monkeypatch, capsys, "cardpress explain unknown-k", "zsh") == ["plain", "unknown-key", meaning]
    assert complete(monkeypatch, capsys, "cardpress explain unknown-k", "fish") == [f"plain,unknown-key\t{meaning}"]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_asks_this_program(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert VARIABLE in script
    assert f"{shell}_complete" in script


def test_the_script_is_for_the_name_that_was_installed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["/somewhere/cardpress-next"])
    assert run(["completion", "bash"]) == 0
    assert "complete -o nosort -F _cardpress_next_completion cardpress-next\n" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["/somewhere/a;b"])
    assert run(["completion", "bash"]) == 0
    assert "a;b" not in capsys.readouterr().out


@pytest.mark.parametrize("program", ["python3 build.py", "python -m cardpress"])
def test_a_command_of_several_words_has_none_and_says_so(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", "bash"], program=program) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert f"shells complete a command of one word, and this is `{program}`" in " ".join(said.err.split())


def test_the_script_for_fish_keeps_words_with_commas_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", "fish"]) == 0
    script = capsys.readouterr().out
    assert script.count("string split") == script.count('string split --max 1 ","') == 1


@pytest.mark.slow
def test_bash_completes_with_the_script(tmp_path: Path) -> None:
    """The shell itself, with a program of its name on the path."""
    program = tmp_path / "cardpress"
    start = "import sys; from cardpress.__main__ import main; sys.exit(main())"
    program.write_text(f"#!{sys.executable}\n{start}\n", encoding="utf-8")
    program.chmod(0o755)
    bash = shutil.which("bash")
    assert bash is not None
    code = (
        'eval "$(cardpress completion bash)"; COMP_WORDS=(cardpress --only apkg,bo); COMP_CWORD=2; '
        '_cardpress_completion cardpress; echo "${COMPREPLY[@]}"'
    )
    env = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([bash, "--norc", "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout == "apkg,booklet\n"
