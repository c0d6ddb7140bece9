"""In a browser the page opens from the disk, asks for nothing, searches, opens answers, and runs no deck's script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import DECK
from tests.helpers.browser_pages import Opened, opened
from tests.helpers.decks import page_of
from tests.helpers.sample_project import EVERYTHING
from tests.helpers.studying import begin, visit_again
from tests.helpers.yaml_text import indented

TABLE = "| left | right |\n|:-----|------:|\n| a | b |"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a deck with everything, and a question called as a part of the page could be."""
    more = f"- id: search\n  question: What is searched?\n  answer: {indented(TABLE)}"
    files = EVERYTHING | {"second.yaml": f"{EVERYTHING['second.yaml']}{more}"}  # type: ignore[str-bytes-safe] # a str
    return page_of(tmp_path_factory.mktemp("page"), files)


ALL = ["one", "two", "three", "four", "search"]


def test_opening_it_asks_for_nothing_else_and_breaks_no_rule_of_its_own(reader: Opened, path: Path) -> None:
    reader.page.locator("#page_open").click()
    reader.page.wait_for_load_state("networkidle")
    assert [url for url in reader.requests if not url.startswith("data:")] == [path.as_uri()]
    assert reader.complaints == []


def test_pictures_are_in_the_page(reader: Opened) -> None:
    reader.page.locator("#page_open").click()
    for picture in reader.page.locator("article img").all():
        picture.scroll_into_view_if_needed()
    pictures = "all => all.map(each => [each.alt, each.complete && each.naturalWidth > 0, each.src.slice(0, 11)])"
    assert reader.page.locator("article img").evaluate_all(pictures) == [
        ["one dot", True, "data:image/"],
        ["three lines", True, "data:image/"],
    ]


def test_a_tables_columns_stand_as_they_were_written(reader: Opened) -> None:
    aligned = "all => all.map(each => getComputedStyle(each).textAlign)"
    assert reader.page.locator("#search td").evaluate_all(aligned) == ["left", "right"]


def test_search_lists_what_has_all_the_words(reader: Opened) -> None:
    box, found = reader.page.locator("#page_search"), reader.page.locator("#page_found")
    results = reader.page.locator("#page_results a")
    box.fill("third  NUMBER")
    assert results.evaluate_all("all => all.map(each => each.hash)") == ["#three"]
    assert reader.shown("article.question") == []
    assert found.inner_text() == "1 of 5"
    box.fill("no question has this")
    assert results.count() == 0
    assert reader.page.locator(".nothing").is_visible()
    assert found.inner_text() == "0 of 5"
    box.fill("")
    assert reader.shown("article.question") == ALL
    assert found.inner_text() == ""


def test_a_slash_leads_to_the_search_and_is_a_character_there(reader: Opened) -> None:
    reader.page.keyboard.press("/")
    reader.page.keyboard.type("and/or")
    assert reader.page.locator("#page_search").input_value() == "and/or"


def visible_answers(reader: Opened) -> list[str]:
    return [answer for answer in ALL if reader.page.locator(f"#{answer} .answer").is_visible()]


def test_answers_are_closed_until_they_are_asked_for_one_by_one_or_all_at_once(reader: Opened) -> None:
    everything = reader.page.locator("#page_open")
    one = reader.page.locator("#two .reveal")
    assert visible_answers(reader) == []
    assert (one.inner_text(), one.get_attribute("aria-expanded")) == ("Show answer", "false")
    one.press("Enter")
    assert visible_answers(reader) == ["two"]
    assert (one.inner_text(), one.get_attribute("aria-expanded")) == ("Hide answer", "true")
    assert one.evaluate("each => each === document.activeElement")
    one.press("Enter")
    assert visible_answers(reader) == []
    reader.page.locator("#three .heading").click()
    assert visible_answers(reader) == ["three"]
    everything.click()
    assert (everything.inner_text(), everything.get_attribute("aria-pressed")) == ("Hide answers", "true")
    assert visible_answers(reader) == ALL
    visit_again(reader.page)
    assert visible_answers(reader) == ALL  # who reads it as a book finds it so again
    everything.click()
    assert (everything.inner_text(), everything.get_attribute("aria-pressed")) == ("Show answers", "false")
    assert visible_answers(reader) == []


def test_answers_are_closed_before_the_script_has_come(browser: Browser, path: Path, tmp_path: Path) -> None:
    html = re.sub(r'(?s)<script type="module">.*?</script>', "", path.read_text(encoding="utf-8"))
    waiting = tmp_path / path.name
    waiting.write_text(html, encoding="utf-8")
    with opened(browser, waiting) as reader:
        assert not reader.page.locator("#one .answer").evaluate("each => each.checkVisibility()")
        reader.page.emulate_media(media="print")
        assert reader.page.locator("#one .answer").evaluate("each => each.checkVisibility()")


def test_a_fact_that_nothing_explains_looks_like_no_question(browser: Browser, tmp_path: Path) -> None:
    first = "- {id: q, question: Q?, answer: A., recall: [{id: r, question: Which one?, answer: The first.}]}"
    with opened(browser, page_of(tmp_path, {"first.yaml": first})) as reader:
        weigh = "each => Number(getComputedStyle(each).fontWeight)"
        asked, told = (reader.page.locator(f"#r {part}").evaluate(weigh) for part in (".asked", ".core"))
        assert told < asked - 100
        begin(reader.page, "recall")
        reader.page.keyboard.press(" ")
        assert reader.page.locator("#page_card .core").evaluate(weigh) == 600


