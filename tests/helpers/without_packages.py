"""Packages that are not installed, for a test."""

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
    loaded = {each: module for each, module in sys.modules.items() if each.partition(".")[0] in names}
    hider = _Hider(names)
    _forget(loaded)
    sys.meta_path.insert(0, hider)
    try:
        yield
    finally:
        sys.meta_path.remove(hider)
        sys.modules.update(loaded)


def _forget(loaded: dict[str, ModuleType]) -> None:
    for each in loaded:
        del sys.modules[each]
