"""Rules on readings: their brackets, and fields from which cards take them apart, which have Anki's `漢字[かんじ]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from cardpress.check.card_template_tags import find_tags
from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.markdown.tree import CodeBlock, CodeSpan, Formula, Link, Place
from cardpress.note_types import OF_READINGS, NoteType
from cardpress.source.bank import Bank, HtmlText
from cardpress.source.texts import list_markdown_texts

# Behind the last bar, kana alone, or none: no character of English but a bar is among them.
_MAY_BE_OTHER = re.compile(r"[］】]|\|[^\x00-\x7b]{1,80}\}")
# Readings as Japanese keyboards and other programs write them: characters, and kana in other brackets.
_KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"


# It takes milliseconds to make, and most decks have no such text.
@cache
def _find_in_other_brackets() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<base>[{_HAN}]{{1,40}})(?:［(?P<wide>[{_KANA}]{{1,40}})］|【(?P<thick>[{_KANA}]{{1,40}})】)"
        rf"|\{{(?P<braced>[{_HAN}{_KANA}]{{1,40}})\|(?P<parts>[{_KANA}|]{{1,80}})\}}"
    )


def check_other_brackets(bank: Bank) -> Iterator[Diagnostic]:
    """A reading stands in brackets that are read here."""
    for text in list_markdown_texts(bank):
        if isinstance(text, HtmlText) or (text.value.isascii() and "|" not in text.value):
            continue
        if not _MAY_BE_OTHER.search(text.value):
            continue
        apart = [node.place for node in text.document.walk() if isinstance(node, CodeSpan | CodeBlock | Formula | Link)]
        for found in _find_in_other_brackets().finditer(text.value):
            if any(place.start <= found.start() < place.end for place in apart):
                continue
            base = found["base"] or found["braced"]
            reading = found["wide"] or found["thick"] or found["parts"].replace("|", "")
            message = f"`{found[0]}` is shown as typed: no reading is set above its characters"
            hint = f"write `{base}[{reading}]`, in the brackets of an English keyboard"
            yield Diagnostic("unsupported-markdown", text.find(Place(*found.span())), message, hint)


def check_readings(bank: Bank) -> Iterator[Diagnostic]:
    """A field that a card takes apart is shown through one of these filters everywhere, and is nowhere typed."""
    for note_type in bank.note_types.values():
        if note_type.apart and not note_type.is_adopted:
            yield from _typed(note_type)
            files = {file.path: file for card in note_type.cards for file in (card.front, card.back) if file}
            for file in files.values():
                yield from _shown(file, note_type)


def _typed(note_type: NoteType) -> Iterator[Diagnostic]:
    typed = dict.fromkeys(card.typed for card in note_type.cards if card.typed)
    for field in map(note_type.field, typed):
        if field.name in note_type.apart and field.place is not None:
            message = f"Anki would want the readings of `{field.key}` to be typed, with their brackets"
            hint = "put what is typed into a field of its own, without readings"
            yield Diagnostic("bad-note-type", field.place, message, hint)


def _shown(file: SourceFile, note_type: NoteType) -> Iterator[Diagnostic]:
    for token in find_tags(file.text):
        *filters, name = token[2].strip().split(":")
        # What is typed is what a card says that it is.
        if token[1] or name not in note_type.apart or not set(filters).isdisjoint((*OF_READINGS, "type")):
            continue
        span = Span(file, token.start(), token.end())
        message = f"this shows `{name}` as Anki's notation, `漢字[かんじ]`, as another place takes it apart"
        hint = f"write `{{{{{':'.join((*filters, 'furigana', name))}}}}}`"
        yield Diagnostic("template-field", span, message, hint)
