"""The tree of a text that needs the grammar is kept for the next command, and is what the grammar makes of it again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest

from cardpress.diagnostics import SourceFile, Span
from cardpress.diagnostics.reports import REPORTS
from cardpress.engine import Engine
from cardpress.markdown import parse, parsing, tree
from cardpress.markdown.texts import parse as parse_text
from cardpress.markdown.tree import Document
from cardpress.markdown.tree_json import _FIELDS, read_tree, write_tree
from cardpress.pipeline import check_project, load_and_check, load_project
from cardpress.publish.last_check import LastCheck
from cardpress.publish.store import Store
from cardpress.source.bank import HtmlText, MarkdownText
from cardpress.source.known_trees import KnownTrees
from cardpress.source.texts import list_markdown_texts
from tests.conftest import ROOT, TESTS, WriteProject
from tests.helpers.yaml_text import question

PROJECTS = [ROOT, *sorted(path.parent for path in (ROOT / "examples").glob("*/source"))]
CORNERS = (
    *("| a | b |\n|:--|--:|\n| `c` | **d** |", "> # a\n>\n> ---", "- [x] a\n- [ ] b\n\n  c", "3. a\n4. b"),
    *("a  \nb<br>c", "![a \"b\"](c.svg 'd') ![e](f.mp3)", '[a](https://b.org "c") [d](javascript:e)'),
    *(
        "\\(x^{{c1::2::how}}\\) \\[y\\]",
        "{{c1::`a`\n\n- b::c}} {{c12::d}}",
        "```py\nx = {{c1::1}}",
        "\u6771[\u3068\u3046]",
    ),
    *("<script>a", "<kbd>a</kbd> <sub>", "==a== [^1] ~~b~~", "`a {{c1::b}}`", "$x$ \\$", "a\n\n\tb", "", " "),
)


def list_texts() -> Iterator[str]:
    yield from CORNERS
    examples = (TESTS / "fixtures" / "commonmark.md").read_text(encoding="utf-8").split("\n\n")
    yield from examples
    for path in sorted((TESTS / "cases").glob("*/source/*.yaml")):
        yield path.read_text(encoding="utf-8", errors="replace")


def test_a_tree_is_the_same_after_it_was_kept() -> None:
    kinds: set[type] = set()
    for text in list_texts():
        for flags in ({}, {"with_deletions": True}, {"with_dollars": True}, {"with_breaks": True}):
            document = parse(text, **flags)
            again = read_tree(json.loads(json.dumps(write_tree(document), ensure_ascii=False)))
            assert again == document
            assert repr(again) == repr(document)
            kinds.update(map(type, document.walk()))
            kinds.update(map(type, document.problems))
    assert kinds | {tree.Latex} == set(_FIELDS)


def test_every_field_of_every_node_is_kept() -> None:
    nodes = {each for kind in (tree.Node, tree.Problem) for each in (get_args(kind) or (kind,))}
    flat = {part for each in nodes for part in (get_args(each) or (each,))}
    assert flat == set(_FIELDS)
    for kind, held in _FIELDS.items():
        names = [each.name for each in fields(kind)]
        assert len(held) == len([name for name in names if name != "pieces"])


@pytest.mark.parametrize(
    "damaged",
    [
        *(None, 1, "a", [], [[]], [[], [], []], [[["Text", "a", "b"]], []], [[["Text"]], []], [["Text", "a"], []]),
        *([[["Nothing", 1]], []], [[["Quote", [], [1]]], []], [[["Quote", [], ["a", 2]]], []], [{}, []]),
        *([[["Text", ["a"]]], []], [[[]], []], [[["Quote", 1, [1, 2]]], []], [[[["Text"], "a"]], []]),
    ],
)
def test_what_is_no_tree_is_refused(damaged: Any) -> None:
    with pytest.raises(ValueError, match="no tree"):
        read_tree(damaged)


@pytest.fixture
def read_anew(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were given to the grammar."""
    texts: list[str] = []
    whole = parsing.parse_by_grammar

    def read(text: str, **flags: bool) -> Document:
        texts.append(text)
        return whole(text, **flags)

    monkeypatch.setattr(parsing, "parse_by_grammar", read)
    return texts


def check(project: Path, cache: Path) -> str:
    last = LastCheck(store := Store(cache, project), project)
    assert last.store is store
    return REPORTS["json"](check_project(project, last=last).diagnostics)


TEXT = "See [it](https://example.org), and ==that==."


@pytest.fixture
def project(write_project: WriteProject) -> Path:
    return write_project({"first.yaml": question(answer=TEXT, sources=["https://example.org"])})


