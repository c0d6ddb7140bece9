"""The JSON Schema of a deck's own source, for editors: deck.yaml, and files of questions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cardpress.note_types import Field, Holds, NoteType
from cardpress.source.cheat_sheet import GIST_LINES
from cardpress.source.checks import ALLOWED
from cardpress.source.load import DECK
from cardpress.source.note_types.folders import make_pair_shape, make_shape
from cardpress.source.occlusions import OCCLUSION
from cardpress.source.questions import LINK, MEDIA, RETIRED
from cardpress.source.yaml.reading import MAX_ENTRIES, Shape
from cardpress.source.yaml.value_types import (
    CLOZE,
    FLAG,
    ID,
    NUMBER,
    TAGS,
    TEXT,
    AnyOf,
    ListOf,
    MapOf,
    OneOf,
    ValueType,
    choice,
)

JsonObject = dict[str, Any]

_DRAFT = "http://json-schema.org/draft-07/schema#"
_TITLE = "deck.yaml, or a file of questions"
# In meanings: what leads to another place of the documentation, and what is left of a link.
_SEE = re.compile(r":? see \[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def make_schema(note_types: Mapping[str, NoteType]) -> str:
    """Return the text of the schema of a deck that can use these note types."""
    questions = [f"question-{kind}" for kind in note_types]
    definitions: JsonObject = {"kind": choice(*note_types), "deck": _resolve(DECK)}
    for kind, note_type in note_types.items():
        definitions[f"question-{kind}"] = _resolve(_describe_note(note_type))
    for kind in sorted({below for note_type in note_types.values() for below in note_type.below}):
        definitions[f"note-{kind}"] = _resolve(_describe_note(note_types[kind], is_below=True))
    schema = {
        "$schema": _DRAFT,
        "title": _TITLE,
        "anyOf": [
            _refer("deck"),
            {"type": "array", "items": {"anyOf": [_refer(name) for name in questions]}},
        ],
        "definitions": definitions,
    }
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _refer(name: str) -> JsonObject:
    return {"$ref": f"#/definitions/{name}"}


def _describe_note(note_type: NoteType, *, is_below: bool = False) -> Shape:
    """Return the keys of a note, with the types of what stands under them."""
    shape = make_shape(note_type, is_below=is_below)
    shared: dict[str, ValueType] = {
        "id": ID,
        "tags": TAGS,
        "recall": ListOf(OneOf(tuple(_refer(f"note-{kind}") for kind in note_type.below))),
        "gist": GIST_LINES,
        "allow": ALLOWED,
        "retired": RETIRED,
        "note_type": choice(note_type.kind),
    }
    fields = {field.key: _describe_field(field) for field in note_type.written}
    return Shape(shape.name, shape.required, shape.optional, types=shared | fields)


def _describe_field(field: Field) -> ValueType:  # noqa: PLR0911 - one for each kind of value
    least = 1 if field.is_required else 0
    match field.holds:
        case Holds.LINES | Holds.IDS:
            return ListOf(TEXT, least)
        case Holds.PAIRS:
            return ListOf(make_pair_shape(field), least)
        case Holds.LINKS:
            return ListOf(OneOf((TEXT, LINK)), least)
        case Holds.NUMBER:
            return NUMBER
        case Holds.ONE_OF:
            return choice(*field.values)
        case Holds.PICTURE | Holds.AUDIO:
            return OneOf((TEXT, MEDIA))
        case Holds.FLAG:
            return FLAG
        case Holds.OCCLUSION:
            return OCCLUSION
        case Holds.CLOZE:
            return CLOZE
        case _:
            return TEXT


def _resolve(value: ValueType) -> JsonObject:
    """Return the JSON Schema of a type."""
    match value:
        case Shape():
            properties = {key: _explain(meaning, value.types.get(key, TEXT)) for key, meaning in _list_keys(value)}
            required = {"required": list(value.required)} if value.required else {}
            one = {"oneOf" if value.is_exclusive else "anyOf": [{"required": [key]} for key in value.one_of]}
            needs = {"dependencies": {key: [needed] for key, needed in value.needs.items()}}
            return {
                "type": "object",
                **required,
                **(one if value.one_of else {}),
                **(needs if value.needs else {}),
                "properties": properties,
                "additionalProperties": False,
            }
        case ListOf(entry, least):
            fewest = {"minItems": least} if least else {}
            return {"type": "array", "items": _resolve(entry), **fewest, "maxItems": MAX_ENTRIES}
        case OneOf(types):
            return {"anyOf": list(map(_resolve, types))}
        case MapOf(keys, each):
            return {"type": "object", "properties": dict.fromkeys(keys, _resolve(each)), "additionalProperties": False}
        case AnyOf(each):
            return {"type": "object", "minProperties": 1, "additionalProperties": _resolve(each)}
        case _:
            return dict(value)


def _list_keys(shape: Shape) -> Iterator[tuple[str, str]]:
    yield from shape.required.items()
    yield from shape.optional.items()


def _explain(meaning: str, value: ValueType) -> JsonObject:
    """Return the schema of what stands under a key, with what the key means. Beside `$ref`, draft-07 has nothing."""
    made = _resolve(value)
    told = _LINK.sub(r"\1", _SEE.sub("", meaning)).replace("`", "").strip()
    if not told:
        return made
    return {"description": told, **({"allOf": [made]} if "$ref" in made else made)}
