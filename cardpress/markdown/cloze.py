"""Cloze deletions: their signs among the events of a text become elements, whatever stands between them.

A deletion may open in one block and close in another. Then what it cuts in two is closed before each sign and opened
again after it, so that a deletion holds whole blocks. Code is a world of its own: a deletion that opens in it must
close in it, and in a deletion around it, its braces and colons are no signs.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any, NamedTuple

from cardpress.markdown.events import Braces, Characters, Close, Colons, Event, Leaf, Open, Opening
from cardpress.markdown.tree import Place, Problem

OPENING = re.compile(r"\{\{c([0-9]{1,4})::")
# What is meant to open a deletion, and does not.
ALMOST_OPENING = r"\{\{?[ \t]*[cC][ \t]*[0-9]+(?:,[0-9,]*)?[ \t]*:{1,2}(?!:)"
MISTYPED = re.compile(rf"(?<!\\)(?<!\\\{{){ALMOST_OPENING}")
# Of three opening braces before `c1::` the last two open the deletion.
BRACES = re.compile(r"\{(?=\{\{c[0-9]{1,4}::)|\{\{|\{|\}+")
_SIGNS = re.compile(rf"{OPENING.pattern}|{BRACES.pattern}|::")
# What a line has before its text: indentation, and the marks of quotes and lists.
_MARGIN = re.compile(r"[ \t>]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)*")
_MARK = r"(?:[-*+]|[0-9]{1,9}[.)])[ \t]"
# A block that begins right after a sign, where the deletion does not close in that line. After other text, the line
# below has to be of the same block.
_BLOCK_AFTER_OPENING = re.compile(
    rf"{OPENING.pattern}(?P<block>(?=(?P<sure>```|~~~)|(?P<list>{_MARK})|(?P<table>\|)|#{{1,6}}[ \t]|>)(?!.*\}}\}})"
    rf"(?:.*\n[ \t>]*(?P<more>{_MARK}|\|?[ \t]*:?-))?)"
)
# A fence that closes, or a table's row, right before the sign.
_BLOCK_BEFORE_CLOSING = re.compile(
    r"^([ \t>]*)(?:`{3,}|~{3,}|\|(?:(?!\{\{c[0-9]).)*\|)[ \t]*(?=(?:::[^\n{}]*)?\}\})", re.MULTILINE
)
_UNCLOSED = "cloze-without-deletion"
# `::` after the name of a namespace or a generic type, or before a name that no sentence has: it may be part of code.
_GENERIC = r"\w<[\w, &*<>]*>"
_JOINS_NAMES = re.compile(
    rf"(?:\b(?:alloc|boost|chrono|core|crate|parent|ranges|self|static|std|super|tokio)|{_GENERIC})::~?[A-Za-z]\w*\Z"
    rf"|(?:[\w)]|{_GENERIC})::~?(?:\w*_\w*|[A-Za-z]*[a-z][A-Z]\w*|[A-Za-z]\w*(?:\(.*\)|<.*>|!))\Z"
)
# A hint that is no name, and so cannot be the end of one.
_NO_NAME = re.compile(r".*[^\w~]")
# Elements that hold no blocks or texts themselves, by their names in Markdown and in HTML.
_PARTED = frozenset({"list", "table", "thead", "tbody", "tr", "tfoot", "ul", "ol", "dl", "ruby"})
# Characters. Longer answers are not quoted, and are no names.
_QUOTABLE = 100
# Deletions in each other. Anki sees no more than ten, which is a rule's business.
_DEEPEST = 40


class _Deletion(NamedTuple):
    """A deletion among events: the indexes of its opening, of the colons in it, and of the braces that close it."""

    opening: int
    all_colons: tuple[int, ...]
    closing: int
    # How many of the closing braces stand before the two that close the deletion.
    before: int

    @property
    def colons(self) -> int | None:
        """The last colons, which begin its hint."""
        return self.all_colons[-1] if self.all_colons else None


class Paired(NamedTuple):
    """A deletion whose signs are known: the indexes of the events that open and close it, and its facts."""

    opening: int
    closing: int
    facts: Mapping[str, Any]


def find_line_breaks(text: str) -> tuple[tuple[int, str], ...]:
    """Return where a cloze text needs a line break so that blocks begin and end with lines: the place, and the break.

    `{{c1::- a` is a list, and a fence may end in "```}}".
    """
    if "{{c" not in text or "\n" not in text:
        return ()
    breaks = [(found.end(), found[1], 1) for found in _BLOCK_BEFORE_CLOSING.finditer(text)]
    last_closing = text.rfind("}}")
    for found in _BLOCK_AFTER_OPENING.finditer(text):
        if found.start("block") > last_closing:  # it is never closed, and no deletion
            break
        line_start = text.rfind("\n", 0, found.start()) + 1
        margin = _MARGIN.match(text, line_start, found.start())
        is_first = margin is not None and margin.end() == found.start()
        if is_first or found["sure"] or (found["more"] and (found["list"] or found["table"])):
            # A list that begins with another number than 1 needs an empty line before it.
            times = 2 if found["list"] and found["list"][0].isdigit() else 1
            breaks += [(found.start("block"), margin[0] if margin else "", times)]
    return tuple((place, ("\n" + re.sub(r"[^\s>]", " ", prefix)) * times) for place, prefix, times in sorted(breaks))


def report_mistyped(words: str, place: Place) -> Problem:
    """Return the problem of what is meant to open a deletion, and does not."""
    number = (re.findall("[0-9]+", words) or [""])[0]
    hint = f"write `{{{{c{number}::`" + (": a deletion has one number" if "," in words else "")
    return Problem(_UNCLOSED, place, f"`{words}` opens no deletion", hint)


def scan_code(code: str, locate: Callable[[int], int]) -> Iterator[Event]:
    """Yield the texts and signs of code. `locate` says where a character of it stands in the text."""
    position = 0
    for found in _SIGNS.finditer(code):
        if found.start() > position:
            yield Characters(code[position : found.start()])
        place = Place(locate(found.start()), locate(found.end()))
        if found[1]:
            yield Opening(int(found[1]), place)
        else:
            yield Colons(place) if found[0] == "::" else Braces(found[0], place)
        position = found.end()
    if position < len(code):
        yield Characters(code[position:])


def pair_signs(events: Sequence[Event], text: str, *, is_code: bool = False) -> tuple[list[Event], list[Problem]]:
    """Return events in which elements take the place of the signs, and a problem for each deletion that is not closed.

    `text` is what the places of the events count in: hints are read there.
    """
    found, problems = _find_deletions(events)
    problems += _find_doubtful(events, found, text, is_code=is_code)
    if is_code:
        hint = "what begins in code ends in it: put `}}` before its end, or `{{c1::` before its start"
        problems = [replace(each, help=hint) if each.code == _UNCLOSED else each for each in problems]
    if not found and not problems:
        return list(_without_signs(events)), []
    return _prune(_Nesting(events, found, text).run()), problems


def nest_deletions(events: Sequence[Event], deletions: Sequence[Paired]) -> list[Event]:
    """Return events in which elements take the place of the signs of these deletions, with these facts.

    None of them begins in another and ends behind it.
    """
    found = [_Deletion(each.opening, (), each.closing, 0) for each in deletions]
    return _prune(_Nesting(events, found, "", {each.opening: each.facts for each in deletions}).run())


def _find_deletions(events: Sequence[Event]) -> tuple[list[_Deletion], list[Problem]]:
    """Pair the braces of a text, single ones too, so that the answer in `{{c1::{}}}` is `{}`."""
    opened: list[tuple[int, int]] = []  # the index of the event, and how many braces it has
    around = 0  # how many deletions are open
    colons: dict[int, list[int]] = {}  # the index of an opening → those of the colons directly in it
    found: list[_Deletion] = []
    for index, event in enumerate(events):
        if isinstance(event, Opening):
            around += 1
            if around > _DEEPEST:
                return [], [_too_deep(event)]
            opened.append((index, 2))
        elif isinstance(event, Colons):
            if opened and isinstance(events[opened[-1][0]], Opening):
                colons.setdefault(opened[-1][0], []).append(index)
        elif isinstance(event, Braces) and event.value[0] == "{":
            opened.append((index, len(event.value)))
        elif isinstance(event, Braces):
            left, before = len(event.value), 0
            while opened and left >= opened[-1][1]:
                start, width = opened.pop()
                if isinstance(events[start], Opening):
                    around -= 1
                    found.append(_Deletion(start, tuple(colons.get(start, ())), index, before))
                left, before = left - width, before + width
    late, problems = _close_late(events, [(start, tuple(colons.get(start, ()))) for start, _ in opened], found)
    return _without_hinted([*found, *late]), problems


def _find_doubtful(
    events: Sequence[Event], found: Sequence[_Deletion], text: str, *, is_code: bool
) -> Iterator[Problem]:
    """Yield a problem for each hint that may be a part of the answer."""
    for each in found:
        opening, closing = events[each.opening], events[each.closing]
        colons = [event for index in each.all_colons if isinstance(event := events[index], Colons)]
        if not colons or not isinstance(opening, Opening) or not isinstance(closing, Braces):
            continue
        hint = text[colons[-1].place.end : closing.place.start + each.before].strip()
        answer = text[opening.place.end : colons[-1].place.start]
        several = len(colons) > 1 and not (is_code and _NO_NAME.match(hint))
        names = len(hint) < _QUOTABLE and _JOINS_NAMES.search(f"{answer[-_QUOTABLE:]}::{hint}")
        if hint and (several or names or "\n\n" in hint):
            message = f"`{_quote(hint)}` is the hint here, and `{_quote(answer)}` the answer"
            yield Problem("doubtful-hint", colons[-1].place, message, _separate(opening, answer, hint, is_code))


def _quote(text: str) -> str:
    return (
        text.strip()
        if len(text) < _QUOTABLE and "\n" not in text.strip()
        else f"{text.strip().split(chr(10))[0][:20]}…"
    )


def _separate(opening: Opening, answer: str, hint: str, is_code: bool) -> str:
    """Return the help line on how to write a deletion so that its hint is the one that is meant."""
    begin = f"{{{{c{opening.number}::"
    if "\n" in answer + hint or len(answer + hint) > _QUOTABLE:
        return "the last `::` begins the hint; put an answer that holds `::` in backticks, or write `::}}` at its end"
    if is_code or "`" in answer + hint:
        return f"if that is all one answer, write `{begin}{answer}::{hint}::}}}}`: the last `::` begins a hint"
    help_line = f"if that is all one answer, write `{begin}`{answer}::{hint}`}}}}`"
    return help_line + (f"; else `{begin}`{answer}`::{hint}}}}}`" if "::" in answer else "")


def _without_hinted(found: Sequence[_Deletion]) -> list[_Deletion]:
    """Return the deletions that do not stand in another's hint, which is a text."""
    hints = sorted((each.colons, each.closing) for each in found if each.colons is not None)
    begins = [colons for colons, _ in hints]
    ends = [-1, *accumulate((closing for _, closing in hints), max)]  # of the hints that begin before another
    return [each for each in found if ends[bisect_left(begins, each.opening)] < each.opening]


