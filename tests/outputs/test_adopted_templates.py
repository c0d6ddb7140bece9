"""Templates and styles of adopted note types: what would run or load is an error, and what Anki takes is none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from cardpress.adopt.safe_templates import make_style_safe, make_template_safe
from cardpress.pipeline import check_project
from tests.conftest import WriteProject
from tests.helpers.adopted_types import with_adopted
from tests.helpers.author import Author
from tests.helpers.diagnostics import problems
from tests.helpers.own_note_types import Files

NOTES: tuple[Mapping[str, object], ...] = (
    {"id": "dog", "front": "el perro", "back": 'the "dog" <b>!</b>', "link": "https://example.org/?a=1&amp;b=2"},
    {"id": "cat", "front": "5 &lt; 6", "back": "&lt;script&gt;", "file": "a b.png", "tags": ["a::b"]},
)


def project_with(front: str, css: str = "", **more: str) -> Files:
    cards = ((front, "{{FrontSide}}", "asks: [front], answers: [back]"),)
    files = with_adopted(*NOTES, cards=cards, fields="front line, back, link, file", css=css)
    return {**files, **more}


def codes(project: Path) -> set[str]:
    return {each.code for each in check_project(project).diagnostics}


@pytest.mark.parametrize(
    "front",
    [
        "{{Front}}{{Front}}{{#Back}}{{Front}}{{/Back}}{{^Link}}{{/Link}}",
        "<div class='a'id=b>{{Front}} < 6 & 7</div>",
        '<a href="{{Link}}">more</a><img src="{{File}}"><p class="{{Tags}} {{Card}} {{Deck}}">{{Front}}</p>',
        "{{text:Front}}{{type:Front}}{{hint:Back}}",
        "<!-- <b>{{Back}}</b> -->{{Front}}<img src=_logo.png>",
        "@@script@@ {{{Front}}} @@label:Nothing@@",
        "{{furigana:Front}} {{Front}}",
    ],
)
def test_what_learners_have_and_does_no_harm_is_no_problem(front: str, write_project: WriteProject) -> None:
    assert codes(write_project(project_with(front))) == set()


@pytest.mark.parametrize(
    ("front", "code"),
    [
        ("<script>alert(1)</script>{{Front}}", "template-script"),
        ("<p onclick='alert(1)'>{{Front}}</p>", "template-script"),
        ('<p title="{{Back}}">{{Front}}</p>', "template-script"),
        ('<a href="{{File}}:x">{{Front}}</a>', "template-script"),
        ("{{text:Back}}{{Front}}", "template-script"),
        ("<img src=https://example.org/a.png>{{Front}}", "template-remote"),
        ("{{Front}}\\href", "template-script"),
        ("{{=<% %>=}}<%Front%>", "template-script"),
        ("{{Front}}<", "template-script"),
        (f"{{{{Front}}}}{'x' * 500_000}", "text-too-long"),
        ("{{Front}}" * 5_001, "text-too-long"),
    ],
)
def test_what_would_run_or_load_is_refused(front: str, code: str, write_project: WriteProject) -> None:
    found = codes(write_project(project_with(front)))
    assert code in found


def test_what_import_makes_safe_is_no_problem(write_project: WriteProject) -> None:
    values = {field.capitalize(): [str(note.get(field, "")) for note in NOTES] for field in ("back", "link", "file")}
    bad = '<script>x</script><p title="{{Back}}" onclick=x><a href="{{Link}}{{Back}}">{{text:Back}}{{Front}}<'
    safe = make_template_safe(bad, lambda name: values.get(name, ()))
    style = make_style_safe("@import 'https://example.org/a.css'; a { background: url(//example.org/a) } <b>")
    assert codes(write_project(project_with(safe.text, style.text))) == set()


@pytest.mark.parametrize(
    ("css", "code"),
    [
        ("@font-face { src: url(_own.ttf) } /* @@label:Nothing@@ */", ""),
        ("a { background: url('https://example.org/a.png') }", "template-remote"),
        ("@import '_own.css';", "template-remote"),
        ("</style><script>", "template-script"),
    ],
)
def test_a_style_has_files_of_the_deck_alone(css: str, code: str, write_project: WriteProject) -> None:
    assert codes(write_project(project_with("{{Front}}", css))) == ({code} if code else set())


def test_a_card_that_a_released_note_loses_is_told(tmp_path: Path) -> None:
    cards = (
        ("{{Front}}", "{{Back}}", "asks: [front], answers: [back]"),
        ("{{Back}}", "{{Front}}", "asks: [back], answers: [front]"),
    )
    files = with_adopted(cards=cards)
    dog = {"id": "dog", "front": "perro", "back": "dog", "note_type": "old"}
    author = Author(tmp_path / "project", {"metals": [dog, {"id": "half", "back": "half", "note_type": "old"}]})
    for name, content in files.items():
        if name.startswith("../templates/"):
            author.style(name.removeprefix("../templates/"), str(content))
    author.release("1.0.0", "2026-01-01")
    assert {each.id: each.more_cards for each in author.history.notes.values()} == {"dog": (2,), "half": (2,)}
    author.write()
    assert problems(author.project) == []
    del author.find("dog")["back"]
    author.write()
    (found,) = problems(author.project)
    assert found.code == "released-card-missing"
    assert found.message == "`dog` was released with its card `Card 2`, whose front shows nothing any more"
    assert found.help.startswith("put its `back` back;")
