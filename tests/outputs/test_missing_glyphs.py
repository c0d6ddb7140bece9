"""A character that no print font has is warned of and printed as a box; everything else of the sheet is as it was."""

from __future__ import annotations

import io
from collections.abc import Collection
from pathlib import Path

import pytest
from pypdf import PdfReader

from cardpress.deck.notes import Deck
from cardpress.diagnostics import Diagnostic
from cardpress.pipeline import Options, build_project, check_project, load_and_check
from cardpress.progress import NoProgress
from cardpress.source.glyphs import find_missing
from cardpress.writers import load_writer
from cardpress.writers.pdf.boxes import BOX, box_missing
from tests.conftest import DECK, QUESTION, WriteProject
from tests.helpers.decks import deck_of
from tests.helpers.sample_project import PNG


@pytest.fixture
def deck(write_project: WriteProject) -> Deck:
    return deck_of(write_project({}))


def sheet_of(deck: Deck) -> str:
    made = next(each for each in load_writer("pdf")(deck).artifacts if each.name.endswith("study-notes-a4.pdf"))
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(made.data)).pages)


def test_the_fonts_have_a_box_to_print(deck: Deck) -> None:
    assert find_missing(BOX, deck.fonts) == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "naïve “quoted” – … → ≤ ✓ ×",
        "a\u00adb\u200bc\u200dd\u2060e\ufeff",
        "\u2066right\u2069 \u200fleft",
        "☺\ufe0f",
        "tab\tline\nend",
        "e\u0301",
    ],
)
def test_what_the_fonts_have_or_nobody_sees_is_not_missing(deck: Deck, text: str) -> None:
    assert find_missing(text.replace("☺", ""), deck.fonts) == frozenset()


@pytest.mark.parametrize("text", ["中文", "العربية", "🎉", "\ue000", "\U00100000", "\U000f0000"])
def test_what_no_font_has_is_missing_and_boxed(deck: Deck, text: str) -> None:
    assert find_missing(f"a{text}b", deck.fonts) == frozenset(text)
    assert box_missing({"title": f"a{text}b", "more": [{"c": text}, 7, None]}, deck.fonts) == {
        "title": f"a{BOX * len(text)}b",
        "more": [{"c": BOX * len(text)}, 7, None],
    }


def test_addresses_stay_as_they_are_and_words_in_pictures_do_not(deck: Deck) -> None:
    data = {"url": "https://example.org/中", "href": "中", "media": {"a.svg": {"data": "<text>中</text>"}}}
    assert box_missing(data, deck.fonts) == data | {"media": {"a.svg": {"data": f"<text>{BOX}</text>"}}}


def missing(project: Path, outputs: Collection[str] | None = None) -> list[Diagnostic]:
    return [found for found in load_and_check(project, outputs)[1].diagnostics if found.code == "missing-glyph"]


def test_a_character_is_reported_once_and_only_where_it_is_printed(write_project: WriteProject) -> None:
    question = QUESTION.replace("What is one?", "What is 一 (一)?").replace("The first number.", "一, not 二")
    found = missing(write_project({"first.yaml": question}))
    assert [(each.span.line, "一" in each.message, "二" in each.message) for each in found] == [
        (2, True, False),
        (3, False, True),
    ]


@pytest.mark.parametrize(
    ("text", "font"),
    [
        ("一", "the free Noto Sans SC, JP or KR"),
        ("い", "the free Noto Sans JP"),
        ("カ", "the free Noto Sans JP"),
        ("한", "the free Noto Sans KR"),
        ("ㄅ", "the free Noto Sans TC"),
    ],
)
def test_a_free_font_is_named_for_chinese_japanese_and_korean(
    write_project: WriteProject, text: str, font: str
) -> None:
    (found,) = missing(write_project({"first.yaml": QUESTION.replace("The first number.", text)}))
    assert (
        found.help
        == f"put a font that has it in source/fonts/, such as {font} (an .otf file), or write it in another way"
    )


@pytest.mark.parametrize(
    ("language", "font"),
    [("ja", "JP"), ("zh", "SC"), ("zh-Hant-TW", "TC"), ("yue", "TC"), ("ko-KR", "KR"), ("en", "SC, JP or KR")],
)
def test_the_language_of_the_deck_says_which_forms_of_chinese_characters_are_meant(
    write_project: WriteProject, language: str, font: str
) -> None:
    files = {"deck.yaml": f"language: {language}\n{DECK}", "first.yaml": QUESTION.replace("The first number.", "一[x]")}
    found = missing(write_project(files))[0]
    assert f"the free Noto Sans {font} (an .otf file)" in found.help


