"""Turns the history of a project into one of the first format, as cardpress 1.0 wrote it."""

from __future__ import annotations

import json
from pathlib import Path


def make_first_format(project: Path) -> None:
    """Write history.json without what the first format lacks."""
    path = project / "source" / "history.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["format"] = 1
    for key in ("deck", "sections"):
        del content[key]
    for entries, key in (("releases", "moment"), ("note_types", "name"), ("notes", "deletions")):
        for entry in content[entries]:
            entry.pop(key, None)
    path.write_text(json.dumps(content), encoding="utf-8")
