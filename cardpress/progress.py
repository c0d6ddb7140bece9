"""How a command reports its progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Protocol

# Takes how many things are done, how many there are, and what one is called.
Count = Callable[[int, int, str], None]


class Progress(Protocol):
    """Is told when a stage starts and ends, and how far it is. Writers may run at the same time: their stages overlap.

    A stage is named in the words of whoever waits for it.
    """

    def expect(self, stages: int) -> None:
        """Take note that so many stages will come besides those that are known."""

    def start(self, stage: str) -> None:
        """Take note that a stage starts."""

    def count(self, stage: str, done: int, of: int, noun: str) -> None:
        """Take note that so many things of a stage are done, and how many there are: `noun` is what one is called."""

    def end(self, stage: str) -> None:
        """Take note that a stage has ended."""

    def wait(self, reason: str) -> None:
        """Take note that nothing goes on until another process is done: the reason says with what."""


class NoProgress:
    """Shows nothing, for commands that have no progress bar."""

    def expect(self, stages: int) -> None:
        """Do nothing."""

    def start(self, stage: str) -> None:
        """Do nothing."""

    def count(self, stage: str, done: int, of: int, noun: str) -> None:
        """Do nothing."""

    def end(self, stage: str) -> None:
        """Do nothing."""

    def wait(self, reason: str) -> None:
        """Do nothing."""


def count_nothing(done: int, of: int, noun: str) -> None:
    """Do nothing with how far something is."""


@contextmanager
def stage(progress: Progress, name: str) -> Iterator[Count]:
    """Report the start of a stage, run the `with` block, and report the end, after an exception too.

    Yield what is told how far the stage is.
    """
    progress.start(name)
    try:
        yield partial(progress.count, name)
    finally:
        progress.end(name)
