"""Markdown as GitHub shows it, with HTML among it → its blocks, as elements of HTML that run and load nothing.

The grammar is ours, with HTML let in, so that its bounds hold here, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cardpress.anki.original import OriginalError
from cardpress.markdown.grammar import make_parser
from cardpress.markdown.html_elements import Element, read_elements
from cardpress.markdown.lookalikes import FRONT_MATTER, is_dollar_math
from cardpress.markdown.safe_html import sanitize
from cardpress.markdown.tree import DEEPEST

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(
    f"blockquote center dd details div dl dt {' '.join(HEADINGS)} hr li ol p pre section summary table tbody td "
    "tfoot th thead tr ul".split()
)
# Elements around blocks that say nothing of them.
_AROUND = frozenset("div section center p b strong i em font span big small a dl dd dt".split())
# What stands for the box of a task among texts: characters that no text has.
OPEN, DONE = "\ue0f0", "\ue0f1"
_MARKS = re.compile(f"[{OPEN}{DONE}]")
_BOX = re.compile(r"<input\b[^<>]*\btype=\"checkbox\"[^<>]*>\s?")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_CODE = re.compile(r"`[^`\n]+`")
_DOLLARS = re.compile(r"\$\$[^$]{1,1000}\$\$|(?<![\w$\\])\$(?![\s$])[^$\n]{1,300}(?<![\s\\])\$(?![\w$])")
# Characters of one file, and of what stands between two empty lines.
MAX_CHARACTERS = 4_000_000
_LONGEST_BLOCK = 200_000
_PICTURE = re.compile(r"<img\b[^<>]*+>", re.IGNORECASE)
_SOURCE = re.compile(r"""\bsrc\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'<>]++)""", re.IGNORECASE)
# What begins a comment or another construct of HTML, and what ends it. Each is looked for up to the end of its block.
_BEGINS = (("<!--", "-->"), ("<?", "?>"), ("<!", ">"))
_MOST_OPEN = 20


def read_page(text: str) -> tuple[Element, ...]:
    """Return the blocks of a Markdown text, each as an element. Raises OriginalError for what is too long to be one."""
    check_size(text)
    text = FRONT_MATTER.sub("", text, count=1)
    parser = _make_parser(with_dollars=_has_dollar_math(text))
    html = parser.render(_close(_MARKS.sub("", text)), {"findings": []})
    html = _BOX.sub(lambda found: DONE if "checked" in found[0] else OPEN, html)
    return tuple(flatten(read_fragment(html)))


def check_size(text: str) -> None:
    """Raise OriginalError for a text that is too long to be one of questions."""
    if len(text) > MAX_CHARACTERS:
        raise OriginalError(f"a Markdown file of {len(text):,} characters; {MAX_CHARACTERS:,} are allowed")
    if any(len(block) > _LONGEST_BLOCK for block in re.split(r"\n[ \t]*\n", text)):
        raise OriginalError(f"no Markdown: more than {_LONGEST_BLOCK:,} characters without an empty line")


def list_lines(text: str) -> Iterator[tuple[str, bool]]:
    """Yield lines, and whether each stands in a block of code."""
    fence = ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if fence:
            yield line, True
            if found and found[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        else:
            fence = found[1] if found else ""
            yield line, bool(found)


def read_fragment(html: str) -> list[Element | str]:
    """Return what HTML consists of, without what runs or loads anything.

    Pictures may be named as Windows names files, `img\\a.png`.
    """
    html = _PICTURE.sub(lambda picture: _SOURCE.sub(_turn_slashes, picture[0]), html)
    return read_elements(sanitize(html), blocks=_BLOCKS, deepest=DEEPEST - 1)


def _turn_slashes(source: re.Match[str]) -> str:
    return re.sub(r"\\|%5C", "/", source[0], flags=re.IGNORECASE)


def write_elements(children: Sequence[Element | str]) -> str:
    """Return elements as HTML."""
    return "".join(_write(children))


def _write(children: Sequence[Element | str]) -> Iterator[str]:
    for child in children:
        if isinstance(child, str):
            yield escape(child, quote=False)
            continue
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in child.attributes.items())
        yield f"<{child.tag}{attributes}>"
        if child.tag not in ("br", "hr", "img", "wbr"):
            yield from _write(child.children)
            yield f"</{child.tag}>"


