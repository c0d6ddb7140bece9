"""The plain text of a Markdown field in the bundle is what a browser shows of its HTML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from cardpress.deck.notes import Deck
from cardpress.writers import load_writer
from tests.conftest import ROOT
from tests.helpers.decks import deck_from, deck_of
from tests.helpers.sample_project import EVERYTHING

MARKDOWN = {"markdown", "html", "text"}


def bundle(deck: Deck) -> Any:
    return json.loads(load_writer("json")(deck).artifacts[0].data)


def markdown_fields(value: Any) -> Iterator[dict[str, str]]:
    """Yield every Markdown field, at any depth."""
    if isinstance(value, dict) and set(value) == MARKDOWN:
        yield value
    elif isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from markdown_fields(each)


# What a browser shows of HTML, with what it says of pictures and before the entries of a list.
SHOWN = """texts => texts.map(html => {
  document.body.innerHTML = html;
  for (const picture of document.querySelectorAll("img")) picture.replaceWith(picture.alt);
  for (const list of document.querySelectorAll("ul, ol")) {
    [...list.children].forEach((entry, index) => entry.prepend(list.tagName == "UL" ? "-" : `${list.start + index}.`));
  }
  return document.body.innerText.replace(/\\s/g, "");
})"""


def test_texts_are_what_a_browser_shows(browser: Browser, tmp_path: Path) -> None:
    decks = (deck_from(tmp_path, EVERYTHING), deck_of(ROOT))
    fields = [field for deck in decks for field in markdown_fields(bundle(deck))]
    page = browser.new_page()
    shown = page.evaluate(SHOWN, [field["html"] for field in fields])
    page.close()
    assert ["".join(field["text"].split()) for field in fields] == shown
