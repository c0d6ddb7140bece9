"""Signs without which a text cannot hold a construct, so that rules need not parse a text that has none of them.

Each is necessary, not sufficient: the tree decides. Most texts of a deck are prose with a word of code, and a rule that
looks for links has nothing to look for in them.
"""

from __future__ import annotations

import re

_LINK = re.compile(r"\]\(|\]:|://|<")
_FENCE = re.compile(r"```|~~~")
_PROBLEM = re.compile(
    r"\[\^|==|<|\||[\n\r][ \t>]+(?:[-*+]|[0-9]+[.)])[ \t]"
    # What `lookalikes.py` knows, and front matter.
    r"|[$#^~]|\w\*\w+\*\w|__[a-z]|\\[(\[b]|\[[\[!]|\[(?:sound|anki|latex)|\{\{|:::|!!!|[\n\r][ \t>]*:|\)\{|\A---"
    # A space in the address of a link or picture. One that begins in another is found by itself.
    r"|\]\((?>(?:[^)\n \]]++|\](?!\())*) ",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*[0-9]{1,9}[.)](?:\s|$)")
# Fewer of these cannot be nested deeper than `grammar.py` allows.
_NESTING = re.compile(r"[\[>*_~+-]|[0-9][.)]")
_FEW = 16
# What a text without any of these says is what it shows.
_MARKUP = re.compile(r"[`*_\[\]<>&\\~!#|=:{}$\n\r]|^[^A-Za-z]|[ \t]$")
# A line of words: letters first, then digits, too, with single spaces and the signs of prose. None of these is a sign
# of Markdown, of HTML or of another program, in whatever order they stand, but for an address without `https://`.
_WORDS = re.compile(r"[^\W\d_](?:[^\W_]|[,.;?!'\"()/%\u2018-\u201e\u2026-]|(?<! ) (?=\S))*")
_ADDRESS = re.compile(r"www\.", re.IGNORECASE)
# Something between two signs, or a link. Of brackets in brackets the innermost is enough, and found at once.
_MARKED_UP = re.compile(r"(\*\*?|__?|~~|`)(?=\S).+?\1|\[[^\[\]]*\]\(")


def may_hold_links(text: str) -> bool:
    """Return whether a text may hold a link."""
    return _LINK.search(text) is not None


def may_hold_pictures(text: str) -> bool:
    """Return whether a text may hold a picture."""
    return "![" in text


def may_hold_fences(text: str) -> bool:
    """Return whether a text may hold a fenced block of code."""
    return _FENCE.search(text) is not None


def may_hold_tags(text: str) -> bool:
    """Return whether a text may hold a tag of HTML."""
    return "<" in text


def may_begin_with_number(text: str) -> bool:
    """Return whether a text may begin with a numbered list."""
    return _NUMBER.match(text) is not None or "]:" in text


def looks_marked_up(text: str) -> bool:
    """Return whether there seems to be markup in a text in which it is none, such as a tag's attributes."""
    return _MARKED_UP.search(text) is not None


def may_have_problems(text: str) -> bool:
    """Return whether the tree of a text without deletions may have a problem that has a code."""
    return _PROBLEM.search(text) is not None or len(_NESTING.findall(text)) >= _FEW


def may_show_nothing(text: str) -> bool:
    """Return whether a text may have nothing that anybody sees."""
    return not (text[:1].isalpha() or (text[:1] == "`" and not text.startswith("```")))


def is_words(text: str) -> bool:
    """Return whether a text is one line of words, which no grammar reads as anything else."""
    return _WORDS.fullmatch(text) is not None and _ADDRESS.search(text) is None


def is_plain(text: str) -> bool:
    """Return whether a text shows just what is written."""
    return _MARKUP.search(text) is None
