"""The Deck and its notes: everything that the writers print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cardpress.diagnostics import SourceFile, Span
from cardpress.markdown.plain_text import to_plain_text
from cardpress.markdown.to_html import HtmlWriter
from cardpress.markdown.tree import CodeBlock, Document, Node
from cardpress.source.bank import Media


@dataclass(frozen=True, slots=True)
class RichText:
    """A Markdown text and its tree. `is_line` says whether it stands in a line, as a question does."""

    markdown: str
    document: Document
    is_line: bool = False

    def html(self, writer: HtmlWriter) -> str:
        """Return the text as a writer of HTML has it."""
        return writer.line(self.document) if self.is_line else writer.document(self.document)

    @property
    def nodes(self) -> Sequence[Node]:
        """What it consists of: blocks, or what stands in its line."""
        line = self.document.line if self.is_line else None
        return self.document.blocks if line is None else line

    @property
    def plain(self) -> str:
        """The text that a person reads in it."""
        return to_plain_text(self.document)


@dataclass(frozen=True, slots=True)
class Code:
    """The shown part of a snippet: its file, and the code in its colors."""

    file: str
    block: CodeBlock


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a note's content last changed: the version of that release and its moment, in seconds since 1970 UTC."""

    version: str
    modified: int


@dataclass(frozen=True, slots=True)
class PitfallText:
    """A rendered pitfall: a wrong claim, and the truth."""

    claim: RichText
    truth: RichText


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A web page that an answer is based on."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What a note tells learners when it ships for the last time: why, and the id of what is asked in its place."""

    reason: str
    replaced_by: str | None


@dataclass(frozen=True, slots=True)
class RecallNote:
    """A rendered question-and-answer note."""

    id: str
    guid: str
    stamp: Stamp
    question: RichText
    answer: RichText
    extra: RichText | None
    code: Code | None
    tags: tuple[str, ...]
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class ClozeNote:
    """A rendered cloze note, whose text has cloze deletions."""

    id: str
    guid: str
    stamp: Stamp
    text: RichText
    extra: RichText | None
    code: Code | None
    tags: tuple[str, ...]
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class InterviewNote:
    """A rendered question plus its GUID, with the recall notes that belong to it."""

    id: str
    guid: str
    stamp: Stamp
    asked_at: Span
    answered_at: Span
    section: str
    number: int | None
    level: str | None
    question: RichText
    answer: RichText
    key_points: tuple[RichText, ...]
    code: Code | None
    output: str | None
    how_to_answer: RichText | None
    example_answer: RichText | None
    pitfalls: tuple[PitfallText, ...]
    sources: tuple[SourceLink, ...]
    tags: tuple[str, ...]
    see_also: tuple[str, ...]
    extra: RichText | None
    recall: tuple[RecallNote | ClozeNote, ...]
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class RetiredNote:
    """A note that ships for the last time, and the question that it belongs to."""

    note: InterviewNote | RecallNote | ClozeNote
    parent: InterviewNote
    reason: str
    replaced_by: str | None


@dataclass(frozen=True, slots=True)
class DeckSection:
    """A rendered section and its notes, in order."""

    id: str
    title: str
    description: str
    notes: tuple[InterviewNote, ...]
    retired: tuple[RetiredNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Deck:
    """Everything that a writer needs, rendered once.

    `modified` is the start of the day `date`, in seconds since 1970 UTC. Pictures have the names that the HTML uses.
    """

    id: str
    title: str
    version: str
    date: str
    modified: int
    language: str
    description: str
    introduction: RichText | None
    checked: str
    authors: tuple[str, ...]
    license: str
    homepage: str
    report_url: str
    sections: tuple[DeckSection, ...]
    media: tuple[Media, ...]
    fonts: tuple[Media, ...]
    font_folders: tuple[Path, ...]
    templates: Mapping[str, SourceFile]
    web_fonts: tuple[Media, ...] = ()
    # When each note type last changed, by its kind, in seconds since 1970 UTC. `modified` holds for those not in it.
    type_moments: Mapping[str, int] = field(default_factory=dict)

    def notes(self) -> Iterator[InterviewNote]:
        """Yield every question's note, in the deck's order."""
        for section in self.sections:
            yield from section.notes
