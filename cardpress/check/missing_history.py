"""What a history lacks, from released packages: names and deletions, which its first format does not have.

Where there is no history at all, a package that a build has kept says that there was a release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from cardpress.check.released import has_other_id
from cardpress.diagnostics import Diagnostic, Span
from cardpress.disk.reading import resolve_inside
from cardpress.history import records
from cardpress.history.records import History
from cardpress.publish import kept_package
from cardpress.publish.recovery import DIST
from cardpress.source.bank import Bank, DeckInfo, Trace
from cardpress.source.files import Folder

# Returns the package of a history's last release, by the deck's id; None when it is nowhere to be found.
FindPackage = Callable[[History, str], bytes | None]


def complete_history(
    bank: Bank, project: Path, find_package: FindPackage | None
) -> tuple[Bank, tuple[Diagnostic, ...]]:
    """Return the bank with what its history lacks; and the problem, when that is nowhere to be found.

    Where `find_package` is None, the package of the last release is looked for in the project's dist/.
    """
    history, info = bank.history, bank.info
    if info is None:
        return bank, ()
    if history is None:
        if not bank.traces and records.NAME not in Folder.of(project / "source", "source", project).names(".json"):
            bank = replace(bank, traces=tuple(islice(_find_kept(project, info), 1)))
        return bank, ()
    if history.deck is not None or has_other_id(history, info):
        return bank, ()
    from cardpress.anki.first_format import complete  # only old histories need it
    from cardpress.anki.package import PackageError, read_package

    data = (find_package or _make_finder(project))(history, info.id.value)
    try:
        package = read_package(data) if data is not None else None
    except PackageError:  # a stranger's: no build makes such a one
        package = None
    if package is None:
        return bank, (_report_missing_package(history, info.id.value),)
    return replace(bank, history=complete(history, bank, info, package)), ()


def _make_finder(project: Path) -> FindPackage:
    dist = resolve_inside(project / DIST, project)
    return lambda history, deck_id: kept_package.read_package(dist, deck_id, history.last) if dist else None


def _find_kept(project: Path, info: DeckInfo) -> Iterator[Trace]:
    """Yield a trace for each package of a release of this deck that a build has kept in dist/."""
    dist = resolve_inside(project / DIST, project)
    for name, version, data in kept_package.read_kept(dist) if dist else ():
        from cardpress.anki.first_format import is_package_of  # only where a package was kept

        if is_package_of(info.id.value, data):
            yield Trace(Span.of_file(f"{DIST}/{name}"), version)


def _report_missing_package(history: History, deck_id: str) -> Diagnostic:
    """Return the problem that a history of the first format lacks what only the released package still has."""
    last = history.last.version
    message = (
        f"this old history lacks names in Anki and cloze deletions, and dist/ has no package of {last}, which has them"
    )
    help_line = (
        f"put that package back, such as with `git checkout -- dist/{deck_id}.apkg`, or copy it to "
        f"dist/.released-{last}.apkg; the next release writes all that it is needed for"
    )
    return Diagnostic("released-package-missing", history.place("version", last), message, help_line)
