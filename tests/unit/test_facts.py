"""What a rule found out about a content is known of that very content again, and of nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cardpress.check import pictures, python_snippets
from cardpress.diagnostics.reports import REPORTS
from cardpress.pipeline import load_and_check
from cardpress.publish.store import Store
from cardpress.source import glyphs
from cardpress.source.facts import Facts
from cardpress.source.media import svg
from tests.conftest import WriteProject
from tests.helpers.yaml_text import question


def test_a_fact_is_made_once_for_each_content() -> None:
    facts = Facts()
    assert facts.find("length", (b"a", b"b"), str, lambda: "2") == "2"
    assert facts.find("length", (b"a", b"b"), str, lambda: "again") == "2"
    assert facts.find("length", (b"ab",), str, lambda: "1") == "1"
    assert facts.find("width", (b"ab",), str, lambda: "3") == "3"
    later = Facts(facts.asked)
    assert later.find("length", (b"ab",), str, lambda: "again") == "1"
    assert later.have_changed
    assert list(later.asked) != list(facts.asked)  # what nobody asks for is not kept


def test_a_value_of_another_kind_is_no_fact() -> None:
    facts = Facts()
    facts.find("valid", (b"a",), bool, lambda: True)
    damaged = Facts(dict.fromkeys(facts.asked, "yes"))
    assert damaged.find("valid", (b"a",), bool, lambda: False) is False


@pytest.fixture
def project(write_project: WriteProject) -> Path:
    text = question(answer="It is \u2192 that.", snippet="one.py", sources=["https://example.org"])
    return write_project({"first.yaml": text, "snippets/one.py": "x = 1\n"})


def test_snippets_and_fonts_are_looked_at_once(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path / "kept", project)
    looked: list[str] = []
    whole: dict[str, Callable[[Any], Any]] = {"snippet": python_snippets._parse, "fonts": glyphs.read_coverage}

    def look(what: str, asked: Any) -> Any:
        looked.append(what)
        return whole[what](asked)

    monkeypatch.setattr(python_snippets, "_parse", partial(look, "snippet"))
    monkeypatch.setattr(glyphs, "read_coverage", partial(look, "fonts"))
    load_and_check(project, store=store)
    assert sorted(set(looked)) == ["fonts", "snippet"]
    looked.clear()
    load_and_check(project, store=store)
    assert looked == []
    (project / "source/snippets/one.py").write_text("x = 2\n", encoding="utf-8")
    load_and_check(project, store=store)
    assert looked == ["snippet"]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]"])
def test_what_is_wrong_is_reported_each_time(damage: bytes, project: Path, tmp_path: Path) -> None:
    (project / "source/snippets/one.py").write_text("x = = 2\n", encoding="utf-8")
    store = Store(tmp_path / "kept", project)
    plain = REPORTS["json"](load_and_check(project)[1].diagnostics)
    assert "snippet-syntax" in plain
    for _ in range(2):
        assert REPORTS["json"](load_and_check(project, store=store)[1].diagnostics) == plain
    (kept,) = (tmp_path / "kept").glob("*/facts.json")
    kept.write_bytes(damage)
    assert REPORTS["json"](load_and_check(project, store=store)[1].diagnostics) == plain


PLAIN = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9" stroke="#123456"/></svg>'


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The drawings that were looked at."""
    drawings: list[bytes] = []
    look = svg.examine

    def examine(data: bytes) -> Any:
        drawings.append(data)
        return look(data)

    monkeypatch.setattr(svg, "examine", examine)
    return drawings


def test_a_drawing_without_a_flaw_is_looked_at_once(
    write_project: WriteProject, tmp_path: Path, examined: list[bytes]
) -> None:
    project = write_project({"first.yaml": question(answer="![A line](a.svg)"), "media/a.svg": PLAIN})
    store = Store(tmp_path / "kept", project)
    for _ in range(2):
        load_and_check(project, store=store)
    assert examined == [PLAIN.encode()]
    (project / "source/media/a.svg").write_text(changed := PLAIN.replace("9", "8"), encoding="utf-8")
    load_and_check(project, store=store)
    assert examined == [PLAIN.encode(), changed.encode()]
    (kept,) = (tmp_path / "kept").glob("*/facts.json")
    kept.write_text(kept.read_text(encoding="utf-8").replace('": "', '": "not '), encoding="utf-8")
    load_and_check(project, store=store)
    assert examined == [PLAIN.encode(), changed.encode(), changed.encode()]


BLURRED = '<filter id="f"><feGaussianBlur stdDeviation="9"/></filter><path filter="url(#f)"'


@pytest.mark.parametrize(
    "drawing",
    [
        PLAIN.replace("<path", "<script>a()</script><path"),
        PLAIN.replace("#123456", "lab(1 2 3)"),
        PLAIN.replace("</svg>", ""),
        PLAIN.replace(
            '9"><path', '9"><filter id="f"><feGaussianBlur stdDeviation="9"/></filter><path filter="url(#f)"'
        ),
    ],
)
def test_any_other_drawing_is_reported_each_time(drawing: str, write_project: WriteProject, tmp_path: Path) -> None:
    project = write_project({"first.yaml": question(answer="![A line](a.svg)"), "media/a.svg": drawing})
    plain = REPORTS["json"](load_and_check(project)[1].diagnostics)
    store = Store(tmp_path / "kept", project)
    for _ in range(3):
        assert REPORTS["json"](load_and_check(project, store=store)[1].diagnostics) == plain


def test_drawings_that_are_known_count_as_well(
    write_project: WriteProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_PIXELS", -1.0)
    monkeypatch.setattr(pictures, "_PIXELS_A_BYTE", 0.0)
    project = write_project({"first.yaml": question(answer="![A line](a.svg)"), "media/a.svg": PLAIN})
    store = Store(tmp_path / "kept", project)
    reports = {REPORTS["json"](load_and_check(project, store=each)[1].diagnostics) for each in (None, store, store)}
    assert len(reports) == 1
    assert "would take very long to print" in reports.pop()
