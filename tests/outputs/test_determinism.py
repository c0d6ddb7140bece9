"""The same source makes the same bytes, whoever builds it, where, when and how."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from cardpress.outputs import PAPERS, Sheet
from cardpress.writers import pdf
from cardpress.writers.apkg.archive import pack
from tests.conftest import ROOT
from tests.helpers.decks import deck_of, package_of
from tests.helpers.own_note_types import place_of
from tests.helpers.sample_project import DECK, EVERYTHING
from tests.helpers.sounds import ENDINGS, tone

pytestmark = pytest.mark.slow  # it builds the sample deck in four ways, from the command line

# A note type of the project's own that holds what those of ours do not, in all the ways that cards show it.
WORD = """\
title: Word
noun: a word
fields:
  - {key: word, holds: line, required: true, language: ja}
  - {key: meaning, holds: text, label: Key points}
  - {key: forms, holds: pairs, parts: [{key: form, label: Form}, {key: use, label: Use}]}
  - {key: rank, holds: number, unique: true}
  - {key: kind, holds: one-of, values: [noun, verb]}
  - {key: sound, holds: audio}
  - {key: picture, holds: picture}
  - {key: old, holds: html}
  - {key: both, holds: flag}
  - {key: mine, holds: text, personal: true, label: My own}
cards:
  - {name: Recognise, asks: ["furigana:word", sound], answers: [meaning, forms, picture, old, mine]}
  - {name: Recall, when: both, asks: [meaning], answers: [kind, "hint:forms"], typed: kind, typed_when: both}
  - {name: Read, asks: ["kanji:word"], answers: ["kana:word"], front: front.html}
"""
WORDS = """\
- id: dog
  word: 犬[いぬ]
  meaning: "A *dog*, or $d^2$: ![how it sounds](tone.wav)"
  forms: [{form: "**犬**[いぬ]", use: '\\(\\frac{1}{2}\\)'}]
  rank: 1
  kind: noun
  sound: {file: tone.ogg, description: a tone}
  picture: lines.svg
  old: '<b>a</b> [sound:tone.flac] <img src="dot.png"> \\(x\\) <ruby>犬<rt>いぬ</rt></ruby>'
  both: true
- {id: cat, word: "猫[ねこ]", meaning: A cat., retired: {reason: Gone, replaced_by: dog}}
- {id: gaps, cloze: "{{c1::犬[いぬ]}} and {{c2::$x$::which}} ![a tone](tone.mp3)", note_type: cloze}
- {id: both, question: "Which?", answer: "One.", reverse: true, typed: true, note_type: basic}
"""
TABLE = 'word,meaning,tags\nwolf,a wolf,wild\nfox,"a fox, \\(f_1\\)",wild red\n'
SHAPES = """\
- id: heart
  header: Which is it?
  occlude:
    image: lines.svg
    hide: one
    masks: [{id: a, rect: [0, 1, 4, 2], label: 'first, \\(a\\)'}, {id: b, rect: [4, 3, 4, 2], label: "*second*"}]
"""
SECTIONS = """\
  - {id: words, title: Words, note_type: word, tags: [words], deck_name: "Words::All"}
  - {id: table, title: Table, note_type: word, table: table.csv, ids: {from: word}}
  - {id: shapes, title: Shapes}
