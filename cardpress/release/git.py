"""What git knows of a project, where there is git and the project is in it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path


class GitError(Exception):
    """Git is there and will not answer; the message says why."""


def find_first_change(project: Path, out: Path) -> str | None:
    """Name a file of the project that is not committed as it is; None when all are, or when git has no part in it.

    What is made, in `out`, does not count, nor does what git ignores. Raises GitError.
    """
    pathspec = ["--", "."]
    if out.resolve().is_relative_to(project.resolve()):
        pathspec.append(f":(exclude,literal){out.resolve().relative_to(project.resolve()).as_posix()}")
    done = _git(project, "status", "--porcelain", "-z", *pathspec)
    if done is None:
        return None
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        if "not a git repository" in reason:
            return None
        raise GitError(reason)
    return done.stdout.split(b"\0")[0][3:].decode(errors="replace") or None


def read_committed(path: Path) -> bytes | None:
    """Give a file as it was last committed, None when it was not."""
    done = _git(path.parent.parent, "show", f"HEAD:./{path.parent.name}/{path.name}")
    return done.stdout if done and done.returncode == 0 else None


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    git = shutil.which("git")
    if git is None or not folder.is_dir():
        return None
    command = [git, "-C", str(folder), *arguments]
    words = {"LC_ALL": "C"}  # for one of its messages is looked for
    return subprocess.run(command, capture_output=True, check=False, env=os.environ | words)  # noqa: S603 - git
