"""The tokens of a formula → its tree: rows, what stands above and below, arguments, brackets, letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from cardpress.formulas import alphabets
from cardpress.formulas.colors import read_color
from cardpress.formulas.commands import IN_ALIGNED, IN_CELLS, IN_PROOFS, IN_ROOTS, INSTEAD, UNSET, suggest
from cardpress.formulas.constructs import build
from cardpress.formulas.cursor import Cursor
from cardpress.formulas.environments import ENVIRONMENTS
from cardpress.formulas.faults import BRACES, CUT, WHOLE, WrongError
from cardpress.formulas.gaps import Gap
from cardpress.formulas.lengths import read_length
from cardpress.formulas.lexing import DELETION_END, Token, tokenize
from cardpress.formulas.shapes import has_under, join, may_have_limits
from cardpress.formulas.symbols import (
    CLOSING,
    DELIMITERS,
    LARGE,
    NAMES,
    OPENING,
    OPERATORS,
    SIGNS_AS_DELIMITERS,
    SPACES,
    UPRIGHT,
)
from cardpress.formulas.tree import (
    Colored,
    Fenced,
    Fraction,
    Group,
    Hidden,
    Letter,
    Node,
    Number,
    Operator,
    Scripts,
    Sized,
    Space,
    Words,
)

_STYLES = {"displaystyle": "display", "textstyle": "text", "scriptstyle": "script", "scriptscriptstyle": "scriptscript"}
_INFIX = frozenset("over choose atop brack brace above overwithdelims atopwithdelims abovewithdelims".split())
# What holds for all that follows in its group. The end of a deletion ends none of it.
_BEYOND = frozenset({*_INFIX, *_STYLES, *alphabets.SWITCHES, "color", "tag"})
# What cannot stand right behind `^` and `_` without braces.
_UNSCRIPTED = frozenset(
    {*NAMES, *_STYLES, *"begin color dots mathop not substack varliminf varlimsup varinjlim varprojlim".split()}
)
# Characters that are typed as they are, and the signs that they mean.
_TYPED = {"-": "−", "*": "∗", "'": "′", "’": "′"}
_KNOWN_SIGNS = frozenset("".join((*OPERATORS.values(), *UPRIGHT.values(), *DELIMITERS.values())))
_LARGE_SIGNS = frozenset(LARGE.values())
_PUNCTUATION = frozenset(",;")


@dataclass(slots=True)
class Parser(Cursor):
    """Reads tokens as nodes. What a command makes of what is behind it, `constructs.py` says."""

    # Cells of all grids so far.
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
    # The environment whose cell is being read, with no braces in between.
    environment: str = ""
    # Whether an option in brackets is being read, and not something in braces in it.
    in_brackets: bool = False

    def inside(self, source: str, depth: int) -> Self:
        """Return a parser for LaTeX that stands in a text or a formula of chemistry here."""
        return type(self)(source, list(tokenize(source)), depth=depth, cells=self.cells)

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
                    read_length(self, token)
                infix = token, before, delimiters
            elif token.command in _STYLES:
                self.position += 1
                self.deeper(token)
                nodes.append(Sized(_STYLES[token.command], self.row(ends)))
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
            raise self.misplaced("in brackets, a deletion is not hidden as a whole", BRACES)
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
        return Hidden(gap.number, gap.hint, inside)

    def infix(self, token: Token, above: list[Node], delimiters: str, below: list[Node]) -> Node:
        """Return the fraction that a command between two groups makes."""
        if not above or not below:
            raise self.wrong(
                token, f"`{token.text}` has nothing {'before' if not above else 'behind'} it", "write `\\frac`"
            )
        has_line = token.text.startswith(("\\over", "\\above"))
        fraction = Fraction(join(above), join(below), has_line=has_line)
        pair = {"\\choose": "()", "\\brack": "[]", "\\brace": "{}"}.get(token.text, delimiters)
        return Fenced(pair[0].strip(), (fraction,), pair[1].strip()) if pair else fraction

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
            raise self.misplaced(message, BRACES, token.gap)
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
        inner = Parser(self.source, [token], depth=self.depth, alphabet=self.alphabet)
        try:
            node = join(inner.base())
        except WrongError as error:
            if inner.is_known:
                hint = f"write `{of.text}{{{token.text}{{…}}}}`"
                raise self.wrong(token, f"`{of.text}` takes `{token.text}` without what is behind it", hint) from None
            raise error from None
        self.position += 1
        self.unset = self.unset or inner.unset
        return node

    def option(self) -> Node | None:
        """Return what stands in brackets behind a command, None without them."""
        self.skip_space()
        token = self.peek()
        if token is None or token.text != "[":
            return None
        self.position += 1
        self.deeper(token)
        around, self.in_brackets = self.in_brackets, True
        node = self.row(lambda each: each.text == "]")
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

    def base(self) -> list[Node]:
        """Return the next thing, without what stands above and below it."""
        token = self.next()
        if token is None:
            return []
        command = token.command
        if command is not None:
            made = build(self, token, command)
            return self.unknown(token, command) if made is None else made
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
            raise self.wrong(token, CUT, WHOLE)
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
        """Return what stands in braces."""
        self.deeper(opening)
        around = self.fences, self.in_brackets, self.environment
        self.fences, self.in_brackets, self.environment = 0, False, ""
        node = self.row(lambda token: token.text == "}" or token.command == "end")
        self.fences, self.in_brackets, self.environment = around
        self.depth -= 1
        closing = self.next()
        if closing is None or closing.text != "}":
            raise self.wrong(opening, "`{` without its `}`", "close it with `}`, or write `\\{` for the sign itself")
        return node if isinstance(node, Group) else Group((node,))

    def character(self, text: str) -> Node:  # noqa: PLR0911 - one for each kind of character
        """Return the node of a character that is typed as it is."""
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
        """Return a letter in the alphabet that holds."""
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

    def unknown(self, token: Token, name: str) -> list[Node]:
        """Return nothing for a command that Anki alone sets, and raise for any other."""
        self.is_known = False
        self.check_allowed(token)
        if name in INSTEAD:
            raise self.wrong(token, f"Anki knows no `{token.text}`", f"write `{INSTEAD[name]}`")
        if name in UNSET:
            self.check_place(token, name)
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

    def check_place(self, token: Token, name: str) -> None:
        """Raise for a command that Anki has in some places alone, and not here."""
        where = ""
        if name in IN_ALIGNED and ENVIRONMENTS.get(self.environment, ("",))[0] != "equations":
            where = "`aligned` and its like"
        elif name in IN_CELLS and not self.environment:
            where = "a cell of an environment"
        elif name in IN_ROOTS and not self.in_brackets:
            where = "the index of a root"
        elif name in IN_PROOFS:
            where = "the environment `prooftree`"
        if where:
            raise self.wrong(token, f"`{token.text}` is an error in Anki outside of {where}", "write it there")
        if name == "Aboxed":
            self.raw(token)

    def unbroken(self, token: Token) -> WrongError:
        """Return the error for a line's end where no lines are."""
        hint = "write the lines in `\\begin{aligned}…\\end{aligned}`, or make two formulas of it"
        return self.wrong(token, f"`{token.text}` ends no line here: Anki shows both lines as one", hint)

    def delimiter(self, of: Token) -> str:
        """Return the bracket that stands behind a command."""
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
        """Return what stands between `\\left` and `\\right`."""
        opening = self.delimiter(token)
        self.deeper(token)
        self.fences += 1
        around, self.environment = self.environment, ""
        inside = self.row(lambda each: each.command in ("right", "end"))
        self.environment = around
        self.fences -= 1
        self.depth -= 1
        end = self.next()
        if end is None or end.command != "right":
            raise self.wrong(
                token, "`\\left` without its `\\right`", "close it with `\\right)`, or with `\\right.` for no bracket"
            )
        closing = self.delimiter(end)
        return Fenced(opening, inside.children if isinstance(inside, Group) else (inside,), closing)
