"""Finds the package of the last release, by its digest in the history."""

from __future__ import annotations

from contextlib import suppress

from cardpress.history.digests import digest_file
from cardpress.history.records import History
from cardpress.pipeline import FindPackage, Options
from cardpress.publish.kept_package import read_package
from cardpress.release import git
from cardpress.release.refusals import RefusedError


def find_released_package(options: Options, history: History, deck_id: str) -> bytes | None:
    """Return the last release's package from dist/ or from any commit; None when it is in neither.

    Raises GitError when git cannot look for it.
    """
    here = read_package(options.out, deck_id, history.last)
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
    except git.GitError as error:
        why = f"git cannot look for the package of {history.last.version} ({error})"
        raise RefusedError(f"{why}; mend that, or name the package with --from") from error
    if data is None:
        where = f"neither {options.out / f'{deck_id}.apkg'} nor any commit"
        raise RefusedError(f"{where} has the package of {history.last.version}; name it with --from")
    return data
