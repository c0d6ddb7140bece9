"""Whatever a command line takes from a list, a mistyped one is told the nearest: one mechanism for all."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from cardpress.cli.main import GROUPS, main, run
from cardpress.cli.words import OneOf
from cardpress.outputs import NAMES
from tests.conftest import WriteProject


def list_parameters() -> Iterator[tuple[str, click.Parameter]]:
    for name, command in main.commands.items():
        yield from ((name, each) for each in command.params)


CHOICES = [(name, each) for name, each in list_parameters() if isinstance(each.type, click.Choice)]
OPTIONS = [(name, option) for name, each in list_parameters() for option in each.opts if option.startswith("--")]


def slip(word: str) -> str:
    """Return a word with two of its letters exchanged; where they are alike or all that it has, one is doubled."""
    is_short = len(word.lstrip("-")) < 3
    return word + word[-1] if is_short or word[-1] == word[-2] else word[:-2] + word[-1] + word[-2]


@pytest.mark.parametrize(("command", "parameter"), CHOICES, ids=lambda each: getattr(each, "name", each))
def test_each_choice_names_the_nearest(
    command: str, parameter: click.Parameter, capsys: pytest.CaptureFixture[str]
) -> None:
    assert isinstance(parameter.type, OneOf), "declare it with cardpress.cli.words.OneOf"
    option = [parameter.opts[0]] if isinstance(parameter, click.Option) else []
    for word in parameter.type.choices:
        assert run([command, *option, slip(word)]) == 2
        assert f"there is no `{slip(word)}`; did you mean `{word}`?" in " ".join(capsys.readouterr().err.split())
    assert run([command, *option, "%"]) == 2
    assert f"choose from {', '.join(parameter.type.choices)}" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_each_option_is_suggested_for_a_slip(command: str, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    if command == "test":  # what it does not know is for pytest
        return
    assert run([command, slip(option)]) == 2
    assert f"did you mean `{option}`?" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("command", main.commands)
def test_each_command_is_suggested_for_a_slip(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([slip(command)]) == 2
    assert f"there is no command `{slip(command)}`; did you mean `{command}`?" in capsys.readouterr().err


def test_each_output_is_suggested_for_a_slip(write_project: WriteProject, capsys: pytest.CaptureFixture[str]) -> None:
    project = write_project({})
    for word in NAMES:
        assert run(["build", "--project", str(project), "--only", f"json,{slip(word)}"]) == 2
        assert f"there is no output `{slip(word)}`; did you mean `{word}`?" in capsys.readouterr().err


def test_every_command_is_in_one_group() -> None:
    grouped = [str(command.name) for commands in GROUPS.values() for command in commands]
    assert sorted(grouped) == sorted(main.commands)
