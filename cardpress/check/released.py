"""Rules on what learners already have: released notes do not just disappear, and no id changes its meaning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from cardpress.check.adopted import find_lost_cards, find_other_numbers, is_renamed_type, report_other_guid
from cardpress.check.masks import make_records
from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.history.digests import digest_asked
from cardpress.history.records import History, Masks, NoteRecord, TypeRecord
from cardpress.note_types import ONLY_CARD, CardTemplate, Field, Holds, NoteType
from cardpress.note_types.identity import make_guid
from cardpress.source.bank import Bank, DeckInfo, Question, Retirement, Text, Trace
from cardpress.source.note_types.folders import name_declaration
from cardpress.source.note_types.spares import Misfit, Problem, arrange

# What a help line says of a lost history. Where git has it, `release/lost_history.py` says how to take it from there.
PUT_BACK = "put it back from a backup or another clone, since nothing else knows what learners have"
# Notes of one file under other ids that are reported one by one. More are one report: a column of ids that was shifted.
_MOST_REPORTS = 3
# What tells a note whatever its id: its note type, a digest of what it asks, and what its masks hide.
_Content = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Present:
    """A question or recall note of the source: its id, its note type, and whether it is retired.

    `asked` is the digest of what it asks, `note` all that is written of it, `guid` what Anki knows it by.
    """

    id: Text
    kind: str
    asked: str
    content: _Content
    retired: Retirement | None
    note: Question
    guid: str


def _present(bank: Bank, deck_id: str) -> dict[str, _Present]:
    found = {}
    for question in bank.questions():
        for note in question.with_recall():
            retired = note.retired or question.retired
            kind, asked = note.note_type.kind, digest_asked(note.asked.value)
            masks = {}
            for _, occlusion in note.each(Holds.OCCLUSION):
                masks = make_records(bank, occlusion)
            content, guid = _make_content(kind, asked, masks), note.identify(deck_id)
            found[note.id.value] = _Present(note.id, kind, asked, content, retired, note, guid)
    return found


def _make_content(kind: str, asked: str, masks: Masks) -> _Content:
    return kind, asked, tuple(sorted(mask.label or mask.place for mask in masks.values()))


def check_history(bank: Bank) -> Iterator[Diagnostic]:
    """A deck that was released has its history."""
    for trace in bank.traces[:1]:
        if bank.history is None:
            yield report_lost_history(trace.span, trace.version, trace.span.path)
        else:
            yield _report_lost_release(trace)


def report_lost_history(span: Span, version: str, witness: str) -> Diagnostic:
    """Return the problem that history.json is missing although something says that there was a release."""
    message = f"{witness} says that {version} was released, but source/history.json is not there"
    help_line = f"{PUT_BACK}; for a new deck write another `id` in source/deck.yaml"
    return Diagnostic("lost-history", span, message, help_line)


def _report_lost_release(trace: Trace) -> Diagnostic:
    """Return the problem that the history is an older one: the next release would be no newer than a lost one."""
    message = f"{trace.span.path} says that {trace.version} was released, but source/history.json does not have it"
    help_line = f"{PUT_BACK}; if that release never left this machine, remove its section here"
    return Diagnostic("lost-history", trace.span, message, help_line)


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
    present = _present(bank, bank.info.id.value)
    released = {record.id: record for record in history.notes.values()}
    renamed = _find_renamed(history, present, released)
    yield from _report_renamed(renamed, present)
    known = set(renamed.values())
    for note_id, record in sorted(released.items()):
        if note_id in present:
            now = present[note_id]
            if record.guid in history.retired and not now.retired:
                yield _reused(history, record, now)
            elif record.guid != now.guid:
                yield report_other_guid(now.note, record.guid, bank.info.id.value)
            elif record.kind != now.kind and not is_renamed_type(now.note, record, history, bank.info.id.value):
                yield _other_kind(bank, record, now)
        elif record.guid in history.retired:
            yield _retired_gone(bank, history, record)
        elif note_id not in known:
            yield _gone(bank, record)


def _find_renamed(
    history: History, present: Mapping[str, _Present], released: Mapping[str, NoteRecord]
) -> dict[str, str]:
    """Return the ids of notes that ask what was released under another id, which does not ask it any more, with that.

    What a retired note asked is free: none of its learners' schedules is to go on.
    """
    found = _find_exchanged(present, released)
    by_guid = {record.guid: note_id for note_id, record in released.items()}
    found |= {
        note_id: by_guid[each.guid]
        for note_id, each in present.items()
        if note_id not in released and by_guid.get(each.guid, note_id) not in present
    }
    owners: dict[_Content, list[str]] = {}
    for note_id, record in sorted(released.items()):
        owners.setdefault(_make_content(record.kind, record.asked, record.masks), []).append(note_id)
    askers: dict[_Content, list[str]] = {}
    for note_id, each in present.items():
        askers.setdefault(each.content, []).append(note_id)
    for content, ids in owners.items():
        own = set(ids)
        new = [each for each in askers.get(content, ()) if each not in own]
        if not new or len(new) < len(askers[content]):
            continue  # it is still asked under an id of its own
        if not any(
            released[each].guid in history.retired or (each in present and present[each].retired) for each in ids
        ):
            found |= zip(new, ids, strict=False)
    return found


def _find_exchanged(present: Mapping[str, _Present], released: Mapping[str, NoteRecord]) -> dict[str, str]:
    """Return the ids of released notes of which each asks what another one did, back to the first, with that one."""
    now = {note_id: present[note_id].asked for note_id in present.keys() & released.keys()}
    times = Counter(record.asked for record in released.values())
    asked_by = {record.asked: note_id for note_id, record in released.items() if times[record.asked] == 1}
    # From each note that asks something else now, to the one that asked this when it was released.
    before = {note_id: asked_by.get(asked) for note_id, asked in now.items() if asked != released[note_id].asked}
    return {note_id: was for note_id in find_circles(before) if (was := before[note_id])}


def _report_renamed(renamed: Mapping[str, str], present: Mapping[str, _Present]) -> Iterator[Diagnostic]:
    """Yield a problem for each note that asks what was released under another id, or one for many in a file."""
    files: dict[SourceFile, list[str]] = {}
    for note_id in sorted(renamed, key=lambda each: present[each].id.span.start):
        files.setdefault(present[note_id].id.span.file, []).append(note_id)
    for ids in files.values():
        if len(ids) > _MOST_REPORTS:
            yield _report_shift(ids, renamed, present)
            continue
        for note_id in ids:
            was, now = renamed[note_id], present[note_id]
            end = "learners' schedules would go on with it" if was in present else "learners would get it as a new card"
            message = f"`{note_id}` asks what was released as `{was}`; {end}"
            hint = _say_id(was, now)
            if was in present and was not in renamed:
                hint += f", and another id where `{was}` is now"
            yield Diagnostic("released-id-changed", now.id.span, message, hint)


def _report_shift(ids: Sequence[str], renamed: Mapping[str, str], present: Mapping[str, _Present]) -> Diagnostic:
    """Return the problem that many notes of a file have other ids, as where a column of ids was shifted."""
    first = present[ids[0]].id.span
    goes_on = any(renamed[each] in present for each in ids)
    end = "learners' schedules would go on with other questions" if goes_on else "learners would get them as new cards"
    what = "rows" if first.file.is_table else "notes"
    message = f"{len(ids)} {what} ask what was released under other ids, the first as `{renamed[ids[0]]}`; {end}"
    lines = (f"`{renamed[each]}` in line {present[each].id.span.line}" for each in ids[1:_MOST_REPORTS])
    where = "into the column `id`" if first.file.is_table else "as `id`"
    hint = (
        f"move the ids along with what they were released with: write `{renamed[ids[0]]}` {where} here, "
        f"{', '.join(lines)}, and so on; what is new takes a new id"
    )
    return Diagnostic("released-id-changed", first, message, hint)


def _say_id(note_id: str, present: _Present) -> str:
    """Return the help line that a question or row has another id."""
    is_row = present.id.span.file.is_table
    return f"write `{note_id}` into the column `id` of its row" if is_row else f"write `id: {note_id}`"


def find_circles(leads: Mapping[str, str | None]) -> set[str]:
    """Return what comes back to itself when each leads to the next."""
    found: set[str] = set()
    seen: set[str] = set()
    for start in leads:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at in leads and at not in seen:
            seen.add(at)
            path[at] = None
            at = leads[at]
        if at in path:
            way = list(path)
            found.update(way[way.index(at) :])
    return found


def check_cards(bank: Bank) -> Iterator[Diagnostic]:
    """A released note still has what each of its cards asks; without it, learners would see an empty card."""
    if bank.history is None or bank.info is None:
        return
    for note in bank.notes():
        released = bank.history.notes.get(note.identify(bank.info.id.value))
        # The deletions of a cloze text and masks have rules of their own.
        if released is None or released.kind != note.note_type.kind or note.note_type.is_cloze:
            continue
        if note.note_type.is_adopted:
            yield from find_lost_cards(note, released)
            continue
        missing: dict[Field, CardTemplate] = {}
        for number, card in enumerate(note.note_type.cards, 1):
            needed = note.note_type.conditions(card)
            gone = [field for field in needed if field.key not in note.values]
            if released.has_card(number):
                missing |= {field: card for field in gone if field not in missing}
            elif gone and all(field.released_name in released.fields for field in needed):
                yield _report_new_card(note, gone[0], card)
        for field, card in missing.items():
            yield _report_card(note, field, card, was_there=field.released_name in released.fields)


def _report_new_card(note: Question, field: Field, card: CardTemplate) -> Diagnostic:
    """Return the problem that Anki makes a new card of what a note held, and the update then takes that away."""
    name = f"the card `{card.name}`"
    message = (
        f"`{note.id.value}` loses its `{field.key}` as {name} comes, and Anki would make that of the old note, empty"
    )
    hint = f"put its `{field.key}` back, or release the note as it is now before you change {name}"
    return Diagnostic("released-card-missing", note.id.span, message, hint)


def _report_card(note: Question, field: Field, card: CardTemplate, *, was_there: bool) -> Diagnostic:
    """Return the problem that a released card would be empty, since the note lacks what it asks or waits for."""
    is_flag = field.holds is Holds.FLAG
    asked = f"`{field.key}: true`" if is_flag else f"a `{field.key}`"
    if was_there:
        asks = f"for its `{field.key}`" if is_flag else f"that asks its `{field.key}`"
        message = f"`{note.id.value}` was released with a card {asks}, which is gone"
        hint = (
            f"put {asked} back; to ask it no more, retire the note as it was, and write a new one with "
            f"another id, such as `{note.id.value}-2`"
        )
    else:
        which = "its card" if card.name == ONLY_CARD else f"its card `{card.name}`"
        message = f"`{note.id.value}` was released with {which}, which wants {asked} now, and the note has none"
        if is_flag:
            message = message.replace(", and the note has none", "")
        hint = f"give it {asked}; or let the card be as it was, and declare a new one, which takes a spare one"
    return Diagnostic("released-card-missing", note.id.span, message, hint)


def has_other_id(history: History, info: DeckInfo) -> bool:
    """Return whether the deck's id is not the one that was released, from which GUIDs are made."""
    if history.deck is not None:
        return history.deck.id != info.id.value
    return any(record.guid != make_guid(info.id.value, record.id) for record in history.notes.values())


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
    section = next((section for section in bank.sections if section.id.value == record.section), None)
    if section is not None:
        path = section.table.file.path if section.table else f"source/{record.section}.yaml"
        return Span.of_file(path), "put it back"
    return Span.of_file("source/deck.yaml"), f"put it back, with its section `{record.section}`"


