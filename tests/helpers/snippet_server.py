"""Run snippets as scripts, each in a fork of this process, where FastAPI is imported already. Run as a program.

It reads lines of JSON from standard input: the path of a snippet and that of a folder. The snippet's standard output
and error go to the files `out` and `err` in that folder. The answer to each line is a line with the exit status, which
is the negative number of the signal that ended it, if one did.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import sys
from pathlib import Path

import fastapi.testclient  # noqa: F401 - nearly all snippets import it, and it takes longer than what they do

TIMEOUT = 120  # seconds, after which a snippet is ended


def become(snippet: str, folder: Path) -> None:
    """Run a snippet as the script of this process, up to its end."""
    signal.alarm(TIMEOUT)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    sys.argv = [snippet]
    runpy.run_path(snippet, run_name="__main__")


def main() -> None:
    for line in sys.stdin:
        snippet, folder = json.loads(line)
        child = os.fork()
        if child == 0:
            become(snippet, Path(folder))
            return  # so that the child ends as a script does, its threads joined and its files closed
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
