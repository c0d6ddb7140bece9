"""Reads what a package says of its note types and decks, from Anki's JSON or from its tables.

Both become the same values, with names as Anki keeps them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from cardpress.anki.original import OriginalCard, OriginalDeck, OriginalField, OriginalType
from cardpress.anki.packages.archive import PackageError, read_json
from cardpress.anki.packages.database import has_tables_of_types
from cardpress.anki.packages.names import (
    clean_deck_name,
    clean_field_name,
    clean_text,
    clean_type_name,
    make_unique,
)
from cardpress.anki.packages.protobuf import Message, ProtobufError, read_message
from cardpress.note_types.in_anki import USUAL_FONT, USUAL_SIZE, is_plain_look

# Decks of a package, its note types, and fields or card templates of a note type.
_MOST_DECKS = 10_000
_MOST_TYPES = 1_000
_MOST_PARTS = 1_000
# Characters of the name of any of them.
_LONGEST_NAME = 1_000
_MOST_ROWS = 1_000_000
_MOST_NUMBER = 1 << 63
_LEVELS = "\x1f"
_CLOZE = 1
# The name of a field or a card template, and its message.
_Part = tuple[str, Message]


@dataclass(frozen=True, slots=True)
class PackedType:
    """A note type of a package. `left_out` has what Anki knows of it and an `OriginalType` does not, in words."""

    type: OriginalType
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackedDeck:
    """A deck of a package; a filtered one has cards of others for a time."""

    deck: OriginalDeck
    is_filtered: bool
    is_markdown: bool


def read_note_types(connection: sqlite3.Connection) -> dict[int, PackedType]:
    """Return the note types of a package by their numbers. Raises PackageError when one has not the form of Anki's."""
    with _naming_errors("note types"):
        found = _read_type_tables(connection) if has_tables_of_types(connection) else _read_models(connection)
        names = make_unique((each.type.name for each in found.values()), "_")
        return {
            number: replace(each, type=replace(each.type, id=number, key=str(number), name=name))
            for (number, each), name in zip(found.items(), names, strict=True)
        }


def read_decks(connection: sqlite3.Connection) -> dict[int, PackedDeck]:
    """Return the decks of a package by their numbers. Raises PackageError when one has not the form of Anki's."""
    with _naming_errors("decks"):
        return _read_deck_table(connection) if has_tables_of_types(connection) else _read_deck_json(connection)


def read_model(model: Mapping[str, Any]) -> PackedType:
    """Return a note type from Anki's JSON. Raises ValueError, KeyError or TypeError when it is none.

    CrowdAnki writes the same JSON, without a number.
    """
    number = _optional_number(model.get("id"))
    fields, cards = _mappings(model["flds"]), _mappings(model["tmpls"])
    read = OriginalType(
        key=str(number),
        id=number,
        name=_name(model["name"]),
        is_cloze=_number(model.get("type", 0)) == _CLOZE,
        fields=tuple(
            OriginalField(
                name=_name(field["name"]),
                id=_optional_number(field.get("id")),
                font=_text_or(field.get("font"), USUAL_FONT),
                size=_number_or(field.get("size"), USUAL_SIZE),
                is_right_to_left=bool(field.get("rtl")),
                description=_text_or(field.get("description"), ""),
                is_collapsed=bool(field.get("collapsed")),
                is_plain_text=bool(field.get("plainText")),
            )
            for field in fields
        ),
        cards=tuple(
            OriginalCard(
                name=_name(card["name"]),
                front=_text(card["qfmt"]),
                back=_text_or(card.get("afmt"), ""),
                id=_optional_number(card.get("id")),
                browser_front=_look(card.get("bqfmt")),
                browser_back=_look(card.get("bafmt")),
            )
            for card in cards
        ),
        css=_text_or(model.get("css"), ""),
        modified=_number_or(model.get("mod"), 0),
        sort_field=_number_or(model.get("sortf"), 0),
        latex_before=_text_or(model.get("latexPre"), ""),
        latex_after=_text_or(model.get("latexPost"), ""),
        is_latex_svg=bool(model.get("latexsvg")),
        stock_kind=_number_or(model.get("originalStockKind"), 0),
    )
    has_look = any(
        card.get("bfont") or not (_is_look(card.get("bqfmt")) and _is_look(card.get("bafmt"))) for card in cards
    )
    return PackedType(_clean(read), tuple(_say_left_out(has_look, any(card.get("did") for card in cards))))


