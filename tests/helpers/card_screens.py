"""A deck's cards as a phone or a desktop shows them: the HTML of Anki's own engine, in Chromium."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Page, Route

from cardpress.deck.notes import Deck
from tests.helpers.anki_collection import learning
from tests.helpers.decks import package_of

# What AnkiDroid puts around a card, and Anki's desktop.
PHONE = ("mobile android linux js", 390, 690)
DESKTOP = ("", 900, 1000)
_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}
# As Anki does: it puts a side into a page that lives on, runs its scripts, and waits for its pictures.
_SHOW = """async html => {
  const qa = document.getElementById("qa");
  qa.innerHTML = html;
  for (const old of qa.querySelectorAll("script")) {
    const script = document.createElement("script");
    script.text = old.text;
    old.replaceWith(script);
  }
  scrollTo(0, 0);
  await Promise.all([...qa.querySelectorAll("img")].map(each => each.decode().catch(() => null)));
}"""
# What can be scrolled sideways: the names of its elements.
_SIDEWAYS = """() => [...document.querySelectorAll("html, #qa *")].filter(each => {
  const style = getComputedStyle(each);
  const scrolls = each.tagName === "HTML" || /auto|scroll/.test(style.overflowX);
  return scrolls && each.scrollWidth > each.clientWidth + 1;
}).map(each => each.tagName.toLowerCase())"""


@dataclass(frozen=True)
class Shown:
    """A card of a note, by the note's id and the card's number: its two sides as Anki's engine makes them."""

    note: str
    kind: str
    number: int
    front: str
    back: str


def list_cards(deck: Deck) -> list[Shown]:
    """Return what Anki shows of each card of a deck, in the order of its notes."""
    notes = {each.guid: each for note in deck.notes() for each in (note, *note.recall)}
    with tempfile.TemporaryDirectory() as folder, learning(Path(folder) / "learner") as learner:
        learner.take(package_of(deck))
        return [
            Shown(note.id, note.note_type.kind, card.ord + 1, card.question(), card.answer())
            for guid, note in notes.items()
            for card in learner.cards_of(guid)
        ]


@contextmanager
def screen(
    browser: Browser, deck: Deck, device: tuple[str, int, int] = PHONE, *, is_night: bool = False
) -> Iterator[tuple[Page, Callable[[str], None]]]:
    """Yield a page and a function that shows a side of a card on it, as Anki's reviewer does."""
    classes, width, height = device
    media: Mapping[str, bytes] = {each.name: each.data for each in deck.media}
    night = " nightMode night_mode" if is_night else ""

    def answer(route: Route) -> None:
        path = unquote(urlsplit(route.request.url).path).lstrip("/")
        if not path:
            head = f'<!doctype html><html class="{classes}{night}"><meta charset="utf-8">'
            body = f'<body class="card{night}"><div id="qa"></div>'
            route.fulfill(body=head + body, content_type="text/html")
        elif path in media:
            route.fulfill(body=media[path], content_type=_TYPES.get(Path(path).suffix, "image/jpeg"))
        else:
            route.abort()

    context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=1)
    page = context.new_page()
    page.route("**/*", answer)

    def show(side: str) -> None:
        page.evaluate(_SHOW, side)

    page.goto("http://card.test/")
    try:
        yield page, show
    finally:
        context.close()


_QUESTION = """() => {
  const question = document.querySelector(".question"), place = question?.getBoundingClientRect();
  return place && [place.left, place.top, getComputedStyle(question).fontSize].join(" ");
}"""


def list_jumps(browser: Browser, deck: Deck, device: tuple[str, int, int] = PHONE) -> dict[str, str]:
    """Return the cards whose question stands elsewhere, or in another size, on the back than on the front."""
    found: dict[str, str] = {}
    with screen(browser, deck, device) as (page, show):
        for card in list_cards(deck):
            show(card.front)
            before = page.evaluate(_QUESTION)
            show(card.back)
            page.evaluate("document.getElementById('answer')?.scrollIntoView()")
            if (after := page.evaluate(_QUESTION)) != before:
                found[f"{card.kind} {card.note} {card.number}"] = f"{before} → {after}"
    return found


def list_sideways(browser: Browser, deck: Deck, device: tuple[str, int, int] = PHONE) -> dict[str, str]:
    """Return the sides of cards that a screen has to scroll sideways, and what on them is too wide."""
    found: dict[str, str] = {}
    with screen(browser, deck, device) as (page, show):
        for card in list_cards(deck):
            for side, html in (("front", card.front), ("back", card.back)):
                show(html)
                if wide := page.evaluate(_SIDEWAYS):
                    found[f"{card.kind} {card.note} {card.number} {side}"] = " ".join(sorted(set(wide)))
    return found
