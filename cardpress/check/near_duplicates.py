"""The rule on questions that ask nearly the same."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from cardpress.diagnostics import Diagnostic, Related
from cardpress.markdown import signs
from cardpress.markdown import tree as markdown
from cardpress.markdown.tree import CodeBlock, CodeSpan, RawTag, read_code
from cardpress.note_types import Holds
from cardpress.source.bank import Bank, MarkdownText, Question, Text

# How alike, from 0 to 1, two sorted lists of words must be. Pairs below it often differ in the word that matters.
_ALIKE = 0.9
# Words. Shorter questions, such as the words of a language, are alike only when they are the same.
_FEWEST = 4
# Two questions are compared when they share one of this many rarest words: similar ones share most words.
_RAREST = 3
# With how many others a question is compared, at most, for each of these words.
_COMPARED = 200
_STOP = frozenset(
    "a an and are as at be by can do does for from how in is it of on or s the to what when with you".split()
)
# Words with a digit or an underscore: code and numbers in prose.
_EXACT = re.compile(r"\S*[_\d]\S*")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as it is compared: its code and numbers, which must be equal, and its other words, sorted."""

    text: Text
    id: str
    exact: tuple[str, ...]
    words: tuple[str, ...]
    joined: str


def check_near_duplicates(bank: Bank) -> Iterator[Diagnostic]:
    """No two questions, or recall questions, ask nearly the same. Other code or other numbers make a difference."""
    asked = [
        _asked(note.asked, note.id.value)
        for question in bank.active()
        for note in (question, *question.active_recall())
        if not note.note_type.is_cloze and not _shows_code(note)
    ]
    for second, first in sorted(_likes(asked).items()):
        one, other = asked[first], asked[second]
        place = f"{one.text.span.path}:{one.text.span.line}"
        message = f"`{other.id}` asks nearly the same as `{one.id}` at {place}"
        hint = "make them ask for different things, or remove one"
        related = (Related(one.text.span, "the other question"),)
        yield Diagnostic("near-duplicate-question", other.text.span, message, hint, related)


def _shows_code(note: Question) -> bool:
    """Return whether a snippet is part of what a note asks, so that its words alone do not say what it asks."""
    asks = note.note_type.cards[0].asks
    return any(field.key in asks for field, _ in note.each(Holds.SNIPPET))


def _asked(text: MarkdownText, note_id: str) -> _Asked:
    code: list[str] = []
    prose = [text.value] if signs.is_plain(text.value) else []
    for node in () if prose else text.document.walk():
        match node:
            case CodeSpan(content) | CodeBlock(content=content):
                code.append(read_code(content))
                prose.append(" ")
            case markdown.Text(value) | RawTag(source=value):
                prose.append(value)
    written = "".join(prose)
    exact = tuple(sorted((*code, *_EXACT.findall(written))))
    plain = re.findall(r"[^\W_]+", _EXACT.sub(" ", written).lower())
    words = tuple(sorted(word for word in plain if word not in _STOP))
    return _Asked(text, note_id, exact, words, " ".join(words))


def _likes(asked: list[_Asked]) -> dict[int, int]:
    """Return the index of each question that is like an earlier one, with the index of the first such one.

    A question is compared with earlier ones that have the same code and numbers and share one of its rarest words, but
    with at most `_COMPARED` of them for each word. So the work grows with the deck and not with its square, even if all
    questions are alike.
    """
    frequency = Counter(word for question in asked for word in set(question.words))
    buckets: defaultdict[tuple[object, ...], dict[str, int]] = defaultdict(dict)
    found: dict[int, int] = {}
    for index, question in enumerate(asked):
        rarest = sorted(set(question.words), key=lambda word: (frequency[word], word))[:_RAREST] or [""]
        for word in rarest:
            bucket = buckets[question.exact, word]
            same = bucket.get(question.joined)
            like = same
            if same is None and len(question.words) >= _FEWEST:
                like = _like(question.joined, bucket)
            if like is not None:
                found[index] = min(like, found.get(index, like))
            elif len(bucket) < _COMPARED:
                bucket[question.joined] = index
    return found


def _like(joined: str, earlier: dict[str, int]) -> int | None:
    alike = (
        index for other, index in earlier.items() if Indel.normalized_similarity(other, joined, score_cutoff=_ALIKE)
    )
    return next(alike, None)
