"""Cloze deletions as learners have them: a card for each number, and digests of what it asks for.

A number is a card's identity. What a digest covers is the text that a person reads, so that neither markup, spacing nor
capitals change it. In a formula capitals are other letters, and its signs, spaces and needless braces are markup. Of a
mask, its label is such a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cardpress.history.digests import digest_short
from cardpress.history.records import LAST_DELETION, Deletions, MaskRecord
from cardpress.markdown.plain_text import join_text
from cardpress.markdown.tree import Deletion, Document, Place

if TYPE_CHECKING:
    from cardpress.deck.notes import Box

# A formula, and between its parts the spaces that keep Anki from reading a sign of a deletion there.
_FORMULA = re.compile(r"(\\\(.{0,4000}?\\\)|\\\[.{0,4000}?\\\])", re.DOTALL)
_PARTED = re.compile(r"(?<=[}:]) (?=[}:])")
# What LaTeX is made of, without the spaces between.
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\S", re.DOTALL)
# A formula that is words alone.
_WORDS = re.compile(r"\\[\(\[]\s*\\text\s*\{([^{}\\]*)\}\s*\\[\)\]]")


def list_deletions(documents: Iterable[Document], *, as_before: bool = False) -> Deletions:
    """Return the deletions of a note's cloze texts, sorted by number.

    With `as_before`, their digests are those of older histories, for which a formula was as it was typed.
    """
    found: dict[int, list[str]] = {}
    for document in documents:
        for deletion in document.deletions():
            found.setdefault(deletion.number, []).append(digest_deleted(deletion, as_before=as_before))
    return _sort(found)


def digest_deleted(deletion: Deletion, *, as_before: bool = False) -> str:
    """Return the digest of what a deletion hides, that of deletions in it included, as `list_deletions` has it."""
    return _digest(join_text(deletion.children), as_before=as_before)


def read_deletions(html: str) -> Deletions:
    """Return the deletions in a field of a package, as `list_deletions` has them of its text."""
    found: dict[int, list[str]] = {}
    for number, _, answer in digest_html(html):
        found.setdefault(number, []).append(answer)
    return _sort(found)


def digest_html(html: str) -> Iterator[tuple[int, Place, str]]:
    """Yield the number of each deletion in a field of HTML, its place, and the digest of what it hides.

    One of several numbers is yielded for each of them.
    """
    from cardpress.anki.field_text import to_plain_text  # most decks have no such text
    from cardpress.markdown.html_deletions import walk_deletions

    formulas = [each.span() for each in _FORMULA.finditer(html)]
    for each in walk_deletions(html):
        while formulas and formulas[0][1] <= each.opening.start:
            formulas.pop(0)
        text = to_plain_text(each.text())
        if formulas and formulas[0][0] < each.opening.start:
            text = f"\\({' '.join(text.split())}\\)"
        answer = _digest(text)
        yield from ((number, Place(each.opening.start, each.closing.end), answer) for number in each.numbers)


def make_mask_record(label: Document | None, boxes: Iterable[Box]) -> MaskRecord:
    """Return what the history records of a mask with this label, and these boxes in parts of its picture."""
    sides = (f"{side:.4f}" for box in boxes for side in (box.left, box.top, box.width, box.height))
    return MaskRecord(_digest(join_text(label.blocks)) if label else "", digest_short(*sides)[:8])


def _digest(text: str, *, as_before: bool = False) -> str:
    if not as_before:
        text = _WORDS.sub(r"\1", text)
    parts = _FORMULA.split(text)
    parts[::2] = [words.casefold() for words in parts[::2]]
    parts[1::2] = [_PARTED.sub("", each) if as_before else f"\\({_strip(each[2:-2])}\\)" for each in parts[1::2]]
    return digest_short(" ".join("".join(parts).split()))[:8]


def _strip(latex: str) -> str:
    """Return LaTeX without the spaces and the braces that make no difference, such as those of `x^{2}`."""
    tokens: list[str] = []
    for part in _TOKEN.findall(latex):
        if part == "}" and tokens[-2:-1] == ["{"] and tokens[-1] != "{":
            tokens[-2:] = tokens[-1:]
        else:
            tokens.append(part)
    pairs = zip(tokens, [*tokens[1:], ""], strict=False)
    return "".join(each + " " * (each[0] == "\\" and each[1:].isalpha() and after.isalpha()) for each, after in pairs)


def _sort(found: dict[int, list[str]]) -> Deletions:
    return {number: tuple(found[number]) for number in sorted(found) if 1 <= number <= LAST_DELETION}
