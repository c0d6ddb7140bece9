"""Keeps what was made of a job, and whole sheets: what is made of the same is not made again.

A job is what Typst sets: a sheet, a part of one, or cards that are measured.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Protocol

from cardpress.history.digests import digest
from cardpress.pdf.packing import Objects
from cardpress.pdf.processes import Setter
from cardpress.pdf.typesetting import Job, Overflows, SettingError, read_overflows

# The files that a sheet's data names. An author's text has no quotes but escaped ones.
_FILE = re.compile(r'(?<!\\)"file": "([^"\\]+)"')


class Keep(Protocol):
    """Where bytes are kept under keys. It may lose them at any time, and never has others than were given."""

    def get_part(self, key: str) -> bytes | None:
        """Return the bytes under a key, None when there are none."""

    def keep_part(self, key: str, data: bytes) -> None:
        """Keep bytes under a key."""


class KeepNothing:
    """Keeps nothing."""

    def get_part(self, key: str) -> None:
        """Return None."""

    def keep_part(self, key: str, data: bytes) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class KeptJobs:
    """What was made of jobs. `made_by` is a digest of the programs that make it.

    `files` has the digests of the files that jobs name, and `fonts` those of the fonts of all of them.
    """

    keep: Keep
    made_by: str
    files: Mapping[str, str]
    fonts: tuple[str, ...]

    def get(self, job: Job, make: Callable[[Job], Objects | Overflows]) -> Objects | Overflows:
        """Return what was kept for a job, or else what `make` makes of it, and keep that. An error is not kept."""
        key = self._digest(job)
        kept = self.keep.get_part(key)
        if kept is not None:
            with suppress(ValueError, SettingError):
                return _read(kept)
        made = make(job)
        self.keep.keep_part(key, _write(made))
        return made

    def get_files(self, key: str, count: int) -> list[bytes] | None:
        """Return so many files that were kept under a key, None when there are none."""
        kept = self.keep.get_part(key) or b""
        head, _, rest = kept.partition(b"\n")
        with suppress(ValueError, TypeError):
            ends = [0, *accumulate(json.loads(head))]
            if len(ends) == count + 1 and ends[-1] == len(rest):
                return [rest[start:end] for start, end in pairwise(ends)]
        return None

    def keep_files(self, key: str, files: Sequence[bytes]) -> None:
        """Keep files under a key."""
        self.keep.keep_part(key, b"".join((json.dumps(list(map(len, files))).encode(), b"\n", *files)))

    def digest(self, settings: object, source: str, data: str) -> str:
        """Return a key for what is made of data with a source and settings, which are JSON."""
        pictures = [self.files.get(name, "") for name in _FILE.findall(data)]
        told = (self.made_by, json.dumps([settings, self.fonts, pictures]), source, data)
        return digest(each.encode() for each in told)

    def _digest(self, job: Job) -> str:
        settings = [job.paper, job.modified, job.measures, job.has_formulas, job.shrinks]
        return self.digest(settings, job.source, job.data)


def keep_setting(set_job: Setter, kept: KeptJobs) -> Setter:
    """Return a setter that asks another one for nothing that is kept."""
    return lambda job: kept.get(job, set_job)


def _write(made: Objects | Overflows) -> bytes:
    return b"o" + json.dumps([made.sides]).encode() if isinstance(made, Overflows) else b"s" + made.to_bytes()


def _read(kept: bytes) -> Objects | Overflows:
    if kept.startswith(b"o"):
        return Overflows(read_overflows(kept[1:].decode()))
    return Objects.from_bytes(kept[1:])
