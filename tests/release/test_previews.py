"""Previews grow: each is newer than the one before it and older than the next release, wherever it is put."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cardpress.anki.package import read_package
from cardpress.anki.stamps import list_shipped, note_preview, stamp
from cardpress.cli.main import run
from cardpress.history.previews import (
    MOST,
    Preview,
    describe,
    identify,
    name_version,
    to_preview_moment,
    to_unreleased_moment,
)
from cardpress.history.records import History, Release, find_moment, to_moment
from cardpress.history.versions import VERSION, rank
from cardpress.note_types.identity import make_guid
from cardpress.pipeline import Options, build_project, load_and_check, render_deck
from cardpress.progress import NoProgress
from cardpress.publish.preview_count import PreviewError, count_previews, take_number
from cardpress.release.make import make_release
from cardpress.release.refusals import RefusedError
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.author import FIRST_DAY, Author, question

NEON, GOLD = make_guid("sample", "neon"), make_guid("sample", "gold")
FIRST = to_moment(FIRST_DAY)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


def preview(author: Author, cache: Path | None, out: str = "preview") -> bytes:
    """Save and build a preview, and return the package."""
    author.write()
    folder = author.project.parent / out
    result = build_project(replace(author.options(folder), cache=cache, preview=True), NoProgress())
    assert result.preview
    return (folder / "sample.apkg").read_bytes()


def version_of(package: bytes, guid: str) -> str:
    return [text for text in read_package(package).notes[guid].fields if text][-1]  # before the spare fields


def releases(*days: str) -> History:
    history = None
    for number, day in enumerate(days):
        this = Release(f"1.0.{number}", day, "", "", find_moment(history, day))
        history = History((*(history.releases if history else ()), this), {}, {}, {})
    assert history
    return history


# --- in the real Anki ---------------------------------------------------------------------------------------------


def test_release_edit_preview_edit_preview_release(author: Author, cache: Path, learner: Learner) -> None:
    learner.take(author.package)
    for number, answer in enumerate(("Red.", "Orange.", "Red again."), 1):
        author.find("neon")["answer"] = answer
        package = preview(author, cache, out=f"preview-{number}")
        assert version_of(package, NEON) == f"1.0.0+preview.{number}"
        assert len(learner.take(package).updated) == 1
        assert learner.field(NEON, "Answer") == f"<p>{answer}</p>"
    author.find("neon")["answer"] = "Red, after all."
    assert len(learner.take(author.release("1.0.1", FIRST_DAY)).updated) == 1  # of the same day as 1.0.0
    assert learner.field(NEON, "Answer") == "<p>Red, after all.</p>"


def test_a_change_that_is_taken_back_is_taken_back_from_who_has_the_preview(
    author: Author, cache: Path, learner: Learner
) -> None:
    learner.take(author.package)
    kept = author.find("neon")["answer"]
    author.find("neon")["answer"] = "Red."
    learner.take(preview(author, cache))
    author.find("neon")["answer"] = kept
    learner.take(preview(author, cache))
    assert learner.field(NEON, "Answer") == f"<p>{kept}</p>"


def test_what_a_later_preview_does_not_change_keeps_its_readers_edits(
    author: Author, cache: Path, learner: Learner
) -> None:
    author.find("neon")["answer"] = "Red."
    learner.take(preview(author, cache))
    author.find("gold")["answer"] = "It is noble."
    second = preview(author, cache)
    assert (version_of(second, NEON), version_of(second, GOLD)) == ("1.0.0+preview.1", "1.0.0+preview.2")
    assert len(learner.take(second).updated) == 1


def test_a_new_card_design_grows_with_its_previews(author: Author, cache: Path, learner: Learner) -> None:
    learner.take(author.package)
    for color in ("teal", "navy"):
        author.style("note-types/recall/back.html", f"{{{{FrontSide}}}}<hr>{{{{Answer}}}} {{{{Notice}}}} {color}")
        learner.take(preview(author, cache))
        (card,) = learner.cards_of(make_guid("sample", "helium-name"))
        assert color in card.render_output().answer_text


def test_before_the_first_release_previews_grow_too_and_any_release_comes_over_them(
    tmp_path: Path, cache: Path, learner: Learner
) -> None:
    author = Author(tmp_path / "project")
    for number, answer in enumerate(("Red.", "Orange."), 1):
        author.find("neon")["answer"] = answer
        package = preview(author, cache)
        assert version_of(package, NEON) == f"0.1.0-preview.{number}"
        learner.take(package)
        assert learner.field(NEON, "Answer") == f"<p>{answer}</p>"
    author.find("neon")["answer"] = "Red, after all."
    learner.take(author.release("0.1.0", "1980-01-01"))
    assert learner.field(NEON, "Answer") == "<p>Red, after all.</p>"
    assert learner.field(GOLD, "Version") == "0.1.0"


@pytest.mark.parametrize("day", [FIRST_DAY, "1980-01-01"])
def test_the_first_release_comes_over_a_plain_build_of_any_day(
    tmp_path: Path, cache: Path, learner: Learner, day: str
) -> None:
    author = Author(tmp_path / "project")
    author.style("note-types/recall/back.html", "{{FrontSide}}<hr>{{Answer}} {{Notice}} teal")
    learner.take(author.build(tmp_path / "handed-out"))
    author.facts["date"] = "2026-01-02"
    author.find("gold")["answer"] = "It is noble."
    (author.project / "source" / "deck.yaml").unlink()  # the author of tests keeps its date
    learner.take(author.build(tmp_path / "of-the-next-day"))
    assert learner.field(GOLD, "Answer") == "<p>It is noble.</p>"
    author.find("neon")["answer"] = "Orange."
    learner.take(preview(author, cache))
    assert learner.field(NEON, "Answer") == "<p>Orange.</p>"
    author.style("note-types/recall/back.html", "{{FrontSide}}<hr>{{Answer}} {{Notice}} navy")
    author.find("neon")["answer"] = "Red."
    learner.take(author.release("1.1.0", day))
    assert learner.field(NEON, "Answer") == "<p>Red.</p>"
    (card,) = learner.cards_of(make_guid("sample", "helium-name"))
    assert "navy" in card.render_output().answer_text


# --- numbers ------------------------------------------------------------------------------------------------------


def test_a_preview_has_its_number_wherever_project_and_output_are(author: Author, cache: Path, tmp_path: Path) -> None:
    author.find("neon")["answer"] = "Red."
    preview(author, cache)
    shutil.copytree(author.project, tmp_path / "elsewhere" / "copy")
    other = Author.of(tmp_path / "elsewhere" / "copy")
    other.find("neon")["answer"] = "Orange."
    assert version_of(preview(other, cache, out="there"), NEON) == "1.0.0+preview.2"
    author.find("neon")["answer"] = "Yellow."
    assert version_of(preview(author, cache, out="project/dist"), NEON) == "1.0.0+preview.3"
    assert count_previews(cache, identify("sample", author.history)) == 3


def test_after_a_release_and_for_another_deck_they_begin_anew(author: Author, cache: Path) -> None:
    author.find("neon")["answer"] = "Red."
    preview(author, cache)
    author.release("1.0.1", "2026-02-01")
    author.find("neon")["answer"] = "Orange."
    assert version_of(preview(author, cache), NEON) == "1.0.1+preview.1"
    assert identify("sample", author.history) != identify("other", author.history) != identify("other", None)


def test_a_plain_build_knows_nothing_of_previews(author: Author, cache: Path, tmp_path: Path) -> None:
    author.find("neon")["answer"] = "Red."
    before = author.build(tmp_path / "before")
    preview(author, cache)
    author.write()
    build_project(replace(author.options(tmp_path / "after"), cache=cache), NoProgress())
    assert (tmp_path / "after" / "sample.apkg").read_bytes() == before


def test_a_preview_is_newer_than_a_plain_build(author: Author, cache: Path, learner: Learner, tmp_path: Path) -> None:
    author.find("neon")["answer"] = "Red."
    learner.take(author.build(tmp_path / "plain"))
    author.find("neon")["answer"] = "Orange."
    learner.take(preview(author, cache))
    assert learner.field(NEON, "Answer") == "<p>Orange.</p>"


def test_a_deck_that_cannot_be_built_takes_no_number(author: Author, cache: Path) -> None:
    author.find("neon")["answer"] = ""
    author.write()
    options = replace(author.options(author.project.parent / "preview"), cache=cache, preview=True)
    assert build_project(options, NoProgress()).failed(strict=False)
    assert not (cache / "previews").exists()


@pytest.mark.parametrize(
    ("last", "version", "wanted"),
    [
        ("1.0.0", "1.1.0", "1.0.0+preview.3"),
        ("1.0.0+linux", "1.1.0", "1.0.0+linux.preview.3"),
        (None, "1.0.0", "1.0.0-preview.3"),
        (None, "1.0.0-rc.1", "1.0.0-rc.1.preview.3"),
        (None, "1.0.0+linux", "1.0.0-preview.3+linux"),
        (None, "1.0.0+linux-64", "1.0.0-preview.3+linux-64"),
    ],
)
def test_a_preview_bears_a_version_that_says_what_it_is(last: str | None, version: str, wanted: str) -> None:
    history = History((Release(last, FIRST_DAY, "", "", to_moment(FIRST_DAY)),), {}, {}, {}) if last else None
    assert name_version(history, version, 3) == wanted
    assert VERSION.fullmatch(wanted)
    assert last or rank(wanted) < rank(version) or "-" in version.partition("+")[0]


# --- moments ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [[FIRST_DAY], [FIRST_DAY] * 3])
def test_58_previews_lie_before_a_release_of_the_same_day(days: list[str]) -> None:
    history = releases(*days)
    plain = history.moment_of(history.last.version) + 1
    moments = [to_preview_moment(history, number) for number in range(1, 59)]
    assert plain < moments[0]
    assert moments == sorted(set(moments))
    assert moments[-1] < releases(*days, FIRST_DAY).moment_of(f"1.0.{len(days)}")


def test_all_lie_before_a_release_of_the_next_day() -> None:
    history = releases(*[FIRST_DAY] * 100)
    assert to_preview_moment(history, MOST) < to_moment("2026-01-02")
    assert to_preview_moment(None, MOST) < to_moment("1980-01-01")
    days = [to_unreleased_moment(day) for day in ("1980-01-01", "1980-01-02", "2026-01-01", "9999-12-31")]
    assert days == sorted(set(days))
    assert days[-1] < to_preview_moment(None, 1)


def test_after_more_a_release_of_the_same_day_is_refused(author: Author, cache: Path) -> None:
    name = identify("sample", author.history)
    for _ in range(58):
        take_number(cache, name)
    assert "later day" not in describe(author.history, "1.0.0", 58)
    take_number(cache, name)
    assert describe(author.history, "1.0.0", 59).endswith(f"the next release must be of a later day than {FIRST_DAY}")
    author.find("neon")["answer"] = "Red."
    author.write()
    options = replace(author.options(), cache=cache)
    with pytest.raises(RefusedError, match=rf"^59 previews .* of {FIRST_DAY} for older; name a later day with --date$"):
        make_release(replace(author.request("1.0.1", FIRST_DAY), options=options), NoProgress())
    assert make_release(replace(author.request("1.0.1", "2026-01-02"), options=options), NoProgress()).released


def test_stamps_remember_what_each_preview_changed(author: Author) -> None:
    author.find("neon")["answer"] = "Red."
    author.write()
    bank, _ = load_and_check(author.project)
    options = Options(author.project, author.out, ("apkg",))
    first = Preview(7)
    deck = render_deck(bank, options, first)
    known = note_preview(deck, bank.history, first)
    assert (deck.version, set(known.notes), set(known.note_types)) == ("1.0.0+preview.7", {NEON}, set())
    assert known.notes[NEON].number == 7
    again = render_deck(bank, options, replace(known, number=8))
    stamps = {each.note.guid: each.note.stamp for each in list_shipped(again)}
    assert (stamps[NEON].version, stamps[NEON].modified) == ("1.0.0+preview.7", FIRST + 1 + 7)
    assert {each.version for guid, each in stamps.items() if guid != NEON} == {"1.0.0"}
    assert (again.version, stamp(again, bank.history).version) == ("1.0.0+preview.8", "1.0.0+preview.8")


# --- the cache ----------------------------------------------------------------------------------------------------


def test_the_command_says_which_preview_it_made(
    author: Author, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache-home"))
    author.sections["gases"].append(question("xenon", "Where is xenon used?", "In lamps."))
    author.write()
    arguments = ["build", "--project", str(author.project), "--only", "apkg", "--preview", "--out"]
    for number in (1, 2):
        assert run([*arguments, str(tmp_path / f"out-{number}")]) == 0
        said = f"preview {number} after 1.0.0; what it changes bears the version 1.0.0+preview.{number}"
        assert capsys.readouterr().out.splitlines()[-1] == said
    assert b"1.0.0+preview.2" in (tmp_path / "out-2" / "manifest.json").read_bytes()


def test_without_a_cache_folder_there_are_no_previews(
    author: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = author.project.parent / "preview"
    arguments = ["build", "--project", str(author.project), "--only", "apkg", "--out", str(out), "--preview"]
    assert run([*arguments, "--no-cache"]) == 2
    assert "--preview is numbered in your cache folder; leave out --no-cache" in capsys.readouterr().err
    monkeypatch.setattr("cardpress.cli.build_commands.find_cache", lambda: None)
    assert run(arguments) == 3
    assert "previews are counted in your cache folder, and there is none" in capsys.readouterr().err
    assert not out.exists()


def test_a_cache_folder_in_the_project_is_none(author: Author) -> None:
    with pytest.raises(PreviewError, match="there is none"):
        preview(author, author.project / "cache")


@pytest.mark.parametrize(
    "content",
    [
        "no JSON",
        "[]",
        "{}",
        '{"number": "3", "notes": {}, "note_types": {}}',
        '{"number": -1, "notes": {}, "note_types": {}}',
        '{"number": 1e9, "notes": {}, "note_types": {}}',
        '{"number": 99999999, "notes": {}, "note_types": {}}',
        '{"number": 3, "notes": {"a": ["b", 4]}, "note_types": {}}',
        '{"number": 3, "notes": [], "note_types": {}}',
        '{"number": 3, "notes": {}, "note_types": {"a": 1}}',
    ],
)
def test_a_damaged_count_is_named_and_nothing_is_made(author: Author, cache: Path, content: str) -> None:
    file = cache / "previews" / f"{identify('sample', author.history)}.json"
    file.parent.mkdir(parents=True)
    file.write_text(content, encoding="utf-8")
    with pytest.raises(PreviewError, match=r"cannot be read; delete it, and the next preview is number 1 again$"):
        preview(author, cache)
    assert not (author.project.parent / "preview").exists()
    assert count_previews(cache, identify("sample", author.history)) == 0


def test_a_count_that_cannot_be_kept_stops_the_preview(author: Author, cache: Path) -> None:
    cache.write_text("a file", encoding="utf-8")
    with pytest.raises(PreviewError, match="the number of a preview cannot be kept in"):
        preview(author, cache)


def test_no_more_are_counted_than_there_are_seconds(cache: Path) -> None:
    take_number(cache, "deck")
    file = cache / "previews" / "deck.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"number": 1', f'"number": {MOST}'), encoding="utf-8")
    with pytest.raises(PreviewError, match="make a release"):
        take_number(cache, "deck")


def test_the_counts_of_many_releases_make_room(cache: Path) -> None:
    for number in range(205):
        take_number(cache, f"deck-{number}")
        os.utime(cache / "previews" / f"deck-{number}.json", (number, number))
    assert count_previews(cache, "deck-0") == 0
    assert count_previews(cache, "deck-204") == 1
    assert len(list((cache / "previews").iterdir())) <= 201
