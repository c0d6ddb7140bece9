"""A project may hold copies of our templates, as a clone of the engine does: what equals ours counts as ours."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cardpress.engine import ROOT
from cardpress.pipeline import Options, build_project, check_project
from cardpress.progress import NoProgress


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples" / "spanish", tmp_path / "deck", ignore=shutil.ignore_patterns("dist"))
    return tmp_path / "deck"


def copy_templates(project: Path) -> Path:
    return Path(shutil.copytree(ROOT / "templates", project / "templates", dirs_exist_ok=True))


def build(project: Path) -> dict[str, bytes]:
    made = build_project(Options(project, project / "dist", ("apkg", "page", "study-notes")), NoProgress())
    assert made.diagnostics == ()
    return {artifact.name: artifact.data for artifact in made.artifacts}


def test_a_project_with_our_templates_makes_what_one_without_them_makes(project: Path) -> None:
    before = build(project)
    copy_templates(project)
    assert build(project) == before


def test_copies_with_line_ends_of_windows_count_as_ours(project: Path) -> None:
    templates = copy_templates(project)
    for path in (templates / "anki").iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert check_project(project).diagnostics == ()


def test_a_changed_copy_is_the_projects_own(project: Path) -> None:
    script = copy_templates(project) / "anki" / "card.js"
    script.write_text(script.read_text(encoding="utf-8") + "void 0;\n", encoding="utf-8")
    assert [each.code for each in check_project(project).diagnostics] == ["template-script"]


def test_a_copy_in_another_place_is_not_ours(project: Path) -> None:
    own = project / "templates" / "web"
    own.mkdir()
    shutil.copy(ROOT / "templates" / "anki" / "card.js", own / "card.js")
    (problem,) = check_project(project).diagnostics
    assert (problem.code, problem.span.path) == ("unused-template", "templates/web/card.js")
