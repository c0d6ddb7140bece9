"""What Anki makes of the cloze deletions in a field, for one card and one of its sides (its `rslib/src/cloze.rs`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from cardpress.anki.mask_html import write_mask
from cardpress.anki.plain_html import strip_tags, write_attribute

_SIGN = re.compile(r"\{\{c([0-9,]+)::|\}\}")
_FORMULA_BEGINS = re.compile(r"\\[(\[]")
_FORMULA_ENDS = re.compile(r"\\[)\]]")
# Deletions in each other; Anki drops what begins a deeper one.
_DEEPEST = 10
_LAST = 0xFFFF
# What begins a mask on a picture.
MASK = "image-occlusion:"


@dataclass(slots=True)
class Cloze:
    """A deletion: its numbers, what it holds, and its hint. One of several numbers belongs to each of their cards."""

    numbers: tuple[int, ...]
    nodes: list[str | Cloze] = field(default_factory=list)
    hint: str | None = None

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
def _read(text: str) -> tuple[str | Cloze, ...]:
    """Return the texts and deletions of a field. Do not change them: they are kept."""
    opened: list[Cloze] = []
    found: list[str | Cloze] = []

    def add(part: str) -> None:
        if not opened:
            found.append(part)
            return
        if "::" in part and not part.startswith(MASK):
            part, _, opened[-1].hint = part.partition("::")
        opened[-1].nodes.append(part)

    position = 0
    for sign in _SIGN.finditer(text):
        numbers = read_numbers(sign[1]) if sign[1] else ()
        if sign[1] and not numbers:
            continue
        if sign.start() > position:
            add(text[position : sign.start()])
        position = sign.end()
        if numbers:
            opened += [Cloze(numbers)] if len(opened) < _DEEPEST else []
        elif opened:
            done = opened.pop()
            (opened[-1].nodes if opened else found).append(done)
        else:
            found.append("}}")
    if position < len(text):
        add(text[position:])
    return tuple(found)


def read_numbers(written: str) -> tuple[int, ...]:
    """Return the numbers of a deletion, `1,2`, each once and sorted; those that Anki cannot count to are left out."""
    digits = (each.lstrip("0") or "0" for each in written.split(",") if each)
    numbers = {int(each) for each in digits if len(each) <= len(str(_LAST))}
    return tuple(sorted(number for number in numbers if number <= _LAST))


def list_numbers(text: str) -> frozenset[int]:
    """Return the numbers of the deletions in a field, of each of which Anki makes a card."""
    return frozenset(_find_numbers(_read(text))) if "{{c" in text else frozenset()


def _find_numbers(nodes: Iterable[str | Cloze]) -> Iterator[int]:
    for node in nodes:
        if isinstance(node, Cloze):
            yield from (number for number in node.numbers if number)
            yield from _find_numbers(node.nodes)


def reveal(text: str, number: int, *, is_front: bool) -> str:
    """Return a field as `{{cloze:…}}` shows it on a side of a card: nothing where no deletion has the card's number."""
    pieces: list[str] = []
    found = [_write(node, number, pieces, is_front=is_front) for node in _read(text)]
    return _strip_formulas("".join(pieces)) if any(found) else ""


def _write(node: str | Cloze, number: int, pieces: list[str], *, is_front: bool) -> bool:
    """Add a node to the pieces. Return whether a deletion in it, or the node itself, has the number."""
    if isinstance(node, str):
        pieces.append(node)
        return False
    numbers = ",".join(map(str, node.numbers))
    is_asked = number in node.numbers
    if node.mask is not None:
        pieces.append(write_mask(node.mask, node.numbers, is_asked=is_asked, is_front=is_front))
        return is_asked
    inside: list[str] = []
    found = [_write(each, number, inside, is_front=is_front) for each in node.nodes]
    content = "".join(inside)
    if is_asked and is_front:
        hidden = write_attribute(content)
        content = f"[{node.shown_hint}]"
        pieces.append(f'<span class="cloze" data-cloze="{hidden}" data-ordinal="{numbers}">{content}</span>')
    else:
        name = "cloze" if is_asked else "cloze-inactive"
        pieces.append(f'<span class="{name}" data-ordinal="{numbers}">{content}</span>')
    return is_asked or any(found)


def _strip_formulas(html: str) -> str:
    """Return HTML without the tags in its formulas, which MathJax would show."""
    pieces, position = [], 0
    while begin := _FORMULA_BEGINS.search(html, position):
        end = _FORMULA_ENDS.search(html, begin.end())
        if end is None:
            break
        pieces += [html[position : begin.end()], strip_tags(html[begin.end() : end.start()]), end[0]]
        position = end.end()
    return "".join((*pieces, html[position:]))


def reveal_alone(text: str, number: int, *, is_front: bool) -> str:
    """Return what `{{cloze-only:…}}` shows: the deletions of the card's number alone, on a front their hints."""
    return ", ".join(_list_asked(_read(text), number, is_front=is_front))


def find_typed(text: str, number: int) -> str:
    """Return what is to be typed for the deletions of a number, once where all hide the same."""
    asked = list(_list_asked(_read(text), number, is_front=False))
    return asked[0] if asked and len(set(asked)) == 1 else ", ".join(asked)


def _list_asked(nodes: Iterable[str | Cloze], number: int, *, is_front: bool) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Cloze):
            if number in node.numbers:
                yield node.shown_hint if is_front else node.text()
            yield from _list_asked(node.nodes, number, is_front=is_front)
