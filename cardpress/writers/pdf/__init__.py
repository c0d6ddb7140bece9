"""Makes the printed sheets with Typst. Authors' texts reach Typst as data, so it never parses them as markup."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, TypeVar

import typst

from cardpress.deck.notes import Deck, Note
from cardpress.diagnostics import Diagnostic, Span
from cardpress.note_types import Holds
from cardpress.publish.artifact import Artifact
from cardpress.wording import say_count
from cardpress.writers import Written
from cardpress.writers.pdf.boxes import box_missing
from cardpress.writers.pdf.data import make_print_data
from cardpress.writers.pdf.fitting import Fitting
from cardpress.writers.pdf.packing import pack_pdf

JsonObject = dict[str, Any]
Made = TypeVar("Made")

_PAPERS = {"a4": "a4", "letter": "us-letter"}
# Characters of JSON, about 150 questions. From this size on, jobs run one by one and each in its own process.
_LARGE = 500_000
# Questions. A longer deck has no booklet: it would have a thousand pages, and Typst would need gigabytes for it.
_LONGEST_BOOKLET = 500
# Each node of the page tree counts the pages below it (PDF 1.7, 7.7.3.2), so the root's count is the largest.
_PAGES = re.compile(rb" obj\n<</Type/Pages\b[^>]*?/Count (\d+)")
# Prints one picture the way the sheets do, to find pictures that Typst cannot print.
_ONE_PICTURE = """\
#let picture = json(bytes(sys.inputs.deck))
#set document(title: "One picture")
#image(bytes(picture.data), format: picture.format, alt: "It", width: 100%)
"""


def write(deck: Deck) -> Written:
    """Return the cheat sheet, the flashcards and, unless the deck is too long, the booklet, each for A4 and Letter."""
    press = _Press(deck)
    if broken := tuple(press.broken_pictures()):
        return Written((), broken)
    # Typst releases Python's global lock while it works, so both papers can be made at the same time. For large decks
    # that would need too much memory.
    with ThreadPoolExecutor(1 if press.is_large else len(_PAPERS)) as pool:
        papers = list(pool.map(press.paper, _PAPERS))
    diagnostics = {problem.order: problem for written in papers for problem in written.diagnostics}
    return Written(tuple(a for written in papers for a in written.artifacts), tuple(diagnostics.values()))


@dataclass(frozen=True, slots=True)
class TooLong:
    """The card sides whose text does not fit, each as a note's id and `front` or `back`."""

    sides: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Job:
    """What Typst gets for one sheet.

    `source` is Typst markup, `fonts` are folders, `data` is JSON, `paper` is Typst's name for the paper, and `modified`
    is the PDF's date, in seconds since 1970 UTC.
    """

    source: str
    fonts: tuple[str, ...]
    data: str
    paper: str
    modified: int


def _set_sheet(job: _Job) -> bytes:
    """Return a sheet's PDF. Raises RuntimeError with Typst's message when Typst fails."""
    with _typst_errors():
        return _export(_open_compiler(job), job)


def _set_cards(job: _Job) -> bytes | TooLong:
    """Return the PDF of the cards, or the sides whose text does not fit. Raises RuntimeError as `_set_sheet` does."""
    with _typst_errors():
        compiler = _open_compiler(job)
        marks = json.loads(compiler.query("<too-long>", field="value"))
        if marks:
            return TooLong(tuple((note_id, side) for mark in marks for note_id, side in mark))
        return _export(compiler, job)


@contextmanager
def _typst_errors() -> Iterator[None]:
    # A TypstError cannot be sent from one process to another.
    try:
        yield
    except typst.TypstError as error:
        raise RuntimeError(str(error)) from None


def _open_compiler(job: _Job) -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(job.fonts))
    return typst.Compiler(
        job.source.encode(),
        font_paths=fonts,
        # A picture may refer to other files. In this root it finds none, so the PDF depends on the deck alone.
        root=job.fonts[0],
        ignore_system_fonts=True,
        sys_inputs={"deck": job.data, "paper": job.paper},
    )


def _export(compiler: typst.Compiler, job: _Job) -> bytes:
    source = job.source.encode()  # passed again, since a query makes the compiler forget it
    pdf, warnings = compiler.compile_with_warnings(source, pdf_standards=["ua-1"], timestamp=job.modified)
    if warnings:
        raise RuntimeError(warnings[0].message)  # a mistake in our template, since no author's text is markup
    if not isinstance(pdf, bytes):
        raise TypeError("Typst makes one file of a PDF")
    return pdf


