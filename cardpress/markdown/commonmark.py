"""CommonMark with tables, strikethrough, task lists and bare addresses: what markdown-it-py finds in a text, as events.

markdown-it-py has the whole grammar. The rules added here keep places, which it does not, and find what outputs do not
have: other HTML than five elements, footnotes, `==marked==` text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from markdown_it import MarkdownIt, helpers
from markdown_it.common.html_re import HTML_TAG_RE
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from cardpress.markdown import cloze
from cardpress.markdown.events import Braces, Characters, Close, Colons, Event, Leaf, Open, Opening
from cardpress.markdown.tree import Place, Problem

# Elements that have no Markdown syntax. They are kept, without attributes.
INLINE_TAGS = frozenset({"br", "kbd", "mark", "sub", "sup"})
# Levels of quotes, lists, emphasis and links in each other. Nothing that a person can follow has more.
_DEEPEST = 40
# Brackets are searched for their partner; all searches in a paragraph together may take this many times its length.
_SEARCHES = 50
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)(?=[\s/>]|$)([^<>]*)(>?)")
# A backslash before a parenthesis is kept where a formula seems to be meant.
_FORMULA = re.compile(r"\\\((?=[^\s\\])[^\n]*?\\\)")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]+\]")
_MARKED = re.compile(r"==(?=[^\s=])[^=\n]*[^\s=]==(?!=)")
# An address without marks around it (GFM 0.29, 6.9), up to white space or `<`.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9\[][^\s<]*")
# In a cloze text the signs of deletions end it, but for the colons of a host in brackets.
_ADDRESS_IN_CLOZE = re.compile(r"https?://(?:\[[0-9A-Fa-f:.]*\]|[A-Za-z0-9])(?:(?!\{\{c[0-9]|\}\}|::)[^\s<])*")
_LAST_SIGNS = "?!.,:;*_~'\""

Rule = Callable[[StateInline, bool], bool]
Environment = MutableMapping[str, Any]


def read_events(text: str, *, with_deletions: bool) -> tuple[list[Event], list[Problem]]:
    """Return what a text consists of, and the problems found. With `with_deletions`, signs of deletions are events."""
    breaks = cloze.find_line_breaks(text) if with_deletions else ()
    source = _Source.of(text, breaks)
    problems: list[Problem] = []
    env: Environment = {"problems": []}
    tokens = _parser(with_deletions).parse(source.text, env)
    reader = _TokenReader(text, source, with_deletions, env, problems)
    return reader.read(tokens), problems


# --- places -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Source:
    """The text that is parsed, and where its characters stand in the text that the author wrote."""

    text: str
    lines: tuple[str, ...]
    starts: tuple[int, ...]
    # Places in `text` → how far behind the author's text it is from there on.
    shifts: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str, breaks: Sequence[tuple[int, str]]) -> _Source:
        pieces: list[str] = []
        shifts = [(0, 0)]
        position = length = 0

        def add(original: str, replaced: str) -> None:
            nonlocal position, length
            pieces.append(replaced)
            position, length = position + len(original), length + len(replaced)
            shifts.append((length, length - position))

        if "\r" in text or breaks:
            inserted = dict(breaks)
            cuts = sorted({*inserted, *(found.start() for found in re.finditer("\r", text))})
            for cut in cuts:
                add(text[position:cut], text[position:cut])
                if cut in inserted:
                    add("", inserted[cut])
                if text.startswith("\r\n", cut):
                    add("\r\n", "\n")
                elif text.startswith("\r", cut):
                    add("\r", "\n")
            add(text[position:], text[position:])
            text = "".join(pieces)
        lines = tuple(text.split("\n"))
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)
        return cls(text, lines, tuple(starts), tuple(shifts))

    def original(self, place: int) -> int:
        """Return where a character of `text` stands in the author's text."""
        if len(self.shifts) == 1:
            return place
        return place - self.shifts[bisect_right(self.shifts, (place, len(self.text) + 1)) - 1][1]

    def place(self, start: int, end: int) -> Place:
        return Place(self.original(start), self.original(end))

    def block(self, token: Token) -> Place:
        """Return the place of a block's lines, without the white space around them."""
        first, last = token.map or (0, 0)
        last = min(last, len(self.lines))
        while last - 1 > first and not self.lines[last - 1].strip():
            last -= 1
        if last <= first:
            return self.place(self.starts[first], self.starts[first])
        indentation = len(self.lines[first]) - len(self.lines[first].lstrip())
        return self.place(self.starts[first] + indentation, self.starts[last] - 1)

    def locate(self, content: str, first: int, last: int, start: int = 0) -> _Located:
        """Return where the characters of a block's content stand.

        The content's lines are what is left of lines `first` to `last` without the marks and the indentation around
        them. A cell of a table is searched in its line, from column `start` on.
        """
        offsets, places = [], []
        offset = 0
        for number, line in enumerate(content.split("\n"), first):
            number = min(number, last - 1, len(self.lines) - 1)  # noqa: PLW2901 - a text that no line has
            body = line.lstrip()
            indentation = len(line) - len(body)
            offsets.append(offset)
            places.append(self.starts[number] + self._column(body, number, start) - indentation)
            offset += len(line) + 1
        return _Located(self, offsets, places)

    def _column(self, line: str, number: int, start: int) -> int:
        whole = self.lines[number]
        if start == 0 and whole.rstrip().endswith(line.rstrip()):
            return len(whole.rstrip()) - len(line.rstrip())
        column = whole.find(line, start)
        return column if column >= 0 else start


