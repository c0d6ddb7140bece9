"""`cardpress serve` as a process of its own, and what a browser shows of it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Frame, Locator, Page, Route, expect

from tests.conftest import ROOT
from tests.helpers.browser_pages import PATIENCE, Opened

SIDES = ("front", "back")
VIEWS = ("desktop-day", "desktop-night", "phone-day", "phone-night")


@dataclass
class Server:
    """A server that shows a project at an address, until it is ended."""

    process: subprocess.Popen[str]
    address: str

    def end(self) -> None:
        """End it, as the end of a session does."""
        self.process.terminate()
        self.process.communicate(timeout=PATIENCE / 1000)


def start(project: Path, *options: str) -> Server:
    """Start a server that shows a project, at a free port unless the options name one."""
    command = [sys.executable, "-m", "cardpress", "serve", "--project", str(project), *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stdout is not None
    said = process.stdout.readline()
    found = re.match(r"(http://127\.0\.0\.1:\d+/) ", said)
    if found is None:
        process.kill()
        process.communicate()
    assert found is not None, said
    return Server(process, found[1])


def find_port() -> str:
    """Return a port for a server that is started anew at the same one: in between, no other test's server takes it.

    Servers that choose for themselves take the usual port, or one that the system gives out: from 32,768 up on Linux,
    and from 49,152 elsewhere.
    """
    for port in range(20_000 + os.getpid() % 10_000, 32_768):
        with suppress(OSError), socket.socket() as tried:
            tried.bind(("127.0.0.1", port))
            return str(port)
    raise OSError("no port is free")


@contextmanager
def serving(project: Path, *options: str) -> Iterator[Server]:
    """Show a project, and end the server afterwards."""
    server = start(project, *options)
    try:
        yield server
    finally:
        server.end()


class Tool(Opened):
    """The tool in a browser."""

    @property
    def notes(self) -> Locator:
        """The notes in the list."""
        return self.page.locator("#note_list [role=option]")

    @property
    def chosen(self) -> str | None:
        """The id of the note that is chosen in the list."""
        return self.page.locator("[role=option][aria-selected=true]").get_attribute("data-note")

    @property
    def edited(self) -> list[str]:
        """The ids of the notes that are marked as edited."""
        rows = self.page.locator("[role=option]:has(.badge.edited)")
        ids: list[str] = rows.evaluate_all("all => all.map(each => each.dataset.note)")
        return ids

    def list_shown(self) -> list[str]:
        """Return the ids of the notes that are listed."""
        ids: list[str] = self.notes.evaluate_all(
            "all => all.filter(each => !each.hidden).map(each => each.dataset.note)"
        )
        return ids

    def choose(self, note: str) -> None:
        """Choose a note in the list, with the mouse."""
        self.page.locator(f"[role=option][data-note='{note}']").click()
        expect(self.page.locator(f"[role=option][data-note='{note}']")).to_have_attribute("aria-selected", "true")

    def side(self, view: str, side: str, card: int = 1) -> Locator:
        """Return the place of a side of the note that is shown. Cards are counted from 1."""
        shown = self.page.locator(".shown-card").nth(card - 1)
        return shown.locator(f"[data-view={view}] [data-side={side}] .side")

    def frame(self, view: str, side: str, card: int = 1, *, note: str | None = None) -> Frame:
        """Return the frame of a side, when it is loaded: with `note`, that of this note."""
        place = self.side(view, side, card)
        place.scroll_into_view_if_needed()
        wanted = re.compile(rf"/card/{re.escape(note or self.chosen or '')}/\d+/{side}\?")
        expect(place).to_have_attribute("data-shows", wanted)
        expect(place).to_have_attribute("data-state", "shown")
        frame = place.locator("iframe").element_handle().content_frame()
        assert frame is not None
        return frame

    def text(self, view: str, side: str, card: int = 1, *, note: str | None = None) -> str:
        """Return the text on a side of the note that is shown."""
        text: str = self.frame(view, side, card, note=note).evaluate("document.body.innerText")
        return text

    def wait_for_all(self, note: str) -> None:
        """Wait until both sides of a note's first card are there in the views that are shown at first."""
        for view in ("desktop-day", "phone-night"):
            for side in SIDES:
                self.frame(view, side, note=note)

    def wait_for(self, text: str, view: str = "desktop-day", side: str = "back", card: int = 1) -> None:
        """Wait until a side has a text."""
        frame = self.side(view, side, card).frame_locator("iframe:not(.next)")
        expect(frame.locator("body")).to_contain_text(text)


@contextmanager
def tool(
    browser: Browser,
    server: Server,
    place: str = "",
    *,
    has_notes: bool = True,
    asks_only: bool = True,
    **options: Any,
) -> Iterator[Tool]:
    """Open the tool, and wait until it shows a note, if the project has any.

    It asks nobody but the server, where no script on a card tries to: what the browser refuses is a request as well.
    """
    context = browser.new_context(**options)
    try:
        page = context.new_page()
        seen = Tool(page)
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("console", lambda message: seen.hear(message.text))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.goto(server.address + place)
        if has_notes:
            expect(seen.notes.first).to_be_attached()
            expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
        yield seen
        assert (
            not asks_only
            or [each for each in seen.requests if not each.startswith((server.address, "data:", "blob:"))] == []
        )
    finally:
        context.close()


@contextmanager
def telling(page: Page, **said: Any) -> Iterator[None]:
    """Have the server's state told to a page with other values.

    At the end, answers that are on their way arrive first: a request whose answer is taken away is answered by nobody.
    """

    def answer(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), **said})

    page.route("**/api/state", answer)
    yield
    page.unroute_all(behavior="wait")
