"""Fonts that a project brings: those that its sheets are printed with, and those of its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cardpress.diagnostics import Diagnostic
from cardpress.source.bank import Media
from cardpress.source.files import Folder
from cardpress.source.templates.template_files import is_paper


@dataclass(frozen=True, slots=True)
class FontKind:
    """A kind of font: its name, its files' suffixes and first bytes, and the help line for any other file."""

    name: str
    suffixes: tuple[str, ...]
    starts: tuple[bytes, ...]
    help: str


PRINT_FONT = FontKind(
    name="a TrueType or OpenType font",
    suffixes=(".ttf", ".otf"),
    starts=(b"\x00\x01\x00\x00", b"true", b"OTTO"),
    help="put a .ttf or .otf font here",
)
WEB_FONT = FontKind("a WOFF2 font", (".woff2",), (b"wOF2",), "put a .woff2 font here")


def read_fonts(folder: Folder, kind: FontKind, diagnostics: list[Diagnostic]) -> dict[str, Media]:
    """Return a folder's fonts of one kind, by name. Report and leave out files that are not such fonts."""
    fonts = folder.read_all(diagnostics, *kind.suffixes)
    for name, font in list(fonts.items()):
        message, hint = f"{folder.name}/{name} is not {kind.name}", kind.help
        if font.data.startswith(kind.starts):
            if kind is not PRINT_FONT or not _has_drawings(font.data):
                continue
            message = f"{folder.name}/{name} has its characters as SVG, which could print files of whoever builds"
            hint = "take a version of the font without the table `SVG `"
        diagnostics.append(folder.problem("unsupported-font", name, message, hint))
        del fonts[name]
    return fonts


def find_other_files(folder: Folder) -> Iterator[Diagnostic]:
    """Yield a problem for each file among print fonts that has the ending of another kind of file."""
    for name in folder.names():
        if not name.lower().endswith(PRINT_FONT.suffixes) and not is_paper(name):
            is_web_font = name.lower().endswith(WEB_FONT.suffixes)
            hint = "move it to templates/web/fonts/" if is_web_font else PRINT_FONT.help
            yield folder.problem("unsupported-font", name, f"{folder.name}/{name} is not {PRINT_FONT.name}", hint)


def _has_drawings(font: bytes) -> bool:
    """Return whether a font has glyphs that are SVG: Typst would draw what such an SVG links to, any file there is."""
    tables = int.from_bytes(font[4:6], "big")  # each has a record of 16 bytes, after a header of 12
    return any(font.startswith(b"SVG ", 12 + 16 * number) for number in range(tables))
