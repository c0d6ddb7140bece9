"""Card templates and style, with a deck's facts in them; a project's own take the place of ours, and are checked."""

from __future__ import annotations

import re

import pytest

from cardpress.anki.card_templates import fill_card_template, join_css
from cardpress.deck.notes import Deck
from cardpress.note_types import NoteType
from cardpress.pipeline import check_project
from tests.conftest import DECK, WriteProject
from tests.helpers.decks import deck_of
from tests.helpers.own_note_types import place_of, with_words
from tests.helpers.sample_project import EVERYTHING


def note_type(deck: Deck, kind: str) -> NoteType:
    return next(each for each in deck.note_types if each.kind == kind)


def sides(deck: Deck, kind: str = "interview") -> tuple[str, str]:
    """Return the front and the back of the only card of a note type."""
    found = note_type(deck, kind)
    (card,) = found.cards
    return fill_card_template(deck, found, card)


@pytest.mark.parametrize("kind", ["interview", "recall", "cloze"])
def test_every_placeholder_is_filled(write_project: WriteProject, kind: str) -> None:
    for text in sides(deck_of(write_project(EVERYTHING)), kind):
        assert "@@" not in text
        assert 'lang="en"' in text


def test_the_report_link_names_the_card_and_its_version(write_project: WriteProject) -> None:
    back = sides(deck_of(write_project(EVERYTHING)))[1]
    assert 'href="https://example.org/report?card={{Id}}&amp;version={{Version}}"' in back


def test_without_an_address_there_is_no_report_link(write_project: WriteProject) -> None:
    assert "Report a mistake" not in sides(deck_of(write_project({"deck.yaml": DECK})))[1]


@pytest.mark.parametrize("kind", ["interview", "recall", "cloze"])
def test_the_style_asks_nothing_of_a_network(write_project: WriteProject, kind: str) -> None:
    deck = deck_of(write_project({}))
    style = join_css(deck, note_type(deck, kind))
    assert not re.search(r"@import|url\(\s*['\"]?(?!data:)", style)


@pytest.mark.parametrize("kind", ["interview", "recall", "cloze"])
def test_night_mode_is_styled_for_every_anki(write_project: WriteProject, kind: str) -> None:
    deck = deck_of(write_project({}))
    style = join_css(deck, note_type(deck, kind))
    assert ".night_mode" in style
    assert ".nightMode" in style


def test_a_projects_own_template_takes_the_place_of_ours(write_project: WriteProject) -> None:
    own = {"../templates/note-types/interview/front.html": "<h1>{{Question}}</h1>\n"}
    front, back = sides(deck_of(write_project(own)))
    assert front == "<h1>{{Question}}</h1>\n"
    assert "{{Answer}}" in back


@pytest.mark.parametrize(
    ("name", "text", "code", "line", "column", "word"),
    [
        ("interview/front.html", "<p>\n{{Question}} {{Anser}}", "template-field", 2, 14, "Answer"),
        ("interview/back.html", "{{Answer}}\n\n  {{hint:text:Pitfals}}", "template-field", 3, 3, "Pitfalls"),
        ("recall/front.html", "{{Question}}{{Text}}", "template-field", 1, 13, "recall"),
        ("cloze/front.html", "{{cloze:Text}}{{#Exta}}x{{/Exta}}", "template-field", 1, 15, "Extra"),
        ("recall/back.html", "{{Answer}}\n{{#Extra}}x", "template-section", 2, 1, "{{/Extra}}"),
        ("recall/back.html", "{{Answer}}{{/Extra}}", "template-section", 1, 11, "Extra"),
        ("recall/back.html", '<p lang="@@lang@@">{{Answer}}</p>', "template-field", 1, 10, "`@@language@@`?"),
        ("recall/back.html", "{{Answer}}@@footer@@", "template-field", 1, 11, "`@@report@@`"),
        ("recall/back.html", "{{{Answer}}}", "template-field", 1, 2, "write `{{Answer}}`"),
        ("recall/back.html", "{{Answer}}{{#Extra}}x{{{{{/Extra}}", "template-field", 1, 25, "write `{{/Extra}}`"),
        ("recall/back.html", "{{#Extra}}{{#Code}}{{/Extra}}{{/Code}}", "template-section", 1, 20, "Extra"),
    ],
)
def test_a_broken_card_template_is_reported_where_it_is(
    write_project: WriteProject, name: str, text: str, code: str, line: int, column: int, word: str
) -> None:
    project = write_project({f"../templates/note-types/{name}": text})
    problems = check_project(project).diagnostics
    first = next(problem for problem in problems if problem.code == code)
    place = (first.span.path, first.span.line, first.span.column)
    assert place == (f"templates/note-types/{name}", line, column)
    assert word in first.message + first.help


@pytest.mark.parametrize(
    "text", ["no field at all", "{{Notice}}", "{{#Code}}x{{/Code}}", "{{Question", "{{! a note }}x"]
)
def test_a_front_that_would_make_no_card_is_reported(write_project: WriteProject, text: str) -> None:
    problems = check_project(write_project({"../templates/note-types/interview/front.html": text})).diagnostics
    assert {problem.span.path for problem in problems} == {"templates/note-types/interview/front.html"}
    assert {problem.code for problem in problems} == {"template-field"}


def test_a_cloze_template_without_its_text_is_reported(write_project: WriteProject) -> None:
    problems = check_project(write_project({"../templates/note-types/cloze/front.html": "{{Text}}"})).diagnostics
    assert [problem.code for problem in problems] == ["template-field"]


def test_pairs_have_their_labels_on_the_cards_that_we_write(write_project: WriteProject) -> None:
    declared = (
        "title: Word\nfields:\n  - {key: word, holds: line}\n"
        "  - {key: forms, holds: pairs, parts: [{key: form, label: Form}]}\n"
        "cards:\n  - {name: A, asks: [word], answers: [forms]}\n"
        "  - {name: B, asks: [word], answers: [forms]BACK}\n  - {name: C, asks: [word], answers: [forms]}\n"
    )
    wanted = {"": "\n.form::before {", ", back: back.html": "\n.card1 .form::before, .card3 .form::before {"}
    for back, rule in wanted.items():
        files = with_words({"id": "a", "word": "a", "forms": [{"form": "b"}]}, declared=declared.replace("BACK", back))
        files |= {place_of("word", "back.html"): "{{FrontSide}}{{Forms}}"} if back else {}
        deck = deck_of(write_project(files))
        assert rule in join_css(deck, note_type(deck, "word")), back
