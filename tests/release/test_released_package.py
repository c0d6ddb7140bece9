"""The last release's package is found by its hash: in dist/, kept there when a build replaced it, or in a commit."""

from __future__ import annotations

import shutil
import subprocess
import threading
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest

from cardpress import pipeline
from cardpress.pipeline import OvertakenError, build_project
from cardpress.progress import NoProgress
from cardpress.publish import transaction
from cardpress.release import make
from cardpress.release.refusals import RefusedError
from cardpress.release.released_package import find_released_package, require_released_package
from tests.helpers.author import Author

KEPT = ".released-1.0.0.apkg"


def git(author: Author, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "-C", str(author.project), *identity, *arguments], check=True, capture_output=True)


def commit(author: Author) -> None:
    git(author, "add", "-A")
    git(author, "commit", "-q", "-m", "all")


def found(author: Author) -> bytes | None:
    return find_released_package(author.options(), author.history, "sample")


def reword(author: Author, text: str) -> None:
    author.find("neon")["answer"] = text
    author.write()


def test_a_build_does_not_spoil_the_next_release(author: Author) -> None:
    released = author.package
    for text in ("Red.", "Orange."):
        reword(author, text)
        author.build(author.out)
        assert author.package != released
        assert found(author) == released
    author.release("1.0.1", "2026-02-01")
    assert not (author.out / KEPT).exists()
    assert found(author) == author.package


def test_release_build_release_needs_neither_git_nor_a_commit(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for number in (1, 2, 3):
        reword(author, f"Red, {number} times.")
        for only in (("json",), ("apkg", "json"), ("json",)):
            build_project(replace(author.options(), only=only), NoProgress())
        author.release(f"1.0.{number}", "2026-02-01")
        assert found(author) == author.package
        assert not list(author.out.glob(".released-*"))


def test_a_preview_in_dist_does_not_spoil_it_either(author: Author) -> None:
    released = author.package
    reword(author, "Red.")
    for _ in range(2):
        build_project(replace(author.options(), preview=True, cache=author.project.parent / "cache"), NoProgress())
        assert author.package != released
    assert found(author) == released
    author.release("1.0.1", "2026-02-01")


def test_it_is_found_in_dist_whatever_the_output_folder_is(author: Author) -> None:
    out = author.project.parent / "out"
    assert find_released_package(author.options(out), author.history, "sample") == author.package
    reword(author, "Red.")
    author.build(out)
    author.build(author.out)
    assert find_released_package(author.options(out), author.history, "sample") == (author.out / KEPT).read_bytes()


def test_a_build_that_makes_the_release_again_keeps_no_copy(author: Author) -> None:
    author.build(author.out)
    assert not (author.out / KEPT).exists()


def test_only_a_package_of_the_release_is_kept(author: Author) -> None:
    (author.out / "sample.apkg").write_bytes(b"another")
    reword(author, "Red.")
    author.build(author.out)
    assert not (author.out / KEPT).exists()
    assert found(author) is None


def test_a_committed_release_is_found_whatever_became_of_dist(author: Author) -> None:
    released = author.package
    git(author, "init", "-q")
    commit(author)
    shutil.rmtree(author.out)
    assert found(author) == released
    reword(author, "Red.")
    author.build(author.out)
    commit(author)
    author.out.rename(author.project / "built")
    commit(author)
    assert found(author) == released
    author.release("1.0.1", "2026-02-01")


def test_what_has_the_name_and_not_the_hash_is_not_the_release(author: Author) -> None:
    (author.out / "sample.apkg").write_bytes(b"another")
    (author.out / KEPT).write_bytes(b"yet another")
    git(author, "init", "-q")
    commit(author)
    assert found(author) is None


def test_a_build_without_a_package_keeps_the_released_one(author: Author) -> None:
    released = author.package
    build_project(replace(author.options(), only=("json",)), NoProgress())
    assert not (author.out / "sample.apkg").exists()
    assert found(author) == released


@pytest.mark.parametrize("setting", ["log.follow", "log.showSignature", "diff.noprefix"])
def test_a_users_settings_of_git_do_not_hide_it(author: Author, setting: str) -> None:
    released = author.package
    git(author, "init", "-q")
    commit(author)
    git(author, "config", setting, "true")
    git(author, "config", "diff.orderFile", "/no/such/file")
    shutil.rmtree(author.out)
    assert found(author) == released


def test_git_that_will_not_answer_is_not_taken_for_a_no(author: Author) -> None:
    git(author, "init", "-q")
    commit(author)
    shutil.rmtree(author.out)
    for path in (author.project / ".git" / "objects").glob("??/*"):
        path.chmod(0o600)
        path.write_bytes(b"damaged")
    with pytest.raises(RefusedError, match=r"git cannot look for the package of 1\.0\.0 \(.+\); mend that, or name"):
        require_released_package(author.options(), author.history, "sample")


def test_a_build_that_a_release_overtakes_leaves_it_alone(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    write = pipeline.write_artifacts

    def slowly(*arguments: Any) -> Any:
        made = write(*arguments)
        monkeypatch.undo()
        author.release("1.0.1", "2026-02-01")
        return made

    reword(author, "Red.")
    monkeypatch.setattr(pipeline, "write_artifacts", slowly)
    with pytest.raises(OvertakenError, match="build again"):
        build_project(author.options(), NoProgress())
    assert found(author) == author.package
    assert author.history.last.version == "1.0.1"


@pytest.mark.parametrize("locks", [True, False])
def test_a_release_between_a_builds_copy_and_its_swap_is_not_undone(
    author: Author, monkeypatch: pytest.MonkeyPatch, *, locks: bool
) -> None:
    """With locks the release waits for the build; without them the build notices at the last moment."""
    reword(author, "Red.")
    given: list[tuple[Any, ...]] = []
    with monkeypatch.context() as patch:
        patch.setattr(make, "_commit", lambda *arguments: given.append(arguments))
        author.try_release("1.0.1", "2026-02-01")
    if not locks:
        monkeypatch.setattr("cardpress.publish.lock._acquired", lambda path, waiting: None)
    release = threading.Thread(target=make._commit, args=given[0])
    put_beside, seen = transaction._put_beside, []

    def then_release(step: Any, content: Any) -> None:
        put_beside(step, content)
        if threading.current_thread() is not release:
            release.start()
            release.join(1)
            seen.append(release.is_alive())

    monkeypatch.setattr(transaction, "_put_beside", then_release)
    with nullcontext() if locks else pytest.raises(OvertakenError, match="build again"):
        build_project(author.options(), NoProgress())
    release.join()
    assert seen == [locks]
    assert author.history.last.version == "1.0.1"
    assert found(author) == author.package
