"""What Anki gets of a note type, in the words of its own JSON: a package has it, and so has a folder for CrowdAnki."""

from __future__ import annotations

from typing import Any

from cardpress.anki.card_templates import fill_card_template, write_spare_card
from cardpress.deck.names import clean_name, disarm_name
from cardpress.deck.notes import Deck
from cardpress.note_types import Field, NoteType, Spare
from cardpress.note_types.in_anki import CLOZE_KIND, OCCLUSION_KIND, USUAL_FONT, CardInAnki, FieldInAnki, TypeInAnki

JsonObject = dict[str, Any]

# What Anki knows the first fields of its own note types by, beside the kind of note type that these were made as: how
# many have tags, and how many of them its editor needs (its `rslib/src/notetype/stock.rs`, `image_occlusion/`).
_TAGGED = {CLOZE_KIND: (2, 1), OCCLUSION_KIND: (5, 4)}


def write_name(deck: Deck, note_type: NoteType) -> str:
    """Return a note type's name in Anki. One that learners have has that, whatever Anki makes of other titles."""
    name = deck.type_names[note_type.kind]
    return disarm_name(name if note_type.anki and note_type.anki.name == name else clean_name(name))


def write_fields(deck: Deck, note_type: NoteType) -> list[JsonObject]:
    """Return a note type's fields, each with a permanent id, so that a rename is no conflict."""
    tagged = _TAGGED.get(_find_kind(note_type), (0, 0))
    return [
        {"name": field.name, "id": note_type.field_id(deck.id, field)} | _mark_field(field, place, *tagged)
        for place, field in enumerate(note_type.fields)
    ]


def _mark_field(field: Field, place: int, tagged: int, needed: int) -> JsonObject:
    """Return what Anki shall know of a field at a place, from 0, besides its name."""
    mark = _describe_field(field.anki) if field.anki else {"font": USUAL_FONT}
    if place < tagged:
        return mark | {"tag": place, "preventDeletion": place < needed}
    # Anki's editor shows a collapsed field as its name alone.
    return mark | ({"collapsed": True} if isinstance(field.holds, Spare) else {})


def _describe_field(anki: FieldInAnki) -> JsonObject:
    """Return how Anki's editor shows a field that learners have."""
    more = {"description": anki.description, "collapsed": anki.is_collapsed, "plainText": anki.is_plain_text}
    shown = {"font": anki.font, "size": anki.size, "rtl": anki.is_right_to_left}
    return shown | {key: value for key, value in more.items() if value}


def write_cards(deck: Deck, note_type: NoteType) -> list[JsonObject]:
    """Return a note type's card templates, each with a permanent id, without those that make no card yet."""
    return [
        {"name": disarm_name(card.name), "qfmt": front, "afmt": back, "id": note_type.template_id(deck.id, card)}
        | _describe_card(card.anki)
        for card in note_type.cards
        for front, back in (fill_card_template(deck, note_type, card),)
    ]


def _describe_card(anki: CardInAnki) -> JsonObject:
    """Return how the list of Anki's browser has a card that learners have."""
    looks = {"bqfmt": anki.browser_front, "bafmt": anki.browser_back}
    return {key: text for key, text in looks.items() if text}


def write_spare_cards(deck: Deck, note_type: NoteType) -> list[JsonObject]:
    """Return the card templates that make no card, until a later release uses them."""
    return [
        {"name": name, "qfmt": front, "afmt": back, "id": note_type.spare_card_id(deck.id, name)}
        for name in note_type.spare_cards
        for front, back in (write_spare_card(note_type, name),)
    ]


def describe_type(note_type: NoteType) -> JsonObject:
    """Return what Anki shall know of a note type beside its parts, as far as that is not the usual."""
    anki = note_type.anki or TypeInAnki()
    latex = {"latexPre": anki.latex_before, "latexPost": anki.latex_after, "latexsvg": anki.is_latex_svg or None}
    kind = _find_kind(note_type)
    more = {key: value for key, value in latex.items() if value is not None}
    return more | ({"originalStockKind": kind} if kind else {})


def _find_kind(note_type: NoteType) -> int:
    """Return the kind of Anki's own note types that a note type was made as, 0 for none."""
    return OCCLUSION_KIND if note_type.has_masks else note_type.anki.stock_kind if note_type.anki else 0


def find_sort_field(note_type: NoteType) -> int:
    """Return the place of the field that Anki's browser sorts by, from 0."""
    keys = [field.key for field in note_type.fields]
    wanted = note_type.anki.sort_field if note_type.anki else ""
    return keys.index(wanted) if wanted and wanted in keys else 0
