"""The printed sheets, through Typst, which is fed data and never markup: no text of an author is parsed by it."""

from __future__ import annotations

import re

import typst

from cardpress.deck import Artifact, Deck
from cardpress.diagnostics import Diagnostic
from cardpress.print_data import print_data
from cardpress.writers import Written

_SHEETS = (("cheatsheet", "print/cheatsheet.typ"), ("flashcards", "print/flashcards.typ"))
_PAPERS = (("a4", "a4"), ("letter", "us-letter"))
_OVERFLOW = re.compile(r"card-overflow:([a-z0-9,-]+)")


def write(deck: Deck) -> Written:
    """Make the cheat sheet and the flashcards, each for A4 and for Letter."""
    data = print_data(deck)
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(path) for path in deck.font_folders]
    )
    artifacts, diagnostics = [], []
    for sheet, template in _SHEETS:
        for suffix, paper in _PAPERS:
            made = _compile(deck, data, fonts, template, paper)
            if isinstance(made, bytes):
                name = f"{deck.id}-{sheet}-{suffix}.pdf"
                artifacts.append(Artifact(name, made, "application/pdf", f"{page_count(made)} pages"))
            else:
                diagnostics += made
    return Written(tuple(artifacts), tuple(diagnostics))


def _compile(deck: Deck, data: str, fonts: typst.Fonts, template: str, paper: str) -> bytes | list[Diagnostic]:
    source = deck.templates["print/common.typ"].text + "\n" + deck.templates[template].text
    theme = deck.templates["print/code.tmTheme"].text
    try:
        pdf, warnings = typst.compile_with_warnings(
            source.encode(),
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={"deck": data, "paper": paper, "theme": theme},
            pdf_standards=["ua-1"],
            timestamp=deck.modified,
        )
    except typst.TypstError as error:
        overflow = _OVERFLOW.search(str(error))
        if overflow is None:
            raise
        return [_too_long(deck, note_id) for note_id in overflow[1].split(",")]
    if warnings:
        raise RuntimeError(f"{template}: {warnings[0].message}")  # ours to mend: the data is not markup
    return pdf


def _too_long(deck: Deck, note_id: str) -> Diagnostic:
    note = next(note for note in deck.notes() if note.id == note_id)
    message = f"the answer of `{note_id}` does not fit its printed card, even at 7 pt"
    return Diagnostic("card-overflow", note.place, message, "shorten `question` or `answer`")


def page_count(pdf: bytes) -> int:
    """Count a PDF's pages from its page tree."""
    return max(map(int, re.findall(rb"/Count (\d+)", pdf)), default=0)
