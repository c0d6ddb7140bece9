"""Keeps the HTML of rendered texts from one build to the next."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple


class Kind(StrEnum):
    """How a text is rendered."""

    MARKDOWN = "markdown"
    CLOZE = "cloze"
    CODE = "code"


class RenderRequest(NamedTuple):
    """A text to render, and how. `language` is the name of a Pygments lexer, for code only."""

    kind: Kind
    text: str
    language: str = ""


class RenderedTexts:
    """The HTML of each request. Only what a build asked for is kept for the next one.

    `changed` says whether the build has added any.
    """

    def __init__(self, kept: Mapping[RenderRequest, str] | None = None) -> None:
        self._old = dict(kept or {})
        self._used: dict[RenderRequest, str] = {}
        self.changed = False

    @classmethod
    def from_json(cls, value: Any) -> RenderedTexts:
        """Return what an earlier build kept, from `to_json`; nothing when the value is not of that form."""
        try:
            return cls({RenderRequest(Kind(kind), text, language): html for kind, language, text, html in value})
        except (TypeError, ValueError):
            return cls()

    def to_json(self) -> list[list[str]]:
        """Return what this build used: a list of [kind, language, text, HTML]."""
        return [[request.kind, request.language, request.text, html] for request, html in self._used.items()]

    def get(self, request: RenderRequest) -> str | None:
        """Return the HTML of a text, None when it has not been rendered yet."""
        html = self._used.get(request)
        if html is None and (html := self._old.get(request)) is not None:
            self._used[request] = html
        return html

    def put(self, request: RenderRequest, html: str) -> None:
        """Add a rendered text."""
        self._used[request] = html
        self.changed = True
