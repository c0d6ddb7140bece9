"""What `serve` shows follows what an author saves: edits, mistakes, other names, many saves; and the server's end."""

from __future__ import annotations

import base64
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.helpers.decks import deck_from
from tests.helpers.sample_project import EVERYTHING
from tests.helpers.serving import Server, Tool, find_port, serving, start, tool

WIDE = {"width": 1280, "height": 800}


@dataclass
class Edited:
    """A project that a test edits, the server that shows it, and the tool in a browser."""

    project: Path
    server: Server
    tool: Tool

    def change(self, name: str, old: str, new: str) -> None:
        """Replace a text in a file of source/, as an editor that saves."""
        path = self.project / "source" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    deck_from(tmp_path, EVERYTHING)
    return tmp_path


@pytest.fixture
def edited(browser: Browser, project: Path) -> Iterator[Edited]:
    with serving(project) as server, tool(browser, server, viewport=WIDE) as seen:
        yield Edited(project, server, seen)
        assert seen.complaints == []


def test_an_edit_shows_in_place_while_the_old_card_stands(edited: Edited) -> None:
    seen = edited.tool
    seen.choose("two")
    seen.wait_for("The second number")
    # From now on, a moment without a frame that is shown would be a flash.
    seen.side("desktop-day", "back").evaluate(
        "place => { place.least = 9; new MutationObserver(() => { place.least = Math.min(place.least,"
        " place.querySelectorAll('iframe:not(.next)').length) }).observe(place, {childList: true, subtree: true,"
        " attributes: true}) }"
    )
    seen.page.evaluate("window.isTheSame = true")
    seen.page.locator("#stage").evaluate("each => { each.scrollTop = 120 }")
    edited.change("first.yaml", "The second number.", "The number after one.")
    seen.wait_for("The number after one.")
    assert seen.side("desktop-day", "back").evaluate("place => place.least") == 1
    assert seen.page.locator("#stage").evaluate("each => each.scrollTop") == 120
    assert seen.page.evaluate("window.isTheSame"), "the tool was not loaded again"
    assert seen.chosen == "two"
    assert seen.edited == []


def test_no_card_is_seen_empty_while_a_new_one_is_drawn(edited: Edited) -> None:
    seen = edited.tool
    seen.choose("two")
    seen.wait_for_all("two")
    seen.page.locator("#stage").evaluate("each => { each.scrollTop = 0 }")
    place = seen.side("desktop-day", "front").bounding_box()
    assert place is not None
    shots: list[Image.Image] = []
    seen.page.screenshot()  # which waits until all is drawn that was there before
    screen = seen.page.context.new_cdp_session(seen.page)

    def keep(told: dict[str, Any]) -> None:
        shots.append(Image.open(io.BytesIO(base64.b64decode(told["data"]))))
        screen.send("Page.screencastFrameAck", {"sessionId": told["sessionId"]})

    screen.on("Page.screencastFrame", keep)
    screen.send("Page.startScreencast", {"format": "png"})
    for number in range(1, 5):
        edited.change("first.yaml", "two?", "two and two?")
        seen.wait_for(f"What is two{number * ' and two'}?", side="front")
        seen.page.wait_for_timeout(500)
    edited.change("second.yaml", "What is four", "What is the fourth")
    seen.wait_for("What is the fourth", side="front")
    seen.page.wait_for_timeout(500)
    screen.send("Page.stopScreencast")
    assert len(shots) > 5
    left, top = int(place["x"]) + 4, int(place["y"]) + 4
    box = (left, top, left + int(place["width"]) - 8, top + 110)
    darkest = [min(shot.convert("L").crop(box).tobytes()) for shot in shots]
    empty = [(number, dark) for number, dark in enumerate(darkest) if dark > 190]
    assert empty == [], f"some of {len(shots)} have nothing written on them"


