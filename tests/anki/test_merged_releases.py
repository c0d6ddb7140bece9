"""Learners of two branches that both released get everything from the next release, in the real Anki."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardpress.anki.package import parse_content, read_package
from tests.helpers.anki_collection import learning
from tests.helpers.author import Author
from tests.helpers.branches import add, commit, git, merge_branches, release_on_branch, reword, settle


def retire(author: Author) -> None:
    author.find("neon")["retired"] = {"reason": "Old."}


@pytest.mark.parametrize("second", ["1.1.0", "1.2.0"])
def test_learners_of_both_branches_get_what_the_other_has(
    author: Author, tmp_path: Path, second: str, capsys: pytest.CaptureFixture[str]
) -> None:
    git(author.project, "init", "-q", "-b", "main")
    commit(author.project, "Release 1.0.0")
    ours = (add("boron"), reword("argon", "It is argon."), reword("iron", "It rusts."), retire)
    theirs = (add("zinc", section="gases"), reword("iron", "It turns red."), reword("copper", "In coins."))
    packages = [
        release_on_branch(author.project, "ours", "1.1.0", "2026-02-01", *ours),
        release_on_branch(author.project, "theirs", second, "2026-02-01", *theirs),
    ]
    merge_branches(author.project, "ours", "theirs")
    settle(author.project, capsys)
    merged = Author.of(author.project)
    merged.find("iron")["answer"] = "It turns to rust."
    package = merged.release("1.3.0", "2026-02-01", allow_dirty=True)
    for number, first in enumerate(packages):
        with learning(tmp_path / f"learner-{number}") as learner:
            learner.take(first)
            before = learner.rows("select id, nid, did, ord from cards order by id")
            log = learner.take(package)
            assert (len(log.new), len(log.conflicting)) == (1, 0)
            rows = learner.rows("select guid, flds, tags from notes")
            texts = {guid: parse_content(fields, tags) for guid, fields, tags in rows}
            wanted = read_package(package).notes
            # But for the version, which is no text that changes.
            assert {g: (t.fields[:-1], t.tags) for g, t in texts.items()} == {
                g: (t.fields[:-1], t.tags) for g, t in wanted.items()
            }
            after = learner.rows("select id, nid, did, ord from cards order by id")
            assert [row for row in after if row in before] == before
