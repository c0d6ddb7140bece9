"""Writers run at the same time, those that take longest first."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from cardpress import writers
from cardpress.deck.notes import Deck
from cardpress.outputs import SHEETS, Sheet
from cardpress.pdf import typesetting
from cardpress.pdf.typesetting import Job, MadeSheet, Overflows, set_sheet
from cardpress.progress import NoProgress
from cardpress.writers import Course, Written, pdf
from tests.helpers.decks import deck_from
from tests.helpers.sample_project import EVERYTHING


def run(deck: Deck, jobs: int, monkeypatch: pytest.MonkeyPatch, *, fails: bool = False) -> list[str]:
    """Run three writers, and return what happened in its order."""
    happened: list[str] = []

    def write(*_: Any) -> Written:
        happened.append("other")
        return Written(())

    def write_sheets(_deck: Deck, _count: object, _keep: object, course: Course) -> Written:
        time.sleep(0.1)
        if fails:
            raise MemoryError
        happened.append("ready")
        course.is_typst_at_work.set()
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


def test_a_build_that_is_stopped_sets_no_more_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deck = deck_from(tmp_path, EVERYTHING)
    jobs: list[Job] = []

    def set_first(job: Job) -> MadeSheet | Overflows:
        jobs.append(job)
        time.sleep(0.2)  # meanwhile, another writer is stopped
        return set_sheet(job)

    def interrupt(_deck: Deck) -> Written:
        raise KeyboardInterrupt

    load = writers.load_writer
    monkeypatch.setattr(typesetting, "set_sheet", set_first)
    monkeypatch.setattr(writers, "load_writer", lambda name: interrupt if name == "apkg" else load(name))
    with pytest.raises(KeyboardInterrupt):
        writers.run_writers(deck, ["apkg", *SHEETS], 2, NoProgress())
    assert 0 < len(jobs) <= 3


def test_a_stopped_press_sets_nothing(tmp_path: Path) -> None:
    course = Course()
    with pdf.open_press(deck_from(tmp_path, EVERYTHING), None, course) as press:
        course.is_stopped.set()
        with pytest.raises(KeyboardInterrupt):
            press.make(Sheet("booklet"), ("a4",))
