"""The tool around the cards: its list and filter, keys, tabs, and that it is for everybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.conftest import ROOT
from tests.helpers.basic_notes import with_basics
from tests.helpers.decks import deck_from
from tests.helpers.sample_project import EVERYTHING, NOTES
from tests.helpers.serving import Server, Tool, find_port, serving, start, telling, tool

MANY = 2000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A project with everything, and a problem in one of its notes."""
    folder = tmp_path_factory.mktemp("served")
    first = str(EVERYTHING["first.yaml"]).replace("The second number.", "The second number. [sound:two.mp3]")
    deck_from(folder, {**EVERYTHING, "first.yaml": first})
    with serving(folder) as server:
        yield server


@pytest.fixture
def seen(browser: Browser, server: Server) -> Iterator[Tool]:
    with tool(browser, server, viewport={"width": 1280, "height": 800}) as seen:
        expect(seen.page.locator("#problems_count")).to_have_text("1 warning")
        yield seen
        assert seen.complaints == []


# ---- List and filter


def test_sections_and_their_notes_are_listed_and_what_is_below_a_question_stands_below_it(seen: Tool) -> None:
    assert seen.list_shown() == list(NOTES)
    groups = seen.page.get_by_role("listbox", name="Notes").get_by_role("group")
    assert [each.get_attribute("aria-labelledby") for each in groups.all()] == ["section_0", "section_1"]
    expect(groups.first.locator(".section-name")).to_have_text("First section4")
    below = seen.page.locator("[role=option].below").evaluate_all("all => all.map(each => each.dataset.note)")
    assert below == ["one-successor", "one-gaps", "three-after-two"]
    expect(seen.page.locator("[data-note=one-gaps] .number")).to_have_text("2")
    expect(seen.page.locator("#listed")).to_have_text("7 notes")


@pytest.mark.parametrize(
    ("typed", "notes"),
    [
        ("THREE", ["three", "three-after-two"]),
        ("after what", ["one-successor", "three-after-two"]),
        ("one-gaps", ["one-gaps"]),
        ("sécond section", ["three", "three-after-two", "four"]),
        ("nothing of this", []),
    ],
)
def test_the_filter_finds_titles_ids_and_sections_as_it_is_typed(seen: Tool, typed: str, notes: list[str]) -> None:
    seen.page.keyboard.press("/")
    seen.page.keyboard.type(typed)
    assert seen.list_shown() == notes
    expect(seen.page.locator("#listed")).to_have_text(f"{len(notes)} of 7 notes")
    assert seen.page.locator("#none_listed").is_visible() == (not notes)
    if not notes:
        told, found = seen.page.locator("#none_listed").bounding_box(), seen.page.locator("#listed").bounding_box()
        assert told is not None
        assert found is not None
        assert told["y"] < found["y"] + 60, "it stands where notes would stand"
    if typed == "THREE":
        expect(seen.page.locator(".section-name:visible .number")).to_have_text(f"{len(notes)} of 3")
    seen.page.keyboard.press("Escape")
    assert seen.list_shown() == list(NOTES)


def test_arrows_in_the_filter_move_among_what_it_found(seen: Tool) -> None:
    page = seen.page
    page.keyboard.press("/")
    page.keyboard.type("three")
    page.keyboard.press("ArrowDown")
    assert seen.chosen == "three"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert seen.chosen == "three-after-two"
    active = page.locator("#search").get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("data-note") == "three-after-two"
    assert "Three." in seen.text("desktop-day", "back")


def test_many_notes_are_listed_and_filtered(browser: Browser, tmp_path: Path) -> None:
    notes = ({"id": f"n{at}", "question": f"What is word {at}?", "answer": f"meaning {at}"} for at in range(MANY))
    deck_from(tmp_path, with_basics(*notes))
    with serving(tmp_path) as server, tool(browser, server) as seen:
        expect(seen.notes).to_have_count(MANY)
        seen.page.keyboard.press("/")
        seen.page.keyboard.type("199")
        assert len(seen.list_shown()) == sum("199" in f"{number}" for number in range(MANY))
        seen.page.keyboard.press("ArrowUp")
        seen.wait_for("meaning 1999")
        seen.page.keyboard.press("Escape")
        expect(seen.page.locator("[role=option][aria-selected=true]")).to_be_in_viewport()
        # What is not on the screen is not drawn.
        drawn = "all => all.filter(each => each.checkVisibility({contentVisibilityAuto: true})).length"
        assert 0 < seen.page.locator("[role=option] .note-name").evaluate_all(drawn) < 200


