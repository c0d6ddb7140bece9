"""What is shown of a project at one moment, and how the local interface tells it (JSON)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import click

from cardpress.anki.card_rendering import CardMaker
from cardpress.anki.card_templates import fill_card_template, join_css
from cardpress.anki.shown_formulas import set_formulas
from cardpress.deck.notes import Deck, Note
from cardpress.diagnostics import Diagnostic, Span
from cardpress.diagnostics.codes import Severity
from cardpress.diagnostics.reports.text import as_text
from cardpress.diagnostics.visible import make_visible
from cardpress.note_types import NoteType
from cardpress.outputs import OUTPUTS, Sheet
from cardpress.source.languages import is_right_to_left
from cardpress.source.strings import Strings

# Where the page is, whatever its file is called.
PAGE_ADDRESS = "/outputs/page"
# The names of papers, as people say them.
_PAPERS = {"a4": "A4", "letter": "Letter"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A deck whose cards are shown, where the source has each of its notes, by their ids, and what makes the cards."""

    deck: Deck
    places: Mapping[str, Span]
    maker: CardMaker
    # What decides the look of all cards of a note type, by its kind.
    looks: Mapping[str, tuple[object, ...]]

    @classmethod
    def of(cls, deck: Deck, places: Mapping[str, Span]) -> Shown:
        """Return what is shown of a deck."""
        return cls(deck, places, CardMaker(deck), {each.kind: _describe_look(deck, each) for each in deck.note_types})

    def find(self, note_id: str) -> Note | None:
        """Return the note with this id, None when there is none that has cards."""
        return next((note for note in self.notes() if note.id == note_id), None)

    def notes(self) -> Iterator[Note]:
        """Yield every note that has cards, in the deck's order."""
        for note in self.deck.notes():
            yield note
            yield from note.recall


def _describe_look(deck: Deck, note_type: NoteType) -> tuple[object, ...]:
    sides = tuple((card.name, *fill_card_template(deck, note_type, card)) for card in note_type.cards)
    fields = tuple((each.name, each.released_name) for each in note_type.fields)
    return (deck.type_names[note_type.kind], fields, sides, join_css(deck, note_type))


@dataclass(frozen=True, slots=True)
class State:
    """What is shown of a project: its deck, and the problems of its source.

    `revision` counts what was shown before. The deck is that of the last source which could be read, None before there
    was any; where `is_stale`, the source as it stands cannot be. `printed` is the last deck without errors: page and
    sheets are made of it, which are those of the revision `made_of`. `is_checked` says whether all rules have had their
    say. `failure` is why nothing could be read, in a line, and empty where it could.
    """

    revision: int = 0
    shown: Shown | None = None
    printed: Deck | None = None
    made_of: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()
    is_stale: bool = False
    is_checked: bool = False
    failure: str = ""


@dataclass(frozen=True, slots=True)
class _ToldNote:
    """What was told of a note, and what that follows from."""

    note: Note
    place: Span | None
    strings: Strings
    told: dict[str, Any]


# What was told of notes before, by their ids.
Told = dict[str, _ToldNote]


def describe(
    state: State, project: str, name_commands: Callable[[str], str], root: str | None = None, told: Told | None = None
) -> dict[str, Any]:
    """Return a state as `/api/state` tells it. `project` is the name of the project's folder, `root` its whole path.

    `name_commands` returns a help line with commands as they are typed where the server was started. `told` is what was
    told of notes before, which decides nothing but how long this takes; what is told now is added to it.
    """
    shown = state.shown
    return {
        "revision": state.revision,
        "project": project,
        "root": root,
        "deck": _describe_deck(shown.deck) if shown else None,
        "is_stale": state.is_stale,
        "is_checked": state.is_checked,
        "problems": [
            *([_describe_failure(state.failure)] if state.failure else []),
            *(_describe_problem(each, name_commands) for each in _errors_first(state.diagnostics)),
        ],
        "sections": _describe_sections(shown, told if told is not None else {}) if shown else [],
        "outputs": list(_describe_outputs(state.printed)) if state.printed else [],
        "made_of": state.made_of,
    }


