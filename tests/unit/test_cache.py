"""The cache gives back what was put in under the same key, and nothing where anything is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cardpress.deck.cache import Kind, RenderedTexts, RenderRequest

from cardpress.history.digests import digest
from cardpress.publish.store import Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".cardpress-cache"


def test_a_value_comes_back_under_its_key_alone(folder: Path) -> None:
    store = Store(folder)
    store.write("texts", "key", {"a": "中"})
    assert store.read("texts", "key") == {"a": "中"}
    assert store.read("texts", "another key") is None
    assert store.read("build", "key") is None


def test_the_folder_keeps_itself_out_of_git_and_holds_no_leftovers(folder: Path) -> None:
    Store(folder).write("texts", "key", 1)
    assert (folder / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert sorted(path.name for path in folder.iterdir()) == [".gitignore", "texts.json"]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '"key"', '{"key": "other", "value": 1}', "\ud800", "[" * 5000]
)
def test_a_broken_file_counts_as_nothing(folder: Path, content: str) -> None:
    folder.mkdir()
    (folder / "texts.json").write_bytes(content.encode("utf-8", "surrogatepass"))
    assert Store(folder).read("texts", "key") is None


def test_a_folder_that_cannot_be_made_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    store = Store(tmp_path / "file" / "cache")
    store.write("texts", "key", 1)
    assert store.read("texts", "key") is None


def test_without_a_folder_nothing_is_kept() -> None:
    store = Store(None)
    store.write("texts", "key", 1)
    assert store.read("texts", "key") is None


def test_a_digest_tells_where_one_part_ends() -> None:
    assert digest([b"ab", b"c"]) != digest([b"a", b"bc"])
    assert digest([b""]) != digest([])
    assert digest([b"a"]) == digest([b"a"])


def test_texts_know_whether_anything_is_new_and_keep_only_what_was_asked_for() -> None:
    used, gone, new = (RenderRequest(Kind.MARKDOWN, text) for text in ("used", "gone", "new"))
    texts = RenderedTexts({used: "<p>used</p>", gone: "<p>gone</p>"})
    assert texts.get(used) == "<p>used</p>"
    assert texts.get(RenderRequest(Kind.CLOZE, "used")) is None
    changed = [texts.changed]
    texts.put(new, "<p>new</p>")
    changed.append(texts.changed)
    assert changed == [False, True]
    assert texts.to_json() == [["markdown", "", "used", "<p>used</p>"], ["markdown", "", "new", "<p>new</p>"]]


@pytest.mark.parametrize(
    "kept",
    [None, [], "x", {"a": 1}, [1], [["markdown", "", "a"]], [["poem", "", "a", "b"]], [["markdown", "", [], ""]]],
)
def test_texts_of_another_shape_count_as_none(kept: object) -> None:
    assert RenderedTexts.from_json(kept).to_json() == []
    assert RenderedTexts.from_json(kept).get(RenderRequest(Kind.MARKDOWN, "a")) is None


def test_texts_survive_the_way_through_a_file(folder: Path) -> None:
    texts, code = RenderedTexts(), RenderRequest(Kind.CODE, "x = '\\n'", "python")
    texts.put(code, "<pre>…</pre>")
    Store(folder).write("texts", "key", texts.to_json())
    again = RenderedTexts.from_json(Store(folder).read("texts", "key"))
    assert again.get(code) == "<pre>…</pre>"
    assert json.loads((folder / "texts.json").read_bytes())["key"] == "key"