def test_what_is_edited_elsewhere_is_jumped_to(edited: Edited) -> None:
    seen = edited.tool
    seen.page.locator("#search").fill("two")
    assert "four" not in seen.list_shown()
    edited.change("second.yaml", "Two and two.", "Two times two.")
    expect(seen.page.locator("[data-note=four]")).to_have_attribute("aria-selected", "true")
    seen.wait_for("Two times two.")
    assert "four" in seen.list_shown(), "a filter that hides it is taken away"
    assert urlsplit(seen.page.url).fragment == "note=four"
    assert seen.edited == []


def test_of_two_notes_in_one_save_the_first_is_shown_and_the_other_marked(edited: Edited) -> None:
    seen = edited.tool
    seen.page.locator("#search").fill("three")
    path = edited.project / "source" / "second.yaml"
    text = path.read_text(encoding="utf-8").replace("Two and two.", "Two times two.").replace("The third", "A third")
    path.write_text(text, encoding="utf-8")
    expect(seen.page.locator("[data-note=three]")).to_have_attribute("aria-selected", "true")
    seen.wait_for("A third")
    assert seen.edited == ["four"]
    assert seen.list_shown() == ["three", "three-after-two"], "a filter that shows it stays"


def test_without_following_what_is_edited_is_marked_until_it_is_seen(edited: Edited) -> None:
    seen = edited.tool
    seen.page.get_by_role("switch", name="Jump to edits").click()
    before = seen.chosen
    edited.change("second.yaml", "Two and two.", "Two times two.")
    expect(seen.page.locator("[data-note=four] .badge.edited")).to_be_attached()
    assert seen.chosen == before
    assert seen.edited == ["four"]
    seen.page.keyboard.press("e")
    expect(seen.page.locator("[data-note=four]")).to_have_attribute("aria-selected", "true")
    seen.wait_for("Two times two.")
    assert seen.edited == []
    seen.page.reload()
    expect(seen.page.get_by_role("switch", name="Jump to edits")).to_have_attribute("aria-checked", "false")


def test_broken_yaml_leaves_the_last_good_state_and_names_the_place_until_it_is_mended(edited: Edited) -> None:
    seen = edited.tool
    page = seen.page
    seen.choose("two")
    seen.wait_for("The second number")
    edited.change("first.yaml", "answer: The second number.", "answer: [The second number.")
    expect(page.locator("#banner")).to_contain_text("Shown: the last good state. 1 error.")
    problem = page.locator(".problem.error")
    expect(problem.locator(".kind")).to_have_text("error yaml-syntax")
    place = problem.locator(".place").inner_text()
    assert place.startswith("source/first.yaml:")
    line, column = map(int, place.split(":")[1:])
    broken = (edited.project / "source" / "first.yaml").read_text(encoding="utf-8").splitlines()[line - 1]
    assert (
        problem.locator("pre").evaluate("each => [...each.childNodes].slice(1).map(one => one.textContent).join('')")
        == broken
    )
    marked = problem.locator("mark").evaluate("each => each.previousSibling.textContent.length")
    assert marked == column - 1
    assert problem.locator(".help").inner_text().startswith("help ")
    assert problem.locator("a.edit").get_attribute("href") == (
        f"vscode://file{'' if edited.project.as_posix().startswith('/') else '/'}{edited.project.as_posix()}/{place}"
    )
    assert "The second number" in seen.text("desktop-day", "back", note="two")
    edited.change("first.yaml", "answer: [The second number.", "answer: The number two.")
    expect(page.locator("#banner")).to_be_hidden()
    seen.wait_for("The number two.")
    expect(page.locator(".problem")).to_have_count(0)
    expect(page.locator("#problems_button")).to_have_text("No problems")


