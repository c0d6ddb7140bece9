"""The texts of a bank: those that are Markdown, and the plain texts that are printed."""

from __future__ import annotations

from collections.abc import Iterator

from cardpress.source.bank import Bank, MarkdownText, Text


def list_markdown_texts(bank: Bank) -> Iterator[MarkdownText]:
    """Yield every Markdown text, in the order of the source."""
    if bank.info and bank.info.introduction:
        yield bank.info.introduction
    for comparison in bank.info.comparisons if bank.info else ():
        yield from (comparison.title, comparison.table)
    for note in bank.notes():
        yield from note.markdown_texts()


def list_plain_texts(bank: Bank) -> Iterator[Text]:
    """Yield every plain text that is printed."""
    if bank.info:
        info = bank.info
        yield from (text for text in (info.title, info.description, info.checked, info.license, *info.authors) if text)
    for section in bank.sections:
        yield from (text for text in (section.title, section.description) if text)
    for note in bank.notes():
        yield from note.plain_texts()
