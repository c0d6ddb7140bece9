"""What git knows of a project, where there is git and the project is in it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path


class GitError(Exception):
    """Git is there and will not answer; the message says why."""


def find_first_change(project: Path, out: Path) -> str | None:
    """Return a file of the project that is not committed as it is; None when all are, or where there is no git.

    What is made, in `out`, does not count, nor does what git ignores. Raises GitError.
    """
    pathspec = ["--", "."]
    if out.resolve().is_relative_to(project.resolve()):
        pathspec.append(f":(exclude,literal){out.resolve().relative_to(project.resolve()).as_posix()}")
    done = _run(project, "status", "--porcelain", "-z", *pathspec)
    if done is None:
        return None
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        if "not a git repository" in reason:
            return None
        raise GitError(reason)
    return done.stdout.split(b"\0")[0][3:].decode(errors="replace") or None


def read_versions(project: Path, name: str) -> Iterator[bytes]:
    """Yield every content that a file of this name has had in any commit, in any folder of the project, newest first.

    Yields nothing where there is no git, or the project is not in it.
    """
    # A line for each change (of a merge, one for each parent): `:mode mode old-blob new-blob status`, a tab, the path.
    options = ["--all", "--full-history", "-m", "--raw", "--no-abbrev", "--no-renames", "--format="]
    log = _run(project, "log", *options, "--", f":(glob)**/{name}")
    if log is None or log.returncode != 0:
        return
    blobs = [line.split()[3].decode() for line in log.stdout.splitlines() if line.startswith(b":")]
    for blob in dict.fromkeys(blobs):
        content = _run(project, "cat-file", "blob", blob)  # of a file that was deleted, the name is all zeros
        if content is not None and content.returncode == 0:
            yield content.stdout


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    git = shutil.which("git")
    if git is None or not folder.is_dir():
        return None
    command = [git, "-C", str(folder), *arguments]
    words = {"LC_ALL": "C"}  # one of git's messages is looked for
    return subprocess.run(command, capture_output=True, check=False, env=os.environ | words)  # noqa: S603 - git
