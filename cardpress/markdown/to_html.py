"""Markdown → safe HTML. What an author types comes out as typed; what could act on a learner's device does not."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import lru_cache

import markdown
import nh3
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.util import ETX, STX
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.util import ClassNotFound

from cardpress.markdown import markup
from cardpress.markdown.markup import CONTROL

# Markdown's own way with these would eat the backslash of `\\(x\\)`, which people type and mean.
_KEPT_BACKSLASHES = ("(", ")")
_LIST_AFTER_TEXT = re.compile(r"^((?![-*+] |\d+[.)] |[ \t>|#]|$).+)\n(?=[-*+] |1[.] )", re.MULTILINE)
_ENTRY_AFTER_PARAGRAPH = re.compile(r"(?<=\n\n)((?: {2,}(?![-*+] |\d+[.)] )\S.*\n)+)(?=[-*+] |\d+[.] )")
_HEADING = re.compile(r"(?:^|\n)(?P<level>#{1,6})(?=[ \n]|$)(?P<header>(?:\\.|[^\\#]|#+(?=[^#\n]))*?)#*(?:\n|$)")
# Elements that Markdown has no way for; they pass as they are, without attributes.
_INLINE_TAG = r"<(/?)(br|kbd|mark|sub|sup)\s*/?>"
_TAGS = set(
    "a blockquote br code del em h1 h2 h3 h4 h5 h6 hr img kbd li mark ol p pre span strong sub sup table tbody td th "
    "thead tr ul".split()
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "img": {"alt", "src", "title"},
    "ol": {"start"},
    "span": {"class"},
    "td": {"style"},
    "th": {"style"},
}
# A tag with attributes. Serialized HTML may have `<`, `>` and line ends in them, which those downstream trip over.
_TAG = re.compile(r'<([a-z0-9]+(?: [a-z-]+="[^"]*")+)>')
# Cloze deletions pass through Markdown as single characters that no text has: planes for private use, open and close.
_OPEN, _CLOSE = 0x100000, 0x108000
_MARKS = re.compile("[\U00100000-\U0010ffff]")
_ANKI_SIGNS = re.compile(
    "\\{(?=[{\U00100000-\U00107fff])|\\}(?=[}\U00108000-\U0010ffff])|:(?=[:\U00108000-\U0010ffff])"
)
_WRAPPED_MARKS = re.compile('<span class="err">([\U00100000-\U0010ffff]+)</span>')


class _Fences(Preprocessor):
    """Replaces fenced code by highlighted HTML before anything else can see it, inside lists too.

    Stands in for Markdown's own first step, which would make spaces of the tabs in code. A list may follow a line of
    text without an empty line between, as everywhere but in the first Markdown.
    """

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines).replace(STX, "").replace(ETX, "").replace("\r\n", "\n").replace("\r", "\n")
        found = markup.find_fences(text)
        for fence in reversed(found):
            kept = self.md.htmlStash.store(highlight(fence.text, fence.language))
            text = f"{text[: fence.start]}\n{fence.indent}{kept}\n{text[fence.end :]}"
        text = re.sub(r"(?<=\n) +\n", "\n", f"{text}\n\n".expandtabs(self.md.tab_length))
        text = _LIST_AFTER_TEXT.sub(r"\1\n\n", text)
        return _ENTRY_AFTER_PARAGRAPH.sub(r"\1\n", text).split("\n")


class _InlineTag(InlineProcessor):
    def handleMatch(  # type: ignore[override]  # noqa: N802 - Markdown's own name, and its two kinds of pattern
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        return self.md.htmlStash.store(f"<{m[1]}{m[2]}>"), m.start(0), m.end(0)


class _CardMarkdown(Extension):
    """Markdown as cards have it: raw HTML is text, except for a few elements that cannot carry anything."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - Markdown's name
        md.preprocessors.deregister("html_block")
        # Indentation nests lists, by as little as two spaces, so it cannot mean code as well; fences do.
        md.parser.blockprocessors.deregister("code")
        # A heading has a space after its `#`: `#include` at the start of a line is text.
        vars(md.parser.blockprocessors["hashheader"])["RE"] = _HEADING
        md.preprocessors.deregister("normalize_whitespace")
        md.preprocessors.register(_Fences(md), "fences", 30)
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.register(_InlineTag(_INLINE_TAG, md), "inline-tag", 90)
        md.ESCAPED_CHARS = [character for character in md.ESCAPED_CHARS if character not in _KEPT_BACKSLASHES]


@lru_cache(maxsize=3)
def _parser(indentation: int) -> markdown.Markdown:
    # One parser for all texts: building one takes longer than most texts do.
    return markdown.Markdown(
        extensions=[_CardMarkdown(), "tables", "sane_lists"], output_format="html", tab_length=indentation
    )


def to_html(text: str) -> str:
    """Render a Markdown text to safe HTML."""
    parser = _parser(_indentation(text))
    parser.reset()
    return sanitize(parser.convert(text))


