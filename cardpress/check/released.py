"""Rules on what learners already have: released notes do not just disappear, and no id changes its meaning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cardpress.diagnostics import Diagnostic, Span
from cardpress.history.digests import digest_asked
from cardpress.history.records import History, NoteRecord
from cardpress.note_types.identity import make_guid
from cardpress.source.bank import Bank, DeckInfo, Retirement, Text
from cardpress.source.note_types import name_declaration


@dataclass(frozen=True, slots=True)
class _Present:
    """A question or recall note of the source: its id, its note type, what it asks, and whether it is retired."""

    id: Text
    kind: str
    asked: str
    retired: Retirement | None


def _present(bank: Bank) -> dict[str, _Present]:
    found = {}
    for question in bank.questions():
        for note in question.with_recall():
            retired = note.retired or question.retired
            found[note.id.value] = _Present(note.id, note.note_type.kind, note.asked.value, retired)
    return found


def check_history(bank: Bank) -> Iterator[Diagnostic]:
    """A deck that was released has its history."""
    for trace in bank.traces[:1]:
        yield report_lost_history(trace.span, trace.version, trace.span.path)


def report_lost_history(span: Span, version: str, witness: str) -> Diagnostic:
    """Return the problem that history.json is missing although something says that there was a release."""
    message = f"{witness} says that {version} was released, but source/history.json is not there"
    help_line = (
        "`git checkout HEAD -- source/history.json` puts it back, `git log -- source/history.json` finds it in older "
        "commits; for a new deck write another `id` in source/deck.yaml"
    )
    return Diagnostic("lost-history", span, message, help_line)


def check_sections(bank: Bank) -> Iterator[Diagnostic]:
    """A released section keeps its id: under another one, its new cards would go into a second deck."""
    history = bank.history
    if history is None or bank.info is None or not bank.complete or has_other_id(history, bank.info):
        return
    released = {record.id: record.section for record in history.notes.values()}
    present = {section.id.value for section in bank.sections}
    gone: dict[str, set[str]] = {}  # where the notes of each section that is gone are now
    held: dict[str, list[str | None]] = {}  # where the notes of each section were
    for section in bank.sections:
        for question in section.questions:
            before = released.get(question.id.value)
            held.setdefault(section.id.value, []).append(before)
            if before is not None and before not in present:
                gone.setdefault(before, set()).add(section.id.value)
    for section in bank.sections:
        if section.id.value in history.sections:
            continue
        counts = Counter(held.get(section.id.value, []))
        for before in sorted(each for each in counts if each in gone and each in history.sections):
            # Most of it is from there, and all that was there is here.
            if gone[before] == {section.id.value} and 2 * counts[before] >= counts.total():
                message = (
                    f"`{section.id.value}` holds what was released as section `{before}`; its new cards would "
                    "go into a second deck in Anki"
                )
                hint = f"write `id: {before}` and name the file source/{before}.yaml; its title may be any"
                yield Diagnostic("released-id-changed", section.id.span, message, hint)


def check_notes(bank: Bank) -> Iterator[Diagnostic]:
    """Every released note is still there, or retired; and no retired id is used again."""
    history = bank.history
    if history is None or bank.info is None or not bank.complete:
        return
    if has_other_id(history, bank.info):
        message = "the deck was released under another id; learners would get every card anew"
        yield Diagnostic("released-id-changed", bank.info.id.span, message, "write the deck's `id` as it was released")
        return
    present = _present(bank)
    released = {record.id: record for record in history.notes.values()}
    new = {digest_asked(each.asked): each for note_id, each in present.items() if note_id not in released}
    for note_id, record in sorted(released.items()):
        if note_id in present:
            now = present[note_id]
            if record.guid in history.retired and not now.retired:
                yield _reused(history, record, now)
            elif record.kind != now.kind:
                yield _other_kind(bank, record, now)
        elif record.guid in history.retired:
            yield _retired_gone(bank, history, record)
        else:
            yield _gone(bank, record, new)


def has_other_id(history: History, info: DeckInfo) -> bool:
    """Return whether the deck's id is not the one that the released GUIDs were made from."""
    return any(record.guid != make_guid(info.id.value, record.id) for record in history.notes.values())


