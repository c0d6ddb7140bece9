"""Colors in an SVG that browsers know and Typst does not, which it would print black.

Drawing programs write `light-dark(…)` for dark screens and `var(…)` for themes. A sheet is white and has no theme, so
it gets the light color and the variable's value. Of any other color an author has to be told.
"""

from __future__ import annotations

import re

# A document's style sheets and its tags; comments and such are found so that nothing in them is.
_PART = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    rb"|(?P<style><(?:[\w.-]+:)?style(?:\s[^>\"']*+(?>(?:(?:\"[^\"]*+\"|'[^']*+')[^>\"']*+)*))?(?<!/)>"
    rb".*?</(?:[\w.-]+:)?style\s*>)"
    rb"|(?P<tag><[^\s!?/>][^>\"']*+(?>(?:(?:\"[^\"]*+\"|'[^']*+')[^>\"']*+)*)>)",
    re.DOTALL,
)
_BRACKETS = rb"\((?>(?:[^()]++|\([^()]*+\))*)\)"
_LIGHT = re.compile(
    rb"\blight-dark\(\s*+((?>(?:[^(),]++|" + _BRACKETS + rb")*)),(?>(?:[^()]++|" + _BRACKETS + rb")*)\)", re.IGNORECASE
)
_VARIABLE = re.compile(rb"\bvar\(\s*+(--[\w-]++)\s*+(?:,((?>(?:[^()]++|" + _BRACKETS + rb")*)))?\)", re.IGNORECASE)
# The value is short and has no variable in it, so that no SVG grows much.
_DEFINED = re.compile(
    rb"(?<![\w-])(--[\w-]++)\s*+:\s*+((?!var\()[^;{}\"'()]{1,30}(?:\([^;{}\"'()]{1,30}\))?)(?=[;}\"'])"
)
# Nobody nests them deeper.
_ROUNDS = 6
_VALUE = re.compile(
    rb"(?<![\w:-])(?:fill|stroke|color|stop-color|flood-color|lighting-color)"
    rb"(?:\s*+:\s*+([^;{}\"']*+)|\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'))",
    re.IGNORECASE,
)
# Functions that Typst does not know, and forms of others: with a slash, or of another color.
_UNKNOWN = re.compile(
    rb"\b(?:light-dark|var|color-mix|color|device-cmyk|contrast-color|lab|lch|oklab|oklch)\([^()]*+\)?"
    rb"|\b(?:rgba?|hsla?|hwb)\(\s*+from\b[^()]*+\)?|\brgba?\(\s*+[\d.]++(?!%)[^()%]*+%\s*+\)",
    re.IGNORECASE,
)


def settle_colors(svg: bytes) -> bytes:
    """Return an SVG with the colors that a browser shows on white: the light ones, and what variables stand for."""
    if not re.search(rb"light-dark\(|var\(", svg, re.IGNORECASE):
        return svg
    values: dict[bytes, set[bytes]] = {}
    for name, value in _DEFINED.findall(svg):
        values.setdefault(name, set()).add(value.strip())

    def value_of(variable: re.Match[bytes]) -> bytes:
        defined = values.get(variable[1], {(variable[2] or b"").strip() or variable[0]})
        return next(iter(defined)) if len(defined) == 1 else variable[0]  # a theme decides which of several it is

    def settle(part: re.Match[bytes]) -> bytes:
        text = part[0]
        for _ in range(_ROUNDS if part["style"] or part["tag"] else 0):
            before = text
            text = _VARIABLE.sub(value_of, _LIGHT.sub(lambda found: found[1].strip(), text))
            if text == before:
                break
        return text

    return _PART.sub(settle, svg)


def find_unknown_color(svg: bytes) -> tuple[str, int, int] | None:
    """Return the first color that would be printed black, and where what has it starts and ends; None without one.

    The SVG must be well-formed.
    """
    if not _UNKNOWN.search(svg):
        return None
    for written, part in zip(_PART.finditer(svg), _PART.finditer(settle_colors(svg)), strict=True):
        for value in _VALUE.finditer(part[0]) if part["style"] or part["tag"] else ():
            if found := _UNKNOWN.search(value[1] or value[2] or value[3] or b""):
                return found[0].decode("utf-8", "replace"), *written.span()
    return None
