"""LaTeX → the tree of a formula. What cannot be read is a fault, at its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from cardpress.formulas import alphabets
from cardpress.formulas.chemistry import write_chemistry
from cardpress.formulas.commands import ACTS, FORBIDDEN, UNSET, suggest
from cardpress.formulas.lexing import Token, tokenize
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
)
from cardpress.formulas.tree import (
    Accent,
    Bracket,
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
)

# Characters of a formula, and groups in each other. Nobody can read more on a card.
LONGEST = 4_000
DEEPEST = 16
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
_TEXTS = frozenset("text textrm textup textnormal textmd mbox hbox textsf texttt textbf textit emph".split())
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
_INFIX = frozenset({"over", "choose", "atop", "brack", "brace"})
_MARKS = {"boxed": "box", "fbox": "box", "cancel": "cancel", "bcancel": "bcancel", "xcancel": "xcancel", "sout": "sout"}
# Sizes of text and other things that show nothing here.
_NOTHING = frozenset(
    "nonumber notag limits nolimits nobreak allowbreak relax strut mathstrut normalsize tiny scriptsize small large "
    "Large LARGE huge Huge hfill hfil displaylimits".split()
)
# The kind of each environment, its brackets, and the sides of its columns, which repeat.
_ENVIRONMENTS: dict[str, tuple[str, str, str, str]] = {
    "matrix": ("matrix", "", "", "c"),
    "pmatrix": ("matrix", "(", ")", "c"),
    "bmatrix": ("matrix", "[", "]", "c"),
    "Bmatrix": ("matrix", "{", "}", "c"),
    "vmatrix": ("matrix", "|", "|", "c"),
    "Vmatrix": ("matrix", "‖", "‖", "c"),
    "smallmatrix": ("stack", "", "", "c"),
    "array": ("matrix", "", "", "c"),
    "cases": ("cases", "{", "", "l"),
    "dcases": ("cases", "{", "", "l"),
    "rcases": ("cases", "", "}", "l"),
    "aligned": ("equations", "", "", "rl"),
    "align": ("equations", "", "", "rl"),
    "alignedat": ("equations", "", "", "rl"),
    "alignat": ("equations", "", "", "rl"),
    "split": ("equations", "", "", "rl"),
    "eqnarray": ("equations", "", "", "rcl"),
    "gather": ("equations", "", "", "c"),
    "gathered": ("equations", "", "", "c"),
    "multline": ("equations", "", "", "c"),
    "equation": ("equations", "", "", "c"),
    "subarray": ("stack", "", "", "c"),
}
_WITH_ARGUMENT = frozenset({"array", "alignedat", "alignat", "subarray"})
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
def read(source: str) -> Reading:
    """Return the tree of a formula, or its first fault."""
    if len(source) > LONGEST:
        message = f"a formula of {len(source)} characters; {LONGEST} are the most"
        return Reading(None, Fault(0, len(source), message, "make several formulas of it"))
    if not source.strip():
        return Reading(None, Fault(0, len(source), "a formula with nothing in it", "write it, or remove its signs"))
    parser = _Parser(source, list(tokenize(source)))
    try:
        tree = parser.whole()
    except _WrongError as error:
        return Reading(None, error.fault)
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
    # The alphabet in which letters stand.
    alphabet: str = ""
    # The first command that the page and print do not know.
    unset: Token | None = None

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

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong(token, f"nested more than {DEEPEST} levels deep", "write it with fewer levels")

    # --- rows

    def whole(self) -> Node:
        """Return all of a formula."""
        rows = self.rows(None)
        if len(rows) == 1 and len(rows[0]) == 1:
            return rows[0][0]
        return Grid("equations", rows, "c")

    def rows(self, environment: Token | None) -> tuple[tuple[Node, ...], ...]:
        """Return the rows of a grid up to `\\end`, or up to the end of the formula; each is a list of cells."""
        rows: list[list[Node]] = [[]]
        while True:
            self.cells += 1
            if self.cells > _MOST_CELLS:
                raise self.wrong(self.peek(), f"more than {_MOST_CELLS} cells", "make several formulas of it")
            rows[-1].append(self.row(lambda token: token.text in ("&", "\\\\", "\\cr", "\\end")))
            token = self.next()
            if token is None:
                if environment:
                    raise self.wrong(environment, "this environment has no end", "close it with `\\end{…}`")
                break
            if token.text == "&":
                if environment is None:
                    raise self.wrong(token, "`&` parts the columns of an environment, and here is none", "write `\\&`")
            elif token.text == "\\end":
                if environment is None:
                    raise self.wrong(
                        token, "`\\end` without its `\\begin`", "write `\\begin{…}` before it, or remove it"
                    )
                self.position -= 1
                break
            else:
                self.row_gap()
                rows.append([])
        if len(rows) > 1 and rows[-1] == [Group(())]:
            rows.pop()  # behind the last line's end
        return tuple(map(tuple, rows))

    def row_gap(self) -> None:
        """Pass over the space that a line's end may ask for: `\\\\[2pt]`."""
        token = self.peek()
        if token and token.text == "[":
            end = self.source.find("]", token.end, token.end + 20)
            if end >= 0 and _LENGTH.fullmatch(self.source, token.end, end):
                while (inner := self.next()) and inner.text != "]":
                    pass

    def row(self, ends: Callable[[Token], bool]) -> Node:
        """Return what stands in a row up to a token that ends it, which is left."""
        alphabet = self.alphabet
        nodes: list[Node] = []
        infix: tuple[Token, list[Node]] | None = None
        while (token := self.peek()) and not ends(token):
            if token.text == "}":
                raise self.wrong(token, "`}` without its `{`", "write `{` before it, or `\\}` for the sign itself")
            if token.command == "right":
                raise self.wrong(token, "`\\right` without its `\\left`", "write `\\left` before it, such as `\\left(`")
            if token.command in _INFIX:
                if infix:
                    raise self.wrong(token, f"a second `{infix[0].text}` in a group", "put one of them in braces")
                infix = token, nodes
                nodes = []
                self.position += 1
            elif token.command in _STYLES:
                self.position += 1
                self.deeper(token)
                nodes.append(Styled(_STYLES[token.command], self.row(ends)))
                self.depth -= 1
            elif token.command in alphabets.SWITCHES:
                self.alphabet = alphabets.SWITCHES[token.command]
                self.position += 1
            else:
                nodes += self.item()
        self.alphabet = alphabet
        return self.infix(*infix, nodes) if infix else _join(nodes)

    def infix(self, token: Token, above: list[Node], below: list[Node]) -> Node:
        if not above or not below:
            raise self.wrong(
                token, f"`{token.text}` has nothing {'before' if not above else 'behind'} it", "write `\\frac`"
            )
        fraction = Fraction(_join(above), _join(below), has_line=token.text == "\\over")
        pair = {"\\choose": "()", "\\brack": "[]", "\\brace": "{}"}.get(token.text)
        return Fenced(pair[0], (fraction,), pair[1]) if pair else fraction

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
                as_limits = token.text == "\\limits"
                self.position += 1
            elif token.text in ("'", "’"):
                if above:
                    raise self.wrong(token, "a prime behind what stands above", "write it before the `^`: `f'^2`")
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
                below = self.argument(token)
            else:
                self.position = before
                break
        if primes:
            signs = Operator(primes, "ordinary")
            above = Group((signs, above)) if above else signs
        if below is None and above is None:
            return base
        if as_limits is None and isinstance(base, Accent) and base.is_wide and base.sign.strip("_") in "⏞⏟⎴⎵⏜⏝":
            as_limits = True
        return Scripts(base, below, above, as_limits)

    def argument(self, of: Token) -> Node:
        """Return the argument of a command: a group, or the next thing."""
        self.skip_space()
        token = self.peek()
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
        self.deeper(token)
        node = _join(self.base())
        self.depth -= 1
        return node

    def option(self, inside: str = "]") -> Node | None:
        """Return what stands in brackets behind a command, None without them."""
        self.skip_space()
        token = self.peek()
        if token is None or token.text != "[":
            return None
        self.position += 1
        self.deeper(token)
        node = self.row(lambda each: each.text == inside)
        self.depth -= 1
        if self.next() is None:
            raise self.wrong(token, "`[` without its `]`", "close it with `]`")
        return node

    def raw(self, of: Token) -> tuple[str, int]:
        """Return what stands in the braces of a command as it is written, and where."""
        self.skip_space()
        opening = self.next()
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
        if text == "{":
            return [self.group(token)]
        if text == "~":
            return [Space(SPACES[" "])]
        self.refuse(token)
        return [self.character(text)]

    def refuse(self, token: Token) -> None:
        """Report a character that means something else than itself."""
        text = token.text
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
        node = self.row(lambda token: token.text == "}" or token.command == "end")
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
        if text in "|‖":
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
        is_upright = alphabet == "upright" or (not alphabet and "Α" <= text <= "Ω")
        return Letter(alphabets.set_in(text, alphabet), is_upright or bool(alphabet and alphabet != "upright"))

    # --- commands

    def command(self, token: Token, name: str) -> list[Node]:  # noqa: PLR0911, PLR0912 - one for each kind of command
        if name in SPACES:
            return [Space(SPACES[name])]
        if name in LETTERS:
            return [self.letter(LETTERS[name])]
        if name in UPRIGHT:
            upright = UPRIGHT[name]
            return [Letter(alphabets.set_in(upright, self.alphabet), is_upright=True)]
        if name in LARGE:
            return [Operator(LARGE[name], "large")]
        if name in OPERATORS:
            return [Operator(OPERATORS[name])]
        if name in DELIMITERS:
            return [_delimiter(DELIMITERS[name], "r" if name[0] == "r" else name)]
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
            return [_with_role(self.argument(token), _ROLES[name])]
        if name in ARROWS:
            below, above = self.option(), self.argument(token)
            return [Scripts(Operator(ARROWS[name], "arrow"), below, above, as_limits=True)]
        if name in _MARKS:
            return [Marked(_MARKS[name], self.argument(token))]
        if name in _NOTHING:
            return []
        if name in ("hline", "hdashline"):
            self.unset = self.unset or token
            return []
        return self.rarer(token, name)

    def rarer(self, token: Token, name: str) -> list[Node]:  # noqa: PLR0911, PLR0912 - one for each kind of command
        match name:
            case "left":
                return [self.fenced(token)]
            case "middle":
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
            case "substack":
                return [self.substack(token)]
            case "not":
                return [self.negated(token)]
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
                words, _ = self.raw(token)
                return [Space(2.0), Words(f"({words})")]
            case "phantom" | "hphantom" | "vphantom":
                return [Phantom(self.argument(token))]
            case "ce":
                return self.chemistry(token)
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
        if name in FORBIDDEN:
            raise self.wrong(
                token, f"`{token.text}` is no part of a formula here: it {FORBIDDEN[name]}", "write it without"
            )
        if name == "bbox" and ACTS.match(self.source, token.start):
            message = "a style in `\\bbox`, which could load something"
            raise self.wrong(token, message, "write a color alone, as in `\\bbox[yellow]{x}`")
        if name in UNSET:
            self.unset = self.unset or token
            return []
        if not name:
            raise self.wrong(token, "a backslash with nothing behind it", "remove it")
        if name == "\\":
            raise self.wrong(token, "`\\\\` ends a line, and this is in braces or brackets", "take it out of them")
        if name in ("(", ")", "[", "]"):
            raise self.wrong(token, f"`{token.text}` inside a formula", "end one formula before the next begins")
        close = suggest(name)
        hint = f"did you mean `\\{close}`?" if close else "write it with other commands; for words write `\\text{…}`"
        raise self.wrong(token, f"no command is called `{token.text}`", hint)

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
            return _as_name(node)
        return node

    def text(self, token: Token, name: str) -> list[Node]:
        """Return a text in a formula; between dollars in it stand formulas again."""
        words, start = self.raw(token)
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
                plain = re.sub(r"\\([${}\\])", r"\1", part).replace("~", "\u00a0")
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
        words = "".join(_words_of(each) for each in (node.children if isinstance(node, Group) else (node,)))
        return Name(words, has_limits=bool(star and star.text == "*"))

    def delimiter(self, of: Token) -> str:
        self.skip_space()
        token = self.next()
        found = None
        if token:
            name = token.command
            found = SIGNS_AS_DELIMITERS.get(token.text) if name is None else DELIMITERS.get(name)
            if found is None and token.text in OPENING | CLOSING and token.text not in "{}":
                found = token.text
            if name in ("uparrow", "downarrow", "updownarrow", "Uparrow", "Downarrow", "Updownarrow"):
                found = OPERATORS.get(name, found)
        if found is None:
            hint = f"write a bracket, such as `{of.text}(` or `{of.text}\\{{`; for none write `{of.text}.`"
            raise self.wrong(of, f"`{of.text}` has no bracket behind it", hint)
        return found

    def fenced(self, token: Token) -> Node:
        opening = self.delimiter(token)
        self.deeper(token)
        inside = self.row(lambda each: each.command in ("right", "end"))
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
        kind = _ENVIRONMENTS.get(name.removesuffix("*"))
        if kind is None:
            message = f"no environment is called `{name}`"
            raise self.wrong(token, message, "write one of aligned, cases, matrix, pmatrix, bmatrix, vmatrix, array")
        style, opening, closing, sides = kind
        if name.removesuffix("*") in _WITH_ARGUMENT:
            columns, _ = self.raw(token)
            if "|" in columns:
                self.unset = self.unset or token
            sides = (re.sub(r"[^lcr]", "", columns) or sides) if name in ("array", "subarray") else sides
        self.deeper(token)
        rows = self.rows(token)
        self.depth -= 1
        end = self.next()
        close, _ = self.raw(end) if end else ("", 0)
        if close != name and end:
            raise self.wrong(end, f"`\\end{{{close}}}` ends no `\\begin{{{name}}}`", f"write `\\end{{{name}}}`")
        return Grid(style, rows, sides, opening, closing)

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
        index = self.row(lambda each: each.command == "of")
        if self.next() is None:
            raise self.wrong(token, "`\\root` without its `\\of`", "write `\\sqrt[3]{…}`")
        return [Root(self.argument(token), index)]

    def negated(self, token: Token) -> Node:
        node = self.argument(token)
        if isinstance(node, Operator | Letter):
            return Operator(unicodedata.normalize("NFC", node.text + "\u0338"))
        return Marked("cancel", node)

    def chemistry(self, token: Token) -> list[Node]:
        formula, _ = self.raw(token)
        written = write_chemistry(formula)
        if written is None:
            self.unset = self.unset or token
            return []
        inner = _Parser(written, list(tokenize(written)), depth=self.depth)
        try:
            return [inner.row(lambda _: False)]
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


