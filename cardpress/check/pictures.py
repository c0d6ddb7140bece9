"""Rules on pictures: they are in source/media/, every output can show them, they have descriptions and run nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from cardpress.check.picture_filters import measure_filters
from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.diagnostics.suggest import Suggestions
from cardpress.diagnostics.unusual import did_you_mean
from cardpress.markdown import signs
from cardpress.markdown.tree import Picture
from cardpress.source.bank import Bank, MarkdownText, Media
from cardpress.source.files import leaves_folder
from cardpress.source.kinds import explain
from cardpress.source.media import guess_media_type, sniff
from cardpress.source.rasters import find_fault, measure
from cardpress.source.svg import examine
from cardpress.source.svg_colors import find_unknown_color
from cardpress.source.texts import list_markdown_texts

# Pixels of all pictures of a deck. Printing takes up to 16 bytes for each.
_PIXELS = 64_000_000
_PIXELS_A_BYTE = 16
# What SVGs may take to print, for each sheet: microseconds beyond what their bytes take, and nanoseconds of filters.
_WORK = 2_000_000.0
_FILTERS = 5e9
_INSTEAD = {
    "unsafe-html": "remove it; a picture only shows",
    "remote-media": "put it into the file itself, or remove it",
    "unsupported-media": "open the file in a browser, and mend it until it shows",
}
# Bytes that showing pictures again may take. The page holds a picture in each place where it is shown.
_AGAIN = 128 * 1024 * 1024
_HELP = "put the file in source/media/ and write its name alone: `![what it shows](picture.svg)`"


def check_pictures(bank: Bank) -> Iterator[Diagnostic]:
    """Every picture in a text is a file of source/media/, and has a description for those who cannot see it."""
    suggestions = Suggestions(bank.media)
    shown: Counter[str] = Counter()
    for text in list_markdown_texts(bank):
        if signs.may_hold_pictures(text.value):
            pictures = Counter(node for node in text.document.walk() if isinstance(node, Picture))
            for picture, times in pictures.items():
                yield from _picture(bank, text, picture, suggestions)
                shown[picture.name] += times
    again = {name: len(bank.media[name].data) * (shown[name] - 1) for name in shown if name in bank.media}
    if sum(again.values()) > _AGAIN:
        name = max(sorted(again), key=again.__getitem__)
        message = (
            f"source/media/{name} has {len(bank.media[name].data):,} bytes and is shown {shown[name]:,} times: "
            f"all pictures that are shown again take more than {_AGAIN:,} bytes of the page"
        )
        yield Diagnostic("file-too-large", _whole(name), message, "shrink it, or show it in fewer places")


def _picture(bank: Bank, text: MarkdownText, picture: Picture, suggestions: Suggestions) -> Iterator[Diagnostic]:
    place = text.find(picture.name_place)
    name = picture.name
    if re.match(r"(?:[a-z][a-z0-9+.-]+:|//)", name, re.IGNORECASE) and not re.match(
        r"[a-z]:[\\/]", name, re.IGNORECASE
    ):
        yield Diagnostic("remote-media", place, f"`{name[:80]}` is not a file of this deck", _HELP)
    elif leaves_folder(name):
        yield Diagnostic("path-outside-source", place, f"`{name}` leaves source/media/", _HELP)
    elif name not in bank.media and name not in bank.unread_media:
        close = suggestions.find(name.removeprefix("media/"))
        hint = did_you_mean(name, close) if close else f"create source/media/{name}"
        yield Diagnostic("missing-media", place, f"no file source/media/{name}", hint)
    if not picture.description.strip():
        message = "a picture without a description"
        hint = f"say what it shows, for those who cannot see it: `![what it shows]({name})`"
        yield Diagnostic("missing-description", place, message, hint)


def check_picture_files(bank: Bank) -> Iterator[Diagnostic]:
    """Every file of source/media/ is the kind of picture that its name says, runs and loads nothing, and is no bomb."""
    room = _Room(sum(len(picture.data) for picture in bank.media.values()))
    for name, picture in bank.media.items():
        yield from _file(name, picture, room)


@dataclass(slots=True)
class _Room:
    """What all pictures of a deck together may take to print, beyond what their bytes take. It gets less with each."""

    size: int
    pixels: float = field(init=False)
    work: float = _WORK
    filters: float = _FILTERS

    def __post_init__(self) -> None:
        self.pixels = _PIXELS + _PIXELS_A_BYTE * self.size

    def take(self, *, pixels: float = 0.0, work: float = 0.0, filters: float = 0.0) -> bool:
        """Return whether there was room left for a picture."""
        self.pixels -= pixels
        self.work -= work
        self.filters -= filters
        return min(self.pixels, self.work, self.filters) >= 0


def _file(name: str, picture: Media, room: _Room) -> Iterator[Diagnostic]:
    kind = guess_media_type(name)
    if kind is None or sniff(picture.data) != kind:
        yield Diagnostic("unsupported-media", _whole(name), *explain(name, picture.data))
    elif kind == "image/svg+xml":
        yield from _svg(name, picture.data, room)
    elif fault := find_fault(picture.data):
        hint = "save it anew, with fewer pixels: 2,000 across are more than a card or sheet shows"
        yield Diagnostic("unsupported-media", _whole(name), f"source/media/{name} {fault}", hint)
    elif (raster := measure(picture.data)) and not room.take(pixels=raster.pixels):
        message = f"with source/media/{name} the deck's pictures have more pixels than there is memory to print them"
        hint = f"save pictures with fewer pixels; this one has {raster.width:,} × {raster.height:,}"
        yield Diagnostic("unsupported-media", _whole(name), message, hint)


def _svg(name: str, data: bytes, room: _Room) -> Iterator[Diagnostic]:
    found = examine(data)
    file = SourceFile(f"source/media/{name}", data.decode("utf-8", "replace") if found.flaws else "")
    for flaw in found.flaws:
        yield Diagnostic(
            flaw.code, _place(file, data, flaw.start, flaw.end), flaw.message, flaw.help or _INSTEAD[flaw.code]
        )
    if found.work is None:
        return
    yield from _black(name, data)
    filters = measure_filters(data, found.work) if found.work.filters else 0.0
    hint = (
        "export it as a PNG, or take the filters out"
        if filters
        else "draw it with fewer elements, or export it as a PNG"
    )
    if filters > _FILTERS:
        message = f"the filters of source/media/{name} would take very long to print: they cover too much"
        yield Diagnostic("unsupported-media", _whole(name), message, hint)
    elif not room.take(pixels=found.work.pixels, work=found.work.excess, filters=filters):
        message = f"with source/media/{name} the deck's pictures would take very long to print"
        yield Diagnostic("unsupported-media", _whole(name), message, hint)


def _black(name: str, data: bytes) -> Iterator[Diagnostic]:
    """Yield a warning of the first color that the sheets do not have."""
    if unknown := find_unknown_color(data):
        color, start, end = unknown
        file = SourceFile(f"source/media/{name}", data.decode("utf-8", "replace"))
        span = _place(file, data, start, end)
        message = f"`{color[:40]}` is a color that sheets do not know: they have black in its place"
        yield Diagnostic("unprintable-picture", span, message, "write the color as `#rrggbb`, or export it as a PNG")


def _place(file: SourceFile, data: bytes, start: int, end: int) -> Span:
    """Return the characters of a file that some of its bytes are."""
    first = len(data[:start].decode("utf-8", "replace"))
    return Span(file, first, first + len(data[start:end].decode("utf-8", "replace")))


def _whole(name: str) -> Span:
    return Span.of_file(f"source/media/{name}")
