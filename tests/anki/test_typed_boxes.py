"""What is right, and what is to be typed, is what the real Anki says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.anki.card_rendering import CardMaker
from cardpress.anki.cloze_html import find_typed
from cardpress.anki.typed_boxes import Typed, compare_nothing, find_expected, write_box, write_comparison
from tests.anki.test_any_template import PIECES
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.basic_notes import CAPITAL, TRICKY, with_basics, with_gaps
from tests.helpers.decks import deck_from

texts = st.lists(st.sampled_from([*PIECES, "<br />", "<div>", "[anki:tts]", "\u2003", "\xa0"]), max_size=10).map(
    "".join
)


@pytest.fixture(scope="module")
def learner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Learner]:
    with learning(tmp_path_factory.mktemp("typing") / "learner") as somebody:
        yield somebody


@settings(max_examples=600, deadline=None)
@given(texts)
def test_what_is_right_is_as_in_anki(learner: Learner, text: str) -> None:
    assert compare_nothing(text) == learner.collection.compare_answer(text, "", True)
    assert find_typed(text, 1) == learner.collection.extract_cloze_for_typing(text, 1)


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("no box", None),
        ("[[type:Word]]", Typed("a <b>b</b>")),
        ("[[type:nc:Word]]", Typed("a <b>b</b>")),
        ("[[type:cloze:Gap]]", Typed("x")),
        ("[[type:Empty]]", Typed("")),
    ],
)
def test_a_front_says_what_is_typed(front: str, expected: Typed | None) -> None:
    fields = {"Word": "a <b>b</b>", "Gap": "{{c1::x::y}} {{c2::z}}", "Empty": ""}
    assert find_expected(front, fields, 1) == expected


def test_the_box_stands_in_its_place_and_nothing_where_nothing_is_typed() -> None:
    assert "<input type=text id=typeans" in write_box("a [[type:Word]] b", Typed("x"))
    assert write_box("a [[type:Word]] b", Typed("")) == "a  b"
    assert write_box("a [sound:x] b", None) == "a [sound:x] b"


def test_the_comparison_stands_behind_the_line() -> None:
    shown = write_comparison("[[type:Word]]<hr id=answer>b", Typed("x & \\1"))
    assert shown.startswith("<hr id=answer>\n<div style=")
    assert shown.endswith("<code id=typeans>x &amp; \\1</code></div>b")
    assert write_comparison("a<hr id=answer>b", Typed("x")) == "a<hr id=answer>b"
    assert write_comparison("a[[type:Word]]b", Typed("")) == write_comparison("a[[type:Word]]b", None) == "ab"


def _list_typed(files: Any, folder: Any) -> list[str | None]:
    deck = deck_from(folder, files)
    maker = CardMaker(deck)
    return [card.typed.expected if card.typed else None for note in deck.notes() for card in maker.make(note)]


def test_cards_know_what_is_typed_on_them(tmp_path_factory: pytest.TempPathFactory) -> None:
    basics, gaps = tmp_path_factory.mktemp("basics"), tmp_path_factory.mktemp("gaps")
    assert _list_typed(with_basics(CAPITAL, TRICKY), basics) == [None, "<code>a &lt; b</code> &amp; <em>so</em> on"]
    gap = {"id": "capital", "text": "{{c1::Paris}} is the capital of {{c2::*France*}}."}
    assert _list_typed(with_gaps(gap), gaps) == ["Paris", "<em>France</em>"]
