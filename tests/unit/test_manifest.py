"""The manifest says what is in dist/, in a form that programs and `sha256sum` read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from cardpress.engine import Engine
from cardpress.publish.artifact import Artifact
from cardpress.publish.manifest import MANIFEST, SUMS, add_manifest, is_intact, list_published

ENGINE = Engine("1.4.0", "e" * 64)
MADE = (
    Artifact("b.json", b"{}", "application/json", "2 questions"),
    Artifact("a.pdf", b"%PDF", "application/pdf", "1 page"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for artifact in add_manifest(MADE, "sample", "1.2.3", "2026-01-02", ENGINE):
        (tmp_path / artifact.name).write_bytes(artifact.data)
    return tmp_path


def test_it_names_the_deck_the_engine_and_each_artifact_with_what_it_is(folder: Path) -> None:
    assert json.loads((folder / MANIFEST).read_bytes()) == {
        "format": 1,
        "deck": {"id": "sample", "version": "1.2.3", "date": "2026-01-02"},
        "engine": {"version": "1.4.0", "digest": "e" * 64},
        "artifacts": [
            {
                "path": artifact.name,
                "bytes": len(artifact.data),
                "sha256": hashlib.sha256(artifact.data).hexdigest(),
                "media_type": artifact.media_type,
                "holds": artifact.holds,
            }
            for artifact in reversed(MADE)
        ],
    }


def test_the_order_that_artifacts_come_in_does_not_count() -> None:
    assert add_manifest(MADE, "a", "1.0.0", "d", ENGINE) == add_manifest(reversed(MADE), "a", "1.0.0", "d", ENGINE)


def test_the_checksums_cover_everything_but_themselves(folder: Path) -> None:
    names = [line[66:] for line in (folder / SUMS).read_text(encoding="utf-8").splitlines()]
    assert names == ["a.pdf", "b.json", MANIFEST]


def test_what_lies_in_folders_is_listed_by_its_path_and_known_again(tmp_path: Path) -> None:
    made = add_manifest((Artifact("site/a.html", b"<p>", "text/html", "a page"),), "sample", "1.2.3", "d", ENGINE)
    (tmp_path / "site").mkdir()
    for artifact in made:
        (tmp_path / artifact.name).write_bytes(artifact.data)
    assert list_published(tmp_path) == {"site/a.html", MANIFEST, SUMS}
    assert is_intact(tmp_path)
    (tmp_path / "site/a.html").write_bytes(b"<b>")
    assert not is_intact(tmp_path)


def test_what_it_lists_is_known_again(folder: Path) -> None:
    assert list_published(folder) == {"a.pdf", "b.json", MANIFEST, SUMS}
    assert list_published(folder / "nowhere") == frozenset()


ELSEWHERE = [
    "../x",
    "/x",
    "..",
    "",
    ".",
    "a/",
    "a//b",
    "a/../b",
    "a/./b",
    "./a",
    "a/..",
    "~/../x",
    "//host/x",
    "a\\b",
    "C:/x",
]
ELSEWHERE += ["a\0b", ".git/config", "con/x", "a/NUL.txt/x", "lpt1/x", "a./x", "a /x", "a/b/c/d/e/f"]


@pytest.mark.parametrize("path", [*ELSEWHERE, ["x"], {"x": 1}, None, 5])
def test_a_path_that_may_lead_elsewhere_is_not_taken_for_ours(folder: Path, path: object) -> None:
    paths = [{"path": "a.pdf"}, {"path": path}]
    (folder / MANIFEST).write_text(json.dumps({"artifacts": paths}), encoding="utf-8")
    assert list_published(folder) <= {"a.pdf", MANIFEST, SUMS}


def test_a_manifest_that_the_disk_does_not_give_is_not_taken_for_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, flags: int) -> int:
        raise OSError(5, "Input/output error", str(path))

    monkeypatch.setattr("os.open", fail)
    with pytest.raises(OSError, match="Input/output error"):
        list_published(folder)


@pytest.mark.parametrize("name", ["a.pdf", "b.json", MANIFEST, SUMS])
def test_a_changed_or_missing_file_is_noticed(folder: Path, name: str) -> None:
    assert is_intact(folder)
    kept = (folder / name).read_bytes()
    (folder / name).write_bytes(b"0" + kept[1:] if kept[:1] != b"0" else b"1" + kept[1:])
    assert not is_intact(folder)
    (folder / name).unlink()
    assert not is_intact(folder)


@pytest.mark.parametrize("sums", [b"", b"nonsense\n", b"\xff\xfe", b"00  a\0b\n", b"00  .\n"])
def test_checksums_that_say_nothing_of_use_count_as_damage(folder: Path, sums: bytes) -> None:
    (folder / SUMS).write_bytes(sums)
    assert not is_intact(folder)
