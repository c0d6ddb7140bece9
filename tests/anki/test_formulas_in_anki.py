"""The real Anki shows formulas for its MathJax, and hides those in deletions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cardpress.note_types.identity import make_guid
from tests.conftest import DECK
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.decks import deck_from, package_of
from tests.helpers.formulas import FORMULAS, GAPPED


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        somebody.take(package_of(deck_from(tmp_path, FORMULAS)))
        yield somebody


def test_formulas_stand_unbroken_on_their_cards(learner: Learner) -> None:
    (card,) = learner.cards_of(make_guid("sample", "one"))
    assert r"What is \(\frac{a}{b} &lt; 1\), in $5?" in card.question()
    answer = card.answer()
    assert "\\[\n\\begin{aligned}\n\\int_0^1 x^2\\,dx\n  &amp;= \\left[ \\tfrac{1}{3} x^3 \\right]_0^1 \\\\\n" in answer
    assert r"\(|x|\)" in answer
    assert r"\(\|y\|\)" in answer
    assert r"\(\sum_{n=1}^\infty \frac{1}{n^2} = \frac{\pi^2}{6}\)" in answer


def test_a_deletion_hides_its_formula_and_no_other(learner: Learner) -> None:
    first, second = learner.cards_of(make_guid("sample", "one-cloze"))
    latex = r"\(\frac{a}{b^{2} }\)"
    assert ">[...]</span> is" in first.question()
    assert f">{latex}</span>" not in first.question().replace("data-cloze", "")
    assert f">{latex}</span> is" in first.answer()
    assert r"\(a: :b\)" in first.question()
    assert ">[which?]</span>, and \\(c\\)." in second.question()
    assert latex in second.question()
    assert r">\(a: :b\)</span>, and" in second.answer()


def test_no_note_has_a_card_that_is_not_meant(learner: Learner) -> None:
    assert len(learner.cards()) == 4
    assert learner.collection.get_empty_cards().notes == []


def test_a_deletion_in_a_formula_is_hidden_and_shown_there(tmp_path: Path) -> None:
    texts = "".join(f"- id: note-{number}\n  cloze: '{each.text}'\n" for number, each in enumerate(GAPPED.values()))
    with learning(tmp_path / "learner") as somebody:
        somebody.take(package_of(deck_from(tmp_path, {"deck.yaml": DECK, "first.yaml": texts.replace("'}", "''}")})))
        assert somebody.collection.get_empty_cards().notes == []
        for number, each in enumerate(GAPPED.values()):
            cards = somebody.cards_of(make_guid("sample", f"note-{number}"))
            assert len(cards) == 1 + ("c2::" in each.text)
            assert each.front in cards[0].question()
            assert each.back in cards[0].answer()
