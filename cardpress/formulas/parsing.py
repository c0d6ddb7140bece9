"""LaTeX → the tree of a formula. What cannot be read is a fault, at its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from cardpress.formulas import alphabets
from cardpress.formulas.chemistry import write_chemistry, write_quantity
from cardpress.formulas.colors import read_color
from cardpress.formulas.commands import ACTS, FORBIDDEN, INSTEAD, UNSET, suggest
from cardpress.formulas.environments import (
    ENVIRONMENTS,
    PLAIN_GRIDS,
    STARLESS,
    UNSET_ENVIRONMENTS,
    WITH_ARGUMENT,
    WITH_OPTION,
    read_columns,
)
from cardpress.formulas.gaps import Gap, is_plain_hint, show_front
from cardpress.formulas.lexing import DELETION_END, Token, tokenize
from cardpress.formulas.shapes import as_name, bar, delimiter, has_under, join, may_have_limits, with_role, words_of
from cardpress.formulas.symbols import (
    ACCENTS,
    ARROWS,
    CLOSING,
    DELIMITERS,
    LARGE,
    LETTERS,
    NAMES,
    NAMES_WITH_LIMITS,
    OPENING,
    OPERATORS,
    SIGNS_AS_DELIMITERS,
    SPACES,
    UPRIGHT,
    WORDS,
)
from cardpress.formulas.tree import (
    Accent,
    Bracket,
    Colored,
    Deletion,
    Fenced,
    Fraction,
    Grid,
    Group,
    Letter,
    Marked,
    Middle,
    Name,
    Node,
    Number,
    Operator,
    Phantom,
    Root,
    Scripts,
    Space,
    Styled,
    Words,
    walk,
)

# Characters of a formula, and groups in each other. Nobody can read more on a card.
LONGEST = 4_000
DEEPEST = 20
# Cloze deletions of a formula.
_MOST_GAPS = 40
# Cells of all grids of a formula.
_MOST_CELLS = 1_000
# Ems. A space that is wider would push a formula off its card.
_WIDEST = 10.0
_EMS = {"em": 1.0, "ex": 0.43, "mu": 1 / 18, "pt": 0.1, "px": 0.075, "cm": 2.8, "mm": 0.28, "in": 7.2, "pc": 1.2}
_LENGTH = re.compile(r"\s*(-?[0-9]*\.?[0-9]+)\s*([a-z]{2})\s*")
_BIG = {"big": 1.2, "Big": 1.623, "bigg": 2.047, "Bigg": 2.47}
_ROLES_OF_BIG = {"l": "opening", "r": "closing", "m": "relation", "": "ordinary"}
_ROLES = {
    "mathbin": "binary",
    "mathrel": "relation",
    "mathop": "large",
    "mathord": "ordinary",
    "mathopen": "opening",
    "mathclose": "closing",
    "mathpunct": "punctuation",
    "mathinner": "",
}
_TEXTS = frozenset("text textrm textup textnormal mbox hbox textsf texttt textbf textit".split())
_STYLES = {"displaystyle": "display", "textstyle": "text", "scriptstyle": "script", "scriptscriptstyle": "scriptscript"}
_FRACTIONS: dict[str, tuple[bool, bool | None]] = {
    "frac": (True, None),
    "dfrac": (True, True),
    "tfrac": (True, False),
    "cfrac": (True, True),
    "binom": (False, None),
    "dbinom": (False, True),
    "tbinom": (False, False),
}
_INFIX = frozenset("over choose atop brack brace above overwithdelims atopwithdelims abovewithdelims".split())
_MARKS = {"boxed": "box", "cancel": "cancel", "bcancel": "bcancel", "xcancel": "xcancel"}
# What `\\enclose` draws.
_ENCLOSED = {
    "box": "box",
    "roundedbox": "box",
    "updiagonalstrike": "cancel",
    "downdiagonalstrike": "bcancel",
    "horizontalstrike": "sout",
}
# Sizes of text and other things that show nothing here.
_NOTHING = frozenset(
    "nonumber notag strut mathstrut normalsize tiny Tiny scriptsize small large Large LARGE huge Huge hfill hfil "
    "hfilll displaystyle nonscript oldstyle xmathstrut".split()
)
# What changes the room around its argument alone.
_AS_IT_IS = frozenset("smash mathclap cramped vcenter mathmbox clap crampedclap".split())
_LINES = frozenset({"hline", "hdashline"})
# What holds for all that follows in its group. The end of a deletion ends none of it.
_BEYOND = frozenset({*_INFIX, *_STYLES, *alphabets.SWITCHES, "color", "tag"})
# What cannot stand right behind `^` and `_` without braces.
_UNSCRIPTED = frozenset(
    {*NAMES, *_STYLES, *"begin color dots mathop not substack varliminf varlimsup varinjlim varprojlim".split()}
)
_CHORDS = {"bra": ("⟨", "|"), "ket": ("|", "⟩"), "braket": ("⟨", "⟩"), "set": ("{", "}"), "ketbra": ("|", "|")}
# A command in a text, but for the signs that have a backslash there.
_IN_TEXT = re.compile(r"(?<!\\)\\(?:[A-Za-z]+|[^${}\\A-Za-z]|$)")
_ESCAPED = {"$": "$", "%": "%", "#": "#", "&": "&", "_": "_", "{": "{", "}": "}", " ": " ", "\\": " "}
# Characters that are typed as they are, and the signs that they mean.
_TYPED = {"-": "−", "*": "∗", "'": "′", "’": "′"}
_KNOWN_SIGNS = frozenset("".join((*OPERATORS.values(), *UPRIGHT.values(), *DELIMITERS.values())))
_LARGE_SIGNS = frozenset(LARGE.values())
_PUNCTUATION = frozenset(",;")


class Fault(NamedTuple):
    """What is wrong with a formula, where, and what to write. One that is no error is set by some outputs alone."""

    start: int
    end: int
    message: str
    help: str
    is_error: bool = True
    # The cloze deletion that cannot stand where it does.
    gap: Gap | None = None


class Reading(NamedTuple):
    """What was read: the tree of a formula, None when the page and print cannot set it; and what is wrong with it."""

    tree: Node | None
    fault: Fault | None = None


class _WrongError(Exception):
    """A formula cannot be read."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@lru_cache(maxsize=4096)
