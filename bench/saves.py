"""Measures how long a saved edit takes to reach a browser that shows the project with `cardpress serve`.

Run: python3 bench/saves.py [--large 2000] [--rounds 7]   (with .venv/bin/python, on a quiet machine)
Each round edits the answer of another question, and waits for the event that names its note; then for all problems.
`check`, the command, runs in each round, too: the ratios to it are what another machine can compare with.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.commands import Command, time_command, with_variables  # noqa: E402 - the project's folder is not on the path before
from bench.edits import edit  # noqa: E402
from bench.generate import generate  # noqa: E402


@dataclass(frozen=True, slots=True)
class Waited:
    """Seconds from a save until a browser was told which card is new, and until all rules were asked."""

    shown: float
    checked: float


class Served(AbstractContextManager["Served"]):
    """A project that `serve` shows, as long as the context is open. `first` is how long it took to show its cards."""

    def __init__(self, command: Command, variables: Mapping[str, str] | None = None) -> None:
        started = time.perf_counter()
        self._server = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=with_variables(variables)
        )
        assert self._server.stdout is not None
        self._address = self._server.stdout.readline().split()[0]
        self._heard = _hear_events(self._address)
        self._revision = self._wait_for_state(1)["revision"]
        self.first = time.perf_counter() - started
        self._wait_until_checked()

    def save(self, project: Path, number: int) -> Waited:
        """Save an edit, another one for each number, and return how long that took to be seen."""
        saved = time.perf_counter()
        edit(project, number)
        told = self._wait_for_state(self._revision + 1)
        shown = time.perf_counter() - saved
        assert len(told["notes"]) == 1, told
        self._revision = told["revision"]
        self._wait_until_checked()
        return Waited(shown, time.perf_counter() - saved)

    def __exit__(self, *_: object) -> None:
        self._server.send_signal(signal.SIGINT)
        self._server.wait(30)

    def _wait_for_state(self, at_least: int) -> dict[str, Any]:
        """Return the data of the next state of this revision or a later one."""
        return next(data for kind, data in self._heard if kind == "state" and data["revision"] >= at_least)

    def _wait_until_checked(self) -> None:
        """Return when all rules have been asked."""
        while True:
            with urllib.request.urlopen(f"{self._address}api/state", timeout=600) as answer:
                if json.load(answer)["is_checked"]:
                    return
            time.sleep(0.05)


def _hear_events(address: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the events of a server, each with its data."""
    with urllib.request.urlopen(f"{address}api/events", timeout=600) as stream:
        kind = ""
        for line in map(bytes.decode, stream):
            if line.startswith("event: "):
                kind = line[7:].strip()
            elif line.startswith("data: "):
                yield kind, json.loads(line[6:])


def measure(project: Path, rounds: int) -> None:
    """Measure one project, and print the medians."""
    program = [sys.executable, str(ROOT / "build.py")]
    waited, checks = [], []
    with Served([*program, "serve", "--project", str(project)]) as served:
        for number in range(1, rounds + 1):
            waited.append(served.save(project, number))
            checks.append(time_command([*program, "check", "--project", str(project)]).value)
    check = statistics.median(checks)
    print(f"  check, the command {check * 1000:8.0f} ms")
    print(f"  first cards        {served.first * 1000:8.0f} ms   {served.first / check:5.2f} ×")
    for name, taken in (
        ("save to cards", [each.shown for each in waited]),
        ("save to problems", [each.checked for each in waited]),
    ):
        median = statistics.median(taken)
        print(f"  {name:<18} {median * 1000:8.0f} ms   {median / check:5.2f} ×   (slowest {max(taken) * 1000:.0f} ms)")


def main() -> None:
    """Measure the FastAPI deck, and a large one."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--large", type=int, default=2000)
    arguments.add_argument("--rounds", type=int, default=7)
    options = arguments.parse_args()
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small", Path(folder) / "large"
        shutil.copytree(ROOT / "source", small / "source")
        generate(options.large, large)
        print("the FastAPI deck:")
        measure(small, options.rounds)
        print(f"{options.large} generated questions:")
        measure(large, options.rounds)


if __name__ == "__main__":
    main()
