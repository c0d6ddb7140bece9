"""What is not committed is found, wherever the project is, and whatever git thinks of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cardpress.pipeline import Options
from cardpress.release import git
from cardpress.release.refusals import RefusedError, refuse_dirty
from tests.helpers.author import Author


def run(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def commit(folder: Path) -> None:
    run(folder, "add", "-A")
    run(folder, "commit", "-q", "--allow-empty", "-m", "all")


@pytest.fixture(params=["project", "project/deck", "a [strange] :(name)/дек"])
def project(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A committed project: a repository itself, or in a folder of one."""
    name: str = request.param
    top, project = tmp_path / name.partition("/")[0], tmp_path / name
    for path in (project / "source" / "deck.yaml", project / "dist" / "sample.apkg"):
        path.parent.mkdir(parents=True)
        path.write_text("first", encoding="utf-8")
    (project / ".gitignore").write_text("kept/\n*.tmp\n", encoding="utf-8")
    run(tmp_path, "init", "-q", str(top))
    commit(top)
    return project


def change(project: Path) -> str | None:
    return next(iter(git.find_changes(project, project / "dist")), None)


def test_what_is_committed_is_clean(project: Path) -> None:
    assert change(project) is None


@pytest.mark.parametrize("name", ["source/deck.yaml", "source/new.yaml", 'source/ünd "so".yaml', "distant.txt"])
def test_what_is_not_committed_is_named(project: Path, name: str) -> None:
    (project / name).write_text("second", encoding="utf-8")
    assert (change(project) or "").endswith(name)
    run(project, "add", "-A")  # known to git, and still not committed
    assert (change(project) or "").endswith(name)


@pytest.mark.parametrize("name", ["dist/sample.apkg", "dist/new.pdf", "notes.tmp", "kept/colors.json"])
def test_what_is_made_or_ignored_does_not_count(project: Path, name: str) -> None:
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("second", encoding="utf-8")
    assert change(project) is None


def test_a_folder_that_is_named_like_the_one_that_is_made_counts(project: Path) -> None:
    (project / "source" / "dist").mkdir()
    (project / "source" / "dist" / "one.yaml").write_text("text", encoding="utf-8")
    assert "source/dist" in (change(project) or "")


def test_where_what_is_made_goes_elsewhere_dist_counts(project: Path) -> None:
    (project / "dist" / "sample.apkg").write_text("second", encoding="utf-8")
    assert "dist/sample.apkg" in git.find_changes(project, project.parent.parent / "elsewhere")[0]


def test_what_is_beside_the_project_does_not_count(tmp_path: Path) -> None:
    project = tmp_path / "deck"
    (project / "source").mkdir(parents=True)
    run(tmp_path, "init", "-q")
    commit(tmp_path)
    (tmp_path / "other.txt").write_text("text", encoding="utf-8")
    assert change(project) is None


def test_a_project_that_git_does_not_know_has_no_tree_to_be_dirty(tmp_path: Path) -> None:
    assert change(tmp_path) is None


def test_without_git_nothing_is_dirty(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "source" / "deck.yaml").write_text("second", encoding="utf-8")
    monkeypatch.setenv("PATH", "")
    assert change(project) is None
    assert list(git.read_versions(project, "sample.apkg")) == []


def test_a_users_settings_hide_no_change(project: Path) -> None:
    run(project, "config", "status.showUntrackedFiles", "no")
    (project / "source" / "new.yaml").write_text("text", encoding="utf-8")
    assert (change(project) or "").endswith("source/new.yaml")


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_CEILING_DIRECTORIES"])
def test_a_hook_of_another_repository_does_not_mislead(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    assert change(project) is None
    assert list(git.read_versions(project, "sample.apkg")) == [b"first"]
    (project / "source" / "new.yaml").write_text("text", encoding="utf-8")
    assert (change(project) or "").endswith("source/new.yaml")


def test_a_repository_whose_files_have_gone_is_no_clean_one(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /no/such/folder\n", encoding="utf-8")
    with pytest.raises(git.GitError, match="leads to a repository elsewhere"):
        change(tmp_path)
    with pytest.raises(git.GitError, match="leads to a repository elsewhere"):
        list(git.read_versions(tmp_path, "sample.apkg"))


def test_a_repository_that_git_cannot_read_is_no_clean_one(project: Path) -> None:
    top = next(folder for folder in (project, *project.parents) if (folder / ".git").exists())
    (top / ".git" / "index").write_bytes(b"damaged")
    with pytest.raises(
        RefusedError, match=r"git cannot tell what is committed \(.+\); mend that, or add --allow-dirty"
    ):
        refuse_dirty(Options(project, project / "dist", ("apkg",)))


def test_every_version_of_a_file_is_found_newest_first_wherever_it_was_committed(project: Path) -> None:
    path = project / "dist" / "sample.apkg"
    path.write_text("second", encoding="utf-8")
    assert list(git.read_versions(project, "sample.apkg")) == [b"first"]
    commit(project)
    path.unlink()
    path.parent.rmdir()
    commit(project)
    (project / "out").mkdir()
    (project / "out" / "sample.apkg").write_text("third", encoding="utf-8")
    commit(project)
    assert list(git.read_versions(project, "sample.apkg")) == [b"third", b"second", b"first"]
    assert list(git.read_versions(project, "other.apkg")) == []


def test_a_version_of_another_branch_is_found(project: Path) -> None:
    run(project, "checkout", "-q", "-b", "aside")
    (project / "dist" / "sample.apkg").write_text("aside", encoding="utf-8")
    commit(project)
    run(project, "checkout", "-q", "-")
    assert b"aside" in list(git.read_versions(project, "sample.apkg"))


@pytest.mark.slow  # a release is rehearsed in Anki
def test_a_release_wants_a_clean_tree_or_to_be_told(author: Author) -> None:
    run(author.project, "init", "-q")
    commit(author.project)
    author.find("neon")["answer"] = "Red."
    with pytest.raises(RefusedError, match=r"not committed \(source/gases.yaml\); commit them, or add --allow-dirty"):
        author.try_release("1.0.1", "2026-02-01")
    for name in "abc":
        (author.project / f"{name}.txt").touch()
    with pytest.raises(RefusedError, match=r"not committed \(source/gases.yaml and 3 more\); commit them"):
        author.try_release("1.0.1", "2026-02-01")
    author.release("1.0.1", "2026-02-01", allow_dirty=True)
    commit(author.project)
    (author.out / "sample.apkg").write_bytes(b"a preview")  # the committed one is found
    author.release("1.0.2", "2026-02-01")
