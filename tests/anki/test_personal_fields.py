"""What learners write into personal fields survives updates, when they import the text file before the package."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from anki.collection import ImportCsvRequest

from cardpress.cli.main import run
from cardpress.note_types.identity import make_guid
from cardpress.release.learners import study
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.author import Author
from tests.helpers.own_note_types import CAT, DOG, WORD
from tests.helpers.visible_text import visible

DECLARATION = "note-types/word/note-type.yaml"
SENTENCE = "  - {key: sentence, holds: text}\n"
MNEMONIC = "  - {key: mnemonic, holds: text, personal: true, label: My mnemonic}\n"
# Declared before fields that ship: in Anki it is the last all the same.
PERSONAL = WORD.replace(SENTENCE, MNEMONIC + SENTENCE).replace("sentence]}", "sentence, mnemonic]}")
NEWER = PERSONAL.replace(SENTENCE, SENTENCE + "  - {key: origin, holds: text, label: Origin}\n").replace(
    "sentence, mnemonic]}", "sentence, mnemonic, origin]}"
) + ("  - {name: Origins, asks: [origin], answers: [word]}\n")
PERRO, GATO, PEZ = (make_guid("sample", name) for name in ("perro", "gato", "pez"))
WORDS = "A dog that barks <b>perr</b>."


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


@pytest.fixture
def author(tmp_path: Path) -> Author:
    made = Author(tmp_path / "project", {"words": [{**word, "note_type": "word"} for word in (DOG, CAT)]})
    made.facts["note_type"] = "word"
    made.only = ("apkg", "csv")
    made.style(DECLARATION, PERSONAL)
    return made


def text_of(author: Author) -> str:
    return (author.out / "sample-update.csv").read_text(encoding="utf-8")


def rows_of(text: str) -> list[list[str]]:
    return [row for row in csv.reader(io.StringIO(text)) if not row[0].startswith("#")]


def take_text(learner: Learner, text: str) -> None:
    """Import a text file as Anki's dialog does when nothing is changed in it."""
    path = learner.folder / "update.csv"
    path.write_text(text, encoding="utf-8")
    metadata = learner.collection.get_csv_metadata(path=str(path), delimiter=None)
    learner.collection.import_csv(ImportCsvRequest(path=str(path), metadata=metadata))


def fill(learner: Learner, guid: str, words: str = WORDS) -> None:
    """Write into a note's personal field, at a time before the next release."""
    note = learner.cards_of(guid)[0].note()
    (changed,) = learner.rows("select mod from notes where guid = ?", guid)
    note["Mnemonic"] = words
    learner.collection.update_note(note)
    assert learner.collection.db is not None
    learner.collection.db.execute("update notes set mod = ? where guid = ?", changed[0], guid)


def sides(learner: Learner, guid: str) -> list[tuple[str, str]]:
    outputs = [card.render_output() for card in learner.cards_of(guid)]
    return [(visible(output.question_text), visible(output.answer_text)) for output in outputs]


def schedules(learner: Learner) -> list[list[object]]:
    return learner.rows("select id, did, type, queue, due, ivl, reps from cards order by id")


def test_it_is_shown_once_it_is_filled(author: Author, learner: Learner) -> None:
    learner.take(author.release("1.0.0", "2026-01-01"))
    before = sides(learner, GATO)
    fill(learner, GATO, "A cat in a gateau.")
    after = sides(learner, GATO)
    assert not any("mnemonic" in side for pair in before for side in pair)
    assert [back.count("My mnemonicA cat in a gateau.") for _, back in after] == [1, 1]
    assert [front for front, _ in after] == [front for front, _ in before]


def test_a_package_alone_empties_it_in_notes_that_changed(author: Author, learner: Learner) -> None:
    """A fact of Anki's, which is why there is a text file."""
    learner.take(author.release("1.0.0", "2026-01-01"))
    for guid in (PERRO, GATO):
        fill(learner, guid)
    author.find("perro")["meaning"] = "a dog"
    learner.take(author.release("1.0.1", "2026-02-01"))
    assert [learner.field(guid, "Mnemonic") for guid in (PERRO, GATO)] == ["", WORDS]


