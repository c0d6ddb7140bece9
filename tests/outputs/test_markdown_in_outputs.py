"""What an author writes is what each output shows."""

from __future__ import annotations

import io
import json
import re

import pytest
from pypdf import PdfReader

from cardpress.markdown.html_writer import DONE, OPEN
from cardpress.writers import load_writer
from tests.helpers.decks import deck_from
from tests.helpers.markdown_texts import TEXTS, files_with_markdown
from tests.helpers.typed_texts import flat
from tests.outputs.test_as_typed import page_text

NUMBERS = dict(zip(TEXTS, range(1, len(TEXTS) + 1), strict=True))
_MARKS = re.compile(r"^ *(?:- |[0-9]+\. )+", re.MULTILINE)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the writers make, by the names of the artifacts."""
    deck = deck_from(tmp_path_factory.mktemp("markdown"), files_with_markdown())
    outputs = (load_writer(name)(deck) for name in ("json", "page", "pdf"))
    return {artifact.name: artifact.data for output in outputs for artifact in output.artifacts}


@pytest.mark.parametrize("name", TEXTS)
def test_the_bundle_has_its_words_and_elements(made: dict[str, bytes], name: str) -> None:
    answer = json.loads(made["sample.json"])["questions"][NUMBERS[name]]["answer"]
    shown = _MARKS.sub("", answer["text"]).replace("[ ]", OPEN).replace("[x]", DONE)
    assert flat(shown) == TEXTS[name].words
    elements = re.findall(r"<(?!/|thead|tbody|tr|span)([a-z0-9]+)", answer["html"])
    assert " ".join(elements) == TEXTS[name].elements


@pytest.mark.parametrize("name", TEXTS)
def test_the_page_shows_it(made: dict[str, bytes], name: str) -> None:
    html = made["sample.html"].decode()
    article = re.search(rf'<article[^>]* id="text-{NUMBERS[name]}".*?</article>', html, re.DOTALL)
    assert article
    assert all(word in page_text(article[0]) for word in TEXTS[name].words.split())


@pytest.mark.parametrize("sheet", ["booklet-a4", "study-notes-a4", "flashcards-letter"])
@pytest.mark.parametrize("name", TEXTS)
def test_paper_shows_it(made: dict[str, bytes], name: str, sheet: str) -> None:
    pages = PdfReader(io.BytesIO(made[f"sample-{sheet}.pdf"])).pages
    printed = "".join("".join(page.extract_text().split()) for page in pages).replace("\u200b", "")
    assert all(word in printed for word in TEXTS[name].words.split())
