"""How a card looks on a phone and on a desktop: nothing jumps, code fits, bold stays bold, sections have colors."""

from __future__ import annotations

import io
import json
from pathlib import Path
from unicodedata import normalize

import pytest
from PIL import Image
from playwright.sync_api import Browser

from cardpress.check.code_width import MOST, MOST_BELOW
from cardpress.deck.notes import Deck
from cardpress.deck.section_colors import choose_color
from tests.conftest import DECK
from tests.helpers.card_screens import DESKTOP, PHONE, list_cards, list_jumps, list_sideways, screen
from tests.helpers.decks import deck_from
from tests.helpers.pictures import png

NARROW = ("mobile android linux js", 360, 640)
LINES = """- id: one
  question: |
    What is one, in **two** parts?

    1. What is it for?
    2. What is it not?
  answer: A number, in **bold terms** and in **`bold_code`**.
  snippet: one.py
  output: "{output}"
  extra: "![a dot](dot.png)"
  key_points: [It is odd., It is small.]
  recall:
    - id: one-code
      question: What does this print?
      snippet: two.py
      answer: "Nothing: it only counts."
    - id: one-fact
      question: What comes after one?
      answer: Two. It is even.
    - id: one-gap
      cloze: "After one comes {{{{c1::`two`}}}}, which is {{{{c2::even}}}}."
"""
OTHER = "- id: two\n  question: What is two?\n  answer: Two.\n"


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Deck:
    files: dict[str, str | bytes] = {
        "deck.yaml": DECK + "  - id: second\n    title: Second & last\n",
        "first.yaml": LINES.format(output="y" * 90),
        "second.yaml": OTHER,
        "snippets/one.py": "x" * (MOST - 4) + " = 1\n",
        "snippets/two.py": "x" * (MOST_BELOW - 4) + " = 1\n",
        "media/dot.png": png(300, 200),
    }
    return deck_from(tmp_path_factory.mktemp("looks"), files)


@pytest.mark.parametrize("device", [PHONE, NARROW, DESKTOP], ids=["phone", "narrow", "desktop"])
def test_code_of_the_allowed_width_and_any_output_fit(
    device: tuple[str, int, int], deck: Deck, browser: Browser
) -> None:
    assert list_sideways(browser, deck, device) == {}


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_question_does_not_jump(device: tuple[str, int, int], deck: Deck, browser: Browser) -> None:
    assert len(list_cards(deck)) == 6
    assert list_jumps(browser, deck, device) == {}


def test_narrow_code_is_as_large_on_a_phone_as_elsewhere(deck: Deck, tmp_path: Path, browser: Browser) -> None:
    files = {"first.yaml": LINES.format(output="1"), "snippets/one.py": "x = 1\n", "snippets/two.py": "y = 2\n"}
    read = "parseFloat(getComputedStyle(document.querySelector('.code pre')).fontSize)"
    sizes = []
    for each in (deck_from(tmp_path, files), deck):
        card = list_cards(each)[0]
        with screen(browser, each) as (page, show):
            show(card.back)
            sizes.append(page.evaluate(read))
    assert sizes[0] == pytest.approx(14.4)
    assert 10.5 < sizes[1] < 11.5


@pytest.mark.parametrize("device", [PHONE, NARROW, DESKTOP], ids=["phone", "narrow", "desktop"])
def test_a_question_breaks_no_name_that_a_line_has_room_for(
    device: tuple[str, int, int], tmp_path: Path, browser: Browser
) -> None:
    asked = "".join(f"{'very ' * count}long is `GET /double/four`, and " for count in range(8))
    asked += f"`{'x' * 120}`, "  # no line has room for this one
    recall = f"[{{id: r, question: 'How {asked}why?', answer: A.}}]"
    first = f"- {{id: q, question: 'How {asked}why?', answer: A., recall: {recall}}}\n"
    deck = deck_from(tmp_path, {"first.yaml": first})
    lines = """[...document.querySelectorAll(".question code")].map(each => {
      const range = document.createRange();
      range.selectNodeContents(each);
      return new Set([...range.getClientRects()].map(box => box.top)).size;
    })"""
    for card in list_cards(deck):
        with screen(browser, deck, device) as (page, show):
            show(card.back)
            assert page.evaluate(lines)[:-1] == [1] * 8
    assert list_sideways(browser, deck, device) == {}


