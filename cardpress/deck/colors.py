"""Keeps code in its colors from one build to the next, since coloring it takes longer than reading all texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import repeat
from typing import TYPE_CHECKING, Any

from cardpress.markdown.highlighting import KINDS, highlight
from cardpress.markdown.tree import Piece

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor
    from multiprocessing.connection import Connection
    from queue import SimpleQueue

    from cardpress.processes import Helper

# Characters of code, about half a second of work. With fewer, one process is done before another has started.
_WORTH_A_PROCESS = 300_000
_CHUNK = 25

_Key = tuple[str, str]
# Of each code, pieces as plain tuples: they come back from another process ten times as fast as `Piece` does.
_Colored = list[list[tuple[str, str]]]
# Pieces of pairs that are known to be two texts each. `Piece(*pair)` takes three times as long.
_make_piece: Callable[[type[Piece], Sequence[str]], Piece] = tuple.__new__


class Ahead:
    """Code that other processes color, from its end, while the caller colors it from its beginning: they meet."""

    def __init__(self, known: Mapping[_Key, object], processes: int) -> None:
        self.places: dict[_Key, tuple[Future[_Colored], int]] = {}
        self._known = known
        self._processes = processes
        self._waiting: dict[_Key, None] = {}
        self._size = 0
        self._helpers: list[Helper] = []
        self._free: SimpleQueue[Helper]
        self._pool: ThreadPoolExecutor | None = None

    def add(self, code: Iterable[tuple[str, str]]) -> None:
        """Let code, given as pairs of it and its language, be colored by others as soon as there is enough of it."""
        for text, language in code:
            key = language, text
            if key not in self._known and key not in self.places and key not in self._waiting:
                self._waiting[key] = None
                self._size += len(text)
        if self._size >= _WORTH_A_PROCESS:
            self._begin()

    def add_last(self) -> None:
        """Say that there is no more. Of little code no process is started."""
        if self._pool is not None:
            self._begin()

    def take(self, key: _Key) -> list[tuple[str, str]] | None:
        """Return code in its colors, None where nobody has begun with it: then nobody will."""
        future, place = self.places.get(key, (None, 0))
        if future is None or future.cancel():
            return None
        colored = future.result()
        return colored[place] if colored else None

    def close(self) -> None:
        """End the other processes."""
        for helper in self._helpers:
            helper.end()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _begin(self) -> None:
        if not self._processes:
            return
        pool, keys = self._pool or self._start(), list(self._waiting)
        for start in reversed(range(0, len(keys), _CHUNK)):
            chunk = keys[start : start + _CHUNK]
            future = pool.submit(self._ask, chunk)
            self.places |= {key: (future, place) for place, key in enumerate(chunk)}
        self._waiting, self._size = {}, 0

    def _start(self) -> ThreadPoolExecutor:
        # For much code alone.
        from concurrent.futures import ThreadPoolExecutor
        from queue import SimpleQueue

        from cardpress.processes import start_helper

        self._free = SimpleQueue()
        for _ in range(self._processes):
            self._helpers.append(helper := start_helper(_serve))
            self._free.put(helper)
        self._pool = ThreadPoolExecutor(self._processes)
        return self._pool

    def _ask(self, keys: Sequence[_Key]) -> _Colored:
        """Return code as another process has colored it; nothing when that has come to an end."""
        helper = self._free.get()
        try:
            helper.connection.send(keys)
            colored: _Colored = helper.connection.recv()
        except (EOFError, OSError):
            return []
        finally:
            self._free.put(helper)
        return colored


_NOBODY = Ahead({}, 0)


class Colors:
    """Colors code. Only what a build asked for is kept for the next one; `changed` says whether any of it is new.

    Nothing that was kept is trusted: pieces that are not exactly the code, or of kinds that nobody knows, are not used.
    """

    def __init__(self, kept: Mapping[_Key, Sequence[Sequence[str]]] | None = None) -> None:
        self._old = dict(kept or {})
        self._used: dict[_Key, tuple[Piece, ...]] = {}
        self._ahead = _NOBODY
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
    def coloring_ahead(self, jobs: int) -> Iterator[Ahead]:
        """Yield what lets `jobs - 1` other processes color code, of which `color` then makes the same without them."""
        self._ahead = Ahead(self._old, jobs - 1)
        try:
            yield self._ahead
        finally:
            self._ahead.close()
            self._ahead = _NOBODY

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
        pieces = self._ahead.take(key)
        return highlight(code, language) if pieces is None else tuple(map(_make_piece, repeat(Piece), pieces))


def _serve(connection: Connection) -> None:
    """Color what comes, until nothing does any more."""
    while True:
        keys: Sequence[_Key] = connection.recv()
        connection.send([[(kind, text) for kind, text in highlight(code, language)] for language, code in keys])
