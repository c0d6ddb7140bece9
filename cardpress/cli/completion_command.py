"""The command `completion`, and what a shell asks for at each press of the Tab key."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import ClassVar

import click
from click.shell_completion import FishComplete, add_completion_class, get_completion_class

from cardpress.cli.console import show_page
from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.program import NAME, Command, get_program
from cardpress.cli.words import OneOf

# The variable in which a shell's script asks for words, whatever the program is called.
VARIABLE = "_CARDPRESS_COMPLETE"
SHELLS = ("bash", "fish", "powershell", "zsh")
# What an installed cardpress may be called.
_NAME = re.compile(rf"{NAME}[\w@.+-]*", re.ASCII)


class _Fish(FishComplete):
    """click's script for fish, but for values that have commas in them: it would cut them at the first one."""

    source_template: ClassVar[str] = FishComplete.source_template.replace("string split ", "string split --max 1 ")


add_completion_class(_Fish)


@click.command(
    cls=Command,
    short_help="Print the script that lets your shell complete commands.",
    epilog="Example: cardpress completion zsh",
)
@click.argument("shell", metavar="SHELL", type=OneOf(SHELLS))
def completion(*, shell: str) -> None:
    """Print the script that lets a SHELL complete commands, options and their values. A line in its own file uses it.

    The line is `eval "$(cardpress completion bash)"` in ~/.bashrc, the same with `zsh` in ~/.zshrc, and
    `cardpress completion fish | source` in ~/.config/fish/config.fish.
    """
    program = _find_name()
    if " " in program:
        raise click.UsageError(
            f"shells complete a command of one word, and this is `{program}`; install cardpress (`pipx install .`)"
        )
    group = click.get_current_context().find_root().command
    script = get_completion_class(shell)
    if script is None:
        raise LookupError(f"click has no script for {shell}")
    show_page(script(group, {}, program, VARIABLE).source())
    sys.exit(ExitStatus.CLEAN)


def _find_name() -> str:
    """Return the word that people type: `pipx install --suffix` makes another of `cardpress`."""
    program = get_program()
    file = Path(sys.argv[0]).name.removesuffix(".exe")
    return file if program == NAME and _NAME.fullmatch(file) else program
