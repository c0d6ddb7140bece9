"""The decks in examples/ in the real Anki: every card shows what it should, and an update costs no review."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.main import run
from cardpress.note_types.identity import make_guid
from cardpress.release.rehearsal import Row, rehearse
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.examples import EXAMPLES, Example, ExampleCopy, build
from tests.helpers.visible_text import visible

BY_NAME = {example.name: example for example in EXAMPLES}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The package of each example, by its name."""
    made = {}
    for example in EXAMPLES:
        out = build(example.project, tmp_path_factory.mktemp(example.name), ("apkg",))
        made[example.name] = (out / f"{example.id}.apkg").read_bytes()
    return made


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


def sides(learner: Learner, name: str, note_id: str) -> list[tuple[str, str]]:
    """Return the HTML of the front and the back of each card of a note."""
    outputs = [card.render_output() for card in learner.cards_of(make_guid(BY_NAME[name].id, note_id))]
    return [(output.question_text, output.answer_text) for output in outputs]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_every_card_of_an_example_shows_both_sides(
    example: Example, packages: dict[str, bytes], learner: Learner
) -> None:
    log = learner.take(packages[example.name])
    assert (len(log.new), len(learner.cards())) == (example.notes, example.cards)
    for card in learner.cards():
        output = card.render_output()
        front, back = visible(output.question_text), visible(output.answer_text)
        assert back.strip()
        assert front.strip() or "<img" in output.question_text
        assert "{{" not in front + back
        assert "[sound:" not in front + back
    assert not learner.collection.media.check().missing
    assert {row.promise: row.broken for row in rehearse(None, packages[example.name]) if row.broken} == {}


def test_formulas_reach_mathjax_as_they_were_written(packages: dict[str, bytes], learner: Learner) -> None:
    learner.take(packages["calculus"])
    ((front, back),) = sides(learner, "calculus", "quotient-rule")
    assert r"\(\dfrac{f}{g}\)" in front
    assert r"\(\dfrac{f'g - fg'}{g^2}\)" in back
    ((front, back),) = sides(learner, "calculus", "product-rule")
    assert r"\((fg)' = [...]\)" in front
    assert "f'g" not in front
    assert r"\((fg)' = f'g + fg'\)" in back


def test_words_are_spoken_and_typed(packages: dict[str, bytes], learner: Learner) -> None:
    learner.take(packages["spanish"])
    recognise, recall = learner.cards_of(make_guid("spanish-words", "perro"))
    (tag,) = recognise.render_output().question_av_tags
    assert str(getattr(tag, "filename", "")).endswith(".mp3")
    assert not recall.render_output().question_av_tags
    assert "[[type:Word]]" in recall.render_output().question_text


def test_a_country_has_four_cards_and_two_of_them_ask_with_a_picture(
    packages: dict[str, bytes], learner: Learner
) -> None:
    learner.take(packages["countries"])
    fronts = [front for front, _ in sides(learner, "countries", "estonia")]
    assert ["<img" in front for front in fronts] == [False, False, True, True]


def test_readings_stand_above_the_word_on_the_back_alone(packages: dict[str, bytes], learner: Learner) -> None:
    learner.take(packages["kanji"])
    _, (front, back) = sides(learner, "kanji", "sun")
    assert "毎日" in front
    assert "まいにち" not in front
    assert "<ruby>" in back
    assert "まいにち" in back


def test_masks_are_anki_s_own(packages: dict[str, bytes], learner: Learner) -> None:
    learner.take(packages["heart"])
    (note,) = {card.nid for card in learner.cards()}
    native = learner.collection.get_image_occlusion_note(note).note
    assert len(native.occlusions) == 10
    note_type = learner.collection.get_note(note).note_type()
    assert note_type is not None
    assert note_type["originalStockKind"] == 6


# --- updates over a studied deck ------------------------------------------------------------------------------------

FIELD = "  - {key: plural, holds: line, label: Plural}\n"
WORD = "templates/note-types/word/note-type.yaml"