def test_the_text_file_first_and_then_the_package_keep_it(author: Author, learner: Learner) -> None:
    learner.take(author.release("1.0.0", "2026-01-01"))
    study(learner.collection)
    for guid in (PERRO, GATO):
        fill(learner, guid)
    before = schedules(learner)
    author.find("perro")["meaning"] = "a dog"
    author.sections["words"].append({"id": "pez", "word": "el pez", "meaning": "the fish", "note_type": "word"})
    package = author.release("1.1.0", "2026-02-01")
    assert [row[0] for row in rows_of(text_of(author))] == [PERRO]
    take_text(learner, text_of(author))
    assert schedules(learner) == before
    learner.take(package)
    assert schedules(learner)[: len(before)] == before
    assert [learner.field(guid, "Mnemonic") for guid in (PERRO, GATO)] == [WORDS, WORDS]
    assert learner.field(PERRO, "Meaning") == "a dog"
    assert learner.field(PERRO, "Version") == "1.1.0"
    assert len(learner.cards_of(PEZ)) == 2


def test_a_spare_field_and_a_spare_card_that_are_used_come_with_both(author: Author, learner: Learner) -> None:
    learner.take(author.release("1.0.0", "2026-01-01"))
    study(learner.collection)
    for guid in (PERRO, GATO):
        fill(learner, guid)
    before = schedules(learner)
    author.style(DECLARATION, NEWER)
    author.find("perro")["origin"] = "Nobody knows."
    package = author.release("1.1.0", "2026-02-01")
    take_text(learner, text_of(author))
    learner.take(package)
    assert [learner.field(guid, "Mnemonic") for guid in (PERRO, GATO)] == [WORDS, WORDS]
    assert learner.field(PERRO, "Origin") == "<p>Nobody knows.</p>"
    assert [card.template()["name"] for card in learner.cards_of(PERRO)] == ["Recognise", "Recall", "Origins"]
    assert schedules(learner)[: len(before)] == before
    assert not [name for name in learner.collection.models.all_names_and_ids() if "+" in name.name]


def test_a_field_that_becomes_personal_later_takes_the_last_spare(author: Author, learner: Learner) -> None:
    author.style(DECLARATION, WORD)
    learner.take(author.release("1.0.0", "2026-01-01"))
    author.style(DECLARATION, PERSONAL)
    learner.take(author.release("1.1.0", "2026-02-01"))
    record = author.history.note_types["word"]
    assert (tuple(record.personal_fields), record.from_spares) == (("Mnemonic",), {"Mnemonic": "Spare5"})
    fill(learner, PERRO)
    author.style(DECLARATION, NEWER)
    author.find("perro")["origin"] = "Nobody knows."
    package = author.release("1.2.0", "2026-03-01")
    take_text(learner, text_of(author))
    learner.take(package)
    assert (learner.field(PERRO, "Mnemonic"), learner.field(PERRO, "Origin")) == (WORDS, "<p>Nobody knows.</p>")
    assert [field["name"] for field in learner.cards_of(PERRO)[0].note_type()["flds"]][-5:] == [
        *("Origin", "Spare2", "Spare3", "Spare4", "Mnemonic")
    ]


