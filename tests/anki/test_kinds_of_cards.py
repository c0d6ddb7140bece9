"""What the real Anki makes of flags, typed answers and filters: the cards, their sides, and what it compares with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cardpress.note_types.identity import make_guid
from tests.conftest import WriteProject
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.basic_notes import BOTH_WAYS, CAPITAL, TRICKY, with_basics, with_filters, with_gaps
from tests.helpers.decks import deck_of, package_of
from tests.helpers.diagnostics import problems
from tests.helpers.own_note_types import CAT, DOG, TYPED_WORD, Files, with_words
from tests.helpers.visible_text import visible

if TYPE_CHECKING:
    from anki.cards import Card

WORD = {"id": "kanji", "word": "漢字[かんじ]", "meaning": "Chinese *letters*", "sentence": "漢字を書く。", "more": True}
PLAIN = {"id": "kana", "word": "かな", "meaning": "letters"}


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


def cards(learner: Learner, note_id: str) -> list[Card]:
    return learner.cards_of(make_guid("sample", note_id))


def names(learner: Learner, note_id: str) -> list[str]:
    return [str(card.template()["name"]) for card in cards(learner, note_id)]


def take(learner: Learner, write_project: WriteProject, files: Files) -> None:
    learner.take(package_of(deck_of(write_project(files))))


def compare(learner: Learner, card: Card, typed: str) -> str:
    """Return what Anki's reviewer shows on the back for what was typed (`aqt/reviewer.py`)."""
    output = card.render_output()
    found = re.search(r"\[\[type:(.+?)\]\]", output.question_text)
    assert found is not None
    assert found[0] in output.answer_text
    name = found[1]
    if name.startswith("cloze:"):
        text = card.note()[name.removeprefix("cloze:")]
        expected = learner.collection.extract_cloze_for_typing(text, card.ord + 1)
    else:
        expected = card.note()[name.removeprefix("nc:")]
    return learner.collection.compare_answer(expected, typed, not name.startswith("nc:"))


def test_a_basic_note_has_one_card_or_two(write_project: WriteProject, learner: Learner) -> None:
    take(learner, write_project, with_basics(CAPITAL, BOTH_WAYS, TRICKY))
    assert names(learner, "france") == ["Forward"]
    assert names(learner, "dog") == ["Forward", "Reverse"]
    forward, backward = (card.render_output() for card in cards(learner, "dog"))
    assert visible(forward.question_text) == "First section · Forward the dog"
    assert visible(forward.answer_text) == "First section · Forward the dog el perro A good one. dog Version 1.0.0"
    assert visible(backward.question_text) == "First section · Reverse el perro"
    assert visible(backward.answer_text) == "First section · Reverse el perro the dog A good one. dog Version 1.0.0"


def test_anki_makes_the_same_cards_by_itself(write_project: WriteProject, learner: Learner) -> None:
    take(learner, write_project, with_basics(CAPITAL, BOTH_WAYS, TRICKY))
    before = learner.rows("select nid, ord from cards order by nid, ord")
    for note_id in ("france", "dog", "signs"):
        note = cards(learner, note_id)[0].note()
        note["Extra"] = "mine"
        learner.collection.update_note(note)
    assert list(learner.collection.get_empty_cards().notes) == []
    assert learner.collection.fix_integrity()[1]
    assert learner.rows("select nid, ord from cards order by nid, ord") == before


def test_only_a_typed_note_asks_to_type(write_project: WriteProject, learner: Learner) -> None:
    take(learner, write_project, with_basics(CAPITAL, TRICKY))
    (plain,), (typed,) = (cards(learner, note_id) for note_id in ("france", "signs"))
    assert "[[type:" not in plain.render_output().question_text + plain.render_output().answer_text
    right = compare(learner, typed, "a < b & so on")
    assert right == "<code id=typeans><span class=typeGood>a &lt; b &amp; so on</span></code>"
    assert "typeBad" in compare(learner, typed, "a > b")


def test_a_card_that_waits_for_a_flag_is_typed_by_another(write_project: WriteProject, learner: Learner) -> None:
    files = with_words(DOG | {"reverse": True, "spelled": True}, CAT | {"reverse": True}, declared=TYPED_WORD)
    take(learner, write_project, files)
    dog, cat = cards(learner, "perro")[1], cards(learner, "gato")[1]
    assert "typeGood>el perro<" in compare(learner, dog, "el perro")
    assert "[[type:" not in cat.render_output().question_text
    assert "<a class=hint" in dog.render_output().question_text
    assert "<a class=hint" not in cat.render_output().question_text
    assert list(learner.collection.get_empty_cards().notes) == []


