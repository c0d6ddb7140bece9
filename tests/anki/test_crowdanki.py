"""A learner who imports the folder with CrowdAnki has what the package brings, and an update costs nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cardpress.cli.main import run
from cardpress.deck.notes import Deck
from cardpress.engine import ROOT
from cardpress.writers.crowdanki import write
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.author import Author
from tests.helpers.crowdanki_folders import GAP, make_card, make_deck, make_note, make_root, make_type, write_folder
from tests.helpers.crowdanki_import import take_folder
from tests.helpers.decks import deck_of, package_of
from tests.helpers.own_note_types import CAT, DOG, WORD

NOTES = "select guid, flds, tags from notes order by guid"
CARDS = """
select n.guid, c.ord, d.name from cards c join notes n on n.id = c.nid join decks d on d.id = c.did order by 1, 2
"""
PERSONAL = WORD.replace(
    "cards:\n", "  - {key: mnemonic, holds: text, personal: true, label: My mnemonic}\ncards:\n"
).replace("answers: [meaning, sentence]", "answers: [meaning, sentence, mnemonic]")


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


@pytest.fixture
def author(tmp_path: Path) -> Author:
    made = Author(tmp_path / "project", {"words": [{**word, "note_type": "word"} for word in (DOG, CAT)]})
    made.facts["note_type"] = "word"
    made.only = ("apkg", "crowdanki")
    made.style("note-types/word/note-type.yaml", PERSONAL)
    return made


def put(deck: Deck, folder: Path) -> Path:
    for artifact in write(deck).artifacts:
        path = folder / artifact.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.data)
    return folder / "crowdanki"


def scheduled(learner: Learner) -> list[list[Any]]:
    columns = "c.id, n.guid, c.ord, c.did, c.type, c.queue, c.due, c.ivl, c.factor, c.reps, c.data"
    return learner.rows(f"select {columns} from cards c join notes n on n.id = c.nid order by c.id")


@pytest.mark.parametrize("example", ["heart", "spanish", "calculus"])
def test_it_brings_what_the_package_brings(example: str, learner: Learner, tmp_path: Path) -> None:
    deck = deck_of(ROOT / "examples" / example)
    assert take_folder(learner.collection, put(deck, tmp_path)) == []
    with learning(tmp_path / "other") as other:
        other.take(package_of(deck))
        assert learner.rows(NOTES) == other.rows(NOTES)
        assert learner.rows(CARDS) == other.rows(CARDS)
        fronts = [[card.render_output().question_text for card in each.cards()] for each in (learner, other)]
        assert sorted(fronts[0]) == sorted(fronts[1])
    shown = {each.name for each in deck.list_media_of_cards()}
    assert shown == {path.name for path in Path(learner.collection.media.dir()).iterdir()}


def test_an_update_asks_nothing_and_keeps_schedules_options_and_own_words(learner: Learner, author: Author) -> None:
    author.release("1.0.0")
    folder = author.out / "crowdanki"
    assert take_folder(learner.collection, folder) == []
    guid = next(each["guid"] for each in json.loads((folder / "deck.json").read_bytes())["children"][0]["notes"])
    learner.study(guid)
    note = learner.cards_of(guid)[0].note()
    note["Mnemonic"] = "A dog that barks <b>perr</b>."
    learner.collection.update_note(note)
    options = learner.collection.decks.config_dict_for_deck_id(note.cards()[0].did)
    options["new"]["perDay"] = 7
    learner.collection.decks.update_config(options)
    before = scheduled(learner), sorted(each.name for each in learner.collection.decks.all_names_and_ids())

    author.sections["words"][0]["meaning"] = "the hound"
    author.release("1.1.0")
    assert take_folder(learner.collection, folder) == []
    assert (scheduled(learner), sorted(each.name for each in learner.collection.decks.all_names_and_ids())) == before
    assert learner.field(guid, "Meaning") == "the hound"
    assert learner.field(guid, "Mnemonic") == "A dog that barks <b>perr</b>."
    assert learner.collection.decks.config_dict_for_deck_id(note.cards()[0].did)["new"]["perDay"] == 7
    assert len(learner.rows("select id from notes")) == 2


def test_a_note_type_that_looks_otherwise_is_asked_about_once(learner: Learner, author: Author) -> None:
    author.release("1.0.0")
    folder = author.out / "crowdanki"
    take_folder(learner.collection, folder)
    author.style("style.css", ".sheet { color: green; }\n")
    author.release("1.1.0")
    assert take_folder(learner.collection, folder) == []  # a style is no question
    author.style("note-types/word/note-type.yaml", PERSONAL.replace("My mnemonic", "My own words"))
    author.release("1.2.0")
    assert len(take_folder(learner.collection, folder)) == 1
    assert take_folder(learner.collection, folder) == []


def test_who_has_a_deck_from_crowdanki_gets_its_updates_once_it_is_adopted(
    learner: Learner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder is that of a deck made in an old Anki, with its own note types, decks and preset."""
    gaps = make_type(GAP, "Gaps", type=1, tmpls=[make_card("Gaps", "{{cloze:Word}}", "{{cloze:Word}}")], sortf=0)
    verbs = make_deck("Verbs::Irregular", make_note("gap", "{{c1::a}} and {{c2::b}}", "", uuid=GAP, tags=("x::y",)))
    words = (make_note('a"|%', "el sol", "the <b>sun</b>"), make_note("dog", "el perro", "the dog"))
    root = make_root("Words", *words, children=(verbs,), note_models=[make_type(), gaps])
    folder = write_folder(tmp_path / "original", root)
    assert take_folder(learner.collection, folder) == []
    learner.study("dog")
    decks = [[each.id, each.name] for each in learner.collection.decks.all_names_and_ids()]
    before = scheduled(learner)

    project = tmp_path / "project"
    assert run(["import", str(folder / "deck.json"), str(project), "--rehearse"]) == 0
    assert "CrowdAnki's own importer was not run" in capsys.readouterr().out
    readme = (project / "README.md").read_text(encoding="utf-8")
    assert "## Learners who use CrowdAnki" in readme
    assert "until the first one, the deck as it was taken over" in readme
    assert "and what lies beside it, to people who do not have the deck from CrowdAnki." in readme
    (table,) = (path for path in (project / "source").iterdir() if "the dog" in path.read_text(encoding="utf-8"))
    table.write_text(table.read_text(encoding="utf-8").replace("the dog", "the hound"), encoding="utf-8")
    assert run(["release", "1.0.0", "--project", str(project)]) == 0
    assert "who has the deck from CrowdAnki imports dist/crowdanki/" in capsys.readouterr().out
    notes = (project / "dist" / "RELEASE_NOTES.md").read_text(encoding="utf-8")
    assert "goes on with CrowdAnki, and imports the folder `crowdanki/` there" in notes
    assert "For those who have the deck as it was before: 1 note is updated" in notes

    assert take_folder(learner.collection, project / "dist" / "crowdanki") == []
    assert scheduled(learner) == before
    assert [[each.id, each.name] for each in learner.collection.decks.all_names_and_ids()] == decks
    assert {guid: fields for guid, fields, _ in learner.rows(NOTES)} == {
        'a"|%': "el sol\x1fthe <b>sun</b>",
        "dog": "el perro\x1fthe hound",
        "gap": "{{c1::a}} and {{c2::b}}\x1f",
    }
    assert len(learner.collection.models.all()) == 6 + 2
