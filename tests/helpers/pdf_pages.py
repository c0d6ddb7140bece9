"""Read printed sheets back: where each character, stroke and picture is on a page of a PDF.

Lengths are in points of 1/72 inch, and places are measured from the lower left corner of the page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from pikepdf import Matrix, Page, Pdf

from cardpress.deck.notes import Deck
from cardpress.publish.artifact import Artifact
from cardpress.writers import load_writer

# Width and height of the paper, in points.
PAPERS = {"a4": (595.28, 841.89), "letter": (612.0, 792.0)}


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character on a page: from `left` to `right` on the baseline `y`, in a font of a size."""

    text: str
    left: float
    right: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Font:
    """A font of a page: the widths of its glyphs, in thousandths of its size, and the characters they stand for."""

    widths: dict[int, float]
    texts: dict[int, str]

    @classmethod
    def of(cls, font: pikepdf.Object) -> Font:
        """Return the font that a PDF describes. Its codes must have two bytes, as those of Typst's fonts do."""
        listed = list(font.DescendantFonts[0].W)
        widths: dict[int, float] = {}
        for first, last, width in zip(listed[::3], listed[1::3], listed[2::3], strict=True):
            widths |= dict.fromkeys(range(int(first), int(last) + 1), float(width))
        cmap = font.ToUnicode.read_bytes().decode("ascii")
        pairs = re.findall(r"<([0-9A-F]{4})> <([0-9A-F]+)>", cmap, re.IGNORECASE)
        return cls(widths, {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs})


def sheets(deck: Deck) -> dict[str, Pdf]:
    """Print a deck and return its sheets, by names such as `flashcards-a4`."""
    return {name: pikepdf.open(io.BytesIO(artifact.data)) for name, artifact in printed(deck).items()}


def printed(deck: Deck) -> dict[str, Artifact]:
    """Print a deck without any diagnostics, and return the artifacts, by names such as `flashcards-a4`."""
    written = load_writer("pdf")(deck)
    assert written.diagnostics == (), [(d.code, d.message) for d in written.diagnostics]
    return {a.name.removeprefix(f"{deck.id}-").removesuffix(".pdf"): a for a in written.artifacts}


def operations(page: Page) -> Iterator[tuple[str, list[pikepdf.Object]]]:
    """Yield the operators of a page's content with their operands, in order."""
    for step in pikepdf.parse_content_stream(page):
        yield str(step.operator), list(step.operands)


def glyphs(page: Page) -> Iterator[Glyph]:
    """Yield a page's characters in the order in which they are drawn."""
    fonts = {name: Font.of(font) for name, font in page.Resources.get("/Font", pikepdf.Dictionary()).items()}
    placed, kept = Matrix(), []
    line, font, size = Matrix(), Font({}, {}), 0.0
    for operator, operands in operations(page):
        match operator:
            case "q":
                kept.append(placed)
            case "Q":
                placed = kept.pop()
            case "cm":
                placed = Matrix(*map(float, operands)) @ placed
            case "Tf":
                font, size = fonts[str(operands[0])], float(operands[1])
            case "Tm":
                line = Matrix(*map(float, operands))
            case "Tj" | "TJ":
                pieces = operands[0] if operator == "TJ" else [operands[0]]
                yield from _run(list(pieces), font, size, line @ placed)


def _run(pieces: list[pikepdf.Object], font: Font, size: float, matrix: Matrix) -> Iterator[Glyph]:
    at = 0.0
    for piece in pieces:
        if not isinstance(piece, pikepdf.String):
            at -= float(piece) / 1000 * size
            continue
        codes = bytes(piece)
        for high, low in zip(codes[::2], codes[1::2], strict=True):
            width = font.widths[high << 8 | low] / 1000 * size
            left, y = matrix.transform((at, 0))
            right, _ = matrix.transform((at + width, 0))
            yield Glyph(font.texts.get(high << 8 | low, ""), left, right, y, size)
            at += width


def words(found: Iterator[Glyph] | list[Glyph]) -> str:
    """Return the characters as text, without white space, which depends on the layout."""
    return re.sub(r"[\s\u200b]", "", "".join(glyph.text for glyph in found))


def run(found: list[Glyph], text: str) -> list[Glyph]:
    """Return the glyphs of a text's first occurrence, one for each character: a ligature is there several times."""
    each = [glyph for glyph in found for _ in glyph.text]
    start = "".join(glyph.text for glyph in found).index(text)
    return each[start : start + len(text)]


def lines(page: Page) -> list[tuple[float, float, float, float]]:
    """Return the straight strokes of a page, such as crop marks: x and y of both ends."""
    placed, kept, found = Matrix(), [], []
    at = (0.0, 0.0)
    path: list[tuple[float, float, float, float]] = []
    for operator, operands in operations(page):
        match operator:
            case "q":
                kept.append(placed)
            case "Q":
                placed = kept.pop()
            case "cm":
                placed = Matrix(*map(float, operands)) @ placed
            case "m" | "l":
                before, at = at, placed.transform((float(operands[0]), float(operands[1])))
                path += [(*before, *at)] if operator == "l" else []
            case "S":
                found += path
                path = []
            case "f" | "n":
                path = []
    return found


# Points that the booklet leaves free above and below its text.
_ABOVE, _BELOW = 26 * 72 / 25.4, 24 * 72 / 25.4


def list_empty(pdf: Pdf, paper: str) -> list[tuple[int, float]]:
    """Return the pages of a booklet, but for the last, that are less than a quarter full: number and how full."""
    found = []
    height = PAPERS[paper][1]
    for number, page in enumerate(pdf.pages[:-1], 1):
        shown = [glyph.y for glyph in glyphs(page) if glyph.text.strip() and _BELOW - 6 < glyph.y < height - _ABOVE + 6]
        shown += [bottom for _, bottom, _, _ in pictures(page)]
        full = (height - _ABOVE - min(shown, default=height - _ABOVE)) / (height - _ABOVE - _BELOW)
        if full < 0.25:
            found.append((number, round(full, 2)))
    return found


def pictures(page: Page) -> list[tuple[float, float, float, float]]:
    """Return the edges of a page's pictures: left, bottom, right, top."""
    return [edges for _, edges in drawn_pictures(page)]


def drawn_pictures(page: Page) -> list[tuple[pikepdf.Object, tuple[float, float, float, float]]]:
    """Return a page's pictures, each with its edges: left, bottom, right, top."""
    placed, kept, found = Matrix(), [], []
    for operator, operands in operations(page):
        match operator:
            case "q":
                kept.append(placed)
            case "Q":
                placed = kept.pop()
            case "cm":
                placed = Matrix(*map(float, operands)) @ placed
            case "Do":
                drawn = page.Resources.XObject[str(operands[0])]
                box = map(float, drawn.get("/BBox", [0, 0, 1, 1]))
                around = placed.transform(pikepdf.Rectangle(*box))
                found.append((drawn, (around.llx, around.lly, around.urx, around.ury)))
    return found
