"""All that commands print: messages, reports, and a build's progress and artifacts."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import click

from cardpress.cli.bar import Bar
from cardpress.cli.program import name_program
from cardpress.cli.reports import write_report
from cardpress.diagnostics import Diagnostic
from cardpress.diagnostics.codes import Severity
from cardpress.diagnostics.visible import make_lines_visible, make_visible
from cardpress.wording import say_count

if TYPE_CHECKING:
    from cardpress.pipeline import Result

# A folder of an output that holds files of source/media/.
_MEDIA = "media"


def say(message: str, *, to_stderr: bool = False, ends_line: bool = True) -> None:
    """Print a message, of several lines perhaps. Whatever it quotes, a terminal acts on nothing in it."""
    click.echo(make_lines_visible(name_program(message)), err=to_stderr, nl=ends_line)


def report(
    diagnostics: Sequence[Diagnostic], project: Path, report_format: str = "text", *, quiet: bool = False
) -> None:
    """Print a report of problems. It makes visible what it quotes, and has colors of its own.

    At a terminal its last line says where to read more on the first error, unless it is to be `quiet`: people see it
    there, while files, programs and whoever compares reports get the report alone.
    """
    if any(each.code == "lost-history" for each in diagnostics):
        from cardpress.release.lost_history import name_commit  # only then is git asked

        diagnostics = name_commit(project, diagnostics)
    click.echo(write_report(report_format, diagnostics, project), nl=False)
    first = next((each.code for each in diagnostics if each.severity is Severity.ERROR), None)
    if first and report_format == "text" and not quiet and sys.stdout.isatty():
        say(f"`cardpress explain {first}` says more")


def show_page(text: str) -> None:
    """Print a page of the engine's own words, which has colors at a terminal."""
    click.echo(text, nl=False)


class Console:
    """Shows progress from the start of its `with` block until `stop`, and the artifacts on `show`.

    `stages` is how many stages are known from the start. What comes in between is told with `expect`; `guess` is how
    many that will be.
    """

    def __init__(self, *, quiet: bool = False, plain_output: bool = True, stages: int, guess: int = 0) -> None:
        self._quiet = quiet
        # A report for programs has standard output to itself.
        self._to_stderr = not plain_output
        self._live = not quiet and sys.stderr.isatty() and sys.stdout.isatty()
        self._stages, self._guess = stages, guess
        self._bar: Bar | None = None
        self._starts: dict[str, float] = {}
        self._spent: dict[str, float] = {}
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        if self._live:
            self._bar = Bar(self._stages, self._guess)
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def expect(self, stages: int) -> None:
        """Make room for further stages in the bar."""
        if self._bar is not None:
            self._bar.expect(stages)

    def start(self, stage: str) -> None:
        """Show that a stage starts."""
        self._starts[stage] = time.monotonic()
        if self._bar is not None:
            self._bar.start(stage)

    def count(self, stage: str, done: int, of: int, noun: str) -> None:
        """Show how far a stage is."""
        if self._bar is not None:
            self._bar.count(stage, done, of, noun)

    def end(self, stage: str) -> None:
        """Show that a stage has ended."""
        self._spent[stage] = time.monotonic() - self._starts[stage]
        if self._bar is not None:
            self._bar.end(stage)

    def wait(self, reason: str) -> None:
        """Say in a line of its own what is waited for, which may be long."""
        if not self._quiet:
            self.stop()
            say(f"waiting for {reason} …", to_stderr=True)

    def stop(self) -> None:
        """Remove the bar from the terminal, so that other output can follow."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def show(self, result: Result, out: Path) -> None:
        """Print what was made and what was removed, or that nothing changed."""
        if self._quiet:
            return
        seconds = time.monotonic() - self._started
        if result.unchanged:
            say(f"nothing changed; {out} is up to date", to_stderr=self._to_stderr)
        elif self._live and not self._to_stderr:
            self._table(result, out, seconds)
        else:
            for made in _list_made(result):
                say(f"{out / made.name}  {made.size} bytes  {made.holds}", to_stderr=self._to_stderr)
        if result.removed:
            count = say_count(len(result.removed), "file")
            say(f"removed {count} that an earlier build made", to_stderr=self._to_stderr)
        if result.preview:
            say(result.preview, to_stderr=self._to_stderr)
        if result.advice and not self._to_stderr:
            say(result.advice)

    def _table(self, result: Result, out: Path, seconds: float) -> None:
        from rich.console import Console as RichConsole
        from rich.table import Table

        table = Table()
        table.add_column("artifact")
        table.add_column("size", justify="right")
        table.add_column("holds")
        table.add_column("time", justify="right")
        for made in _list_made(result):
            spent = self._spent.get(made.writer)
            size = f"{made.size / 1024:,.0f} KiB"
            table.add_row(made.name, size, made.holds, f"{spent:.2f} s" if spent is not None else "")
        terminal = RichConsole()
        # Not as the table's title, which rich wraps to the table's width: a path must stay in one piece.
        terminal.print(make_visible(f"{out}, in {seconds:.1f} s"), markup=False, highlight=False, soft_wrap=True)
        terminal.print(table)


class _Made(NamedTuple):
    """A file that was made, or a folder of media: its name, its size in bytes, what it holds, and by which writer."""

    name: str
    size: int
    holds: str
    writer: str


def _list_made(result: Result) -> list[_Made]:
    """Return what was made. A folder of media is one thing: it may have thousands of files."""
    made: list[_Made] = []
    media: dict[str, list[int]] = {}
    for artifact in result.artifacts:
        folder = artifact.name.rpartition("/")[0]
        if folder.rpartition("/")[2] != _MEDIA:
            made.append(_Made(artifact.name, len(artifact.data), artifact.holds, result.writers.get(artifact.name, "")))
            continue
        if folder not in media:
            made.append(_Made(folder, 0, "", result.writers.get(artifact.name, "")))
        media.setdefault(folder, []).append(len(artifact.data))
    return [
        each._replace(size=sum(media[each.name]), holds=say_count(len(media[each.name]), "file"))
        if each.name in media
        else each
        for each in made
    ]
