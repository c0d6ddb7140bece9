"""The command line: options in, reports and exit codes out."""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import click

from cardpress import __version__
from cardpress.cli.console import Console
from cardpress.cli.options import options, require_source, safe_out
from cardpress.cli.release_commands import COMMANDS
from cardpress.diagnostics.reports import REPORTS
from cardpress.pipeline import ENGINE, Options, build_project, check_project
from cardpress.publish.dist import PathClashError
from cardpress.writers import NAMES

CLEAN, PROBLEMS, USAGE, FAILURE, INTERRUPTED = 0, 1, 2, 3, 130

_shared = options(
    click.option(
        "--project",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=Path(),
        help="The folder that holds source/ (and templates/ of its own, if any).  [default: this folder]",
    ),
    click.option("--strict", is_flag=True, help="Let warnings fail, too."),
    click.option(
        "--format",
        "report_format",
        type=click.Choice(sorted(REPORTS)),
        default="text",
        show_default=True,
        help="How to report problems: for people, for programs, for pull requests, for code scanning.",
    ),
    click.option("--quiet", is_flag=True, help="Print problems and nothing else."),
)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Without a command, `build` runs; `build.py build --help` lists its options."
    "  Example: python3 build.py --only apkg --out /tmp/deck",
)
@click.version_option(__version__, prog_name="cardpress", message="%(prog)s %(version)s")
def main() -> None:
    """Press the questions in source/ into an Anki deck, sheets, a page and a JSON bundle."""


@main.command(
    short_help="Make everything in dist/; this is what runs without a command.",
    epilog="Example: python3 build.py build --project ../my-deck --only apkg,page --out out",
)
@_shared
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to put what is made.  [default: dist/ in the project]",
)
@click.option("--only", metavar="OUTPUT,…", help=f"Make only these of {', '.join(NAMES)}.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    help="How many things to do at the same time.  [default: one for each core]",
)
@click.option("--no-cache", is_flag=True, help="Render everything anew, and keep nothing for the next build.")
def build(
    *,
    project: Path,
    strict: bool,
    report_format: str,
    quiet: bool,
    out: Path | None,
    only: str | None,
    jobs: int,
    no_cache: bool,
) -> None:
    """Check the source and make everything in dist/, or leave dist/ as it is when there are errors."""
    require_source(project)
    settings = Options(
        project=project,
        out=safe_out(project, out or project / "dist"),
        only=_outputs(only),
        strict=strict,
        jobs=jobs,
        use_cache=not no_cache,
    )
    stages = 3 + len(settings.only)  # check, render, publish, and the writers
    with Console(quiet=quiet, plain_output=report_format == "text", stages=stages) as console:
        result = build_project(settings, console)
        console.stop()
        click.echo(REPORTS[report_format](result.diagnostics), nl=False)
        failed = result.failed(strict=strict)
        if not failed:
            console.show(result, settings.out)
    sys.exit(PROBLEMS if failed else CLEAN)


@main.command(
    short_help="Report every problem in the source; write nothing.",
    epilog="Example: python3 build.py check --strict --format github",
)
@_shared
def check(*, project: Path, strict: bool, report_format: str, quiet: bool) -> None:
    """Report every problem in the source, each with its place and what to type instead. Writes nothing."""
    require_source(project)
    result = check_project(project)
    click.echo(REPORTS[report_format](result.diagnostics), nl=False)
    if not result.diagnostics and not quiet and report_format == "text":
        click.echo("no problems")
    sys.exit(PROBLEMS if result.failed(strict=strict) else CLEAN)


@main.command(
    context_settings={"ignore_unknown_options": True},
    add_help_option=False,
    epilog="Example: python3 build.py test -k anki",
)
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def test(pytest_arguments: tuple[str, ...]) -> None:
    """Run the tests; what follows goes to pytest."""
    sys.exit(_run_tests(pytest_arguments))


def _run_tests(arguments: Sequence[str]) -> int:
    """Run pytest on the engine's and the deck's tests and return its exit status."""
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.call(command, cwd=ENGINE)  # noqa: S603 - pytest, on our tests


for _command in COMMANDS:
    main.add_command(_command)


def _outputs(only: str | None) -> tuple[str, ...]:
    if only is None:
        return NAMES
    names = [name.strip() for name in only.split(",")]
    for name in names:
        if name not in NAMES:
            raise click.BadParameter(
                f"there is no output `{name}`; choose from {', '.join(NAMES)}", param_hint="--only"
            )
    return tuple(sorted(set(names)))


def run(arguments: Sequence[str], program: str = "build.py") -> int:
    """Run a command line and give its exit status; nothing an author does makes a traceback."""
    _open_streams()
    output = sys.stdout
    try:
        main.main(_with_command(arguments), prog_name=program, standalone_mode=False)
        sys.stdout.flush()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else FAILURE
    except click.ClickException as error:
        error.show()
        status = USAGE
    except (click.exceptions.Abort, KeyboardInterrupt):
        status = _say("stopped; dist/ is as it was", INTERRUPTED)
    except BrokenPipeError:
        status = _unheard(output)
    except Exception as error:
        status = _say(_explained(error), FAILURE)
    else:
        status = CLEAN
    # When whoever read our output has gone, click muffles it and makes the status a 1, which means problems.
    return status if sys.stdout is output else _unheard(output)


def _open_streams() -> None:
    """Make sure that there is an output, and that it takes any character."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us, as in `>&-`
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open until the end
        elif hasattr(stream, "reconfigure"):
            # A report quotes the source; a terminal that cannot show a character must not end the run.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _unheard(output: TextIO) -> int:
    """End quietly: Python must not complain at exit either that nobody reads."""
    sys.stdout = output
    os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
    return FAILURE


def _explained(error: Exception) -> str:
    """Say in a line what went wrong that is not the author's; where it is ours, with what we need to find it."""
    if isinstance(error, PathClashError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
    if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith("cardpress"):
        return f"the package `{error.name}` is needed for this, and is not installed in {sys.prefix}"
    traceback.print_exception(error)
    return "this is a mistake in cardpress, not in your deck; please report the lines above"


def _say(message: str, status: int) -> int:
    click.echo(f"cardpress: {message}", err=True)
    return status


def _with_command(arguments: Sequence[str]) -> list[str]:
    """Put in `build`, the command that is meant when none is named."""
    given = list(arguments)
    known = {*main.commands, "-h", "--help", "--version"}
    return given if given and given[0] in known else ["build", *given]
