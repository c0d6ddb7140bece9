"""The page of a problem's code: what is wrong, how it is reported, how to mend it. In Markdown, and for a terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import click

from cardpress.diagnostics.codes import CODES, Severity
from cardpress.wording import say_count

# The file beside this one that has a report of each code, as `check` prints it: `docs/generate.py` writes it from
# tests/cases/, so that the examples are true, and whoever has no checkout has them, too.
EXAMPLES = "examples.txt"
# Warnings that are never a question's.
_OF_NO_QUESTION = frozenset({"stale-schema"})
_COLORS = MappingProxyType({Severity.ERROR: "red", Severity.WARNING: "yellow"})
_LABEL = re.compile(r"\[([a-z0-9-]+)\]")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)#]+\.md)[^)]*\)")
_CODE = re.compile(r"(`[^`]*`)")
# Columns. Even a narrower terminal gets lines of so many.
_NARROWEST = 24
# A space inside backticks, while a text is broken into lines.
_KEPT = "\ue000"


@dataclass(frozen=True, slots=True)
class Page:
    """What there is to say of a code, each in a paragraph of Markdown; `report` is an example, with its lines."""

    code: str
    severity: Severity
    meaning: str
    report: str
    mend: str
    switching: str


def make_page(code: str, examples: Mapping[str, str]) -> Page:
    """Return the page of a code. `examples` has a report of each."""
    entry = CODES[code]
    return Page(code, entry.severity, entry.meaning, examples[code], entry.mend, _say_switching(code))


def _say_switching(code: str) -> str:
    """Return what a problem stops, when it is found, and how to switch it off where that can be done."""
    entry = CODES[code]
    if entry.severity is Severity.ERROR:
        said = "An error stops a build and a release; `checks` cannot switch it off."
    elif not entry.can_be_lowered:
        said = "This warning is always given: `checks` cannot switch it off."
    else:
        where = "in deck.yaml" if code in _OF_NO_QUESTION else f"in deck.yaml, or `allow: [{code}]` at the question"
        said = (
            f"A warning stops nothing without `--strict`. To switch it off, write `checks: {{{code}: off}}` {where}; "
            f"`checks: {{{code}: error}}` makes an error of it."
        )
    return f"{said} It is found while sheets are made, by `build` or `check --strict`." if entry.is_found_late else said


def as_markdown(page: Page) -> str:
    """Return a page as a section of a document. What is so of every error is said at that document's beginning."""
    lines = (f"### {page.code}", "", f"**{page.severity.capitalize()}.** {page.meaning}", "", "```text", page.report)
    ending = () if page.severity is Severity.ERROR else (page.switching, "")
    return "\n".join((*lines, "```", "", *ending, f"**Mend:** {page.mend}", ""))


def as_text(page: Page, width: int) -> str:
    """Return a page for a terminal of so many columns, in colors."""
    heading = click.style(f"{page.severity}[{page.code}]", fg=_COLORS[page.severity], bold=True)
    parts = (
        f"{heading}\n{_fit(page.meaning, width)}",
        textwrap.indent(page.report, "  "),
        f"{click.style('Mend:', fg='cyan')} {_fit(page.mend, width, taken=len('Mend: '))}",
        _fit(page.switching, width),
    )
    return "\n\n".join(parts) + "\n"


def list_pages(width: int | None) -> str:
    """Return all codes with what each means, errors first: lines of at most `width` columns, or a line for each."""
    return "\n".join(_list_pages(width)) + "\n"


def _list_pages(width: int | None) -> Iterator[str]:
    column = max(map(len, CODES)) + 2
    for severity in Severity:
        codes = {code: entry for code, entry in CODES.items() if entry.severity is severity}
        heading = say_count(len(codes), severity)
        yield from (*([""] if severity is not Severity.ERROR else []), click.style(heading, bold=True))
        for code, entry in codes.items():
            meaning = _fit(entry.meaning, width and width - column - 2).replace("\n", "\n" + " " * (column + 2))
            yield f"  {click.style(code, fg=_COLORS[severity])}{' ' * (column - len(code))}{meaning}"


def _fit(text: str, width: int | None, taken: int = 0) -> str:
    """Return a paragraph in lines of at most `width` columns; of the first, some are `taken`. Code stays in one piece.

    A link to another page is its words, and where that page is: an installed cardpress does not have it.
    """
    parts = _CODE.split(text)  # every second one is code
    parts[::2] = [_LINK.sub(_name_page, part) for part in parts[::2]]
    if width is None:
        return "".join(parts)
    parts[1::2] = [part.replace(" ", _KEPT) for part in parts[1::2]]
    lines = textwrap.wrap(
        "".join(parts),
        max(width, _NARROWEST),
        initial_indent="-" * taken,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines).replace(_KEPT, " ")[taken:]


def _name_page(link: re.Match[str]) -> str:
    words, page = link.groups()
    where = f"docs/{page} of cardpress's repository"
    return where if words == page else f"{words} ({where})"


def read_examples(text: str) -> dict[str, str]:
    """Return the examples of reports that are in a text, with an empty line between two, by their codes."""
    return {_find_code(block): block for block in text.rstrip("\n").split("\n\n")}


def write_examples(reports: Iterable[str]) -> str:
    """Return the text that has these reports."""
    return "\n\n".join(reports) + "\n"


def name_code(typed: str) -> str:
    """Return the code in what somebody typed or copied from a report: `unknown-key`, `error[unknown-key]` or more."""
    found = _LABEL.search(typed)
    return found[1] if found else typed.strip(" \t:`[]").lower()


def _find_code(report: str) -> str:
    found = _LABEL.search(report)
    if found is None:
        raise ValueError(f"a report without a code: {report}")
    return found[1]