@pytest.mark.parametrize(("columns", "lines"), [(1, 1), (52, 1), (120, 3)])
def test_an_output_of_a_phones_width_keeps_its_lines(
    columns: int, lines: int, tmp_path: Path, browser: Browser
) -> None:
    files = {"first.yaml": LINES.format(output="y" * columns), "snippets/one.py": "x = 1\n", "snippets/two.py": "y\n"}
    made = deck_from(tmp_path, files)
    with screen(browser, made) as (page, show):
        show(list_cards(made)[0].back)
        read = "name => parseFloat(getComputedStyle(document.querySelector('.output pre'))[name])"
        height, line, size = (page.evaluate(read, name) for name in ("height", "lineHeight", "fontSize"))
    assert round(height / line) == lines
    assert size == pytest.approx(14.4) if columns == 1 else 10 < size < 12


def test_code_that_is_too_wide_would_be_noticed(tmp_path: Path, browser: Browser) -> None:
    files = {"first.yaml": LINES.format(output="1"), "snippets/one.py": "x" * 70, "snippets/two.py": "x" * 60}
    found = list_sideways(browser, deck_from(tmp_path, files))
    assert sorted(found) == ["interview one 1 back", "recall one-code 1 back", "recall one-code 1 front"]
    assert set(found.values()) == {"pre"}


def test_code_in_a_bold_term_and_in_a_gap_is_bold(deck: Deck, browser: Browser) -> None:
    weigh = "selector => getComputedStyle(document.querySelector(selector)).fontWeight"
    cards = {(card.note, card.number): card for card in list_cards(deck)}
    with screen(browser, deck) as (page, show):
        show(cards["one", 1].back)
        assert page.evaluate(weigh, ".answer strong code") == page.evaluate(weigh, ".answer strong") == "650"
        assert page.evaluate(weigh, ".code pre") == "400"
        show(cards["one-gap", 1].back)
        assert page.evaluate(weigh, ".cloze code") == "700"


@pytest.mark.parametrize("is_night", [False, True], ids=["day", "night"])
def test_each_section_has_its_color(is_night: bool, deck: Deck, browser: Browser) -> None:
    cards = {card.note: card for card in list_cards(deck)}
    found = []
    with screen(browser, deck, is_night=is_night) as (page, show):
        for note in ("one", "two"):
            show(cards[note].front)
            found.append(page.evaluate("getComputedStyle(document.querySelector('.context')).color"))
    colors = [choose_color(index) for index in range(2)]
    wanted = [color.night if is_night else color.day for color in colors]
    assert found == [f"rgb({int(each[1:3], 16)}, {int(each[3:5], 16)}, {int(each[5:], 16)})" for each in wanted]


@pytest.mark.parametrize(
    "title",
    [
        "Cafe\N{COMBINING ACUTE ACCENT}",
        "3 \N{ANGSTROM SIGN}",
        "Paths with \\",
        "\\(x\\)",
        "[sound:a.mp3] [[type:Question]]",
        "</style><script>document.body.remove()</script>",
        "*/ .sheet { display: none } /*",
        "so-called \"facts\" 'here'",
        "{{Front}} @@script@@ &amp; &lt;",
        "a \N{MUSICAL SYMBOL G CLEF} 1",
        "tab\tand\N{NO-BREAK SPACE}space",
        "\N{COMBINING LONG SOLIDUS OVERLAY}x",
    ],
    ids=ascii,
)
def test_a_section_has_its_color_whatever_its_title(title: str, tmp_path: Path, browser: Browser) -> None:
    files = {
        "deck.yaml": DECK + f"  - id: second\n    title: {json.dumps(title, ensure_ascii=False)}\n",
        "first.yaml": OTHER.replace("two", "one"),
        "second.yaml": OTHER,
    }
    deck = deck_from(tmp_path, files)
    card = next(each for each in list_cards(deck) if each.note == "two")
    with screen(browser, deck) as (page, show):
        show(card.front)
        found = page.evaluate("getComputedStyle(document.querySelector('.sheet')).getPropertyValue('--section-day')")
        shown = page.inner_text(".context")
    assert found == choose_color(1).day
    assert normalize("NFC", " ".join(title.split())) in " ".join(shown.split())


