"""Measures the most memory that a command and all of its processes hold at the same time (Linux)."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from bench.commands import Command, Figure, with_variables

# Seconds between two looks.
_PAUSE = 0.02


def measure_memory(command: Command, variables: Mapping[str, str] | None = None) -> Figure:
    """Run a command and return the peak in MB: proportional set sizes, so that what processes share counts once.

    Raises RuntimeError when it fails.
    """
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=with_variables(variables),
        start_new_session=True,
    )
    peak = 0

    def watch() -> None:
        nonlocal peak
        while process.poll() is None:
            peak = max(peak, sum(_measure_process(pid) for pid in _list_session(process.pid)))
            time.sleep(_PAUSE)

    watcher = threading.Thread(target=watch)
    watcher.start()
    watcher.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Figure(peak / 1024)


def _list_session(leader: int) -> list[int]:
    """Return the ids of the processes of a session."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == leader:
                found.append(int(entry.name))
    return found


def _measure_process(pid: int) -> int:
    """Return the memory of a process, in KB, 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
