"""Edits one word of a project, as an author's editor saves it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

# What stands before the answer of a question, and before that of a recall note.
QUESTION = re.compile(r"^  answer: (?:\|\n    )?(?![|>])", re.MULTILINE)
RECALL = re.compile(r"^      answer: (?![|>])", re.MULTILINE)


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
    files = [path for path, text in texts.items() if path.name != "deck.yaml" and place.search(text)]
    file = files[number % len(files)]
    text = texts[file]
    found = list(place.finditer(text))
    at = found[number % len(found)].end()
    if text[at] in "'\"":
        at += 1
    _save(file, f"{text[:at]}Edited{number} {text[at:]}")
    return Edit(file, text)


def _save(file: Path, text: str) -> None:
    """Write a file as editors do: a new one in place of the old one."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)
