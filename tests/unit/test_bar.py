"""The bar at a terminal: what it says, and that it comes and goes without a trace."""

from __future__ import annotations

import time

import pytest

from cardpress.cli import bar
from cardpress.cli.bar import Bar
from tests.helpers.terminals import CODES


def wait_for_bar(shown: Bar) -> None:
    until = time.monotonic() + 20
    while shown._shown is None:
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bar, "_PATIENCE", 0)


def words(shown: Bar) -> str:
    assert shown._shown is not None
    return shown._shown.tasks[0].description


@pytest.mark.usefixtures("at_once")
def test_a_bar_names_what_is_at_work_and_how_far_it_is() -> None:
    shown = Bar(2)
    wait_for_bar(shown)
    try:
        shown.start("check")
        assert words(shown) == "check"
        shown.end("check")
        shown.expect(2)
        shown.start("pdf")
        shown.start("apkg")
        assert words(shown) == "pdf, apkg"
        shown.end("pdf")
        shown.count("apkg", 1_200, 4_000, "card")
        assert words(shown) == "apkg, 1,200 of 4000 cards"
        assert shown._shown is not None
        task = shown._shown.tasks[0]
        assert (task.completed, task.total) == (2.3, 4)
        shown.end("apkg")
        assert words(shown) == "apkg, 1,200 of 4000 cards"
    finally:
        shown.stop()


@pytest.mark.usefixtures("at_once")
def test_a_bar_with_a_good_guess_does_not_go_back() -> None:
    shown = Bar(1, guess=3)
    wait_for_bar(shown)
    try:
        for expected, total in ((2, 4), (1, 4), (1, 5)):
            shown.expect(expected)
            assert shown._shown is not None
            assert shown._shown.tasks[0].total == total
    finally:
        shown.stop()


@pytest.mark.usefixtures("at_once")
def test_what_began_before_the_bar_appeared_is_on_it() -> None:
    shown = Bar(2)
    shown.start("check")
    wait_for_bar(shown)
    try:
        assert words(shown) == "check"
    finally:
        shown.stop()


def test_what_is_soon_done_shows_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Bar(1)
    shown.start("check")
    shown.end("check")
    shown.stop()
    shown.stop()
    shown._timer.join()
    assert shown._shown is None
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("at_once")
def test_a_bar_is_on_standard_error(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = Bar(1)
    shown.start("[check]")
    wait_for_bar(shown)
    shown.stop()
    said = capsys.readouterr()
    assert said.out == ""
    assert "[check]" in CODES.sub("", said.err)
