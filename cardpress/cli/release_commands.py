"""The commands `diff`, `rehearse` and `release`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from cardpress.cli.cache import find_cache
from cardpress.cli.console import Console, report, say
from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.program import Command
from cardpress.cli.project import PROJECT, combine_options, open_project, require_source
from cardpress.cli.rehearsal_table import write_table
from cardpress.cli.reports import find_folder, name_project
from cardpress.cli.words import OneOf
from cardpress.diagnostics import has_errors
from cardpress.diagnostics.reports.text import summarize
from cardpress.disk.reading import MAX_PACKAGE_BYTES, Refusal, UnreadableError, read_file
from cardpress.history.records import FIRST_YEAR
from cardpress.history.versions import LONGEST, VERSION
from cardpress.progress import stage
from cardpress.wording import join_words, say_count

if TYPE_CHECKING:
    from cardpress.pipeline import Options
    from cardpress.release.make import Outcome
    from cardpress.release.rehearsal import Row

_SHARED = combine_options(
    PROJECT,
    click.option(
        "--out",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Where the last release is.  [default: dist/ in the project]",
    ),
)
_FROM = click.option(
    "--from",
    "old_package",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The package that learners have.  [default: the last release's, in dist/ or in any commit]",
)

# The names of those who import, in `cardpress/release/learners.py`, as they are typed.
_WAYS = ("default", "merge", "ankiconnect")
# What each of them does in a rehearsal, but for personal fields.
_STEPS = 5


def _options(project: Path, out: Path, only: tuple[str, ...] | None = None, *, strict: bool = False) -> Options:
    from cardpress.pipeline import Options

    return Options(project, out, only, strict=strict, jobs=os.cpu_count() or 1, cache=find_cache())


@contextmanager
def _refusals(named: Path | None = None) -> Iterator[None]:
    """End the command with a message of one line when it is refused or Anki cannot import a package.

    `named` is the package that the user named with --from.
    """
    from cardpress.anki.package import PackageError
    from cardpress.release.refusals import RefusedError

    try:
        yield
    except RefusedError as refusal:
        _refuse(*str(refusal).splitlines())
    except PackageError as error:
        if named is None:
            _refuse(f"the released package cannot be used: {error}; name another with --from")
        raise click.BadParameter(f"{named} cannot be used: {error}", param_hint="--from") from error


def _read_package(path: Path) -> bytes:
    """Return the bytes of the package that the user named, wherever it is, once it is known that it can be read."""
    from cardpress.anki.package import read_package

    try:
        data = read_file(path, Path(path.absolute().anchor), MAX_PACKAGE_BYTES)
        with _refusals(path):
            read_package(data)
        return data
    except UnreadableError as error:
        why = f"it has more than {MAX_PACKAGE_BYTES:,} bytes" if error.reason is Refusal.TOO_LARGE else "it is no file"
        raise click.BadParameter(f"{path} cannot be read: {why}", param_hint="--from") from error


@click.command(
    cls=Command,
    short_help="What changed since the last release, in a learner's words.",
    epilog="Example: cardpress diff --fields --format markdown",
)
@_SHARED
@click.option("--fields", is_flag=True, help="Name the fields of each note that changed, with the old and new text.")
@click.option(
    "--format",
    "diff_format",
    type=OneOf(["json", "markdown", "text"]),
    default="text",
    show_default=True,
    help="How to write it: for programs, for a changelog, for people.",
)
def diff(*, project: Path, out: Path | None, fields: bool, diff_format: str) -> None:
    """Say what changed since the last release, and what it means for those who have it."""
    from cardpress.anki.package import PackageError, read_package
    from cardpress.pipeline import load_and_check, render_deck
    from cardpress.release.change_reports import FORMATS
    from cardpress.release.changes import add_texts, find_changes
    from cardpress.release.git import GitError
    from cardpress.release.released_package import find_released_package, make_finder

    settings = _options(project, open_project(project, out))
    why = ""
    with Console(stages=3) as console:
        with stage(console, "check"):
            bank, result = load_and_check(project, find_package=make_finder(settings))
        if result.failed(strict=False):
            console.stop()
            report(result.diagnostics, project)
            sys.exit(ExitStatus.PROBLEMS)
        with stage(console, "render"):
            deck = render_deck(bank, settings)
        with stage(console, "compare"):
            found = find_changes(deck, bank.history)
            if fields and bank.history:
                # Without the old package, the fields that changed are named alone.
                try:
                    old = find_released_package(settings, bank.history, deck.id)
                    found = add_texts(found, deck, read_package(old)) if old else found
                except GitError:
                    pass
                except PackageError as error:
                    why = f"cardpress: the package of {bank.history.last.version} cannot be read: {error}"
    if why:
        say(why, to_stderr=True)
    say(FORMATS[diff_format](found, fields=fields), ends_line=False)


@click.command(
    "rehearse",
    cls=Command,
    short_help="Import an update over a studied release, in the real Anki.",
    epilog="Example: cardpress rehearse --from ~/Downloads/my-deck.apkg",
)
@_SHARED
@_FROM
@click.option(
    "--as",
    "ways",
    type=OneOf(_WAYS, is_case_sensitive=False),
    multiple=True,
    help="How the learner imports: as Anki's dialog proposes, with note types merged, or as AnkiConnect does, which "
    "`push` uses; more than once for several.  [default: all of them]",
)
def rehearse_update(*, project: Path, out: Path | None, old_package: Path | None, ways: tuple[str, ...]) -> None:
    """Study the last release in the real Anki, import what the source makes now, and fail if anything is lost."""
    from cardpress.pipeline import load_and_check, render_deck, write_artifacts
    from cardpress.release.learners import LEARNERS
    from cardpress.release.real_anki import require_anki
    from cardpress.release.refusals import refuse_other_package
    from cardpress.release.rehearsal import find_text_update, name_notes, rehearse
    from cardpress.release.released_package import make_finder, require_released_package

    settings = _options(project, open_project(project, out), ("apkg",))
    old = _read_package(old_package) if old_package else None
    steps = _STEPS * len(ways or _WAYS)
    with _refusals(old_package), Console(stages=2, guess=1 + steps) as console:
        with stage(console, "check"):
            bank, result = load_and_check(project, find_package=make_finder(settings, old))
        if not result.failed(strict=False):
            require_anki()
            with stage(console, "render"):
                deck = render_deck(bank, settings)
            outputs = bank.choose_outputs()
            wanted = tuple(each for each in ("apkg", "csv") if each == "apkg" or each in outputs)
            settings = replace(settings, only=wanted)
            result = write_artifacts(deck, settings, console, bank.checks, result.diagnostics)
        if result.failed(strict=False):
            console.stop()
            report(result.diagnostics, project)
            sys.exit(ExitStatus.PROBLEMS)
        new = next(artifact.data for artifact in result.artifacts if artifact.name.endswith(".apkg"))
        if old is None and bank.history:
            old = require_released_package(settings, bank.history, deck.id)
        if old is not None:
            refuse_other_package(old, deck, bank.history)
        learners = [each for each in LEARNERS if not ways or each.name.lower() in ways]
        rows = rehearse(old, new, name_notes(deck), find_text_update(deck, result.artifacts), learners, console)
    if old_package:
        say(f"{old_package} was studied, and this build imported over it:")
    elif bank.history:
        say(f"{bank.history.last.version} was studied, and this build imported over it:")
    else:
        say("nothing was released yet: this build was studied, and imported over itself:")
    sys.exit(_show(rows))


@click.command(
    "release",
    cls=Command,
    short_help="Check, rehearse and release a version, all or nothing.",
    epilog="Example: cardpress release 1.1.0 --date 2026-12-01",
)
@PROJECT
@_FROM
@click.argument("version", required=False)
@click.option("--date", "day", metavar="YYYY-MM-DD", help="The version's day.  [default: today, UTC]")
@click.option("--allow-dirty", is_flag=True, help="Release although there are changes that are not committed.")
@click.option("--strict", is_flag=True, help="Let warnings refuse it, too.")
@click.option(
    "--recover", "is_recovery", is_flag=True, help="End a release that was interrupted, or take it back; nothing else."
)
@click.option(
    "--merge", "is_merge", is_flag=True, help="Merge the histories of two branches that both released; nothing else."
)
def release_version(
    *,
    project: Path,
    old_package: Path | None,
    version: str | None,
    day: str | None,
    allow_dirty: bool,
    strict: bool,
    is_recovery: bool,
    is_merge: bool,
) -> None:
    """Release VERSION: artifacts in dist/, history and changelog are written together, or nothing is."""
    from cardpress.publish.recovery import DIST
    from cardpress.release.change_reports import summarize as summarize_changes
    from cardpress.release.make import Request, make_release
    from cardpress.release.rehearsal import OWN_WORDS_KEPT

    if is_recovery or is_merge:
        if version or day or old_package or allow_dirty or strict or (is_recovery and is_merge):
            option = "--recover" if is_recovery else "--merge"
            raise click.UsageError(f"{option} does nothing else; give it alone, or with --project")
        sys.exit(_recover(project) if is_recovery else _merge(project))
    if not version:
        raise click.UsageError("name the version, such as `release 1.1.0`")
    if not VERSION.fullmatch(version):
        bare = version.lstrip("vV")
        hint = f"; write {bare}" if VERSION.fullmatch(bare) else ""
        raise click.BadParameter(f"{version} is not a semantic version such as 1.1.0{hint}", param_hint="VERSION")
    if len(version) > LONGEST:
        raise click.BadParameter(f"a version has at most {LONGEST} characters", param_hint="VERSION")
    now = datetime.now(UTC)
    released_on = _day(day or now.date().isoformat())
    # Tomorrow in UTC+14, where a day begins first.
    latest = (now + timedelta(hours=14, days=1)).date().isoformat()
    if released_on > latest:
        _refuse(f"{released_on} is in the future, and no release may come before it; take a day up to {latest}")
    old = _read_package(old_package) if old_package else None
    require_source(project)
    # Check, render, date, publish; then the writers of most decks, and the rehearsal.
    with _refusals(old_package), Console(stages=4, guess=4 + _STEPS * len(_WAYS)) as console:
        settings = _options(project, project / DIST, strict=strict)
        outcome = make_release(Request(settings, version, released_on, old, allow_dirty), console)
    report(outcome.diagnostics, project)
    if outcome.is_interrupted:
        sys.exit(ExitStatus.PROBLEMS)
    if outcome.rehearsal:
        _show(outcome.rehearsal)
    if not outcome.released or outcome.changes is None:
        why = _why(outcome)
        if why.endswith(f"({OWN_WORDS_KEPT})") and released_on > now.date().isoformat():
            why += f": until {released_on} begins (UTC), Anki takes the package for newer than the text file"
            why += f"; take a day up to {now.date().isoformat()}"
        _refuse(*outcome.reasons, f"{why}; nothing was released; every file is as it was")
    say(f"released {version}: {summarize_changes(outcome.changes)}")
    if outcome.changes.is_empty:
        say(f"nothing changed for learners in Anki: who has {outcome.changes.before} need not import it")
    _say_next(outcome, project)
    _ask_to_commit(project)


def _say_next(outcome: Outcome, project: Path) -> None:
    """Say what is to be done after a release, beside committing it."""
    if outcome.is_from_crowdanki:
        say("who has the deck from CrowdAnki imports dist/crowdanki/: put what is in it where they import from")
    if outcome.has_unnamed_rows:
        step = "there are rows without an id: run `cardpress ids`, which writes down those that were released"
        say(name_project(step, project))


def _recover(project: Path) -> ExitStatus:
    from cardpress.publish.recovery import recover
    from cardpress.publish.transaction import Outcome as Recovery
    from cardpress.release.refusals import refuse_second

    require_source(project)
    with _refusals():
        done = recover(project, refuse_second)
    said = {
        Recovery.FINISHED: "the interrupted release is finished",
        Recovery.UNDONE: "the interrupted release is taken back; every file is as before it",
        None: "no release was interrupted here",
    }
    say(said[done])
    if done is Recovery.FINISHED:
        _ask_to_commit(project)
    return ExitStatus.CLEAN


def _ask_to_commit(project: Path) -> None:
    """Say that a release is to be committed, or what to keep of it where no git does."""
    from cardpress.publish.recovery import DIST, HISTORY
    from cardpress.release import git

    with suppress(git.GitError):
        if not git.has_repository(project):
            paths = [f"{folder}/{name}" if (folder := find_folder(project)) else name for name in (f"{DIST}/", HISTORY)]
            say(f"keep {join_words(paths)}: without git, the next release needs both as they are")
        elif git.find_changes(project, project / DIST):
            folder = find_folder(project)
            say(f"commit it now{f', in {folder}' if folder else ''}: until then, the next release is refused")


def _merge(project: Path) -> ExitStatus:
    from cardpress.publish.recovery import DECK
    from cardpress.release.merge import merge_histories

    require_source(project)
    with _refusals():
        merged, commit = merge_histories(project)
    last = merged.history.last
    versions = join_words([release.version for release in merged.history.releases])
    say(f"source/history.json has the releases of both sides: {versions}")
    for version, renamed in merged.twins.items():
        say(f"there are two releases {version}: the later one is {renamed} here")
    for note_id, numbers in merged.torn.items():
        cards = join_words([f"c{number}" for number in numbers])
        why = f"`{note_id}`: each side hides something else under {cards}, and for learners of one it changes"
        say(f"{why}; where that is another question, retire the note and write new ones")
    for note_id in merged.homonyms:
        why = f"`{note_id}`: each side has a new note of this id, which asks something else, and for learners of one it"
        say(f"{why} changes; retire it, and write both under new ids")
    for note_id, version in merged.retyped.items():
        why = f"`{note_id}`: it is of another note type on each side, and Anki updates no such note for learners of one"
        say(f"{why}; keep it as it is in {version}, and write what the other side has under a new id")
    for kind, card in merged.cards:
        why = f"card `{card}` of the note type {kind} asks something else on each side, and for learners of one it"
        say(f"{why} changes; keep it as one side has it, and declare that of the other as a new card")
    # Files that git merged without a conflict, and those that the other side alone has, are of no release, too.
    say(name_project(f"take dist/ of the last one: `git checkout --no-overlay {commit} -- dist`", project))
    deck = "/".join(filter(None, (find_folder(project), DECK)))
    say(
        f"settle version {last.shipped_version} and date {last.date} in {deck} and what else git "
        "names, commit it all, and release"
    )
    return ExitStatus.CLEAN


def _why(outcome: Outcome) -> str:
    """Return why a release was not made: what `check` found, or what the rehearsal did."""
    broken = [row.promise for row in outcome.rehearsal if row.broken]
    if broken:
        return f"an update would break {say_count(len(broken), 'promise')} ({', '.join(broken)})"
    return summarize(outcome.diagnostics) + ("" if has_errors(outcome.diagnostics) else ", which --strict refuses")


def _refuse(*reasons: str) -> NoReturn:
    project: Path = click.get_current_context().params["project"]
    for why in reasons:
        say(f"refused: {name_project(why, project)}", to_stderr=True)
    sys.exit(ExitStatus.PROBLEMS)


def _day(value: str) -> str:
    try:
        day = date.fromisoformat(value)
        if day.isoformat() == value and day.year >= FIRST_YEAR:
            return value
    except ValueError:
        pass
    raise click.BadParameter(f"{value} is not a day from {FIRST_YEAR} on, such as 2026-12-01", param_hint="--date")


def _show(rows: Sequence[Row]) -> ExitStatus:
    """Print a rehearsal as a table. Return PROBLEMS when a promise was broken, otherwise CLEAN."""
    for line in write_table(rows):
        say(line)
    return ExitStatus.PROBLEMS if any(row.broken for row in rows) else ExitStatus.CLEAN
