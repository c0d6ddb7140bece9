"""Which fields a card needs is what genanki finds, in a time that does not grow with the square of the cards."""

from __future__ import annotations

import random
import time

import genanki
import pytest

from cardpress.engine import ROOT
from cardpress.writers.apkg.required import find_required
from tests.conftest import WriteProject
from tests.helpers.decks import deck_of, package_of
from tests.helpers.own_note_types import WORD, place_of, with_words

FIELDS = ("Word", "Meaning", "Sentence", "Notice", "Id", "Section", "Version", "Word 2", "a.b", "K1", "K10")


def genanki_finds(front: str) -> list[list[object]]:
    templates = [{"name": "Card", "qfmt": front, "afmt": ""}]
    found: list[list[object]] = genanki.Model(1, "x", [{"name": name} for name in FIELDS], templates)._req
    return found


def random_front(chance: random.Random, depth: int = 0) -> str:
    parts = []
    for _ in range(chance.randint(1, 3)):
        name = chance.choice(FIELDS)
        match chance.randint(0, 4 if depth < 3 else 2):
            case 0:
                parts.append(f"{{{{{name}}}}}")
            case 1:
                parts.append(f"{{{{hint:{name}}}}}")
            case 2:
                parts.append("<p>words</p>")
            case 3:
                parts.append(f"{{{{#{name}}}}}{random_front(chance, depth + 1)}{{{{/{name}}}}}")
            case _:
                parts.append(f"{{{{^{name}}}}}{random_front(chance, depth + 1)}{{{{/{name}}}}}")
    return "".join(parts)


def test_it_is_what_genanki_finds() -> None:
    chance = random.Random(3)
    compared = 0
    for front in (random_front(chance) for _ in range(1500)):
        found = find_required([front], FIELDS)
        try:
            wanted = genanki_finds(front)
        except Exception:  # genanki's own, which has no other class: no one field is enough
            assert found[0][1] == "any"
            continue
        compared += 1
        assert found == wanted, front
    assert compared > 1000


@pytest.mark.parametrize("front", sorted((ROOT / "templates" / "note-types").glob("*/*front.html")), ids=str)
def test_it_is_what_genanki_finds_for_our_fronts(front: object) -> None:
    text = (ROOT / str(front)).read_text(encoding="utf-8")
    assert find_required([text], FIELDS) == genanki_finds(text)


def test_hundreds_of_cards_take_no_time() -> None:
    names = [f"K{number}" for number in range(400)]
    before = time.perf_counter()
    found = find_required((f"<p>{{{{Section}}}}</p>{{{{{name}}}}}" for name in names), names)
    assert time.perf_counter() - before < 5
    assert found[7] == [7, "all", [7]]


def test_a_front_that_needs_one_of_two_pairs_has_a_package(write_project: WriteProject) -> None:
    declared = WORD.replace("[meaning, sentence]}", "[meaning, sentence], front: front.html}", 1)
    front = "{{#Id}}{{Word}}{{/Id}}{{#Section}}{{Meaning}}{{/Section}}"
    project = write_project({**with_words(declared=declared), place_of("word", "front.html"): front})
    assert package_of(deck_of(project))
