"""The store gives back what was put in under the same key, and nothing where anything is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cardpress.history.digests import digest, digest_short
from cardpress.publish import store as kept
from cardpress.publish.store import Store


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def store(cache: Path, tmp_path: Path) -> Store:
    return Store(cache, tmp_path / "project")


def only(cache: Path) -> Path:
    """Return the folder of the one project whose values are kept."""
    (folder,) = cache.iterdir()
    return folder


def test_a_value_comes_back_under_its_key_alone(store: Store, cache: Path) -> None:
    store.write("colors", "key", {"a": "中\ud800"})
    assert store.read("colors", "key") == {"a": "中\ud800"}
    assert store.read("colors", "another key") is None
    assert store.read("build", "key") is None
    assert [path.name for path in only(cache).iterdir()] == ["colors.json"]


def test_projects_do_not_mix(cache: Path, tmp_path: Path) -> None:
    one, other = (Store(cache, tmp_path / name) for name in ("one", "other"))
    one.write("colors", "key", 1)
    assert other.read("colors", "key") is None
    assert Store(cache, tmp_path / "other" / ".." / "one").read("colors", "key") == 1


def test_a_cache_in_the_project_is_neither_read_nor_written(tmp_path: Path) -> None:
    """Whoever made the project could have written it."""
    cache = tmp_path / "project" / ".cache"
    Store(cache, tmp_path / "elsewhere").write("colors", "key", 1)
    only(cache).rename(cache / digest_short(str(tmp_path / "project")))
    store = Store(cache, tmp_path / "project")
    assert store.read("colors", "key") is None
    store.write("colors", "key", 2)
    assert Store(cache, tmp_path / "elsewhere").read("colors", "key") is None
    assert "1" in (only(cache) / "colors.json").read_text(encoding="utf-8")


def test_a_cache_in_the_repository_of_the_project_is_not_used(tmp_path: Path) -> None:
    """It may have come with it."""
    repository = tmp_path / "clone"
    project, cache = repository / "decks" / "one", repository / ".cache"
    assert Store(cache, project).cache == cache
    (repository / ".git").mkdir(parents=True)
    assert Store(cache, project).cache is None
    assert Store(tmp_path / "cache", project).cache == tmp_path / "cache"
    (project / ".git").mkdir(parents=True)  # a repository in another
    assert Store(cache, project).cache == cache


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '"key"', '{"key": "other", "value": 1}', "\ud800", "[" * 5000]
)
def test_a_broken_file_counts_as_nothing(store: Store, cache: Path, content: str) -> None:
    store.write("colors", "key", 1)
    (only(cache) / "colors.json").write_bytes(content.encode("utf-8", "surrogatepass"))
    assert store.read("colors", "key") is None


def test_a_link_is_replaced_and_nothing_is_written_through_it(store: Store, cache: Path, tmp_path: Path) -> None:
    store.write("colors", "key", 1)
    (only(cache) / "colors.json").rename(tmp_path / "victim")
    (only(cache) / "colors.json").symlink_to(tmp_path / "victim")
    assert store.read("colors", "key") is None
    before = (tmp_path / "victim").read_bytes()
    store.write("colors", "key", 2)
    assert store.read("colors", "key") == 2
    assert (tmp_path / "victim").read_bytes() == before


def test_a_folder_that_cannot_be_made_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    store = Store(tmp_path / "file" / "cache", tmp_path / "project")
    store.write("colors", "key", 1)
    assert store.read("colors", "key") is None


def test_without_a_folder_nothing_is_kept(tmp_path: Path) -> None:
    store = Store(None, tmp_path)
    store.write("colors", "key", 1)
    assert store.read("colors", "key") is None


def test_only_projects_built_lately_are_kept(cache: Path, tmp_path: Path) -> None:
    (cache / "mine").mkdir(parents=True)
    for number in range(60):
        Store(cache, tmp_path / str(number)).write("colors", "key", number)
        os.utime(cache / digest_short(str(tmp_path / str(number))), (number, number))
    kept = [number for number in range(60) if Store(cache, tmp_path / str(number)).read("colors", "key") == number]
    assert kept == list(range(10, 60))
    assert (cache / "mine").exists()


def test_a_digest_tells_where_one_part_ends() -> None:
    assert digest([b"ab", b"c"]) != digest([b"a", b"bc"])
    assert digest([b""]) != digest([])
    assert digest([b"a"]) == digest([b"a"])


def test_parts_come_back_whole_or_not_at_all(store: Store, cache: Path) -> None:
    store.keep_part("0a", b"\x00\xff" * 1000)
    store.keep_part("0b", b"")
    assert (store.get_part("0a"), store.get_part("0b"), store.get_part("0c")) == (b"\x00\xff" * 1000, b"", None)
    for damaged in (b"", b"x", (only(cache) / "parts" / "0a").read_bytes()[:-1]):
        (only(cache) / "parts" / "0a").write_bytes(damaged)
        assert store.get_part("0a") is None


def test_a_part_under_the_name_of_another_is_none(store: Store, cache: Path) -> None:
    for key in ("0a", "0b"):
        store.keep_part(key, key.encode())
    parts = only(cache) / "parts"
    (parts / "0a").replace(parts / "0b")
    assert store.get_part("0b") is None


def test_parts_asked_for_longest_ago_make_room(store: Store, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_BYTES", 3000)
    for number in range(5):
        store.keep_part(f"0{number}", b"x" * 900)
        os.utime(only(cache) / "parts" / f"0{number}", (number, number))
    assert store.get_part("01") is not None
    store.drop_old_parts()
    assert [number for number in range(5) if store.get_part(f"0{number}")] == [1, 3, 4]


def test_without_a_folder_no_part_is_kept(tmp_path: Path) -> None:
    store = Store(None, tmp_path)
    store.keep_part("0a", b"x")
    store.drop_old_parts()
    assert store.get_part("0a") is None
