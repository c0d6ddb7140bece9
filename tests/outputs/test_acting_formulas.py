"""A formula could run script where MathJax sets it, as in Anki: no text, name, label or template brings such a one."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from cardpress.anki.card_templates import fill_card_template
from cardpress.anki.fields import get_fields
from cardpress.deck.names import disarm_name
from cardpress.formulas.commands import ACTS, DEFINES
from cardpress.markdown.raw_html import read_html
from cardpress.markdown.safe_html import clean
from tests.conftest import WriteProject
from tests.helpers.decks import deck_from, package_of
from tests.helpers.diagnostics import codes, places, problems
from tests.helpers.own_note_types import DECK_OF_WORDS, Files, place_of

LINK = r"\(\href{javascript:alert(1)}{x}\)"
JOINER = "\N{WORD JOINER}"
OLD = """\
title: Old
fields: [{key: front, holds: html, required: true}, {key: back, holds: text}]
cards: [{asks: [front], answers: [back]}]
"""


def with_old(front: str, back: str = "x", declared: str = OLD) -> Files:
    note = json.dumps({"id": "one", "front": front, "back": back})
    return {"deck.yaml": DECK_OF_WORDS, place_of("word"): declared, "first.yaml": f"- {note}\n"}


def as_mathjax(html: str) -> str:
    """Return HTML as MathJax reads it: over comments and `<wbr>`, and ended by any other element."""
    return re.sub("<!--.*?-->|<wbr>", "", html)


@pytest.mark.parametrize(
    "html",
    [
        LINK,
        LINK.replace("href", "hr<wbr>ef"),
        LINK.replace("href", "h<!-- -->re<wbr class=x><wbr>f"),
        LINK.replace("\\href", "&#92;&#104;ref"),
        LINK.replace("\\(", "\\<wbr>("),
        r"\[\style{background:url(https://example.org/x)}{y}\]",
        r"\(\bbox[background: url(https://example.org/x)]{y}\)",
        r"\(\def\R{x}\)",
        r"\(\newcommand{\R}{x}\)",
        r"\(\gd<wbr>ef\R{x}\)",
        r"\(\let\frac=\sqrt\)",
        r"\(\require{html}\)",
        r"\[\renewcommand\R{x}\]",
        r"\(x \label{a}\)",
        r"\(\mmlToken{mi}[href='javascript:alert(1)']{x}\)",
    ],
)
def test_no_formula_in_a_field_of_html_acts(html: str, write_project: WriteProject) -> None:
    assert not ACTS.search(as_mathjax(clean(html)))
    assert not DEFINES.search(as_mathjax(clean(html)))
    assert clean(clean(html)) == clean(html)
    assert "dropped-html" in codes(problems(write_project(with_old(html))))


def test_what_formulas_of_html_may_hold_stays() -> None:
    html = r"\(\frac{a}{b}\) \[\text{a \& b}\] \(\bbox[yellow]{x}\) \hrefs \left( \definitely \labels"
    assert clean(html).replace("&amp;", "&") == html


def test_a_box_to_type_in_is_none_in_a_field_of_html(write_project: WriteProject) -> None:
    html = "a [[type:Front]] b"
    assert clean(html) == f"a [{JOINER}[type:Front]] b"
    assert places(problems(write_project(with_old(html)))) == ["source/first.yaml:1:29 dropped-html"]
    (paragraph,) = read_html(html).blocks
    assert JOINER not in str(paragraph)


@pytest.mark.parametrize("html", ["a [latex]x[/latex]", "[LaTeX]x[/LaTeX]", "[$]x < y[/$]", r"[$$]\frac{1}{2}[/$$]"])
def test_html_keeps_its_latex_for_whose_anki_makes_pictures_of_it(html: str, write_project: WriteProject) -> None:
    assert clean(html).replace("&lt;", "<") == html
    assert problems(write_project(with_old(html))) == []


def test_html_makes_no_cards_beside_a_cloze_text(tmp_path: Path) -> None:
    declared = OLD.replace("back, holds: text", "back, holds: cloze").replace("asks: [front]", "asks: [back]")
    declared = declared.replace("answers: [back]", "answers: [front]")
    deck = deck_from(tmp_path, with_old("{{c5::five}} {{C7::seven}}", "{{c1::one}}", declared))
    (note,) = deck.notes()
    values = get_fields(deck.sections[0], note, note)
    assert values["Back"] == "{{c1::one}}"
    assert values["Front"] == f"{{{JOINER}{{c5::five}}}} {{{JOINER}{{C7::seven}}}}"


@pytest.mark.parametrize(
    "text", [r"\\href{javascript:alert(1)}{x}", r"`\style{x}{y}`", r"a\\", r"a \\hr", r"<kbd>\\data</kbd>"]
)
def test_no_text_is_a_command_or_the_beginning_of_one(text: str, tmp_path: Path) -> None:
    deck = deck_from(tmp_path, with_old("x", text))
    (note,) = deck.notes()
    value = get_fields(deck.sections[0], note, note)["Back"]
    assert not ACTS.search(value)
    assert not re.search(r"\\[A-Za-z]*\Z", value)


LABELS = (LINK, "[sound:x.mp3]", "[[type:Word]]", "[latex]x[/latex]", "[anki:play:q:0]", r"\(x^2\)", "<b>", "{{Word}}")


@pytest.mark.parametrize("label", LABELS)
def test_a_label_is_no_sign_of_ankis(label: str, tmp_path: Path) -> None:
    written = json.dumps(label)
    declared = f"""\