def test_a_text_is_given_to_the_grammar_once(project: Path, tmp_path: Path, read_anew: list[str]) -> None:
    report = check(project, tmp_path / "kept")
    assert "unsupported-markdown" in report
    assert read_anew == [TEXT]
    file = project / "source" / "first.yaml"
    file.write_text("# Another line\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    moved = check(project, tmp_path / "kept")
    assert read_anew == [TEXT]
    assert moved == REPORTS["json"](check_project(project).diagnostics) != report
    read_anew.clear()
    file.write_text(question(answer=f"{TEXT} Or [not](https://example.org)."), encoding="utf-8")
    check(project, tmp_path / "kept")
    assert read_anew == [f"{TEXT} Or [not](https://example.org)."]


def test_a_text_that_is_read_in_another_way_is_read_anew(project: Path, tmp_path: Path, read_anew: list[str]) -> None:
    check(project, tmp_path / "kept")
    read_anew.clear()
    file = project / "source" / "deck.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "math: dollars\n", encoding="utf-8")
    check(project, tmp_path / "kept")
    assert read_anew == [TEXT]


def test_a_tree_is_that_of_texts_alone_that_are_read_alike() -> None:
    def make(
        path: str, kind: type[MarkdownText] = MarkdownText, *, with_deletions: bool = False, with_dollars: bool = False
    ) -> MarkdownText:
        return kind(TEXT, Span(SourceFile(path, TEXT)), with_deletions, with_dollars)

    known = make("a.yaml", with_deletions=True)
    _ = known.document
    kept = KnownTrees(KnownTrees().collect([known]))
    like, moved = make("a.yaml", with_deletions=True), make("b.yaml", with_deletions=True)
    others = [
        make("a.yaml"),
        make("a.csv", with_deletions=True),
        make("a.yaml", with_deletions=True, with_dollars=True),
        make("a.yaml", HtmlText, with_deletions=True),
    ]
    kept.tell([like, moved, *others])
    assert like.made_document == moved.made_document == known.document
    assert [text.made_document for text in others] == [None] * len(others)
    _ = others[-1].document
    assert KnownTrees().collect(others) == {}


def test_what_is_kept_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardpress.source.known_trees._MOST", 2_000)
    texts = [MarkdownText(f"{TEXT} {number}", Span(SourceFile("a.yaml", ""))) for number in range(20)]
    for text in texts:
        _ = text.document
    assert 1 < len(KnownTrees().collect(texts)) < len(texts)


def test_another_engine_reads_anew(
    project: Path, tmp_path: Path, read_anew: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    check(project, tmp_path / "kept")
    read_anew.clear()
    monkeypatch.setattr("cardpress.pipeline.this_engine", lambda: Engine("1", "another"))
    load_and_check(project, store=Store(tmp_path / "kept", project))
    assert read_anew == [TEXT]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"key": 1}', None])
def test_what_is_damaged_is_read_anew(
    damage: bytes | None, project: Path, tmp_path: Path, read_anew: list[str]
) -> None:
    report = check(project, tmp_path / "kept")
    (kept,) = (tmp_path / "kept").glob("*/trees.json")
    if damage is None:
        whole = json.loads(kept.read_bytes())
        whole["value"] = dict.fromkeys(whole["value"], "[[[1]], []]")
        damage = json.dumps(whole).encode()
    kept.write_bytes(damage)
    read_anew.clear()
    _, result = load_and_check(project, store=Store(tmp_path / "kept", project))
    assert REPORTS["json"](result.diagnostics) == report
    assert read_anew == [TEXT]


def test_nothing_is_kept_without_a_cache(project: Path, tmp_path: Path, read_anew: list[str]) -> None:
    for _ in range(2):
        load_and_check(project, store=Store(None, project))
    assert read_anew == [TEXT] * 2
    assert not list(tmp_path.glob("**/trees.json"))


def test_prose_is_read_as_fast_as_it_would_be_known() -> None:
    assert not parse_text("Words alone, and `code`.").needs_grammar
    assert parse_text(TEXT).needs_grammar


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_known_trees_are_those_of_the_same_texts(project: Path) -> None:
    bank = load_project(project)[0]
    made = list(list_markdown_texts(bank))
    for text in made:
        _ = text.document
    kept = KnownTrees().collect(made)
    again = list(list_markdown_texts(load_project(project)[0]))
    KnownTrees.from_json(json.loads(json.dumps(kept))).tell(again)
    assert sum(text.made_document is not None for text in again) >= len(kept)
    for one, other in zip(made, again, strict=True):
        assert isinstance(other, MarkdownText)
        assert repr(one.document) == repr(other.document)
