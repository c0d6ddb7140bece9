"""The headline of an answer: its core, up to the first period or colon that ends a clause; the rest explains it.

A script of the cards (`templates/anki/headline.js`) does the same with the HTML that it finds. One test holds both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from cardpress.markdown.plain_text import join_text
from cardpress.markdown.tree import (
    CodeSpan,
    Deletion,
    Document,
    Formula,
    Inline,
    LineBreak,
    Link,
    Paragraph,
    Picture,
    RawTag,
    Ruby,
    Sound,
    Styled,
    Text,
    walk,
)

# Characters. A longer core is no headline.
LONGEST = 90
LONGEST_SENTENCE = 240
# Stands for each character in which no clause ends: those of code, keys, links, formulas, readings and tags.
_CLOSED = "\ufffc"
_ENDS = frozenset(".!?؟۔।")
_FULL_ENDS = frozenset("。！？．")
_COLONS = frozenset("：")
_ANY_ENDS = _ENDS | _FULL_ENDS | _COLONS | {":"}
# What brackets and quotation marks open, with what closes it. Nothing ends inside of them.
_PAIRS = {
    "(": ")",
    "[": "]",
    "{": "}",
    '"': '"',
    "“": "”",
    "„": "“”",
    "«": "»",
    "「": "」",
    "『": "』",
    "（": "）",
    "【": "】",
    "《": "》",
}
_COLON = re.compile(r"\s*[:：]\s*$")
# HTML that is shown as typed.
_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
# Words before a period that ends no clause. Those of one letter, and with periods inside, such as `e.g`, are known.
_SHORT = frozenset(
    "vs cf dr mr mrs ms prof st approx ca incl excl resp viz al jr "
    "bzw evtl ggf inkl sog vgl usw abs sr sra dra mme mlle".split()
)
_BEFORE_NUMBERS = frozenset(
    "no nr núm nº fig figs eq sec ch vol p pp art ed max min kap abb "
    "jan feb mar apr jun jul aug sep sept okt oct nov dez dec".split()
)
# Languages that write a period behind the number of a day.
_ORDINALS = frozenset("bs cs da de et fi fo hr hu is lv nb nn no pl sk sl sr tr".split())


class Headline(NamedTuple):
    """The core of an answer, in one line, and what explains it; that is None when nothing does.

    A colon behind the core is not in it: that it stands by itself says as much.
    """

    core: Document
    rest: Document | None


def split_headline(document: Document, language: str = "", *, sentence: bool = False) -> Headline | None:
    """Return an answer in two, None for one that does not begin with a short clause. `language` is BCP 47.

    With `sentence`, its core is its whole first sentence, which may be longer.
    """
    if not document.blocks or not isinstance(first := document.blocks[0], Paragraph):
        return None
    nodes = first.children
    if any(isinstance(node, Picture | Sound) for node in walk(nodes)):
        return None
    text, legal = _flatten(nodes)
    longest = LONGEST_SENTENCE if sentence else LONGEST
    # An end behind that makes a core that is too long.
    until = len(text) - len(text.lstrip()) + longest + 1
    ends = (place for place in find_clauses(text, language, until) if place in legal)
    end = next((place for place in ends if not (sentence and text[place - 1] in ":：")), len(text))
    core = text[:end].strip()
    if not 0 < len(core) <= longest or (core[-1] in ":：" and not text[end:].strip()):
        return None
    before, after = _cut(nodes, end)
    before = _drop_colon(before)
    if not join_text(before).strip(" :："):
        return None
    rest = (*((Paragraph(after, first.place),) if after else ()), *document.blocks[1:])
    return Headline(Document((Paragraph(before, first.place),)), Document(rest) if rest else None)


def find_clauses(text: str, language: str, until: int) -> Iterator[int]:
    """Yield where clauses end, before the place `until`: behind a period, a colon, or their like in other scripts."""
    text = _TAG.sub(lambda tag: _CLOSED * len(tag[0]), text)
    closed = _list_closed(text)
    has_ordinals = language.partition("-")[0].lower() in _ORDINALS
    for place, sign in enumerate(text[:until]):
        if sign not in _ANY_ENDS or closed[place]:
            continue
        after = text[place + 1 :]
        if sign in _FULL_ENDS or (sign in _COLONS and after.strip()):
            yield place + 1
        elif after and not after[0].isspace():
            continue
        elif (sign == ":" and after.strip()) or (
            sign in _ENDS and _ends(text, place, after.lstrip(), has_ordinals=has_ordinals)
        ):
            yield place + 1


def _ends(text: str, place: int, after: str, *, has_ordinals: bool) -> bool:
    """Return whether the sign at a place ends a clause, by the word before it and what comes after."""
    if _is_small(after[:1]) or text[:place].endswith("."):
        return False
    if text[place] != "." or not after:
        return True
    word = re.split(rf"[\s{_CLOSED}]", text[:place])[-1]
    is_first = not text[: place - len(word)].strip()
    word = re.sub(r"^[\W_]+", "", word).lower()
    parts = word.split(".")
    return not (
        (len(parts) > 1 and all(0 < len(part) <= 2 and all(map(_is_letter, part)) for part in parts))
        or (len(word) == 1 and _is_letter(word))
        or word in _SHORT
        or (word in _BEFORE_NUMBERS and after[0] in "0123456789")
        or (has_ordinals and not is_first and re.fullmatch(r"[0-9]{1,2}", word) is not None)
    )


def _is_letter(character: str) -> bool:
    return character.lower() != character.upper()


def _is_small(character: str) -> bool:
    return _is_letter(character) and character == character.lower()


def _list_closed(text: str) -> Sequence[bool]:
    """Return for each place whether it is in brackets or quotation marks that are closed again."""
    edges = [0] * (len(text) + 1)
    opened: list[tuple[int, str]] = []
    waiting: Counter[str] = Counter()  # how many of the opened ones each sign closes
    for place, sign in enumerate(text):
        if waiting.get(sign):
            closers = ""
            while sign not in closers:
                start, closers = opened.pop()
                waiting.subtract(closers)
            edges[start] += 1
            edges[place + 1] -= 1
        elif sign in _PAIRS:
            opened.append((place, _PAIRS[sign]))
            waiting.update(_PAIRS[sign])
    return [depth > 0 for depth in accumulate(edges)]


def _flatten(nodes: Sequence[Inline]) -> tuple[str, frozenset[int]]:
    """Return the characters of a line, and the places where it can be cut: not inside of emphasis, but behind it."""
    text = ""
    legal = {0}
    for node in nodes:
        shown = _flat(node)
        legal |= set(range(len(text), len(text) + len(shown) + 1)) if isinstance(node, Text) else set()
        text += shown
        legal.add(len(text))
    return text, frozenset(legal)


def _flat(node: Inline) -> str:
    match node:
        case Text(value):
            return value
        case RawTag(source=source):
            return source
        case LineBreak():
            return "\n"
        case Styled(style, children) if style != "kbd":
            return "".join(map(_flat, children))
        case Styled() | CodeSpan() | Link() | Ruby() | Formula() | Deletion():
            return _CLOSED * max(1, len(join_text((node,))))
        case Picture() | Sound():
            return _CLOSED


def _cut(nodes: Sequence[Inline], end: int) -> tuple[tuple[Inline, ...], tuple[Inline, ...]]:
    """Return a line in two, without the white space between them."""
    before: list[Inline] = []
    after: list[Inline] = []
    place = 0
    for node in nodes:
        length = len(_flat(node))
        if place + length <= end:
            before.append(node)
        elif place >= end:
            after.append(node)
        elif isinstance(node, Text):
            before.append(Text(node.value[: end - place]))
            after.append(Text(node.value[end - place :]))
        place += length
    while after and _is_space(after[0]):
        del after[0]
    if after and isinstance(after[0], Text):
        after[0] = Text(after[0].value.lstrip())
    return tuple(before), tuple(after)


def _drop_colon(nodes: Sequence[Inline]) -> tuple[Inline, ...]:
    """Return a line without the colon at its end, which may be in bold."""
    match nodes:
        case (*before, Text(value)):
            return (*before, Text(_COLON.sub("", value)))
        case (*before, Styled(style, children) as last) if style != "kbd":
            return (*before, replace(last, children=_drop_colon(children)))
        case _:
            return tuple(nodes)


def _is_space(node: Inline) -> bool:
    return isinstance(node, LineBreak) or (isinstance(node, Text) and not node.value.strip())