def spanish(copy: ExampleCopy) -> None:
    copy.change("source/food.yaml", ("el pan\n", "el pan (blanco)\n"))
    bee = (copy.project / "source/animals.yaml").read_text(encoding="utf-8").split("- id: abeja")[1].split("- id:")[0]
    copy.change("source/animals.yaml", (f"- id: abeja{bee}", ""))
    town = copy.project / "source/town.yaml"
    town.write_text(town.read_text(encoding="utf-8") + f"\n- id: abeja{bee}", encoding="utf-8", newline="\n")
    copy.change(WORD, ("{key: meaning, ", "{key: english, was: Meaning, "), ("meaning, sentence", "english, sentence"))
    copy.change(WORD, ("asks: [meaning]", "asks: [english]"), ("cards:\n", f"{FIELD}cards:\n"))
    copy.change(WORD, ("  - {name: Recall,", "  - {name: Plural, asks: [plural], answers: [word]}\n  - {name: Recall,"))
    for path in (copy.project / "source").glob("*.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("  meaning: ", "  english: "), encoding="utf-8")
    copy.change("source/food.yaml", ("  word: el huevo\n", "  word: el huevo\n  plural: los huevos\n"))


def countries(copy: ExampleCopy) -> None:
    copy.change("source/europe.csv", ("Reykjavík", "Reykjavik"))


def calculus(copy: ExampleCopy) -> None:
    copy.change("source/series.yaml", (r"answer: $\dfrac{1}{1 - q}$", r"answer: $(1 - q)^{-1}$"))
    copy.change("source/derivatives.yaml", ("{{c1::f'g + fg'}}", "{{c1::gf' + fg'}}"), (r"\ne 0$", r"\neq 0$"))


def heart(copy: ExampleCopy) -> None:
    """Move a mask, and add one before all others."""
    copy.change(
        "source/parts.yaml",
        ("{id: aorta, shape: aorta, label: aorta}", "{id: aorta, rect: [370, 30, 140, 40], label: the aorta}"),
        ("    masks:\n", "    masks:\n      - {id: septum, rect: [262, 230, 20, 90], label: septum}\n"),
    )


def kanji(copy: ExampleCopy) -> None:
    copy.change("source/verbs.yaml", ("word_meaning: to eat", "word_meaning: to eat (something)"))


def terms(copy: ExampleCopy) -> None:
    """Write the ids down, as a release wants it, turn the table around and reword a row."""
    assert run(["ids", "--project", str(copy.project)]) == ExitStatus.CLEAN
    rows = (copy.project / "source/terms.csv").read_text(encoding="utf-8").splitlines()
    text = "\n".join([rows[0], *reversed(rows[1:])]) + "\n"
    (copy.project / "source/terms.csv").write_text(text.replace("Waiting longer", "Waiting ever longer"), "utf-8")


CHANGES: dict[str, Callable[[ExampleCopy], None]] = {
    each.__name__: each for each in (calculus, countries, heart, kanji, spanish, terms)
}
NEW_CARDS = {"spanish": 1, "heart": 1}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_update_of_an_example_costs_a_learner_nothing(example: Example, tmp_path: Path) -> None:
    copy = example.copy(tmp_path)
    old = copy.release("1.0.0", "2026-11-26")
    CHANGES[example.name](copy)
    copy.change("source/deck.yaml", ("date: 2026-11-26", "date: 2026-12-01"), ("version: 1.0.0", "version: 1.1.0"))
    new = copy.build()
    found: dict[str, Row] = {row.promise: row for row in rehearse(old, new)}
    assert {promise: row.broken for promise, row in found.items() if row.broken} == {}
    assert found["every changed note shows its new text"].held > 0
    with learning(tmp_path / "learner") as learner:
        learner.take(old)
        before: Any = learner.rows("select id, nid, ord, did from cards order by id")
        log = learner.take(new)
        assert not log.conflicting
        after = learner.rows("select id, nid, ord, did from cards order by id")
        assert [row for row in after if row in before] == before
        assert len(after) == len(before) + NEW_CARDS.get(example.name, 0)
        assert not [row for row in learner.rows("select name from notetypes") if "+" in row[0]]