def _gone(bank: Bank, record: NoteRecord) -> Diagnostic:
    message = f"`{record.id}`, released in {record.version}, is gone, but learners have it"
    place, back = _where(bank, record)
    help_line = f"{back}; to retire it, keep it and add `retired: {{reason: …}}` below `id: {record.id}`"
    if place.file.is_table:
        help_line = (
            f"put its row back, or write `{record.id}` into the column `id` of the row that was reworded; to retire "
            "it, keep the row and say why in a column `retired`"
        )
    return Diagnostic("released-question-missing", place, message, help_line)


def _retired_gone(bank: Bank, history: History, record: NoteRecord) -> Diagnostic:
    message = f"`{record.id}`, retired in {history.retired[record.guid].version}, is gone, but learners have it"
    place, back = _where(bank, record)
    separator = ", and" if "," in back else ""
    help_line = f"{back}{separator} with its `retired`: each release tells those who have skipped that one"
    return Diagnostic("released-question-missing", place, message, help_line)


def check_field_lists(bank: Bank) -> Iterator[Diagnostic]:
    """Note types keep the fields and cards that were released, by their numbers, and what is new finds a spare one."""
    if bank.history is None or bank.info is None or has_other_id(bank.history, bank.info):
        return
    had_deletions: dict[str, bool] = {}
    for note in bank.history.notes.values() if bank.history.deck else ():
        had_deletions[note.kind] = bool(note.deletions) or had_deletions.get(note.kind, False)
    for kind, note_type in bank.note_types.items():
        record = bank.history.note_types.get(kind)
        is_other = had_deletions.get(kind, note_type.is_cloze) != note_type.is_cloze
        # Of a deck that was taken over, no cloze note need have a deletion.
        if is_other and not (note_type.is_adopted and note_type.is_cloze):
            yield _report_other_cards(note_type)
            continue
        numbers = [*find_other_numbers(note_type, record, bank.info.id.value)] if record else []
        yield from numbers
        if numbers:
            continue  # what follows from another number is no other problem
        misfits = arrange(note_type, bank.info.id.value, record).misfits
        for misfit in misfits:
            yield _find_misspelled(note_type, misfit) or _report_misfit(kind, record, misfit)
        if record is not None and not misfits:
            yield from _find_exchanged_cards(note_type, record)


