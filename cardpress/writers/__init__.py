"""The outputs, one module each: a module here is an output, by its own name.

A writer module has one function, `write(deck)`, which gives `Written`: the artifacts, and what could not be printed as
it should. It reads nothing but the deck and touches no disk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from cardpress.deck.notes import Artifact, Deck
from cardpress.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Written:
    """What a writer made, and what it could not print."""

    artifacts: tuple[Artifact, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def say_count(number: int, noun: str) -> str:
    """Write how many there are of something: `1 page`, `2 pages`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


Writer = Callable[[Deck], Written]

# Sorted by name, and found without importing any: a build that wants one output pays for one.
NAMES: tuple[str, ...] = tuple(sorted(module.name for module in iter_modules(__path__)))


def load_writer(name: str) -> Writer:
    """Give the writer of an output."""
    write: Writer = import_module(f"{__name__}.{name}").write
    return write