def test_two_note_types_stand_in_one_file(author: Author, learner: Learner) -> None:
    short = PERSONAL.replace("title: Word", "title: Short").replace(SENTENCE, "").replace("sentence, ", "")
    author.style("note-types/short/note-type.yaml", short)
    author.sections["words"].insert(0, {"id": "sol", "word": "el sol", "meaning": "the sun", "note_type": "short"})
    learner.take(author.release("1.0.0", "2026-01-01"))
    sol = make_guid("sample", "sol")
    for guid in (PERRO, sol):
        fill(learner, guid)
    author.find("sol")["meaning"] = "a sun"
    author.find("perro")["meaning"] = "a dog"
    package = author.release("1.0.1", "2026-02-01")
    assert [row[0] for row in rows_of(text_of(author))] == [sol, PERRO]  # the shorter one first
    take_text(learner, text_of(author))
    learner.take(package)
    for guid, meaning in ((PERRO, "a dog"), (sol, "a sun")):
        assert (learner.field(guid, "Mnemonic"), learner.field(guid, "Meaning")) == (WORDS, meaning)
    assert learner.field(PERRO, "Sentence") == "<p><em>El perro</em> duerme.</p>"


def test_who_skipped_a_release_takes_all_that_changed_since_it_came(author: Author, learner: Learner) -> None:
    learner.take(author.release("1.0.0", "2026-01-01"))
    fill(learner, PERRO)
    author.find("perro")["meaning"] = "a dog"
    author.release("1.0.1", "2026-02-01")
    author.find("gato")["meaning"] = "a cat"
    package = author.release("1.0.2", "2026-03-01")
    assert {row[0] for row in rows_of(text_of(author))} == {PERRO, GATO}
    take_text(learner, text_of(author))
    learner.take(package)
    assert (learner.field(PERRO, "Mnemonic"), learner.field(PERRO, "Meaning")) == (WORDS, "a dog")


def test_a_note_that_somebody_skipped_comes_into_the_deck_of_its_section_and_moves_no_card(
    author: Author, learner: Learner
) -> None:
    learner.take(author.release("1.0.0", "2026-01-01"))
    decks = learner.collection.decks
    mine = decks.id("My own, moved")
    assert mine is not None
    learner.collection.set_deck([card.id for card in learner.cards_of(PERRO)], mine)
    learner.collection.set_deck([learner.cards_of(GATO)[0].id], mine)
    words = author.sections["words"]
    words.append({"id": "pez", "word": "el pez", "meaning": "the fish", "note_type": "word"})
    author.release("1.1.0", "2026-02-01")
    for word, meaning in (("perro", "a dog"), ("gato", "a cat"), ("pez", "a fish")):
        author.find(word)["meaning"] = meaning
    package = author.release("1.2.0", "2026-03-01")
    for step in range(2):
        if step:
            learner.take(package)
        else:
            take_text(learner, text_of(author))
        where = {guid: [decks.name(card.did) for card in learner.cards_of(guid)] for guid in (PERRO, GATO, PEZ)}
        assert where == {
            PERRO: ["My own, moved"] * 2,
            GATO: ["My own, moved", "Sample deck::01 Words"],
            PEZ: ["Sample deck::01 Words"] * 2,
        }


def test_a_deck_that_is_called_by_a_number_is_found(author: Author, learner: Learner) -> None:
    """A number in the text file might be a deck's own number to Anki."""
    author.facts["deck_name"] = "2024"
    author.headings["words"] = {"deck_name": False}
    learner.take(author.release("1.0.0", "2026-01-01"))
    author.sections["words"].append({"id": "pez", "word": "el pez", "meaning": "the fish", "note_type": "word"})
    author.release("1.1.0", "2026-02-01")
    author.find("pez")["meaning"] = "a fish"
    author.release("1.2.0", "2026-03-01")
    take_text(learner, text_of(author))
    assert [learner.collection.decks.name(card.did) for card in learner.cards_of(PEZ)] == ["2024"] * 2


