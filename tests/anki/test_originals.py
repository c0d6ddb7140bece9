"""What is read from a package is what the real Anki has once it has imported it, to the byte, in every format."""

from __future__ import annotations

import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.errors import AnkiException
from anki.models import NotetypeId
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.anki.original import Original, OriginalCard, OriginalError, OriginalField, OriginalType
from cardpress.anki.original_package import read_original
from cardpress.anki.package import pack_anew, read_package
from cardpress.anki.packages.protobuf import write_bytes
from cardpress.release.rehearsal import rehearse
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.originals import (
    ODD_MEDIA,
    ORIGINALS,
    Form,
    Hand,
    HandNote,
    anki_package,
    by_hand,
    export,
    hand_deck,
    hand_type,
    messy_package,
    odd_package,
    unzip,
    zipped,
)
from tests.unit.test_any_input import steady

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def take_with_scheduling(learner: Learner, package: bytes) -> None:
    """Import a package as somebody who keeps another's schedules does, so that cards in filtered decks stay there."""
    path = learner.folder / "original.apkg"
    path.write_bytes(package)
    for model in learner.collection.models.all():  # of two note types of one name, Anki renames the second
        learner.collection.models.update_dict({**model, "name": f"Mine {model['id']}"})
    options = ImportAnkiPackageOptions(with_scheduling=True)
    learner.collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=options))
    learner.collection.models._clear_cache()


def notes_in(learner: Learner) -> dict[str, tuple[tuple[str, ...], tuple[str, ...], int, str]]:
    """Return fields, sorted tags, time and note type of each note in a collection, the last of those with one GUID."""
    return {
        guid: (tuple(fields.split("\x1f")), tuple(sorted(tags.split(" ")))[2:], modified, str(kind))
        for guid, fields, tags, modified, kind in learner.rows(
            "select guid, flds, tags, mod, mid from notes order by id"
        )
    }


def notes_of(original: Original) -> dict[str, tuple[tuple[str, ...], tuple[str, ...], int, str]]:
    return {
        note.guid: (note.fields, tuple(sorted(note.tags)), note.modified or 0, note.type_key) for note in original.notes
    }


def cards_in(learner: Learner) -> dict[str, list[tuple[int, str]]]:
    """Return the numbers and decks of each note's cards, by GUID, as `OriginalNote` has them."""
    found: dict[str, list[tuple[int, str]]] = {guid: [] for guid in notes_in(learner)}
    query = (
        "select n.guid, c.ord, case when c.odid then c.odid else c.did end from cards c join notes n on n.id = c.nid "
        "where n.id = (select max(id) from notes where guid = n.guid) order by n.id, c.ord"
    )
    for guid, number, deck in learner.rows(query):
        if guid == "more-cards" and number:
            continue  # it has no card template: Anki's database check takes it away
        known = learner.collection.decks.get(deck, default=False)
        found[guid].append((number + 1, known["name"] if known else "Default"))
    return found


def type_in(learner: Learner, number: int) -> OriginalType:
    """Return a note type as Anki has it."""
    model: Any = learner.collection.models.get(NotetypeId(number))
    return OriginalType(
        key=str(number),
        id=number,
        name=model["name"],
        is_cloze=model["type"] == 1,
        fields=tuple(
            OriginalField(
                each["name"],
                each["id"],
                each["font"],
                each["size"],
                is_right_to_left=each["rtl"],
                description=each["description"],
                is_collapsed=each["collapsed"],
                is_plain_text=each["plainText"],
            )
            for each in model["flds"]
        ),
        cards=tuple(OriginalCard(each["name"], each["qfmt"], each["afmt"], each["id"]) for each in model["tmpls"]),
        css=model["css"],
        modified=model["mod"],
        sort_field=model["sortf"],
        latex_before=model["latexPre"],
        latex_after=model["latexPost"],
        is_latex_svg=model["latexsvg"],
        stock_kind=model.get("originalStockKind", 0),
    )


