"""What page tests share: the page of a deck, opened in a browser by somebody who notes what it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Dialog, Page

from cardpress.writers import load_writer
from tests.helpers.projects import deck_from


@dataclass
class Opened:
    """A page in a browser, what it asked the network for, and what the browser had to say about it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def dismiss(self, dialog: Dialog) -> None:
        """Close what a script has opened."""
        self.complaints.append(dialog.message)
        dialog.dismiss()

    def shown(self, selector: str) -> list[str]:
        """Give the ids of the elements of a kind that can be seen."""
        script = "all => all.filter(each => each.checkVisibility()).map(each => each.id)"
        ids: list[str] = self.page.locator(selector).evaluate_all(script)
        return ids


def page_of(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Build the page of a project with these files below source/."""
    (artifact,) = load_writer("page")(deck_from(folder, files)).artifacts
    page = folder / artifact.name
    page.write_bytes(artifact.data)
    return page


@contextmanager
def opened(browser: Browser, path: Path, place: str = "", **options: Any) -> Iterator[Opened]:
    """Open a page from the disk, as a double click does."""
    context = browser.new_context(**options)
    try:
        page = context.new_page()
        seen = Opened(page)
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("console", lambda message: seen.complaints.append(message.text))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("dialog", seen.dismiss)
        page.goto(path.as_uri() + place)
        yield seen
    finally:
        context.close()