def _indentation(text: str) -> int:
    """Tell by how many spaces a text nests its lists: people write 2, 3 or 4, and Markdown wants to know."""
    if "\n " not in text:
        return 4
    indents = [
        *re.findall(r"^( {2,})\S", markup.blank_code(text), re.MULTILINE),
        *(f.indent for f in markup.find_fences(text)),
    ]
    return min([4, *(len(indent) for indent in indents if len(indent) > 1)])


def sanitize(markup_text: str) -> str:
    """Keep only elements, attributes and addresses that cannot act, each tag on one line."""
    clean = nh3.clean(
        markup_text,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        filter_style_properties={"text-align"},
        link_rel="noopener noreferrer",
    )
    # Rules see to control characters that are typed; here are those written as `&#31;`, with which Anki parts fields.
    clean = CONTROL.sub("", clean)
    return _TAG.sub(lambda tag: "<" + tag[1].replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ") + ">", clean)


def unwrap(rendered: str) -> str:
    """Drop the paragraph around a text that is one paragraph, to set it into a line."""
    if rendered.startswith("<p>") and rendered.rstrip().endswith("</p>") and rendered.count("<p>") == 1:
        return rendered.strip()[3:-4]
    return rendered


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    try:
        lexer: Lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
    return lexer


@lru_cache(maxsize=256)
def guess_language(name: str) -> str:
    """Tell the language of a file by its name, `text` when no highlighter knows it."""
    if name.endswith(".py"):
        return "python"
    try:
        lexer: Lexer = get_lexer_for_filename(name)
    except ClassNotFound:
        return "text"
    return str(lexer.aliases[0])


_FORMATTER = HtmlFormatter(nowrap=True)


def highlight(code: str, language: str) -> str:
    """Render code to a `<pre>` whose tokens carry Pygments' short class names."""
    lexer = _lexer(language.lower()) if language else None
    code = code.strip("\n").rstrip()
    if lexer is None or language.lower() == "text":
        inner = html.escape(code, quote=False)
    else:
        tokens: list[str] = []
        _FORMATTER.format(lexer.get_tokens(code), _Sink(tokens))
        inner = "".join(tokens).rstrip("\n")
    name = re.sub(r"[^a-z0-9+#-]", "", language.lower())
    return f'<pre><code class="language-{name or "text"}">{inner}</code></pre>'


class _Sink:
    """The part of a file that Pygments writes to."""

    def __init__(self, pieces: list[str]) -> None:
        self.write = pieces.append


def render_cloze(text: str) -> str:
    """Render a cloze text; the deletions stand in the HTML as single characters, for `with_deletions` to replace."""
    found = markup.find_deletions(text)
    events = sorted(
        [(deletion.start, deletion.answer_start, chr(_OPEN + index)) for index, deletion in enumerate(found)]
        + [
            (deletion.answer_start + len(deletion.answer), deletion.end, chr(_CLOSE + index))
            for index, deletion in enumerate(found)
        ]
    )
    pieces, position = [], 0
    for start, end, mark in events:
        pieces += [text[position:start], mark]
        position = max(position, end)
    rendered = to_html("".join((*pieces, text[position:])))
    return _WRAPPED_MARKS.sub(r"\1", rendered)


def insert_marks(rendered: str, text: str) -> str:
    """Show each deletion of a rendered cloze text as `<mark class="cloze" data-cloze="1">`, its hint in `data-hint`."""
    found = markup.find_deletions(text)

    def opening(index: int) -> str:
        hint = f' data-hint="{html.escape(found[index].hint)}"' if found[index].hint else ""
        return f'<mark class="cloze" data-cloze="{found[index].number}"{hint}>'

    return _replace_marks(rendered, len(found), opening, lambda index: "</mark>")


def insert_deletions(rendered: str, text: str) -> str:
    """Write each deletion of a rendered cloze text as Anki reads it: `{{c1::answer::hint}}`."""
    found = markup.find_deletions(text)

    def closing(index: int) -> str:
        hint = found[index].hint
        return f"::{html.escape(hint, quote=False)}}}}}" if hint else "}}"

    # Anki would take colons and braces of the text itself for its own: a comment parts them, and shows nothing;
    # in an attribute an entity does.
    pieces = re.split(r"(<[^<>]*>)", rendered)
    protected = "".join(
        _ANKI_SIGNS.sub(as_entity if piece.startswith("<") else r"\g<0><!-- -->", piece) for piece in pieces
    )
    return _replace_marks(protected, len(found), lambda index: f"{{{{c{found[index].number}::", closing)


def as_entity(sign: re.Match[str]) -> str:
    """Write a matched character in a way that HTML alone can read."""
    return f"&#{ord(sign[0])};"


def _replace_marks(rendered: str, count: int, opening: Callable[[int], str], closing: Callable[[int], str]) -> str:
    """Replace the marks of `count` deletions."""

    def replaced(mark: re.Match[str]) -> str:
        code = ord(mark[0])
        index = code - (_OPEN if code < _CLOSE else _CLOSE)
        if index >= count:
            return ""  # an author's own `&#x100000;`
        return opening(index) if code < _CLOSE else closing(index)

    # Only between tags: an attribute could not hold what takes a mark's place.
    pieces = re.split(r"(<[^<>]*>)", rendered)
    return "".join(_MARKS.sub("" if piece.startswith("<") else replaced, piece) for piece in pieces)