title: {written}
fields: [{{key: word, holds: line, required: true}}, {{key: meaning, holds: line, label: {written}}}]
cards:
  - {{name: {written}, asks: [word], answers: [word, meaning]}}
  - {{name: Other, asks: [meaning], answers: [word, meaning]}}
""".replace("answers: [word, meaning]", "answers: [meaning]", 1).replace("answers: [word, meaning]", "answers: [word]")
    declared = declared.replace("answers: [meaning]", "answers: [more, meaning]", 1)
    declared = declared.replace("]\ncards", ", {key: more, holds: line}]\ncards")
    note = "- {id: one, word: a, meaning: b, more: c}\n"
    deck = deck_from(tmp_path, {"deck.yaml": DECK_OF_WORDS, place_of("word"): declared, "first.yaml": note})
    (note_type,) = deck.note_types
    shown = "".join("".join(fill_card_template(deck, note_type, card)) for card in note_type.cards)
    shown = re.sub(r"<script>.*?</script>", "", shown, flags=re.DOTALL)
    with zipfile.ZipFile(BytesIO(package_of(deck))) as archive:
        database = sqlite3.connect(":memory:")
        database.deserialize(archive.read("collection.anki2"))
    (model,) = json.loads(database.execute("select models from col").fetchone()[0]).values()
    named = (model["name"], *(each["name"] for each in model["tmpls"]))
    for text in (shown, *named):
        assert not re.search(r"\[\[type:|\[sound:|\[latex\]|\[anki:", text)
        assert not ACTS.search(text)
    assert not re.search(r"\\[(\[]", shown)


def test_names_that_were_released_stay() -> None:
    for name in ("Limits \\(x\\)", "a [b] c", "\\hrefs", "[type:x]", "C:\\classes"):
        assert disarm_name(name) == name


FRONT = '<div class="sheet">{{Word}}</div>\n'


@pytest.mark.parametrize(
    ("sign", "place"),
    [
        (LINK, "2:3"),
        (LINK.replace("href", "hr{{#Word}}ef{{/Word}}"), "1:1"),
        (LINK.replace("href", "hr<!-- x -->ef"), "1:1"),
        (LINK.replace("href", "hr<wbr>ef"), "1:1"),
        (LINK.replace("\\href", "&#92;href"), "1:1"),
        (r"\(\hr{{Word}}\)", "2:3"),
        (r"\{{Word}}", "2:1"),
        (r"\(\bbox[background:url(x)]{y}\)", "2:3"),
    ],
)
def test_no_formula_of_a_template_acts(sign: str, place: str, write_project: WriteProject) -> None:
    declared = """\
title: Word
fields: [{key: word, holds: line, required: true}]
cards: [{asks: [word], answers: [], front: front.html}]
"""
    files: Files = {
        "deck.yaml": DECK_OF_WORDS,
        place_of("word"): declared,
        place_of("word", "front.html"): f"{FRONT}{sign}\n",
        "first.yaml": "- {id: one, word: a}\n",
    }
    path = "templates/note-types/word/front.html"
    assert places(problems(write_project(files))) == [f"{path}:{place} template-script"]
    trusted = DECK_OF_WORDS.replace("sections:", "trusted_templates: true\nsections:")
    assert codes(problems(write_project(files | {"deck.yaml": trusted}))) == ["trusted-templates"]


@pytest.mark.parametrize(
    "fine", [r"\(\frac{ {{Word}} }{2}\)", r"\(x^2\) \[ {{Word}} \]", r"\\ {{Word}}", "&amp; <!-- x -->"]
)
def test_other_formulas_of_a_template_are_fine(fine: str, write_project: WriteProject) -> None:
    declared = """\
title: Word
fields: [{key: word, holds: line, required: true}]
cards: [{asks: [word], answers: [], front: front.html}]
"""
    files: Files = {
        "deck.yaml": DECK_OF_WORDS,
        place_of("word"): declared,
        place_of("word", "front.html"): f"{FRONT}{fine}\n",
        "first.yaml": "- {id: one, word: a}\n",
    }
    assert "template-script" not in codes(problems(write_project(files)))


def test_a_style_in_a_box_is_no_part_of_a_formula(write_project: WriteProject) -> None:
    found = problems(write_project(with_old("x", r"\(\bbox[background: url(x)]{y}\)")))
    assert places(found) == ["source/first.yaml:1:43 bad-formula"]
    assert "write a color alone" in found[0].help
    assert codes(problems(write_project(with_old("x", r"\(\bbox[yellow]{y}\)")))) == []


@pytest.mark.parametrize(
    "formula",
    [
        r"\ce{\href{javascript:alert(1)}{A}}",
        r"\ce{A ->[\style{x}{y}] B}",
        r"\pu{\href{javascript:alert(1)}{kg}}",
        r"\enclose{circle}{\class{x}{y}}",
        r"\color{nocolor}{\require{html}}",
        r"\ce{\bbox[background: url(x)]{A}}",
    ],
)
def test_nothing_acts_in_what_is_left_to_anki(formula: str, write_project: WriteProject) -> None:
    found = problems(write_project(with_old("x", rf"\({formula}\)")))
    assert codes(found) == ["bad-formula"]
    assert "is no part of a formula here" in found[0].message or "could load something" in found[0].message
