"""Where the shapes of an SVG are: the box of each element with an id, in parts of the whole picture.

A shape's box is that of its outline, without its stroke, as browsers' `getBBox` has it, after all transforms
(https://www.w3.org/TR/SVG2/coords.html). Nothing is drawn, and all work is bounded: a picture of a stranger can hold
anything.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple
from xml.parsers import expat

# Elements, and levels of them: no more than a picture may have that is shown (`svg.py`, `svg_work.py`).
_MOST_ELEMENTS = 150_000
_MAX_DEPTH = 100
# Numbers of all outlines that are asked for, and elements, those that references repeat included.
_MOST_NUMBERS = 200_000
_MOST_VISITED = 100_000
_DEEPEST_REFERENCE = 20
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_LENGTH = re.compile(rf"\s*({_NUMBER.pattern})\s*([a-z]*)\s*", re.IGNORECASE)
_PATH = re.compile(rf"([MmLlHhVvCcSsQqTtAaZz])|({_NUMBER.pattern})")
_TRANSFORM = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^()]*)\)")
# Pixels of CSS in a unit (https://www.w3.org/TR/css-values-3/#absolute-lengths).
_UNITS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}
# What holds shapes that are drawn elsewhere, or not at all.
_UNDRAWN = frozenset(
    "defs symbol clippath mask marker pattern lineargradient radialgradient filter title desc metadata style".split()
)
_KEPT = frozenset(
    "id x y width height cx cy r rx ry x1 y1 x2 y2 points d transform viewbox preserveaspectratio href".split()
)

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Box(NamedTuple):
    """A rectangle: its left, upper, right and lower edge."""

    left: float
    top: float
    right: float
    bottom: float


class NoBoxError(Exception):
    """There is no such shape, or it has no box. The message says why, to go on with after its name."""


@dataclass(slots=True, eq=False)
class _Element:
    name: str
    attributes: Mapping[str, str]
    parent: _Element | None
    children: list[_Element] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class View:
    """The units of an SVG: what part of them is shown, and how they become parts of the whole picture."""

    # The size of the picture, in pixels of CSS.
    width: float
    height: float
    # What is shown of the user's units.
    shown: Box
    to_parts: Matrix


@dataclass(slots=True, eq=False)
class Shapes:
    """The elements of an SVG by their ids, and its units. `view` is None when it says no size."""

    view: View | None
    ids: Mapping[str, _Element]
    _work: _Work = field(init=False, repr=False)
    # What was found before: all masks together may ask for no more than one picture's outlines.
    _found: dict[str, Box | NoBoxError] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._work = _Work(self.ids)

    def find(self, shape: str) -> Box:
        """Return the box of a shape, in parts of the picture, which may lie outside it. Raises NoBoxError."""
        if shape not in self._found:
            try:
                self._found[shape] = self._find(shape)
            except NoBoxError as error:
                self._found[shape] = error
        found = self._found[shape]
        if isinstance(found, NoBoxError):
            raise NoBoxError(str(found))
        return found

    def _find(self, shape: str) -> Box:
        element = self.ids.get(shape)
        if element is None:
            raise NoBoxError("is not in this SVG")
        if self.view is None:
            raise NoBoxError("has no place, since the SVG says no size")
        if element.parent is None:
            return Box(0.0, 0.0, 1.0, 1.0)
        chain: list[_Element] = []
        above = element
        while above.parent is not None:
            chain.append(above)
            above = above.parent
            if above.name in _UNDRAWN:
                raise NoBoxError(f"stands in `<{above.name}>`, where nothing is drawn")
        matrix = self.view.to_parts
        # Its own transform is part of what `_list_points` does.
        for each in reversed(chain[1:]):
            matrix = _multiply(matrix, _read_matrix(each))
        points = self._work.list_points(element, matrix, 0)
        box = _bound(points)
        if box is None or not all(map(math.isfinite, box)):
            if element.name in ("text", "tspan", "textpath"):
                raise NoBoxError("is a text, whose size depends on the font; draw a rectangle around it")
            raise NoBoxError("covers nothing")
        return box


@lru_cache(maxsize=256)
def read_shapes(data: bytes) -> Shapes | None:
    """Return the shapes of an SVG, None when it cannot be read."""
    reading = _Reading()
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.EntityDeclHandler = reading.refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, _StopError, UnicodeError):
        return None
    if reading.root is None:
        return None
    return Shapes(_read_view(reading.root.attributes), reading.ids)


class _StopError(Exception):
    """Raised to stop reading an SVG that another rule refuses."""


@dataclass(slots=True)
class _Reading:
    root: _Element | None = None
    ids: dict[str, _Element] = field(default_factory=dict)
    stack: list[_Element] = field(default_factory=list)
    count: int = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.count += 1
        if self.count > _MOST_ELEMENTS or len(self.stack) >= _MAX_DEPTH:
            raise _StopError
        kept = {key.rpartition(" ")[2].lower(): value for key, value in attributes.items()}
        kept = {key: value for key, value in kept.items() if key in _KEPT}
        parent = self.stack[-1] if self.stack else None
        element = _Element(name.rpartition(" ")[2].lower(), kept, parent)
        if parent is None:
            self.root = element
        else:
            parent.children.append(element)
        if "id" in kept:
            self.ids.setdefault(kept["id"], element)
        self.stack.append(element)

    def end(self, _: str) -> None:
        self.stack.pop()

    def refuse(self, *_: object) -> None:
        raise _StopError


# --- sizes and transforms


def _length(text: str | None) -> float | None:
    """Return a length in pixels of CSS, None when it is none or relative to something."""
    found = _LENGTH.fullmatch(text[:60]) if text else None
    if found is None or found[2].lower() not in _UNITS:
        return None
    value = float(found[1]) * _UNITS[found[2].lower()]
    return value if math.isfinite(value) else None


def _coordinate(element: _Element, name: str) -> float:
    return _length(element.attributes.get(name)) or 0.0


def _numbers(text: str) -> list[float]:
    return [float(each[0]) for each in islice(_NUMBER.finditer(text), _MOST_NUMBERS + 1)]


def _read_view(attributes: Mapping[str, str]) -> View | None:
    width, height = _length(attributes.get("width")), _length(attributes.get("height"))
    box = _numbers(attributes.get("viewbox", ""))
    if len(box) != 4 or not all(map(math.isfinite, box)) or box[2] <= 0 or box[3] <= 0:
        box = []
    if box and not (width and height):
        ratio = box[2] / box[3]
        width = width or (height * ratio if height else box[2])
        height = height or width / ratio
    if not width or not height or width <= 0 or height <= 0:
        return None
    if not box:
        box = [0.0, 0.0, width, height]
    matrix = _fit(box, width, height, attributes.get("preserveaspectratio", ""))
    to_parts = _multiply((1 / width, 0.0, 0.0, 1 / height, 0.0, 0.0), matrix)
    if not all(map(math.isfinite, to_parts)) or not to_parts[0] or not to_parts[3]:
        return None
    shown = Box(
        -to_parts[4] / to_parts[0],
        -to_parts[5] / to_parts[3],
        (1 - to_parts[4]) / to_parts[0],
        (1 - to_parts[5]) / to_parts[3],
    )
    if not all(map(math.isfinite, shown)) or shown.right <= shown.left or shown.bottom <= shown.top:
        return None  # an edge so far away that nothing can be told from it
    return View(width, height, shown, to_parts)


def _fit(box: Sequence[float], width: float, height: float, ratio: str) -> Matrix:
    """Return how a `viewBox` is fitted into its room (https://www.w3.org/TR/SVG2/coords.html#ComputingAViewportsTransform)."""
    across, down = width / box[2], height / box[3]
    align, _, how = ratio.strip().removeprefix("defer ").partition(" ")
    if align != "none":
        across = down = (max if how.strip() == "slice" else min)(across, down)
    right = {"xMin": 0.0, "xMax": 1.0}.get(align[:4], 0.5) * (width - box[2] * across)
    low = {"YMin": 0.0, "YMax": 1.0}.get(align[4:8], 0.5) * (height - box[3] * down)
    return (across, 0.0, 0.0, down, right - box[0] * across, low - box[1] * down)


def _multiply(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)


def _apply(matrix: Matrix, point: Point) -> Point:
    a, b, c, d, e, f = matrix
    return a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f


def _read_matrix(element: _Element) -> Matrix:
    """Return what an element does to the units of what is in it."""
    matrix = _SAME
    for kind, written in _TRANSFORM.findall(element.attributes.get("transform", "")[:2_000]):
        step = _make_step(kind, _numbers(written)[:6])
        matrix = _multiply(matrix, step)
    if element.name == "use":
        matrix = _multiply(matrix, (1.0, 0.0, 0.0, 1.0, _coordinate(element, "x"), _coordinate(element, "y")))
    elif element.name == "svg":
        inner = _read_view(element.attributes)
        at = (1.0, 0.0, 0.0, 1.0, _coordinate(element, "x"), _coordinate(element, "y"))
        matrix = _multiply(matrix, at)
        if inner is not None:
            matrix = _multiply(matrix, _multiply((inner.width, 0.0, 0.0, inner.height, 0.0, 0.0), inner.to_parts))
    return matrix


def _make_step(kind: str, numbers: Sequence[float]) -> Matrix:  # noqa: PLR0911 - one for each kind of transform
    if not numbers or (kind == "matrix" and len(numbers) < 6):
        return _SAME
    x, y = numbers[0], numbers[1] if len(numbers) > 1 else None
    if kind == "matrix":
        return (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
    if kind == "translate":
        return (1.0, 0.0, 0.0, 1.0, x, y or 0.0)
    if kind == "scale":
        return (x, 0.0, 0.0, x if y is None else y, 0.0, 0.0)
    angle = math.radians(math.fmod(x, 360)) if math.isfinite(x) else 0.0
    if kind == "skewX":
        return (1.0, 0.0, math.tan(angle), 1.0, 0.0, 0.0)
    if kind == "skewY":
        return (1.0, math.tan(angle), 0.0, 1.0, 0.0, 0.0)
    turn = (math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle), 0.0, 0.0)
    if len(numbers) < 3:
        return turn
    around, below = numbers[1], numbers[2]
    to, back = (1.0, 0.0, 0.0, 1.0, around, below), (1.0, 0.0, 0.0, 1.0, -around, -below)
    return _multiply(_multiply(to, turn), back)


# --- outlines


@dataclass(slots=True)
class _Work:
    """Lists points of outlines, as long as there is any room for them."""

    ids: Mapping[str, _Element]
    visited: int = 0
    numbers: int = 0

    def list_points(self, element: _Element, above: Matrix, depth: int) -> Iterator[Point]:
        """Yield points that have the same box as an element's outline."""
        self.visited += 1
        if self.visited > _MOST_VISITED:
            raise NoBoxError("is drawn by too many elements")
        matrix = _multiply(above, _read_matrix(element))
        if element.name == "use":
            target = self.ids.get(element.attributes.get("href", "").strip().removeprefix("#"))
            if target is None:
                return
            if depth >= _DEEPEST_REFERENCE:
                raise NoBoxError("refers to itself, or too far")
            yield from self.list_points(target, matrix, depth + 1)
        elif element.name in ("g", "a", "svg", "switch") or (element.name == "symbol" and depth):
            for child in element.children:
                if child.name not in _UNDRAWN:
                    yield from self.list_points(child, matrix, depth)
        else:
            yield from self.outline(element, matrix)

    def outline(self, element: _Element, matrix: Matrix) -> Iterator[Point]:
        def get(name: str) -> float:
            if element.attributes.get(name, "").rstrip().endswith("%"):
                raise NoBoxError("is measured in `%` of what is around it")
            return _coordinate(element, name)

        match element.name:
            case "rect" | "image":
                width, height = get("width"), get("height")
                if width > 0 and height > 0:
                    corners = ((get("x") + w, get("y") + h) for w in (0.0, width) for h in (0.0, height))
                    yield from (_apply(matrix, corner) for corner in corners)
            case "circle":
                yield from _ellipse(matrix, (get("cx"), get("cy")), get("r"), get("r"))
            case "ellipse":
                rx, ry = get("rx"), get("ry")
                # One radius alone is the other's, too (SVG 2).
                rx = rx if "rx" in element.attributes else ry
                ry = ry if "ry" in element.attributes else rx
                yield from _ellipse(matrix, (get("cx"), get("cy")), rx, ry)
            case "line":
                yield from (_apply(matrix, (get(f"x{end}"), get(f"y{end}"))) for end in (1, 2))
            case "polyline" | "polygon":
                numbers = self.take(_numbers(element.attributes.get("points", "")))
                yield from (_apply(matrix, (x, y)) for x, y in zip(numbers[::2], numbers[1::2], strict=False))
            case "path":
                yield from self.path(element.attributes.get("d", ""), matrix)

    def take(self, numbers: list[float]) -> list[float]:
        self.numbers += len(numbers)
        if self.numbers > _MOST_NUMBERS:
            raise NoBoxError("has too many points, or those before it have")
        return numbers

    def path(self, data: str, matrix: Matrix) -> Iterator[Point]:
        """Yield points of a path: ends of its lines, and where its curves turn back."""
        here = start = (0.0, 0.0)
        last: Point | None = None  # the control point that a smooth curve goes on from
        for command, numbers in self.segments(data):
            kind, is_relative = command.upper(), command.islower()
            x, y = here if is_relative else (0.0, 0.0)
            if kind == "Z":
                here, last = start, None
                continue
            if kind == "A":
                end = x + numbers[5], y + numbers[6]
                for curve in _arc(here, end, numbers):
                    yield from _curve(tuple(_apply(matrix, each) for each in curve))
                here, last = end, None
                continue
            if kind in "HV":
                end = (x + numbers[0], here[1]) if kind == "H" else (here[0], y + numbers[0])
                points: list[Point] = [end]
            else:
                points = [(x + numbers[at], y + numbers[at + 1]) for at in range(0, len(numbers), 2)]
            if kind == "M":
                start = here = points[-1]
                last = None
                continue  # a point that nothing is drawn from has no extent
            if kind in "ST":
                turned = (2 * here[0] - last[0], 2 * here[1] - last[1]) if last else here
                points = [turned, *points]
            yield from _curve(tuple(_apply(matrix, each) for each in (here, *points)))
            # A smooth curve goes on from one of its own degree alone; of another, browsers take the point itself.
            last = points[-2] if kind in "CSQT" else None
            here = points[-1]

    def segments(self, data: str) -> Iterator[tuple[str, list[float]]]:
        """Yield the commands of a path's data, each with the numbers that it takes, up to the first that is broken."""
        command, numbers = "", list[float]()
        for found in _tokens(data):
            if isinstance(found, str):
                if numbers:
                    return
                command = found
                if command in "Zz":
                    yield command, []
                continue
            if not command or command in "Zz":
                return
            self.take([found])
            numbers.append(found)
            if len(numbers) == _TAKES[command.upper()]:
                yield command, numbers
                numbers = []
                # What follows a move without a command of its own are lines.
                command = {"M": "L", "m": "l"}.get(command, command)


_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7}
_FLAG = re.compile(r"[\s,]*([01])")


