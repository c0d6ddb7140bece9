"""Environments of formulas: what kind of grid each is, and how its columns are written."""

from __future__ import annotations

# Grids that plain TeX writes with braces.
PLAIN_GRIDS = {
    "matrix": "matrix",
    "pmatrix": "pmatrix",
    "cases": "cases",
    "eqalign": "aligned",
    "displaylines": "gathered",
}
# The kind of each environment, its brackets, and the sides of its columns, which repeat.
ENVIRONMENTS: dict[str, tuple[str, str, str, str]] = {
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
    "drcases": ("cases", "", "}", "l"),
    "aligned": ("equations", "", "", "rl"),
    "align": ("equations", "", "", "rl"),
    "alignedat": ("equations", "", "", "rl"),
    "alignat": ("equations", "", "", "rl"),
    "split": ("equations", "", "", "rl"),
    "eqnarray": ("equations", "", "", "rl"),
    "gather": ("equations", "", "", "c"),
    "gathered": ("equations", "", "", "c"),
    "lgathered": ("equations", "", "", "l"),
    "rgathered": ("equations", "", "", "r"),
    "multline": ("equations", "", "", "c"),
    "multlined": ("equations", "", "", "c"),
    "flalign": ("equations", "", "", "rl"),
    "xalignat": ("equations", "", "", "rl"),
    "xxalignat": ("equations", "", "", "rl"),
    "psmallmatrix": ("stack", "(", ")", "c"),
    "bsmallmatrix": ("stack", "[", "]", "c"),
    "Bsmallmatrix": ("stack", "{", "}", "c"),
    "vsmallmatrix": ("stack", "|", "|", "c"),
    "Vsmallmatrix": ("stack", "‖", "‖", "c"),
    "equation": ("equations", "", "", "c"),
    "subarray": ("stack", "", "", "c"),
    "crampedsubarray": ("stack", "", "", "c"),
}
WITH_ARGUMENT = frozenset("array alignedat alignat xalignat xxalignat subarray crampedsubarray".split())
# Environments that have no other form with a star, and those that may have an option in brackets.
STARLESS = frozenset(
    "array aligned alignedat gathered split subarray crampedsubarray lgathered rgathered multlined xxalignat".split()
)
WITH_OPTION = frozenset("array aligned alignedat gathered lgathered rgathered multlined".split())
# What Anki alone sets.
UNSET_ENVIRONMENTS = frozenset("CD prooftree numcases subnumcases empheq spreadlines".split())


def read_columns(columns: str, sides: str) -> tuple[str, tuple[int, ...]]:
    """Return the sides of an array's columns, and the columns before which there is a line."""
    found = ""
    bars: list[int] = []
    for character in columns:
        if character in "lcr":
            found += character
        elif character in "|:" and len(found) not in bars:
            bars.append(len(found))
    return found or sides, tuple(bars)
