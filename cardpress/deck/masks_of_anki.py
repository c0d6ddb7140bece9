"""Pictures with masks of decks that were made in Anki, as page and paper show them.

Anki's image occlusion has the masks in a field of their own, each a shape in a deletion, and the picture in another.
Here any shape is the rectangle around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cardpress.deck.masks import read_picture
from cardpress.deck.notes import Box, Mask, Occlusion, RichText
from cardpress.markdown.tree import Document, LineBreak, Paragraph, Picture, Text, has_content, list_children
from cardpress.note_types import Holds, NoteType

_PROPERTY = re.compile(r":([a-z]+)=([^:]*)")
_SIDES = ("left", "top", "width", "height", "rx", "ry")
_POINT = re.compile(r"(-?[0-9.]+),(-?[0-9.]+)")
# Of parts of a picture, as many as Anki keeps.
_DIGITS = 4


def show_masks(
    note_type: NoteType, contents: Mapping[str, Any], find_picture: Callable[[str], bytes | None]
) -> Mapping[str, Any]:
    """Return what a note's fields hold, with the masks over its picture where a field has masks and nothing else.

    `find_picture` returns the bytes of a picture by the name that it ships under. The field of the picture shows
    nothing any more, as the picture with masks is shown. What Anki gets stays.
    """
    if not note_type.is_adopted:
        return contents
    masked = [key for key, text in contents.items() if _has_masks_alone(note_type, key, text)]
    shown = ((key, _find_picture(text)) for key, text in contents.items() if note_type.field(key).holds is Holds.HTML)
    key, picture = next(((key, found) for key, found in shown if found), ("", None))
    if not masked or picture is None:
        return contents
    data = find_picture(picture.name)
    size = read_picture(data) if data else None
    masks, hides_all = _read_masks(contents[masked[0]].raw)
    if size is None or not masks:
        return contents
    name = RichText(picture.description, Document((Paragraph((Text(picture.description),), picture.place),)), True)
    occlusion = Occlusion(picture.name, size.width, size.height, name, hides_all, masks)
    return {
        **contents,
        masked[0]: replace(contents[masked[0]], masks=occlusion),
        key: replace(contents[key], document=Document(())),
    }


def _has_masks_alone(note_type: NoteType, key: str, text: Any) -> bool:
    if note_type.field(key).holds is not Holds.HTML_CLOZE or not isinstance(text, RichText):
        return False
    from cardpress.markdown.html_deletions import list_cards  # for decks that were taken over

    return bool(list_cards(text.raw)) and not has_content(text.document.blocks)


def _find_picture(text: Any) -> Picture | None:
    """Return the picture that a text consists of, None where it has anything else, or none."""
    if not isinstance(text, RichText):
        return None
    leaves = [node for node in text.document.walk() if not list_children(node)]
    pictures = [node for node in leaves if isinstance(node, Picture)]
    others = [node for node in leaves if not isinstance(node, Picture | LineBreak)]
    return pictures[0] if len(pictures) == 1 and not others else None


def _read_masks(html: str) -> tuple[tuple[Mask, ...], bool]:
    """Return the masks of a field, a group of shapes as one, and whether a card hides what the others hide, too."""
    from cardpress.markdown.html_deletions import list_cards, walk_deletions

    boxes: dict[int, list[Box]] = {}
    hides_all = False
    for each in walk_deletions(html):
        if each.mask is None:
            continue
        properties = dict(_PROPERTY.findall(f":{each.mask}"))
        box = _read_box(each.mask.partition(":")[0], properties)
        hides_all = hides_all or properties.get("oi") == "1"
        for number in each.numbers:
            boxes.setdefault(number, []).extend([box] if box else [])
    cards = list_cards(html)
    masked = sorted(number for number, found in boxes.items() if found and number in cards)
    masks = (Mask(f"c{number}", number, tuple(boxes[number])) for number in masked)
    return tuple(masks), hides_all


def _read_box(shape: str, properties: Mapping[str, str]) -> Box | None:
    """Return the rectangle around a shape, in parts of the whole; None for one that hides nothing."""
    try:
        numbers = {name: float(value) for name, value in properties.items() if name in _SIDES and value}
        points = [(float(x), float(y)) for x, y in _POINT.findall(properties.get("points", ""))]
    except ValueError:
        return None
    left, top = numbers.get("left", 0.0), numbers.get("top", 0.0)
    if shape == "rect":
        right, bottom = left + numbers.get("width", 0.0), top + numbers.get("height", 0.0)
    elif shape == "ellipse":
        right, bottom = left + 2 * numbers.get("rx", 0.0), top + 2 * numbers.get("ry", 0.0)
    elif shape == "polygon" and points:
        # Their left upper corner is where the shape is.
        width, height = (max(side) - min(side) for side in zip(*points, strict=True))
        right, bottom = left + width, top + height
    else:
        return None
    left, top, right, bottom = (min(max(round(each, _DIGITS), 0.0), 1.0) for each in (left, top, right, bottom))
    if right <= left or bottom <= top:
        return None
    return Box(left, top, round(right - left, _DIGITS), round(bottom - top, _DIGITS))