def _join(nodes: Sequence[Node]) -> Node:
    """Return nodes as one. Letters that are one name already stay as they are."""
    return nodes[0] if len(nodes) == 1 else Group(tuple(nodes))


def _delimiter(sign: str, name: str) -> Node:
    if sign in OPENING or name in ("lvert", "lVert"):
        return Operator(sign, "opening")
    if sign in CLOSING or (name == "r" and sign in "|‖"):
        return Operator(sign, "closing")
    return Operator(sign, "ordinary")


def _with_role(node: Node, role: str) -> Node:
    if isinstance(node, Operator):
        return replace(node, role=role)
    return Group(node.children if isinstance(node, Group) else (node,), role)


def _as_name(group: Group) -> Node:
    """Return letters in a row as one, so that an upright name keeps its letters together."""
    joined: list[Node] = []
    for node in group.children:
        last = joined[-1] if joined else None
        if isinstance(node, Letter) and isinstance(last, Letter) and node.is_upright and last.is_upright:
            joined[-1] = Letter(last.text + node.text, is_upright=True)
        else:
            joined.append(node)
    return _join(joined)


def _words_of(node: Node) -> str:
    match node:
        case Letter(text) | Number(text) | Operator(text) | Words(text) | Name(text):
            return text
        case Space(width):
            return " " if width > 0 else ""
        case Group(children):
            return "".join(map(_words_of, children))
        case _:
            return ""
