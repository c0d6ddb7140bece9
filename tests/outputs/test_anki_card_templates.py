"""Card templates and style, with a deck's facts in them; a project's own take the place of ours, and are checked."""

from __future__ import annotations

import re

import pytest

from cardpress.anki.card_templates import fill_card_template, join_css
from cardpress.note_types import INTERVIEW, NOTE_TYPES, NoteType
from cardpress.pipeline import check_project
from tests.conftest import DECK, WriteProject
from tests.helpers.decks import deck_of
from tests.helpers.sample_project import EVERYTHING


@pytest.mark.parametrize("note_type", NOTE_TYPES, ids=lambda each: each.kind)
def test_every_placeholder_is_filled(write_project: WriteProject, note_type: NoteType) -> None:
    for text in fill_card_template(deck_of(write_project(EVERYTHING)), note_type):
        assert "@@" not in text
        assert 'lang="en"' in text


def test_the_report_link_names_the_card_and_its_version(write_project: WriteProject) -> None:
    back = fill_card_template(deck_of(write_project(EVERYTHING)), INTERVIEW)[1]
    assert 'href="https://example.org/report?card={{Id}}&amp;version={{Version}}"' in back


def test_without_an_address_there_is_no_report_link(write_project: WriteProject) -> None:
    assert "Report a mistake" not in fill_card_template(deck_of(write_project({"deck.yaml": DECK})), INTERVIEW)[1]


def test_the_style_asks_nothing_of_a_network(write_project: WriteProject) -> None:
    style = join_css(deck_of(write_project({})))
    assert not re.search(r"@import|url\(\s*['\"]?(?!data:)", style)


def test_night_mode_is_styled_for_every_anki(write_project: WriteProject) -> None:
    style = join_css(deck_of(write_project({})))
    assert ".night_mode" in style
    assert ".nightMode" in style


def test_a_projects_own_template_takes_the_place_of_ours(write_project: WriteProject) -> None:
    own = {"../templates/anki/interview.front.html": "<h1>{{Question}}</h1>\n"}
    front, back = fill_card_template(deck_of(write_project(own)), INTERVIEW)
    assert front == "<h1>{{Question}}</h1>\n"
    assert "{{Answer}}" in back


@pytest.mark.parametrize(
    ("name", "text", "code", "line", "column", "word"),
    [
        ("interview.front.html", "<p>\n{{Question}} {{Anser}}", "template-field", 2, 14, "Answer"),
        ("interview.back.html", "{{Answer}}\n\n  {{hint:text:Pitfals}}", "template-field", 3, 3, "Pitfalls"),
        ("recall.front.html", "{{Question}}{{Text}}", "template-field", 1, 13, "recall"),
        ("cloze.front.html", "{{cloze:Text}}{{#Exta}}x{{/Exta}}", "template-field", 1, 15, "Extra"),
        ("recall.back.html", "{{Answer}}\n{{#Extra}}x", "template-section", 2, 1, "{{/Extra}}"),
        ("recall.back.html", "{{Answer}}{{/Extra}}", "template-section", 1, 11, "Extra"),
        ("recall.back.html", "{{#Extra}}{{#Code}}{{/Extra}}{{/Code}}", "template-section", 1, 20, "Extra"),
    ],
)
def test_a_broken_card_template_is_reported_where_it_is(
    write_project: WriteProject, name: str, text: str, code: str, line: int, column: int, word: str
) -> None:
    project = write_project({f"../templates/anki/{name}": text})
    problems = check_project(project).diagnostics
    first = next(problem for problem in problems if problem.code == code)
    place = (first.span.path, first.span.line, first.span.column)
    assert place == (f"templates/anki/{name}", line, column)
    assert word in first.message + first.help


@pytest.mark.parametrize(
    "text", ["no field at all", "{{Notice}}", "{{#Code}}x{{/Code}}", "{{Question", "{{! a note }}x"]
)
def test_a_front_that_would_make_no_card_is_reported(write_project: WriteProject, text: str) -> None:
    problems = check_project(write_project({"../templates/anki/interview.front.html": text})).diagnostics
    assert {problem.span.path for problem in problems} == {"templates/anki/interview.front.html"}
    assert {problem.code for problem in problems} == {"template-field"}


def test_a_cloze_template_without_its_text_is_reported(write_project: WriteProject) -> None:
    problems = check_project(write_project({"../templates/anki/cloze.front.html": "{{Text}}"})).diagnostics
    assert [problem.code for problem in problems] == ["template-field"]
