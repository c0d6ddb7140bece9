"""Markdown text → Document: lines of words and prose in the shortest way, all other texts by the grammar.

The grammar is loaded for the first text that needs it: most texts are prose, and trees of others can be known already.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cardpress.markdown.prose import read_prose
from cardpress.markdown.signs import is_words, list_gaps
from cardpress.markdown.tree import Deletion, Document, Inline, Paragraph, Place, Text


def parse(
    text: str, *, with_deletions: bool = False, with_dollars: bool = False, with_breaks: bool = False
) -> Document:
    """Return a Markdown text as a tree. `with_deletions` is for cloze texts, in which `{{c1::…}}` is a deletion.

    `with_dollars` is for texts in which `$…$` and `$$…$$` are formulas, as `\\(…\\)` and `\\[…\\]` are in all.
    `with_breaks` is for texts in which a line end is a line break, as in a cell of a table.

    Any text is read, in time that grows with its length. What its author may not mean, or what no output has, is among
    the document's `problems`.
    """
    if is_words(text):
        return parse_words(text)
    if with_deletions and (gaps := list_gaps(text)):
        return parse_words_with_gaps(text, gaps)
    if not with_deletions and not (with_breaks and "\n" in text):
        prose = read_prose(text, with_dollars=with_dollars)
        if prose is not None:
            return prose
    from cardpress.markdown.parsing import parse_by_grammar

    return parse_by_grammar(text, with_deletions=with_deletions, with_dollars=with_dollars, with_breaks=with_breaks)


def parse_words(text: str) -> Document:
    """Return the tree of a line of words, as the grammar would make it, in a fraction of the time."""
    return Document((Paragraph((Text(text),), Place(0, len(text))),))


def parse_words_with_gaps(text: str, gaps: Iterable[re.Match[str]]) -> Document:
    """Return the tree of a line of words with cloze deletions of words, as the grammar would make it."""
    nodes: list[Inline] = []
    end = 0
    for gap in gaps:
        if gap.start() > end:
            nodes.append(Text(text[end : gap.start()]))
        end = gap.end()
        nodes.append(Deletion(int(gap["number"]), gap["hint"] or "", (Text(gap["words"]),), Place(*gap.span())))
    if end < len(text):
        nodes.append(Text(text[end:]))
    return Document((Paragraph(tuple(nodes), Place(0, len(text))),))
