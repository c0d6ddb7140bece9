"""What was released: each note's and note type's digest, and when it last changed. Written by `release` alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cardpress.diagnostics import Diagnostic, SourceFile, Span

NAME = "history.json"
FORMAT = 1
# Two releases of one day are this far apart, in seconds.
_A_MINUTE = 60


def moment(date: str) -> int:
    """Give the start of a day, in seconds since 1970 UTC."""
    return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp())


def short_digest(*parts: str) -> str:
    """Give 64 bits of a digest, in hexadecimal: enough to tell texts of one note apart."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def asked_digest(markdown: str) -> str:
    """Digest what a note asks, whatever its spacing and case, to know it again under another id."""
    return short_digest(" ".join(markdown.lower().split()))


@dataclass(frozen=True, slots=True)
class Release:
    """A version, its day, the digest of the source it was made from, and of the package that shipped."""

    version: str
    date: str
    source: str
    package: str


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A released note: what Anki received of it, as digests, and the version in which that last changed."""

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
    """A released note type: its frozen ids, and the version in which its templates or style last changed."""

    kind: str
    id: int
    fields: Mapping[str, int]
    template: int
    version: str
    date: str
    digest: str


@dataclass(frozen=True, slots=True)
class RetiredRecord:
    """A note that was retired, and the version that said so to learners."""

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
        """Give the moment of a release: its day, and a minute later for each that the same day had before it."""
        index = next(index for index, release in enumerate(self.releases) if release.version == version)
        date = self.releases[index].date
        earlier = sum(1 for release in self.releases[:index] if release.date == date)
        return moment(date) + earlier * _A_MINUTE

    def ships_retired(self, guid: str) -> bool:
        """Tell whether a retired note is in the package: once, for those who have it."""
        if guid not in self.notes:
            return False
        return guid not in self.retired or self.retired[guid].version == self.last.version

    def place(self, note_id: str) -> Span:
        """Point at a note's or note type's line."""
        start = max(self.file.text.find(json.dumps(note_id)), 0)
        return Span(self.file, start, start + len(note_id) + 2)


def parse(file: SourceFile) -> History | Diagnostic:
    """Read history.json."""
    try:
        content = json.loads(file.text)
        if content["format"] != FORMAT:
            raise ValueError(f"format {content['format']} is not {FORMAT}")
        history = History(
            releases=tuple(Release(**entry) for entry in content["releases"]),
            note_types={entry["kind"]: TypeRecord(**entry) for entry in content["note_types"]},
            notes={entry["guid"]: NoteRecord(**entry) for entry in content["notes"]},
            retired={entry["guid"]: RetiredRecord(**entry) for entry in content["retired"]},
            file=file,
        )
        for version in {r.version for r in history.notes.values()} | {r.version for r in history.note_types.values()}:
            history.moment_of(version)
        if not history.releases:
            raise ValueError("no release is in it")
    except json.JSONDecodeError as error:
        return _bad(file, error.pos, error.msg)
    except StopIteration:
        return _bad(file, 0, "a note names a release that is not in the list")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return _bad(file, 0, f"{error}")
    return history


def _bad(file: SourceFile, start: int, problem: str) -> Diagnostic:
    message = f"{file.path} cannot be read: {problem}"
    help_line = "take it back from version control; only `release` writes it, and a merge keeps all lines of both sides"
    return Diagnostic("bad-history", Span(file, start, start + 1), message, help_line)


def to_text(history: History) -> str:
    """Write history.json: sorted, one line an entry, so that two branches merge."""
    parts = {
        "releases": map(_entry, history.releases),
        "note_types": (_entry(record) for _, record in sorted(history.note_types.items())),
        "notes": map(_entry, sorted(history.notes.values(), key=lambda record: record.id)),
        "retired": map(_entry, sorted(history.retired.values(), key=lambda record: record.id)),
    }
    lists = ",\n".join(f'"{name}": [\n{_lines(entries)}]' for name, entries in parts.items())
    return f'{{\n"format": {FORMAT},\n{lists}\n}}\n'


def _lines(entries: Iterable[str]) -> str:
    joined = ",\n".join(entries)
    return f"{joined}\n" if joined else ""


def _entry(record: Any) -> str:
    values = {name: getattr(record, name) for name in record.__slots__}
    return json.dumps(values, ensure_ascii=False)
