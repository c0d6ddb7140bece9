"""Decks with times of change that are still to come, as programs make them that write milliseconds, say."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cardpress.anki.original_package import read_original
from cardpress.anki.stamps import stamp
from cardpress.deck.assemble import assemble
from cardpress.deck.colors import Colors
from cardpress.diagnostics import SourceFile
from cardpress.history.previews import Preview
from cardpress.history.records import History, Release, find_moment, parse, to_text
from cardpress.pipeline import Options, load_and_check
from cardpress.progress import NoProgress
from cardpress.release.documents import extend_history, set_release
from cardpress.release.make import Request, make_release
from cardpress.release.refusals import RefusedError
from tests.helpers.adopting import TODAY, adopt, build_package
from tests.helpers.originals import LONG_AGO, Hand, HandNote, by_hand, hand_type
from tests.helpers.students import students

MILLISECONDS = LONG_AGO * 1000
LATE = {"milliseconds": MILLISECONDS, "32 bits": 2**32 - 1, "31 bits": 2**31 - 1, "an hour ahead": 1_795_800_000}


def late_package(modified: int) -> bytes:
    notes = [HandNote("late", ["a late note", "one"], modified=modified), HandNote("usual", ["a usual note", "two"])]
    return by_hand(Hand(notes, [hand_type(mod=modified)]))


def edit(project: Path, before: str, after: str) -> None:
    (file,) = (project / "source").glob("by-hand.*")
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, after), encoding="utf-8")


def release(project: Path, version: str, date: str) -> bytes:
    outcome = make_release(Request(Options(project, project / "dist", ("apkg",)), version, date), NoProgress())
    assert outcome.released, (outcome.reasons, outcome.diagnostics, [row for row in outcome.rehearsal if row.broken])
    return (project / "dist" / "my-deck.apkg").read_bytes()


@pytest.mark.parametrize("name", LATE)
def test_what_is_later_than_any_release_is_updated_all_the_same(name: str, tmp_path: Path) -> None:
    modified, project = LATE[name], tmp_path / "project"
    original = late_package(modified)
    adopt(original, project)
    built = read_original(build_package(project))
    assert {note.guid: note.modified for note in built.notes} == {"late": modified, "usual": LONG_AGO}
    edit(project, "one", "first")
    first = release(project, "1.0.0", TODAY)
    edit(project, "first", "really first")
    edit(project, "two", "second")
    second = release(project, "1.1.0", TODAY)
    with ExitStack() as stack:
        diligent, lazy = students(tmp_path, stack, "diligent", "lazy")
        for student, packages in ((diligent, (original, first, second)), (lazy, (original, second))):
            for package in packages:
                student.take(package)
                student.study()
            fields = {
                note: student.learner.collection.get_note(note).fields
                for note in student.learner.collection.find_notes("")
            }
            assert sorted(fields.values()) == [["a late note", "really first"], ["a usual note", "second"]]


TIMES = st.integers(-(2**40), 2**60 - 1) | st.sampled_from([0, 1, 2**31 - 1, 2**32 - 1, 2**32, MILLISECONDS, LONG_AGO])


@settings(max_examples=12, deadline=None)
@given(times=st.tuples(TIMES, TIMES))
@example((2**32 - 1, 2**32 - 1))
@example((MILLISECONDS, LONG_AGO))
def test_what_is_written_of_any_times_can_be_read_and_each_build_is_newer(times: tuple[int, int]) -> None:
    with TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        notes = [HandNote("late", ["a note", "one"], modified=times[0])]
        adopt(by_hand(Hand(notes, [hand_type(mod=times[1])])), project)
        bank, result = load_and_check(project)
        assert not result.failed(strict=False)
        history = bank.history
        assert history is not None
        seen = [times[0]]
        for number in range(1, 4):
            edit(
                project,
                ("one", "changed once", "changed twice")[number - 1],
                ("changed once", "changed twice", "3")[number - 1],
            )
            bank = load_and_check(project)[0]
            assert bank.info is not None
            info = set_release(bank.info, f"1.{number}.0", TODAY)
            deck = assemble(replace(bank, history=history, info=info), Colors())
            seen += [stamp(deck, history).sections[0].notes[0].stamp.modified]
            seen += [stamp(deck, history, Preview(each)).sections[0].notes[0].stamp.modified for each in (1, 2)]
            moment = find_moment(history, TODAY)
            written = extend_history(history, deck, Release(f"1.{number}.0", TODAY, "source", "package", moment))
            read = parse(SourceFile("source/history.json", to_text(written)))
            assert isinstance(read, History), read
            assert read.notes == written.notes
            history = read
            seen += [stamp(deck, history).sections[0].notes[0].stamp.modified]
        assert seen == sorted(set(seen))


def test_a_release_whose_history_could_not_be_read_is_refused_and_writes_nothing(tmp_path: Path) -> None:
    project = tmp_path / "project"
    adopt(late_package(LONG_AGO), project)
    history = project / "source" / "history.json"
    text = history.read_text(encoding="utf-8")
    read = parse(SourceFile("source/history.json", text))
    assert isinstance(read, History)
    history.write_text(text.replace(f'"moment": {read.last_moment}', f'"moment": {2**32 - 1}'), encoding="utf-8")
    edit(project, "one", "first")
    before = contents(project)
    with pytest.raises(RefusedError, match=r"after this release, source/history\.json cannot be read"):
        release(project, "1.0.0", TODAY)
    assert contents(project) == before


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".cache" not in path.parts}
