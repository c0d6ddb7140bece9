"""A deck as it was before cardpress: what a package or a CrowdAnki folder holds, by the words of its author.

Everything has the values that learners have: texts are HTML as Anki stores it, names are Anki's, times are seconds
since 1970 UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cardpress.note_types.in_anki import USUAL_FONT, USUAL_SIZE


@dataclass(frozen=True, slots=True)
class OriginalField:
    """A field: its name, its number where it has one, and how Anki's editor shows it."""

    name: str
    id: int | None = None
    font: str = USUAL_FONT
    size: int = USUAL_SIZE
    is_right_to_left: bool = False
    description: str = ""
    is_collapsed: bool = False
    is_plain_text: bool = False


@dataclass(frozen=True, slots=True)
class OriginalCard:
    """A card template: its name, its number where it has one, and its two sides, in windows and in the browser's list.

    `browser_front` and `browser_back` are "" where the list has the sides themselves.
    """

    name: str
    front: str
    back: str
    id: int | None = None
    browser_front: str = ""
    browser_back: str = ""


@dataclass(frozen=True, slots=True)
class OriginalType:
    """A note type, known by `key` to the notes of the same original.

    `id` is its number in Anki, None where the original has none; `uuid` is what CrowdAnki knows it by, "" elsewhere.
    `crowdanki` has what a CrowdAnki folder says of fields and cards beside these, as JSON (`UnusualParts`).
    `sort_field` is a place in `fields`, from 0. `stock_kind` is the kind of Anki's own note types that it was made as,
    0 for none: 6 has masks on pictures.
    """

    key: str
    id: int | None
    name: str
    is_cloze: bool
    fields: tuple[OriginalField, ...]
    cards: tuple[OriginalCard, ...]
    css: str
    modified: int
    sort_field: int = 0
    latex_before: str = ""
    latex_after: str = ""
    is_latex_svg: bool = False
    stock_kind: int = 0
    uuid: str = ""
    crowdanki: str = ""


@dataclass(frozen=True, slots=True)
class OriginalDeck:
    """A deck: its full name, such as `Languages::Spanish`, its description in HTML, and its number and CrowdAnki's id.

    `preset_uuid` and `preset_name` are those of its preset of options in CrowdAnki, "" elsewhere: under another id, an
    import would put a learner's deck under another preset.
    """

    name: str
    id: int | None = None
    description: str = ""
    uuid: str = ""
    preset_uuid: str = ""
    preset_name: str = ""


@dataclass(frozen=True, slots=True)
class OriginalNote:
    """A note: its fields in its note type's order, its tags in theirs, and its cards.

    `cards` has for each card its number from 1, as Anki's `ord` + 1, and the full name of its deck; cards in filtered
    decks are where they come from. `modified` is None where the original does not say.
    """

    guid: str
    type_key: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    modified: int | None
    cards: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Original:
    """A whole deck. `form` says in words what it was read from, such as `an Anki package (.apkg, 2022 and newer)`.

    `media` has what its files hold by their names in Anki, each read when it is asked for. `remarks` has what is wrong
    with the original itself and was passed over, a sentence each, such as a note without a note type.
    """

    form: str
    decks: tuple[OriginalDeck, ...]
    note_types: tuple[OriginalType, ...]
    notes: tuple[OriginalNote, ...]
    media: Mapping[str, bytes]
    remarks: tuple[str, ...] = ()


class OriginalError(Exception):
    """What cannot be taken over at all. The message says why, in a line, without the name of the file."""
