"""Prose → its tree, without the grammar: paragraphs and lists of words, code in a line, emphasis, and fenced code.

Most texts of a deck are nothing else, and the grammar takes many times as long for them. What is read here is what the
grammar would make, to the last place (`tests/unit/test_prose.py`). Whatever could be more is left to it: each sign that
begins anything else, a second space, a line that does not begin with a word.
"""

from __future__ import annotations

import re

from cardpress.markdown.formulas import may_hold_formulas
from cardpress.markdown.tree import (
    Block,
    CodeBlock,
    CodeSpan,
    Document,
    Inline,
    Item,
    List,
    Paragraph,
    Place,
    Styled,
    Text,
)

# Letters and digits beside which stars are what they seem: wide characters have a rule of their own.
_LETTER = "A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
# Code between single backticks, and words between stars that can only open there, and only close here. Each begins with
# its sign, so that the search for it passes over all other characters at once.
_SPAN = re.compile(
    r"`(?<!``)([^`\\$\x00-\x1f\x7f-\x9f\ufdd0-\ufdd2]++)`(?!`)"
    rf"|\*(?<![^ \n(\"]\*)(\*?)([{_LETTER}](?:[{_LETTER} ,.;?!'()/-]*[{_LETTER}])?(?:[.?!](?=\*\2(?:[ \n]|\Z)))?)"
    r"\*\2(?![^ \n,.;:?!'\")/-])"
)
# What begins a line that goes on with a paragraph, and is no sign of another block.
_BEGINNING = r"[^\W\d_]|[\"'(\u2018\u201c]|`(?!`)|\*\*?[^\W_]"
_BEGINS = re.compile(_BEGINNING)
# Words and the signs of prose between such spans, where no sign is one of Markdown, of HTML or of another program.
_WORDS = re.compile(
    r"(?>(?:[ ]?[A-Za-z0-9,.;?!'\"()/%@+-]++|[ ](?![ \n])|[^\W_]|[\u2010-\u2015\u2018-\u201e\u2026]"
    rf"|:(?=[ \n]|\Z)|(?<!=)=(?!=)|&(?=[ ])|\n(?={_BEGINNING}|\Z))*)"
)
_WEB = re.compile(r"www\.", re.IGNORECASE)
_BULLET = re.compile("- ")
_NUMBER = re.compile(r"([0-9]{1,9})\. ")
_FENCE = re.compile(r"```([A-Za-z0-9+#-]*)\n((?:(?!```)[^\r\x00\ufdd0-\ufdd2])*)(?<=\n)```(?=\n\n|\n*\Z)")


def read_prose(text: str, *, with_dollars: bool = False) -> Document | None:
    """Return the tree of a text that is prose alone, None of any other."""
    if may_hold_formulas(text, with_dollars=with_dollars) or _WEB.search(text):
        return None
    blocks: list[Block] = []
    end = len(text.rstrip("\n"))
    position = 0
    while position < end:
        stop = text.find("\n\n", position, end)
        stop = end if stop < 0 else stop
        if text.startswith("```", position):
            fence = _FENCE.match(text, position)
            if fence is None:
                return None
            stop = fence.end()
            blocks.append(_read_fence(fence))
        elif not _add_blocks(text, position, stop, blocks):
            return None
        position = stop
        while position < end and text[position] == "\n":
            position += 1
    return Document(tuple(blocks)) if blocks else None


def _read_fence(fence: re.Match[str]) -> CodeBlock:
    content = fence[2][:-1]
    language = Place(*fence.span(1)) if fence[1] else None
    return CodeBlock(fence[1], (Text(content),) if content else (), Place(*fence.span()), language)


def _add_blocks(text: str, start: int, stop: int, blocks: list[Block]) -> bool:
    """Add what stands between empty lines: a paragraph, a list, or both. Return whether it is prose."""
    if number := _NUMBER.match(text, start):
        return _add_list(text, start, stop, blocks, _NUMBER, int(number[1]))
    first = start if text.startswith("- ", start) else text.find("\n- ", start, stop) + 1
    end = first - 1 if first > 0 or text.startswith("- ", start) else stop
    if start < end:
        children = _read_line(text, start, end)
        if children is None:
            return False
        blocks.append(Paragraph(children, Place(start, end)))
    return end == stop or _add_list(text, first, stop, blocks, _BULLET)


def _add_list(
    text: str, start: int, stop: int, blocks: list[Block], mark: re.Pattern[str], number: int | None = None
) -> bool:
    """Add a list of lines that each begin with a mark. Return whether that is all of it."""
    if blocks and isinstance(blocks[-1], List):
        return False  # which may be one list with the other
    items: list[Item] = []
    begin = start
    while begin < stop:
        end = text.find("\n", begin, stop)
        end = stop if end < 0 else end
        found = mark.match(text, begin, end)
        children = _read_line(text, found.end(), end) if found else None
        if children is None:
            return False
        place = Place(begin, end)
        items.append(Item((Paragraph(children, place, is_tight=True),), place))
        begin = end + 1
    blocks.append(List(number, tuple(items), Place(start, stop)))
    return True


def _read_line(text: str, start: int, end: int) -> tuple[Inline, ...] | None:
    """Return what stands in the lines of a paragraph, None when that may be more than prose."""
    if text[end - 1] == " " or not _BEGINS.match(text, start, end):
        return None
    nodes: list[Inline] = []
    position = start
    for found in _SPAN.finditer(text, start, end):
        begin = found.start()
        if position < begin:
            if not _WORDS.fullmatch(text, position, begin):
                return None
            nodes.append(Text(text[position:begin]))
        code, star, words = found.groups()
        position = found.end()
        if code is None:
            nodes.append(Styled("strong" if star else "em", (Text(words),)))
            continue
        if code[0] == code[-1] == " " and code.strip(" "):
            code = code[1:-1]
        nodes.append(CodeSpan((Text(code),), Place(begin, position)))
    if position < end:
        if not _WORDS.fullmatch(text, position, end):
            return None
        nodes.append(Text(text[position:end]))
    return tuple(nodes)
