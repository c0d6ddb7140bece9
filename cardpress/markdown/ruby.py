"""Ruby: characters with their reading in brackets behind them, as in `漢字[かんじ]`, which Anki's filters read, too.

Chinese characters have readings, so a base has at least one. It is what stands directly before the bracket, without
kana; behind a space, all from there on, as in Anki: `この お茶[おちゃ]`, and that space is not shown. A reading is
kana, pinyin, bopomofo or Hangul, so that a number or a note in brackets stays what it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from cardpress.markdown.tree import Document, Node, Place, Ruby, Text, split_texts

# Chinese characters, with the signs that stand for one.
_HAN = "\u3005-\u3007\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
# No word is longer. The search for a base or for the end of a reading goes no further.
_LONGEST = 40
# No character fits two of its parts, so that each is tried in one alone: letters, among them kana; marks, and the signs
# among kana that are no letters; and what stands behind a letter.
_READING = re.compile(
    rf"\[((?:[^\W\d_]|[\u0300-\u036f\u3099-\u309c\u30a0\u30fb]|(?<=[^\W\d_])[1-5 '’-]){{1,{_LONGEST}}})\]"
)
# Characters of such a deletion with what is before it.
_LONGEST_HELD = 200


# As Anki's own filters read it, in any text: what stands before a bracket, back to a space, and all that is in it.
_NOTATION = re.compile(r"[ \xa0]?([^ \xa0>\[\]\n]+)\[([^\[\]\n]+)\]")


# Patterns of so many characters take milliseconds to make, and most decks have no such text.
@cache
def _find_bare() -> re.Pattern[str]:
    return re.compile(rf"[{_HAN}]{{1,{_LONGEST}}}\Z")


@cache
def _find_marked() -> re.Pattern[str]:
    return re.compile(rf"(?:(?<=[ \n])|\A)(?=[{_KANA}]*[{_HAN}])[{_HAN}{_KANA}]{{1,{_LONGEST}}}\Z")


@cache
def _find_held() -> re.Pattern[str]:
    """Return what finds a deletion that ends in a base whose reading stands behind it.

    Characters before it may belong to the base.
    """
    return re.compile(
        rf"(?P<before>[{_HAN}]{{0,{_LONGEST}}})(?P<sign>\{{\{{c[0-9]{{1,4}}::)"
        rf"(?P<inside>[^{{}}\[\]:]{{0,{_LONGEST}}}[{_HAN}])(?P<hint>::[^{{}}]{{0,80}})?\}}\}}\Z"
    )


class Found(NamedTuple):
    """A base and its reading. `length` is how many characters before the bracket belong to it, with its space."""

    base: str
    reading: str
    length: int
    # Where the bracket ends.
    end: int


def find_ruby(text: str, start: int, end: int, before: str) -> Found | None:
    """Return the ruby whose bracket begins at `start`, None when there is none. `before` is the text before it."""
    reading = _READING.match(text, start, end) if before[-1:] > "\u3000" else None
    if reading is None or text[reading.end() : reading.end() + 1] in ("(", "["):
        return None
    near = before[-_LONGEST - 2 :]
    bare, marked = _find_bare().search(near), _find_marked().search(near)
    if marked and (marked.start() or len(near) == len(before)) and _is_whole(marked, near, reading[1]):
        # Anki's filters take one away, too, whatever stands before it.
        space = near[: marked.start()].endswith(" ")
        return Found(marked[0], reading[1], len(marked[0]) + space, reading.end())
    return Found(bare[0], reading[1], len(bare[0]), reading.end()) if bare else None


def read_notation(document: Document) -> Document:
    """Return the tree of a text with readings as Anki's filters find them, where a card takes these apart."""
    return split_texts(document, _split)


def _split(text: Text) -> tuple[Node, ...]:
    nodes: list[Node] = []
    position = 0
    for found in _NOTATION.finditer(text.value):
        if found.start() > position:
            nodes.append(Text(text.value[position : found.start()]))
        nodes.append(Ruby(found[1], found[2], Place(0, 0)))
        position = found.end()
    return (*nodes, Text(text.value[position:])) if position < len(text.value) else tuple(nodes)


def find_apart(text: str, start: int, end: int) -> tuple[int, str, str] | None:
    """Return where a deletion begins whose base has its reading in the bracket at `start`, behind its end.

    With it, all these words, and what to write in their place. None where there is none.
    """
    reading = _READING.match(text, start, end) if text.endswith("}}", 0, start) else None
    held = _find_held().search(text, max(0, start - _LONGEST_HELD), start) if reading else None
    if reading is None or held is None or text[reading.end() : reading.end() + 1] in ("(", "["):
        return None
    before = held["before"] if _find_bare().fullmatch(held["inside"]) else ""
    first = held.end("before") - len(before)
    meant = f"{held['sign']}{before}{held['inside']}{reading[0]}{held['hint'] or ''}}}}}"
    return first, text[first : reading.end()], meant


def _is_whole(marked: re.Match[str], before: str, reading: str) -> bool:
    """Return whether a base begins where it is marked: by a space, or, at the start, by a reading that has its kana."""
    if before[: marked.start()].endswith(" "):
        return True
    place, least = 0, 0  # where the rest of the reading begins, and how far behind it the next kana are at least
    for part in re.findall(rf"[{_KANA}]+|[{_HAN}]+", marked[0]):
        if not re.match(f"[{_KANA}]", part):
            least = 1
            continue
        found = reading.find(part, place + least)
        if found < 0 or (least == 0 and found > 0):
            return False
        place, least = found + len(part), 0
    return len(reading) > place if least else len(reading) == place or reading.endswith(marked[0][-1])
