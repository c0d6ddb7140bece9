"""The outputs, one module each: a module here is an output, by its own name.

A writer module has one function, `write(deck)`, which gives `Written`: the artifacts, and what could not be printed as
it should. It reads nothing but the deck and touches no disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from cardpress.deck.notes import Deck
from cardpress.diagnostics import Diagnostic
from cardpress.progress import Progress, stage
from cardpress.publish.artifact import Artifact


@dataclass(frozen=True, slots=True)
class Written:
    """What a writer made, and what it could not print."""

    artifacts: tuple[Artifact, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


Writer = Callable[[Deck], Written]

# Sorted by name, and found without importing any: a build that wants one output pays for one.
NAMES: tuple[str, ...] = tuple(sorted(module.name for module in iter_modules(__path__)))


def load_writer(name: str) -> Writer:
    """Return the writer of an output."""
    write: Writer = import_module(f"{__name__}.{name}").write
    return write


def run_writers(deck: Deck, names: Iterable[str], jobs: int, progress: Progress) -> dict[str, Written]:
    """Run writers, at the same time where there are jobs for it. Return what each made, sorted by their names."""

    def run(name: str) -> Written:
        with stage(progress, name):
            return load_writer(name)(deck)

    # The PDF takes longest and leaves Python alone meanwhile: it goes first.
    ordered = sorted(names, key=lambda name: name != "pdf")
    with ThreadPoolExecutor(jobs) as pool:
        return dict(sorted(zip(ordered, pool.map(run, ordered), strict=True)))
