"""Keeps values and bytes for the next build in the user's own cache folder. They may be deleted at any time."""

from __future__ import annotations

import hashlib
import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from cardpress.disk.reading import MAX_PACKAGE_BYTES, UnreadableError, read_file
from cardpress.disk.writing import remove, write_over
from cardpress.history.digests import digest_short

# Projects whose values are kept. Those that were built longest ago make room.
_MOST = 50
# Bytes of one project beside its JSON files.
MOST_BYTES = 150_000_000
_BYTES = "parts"
_DIGEST = hashlib.sha256().digest_size
_PROJECT = re.compile(r"[0-9a-f]{16}")


class Store:
    """The values of one project, each valid for one key only. `cache` is the user's; None keeps nothing.

    A cache folder inside the project, or in the Git repository that it lies in, is not used: whoever made the project
    could have written it. Disk errors are ignored, since a build can do without the store.
    """

    def __init__(self, cache: Path | None, project: Path) -> None:
        whole = project.resolve()
        self.cache = None if cache is None or cache.resolve().is_relative_to(_find_repository(whole)) else cache
        self._folder = self.cache / digest_short(str(whole)) if self.cache else None

    def read(self, name: str, key: str) -> Any:
        """Return the value kept under this name and key, None when there is none."""
        if self._folder is None:
            return None
        with suppress(OSError, UnreadableError, ValueError, RecursionError):
            kept = json.loads(read_file(self._folder / f"{name}.json", self._folder, MAX_PACKAGE_BYTES))
            if isinstance(kept, dict) and kept.get("key") == key:
                return kept.get("value")
        return None

    def has(self, name: str) -> bool:
        """Return whether there may be a value of this name, under whatever key."""
        return self._folder is not None and (self._folder / f"{name}.json").is_file()

    def write(self, name: str, key: str, value: Any) -> None:
        """Keep a value under a name and a key. It replaces any other value of that name."""
        if self._folder is None or self.cache is None:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            data = json.dumps({"key": key, "value": value}, ensure_ascii=False).encode("utf-8", "surrogatepass")
            write_over(self._folder / f"{name}.json", data)
            self._make_room(self.cache)

    def get_part(self, key: str) -> bytes | None:
        """Return the bytes kept under this key, a digest, None when there are none, or they are damaged."""
        if self._folder is None:
            return None
        with suppress(OSError, UnreadableError):
            path = self._folder / _BYTES / key
            kept = read_file(path, self._folder, MAX_PACKAGE_BYTES)
            told, data = kept[:_DIGEST], kept[_DIGEST:]
            if _sign(key, data) == told:
                path.touch()  # what was asked for last is removed last
                return data
        return None

    def keep_part(self, key: str, data: bytes) -> None:
        """Keep bytes under a key, the digest of all that they are made of."""
        if self._folder is None:
            return
        with suppress(OSError):
            folder = self._folder / _BYTES
            folder.mkdir(parents=True, exist_ok=True)
            write_over(folder / key, _sign(key, data) + data, is_durable=False)

    def drop_old_parts(self) -> None:
        """Remove the bytes that were asked for longest ago, until all have no more than `MOST_BYTES`."""
        if self._folder is None:
            return
        with suppress(OSError):
            kept = [(path, path.stat()) for path in (self._folder / _BYTES).iterdir()]
            total = 0
            for path, found in sorted(kept, key=lambda each: each[1].st_mtime, reverse=True):
                total += found.st_size
                if total > MOST_BYTES:
                    remove(path)

    def _make_room(self, cache: Path) -> None:
        folders = [path for path in cache.iterdir() if _PROJECT.fullmatch(path.name)]
        if len(folders) > _MOST:
            for path in sorted(folders, key=lambda path: path.stat().st_mtime)[:-_MOST]:
                remove(path)


def _find_repository(project: Path) -> Path:
    """Return the folder that came with a project: the Git repository that it lies in, or else its own."""
    return next((each for each in (project, *project.parents) if os.path.lexists(each / ".git")), project)


def _sign(key: str, data: bytes) -> bytes:
    """Return what shows that bytes are those that were kept under this key."""
    return hashlib.sha256(b"%s\n%s" % (key.encode(), data)).digest()
