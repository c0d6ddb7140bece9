"""Remembers rendered Markdown between builds, by content. Safe to delete; forgotten when the engine changes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER = ".cardpress-cache"


def digest(parts: Iterable[bytes]) -> str:
    """Give one digest for a series of byte strings; where one ends and the next begins counts."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.hexdigest()


class Store:
    """A folder of JSON files, each good for one key only. A folder that cannot be written is no reason to fail."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def read(self, name: str, key: str) -> Any:
        """Give what was kept under this name and key, None when there is nothing of use."""
        if self._folder is None:
            return None
        with suppress(OSError, ValueError, RecursionError):
            kept = json.loads((self._folder / f"{name}.json").read_text(encoding="utf-8"))
            if isinstance(kept, dict) and kept.get("key") == key:
                return kept.get("value")
        return None

    def write(self, name: str, key: str, value: Any) -> None:
        """Keep a value, all of it or nothing."""
        if self._folder is None:
            return
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            (self._folder / ".gitignore").write_text("*\n", encoding="utf-8")
            # Written aside and moved in, so that a killed build leaves the old file or the new.
            temporary = self._folder / f"{name}.{os.getpid()}.tmp"
            try:
                temporary.write_text(json.dumps({"key": key, "value": value}, ensure_ascii=False), encoding="utf-8")
                temporary.replace(self._folder / f"{name}.json")
            finally:
                temporary.unlink(missing_ok=True)


class RenderedTexts:
    """HTML by kind and text. Knows which entries a build asked for, and keeps only those for the next one."""

    def __init__(self, kept: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self._old = {kind: dict(texts) for kind, texts in (kept or {}).items()}
        self._used: dict[str, dict[str, str]] = {}
        self.changed = False

    @classmethod
    def from_json(cls, value: Any) -> RenderedTexts:
        """Take up what an earlier build kept; anything that does not look like it counts as nothing."""
        looks_right = isinstance(value, dict) and all(
            isinstance(texts, dict) and all(isinstance(html, str) for html in texts.values())
            for texts in value.values()
        )
        return cls(value if looks_right else None)

    def to_json(self) -> dict[str, dict[str, str]]:
        """Give what this build used, for the next one."""
        return self._used

    def get(self, kind: str, text: str) -> str | None:
        """Give the HTML of a text, None when it has not been rendered yet."""
        html = self._used.get(kind, {}).get(text)
        if html is None and (html := self._old.get(kind, {}).get(text)) is not None:
            self._used.setdefault(kind, {})[text] = html
        return html

    def put(self, kind: str, text: str, html: str) -> None:
        """Add a rendered text."""
        self._used.setdefault(kind, {})[text] = html
        self.changed = True
