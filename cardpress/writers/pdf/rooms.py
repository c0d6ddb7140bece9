"""How much room a picture has on each sheet, and pictures with no more pixels than print shows there.

The rooms are those that the engine's templates give, on the larger paper. A template of a project's own may give more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from cardpress.deck.pictures import Room, shrink_for_print
from cardpress.writers.pdf.data import LINE_LEAD, find_format
from cardpress.writers.pdf.formats import Format
from cardpress.writers.pdf.heights import JsonObject

# Points in a millimeter.
_POINTS = 72 / 25.4
# As wide as the booklet's column, or as a page of the study notes, and as high as `tallest` says there.
_BOOKLET = Room(144 * _POINTS, 104 * _POINTS)
_STUDY_NOTES = Room(198 * _POINTS, 56 * _POINTS)
# Of the cheat sheet: half of its width, and `tallest` in its largest type, which a sheet of two pieces has.
_CHEAT_SHEET = Room(141.5 * _POINTS, 22.5 * 13)
_FLOWING: Mapping[str, Room] = {"booklet": _BOOKLET, "study-notes": _STUDY_NOTES, "cheatsheet": _CHEAT_SHEET}
# The part of a card's room that a picture with masks may have where that is more than other pictures have.
_MASKED = 0.64


def room_on(sheet: str, form: Format | None) -> Room:
    """Return the most room that a picture has on a sheet, which is one of cards if it has a format."""
    if form is None:
        return _FLOWING[sheet]
    width = form.size[0] - 2 * form.padding
    height = form.size[1] - 2 * form.padding - form.foot
    tallest = form.tallest * max(form.front[0], form.back[0] * LINE_LEAD)
    return Room(width * _POINTS, min(max(tallest, _MASKED * height * _POINTS), height * _POINTS))


def find_pictures(data: object) -> Iterator[str]:
    """Yield the names of the pictures that print data shows, some several times."""
    waiting = [data]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if isinstance(name := each.get("src"), str):
                yield name
            waiting += [inside for inside in each.values() if isinstance(inside, dict | list)]
        elif isinstance(each, list):
            waiting += [inside for inside in each if isinstance(inside, dict | list)]


def fit_pictures(
    data: JsonObject, pictures: Mapping[str, bytes], names: Iterable[str], room: Room, threads: int
) -> tuple[JsonObject, dict[str, bytes]]:
    """Return the `media` of print data whose pictures have no more pixels than such a room shows, and their new files.

    `pictures` has the files that are there, by their paths.
    """
    shown = sorted({name for name in names if name in data["media"] and data["media"][name]["format"] != "svg"})
    with ThreadPoolExecutor(threads) as pool:
        made = list(pool.map(lambda name: shrink_for_print(pictures[data["media"][name]["file"]], room), shown))
    media, files = dict(data["media"]), {}
    for name, picture in zip(shown, made, strict=True):
        file = media[name]["file"]
        if picture is not pictures[file]:
            path = f"{file}-{room.width:.0f}x{room.height:.0f}"
            media[name] = {"format": find_format(picture), "file": path}
            files[path] = picture
    return media, files
