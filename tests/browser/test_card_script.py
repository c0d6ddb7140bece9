"""A card in a browser: its parts open, its pictures enlarge, nothing widens it, and it is whole without a script."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, Route

from cardpress.note_types.identity import make_guid
from tests.conftest import ROOT
from tests.helpers.anki_collection import learning
from tests.helpers.decks import deck_of, package_of
from tests.helpers.sample_project import EVERYTHING

# aqt 26.9, reviewer.py `_shortcutKeys`, main.py `setupKeys`, forms/main; AnkiDroid, ViewerCommand.kt `defaultValue`.
TAKEN = set("e m r v o i u d s a b t y f / 1 2 3 4 5 6 7 * = - ! @ h g".split())
PARTS = "Array.from(document.querySelectorAll('details'), part => part.open)"


@dataclass(frozen=True)
class Sides:
    """What Anki shows of a card, as HTML."""

    front: str
    back: str


Shown = Callable[..., Page]


def sides_of(folder: pytest.TempPathFactory, project: object, deck_id: str, note_id: str) -> Sides:
    with learning(folder.mktemp("learner") / "collection") as learner:
        learner.take(package_of(deck_of(project)))  # type: ignore[arg-type]  # a path, which mktemp does not say
        card = learner.cards_of(make_guid(deck_id, note_id))[0]
        return Sides(card.question(), card.answer())


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sides:
    project = tmp_path_factory.mktemp("sample")
    for name, content in EVERYTHING.items():
        path = project / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return sides_of(tmp_path_factory, project, "sample", "one")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Sides:
    return sides_of(tmp_path_factory, ROOT, "fastapi-interview", "dependency-injection")


@pytest.fixture
def show(browser: Browser) -> Iterator[Shown]:
    """Show a card's HTML as Anki's reviewer wraps it; its address is one that exists nowhere."""
    pages: list[Page] = []
    asked_for: list[str] = []

    def shown(card: str, *, script: bool = True, width: int = 900, around: str = "", style: str = "") -> Page:
        context = browser.new_context(java_script_enabled=script, viewport={"width": width, "height": 700})
        page = context.new_page()
        pages.append(page)
        html = (
            f'<!doctype html><html class="{around}" style="{style}"><meta charset="utf-8">'
            f'<body class="card card1"><div id="qa">{card}</div>'
        )

        def answer(route: Route) -> None:
            if route.request.url == "http://card.test/":
                route.fulfill(body=html, content_type="text/html")
            elif route.request.url.endswith((".png", ".svg")):
                picture = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"/>'
                route.fulfill(body=picture, content_type="image/svg+xml")
            else:
                asked_for.append(route.request.url)
                route.abort()

        page.route("**/*", answer)
        page.goto("http://card.test/")
        return page

    yield shown
    for page in pages:
        page.context.close()
    assert [url for url in asked_for if not url.endswith("/favicon.ico")] == []


def again(page: Page, card: str) -> None:
    """Put a card into the page that shows one already, and run its script, as Anki does."""
    page.evaluate(
        """html => {
            const qa = document.getElementById("qa");
            qa.innerHTML = html;
            for (const old of qa.querySelectorAll("script")) {
                const script = document.createElement("script");
                script.text = old.text;
                old.replaceWith(script);
            }
        }""",
        card,
    )


def test_keys_open_and_close_the_parts(sample: Sides, show: Shown) -> None:
    page = show(sample.back)
    assert page.evaluate(PARTS) == [False, False]
    page.keyboard.press("w")
    page.keyboard.press("x")
    assert page.evaluate(PARTS) == [True, True]
    page.keyboard.press("W")  # caps lock
    assert page.evaluate(PARTS) == [False, True]


def test_a_tap_opens_a_part(sample: Sides, show: Shown) -> None:
    page = show(sample.back)
    page.click("summary >> nth=1")
    assert page.evaluate(PARTS) == [False, True]


def test_open_parts_are_open_when_the_card_comes_back_and_keys_still_act_once(sample: Sides, show: Shown) -> None:
    page = show(sample.back)
    page.keyboard.press("x")
    page.wait_for_function("Object.keys(sessionStorage).length > 0")
    again(page, sample.front)
    again(page, sample.back)
    assert page.evaluate(PARTS) == [False, True]
    page.keyboard.press("x")
    page.keyboard.press("w")
    assert page.evaluate(PARTS) == [True, False]


def test_a_script_that_runs_twice_acts_once(sample: Sides, show: Shown) -> None:
    page = show(sample.back)
    page.evaluate("new Function(document.querySelector('script').text)()")
    page.keyboard.press("x")
    assert page.evaluate(PARTS) == [False, True]


def test_what_is_open_on_one_card_is_closed_on_another(sample: Sides, real: Sides, show: Shown) -> None:
    page = show(sample.back)
    page.keyboard.press("x")
    page.wait_for_function("Object.keys(sessionStorage).length > 0")
    again(page, real.back)
    assert page.evaluate(PARTS) == [False, False]


def test_parts_open_where_nothing_can_be_stored(sample: Sides, show: Shown) -> None:
    page = show("")
    page.evaluate("Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('off'); } })")
    again(page, sample.back)
    page.keyboard.press("x")
    assert page.evaluate(PARTS) == [False, True]


def test_keys_leave_shortcuts_and_typing_alone(sample: Sides, show: Shown) -> None:
    page = show(sample.back + '<input id="typeans">')
    page.keyboard.press("Control+x")
    page.keyboard.press("Alt+w")
    page.focus("#typeans")
    page.keyboard.type("wxp")
    assert page.evaluate(PARTS) == [False, False]
    assert page.input_value("#typeans") == "wxp"
    assert page.locator(".zoom").count() == 0


def test_no_key_of_a_card_is_a_shortcut_of_anki(sample: Sides, show: Shown) -> None:
    page = show(sample.back)
    named = page.evaluate("Array.from(document.querySelectorAll('[data-key]'), part => part.dataset.key)")
    assert sorted(named) == ["w", "x"]
    assert not TAKEN & {*named, "p"}


def test_a_picture_is_enlarged_by_tap_and_by_key(sample: Sides, show: Shown) -> None:
    page = show(sample.back, width=380)
    width = page.evaluate("document.querySelector('.answer img').clientWidth")
    page.click(".answer img")
    assert page.evaluate("document.querySelector('.zoom img').clientWidth") == 2 * width
    page.click(".zoom")
    assert page.locator(".zoom").count() == 0
    for open_key, close_key in (("p", "p"), ("p", "Escape"), ("Enter", "Escape")):
        page.focus(".answer img")
        page.keyboard.press(open_key)
        assert page.locator(".zoom").count() == 1
        page.keyboard.press(close_key)
        assert page.locator(".zoom").count() == 0
        assert page.evaluate("document.activeElement.tagName") == "IMG"


def test_a_card_is_whole_without_a_script(sample: Sides, show: Shown) -> None:
    page = show(sample.back, script=False)
    assert page.locator("summary").all_inner_texts() == ["How to answer", "Example answer"]
    assert not page.get_by_text("I say that it is the first number.").is_visible()
    page.click("summary >> nth=1")
    assert page.get_by_text("I say that it is the first number.").is_visible()


@pytest.mark.parametrize(("width", "root"), [(320, 16), (320, 32), (380, 16), (900, 15), (900, 30)])
def test_nothing_widens_a_card(real: Sides, show: Shown, width: int, root: int) -> None:
    for side in (real.front, real.back):
        page = show(side, width=width, around="mobile", style=f"font-size: {root}px")
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_wide_things_scroll_inside_of_a_card(sample: Sides, show: Shown, direction: str) -> None:
    page = show(sample.back.replace('dir="auto"', f'dir="{direction}"'), width=320, around="mobile")
    page.evaluate(
        """() => {
            const cells = "<td>several words</td><td><code>Unbreakable[Name]</code></td>".repeat(5);
            const link = `<a href="#">${"a-long-address/".repeat(20)}</a>`, word = "w".repeat(300);
            const wide = `<table><tr>${cells}</tr></table><pre><code>${"x ".repeat(200)}</code></pre>`;
            const html = `${wide}<img src="wide.svg" width="2400">${link} ${word} <code>${word}</code>`;
            const places = ".question, .answer, .claim, .truth, .sources li, .extra, details > div";
            document.querySelectorAll(places).forEach(place => { place.innerHTML = html; });
            document.querySelectorAll("details").forEach(part => { part.open = true; });
        }"""
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("document.querySelector('.answer table').scrollWidth") > 320
    assert page.evaluate("document.querySelector('.answer td').clientWidth") > 60


def test_headings_are_in_order(real: Sides, show: Shown) -> None:
    page = show(real.back)
    levels = page.evaluate(
        "Array.from(document.querySelectorAll('h1, h2, h3, h4, h5, h6, [role=heading]'), "
        "each => Number(each.ariaLevel || each.tagName[1]))"
    )
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_code_runs_from_left_to_right_in_any_language(sample: Sides, show: Shown) -> None:
    page = show(sample.back.replace('dir="auto"', 'dir="rtl"'))
    styles = "Array.from(document.querySelectorAll('pre, code'), each => getComputedStyle(each).direction)"
    assert set(page.evaluate(styles)) == {"ltr"}
    assert page.evaluate("getComputedStyle(document.querySelector('.question')).direction") == "rtl"


def test_what_a_report_needs_stands_in_one_small_line(sample: Sides, show: Shown) -> None:
    page = show(sample.back, width=390, around="mobile")
    foot = page.inner_text("footer").split("\n")
    assert foot == ["Question 1", "Report a mistake", "one", "Version 1.2.0"]
    assert (
        page.evaluate("new Set([...document.querySelector('footer').children].map(each => each.offsetTop)).size") == 1
    )


def test_the_question_stays_in_view_above_the_answer(real: Sides, show: Shown) -> None:
    page = show(real.back, width=380, around="mobile")
    page.evaluate("document.getElementById('answer').scrollIntoView()")
    assert page.evaluate("document.querySelector('.question').getBoundingClientRect().top") >= 0


def test_the_front_gives_nothing_away(real: Sides) -> None:
    visible = real.front.partition("</style>")[2].partition("<script>")[0]
    assert "dependency-injection" not in visible
    assert "Key points" not in visible


def test_the_script_has_nothing_that_anki_would_take_for_a_field() -> None:
    script = (ROOT / "templates" / "anki" / "card.js").read_text(encoding="utf-8")
    assert "{{" not in script
    assert "</" not in script
