"""A declared note type → the note type as Anki has it: in the order that was released, with new fields in spare ones.

Anki takes another list of fields or card templates for a conflict, and drops every later update. So the first release
of a note type ships some that nothing uses. A field or card that comes later takes the number and the place of a spare
one, and for Anki it is no more than renamed.

On a rename Anki rewrites the old name in all card templates, those of the new package among them. So a name that a
field has had is never another field's: its cards would show the first one, at the latest for who skips a release.

New fields take spare ones from the front, the learner's own ones from the back. So what authors write stands together,
before all that learners write: that is how a text file can update notes and leave the rest of them alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Generic, NamedTuple, TypeVar

from cardpress.diagnostics import Span
from cardpress.history.records import TypeRecord
from cardpress.note_types import CardTemplate, Field, Holds, NoteType, Spare

# How many the first release of a note type ships.
SPARE_FIELDS = 5
SPARE_CARDS = 2

_Part = TypeVar("_Part", Field, CardTemplate)


class Problem(Enum):
    """Why a note type cannot have the lists that learners have."""

    GONE = auto()  # a released one is not declared any more
    NONE_LEFT = auto()  # a new one finds no spare, though there were some
    NEVER_ANY = auto()  # a new one, in a note type that was released without spares
    SKIPS = auto()  # a new one is called like a spare that is not the next
    TAKEN = auto()  # one is called like a spare that is still unused
    CHANGES_HANDS = auto()  # a released one becomes personal, or was
    IN_USE = auto()  # a new one is to take a spare that another one has
    NAME_OF_OTHER = auto()  # a field is called as another one is or was in a release


@dataclass(frozen=True, slots=True)
class Misfit:
    """A field or card that does not fit what was released.

    `proposed` is what to call it, where that is known. `other` is the name of the one in whose way it is.
    """

    problem: Problem
    name: str
    place: Span | None = None
    is_card: bool = False
    proposed: str = ""
    other: str = ""


class Arranged(NamedTuple):
    """A note type as Anki has it, and why it cannot be so. With any misfit it is as it was declared."""

    note_type: NoteType
    misfits: tuple[Misfit, ...] = ()


def arrange(note_type: NoteType, deck_id: str, record: TypeRecord | None) -> Arranged:
    """Return a note type as Anki has it, or is to have it from its first release on, when `record` is None.

    What is arranged already stays as it is.
    """
    declared = tuple(each for each in note_type.fields if not isinstance(each.holds, Spare))
    order = note_type.order or tuple(each.key for each in declared if isinstance(each.holds, Holds))
    if record is None and note_type.is_adopted:
        return Arranged(replace(note_type, fields=declared, order=order))
    if record is None:
        return Arranged(_add_spares(replace(note_type, fields=declared, order=order)))
    if record.id != note_type.id(deck_id):
        return Arranged(note_type)  # the deck has another id than it was released under, and that is the problem
    released = {**record.fields, **record.personal_fields}
    fields: _Slots[Field] = _Slots(
        released, record.spare_fields, record.from_spares, lambda each: note_type.field_id(deck_id, each)
    )
    cards: _Slots[CardTemplate] = _Slots(
        dict(zip(("", *record.more), record.list_cards(), strict=True)),
        record.spare_cards,
        record.cards_from_spares,
        lambda each: note_type.template_id(deck_id, each),
        is_card=True,
    )
    fields.fill([each for each in declared if not each.is_personal], list(record.spare_fields))
    left = [name for name in record.spare_fields if name not in fields.used]
    fields.fill([each for each in declared if each.is_personal], left[::-1])
    cards.fill(note_type.cards, list(record.spare_cards))
    misfits = (
        *fields.find_misfits(),
        *_find_exchanged(fields.placed, record),
        *_find_names_of_others(fields, record, _make_owner_of(note_type, deck_id, record)),
        *cards.find_misfits(),
    )
    if misfits:
        return Arranged(note_type, misfits)
    in_order = tuple(_list_fields(fields, record))
    current = {each.name for each in in_order}
    return Arranged(
        replace(
            note_type,
            fields=in_order,
            cards=(*(cards.placed[each] for each in record.list_cards()), *cards.list_used()),
            spare_cards=tuple(name for name in record.spare_cards if name not in cards.used),
            order=order,
            from_spares={**record.from_spares, **note_type.from_spares, **fields.renamed},
            cards_from_spares={**record.cards_from_spares, **note_type.cards_from_spares, **cards.renamed},
            former_names={name: number for name, number in record.list_names().items() if name not in current},
        )
    )


def _add_spares(note_type: NoteType) -> NoteType:
    ordinary = [each for each in note_type.fields if not each.is_personal]
    personal = [each for each in note_type.fields if each.is_personal]
    spares = map(_make_spare, _choose_names(note_type.fields, SPARE_FIELDS))
    # Anki makes the cards of a cloze text from its one template.
    cards = () if note_type.is_cloze else tuple(_choose_names(note_type.cards, SPARE_CARDS))
    return replace(note_type, fields=(*ordinary, *spares, *personal), spare_cards=cards)


def _make_spare(name: str) -> Field:
    return Field(key="", name=name, released_name=name, holds=Spare())


def _choose_names(beside: Sequence[Field | CardTemplate], count: int) -> list[str]:
    taken = {name.casefold() for each in beside for name in (each.name, each.released_name)}
    names = (f"Spare{number}" for number in range(1, count + len(taken) + 1))
    return [name for name in names if name.casefold() not in taken][:count]


def _list_fields(fields: _Slots[Field], record: TypeRecord) -> Iterator[Field]:
    """Yield the fields in Anki's order, which never changes."""
    yield from (fields.placed[number] for number in record.fields.values())
    for name in record.spare_fields:
        yield fields.used.get(name) or _make_spare(name)
    yield from (fields.placed[number] for number in record.personal_fields.values())


