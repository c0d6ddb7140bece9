"""Sets sheets in other processes: those of large decks, and those of a stranger's templates.

Typst keeps its memory until its process ends, and a process of its own can be at work while Python is in another.
A project's own templates are a stranger's program. They get a process with bounds in time and memory, and no network.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Final

from cardpress.pdf.packing import Objects
from cardpress.pdf.typesetting import (
    Job,
    MadeSheet,
    Overflow,
    Overflows,
    SettingError,
    forget,
    read_overflows,
    set_objects,
    set_sheet,
)
from cardpress.processes import Helper, start_helper

Setter = Callable[[Job], Objects | Overflows]

# Characters of data after which Typst forgets what it set, of which it keeps some 300 bytes for each; and those after
# which a process is replaced by a new one, as some memory stays in use.
_MOST_KEPT = 40_000
_MOST_SET = 2_000_000
# For the sheets of one deck together, in seconds, and for each of them, in bytes; and for each character of data.
SECONDS: Final = 30.0
SECONDS_FOR_EACH: Final = 1 / 20_000
MEMORY: Final = 1_000_000_000
MEMORY_FOR_EACH: Final = 400
# Typst asks the network for packages, which a proxy that is not there prevents. Nothing can listen on port 0.
_NO_NETWORK = dict.fromkeys(
    ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:0"
)
# Typst's threads: each of them takes room of the memory.
_THREADS = {"RAYON_NUM_THREADS": "2"}
_SHEET, _OVERFLOWS, _ERROR = b"s", b"o", b"e"


@dataclass(slots=True)
class _Worker:
    """A process that sets sheets, and how many characters of data it has set."""

    helper: Helper
    characters: int = 0


class Workers:
    """Processes that set sheets at the same time, each one after the other. They start at once, as it takes a while."""

    def __init__(self, count: int) -> None:
        self._free: SimpleQueue[_Worker | None] = SimpleQueue()
        self._all: list[_Worker] = []
        for _ in range(count):
            self._free.put(self._start())

    def set_objects(self, job: Job) -> Objects | Overflows:
        """Return what the function of this name does, from the first process that is free."""
        worker = self._free.get() or self._start()
        try:
            worker.characters += len(job.data)
            worker.helper.connection.send(job)
            answer = worker.helper.connection.recv_bytes()
        except (EOFError, OSError):
            process = worker.helper.process
            process.join()
            message = f"it needs more memory than there is, or crashes Typst (exit status {process.exitcode})"
            worker.characters = _MOST_SET
            raise SettingError(message) from None
        finally:
            if worker.characters >= _MOST_SET:
                worker.helper.end()
                self._all.remove(worker)
            self._free.put(worker if worker.characters < _MOST_SET else None)
        kind, content = answer[:1], answer[1:]
        if kind == _SHEET:
            return Objects.from_bytes(content)
        return Overflows(_read(kind, content))

    def close(self) -> None:
        """End all processes."""
        for worker in self._all:
            worker.helper.end()

    def _start(self) -> _Worker:
        self._all.append(worker := _Worker(start_helper(_serve)))
        return worker


def _serve(jobs: Connection) -> None:
    """Answer jobs until nobody asks any more."""
    characters = 0
    while True:
        job: Job = jobs.recv()
        try:
            made = set_objects(job)
        except SettingError as error:
            jobs.send_bytes(_ERROR + str(error).encode())
        else:
            jobs.send_bytes(_say(made) if isinstance(made, Overflows) else _SHEET + made.to_bytes())
        characters += len(job.data)
        if characters >= _MOST_KEPT:
            forget(job.folder)
            characters = 0


def _say(made: Overflows) -> bytes:
    return _OVERFLOWS + json.dumps([made.sides]).encode()


def _read(kind: bytes, content: bytes) -> tuple[Overflow, ...]:
    if kind == _OVERFLOWS:
        return read_overflows(content.decode())
    raise SettingError(content.decode("utf-8", "replace"))


class Bounded:
    """Sets the sheets of one deck in processes with bounds. All of them together have some seconds."""

    def __init__(self, characters: int) -> None:
        self.seconds = SECONDS + characters * SECONDS_FOR_EACH
        self.memory = MEMORY + characters * MEMORY_FOR_EACH
        self._left = self.seconds

    def set_sheet(self, job: Job) -> MadeSheet | Overflows:
        """Return what the function of this name does. Raises SettingError, too, when a bound is reached."""
        start = time.monotonic()
        try:
            return _run(job, self._left, self.memory)
        except TimeoutError:
            raise SettingError(f"it takes longer than {self.seconds:.0f} seconds") from None
        finally:
            self._left = max(0.0, self._left - (time.monotonic() - start))


def _run(job: Job, seconds: float, memory: int) -> MadeSheet | Overflows:
    """Run a job in another process. Raises TimeoutError, and SettingError when it fails or its process dies."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, job, memory), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            raise TimeoutError
        answer = ours.recv_bytes()
    except (EOFError, OSError) as error:
        if isinstance(error, TimeoutError):
            raise
        process.join()
        limit = f"more than {memory / 1e6:,.0f} MB of memory"
        raise SettingError(f"it needs {limit}, or crashes Typst (exit status {process.exitcode})") from None
    finally:
        process.kill()
        process.join()
        ours.close()
    kind, content = answer[:1], answer[1:]
    if kind == _SHEET:
        return MadeSheet(content)
    return Overflows(_read(kind, content))


def _work(answer: Connection, job: Job, memory: int) -> None:
    os.environ.update(_NO_NETWORK | _THREADS)
    for name in ("no_proxy", "NO_PROXY"):
        os.environ.pop(name, None)
    _be_silent()
    _limit_memory(memory)
    try:
        made = set_sheet(job)
    except SettingError as error:
        answer.send_bytes(_ERROR + str(error).encode())
    else:
        if isinstance(made, MadeSheet):
            answer.send_bytes(_SHEET + made.pdf)
        else:
            answer.send_bytes(_say(made))


def _be_silent() -> None:
    """Let a crash of Typst print nothing: its words could hold what a terminal obeys."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


def _limit_memory(memory: int) -> None:
    """Bound this process's memory, where the system can: Linux does, macOS and Windows do not."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
