r"""`\ce{…}` and `\pu{…}` of mhchem → LaTeX: formulas of chemistry with their arrows, quantities with their units."""

from __future__ import annotations

import re

_ARROWS = {
    "<=>": "rightleftharpoons",
    "<=>>": "longRightleftharpoons",
    "<<=>": "longLeftrightharpoons",
    "<->": "leftrightarrow",
    "<-->": "longleftrightarrows",
    "->": "longrightarrow",
    "<-": "longleftarrow",
}
_LONG = {
    "<=>": "xrightleftharpoons",
    "<=>>": "xRightleftharpoons",
    "<<=>": "xLeftrightharpoons",
    "<->": "xleftrightarrow",
    "<-->": "xtofrom",
    "->": "xrightarrow",
    "<-": "xleftarrow",
}
_TYPED_ARROWS = str.maketrans({"→": "->", "⟶": "->", "⇌": "<=>", "↔": "<->", "−": "-", "·": "*"})
_ARROW = re.compile(r"<=>>|<<=>|<=>|<-->|<->|->|<-")
# How much there is of what follows.
_AMOUNT = re.compile(
    r"\([+-]?[0-9]+/[0-9]+\)|(?:[+-]?(?:[0-9]+|\$[a-z]\$|[a-z])/[0-9]+|[0-9]+[.,][0-9]+|\.[0-9]+|[0-9]+)"
    r"(?:[a-z](?=\s*[A-Z]))?|[a-z](?=\s*[A-Z])"
)
_STATE = re.compile(r"\s*\(((?:aq|s|l|g|cr|am|sol|sln|diss|ads|vit|mon)(?:,[^()]*)?)\)(?![0-9A-Z])")
_CHARGE = re.compile(r"[0-9n]*[+-]|[0-9]+|[a-zA-Z]|\\[a-zA-Z]+|[*.']+")
_INDEX = re.compile(r"-?[0-9]+|[a-zA-Z]|\\[a-zA-Z]+")
_LETTERS = re.compile(r"[A-Za-z\u0391-\u03c9]+")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|[^A-Za-z])")
_BONDS = {
    "-": "-", "1": "-", "=": "=", "2": "=", "#": r"\equiv ", "3": r"\equiv ", "~": r"\sim ", "...": r"\cdots ",
    "....": r"\cdots\cdot ", "->": r"\rightarrow ", "<-": r"\leftarrow ",
}  # fmt: skip
# What an index, a charge and a state stand at.
_SUBSTANCE = frozenset({"letters", "index", "charge", "closing", "group"})
# Formulas in each other: in arrows, braces and indexes.
_DEEPEST = 6


class _UnknownError(Exception):
    """A formula has what is not known here."""


def write_chemistry(formula: str) -> str | None:
    """Return a chemical formula in LaTeX, None where it has what is not known here."""
    try:
        return _Chemistry(formula.translate(_TYPED_ARROWS), 0).write()
    except _UnknownError:
        return None