@dataclass(frozen=True, slots=True)
class _Located:
    """Where the lines of a content begin: in the content, and in the text."""

    source: _Source
    offsets: list[int]
    places: list[int]

    def at(self, offset: int) -> int:
        """Return where a character of the content stands in the author's text."""
        line = bisect_right(self.offsets, offset) - 1
        return self.source.original(max(self.places[line] + offset - self.offsets[line], 0))

    def place(self, start: int, end: int) -> Place:
        return Place(self.at(start), self.at(end))


# --- the parser -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=2)
def _parser(with_deletions: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "maxNesting": _DEEPEST, "tasklists": True})
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
    rules = parser.inline.ruler
    rules.at("linkify", _outside_brackets(_rule(parser, "linkify")))
    for name in ("link", "image", "autolink", "linkify", "backticks"):
        rules.at(name, _placed(_rule(parser, name)))
    rules.before("escape", "formula", _keep_formula)
    rules.before("link", "footnote", _find_footnote)
    rules.after("autolink", "tag", _find_tag)
    rules.after("tag", "marked", _find_marked)
    if with_deletions:
        rules.before("newline", "cloze", _find_signs)
    parser.block.ruler.at("reference", _keep_address_places(_block_rule(parser, "reference")))
    return parser


def _rule(parser: MarkdownIt, name: str) -> Rule:
    return next(rule.fn for rule in parser.inline.ruler.__rules__ if rule.name == name)


def _block_rule(parser: MarkdownIt, name: str) -> Callable[[StateBlock, int, int, bool], bool]:
    return next(rule.fn for rule in parser.block.ruler.__rules__ if rule.name == name)


@dataclass(frozen=True, slots=True)
class _BareAddresses:
    """Finds the end of an address that stands in a text without marks around it."""

    pattern: re.Pattern[str]

    def match_at_start(self, text: str) -> SimpleNamespace | None:
        found = self.pattern.match(text)
        if found is None:
            return None
        url = found[0]
        while url:
            last = url[-1]
            unpaired = last == ")" and url.count(")") > url.count("(")
            if not (last in _LAST_SIGNS or unpaired):
                break
            url = url[:-1]
        return SimpleNamespace(url=url) if self.pattern.fullmatch(url) else None


def _outside_brackets(rule: Rule) -> Rule:
    """Return the rule for bare addresses, for those alone that do not stand after `<`: `< https://e.org >` is text."""

    def run(state: StateInline, silent: bool) -> bool:
        before = state.src[max(state.pos - 80, 0) : state.pos].removesuffix("https").removesuffix("http")
        return not before.rstrip().endswith("<") and rule(state, silent)

    return run


def _find_label_end(state: StateInline, start: int, disableNested: bool = False) -> int:  # noqa: N803
    """Return the place of the `]` of a link's label, -1 if there is none, or if the search for it would take long."""
    searched = state.env.setdefault("searched", {})
    key = id(state.md), state.src
    if searched.get("of") != key:
        searched.clear()
        searched["of"], searched["steps"] = key, 0
    if searched["steps"] > _SEARCHES * len(state.src) + 1_000:
        _report_nesting(state, start)
        return -1
    end = helpers.parseLinkLabel(state, start, disableNested)
    searched["steps"] += (end if end >= 0 else state.posMax) - start
    return end


def _report_nesting(state: StateInline, place: int) -> None:
    if not state.env.get("is_too_deep"):
        state.env["is_too_deep"] = True
        message = "more brackets are open here than anyone can follow"
        state.env["problems"].append(("too-deep", state.src, place, message))