def test_problems_of_the_note_come_first_and_are_marked_in_the_list(edited: Edited) -> None:
    seen = edited.tool
    page = seen.page
    edited.change("second.yaml", "Two and two.", "Two and two. [sound:four.mp3]")
    edited.change("first.yaml", "The second number.", "The second number. [sound:two.mp3]")
    expect(page.locator(".problem.warning")).to_have_count(2)
    assert page.locator("[role=option]:has(.badge.warning)").evaluate_all(
        "all => all.map(each => each.dataset.note)"
    ) == ["two", "four"]
    for note, other, path in (("two", "four", "first"), ("four", "two", "second")):
        seen.choose(note)
        expect(page.locator("#problem_list h3").first).to_have_text("In this note 1")
        expect(page.locator("#problem_list section").first.locator(".place")).to_contain_text(f"source/{path}.yaml:")
        elsewhere = page.locator("#problem_list section").nth(1)
        expect(elsewhere.locator("h3")).to_have_text("Elsewhere 1")
        elsewhere.get_by_role("link", name="Show the note").click()
        expect(page.locator(f"[data-note={other}]")).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name="2 warnings").first.click()
    assert seen.list_shown() == ["two", "four"]
    page.keyboard.press("p")
    expect(page.locator("#problem_list")).to_be_hidden()


def test_a_place_is_copied(browser: Browser, project: Path) -> None:
    with (
        serving(project) as server,
        tool(browser, server, permissions=["clipboard-read", "clipboard-write"]) as seen,
    ):
        seen.choose("two")
        seen.page.locator("#note_place .place").click()
        expect(seen.page.locator("#said")).to_contain_text("Copied: source/first.yaml:")
        copied = seen.page.evaluate("navigator.clipboard.readText()")
        path, line = copied.split(":")
        assert "- id: two" in (project / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]


def test_the_place_beside_a_note_is_its_own_while_a_key_is_held_down(browser: Browser, project: Path) -> None:
    with serving(project) as server, tool(browser, server) as seen:
        seen.choose("one")
        expect(seen.page.locator("#note_place .place")).to_be_visible()
        beside = """() => {
          const lines = new Set();
          for (let at = 0; at < 3; at += 1) {
            document.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
            lines.add(document.querySelector("#note_place").innerText);
          }
          return lines.size;
        }"""
        assert seen.page.evaluate(beside) == 3


@pytest.mark.parametrize("width", [390, 800, 1280, 1700])
def test_what_is_said_covers_nothing_that_can_be_clicked(browser: Browser, project: Path, width: int) -> None:
    first = project / "source" / "first.yaml"
    text = first.read_text(encoding="utf-8").replace("The second number.", "The second number. [sound:two.mp3]")
    first.write_text(text, encoding="utf-8")
    with serving(project) as server, tool(browser, server, viewport={"width": width, "height": 844}) as seen:
        expect(seen.page.locator("#problems_count")).to_have_text("1 warning")
        place = seen.page.locator(".problem .place")
        place.click()
        said = seen.page.locator("#said")
        expect(said).to_contain_text("source/first.yaml:")
        beneath = said.evaluate(
            "said => { const box = said.getBoundingClientRect(); const found = [];"
            " for (let x = box.left; x < box.right; x += 5) for (let y = box.top; y < box.bottom; y += 4)"
            " found.push(...document.elementsFromPoint(x, y).filter(each => each.matches('a, button, input, iframe,"
            " [role=option]')).map(each => each.outerHTML)); return found }"
        )
        assert beneath == []
        expect(said).to_be_in_viewport(ratio=1)
        expect(place).to_be_in_viewport(ratio=1)


def test_a_note_that_gets_another_id_or_file_is_still_shown(edited: Edited) -> None:
    seen = edited.tool
    seen.choose("four")
    seen.wait_for_all("four")
    edited.change("second.yaml", "id: four", "id: double-two")
    expect(seen.page.locator("[data-note=double-two]")).to_have_attribute("aria-selected", "true")
    source = edited.project / "source"
    (source / "second.yaml").rename(source / "third.yaml")
    edited.change("deck.yaml", "  - id: second\n", "  - id: third\n")
    edited.change("deck.yaml", "section: second", "section: third")
    expect(seen.page.locator("#note_place .place")).to_contain_text("source/third.yaml")
    expect(seen.page.locator("#banner")).to_be_hidden()
    seen.wait_for("Two and two.")


def test_a_note_that_is_gone_leaves_its_place_to_the_next(edited: Edited) -> None:
    seen = edited.tool
    seen.choose("four")
    seen.wait_for_all("four")
    path = edited.project / "source" / "second.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("- id: four")], encoding="utf-8")
    expect(seen.notes).to_have_count(6)
    expect(seen.page.locator("[data-note=three-after-two]")).to_have_attribute("aria-selected", "true")
    seen.wait_for("Three.")