class _Chemistry:
    """Writes a formula, from its start to its end."""

    def __init__(self, source: str, depth: int) -> None:
        """Take a formula, and how deep it is in others."""
        if depth > _DEEPEST:
            raise _UnknownError
        self.source = source
        self.depth = depth
        self.position = 0
        # What was before, and whether there is a space between.
        self.before = ""
        self.is_apart = True
        self.made: list[str] = []

    def write(self) -> str:
        """Return it in LaTeX."""
        while self.position < len(self.source):
            self.step()
        return "".join(self.made)

    def starts(self, *words: str) -> bool:
        """Return whether one of these is next."""
        return self.source.startswith(words, self.position)

    def add(self, latex: str, kind: str, length: int) -> None:
        """Write what so many characters mean."""
        self.made.append(latex)
        self.before = kind
        self.is_apart = False
        self.position += length

    def step(self) -> None:  # noqa: PLR0912 - one for each kind of sign
        """Write the next part."""
        sign = self.source[self.position]
        follows = self.source[self.position + 1 : self.position + 2]
        if sign.isspace():
            if self.before == "amount":
                self.made.append(r"\,")
            self.is_apart = True
            self.position += 1
            return
        if found := _ARROW.match(self.source, self.position):
            self.arrow(found[0])
            return
        if self.is_apart and sign in "v^" and (not follows or follows.isspace()):
            self.add(rf"\{'down' if sign == 'v' else 'up'}arrow ", "arrow", 1)
            return
        if self.is_apart and sign in "+-=" and (not follows or follows.isspace()):
            self.add(f" {{}}{sign}{{}} ", "operator", 1)
            return
        is_at_substance = self.before in _SUBSTANCE and not self.is_apart
        if (self.is_apart or self.before in ("", "dot", "opening", "operator", "arrow")) and self.amount():
            return
        if self.before in _SUBSTANCE and (found := _STATE.match(self.source, self.position)):
            self.add(rf"\,(\mathrm{{{found[1]}}})", "state", len(found[0]))
            return
        if sign in ("^", "_"):
            self.script(sign)
        elif is_at_substance and sign in "+-" and self.is_charge(follows):
            self.add(f"{self.beside('^')}^{{{sign}}}", "charge", 1)
        elif is_at_substance and (found := _NUMBER.match(self.source, self.position)):
            self.add(f"_{{{found[0]}}}", "index", len(found[0]))
        elif found := _LETTERS.match(self.source, self.position):
            self.add(rf"\mathrm{{{found[0]}}}", "letters", len(found[0]))
        elif found := _NUMBER.match(self.source, self.position):
            self.add(found[0], "number", len(found[0]))
        elif sign in "-=#":
            self.add(rf"\mathord{{{_BONDS[sign]}}}", "bond", 1)
        elif sign in "([":
            self.add(sign, "opening", 1)
        elif sign in ")]":
            self.add(sign, "closing", 1)
        elif sign in "*.":
            self.add(r"{\,\cdot\,}", "dot", 1)
        elif sign == "{":
            words = self.braces(self.position)
            self.add(self.words(words), "group", len(words) + 2)
        elif sign == "$":
            end = self.source.find("$", self.position + 1)
            if end < 0:
                raise _UnknownError
            self.add(f"{{{self.source[self.position + 1 : end]}}}", "group", end + 1 - self.position)
        elif sign == "\\":
            self.command()
        elif sign in "+/,;:'!|<>@~&":
            self.add(sign, "sign", 1)
        else:
            raise _UnknownError

    def is_charge(self, follows: str) -> bool:
        """Return whether a sign behind a substance is its charge, and no bond."""
        has_state = _STATE.match(self.source, self.position + 1) is not None
        return self.source[self.position] == "+" or not follows or follows in ")]},;" or follows.isspace() or has_state

    def beside(self, sign: str) -> str:
        """Return what parts a charge from the index before it, so that it stands behind that and not above."""
        return "{}" if (sign, self.before) == ("^", "index") and self.made[-1][0] == "_" else ""

    def amount(self) -> bool:
        """Write how much there is of what follows, if that stands here."""
        found = _AMOUNT.match(self.source, self.position)
        if found is None:
            return False
        words = found[0]
        fraction = re.fullmatch(r"(\(?)([+-]?[^/()]+)/([0-9]+)([a-z]?)(\)?)", words)
        if fraction:
            opening, above, below, letter, closing = fraction.groups()
            # In brackets it stays on one line.
            latex = f"({above}/{below})" if opening and closing else rf"\tfrac{{{above.strip('$')}}}{{{below}}}{letter}"
        else:
            latex = words.replace(",", "{,}")
        end = found.end()
        # What follows at once is written a little apart.
        gap = r"\," if self.source[end : end + 1] not in ("", " ") else ""
        self.add(latex + gap, "amount", len(words))
        return True

    def script(self, sign: str) -> None:
        """Write an index or a charge: in braces, or as far as one goes."""
        kind = "index" if sign == "_" else "charge"
        start = self.position + 1
        if self.source.startswith("{", start):
            words = self.braces(start)
            inside, length = self.small(words), len(words) + 3
        elif self.source.startswith("$", start):
            end = self.source.find("$", start + 1)
            if end < 0:
                raise _UnknownError
            inside, length = self.source[start + 1 : end], end + 1 - self.position
        elif found := (_INDEX if sign == "_" else _CHARGE).match(self.source, start):
            inside, length = self.small(found[0]), len(found[0]) + 1
        else:
            raise _UnknownError
        is_alone = self.is_apart or self.before not in _SUBSTANCE | {"number"}
        base = "{}" if is_alone else self.beside(sign)
        self.add(f"{base}{sign}{{{inside}}}", kind, length)

    def small(self, words: str) -> str:
        """Return an index or a charge."""
        if re.fullmatch(r"[0-9]*[a-z]?[+-]?", words):
            return words
        if re.fullmatch(r"[-+*.'()0-9,/ ]+", words):
            return words.replace(".", r"\bullet ").replace("*", r"\ast ")
        if re.fullmatch(r"[A-Za-z0-9 ,+-]+", words):
            return rf"\mathrm{{{words}}}"
        return _Chemistry(words, self.depth + 1).write()

    def braces(self, start: int) -> str:
        """Return what stands in the braces that open here."""
        depth = 0
        for index in range(start, len(self.source)):
            depth += {"{": 1, "}": -1}.get(self.source[index], 0)
            if not depth:
                return self.source[start + 1 : index]
        raise _UnknownError

    def words(self, words: str) -> str:
        """Return a group: text, or a formula."""
        if re.search(r"[\\$_^{}0-9()\[\]]", words):
            return f"{{{_Chemistry(words, self.depth + 1).write()}}}"
        return rf"\text{{{words}}}"

    def command(self) -> None:
        """Write a command as it is; a bond is one of its own."""
        found = _COMMAND.match(self.source, self.position)
        if found is None:
            raise _UnknownError
        if found[0] == r"\bond" and self.source.startswith("{", found.end()):
            words = self.braces(found.end())
            if words not in _BONDS:
                raise _UnknownError
            self.add(rf"\mathord{{{_BONDS[words]}}}", "bond", len(found[0]) + len(words) + 2)
            return
        end = found.end()
        latex = found[0]
        # With its arguments, of which all but colors and texts are formulas again.
        while self.source.startswith("{", end):
            words = self.braces(end)
            end += len(words) + 2
            is_plain = latex.endswith(("color", "text", "textrm", "textbf", "mathrm"))
            latex += f"{{{words if is_plain else _Chemistry(words, self.depth + 1).write()}}}"
        if latex[-1].isalpha():
            latex += " "
        self.add(latex, "letters" if found[0][1:].isalpha() else "sign", end - self.position)

    def arrow(self, arrow: str) -> None:
        """Write an arrow with what stands above and below it."""
        end = self.position + len(arrow)
        parts: list[str] = []
        while len(parts) < 2 and self.source.startswith("[", end):
            close = self.brackets(end)
            parts.append(self.source[end + 1 : close])
            end = close + 1
        length = end - self.position
        if not any(parts):
            self.add(rf" \{_ARROWS[arrow]} ", "arrow", length)
            return
        above, below = (self.label(each) for each in (*parts, "")[:2])
        self.add(rf" \{_LONG[arrow]}[{below}]{{{above}}} ", "arrow", length)

    def label(self, words: str) -> str:
        """Return what stands at an arrow."""
        return f"{{{_Chemistry(words, self.depth + 1).write()}}}" if words.strip() else ""

    def brackets(self, start: int) -> int:
        """Return where the bracket that opens here is closed."""
        depth = 0
        for index in range(start, len(self.source)):
            depth += {"[": 1, "]": -1}.get(self.source[index], 0)
            if not depth:
                return index
        raise _UnknownError


