"""The gist of a question and the comparisons of a deck: read, checked, in the bundle; and nothing of them in Anki."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cardpress.anki.stamps import collect_contents, list_shipped
from cardpress.source.load import load
from cardpress.source.templates.loading import load_templates
from cardpress.writers import apkg
from cardpress.writers.json import make_bundle
from tests.conftest import DECK, QUESTION, ROOT, WriteProject
from tests.helpers.decks import deck_from, deck_of, page_of
from tests.helpers.diagnostics import codes, places, problems
from tests.helpers.sample_project import SVG
from tests.helpers.sounds import tone

GIST = """\
  gist:
    - "**One** is `1`."
    - "![a line](line.svg)"
"""
COMPARISONS = """\
comparisons:
  - title: "`0` against `1`"
    section: first
    table: |
      | zero | one |
      |------|-----|
      | even | odd |
"""


def sections(project: Path) -> list[list[list[str]]]:
    bank = load(project / "source", load_templates(ROOT)[0]).bank
    return [[[line.value for line in each.gist] for each in section.questions] for section in bank.sections]


def test_a_question_of_any_note_type_has_a_gist(write_project: WriteProject) -> None:
    text = "- id: gap\n  cloze: One is the {{c1::first}} number.\n  gist: [first of all]\n"
    plain = "- id: word\n  note_type: basic\n  question: uno\n  answer: one\n  gist: [one]\n"
    project = write_project({"first.yaml": QUESTION + GIST + text + plain, "media/line.svg": SVG})
    assert codes(problems(project)) == []
    assert sections(project) == [[["**One** is `1`.", "![a line](line.svg)"], ["first of all"], ["one"]]]


def test_a_row_has_a_gist_of_the_lines_of_a_cell(write_project: WriteProject) -> None:
    deck = DECK + "  - {id: words, title: Words, table: words.csv, note_type: basic}\n"
    table = 'id,question,answer,gist\nuno,uno,one,"first\n\nodd"\ndos,dos,two,\n'
    project = write_project({"deck.yaml": deck, "words.csv": table})
    assert codes(problems(project)) == []
    assert sections(project) == [[[]], [["first", "odd"], []]]


@pytest.mark.parametrize(
    ("gist", "expected"),
    [
        ("[]", "5:9 empty-text"),
        ("a text", "5:9 wrong-type"),
        ("['']", "5:10 empty-text"),
        ("[{a: b}]", "5:11 wrong-type"),
        ("[1]", "5:10 text-expected"),
        ("['![](line.svg)']", "5:15 missing-description"),
        ("['![a line](gone.svg)']", "5:21 missing-media"),
        ("['<br>']", "5:10 empty-text"),
        (f"['{'a ' * 61}']", "5:10 gist-too-long"),
        ("[a, b, c, d, e, f]", "5:25 gist-too-long"),
    ],
)
def test_a_bad_gist_is_reported_at_its_place(gist: str, expected: str, write_project: WriteProject) -> None:
    found = problems(write_project({"first.yaml": QUESTION + f"  gist: {gist}\n", "media/line.svg": SVG}))
    assert [place.removeprefix("source/first.yaml:") for place in places(found)] == [expected]


def test_a_long_description_of_a_diagram_makes_no_long_line(write_project: WriteProject) -> None:
    line = f"  gist: ['![{'a line ' * 20}](line.svg)']\n"
    assert codes(problems(write_project({"first.yaml": QUESTION + line, "media/line.svg": SVG}))) == []


@pytest.mark.parametrize(
    ("line", "length"),
    [
        ("[one](https://example.org/" + "one/" * 30 + ")", None),
        ("![a line](line.svg) " + "a " * 61, 121),
        ("*a* " * 61, 121),
        ("é" * 120, None),
        ("é" * 121, 121),
    ],
)
def test_what_is_seen_of_a_line_is_counted(line: str, length: int | None, write_project: WriteProject) -> None:
    project = write_project({"first.yaml": f"{QUESTION}  gist: ['{line}']\n", "media/line.svg": SVG})
    found = [each.message.split()[0] for each in problems(project)]
    assert found == ([] if length is None else [str(length)])


def test_a_retired_question_is_not_advised_on(write_project: WriteProject) -> None:
    retired = "  retired: {reason: Old.}\n  gist: [a, b, c, d, e, f]\n"
    assert "gist-too-long" not in codes(problems(write_project({"first.yaml": QUESTION + retired})))


def test_nobody_is_told_how_long_the_lines_are_of_a_sheet_that_is_not_made(write_project: WriteProject) -> None:
    long = {"first.yaml": QUESTION + "  gist: [a, b, c, d, e, f]\n"}
    assert codes(problems(write_project(long))) == ["gist-too-long"]
    assert codes(problems(write_project({"deck.yaml": f"outputs: {{pdf: false}}\n{DECK}", **long}))) == []


def test_a_recall_note_has_no_gist(write_project: WriteProject) -> None:
    recall = "  recall: [{id: two, question: Two?, answer: Yes., gist: [a]}]\n"
    assert codes(problems(write_project({"first.yaml": QUESTION + recall}))) == ["unknown-key"]


@pytest.mark.parametrize(
    ("comparisons", "expected"),
    [
        ("[]", "8:14 empty-text"),
        ("a text", "8:14 wrong-type"),
        ("[a text]", "8:15 wrong-type"),
        ("[{title: a}]", "8:16 missing-key"),
        ("[{table: '|a|'}]", "8:16 missing-key"),
        ("[{title: a, table: '|a|', section: second}]", "8:34 comparison-without-table, 8:49 unknown-reference"),
        ("[{title: a, table: plain words, width: 7}]", "8:33 comparison-without-table, 8:46 unknown-key"),
    ],
)
def test_a_bad_comparison_is_reported_at_its_place(
    comparisons: str, expected: str, write_project: WriteProject
) -> None:
    found = problems(write_project({"deck.yaml": f"{DECK}comparisons: {comparisons}\n"}))
    assert [place.removeprefix("source/deck.yaml:") for place in places(found)] == expected.split(", ")


@pytest.mark.parametrize(
    ("table", "hint"),
    [
        (">\n      | a | b |\n      |---|---|\n      | 1 | 2 |", "write `|` in the place of `>`"),
        ('"| a | b |\n      |---|---|\n      | 1 | 2 |"', "begin the text on a line of its own, below `|`"),
    ],
)
def test_a_table_whose_lines_yaml_joins_is_one_report(table: str, hint: str, write_project: WriteProject) -> None:
    deck = f"{DECK}comparisons:\n  - title: A\n    table: {table}\n"
    (found,) = problems(write_project({"deck.yaml": deck}))
    assert found.code == "comparison-without-table"
    assert found.help.startswith(hint)


def test_a_section_that_nearly_exists_is_proposed(write_project: WriteProject) -> None:
    (found,) = problems(write_project({"deck.yaml": DECK + COMPARISONS.replace("section: first", "section: fist")}))
    assert (found.code, found.message, found.help) == (
        "unknown-reference",
        "no section `fist`",
        "did you mean `first`?",
    )


def test_a_comparison_of_many_columns_is_reported(write_project: WriteProject) -> None:
    table = f"|{'a|' * 13}\n      |{'-|' * 13}\n      |{'1|' * 13}"
    deck = DECK + f"comparisons:\n  - title: Wide\n    table: |\n      {table}\n"
    assert codes(problems(write_project({"deck.yaml": deck}))) == ["wide-table"]


def test_both_are_in_the_bundle(write_project: WriteProject) -> None:
    files: dict[str, str | bytes] = {
        "deck.yaml": DECK + COMPARISONS,
        "first.yaml": QUESTION + GIST,
        "media/line.svg": SVG,
    }
    bundle = make_bundle(deck_of(write_project(files)))
    assert [line["text"] for line in bundle["questions"][0]["gist"]] == ["One is 1.", "a line"]
    (comparison,) = bundle["deck"]["comparisons"]
    assert (comparison["title"]["text"], comparison["section"]) == ("0 against 1", "first")
    assert "<table>" in comparison["table"]["html"]
    assert [each["name"] for each in bundle["media"]] != []


def test_anki_gets_nothing_of_them(tmp_path: Path) -> None:
    plain: dict[str, str | bytes] = {"deck.yaml": DECK, "first.yaml": QUESTION}
    both = plain | {"deck.yaml": DECK + COMPARISONS, "first.yaml": QUESTION + GIST, "media/line.svg": SVG}
    decks = [deck_from(tmp_path / name, files) for name, files in (("one", plain), ("two", both))]
    one, two = ([collect_contents(each) for each in list_shipped(deck)] for deck in decks)
    assert one == two
    packages = [apkg.write(deck).artifacts[0].data for deck in decks]
    assert packages[0] == packages[1]


def test_the_page_carries_nothing_of_them(tmp_path: Path) -> None:
    plain: dict[str, str | bytes] = {"first.yaml": QUESTION}
    comparison = COMPARISONS.replace("| even", "| ![a line](line.svg)")
    gist = "  gist: ['![a bang](bang.mp3)', '![a dot](dot.png)']\n"
    both: dict[str, str | bytes] = {
        "deck.yaml": DECK + comparison,
        "first.yaml": QUESTION + gist,
        "media/line.svg": SVG,
    }
    pages = [page_of(tmp_path / "one", plain), page_of(tmp_path / "two", both | {"media/bang.mp3": tone("mp3")})]
    one, two = (page.read_text(encoding="utf-8") for page in pages)
    # But for the link to the sheet.
    assert one == re.sub("<li>Cheat sheet.*</li>\n", "", two)
