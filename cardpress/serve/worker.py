"""Keeps what is shown of a project up to date, in threads of its own: one follows the files, one reads them."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from pathlib import Path
from threading import Event, Thread

from cardpress.serve.changes import find_changed
from cardpress.serve.following import follow
from cardpress.serve.state import State
from cardpress.serve.workshop import Draft, OvertakenError, Workshop, show_check, show_draft, show_failure

# Takes a new state, and the ids of the notes whose cards are new, None for all.
Tell = Callable[[State, frozenset[str] | None], object]
# Seconds. An editor may write a file in several steps, and so leave a half of it for a moment: only what is still
# broken then is told.
_HALF_WRITTEN = 0.12


class Worker:
    """Reads a project whenever its files change. `tell` gets each new state, `explain` says what a failure is."""

    def __init__(
        self, project: Path, tell: Tell, explain: Callable[[Exception], str], cache: Path | None = None
    ) -> None:
        self._project = project
        self._tell = tell
        self._explain = explain
        self._workshop = Workshop(project, cache)
        self._state = State()
        self._has_changed = Event()
        self._must_stop = Event()
        # They end with the program, whatever they are doing, and know what the thread knows that starts them.
        self._threads = [
            Thread(target=copy_context().run, args=(each,), daemon=True) for each in (self._follow, self._work)
        ]

    def start(self) -> None:
        """Begin."""
        for each in self._threads:
            each.start()

    def stop(self) -> None:
        """End soon. What is being found out is told no more."""
        self._must_stop.set()
        self._has_changed.set()

    def _follow(self) -> None:
        while not self._must_stop.is_set():
            try:
                for _ in follow(self._project, self._must_stop):
                    self._has_changed.set()
            except Exception as failure:
                self._show(show_failure(self._state, self._explain(failure)))
                self._must_stop.wait(1)

    def _work(self) -> None:
        while True:
            self._has_changed.wait()
            if self._must_stop.is_set():
                return
            self._has_changed.clear()
            try:
                self._read()
            except OvertakenError:
                continue
            except Exception as failure:
                if not self._has_changed.wait(_HALF_WRITTEN):
                    self._show(show_failure(self._state, self._explain(failure)))

    def _read(self) -> None:
        draft = self._workshop.read()
        if draft.deck is None and self._has_changed.wait(_HALF_WRITTEN):
            return
        self._show_draft(draft)
        state = show_check(self._state, draft, self._workshop.check(draft, self._heed))
        self._heed()
        self._show(state)

    def _show_draft(self, draft: Draft) -> None:
        state = show_draft(self._state, draft)
        changed: frozenset[str] | None = frozenset()
        if state.shown is not None and state.shown is not self._state.shown:
            changed = find_changed(self._state.shown, state.shown)
        self._show(state, changed)

    def _show(self, state: State, changed: frozenset[str] | None = frozenset()) -> None:
        self._state = state
        self._tell(state, changed)

    def _heed(self) -> None:
        """Raise OvertakenError when the files have changed again."""
        if self._has_changed.is_set():
            raise OvertakenError
