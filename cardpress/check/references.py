"""Rules on ids that name other questions: each names one that is asked. Of any other note they say what it is."""

from __future__ import annotations

from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic
from cardpress.diagnostics.suggest import Suggestions
from cardpress.diagnostics.unusual import did_you_mean
from cardpress.note_types import Holds
from cardpress.source.bank import Bank, Question, Text


class _Known:
    """What the ids of a deck are: of questions that are asked, of retired ones, of recall notes."""

    def __init__(self, bank: Bank) -> None:
        self._asked = {question.id.value for question in bank.active()} | bank.broken_ids
        self._retired = {question.id.value: question for question in bank.questions() if question.retired}
        self._above = {note.id.value: question for question in bank.questions() for note in question.recall}
        self._suggestions = Suggestions(self._asked)

    def report(self, named: Text, *, otherwise: str, unknown: str, itself: str = "") -> Iterator[Diagnostic]:
        """Yield what is wrong with a reference. The help is `unknown` or `otherwise` when there is nothing to propose.

        `itself` ends the message on a retired question.
        """
        name = named.value
        if name in self._asked:
            return
        if name in self._retired:
            message = f"`{name}` is retired{itself}"
            successor = self._find_successor(name)
            hint = f"write `{successor}`, which replaces it" if successor else otherwise
        elif name in self._above:
            above = self._above[name]
            message = f"`{name}` is a recall note of `{above.id.value}`{', which is retired' if above.retired else ''}"
            hint = otherwise if above.retired else f"write `{above.id.value}`"
        else:
            close = self._suggestions.find(name)
            message, hint = f"no question `{name}`", did_you_mean(name, close) if close else unknown
        yield Diagnostic("unknown-reference", named.span, message, hint)

    def _find_successor(self, name: str) -> str | None:
        """Return the question that is asked in place of a retired one, after however many others."""
        seen = set()
        while name in self._retired and name not in seen:
            seen.add(name)
            retired = self._retired[name].retired
            name = retired.replaced_by.value if retired and retired.replaced_by else ""
        return name if name in self._asked else None


def check_references(bank: Bank) -> Iterator[Diagnostic]:
    """`see_also`, or another field that holds ids, names other questions of this deck."""
    known = _Known(bank)
    for note in bank.active_notes():
        for reference in (each for _, ids in note.each(Holds.IDS) for each in ids):
            yield from _reference(note, reference, known)


def _reference(note: Question, reference: Text, known: _Known) -> Iterator[Diagnostic]:
    if reference.value == note.id.value:
        message = f"`{reference.value}` is this question itself"
        yield Diagnostic("self-reference", reference.span, message, "name another question, or remove it")
    else:
        unknown = "name the `id` of a question in this deck"
        yield from known.report(reference, otherwise="name a question that is asked, or remove it", unknown=unknown)


def check_retirements(bank: Bank) -> Iterator[Diagnostic]:
    """A question named by `replaced_by` exists, and is not retired itself."""
    known = _Known(bank)
    hint = "name the `id` of a question that is asked, or remove `replaced_by`"
    for note in bank.notes():
        if note.retired and note.retired.replaced_by:
            yield from known.report(note.retired.replaced_by, otherwise=hint, unknown=hint, itself=" itself")
