"""history.json says what was released, in lines that git merges, and is read with distrust."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardpress.diagnostics import Diagnostic, SourceFile
from cardpress.history.digests import digest_asked
from cardpress.history.records import History, Release, find_moment, parse, to_moment, to_text
from tests.helpers.author import Author
from tests.helpers.first_format import make_first_format

DAY, MINUTE = 86_400, 60


def read(text: str) -> History | Diagnostic:
    return parse(SourceFile("source/history.json", text))


def released(*days: str) -> History:
    """Return a history with a release on each of these days."""
    history = None
    for number, day in enumerate(days):
        this = Release(f"1.{number}.0", day, "", "", find_moment(history, day))
        history = History((*(history.releases if history else ()), this), {}, {}, {})
    assert history
    return history


# --- moments --------------------------------------------------------------------------------------------------------


def test_a_release_is_as_old_as_its_day_and_the_next_of_that_day_a_minute_younger() -> None:
    history = released("2026-01-01", "2026-01-02", "2026-01-02", "2026-01-02", "2026-01-03")
    start = to_moment("2026-01-02")
    assert start == to_moment("2026-01-01") + DAY
    moments = [history.moment_of(release.version) for release in history.releases]
    assert moments == [start - DAY, start, start + MINUTE, start + 2 * MINUTE, start + DAY]


def test_no_release_is_older_than_the_one_before_it_even_when_a_merge_has_mixed_their_days() -> None:
    history = released("2026-01-05", "2026-01-03", "2026-01-05")
    start = to_moment("2026-01-05")
    assert [history.moment_of(f"1.{n}.0") for n in range(3)] == [start, start + MINUTE, start + 2 * MINUTE]


def test_a_question_is_known_again_whatever_its_spacing_and_case() -> None:
    assert digest_asked("What is\n  one?") == digest_asked("what is One?")
    assert digest_asked("What is one?") != digest_asked("What is two?")


# --- what is written is what is read --------------------------------------------------------------------------------


@pytest.fixture
def twice(author: Author) -> Author:
    author.find("neon")["retired"] = {"reason": "Gone."}
    author.release("2.0.0", "2026-02-01")
    return author


def text_of(author: Author) -> str:
    return (author.project / "source" / "history.json").read_text(encoding="utf-8")


def test_a_history_is_read_as_it_was_written(twice: Author) -> None:
    history = twice.history
    assert to_text(history) == text_of(twice)
    assert [release.version for release in history.releases] == ["1.0.0", "2.0.0"]
    assert [record.id for record in history.retired.values()] == ["neon"]


def test_a_note_has_a_line_and_all_are_sorted(twice: Author) -> None:
    entries = [json.loads(line) for line in text_of(twice).splitlines() if line.startswith('{"')]
    notes = [entry["id"] for entry in entries if "asked" in entry]
    assert notes == sorted(notes)
    assert len(notes) == 10
    assert [entry["kind"] for entry in entries if "template" in entry] == ["cloze", "interview", "recall"]


def test_spare_slots_of_a_note_type_are_kept(twice: Author) -> None:
    before = twice.history.note_types["recall"]
    assert [*before.spare_fields, *before.spare_cards] == [*(f"Spare{n}" for n in range(1, 6)), "Spare1", "Spare2"]
    twice.style("note-types/recall/back.html", "{{FrontSide}}<hr>{{Answer}} {{Notice}}")
    twice.release("2.1.0", "2026-03-01")
    record = twice.history.note_types["recall"]
    assert (record.version, record.spare_fields, record.spare_cards) == (
        "2.1.0",
        before.spare_fields,
        before.spare_cards,
    )


def test_a_note_type_that_is_not_used_any_more_stays_in_the_history(twice: Author) -> None:
    twice.remove("iron-gaps")
    twice.find("iron")["recall"][0]["retired"] = {"reason": "Old."}
    content = json.loads(text_of(twice))
    content["note_types"][0].update(kind="unused", id=content["note_types"][0]["id"] + 1)
    (twice.project / "source" / "history.json").write_text(json.dumps(content), encoding="utf-8")
    twice.sections["metals"][0]["recall"].append({"id": "iron-gaps", "cloze": "Iron melts at {{c1::1538}} degrees."})
    twice.release("2.1.0", "2026-03-01")
    assert set(twice.history.note_types) == {"cloze", "interview", "recall", "unused"}


def test_a_history_of_the_first_format_has_moments_by_its_days(twice: Author) -> None:
    before = twice.history
    make_first_format(twice.project)
    after = twice.history
    assert after.deck is None
    assert after.releases == before.releases
    with pytest.raises(ValueError, match="is completed before it is written"):
        to_text(after)


# --- read with distrust -----------------------------------------------------------------------------------------------

Change = Callable[[dict[str, Any]], object]
SIDE: dict[str, Any] = {"version": "1.0.0", "notes": [], "lacks": [], "note_types": []}
CHANGES: dict[str, Change] = {
    "format 3 is not 2": lambda h: h.update(format=3),
    "`notes` is not in it": lambda h: h.pop("notes"),
    "`version` is not in it": lambda h: h["releases"][0].pop("version"),
    "no release is in it": lambda h: h.update(releases=[], notes=[], note_types=[]),
    "not in the order of their versions": lambda h: h["releases"].reverse(),
    "is not a semantic version": lambda h: h["releases"][0].update(version="one"),
    "Invalid isoformat string": lambda h: h["releases"][1].update(date="today"),
    "1.5.0 is not one of the releases": lambda h: h["notes"][0].update(version="1.5.0"),
    "two lines for argon": lambda h: h["notes"].insert(0, dict(h["notes"][0])),
    "two lines for cloze": lambda h: h["note_types"].insert(0, dict(h["note_types"][0])),
    "7 is no `digest`": lambda h: h["notes"][0].update(digest=7),
    "is no `fields`": lambda h: h["notes"][0].update(fields=[]),
    "is no `more`": lambda h: h["note_types"][0].update(more={"Recall": "7"}),
    "is no object": lambda h: h["retired"].append("neon"),
    "`surprise` is not known": lambda h: h["notes"][0].update(surprise=1),
    "`more` is not known": lambda h: h.update(more=[]),
    "`deck` is not in it": lambda h: h.pop("deck"),
    "format True is not 2": lambda h: h.update(format=True),
    "is no name in Anki": lambda h: h["sections"][0].update(name="a\x1fb"),
    "'' is no name in Anki": lambda h: h["deck"].update(name=""),
    "two lines for gases": lambda h: h["sections"].append(dict(h["sections"][0])),
    "is no `moment`": lambda h: h["releases"][0].update(moment=True),
    "-1 is no `moment`": lambda h: h["releases"][0].update(moment=-1),
    "Invalid isoformat string: 'never'": lambda h: h["releases"][0].update(date="never"),
    "`lacks` is not in it": lambda h: h.update(sides=[{"version": "1.0.0", "notes": [], "note_types": []}]),
    "names what is no text": lambda h: h.update(sides=[SIDE | {"lacks": [7]}]),
    "`sides` is too long": lambda h: h.update(sides=[SIDE | {"version": "1.0.0-" + "a" * 3_000}]),
    "more than 20 `sides`": lambda h: h.update(sides=[SIDE] * 21),
    "two of its releases have the same version": lambda h: h["releases"].append(dict(h["releases"][-1])),
    "one of its lists is no list": lambda h: h.update(notes={}),
    "{'501': []} is no `deletions`": lambda h: h["notes"][0].update(deletions={"501": []}),
    "{'1': 'a'} is no `deletions`": lambda h: h["notes"][0].update(deletions={"1": "a"}),
    "{'1': [7]} is no `deletions`": lambda h: h["notes"][0].update(deletions={"1": [7]}),
    "[] is no `masks`": lambda h: h["notes"][0].update(masks=[]),
    "{'a': ['b']} is no `masks`": lambda h: h["notes"][0].update(masks={"a": ["b"]}),
    "{'a': ['b', 7]} is no `masks`": lambda h: h["notes"][0].update(masks={"a": ["b", 7]}),
    "is no `spare_fields`": lambda h: h["note_types"][0].update(spare_fields={"Spare1": "7"}),
}


@pytest.mark.parametrize("problem", CHANGES)
def test_a_history_that_is_not_whole_is_refused_with_the_reason(twice: Author, problem: str) -> None:
    content = json.loads(text_of(twice))
    CHANGES[problem](content)
    found = read(json.dumps(content))
    assert isinstance(found, Diagnostic)
    assert found.code == "bad-history"
    assert problem in found.message


def test_a_merge_that_was_not_finished_is_found_at_its_marks(twice: Author) -> None:
    lines = text_of(twice).splitlines()
    lines.insert(3, "<<<<<<< HEAD")
    found = read("\n".join(lines))
    assert isinstance(found, Diagnostic)
    assert (found.code, found.span.line) == ("bad-history", 4)
    assert "run `cardpress release --merge`" in found.help


@given(text=st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_text_makes_a_traceback(text: str) -> None:
    assert isinstance(read(text), Diagnostic)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_no_damage_to_a_value_makes_a_traceback(author_text: str, data: st.DataObject) -> None:
    content = json.loads(author_text)
    entry = data.draw(
        st.sampled_from(
            [
                content["deck"],
                *content["releases"],
                *content["sections"],
                *content["notes"],
                *content["note_types"],
                *content["retired"],
            ]
        )
    )
    key = data.draw(st.sampled_from(sorted(entry)))
    entry[key] = data.draw(
        st.none() | st.integers() | st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.text())
    )
    assert isinstance(read(json.dumps(content)), History | Diagnostic)


@pytest.fixture(scope="module")
def author_text(released_project: Path) -> str:
    return (released_project / "source" / "history.json").read_text(encoding="utf-8")


def test_deep_nesting_is_refused() -> None:
    found = read("[" * 100_000)
    assert isinstance(found, Diagnostic)
    assert "nested too deep" in found.message


# --- merged ---------------------------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str, check: bool = True) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=check).stdout


def test_two_branches_that_change_other_notes_merge_but_for_the_list_of_releases(author: Author) -> None:
    git(author.project, "init", "-q", "-b", "main")
    for branch, changed, added, version in (
        ("ours", ("argon", "helium-name", "iron-gaps"), "boron", "1.1.0"),
        ("theirs", ("copper", "helium-boils", "iron-symbol", "neon"), "zinc", "1.2.0"),
    ):
        git(author.project, "add", "-A")
        git(author.project, "commit", "-q", "--allow-empty", "-m", "before")
        git(author.project, "checkout", "-q", "-b", branch, "main" if branch == "theirs" else "HEAD")
        other = Author.of(author.project)
        for note_id in changed:
            other.find(note_id)["tags"] = [branch]
        other.sections["metals"].append({**other.find("copper"), "id": added, "question": f"Where is {added} used?"})
        other.release(version, "2026-02-01", allow_dirty=True)
        git(author.project, "add", "-A")
        git(author.project, "commit", "-q", "-m", branch)
    git(author.project, "merge", "ours", check=False)
    merged = text_of(author)
    conflicts = re.findall(r"<{7}.*?\n(.*?)>{7}.*?\n", merged, re.DOTALL)
    assert len(conflicts) == 1
    assert all('"source"' in line or line in (",", "=======") for line in conflicts[0].splitlines())
    # As the help says: the lines of both sides stay.
    by_hand = re.sub(r"<{7}.*?\n(.*?)={7}\n(.*?)>{7}.*?\n", r"\2,\n\1", merged, flags=re.DOTALL)
    history = read(by_hand)
    assert isinstance(history, History), history.message
    versions = {record.id: record.version for record in history.notes.values()}
    assert {versions[note_id] for note_id in ("argon", "helium-name", "iron-gaps", "boron")} == {"1.1.0"}
    assert {versions[note_id] for note_id in ("copper", "helium-boils", "iron-symbol", "neon", "zinc")} == {"1.2.0"}
    assert versions["gold"] == "1.0.0"
