"""The contents of a project's folder, and digests that show later whether anything in it has changed."""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from cardpress.diagnostics import SourceFile
from cardpress.disk.reading import (
    MAX_SOUND_BYTES,
    SIZE,
    Listing,
    Stamp,
    UnreadableError,
    list_files,
    read_all,
    read_in_parts,
    resolve_inside,
)
from cardpress.history.digests import digest, digest_parts
from cardpress.history.records import NAME as HISTORY

# What editors know the keys of source/ from. It follows from the engine and the note types, and is no source itself.
SCHEMA = "source.schema.json"
# The file beside source/ that a release adds its section to.
CHANGELOG = "CHANGELOG.md"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a project had in its files at some time.

    `digest` is equal where these have the same bytes. `stamps` are equal as long as nobody has written to any of them,
    or added or removed one: what is changed and changed back in between has others. Where it `is_plain`, nothing is
    more than the bytes of a file, such as a link, a file that is refused, or too many to be listed.
    """

    digest: str
    stamps: tuple[Stamp, ...]
    is_plain: bool = True


def _read_contents(root: Path, names: Sequence[str], boundary: Path) -> Iterator[bytes | None]:
    """Yield the contents of files below a folder: the bytes, of a large file their digest.

    It is None of one that is too large for anything, or a link that leads out of the boundary. No more than 16 MB are
    in memory at a time.
    """
    for name, data in zip(names, read_all(root, names, boundary), strict=True):
        yield _digest_large(root / name, boundary) if data is None else data


def _digest_large(path: Path, boundary: Path) -> bytes | None:
    try:
        return digest_parts(read_in_parts(path, boundary, MAX_SOUND_BYTES)).encode()
    except UnreadableError:
        return None


def is_hidden(name: str) -> bool:
    """Return whether a path leads to a hidden file, or through a hidden folder. Hardly anything is read of these."""
    return name.startswith(".") or "/." in name


def look_at_project(project: Path, own_templates: bool) -> Contents:
    """Return everything of source/ and, if it counts, templates/, which decides what a build makes.

    Of hidden files, which may be films in a bin, the stamps decide, as nothing reads them but through links.
    """
    return look_at_folders(project, ("source", "templates") if own_templates else ("source",))


def look_at_folders(project: Path, names: Sequence[str]) -> Contents:
    """Return what some folders of a project hold."""
    stamps: list[Stamp] = []
    unusual: list[str] = []
    found = digest(part for name in names for part in _look_at_folder(project / name, project, stamps, unusual))
    return Contents(found, tuple(stamps), is_plain=not unusual)


def _look_at_folder(folder: Path, project: Path, stamps: list[Stamp], unusual: list[str]) -> Iterator[bytes]:
    """Yield the names and contents of what is in a folder. Add the stamps, and what is more than bytes."""
    if folder.is_symlink():
        unusual.append(folder.name)
    boundary = resolve_inside(folder, project)
    listing = Listing() if boundary is None else list_files(folder, boundary, hidden=True)
    unusual += (*listing.refused, *listing.repeated, *(() if listing.is_whole else ("",)))
    stamps += (*listing.folder_stamps, *listing.stamps)
    yield f"{folder.name} {len(listing.files)}".encode()
    read = [name for name in listing.files if not is_hidden(name)]
    stamp_of = dict(zip(listing.files, listing.stamps, strict=True))
    for name, data in zip(read, _read_contents(folder, read, boundary or project), strict=True):
        if data is None or os.path.islink(f"{folder}{os.sep}{name}"):  # noqa: PTH114 - a `Path` for each takes longer
            unusual.append(name)
        yield os.fsencode(name)
        # With its size: a small file may hold the digest of a large one.
        yield b"%d " % (0 if data is None else stamp_of[name][SIZE])
        yield data or b""
    for name in filter(is_hidden, listing.files):
        yield os.fsencode(name)
        yield repr(stamp_of[name]).encode()


def digest_source(project: Path, instead: Mapping[str, bytes] | None = None) -> str:
    """Return a digest of source/ without its history and schema. `instead` replaces some files' bytes, by name."""
    instead = instead or {}
    source = project / "source"
    boundary = resolve_inside(source, project)
    names = () if boundary is None else list_files(source, boundary, hidden=True).files
    read = sorted({*names} - {HISTORY, SCHEMA} - instead.keys())
    contents = () if boundary is None else zip(read, _read_contents(source, read, boundary), strict=True)
    replaced = sorted((name, data) for name, data in instead.items() if name not in (HISTORY, SCHEMA))
    merged = heapq.merge(contents, replaced, key=itemgetter(0))
    return digest(part for name, data in merged for part in (os.fsencode(name), data or b""))


def read_history_text(project: Path) -> str | None:
    """Return the text of source/history.json as it is now; None when there is none, or it cannot be read."""
    from cardpress.source.files import Folder  # which takes long to load, and digests need no text

    file = Folder.of(project / "source", "source", project).read_text(HISTORY)
    return file.text if isinstance(file, SourceFile) else None
