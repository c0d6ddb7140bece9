"""Rules on characters that are not what they look like, and on marks that a merge left."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic, Span
from cardpress.diagnostics.unusual import HIDDEN, SPACES, name_character
from cardpress.markdown.tree import CodeBlock, CodeSpan
from cardpress.source.bank import Bank, MarkdownText
from cardpress.source.texts import list_markdown_texts, list_plain_texts

# Between letters of ASCII, nobody needs a zero width space to allow a line break.
_IN_TEXT = re.compile("[\u2060\ufeff\u2028\u2029]|(?<![^\x00-\x7f])\u200b|\u200b(?![^\x00-\x7f])")
# A quote that a word processor made, where code begins a text: behind `(`, `=` and the like, or at the start of a line.
_QUOTE = "[\u2018\u2019\u201c\u201d\u201e\u201a]"
_IN_CODE = re.compile(rf"[{SPACES}{HIDDEN}]+|(?:(?<=[(=,\[{{:+])|(?<=[(=,\[{{:+] )){_QUOTE}")
# Code that is prose or data, in which curly quotes and other spaces are as good as anywhere.
_PROSE = frozenset({"text", "txt", "plaintext", "output", "console", "markdown", "md", "html", "csv", "json", ""})
# The mark of a list or heading, and a space that makes none of it.
_MARK = re.compile(rf"^[ \t>]*(?P<mark>[-*+]|[0-9]{{1,9}}[.)]|#{{1,6}})(?P<odd>[{SPACES}])", re.MULTILINE)
_MAYBE = re.compile(rf"[{SPACES}{HIDDEN}]|{_QUOTE}")
_MERGE = re.compile(r"^<{7} .*\n(?:.*\n)*?={7}\n(?:.*\n)*?>{7} .*$", re.MULTILINE)


def check_odd_characters(bank: Bank) -> Iterator[Diagnostic]:
    """No text has characters that nobody sees, and code has plain spaces and quotes."""
    for text in list_plain_texts(bank):
        for found in _IN_TEXT.finditer(text.value):
            yield _odd(text.place(found.start(), found.end()), found[0], "in a text")
    for markdown in list_markdown_texts(bank):
        if _MAYBE.search(markdown.value):
            yield from _markdown(markdown)
    for snippet in bank.snippets.values():
        start = snippet.file.text.find(snippet.shown)
        for found in _IN_CODE.finditer(snippet.shown) if start >= 0 else ():
            if not (found[0] in "\u2018\u2019\u201c\u201d\u201e\u201a" and snippet.name.endswith((".txt", ".md"))):
                place = Span(snippet.file, start + found.start(), start + found.end())
                yield _odd(place, found[0], "in code")


def _markdown(text: MarkdownText) -> Iterator[Diagnostic]:
    code: list[tuple[int, int]] = []
    for node in text.document.walk():
        if isinstance(node, CodeBlock | CodeSpan):
            code.append((node.place.start, node.place.end))
            is_prose = isinstance(node, CodeBlock) and node.language.lower() in _PROSE
            for found in _IN_CODE.finditer(text.value, node.place.start, node.place.end):
                if not (is_prose and re.match(_QUOTE, found[0])):
                    yield _odd(text.place(found.start(), found.end()), found[0], "in code")

    def is_in_code(place: int) -> bool:
        return any(start <= place < end for start, end in code)

    for found in _IN_TEXT.finditer(text.value):
        if not is_in_code(found.start()):
            yield _odd(text.place(found.start(), found.end()), found[0], "in a text")
    for found in _MARK.finditer(text.value):
        if not is_in_code(found.start("odd")):
            message = f"{name_character(found['odd'])} behind `{found['mark']}`, so this is no list and no heading"
            yield Diagnostic("odd-character", text.place(found.start("odd"), found.end("odd")), message, "type a space")


def _odd(place: Span, found: str, where: str) -> Diagnostic:
    character = found[0]
    if re.match(_QUOTE, character):
        straight = '"' if character in "\u201c\u201d\u201e" else "'"
        hint = f"type `{straight}`"
    elif re.match(f"[{SPACES}]", character):
        hint = "type a space"
    else:
        hint = "remove it; an editor may not show it"
    return Diagnostic("odd-character", place, f"{name_character(character)} {where}", hint)


def check_merges(bank: Bank) -> Iterator[Diagnostic]:
    """No snippet holds both sides of a merge."""
    for snippet in bank.snippets.values():
        for found in _MERGE.finditer(snippet.file.text) if "<<<<<<< " in snippet.file.text else ():
            end = snippet.file.text.index("\n", found.start())
            message = "a merge left both sides here"
            hint = "keep one of them, and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`"
            yield Diagnostic("merge-conflict", Span(snippet.file, found.start(), end), message, hint)
