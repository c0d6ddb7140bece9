"""Merges the histories of two branches that both released: what learners of either side have stays true.

A record belongs to the side whose own releases it names: those that the other side does not have. What both sides have
changed, each in its own way, counts as changed in the next release: its time is newer than either, and all learners get
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import TypeVar

from cardpress.history.masks import digest_mask, hides_same
from cardpress.history.records import NOT_YET, History, NameRecord, NoteRecord, Release, RetiredRecord, Side, TypeRecord
from cardpress.history.versions import rank

_Record = TypeVar("_Record", NoteRecord, TypeRecord)
_Named = TypeVar("_Named", NoteRecord, TypeRecord, RetiredRecord)


class CannotMergeError(Exception):
    """Two histories that no one history can stand for. The message says why."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One side: its history, and the moments of the releases that it has for itself, by their versions."""

    history: History
    own: Mapping[str, int]

    @classmethod
    def of(cls, history: History, common: Set[Release]) -> _Side:
        return cls(history, {each.version: each.moment for each in history.releases if each not in common})

    def has_changed(self, record: NoteRecord | TypeRecord) -> bool:
        return record.version in self.own


@dataclass(frozen=True, slots=True)
class Merged:
    """One history for both sides. `twins` are the new versions of releases whose version the other side has, too.

    `torn` are the ids of notes of which both sides released a card under one number that hides something else on each:
    other words, or another mask. The numbers are those of these cards. `homonyms` are the ids that both sides gave to
    a new note which asks something else on each, `retyped` those of notes that are of another note type on each, with
    the version whose note type the history has. `cards` are those that ask something else on each side, with the kind
    of their note type.
    """

    history: History
    twins: Mapping[str, str]
    torn: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    homonyms: tuple[str, ...] = ()
    retyped: Mapping[str, str] = field(default_factory=dict)
    cards: tuple[tuple[str, str], ...] = ()


def merge(ours: History, theirs: History) -> Merged:
    """Return one history for both. It does not matter which is which.

    Of two releases with the same version the later one is called after its package, too: `1.1.0+4a4aa4c`. Raises
    CannotMergeError when they are not of one deck, or cannot be brought together.
    """
    if _get_deck(ours).id != _get_deck(theirs).id:
        raise CannotMergeError(f"one side is the history of `{_get_deck(ours).id}`, the other not")
    ours, theirs = _align(ours, theirs)
    common = set(ours.releases) & set(theirs.releases)
    # The one whose own releases began earlier comes first, whichever side git calls ours.
    first, second = sorted((ours, theirs), key=lambda history: _age(history, common))
    twins = _rename_twins([each for history in (first, second) for each in history.releases if each not in common])
    versions = {release.package: version for release, version in twins.items()}
    a, b = (_Side.of(_rename(history, versions), common) for history in (first, second))
    later = max(a.history, b.history, key=lambda history: _order(history.last))
    history = History(
        releases=tuple(sorted({*a.history.releases, *b.history.releases}, key=_order)),
        note_types=_merge_types(a, b),
        notes=_merge_notes(a, b),
        retired={**b.history.retired, **a.history.retired},
        deck=replace(_get_deck(first), title=_get_deck(later).title),
        sections=_merge_names(a.history.sections, b.history.sections, later.sections),
        media={**b.history.media, **a.history.media},
        file=ours.file,
    )
    _refuse_two_guids(history)
    history = replace(history, sides=_merge_sides(a, b, history))
    torn = dict(sorted(_find_torn(a, b)))
    retyped = {
        note.id: history.notes[note.guid].version for note, other in _pair_notes(a, b) if note.kind != other.kind
    }
    return Merged(
        history,
        {release.version: version for release, version in twins.items()},
        torn,
        tuple(sorted(_find_homonyms(a, b) - torn.keys() - retyped.keys())),
        dict(sorted(retyped.items())),
        tuple(sorted(_find_other_cards(a, b))),
    )


def _get_deck(history: History) -> NameRecord:
    if history.deck is None:
        raise CannotMergeError("one side has the history of a release by cardpress 1.0; release there again, and merge")
    return history.deck


