"""How a command reports its progress."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Is called when a stage starts and when it ends. Writers may run at the same time, so their stages overlap."""

    def expect(self, stages: int) -> None:
        """Take note that so many stages will come besides those that every build has."""

    def start(self, stage: str) -> None:
        """Take note that a stage starts."""

    def end(self, stage: str) -> None:
        """Take note that a stage has ended."""


class NoProgress:
    """Shows nothing, for commands that have no progress bar."""

    def expect(self, stages: int) -> None:
        """Do nothing."""

    def start(self, stage: str) -> None:
        """Do nothing."""

    def end(self, stage: str) -> None:
        """Do nothing."""


@contextmanager
def stage(progress: Progress, name: str) -> Iterator[None]:
    """Report the start of a stage, run the `with` block, and report the end, after an exception too."""
    progress.start(name)
    try:
        yield
    finally:
        progress.end(name)
