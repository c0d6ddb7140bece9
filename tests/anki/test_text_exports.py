"""Texts that the real Anki exports are read to the same notes: fields, tags, decks, note types and GUIDs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from anki.collection import Collection
from anki.decks import DeckId

from cardpress.adopt.anki_text import read_text_notes
from cardpress.adopt.making import write_project
from cardpress.adopt.sources import adopt
from cardpress.adopt.wishes import Wish
from cardpress.adopt.written_notes import WrittenNotes
from cardpress.anki.original import OriginalError
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.decks import deck_of, package_of

FIELDS = [
    ("the dog", "el perro"),
    ('"quoted"', 'a "b" c'),
    ("a\tb", "c<br>d"),
    ("# no comment", "<b>bold</b> &amp; more"),
    ("a, b; c | d", "<div>one</div><div>two</div>"),
    ("[sound:a.mp3]", '<img src="a b.png">'),
    ("漢字", "árbol \N{NO-BREAK SPACE}x"),
    ("first<br>second", ""),
]
CLOZE = ("{{c1::Iron::a metal}} <i>rusts</i>", "more")
ODD_GUID = 'k"x,|%\\~'


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """Return a collection with notes of two note types in two decks, one of them with an odd GUID."""
    opened = Collection(str(tmp_path_factory.mktemp("anki") / "collection.anki2"))
    for number, fields in enumerate([*FIELDS, CLOZE]):
        note_type = opened.models.by_name("Cloze" if fields is CLOZE else "Basic")
        assert note_type is not None
        note = opened.new_note(note_type)
        note.fields = list(fields)
        note.tags = ["one", "two::three"] if number % 2 else []
        if number == 1:
            note.guid = ODD_GUID
        deck = opened.decks.id("Big::Small" if number % 3 else "Big")
        assert deck is not None
        opened.add_note(note, DeckId(deck))
    yield opened
    opened.close()


def export(collection: Collection, path: Path, *, is_whole: bool, with_html: bool) -> WrittenNotes:
    collection.export_note_csv(
        out_path=str(path),
        limit=None,
        with_html=with_html,
        with_tags=is_whole,
        with_deck=is_whole,
        with_notetype=is_whole,
        with_guid=is_whole,
    )
    return read_text_notes(path.read_bytes())


def test_all_that_anki_exports_is_read(collection: Collection, tmp_path: Path) -> None:
    written = export(collection, tmp_path / "notes.txt", is_whole=True, with_html=True)
    assert written.is_html
    assert not written.remarks
    found = {note.guid: note for note in written.notes}
    for note_id in collection.find_notes(""):
        note = collection.get_note(note_id)
        read = found.pop(note.guid)
        kind = note.note_type()
        assert kind is not None
        assert read.fields == tuple(field.strip(" \t\n") for field in note.fields)
        assert (read.kind, list(read.tags)) == (kind["name"], note.tags)
        assert read.deck == collection.decks.name(note.cards()[0].did)
    assert not found


@pytest.mark.parametrize("with_html", [True, False])
@pytest.mark.parametrize("kind", ["Basic (and reversed card)", "Cloze", "Basic (optional reversed card)"])
def test_cards_in_plain_text_are_told_from_notes(kind: str, with_html: bool, tmp_path: Path) -> None:
    notes = {"Cloze": [("{{c1::Iron}} rusts in {{c2::water}}", "more"), ("The {{c1::Seine}} flows", "")]}
    with learning(tmp_path / "anki") as learner:
        add_notes(
            learner.collection, kind, notes.get(kind, [("el perro", "dog", "y"), ("la <b>casa</b>", "house", "y")])
        )
        path = tmp_path / "text.txt"
        learner.collection.export_card_csv(out_path=str(path), limit=None, with_html=with_html)
        with pytest.raises(OriginalError, match=r"Cards in Plain Text.*Notes in Plain Text \(\.txt\)"):
            read_text_notes(path.read_bytes())
        for is_whole in (True, False):
            assert len(export(learner.collection, path, is_whole=is_whole, with_html=with_html).notes) == 2


@pytest.mark.parametrize(
    ("front", "back"),
    [
        ("{{One}}", '{{FrontSide}}<hr id="answer">{{Two}}'),
        ("{{One}}", "{{FrontSide}}<br>{{Two}}"),
        ("{{One}} {{hint:Two}}", "{{Two}}"),
    ],
)
def test_what_templates_put_around_fields_tells_cards_from_notes(front: str, back: str, tmp_path: Path) -> None:
    with learning(tmp_path / "anki") as learner:
        models = learner.collection.models
        kind = models.new("Own")
        for name in ("One", "Two"):
            models.add_field(kind, models.new_field(name))
        models.add_template(kind, models.new_template("Card") | {"qfmt": front, "afmt": back})
        models.add(kind)
        add_notes(learner.collection, "Own", [("el perro", "dog"), ("la casa", "house")])
        path = tmp_path / "text.txt"
        learner.collection.export_card_csv(out_path=str(path), limit=None, with_html=True)
        with pytest.raises(OriginalError, match="Cards in Plain Text"):
            read_text_notes(path.read_bytes())
        assert len(export(learner.collection, path, is_whole=False, with_html=True).notes) == 2


def add_notes(collection: Collection, kind: str, notes: Sequence[Sequence[str]]) -> None:
    note_type = collection.models.by_name(kind)
    assert note_type is not None
    for fields in notes:
        note = collection.new_note(note_type)
        note.fields = list(fields)[: len(note.fields)]
        collection.add_note(note, DeckId(1))


def test_a_text_without_anything_but_fields_is_read(collection: Collection, tmp_path: Path) -> None:
    written = export(collection, tmp_path / "notes.txt", is_whole=False, with_html=True)
    assert len(written.notes) == len(FIELDS) + 1
    assert written.notes[0].fields == FIELDS[0]


def test_a_text_without_html_is_read(collection: Collection, tmp_path: Path) -> None:
    written = export(collection, tmp_path / "notes.txt", is_whole=True, with_html=False)
    assert not written.is_html
    assert {note.guid for note in written.notes} >= {ODD_GUID}


def test_a_package_of_the_project_leaves_the_notes_that_learners_have(collection: Collection, tmp_path: Path) -> None:
    """A text does not say what note types learners have: the same GUID with another one is a conflict for Anki."""
    export(collection, tmp_path / "notes.txt", is_whole=True, with_html=True)
    write_project(tmp_path / "project", adopt(tmp_path / "notes.txt", Wish("big", "Big", "", "2026-11-27")))
    package = package_of(deck_of(tmp_path / "project"))
    with learning(tmp_path / "another") as newcomer:
        log = newcomer.take(package)
        assert len(log.new) == len(FIELDS) + 1
        assert {row[0] for row in newcomer.rows("select guid from notes")} >= {ODD_GUID}
        assert not newcomer.rows("select id from notes where id not in (select nid from cards)")
    owner = Learner(tmp_path, collection)
    before = owner.rows("select guid, mid, flds, tags from notes order by id")
    log = owner.take(package)
    assert len(log.conflicting) == len(FIELDS) + 1
    assert owner.rows("select guid, mid, flds, tags from notes order by id") == before
