"""Packages that other programs made, as people hand them on: Anki's in each format, genanki's, ankiforge's, by hand.

`ORIGINALS` has those that Anki takes, by name; `messy_package()` is one that it refuses. `anki_package(form, fill=…)`
makes one of whatever a test puts into a collection, `by_hand(…)` one that no program makes.
"""

from __future__ import annotations

import functools
import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import genanki
from anki.collection import Collection, ExportAnkiPackageOptions
from anki.notes import Note

from tests.helpers.pictures import png
from tests.helpers.sounds import tone

# When all that stands here was last changed: in May 2024, so that every release of a test is newer.
LONG_AGO = 1_715_000_000
_FIXTURES = Path(__file__).parent.parent / "fixtures" / "originals"
_DEFAULT_DECK = 1


class Form(StrEnum):
    """A format of packages, by the file that has the collection in it."""

    FIRST = "collection.anki2"
    SECOND = "collection.anki21"
    LATEST = "collection.anki21b"


Fill = Callable[[Collection], object]


def anki_package(form: Form = Form.LATEST, *, with_scheduling: bool = False, fill: Fill | None = None) -> bytes:
    """Return what the real Anki exports of a collection, all of it, after `fill` has put something in."""
    with tempfile.TemporaryDirectory(prefix="cardpress-original-") as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        try:
            (fill or fill_with_everything)(collection)
            return export(collection, form, with_scheduling=with_scheduling)
        finally:
            collection.close()


def export(collection: Collection, form: Form = Form.LATEST, *, with_scheduling: bool = False) -> bytes:
    """Return a package of all decks of a collection. The first format is what Anki wrote until 2018."""
    path = Path(collection.path).with_name("export.apkg")
    options = ExportAnkiPackageOptions(
        with_scheduling=with_scheduling,
        with_deck_configs=with_scheduling,
        with_media=True,
        legacy=form is not Form.LATEST,
    )
    collection.export_anki_package(out_path=str(path), options=options, limit=None)
    data = path.read_bytes()
    path.unlink()
    if form is not Form.FIRST:
        return data
    members = unzip(data)
    first = {Form.FIRST.value: members[Form.SECOND]}
    return zipped(first | {name: each for name, each in members.items() if name == "media" or name.isdecimal()})


def unzip(package: bytes) -> dict[str, bytes]:
    """Return the members of a package, by name."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """Return a package of these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


# --- a collection with one of everything --------------------------------------------------------------------------


def add(collection: Collection, note_type: str, deck: str, *fields: str, tags: Iterable[str] = ()) -> Note:
    """Add a note to a collection, and return it."""
    found = collection.models.by_name(note_type)
    number = collection.decks.id(deck)
    assert found is not None
    assert number is not None
    note = collection.new_note(found)
    note.fields[: len(fields)] = fields
    note.tags = list(tags)
    collection.add_note(note, number)
    return note


def add_word_type(collection: Collection) -> None:
    """Add a note type as authors make them: odd names, conditions, a filter, a style, hints for Anki's editor."""
    models = collection.models
    made = models.new("Word (es → en)")
    for name, more in (
        ("Wort & Bild", {"font": "Noto Serif", "size": 32, "description": "the word, with its article"}),
        ("ما معنى", {"rtl": True}),
        ("Beispiel 1/2", {"plainText": True}),
        ("Audio", {"collapsed": True}),
        ("Zweite Karte", {}),
    ):
        models.add_field(made, {**models.new_field(name), **more})
    for name, front, back in (
        ("Recognise", "<div class=w>{{Wort & Bild}}</div>{{Audio}}", "{{FrontSide}}<hr id=answer>{{ما معنى}}"),
        (
            "Recall \N{LATIN SMALL LETTER E WITH ACUTE}",
            "{{#Zweite Karte}}<p>{{ما معنى}}</p>{{type:Wort & Bild}}{{/Zweite Karte}}",
            "{{FrontSide}}\n\n<hr id=answer>\n{{Wort & Bild}}{{^Audio}}<i>silent</i>{{/Audio}}{{hint:Beispiel 1/2}}",
        ),
    ):
        models.add_template(made, {**models.new_template(name), "qfmt": front, "afmt": back})
    made["css"] = '@import url("_word.css");\n.card { font-family: "Noto Serif"; }\n.w > b { color: teal }\n'
    made["sortf"] = 1
    models.add_dict(made)


