"""What was read of a file without problems is kept for the next command, and is what would be read of it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from cardpress.diagnostics import SourceFile
from cardpress.diagnostics.reports import REPORTS
from cardpress.engine import Engine
from cardpress.pipeline import load_and_check, load_project
from cardpress.publish import question_shelf
from cardpress.publish.question_shelf import QuestionShelf
from cardpress.publish.store import Store
from cardpress.source import load
from cardpress.source.bank import Bank
from cardpress.source.kept import Kept
from cardpress.source.yaml import nodes
from tests.conftest import DECK, ROOT, WriteProject
from tests.helpers.yaml_text import question

PROJECTS = (ROOT, *sorted(path for path in (ROOT / "examples").iterdir() if (path / "source").is_dir()))


def describe(value: Any) -> Any:
    """Return a value as one that equals another if all parts of both are alike."""
    if isinstance(value, SourceFile):
        return value.path, value.text
    if is_dataclass(value):
        parts = ((each.name, getattr(value, each.name)) for each in fields(value) if each.name != "note_type")
        return type(value).__name__, *((name, describe(part)) for name, part in parts)
    if isinstance(value, tuple | list):
        return tuple(map(describe, value))
    if isinstance(value, Mapping):
        return tuple((key, describe(part)) for key, part in value.items())
    return value


def read(project: Path, cache: Path) -> Bank:
    shelf = QuestionShelf(Store(cache, project), project)
    bank = load_project(project, kept=Kept(shelf))[0]
    assert shelf.close()
    return bank


def test_templates_that_change_while_questions_are_read_keep_nothing(
    write_project: WriteProject, tmp_path: Path
) -> None:
    project, store = write_project({}), Store(tmp_path / "kept", tmp_path / "project")
    own = project / "templates" / "anki" / "card.css"
    own.parent.mkdir(parents=True)
    for is_there_at_last in (True, False):
        shelf = QuestionShelf(store, project)
        own.write_text(".card {}", encoding="utf-8")
        load_project(project, kept=Kept(shelf))
        if not is_there_at_last:
            own.unlink()
        assert not shelf.close()
        own.unlink(missing_ok=True)
    assert not list((tmp_path / "kept").rglob("parts/*"))


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of files of which nodes were made."""
    paths: list[str] = []

    def compose(file: SourceFile) -> Any:
        paths.append(file.path)
        return nodes.compose(file)

    monkeypatch.setattr(load, "compose", compose)
    return paths


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_what_is_kept_is_what_is_read(project: Path, tmp_path: Path) -> None:
    fresh = load_project(project)[0]
    read(project, tmp_path)
    again = read(project, tmp_path)
    assert describe(again.sections) == describe(fresh.sections)
    assert describe(again.checks) == describe(fresh.checks)
    assert again.snippets.keys() == fresh.snippets.keys()
    for one, other in zip(again.notes(), fresh.notes(), strict=True):
        assert one.note_type is again.known_note_types[other.note_type.kind]


def test_no_nodes_are_made_of_a_file_that_is_kept(
    write_project: WriteProject, tmp_path: Path, composed: list[str]
) -> None:
    project = write_project({"first.yaml": question(answer="It is.")})
    cache = tmp_path / "kept"
    read(project, cache)
    read(project, cache)
    assert composed.count("source/first.yaml") == 1


def _write(name: str, text: str) -> Callable[[Path], object]:
    def change(project: Path) -> None:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")

    return change


CHANGES: Mapping[str, Callable[[Path], object]] = {
    "its text": _write("source/first.yaml", question(answer="It was.")),
    "dollars": _write("source/deck.yaml", DECK + "math: dollars\n"),
    "its kind": _write("source/deck.yaml", DECK + "note_type: basic\n"),
    "the deck's id": _write("source/deck.yaml", DECK.replace("id: sample", "id: other", 1)),
    "a template": _write("templates/style.css", ".card { color: red }\n"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_what_it_is_made_of_is_seen(
    what: str, write_project: WriteProject, tmp_path: Path, composed: list[str]
) -> None:
    project = write_project({"first.yaml": question(answer="It is.")})
    cache = tmp_path / "kept"
    read(project, cache)
    CHANGES[what](project)
    read(project, cache)
    assert composed.count("source/first.yaml") == 2


def test_another_engine_reads_anew(
    write_project: WriteProject, tmp_path: Path, composed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = write_project({"first.yaml": question(answer="It is.")})
    read(project, tmp_path / "kept")
    monkeypatch.setattr(question_shelf, "this_engine", lambda: Engine("1", "another"))
    read(project, tmp_path / "kept")
    assert composed.count("source/first.yaml") == 2


@pytest.mark.parametrize("damage", [b"", b"[]", b"{", b"\xff" * 40])
def test_what_is_damaged_is_read_anew(
    damage: bytes, write_project: WriteProject, tmp_path: Path, composed: list[str]
) -> None:
    project = write_project({"first.yaml": question(answer="It is.")})
    cache = tmp_path / "kept"
    fresh = read(project, cache)
    (part,) = (path for path in cache.rglob("*") if path.is_file())
    part.write_bytes(damage)
    assert describe(read(project, cache).sections) == describe(fresh.sections)
    assert composed.count("source/first.yaml") == 2


def test_what_is_no_list_of_questions_is_read_anew(write_project: WriteProject, tmp_path: Path) -> None:
    project = write_project({"first.yaml": question(answer="It is.")})
    fresh = load_project(project)[0]

    class Shelf:
        def find(self, made_of: object) -> bytes:
            return b'[[["interview", 1, 2]], [], []]'

        def keep(self, made_of: object, data: bytes) -> None:
            pass

    bank = load_project(project, kept=Kept(Shelf()))[0]
    assert describe(bank.sections) == describe(fresh.sections)


def test_problems_are_reported_each_time(write_project: WriteProject, tmp_path: Path) -> None:
    project = write_project({"first.yaml": question(answer="It is.", snippet="one.py"), "snippets/one.py": "x = 1\n"})
    store = Store(tmp_path / "kept", project)

    def check() -> tuple[str, str]:
        kept = load_and_check(project, store=store)[1].diagnostics
        return REPORTS["json"](kept), REPORTS["json"](load_and_check(project)[1].diagnostics)

    check()
    for change in (
        (project / "source/snippets/one.py").unlink,
        lambda: (project / "source/first.yaml").write_text(question(anser="It is."), encoding="utf-8"),
        lambda: (project / "source/first.yaml").write_text("- id: [", encoding="utf-8"),
        lambda: (project / "source/deck.yaml").write_text("", encoding="utf-8"),
    ):
        change()
        for _ in range(2):
            with_cache, without = check()
            assert with_cache == without
            assert "source/" in without


def test_a_snippet_is_cut_again_when_its_text_is_another(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": question(answer="It is.", snippet="one.py"), "snippets/one.py": "x = 1\n"})
    kept = Kept()
    first, again = (load_project(project, kept=kept)[0].snippets["one.py"] for _ in range(2))
    assert first is again
    (project / "source/snippets/one.py").write_text("# card:\nx = 2\n# end\n", encoding="utf-8")
    other = load_project(project, kept=kept)[0].snippets["one.py"]
    assert (first.shown.strip(), other.shown.strip()) == ("x = 1", "x = 2")
