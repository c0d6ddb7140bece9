"""Runs commands, and says how long each took and how much of the processor's time, with all of its processes."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Command = list[str]


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured once: seconds or megabytes, and where it is time, the seconds of the processor, if known."""

    value: float
    processor: float | None = None


def time_command(command: Command, variables: Mapping[str, str] | None = None) -> Figure:
    """Run a command to its end and return how long it took. Raises RuntimeError, with what it said, when it fails."""
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=said, stderr=said, env=with_variables(variables))
        _, status, usage = os.wait4(process.pid, 0)
        taken = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            end = said.read()[-3000:].decode("utf-8", "replace")
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{end}")
    return Figure(taken, usage.ru_utime + usage.ru_stime)


def with_variables(variables: Mapping[str, str] | None) -> dict[str, str]:
    """Return the environment with some variables set. Python keeps there what it compiled, as it does for users."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **(variables or {})}


def in_cache(folder: Path) -> dict[str, str]:
    """Return the variables that let a command keep its values in this folder (Linux)."""
    return {"XDG_CACHE_HOME": str(folder)}
