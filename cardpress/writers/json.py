"""The JSON bundle, and the JSON Schema that describes it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from cardpress.deck.notes import Card, Comparison, Deck, Note, Occlusion, RichText
from cardpress.markdown.card_html import CardWriter
from cardpress.note_types import CLOZES, Field, Holds, NoteType
from cardpress.publish.artifact import Artifact
from cardpress.source.bank import Media
from cardpress.source.media.formats import guess_media_type, sniff
from cardpress.source.media.sounds import sniff_sound
from cardpress.wording import say_count
from cardpress.writers import Written

# The version of the format. It changes when programs that read the last one could fail.
FORMAT = 2
_HTML = CardWriter()

JsonObject = dict[str, Any]


def write(deck: Deck) -> Written:
    """Return `<id>.json` and `<id>.schema.json`."""
    bundle = "".join(_lines(make_bundle(deck)))
    schema = json.dumps(make_schema(deck), ensure_ascii=False, indent=1) + "\n"
    count = sum(1 for _ in deck.notes())
    return Written(
        (
            Artifact(f"{deck.id}.json", bundle.encode(), "application/json", say_count(count, "question")),
            Artifact(f"{deck.id}.schema.json", schema.encode(), "application/schema+json", "schema of the bundle"),
        )
    )


def _lines(bundle: JsonObject) -> Iterator[str]:
    """Yield the lines of a bundle: one for each question, section, note type and file, so that each can be compared."""
    dump = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
    opening = "{"
    for key, value in bundle.items():
        rows = ",\n".join(map(dump, value)) if isinstance(value, list) else ""
        yield f"{opening}\n{dump(key)}:" + (f"[\n{rows}\n]" if rows else dump(value))
        opening = ","
    yield "\n}\n"


def make_bundle(deck: Deck) -> JsonObject:
    """Return the bundle as plain data, without keys for what a deck or question does not have."""
    return {
        "format": FORMAT,
        "deck": _present(
            id=deck.id,
            title=deck.title,
            version=deck.version,
            date=deck.date,
            language=deck.language,
            description=deck.description,
            introduction=_rich(deck.introduction),
            comparisons=list(map(_comparison, deck.comparisons)),
            checked=deck.checked,
            authors=list(deck.authors),
            license=deck.license,
            homepage=deck.homepage,
            report_url=deck.report_url,
        ),
        "note_types": [_note_type(each) for each in deck.list_used_types()],
        "sections": [
            _present(id=section.id, title=section.title, description=section.description) for section in deck.sections
        ],
        "questions": [_question(note) for note in deck.notes()],
        "media": [_media(picture) for picture in deck.media],
    }


def _present(**values: Any) -> JsonObject:
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _rich(text: RichText | None) -> JsonObject | None:
    return {"markdown": text.markdown, "html": text.html(_HTML), "text": text.plain} if text else None


def _note_type(note_type: NoteType) -> JsonObject:
    fields = [
        _present(
            key=field.key,
            name=field.name,
            holds=str(field.holds),
            label=field.label,
            language=field.language,
            required=field.is_required or None,
            folded=field.is_folded or None,
            personal=field.is_personal or None,
            values=list(field.values),
            parts=[{"key": part.key, "label": part.label} for part in field.parts],
        )
        for field in note_type.keyed
    ]
    cards = [
        {"name": card.name, "asks": [_present(key=key, through=card.asks_through.get(key)) for key in card.asks]}
        | _present(when=card.when, typed=card.typed, typed_when=card.typed_when)
        | {"answers": [_present(key=key, through=card.answers_through.get(key)) for key in card.answers]}
        for card in note_type.cards
    ]
    return _present(
        kind=note_type.kind,
        title=note_type.title,
        noun=note_type.noun,
        below=list(note_type.below),
        gaps=note_type.is_cloze or None,
        fields=fields,
        cards=cards,
    )


def _card(card: Card) -> JsonObject:
    return _present(number=card.number, name=card.template.name, typed=card.typed and card.typed[0].key)


def _question(note: Note) -> JsonObject:
    gist, recall = list(map(_rich, note.gist)), [_note(recall) for recall in note.recall]
    return _note(note, section=note.section) | _present(gist=gist, recall=recall)


def _comparison(comparison: Comparison) -> JsonObject:
    title, table = _rich(comparison.title), _rich(comparison.table)
    return _present(title=title, table=table, section=comparison.section)


def _note(note: Note, **facts: str) -> JsonObject:
    contents = {key: _content(note.note_type.field(key), content) for key, content in note.contents.items()}
    cards = list(map(_card, note.cards()))
    kind = note.note_type.kind
    return _present(id=note.id, guid=note.guid, note_type=kind, **facts, **contents, tags=list(note.tags), cards=cards)


def _content(field: Field, content: Any) -> Any:  # noqa: PLR0911 - one for each kind of content
    match field.holds:
        case Holds.LINE | Holds.TEXT | Holds.CLOZE:
            return _rich(content)
        case Holds.HTML | Holds.HTML_CLOZE:
            return {"html": content.html(_HTML), "text": content.plain}
        case Holds.PICTURE | Holds.AUDIO:
            (node,) = content.nodes
            return {"file": node.name, "description": node.description}
        case Holds.OCCLUSION:
            return _occlusion(content)
        case Holds.LINES:
            return list(map(_rich, content))
        case Holds.PAIRS:
            return [{key: _rich(text) for key, text in pair.items()} for pair in content]
        case Holds.SNIPPET:
            return content.block.text
        case Holds.LINKS:
            return [_present(title=link.title, url=link.url) for link in content]
        case Holds.OUTPUT | Holds.NUMBER | Holds.ONE_OF | Holds.FLAG:
            return content
        case Holds.IDS:
            return list(content)
        case _:
            raise TypeError(f"notes hold no {field.holds}")


def _occlusion(occlusion: Occlusion) -> JsonObject:
    return {
        "picture": occlusion.picture,
        "width": occlusion.width,
        "height": occlusion.height,
        "hide": "all" if occlusion.hides_all else "one",
        "masks": [
            _present(
                id=mask.id,
                number=mask.number,
                rects=[[box.left, box.top, box.width, box.height] for box in mask.boxes],
                label=_rich(mask.label),
            )
            for mask in occlusion.masks
        ],
    }


def _media(picture: Media) -> JsonObject:
    return {
        "name": picture.name,
        "media_type": sniff(picture.data) or sniff_sound(picture.data) or guess_media_type(picture.name),
        "sha256": hashlib.sha256(picture.data).hexdigest(),
        "base64": base64.b64encode(picture.data).decode(),
    }


# --- the schema: JSON Schema 2020-12 ----------------------------------------------------------------------------

_TEXT: JsonObject = {"type": "string", "minLength": 1}
_MARKDOWN: JsonObject = {"$ref": "#/$defs/markdown"}


def _object(required: JsonObject, optional: JsonObject | None = None, **more: Any) -> JsonObject:
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


def _list(items: JsonObject) -> JsonObject:
    return {"type": "array", "items": items, "minItems": 1}


_MEDIA = _object({"file": _TEXT, "description": _TEXT}, description="The name of one of `media`, and words for it.")
_PART: JsonObject = {"type": "number", "minimum": 0, "maximum": 1}
_LENGTH: JsonObject = {"type": "number", "exclusiveMinimum": 0}
_OCCLUSION = _object(
    {
        "picture": _TEXT,
        "width": _LENGTH,
        "height": _LENGTH,
        "hide": {"enum": ["all", "one"]},
        "masks": _list(
            _object(
                {
                    "id": _TEXT,
                    "number": {"type": "integer", "minimum": 1},
                    "rects": _list({"type": "array", "items": _PART, "minItems": 4, "maxItems": 4}),
                },
                {"label": _MARKDOWN},
            )
        ),
    },
    description="A picture of `media`, its size in pixels, and its masks: left, top, width and height as parts of the "
    "whole, and the number of each one's card. `hide` says whether a card hides what all masks hide.",
)
_YES: JsonObject = {"const": True}
_NUMBER: JsonObject = {"type": "integer", "minimum": 1}
_CARD = _object(
    {"number": _NUMBER, "name": _TEXT},
    {"typed": _TEXT},
    description="A card that Anki makes of the note: its number, which for a text with gaps is that of those that it "
    "hides; the name of its card template; and the key of what is typed.",
)
_SHOWN = _object(
    {"key": _TEXT}, {"through": _TEXT}, description="A field that a side shows, and the filter of Anki's before it."
)
_NOTE_TYPE = _object(
    {
        "kind": _TEXT,
        "title": _TEXT,
        "noun": _TEXT,
        "fields": _list(
            _object(
                {"key": _TEXT, "name": _TEXT, "holds": {"enum": [str(each) for each in Holds]}},
                {
                    "label": _TEXT,
                    "language": _TEXT,
                    "required": _YES,
                    "folded": _YES,
                    "personal": _YES,
                    "values": _list(_TEXT),
                    "parts": _list(_object({"key": _TEXT, "label": _TEXT})),
                },
                description="A field: its key on notes, its name in Anki, and what it holds.",
            )
        ),
        "cards": _list(
            _object(
                {
                    "name": _TEXT,
                    "asks": {"type": "array", "items": _SHOWN},
                    "answers": {"type": "array", "items": _SHOWN},
                },
                {"when": _TEXT, "typed": _TEXT, "typed_when": _TEXT},
                description="A card template: what its sides show; `when` and `typed_when` are keys of flags.",
            )
        ),
    },
    {"below": _list(_TEXT), "gaps": _YES},
    description="A kind of note. With `gaps`, Anki makes a card for each number of a text's gaps or a picture's masks.",
)
_LINK = _object({"title": _TEXT}, {"url": {"type": "string", "format": "iri"}})


def _value_schema(field: Field) -> JsonObject:  # noqa: PLR0911, PLR0912 - one for each kind of content
    match field.holds:
        case Holds.LINE | Holds.TEXT | Holds.CLOZE:
            return _MARKDOWN
        case Holds.OCCLUSION:
            return _OCCLUSION
        case Holds.LINES:
            return _list(_MARKDOWN)
        case Holds.PAIRS:
            return _list(_object({part.key: _MARKDOWN for part in field.parts}))
        case Holds.SNIPPET | Holds.OUTPUT:
            return _TEXT
        case Holds.LINKS:
            return _list(_LINK)
        case Holds.NUMBER:
            return {"type": "integer", "minimum": 1}
        case Holds.ONE_OF:
            return {"enum": list(field.values)}
        case Holds.IDS:
            return _list(_TEXT)
        case Holds.HTML | Holds.HTML_CLOZE:
            return _object({"html": {"type": "string"}, "text": {"type": "string"}})
        case Holds.PICTURE | Holds.AUDIO:
            return _MEDIA
        case Holds.FLAG:
            return {"const": True}
        case _:
            raise TypeError(f"notes hold no {field.holds}")


def _note_schema(note_type: NoteType, *, is_question: bool) -> JsonObject:
    """Return the schema of a note type's notes, as questions or as recall notes below one."""
    identity = {"id": _TEXT, "guid": _TEXT}
    identity |= {"note_type": {"const": note_type.kind}}
    place = {"section": _TEXT} if is_question else {}
    fields = [(field, _value_schema(field)) for field in note_type.written]
    required = {field.key: value for field, value in fields if field.is_required}
    optional = {field.key: value for field, value in fields if not field.is_required}
    below = [_reference(kind, is_question=False) for kind in note_type.below]
    recall = {"recall": _list(_any_of(below))} if below and is_question else {}
    gist = {"gist": _list(_MARKDOWN)} if is_question else {}
    deletion = 'In `html`, a deletion is `<mark class="cloze" data-cloze="1">`, in a formula an `<mrow>` with the same.'
    gaps = {"description": f"{deletion} The `alttext` of a formula tells what they hold."}
    has_gaps = any(field.holds in CLOZES for field in note_type.keyed)
    return _object(
        identity | place | required,
        optional | {"tags": _list(_TEXT), "cards": _list(_CARD)} | gist | recall,
        **(gaps if has_gaps else {}),
    )


