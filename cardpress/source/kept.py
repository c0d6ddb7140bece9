"""What was understood of a project's files the time before, for who reads it again and again, as `serve` does.

Every file is read from the disk each time. What is kept is used for the very same text alone, under the same
declarations, and only where there was no problem in it: so it decides nothing but how long reading takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from cardpress.diagnostics import SourceFile
from cardpress.diagnostics.checks import Allowance
from cardpress.source.bank import MarkdownText, Question, Snippet, Table, Text

if TYPE_CHECKING:
    from cardpress.source.kept_questions import Shelf

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ReadQuestions:
    """The questions of a file, which had no problems, and what was asked for and allowed while they were read.

    `under` is what they depend on beside the file's text: it is compared by identity.
    """

    under: tuple[object, ...]
    questions: tuple[Question, ...]
    snippets: tuple[Text, ...]
    allowances: tuple[Allowance, ...]
    table: Table | None = None


@dataclass(slots=True)
class Kept:
    """Keeps what was understood until the next time but one.

    On a `shelf`, questions of files stay from one command to the next, too.
    """

    shelf: Shelf | None = None
    _files: dict[str, SourceFile] = field(default_factory=dict)
    _snippets: dict[str, Snippet] = field(default_factory=dict)
    _questions: dict[SourceFile, ReadQuestions] = field(default_factory=dict)
    _last: dict[str, SourceFile] = field(default_factory=dict)
    _made: dict[str, tuple[tuple[object, ...], Any]] = field(default_factory=dict)

    def recognize(self, file: SourceFile) -> SourceFile:
        """Return the file of this path as it was known before, if it has the same text; this one otherwise."""
        known = self._files.get(file.path)
        if known is not None and known.text == file.text:
            return known
        self._files[file.path] = file
        return file

    def find_snippet(self, file: SourceFile) -> Snippet | None:
        """Return the snippet of a file that was recognized, None when it was not kept."""
        known = self._snippets.get(file.path)
        return known if known is not None and known.file is file else None

    def keep_snippet(self, snippet: Snippet) -> None:
        """Keep a snippet in place of the one that its file had before."""
        self._snippets[snippet.file.path] = snippet

    def find_questions(self, file: SourceFile, under: tuple[object, ...]) -> ReadQuestions | None:
        """Return what was read of a file that was recognized, None when it was not read under these circumstances."""
        read = self._questions.get(file)
        return read if read is not None and _are_same(read.under, under) else None

    def keep_questions(self, file: SourceFile, read: ReadQuestions) -> None:
        """Keep the questions of a file in place of those that it had before. What they have in common is known."""
        before = self._last.get(file.path)
        if before is not None and before in self._questions:
            _share_trees(self._questions.pop(before).questions, read.questions)
        self._last[file.path] = file
        self._questions[file] = read

    def make_once(self, name: str, of: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return what is made of these objects; the same as the last time under this name, if they were the same."""
        made = self._made.get(name)
        if made is None or not _are_same(made[0], of):
            made = of, make()
            self._made[name] = made
        result: T = made[1]
        return result


def _are_same(before: tuple[object, ...], now: tuple[object, ...]) -> bool:
    """Return whether these are the same objects, or equal where they are plain values."""
    return len(before) == len(now) and all(
        old is new or (isinstance(new, str | int | tuple) and old == new) for old, new in zip(before, now, strict=True)
    )


def _share_trees(before: Iterable[Question], now: Iterable[Question]) -> None:
    """Let texts know their trees that stood in the file before, wherever they stand now."""
    trees: Mapping[tuple[object, ...], MarkdownText] = {_describe(text): text for text in _list_texts(before)}
    for text in _list_texts(now):
        if known := trees.get(_describe(text)):
            text.learn(known)


def _list_texts(questions: Iterable[Question]) -> Iterable[MarkdownText]:
    return (text for question in questions for each in question.with_recall() for text in each.markdown_texts())


def _describe(text: MarkdownText) -> tuple[object, ...]:
    """Return what decides a text's tree."""
    return (type(text), text.value, text.with_deletions, text.with_dollars, text.span.file.is_table)