def _close(text: str) -> str:
    """Return a text in which nothing of HTML that is never closed is looked for again and again."""

    def close(block: str) -> str:
        for begin, end in _BEGINS:
            last = block.rfind(end) + 1
            if block.count(begin, last) > _MOST_OPEN:
                block = block[:last] + block[last:].replace(begin, f"&lt;{begin[1:]}")
        return block

    return "".join(map(close, re.split(r"(\n[ \t]*\n)", text)))


def _has_dollar_math(text: str) -> bool:
    """Return whether a text has formulas between dollars, as GitHub sets them. What stands in code is none."""
    if "$" not in text:
        return False
    prose = "\n".join("" if is_code else line for line, is_code in list_lines(text))
    return any(is_dollar_math(found[0]) for found in _DOLLARS.finditer(_CODE.sub("", prose)))


def _make_parser(*, with_dollars: bool) -> MarkdownIt:
    # A parser of our own: the one that texts are read with is kept, and stays as it is.
    parser = make_parser.__wrapped__(with_deletions=False, with_dollars=with_dollars)
    parser.options["html"] = True
    parser.enable(["html_inline", "html_block"])
    parser.inline.ruler.disable("tag")
    for name, rule in (("formula", _write_formula), ("ruby", _write_ruby)):
        parser.add_render_rule(name, rule)
    return parser


def _write_formula(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    token = tokens[index]
    sign, end = ("\\[", "\\]") if token.markup in ("\\[", "$$") else ("\\(", "\\)")
    return escape(f"{sign}{token.content}{end}", quote=False)


def _write_ruby(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    base, reading = tokens[index].meta["ruby"]
    return f"<ruby>{escape(base)}<rt>{escape(reading)}</rt></ruby>"


def flatten(children: Sequence[Element | str]) -> Iterator[Element]:
    """Yield blocks one behind the other: what only stands around blocks is none, and a line is a paragraph."""
    line: list[Element | str] = []
    for child in children:
        if not isinstance(child, Element) or not child.has_blocks:
            line.append(child)
            continue
        yield from _make_paragraph(line)
        line = []
        if child.tag in _AROUND:
            if child.tag == "p" and not any(isinstance(each, Element) and each.has_blocks for each in child.children):
                yield from _make_paragraph(child.children)
            else:
                yield from flatten(child.children)
        elif child.tag in ("ol", "ul") and _is_of_questions(child):
            for item in child.children:
                if isinstance(item, Element):
                    yield from _lower(list(flatten(item.children)))
        else:
            yield child
    yield from _make_paragraph(line)


def _lower(blocks: Sequence[Element]) -> Iterator[Element]:
    """Yield the blocks of an entry that begins with a heading, in which all further headings are below that."""
    level = int(blocks[0].tag[1]) if blocks and blocks[0].tag in HEADINGS else 0
    for index, block in enumerate(blocks):
        if index and level and block.tag in HEADINGS[:level]:
            yield replace(block, tag=f"h{min(6, level + 1)}") if level < 6 else replace(block, tag="p")
        else:
            yield block


def _make_paragraph(children: Sequence[Element | str]) -> Iterator[Element]:
    """Yield a paragraph, unless nothing stands in it."""
    if any(each.strip() if isinstance(each, str) else each.tag != "br" for each in children):
        yield Element("p", {}, list(children), has_blocks=True)


def _is_of_questions(element: Element) -> bool:
    """Return whether a list is one of questions: its entries begin with a heading, or can be unfolded."""
    items = [each for each in element.children if isinstance(each, Element)]
    first = [next((part for part in each.children if isinstance(part, Element)), None) for each in items]
    found = sum(each is not None and each.tag in (*HEADINGS, "details") for each in first)
    return found > 0 and found * 2 >= len(items)


def text_of(children: Sequence[Element | str]) -> str:
    """Return the words in elements."""
    return " ".join("".join(_texts(children)).split())


def _texts(children: Sequence[Element | str]) -> Iterator[str]:
    for child in children:
        if isinstance(child, str):
            yield child
        elif child.tag == "br":
            yield " "
        else:
            yield from _texts(child.children)
            if child.has_blocks:
                yield " "


def walk(children: Sequence[Element | str]) -> Iterator[Element]:
    """Yield elements and all that stand in them."""
    for child in children:
        if isinstance(child, Element):
            yield child
            yield from walk(child.children)


def without(element: Element, child: Element) -> Element:
    """Return an element without one of its children."""
    return replace(element, children=[each for each in element.children if each is not child])
