"""Every card that the real Anki shows has a front and a back, filled in, and asks for what it should."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardpress.engine import ROOT
from cardpress.note_types.identity import make_guid
from cardpress.source.templates.loading import load_templates
from tests.conftest import QUESTION, WriteProject
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.decks import deck_of, package_of
from tests.helpers.sample_project import EVERYTHING, NOTES
from tests.helpers.visible_text import visible

NOTE_TYPES = load_templates(ROOT)[0].declared.note_types.values()
FIELDS = "|".join(sorted({field.name for note_type in NOTE_TYPES for field in note_type.fields}))
# What Anki shows when a template or field is not as it should be.
WRONG = re.compile(
    rf"\{{\{{[#^/]?(?:\w+:)*(?:{FIELDS})\}}\}}|\{{\{{c\d+::|@@\w+@@|there is no field|front of this card|"
    r"cloze deletion|No cloze|class=latex|LaTeX|\[sound:|\[\[type",
    re.IGNORECASE,
)


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


def look_at_every_card(learner: Learner) -> int:
    """Check what each card shows; tell how many there are."""
    cards = learner.cards()
    for card in cards:
        output = card.render_output()
        note_id = card.note()["Id"]
        for side in (output.question_text, output.answer_text):
            assert not WRONG.search(re.sub(r"<code.*?</code>|<script.*?</script>", "", side, flags=re.DOTALL)), note_id
            assert len(visible(side)) > 10, note_id
        assert (output.question_av_tags, output.answer_av_tags) == ([], []), note_id
        assert output.answer_text != output.question_text, note_id
        assert card.question().startswith("<style>"), note_id
        assert card.answer().startswith("<style>"), note_id
    return len(cards)


def test_every_card_of_the_sample_deck_is_whole(write_project: WriteProject, learner: Learner) -> None:
    learner.take(package_of(deck_of(write_project(EVERYTHING))))
    assert look_at_every_card(learner) == sum(NOTES.values())


def test_every_card_of_the_real_deck_is_whole(learner: Learner) -> None:
    learner.take(package_of(deck_of(ROOT)))
    assert look_at_every_card(learner) > 300


def test_an_answer_shows_all_that_the_author_wrote(write_project: WriteProject, learner: Learner) -> None:
    learner.take(package_of(deck_of(write_project(EVERYTHING))))
    output = learner.cards_of(make_guid("sample", "one"))[0].render_output()
    front, back = visible(output.question_text), visible(output.answer_text)
    assert "What is one?" in front
    assert "The first number." not in front
    for text in (
        "What is one?",
        "The first number. one dot",
        "It is odd.",
        "one = 1 print(one)",
        "It is prime.",
        "A prime has two divisors.",
        "Briefly.",
        "I say that it is the first number.",
        "On one",
        "https://example.org/number",
        "Question 1",
        "two",
        "Version 1.2.0",
    ):
        assert text in back
    assert "unseen" not in back
    assert '<a href="https://example.org/one">' in output.answer_text
    assert 'href="https://example.org/report?card=one&amp;version=1.2.0"' in output.answer_text


def test_an_output_without_a_snippet_is_shown(write_project: WriteProject, learner: Learner) -> None:
    learner.take(package_of(deck_of(write_project({"first.yaml": QUESTION + "  output: Printed by nothing.\n"}))))
    assert "Printed by nothing." in visible(learner.cards()[0].render_output().answer_text)


def test_a_bare_question_makes_a_card_without_empty_parts(write_project: WriteProject, learner: Learner) -> None:
    learner.take(package_of(deck_of(write_project({}))))
    back = visible(learner.cards()[0].render_output().answer_text)
    for label in ("Key points", "Often said", "How to answer", "Example answer", "Output", "See also", "Question "):
        assert label not in back