def _read_models(connection: sqlite3.Connection) -> dict[int, PackedType]:
    """Return the note types of the table `col`, in the order of their numbers."""
    models = _read_column(connection, "models", "note types", _MOST_TYPES)
    return {number: read_model(models[number]) for number in sorted(models)}


def _read_deck_json(connection: sqlite3.Connection) -> dict[int, PackedDeck]:
    """Return the decks of the table `col`."""
    return {
        number: PackedDeck(
            OriginalDeck(clean_deck_name(_name(deck["name"])), number, clean_text(_text_or(deck.get("desc"), ""))),
            is_filtered=bool(deck.get("dyn")),
            is_markdown=bool(deck.get("md")),
        )
        for number, deck in sorted(_read_column(connection, "decks", "decks", _MOST_DECKS).items())
    }


def _read_column(connection: sqlite3.Connection, name: str, what: str, most: int) -> dict[int, Mapping[str, Any]]:
    """Return what a column of the table `col` has in JSON, by its numbers."""
    row = connection.execute(f"select {name} from col limit 1").fetchone()  # noqa: S608 - our own columns
    found = read_json(_text(row[0] if row else "")).items()
    if len(found) > most:
        raise PackageError(f"it has more than {most:,} {what}")
    return {_number(number): each for number, each in found}


def _read_type_tables(connection: sqlite3.Connection) -> dict[int, PackedType]:
    """Return the note types of the tables that the latest format has."""
    query = "select id, name, mtime_secs, config from notetypes order by id limit ?"
    rows = connection.execute(query, (_MOST_TYPES + 1,)).fetchall()
    if len(rows) > _MOST_TYPES:
        raise PackageError(f"it has more than {_MOST_TYPES:,} note types")
    fields, cards = (
        _group(connection.execute(query, (_MOST_ROWS,)))
        for query in (
            "select ntid, name, config from fields order by ntid, ord limit ?",
            "select ntid, name, config from templates order by ntid, ord limit ?",
        )
    )
    return {
        number: _read_config(name, modified, read_message(config), fields.get(number, ()), cards.get(number, ()))
        for number, name, modified, config in rows
    }


def _read_config(
    name: str, modified: int, config: Message, fields: Sequence[_Part], cards: Sequence[_Part]
) -> PackedType:
    """Return a note type from its messages. The numbers are those of Anki's `notetypes.proto`."""
    read = OriginalType(
        key="",
        id=None,
        name=_name(name),
        is_cloze=config.number(1) == _CLOZE,
        fields=tuple(
            OriginalField(
                name=_name(field_name),
                id=field.optional_number(9),
                font=field.text(3),
                size=field.number(4),
                is_right_to_left=bool(field.number(2)),
                description=field.text(5),
                is_collapsed=bool(field.number(7)),
                is_plain_text=bool(field.number(6)),
            )
            for field_name, field in fields
        ),
        cards=tuple(
            OriginalCard(
                name=_name(card_name),
                front=card.text(1),
                back=card.text(2),
                id=card.optional_number(8),
                browser_front=_look(card.text(3)),
                browser_back=_look(card.text(4)),
            )
            for card_name, card in cards
        ),
        css=config.text(3),
        modified=_number(modified),
        sort_field=config.number(2),
        latex_before=config.text(5),
        latex_after=config.text(6),
        is_latex_svg=bool(config.number(7)),
        stock_kind=config.number(9),
    )
    has_look = any(card.data(6) or not (_is_look(card.text(3)) and _is_look(card.text(4))) for _, card in cards)
    return PackedType(_clean(read), tuple(_say_left_out(has_look, any(card.number(5) for _, card in cards))))


