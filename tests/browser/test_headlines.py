"""The headline of an answer is the same on a card, by its script, and on page and paper, by the engine."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from cardpress.anki.field_html import FieldWriter
from cardpress.deck.notes import RichText
from cardpress.markdown import parse
from cardpress.markdown.headline import LONGEST
from tests.conftest import ROOT
from tests.helpers.headlines import HEADLINES, LONG

SCRIPT = Path(ROOT / "templates" / "anki" / "headline.js").read_text(encoding="utf-8")
READ = """each => [".core", ".rest"].map(name => each.querySelector(name)?.textContent ?? "").concat(
  each.classList.contains("headed"))"""


def split(language: str, markdown: str) -> tuple[str, str] | None:
    found = RichText(markdown, parse(markdown), is_line=True).headline(language)
    return (found[0].plain, found[1].plain if found[1] else "") if found else None


@pytest.mark.parametrize(("language", "markdown", "wanted"), HEADLINES, ids=[each[1][:30] for each in HEADLINES])
def test_the_engine_finds_the_core(language: str, markdown: str, wanted: tuple[str, str] | None) -> None:
    found = split(language, markdown)
    if wanted:  # a card hides the colon behind a core, and here it is not there
        wanted = (wanted[0].rstrip(":： "), wanted[1])
    assert (tuple(" ".join(part.split()) for part in found) if found else None) == (
        tuple(" ".join(part.split()) for part in wanted) if wanted else None
    )


@pytest.fixture(scope="module")
def shown(browser: Browser) -> list[tuple[str, str, bool]]:
    cards = []
    for language, markdown, _ in HEADLINES:
        html = RichText(markdown, parse(markdown), is_line=True).html(FieldWriter())
        cards.append(f'<div class="sheet lean" lang="{language}"><div class="answer">\n{html}\n</div></div>')
    page = browser.new_page()
    try:
        page.set_content("".join(cards))
        before = page.locator("body").text_content()
        page.add_script_tag(content=SCRIPT)
        assert (page.locator("body").text_content() or "").replace(SCRIPT, "") == before, "nothing is lost or moved"
        found: list[tuple[str, str, bool]] = page.locator(".answer").evaluate_all(f"all => all.map({READ})")
        return found
    finally:
        page.close()


@pytest.mark.parametrize("number", range(len(HEADLINES)), ids=[each[1][:30] for each in HEADLINES])
def test_the_script_of_a_card_finds_the_same(number: int, shown: list[tuple[str, str, bool]]) -> None:
    core, rest, is_headed = shown[number]
    wanted = HEADLINES[number][2]
    assert is_headed is (wanted is not None)
    if wanted:
        assert " ".join(core.split()) == " ".join(wanted[0].split())
        if "\n" not in wanted[1]:  # what stands in further blocks keeps its place
            assert " ".join(rest.split()) == " ".join(wanted[1].split())


@pytest.mark.parametrize(("length", "is_headed"), [(LONGEST, True), (LONGEST + 1, False)])
def test_a_long_core_is_no_headline(length: int, is_headed: bool) -> None:
    assert (split("en", f"{'x' * (length - 1)}. More.") is not None) is is_headed


@pytest.mark.parametrize("text", LONG, ids=[each[:2] + each[-2:] for each in LONG])
def test_a_long_text_takes_no_time(text: str, browser: Browser) -> None:
    document = parse(text)
    began = time.process_time()
    assert RichText(text, document, is_line=True).headline("en") is None
    assert time.process_time() - began < 1
    page = browser.new_page()
    try:
        page.set_content(f'<div class="sheet lean" lang="en"><div class="answer">{text}</div></div>')
        took = page.evaluate(f"() => {{ const began = performance.now(); {SCRIPT}; return performance.now() - began }}")
        assert not page.query_selector(".headed")
        assert took < 300
    finally:
        page.close()


@pytest.mark.parametrize(
    "answer", ["<code>[]</code>: it was rolled back.", "<b><code>[]</code>:</b> it was rolled back."]
)
def test_the_colon_behind_a_headline_is_not_shown(browser: Browser, answer: str) -> None:
    page = browser.new_page()
    try:
        style = (ROOT / "templates" / "anki" / "card.css").read_text(encoding="utf-8")
        page.set_content(
            f'<style>{style}</style><div class="sheet lean" lang="en"><div class="answer">{answer}</div></div>'
        )
        page.add_script_tag(content=SCRIPT)
        assert page.inner_text(".answer").split() == ["[]", "it", "was", "rolled", "back."]
    finally:
        page.close()
