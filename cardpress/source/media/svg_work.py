"""How much work an SVG is to print, estimated from what it says, before any program draws it.

A few bytes of SVG can ask for any amount of work: `<use>` that repeats groups of `<use>`, masks in masks, filters. So
each element is weighed with everything that it refers to. Weights are microseconds of Typst, measured on one core; they
alone decide what is refused, so that a drawing is accepted on every machine or on none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from cardpress.source.media.rasters import measure
from cardpress.source.templates.css import list_readings, list_rules

# Microseconds. A drawing may take this much, and one more for each of its bytes, which is what plain ones take.
_MOST_WORK = 1_000_000
_ELEMENT = 10.0
_VERTEX = 4.0
_PIXEL = 0.01
# Elements. More are no drawing but a data set.
_MOST_ELEMENTS = 150_000
# Levels of elements and of what they refer to.
_DEEPEST = 150
# Filters are drawn pixel by pixel, each on a picture of its own.
_MOST_FILTERS = 32
_MOST_PRIMITIVES = 32
_MOST_FUNCTIONS = 3
# Nanoseconds for a pixel, of all filters together when they do nothing.
_MOST_IN_FILTERS = 2_000
_MOST_OCTAVES = 8
_LARGEST_KERNEL = 25
# Elements that draw something of their own.
_SHAPES = frozenset("path rect circle ellipse line polyline polygon text image".split())
# Elements whose `href` repeats or includes another element of the same file. Links of `a` include nothing.
_INCLUDING = frozenset("use image feimage textpath tref lineargradient radialgradient pattern filter mpath".split())
_TEXTS = frozenset("text tspan textpath tref".split())
_REFERENCE = re.compile(r"url\(\s*+[\"']?+\s*+#([^\"')\s]+)", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?")
# Texts in a selector, and the conditions that are left without them.
_QUOTED = re.compile(r"\"[^\"]*+\"?|'[^']*+'?")
_CONDITION = re.compile(r"\[[^\[\]]*+\]|::?[\w-]++(?:\([^()]*+\))?")
_ODD = re.compile(r"[\[\]():\"']")
# Nanoseconds that a filter's part takes for a pixel. `feMorphology` takes seconds, and no drawing needs it.
_PRIMITIVES = {
    "fegaussianblur": 330,
    "fedropshadow": 380,
    "fespecularlighting": 110,
    "fediffuselighting": 80,
    "feturbulence": 100,
}
_ANY_PRIMITIVE = 40
_OCTAVE = 90
_FILTER = 25
_SHAPE_IN_FILTER = 3
# A filter that is written as a function: `blur(2px)`, `drop-shadow(…)`.
_FUNCTION = 380


class TooMuchError(Exception):
    """A drawing takes more work than any drawing needs. The message says why, and `at` is the place of the element."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


@dataclass(slots=True, eq=False)
class _Element:
    name: str
    at: int
    children: list[_Element] = field(default_factory=list)
    # The properties that refer to other elements, with their ids; `href` is one of them.
    references: list[tuple[str, str]] = field(default_factory=list)
    # Under what a style sheet may name it: its element's name, `.class`, `#id`, and `*` for all.
    keys: tuple[str, ...] = ()
    vertices: int = 0
    characters: int = 0
    spans: int = 0
    # Nanoseconds for a pixel, of an element that is a filter or a part of one.
    per_pixel: int = 0


@dataclass(frozen=True, slots=True)
class _Weight:
    """What an element takes with all that is in it: microseconds, and how much of it there is for others to repeat."""

    work: float = 0.0
    shapes: int = 0
    vertices: int = 0
    filters: int = 0

    def __add__(self, other: _Weight) -> _Weight:
        return _Weight(
            self.work + other.work,
            self.shapes + other.shapes,
            self.vertices + other.vertices,
            self.filters + other.filters,
        )

    def times(self, count: int) -> _Weight:
        return _Weight(self.work * count, self.shapes * count, self.vertices * count, self.filters * count)


