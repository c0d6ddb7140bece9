"""A package of any format from anybody is read within bounds, or refused in one line."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardpress.anki.original import OriginalError
from cardpress.anki.original_package import read_original
from cardpress.anki.package import PackageError, pack_anew, read_package
from cardpress.anki.packages.names import clean_file_name, clean_text
from cardpress.anki.packages.protobuf import ProtobufError, read_message, write_bytes, write_number
from tests.helpers.originals import (
    LONG_AGO,
    Form,
    Hand,
    HandNote,
    ankiforge_package,
    by_hand,
    hand_deck,
    hand_type,
    messy_package,
    unzip,
    zipped,
)
from tests.unit.test_any_input import steady

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

NOTES = (HandNote("one", ["What is one?", "1"]), HandNote("two", ["What is two?", "2"]))


@pytest.fixture(scope="module")
def latest() -> bytes:
    """A small package in the latest format, as another program made it."""
    return ankiforge_package()


def refused(package: bytes) -> str:
    """Return the line that refuses a package, to be taken over and to be rehearsed."""
    with pytest.raises(OriginalError) as caught:
        read_original(package)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def with_members(package: bytes, **members: bytes | None) -> bytes:
    """Return a package with other members, `collection` being the latest format's database."""
    names = {"collection": "collection.anki21b"}
    changed = unzip(package) | {names.get(name, name): data for name, data in members.items() if data is not None}
    return zipped({name: data for name, data in changed.items() if members.get(name, b"") is not None})


