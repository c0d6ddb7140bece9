"""A release: checked, rehearsed, and then written as one, artifacts, history and changelog together, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cardpress.deck.cache import digest
from cardpress.deck.notes import Artifact
from cardpress.diagnostics import Diagnostic
from cardpress.history.records import NAME, History, Release, to_text
from cardpress.pipeline import Options, Progress, folder_contents, load_and_check, render_deck, write_artifacts
from cardpress.publish import transaction
from cardpress.publish.dist import recover as put_back
from cardpress.publish.dist import refuse_clashes
from cardpress.publish.lock import hold_lock
from cardpress.publish.manifest import list_published
from cardpress.release.changes import Changes, find_changes
from cardpress.release.documents import (
    extend_history,
    set_release,
    update_changelog,
    update_deck_yaml,
    write_release_notes,
)
from cardpress.release.refusals import RefusedError, refuse_dirty, refuse_order, refuse_small_step
from cardpress.release.rehearsal import Row, rehearse
from cardpress.release.released_package import find_released_package
from cardpress.source.bank import DeckInfo

NOTES = "RELEASE_NOTES.md"
_CHANGELOG = "CHANGELOG.md"


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be released, from where, as what."""

    options: Options
    version: str
    date: str
    old_package: bytes | None = None
    allow_dirty: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: problems that stopped it, or what changed and how the rehearsal went."""

    diagnostics: tuple[Diagnostic, ...] = ()
    changes: Changes | None = None
    rehearsal: tuple[Row, ...] = ()

    @property
    def released(self) -> bool:
        """Tell whether the release was made."""
        return self.changes is not None and not any(row.broken for row in self.rehearsal)


def make_release(request: Request, progress: Progress) -> Outcome:
    """Make a release, or leave every file as it was. Raises RefusedError where the request itself is wrong."""
    source = request.options.project / "source"
    with hold_lock(source, _refuse_second):
        transaction.recover(request.options.project, alone=True)
        put_back(request.options.out)
        return _release(request, progress)


def _refuse_second() -> None:
    raise RefusedError("another release of this project is at work")


def _release(request: Request, progress: Progress) -> Outcome:
    options = request.options
    if not request.allow_dirty:
        refuse_dirty(options)
    source = digest_source(options.project)
    bank, result = load_and_check(options.project)
    if result.diagnostics or bank.info is None:
        return Outcome(result.diagnostics)
    refuse_order(bank.history, request.version, request.date)
    info = set_release(bank.info, request.version, request.date)
    bank = replace(bank, info=info)
    deck = render_deck(bank, options)
    found = find_changes(deck, bank.history)
    refuse_small_step(bank.history, found, request.version)
    # The source's digest and the package's come last: nothing that ships depends on them.
    history = extend_history(bank.history, deck, Release(request.version, request.date, "", ""))
    deck = render_deck(replace(bank, history=history), options)
    made = write_artifacts(deck, options, progress)
    if made.diagnostics:
        return Outcome(made.diagnostics)
    new = next(artifact.data for artifact in made.artifacts if artifact.name == f"{deck.id}.apkg")
    old = request.old_package or (released_package(options, bank.history, deck.id) if bank.history else None)
    progress.start("rehearse")
    outcome = Outcome((), found, rehearse(old, new))
    progress.end("rehearse")
    if outcome.released:
        if digest_source(options.project) != source:
            raise RefusedError("source/ was changed while it was being released; release it again")
        _commit(request, made.artifacts, history, info, new, found)
    return outcome


def released_package(options: Options, history: History, deck_id: str) -> bytes:
    """Return the package of the last release. Raises RefusedError when it is nowhere."""
    data = find_released_package(options.out, history, deck_id)
    if data is None:
        path = options.out / f"{deck_id}.apkg"
        raise RefusedError(f"{path} is not the package of {history.last.version}; name that with --from")
    return data


def digest_source(project: Path, instead: Mapping[str, bytes] | None = None) -> str:
    """Give a digest of source/ but for its history, with some files' contents taken as given."""
    contents = dict(folder_contents(project / "source")) | dict(instead or {})
    return digest(part for name, data in sorted(contents.items()) if name != NAME for part in (name.encode(), data))


def _commit(
    request: Request,
    artifacts: tuple[Artifact, ...],
    history: History,
    info: DeckInfo,
    package_data: bytes,
    found: Changes,
) -> None:
    project, out, version, date = request.options.project, request.options.out, request.version, request.date
    refuse_clashes(artifacts, out)
    new_deck_yaml = update_deck_yaml(info)
    sources = digest_source(project, {"deck.yaml": new_deck_yaml})
    this = Release(version, date, sources, hashlib.sha256(package_data).hexdigest())
    log = project / _CHANGELOG
    gone = list_published(out) - {artifact.name for artifact in artifacts}
    contents: dict[Path, bytes | None] = {
        **{out / name: None for name in sorted(gone) if (out / name).is_file()},
        **{out / artifact.name: artifact.data for artifact in artifacts},
        out / NOTES: write_release_notes(version, date, found),
        project / "source" / NAME: to_text(replace(history, releases=(*history.releases[:-1], this))).encode(),
        project / "source" / "deck.yaml": new_deck_yaml,
        log: update_changelog(log.read_bytes() if log.exists() else None, version, date, found),
    }
    transaction.commit(project, contents)
