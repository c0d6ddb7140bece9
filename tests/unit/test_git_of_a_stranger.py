"""A repository that came with a project is data: git runs nothing that it names, and reads no other repository."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from cardpress.release import git
from tests.unit.test_git import commit, run

NAME = "sample.apkg"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose repository has two versions of a package."""
    project = tmp_path / "project"
    (project / "source").mkdir(parents=True)
    run(tmp_path, "init", "-q", str(project))
    for version in (b"first", b"second"):
        (project / NAME).write_bytes(version)
        (project / "source" / "deck.yaml").write_bytes(version)
        commit(project)
    return project


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A program that leaves a trace when it runs: the file `ran` beside it."""
    path = tmp_path / "trap"
    path.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\ntest x$1 != xclean || cat\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def ask(project: Path) -> None:
    """Ask git all that it is ever asked. It may refuse to answer."""
    for question in (
        lambda: git.find_changes(project, project / "dist"),
        lambda: list(read(project)),
        lambda: list(git.read_commits(project, "source/history.json", 9)),
    ):
        with suppress(git.GitError):
            question()


def read(project: Path) -> list[bytes]:
    return list(git.read_versions(project, NAME))


def _fsmonitor(project: Path, trap: Path) -> None:
    run(project, "config", "core.fsmonitor", str(trap))


def _hooks(project: Path, trap: Path) -> None:
    hooks = project / ".git" / "hooks"
    shutil.rmtree(hooks, ignore_errors=True)
    hooks.mkdir()
    for name in ("post-index-change", "post-checkout", "fsmonitor-watchman", "reference-transaction", "pre-auto-gc"):
        shutil.copy(trap, hooks / name)
    os.utime(project / "source" / "deck.yaml", (1, 1))  # so that git would write the index


def _hooks_elsewhere(project: Path, trap: Path) -> None:
    _hooks(project, trap)
    (project / ".git" / "hooks").rename(project / "hooks")
    run(project, "config", "core.hooksPath", "hooks")


def _filter(project: Path, trap: Path, key: str = "clean") -> None:
    (project / ".git" / "info").mkdir(exist_ok=True)
    (project / ".git" / "info" / "attributes").write_text("* filter=x=y.z\n*.yaml filter=a\n", encoding="utf-8")
    for name in ("x=y.z", "a"):
        run(project, "config", f"filter.{name}.{key}", str(trap))
        run(project, "config", f"filter.{name}.required", "true")
    os.utime(project / "source" / "deck.yaml", (1, 1))  # so that git would look into the file


def _filter_process(project: Path, trap: Path) -> None:
    _filter(project, trap, "process")


def _included_filter(project: Path, trap: Path) -> None:
    _filter(project, trap)
    config = project / ".git" / "config"
    config.rename(project / "more")
    config.write_text("[include]\n path = ../more\n", encoding="utf-8")


def _filter_behind_many(project: Path, trap: Path) -> None:
    """More names than are read of what git prints: the last filter must be off all the same."""
    _filter(project, trap)
    config = project / ".git" / "config"
    last = config.read_bytes()
    config.write_bytes(b'[core]\n[filter "first"]\n' + b"clean=\n" * 750_000 + last)


def _differ(project: Path, trap: Path) -> None:
    (project / ".git" / "info").mkdir(exist_ok=True)
    (project / ".git" / "info" / "attributes").write_text("* diff=x\n", encoding="utf-8")
    for key in ("diff.external", "diff.x.command", "diff.x.textconv", "core.pager", "pager.log", "gpg.program"):
        run(project, "config", key, str(trap))
    run(project, "config", "log.showSignature", "true")


def _promisor(project: Path, trap: Path) -> None:
    """Take an old version away, and name a remote that promises it."""
    blob = next(path for path in (project / ".git" / "objects").glob("??/*") if b"blob" in _unpacked(path))
    blob.unlink()
    run(project, "config", "extensions.partialClone", "origin")
    run(project, "config", "remote.origin.promisor", "true")
    run(project, "config", "remote.origin.url", f"ext::{trap} %S")
    run(project, "config", "protocol.ext.allow", "always")
    run(project, "config", "protocol.allow", "always")


def _unpacked(path: Path) -> bytes:
    return zlib.decompress(path.read_bytes())


def _promisor_of_a_program(project: Path, trap: Path) -> None:
    _promisor(project, trap)
    run(project, "config", "remote.origin.url", str(project.parent / "nowhere"))
    run(project, "config", "remote.origin.uploadpack", str(trap))
    run(project, "config", "protocol.file.allow", "always")


def _submodule(project: Path, trap: Path) -> None:
    inner = project / "inner"
    run(project, "init", "-q", str(inner))
    commit(inner)
    run(project, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "-f", "./inner", "inner")
    commit(project)
    run(inner, "config", "core.fsmonitor", str(trap))
    _hooks_elsewhere_in(inner, trap)


def _hooks_elsewhere_in(inner: Path, trap: Path) -> None:
    shutil.copy(trap, inner / "post-index-change")
    run(inner, "config", "core.hooksPath", str(inner))
    (inner / "new").touch()


def _bare(project: Path, trap: Path) -> None:
    """Put the files of a bare repository where the project is."""
    bare = project.parent / "bare"
    (project / ".git").rename(bare)
    for path in bare.iterdir():
        path.rename(project / path.name)
    with (project / "config").open("a", encoding="utf-8") as config:
        config.write(f'[core]\n fsmonitor = "{trap}"\n bare = false\n worktree = "{project}"\n')


TRAPS = (
    *(_fsmonitor, _hooks, _hooks_elsewhere, _filter, _filter_process, _filter_behind_many, _included_filter, _differ),
    *(_promisor, _promisor_of_a_program, _submodule, _bare),
)


@pytest.mark.parametrize("put", TRAPS)
def test_nothing_that_a_repository_names_is_run(project: Path, trap: Path, put: Callable[[Path, Path], None]) -> None:
    put(project, trap)
    (trap.parent / "ran").unlink(missing_ok=True)
    index = project / ".git" / "index"
    before = index.read_bytes() if index.exists() else None
    ask(project)
    assert not (trap.parent / "ran").exists()
    assert (index.read_bytes() if index.exists() else None) == before


@pytest.mark.parametrize("put", TRAPS)
def test_git_by_itself_would_run_it(project: Path, trap: Path, put: Callable[[Path, Path], None]) -> None:
    """So the traps are traps."""
    put(project, trap)
    (trap.parent / "ran").unlink(missing_ok=True)
    for command in ("status", "log -p --no-renames", f"rev-list --objects --all -- {NAME}", "log -p --ext-diff"):
        subprocess.run(["git", "-C", str(project), *command.split()], capture_output=True, check=False)
    assert (trap.parent / "ran").exists()


def test_a_filter_of_the_users_own_is_used(
    project: Path, tmp_path: Path, trap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for large files, whose filter is in a user's settings."""
    (project / ".gitattributes").write_text("*.yaml filter=mine\n", encoding="utf-8")
    commit(project)
    (tmp_path / "settings").write_text(f'[filter "mine"]\n clean = {trap} clean\n', encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "settings"))
    os.utime(project / "source" / "deck.yaml", (1, 1))
    assert git.find_changes(project, project / "dist") == ()
    assert (tmp_path / "ran").exists()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """Another repository of the user's, which has a package, too."""
    secret = tmp_path / "secret"
    run(tmp_path, "init", "-q", str(secret))
    (secret / NAME).write_bytes(b"secret")
    commit(secret)
    return secret


