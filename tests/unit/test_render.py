"""A bank is rendered once, the same for any number of jobs and with any cache, and only where it is new."""

from __future__ import annotations

from pathlib import Path

import pytest
from cardpress.deck.cache import Kind, RenderedTexts, RenderRequest
from cardpress.deck.render import render

from cardpress.deck import render as module
from cardpress.engine import ROOT
from cardpress.source.bank import Bank
from cardpress.source.load import load, load_templates
from tests.conftest import QUESTION, WriteProject
from tests.helpers.sample_project import EVERYTHING


def bank_of(project: Path) -> Bank:
    return load(project / "source", load_templates(ROOT)[0]).bank


@pytest.fixture
def bank(write_project: WriteProject) -> Bank:
    return bank_of(write_project(EVERYTHING))


def test_any_number_of_jobs_makes_the_same_deck(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = render(bank, RenderedTexts(), jobs=1)
    monkeypatch.setattr(module, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr(module, "_CHUNK", 3)
    assert render(bank, RenderedTexts(), jobs=2) == alone


def test_what_was_kept_is_not_rendered_again(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = RenderedTexts()
    deck = render(bank, texts)
    kept = RenderedTexts.from_json(texts.to_json())

    def never(text: str) -> str:
        raise AssertionError(f"rendered again: {text}")

    for name in ("to_html", "render_cloze"):
        monkeypatch.setattr(module, name, never)
    assert render(bank, kept) == deck
    assert kept.changed is False


def test_only_what_the_last_build_used_is_kept(bank: Bank, write_project: WriteProject) -> None:
    texts = RenderedTexts()
    render(bank, texts)
    smaller = write_project({"first.yaml": QUESTION, "second.yaml": QUESTION.replace("one", "two")})
    kept = RenderedTexts.from_json(texts.to_json())
    render(bank_of(smaller), kept)
    texts_kept = [text for _, _, text, _ in kept.to_json()]
    assert "What is one?" in texts_kept
    assert "What is four?" not in texts_kept


def test_a_text_is_known_by_its_kind_too(write_project: WriteProject) -> None:
    same = "{{c1::x}} and `y`"
    recall = f"  recall:\n    - {{id: gap, cloze: '{same}'}}\n    - {{id: qa, question: '{same}', answer: '{same}'}}\n"
    deck = render(bank_of(write_project({"first.yaml": QUESTION + recall})), RenderedTexts())
    gap, other = deck.sections[0].notes[0].recall
    assert getattr(gap, "anki") == "{{c1::x}} and <code>y</code>"  # noqa: B009 - it is one of two kinds
    assert getattr(other, "answer").html == "{{c1::x}} and <code>y</code>"  # noqa: B009 - it is one of two kinds
    assert '<mark class="cloze"' in getattr(gap, "text").html  # noqa: B009 - it is one of two kinds


def test_a_cache_that_came_with_a_deck_cannot_put_script_on_cards(write_project: WriteProject) -> None:
    bank = bank_of(write_project({}))
    answer = RenderRequest(Kind.MARKDOWN, "The first number.")
    deck = render(bank, RenderedTexts({answer: "<p>1<img src=x onerror=alert(1)></p>"}))
    assert next(deck.notes()).answer.html == "<p>The first number.</p>"


def test_what_is_rendered_is_safe_as_it_stands_so_that_the_cache_is_used() -> None:
    bank = bank_of(ROOT)
    texts = RenderedTexts()
    render(bank, texts)
    kept = RenderedTexts.from_json(texts.to_json())
    render(bank, kept)
    assert not kept.changed
