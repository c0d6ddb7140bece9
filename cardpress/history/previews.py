"""Previews: packages to try before the next release, each newer than the one before and older than that release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from cardpress.history.digests import digest_short
from cardpress.history.records import A_DAY, FIRST_YEAR, History, NoteRecord, TypeRecord, to_moment

# A release of the same day is a minute later than the last one. A second of it belongs to plain builds.
MOST_BEFORE_A_RELEASE_OF_THE_SAME_DAY = 58
# All have to be of the last release's day. The hours that are left are for days of many releases.
MOST = 20 * 60 * 60


@dataclass(frozen=True, slots=True)
class Seen:
    """What a preview had of a note or a note type: a digest, and the number of the preview that brought it."""

    digest: str
    number: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview: its number since the last release, and what those before it changed.

    `notes` are by GUID, `note_types` by kind. Taking a change back is a change, too, for those who have the preview.
    """

    number: int
    notes: Mapping[str, Seen] = field(default_factory=lambda: MappingProxyType({}))
    note_types: Mapping[str, Seen] = field(default_factory=lambda: MappingProxyType({}))


def identify(deck_id: str, history: History | None) -> str:
    """Return what the previews of a deck are counted by: the deck, and its last release."""
    last = history.last if history else None
    return digest_short(deck_id, *((last.version, last.package) if last else ()))


def to_preview_moment(history: History | None, number: int, released: NoteRecord | TypeRecord | None = None) -> int:
    """Return the moment of a preview, in seconds since 1970 UTC: after the last release, and before the next.

    `released` is the record of the note or note type that changes. Before the first release, it is on the day before
    the first one that a release can have.
    """
    before = history.find_moment_before(released) + 1 if history else to_moment(f"{FIRST_YEAR}-01-01") - A_DAY
    return before + number


@lru_cache(maxsize=16)
def to_unreleased_moment(date: str) -> int:
    """Return the moment of a build that is no preview, before the first release, in seconds since 1970 UTC.

    It is before all previews and releases, whatever their days, and a second later for each later day of the deck.
    """
    first = to_moment(f"{FIRST_YEAR}-01-01")
    days = (to_moment(date) - first) // A_DAY
    return first - 2 * A_DAY + min(days, A_DAY)


def name_version(history: History | None, version: str, number: int) -> str:
    """Return a preview's version: `1.0.0+preview.3` after 1.0.0, `1.0.0-preview.3` before a first release of 1.0.0."""
    if history:
        last = history.last.version
        return f"{last}{'.' if '+' in last else '+'}preview.{number}"
    whole, plus, build = version.partition("+")
    return f"{whole}{'.' if '-' in whole else '-'}preview.{number}{plus}{build}"


def describe(history: History | None, version: str, number: int) -> str:
    """Return what an author is told of a preview that was made."""
    after = f"after {history.last.version}" if history else "before the first release"
    said = f"preview {number} {after}; what it changes bears the version {name_version(history, version, number)}"
    if history and number > MOST_BEFORE_A_RELEASE_OF_THE_SAME_DAY:
        said += f". After so many, the next release must be of a later day than {history.last_date}"
    return said


def advise_release(version: str) -> str:
    """Return what an author is told who has built a package and released none yet."""
    return f"not for handing out yet: `release {version}` makes the package that later ones update"
