"""Advice on good cards, as warnings: one fact in a note, answers short enough to speak, a source for each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from cardpress.diagnostics import Diagnostic
from cardpress.markdown.plain_text import to_plain_text
from cardpress.markdown.tree import Formula, map_nodes
from cardpress.markdown.tree import Text as TextNode
from cardpress.note_types import Field, Holds, NoteType
from cardpress.source.bank import Bank, MarkdownText, Question

MAX_RECALL_WORDS = 40
MAX_SPOKEN_WORDS = 150
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_PARTS = re.compile(r"[|&<\\]")


# It takes milliseconds to make, and of files in which nothing changed it is not needed.
@cache
def _find_list() -> re.Pattern[str]:
    """Return the pattern of how a question in English asks for several things at once."""
    return re.compile(
        r"^\s*(?:list|name|enumerate)\b.{0,20}\b(?:all|the|every|two|three|four|five|six|seven|\d+)\b"
        r"|\b(?:what|which) (?:are|were) (?:all |the )?(?:two|three|four|five|six|seven|eight|nine|ten|\d+)\b"
        r"|\blist all\b",
        re.IGNORECASE,
    )


def count_words(text: str) -> int:
    """Return how many words a text has. Chinese, Japanese and Thai have no spaces: two characters are one word."""
    unspaced = 0 if text.isascii() else len(_UNSPACED.findall(text))
    spaced = _UNSPACED.sub(" ", text) if unspaced else text
    return sum(1 for word in spaced.split() if any(map(str.isalnum, word))) + unspaced // 2


def _too_many(written: MarkdownText, most: int) -> int | None:
    """Return how many words a text shows if they are more than `most`, else None."""
    # A text shows no more words than are written in it, where the signs of tables, tags and entities part them.
    value = written.value
    if not written.with_deletions and value.isascii() and len(value.split()) + sum(map(value.count, "|&<\\")) <= most:
        return None
    if not written.with_deletions and count_words(_PARTS.sub(" ", written.value)) <= most:
        return None
    # A formula is read as a whole.
    shown = map_nodes(written.document, lambda node: TextNode("x") if isinstance(node, Formula) else node)
    count = count_words(to_plain_text(shown))
    return count if count > most else None


def check_recall_notes(bank: Bank) -> Iterator[Diagnostic]:
    """A recall note holds one fact."""
    for note in bank.active_notes():
        facts = [field.key for field in note.note_type.keyed if field.is_one_fact]
        for text in (note.values[key] for key in facts if key in note.values):
            if isinstance(text, MarkdownText) and (count := _too_many(text, MAX_RECALL_WORDS)):
                message = f"{count} words; a recall note should hold one fact in at most {MAX_RECALL_WORDS}"
                hint = f"split it, or move what explains it to {_more(note.note_type)}"
                yield Diagnostic("recall-too-long", text.span, message, hint)
        if bank.is_english and facts and note.note_type.answered and _find_list().search(note.asked.value):
            message = "this asks for a list; a learner who forgets one of its parts fails all of it"
            yield Diagnostic("recall-asks-for-a-list", note.asked.span, message, "make one note for each part")


def _more(note_type: NoteType) -> str:
    """Return where an explanation can stand: the first text without a label on the card's back."""
    back = map(note_type.field, note_type.cards[0].answers)
    keys = (field.key for field in back if field.holds is Holds.TEXT and not field.label)
    return next((f"`{key}`" for key in keys), "another field")


def check_example_answers(bank: Bank) -> Iterator[Diagnostic]:
    """An example answer can be spoken in about a minute."""
    for note in bank.active_notes():
        for field in note.note_type.keyed:
            text = note.values.get(field.key)
            if field.is_spoken and isinstance(text, MarkdownText) and (count := _too_many(text, MAX_SPOKEN_WORDS)):
                message = f"{count} words; at most {MAX_SPOKEN_WORDS} can be spoken in a minute"
                yield Diagnostic("example-answer-too-long", text.span, message, "cut it to what you would say")


def check_sources(bank: Bank) -> Iterator[Diagnostic]:
    """A learner can look up where an answer comes from, and has what else a note should have."""
    for note in bank.active_notes():
        for field in note.note_type.keyed:
            if field.is_wanted and field.key not in note.values and field.key not in note.unread:
                yield _missing(note, field)


def _missing(note: Question, field: Field) -> Diagnostic:
    is_row = note.span.file.is_table
    hint = f"write {'an address' if field.holds is Holds.LINKS else 'one'} into the column `{field.key}`"
    if field.holds is Holds.LINKS:
        hint = hint if is_row else f"add `{field.key}: [https://…]`"
        return Diagnostic("no-source", note.span, f"`{note.id.value}` names no source", hint)
    message = f"`{note.id.value}` has no `{field.key}`, which {note.note_type.noun} should have"
    return Diagnostic("missing-wanted", note.span, message, hint if is_row else f"add `{field.key}: …`")
