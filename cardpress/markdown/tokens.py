"""markdown-it-py's tokens → events, with the place of each thing in the author's text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, assert_never

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from cardpress.formulas import Fault, read
from cardpress.markdown import cloze
from cardpress.markdown.dollars import doubt, reads_as_prose
from cardpress.markdown.events import Braces, Characters, Close, Colons, Event, Leaf, Open, Opening
from cardpress.markdown.formula_deletions import IN_FORMULA, find_deletions, find_mistyped, list_pieces, part
from cardpress.markdown.formulas import mask, strip_quotes, unmask
from cardpress.markdown.grammar import Environment, Finding, Found, make_parser
from cardpress.markdown.lookalikes import FRONT_MATTER, Lookalike
from cardpress.markdown.places import Located, SourceText
from cardpress.markdown.sounds import is_sound
from cardpress.markdown.tree import DEEPEST, INLINE_TAGS, Place, Problem
from cardpress.markdown.unnumbered import find_free_number

_STYLES = {"em": "em", "strong": "strong", "s": "del"}
_NAMES = {"bullet_list": "list", "ordered_list": "list", "list_item": "item", "blockquote": "quote"}
# The mark of an entry of a list at the start of a line.
_QUOTED = re.compile(r"(?:[ \t]*>)+")
_MARGIN = re.compile(r" *([-*+]|[0-9]{1,9}[.)]) {1,4}(?=\S)")
# What other programs hide, link or mark, with the number of a deletion or without.
_HIDDEN = re.compile(r"\[\[(?:[cC](?P<number>[0-9]{1,4})::?)?(?P<linked>[^|:]+)\]\]|==(?P<marked>.+)==")


def read_events(
    text: str, *, with_deletions: bool, with_dollars: bool = False, with_breaks: bool = False
) -> tuple[list[Event], list[Problem]]:
    """Return what a text consists of, and the problems found. With `with_deletions`, signs of deletions are events."""
    masked = mask(text, with_dollars=with_dollars)
    breaks = cloze.find_line_breaks(masked) if with_deletions else ()
    source = SourceText.of(masked, breaks)
    problems: list[Problem] = []
    env: Environment = {"findings": []}
    tokens = _parse(make_parser(with_deletions, with_dollars), source.text, env)
    reader = _TokenReader(text, source, with_deletions, env, problems, with_breaks=with_breaks)
    return reader.read(tokens), problems


def _parse(parser: MarkdownIt, text: str, env: Environment) -> list[Token]:
    """Return a text as tokens. Most texts are one line, and one that begins with a letter can only be a paragraph.

    To look for blocks in such a line would take as long as all the rest.
    """
    line = text.rstrip()
    is_paragraph = "\n" not in line and (line[:1].isalpha() or (line[:1] == "`" and not line.startswith("```")))
    if not is_paragraph:
        return parser.parse(text, env)
    opening, closing = Token("paragraph_open", "p", 1, map=[0, 1]), Token("paragraph_close", "p", -1)
    return [opening, *parser.parseInline(line, env), closing]


class _Margin(NamedTuple):
    """Where an entry of a list has its mark and its text, as columns, and the line after it."""

    column: int
    text: int
    end: int


@dataclass(slots=True)
class _TokenReader:
    """Makes events of tokens."""

    text: str
    source: SourceText
    with_deletions: bool
    env: Environment
    problems: list[Problem]
    events: list[Event] = field(default_factory=list)
    # What the parser found of note, by the content of the paragraph.
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    # The column of a table's line at which the search for the next cell begins.
    column: int = 0
    # The line of the row that is being read.
    row: int = 0
    # The number of the next entry of a list at each level, None in a list with bullets.
    numbers: dict[int, int | None] = field(default_factory=dict)
    # The last entry of a list at each level.
    margins: dict[int, _Margin] = field(default_factory=dict)
    is_too_deep: bool = False
    # Whether a line end in a paragraph is a line break.
    with_breaks: bool = False

    def read(self, tokens: Sequence[Token]) -> list[Event]:
        for each in dict.fromkeys(self.env["findings"]):
            self.findings.setdefault(each.content, []).append(each)
        if matter := FRONT_MATTER.match(self.source.text):
            message, hint = "front matter is not read: it shows as a line and a heading", "remove it"
            place = self.source.place(0, matter[0].index("\n"))
            self.problems.append(Problem("unsupported-markdown", place, message, hint))
        for token in tokens:
            self.block(token)
        if "too many quotes" in self.env:
            line = self.env["too many quotes"]
            place = self.source.place(self.source.starts[line], self.source.starts[line] + len(self.source.lines[line]))
            message = "more quotes are above than anyone can follow; this line is not in one"
            self.problems.append(Problem("too-deep", place, message, "put `>` before each line of a quote"))
        contents = {token.content for token in tokens}
        for content, found in self.findings.items():
            for each in found if content not in contents else ():  # in a picture's description
                start = max(self.source.text.find(each.words), 0)
                self.report(each, self.source.place(start, start + len(each.words)))
        return self.events

    def block(self, token: Token) -> None:
        if token.level >= DEEPEST - 1 and token.type in ("blockquote_open", "list_item_open"):
            self.too_deep(self.source.block(token))
        match token.type:
            case "inline":
                self.inline(token)
            case "fence" | "code_block":
                self.code_block(token)
            case "hr":
                self.events.append(Leaf("break", {"place": self.source.block(token)}))
            case "list_item_open":
                self.check_margin(token)
                self.events.append(self.opened(token))
            case _ if token.nesting > 0:
                self.events.append(self.opened(token))
            case _ if token.nesting < 0:
                if token.type == "tr_close":
                    self.check_row()
                self.events.append(Close())

    def too_deep(self, place: Place) -> None:
        if not self.is_too_deep:
            self.is_too_deep = True
            message = f"nested more than {DEEPEST} levels deep; what is inside is left out"
            self.problems.append(Problem("too-deep", place, message, "write it with fewer levels"))

    def check_row(self) -> None:
        """Report what a row has beyond the columns of its table's head, which is not shown."""
        line = self.source.lines[self.row]
        rest = line[self.column :]
        lost = rest.strip(" \t|")
        if lost and "|" in rest:
            start = self.source.starts[self.row] + self.column + rest.index(lost)
            message = "this row has more cells than the head of its table, and the last ones are lost"
            hint = "write `\\|` for a bar inside a cell, in code too; or give the head a column more"
            place = self.source.place(start, start + len(lost))
            self.problems.append(Problem("lost-cell", place, message, hint))

    def check_margin(self, token: Token) -> None:
        """Report an entry that is indented, but not as far as the text of the entry above, so that it is not inside."""
        first, last = token.map or (0, 0)
        # The marks of quotes around a list are as good as spaces.
        quoted = _QUOTED.match(self.source.lines[first])
        marks = quoted.end() if quoted else 0
        line = (" " * marks + self.source.lines[first][marks:]).expandtabs(4)
        found = _MARGIN.match(line)
        if found is None:
            return
        column, text = found.start(1), found.end()
        above = self.margins.get(token.level)
        if above and above.end == first and column > above.column and column < above.text:
            indentation = len(self.source.lines[first]) - len(self.source.lines[first][marks:].lstrip())
            start = self.source.starts[first] + indentation
            message = "this entry is indented, but not far enough to be inside the one above"
            hint = f"to put it inside, indent it by {above.text - above.column} spaces; if it is not, by none"
            place = self.source.place(start, start + len(found[1]))
            self.problems.append(Problem("list-not-nested", place, message, hint))
        self.margins[token.level] = _Margin(column, text, last)

    def opened(self, token: Token) -> Open:
        name = token.type.removesuffix("_open")
        if name in ("thead", "tbody", "tr", "th", "td"):
            if name == "tr":
                self.column, self.row = 0, (token.map or [0])[0]
            return Open(name, {"alignment": str(token.attrs.get("style", "")).removeprefix("text-align:")})
        facts: dict[str, Any] = {"place": self.source.block(token)}
        match name:
            case "paragraph":
                facts["is_tight"] = token.hidden
            case "heading":
                facts["level"] = int(token.tag[1])
            case "ordered_list":
                self.numbers[token.level + 1] = int(token.attrs.get("start", 1))
            case "bullet_list":
                self.numbers[token.level + 1] = None
            case "list_item":
                number = self.numbers[token.level]
                facts |= {"is_done": token.meta.get("checked"), "number": number}
                self.numbers[token.level] = None if number is None else number + 1
        return Open(_NAMES.get(name, name), facts)

    def code_block(self, token: Token) -> None:
        first, last = token.map or (0, 0)
        is_fence = token.type == "fence"
        content = token.content.removesuffix("\n")
        facts: dict[str, Any] = {"place": self.source.block(token)}
        if is_fence:
            lines = token.content.count("\n") + (not token.content.endswith("\n") and bool(token.content))
            facts["is_closed"] = last - first - lines >= 2
            line = self.source.lines[first]
            fence = line.find(token.markup)
            info = (token.info.split() or [""])[0].strip("{}.")
            start = self.source.starts[first] + max(line.find(info, fence + len(token.markup)), 0)
            facts["place"] = Place(self.source.original(self.source.starts[first] + max(fence, 0)), facts["place"].end)
            facts["language"] = unescapeAll(info)
            facts["language_place"] = self.source.place(start, start + len(info)) if info else None
        else:
            content = content.rstrip("\n")
        self.events.append(Open("code_block", facts))
        self.code(content, lambda: self.source.locate(content, first + is_fence, max(last, first + 1)).at)
        self.events.append(Close())

    def code(self, content: str, locate: Callable[[], Callable[[int], int]]) -> None:
        if self.with_deletions and ("{" in content or "}" in content):
            paired, problems = cloze.pair_signs(list(cloze.scan_code(content, locate())), self.text, is_code=True)
            self.events += paired
            self.problems += problems
        elif content:
            self.events.append(Characters(unmask(content)))

    def inline(self, token: Token) -> None:
        first, last = token.map or (0, 0)
        is_cell = isinstance(self.events[-1], Open) and self.events[-1].name in ("th", "td")
        children = token.children or []
        located: list[Located] = []
        if is_cell:
            cell, self.column = self.source.locate_cell(token.content, first, self.column)
            located.append(cell)

        def locate() -> Located:
            if not located:
                located.append(self.source.locate(token.content, first, last))
            return located[0]

        _InlineReader(self, token.content, locate).read(children)
        for each in self.findings.get(token.content, ()):
            self.report(each, locate().place(each.place, each.place + len(each.words)))

    def hint_at_hiding(self, words: str) -> str:
        """Return what to write for signs with which other programs hide something, "" where this is no cloze text."""
        found = _HIDDEN.fullmatch(words) if self.with_deletions else None
        if found is None:
            return ""
        inside = (found["linked"] or found["marked"]).strip()
        wanted = f"write `{{{{c{found['number'] or find_free_number(self.text)}::{inside}}}}}`"
        if found["marked"]:
            return f"{wanted} to hide it, or `<mark>{inside}</mark>` to mark it"
        return wanted if found["number"] else f"{wanted} to hide it; a link is `[{inside}](https://…)`"

    def report(self, finding: Finding, place: Place) -> None:
        words = finding.words[:80]
        match finding.found:
            case Lookalike(code=code, message=message):
                shown = words.partition("\n")[0]
                shown += "…" if len(shown) < len(finding.words) else ""
                problem = Problem(code, place, f"`{shown}` {message}", self.hint_at_hiding(words) or finding.hint)
            case Found.BARE_ADDRESS:
                message = f"`{words}` becomes a link here, and not in every program that reads Markdown"
                problem = Problem(None, place, message, f"write `<{words}>` to have a link everywhere")
            case Found.FOOTNOTE:
                message = f"`{words}`: no output has footnotes"
                hint = "say it in the text, in parentheses, or in `extra`"
                problem = Problem("unsupported-markdown", place, message, hint)
            case Found.MARKED:
                message = f"`{words}`: Markdown has no such sign for marked text"
                hint = self.hint_at_hiding(words) or f"write `<mark>{words[2:-2]}</mark>`"
                problem = Problem("unsupported-markdown", place, message, hint)
            case Found.COMMENT:
                message = "a comment of HTML would be printed"
                problem = Problem("unsupported-html", place, message, "remove it; a comment cannot stand inside a text")
            case Found.MISTYPED:
                problem = cloze.report_mistyped(words, place)
            case Found.ATTRIBUTES:
                message = f"`{words}` is shown as typed: no output has attributes"
                problem = Problem("unsupported-markdown", place, message, "remove it")
            case Found.CUT_ADDRESS:
                message = f"`{words}` ends here: in a cloze text, `::` begins a hint"
                hint = f"put the address in `<` and `>`, as in `<{words}>`; what is inside is no sign"
                problem = Problem("doubtful-hint", place, message, hint)
            case Found.UNCLOSED_FORMULA:
                bare = {"\\(": "`(`", "\\[": "`[` in backticks", "$$": "`\\$\\$`"}[words]
                closing = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}[words]
                message = f"`{words}` begins a formula that does not end in this paragraph"
                hint = f"close it with `{closing}`; for the sign itself write {bare}"
                problem = Problem("bad-formula", place, message, hint)
            case Found.READING_APART:
                message = f"`{words}` is shown as typed: no reading is set above its characters"
                problem = Problem("unsupported-markdown", place, message, finding.hint)
            case Found.TOO_DEEP:
                message = "more brackets are open here than anyone can follow"
                problem = Problem("too-deep", place, message, "close them, or put them in backticks")
            case _:
                assert_never(finding.found)
        self.problems.append(problem)


