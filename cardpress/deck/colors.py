"""Keeps code in its colors from one build to the next, since coloring it takes longer than reading all texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cardpress.markdown.highlighting import KINDS, highlight
from cardpress.markdown.tree import Piece


class Colors:
    """Colors code. Only what a build asked for is kept for the next one; `changed` says whether any of it is new.

    Nothing that was kept is trusted: pieces that are not exactly the code, or of kinds that nobody knows, are not used.
    """

    def __init__(self, kept: Mapping[tuple[str, str], Sequence[Piece]] | None = None) -> None:
        self._old = dict(kept or {})
        self._used: dict[tuple[str, str], tuple[Piece, ...]] = {}
        self.changed = False

    @classmethod
    def from_json(cls, value: Any) -> Colors:
        """Return what an earlier build kept, from `to_json`; nothing when the value is not of that form."""
        try:
            return cls({(language, code): [Piece(*piece) for piece in pieces] for language, code, pieces in value})
        except (TypeError, ValueError):
            return cls()

    def to_json(self) -> list[list[Any]]:
        """Return what this build used: a list of [language, code, list of [kind, text]]."""
        return [[language, code, [list(piece) for piece in pieces]] for (language, code), pieces in self._used.items()]

    def color(self, code: str, language: str) -> tuple[Piece, ...]:
        """Return code as pieces of one kind each."""
        key = language, code
        found = self._used.get(key)
        if found is None:
            found = self._kept(key) or self._make(key)
            self._used[key] = found
        return found

    def _kept(self, key: tuple[str, str]) -> tuple[Piece, ...] | None:
        pieces = self._old.get(key)
        if pieces is None:
            return None
        texts = [piece.text for piece in pieces if isinstance(piece.text, str) and piece.kind in KINDS]
        return tuple(pieces) if len(texts) == len(pieces) and "".join(texts) == key[1] else None

    def _make(self, key: tuple[str, str]) -> tuple[Piece, ...]:
        self.changed = True
        language, code = key
        return highlight(code, language)
