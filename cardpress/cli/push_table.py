"""What a push would change, as a table: a row for each thing that becomes of notes, and one for each note type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cardpress.push.plan import Fate, Plan
from cardpress.wording import say_count

# How many characters a row has for the names of notes, and how many note types there are rows for.
_MOST_CHARACTERS = 80
_MOST_TYPES = 20
_LABELS = {
    Fate.NEW: "new notes",
    Fate.UPDATED: "updated notes",
    Fate.UNCHANGED: "unchanged notes",
    Fate.KEPT: "edited in Anki, stay so",
    Fate.UNKNOWN: "new or updated, not known",
}
_WIDE = max(map(len, _LABELS.values()))


def write_plan(plan: Plan) -> Iterator[str]:
    """Yield the lines that say what an import would do."""
    for fate, label in _LABELS.items():
        notes = plan.list(fate)
        if notes or fate in (Fate.NEW, Fate.UPDATED, Fate.UNCHANGED):
            names = [each.note.name for each in notes] if fate is not Fate.UNCHANGED else []
            yield _row(label, len(notes), names)
    yield _row("new cards", plan.new_cards, [])
    types = [each for each in plan.note_types.values() if each.is_new or each.changes]
    for each in types[:_MOST_TYPES]:
        yield f"  note type `{each.name}`: {'new' if each.is_new else '; '.join(each.changes)}"
    if len(types) > _MOST_TYPES:
        yield f"  and {say_count(len(types) - _MOST_TYPES, 'note type')} more"
    if any(each.forces_full_sync for each in types):
        yield "  the next sync of this collection will have to be a full one, in one direction"


def _row(label: str, count: int, names: Sequence[str]) -> str:
    shown: list[str] = []
    left = _MOST_CHARACTERS
    for name in names:
        left -= len(name) + 2
        if left < 0 and shown:
            shown.append("…")
            break
        shown.append(name[:_MOST_CHARACTERS])
    return f"  {label:<{_WIDE}}  {count:>6,}  {', '.join(shown)}".rstrip()
