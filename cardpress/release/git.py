"""Asks git about a project: what is not committed, and what its files held in earlier commits."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path


class GitError(Exception):
    """Git is installed but fails. The message says why."""


def find_first_change(project: Path, out: Path) -> str | None:
    """Return the path of a file with changes that are not committed; None when there is none, or no git repository.

    Files in `out` do not count, nor do files that git ignores. Raises GitError when git fails.
    """
    pathspec = ["--", "."]
    if out.resolve().is_relative_to(project.resolve()):
        pathspec.append(f":(exclude,literal){out.resolve().relative_to(project.resolve()).as_posix()}")
    everything = ("--untracked-files=all", "--ignore-submodules=none")  # whatever a user's settings say
    done = _run(project, "status", "--porcelain", "-z", *everything, *pathspec)
    if done is None:
        return None
    if done.returncode != 0 and _is_unknown(done, project):
        return None
    _require(done)
    return done.stdout.split(b"\0")[0][3:].decode(errors="replace") or None


def read_versions(project: Path, name: str) -> Iterator[bytes]:
    """Yield every content that files of this name had in any commit, in any folder of the project, newest first.

    Yields nothing when git is not installed or the project is not in a repository. Raises GitError.
    """
    # A line for each change, for a merge one for each parent, in the raw output format of git-diff(1):
    # `:old-mode new-mode old-blob new-blob status`, a tab, the path.
    options = ["--all", "--full-history", "-m", "--raw", "--no-abbrev", "--no-renames", "--format="]
    # A user's settings must not change what is found, or make git fail.
    options += ["--no-follow", "-O/dev/null", "--no-show-signature"]
    log = _run(project, "log", *options, "--", f":(glob)**/{name}")
    if log is None or (log.returncode != 0 and _is_unknown(log, project)):
        return
    _require(log)
    blobs = [line.split()[3].decode() for line in log.stdout.splitlines() if line.startswith(b":")]
    for blob in dict.fromkeys(blobs):
        content = _run(project, "cat-file", "blob", blob) if blob.strip("0") else None  # zeros stand for a deletion
        if content is not None:
            _require(content)
            yield content.stdout


def _is_unknown(done: subprocess.CompletedProcess[bytes], folder: Path) -> bool:
    """Return whether git failed because the folder is in no repository, or in one without a commit."""
    if b"does not have any commits yet" in done.stderr:
        return True
    # Git says the same of a repository that it cannot use, such as one whose files have moved.
    is_in_one = any((each / ".git").exists() for each in (folder.resolve(), *folder.resolve().parents))
    return b"not a git repository" in done.stderr and not is_in_one


def _require(done: subprocess.CompletedProcess[bytes]) -> None:
    """Raise GitError, with git's first line, when a command failed."""
    if done.returncode != 0:
        raise GitError(done.stderr.decode(errors="replace").strip().partition("\n")[0])


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    git = shutil.which("git")
    if git is None or not folder.is_dir():
        return None
    command = [git, "-C", str(folder), *arguments]
    # In a hook, git names its own repository in variables such as GIT_DIR; the project may be in another.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or "CONFIG" in name}
    words = {"LC_ALL": "C"}  # English messages, since `_is_unknown` looks for some
    return subprocess.run(command, capture_output=True, check=False, env=kept | words)  # noqa: S603 - git
