"""Open a page in Chromium, and record what it requests and complains about."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect, sync_playwright

# What a page is expected to show is waited for this long, in milliseconds, on a machine that does much else.
PATIENCE = 30_000
_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium or Chrome, and stop it afterwards. The test fails if there is none."""
    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if path is None:
        pytest.fail("there is no browser to open the page in: apt-get install chromium", pytrace=False)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        # In a container Chromium cannot make a sandbox, and has little shared memory.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page in a browser, the addresses it requested, and the messages of its console, errors and dialogs."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def hear(self, message: str) -> None:
        """Record what the console says, but for the note that a test has measured what is in a closed answer."""
        if not message.startswith("Rendering was performed in a subtree hidden by content-visibility"):
            self.complaints.append(message)

    def dismiss(self, dialog: Dialog) -> None:
        """Record and close a dialog that a script has opened."""
        self.complaints.append(dialog.message)
        dialog.dismiss()

    def shown(self, selector: str) -> list[str]:
        """Return the ids of the visible elements that match a CSS selector."""
        script = "all => all.filter(each => each.checkVisibility()).map(each => each.id)"
        ids: list[str] = self.page.locator(selector).evaluate_all(script)
        return ids


@contextmanager
def opened(browser: Browser, path: Path, place: str = "", **options: Any) -> Iterator[Opened]:
    """Open a page from the disk, as a double click does, and close it afterwards.

    `place` is appended to its address, such as `#one`. The options are those of Playwright's `new_context`.
    """
    context = browser.new_context(**options)
    try:
        page = context.new_page()
        seen = Opened(page)
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("console", lambda message: seen.hear(message.text))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("dialog", seen.dismiss)
        page.goto(path.as_uri() + place)
        yield seen
    finally:
        context.close()
