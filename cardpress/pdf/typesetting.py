"""Calls Typst for one sheet. It sees a private folder and nothing else: no project, no system fonts, no packages."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import typst

from cardpress.pdf.packing import Objects, read_objects, shrink

# Folders in the private folder. The one of packages is empty.
FONTS = "fonts"
PACKAGES = "packages"
# Documents after which Typst does not know any more what was in the ones before.
_FORGOTTEN_AFTER = 11


class SettingError(Exception):
    """Typst could not set a sheet. The message is Typst's, in one line."""


@dataclass(frozen=True, slots=True)
class Job:
    """What Typst gets for one sheet, or a part of one.

    `source` is Typst markup, `folder` is a private folder, `data` is JSON, `paper` is Typst's name for the paper, and
    `modified` is the PDF's date, in seconds since 1970 UTC. One that `measures` looks for cards that are too small, and
    sets nothing. With `has_formulas`, Typst's own fonts are there, for theirs. What is set is made smaller if it
    `shrinks`.
    """

    source: str
    folder: str
    data: str
    paper: str
    modified: int
    measures: bool = False
    has_formulas: bool = False
    shrinks: bool = True


class Overflow(NamedTuple):
    """A side that does not fit its card: of which note and which of its cards, from 1 up, and how many it needs."""

    note_id: str
    part: int
    side: str
    need: float


@dataclass(frozen=True, slots=True)
class MadeSheet:
    """A sheet's PDF."""

    pdf: bytes


@dataclass(frozen=True, slots=True)
class Overflows:
    """The sides of cards that do not fit."""

    sides: tuple[Overflow, ...]


def set_sheet(job: Job) -> MadeSheet | Overflows:
    """Return a sheet, or what does not fit its cards. Raises SettingError when Typst fails."""
    try:
        compiler = _open_compiler(job)
        if job.measures:
            return Overflows(read_overflows(compiler.query("<too-long>", field="value")))
        # A warning is a mistake in a template, since no author's text is markup. The sheet is there all the same.
        pdf, _ = compiler.compile_with_warnings(pdf_standards=["ua-1"], timestamp=job.modified)
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


def set_objects(job: Job) -> Objects | Overflows:
    """Return the objects of a sheet, or what does not fit its cards. Raises SettingError when Typst fails."""
    made = set_sheet(job)
    return made if isinstance(made, Overflows) else take_objects(made, job)


def take_objects(made: MadeSheet, job: Job) -> Objects:
    """Return the objects of a sheet that was set for a job."""
    objects = read_objects(made.pdf)
    return shrink(objects) if job.shrinks else objects


def forget(folder: str) -> None:
    """Let Typst give back the memory in which it keeps what it set, for the case that it comes again.

    It drops what none of the last ten documents had (`comemo::evict` in its source), so some empty ones follow.
    """
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[])
    for _ in range(_FORGOTTEN_AFTER):
        typst.Compiler(b"", root=folder, font_paths=fonts, ignore_system_fonts=True).compile(format="svg")


def _in_a_line(message: str, job: Job) -> str:
    """Return Typst's message without the path of the private folder, which is another one each time.

    Nor does it have the words with which a query begins what it could not do.
    """
    return " ".join(message.replace(job.folder, "").removeprefix("failed to compile document: ").split())


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
