"""Estimates how high and how wide nodes of the print data are, in ems of their font."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, groupby, zip_longest
from typing import Any

JsonObject = dict[str, Any]
Node = JsonObject | str

# The height of a line, and the space below a paragraph.
LINE = 1.24
_AFTER = 0.25
# How far a list's text, and a quotation's, is moved to the right.
INDENT = 1.1
# The space between two cells of a table, and above and below a row.
GUTTER = 0.6
_ROW = 0.5
# Code: its size, the height of its lines, the width of its characters, and the space around it, above and at the sides.
CODE_SIZE = 0.86
CODE_ADVANCE = 0.6
_CODE_IN_LINE = 0.88
# Characters that code's font has are below this; others are those of another font.
_FIRST_WIDE = 0x2500
_CODE_LINE = 1.1
CODE_AROUND = (1.9, 1.1)
# The greatest height of a picture, as `flashcards.typ` has it, and the space around it.
_PICTURE = 8.5
# What stands for a picture where a text's characters are counted.
PICTURE = "\ufffc"
# What stands for the sign of a sound in words.
SOUND = "♪ "
# The height of a reading above its characters.
_READING = 0.6
# What stands, several times, for a formula, since no line ends in it.
ROOM = "\u2007"
# The width that a picture in a table's cell gets at least.
_LEAST_PICTURE = 4.0
# Characters of a formula in a table's cell.
_WIDEST_FORMULA = 18
# A long word has these where it may break.
BREAK = "\u200b"
# Between two things it keeps them in one line, and shows nothing.
JOINER = "\u2060"
# How many times wider bold type is.
BOLD = 1.06
# How many times wider a word may be than its characters' estimated widths: ordinary words of wide letters are.
_WIDER = 1.05

_BLOCKS = frozenset(
    "equation p line lead pre ul ol ticks li hr blockquote indent soft rows table h1 h2 h3 h4 h5 h6".split()
)


def is_block(node: Node) -> bool:
    """Return whether a node stands by itself, and not in a line."""
    return not isinstance(node, str) and node["t"] in _BLOCKS


def list_blocks(nodes: Iterable[Node]) -> list[JsonObject]:
    """Return nodes as blocks: what stands in a line is put into paragraphs, of the name `line`."""
    blocks: list[JsonObject] = []
    for of_blocks, group in groupby(nodes, is_block):
        found = list(group)
        blocks += [each for each in found if not isinstance(each, str)] if of_blocks else [{"t": "line", "c": found}]
    return blocks


def flatten(nodes: Iterable[Node]) -> str:
    """Return the characters of a line of nodes: a line break is a line's end, a picture is `PICTURE`.

    Of characters and their reading it is what is wider.
    """
    return "".join(node if isinstance(node, str) else _flatten(node) for node in nodes)


def _flatten(node: JsonObject) -> str:
    match node["t"]:
        case "br":
            return "\n"
        case "img" | "masked":
            return PICTURE
        case "sound":
            return SOUND + flatten(node["c"])
        case "ruby":
            base, reading = map(str, node["c"])
            return base if sum(advances(base)) >= sum(advances(reading)) / 2 else reading[::2]
        case "formula" | "equation":
            room: str = node["room"]
            return room
        case _:
            return flatten(node.get("c", ()))


def count_lines(text: str, width: float) -> float:
    """Return the height of a text in lines of a width, those that a picture takes included."""
    pictures = text.count(PICTURE)
    lines = 1 + text.count("\n") + sum(_count_more_lines(part, width) for part in _ENDS.split(text))
    return lines + pictures * _PICTURE / LINE


def _count_more_lines(text: str, width: float) -> int:
    """Return how many lines a text takes beyond its first."""
    ends = _list_ends(text)
    lines, begins, first = 0, 0.0, 0
    while (index := bisect_right(ends, begins + width, first)) < len(ends):
        # This character begins a line, even if it is wider than one.
        lines, begins, first = lines + 1, ends[index - 1] if index else 0.0, index + 1
    return lines


# A text is tried in many widths.
@lru_cache(maxsize=2000)
def _list_ends(text: str) -> array[float]:
    """Return where each character of a line ends, in ems."""
    return array("d", accumulate(advances(text)))


_ENDS = re.compile(f"[\n{PICTURE}]")


def height_of(nodes: Iterable[Node], width: float) -> float:
    """Return the height of nodes, one below the other."""
    return sum(_height(block, width) for block in list_blocks(nodes))


def _height(block: JsonObject, width: float) -> float:  # noqa: PLR0911 - one for each kind of block
    width = max(width, 4.0)
    match block["t"]:
        case "pre":
            size = float(block.get("em", CODE_SIZE))
            inside = max(1, int((width - CODE_AROUND[1]) / (CODE_ADVANCE * size)))
            lengths = (len(text_of_line(line)) for line in block["lines"])
            return sum(max(1, -(-length // inside)) for length in lengths) * _CODE_LINE * size + CODE_AROUND[0]
        case "lead":
            size = float(block["size"])
            return count_lines(flatten(block["c"]), width / size / BOLD) * LINE * size + 2 * _AFTER
        case "soft":
            return height_of(block["c"], width)
        case "ul" | "ol" | "ticks":
            return sum(height_of(_children(item), width - INDENT) for item in block["c"])
        case "li" | "rows":
            return height_of(_children(block), width)
        case "blockquote" | "indent":
            return height_of(block["c"], width - INDENT) + _AFTER
        case "table":
            return sum(_row_height(row, width) for part in block["c"] for row in part["c"])
        case "equation":
            return float(block["lines"]) * LINE + 2 * _AFTER
        case "hr":
            return 1.0
        case _:
            line = LINE + _READING if any(map(_has_reading, block["c"])) else LINE
            return count_lines(flatten(block["c"]), width) * line + _AFTER


def _has_reading(node: Node) -> bool:
    return not isinstance(node, str) and (node["t"] == "ruby" or any(map(_has_reading, node.get("c", ()))))


def _children(node: Node) -> Sequence[Node]:
    return [node] if isinstance(node, str) else node.get("c", ())


def _row_height(row: JsonObject, width: float) -> float:
    cells = row["c"]
    inside = width / max(1, len(cells)) - GUTTER
    return max((height_of(cell["c"], inside) for cell in cells), default=LINE) + _ROW


def list_least_widths(table: JsonObject) -> list[float]:
    """Return the width that each column of a table needs so that no word leaves its cell."""
    rows = [[(part["t"] == "thead", cell) for cell in row["c"]] for part in table["c"] for row in part["c"]]
    columns = zip_longest(*rows)
    return [max(_widest_word(*cell) for cell in column if cell) + GUTTER for column in columns]


def least_width(nodes: Iterable[Node]) -> float:
    """Return the width that the tables of these nodes need, 0 if there are none."""
    return max((_least_width(node) for node in nodes if not isinstance(node, str)), default=0.0)


def _least_width(node: JsonObject) -> float:
    if node["t"] == "table":
        return sum(node["least"])
    inside = least_width(node.get("c", ()))
    return inside + INDENT if inside and node["t"] in ("li", "blockquote", "indent") else inside


def _widest_word(is_bold: bool, cell: JsonObject) -> float:
    return widest_word(cell["c"], is_bold=is_bold)


def widest_word(nodes: Iterable[Node], *, is_bold: bool = False) -> float:
    """Return the width of the widest word of a line of nodes: what no line ends in."""
    widest = used = 0.0
    for character, width in _list_widths(nodes, is_bold, is_code=False):
        if character != ROOM and (character.isspace() or character == BREAK):
            used = 0.0
        elif character == PICTURE or unicodedata.east_asian_width(character[0]) in "WF":  # a line may end on both sides
            used, widest = 0.0, max(widest, width)
        else:
            used += width
            widest = max(widest, used)
    return widest * _WIDER


def _list_widths(nodes: Iterable[Node], is_bold: bool, is_code: bool) -> Iterator[tuple[str, float]]:
    """Yield each character of a line with its width, and characters below a reading together."""
    for node in nodes:
        if isinstance(node, str):
            for character in node:
                yield (
                    (character, advance_in_code(character))
                    if is_code
                    else (character, advance(character) * (BOLD if is_bold else 1.0))
                )
        elif node["t"] in ("img", "masked"):
            yield PICTURE, _LEAST_PICTURE
        elif "formula" in node:  # a wide one is made smaller
            yield from ((ROOM, advance(ROOM)) for _ in range(min(len(node["room"]), _WIDEST_FORMULA)))
            yield "\n", 0.0
        elif node["t"] == "br":
            yield "\n", 0.0
        elif node["t"] == "ruby":
            base, reading = node["c"]
            yield base, max(sum(advances(base)), sum(advances(reading)) / 2)
        else:
            yield from _list_widths(node.get("c", ()), is_bold or node["t"] == "strong", is_code or node["t"] == "code")


def text_of_line(line: Sequence[str | list[Any]]) -> str:
    """Return a line of code as text."""
    return "".join(piece if isinstance(piece, str) else piece[1] for piece in line)


def advance_in_code(character: str) -> float:
    """Return the width of a character of code in a line, in ems of the text around it."""
    if character == BREAK:
        return 0.0
    return CODE_ADVANCE * _CODE_IN_LINE if ord(character) < _FIRST_WIDE else advance(character)


class _Advances(dict[str, float]):
    """Estimated widths of characters, which are the same few over and over."""

    def __missing__(self, character: str) -> float:
        self[character] = width = _estimate(character)
        return width


_ADVANCES = _Advances()
# Returns the estimated width of a character, in ems of the font Inter.
advance = _ADVANCES.__getitem__


def advances(text: str) -> Iterator[float]:
    """Yield the estimated width of each character, in ems of the font Inter."""
    return map(_ADVANCES.__getitem__, text)


def _estimate(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character == JOINER:
        return 0.0
    if character in " .,:;'!|ijl()[]":
        return 0.3
    if character in "MWmw@%—□":
        return 1.0
    return 0.7 if character.isupper() else 0.58
