"""What authors type comes out as typed: in the bundle, on the page and on paper."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from pypdf import PdfReader

from cardpress.writers import load_writer
from tests.helpers.decks import deck_of
from tests.helpers.typed_texts import BACK_OF_ONE, BACK_OF_TWO, ESCAPED, TYPED, TYPED_AS_CODE, flat, typed_project

ON_PAPER = tuple(typed for typed in TYPED if typed not in ("🎉 👩‍💻", "中文字", "العربية"))


@dataclass(frozen=True)
class Outputs:
    """What is made from one deck, as a person sees it."""

    bundle: dict[str, Any]
    page: str
    sheet: str


class _PageText(HTMLParser):
    """The visible text of a page, without what it loads or runs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def page_text(html: str) -> str:
    parser = _PageText()
    parser.feed(re.sub(r"<(style|script)>.*?</\1>", "", html, flags=re.DOTALL))
    parser.close()
    return flat("".join(parser.pieces))


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    deck = deck_of(typed_project(tmp_path_factory.mktemp("typed")))
    pdf = next(each for each in load_writer("pdf")(deck).artifacts if each.name.endswith("study-notes-a4.pdf"))
    return Outputs(
        bundle=json.loads(load_writer("json")(deck).artifacts[0].data),
        page=page_text(load_writer("page")(deck).artifacts[0].data.decode()),
        sheet="".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.data)).pages),
    )


@pytest.mark.parametrize("typed", TYPED)
def test_the_page_and_the_bundle_have_it_in_every_text(outputs: Outputs, typed: str) -> None:
    # The question stands above its answer, and its first paragraph in the contents, too.
    assert outputs.page.count(typed) == BACK_OF_ONE + 1 + BACK_OF_TWO + (typed == TYPED[0])
    question = outputs.bundle["questions"][0]
    recall = question["recall"][0]
    texts = [question[key] for key in ("question", "answer", "how_to_answer", "example_answer", "extra")]
    texts += [*question["key_points"], question["pitfalls"][0]["claim"], question["pitfalls"][0]["truth"]]
    texts += [recall[key] for key in ("question", "answer", "extra")]
    assert [text["text"].count(typed) for text in texts] == [3] * 11
    assert typed in question["output"]
    assert typed in question["snippet"]


@pytest.mark.parametrize("typed", TYPED_AS_CODE)
def test_code_is_left_alone_everywhere(outputs: Outputs, typed: str) -> None:
    assert outputs.page.count(typed) >= 2 * 12 + 1
    assert outputs.bundle["questions"][0]["answer"]["text"].count(typed) >= 2


@pytest.mark.parametrize("meant", ESCAPED.values(), ids=ESCAPED)
def test_what_markdown_escapes_is_shown_and_not_acted_on(outputs: Outputs, meant: str) -> None:
    assert meant in outputs.bundle["questions"][0]["question"]["text"]
    assert meant in outputs.page


@pytest.mark.parametrize("typed", ON_PAPER)
def test_paper_shows_it(outputs: Outputs, typed: str) -> None:
    # Lines break where the column ends, and a long word anywhere.
    squeezed = re.sub(r"[\s\u200b]+", "", outputs.sheet)
    assert squeezed.count(re.sub(r"\s", "", typed)) >= 3 * 5


def test_paper_shows_a_box_for_what_no_font_has(outputs: Outputs) -> None:
    assert "□□□" in outputs.sheet
    assert "naïve → café" in flat(outputs.sheet)
