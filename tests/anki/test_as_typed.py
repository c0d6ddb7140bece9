"""What authors type comes out as typed on Anki's cards."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from cardpress.note_types.identity import make_guid
from tests.helpers.anki_collection import learning
from tests.helpers.decks import deck_of, package_of
from tests.helpers.typed_texts import BACK_OF_ONE, BACK_OF_TWO, ESCAPED, TYPED, TYPED_AS_CODE, flat, typed_project
from tests.helpers.visible_text import visible


@dataclass(frozen=True)
class Cards:
    """The sides of both cards, by names such as `one question_text`."""

    html: dict[str, str]
    texts: dict[str, str]


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> Cards:
    folder = tmp_path_factory.mktemp("typed")
    with learning(folder / "learner") as learner:
        learner.take(package_of(deck_of(typed_project(folder / "project"))))
        shown = {
            f"{note_id} {side}": getattr(learner.cards_of(make_guid("sample", note_id))[0].render_output(), side)
            for note_id in ("one", "two")
            for side in ("question_text", "answer_text", "question_av_tags", "answer_av_tags")
        }
    assert not any(tags for name, tags in shown.items() if name.endswith("av_tags")), "Anki sees a sound"
    html = {name: text for name, text in shown.items() if name.endswith("text")}
    return Cards(html, {name: visible(text) for name, text in html.items()})


@pytest.mark.parametrize("typed", TYPED)
def test_cards_show_it_in_every_field(cards: Cards, typed: str) -> None:
    shown = flat(typed)
    assert cards.texts["one question_text"].count(shown) == 3
    assert cards.texts["one answer_text"].count(shown) == BACK_OF_ONE + (typed == TYPED[0])
    assert cards.texts["two question_text"].count(shown) == 4
    assert cards.texts["two answer_text"].count(shown) == BACK_OF_TWO


@pytest.mark.parametrize("typed", TYPED_AS_CODE)
def test_code_is_left_alone_everywhere(cards: Cards, typed: str) -> None:
    assert cards.texts["one answer_text"].count(flat(typed)) >= 2 * 8 + 2


@pytest.mark.parametrize("meant", ESCAPED.values(), ids=ESCAPED)
def test_what_markdown_escapes_is_shown_and_not_acted_on(cards: Cards, meant: str) -> None:
    assert meant in cards.texts["one question_text"]


def test_anki_finds_no_formula_sound_or_picture_of_a_formula(cards: Cards) -> None:
    for text in cards.html.values():
        assert not re.search(
            r"\\[(\[]|\[sound:|\[anki:|\[\[type:|\{\{c[0-9]|\[/?latex\]|\[/?\$\$?\]", text, re.IGNORECASE
        )
        assert "class=latex" not in text
        assert "LaTeX" not in text
