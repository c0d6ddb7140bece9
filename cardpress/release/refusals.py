"""What a release is refused for before any work is done: its version, its day, and what is not committed."""

from __future__ import annotations

from typing import NoReturn

from cardpress.history.records import History
from cardpress.history.versions import rank, step
from cardpress.pipeline import Options
from cardpress.release import git
from cardpress.release.changes import Changes

_WHY = {
    "major": "a retired note or another card design wants",
    "minor": "new notes want",
    "patch": "a release wants",
}


class RefusedError(Exception):
    """The release would break a promise; the message says which, and what to do."""


def refuse_second() -> NoReturn:
    """Refuse to release while another release is at work."""
    raise RefusedError("another release of this project is at work")


def refuse_dirty(options: Options) -> None:
    """Refuse to release what nobody could find in git afterwards."""
    try:
        path = git.find_first_change(options.project, options.out)
    except git.GitError as error:
        raise RefusedError(f"git cannot tell what is committed ({error}); mend that, or add --allow-dirty") from error
    if path:
        raise RefusedError(f"there are changes that are not committed ({path}); commit them, or add --allow-dirty")


def refuse_order(history: History | None, version: str, date: str) -> None:
    """Refuse a version or a day that does not come after the last release."""
    if history is None:
        return
    last = history.last
    if rank(version) <= rank(last.version):
        raise RefusedError(f"{version} does not come after {last.version}, the last release")
    if date < last.date:
        raise RefusedError(f"{date} is before {last.date}, the day of the last release")


def refuse_small_step(history: History | None, found: Changes, version: str) -> None:
    """Refuse a version that promises less change than there is."""
    if history is None:
        return
    least = step(history.last.version, found.size)
    if rank(version) < rank(least) and not version.startswith(f"{least}-"):
        raise RefusedError(f"{version} is too small a step: {_WHY[found.size]} {least} or more")
