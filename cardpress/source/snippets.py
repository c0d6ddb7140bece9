"""Snippets: finding the files that questions name, and cutting out the part of each that cards show."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field

from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.diagnostics.suggest import Suggestions
from cardpress.diagnostics.unusual import did_you_mean
from cardpress.source.bank import Snippet, Text
from cardpress.source.files import Folder, leaves_folder
from cardpress.source.kept import Kept
from cardpress.source.yaml.reading import MAX_CHARACTERS, Reader

# Bytes of a file. A program this long is no example, and parsing Python takes 400 times as much memory.
MAX_SNIPPET = 256 * 1024
# Nobody reads more problems of one snippet.
_MOST_PROBLEMS = 20
# A marker is a comment on a line of its own, in the comment syntax of any common language.
MARKER = re.compile(r"^[ \t]*(?:#|//|--|;|%|/\*|<!--)[ \t]*+(card:|end)[ \t]*+(?:\*/|-->)?[ \t]*+\r?$", re.MULTILINE)


def cut_shown_part(file: SourceFile) -> tuple[str, tuple[Diagnostic, ...]]:
    """Return the part of a snippet that cards show, and the problems of its markers.

    The part is all lines between `# card:` and `# end`, with an empty line between several such parts; without a
    `# card:` it is the whole file. A marker without its partner is reported at its place.
    """
    markers = list(MARKER.finditer(file.text))
    if not any(marker[1] == "card:" for marker in markers):
        return _end_lines(file.text).strip("\n").rstrip(), ()
    parts, problems = [], []
    opened: re.Match[str] | None = None
    for marker in markers:
        if marker[1] == "card:":
            if opened is not None:
                problems.append(_unpaired(file, marker, "a second `# card:` before the `# end` of the first"))
            opened = marker
        elif opened is not None:
            part = _end_lines(file.text[opened.end() : marker.start()])
            parts.append(textwrap.dedent(part.strip("\n")).rstrip())
            opened = None
        else:
            problems.append(_unpaired(file, marker, "`# end` without a `# card:` before it"))
    if opened is not None:
        problems.append(_unpaired(file, opened, "`# card:` without an `# end`"))
    return "\n\n".join(parts), tuple(problems[:_MOST_PROBLEMS])


def _end_lines(text: str) -> str:
    """Return a text whose lines end in `\\n`, which git may end in another way on Windows."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unpaired(file: SourceFile, marker: re.Match[str], message: str) -> Diagnostic:
    hint = "put `# card:` above each part that cards show, and `# end` below it"
    return Diagnostic("snippet-syntax", Span(file, marker.start(1), marker.end(1)), message, hint)


# What ends a file's name, and what code has and few such names have.
_SUFFIX = re.compile(r"\.\w{1,8}$")
_OF_CODE = re.compile(r"[\s(){};=<>\"']")


@dataclass(slots=True)
class SnippetShelf:
    """The snippets of source/snippets/, each read once, when the first note names it."""

    folder: Folder
    # What was read of them before.
    kept: Kept = field(default_factory=Kept)
    snippets: dict[str, Snippet] = field(default_factory=dict)
    # Those that cannot be shown, each reported once.
    broken: set[str] = field(default_factory=set)
    # What was asked for, in this order.
    asked: list[Text] = field(default_factory=list)
    known: frozenset[str] = field(init=False)
    suggestions: Suggestions = field(init=False)

    def __post_init__(self) -> None:
        self.known = frozenset(self.folder.names())
        self.suggestions = Suggestions(self.known)

    def has(self, name: Text, reader: Reader) -> bool:
        """Return whether the named snippet can be shown. Report the reason if it cannot."""
        self.asked.append(name)
        if name.value in self.snippets:
            return True
        if leaves_folder(name.value):
            message = f"`{name.value}` leaves {self.folder.name}/"
            reader.report("path-outside-source", name.span, message, "write the file's name alone")
            return False
        if name.value not in self.known and _is_code(name.value):
            message = f"this is code, and no name of a file in {self.folder.name}/"
            hint = f"put it into a file there, such as {self.folder.name}/example.py, and write `example.py` here"
            reader.report("missing-snippet", name.span, message, hint)
            return False
        if name.value not in self.known:
            close = self.suggestions.find(name.value)
            hint = did_you_mean(name.value, close) if close else f"create {self.folder.name}/{name.value}"
            reader.report("missing-snippet", name.span, f"no file {self.folder.name}/{name.value}", hint)
            return False
        if name.value not in self.broken:
            snippet = self._read(name.value, reader)
            if snippet is not None:
                self.snippets[name.value] = snippet
                return True
            self.broken.add(name.value)
        return False

    def _read(self, name: str, reader: Reader) -> Snippet | None:
        file = self.folder.read_text(name)
        if isinstance(file, Diagnostic):
            reader.diagnostics.append(file)
            return None
        file = self.kept.recognize(file)
        if known := self.kept.find_snippet(file):
            return known
        if len(file.text) > MAX_SNIPPET:
            message = f"{file.path} has {len(file.text):,} characters; a snippet may have {MAX_SNIPPET:,}"
            reader.report("file-too-large", Span(file), message, "keep what the card shows and what it needs to run")
            return None
        shown, problems = cut_shown_part(file)
        reader.diagnostics.extend(problems)
        if len(shown) > MAX_CHARACTERS:
            message = f"the card would show {len(shown):,} characters of code; {MAX_CHARACTERS:,} are allowed"
            hint = "put `# card:` above the part that cards show, and `# end` below it"
            reader.report("text-too-long", Span(file), message, hint)
            return None
        snippet = Snippet(name, file, shown)
        if not problems:
            self.kept.keep_snippet(snippet)
        return snippet


def _is_code(name: str) -> bool:
    """Return whether what should be a file's name is the code itself."""
    return "\n" in name.strip() or (_SUFFIX.search(name.strip()) is None and _OF_CODE.search(name.strip()) is not None)
