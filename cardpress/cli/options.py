"""What commands share: options that several have, and folders that none may take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def options(*decorators: Callable[[Any], Any]) -> Callable[[Command], Command]:
    """Give a command several options, in this order."""

    def decorate(command: Command) -> Command:
        for option in reversed(decorators):
            command = option(command)
        return command

    return decorate


def require_source(project: Path) -> None:
    """Refuse a folder that is no project."""
    if not (project / "source").is_dir():
        raise click.UsageError(f"there is no source/ folder in {project.resolve()}; name the deck's with --project")


def safe_out(project: Path, out: Path) -> Path:
    """Refuse a folder that holds the project or its source: building would replace it."""
    inside = out.resolve()
    for kept in (project.resolve(), (project / "source").resolve(), (project / "templates").resolve()):
        if kept == inside or kept.is_relative_to(inside) or (kept != project.resolve() and inside.is_relative_to(kept)):
            raise click.BadParameter(f"{out} is or holds the project itself; name another folder", param_hint="--out")
    return out