def _find_exchanged_cards(note_type: NoteType, record: TypeRecord) -> Iterator[Diagnostic]:
    """Yield a problem for each of released cards that ask now what another one of them did."""
    now = note_type.list_asked()
    times = Counter(record.asks.values())
    asked_by = {asked: card for card, asked in record.asks.items() if times[asked] == 1}
    leads = {card: asked_by.get(now[card]) for card, asked in record.asks.items() if card in now and now[card] != asked}
    circles = find_circles(leads)
    names = {card.released_name: card for card in note_type.cards}
    for card in note_type.cards:
        before = leads.get(card.released_name)
        if card.released_name in circles and before is not None:
            other = names[before]
            message = f"card `{card.name}` asks what `{other.name}` was released with"
            message += "; learners' schedules would go on with it"
            hint = f"let each ask what it did; where only names are exchanged, write `was: {other.released_name}` here"
            place = card.place or Span.of_file(name_declaration(note_type.kind))
            yield Diagnostic("released-cards-exchanged", place, message, hint)


def _report_other_cards(note_type: NoteType) -> Diagnostic:
    """Return the problem that Anki is to make cards of deletions now, or is not any more: it takes no such change."""
    kind, gate = note_type.kind, note_type.gate(note_type.cards[0])
    made = ("the deletions or masks of a note", "its card templates")
    now, before = made if note_type.is_cloze else reversed(made)
    message = (
        f"the {kind} note type was released with cards of {before}, and has cards of {now} now, which Anki refuses"
    )
    hint = "let its fields hold what they held, and make a note type of its own for what is new"
    return Diagnostic("released-kind-changed", gate.place or Span.of_file(name_declaration(kind)), message, hint)