def _tokens(data: str) -> Iterator[str | float]:
    """Yield the commands and numbers of a path's data. The two flags of an arc may stand together: `a1 1 0 0110 10`."""
    position, command, taken = 0, "", 0
    while position < len(data):
        if command in "Aa" and command and taken % 7 in (3, 4) and (flag := _FLAG.match(data, position)):
            yield float(flag[1])
            position, taken = flag.end(), taken + 1
            continue
        found = _PATH.search(data, position)
        if found is None:
            return
        if found[1]:
            command, taken = found[1], 0
            yield command
        else:
            taken += 1
            yield float(found[2])
        position = found.end()


def _ellipse(matrix: Matrix, center: Point, rx: float, ry: float) -> Iterator[Point]:
    if rx <= 0 or ry <= 0:
        return
    a, b, c, d, _, _ = matrix
    x, y = _apply(matrix, center)
    across, down = math.hypot(a * rx, c * ry), math.hypot(b * rx, d * ry)
    yield from ((x - across, y - down), (x + across, y + down))


def _arc(start: Point, end: Point, numbers: Sequence[float]) -> Iterator[tuple[Point, ...]]:
    """Yield an arc as cubic curves (https://www.w3.org/TR/SVG2/implnote.html#ArcImplementationNotes)."""
    rx, ry, large, sweep = abs(numbers[0]), abs(numbers[1]), bool(numbers[3]), bool(numbers[4])
    if not (rx and ry and math.isfinite(numbers[2])) or start == end:
        yield (start, end)
        return
    turn = math.radians(math.fmod(numbers[2], 360))
    cos, sin = math.cos(turn), math.sin(turn)
    dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos * dx + sin * dy, -sin * dx + cos * dy
    excess = _square(x / rx) + _square(y / ry)
    if excess > 1:
        rx, ry = rx * math.sqrt(excess), ry * math.sqrt(excess)
    under, whole = _square(rx * y) + _square(ry * x), _square(rx * ry)
    if not math.isfinite(under + whole):  # nobody draws so large
        yield (start, end)
        return
    root = math.sqrt(max(0.0, (whole - under) / under)) if under else 0.0
    root = -root if large == sweep else root
    cx, cy = root * rx * y / ry, -root * ry * x / rx
    first = math.atan2((y - cy) / ry, (x - cx) / rx)
    over = math.atan2((-y - cy) / ry, (-x - cx) / rx) - first
    if sweep and over < 0:
        over += 2 * math.pi
    elif not sweep and over > 0:
        over -= 2 * math.pi
    to: Matrix = (
        cos * rx,
        sin * rx,
        -sin * ry,
        cos * ry,
        cos * cx - sin * cy + (start[0] + end[0]) / 2,
        sin * cx + cos * cy + (start[1] + end[1]) / 2,
    )
    count = max(1, math.ceil(abs(over) / (math.pi / 2) - 1e-9))
    step = over / count
    handle = 4 / 3 * math.tan(step / 4)
    for index in range(count):
        one, other = first + index * step, first + (index + 1) * step
        curve = (
            (math.cos(one), math.sin(one)),
            (math.cos(one) - handle * math.sin(one), math.sin(one) + handle * math.cos(one)),
            (math.cos(other) + handle * math.sin(other), math.sin(other) - handle * math.cos(other)),
            (math.cos(other), math.sin(other)),
        )
        yield tuple(_apply(to, point) for point in curve)