def hold_against_anki(package: bytes, folder: Path) -> Original:
    """Hold what is read against what Anki has after the import of the same file, and return it."""
    original = read_original(package)
    with learning(folder / "somebody") as learner:
        take_with_scheduling(learner, package)
        assert notes_of(original) == notes_in(learner)
        assert {note.guid: list(note.cards) for note in original.notes} == cards_in(learner)
        assert list(original.note_types) == [type_in(learner, each.id or 0) for each in original.note_types]
        decks: Any = {each["name"]: each for each in learner.collection.decks.all()}
        for each in original.decks:
            assert each.description == decks[each.name].get("desc", "")
        folder_of_media = Path(learner.collection.media.dir())
        had = {path.name: path.read_bytes() for path in folder_of_media.iterdir()}
        # Anki takes files that no note names only when their names begin with `_`.
        assert had == {name: original.media[name] for name in had}
        named = " ".join(" ".join(note.fields) for note in original.notes)
        assert {name for name in original.media if f'src="{name}"' in named} <= had.keys()
    return original


@pytest.mark.parametrize("name", ORIGINALS)
def test_reading_a_package_is_what_anki_has_after_the_import(name: str, tmp_path: Path) -> None:
    package = ORIGINALS[name]()
    original = hold_against_anki(package, tmp_path)
    assert len(original.notes) == len({note.guid for note in original.notes}) > 3
    # The rehearsal's package has the same notes, in the same format, and Anki takes it for the same.
    assert hold_against_anki(pack_anew(package), tmp_path / "anew").notes == original.notes
    assert read_package(package).notes.keys() == {note.guid for note in original.notes}


@pytest.mark.parametrize("form", [Form.FIRST, Form.LATEST])
def test_a_messy_package_is_mended_so_that_anki_takes_it(form: Form, tmp_path: Path) -> None:
    """A rehearsal gives the real Anki what was read, also where Anki refuses the package as it is."""
    package = messy_package()
    if form is Form.LATEST:  # a list of media with a name that nobody should have, and without digests
        members = unzip(export_of(messy_package(), tmp_path / "first"))
        entry = write_bytes(1, write_bytes(1, b"../up.png")) + write_bytes(1, write_bytes(1, b"a?.png"))
        picture = zstd.compress(b"picture")
        package = zipped(members | {"media": zstd.compress(entry), "0": picture, "1": picture})
    with learning(tmp_path / "refusing") as learner, pytest.raises(AnkiException):
        learner.take(package)
    original = read_original(package)
    assert hold_against_anki(pack_anew(package), tmp_path).notes == original.notes
    rows = rehearse(package, pack_anew(package))
    assert [row.promise for row in rows if row.broken] == []


def export_of(package: bytes, folder: Path) -> bytes:
    """Return what Anki exports in the latest format once it has a package, mended."""
    with learning(folder) as learner:
        learner.take(pack_anew(package))
        return export(learner.collection, Form.LATEST)


@pytest.mark.parametrize("name", ORIGINALS)
def test_learners_of_any_package_import_it_again_and_lose_nothing(name: str) -> None:
    package = ORIGINALS[name]()
    rows = rehearse(package, pack_anew(package))
    # Anki composes letters and drops control characters: those notes are another text in a package made by hand.
    changed = [("every changed note shows its new text", ("nfd", "controls"))] if name == "by hand" else []
    assert [(row.promise, row.broken) for row in rows if row.broken] == changed


