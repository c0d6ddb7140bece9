"""Reading a source goes on past every problem: a broken part is reported and left out, the rest is still checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardpress.source.bank import Bank
from cardpress.source.files import Folder, leaves_folder
from cardpress.source.load import load
from cardpress.source.templates.loading import load_templates
from tests.conftest import DECK, QUESTION, ROOT, WriteProject
from tests.helpers.diagnostics import codes, places, problems

TWO = DECK + "  - id: second\n    title: Second section\n"
SECOND = QUESTION.replace("one", "two").replace("first", "second")


def bank(project: Path) -> Bank:
    return load(project / "source", load_templates(ROOT)[0]).bank


def test_a_broken_file_does_not_hide_what_is_wrong_in_others(write_project: WriteProject) -> None:
    project = write_project({"deck.yaml": TWO, "first.yaml": "- [\n", "second.yaml": SECOND + "  level: hard\n"})
    assert places(problems(project)) == ["source/first.yaml:1:3 yaml-syntax", "source/second.yaml:5:10 unknown-level"]


def test_a_broken_question_does_not_hide_its_siblings(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": "- id: zero\n  question: What is zero?\n" + QUESTION + "  level: hard\n"})
    assert codes(problems(project)) == ["missing-key", "unknown-level"]
    assert [question.id.value for question in bank(project).questions()] == ["one"]


def test_a_broken_part_does_not_take_its_question_along(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": QUESTION + "  pitfalls: [{claim: x}]\n  recall: [{id: two}]\n  tags: 7\n"})
    assert codes(problems(project)) == ["missing-key", "missing-key", "missing-key", "wrong-type"]
    assert [question.id.value for question in bank(project).questions()] == ["one"]


def test_a_reference_to_a_broken_question_is_no_second_mistake(write_project: WriteProject) -> None:
    project = write_project(
        {"first.yaml": "- id: zero\n  question: What is zero?\n" + QUESTION + "  see_also: [zero]\n"}
    )
    assert codes(problems(project)) == ["missing-key"]


@pytest.mark.parametrize("deck", ["", "- a\n", "title: Sample\n", "id: [\n", b"\xff\n"])
def test_without_a_deck_every_section_file_is_still_checked(deck: str | bytes, write_project: WriteProject) -> None:
    found = problems(write_project({"deck.yaml": deck, "first.yaml": QUESTION + "  level: hard\n"}))
    assert found[0].span.path == "source/deck.yaml"
    assert places(found)[-1] == "source/first.yaml:5:10 unknown-level"


def test_a_section_that_is_named_twice_is_read_once(write_project: WriteProject) -> None:
    again = DECK + "  - id: first\n    title: Again\n"
    assert places(problems(write_project({"deck.yaml": again}))) == ["source/deck.yaml:8:9 duplicate-id"]


def test_a_duplicate_id_names_the_first_place(write_project: WriteProject) -> None:
    (found,) = problems(write_project({"deck.yaml": TWO, "second.yaml": QUESTION.replace("What", "Which")}))
    assert found.code == "duplicate-id"
    (first,) = found.related
    assert (first.span.path, first.span.line, first.span.column) == ("source/first.yaml", 1, 7)


@pytest.mark.parametrize("sections", ["first", "[first]", "{first: x}", "[]", "- - id: first", "[{id: first}]"])
def test_sections_of_another_shape_are_reported(sections: str, write_project: WriteProject) -> None:
    deck = DECK.partition("sections:")[0] + f"sections: {sections}\n"
    assert problems(write_project({"deck.yaml": deck})) != []


def test_a_yml_file_is_not_read_in_silence_or_in_place_of_a_section(write_project: WriteProject) -> None:
    project = write_project({"first.yml": QUESTION})
    (project / "source" / "first.yaml").unlink()
    found = problems(project)
    assert codes(found) == ["missing-section-file", "unlisted-file"]
    assert "rename it to first.yaml" in found[1].help


def test_hidden_files_and_folders_are_not_looked_at(write_project: WriteProject) -> None:
    files: dict[str, str | bytes] = {
        ".hidden.yaml": "[",
        ".git/media.yaml": "[",
        "media/.DS_Store": b"\xff",
        "sub/other.yaml": "[",
    }
    assert problems(write_project(files)) == []


@pytest.mark.parametrize(
    ("content", "place"),
    [(b"- id: \xff\n", "1:7"), ("- id: Zürich\n".encode("latin-1"), "1:8"), (b"\xff\xfe-\x00", "1:1")],
)
def test_the_byte_that_is_not_utf8_is_placed(content: bytes, place: str, write_project: WriteProject) -> None:
    assert places(problems(write_project({"first.yaml": content}))) == [f"source/first.yaml:{place} file-not-utf8"]


def test_a_files_names_are_sorted_and_filtered_by_their_end(tmp_path: Path) -> None:
    for name in ("b.txt", "a.TXT", "sub/c.txt", "d.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    folder = Folder.of(tmp_path, "source", tmp_path)
    assert folder.names(".txt") == ("a.TXT", "b.txt", "sub/c.txt")
    assert Folder.of(tmp_path / "nowhere", "source", tmp_path).names() == ()


def test_a_link_inside_the_source_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text", encoding="utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.txt").symlink_to(tmp_path / "a.txt")
    assert Folder.of(tmp_path, "source", tmp_path).sub("sub").read("b.txt") == b"text"


@pytest.mark.parametrize("name", ["..", "../a", "a/../../b", "/a", "\\a", "C:a", "c:\\a", "\\\\host\\a", "a\\..\\b"])
def test_a_path_leaves_its_folder_on_any_system(name: str) -> None:
    assert leaves_folder(name)


@pytest.mark.parametrize("name", ["a", "a/b", "a..b", "...", "a.b/c", ".a"])
def test_a_path_stays_in_its_folder(name: str) -> None:
    assert not leaves_folder(name)


def test_two_lines_are_a_question(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": "- {id: one, question: What?, answer: That.}\n"})
    assert problems(project) == []
    (question,) = bank(project).questions()
    assert {key: getattr(value, "value", value) for key, value in question.values.items()} == {
        "question": "What?",
        "answer": "That.",
    }
    assert (question.asked.value, question.recall) == ("What?", ())


@pytest.mark.parametrize(
    ("recall", "wanted"),
    [
        ("{id: two, cloze: '{{c1::x}}', question: What?}", ["unknown-key"]),
        ("{id: two, cloze: '{{c1::x}}', question: What?, answer: That.}", ["unknown-key"]),
        ("{id: two, question: What?}", ["missing-key"]),
        ("{cloze: '{{c1::x}}'}", ["missing-key"]),
        ("{}", ["missing-key", "missing-key", "missing-key"]),
        ("two", ["wrong-type"]),
        ("{id: one, cloze: '{{c1::x}}'}", ["duplicate-id"]),
    ],
)
def test_a_recall_note_is_one_kind_or_the_other(recall: str, wanted: list[str], write_project: WriteProject) -> None:
    assert codes(problems(write_project({"first.yaml": QUESTION + f"  recall: [{recall}]\n"}))) == wanted


# What is wrong, and the only report of it: its place, and what its help says.
ONE_MISTAKE = {
    "an id in capitals": (DECK.replace("id: first", "id: First"), "", "6:9 bad-id", "write `first`"),
    "a YAML file as a table": (f"{DECK}    table: first.yaml\n", "", "8:12 missing-section-file", "remove `table`"),
    "a table that is none": (f"{DECK}    table: first.xlsx\n", "", "8:12 missing-section-file", "save it as CSV"),
    "a file of a section": (f"{DECK}    file: first.yaml\n", "", "8:5 unknown-key", "called after its `id`"),
    "no name": (f"deck_name: false\n{DECK}", "", "1:12 wrong-type", "a section can have"),
    "a source that is no list": (DECK, "  sources: https://example.org\n", "4:12 wrong-type", "write `sources: ["),
    "an empty source": (DECK, "  sources: [{}]\n", "4:13 missing-key", "add `url: https://…`"),
    "a pitfall that is no list": (DECK, "  pitfalls: none\n", "5:13 wrong-type", "after `- `"),
    "merged keys": (DECK, "- {<<: {question: Q}, id: two}\n", "5:4 unknown-key", "write them out"),
    "gaps in a question": (DECK, "  cloze: '{{c1::x}}'\n", "5:3 unknown-key", "asks by itself"),
    "masks in a question": (DECK, "  occlude: {image: x.svg}\n", "5:3 unknown-key", "under `header`"),
}


@pytest.mark.parametrize("name", ONE_MISTAKE)
def test_one_mistake_is_one_report(write_project: WriteProject, name: str) -> None:
    deck, more, place, hint = ONE_MISTAKE[name]
    question = (
        QUESTION.replace("  sources: [https://example.org/one]\n", more) if "sources" in more else QUESTION + more
    )
    found = problems(write_project({"deck.yaml": deck, "first.yaml": question}))
    assert places(found) == [f"source/{'first' if more else 'deck'}.yaml:{place}"]
    assert hint in found[0].help


def test_a_table_named_with_its_folder_is_found(write_project: WriteProject) -> None:
    deck = f"{DECK}    table: source/first.csv\n"
    found = problems(write_project({"deck.yaml": deck, "first.csv": "id,question,answer\none,a,b\n"}))
    assert found[-1].help == "write `table: first.csv`"
