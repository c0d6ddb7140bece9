"""The sheets are PDFs that everybody can open, read, search, hear and jump around in, the same bytes each time."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Pdf
from pypdf import PdfReader

from cardpress.deck.notes import Deck
from cardpress.outputs import OUTPUTS
from cardpress.pdf import typesetting
from cardpress.pdf.typesetting import Job, MadeSheet, Overflows, SettingError, set_sheet
from cardpress.publish.artifact import Artifact
from cardpress.wording import say_count
from cardpress.writers import load_writer
from cardpress.writers import pdf as writer
from tests.conftest import DECK
from tests.helpers.decks import deck_from
from tests.helpers.pdf_pages import glyphs, operations, printed, words
from tests.helpers.pictures import png
from tests.helpers.sample_project import EVERYTHING
from tests.helpers.yaml_text import indented

NAMES = ["booklet-a4", "booklet-letter", "study-notes-a4", "study-notes-letter", "flashcards-a4", "flashcards-letter"]
PAPERS = {"a4": (595.28, 841.89), "letter": (612.0, 792.0)}


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Deck:
    return deck_from(tmp_path_factory.mktemp("deck"), EVERYTHING)


@pytest.fixture(scope="module")
def made(deck: Deck) -> dict[str, Artifact]:
    return printed(deck)


def opened(artifact: Artifact) -> Pdf:
    return pikepdf.open(io.BytesIO(artifact.data))


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_opens_has_its_paper_and_as_many_pages_as_the_manifest_says(
    made: dict[str, Artifact], name: str
) -> None:
    pdf = opened(made[name])
    assert made[name].media_type == "application/pdf"
    assert made[name].holds == say_count(len(pdf.pages), "page")
    for page in pdf.pages:
        size = [float(side) for side in page.mediabox]
        assert size == pytest.approx([0, 0, *PAPERS[name.rpartition("-")[2]]], abs=0.1)


def test_pages_are_counted_though_the_outline_has_more_entries(tmp_path: Path) -> None:
    names = [f"part-{number}" for number in range(30)]
    sections = "".join(f"  - {{id: {name}, title: /Type/Pages/Count 7}}\n" for name in names)
    files = {f"{name}.yaml": f"- {{id: q-{name}, question: Q?, answer: A.}}\n" for name in names}
    deck = DECK.partition("sections:")[0] + "sections:\n" + sections
    for artifact in printed(deck_from(tmp_path, {"deck.yaml": deck, **files})).values():
        assert artifact.holds == f"{len(opened(artifact).pages)} pages"


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_says_what_it_is_and_can_be_read_aloud(made: dict[str, Artifact], name: str) -> None:
    pdf = opened(made[name])
    kind = OUTPUTS[name.rpartition("-")[0]].title
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == f"Sample deck – {kind}"
        assert metadata["pdfuaid:part"] == "1"
        assert ", ".join(metadata["dc:creator"]) == "Ada, Grace"
        assert str(metadata["xmp:CreateDate"]).startswith("2026-01-02")
    assert str(pdf.Root.Lang) == "en"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert "/K" in pdf.Root.StructTreeRoot


@pytest.mark.parametrize("name", NAMES)
def test_every_font_is_in_the_file(made: dict[str, Artifact], name: str) -> None:
    pdf = opened(made[name])
    fonts = [
        each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
    ]
    assert fonts
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


@pytest.mark.parametrize("name", NAMES[:4])
def test_an_outline_is_the_sections_and_their_questions(made: dict[str, Artifact], name: str) -> None:
    with opened(made[name]).open_outline() as outline:
        entries = {entry.title: [child.title.split("?")[0] for child in entry.children] for entry in outline.root}
    # There may be more to jump to, such as where the sources are.
    assert entries["First section"] == ["1 What is one", "What is two"]
    assert entries["Second section"] == ["What is three", "What is four"]


@pytest.mark.parametrize("name", NAMES[:4])
def test_links_lead_to_questions_and_sources(made: dict[str, Artifact], name: str) -> None:
    reader = PdfReader(io.BytesIO(made[name].data))
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    links = [note for note in notes if note["/Subtype"] == "/Link"]
    web = {str(link["/A"]["/URI"]) for link in links if "/A" in link and "/URI" in link["/A"]}
    assert {"https://example.org/one", "https://example.org/number", "https://example.org/two"} <= web
    inside = [link for link in links if "/Dest" in link or link.get("/A", {}).get("/S") == "/GoTo"]
    assert inside
    # A place is named, or is itself a page and a spot on it.
    assert all(isinstance(link["/Dest"], list) or str(link["/Dest"]) in reader.named_destinations for link in inside)
    # Somebody who does not see the page hears what a link is.
    assert all(link.get("/Contents") for link in links)


QUESTIONS = ("Whatisone?", "Whatistwo?", "Whatisthree?", "Whatisfour?", "Thesecondnumber.", "Twoandtwo.")
# Study notes may have a question's key points in the place of its answer, which is on the cards.
BRIEFLY = ("Itisodd.", "Itdivideseverything.", "print(one)", "Itisprime.", "Aprimehastwodivisors.", "SeealsoWhatistwo?")
MORE = {
    "flashcards": ("Thefirstnumber.",),
    "study-notes": (*BRIEFLY[:-1], "SeealsoWhatistwo?", "Ononehttps://example.org/one"),
    "booklet": (
        *(
            "Thefirstnumber.",
            *BRIEFLY,
            "Output1",
            "Briefly.",
            "Isaythatitisthefirstnumber.",
            "Ononehttps://example.org",
        ),
        *("Whatcomesafterone?", "print(one)Two.Andthenthree.", "Onecomesbeforetwo.", "Whatcomesaftertwo?Three."),
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_every_question_is_on_every_sheet_with_what_answers_it(made: dict[str, Artifact], name: str) -> None:
    text = "".join(words(glyphs(page)) for page in opened(made[name]).pages)
    assert [expected for expected in (*QUESTIONS, *MORE[name.rpartition("-")[0]]) if expected not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_pictures_are_printed_and_described(made: dict[str, Artifact], name: str) -> None:
    pdf = opened(made[name])
    assert sum(operator == "Do" for page in pdf.pages for operator, _ in operations(page)) >= 1
    described = {str(each.Alt) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each}
    assert described == {"one dot", "three lines"}


def test_a_deck_is_printed_as_the_same_bytes_each_time(deck: Deck, made: dict[str, Artifact]) -> None:
    assert {name: artifact.data for name, artifact in printed(deck).items()} == {
        name: artifact.data for name, artifact in made.items()
    }


SIGNS = r"#let x = $y$ *z* @ref \ // /* <label> [x] `` ~ - -- --- ... \u{41} = == + 1. / term: 'q' "


def test_signs_that_mean_something_to_typst_print_as_themselves(tmp_path: Path) -> None:
    text = f"```text\n{SIGNS}\n```"
    deck = deck_from(tmp_path, {"first.yaml": f"- id: q\n  question: {indented(text)}  answer: {indented(text)}"})
    for artifact in printed(deck).values():
        shown = "".join(words(glyphs(page)) for page in opened(artifact).pages)
        # A booklet's contents name the question, too.
        assert shown.count("".join(SIGNS.split())) == 2 + ("booklet" in artifact.name)


@pytest.mark.parametrize(
    ("language", "lang"), [("de", "de"), ("ar", "ar"), ("pt-BR", "pt-BR"), ("zh-Hant-TW", "zh-TW")]
)
def test_a_sheet_is_in_the_decks_language(tmp_path: Path, language: str, lang: str) -> None:
    files = {"deck.yaml": f"language: {language}\n{DECK}", "first.yaml": "- {id: q, question: Q?, answer: A.}"}
    for artifact in printed(deck_from(tmp_path, files)).values():
        assert str(opened(artifact).Root.Lang) == lang


@pytest.mark.parametrize("questions", ["[]", "- {id: q, question: Q?, answer: A.}"])
def test_an_empty_section_and_a_bare_question_can_be_printed(tmp_path: Path, questions: str) -> None:
    deck = f"{DECK}  - id: none\n    title: Nothing here\n"
    made = printed(deck_from(tmp_path, {"deck.yaml": deck, "first.yaml": questions, "none.yaml": "[]"}))
    text = "".join(words(glyphs(page)) for page in opened(made["study-notes-a4"]).pages)
    assert "Nothinghere" in text
    assert sorted(made) == sorted(NAMES)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cut.png", png(8, 8, b"nothing of a picture")),
        ("cut.jpg", b"\xff\xd8\xff\xc0\0\x0b\x08\0\x08\0\x08\x01\x01\x11\0and nothing of a picture"),
        ("cut.gif", b"GIF89a\x08\0\x08\0\0\0\0,\0\0\0\0\x08\0\x08\0\0\x02\x04none\0;"),
        ("cut.webp", b"RIFF\0\0\0\0WEBPVP8L\x20\0\0\0\x2f\x07\xc0\x01\0and nothing of a picture......"),
        ("none.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='0' height='0'/>"),
    ],
)
def test_a_picture_that_cannot_be_printed_is_replaced_by_its_description(
    tmp_path: Path, name: str, data: bytes
) -> None:
    text = f"- id: q\n  question: Q?\n  answer: '![it](folder/{name}) ![one dot](dot.png)'\n"
    written = load_writer("pdf")(deck_from(tmp_path, {"first.yaml": text, f"media/folder/{name}": data}))
    (problem,) = written.diagnostics
    assert (problem.code, problem.severity) == ("unprintable-picture", "warning")
    assert problem.span.path == f"source/media/folder/{name}"
    assert "\n" not in problem.message
    assert len(written.artifacts) == 6
    for artifact in written.artifacts:
        pdf = opened(artifact)
        assert "[it]" in "".join(words(glyphs(page)) for page in pdf.pages)
        described = {str(each.Alt) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each}
        assert described == {"one dot"}


def test_a_table_with_very_many_columns_is_printed_as_its_words(tmp_path: Path) -> None:
    table = f"|{'a|' * 13}\n|{'-|' * 13}\n|{'|'.join(f'cell{number}' for number in range(13))}|"
    made = printed(deck_from(tmp_path, {"first.yaml": f"- id: q\n  question: Q?\n  answer: {indented(table)}"}))
    for artifact in made.values():
        text = "".join(words(glyphs(page)) for page in opened(artifact).pages)
        assert "·".join(f"cell{number}" for number in range(13)) in text


def test_a_sheet_that_fails_has_the_words_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(job: Job) -> MadeSheet | Overflows:
        if "table" in job.data:
            raise SettingError("no tables today")
        return set_sheet(job)

    monkeypatch.setattr(typesetting, "set_sheet", fail)
    files = {"first.yaml": f"- id: q\n  question: Q?\n  answer: {indented('| one | two |' + chr(10) + '|-|-|')}"}
    written = writer.write(deck_from(tmp_path, files))
    assert {(problem.code, problem.severity) for problem in written.diagnostics} == {("card-overflow", "warning")}
    assert sorted(problem.message.split(" cannot")[0] for problem in written.diagnostics) == [
        "the booklet",
        "the flashcards",
        "the study-notes",
    ]
    for artifact in written.artifacts:
        assert "one·two" in "".join(words(glyphs(page)) for page in opened(artifact).pages)


def test_a_drawing_for_dark_screens_is_printed_as_it_looks_on_white(tmp_path: Path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="{}"/></svg>'

    def sheets_with(color: str) -> dict[str, bytes]:
        files = {"first.yaml": "- {id: q, question: Q?, answer: '![it](a.svg)'}", "media/a.svg": svg.format(color)}
        return {name: artifact.data for name, artifact in printed(deck_from(tmp_path / color[:3], files)).items()}

    assert sheets_with("light-dark(#fe0, var(--dark, #001))") == sheets_with("#fe0")


def test_a_column_is_aligned_as_its_table_says(tmp_path: Path) -> None:
    table = "| a | b | c | d |\n|---|:---|:---:|---:|\n| iiiiiiii | iiiiiiii | iiiiiiii | iiiiiiii |\n| w | x | y | z |"
    text = f"- id: q\n  question: Q?\n  answer: {indented(table)}"
    for name, artifact in printed(deck_from(tmp_path, {"first.yaml": text})).items():
        shown = [glyph for page in opened(artifact).pages for glyph in glyphs(page)]
        cells = {each.text: each for each in shown if each.text in "xyzw"}
        row = [each for each in shown if each.text == "i" and each.y > cells["w"].y][-32:]
        wide = [(run[0].left, run[-1].right) for run in (row[:8], row[8:16], row[16:24], row[24:])]
        assert cells["w"].left == pytest.approx(wide[0][0], abs=1), name
        assert cells["x"].left == pytest.approx(wide[1][0], abs=1), name
        assert cells["y"].left + cells["y"].right == pytest.approx(sum(wide[2]), abs=2), name
        assert cells["z"].right == pytest.approx(wide[3][1], abs=1), name
