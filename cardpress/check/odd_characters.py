"""Rules on characters that are not what they look like, and on marks that a merge left."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic, Span
from cardpress.diagnostics.unusual import HIDDEN, SPACES, name_character
from cardpress.markdown.tree import CodeBlock, CodeSpan
from cardpress.source.bank import Bank, HtmlText, MarkdownText, Text
from cardpress.source.merges import report_merges
from cardpress.source.texts import list_markdown_texts, list_plain_texts
from cardpress.source.yaml.syntax import quote

# Between letters of ASCII, nobody needs a zero width space to allow a line break.
_IN_TEXT = re.compile("[\u2060\ufeff\u2028\u2029]|(?<![^\x00-\x7f])\u200b|\u200b(?![^\x00-\x7f])")
# A quote that a word processor made, where code begins a text: behind `(`, `=` and the like, or at the start of a line.
_QUOTE = "[\u2018\u2019\u201c\u201d\u201e\u201a]"
_IN_CODE = re.compile(rf"[{SPACES}{HIDDEN}]+|(?:(?<=[(=,\[{{:+])|(?<=[(=,\[{{:+] )){_QUOTE}")
# Code that is prose or data, in which curly quotes and other spaces are as good as anywhere.
_PROSE = frozenset({"text", "txt", "plaintext", "output", "console", "markdown", "md", "html", "csv", "json", ""})
# The mark of a list or heading, and a space that makes none of it.
_MARK = re.compile(rf"^[ \t>]*(?P<mark>[-*+]|[0-9]{{1,9}}[.)]|#{{1,6}})(?P<odd>[{SPACES}])", re.MULTILINE)
# The bytes that characters stand for in Windows-1252, or Latin-1.
_BYTES = {chr(byte): bytes((byte,)) for byte in range(0x80, 0x100)} | {
    character: bytes((byte,)) for byte in range(0x80, 0xA0) for character in bytes((byte,)).decode("cp1252", "ignore")
}
# The letters that UTF-8 becomes when a program takes it for one of the two: one that begins, and signs behind it.
_BEHIND = "".join(character for character, byte in _BYTES.items() if byte < b"\xc0")
_MISREAD = re.compile(
    f"(?:[\u00c2\u00c3][{_BEHIND}]|\u00e2[{_BEHIND}]{{2}}|\u00f0[{_BEHIND}]{{3}})+"
    # Letters of other scripts: such signs may stand behind a word, so there must be several.
    f"|(?:[\u00c4-\u00df][{_BEHIND}]){{2,}}|(?:[\u00e0-\u00ef][{_BEHIND}]{{2}}){{2,}}"
)
# A text in quotes that are none to YAML, from its first character to its last.
_QUOTED = re.compile(
    "[\u201c\u201d\u201e](?P<double>[^\u201c-\u201e]+)[\u201c\u201d]"
    "|[\u2018\u2019\u201a](?P<single>[^\u2018-\u201a]+)[\u2018\u2019]"
)
# What import takes the meaning from in HTML, by a joiner behind it: nothing is a command of formulas by accident.
_DISARMED = re.compile("(?:\\\\[A-Za-z]{0,30}|\\[\\[)\u2060\\Z")
# Characters. Help lines do not quote a longer text.
_QUOTABLE = 80
_MAYBE = re.compile(rf"[{SPACES}{HIDDEN}]|{_QUOTE}")


def check_odd_characters(bank: Bank) -> Iterator[Diagnostic]:
    """No text has characters that nobody sees, and code has plain spaces and quotes."""
    for each in (*list_plain_texts(bank), *list_markdown_texts(bank)):
        if not each.value.isascii():
            yield from _misread(each)
            yield from () if each.span.file.is_table else _quoted(each)
    for text in list_plain_texts(bank):
        for found in _IN_TEXT.finditer(text.value):
            yield _odd(text.place(found.start(), found.end()), found[0], "in a text")
    for markdown in list_markdown_texts(bank):
        if not markdown.value.isascii() and _MAYBE.search(markdown.value):
            yield from _markdown(markdown)
    for snippet in bank.snippets.values():
        if snippet.shown.isascii():
            continue
        start = snippet.file.text.find(snippet.shown)
        for found in _IN_CODE.finditer(snippet.shown) if start >= 0 else ():
            if not (found[0] in "\u2018\u2019\u201c\u201d\u201e\u201a" and snippet.name.endswith((".txt", ".md"))):
                place = Span(snippet.file, start + found.start(), start + found.end())
                yield _odd(place, found[0], "in code")


def _misread(text: Text) -> Iterator[Diagnostic]:
    """Yield a warning of the first letters that some program took for another encoding, for there are mostly more."""
    for found in _MISREAD.finditer(text.value):
        try:
            meant = b"".join(_BYTES[character] for character in found[0]).decode()
        except UnicodeDecodeError:
            continue
        message = f"`{found[0][:40]}` is how `{meant[:40]}` looks after a program took UTF-8 for another encoding"
        hint = f"write `{meant[:40]}`; if there are many, open the file that it came from as UTF-8"
        yield Diagnostic("odd-character", text.place(found.start(), found.end()), message, hint)
        return


def _quoted(text: Text) -> Iterator[Diagnostic]:
    """Yield a warning of quotes that were meant for YAML. In quotes that are some, or below `|`, they are meant."""
    found = _QUOTED.fullmatch(text.value)
    if found and text.span.file.text[text.span.start : text.span.start + 1] == text.value[0]:
        message = f"{name_character(text.value[0])} quotes nothing in YAML: it is part of the text"
        hint = "write straight quotes, or none; if it is meant, put straight quotes around it"
        if len(text.value) < _QUOTABLE:
            hint = f"write {quote(found['double'] or found['single'])}; if it is meant, write {quote(text.value)}"
        yield Diagnostic("odd-character", text.place(0, 1), message, hint)


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
        is_ours = isinstance(text, HtmlText) and _DISARMED.search(text.value, max(0, found.start() - 40), found.end())
        if not is_ours and not is_in_code(found.start()):
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
        yield from report_merges(snippet.file)
