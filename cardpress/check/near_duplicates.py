"""The rule on questions that ask nearly the same.

What differs decides. Order, case, punctuation and small words do not make another question; any other word, number,
sign, picture or code does, and so does another answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cardpress.diagnostics import Diagnostic, Related
from cardpress.markdown import signs
from cardpress.markdown.tree import (
    Block,
    Cell,
    CodeBlock,
    CodeSpan,
    Document,
    Formula,
    Heading,
    Item,
    LineBreak,
    List,
    Paragraph,
    Picture,
    RawTag,
    Ruby,
    Sound,
    Styled,
    read_code,
    walk,
)
from cardpress.markdown.tree import Text as TextNode
from cardpress.source.bank import (
    Bank,
    Flag,
    HtmlText,
    Link,
    MarkdownText,
    MaskedPicture,
    MediaName,
    Number,
    Pair,
    Question,
    Snippet,
    Text,
    Value,
)

# Words. In shorter questions, such as the words of a language, every word counts, and their order.
_FEWEST = 3
# Words. Of an answer that is not longer, all words must be in the other one.
_SHORT = 3
# How much of the shorter of two long answers, from 0 to 1, must be in the other one.
_ALIKE = 0.5
# With how many others that ask the same a question's answer is compared, at most.
_COMPARED = 10
# Small words of English, and those by which anything is asked.
_STOP = frozenset(
    "a an and are as at be by can define describe did do does explain for from how in is it its me of on or please s "
    "tell that the this to us was were what when with you".split()
)
_ASCII_SIGNS = frozenset("#$%*+/<=>@\\^`|~")
# Punctuation by its category in Unicode, but a sign of mathematics or units by its meaning.
_OTHER_SIGNS = frozenset("·′″‴‰‱†‡※⁄")
_DASHES = frozenset("-–—−")
_WORD = re.compile(r"[^\W_]")
# `f'`, `n!`, `5!`, `f(x)`, `-5`.
_FORMULA = re.compile(r"[^\W\d_]['’]{1,3}|(?:[^\W\d_]|\d+)!|.*\w['’]*\(.*|-\d.*")
_IS = re.compile(r"(?<=\w)['’]s\b")
_APOSTROPHE = re.compile("['’]")
_PLURALS = ((("sses", "shes", "ches", "xes"), 2, ""), (("ies",), 3, "y"), (("ss", "us", "is"), 0, ""), (("s",), 1, ""))


@dataclass(frozen=True, slots=True)
class _Said:
    """What texts say: their words in order, and what counts as it is: code, numbers, signs, formulas, pictures."""

    words: tuple[str, ...]
    exact: tuple[str, ...]


def check_near_duplicates(bank: Bank) -> Iterator[Diagnostic]:
    """No two questions, or recall questions, ask nearly the same and have nearly the same answer."""
    stop = _STOP if bank.is_english else frozenset[str]()
    alike: defaultdict[tuple[object, ...], list[Question]] = defaultdict(list)
    for note in bank.active_notes():
        said = None if note.note_type.is_cloze else _read(bank, note, note.note_type.cards[0].asks, by_name=True)
        # An adopted note may ask nothing.
        if said and (said.words or said.exact or not note.note_type.is_adopted):
            alike[_make_key(said, stop)].append(note)
    for notes in alike.values():
        if len(notes) > 1:
            yield from _compare(bank, notes, stop)


def _compare(bank: Bank, notes: list[Question], stop: frozenset[str]) -> Iterator[Diagnostic]:
    """Yield a warning for each note of those that ask the same whose answer is that of an earlier one."""
    others: list[tuple[Question, frozenset[str]]] = []
    for note in notes:
        answer = _list_answer(bank, note, stop)
        one = next((other for other, other_answer in others if _is_same(answer, other_answer)), None)
        if one is not None:
            if one.id.value == note.id.value:  # the same one twice, of which `duplicate-id` says more
                continue
            message = f"`{note.id.value}` asks nearly the same as `{one.id.value}`"
            hint = "make them ask for different things, or remove one"
            related = (Related(one.asked.span, "the other question"),)
            yield Diagnostic("near-duplicate-question", note.asked.span, message, hint, related)
        elif len(others) < _COMPARED:
            others.append((note, answer))


def _make_key(said: _Said, stop: frozenset[str]) -> tuple[object, ...]:
    """Return what is equal for two questions that ask the same."""
    if len(said.words) + len(said.exact) < _FEWEST:
        return said.words, tuple(sorted(said.exact))
    words = [_singular(word) if stop else word for word in said.words if word not in stop]
    return tuple(sorted(words) if words else said.words), tuple(sorted(said.exact))


def _list_answer(bank: Bank, note: Question, stop: frozenset[str]) -> frozenset[str]:
    keys = [key for key in note.note_type.cards[0].answers if key in note.values][:1]
    said = _read(bank, note, keys)
    return frozenset((*(word for word in said.words if word not in stop), *said.exact)) or frozenset(said.words)


def _is_same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two answers say the same, by their words."""
    shorter = min(len(one), len(other))
    if shorter == 0:
        return one == other
    return len(one & other) >= (shorter if shorter <= _SHORT else shorter * _ALIKE)


# --- reading --------------------------------------------------------------------------------------------------------