def read(source: str, gaps: tuple[Gap, ...] = ()) -> Reading:
    """Return the tree of a formula, or its first fault.

    `gaps` are its cloze deletions, one behind the other, whose signs the source does not have. Each must hold a part
    that stands by itself: the formula is one with what they hold, and with what Anki shows in their place.
    """
    whole = _read(source)
    if not gaps or (whole.fault and whole.fault.is_error):
        return whole
    if misplaced := _find_misplaced(source, gaps, whole):
        return Reading(None, misplaced)
    found = _read(source, gaps)
    if not found.fault and _read(show_front(source, gaps)).fault:
        wrong = next((gap for gap in gaps if _read(show_front(source, (gap,))).fault), gaps[0])
        message = "Anki shows `[...]` in the place of this deletion, which is no formula here"
        return Reading(None, _misplaced(wrong, message, _BRACES))
    return found


# What is wrong with a deletion that does not stand by itself, and what to write in its place.
_CUT = "this deletion does not hold a part of the formula that stands by itself"
_BRACES = "put braces around it: `{ {{c1::…}} }`"
_IN_WORDS = "a deletion in a text, a name or a length, of which no part can be hidden in a formula"
_COMMAND = "put all of the command into the deletion"
_WHOLE = "put the whole formula into the deletion, or all of what this is a part of"


def _find_misplaced(source: str, gaps: tuple[Gap, ...], whole: Reading) -> Fault | None:
    """Return what is wrong with deletions wherever they stand in this formula."""
    if whole.fault:
        command = source[whole.fault.start : whole.fault.end]
        message = f"`{command}` is set by Anki alone: the page and the PDFs could not hide this deletion"
        return _misplaced(gaps[0], message, "put the whole formula into the deletion")
    if len(gaps) > _MOST_GAPS:
        message = f"a formula with {len(gaps)} deletions; {_MOST_GAPS} are the most"
        return _misplaced(gaps[_MOST_GAPS], message, "make several formulas of it")
    for gap in gaps:
        if not is_plain_hint(gap.hint):
            message = f"the hint `{gap.hint}` has signs of LaTeX, and stands in a formula as text"
            return _misplaced(gap, message, "say it in words, without a formula and without markup")
    return None


def _misplaced(gap: Gap, message: str, hint: str) -> Fault:
    return Fault(gap.start, gap.end, message, hint, gap=gap)


def _read(source: str, gaps: tuple[Gap, ...] = ()) -> Reading:
    if len(source) > LONGEST or not source.strip():
        message = f"a formula of {len(source)} characters; {LONGEST} are the most"
        hint = "make several formulas of it"
        if not source.strip():
            message, hint = "a formula with nothing in it", "write it, or remove its signs"
        return Reading(None, Fault(0, len(source), message, hint))
    parser = _Parser(source, list(tokenize(source, gaps)))
    try:
        tree = parser.whole()
        parser.refuse_forbidden()
    except _WrongError as error:
        if gaps and not error.fault.gap:  # it is right without them
            return Reading(None, _misplaced(parser.gap or gaps[0], _CUT, _WHOLE))
        return Reading(None, error.fault)
    if gaps and sum(isinstance(node, Deletion) for node in walk(tree)) < len(gaps):
        lost = next((gap for gap in gaps if gap not in parser.gaps), gaps[0])
        return Reading(None, _misplaced(lost, _IN_WORDS, _COMMAND))
    if parser.unset:
        token = parser.unset
        message = f"`{token.text}` is set by Anki alone: the page and the PDFs show this formula as it is typed"
        return Reading(None, Fault(token.start, token.end, message, "write it with other commands", is_error=False))
    return Reading(tree)