class _Press:
    """Makes the sheets of one deck, whose data it prepares once."""

    def __init__(self, deck: Deck) -> None:
        self.deck = deck
        self.has_booklet = sum(1 for _ in deck.notes()) <= _LONGEST_BOOKLET
        self.data = box_missing(make_print_data(deck, for_reading=self.has_booklet), deck.fonts)
        self.glance = _without_details(self.data)
        self.is_large = len(json.dumps(self.glance, ensure_ascii=False)) >= _LARGE

    def paper(self, suffix: str) -> Written:
        """Return every sheet for one size of paper, or problems in place of cards whose text does not fit."""
        artifacts = []
        if self.has_booklet:
            artifacts.append(self.artifact("booklet", suffix, self.sheet("booklet", suffix)))
        artifacts.append(self.artifact("cheatsheet", suffix, self.sheet("cheatsheet", suffix)))
        cards = self.cards(suffix)
        if not isinstance(cards, bytes):
            return Written(tuple(artifacts), tuple(cards))
        return Written((*artifacts, self.artifact("flashcards", suffix, cards)))

    def sheet(self, sheet: str, suffix: str) -> bytes:
        """Return the PDF of a sheet whose text flows from page to page."""
        data = self.data if sheet == "booklet" else self.glance
        return _do_job(_set_sheet, self.job(self.template(sheet), data, suffix))

    def job(self, source: str, data: object, suffix: str = "a4") -> _Job:
        return _Job(
            source=source,
            fonts=tuple(str(path) for path in self.deck.font_folders),
            data=json.dumps(data, ensure_ascii=False),
            paper=_PAPERS[suffix],
            modified=self.deck.modified,
        )

    def broken_pictures(self) -> Iterator[Diagnostic]:
        """Yield a problem for each picture that Typst cannot print."""
        for picture in self.deck.media:
            try:
                _set_sheet(self.job(_ONE_PICTURE, self.data["media"][picture.name]))
            except RuntimeError as error:
                place = Span.of_file(f"source/media/{picture.origin}")
                message = f"source/media/{picture.origin} cannot be printed: {' '.join(str(error).split())}"
                yield Diagnostic("unsupported-media", place, message, "open it in a drawing program and save it anew")

    def template(self, sheet: str) -> str:
        """Return the Typst source of a sheet."""
        templates = self.deck.templates
        return f"{templates['print/common.typ'].text}\n{templates[f'print/{sheet}.typ'].text}"

    def cards(self, suffix: str) -> bytes | list[Diagnostic]:
        """Return the PDF of the cards, or a problem for each side whose text does not fit.

        Sides that do not fit are tried again in smaller type, as long as a smaller size is allowed.
        """
        fitting = Fitting(self.deck)
        while True:
            data = _with_sizes(self.glance, fitting)
            made = _do_job(_set_cards, self.job(self.template("flashcards"), data, suffix))
            if isinstance(made, bytes):
                return made
            smaller = [fitting.shrink(note_id, side) for note_id, side in made.sides]
            if not any(smaller):
                return [self._too_long(note_id, side) for note_id, side in made.sides]

    def _too_long(self, note_id: str, side: str) -> Diagnostic:
        note = next(note for note in self.deck.notes() if note.id == note_id)
        shown = note.note_type.asked if side == "front" else note.note_type.answered
        key = next((field.key for field in shown if field.key in note.places), note.note_type.asked[0].key)
        place = note.places[key]
        message = f"the {key} of `{note_id}` does not fit its printed card, even at 7 pt"
        return Diagnostic("card-overflow", place, message, _shorter(note, key))

    def artifact(self, sheet: str, suffix: str, pdf: bytes) -> Artifact:
        name = f"{self.deck.id}-{sheet}-{suffix}.pdf"
        return Artifact(name, pack_pdf(pdf), "application/pdf", say_count(count_pages(pdf), "page"))


def _shorter(note: Note, key: str) -> str:
    """Return the help line for a text that does not fit its card."""
    lists = [field.key for field in note.note_type.keyed() if field.holds is Holds.LINES]
    return f"shorten `{key}`" + (f"; what explains it can go to `{lists[0]}`" if lists else "")


def _do_job(work: Callable[[_Job], Made], job: _Job) -> Made:
    """Return what `work` makes of a job. A large job runs in a process of its own.

    Typst keeps the memory of a layout until its process ends.
    """
    if len(job.data) < _LARGE:
        return work(job)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, job).result()


def _without_details(data: JsonObject) -> JsonObject:
    """Return the data without what only the booklet prints: recall notes, and fields that readers have to ask for."""

    def glance(note: JsonObject) -> JsonObject:
        fields = [field for field in note["fields"] if "folded" not in field]
        return {key: value for key, value in note.items() if key != "recall"} | {"fields": fields}

    return _with_notes(data, glance)


def _with_sizes(data: JsonObject, fitting: Fitting) -> JsonObject:
    return _with_notes(data, lambda note: {**note, "fit": fitting.of(note["id"])})


def _with_notes(data: JsonObject, changed: Callable[[JsonObject], JsonObject]) -> JsonObject:
    sections = [{**section, "notes": [changed(note) for note in section["notes"]]} for section in data["sections"]]
    return {**data, "sections": sections}


def count_pages(pdf: bytes) -> int:
    """Return the number of pages of a PDF that Typst made, whose page tree is not compressed."""
    return max(map(int, _PAGES.findall(pdf)))
