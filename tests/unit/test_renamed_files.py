"""A file of a section that was renamed is told by its new name; what is only a consequence is not told."""

from __future__ import annotations

import pytest

from tests.conftest import DECK, QUESTION, WriteProject
from tests.helpers.diagnostics import places, problems
from tests.helpers.own_note_types import WORD, place_of


def test_the_only_file_without_a_section_is_that_of_the_only_section_without_a_file(
    write_project: WriteProject,
) -> None:
    project = write_project({"deck.yaml": DECK, "wordlist.yaml": QUESTION})
    (project / "source" / "first.yaml").unlink(missing_ok=True)
    (found,) = problems(project)
    assert (found.code, found.help) == ("missing-section-file", "rename source/wordlist.yaml to first.yaml")


def test_of_two_files_nobody_knows_which_is_meant(write_project: WriteProject) -> None:
    other = QUESTION.replace("one", "two")
    project = write_project({"deck.yaml": DECK, "a.yaml": QUESTION, "b.yaml": other})
    (project / "source" / "first.yaml").unlink(missing_ok=True)
    assert places(problems(project)) == [
        "source/a.yaml:1:1 unlisted-file",
        "source/b.yaml:1:1 unlisted-file",
        "source/deck.yaml:6:9 missing-section-file",
    ]


def test_without_deck_yaml_questions_are_not_blamed_for_their_kind(write_project: WriteProject) -> None:
    words = "- {id: dog, word: el perro, meaning: the dog}\n"
    project = write_project({"first.yaml": words, place_of("word"): WORD})
    (project / "source" / "deck.yaml").unlink()
    assert places(problems(project)) == ["source/deck.yaml:1:1 missing-file"]


@pytest.mark.parametrize("name", ["Media", "MEDIA", "Snippets", "Fonts"])
def test_a_folder_in_capitals_is_told_its_name(name: str, write_project: WriteProject) -> None:
    found = problems(write_project({"first.yaml": QUESTION, f"{name}/a.txt": "a"}))
    assert [each.help for each in found] == [f"rename source/{name} to source/{name.lower()}"]
