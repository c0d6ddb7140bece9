"""Starts processes that work for this one, and end with it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess


@dataclass(frozen=True, slots=True)
class Helper:
    """A process that works for this one, and this end of the connection to it."""

    process: SpawnProcess
    connection: Connection

    def end(self) -> None:
        """End the process, whatever it is at."""
        self.process.kill()
        self.process.join()
        self.connection.close()


def start_helper(serve: Callable[[Connection], None]) -> Helper:
    """Start a process in which a function gets the other end of a connection. It ends when nobody holds this one.

    Ctrl-C reaches every process of a terminal. Whoever started this one is told, and ends it.
    """
    # Not `fork`: a forked process would inherit locks that other threads of this one hold.
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_begin, args=(serve, theirs), daemon=True)
    with _holding_interrupts_back():
        process.start()
    theirs.close()
    return Helper(process, ours)


@contextmanager
def _holding_interrupts_back() -> Iterator[None]:
    """Let Ctrl-C wait, here and for good in processes that begin meanwhile: Python would print where it was."""
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(serve: Callable[[Connection], None], connection: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        serve(connection)