def _describe_deck(deck: Deck) -> dict[str, str]:
    return {
        "id": deck.id,
        "title": deck.title,
        "version": deck.version,
        "language": deck.language,
        "direction": "rtl" if is_right_to_left(deck.language) else "ltr",
    }


def _errors_first(diagnostics: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    yield from (each for each in diagnostics if each.severity is Severity.ERROR)
    yield from (each for each in diagnostics if each.severity is not Severity.ERROR)


def _describe_failure(failure: str) -> dict[str, Any]:
    said = make_visible(failure)
    nowhere = {"path": "", "line": 0, "column": 0, "end_column": 0, "source": ""}
    return {"severity": "error", "code": "", "message": said, "help": "", **nowhere, "text": said}


def _describe_problem(problem: Diagnostic, name_commands: Callable[[str], str]) -> dict[str, Any]:
    problem = replace(problem, help=name_commands(problem.help))
    span = problem.span
    # The last line of a report says how many problems there are.
    text = click.unstyle(as_text([problem], folds=False)).rpartition("\n\n")[0]
    return {
        "severity": problem.severity.value,
        "code": problem.code,
        "message": make_visible(problem.message),
        "help": make_visible(problem.help),
        "path": make_visible(span.path),
        "line": span.line,
        "column": span.column,
        "end_column": span.column + span.width,
        "source": make_visible(span.excerpt),
        "text": text,
    }


def _describe_sections(shown: Shown, told: Told) -> list[dict[str, Any]]:
    return [
        {
            "id": section.id,
            "title": section.title,
            "notes": [_tell_note(shown, each, note, told) for note in section.notes for each in (note, *note.recall)],
        }
        for section in shown.deck.sections
    ]


def _tell_note(shown: Shown, note: Note, parent: Note, told: Told) -> dict[str, Any]:
    """Return what is told of a note: the same as before, where what that follows from is the very same."""
    before, place, strings = told.get(note.id), shown.places.get(note.id), shown.deck.strings
    is_same = (
        before is not None
        and before.note.contents is note.contents
        and before.note.note_type is note.note_type
        and before.strings is strings
        and before.place == place
    )
    if before is None or not is_same or before.told["below"] != (parent.id if parent is not note else None):
        before = told[note.id] = _ToldNote(note, place, strings, _describe_note(shown, note, parent))
    return before.told


def _describe_note(shown: Shown, note: Note, parent: Note) -> dict[str, Any]:
    place = shown.places.get(note.id)
    title = note.title
    return {
        "id": note.id,
        "title": title,
        "formulas": dict(set_formulas(escape(title))),
        "below": parent.id if parent is not note else None,
        "note_type": note.note_type.kind,
        "path": place.path if place else "",
        "line": place.line if place else 0,
        "cards": [{"number": card.number, "name": shown.deck.strings(card.template.name)} for card in note.cards()],
    }


def _describe_outputs(deck: Deck) -> Iterator[dict[str, str]]:
    if "page" in deck.outputs:
        yield {"name": "page", "title": "Page", "address": PAGE_ADDRESS}
    for sheet, paper in list_sheets(deck):
        title = f"{OUTPUTS[sheet.name].title}, {_PAPERS[paper]}"
        yield {"name": sheet.name, "title": title, "address": f"/outputs/{name_sheet(deck, sheet, paper)}"}


def list_sheets(deck: Deck) -> Iterator[tuple[Sheet, str]]:
    """Yield each sheet that is made of a deck, with each size of paper that it has."""
    for sheet in deck.printed:
        yield from ((sheet, paper) for paper in sheet.papers)


def name_sheet(deck: Deck, sheet: Sheet, paper: str) -> str:
    """Return the name of a sheet's file."""
    return f"{deck.id}-{sheet.name}-{paper}.pdf"
