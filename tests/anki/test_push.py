"""`push` into a collection of the real Anki: what the dry run says is what the import does."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import pytest

from cardpress.cli import push_commands
from cardpress.cli.main import run
from cardpress.note_types.identity import make_guid
from cardpress.pipeline import build_project
from cardpress.progress import NoProgress
from cardpress.release.learners import CARD
from tests.helpers.adopted_decks import GUIDS, adopt_deck
from tests.helpers.altered_packages import query, with_field
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.anki_connect import AnkiDesktop, serving
from tests.helpers.author import Author, question, recall, tree
from tests.helpers.own_note_types import CAT, DOG, WORD

CLEAN, PROBLEMS, USAGE, FAILURE = range(4)
NEON, GOLD, IRON, COPPER = (make_guid("sample", name) for name in ("neon", "gold", "iron", "copper"))
LABELS = {
    "new": "new notes",
    "updated": "updated notes",
    "kept": "edited in Anki, stay so",
    "unknown": "new or updated, not known",
}
# A note's fields by their names, and its tags.
Note = tuple[dict[str, str], frozenset[str]]
AS_PLANNED = "Anki was asked again, and has it as planned"
NOTHING = "Anki has all of it; nothing to import"


@dataclass
class Desk:
    """An author at work, who pushes into their own Anki."""

    author: Author
    desktop: AnkiDesktop
    learner: Learner
    capsys: pytest.CaptureFixture[str]

    def type(self, *arguments: str) -> tuple[int, str, str]:
        """Save and push, and return the exit status and what was said."""
        self.author.write()
        self.capsys.readouterr()
        status = run(["push", "--project", str(self.author.project), "--address", self.desktop.address, *arguments])
        said = self.capsys.readouterr()
        return status, said.out, said.err

    def notes(self) -> dict[str, Note]:
        models = {number: [each["name"] for each in self.model(number)["flds"]] for number in self.numbers()}
        return read_notes(self.learner.rows("select guid, mid, flds, tags from notes"), models)

    def numbers(self) -> list[int]:
        return [row[0] for row in self.learner.rows("select distinct mid from notes")]

    def model(self, number: int) -> Any:
        models: Any = self.learner.collection.models  # ids are numbers
        models._clear_cache()
        return models.get(number)

    def push(self) -> dict[str, set[str]]:
        """Push, hold the dry run against what the import does, and return the names of the notes in its rows."""
        before, cards = self.notes(), len(self.learner.cards())
        imports = len(self.desktop.packages)
        status, dry, _ = self.type("--dry-run")
        assert status == CLEAN, dry
        assert self.notes() == before
        assert len(self.desktop.packages) == imports
        status, out, err = self.type("--yes")
        assert (status, err) == (CLEAN, "")
        assert out.splitlines()[1 : len(dry.splitlines()) - 1] == dry.splitlines()[1:-1]
        said = read_rows(out)
        after = self.notes()
        if out.splitlines()[-1] == NOTHING:
            assert after == before
            assert not said["new"] | said["updated"] | said["unknown"]
            return said
        assert out.splitlines()[-1] == AS_PLANNED
        assert len(self.desktop.packages) == imports + 1 or "gets the field" in out
        names = self.names()
        brought = read_package_notes(self.desktop.packages[-1])
        assert {names[guid] for guid in after.keys() - before.keys()} == said["new"]
        assert {names[guid] for guid in before if before[guid] != after[guid]} == said["updated"]
        kept = {guid for guid, note in brought.items() if not is_like(after[guid], note)}
        assert {names[guid] for guid in kept} == said["kept"]
        assert said["cards"] == {str(len(self.learner.cards()) - cards)}
        return said

    def names(self) -> dict[str, str]:
        questions = [each for section in self.author.sections.values() for each in section]
        notes = [each["id"] for question in questions for each in (question, *question.get("recall", ()))]
        return {make_guid("sample", name): name for name in notes}

    def edit(self, guid: str, name: str, text: str) -> None:
        """Edit a note in Anki."""
        note = self.learner.cards_of(guid)[0].note()
        note[name] = text
        self.learner.collection.update_note(note)

    def tag(self, guid: str, tag: str) -> None:
        note = self.learner.cards_of(guid)[0].note()
        note.add_tag(tag)
        self.learner.collection.update_note(note)

    def schedule(self) -> list[list[object]]:
        return self.learner.rows(f"select {CARD} from cards order by id")


def read_notes(rows: Iterable[Sequence[Any]], fields: Mapping[int, Sequence[str]]) -> dict[str, Note]:
    """Notes by GUID, each with its fields by name, and its tags as Anki compares them."""
    return {
        guid: (dict(zip(fields[number], texts.split("\x1f"), strict=True)), frozenset(tags.casefold().split()))
        for guid, number, texts, tags in rows
    }


def read_package_notes(package: bytes) -> dict[str, Note]:
    models = json.loads(query(package, "select models from col")[0][0])
    fields = {int(number): [each["name"] for each in model["flds"]] for number, model in models.items()}
    return read_notes(query(package, "select guid, mid, flds, tags from notes"), fields)


def is_like(has: Note, brought: Note) -> bool:
    """Whether Anki has a note as the package does, whose note type may have less fields."""
    return all(has[0].get(name) == text for name, text in brought[0].items()) and has[1] == brought[1]


def read_rows(out: str) -> dict[str, set[str]]:
    """The names in the rows of notes, and the count of new cards."""
    lines = {line[2:].split("  ")[0]: line[2:] for line in out.splitlines() if line.startswith("  ")}
    found = {}
    for key, label in LABELS.items():
        words = lines.get(label, label).removeprefix(label).split()
        found[key] = {word.strip(",") for word in words[1:]}
        assert not words or words[0] == str(len(found[key])) or "…" in words
    found["cards"] = {lines["new cards"].split()[-1]}
    return found


@pytest.fixture
def desk(
    author: Author, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    monkeypatch.setattr(push_commands, "find_cache", lambda: tmp_path / "cache")
    monkeypatch.setattr("cardpress.cli.push_table._MOST_CHARACTERS", 1000)
    with learning(tmp_path / "learner") as learner, serving(AnkiDesktop(learner.collection)) as desktop:
        yield Desk(author, desktop, learner, capsys)


# --- notes --------------------------------------------------------------------------------------------------------


def test_a_first_push_brings_everything_and_a_second_one_nothing(desk: Desk) -> None:
    assert len(desk.push()["new"]) == 10
    status, out, _ = desk.type("--yes")
    assert status == CLEAN
    assert "unchanged notes                10\n" in out
    assert out.endswith(f"{NOTHING}\n")
    assert len(desk.desktop.packages) == 1


def test_a_push_updates_adds_and_keeps_and_no_schedule_is_lost(desk: Desk) -> None:
    desk.push()
    desk.learner.study(NEON)
    desk.learner.study(GOLD)
    before = desk.schedule()
    desk.edit(GOLD, "Extra", "My own words.")
    desk.tag(COPPER, "marked")
    desk.author.find("gold")["answer"] = "It is noble."
    desk.author.find("neon")["answer"] = "Red."
    desk.author.sections["gases"].append(question("xenon", "Who found xenon?", "Ramsay."))
    said = desk.push()
    assert (said["new"], said["updated"], said["kept"]) == ({"xenon"}, {"neon"}, {"gold", "copper"})
    assert desk.schedule()[: len(before)] == before
    assert desk.learner.field(NEON, "Answer") == "<p>Red.</p>"
    assert desk.learner.field(GOLD, "Extra") == "My own words."


def test_every_push_of_a_note_arrives_and_so_does_taking_it_back(desk: Desk) -> None:
    desk.push()
    first = desk.author.find("neon")["answer"]
    for answer in ("Red.", "Orange.", first, "Red."):
        desk.author.find("neon")["answer"] = answer
        assert desk.push()["updated"] == {"neon"}
        assert desk.learner.field(NEON, "Answer") == f"<p>{answer}</p>"


def test_what_was_deleted_in_anki_is_new_again_and_a_copy_stays_a_copy(desk: Desk) -> None:
    desk.push()
    collection = desk.learner.collection
    original = desk.learner.cards_of(NEON)[0]
    copied = collection.new_note(original.note_type())
    copied.fields = list(original.note().fields)
    collection.add_note(copied, original.did)
    collection.remove_notes([desk.learner.cards_of(GOLD)[0].nid])
    desk.author.find("neon")["answer"] = "Red."
    said = desk.push()
    assert (said["new"], said["updated"]) == ({"gold"}, {"neon"})
    assert collection.get_note(copied.id)["Answer"] != "<p>Red.</p>"


def test_a_note_that_gets_a_deletion_gets_a_card(desk: Desk) -> None:
    desk.push()
    desk.author.find("iron-gaps")["cloze"] = "Iron melts at {{c1::1538}} {{c2::degrees}}."
    said = desk.push()
    assert (said["updated"], said["cards"]) == ({"iron-gaps"}, {"1"})


def test_a_card_that_was_deleted_comes_back_and_the_dry_run_says_so(desk: Desk) -> None:
    desk.push()
    desk.author.find("iron-gaps")["cloze"] = "Iron melts at {{c1::1538}} {{c2::degrees}}."
    desk.push()
    cards = desk.learner.cards_of(make_guid("sample", "iron-gaps"))
    desk.learner.collection.remove_cards_and_orphaned_notes([cards[1].id])
    assert desk.push()["cards"] == {"1"}


def test_notes_without_cards_are_found_by_their_ids(desk: Desk) -> None:
    desk.push()
    desk.learner.rows("delete from cards where nid = (select id from notes where guid = ?)", NEON)
    desk.author.find("neon")["answer"] = "Red."
    said = desk.push()
    assert (said["updated"], said["cards"]) == ({"neon"}, {"1"})
    desk.learner.rows("delete from cards where nid = (select id from notes where guid = ?)", NEON)
    assert desk.push()["cards"] == {"1"}


def test_a_retired_note_ships_without_cards_and_is_known_again(desk: Desk) -> None:
    desk.author.find("neon")["retired"] = {"reason": "Nobody asks that."}
    desk.author.release("1.1.0", "2026-01-02")
    assert "neon" in desk.push()["new"]
    status, out, _ = desk.type("--yes")
    assert (status, out.splitlines()[-1]) == (CLEAN, NOTHING)


def change_note_type(desk: Desk, guid: str, name: str) -> None:
    """Give a note in Anki another note type, which keeps its first two fields and its first card."""
    models, note = desk.learner.collection.models, desk.learner.cards_of(guid)[0].note()
    kind, other = models.get(note.mid), models.by_name(name)
    assert kind
    assert other
    fields = {each["ord"]: each["ord"] if each["ord"] < 2 else None for each in kind["flds"]}
    models.change(kind, [note.id], other, fields, {each["ord"]: each["ord"] or None for each in kind["tmpls"]} | {0: 0})


def test_a_note_of_another_note_type_in_anki_stops_a_push_that_would_mix_up_all_others(desk: Desk) -> None:
    desk.push()
    change_note_type(desk, NEON, "Basic")
    before = desk.learner.everything()
    for arguments in (("--dry-run",), ("--yes",)):
        status, out, err = desk.type(*arguments)
        assert (status, read_rows(out)["new"]) == (FAILURE, {"neon"})
        assert "`neon` is in Anki under the note type `Basic`, and Anki would mix up the fields" in err
    assert desk.learner.everything() == before
    collection = desk.learner.collection
    collection.remove_notes(collection.find_notes("note:Basic"))
    assert desk.push()["new"] == {"neon"}


def test_a_learners_own_note_of_the_same_text_stops_nothing(desk: Desk) -> None:
    desk.push()
    collection = desk.learner.collection
    basic = collection.models.by_name("Basic")
    assert basic
    mine = collection.new_note(basic)
    mine.fields = ["Who found xenon?", "No idea."]
    collection.add_note(mine, desk.learner.cards()[0].did)
    desk.author.sections["gases"].append(question("xenon", "Who found xenon?", "Ramsay."))
    assert desk.push()["new"] == {"xenon"}


def test_a_lazy_anki_is_found_out(desk: Desk) -> None:
    desk.desktop.is_lazy = True
    status, out, err = desk.type("--yes")
    assert status == FAILURE
    assert "imported: 0 new notes, 0 updated notes, 0 new cards\n" in out
    assert "not as planned: iron (was to be new; it is not in Anki)" in err


# --- note types ---------------------------------------------------------------------------------------------------


def test_the_design_of_cards_arrives_each_time(desk: Desk) -> None:
    """An import through AnkiConnect dates note types to the present, and a package's are older for ever."""
    desk.push()
    for color in ("teal", "navy", "olive"):
        back = f"{{{{FrontSide}}}}<hr>{{{{Answer}}}} {{{{Notice}}}} {color}"
        desk.author.style("note-types/recall/back.html", back)
        desk.author.style("style.css", f".card {{ color: {color} }}")
        desk.author.find("gold")["answer"] = f"It is {color}."
        status, out, _ = desk.type("--dry-run")
        assert status == CLEAN
        assert "  note type `Sample deck · recall`: other card templates; other style\n" in out
        assert "full" not in out
        assert desk.push()["updated"] == {"gold"}
        (card,) = desk.learner.cards_of(make_guid("sample", "helium-name"))
        assert color in card.render_output().answer_text
        assert f"color: {color}" in card.render_output().css


