"""A learner's tree of decks in the real Anki: titles and order change, and no second tree and no empty deck appears."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from cardpress.engine import ROOT
from cardpress.note_types.identity import make_guid
from cardpress.pipeline import Options, build_project
from cardpress.progress import NoProgress
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.author import Author, question
from tests.helpers.committed import put_committed_dist
from tests.helpers.first_format import make_first_format

NEON = make_guid("sample", "neon")


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


def tree(learner: Learner) -> dict[str, int]:
    """Return how many cards each deck of a learner has itself, in Anki's order."""
    counts = dict(
        learner.rows("select d.name, count(c.id) from decks d left join cards c on c.did = d.id group by d.id")
    )
    names = [each.name for each in learner.collection.decks.all_names_and_ids() if each.name != "Default"]
    return {name: counts[name.replace("::", "\x1f")] for name in names}


def state(learner: Learner) -> list[list[object]]:
    return learner.rows("select id, nid, did, ord, type, queue, due, ivl, factor, reps, lapses from cards order by id")


def change_all_titles(author: Author) -> None:
    """Rename the deck and its sections, turn their order, add a section in front, and a question to each."""
    author.facts["title"] = "Elements"
    author.titles = {"salts": "Salts", "gases": "Metals", "metals": "Heavy: metals"}
    gases, metals = author.sections["gases"], author.sections["metals"]
    author.sections = {
        "salts": [question("salt", "What is table salt made of?", "Sodium and chlorine.")],
        "gases": [*gases, question("xenon", "Where is xenon used?", "In bright lamps.")],
        "metals": [*metals, question("zinc", "Where is zinc used?", "On roofs.")],
    }


@pytest.mark.parametrize("is_first_format", [False, True])
def test_new_titles_and_another_order_keep_the_tree(author: Author, learner: Learner, *, is_first_format: bool) -> None:
    if is_first_format:
        make_first_format(author.project)
    learner.take(author.package)
    before = tree(learner)
    assert list(before) == ["Sample deck", "Sample deck::01 Metals", "Sample deck::02 Gases"]
    learner.study(NEON)
    cards, notes = state(learner), learner.rows("select guid, mod, flds, tags from notes order by guid")
    change_all_titles(author)
    log = learner.take(author.release("1.1.0", "2026-02-01"))
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (3, 0, 0)
    assert tree(learner) == {
        "Sample deck": 0,
        "Sample deck::01 Metals": before["Sample deck::01 Metals"] + 1,
        "Sample deck::02 Gases": before["Sample deck::02 Gases"] + 1,
        "Sample deck::03 Salts": 1,
    }
    assert [row for row in state(learner) if row in cards] == cards
    after = learner.rows("select guid, mod, flds, tags from notes order by guid")
    assert [row for row in after if row in notes] == notes
    assert {name for (name,) in learner.rows("select name from notetypes where name like '%sample%'")} == {
        f"Sample deck · {kind}" for kind in ("interview", "recall", "cloze")
    }
    page = json.loads((author.project / "source" / "history.json").read_text(encoding="utf-8"))
    assert (page["format"], page["deck"]["title"]) == (2, "Elements")


def test_the_released_fastapi_deck_keeps_its_tree_under_other_titles(tmp_path: Path, learner: Learner) -> None:
    project = tmp_path / "project"
    shutil.copytree(ROOT / "source", project / "source")
    put_committed_dist(project)
    learner.take((project / "dist" / "fastapi-interview.apkg").read_bytes())
    before, cards = tree(learner), state(learner)
    deck = project / "source" / "deck.yaml"
    content = yaml.safe_load(deck.read_text(encoding="utf-8"))
    content |= {"title": "Questions on FastAPI", "date": str(content["date"]), "checks": {}}
    content["sections"] = [{**each, "title": f"All of {each['title']}"} for each in reversed(content["sections"])]
    content["sections"].insert(3, {"id": "new", "title": "New questions"})
    deck.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    asked = {"question": "What is new in this deck?", "answer": "This.", "sources": ["https://example.org/"]}
    (project / "source" / "new.yaml").write_text(yaml.safe_dump([{"id": "new-one", **asked}]), encoding="utf-8")
    options = Options(project, tmp_path / "out", ("apkg",))
    assert not build_project(options, NoProgress()).failed(strict=False)
    log = learner.take((tmp_path / "out" / "fastapi-interview.apkg").read_bytes())
    assert len(log.new) >= 1
    assert len(log.conflicting) == 0
    # Sections that no release has yet come after those that learners have, each by its title of today.
    known = {note["section"] for note in json.loads((project / "source" / "history.json").read_bytes())["notes"]}
    fresh = [each["title"] for each in content["sections"] if each["id"] not in known]
    new = [f"FastAPI interview questions::{number:02} {title}" for number, title in enumerate(fresh, len(known) + 1)]
    assert list(tree(learner)) == sorted([*before, *new])
    assert [row for row in state(learner) if row in cards] == cards


def test_a_section_that_was_away_comes_back_under_its_name(author: Author, learner: Learner) -> None:
    gases = author.sections["gases"]
    learner.take(author.package)
    author.sections["metals"] += author.sections.pop("gases")
    (author.project / "source" / "gases.yaml").unlink()
    learner.take(author.release("1.1.0", "2026-02-01"))
    assert learner.field(NEON, "Section") == "Metals"
    author.sections = {
        "salts": [question("salt", "What is table salt made of?", "Sodium and chlorine.")],
        "metals": [each for each in author.sections["metals"] if each not in gases],
        "gases": [*gases, question("xenon", "Where is xenon used?", "In bright lamps.")],
    }
    author.titles |= {"salts": "Salts", "gases": "Air"}
    learner.take(author.release("1.2.0", "2026-03-01"))
    assert list(tree(learner))[1:] == [f"Sample deck::{name}" for name in ("01 Metals", "02 Gases", "03 Salts")]
    assert learner.field(NEON, "Section") == "Gases"
    assert all(tree(learner)[name] for name in list(tree(learner))[1:])


def test_sections_of_one_name_from_two_branches_share_a_deck(author: Author, tmp_path: Path) -> None:
    salt = question("salt", "What is table salt made of?", "Sodium and chlorine.")
    lime = question("lime", "Where does lime come from?", "From burnt stone.")
    author.sections |= {"left": [salt], "right": [lime]}
    author.titles |= {"left": "New", "right": "Later"}
    author.release("1.1.0", "2026-02-01")
    history = author.project / "source" / "history.json"
    merged = history.read_text(encoding="utf-8").replace("04 Later", "03 new")  # as a merge makes it
    history.write_text(merged, encoding="utf-8")
    author.find("salt")["answer"] = "Of sodium and chlorine."
    package = author.release("1.1.1", "2026-03-01")
    for number in range(4):  # Anki renamed one of two decks, now this and now that
        with learning(tmp_path / f"learner-{number}") as learner:
            learner.take(package)
            assert [name for name in tree(learner) if "03" in name] in (
                ["Sample deck::03 New"],
                ["Sample deck::03 new"],
            )
