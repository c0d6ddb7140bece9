"""Makes the sheets of one deck, each in the first way that works."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from cardpress.deck.notes import Deck
from cardpress.diagnostics import Diagnostic, Span
from cardpress.outputs import OUTPUTS, SHEETS, Sheet
from cardpress.pdf.keeping import KeptJobs, keep_setting
from cardpress.pdf.merging import merge
from cardpress.pdf.packing import LARGE, Objects, write_objects
from cardpress.pdf.processes import Bounded, Setter, Workers
from cardpress.pdf.typesetting import (
    Job,
    MadeSheet,
    Overflow,
    Overflows,
    SettingError,
    set_objects,
    take_objects,
)
from cardpress.publish.artifact import Artifact
from cardpress.wording import say_count
from cardpress.writers import Course, Written
from cardpress.writers.pdf.booklet import is_parted, set_booklet
from cardpress.writers.pdf.breaking import mend_words
from cardpress.writers.pdf.cards import Cards
from cardpress.writers.pdf.formats import Format, choose_format
from cardpress.writers.pdf.heights import JsonObject
from cardpress.writers.pdf.in_parts import SetParts
from cardpress.writers.pdf.papers import PAPER_NAMES, PAPER_SIZES, put_on_paper
from cardpress.writers.pdf.rooms import find_pictures
from cardpress.writers.pdf.selecting import drop_details, drop_sides, select, take_below
from cardpress.writers.pdf.study_notes import tell_heights
from cardpress.writers.pdf.study_parts import number_sources, set_study_notes
from cardpress.writers.pdf.templates import find_own_template, join_template
from cardpress.writers.pdf.words import describe_pictures, put_in_words

Made = TypeVar("Made")
# Sets a sheet in parts: of its data, for paper of a height in points.
SetSheet = Callable[[JsonObject, float, SetParts], Objects]

# Ems that a line of the booklet has room for.
_BOOKLET_LINE = 38.0
# Lines of code that stand in one piece there, about half a page: more would leave a page empty before them.
_BOOKLET_CODE = 36
# Jobs that are set at the same time.
AT_A_TIME = 2
# Questions. Study notes of more have the same pages on both papers, which are set once.
_FEW = 200
# Pages of fronts that are set together.
_PAGES_OF_A_PART = 6
_ALL_PAGES = 1_000_000
# Characters of JSON whose PDF is so long that it is not made smaller, which would take seconds.
_LONG = LARGE // 2
_PDF = "application/pdf"
# A cheat sheet is one sheet of paper, printed on both sides.
_PAGES_OF_A_SHEET = 2
# Each node of the page tree counts the pages below it (PDF 1.7, 7.7.3.2), so the root's count is the largest.
_PAGES = re.compile(rb"^<</Type/Pages\b[^>]*?/Count (\d+)")
# What the data of a sheet with formulas has.
_FORMULA = '"formula": ['
# What a template of the project must not put into a PDF: a link that is no web address, and a file to open. So Typst
# writes them; in hexadecimal, `68747470` is `http`, and the other number `mailto:`.
_ACTIVE = re.compile(
    rb"/S/URI/URI(?!\((?:https?://|mailto:)|<(?:68747470|6D61696C746F3A))|/Type/EmbeddedFile", re.IGNORECASE
)
# Prints pictures the way the sheets do, to find those that Typst cannot print.
_PICTURES = """\
#set document(title: "Pictures")
#for picture in json(bytes(sys.inputs.deck)) {
  image(read("/" + picture.file, encoding: none), format: picture.format, alt: "It", width: 100%)
}
"""


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to make a sheet: a template, the data, what sets them, and the warning for when that fails.

    Not every template sets a sheet in parts.
    """

    source: str
    data: JsonObject
    set: Setter
    problem: Callable[[str], Diagnostic]
    is_in_parts: bool = True


