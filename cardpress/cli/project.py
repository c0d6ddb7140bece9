"""Opens the project that a command works on: its option, the checks of its folders, and the repair after a kill."""

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
    """Check a project's folders, repair what an interrupted run left, and return the folder for the outputs.

    `waiting` is called when a release of the project is running; this then waits for its end. Raises click.UsageError
    when there is no source/ folder, click.BadParameter when the outputs would replace the project.
    """
    if not (project / "source").is_dir():
        raise click.UsageError(f"there is no source/ folder in {project.resolve()}; name the deck's with --project")
    out = out or project / "dist"
    _refuse_to_replace(project, out)
    recover(project, out, waiting)
    return out


def _refuse_to_replace(project: Path, out: Path) -> None:
    """Raise click.BadParameter when `out` is or holds the project, or lies in its source/ or templates/."""
    inside = out.resolve()
    for kept in (project.resolve(), (project / "source").resolve(), (project / "templates").resolve()):
        if kept == inside or kept.is_relative_to(inside) or (kept != project.resolve() and inside.is_relative_to(kept)):
            raise click.BadParameter(f"{out} is or holds the project itself; name another folder", param_hint="--out")
