"""A place among the tokens of a formula, and what is read there as it is written: options, names, lengths."""

from __future__ import annotations

from dataclasses import dataclass, field

from cardpress.formulas.commands import ACTS, FORBIDDEN
from cardpress.formulas.faults import COMMAND, IN_WORDS, Fault, WrongError, misplaced
from cardpress.formulas.gaps import Gap
from cardpress.formulas.lexing import Token, tokenize

# Groups in each other.
DEEPEST = 20


@dataclass(slots=True)
class Cursor:
    """Goes through tokens, and says where something is wrong."""

    source: str
    tokens: list[Token]
    position: int = 0
    depth: int = 0
    # The deletions that were read so far.
    gaps: list[Gap] = field(default_factory=list)

    @property
    def gap(self) -> Gap | None:
        """The last deletion that was read."""
        return self.gaps[-1] if self.gaps else None

    def peek(self) -> Token | None:
        """Return the next token, None at the end."""
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def next(self) -> Token | None:
        """Return the next token, and go behind it."""
        token = self.peek()
        if token:
            self.position += 1
        return token

    def skip_space(self) -> None:
        """Go behind white space."""
        while (token := self.peek()) and token.text == " ":
            self.position += 1

    def wrong(self, token: Token | None, message: str, hint: str) -> WrongError:
        """Return the error for a token, or for the end of the formula."""
        start, end = (token.start, token.end) if token else (max(len(self.source.rstrip()) - 1, 0), len(self.source))
        return WrongError(Fault(start, end, message, hint))

    def misplaced(self, message: str, hint: str, gap: Gap | None = None) -> WrongError:
        """Return the error for a deletion that cannot stand where it does, the last one that was read."""
        return WrongError(misplaced(gap or self.gaps[-1], message, hint))

    def refuse_forbidden(self) -> None:
        """Raise for a command that no formula may have, also in what is left to Anki, or read as chemistry or words."""
        for token in tokenize(self.source):
            self.check_allowed(token)

    def check_allowed(self, token: Token) -> None:
        """Raise for a command that no formula may have."""
        if (name := token.command) in FORBIDDEN:
            message = f"`{token.text}` is no part of a formula here: it {FORBIDDEN[name]}"
            raise self.wrong(token, message, "write it without")
        if name == "bbox" and ACTS.match(self.source, token.start):
            message = "a style in `\\bbox`, which could load something"
            raise self.wrong(token, message, "write a color alone, as in `\\bbox[yellow]{x}`")

    def deeper(self, token: Token) -> None:
        """Go a level deeper, for what a token begins."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong(token, f"nested more than {DEEPEST} levels deep", "write it with fewer levels")

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
            raise self.misplaced(IN_WORDS, COMMAND, opening.gap)
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
