"""Where words may break: not at all when a line has room for them, and else behind a sign, such as a slash.

Typst itself ends lines behind slashes and hyphens. What must stay whole is a node of its own, `keep`, which it sets in
a box; a word for which a line has no room has zero-width spaces at the good places, and where these are too far apart,
in between.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from cardpress.writers.pdf.heights import BREAK, INDENT, JsonObject, advance, advance_in_code

# Ems. A wider word may break: a card's line has room for no more, nor have half a line of the booklet and a column of
# the other sheets.
LONGEST_WORD = 22.0
# Characters of code, which cards set so small that their lines have room for these.
LONGEST_CODE = 52
# Ems. A row of a table is made for cards, too: its cells share so much.
_ROW = 24.0
_WORD = re.compile(r"[^\s\u200b]+")
# No line begins with these.
_CLOSING = frozenset("。、，．！？：；）」』】》〉…,.;:!?)]}»”’")
# Behind a sign, before what is no sign; and where a small letter meets a capital.
_GOOD = re.compile(r"(?<=[/\\._\-?&=,:;@|+~%(\[{)\]}>])(?=[^\W_])|(?<=[a-z0-9])(?=[A-Z][a-z])")
# Behind these Typst would end a line, in prose and in code.
_LOOSE = re.compile(r"(?<=\w)/(?=\w)|^/(?=\w)|(?<=\w)/(?=\{)")
_LOOSE_IN_CODE = re.compile(r"[-/?!|}\u2010-\u2014](?=\S)")
# The least number of characters of a word that is too long, as a character is at most an em wide.
_FEWEST = 8

_NARROW = 5.0

Advance = Callable[[str], float]


def limit_words(cells: int) -> float:
    """Return the width in ems above which a word may break, in a table's row with so many cells."""
    return LONGEST_WORD if cells < 2 else max(0.5, _ROW / cells)


def list_breaks(word: str, longest: float, width_of: Advance = advance) -> list[int]:
    """Return behind how many characters a word may break, none when it is not wider than `longest`."""
    if sum(map(width_of, word)) <= longest:
        return []
    # In a very narrow cell each line counts.
    found = _GOOD.finditer(word) if longest >= _NARROW else ()
    good = [each.start() for each in found if 1 < each.start() < len(word) - 1]
    places: list[int] = []
    for start, end in pairwise([0, *good, len(word)]):
        used = 0.0
        for index in range(start, end):
            wide = width_of(word[index])
            if used + wide > longest and index > start and (word[index] not in _CLOSING or used > longest + 1):
                places.append(index)
                used = 0.0
            used += wide
        places.append(end)
    return places[:-1]


def break_word(word: str, longest: float, width_of: Advance = advance) -> str:
    """Return a word with zero-width spaces where it may break."""
    places = list_breaks(word, longest, width_of)
    return BREAK.join(word[one:other] for one, other in pairwise([0, *places, len(word)])) if places else word


def break_words(text: str, longest: float, width_of: Advance = advance) -> str:
    """Return a text whose words may break where they are wider than `longest`."""
    return _WORD.sub(lambda found: break_word(found[0], longest, width_of), text)


def make_words(text: str, longest: float, *, is_code: bool) -> Iterator[JsonObject | str]:
    """Yield a text as nodes, in which words stay whole where Typst would end a line in them, or may break."""
    loose = _LOOSE_IN_CODE if is_code else _LOOSE
    is_short = len(text) < min(_FEWEST, longest) or (text.isascii() and not _find_longer(longest).search(text))
    if is_short and not loose.search(text):
        yield text
        return
    made = ""
    end = 0
    for found in _WORD.finditer(text):
        word = found[0]
        broken = (
            break_word(word, longest, advance_in_code if is_code else advance)
            if len(word) >= min(_FEWEST, longest)
            else word
        )
        if broken == word and loose.search(word):
            if before := made + text[end : found.start()]:
                yield before
            yield {"t": "keep", "c": [word]}
            made = ""
        else:
            made += text[end : found.start()] + broken
        end = found.end()
    if rest := made + text[end:]:
        yield rest


@cache
def _find_longer(longest: float) -> re.Pattern[str]:
    """Return what finds a word with more characters, of ASCII, than such as are not wider than an em can have."""
    return re.compile(rf"[^\s\u200b]{{{int(longest) + 1}}}")


def mend_words(value: Any, room: float) -> Any:
    """Return nodes in which no word may break that a line of `room` ems has room for; tables stay as they are."""
    if isinstance(value, list):
        return [mend_words(each, room) for each in value]
    if isinstance(value, str):
        return _MENDABLE.sub(lambda found: _mend(found[0], room), value) if BREAK in value else value
    if isinstance(value, dict) and value.get("t") not in ("table", "pre"):
        inside = room - INDENT if value.get("t") in ("li", "blockquote", "indent") else room
        return {key: mend_words(each, inside) if key != "recall" else each for key, each in value.items()}
    return value


_MENDABLE = re.compile(rf"[^\s{BREAK}]+(?:{BREAK}[^\s{BREAK}]+)+")


def _mend(word: str, room: float) -> str:
    whole = word.replace(BREAK, "")
    return whole if sum(map(advance, whole)) <= room else word
