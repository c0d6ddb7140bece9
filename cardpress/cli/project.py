"""The project that a command works on: the options that name it, folders that are refused, and what is mended first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from cardpress.publish.recovery import recover

Command = TypeVar("Command", bound=Callable[..., Any])

PROJECT = click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The folder that holds source/ (and templates/ of its own, if any).  [default: this folder]",
)


def combine_options(*decorators: Callable[[Any], Any]) -> Callable[[Command], Command]:
    """Return a decorator that adds several options to a command, in this order."""

    def decorate(command: Command) -> Command:
        for option in reversed(decorators):
            command = option(command)
        return command

    return decorate


def open_project(project: Path, out: Path | None = None, *, waiting: Callable[[], object] = lambda: None) -> Path:
    """Refuse what is no project, mend what an interrupted run has left in it, and return the folder for its outputs.

    `waiting` is called when a release of the project is at work just now, whose end is waited for.
    """
    if not (project / "source").is_dir():
        raise click.UsageError(f"there is no source/ folder in {project.resolve()}; name the deck's with --project")
    out = out or project / "dist"
    _refuse_to_replace(project, out)
    recover(project, out, waiting)
    return out


def _refuse_to_replace(project: Path, out: Path) -> None:
    """Refuse a folder for outputs that is or holds the project or its source: building would replace it."""
    inside = out.resolve()
    for kept in (project.resolve(), (project / "source").resolve(), (project / "templates").resolve()):
        if kept == inside or kept.is_relative_to(inside) or (kept != project.resolve() and inside.is_relative_to(kept)):
            raise click.BadParameter(f"{out} is or holds the project itself; name another folder", param_hint="--out")
