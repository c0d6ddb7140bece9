"""A note of an adopted type has the cards that Anki makes of it, and these are what they were, to the byte."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.anki.card_rendering import CardMaker
from cardpress.deck.notes import Deck
from cardpress.diagnostics import SourceFile
from cardpress.note_types import CardTemplate, Field, Holds, NoteType
from cardpress.note_types.in_anki import TypeInAnki
from cardpress.note_types.template_parts import is_blank
from tests.helpers.adopted_types import BARE_NOTES, MANY_CARDS, with_adopted
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.anki_html import name_hints
from tests.helpers.author import Author
from tests.helpers.decks import deck_from, package_of

# A field may be called as what Anki fills in by itself.
FIELDS = ("A", "B", "Tags")
CARDS = 3
# What Anki shows in the place of a card, or behind it, that has a mistake or nothing to show.
_MISTAKE = "docs.ankiweb.net/templates/errors.html"

names = st.sampled_from(
    [*FIELDS, *FIELDS, "a", "FrontSide", "Type", "Card", "Deck", "CardFlag", "Nope", "c1", "", "cloze:A", "type:B"]
)
places = st.builds(
    lambda before, name, after: f"{{{{{before}{name}{after}}}}}",
    st.sampled_from(["", "", " ", "text:", "hint:", "odd:", ":", "furigana:", "{"]),
    names,
    st.sampled_from(["", "", " ", "\u3000"]),
)
pieces = st.one_of(places, places, st.sampled_from(["x", "<!--", "-->", "{{", "}}", "{{/A}}", "{{#B}}", "<br>", "\n"]))
fronts = st.recursive(
    pieces,
    lambda inside: st.one_of(
        st.lists(inside, max_size=4).map("".join),
        st.builds(
            lambda sign, name, part: f"{{{{{sign}{name}}}}}{part}{{{{/{name}}}}}",
            st.sampled_from("#^"),
            names,
            inside,
        ),
    ),
    max_leaves=6,
)
values = st.sampled_from(
    [
        *("", "", "x", " ", "\t\n", "<br>", "<BR/>", "<div><br></div>", "<div class=a></div>", "&nbsp;", "\xa0"),
        *("<br >", "<br  />", "\u3000", "<!-- -->", "<img src=a>", "[sound:a.mp3]", "\x0b", "<div/>", "</br>"),
    ]
)


class Cards:
    """The real Anki, with a note type whose templates are exchanged."""

    def __init__(self, learner: Learner) -> None:
        self.learner = learner
        models = learner.collection.models
        made = models.new("Any")
        for name in FIELDS:
            models.add_field(made, models.new_field(name))
        for number in range(CARDS):
            template = models.new_template(f"Card {number}")
            template["qfmt"] = f"{{{{A}}}}{number}"
            models.add_template(made, template)
        models.add(made)
        self.note_type: Any = models.by_name("Any")

    def number(self, templates: tuple[str, ...], fields: tuple[str, ...], tags: list[str]) -> list[int]:
        """Return the numbers of the cards, from 1, that Anki makes of a new note."""
        collection = self.learner.collection
        for template, front in zip(self.note_type["tmpls"], templates, strict=True):
            template["qfmt"] = front
        written = json.dumps(self.note_type).encode()
        collection._backend.update_notetype_legacy(json=written, skip_checks=True)
        collection.models._clear_cache()
        note_type: Any = collection.models.by_name("Any")
        note = collection.new_note(note_type)
        note.fields = list(fields)
        note.tags = tags
        collection.add_note(note, collection.decks.get_current_id())
        numbers = [card.ord + 1 for card in note.cards()]
        collection.remove_notes([note.id])
        return numbers


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cards]:
    with learning(tmp_path_factory.mktemp("cards") / "learner") as learner:
        yield Cards(learner)


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


def adopted(templates: tuple[str, ...]) -> NoteType:
    """Return an adopted note type with these fronts."""
    fields = tuple(Field(name.lower(), name, name, Holds.HTML) for name in FIELDS)
    made = tuple(
        CardTemplate(str(number), str(number), (), (), front=SourceFile("front.html", front))
        for number, front in enumerate(templates)
    )
    return NoteType("old", "Old", "a note", fields, made, anki=TypeInAnki())


@settings(max_examples=500, deadline=None)
@given(st.tuples(*[fronts] * CARDS), st.tuples(*[values] * len(FIELDS)), st.booleans())
def test_a_note_has_the_cards_that_anki_makes(
    cards: Cards, templates: tuple[str, ...], fields: tuple[str, ...], is_tagged: bool
) -> None:
    filled = frozenset(name for name, value in zip(FIELDS, fields, strict=True) if not is_blank(value))
    assert list(adopted(templates).number_cards(filled, is_tagged=is_tagged)) == cards.number(
        templates, fields, tags=["tagged"] * is_tagged
    )


def compare(learner: Learner, deck: Deck) -> None:
    """Hold each card of a deck against the one that Anki has of its package, and that it would make itself."""
    learner.take(package_of(deck))
    maker = CardMaker(deck)
    for note in deck.notes():
        ours = {card.number: card.sides for card in maker.make(note)}
        theirs = {card.ord + 1: card for card in learner.cards_of(note.guid)}
        assert list(ours) == list(theirs), note.id
        new = learner.collection.new_note(next(iter(theirs.values())).note_type())
        new.fields = next(iter(theirs.values())).note().fields
        learner.collection.add_note(new, learner.collection.decks.get_current_id())
        assert [card.ord + 1 for card in new.cards()] == list(ours), note.id
        for number, card in theirs.items():
            output, sides = card.render_output(), ours[number]
            if _MISTAKE in output.question_text:
                assert 'class="mistake"' in sides.front
                continue
            assert sides.css == output.css
            assert name_hints(sides.front) == name_hints(output.question_text), (note.id, number)
            assert name_hints(sides.back) == name_hints(output.answer_text), (note.id, number)


def test_notes_that_lack_anything_are_as_in_anki(learner: Learner, tmp_path: Path) -> None:
    compare(learner, deck_from(tmp_path / "project", with_adopted(*BARE_NOTES, cards=MANY_CARDS)))


def test_what_anki_takes_for_a_mistake_is_one_here(learner: Learner, tmp_path: Path) -> None:
    odd = (
        ("{{Front}}{{Nope}}", "{{Back}}", "asks: [front], answers: [back]"),
        ("{{Front}}{{#Nope}}x{{/Nope}}", "{{Back}}", "asks: [front], answers: [back]"),
        ("{{#Front}}{{Front}}", "{{Back}}", "asks: [front], answers: [back]"),
        ("{{Front}}{{#Back}}{{Nope}}{{/Back}}{{odd:Front}}", "{{Back}}", "asks: [front], answers: [back]"),
    )
    compare(learner, deck_from(tmp_path / "project", with_adopted(*BARE_NOTES, cards=odd)))


ODD_TEXTS = (
    "{{Front}}",
    " {{Front}}\n\n",
    "{{Front}}@@script@@ @@language@@ @@label:Nothing@@ @@report@@",
    "{{Front}}\r\n<br>\r\n\t\x0b\x7f",
    "\n{{ Front }}{{{Front}}}<!-- {{Front}} --> { } }}",
    f"{{{{Front}}}}{unicodedata.normalize('NFD', 'é')}\u200b\U0001f600 &amp; &nbsp; \xa0",
    "<div class='a'id=b>{{Front}}</div><br/ ><p align=center>5 < 6",
)
ODD_STYLES = (
    "",
    "\n",
    ".card { color: red }",
    ".card {\r\n  color: red\r\n}\r\n",
    "@font-face { font-family: own; src: url('_own.ttf') }\n/* @@label:Nothing@@ é \U0001f600 */",
    "a { color: ",
    "}}}\n\n  ",
)


@pytest.mark.parametrize("number", range(len(ODD_TEXTS)))
def test_templates_and_style_reach_anki_to_the_byte(number: int, learner: Learner, tmp_path: Path) -> None:
    text, style = ODD_TEXTS[number], ODD_STYLES[number]
    cards = ((text, f"{{{{FrontSide}}}}{text}", "asks: [front], answers: [back]"),)
    learner.take(package_of(deck_from(tmp_path / "project", with_adopted(*BARE_NOTES[:1], cards=cards, css=style))))
    model = learner.collection.models.get(1342697561419)  # type: ignore[arg-type]  # it wants a type of its own
    assert model is not None
    assert (model["name"], model["css"]) == ("Basic (old)", style)
    assert [field["name"] for field in model["flds"]] == ["Front", "Back"]
    assert [(each["qfmt"], each["afmt"]) for each in model["tmpls"]] == [(text, f"{{{{FrontSide}}}}{text}")]


def test_who_has_a_retired_note_is_told_on_its_back_and_keeps_its_cards(learner: Learner, tmp_path: Path) -> None:
    both = (
        ("{{Front}}", "{{FrontSide}}<hr>{{Back}}", "asks: [front], answers: [back]"),
        ("{{Back}}", "{{Front}}", "asks: [back], answers: [front]"),
    )
    dog = {"id": "dog", "front": "perro", "back": "the dog", "note_type": "old", "guid": 'a"|%'}
    author = Author(tmp_path / "project", {"metals": [dog]})
    for name, content in with_adopted(cards=both).items():
        if name.startswith("../templates/"):
            author.style(name.removeprefix("../templates/"), str(content))
    author.release("1.0.0", "2026-01-01")
    learner.take(author.package)
    learner.study('a"|%')
    before = [(card.id, card.ord, card.due, card.ivl, card.reps) for card in learner.cards_of('a"|%')]
    author.find("dog")["retired"] = {"reason": "Cats only."}
    author.release("1.1.0", "2026-02-01")
    learner.take(author.package)
    cards = learner.cards_of('a"|%')
    assert [(card.id, card.ord, card.due, card.ivl, card.reps) for card in cards] == before
    assert cards[0].render_output().question_text == "perro"
    notice = "<div><strong>Retired.</strong> Cats only.</div>the dog"
    assert cards[0].render_output().answer_text == f"perro<hr>{notice}"
    assert cards[0].note().tags == ["sample::retired"]
    assert list(learner.collection.get_empty_cards().notes) == []
