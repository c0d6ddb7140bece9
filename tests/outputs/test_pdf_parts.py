"""Sheets of cards that are set in parts, for one paper and then put on another, and of which parts are kept."""

from __future__ import annotations

import io
import json
import os
import signal
from collections.abc import Iterable, Iterator
from dataclasses import replace
from multiprocessing import Pipe
from pathlib import Path
from pickle import UnpicklingError

import pikepdf
import pytest
from pikepdf import Name, Pdf

from cardpress.deck.notes import Deck
from cardpress.outputs import PAPERS, Sheet
from cardpress.pdf import processes, typesetting
from cardpress.pdf.merging import merge
from cardpress.pdf.packing import Objects
from cardpress.pdf.processes import Workers
from cardpress.pdf.typesetting import Job, MadeSheet, Overflows, SettingError, forget, set_objects, set_sheet
from cardpress.writers import Written, pdf
from cardpress.writers.pdf import booklet, in_parts, press
from tests.helpers.decks import deck_from
from tests.helpers.pdf_pages import PAPERS as SIZES
from tests.helpers.pdf_pages import glyphs, pictures, words
from tests.helpers.sample_project import PNG, SVG

# Texts that look like a PDF's own language, links, code, pictures, a formula and scripts whose letters join.
ODD = (
    "a (5 0 R) and /StructParents 3 ((((deep",
    "[a](https://example.org/(5)0R) <https://example.org/5 0 R>",
    "`def f(): ...` **bold** _leaning_ →",
    "![Two (5 0 R lines](lines.svg)",
    "![A dot](dot.png)",
    "\\(x^2 + y\\)",
    "سلام دنیا",
    "| one | (5 0 R) |\n|-|-|\n| two | three |",
)


def question(number: int) -> str:
    return f"- {{id: q-{number}, question: Front of {number}?, answer: {json.dumps(ODD[number % len(ODD)])}}}\n"


def make(folder: Path, count: int, more: str = "") -> Deck:
    text = "".join(question(number) for number in range(count)) + more
    return deck_from(folder, {"first.yaml": text, "media/dot.png": PNG, "media/lines.svg": SVG})


def print_cards(deck: Deck, keep: Kept | None = None, paper: tuple[str, ...] = PAPERS) -> Written:
    with pdf.open_press(deck, keep) as press:
        return press.make(Sheet("flashcards"), paper)


def read(written: Written) -> list[Pdf]:
    return [pikepdf.open(io.BytesIO(artifact.data)) for artifact in written.artifacts]