def _find_misspelled(note_type: NoteType, misfit: Misfit) -> Diagnostic | None:
    """Return the problem that `was` is a released name in other capitals, as of a key; None where it is not."""
    if misfit.problem is not Problem.GONE:
        return None
    parts: tuple[Field | CardTemplate, ...] = note_type.cards if misfit.is_card else note_type.fields
    for each in parts:
        was = each.released_name
        if was not in (each.name, misfit.name) and was.casefold() == misfit.name.casefold():
            message = f"`was: {was}` is no name that was released; upper and lower case differ"
            place = each.place or Span.of_file(name_declaration(note_type.kind))
            return Diagnostic("field-list-changed", place, message, f"write `was: {misfit.name}`")
    return None


def _report_misfit(kind: str, record: TypeRecord | None, misfit: Misfit) -> Diagnostic:
    place = misfit.place or Span.of_file(name_declaration(kind))
    name, part = misfit.name, "card" if misfit.is_card else "field"
    released = (*record.fields, *record.personal_fields) if record else ()
    match misfit.problem:
        case Problem.GONE:
            code = "field-list-changed"
            which = f"{part} `{name}` of the {kind} note type" if name else f"the first card of the {kind} note type"
            message = f"{which} was released and is gone, but learners have it"
            were = "" if misfit.is_card else f"; its fields were {', '.join(released)}"
            hint = f"put it back; if it has another name now, add `was`, its first name{were}"
        case Problem.NEVER_ANY:
            code = "field-list-changed"
            message = f"{part} `{name}` is new, and the {kind} note type was released without spare {part}s"
            instead = "the card a note type of its own" if misfit.is_card else "what it holds into another field"
            hint = f"remove it and put {instead}; if it only has another name now, add `was`, its first name"
            if not misfit.is_card:
                hint += f"; the fields were {', '.join(released)}"
        case Problem.NONE_LEFT:
            code = "no-spare-left"
            message = f"{part} `{name}` is new, and no spare {part} of the {kind} note type is left for it"
            instead = (
                "a note type of its own" if misfit.is_card else "it into another field, or start another note type"
            )
            hint = f"remove it, and make {instead}" if misfit.is_card else f"remove it, and put {instead}"
        case Problem.SKIPS:
            code = "spare-out-of-turn"
            message = f"{part} `{name}` is called like a spare {part} that is not the next one"
            hint = f"write `name: {misfit.proposed}`, or any name that no spare {part} has"
        case Problem.TAKEN:
            code = "spare-out-of-turn"
            message = f"a spare {part} is called `{name}` in Anki, so no other {part} can be"
            hint = "write another `name`"
        case Problem.IN_USE:
            code = "spare-out-of-turn"
            has_was = name != misfit.proposed
            message = f"the spare {part} `{misfit.proposed}` is in use for `{misfit.other}`"
            message += f", so {part} `{name}` cannot have it" if has_was else f", so no other {part} can be called so"
            hint = f"remove `was: {misfit.proposed}`" if has_was else "write another `name`"
            hint += f"; a new {part} takes the next spare one by itself"
        case Problem.NAME_OF_OTHER:
            code = "released-name-reused"
            message = (
                f"learners know field `{misfit.other}` as `{name}`, too, and in their cards Anki would put it in the "
                f"place of this one"
            )
            hint = f"write `name: {misfit.proposed}`, or another that no other field has ever had"
        case Problem.CHANGES_HANDS:
            code = "field-list-changed"
            was = "as personal" if record and name not in record.fields else "with what you write in it"
            message = f"field `{name}` was released {was}"
            hint = "put `personal: true` back" if was == "as personal" else "remove `personal: true`"
            hint += "; a new field can be otherwise"
        case _:
            assert_never(misfit.problem)
    return Diagnostic(code, place, message, hint)
