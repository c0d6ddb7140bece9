"""CommonMark with tables, strikethrough, task lists and bare addresses: markdown-it-py, and the rules added to it.

markdown-it-py has the whole grammar. The rules added here keep places, which it does not, and find what outputs do not
have: other HTML than five elements, footnotes, `==marked==` text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from enum import Enum, auto
from functools import lru_cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any, NamedTuple
from unicodedata import east_asian_width

from markdown_it import MarkdownIt, helpers
from markdown_it.common.html_re import HTML_TAG_RE
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token

from cardpress.markdown import cloze
from cardpress.markdown.formulas import is_escape, match_formula
from cardpress.markdown.lookalikes import ATTRIBUTES, MATH, SIGNS, Lookalike, find_lookalike
from cardpress.markdown.ruby import find_apart, find_ruby
from cardpress.markdown.tree import DEEPEST

_MISSING_CELLS = 1_000
# Brackets are searched for their partner; all searches in a paragraph together may take this many times its length.
_SEARCHES = 50
# A quote looks for its end in all lines below that have no mark; all quotes together may take this many looks a line.
_LOOKS = 50
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)(?=[\s/>]|$)([^<>]*)(>?)")
# Behind a bracket that is escaped, what ends in another.
_IN_BRACKETS = re.compile(r"[^\[\]\\]*\]")
# Characters in which what looks like a formula is looked for.
_BEGINNING_OF_FORMULA = 200
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]+\]")
_MARKED = re.compile(r"==(?=[^\s=])[^=\n]*[^\s=]==(?!=)")
# An address without marks around it (GFM 0.29, 6.9), up to white space or `<`. A host may be a number in brackets.
_BEGINNING = re.compile(r"https?://(?:\[[0-9A-Za-z:.%]{1,60}\]|[A-Za-z0-9])")
_ADDRESS = re.compile(rf"{_BEGINNING.pattern}[^\s<]*")
# In a cloze text the signs of deletions end it.
_ADDRESS_IN_CLOZE = re.compile(rf"{_BEGINNING.pattern}(?:(?!\{{\{{c[0-9]|\}}\}}|::)[^\s<])*")
# What stands before the colon of such an address.
_SCHEME = re.compile(r"(?<![A-Za-z0-9.+-])https?\Z")
_PAIRS = {")": "(", "]": "["}
# What stands before the address in a definition, from behind its first bracket on.
_ADDRESS_OF_LABEL = re.compile(r"(?:\\.|[^\]\\])*\]:[\s>]*")
# A line that begins with the end of a deletion.
_CLOSING = re.compile(r"(?:::[^\n{}]*)?\}\}")
_LAST_SIGNS = "?!.,:;…*_~'\"»”’›」』】）。、！？"

Rule = Callable[[StateInline, bool], bool]
BlockRule = Callable[[StateBlock, int, int, bool], bool]
Environment = MutableMapping[str, Any]


class Found(Enum):
    """What the parser finds that is not, or not everywhere, what its author means."""

    BARE_ADDRESS = auto()
    FOOTNOTE = auto()
    MARKED = auto()
    COMMENT = auto()
    MISTYPED = auto()
    TOO_DEEP = auto()
    CUT_ADDRESS = auto()
    ATTRIBUTES = auto()
    UNCLOSED_FORMULA = auto()
    READING_APART = auto()


class Finding(NamedTuple):
    """What was found in a line: the content of the paragraph, the place in it, and the words there."""

    found: Found | Lookalike
    content: str
    place: int
    words: str
    hint: str = ""


@lru_cache(maxsize=4)
def make_parser(with_deletions: bool, with_dollars: bool = False) -> MarkdownIt:
    """Return the parser, for cloze texts or for others. It puts what it finds of note into `env`: see `Finding`.

    `with_dollars` is for texts in which dollars are the signs of formulas.
    """
    # Cells that no row writes: a few characters could ask for tens of thousands of them.
    vars(import_module("markdown_it.rules_block.table"))["MAX_AUTOCOMPLETED_CELLS"] = _MISSING_CELLS
    parser = MarkdownIt(
        "commonmark", {"html": False, "linkify": True, "maxNesting": DEEPEST, "tasklists": True, "store_labels": True}
    )
    parser.enable(["table", "strikethrough", "linkify"])
    parser.disable(["html_inline", "html_block"])
    parser.core.ruler.disable("linkify", ignoreInvalid=True)
    parser.linkify = _BareAddresses(_ADDRESS_IN_CLOZE if with_deletions else _ADDRESS)  # asked `match_at_start` alone
    # Addresses stay as they are written: rules judge them, and each output escapes them for itself.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.helpers = SimpleNamespace(  # type: ignore[assignment]  # the same functions, one of them bounded
        parseLinkLabel=_find_label_end,
        parseLinkDestination=helpers.parseLinkDestination,
        parseLinkTitle=helpers.parseLinkTitle,
    )
    parser.inline = _InlineParser(parser.inline)
    rules = parser.inline.ruler
    rules.at("linkify", _outside_brackets(_rule(parser, "linkify")))
    for name in ("link", "image", "autolink", "linkify", "backticks"):
        rules.at(name, _placed(_rule(parser, name), with_deletions=with_deletions))
    rules.before("link", "footnote", _find_footnote)
    rules.after("link", "ruby", _find_reading)
    rules.after("autolink", "tag", _find_tag)
    rules.after("tag", "marked", _find_marked)
    rules.before("newline", "lookalike", _report_lookalikes(with_deletions=with_deletions))
    rules.before("lookalike", "formula", _find_formula(with_dollars=with_dollars))
    if with_deletions:
        rules.after("lookalike", "cloze", _find_signs)
        alternatives = ["paragraph", "blockquote", "list"]
        parser.block.ruler.before("paragraph", "closing", _end_block_at_closing, {"alt": alternatives})
    parser.block.ruler.before("table", "many_quotes", _end_quote_of_many, {"alt": ["blockquote"]})
    definitions = _read_definitions(_block_rule(parser, "reference"), _block_rule(parser, "paragraph"))
    parser.block.ruler.at("reference", definitions)
    return parser


def _rule(parser: MarkdownIt, name: str) -> Rule:
    return next(rule.fn for rule in parser.inline.ruler.__rules__ if rule.name == name)


def _block_rule(parser: MarkdownIt, name: str) -> BlockRule:
    return next(rule.fn for rule in parser.block.ruler.__rules__ if rule.name == name)


class _InlineParser(ParserInline):
    """Parses what stands in a line with a state of our own."""

    def __init__(self, parser: ParserInline) -> None:
        super().__init__()
        vars(self).update(vars(parser))

    def parse(self, src: str, md: MarkdownIt, env: Environment, tokens: list[Token]) -> list[Token]:
        """Return what stands in a line, as tokens."""
        state = _InlineState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class _InlineState(StateInline):
    """Knows that Chinese, Japanese and Korean have no spaces around words.

    For CommonMark, `**` between a letter and a bracket closes nothing, so that in `**「強い」**です` the stars would be
    printed. Beside a wide character, a sign of punctuation is as good as a space.
    """

    # How many characters were searched so far for the ends of labels.
    searched = 0

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803 - markdown-it-py's names
        """Return whether a run of signs can open emphasis, whether it can close it, and its length."""
        scanned = super().scanDelims(start, canSplitWord)
        if self.src.isascii():
            return scanned
        end = start + scanned.length
        before = self.src[start - 1] if start > 0 else " "
        after = self.src[end] if end < self.posMax else " "
        opens = _is_wide(before) and not after.isspace()
        closes = _is_wide(after) and not before.isspace()
        return Scanned(
            scanned.can_open or (opens and canSplitWord), scanned.can_close or (closes and canSplitWord), end - start
        )


def _is_wide(character: str) -> bool:
    return east_asian_width(character) in "WF"


class _BareAddresses(NamedTuple):
    """Finds the end of an address that stands in a text without marks around it."""

    pattern: re.Pattern[str]

    def match_at_start(self, text: str) -> SimpleNamespace | None:
        found = self.pattern.match(text)
        if found is None:
            return None
        url = found[0]
        unpaired = {last: url.count(last) - url.count(first) for last, first in _PAIRS.items()}
        end = len(url)
        while end and (url[end - 1] in _LAST_SIGNS or unpaired.get(url[end - 1], 0) > 0):
            end -= 1
            if url[end] in unpaired:
                unpaired[url[end]] -= 1
        return SimpleNamespace(url=url[:end]) if self.pattern.fullmatch(url, 0, end) else None


def _outside_brackets(rule: Rule) -> Rule:
    """Return the rule for bare addresses, for those alone that do not stand after `<`: `< https://e.org >` is text.

    It is asked only where there is one, since it searches all that stands before.
    """

    def run(state: StateInline, silent: bool) -> bool:
        if not state.src.startswith("://", state.pos):
            return False
        scheme = _SCHEME.search(state.src, max(state.pos - 6, 0), state.pos)
        if scheme is None or _BEGINNING.match(state.src, scheme.start(), state.posMax) is None:
            return False
        before = state.src[max(scheme.start() - 80, 0) : scheme.start()]
        return not before.rstrip().endswith("<") and rule(state, silent)

    return run


def _find_label_end(state: StateInline, start: int, disableNested: bool = False) -> int:  # noqa: N803
    """Return the place of the `]` of a link's label, -1 if there is none, or if the search for it would take long."""
    if isinstance(state, _InlineState) and state.searched > _SEARCHES * len(state.src) + 1_000:
        if not any(each.found is Found.TOO_DEEP for each in state.env["findings"]):
            _report(state, Found.TOO_DEEP, start, "[")
        return -1
    end = helpers.parseLinkLabel(state, start, disableNested)
    if isinstance(state, _InlineState):
        state.searched += (end if end >= 0 else state.posMax) - start
    return end