def _align(ours: History, theirs: History) -> tuple[History, History]:
    """Return both histories, with the same version for a release that an earlier merge has renamed on one side."""
    versions: dict[str, str] = {}
    for release in (*ours.releases, *theirs.releases):
        versions[release.package] = max(versions.get(release.package, ""), release.version, key=len)
    return _rename(ours, versions), _rename(theirs, versions)


def _age(history: History, common: Set[Release]) -> tuple[int, str]:
    return min(((r.moment, r.package) for r in history.releases if r not in common), default=(0, ""))


def _order(release: Release) -> tuple[object, int, str]:
    return rank(release.version), release.moment, release.package


def _rename_twins(own: Iterable[Release]) -> dict[Release, str]:
    """Return the new versions of releases whose version another one had before them."""
    taken: set[str] = set()
    names: dict[Release, str] = {}
    for release in sorted(own, key=_order):
        if release.version in taken:
            names[release] = release.twin_version
        taken.add(release.version)
    return names


def _rename(history: History, versions: Mapping[str, str]) -> History:
    """Return a history in which everything names releases by their new versions. Those are given by packages."""
    new = {each.version: versions.get(each.package, each.version) for each in history.releases}

    def renamed(records: Mapping[str, _Named]) -> dict[str, _Named]:
        return {key: replace(each, version=new.get(each.version, each.version)) for key, each in records.items()}

    return replace(
        history,
        releases=tuple(replace(each, version=new[each.version]) for each in history.releases),
        notes=renamed(history.notes),
        note_types=renamed(history.note_types),
        retired=renamed(history.retired),
    )


def _choose(a: _Side, b: _Side, one: _Record, other: _Record) -> tuple[_Record, bool]:
    """Return the record that is newer, and whether both sides have changed it, each in its own way."""
    changed = a.has_changed(one), b.has_changed(other)
    if changed == (True, True):
        is_older = a.own[one.version] < b.own[other.version]
        return (other if is_older else one), one.digest != other.digest
    if changed == (False, False):
        is_older = _order(a.history.last) < _order(b.history.last)
        return (other if is_older else one), False
    return (one if changed[0] else other), False


def _merge_notes(a: _Side, b: _Side) -> dict[str, NoteRecord]:
    merged = {**a.history.notes, **b.history.notes}
    for guid in a.history.notes.keys() & b.history.notes.keys():
        one, other = a.history.notes[guid], b.history.notes[guid]
        note, is_contested = _choose(a, b, one, other)
        # A card that one side made of a note that it did not change, too.
        note = replace(note, more_cards=tuple(sorted({*one.more_cards, *other.more_cards})))
        if is_contested:
            same = {name: digest for name, digest in one.fields.items() if other.fields.get(name) == digest}
            numbers = sorted({*one.deletions, *other.deletions})
            deletions = {
                number: tuple(dict.fromkeys((*one.deletions.get(number, ()), *other.deletions.get(number, ()))))
                for number in numbers
            }
            masks = {**one.masks, **other.masks, **note.masks}
            note = replace(note, digest=NOT_YET, fields=same, deletions=deletions, masks=masks)
        merged[guid] = note
    return merged


def _refuse_two_guids(merged: History) -> None:
    """Raise CannotMergeError when both sides released a note under one id, each with a GUID of its own."""
    guids: dict[str, str] = {}
    for guid, note in merged.notes.items():
        if guids.setdefault(note.id, guid) != guid:
            message = f"both sides released a note `{note.id}`, with the GUIDs `{guids[note.id]}` and `{guid}`"
            raise CannotMergeError(f"{message}; only one side can go on, and learners of the other keep their note")


