r"""Formulas in HTML as Anki's editor makes it: `\(…\)` and `\[…\]`, and LaTeX in `[$]…[/$]`, `[latex]…[/latex]`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cardpress.formulas import read
from cardpress.formulas.gaps import is_plain_hint
from cardpress.markdown.html_deletions import DELETION, find_place, has_deletion
from cardpress.markdown.html_elements import Element, read_text
from cardpress.markdown.tree import Deletion, Formula, Latex, Place

_NOWHERE = Place(0, 0)
# What begins a formula, and what ends it.
ENDS = {
    "\\(": re.compile(r"\\\)"),
    "\\[": re.compile(r"\\\]"),
    "[$]": re.compile(r"\[/\$\]"),
    "[$$]": re.compile(r"\[/\$\$\]"),
    "[latex]": re.compile(r"\[/latex\]", re.IGNORECASE),
}
_BEGINS = re.compile(r"\\[(\[]|\[\$\$?\]|\[latex\]", re.IGNORECASE)
BEGINS_LATEX = re.compile(r"\[\$\$?\]|\[latex\]", re.IGNORECASE)
_OF_LINES = ("\\[", "[$$]")
# What `[latex]` has around a formula, which is all that it holds.
_IN_LATEX = re.compile(
    r"\s*(?:\$\$(?P<lines>[^$]+)\$\$|\$(?P<line>[^$]+)\$|\\\((?P<round>.+?)\\\)|\\\[(?P<square>.+?)\\\]"
    r"|\\begin\{(?P<name>displaymath|equation\*?)\}(?P<named>.+?)\\end\{(?P=name)\}"
    r"|(?P<grid>\\begin\{(?P<kind>align|gather|alignat|eqnarray|multline)\*?\}.+\\end\{(?P=kind)\*?\}))\s*",
    re.DOTALL,
)
# Stands for an element among texts: a code point that no text has.
_ELEMENT = "\ufdd6"
# LaTeX that a letter right behind would change.
_COMMAND = re.compile(r"\\[A-Za-z]+\Z")

Child = Element | str | Formula


def put_formulas(children: Sequence[Element | str]) -> Sequence[Child]:
    """Return what stands in a line, with its formulas in the place of what they are made of.

    What cannot be read as one, and what a deletion cuts in two, stays as it is.
    """
    text = "".join(each.replace(_ELEMENT, "") if isinstance(each, str) else _ELEMENT for each in children)
    if not _BEGINS.search(text):
        return children
    elements = [each for each in children if isinstance(each, Element)]
    return list(_each(text, elements))


def _each(text: str, elements: list[Element]) -> Iterator[Child]:
    lost: set[str] = set()  # signs that nothing closes any more
    written = position = taken = 0
    while found := _BEGINS.search(text, position):
        sign = found[0].lower()
        end = None if sign in lost else ENDS[sign].search(text, found.end())
        position = found.end()
        if end is None:
            lost.add(sign)
            continue
        before = taken + text.count(_ELEMENT, written, found.start())
        inside = text[found.end() : end.start()]
        formula = _make(sign, inside, elements[before : before + inside.count(_ELEMENT)])
        if formula is None:
            continue
        yield from _put_elements(text[written : found.start()], elements[taken:before])
        yield formula
        taken = before + inside.count(_ELEMENT)
        written = position = end.end()
    yield from _put_elements(text[written:], elements[taken:])


def _put_elements(text: str, elements: Sequence[Element]) -> Iterator[Child]:
    for index, part in enumerate(text.split(_ELEMENT)):
        if index:
            yield elements[index - 1]
        if part:
            yield part


def _make(sign: str, inside: str, elements: Sequence[Element]) -> Formula | None:
    """Return the formula between two signs, None when it cannot be read."""
    found = take_out(sign, inside) if sign != "[latex]" or not elements else None
    if found is None:
        return None
    inside, is_display = found
    pieces: list[tuple[str, Element | None]] = []
    for each in _put_elements(inside, elements):
        if isinstance(each, str):
            pieces.append((each, None))
        elif isinstance(each, Element):
            if each.has_blocks or any(has_deletion(child) for child in each.children):
                return None
            pieces.append((read_text([each]), each if each.tag == DELETION else None))
    content = tuple(_list_content([(latex.replace("\xa0", " "), of) for latex, of in pieces if latex or of]))
    formula = Formula(content, is_display, _NOWHERE)
    return formula if formula.source.strip() and read(formula.source, formula.gaps).tree is not None else None


def take_out(sign: str, inside: str) -> tuple[str, bool] | None:
    """Return the formula between two signs, and whether it stands on a line of its own; None for LaTeX of any kind."""
    if sign != "[latex]":
        return inside, sign in _OF_LINES
    found = _IN_LATEX.fullmatch(inside)
    if found is None:
        return None
    groups = found.groupdict()
    formula = next(filter(None, (groups[name] for name in ("lines", "line", "round", "square", "named", "grid"))))
    return formula, not (groups["line"] or groups["round"])


def _list_content(pieces: Sequence[tuple[str, Element | None]]) -> Iterator[Latex | Deletion]:
    for index, (latex, deletion) in enumerate(pieces):
        behind = pieces[index + 1][0] if index + 1 < len(pieces) else ""
        source = f"{latex} " if _COMMAND.search(latex) and behind[:1].isalpha() else latex
        if deletion is None:
            yield Latex(source)
        else:
            hint = deletion.attributes["hint"]
            number = int(deletion.attributes["number"])
            yield Deletion(number, hint if is_plain_hint(hint) else "", (Latex(source),), find_place(deletion))
