"""The decks in examples/ are what authors would want to copy: clean, small, and made by what stands beside them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cardpress.pipeline import check_project
from tests.helpers.decks import deck_of
from tests.helpers.examples import EXAMPLES, FOLDER, Example, build
from tests.helpers.json_bundle import problems_of
from tests.helpers.printed_answers import list_unprinted

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)


def test_every_folder_of_examples_is_tested() -> None:
    assert sorted(each.name for each in FOLDER.iterdir() if each.is_dir()) == [each.name for each in EXAMPLES]


@each_example
def test_nothing_is_reported_of_an_example(example: Example) -> None:
    assert check_project(example.project, strict=True).diagnostics == ()


@each_example
def test_an_example_is_small_and_says_in_ten_lines_what_it_shows(example: Example) -> None:
    readme = (example.project / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 12
    assert f"--project examples/{example.name}" in readme
    assert sum(path.stat().st_size for path in example.project.rglob("*") if path.is_file()) < 400_000


@each_example
def test_each_file_of_an_example_names_the_schema_for_editors(example: Example) -> None:
    for path in (example.project / "source").glob("*.yaml"):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        assert first == "# yaml-language-server: $schema=source.schema.json", path.name
    assert (example.project / "source" / "source.schema.json").exists()


@each_example
def test_an_example_builds_every_output(example: Example, tmp_path: Path) -> None:
    out = build(example.project, tmp_path, ("apkg", "json", "page", "pdf"))
    bundle = json.loads((out / f"{example.id}.json").read_text(encoding="utf-8"))
    schema = json.loads((out / f"{example.id}.schema.json").read_text(encoding="utf-8"))
    assert len(bundle["questions"]) == example.notes
    assert len(bundle["media"]) == example.media
    assert problems_of(bundle, schema) == []
    names = {path.name for path in out.iterdir()}
    sheets = {
        f"{example.id}-{sheet}-{paper}.pdf" for sheet in ("study-notes", "flashcards") for paper in ("a4", "letter")
    }
    assert {f"{example.id}.apkg", f"{example.id}.html", *sheets} <= names


@pytest.mark.parametrize(("name", "script"), [("countries", "draw_flags.py"), ("heart", "draw_heart.py")])
def test_pictures_are_what_the_script_beside_them_draws(name: str, script: str, tmp_path: Path) -> None:
    copied = shutil.copytree(FOLDER / name, tmp_path / name)
    subprocess.run([sys.executable, copied / script], check=True, env={**os.environ, "PYTHONUTF8": "1"})
    for path in sorted((FOLDER / name / "source" / "media").rglob("*.svg")):
        assert (copied / path.relative_to(FOLDER / name)).read_bytes() == path.read_bytes(), path.name


@each_example
def test_every_word_of_an_answer_is_on_a_printed_card(example: Example) -> None:
    assert list_unprinted(deck_of(example.project), "flashcards", "letter") == []
