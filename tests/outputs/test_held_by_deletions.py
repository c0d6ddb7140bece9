"""A cloze deletion may hold anything that a text may: every output has it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from cardpress.pipeline import check_project
from cardpress.writers import load_writer
from tests.helpers.cloze_texts import HELD, files_with_held
from tests.helpers.decks import deck_from
from tests.helpers.typed_texts import flat
from tests.outputs.test_as_typed import page_text

NUMBERS = dict(zip(HELD, range(1, len(HELD) + 1), strict=True))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("held")
    deck_from(folder, files_with_held())
    return folder


@pytest.fixture(scope="module")
def made(project: Path) -> dict[str, bytes]:
    """What all writers make, by the names of the artifacts."""
    deck = deck_from(project, files_with_held())
    outputs = (load_writer(name)(deck) for name in ("apkg", "json", "page", "pdf"))
    return {artifact.name: artifact.data for output in outputs for artifact in output.artifacts}


def test_check_has_nothing_to_say(project: Path) -> None:
    assert check_project(project).diagnostics == ()


@pytest.mark.parametrize("name", HELD)
def test_the_bundle_has_it_as_text_and_as_html(made: dict[str, bytes], name: str) -> None:
    notes: list[dict[str, Any]] = json.loads(made["sample.json"])["questions"][0]["recall"]
    cloze = notes[NUMBERS[name] - 1]["cloze"]
    shown = (
        cloze["text"].replace("- ", " ").replace("1. ", "").replace("2. ", "").replace("[ ]", "☐").replace("[x]", "☑")
    )
    assert flat(shown) == HELD[name].shown
    assert cloze["html"].count('<mark class="cloze"') == cloze["html"].count("</mark>") == HELD[name].text.count("{{c")


@pytest.mark.parametrize("name", HELD)
def test_the_page_shows_it(made: dict[str, bytes], name: str) -> None:
    html = made["sample.html"].decode()
    pieces = [piece for piece in HELD[name].shown.split() if name not in ("picture", "pictures and text")]
    assert all(piece in page_text(html) for piece in pieces)
    assert html.count('alt="dew"') == html.count('alt="elf"') == html.count('alt="gem"') == 1


@pytest.mark.parametrize("sheet", ["booklet-a4", "booklet-letter"])
@pytest.mark.parametrize("name", HELD)
def test_paper_shows_it(made: dict[str, bytes], name: str, sheet: str) -> None:
    pages = PdfReader(io.BytesIO(made[f"sample-{sheet}.pdf"])).pages
    # Lines break where the column ends, and a picture has no text.
    printed = "".join("".join(page.extract_text().split()) for page in pages).replace("\u200b", "")
    assert all(word in printed for word in HELD[name].shown.split() if word not in ("dew", "elf", "gem"))
