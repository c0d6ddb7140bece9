"""Makes a change in a process that dies, or fails, at its n-th step on files. Run as a program.

It reads, from standard input, lines of JSON: the project, the contents (by path, base64, or null for what goes), the n,
and how to end: `kill`, `full` (a full disk), or `interrupt` (Ctrl-C). To each it answers with a line, how that ended.
"""

from __future__ import annotations

import base64
import errno
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

from cardpress.publish import transaction

# What Python tells an audit hook before it touches files.
STEPS = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.chmod", "shutil.copyfile"}


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


def change(asked: dict[str, Any]) -> int:
    """Make the change; gives one of ENDS, if the process lives."""
    contents = {
        Path(path): None if data is None else base64.b64decode(data) for path, data in asked["contents"].items()
    }
    fault = _Fault(asked["number"], asked["how"])
    sys.addaudithook(fault)
    try:
        transaction.commit(Path(asked["project"]), contents)
    except OSError:
        return 1
    except KeyboardInterrupt:
        return 130
    return 0 if fault.left <= 0 else 77


def main() -> None:
    """Make each change in a child of this process, so that Python need not start anew for it."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(change(json.loads(line)))
        _, status = os.waitpid(child, 0)
        print(ENDS[os.waitstatus_to_exitcode(status)], flush=True)


if __name__ == "__main__":
    main()