def fill_with_everything(collection: Collection) -> None:
    """Put one of everything that decks have into a collection, with some weeks of study, and let it be of long ago."""
    media = Path(collection.media.dir())
    (media / "a dot.png").write_bytes(png(3, 3))
    (media / "100%_größe.png").write_bytes(png(2, 2))
    (media / "perro.mp3").write_bytes(tone("mp3"))
    (media / "heart.png").write_bytes(png(200, 100))
    (media / "_word.css").write_bytes(b".w { color: gray }")
    add_word_type(collection)
    add(collection, "Basic", "Languages", "What is <b>bold</b>?", "A weight.<br>Not a color.", tags=["b", "A::deep"])
    add(collection, "Basic", "Languages", "What is <b>bold</b>?", "The same first field.")
    add(collection, "Basic", "Languages::Signs", "Is 1 &lt; 2 &amp; 3?", '<ul><li>yes</li></ul><img src="a dot.png">')
    add(collection, "Basic", "Languages::Signs", "sum", r"\(a_1 + b\)<br>\[\frac{1}{2}\]<br>[latex]x^2[/latex]")
    add(collection, "Basic", "Languages::Signs", "big", '<img src="100%_größe.png"><img src="missing.png">')
    add(collection, "Basic (and reversed card)", "Languages::Both ways", "dog", "perro [sound:perro.mp3]")
    add(collection, "Basic (optional reversed card)", "Languages::Both ways", "cat", "gato", "y")
    add(collection, "Basic (optional reversed card)", "Languages::Both ways", "fish", "pez", "")
    add(collection, "Basic (type in the answer)", "Default", "Type 7", "7", tags=["typed"])
    add(collection, "Cloze", "Science", "Iron melts at {{c1::1538}} {{c2::degrees::unit}}.<br>{{c1::So}}.", "more")
    add(collection, "Cloze", "Science", "{{c1::An {{c3::inner}} one}} and \\({{c2::x}}\\)", "")
    add(
        collection, "Word (es → en)", "Languages::Palabras", "el perro", "الكلب", "El perro ladra.", "[sound:perro.mp3]"
    )
    add(collection, "Word (es → en)", "Languages::Palabras", "el gato", "القط", "", "", "y", tags=["animal"])
    split = add(collection, "Word (es → en)", "Languages::Palabras", "el pez", "سمكة", "", "", "y")
    (second,) = [card for card in split.cards() if card.ord == 1]
    elsewhere = collection.decks.id("Languages::Recall")
    assert elsewhere is not None
    collection.set_deck([second.id], elsewhere)
    collection.add_image_occlusion_notetype()
    occlusion = collection.models.by_name("Image Occlusion")
    assert occlusion is not None
    collection.add_image_occlusion_note(
        occlusion["id"],
        str(media / "heart.png"),
        "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.1:oi=1}}<br>"
        "{{c2::image-occlusion:ellipse:left=.5:top=.5:rx=.1:ry=.1:oi=1}}<br>",
        "The heart",
        "extra",
        ["masked"],
    )
    languages = collection.decks.by_name("Languages")
    assert languages is not None
    languages["desc"] = "All <b>languages</b>.<br>Line & more."
    collection.decks.save(languages)
    study(collection)
    make_old(collection)


def study(collection: Collection) -> None:
    """Answer every card, suspend, bury and flag some, and put some into a filtered deck."""
    cards = list(collection.find_cards("", order="c.id"))
    for number, card_id in enumerate(cards):
        card = collection.get_card(card_id)
        card.start_timer()
        collection.sched.answerCard(card, (3, 4, 1, 3)[number % 4])
    collection.sched.suspend_cards(cards[::5])
    collection.sched.bury_cards(cards[1::5])
    collection.set_user_flag_for_cards(3, cards[2::5])
    filtered = collection.decks.new_filtered("Cram")
    deck = collection.decks.get(filtered)
    assert deck is not None
    deck["terms"] = [["deck:Languages::Palabras", 100, 0]]
    collection.decks.save(deck)
    collection.sched.rebuild_filtered_deck(filtered)


