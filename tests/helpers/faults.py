"""Makes a change in a process that dies, or fails, at its n-th step on files. Run as a program.

It reads lines of JSON from standard input: the project, the name of a change in CHANGES, the n, and how to end: `kill`,
`full` (a full disk), or `interrupt` (Ctrl-C). It answers each with a line that says how the change ended.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from cardpress.publish import transaction
from cardpress.publish.recovery import JOURNAL
from cardpress.publish.transaction import Content, NewFolder

_NEW_FILES: Mapping[str, Content] = {
    "source/history.json": b"{}",
    "source/deck.yaml": b"version: 1.1.0\n",
    "CHANGELOG.md": b"# Changelog\n\n## 1.1.0\n",
}
# What a release changes, by how dist/ can be replaced: as a whole folder, or file by file.
CHANGES: Mapping[str, Mapping[str, Content]] = {
    "folder": {
        "dist": NewFolder(
            {"manifest.json": b"new manifest", "new.txt": b"made now", "made/new.html": b"made now"},
            frozenset({"gone.txt", "deep/gone.html", "old/gone.html"}),
        ),
        **_NEW_FILES,
    },
    "files": {
        "dist/gone.txt": None,
        "dist/deep/gone.html": None,
        "dist/old/gone.html": None,
        "dist/manifest.json": b"new manifest",
        "dist/new.txt": b"made now",
        "dist/made/new.html": b"made now",
        **_NEW_FILES,
    },
    "new folder": {"dist": NewFolder({"manifest.json": b"new manifest"}), **_NEW_FILES},
}

# What Python tells an audit hook before it touches files.
STEPS = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.chmod", "shutil.copyfile"}


def contents_of(project: Path, change: str) -> dict[Path, Content]:
    """Return a change with the paths that it has in a project."""
    return {project / name: content for name, content in CHANGES[change].items()}


class _Fault:
    def __init__(self, number: int, how: str) -> None:
        self.left = number
        self.how = how

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in STEPS or "/lib/python" in str(arguments[0]):
            return
        self.left -= 1
        if self.left == 0:
            self.strike(str(arguments[0]))

    def strike(self, path: str) -> None:
        if self.how == "kill":
            os._exit(9)
        if self.how == "interrupt":
            signal.raise_signal(signal.SIGINT)
        else:
            self.full(path)

    def full(self, path: str) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)


ENDS = {0: "made", 1: "failed", 9: "killed", 130: "stopped", 77: "made without a fault"}


def make(asked: dict[str, Any]) -> int:
    """Make the change and return one of ENDS, if the process lives."""
    project = Path(asked["project"])
    contents = contents_of(project, asked["change"])
    fault = _Fault(asked["number"], asked["how"])
    sys.addaudithook(fault)
    try:
        transaction.commit(contents, project / JOURNAL)
    except OSError:
        return 1
    except KeyboardInterrupt:
        return 130
    return 0 if fault.left <= 0 else 77


def main() -> None:
    """Make each change in a child of this process, so that Python need not start anew for it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have started us with it ignored
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(make(json.loads(line)))
        _, status = os.waitpid(child, 0)
        print(ENDS[os.waitstatus_to_exitcode(status)], flush=True)


if __name__ == "__main__":
    main()