def _pointer(project: Path, secret: Path) -> None:
    (project / ".git").write_text(f"gitdir: {secret}/.git\n", encoding="utf-8")


def _link(project: Path, secret: Path) -> None:
    (project / ".git").symlink_to(secret / ".git")


def _common(project: Path, secret: Path) -> None:
    run(project, "init", "-q")
    (project / ".git" / "commondir").write_text(f"{secret}/.git\n", encoding="utf-8")


def _alternates(project: Path, secret: Path) -> None:
    run(project, "init", "-q")
    (project / ".git" / "objects" / "info" / "alternates").write_text(f"{secret}/.git/objects\n", encoding="utf-8")
    head = run_and_read(secret, "rev-parse", "HEAD")
    (project / ".git" / "refs" / "heads" / "x").write_text(head, encoding="utf-8")


def _linked_part(name: str) -> Callable[[Path, Path], None]:
    def put(project: Path, secret: Path) -> None:
        run(project, "init", "-q")
        part = project / ".git" / name
        shutil.rmtree(part) if part.is_dir() else part.unlink(missing_ok=True)
        part.symlink_to(secret / ".git" / name)

    return put


def run_and_read(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True).stdout


def _unknown_worktree(project: Path, secret: Path) -> None:
    (secret / ".git" / "worktrees" / "x").mkdir(parents=True)
    (secret / ".git" / "worktrees" / "x" / "gitdir").write_text("/elsewhere/.git\n", encoding="utf-8")
    (project / ".git").write_text(f"gitdir: {secret}/.git/worktrees/x\n", encoding="utf-8")


