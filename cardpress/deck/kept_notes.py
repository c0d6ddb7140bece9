"""Notes as they were made of questions the time before, for who makes a deck again and again, as `serve` does.

A note is used again where its question says the same as before and all else that decides a note is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from cardpress.deck.notes import Note
from cardpress.diagnostics import Span
from cardpress.source.bank import Question, Snippet


@dataclass(frozen=True, slots=True)
class MadeNote:
    """A note, the question that it was made of, and what else went into it.

    `shown` are the media that it shows, `in_gists` those that its points on the cheat sheet show, and `snippets` the
    code of its snippets by their names.
    """

    question: Question
    note: Note
    shown: frozenset[str]
    in_gists: frozenset[str]
    snippets: Mapping[str, str]


@dataclass(slots=True)
class KeptNotes:
    """Keeps the notes of one deck until the next time. `under` is all that notes depend on beside their questions."""

    _under: tuple[object, ...] = ()
    _made: dict[tuple[str, str], MadeNote] = field(default_factory=dict)
    _before: dict[tuple[str, str], MadeNote] = field(default_factory=dict)

    def begin(self, under: tuple[object, ...]) -> None:
        """Begin another deck. Only what was made under the same circumstances is used for it."""
        self._before = self._made if _is_same(self._under, under) else {}
        self._under, self._made = under, {}

    def find(self, question: Question, section: str, snippets: Mapping[str, Snippet]) -> MadeNote | None:
        """Return what was made of a question that says the same, with the places that it has now; None without any."""
        made = self._before.get((section, question.id.value))
        if made is None or any(
            name not in snippets or snippets[name].shown != code for name, code in made.snippets.items()
        ):
            return None
        if made.question is not question:
            if not _is_same(made.question, question):
                return None
            made = replace(made, question=question, note=_move(made.note, question))
        return made

    def keep(self, made: MadeNote, section: str) -> None:
        """Keep what was made."""
        self._made[section, made.question.id.value] = made


def list_places(question: Question) -> dict[str, Span]:
    """Return where each value of a question is, by its key, and its id."""
    values = {key: value.span for key, value in question.values.items() if not isinstance(value, tuple)}
    return {"id": question.id.span, **values}


def _move(note: Note, question: Question) -> Note:
    """Return a note with the places of a question that says the same elsewhere."""
    recall = tuple(map(_move, note.recall, question.active_recall()))
    return replace(note, places=list_places(question), recall=recall)


def _is_same(one: Any, other: Any) -> bool:
    """Return whether two values say the same, wherever in a file they stand."""
    return one is other or (type(one) is type(other) and _says_same(one, other))


def _says_same(one: Any, other: Any) -> bool:
    """Return whether two values of the same type say the same."""
    match one:
        case Span():
            return bool(one.path == other.path)
        case tuple():
            return len(one) == len(other) and all(map(_is_same, one, other))
        case dict():
            return list(one) == list(other) and all(map(_is_same, one.values(), other.values()))
        case _ if is_dataclass(one):
            names = (each.name for each in fields(one) if each.compare)
            return all(_is_same(getattr(one, name), getattr(other, name)) for name in names)
        case _:
            return bool(one == other)