class Press:
    """Makes the sheets of one deck, whose data it prepares once."""

    def __init__(
        self,
        deck: Deck,
        data: JsonObject,
        folder: str,
        too_large: Mapping[str, str],
        crowded: Iterable[Diagnostic],
        fitted: Mapping[str, JsonObject],
        kept: KeptJobs,
        workers: Workers | None,
        course: Course,
    ) -> None:
        self.deck = deck
        self.folder = folder
        self.fitted = fitted
        self.kept = kept
        self.course = course
        self.problems = list(crowded)
        characters = max(len(json.dumps(each, ensure_ascii=False)) for each in (drop_details(data), take_below(data)))
        self.shrinks = characters < _LONG
        self.bounded = Bounded(characters)
        self.set: Setter = keep_setting(workers.set_objects if workers else self._set_here, kept)
        # A font of the project can have shapes within shapes without end.
        self.has_own_fonts = deck.fonts != deck.engine_fonts
        if self.has_own_fonts:
            self.set = keep_setting(_finishing(Bounded(characters * len(SHEETS)).set_sheet), kept)
        data = describe_pictures(data, frozenset(self._report_broken_pictures(data["media"], too_large)))
        self.data = data
        # The sheets that are made with the project's own templates, as long as that works.
        self.with_own = {sheet for sheet in SHEETS if find_own_template(deck, sheet)}
        self.has_own = any(name.startswith("print/") for name in deck.replaced_templates)

    @property
    def is_large(self) -> bool:
        """Return whether what is made of the deck needs much memory."""
        return _is_large(self.deck)

    @property
    def threads(self) -> int:
        """How many sheets may be made at the same time. More would need too much memory."""
        return 1 if self.has_own_fonts or self.has_own else AT_A_TIME

    def make(self, sheet: Sheet, papers: tuple[str, ...]) -> Written:
        """Return a sheet for some sizes of paper, and warnings of what it does not have as it is written.

        One that was made of the same before is taken from there, if there was nothing to warn of.
        """
        output = OUTPUTS[sheet.name]
        data = select(self.data, output)
        media = self.fitted.get(sheet.name, data["media"])
        shown = set(find_pictures({**data, "media": None}))
        data = {**data, "media": {name: each for name, each in media.items() if name in shown}}
        if sheet.name in self.with_own:  # which may warn of what the engine's does not
            return self._make_anew(sheet, papers, data)
        source = join_template(self.deck, sheet.name, self.deck.replaced_templates)
        settings = [sheet.name, sheet.per_page, papers, self.deck.id, self.deck.modified, self.shrinks, self.is_large]
        key = self.kept.digest(settings, source, json.dumps(data, ensure_ascii=False))
        if (files := self.kept.get_files(key, len(papers))) is not None:
            pairs = zip(papers, files, strict=True)
            return Written(tuple(_read_artifact(self._name(sheet.name, paper), file) for paper, file in pairs))
        before = len(self.problems)
        written = self._make_anew(sheet, papers, data)
        if not written.diagnostics and len(self.problems) == before:
            self.kept.keep_files(key, list(map(_write_artifact, written.artifacts)))
        return written

    def _make_anew(self, sheet: Sheet, papers: tuple[str, ...], data: JsonObject) -> Written:
        output = OUTPUTS[sheet.name]
        form = choose_format(sheet)
        if form is not None:
            cards = partial(self._cards, form=form, paper=papers[0], of_recall=output.of_recall)
            return self._put_on(papers, sheet.name, *self._make(sheet.name, data, cards), turned=form.turned)
        data, parts = self._ready_to_flow(sheet, drop_sides(data))
        flow = partial(self._flow, parts=parts, of_gists=output.of_gists)
        if is_set_once(self.deck, sheet) and len(papers) > 1:
            made, problems = self._make(sheet.name, {**data, "for-both": True}, partial(flow, paper=papers[0]))
            return self._put_on(papers, sheet.name, made, problems, turned=False)
        made_of: list[Written] = []
        for paper in papers:  # its text flows from page to page
            made, problems = self._make(sheet.name, data, partial(flow, paper=paper))
            made_of.append(Written((self.artifact(sheet.name, paper, made),), problems))
        return Written(
            tuple(artifact for written in made_of for artifact in written.artifacts),
            tuple(problem for written in made_of for problem in written.diagnostics),
        )

    def _ready_to_flow(self, sheet: Sheet, data: JsonObject) -> tuple[JsonObject, SetSheet | None]:
        """Return the data of a sheet whose text flows from page to page, and what sets it in parts where it can be."""
        if sheet.name == "booklet":
            sections = mend_words(data["sections"], _BOOKLET_LINE)
            data = {**data, "sections": sections, "whole-lines": _BOOKLET_CODE}
            return data, set_booklet if is_parted(data) else None
        if sheet.name == "study-notes":
            data = number_sources(data)
            return (data, set_study_notes) if _is_large(self.deck) else (tell_heights(data), None)
        return data, None

    def _put_on(
        self, papers: tuple[str, ...], sheet: str, made: Objects, problems: tuple[Diagnostic, ...], *, turned: bool
    ) -> Written:
        """Return what was set for the first of some papers on all of them."""
        pdfs = [made, *(put_on_paper(made, papers[0], paper, turned=turned) for paper in papers[1:])]
        artifacts = tuple(self.artifact(sheet, *each) for each in zip(papers, pdfs, strict=True))
        return Written(artifacts, problems)

    def _cards(self, way: _Way, form: Format, paper: str, *, of_recall: bool) -> tuple[Objects, tuple[Diagnostic, ...]]:
        """Measure all cards; then those that did not fit, smaller or on further cards, until they do; then set them.

        Before that, few cards on a last page are saved where they can be.
        """
        cards = Cards(self.deck, way.data, form, of_recall=of_recall)

        def fit(keys: frozenset[str]) -> None:
            while keys:
                data = cards.data_to_measure(keys)
                if not any(section["notes"] for section in data["sections"]):
                    break
                keys = cards.refine(_sides_of(way.set(self._job(way.source, data, paper, measures=True))))

        with ThreadPoolExecutor(self.threads) as pool:
            deque(pool.map(fit, cards.list_groups()), maxlen=0)
            while pressed := cards.fill():
                fit(pressed)
            for pages in (_PAGES_OF_A_PART, _ALL_PAGES) if way.is_in_parts else (_ALL_PAGES,):
                parts = cards.list_parts(pages)
                made = pool.map(lambda part: self._set_part(way, part, paper), parts)
                if len(parts) == 1:
                    return next(made), tuple(cards.problems())
                with suppress(ValueError):  # what only a whole document has
                    return merge(made), tuple(cards.problems())
        raise AssertionError("all pages are one part")

    def _flow(
        self, way: _Way, paper: str, parts: SetSheet | None, *, of_gists: bool
    ) -> tuple[Objects, tuple[Diagnostic, ...]]:
        """Set a sheet whose text flows from page to page. Of the cheat sheet, say when it is longer than one."""
        if (pdf := self._set_in_parts(way, paper, parts)) is None:
            pdf = self._set_part(way, way.data, paper)
        if not of_gists or (pages := count_pages(pdf)) <= _PAGES_OF_A_SHEET:
            return pdf, ()
        needs = [side.need for side in _sides_of(way.set(self._job(way.source, way.data, paper, measures=True)))]
        return pdf, (_too_long(pages, needs[0]),) if needs else ()

    def _set_in_parts(self, way: _Way, paper: str, set_sheet: SetSheet | None) -> Objects | None:
        """Return a sheet that was set in parts, None for what has to be set whole."""
        if set_sheet is None or not way.is_in_parts:
            return None
        with ThreadPoolExecutor(self.threads) as pool, suppress(ValueError):

            def set_parts(parts: Sequence[JsonObject]) -> list[Objects]:
                return list(pool.map(lambda part: self._set_part(way, part, paper), parts))

            return set_sheet(way.data, PAPER_SIZES[paper][1], set_parts)
        return None

    def _set_part(self, way: _Way, part: JsonObject, paper: str) -> Objects:
        return _pdf_of(way.set(self._job(way.source, part, paper)))

    def _set_here(self, job: Job) -> Objects | Overflows:
        return set_objects(job)

    def _make(self, sheet: str, data: JsonObject, make: Callable[[_Way], Made]) -> Made:
        """Return what `make` makes in the first way that works: each sheet is always made."""
        for way in self._ways(sheet, data):
            try:
                return make(way)
            except SettingError as error:
                self.problems.append(way.problem(str(error)))
                failure = error
        raise failure

    def _ways(self, sheet: str, data: JsonObject) -> Iterator[_Way]:
        """Yield the ways to make a sheet: by the project's own template, by the engine's, and with words alone."""
        own = find_own_template(self.deck, sheet)
        if own and sheet in self.with_own:
            set_own = keep_setting(self._set_own, self.kept)
            yield _Way(
                join_template(self.deck, sheet, {}),
                data,
                set_own,
                partial(_bad_template, own, sheet),
                is_in_parts=False,
            )
            self.with_own.discard(sheet)
        source = join_template(self.deck, sheet, self.deck.replaced_templates)
        yield _Way(source, data, self.set, partial(_unprintable, sheet))
        if not self.has_own_fonts:  # otherwise these are to blame, and all is printed anew without them
            yield _Way(source, put_in_words(data), self.set, partial(_unprintable, sheet))

    def _set_own(self, job: Job) -> Objects | Overflows:
        made = self.bounded.set_sheet(job)
        if isinstance(made, Overflows):
            return made
        if _ACTIVE.search(made.pdf):
            raise SettingError("it attaches a file, or a link in it is not an `http`, `https` or `mailto` address")
        return take_objects(made, job)

    def _job(self, source: str, data: object, paper: str = "a4", *, measures: bool = False) -> Job:
        self.course.go_on()
        return Job(
            source=source,
            folder=self.folder,
            data=(text := json.dumps(data, ensure_ascii=False)),
            paper=PAPER_NAMES[paper],
            modified=self.deck.modified,
            measures=measures,
            has_formulas=_FORMULA in text,
            shrinks=self.shrinks,
        )

    def _report_broken_pictures(self, media: JsonObject, too_large: Mapping[str, str]) -> Iterator[str]:
        """Yield the pictures that cannot be printed, and warn of them."""
        broken = dict(too_large)
        others = [picture.name for picture in self.deck.media if picture.name not in broken]
        # They are tried together first.
        if others and self._why_broken([media[name] for name in others]):
            broken |= {name: why for name in others if (why := self._why_broken([media[name]]))}
        for picture in self.deck.media:
            if picture.name in broken:
                path = f"source/media/{picture.origin}"
                message = f"{path} cannot be printed, and has its description in its place: {broken[picture.name]}"
                help_line = "open it in a drawing program and save it anew"
                self.problems.append(Diagnostic("unprintable-picture", Span.of_file(path), message, help_line))
        yield from broken

    def _why_broken(self, pictures: list[JsonObject]) -> str:
        """Return why Typst cannot print one of these pictures, nothing when it can."""
        try:
            self.set(replace(self._job(_PICTURES, pictures), shrinks=False))
        except SettingError as error:
            return str(error)
        return ""

    def artifact(self, sheet: str, paper: str, pdf: Objects) -> Artifact:
        """Return a sheet as a file."""
        return Artifact(self._name(sheet, paper), write_objects(pdf), _PDF, say_count(count_pages(pdf), "page"))

    def _name(self, sheet: str, paper: str) -> str:
        return f"{self.deck.id}-{sheet}-{paper}.pdf"