def test_a_learners_own_field_and_words_stay(desk: Desk) -> None:
    desk.push()
    models, note = desk.learner.collection.models, desk.learner.cards_of(NEON)[0].note()
    kind = models.get(note.mid)
    assert kind
    models.add_field(kind, models.new_field("Mine"))
    models.update_dict(kind)
    desk.edit(NEON, "Mine", "My own words.")
    status, out, _ = desk.type("--yes")
    assert (status, out.splitlines()[-1]) == (CLEAN, NOTHING)
    desk.author.find("gold")["answer"] = "It is noble."
    desk.author.find("neon")["answer"] = "Red."
    said = desk.push()
    assert (said["updated"], said["kept"]) == ({"gold"}, {"neon"})
    assert desk.learner.field(NEON, "Mine") == "My own words."


@pytest.fixture
def own(desk: Desk, tmp_path: Path) -> Desk:
    """A desk with a deck of words that was never released."""
    author = Author(tmp_path / "own", {"words": [dict(DOG), dict(CAT)]})
    author.style("note-types/word/note-type.yaml", WORD)
    author.headings = {"words": {"note_type": "word"}}
    return replace(desk, author=author)


def test_notes_without_a_field_for_ids_are_known_by_their_first_field(own: Desk) -> None:
    """The engine adds such a field where an author names none of its facts."""
    own.author.style("note-types/word/note-type.yaml", WORD.replace("cards:\n", "  - fact: section\ncards:\n"))
    assert own.push()["new"] == {"perro", "gato"}
    own.author.find("gato")["meaning"] = "the tomcat"
    assert own.push()["updated"] == {"gato"}
    own.author.find("gato")["word"] = "la gata"
    own.author.sections["words"].append({"id": "pato", "word": "el pato", "meaning": "the duck"})
    status, out, err = own.type("--yes")
    assert (status, err) == (CLEAN, "")
    assert read_rows(out)["unknown"] == {"gato", "pato"}
    assert "imported: 1 new note, 1 updated note, 2 new cards\n" in out


