"""Makes highlighted code smaller: it keeps only the spans that look different under a style sheet."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{};]+)\{[^{}]*\}")
_CLASS = re.compile(r"\.(-?[_a-zA-Z][\w-]*)")
# Only highlighted code has such spans: raw HTML in Markdown is text. Pygments does not nest them.
_SPAN = re.compile(r'<span class="([\w-]+)">((?:[^<]|<(?!/?span\b))*)</span>')
_SAME_AGAIN = re.compile(r'(<span class="([\w-]+)">(?:[^<]|<(?!/?span\b))*)</span>(\s*)<span class="\2">')


def make_color_merger(style: str) -> Callable[[str], str]:
    """Return a function that removes the spans from HTML that make no difference under a style sheet.

    A class that no rule names loses its span. Of classes that are in exactly the same rules, the first replaces the
    others. Neighbors with the same class share a span. So colors are known to the style sheet alone.
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
    """Return each class of a style sheet with the first class that is drawn the same."""
    uses: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, rule in enumerate(_RULE.finditer(_COMMENT.sub("", style))):
        for selector in rule[1].split(","):
            for name in _CLASS.findall(selector):
                uses[name].append((number, selector.strip().replace(f".{name}", ".")))
    first: dict[tuple[tuple[int, str], ...], str] = {}
    return {name: first.setdefault(tuple(places), name) for name, places in uses.items()}