def test_a_gap_is_typed(write_project: WriteProject, learner: Learner) -> None:
    text = "{{c1::Paris}} is the capital of {{c2::*France*}}."
    take(learner, write_project, with_gaps({"id": "capital", "text": text}))
    first, second = cards(learner, "capital")
    assert "typeGood>Paris<" in compare(learner, first, "Paris")
    assert "typeGood>France<" in compare(learner, second, "France")
    assert "[...]" in visible(first.render_output().question_text)


def test_every_filter_of_an_author_renders(write_project: WriteProject, learner: Learner) -> None:
    take(learner, write_project, with_filters(WORD, PLAIN))
    assert names(learner, "kanji") == ["See", "More"]
    assert names(learner, "kana") == ["See"]
    output = cards(learner, "kanji")[0].render_output()
    from anki.sound import TTSTag  # its module cannot be the first of Anki's to be imported

    tags = [tag for tag in output.question_av_tags if isinstance(tag, TTSTag)]
    assert [(tag.lang, tag.voices, round(tag.speed, 2)) for tag in tags] == [
        ("ja_JP", [], 1),
        ("ja_JP", ["Apple_Kyoko", "Microsoft_Haruka"], 0.8),
    ]
    assert [tag.field_text for tag in tags] == ["漢字", "かんじ"]
    assert "漢字を書く。" in output.question_text
    assert "<a class=hint" in output.question_text
    assert "no sentence" not in output.question_text
    assert "[[type:nc:Meaning]]" in output.question_text
    assert "typeGood>Chinese letters<" in compare(learner, cards(learner, "kanji")[0], "Chinese letters")
    plain = cards(learner, "kana")[0].render_output()
    assert "no sentence" in plain.question_text
    assert "{{" not in output.question_text + output.answer_text + plain.question_text + plain.answer_text
    assert list(learner.collection.get_empty_cards().notes) == []


@pytest.mark.parametrize(
    ("front", "reported"),
    [
        ("{{#More}}<h1>{{Meaning}}</h1>{{/More}}", False),
        ("{{Meaning}}", True),
        ("{{#More}}{{Meaning}}{{/More}}{{Section}}", True),
        ("{{#Sentence}}{{#More}}{{Meaning}}{{/More}}{{/Sentence}}", True),
        ("{{#More}}{{#Sentence}}{{Meaning}}{{/Sentence}}{{^Sentence}}{{Meaning}}!{{/Sentence}}{{/More}}", False),
        ("{{#More}}{{^Sentence}}{{Meaning}}{{/Sentence}}{{/More}}", True),
        ("{{#More}}{{Meaning}}{{/More}}{{^More}}{{Meaning}}{{/More}}", True),
        ("{{#More}}{{Meaning}}{{#Notice}}{{Notice}}{{/Notice}}{{/More}}{{#Notice}}{{Notice}}{{/Notice}}", False),
        ("{{^Word}}{{Meaning}}{{/Word}}{{#More}}{{Meaning}}{{/More}}", False),
    ],
)
def test_a_front_is_reported_when_anki_makes_other_cards_than_declared(
    write_project: WriteProject, learner: Learner, front: str, reported: bool
) -> None:
    notes = (WORD, PLAIN, WORD | {"id": "no", "more": False}, PLAIN | {"id": "yes", "more": True})
    right = with_filters(*notes)
    take(learner, write_project, right)
    model = cards(learner, "kanji")[0].note_type()
    model["tmpls"][1]["qfmt"] = front
    learner.collection.models.update_dict(model)
    found = {}
    for each in notes:
        fresh = learner.collection.new_note(model)
        fresh.fields = list(cards(learner, str(each["id"]))[0].note().fields)
        learner.collection.add_note(fresh, cards(learner, "kanji")[0].did)
        found[each["id"]] = 1 in {card.ord for card in fresh.cards()}
    agrees = found == {"kanji": True, "kana": False, "no": False, "yes": True}
    assert agrees is not reported
    codes = [
        each.code
        for each in problems(write_project(with_filters(*notes, more_front=front)))
        if each.code != "missing-glyph"  # Japanese letters, which our fonts for print lack
    ]
    assert codes == (["template-condition"] if reported else [])