def _find_torn(a: _Side, b: _Side) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield notes that both sides have changed, with the numbers that hide something else on each."""
    for one, other in _pair_notes(a, b):
        both = one.deletions.keys() & other.deletions.keys()
        numbers = {each for each in both if {*one.deletions[each]}.isdisjoint(other.deletions[each])}
        masks = {
            digest_mask(each)
            for each, mask in one.masks.items()
            if each in other.masks and not hides_same(mask, other.masks[each])
        }
        numbers |= {each for each in both if not masks.isdisjoint(one.deletions[each])}
        if numbers and a.has_changed(one) and b.has_changed(other):
            yield one.id, tuple(sorted(numbers))


def _pair_notes(a: _Side, b: _Side) -> Iterator[tuple[NoteRecord, NoteRecord]]:
    """Yield the two records of each note that both sides have."""
    for guid in a.history.notes.keys() & b.history.notes.keys():
        yield a.history.notes[guid], b.history.notes[guid]


def _find_homonyms(a: _Side, b: _Side) -> set[str]:
    """Return the ids of new notes of both sides that ask something else on each. A reworded one is no new one."""
    return {
        one.id
        for one, other in _pair_notes(a, b)
        if a.has_changed(one)
        and b.has_changed(other)
        and one.asked != other.asked
        and not (one.is_updated and other.is_updated)
    }


def _merge_types(a: _Side, b: _Side) -> dict[str, TypeRecord]:
    merged = {**a.history.note_types, **b.history.note_types}
    for kind in a.history.note_types.keys() & b.history.note_types.keys():
        one, other = a.history.note_types[kind], b.history.note_types[kind]
        note_type, is_contested = _choose(a, b, one, other)
        older = other if note_type is one else one
        if is_contested:
            note_type = replace(_merge_slots(note_type, older), digest=NOT_YET)
        names = {**older.list_names(), **note_type.list_names()}
        current = {*note_type.fields, *note_type.spare_fields, *note_type.personal_fields}
        former = {name: number for name, number in names.items() if name not in current}
        merged[kind] = replace(note_type, former_names=former, asks={**older.asks, **note_type.asks})
    return merged


def _find_other_cards(a: _Side, b: _Side) -> Iterator[tuple[str, str]]:
    """Yield the kinds and names of cards that ask something else on each side, where both changed the note type."""
    for kind in a.history.note_types.keys() & b.history.note_types.keys():
        one, other = a.history.note_types[kind], b.history.note_types[kind]
        if a.has_changed(one) and b.has_changed(other):
            names = {spare: name for name, spare in one.cards_from_spares.items()}
            for card in one.asks.keys() & other.asks.keys():
                if one.asks[card] != other.asks[card]:
                    yield kind, names.get(card, card)


def _merge_sides(a: _Side, b: _Side, merged: History) -> tuple[Side, ...]:
    """Return what learners of each branch have otherwise. A branch in which the other one is whole is the history."""
    if not (a.own and b.own):
        return (a if a.own else b).history.sides
    found: list[Side] = []
    for each in (a.history, b.history):
        for side in each.sides or (Side(each.last.shipped_version),):
            made = _find_side(each, side, merged)
            found += [made] if made not in found else []
    return tuple(sorted(found, key=lambda side: rank(side.version)))


def _find_side(history: History, side: Side, merged: History) -> Side:
    """Return a side of a history as one of the merged history."""
    have = {guid: note for guid, note in history.notes.items() if guid not in side.lacks} | dict(side.notes)
    notes = {
        guid: have[guid]
        for guid, note in merged.notes.items()
        if guid in have and (have[guid].digest, have[guid].more_cards) != (note.digest, note.more_cards)
    }
    kinds = [
        kind
        for kind, note_type in merged.note_types.items()
        if kind in side.note_types
        or (kind in history.note_types and history.note_types[kind].digest != note_type.digest)
    ]
    names: dict[str, dict[int, str]] = {}
    for kind in merged.note_types.keys() & history.note_types.keys():
        there = {**history.note_types[kind].name_parts(), **side.names.get(kind, {})}
        now = merged.note_types[kind].name_parts()
        names[kind] = {number: name for number, name in sorted(there.items()) if now.get(number, name) != name}
    named = {kind: each for kind, each in sorted(names.items()) if each}
    return Side(side.version, notes, frozenset(merged.notes) - have.keys(), tuple(kinds), named)


def _merge_slots(newer: TypeRecord, older: TypeRecord) -> TypeRecord:
    """Return the newer record of a note type with the spare fields and cards that either side uses.

    Raises CannotMergeError when Anki has other lists of the two, or when they use a spare one for different things.
    """
    if _list_numbers(newer) != _list_numbers(older):
        raise CannotMergeError(f"both sides released the note type `{newer.kind}`, with other fields or cards")
    _refuse_other_uses("field", newer, [(each.from_spares, each.spare_fields) for each in (newer, older)])
    _refuse_other_uses("card", newer, [(each.cards_from_spares, each.spare_cards) for each in (newer, older)])
    _refuse_homonyms(newer, older)
    personal = {**older.personal_fields, **newer.personal_fields}
    ordinary = {**older.fields, **newer.fields}
    cards = {**older.more, **newer.more}
    first, *others = [*newer.list_cards(), *newer.spare_cards.values()]
    return replace(
        newer,
        fields=_name(newer.list_fields(), ordinary, newer.fields),
        spare_fields={
            name: number
            for name, number in newer.spare_fields.items()
            if number not in {*ordinary.values(), *personal.values()}
        },
        personal_fields=_name(newer.list_fields(), personal, newer.personal_fields),
        template=first,
        more=_name(others, cards, newer.more),
        spare_cards={name: number for name, number in newer.spare_cards.items() if number not in cards.values()},
        from_spares={**older.from_spares, **newer.from_spares},
        cards_from_spares={**older.cards_from_spares, **newer.cards_from_spares},
    )


def _name(order: Iterable[int], known: Mapping[str, int], newer: Mapping[str, int]) -> dict[str, int]:
    """Return the numbers that have a name, in order, under the newer one where there are two."""
    names = {number: name for name, number in (*known.items(), *newer.items())}
    return {names[number]: number for number in order if number in names}


def _refuse_other_uses(
    part: str, record: TypeRecord, sides: Sequence[tuple[Mapping[str, str], Mapping[str, int]]]
) -> None:
    """Raise CannotMergeError when two sides have different things in one spare field or card.

    A side is what took spare ones, with their names, and those that are free.
    """
    for spare in sorted({name for users, _ in sides for name in users.values()}):
        # What is neither free nor has a name of its own has kept that of the spare one.
        names = {
            next((name for name, taken in users.items() if taken == spare), spare)
            for users, free in sides
            if spare not in free
        }
        if len(names) > 1:
            both = " and ".join(f"`{each}`" for each in sorted(names))
            why = "learners of each side have another one there, so only one side can go on"
            message = f"both sides use the spare {part} `{spare}` of the note type `{record.kind}`, for {both}"
            raise CannotMergeError(f"{message}; {why}")


def _refuse_homonyms(newer: TypeRecord, older: TypeRecord) -> None:
    """Raise CannotMergeError when two sides gave one name to different fields or cards.

    Anki tells fields by their names where it rewrites card templates, and `was` names what was first called so.
    """
    for part, (names, others) in {
        "field": [each.list_names() | _find_first_names(each) for each in (newer, older)],
        "card": [{**each.more, each.first_card: each.template, **each.spare_cards} for each in (newer, older)],
    }.items():
        for name in sorted(names.keys() & others.keys()):
            if names[name] != others[name]:
                message = f"both sides released a {part} `{name}` of the note type `{newer.kind}`, each another one"
                why = (
                    "only one side can go on: take source/history.json, dist/ and note-type.yaml of that one, and give "
                    f"the other's {part} a name that neither side has had"
                )
                raise CannotMergeError(f"{message}; {why}")
    for name in sorted(
        newer.fields.keys() & older.personal_fields.keys() | newer.personal_fields.keys() & older.fields.keys()
    ):
        message = f"the field `{name}` of the note type `{newer.kind}` is `personal` on one side alone"
        raise CannotMergeError(
            f"{message}; only one side can go on: take source/history.json, dist/ and note-type.yaml of it"
        )


def _find_first_names(record: TypeRecord) -> dict[str, int]:
    """Return the numbers of fields that took a spare one, by the names that they were first released under."""
    numbers = record.list_names()
    return {name: numbers[spare] for name, spare in record.from_spares.items() if spare in numbers}


def _list_numbers(record: TypeRecord) -> list[list[int]]:
    return [record.list_fields(), [*record.list_cards(), *record.spare_cards.values()]]


def _merge_names(
    first: Mapping[str, NameRecord], second: Mapping[str, NameRecord], later: Mapping[str, NameRecord]
) -> dict[str, NameRecord]:
    """Return the names of sections: one that both have released keeps the names of its first release."""
    merged = {**second, **first}
    decks = {key: {**second[key].card_decks, **first[key].card_decks} for key in first.keys() & second.keys()}
    return {
        key: replace(each, title=later.get(key, each).title, card_decks=decks.get(key, each.card_decks))
        for key, each in merged.items()
    }