def _square(number: float) -> float:
    """Return a square, which of a huge number is infinite. `**` raises OverflowError."""
    return number * number


def _curve(points: tuple[Point, ...]) -> Iterator[Point]:
    """Yield points with the same box as a line or a curve: its ends, and where it turns back in either direction."""
    yield points[0]
    yield points[-1]
    if len(points) == 2:
        return
    for axis in (0, 1):
        values = [point[axis] for point in points]
        for at in _turns(values):
            if 0 < at < 1:
                yield _at(points, at)


def _turns(values: Sequence[float]) -> tuple[float, ...]:
    """Return where a curve's derivative is zero."""
    if len(values) == 3:
        over = values[0] - 2 * values[1] + values[2]
        return ((values[0] - values[1]) / over,) if over else ()
    p, q, r, s = values
    a, b, c = s - 3 * r + 3 * q - p, 2 * (r - 2 * q + p), q - p
    if abs(a) < 1e-12 * max(abs(b), abs(c), 1e-300):
        return (-c / b,) if b else ()
    under = b * b - 4 * a * c
    if not under >= 0 or not math.isfinite(under):
        return ()
    root = math.sqrt(under)
    return (-b + root) / (2 * a), (-b - root) / (2 * a)


def _at(points: Sequence[Point], at: float) -> Point:
    while len(points) > 1:
        points = [
            (one[0] + (other[0] - one[0]) * at, one[1] + (other[1] - one[1]) * at) for one, other in pairwise(points)
        ]
    return points[0]


def _bound(points: Iterator[Point]) -> Box | None:
    found = list(points)
    if not found or not all(math.isfinite(x) and math.isfinite(y) for x, y in found):
        return None
    across, down = [x for x, _ in found], [y for _, y in found]
    return Box(min(across), min(down), max(across), max(down))