@dataclass(slots=True)
class _Parser:
    source: str
    tokens: list[Token]
    position: int = 0
    depth: int = 0
    cells: int = 0
    # `\\left` without its `\\right` so far.
    fences: int = 0
    # The alphabet in which letters stand.
    alphabet: str = ""
    # The first command that the page and print do not know.
    unset: Token | None = None
    # The number of the line that is being read, which stands at its end wherever it is written.
    tag: tuple[Node, ...] = ()
    # Whether all commands up to here are known.
    is_known: bool = True
    # The deletions that were read so far.
    gaps: list[Gap] = field(default_factory=list)
    # Whether an option in brackets is being read, and not something in braces in it.
    in_brackets: bool = False

    @property
    def gap(self) -> Gap | None:
        """The last deletion that was read."""
        return self.gaps[-1] if self.gaps else None

    # --- tokens

    def peek(self) -> Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def next(self) -> Token | None:
        token = self.peek()
        if token:
            self.position += 1
        return token

    def skip_space(self) -> None:
        while (token := self.peek()) and token.text == " ":
            self.position += 1

    def wrong(self, token: Token | None, message: str, hint: str) -> _WrongError:
        start, end = (token.start, token.end) if token else (max(len(self.source.rstrip()) - 1, 0), len(self.source))
        return _WrongError(Fault(start, end, message, hint))

    def refuse_forbidden(self) -> None:
        """Raise for a command that no formula may have, also in what is left to Anki, or read as chemistry or words."""
        for token in tokenize(self.source):
            self.check_allowed(token)

    def check_allowed(self, token: Token) -> None:
        if (name := token.command) in FORBIDDEN:
            message = f"`{token.text}` is no part of a formula here: it {FORBIDDEN[name]}"
            raise self.wrong(token, message, "write it without")
        if name == "bbox" and ACTS.match(self.source, token.start):
            message = "a style in `\\bbox`, which could load something"
            raise self.wrong(token, message, "write a color alone, as in `\\bbox[yellow]{x}`")

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong(token, f"nested more than {DEEPEST} levels deep", "write it with fewer levels")

    # --- rows

    def whole(self) -> Node:
        """Return all of a formula."""
        node = self.row(lambda token: token.text in ("\\end", "\\cr"))
        token = self.next()
        if token and token.text == "\\cr":
            raise self.unbroken(token)
        if token:
            raise self.wrong(token, "`\\end` without its `\\begin`", "write `\\begin{…}` before it, or remove it")
        return self.tagged(node)

    def tagged(self, node: Node) -> Node:
        """Return the end of a line, with its number."""
        tag, self.tag = self.tag, ()
        return Group((node, *tag)) if tag else node

    def rows(
        self, opening: Token, end: str = "\\end", *, has_words: bool = False
    ) -> tuple[tuple[tuple[Node, ...], ...], tuple[int, ...]]:
        """Return the rows of a grid up to its end, which is left, each a list of cells; and where it has lines."""
        rows: list[list[Node]] = [[]]
        rules: list[int] = []
        while True:
            self.cells += 1
            if self.cells > _MOST_CELLS:
                raise self.wrong(self.peek(), f"more than {_MOST_CELLS} cells", "make several formulas of it")
            while not rows[-1] and self.line():
                rules.append(len(rows) - 1)
            if has_words and len(rows[-1]) == 1:
                rows[-1].append(self.words_in_cell(opening))
            else:
                rows[-1].append(self.row(lambda token: token.text in ("&", "\\\\", "\\cr", "\\newline", end)))
            token = self.next()
            if token is None:
                if end == "}":
                    raise self.wrong(opening, "`{` without its `}`", "close it with `}`")
                raise self.wrong(opening, "this environment has no end", "close it with `\\end{…}`")
            if token.text != "&":
                rows[-1][-1] = self.tagged(rows[-1][-1])
            if token.text == end:
                self.position -= 1
                break
            if token.text != "&":
                self.row_gap()
                rows.append([])
        if len(rows) > 1 and rows[-1] == [Group(())]:
            rows.pop()  # behind the last line's end
        return tuple(map(tuple, rows)), tuple(dict.fromkeys(rules))

    def line(self) -> bool:
        """Return whether a line across the columns is next, and pass over it."""
        self.skip_space()
        token = self.peek()
        is_line = token is not None and token.command in _LINES
        self.position += is_line
        return is_line

    def words_in_cell(self, opening: Token) -> Node:
        """Return a cell that is text."""
        first = self.peek()
        depth = 0
        while token := self.peek():
            if not depth and token.text in ("&", "\\\\", "\\cr", "\\end"):
                break
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            self.position += 1
        if first is None or token is None:
            raise self.wrong(opening, "this environment has no end", "close it with `\\end{…}`")
        return join(self.words(opening, self.source[first.start : token.start].strip(), first.start, "text"))

    def row_gap(self) -> None:
        """Pass over the space that a line's end may ask for: `\\\\[2pt]`."""
        token = self.peek()
        if token and token.text == "[":
            end = self.source.find("]", token.end, token.end + 20)
            if end < 0 or not _LENGTH.fullmatch(self.source, token.end, end):
                raise self.wrong(token, "brackets behind a line's end hold a length", "write `{[}` for the sign")
            while (inner := self.next()) and inner.text != "]":
                pass

    def row(self, ends: Callable[[Token], bool], *, in_deletion: bool = False) -> Node:
        """Return what stands in a row up to a token that ends it, which is left."""
        alphabet = self.alphabet
        nodes: list[Node] = []
        infix: tuple[Token, list[Node], str] | None = None
        while (token := self.peek()) and not ends(token):
            if in_deletion and token.command in _BEYOND:
                message = f"`{token.text}` in a deletion holds for what is behind it, too"
                raise self.misplaced(message, "put braces around what it is for: `{{c1::{…}}}`")
            if token.text == "}":
                raise self.wrong(token, "`}` without its `{`", "write `{` before it, or `\\}` for the sign itself")
            if token.command == "right":
                raise self.wrong(token, "`\\right` without its `\\left`", "write `\\left` before it, such as `\\left(`")
            if token.command in _INFIX:
                if infix:
                    raise self.wrong(token, f"a second `{infix[0].text}` in a group", "put one of them in braces")
                before, nodes = nodes, []
                self.position += 1
                delimiters = ""
                if token.command.endswith("withdelims"):
                    delimiters = f"{self.delimiter(token) or ' '}{self.delimiter(token) or ' '}"
                if token.command.startswith("above"):
                    self.length(token)
                infix = token, before, delimiters
            elif token.command in _STYLES:
                self.position += 1
                self.deeper(token)
                nodes.append(Styled(_STYLES[token.command], self.row(ends)))
                self.depth -= 1
            elif token.command == "color":
                self.position += 1
                self.deeper(token)
                color = self.color(token)
                nodes.append(Colored(color, self.row(ends)))
                self.depth -= 1
            elif token.command in alphabets.SWITCHES:
                self.alphabet = alphabets.SWITCHES[token.command]
                self.position += 1
            else:
                nodes += self.item()
        self.alphabet = alphabet
        return self.infix(*infix, nodes) if infix else join(nodes)

    def deletion(self, gap: Gap) -> Node:
        """Return what a cloze deletion holds."""
        self.gaps.append(gap)
        if self.in_brackets:
            raise self.misplaced("in brackets, a deletion is not hidden as a whole", _BRACES)
        self.skip_space()
        first = self.peek()
        if first and first.text in ("^", "_", "'", "’"):
            message = f"`{first.text}` belongs to what stands before this deletion"
            hint = f"put that into the deletion, too, or write `{first.text}{{ {{{{c1::…}}}} }}`"
            raise self.misplaced(message, hint)
        self.deeper(first or self.tokens[-1])
        fences, self.fences = self.fences, 0
        inside = self.row(lambda each: each.text == DELETION_END, in_deletion=True)
        self.fences = fences
        self.depth -= 1
        self.next()
        return Deletion(gap.number, gap.hint, inside)

    def misplaced(self, message: str, hint: str, gap: Gap | None = None) -> _WrongError:
        """Return the error for a deletion that cannot stand where it does, the last one that was read."""
        return _WrongError(_misplaced(gap or self.gaps[-1], message, hint))

    def infix(self, token: Token, above: list[Node], delimiters: str, below: list[Node]) -> Node:
        if not above or not below:
            raise self.wrong(
                token, f"`{token.text}` has nothing {'before' if not above else 'behind'} it", "write `\\frac`"
            )
        has_line = token.text.startswith(("\\over", "\\above"))
        fraction = Fraction(join(above), join(below), has_line=has_line)
        pair = {"\\choose": "()", "\\brack": "[]", "\\brace": "{}"}.get(token.text, delimiters)
        return Fenced(pair[0].strip(), (fraction,), pair[1].strip()) if pair else fraction

    # --- what stands in a row

    def item(self) -> list[Node]:
        """Return the next thing in a row with what stands above and below it; nothing for white space."""
        token = self.peek()
        if token and token.text in ("^", "_"):
            return [self.scripts(Group(()))]
        base = self.base()
        return [self.scripts(each) if index == len(base) - 1 else each for index, each in enumerate(base)]

    def scripts(self, base: Node) -> Node:  # noqa: PLR0912 - one for each kind of sign
        """Return a node with what stands above and below it."""
        below: Node | None = None
        above: Node | None = None
        as_limits: bool | None = None
        primes = ""
        while True:
            before = self.position
            self.skip_space()
            token = self.peek()
            if token is None:
                self.position = before
                break
            if token.text in ("\\limits", "\\nolimits"):
                if not may_have_limits(base):
                    raise self.wrong(token, f"`{token.text}` behind what is no operator", "write `\\underset{…}{…}`")
                as_limits = token.text == "\\limits"
                self.position += 1
            elif token.text in ("'", "’"):
                if above or (primes and below):
                    raise self.wrong(token, "a prime behind what stands above", "write it before the `^`: `f'^2`")
                while (token := self.peek()) and token.text in ("'", "’"):
                    primes += "′"
                    self.position += 1
            elif token.text == "^":
                if above:
                    raise self.wrong(token, "two `^` at one base", "put them in braces, as in `x^{a^b}` or `{x^a}^b`")
                self.position += 1
                above = self.argument(token)
            elif token.text == "_":
                if below:
                    raise self.wrong(token, "two `_` at one base", "put them in braces, as in `x_{a_b}` or `{x_a}_b`")
                self.position += 1
                if (following := self.peek()) and following.text == "\\limits" and may_have_limits(base):
                    as_limits = True  # as some write it: `\\sum_\\limits{i=1}^n`
                    self.position += 1
                below = self.argument(token)
            else:
                self.position = before
                break
        if primes:
            signs = Operator(primes, "ordinary")
            above = Group((signs, above)) if above else signs
        if below is None and above is None:
            return base
        if as_limits is None and has_under(base):
            as_limits = True
        return Scripts(base, below, above, as_limits)

    def argument(self, of: Token) -> Node:
        """Return the argument of a command: a group, or the next thing."""
        self.skip_space()
        token = self.peek()
        if token and token.gap:
            message = f"Anki shows `[...]` in the place of this deletion, of which `{of.text}` would take the `[` alone"
            raise self.misplaced(message, _BRACES, token.gap)
        if token is None or token.text in ("}", "&", "\\\\", "\\right", "\\end"):
            sign = of.text
            raise self.wrong(
                of, f"`{sign}` has nothing behind it", f"write what belongs to it in braces: `{sign}{{…}}`"
            )
        if token.text in ("^", "_"):
            raise self.wrong(token, f"`{token.text}` right behind `{of.text}`", f"write `{of.text}{{…}}`")
        if token.text[0].isdigit() and len(token.text) > 1:  # `\frac12` is a half
            first, rest = token.start + 1, token.text[1:]
            self.tokens[self.position : self.position + 1] = [
                Token(token.text[0], token.start, first),
                Token(rest, first, token.end),
            ]
        if token.text == "{":  # which counts itself
            return join(self.base())
        self.deeper(token)
        if of.text in ("^", "_"):
            if token.text in ("'", "’") or token.command in _UNSCRIPTED:
                raise self.wrong(token, f"`{token.text}` right behind `{of.text}`", f"write `{of.text}{{…}}`")
            node = join(self.base())
        elif token.command is None or (of.command, token.command) == ("sqrt", "frac"):
            node = join(self.base())
        else:
            node = self.alone(of, token)
        self.depth -= 1
        return node

    def alone(self, of: Token, token: Token) -> Node:
        """Return an argument that is a command: that alone, so that it cannot have arguments of its own."""
        inner = _Parser(self.source, [token], depth=self.depth, alphabet=self.alphabet)
        try:
            node = join(inner.base())
        except _WrongError as error:
            if inner.is_known:
                hint = f"write `{of.text}{{{token.text}{{…}}}}`"
                raise self.wrong(token, f"`{of.text}` takes `{token.text}` without what is behind it", hint) from None
            raise error from None
        self.position += 1
        self.unset = self.unset or inner.unset
        return node

    def option(self, inside: str = "]") -> Node | None:
        """Return what stands in brackets behind a command, None without them."""
        self.skip_space()
        token = self.peek()
        if token is None or token.text != "[":
            return None
        self.position += 1
        self.deeper(token)
        around, self.in_brackets = self.in_brackets, True
        node = self.row(lambda each: each.text == inside)
        self.in_brackets = around
        self.depth -= 1
        if self.next() is None:
            raise self.wrong(token, "`[` without its `]`", "close it with `]`")
        return node

    def color(self, of: Token) -> str:
        """Return the color that a command names, which only Anki may know."""
        model = self.raw_option()
        words, _ = self.raw(of)
        found = read_color(model, words)
        if found is None:
            self.unset = self.unset or of
        return found or "#000000"

    def raw_option(self) -> str:
        """Return what stands in brackets behind a command as it is written, nothing without them."""
        self.skip_space()
        token = self.peek()
        if token is None or token.text != "[":
            return ""
        while (inner := self.next()) and inner.text != "]":
            pass
        if inner is None:
            raise self.wrong(token, "`[` without its `]`", "close it with `]`")
        return self.source[token.end : inner.start]

    def raw(self, of: Token, *, is_braced: bool = True) -> tuple[str, int]:
        """Return what stands in the braces of a command as it is written, and where; or one token without them."""
        self.skip_space()
        opening = self.next()
        if opening and opening.gap:
            raise self.misplaced(_IN_WORDS, _COMMAND, opening.gap)
        if opening and not is_braced and opening.text not in ("{", "}", "&", "\\\\", "\\right", "\\end"):
            return opening.text, opening.start
        if opening is None or opening.text != "{":
            raise self.wrong(of, f"`{of.text}` wants braces", f"write `{of.text}{{…}}`")
        depth = 1
        while token := self.next():
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            if not depth:
                return self.source[opening.end : token.start], opening.end
        raise self.wrong(opening, "`{` without its `}`", "close it with `}`")

    def base(self) -> list[Node]:
        """Return the next thing, without what stands above and below it."""
        token = self.next()
        if token is None:
            return []
        command = token.command
        if command is not None:
            return self.command(token, command)
        text = token.text
        if text == " ":
            return []
        if text == "{" or token.gap:
            return [self.deletion(token.gap) if token.gap else self.group(token)]
        if text == "~":
            return [Space(SPACES[" "])]
        self.refuse(token)
        return [self.character(text)]

    def refuse(self, token: Token) -> None:
        """Report a character that means something else than itself."""
        text = token.text
        if text == DELETION_END:
            raise self.wrong(token, _CUT, _WHOLE)
        if text == "%":
            raise self.wrong(token, "`%` hides the rest of its line", "write `\\%` for the sign")
        if text == "#":
            raise self.wrong(
                token, "`#` stands for the argument of a macro, and here is none", "write `\\#` for the sign"
            )
        if text == "$":
            raise self.wrong(token, "`$` inside a formula", "write `\\$` for the sign, or end the formula before it")
        if text == "}":
            raise self.wrong(token, "`}` without its `{`", "write `{` before it, or `\\}` for the sign itself")
        if text == "&":
            raise self.wrong(token, "`&` parts the columns of an environment, and here is none", "write `\\&`")
        if len(text) == 1 and unicodedata.category(text) in ("Cc", "Cs", "Cn", "Co"):
            raise self.wrong(token, f"the control character U+{ord(text):04X} in a formula", "remove it")

    def group(self, opening: Token) -> Node:
        self.deeper(opening)
        around, self.fences, self.in_brackets = (self.fences, self.in_brackets), 0, False
        node = self.row(lambda token: token.text == "}" or token.command == "end")
        self.fences, self.in_brackets = around
        self.depth -= 1
        closing = self.next()
        if closing is None or closing.text != "}":
            raise self.wrong(opening, "`{` without its `}`", "close it with `}`, or write `\\{` for the sign itself")
        return node if isinstance(node, Group) else Group((node,))

    def character(self, text: str) -> Node:  # noqa: PLR0911 - one for each kind of character
        if text[0].isdigit() and text.isascii():
            return Number(alphabets.set_in(text, self.alphabet))
        if text.isascii() and text.isalpha():
            return self.letter(text)
        if text in _PUNCTUATION:
            return Operator(text, "punctuation")
        if text in OPENING or text in CLOSING:
            return Operator(text, "opening" if text in OPENING else "closing")
        if text in "|‖./":
            return Operator(text, "ordinary")
        if text in _LARGE_SIGNS:
            return Operator(text, "large")
        if text in _TYPED or text.isascii() or text in _KNOWN_SIGNS:
            return Operator(_TYPED.get(text, text))
        if "Ͱ" <= text <= "Ͽ" and text.isalpha():
            return self.letter(text)
        return Words(text)

    def letter(self, text: str) -> Node:
        alphabet = self.alphabet
        if alphabet == "italic":
            return Letter(text)
        if alphabet == "bold-italic" and "Α" <= text <= "Ω":
            alphabet = "bold"  # capitals of Greek stand upright, unless a command says otherwise
        is_upright = alphabet == "upright" or (not alphabet and "Α" <= text <= "Ω")
        return Letter(alphabets.set_in(text, alphabet), is_upright or bool(alphabet and alphabet != "upright"))

    def is_operator_next(self) -> bool:
        """Return whether an operator or a relation follows, at whose height dots stand then."""
        self.skip_space()
        token = self.peek()
        if token is None or token.command is None:
            return token is not None and token.text in "+-*=<>"
        return token.command in OPERATORS and OPERATORS[token.command] not in "…⋯⋮⋱.√∫:"

    # --- commands

    def command(self, token: Token, name: str) -> list[Node]:  # noqa: PLR0911, PLR0912 - one for each kind of command
        if name in SPACES:
            return [Space(SPACES[name])]
        if name in LETTERS:
            return [self.letter(LETTERS[name])]
        if name in UPRIGHT:
            # In bold letters they stand upright, too.
            alphabet = "bold" if self.alphabet == "bold-italic" else self.alphabet
            return [Letter(alphabets.set_in(UPRIGHT[name], alphabet), is_upright=True)]
        if name in LARGE:
            return [Operator(LARGE[name], "large")]
        if name in OPERATORS:
            return [Operator("⋯" if name == "dots" and self.is_operator_next() else OPERATORS[name])]
        if name in DELIMITERS:
            return [delimiter(DELIMITERS[name], "r" if name[0] == "r" else name)]
        if name in _ESCAPED and name not in "{} \\":
            return [Operator(name, "ordinary")]
        if name in NAMES:
            return [Name(name)]
        if name in NAMES_WITH_LIMITS:
            return [Name(NAMES_WITH_LIMITS[name], has_limits=True)]
        if name in ACCENTS:
            sign, is_wide = ACCENTS[name]
            return [Accent(self.argument(token), sign.lstrip("_"), is_wide, is_below=sign[0] == "_")]
        if name in _FRACTIONS:
            return [self.fraction(token, name)]
        if name in _TEXTS:
            return self.text(token, name)
        if name in alphabets.COMMANDS:
            return [self.in_alphabet(token, alphabets.COMMANDS[name])]
        if name in _ROLES:
            return [with_role(self.argument(token), _ROLES[name])]
        if name in ARROWS:
            below, above = self.option(), self.argument(token)
            return [Scripts(Operator(ARROWS[name], "arrow"), below, above, as_limits=True)]
        if name in WORDS:
            return [Words(WORDS[name])]
        if name in _MARKS:
            return [Marked(_MARKS[name], self.argument(token))]
        if name in _NOTHING:
            return []
        if name in _AS_IT_IS:
            self.raw_option()
            return [self.argument(token)]
        if name in _LINES:
            raise self.wrong(token, f"`{token.text}` is not at the start of a line", "write it behind `\\\\`")
        if name in ("limits", "nolimits"):
            raise self.wrong(token, f"`{token.text}` behind what is no operator", "write it behind one, as `\\sum`")
        return self.rarer(token, name)

    def rarer(self, token: Token, name: str) -> list[Node]:  # noqa: PLR0911 - one for each kind of command
        match name:
            case "left":
                return [self.fenced(token)]
            case "middle":
                if not self.fences:
                    raise self.wrong(token, "`\\middle` outside of `\\left` and `\\right`", "write `\\mid`")
                return [Middle(self.delimiter(token))]
            case "begin":
                return [self.environment(token)]
            case "sqrt":
                index = self.option()
                return [Root(self.argument(token), index)]
            case "root":
                return self.root_of(token)
            case "operatorname":
                return [self.operator_name(token)]
            case "overset" | "stackrel":
                above = self.argument(token)
                return [Scripts(self.argument(token), None, above, as_limits=True)]
            case "underset":
                below = self.argument(token)
                return [Scripts(self.argument(token), below, None, as_limits=True)]
        return self.of_packages(token, name)

    def of_packages(self, token: Token, name: str) -> list[Node]:  # noqa: PLR0911, PLR0912 - one for each kind of command
        match name:
            case "stackbin":
                above = self.argument(token)
                return [Group((Scripts(self.argument(token), None, above, as_limits=True),), "binary")]
            case "overunderset":
                above, below = self.argument(token), self.argument(token)
                return [Scripts(self.argument(token), below, above, as_limits=True)]
            case "buildrel":
                self.deeper(token)
                above = self.row(lambda each: each.command == "over")
                self.depth -= 1
                if self.next() is None:
                    raise self.wrong(token, "`\\buildrel` without its `\\over`", "write `\\overset{…}{…}`")
                return [Scripts(self.argument(token), None, above, as_limits=True)]
            case "prescript":
                above, below = self.argument(token), self.argument(token)
                return [Scripts(Group(()), below, above), self.argument(token)]
            case "cancelto":
                above = self.argument(token)
                return [Scripts(Marked("cancel", self.argument(token)), None, above)]
            case "genfrac":
                return [self.general_fraction(token)]
            case "textcolor" | "colorbox" | "fcolorbox":
                return [self.colored(token, name)]
            case "fbox" | "framebox":
                return [Marked("box", join(self.text(token, "text")))]
            case "enclose":
                return [self.enclosed(token)]
            case "bbox":
                return [self.with_background(token)]
            case "braket" | "Braket" | "bra" | "Bra" | "ket" | "Ket" | "set" | "Set" | "ketbra" | "Ketbra":
                return self.chord(token, name)
            case "varliminf" | "varlimsup" | "varinjlim" | "varprojlim":
                sign = {"varinjlim": "→", "varprojlim": "←"}.get(name, "‾")
                return [Accent(Name("lim"), sign, is_wide=True, is_below=name != "varlimsup")]
            case "idotsint":
                return [Operator("∫", "large"), Operator("⋯"), Operator("∫", "large")]
            case "matrix" | "pmatrix" | "cases" | "eqalign" | "displaylines":
                return [self.plain_grid(token, name)]
            case "shoveleft" | "shoveright":
                return [self.argument(token)]
            case "substack":
                return [self.substack(token)]
            case "not" | "centernot":
                return [self.negated(token)]
            case "pod":
                return [Space(1.0), Operator("(", "opening"), self.argument(token), Operator(")", "closing")]
            case "pmod":
                inside = self.argument(token)
                return [
                    Space(1.0),
                    Operator("(", "opening"),
                    Name("mod"),
                    Space(0.33),
                    inside,
                    Operator(")", "closing"),
                ]
            case "mod":
                return [Space(1.0), Name("mod"), Space(0.33)]
            case "bmod":
                return [Space(0.22), Name("mod"), Space(0.22)]
            case "tag":
                star = self.peek()
                if star and star.text == "*":
                    self.position += 1
                words = join(self.text(token, "text"))
                is_plain = star is not None and star.text == "*"
                self.tag = (Space(2.0), words) if is_plain else (Space(2.0), Words("("), words, Words(")"))
                return []
            case "phantom" | "hphantom":
                return [Phantom(self.argument(token))]
            case "vphantom":  # room above and below alone
                self.argument(token)
                return [Group(())]
            case "ce":
                return self.chemistry(token, write_chemistry)
            case "pu":
                return self.chemistry(token, write_quantity)
            case "hspace" | "mspace" | "hskip" | "mskip" | "kern" | "mkern":
                return [self.length(token)]
            case "label":
                self.raw(token)
                return []
        stem = name[:-1] if name[-1:] in ("l", "r", "m") and name[:-1] in _BIG else name
        if stem in _BIG:
            return [Bracket(self.delimiter(token), _BIG[stem], _ROLES_OF_BIG[name[len(stem) :]])]
        return self.unknown(token, name)

    def unknown(self, token: Token, name: str) -> list[Node]:
        self.is_known = False
        self.check_allowed(token)
        if name in INSTEAD:
            raise self.wrong(token, f"Anki knows no `{token.text}`", f"write `{INSTEAD[name]}`")
        if name in UNSET:
            self.unset = self.unset or token
            return []
        if not name:
            raise self.wrong(token, "a backslash with nothing behind it", "remove it")
        if name in ("\\", "newline", "cr"):
            self.skip_space()
            if self.peek() is None:  # a line's end behind the last line
                return []
            raise self.unbroken(token)
        if name in ("(", ")", "[", "]"):
            raise self.wrong(token, f"`{token.text}` inside a formula", "end one formula before the next begins")
        close = suggest(name)
        hint = f"did you mean `\\{close}`?" if close else "write it with other commands; for words write `\\text{…}`"
        raise self.wrong(token, f"no command is called `{token.text}`", hint)

    def colored(self, token: Token, name: str) -> Node:
        color = self.color(token)
        if name == "textcolor":
            return Colored(color, self.argument(token))
        if name == "fcolorbox":  # the first color is that of its border
            color = self.color(token)
        node: Node = Colored(color, join(self.text(token, "text")), is_behind=True)
        return Marked("box", node) if name == "fcolorbox" else node

    def unbroken(self, token: Token) -> _WrongError:
        hint = "write the lines in `\\begin{aligned}…\\end{aligned}`, or make two formulas of it"
        return self.wrong(token, f"`{token.text}` ends no line here: Anki shows both lines as one", hint)

    def general_fraction(self, token: Token) -> Node:
        """Return a fraction of which brackets, line and size are written."""
        ends = []
        for _ in range(2):
            words, _ = self.raw(token, is_braced=False)
            words = words.strip()
            sign = SIGNS_AS_DELIMITERS.get(words, DELIMITERS.get(words.removeprefix("\\"), "" if not words else None))
            if sign is None:
                raise self.wrong(token, f"`{token.text}` wants brackets", "write `\\genfrac{(}{)}{0pt}{}{…}{…}`")
            ends.append(sign)
        width, _ = self.raw(token, is_braced=False)
        size, _ = self.raw(token, is_braced=False)
        found = _LENGTH.fullmatch(width)
        if (width.strip() and not found) or size.strip() not in ("", "0", "1", "2", "3"):
            raise self.wrong(token, f"`{token.text}` wants a length and a size", "write `\\genfrac{(}{)}{0pt}{}{…}{…}`")
        above, below = self.argument(token), self.argument(token)
        has_line = found is None or float(found[1]) > 0
        node: Node = Fraction(above, below, has_line, {"0": True, "1": False}.get(size.strip()))
        if size.strip() in ("2", "3"):
            node = Styled("script" if size.strip() == "2" else "scriptscript", node)
        return Fenced(ends[0], (node,), ends[1]) if any(ends) else node

    def enclosed(self, token: Token) -> Node:
        """Return what `\\enclose` draws lines around or through."""
        names, _ = self.raw(token)
        self.raw_option()
        node = self.argument(token)
        for name in re.split(r"[\s,]+", names.strip()):
            if name not in _ENCLOSED:
                self.unset = self.unset or token
            else:
                node = Marked(_ENCLOSED[name], node)
        return node

    def with_background(self, token: Token) -> Node:
        """Return what `\\bbox` has a color around."""
        self.check_allowed(token)
        facts = [each.strip() for each in self.raw_option().split(",")]
        node = self.argument(token)
        for fact in facts:
            if color := read_color("", fact):
                node = Colored(color, node, is_behind=True)
            elif fact and not _LENGTH.fullmatch(fact):
                self.unset = self.unset or token
        return node

    def chord(self, token: Token, name: str) -> list[Node]:
        """Return what stands in the angles of quantum mechanics, or in a set's braces, with its bars."""
        opening, closing = _CHORDS[name.lower()]
        self.skip_space()
        following = self.peek()
        if following is None or following.text != "{":
            inside = self.argument(token)
        else:
            self.position += 1
            self.deeper(following)
            inside = self.row(lambda each: each.text == "}" or each.command == "end")
            self.depth -= 1
            end = self.next()
            if end is None or end.text != "}":
                raise self.wrong(following, "`{` without its `}`", "close it with `}`")
        children = inside.children if isinstance(inside, Group) and not inside.role else (inside,)
        if name.lower() == "ketbra":
            second = self.argument(token)
            return [Fenced("|", children, "⟩"), Fenced("⟨", (second,), "|")]
        bars = ("|", "‖", "∣") if name.lower() in ("braket", "set") else ()
        is_high = name[0].isupper()
        children = tuple(
            bar(each, is_high=is_high, is_relation=name.lower() == "set")
            if isinstance(each, Operator) and each.text in bars
            else each
            for each in children
        )
        if name == "set":
            # `\\set` and `\\Set` have some room inside their braces.
            children = (Space(0.167), *children, Space(0.167))
        if is_high:
            return [Fenced(opening, children, closing)]
        ends = (Operator(opening, "opening"), Operator(closing, "closing"))
        return [Group((ends[0], *children, ends[1]))]

    def plain_grid(self, token: Token, name: str) -> Node:
        """Return a grid as plain TeX writes it: `\\matrix{a & b \\cr c & d}`."""
        self.skip_space()
        opening = self.next()
        if opening is None or opening.text != "{":
            raise self.wrong(token, f"`{token.text}` wants braces", f"write `\\begin{{{PLAIN_GRIDS[name]}}}`")
        style, left, right, sides = ENVIRONMENTS[PLAIN_GRIDS[name]]
        self.deeper(token)
        rows, rules = self.rows(opening, "}")
        self.depth -= 1
        self.next()
        return Grid(style, rows, sides, left, right, rules=rules)

    def fraction(self, token: Token, name: str) -> Node:
        has_line, is_display = _FRACTIONS[name]
        above, below = self.argument(token), self.argument(token)
        fraction = Fraction(above, below, has_line, is_display)
        return fraction if has_line else Fenced("(", (fraction,), ")")

    def in_alphabet(self, token: Token, alphabet: str) -> Node:
        before, self.alphabet = self.alphabet, alphabet
        node = self.argument(token)
        self.alphabet = before
        if alphabet == "upright" and isinstance(node, Group):
            return as_name(node)
        return node

    def text(self, token: Token, name: str) -> list[Node]:
        """Return a text in a formula; between dollars in it stand formulas again."""
        words, start = self.raw(token, is_braced=False)
        return self.words(token, words, start, name)

    def words(self, token: Token, words: str, start: int, name: str) -> list[Node]:
        nodes: list[Node] = []
        parts = re.split(r"(?<!\\)\$", words)
        if len(parts) % 2 == 0:
            raise self.wrong(token, "a `$` in this text has no partner", "write `\\$` for the sign")
        for index, part in enumerate(parts):
            if index % 2:
                self.deeper(token)
                inner = _Parser(part, list(tokenize(part)), depth=self.depth, cells=self.cells)
                try:
                    nodes.append(inner.row(lambda _: False))
                except _WrongError as error:
                    fault = error.fault
                    shift = start + len("$".join(parts[:index])) + 1
                    raise _WrongError(fault._replace(start=fault.start + shift, end=fault.end + shift)) from None
                self.unset = self.unset or inner.unset
                self.depth -= 1
            elif part:
                self.refuse_commands(part, start + len("$".join(parts[:index])) + bool(index))
                plain = re.sub(r"\\([${}\\])", r"\1", part)
                plain = re.sub(r"\s+", " ", plain)
                nodes.append(Words(plain, is_bold=name == "textbf", is_italic=name in ("textit", "emph")))
        return nodes or [Words("")]

    def refuse_commands(self, text: str, start: int) -> None:
        """Report a command in a text, of which Anki would show the letters."""
        found = _IN_TEXT.search(text)
        if found:
            token = Token(found[0], start + found.start(), start + found.end())
            hint = "end the text before it" if found[0][1:].isalpha() else "write the sign without a backslash"
            raise self.wrong(token, f"`{token.text}` in a text is no command: Anki shows it as typed", hint)

    def operator_name(self, token: Token) -> Node:
        star = self.peek()
        if star and star.text == "*":
            self.position += 1
        before, self.alphabet = self.alphabet, "upright"
        node = self.argument(token)
        self.alphabet = before
        if any(isinstance(each, Deletion) for each in walk(node)):
            raise self.misplaced(_IN_WORDS, _COMMAND)
        words = "".join(words_of(each) for each in (node.children if isinstance(node, Group) else (node,)))
        return Name(words.replace("−", "-").replace("∗", "*"), has_limits=bool(star and star.text == "*"))

    def delimiter(self, of: Token) -> str:
        self.skip_space()
        token = self.next()
        found = None
        if token:
            name = token.command
            found = SIGNS_AS_DELIMITERS.get(token.text) if name is None else DELIMITERS.get(name)
            if found is None and token.text in OPENING | CLOSING and token.text not in "{}":
                found = token.text
            if found is None and name in ("lt", "gt"):
                found = "⟨" if name == "lt" else "⟩"
            if token.text == "{":  # as some write it: `\\left{(}`
                self.position -= 1
                words, _ = self.raw(of)
                found = SIGNS_AS_DELIMITERS.get(words.strip(), DELIMITERS.get(words.strip().removeprefix("\\")))
            if name in ("uparrow", "downarrow", "updownarrow", "Uparrow", "Downarrow", "Updownarrow"):
                found = OPERATORS.get(name, found)
        if found is None:
            hint = f"write a bracket, such as `{of.text}(` or `{of.text}\\{{`; for none write `{of.text}.`"
            raise self.wrong(of, f"`{of.text}` has no bracket behind it", hint)
        return found

    def fenced(self, token: Token) -> Node:
        opening = self.delimiter(token)
        self.deeper(token)
        self.fences += 1
        inside = self.row(lambda each: each.command in ("right", "end"))
        self.fences -= 1
        self.depth -= 1
        end = self.next()
        if end is None or end.command != "right":
            raise self.wrong(
                token, "`\\left` without its `\\right`", "close it with `\\right)`, or with `\\right.` for no bracket"
            )
        closing = self.delimiter(end)
        return Fenced(opening, inside.children if isinstance(inside, Group) else (inside,), closing)

    def environment(self, token: Token) -> Node:
        name, _ = self.raw(token)
        stem = name.removesuffix("*")
        kind = None if name != stem and stem in STARLESS else ENVIRONMENTS.get(stem)
        if name in UNSET_ENVIRONMENTS:
            return self.unset_environment(token, name)
        if kind is None:
            message = f"no environment is called `{name}`"
            raise self.wrong(token, message, "write one of aligned, cases, matrix, pmatrix, bmatrix, vmatrix, array")
        style, opening, closing, sides = kind
        bars: tuple[int, ...] = ()
        if stem in WITH_OPTION or (name != stem and style in ("matrix", "stack")):
            option = self.raw_option().strip()
            sides = option if option in ("l", "c", "r") and stem not in WITH_OPTION else sides
        if stem in WITH_ARGUMENT:
            columns, _ = self.raw(token, is_braced=False)
            if style in ("matrix", "stack"):
                sides, bars = read_columns(columns, sides)
        self.deeper(token)
        rows, rules = self.rows(token, has_words=name in ("cases*", "dcases*", "rcases*", "drcases*"))
        self.depth -= 1
        end = self.next()
        close, _ = self.raw(end) if end else ("", 0)
        if close != name and end:
            raise self.wrong(end, f"`\\end{{{close}}}` ends no `\\begin{{{name}}}`", f"write `\\end{{{name}}}`")
        if stem == "eqnarray":  # the sign in the middle column has the room that it has between two things
            rows = tuple((row[0], join(row[1:])) if len(row) > 2 else row for row in rows)
        if name == "array":  # what has no letter is as the last one that has one
            width = max(map(len, rows))
            sides = sides[:width] + sides[-1] * (width - len(sides))
            bars = tuple(min(each, width) for each in bars)
        return Grid(style, rows, sides, opening, closing, bars, rules)

    def unset_environment(self, token: Token, name: str) -> Node:
        """Pass over an environment that Anki alone sets."""
        self.unset = self.unset or token
        depth = 1
        while inner := self.next():
            if inner.command in ("begin", "end") and self.raw(inner)[0] == name:
                depth += 1 if inner.command == "begin" else -1
            if not depth:
                return Group(())
        raise self.wrong(token, "this environment has no end", "close it with `\\end{…}`")

    def substack(self, token: Token) -> Node:
        self.skip_space()
        opening = self.next()
        if opening is None or opening.text != "{":
            raise self.wrong(token, "`\\substack` wants braces", "write `\\substack{… \\\\ …}`")
        self.deeper(opening)
        rows: list[tuple[Node, ...]] = []
        while True:
            rows.append((self.row(lambda each: each.text in ("\\\\", "}")),))
            end = self.next()
            if end is None:
                raise self.wrong(opening, "`{` without its `}`", "close it with `}`")
            if end.text == "}":
                break
        self.depth -= 1
        return Grid("stack", tuple(rows), "c")

    def root_of(self, token: Token) -> list[Node]:
        self.deeper(token)
        index = self.row(lambda each: each.command == "of")
        self.depth -= 1
        if self.next() is None:
            raise self.wrong(token, "`\\root` without its `\\of`", "write `\\sqrt[3]{…}`")
        return [Root(self.argument(token), index)]

    def negated(self, token: Token) -> Node:
        self.skip_space()
        following = self.peek()
        node: Node = Group(())
        if following and following.gap:
            raise self.misplaced(_CUT, _WHOLE, following.gap)
        if following and following.text not in ("}", "^", "_", "&"):
            self.deeper(following)
            node = join(self.base())
            self.depth -= 1
        if isinstance(node, Operator | Letter):
            return Operator(unicodedata.normalize("NFC", node.text + "\u0338"))
        return Marked("cancel", node)

    def chemistry(self, token: Token, write: Callable[[str], str | None]) -> list[Node]:
        formula, _ = self.raw(token)
        written = write(formula)
        if written is None:
            self.unset = self.unset or token
            return []
        inner = _Parser(written, list(tokenize(written)), depth=self.depth + 1)
        try:
            node = inner.row(lambda _: False)
            self.unset = self.unset or (token if inner.unset else None)
            return [node]
        except _WrongError:  # it is not what it seemed to be, and Anki may know
            self.unset = self.unset or token
            return []

    def length(self, token: Token) -> Node:
        self.skip_space()
        following = self.peek()
        if following and following.text == "{":
            words, _ = self.raw(token)
            found = _LENGTH.fullmatch(words)
        else:
            found = _LENGTH.match(self.source, following.start if following else len(self.source))
            while found and (inner := self.peek()) and inner.start < found.end():
                self.position += 1
        if found is None or found[2] not in _EMS:
            raise self.wrong(token, f"`{token.text}` wants a length", f"write `{token.text}{{1em}}`, or `\\quad`")
        return Space(max(-_WIDEST, min(_WIDEST, round(float(found[1]) * _EMS[found[2]], 3))))
