"""The box of an SVG's shape is that which browsers give it, and no SVG costs much time."""

from __future__ import annotations

import math
import time
from contextlib import suppress

import pytest

from cardpress.source.media.svg_shapes import NoBoxError, read_shapes

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '


def box(inside: str, *, root: str = 'viewBox="0 0 100 100"', shape: str = "a") -> tuple[float, ...]:
    """Return the left, upper, right and lower edge of a shape, in hundredths of the picture."""
    shapes = read_shapes(f"{HEAD}{root}>{inside}</svg>".encode())
    assert shapes is not None
    return tuple(round(100 * edge, 2) + 0.0 for edge in shapes.find(shape))


# Those with curves were measured with Chromium's `getBBox` and `getBoundingClientRect`.
SHAPES = {
    "rect": ('<rect id="a" x="10" y="20" width="30" height="40"/>', (10, 20, 40, 60)),
    "units": ('<rect id="a" x="10px" y="0.5in" width="9pt" height="10"/>', (10, 48, 22, 58)),
    "circle": ('<circle id="a" cx="50" cy="50" r="10"/>', (40, 40, 60, 60)),
    "ellipse": ('<ellipse id="a" cx="50" cy="50" rx="20" ry="10"/>', (30, 40, 70, 60)),
    "a turned ellipse": (
        '<ellipse id="a" cx="50" cy="50" rx="20" ry="10" transform="rotate(90 50 50)"/>',
        (40, 30, 60, 70),
    ),
    "line": ('<line id="a" x1="10" y1="20" x2="30" y2="5"/>', (10, 5, 30, 20)),
    "polygon": ('<polygon id="a" points="10,10 50,20 30 60"/>', (10, 10, 50, 60)),
    "polyline with an odd number": ('<polyline id="a" points="10,10 50,20 30"/>', (10, 10, 50, 20)),
    "path": ('<path id="a" d="M10 10h20v-5l10 30z"/>', (10, 5, 40, 35)),
    "relative": ('<path id="a" d="m10 10 20 0 0 30z m50 50 10 10"/>', (10, 10, 70, 70)),
    "curve": ('<path id="a" d="M10 50C10 10 90 10 90 50"/>', (10, 20, 90, 50)),
    "smooth curve": ('<path id="a" d="M10 50C10 20 40 20 40 50S70 80 70 50"/>', (10, 27.5, 70, 72.5)),
    "parabola": ('<path id="a" d="M10 50Q50 -30 90 50"/>', (10, 10, 90, 50)),
    "smooth parabola": ('<path id="a" d="M10 50Q30 10 50 50T90 50"/>', (10, 30, 90, 70)),
    "arc": ('<path id="a" d="M30 50A20 20 0 0 1 70 50"/>', (30, 30, 70, 50)),
    "flags without space": ('<path id="a" d="M30 50a20 20 0 0140 0"/>', (30, 30, 70, 50)),
    "large arc": ('<path id="a" d="M50 30A20 20 0 1 1 30 50"/>', (30, 30, 70, 70)),
    "too small an arc": ('<path id="a" d="M30 50A1 1 0 0 1 70 50"/>', (30, 30, 70, 50)),
    "moves alone draw nothing": ('<path id="a" d="M0 0M10 10h5v5z"/>', (10, 10, 15, 15)),
    "what is broken ends a path": ('<path id="a" d="M10 10h5v5L90"/>', (10, 10, 15, 15)),
    "numbers run together": ('<path id="a" d="M10 10l.5.5-1-1e1"/>', (9.5, 0.5, 10.5, 10.5)),
    "group": ('<g id="a"><rect x="1" y="2" width="3" height="4"/><circle cx="50" cy="50" r="5"/></g>', (1, 2, 55, 55)),
    "hidden": ('<g display="none"><rect id="a" x="10" y="20" width="30" height="40"/></g>', (10, 20, 40, 60)),
    "image": ('<image id="a" x="10" y="20" width="30" height="40"/>', (10, 20, 40, 60)),
    "transforms in each other": (
        '<g transform="translate(10,20) scale(2)"><rect id="a" x="5" y="5" width="10" height="10" '
        'transform="translate(5)"/></g>',
        (30, 30, 50, 50),
    ),
    "matrix": ('<rect id="a" width="10" height="10" transform="matrix(1 0 0 2 5 6)"/>', (5, 6, 15, 26)),
    "skew": ('<rect id="a" width="10" height="10" transform="skewX(45)"/>', (0, 0, 20, 10)),
    "use": (
        '<defs><rect id="r" width="10" height="10"/></defs><use id="a" href="#r" x="20" y="30"/>',
        (20, 30, 30, 40),
    ),
    "linked use": (
        '<symbol id="r"><rect width="10" height="10"/></symbol>'
        '<use id="a" xlink:href="#r" transform="scale(2)" x="5"/>',
        (10, 0, 30, 20),
    ),
    "svg inside": (
        '<svg x="10" y="10" width="50" height="50" viewBox="0 0 10 10"><rect id="a" width="5" height="5"/></svg>',
        (10, 10, 35, 35),
    ),
    "the whole": ("<g/>", (0, 0, 100, 100)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_has_its_box(name: str) -> None:
    inside, wanted = SHAPES[name]
    root = 'viewBox="0 0 100 100"' + (' id="a"' if name == "the whole" else "")
    assert box(inside, root=root) == pytest.approx(wanted, abs=0.02)


VIEWS = {
    "its viewBox": ('viewBox="10 20 200 100"', (0, 0, 5, 10)),
    "a size without one": ('width="200" height="100"', (5, 20, 10, 30)),
    "a size in millimeters": ('width="200mm" height="100mm" viewBox="10 20 200 100"', (0, 0, 5, 10)),
    "a width alone": ('width="400" viewBox="10 20 200 100"', (0, 0, 5, 10)),
    "a height alone": ('height="400" viewBox="10 20 200 100"', (0, 0, 5, 10)),
    "a size of another shape": ('width="400" height="100" viewBox="10 20 200 100"', (25, 0, 27.5, 10)),
    "at the left": ('width="400" height="100" viewBox="10 20 200 100" preserveAspectRatio="xMinYMin"', (0, 0, 2.5, 10)),
    "cut": ('width="200" height="50" viewBox="10 20 200 100" preserveAspectRatio="xMidYMin slice"', (0, 0, 5, 20)),
    "stretched": ('width="400" height="100" viewBox="10 20 200 100" preserveAspectRatio="none"', (0, 0, 5, 10)),
    "a relative size": ('width="100%" height="100%" viewBox="10 20 200 100"', (0, 0, 5, 10)),
}


@pytest.mark.parametrize("name", VIEWS)
def test_the_units_are_those_of_the_whole_picture(name: str) -> None:
    root, wanted = VIEWS[name]
    assert box('<rect id="a" x="10" y="20" width="10" height="10"/>', root=root) == pytest.approx(wanted, abs=0.01)


SIZELESS = (
    'viewBox="1e200 0 100 100"',
    'viewBox="0 -1e308 100 100"',
    'viewBox="1e308 0 1e308 1"',
    'width="100%"',
    'viewBox="0 0 0 100"',
    'viewBox="a b c d"',
    'width="0" height="9"',
    "",
)


@pytest.mark.parametrize("root", SIZELESS)
def test_without_a_size_nothing_has_a_place(root: str) -> None:
    with pytest.raises(NoBoxError, match="says no size"):
        box('<rect id="a" width="10" height="10"/>', root=root)


NO_BOXES = {
    "is not in this SVG": "<g/>",
    "is a text": '<text id="a" x="1" y="2">word</text>',
    "covers nothing": '<g id="a"/>',
    "covers nothing, ": '<rect id="a" width="0" height="5"/>',
    "covers nothing. ": '<path id="a" d="M1 1"/>',
    "covers nothing; ": '<path id="a" d="M1 1L1e999 5"/>',
    "covers nothing! ": '<rect id="a" width="5" height="5" transform="scale(1e200) scale(1e200)"/>',
    "stands in `<defs>`": '<defs><rect id="a" width="5" height="5"/></defs>',
    "stands in `<clippath>`": '<clipPath><rect id="a" width="5" height="5"/></clipPath>',
    "refers to itself": '<g id="a"><use href="#a"/></g>',
}


@pytest.mark.parametrize("why", NO_BOXES)
def test_a_shape_without_a_box_says_why(why: str) -> None:
    with pytest.raises(NoBoxError, match=why.rstrip(",.:;! ")):
        box(NO_BOXES[why])


HUGE = (
    "0 A 1e-300 1e-300 0 0 1 1e200 1",
    "0 A 1e200 1 0 0 1 5 1",
    "0 A 1 1 1e308 0 1 1e308 1",
    "0 C 1e308 1 1 1e308 5 5",
)


@pytest.mark.parametrize("transform", ["", "scale(1e300)", "skewX(90)", "rotate(1e300 1e300 1e300)"])
@pytest.mark.parametrize("path", HUGE)
def test_no_number_is_too_large(path: str, transform: str) -> None:
    with suppress(NoBoxError):
        assert all(map(math.isfinite, box(f'<path id="a" transform="{transform}" d="M0 {path}"/>')))


def test_what_is_no_svg_has_no_shapes() -> None:
    assert read_shapes(b"<svg") is None
    assert read_shapes(b"<!DOCTYPE svg [<!ENTITY a 'a'>]><svg>&a;</svg>") is None
    assert read_shapes(f"{HEAD}>{'<g>' * 200}{'</g>' * 200}</svg>".encode()) is None


BOMBS = {
    "uses in uses": "".join(f'<g id="u{n}">{f"""<use href="#u{n + 1}"/>""" * 10}</g>' for n in range(15))
    + '<g id="u15"><rect width="1" height="1"/></g><use id="a" href="#u0"/>',
    "a long path": f'<path id="a" d="M0 0{"c1 2 3 4 5 6" * 60_000}"/>',
    "a path of arcs": f'<path id="a" d="M0 0{"a1 1 0 011 1" * 60_000}"/>',
    "many numbers": f'<polygon id="a" points="{"1 " * 2_500_000}"/>',
    "no commands": f'<path id="a" d="{"1 " * 500_000}"/>',
    "letters": f'<path id="a" d="{"x" * 1_000_000}"/>',
    "transforms": f'<rect id="a" width="5" height="5" transform="{"scale(1) " * 100_000}"/>',
    "an open transform": f'<rect id="a" width="5" height="5" transform="{"scale(" * 100_000}"/>',
    "digits": f'<rect id="a" width="{"9" * 500_000}" height="5"/>',
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_svg_costs_much_time(name: str) -> None:
    begun = time.process_time()
    with suppress(NoBoxError):
        box(BOMBS[name])
    assert time.process_time() - begun < 4


def test_many_masks_over_one_heavy_drawing_cost_no_more_than_one() -> None:
    path = f'<path d="M0 0{"c1 2 3 4 5 6" * 20_000}"/>'
    groups = "".join(f'<g id="g{n}">' for n in range(90)) + path + "</g>" * 90
    shapes = read_shapes(f'{HEAD}viewBox="0 0 100 100">{groups}</svg>'.encode())
    assert shapes is not None
    begun = time.process_time()
    for number in range(20_000):
        with suppress(NoBoxError):
            shapes.find(f"g{number % 90}")
    with pytest.raises(NoBoxError, match="too many points"):
        shapes.find("g50")
    assert time.process_time() - begun < 4
