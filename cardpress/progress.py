"""Who is told how far a command has come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Is told which stage starts and ends; writers may overlap."""

    def start(self, stage: str) -> None:
        """Hear that a stage starts."""

    def end(self, stage: str) -> None:
        """Hear that a stage has ended."""


class NoProgress:
    """Shows nothing, for commands that nobody watches."""

    def start(self, stage: str) -> None:
        """Hear that a stage starts."""

    def end(self, stage: str) -> None:
        """Hear that a stage has ended."""


@contextmanager
def stage(progress: Progress, name: str) -> Iterator[None]:
    """Say that a stage starts, and that it has ended, whether well or not."""
    progress.start(name)
    try:
        yield
    finally:
        progress.end(name)
