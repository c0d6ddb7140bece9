"""Reads `outputs` of deck.yaml: what a plain build makes, and how the sheets are printed."""

from __future__ import annotations

import re
from collections import abc
from dataclasses import dataclass, replace

from cardpress.diagnostics import Span
from cardpress.diagnostics.suggest import find_closest, propose
from cardpress.diagnostics.unusual import did_you_mean
from cardpress.outputs import (
    ADDRESS_OPTION,
    ALL_SHEETS,
    NAMES,
    OUTPUTS,
    PAPERS,
    PAPERS_OPTION,
    PER_PAGE,
    PER_PAGE_OPTION,
    SHEETS,
    Output,
    Sheet,
    SiteAddress,
    Wanted,
)
from cardpress.source.yaml.nodes import Mapping, Node, Scalar, Sequence
from cardpress.source.yaml.reading import Reader, Shape, find_first_span
from cardpress.source.yaml.value_types import ADDRESS, FLAG, ListOf, OneOf, ValueType, choice
from cardpress.wording import join_words

_EXAMPLE = "write what differs from a build without it, such as `outputs: {booklet: false}`"

_OPTIONS: abc.Mapping[str, ValueType] = {
    PAPERS_OPTION: ListOf(choice(*PAPERS), least=1),
    PER_PAGE_OPTION: {"enum": list(PER_PAGE)},
    ADDRESS_OPTION: ADDRESS,
}

# What authors call outputs, in lower case.
_MEANT = (
    dict.fromkeys(("anki", "package", "deck"), "apkg")
    | dict.fromkeys(("html", "web"), "page")
    | dict.fromkeys(("website", "homepage", "pages", "landing-page"), "site")
    | dict.fromkeys(("anki-web", "listing", "description"), "ankiweb")
    | dict.fromkeys(("crowd-anki", "crowd"), "crowdanki")
    | dict.fromkeys(("print", "sheets", "pdfs"), "pdf")
    | dict.fromkeys(("notes", "studynotes"), "study-notes")
    | dict.fromkeys(("cards", "flash-cards"), "flashcards")
    | dict.fromkeys(("recall", "recallcards"), "recall-cards")
)


def _describe(output: Output) -> Shape:
    """Return what may stand under an output's name, for editors."""
    return Shape(f"options of {output.name}", {}, dict.fromkeys(output.options, ""), types=_OPTIONS)