def make_old(collection: Collection, moment: int = LONG_AGO) -> None:
    """Let notes and note types be of long ago, each of another second."""
    assert collection.db is not None
    for statement, table in (
        ("update notes set mod = ? where id = ?", "notes"),
        ("update notetypes set mtime_secs = ? where id = ?", "notetypes"),
        ("update decks set mtime_secs = ? where id = ?", "decks"),
    ):
        numbers = collection.db.list(f"select id from {table} order by id")
        collection.db.executemany(statement, [(moment + place, number) for place, number in enumerate(numbers)])
    collection.models._clear_cache()


# --- genanki ------------------------------------------------------------------------------------------------------


def genanki_package(moment: float = LONG_AGO) -> bytes:
    """Return what genanki writes: several decks, note types without ids of their fields, GUIDs of contents, media."""
    basic = genanki.Model(
        1607392319,
        "Simple Model",
        fields=[{"name": "Question"}, {"name": "Answer"}, {"name": "MyMedia"}],
        templates=[
            {
                "name": "Card 1",
                "qfmt": "{{Question}}<br>{{MyMedia}}",
                "afmt": '{{FrontSide}}<hr id="answer">{{Answer}}',
            },
            {"name": "Card 2", "qfmt": "{{Answer}}", "afmt": "{{Question}}"},
        ],
        css=".card { text-align: center; }",
    )
    cloze = genanki.Model(
        998877661,
        "My Cloze Model",
        fields=[{"name": "Text"}, {"name": "Extra"}],
        templates=[{"name": "Cloze", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}<br>{{Extra}}"}],
        model_type=genanki.Model.CLOZE,
    )
    capitals = genanki.Deck(2059400110, "Country Capitals", "Where <i>is</i> it?")
    capitals.add_note(
        genanki.Note(basic, ["Capital of Argentina?", "Buenos Aires", '<img src="dot.png">'], tags=["sa"])
    )
    capitals.add_note(genanki.Note(basic, ["Capital of Norway?", "Oslo", ""], guid='o<"|%> d:1'))
    inside = genanki.Deck(2059400111, "Country Capitals::Rivers")
    inside.add_note(genanki.Note(cloze, ["The {{c1::Rhine}} ends in the {{c2::sea}}.", "long"]))
    other = genanki.Deck(2059400112, "Apart")
    other.add_note(genanki.Note(basic, ["Only a sound", "", "[sound:tone.mp3]"]))
    with tempfile.TemporaryDirectory(prefix="cardpress-genanki-") as folder:
        picture, sound = Path(folder, "dot.png"), Path(folder, "tone.mp3")
        picture.write_bytes(png(4, 4))
        sound.write_bytes(tone("mp3"))
        package = genanki.Package([capitals, inside, other], [str(picture), str(sound)])
        made = io.BytesIO()
        package.write_to_file(made, timestamp=moment)
    return made.getvalue()


def ankiforge_package() -> bytes:
    """Return what ankiforge 0.3.1 wrote (`tests/fixtures/originals/make_ankiforge.py`), in the latest format."""
    return (_FIXTURES / "ankiforge.apkg").read_bytes()


# --- by hand ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HandNote:
    """A row of Anki's table of notes; `cards` has the number and the deck of each of its cards, from 0 as Anki does."""

    guid: str
    fields: Sequence[str]
    type_id: int = 1_500_000_000_001
    tags: str = ""
    modified: int = LONG_AGO
    cards: Sequence[tuple[int, int]] = ((0, 1_500_000_000_101),)


def hand_type(
    number: int = 1_500_000_000_001, name: str = "By hand", fields: Sequence[str] = ("Front", "Back"), **more: Any
) -> dict[str, Any]:
    """Return a note type as Anki of 2015 has it in its JSON: no ids, whose numbers are texts."""
    return {
        "id": str(number),
        "name": name,
        "type": 0,
        "mod": LONG_AGO,
        "usn": -1,
        "sortf": 0,
        "did": None,
        "tags": [],
        "vers": [],
        "css": ".card { color: black; }",
        "latexPre": "",
        "latexPost": "",
        "flds": [
            {"name": each, "ord": place, "font": "Arial", "size": 20, "media": [], "rtl": False, "sticky": False}
            for place, each in enumerate(fields)
        ],
        "tmpls": [
            {
                "name": "Card 1",
                "ord": 0,
                "qfmt": f"{{{{{fields[0]}}}}}",
                "afmt": f"{{{{FrontSide}}}}<hr id=answer>{{{{{fields[-1]}}}}}",
                "bqfmt": "",
                "bafmt": "",
                "did": None,
            }
        ],
        "req": [[0, "any", [0]]],
    } | more


def hand_deck(number: int = 1_500_000_000_101, name: str = "By hand", **more: Any) -> dict[str, Any]:
    """Return a deck as Anki of 2015 has it in its JSON."""
    return {"id": number, "name": name, "desc": "", "dyn": 0, "conf": 1, "mod": LONG_AGO, "usn": -1} | {
        **{each: [0, 0] for each in ("newToday", "revToday", "lrnToday", "timeToday")},
        "collapsed": False,
        "extendNew": 10,
        "extendRev": 50,
        **more,
    }


# The preset of every deck, as Anki of 2015 has it in its JSON.
PRESET = {
    "id": 1,
    "name": "Default",
    "mod": 0,
    "usn": 0,
    "maxTaken": 60,
    "autoplay": True,
    "timer": 0,
    "replayq": True,
    "dyn": False,
    "new": {"bury": True, "delays": [1, 10], "initialFactor": 2500, "ints": [1, 4, 7], "order": 1, "perDay": 20},
    "rev": {"bury": True, "ease4": 1.3, "fuzz": 0.05, "ivlFct": 1, "maxIvl": 36500, "minSpace": 1, "perDay": 100},
    "lapse": {"delays": [10], "leechAction": 0, "leechFails": 8, "minInt": 1, "mult": 0},
}
SCHEMA_11 = (
    "create table col (id integer primary key, crt integer not null, mod integer not null, scm integer not null, "
    "ver integer not null, dty integer not null, usn integer not null, ls integer not null, conf text not null, "
    "models text not null, decks text not null, dconf text not null, tags text not null)",
    "create table notes (id integer primary key, guid text not null, mid integer not null, mod integer not null, "
    "usn integer not null, tags text not null, flds text not null, sfld integer not null, csum integer not null, "
    "flags integer not null, data text not null)",
    "create table cards (id integer primary key, nid integer not null, did integer not null, ord integer not null, "
    "mod integer not null, usn integer not null, type integer not null, queue integer not null, due integer not null, "
    "ivl integer not null, factor integer not null, reps integer not null, lapses integer not null, "
    "left integer not null, odue integer not null, odid integer not null, flags integer not null, data text not null)",
    "create table revlog (id integer primary key, cid integer not null, usn integer not null, ease integer not null, "
    "ivl integer not null, lastIvl integer not null, factor integer not null, time integer not null, "
    "type integer not null)",
    "create table graves (usn integer not null, oid integer not null, type integer not null)",
    "create index ix_notes_usn on notes (usn)",
    "create index ix_cards_nid on cards (nid)",
)


@dataclass(frozen=True)
class Hand:
    """What a package by hand is made of; `statements` change its database in the end."""

    notes: Sequence[HandNote] = ()
    types: Sequence[dict[str, Any]] = field(default_factory=lambda: (hand_type(),))
    decks: Sequence[dict[str, Any]] = field(default_factory=lambda: (hand_deck(),))
    media: Mapping[str, bytes] = field(default_factory=dict)
    statements: Sequence[str] = ()


def by_hand(hand: Hand, *, name: str = Form.FIRST.value) -> bytes:
    """Return a package as of 2015 whose collection is a file of this name."""
    default = hand_deck(_DEFAULT_DECK, "Default")
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in SCHEMA_11:
            connection.execute(statement)
        models = json.dumps({each["id"]: each for each in hand.types}, ensure_ascii=False)
        decks = json.dumps({str(each["id"]): each for each in (default, *hand.decks)}, ensure_ascii=False)
        presets = json.dumps({"1": PRESET})
        row = (1, LONG_AGO, LONG_AGO * 1000, LONG_AGO * 1000, 11, 0, 0, 0, "{}", models, decks, presets, "{}")
        connection.execute("insert into col values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        numbers = iter(range(LONG_AGO * 1000, LONG_AGO * 1000 + 10_000_000))
        for place, note in enumerate(hand.notes):
            number = LONG_AGO * 1000 + place
            connection.execute(
                "insert into notes values (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')",
                (number, note.guid, note.type_id, note.modified, note.tags, "\x1f".join(note.fields), note.fields[0]),
            )
            connection.executemany(
                "insert into cards values (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')",
                [(next(numbers), number, deck, each, note.modified, place) for each, deck in note.cards],
            )
        for statement in hand.statements:
            connection.execute(statement)
        connection.commit()
        database = connection.serialize()
    index = json.dumps({str(place): each for place, each in enumerate(hand.media)})
    members = {str(place): data for place, data in enumerate(hand.media.values())}
    return zipped({name: database, **members, "media": index.encode()})


# Files as decks have them: a name that a Mac has written, spaces, nothing inside, a font that is none, a link.
ODD_MEDIA: Mapping[str, bytes] = {
    "e\N{COMBINING ACUTE ACCENT}.png": png(2, 3),
    "with space & 100%.png": png(3, 3),
    "empty.png": b"",
    "_font.ttf": b"no font",
    "unused.png": png(1, 1),
}


def odd_package() -> bytes:
    """Return a package with odd things that Anki takes: GUIDs, empty fields, tags, times, names of media."""
    notes = [
        HandNote("", ["an empty GUID", "taken as it is"]),
        HandNote("|\"%  '<&> \N{SNOWMAN}", ["an odd GUID", "with everything in it"]),
        HandNote("twice", ["the first of two", "stays"]),
        HandNote("twice", ["the second of two", "goes"]),
        HandNote("empty", ["", "an empty first field"]),
        HandNote("blank", ["", ""]),
        HandNote("same-1", ["the same first field", "once"]),
        HandNote("same-2", ["the same first field", "and again"]),
        HandNote("no-cards", ["no card", "at all"], cards=()),
        HandNote("lost-deck", ["in a deck", "that is nowhere"], cards=((0, 77),)),
        HandNote("more-cards", ["a card", "without a template"], cards=((0, 1_500_000_000_101), (5, 1))),
        HandNote(
            "nfd", ["cafe\N{COMBINING ACUTE ACCENT}", '<img src="e\N{COMBINING ACUTE ACCENT}.png">'], tags=" n\u0303 "
        ),
        HandNote("media", ["media", '<img src="with space &amp; 100%25.png"><img src=empty.png><img src="none.png">']),
        HandNote("tags", ["tags", "in odd ways"], tags="  two  spaces\u3000wide Case case no\u00a0break "),
        HandNote("controls", ["a\x01b\x0bc\td", "one\r\ntwo\u2028three\u00ad\u200bfour\ufeff"]),
        HandNote("old", ["a time", "before 1980"], modified=1),
        HandNote("older", ["a time", "before 1970"], modified=-5),
    ]
    return by_hand(Hand(notes, media=ODD_MEDIA))


def messy_package() -> bytes:
    """Return a package that Anki refuses as a whole: good notes, notes without a type, with too few or many fields."""
    notes = [
        HandNote("good-1", ["good", "one"]),
        HandNote("lost-type", ["a note of a note type", "that is nowhere"], type_id=7),
        HandNote("short", ["a field too few"]),
        HandNote("long", ["a field", "more", "than its note type has"]),
        HandNote("good-2", ["good", "two"]),
    ]
    media = {
        "..png": png(1, 1),
        "a/b.png": png(1, 1),
        "../c.png": png(1, 1),
        "con.png": png(1, 1),
        "d:e?.png": png(1, 1),
    }
    return by_hand(Hand(notes, media=media))


@functools.cache
def everything_package(form: Form, *, with_scheduling: bool) -> bytes:
    """Return the real Anki's package of a collection with one of everything, the same in the whole run of tests."""
    return anki_package(form, with_scheduling=with_scheduling)


ORIGINALS: Mapping[str, Callable[[], bytes]] = {
    **{
        f"Anki, {form.value}{', with scheduling' if with_scheduling else ''}": functools.partial(
            everything_package, form, with_scheduling=with_scheduling
        )
        for form in Form
        for with_scheduling in (False, True)
    },
    "genanki": genanki_package,
    "ankiforge": ankiforge_package,
    "by hand": odd_package,
}
"""Packages that Anki takes, by what made them."""
