"""Archives are ZIP as every reader knows it, and their bytes depend on their members alone."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardpress.writers.apkg.archive import pack

MEMBERS = {"collection.anki2": b"SQLite " * 5000, "0": bytes(range(256)) * 40, "empty": b"", "média 中.txt": b"x"}


def opened(archive: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(archive))


def test_python_reads_back_every_member_in_order() -> None:
    with opened(pack(MEMBERS)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == MEMBERS
        assert archive.namelist() == list(MEMBERS)


def test_members_are_compressed_and_carry_one_date() -> None:
    with opened(pack(MEMBERS)) as archive:
        for member in archive.infolist():
            assert member.date_time == (1980, 1, 1, 0, 0, 0)
            assert member.compress_type == zipfile.ZIP_DEFLATED
            assert (member.external_attr, member.create_system, member.extra) == (0, 0, b"")
        assert archive.getinfo("collection.anki2").compress_size < 1000


def test_each_member_is_found_at_its_own_header_too() -> None:
    archive = pack(MEMBERS)
    with opened(archive) as listed:
        for member in listed.infolist():
            header = archive[member.header_offset :]
            assert header.startswith(b"PK\x03\x04")
            assert int.from_bytes(header[14:18], "little") == member.CRC
            assert int.from_bytes(header[18:22], "little") == member.compress_size


@given(st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), st.binary()))
def test_any_members_come_back_as_they_went_in(members: dict[str, bytes]) -> None:
    with opened(pack(members)) as archive:
        assert archive.testzip() is None
        assert [(name.orig_filename, archive.read(name)) for name in archive.infolist()] == list(members.items())


def test_the_bytes_are_the_same_every_time_and_follow_the_order() -> None:
    assert pack(MEMBERS) == pack(dict(MEMBERS))
    assert pack(MEMBERS) != pack(dict(reversed(MEMBERS.items())))


@pytest.mark.parametrize("damage", [40, 200])
def test_a_damaged_member_does_not_go_unseen(damage: int) -> None:
    archive = bytearray(pack({"a": b"some text that is long enough to be worth it " * 20 + bytes(range(256))}))
    archive[damage] ^= 0xFF
    with opened(bytes(archive)) as broken, pytest.raises((zipfile.BadZipFile, zipfile.zlib.error)):  # type: ignore[attr-defined]
        broken.read("a")


def test_info_zip_finds_no_error(tmp_path: Path) -> None:
    path = tmp_path / "made.zip"
    path.write_bytes(pack(MEMBERS))
    unzip = shutil.which("unzip")
    if unzip is None:  # Python's own reader has looked at it above
        return
    done = subprocess.run([unzip, "-t", str(path)], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"No errors detected" in done.stdout
