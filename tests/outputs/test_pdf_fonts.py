"""Fonts of a project are a stranger's: they draw glyphs, read no file, and end."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent
from fontTools.ttLib.tables.S_V_G_ import SVGDocument

from cardpress.engine import ROOT
from cardpress.pdf import processes
from cardpress.pipeline import check_project
from cardpress.writers import pdf as writer
from tests.conftest import WriteProject
from tests.helpers.decks import deck_from

LETTER = "\N{CHEROKEE LETTER A}"
SECTION = f"- {{id: q, question: What is {LETTER}?, answer: The answer., sources: ['https://example.org/']}}\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><g id="glyph{}"><image href="/a.png" width="9" height="9"/></g></svg>'


def make_font(levels: int = 0, svg: str = "") -> bytes:
    """Return a font for one letter, which consists of eight shapes of eight shapes and so on, or is drawn as SVG."""
    font = TTFont(ROOT / "templates" / "print" / "fonts" / "Inter-Regular.ttf", recalcBBoxes=False)
    for table in ("GSUB", "GPOS", "GDEF"):
        del font[table]
    for name in font["name"].names:
        if name.nameID in (1, 16):
            name.string = "Mine"
    glyphs = font.getGlyphOrder()[1 : levels + 2]
    glyphs[0] = font.getBestCmap()[ord("A")]
    for table in font["cmap"].tables:
        table.cmap = {ord(LETTER): glyphs[-1]} if table.isUnicode() else {}
    for inner, outer in pairwise(glyphs):
        made = Glyph()
        made.numberOfContours = -1
        made.xMin = made.yMin = made.xMax = made.yMax = 0
        made.components = []
        for number in range(8):
            part = GlyphComponent()
            part.glyphName, part.x, part.y, part.flags = inner, number, 0, 3
            made.components.append(part)
        font["glyf"].glyphs[outer] = made
    font["maxp"].recalc = lambda _: None
    if svg:
        number = font.getGlyphID(glyphs[0])
        font["SVG "] = newTable("SVG ")
        font["SVG "].docList = [SVGDocument(svg.format(number), number, number, False)]
    made_font = io.BytesIO()
    font.save(made_font)
    return made_font.getvalue()


@pytest.mark.parametrize("name", ["fonts/mine.ttf", "fonts/below/mine.TTF", "../templates/print/fonts/mine.ttf"])
def test_a_font_whose_glyphs_are_svg_is_refused(write_project: WriteProject, name: str) -> None:
    # Typst draws the files that such an SVG links to, wherever they are.
    project = write_project({"first.yaml": SECTION, name: make_font(svg=SVG)})
    problems = {problem.code: problem for problem in check_project(project).diagnostics}
    assert problems["unsupported-font"].severity == "error"
    assert "SVG" in problems["unsupported-font"].message


def test_a_font_of_ones_own_is_used(write_project: WriteProject) -> None:
    deck = deck_from(write_project({}), {"first.yaml": SECTION, "fonts/mine.ttf": make_font()})
    assert writer.write(deck).diagnostics == ()


def test_a_font_without_end_is_not_waited_for(write_project: WriteProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "SECONDS", 5.0)
    deck = deck_from(write_project({}), {"first.yaml": SECTION, "fonts/mine.ttf": make_font(levels=12)})
    written = writer.write(deck)
    assert len(written.artifacts) == 6
    (problem,) = written.diagnostics
    assert (problem.code, problem.severity) == ("bad-print-font", "warning")
    assert "longer than 5 seconds" in problem.message
