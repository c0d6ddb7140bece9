"""The sizes of paper, and pages that are put on another."""

from __future__ import annotations

from collections.abc import Mapping

from cardpress.pdf.moving import move_pages
from cardpress.pdf.packing import Objects

# Typst's names of papers.
PAPER_NAMES: Mapping[str, str] = {"a4": "a4", "letter": "us-letter"}
# In points.
PAPER_SIZES: Mapping[str, tuple[float, float]] = {"a4": (595.2756, 841.8898), "letter": (612.0, 792.0)}


def put_on_paper(pdf: Objects, before: str, after: str, *, turned: bool) -> Objects:
    """Return pages on another paper, in whose middle stands what stood in the middle before."""
    across, up = (PAPER_SIZES[after][side] - PAPER_SIZES[before][side] for side in (0, 1))
    width, height = PAPER_SIZES[after]
    if turned:
        (width, height), (across, up) = (height, width), (up, across)
    return move_pages(pdf, (width, height), (across / 2, up / 2))
