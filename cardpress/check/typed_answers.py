"""The rule on answers that learners type: they are a line, as Anki compares lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cardpress.diagnostics import Diagnostic
from cardpress.markdown.plain_text import join_text
from cardpress.markdown.tree import (
    CodeBlock,
    Document,
    Formula,
    Latex,
    LineBreak,
    Node,
    Picture,
    Ruby,
    Sound,
    is_block,
    walk,
)
from cardpress.note_types import CLOZES
from cardpress.source.bank import Bank, MarkdownText

# Characters.
LONGEST_TYPED = 200
_LINE = "write it in one line, and put the rest elsewhere; or do not let it be typed"
_READING = "write it without the reading, and put that into another field; or do not let it be typed"
# Anki takes no reading out of what is typed: `{{type:kanji:Word}}` names no field.
_HAS_READING = "has a reading, which Anki would want to be typed, with its brackets"


def check_typed_answers(bank: Bank) -> Iterator[Diagnostic]:
    """What a learner types is a line of words."""
    for note in bank.active_notes():
        # What learners of an adopted note type have to type was never ours to judge.
        for card in () if note.note_type.is_adopted else note.note_type.cards:
            needed = [key for key in (card.typed, card.typed_when, card.when) if key]
            text = note.values.get(card.typed)
            if not isinstance(text, MarkdownText) or not all(key in note.values for key in needed):
                continue
            if note.note_type.field(card.typed).name in note.note_type.apart:
                continue  # the note type is wrong already
            for what in filter(
                None, map(_find_fault, _list_typed(text.document, note.note_type.field(card.typed).holds))
            ):
                message = f"learners of `{note.id.value}` are to type its `{card.typed}`, which {what}"
                hint = _READING if what == _HAS_READING else _LINE
                yield Diagnostic("untypable-answer", text.span, message, hint)
                break


def _list_typed(document: Document, holds: object) -> Iterator[Sequence[Node]]:
    """Yield what learners type of a text: all of it, or what is in each of its gaps."""
    if holds in CLOZES:
        yield from (deletion.children for deletion in document.deletions())
    else:
        yield document.blocks if document.line is None else document.line


def _find_fault(nodes: Sequence[Node]) -> str | None:
    """Return why nodes cannot be typed, None where they can."""
    for what, kind in (("a picture", Picture), ("a sound", Sound), ("a formula", Formula | Latex)):
        if any(isinstance(node, kind) for node in walk(nodes)):
            return f"has {what}"
    if any(isinstance(node, Ruby) for node in walk(nodes)):
        return _HAS_READING
    if any(is_block(node) or isinstance(node, LineBreak | CodeBlock) for node in walk(nodes)):
        return "is more than one line"
    if len(join_text(nodes)) > LONGEST_TYPED:
        return f"has more than {LONGEST_TYPED} characters"
    return None
