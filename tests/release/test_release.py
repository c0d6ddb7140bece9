"""A release is made whole or refused; what it writes is what the next build makes again."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cardpress.outputs import NAMES
from cardpress.pipeline import Options, build_project
from cardpress.progress import NoProgress
from cardpress.publish.lock import hold_lock
from cardpress.publish.recovery import JOURNAL
from cardpress.release import make
from cardpress.release.refusals import RefusedError
from cardpress.release.rehearsal import Row
from cardpress.source.contents import digest_source
from tests.conftest import ROOT
from tests.helpers.author import Author, question, tree


def refused(author: Author, version: str, date: str = "2026-03-01", **more: Any) -> str:
    """Have a release refused, of which nothing may be left; gives the reason."""
    author.write()
    before = tree(author.project)
    with pytest.raises(RefusedError) as refusal:
        author.try_release(version, date, **more)
    assert tree(author.project) == before
    return str(refusal.value)


# --- what it writes -------------------------------------------------------------------------------------------------


def test_a_release_writes_artifacts_history_changelog_notes_and_version(tmp_path: Path) -> None:
    author = Author(tmp_path / "project")
    author.only = tuple(name for name in NAMES if name != "cheatsheet")  # the deck has no gists
    author.facts["report_url"] = "https://example.org/{id}/{version}"
    author.write()
    deck = author.project / "source" / "deck.yaml"
    deck.write_text(f"# The deck.\n{deck.read_text(encoding='utf-8')}# The end.\n", encoding="utf-8")
    before = deck.read_text(encoding="utf-8")
    outcome = make.make_release(author.request("1.0.0", "2026-02-03"), NoProgress())
    assert outcome.released
    after = before.replace("version: 0.1.0", "version: 1.0.0").replace("date: 2026-01-01", "date: 2026-02-03")
    assert deck.read_text(encoding="utf-8") == after
    assert author.history.last.package == hashlib.sha256(author.package).hexdigest()
    assert author.history.last.source == digest_source(author.project)
    manifest = json.loads((author.out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["deck"] == {"id": "sample", "version": "1.0.0", "date": "2026-02-03"}
    assert (
        (author.out / "RELEASE_NOTES.md").read_text(encoding="utf-8").startswith("# 1.0.0\n\n2026-02-03\n\nThe first")
    )
    assert not (author.project / JOURNAL).exists()
    kept = tree(author.out)
    assert not build_project(author.options(), NoProgress()).diagnostics
    assert tree(author.out) == kept


def test_a_file_that_is_no_longer_made_goes_and_what_nobody_listed_stays(author: Author) -> None:
    manifest = author.out / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["artifacts"].append({"path": "sample.txt"})
    manifest.write_text(json.dumps(content), encoding="utf-8")
    for name in ("sample.txt", "mine.txt"):
        (author.out / name).write_text("text", encoding="utf-8")
    author.release("1.0.1", "2026-02-01")
    assert not (author.out / "sample.txt").exists()
    assert (author.out / "mine.txt").exists()


def test_quotes_around_version_and_date_and_windows_lines_do_no_harm(author: Author) -> None:
    deck = author.project / "source" / "deck.yaml"
    text = deck.read_text(encoding="utf-8").replace("1.0.0", '"1.0.0" # keep').replace("2026-01-01", "'2026-01-01'")
    deck.write_bytes(text.replace("\n", "\r\n").encode())
    outcome = make.make_release(author.request("1.0.1", "2026-02-01"), NoProgress())
    assert outcome.released
    assert b"version: 1.0.1 # keep\r\n" in deck.read_bytes()
    assert b"date: 2026-02-01\r\n" in deck.read_bytes()


def test_a_version_that_stands_elsewhere_is_not_written_there(author: Author) -> None:
    deck = author.project / "source" / "deck.yaml"
    text = deck.read_text(encoding="utf-8").replace("title: Sample deck", "title: &v 1.0.0-title")
    text = text.replace("version: 1.0.0", "version: *v")
    deck.write_text(text, encoding="utf-8")
    before = tree(author.project)
    outcome = make.make_release(author.request("2.0.0", "2026-02-01"), NoProgress())
    assert [(each.code, each.help) for each in outcome.diagnostics] == [
        ("version-not-plain", "write `version: 1.0.0-title`")
    ]
    assert tree(author.project) == before


# --- what it refuses ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.0.0", "0.9.9", "1.0.0-rc.1", "1.0.0+again"])
def test_a_version_that_does_not_come_after_the_last_is_refused(author: Author, version: str) -> None:
    assert refused(author, version) == f"{version} does not come after 1.0.0, the last release"


def test_a_day_before_the_last_release_is_refused(author: Author) -> None:
    assert refused(author, "1.0.1", "2025-12-31") == "2025-12-31 is before 2026-01-01, the day of the last release"


def add(author: Author) -> None:
    author.sections["gases"].append(question("xenon", "Where is xenon used?", "In bright lamps."))


def retire(author: Author) -> None:
    author.find("neon")["retired"] = {"reason": "Old."}


def restyle(author: Author) -> None:
    author.style("note-types/recall/back.html", "{{FrontSide}}<hr>{{Answer}} {{Notice}}")


@pytest.mark.parametrize(
    ("change", "too_small", "reason", "enough"),
    [
        (add, "1.0.1", "new notes want 1.1.0 or more", "1.1.0"),
        (add, "1.0.1-rc.1", "new notes want 1.1.0 or more", "1.1.0-rc.1"),
        (retire, "1.0.9", "a retired note wants 1.1.0 or more", "1.1.0"),
        (restyle, "1.0.1", "another card design wants 1.1.0 or more", "2.0.0"),
    ],
)
def test_too_small_a_step_is_refused(
    author: Author, change: Callable[[Author], None], too_small: str, reason: str, enough: str
) -> None:
    change(author)
    assert refused(author, too_small) == f"{too_small} is too small a step: {reason}"
    author.release(enough, "2026-03-01")


@pytest.mark.parametrize("warning", [True, False])
def test_a_source_that_is_not_clean_is_not_released(author: Author, warning: bool) -> None:
    if warning:
        author.find("neon").pop("sources")
    else:
        author.remove("neon")
    author.write()
    before = tree(author.project)
    outcome = author.try_release("2.0.0", "2026-03-01")
    assert [each.code for each in outcome.diagnostics] == ["no-source" if warning else "released-question-missing"]
    assert not outcome.released
    assert tree(author.project) == before


def test_a_warning_refuses_no_release_that_is_not_strict(author: Author) -> None:
    author.find("neon").pop("sources")
    author.write()
    request = author.request("1.0.1", "2026-03-01")
    outcome = make.make_release(replace(request, options=replace(request.options, strict=False)), NoProgress())
    assert outcome.released
    assert [each.code for each in outcome.diagnostics] == ["no-source"]


def test_all_reasons_against_a_release_are_named_at_once(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    def dirty(options: Options) -> None:
        raise RefusedError("there are changes")

    monkeypatch.setattr(make, "refuse_dirty", dirty)
    assert refused(author, "0.9.0").splitlines() == [
        "there are changes",
        "0.9.0 does not come after 1.0.0, the last release",
    ]
    author.remove("neon")
    outcome = author.try_release("0.9.0")
    assert (len(outcome.diagnostics), len(outcome.reasons)) == (1, 2)
    assert not outcome.released


def test_a_broken_promise_stops_a_release(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "rehearse", lambda *_, **__: (Row("a promise", 1, {"default": ("neon",)}),))
    author.write()
    before = tree(author.project)
    assert not author.try_release("1.0.1", "2026-03-01").released
    assert tree(author.project) == before


def test_a_changelog_that_cannot_be_read_stops_a_release(author: Author) -> None:
    (author.project / "CHANGELOG.md").write_bytes(b"\xff\xfe")
    before = tree(author.project)
    outcome = author.try_release("1.0.1", "2026-03-01")
    assert [(each.code, each.span.path) for each in outcome.diagnostics] == [("file-not-utf8", "CHANGELOG.md")]
    assert tree(author.project) == before


def test_a_source_that_changes_meanwhile_stops_a_release(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(*_: object, **__: object) -> tuple[Row, ...]:
        (author.project / "source" / "notes.txt").write_text("an idea", encoding="utf-8")
        return ()

    monkeypatch.setattr(make, "rehearse", meanwhile)
    with pytest.raises(RefusedError, match="was changed while it was being released"):
        author.try_release("1.0.1", "2026-03-01")
    assert author.history.last.version == "1.0.0"


@pytest.mark.parametrize("name", ["source/deck.yaml", "templates/anki/card.css"])
def test_what_changes_meanwhile_and_changes_back_stops_a_release(
    name: str, author: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = author.project / name
    if not path.exists():
        path.parent.mkdir(parents=True)
        shutil.copyfile(ROOT / name, path)  # which is no file of the project's own

    def meanwhile(*_: object, **__: object) -> tuple[Row, ...]:
        before = path.read_bytes()
        path.write_bytes(b"another")
        path.write_bytes(before)
        return ()

    monkeypatch.setattr(make, "rehearse", meanwhile)
    with pytest.raises(RefusedError, match="was changed while it was being released"):
        author.try_release("1.0.1", "2026-03-01")
    assert author.history.last.version == "1.0.0"


def test_a_second_release_at_the_same_time_is_refused(author: Author) -> None:
    with hold_lock(author.project / "source"):
        assert refused(author, "1.0.1") == "another release of this project is at work"
