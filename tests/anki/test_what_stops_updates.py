"""The two things in Anki that stop updates, and the import options that README and docs/releases.md name for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.decks import DeckConfigId
from anki.import_export_pb2 import ImportAnkiPackageUpdateCondition as When
from anki.import_export_pb2 import ImportResponse

from cardpress.history.records import to_moment
from cardpress.note_types.identity import make_guid
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.author import Author

NEON, GOLD = make_guid("sample", "neon"), make_guid("sample", "gold")
ALWAYS = When.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS


@pytest.fixture
def learner(tmp_path: Path, released_project: Path) -> Iterator[Learner]:
    """Somebody who has the release of 2026-01-01."""
    with learning(tmp_path / "learner") as somebody:
        somebody.take((released_project / "dist" / "sample.apkg").read_bytes())
        yield somebody


@pytest.fixture
def update(author: Author) -> bytes:
    """The release of 2026-02-01, in which the answers of neon and gold have changed."""
    author.find("neon")["answer"] = "Red."
    author.find("gold")["answer"] = "It is noble."
    return author.release("1.0.1", "2026-02-01")


def take(learner: Learner, package: bytes, *, merge: bool = False, always: bool = False) -> ImportResponse.Log:
    """Import a package with the options that the documents name."""
    path = learner.folder / "chosen.apkg"
    path.write_bytes(package)
    options = ImportAnkiPackageOptions(merge_notetypes=merge)
    if always:
        options.update_notes = ALWAYS
    request = ImportAnkiPackageRequest(package_path=str(path), options=options)
    log = learner.collection.import_anki_package(request).log
    learner.collection.models._clear_cache()
    return log


def date(learner: Learner, guid: str, day: str) -> None:
    """Let a note have been edited on a day."""
    assert learner.collection.db is not None
    learner.collection.db.execute("update notes set mod = ? where guid = ?", to_moment(day), guid)


def tags(learner: Learner, guid: str) -> list[str]:
    return learner.cards_of(guid)[0].note().tags


def answer(learner: Learner, guid: str) -> str:
    return learner.field(guid, "Answer")


# --- a note that was edited after the day of the release ----------------------------------------------------------


def mark(learner: Learner) -> None:
    note = learner.cards_of(NEON)[0].note()
    note.add_tag("marked")
    learner.collection.update_note(note)


def become_a_leech(learner: Learner) -> None:
    config = learner.collection.decks.get_config(DeckConfigId(1))
    assert config is not None
    config["lapse"]["leechFails"] = 1
    learner.collection.decks.update_config(config)
    (card,) = learner.cards_of(NEON)
    learner.collection.sched.set_due_date([card.id], "0")
    card.load()
    card.start_timer()
    learner.collection.sched.answerCard(card, 1)


EDITS: dict[str, Callable[[Learner], None]] = {"marked": mark, "leech": become_a_leech}


@pytest.mark.parametrize("tag", EDITS)
def test_a_note_that_anki_touched_after_the_day_of_a_release_is_passed_by(
    learner: Learner, author: Author, update: bytes, tag: str
) -> None:
    before = answer(learner, NEON)
    EDITS[tag](learner)
    assert tags(learner, NEON) == [tag]
    assert (len(learner.take(update).updated), answer(learner, NEON)) == (1, before)
    assert answer(learner, GOLD) == "<p>It is noble.</p>"
    # As it is in every later release, unless the note changes again after that day.
    author.find("iron")["answer"] = "Water."
    learner.take(author.release("1.0.2", "2026-03-01"))
    assert (tags(learner, NEON), answer(learner, NEON)) == ([tag], before)


def test_a_new_card_comes_to_a_note_that_is_passed_by_and_is_blank_until_its_text_comes(
    learner: Learner, author: Author
) -> None:
    gaps = make_guid("sample", "iron-gaps")
    note = learner.cards_of(gaps)[0].note()
    note.add_tag("marked")
    learner.collection.update_note(note)
    author.find("iron-gaps")["cloze"] = "Iron melts at {{c1::1538}} {{c2::degrees}}."
    update = author.release("1.0.1", "2026-02-01")
    learner.take(update)
    assert "No cloze" in learner.cards_of(gaps)[1].render_output().question_text
    take(learner, update, always=True)
    assert "[...]" in learner.cards_of(gaps)[1].render_output().question_text


@pytest.mark.parametrize("tag", EDITS)
def test_always_brings_it_and_takes_its_tags(learner: Learner, update: bytes, tag: str) -> None:
    EDITS[tag](learner)
    log = take(learner, update, always=True)
    assert len(log.updated) == 2  # and no note that neither the release nor the learner has changed
    assert (tags(learner, NEON), answer(learner, NEON)) == ([], "<p>Red.</p>")


def test_always_replaces_a_learners_words_in_every_note(learner: Learner, update: bytes) -> None:
    note = learner.cards_of(make_guid("sample", "argon"))[0].note()
    released = note["Answer"]
    note["Answer"] += "My own words."
    learner.collection.update_note(note)
    take(learner, update, always=True)
    assert answer(learner, note.guid) == released


def test_a_later_release_that_changes_the_note_reaches_it(learner: Learner, author: Author, update: bytes) -> None:
    mark(learner)
    date(learner, NEON, "2026-02-15")
    learner.take(update)
    author.find("neon")["answer"] = "Orange."
    learner.take(author.release("1.0.2", "2026-03-01"))
    assert (tags(learner, NEON), answer(learner, NEON)) == ([], "<p>Orange.</p>")


# --- a field of one's own -----------------------------------------------------------------------------------------


@pytest.fixture
def with_field(learner: Learner, day: str) -> Learner:
    """A learner who added a field to the note type of questions on a day, and wrote into it."""
    models = learner.collection.models
    note_type = models.get(learner.cards_of(NEON)[0].note().mid)
    assert note_type is not None
    models.add_field(note_type, models.new_field("Mine"))
    models.update_dict(note_type)
    for guid in (NEON, make_guid("sample", "argon")):
        note = learner.cards_of(guid)[0].note()
        note["Mine"] = "My own words."
        learner.collection.update_note(note)
    assert learner.collection.db is not None
    learner.collection.db.execute("update notes set mod = ?", to_moment(day))
    return learner


@pytest.mark.parametrize("day", ["2026-01-15"])
def test_a_field_of_ones_own_stops_all_updates_of_its_note_type(with_field: Learner, update: bytes) -> None:
    log = with_field.take(update)
    assert len(log.conflicting) == 6
    assert answer(with_field, NEON) != "<p>Red.</p>"
    assert len(take(with_field, update, always=True).conflicting) == 6


@pytest.mark.parametrize("day", ["2026-01-15"])
def test_merge_brings_them_and_keeps_the_field(with_field: Learner, author: Author, update: bytes) -> None:
    assert len(take(with_field, update, merge=True).conflicting) == 0
    assert answer(with_field, NEON) == "<p>Red.</p>"
    assert with_field.field(NEON, "Mine") == ""  # in a note that the update changes, their words go
    assert with_field.field(make_guid("sample", "argon"), "Mine") == "My own words."
    author.find("neon")["answer"] = "Orange."
    later = author.release("1.0.2", "2026-03-01")
    assert len(take(with_field, later).conflicting) == 6  # so it must stay ticked
    assert len(take(with_field, later, merge=True).conflicting) == 0
    assert answer(with_field, NEON) == "<p>Orange.</p>"


@pytest.mark.parametrize("day", ["2026-02-15"])
def test_a_field_that_was_added_after_the_day_of_a_release_is_an_edit_of_every_note(
    with_field: Learner, update: bytes
) -> None:
    before = answer(with_field, NEON)
    assert (len(take(with_field, update, merge=True).conflicting), answer(with_field, NEON)) == (0, before)
    take(with_field, update, merge=True, always=True)
    assert answer(with_field, NEON) == "<p>Red.</p>"


def test_a_card_of_ones_own_stops_them_too_and_merge_brings_them_and_keeps_it(learner: Learner, update: bytes) -> None:
    models = learner.collection.models
    note_type = models.get(learner.cards_of(NEON)[0].note().mid)
    assert note_type is not None
    own = models.new_template("Mine")
    own["qfmt"], own["afmt"] = "{{Answer}}", "{{Question}}"
    models.add_template(note_type, own)
    models.update_dict(note_type)
    for guid in (NEON, GOLD):
        date(learner, guid, "2026-01-15")
    assert len(learner.take(update).conflicting) == 6
    assert answer(learner, NEON) != "<p>Red.</p>"
    assert len(take(learner, update, merge=True).conflicting) == 0
    assert answer(learner, NEON) == "<p>Red.</p>"
    assert len(learner.cards_of(NEON)) == 2


def test_anki_proposes_what_was_chosen_last(learner: Learner, update: bytes) -> None:
    take(learner, update, merge=True, always=True)
    proposed = learner.collection._backend.get_import_anki_package_presets()
    assert (proposed.merge_notetypes, proposed.update_notes) == (True, ALWAYS)


def test_the_options_are_called_what_the_documents_call_them(learner: Learner) -> None:
    texts = learner.collection.tr
    root = Path(__file__).parents[2]
    said = [texts.importing_merge_notetypes(), texts.importing_update_notes(), texts.importing_update_always()]
    said.append(texts.importing_update_if_newer())
    for document in (root / "README.md", root / "docs" / "releases.md"):
        text = document.read_text(encoding="utf-8")
        assert [name for name in said if f"*{name}*" not in text] == []