def report_missing_package(history: History, deck_id: str) -> Diagnostic:
    """Return the problem that a history of the first format lacks what only the released package still has."""
    last = history.last.version
    message = (
        f"this old history lacks names in Anki and cloze deletions, and dist/ has no package of {last}, which has them"
    )
    help_line = (
        f"put that package back, such as with `git checkout -- dist/{deck_id}.apkg`, or copy it to "
        f"dist/.released-{last}.apkg; the next release writes all that it is needed for"
    )
    return Diagnostic("released-package-missing", history.place("version", last), message, help_line)


def _reused(history: History, record: NoteRecord, now: _Present) -> Diagnostic:
    message = f"`{record.id}` is the id of a note that was retired in {history.retired[record.guid].version}"
    hint = f"give it another id, such as `{record.id}-2`; if it is still that note, put its `retired` back"
    return Diagnostic("retired-id-reused", now.id.span, message, hint)


def _other_kind(bank: Bank, record: NoteRecord, now: _Present) -> Diagnostic:
    nouns = {kind: note_type.noun for kind, note_type in bank.note_types.items()}
    message = f"`{record.id}` was released as {nouns.get(record.kind, record.kind)} and is {nouns[now.kind]} now"
    help_line = f"give this another id, such as `{record.id}-2`, and keep what `{record.id}` was, as it is or `retired`"
    return Diagnostic("released-kind-changed", now.id.span, message, help_line)


def _where(bank: Bank, record: NoteRecord) -> tuple[Span, str]:
    """Return the file that a note that is gone belongs into, which an author may edit, and what to put back."""
    if any(section.id.value == record.section for section in bank.sections):
        return Span.of_file(f"source/{record.section}.yaml"), "put it back"
    return Span.of_file("source/deck.yaml"), f"put it back, with its section `{record.section}`"


def _gone(bank: Bank, record: NoteRecord, new: Mapping[str, _Present]) -> Diagnostic:
    again = new.get(record.asked)
    if again:
        message = f"`{again.id.value}` asks what was released as `{record.id}`; learners would get it as a new card"
        return Diagnostic("released-id-changed", again.id.span, message, f"write `id: {record.id}`")
    message = f"`{record.id}`, released in {record.version}, is gone, but learners have it"
    place, back = _where(bank, record)
    help_line = f"{back}; to retire it, keep it and add `retired: {{reason: …}}` below `id: {record.id}`"
    return Diagnostic("released-question-missing", place, message, help_line)


def _retired_gone(bank: Bank, history: History, record: NoteRecord) -> Diagnostic:
    message = f"`{record.id}`, retired in {history.retired[record.guid].version}, is gone, but learners have it"
    place, back = _where(bank, record)
    separator = ", and" if "," in back else ""
    help_line = f"{back}{separator} with its `retired`: each release tells those who have skipped that one"
    return Diagnostic("released-question-missing", place, message, help_line)


def check_field_lists(bank: Bank) -> Iterator[Diagnostic]:
    """Note types keep the fields that were released, with the same ids in the same order. Only names may change."""
    if bank.history is None or bank.info is None or has_other_id(bank.history, bank.info):
        return
    for kind, note_type in bank.note_types.items():
        released = bank.history.note_types.get(kind)
        place = Span.of_file(name_declaration(kind))
        now = [note_type.field_id(bank.info.id.value, field) for field in note_type.fields]
        if released and list(released.fields.values()) != now:
            message = f"the fields of the {kind} note type are not those that were released"
            hint = f"they were {', '.join(released.fields)}; one that has another name now needs `was`, its first name"
            yield Diagnostic("field-list-changed", place, message, hint)
        cards = {card.released_name: note_type.template_id(bank.info.id.value, card) for card in note_type.cards}
        if released and released.list_cards() != list(cards.values()):
            message = f"the cards of the {kind} note type are not those that were released"
            hint = "put back what was there; a card that has another name now needs `was`, its first name"
            yield Diagnostic("field-list-changed", place, message, hint)
