"""The page's fonts come from templates/web/fonts, a project's own before ours, and each with its license."""

from __future__ import annotations

import base64
from pathlib import Path

from cardpress.engine import ROOT
from cardpress.pipeline import check_project
from tests.conftest import WriteProject
from tests.helpers.decks import page_of

FONTS = ROOT / "templates" / "web" / "fonts"


def test_a_projects_own_font_takes_the_place_of_ours(tmp_path: Path) -> None:
    own = b"wOF2 of our own"
    files: dict[str, str | bytes] = {
        "first.yaml": "- {id: q, question: Q?, answer: A.}",
        "../templates/web/fonts/Inter.woff2": own,
    }
    html = page_of(tmp_path, files).read_text(encoding="utf-8")
    assert f'font-family: Inter; src: url("data:font/woff2;base64,{base64.b64encode(own).decode()}")' in html
    assert html.count("data:font/woff2") == 2


def test_what_is_no_web_font_is_reported(write_project: WriteProject) -> None:
    project = write_project({"../templates/web/fonts/Inter.woff2": b"\0\1\0\0"})
    (problem,) = check_project(project).diagnostics
    assert (problem.code, problem.span.path) == ("unsupported-font", "templates/web/fonts/Inter.woff2")
    assert problem.help == "put a .woff2 font here"


def test_every_font_has_its_license_beside_it() -> None:
    fonts = sorted(path.stem for path in FONTS.glob("*.woff2"))
    assert fonts == ["Inter", "JetBrainsMono"]
    for font in fonts:
        assert "SIL OPEN FONT LICENSE" in (FONTS / f"{font}-LICENSE.txt").read_text(encoding="utf-8")
