"""The commands `build`, `check` and `test`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from cardpress.cli.cache import find_cache
from cardpress.cli.console import Console, report, say
from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.program import Command
from cardpress.cli.project import PROJECT, combine_options, open_project
from cardpress.cli.words import OneOf, SomeOf
from cardpress.diagnostics import has_errors
from cardpress.diagnostics.reports import REPORTS
from cardpress.engine import ROOT
from cardpress.outputs import NAMES, OUTPUTS

# How many writers most decks need: package, page, bundle, sheets.
_WRITERS = 4


class _Jobs(click.ParamType[int]):
    """A whole number from 1 up."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number. Raises click.BadParameter for anything else, and names what can be written."""
        try:
            number = int(value)
        except ValueError:
            number = 0
        if number < 1:
            self.fail(f"{value} is not a whole number from 1 up, such as 2", param, ctx)
        return number


OUTPUT_WORDS = SomeOf(NAMES, "output", {each.name: each.makes for each in OUTPUTS.values()})
_shared = combine_options(
    PROJECT,
    click.option("--strict", is_flag=True, help="Let warnings fail, too."),
    click.option(
        "--format",
        "report_format",
        type=OneOf(sorted(REPORTS)),
        default="text",
        show_default=True,
        help="How to report problems: for people, for programs, for pull requests, for code scanning.",
    ),
    click.option("--quiet", is_flag=True, help="Print problems and nothing else."),
)


@click.command(
    cls=Command,
    short_help="Make everything in dist/; this is what runs without a command.",
    context_settings={"allow_extra_args": True},  # to say more of them than that they are too many
    epilog="Example: cardpress build --project ../my-deck --only apkg,page --out out",
)
@_shared
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to put what is made; a relative path counts from where you are.  [default: dist/ in the project]",
)
@click.option(
    "--only",
    type=OUTPUT_WORDS,
    metavar="OUTPUT,…",
    multiple=True,
    help=f"Make only these of {', '.join(NAMES)}, whatever `outputs` in deck.yaml says; what an earlier build made of "
    "others is removed.",
)
@click.option(
    "--jobs",
    type=_Jobs(),
    metavar="N",
    default=os.cpu_count() or 1,
    help="How many things to do at the same time.  [default: one for each core]",
)
@click.option("--preview", is_flag=True, help="Number it, so that Anki imports it over the preview before it.")
@click.option("--no-cache", is_flag=True, help="Render everything anew, and keep nothing for the next build.")
def build(
    *,
    project: Path,
    strict: bool,
    report_format: str,
    quiet: bool,
    out: Path | None,
    only: tuple[str, ...],
    jobs: int,
    preview: bool,
    no_cache: bool,
) -> None:
    """Check the source and make everything in dist/, or leave dist/ as it is when there are errors."""
    from cardpress.pipeline import Options, build_project  # as what is below them: help and completion need neither

    _refuse_arguments(click.get_current_context(), ",".join(only))
    if preview and no_cache:
        raise click.UsageError("--preview is numbered in your cache folder; leave out --no-cache")
    settings = Options(
        project=project,
        out=open_project(project, out),
        only=OUTPUT_WORDS.choose(",".join(only), "--only") if only else None,
        strict=strict,
        jobs=jobs,
        cache=None if no_cache else find_cache(),
        preview=preview,
    )
    # Check, render and publish; the writers come when it is known which there are.
    with Console(quiet=quiet, plain_output=report_format == "text", stages=3, guess=_WRITERS) as console:
        result = build_project(settings, console)
        console.stop()
        report(result.diagnostics, project, report_format, quiet=quiet)
        failed = result.failed(strict=strict)
        if not failed:
            console.show(result, settings.out)
    sys.exit(ExitStatus.PROBLEMS if failed else ExitStatus.CLEAN)


@click.command(
    cls=Command,
    short_help="Report every problem in the source; change nothing.",
    epilog="Example: cardpress check --strict --format github",
)
@_shared
@click.option("--no-cache", is_flag=True, help="Look at everything anew, and keep nothing for the next check.")
def check(*, project: Path, strict: bool, report_format: str, quiet: bool, no_cache: bool) -> None:
    """Report every problem in the source, each with its place and what to type instead. The project stays as it is.

    With --strict it takes some seconds more, for the warnings that only sheets can give.
    """
    from cardpress.publish.last_check import LastCheck
    from cardpress.publish.store import Store

    open_project(project)
    last = LastCheck(Store(None if no_cache else find_cache(), project), project)
    problems = None if strict else last.find()
    if problems is None:
        from cardpress.pipeline import check_project  # which takes longer to load than all else, when nothing changed

        with Console(quiet=quiet, stages=1, guess=2 if strict else 0) as console:
            problems = check_project(project, strict=strict, progress=console, last=last).diagnostics
    report(problems, project, report_format, quiet=quiet)
    if not problems and not quiet and report_format == "text":
        say("no problems")
    failed = has_errors(problems) or (strict and bool(problems))
    sys.exit(ExitStatus.PROBLEMS if failed else ExitStatus.CLEAN)


@click.command(
    cls=Command,
    context_settings={"ignore_unknown_options": True},
    add_help_option=False,
    epilog="Example: cardpress test -k anki",
)
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def test(pytest_arguments: tuple[str, ...]) -> None:
    """Run the tests; what follows goes to pytest."""
    sys.exit(_run_tests(pytest_arguments))


def _run_tests(arguments: Sequence[str]) -> int:
    """Run pytest on the engine's and the deck's tests and return its exit status."""
    if find_spec("pytest") is None:
        raise ModuleNotFoundError("No module named 'pytest'", name="pytest")
    command = [sys.executable, "-m", "pytest", *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    return subprocess.call(command, cwd=ROOT, env=environment)  # noqa: S603 - pytest, on our tests


def _refuse_arguments(context: click.Context, only: str) -> None:
    """Raise click.UsageError when a word stands behind the options of `build`: a command, an output, or neither."""
    from cardpress.diagnostics.suggest import find_closest

    group = context.find_root().command
    if context.args and isinstance(group, click.Group):
        word = context.args[0]
        if word in group.commands:
            raise click.UsageError(f"a command stands before its options: `cardpress {word} …`", context)
        outputs = [find_closest(each, NAMES) for each in ",".join((only, *context.args)).split(",") if each]
        if all(outputs):
            raise click.UsageError(f"write `--only {','.join(each for each in outputs if each)}`", context)
        group.resolve_command(context, [word])  # which says that there is none
