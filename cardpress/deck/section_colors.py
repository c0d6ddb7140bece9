"""The colors of sections, in their order: one family on cards, page and paper.

They are apart in lightness, too, so that a gray print still tells neighbors apart.
"""

from __future__ import annotations

from typing import NamedTuple


class SectionColor(NamedTuple):
    """A section's color on light ground and on dark ground. Both can be read as text there."""

    day: str
    night: str


SECTION_COLORS = (
    SectionColor("#00695c", "#5cc9b8"),
    SectionColor("#5b3a9e", "#bba9f2"),
    SectionColor("#0b5cad", "#8cc4ff"),
    SectionColor("#9a3412", "#f2a37e"),
    SectionColor("#37622b", "#9ccf8a"),
    SectionColor("#8a1c5c", "#f09cc8"),
    SectionColor("#6b5208", "#dfc067"),
    SectionColor("#24405e", "#a9c3e0"),
    SectionColor("#7a2e2e", "#eaa3a0"),
    SectionColor("#1f5f7a", "#86cbe6"),
    SectionColor("#4d5a00", "#c3d36a"),
    SectionColor("#6a3d7a", "#d3b0e0"),
)


def choose_color(index: int) -> SectionColor:
    """Return the color of the section with this index, from 0; after the last color comes the first."""
    return SECTION_COLORS[index % len(SECTION_COLORS)]
