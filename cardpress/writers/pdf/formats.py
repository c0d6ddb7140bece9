"""The sizes of printed cards, by how many are cut out of a page, and the sizes of their texts.

A page is always turned over its long edge. At eight a page a card is the engine's standard; nine have the size of
playing cards, and fit their sleeves. Sixteen lie on a page that lies, too, so that they are as wide as a line of code.
Cards are as large as both papers have room for, so that those from one fit in with those from the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cardpress.outputs import OUTPUTS, Sheet

# Points in a millimeter.
_POINTS = 72 / 25.4
# Millimeters below a card's text, for its number and section.
_FOOT = 6.3
Millimeters = float


@dataclass(frozen=True, slots=True)
class Format:
    """A grid of cards: columns and rows, a card's width and height, and the space inside its edges.

    Sizes of type are in points, from the first choice to the last: `front` those of what is asked, `back` those of an
    answer, `with_points` those of one with its key points below. `tallest` is the height that a picture may have, in
    ems. A page that is `turned` lies, so that a flip over its long edge exchanges its rows, and not its columns.
    """

    across: int
    down: int
    size: tuple[Millimeters, Millimeters]
    padding: Millimeters
    front: tuple[float, ...]
    back: tuple[float, ...]
    with_points: tuple[float, ...]
    tallest: float
    turned: bool = False
    foot: Millimeters = _FOOT

    @property
    def points(self) -> tuple[float, ...]:
        """The sizes of key points by themselves: also one in which most of them need no further card."""
        return (*self.with_points, self.with_points[-1] - 0.5)

    @property
    def width(self) -> float:
        """The room for a text on a card in points, a little less than it really is."""
        return round((self.size[0] - 2 * self.padding) * _POINTS - 3)

    @property
    def height(self) -> float:
        """The height of that room in points."""
        return round((self.size[1] - 2 * self.padding - self.foot) * _POINTS - 1)

    def describe(self) -> dict[str, float | bool]:
        """Return what the template has to know, in millimeters and ems."""
        width, height = self.size
        return {
            "across": self.across,
            "down": self.down,
            "width": width,
            "height": height,
            "padding": self.padding,
            "foot": self.foot,
            "tallest": self.tallest,
            "turned": self.turned,
        }


_BACK = (10.5, 10.0, 9.5, 9.0, 8.5)
_FORMATS: Mapping[int, Format] = MappingProxyType(
    {
        4: Format(
            2,
            2,
            (95, 128),
            padding=5,
            front=(18.0, 15.0, 13.0, 11.0, 10.0, 9.0),
            back=(12.0, 11.0, *_BACK),
            with_points=(11.0, 10.5, 10.0, 9.5, 9.0, 8.5),
            tallest=20,
        ),
        6: Format(
            2,
            3,
            (95, 85),
            padding=5,
            front=(16.0, 15.0, 13.0, 11.0, 10.0, 9.0),
            back=(11.0, *_BACK),
            with_points=(10.5, 10.0, 9.5, 9.0, 8.5),
            tallest=13,
        ),
        8: Format(
            2,
            4,
            (95, 64),
            padding=5,
            front=(15.0, 13.0, 11.0, 10.0, 9.0),
            back=_BACK,
            with_points=(10.0, 9.5, 9.0, 8.5),
            tallest=8,
        ),
        9: Format(
            3,
            3,
            (63, 88),
            padding=4,
            front=(15.0, 13.0, 11.0, 10.0, 9.0),
            back=_BACK,
            with_points=(9.5, 9.0, 8.5),
            tallest=14,
        ),
        10: Format(
            2,
            5,
            (95, 51),
            padding=4,
            front=(15.0, 13.0, 11.0, 10.0, 9.0),
            back=_BACK,
            with_points=(9.5, 9.0, 8.5),
            tallest=8,
        ),
        12: Format(
            3,
            4,
            (63, 64),
            padding=4,
            front=(14.0, 13.0, 11.0, 10.0, 9.0),
            back=_BACK,
            with_points=(9.0, 8.5),
            tallest=8,
        ),
        16: Format(
            4,
            4,
            (66, 48),
            padding=3.0,
            front=(13.0, 12.0, 11.0, 10.0, 9.0, 8.5, 8.0, 7.5),
            back=(11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0),
            with_points=(9.0, 8.5, 8.0),
            tallest=8,
            turned=True,
            foot=4.8,
        ),
    }
)


def get_format(per_page: int) -> Format:
    """Return the format for so many cards a page, one of `outputs.PER_PAGE`."""
    return _FORMATS[per_page]


def choose_format(sheet: Sheet) -> Format | None:
    """Return the format of a sheet's cards, None when its text flows from page to page."""
    per_page = sheet.per_page or OUTPUTS[sheet.name].per_page
    return None if per_page is None else get_format(per_page)
