"""The JSON bundle, and the JSON Schema that describes it."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cardpress.deck.notes import ClozeNote, Code, Deck, InterviewNote, RecallNote, RichText
from cardpress.markdown.card_html import CardWriter
from cardpress.publish.artifact import Artifact
from cardpress.source.bank import LEVELS, Media
from cardpress.source.media import guess_media_type
from cardpress.wording import say_count
from cardpress.writers import Written

# The version of the format. It changes when programs that read the last one could fail.
FORMAT = 1
_HTML = CardWriter()

JsonObject = dict[str, Any]


def write(deck: Deck) -> Written:
    """Return `<id>.json` and `<id>.schema.json`."""
    bundle = json.dumps(make_bundle(deck), ensure_ascii=False, indent=1) + "\n"
    schema = json.dumps(make_schema(deck.id), ensure_ascii=False, indent=1) + "\n"
    count = sum(1 for _ in deck.notes())
    return Written(
        (
            Artifact(f"{deck.id}.json", bundle.encode(), "application/json", say_count(count, "question")),
            Artifact(f"{deck.id}.schema.json", schema.encode(), "application/schema+json", "schema of the bundle"),
        )
    )


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
            checked=deck.checked,
            authors=list(deck.authors),
            license=deck.license,
            homepage=deck.homepage,
            report_url=deck.report_url,
        ),
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


def _snippet(code: Code | None) -> str | None:
    return code.block.text if code else None


def _question(note: InterviewNote) -> JsonObject:
    return _present(
        id=note.id,
        guid=note.guid,
        section=note.section,
        number=note.number,
        level=note.level,
        question=_rich(note.question),
        answer=_rich(note.answer),
        key_points=[_rich(point) for point in note.key_points],
        snippet=_snippet(note.code),
        output=note.output,
        how_to_answer=_rich(note.how_to_answer),
        example_answer=_rich(note.example_answer),
        pitfalls=[{"claim": _rich(pitfall.claim), "truth": _rich(pitfall.truth)} for pitfall in note.pitfalls],
        sources=[{"title": source.title, "url": source.url} for source in note.sources],
        tags=list(note.tags),
        see_also=list(note.see_also),
        extra=_rich(note.extra),
        recall=[_recall(recall) for recall in note.recall],
    )


def _recall(note: RecallNote | ClozeNote) -> JsonObject:
    if isinstance(note, ClozeNote):
        asked: JsonObject = {"cloze": _rich(note.text)}
    else:
        asked = {"question": _rich(note.question), "answer": _rich(note.answer)}
    extra, snippet = _rich(note.extra), _snippet(note.code)
    return _present(id=note.id, guid=note.guid, **asked, extra=extra, snippet=snippet, tags=list(note.tags))


def _media(picture: Media) -> JsonObject:
    return {
        "name": picture.name,
        "media_type": guess_media_type(picture.name),
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


def make_schema(deck_id: str) -> JsonObject:
    """Return the JSON Schema of a deck's bundle."""
    note = {"id": _TEXT, "guid": {"type": "string", "pattern": "^[A-Za-z0-9_-]{16}$"}}
    link = _object({"title": _TEXT, "url": {"type": "string", "format": "iri"}})
    shared = {"extra": _MARKDOWN, "snippet": _TEXT, "tags": _list(_TEXT)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{deck_id}.json, format {FORMAT}",
        **_object(
            {
                "format": {"const": FORMAT},
                "deck": {"$ref": "#/$defs/deck"},
                "sections": {"type": "array", "items": {"$ref": "#/$defs/section"}},
                "questions": {"type": "array", "items": {"$ref": "#/$defs/question"}},
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
                    "checked": _TEXT,
                    "authors": _list(_TEXT),
                    "license": _TEXT,
                }
                | {"homepage": {"type": "string", "format": "iri"}, "report_url": _TEXT},
            ),
            "section": _object({"id": _TEXT, "title": _TEXT}, {"description": _TEXT}),
            "question": _object(
                note | {"section": _TEXT, "question": _MARKDOWN, "answer": _MARKDOWN},
                {
                    "number": {"type": "integer", "minimum": 1},
                    "level": {"enum": list(LEVELS)},
                    "key_points": _list(_MARKDOWN),
                    "output": _TEXT,
                    "how_to_answer": _MARKDOWN,
                    "example_answer": _MARKDOWN,
                    "pitfalls": _list(_object({"claim": _MARKDOWN, "truth": _MARKDOWN})),
                    "sources": _list(link),
                    "see_also": _list(_TEXT),
                    "recall": _list({"oneOf": [{"$ref": "#/$defs/recall"}, {"$ref": "#/$defs/cloze"}]}),
                }
                | shared,
            ),
            "recall": _object(note | {"question": _MARKDOWN, "answer": _MARKDOWN}, shared),
            "cloze": _object(
                note | {"cloze": _MARKDOWN},
                shared,
                description='In `html`, a deletion is `<mark class="cloze" data-cloze="1">`.',
            ),
            "media": _object(
                {
                    "name": _TEXT,
                    "media_type": {"type": "string", "pattern": "^image/"},
                    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                    "base64": {"type": "string", "contentEncoding": "base64"},
                },
                description="A picture, under the name that `src` in the HTML gives it.",
            ),
        },
    }