def with_statements(package: bytes, *statements: str) -> bytes:
    """Return a package of the latest format whose database was changed."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        connection.deserialize(zstd.decompress(unzip(package)["collection.anki21b"]))
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return with_members(package, collection=zstd.compress(connection.serialize()))


# --- archives -----------------------------------------------------------------------------------------------------


def test_what_is_no_package_is_refused() -> None:
    assert "unpacked" in refused(b"")
    assert "unpacked" in refused(b"\x1f\x8b\x08no zip")
    assert "no collection.anki2" in refused(zipped({"deck.json": b"{}"}))
    assert "not a database" in refused(zipped({"collection.anki21b": zstd.compress(b"no database")}))
    assert "not a database" in refused(zipped({"collection.anki2": b""}))
    assert "newer than any" in refused(zipped({"meta": write_number(1, 9), "collection.anki2": b""}))


def test_what_is_cut_anywhere_is_refused(latest: bytes) -> None:
    for package in (by_hand(Hand(NOTES)), latest):
        whole = zipped(unzip(package), zipfile.ZIP_DEFLATED)
        for end in range(0, len(whole), 7):
            assert refused(whole[:end])


def test_a_compressed_file_that_is_cut_anywhere_is_refused(latest: bytes) -> None:
    members = unzip(latest)
    for name in ("collection.anki21b", "media", "0"):
        for end in range(0, len(members[name]), 5):
            assert refused(zipped(members | {name: members[name][:end]})), (name, end)


def test_a_file_that_unpacks_to_very_much_is_refused(latest: bytes) -> None:
    bomb = zstd.compress(bytes(300_000_000))
    assert len(bomb) < 50_000
    for member in ("collection.anki21b", "media", "0"):
        assert "unpacks to more than" in refused(zipped(unzip(latest) | {member: bomb})), member
    entries = b"".join(write_bytes(1, write_bytes(1, b"%d.png" % number)) for number in range(30))
    small = zstd.compress(bytes(8_000_000))
    package = zipped(unzip(latest) | {"media": zstd.compress(entries)} | {str(number): small for number in range(30)})
    assert "unpacks to more than" in refused(package)


def test_a_file_of_very_many_parts_is_refused(latest: bytes) -> None:
    assert "too many parts" in refused(with_members(latest, media=zstd.compress(b"") * 5_000))
    # Two parts are one file, as zstd has it.
    data = zstd.decompress(unzip(latest)["collection.anki21b"])
    halves = zstd.compress(data[:4096]) + zstd.compress(data[4096:])
    assert read_original(with_members(latest, collection=halves)).notes == read_original(latest).notes


def test_lengths_that_lie_are_refused(latest: bytes) -> None:
    frame = bytearray(unzip(latest)["collection.anki21b"])
    for place in range(4, 20):
        for value in (0, 0x7F, 0xFF):
            changed = bytearray(frame)
            changed[place] = value
            with suppress(OriginalError):
                read_original(with_members(latest, collection=bytes(changed)))
    stored = bytearray(latest)
    place = stored.index(b"PK\x01\x02")
    struct.pack_into("<I", stored, place + 24, 0xFFFFFFF0)
    assert refused(bytes(stored))


def test_what_is_packed_otherwise_is_refused(latest: bytes) -> None:
    assert "does not use" in refused(zipped(unzip(latest), zipfile.ZIP_LZMA))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("collection.anki2", b"x")
    locked = bytearray(made.getvalue())
    locked[locked.index(b"PK\x03\x04") + 6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refused(bytes(locked))


@steady
@given(st.data())
def test_no_bytes_make_a_traceback(data: st.DataObject) -> None:
    package = data.draw(st.sampled_from([ankiforge_package(), by_hand(Hand(NOTES, media={"a.png": b"a"}))]))
    members = unzip(package)
    name = data.draw(st.sampled_from(sorted(members)))
    unpacked = package.startswith(b"PK") and name in ("collection.anki21b", "media", "0") and "meta" in members
    content = bytearray(zstd.decompress(members[name]) if unpacked else members[name])
    for _ in range(data.draw(st.integers(1, 8))):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(0, len(content))) if data.draw(st.booleans()) else len(content) :]
    changed = zipped(members | {name: zstd.compress(bytes(content)) if unpacked else bytes(content)})
    with suppress(OriginalError):
        original = read_original(changed)
        str(original).encode()
        for medium in original.media.values():
            assert isinstance(medium, bytes)
    with suppress(PackageError):
        read_package(pack_anew(changed))


# --- databases ----------------------------------------------------------------------------------------------------

ACTS: Mapping[str, tuple[str, ...]] = {
    "a trigger": ("create trigger t after insert on notes begin delete from notes; end",),
    "a view": ("drop table fields", "create view fields as select 1 as ntid, 0 as ord, 'a' as name, x'' as config"),
    "a virtual table": ("create virtual table v using fts5(x)",),
    "an expression in an index": ("create index i on notes (lower(flds))",),
    "a condition in an index": ("create index i on cards (did) where odid != 0 or did in (1, 2)",),
    "a computed column": ("create table t (a integer, b integer as (a * 2))",),
    "a check": ("create table t (a integer check (a > 0))",),
    "a check in what looks like a comment": ('create table t ("/*" integer check (1), "*/" integer)',),
    "a check behind a comment": ("create table t (a integer -- yes\n check (a > 0))",),
    "another collation": ("create table t (a text collate nocase)",),
    "a table less": ("drop table templates",),
    "a column more": ("alter table notetypes add column more text",),
    "another table of deleted things": ("drop table graves", "create table graves (a integer)"),
    "a note of bytes": ("update notes set flds = x'ff00ff'",),
    "a note that is no UTF-8": ("update notes set flds = cast(x'ff41' as text)",),
    "a GUID of bytes": ("update notes set guid = x'00'",),
    "a note type without fields": ("delete from fields",),
    "a note type without cards": ("delete from templates",),
    "a note type without a name": ("update notetypes set name = '' where id = (select min(id) from notetypes)",),
    "a field without a name": ("update fields set name = '#:' where ord = 0",),
    "a config that is no message": ("update notetypes set config = x'ff'",),
    "a config that is a text": ("update notetypes set config = 'hello'",),
    "a config that says it is longer": ("update notetypes set config = x'1affffffff0f41'",),
    "a config whose number has no end": ("update notetypes set config = x'08ffffffffffffffffffffff01'",),
    "a config of no UTF-8": ("update notetypes set config = x'1a01ff'",),
    "a config of groups": ("update fields set config = x'0b'",),
    "a deck that is no message": ("update decks set kind = x'0affff'",),
    "a card without a number": ("update cards set ord = -1",),
    "a card whose number is a text": ("update cards set ord = 'first'",),
    "very many fields": (
        "insert into fields with recursive r(i) as (select 100 union all select i + 1 from r where i < 5000) "
        "select (select min(id) from notetypes), i, 'f' || i, x'' from r",
    ),
    "very many note types": (
        "insert into notetypes with recursive r(i) as (select 100 union all select i + 1 from r where i < 20000) "
        "select i, 'n' || i, 0, 0, x'' from r",
    ),
    "very many decks": (
        "insert into decks with recursive r(i) as (select 100 union all select i + 1 from r where i < 20000) "
        "select i, 'n' || i, 0, 0, x'', x'0a00' from r",
    ),
    "a long name": (f"update notetypes set name = '{'x' * 2000}' where id = (select min(id) from notetypes)",),
    "very many tags": ("update notes set tags = replace(hex(zeroblob(200000)), '0', 'a ')",),
    "a collection that was synced": ("update col set ls = 1700000000000",),
    "a collection with what was studied last": ("insert into config values ('_deck_1_lastNotetype', 0, 0, x'31')",),
}


@pytest.mark.parametrize("name", ACTS)
def test_a_database_that_is_not_a_package_s_is_refused(name: str, latest: bytes) -> None:
    assert refused(with_statements(latest, *ACTS[name]))


def test_a_whole_collection_is_refused_by_its_content() -> None:
    conf = json.dumps({"_nt_1_lastDeck": 1, "nextPos": 9})
    for statement in (f"update col set conf = '{conf}'", "update col set ls = 5"):
        assert "whole collection" in refused(by_hand(Hand(NOTES, statements=[statement])))


MODELS: Mapping[str, Callable[[], object]] = {
    "a list": list,
    "a text": lambda: "x",
    "no fields": lambda: {"1": hand_type() | {"flds": []}},
    "fields that are texts": lambda: {"1": hand_type() | {"flds": ["Front"]}},
    "a number for a name": lambda: {"1": hand_type(name="x") | {"name": 5}},
    "half a character": lambda: {"1": hand_type(name="\ud800")},
    "a huge number": lambda: {"9" * 30: hand_type()},
    "no number": lambda: {"one": hand_type()},
    "no templates": lambda: {"1": {name: value for name, value in hand_type().items() if name != "tmpls"}},
}


@pytest.mark.parametrize("name", MODELS)
def test_note_types_of_another_form_are_refused(name: str) -> None:
    text = json.dumps(MODELS[name]()).replace("'", "''")
    assert refused(by_hand(Hand(NOTES, statements=[f"update col set models = '{text}'"])))


def test_deep_json_is_refused() -> None:
    for column in ("models", "decks"):
        assert refused(by_hand(Hand(NOTES, statements=[f"update col set {column} = '{'[' * 100_000}'"])))
    # What is not needed may be anything.
    assert read_original(by_hand(Hand(NOTES, statements=[f"update col set conf = '{'[' * 100_000}'"]))).notes


def test_texts_with_control_characters_are_as_anki_keeps_them() -> None:
    note = HandNote("g", ["a\0b\x01c\x7f", "d\r\ne\tf"], tags="a\0b c\x01")
    (read,) = read_original(by_hand(Hand([note]))).notes
    assert read.fields == ("abc", "d\ne\tf")
    assert read.tags == ("ab", "c")
    assert clean_text("e\N{COMBINING ACUTE ACCENT}\x0b") == "\N{LATIN SMALL LETTER E WITH ACUTE}"


def test_a_messy_package_loses_what_cannot_be_kept_and_says_so() -> None:
    original = read_original(messy_package())
    assert [(note.guid, note.fields) for note in original.notes] == [
        ("good-1", ("good", "one")),
        ("short", ("a field too few", "")),
        ("long", ("a field", "more; than its note type has")),
        ("good-2", ("good", "two")),
    ]
    assert sorted(original.media) == ["..png", "con_.png", "de.png"]
    assert [remark.split("`")[1] if "`" in remark else remark.split('"')[1] for remark in original.remarks] == [
        *("lost-type", "short", "long", "a/b.png", "../c.png"),
    ]


def test_a_guid_of_a_great_many_characters_is_left_out() -> None:
    original = read_original(by_hand(Hand([HandNote("g" * 100_000, ["a", "b"]), *NOTES])))
    assert [note.guid for note in original.notes] == ["one", "two"]
    assert "a GUID of 100,000 characters" in original.remarks[0]


def test_times_in_milliseconds_are_read_as_they_are() -> None:
    note = HandNote("g", ["a", "b"], modified=LONG_AGO * 1000)
    original = read_original(by_hand(Hand([note], [hand_type(mod=LONG_AGO * 1000)])))
    assert (original.notes[0].modified, original.note_types[0].modified) == (LONG_AGO * 1000, LONG_AGO * 1000)
    assert original.remarks == ()


def test_notes_with_times_that_nothing_can_pass_are_left_out() -> None:
    changes = ("update notes set mod = 9e999 where guid = 'endless'",)
    notes = [HandNote("last", ["a", "b"], modified=2**63 - 1), HandNote("endless", ["a", "b"]), *NOTES]
    original = read_original(by_hand(Hand(notes, [hand_type(mod=2**63 - 1)], statements=changes)))
    assert [note.guid for note in original.notes] == ["one", "two"]
    assert ["nothing can pass" in remark for remark in original.remarks] == [True, True, False]
    assert "so far ahead" in original.remarks[2]


def test_tables_as_other_programs_write_them_are_read() -> None:
    """Some leave out what they do not need, quote names, or have the columns in another order."""
    statements = (
        "drop table revlog",
        "drop table graves",
        'create table `graves` ([type] integer, "oid" integer, usn integer, primary key (oid, type)) without rowid',
        "drop table notes",
        "create table notes (id integer primary key, guid text, mid integer, mod integer, usn integer, tags text, "
        "flds text, sfld text, csum integer, flags integer, data text)",
        f"insert into notes values (1, 'g', 1500000000001, {LONG_AGO}, -1, '', 'a' || char(31) || 'b', 'a', 0, 0, '')",
        "create table android_metadata (locale text)",
    )
    (note,) = read_original(by_hand(Hand(statements=statements))).notes
    assert (note.guid, note.fields) == ("g", ("a", "b"))


def test_remarks_have_a_bound_and_no_control_characters() -> None:
    notes = [HandNote(f"g{number}\x1b[2J\n", ["\x1b]0;x\x07", "b"], type_id=7) for number in range(1_500)]
    remarks = read_original(by_hand(Hand([*notes, *NOTES]))).remarks
    assert len(remarks) == 1_001
    assert remarks[-1].startswith("500 more")
    assert not any(sign in remark for remark in remarks for sign in "\x1b\n\x07")


# --- media --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        *((name, None) for name in ("", ".", "..", "/etc/passwd", "../x", "a/b", "a/..", "/")),
        ("a\\b.png", "ab.png"),
        ("C:x.png", "Cx.png"),
        ("con.png", "con_.png"),
        ("NUL", "NUL_"),
        ("x.png.", "x.png._"),
        ("a\nb\x1b.png", "ab.png"),
        ("x\N{NO-BREAK SPACE}y.png", "x y.png"),
        (f"{'x' * 200}.png", f"{'x' * 115}.png"),
        ("...", "..._"),
        ("[a]<b>?.png", "ab.png"),
        ("\x01", None),
    ],
)
def test_a_name_of_a_media_file_never_leads_out_of_its_folder(name: str, kept: str | None) -> None:
    assert clean_file_name(name) == kept


@steady
@given(st.text())
def test_a_cleaned_name_stays_as_it_is(name: str) -> None:
    cleaned = clean_file_name(name)
    if cleaned is not None:
        assert clean_file_name(cleaned) == cleaned
        assert cleaned not in ("", ".", "..")
        assert not set(cleaned) & set("/\\:\0")


def test_a_list_of_media_may_be_longer_than_the_package_and_no_list_at_all(latest: bytes) -> None:
    package = zipped({name: data for name, data in unzip(latest).items() if name != "0"})
    original = read_original(package)
    assert len(original.media) == 1
    assert "not in the package" in original.remarks[0]
    assert read_original(zipped({name: data for name, data in unzip(latest).items() if name != "media"})).media == {}
    for text in (b"[]", b'{"0": 5}', b"{", b'{"0": "\\ud800"}', b"\xff", b"[" * 100_000):
        members = unzip(by_hand(Hand(NOTES, media={"a.png": b"a"})))
        assert "list of media" in refused(zipped(members | {"media": text})), text
    for entries in (b"\xff", b"\x0a\x05\x0a\xff", write_bytes(1, write_bytes(1, b"\xff"))):
        assert refused(with_members(latest, media=zstd.compress(entries)))


def test_fields_name_media_as_anki_does() -> None:
    fields = ["<img class=x src='a:b?.png'>[sound:c*d.mp3]", '<img src="https://example.org/a:b.png"> a:b?.png']
    (note,) = read_original(by_hand(Hand([HandNote("g", fields)], media={"a:b?.png": b"a", "c*d.mp3": b"c"}))).notes
    assert note.fields == (
        "<img class=x src='ab.png'>[sound:cd.mp3]",
        '<img src="https://example.org/a:b.png"> a:b?.png',
    )


@pytest.mark.parametrize(
    "text", ["<img ", "[sound:", "<img src=", "<img src='", "&lt;", '<img src="a&#', "{{c1::", "\x01"]
)
def test_a_long_field_is_read_in_little_time(text: str) -> None:
    notes = [HandNote("g", [text * (3_000_000 // len(text)), "b"])]
    package = by_hand(Hand(notes))
    start = perf_counter()
    read_original(package)
    assert perf_counter() - start < 8


def test_two_files_of_one_name_are_one() -> None:
    original = read_original(by_hand(Hand(NOTES, media={"a?.png": b"first", "a*.png": b"second"})))
    assert dict(original.media) == {"a.png": b"first"}
    assert "has the name of another one" in original.remarks[0]


# --- messages -----------------------------------------------------------------------------------------------------


def test_numbers_of_messages_are_those_of_the_format() -> None:
    message = read_message(write_number(1, 300) + write_bytes(2, b"text") + b"\x18" + b"\xff" * 9 + b"\x01")
    assert (message.number(1), message.text(2), message.number(3)) == (300, "text", -1)
    assert (message.optional_number(4), message.text(4), message.message(4)) == (None, "", None)
    assert read_message(b"\x0d\x01\x02\x03\x04\x11" + bytes(8)).data(1) == b"\x01\x02\x03\x04"


@steady
@given(st.binary())
def test_no_bytes_as_a_message_make_another_error(data: bytes) -> None:
    with suppress(ProtobufError):
        message = read_message(data)
        for field in message.values:
            message.number(field)
            with suppress(ProtobufError):
                message.text(field)
                message.messages(field)


# --- large decks --------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_twenty_thousand_notes_take_a_second_or_two_and_little_memory() -> None:
    notes = [
        HandNote(f"g{number}", [f"What is <b>{number}</b>?", f"A number é {number}. " * 10], tags=" a b::c ")
        for number in range(20_000)
    ]
    package = by_hand(Hand(notes, [hand_type()], [hand_deck()]), name=Form.SECOND)
    start = perf_counter()
    original = read_original(package)
    took = perf_counter() - start
    assert len(original.notes) == 20_000
    assert {note.modified for note in original.notes} == {LONG_AGO}
    assert took < 8  # a busy machine, too
    tracemalloc.start()
    read_original(package)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 150_000_000
