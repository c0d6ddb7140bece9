"""What Anki puts into HTML as it is, names of decks and note types above all, is no script in the real Anki."""

from __future__ import annotations

from pathlib import Path

from cardpress.source.templates.template_html import read_html
from tests.conftest import QUESTION
from tests.helpers.anki_collection import learning
from tests.helpers.decks import deck_from, package_of

EVIL = "<img src=x onerror=alert(1)>"
DECK = f"""\
id: sample
title: 'A {EVIL}'
version: 1.0.0
date: 2026-01-02
description: 'A {EVIL} & b'
sections:
  - {{id: first, title: 'B {EVIL}', description: 'a < b & c {EVIL}'}}
"""
FRONT = "{{Question}}<p>{{Deck}} {{Subdeck}} {{Type}} {{Card}} {{Tags}} {{hint:Answer}}</p>"


def test_names_and_descriptions_are_text(tmp_path: Path) -> None:
    files = {"deck.yaml": DECK, "first.yaml": QUESTION, "../templates/note-types/interview/front.html": FRONT}
    package = package_of(deck_from(tmp_path / "project", files))
    with learning(tmp_path / "learner") as learner:
        learner.take(package)
        (card,) = learner.cards()
        front = card.render_output().question_text
        assert front.count("onerror") == 4
        assert "<img" not in front.replace("<\N{WORD JOINER}img", "")
        described = [deck["desc"] for deck in learner.collection.decks.all() if deck["desc"]]
        assert len(described) == 2
        for text in described:
            assert read_html(text).flaws == []
            assert "&lt;img src=x onerror=alert(1)&gt;" in text
