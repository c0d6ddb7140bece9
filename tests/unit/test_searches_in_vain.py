"""No text makes a search begin anew at each character and go to the end in vain: that takes hours for a megabyte.

Each text is as long as such a text may be, or a quarter of a megabyte, and ordinary ones of its size take a second.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from cardpress.anki.card_rendering import render_sides
from cardpress.anki.field_html import FieldWriter
from cardpress.anki.shown_formulas import set_formulas
from cardpress.anki.typed_boxes import find_expected, write_comparison
from cardpress.markdown import parse
from cardpress.markdown.signs import looks_marked_up, may_have_problems
from cardpress.note_types.template_parts import TemplateError, read_template
from cardpress.pipeline import check_project
from cardpress.source.media.svg import examine
from cardpress.writers.page.code_colors import make_color_merger
from tests.conftest import DECK, WriteProject
from tests.helpers.yaml_text import question
from tests.unit.test_svg_work import svg

SIZE = 250_000
MOST_SECONDS = 8


def bounded(work: Callable[[], object]) -> None:
    start = time.process_time()
    work()
    assert time.process_time() - start < MOST_SECONDS


# What stands on a card, for everything that reads it as Anki does.
ON_CARDS = {
    "tags that do not end": "{{" * (SIZE // 2),
    "comments that do not end": "<!--" * (SIZE // 4),
    "comments and tags": "<!--{{A}}-->" * (SIZE // 12),
    "scripts that do not end": "<script" * (SIZE // 7),
    "styles that do not end": "<style>" * (SIZE // 7),
    "tags of HTML that do not end": "<a " * (SIZE // 3),
    "deletions that do not end": "{{c1::" * (SIZE // 6),
    "deletions of large numbers": f"{{{{c{'9' * SIZE}::x}}}}",
    "hints": "{{c1::" + "::" * (SIZE // 2) + "}}",
    "formulas that do not end": "\\(\\[" * (SIZE // 4),
    "formulas in each other": "\\(" * (SIZE // 4) + "\\)" * (SIZE // 4),
    "readings that do not end": "漢[" * (SIZE // 2),
    "readings in other lines": "漢[\n]" * (SIZE // 4),
    "brackets behind spaces": " [a]" * (SIZE // 4),
    "one long word": "漢" * SIZE + "[a]",
    "sounds that do not end": "[sound:" * (SIZE // 7),
    "speech that does not end": "[anki:tts lang=de]" * (SIZE // 18),
    "options that do not end": "[anki:tts " + "a=b " * (SIZE // 4),
    "entities that do not end": "&amp;" * (SIZE // 5) + "&",
    "speech of many names": "".join(f"[anki:t{n} a=b " for n in range(SIZE // 14)) + "]",
    "boxes in another line": "[[type:" * (SIZE // 7) + "\n]]",
    "boxes that do not end": "[[type:" * (SIZE // 7),
    "masks": "{{c1::image-occlusion:rect:" + "left=.1:" * (SIZE // 8) + "}}",
}


@pytest.mark.parametrize("name", ON_CARDS)
def test_a_card(name: str) -> None:
    text = ON_CARDS[name]
    kept = {"A": text, "c1": "1"}
    front = "".join(
        f"{{{{{each}A}}}}" for each in ("", "cloze:", "cloze-only:", "furigana:", "text:", "hint:", "tts de:")
    )
    sides = render_sides(read_template(front), read_template("{{FrontSide}}{{A}}"), kept, 1)
    bounded(lambda: render_sides(read_template(front), read_template("{{FrontSide}}{{A}}"), kept, 1))
    bounded(lambda: set_formulas(sides.back))
    bounded(lambda: write_comparison(sides.back, find_expected(f"[[type:A]]{text}", kept, 1)))
    with suppress(TemplateError):
        bounded(lambda: read_template(text))


DRAWINGS = {
    "no rule": f"<style>{'a' * SIZE}</style>",
    "brackets": f"<style>{'[' * SIZE}{{fill:url(#a)}}</style>",
    "functions": f"<style>{':a(' * (SIZE // 3)}{{fill:url(#a)}}</style>",
    "spaces": f'<path fill="url({" " * SIZE}"/>',
    "spaces in a style": f'<path style="fill:url({" " * SIZE}"/>',
    "one rule for everything, again and again": f"<style>{'*{fill:url(#a)}' * (SIZE // 30)}</style>{'<g/>' * 30_000}",
    "many names of a rule that refers to much": (
        f"<style>{','.join(f'.c{n}' for n in range(20_000))}{{{''.join(f'fill:url(#a{n});' for n in range(7_000))}}}"
        "</style>"
    ),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing(name: str) -> None:
    bounded(lambda: examine(svg(DRAWINGS[name])))


def test_a_style_of_a_page() -> None:
    bounded(lambda: make_color_merger("a" * SIZE))


@pytest.mark.parametrize(
    "lines", [["<<<<<<< a", "", "x"], ["<<<<<<< a", "======="], ["<<<<<<< a"], ["<<<<<<< a", "=======", "======="]]
)
def test_a_snippet(lines: list[str], write_project: WriteProject) -> None:
    code = "\n".join(lines)
    shown = f"# card:\nx\n# end\n{(code + chr(10)) * (SIZE // len(code) - 5_000)}"
    project = write_project({"first.yaml": question(snippet="a.txt"), "snippets/a.txt": shown})
    bounded(lambda: check_project(project))


@pytest.mark.parametrize("sign", ["{{", "{%", "{#"])
def test_a_page_template(sign: str, write_project: WriteProject) -> None:
    project = write_project({"deck.yaml": f"trusted_templates: true\n{DECK}"})
    (project / "templates" / "web").mkdir(parents=True)
    (project / "templates" / "web" / "page.html").write_text(sign * (SIZE // 2), encoding="utf-8")
    bounded(lambda: check_project(project))


def test_addresses_without_an_end() -> None:
    start = time.process_time()
    may_have_problems("](" * 100_000)
    assert time.process_time() - start < 1


# What is no markup all the same, however often it begins.
@pytest.mark.parametrize("text", ["[", "![", "[](", "[ ]", "* ", "_ ", "~~ ", "** ", "*\n"])
def test_what_looks_like_a_tag(text: str) -> None:
    start = time.process_time()
    looks_marked_up(text * 100_000)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(("start", "text"), [("^[", "aa "), ("^[", "a"), ("", "^[aa "), ("", "^[a")])
@pytest.mark.parametrize("end", ["", "]"])
def test_a_footnote_in_the_text(start: str, text: str, end: str) -> None:
    began = time.process_time()
    parse(start + text * (19_000 // len(text)) + end)
    assert time.process_time() - began < 2


def test_a_text_with_deletions() -> None:
    document = parse("{{c1::a}} " + ":" * 19_000, with_deletions=True)
    writer = FieldWriter(is_cloze=True)
    start = time.process_time()
    writer.document(document)
    assert time.process_time() - start < 1
