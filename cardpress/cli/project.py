"""Opens the project that a command works on: its option, and the checks of its folders."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


class _ProjectFolder(click.Path):
    """A folder. Of a file in a project, it names the project."""

    def __init__(self) -> None:
        super().__init__(exists=True, file_okay=False, path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Return the path. Raises click.BadParameter when there is no such folder."""
        if Path(value).is_file() and (project := find_project_around(Path(value))):
            self.fail(f"{value} is a file; did you mean `--project {project}`?", param, ctx)
        return super().convert(value, param, ctx)


PROJECT = click.option(
    "--project",
    type=_ProjectFolder(),
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


def open_project(project: Path, out: Path | None = None) -> Path:
    """Check a project's folders, wait for a release that is at work, and return the folder for the outputs.

    Raises click.UsageError when there is no source/ folder, click.BadParameter when the outputs would replace the
    project, or go through one of its links.
    """
    from cardpress.publish.recovery import wait_for_release  # which help and completion do not need

    require_source(project)
    out = out or project / "dist"
    _refuse_to_replace(project, out)
    _refuse_links(project, out)
    wait_for_release(project)
    return out


def require_source(project: Path) -> None:
    """Raise click.UsageError when there is no source/ folder."""
    if not (project / "source").is_dir():
        meant = find_project_around(project)
        others = "name the deck's with --project, or make a new deck: `cardpress init my-deck`"
        hint = f"did you mean `--project {meant}`?" if meant else others
        raise click.UsageError(f"there is no source/ folder in {project.resolve()}; {hint}")


def find_project_around(path: Path) -> Path | None:
    """Return the project whose source/ folder a path names or is in, in few words; None when it is in none."""
    whole = Path(os.path.normpath(path.absolute()))
    inside = next((each for each in (whole, *whole.parents) if each.name == "source"), None)
    if inside is None or not (inside / "deck.yaml").is_file():
        return None
    named = (*path.parents, Path(".."), Path("../.."))
    return next((each for each in named if Path(os.path.normpath(each.absolute())) == inside.parent), inside.parent)


def _refuse_to_replace(project: Path, out: Path) -> None:
    """Raise click.BadParameter when `out` is or holds the project, or lies in its source/ or templates/."""
    inside = out.resolve()
    for kept in (project.resolve(), (project / "source").resolve(), (project / "templates").resolve()):
        if kept == inside or kept.is_relative_to(inside) or (kept != project.resolve() and inside.is_relative_to(kept)):
            raise click.BadParameter(f"{out} is or holds the project itself; name another folder", param_hint="--out")


def _refuse_links(project: Path, out: Path) -> None:
    """Raise click.BadParameter when `out` is in the project and there is a link on the way, which may lead anywhere."""
    place = Path(os.path.normpath(out.absolute()))
    for top in (Path(os.path.normpath(project.absolute())), project.resolve()):
        if place.is_relative_to(top):
            ways = (top / part for part in _list_ways(place.relative_to(top)))
            if link := next((way for way in ways if way.is_symlink()), None):
                raise click.BadParameter(f"{link} is a link; name the folder itself", param_hint="--out")


def _list_ways(path: Path) -> list[Path]:
    return [way for way in (*reversed(path.parents), path) if way.parts]  # the project itself may be a link