_QUANTITY = re.compile(
    r"(?P<number>[+-]?[0-9]+(?:[.,][0-9]+)*)(?P<off>\([0-9.,]+\)|\s*(?:\+-|\\pm)\s*[0-9.,]+)?"
    r"(?:(?:[eE]|\s*(?:\*|x|\\times)\s*10\^)(?P<power>[+-]?[0-9]+|\{[+-]?[0-9]+\}))?"
)
_UNIT = re.compile(
    r"(?P<space>\s+)|(?P<letters>[A-Za-zµμΩ°℃Å%]+)|\^(?P<power>\{[+-]?[0-9]+\}|[+-]?[0-9]+)|(?P<digits>[+-]?[0-9]+)"
    r"|(?P<over>//?)|(?P<times>[*.])|(?P<bracket>[()])|(?P<command>\\[A-Za-z]+)\s*"
)


def write_quantity(quantity: str) -> str | None:  # noqa: PLR0912 - one for each kind of part
    """Return a quantity in LaTeX, None where it has what is not known here."""
    words = quantity.strip().replace("−", "-")
    made: list[str] = []
    number = _QUANTITY.match(words)
    position = 0
    if number and number[0]:
        position = number.end()
        made.append(number["number"].replace(",", "{,}"))
        if off := number["off"]:
            made.append(off.strip().replace("+-", r"\pm "))
        if power := number["power"]:
            made.append(rf"\cdot 10^{{{power.strip('{}').removeprefix('+')}}}")
    above = "".join(made)
    below: str | None = None
    unit: list[str] = []
    before = "number" if number else ""
    while position < len(words):
        found = _UNIT.match(words, position)
        if found is None or found.lastgroup is None:
            return None
        part = found[0]
        match found.lastgroup:
            case "space" | "times":
                unit.append(r"\," if found.lastgroup == "space" else r"{\cdot}")
            case "letters":
                unit.append(rf"\mathrm{{{part.replace('%', chr(92) + '%')}}}")
            case "power" | "digits":
                power = (found["power"] or part).strip("{}")
                if before not in ("letters", "command", "bracket"):
                    return None
                unit.append(f"^{{{power}}}")
            case "over" if part == "//":
                if below is not None:
                    return None
                below, unit = "".join(unit), []
            case "over":
                unit.append(r"\mathord{/}")
            case "bracket":
                unit.append(part)
            case _:
                unit.append(part.strip() + " ")
        before = found.lastgroup
        position = found.end()
    if below is not None:
        # What was written first is above the line.
        first, second = below.removeprefix(r"\,"), "".join(unit)
        return rf"{above}\,\frac{{{first}}}{{{second}}}"
    return above + "".join(unit)
