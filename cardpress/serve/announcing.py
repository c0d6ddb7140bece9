"""Tells all browsers that listen which cards are new, as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from cardpress.serve.state import State

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
        """End all streams of events, for the server to end."""
        self._is_closed = True
        for each in self._listeners:
            each.has_news.set()

    @property
    def is_full(self) -> bool:
        """Whether nobody else may listen."""
        return len(self._listeners) >= MOST_LISTENERS

    async def listen(self) -> AsyncGenerator[str, None]:
        """Yield events as they come, the first one at once, until `close`."""
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
