"""Counts the previews of a deck since its last release, in the user's cache folder, wherever they are put."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cardpress.disk.reading import MAX_PACKAGE_BYTES, read_if_there
from cardpress.disk.writing import remove, write_over
from cardpress.history.previews import MOST, Preview, Seen
from cardpress.publish.lock import hold_lock

_FOLDER = "previews"
# Releases whose previews are counted. Those with the oldest last preview make room.
_MOST_FILES = 200


class PreviewError(Exception):
    """A preview cannot be counted. The message says why, and what to do."""


def count_previews(cache: Path | None, name: str) -> int:
    """Return how many previews were made that are counted by this name; 0 when that is not known."""
    try:
        return _read(_file(cache, name)).number
    except PreviewError:
        return 0


def foresee_number(cache: Path | None, name: str) -> Preview:
    """Return the preview that `take_number` would return next. It is not taken: another one may get its number."""
    return _follow(_read(_file(cache, name)))


def take_number(cache: Path | None, name: str) -> Preview:
    """Return the next preview. Its number is never given again, even if the preview is not finished."""
    file = _file(cache, name)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with hold_lock(file.parent):
            preview = _follow(_read(file))
            _write(file, preview)
            _make_room(file.parent)
    except OSError as error:
        raise PreviewError(f"the number of a preview cannot be kept in {file.parent} ({error.strerror})") from error
    return preview


def remember(cache: Path | None, name: str, preview: Preview) -> None:
    """Keep what a preview changed. Another one that was begun since keeps its number."""
    file = _file(cache, name)
    with hold_lock(file.parent):
        _write(file, Preview(max(preview.number, _read(file).number), preview.notes, preview.note_types))


def _follow(before: Preview) -> Preview:
    if before.number >= MOST:
        raise PreviewError(f"{MOST:,} previews since one release are all that there can be; make a release")
    return Preview(before.number + 1, before.notes, before.note_types)


def _file(cache: Path | None, name: str) -> Path:
    if cache is None:
        raise PreviewError("previews are counted in your cache folder, and there is none; set HOME or XDG_CACHE_HOME")
    return cache / _FOLDER / f"{name}.json"


def _read(file: Path) -> Preview:
    data = read_if_there(file, file.parent, MAX_PACKAGE_BYTES)
    if data is None:
        return Preview(0)
    try:
        content = json.loads(data)
        number = content["number"]
        if type(number) is not int or not 0 <= number <= MOST:
            raise ValueError(number)
        return Preview(number, _seen(content["notes"], number), _seen(content["note_types"], number))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise PreviewError(f"{file} cannot be read; delete it, and the next preview is number 1 again") from error


def _seen(content: Any, most: int) -> dict[str, Seen]:
    found = {}
    for name, (digest, number) in content.items():
        if not isinstance(digest, str) or type(number) is not int or not 0 < number <= most:
            raise ValueError(name)
        found[name] = Seen(digest, number)
    return found


def _write(file: Path, preview: Preview) -> None:
    def entries(seen: Mapping[str, Seen]) -> dict[str, tuple[str, int]]:
        return {name: (each.digest, each.number) for name, each in sorted(seen.items())}

    content = {"number": preview.number, "notes": entries(preview.notes), "note_types": entries(preview.note_types)}
    write_over(file, json.dumps(content).encode())


def _make_room(folder: Path) -> None:
    files = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
    for path in files[:-_MOST_FILES]:
        remove(path)
