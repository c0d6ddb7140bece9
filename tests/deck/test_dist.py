"""dist/ as committed is the last release, to the byte, and an update changes those notes alone that differ."""

from __future__ import annotations

import io
import json
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cardpress.cli.main import run
from cardpress.diagnostics import Diagnostic, SourceFile
from cardpress.engine import this_engine
from cardpress.history.digests import digest_file
from cardpress.history.records import NAME, History, parse
from cardpress.publish.manifest import MANIFEST, is_intact, list_published
from cardpress.source.contents import digest_source
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dist/ and history.json as they are committed: a build may have replaced dist/ in the working tree."""
    folder = tmp_path_factory.mktemp("committed")
    command = ["git", "archive", "--format=zip", "HEAD", "dist", f"source/{NAME}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    with zipfile.ZipFile(io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the deck in source/ makes now."""
    out = tmp_path_factory.mktemp("built") / "out"
    arguments = ["build", "--strict", "--no-cache", "--quiet", "--project", str(ROOT), "--out", str(out)]
    assert run(arguments) == 0
    return out


def history(folder: Path) -> History:
    text = (folder / "source" / NAME).read_text(encoding="utf-8")
    read = parse(SourceFile(f"source/{NAME}", text))
    assert not isinstance(read, Diagnostic)
    return read


def manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    return content


def test_dist_holds_what_its_checksums_say(committed: Path) -> None:
    assert is_intact(committed / "dist")


def test_the_package_in_dist_is_the_one_that_was_released(committed: Path) -> None:
    package = committed / "dist" / f"{manifest(committed / 'dist')['deck']['id']}.apkg"
    assert digest_file(package.read_bytes()) == history(committed).last.package
    assert manifest(committed / "dist")["deck"]["version"] == history(committed).last.version


def test_the_source_and_engine_of_a_release_make_dist_to_the_byte(committed: Path, built: Path) -> None:
    dist = committed / "dist"
    is_released_source = history(committed).last.source == digest_source(ROOT)
    is_released_engine = manifest(dist)["engine"]["digest"] == this_engine().digest
    names = list_published(built)
    same = {
        name for name in names if (dist / name).exists() and (built / name).read_bytes() == (dist / name).read_bytes()
    }
    if is_released_source and is_released_engine:
        assert same == names == list_published(dist)
    else:
        assert MANIFEST not in same  # another source or engine says so


def test_dist_is_small_enough_to_download_without_a_thought(committed: Path, built: Path) -> None:
    for folder in (committed / "dist", built):
        assert sum(path.stat().st_size for path in folder.iterdir()) <= 6_000_000


def read_notes(folder: Path) -> dict[str, tuple[int, str, tuple[str, ...]]]:
    """Return the time, fields and tags of each note of the package in a folder, by GUID, as SQLite has them."""
    (package,) = folder.glob("*.apkg")
    with zipfile.ZipFile(package) as archive, closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(archive.read("collection.anki2"))
        rows = database.execute("select guid, mod, flds, tags from notes").fetchall()
    return {guid: (changed, fields, tuple(sorted(tags.split()))) for guid, changed, fields, tags in rows}


def test_a_note_is_newer_than_in_the_last_release_exactly_when_it_differs(committed: Path, built: Path) -> None:
    """Anki updates the notes that are newer: no other may differ, and none may be newer that does not."""
    released, now = read_notes(committed / "dist"), read_notes(built)
    assert released.keys() <= now.keys(), "learners keep every note that was released"
    newer = {guid for guid, (changed, *_) in released.items() if now[guid][0] > changed}
    different = {guid for guid, (_, *content) in released.items() if list(now[guid][1:]) != content}
    assert newer == different
    assert all(now[guid] == released[guid] for guid in released.keys() - different)
