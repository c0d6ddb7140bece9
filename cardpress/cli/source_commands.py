"""The commands that write into source/: ids of rows, and the schema that editors use."""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from cardpress.cli.console import report, say
from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.program import Command
from cardpress.cli.project import PROJECT, open_project
from cardpress.cli.reports import find_folder
from cardpress.diagnostics import Diagnostic, has_errors
from cardpress.wording import say_count

if TYPE_CHECKING:
    from cardpress.source.bank import Bank


@click.command(
    cls=Command,
    short_help="Write the ids of rows into tables, once.",
    epilog="Example: cardpress ids --project ../my-deck",
)
@PROJECT
def ids(*, project: Path) -> None:
    """Write an id into each row of a table that has none, so that it is permanent. All else in the tables stays."""
    from cardpress.pipeline import load_and_check  # which help and completion do not need
    from cardpress.release.refusals import RefusedError
    from cardpress.release.row_ids import write_row_ids

    open_project(project)
    bank, result = load_and_check(project)
    if not bank.complete:
        errors = tuple(each for each in result.diagnostics if has_errors([each]) and each.code != "missing-row-id")
        report(errors, project)
        sys.exit(ExitStatus.PROBLEMS)
    try:
        # What is wrong with ids goes away by this.
        others = [each for each in result.diagnostics if not each.code.startswith(("missing-row-id", "released-"))]
        named = write_row_ids(project, bank, is_sound=not has_errors(others))
    except RefusedError as refusal:
        say(f"cardpress: {refusal}", to_stderr=True)
        sys.exit(ExitStatus.PROBLEMS)
    for name, count in named.counts.items():
        say(f"{_name(name, project)}: {say_count(count, 'id')} written")
    if not named.counts:
        say("every row has an id")
    if named.counts and named.lost:
        say(f"released, and of no row or question now: {', '.join(named.lost)}")
        say("if a row was reworded since, write its released id into its cell")
    sys.exit(ExitStatus.CLEAN)


@click.command(
    cls=Command,
    short_help="Write the schema that editors complete keys from.",
    epilog="Example: cardpress schema --project ../my-deck",
)
@PROJECT
def schema(*, project: Path) -> None:
    """Write source/source.schema.json, from which editors know the keys of deck.yaml and of all note types."""
    from cardpress.pipeline import load_and_check  # which help and completion do not need
    from cardpress.release.refusals import RefusedError
    from cardpress.release.source_schema import write_schema
    from cardpress.source.contents import SCHEMA

    open_project(project)
    bank, result = load_and_check(project)
    if broken := [each for each in result.diagnostics if _hides_note_type(each, bank)]:
        report(tuple(broken), project)
        sys.exit(ExitStatus.PROBLEMS)
    try:
        is_new = write_schema(project, bank)
    except RefusedError as refusal:
        say(f"cardpress: {refusal}", to_stderr=True)
        sys.exit(ExitStatus.PROBLEMS)
    say(f"{_name(f'source/{SCHEMA}', project)} {'written' if is_new else 'is as it should be'}")
    line = f"# yaml-language-server: $schema={SCHEMA}"
    if not _all_begin_with(line, project):
        say(f"to use it, begin each YAML file with: {line}")
    sys.exit(ExitStatus.CLEAN)


def _all_begin_with(line: str, project: Path) -> bool:
    """Return whether all YAML files beside deck.yaml name the schema in their first line."""
    from cardpress.disk.reading import UnreadableError, list_files, read_file

    source = project / "source"
    names = [name for name in list_files(source, project).files if "/" not in name and name.endswith(".yaml")]
    try:
        return all(read_file(source / name, project).startswith(line.encode()) for name in names)
    except UnreadableError:  # which `check` reports
        return False


def _hides_note_type(problem: Diagnostic, bank: Bank) -> bool:
    """Return whether a note type cannot be read for this problem in its declaration."""
    from cardpress.source.note_types.folders import is_declaration

    path = PurePosixPath(problem.span.path)
    return is_declaration(path.relative_to(path.parts[0]).as_posix()) and path.parent.name not in bank.known_note_types


def _name(path: str, project: Path) -> str:
    """Return the path of a project's file from the working directory, as reports name it."""
    folder = find_folder(project)
    return f"{folder}/{path}" if folder else path