def _write_artifact(artifact: Artifact) -> bytes:
    return artifact.holds.encode() + b"\n" + artifact.data


def _read_artifact(name: str, kept: bytes) -> Artifact:
    holds, _, data = kept.partition(b"\n")
    return Artifact(name, data, _PDF, holds.decode())


def is_set_once(deck: Deck, sheet: Sheet) -> bool:
    """Return whether a sheet is the same on both papers: cards, and the study notes of a large deck."""
    if choose_format(sheet) is not None:
        return True
    return sheet.name == "study-notes" and _is_large(deck) and find_own_template(deck, sheet.name) is None


def _is_large(deck: Deck) -> bool:
    return sum(len(section.notes) for section in deck.sections) > _FEW


def _pdf_of(made: Objects | Overflows) -> Objects:
    if isinstance(made, Overflows):
        raise TypeError("what is measured is not set")
    return made


def _sides_of(made: Objects | Overflows) -> tuple[Overflow, ...]:
    if isinstance(made, Objects):
        raise TypeError("what is set is not measured")
    return made.sides


def _finishing(set_sheet: Callable[[Job], MadeSheet | Overflows]) -> Setter:
    """Return what sets sheets with a function, and takes their objects."""

    def set_job(job: Job) -> Objects | Overflows:
        made = set_sheet(job)
        return made if isinstance(made, Overflows) else take_objects(made, job)

    return set_job


def _bad_template(name: str, sheet: str, why: str) -> Diagnostic:
    path = f"templates/{name}"
    message = f"{path} cannot be used, and the engine's template prints the {sheet}: {why}"
    return Diagnostic("bad-print-template", Span.of_file(path), message, "correct it, or remove it")


def _unprintable(sheet: str, why: str) -> Diagnostic:
    message = f"the {sheet} cannot be printed as it is written, and has words alone: {why}"
    return Diagnostic("card-overflow", Span.of_file("source/deck.yaml"), message, "report this, with the deck")


def _too_long(pages: int, need: float) -> Diagnostic:
    """Return the warning of a cheat sheet that takes `need` sheets of paper."""
    beyond = f"{100 * (need - 1):.0f} % more than it has room for"
    message = f"the cheat sheet goes on to {pages} pages in its smallest type: gists and comparisons are {beyond}"
    hint = "shorten them, or keep those of the questions that matter most"
    return Diagnostic("long-cheat-sheet", Span.of_file("source/deck.yaml"), message, hint)


def count_pages(pdf: Objects) -> int:
    """Return the number of pages of a PDF."""
    return max(int(count) for body in pdf.plain.values() for count in _PAGES.findall(body))
