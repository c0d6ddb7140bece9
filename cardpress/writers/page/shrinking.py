"""Drawings, styles and scripts without what only their authors read: a page is one file, and people send it."""

from __future__ import annotations

import re

_TAG = re.compile(r"<[^<>]*>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# What a drawing says of itself, which no browser shows of a picture: the page has its description.
_WORDS = re.compile(r"<(title|desc)\b[^<>]*>[^<>]*</\1>\s*")
_STYLE = re.compile(r"(<style[^<>]*>)(.*?)(</style>)", re.DOTALL)
# A string of CSS, or what stands around a sign that needs no space.
_IN_STYLE = re.compile(r"\"[^\"]*\"|'[^']*'|\s*([{};,])\s*|(?<=[a-z]):\s+")
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")


def shrink_drawing(svg: bytes) -> bytes:
    """Return an SVG without comments and indentation, and with single quotes, which an address need not escape."""
    try:
        text = svg.decode("utf-8-sig")
    except UnicodeDecodeError:
        return svg
    if "<![CDATA[" in text or "xml:space" in text or _has_wide_strings(text):  # where white space may have a meaning
        return svg
    text = _WORDS.sub("", _COMMENT.sub("", text))
    text = _STYLE.sub(lambda found: f"{found[1]}{_shrink_rules(found[2])}{found[3]}", text)
    return _TAG.sub(_requote, _SPACE.sub(" ", text)).strip().encode()


def shrink_style(css: str) -> str:
    """Return a style sheet of ours without its comments and indentation."""
    return _drop_indentation(_CSS_COMMENT.sub("", css))


def shrink_script(script: str) -> str:
    """Return a script of ours without indentation and without the lines that are comments."""
    return "\n".join(line for line in _drop_indentation(script).split("\n") if not line.startswith("//"))


def _drop_indentation(text: str) -> str:
    return "\n".join(filter(None, (line.strip() for line in text.split("\n"))))


def _shrink_rules(css: str) -> str:
    """Return the rules of a drawing's style with no more white space than they need."""

    def shorten(found: re.Match[str]) -> str:
        return found[1] or (":" if found[0].startswith(":") else found[0])

    return _IN_STYLE.sub(shorten, _CSS_COMMENT.sub("", css)).replace(";}", "}").strip()


def _has_wide_strings(svg: str) -> bool:
    """Return whether a string in a style has more white space than single spaces, or an escape."""
    strings = (string for style in _STYLE.findall(svg) for string in _STRING.findall(style[1]))
    return any(re.search(r"\s\s|[^\S ]|\\", string) for string in strings)


def _requote(tag: re.Match[str]) -> str:
    """Return a tag with single quotes around its attributes.

    It stays as it is when it has single quotes already, or when an odd number of double ones shows that the match ended
    early, at a `>` inside an attribute.
    """
    return tag[0] if "'" in tag[0] or tag[0].count('"') % 2 else tag[0].replace('"', "'")
