"""The YAML of a picture with masks → MaskedPicture. Whether the masks lie on the picture is for a rule to say."""

from __future__ import annotations

import math
import re
from pathlib import PurePosixPath

from cardpress.diagnostics import Span
from cardpress.diagnostics.suggest import propose
from cardpress.history.records import LAST_DELETION
from cardpress.source.bank import MarkdownText, MaskedPicture, Rect, Text, WrittenMask
from cardpress.source.yaml.nodes import Node, Scalar
from cardpress.source.yaml.nodes import Sequence as SequenceNode
from cardpress.source.yaml.reading import Fields, Reader, Shape, drop_missing, find_first_span
from cardpress.source.yaml.value_types import TEXT, TEXTS, ListOf, choice

# Characters of a mask's id. The ids of an SVG's shapes are what a drawing program makes them.
_LONGEST_ID = 100
# One that YAML reads as a text without quotes.
_PLAIN_ID = re.compile(r"[A-Za-z_][\w-]{0,40}")
_WRITTEN_NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?"
# The numbers of a rectangle, for editors. Those that YAML 1.1 does not take for numbers are texts to it, such as `1e3`.
_PLACE = {"type": ["number", "string"], "pattern": f"^{_WRITTEN_NUMBER}$"}
_SIZE = {**_PLACE, "exclusiveMinimum": 0}
MASK = Shape(
    "a mask",
    {"id": "Its permanent id among the picture's masks."},
    {
        "rect": "Where it is: `[x, y, width, height]`, in the picture's units or, none above 1, in parts of it.",
        "shape": "Instead of `rect`: the id of an SVG's shape, which it covers.",
        "shapes": "Instead of `rect`: a list of ids of an SVG's shapes, which it covers together.",
        "label": "What it hides (Markdown, in a line); answers show it.",
    },
    types={
        "id": {"type": ["string", "number"], "pattern": r"^\S(?:.*\S)?$", "maxLength": _LONGEST_ID},
        "rect": {"type": "array", "items": [_PLACE, _PLACE, _SIZE, _SIZE], "minItems": 4, "maxItems": 4},
        "shapes": ListOf(TEXT, least=1),
    },
    one_of=("rect", "shape", "shapes"),
    is_exclusive=True,
)
OCCLUSION = Shape(
    "a picture with masks",
    {"image": "The picture: a file of `source/media/`."},
    {
        "hide": "`all` (the default): a card hides what all masks hide and asks for one. `one`: it hides that alone.",
        "masks": "A list of masks: see [A mask](#a-mask).",
        "shapes": "A list of ids of an SVG's shapes, as a short way: each is a mask with that id.",
    },
    types={"hide": choice("all", "one"), "masks": ListOf(MASK), "shapes": TEXTS},
    one_of=("masks", "shapes"),
)
_HIDES = {"all": True, "one": False}
_NUMBER = re.compile(_WRITTEN_NUMBER)
# An id such as `q-12` says nothing.
_WORD = re.compile(r"[^\W\d_]{3}|[^\W\d_a-zA-Z]")
# No picture is so large.
_LARGEST = 1e9
_RECT_HELP = "write `rect: [x, y, width, height]`, four numbers in the picture's units"


def read_occlusion(reader: Reader, node: Node, note_id: str) -> MaskedPicture | None:
    """Return the picture with masks in a node, without those that have no id; None when there is none to be shown.

    One that says not where it is has no place; that is reported. `note_id` is the id of the question that the picture
    stands in, which names it where no header does.
    """
    fields = reader.fields(node, OCCLUSION)
    if fields is None:
        return None
    image, hides_all = fields.text("image"), _read_hide(fields)
    count = sum(_count(fields.values.get(key)) for key in ("masks", "shapes"))
    if count > LAST_DELETION:
        message = f"{count:,} masks; Anki makes no cards for more than {LAST_DELETION} of a picture"
        reader.report("text-too-long", find_first_span(node), message, "make several notes of it")
        return None
    masks = drop_missing(fields.each("masks", lambda each: _read_mask(reader, each)))
    shapes = fields.texts("shapes")
    masks += tuple(WrittenMask(each, each.span, shapes=(each,)) for each in shapes if _is_id(reader, each))
    _check_ids(reader, masks)
    if not {"masks", "shapes"} & fields.values.keys():
        hint = "add `masks: [{id: …, rect: [x, y, width, height]}]`; for an SVG with ids, `shapes: [id, …]` will do"
        reader.report("missing-key", find_first_span(node), "a picture with masks has no `masks`", hint)
    elif not count and all(_is_list(fields.values.get(key)) for key in ("masks", "shapes")):
        place = find_first_span(fields.values.get("masks", fields.values.get("shapes", node)))
        reader.report("empty-text", place, "there is no mask, so Anki would make no card", "write at least one entry")
    if image is None or not masks:
        return None
    place = _key_place(node, "masks" if "masks" in fields.values else "shapes")
    return MaskedPicture(image, place, _make_name(note_id, image), hides_all, masks, is_whole=len(masks) == count)


def _is_list(node: Node | None) -> bool:
    """Return whether a key has a list, or is not there."""
    return node is None or isinstance(node, SequenceNode)


def _count(node: Node | None) -> int:
    return len(node.items) if isinstance(node, SequenceNode) else 0


def _make_name(note_id: str, image: Text) -> MarkdownText:
    """Return the id of a note in words, which hold no markup; the name of the picture's file where it has none."""
    names = [re.sub(r"[\W_]+", " ", each).strip() for each in (note_id, PurePosixPath(image.value).stem)]
    chosen = next((each for each in names if _WORD.search(each)), names[1] or names[0] or "?")
    return MarkdownText(chosen[0].upper() + chosen[1:], image.span)


