"""Keeps code in its colors from one build to the next, since coloring it takes longer than reading all texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, repeat
from typing import Any

from cardpress.markdown.highlighting import KINDS, highlight
from cardpress.markdown.tree import Piece

# Characters of code, about half a second of work. With fewer, one process is done before another has started.
_WORTH_A_PROCESS = 300_000
_CHUNK = 50

_Key = tuple[str, str]
# Pieces of pairs that are known to be two texts each. `Piece(*pair)` takes three times as long.
_make_piece: Callable[[type[Piece], Sequence[str]], Piece] = tuple.__new__


class Colors:
    """Colors code. Only what a build asked for is kept for the next one; `changed` says whether any of it is new.

    Nothing that was kept is trusted: pieces that are not exactly the code, or of kinds that nobody knows, are not used.
    """

    def __init__(self, kept: Mapping[_Key, Sequence[Sequence[str]]] | None = None) -> None:
        self._old = dict(kept or {})
        self._used: dict[_Key, tuple[Piece, ...]] = {}
        self._ahead: dict[_Key, tuple[Piece, ...]] = {}
        self.changed = False

    def renew(self) -> Colors:
        """Return what colors the code of another build, and knows all that this one does."""
        return Colors({**self._old, **self._used})

    @classmethod
    def from_json(cls, value: Any) -> Colors:
        """Return what an earlier build kept, from `to_json`; nothing when the value is not of that form."""
        try:
            return cls({(language, code): tuple(pieces) for language, code, pieces in value})
        except (TypeError, ValueError):
            return cls()

    def to_json(self) -> list[list[Any]]:
        """Return what this build used: a list of [language, code, list of [kind, text]]."""
        return [[language, code, [list(piece) for piece in pieces]] for (language, code), pieces in self._used.items()]

    @contextmanager
    def coloring_ahead(self, code: Iterable[tuple[str, str]], jobs: int) -> Iterator[None]:
        """Color code, given as pairs of it and its language, in `jobs - 1` other processes while the caller goes on.

        What is colored then is what `color` would make. Nothing happens when there is too little of it to be worth it.
        """
        missing = [key for key in dict.fromkeys((language, text) for text, language in code) if key not in self._old]
        if jobs < 2 or sum(len(text) for _, text in missing) < _WORTH_A_PROCESS:
            yield
            return
        from concurrent.futures import ProcessPoolExecutor  # for much code alone
        from multiprocessing import get_context

        chunks = [missing[start : start + _CHUNK] for start in range(0, len(missing), _CHUNK)]
        # Not `fork`: a forked process would inherit locks that other threads of this one hold.
        with ProcessPoolExecutor(jobs - 1, mp_context=get_context("spawn")) as pool:
            colored = pool.map(_color_all, chunks)
            yield
            for key, pieces in zip(missing, chain.from_iterable(colored), strict=True):
                self._ahead[key] = tuple(map(Piece._make, pieces))

    def color(self, code: str, language: str) -> tuple[Piece, ...]:
        """Return code as pieces of one kind each."""
        key = language, code
        found = self._used.get(key)
        if found is None:
            found = self._kept(key) or self._make(key)
            self._used[key] = found
        return found

    def _kept(self, key: _Key) -> tuple[Piece, ...] | None:
        pieces = self._old.get(key)
        if pieces is None:
            return None
        try:
            kinds, texts = zip(*pieces, strict=True) if pieces else ((), ())
            is_known = KINDS.issuperset(kinds) and "".join(texts) == key[1]
        except (TypeError, ValueError):  # they are of another form
            return None
        return tuple(map(_make_piece, repeat(Piece), pieces)) if is_known else None

    def _make(self, key: _Key) -> tuple[Piece, ...]:
        self.changed = True
        language, code = key
        return self._ahead.get(key) or highlight(code, language)


def _color_all(keys: Sequence[_Key]) -> list[list[tuple[str, str]]]:
    """Return code in its colors, as plain tuples: they come back from another process ten times as fast as pieces."""
    return [[(kind, text) for kind, text in highlight(code, language)] for language, code in keys]
