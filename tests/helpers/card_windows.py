"""Our own document of a side of a card, opened in Chromium as `serve` shows it, but for its frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from mimetypes import guess_type
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Page, Route

from cardpress.anki.card_rendering import CardMaker, RenderedCard
from cardpress.anki.card_window import Side, Window, show_card
from cardpress.deck.notes import Deck

DAY = Window()
_ADDRESS = "http://card.test/"


@dataclass
class CardScreen:
    """A page that shows sides of cards. Its `complaints` are errors of scripts, and what was asked for in vain."""

    deck: Deck
    page: Page
    html: str = ""
    complaints: list[str] = field(default_factory=list)

    def card(self, note_id: str, number: int = 1) -> RenderedCard:
        """Return a card of a note."""
        notes = (each for note in self.deck.notes() for each in (note, *note.recall))
        note = next(each for each in notes if each.id == note_id)
        return next(card for card in CardMaker(self.deck).make(note) if card.number == number)

    def show(self, note_id: str, side: Side, window: Window = DAY, number: int = 1) -> Page:
        """Show a side of a card, and return its page."""
        self.html = show_card(self.deck, self.card(note_id, number), side, window)
        self.page.goto(_ADDRESS)
        self.page.evaluate("() => new Promise(end => requestAnimationFrame(() => requestAnimationFrame(end)))")
        return self.page


@contextmanager
def card_screen(browser: Browser, deck: Deck, width: int = 900, height: int = 1000) -> Iterator[CardScreen]:
    """Yield a screen on which cards of a deck are shown. Nothing but its media is there."""
    media: Mapping[str, bytes] = {each.name: each.data for each in deck.media}
    context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=1)
    screen = CardScreen(deck, context.new_page())

    def answer(route: Route) -> None:
        path = unquote(urlsplit(route.request.url).path)
        name = path.removeprefix("/media/")
        if path == "/":
            route.fulfill(body=screen.html, content_type="text/html")
        elif name in media:
            route.fulfill(body=media[name], content_type=guess_type(name)[0] or "image/jpeg")
        else:
            screen.complaints.append(f"{path} is asked for")
            route.abort()

    screen.page.route("**/*", answer)
    screen.page.on("pageerror", lambda error: screen.complaints.append(str(error)))
    try:
        yield screen
    finally:
        context.close()
