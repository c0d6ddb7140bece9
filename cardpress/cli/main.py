"""Runs a command line, and turns every exception into a message and an exit status."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

import click
from click.shell_completion import CompletionItem

from cardpress import __version__
from cardpress.cli.build_commands import build, check, test
from cardpress.cli.completion_command import VARIABLE, completion
from cardpress.cli.console import say
from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.explain_command import explain
from cardpress.cli.failures import explain_failure
from cardpress.cli.import_command import import_deck
from cardpress.cli.init_command import init
from cardpress.cli.program import NAME, note_program, write_epilog
from cardpress.cli.project import find_project_around
from cardpress.cli.push_commands import push
from cardpress.cli.release_commands import diff, rehearse_update, release_version
from cardpress.cli.serve_commands import serve, watch
from cardpress.cli.source_commands import ids, schema
from cardpress.cli.words import reject
from cardpress.engine import is_clone
from cardpress.outputs import NAMES


class _Commands(click.Group):
    """The commands, in groups. For a mistyped one it names the nearest."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with what each does, group by group, all in the same columns."""
        column = max(map(len, self.commands))
        for title, commands in filter(lambda group: group[1], GROUPS.items()):
            rows = [(str(each.name).ljust(column), each.get_short_help_str(formatter.width)) for each in commands]
            with formatter.section(title):
                formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first argument names. Raises click.UsageError when there is none."""
        if (
            args[0] not in self.commands and not ctx.resilient_parsing
        ):  # which completes what is there, and says nothing
            known = sorted(self.commands)
            hint = ""
            if args[0].lower() == "help":
                hint = "type `cardpress --help`"
            elif args[0].lower() == "version":
                hint = "type `cardpress --version`"
            elif (Path(args[0]) / "source").is_dir():
                hint = f"did you mean `--project {args[0]}`?"
            elif Path(args[0]).exists() and (project := find_project_around(Path(args[0]))):
                hint = f"did you mean `--project {project}`?"
            elif args[0] in NAMES:
                hint = f"did you mean `--only {args[0]}`?"
            unknown = "there is no command"
            message = f"{unknown} `{args[0]}`; {hint}" if hint else reject(unknown, args[0], known)
            raise click.UsageError(message, ctx)
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what stands before the command's own arguments. A shell's words get `build` as those of a run do."""
        return super().parse_args(ctx, _with_command(args) if ctx.resilient_parsing and args else args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Return the commands and options that begin so, those of `build` too, with what each is for."""
        if incomplete.startswith("-"):
            own = super().shell_complete(ctx, incomplete)
            return [*own, *(each for each in build.shell_complete(ctx, incomplete) if each.value != "--help")]
        commands = (each for commands in GROUPS.values() for each in commands)
        return [
            CompletionItem(name, help=each.get_short_help_str(200))
            for each in commands
            if (name := str(each.name)).startswith(incomplete)
        ]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples below the commands."""
        write_epilog(self.epilog, formatter)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with `cardpress init my-deck`. Without a command, `build` runs; `cardpress build --help` lists its "
    "options. `cardpress explain CODE` has the page of a report; source/source.schema.json, which a new project has "
    "and editors read, says what each key holds. All documents are in docs/ of cardpress's repository.\n\n"
    "Example: cardpress --only apkg --out /tmp/deck",
)
@click.version_option(__version__, prog_name="cardpress", message="%(prog)s %(version)s")
def main() -> None:
    """Press the questions in source/ into an Anki deck, sheets, a page and a JSON bundle."""


# Each command in the group under which `--help` has it, in the order in which one comes to need them.
GROUPS: Mapping[str, tuple[click.Command, ...]] = {
    "Write": (init, import_deck, check, serve, watch, explain, ids, schema),
    "Ship": (build, push, diff, rehearse_update, release_version),
    "Set up": (completion, *((test,) if is_clone() else ())),
}
for _commands in GROUPS.values():
    for _command in _commands:
        main.add_command(_command)


def run(arguments: Sequence[str], program: str = NAME) -> int:
    """Run a command line and return its exit status. An author's mistake never ends in a traceback."""
    note_program(program)
    _open_streams()
    output = sys.stdout
    try:
        main.main(_with_command(arguments), program, complete_var=VARIABLE, standalone_mode=False)
        sys.stdout.flush()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else ExitStatus.FAILURE
    except click.NoSuchOption as error:
        status = _show(_reword(error, arguments))
    except click.ClickException as error:
        status = _show(_name_project(error, arguments))
    except (click.exceptions.Abort, KeyboardInterrupt):
        status = _say("stopped; the outputs are as they were", ExitStatus.INTERRUPTED)
    except BrokenPipeError:
        status = _unheard(output)
    except Exception as error:
        status = _say(explain_failure(error), ExitStatus.FAILURE)
    else:
        status = ExitStatus.CLEAN
    # On a broken pipe click replaces sys.stdout and exits with 1, which here would mean problems in the deck.
    return status if sys.stdout is output else _unheard(output)


def _open_streams() -> None:
    """Make sure that standard output and standard error exist and accept every character."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # the caller closed it, as with `>&-`
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open until the end
        elif hasattr(stream, "reconfigure"):
            # A report quotes the source, which may hold characters that the terminal cannot show.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _unheard(output: TextIO) -> int:
    """Return FAILURE, after discarding the output that nobody reads. Otherwise Python would report it again at exit."""
    sys.stdout = output
    os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
    return ExitStatus.FAILURE


def _say(message: str, status: int) -> int:
    say(f"cardpress: {message}", to_stderr=True)
    return status


def _reword(error: click.NoSuchOption, arguments: Sequence[str]) -> click.UsageError:
    """Return an error that names the option as it was typed, and the nearest one.

    click takes `-project` for the short option `-p`, and suggests what has few letters in common.
    """
    is_short = not error.option_name.startswith("--")
    typed = next((each for each in arguments if is_short and each.startswith(error.option_name)), error.option_name)
    typed = typed.partition("=")[0]
    context = error.ctx
    if context is None:
        return error
    options = [name for option in context.command.get_params(context) for name in option.opts]
    long = sorted(name for name in options if name.startswith("--"))
    otherwise = f"`{context.command_path} --help` lists its options"
    return click.UsageError(reject(f"`{context.info_name}` has no option", typed, long, otherwise), context)


def _name_project(error: click.ClickException, arguments: Sequence[str]) -> click.ClickException:
    """Return an error that names the option for a project, when one stands where a command takes no word."""
    if not isinstance(error, click.UsageError) or "unexpected extra argument" not in error.message:
        return error
    project = next((each for each in arguments if each in error.message and (Path(each) / "source").is_dir()), None)
    return click.UsageError(f"did you mean `--project {project}`?", error.ctx) if project else error


def _show(error: click.ClickException) -> int:
    """Print what is wrong with the command line, as click words it."""
    text = io.StringIO()
    error.show(text)
    say(text.getvalue(), to_stderr=True, ends_line=False)
    return ExitStatus.WRONG_USAGE


def _with_command(arguments: Sequence[str]) -> list[str]:
    """Return the arguments, with `build` in front when they begin with one of its options, or are none."""
    given = list(arguments)
    begins_with_option = not given or given[0].startswith("-")
    return ["build", *given] if begins_with_option and given[:1] not in (["-h"], ["--help"], ["--version"]) else given