def test_a_note_that_was_retired_is_in_the_file_of_that_release_alone(author: Author, learner: Learner) -> None:
    author.find("gato")["meaning"] = "the cat"
    learner.take(author.release("1.0.0", "2026-01-01"))
    fill(learner, PERRO)
    author.find("perro")["retired"] = {"reason": "Dogs are out."}
    package = author.release("1.1.0", "2026-02-01")
    assert [row[0] for row in rows_of(text_of(author))] == [PERRO]
    take_text(learner, text_of(author))
    learner.take(package)
    assert learner.field(PERRO, "Mnemonic") == WORDS
    assert "Dogs are out." in learner.field(PERRO, "Notice")
    author.find("gato")["meaning"] = "a cat"
    author.release("1.2.0", "2026-03-01")
    assert [row[0] for row in rows_of(text_of(author))] == [GATO]


def test_a_retired_note_that_changes_once_more_is_in_the_file_from_then_on(author: Author, learner: Learner) -> None:
    learner.take(author.release("1.0.0", "2026-01-01"))
    author.find("perro")["retired"] = {"reason": "Dogs are out."}
    learner.take(author.release("1.1.0", "2026-02-01"))
    fill(learner, PERRO)
    author.headings["words"] = {"tags": ["animals"]}
    author.release("1.2.0", "2026-03-01")
    assert {row[0] for row in rows_of(text_of(author))} == {PERRO, GATO}
    author.find("gato")["meaning"] = "a cat"
    package = author.release("1.3.0", "2026-04-01")  # for who has skipped that release
    take_text(learner, text_of(author))
    learner.take(package)
    assert learner.field(PERRO, "Mnemonic") == WORDS
    assert "animals" in learner.cards_of(PERRO)[0].note().tags


def test_before_anything_was_released_and_in_the_first_release_it_has_every_note(
    author: Author, tmp_path: Path
) -> None:
    author.build(tmp_path / "out")
    assert len(rows_of((tmp_path / "out" / "sample-update.csv").read_text(encoding="utf-8"))) == 2
    author.release("1.0.0", "2026-01-01")
    assert len(rows_of(text_of(author))) == 2


def test_a_release_that_changes_no_note_has_none(author: Author) -> None:
    author.release("1.0.0", "2026-01-01")
    author.sections["words"].append({"id": "pez", "word": "el pez", "meaning": "the fish", "note_type": "word"})
    author.release("1.1.0", "2026-02-01")
    assert not (author.out / "sample-update.csv").exists()


def test_its_first_lines_say_how_to_read_it(author: Author, tmp_path: Path) -> None:
    author.build(tmp_path / "out")
    head = (tmp_path / "out" / "sample-update.csv").read_text(encoding="utf-8").splitlines()[:7]
    assert head == [
        "#separator:Comma",
        "#html:true",
        "#guid column:1",
        "#notetype column:2",
        "#tags column:3",
        "#deck column:4",
        "#columns:GUID,Note type,Tags,Deck,Field 1,Field 2,Field 3,Field 4,Field 5,Field 6,Field 7,Field 8",
    ]


def test_the_rehearsal_has_a_row_for_it(author: Author) -> None:
    author.release("1.0.0", "2026-01-01")
    author.find("perro")["meaning"] = "a dog"
    outcome = author.try_release("1.0.1", "2026-02-01")
    row = outcome.rehearsal[-1]
    assert row.promise == "personal fields keep what is in them, text file first"
    assert (row.held, row.broken) == (2, ())


def test_a_release_of_tomorrow_would_empty_it_for_who_imports_today_so_it_says_which_day_to_take(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a text file changes is as new as the hour of its import."""
    author.release("1.0.0", "2026-01-01")
    author.find("perro")["meaning"] = "a dog"
    author.write()
    today = datetime.now(UTC).date()
    tomorrow = today + timedelta(days=1)
    release = ["release", "1.0.1", "--allow-dirty", "--project", str(author.project), "--date"]
    assert run([*release, f"{tomorrow}"]) == 1
    assert (
        f"until {tomorrow} begins (UTC), Anki takes the package for newer than the text file; take a day up to "
        f"{today}; nothing was released"
    ) in capsys.readouterr().err
    assert run([*release, f"{today}"]) == 0
