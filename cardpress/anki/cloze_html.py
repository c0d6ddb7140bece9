"""What Anki makes of the cloze deletions in a field, for one card and one of its sides (its `rslib/src/cloze.rs`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cardpress.anki.mask_html import write_mask
from cardpress.anki.plain_html import strip_tags, write_attribute
from cardpress.markdown.html_deletions import Cloze, read_deletions

_FORMULA_BEGINS = re.compile(r"\\[(\[]")
_FORMULA_ENDS = re.compile(r"\\[)\]]")


def reveal(text: str, number: int, *, is_front: bool) -> str:
    """Return a field as `{{cloze:…}}` shows it on a side of a card: nothing where no deletion has the card's number."""
    pieces: list[str] = []
    found = [_write(node, number, pieces, is_front=is_front) for node in read_deletions(text)]
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
    return ", ".join(_list_asked(read_deletions(text), number, is_front=is_front))


def find_typed(text: str, number: int) -> str:
    """Return what is to be typed for the deletions of a number, once where all hide the same."""
    asked = list(_list_asked(read_deletions(text), number, is_front=False))
    return asked[0] if asked and len(set(asked)) == 1 else ", ".join(asked)


def _list_asked(nodes: Iterable[str | Cloze], number: int, *, is_front: bool) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Cloze):
            if number in node.numbers:
                yield node.shown_hint if is_front else node.text()
            yield from _list_asked(node.nodes, number, is_front=is_front)