def _close_late(
    events: Sequence[Event], opened: Sequence[tuple[int, tuple[int, ...]]], found: Sequence[_Deletion]
) -> tuple[list[_Deletion], list[Problem]]:
    """Return the deletions that are still open at the end of a text: the next two braces after each close it."""
    taken = {each.closing for each in found}
    late: list[_Deletion] = []
    problems: list[Problem] = []
    for start, colons in reversed(opened):
        event = events[start]
        if isinstance(event, Opening):
            inside = [(each.opening, each.closing) for each in (*found, *late) if each.opening > start]
            later = (
                index
                for index, other in enumerate(events[start + 1 :], start + 1)
                if isinstance(other, Braces) and other.value.startswith("}}") and index not in taken
                if not any(opening < index < closing for opening, closing in inside)
            )
            closing = next(later, None)
            if closing is None:
                message = "this deletion is never closed"
                problems.append(Problem(_UNCLOSED, event.place, message, "close it with `}}`"))
            else:
                taken.add(closing)
                late.append(_Deletion(start, colons, closing, 0))
    return late, problems


def _too_deep(event: Opening) -> Problem:
    return Problem("too-deep", event.place, f"a deletion inside {_DEEPEST} others", "nest fewer of them")


def _without_signs(events: Sequence[Event]) -> Iterator[Event]:
    return (_as_text(event) for event in events)


