"""The last release's package is found by its hash: in dist/, kept there when a build replaced it, or in a commit."""

from __future__ import annotations

import shutil
import subprocess

from cardpress.release.released_package import find_released_package
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