def test_a_field_that_a_note_type_gets_comes_with_the_texts_of_its_notes(own: Desk) -> None:
    """Anki takes all notes of a note type that gets a field for edited just then."""
    own.push()
    kind = WORD
    for number, name in enumerate(("plural", "origin")):
        kind = kind.replace("cards:\n", f"  - {{key: {name}, holds: line}}\ncards:\n").replace(
            "answers: [word,", f"answers: [word, {name},"
        )
        own.author.style("note-types/word/note-type.yaml", kind)
        own.author.find("gato")[name] = f"text {number}"
        own.author.find("perro")["meaning"] = f"the dog {number}"
        said = own.push()
        assert said["updated"] >= {"gato", "perro"}
        assert own.learner.field(make_guid("sample", "gato"), name.capitalize()) == f"text {number}"
        own.author.find("perro")["meaning"] = f"the hound {number}"
        assert own.push()["updated"] == {"perro"}


def test_a_note_type_that_was_forked_is_made_one_again(desk: Desk) -> None:
    desk.learner.take(with_field(desk.author.package, "recall"))
    desk.author.sections["gases"][1]["recall"] = [recall("neon-symbol", "What is the symbol of neon?", "Ne.")]
    desk.learner.take(desk.author.build(desk.author.project.parent / "preview"))
    models = desk.learner.collection.models
    assert models.by_name("Sample deck · recall+")
    status, out, err = desk.type("--yes")
    assert (status, err) == (CLEAN, "")
    assert "takes the notes of `Sample deck · recall+`, which goes" in out
    assert "  the next sync of this collection will have to be a full one, in one direction\n" in out
    assert models.by_name("Sample deck · recall+") is None


