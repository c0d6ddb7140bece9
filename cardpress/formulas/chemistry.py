"""`\\ce{…}` of mhchem → LaTeX, as far as texts of lessons need it: elements, numbers, charges, states and arrows."""

from __future__ import annotations

import re

_ARROWS = {
    "<=>": r"\rightleftharpoons ",
    "<->": r"\leftrightarrow ",
    "->": r"\longrightarrow ",
    "<-": r"\longleftarrow ",
}
_LONG = {"<=>": "xrightleftharpoons", "<->": "xleftrightarrow", "->": "xrightarrow", "<-": "xleftarrow"}
_PART = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<arrow><=>|<->|->|<-)(?:\[(?P<above>[^\[\]{}]*)\])?(?:\[(?P<below>[^\[\]{}]*)\])?"
    r"|(?P<precipitate>(?<=\s)[v^](?=\s|$))"
    r"|(?P<state>\((?:aq|s|l|g)\))"
    r"|\^(?P<charge>\{[0-9n]*[+-]?\}|[0-9n]*[+-]|[0-9]+)"
    r"|_(?P<index>\{[0-9A-Za-z]+\}|[0-9]+|[a-z])"
    r"|(?P<element>[A-Z][a-z]?)"
    r"|(?P<letter>[a-z])"
    r"|(?P<number>(?<=[A-Za-z)\]])[0-9]+|[0-9]+(?:[./][0-9]+)?)"
    r"|(?P<sign>[+-])"
    r"|(?P<bracket>[()\[\]])"
    r"|(?P<dot>[*.])"
    r"|(?P<bond>[=#])"
)
# What a number behind it counts.
_COUNTED = ("element", "bracket", "index")


def write_chemistry(formula: str) -> str | None:
    """Return a chemical formula in LaTeX, None where it has what is not known here."""
    made: list[str] = []
    position = 0
    before = "space"
    while position < len(formula):
        found = _PART.match(formula, position)
        if found is None or found.lastgroup is None:
            return None
        kind = "arrow" if found["arrow"] else found.lastgroup
        made.append(_write(kind, found, before, formula))
        before, position = kind, found.end()
    return "".join(made)


def _write(kind: str, found: re.Match[str], before: str, formula: str) -> str:  # noqa: PLR0911 - one for each kind
    words = found[0]
    match kind:
        case "space":
            return r"\ " if before in ("number", "sign") else " "
        case "arrow":
            return _write_arrow(found)
        case "precipitate":
            return r"\uparrow " if words == "^" else r"\downarrow "
        case "state":
            return rf"\,\mathrm{{{words}}}"
        case "charge" | "index":
            inside = found[kind].strip("{}")
            return ("^" if kind == "charge" else "_") + rf"{{\mathrm{{{inside}}}}}"
        case "element":
            return rf"\mathrm{{{words}}}"
        case "letter":
            return words
        case "number":
            return f"_{{{words}}}" if before in _COUNTED and formula[found.start() - 1] not in "([" else rf"{words}\,"
        case "sign":
            # Right behind a formula it is a charge, and between two formulas it adds.
            is_charge = before in (*_COUNTED, "number", "charge") and not formula.startswith(" ", found.start() - 1)
            return f"^{{{words}}}" if is_charge else f" {words} "
        case "dot":
            return r"\cdot "
        case "bond":
            return r"\equiv " if words == "#" else "="
        case _:
            return words


def _write_arrow(found: re.Match[str]) -> str:
    above, below = found["above"], found["below"]
    if above is None and below is None:
        return _ARROWS[found["arrow"]]

    def words(part: str | None) -> str:
        return f"\\mathrm{{{write_chemistry(part) or ''}}}" if part else ""

    return rf"\{_LONG[found['arrow']]}[{words(below)}]{{{words(above)}}}"
