"""Tells where something stands on a page of a PDF."""

from __future__ import annotations

import re

from cardpress.pdf.bodies import read_list, read_number
from cardpress.pdf.packing import Objects, read_content

# The place of a run of text, as Typst writes it, also where it was shortened.
_PLACE = re.compile(rb"\bq 1 0 0 -1 [\d.]+ ([\d.]+) cm")
_CONTENTS = re.compile(rb"/Contents (\d+) 0 R")


def find_lowest(part: Objects) -> float:
    """Return how high above its edge the lowest text of the last page stands, in points; 0 where it has none.

    Raises ValueError when the page is not as Typst writes it.
    """
    catalog = part.plain[read_number(part.trailer, b"Root")]
    last = read_list(part.plain[read_number(catalog, b"Pages")], b"Kids")[-1]
    found = _CONTENTS.search(part.plain[last])
    if found is None:
        raise ValueError("a page that draws nothing")
    content = read_content(part.streams[int(found[1])])
    return min(map(float, _PLACE.findall(content)), default=0.0)
