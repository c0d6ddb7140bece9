"""Keeps values for the next build, in JSON files. They may be deleted at any time."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any


class Store:
    """A folder of JSON files, each valid for one key only; None for a store that keeps nothing.

    Disk errors are ignored: a build can do without the store.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def read(self, name: str, key: str) -> Any:
        """Return the value kept under this name and key, None when there is none."""
        if self._folder is None:
            return None
        with suppress(OSError, ValueError, RecursionError):
            kept = json.loads((self._folder / f"{name}.json").read_text(encoding="utf-8"))
            if isinstance(kept, dict) and kept.get("key") == key:
                return kept.get("value")
        return None

    def write(self, name: str, key: str, value: Any) -> None:
        """Keep a value under a name and a key. It replaces any other value of that name."""
        if self._folder is None:
            return
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            (self._folder / ".gitignore").write_text("*\n", encoding="utf-8")
            # Written under another name and then renamed, so that a killed build leaves the old file or the new one.
            temporary = self._folder / f"{name}.{os.getpid()}.tmp"
            try:
                temporary.write_text(json.dumps({"key": key, "value": value}, ensure_ascii=False), encoding="utf-8")
                temporary.replace(self._folder / f"{name}.json")
            finally:
                temporary.unlink(missing_ok=True)
