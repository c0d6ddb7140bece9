"""Lets Anki import a package as planned, and looks at what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cardpress.disk.private import make_private_folder
from cardpress.push.collection import Collection, read_collection
from cardpress.push.connection import ActionError, AnkiConnect, PushError
from cardpress.push.contents import Contents, raise_moments
from cardpress.push.plan import Fate, Plan, make_plan

# Where a note type gets a field, Anki takes all its notes for new in the same step, and so updates them in the next.
_MOST_IMPORTS = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, as Anki tells afterwards: counts of notes and cards, and what is not as planned, in words."""

    new: int
    updated: int
    new_cards: int
    unexpected: tuple[str, ...]


def import_as_planned(
    connection: AnkiConnect, name: str, package: bytes, contents: Contents, before: Collection, plan: Plan
) -> Outcome:
    """Let Anki import a package, and return what became of it. `plan` was made of what `before` says is in Anki.

    Anki reads the package from a temporary file. Raises PushError when it does not import it.
    """
    unedited = frozenset(each.note.guid for each in plan.list(Fate.UPDATED))
    after, left = before, plan
    for _ in range(_MOST_IMPORTS):
        _import(connection, name, _prepare(package, left))
        connection.show_again()
        after = read_collection(connection, contents)
        left = make_plan(contents, after, unedited)
        if not _has_more(left):
            break
    return _compare(plan, left, before, after)


def _prepare(package: bytes, plan: Plan) -> bytes:
    """Return the package with the moments that it needs, for Anki to do what is planned."""
    notes = {each.note.guid: each.moment for each in plan.notes if each.moment is not None}
    types = {number: each.moment for number, each in plan.note_types.items() if each.moment is not None}
    return raise_moments(package, notes, types) if notes or types else package


def _import(connection: AnkiConnect, name: str, package: bytes) -> None:
    with make_private_folder((), {f"{name}.apkg": package}) as folder:
        path = folder / f"{name}.apkg"
        try:
            done = connection.import_package(str(path))
        except ActionError as error:
            why = f"Anki could not import the package: {error.said}"
            if folder.name in error.said or "No such file" in error.said:
                why += "; an Anki that is shut off from temporary files needs TMPDIR set to a folder that it can read"
            raise PushError(why) from error
        if not done:
            raise PushError("Anki did not import the package, and does not say why")


def _has_more(plan: Plan) -> bool:
    return bool(
        plan.list(Fate.NEW) or plan.list(Fate.UPDATED) or any(each.changes for each in plan.note_types.values())
    )


def _compare(plan: Plan, now: Plan, before: Collection, after: Collection) -> Outcome:
    """Hold what Anki has now against what was planned."""
    new, updated = 0, 0
    unexpected = []
    for was, became in zip(plan.notes, now.notes, strict=True):
        is_created = became.known is not None and became.known not in before.notes
        is_there = became.fate is Fate.UNCHANGED
        if is_there and was.fate in (Fate.NEW, Fate.UPDATED, Fate.UNKNOWN):
            new += is_created
            updated += not is_created
        expected = {Fate.NEW: is_there and is_created, Fate.KEPT: became.fate is Fate.KEPT}.get(was.fate, is_there)
        if not expected:
            unexpected.append(
                f"{was.note.name} (was to be {was.fate.value}; {_say(became.fate, is_created=is_created)})"
            )
    cards = len(after.cards - before.cards)
    if cards != plan.new_cards and not plan.list(Fate.UNKNOWN):
        unexpected.append(f"cards ({plan.new_cards} were to come, {cards} came)")
    return Outcome(new, updated, cards, (*unexpected, *_list_other_types(now)))


def _say(fate: Fate, *, is_created: bool) -> str:
    if fate is Fate.UNCHANGED:
        return "it is new" if is_created else "Anki knew it"
    return "it is not in Anki" if fate in (Fate.NEW, Fate.UNKNOWN) else "Anki has it otherwise"


def _list_other_types(now: Plan) -> Iterator[str]:
    for each in now.note_types.values():
        if each.is_new or each.changes:
            yield f"note type {each.name} ({', '.join(each.changes) or 'it is not in Anki'})"
