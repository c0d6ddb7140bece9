"""What `serve` shows: every card of a project, both sides, by day and by night, on a desktop and on a phone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from cardpress.anki.card_rendering import render_cards
from tests.helpers.decks import deck_from
from tests.helpers.examples import EXAMPLES
from tests.helpers.sample_project import EVERYTHING, NOTES
from tests.helpers.serving import SIDES, VIEWS, Server, Tool, serving, telling, tool
from tests.helpers.visible_text import visible

ALL = {"views": VIEWS}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    deck_from(folder, EVERYTHING)
    return folder


@pytest.fixture(scope="module")
def server(project: Path) -> Iterator[Server]:
    with serving(project) as server:
        yield server


def show_all_views(seen: Tool) -> None:
    seen.page.evaluate("all => localStorage.setItem('cardpress serve', all)", json.dumps(ALL))
    seen.page.reload()
    seen.page.wait_for_selector("[role=option][aria-selected=true]", state="attached")


def test_every_card_of_a_deck_with_everything_is_shown_in_four_views(
    browser: Browser, project: Path, server: Server
) -> None:
    deck = deck_from(project, EVERYTHING)
    notes = {each.id: each for note in deck.notes() for each in (note, *note.recall)}
    assert set(notes) == set(NOTES)
    with tool(browser, server, viewport={"width": 1920, "height": 1080}) as seen:
        show_all_views(seen)
        assert seen.list_shown() == list(notes)
        for note in notes.values():
            seen.choose(note.id)
            cards = render_cards(deck, note)
            seen.frame(VIEWS[0], "front", len(cards), note=note.id)
            assert seen.page.locator(".shown-card").count() == len(cards) == NOTES[note.id]
            for number, card in enumerate(cards, 1):
                for view in VIEWS:
                    for side in SIDES:
                        html = card.sides.front if side == "front" else card.sides.back
                        frame = seen.frame(view, side, number)
                        shown = visible(frame.evaluate("document.getElementById('qa').innerHTML"))
                        assert shown == visible(html), (note.id, view, side)
        assert seen.complaints == []


def test_each_of_ten_cards_of_one_picture_is_shown(browser: Browser) -> None:
    (heart,) = (example for example in EXAMPLES if example.name == "heart")
    with serving(heart.project) as server, tool(browser, server) as seen:
        show_all_views(seen)
        answers = set()
        for number in range(1, heart.cards + 1):
            for view in VIEWS:
                for side in SIDES:
                    frame = seen.frame(view, side, number)
                    picture = frame.locator("img").first
                    assert picture.evaluate("each => each.decode().then(() => each.naturalWidth)") > 0
            answers.add(seen.text("phone-night", "back", number))
        assert len(answers) == heart.cards
        assert seen.complaints == []


def test_night_is_dark_and_a_phone_is_390_pixels_wide(browser: Browser, server: Server) -> None:
    with tool(browser, server, viewport={"width": 1920, "height": 1080}) as seen:
        show_all_views(seen)
        for view in VIEWS:
            frame = seen.frame(view, "back")
            color = frame.evaluate("getComputedStyle(document.body).backgroundColor")
            assert color == ("rgb(22, 25, 28)" if view.endswith("night") else "rgb(251, 250, 247)"), view
            width = frame.evaluate("innerWidth")
            assert width == 390 if view.startswith("phone") else 720 <= width <= 900, view
            assert frame.evaluate("document.body.classList.contains('nightMode')") == view.endswith("night")
            assert frame.evaluate("document.documentElement.classList.contains('mobile')") == view.startswith("phone")


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_a_frame_is_as_high_as_its_card_and_shows_all_of_it(browser: Browser, server: Server, width: int) -> None:
    with tool(browser, server, viewport={"width": width, "height": 800}) as seen:
        show_all_views(seen)
        for view in VIEWS:
            for side in SIDES:
                frame = seen.frame(view, side)
                seen.page.wait_for_timeout(200)
                assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight"), (view, side)
                shown, scale = seen.side(view, side).evaluate(
                    "place => { const frame = place.querySelector('iframe');"
                    " return [place.clientHeight, frame.getBoundingClientRect().width / frame.offsetWidth]; }"
                )
                needed = scale * frame.evaluate("document.getElementById('qa').getBoundingClientRect().bottom")
                assert shown >= needed - 1, (view, side)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_opens_on_a_card_makes_its_frame_higher(browser: Browser, server: Server) -> None:
    with tool(browser, server) as seen:
        frame = seen.frame("desktop-day", "back")
        height = "each => each.clientHeight"
        side = seen.side("desktop-day", "back")
        before = side.evaluate(height)
        frame.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        side.evaluate(
            "(each, before) => new Promise(done => { const look = () => each.clientHeight > before ? done()"
            " : setTimeout(look, 50); look(); })",
            before,
        )
        assert side.evaluate(height) > before


def test_a_card_that_takes_all_the_room_it_is_given_comes_to_an_end(browser: Browser, tmp_path: Path) -> None:
    style = ".card { min-height: 100vh; padding-bottom: 3rem; margin: 20px; }"
    deck_from(tmp_path, {**EVERYTHING, "../templates/style.css": style})
    with serving(tmp_path) as server, tool(browser, server) as seen:
        seen.frame("phone-night", "front")
        heights = []
        for _ in range(2):
            seen.page.wait_for_timeout(500)
            heights.append(seen.side("phone-night", "front").evaluate("each => each.clientHeight"))
        assert heights[0] == heights[1] < 1000


def test_the_author_chooses_the_views_and_the_browser_remembers_them(browser: Browser, server: Server) -> None:
    with tool(browser, server) as seen:
        page = seen.page
        shown = "all => all.map(each => each.dataset.view)"
        assert page.locator(".column").evaluate_all(shown) == ["desktop-day", "phone-night"]
        page.get_by_role("button", name="Desktop, night").click()
        page.keyboard.press("4")
        assert page.locator(".column").evaluate_all(shown) == ["desktop-day", "desktop-night"]
        page.keyboard.press("1")
        page.keyboard.press("2")
        assert page.locator(".column").evaluate_all(shown) == ["desktop-night"], "the last one stays"
        page.keyboard.press("3")
        page.keyboard.press("b")
        tops = page.locator("[data-view=phone-day] .side").evaluate_all(
            "all => all.map(each => each.getBoundingClientRect().top)"
        )
        assert len(tops) == 2
        assert tops[0] == tops[1]
        page.reload()
        page.wait_for_selector(".column")
        assert page.locator(".column").evaluate_all(shown) == ["desktop-night", "phone-day"]
        assert page.locator("#arrangement").get_attribute("aria-pressed") == "true"
        for kept in ("{", '{"views": ["none"], "theme": 7, "follows": "x"}', "null"):
            page.evaluate("text => localStorage.setItem('cardpress serve', text)", kept)
            page.reload()
            page.wait_for_selector(".column")
            assert page.locator(".column").evaluate_all(shown) == ["desktop-day", "phone-night"]
        assert seen.complaints == []


def test_a_deck_that_is_read_from_right_to_left_is_so_in_an_english_tool(browser: Browser, tmp_path: Path) -> None:
    deck = "language: ar\n" + str(EVERYTHING["deck.yaml"])
    first = str(EVERYTHING["first.yaml"]).replace("What is `one`?", "ما هو الواحد؟")
    deck_from(tmp_path, {**EVERYTHING, "deck.yaml": deck, "first.yaml": first})
    with serving(tmp_path) as server, tool(browser, server) as seen:
        said = seen.page.evaluate(
            "['#deck_title', '#note_title', '.note-name', '.section-name > span']"
            ".map(each => document.querySelector(each)).map(each => `${each.lang} ${each.dir}`)"
        )
        assert said == ["ar rtl"] * 4
        assert seen.page.evaluate("document.documentElement.lang + document.documentElement.dir") == "en"
        assert "ما هو الواحد؟" in seen.text("desktop-day", "front")


def test_the_first_note_is_drawn_as_soon_as_it_is_known(browser: Browser, tmp_path: Path) -> None:
    deck_from(tmp_path, EVERYTHING)
    with serving(tmp_path) as server, tool(browser, server) as seen:
        page = seen.page
        page.goto("about:blank")
        page.clock.install()
        page.clock.pause_at(time.time() + 10)
        with telling(page, deck=None, sections=[], problems=[], outputs=[], made_of=0):
            page.goto(server.address)
            expect(page.locator("#nothing_text")).to_have_text("Reading the source …")
        source = tmp_path / "source" / "first.yaml"
        source.write_text(source.read_text(encoding="utf-8").replace("What is two?", "What is 2?"), encoding="utf-8")
        expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
        assert page.locator("#note_title").text_content()
