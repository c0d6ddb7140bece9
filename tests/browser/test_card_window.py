"""What the document of a card does as Anki's window does: masks, formulas, sounds, boxes to type in, scripts, looks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from cardpress.anki.card_window import Device, Side, Window
from cardpress.engine import ROOT
from tests.conftest import DECK
from tests.helpers.card_windows import CardScreen, card_screen
from tests.helpers.decks import deck_from, deck_of
from tests.helpers.html_deletions import SHAPES, with_masks
from tests.helpers.own_note_types import place_of
from tests.helpers.sounds import tone

NIGHT, PHONE = Window(is_night=True), Window(device=Device.PHONE)
VIEWS = [Window(), NIGHT, PHONE, Window(is_night=True, device=Device.PHONE)]
PLAIN = """\
title: Plain
fields:
  - {key: word, holds: line, required: true}
  - {key: meaning, holds: line, required: true}
  - {key: sound, holds: audio}
  - {key: body, holds: html}
cards:
  - {asks: [word], answers: [meaning, sound, body], front: front.html, back: back.html}
"""
FRONT = "<p id=word>{{Word}}</p><script>window.seen = document.querySelectorAll('#late').length</script><i id=late></i>"
BACK = """\
{{FrontSide}}<hr id=answer><hr id=line>{{Meaning}}{{Sound}}{{hint:Word}}{{tts en_GB speed=0.8:Word}}
<a id=link href="#x">l</a><button id=press>b</button><ul><li>x</li></ul><pre>a</pre>{{Body}}
<script>onShownHook.push(() => { window.set = document.querySelectorAll("math").length; });</script>
"""
WORDS = [
    {"id": "word", "word": "perro", "meaning": "dog", "sound": "tone.mp3"},
    {
        "id": "formula",
        "word": "\\(x^2\\) and \\[\\frac{a}{b}\\] and `\\(y\\)`",
        "meaning": "\\(a < b\\) \\(\\ce{H2O}\\)",
        "body": '<pre>\\(p\\)</pre><span title="&lt;b&gt; \\(t\\)">\\(z<br>+ 1\\)</span>\\(q<b>w</b>\\)',
    },
]
BASICS = [{"id": "typed", "question": "What?", "answer": "`<b>` & so", "typed": True}]
GAPS = [{"id": "gap", "cloze": "{{c1::one}} \\(x^{ {{c2::2}} }\\)"}]


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[CardScreen]:
    sections = "    note_type: plain\n  - {id: two, title: Two, note_type: basic}\n"
    files: dict[str, str | bytes] = {
        "deck.yaml": f"trusted_templates: true\n{DECK}{sections}  - {{id: three, title: Three, note_type: cloze}}\n",
        place_of("plain"): PLAIN,
        place_of("plain", "front.html"): FRONT,
        place_of("plain", "back.html"): BACK,
        "first.yaml": "".join(f"- {json.dumps(each)}\n" for each in WORDS),
        "two.yaml": "".join(f"- {json.dumps(each)}\n" for each in BASICS),
        "three.yaml": "".join(f"- {json.dumps(each)}\n" for each in GAPS),
        "media/tone.mp3": tone(),
    }
    with card_screen(browser, deck_from(tmp_path_factory.mktemp("window"), files)) as screen:
        yield screen
        assert screen.complaints == []


def style(page: Page, selector: str, name: str) -> str:
    read = "([selector, name]) => getComputedStyle(document.querySelector(selector)).getPropertyValue(name)"
    return str(page.evaluate(read, [selector, name]))


# --- looks

# As the real Anki 26.9 has them on a desktop, measured in its window; by day, and by night where that is another.
DESKTOP = {
    ("body", "margin"): ("20px", None),
    ("body", "overflow-wrap"): ("break-word", None),
    ("html", "font-size"): ("15px", None),
    ("html", "color-scheme"): ("light", "dark"),
    ("#line", "height"): ("1px", None),
    ("#line", "background-color"): ("rgb(115, 115, 115)", None),
    ("#press", "font-size"): ("13.3333px", None),
    ("#press", "padding"): ("8px 10px", None),
    ("#press", "background-color"): ("rgb(252, 252, 252)", "rgb(64, 64, 64)"),
    (".replay-button", "display"): ("inline-flex", None),
    (".replay-button svg", "width"): ("40px", None),
    ("li", "text-align"): ("start", None),
    ("pre", "text-align"): ("left", None),
}


@pytest.mark.parametrize("is_night", [False, True], ids=["day", "night"])
def test_a_desktop_has_the_looks_of_anki(screen: CardScreen, is_night: bool) -> None:
    page = screen.show("word", Side.BACK, Window(is_night))
    page.evaluate("document.querySelector('#qa > style').remove()")  # what the card has of its own
    found = {place: style(page, *place) for place in DESKTOP}
    assert found == {place: (is_night and night) or day for place, (day, night) in DESKTOP.items()}
    assert style(page, "body", "background-color") == ("rgb(44, 44, 44)" if is_night else "rgb(245, 245, 245)")


@pytest.mark.parametrize(
    ("window", "root", "body"),
    [
        (VIEWS[0], "linux chrome", "card card1 isLin fancy"),
        (VIEWS[1], "night-mode linux chrome", "card card1 isLin nightMode night_mode fancy"),
        (VIEWS[2], "mobile android linux js chrome", "card card1"),
        (VIEWS[3], "mobile android linux js chrome", "card card1 nightMode night_mode"),
    ],
    ids=["day", "night", "phone", "phone at night"],
)
def test_the_classes_are_those_of_anki(screen: CardScreen, window: Window, root: str, body: str) -> None:
    page = screen.show("word", Side.FRONT, window)
    assert page.evaluate("[document.documentElement.className, document.body.className]") == [root, body]


def test_the_class_of_a_card_has_its_number(screen: CardScreen) -> None:
    assert "card2" in screen.show("gap", Side.FRONT, number=2).evaluate("document.body.className").split()


# --- scripts and links


def test_a_script_sees_the_whole_side_and_hooks_run_when_it_is_shown(screen: CardScreen) -> None:
    assert screen.show("word", Side.FRONT).evaluate("window.seen") == 1
    assert screen.show("formula", Side.BACK).evaluate("window.set") == screen.page.locator("math").count() > 0


def test_a_link_leads_nowhere_and_a_hint_opens(screen: CardScreen) -> None:
    page = screen.show("word", Side.BACK)
    page.click("#link")
    page.click("a.hint")
    assert page.url == "http://card.test/"
    assert page.locator("div.hint").is_visible()


# --- sounds


def test_play_buttons_play_files_and_read_out_texts(screen: CardScreen) -> None:
    page = screen.show("word", Side.BACK)
    page.evaluate("""() => {
      window.played = [];
      window.Audio = function (address) { this.play = async () => { played.push(address); }; };
      speechSynthesis.speak = speech => played.push([speech.text, speech.lang, speech.rate]);
    }""")
    for button in page.locator("a.replay-button.soundLink").all():
        button.click()
    first, second = page.evaluate("played")
    assert first == f"/media/{screen.deck.media[0].name}"
    assert second == ["perro", "en-GB", pytest.approx(0.8)]


# --- formulas


def test_formulas_are_set_where_mathjax_sets_them(screen: CardScreen) -> None:
    page = screen.show("formula", Side.BACK)
    formulas = page.locator("mjx-container math").evaluate_all("all => all.map(each => each.getAttribute('alttext'))")
    assert list(dict.fromkeys(formulas)) == ["x^2", "\\frac{a}{b}", "a < b", "\\ce{H2O}", "z + 1"]
    shown = page.inner_text("#qa")
    assert "\\(y\\)" in shown  # code is left alone
    assert "\\(p\\)" in shown
    assert "\\(qw\\)" in shown  # an element cuts it in two
    assert "\\frac" not in shown
    assert page.get_attribute("span[title]", "title") == "<b> \\(t\\)"
    assert page.locator("#word mjx-container[display=true]").count() == 1


def test_letters_of_a_formula_are_as_high_as_those_around(screen: CardScreen) -> None:
    page = screen.show("formula", Side.FRONT)
    height = page.evaluate("""() => ["#word", "#word mjx-container"].map(selector => {
      const probe = document.createElement("span");
      probe.style.cssText = "display: inline-block; height: 100ex";
      document.querySelector(selector).append(probe);
      const height = probe.getBoundingClientRect().height;
      probe.remove();
      return height;
    })""")
    assert height[0] == pytest.approx(height[1], rel=0.05)


def test_a_deletion_in_a_formula_is_hidden_and_told(screen: CardScreen) -> None:
    assert screen.show("gap", Side.FRONT, number=2).text_content("math") == "x[...]"
    back = screen.show("gap", Side.BACK, number=2)
    assert back.get_attribute("math", "alttext") == "x^{ 2 }"


# --- boxes to type in


@pytest.mark.parametrize("window", VIEWS, ids=["day", "night", "phone", "phone at night"])
def test_a_typed_card_has_a_box_and_then_what_was_right(screen: CardScreen, window: Window) -> None:
    page = screen.show("typed", Side.FRONT, window)
    assert page.locator("center > input#typeans").count() == 1
    page = screen.show("typed", Side.BACK, window)
    assert page.locator("code#typeans").evaluate("each => each.textContent") == "<b> & so"
    assert "[[type:" not in page.content().partition('id="side"')[0]


# --- masks

_COLOR = """([x, y]) => {
  const canvas = document.getElementById("image-occlusion-canvas");
  return [...canvas.getContext("2d").getImageData(x * canvas.width, y * canvas.height, 1, 1).data];
}"""
ASKED, OTHER, LIT, CLEAR = [11, 92, 173, 255], [216, 211, 197, 255], [0, 106, 90, 31], [0, 0, 0, 0]


@pytest.fixture(scope="module")
def heart(browser: Browser) -> Iterator[CardScreen]:
    with card_screen(browser, deck_of(ROOT / "examples" / "heart")) as screen:
        yield screen
        assert screen.complaints == []


def list_boxes(screen: CardScreen) -> dict[int, list[float]]:
    (note,) = (each for each in screen.deck.notes() if each.occlusion)
    assert note.occlusion is not None
    return {
        mask.number: [mask.boxes[0].left + mask.boxes[0].width / 2, mask.boxes[0].top + mask.boxes[0].height / 2]
        for mask in note.occlusion.masks
    }


@pytest.mark.parametrize("window", VIEWS, ids=["day", "night", "phone", "phone at night"])
def test_masks_hide_what_is_asked_and_the_others(heart: CardScreen, window: Window) -> None:
    boxes = list_boxes(heart)
    page = heart.show("heart", Side.FRONT, window, number=2)
    assert page.evaluate(_COLOR, boxes[2]) == ASKED
    assert {tuple(page.evaluate(_COLOR, boxes[number])) for number in boxes if number != 2} == {tuple(OTHER)}
    assert page.evaluate(_COLOR, [0.5, 0.5]) == CLEAR


def test_a_back_lights_up_what_was_asked_and_its_button_takes_masks_away(heart: CardScreen) -> None:
    boxes = list_boxes(heart)
    page = heart.show("heart", Side.BACK, number=1)
    assert page.evaluate(_COLOR, boxes[1]) == pytest.approx(LIT, abs=2)
    assert page.evaluate(_COLOR, boxes[2]) == OTHER
    page.click("#toggle")
    assert page.evaluate(_COLOR, boxes[2]) == CLEAR
    page.click("#toggle")
    assert page.evaluate(_COLOR, boxes[2]) == OTHER


def test_masks_follow_the_window(heart: CardScreen) -> None:
    boxes = list_boxes(heart)
    page = heart.show("heart", Side.FRONT, number=1)
    wide = page.evaluate("document.getElementById('image-occlusion-canvas').width")
    page.set_viewport_size({"width": 400, "height": 700})
    page.wait_for_function(f"document.getElementById('image-occlusion-canvas').width < {wide}")
    ratio = "each => each.clientWidth / each.clientHeight"
    assert page.locator("#image-occlusion-container").evaluate(ratio) == pytest.approx(
        page.locator("#image-occlusion-container img").evaluate("each => each.naturalWidth / each.naturalHeight"),
        rel=0.01,
    )
    assert page.evaluate(_COLOR, boxes[1]) == ASKED
    page.set_viewport_size({"width": 900, "height": 1000})


def test_masks_of_any_shape_are_drawn(browser: Browser, tmp_path: Path) -> None:
    turned = "{{c1::image-occlusion:rect:left=.5:top=.5:width=.4:height=.1:angle=2500}}"
    note = {"id": "shapes", "occlusion": SHAPES + turned, "image": '<img src="flag.svg">'}
    red = [255, 142, 142, 255]
    with card_screen(browser, deck_from(tmp_path, with_masks(note))) as screen:
        page = screen.show("shapes", Side.FRONT, number=2)
        assert [page.evaluate(_COLOR, place) for place in ([0.64, 0.25], [0.51, 0.16])] == [red, CLEAR]
        page = screen.show("shapes", Side.FRONT, number=3)
        assert [page.evaluate(_COLOR, place) for place in ([0.2, 0.7], [0.35, 0.63])] == [red, CLEAR]
        # A quarter of a turn, around its left upper corner.
        page = screen.show("shapes", Side.FRONT, number=1)
        assert [page.evaluate(_COLOR, place) for place in ([0.48, 0.7], [0.7, 0.55])] == [red, CLEAR]
        assert screen.complaints == []


def test_a_back_that_is_longer_than_the_window_begins_at_the_answer(browser: Browser, tmp_path: Path) -> None:
    question = {"id": "long", "question": "What? " * 400, "answer": "That. " * 900}
    files = {"deck.yaml": f"{DECK}    note_type: basic\n", "first.yaml": f"- {json.dumps(question)}\n"}
    with card_screen(browser, deck_from(tmp_path, files)) as screen:
        page = screen.show("long", Side.BACK)
        assert page.evaluate("scrollY") > 0
        assert page.locator("#answer").evaluate("each => Math.abs(each.getBoundingClientRect().top)") < 2
        assert screen.show("long", Side.FRONT).evaluate("scrollY") == 0
