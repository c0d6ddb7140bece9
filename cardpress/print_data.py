"""Deck → the plain data that page layout is fed: texts as small trees of nodes, pictures as bytes."""

from __future__ import annotations

import json
import re
from typing import Any

from cardpress.deck import Code, Deck, InterviewNote, RichText
from cardpress.html_tree import Element, tree
from cardpress.media import media_type

# A word longer than any column may break inside: a zero-width space every so often.
_LONG_WORD = re.compile(r"\S{36}(?=\S{4})")
_BREAK = "\\g<0>\u200b"
_KEPT = {"a": ("href",), "img": ("src", "alt"), "ol": ("start",)}

JsonObject = dict[str, Any]


def print_data(deck: Deck) -> str:
    """Give a deck as the JSON text that the sheets' templates read."""
    language, _, region = deck.language.partition("-")
    names = {note.id: note for note in deck.notes()}
    return json.dumps(
        {
            "id": deck.id,
            "title": deck.title,
            "version": deck.version,
            "date": deck.date,
            "lang": language.lower(),
            "region": region.upper() if len(region) == 2 else None,
            "description": deck.description,
            "introduction": nodes(deck.introduction),
            "authors": list(deck.authors),
            "license": deck.license,
            "homepage": deck.homepage,
            "sections": [
                {
                    "id": section.id,
                    "title": section.title,
                    "description": section.description,
                    "notes": [_note(note, names) for note in section.notes],
                }
                for section in deck.sections
            ],
            "media": {picture.name: _picture(picture.name, picture.data) for picture in deck.media},
        },
        ensure_ascii=False,
    )


def _note(note: InterviewNote, names: dict[str, InterviewNote]) -> JsonObject:
    return {
        "id": note.id,
        "number": note.number,
        "level": note.level,
        "question": nodes(note.question),
        "answer": nodes(note.answer),
        "key_points": [nodes(point) for point in note.key_points],
        "code": _code(note.code),
        "output": note.output,
        "how_to_answer": nodes(note.how_to_answer),
        "example_answer": nodes(note.example_answer),
        "pitfalls": [{"claim": nodes(pitfall.claim), "truth": nodes(pitfall.truth)} for pitfall in note.pitfalls],
        "sources": [{"title": source.title, "url": source.url} for source in note.sources],
        "see_also": [{"id": name, "number": names[name].number} for name in note.see_also],
        "extra": nodes(note.extra),
    }


def _code(code: Code | None) -> JsonObject | None:
    return {"lang": code.language, "text": _breakable(code.text)} if code else None


def _picture(name: str, data: bytes) -> JsonObject:
    kind = (media_type(name) or "").removeprefix("image/").removesuffix("+xml")
    # SVG travels as the text it is; JSON has only lists of numbers for other bytes.
    return {"format": {"jpeg": "jpg"}.get(kind, kind), "data": data.decode() if kind == "svg" else list(data)}


def nodes(text: RichText | None) -> list[JsonObject | str]:
    """Give a rendered text as nodes: `t` the element's name, `c` what is in it, and what else it needs."""
    return [_node(node) for node in tree(text.html)] if text else []


def _node(node: Element | str) -> JsonObject | str:
    if isinstance(node, str):
        return _breakable(node.replace("\n", " "))  # a line's end in HTML is a space
    if node.tag == "pre":
        language = re.search(r"language-([\w+#-]+)", _class_of(node))
        return {"t": "pre", "lang": language[1] if language else "text", "text": _breakable(_text(node))}
    kept = {name: node.attributes[name] for name in _KEPT.get(node.tag, ()) if name in node.attributes}
    return {"t": node.tag, "c": [_node(child) for child in node.children], **kept}


def _class_of(pre: Element) -> str:
    code = next((child for child in pre.children if isinstance(child, Element)), pre)
    return code.attributes.get("class", "")


def _text(node: Element | str) -> str:
    return node if isinstance(node, str) else "".join(map(_text, node.children))


def _breakable(text: str) -> str:
    return _LONG_WORD.sub(_BREAK, text)
