"""Writers run at the same time, those that take longest first."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cardpress import writers
from cardpress.deck.notes import Deck
from cardpress.progress import NoProgress
from cardpress.writers import Written
from tests.helpers.decks import deck_from
from tests.helpers.sample_project import EVERYTHING


def run(deck: Deck, jobs: int, monkeypatch: pytest.MonkeyPatch, *, fails: bool = False) -> list[str]:
    """Run three writers, and return what happened in its order."""
    happened: list[str] = []

    def write(*_: Any) -> Written:
        happened.append("other")
        return Written(())

    def write_sheets(_deck: Deck, _count: object, _keep: object, when_ready: Callable[[], None]) -> Written:
        time.sleep(0.1)
        if fails:
            raise MemoryError
        happened.append("ready")
        when_ready()
        time.sleep(0.1)
        happened.append("sheets")
        return Written(())

    monkeypatch.setattr(writers, "load_writer", lambda name: write_sheets if name == "pdf" else write)
    writers.run_writers(deck, ["apkg", "json", "booklet", "flashcards"], jobs, NoProgress())
    return happened


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [(1, ["ready", "sheets", "other", "other"]), (2, ["ready", "other", "other", "sheets"])],
)
def test_other_writers_begin_when_typst_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, expected: list[str]
) -> None:
    assert run(deck_from(tmp_path, EVERYTHING), jobs, monkeypatch) == expected


def test_sheets_that_cannot_be_made_let_nobody_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MemoryError):
        run(deck_from(tmp_path, EVERYTHING), 2, monkeypatch, fails=True)