def _placed(rule: Rule) -> Rule:
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
                        state.env["problems"].append(("bare", state.src, begin, str(token.attrs["href"])))
                    elif token.info == "auto":
                        token.meta |= {"place": (start, state.pos), "address": (start + 1, state.pos - 1)}
                    else:
                        token.meta["place"] = (start, state.pos)
                        if token.type == "code_inline":
                            _keep_line_ends(token, state.src[start : state.pos])
                        else:
                            token.meta |= _locate_address(state, start, state.pos, is_image=token.type == "image")
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


def _keep_formula(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "\\":
        return False
    ends: set[tuple[str, int]] = state.env.setdefault("formula ends", set())
    found = _FORMULA.match(state.src, state.pos, state.posMax)
    if found:
        ends.add((state.src, found.end() - 2))
    elif (state.src, state.pos) not in ends:
        return False
    if not silent:
        state.append_pending(state.src[state.pos : state.pos + 2])
    state.pos += 2
    return True


def _find_footnote(state: StateInline, silent: bool) -> bool:
    found = _FOOTNOTE.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "[" else None
    if found is None:
        return False
    if not silent:
        state.append_pending(found[0])
        state.env["problems"].append(("footnote", state.src, found.start(), found[0]))
    state.pos = found.end()
    return True


def _find_marked(state: StateInline, silent: bool) -> bool:
    if silent or state.src[state.pos] != "=" or state.src[state.pos - 1 : state.pos].isalnum():
        return False
    found = _MARKED.match(state.src, state.pos, state.posMax)
    if found is not None:
        state.env["problems"].append(("marked", state.src, found.start(), found[0]))
    return False


def _find_tag(state: StateInline, silent: bool) -> bool:
    found = _TAG.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "<" else None
    if found is None:
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


def _keep_address_places(rule: Callable[[StateBlock, int, int, bool], bool]) -> Any:
    """Return the rule for definitions `[label]: address`, which keeps where addresses stand, and takes no footnote."""

    def run(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        begin = state.bMarks[start] + state.tShift[start]
        if state.src.startswith("[^", begin):
            return False
        before = set(state.env.get("references", ()))
        if not rule(state, start, end, silent):
            return False
        for label in set(state.env.get("references", ())) - before:
            address = re.compile(r"(?:\\.|[^\]\\])*\]:[\s>]*").match(state.src, begin + 1)
            if address:
                found = helpers.parseLinkDestination(state.src, address.end(), len(state.src))
                state.env.setdefault("addresses", {})[label] = (address.end(), found.pos)
        return True

    return run


# --- tokens → events --------------------------------------------------------------------------------------------------

_STYLES = {"em": "em", "strong": "strong", "s": "del"}
_NAMES = {"bullet_list": "list", "ordered_list": "list", "list_item": "item", "blockquote": "quote"}


@dataclass(slots=True)
class _TokenReader:
    """Makes events of tokens."""

    text: str
    source: _Source
    with_deletions: bool
    env: Environment
    problems: list[Problem]
    events: list[Event] = field(default_factory=list)
    # The column of a table's line at which the search for the next cell begins.
    column: int = 0
    rows: int = -1
    is_too_deep: bool = False

    def read(self, tokens: Sequence[Token]) -> list[Event]:
        for token in tokens:
            self.block(token)
        contents = {token.content for token in tokens}
        for code, source, _, words in dict.fromkeys(self.env["problems"]):
            if source not in contents:  # in a picture's description
                start = max(self.source.text.find(words), 0)
                self.report(code, self.source.place(start, start + len(words)), words)
        return self.events

    def block(self, token: Token) -> None:
        if token.nesting > 0 and token.level >= _DEEPEST - 1:
            self.too_deep(self.source.block(token))
        match token.type:
            case "inline":
                self.inline(token)
            case "fence" | "code_block":
                self.code_block(token)
            case "hr":
                self.events.append(Leaf("break", {"place": self.source.block(token)}))
            case _ if token.nesting > 0:
                self.events.append(self.opened(token))
            case _ if token.nesting < 0:
                self.events.append(Close())

    def too_deep(self, place: Place) -> None:
        if not self.is_too_deep:
            self.is_too_deep = True
            message = f"nested more than {_DEEPEST} levels deep; what is inside is left out"
            self.problems.append(Problem("too-deep", place, message, "write it with fewer levels"))

    def opened(self, token: Token) -> Open:
        name = token.type.removesuffix("_open")
        if name in ("thead", "tbody", "tr", "th", "td"):
            if name == "tr":
                self.column = 0
            return Open(name, {"alignment": str(token.attrs.get("style", "")).removeprefix("text-align:")})
        facts: dict[str, Any] = {"place": self.source.block(token)}
        match name:
            case "paragraph":
                facts["is_tight"] = token.hidden
            case "heading":
                facts["level"] = int(token.tag[1])
            case "ordered_list":
                facts["first"] = int(token.attrs.get("start", 1))
            case "bullet_list":
                facts["first"] = None
            case "list_item":
                facts["is_done"] = token.meta.get("checked")
        return Open(_NAMES.get(name, name), facts)

    def code_block(self, token: Token) -> None:
        first, last = token.map or (0, 0)
        is_fence = token.type == "fence"
        content = token.content.removesuffix("\n")
        facts: dict[str, Any] = {"place": self.source.block(token)}
        if is_fence:
            lines = token.content.count("\n") + (not token.content.endswith("\n") and bool(token.content))
            facts["is_closed"] = last - first - lines >= 2
            info = (token.info.split() or [""])[0]
            language = unescapeAll(info.strip("{}."))
            column = self.source.lines[first].find(
                info.strip("{}."), self.source.lines[first].find(token.markup) + len(token.markup)
            )
            start = self.source.starts[first] + max(column, 0)
            facts["language"] = language
            facts["language_place"] = self.source.place(start, start + len(info)) if language else None
        else:
            content = content.rstrip("\n")
        self.events.append(Open("code_block", facts))
        self.code(content, lambda: self.source.locate(content, first + is_fence, max(last, first + 1)).at)
        self.events.append(Close())

    def code(self, content: str, locate: Callable[[], Callable[[int], int]]) -> None:
        if self.with_deletions and ("{" in content or "}" in content):
            paired, problems = cloze.pair_signs(list(cloze.scan_code(content, locate())), self.text)
            self.events += paired
            self.problems += problems
        elif content:
            self.events.append(Characters(content))

    def inline(self, token: Token) -> None:
        first, last = token.map or (0, 0)
        is_cell = isinstance(self.events[-1], Open) and self.events[-1].name in ("th", "td")
        children = token.children or []
        located: list[_Located] = []

        def locate() -> _Located:
            if not located:
                located.append(self.source.locate(token.content, first, last, self.column if is_cell else 0))
            return located[0]

        _InlineReader(self, token.content, locate).read(children)
        if self.env["problems"]:
            for code, source, start, words in dict.fromkeys(self.env["problems"]):
                if source == token.content:
                    self.report(code, locate().place(start, start + len(words)), words)
        if is_cell:
            end = self.source.lines[first].find(token.content, self.column)
            self.column = end + len(token.content) if end >= 0 else self.column

    def report(self, code: str, place: Place, words: str) -> None:
        match code:
            case "footnote":
                message = f"`{words}`: no output has footnotes"
                problem = Problem(
                    "unsupported-markdown", place, message, "say it in the text, in parentheses, or in `extra`"
                )
            case "bare":
                message = f"`{words[:80]}` becomes a link here, and not in every program that reads Markdown"
                problem = Problem(None, place, message, f"write `<{words[:80]}>` to have a link everywhere")
            case "marked":
                message = f"`{words[:40]}` is not Markdown for marked text"
                problem = Problem("unsupported-markdown", place, message, f"write `<mark>{words[2:-2][:40]}</mark>`")
            case _:
                place = Place(place.start, place.start + 1)
                problem = Problem(code, place, words, "close them, or put them in backticks")
        self.problems.append(problem)


@dataclass(slots=True)
class _InlineReader:
    """Makes events of what stands in a line."""

    reader: _TokenReader
    content: str
    locate: Callable[[], _Located]
    stack: list[str] = field(default_factory=list)

    def read(self, tokens: Sequence[Token]) -> None:
        pairs = _pair_tags(tokens)
        for index, token in enumerate(tokens):
            self.token(token, pairs.get(index))

    def token(self, token: Token, tag: str | None) -> None:  # noqa: PLR0912 - one for each kind of token
        events = self.reader.events
        match token.type:
            case "text":
                if token.content:
                    events.append(Characters(token.content))
            case "softbreak":
                events.append(Characters("\n"))
            case "hardbreak":
                events.append(Leaf("line_break"))
            case "code_inline":
                self.code_span(token)
            case "image":
                self.picture(token)
            case "tag":
                self.tag(token, tag)
            case "opening":
                events.append(Opening(int(token.meta["sign"][1]), self.locate().place(*token.meta["place"])))
            case "braces":
                events.append(Braces(token.content, self.locate().place(*token.meta["place"])))
            case "colons":
                events.append(Colons(self.locate().place(*token.meta["place"])))
            case "link_open":
                facts = {"address": str(token.attrs["href"]), "title": str(token.attrs.get("title", ""))}
                self.refuse_deletion(token, *facts.values())
                self.open("link", facts | self.address_place(token))
            case _ if token.nesting > 0:
                self.open("styled", {"style": _STYLES[token.tag]})
            case _:
                self.close()

    def open(self, name: str, facts: dict[str, Any]) -> None:
        if len(self.stack) >= _DEEPEST:
            self.reader.too_deep(self.locate().place(0, len(self.content)))
            self.stack.append("")
        else:
            self.stack.append(name)
            self.reader.events.append(Open(name, facts))

    def close(self) -> None:
        if self.stack.pop():
            self.reader.events.append(Close())

    def address_place(self, token: Token) -> dict[str, Place]:
        place = self.locate().place(*token.meta["place"])
        if "address" in token.meta:
            return {"place": place, "address_place": self.locate().place(*token.meta["address"])}
        references, addresses = self.reader.env.get("references", {}), self.reader.env.get("addresses", {})
        address = token.attrs["src" if token.type == "image" else "href"]
        label = next((each for each, found in references.items() if found["href"] == address), "")
        start, end = addresses.get(label, (0, 0))
        return {"place": place, "address_place": self.reader.source.place(start, end)}

    def code_span(self, token: Token) -> None:
        start, _ = token.meta["place"]
        start += len(token.markup)
        # One space at each end is not part of the code.
        length = token.meta["place"][1] - token.meta["place"][0] - 2 * len(token.markup)
        start += length > len(token.content)
        self.reader.events.append(Open("code_span", {"place": self.locate().place(*token.meta["place"])}))
        self.reader.code(token.content, lambda: lambda offset: self.locate().at(start + offset))
        self.reader.events.append(Close())

    def picture(self, token: Token) -> None:
        place = self.address_place(token)
        self.refuse_deletion(token, token.content, *map(str, token.attrs.values()))
        facts = {
            "name": str(token.attrs["src"]),
            "description": _plain(token.children or []),
            "title": str(token.attrs.get("title", "")),
            "place": place["place"],
            "name_place": place["address_place"],
        }
        self.reader.events.append(Leaf("picture", facts))

    def refuse_deletion(self, token: Token, *unseen: str) -> None:
        """Report a deletion in what is not shown as text."""
        if self.reader.with_deletions and any(cloze.OPENING.search(text) for text in unseen):
            message = "a deletion starts or ends inside a picture or an address, where Anki cannot hide anything"
            place = self.locate().place(*token.meta["place"])
            hint = "put the whole link or picture into it"
            self.reader.problems.append(Problem("cloze-without-deletion", place, message, hint))

    def tag(self, token: Token, paired: str | None) -> None:
        found: re.Match[str] = token.meta["tag"]
        if paired == "br":
            self.reader.events.append(Leaf("line_break"))
        elif paired == "open":
            self.open("styled", {"style": found[2].lower()})
        elif paired == "close":
            self.close()
        else:
            facts = {
                "name": found[2].lower(),
                "attributes": found[3].strip(" /"),
                "source": token.content,
                "place": self.locate().place(*token.meta["place"]),
                "is_end": bool(found[1]),
                "is_complete": bool(found[4]),
            }
            self.reader.events.append(Leaf("tag", facts))


def _pair_tags(tokens: Sequence[Token]) -> dict[int, str]:
    """Return which tags are elements, by their index: `br`, and the start and the end of those that pair up."""
    found: dict[int, str] = {}
    stack: list[tuple[str, int]] = []
    for index, token in enumerate(tokens):
        if token.type == "tag":
            match = token.meta["tag"]
            name = match[2].lower()
            if name not in INLINE_TAGS or match[3].strip(" /") or not match[4]:
                continue
            if name == "br":
                found[index] = "br"
            elif not match[1]:
                stack.append((name, index))
            else:
                around = [each for each, _ in stack]
                barrier = len(around) - around[::-1].index("") if "" in around else 0
                if name in around[barrier:]:
                    while stack[-1][0] != name:
                        stack.pop()  # a start tag whose end does not come
                    found |= {stack.pop()[1]: "open", index: "close"}
        elif token.nesting > 0:
            stack.append(("", index))
        elif token.nesting < 0:
            while stack and stack.pop()[0]:
                pass
    return found


def _plain(tokens: Sequence[Token]) -> str:
    """Return the text of a picture's description, on one line."""

    def texts() -> Iterator[str]:
        for token in tokens:
            if token.type in ("softbreak", "hardbreak"):
                yield " "
            elif token.children:
                yield _plain(token.children)
            else:
                yield token.content

    return "".join(texts())
