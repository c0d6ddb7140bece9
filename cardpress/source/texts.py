"""The texts of a bank: those that are Markdown, and the plain texts that are printed."""

from __future__ import annotations

from collections.abc import Iterator

from cardpress.source.bank import Bank, MarkdownText, Question, Text


def list_markdown_texts(bank: Bank) -> Iterator[MarkdownText]:
    """Yield every Markdown text, in the order of the source."""
    if bank.info and bank.info.introduction:
        yield bank.info.introduction
    for question in bank.questions():
        yield from list_question_texts(question)
        for recall in question.recall:
            texts = (recall.question, recall.answer, recall.cloze, recall.extra)
            yield from (text for text in texts if text)


def list_question_texts(question: Question) -> Iterator[MarkdownText]:
    """Yield a question's Markdown texts, without those of its recall notes."""
    yield from (question.question, question.answer, *question.key_points)
    for pitfall in question.pitfalls:
        yield from (pitfall.claim, pitfall.truth)
    yield from (text for text in (question.how_to_answer, question.example_answer, question.extra) if text)


def list_plain_texts(bank: Bank) -> Iterator[Text]:
    """Yield every plain text that is printed."""
    if bank.info:
        info = bank.info
        yield from (text for text in (info.title, info.description, info.checked, info.license, *info.authors) if text)
    for section in bank.sections:
        yield from (text for text in (section.title, section.description) if text)
    for question in bank.questions():
        yield from (link.title for link in question.sources if link.title)
        if question.output:
            yield question.output
        retirements = (question.retired, *(recall.retired for recall in question.recall))
        yield from (retirement.reason for retirement in retirements if retirement)
