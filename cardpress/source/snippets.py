"""Snippets: finding the files that questions name, and cutting out the part of each that cards show."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field

from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.diagnostics.suggest import find_closest
from cardpress.diagnostics.unusual import did_you_mean
from cardpress.source.bank import Snippet, Text
from cardpress.source.files import Folder, leaves_folder
from cardpress.source.reading import Reader

# A marker is a comment on a line of its own, in the comment syntax of any common language.
_MARKER = re.compile(r"^[ \t]*(?:#|//|--|;|%|/\*|<!--)[ \t]*(card:|end)[ \t]*(?:\*/|-->)?[ \t]*$", re.MULTILINE)


def cut_shown_part(file: SourceFile) -> tuple[str, tuple[Diagnostic, ...]]:
    """Return the part of a snippet that cards show, and the problems of its markers.

    The part is all lines between `# card:` and `# end`, with an empty line between several such parts; without a
    `# card:` it is the whole file. A marker without its partner is reported at its place.
    """
    markers = list(_MARKER.finditer(file.text))
    if not any(marker[1] == "card:" for marker in markers):
        return file.text.strip("\n").rstrip(), ()
    parts, problems = [], []
    opened: re.Match[str] | None = None
    for marker in markers:
        if marker[1] == "card:":
            if opened is not None:
                problems.append(_unpaired(file, marker, "a second `# card:` before the `# end` of the first"))
            opened = marker
        elif opened is not None:
            parts.append(textwrap.dedent(file.text[opened.end() : marker.start()].strip("\n")).rstrip())
            opened = None
        else:
            problems.append(_unpaired(file, marker, "`# end` without a `# card:` before it"))
    if opened is not None:
        problems.append(_unpaired(file, opened, "`# card:` without an `# end`"))
    return "\n\n".join(parts), tuple(problems)


def _unpaired(file: SourceFile, marker: re.Match[str], message: str) -> Diagnostic:
    hint = "put `# card:` above each part that cards show, and `# end` below it"
    return Diagnostic("snippet-syntax", Span(file, marker.start(1), marker.end(1)), message, hint)


@dataclass(slots=True)
class SnippetShelf:
    """The snippets of source/snippets/, each read once, when the first note names it."""

    folder: Folder
    snippets: dict[str, Snippet] = field(default_factory=dict)
    known: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.known = self.folder.names()

    def has(self, name: Text, reader: Reader) -> bool:
        """Return whether the named snippet can be shown. Report the reason if it cannot."""
        if name.value in self.snippets:
            return True
        if leaves_folder(name.value):
            message = f"`{name.value}` leaves {self.folder.name}/"
            reader.report("path-outside-source", name.span, message, "write the file's name alone")
            return False
        if name.value not in self.known:
            close = find_closest(name.value, self.known)
            hint = did_you_mean(name.value, close) if close else f"create {self.folder.name}/{name.value}"
            reader.report("missing-snippet", name.span, f"no file {self.folder.name}/{name.value}", hint)
            return False
        file = self.folder.read_text(name.value)
        if isinstance(file, Diagnostic):
            reader.diagnostics.append(file)
            return False
        shown, problems = cut_shown_part(file)
        reader.diagnostics.extend(problems)
        self.snippets[name.value] = Snippet(name.value, file, shown)
        return True