"""
SWITCHES = """\
math: dollars
deck_name: Samples::Sample
outputs: {flashcards: {per_page: 6}, pdf: {papers: [letter, a4]}, site: true, ankiweb: true, crowdanki: true}
checks: {missing-glyph: off, no-source: off, missing-wanted: off, unshown-field: off}
"""
PROJECT: dict[str, str | bytes] = {
    **EVERYTHING,
    "deck.yaml": DECK.replace("sections:\n", f"{SWITCHES}sections:\n") + SECTIONS,
    "words.yaml": WORDS,
    "table.csv": TABLE,
    "shapes.yaml": SHAPES,
    place_of("word"): WORD,
    place_of("word", "front.html"): "<p>@@label:Sources@@</p>{{kanji:Word}}\n",
    place_of("word", "style.css"): '.x::after { content: "@@label:Key points@@"; }\n',
    "../templates/strings/en.yaml": 'Key points: What counts\n"{n} of {all}": "{n}/{all}"\nMy own: Mine\n',
    **{f"media/tone.{ending}": tone(ending) for ending in ENDINGS if ending in ("mp3", "ogg", "wav", "flac")},
}

# What every build of the sample deck makes.
ARTIFACTS = {
    "SHA256SUMS",
    "manifest.json",
    "sample-booklet-a4.pdf",
    "sample-booklet-letter.pdf",
    "sample-cheatsheet-a4.pdf",
    "sample-cheatsheet-letter.pdf",
    "sample-study-notes-a4.pdf",
    "sample-study-notes-letter.pdf",
    "sample-flashcards-a4.pdf",
    "sample-flashcards-letter.pdf",
    "sample-recall-cards-a4.pdf",
    "sample-recall-cards-letter.pdf",
    "sample-update.csv",
    "sample.ankiweb.txt",
    "sample.apkg",
    "sample.html",
    "sample.json",
    "sample.schema.json",
}
ARTIFACTS |= {f"site/{name}" for name in ARTIFACTS if not name.endswith((".txt", "manifest.json", "SHA256SUMS"))}
ARTIFACTS |= {"crowdanki/deck.json", "crowdanki/import_config.yaml"}
# The names of these are made of what they hold.
MEDIA = "crowdanki/media/"
ARTIFACTS |= {"site/index.html", "site/preview.png", "site/.nojekyll"}


@dataclass(frozen=True)
class Way:
    """One way to run a build."""

    environment: Mapping[str, str]
    umask: int = 0o022
    options: tuple[str, ...] = ()
    folder: str = "."
    # Where the project lies, whether it is named from there, and how many times it is built.
    project: str = "project"
    relative: bool = False
    runs: int = 1


WAYS = {
    "plain": Way({"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"}, options=("--jobs", "1", "--no-cache")),
    "elsewhere": Way(
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
        umask=0o077,
        options=("--jobs", "2"),
        folder="/",
    ),
    "cached": Way(
        {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "POSIX", "PYTHONUTF8": "1"},
        umask=0o000,
        options=("--jobs", "4"),
        runs=2,
    ),
    "copied": Way(
        {"PYTHONHASHSEED": "random", "LANG": "tr_TR.UTF-8", "SOURCE_DATE_EPOCH": "1"}, project="Ünï cöpy", relative=True
    ),
}


def place_project(project: Path, *, reverse: bool, modified: int) -> None:
    """Write the sample deck; file systems list files in the order in which they were made, or any other."""
    for name in sorted(PROJECT, reverse=reverse):
        content = PROJECT[name]
        path = project / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (modified, modified))


def start(way: Way, home: Path) -> subprocess.Popen[str]:
    project = home / way.project
    folder = home if way.relative else Path(way.folder)
    named = way.project if way.relative else str(project)
    build = [sys.executable, str(ROOT / "build.py"), "--project", named, "--strict", *way.options]
    # Each run but the last fills the cache; the last builds anew into an empty folder.
    script = "\n".join(
        [f"umask {way.umask:03o}", *(f'"$@" --out "{home}/out-{run}" || exit 1' for run in range(way.runs))]
    )
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    kept["XDG_CACHE_HOME"] = str(home / "cache")
    return subprocess.Popen(
        ["sh", "-c", script, "sh", *build],
        cwd=folder,
        env=kept | dict(way.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """Build in every way; give the files of each."""
    homes = {name: tmp_path_factory.mktemp(name) for name in WAYS}
    for name, way in WAYS.items():
        copied = name == "copied"
        place_project(homes[name] / way.project, reverse=copied, modified=1 if copied else 1_700_000_000)
    running = {name: start(way, homes[name]) for name, way in WAYS.items()}
    said = {name: process.communicate(timeout=300)[0] for name, process in running.items()}
    assert {name: process.returncode for name, process in running.items()} == dict.fromkeys(WAYS, 0), said
    outs = {name: homes[name] / f"out-{way.runs - 1}" for name, way in WAYS.items()}
    made = {
        name: {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
        for name, out in outs.items()
    }
    assert len([*(homes["cached"] / "cache").rglob("colors.json")]) == 1
    assert not (homes["plain"] / "cache").exists()
    for home in homes.values():
        shutil.rmtree(home)
    return made


def test_every_artifact_is_made(made: dict[str, dict[str, bytes]]) -> None:
    assert {name for name in made["plain"] if not name.startswith(MEDIA)} == ARTIFACTS


@pytest.mark.parametrize("way", [name for name in WAYS if name != "plain"])
def test_every_way_makes_the_same_media(made: dict[str, dict[str, bytes]], way: str) -> None:
    media = {name: data for name, data in made["plain"].items() if name.startswith(MEDIA)}
    assert media
    assert {name: data for name, data in made[way].items() if name.startswith(MEDIA)} == media


@pytest.mark.parametrize("artifact", sorted(ARTIFACTS))
@pytest.mark.parametrize("way", [name for name in WAYS if name != "plain"])
def test_every_way_makes_the_same_bytes(made: dict[str, dict[str, bytes]], way: str, artifact: str) -> None:
    assert made[way][artifact] == made["plain"][artifact]


def test_nothing_tells_where_it_was_built(made: dict[str, dict[str, bytes]]) -> None:
    for name, data in made["plain"].items():
        for piece in _pieces(name, data):
            for told in (b"pytest-of", b"/tmp/", str(ROOT).encode(), b"/root"):
                assert told not in piece, name


def _pieces(name: str, data: bytes) -> Iterator[bytes]:
    yield data
    if name.endswith(".apkg"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(member) for member in archive.namelist())


def _database(package: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return archive.read("collection.anki2")


def test_the_database_does_not_tell_which_sqlite_wrote_it(made: dict[str, dict[str, bytes]]) -> None:
    # SQLite's file format, 1.3.15: the version number of the library stands at byte 96.
    written = int.from_bytes(_database(made["plain"]["sample.apkg"])[96:100], "big")
    assert written == 3_040_000


def test_the_database_is_one_that_sqlite_finds_no_fault_with(made: dict[str, dict[str, bytes]]) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(_database(made["plain"]["sample.apkg"]))
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("pragma page_size").fetchall() == [(4096,)]


def test_members_of_the_package_have_a_fixed_order_and_date(made: dict[str, dict[str, bytes]]) -> None:
    with zipfile.ZipFile(io.BytesIO(made["plain"]["sample.apkg"])) as archive:
        assert archive.namelist() == ["collection.anki2", *map(str, range(6)), "media"]
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_no_members_bytes_come_from_the_machines_own_zlib(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments: object, **options: object) -> None:
        raise AssertionError("compressed with zlib")

    expected = pack({"a": b"x" * 1000})
    for name in ("compress", "compressobj"):
        monkeypatch.setattr(zlib, name, never)
    assert pack({"a": b"x" * 1000}) == expected


def test_a_sheet_set_in_a_process_of_its_own_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place_project(tmp_path / "project", reverse=False, modified=0)
    deck = deck_of(tmp_path / "project")
    with pdf.open_press(deck) as press:
        expected = press.make(Sheet("study-notes"), PAPERS)
    monkeypatch.setattr(pdf, "_MANY", 0)
    with pdf.open_press(deck) as press:
        assert press.make(Sheet("study-notes"), PAPERS) == expected


def test_nothing_reads_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments: object) -> None:
        raise AssertionError("read the clock")

    place_project(tmp_path / "project", reverse=False, modified=0)
    deck = deck_of(tmp_path / "project")
    expected = package_of(deck)
    monkeypatch.setattr("time.time", never)
    assert package_of(deck) == expected
