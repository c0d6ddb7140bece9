"""The addresses of a Markdown text's links and pictures, in every way of writing them, each with its place.

The search finds a little more than Markdown does, never less. A text that is mistaken for an address is only reported
to the author, but an address that was missed would reach learners. All brackets are paired in one pass, so that no text
takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from cardpress.markdown.markup import blank_code

_ESCAPE = r"\\[\\`*_{}\[\]>#+.!-]"  # what a backslash escapes in Python-Markdown, as `to_html` sets it up
_TOKEN = re.compile(rf"{_ESCAPE}|[\[\]()]")
# The `!` of a picture. After one backslash it is plain text; after two, only the backslash is escaped.
_MARK = re.compile(r"(?:(?<!\\)|(?<=\\\\))!\Z")
_NESTING = re.compile(rf"{_TOKEN.pattern}|\n[ \t]*+\n")
_MAX_OPEN = 50
_REFERENCE = re.compile(r"\s?\[([^\[\]]*+)\]")
_DEFINITION = re.compile(
    r"^[ \t>]*+(?:(?:[-*+]|[0-9]+[.)])[ \t]++)*+[ \t>]*+\[([^\[\]]*+)\]:[ \t]*+\n?[ \t>]*+(\S++)", re.MULTILINE
)
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*+:[^\s<>]*+)>")
_TITLE = re.compile(r"\s(?:\"[^\"]*+\"|'[^']*+')\s*$")


@dataclass(frozen=True, slots=True)
class Target:
    """The address of a link or picture, its label, and the place of the address in the text."""

    url: str
    label: str
    start: int
    end: int
    is_image: bool


def find_targets(text: str) -> Iterator[Target]:
    """Yield the targets of links and pictures: inline, by reference, and `<https://…>`."""
    if "[" not in text and "<" not in text:
        return
    outside = blank_code(text)
    brackets, parentheses = _pairs(outside)
    pictures: dict[str, str] = {}
    inline: set[int] = set()
    for start, end in brackets.items():
        is_image = _MARK.search(outside, max(start - 4, 0), start) is not None
        closing = parentheses.get(end + 1)
        if closing is not None:
            target = _inline(outside, end + 2, closing, label=text[start + 1 : end], is_image=is_image)
            inline.add(target.start)
            yield target
        elif is_image:
            reference = _REFERENCE.match(outside, end + 1)
            label = text[start + 1 : end]
            pictures[_name((reference and reference[1]) or label)] = label
    for match in _DEFINITION.finditer(outside):
        name = _name(match[1])
        label = pictures.get(name, match[1])
        yield Target(_plain(match[2]), label, match.start(2), match.end(2), is_image=name in pictures)
    for match in _AUTOLINK.finditer(outside):
        if match.start() not in inline:
            yield Target(match[1], match[1], match.start(1), match.end(1), is_image=False)


def find_too_deep(text: str) -> int | None:
    """Return the place of the first bracket inside more than 50 open ones of its paragraph, None if there is none.

    Python-Markdown would search for the closing bracket of each again and again.
    """
    depth = 0
    for token in _NESTING.finditer(blank_code(text)):
        if token[0] in "[(":
            depth += 1
            if depth > _MAX_OPEN:
                return token.start()
        elif token[0] in "])":
            depth = max(depth - 1, 0)
        elif token[0][0] == "\n":
            depth = 0
    return None


def _pairs(text: str) -> tuple[dict[int, int], dict[int, int]]:
    """Return the places of opening brackets with those of their closing ones, and the same for parentheses."""
    brackets: dict[int, int] = {}
    parentheses: dict[int, int] = {}
    open_brackets: list[int] = []
    open_parentheses: list[int] = []
    for token in _TOKEN.finditer(text):
        place = token.start()
        if token[0] == "[":
            open_brackets.append(place)
        elif token[0] == "]" and open_brackets:
            brackets[open_brackets.pop()] = place
        elif token[0] == "(":
            open_parentheses.append(place)
        elif token[0] == ")" and open_parentheses:
            parentheses[open_parentheses.pop()] = place
    # A parenthesis in a title can take the closing one of its link. The link then ends at the next one that closes.
    for place in open_parentheses:
        end = text.find(")", place, place + _LONGEST)
        if end >= 0:
            parentheses[place] = end
    return dict(sorted(brackets.items())), parentheses


_LONGEST = 4_000


def _inline(text: str, start: int, end: int, *, label: str, is_image: bool) -> Target:
    inside = _TITLE.sub("", text[start:end])
    address = inside.strip()
    start += len(inside) - len(inside.lstrip())
    return Target(_plain(address), label, start, start + len(address), is_image)


def _plain(address: str) -> str:
    """Return an address as Markdown reads it: without angle brackets and backslashes, with entities decoded."""
    return unescape(re.sub(rf"({_ESCAPE})", lambda escape: escape[0][1:], address.strip("<>")))


def _name(label: str) -> str:
    return " ".join(label.lower().split())
