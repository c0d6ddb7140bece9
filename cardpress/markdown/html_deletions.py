"""Cloze deletions in HTML, where Anki's engine sees them (its `rslib/src/cloze.rs`): signs in a row of characters.

For Anki, tags and elements are characters as others are. So a deletion may begin in one element and end in another.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from cardpress.markdown.cloze import Paired, nest_deletions
from cardpress.markdown.entities import unescape
from cardpress.markdown.events import Braces, Characters, Close, Event, Leaf, Open, Opening
from cardpress.markdown.html_elements import VOID, Element
from cardpress.markdown.tree import Place

_SIGN = re.compile(r"\{\{c([0-9,]+)::|\}\}")
# Deletions in each other; Anki drops what begins a deeper one.
_DEEPEST = 10
# Numbers of a deletion for which it is an element in the other: so these have a bound. No deck has more.
_MOST_NUMBERS = 4
_LAST = 0xFFFF
# The last number of which Anki makes a card.
_LAST_CARD = 500
_NOWHERE = Place(0, 0)
# What begins a mask on a picture.
MASK = "image-occlusion:"
# An element that holds a deletion.
DELETION = "deletion"


@dataclass(slots=True)
class Cloze:
    """A deletion: its numbers, what it holds, and its hint. One of several numbers belongs to each of their cards.

    `opening` and `closing` are where its signs stand, `hints` where hints stand with their colons: the last one counts.
    """

    numbers: tuple[int, ...]
    opening: Place
    nodes: list[str | Cloze] = field(default_factory=list)
    hint: str | None = None
    hints: list[Place] = field(default_factory=list)
    closing: Place = _NOWHERE

    @property
    def shown_hint(self) -> str:
        """What stands in its place, without the brackets."""
        return "..." if self.hint is None else self.hint

    @property
    def mask(self) -> str | None:
        """The shape of a mask on a picture, as Anki writes it; None for a deletion of a text."""
        first = self.nodes[0] if self.nodes else None
        return first.removeprefix(MASK) if isinstance(first, str) and first.startswith(MASK) else None

    def text(self) -> str:
        """Return what it holds, without the signs of deletions in it."""
        return "".join(each if isinstance(each, str) else each.text() for each in self.nodes)


@lru_cache(maxsize=256)
def read_deletions(text: str) -> tuple[str | Cloze, ...]:
    """Return the texts and deletions of a field. Do not change them: they are kept."""
    opened: list[Cloze] = []
    found: list[str | Cloze] = []

    def add(start: int, end: int) -> None:
        part = text[start:end]
        if not opened:
            found.append(part)
            return
        if "::" in part and not part.startswith(MASK):
            part, _, opened[-1].hint = part.partition("::")
            opened[-1].hints.append(Place(start + len(part), end))
        opened[-1].nodes.append(part)

    position = 0
    for sign in _SIGN.finditer(text):
        numbers = read_numbers(sign[1]) if sign[1] else ()
        if sign[1] and not numbers:
            continue
        if sign.start() > position:
            add(position, sign.start())
        position = sign.end()
        if numbers:
            opened += [Cloze(numbers, Place(*sign.span()))] if len(opened) < _DEEPEST else []
        elif opened:
            done = opened.pop()
            done.closing = Place(*sign.span())
            (opened[-1].nodes if opened else found).append(done)
        else:
            found.append("}}")
    if position < len(text):
        add(position, len(text))
    return tuple(found)


def read_numbers(written: str) -> tuple[int, ...]:
    """Return the numbers of a deletion, `1,2`, each once and sorted; those that Anki cannot count to are left out."""
    digits = (each.lstrip("0") or "0" for each in written.split(",") if each)
    numbers = {int(each) for each in digits if len(each) <= len(str(_LAST))}
    return tuple(sorted(number for number in numbers if number <= _LAST))


def list_numbers(text: str) -> frozenset[int]:
    """Return the numbers of the deletions in a field."""
    if "{{c" not in text:
        return frozenset()
    return frozenset(number for each in walk_deletions(text) for number in each.numbers if number)


def list_cards(text: str) -> frozenset[int]:
    """Return the numbers of the cards that Anki makes of the deletions in a field.

    Those that would show an error are not among them: Anki makes card 500 of higher numbers, too, and card 1 of a note
    without any deletion.
    """
    return frozenset(number for number in list_numbers(text) if number <= _LAST_CARD)


def walk_deletions(text: str) -> Iterator[Cloze]:
    """Yield the deletions of a field, each before those in it."""
    return _walk(read_deletions(text))


def _walk(nodes: Iterable[str | Cloze]) -> Iterator[Cloze]:
    for node in nodes:
        if isinstance(node, Cloze):
            yield node
            yield from _walk(node.nodes)


# --- deletions as elements

# What stands for the signs of a deletion while a sanitizer reads the text around: code points that no text has.
_BEGINS, _ENDS, _DONE = "\ufdd3", "\ufdd4", "\ufdd5"
_MARK = re.compile(f"([{_BEGINS}{_ENDS}])([0-9]+){_DONE}")
_NO_MARKS = {ord(each): None for each in (_BEGINS, _ENDS, _DONE)}
# A tag or a comment, in which no element can begin.
_TAG = re.compile(r"""<(?:!--.*?(?:-->|\Z)|/?[A-Za-z](?>(?:[^<>"']++|"[^"]*+"|'[^']*+')*)>)""", re.DOTALL)
_NAME = re.compile(r"<(/?)([A-Za-z][^\s/<>]*)")


def put_marks(html: str) -> tuple[str, tuple[Cloze, ...]]:
    """Return HTML in which marks stand for the signs of deletions, without hints and masks, and the deletions.

    A deletion whose signs stand in a tag gets no marks: there is nothing around which an element could be.
    """
    tags = [found.span() for found in _TAG.finditer(html)]
    pieces: list[tuple[int, int, str]] = []
    marked: list[Cloze] = []
    inside = _Inside(tags)
    masks = Place(0, 0)
    for each in walk_deletions(html):
        if each.opening.start < masks.end:
            continue
        if each.mask is not None:
            masks = Place(each.opening.start, each.closing.end)
            pieces.append((*masks, ""))
            continue
        signs = [sign for sign in (each.opening, each.closing) if sign.start not in inside]
        is_whole = len(signs) == 2
        for sign in signs:
            mark = f"{_BEGINS if sign is each.opening else _ENDS}{len(marked)}{_DONE}" if is_whole else ""
            pieces.append((*sign, mark))
        pieces += [(*hint, _keep_tags(html, hint)) for hint in each.hints if hint.start not in inside]
        marked += [each] if is_whole else []
    written: list[str] = []
    position = 0
    for start, end, instead in sorted(pieces):
        written += [html[position:start].translate(_NO_MARKS), instead]
        position = max(position, end)
    return "".join((*written, html[position:].translate(_NO_MARKS))), tuple(marked)


def _keep_tags(html: str, hint: Place) -> str:
    """Return the tags of a hint that belong to what stands around it: those without a partner in it."""
    kept: list[str] = []
    for found in _TAG.finditer(html, *hint):
        name = _NAME.match(found[0])
        before = _NAME.match(kept[-1]) if kept else None
        if name is None or (not name[1] and name[2].lower() in VOID):
            continue
        if name[1] and before and not before[1] and before[2].lower() == name[2].lower():
            kept.pop()
        else:
            kept.append(found[0])
    return "".join(kept)


class _Inside:
    """Says whether a place is inside one of some spans, which are sorted."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._places = [each for span in spans for each in span]

    def __contains__(self, place: int) -> bool:
        return bisect_right(self._places, place) % 2 == 1


class _Mark(NamedTuple):
    """A mark in a text: the number of its deletion, and whether that begins here."""

    deletion: int
    is_begin: bool


def put_deletions(
    elements: Sequence[Element | str], deletions: Sequence[Cloze], blocks: Set[str]
) -> list[Element | str]:
    """Return elements with one for each deletion whose marks are in their texts; what it cuts in two goes on behind it.

    A deletion of several numbers is one in the other. `blocks` are the names of blocks.
    """
    found = [event for each in elements for event in _list_events(each)]
    whole = _list_whole(each for each in found if isinstance(each, _Mark))
    events: list[Event] = []
    opened: dict[int, list[int]] = {}
    paired: list[Paired] = []
    for event in found:
        if not isinstance(event, _Mark):
            events.append(event)
        elif event.deletion in whole:
            deletion = deletions[event.deletion]
            place = Place(deletion.opening.start, deletion.closing.end)
            numbers = [number for number in deletion.numbers if 0 < number <= _LAST_CARD][:_MOST_NUMBERS]
            for number in numbers if event.is_begin else reversed(numbers):
                if event.is_begin:
                    opened.setdefault(event.deletion, []).append(len(events))
                    events.append(Opening(number, place))
                else:
                    facts = {"number": str(number), "hint": _read_hint(deletion), "place": f"{place.start} {place.end}"}
                    paired.append(Paired(opened[event.deletion].pop(), len(events), facts))
                    events.append(Braces("}}", place))
    return _build(nest_deletions(events, paired), blocks)


def _list_events(node: Element | str) -> Iterator[Event | _Mark]:
    if isinstance(node, str):
        position = 0
        for found in _MARK.finditer(node):
            if position < found.start():
                yield Characters(node[position : found.start()])
            yield _Mark(int(found[2]), found[1] == _BEGINS)
            position = found.end()
        if position < len(node):
            yield Characters(node[position:])
    elif node.tag in VOID:
        yield Leaf(node.tag, node.attributes)
    else:
        yield Open(node.tag, node.attributes)
        for child in node.children:
            yield from _list_events(child)
        yield Close()


def _list_whole(marks: Iterable[_Mark]) -> set[int]:
    """Return the deletions that end after they begin, and in the order that a tree has: a browser moves some texts."""
    opened: list[int] = []
    whole: set[int] = set()
    for each in marks:
        if each.is_begin:
            opened.append(each.deletion)
        elif each.deletion in opened:
            del opened[opened.index(each.deletion) + 1 :]
            whole.add(opened.pop())
    return whole


def _read_hint(deletion: Cloze) -> str:
    return " ".join(unescape(_TAG.sub(" ", deletion.hint or "")).split())


def _build(events: Iterable[Event], blocks: Set[str]) -> list[Element | str]:
    opened = [Element("")]
    for event in events:
        if isinstance(event, Characters):
            opened[-1].children.append(event.value)
        elif isinstance(event, Close):
            opened.pop()
        elif isinstance(event, Open | Leaf):
            element = Element(event.name, dict(event.facts))
            opened[-1].children.append(element)
            for each in (element, *opened) if event.name in blocks else ():
                each.has_blocks = True
            opened += [element] if isinstance(event, Open) else []
    return opened[0].children


def find_place(deletion: Element) -> Place:
    """Return where an element's deletion stands in the text."""
    start, end = map(int, deletion.attributes["place"].split())
    return Place(start, end)


def has_deletion(node: Element | str) -> bool:
    """Return whether a node is a deletion or has one in it."""
    return isinstance(node, Element) and (node.tag == DELETION or any(map(has_deletion, node.children)))