class Kept:
    """Keeps parts in memory."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}

    def get_part(self, key: str) -> bytes | None:
        return self.parts.get(key)

    def keep_part(self, key: str, data: bytes) -> None:
        self.parts[key] = data


@pytest.fixture(scope="module")
def whole_and_parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Pdf], list[Pdf]]:
    """Return sheets that were set in one piece, and the same in parts."""
    deck = make(tmp_path_factory.mktemp("deck"), 42)
    whole = read(print_cards(deck))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(press, "_PAGES_OF_A_PART", 1)
        return whole, read(print_cards(deck))


def test_parts_have_the_same_on_every_page(whole_and_parts: tuple[list[Pdf], list[Pdf]]) -> None:
    for whole, merged in zip(*whole_and_parts, strict=True):
        assert len(merged.pages) == len(whole.pages) == 12
        for one, other in zip(whole.pages, merged.pages, strict=True):
            assert list(glyphs(other)) == list(glyphs(one))
            assert list(pictures(other)) == list(pictures(one))
            assert [annotation.A.URI for annotation in other.get("/Annots", ())] == [
                annotation.A.URI for annotation in one.get("/Annots", ())
            ]


def test_parts_have_each_font_once(whole_and_parts: tuple[list[Pdf], list[Pdf]]) -> None:
    for whole, merged in zip(*whole_and_parts, strict=True):
        names = [str(each.BaseFont) for each in merged.objects if is_kind(each, "/Font") and "/DescendantFonts" in each]
        shared = {name for name in names if "Inter" in name or "Mono" in name}
        assert len(shared) >= 3
        assert all(names.count(name) == 1 for name in shared)
        assert {name.partition("+")[2] for name in names} == {
            str(each.BaseFont).partition("+")[2]
            for each in whole.objects
            if is_kind(each, "/Font") and "/DescendantFonts" in each
        }


def is_cell(each: pikepdf.Object) -> bool:
    return isinstance(each, pikepdf.Dictionary) and each.get("/S") == Name("/TD")


def is_kind(each: pikepdf.Object, kind: str) -> bool:
    return isinstance(each, pikepdf.Dictionary) and each.get("/Type") == Name(kind)


def test_what_readers_hear_is_in_one_tree(whole_and_parts: tuple[list[Pdf], list[Pdf]]) -> None:
    for whole, merged in zip(*whole_and_parts, strict=True):
        (document,) = merged.Root.StructTreeRoot.K
        assert outline(document) == outline(whole.Root.StructTreeRoot.K[0])
        numbers = list(merged.Root.StructTreeRoot.ParentTree.Nums)
        parents = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        assert list(parents) == sorted(parents)
        for page in merged.pages:
            for element in parents[int(page.obj.StructParents)]:
                assert element.get("/Pg", page.obj) == page.obj
            for annotation in page.get("/Annots", ()):
                assert Name("/Link") == parents[int(annotation.StructParent)].S
        names = list(merged.Root.StructTreeRoot.IDTree.Names)
        assert names[::2] == sorted(set(names[::2]), key=bytes)
        assert [str(cell.ID) for cell in names[1::2]] == list(map(str, names[::2]))
        heads = [str(name) for each in merged.objects if is_cell(each) for name in each.A[0].get("/Headers", ())]
        assert set(heads) == set(map(str, names[::2]))
        assert max(parents) + 1 == merged.Root.StructTreeRoot.ParentTreeNextKey


def outline(element: pikepdf.Object) -> tuple[str, list[object]]:
    """Return an element's kind, and what is in it."""
    inside = [each for each in element.get("/K", ()) if isinstance(each, pikepdf.Dictionary) and "/S" in each]
    return str(element.S), [outline(each) for each in inside]


def test_a_merged_document_says_how_many_pages_it_has(whole_and_parts: tuple[list[Pdf], list[Pdf]]) -> None:
    for merged in whole_and_parts[1]:
        assert b"<xmpTPg:NPages>12<" in merged.Root.Metadata.read_bytes()
        assert len({str(each) for made in whole_and_parts for pdf in made for each in pdf.trailer.ID}) >= 4


def test_both_papers_have_the_same_cards_in_their_middle(tmp_path: Path) -> None:
    a4, letter = read(print_cards(make(tmp_path, 9)))
    across, up = ((SIZES["letter"][side] - SIZES["a4"][side]) / 2 for side in (0, 1))
    for one, other in zip(a4.pages, letter.pages, strict=True):
        assert [float(side) for side in other.mediabox] == pytest.approx([0, 0, *SIZES["letter"]], abs=0.01)
        for before, after in zip(glyphs(one), glyphs(other), strict=True):
            assert after.text == before.text
            assert (after.left, after.y) == pytest.approx((before.left + across, before.y + up), abs=0.02)
        for here, there in zip(one.get("/Annots", ()), other.get("/Annots", ()), strict=True):
            moved = [float(place) + (across, up)[index % 2] for index, place in enumerate(here.Rect)]
            assert list(map(float, there.Rect)) == pytest.approx(moved, abs=0.01)


def test_what_is_kept_is_not_set_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(job: Job) -> MadeSheet | Overflows:
        raise AssertionError("set a sheet")

    keep = Kept()
    deck = make(tmp_path, 9)
    expected = print_cards(deck, keep)
    monkeypatch.setattr(typesetting, "set_sheet", never)
    assert print_cards(deck, keep) == expected


def test_a_sheet_of_the_same_is_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = Kept()
    expected = print_cards(make(tmp_path / "a", 9), keep)
    monkeypatch.setattr(press, "Cards", None)
    assert print_cards(make(tmp_path / "b", 9), keep) == expected
    with pytest.raises(TypeError):
        print_cards(make(tmp_path / "b", 9), keep, PAPERS[:1])


def test_what_a_sheet_does_not_have_is_told_each_time(tmp_path: Path) -> None:
    keep = Kept()
    lines = json.dumps([f"Point {each} " + "that goes on and on. " * 9 for each in range(60)])
    deck = make(tmp_path, 9, f"- {{id: last, question: Last?, answer: 'Yes', key_points: {lines}}}\n")
    first, second = (print_cards(deck, keep) for _ in range(2))
    assert [each.code for each in first.diagnostics] == ["card-overflow"]
    assert first == second


