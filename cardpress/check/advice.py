"""Advice on good cards, as warnings: one fact in a note, answers short enough to speak, a source for each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic
from cardpress.markdown.plain_text import to_plain_text
from cardpress.source.bank import Bank, Recall

MAX_RECALL_WORDS = 40
MAX_SPOKEN_WORDS = 150
# How a question in English asks for several things at once.
_LIST = re.compile(
    r"^\s*(?:list|name|enumerate)\b.{0,20}\b(?:all|the|every|two|three|four|five|six|seven|\d+)\b"
    r"|\b(?:what|which) (?:are|were) (?:all |the )?(?:two|three|four|five|six|seven|eight|nine|ten|\d+)\b"
    r"|\blist all\b",
    re.IGNORECASE,
)


def count_words(text: str) -> int:
    """Return how many words a text has. Chinese, Japanese and Thai have no spaces: two characters are one word."""
    unspaced = len(re.findall(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]", text))
    spaced = re.sub(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]", " ", text)
    return sum(1 for word in spaced.split() if any(character.isalnum() for character in word)) + unspaced // 2


def check_recall_notes(bank: Bank) -> Iterator[Diagnostic]:
    """A recall note holds one fact."""
    english = bank.info is None or bank.info.language.value.lower().startswith("en")
    for question in bank.active():
        for recall in question.active_recall():
            yield from _too_long(recall)
            if english and recall.question and _LIST.search(recall.question.value):
                message = "this asks for a list; a learner who forgets one of its parts fails all of it"
                hint = "make one note for each part"
                yield Diagnostic("recall-asks-for-a-list", recall.question.span, message, hint)


def _too_long(recall: Recall) -> Iterator[Diagnostic]:
    text = recall.answer or recall.cloze
    if text and (count := count_words(to_plain_text(text.document))) > MAX_RECALL_WORDS:
        message = f"{count} words; a recall note should hold one fact in at most {MAX_RECALL_WORDS}"
        yield Diagnostic("recall-too-long", text.span, message, "split it, or move what explains it to `extra`")


def check_example_answers(bank: Bank) -> Iterator[Diagnostic]:
    """An example answer can be spoken in about a minute."""
    for question in bank.active():
        answer = question.example_answer
        if answer and (count := count_words(to_plain_text(answer.document))) > MAX_SPOKEN_WORDS:
            message = f"{count} words; at most {MAX_SPOKEN_WORDS} can be spoken in a minute"
            yield Diagnostic("example-answer-too-long", answer.span, message, "cut it to what you would say")


def check_sources(bank: Bank) -> Iterator[Diagnostic]:
    """A learner can look up where an answer comes from."""
    for question in bank.active():
        if not question.sources:
            message = f"`{question.id.value}` names no source"
            hint = "add `sources: [https://…]`"
            yield Diagnostic("no-source", question.span, message, hint)
