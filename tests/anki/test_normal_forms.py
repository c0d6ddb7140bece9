"""Letters and marks of several forms ship in the one that Anki stores, so that they refuse no release."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import pytest

from tests.helpers.anki_collection import learning
from tests.helpers.author import Author, question, recall
from tests.helpers.visible_text import visible

# Decomposed, as macOS has file names; signs that have another form; marks in the wrong order; marks that would make one
# character with the `>` of a tag before them.
WRITTEN = (
    "cafe\N{COMBINING ACUTE ACCENT}",
    "5 \N{OHM SIGN}, 3 \N{ANGSTROM SIGN}",
    "x\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}",
    "\N{COMBINING LONG SOLIDUS OVERLAY}x",
    "\N{COMBINING DOT BELOW}\N{COMBINING LONG SOLIDUS OVERLAY}x",
    "a =\N{COMBINING LONG SOLIDUS OVERLAY} b <\N{COMBINING LONG SOLIDUS OVERLAY} c",
)


def composed(text: str) -> str:
    return normalize("NFC", text)


@pytest.mark.parametrize("text", WRITTEN, ids=ascii)
def test_a_text_of_any_form_is_released_and_shown(text: str, tmp_path: Path) -> None:
    below = [{"id": "gap", "cloze": f"{{{{c1::{text}}}}} stands here, too."}, recall("more", "And what more?", text)]
    asked = question("one", f"What is `{text}` called?", f"**{text}** and `{text}`", recall=below)
    package = Author(tmp_path / "project", {"first": [asked]}).release("1.0.0")
    with learning(tmp_path / "learner") as learner:
        learner.take(package)
        cards = [(card.note()["Id"], card.render_output().answer_text) for card in learner.cards()]
    shown = {note_id: composed(visible(html)).count(composed(text)) for note_id, html in cards}
    assert shown == {"one": 3, "gap": 1, "more": 1}


def test_a_tag_of_any_form_is_released(tmp_path: Path) -> None:
    tags = ["cafe\N{COMBINING ACUTE ACCENT}", "caf\N{LATIN SMALL LETTER E WITH ACUTE}::b", "Z", "a"]
    package = Author(tmp_path / "project", {"first": [question("one", "What is it?", "That.", tags=tags)]}).release(
        "1.0.0"
    )
    with learning(tmp_path / "learner") as learner:
        learner.take(package)
        (card,) = learner.cards()
        assert sorted(card.note().tags) == sorted(map(composed, tags))