def test_an_edit_sets_what_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "_PAGES_OF_A_PART", 1)
    jobs: list[Job] = []

    def note(job: Job) -> MadeSheet | Overflows:
        jobs.append(job)
        return set_sheet(job)

    monkeypatch.setattr(typesetting, "set_sheet", note)
    keep = Kept()
    print_cards(make(tmp_path / "a", 42, "- {id: last, question: Last?, answer: Once}\n"), keep)
    jobs.clear()
    edited = make(tmp_path / "b", 42, "- {id: last, question: Last?, answer: Oncec}\n")
    made = print_cards(edited, keep)
    assert [job.measures for job in jobs] == [False]
    assert "Front of 1?" not in jobs[0].data
    assert made == print_cards(edited)


@pytest.mark.parametrize("damaged", [b"", b"s", b"s[]", b"s[1, 2]\n", b"o", b"o[[1]]", b"x" * 100])
def test_what_is_kept_and_damaged_is_made_anew(tmp_path: Path, damaged: bytes) -> None:
    keep = Kept()
    deck = make(tmp_path, 9)
    expected = print_cards(deck, keep)
    keep.parts = dict.fromkeys(keep.parts, damaged)
    assert print_cards(deck, keep) == expected


def test_another_picture_of_the_same_name_is_printed(tmp_path: Path) -> None:
    keep = Kept()
    text = "- {id: q, question: Q?, answer: '![Two lines](lines.svg)'}\n"
    other = SVG.replace(b"M0 6", b"M0 7")
    for drawing in (SVG, other):
        deck = deck_from(tmp_path, {"first.yaml": text, "media/lines.svg": drawing})
        assert print_cards(deck, keep) == print_cards(deck)


def test_processes_go_on_after_one_that_crashed(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "packages").mkdir()
    good = Job('#set document(title: "x")\nWords', str(tmp_path), "{}", "a4", 0)
    workers = Workers(1)
    try:
        expected = set_objects(good)
        assert workers.set_objects(good) == expected
        for process in [worker.helper.process for worker in workers._all]:
            process.kill()
            process.join()
        with pytest.raises(SettingError, match="crashes Typst"):
            workers.set_objects(good)
        with pytest.raises(SettingError, match="unknown variable"):
            workers.set_objects(Job("#unknown", str(tmp_path), "{}", "a4", 0))
        assert workers.set_objects(good) == expected
    finally:
        workers.close()


if os.name == "posix":  # elsewhere nobody can send this signal to a process

    def test_ctrl_c_is_a_matter_of_who_asks(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "fonts").mkdir()
        (tmp_path / "packages").mkdir()
        job = Job('#set document(title: "x")\nWords', str(tmp_path), "{}", "a4", 0)
        workers = Workers(1)
        try:
            expected = workers.set_objects(job)
            for worker in workers._all:
                os.kill(worker.helper.process.pid or 0, signal.SIGINT)
            assert workers.set_objects(job) == expected
        finally:
            workers.close()
        assert capfd.readouterr().err == ""


def test_a_process_that_has_set_much_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_MOST_SET", 3)
    (tmp_path / "fonts").mkdir()
    (tmp_path / "packages").mkdir()
    job = Job('#set document(title: "x")\nWords', str(tmp_path), "{ }", "a4", 0)
    workers = Workers(1)
    try:
        used = [worker.helper.process for worker in workers._all]
        for _ in range(2):
            assert isinstance(workers.set_objects(job), Objects)
            assert not used[-1].is_alive()
            used += [worker.helper.process for worker in workers._all]
    finally:
        workers.close()


