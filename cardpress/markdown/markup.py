"""What a Markdown text contains, with places: code fences, code spans, raw HTML tags, cloze deletions.

The renderer and the rules both use these functions, so that what is checked is what is printed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Possessive quantifiers (`*+`) do not backtrack, so that these take linear time on any text.
_FENCE = re.compile(r"^([ \t]*+)(`{3,}+|~{3,}+)[ \t]*+([^\n`]*+)$", re.MULTILINE)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)(?=[\s/>]|$)([^<>]*)(>?)")
# Control characters, except for tabs and line ends.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NOT_A_LINE_END = re.compile(r"[^\n]")
_PARAGRAPH_END = re.compile(r"\n(?=[ \t]*+\n)")
# What a link points at, as in `[local](http://[::1]:8000)`.
_ADDRESS = re.compile(r"(?<=\]\()[^\s()]*+|<[A-Za-z][A-Za-z0-9+.-]*+:[^\s<>]*+>")
_CLOZE = re.compile(r"\{\{c([0-9]{1,4})::")
_HINT = re.compile(r"\{\{|::")
# Of three opening braces before `c1::` the last two open the deletion.
_BRACES = re.compile(r"\{(?=\{\{c[0-9]{1,4}::)|\{\{|\{|\}+")


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
class Tag:
    """A raw HTML tag outside code. `closed` says whether its `>` is there, `closes` whether it is an end tag."""

    name: str
    attributes: str
    start: int
    end: int
    closed: bool
    closes: bool


@dataclass(frozen=True, slots=True)
class Deletion:
    """A cloze deletion `{{c1::answer::hint}}` and its place; `hint` is empty when there is none."""

    number: int
    answer: str
    hint: str
    start: int
    answer_start: int
    end: int


def find_fences(text: str) -> tuple[Fence, ...]:
    """Return the fenced code blocks, including those inside list entries."""
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
def blank_code(text: str) -> str:
    """Return the text with spaces for code, fenced or in backticks. All other characters keep their places."""
    if "`" not in text and "~~~" not in text:
        return text
    kept = list(text)
    for fence in find_fences(text):
        kept[fence.start : fence.end] = _blank(text[fence.start : fence.end])
    return _without_code_spans("".join(kept))


def _blank(text: str) -> str:
    return _NOT_A_LINE_END.sub(" ", text)


def _without_code_spans(text: str) -> str:
    """Return the text with spaces for code in backticks.

    As many backticks close it as opened it, in the same paragraph. As in Python-Markdown, an escaped backtick opens
    nothing.
    """
    runs = [(match.start(), match.end()) for match in re.finditer("`+", text)]
    paragraphs = [match.start() for match in _PARAGRAPH_END.finditer(text)]
    later: dict[int, list[int]] = {}
    for start, end in reversed(runs):
        later.setdefault(end - start, []).append(start)
    pieces, position = [], 0
    for start, end in runs:
        same = later[end - start]
        same.pop()  # what is left starts after this one
        if start < position or text[start - 1 : start] == "\\" or not same:
            continue
        close = same[-1]
        if bisect_left(paragraphs, end) == bisect_left(paragraphs, close):
            pieces += [text[position:start], _blank(text[start : close + end - start])]
            position = close + end - start
    return "".join((*pieces, text[position:]))


def find_tags(text: str) -> Iterator[Tag]:
    """Yield the raw HTML tags outside code, known or not, closed or not."""
    if "<" in text:
        for match in _TAG.finditer(blank_code(text)):
            name, attributes = match[2].lower(), match[3].strip(" /")
            yield Tag(name, attributes, match.start(), match.end(), closed=bool(match[4]), closes=bool(match[1]))


def find_deletions(text: str) -> tuple[Deletion, ...]:
    """Return the cloze deletions, outer and nested ones, in the order in which they open.

    Double braces inside an answer belong to it (`{{c1::{{ user }}}}`), and so do two colons in backticks or an address.
    """
    closings = _closings(text)
    found = []
    for match in _CLOZE.finditer(text):
        end = closings.get(match.start())
        if end is None:
            continue
        colons = _hint(text, match.end(), end, closings)
        answer = text[match.end() : end if colons is None else colons]
        hint = "" if colons is None else text[colons + 2 : end]
        found.append(Deletion(int(match[1]), answer, hint, match.start(), match.end(), end + 2))
    return tuple(found)


def _hint(text: str, start: int, end: int, closings: dict[int, int]) -> int | None:
    """Return the place of the `::` before a deletion's hint, None without one. Skip nested braces, code, addresses."""
    inside = text[start:end]
    plain = _without_code_spans(inside) if "`" in inside else inside
    plain = _ADDRESS.sub(lambda address: _blank(address[0]), plain)
    position = 0
    while found := _HINT.search(plain, position):
        if found[0] == "::":
            return start + found.start()
        position = max(closings.get(start + found.start(), 0) + 2 - start, found.end())
    return None


def _closings(text: str) -> dict[int, int]:
    """Return the place of each `{{` with that of the `}}` that closes it.

    Single braces are paired too, so the answer in `{{c1::{}}}` is `{}`. A `{{` that is still open at the end of the
    text is closed by the next `}}` after it.
    """
    found: dict[int, int] = {}
    opened: list[tuple[int, int]] = []  # the place, and how many braces stand there
    for token in _BRACES.finditer(text):
        if token[0][0] == "{":
            opened.append((token.start(), 2 if token[0].startswith("{{") else 1))
            continue
        place, left = token.start(), len(token[0])
        while opened and left >= opened[-1][1]:
            start, width = opened.pop()
            if width == 2:
                found[start] = place
            place, left = place + width, left - width
    for start, width in opened:
        end = text.find("}}", start)
        if width == 2 and end >= 0:
            found[start] = end
    return found
