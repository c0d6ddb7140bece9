"""Finds the package of the last release, by its digest in the history."""

from __future__ import annotations

from contextlib import suppress

from cardpress.check.missing_history import FindPackage
from cardpress.history.digests import digest_file
from cardpress.history.records import History
from cardpress.pipeline import Options
from cardpress.publish.kept_package import read_package
from cardpress.publish.recovery import DIST
from cardpress.release import git
from cardpress.release.refusals import RefusedError


def find_released_package(options: Options, history: History, deck_id: str) -> bytes | None:
    """Return the last release's package from the output folder, from dist/ or from any commit; None when it is nowhere.

    Raises GitError when git cannot look for it.
    """
    for folder in dict.fromkeys((options.out, options.project / DIST)):
        here = read_package(folder, deck_id, history.last)
        if here is not None:
            return here
    committed = git.read_versions(options.project, f"{deck_id}.apkg")
    return next((data for data in committed if digest_file(data) == history.last.package), None)


def make_finder(options: Options, given: bytes | None = None) -> FindPackage:
    """Return a function that finds the last release's package: the one that was given, or as above."""

    def find(history: History, deck_id: str) -> bytes | None:
        if given is not None and digest_file(given) == history.last.package:
            return given
        with suppress(git.GitError):
            return find_released_package(options, history, deck_id)
        return None

    return find


def require_released_package(options: Options, history: History, deck_id: str) -> bytes:
    """Return the last release's package. Raises RefusedError when it is in neither dist/ nor any commit."""
    try:
        data = find_released_package(options, history, deck_id)
        is_shallow = data is None and git.is_shallow(options.project)
    except git.GitError as error:
        why = f"git cannot look for the package of {history.last.version} ({error})"
        raise RefusedError(f"{why}; mend that, or name a copy of it with --from") from error
    if data is None:
        where = f"neither {options.out}/ nor any commit has the package of {history.last.version}"
        more = "run `git fetch --unshallow`, since this clone lacks older commits, or " if is_shallow else ""
        raise RefusedError(f"{where}; {more}name a copy of it, such as the one that you handed out, with --from")
    return data
