"""Markdown → safe HTML. Raw HTML comes out as text, and nothing in the result can run on a learner's device."""

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

# Python-Markdown drops a backslash before these. In `\\(x\\)` the author means it, so here it stays.
_KEPT_BACKSLASHES = ("(", ")")
_LIST_AFTER_TEXT = re.compile(r"^((?![-*+] |\d+[.)] |[ \t>|#]|$).+)\n(?=[-*+] |1[.] )", re.MULTILINE)
_ENTRY_AFTER_PARAGRAPH = re.compile(r"(?<=\n\n)((?: {2,}(?![-*+] |\d+[.)] )\S.*\n)+)(?=[-*+] |\d+[.] )")
_HEADING = re.compile(r"(?:^|\n)(?P<level>#{1,6})(?=[ \n]|$)(?P<header>(?:\\.|[^\\#]|#+(?=[^#\n]))*?)#*(?:\n|$)")
# Elements that have no Markdown syntax. They are kept, without attributes.
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
# A tag with attributes. Their values may hold `<`, `>` and line ends, which code that splits at tags cannot handle.
_TAG = re.compile(r'<([a-z0-9]+(?: [a-z-]+="[^"]*")+)>')
# Cloze deletions pass through Markdown as single private-use characters: one that opens each, one that closes it.
_OPEN, _CLOSE = 0x100000, 0x108000
_MARKS = re.compile("[\U00100000-\U0010ffff]")
_ANKI_SIGNS = re.compile(
    "\\{(?=[{\U00100000-\U00107fff])|\\}(?=[}\U00108000-\U0010ffff])|:(?=[:\U00108000-\U0010ffff])"
)
_WRAPPED_MARKS = re.compile('<span class="err">([\U00100000-\U0010ffff]+)</span>')


class _Fences(Preprocessor):
    """Replaces fenced code by highlighted HTML before any other step sees it, inside lists too.

    It takes the place of Python-Markdown's `normalize_whitespace`, which would turn tabs in code into spaces. It also
    lets a list follow a line of text without an empty line between them, as CommonMark does.
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
    """The Markdown of cards: raw HTML is text, except for a few harmless elements without attributes."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - Markdown's name
        md.preprocessors.deregister("html_block")
        # Two spaces of indentation nest a list, so indentation cannot mean code as well. Code needs a fence.
        md.parser.blockprocessors.deregister("code")
        # A heading needs a space after its `#`, so that `#include` at the start of a line is text.
        vars(md.parser.blockprocessors["hashheader"])["RE"] = _HEADING
        md.preprocessors.deregister("normalize_whitespace")
        md.preprocessors.register(_Fences(md), "fences", 30)
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.register(_InlineTag(_INLINE_TAG, md), "inline-tag", 90)
        md.ESCAPED_CHARS = [character for character in md.ESCAPED_CHARS if character not in _KEPT_BACKSLASHES]


@lru_cache(maxsize=3)
def _parser(indentation: int) -> markdown.Markdown:
    # Parsers are reused, because building one takes longer than rendering most texts.
    return markdown.Markdown(
        extensions=[_CardMarkdown(), "tables", "sane_lists"], output_format="html", tab_length=indentation
    )


def to_html(text: str) -> str:
    """Return a Markdown text as safe HTML."""
    parser = _parser(_indentation(text))
    parser.reset()
    return sanitize(parser.convert(text))


def _indentation(text: str) -> int:
    """Return by how many spaces a text nests its lists: 2, 3 or 4. Python-Markdown has to be told."""
    if "\n " not in text:
        return 4
    indents = [
        *re.findall(r"^( {2,})\S", markup.blank_code(text), re.MULTILINE),
        *(f.indent for f in markup.find_fences(text)),
    ]
    return min([4, *(len(indent) for indent in indents if len(indent) > 1)])


def sanitize(markup_text: str) -> str:
    """Return HTML with none but the safe elements, attributes and addresses, and with each tag on one line."""
    clean = nh3.clean(
        markup_text,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        filter_style_properties={"text-align"},
        link_rel="noopener noreferrer",
    )
    # Rules report control characters that are typed. This drops those written as entities: Anki separates fields
    # with `&#31;`.
    clean = CONTROL.sub("", clean)
    return _TAG.sub(lambda tag: "<" + tag[1].replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ") + ">", clean)


def unwrap(rendered: str) -> str:
    """Return HTML without the `<p>` around it when it is one paragraph, for use inside a line."""
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
    """Return the language of a file by its name, as Pygments calls it; `text` when Pygments does not know it."""
    if name.endswith(".py"):
        return "python"
    try:
        lexer: Lexer = get_lexer_for_filename(name)
    except ClassNotFound:
        return "text"
    return str(lexer.aliases[0])


_FORMATTER = HtmlFormatter(nowrap=True)


def highlight(code: str, language: str) -> str:
    """Return code as a `<pre>` whose tokens carry Pygments' short class names; plain for an unknown language."""
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
    """A file object with `write` alone, which is all that Pygments needs."""

    def __init__(self, pieces: list[str]) -> None:
        self.write = pieces.append


def render_cloze(text: str) -> str:
    """Return a cloze text as HTML in which single characters mark where each deletion starts and ends.

    `insert_marks` or `insert_deletions` replaces these characters.
    """
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
    """Return a rendered cloze text with `<mark class="cloze" data-cloze="1" data-hint="hint">` for each deletion."""
    found = markup.find_deletions(text)

    def opening(index: int) -> str:
        hint = f' data-hint="{html.escape(found[index].hint)}"' if found[index].hint else ""
        return f'<mark class="cloze" data-cloze="{found[index].number}"{hint}>'

    return _replace_marks(rendered, len(found), opening, lambda index: "</mark>")


def insert_deletions(rendered: str, text: str) -> str:
    """Return a rendered cloze text with each deletion as Anki reads it: `{{c1::answer::hint}}`."""
    found = markup.find_deletions(text)

    def closing(index: int) -> str:
        hint = found[index].hint
        return f"::{html.escape(hint, quote=False)}}}}}" if hint else "}}"

    # Anki would read `::`, `{{` and `}}` in the text as its own signs. An empty HTML comment between the two characters
    # prevents that and shows nothing; in an attribute an entity does the same.
    pieces = re.split(r"(<[^<>]*>)", rendered)
    protected = "".join(
        _ANKI_SIGNS.sub(as_entity if piece.startswith("<") else r"\g<0><!-- -->", piece) for piece in pieces
    )
    return _replace_marks(protected, len(found), lambda index: f"{{{{c{found[index].number}::", closing)


def as_entity(sign: re.Match[str]) -> str:
    """Return a matched character as an HTML entity, in which Anki sees no sign of its own."""
    return f"&#{ord(sign[0])};"


def _replace_marks(rendered: str, count: int, opening: Callable[[int], str], closing: Callable[[int], str]) -> str:
    """Return HTML with the characters that mark `count` deletions replaced."""

    def replaced(mark: re.Match[str]) -> str:
        code = ord(mark[0])
        index = code - (_OPEN if code < _CLOSE else _CLOSE)
        if index >= count:
            return ""  # an author's own `&#x100000;`
        return opening(index) if code < _CLOSE else closing(index)

    # Only between tags: in an attribute, `<mark>` or a deletion would break the tag.
    pieces = re.split(r"(<[^<>]*>)", rendered)
    return "".join(_MARKS.sub("" if piece.startswith("<") else replaced, piece) for piece in pieces)
