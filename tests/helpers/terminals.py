"""Runs commands as processes: on a terminal of their own, or with what they print in pipes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

from tests.conftest import ROOT

START = "import sys; from cardpress.cli.main import run; sys.exit(run(sys.argv[1:]))"
# What moves the cursor and colors what is shown.
CODES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def command(*arguments: str, code: str = START) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def on_terminal(arguments: list[str], after: str = "", **environment: str) -> tuple[int, str]:
    """Run on a terminal of 100 columns, with Ctrl-C once `after` is on it. Return the exit status and the output."""
    near, far = os.openpty()
    env = os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"} | environment
    shown = b""
    with subprocess.Popen(
        arguments, stdin=far, stdout=far, stderr=far, cwd=ROOT, env=env, start_new_session=True
    ) as process:
        os.close(far)
        while True:
            try:
                part = os.read(near, 65536)
            except OSError:  # how Linux says that nobody is at the other end
                break
            if not part:
                break
            shown += part
            if after and after.encode() in shown:
                after = ""
                os.killpg(process.pid, signal.SIGINT)
    os.close(near)
    return process.returncode, shown.decode()


def is_clean(shown: str) -> bool:
    """Return whether a terminal has its cursor again after what was shown, if that was ever hidden."""
    return shown.rfind("\x1b[?25h") >= shown.rfind("\x1b[?25l")
