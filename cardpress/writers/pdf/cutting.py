"""Cuts a text in two where a printed card ends: between blocks, items, rows or lines of code, or behind a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from cardpress.writers.pdf.heights import (
    INDENT,
    LINE,
    JsonObject,
    Node,
    count_lines,
    flatten,
    height_of,
    list_blocks,
)

# A cut behind a sentence is better than one further on between words, unless it leaves more of the room than this free.
_FREE = 0.35
# Blocks that are cut only when they do not fit a card by themselves.
_WHOLE = frozenset(("pre", "table"))
_SENTENCE = re.compile(r"[.!?…][)\]\"'”’]*\s|[。！？]")
_SPACE = re.compile(r"[^\S\u2007]|\u200b|(?<=[\u2e80-\u9fff])")


def cut(nodes: Sequence[Node], room: float, width: float, share: float | None = None) -> tuple[list[Node], list[Node]]:
    """Return the nodes that fit into `room`, and the rest. What cannot be cut is taken whole, when it comes first.

    `room` is a height, and `width` a width, in ems of the text's font. What goes beyond `share`, a height too, is taken
    only where that saves a block from being cut.
    """
    blocks = list_blocks(nodes)
    taken: list[Node] = []
    left = room
    for index, block in enumerate(blocks):
        high = height_of([block], width)
        if taken and share is not None and room - left >= share:
            return _unwrap(taken), _unwrap(blocks[index:])
        if high <= left:
            taken.append(block)
            left -= high
            continue
        if taken and block["t"] in _WHOLE and high <= room:  # the next card has room for all of it
            return _unwrap(taken), _unwrap(blocks[index:])
        first, rest = _cut_block(block, left if share is None else min(left, share - (room - left)), width)
        if rest and (not taken or _is_worth_it(first, left)):
            return _unwrap([*taken, *first]), _unwrap([*rest, *blocks[index + 1 :]])
        if not taken:  # it cannot be cut
            return _unwrap([block]), _unwrap(blocks[1:])
        return _unwrap(taken), _unwrap(blocks[index:])
    return _unwrap(taken), []


def _is_worth_it(first: Sequence[Node], room: float) -> bool:
    """Return whether a block should begin at a card's end: not with a single line, unless nothing else is there."""
    return bool(first) and room > 2 * LINE


def _unwrap(blocks: Sequence[Node]) -> list[Node]:
    """Return blocks as nodes; lines that were put into paragraphs are paragraphs of their own from now on."""
    return [{**block, "t": "p"} if not isinstance(block, str) and block["t"] == "line" else block for block in blocks]


def _cut_block(  # noqa: PLR0911 - one for each kind of block
    block: JsonObject, room: float, width: float
) -> tuple[list[Node], list[Node]]:
    """Return what of a block fits, and what does not. An empty rest says that it cannot be cut."""
    match block["t"]:
        case "pre":
            return _cut_code(block, room, width)
        case "ul" | "ol" | "ticks":
            return _cut_list(block, room, width)
        case "table":
            return _cut_table(block, room, width)
        case "blockquote" | "indent":
            first, rest = cut(block["c"], room - 0.25, width - INDENT)
            return [{**block, "c": first}], [{**block, "c": rest}] if rest else []
        case "soft":
            first, rest = cut(block["c"], room, width)
            return [{**block, "c": first}], [{**block, "c": rest}] if rest else []
        case "rows":
            return cut(block["c"], room, width)
        case "hr" | "equation":
            return [block], []
        case _:
            return _cut_line(block, room, width)


def _cut_line(block: JsonObject, room: float, width: float) -> tuple[list[Node], list[Node]]:
    text = flatten(block["c"])
    place = _find_cut(text, room, width)
    if place is None:
        return [block], []
    first, rest = split_at(block["c"], place)
    return [{**block, "c": first}], [{**block, "c": rest}]


