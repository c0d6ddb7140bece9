"""Each flashcard's back lies exactly behind its front, nothing is cut, and what is long goes on to further cards."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Pdf

from cardpress.pipeline import Options, build_project
from cardpress.progress import NoProgress
from cardpress.writers import load_writer
from tests.conftest import DECK, WriteProject
from tests.helpers.decks import deck_from
from tests.helpers.pdf_pages import Glyph, glyphs, lines, operations, pictures, printed, sheets, words
from tests.helpers.pictures import png
from tests.helpers.yaml_text import indented

POINTS_PER_MM = 72 / 25.4
# Width and height of a card and of its paper, in points.
SIZES = {
    "a4": tuple(mm * POINTS_PER_MM for mm in (95, 64, 210, 297)),
    "letter": tuple(mm * POINTS_PER_MM for mm in (95, 64, 215.9, 279.4)),
}
Spot = tuple[int, int]


def cards(pdf: Pdf, paper: str) -> list[dict[Spot, list[Glyph]]]:
    """Return what is on each page's cards, by column and row. Nothing may stand outside them or across their edges."""
    width, height, page_width, page_height = SIZES[paper]
    left, bottom = (page_width - 2 * width) / 2, (page_height - 4 * height) / 2
    pages = []
    for page in pdf.pages:
        found: dict[Spot, list[Glyph]] = {}
        for glyph in glyphs(page):
            column, row = int((glyph.left - left) // width), 3 - int((glyph.y - bottom) // height)
            assert column in (0, 1)
            assert row in range(4)
            assert left + column * width < glyph.left
            assert glyph.right < left + (column + 1) * width
            found.setdefault((column, row), []).append(glyph)
        pages.append(found)
    return pages


def questions(count: int, number: str = "  number: {}\n") -> str:
    one = "- id: card-{}\n  question: Front of {}?\n  answer: Back of {}.\n" + number
    return "".join(one.replace("{}", str(index)) for index in range(1, count + 1))


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 17])
def test_every_back_lies_behind_its_front_after_a_flip_on_the_long_edge(tmp_path: Path, count: int) -> None:
    made = printed(deck_from(tmp_path, {"first.yaml": questions(count)}))
    for paper in SIZES:
        pages = cards(pikepdf.open(io.BytesIO(made[f"flashcards-{paper}"].data)), paper)
        assert len(pages) == 2 * -(-count // 8)
        seen: list[int] = []
        for front, back in zip(pages[::2], pages[1::2], strict=True):
            assert {(1 - column, row) for column, row in front} == set(back)
            for column, row in sorted(front, key=lambda spot: (spot[1], spot[0])):
                number = len(seen) + 1
                sides = words(front[column, row]), words(back[1 - column, row])
                assert sides[0] == f"Frontof{number}?{number}Firstsection"
                assert sides[1] == f"Backof{number}.{number}Frontof{number}?Firstsection"
                seen.append(number)
        assert seen == list(range(1, count + 1))


@pytest.mark.parametrize("paper", SIZES)
def test_crop_marks_are_on_the_page_and_the_same_on_its_other_side(tmp_path: Path, paper: str) -> None:
    made = printed(deck_from(tmp_path, {"first.yaml": questions(8)}))
    pages = pikepdf.open(io.BytesIO(made[f"flashcards-{paper}"].data)).pages
    width, height, page_width, page_height = SIZES[paper]
    for page in pages:
        # Without the lines above the feet.
        marks = [mark for mark in lines(page) if max(abs(mark[0] - mark[2]), abs(mark[1] - mark[3])) < 10]
        assert all(0 < x < page_width and 0 < y < page_height for mark in marks for x, y in (mark[:2], mark[2:]))
        upright = sorted({round(mark[0], 1) for mark in marks if abs(mark[0] - mark[2]) < 0.1})
        level = sorted({round(mark[1], 1) for mark in marks if abs(mark[1] - mark[3]) < 0.1})
        middle, center = page_width / 2, page_height / 2
        assert upright == pytest.approx([middle - width, middle, middle + width], abs=0.1)
        assert level == pytest.approx([center + height * step for step in (-2, -1, 0, 1, 2)], abs=0.1)
        # A cross stands where four cards meet.
        for step in (-1, 0, 1):
            spot = (middle, center + height * step)
            crossing = [
                mark
                for mark in marks
                if ((mark[0] + mark[2]) / 2, (mark[1] + mark[3]) / 2) == pytest.approx(spot, abs=0.1)
            ]
            assert len(crossing) == 2


def test_a_foot_has_room_for_its_words(tmp_path: Path) -> None:
    """What it has no room for was cut before, so that no part of a letter is seen, and nothing has to be hidden."""
    for title in ("First section", "A section whose title is so long that there is hardly any room"):
        files = {"deck.yaml": DECK.replace("First section", title), "first.yaml": questions(8)}
        made = printed(deck_from(tmp_path, files))["flashcards-a4"]
        with pikepdf.open(io.BytesIO(made.data)) as pdf:
            assert not [operator for operator, _ in operations(pdf.pages[1]) if operator in ("W", "W*")]


def test_labels_lie_back_to_back(tmp_path: Path) -> None:
    """A card's label is as far from the card's left edge, and from its lower, on the one side as on the other."""
    made = printed(deck_from(tmp_path, {"first.yaml": questions(8)}))
    for paper, (width, _, page_width, _) in SIZES.items():
        front, back = cards(pikepdf.open(io.BytesIO(made[f"flashcards-{paper}"].data)), paper)
        for (column, row), side in front.items():
            one, other = start(side), start(back[1 - column, row])
            edge = page_width / 2 - width * (1 - column)
            turned_edge = page_width - edge - width
            assert other == pytest.approx((one[0] - edge + turned_edge, one[1]), abs=0.01)


def start(side: list[Glyph]) -> tuple[float, float]:
    return min((glyph.left, glyph.y) for glyph in side if glyph.size == 6.5)


LONG = "An answer of many words that goes on. "


def answered(text: str, more: str = "") -> str:
    return f"- id: long\n  question: Q?\n  answer: {indented(text)}{more}- {{id: short, question: Q?, answer: A.}}\n"


def sizes_on_back(tmp_path: Path, text: str, more: str = "") -> tuple[float, str]:
    """Print a card; return the size of the least of its answer's letters, and the whole text of the back."""
    made = printed(deck_from(tmp_path, {"first.yaml": answered(text, more)}))
    for paper in SIZES:
        back = cards(pikepdf.open(io.BytesIO(made[f"flashcards-{paper}"].data)), paper)[1][1, 0]
        label = max(glyph.y for glyph in back if glyph.size == 6.5)
        assert all(glyph.y > label + 6 for glyph in back if glyph.size != 6.5), "the text runs into the label"
    return min(glyph.size for glyph in back if glyph.size != 6.5), words(body(back))


def test_an_answer_is_set_smaller_until_it_fits(tmp_path: Path) -> None:
    # What is only a core is large.
    assert sizes_on_back(tmp_path / "a", LONG)[0] == pytest.approx(10.5 * 1.25)
    assert sizes_on_back(tmp_path / "c", LONG * 4)[0] == 10.5
    size, text = sizes_on_back(tmp_path / "b", LONG * 17)
    assert size == 8.5
    assert text.count("goeson.") == 17


POINTS = "  key_points: [One point., Another point.]\n"


def test_key_points_stand_below_the_answer_where_both_have_room(tmp_path: Path) -> None:
    text = sizes_on_back(tmp_path, LONG * 8, POINTS)[1]
    assert (text.count("goeson."), text[-22:]) == (8, "Onepoint.Anotherpoint.")


def test_key_points_have_a_card_of_their_own_where_the_answer_leaves_no_room(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, {"first.yaml": answered(LONG * 17, POINTS).replace("Q?", "What is it?", 1)})
    for paper, pdf in {paper: sheets(deck)[f"flashcards-{paper}"] for paper in SIZES}.items():
        (front, answer), (asked, points), short = sides(pdf, paper)
        assert words(body(front)) == "Whatisit?"
        assert words(body(answer)) == words_of_text(LONG * 17)
        # They can be asked by themselves.
        assert words(body(asked)) == "2of2Whatisit?Keypoints"
        assert words(body(points)) == "Onepoint.Anotherpoint."
        assert [label(side) for side in (front, asked, points)] == [
            "1of2Firstsection",
            "2of2Firstsection",
            "2of2·Whatisit?Firstsection",
        ]
        assert label(short[0]) == "Firstsection"


def test_the_name_of_key_points_is_in_the_language_of_the_deck(tmp_path: Path) -> None:
    files = {"deck.yaml": DECK + "language: de\n", "first.yaml": answered(LONG * 17, POINTS)}
    for name, pdf in sheets(deck_from(tmp_path, files)).items():
        if name.startswith("flashcards"):
            asked, _ = sides(pdf, name.partition("-")[2])[1]
            assert words(body(asked)) == "2von2Q?Kernpunkte"


def test_points_behind_an_answer_of_several_cards_follow_it_at_once(tmp_path: Path) -> None:
    for name, pdf in sheets(deck_from(tmp_path, {"first.yaml": answered(LONG * 24, POINTS)})).items():
        if name.startswith("flashcards"):
            *long, _ = sides(pdf, name.partition("-")[2])
            assert len(long) == 2
            assert "".join(words(body(back)) for _, back in long) == words_of_text(LONG * 24 + "Onepoint.Anotherpoint.")


def test_an_answer_in_parts_is_printed_whole(tmp_path: Path) -> None:
    parts = f"1. First. {LONG * 8}\n2. Second. {LONG * 8}\n"
    text = sizes_on_back(tmp_path, parts, POINTS)[1]
    assert text == words_of_text(f"1.First.{LONG * 8}2.Second.{LONG * 8}")


def test_all_key_points_are_printed_however_many_there_are(tmp_path: Path) -> None:
    points = f"  key_points: [{', '.join([LONG.strip()] * 90)}]\n"
    for name, pdf in sheets(deck_from(tmp_path, {"first.yaml": answered(LONG, points)})).items():
        if name.startswith("flashcards"):
            backs = [words(body(back)) for _, back in sides(pdf, name.partition("-")[2])]
            assert "".join(backs).count("goeson.") == 91


def test_very_many_key_points_are_cut_with_a_warning(tmp_path: Path) -> None:
    points = f"  key_points: [{', '.join([LONG.strip()] * 700)}]\n"
    (problem,) = load_writer("pdf")(deck_from(tmp_path, {"first.yaml": answered(LONG, points)})).diagnostics
    assert (problem.code, problem.help) == ("card-overflow", "shorten `key_points`")
    assert problem.message == "the key_points of `long` is longer than 12 printed cards, and cut off there"


def beside(count: int, points: str = POINTS) -> str:
    """Return questions of one card, and one more whose answer and points do not fit a card in the usual sizes."""
    return questions(count, "") + answered(LONG * 17, points).partition("- {id: short")[0]


def test_no_page_is_begun_for_a_card_that_smaller_type_saves(tmp_path: Path) -> None:
    # With two points a size of 8 is enough; with six it is not.
    for name, pdf in sheets(deck_from(tmp_path / "a", {"first.yaml": beside(7)})).items():
        if name.startswith("flashcards"):
            *_, (_, back) = found = sides(pdf, name.partition("-")[2])
            assert (len(found), len(pdf.pages)) == (8, 2)
            assert min(glyph.size for glyph in body(back)) == 8
            assert words(body(back)) == words_of_text(LONG * 17 + "Onepoint.Anotherpoint.")
    more = POINTS.replace("]", ", A third point., A fourth., A fifth., A sixth.]")
    for deck in (beside(7, more), beside(5)):
        for name, pdf in sheets(deck_from(tmp_path / str(len(deck)), {"first.yaml": deck})).items():
            if name.startswith("flashcards"):
                *_, (_, points) = sides(pdf, name.partition("-")[2])
                assert words(body(points)).startswith("Onepoint.Anotherpoint.")
                assert min(glyph.size for glyph in body(points)) == 10


def test_points_go_on_to_a_further_card_between_two_of_them(tmp_path: Path) -> None:
    point = f"A point {LONG * 5}".strip()
    points = f"  key_points: [{', '.join([point] * 7)}]\n"
    for name, pdf in sheets(deck_from(tmp_path, {"first.yaml": answered(LONG * 3, points)})).items():
        if name.startswith("flashcards"):
            *long, _ = sides(pdf, name.partition("-")[2])
            assert len(long) > 1
            assert all(words(body(back)).endswith("goeson.") for _, back in long)
            assert words(body(long[1][1])).startswith("Apoint")


def sides(pdf: Pdf, paper: str) -> list[tuple[list[Glyph], list[Glyph]]]:
    """Return the front and the back of each card, in order. A back lies behind its front."""
    pages = cards(pdf, paper)
    return [
        (front[column, row], back[1 - column, row])
        for front, back in zip(pages[::2], pages[1::2], strict=True)
        for column, row in sorted(front, key=lambda spot: (spot[1], spot[0]))
    ]


def body(side: list[Glyph]) -> list[Glyph]:
    """Return what stands above a card's label, which nothing may run into."""
    label = max(glyph.y for glyph in side if glyph.size == 6.5)
    above = [glyph for glyph in side if glyph.size != 6.5]
    assert all(glyph.y > label + 6 for glyph in above)
    return above


def label(side: list[Glyph]) -> str:
    return words([glyph for glyph in side if glyph.size == 6.5])


@pytest.mark.parametrize("times", [28, 60])
def test_a_long_answer_goes_on_to_further_cards(tmp_path: Path, times: int) -> None:
    deck = deck_from(tmp_path, {"first.yaml": answered(LONG * times).replace("Q?", "What is it?", 1)})
    for paper, pdf in {paper: sheets(deck)[f"flashcards-{paper}"] for paper in SIZES}.items():
        *long, short = sides(pdf, paper)
        count = len(long)
        assert words(body(short[1])) == "A."
        assert label(short[0]) == "Firstsection"
        assert label(short[1]) == "Q?Firstsection"
        assert "".join(words(body(back)) for _, back in long) == words_of_text(LONG * times)
        # The type is easily read, and the cards have about as much as each other.
        assert min(glyph.size for _, back in long for glyph in body(back)) >= 8.5
        lengths = [len(body(back)) for _, back in long]
        assert min(lengths) > max(lengths) * 0.6
        for number, (front, back) in enumerate(long, 1):
            assert label(front) == f"{number}of{count}Firstsection"
            assert label(back) == f"{number}of{count}·Whatisit?Firstsection"
            asked = "Whatisit?" if number == 1 else f"{number}of{count}Whatisit?"
            assert words(body(front)) == asked


def words_of_text(text: str) -> str:
    return "".join(text.split())


def test_a_long_question_goes_on_to_further_cards(tmp_path: Path) -> None:
    file = f"- id: q\n  number: 7\n  question: {indented(LONG * 40)}  answer: A.\n"
    for name, pdf in sheets(deck_from(tmp_path, {"first.yaml": file})).items():
        if name.startswith("flashcards"):
            found = sides(pdf, name.partition("-")[2])
            assert len(found) > 1
            assert "".join(words(body(front)) for front, _ in found) == words_of_text(LONG * 40)
            assert [words(body(back)) for _, back in found] == ["A.", *[""] * (len(found) - 1)]
            assert label(found[-1][1]).startswith(f"7{len(found)}of{len(found)}·Ananswerofmany")


def test_a_hundred_long_interview_answers_are_printed_without_a_warning(tmp_path: Path) -> None:
    """108 questions with answers of 80 to 250 words, in paragraphs, with lists and with code."""
    shapes = ("{0}", "{0}\n\n{0}", "{0}\n\n- {0}\n- **{0}**", "{0}\n\n```python\n{1}\n```\n\n{0}")
    file = ""
    for number in range(108):
        shape = shapes[number % 4]
        prose = (LONG * (10 + number % 22)) if "}\n" not in shape else LONG * (5 + number % 11)
        answer = shape.format(prose.strip(), "async def endpoint(session: Session = Depends(get)) -> None: ...\n" * 6)
        file += f"- id: q{number}\n  question: Question {number}?\n  answer: {indented(answer)}"
    deck = deck_from(tmp_path, {"first.yaml": file})
    for name, pdf in sheets(deck).items():
        if name.startswith("flashcards"):
            found = sides(pdf, name.partition("-")[2])
            printed = "".join(words(body(back)) for _, back in found)
            text = "".join(words_of_text(note.answer.plain.replace("- ", "")) for note in deck.notes() if note.answer)
            assert printed.replace("•", "") == text
            letters = [glyph for _, back in found for glyph in body(back) if glyph.text.isalpha()]
            assert min(glyph.size for glyph in letters) >= 6  # of code, whose lines are whole


PRESSED = {
    "a list": "\n".join(f"- {LONG}" for _ in range(30)),
    "a list in a list": f"- one\n{''.join(f'    - {LONG}{chr(10)}' for _ in range(30))}",
    "numbers": "\n".join(f"1. {LONG}" for _ in range(30)),
    "a table": f"| a | b |\n|---|---|\n{''.join(f'| {LONG} | {LONG} |{chr(10)}' for _ in range(20))}",
    "a quotation": "\n>\n".join(f"> {LONG}" for _ in range(30)),
    "code": "```text\n" + "\n".join([LONG] * 30) + "\n```",
    "text, then a list": f"{LONG * 15}\n\n- {LONG * 15}\n- {LONG}",
    "one paragraph in Chinese": "一二三四五六七八九十。" * 120,
    "pictures": "\n\n".join(["![a dot](dot.png)"] * 9),
}


@pytest.mark.parametrize("text", PRESSED.values(), ids=PRESSED)
def test_whatever_is_long_goes_on_and_stays_on_its_cards(tmp_path: Path, text: str) -> None:
    file = f"- id: q\n  question: {indented(text)}  answer: {indented(text)}"
    deck = deck_from(tmp_path, {"first.yaml": file, "media/dot.png": png(300, 100)})
    counted = {sign: text.count(sign) for sign in ("goes on.", "十")}
    for name, pdf in sheets(deck).items():
        if name.startswith("flashcards"):
            found = sides(pdf, name.partition("-")[2])
            assert len(found) > 1
            for side in (0, 1):
                shown = "".join(words(body(card[side])) for card in found)
                assert shown.count("goeson.") == counted["goes on."]
                assert shown.count("□") >= 11 * counted["十"]  # further cards repeat the question in short


TALL_ROW = f"| a | b |\n|---|---|\n| {LONG * 30} | {LONG * 30} |"


def test_what_no_card_has_room_for_is_replaced_by_its_words_with_a_warning(tmp_path: Path) -> None:
    file = f"- id: q\n  question: Q?\n  answer: {indented(TALL_ROW)}"
    written = load_writer("pdf")(deck_from(tmp_path, {"first.yaml": file}))
    (problem,) = written.diagnostics
    assert (problem.code, problem.severity, problem.span.line) == ("card-overflow", "warning", 3)
    for artifact in written.artifacts:
        pdf = pikepdf.open(io.BytesIO(artifact.data))
        assert "".join(words(glyphs(page)) for page in pdf.pages).count("goeson.") == 60


@pytest.mark.parametrize("times", [300, 500])
def test_a_text_without_end_is_cut_with_a_warning_at_its_place(tmp_path: Path, times: int) -> None:
    asked = f"- id: asked\n  question: {indented(LONG * times)}  answer: A.\n"
    written = load_writer("pdf")(deck_from(tmp_path, {"first.yaml": answered(LONG * times) + asked}))
    found = sorted((p.code, p.severity, p.span.line, p.span.column, p.message) for p in written.diagnostics)
    assert [problem[:4] for problem in found] == [
        ("card-overflow", "warning", 3, 11),
        ("card-overflow", "warning", 7, 13),
    ]
    assert ["`long`" in found[0][4], "`asked`" in found[1][4]] == [True, True]
    assert len(written.artifacts) == 6
    for artifact in written.artifacts:
        if "flashcards" in artifact.name:
            paper = artifact.name.rpartition("-")[2].removesuffix(".pdf")
            found_cards = sides(pikepdf.open(io.BytesIO(artifact.data)), paper)
            assert len(found_cards) == 12 + 1 + 12
            assert words(body(found_cards[11][1])).endswith("…")


def test_print_never_stops_other_outputs(write_project: WriteProject, tmp_path: Path) -> None:
    project = write_project({"first.yaml": answered(TALL_ROW)})
    result = build_project(Options(project, tmp_path / "out", ("json", "pdf")), NoProgress())
    assert "card-overflow" in {problem.code for problem in result.diagnostics}
    assert {problem.severity for problem in result.diagnostics} == {"warning"}
    assert len(list((tmp_path / "out").glob("*.pdf"))) == 6
    assert (tmp_path / "out" / "sample.json").exists()


HARD = {
    "a long name": "response_model_exclude_unset_defaults_and_more",
    "capitals": "W" * 200,
    "a long name in code": f"`{'response_model_exclude_unset_' * 4}`",
    "an address": f"https://example.org/{'path/' * 20}",
    "code": "```python\nvalue = response_model_exclude(unset='defaults', more=response_model_exclude())\n```",
    "one long token": f"```python\n{'a.b(' * 30}\n```",
    "a wide table": f"|{'a|' * 5}\n|{'-|' * 5}\n|{'response_model_exclude|' * 5}",
    "a wider table": f"|{'a|' * 12}\n|{'-|' * 12}\n|{'exclude|' * 12}",
    "a list": "- one\n- two\n    - three",
    "a picture": "![a dot](dot.png)",
    "two pictures": "Between\n\n![a dot](dot.png)\n\nand\n\n![a dot](dot.png)",
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_no_text_leaves_its_card(tmp_path: Path, text: str) -> None:
    file = f"- id: {'a-long-name-' * 5}end\n  number: 999999\n  question: {indented(text)}  answer: {indented(text)}"
    deck = DECK.replace("First section", f"A section {'whose title goes on and on ' * 6}")
    made = printed(deck_from(tmp_path, {"deck.yaml": deck, "first.yaml": file, "media/dot.png": png(40, 30)}))
    for paper, (width, height, page_width, page_height) in SIZES.items():
        pdf = pikepdf.open(io.BytesIO(made[f"flashcards-{paper}"].data))
        assert [list(side) for side in cards(pdf, paper)] == [[(0, 0)], [(1, 0)]]
        for page, start in zip(pdf.pages, (page_width / 2 - width, page_width / 2), strict=True):
            for left, bottom, right, top in pictures(page):
                assert start < left < right < start + width
                assert page_height / 2 + height < bottom < top < page_height / 2 + 2 * height
