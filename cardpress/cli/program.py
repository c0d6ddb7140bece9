"""The name that this program was started by, in all that tells people what to type.

Texts name commands as an installed cardpress takes them: `cardpress check`. Where `python3 build.py` runs, people must
type that instead.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from inspect import cleandoc

import click

NAME = "cardpress"
# Commands in backticks, and those of examples.
_COMMAND = re.compile(r"(`|Example: )cardpress(?= [^`\s])")
_started_as = ContextVar("_started_as", default=NAME)


def note_program(program: str) -> None:
    """Take note of how this program was started, such as `python3 build.py`."""
    _started_as.set(program)


def get_program() -> str:
    """Return what this program was started by."""
    return _started_as.get()


def name_program(text: str) -> str:
    """Return a text whose commands begin with what this program was started by."""
    return _COMMAND.sub(lambda found: found[1] + _started_as.get(), text)


class Command(click.Command):
    """A command whose help names the program as it was started."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples below the options."""
        write_epilog(self.epilog, formatter)


def write_epilog(epilog: str | None, formatter: click.HelpFormatter) -> None:
    """Write what stands at the end of a command's help, as click does."""
    if epilog:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(name_program(cleandoc(epilog)))
