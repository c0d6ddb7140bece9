"""The commands that write into source/: ids of rows."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cardpress.cli.console import report, say
from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.project import PROJECT, open_project
from cardpress.diagnostics import has_errors
from cardpress.pipeline import load_and_check
from cardpress.wording import say_count


@click.command(
    short_help="Write the ids of rows into tables, once.",
    epilog="Example: python3 build.py ids --project ../my-deck",
)
@PROJECT
def ids(*, project: Path) -> None:
    """Write an id into each row of a table that has none, so that it is permanent. All else in the tables stays."""
    from cardpress.release.refusals import RefusedError
    from cardpress.release.row_ids import write_row_ids

    open_project(project)
    bank, result = load_and_check(project)
    if not bank.complete:
        errors = tuple(each for each in result.diagnostics if has_errors([each]) and each.code != "missing-row-id")
        report(errors, project)
        sys.exit(ExitStatus.PROBLEMS)
    try:
        named = write_row_ids(project, bank)
    except RefusedError as refusal:
        say(f"cardpress: {refusal}", to_stderr=True)
        sys.exit(ExitStatus.PROBLEMS)
    for name, count in named.counts.items():
        say(f"{name}: {say_count(count, 'id')} written")
    if not named.counts:
        say("every row has an id")
    if named.counts and named.lost:
        say(f"released, and of no row or question now: {', '.join(named.lost)}")
        say("if a row was reworded since, write its released id into its cell")
    sys.exit(ExitStatus.CLEAN)
