"""Trees that hold nothing but words, code, emphasis and lists: their HTML is safe because of what it can be made of.

Beside texts, all that a writer has for such a tree are tags: `p`, `ul`, `ol`, `li`, `pre`, `code`, `br` and those of
`_STYLES`, each with its end around what it holds, and in an order in which HTML lets them stand in each other. None has
an attribute but the number of a list's first entry, and the class of a block of code, of letters and digits. A text has
no `<`, `>` or `&` of its own, and no control character. So a browser makes the very elements that were written, and a
sanitizer has nothing to take out, which `tests/unit/test_simple_trees.py` asks one. All other trees are for `guard`.
"""

from __future__ import annotations

from collections.abc import Sequence

from cardpress.markdown.tree import CodeBlock, CodeSpan, Document, LineBreak, List, Node, Paragraph, Styled, Text

_STYLES = frozenset({"em", "strong", "del", "kbd", "mark", "sub", "sup"})


def is_simple(document: Document, *, or_code: bool = False) -> bool:
    """Return whether a tree holds nothing else. With `or_code`, it may have blocks of code that nobody has colored."""
    return all(_is_simple_block(block, or_code=or_code) for block in document.blocks)


def _is_simple_block(block: Node, *, or_code: bool) -> bool:
    if isinstance(block, Paragraph):
        return _is_simple_line(block.children)
    if isinstance(block, List):
        return all(_is_simple_block(each, or_code=or_code) for item in block.items for each in item.children)
    return or_code and isinstance(block, CodeBlock) and not block.pieces and _is_text(block.content)


def _is_simple_line(nodes: Sequence[Node]) -> bool:
    for node in nodes:
        if isinstance(node, Text | LineBreak):
            continue
        if isinstance(node, CodeSpan):
            if not _is_text(node.content):
                return False
        elif not isinstance(node, Styled) or node.style not in _STYLES or not _is_simple_line(node.children):
            return False
    return True


def _is_text(content: Sequence[Node]) -> bool:
    return all(isinstance(each, Text) for each in content)