def _report(state: StateInline, found: Found | Lookalike, place: int, words: str, hint: str = "") -> None:
    state.env["findings"].append(Finding(found, state.src, place, words, hint))


def _report_lookalikes(*, with_deletions: bool) -> Rule:
    """Return the rule that finds what means something in another program."""

    def run(state: StateInline, silent: bool) -> bool:
        found = find_lookalike(state.src, state.pos, state.posMax) if state.src[state.pos] in SIGNS else None
        if found is None or (with_deletions and found[0].code == "looks-like-cloze"):
            return False
        lookalike, match = found
        if not silent:
            hint = re.sub(r"\{([0-9])\}", lambda group: match[int(group[1])].strip(), lookalike.help)
            _report(state, lookalike, match.start(), match[0], hint)
        # A deletion in a formula is one, and so is the sign that closes one around it.
        is_cut = with_deletions and ("{{c" in match[0] or match[0].count("{") != match[0].count("}"))
        if not lookalike.is_kept or is_cut:
            return False
        if not silent:
            state.append_pending(match[0])
        state.pos = match.end()
        return True

    return run


def _placed(rule: Rule, *, with_deletions: bool) -> Rule:
    """Return a rule that keeps where its tokens stand in the paragraph, and for a link, where its address does."""

    def run(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if not silent:
            for token in state.tokens[count:]:
                if token.type in ("link_open", "image", "code_inline") and "place" not in token.meta:
                    if token.info == "auto" and token.markup == "linkify":
                        begin = state.pos - len(str(token.attrs["href"]))
                        token.meta |= {"place": (begin, state.pos), "address": (begin, state.pos)}
                        _report(state, Found.BARE_ADDRESS, begin, str(token.attrs["href"]))
                        if with_deletions and state.src.startswith("::", state.pos):
                            _report(state, Found.CUT_ADDRESS, begin, str(token.attrs["href"]))
                    elif token.info == "auto":
                        token.meta |= {"place": (start, state.pos), "address": (start + 1, state.pos - 1)}
                    else:
                        token.meta["place"] = (start, state.pos)
                        if token.type == "code_inline":
                            _keep_line_ends(token, state.src[start : state.pos])
                        else:
                            token.meta |= _locate_address(state, start, state.pos, is_image=token.type == "image")
                            if attributes := ATTRIBUTES.match(state.src, state.pos, state.posMax):
                                _report(state, Found.ATTRIBUTES, state.pos, attributes[0])
                    break
        return True

    return run


def _keep_line_ends(token: Token, source: str) -> None:
    """Give a code span its line ends back. They show as spaces, but an author's lines are not to be made longer."""
    inside = source[len(token.markup) : len(source) - len(token.markup)]
    start = (len(inside) - len(token.content)) // 2  # one space at each end is not part of the code
    token.content = inside[start : len(inside) - start]


def _locate_address(state: StateInline, start: int, end: int, *, is_image: bool) -> dict[str, Any]:
    """Return where the address of a link stands: in its parentheses, or in the definition that it refers to."""
    after, state.pos = state.pos, start
    label_end = helpers.parseLinkLabel(state, start + is_image, not is_image)
    state.pos = after
    if label_end + 1 < end and state.src[label_end + 1] == "(":
        place = label_end + 2
        while place < end and state.src[place] in " \t\n":
            place += 1
        found = helpers.parseLinkDestination(state.src, place, end)
        return {"address": (place, found.pos if found.ok else place)}
    return {"definition": True}


def _find_formula(*, with_dollars: bool) -> Rule:
    """Return the rule for formulas, in which nothing is Markdown."""

    def run(state: StateInline, silent: bool) -> bool:
        sign = _read_formula_sign(state, with_dollars=with_dollars)
        if sign is None:
            return False
        # A sign that is not closed once is not closed further on, either.
        unclosed: set[tuple[str, str]] = state.env.setdefault("unclosed formulas", set())
        is_unclosed = sign != "$" and (state.src, sign) in unclosed
        span = None if is_unclosed else match_formula(state.src, state.pos, sign)
        if span is None or span.end > state.posMax:
            if sign != "$":
                unclosed.add((state.src, sign))
                reported: set[tuple[str, str]] = state.env.setdefault("reported formulas", set())
                is_bracket = sign == "\\[" and not _is_unclosed_formula(state.src[state.pos + 2 : state.posMax])
                if not silent and (state.src, sign) not in reported and not is_bracket:
                    reported.add((state.src, sign))
                    _report(state, Found.UNCLOSED_FORMULA, state.pos, sign)
            return False
        if is_escape(state.src, span):
            return False
        if not silent:
            token = state.push("formula", "", 0)
            token.content, token.markup = state.src[span.start + len(sign) : span.end - len(sign)], sign
            token.meta["place"] = (span.start, span.end)
        state.pos = span.end
        return True

    return run


def _is_unclosed_formula(text: str) -> bool:
    """Return whether a text behind `\\[` seems to be a formula, and the sign no escape, as in `\\[no link](here)`."""
    return _IN_BRACKETS.match(text) is None and MATH.search(text, 0, _BEGINNING_OF_FORMULA) is not None


def _read_formula_sign(state: StateInline, *, with_dollars: bool) -> str | None:
    """Return the sign that opens a formula at this place, None for anything else."""
    first = state.src[state.pos]
    if first == "\\":
        sign = state.src[state.pos : state.pos + 2]
        return sign if sign in ("\\(", "\\[") else None
    if first != "$" or not with_dollars:
        return None
    if state.src.startswith("$$", state.pos):
        return "$$"
    following = state.src[state.pos + 1 : state.pos + 2]
    return "$" if following and not following.isspace() else None


def _find_footnote(state: StateInline, silent: bool) -> bool:
    found = _FOOTNOTE.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "[" else None
    if found is None:
        return False
    if not silent:
        state.append_pending(found[0])
        _report(state, Found.FOOTNOTE, found.start(), found[0])
    state.pos = found.end()
    return True


def _find_reading(state: StateInline, silent: bool) -> bool:
    """Find a reading in brackets behind the characters that it belongs to, which were read as text so far."""
    # In a label, whose end is searched silently, it counts as brackets in brackets.
    if silent or state.src[state.pos] != "[":
        return False
    found = find_ruby(state.src, state.pos, state.posMax, state.pending)
    if found is None:
        # Only in a cloze text is the sign before it a token of its own.
        is_behind_sign = not state.pending and bool(state.tokens) and state.tokens[-1].type == "braces"
        apart = find_apart(state.src, state.pos, state.posMax) if is_behind_sign else None
        if apart:
            place, words, meant = apart
            _report(state, Found.READING_APART, place, words, f"put the reading into the deletion: `{meant}`")
        return False
    state.pending = state.pending[: len(state.pending) - found.length]
    token = state.push("ruby", "", 0)
    token.content = f"{found.base}({found.reading})"  # in a picture's description
    token.meta = {"ruby": (found.base, found.reading), "place": (state.pos - len(found.base), found.end)}
    state.pos = found.end
    return True


def _find_marked(state: StateInline, silent: bool) -> bool:
    if silent or state.src[state.pos] != "=" or state.src[state.pos - 1 : state.pos].isalnum():
        return False
    found = _MARKED.match(state.src, state.pos, state.posMax)
    if found is not None:
        _report(state, Found.MARKED, found.start(), found[0])
    return False


def _find_tag(state: StateInline, silent: bool) -> bool:
    found = _TAG.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "<" else None
    if found is None:
        if not silent and state.src.startswith("<!--", state.pos):
            _report(state, Found.COMMENT, state.pos, "<!--")
        return False
    # Inside of what only looks like a tag, markup is markup.
    shown = found[0] if HTML_TAG_RE.fullmatch(found[0]) else "<"
    if not silent:
        token = state.push("tag", "", 0)
        token.content, token.meta = shown, {"tag": found, "place": found.span()}
    state.pos += len(shown)
    return True


def _find_signs(state: StateInline, silent: bool) -> bool:
    sign = state.src[state.pos]
    if sign == ":":
        if not state.src.startswith("::", state.pos):
            return False
        found, name = None, "colons"
        end = state.pos + 2
    elif sign in "{}":
        found = cloze.OPENING.match(state.src, state.pos, state.posMax)
        name = "opening" if found else "braces"
        if found is None and not silent and (mistyped := cloze.MISTYPED.match(state.src, state.pos, state.posMax)):
            _report(state, Found.MISTYPED, state.pos, mistyped[0])
        found = found or cloze.BRACES.match(state.src, state.pos, state.posMax)
        if found is None:
            return False
        end = found.end()
    else:
        return False
    if not silent:
        token = state.push(name, "", 0)
        token.content, token.meta = state.src[state.pos : end], {"place": (state.pos, end), "sign": found}
    state.pos = end
    return True


def _end_block_at_closing(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """End a list, quote or table before a line that begins with the sign that closes a deletion, and is not inside.

    Without it, that line would go on with the last entry's text, as lines without indentation do.
    """
    begin = state.bMarks[line] + state.tShift[line]
    is_outside = state.sCount[line] < state.blkIndent or state.parentType in ("blockquote", "table")
    return silent and is_outside and _CLOSING.match(state.src, begin, state.eMarks[line]) is not None


def _end_quote_of_many(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """End a quote before a line without its mark, when quotes have looked at very many such lines in vain."""
    if not silent or state.parentType != "blockquote":
        return False
    looks = state.env["looks"] = state.env.get("looks", 0) + 1
    if looks <= _LOOKS * len(state.bMarks) + 1_000:
        return False
    state.env.setdefault("too many quotes", line)
    return True


def _read_definitions(define: BlockRule, add_paragraph: BlockRule) -> BlockRule:
    """Return the rule for definitions `[label]: address`, which keeps where addresses stand, and takes no footnote."""

    def define_one(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        begin = state.bMarks[start] + state.tShift[start]
        if not state.src.startswith("[", begin) or state.src.startswith("[^", begin):
            return False
        count = len(state.env.get("references", ()))
        if not define(state, start, end, silent):
            return False
        labels = state.env["references"]
        address = _ADDRESS_OF_LABEL.match(state.src, begin + 1) if len(labels) > count else None
        if address:
            found = helpers.parseLinkDestination(state.src, address.end(), len(state.src))
            state.env.setdefault("addresses", {})[next(reversed(labels))] = (address.end(), found.pos)
        return True

    def run(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if not define_one(state, start, end, silent):
            return False
        # A line without the mark of the quote around it goes on with the text there. Else it would end the quote, after
        # a look at all lines below, and each quote there would look at them again.
        while state.line < state.lineMax and state.sCount[state.line] < 0:
            if not define_one(state, state.line, end, silent):
                add_paragraph(state, state.line, end, silent)
        return True

    return run
