"""A file that lies where nothing looks for it is told its place; and no file is said to be lost that is named."""

from __future__ import annotations

import pytest

from cardpress.pipeline import check_project
from tests.conftest import DECK, QUESTION, WriteProject
from tests.helpers.diagnostics import places, problems
from tests.helpers.own_note_types import WORD

_HOME = "templates/note-types/word"


@pytest.mark.parametrize(
    ("files", "helps"),
    [
        (["word/note-type.yaml"], [f"move it to {_HOME}/note-type.yaml"]),
        (["word/note-type.yml"], [f"move it to {_HOME}/note-type.yaml"]),
        (["note_types/word/note-type.yaml"], [f"move it to {_HOME}/note-type.yaml"]),
        (["note-types/languages/word/note-type.yaml"], [f"move it to {_HOME}/note-type.yaml"]),
        (
            ["word/back.html", "word/front.html", "word/note-type.yaml", "word/style.css"],
            [f"move it to {_HOME}/{name}" for name in ("back.html", "front.html", "note-type.yaml", "style.css")],
        ),
        (
            ["word/asks.html", "word/note-type.yaml"],
            [f"move it to {_HOME}/asks.html", f"move it to {_HOME}/note-type.yaml"],
        ),
        (["word/front.html"], [f"move it to {_HOME}/front.html"]),
        (["front.html"], ["move it to the folder of its note type, such as templates/note-types/interview/front.html"]),
        (["note-type.yaml"], ["move it to a folder of its own, such as templates/note-types/my-word/note-type.yaml"]),
    ],
)
def test_what_a_note_type_needs_is_sent_to_its_own_folder(
    write_project: WriteProject, files: list[str], helps: list[str]
) -> None:
    found = problems(write_project({f"../templates/{name}": WORD for name in files}))
    assert places(found) == [f"templates/{name}:1:1 unused-template" for name in files]
    assert [each.help for each in found] == helps


@pytest.mark.parametrize("folder", ["../note-types", "note-types"])
def test_an_unknown_note_type_is_told_where_one_is_declared(write_project: WriteProject, folder: str) -> None:
    deck = f"note_type: word\n{DECK}"
    (found,) = problems(write_project({"deck.yaml": deck, f"{folder}/word/note-type.yaml": WORD}))
    assert (found.code, found.help) == (
        "unknown-note-type",
        "write one of basic, cloze, interview, occlusion, recall; one of your own is declared in "
        "templates/note-types/word/note-type.yaml",
    )


def test_a_name_that_can_be_none_is_not_sent_into_a_folder(write_project: WriteProject) -> None:
    (found,) = problems(write_project({"deck.yaml": f"note_type: My words\n{DECK}"}))
    assert found.help == "write one of basic, cloze, interview, occlusion, recall"


@pytest.mark.parametrize(
    ("sections", "wanted"),
    [
        ("[{id: first, title: 2026}]", "6:31 text-expected"),
        ("[{id: first}]", "6:13 missing-key"),
        ("[{id: first, title: First, titel: x}]", "6:38 unknown-key"),
        ("[first]", "6:12 wrong-type"),
        ("first", "6:11 wrong-type"),
        ("{first: First}", "6:12 wrong-type"),
        ("[{title: First}]", "6:13 missing-key"),
    ],
)
def test_a_file_that_a_broken_section_names_is_not_lost(
    write_project: WriteProject, sections: str, wanted: str
) -> None:
    deck = DECK.replace("sections:", f"language: en\nsections: {sections}\n").partition("\n  - id")[0] + "\n"
    found = problems(write_project({"deck.yaml": deck}))
    assert places(found) == [f"source/deck.yaml:{wanted}"]


def test_nor_is_one_that_an_id_without_quotes_names(write_project: WriteProject) -> None:
    deck = DECK.replace("- id: first", "- id: 2026")
    project = write_project({"deck.yaml": deck, "2026.yaml": QUESTION})
    (project / "source" / "first.yaml").unlink()
    assert places(problems(project)) == ["source/deck.yaml:6:9 text-expected"]


def test_the_questions_of_a_section_without_a_title_are_checked(write_project: WriteProject) -> None:
    deck = DECK.replace("First section", "2026")
    found = problems(write_project({"deck.yaml": deck, "first.yaml": QUESTION + "  level: hard\n"}))
    assert places(found) == ["source/deck.yaml:7:12 text-expected", "source/first.yaml:5:10 unknown-level"]


def test_beside_a_section_that_can_be_read_a_file_of_none_is_reported(write_project: WriteProject) -> None:
    deck = DECK.replace("First section", "2026")
    found = problems(write_project({"deck.yaml": deck, "second.yaml": QUESTION}))
    assert places(found) == ["source/deck.yaml:7:12 text-expected", "source/second.yaml:1:1 unlisted-file"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("second.yaml", "add `- id: second` to `sections` in source/deck.yaml, or move the file out of source/"),
        (
            "Spanish.yaml",
            "rename it to spanish.yaml, and add `- id: spanish` to `sections` in source/deck.yaml, "
            "or move the file out of source/",
        ),
        (
            "joins (copy).yml",
            "rename it to joins-copy.yaml, and add `- id: joins-copy` to `sections` in source/deck.yaml, "
            "or move the file out of source/",
        ),
        ("first.yml", "move it out of source/"),
    ],
)
def test_a_file_of_no_section_is_told_the_name_that_a_section_can_have(
    name: str, hint: str, write_project: WriteProject
) -> None:
    (found,) = problems(write_project({name: QUESTION}))
    assert (found.code, found.span.path, found.help) == ("unlisted-file", f"source/{name}", hint)


@pytest.mark.parametrize("name", ["first.yaml.txt", "first.txt", "First.yaml", "first.YAML", "first.yml.txt"])
def test_a_section_is_told_of_a_file_with_nearly_its_name(name: str, write_project: WriteProject) -> None:
    project = write_project({})
    (project / "source" / "first.yaml").rename(project / "source" / name)
    found = {each.code: each.help for each in problems(project)}
    assert found.pop("missing-section-file") == f"rename source/{name} to first.yaml"
    assert "rename it to first.yaml" in found.pop("unlisted-file", "rename it to first.yaml")
    assert not found


@pytest.mark.parametrize("name", ["deck.yml", "deck.yaml.txt", "Deck.yaml", "deck.txt"])
def test_a_deck_with_nearly_its_name_is_read_all_the_same(name: str, write_project: WriteProject) -> None:
    deck = f"checks: {{no-source: off}}\n{DECK}"
    first = QUESTION.replace("  sources: [https://example.org/one]\n", "")
    project = write_project({"deck.yaml": deck, "first.yaml": first})
    (project / "source" / "deck.yaml").rename(project / "source" / name)
    (found,) = check_project(project).diagnostics
    assert (found.code, found.span.path) == ("missing-file", "source/deck.yaml")
    assert found.help == f"rename source/{name} to deck.yaml"
