"""Names that `deck_name` gives, in the real Anki: the tree is there, and an update under other titles keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardpress.check.deck_names import MOST_LEVELS
from cardpress.pipeline import load_and_check, render_deck
from cardpress.writers import load_writer
from tests.anki.test_names import state, tree
from tests.helpers.anki_collection import learning
from tests.helpers.author import Author, question

LEVELS = "::".join(f"level {number}" for number in range(1, MOST_LEVELS + 1))


def author_of(folder: Path, name: str, headings: dict[str, dict[str, object]]) -> Author:
    author = Author(folder / "project")
    author.facts["deck_name"] = name
    author.headings = headings
    author.release("1.0.0")
    return author


def test_a_tree_of_names_is_kept_under_other_titles(tmp_path: Path) -> None:
    author = author_of(tmp_path, "Geo::Europe", {"metals": {"deck_name": "Flags::Old"}, "gases": {"deck_name": False}})
    with learning(tmp_path / "learner") as learner:
        learner.take(author.package)
        assert tree(learner) == {"Geo": 0, "Geo::Europe": 5, "Geo::Europe::Flags": 0, "Geo::Europe::Flags::Old": 5}
        before = state(learner)
        author.facts["title"] = "Elements"
        author.titles = {"metals": "Ores", "gases": "Air", "salts": "Salts"}
        author.sections["salts"] = [question("salt", "What is table salt made of?", "Sodium and chlorine.")]
        author.headings["salts"] = {"deck_name": "Flags"}
        author.sections["gases"].append(question("xenon", "Where is xenon used?", "In bright lamps."))
        log = learner.take(author.release("1.1.0", "2026-02-01"))
        assert (len(log.new), len(log.updated), len(log.conflicting)) == (2, 0, 0)
        assert tree(learner) == {"Geo": 0, "Geo::Europe": 6, "Geo::Europe::Flags": 1, "Geo::Europe::Flags::Old": 5}
        assert [row for row in state(learner) if row in before] == before


@pytest.mark.parametrize(
    "name", [LEVELS, "a b::c-d::(e)", "Caf\u00e9::\u65e5\u672c\u8a9e", "Q’s & <b>::“x”", "C:D", "x" * 300]
)
def test_anki_keeps_every_name_that_is_allowed(tmp_path: Path, name: str) -> None:
    author = Author(tmp_path / "project")
    author.facts["deck_name"] = name
    author.headings = {"metals": {"deck_name": name}, "gases": {"deck_name": "x"}}
    author.write()
    bank, result = load_and_check(author.project)
    assert not result.diagnostics
    package = load_writer("apkg")(render_deck(bank, author.options())).artifacts[0].data
    with learning(tmp_path / "learner") as learner:
        learner.take(package)
        names = set(tree(learner))
        assert {name, f"{name}::{name}", f"{name}::x"} <= names
