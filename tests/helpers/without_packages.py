"""Packages that are not installed, or not loaded yet, for a test."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType


class _Hider:
    """Finds none of some packages."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        """Raise an error for a hidden package, and leave others to the next finder."""
        if name.partition(".")[0] in self._names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


@contextmanager
def hide(*names: str) -> Iterator[None]:
    """Make packages missing while the block runs, also those that were loaded before."""
    hider = _Hider(names)
    with unload(*names):
        sys.meta_path.insert(0, hider)
        try:
            yield
        finally:
            sys.meta_path.remove(hider)


@contextmanager
def unload(*names: str) -> Iterator[None]:
    """Make packages, and all in them, such that were never loaded while the block runs; then all is as before it."""
    loaded = _find(names)
    _forget(loaded)
    try:
        yield
    finally:
        _forget(_find(names))
        for name, module in loaded.items():
            sys.modules[name] = module
            parent, _, own = name.rpartition(".")
            if parent in sys.modules:  # loading a module again has made the new one its package's
                setattr(sys.modules[parent], own, module)


def _find(names: Sequence[str]) -> dict[str, ModuleType]:
    packages = tuple(f"{name}." for name in names)
    return {each: module for each, module in sys.modules.items() if f"{each}.".startswith(packages)}


def _forget(loaded: dict[str, ModuleType]) -> None:
    for each in loaded:
        del sys.modules[each]
