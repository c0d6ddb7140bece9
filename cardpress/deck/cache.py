"""Remembers rendered texts by what they were rendered from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


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
