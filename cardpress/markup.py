"""Finds what matters in a Markdown text, with its place: fences, code, links, pictures, raw HTML, cloze deletions.

The renderer and the rules both look through these functions, so that what is checked is what is printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_FENCE = re.compile(r"^([ \t]*)(`{3,}|~{3,})[ \t]*([^\n`]*)$", re.MULTILINE)
# The same as Python-Markdown's own backtick pattern: an escaped backtick opens nothing.
_CODE_SPAN = re.compile(r"(?<![\\`])(`+)(?!`)((?:(?!\n[ \t]*\n).)+?)(?<!`)\1(?!`)", re.DOTALL)
_TARGET = r"[ \t]*(<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)"
_LINK = re.compile(r"(!?)\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]\(" + _TARGET + r"[^()\n]*\)")
_REFERENCE_USE = re.compile(r"(!)\[([^\[\]]*)\][ ]?\[([^\[\]]*)\]")
_DEFINITION = re.compile(r"^[ ]{0,3}\[([^\[\]]+)\]:" + _TARGET, re.MULTILINE)
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*)>")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)(?=[\s/>]|$)([^<>]*)(>?)")
_CLOZE = re.compile(r"\{\{c(\d+)::")


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced code block: where it starts and ends, its language, its text, and whether it is closed."""

    start: int
    end: int
    indent: str
    language: str
    language_start: int
    text: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link or picture points, the text that stands for it, and the place of the address."""

    url: str
    label: str
    start: int
    end: int
    is_image: bool


@dataclass(frozen=True, slots=True)
class Tag:
    """A raw HTML tag outside code. `closed` says whether its `>` is there."""

    name: str
    attributes: str
    start: int
    end: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Deletion:
    """A cloze deletion `{{c1::answer::hint}}` and its place; `hint` is empty when there is none."""

    number: int
    answer: str
    hint: str
    start: int
    answer_start: int
    end: int


def fences(text: str) -> tuple[Fence, ...]:
    """Find the fenced code blocks, also those inside list entries."""
    found: list[Fence] = []
    position = 0
    while opening := _FENCE.search(text, position):
        indent, fence, info = opening[1], opening[2], opening[3]
        closing_pattern = re.compile(rf"^[ \t]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$", re.MULTILINE)
        body_start = min(opening.end() + 1, len(text))
        closing = closing_pattern.search(text, body_start)
        body = text[body_start : closing.start() if closing else len(text)]
        language = info.split()[0].strip("{}.") if info.split() else ""
        found.append(
            Fence(
                start=opening.start(),
                end=closing.end() if closing else len(text),
                indent=indent,
                language=language,
                language_start=opening.start(3),
                text=_dedent(body, len(indent)),
                closed=closing is not None,
            )
        )
        position = found[-1].end
        if closing is None:
            break
    return tuple(found)


def _dedent(body: str, columns: int) -> str:
    return "".join(line[min(columns, len(line) - len(line.lstrip(" \t"))) :] for line in body.splitlines(keepends=True))


@lru_cache(maxsize=64)
def prose(text: str) -> str:
    """Blank out code, fenced or in backticks, and keep every other character where it is."""
    if "`" not in text and "~~~" not in text:
        return text
    kept = list(text)
    for fence in fences(text):
        kept[fence.start : fence.end] = _blank(text[fence.start : fence.end])
    return _CODE_SPAN.sub(lambda match: _blank(match[0]), "".join(kept))


def _blank(text: str) -> str:
    return "".join("\n" if character == "\n" else " " for character in text)


def targets(text: str) -> Iterator[Target]:
    """Find what links and pictures point at: inline, by reference, and `<https://…>`."""
    if "[" not in text and "<" not in text:
        return
    outside = prose(text)
    pictures = {(use[3] or use[2]).lower() for use in _REFERENCE_USE.finditer(outside)}
    labels = {(use[3] or use[2]).lower(): use[2] for use in _REFERENCE_USE.finditer(outside)}
    for match in _LINK.finditer(outside):
        yield _target(match, 3, label=text[match.start(2) : match.end(2)], is_image=bool(match[1]))
    for match in _DEFINITION.finditer(outside):
        name = match[1].lower()
        yield _target(match, 2, label=labels.get(name, match[1]), is_image=name in pictures)
    for match in _AUTOLINK.finditer(outside):
        yield _target(match, 1, label=match[1], is_image=False)


def _target(match: re.Match[str], group: int, *, label: str, is_image: bool) -> Target:
    return Target(match[group].strip("<>"), label, match.start(group), match.end(group), is_image)


def tags(text: str) -> Iterator[Tag]:
    """Find raw HTML tags outside code, whether or not they are known or closed."""
    if "<" in text:
        for match in _TAG.finditer(prose(text)):
            yield Tag(match[2].lower(), match[3].strip(" /"), match.start(), match.end(), bool(match[4]))


def deletions(text: str) -> tuple[Deletion, ...]:
    """Find the cloze deletions, outermost and nested, in the order in which they open.

    Double braces inside an answer belong to it (`{{c1::{{ user }}}}`), and so do two colons in backticks.
    """
    found = []
    for match in _CLOZE.finditer(text):
        end = _closing(text, match.end())
        if end is None:
            continue
        inside = text[match.end() : end]
        colons = _CODE_SPAN.sub(lambda code: _blank(code[0]), _outermost(inside)).find("::")
        answer, hint = (inside, "") if colons < 0 else (inside[:colons], inside[colons + 2 :])
        found.append(Deletion(int(match[1]), answer, hint, match.start(), match.end(), end + 2))
    return tuple(found)


def _outermost(text: str) -> str:
    """Blank out what stands in double braces, whatever is nested in them."""
    kept, position = "", 0
    while (start := text.find("{{", position)) >= 0:
        end = _closing(text, start + 2)
        if end is None:
            break
        kept += text[position:start] + _blank(text[start : end + 2])
        position = end + 2
    return kept + text[position:]


def _closing(text: str, start: int) -> int | None:
    """Find the `}}` that ends a deletion, past those that end double braces inside it."""
    depth = 1
    for match in re.finditer(r"\{\{|\}\}", text[start:]):
        depth += 1 if match[0] == "{{" else -1
        if depth == 0:
            # Of three braces in a row the last two close: the first belongs to the answer, as in `{{c1::{}}}`.
            end = start + match.start()
            return end + 1 if text[end : end + 3] == "}}}" else end
    first = text.find("}}", start)
    return first if first >= 0 else None
