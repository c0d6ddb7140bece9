"""The printed sheets, through Typst, which is fed data and never markup: no text of an author is parsed by it."""

from __future__ import annotations

import json
import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import typst

from cardpress.deck import Artifact, Deck
from cardpress.diagnostics import Diagnostic
from cardpress.fitting import Fitting
from cardpress.missing_glyphs import boxed
from cardpress.print_data import print_data
from cardpress.writers import Written

_PAPERS = {"a4": "a4", "letter": "us-letter"}
# Characters of data; about 150 questions.
_LARGE = 500_000
_DOES_NOT_FIT = re.compile(r"does-not-fit:([a-z0-9:,-]+)")


def write(deck: Deck) -> Written:
    """Make the cheat sheet and the flashcards, each for A4 and for Letter."""
    press = _Press(deck)
    artifacts: list[Artifact] = []
    diagnostics: dict[object, Diagnostic] = {}
    for suffix in _PAPERS:
        artifacts.append(press.artifact("cheatsheet", suffix, press.sheet(suffix)))
        cards = press.cards(suffix)
        if isinstance(cards, bytes):
            artifacts.append(press.artifact("flashcards", suffix, cards))
        else:
            diagnostics |= {problem.order: problem for problem in cards}
    return Written(tuple(artifacts), tuple(diagnostics.values()))


@dataclass(frozen=True, slots=True)
class _Job:
    """What Typst is given for one sheet."""

    source: str
    fonts: tuple[str, ...]
    data: str
    paper: str
    modified: int


def _compile(job: _Job) -> bytes | str:
    """Set a sheet. Gives the PDF, or the names of the cards that do not fit."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(job.fonts))
    try:
        pdf, warnings = typst.compile_with_warnings(
            job.source.encode(),
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={"deck": job.data, "paper": job.paper},
            pdf_standards=["ua-1"],
            timestamp=job.modified,
        )
    except typst.TypstError as error:
        over = _DOES_NOT_FIT.search(str(error))
        if over is None:
            raise RuntimeError(str(error)) from None
        return over[1]
    if warnings:
        raise RuntimeError(warnings[0].message)  # ours to mend: no text of an author is markup
    return pdf


class _Press:
    """Typst with one deck's data and fonts."""

    def __init__(self, deck: Deck) -> None:
        self.deck = deck
        self.data = boxed(print_data(deck), deck.fonts)
        self.fitting = Fitting(deck)

    def sheet(self, suffix: str) -> bytes:
        made = self.compile("cheatsheet", suffix)
        if isinstance(made, str):
            raise RuntimeError(f"the cheat sheet has no cards that could be too small: {made}")
        return made

    def compile(self, sheet: str, suffix: str) -> bytes | str:
        templates = self.deck.templates
        job = _Job(
            source=f"{templates['print/common.typ'].text}\n{templates[f'print/{sheet}.typ'].text}",
            fonts=tuple(str(path) for path in self.deck.font_folders),
            data=json.dumps(self.data, ensure_ascii=False),
            paper=_PAPERS[suffix],
            modified=self.deck.modified,
        )
        if len(job.data) < _LARGE:
            return _compile(job)
        # Typst keeps all that it has laid out until its process ends: a large sheet gets a process of its own.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            return pool.submit(_compile, job).result()

    def cards(self, suffix: str) -> bytes | list[Diagnostic]:
        """Set the cards, and those that do not fit again, smaller, until all do or some cannot."""
        while True:
            for section in self.data["sections"]:
                for note in section["notes"]:
                    note["fit"] = self.fitting.of(note["id"])
            made = self.compile("flashcards", suffix)
            if isinstance(made, bytes):
                return made
            sides = [name.split(":") for name in made.split(",")]
            stuck = [(note_id, side) for note_id, side in sides if not self.fitting.shrink(note_id, side)]
            if stuck:
                return [self._too_long(note_id, side) for note_id, side in stuck]

    def _too_long(self, note_id: str, side: str) -> Diagnostic:
        note = next(note for note in self.deck.notes() if note.id == note_id)
        key, place = ("question", note.asked_at) if side == "front" else ("answer", note.answered_at)
        message = f"the {key} of `{note_id}` does not fit its printed card, even at 7 pt"
        return Diagnostic("card-overflow", place, message, f"shorten `{key}`; what explains it can go to `key_points`")

    def artifact(self, sheet: str, suffix: str, pdf: bytes) -> Artifact:
        name = f"{self.deck.id}-{sheet}-{suffix}.pdf"
        return Artifact(name, pdf, "application/pdf", f"{page_count(pdf)} pages")


def page_count(pdf: bytes) -> int:
    """Count a PDF's pages: its page tree, which Typst writes plainly, says how many are below each node."""
    return max(map(int, re.findall(rb"/Count (\d+)", pdf)), default=0)
