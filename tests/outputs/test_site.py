"""The site is a folder that is whole by itself: a front page, all that the deck makes, and a picture for links."""

from __future__ import annotations

import io
import json
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from cardpress.cli.main import run
from cardpress.deck.overview import choose_samples
from cardpress.pipeline import Options, Result, build_project, check_project
from cardpress.progress import NoProgress
from cardpress.publish.artifact import Artifact
from cardpress.source.bank import Media
from cardpress.writers.site import compose, preview
from cardpress.writers.site.preview import draw_preview
from tests.conftest import DECK, QUESTION, WriteProject
from tests.helpers.author import Author
from tests.helpers.basic_notes import with_basics
from tests.helpers.decks import deck_from
from tests.helpers.greek_deck import ENGLISH, NO_LABELS
from tests.helpers.sample_project import EVERYTHING
from tests.unit.test_strings import TEXTS

OWN = {"index.html", "preview.png", ".nojekyll"}


class _Reader(HTMLParser):
    """Collects the addresses of links, the properties of the head and the words that are seen."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.head: dict[str, str] = {}
        self.root: dict[str, str | None] = {}
        self.words: list[str] = []
        self._hidden = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "html":
            self.root = found
        if tag in ("a", "link") and found.get("href"):
            self.links.append(str(found["href"]))
        if tag == "meta" and "content" in found:
            self.head[str(found.get("property") or found.get("name") or found.get("http-equiv"))] = str(
                found["content"]
            )
        self._hidden += tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.words.append(data.strip())


def build(project: Path, *only: str, jobs: int = 1) -> Result:
    result = build_project(Options(project, project / "dist", only or None, jobs=jobs), NoProgress())
    assert not result.failed(strict=False), result.diagnostics
    return result


def files(project: Path) -> dict[str, bytes]:
    out = project / "dist"
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def switched(outputs: str, more: str = "") -> dict[str, str]:
    return {"deck.yaml": f"outputs: {outputs}\n{more}{DECK}"}


def front_page(project: Path) -> _Reader:
    return _Reader((project / "dist" / "site" / "index.html").read_text(encoding="utf-8"))


# --- what is in the folder


def test_it_is_made_only_where_it_is_named(write_project: WriteProject) -> None:
    project = write_project(switched("{pdf: false}"))
    build(project)
    assert not any(name.startswith("site") or "ankiweb" in name for name in files(project))
    build(project, "site")
    assert (project / "dist" / "site").is_dir()
    build(project)
    assert not (project / "dist" / "site").exists()


def test_it_has_what_lies_beside_it_byte_for_byte(write_project: WriteProject) -> None:
    project = write_project(switched("{site: true, ankiweb: true, booklet: false, flashcards: {papers: [a4]}}"))
    build(project)
    made = files(project)
    beside = {name for name in made if "/" not in name} - {"manifest.json", "SHA256SUMS", "sample.ankiweb.txt"}
    inside = {name.removeprefix("site/") for name in made if name.startswith("site/")}
    assert inside == beside | OWN
    assert "sample-flashcards-a4.pdf" in inside
    assert {name for name in beside if made[name] != made[f"site/{name}"]} == set()
    listed = {entry["path"] for entry in json.loads(made["manifest.json"])["artifacts"]}
    assert listed == made.keys() - {"manifest.json", "SHA256SUMS"}
    done = subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=project / "dist", check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("only", [("site",), ("site", "page"), ("apkg", "site", "study-notes")])
def test_it_is_the_same_whatever_is_made_beside_it(write_project: WriteProject, only: tuple[str, ...]) -> None:
    project = write_project(switched("{site: true, json: false, pdf: {papers: [a4]}, booklet: false}"))
    build(project)
    whole = {name: data for name, data in files(project).items() if name.startswith("site/")}
    build(project, *only)
    made = files(project)
    assert {name: data for name, data in made.items() if name.startswith("site/")} == whole
    assert ("sample.html" in made, "sample.apkg" in made) == ("page" in only, "apkg" in only)
    # The page beside it links what is there.
    if "page" in only:
        assert b"sample.apkg" not in made["sample.html"]


def test_it_has_the_same_bytes_with_other_jobs(write_project: WriteProject) -> None:
    project = write_project({**EVERYTHING, "deck.yaml": f"outputs: {{site: true}}\n{EVERYTHING['deck.yaml']!s}"})
    build(project, jobs=1)
    first = files(project)
    build_project(Options(project, project / "again", None, jobs=4), NoProgress())
    again = {path.relative_to(project / "again").as_posix(): path for path in (project / "again").rglob("*")}
    assert {name: path.read_bytes() for name, path in again.items() if path.is_file()} == first


def test_what_is_switched_off_is_not_on_the_front_page(write_project: WriteProject) -> None:
    project = write_project(switched("{site: true, page: false, apkg: false, pdf: false}"))
    build(project)
    page = front_page(project)
    assert [link for link in page.links if "://" not in link] == ["#content", "sample.json", "sample.schema.json"]
    assert "Download for Anki" not in page.words
    assert "Study in the browser" not in page.words


def test_a_page_that_would_be_the_front_page_has_another_name(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, {"deck.yaml": DECK.replace("id: sample", "id: index"), "first.yaml": QUESTION})
    made = compose(deck, [Artifact("index.html", b"the page", "text/html", "1 question")]).artifacts
    pages = {each.name: each.data for each in made if each.name.endswith(".html")}
    assert pages["site/study.html"] == b"the page"
    assert 'href="study.html"' in pages["site/index.html"].decode()


def test_a_second_build_has_nothing_to_do(write_project: WriteProject, tmp_path: Path) -> None:
    project = write_project(switched("{site: true, pdf: false}"))
    options = Options(project, project / "dist", None, cache=tmp_path / "cache")
    assert not build_project(options, NoProgress()).unchanged
    assert build_project(options, NoProgress()).unchanged
    (project / "dist/site/index.html").write_bytes(b"edited")
    assert not build_project(options, NoProgress()).unchanged


def test_a_release_has_both(tmp_path: Path) -> None:
    author = Author(tmp_path / "project")
    author.facts["outputs"] = {"ankiweb": True, "site": True, "pdf": False}
    author.only = None
    author.release("1.0.0")
    author.find("iron")["answer"] = "Another answer."
    author.release("1.0.1", "2026-03-01")
    assert (author.out / "site/sample.apkg").read_bytes() == author.package
    assert {path.name for path in (author.out / "site").iterdir()} >= OWN
    page = front_page(author.project)
    assert "New in version 1.0.1" in page.words
    assert "Changed notes: 1" in page.words
    assert (author.out / "RELEASE_NOTES.md").exists()
    assert not (author.out / "site/RELEASE_NOTES.md").exists()


# --- the front page


def test_links_to_it_show_its_picture_and_are_whole_where_its_address_is_known(write_project: WriteProject) -> None:
    project = write_project(switched("{site: {address: 'https://example.org/decks/sample'}, pdf: false}"))
    build(project)
    page = front_page(project)
    assert page.links[0] == page.head["og:url"] == "https://example.org/decks/sample/"
    assert page.head["og:image"] == page.head["twitter:image"] == "https://example.org/decks/sample/preview.png"
    assert page.head["og:title"] == page.head["twitter:title"] == "Sample deck"
    build(write_project(switched("{site: true, pdf: false}")))
    assert front_page(project).head["og:image"] == "preview.png"
    assert "og:url" not in front_page(project).head
    assert "robots" not in front_page(project).head


@pytest.mark.parametrize("address", ["ftp://example.org", "htp://example.org", "example.org"])
def test_an_address_that_is_none_is_reported_at_its_place(write_project: WriteProject, address: str) -> None:
    (found,) = check_project(write_project(switched(f"{{site: {{address: '{address}'}}}}"))).diagnostics
    assert (found.code, found.span.line, found.span.column) == ("bad-url", 1, 27)


def test_a_site_has_no_paper(write_project: WriteProject) -> None:
    (found,) = check_project(write_project(switched("{site: {papers: [a4]}}"))).diagnostics
    assert found.code == "unknown-key"
    assert "`papers` is an option of pdf" in found.help


def test_it_runs_nothing_and_loads_nothing(write_project: WriteProject) -> None:
    project = write_project(switched("{site: true, pdf: false}"))
    build(project)
    text = (project / "dist/site/index.html").read_text(encoding="utf-8")
    policy = front_page(project).head["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    for sign in ("<script", " style=", "src=", "onclick", "@import"):
        assert sign not in text


HOSTILE = "</title></style><script>alert(1)</script>\\\"' {{ 7 * 7 }} {% raw %} *b* & #"


@pytest.mark.parametrize(
    "answer",
    [
        "| name | angles |\n| --- | --- |\n| rectangle | all 90° |\n| rhombus | opposite ones equal |",
        "- a rectangle\n- a rhombus",
        "1. a rectangle\n2. a rhombus",
        "```\nrectangle = 90\nrhombus = 60\n```",
        "![A rectangle](dot.png)",
    ],
)
def test_what_words_in_a_line_do_not_show_is_no_sample(tmp_path: Path, answer: str) -> None:
    notes = with_basics(
        {"id": "hard", "question": "Which shapes have four sides?", "answer": f"{answer}\n"},
        {"id": "core", "question": "Is a square a rectangle?", "answer": f"Yes, one with equal sides.\n\n{answer}\n"},
        {"id": "plain", "question": "How many sides has a square?", "answer": "Four."},
    )
    deck = deck_from(tmp_path, {**notes, "media/dot.png": EVERYTHING["media/dot.png"]})
    shown = [(sample.asked, sample.answer) for sample in choose_samples(deck)]
    assert ("How many sides has a square?", "Four.") in shown
    assert not any("rhombus" in said or "dot.png" in said for _, said in shown)
    assert "Which shapes have four sides?" not in dict(shown)


def test_texts_of_an_author_are_texts(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, {"first.yaml": QUESTION})
    section = replace(deck.sections[0], title=HOSTILE, description=HOSTILE)
    deck = replace(deck, title=HOSTILE, description=HOSTILE, license=HOSTILE, checked=HOSTILE, version=HOSTILE)
    deck = replace(deck, authors=(HOSTILE,), sections=(section,))
    pages = {each.name: each.data.decode("latin-1") for each in compose(deck, ()).artifacts}
    text = pages["site/index.html"]
    assert "<script" not in text
    assert text.count("</style>") == 1
    words = _Reader(text).words
    assert words.count(HOSTILE) >= 3
    assert not any("49" in word for word in words)


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_each_language_has_its_own_words(write_project: WriteProject, language: str) -> None:
    project = write_project(switched("{site: true, booklet: false, flashcards: false}", f"language: {language}\n"))
    build(project)
    page = front_page(project)
    assert page.root == {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}
    texts = TEXTS["pt"] | TEXTS[language] if language == "pt-PT" else TEXTS[language]
    for label in ("Download for Anki", "Study in the browser", "What is inside", "How to import", "To print"):
        assert texts[label] in page.words


def test_a_language_without_words_has_english_ones_that_say_so(write_project: WriteProject) -> None:
    project = write_project(switched("{site: true, pdf: false}", "language: el\n"))
    build(project)
    text = (project / "dist/site/index.html").read_text(encoding="utf-8")
    assert '<span lang="en" dir="ltr">What is inside</span>' in text


def test_a_projects_own_words_are_on_it(write_project: WriteProject) -> None:
    strings = {"../templates/strings/el.yaml": json.dumps({english: f"Ω{english}" for english in ENGLISH})}
    project = write_project({**switched("{site: true, pdf: false}", "language: el\n"), **strings})
    build(project)
    words = front_page(project).words
    assert "ΩWhat is inside" in words
    assert set(ENGLISH) & set(words) - set(NO_LABELS) == set()


def test_a_front_page_of_the_projects_own_is_not_used_and_reported(write_project: WriteProject) -> None:
    own = {f"../templates/site/{name}": "<script>" for name in ("index.html", "site.css", "preview.typ")}
    project = write_project({**switched("{site: true, pdf: false}"), **own})
    found = check_project(project).diagnostics
    assert [each.code for each in found] == ["unused-template"] * 3
    assert all("ours alone" in each.help for each in found)


# --- the picture


def test_the_picture_has_the_size_that_links_show(tmp_path: Path) -> None:
    data, problems = draw_preview(deck_from(tmp_path, EVERYTHING))
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
        assert len(picture.convert("RGB").getcolors(1_000_000) or []) > 20  # there are letters on it
    assert problems == ()
    assert draw_preview(deck_from(tmp_path, EVERYTHING))[0] == data


def test_what_the_fonts_cannot_show_is_left_out_and_the_id_is_the_title(tmp_path: Path) -> None:
    in_japanese = DECK.replace("title: Sample deck", "title: 漢字\ndescription: 三十字")
    picture, _ = draw_preview(deck_from(tmp_path, {"deck.yaml": in_japanese, "first.yaml": QUESTION}))
    by_id = DECK.replace("title: Sample deck", "title: sample")
    assert picture == draw_preview(deck_from(tmp_path, {"deck.yaml": by_id, "first.yaml": QUESTION}))[0]


def test_fonts_that_cannot_be_used_are_named_and_the_engines_draw_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = deck_from(tmp_path, {"first.yaml": QUESTION})
    expected, _ = draw_preview(deck)
    own = replace(deck, fonts=(*deck.engine_fonts, Media("own.ttf", b"\x00\x01\x00\x00", "own.ttf")))
    draw = preview._draw

    def fail(deck: object, fonts: object) -> bytes:
        if fonts == own.fonts:
            raise RuntimeError("a broken\nfont")
        return draw(own, own.engine_fonts)

    monkeypatch.setattr(preview, "_draw", fail)
    data, (problem,) = draw_preview(own)
    assert data == expected
    assert (problem.code, problem.span.path) == ("bad-print-font", "source/fonts")
    assert problem.message.endswith("a broken font")


@pytest.mark.parametrize("language", ["en", "ar", "ja"])
@pytest.mark.parametrize("length", [1, 9, 40])
def test_texts_of_any_length_have_room(tmp_path: Path, language: str, length: int) -> None:
    title, description = " ".join(["Word"] * length), " ".join(["and more words"] * length)
    head = DECK.replace("title: Sample deck", f"title: {title}\ndescription: {description}\nlanguage: {language}")
    data, _ = draw_preview(deck_from(tmp_path, {"deck.yaml": head, "first.yaml": QUESTION}))
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (1200, 630)
        # Below the stripe the margins are empty, and so is the room between title, description and line.
        shown = picture.convert("RGB")
        for box in ((0, 30, 78, 630), (1122, 30, 1200, 630), (78, 506, 1122, 511)):
            assert len(shown.crop(box).getcolors(1_000) or []) == 1, box


def test_the_command_names_them(write_project: WriteProject, capsys: pytest.CaptureFixture[str]) -> None:
    project = write_project(switched("{pdf: false}"))
    assert run(["--project", str(project), "--only", "website"]) == 2
    assert run(["--project", str(project), "--only", "site,ankiweb"]) == 0
    said = capsys.readouterr().out
    assert f"{project / 'dist' / 'site' / 'index.html'}  " in said
    assert "sample.ankiweb.txt" in said