def test_a_picture_stands_right_behind_the_answer_and_a_tap_enlarges_it(deck: Deck, browser: Browser) -> None:
    (card,) = (each for each in list_cards(deck) if each.note == "one")
    with screen(browser, deck) as (page, show):
        show(card.back)
        order = page.evaluate("[...document.querySelectorAll('.sheet > *')].map(each => each.className || each.id)")
        assert order[2:6] == ["answer", "answer", "extra", "points"]
        page.click(".extra img")
        assert page.locator(".zoom img").count() == 1
        page.click(".zoom")
        assert page.locator(".zoom").count() == 0


def test_pictures_follow_the_night_mode_of_the_card(tmp_path: Path, browser: Browser) -> None:
    """A drawing with two schemes shows the one of the card, whatever the system says."""
    style = "<style>.a{fill:#ffffff}@media (prefers-color-scheme: dark){.a{fill:#000000}}</style>"
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100">'
    drawing = f'{head}{style}<rect class="a" width="100" height="100"/></svg>'
    lone = f'{head}<path d="M0 50h100" stroke="#000"/></svg>'
    question = "- id: one\n  question: One?\n  answer: |\n    ![a](two.svg)\n\n    ![b](lone.svg)\n"
    deck = deck_from(tmp_path, {"first.yaml": question, "media/two.svg": drawing, "media/lone.svg": lone})
    (card,) = list_cards(deck)
    read = """[...document.querySelectorAll("img")].map(getComputedStyle).map(
      style => `${style.colorScheme} ${style.backgroundColor}`)"""
    for is_night, wanted in ((False, "light"), (True, "dark")):
        with screen(browser, deck, is_night=is_night) as (page, show):
            for system in ("light", "dark"):
                page.emulate_media(color_scheme=system)
                show(card.back)
                two, lone_one = page.evaluate(read)
                assert two == f"{wanted} rgba(0, 0, 0, 0)"
                assert lone_one == "light rgb(251, 250, 247)"
                box = page.locator("img").first.bounding_box()
                assert box is not None
                shot = page.screenshot(clip={"x": box["x"] + 20, "y": box["y"] + 20, "width": 4, "height": 4})
                assert _first_pixel(shot) == ((255, 255, 255) if wanted == "light" else (0, 0, 0))


def test_a_picture_has_its_own_ground_whatever_other_pictures_are_called(tmp_path: Path, browser: Browser) -> None:
    style = "<style>.a{fill:#ffffff}@media (prefers-color-scheme: dark){.a{fill:#000000}}</style>"
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100">'
    dark = f'{head}{style}<rect class="a" width="100" height="100"/></svg>'
    line = f'{head}<path d="M0 50h100" stroke="#000"/></svg>'
    names: dict[str, str | bytes] = {
        "two.svg": dark,
        "two-lines.svg": line,
        "two-lines-more.svg": dark,
        "two_.svg": line,
        "two.png": png(9, 9),
    }
    texts = "\n\n".join(f"    ![a]({name})" for name in names)
    question = f"- id: one\n  question: One?\n  answer: |\n{texts}\n"
    deck = deck_from(tmp_path, {"first.yaml": question, **{f"media/{name}": each for name, each in names.items()}})
    (card,) = list_cards(deck)
    read = "[...document.querySelectorAll('img')].map(each => getComputedStyle(each).colorScheme)"
    with screen(browser, deck, is_night=True) as (page, show):
        show(card.back)
        assert page.evaluate(read) == ["dark", "light", "dark", "light", "light"]


def _first_pixel(shot: bytes) -> tuple[int, ...]:
    pixel = Image.open(io.BytesIO(shot)).convert("RGB").getpixel((1, 1))
    assert isinstance(pixel, tuple)
    return tuple(map(int, pixel))
