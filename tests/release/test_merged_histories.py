"""Two branches that both released are merged with git: the histories become one, and learners of both sides get all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from cardpress.cli.main import run
from cardpress.diagnostics import SourceFile
from cardpress.history.merging import CannotMergeError, merge
from cardpress.history.records import History, parse, to_text
from cardpress.release.refusals import RefusedError
from tests.helpers.author import Author, question
from tests.helpers.branches import HISTORY, Change, add, commit, git, merge_branches, release_on_branch, reword, settle
from tests.helpers.diagnostics import codes, problems
from tests.helpers.first_format import make_first_format

CLEAN, PROBLEMS, USAGE = 0, 1, 2


@pytest.fixture
def project(author: Author) -> Path:
    git(author.project, "init", "-q", "-b", "main")
    commit(author.project, "Release 1.0.0")
    return author.project


def versions(project: Path) -> dict[str, str]:
    return {record.id: record.version for record in history_of(project).notes.values()}


def history_of(project: Path) -> History:
    read = parse(SourceFile(HISTORY, (project / HISTORY).read_text(encoding="utf-8")))
    assert isinstance(read, History), read.message
    return read


@pytest.mark.parametrize("into", ["ours", "theirs"])
@pytest.mark.parametrize("second", ["1.1.0", "1.2.0"])
def test_two_branches_that_both_released_become_one(
    project: Path, into: str, second: str, capsys: pytest.CaptureFixture[str]
) -> None:
    release_on_branch(project, "ours", "1.1.0", "2026-02-01", add("boron"), reword("argon", "It is argon."))
    release_on_branch(
        project, "theirs", second, "2026-02-01", add("zinc", section="gases"), reword("iron", "It rusts.")
    )
    merge_branches(project, into, "theirs" if into == "ours" else "ours")
    assert "bad-history" in codes(problems(project))
    said = settle(project, capsys)
    assert problems(project) == []
    found = history_of(project)
    renamed = next(release.version for release in found.releases if release.version not in ("1.0.0", "1.1.0"))
    assert [release.version for release in found.releases] == ["1.0.0", "1.1.0", renamed]
    assert renamed == "1.2.0" or re.fullmatch(r"1\.1\.0\+[0-9a-f]{7}", renamed)
    assert ("there are two releases 1.1.0" in said) is (second == "1.1.0")
    changed = versions(project)
    assert changed["boron"] == changed["argon"] != changed["zinc"] == changed["iron"]
    assert (changed["gold"], {changed["boron"], changed["zinc"]}) == ("1.0.0", {"1.1.0", renamed})
    assert run(["diff", "--project", str(project)]) == CLEAN
    told = capsys.readouterr().out
    since = "1.1.0 or 1.2.0" if second == "1.2.0" else "1.1.0"
    assert told.startswith(f"since {since}:\n")
    assert "2 new notes with 2 cards, 2 notes are updated, 0 schedules lost\n" in told
    too_small = "1.2.1" if second == "1.2.0" else "1.1.1"
    assert run(["release", too_small, "--date", "2026-02-01", "--project", str(project)]) == PROBLEMS
    assert "is too small a step: new notes want" in capsys.readouterr().err
    arguments = ["1.3.0", "--date", "2026-02-01", "--project", str(project)]
    assert run(["release", *arguments]) == CLEAN
    assert (history_of(project).last.version, history_of(project).sides) == ("1.3.0", ())
    notes = (project / "dist" / "RELEASE_NOTES.md").read_text(encoding="utf-8")
    assert f"For those who have {since}: 2 new notes with 2 cards, 2 notes are updated, 0 schedules lost.\n" in notes
    assert run(["diff", "--project", str(project)]) == CLEAN
    assert "no note changes" in capsys.readouterr().out


@pytest.mark.parametrize("way", ["merge ours", "merge theirs", "rebase", "cherry-pick", "committed"])
@pytest.mark.parametrize("last", ["ours", "theirs"])
def test_dist_is_that_of_the_last_release_to_the_byte(
    project: Path, way: str, last: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for branch in ("ours", "theirs"):
        release_on_branch(project, branch, "1.2.0" if branch == last else "1.1.0", "2026-02-01", add(f"of-{branch}"))
        # What git merges without a conflict: another text, and a file more.
        (project / "dist" / f"only-{branch}.txt").write_text(branch, encoding="utf-8")
        lines = [f"ours by {branch}" if branch == "ours" else "ours", *"-" * 9, f"theirs by {branch}"]
        (project / "dist" / "both.txt").write_text("\n".join(lines), encoding="utf-8")
        commit(project, f"Add to dist/ of {branch}")
        git(project, "reset", "-q", "--soft", "HEAD~2")
        commit(project, f"Release of {branch}")
    match way.split():
        case ["merge", into]:
            merge_branches(project, into, "theirs" if into == "ours" else "ours")
        case ["committed"]:
            merge_branches(project, "ours", "theirs")
            commit(project, "Merge, with all conflicts")
        case ["cherry-pick"]:
            git(project, "checkout", "-q", "ours")
            git(project, "cherry-pick", "theirs", check=False)
        case _:
            git(project, "rebase", "ours", check=False)
    settle(project, capsys)
    assert git(project, "rev-parse", "HEAD:dist") == git(project, "rev-parse", f"{last}:dist")
    assert problems(project) == []


def test_it_does_not_matter_which_side_is_which(project: Path) -> None:
    release_on_branch(project, "ours", "1.1.0", "2026-02-01", add("boron"), reword("iron", "It rusts."))
    release_on_branch(project, "theirs", "1.1.0", "2026-02-02", add("zinc"), reword("iron", "It turns red."))
    sides = [parse(SourceFile(HISTORY, git(project, "show", f"{side}:{HISTORY}"))) for side in ("ours", "theirs")]
    one, other = sides
    assert isinstance(one, History)
    assert isinstance(other, History)
    merged = merge(one, other).history
    assert to_text(merged) == to_text(merge(other, one).history)
    assert merge(merged, one).history.releases == merge(one, merged).history.releases == merged.releases
    assert merge(merged, merged).history == merged
    iron = next(record for record in merged.notes.values() if record.id == "iron")
    assert iron.digest == ""
    assert "Answer" not in iron.fields
    assert "Question" in iron.fields


def test_what_one_branch_retired_is_told_to_learners_of_the_other(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def retire(author: Author) -> None:
        author.find("neon")["retired"] = {"reason": "Old."}
        author.sections["gases"].append(
            question("radon", "Where is radon?", "In cellars.", retired={"reason": "Never asked."})
        )

    release_on_branch(project, "ours", "1.1.0", "2026-02-01", retire)
    release_on_branch(project, "theirs", "1.2.0", "2026-02-01", reword("iron", "It turns red."))
    merge_branches(project, "ours", "theirs")
    settle(project, capsys)
    assert run(["diff", "--project", str(project)]) == CLEAN
    assert "\n1 note is updated, 1 note is retired, 0 schedules lost\n" in capsys.readouterr().out
    author = Author.of(project)
    author.find("neon")["retired"]["reason"] = "Very old."  # is new to ours, and the whole retirement to theirs
    author.write()
    assert run(["diff", "--project", str(project)]) == CLEAN
    assert "  details changed, retired: neon  " in capsys.readouterr().out


def test_three_branches_are_told_as_three(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, version, change in (
        ("one", "1.1.0", add("boron")),
        ("two", "1.1.0", add("zinc", section="gases")),
        ("three", "1.1.1", reword("copper", "In coins.")),
    ):
        release_on_branch(project, name, version, "2026-02-01", change)
    for other in ("two", "three"):
        merge_branches(project, "one", other)
        settle(project, capsys)
    found = history_of(project)
    ids = {note.guid: note.id for note in found.notes.values()}
    lacking = [{ids[guid] for guid in side.lacks} for side in found.sides]
    assert sorted(map(sorted, lacking)) == [["boron"], ["boron", "zinc"], ["zinc"]]
    assert run(["diff", "--project", str(project)]) == CLEAN
    told = capsys.readouterr().out
    assert told.startswith("since 1.1.0 or 1.1.1:\n")
    assert "2 new notes with 2 cards, 1 note is updated, 0 schedules lost\n" in told
    assert to_text(merge(found, found).history) == to_text(found)


def test_a_merge_that_was_settled_by_hand_can_still_be_settled(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    release_on_branch(project, "ours", "1.1.0", "2026-02-01", add("boron"))
    release_on_branch(project, "theirs", "1.1.0", "2026-02-01", add("zinc"))
    merge_branches(project, "ours", "theirs")
    text = (project / HISTORY).read_text(encoding="utf-8")
    by_hand = re.sub(r"<{7}.*?\n(.*?)={7}\n(.*?)>{7}.*?\n", r"\1,\n\2", text, flags=re.DOTALL)
    (project / HISTORY).write_text(by_hand, encoding="utf-8")
    git(project, "add", HISTORY)
    (problem,) = (each for each in problems(project) if each.code == "bad-history")
    assert "two of its releases have the same version" in problem.message
    assert "release --merge" in problem.help
    settle(project, capsys)
    (project / HISTORY).write_text(by_hand, encoding="utf-8")  # even when it was committed
    assert run(["release", "--merge", "--project", str(project)]) == CLEAN
    assert problems(project) == []


def test_a_rebase_can_be_settled_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release_on_branch(project, "ours", "1.1.0", "2026-02-01", add("boron"))
    release_on_branch(project, "theirs", "1.2.0", "2026-02-01", add("zinc"))
    git(project, "rebase", "ours", check=False)
    assert run(["release", "--merge", "--project", str(project)]) == CLEAN
    assert "has the releases of both sides: 1.0.0, 1.1.0 and 1.2.0\n" in capsys.readouterr().out
    assert {"boron", "zinc"} <= set(versions(project))


def test_what_is_to_be_typed_acts_on_the_project_that_was_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    release_on_branch(project, "ours", "1.1.0", "2026-02-01", add("boron"))
    release_on_branch(project, "theirs", "1.2.0", "2026-02-01", add("zinc"))
    merge_branches(project, "ours", "theirs")
    capsys.readouterr()
    for here, before, deck in ((project, "", ""), (project.parent, "-C project ", "project/")):
        monkeypatch.chdir(here)
        assert run(["release", "--merge", *(["--project", "project"] if before else [])]) == CLEAN
        said = capsys.readouterr().out
        assert f"`git {before}checkout --no-overlay MERGE_HEAD -- dist`\n" in said
        assert f" in {deck}source/deck.yaml and what else" in said


def test_without_two_sides_there_is_nothing_to_merge(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (project / HISTORY).read_bytes()
    assert run(["release", "--merge", "--project", str(project)]) == PROBLEMS
    assert "run this while it merges or rebases two branches, or right after a merge" in capsys.readouterr().err
    assert (project / HISTORY).read_bytes() == before
    for more in (["1.1.0"], ["--allow-dirty"], ["--recover"]):
        assert run(["release", "--merge", *more, "--project", str(project)]) == USAGE


def test_a_history_of_another_deck_or_of_the_first_format_is_not_merged(author: Author) -> None:
    history = author.history
    assert history.deck
    other = replace(history, deck=replace(history.deck, id="other"))
    with pytest.raises(CannotMergeError, match="one side is the history of `sample`, the other not"):
        merge(history, other)
    make_first_format(author.project)
    with pytest.raises(CannotMergeError, match=r"cardpress 1\.0"):
        merge(history, author.history)


def test_what_both_sides_released_of_a_section_keeps_its_first_name(project: Path) -> None:
    def open_section(name: str, title: str) -> Change:
        def change(author: Author) -> None:
            author.sections |= {name: [question(f"{name}-one", f"What is {name}?", "This.")]}
            author.titles |= {name: title}

        return change

    release_on_branch(project, "ours", "1.1.0", "2026-02-03", open_section("salts", "Salts"))
    acids, salts = open_section("acids", "Acids"), open_section("salts", "All salts")
    release_on_branch(project, "theirs", "1.2.0", "2026-02-01", acids, salts)
    one, other = (parse(SourceFile(HISTORY, git(project, "show", f"{side}:{HISTORY}"))) for side in ("ours", "theirs"))
    assert isinstance(one, History)
    assert isinstance(other, History)
    merged = merge(one, other).history
    assert {each.id: each.name for each in merged.sections.values()} == {
        "metals": "Sample deck::01 Metals",
        "gases": "Sample deck::02 Gases",
        "acids": "Sample deck::03 Acids",
        "salts": "Sample deck::04 All salts",
    }
    assert (merged.last.version, merged.last_date) == ("1.2.0", "2026-02-03")


def test_note_types_that_cannot_be_one_are_named(author: Author) -> None:
    one = author.history
    author.find("iron")["answer"] = "It rusts."
    author.release("1.0.1", "2026-02-01")
    two = author.history

    def with_recall(version: str, digest: str, fields: Mapping[str, int]) -> History:
        recall = replace(one.note_types["recall"], version=version, digest=digest, fields=fields)
        releases = (*one.releases, replace(two.last, version=version, package=version))
        return replace(one, releases=releases, note_types={**one.note_types, "recall": recall})

    fields = one.note_types["recall"].fields
    ours = with_recall("1.0.1", "a", fields)
    merged = merge(ours, with_recall("1.0.2", "b", fields)).history
    assert merged.note_types["recall"].digest == ""
    with pytest.raises(
        CannotMergeError, match="both sides released the note type `recall`, with other fields or cards"
    ):
        merge(ours, with_recall("1.0.2", "b", {**fields, "More": 7}))


def test_new_notes_of_one_id_are_named_where_each_side_asks_something_else(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def put(note_id: str, asks: str, kind: str = "basic") -> Change:
        return lambda author: author.sections["metals"].append(question(note_id, asks, "Here.", note_type=kind))

    both = (add("zinc"), reword("iron", "It rusts."))
    ours = (put("lead", "Where is lead?"), put("tin", "What is tin?"), *both)
    theirs = (put("lead", "What is a lead?"), put("tin", "What is tin?", "interview"), *both)
    release_on_branch(project, "ours", "1.1.0", "2026-02-01", *ours)
    release_on_branch(project, "theirs", "1.2.0", "2026-02-02", *theirs)
    merge_branches(project, "ours", "theirs")
    said = settle(project, capsys)
    assert (
        "`lead`: each side has a new note of this id, which asks something else, and for learners of one it changes; "
        "retire it, and write both under new ids\n"
    ) in said
    assert (
        "`tin`: it is of another note type on each side, and Anki updates no such note for learners of one; keep it as "
        "it is in 1.2.0, and write what the other side has under a new id\n"
    ) in said
    assert "zinc" not in said
    assert "iron" not in said


def test_a_question_that_both_sides_reworded_is_no_new_one(project: Path) -> None:
    def ask(text: str) -> Change:
        return lambda author: author.find("iron").update(question=text)

    release_on_branch(project, "ours", "1.1.0", "2026-02-01", ask("What does iron do?"))
    release_on_branch(project, "theirs", "1.2.0", "2026-02-02", ask("What happens to iron?"))
    sides = [parse(SourceFile(HISTORY, git(project, "show", f"{side}:{HISTORY}"))) for side in ("ours", "theirs")]
    one, other = (each for each in sides if isinstance(each, History))
    assert merge(one, other).homonyms == ()


def test_an_interrupted_release_comes_first(project: Path) -> None:
    from cardpress.publish.recovery import JOURNAL
    from cardpress.release.merge import merge_histories

    (project / JOURNAL).mkdir()
    (project / JOURNAL / "journal.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RefusedError, match="release --recover"):
        merge_histories(project)