def _as_text(event: Event) -> Event:
    match event:
        case Opening(number):
            return Characters(f"{{{{c{number}::")
        case Braces(value):
            return Characters(value)
        case Colons():
            return Characters("::")
        case _:
            return event


@dataclass(slots=True)
class _Nesting:
    """Walks through events and writes elements in place of the signs of deletions."""

    events: Sequence[Event]
    deletions: Sequence[_Deletion]
    text: str
    # The facts of deletions that are known, by the indexes of their openings.
    known: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    written: list[Event] = field(default_factory=list)
    stack: list[Open] = field(default_factory=list)

    def run(self) -> list[Event]:
        opens = {each.opening: each for each in self.deletions}
        closes: dict[int, list[_Deletion]] = {}
        for each in self.deletions:
            closes.setdefault(each.closing, []).append(each)
        hints = {each.colons: each.closing for each in self.deletions if each.colons is not None}
        floors = self._floors(opens)
        hint_end = -1
        for index, event in enumerate(self.events):
            if index in opens:
                self._cross(floors[index], Open("deletion", self._facts(opens[index])))
            elif index in closes:
                self._close(index, sorted(closes[index], key=lambda each: each.before), floors)
            elif index in hints:
                hint_end = hints[index]
            elif index < hint_end:
                self._in_hint(event)
            else:
                self._write(_as_text(event))
        return self.written

    def _facts(self, each: _Deletion) -> Mapping[str, Any]:
        if each.opening in self.known:
            return self.known[each.opening]
        opening, closing = self.events[each.opening], self.events[each.closing]
        assert isinstance(opening, Opening)  # noqa: S101 - as they were found
        assert isinstance(closing, Braces)  # noqa: S101 - as above
        end = closing.place.start + each.before
        hint = ""
        if each.colons is not None:
            colons = self.events[each.colons]
            assert isinstance(colons, Colons)  # noqa: S101 - as above
            hint = " ".join(self.text[colons.place.end : end].split(" "))
            hint = re.sub(r"\s*\n[\s>]*", " ", hint)
        return {"number": opening.number, "hint": hint, "place": Place(opening.place.start, end + 2)}

    def _floors(self, opens: dict[int, _Deletion]) -> dict[int, int]:
        """Return for each deletion, by the index of its opening, how many elements are open around all of it."""
        depth, depths = 0, []
        open_elements: list[Open] = []
        around: dict[int, list[Open]] = {}
        for index, event in enumerate(self.events):
            depths.append(depth)
            if isinstance(event, Open):
                open_elements.append(event)
            elif isinstance(event, Close):
                open_elements.pop()
                depths[-1] = len(open_elements)
            elif index in opens:
                around[index] = list(open_elements)
            depth = len(open_elements)
        floors = {}
        for index, each in opens.items():
            floor = min(depths[index : each.closing + 1])
            # A list holds entries and a table rows: a deletion of several takes a part of the list or table out.
            while floor and around[index][floor - 1].name in _PARTED:
                floor -= 1
            floors[index] = floor
        return floors

    def _write(self, event: Event) -> None:
        self.written.append(event)
        if isinstance(event, Open):
            self.stack.append(event)
        elif isinstance(event, Close):
            self.stack.pop()

    def _in_hint(self, event: Event) -> None:
        """Write nothing of a hint but the ends of what was opened before it, and the starts of what goes on behind."""
        if isinstance(event, Open):
            self._write(Open(event.name, event.facts, is_cut=True))
        elif isinstance(event, Close):
            self.stack[-1].is_cut = True
            self._write(event)

    def _close(self, index: int, ending: Sequence[_Deletion], floors: dict[int, int]) -> None:
        braces = self.events[index]
        assert isinstance(braces, Braces)  # noqa: S101 - as they were found
        position = 0
        for each in ending:
            if each.before > position:
                self._write(Characters("}" * (each.before - position)))
            self._cross(floors[each.opening], None)
            position = each.before + 2
        if position < len(braces.value):
            self._write(Characters("}" * (len(braces.value) - position)))

    def _cross(self, floor: int, opened: Open | None) -> None:
        """Open a deletion, or close the last one: below it, what a deletion cuts in two ends and begins again."""
        around = sum(1 for element in self.stack if element.name == "deletion")
        inner = self.stack[floor + around :]
        for element in inner:
            element.is_cut = True
            self.written.append(Close())
        self.written.append(opened or Close())
        kept = self.stack[: len(self.stack) - len(inner)]
        self.stack = [*kept, opened] if opened else kept[:-1]
        for element in inner:
            self._write(Open(element.name, element.facts, is_cut=True))


def _prune(events: Sequence[Event]) -> list[Event]:
    """Return events without elements that a deletion has cut in two and left empty."""
    kept: list[Event] = []
    stack: list[tuple[int, Open]] = []
    full: list[bool] = []
    for event in events:
        if isinstance(event, Open):
            stack.append((len(kept), event))
            full.append(False)
            kept.append(event)
        elif isinstance(event, Close):
            start, element = stack.pop()
            has_content = full.pop()
            if element.is_cut and not has_content:
                del kept[start:]
                continue
            kept.append(event)
            if full:
                full[-1] = True if has_content or not element.is_cut else full[-1]
        else:
            kept.append(event)
            if full and (isinstance(event, Leaf) or (isinstance(event, Characters) and event.value.strip())):
                full[-1] = True
    return kept
