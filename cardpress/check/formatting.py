"""Rules on Markdown itself: closed fences in a known language, no accidental lists, no HTML that cards cannot show."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache

from cardpress.diagnostics import Diagnostic
from cardpress.diagnostics.suggest import find_closest
from cardpress.markdown import markup
from cardpress.markdown.addresses import find_too_deep
from cardpress.source.bank import Bank, Text
from cardpress.source.texts import list_markdown_texts

# Elements that run or load something, or that let a text change the page around it.
_UNSAFE = frozenset(
    "applet audio base body button canvas dialog embed fieldset form frame frameset head html iframe img input link "
    "math meta noscript object option param portal script select slot source style svg template textarea title track "
    "video".split()
)
_ACTIVE = _UNSAFE - {"body", "head", "html", "img", "title", "source", "track", "audio", "video", "canvas"}
# Elements of HTML that cards do not keep: all but those in `INLINE`.
_KNOWN = _UNSAFE | frozenset(
    "a abbr address area article aside b bdi bdo big blockquote caption center cite code col colgroup data datalist dd "
    "del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i ins label legend "
    "li main map menu meter nav ol optgroup output p picture pre progress q rp rt ruby s samp search section small "
    "span strike strong summary table tbody td tfoot th thead time tr tt u ul var wbr".split()
)
_OPENING_NUMBER = re.compile(r"([0-9]+)[.)][ \t]+\S")
_EVENT = re.compile(r"(?:^|[\s/\"'])on[a-z]+\s*=", re.IGNORECASE)
_SCRIPT_URL = re.compile(r"(?:javascript|vbscript):|data:text/html", re.IGNORECASE)


@cache
def list_languages() -> frozenset[str]:
    """Return every name of a language that Pygments can highlight."""
    from pygments.lexers._mapping import LEXERS  # the table alone: its lexers stay unloaded

    return frozenset(alias for _, _, aliases, _, _ in LEXERS.values() for alias in aliases)


def check_fences(bank: Bank) -> Iterator[Diagnostic]:
    """Code fences are closed, and name a language that can be highlighted."""
    for text in list_markdown_texts(bank):
        if "```" not in text.value and "~~~" not in text.value:
            continue
        for fence in markup.find_fences(text.value):
            if not fence.closed:
                place = text.place(fence.start + len(fence.indent), fence.start + len(fence.indent) + 3)
                yield Diagnostic(
                    "unclosed-fence", place, "this code fence is never closed", "add a line ``` after the code"
                )
            if fence.language and fence.language.lower() not in list_languages():
                place = text.place(fence.language_start, fence.language_start + len(fence.language))
                close = find_closest(fence.language.lower(), sorted(list_languages()))
                hint = f"did you mean `{close}`?" if close else "write ```text for no highlighting"
                yield Diagnostic("unknown-language", place, f"no highlighter knows `{fence.language}`", hint)


def check_nesting(bank: Bank) -> Iterator[Diagnostic]:
    """Brackets are not nested so deep that Markdown takes very long over them."""
    for text in list_markdown_texts(bank):
        place = find_too_deep(text.value)
        if place is not None:
            message = "more brackets are open here than anyone can follow"
            yield Diagnostic("too-deep", text.place(place, place + 1), message, "close them, or put them in backticks")


def check_opening_numbers(bank: Bank) -> Iterator[Diagnostic]:
    """No text becomes a list by accident because it begins with a number and a period: `401. The …`."""
    for text in list_markdown_texts(bank):
        number = _OPENING_NUMBER.match(text.value)
        if number and number[1] not in ("0", "1"):
            message = f"Markdown makes a list of this text, because it begins with `{number[0][:-1].strip()}`"
            hint = f"write `{number[1]}: …`, or begin with a word; a list begins with `1.`"
            yield Diagnostic("number-becomes-list", text.place(*number.span(1)), message, hint)


def check_raw_html(bank: Bank) -> Iterator[Diagnostic]:
    """No HTML can run or load something. HTML that a card would show as typed stands in backticks."""
    for text in list_markdown_texts(bank):
        opened: set[str] = set()
        for tag in markup.find_tags(text.value):
            if not (tag.closes and tag.name in opened):  # the element was reported at its start tag
                opened.add(tag.name)
                yield from _tag(text, tag)


def _tag(text: Text, tag: markup.Tag) -> Iterator[Diagnostic]:
    attributes = html.unescape(tag.attributes)
    active = tag.name in _ACTIVE or _EVENT.search(attributes) or _SCRIPT_URL.search(re.sub(r"\s", "", attributes))
    if active and (tag.name in _KNOWN or tag.closed):
        code = "unsafe-html"
        message = f"`<{tag.name}>` could run or load something on a learner's device"
        hint = f"remove it, or write `<{tag.name}>` in backticks to show it"
    elif tag.name in _KNOWN and tag.closed:
        code = "unsupported-html"
        message = f"cards do not carry the HTML element `<{tag.name}>`"
        hint = _INSTEAD.get(tag.name, "use Markdown, or put it in backticks to show it")
    elif tag.name in INLINE and (tag.attributes or not tag.closed):
        code = "unsupported-html"
        message, hint = f"`<{tag.name}>` is carried without attributes only", f"write `<{tag.name}>`"
    else:
        return
    yield Diagnostic(code, text.place(tag.start, tag.end), message, hint)


_INSTEAD = {
    "img": "write `![what it shows](picture.svg)`",
    "a": "write `[text](https://…)`",
    "b": "write `**bold**`",
    "i": "write `*italic*`",
}
# Elements that have no Markdown syntax. They are kept, without attributes.
INLINE = frozenset({"br", "kbd", "mark", "sub", "sup"})
