"""The number of a mask stands beside it: it covers nothing that a mask marks, and no other number."""

from __future__ import annotations

import time

import pytest

from cardpress.deck.badges import place_badges
from cardpress.deck.notes import Box, Mask

DIGIT, AROUND, HEIGHT = 0.02, 0.01, 0.04


def place(*boxes: Box, first: int = 1) -> list[Box]:
    masks = [Mask(str(number), number, (box,)) for number, box in enumerate(boxes, first)]
    spots = place_badges(masks, DIGIT, AROUND, HEIGHT)
    return [spot.box(DIGIT * len(str(mask.number)) + AROUND, HEIGHT) for spot, mask in zip(spots, masks, strict=True)]


def meet(one: Box, other: Box) -> bool:
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    return min(across, down) > 1e-9


@pytest.mark.parametrize(
    "boxes",
    [
        [Box(0.4, 0.4, 0.2, 0.1)],
        [Box(0, 0, 0.2, 0.1)],
        [Box(0.8, 0.9, 0.2, 0.1)],
        [Box(0, 0, 1, 0.5)],
        [Box(0, 0.5, 1, 0.5)],
        [Box(0.4, 0.4, 0.2, 0.1), Box(0.4, 0.4, 0.3, 0.3)],
        [Box(0.4, 0.4, 0.2, 0.1), Box(0.6, 0.4, 0.2, 0.1), Box(0.4, 0.5, 0.2, 0.1), Box(0.6, 0.5, 0.2, 0.1)],
        [Box(0.1, 0.1 * row, 0.8, 0.06) for row in range(10)],
    ],
)
def test_a_number_covers_no_part_that_is_marked_and_no_other_number(boxes: list[Box]) -> None:
    badges = place(*boxes, first=8)
    for at, (badge, own) in enumerate(zip(badges, boxes, strict=True)):
        assert badge.left >= 0
        assert badge.top >= 0
        assert badge.left + badge.width <= 1
        assert badge.top + badge.height <= 1
        assert not meet(badge, own)
        assert not any(meet(badge, other) for other in badges[at + 1 :])


def test_a_mask_as_large_as_its_picture_has_its_number_inside() -> None:
    (badge,) = place(Box(0, 0, 1, 1))
    assert (badge.left, badge.top) == (0, 0)


def test_a_picture_smaller_than_a_number_has_it_at_its_corner() -> None:
    (spot,) = place_badges([Mask("a", 1, (Box(0, 0, 1, 1),))], 2, 2, 2)
    assert spot == (0, 0, 0, 0)


def test_very_many_masks_take_no_time() -> None:
    boxes = tuple(Box(0.3, 0.001 * at, 0.01, 0.001) for at in range(900))
    began = time.process_time()
    place_badges([Mask(str(number), number, boxes) for number in range(1, 500)], DIGIT, AROUND, HEIGHT)
    assert time.process_time() - began < 10