@dataclass(slots=True)
class Drawing:
    """The elements of an SVG, as far as they decide how much work it is. `weigh` adds them up."""

    work: float = 0.0
    filters: int = 0
    # Characters, without those of pictures in it.
    size: int = 0
    # Pixels of the pictures in it.
    pixels: int = 0
    # How many filters are functions.
    functions: int = 0
    # Nanoseconds for a pixel, of the slowest filter.
    slowest: int = 0
    # Shapes of the group with a filter that has the most of them.
    filtered: int = 0
    # Bytes `start` to `end` of what each filter holds.
    contents: list[tuple[int, int]] = field(default_factory=list)
    _stack: list[_Element] = field(default_factory=list)
    _root: _Element | None = None
    _ids: dict[str, _Element] = field(default_factory=dict)
    # What each rule of a style sheet refers to, by its keys. All keys of a rule share it, however many they are.
    _styles: defaultdict[str, dict[tuple[tuple[str, str], ...], None]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    _count: int = 0
    _known: dict[_Element, _Weight | None] = field(default_factory=dict)

    def start(self, name: str, attributes: Mapping[str, str], at: int) -> None:
        """Add an element that starts. Raises TooMuchError when it alone is more than any drawing needs."""
        self._count += 1
        if self._count > _MOST_ELEMENTS:
            raise TooMuchError(f"this SVG has more than {_MOST_ELEMENTS:,} elements", at)
        element = _Element(name.lower(), at)
        self._read(element, attributes)
        if self._stack:
            if self._stack[-1].name == "filter" and not self._stack[-1].children:
                self.contents.append((at, at))
            self._stack[-1].children.append(element)
        else:
            self._root = element
        self._stack.append(element)

    def end(self, at: int) -> None:
        """End the element that was started last. `at` is the place of its end tag."""
        element = self._stack.pop()
        if element.name == "filter" and element.children:
            self.contents[-1] = (self.contents[-1][0], at)
        parent = self._stack[-1] if self._stack else None
        if parent is not None and element.name in _TEXTS and parent.name in _TEXTS:
            parent.characters += element.characters
            parent.spans += element.spans + 1
            element.characters = element.spans = 0

    def add_text(self, text: str) -> None:
        """Add text in the element that is open."""
        if self._stack and self._stack[-1].name in _TEXTS:
            self._stack[-1].characters += len(text)
            self.size += len(text)

    def add_picture(self, picture: bytes) -> None:
        """Add a picture that is written into the element that starts next."""
        raster = measure(picture)
        self.pixels += raster.pixels if raster else 0

    def add_style(self, style: str) -> None:
        """Add a style sheet: what its rules refer to may be that of any element that they name."""
        for css in list_readings(style):
            for selectors, declarations in list_rules(css):
                found = tuple(dict.fromkeys(_list_references(declarations)))
                for selector in selectors.split(",") if found else ():
                    self._styles[_key(selector)][found] = None

    @property
    def per_pixel(self) -> int:
        """How many nanoseconds a pixel of what has a filter takes."""
        return _FILTER + self.slowest + _SHAPE_IN_FILTER * self.filtered

    @property
    def excess(self) -> float:
        """How much more work it is than its size alone would be, in microseconds."""
        return max(self.work - self.size, 0.0)

    def weigh(self) -> None:
        """Add up what all elements take. Raises TooMuchError when that is more than any drawing needs."""
        if self._root is None:
            return
        whole = self._weigh(self._root, 0)
        self.work, self.filters = whole.work + self.pixels * _PIXEL, whole.filters
        self._check_filters(self._root)

    def _check_filters(self, root: _Element) -> None:
        """Raise TooMuchError when even filters that do nothing would take very long, as large as they could be."""
        if (
            self.filters > _MOST_FILTERS
            or self.filters * (_FILTER + _SHAPE_IN_FILTER * self.filtered) > _MOST_IN_FILTERS
        ):
            message = f"this SVG draws {self.filters} filters, of up to {self.filtered:,} shapes; that takes very long"
            raise TooMuchError(message, root.at)
        if self.functions > _MOST_FUNCTIONS:
            message = f"this SVG has {self.functions} filters such as `blur(2px)`; {_MOST_FUNCTIONS} are allowed"
            raise TooMuchError(message, root.at)

    def _read(self, element: _Element, attributes: Mapping[str, str]) -> None:
        keys = ["*", element.name]
        self.size += len(element.name)
        for written_name, written in attributes.items():
            name = written_name.rpartition(" ")[2].lower()
            self.size += 0 if written.lstrip()[:5].lower() == "data:" else len(written)
            if name == "id":
                self._ids.setdefault(written, element)
                keys.append(f"#{written}")
            elif name == "class":
                keys += (f".{each}" for each in dict.fromkeys(written.split()[:100]))
            elif name in ("d", "points"):
                element.vertices = max(element.vertices, len(_NUMBER.findall(written)) // 2 + 1)
            elif name == "href" and element.name in _INCLUDING:
                target = written.strip()
                if target.startswith("#"):
                    element.references.append(("href", target[1:]))
            elif name == "style":
                for css in list_readings(written):
                    element.references += _list_references(css)
            elif "url" in (lower := written.lower()) or "\\" in written or name == "filter":
                for css in list_readings(f"{name}:{lower}" if name == "filter" else f"{name}:{written}"):
                    element.references += _list_references(css)
        element.keys = tuple(keys)
        element.references = list(dict.fromkeys(element.references))
        element.per_pixel = _per_pixel(element, attributes)

    def _weigh(self, element: _Element, depth: int) -> _Weight:
        if element in self._known:
            known = self._known[element]
            if known is None:
                raise TooMuchError(f"`<{element.name}>` in this SVG refers to itself", element.at)
            return known
        if depth > _DEEPEST:
            raise TooMuchError(f"`<{element.name}>` in this SVG is reached by more than {_DEEPEST} steps", element.at)
        self._known[element] = None
        own = _Weight(_own_work(element), element.name in _SHAPES, element.vertices)
        for child in element.children:
            own += self._weigh(child, depth + 1)
            self._check(own, child)
        if element.name == "filter":
            self._check_filter(element)
        for reference in self._list_references(element):
            own += self._follow(reference, own, depth)
            self._check(own, element)
        self._known[element] = own
        return own

    def _list_references(self, element: _Element) -> Iterator[tuple[str, str]]:
        # What it repeats comes first, since a fill goes on to that, too.
        yield from sorted(element.references, key=lambda each: each[0] != "href")
        for key in element.keys if self._styles else ():
            yield from chain.from_iterable(self._styles.get(key, ()))

    def _follow(self, reference: tuple[str, str], own: _Weight, depth: int) -> _Weight:
        """Return what a reference adds to an element. Fills, strokes and markers go on to all shapes in it."""
        kind, target = reference
        found = self._ids.get(target)
        weight = self._weigh(found, depth + 1) if found is not None else _Weight()
        if kind == "filter" and found is None:
            self.slowest = max(self.slowest, _FUNCTION)
            self.functions = self.functions + 1
        if kind == "filter":
            self.filtered = max(self.filtered, own.shapes)
            return weight + _Weight(_ELEMENT, filters=1)
        if kind in ("fill", "stroke", "marker-start", "marker-end"):
            return weight.times(max(own.shapes, 1)) + _Weight(1.0)
        if kind in ("marker", "marker-mid"):
            return weight.times(max(own.vertices, 1)) + _Weight(1.0)
        return weight + _Weight(1.0)

    def _check(self, weight: _Weight, element: _Element) -> None:
        if weight.filters > _MOST_FILTERS:
            raise TooMuchError(f"this SVG draws more than {_MOST_FILTERS} filters", element.at)
        if weight.work > _MOST_WORK + self.size:
            raise TooMuchError(
                f"printing this SVG would take very long, for what `<{element.name}>` {_why(element)}", element.at
            )

    def _check_filter(self, element: _Element) -> None:
        parts = [part for child in element.children for part in (child, *child.children)]
        if len(parts) > _MOST_PRIMITIVES:
            message = f"a filter of this SVG has {len(parts)} parts; {_MOST_PRIMITIVES} are allowed"
            raise TooMuchError(message, element.at)
        self.slowest = max(self.slowest, sum(part.per_pixel for part in parts))


def _why(element: _Element) -> str:
    return f"holds: {element.characters:,} characters in one text" if element.characters else "repeats or holds"


def _own_work(element: _Element) -> float:
    text = element.characters
    return _ELEMENT + element.vertices * _VERTEX + text * (10 + element.spans / 2 + text / 1_000)


def _list_references(css: str) -> Iterator[tuple[str, str]]:
    """Yield the properties of declarations that refer to other elements, with their ids; for a filter, any value."""
    for declaration in css.split(";"):
        name, colon, value = declaration.partition(":")
        if not colon:
            continue
        name, found = name.strip().lower(), _REFERENCE.findall(value)
        yield from ((name, target) for target in found)
        if name in ("filter", "backdrop-filter") and value.strip().lower() not in ("", "none", "inherit"):
            functions = value.count("(") - len(found)
            yield from (("filter", f" {number}") for number in range(functions))


def _key(selector: str) -> str:
    """Return what the last part of a selector names: an id, a class, an element, or everything."""
    plain = _CONDITION.sub("", _QUOTED.sub("", selector)).strip()
    if _ODD.search(plain):  # conditions in conditions, or a comma in one
        return "*"
    parts = re.split(r"[\s>+~]+", plain)
    for sign in ("#", "."):
        _, found, name = parts[-1].partition(sign)
        if found:
            return sign + re.split(r"[#.]", name)[0]
    return parts[-1].rpartition("|")[2].lower() or "*"


def _per_pixel(element: _Element, attributes: Mapping[str, str]) -> int:
    """Return how long an element of a filter takes for a pixel. Raises TooMuchError when nobody needs that."""
    name = element.name
    if not name.startswith("fe"):
        return 0
    values = {each.rpartition(" ")[2].lower(): value.strip() for each, value in attributes.items()}
    if name == "femorphology":
        if any(float(number) > 0 for number in _NUMBER.findall(values.get("radius", ""))):
            raise TooMuchError("`<feMorphology>` in an SVG takes minutes to print", element.at)
        return _ANY_PRIMITIVE
    if name == "feturbulence":
        octaves = _size(values.get("numoctaves", ""))
        if octaves > _MOST_OCTAVES:
            message = f"`numOctaves` of this SVG's `<feTurbulence>` is more than {_MOST_OCTAVES}, which nobody can see"
            raise TooMuchError(message, element.at)
        return int(_PRIMITIVES[name] + _OCTAVE * octaves)
    if name == "feconvolvematrix":
        order = [float(number) for number in _NUMBER.findall(values.get("order", "3"))] or [3.0]
        kernel = max(order) * (order[1] if len(order) > 1 else order[0])
        if not 0 <= kernel <= _LARGEST_KERNEL:
            message = f"`order` of this SVG's `<feConvolveMatrix>` asks for more than {_LARGEST_KERNEL} numbers"
            raise TooMuchError(message, element.at)
        return int(_ANY_PRIMITIVE + 6 * kernel)
    return _PRIMITIVES.get(name, _ANY_PRIMITIVE)


def _size(written: str) -> float:
    """Return the largest number in an attribute."""
    return max((abs(float(number)) for number in _NUMBER.findall(written)), default=1.0)
