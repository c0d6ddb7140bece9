"""Markdown: `parse` makes a tree of a text, and everything else walks that tree.

`tree.py` has its nodes. `to_html.py` and `plain_text.py` make HTML and plain text of them, `highlighting.py` colors
code.
"""

from cardpress.markdown.parsing import parse
from cardpress.markdown.tree import Document

__all__ = ["Document", "parse"]