def test_a_deck_with_one_of_everything_is_read_whole() -> None:
    original = read_original(ORIGINALS["Anki, collection.anki21b, with scheduling"]())
    assert [deck.name for deck in original.decks] == [
        *("Default", "Languages", "Languages::Both ways", "Languages::Palabras", "Languages::Recall"),
        *("Languages::Signs", "Science"),
    ]
    word = next(each for each in original.note_types if each.name.startswith("Word"))
    assert [each.name for each in word.fields] == ["Wort & Bild", "ما معنى", "Beispiel 1/2", "Audio", "Zweite Karte"]
    assert (word.fields[0].font, word.fields[0].size, word.sort_field) == ("Noto Serif", 32, 1)
    assert [each.is_right_to_left for each in word.fields] == [False, True, False, False, False]
    assert (word.fields[2].is_plain_text, word.fields[3].is_collapsed) == (True, True)
    assert word.fields[0].description == "the word, with its article"
    masked = next(each for each in original.note_types if each.name == "Image Occlusion")
    assert (masked.is_cloze, masked.stock_kind) == (True, 6)
    cards = {note.fields[0]: note.cards for note in original.notes}
    assert cards["el pez"] == ((1, "Languages::Palabras"), (2, "Languages::Recall"))
    assert [number for number, _ in cards["Iron melts at {{c1::1538}} {{c2::degrees::unit}}.<br>{{c1::So}}."]] == [1, 2]
    assert original.remarks == ()
    assert sorted(original.media) == ["100%_größe.png", "_word.css", "a dot.png", "heart.png", "perro.mp3"]


def test_odd_things_are_taken_with_a_remark_where_something_is_lost() -> None:
    original = read_original(odd_package())
    assert [remark.partition(" (")[0] for remark in original.remarks] == [
        "Of 1 card the package does not have the deck: taken as of `Default`.",
        'The note "twice"',
        "Without a card template, 1 card was left out: Anki shows nothing of it.",
    ]
    (kept,) = (note for note in original.notes if note.guid == "twice")
    assert kept.fields == ("the second of two", "goes")  # Anki knows the last one by the GUID
    assert set(original.media) == {unicodedata.normalize("NFC", name) for name in ODD_MEDIA}
    assert original.media["_font.ttf"] == b"no font"


def test_formats_have_the_same_content() -> None:
    read = [read_original(ORIGINALS[f"Anki, {form}, with scheduling"]()) for form in Form]
    assert len({each.form for each in read}) == 3
    values = [[(note.fields, note.tags, note.modified, note.cards) for note in each.notes] for each in read]
    assert values[0] == values[1] == values[2]


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1f"), max_size=12)
NAME = TEXT.filter(lambda text: bool(text.replace('"', "")))
DECK = st.lists(TEXT, min_size=1, max_size=3).map("::".join)


@settings(steady, max_examples=40)
@given(
    guids=st.lists(TEXT, min_size=1, max_size=4, unique=True),
    fields=st.tuples(TEXT, TEXT),
    tags=TEXT,
    deck=DECK,
    type_name=NAME,
    card_name=NAME,
    names=st.lists(TEXT.map("a{}".format) | TEXT.map("{}b".format), min_size=2, max_size=2),
    sides=st.tuples(TEXT, TEXT),
    css=TEXT,
    modified=st.integers(-(2**31), 2**31),
)
def test_any_text_is_read_as_anki_takes_it(
    guids: list[str],
    fields: tuple[str, str],
    tags: str,
    deck: str,
    type_name: str,
    card_name: str,
    names: list[str],
    sides: tuple[str, str],
    css: str,
    modified: int,
) -> None:
    made = hand_type(name=type_name, fields=names, css=css, latexPre=css, sortf=1)
    made["tmpls"][0] |= {"name": card_name, "qfmt": sides[0], "afmt": sides[1]}
    notes = [HandNote(guid, fields, tags=tags, modified=modified) for guid in guids]
    package = by_hand(Hand(notes, [made], [hand_deck(name=deck)]))
    with tempfile.TemporaryDirectory() as folder:
        original = hold_against_anki(package, Path(folder))
        with learning(Path(folder, "again")) as learner:
            take_with_scheduling(learner, package)
            exported = read_original(export(learner.collection, Form.LATEST, with_scheduling=True))
    assert (notes_of(exported), exported.note_types) == (notes_of(original), original.note_types)
    assert [note.cards for note in exported.notes] == [note.cards for note in original.notes]


def test_a_package_without_notes_has_nothing_to_take_over() -> None:
    with pytest.raises(OriginalError, match="no notes"):
        read_original(anki_package(fill=lambda collection: None))