def _read_hide(fields: Fields) -> bool:
    text = fields.text("hide", "truth value", "null")
    if text is not None and text.value not in _HIDES:
        hint = propose(text.value, tuple(_HIDES), "write `hide: all` or `hide: one`")
        fields.reader.report("bad-mask", text.span, f"`hide` is `all` or `one`, and not `{text.value[:40]}`", hint)
    return _HIDES.get(text.value, True) if text else True


def _read_mask(reader: Reader, node: Node) -> WrittenMask | None:
    fields = reader.fields(node, MASK)
    if fields is None:
        return None
    mask_id = fields.text("id", "whole number", "number")
    if several := isinstance(fields.values.get("shape"), SequenceNode):
        reader.wrong_type(fields.values["shape"], "a text for `shape`", _propose_shapes(fields.values["shape"]))
    shape, shapes = None if several else fields.text("shape"), fields.texts("shapes")
    label = fields.markdown("label")
    rect = _read_rect(reader, fields.values["rect"]) if "rect" in fields.values else None
    where = [key for key in fields.values if key in ("rect", "shape", "shapes")]
    if not where:
        hint = "add `rect: [x, y, width, height]`, or for an SVG `shape: …`"
        reader.report("missing-key", find_first_span(node), "a mask that says not where it is", hint)
    elif len(where) > 1:
        place = _key_place(node, where[1])
        message = f"a mask with `{where[0]}` and `{where[1]}`"
        reader.report("bad-mask", place, message, "keep one of them: it says where the mask is")
    elif "shapes" in where and _is_list(fields.values["shapes"]) and not _count(fields.values["shapes"]):
        place = find_first_span(fields.values["shapes"])
        reader.report("empty-text", place, "`shapes` is empty", "write at least one entry")
    found = (shape,) if shape else shapes
    if mask_id is None or not _is_id(reader, mask_id):
        return None
    place = fields.values["rect"].span if rect is not None else find_first_span(node)
    return WrittenMask(mask_id, place, rect, found, label)


def _propose_shapes(node: Node) -> str:
    """Return the help line for a list of shapes where one is wanted."""
    names = [each.value for each in getattr(node, "items", ()) if isinstance(each, Scalar)]
    if not names or len(names) > 5 or not all(_PLAIN_ID.fullmatch(each) for each in names):
        return "write `shapes` in place of `shape`"
    return f"write `shapes: [{', '.join(names)}]`"


def _key_place(node: Node, name: str) -> Span:
    pairs = getattr(node, "pairs", ())
    return next((key.span for key, _ in pairs if key.value == name), find_first_span(node))


def _is_id(reader: Reader, text: Text) -> bool:
    if len(text.value) <= _LONGEST_ID and text.value.isprintable() and text.value == text.value.strip():
        return True
    message = f"an id of a mask has up to {_LONGEST_ID} characters, in one line, and no space around"
    reader.report("bad-mask", text.span, message, "write a short word, such as `id: aorta`")
    return False


def _check_ids(reader: Reader, masks: tuple[WrittenMask, ...]) -> None:
    first: dict[str, WrittenMask] = {}
    for mask in masks:
        other = first.setdefault(mask.id.value.casefold(), mask)
        if other is not mask:
            same = other.id.value == mask.id.value
            message = f"two masks have the id `{mask.id.value}`"
            if not same:
                message = f"the ids `{other.id.value}` and `{mask.id.value}` differ in capitals alone"
            reader.report("bad-mask", mask.id.span, message, "give one of them another: an id stands for one card")


def _read_rect(reader: Reader, node: Node) -> Rect | None:
    if not isinstance(node, SequenceNode):
        reader.wrong_type(node, "a list for `rect`", _RECT_HELP)
        return None
    if len(node.items) != 4:
        message = f"`rect` has {len(node.items):,} entries, and not four"
        reader.report("bad-mask", find_first_span(node), message, _RECT_HELP)
        return None
    if all(_find_number(each) is None for each in node.items):  # percentages, or units
        reader.report("bad-mask", find_first_span(node), "no entry of `rect` is a number", _RECT_HELP)
        return None
    numbers = [_read_number(reader, each) for each in node.items]
    left, top, width, height = (0.0 if number is None else number for number in numbers)
    if None in numbers:
        return None
    if width <= 0 or height <= 0:
        wrong = node.items[2 if width <= 0 else 3]
        what = "width" if width <= 0 else "height"
        message = f"this mask hides nothing: its {what} is {_write(width if width <= 0 else height)}"
        reader.report("bad-mask", find_first_span(wrong), message, f"write a {what} above 0")
        return None
    return left, top, width, height


def _read_number(reader: Reader, node: Node) -> float | None:
    number = _find_number(node)
    if number is None:
        found = f"`{node.value[:40]}`" if isinstance(node, Scalar) else "this"
        reader.report("bad-mask", find_first_span(node), f"{found} is no number of a picture's units", _RECT_HELP)
    return number


def _find_number(node: Node) -> float | None:
    """Return the number that a node is; None for one that is none, or that no picture can need."""
    value = node.value if isinstance(node, Scalar) else ""
    number = float(value) if len(value) <= 40 and _NUMBER.fullmatch(value) else math.inf
    return number if abs(number) <= _LARGEST else None


def _write(number: float) -> str:
    return f"{number:,.4f}".rstrip("0").rstrip(".")
