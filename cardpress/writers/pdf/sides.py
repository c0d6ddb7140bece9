"""The two sides of each printed card of a note that has several, or whose card asks more than a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from cardpress.deck.notes import Card, Deck, Note, Occlusion, RichText, is_heard_alone, shows_anything
from cardpress.markdown.gaps import show_gaps
from cardpress.note_types import CLOZES, DELETED, Field, Holds
from cardpress.writers.pdf.heights import JsonObject, is_block

# A text with more gaps has all of them on one card: each card repeats the whole text.
MOST_APART = 20
# A picture with more masks has all of them on one card, and so has a drawing of more bytes for all of its cards: each
# side draws the whole picture with all masks.
MOST_MASKS = 40
_MOST_DRAWN = 4_000_000
# What stands below the answer only where there is room for it.
_LEFT_OUT = (Holds.LINKS, Holds.IDS, Holds.FLAG)

Nodes = list[JsonObject | str]
# Returns the nodes of a text, and those of what a field holds.
MakeText = Callable[[RichText], Nodes]
MakeField = Callable[[Field, Any], Nodes]


def is_plain(note: Note) -> bool:
    """Return whether a note has one card, which asks its text and has the answer behind it."""
    if note.note_type.is_cloze or len(note.note_type.cards) > 1:
        return False
    return all(len(card.asked) == 1 and not card.template.asks_through for card in note.cards())


def is_unheard(card: Card) -> bool:
    """Return whether a card asks nothing that paper shows, such as sounds alone: it is not printed."""
    asked = _without_hints(card)
    if card.asked and not asked:
        return False
    return all(is_heard_alone(content) or not shows_anything(content) for _, content in asked)


def make_sides(
    note: Note, deck: Deck, make_text: MakeText, make_field: MakeField, tell_field: MakeField
) -> list[JsonObject]:
    """Return the sides of a note's cards: `question` and `answer` as nodes, the question `short` in words, the card's
    number, and its name or none. `tell_field` makes what answers, `make_field` all else."""
    return list(_each(note, deck, make_text, make_field, tell_field))


def _each(
    note: Note, deck: Deck, make_text: MakeText, make_field: MakeField, tell_field: MakeField
) -> Iterator[JsonObject]:
    cards = note.cards()
    if _is_too_much(note, deck, len(cards)):
        cards = (cards[0],)
        numbers: tuple[int | None, ...] = (None,)
    else:
        numbers = tuple(card.deletion for card in cards)
    is_one_of_several = len(cards) > 1

    def side(
        parts: tuple[tuple[Field, Any], ...], number: int | None, *, hidden: bool, told: Field | None = None
    ) -> Nodes:
        made: list[Nodes] = []
        for field, content in parts:
            if field.holds in CLOZES:
                made.append(make_text(_show(content, number, hidden=hidden)))
            elif isinstance(content, Occlusion):
                (node,) = make_field(field, content)
                made.append([_mask(node, content, number, hidden=hidden)])
                made += _labels(node, number) if not hidden else []
            elif not field.is_folded and field.holds not in _LEFT_OUT:
                made.append(tell_field(field, content) if field == told else make_field(field, content))
        return _join(made)

    for card, number in zip(cards, numbers, strict=True):
        if is_unheard(card):
            continue
        asked = _without_hints(card)
        gaps = [(field, content) for field, content in asked if field.holds in DELETED]
        hints = tuple(each for each in card.asked if each not in asked)
        name = deck.strings(card.template.name) if number is None else str(number)
        answer = side((*gaps, *card.answered, *hints), number, hidden=False, told=_find_told(gaps, card))
        yield {
            "card": card.number,
            "name": name if is_one_of_several else None,
            "question": side(asked, number, hidden=True),
            # An adopted card may add nothing to what it asks.
            "answer": answer or side(asked, number, hidden=False),
            "short": _say_asked(asked, number),
        }


def _find_told(gaps: list[tuple[Field, Any]], card: Card) -> Field | None:
    """Return the field that answers a card, None where gaps do."""
    return next((field for field, _ in card.answered), None) if not gaps else None


def _say_asked(asked: tuple[tuple[Field, Any], ...], number: int | None) -> str:
    """Return what a front asks in words, which give away no answer: neither a gap nor what another card asks."""
    for field, content in asked:
        if isinstance(content, RichText) and field.holds is not Holds.OCCLUSION:
            text = _show(content, number, hidden=True) if field.holds in CLOZES else content
            if text.plain.strip():
                return text.plain
        elif field.holds in (Holds.NUMBER, Holds.ONE_OF):
            return str(content)
    return ""


def _is_too_much(note: Note, deck: Deck, cards: int) -> bool:
    """Return whether all deletions or masks of a note are printed on one card."""
    if note.masked is None:
        return note.note_type.is_cloze and cards > MOST_APART
    name = note.masked.picture
    size = next((len(each.data) for each in deck.media if each.name == name), 0) if name.lower().endswith(".svg") else 0
    return cards > MOST_MASKS or cards * size > _MOST_DRAWN


def _without_hints(card: Card) -> tuple[tuple[Field, Any], ...]:
    """Return what a front asks, but for what is shown when it is asked for: paper hides nothing but its back."""
    through = card.template.asks_through
    return tuple((field, content) for field, content in card.asked if through.get(field.key) != "hint")


def _show(text: RichText, number: int | None, *, hidden: bool) -> RichText:
    """Return a cloze text as one card shows it."""
    blocks = show_gaps(text.document.blocks, number, hidden=hidden)
    return replace(text, document=replace(text.document, blocks=blocks))


def _mask(node: Any, occlusion: Occlusion, number: int | None, *, hidden: bool) -> JsonObject:
    """Return a picture whose masks look as on one side of a card."""
    masks = []
    for mask in node["masks"]:
        is_asked = number in (None, mask["number"])
        if is_asked or occlusion.hides_all:
            look = ("ask" if hidden else "tell") if is_asked else "hide"
            masks.append({**mask, "look": look, "mark": is_asked and number is None})
    return {**node, "masks": masks}


def _labels(node: Any, number: int | None) -> list[Nodes]:
    """Return what is behind the masks that a card asks, under their numbers where these are several."""
    told = [mask for mask in node["masks"] if number in (None, mask["number"]) and mask["label"]]
    if number is not None:
        return [mask["label"] for mask in told]
    return [[f"{mask['number']} ", *mask["label"]] for mask in told]


def _join(parts: list[Nodes]) -> Nodes:
    """Return what stands on a side. What would stand in a line gets paragraphs where there is more than that."""
    parts = [part for part in parts if part]
    if len(parts) == 1:
        return parts[0]
    return [node for part in parts for node in (part if any(map(is_block, part)) else [{"t": "p", "c": part}])]