def _find_cut(text: str, room: float, width: float) -> int | None:
    """Return behind which character a text is cut so that it fits, None when it cannot be."""
    low, high = 0, len(text)
    while low < high:  # the longest start that fits
        middle = (low + high + 1) // 2
        if count_lines(text[:middle], width) * LINE <= max(room, LINE):
            low = middle
        else:
            high = middle - 1
    spaces = [found.end() for found in _SPACE.finditer(text, 0, low + 1) if 0 < found.end() <= low + 1]
    sentences = [found.end() for found in _SENTENCE.finditer(text, 0, low + 1) if found.end() <= low + 1]
    if sentences and sentences[-1] >= low * (1 - _FREE):
        return _inside(sentences[-1], text)
    if spaces:
        return _inside(spaces[-1], text)
    return _inside(low, text)


def _inside(place: int, text: str) -> int | None:
    return place if 0 < place < len(text) and text[place:].strip() else None


def split_at(nodes: Sequence[Node], place: int) -> tuple[list[Node], list[Node]]:
    """Return the first `place` characters of a line of nodes, as `flatten` counts them, and the rest."""
    first: list[Node] = []
    for index, node in enumerate(nodes):
        length = len(flatten([node]))
        if length <= place:
            first.append(node)
            place -= length
        elif place == 0:
            return first, list(nodes[index:])
        elif not isinstance(node, str) and "formula" in node:  # which is whole
            return (first, list(nodes[index:])) if first else ([node], list(nodes[index + 1 :]))
        elif isinstance(node, str):
            return [*first, node[:place]], [node[place:], *nodes[index + 1 :]]
        else:
            one, other = split_at(node.get("c", ()), place)
            return [*first, {**node, "c": one}], [{**node, "c": other}, *nodes[index + 1 :]]
    return first, []


def _cut_code(block: JsonObject, room: float, width: float) -> tuple[list[Node], list[Node]]:
    lines = block["lines"]
    if len(lines) < 2:
        return [block], []
    count = _count_fitting(len(lines) - 1, lambda count: height_of([{**block, "lines": lines[:count]}], width) <= room)
    after = count
    while after < len(lines) - 1 and not lines[after]:  # an empty line parts nothing any more
        after += 1
    return [{**block, "lines": lines[:count]}], [{**block, "lines": lines[after:]}]


def _count_fitting(most: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number from 1 to `most` that fits, 1 when none does. More never fit where fewer do not."""
    low, high = 1, most
    # Few fit a card, however many there are.
    step = 1
    while low + step <= most and fits(low + step):
        low += step
        step *= 2
    high = min(most, low + step - 1)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _cut_list(block: JsonObject, room: float, width: float) -> tuple[list[Node], list[Node]]:
    items = block["c"]
    for index, item in enumerate(items):
        high = height_of([item], width - INDENT)
        if high <= room:
            room -= high
            continue
        inside = item["c"] if not isinstance(item, str) else [item]
        if index and block["t"] == "ticks":  # a point stands whole, unless it is longer than a card
            return [_some(block, items[:index], 0)], [_some(block, items[index:], index)]
        first, rest = cut(inside, room, width - INDENT)
        if not rest or (index and room <= 2 * LINE):
            if not index:
                if len(items) == 1:
                    return [block], []
                index = 1  # noqa: PLW2901 - the first item is taken, though it is too high
            return [_some(block, items[:index], 0)], [_some(block, items[index:], index)]
        # The rest of an item goes on without a mark, since it has had its own.
        more: list[Node] = [{"t": "indent", "c": rest}]
        if index + 1 < len(items):
            more.append(_some(block, items[index + 1 :], index + 1))
        return [_some(block, [*items[:index], {"t": "li", "c": first}], 0)], more
    return [block], []


def _some(block: JsonObject, items: Sequence[Node], before: int) -> JsonObject:
    return {**block, "c": list(items)} | ({"start": block["start"] + before} if "start" in block else {})


def _cut_table(block: JsonObject, room: float, width: float) -> tuple[list[Node], list[Node]]:
    """Return a table's first rows and its others. Both have its head."""
    head = [part for part in block["c"] if part["t"] == "thead"]
    rows = [row for part in block["c"] if part["t"] != "thead" for row in part["c"]]

    def table_of(some: list[Any]) -> JsonObject:
        return {**block, "c": [*head, {"t": "tbody", "c": some}]}

    if len(rows) < 2:
        return [block], []
    count = _count_fitting(len(rows) - 1, lambda count: height_of([table_of(rows[:count])], width) <= room)
    return [table_of(rows[:count])], [table_of(rows[count:])]