# The type of `outputs`, for editors.
WANTED = Shape(
    "outputs",
    {},
    {name: output.makes for name, output in OUTPUTS.items()},
    types={name: OneOf((FLAG, _describe(each))) if each.options else FLAG for name, each in OUTPUTS.items()},
)


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of an output that are written."""

    papers: tuple[str, ...] = ()
    per_page: int | None = None
    address: SiteAddress | None = None


def read_outputs(reader: Reader, node: Node) -> Wanted:
    """Return what `outputs` says, without what is wrong with it."""
    if not isinstance(node, Mapping):
        reader.wrong_type(node, "a mapping for `outputs`", _EXAMPLE)
        return Wanted()
    switched: dict[str, bool] = {}
    options: dict[str, _Options] = {}
    places: dict[str, Span] = {}
    for name, value in node.pairs:
        if name.value not in OUTPUTS:
            reader.report("bad-output", name.span, f"there is no output `{name.value}`", _help_name(name.value))
            continue
        places[name.value] = name.span
        is_on = _read_switch(reader, name.value, value)
        switched[name.value] = is_on is not False
        if isinstance(value, Mapping) and is_on:
            options[name.value] = _read_options(reader, name.value, value)
    address = next((each.address for each in options.values() if each.address), None)
    return Wanted(switched, _combine(options), places, address)


def _help_name(name: str) -> str:
    """Return what to type instead of a name that no output has."""
    if meant := _MEANT.get(name.lower()):
        return did_you_mean(name, meant)
    if name in _OPTIONS:
        owner = next(each for each in (ALL_SHEETS, *NAMES) if name in OUTPUTS[each].options)
        return f"it is an option: write `{owner}: {{{name}: …}}`"
    return propose(name, NAMES, f"choose from {', '.join(NAMES)}")


def _combine(options: dict[str, _Options]) -> dict[str, Sheet]:
    """Return how each sheet is printed: as its own entry has it, else as that of all sheets."""
    shared = options.get(ALL_SHEETS, _Options())
    sheets = {}
    for name in SHEETS:
        own, usual = options.get(name, _Options()), Sheet(name)
        papers = own.papers or shared.papers or usual.papers
        sheets[name] = replace(usual, papers=papers, per_page=own.per_page or usual.per_page)
    return sheets


def _read_switch(reader: Reader, name: str, node: Node) -> bool | None:
    """Return whether an output is made; None after reporting what says neither."""
    takes_options = bool(OUTPUTS[name].options)
    if isinstance(node, Mapping) and takes_options:
        return True
    if isinstance(node, Scalar) and node.kind == "truth value":
        return node.value.lower() in ("true", "yes", "on")
    hint = f"write `{name}: true` or `{name}: false`"
    if takes_options:
        example = "[a4]" if OUTPUTS[name].options[0] == PAPERS_OPTION else "https://…"
        hint += f"; or its options, such as `{name}: {{{OUTPUTS[name].options[0]}: {example}}}`"
    elif isinstance(node, Mapping):
        hint += f"; only these have options: {join_words([each.name for each in OUTPUTS.values() if each.options])}"
    reader.wrong_type(node, f"`true` or `false` for `{name}`", hint)
    return None


def _read_options(reader: Reader, name: str, node: Mapping) -> _Options:
    read = _Options()
    known = OUTPUTS[name].options
    for key, value in node.pairs:
        if key.value not in known:
            owners = [each.name for each in OUTPUTS.values() if key.value in each.options]
            hint = propose(key.value, known, f"it may have: {', '.join(known)}")
            if owners:
                hint = f"`{key.value}` is an option of {join_words(owners)}: `{owners[0]}: {{{key.value}: …}}`"
            reader.report("unknown-key", key.span, f"{name} has no option `{key.value}`", hint)
        elif key.value == PAPERS_OPTION:
            read = replace(read, papers=_read_papers(reader, value))
        elif key.value == ADDRESS_OPTION:
            text = reader.text(value, ADDRESS_OPTION)
            read = replace(read, address=SiteAddress(text.value.strip(), text.span) if text else None)
        else:
            read = replace(read, per_page=_read_per_page(reader, value, OUTPUTS[name].per_page))
    return read


def _read_papers(reader: Reader, node: Node) -> tuple[str, ...]:
    """Return sizes of paper in the order of `PAPERS`, without those that there are not."""
    found = set()
    if isinstance(node, Scalar):
        meant = [find_closest(each.strip(), PAPERS) for each in node.value.split(",")]
        if all(meant):
            hint = f"write `{PAPERS_OPTION}: [{', '.join(filter(None, meant))}]`"
            reader.wrong_type(node, f"a list for `{PAPERS_OPTION}`", hint)
            return ()
    for item in reader.items(node, PAPERS_OPTION):
        text = reader.text(item, PAPERS_OPTION, entry=True)
        if text and text.value in PAPERS:
            found.add(text.value)
        elif text:
            hint = propose(text.value, PAPERS, f"choose from {', '.join(PAPERS)}")
            reader.report("bad-output", text.span, f"there is no paper `{text.value}`", hint)
    if isinstance(node, Sequence) and not node.items:
        hint = f"write at least one: `{PAPERS_OPTION}: [a4]`; to make no such sheet, write `false` instead"
        reader.report("bad-output", find_first_span(node), f"`{PAPERS_OPTION}` is empty", hint)
    return tuple(paper for paper in PAPERS if paper in found)


def _read_per_page(reader: Reader, node: Node, usual: int | None) -> int | None:
    """Return how many cards a page has, None after reporting a number that cards are not cut in."""
    text = node.value if isinstance(node, Scalar) else ""
    if re.fullmatch("[0-9]{1,9}", text) and int(text) in PER_PAGE:
        return int(text)
    choice = ", ".join(map(str, PER_PAGE[:-1])) + f" or {PER_PAGE[-1]}"
    said = f"`{text}`" if text else f"this {'list' if isinstance(node, Sequence) else 'mapping'}"
    message = f"{said} is no number of cards that a page is cut into"
    hint = f"write `{PER_PAGE_OPTION}: {usual}`, or another of {choice}"
    reader.report("bad-output", find_first_span(node), message, hint)
    return None
