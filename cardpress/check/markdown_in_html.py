"""The rule on Markdown in fields of HTML, where learners read its signs as they were typed.

Texts that learners have are left alone: what a deck that was made in Anki has always shown is no mistake.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cardpress.diagnostics import Diagnostic
from cardpress.history.digests import digest_short
from cardpress.history.records import NoteRecord, name_text
from cardpress.note_types import Field, Holds
from cardpress.source.bank import Bank, HtmlText


class _Sign(NamedTuple):
    """What Markdown has a sign for: how that is found, and how HTML has it."""

    pattern: re.Pattern[str]
    instead: str


# Stands for what is no text: a tag, and what is code or a formula.
_NOTHING = "\0"
_ITEM = r"[ \t]*(?:[-*+]|[0-9]{1,4}[.)])[ \t]+[^\s\0][^\n]*"
_IN_A_LINE = (
    _Sign(re.compile(r"(?<![\w*\\])\*\*(?=[^\s*])[^*\n]{0,300}?[^\s*]\*\*(?!\*)"), "<b>…</b>"),
    _Sign(re.compile(r"(?<![\w_\\])__(?=[^\s_][^_\n]{0,300} )[^_\n]{1,300}?[^\s_]__(?![\w_])"), "<b>…</b>"),
    _Sign(re.compile(r"(?<![\w*\\])\*(?=[^\s*])[^*\n]{0,300}?[^\s*]\*(?![\w*])"), "<i>…</i>"),
    _Sign(re.compile(r"(?<![~\\])~~(?=[^\s~])[^~\n]{0,300}?[^\s~]~~(?!~)"), "<s>…</s>"),
    _Sign(re.compile(r"(?<![`\\])`[^`\n]{1,300}`(?!`)"), "<code>…</code>"),
    _Sign(re.compile(r"!\[[^\[\]\n]{0,300}\]\([^\s()<>]{1,300}\)"), '<img src="…">'),
    _Sign(re.compile(r"(?<!!)\[[^\[\]\n]{1,300}\]\((?:https?:|mailto:|#|/)[^\s()<>]{1,2000}\)"), '<a href="…">…</a>'),
)
_BLOCKS = (
    _Sign(re.compile(r"^[ \t]*```[^`\n]*$", re.MULTILINE), "<pre>…</pre>"),
    _Sign(re.compile(rf"^{_ITEM}$(?=\n{_ITEM}$)|(?<=[^\n]\n){_ITEM}$", re.MULTILINE), "<ul><li>…</li><li>…</li></ul>"),
    _Sign(re.compile(r"^[ \t]*#{1,6}[ \t]+[^\s\0#][^\n]*$", re.MULTILINE), "<h2>…</h2>"),
    _Sign(re.compile(r"^[ \t]*\|[^\n]+\|[ \t]*$(?=\n[ \t]*\|[ \t]*:?-)", re.MULTILINE), "<table>…</table>"),
    _Sign(re.compile(r"^[ \t]*>[ \t]+[^\s\0][^\n]*$", re.MULTILINE), "<blockquote>…</blockquote>"),
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)[^<>]*>|<!--[^<>]*-->")
# Elements in which signs are meant.
_CODE = frozenset(("pre", "code", "kbd", "samp", "tt", "style", "script", "textarea", "math", "svg"))
# What stands around formulas, and around what Anki plays.
_BRACKETS = (
    *(("\\(", "\\)"), ("\\[", "\\]"), ("[$$]", "[/$$]"), ("[$]", "[/$]"), ("[latex]", "[/latex]"), ("[sound:", "]")),
)
# Of one text more than anybody reads, and characters of what a message quotes.
_MOST, _LONGEST = 20, 40


def check_markdown_in_html(bank: Bank) -> Iterator[Diagnostic]:
    """A text of HTML has no signs of Markdown, which learners would read, unless they have it so."""
    for note in bank.active_notes():
        record = None
        if bank.history is not None and bank.info is not None:
            record = bank.history.notes.get(note.identify(bank.info.id.value))
        for field, text in note.each(Holds.HTML, Holds.HTML_CLOZE):
            if not _is_known(record, field, text):
                yield from _check_text(text)


def _is_known(record: NoteRecord | None, field: Field, text: HtmlText) -> bool:
    """Return whether learners have a text as it is. Of a deck that is being taken over, nothing else is known yet."""
    if record is None:
        return False
    if not record.digest:
        return True
    from cardpress.markdown.safe_html import clean  # for decks with such texts alone

    known = record.fields.get(name_text(field.released_name))
    return known is not None and known in {
        digest_short(value)[:8] for value in (text.value, clean(text.value, scanned=text.scanned))
    }


def _check_text(text: HtmlText) -> Iterator[Diagnostic]:
    shown = _hide(text.value)
    found = [*_find(_BLOCKS, shown), *_find(_IN_A_LINE, shown)]
    for begin, end, instead in sorted(found)[:_MOST]:
        start = end - len(shown[begin:end].lstrip())
        typed = " ".join(text.value[start:end].split())
        typed = typed if len(typed) <= _LONGEST else f"{typed[:_LONGEST]}…"
        message = f"{_quote(typed)} is Markdown, and learners read it as it is typed: this field holds HTML"
        yield Diagnostic("markdown-in-html", text.place(start, end), message, f"write `{instead}`")


def _find(signs: Iterable[_Sign], shown: str) -> list[tuple[int, int, str]]:
    """Return where the first of each of these signs stands, but for those in another, and how HTML has it."""
    found: list[tuple[int, int, str]] = []
    for sign in signs:
        for match in sign.pattern.finditer(shown):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), sign.instead))
                break
    return found


def _quote(typed: str) -> str:
    return f"“{typed}”" if "`" in typed else f"`{typed}`"


def _hide(html: str) -> str:
    """Return a text with nothing in the places of tags, code and formulas, as long as before."""
    parts: list[str] = []
    end = 0
    inside: Counter[str] = Counter()
    for tag in _TAG.finditer(html):
        between = html[end : tag.start()]
        parts.append(_blank(between) if inside.total() else between)
        parts.append(_blank(tag[0]))
        end = tag.end()
        name = (tag[2] or "").lower()
        if name in _CODE and not tag[0].endswith("/>"):
            inside[name] = max(inside[name] + (-1 if tag[1] else 1), 0)
    parts.append(_blank(html[end:]) if inside.total() else html[end:])
    shown = "".join(parts)
    for begin, finish in _BRACKETS:
        shown = _hide_between(shown, begin, finish)
    return shown


def _hide_between(text: str, begin: str, finish: str) -> str:
    parts: list[str] = []
    place = 0
    while (start := text.find(begin, place)) >= 0 and (end := text.find(finish, start + len(begin))) >= 0:
        end += len(finish)
        parts += (text[place:start], _blank(text[start:end]))
        place = end
    return "".join((*parts, text[place:]))


def _blank(text: str) -> str:
    """Return nothing, as long as a text, with its ends of lines."""
    return re.sub(r"[^\n]", _NOTHING, text)
