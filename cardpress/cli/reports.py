"""Writes reports whose paths count from where the command runs, so that editors and code hosts find the files."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cardpress.cli.program import name_program
from cardpress.diagnostics import Diagnostic
from cardpress.diagnostics.moving import move_below
from cardpress.diagnostics.reports import REPORTS

# Commands that help lines tell to type.
_OURS = re.compile(r"`(cardpress [^`]+)`")
_GIT = re.compile(r"`git ((?:checkout|fetch|lfs|log) [^`]+)`")


def write_report(report_format: str, diagnostics: Sequence[Diagnostic], project: Path) -> str:
    """Return a report on a project's problems in one of the formats."""
    folder = find_folder(project)
    moved = move_below(folder, diagnostics)
    return REPORTS[report_format]([replace(each, help=_name_folder(each.help, folder)) for each in moved])


def name_project(text: str, project: Path) -> str:
    """Return a text whose commands in backticks, of git and our own, act on the project where they are typed."""
    return _name_folder(text, find_folder(project))


def _name_folder(text: str, folder: str) -> str:
    if not folder:
        return name_program(text)
    typed = shlex.quote(folder)
    if os.name == "nt":  # where no name has quotes
        typed = f'"{folder}"' if " " in folder else folder
    text = name_program(_OURS.sub(lambda found: f"`{found[1]} --project {typed}`", text))
    return _GIT.sub(lambda found: f"`git -C {typed} {found[1]}`", text)


def find_folder(project: Path) -> str:
    """Return the path of a project from the working directory, with forward slashes; empty for that directory itself.

    A project elsewhere has the path that it was named by.
    """
    here = Path.cwd()
    # What stands before a `..` may be a link that leads elsewhere.
    plain = Path(os.path.normpath(here / project))
    whole = plain if plain.exists() and plain.samefile(project) else here / project
    if ".." not in whole.parts:
        for path, folder in ((whole, here), (whole.resolve(), here.resolve())):
            if path.is_relative_to(folder):
                inside = path.relative_to(folder).as_posix()
                return "" if inside == "." else inside
    return Path(os.path.normpath(project) if whole is plain else project).as_posix()
