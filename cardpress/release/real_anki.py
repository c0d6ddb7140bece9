"""Whether the real Anki is here: the package `anki`, which only tests, rehearsals and releases use."""

from __future__ import annotations

from importlib.util import find_spec


def require_anki() -> None:
    """Raise ModuleNotFoundError when the package `anki` is not installed, before anything is made for it."""
    if find_spec("anki.collection") is None:
        raise ModuleNotFoundError("there is another package `anki`", name="anki")
