"""The formulas on a side of a card as MathML: Anki has MathJax set them, which is none of cardpress's packages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape

from cardpress.anki.plain_html import strip_tags
from cardpress.formulas import read, to_mathml
from cardpress.markdown.entities import unescape
from cardpress.markdown.html_formulas import BEGINS_LATEX, ENDS, take_out

# Comments and places to break a line are nothing to MathJax, and a line's end is white space.
_NOTHING = re.compile(r"<!--.*?-->|<wbr\b[^<>]*>", re.DOTALL | re.IGNORECASE)
_LINE_END = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
_BEGINS = re.compile(r"\\[(\[]")
_CLOSING = {"\\(": "\\)", "\\[": "\\]"}


def set_formulas(html: str) -> Mapping[str, str]:
    """Return the MathML of each formula that HTML may have, by its text with the signs around it.

    Where they stand, the document's script finds out, which knows what is an element and what an attribute. One that
    cannot be set is not among them.
    """
    found: dict[str, str] = {}
    for signed in _find_formulas(html):
        source = signed[2:-2]
        tree = read(source).tree if signed not in found else None
        if tree is not None:
            found[signed] = to_mathml(tree, is_display=signed[1] == "[", latex=source.strip())
    return found


def sign_latex(html: str) -> str:
    """Return HTML in which LaTeX is a formula where it can be set as one.

    Anki has another program make pictures of `[$]…[/$]` and `[latex]…[/latex]`, where that is there and wanted.
    """
    pieces: list[str] = []
    written = position = 0
    missing: set[str] = set()
    while begin := BEGINS_LATEX.search(html, position):
        sign = begin[0].lower()
        end = None if sign in missing else ENDS[sign].search(html, begin.end())
        position = begin.end()
        if end is None:
            missing.add(sign)
            continue
        found = take_out(sign, unescape(strip_tags(_LINE_END.sub("\n", html[begin.end() : end.start()]))))
        if found is None or read(found[0]).tree is None:
            continue
        opening = "\\[" if found[1] else "\\("
        pieces += [html[written : begin.start()], opening, escape(found[0], quote=False), _CLOSING[opening]]
        written = position = end.end()
    return "".join((*pieces, html[written:]))


def _find_formulas(html: str) -> Iterator[str]:
    if not _BEGINS.search(html):
        return
    text = _LINE_END.sub("\n", _NOTHING.sub("", html) if "-->" in html or "<wbr" in html else html)
    position = 0
    missing: set[str] = set()
    while begin := _BEGINS.search(text, position):
        closing = _CLOSING[begin[0]]
        end = -1 if closing in missing else text.find(closing, begin.end())
        position = begin.end()
        if end < 0:
            missing.add(closing)
        elif "<" not in text[begin.end() : end]:
            yield unescape(text[begin.start() : end + 2])
            position = end + 2