def test_a_process_forgets_what_it_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Typst keeps of documents would need more memory than the deck."""
    asked: list[str] = []
    monkeypatch.setattr(processes, "_MOST_KEPT", 3)
    monkeypatch.setattr(processes, "forget", asked.append)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    (tmp_path / "fonts").mkdir()
    (tmp_path / "packages").mkdir()
    ours, theirs = Pipe()
    for data in ("{}", "{ }", "{}"):
        ours.send(Job('#set document(title: "x")\nWords', str(tmp_path), data, "a4", 0))
    ours.send_bytes(b"no job")
    with pytest.raises(UnpicklingError):
        processes._serve(theirs)
    assert asked == [str(tmp_path)]


@pytest.mark.parametrize("count", [1, 40])
def test_what_was_forgotten_is_set_anew(tmp_path: Path, count: int) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "packages").mkdir()
    source = '#set document(title: "x")\n' + "".join(f"= Words {each}\n" for each in range(count))
    job = Job(source, str(tmp_path), "{}", "a4", 0)
    made = set_objects(job)
    forget(job.folder)
    assert set_objects(job) == made


def test_objects_come_back_from_their_bytes() -> None:
    objects = Objects(b"%PDF\n\n", {2: b"<<>>stream\n\n\nendstream"}, {1: b"[\n]", 3: b""}, b"/Root 1 0 R\n")
    assert Objects.from_bytes(objects.to_bytes()) == objects


SECTIONED = """\
id: deck
title: Deck (1 0 R)
version: 1.0.0
date: 2026-01-01
introduction: "**Words** before all."
sections:
  - {id: one, title: One (5 0 R}
  - {id: two, title: Two}
  - {id: three, title: Three}
  - {id: four, title: Four}
  - {id: five, title: Five}
"""


def questions(first: int, count: int, more: str = "", *, numbered: bool = True) -> str:
    """Return some questions, each of which leads to the one before it and to the first."""
    text = ""
    for number in range(first, first + count):
        said = json.dumps(ODD[number % len(ODD)] + "\n\n" + "Words that go on. " * 30)
        others = sorted({1, max(first, number - 1)} - {number})
        text += f"- id: q-{number}\n  question: Question {number} of all?\n  answer: {said}\n"
        text += f"  number: {number}\n" if numbered else ""
        text += f"  see_also: [{', '.join(f'q-{other}' for other in others)}]\n" if others else ""
        text += f"  recall: [{{id: r-{number}, question: What is {number}?, answer: It is {number}.{more}}}]\n"
    return text


def booklet_of(
    folder: Path, keep: Kept | None = None, more: str = "", count: int = 12, *, numbered: bool = True
) -> Written:
    files: dict[str, str | bytes] = {"deck.yaml": SECTIONED, "five.yaml": "[]\n"}
    # The second section has one short page, on which the third goes on.
    for name, first, of_section in (("one", 1, count), ("two", 21, 1), ("three", 31, 12), ("four", 51, 12)):
        files[f"{name}.yaml"] = questions(first, of_section, more if name == "four" else "", numbered=numbered)
    with pdf.open_press(deck_from(folder, files), keep) as press:
        return press.make(Sheet("booklet"), ("a4",))


@pytest.fixture(scope="module", params=[True, False], ids=["numbered", "unnumbered"])
def booklets(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Pdf, Pdf]:
    """Return a booklet that was set whole, and in parts. Questions without numbers are named with their pages."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(press, "set_booklet", None)
        (whole,) = read(booklet_of(tmp_path_factory.mktemp("whole"), numbered=request.param))
        patched.undo()
        patched.setattr(booklet, "_MANY", 1)
        patched.setattr(in_parts, "_PAGES_AT_A_TIME", 3)
        (merged,) = read(booklet_of(tmp_path_factory.mktemp("parts"), numbered=request.param))
    return whole, merged


def test_a_section_of_many_questions_goes_on_in_the_next_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (whole,) = read(booklet_of(tmp_path / "whole"))
    monkeypatch.setattr(booklet, "_MANY", 2000)
    monkeypatch.setattr(booklet, "_MOST", 4000)
    (merged,) = read(booklet_of(tmp_path / "parts"))
    assert len(merged.pages) >= len(whole.pages)
    titles = [[each for each, *_ in headings(made)] for made in (whole, merged)]
    assert titles[0] == titles[1]
    assert titles[0][:2] == ["H1", "H2"]
    with merged.open_outline() as entries, whole.open_outline() as expected:
        # Where a section goes on, its next questions stand beside it.
        assert [each.title for each in walk(entries.root)] == [each.title for each in walk(expected.root)]


def walk(entries: Iterable[pikepdf.OutlineItem]) -> Iterator[pikepdf.OutlineItem]:
    for entry in entries:
        yield entry
        yield from walk(entry.children)


def headings(made: Pdf) -> Iterator[tuple[str, str]]:
    """Yield the level and the title of each heading that is read out."""
    for each in made.Root.StructTreeRoot.K[0].K:
        if (kind := str(each.S)).startswith("/H"):
            yield kind[1:], str(each.get("/T", ""))


def test_a_booklet_in_parts_has_the_same_on_every_page(booklets: tuple[Pdf, Pdf]) -> None:
    whole, merged = booklets
    assert len(merged.pages) == len(whole.pages) > 12
    for one, other in zip(whole.pages, merged.pages, strict=True):
        # What is around the text comes last in a part.
        assert sorted(words(list(glyphs(other)))) == sorted(words(list(glyphs(one))))
        assert len(list(pictures(other))) == len(list(pictures(one)))


def test_a_booklet_in_parts_leads_to_the_same_places(booklets: tuple[Pdf, Pdf]) -> None:
    said = []
    for made in booklets:
        pages = {page.obj.objgen: index for index, page in enumerate(made.pages)}
        names = list(made.Root.Names.Dests.Names)
        places = {
            str(name): (pages[aim[0].objgen], float(aim[3])) for name, aim in zip(names[::2], names[1::2], strict=True)
        }
        assert list(places) == sorted(places)
        links = [
            [str(each.Dest) if "/Dest" in each else str(each.A.URI) for each in page.get("/Annots", ())]
            for page in made.pages
        ]
        assert {name for page in links for name in page if not name.startswith("http")} <= set(places)
        alternatives = [[str(each.Contents) for each in page.get("/Annots", ())] for page in made.pages]
        with made.open_outline() as outline:
            entries = [(each.title, [below.title for below in each.children]) for each in outline.root]
        said.append((places, links, alternatives, entries, structure(made)))
    whole, merged = said
    assert {name: page for name, (page, _) in merged[0].items()} == {name: page for name, (page, _) in whole[0].items()}
    assert [up for _, up in merged[0].values()] == pytest.approx([up for _, up in whole[0].values()], abs=0.1)
    assert merged[1:] == whole[1:]


def plain_booklet_of(folder: Path, language: str = "en", title: str = "Two", of_second: int = 6) -> Written:
    """Return a booklet of a deck in which nothing but the contents leads anywhere."""
    deck = SECTIONED.partition("sections:")[0] + f"language: {language}\nsections:\n"
    files: dict[str, str | bytes] = {}
    for index, named in enumerate(("One", title, "Three")):
        deck += f"  - {{id: s-{index}, title: {json.dumps(named)}}}\n"
        ids = [f"q-{index}-{number}" for number in range(of_second if index == 1 else 6)]
        questions = [f"- {{id: {each}, question: '{title}?', answer: Yes.}}\n" for each in ids]
        files[f"s-{index}.yaml"] = "".join(questions) or "[]\n"
    with pdf.open_press(deck_from(folder, {**files, "deck.yaml": deck})) as press:
        return press.make(Sheet("booklet"), ("a4",))


def led(made: Pdf) -> list[tuple[str, str]]:
    """Return where the links of a PDF lead, and what is read out of them."""
    return [(str(each.Dest), str(each.Contents)) for page in made.pages for each in page.get("/Annots", ())]


@pytest.mark.parametrize("language", ["en", "ar", "zh-Hant"])
def test_links_of_the_contents_say_the_same_where_no_part_has_a_link_to_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    (whole,) = read(plain_booklet_of(tmp_path / "whole", language))
    monkeypatch.setattr(booklet, "_MANY", 1)
    (merged,) = read(plain_booklet_of(tmp_path / "parts", language))
    assert led(merged) == led(whole)
    assert len(led(merged)) == 3 + 18


@pytest.mark.parametrize(
    "title",
    [
        "/Dest(a) /Contents(page 5)",
        "/Dest 5 0 R, /First 3 0 R",
        "/A<</Type/Action/S/URI/URI(part:x)>>/Contents(part:x)",
    ],
)
def test_a_title_may_look_like_the_language_of_a_pdf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, title: str
) -> None:
    (whole,) = read(plain_booklet_of(tmp_path / "whole", title=title))
    made_of: list[int] = []

    def count(parts: Iterable[Objects], around: Iterable[Objects] = ()) -> Objects:
        made_of.append(len(listed := list(parts)))
        return merge(listed, around)

    monkeypatch.setattr(booklet, "_MANY", 1)
    monkeypatch.setattr(in_parts, "merge", count)
    (merged,) = read(plain_booklet_of(tmp_path / "parts", title=title))
    assert made_of == [4]
    assert led(merged) == led(whole)
    assert list(headings(merged)) == list(headings(whole))
    with merged.open_outline() as entries, whole.open_outline() as expected:
        assert [each.title for each in walk(entries.root)] == [each.title for each in walk(expected.root)]


