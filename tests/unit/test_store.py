"""The store gives back what was put in under the same key, and nothing where anything is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cardpress.history.digests import digest
from cardpress.publish.store import Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".cardpress-cache"


def test_a_value_comes_back_under_its_key_alone(folder: Path) -> None:
    store = Store(folder)
    store.write("colors", "key", {"a": "中"})
    assert store.read("colors", "key") == {"a": "中"}
    assert store.read("colors", "another key") is None
    assert store.read("build", "key") is None
    assert json.loads((folder / "colors.json").read_bytes())["key"] == "key"


def test_the_folder_keeps_itself_out_of_git_and_holds_no_leftovers(folder: Path) -> None:
    Store(folder).write("colors", "key", 1)
    assert (folder / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert sorted(path.name for path in folder.iterdir()) == [".gitignore", "colors.json"]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '"key"', '{"key": "other", "value": 1}', "\ud800", "[" * 5000]
)
def test_a_broken_file_counts_as_nothing(folder: Path, content: str) -> None:
    folder.mkdir()
    (folder / "colors.json").write_bytes(content.encode("utf-8", "surrogatepass"))
    assert Store(folder).read("colors", "key") is None


def test_a_folder_that_cannot_be_made_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    store = Store(tmp_path / "file" / "cache")
    store.write("colors", "key", 1)
    assert store.read("colors", "key") is None


def test_without_a_folder_nothing_is_kept() -> None:
    store = Store(None)
    store.write("colors", "key", 1)
    assert store.read("colors", "key") is None


def test_a_digest_tells_where_one_part_ends() -> None:
    assert digest([b"ab", b"c"]) != digest([b"a", b"bc"])
    assert digest([b""]) != digest([])
    assert digest([b"a"]) == digest([b"a"])