# ---- Keys


def test_keys_move_through_the_notes_and_the_cards_follow(seen: Tool) -> None:
    page = seen.page
    for key, note in zip("jjkj", ["one-successor", "one-gaps", "one-successor", "one-gaps"], strict=True):
        page.keyboard.press(key)
        assert seen.chosen == note
    expect(page.locator(".shown-card")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    assert seen.chosen == "two"
    assert "The second number" in seen.text("desktop-day", "back", note="two")
    assert page.url.endswith("#note=two")
    page.reload()
    expect(page.locator("[data-note=two]")).to_have_attribute("aria-selected", "true")
    for _ in range(20):
        page.keyboard.press("k")
    assert seen.chosen == "one"
    for _ in range(20):
        page.keyboard.press("j")
    seen.wait_for("Two and two.")
    assert seen.chosen == "four"


def test_keys_are_told_in_a_help_and_can_be_turned_off(seen: Tool) -> None:
    page = seen.page
    page.keyboard.press("?")
    help_of_keys = page.get_by_role("dialog", name="Keys")
    expect(help_of_keys).to_be_visible()
    page.keyboard.press("j")
    assert seen.chosen == "one", "the help has the keys while it is open"
    told = page.locator("#key_list kbd").all_inner_texts()
    documented = (ROOT / "docs" / "live.md").read_text(encoding="utf-8").partition("\n| key |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (`.+`) \| (.+) \|$", documented, re.MULTILINE)
    assert told == [key for keys, _ in rows for key in re.findall("`(.)`", keys)]
    assert page.locator("#key_list dd").all_inner_texts() == [does for _, does in rows]
    expect(help_of_keys.locator("#mark_list dt:has(.edited) + dd")).to_have_text("edited since you saw it")
    help_of_keys.get_by_label("Single keys act").uncheck()
    page.keyboard.press("Escape")
    expect(help_of_keys).to_be_hidden()
    expect(page.locator("body")).to_be_focused()  # a browser gives it back with the next picture that it draws
    page.keyboard.press("j")
    assert seen.chosen == "one"
    page.keyboard.press("ArrowDown")
    assert seen.chosen == "one-successor", "arrows are no letters"


def test_a_key_in_the_filter_is_a_letter(seen: Tool) -> None:
    seen.page.keyboard.press("/")
    seen.page.keyboard.type("jkbpfet1")
    assert seen.page.locator("#search").input_value() == "jkbpfet1"
    assert seen.chosen == "one"
    expect(seen.page.locator(".column")).to_have_count(2)


@pytest.mark.parametrize(("width", "label"), [(390, "Jump"), (800, "Jump to edits"), (1280, "Jump to edits")])
def test_the_switch_says_what_it_does_in_each_window(browser: Browser, server: Server, width: int, label: str) -> None:
    with tool(browser, server, viewport={"width": width, "height": 844}) as seen:
        switch = seen.page.get_by_role("switch", name="Jump to edits", exact=True)
        assert switch.inner_text().strip() == label
        letters = switch.locator("span:not(.knob)").first.bounding_box()
        assert letters is not None
        assert letters["width"] > 20
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_light_dark_and_as_the_system(seen: Tool) -> None:
    page = seen.page
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.keyboard.press("t")
    assert page.evaluate(ground) == light
    page.keyboard.press("t")
    dark = page.evaluate(ground)
    assert dark != light
    page.keyboard.press("t")
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) == dark


# ---- Page and sheets


def test_page_and_sheets_are_shown_in_tabs(seen: Tool) -> None:
    page = seen.page
    expect(page.locator("#tabs a")).to_have_text(["Cards", "Page", "Sheets"])
    page.get_by_role("link", name="Page", exact=True).click()
    shown = page.frame_locator("#output_frame iframe:not(.next)")
    expect(shown.locator("h1").first).to_have_text("Sample deck")
    assert page.locator("#output_frame iframe").get_attribute("sandbox") == "allow-scripts"
    shown.locator("#page_study").click()
    expect(shown.locator("#page_card")).to_be_visible()
    expect(page.locator("#tabs a[aria-current]")).to_have_text("Page")
    expect(page.locator("#stage")).to_be_hidden()
    page.locator("#tabs a", has_text="Sheets").click()
    sheets = page.locator("#sheets a")
    assert sheets.count() >= 2
    page.keyboard.press("[")
    expect(page.locator("#tabs a[aria-current]")).to_have_text("Page")
    page.keyboard.press("[")
    expect(page.locator("#stage")).to_be_visible()


