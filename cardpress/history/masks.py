"""Masks as learners have them: each has the number of its card for ever, and its id says which one it is."""

from __future__ import annotations

from collections.abc import Iterable

from cardpress.history.digests import digest_short
from cardpress.history.records import Deletions


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


def find_lost(ids: Iterable[str], released: Deletions) -> list[int]:
    """Return the released numbers that no mask has any more."""
    there = {digest_mask(each) for each in ids}
    return [number for number, answers in sorted(released.items()) if there.isdisjoint(answers)]
