"""Signs without which a text cannot hold a construct, so that rules need not parse a text that has none of them.

Each is necessary, not sufficient: the tree decides. Most texts of a deck are prose with a word of code, and a rule that
looks for links has nothing to look for in them.
"""

from __future__ import annotations

import re

_LINK = re.compile(r"\]\(|\]:|://|<")
_FENCE = re.compile(r"```|~~~")
# A fence, or an indentation of four columns, in a list or a quotation, too.
_CODE_BLOCK = re.compile(r"```|~~~|\t| {4}")
# A fence at the margin that ends there, too. In a list or a quotation no line begins at the margin.
_PLAIN_FENCE = re.compile(r"^```([A-Za-z0-9+#-]*)\n((?:(?!```)[^\n]*\n)*)```$", re.MULTILINE)
# What may hold a fence as a part of something else.
_AROUND_FENCES = re.compile(r"~~~|\r|\\[(\[]|\$|\{\{")
# Each alternative begins with one certain character: where all do, a text without any of them is passed over at once.
_PROBLEM = re.compile(
    r"=="
    r"|<|\||\$|#|\^|~"
    r"|\n(?:[ \t>]+(?:[-*+]|[0-9]+[.)])[ \t]|[ \t>]*:)|\r(?:[ \t>]+(?:[-*+]|[0-9]+[.)])[ \t]|[ \t>]*:)"
    # What `lookalikes.py` knows, and front matter.
    r"|\*(?<=\w\*)\w+\*\w|__[A-Za-z\u0130\u0131\u017f\u212a]|\\[(\[bB]"
    r"|\[(?:[\^\[!]|[Ss\u017f][Oo][Uu][Nn][Dd]|[Aa][Nn][Kk\u212a][Ii\u0130\u0131]|[Ll][Aa][Tt][Ee][Xx])"
    r"|\{\{|:::|!!!|\)\{|-(?<=\A-)--"
    # A space in the address of a link or picture. One that begins in another is found by itself.
    r"|\]\((?>(?:[^)\n \]]++|\](?!\())*) "
)
_NUMBER = re.compile(r"\s*[0-9]{1,9}[.)](?:\s|$)")
# What may open two levels, such as a list and its entry; of signs of emphasis, two are needed for one. Fewer levels
# than so many are not deeper than `grammar.py` allows.
_NESTING = re.compile(r"[\[>]|(?:(?<![^\s>])[*+-]|[0-9][.)])(?=\s|\Z)")
_FEW = 32
# Half as many of any such signs, which is found in a fraction of the time.
_MANY = re.compile(rf"(?:[^\[>*+_~.)-]*+[\[>*+_~.)-]){{{_FEW // 2}}}")
# What a text without any of these says is what it shows.
_MARKUP = re.compile(r"[`*_\[\]<>&\\~!#|=:{}$\n\r]|^[^A-Za-z]|[ \t]$")
# Emphasis of words alone, and a span of code: what stands around them and in them pairs their signs with no others.
_EMPHASIS = re.compile(r"(?<![\w*])(\*\*?)([^\W_](?:[\w ]*[^\W_])?)\1(?![\w*])")
_CODE_SPAN = re.compile(r"(?<!`)`([^` \n](?:[^`\n]*[^` \n])?)`(?!`)")
# What may take the backtick of a span of code for itself, where it stands before it.
_AROUND_SPANS = re.compile(r"[\\<\[$\r]|://|www\.|\{\{", re.IGNORECASE)
# A line of words: letters first, then digits, too, with single spaces and the signs of prose. None of these is a sign
# of Markdown, of HTML or of another program, in whatever order they stand, but for an address without `https://`.
_OF_WORDS = r"(?:[^\W_]|[,.;?!'\"()/%\u2018-\u201e\u2026-]|(?<! ) (?=\S))"
_WORDS = re.compile(rf"[^\W\d_]{_OF_WORDS}*")
# Such a line with cloze deletions of such words, which begin and end with letters or digits, and perhaps a hint.
_GAP = re.compile(
    rf"\{{\{{c(?P<number>[1-9][0-9]?)::(?P<words>[^\W_](?:{_OF_WORDS}*[^\W_])?)"
    rf"(?:::(?P<hint>[^\W_](?:{_OF_WORDS}*[^\W_])?))?\}}\}}"
)
_WORDS_WITH_GAPS = re.compile(rf"[^\W\d_](?:{_OF_WORDS}|{re.sub('[?]P<[a-z]+>', '?:', _GAP.pattern)})*")
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


def may_hold_code_blocks(text: str) -> bool:
    """Return whether a text may hold a block of code, fenced or indented."""
    return _CODE_BLOCK.search(text) is not None


def list_plain_code(text: str) -> list[str] | None:
    """Return the code of each block of code, None where only the grammar can tell which these are."""
    fences = list_plain_fences(text)
    if fences is None or may_hold_code_blocks(_PLAIN_FENCE.sub("", text)):
        return None
    return [code for _, code in fences]


def list_plain_fences(text: str) -> list[tuple[str, str]] | None:
    """Return the language and the code of each fenced block, None where only the grammar can tell which these are."""
    if _AROUND_FENCES.search(text):
        return None
    found = _PLAIN_FENCE.findall(text)
    return found if text.count("```") == 2 * len(found) else None


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
    return _seems_to_have_problems(text) and ("`" not in text or _seems_to_have_problems(_leave_out_code(text)))


def _seems_to_have_problems(text: str) -> bool:
    if _PROBLEM.search(text):
        return True
    # No text has more levels in each other than this.
    return _MANY.match(text) is not None and 2 * len(_NESTING.findall(text)) + sum(map(text.count, "*_~")) // 2 >= _FEW


def _leave_out_code(text: str) -> str:
    """Return a text without what stands in its code, in which no sign means anything, where that can be told."""
    if "```" in text:
        return text if list_plain_fences(text) is None else _PLAIN_FENCE.sub("```\n```", text)
    if "|" in text and "\n" in text:
        return text  # a bar parts cells before backticks are paired
    rest = _CODE_SPAN.sub("code", text)
    return text if "`" in rest or _AROUND_SPANS.search(rest) else rest


def read_prose(text: str) -> tuple[str, list[str]] | None:
    """Return what a text of a line says, with a space for each span of code, and these; None where a tree has to tell.

    There may be emphasis in it.
    """
    codes: list[str] = []
    if "`" in text:
        codes = _CODE_SPAN.findall(text)
        text = _CODE_SPAN.sub(" ", text)
    if "*" in text:
        text = _EMPHASIS.sub(r"\2", text)
    return (text, codes) if is_plain(text) else None


def may_show_nothing(text: str) -> bool:
    """Return whether a text may have nothing that anybody sees."""
    return not (text[:1].isalpha() or (text[:1] == "`" and not text.startswith("```")))


def is_words(text: str) -> bool:
    """Return whether a text is one line of words, which no grammar reads as anything else."""
    return _WORDS.fullmatch(text) is not None and _ADDRESS.search(text) is None


def list_gaps(text: str) -> list[re.Match[str]] | None:
    """Return the cloze deletions in a line of words, each with `number`, `words` and `hint`; None of another text."""
    if _WORDS_WITH_GAPS.fullmatch(text) is None or _ADDRESS.search(text):
        return None
    return list(_GAP.finditer(text))


def is_plain(text: str) -> bool:
    """Return whether a text shows just what is written."""
    return _MARKUP.search(text) is None
