"""The writers: one module or package for each output, named after it.

Each has a function `write(deck)` that returns `Written`: the artifacts, and the problems with what could not be
printed. It uses nothing but the deck, and writes no files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from cardpress.diagnostics import Diagnostic
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

# Sorted, and found without importing them: a build of one output loads only its writer.
NAMES: tuple[str, ...] = tuple(sorted(module.name for module in iter_modules(__path__)))


def load_writer(name: str) -> Writer:
    """Import and return the writer of an output."""
    write: Writer = import_module(f"{__name__}.{name}").write
    return write


def run_writers(deck: Deck, names: Iterable[str], jobs: int, progress: Progress) -> dict[str, Written]:
    """Run writers in up to `jobs` threads. Return what each made, by the output's name, sorted."""
    from concurrent.futures import ThreadPoolExecutor  # not needed by commands that only list the outputs

    # The PDF goes first: it takes longest, and Typst releases Python's global lock while it works.
    ordered = sorted(names, key=lambda name: name != "pdf")
    together = replace(deck, outputs=tuple(sorted(ordered)))

    def run(name: str) -> Written:
        with stage(progress, name):
            return load_writer(name)(together)

    with ThreadPoolExecutor(jobs) as pool:
        return dict(sorted(zip(ordered, pool.map(run, ordered), strict=True)))