def test_a_section_without_questions_stands_above_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (whole,) = read(plain_booklet_of(tmp_path / "whole", of_second=0))
    monkeypatch.setattr(booklet, "_MANY", 1)
    (merged,) = read(plain_booklet_of(tmp_path / "parts", of_second=0))
    shown = [[sorted(words(list(glyphs(page)))) for page in made.pages] for made in (whole, merged)]
    assert shown[0] == shown[1]
    assert led(merged) == led(whole)


def structure(made: Pdf) -> tuple[str, list[object]]:
    return outline(made.Root.StructTreeRoot.K[0])


def test_an_edit_of_a_recall_note_sets_one_part_of_the_booklet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs: list[Job] = []

    def note(job: Job) -> MadeSheet | Overflows:
        jobs.append(job)
        return set_sheet(job)

    monkeypatch.setattr(booklet, "_MANY", 1)
    monkeypatch.setattr(typesetting, "set_sheet", note)
    keep = Kept()
    booklet_of(tmp_path / "a", keep, " Really")
    assert len(jobs) > 5
    jobs.clear()
    made = booklet_of(tmp_path / "b", keep, " Surely")
    assert [json.loads(job.data)["part"] for job in jobs] == ["body"]
    assert made == booklet_of(tmp_path / "b", None, " Surely")


