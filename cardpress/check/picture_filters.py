"""How much work the filters of an SVG are, found by printing it very small, with filters that do nothing.

Typst draws what has a filter as a picture of pixels, four times as fine as the print, as large as the filter asks for.
How large that is decides the time; it follows from all shapes and transforms, which only a renderer knows. So the SVG
is printed a hundredth as large, and the pixels are counted. They are the same on every machine.
"""

from __future__ import annotations

import json
import re

from cardpress.source.media.svg_work import Drawing

# Points: the widest that a sheet prints a picture, and the width of the trial.
_WIDEST = 560
_TRIAL = 5
# Typst makes no larger picture of what has a filter, whatever it asks for.
_MOST_PIXELS = 5_000 * 5_000
_SOURCE = f"""\
#let picture = json(bytes(sys.inputs.picture))
#set page(width: {_TRIAL}pt, height: auto, margin: 0pt)
#set document(title: "One picture")
#image(bytes(picture), format: "svg", alt: "It", width: 100%)
"""
_NOTHING = b'<feFlood xmlns="http://www.w3.org/2000/svg"/>'
_SIZE = re.compile(rb"/Width (\d+)\s*/Height (\d+)")


def measure_filters(svg: bytes, drawing: Drawing) -> float:
    """Return the nanoseconds that the filters of an SVG take on one sheet; none when it cannot be printed at all."""
    import typst  # most decks have no such picture, and `check` is quicker without it

    compiler = typst.Compiler(
        _SOURCE.encode(),
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False),
        sys_inputs={"picture": json.dumps(list(_empty_filters(svg, drawing)))},
    )
    try:
        pdf = compiler.compile()
    except typst.TypstError:
        return 0.0
    found = _SIZE.findall(pdf) if isinstance(pdf, bytes) else []
    pixels = [min(int(width) * int(height) * (_WIDEST / _TRIAL) ** 2, _MOST_PIXELS) for width, height in found]
    # Two that look the same are in the file once.
    missing = max(drawing.filters - len(pixels), 0) * max(pixels, default=0.0)
    return (sum(pixels) + missing) * drawing.per_pixel


def _empty_filters(svg: bytes, drawing: Drawing) -> bytes:
    parts, place = [], 0
    for start, end in sorted(drawing.contents):
        if start >= place:  # a filter in a filter is gone already
            parts += [svg[place:start], _NOTHING]
            place = end
    return b"".join([*parts, svg[place:]])