def test_each_output_of_the_state_is_answered(seen: Tool, server: Server) -> None:
    outputs = seen.page.request.get(f"{server.address}api/state").json()["outputs"]
    assert len(outputs) >= 3
    for output in outputs:
        answer = seen.page.request.get(f"{server.address}{output['address'].lstrip('/')}")
        kind = "application/pdf" if output["address"].endswith(".pdf") else "text/html; charset=utf-8"
        assert (answer.status, answer.headers["content-type"]) == (200, kind), output


def test_a_page_that_is_open_follows_what_is_saved(browser: Browser, tmp_path: Path) -> None:
    deck_from(tmp_path, EVERYTHING)
    with serving(tmp_path) as server, tool(browser, server, "#output=page") as seen:
        shown = seen.page.frame_locator("#output_frame iframe:not(.next)")
        expect(shown.locator("#two")).to_be_attached()
        edit(tmp_path, "What is two?", "What is 2?")
        expect(shown.locator("#two")).to_contain_text("What is 2?")
        seen.page.keyboard.press("f")
        edit(tmp_path, "What is 2?", "What is II?")
        again = seen.page.get_by_role("button", name="Edited since: show it anew")
        again.click()
        expect(shown.locator("#two")).to_contain_text("What is II?")
        expect(again).to_be_hidden()
        assert seen.complaints == []


def test_a_page_follows_when_the_rules_are_through_which_may_be_long_after_the_cards(
    browser: Browser, tmp_path: Path
) -> None:
    notes = ({"id": f"n{at}", "question": f"What is word {at}?", "answer": f"meaning {at}"} for at in range(300))
    deck_from(tmp_path, with_basics(*notes))
    with serving(tmp_path) as server, tool(browser, server, "#output=page") as seen:
        shown = seen.page.frame_locator("#output_frame iframe:not(.next)")
        expect(shown.locator("#n7")).to_be_attached()
        edit(tmp_path, "What is word 7?", "What is word seven?")
        expect(shown.locator("#n7")).to_contain_text("What is word seven?")
        assert seen.complaints == []


def test_a_sheet_follows_what_no_card_shows(browser: Browser, tmp_path: Path) -> None:
    deck_from(tmp_path, EVERYTHING)
    with (
        serving(tmp_path) as server,
        tool(browser, server, "#output=sample-cheatsheet-a4.pdf", asks_only=False) as seen,
    ):
        frame = seen.page.locator("#output_frame iframe:not(.next)")
        first = frame.get_attribute("src")
        edit(tmp_path, "- The first *number*.", "- The very first *number*.")
        expect(frame).not_to_have_attribute("src", str(first))
        assert seen.complaints == []


# What is told before the rules were asked: nothing is known of what is made of the deck.
EARLY = {"outputs": [], "made_of": 0, "is_checked": False}


@pytest.mark.parametrize("name", ["page", "sample-cheatsheet-a4.pdf"])
def test_an_address_of_what_is_not_made_yet_is_followed_when_it_is(browser: Browser, tmp_path: Path, name: str) -> None:
    deck_from(tmp_path, EVERYTHING)
    with serving(tmp_path) as server, tool(browser, server, asks_only=False) as seen:
        page = seen.page
        page.goto("about:blank")
        with telling(page, **EARLY):
            page.goto(f"{server.address}#output={name}")
            expect(seen.notes.first).to_be_attached()
            expect(page.locator("#stage")).to_be_visible()
            assert page.url.endswith(f"#output={name}"), "who loads it anew wants the same"
        edit(tmp_path, "What is two?", "What is 2?")
        expect(page.locator("#output_frame iframe:not(.next)")).to_be_attached()
        expect(page.locator("#stage")).to_be_hidden()
        assert seen.complaints == []


def test_who_goes_on_to_a_note_meanwhile_stays_there(browser: Browser, tmp_path: Path) -> None:
    deck_from(tmp_path, EVERYTHING)
    with serving(tmp_path) as server, tool(browser, server) as seen:
        page = seen.page
        page.goto("about:blank")
        with telling(page, **EARLY):
            page.goto(f"{server.address}#output=page")
            seen.choose("two")
        edit(tmp_path, "What is two?", "What is 2?")
        expect(page.locator("#tabs a")).to_have_text(["Cards", "Page", "Sheets"])
        expect(page.locator("#stage")).to_be_visible()
        assert page.url.endswith("#note=two")
        assert seen.complaints == []


