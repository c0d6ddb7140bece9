"""A page template of a stranger, rendered in a process of its own, with bounds on its time, memory and size."""

from __future__ import annotations

import json
import sys
import threading
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

from cardpress.source.templates.template_files import PAGE
from cardpress.writers.page.rendering import Failure, explain, find_line, render_strange

# Seconds, for a page without questions and for each question more. Ours needs about a thousandth of a second for one.
_SECONDS, _SECONDS_A_QUESTION = 10.0, 0.02
# Characters of the page, and bytes of memory: for a page without questions, and for each byte of what it sees.
_CHARACTERS, _CHARACTERS_A_BYTE = 4 << 20, 4
_MEMORY, _MEMORY_A_BYTE = 768 << 20, 32
# Seconds that a process may take to start, to read what it gets, and to say that its time is over.
_PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page, and the template's line that each part of it comes from: where the part starts, and the line."""

    html: str
    lines: tuple[tuple[int, int], ...]

    def find_line(self, position: int) -> int:
        """Return the template's line that made a place of the page."""
        at = bisect_right(self.lines, (position, sys.maxsize)) - 1
        if at < 0:
            return 1
        start, line = self.lines[at]
        # A piece may have several lines of the template, but none of the piece after it.
        after = self.lines[at + 1][1] if at + 1 < len(self.lines) else sys.maxsize
        further = line + self.html.count("\n", start, position)
        return min(further, after) if after > line else line


@dataclass(frozen=True, slots=True)
class _Bounds:
    seconds: float
    characters: int
    memory: int


def render_apart(templates: Mapping[str, str], view: Mapping[str, Any]) -> Rendered | Failure:
    """Return the page that a template makes of what it sees, or why it makes none."""
    message = ForkingPickler.dumps((dict(templates), dict(view)))
    size, questions = len(message), len(view["questions"])
    bounds = _Bounds(
        seconds=_SECONDS + _SECONDS_A_QUESTION * questions,
        characters=_CHARACTERS + _CHARACTERS_A_BYTE * size,
        memory=_MEMORY + _MEMORY_A_BYTE * size,
    )
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    worker = context.Process(target=_work, args=(theirs, bounds), daemon=True)
    worker.start()
    theirs.close()
    try:
        ours.send_bytes(message)
        if not ours.poll(bounds.seconds + _PATIENCE):
            return Failure(PAGE, 1, f"the template takes longer than {bounds.seconds:.0f} seconds")
        # Bytes that are text, and never objects: a stranger's template had a hand in them.
        return _read(ours.recv_bytes(maxlength=bounds.characters * 6 + (1 << 20)))
    except (EOFError, OSError, ValueError, KeyError, TypeError):
        return Failure(PAGE, 1, "the template needs too much memory or time")
    finally:
        ours.close()
        worker.kill()
        worker.join()


def _read(message: bytes) -> Rendered | Failure:
    made = json.loads(message)
    if "failure" in made:
        template, line, words = made["failure"]
        return Failure(str(template), int(line), str(words))
    return Rendered(str(made["html"]), tuple((int(start), int(line)) for start, line in made["lines"]))


def _work(connection: Connection, bounds: _Bounds) -> None:
    """Render what comes through a connection, and send back the page or a failure, as JSON. Runs in its own process."""
    templates, view = connection.recv()
    _limit(bounds)
    answering = threading.Lock()
    renderer = threading.get_ident()

    def answer(made: Mapping[str, Any]) -> None:
        with answering:
            connection.send_bytes(json.dumps(made).encode())

    def give_up() -> None:
        template, line = find_line(sys._current_frames().get(renderer))
        answer({"failure": [template, line, f"the template takes longer than {bounds.seconds:.0f} seconds"]})

    watch = threading.Timer(bounds.seconds, give_up)
    watch.daemon = True
    watch.start()
    try:
        pieces: list[str] = []
        lines: list[tuple[int, int]] = []
        size = 0
        for piece, line in render_strange(templates, view, bounds.characters):
            lines.append((size, line))
            size += len(piece)
            pieces.append(piece)
        made: dict[str, Any] = {"html": "".join(pieces), "lines": lines}
    except BaseException as error:
        found = explain(error)
        made = {"failure": [found.template, found.line, found.message]}
    watch.cancel()
    answer(made)


def _limit(bounds: _Bounds) -> None:
    """Bound the memory of this process, and its work in case it hears nothing any more, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    seconds = round(bounds.seconds) + 5
    for kind, most in ((resource.RLIMIT_AS, bounds.memory), (resource.RLIMIT_CPU, seconds)):
        try:
            _, hard = resource.getrlimit(kind)
            limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (limit, limit))
        except (OSError, ValueError):  # macOS knows no bound on memory
            continue