def _find_exchanged(placed: Mapping[int, Field], record: TypeRecord) -> Iterator[Misfit]:
    """Yield a misfit for each released field that becomes the learner's own, or was."""
    own = set(record.personal_fields.values())
    for number, each in placed.items():
        if each.is_personal != (number in own):
            yield Misfit(Problem.CHANGES_HANDS, each.name, each.place)


def _make_owner_of(note_type: NoteType, deck_id: str, record: TypeRecord) -> Callable[[str], int | None]:
    """Return what says which released field has a name, or had it: its number, or None.

    A number is made of a first name, so that this is known of all, and of a spare one's, too.
    """
    names, numbers = record.list_names(), set(record.list_fields())

    def find(name: str) -> int | None:
        first = note_type.field_id(deck_id, _make_spare(record.from_spares.get(name, name)))
        return names.get(name, first if first in numbers else None)

    return find


def _find_names_of_others(
    fields: _Slots[Field], record: TypeRecord, owner_of: Callable[[str], int | None]
) -> Iterator[Misfit]:
    """Yield a misfit for each field that gets a name that another one has in a release, or had."""
    names = {number: name for name, number in {**record.fields, **record.personal_fields}.items()}
    parts = fields.placed | {record.spare_fields[name]: each for name, each in fields.used.items()}
    for number, part in parts.items():
        owner = owner_of(part.name)
        # What a history has already, and the name of a spare one that is free, is another matter.
        if owner in (None, number) or owner not in parts or names.get(number) == part.name:
            continue
        numbered = (f"{part.name} {count}" for count in range(2, len(parts) + 3))
        candidates = (names.get(number, ""), fields.first_names.get(number, ""), *numbered)
        proposed = next(each for each in candidates if each and owner_of(each) in (None, number))
        yield Misfit(Problem.NAME_OF_OTHER, part.name, part.name_place, proposed=proposed, other=parts[owner].name)


@dataclass(slots=True)
class _Slots(Generic[_Part]):
    """The places that Anki has for fields or cards, and what is put into them.

    `released` and `spare` are numbers by names; `renamed_before` has what took a spare slot in an earlier release, by
    the name that it was first released under, with the name of the slot. `first_names` are those that the parts are
    declared with, by their numbers.
    """

    released: Mapping[str, int]
    spare: Mapping[str, int]
    renamed_before: Mapping[str, str]
    number: Callable[[_Part], int]
    is_card: bool = False
    placed: dict[int, _Part] = field(default_factory=dict)
    first_names: dict[int, str] = field(default_factory=dict)
    used: dict[str, _Part] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    misfits: list[Misfit] = field(default_factory=list)

    def fill(self, parts: Iterable[_Part], free: Sequence[str]) -> None:
        """Put each part where it was released, or into the next of the spare slots, whose names are `free`."""
        names = {number: name for name, number in self.spare.items()}
        known = set(self.released.values())
        unplaced = []
        taken: dict[str, _Part] = {}
        for each in parts:
            part = replace(each, released_name=self.renamed_before.get(each.released_name, each.released_name))
            number = self.number(part)
            name = names.get(number)
            if number in known:
                self._place(number, part, each.released_name)
            elif name in free and name is not None:
                taken[name] = part  # under the spare's own name, which older Ankis keep
            elif name is not None:
                self._refuse(part, self.used[name])
            else:
                unplaced.append(part)
        rest = [name for name in free if name not in taken]
        for name, part in zip(rest, unplaced, strict=False):
            taken[name] = replace(part, released_name=name)
            self.first_names[self.spare[name]] = part.released_name
            self.renamed[part.released_name] = name
        problem = Problem.NONE_LEFT if self.spare or self.renamed_before else Problem.NEVER_ANY
        self.misfits += [self._misfit(problem, part) for part in unplaced[len(rest) :]]
        following = free[: len(taken)]
        missed = next((name for name in following if name not in taken), "")
        self.misfits += [
            self._misfit(Problem.SKIPS, part, missed) for name, part in taken.items() if name not in following
        ]
        self.used |= taken

    def _place(self, number: int, part: _Part, first_name: str) -> None:
        """Put a part where it was released. Of two, the one that names the spare that the other one took is wrong."""
        other = self.placed.get(number)
        if other is not None and self.first_names[number] == part.released_name:
            self._refuse(other, part)
        elif other is not None:
            self._refuse(part, other)
            return
        self.placed[number] = part
        self.first_names[number] = first_name

    def _refuse(self, part: _Part, holder: _Part) -> None:
        place = part.was_place or part.name_place
        self.misfits.append(
            Misfit(Problem.IN_USE, part.name, place, self.is_card, proposed=part.released_name, other=holder.name)
        )

    def list_used(self) -> Iterator[_Part]:
        """Yield what is in a spare slot, in the order of these."""
        return (self.used[name] for name in self.spare if name in self.used)

    def find_misfits(self) -> Iterator[Misfit]:
        """Yield what does not fit, what is missing, and what has the name of a slot that is still free."""
        yield from self.misfits
        for name, number in self.released.items():
            if number not in self.placed:
                yield Misfit(Problem.GONE, name, is_card=self.is_card)
        free = {name.casefold() for name in self.spare if name not in self.used}
        for part in [*self.placed.values(), *self.used.values()]:
            if part.name.casefold() in free:
                yield self._misfit(Problem.TAKEN, part)

    def _misfit(self, problem: Problem, part: Field | CardTemplate, proposed: str = "") -> Misfit:
        return Misfit(problem, part.name, part.place, self.is_card, proposed)
