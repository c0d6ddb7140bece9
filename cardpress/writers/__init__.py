"""The writers: one module or package for each output, named after it; `pdf` makes all printed sheets.

Each has a function `write(deck)` that returns `Written`: the artifacts, and the problems with what could not be
printed. It uses nothing but the deck, and writes no files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

from cardpress.diagnostics import Diagnostic
from cardpress.outputs import ALL_SHEETS, SHEETS
from cardpress.progress import Progress, stage
from cardpress.publish.artifact import Artifact

if TYPE_CHECKING:
    from cardpress.deck.notes import Deck


@dataclass(frozen=True, slots=True)
class Written:
    """What a writer made, and the problems with what it could not print."""

    artifacts: tuple[Artifact, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


Writer = Callable[["Deck"], Written]


def find_writer(output: str) -> str:
    """Return the name of the writer that makes an output."""
    return ALL_SHEETS if output in SHEETS else output


def load_writer(name: str) -> Writer:
    """Import and return the writer of this name: a build of one output loads only its writer."""
    write: Writer = import_module(f"{__name__}.{name}").write
    return write


def run_writers(deck: Deck, outputs: Iterable[str], jobs: int, progress: Progress) -> dict[str, Written]:
    """Make outputs with their writers in up to `jobs` threads. Return what each writer made, by its name, sorted."""
    from concurrent.futures import ThreadPoolExecutor  # not needed by commands that only list the outputs

    # The PDF goes first: it takes longest, and Typst releases Python's global lock while it works.
    outputs = tuple(sorted(outputs))
    ordered = sorted(dict.fromkeys(map(find_writer, outputs)), key=lambda name: name != ALL_SHEETS)
    together = replace(deck, outputs=outputs)
    progress.expect(len(ordered))

    def run(name: str) -> Written:
        with stage(progress, name) as count:
            writer: Callable[..., Written] = load_writer(name)
            # What takes longest says how far it is.
            return writer(together, count) if name == ALL_SHEETS else writer(together)

    with ThreadPoolExecutor(jobs) as pool:
        return dict(sorted(zip(ordered, pool.map(run, ordered), strict=True)))