def _read_deck_table(connection: sqlite3.Connection) -> dict[int, PackedDeck]:
    """Return the decks of the table that the latest format has."""
    rows = connection.execute("select id, name, kind from decks order by id limit ?", (_MOST_DECKS + 1,)).fetchall()
    if len(rows) > _MOST_DECKS:
        raise PackageError(f"it has more than {_MOST_DECKS:,} decks")
    decks = {}
    for number, name, kind in rows:
        container = read_message(kind)
        normal, is_filtered = container.message(1), container.message(2) is not None
        description = normal.text(4) if normal else ""
        # A level's name is cleaned alone: in it, two colons part nothing.
        full = "::".join(map(clean_deck_name, _name(name).split(_LEVELS)))
        decks[number] = PackedDeck(
            OriginalDeck(full, number, clean_text(description)), is_filtered, bool(normal and normal.number(5))
        )
    return decks


def _group(rows: Iterable[tuple[int, str, bytes]]) -> dict[int, list[_Part]]:
    """Return names and messages of fields or card templates, by the numbers of their note types."""
    found: dict[int, list[_Part]] = {}
    for number, name, config in rows:
        found.setdefault(number, []).append((name, read_message(config)))
    return found


def _look(value: object) -> str:
    """Return how Anki's browser shows a side of a card in its list, "" where it shows the side itself."""
    return value if isinstance(value, str) and is_plain_look(value) else ""


def _is_look(value: object) -> bool:
    return not value or _look(value) != ""


def _say_left_out(has_look: object, has_decks: object) -> Iterator[str]:
    """Yield what an `OriginalType` does not have, in words."""
    if has_look:
        yield "how its cards look in the list of Anki's browser"
    if has_decks:
        yield "decks that are set for its card templates"


def _clean(read: OriginalType) -> OriginalType:
    """Return a note type with the names that Anki gives it. Raises PackageError when it has too many parts, or none."""
    for what, parts in (("fields", read.fields), ("card templates", read.cards)):
        if not 1 <= len(parts) <= _MOST_PARTS:
            raise PackageError(f"a note type in it has {len(parts):,} {what}; 1 to {_MOST_PARTS:,} are allowed")
    fields = make_unique(clean_field_name(each.name) for each in read.fields)
    cards = make_unique(clean_type_name(each.name) for each in read.cards)
    name = clean_type_name(read.name)
    if not all((name, *fields, *cards)):
        raise PackageError("a note type in it has no name, or a field or a card template of it has none")
    return replace(
        read,
        name=name,
        fields=tuple(replace(each, name=new) for each, new in zip(read.fields, fields, strict=True)),
        cards=tuple(replace(each, name=new) for each, new in zip(read.cards, cards, strict=True)),
        sort_field=min(max(read.sort_field, 0), len(fields) - 1),
    )


@contextmanager
def _naming_errors(what: str) -> Iterator[None]:
    try:
        yield
    except (ProtobufError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        why = f" ({error})" if isinstance(error, ProtobufError) else ""
        raise PackageError(f"it does not say what {what} it has, as Anki does{why}") from error


def _mappings(value: object) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ValueError("no list of objects")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value


def _name(value: object) -> str:
    name = _text(value)
    if len(name) > _LONGEST_NAME:
        raise PackageError(f"a name in it has more than {_LONGEST_NAME:,} characters")
    return name


def _text_or(value: object, default: str) -> str:
    return value if isinstance(value, str) else default


def _number(value: object) -> int:
    """Return a whole number that a database can have, also where it is written as a text."""
    number = int(value) if isinstance(value, (int, float, str)) else None
    if number is None or not -_MOST_NUMBER <= number < _MOST_NUMBER:
        raise ValueError("no number")
    return number


def _number_or(value: object, default: int) -> int:
    with suppress(ValueError, OverflowError):
        return _number(value)
    return default


def _optional_number(value: object) -> int | None:
    with suppress(ValueError, OverflowError):
        return _number(value)
    return None
