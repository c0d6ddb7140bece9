"""The text of an HTML page or card that a person sees."""

from __future__ import annotations

import re
from html.parser import HTMLParser


class _Visible(HTMLParser):
    """Collects the text of a document, without styles, scripts and its title; a picture's is its `alt`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("style", "script", "title")
        if tag == "img":
            self.pieces.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script", "title")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.pieces.append(data)


def visible(html: str) -> str:
    """Return the text that a person sees of some HTML; each run of white space becomes one space."""
    parser = _Visible()
    parser.feed(html)
    parser.close()
    return re.sub(r"\s+", " ", "".join(parser.pieces)).strip()