def test_an_address_of_nothing_that_is_made_leads_to_the_cards(browser: Browser, tmp_path: Path) -> None:
    deck_from(tmp_path, EVERYTHING)
    with serving(tmp_path) as server, tool(browser, server, "#output=sample-poster-a4.pdf") as seen:
        expect(seen.page.locator("#tabs a").nth(1)).to_be_attached()
        expect(seen.page.locator("#stage")).to_be_visible()
        expect(seen.page).to_have_url(re.compile("#note=one$"))


def test_what_is_open_stays_open_when_the_server_is_started_anew(browser: Browser, tmp_path: Path) -> None:
    deck_from(tmp_path, EVERYTHING)
    port = find_port()
    with (
        serving(tmp_path, "--port", port) as server,
        tool(browser, server, "#output=page", asks_only=False) as seen,
    ):
        page = seen.page
        shown = page.frame_locator("#output_frame iframe:not(.next)")
        expect(shown.locator("#two")).to_contain_text("What is two?")
        with telling(page, **EARLY):
            server.end()
            expect(page.locator("#connection")).to_have_text("Server away, waiting for it")
            edit(tmp_path, "What is two?", "What is 2?")
            with page.expect_response("**/api/state"):
                server.process = start(tmp_path, "--port", port).process
            expect(page.locator("#connection")).to_have_text("")
            expect(shown.locator("#two")).to_contain_text("What is two?")
            expect(page.locator("#tabs a[aria-current]")).to_have_text("Page")
        edit(tmp_path, "What is 2?", "What is II?")
        expect(shown.locator("#two")).to_contain_text("What is II?")


def edit(project: Path, old: str, new: str) -> None:
    """Save one of a project's files with other words, which must be in one of them."""
    (path,) = (path for path in (project / "source").glob("*.yaml") if old in path.read_text(encoding="utf-8"))
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


# ---- For everybody


def chosen(page: Page) -> None:
    page.locator("#stage").focus()


def filtered(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("two")


def in_vain(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("nothing of this")


def with_problems(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("What is two")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#problem_list h3").first).to_contain_text("In this note")


def folded(page: Page) -> None:
    page.locator("#problems_button").click()


def beside(page: Page) -> None:
    for key in "23b":
        page.keyboard.press(key)


def helped(page: Page) -> None:
    page.locator("#help_button").click()


def with_the_page(page: Page) -> None:
    page.get_by_role("link", name="Page", exact=True).click()


def with_the_list(page: Page) -> None:
    if page.locator("#list_button").is_visible():
        page.locator("#list_button").click()


STATES: tuple[Callable[[Page], None], ...] = (
    chosen,
    filtered,
    in_vain,
    with_problems,
    folded,
    beside,
    helped,
    with_the_page,
    with_the_list,
)


@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 820), ("light", 1280), ("dark", 1920)])
def test_axe_finds_nothing(browser: Browser, server: Server, theme: Literal["light", "dark"], width: int) -> None:
    for change in STATES:
        with tool(browser, server, color_scheme=theme, viewport={"width": width, "height": 900}) as seen:
            expect(seen.page.locator("#problems_count")).to_have_text("1 warning")
            change(seen.page)
            seen.page.wait_for_timeout(400)
            # What is in the frames is the author's; it has tests of its own.
            results = Axe().run(seen.page, options={"iframes": False})
            assert results.violations_count == 0, f"{change.__name__}: {results.generate_report()}"


def test_axe_finds_nothing_while_the_source_is_broken(browser: Browser, tmp_path: Path) -> None:
    deck_from(tmp_path, EVERYTHING)
    with serving(tmp_path) as server, tool(browser, server, color_scheme="dark") as seen:
        (tmp_path / "source" / "first.yaml").write_text("- id: [", encoding="utf-8")
        expect(seen.page.locator("#banner")).to_be_visible()
        results = Axe().run(seen.page, options={"iframes": False})
        assert results.violations_count == 0, results.generate_report()


