"""Files that adopted templates and styles name reach Anki under their own names, and none takes the name of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardpress.anki.original_package import read_original
from cardpress.cli.main import run
from cardpress.pipeline import check_project
from tests.helpers.originals import Hand, HandNote, by_hand, hand_type
from tests.helpers.pictures import png

STYLE = '.card { background: url("_logo.png"); }'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that was made of a deck with a logo behind its cards."""
    package = by_hand(
        Hand([HandNote("one", ["uno", "one"])], types=[hand_type(css=STYLE)], media={"_logo.png": png(1, 1)})
    )
    (tmp_path / "original.apkg").write_bytes(package)
    assert run(["import", str(tmp_path / "original.apkg"), str(tmp_path / "deck")]) == 0
    return tmp_path / "deck"


def edit_style(project: Path, before: str, after: str) -> None:
    style = project / "templates" / "note-types" / "by-hand" / "style.css"
    text = style.read_text(encoding="utf-8")
    assert before in text
    style.write_text(text.replace(before, after), encoding="utf-8")


def problems(project: Path) -> list[str]:
    return [each.code for each in check_project(project).diagnostics]


def media_of(package: Path) -> dict[str, bytes]:
    return dict(read_original(package.read_bytes()).media)


def test_a_file_that_a_style_names_is_not_replaced_under_its_name(project: Path) -> None:
    (project / "source" / "media" / "_logo.png").write_bytes(png(2, 2))
    assert problems(project) == ["released-file-changed"]


@pytest.mark.parametrize("written", ["_new logo.png", "_new%20logo.png"])
def test_a_new_file_that_a_style_names_ships_under_its_name(written: str, project: Path) -> None:
    (project / "source" / "media" / "_new logo.png").write_bytes(png(2, 2))
    edit_style(project, "_logo.png", written)
    assert run(["build", "--only", "apkg", "--project", str(project), "--out", str(project / "out")]) == 0
    assert media_of(project / "out" / "deck.apkg")["_new logo.png"] == png(2, 2)


def test_a_new_font_that_a_template_names_is_none_for_print(project: Path) -> None:
    (project / "source" / "media" / "_own.ttf").write_bytes(b"\0\1\0\0 a font")
    edit_style(project, STYLE, f'{STYLE} @font-face {{ font-family: Own; src: url("_own.ttf"); }}')
    assert problems(project) == []


def test_a_file_that_a_release_added_is_not_replaced_either(project: Path) -> None:
    new = project / "source" / "media" / "_new.png"
    new.write_bytes(png(2, 2))
    edit_style(project, "_logo.png", "_new.png")
    assert run(["release", "1.0.0", "--project", str(project)]) == 0
    assert problems(project) == []
    new.write_bytes(png(3, 3))
    assert problems(project) == ["released-file-changed"]


def test_a_name_within_another_names_no_file(project: Path) -> None:
    (project / "source" / "media" / "logo.png").write_bytes(png(2, 2))
    assert run(["build", "--only", "apkg", "--project", str(project), "--out", str(project / "out")]) == 0
    assert set(media_of(project / "out" / "deck.apkg")) == {"_logo.png"}