@pytest.mark.parametrize(
    ("text", "fonts"),
    [
        ("سلام", "the free Noto Sans Arabic"),
        ("שלום", "the free Noto Sans Hebrew"),
        ("いろは سلام", "the free Noto Sans JP (an .otf file) and Noto Sans Arabic"),
    ],
)
def test_other_scripts_have_fonts_of_their_own(write_project: WriteProject, text: str, fonts: str) -> None:
    found = missing(write_project({"first.yaml": QUESTION.replace("The first number.", text)}))
    assert {fonts in each.help for each in found} == {True}


def test_for_other_characters_none_is(write_project: WriteProject) -> None:
    (found,) = missing(write_project({"first.yaml": QUESTION.replace("The first number.", "🎉")}))
    assert found.help == "put a font that has it in source/fonts/, or write it in another way"


def test_for_many_characters_the_font_of_their_script_is_named(write_project: WriteProject) -> None:
    (found,) = missing(write_project({"first.yaml": QUESTION.replace("The first number.", "いろはにほへと 山川")}))
    assert found.help == "put a font that has them in source/fonts/, such as the free Noto Sans JP (an .otf file)"


KANJI = "".join(map(chr, range(0x4E00, 0x4E00 + 600)))


def test_many_characters_are_counted_in_one_warning(write_project: WriteProject) -> None:
    (found,) = missing(write_project({"first.yaml": QUESTION.replace("The first number.", KANJI)}))
    assert "600 of the deck's characters, such as 一, 丁, 丂" in found.message
    assert "source/fonts/" in found.help
    assert (found.span.line, found.span.column) == (3, 11)


def test_it_is_about_print_alone(write_project: WriteProject, tmp_path: Path) -> None:
    project = write_project({"first.yaml": QUESTION.replace("The first number.", KANJI)})
    assert missing(project, ("apkg", "json", "page")) == []
    assert len(missing(project, ("json", "pdf"))) == 1
    result = build_project(Options(project, tmp_path / "out", ("json",)), NoProgress())
    assert "missing-glyph" not in {problem.code for problem in result.diagnostics}
    assert "missing-glyph" in {problem.code for problem in check_project(project).diagnostics}


@pytest.mark.parametrize(
    "answer",
    [
        "![a dot](一.png)",
        "[a page](https://example.org/一)",
        "[a page][1]\n\n    [1]: https://example.org/一",
        "![一](dot.png)",
        "```一\n    code\n    ```",
    ],
)
def test_what_is_not_printed_needs_no_glyph(write_project: WriteProject, answer: str) -> None:
    question = QUESTION.replace("The first number.", f"|\n    {answer}")
    assert missing(write_project({"first.yaml": question, "media/一.png": PNG, "media/dot.png": PNG})) == []


@pytest.mark.parametrize("answer", ["![a dot](一.png) and 一", "&#x4e00;", "`一`", "<x 一>"])
def test_what_is_printed_needs_one(write_project: WriteProject, answer: str) -> None:
    question = QUESTION.replace("The first number.", f"'{answer}'")
    (found,) = missing(write_project({"first.yaml": question, "media/一.png": PNG}))
    assert found.span.line == 3
    assert found.span.column == (11 if "&" in answer else 12 + answer.rindex("一"))


def test_nothing_missing_is_nothing_changed(deck: Deck) -> None:
    data = {"title": "plain", "more": ["– naïve"]}
    assert box_missing(data, deck.fonts) is data


def test_a_deck_in_any_script_makes_sheets_with_a_warning(write_project: WriteProject) -> None:
    question = QUESTION.replace("What is one?", "一は何ですか？").replace("The first number.", "'`数` → العدد 🎉'")
    project = write_project({"deck.yaml": DECK.replace("Sample deck", "数の札"), "first.yaml": question})
    problems = check_project(project).diagnostics
    assert {problem.code for problem in problems} == {"missing-glyph"}
    sheet = sheet_of(deck_of(project))
    assert BOX * 2 in sheet
    assert "→" in sheet
    assert "first" in sheet.lower()


@pytest.mark.parametrize("entity", ["&#x4e2d;", "&#x100000;", "&#31;", "&#xffff;", "&#0;", "&zwj;"])
def test_a_character_written_as_an_entity_does_not_stop_the_press(write_project: WriteProject, entity: str) -> None:
    deck = deck_of(write_project({"first.yaml": QUESTION.replace("The first number.", f"a{entity}b `c{entity}d`")}))
    assert "The" not in sheet_of(deck)
    assert "a" in sheet_of(deck)


@pytest.mark.parametrize("key", ["claim", "truth"])
def test_a_pitfall_of_several_paragraphs_is_set(write_project: WriteProject, key: str) -> None:
    texts = {"claim": "Short.", "truth": "Short too."} | {key: '"First.\\n\\nSecond.\\n\\n- Third."'}
    pitfall = f"  pitfalls:\n    - claim: {texts['claim']}\n      truth: {texts['truth']}\n"
    sheet = sheet_of(deck_of(write_project({"first.yaml": QUESTION + pitfall})))
    for text in ("Often said:", "In fact:", "First.", "Second.", "Third."):
        assert text in sheet
