"""A package from a stranger is read within bounds, or refused in one line; what is refused never reaches Anki."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardpress.anki.package import PackageError, read_package
from cardpress.writers import load_writer
from tests.conftest import QUESTION
from tests.helpers.altered_packages import NoteTypes, change_note_types, rewritten
from tests.helpers.decks import deck_from
from tests.unit.test_any_input import steady


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A package that cardpress makes."""
    return load_writer("apkg")(deck_from(tmp_path_factory.mktemp("deck"), {"first.yaml": QUESTION})).artifacts[0].data


def packed(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def database(*statements: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return connection.serialize()


def refused(package: bytes) -> str:
    with pytest.raises(PackageError) as caught:
        read_package(package)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_cardpress_makes_is_read(package: bytes) -> None:
    assert [content.fields[0] for content in read_package(package).notes.values()] == ["What is one?"]


def test_what_is_no_package_is_refused(package: bytes) -> None:
    assert "unpacked" in refused(b"")
    assert "unpacked" in refused(b"no zip")
    assert "unpacked" in refused(package[: len(package) // 2])
    assert "no collection.anki2" in refused(packed({"readme.txt": b"x"}))
    assert "not a database" in refused(packed({"collection.anki2": b"no database" * 100}))
    assert "not a database" in refused(packed({"collection.anki2": b""}))
    assert "database cannot be read" in refused(packed({"collection.anki2": b"SQLite format 3\0" * 100}))
    assert "unpacked" in refused(packed({"collection.anki21b": b"x", "collection.anki2": b"x"}))
    assert "newer than any" in refused(packed({"meta": b"\x08\x04", "collection.anki21b": b"x"}))
    assert "does not use" in refused(packed({"collection.anki2": b"x" * 999}, zipfile.ZIP_LZMA))


def test_what_unpacks_to_very_much_is_refused(package: bytes) -> None:
    assert "unpacks to more than" in refused(packed({"collection.anki2": bytes(80_000_000)}))
    assert "unpacks to more than" in refused(packed({str(number): bytes(8_000_000) for number in range(10)}))
    assert "100,001 files" in refused(packed({str(number): b"" for number in range(100_001)}))
    # A file that says it is small unpacks to no more than that, and then fails its checksum.
    lie = packed({"collection.anki2": bytes(80_000_000)}).replace((80_000_000).to_bytes(4, "little"), b"\x10\0\0\0")
    assert "damaged, or larger than it says" in refused(lie)


ENDLESS = (
    "create view notes as with recursive r(i) as (select 1 union all select i + 1 from r) "
    "select i as id, 'g' || i as guid, 0 as mid, 0 as mod, 0 as usn, '' as tags, 'x' as flds, '' as sfld, 0 as csum, "
    "0 as flags, '' as data from r"
)
ACTS: Mapping[str, tuple[str, ...]] = {
    "an endless view": ("drop table notes", ENDLESS),
    "a trigger": ("create trigger t after insert on notes begin delete from notes; end",),
    "a virtual table": ("create virtual table v using fts5(x)",),
    "a column that is computed": ("create table t (a integer, b integer generated always as (a * 2))",),
    "an index of an expression": ("create index i on notes (lower(flds))",),
    "a check": ("create table t (a integer check (a > 0))",),
    "too many tables": tuple(f"create table t{number} (a integer)" for number in range(120)),
    "another column": ("alter table notes add column more text",),
    "no table of notes": ("drop table notes",),
    "no table of cards": ("drop table cards",),
    "no row of settings": ("delete from col",),
    "no note types": ("update col set models = 'x'",),
    "note types too deep": (f"update col set models = '{'[' * 100_000}'",),
    "note types that are a list": ("update col set models = '[]'",),
    "a note of bytes": ("update notes set flds = x'ff00ff'",),
    "a note that is no UTF-8": ("update notes set flds = cast(x'ff41' as text)",),
    "a huge note": ("update notes set flds = replace(hex(zeroblob(20000000)), '0', 'x')",),
}


@pytest.mark.parametrize("name", ACTS)
def test_a_database_that_is_not_anki_s_is_refused(name: str, package: bytes) -> None:
    assert refused(rewritten(package, *ACTS[name]))


def test_reading_ends_after_a_number_of_steps(package: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardpress.anki.packages.database._STEPS", 1)
    monkeypatch.setattr("cardpress.anki.packages.database._MOST_CALLS", 3)
    assert "interrupted" in refused(package)


@steady
@given(st.data())
def test_no_bytes_as_a_package_make_a_traceback(package: bytes, data: st.DataObject) -> None:
    changed = bytearray(package)
    for _ in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(changed)))
    for damaged in (bytes(changed), bytes(changed[:cut])):
        with suppress(PackageError):
            read_package(damaged)


def test_rehearse_and_release_name_a_package_that_cannot_be_used(
    tmp_path: Path, write_project: object, capsys: pytest.CaptureFixture[str]
) -> None:
    from cardpress.cli.main import run

    assert callable(write_project)
    project = write_project({})
    bad = tmp_path / "bad.apkg"
    bad.write_bytes(b"no zip")
    for command in (["rehearse"], ["release", "1.0.0", "--allow-dirty"]):
        assert run([*command, "--project", str(project), "--from", str(bad)]) == 2
        error = capsys.readouterr().err
        assert "bad.apkg cannot be used" in error
        assert "Traceback" not in error


@pytest.mark.parametrize(
    ("template", "extra"),
    [("{{#Extra}}a{{/Extra}}" * 100_000, ""), ("{{Extra}}" * 20_000, "x" * 1_000_000)],
)
def test_cards_that_take_long_to_show_are_refused(package: bytes, template: str, extra: str) -> None:
    def change(models: NoteTypes) -> None:
        for each in models.values():
            each["tmpls"][0]["afmt"] = template

    more = [
        f"insert into notes select id + {number}, 'g{number}', mid, mod, usn, tags, flds || '{extra}', sfld, csum, "
        "flags, data from notes where guid not like 'g%'"
        for number in range(1, 301 if not extra else 2)
    ]
    cards = "insert into cards select id + 9999, id, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '' from notes"
    assert "card templates" in refused(change_note_types(package, change, *more, cards))
