"""Markdown: `parse` makes a tree of a text, and everything else walks that tree.

`tree.py` has its nodes. `html_writer.py` and `plain_text.py` make HTML and plain text of them, `highlighting.py` colors
code.
"""

from cardpress.markdown.html_writer import to_html
from cardpress.markdown.plain_text import to_plain_text
from cardpress.markdown.texts import parse
from cardpress.markdown.tree import Document

__all__ = ["Document", "parse", "to_html", "to_plain_text"]
