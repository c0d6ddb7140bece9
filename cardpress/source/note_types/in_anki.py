"""The key `anki` of note types, their fields and cards, of decks and sections: what learners have of them already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

from cardpress.diagnostics import Span
from cardpress.note_types.in_anki import CardInAnki, FieldInAnki, TypeInAnki, UnusualParts, is_plain_look, read_unusual
from cardpress.source.bank import CardDeck, DeckInAnki, Text
from cardpress.source.yaml.nodes import Mapping, Node, Scalar
from cardpress.source.yaml.reading import MAX_CHARACTERS, MAX_ENTRIES, Fields, Shape, find_first_span
from cardpress.source.yaml.value_types import FLAG, AnyOf, Fragment

# A number in Anki: a whole one of 64 bits. That of a deck or note type is above 0, a field's or card's may be below.
ANKI_NUMBER: Fragment = {"type": "integer"}
_NUMBER = re.compile(r"-?[1-9][0-9]{0,18}")
_NUMBERS = range(-(2**63), 2**63)

PRESET = Shape("a preset of options", {"uuid": "What CrowdAnki knows it by.", "name": "Its name in Anki."})
DECK_IN_ANKI = Shape(
    "an adopted deck",
    {},
    {
        "id": "Its number in Anki.",
        "name": "Its full name in Anki, where `A::B` is two levels.",
        "uuid": "What CrowdAnki knows it by.",
        "preset": "`uuid` and `name` of its preset of options in CrowdAnki, so that learners keep theirs.",
    },
    types={"id": ANKI_NUMBER, "preset": PRESET},
)
CARD_DECK = Shape(
    "a deck of cards",
    {"name": "Its full name in Anki, where `A::B` is two levels."},
    {"id": "Its number in Anki.", "description": "The text that Anki shows on its page."},
    types={"id": ANKI_NUMBER},
)
SECTION_IN_ANKI = Shape(
    "an adopted section",
    {},
    {
        **DECK_IN_ANKI.optional,
        "card_decks": "Of card templates whose cards are in another deck: the name of each, and `id` and `name` of it.",
    },
    types={**DECK_IN_ANKI.types, "card_decks": AnyOf(CARD_DECK)},
)
TYPE_IN_ANKI = Shape(
    "an adopted note type",
    {},
    {
        "id": "Its number in Anki.",
        "name": "Its whole name in Anki.",
        "sort_field": "The key of the field that Anki's browser sorts by; without it, the first one.",
        "latex_before": "What stands before LaTeX, when that is not what Anki's own note types have.",
        "latex_after": "The same, behind LaTeX.",
        "latex_svg": "`true`: Anki makes SVG pictures of LaTeX.",
        "stock_kind": "The kind of Anki's own note types that it was made as; 6 has masks on pictures.",
        "uuid": "What CrowdAnki knows it by.",
        "crowdanki": "What a CrowdAnki folder says of its parts otherwise than Anki of today; `import` writes it.",
    },
)
FIELD_IN_ANKI = Shape(
    "an adopted field",
    {},
    {
        "id": "Its number in Anki.",
        "font": "The font that Anki's editor shows it in; without it, Arial.",
        "size": "The size of that font; without it, 20.",
        "rtl": "`true`: Anki's editor writes it from right to left.",
        "description": "What Anki's editor shows in it while it is empty.",
        "collapsed": "`true`: Anki's editor shows its name alone.",
        "plain_text": "`true`: Anki's editor shows its HTML.",
    },
    types={"rtl": FLAG, "collapsed": FLAG, "plain_text": FLAG},
)
CARD_IN_ANKI = Shape(
    "an adopted card",
    {},
    {
        "id": "Its number in Anki.",
        "browser_front": "What the list of Anki's browser has for its front, when that is not the front itself.",
        "browser_back": "The same, for its back.",
    },
)


def read_deck_in_anki(fields: Fields, shape: Shape = DECK_IN_ANKI) -> DeckInAnki | None:
    """Return what a deck or section says under `anki`, None where it says nothing that can be read."""
    values = _read(fields, shape)
    if values is None:
        return None
    number, place = _number(values, is_positive=True)
    name, uuid = values.text("name"), values.label("uuid", is_exact=True)
    span = find_first_span(fields.values["anki"])
    return DeckInAnki(number, name, uuid, span, place, _read_preset(values), tuple(_read_card_decks(values)))


def _read_card_decks(fields: Fields) -> Iterator[CardDeck]:
    """Yield the decks that are written for cards of some templates, without those that cannot be read."""
    node, reader = fields.values.get("card_decks"), fields.reader
    if node is None:
        return
    if not isinstance(node, Mapping) or not node.pairs:
        hint = 'write the name of a card, and its deck: `card_decks: {Card 2: {name: "Deck::Name in Anki"}}`'
        reader.wrong_type(node, "a mapping for `card_decks`", hint)
        return
    for key, value in node.pairs[:MAX_ENTRIES]:
        values = reader.fields(value, CARD_DECK)
        if values is None:
            continue
        (number, place), name = _number(values, is_positive=True), values.text("name")
        if name:
            template = Text(normalize("NFC", key.value), key.span)
            yield CardDeck(template, number, name, values.text("description"), place)


def _read_preset(fields: Fields) -> tuple[Text, Text] | None:
    values = fields.reader.fields(fields.values["preset"], PRESET) if "preset" in fields.values else None
    uuid, name = (values.label(key, is_exact=True) for key in ("uuid", "name")) if values else (None, None)
    return (uuid, name) if uuid and name else None


def read_type_in_anki(fields: Fields) -> tuple[TypeInAnki, Text | None] | None:
    """Return what a note type says under `anki`, None where it says nothing; and what it names as its `sort_field`."""
    values = _read(fields, TYPE_IN_ANKI)
    if values is None:
        # A note type is an adopted one by the key, also where what stands under it is broken.
        return (TypeInAnki(), None) if "anki" in fields.values else None
    number, place = _number(values, is_positive=True)
    name, uuid = (values.label(key, is_exact=True) for key in ("name", "uuid"))
    kind = values.whole_number("stock_kind")
    sort_field = values.text("sort_field", "truth value")
    found = TypeInAnki(
        id=number,
        name=normalize("NFC", name.value) if name else None,
        sort_field=sort_field.value if sort_field else "",
        latex_before=_read_latex(values, "latex_before"),
        latex_after=_read_latex(values, "latex_after"),
        is_latex_svg=values.flag("latex_svg"),
        stock_kind=kind[0] if kind else 0,
        uuid=uuid.value if uuid else "",
        crowdanki=_read_unusual(values),
        place=find_first_span(fields.values["anki"]),
        id_place=place,
    )
    return found, sort_field


def _read_unusual(values: Fields) -> UnusualParts | None:
    text = values.text("crowdanki")  # of many fields, longer than a label
    found = read_unusual(text.value) if text else None
    if text and found is None:
        hint = "remove it, or take it back from version control: only `import` writes it"
        values.reader.report("wrong-type", text.span, "`crowdanki` is not what `import` writes", hint)
    return found


def read_field_in_anki(fields: Fields) -> FieldInAnki | None:
    """Return what a field says under `anki`, None where it says nothing that can be read."""
    values = _read(fields, FIELD_IN_ANKI)
    if values is None:
        return None
    usual = FieldInAnki()
    number, _ = _number(values)
    font, size, description = values.label("font"), values.whole_number("size"), values.text("description")
    return FieldInAnki(
        id=number,
        font=font.value if font else usual.font,
        size=size[0] if size else usual.size,
        is_right_to_left=values.flag("rtl"),
        description=description.value if description else "",
        is_collapsed=values.flag("collapsed"),
        is_plain_text=values.flag("plain_text"),
    )


def read_card_in_anki(fields: Fields) -> CardInAnki:
    """Return what a card says under `anki`."""
    values = _read(fields, CARD_IN_ANKI)
    if values is None:
        return CardInAnki()
    return CardInAnki(_number(values)[0], _read_look(values, "browser_front"), _read_look(values, "browser_back"))


def _read_look(values: Fields, key: str) -> str:
    text = values.text(key)
    if text and not is_plain_look(text.value):
        hint = "write the fields that it shows, such as `{{Word}} ({{Reading}})`"
        values.reader.report("wrong-type", text.span, f"`{key}` is no line of plain text", hint)
        return ""
    return text.value if text else ""


def _read(fields: Fields, shape: Shape) -> Fields | None:
    return fields.reader.fields(fields.values["anki"], shape) if "anki" in fields.values else None


def _number(values: Fields, *, is_positive: bool = False) -> tuple[int | None, Span | None]:
    """Return the number under `id` and its place; none after reporting what is no number in Anki."""
    node: Node | None = values.values.get("id")
    if node is None:
        return None, None
    number = int(node.value) if isinstance(node, Scalar) and _NUMBER.fullmatch(node.value) else 0
    if number in _NUMBERS and (number > 0 or (number and not is_positive)):
        return number, node.span
    hint = "write its digits alone, such as `id: 1607392319`, or remove it"
    values.reader.report("bad-number", find_first_span(node), "`id` is no number in Anki", hint)
    return None, None


def _read_latex(values: Fields, key: str) -> str | None:
    """Return what stands around LaTeX, which may be nothing at all."""
    node = values.values.get(key)
    if (
        isinstance(node, Scalar)
        and node.kind == "text"
        and len(node.value) <= MAX_CHARACTERS
        and not node.value.strip()
    ):
        return node.value
    text = values.text(key)
    return text.value if text else None
