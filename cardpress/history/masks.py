"""Masks as learners have them: each has the number of its card for ever, and its id says which one it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from cardpress.history.digests import digest_short
from cardpress.history.records import Deletions, MaskRecord, NoteRecord


def digest_mask(mask_id: str) -> str:
    """Return the digest by which the history knows a mask, whatever its place, size and label."""
    return digest_short("mask", mask_id)[:8]


def number_masks(ids: Iterable[str], released: Deletions) -> dict[str, int]:
    """Return the number of each mask by its id: that of its release, or for a new one the next that was never used.

    Where two branches released two masks under one number, the one whose branch is older in `released` keeps it.
    """
    wanted = dict.fromkeys(ids)
    digests = {digest_mask(each): each for each in wanted}
    numbers: dict[str, int] = {}
    for number, answers in sorted(released.items()):
        known = (digests[answer] for answer in answers if answer in digests and digests[answer] not in numbers)
        if (mask := next(known, None)) is not None:
            numbers[mask] = number
    free = max(released, default=0)
    for each in wanted:
        if each not in numbers:
            free += 1
            numbers[each] = free
    return numbers


class Lost(NamedTuple):
    """A released mask that is not there any more: the number of its card, its id, and its heir.

    The id is "" where the history has only its digest; the heir is the new mask that seems to be the same, or "".
    """

    number: int
    id: str
    heir: str


def find_lost(masks: Mapping[str, MaskRecord], released: NoteRecord) -> Iterator[Lost]:
    """Yield the released numbers that no mask has any more."""
    there = {digest_mask(each) for each in masks}
    known = {digest_mask(each): each for each in released.masks}
    new = {each: now for each, now in masks.items() if each not in released.masks}
    for number, answers in sorted(released.deletions.items()):
        if there.isdisjoint(answers):
            lost = next((known[answer] for answer in answers if answer in known), "")
            heirs = (each for each, now in new.items() if lost and _follows(now, released.masks[lost]))
            yield Lost(number, lost, next(heirs, ""))


def _follows(mask: MaskRecord, was: MaskRecord) -> bool:
    """Return whether a new mask seems to be one that is gone, under another id."""
    return mask.place == was.place or (bool(was.label) and mask.label == was.label)


def find_moved(masks: Mapping[str, MaskRecord], released: NoteRecord) -> Iterator[tuple[str, str]]:
    """Yield the ids of released masks of which another one hides now what they hid, with the id of that one.

    A label tells what a mask hides. Where labels came, went or have other words, its place does.
    """
    for each, was in released.masks.items():
        now = masks.get(each)
        if now is None or (was.label and now.label == was.label):
            continue
        others = {other: found for other, found in masks.items() if other != each}
        heirs = (other for other, found in others.items() if _has_label(found, was, released.masks.get(other)))
        heir = next(heirs, None)
        if heir is None and now.place != was.place:
            heirs = (other for other, found in others.items() if _has_place(found, was, released.masks.get(other)))
            heir = next(heirs, None)
        if heir is not None:
            yield each, heir


def _has_label(mask: MaskRecord, was: MaskRecord, before: MaskRecord | None) -> bool:
    """Return whether a mask has the label that another one had, and did not have it `before`."""
    return bool(was.label) and mask.label == was.label and not (before and before.label == was.label)


def _has_place(mask: MaskRecord, was: MaskRecord, before: MaskRecord | None) -> bool:
    """Return whether a mask lies where another one did, and neither lay there `before` nor has its label still."""
    is_told = before is not None and (before.place == was.place or (before.label and mask.label == before.label))
    return mask.place == was.place and not is_told


def hides_same(mask: MaskRecord, other: MaskRecord) -> bool:
    """Return whether two branches mean the same by a mask: what its label says, or where one lacks that, its place."""
    return mask.label == other.label if mask.label and other.label else mask.place == other.place
