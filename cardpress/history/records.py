"""history.json: the releases, and each released note and note type with its digest and last change.

Only `release` writes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, TypeVar

from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.history.versions import rank

NAME = "history.json"
FORMAT = 1
# Stands for the digests of a release that is still being made.
NOT_YET = ""
# A zip archive, and so an Anki package, cannot hold older dates.
FIRST_YEAR = 1980
# Seconds between two releases of one day.
_A_MINUTE = 60

Record = TypeVar("Record")


def to_moment(date: str) -> int:
    """Return the start of a day such as `2026-01-31`, in seconds since 1970 UTC."""
    return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp())


@dataclass(frozen=True, slots=True)
class Release:
    """A release: its version, its date, the digest of its source, and the digest of the package that shipped."""

    version: str
    date: str
    source: str
    package: str


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A released note: digests of what Anki received, and the version and date at which that last changed.

    `fields` uses the names that fields were first released under, so that a renamed field does not change its notes.
    """

    guid: str
    id: str
    kind: str
    section: str
    version: str
    date: str
    digest: str
    asked: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TypeRecord:
    """A released note type: its frozen ids, and the version in which its card templates or CSS last changed.

    `template` is the number of its first card template; `more` has those of the others, by their names.
    """

    kind: str
    id: int
    fields: Mapping[str, int]
    template: int
    version: str
    date: str
    digest: str
    more: Mapping[str, int] = field(default_factory=dict)

    def list_cards(self) -> list[int]:
        """Return the numbers of its card templates, in order."""
        return [self.template, *self.more.values()]


@dataclass(frozen=True, slots=True)
class RetiredRecord:
    """A retired note, and the release that first told learners so."""

    guid: str
    id: str
    version: str
    date: str


@dataclass(frozen=True, slots=True)
class History:
    """Everything that was released, oldest release first."""

    releases: tuple[Release, ...]
    note_types: Mapping[str, TypeRecord]
    notes: Mapping[str, NoteRecord]
    retired: Mapping[str, RetiredRecord]
    file: SourceFile = field(default_factory=lambda: SourceFile.of(f"source/{NAME}", ""))

    @property
    def last(self) -> Release:
        """The newest release."""
        return self.releases[-1]

    def moment_of(self, version: str) -> int:
        """Return the moment of a release, in seconds since 1970 UTC. Raises ValueError when there is no such release.

        It is the start of the release's day, or a minute after the release before it, whichever is later.
        """
        at = 0
        for release in self.releases:
            at = max(to_moment(release.date), at + _A_MINUTE)
            if release.version == version:
                return at
        raise ValueError(f"{version} is not one of the releases")

    def ships_retired(self, guid: str) -> bool:
        """Return whether a retired note is in the package: each one that learners may have, whatever they skipped."""
        return guid in self.notes

    def place(self, key: str, value: str) -> Span:
        """Return the place of a key's value, such as a note's id; the start of the file when it is not there."""
        quoted = json.dumps(value)
        pair = f"{json.dumps(key)}: {quoted}"
        start = self.file.text.find(pair)
        end = start + len(pair)
        return Span(self.file, end - len(quoted), end) if start >= 0 else Span(self.file)


def parse(file: SourceFile) -> History | Diagnostic:
    """Return what history.json holds, or the diagnostic that says why it cannot be read."""
    try:
        return _history(file, json.loads(file.text))
    except json.JSONDecodeError as error:
        return _bad(file, error.pos, error.msg)
    except KeyError as error:
        return _bad(file, 0, f"`{error.args[0]}` is not in it")
    except (ValueError, TypeError, AttributeError) as error:
        return _bad(file, 0, f"{error}")
    except RecursionError:
        return _bad(file, 0, "it is nested too deep")


def _history(file: SourceFile, content: Any) -> History:
    if not isinstance(content, dict):
        raise TypeError("it is no object")
    if content["format"] != FORMAT:
        raise ValueError(f"format {content['format']} is not {FORMAT}")
    releases = tuple(_read(Release, entry) for entry in content["releases"])
    steps = [rank(release.version) for release in releases]
    if not steps or any(later <= earlier for earlier, later in pairwise(steps)):
        raise ValueError("its releases are not in the order of their versions" if steps else "no release is in it")
    history = History(
        releases=releases,
        note_types=_by("kind", (_read(TypeRecord, entry) for entry in content["note_types"])),
        notes=_by("guid", (_read(NoteRecord, entry) for entry in content["notes"])),
        retired=_by("guid", (_read(RetiredRecord, entry) for entry in content["retired"])),
        file=file,
    )
    named = {each.version for each in history.notes.values()} | {each.version for each in history.note_types.values()}
    for version in sorted(named | {history.last.version}):
        history.moment_of(version)
    return history


def _read(kind: type[Record], entry: Any) -> Record:
    """Return the record in a JSON value.

    Raises TypeError when a key is unknown or a value is of the wrong type, KeyError when a key is missing.
    """
    if not isinstance(entry, dict):
        raise TypeError(f"{entry!r} is no object")
    parts = fields(kind)  # type: ignore[arg-type]  # every kind of record is a dataclass
    unknown = sorted(set(entry).difference(part.name for part in parts))
    if unknown:
        raise TypeError(f"`{unknown[0]}` is not known")
    for each in parts:
        if each.name not in entry and each.default_factory is not MISSING:
            continue
        value, (outer, _, inner) = entry[each.name], str(each.type).partition("[")
        values = value.values() if outer == "Mapping" and isinstance(value, dict) else (value,)
        wanted = int if "int" in (inner or outer) else str
        if (outer == "Mapping") is not isinstance(value, dict) or not all(isinstance(part, wanted) for part in values):
            raise TypeError(f"{value!r} is no `{each.name}`")
    return kind(**entry)


def _by(key: str, records: Iterable[Record]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for record in records:
        name = getattr(record, key)
        if name in found:
            raise ValueError(f"it has two lines for {getattr(record, 'id', name) if key == 'guid' else name}")
        found[name] = record
    return found


def _bad(file: SourceFile, start: int, problem: str) -> Diagnostic:
    message = f"{file.path} cannot be read: {problem}"
    help_line = (
        "take it back from version control; only `release` writes it. After a merge keep the lines of both sides, "
        "and of two lines for one note the newer"
    )
    return Diagnostic("bad-history", Span(file, start, start + 1), message, help_line)


def to_text(history: History) -> str:
    """Return the text of history.json: sorted, each entry on a line of its own, and each comma too.

    For git, changes of neighboring lines are a conflict. The commas keep entries apart, so that git can merge two
    branches that change different notes.
    """
    parts = {
        "releases": map(_entry, history.releases),
        "note_types": (_entry(record) for _, record in sorted(history.note_types.items())),
        "notes": map(_entry, sorted(history.notes.values(), key=lambda record: record.id)),
        "retired": map(_entry, sorted(history.retired.values(), key=lambda record: record.id)),
    }
    lists = ",\n".join(f'"{name}": [\n{_lines(entries)}]' for name, entries in parts.items())
    return f'{{\n"format": {FORMAT},\n{lists}\n}}\n'


def _lines(entries: Iterable[str]) -> str:
    joined = "\n,\n".join(entries)
    return f"{joined}\n" if joined else ""


def _entry(record: Any) -> str:
    values = {name: value for name in record.__slots__ if (value := getattr(record, name)) != {} or name == "fields"}
    return json.dumps(values, ensure_ascii=False)
