"""Document → HTML. Nothing can get into it but the elements and attributes that are written here.

`HtmlWriter` writes what CommonMark's own examples show. An output that needs something else is a subclass that changes
one of its steps.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never, cast

from cardpress.markdown.tree import (
    Block,
    Cell,
    Code,
    CodeBlock,
    CodeSpan,
    Deletion,
    Document,
    Formula,
    Heading,
    Inline,
    Item,
    LineBreak,
    Link,
    List,
    Paragraph,
    Picture,
    Quote,
    RawTag,
    Row,
    Ruby,
    Sound,
    Styled,
    Table,
    Text,
    ThematicBreak,
    is_block,
)

# Control characters, except for tabs and line ends.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Characters that cannot stand in an address (RFC 3986, 2). `%` begins what is escaped already. Brackets are for hosts.
_NOT_IN_ADDRESS = re.compile(r"[^A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]")
_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\[[0-9A-Fa-f:.]*\]")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Addresses that run or carry something. White space and control characters hide nothing: browsers drop them.
_ACTIVE = re.compile(r"[\x00-\x20]*(?:javascript|vbscript|data|file|blob|filesystem)[\x00-\x20]*:", re.IGNORECASE)
# The boxes before a task of a list.
DONE, OPEN = "\N{BALLOT BOX WITH CHECK}", "\N{BALLOT BOX}"


def to_html(document: Document) -> str:
    """Return a document as HTML, as CommonMark's examples have it."""
    return HtmlWriter().document(document)


def escape(text: str) -> str:
    """Return a text for HTML, between tags."""
    text = CONTROL.sub("", text.replace("\r", "\n")) if not text.isprintable() else text
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\u00a0", "&nbsp;") if not text.isascii() else text


def escape_attribute(text: str) -> str:
    """Return a text for an HTML attribute in double quotes."""
    return escape(text).replace('"', "&quot;")


def encode_address(address: str) -> str:
    """Return an address with `%` codes for the characters that it cannot have (in UTF-8), and none of them twice."""
    host = _HOST.match(address)
    kept = host[0] if host else ""
    rest = address[len(kept) :]
    encoded = _NOT_IN_ADDRESS.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), rest)
    return kept + _LONE_PERCENT.sub("%25", encoded)


def is_active(address: str) -> bool:
    """Return whether an address would run or carry something instead of leading to a page."""
    return _ACTIVE.match(address) is not None


def put_box(item: Item) -> Item:
    """Return an entry of a list with the box of its task before its text, if it is a task."""
    if item.is_done is None:
        return item
    box = Text(f"{DONE if item.is_done else OPEN} ")
    match item.children:
        case (Paragraph() as first, *others):
            return replace(item, children=(replace(first, children=(box, *first.children)), *others), is_done=None)
        case _:
            alone = Paragraph((box,), item.place, is_tight=True)
            return replace(item, children=(alone, *item.children), is_done=None)


