"""Calls Typst for one sheet. It sees a private folder and nothing else: no project, no system fonts, no packages."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass

import typst

from cardpress.writers.pdf.cards import Overflow

# Folders in the private folder. The one of packages is empty.
FONTS = "fonts"
PACKAGES = "packages"


class SettingError(Exception):
    """Typst could not set a sheet. The message is Typst's, in one line."""


@dataclass(frozen=True, slots=True)
class Job:
    """What Typst gets for one sheet.

    `source` is Typst markup, `folder` is a private folder, `data` is JSON, `paper` is Typst's name for the paper, and
    `modified` is the PDF's date, in seconds since 1970 UTC. With `measures`, cards that are too small are looked for
    first; without `sets`, nothing else is done. With `has_formulas`, Typst's own fonts are there, for theirs.
    """

    source: str
    folder: str
    data: str
    paper: str
    modified: int
    measures: bool = False
    sets: bool = True
    has_formulas: bool = False


@dataclass(frozen=True, slots=True)
class MadeSheet:
    """A sheet's PDF."""

    pdf: bytes


@dataclass(frozen=True, slots=True)
class Overflows:
    """The sides of cards that do not fit. When there are any, there is no PDF."""

    sides: tuple[Overflow, ...]


def set_sheet(job: Job) -> MadeSheet | Overflows:
    """Return a sheet, or what does not fit its cards. Raises SettingError when Typst fails."""
    try:
        compiler = _open_compiler(job)
        if job.measures:
            sides = read_overflows(compiler.query("<too-long>", field="value"))
            if sides or not job.sets:
                return Overflows(sides)
        source = job.source.encode()  # passed again, since a query makes the compiler forget it
        # A warning is a mistake in a template, since no author's text is markup. The sheet is there all the same.
        pdf, _ = compiler.compile_with_warnings(source, pdf_standards=["ua-1"], timestamp=job.modified)
    except RuntimeError as error:  # TypstError is one, and a query raises others
        raise SettingError(_in_a_line(str(error), job)) from None
    except BaseException as error:
        # A panic in Rust. It says that it is no Exception, though Typst is as good as before.
        if type(error).__name__ != "PanicException":
            raise
        raise SettingError(_in_a_line(f"Typst failed: {error}", job)) from None
    if not isinstance(pdf, bytes):
        raise TypeError("Typst makes one file of a PDF")
    return MadeSheet(pdf)


def _in_a_line(message: str, job: Job) -> str:
    """Return Typst's message without the path of the private folder, which is another one each time."""
    return " ".join(message.replace(job.folder, "").split())


def _open_compiler(job: Job) -> typst.Compiler:
    own = job.has_formulas
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=own, font_paths=[f"{job.folder}/{FONTS}"])
    packages = f"{job.folder}/{PACKAGES}"
    return typst.Compiler(
        job.source.encode(),
        font_paths=fonts,
        root=job.folder,
        ignore_system_fonts=True,
        sys_inputs={"deck": job.data, "paper": job.paper},
        package_path=packages,
        package_cache_path=packages,
    )


def read_overflows(text: str) -> tuple[Overflow, ...]:
    """Return the sides that a template's marks name. Raises SettingError for marks of another form."""
    with suppress(TypeError, ValueError, AttributeError):
        marks = [mark for each in json.loads(text) for mark in each or ()]
        return tuple(Overflow(str(i), int(part), str(side), float(need)) for i, part, side, need in marks)
    raise SettingError("its `<too-long>` marks are not lists of an id, a part, a side and how many cards it needs")
