"""Makes a release: checks it, rehearses it, then writes artifacts, history and changelog together or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cardpress.deck.notes import Deck
from cardpress.diagnostics import Diagnostic
from cardpress.disk.reading import Refusal, UnreadableError, read_file
from cardpress.history.digests import digest_file
from cardpress.history.records import NOT_YET, History, Release, find_moment, to_text
from cardpress.pipeline import Options, load_and_check, look_at_inputs, render_deck, say_waiting, write_artifacts
from cardpress.progress import Progress, stage
from cardpress.publish.artifact import Artifact
from cardpress.publish.dist import mend, publish
from cardpress.publish.kept_package import list_kept
from cardpress.publish.lock import hold_lock
from cardpress.publish.recovery import DECK, HISTORY, JOURNAL, SCHEMA, find_interrupted
from cardpress.release.changes import Changes, find_changes
from cardpress.release.documents import (
    extend_history,
    set_release,
    update_changelog,
    update_deck_yaml,
    write_release_notes,
)
from cardpress.release.lost_history import find_lost_history
from cardpress.release.real_anki import require_anki
from cardpress.release.refusals import (
    RefusedError,
    list_reasons,
    refuse_behind_previews,
    refuse_dirty,
    refuse_exchanged,
    refuse_links,
    refuse_order,
    refuse_other_package,
    refuse_second,
    refuse_small_step,
    refuse_unknown_past,
    refuse_unreadable,
    refuse_without_package,
)
from cardpress.release.rehearsal import Row, find_text_update, name_notes, rehearse
from cardpress.release.released_package import make_finder, require_released_package
from cardpress.release.source_schema import renew_schema
from cardpress.source.bank import DeckInfo
from cardpress.source.contents import CHANGELOG, digest_source
from cardpress.source.traces import NOTES


@dataclass(frozen=True, slots=True)
class Request:
    """A release that is asked for. `old_package` is the package that learners have, None for the last release's."""

    options: Options
    version: str
    date: str
    old_package: bytes | None = None
    allow_dirty: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a release went: the problems found, what changed and the rows of the rehearsal.

    Without changes it was the problems that stopped it, and whatever else is in `reasons`. When an earlier release was
    interrupted, that is the only problem: what is true of half of the files says nothing. Rows without an id were
    released with one that was made, and are to have it written down.
    """

    diagnostics: tuple[Diagnostic, ...] = ()
    changes: Changes | None = None
    rehearsal: tuple[Row, ...] = ()
    reasons: tuple[str, ...] = ()
    is_interrupted: bool = False
    has_unnamed_rows: bool = False
    is_from_crowdanki: bool = False

    @property
    def released(self) -> bool:
        """Return whether the release was made."""
        return self.changes is not None and not any(row.broken for row in self.rehearsal)


def make_release(request: Request, progress: Progress) -> Outcome:
    """Make a release, or leave every file as it was.

    Raises RefusedError when the release is refused, and ModuleNotFoundError when there is no Anki to rehearse it in.
    """
    refuse_links(request.options.project)
    with hold_lock(request.options.project / "source", refuse_second):
        return _release(request, progress)


def _release(request: Request, progress: Progress) -> Outcome:
    options = request.options
    if interrupted := find_interrupted(options.project):
        return Outcome((interrupted,), is_interrupted=True)
    mend(options.out, partial(say_waiting, options, progress))
    before = look_at_inputs(options)
    with stage(progress, "check"):
        bank, result = load_and_check(options.project, find_package=make_finder(options, request.old_package))
    # This release renews it.
    result = replace(result, diagnostics=tuple(each for each in result.diagnostics if each.code != "stale-schema"))
    reasons = list_reasons(
        *(() if request.allow_dirty else (lambda: refuse_dirty(options),)),
        lambda: refuse_order(bank.history, request.version, request.date),
        lambda: refuse_without_package(bank, options),
    )
    if result.failed(strict=options.strict) or bank.info is None:
        return Outcome(result.diagnostics, reasons=reasons)
    if bank.history is None and (lost := find_lost_history(options.project, bank.info.id.value)):
        return Outcome((*result.diagnostics, lost), reasons=reasons)
    if bank.history is None:
        refuse_unknown_past(options.project)
    if reasons:
        raise RefusedError("\n".join(reasons))
    require_anki()
    info = set_release(bank.info, request.version, request.date)
    bank = replace(bank, info=info)
    with stage(progress, "render"):
        deck = render_deck(bank, options)
        found = find_changes(deck, bank.history)
    refuse_exchanged(found)
    refuse_small_step(bank.history, found, request.version)
    # The digests of source and package are filled in last, by `_commit`: nothing that ships depends on them.
    moment = find_moment(bank.history, request.date)
    history = extend_history(bank.history, deck, Release(request.version, request.date, NOT_YET, NOT_YET, moment))
    refuse_unreadable(history)
    refuse_behind_previews(options, deck.id, bank.history, history)
    # Rendered again: with its own history, each note that changed gets the time of this release.
    with stage(progress, "date"):
        deck = render_deck(replace(bank, history=history), options)
    made = write_artifacts(deck, options, progress, bank.checks, result.diagnostics)
    if made.failed(strict=options.strict):
        return Outcome(made.diagnostics)
    new = next(artifact.data for artifact in made.artifacts if artifact.name == f"{deck.id}.apkg")
    old = request.old_package
    if old is None and bank.history:
        old = require_released_package(options, bank.history, deck.id)
    if old is not None:
        refuse_other_package(old, deck, bank.history)
    text = find_text_update(deck, made.artifacts)
    rows = rehearse(old, new, name_notes(deck), text, progress=progress)
    unnamed = any(section.table and section.table.unnamed for section in bank.sections)
    outcome = Outcome(
        made.diagnostics, found, rows, has_unnamed_rows=unnamed, is_from_crowdanki=_is_from_crowdanki(deck)
    )
    if outcome.released:
        if look_at_inputs(options) != before:
            raise RefusedError("source/ or templates/ was changed while it was being released; release it again")
        notes = _write_notes(request, deck, made.artifacts, found)
        with stage(progress, "publish"):
            _commit(request, progress, made.artifacts, history, info, new, found, notes, renew_schema(bank))
    return outcome


def _commit(
    request: Request,
    progress: Progress,
    artifacts: tuple[Artifact, ...],
    history: History,
    info: DeckInfo,
    package: bytes,
    found: Changes,
    notes: bytes,
    schema: bytes | None,
) -> None:
    # Resolved, so that the journal's paths are relative to the project wherever the command ran.
    project, out = request.options.project.resolve(), request.options.out.resolve()
    version, date = request.version, request.date
    new_deck_yaml = update_deck_yaml(info)
    sources = digest_source(project, {"deck.yaml": new_deck_yaml})
    this = replace(history.last, source=sources, package=digest_file(package))
    log = project / CHANGELOG
    beside = {
        project / HISTORY: to_text(replace(history, releases=(*history.releases[:-1], this))).encode(),
        project / DECK: new_deck_yaml,
        log: update_changelog(_read_changelog(project), info.id.value, version, date, found),
    }
    if schema is not None:
        beside[project / SCHEMA] = schema
    publish(
        artifacts,
        out,
        beside=beside,
        journal=project / JOURNAL,
        unlisted={NOTES: notes},
        drop=list_kept(out),
        waiting=partial(say_waiting, request.options, progress),
    )


def _write_notes(request: Request, deck: Deck, artifacts: tuple[Artifact, ...], found: Changes) -> bytes:
    personal = dict.fromkeys(field.name for each in deck.note_types for field in each.personal)
    text_file = next((each.name for each in artifacts if each.name == f"{deck.id}-update.csv"), "")
    return write_release_notes(
        deck.id,
        request.version,
        request.date,
        found,
        tuple(personal),
        text_file,
        for_crowdanki=_is_from_crowdanki(deck),
    )


def _is_from_crowdanki(deck: Deck) -> bool:
    """Return whether a deck was taken over from CrowdAnki, so that learners have it by that, and is made for it."""
    is_made = "crowdanki" in deck.outputs
    return is_made and any(each.anki is not None and each.anki.uuid for each in deck.note_types)


def _read_changelog(project: Path) -> bytes | None:
    try:
        return read_file(project / CHANGELOG, project)
    except UnreadableError as error:
        if error.reason is Refusal.MISSING:
            return None
        raise RefusedError(f"{CHANGELOG} is no file that can be read; put a text file there") from error
