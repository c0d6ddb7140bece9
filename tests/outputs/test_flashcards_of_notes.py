"""The flashcards have a printed card for each card of a note in Anki, with its name where a note may have several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cardpress.deck.notes import Deck
from cardpress.writers.pdf.cards import Cards
from cardpress.writers.pdf.data import make_print_data
from cardpress.writers.pdf.formats import get_format
from cardpress.writers.pdf.heights import flatten, list_blocks
from cardpress.writers.pdf.sides import MOST_APART
from cardpress.writers.pdf.words import replace_by_words
from tests.helpers.basic_notes import BOTH_WAYS, CAPITAL, with_basics
from tests.helpers.decks import deck_from
from tests.helpers.masked_pictures import note, with_masks
from tests.helpers.media_deck import with_media
from tests.helpers.own_note_types import CAT, DOG, TYPED_WORD, with_words
from tests.helpers.pdf_pages import glyphs, sheets, words
from tests.helpers.sounds import tone
from tests.helpers.yaml_text import question


def cards_of(deck: Deck) -> list[dict[str, Any]]:
    (data,) = Cards(deck, make_print_data(deck), get_format(8)).list_parts(1000)
    return [card for section in data["sections"] for card in section["notes"]]


def read(nodes: Any) -> str:
    return " / ".join(flatten(block["c"]) for block in list_blocks(replace_by_words(nodes)))


def sides(deck: Deck) -> list[tuple[str | None, str, str]]:
    return [(card["card"], read(card["question"]), read(card["answer"])) for card in cards_of(deck)]


def test_a_note_has_a_printed_card_for_each_of_its_cards(tmp_path: Path) -> None:
    assert sides(deck_from(tmp_path, with_basics(CAPITAL, BOTH_WAYS))) == [
        (None, "What is the capital of France?", "Paris"),
        ("Forward", "the dog", "el perro / A good one."),
        ("Reverse", "el perro", "the dog / A good one."),
    ]


def test_a_hint_is_behind_the_card(tmp_path: Path) -> None:
    files = with_words(DOG | {"reverse": True}, CAT, declared=TYPED_WORD)
    assert sides(deck_from(tmp_path, files)) == [
        ("Recognise", "el perro", "the dog / El perro duerme."),
        ("Recall", "the dog", "el perro / El perro duerme."),
        (None, "el gato", "the cat"),
    ]


GAPS = """\
- id: gaps
  cloze: |
    The {{c1::dog}} is *{{c2::good::how?}}*, and `a {{c1::old}}`.

    - {{c3::one}}
