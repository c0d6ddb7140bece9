"""Where the number of a mask stands: beside what the mask marks, so that it covers none of it, and no other number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cardpress.deck.notes import Box, Mask

# With more rectangles nobody could tell numbers apart, and comparing each with all would take long.
_MOST_COMPARED = 300
# How much worse it is to cover another number than what another mask marks.
_WORSE = 100


class Spot(NamedTuple):
    """The left upper corner of a number: a point of the picture, in parts of it, moved by the number's own size.

    `across` and `down` are 0, or -1 where the number ends at the point.
    """

    x: float
    y: float
    across: int
    down: int

    def box(self, width: float, height: float) -> Box:
        """Return what a number of this size covers."""
        return Box(self.x + self.across * width, self.y + self.down * height, width, height)


def place_badges(masks: Sequence[Mask], digit: float, around: float, height: float) -> tuple[Spot, ...]:
    """Return where each mask's number stands. A digit's width, what is around all digits, and a number's height are
    parts of the picture.
    """
    boxes = [box for mask in masks for box in mask.boxes]
    taken: list[Box] = []
    spots = []
    for mask in masks:
        width = digit * len(str(mask.number)) + around
        others = boxes if len(boxes) <= _MOST_COMPARED else list(mask.boxes)
        near = taken if len(boxes) <= _MOST_COMPARED else []
        found = [spot for spot in _list_spots(mask.boxes[0]) if _is_inside(spot.box(width, height))]
        # A mask as large as the picture has no room around it.
        found = found or [Spot(mask.boxes[0].left, mask.boxes[0].top, 0, 0)]
        covered = [
            sum(_share(spot.box(width, height), box) for box in others)
            + _WORSE * sum(_share(spot.box(width, height), box) for box in near)
            for spot in found
        ]
        spot = found[covered.index(min(covered))]
        taken.append(spot.box(width, height))
        spots.append(spot)
    return tuple(spots)


def _list_spots(box: Box) -> Iterator[Spot]:
    """Yield the places around a rectangle, the best first."""
    left, top, right, bottom = box.left, box.top, box.left + box.width, box.top + box.height
    yield Spot(left, top, -1, 0)
    yield Spot(left, top, 0, -1)
    yield Spot(right, top, 0, 0)
    yield Spot(left, bottom, 0, 0)
    yield Spot(left, bottom, -1, -1)
    yield Spot(right, bottom, 0, -1)
    yield Spot(right, top, -1, -1)
    yield Spot(right, bottom, -1, 0)
    yield Spot(left, top, -1, -1)
    # In the corners, where there is no room around.
    yield Spot(left, top, 0, 0)
    yield Spot(right, top, -1, 0)
    yield Spot(left, bottom, 0, -1)
    yield Spot(right, bottom, -1, -1)


def _is_inside(box: Box) -> bool:
    return box.left >= 0 and box.top >= 0 and box.left + box.width <= 1 and box.top + box.height <= 1


def _share(one: Box, other: Box) -> float:
    """Return how much of the picture two rectangles cover together."""
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    return max(across, 0.0) * max(down, 0.0)