GRADIENT = b"""<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><defs><linearGradient id="a">
<stop offset="0" stop-color="#f00"/><stop offset="1" stop-color="#00f"/></linearGradient></defs>
<rect width="80" height="40" fill="url(#a)"/></svg>"""


def test_colors_that_run_from_place_to_place_move_with_their_picture(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "first.yaml": "- {id: q, question: Q?, answer: '![Colors](g.svg)'}\n",
        "media/g.svg": GRADIENT,
    }
    one, other = (list(patterns(made)) for made in read(print_cards(deck_from(tmp_path, files))))
    across, up = ((SIZES["letter"][side] - SIZES["a4"][side]) / 2 for side in (0, 1))
    assert len(one) == len(other) == 1
    moved = [sum(pair) for pair in zip(one[0], (0, 0, 0, 0, across, up), strict=True)]
    assert other[0] == pytest.approx(moved, abs=0.02)


def patterns(made: Pdf) -> Iterator[list[float]]:
    """Yield the matrix of each pattern that pages draw with."""
    for page in made.pages:
        for pattern in page.Resources.get("/Pattern", {}).values():
            yield [float(each) for each in pattern.get("/Matrix", (1, 0, 0, 1, 0, 0))]


def test_study_notes_of_a_large_deck_are_set_once_for_both_papers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "_FEW", 8)
    deck = make(tmp_path, 9, "- {id: last, question: Last?, answer: '**Yes**', see_also: [q-1]}\n")
    written = pdf.write(replace(deck, outputs=("study-notes",), sheets=(Sheet("study-notes"),)))
    a4, letter = read(written)
    across, up = ((SIZES["letter"][side] - SIZES["a4"][side]) / 2 for side in (0, 1))
    for one, other in zip(a4.pages, letter.pages, strict=True):
        for before, after in zip(glyphs(one), glyphs(other), strict=True):
            assert after.text == before.text
            assert (after.left, after.y) == pytest.approx((before.left + across, before.y + up), abs=0.02)
            assert 15 < after.y < SIZES["letter"][1] - 15
    for name, made in (("a4", a4), ("letter", letter)):
        aim = [float(each) for each in list(named(made, "q-1"))[2:4]]
        moved = (0, 0) if name == "a4" else (across, up)
        expected = [float(each) + move for each, move in zip(list(named(a4, "q-1"))[2:4], moved, strict=True)]
        assert aim == pytest.approx(expected, abs=0.02)


def named(made: Pdf, name: str) -> pikepdf.Object:
    """Return where links to a name lead."""
    names = list(made.Root.Names.Dests.Names)
    return next(aim for key, aim in zip(names[::2], names[1::2], strict=True) if str(key) == name)