def _reference(kind: str, *, is_question: bool) -> JsonObject:
    return {"$ref": f"#/$defs/{'question' if is_question else 'note'}-{kind}"}


def _any_of(schemas: list[JsonObject]) -> JsonObject:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def make_schema(deck: Deck) -> JsonObject:
    """Return the JSON Schema of a deck's bundle."""
    below = {kind for note_type in deck.note_types for kind in note_type.below}
    asked = {note.note_type.kind for note in deck.notes()}
    questions = [each for each in deck.note_types if each.kind in asked or each.kind not in below]
    kinds = {f"question-{each.kind}": _note_schema(each, is_question=True) for each in questions}
    kinds |= {
        f"note-{each.kind}": _note_schema(each, is_question=False) for each in deck.note_types if each.kind in below
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{deck.id}.json, format {FORMAT}",
        **_object(
            {
                "format": {"const": FORMAT},
                "deck": {"$ref": "#/$defs/deck"},
                "note_types": {"type": "array", "items": {"$ref": "#/$defs/note-type"}},
                "sections": {"type": "array", "items": {"$ref": "#/$defs/section"}},
                "questions": {
                    "type": "array",
                    "items": _any_of([_reference(each.kind, is_question=True) for each in questions]),
                },
                "media": {"type": "array", "items": {"$ref": "#/$defs/media"}},
            }
        ),
        "$defs": {
            "markdown": _object(
                {"markdown": _TEXT, "html": {"type": "string"}, "text": {"type": "string"}},
                description="A Markdown text as written, as safe HTML, and as a person reads it.",
            ),
            "deck": _object(
                {"id": _TEXT, "title": _TEXT, "version": _TEXT, "date": {"type": "string", "format": "date"}}
                | {"language": _TEXT},
                {
                    "description": _TEXT,
                    "introduction": _MARKDOWN,
                    "comparisons": _list({"$ref": "#/$defs/comparison"}),
                    "checked": _TEXT,
                    "authors": _list(_TEXT),
                    "license": _TEXT,
                }
                | {"homepage": {"type": "string", "format": "iri"}, "report_url": _TEXT},
            ),
            "note-type": _NOTE_TYPE,
            "section": _object({"id": _TEXT, "title": _TEXT}, {"description": _TEXT}),
            "comparison": _object(
                {"title": _MARKDOWN, "table": _MARKDOWN},
                {"section": _TEXT},
                description="A table of the cheat sheet, as `gist` has the points of a question there.",
            ),
            **kinds,
            "media": _object(
                {
                    "name": _TEXT,
                    "media_type": {"type": "string", "pattern": "^(image|audio)/"},
                    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                    "base64": {"type": "string", "contentEncoding": "base64"},
                },
                description="A picture or a sound, under the name that `src` in the HTML gives it.",
            ),
        },
    }