"""


def test_each_number_of_a_cloze_text_has_a_printed_card(tmp_path: Path) -> None:
    assert sides(deck_from(tmp_path, {"first.yaml": GAPS})) == [
        ("1", "The […] is good, and a […]. / one", "The dog is good, and a old. / one"),
        ("2", "The dog is [how?], and a old. / one", "The dog is good, and a old. / one"),
        ("3", "The dog is good, and a old. / […]", "The dog is good, and a old. / one"),
    ]
    backs = [str(card["answer"]).count("'mark'") for card in cards_of(deck_from(tmp_path, {"first.yaml": GAPS}))]
    assert backs == [2, 1, 1]


def test_a_text_with_very_many_gaps_has_all_of_them_on_one_card(tmp_path: Path) -> None:
    text = " ".join(f"{{{{c{number}::w{number}}}}}" for number in range(1, MOST_APART + 2))
    ((_, front, back),) = sides(deck_from(tmp_path, {"first.yaml": f"- {{id: gaps, cloze: '{text}'}}\n"}))
    assert front == " ".join(["[…]"] * (MOST_APART + 1))
    assert back.endswith(f"w{MOST_APART + 1}")


@pytest.mark.parametrize(("hide", "looks"), [("all", ["ask", "hide"]), ("one", ["ask"])])
def test_each_mask_has_a_printed_card(tmp_path: Path, hide: str, looks: list[str]) -> None:
    first, second = cards_of(deck_from(tmp_path, with_masks(note(hide=hide))))
    front, back = (
        next(each for each in first[side] if each.get("t") == "p" and "masked" in str(each))
        for side in ("question", "answer")
    )
    assert [mask["look"] for mask in front["c"][0]["masks"]] == looks
    assert [mask["look"] for mask in back["c"][0]["masks"]] == ["tell", *looks[1:]]
    assert "the aorta" in read(first["answer"])
    assert "the vein" not in read(first["answer"])
    assert "the vein" in read(second["answer"])


def test_a_question_with_one_card_is_printed_as_ever(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, {"first.yaml": question(key_points=["One."], sources=["https://example.org/"])})
    (card,) = cards_of(deck)
    assert (card["key"], card["card"]) == ("one", None)
    assert card["answer"][-1] == {"t": "ticks", "c": [{"t": "li", "c": ["One."]}]}


@pytest.mark.parametrize("language", ["", ", language: es"])
@pytest.mark.parametrize("core", ["`422`:", "**`422`:**"])
def test_a_core_stands_without_its_colon_and_what_explains_it_below(tmp_path: Path, core: str, language: str) -> None:
    fields = f"fields: [{{key: word, holds: line, required: true}}, {{key: told, holds: line{language}}}]\n"
    declared = f"title: Word\n{fields}cards: [{{name: Card, asks: [word], answers: [told]}}]\n"
    note = {"id": "q", "word": "Which one?", "told": f"{core} it is no number."}
    deck = deck_from(tmp_path, with_words(note, declared=declared))
    assert sides(deck) == [(None, "Which one?", "422 / it is no number.")]


def test_a_sentence_that_goes_on_below_is_no_core(tmp_path: Path) -> None:
    def answer(text: str) -> list[Any]:
        note = {"id": "q", "question": "Which one?", "answer": text, "sources": ["https://example.org/"]}
        (card,) = cards_of(deck_from(tmp_path, {"first.yaml": yaml.safe_dump([note])}))
        return [node["t"] for node in card["answer"]]

    assert answer("There is one such that\n\n- it is") == ["p", "ul"]
    assert answer("There is one.\n\n- It is") == ["lead", "ul"]
    assert answer("There is one") == ["lead"]


def test_the_sheet_has_all_of_them_with_their_names(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, with_basics(CAPITAL, BOTH_WAYS))
    made = sheets(deck)
    front, back = ("".join(words(glyphs(page))) for page in made["flashcards-a4"].pages)
    assert front == "WhatisthecapitalofFrance?FirstsectionthedogForwardFirstsectionelperroReverseFirstsection"
    assert back.count("Agoodone.") == 2
    booklet = "".join(words(glyphs(page)) for page in made["booklet-a4"].pages)
    assert booklet.count("elperro") == 1


def test_a_long_card_of_several_goes_on_to_further_ones(tmp_path: Path) -> None:
    long = "Because of one thing and another. " * 60
    notes = with_words(DOG | {"sentence": long, "reverse": True}, declared=TYPED_WORD)
    made = sheets(deck_from(tmp_path, notes))
    text = "".join("".join(words(glyphs(page))) for page in made["flashcards-a4"].pages)
    assert text.count("anotherBecause") + text.count("another.Because") >= 80


def test_no_further_card_gives_away_the_answer(tmp_path: Path) -> None:
    def shorts(deck: Deck) -> dict[str, str]:
        return {card["card"]: card["short"] for card in cards_of(deck)}

    words = with_words(DOG | {"reverse": True}, declared=TYPED_WORD)
    assert shorts(deck_from(tmp_path / "words", words)) == {"Recognise": "el perro", "Recall": "the dog"}
    assert shorts(deck_from(tmp_path / "gaps", {"first.yaml": GAPS})) == {
        "1": "The […] is good, and a […]. - one",
        "2": "The dog is [how?], and a old. - one",
        "3": "The dog is good, and a old. - […]",
    }


HEARD = """\
title: Word
fields:
  - {key: word, holds: line, required: true}
  - {key: meaning, holds: line}
  - {key: sound, holds: audio, required: true}
cards:
  - {name: Read, asks: [word, sound], answers: [meaning]}
  - {name: Listen, asks: [sound], answers: [word]}
"""


def test_a_card_that_asks_nothing_but_a_sound_is_not_printed(tmp_path: Path) -> None:
    word = {"id": "dog", "word": "inu", "meaning": "a dog", "sound": "animals/inu.mp3"}
    assert sides(deck_from(tmp_path, with_media(word, declared=HEARD))) == [("Read", "inu / ♪ Sound", "a dog")]


@pytest.mark.parametrize(
    ("asked", "count"),
    [("![a bark](bark.ogg)", 0), ("What barks? ![a bark](bark.ogg)", 1), ("**[a](https://a.de)**", 1)],
)
def test_nor_is_a_question_that_is_a_sound(tmp_path: Path, asked: str, count: int) -> None:
    files = with_basics({"id": "one", "question": asked, "answer": "A dog."}) | {"media/bark.ogg": tone("ogg")}
    assert len(sides(deck_from(tmp_path, files))) == count
