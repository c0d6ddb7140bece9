"""All that commands print: messages, reports, and a build's progress and artifacts."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import click

from cardpress.cli.program import name_program
from cardpress.cli.reports import write_report
from cardpress.diagnostics import Diagnostic
from cardpress.diagnostics.visible import make_lines_visible, make_visible
from cardpress.pipeline import Result
from cardpress.wording import say_count

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


def say(message: str, *, to_stderr: bool = False, ends_line: bool = True) -> None:
    """Print a message, of several lines perhaps. Whatever it quotes, a terminal acts on nothing in it."""
    click.echo(make_lines_visible(name_program(message)), err=to_stderr, nl=ends_line)


def report(diagnostics: Sequence[Diagnostic], project: Path, report_format: str = "text") -> None:
    """Print a report of problems. It makes visible what it quotes, and has colors of its own."""
    if any(each.code == "lost-history" for each in diagnostics):
        from cardpress.release.lost_history import name_commit  # only then is git asked

        diagnostics = name_commit(project, diagnostics)
    click.echo(write_report(report_format, diagnostics, project), nl=False)


def show_page(text: str) -> None:
    """Print a page of the engine's own words, which has colors at a terminal."""
    click.echo(text, nl=False)


class Console:
    """Shows progress from the start of its `with` block until `stop`, and the artifacts on `show`."""

    def __init__(self, *, quiet: bool, plain_output: bool, stages: int) -> None:
        self._quiet = quiet
        # A report for programs has standard output to itself.
        self._to_stderr = not plain_output
        self._live = not quiet and sys.stderr.isatty() and sys.stdout.isatty()
        self._stages = stages
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._starts: dict[str, float] = {}
        self._spent: dict[str, float] = {}
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        if self._live:
            from rich.console import Console as RichConsole  # takes 0.2 s to load; only a terminal needs it
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            self._bar = Progress(
                TextColumn("{task.description:<10}"),
                BarColumn(),
                TimeElapsedColumn(),
                console=RichConsole(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task("read", total=self._stages)
            self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def expect(self, stages: int) -> None:
        """Make room for further stages in the bar."""
        self._stages += stages
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, total=self._stages)

    def start(self, stage: str) -> None:
        """Show that a stage starts."""
        self._starts[stage] = time.monotonic()
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=stage)

    def end(self, stage: str) -> None:
        """Show that a stage has ended."""
        self._spent[stage] = time.monotonic() - self._starts[stage]
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task)

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
            for artifact in result.artifacts:
                line = f"{out / artifact.name}  {len(artifact.data)} bytes  {artifact.holds}"
                say(line, to_stderr=self._to_stderr)
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
        for artifact in result.artifacts:
            spent = self._spent.get(result.writers.get(artifact.name, ""))
            size = f"{len(artifact.data) / 1024:,.0f} KiB"
            table.add_row(artifact.name, size, artifact.holds, f"{spent:.2f} s" if spent is not None else "")
        terminal = RichConsole()
        # Not as the table's title, which rich wraps to the table's width: a path must stay in one piece.
        terminal.print(make_visible(f"{out}, in {seconds:.1f} s"), markup=False, highlight=False, soft_wrap=True)
        terminal.print(table)