class HtmlWriter:
    """Writes documents as HTML."""

    def document(self, document: Document) -> str:
        """Return all of a document."""
        return self.blocks(document.blocks)

    def line(self, document: Document) -> str:
        """Return a document for use inside a line: a single paragraph without its element, anything else as it is."""
        return self.document(document) if document.line is None else self.inline(document.line)

    def keeps(self, html: str) -> bool:
        """Return whether this writer has this HTML, too, for a simple tree of which a writer of cards made it."""
        return False

    # --- what outputs change

    def text(self, text: str) -> str:
        """Return a text between tags."""
        return escape(text)

    def attribute(self, text: str) -> str:
        """Return a text in an attribute."""
        return escape_attribute(text)

    def address(self, address: str) -> str:
        """Return the value of `href`, in the form that an attribute has."""
        return self.attribute(encode_address(address))

    def picture_address(self, name: str) -> str:
        """Return the value of `src`, in the form that an attribute has."""
        return self.address(name)

    def code(self, block: CodeBlock) -> str:
        """Return what stands in the `<code>` of a block."""
        code = self.code_content(block.content)
        return code + "\n" if code else ""

    def opening(self, deletion: Deletion) -> str:
        """Return what begins a cloze deletion."""
        hint = f' data-hint="{self.attribute(deletion.hint)}"' if deletion.hint else ""
        return f'<mark class="cloze" data-cloze="{deletion.number}"{hint}>'

    def closing(self, deletion: Deletion) -> str:
        """Return what ends a cloze deletion."""
        return "</mark>"

    def code_class(self, language: str) -> str:
        """Return the class of code in a language, as an attribute."""
        return f' class="language-{self.attribute(language)}"' if language else ""

    def alignment(self, cell: Cell) -> str:
        """Return the attribute that aligns a cell of a table."""
        return f' style="text-align:{cell.alignment}"' if cell.alignment else ""

    link_attributes = ""

    # --- blocks

    def blocks(self, blocks: Sequence[Block]) -> str:
        """Return blocks, each on lines of its own."""
        return "\n".join(map(self.block, blocks))

    def block(self, block: Block) -> str:  # noqa: PLR0911 - one for each kind of block
        """Return a block."""
        match block:
            case Paragraph(children, _, is_tight):
                return self.inline(children) if is_tight else f"<p>{self.inline(children)}</p>"
            case Heading(level, children):
                return f"<h{level}>{self.inline(children)}</h{level}>"
            case CodeBlock(language):
                return f"<pre><code{self.code_class(language)}>{self.code(block)}</code></pre>"
            case Quote(children):
                return (
                    f"<blockquote>\n{self.blocks(children)}\n</blockquote>"
                    if children
                    else "<blockquote>\n</blockquote>"
                )
            case List():
                return self.list(block)
            case Table():
                return self.table(block)
            case ThematicBreak():
                return "<hr>"
            case Deletion():
                return self.deletion(block)
            case _:
                assert_never(block)

    def list(self, block: List) -> str:
        """Return a list."""
        name = "ul" if block.first is None else "ol"
        start = f' start="{block.first}"' if block.first not in (None, 1) else ""
        return f"<{name}{start}>\n{''.join(map(self.item, block.items))}</{name}>"

    def item(self, item: Item) -> str:
        """Return an entry of a list. A tight one begins on the line of its tag."""
        item = put_box(item)
        if not item.children:
            return "<li></li>\n"
        first = item.children[0]
        is_tight = all(child.is_tight for child in item.children if isinstance(child, Paragraph))
        starts_tight = is_tight and isinstance(first, Paragraph)
        pieces = [self.block(child) for child in item.children]
        content = "\n".join(pieces)
        if starts_tight and len(pieces) > 1 and isinstance(item.children[1], List):
            content = pieces[0] + "\n".join(pieces[1:])
        ends_tight = is_tight and isinstance(item.children[-1], Paragraph)
        return f"<li>{'' if starts_tight else chr(10)}{content}{'' if ends_tight else chr(10)}</li>\n"

    def table(self, table: Table) -> str:
        """Return a table."""
        head = f"<thead>\n{''.join(self.row(row, 'th') for row in table.head)}</thead>\n" if table.head else ""
        body = f"<tbody>\n{''.join(self.row(row, 'td') for row in table.body)}</tbody>\n" if table.body else ""
        return f"<table>\n{head}{body}</table>"

    def row(self, row: Row, name: str) -> str:
        """Return a row of cells, each an element of this name."""
        cells = "".join(f"<{name}{self.alignment(cell)}>{self.inline(cell.children)}</{name}>\n" for cell in row.cells)
        return f"<tr>\n{cells}</tr>\n"

    # --- inside a line

    def inline(self, nodes: Sequence[Inline]) -> str:
        """Return what stands in a line."""
        written = ""
        for node in nodes:
            written += self.deletion(node, written) if isinstance(node, Deletion) else self.node(node)
        return written

    def node(self, node: Inline) -> str:  # noqa: PLR0911 - one for each kind of node
        """Return a node of a line."""
        match node:
            case Text(value):
                return self.text(value)
            case CodeSpan(content):
                return self.code_span(content)
            case Styled(style, children):
                return f"<{style}>{self.inline(children)}</{style}>"
            case Link():
                return self.link(node)
            case Picture():
                return self.picture(node)
            case Sound():
                return self.sound(node)
            case Ruby():
                return self.ruby(node)
            case Formula():
                return self.formula(node)
            case LineBreak():
                return "<br>"
            case RawTag(source=source):
                return self.text(source)
            case Deletion():
                return self.deletion(node)
            case _:
                assert_never(node)

    def code_span(self, content: Sequence[Code]) -> str:
        """Return code in a line. Its line ends are spaces."""
        return f"<code>{self.code_content(content)}</code>".replace("\n", " ")

    def link(self, link: Link) -> str:
        """Return a link. One that would act on a click leads nowhere."""
        title = f' title="{self.attribute(link.title)}"' if link.title else ""
        href = "" if link.is_broken or is_active(link.address) else f' href="{self.address(link.address)}"'
        return f"<a{href}{title}{self.link_attributes}>{self.inline(link.children)}</a>"

    def picture(self, picture: Picture) -> str:
        """Return a picture."""
        title = f' title="{self.attribute(picture.title)}"' if picture.title else ""
        src = "" if is_active(picture.name) else f' src="{self.picture_address(picture.name)}"'
        return f'<img alt="{self.attribute(picture.description)}"{src}{title}>'

    def sound(self, sound: Sound) -> str:
        """Return a player of a sound."""
        src = "" if is_active(sound.name) else f' src="{self.picture_address(sound.name)}"'
        return f'<audio controls="" aria-label="{self.attribute(sound.description)}"{src}></audio>'

    def ruby(self, ruby: Ruby) -> str:
        """Return characters with their reading, which browsers without ruby show in parentheses."""
        return f"<ruby>{self.text(ruby.base)}<rp>(</rp><rt>{self.text(ruby.reading)}</rt><rp>)</rp></ruby>"

    def formula(self, formula: Formula) -> str:
        """Return a formula: its LaTeX."""
        return self.text(formula.signed)

    def code_content(self, content: Sequence[Code]) -> str:
        """Return code without colors."""
        return self.inline(content)

    def deletion(self, deletion: Deletion, before: str = "") -> str:
        """Return a cloze deletion and what it holds. `before` is what was written before it in its line."""
        return f"{self.opening(deletion)}{self.inside(deletion)}{self.closing(deletion)}"

    def inside(self, deletion: Deletion) -> str:
        """Return what a cloze deletion holds."""
        if is_block(deletion):
            return self.blocks(cast(Sequence[Block], deletion.children))
        return self.inline(cast(Sequence[Inline], deletion.children))
