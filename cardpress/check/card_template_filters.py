"""Rules on what `{{filter:Field}}` says in a card template: Anki knows the filter, and what the field holds suits it.

The list is Anki's (`rslib/src/template_filters.rs`); it passes over what it does not know, for add-ons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardpress.check.card_template_tags import Tag, list_tags
from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.diagnostics.suggest import propose
from cardpress.note_types import CLOZES, DELETED, CardTemplate, Field, Holds, NoteType, OcclusionPart

# `text` is Anki's, too; `template_safety` says why it is refused.
FILTERS = ("hint", "type", "tts", "furigana", "kanji", "kana", "cloze", "cloze-only", "text")
_CLOZE = ("cloze", "cloze-only")
_RUBY = ("furigana", "kanji", "kana")
_RUBY_HOLDS = (Holds.LINE, Holds.TEXT, Holds.CLOZE)
_SPEAKS = re.compile(r"tts ([a-z]{2,3}(?:[_-][A-Za-z0-9]{2,8}){0,3})((?: [^\s=]+=[^\s=]+)*)")
_SPEED = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_OPTIONS = ("voices", "speed")
_TTS_HELP = "write a language and, where needed, voices and a speed: `tts en_US voices=Apple_Samantha speed=0.8`"


def check_filters(file: SourceFile, note_type: NoteType, card: CardTemplate) -> Iterator[Diagnostic]:
    """A template shows fields through filters that Anki has, and lets learners type what the declaration says."""
    fields = {field.name: field for field in note_type.fields}
    for tag in list_tags(file.text):
        if tag.field in fields:
            yield from _filters(file, tag, fields[tag.field], card)
    if file is card.front and card.typed and not _is_typed(file, note_type, card):
        message = f"learners are to type `{card.typed}`, and the front does not ask for it"
        yield Diagnostic("template-filter", Span(file), message, f"put `{_write_typed(note_type, card)}` in it")


def _filters(file: SourceFile, tag: Tag, field: Field, card: CardTemplate) -> Iterator[Diagnostic]:
    span = Span(file, tag.start, tag.end)
    for name in tag.filters:
        if (name == "nc" and "type" in tag.filters) or name in FILTERS[:2] + FILTERS[3:]:
            continue
        if name.partition(" ")[0] == "tts":
            yield from _speech(span, name)
            continue
        hint = propose(name.strip(), FILTERS, f"Anki has {', '.join(FILTERS[:-1])}")
        yield Diagnostic("template-filter", span, f"Anki has no filter `{name}`", hint)
    for name in tag.filters:
        if name in _CLOZE and field.holds not in (*DELETED, OcclusionPart.LABELS):
            message = f"`{name}:` is for a field that holds a cloze text, and `{field.name}` holds none"
            yield Diagnostic("template-filter", span, message, f"write `{{{{{field.name}}}}}`")
        if name in _RUBY and field.holds not in _RUBY_HOLDS:
            message = f"`{name}:` is for a text, and `{field.name}` holds none"
            yield Diagnostic("template-filter", span, message, f"write `{{{{{field.name}}}}}`")
    if "type" in tag.filters and field.key != card.typed:
        message = f"`{card.name}` does not say that learners type `{field.key}`, so the page would not ask for it"
        hint = f"add `typed: {field.key}` to the card in note-type.yaml"
        yield Diagnostic("template-filter", span, message, hint)


def _speech(span: Span, name: str) -> Iterator[Diagnostic]:
    found = _SPEAKS.fullmatch(name)
    options = [option.split("=") for option in found[2].split()] if found else []
    if found is None:
        yield Diagnostic("template-filter", span, f"Anki cannot read out through `{name}`", _TTS_HELP)
    for key, value in options:
        if key not in _OPTIONS:
            hint = propose(key, _OPTIONS, f"write {' or '.join(_OPTIONS)}, or remove it")
            yield Diagnostic("template-filter", span, f"Anki reads out with no `{key}`", hint)
        elif key == "speed" and not _SPEED.fullmatch(value):
            yield Diagnostic("template-filter", span, f"`{value}` is no speed", "write a number, such as `speed=0.8`")


def _is_typed(front: SourceFile, note_type: NoteType, card: CardTemplate) -> bool:
    """Return whether a front asks to type what the card says, for the notes that it says."""
    field = note_type.field(card.typed)
    flags = {each.name for each in note_type.keyed if each.holds is Holds.FLAG}
    wanted = {note_type.field(key).name for key in (card.when, card.typed_when) if key}
    for tag in list_tags(front.text):
        if "type" in tag.filters and tag.field == field.name:
            inside = {name for name in tag.inside if name in flags}
            # The whole front may stand in the section of the card's own flag.
            always = {note_type.field(card.when).name} if card.when else set()
            if inside | always == wanted and not tag.outside & flags:
                return True
    return False


def _write_typed(note_type: NoteType, card: CardTemplate) -> str:
    field = note_type.field(card.typed)
    cloze = "cloze:" if field.holds in CLOZES else ""
    place = f"{{{{type:{cloze}{field.name}}}}}"
    if not card.typed_when:
        return place
    flag = note_type.field(card.typed_when).name
    return f"{{{{#{flag}}}}}{place}{{{{/{flag}}}}}"
