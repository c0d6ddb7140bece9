"""Finds the user's cache folder, the one place outside the project and `--out` that commands write to."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_cache_path


def find_cache() -> Path | None:
    """Return the folder for what is kept from one build to the next; None for a user who has no home folder."""
    try:
        folder = user_cache_path("cardpress", appauthor=False)
    except RuntimeError:
        return None
    return folder if folder.is_absolute() else None