def test_of_many_saves_the_last_one_is_shown(edited: Edited) -> None:
    seen = edited.tool
    seen.choose("two")
    seen.wait_for("The second number")
    before = "The second number."
    for number in range(40):
        edited.change("first.yaml", before, f"Saved {number} times.")
        before = f"Saved {number} times."
        if number % 10 == 0:
            seen.page.wait_for_timeout(150)
    seen.wait_for("Saved 39 times.")
    seen.page.wait_for_timeout(800)
    assert "Saved 39 times." in seen.text("phone-night", "back", note="two")
    for view in ("desktop-day", "phone-night"):
        assert seen.side(view, "back").locator("iframe").count() == 1


def test_a_style_of_the_project_shows_on_all_cards(edited: Edited) -> None:
    seen = edited.tool
    seen.choose("two")
    seen.wait_for("The second number")
    style = edited.project / "templates" / "style.css"
    style.parent.mkdir()
    style.write_text(".card { --paper: rgb(1, 2, 3); }", encoding="utf-8")
    frame = seen.side("desktop-day", "front").frame_locator("iframe:not(.next)")
    expect(frame.locator("body")).to_have_css("background-color", "rgb(1, 2, 3)")
    assert seen.edited == []
    assert seen.chosen == "two"


def test_the_tool_says_that_the_server_is_away_and_goes_on_when_it_is_back(browser: Browser, project: Path) -> None:
    port = find_port()
    first = start(project, "--port", port)
    try:
        with tool(browser, first) as seen:
            seen.choose("two")
            seen.wait_for("The second number")
            expect(seen.page.locator("#problems_button")).to_have_class("fine")
            first.end()
            expect(seen.page.locator("#connection")).to_have_text("Server away, waiting for it")
            expect(seen.page.locator("#problems_count")).to_have_text("No problems; the server is away")
            expect(seen.page.locator("#problems_button")).to_have_class("unknown")
            assert "The second number" in seen.text("desktop-day", "back", note="two")
            path = project / "source" / "first.yaml"
            path.write_text(
                path.read_text(encoding="utf-8").replace("The second number.", "Meanwhile."), encoding="utf-8"
            )
            with serving(project, "--port", port):
                expect(seen.page.locator("#connection")).to_have_text("")
                seen.wait_for("Meanwhile.")
                assert seen.chosen == "two"
    finally:
        first.end()


def test_a_project_that_never_could_be_read_shows_its_problems_and_then_its_cards(
    browser: Browser, project: Path
) -> None:
    deck = project / "source" / "deck.yaml"
    good = deck.read_text(encoding="utf-8")
    deck.write_text("id: [", encoding="utf-8")
    with serving(project) as server, tool(browser, server, "#note=two", has_notes=False) as seen:
        page = seen.page
        expect(page.locator("#banner")).to_contain_text("There was no good state yet.")
        expect(page.locator("#nothing_text")).to_contain_text("Mend what is listed")
        expect(page.locator(".problem.error").first).to_be_visible()
        expect(page.locator("h1")).to_contain_text(project.name)
        deck.write_text(good, encoding="utf-8")
        expect(seen.notes).to_have_count(7)
        expect(page.locator("#banner")).to_be_hidden()
        expect(page.locator("h1")).to_contain_text("Sample deck")
        assert "What is two?" in seen.text("desktop-day", "front", note="two"), "the address is not forgotten"


def test_a_project_that_vanishes_and_comes_back_is_followed(edited: Edited, tmp_path: Path) -> None:
    seen = edited.tool
    seen.choose("two")
    away = tmp_path.with_name(f"{tmp_path.name}-away")
    shutil.move(edited.project / "source", away)
    expect(seen.page.locator("#banner")).to_be_visible()
    shutil.move(away, edited.project / "source")
    expect(seen.page.locator("#banner")).to_be_hidden()
    edited.change("first.yaml", "The second number.", "It is back.")
    seen.wait_for("It is back.")