@dataclass(slots=True)
class _InlineReader:
    """Makes events of what stands in a line."""

    reader: _TokenReader
    content: str
    locate: Callable[[], Located]
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
                    events.append(Characters(unmask(token.content)))
            case "formula":
                self.formula(token)
            case "softbreak":
                events.append(Leaf("line_break") if self.reader.with_breaks else Characters("\n"))
            case "hardbreak":
                events.append(Leaf("line_break"))
            case "code_inline":
                self.code_span(token)
            case "image":
                self.picture(token)
            case "ruby":
                self.ruby(token)
            case "tag":
                self.tag(token, tag)
            case "opening":
                events.append(Opening(int(token.meta["sign"][1]), self.locate().place(*token.meta["place"])))
            case "braces":
                events.append(Braces(token.content, self.locate().place(*token.meta["place"])))
            case "colons":
                events.append(Colons(self.locate().place(*token.meta["place"])))
            case "link_open":
                facts = {"address": str(token.attrs["href"]).strip("\n"), "title": str(token.attrs.get("title", ""))}
                self.refuse_deletion(token, *facts.values())
                if "link" in self.stack:
                    place = self.locate().place(*token.meta["place"])
                    message, hint = "a link inside a link leads nowhere of its own", "take it out of the other"
                    self.reader.problems.append(Problem("unsupported-markdown", place, message, hint))
                    self.stack.append("")
                else:
                    self.open("link", facts | self.address_place(token))
            case _ if token.nesting > 0:
                self.open("styled", {"style": _STYLES[token.tag]})
            case _:
                self.close()

    def open(self, name: str, facts: dict[str, Any]) -> None:
        if len(self.stack) >= DEEPEST:
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
        start, end = self.reader.env.get("addresses", {}).get(token.meta.get("label"), (0, 0))
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

    def formula(self, token: Token) -> None:
        """Add a formula, and report what is wrong with it."""
        first, last = token.meta["place"]
        locate = self.locate()
        source, places = unmask(token.content), None
        if "\n" in source:
            source, places = strip_quotes(source, locate.source.line_before(locate.at(first)))
        facts: dict[str, Any] = {"is_display": token.markup in ("\\[", "$$"), "place": locate.place(first, last)}
        events, problems = self.reader.events, self.reader.problems
        events.append(Open("formula", facts))
        before = len(problems)
        if self.reader.with_deletions and cloze.OPENING.search(source):
            self.formula_with_deletions(token, source, places)
        else:
            events.append(Characters(source))
            if deletion := cloze.OPENING.search(source):
                message = f"`{deletion[0]}` hides nothing here, and is shown as typed"
                place = self.place_in(token, places, *deletion.span())
                self.reader.problems.append(
                    Problem("looks-like-cloze", place, message, "write it as `cloze: …`, which is a note of its own")
                )
            elif fault := read(source).fault:
                self.report_fault(fault, self.place_in(token, places, fault.start, fault.end))
        events.append(Close())
        if self.reader.with_deletions and (mistyped := list(find_mistyped(source))):  # which may be why it has others
            places_of = ((words, self.place_in(token, places, start, start + len(words))) for start, words in mistyped)
            problems[before:] = [cloze.report_mistyped(words, place) for words, place in places_of]
        if token.markup == "$" and reads_as_prose(source):
            problems[before:] = doubt(source, facts["place"], problems[before:])

    def formula_with_deletions(self, token: Token, source: str, places: tuple[int, ...] | None) -> None:
        """Add the LaTeX of a formula and the deletions in it, and report what is wrong with either."""
        found, wrong = find_deletions(source)
        if wrong:
            self.reader.events.append(Characters(source))
            place = self.place_in(token, places, wrong.start, wrong.end)
            self.reader.problems.append(Problem(wrong.code, place, wrong.message, wrong.help))
            return
        parted = part(source, found)
        deletions = dict(zip(parted.gaps, found, strict=True))
        for latex, gap in list_pieces(parted):
            if gap:
                place = self.place_in(token, places, deletions[gap].start, deletions[gap].end)
                self.reader.events.append(Open("deletion", {"number": gap.number, "hint": gap.hint, "place": place}))
            if latex:
                self.reader.events.append(Characters(latex))
            if gap:
                self.reader.events.append(Close())
        fault = read(parted.source, parted.gaps).fault
        if fault and fault.gap:
            deletion = deletions[fault.gap]
            self.report_fault(fault, self.place_in(token, places, deletion.start, deletion.inside[0]))
        elif fault:
            inside = parted.places[fault.start : fault.end]
            start = inside[0] if inside else len(source)
            self.report_fault(fault, self.place_in(token, places, start, inside[-1] + 1 if inside else start))

    def report_fault(self, fault: Fault, place: Place) -> None:
        code = IN_FORMULA if fault.gap else "bad-formula" if fault.is_error else "unset-formula"
        self.reader.problems.append(Problem(code, place, fault.message, fault.help))

    def place_in(self, token: Token, places: tuple[int, ...] | None, start: int, end: int) -> Place:
        """Return a place of a formula's LaTeX in the author's text."""
        begin = token.meta["place"][0] + len(token.markup)
        if places is not None:
            last = places[min(end, len(places)) - 1] + 1 if end > start else 0
            start, end = (places[start] if start < len(places) else last), last
        return self.locate().place(begin + start, begin + max(end, start))

    def picture(self, token: Token) -> None:
        """Read a picture, or a sound, which is written like one."""
        place = self.address_place(token)
        self.refuse_deletion(token, token.content, *map(str, token.attrs.values()))
        title = str(token.attrs.get("title", ""))
        name = str(token.attrs["src"])
        facts = {
            "name": name,
            "description": _plain(token.children or []),
            "place": place["place"],
            "name_place": place["address_place"],
        }
        if not is_sound(name):
            self.reader.events.append(Leaf("picture", facts | {"title": title}))
            return
        self.reader.events.append(Leaf("sound", facts))
        if title:
            message, hint = "a sound has a description alone, and no title", f"write `![…]({name})`"
            self.reader.problems.append(Problem("unsupported-markdown", place["place"], message, hint))

    def ruby(self, token: Token) -> None:
        base, reading = token.meta["ruby"]
        facts = {"base": base, "reading": reading, "place": self.locate().place(*token.meta["place"])}
        self.reader.events.append(Leaf("ruby", facts))

    def refuse_deletion(self, token: Token, *unseen: str) -> None:
        """Report a deletion in what is not shown as text."""
        if self.reader.with_deletions and any(cloze.OPENING.search(text) for text in unseen):
            message = "a deletion starts or ends inside a picture or an address, where Anki cannot hide anything"
            sign = cloze.OPENING.search(self.content, *token.meta["place"])
            place = self.locate().place(*(sign.span() if sign else token.meta["place"]))
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
