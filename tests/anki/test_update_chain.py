"""What `.ci/try_ankis` does with old engines of Anki, done with the installed one; and it finds what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.helpers.altered_packages import rewritten, with_field
from tests.helpers.chain_packages import any_packages, fastapi_packages, newer_packages, small_packages

PROGRAM = ROOT / "tests" / "helpers" / "update_chain.py"
CHANGED = "every changed note shows its new text and tags"


def run(*arguments: str | Path) -> tuple[int, list[str]]:
    """Run the program as it is run with any engine. Return its exit status, and the lines that it prints."""
    done = subprocess.run([sys.executable, PROGRAM, *arguments], capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout.splitlines()


def broken(packages: list[Path]) -> set[str]:
    """Return the promises that an update breaks."""
    status, lines = run(*packages)
    found = {line.strip().partition(":")[0] for line in lines if line.startswith("  ")}
    assert status == bool(found)
    return found


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The packages of the small deck, the oldest first."""
    folder = tmp_path_factory.mktemp("small")
    small_packages(folder / "packages", folder / "project")
    return sorted((folder / "packages").iterdir())


def test_no_release_of_the_small_deck_costs_a_learner_anything(small: list[Path], tmp_path: Path) -> None:
    status, (line,) = run("--cards", tmp_path / "cards.json", *small)
    assert (status, line.partition("cases, ")[2]) == (0, "0 broken")
    shown = json.loads((tmp_path / "cards.json").read_text(encoding="utf-8"))
    assert any("At four kelvin." in back for _, back in shown.values())


def test_no_release_of_the_fastapi_deck_costs_a_learner_anything(tmp_path: Path) -> None:
    fastapi_packages(tmp_path / "packages", tmp_path / "project")
    assert broken(sorted((tmp_path / "packages").iterdir())) == set()


@pytest.fixture(scope="module")
def any_deck(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The packages of the deck with what any deck may have, the oldest first."""
    folder = tmp_path_factory.mktemp("any")
    any_packages(folder / "packages", folder / "project")
    return sorted((folder / "packages").iterdir())


def test_masks_typed_cards_tables_and_sounds_cost_a_learner_nothing(any_deck: list[Path], tmp_path: Path) -> None:
    status, (line,) = run("--cards", tmp_path / "cards.json", *any_deck)
    assert (status, line.partition("cases, ")[2]) == (0, "0 broken")
    shown = json.loads((tmp_path / "cards.json").read_text(encoding="utf-8"))
    fronts = " ".join(front for front, _ in shown.values())
    assert fronts.count("Masks need Anki 23.10 or newer.") == 3
    assert fronts.count("[[type:") == 5  # three words, Spain and Norway


def test_who_renames_a_note_type_by_hand_gets_its_updates(any_deck: list[Path]) -> None:
    status, (line,) = run("--by-hand", *any_deck)
    assert (status, line.partition("cases, ")[2]) == (0, "0 broken")


def test_a_promise_that_is_known_to_be_broken_must_be(any_deck: list[Path]) -> None:
    status, _ = run("--broken", CHANGED, *any_deck[:1])
    assert status == 1


def test_names_that_changed_and_deletions_in_one_another_cost_nothing(tmp_path: Path) -> None:
    newer_packages(tmp_path / "packages", tmp_path / "project")
    assert broken(sorted((tmp_path / "packages").iterdir())) == set()


def test_a_mask_that_is_asked_on_the_card_of_another_is_found(any_deck: list[Path], tmp_path: Path) -> None:
    update = tmp_path / "update.apkg"
    statement = "update notes set flds = replace(flds, '{{c2::image', '{{c1::image'), mod = mod + 9"
    update.write_bytes(rewritten(any_deck[1].read_bytes(), statement))
    assert "every card of a picture asks for its own mask" in broken([any_deck[0], update])


def test_a_learner_can_go_on_with_another_engine(small: list[Path], tmp_path: Path) -> None:
    first = run("--carry", tmp_path / "learner", "--count", "2", *small)
    second = run("--carry", tmp_path / "learner", "--count", "9", *small)
    assert [status for status, _ in (first, second)] == [0, 0]
    assert (tmp_path / "learner" / "taken").read_text(encoding="utf-8") == str(len(small))


@pytest.mark.parametrize(
    ("statement", "promises"),
    [
        ("update notes set mod = 1", {CHANGED}),
        ("update notes set mod = mod + 9", {"every other note keeps a learner's edits and tags"}),
        ("update notes set flds = replace(flds, '{{c1::', '{{c7::'), mod = mod + 9", {"no card shows an error"}),
        ("update notes set flds = replace(flds, 'gold', '{{c1::gold}}'), mod = mod + 9", {"no card shows an error"}),
    ],
)
def test_an_update_that_breaks_a_promise_is_found(
    small: list[Path], tmp_path: Path, statement: str, promises: set[str]
) -> None:
    update = tmp_path / "update.apkg"
    update.write_bytes(rewritten(small[2].read_bytes(), statement))
    assert broken([small[0], update]) >= promises


def test_a_note_type_that_differs_is_found(small: list[Path], tmp_path: Path) -> None:
    update = tmp_path / "update.apkg"
    update.write_bytes(with_field(small[2].read_bytes(), "recall"))
    assert broken([small[0], update]) >= {CHANGED, "no note type forks", "every note type has the package's design"}
