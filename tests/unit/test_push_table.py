"""What a push says of itself stays short, however much it would change."""

from __future__ import annotations

from cardpress.cli.push_table import write_plan
from cardpress.push.contents import PushedNote
from cardpress.push.plan import Fate, Plan, PlannedNote, PlannedType


def planned(name: str, fate: Fate, cards: int = 0) -> PlannedNote:
    return PlannedNote(PushedNote(name, name, 1, 0, (), (), ()), fate, new_cards=cards)


def test_an_empty_plan_has_its_rows() -> None:
    assert list(write_plan(Plan((), {}))) == [
        "  new notes                       0",
        "  updated notes                   0",
        "  unchanged notes                 0",
        "  new cards                       0",
    ]


def test_many_notes_and_note_types_have_short_rows() -> None:
    notes = [planned(f"question-number-{number}", Fate.NEW, 2) for number in range(12_000)]
    types = {number: PlannedType(f"type {number}", is_new=True) for number in range(30)}
    lines = list(write_plan(Plan(tuple(notes), types)))
    assert lines[0] == (
        "  new notes                  12,000  question-number-0, question-number-1, question-number-2, "
        "question-number-3, …"
    )
    assert lines[3] == "  new cards                  24,000"
    assert lines[4] == "  note type `type 0`: new"
    assert lines[-1] == "  and 10 note types more"
    assert len(lines) == 25


def test_a_name_of_any_length_is_cut() -> None:
    lines = list(write_plan(Plan((planned("x" * 5000, Fate.KEPT),), {})))
    assert max(map(len, lines)) < 130
    assert lines[3].startswith("  edited in Anki, stay so         1  xxx")


def test_what_changes_in_a_note_type_and_what_is_not_known_is_told() -> None:
    plan = Plan(
        (planned("gato", Fate.UNKNOWN),),
        {
            1: PlannedType("Word", changes=("gets the field `Plural`", "other style"), forces_full_sync=True),
            2: PlannedType("Same"),
        },
    )
    assert list(write_plan(plan))[3:] == [
        "  new or updated, not known       1  gato",
        "  new cards                       0",
        "  note type `Word`: gets the field `Plural`; other style",
        "  the next sync of this collection will have to be a full one, in one direction",
    ]