def test_the_headline_of_a_fact_stands_without_its_colon(browser: Browser, tmp_path: Path) -> None:
    recall = '{id: r, question: Which one?, answer: "`422`: it is no number."}'
    first = f"- {{id: q, question: Q?, answer: A., recall: [{recall}]}}"
    with opened(browser, page_of(tmp_path, {"first.yaml": first})) as reader:
        assert (reader.page.locator("#r .told").text_content() or "").split() == ["422", "it", "is", "no", "number."]


def test_the_headline_of_a_fact_is_larger_than_what_explains_it(browser: Browser, tmp_path: Path) -> None:
    recall = '{id: r, question: Which one?, answer: "The *first*. It begins."}'
    with opened(
        browser, page_of(tmp_path, {"first.yaml": f"- {{id: q, question: Q?, answer: A., recall: [{recall}]}}"})
    ) as reader:
        begin(reader.page, "recall")
        reader.page.keyboard.press(" ")
        told = reader.page.locator("#page_card .told")
        core = told.locator(".core")
        assert core.inner_text().startswith("The first")
        assert told.inner_text().split() == ["The", "first.", "It", "begins."]
        look = "each => [getComputedStyle(each).fontSize, getComputedStyle(each).color]"
        size, color = core.evaluate(look)
        smaller, softer = told.evaluate(look)
        assert float(size[:-2]) > float(smaller[:-2]) * 1.3
        assert color != softer


def test_an_answer_opens_while_words_are_marked_elsewhere(reader: Opened) -> None:
    page = reader.page
    mark = "getSelection().selectAllChildren(document.querySelector('{}'))"
    button = page.locator("#two .reveal")
    page.evaluate(mark.format("h1"))  # as the browser's own search leaves them
    button.press("Enter")
    assert visible_answers(reader) == ["two"]
    page.evaluate(mark.format("h1"))
    button.click()
    assert visible_answers(reader) == []
    page.evaluate(mark.format("#two .heading"))
    page.locator("#two .heading").dispatch_event("click")  # with which marking the words of a question ends
    assert visible_answers(reader) == []


def test_the_browsers_own_search_opens_an_answer(reader: Opened) -> None:
    answer = reader.page.locator("#two .hideable")
    assert answer.get_attribute("hidden") == "until-found"
    answer.dispatch_event("beforematch")
    assert visible_answers(reader) == ["two"]
    assert reader.page.locator("#two .reveal").inner_text() == "Hide answer"


def test_a_permalink_leads_to_its_question(reader: Opened, browser: Browser, path: Path) -> None:
    reader.page.locator("#search .permalink").click()
    assert reader.page.url.endswith("#search")
    for place in ("#four", "#section_second", "#three-after-two"):
        with opened(browser, path, place) as other:
            assert other.page.locator(place).evaluate("each => each === document.querySelector(':target')")
            assert other.page.locator(place).is_visible()


def test_all_answers_can_be_read_without_javascript(browser: Browser, path: Path) -> None:
    with opened(browser, path, java_script_enabled=False) as reader:
        assert not reader.page.locator(".tools, .tool, .study").filter(visible=True).count()
        assert visible_answers(reader) == ALL
        for summary in reader.page.locator("main summary").all():
            summary.click()
        text = reader.page.locator("main").inner_text()
    for words in ("The first number.", "It is odd.", "print(one)", "Briefly.", "I say that it is the first number."):
        assert words in text
    for words in ("It is prime.", "A prime has two divisors.", "Two.", "And then three.", "One comes before two."):
        assert words in text


ATTACKS = ("<script>alert(1)</script>", "<img src=x onerror=alert(2)>", "</style></script><svg onload=alert(3)>")
# Texts that are not Markdown may hold all of it as it is; in Markdown it is code.
PLAIN = " ".join(ATTACKS)
FENCED = f"```html\n{PLAIN}\n```\n\n`{PLAIN}`"


def hostile_files() -> dict[str, str | bytes]:
    block, deep = indented(FENCED), indented(FENCED, 8)
    deck = f"description: '{PLAIN}'\nintroduction: {block}authors: ['{PLAIN}']\nlicense: '{PLAIN}'\n"
    deck += DECK.replace("title: Sample deck", f"title: '{PLAIN}'").replace("title: First section", f"title: '{PLAIN}'")
    keys = "".join(f"  {key}: {block}" for key in ("question", "answer", "output", "how_to_answer", "example_answer"))
    more = f"  extra: {block}  key_points:\n    - {deep}  pitfalls:\n    - claim: {deep}      truth: {deep}"
    links = f"  sources: [{{title: '{PLAIN}', url: 'https://example.org/<b>'}}]\n".replace("<b>", "?a=1&b=%22")
    recall = f"  recall:\n    - id: r\n      question: {deep}      answer: {deep}      extra: {deep}"
    recall += f"    - id: c\n      cloze: {indented('{{c1::`' + PLAIN + '`}}', 8)}"
    question = f"- id: one\n  snippet: hostile.html\n{keys}{more}{links}{recall}"
    picture = f"- id: two\n  question: Q?\n  answer: '![`{ATTACKS[0]}`](dot.png)'\n"
    return {"deck.yaml": deck, "first.yaml": question + picture, "snippets/hostile.html": f"{PLAIN}\n"}


def test_a_decks_script_is_text(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, page_of(tmp_path, hostile_files())) as reader:
        reader.page.locator("#page_open").click()
        reader.page.locator("#page_search").fill("alert")
        assert reader.page.locator("#page_results a").count() == 1
        reader.page.locator("#page_search").fill("")
        for summary in reader.page.locator("main summary").all():
            summary.click()
        assert reader.complaints == []
        assert reader.page.locator("script").count() == 1
        assert reader.page.locator("svg").count() == 0
        assert reader.page.locator("article img").count() == 1
        text = reader.page.locator("body").inner_text()
        assert text.count("alert(1)") >= 2 * 13
        assert reader.page.title() == PLAIN
