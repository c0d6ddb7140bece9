"""The page links what is made with it, and nothing that does not lie beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from cardpress.outputs import NAMES
from cardpress.pipeline import Options, build_project
from cardpress.progress import NoProgress
from cardpress.writers import load_writer
from tests.conftest import WriteProject
from tests.helpers.decks import deck_from
from tests.helpers.own_note_types import WORD, with_words


def downloads(project: Path, out: Path, *only: str) -> list[str]:
    """Build these outputs, and return the files that the page links."""
    result = build_project(Options(project, out, only), NoProgress())
    assert [artifact.name for artifact in result.artifacts]
    html = (out / "sample.html").read_text(encoding="utf-8")
    return re.findall(r'href="(sample[^"]*)"', html)


@pytest.mark.parametrize("others", [(), ("json",), ("apkg",), ("pdf",), ("apkg", "json", "pdf")])
def test_each_link_leads_to_a_file_beside_the_page(
    write_project: WriteProject, tmp_path: Path, others: tuple[str, ...]
) -> None:
    links = downloads(write_project({}), tmp_path / "out", *others, "page")
    assert sorted(links) == sorted(set(links))
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert set(links) <= made
    assert {Path(link).suffix.strip(".") for link in links} == set(others)


def test_what_an_earlier_build_made_is_linked_as_long_as_it_is_made_again(
    write_project: WriteProject, tmp_path: Path
) -> None:
    project, out = write_project({}), tmp_path / "out"
    assert len(downloads(project, out, *NAMES)) == 9
    assert downloads(project, out, "page", "json") == ["sample.json"]
    assert not (out / "sample.apkg").exists()
    assert downloads(project, out, "page") == []


def test_the_same_outputs_make_the_same_page(write_project: WriteProject, tmp_path: Path) -> None:
    project = write_project({})
    downloads(project, tmp_path / "one", "page", "json")
    downloads(project, tmp_path / "two", *NAMES)
    downloads(project, tmp_path / "two", "json", "page")
    one, two = ((tmp_path / name / "sample.html").read_bytes() for name in ("one", "two"))
    assert one == two


PERSONAL = WORD.replace("holds: text}", "holds: text}\n  - {key: mine, holds: text, personal: true}")


@pytest.mark.parametrize("is_update", [True, False])
def test_an_update_that_keeps_personal_fields_is_linked_where_there_is_one(tmp_path: Path, is_update: bool) -> None:
    deck = deck_from(tmp_path, with_words(declared=PERSONAL))
    assert "csv" in deck.outputs
    if not is_update:
        deck = replace(deck, updated=frozenset())
    made = [artifact.name for artifact in load_writer("csv")(deck).artifacts]
    (page,) = load_writer("page")(deck).artifacts
    assert re.findall(r'href="(sample-[a-z]*\.csv)"', page.data.decode()) == made == ["sample-update.csv"] * is_update
