"""The help names every command and option, says what each is for, and gives examples that work."""

from __future__ import annotations

from itertools import pairwise

import click
import pytest

from cardpress import __version__
from cardpress.cli import main as cli
from cardpress.cli.main import run
from cardpress.outputs import NAMES


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"cardpress {__version__}\n"


def test_help_lists_every_command_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "..." not in said.replace("[ARGS]...", "")
    assert "Example: cardpress" in said
    for name, command in cli.main.commands.items():
        assert f" {name} {command.get_short_help_str(limit=200)}" in said


@pytest.mark.parametrize("name", sorted(set(cli.main.commands) - {"test"}))
def test_the_help_of_a_command_says_what_each_option_is_for(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "-h"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    command = cli.main.commands[name]
    assert command.epilog
    assert command.epilog.startswith(f"Example: cardpress {name} ")
    assert " ".join(command.epilog.split()) in said
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name
            assert option.opts[0] in said
            assert option.help[-1] in ".]", option.name


def test_the_examples_of_the_help_are_right() -> None:
    for command in cli.main.commands.values():
        words = (command.epilog or "").partition("cardpress ")[2].split()
        named = dict(pairwise(words))
        assert words[0] == command.name
        options = {name for option in command.params for name in option.opts}
        assert {word for word in words if word.startswith("--")} <= options
        assert set(named.get("--only", "json").split(",")) <= set(NAMES)
