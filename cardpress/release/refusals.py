"""Reasons to refuse a release before it is made: its version, its date, what git and the last release say."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from cardpress.anki.package import read_package
from cardpress.anki.stamps import list_shipped
from cardpress.deck.notes import Deck
from cardpress.diagnostics import Diagnostic, SourceFile
from cardpress.history.digests import digest_file
from cardpress.history.previews import identify, to_preview_moment
from cardpress.history.records import NAME, History, parse, to_text
from cardpress.history.versions import rank, step
from cardpress.pipeline import Options
from cardpress.publish.preview_count import count_previews
from cardpress.publish.recovery import find_link
from cardpress.release import git
from cardpress.release.change_reports import tell_exchanged
from cardpress.release.changes import Changes
from cardpress.source.bank import Bank
from cardpress.wording import join_words, say_count

# Notes that are named, of those that have exchanged their ids.
_MOST_EXCHANGED = 20


class RefusedError(Exception):
    """The release is refused. Each line of the message says why, and what to do."""


def list_reasons(*refusals: Callable[[], object]) -> tuple[str, ...]:
    """Return the reasons of all of these that refuse a release."""
    reasons = []
    for refuse in refusals:
        try:
            refuse()
        except RefusedError as refusal:
            reasons.append(str(refusal))
    return tuple(reasons)


def refuse_second() -> NoReturn:
    """Raise RefusedError because another release is running."""
    raise RefusedError("another release of this project is at work")


def refuse_links(project: Path) -> None:
    """Refuse to write through links, which may lead anywhere."""
    if link := find_link(project):
        raise RefusedError(f"{link} is a link; put the file or folder itself there")


def refuse_without_package(bank: Bank, options: Options) -> None:
    """Raise RefusedError when no package is made: a release is the package that learners have, and its history."""
    if "apkg" not in bank.choose_outputs(options.only):
        place = bank.wanted.places.get("apkg")
        where = f" ({place.path}:{place.line})" if place else ""
        raise RefusedError(f"`outputs` switches the package off{where}, and a release is one; write `apkg: true`")


def refuse_dirty(options: Options) -> None:
    """Raise RefusedError when changes are not committed, since nobody could find that source in git afterwards."""
    try:
        paths = git.find_changes(options.project, options.out)
    except git.GitError as error:
        raise RefusedError(f"git cannot tell what is committed ({error}); mend that, or add --allow-dirty") from error
    if paths:
        which = f"{paths[0]} and {len(paths) - 1:,} more" if len(paths) > 1 else paths[0]
        raise RefusedError(f"there are changes that are not committed ({which}); commit them, or add --allow-dirty")


def refuse_order(history: History | None, version: str, date: str) -> None:
    """Raise RefusedError when the version is not higher, or the date is earlier, than the last release's."""
    if history is None:
        return
    last = history.last
    if rank(version) <= rank(last.version):
        raise RefusedError(f"{version} does not come after {last.version}, the last release")
    if date < history.last_date:
        raise RefusedError(f"{date} is before {history.last_date}, the day of the last release")


def refuse_unknown_past(project: Path) -> None:
    """Refuse a first release from a clone without older commits, in which a lost history could be."""
    with suppress(git.GitError):
        if git.is_shallow(project):
            why = "this clone lacks older commits, so git cannot tell whether there was a release before"
            raise RefusedError(f"{why}; run `git fetch --unshallow`")


def refuse_unreadable(history: History) -> None:
    """Refuse a history that no later command could read."""
    read = parse(SourceFile(f"source/{NAME}", to_text(history)))
    if isinstance(read, Diagnostic):
        raise RefusedError(f"after this release, {read.message}; take it back from version control as it was before")


def refuse_other_package(old: bytes, deck: Deck, history: History | None) -> None:
    """Refuse a package that is another deck's, and a history that lacks notes of its own last release.

    A deck that was taken over may lack notes of the original, which learners keep as they are. Raises PackageError for
    what is no package.
    """
    notes = read_package(old).notes.keys()
    if notes.isdisjoint(each.note.guid for each in list_shipped(deck)):
        raise RefusedError(f"the package has no note of `{deck.id}`; name one that its learners have with --from")
    if history is None or history.is_taken_over or digest_file(old) != history.last.package:
        return
    if lost := notes - history.notes.keys():
        why = f"source/history.json lacks {say_count(len(lost), 'note')} that {history.last.version} has"
        raise RefusedError(f"{why}; only `release` writes it, so take it back from version control")


def refuse_behind_previews(options: Options, deck_id: str, before: History | None, after: History) -> None:
    """Refuse a release that Anki would take for older than a preview that was made on this machine."""
    made = count_previews(options.store.cache, identify(deck_id, before))
    if before and made and after.moment_of(after.last.version) <= to_preview_moment(before, made):
        last = before.last
        why = f"{made} previews were made after {last.version}, and Anki takes another release of {last.date} for older"
        raise RefusedError(f"{why}; name a later day with --date")


def refuse_exchanged(found: Changes) -> None:
    """Raise RefusedError when notes have exchanged their ids."""
    if lines := tuple(tell_exchanged(found)):
        raise RefusedError("\n".join(lines[:_MOST_EXCHANGED]))


def refuse_small_step(history: History | None, found: Changes, version: str) -> None:
    """Raise RefusedError when the version's step is smaller than the changes need, such as a patch for new notes."""
    if history is None:
        return
    least = step(history.last.version, found.size)
    if rank(version) < rank(least) and not version.startswith(f"{least}-"):
        why = join_words(found.reasons or ("a release",))
        wants = "wants" if len(found.reasons) < 2 and why != "new notes" else "want"
        raise RefusedError(f"{version} is too small a step: {why} {wants} {least} or more")
