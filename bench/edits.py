"""Edits one word of a project, as an author's editor saves it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

# What stands before the answer of a question, and before that of a recall note.
QUESTION = re.compile(r"^  answer: (?:\|\n    )?(?![|>])", re.MULTILINE)
RECALL = re.compile(r"^      answer: (?![|>])", re.MULTILINE)
_RETIRED = "\n  retired:"


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit that was made, and what the file held before."""

    file: Path
    before: str

    def undo(self) -> None:
        """Put back what the file held."""
        _save(self.file, self.before)


def edit(project: Path, number: int, place: re.Pattern[str] = QUESTION) -> Edit:
    """Add a word to one of a project's answers: another word, and mostly another answer, for each number."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted((project / "source").glob("*.yaml"))}
    places = {path: _find(text, place) for path, text in texts.items() if path.name != "deck.yaml"}
    files = [path for path, found in places.items() if found]
    file = files[number % len(files)]
    text, found = texts[file], places[file]
    at = found[number % len(found)]
    if text[at] in "'\"":
        at += 1
    _save(file, f"{text[:at]}Edited{number} {text[at:]}")
    return Edit(file, text)


def _find(text: str, place: re.Pattern[str]) -> list[int]:
    """Return where the answers begin that cards show: no card shows an edit of a retired question."""
    found = list(place.finditer(text))
    return [each.end() for each in found if _RETIRED not in text[text.rfind("\n- id:", 0, each.start()) : each.start()]]


def _save(file: Path, text: str) -> None:
    """Write a file as editors do: a new one in place of the old one."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)
