"""The bar that a terminal shows while a command works, on standard error."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from cardpress.wording import say_count

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

# Seconds. What is done sooner shows no bar, which would only flash.
_PATIENCE = 0.3
# Columns. What is made stands behind the bar, so that the bar keeps its place whatever the words.
_BAR = 24


class Bar:
    """How much of a command's stages is done, and what is being made now. Writers tell it from their threads.

    `stages` are known from the start. How many more will be told of is a `guess`, so that the bar need not go back
    then.
    """

    def __init__(self, stages: int, guess: int = 0) -> None:
        self._stages = stages
        self._guess = guess
        self._expected = 0
        self._ended = 0
        # What of each stage at work is done, from 0 to 1, and what is said of it.
        self._running: dict[str, tuple[float, str]] = {}
        self._words = ""
        self._lock = threading.Lock()
        self._is_over = False
        self._shown: Progress | None = None
        self._task: TaskID | None = None
        self._timer = threading.Timer(_PATIENCE, self._appear)
        self._timer.start()

    def expect(self, stages: int) -> None:
        """Make room for further stages."""
        with self._lock:
            self._expected += stages
            self._draw()

    def start(self, stage: str) -> None:
        """Name a stage as one at work."""
        with self._lock:
            self._running[stage] = (0.0, stage)
            self._draw()

    def count(self, stage: str, done: int, of: int, noun: str) -> None:
        """Say how far a stage is."""
        with self._lock:
            self._running[stage] = (done / max(of, 1), f"{stage}, {done:,} of {say_count(of, noun)}")
            self._draw()

    def end(self, stage: str) -> None:
        """Take a stage from those at work."""
        with self._lock:
            del self._running[stage]
            self._ended += 1
            self._draw()

    def stop(self) -> None:
        """Remove the bar, or see to it that none appears."""
        self._timer.cancel()
        with self._lock:
            self._is_over = True
            if self._shown is not None:
                self._shown.stop()
                self._shown = None

    def _appear(self) -> None:
        # It takes 0.2 s to load, beside what the command does.
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
        from rich.table import Column

        words = TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis"))
        with self._lock:
            if self._is_over:
                return
            columns = (BarColumn(_BAR), TimeElapsedColumn(), words)
            self._shown = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._shown.add_task("")
            self._draw()
            self._shown.start()

    def _draw(self) -> None:
        if self._running:  # between two stages it says what was at work
            self._words = ", ".join(said for _, said in self._running.values())
        if self._shown is not None and self._task is not None:
            done = self._ended + sum(part for part, _ in self._running.values())
            total = self._stages + max(self._guess, self._expected)
            self._shown.update(self._task, total=total, completed=done, description=self._words)