def test_keys_reach_every_control_and_show_where_they_are(seen: Tool) -> None:
    page = seen.page
    reachable = "a[href], button:not(:disabled), input, [tabindex='0'], iframe:not(.next)"
    seen_at = "all => all.filter(each => each.checkVisibility()).map(each => each.dataset.at = Math.random())"
    expected = page.locator(reachable).evaluate_all(seen_at)
    reached = {}
    for _ in range(2 * len(expected) + 20):
        page.keyboard.press("Tab")
        at, tag, outline = page.evaluate(
            "[document.activeElement.dataset.at, document.activeElement.tagName,"
            " getComputedStyle(document.activeElement).outlineStyle]"
        )
        if at:
            reached[at] = (tag, outline)
    assert len(expected) - len(reached) <= len(page.locator("iframe").all()), (
        "what has nothing to reach in it is passed"
    )
    controls = page.locator("a[data-at], button[data-at], input[data-at], [tabindex='0'][data-at]")
    assert set(controls.evaluate_all("all => all.map(each => each.dataset.at)")) <= set(reached)
    assert {outline for tag, outline in reached.values() if tag != "IFRAME"} == {"solid"}


@pytest.mark.parametrize("width", [320, 390, 820, 1280, 1920])
def test_targets_are_large_enough_and_nothing_is_wider_than_the_window(
    browser: Browser, server: Server, width: int
) -> None:
    with tool(browser, server, viewport={"width": width, "height": 800}) as seen:
        with_the_list(seen.page)
        small = (
            "all => all.filter(each => each.checkVisibility())"
            ".map(each => [each.outerHTML, each.getBoundingClientRect()])"
            ".filter(([, box]) => Math.min(box.width, box.height) < 24).map(([html]) => html)"
        )
        targets = seen.page.locator("button, input:not([type=checkbox]), [role=option], .links a, .edit")
        assert targets.evaluate_all(small) == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        seen.page.evaluate("document.documentElement.style.fontSize = '150%'")
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_in_a_narrow_window_the_list_comes_and_goes(browser: Browser, server: Server) -> None:
    with tool(browser, server, viewport={"width": 390, "height": 844}) as seen:
        page = seen.page
        expect(page.locator("#list")).to_be_hidden()
        button = page.get_by_role("button", name="Notes", exact=True)
        button.click()
        expect(page.locator("#list")).to_be_visible()
        seen.choose("two")
        expect(page.locator("#list")).to_be_hidden()
        assert "The second number" in seen.text("phone-night", "back", note="two")
        button.click()
        page.keyboard.press("Escape")
        expect(page.locator("#list")).to_be_hidden()
        expect(button).to_be_focused()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (800, 900), (1440, 1400)])
def test_page_sheets_and_cards_have_the_whole_window_with_and_without_an_error(
    browser: Browser, tmp_path: Path, width: int, height: int
) -> None:
    deck_from(tmp_path, with_basics({"id": "one", "question": "One?", "answer": "Yes."}))
    with (
        serving(tmp_path) as server,
        tool(browser, server, viewport={"width": width, "height": height}) as seen,
    ):
        page = seen.page
        page.keyboard.press("4")
        expect(page.locator("#problems_count")).to_have_text("No problems")
        for place in ("", "#output=page"):
            page.goto(server.address + place)
            shown = page.locator("#output_frame iframe:not(.next)" if place else "#stage")
            expect(shown).to_be_visible()
            assert page.evaluate("document.querySelector('.work').getBoundingClientRect().bottom") == height
            left = "document.querySelector('#main').getBoundingClientRect().height"
            assert page.evaluate(left) > height - 180
        (tmp_path / "source" / "deck.yaml").write_text("id: [", encoding="utf-8")
        expect(page.locator("#banner")).to_be_visible()
        assert page.evaluate("document.querySelector('.work').getBoundingClientRect().bottom") == height


def test_the_skip_link_leads_to_what_is_shown(seen: Tool) -> None:
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.className") == "skip"
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "main"
    assert seen.chosen == "one"


def test_titles_show_their_formulas(browser: Browser, tmp_path: Path) -> None:
    asked = r"Is \(\frac{1}{2}\) as large as \[\frac{2}{4}\], or \(\frac{1}{2}\)?"
    deck_from(tmp_path, with_basics({"id": "half", "question": asked, "answer": "Yes."}))
    with serving(tmp_path) as server, tool(browser, server) as seen:
        for place in (seen.page.locator("[data-note=half] .note-name"), seen.page.locator("#note_title")):
            expect(place.locator("math mfrac")).to_have_count(3)
            expect(place).to_contain_text("Is ")
            expect(place).not_to_contain_text("(")
        assert seen.complaints == []