# --- anything -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_whatever_author_and_learner_do_the_dry_run_says_what_happens(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    desk.push()
    for step in range(6):
        questions = [each for section in desk.author.sections.values() for each in section]
        for each in chance.sample(questions, 2):
            each[chance.choice(("answer", "extra"))] = f"Text {step}."
            each["tags"] = chance.choice(([], ["metals"], ["z", "a::b"]))
        if chance.random() < 0.5:
            new = question(f"new-{step}", f"What is new in {step}?", "This.")
            chance.choice(list(desk.author.sections.values())).insert(0, new)
        if chance.random() < 0.3:
            desk.author.style("style.css", f".card {{ margin: {step}px }}")
        guids = sorted(desk.notes().keys() & desk.names().keys())
        mine = chance.choice(guids)
        act = chance.randrange(4)
        if act == 0:
            desk.edit(mine, "Extra", f"Mine {step}.")
        elif act == 1:
            desk.tag(mine, f"mine-{step}")
        elif act == 2:
            desk.learner.collection.remove_notes([desk.learner.cards_of(mine)[0].nid])
        elif fresh := desk.learner.rows("select guid from notes n join cards c on c.nid = n.id where c.reps = 0"):
            desk.learner.study(chance.choice(sorted(row[0] for row in fresh)))
        desk.push()


