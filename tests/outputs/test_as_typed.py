"""What authors type comes out as typed: on Anki's cards, in the bundle, on the page and on paper."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from cardpress.note_types.identity import make_guid
from cardpress.writers import load_writer
from tests.conftest import DECK
from tests.helpers.anki_collection import learning
from tests.helpers.decks import deck_of, package_of
from tests.helpers.visible_text import visible

# Each stands for itself in prose and in code alike.
TYPED = (
    "$5 and $6",
    "{{ user }}",
    "{{{x}}}",
    "{% raw %}",
    "List<int> <T> </b2>",
    "a & b && c",
    r"\(x\)",
    "std::vector::size",
    "[sound:x.mp3]",
    "[Sound:y.mp3]",
    "[latex]x[/latex]",
    "[$]x[/$] [$$]y[/$$]",
    "[anki:tts lang=en_US]x[/anki:tts]",
    "\"double\" 'single' “curly”",
    r"C:\dir\new",
    "#let x = #y @z",
    "@@language@@ @@report@@",
    "🎉 👩‍💻",
    "中文字",
    "العربية",
    "naïve → café",
)
# Markdown gives these a meaning in prose; in code they stand for themselves.
TYPED_AS_CODE = (r"\[x\]", r"a\\b", "&amp; &lt;", "*x* _y_", "<b>x</b>", "<script>alert(1)</script>", "![x](y.png)")
# What Markdown makes of an escape in prose must not become a formula either.
ESCAPED = {r"\\[x\\]": r"\[x\]", r"\\(z\\)": r"\(z\)", "&amp; &lt;": "& <", "&#91;sound:z.mp3]": "[sound:z.mp3]"}

PLACES = ("question", "answer", "point", "claim", "truth", "how", "example", "extra", "asked", "recalled", "more")


def yaml_block(text: str, indent: int) -> str:
    return "|\n" + "\n".join(" " * indent + line for line in text.split("\n"))


@dataclass(frozen=True)
class Outputs:
    """Everything made from one deck, as a person sees it."""

    cards: dict[str, str]
    html: dict[str, str]
    bundle: dict[str, Any]
    page: str
    sheet: str


def project_with(folder: Path, texts: dict[str, str], output: str, snippet: str) -> Path:
    block = {place: yaml_block(texts[place], 10) for place in PLACES}
    lines = f"""\
- id: one
  sources:
    - title: {yaml_block(output.splitlines()[0], 10)}
      url: https://example.org/[sound:u.mp3]
  question: {block["question"]}
  answer: {block["answer"]}
  key_points:
    - {block["point"]}
  snippet: typed.txt
  output: {yaml_block(output, 10)}
  how_to_answer: {block["how"]}
  example_answer: {block["example"]}
  pitfalls:
    - claim: {block["claim"]}
      truth: {block["truth"]}
  extra: {block["extra"]}
  recall:
    - id: two
      question: {block["asked"]}
      answer: {block["recalled"]}
      extra: {block["more"]}
      snippet: typed.txt
