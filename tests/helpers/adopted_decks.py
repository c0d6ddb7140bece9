"""A deck that was taken over: with GUIDs, numbers and names that learners have, and a history of what they have."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from cardpress.history.digests import digest_file
from cardpress.history.records import NOT_YET, History, Release, to_moment, to_text
from cardpress.pipeline import Options, load_project, render_deck
from cardpress.release.documents import extend_history
from tests.helpers.author import Author

DAY = "2024-05-06"
# When notes and note types were last changed by who made the deck.
CHANGED = to_moment("2023-03-03") + 7
# What real GUIDs hold.
GUIDS = {"to-be": 'c#Q"|%0j:p', "to-have": "  x y ", "to-be-past": "N8kP)w^{~3", "house": 'Ab"9,x'}
DECK, VERBS, TYPE = 1607392319, 1607392320, 1342697561419
NOTE_TYPE = f"""\
title: Vocabulary
anki: {{id: {TYPE}, name: Basic (vocabulary)}}
below: [vocabulary]
fields:
  - {{key: front, holds: html, anki: {{id: -7, font: Liberation Sans, size: 24, rtl: true}}}}
  - {{key: back, holds: html}}
cards:
  - {{name: Card 1, asks: [front], answers: [back], front: front.html, back: back.html, anki: {{id: 8}}}}
"""
PLACE = "note-types/vocabulary"
_LOST = "f" * 64


def note(note_id: str, front: str, back: str, **more: Any) -> dict[str, Any]:
    return {"id": note_id, "guid": GUIDS[note_id], "front": front, "back": back, **more}


def adopt_deck(folder: Path) -> Author:
    """Return the author of a project whose deck learners have in Anki already, in its first version there."""
    past = note("to-be-past", "was", "era, fue")
    verbs = [note("to-be", "to be", "ser, estar", recall=[past]), note("to-have", "to have", "tener", tags=["b", "A"])]
    author = Author(folder, {"verbs": verbs, "nouns": []})
    author.facts |= {
        "date": DAY,
        "note_type": "vocabulary",
        "inherit_tags": False,
        "anki": {"id": DECK, "name": "Languages::Spanish"},
    }
    author.headings = {
        "verbs": {"anki": {"id": VERBS, "name": "Languages::Spanish::Verbs"}},
        "nouns": {"table": "nouns.csv", "anki": {"name": "Apart"}},
    }
    author.tables["nouns.csv"] = 'id,guid,front,back\nhouse,"Ab""9,x",house,la casa\n'
    author.style(f"{PLACE}/note-type.yaml", NOTE_TYPE)
    author.style(f"{PLACE}/front.html", "{{Front}}")
    author.style(f"{PLACE}/back.html", "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}")
    author.style(f"{PLACE}/style.css", ".card { text-align: center; }\n")
    author.write()
    write_history(author, NOT_YET)
    author.build(author.out)
    write_history(author, digest_file(author.package))
    return author


def write_history(author: Author, package: str) -> None:
    """Write what learners have: all that there is now, as it was changed long ago."""
    bank, _ = load_project(author.project)
    deck = render_deck(replace(bank, history=None), Options(author.project, author.out))
    history = extend_history(None, deck, Release("0.1.0", DAY, _LOST, package, to_moment(DAY)))
    history = replace(
        history,
        notes={guid: replace(each, modified=CHANGED) for guid, each in history.notes.items()},
        note_types={kind: replace(each, modified=CHANGED + 1) for kind, each in history.note_types.items()},
        media={"lost.png": "", "_font.ttf": _LOST},
    )
    save_history(author, history)


def save_history(author: Author, history: History) -> None:
    (author.project / "source" / "history.json").write_text(to_text(history), encoding="utf-8", newline="\n")