def _own_worktree(project: Path, secret: Path, *, settings: str = "", shared: str = "") -> None:
    """The pointer leads to a folder of the project, which names the project, and what it shares: another repository."""
    run(project, "init", "-q")
    (project / ".git").rename(project / "fake")
    own = project / "fake" / "worktrees" / "x"
    own.mkdir(parents=True)
    (project / "fake" / "HEAD").replace(own / "HEAD")
    (own / "gitdir").write_text(f"{project}/.git\n", encoding="utf-8")
    (own / "commondir").write_text(f"{shared or secret / '.git'}\n", encoding="utf-8")
    (project / ".git").write_text(f"gitdir: {own}\n", encoding="utf-8")
    with (project / "fake" / "config").open("a", encoding="utf-8") as file:
        file.write(settings)


def _own_worktree_that_includes(project: Path, secret: Path) -> None:
    _own_worktree(project, secret, settings=f"[include]\n path = {secret}/.git/config\n", shared="../..")


def _linked_object(project: Path, secret: Path) -> None:
    run(project, "init", "-q")
    for path in (secret / ".git" / "objects").glob("??"):
        (project / ".git" / "objects" / path.name).mkdir()
        for file in path.iterdir():
            (project / ".git" / "objects" / path.name / file.name).symlink_to(file)
    head = run_and_read(secret, "rev-parse", "HEAD")
    (project / ".git" / "refs" / "heads" / "x").write_text(head, encoding="utf-8")


def _linked_branch(project: Path, secret: Path) -> None:
    run(project, "init", "-q")
    (project / ".git" / "refs" / "heads" / "x").symlink_to(next((secret / ".git" / "refs" / "heads").iterdir()))


def _include(path: str) -> Callable[[Path, Path], None]:
    """Include a file of the repository's, which includes one elsewhere."""

    def put(project: Path, secret: Path) -> None:
        run(project, "init", "-q")
        inner = path.format(secret)
        (project / "more").write_text(f'[includeIf "gitdir:/"]\n path = {inner}\n[include]\n path = more\n', "utf-8")
        run(project, "config", "--add", "include.path", "../more")

    return put


POINTERS = (
    *(_pointer, _link, _common, _alternates, _unknown_worktree),
    *(_own_worktree, _own_worktree_that_includes),
    *(_linked_object, _linked_branch),
    *map(_include, ("{}/.git/config", "../secret/.git/config", "~/.gitconfig", "/dev/zero")),
    *map(_linked_part, ("objects", "refs", "HEAD", "config", "index")),
)


@pytest.mark.parametrize("put", POINTERS)
def test_no_other_repository_is_read(tmp_path: Path, secret: Path, put: Callable[[Path, Path], None]) -> None:
    project = tmp_path / "project"
    project.mkdir()
    put(project, secret)
    with pytest.raises(git.GitError, match=r"repository|outside"):
        read(project)
    with pytest.raises(git.GitError, match=r"repository|outside"):
        git.find_changes(project, project / "dist")