def _read(bank: Bank, note: Question, keys: Sequence[str], *, by_name: bool = False) -> _Said:
    """Return what the fields of a note with these keys say together.

    `by_name` leaves out the numbered parts of a question, which what stands above them names.
    """
    words: list[str] = []
    exact: list[str] = []
    for value in (note.values[key] for key in keys if key in note.values):
        for part in _list_parts(value):
            snippet = bank.snippets.get(part.value) if isinstance(part, Text) else None
            if isinstance(part, Number):
                exact.append(str(part.value))
            elif isinstance(part, MarkdownText):
                _read_markdown(part, words, exact, by_name=by_name)
            elif isinstance(snippet, Snippet):
                exact.append(snippet.shown)
            else:
                _read_prose(part.value, words, exact)
    return _Said(tuple(words), tuple(exact))


def _list_parts(value: Value) -> Iterator[Text | Number]:
    for part in value if isinstance(value, tuple) else (value,):
        match part:
            case Pair(texts):
                yield from texts.values()
            case MediaName(name):
                yield name
            case Link(url, title):
                yield from (text for text in (title or url,) if text)
            case Flag():
                pass  # says nothing
            case MaskedPicture(image=image, masks=masks):
                yield from (image, *(mask.label for mask in masks if mask.label))
            case _:
                yield part


def _read_markdown(text: MarkdownText, words: list[str], exact: list[str], *, by_name: bool) -> None:
    if not isinstance(text, HtmlText) and (read := signs.read_prose(text.value)):
        exact.extend(read[1])
        _read_prose(read[0], words, exact)
        return
    prose: list[str] = []
    for node in walk(_list_compared(text.document, by_name=by_name)):
        match node:
            case CodeSpan(content) | CodeBlock(content=content):
                exact.append(read_code(content))
                prose.append(" ")
            case Formula():
                exact.append("".join(node.source.split()))
                prose.append(" ")
            case Ruby(base):
                prose.append(base)
            case Picture(name) | Sound(name):
                exact.append(name)
                prose.append(" ")
            case Paragraph() | Heading() | Item() | Cell() | LineBreak():
                prose.append(" ")
            case Styled("sub" | "sup" | "del" as style):
                exact.append(style)
            case TextNode(value) | RawTag(source=value):
                prose.append(value)
    _read_prose("".join(prose), words, exact)


def _list_compared(document: Document, *, by_name: bool) -> tuple[Block, ...]:
    """Return the blocks that say what is asked: all, but for a list of numbered parts below a name."""
    if not by_name or document.name is document:
        return document.blocks
    return tuple(block for block in document.blocks if not isinstance(block, List) or block.first is None)


def _read_prose(text: str, words: list[str], exact: list[str]) -> None:
    """Add the words of a text, and what in it is no word: numbers, signs and formulas, each with what is next to it."""
    formula: list[str] = []  # the parts of one that goes on
    goes_on = False
    for raw in unicodedata.normalize("NFC", text).split():
        is_operator = not raw.isalnum() and _is_operator(raw, formula)
        if formula and not (goes_on or is_operator):
            _add(formula, words, exact)
            formula = []
        formula.append(raw)
        goes_on = is_operator
    _add(formula, words, exact)


def _is_operator(raw: str, before: list[str]) -> bool:
    """Return whether a word is a sign between two others, as in `a + b`; a dash is one behind a number or a letter."""
    if raw in _DASHES:
        return bool(before) and (len(before[-1]) == 1 or any(map(str.isdigit, before[-1])))
    return not _WORD.search(raw) and any(map(_is_sign, raw))


def _add(formula: list[str], words: list[str], exact: list[str]) -> None:
    if len(formula) > 1:
        exact.append(_trim("".join(formula)))
        return
    for raw in formula:
        if raw.isascii() and raw.isalpha() and not (len(raw) == 2 and raw[0].islower() and raw[1].isupper()):
            words.append(raw.casefold())
            continue
        trimmed = _trim(raw)
        if any(_is_sign(character) or character.isdigit() or character == "_" for character in trimmed):
            exact.append(trimmed if _has_lone_letter(trimmed) else trimmed.casefold())
        elif (len(trimmed) < len(raw) and _FORMULA.fullmatch(raw.rstrip(".,;:?"))) or _FORMULA.fullmatch(trimmed):
            exact.append(raw.rstrip(".,;:?"))
        elif len(trimmed) == 2 and trimmed[0].islower() and trimmed[1].isupper():  # `mW` is not `MW`
            exact.append(trimmed)
        else:
            words.extend(_split(_APOSTROPHE.sub("", _IS.sub(" is", trimmed.casefold()))))


def _trim(raw: str) -> str:
    """Return a word without the punctuation around it."""
    start, end = 0, len(raw)
    while start < end and _is_soft(raw[start]) and not (raw[start] == "-" and raw[start + 1 : start + 2].isdigit()):
        start += 1
    while start < end and _is_soft(raw[end - 1]):
        end -= 1
    return raw[start:end]


def _split(word: str) -> list[str]:
    if word.isalnum():
        return [word]
    return "".join(" " if _is_soft(character) else character for character in word).split()


def _has_lone_letter(text: str) -> bool:
    return re.search(r"(?<![^\W\d_])[^\W\d_](?![^\W\d_])", text) is not None


def _singular(word: str) -> str:
    if len(word) > 3:
        for endings, length, instead in _PLURALS:
            if word.endswith(endings):
                return word[: len(word) - length] + instead
    return word


@lru_cache(maxsize=4096)
def _is_sign(character: str) -> bool:
    """Return whether a character means something by itself."""
    if character.isascii():
        return character in _ASCII_SIGNS
    return character in _OTHER_SIGNS or unicodedata.category(character)[0] == "S"


@lru_cache(maxsize=4096)
def _is_soft(character: str) -> bool:
    """Return whether a character is mere punctuation."""
    return not _is_sign(character) and (unicodedata.category(character)[0] in "PZC") and character != "_"
