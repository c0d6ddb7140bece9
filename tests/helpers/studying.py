"""Study on a page in a browser, as a person does."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

_CHOOSE = """([id, value]) => {
  const field = document.getElementById(id);
  if (field.type === "checkbox") field.checked = value === "yes";
  else field.value = value;
  field.dispatchEvent(new Event("input", {bubbles: true}));
}"""


def choose(page: Page, **values: str) -> None:
    """Set options such as `kind` and `section`, which are folded away."""
    for name, value in values.items():
        page.evaluate(_CHOOSE, [f"page_{name}", value])


def begin(page: Page, kind: str = "questions") -> None:
    """Start a round of questions, of recall notes, or of both."""
    choose(page, kind=kind)
    page.locator("#page_study").press("Enter")


def press(page: Page, keys: str) -> None:
    """Press keys one after another."""
    for key in keys:
        page.keyboard.press(key)


def asked(page: Page) -> str:
    """Return what a card asks."""
    return page.locator("#page_card :is(.heading, .lean)").inner_text().strip()


def progress(page: Page) -> str:
    """Return how far a round has come."""
    return page.locator("#page_progress").inner_text()


def visit_again(page: Page) -> None:
    """Load the page anew. What it keeps reaches the next process of the browser a moment later."""
    page.wait_for_timeout(400)
    page.reload()


def kept(page: Page, name: str = "boxes", deck: str = "sample") -> Any:
    """Return what the page keeps between visits, None when nothing."""
    text = page.evaluate(f"localStorage.getItem('cardpress:{deck}:{name}')")
    return None if text is None else json.loads(text)