def test_a_repository_looks_at_no_other_folder(project: Path, tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "diary.txt").touch()
    run(project, "config", "core.worktree", str(tmp_path / "private"))
    assert git.find_changes(project, project / "dist") == ()
    (project / "new.txt").touch()
    assert git.find_changes(project, project / "dist") == ("new.txt",)


@pytest.mark.skipif(os.name == "nt", reason="no name on Windows has a colon")
def test_a_folder_that_is_no_repository_does_not_lead_to_one_above(project: Path) -> None:
    """GIT_CEILING_DIRECTORIES is a list with colons, and so names no folder with one."""
    inner = project / "a:b" / "deck"
    (inner / ".git").mkdir(parents=True)
    with pytest.raises(git.GitError, match=r"no repository|not a git repository"):
        read(inner)


def test_a_worktree_that_its_repository_knows_is_asked(project: Path, tmp_path: Path) -> None:
    run(project, "worktree", "add", "-q", str(tmp_path / "tree"))
    assert read(tmp_path / "tree") == [b"second", b"first"]
    assert git.find_changes(tmp_path / "tree", tmp_path / "tree" / "dist") == ()
    (tmp_path / "tree" / "new.txt").touch()
    assert git.find_changes(tmp_path / "tree", tmp_path / "tree" / "dist") == ("new.txt",)


def test_a_submodule_is_asked(project: Path, secret: Path) -> None:
    run(project, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(secret), "deck")
    commit(project)
    assert read(project / "deck") == [b"secret"]
    (project / "deck" / "new.txt").touch()
    assert git.find_changes(project / "deck", project / "deck" / "dist") == ("new.txt",)


# What git opens by itself.
PIPES = [
    *("config", "HEAD", "index", "packed-refs", "refs/heads/other", "refs/tags/v1", "MERGE_HEAD", "shallow"),
    *("info/exclude", "info/attributes", "objects/info/alternates", "rebase-merge/head-name", "BISECT_LOG"),
    *("../.gitignore", "../.gitattributes", "../below/.gitignore"),
]


@pytest.mark.parametrize("name", PIPES)
@pytest.mark.parametrize("is_link", [False, True])
def test_a_pipe_in_a_repository_is_not_waited_for(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, is_link: bool
) -> None:
    pipe = project / ".git" / name
    pipe.parent.mkdir(exist_ok=True)
    pipe.unlink(missing_ok=True)
    os.mkfifo(tmp_path / "pipe" if is_link else pipe)
    if is_link:
        pipe.symlink_to(tmp_path / "pipe")
    monkeypatch.setattr(subprocess, "Popen", _forbidden)
    with pytest.raises(git.GitError, match=r"out of the repository|waited for|another repository"):
        read(project)


def test_a_pipe_that_the_configuration_includes_is_not_waited_for(project: Path) -> None:
    os.mkfifo(project / "settings")
    run(project, "config", "include.path", "../settings")
    with pytest.raises(git.GitError, match="waited for"):
        read(project)


def test_a_socket_of_git_itself_is_passed_over(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / ".git")  # a socket's path has to be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("fsmonitor--daemon.ipc")
        assert read(project) == [b"second", b"first"]


def _forbidden(*_: object, **__: object) -> None:
    raise AssertionError("git is run")


def test_no_list_of_names_elsewhere_is_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(project, "config", "mailmap.file", "/dev/zero")  # which has no end
    monkeypatch.setattr(git, "_LONGEST", 20)
    assert read(project) == [b"second", b"first"]


def test_a_version_that_is_too_large_is_passed_over(project: Path) -> None:
    """Ten gigabytes of zeros take ten megabytes in a repository."""
    assert list(git.read_versions(project, NAME, limit=5)) == [b"first"]


def test_a_git_in_the_present_folder_is_not_run(
    project: Path, trap: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(trap, project / "git")
    monkeypatch.chdir(project)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", os.environ["PATH"]]))
    assert read(project) == [b"second", b"first"]
    assert not (tmp_path / "ran").exists()