"""
    source = folder / "source"
    (source / "snippets").mkdir(parents=True)
    (source / "deck.yaml").write_text(DECK, encoding="utf-8")
    (source / "first.yaml").write_text(lines, encoding="utf-8")
    (source / "snippets" / "typed.txt").write_text(snippet, encoding="utf-8")
    return folder


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


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def outputs_of(folder: Path, project: Path) -> Outputs:
    deck = deck_of(project)
    with learning(folder / "learner") as learner:
        learner.take(package_of(deck))
        shown = {
            f"{note_id} {side}": getattr(learner.cards_of(make_guid("sample", note_id))[0].render_output(), side)
            for note_id in ("one", "two")
            for side in ("question_text", "answer_text", "question_av_tags", "answer_av_tags")
        }
    assert not any(tags for name, tags in shown.items() if name.endswith("av_tags")), "Anki sees a sound"
    html = {name: text for name, text in shown.items() if name.endswith("text")}
    pdf = next(each for each in load_writer("pdf")(deck).artifacts if each.name.endswith("cheatsheet-a4.pdf"))
    return Outputs(
        cards={name: visible(text) for name, text in html.items()},
        html=html,
        bundle=json.loads(load_writer("json")(deck).artifacts[0].data),
        page=page_text(load_writer("page")(deck).artifacts[0].data.decode()),
        sheet="".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.data)).pages),
    )


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    folder = tmp_path_factory.mktemp("typed")
    fence = "```text\n" + "\n".join((*TYPED, *TYPED_AS_CODE)) + "\n```"
    code = " ".join(f"`{typed}`" for typed in (*TYPED, *TYPED_AS_CODE))
    prose = "\n".join((*TYPED, *ESCAPED))
    texts = {place: f"In {place}: {prose}\n\n{fence}\n\n{code}\n" for place in PLACES}
    verbatim = "\n".join((*TYPED, *TYPED_AS_CODE))
    return outputs_of(folder, project_with(folder / "project", texts, verbatim, verbatim))


ON_PAPER = tuple(typed for typed in TYPED if typed not in ("🎉 👩‍💻", "中文字", "العربية"))
# A question's texts: the answer and its like thrice (prose, fence, backticks), the output and the snippet once.
BACK_OF_ONE = 3 * 8 + 2
BACK_OF_TWO = 3 * 3 + 1


@pytest.mark.parametrize("typed", TYPED)
def test_cards_show_it_in_every_field(outputs: Outputs, typed: str) -> None:
    shown = flat(typed)
    assert outputs.cards["one question_text"].count(shown) == 3
    assert outputs.cards["one answer_text"].count(shown) == BACK_OF_ONE + (typed == TYPED[0])
    assert outputs.cards["two question_text"].count(shown) == 4
    assert outputs.cards["two answer_text"].count(shown) == BACK_OF_TWO


@pytest.mark.parametrize("typed", TYPED)
def test_the_page_and_the_bundle_have_it_in_every_text(outputs: Outputs, typed: str) -> None:
    # The question stands on the page twice: in the contents, and above its answer.
    assert outputs.page.count(typed) == BACK_OF_ONE + 3 + BACK_OF_TWO + (typed == TYPED[0])
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
    assert outputs.cards["one answer_text"].count(flat(typed)) >= 2 * 8 + 2
    assert outputs.page.count(typed) >= 2 * 12 + 3
    assert outputs.bundle["questions"][0]["answer"]["text"].count(typed) >= 2


@pytest.mark.parametrize(("typed", "meant"), ESCAPED.items())
def test_what_markdown_escapes_is_shown_and_not_acted_on(outputs: Outputs, typed: str, meant: str) -> None:
    assert meant in outputs.cards["one question_text"]
    assert meant in outputs.bundle["questions"][0]["question"]["text"]
    assert meant in outputs.page


def test_anki_finds_no_formula_sound_or_picture_of_a_formula(outputs: Outputs) -> None:
    for text in outputs.html.values():
        assert not re.search(r"\\[(\[]|\[sound:|\[anki:|\[/?latex\]|\[/?\$\$?\]", text, re.IGNORECASE)
        assert "class=latex" not in text
        assert "LaTeX" not in text


@pytest.mark.parametrize("typed", ON_PAPER)
def test_paper_shows_it(outputs: Outputs, typed: str) -> None:
    # Lines break where the column ends, and a long word anywhere.
    squeezed = re.sub(r"[\s\u200b]+", "", outputs.sheet)
    assert squeezed.count(re.sub(r"\s", "", typed)) >= 3 * 5


def test_paper_shows_a_box_for_what_no_font_has(outputs: Outputs) -> None:
    assert "□□□" in outputs.sheet
    assert "naïve → café" in flat(outputs.sheet)
