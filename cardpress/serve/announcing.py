"""Tells all browsers that listen which cards are new, as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from threading import Thread
from typing import TypeVar

from cardpress.serve.state import State

T = TypeVar("T")

# Seconds after which a line without a meaning is sent: so it is found out who has gone.
_SIGN_OF_LIFE = 15.0
# How many may listen. Each tab of a browser is one.
MOST_LISTENERS = 100


@dataclass(slots=True, eq=False)
class _Listener:
    """One who listens: what has not been told yet."""

    has_news: asyncio.Event = field(default_factory=asyncio.Event)
    notes: set[str] = field(default_factory=set)
    is_all: bool = False
    # Whether cards, or problems alone, are new.
    has_state: bool = False


class Announcer:
    """Holds the present state, and tells of each new one. All of it happens in the thread of one event loop."""

    def __init__(self) -> None:
        self.state = State()
        self._listeners: set[_Listener] = set()
        self._is_closed = False
        self._waiting: set[asyncio.Future[None]] = set()

    def announce(self, state: State, notes: frozenset[str] | None = frozenset()) -> None:
        """Make a state the present one. `notes` have other cards now; None says that all may have."""
        is_new = state.revision != self.state.revision
        self.state = state
        for each in self._listeners:
            each.has_state |= is_new
            each.is_all |= notes is None
            each.notes |= notes or set()
            each.has_news.set()

    def close(self) -> None:
        """End all streams of events, and what waits for something slow, for the server to end."""
        self._is_closed = True
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        for each in self._listeners:
            each.has_news.set()

    async def make_apart(self, make: Callable[[], T]) -> T | None:
        """Return what `make` makes in a thread of its own; None when the server ends before that."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        made: list[T] = []
        failures: list[BaseException] = []

        def settle() -> None:
            if not done.done():
                done.set_result(None)

        def work() -> None:
            try:
                made.append(make())
            except BaseException as failure:  # it is raised where it is waited for
                failures.append(failure)
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(settle)

        self._waiting.add(done)
        # It ends with the program.
        Thread(target=copy_context().run, args=(work,), daemon=True).start()
        try:
            await done
        finally:
            self._waiting.discard(done)
        if failures:
            raise failures[0]
        return made[0] if made else None

    @property
    def is_full(self) -> bool:
        """Whether nobody else may listen."""
        return len(self._listeners) >= MOST_LISTENERS

    async def listen(self) -> AsyncGenerator[str, None]:
        """Yield events as they come, the first one at once, until `close`; none where too many listen already."""
        if self.is_full:  # by those who asked in the same moment
            return
        listener = _Listener()
        self._listeners.add(listener)
        try:
            yield _write("state", {"revision": self.state.revision, "notes": [], "is_all": False})
            while not self._is_closed:
                try:
                    await asyncio.wait_for(listener.has_news.wait(), _SIGN_OF_LIFE)
                except TimeoutError:
                    yield ": still here\n\n"
                else:
                    yield "" if self._is_closed else self._tell(listener)
        finally:
            self._listeners.discard(listener)

    def _tell(self, listener: _Listener) -> str:
        listener.has_news.clear()
        if not listener.has_state:
            return _write("problems", {"revision": self.state.revision})
        notes = [] if listener.is_all else sorted(listener.notes)
        told = _write("state", {"revision": self.state.revision, "notes": notes, "is_all": listener.is_all})
        listener.notes, listener.is_all, listener.has_state = set(), False, False
        return told


def _write(event: str, data: dict[str, object]) -> str:
    return f"event: {event}\ndata: {json.dumps(data)}\n\n"
