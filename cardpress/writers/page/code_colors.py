"""Highlighted code, as small as a style sheet allows: a span only where a color begins or ends."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{};]+)\{[^{}]*\}")
_CLASS = re.compile(r"\.(-?[_a-zA-Z][\w-]*)")
# Pygments puts no span into another, and raw HTML in Markdown is text: whatever has this form is highlighted code.
_SPAN = re.compile(r'<span class="([\w-]+)">((?:[^<]|<(?!/?span\b))*)</span>')
_SAME_AGAIN = re.compile(r'(<span class="([\w-]+)">(?:[^<]|<(?!/?span\b))*)</span>(\s*)<span class="\2">')


def make_color_merger(style: str) -> Callable[[str], str]:
    """Give a function that takes out of HTML what a style sheet draws no differently.

    A class that no rule names loses its span; of classes that only ever stand in the same rules, the first does for
    all; neighbors of one color share a span. The style sheet stays the only place that knows colors.
    """
    representatives = _representatives(style)

    def span(found: re.Match[str]) -> str:
        name = representatives.get(found[1])
        return f'<span class="{name}">{found[2]}</span>' if name and found[2].strip() else found[2]

    def merged(html: str) -> str:
        if "<span" not in html:
            return html
        html, count = _SPAN.sub(span, html), 1
        while count:
            html, count = _SAME_AGAIN.subn(r"\1\3", html)
        return html

    return merged


def _representatives(style: str) -> dict[str, str]:
    """Map each class of a style sheet to the first one that is drawn the same."""
    uses: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, rule in enumerate(_RULE.finditer(_COMMENT.sub("", style))):
        for selector in rule[1].split(","):
            for name in _CLASS.findall(selector):
                uses[name].append((number, selector.strip().replace(f".{name}", ".")))
    first: dict[tuple[tuple[int, str], ...], str] = {}
    return {name: first.setdefault(tuple(places), name) for name, places in uses.items()}