def test_a_push_that_imports_nothing_takes_no_number(desk: Desk) -> None:
    for _ in range(3):
        assert desk.type("--dry-run")[1].startswith("1.0.0+preview.1 into the profile `User 1` would bring:\n")
    desk.push()
    for _ in range(2):
        assert desk.type("--yes")[1].startswith("1.0.0+preview.2 ")


def test_another_preview_in_between_is_seen(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def confirm(*_: object, **__: object) -> bool:
        options = desk.author.options(tmp_path / "preview")
        build_project(replace(options, cache=tmp_path / "cache", preview=True), NoProgress())
        return True

    monkeypatch.setattr(push_commands, "is_at_terminal", lambda: True)
    monkeypatch.setattr(click, "confirm", confirm)
    status, _, err = desk.type()
    assert (status, err) == (FAILURE, "cardpress: another preview was made since; nothing was imported; push again\n")
    assert not desk.desktop.packages


# --- how it is typed ----------------------------------------------------------------------------------------------


def test_nothing_in_the_project_changes_and_no_file_stays(desk: Desk) -> None:
    desk.author.write()
    before = tree(desk.author.project)
    desk.push()
    assert tree(desk.author.project) == before
    assert desk.desktop.paths
    assert not any(path.parent.exists() for path in desk.desktop.paths)


def test_a_deck_that_was_taken_over_is_known_by_what_it_was(desk: Desk, tmp_path: Path) -> None:
    own = replace(desk, author=adopt_deck(tmp_path / "adopted"))
    desk.learner.take(own.author.package)
    before = desk.schedule()
    status, out, err = own.type("--yes")
    assert (status, err, out.splitlines()[-1]) == (CLEAN, "", NOTHING)
    own.author.find("to-be")["back"] = "ser"
    status, out, err = own.type("--yes")
    assert (status, err) == (CLEAN, "")
    assert read_rows(out)["updated"] == {"to-be"}
    assert desk.learner.field(GUIDS["to-be"], "Back") == "ser"
    assert desk.schedule() == before
