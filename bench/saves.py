"""Measures how long a saved edit takes to reach a browser that shows the project with `cardpress serve`.

Run: python3 bench/saves.py [--large 2000] [--rounds 7]   (with .venv/bin/python, on a quiet machine)
Each round edits the answer of another question, and waits for the event that names its note; then for all problems.
`check`, the command, runs in each round, too: the ratios to it are what another machine can compare with.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.generate import generate  # noqa: E402 - the project's folder is not on the path before

_ANSWER = re.compile(r"^(  answer: (?:\|\n    )?)", re.MULTILINE)


def events(address: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the events of a server, each with its data."""
    with urllib.request.urlopen(f"{address}api/events", timeout=600) as stream:
        kind = ""
        for line in map(bytes.decode, stream):
            if line.startswith("event: "):
                kind = line[7:].strip()
            elif line.startswith("data: "):
                yield kind, json.loads(line[6:])


def edit(project: Path, number: int) -> None:
    """Change the answer of one question, as an editor saves it: a new file in place of the old one."""
    files = sorted(path for path in (project / "source").glob("*.yaml") if path.name != "deck.yaml")
    file = files[number % len(files)]
    text = file.read_text(encoding="utf-8")
    places = list(_ANSWER.finditer(text))
    place = places[number % len(places)].end()
    word = f"Edited{number} "
    if text[place] in "'\"":
        place += 1
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text[:place] + word + text[place:], encoding="utf-8")
    beside.replace(file)


def measure(project: Path, rounds: int) -> None:
    """Measure one project, and print the medians."""
    command = [sys.executable, "-m", "cardpress"]
    started = time.perf_counter()
    server = subprocess.Popen(
        [*command, "serve", "--project", str(project)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    address = server.stdout.readline().split()[0]
    heard = events(address)
    try:
        wait_for(heard, "state", at_least=1)
        first = time.perf_counter() - started
        wait_until_checked(address)
        shown, checked, checks = [], [], []
        for number in range(1, rounds + 1):
            saved = time.perf_counter()
            edit(project, number)
            told = wait_for(heard, "state", at_least=number + 1)
            shown.append(time.perf_counter() - saved)
            assert len(told["notes"]) == 1, told
            wait_until_checked(address)
            checked.append(time.perf_counter() - saved)
            saved = time.perf_counter()
            subprocess.run([*command, "check", "--project", str(project)], cwd=ROOT, check=False, capture_output=True)
            checks.append(time.perf_counter() - saved)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
    check = statistics.median(checks)
    print(f"  check, the command {check * 1000:8.0f} ms")
    print(f"  first cards        {first * 1000:8.0f} ms   {first / check:5.2f} ×")
    for name, taken in (("save to cards", shown), ("save to problems", checked)):
        median = statistics.median(taken)
        print(f"  {name:<18} {median * 1000:8.0f} ms   {median / check:5.2f} ×   (slowest {max(taken) * 1000:.0f} ms)")


def wait_until_checked(address: str) -> None:
    """Return when all rules have been asked."""
    while True:
        with urllib.request.urlopen(f"{address}api/state", timeout=600) as answer:
            if json.load(answer)["is_checked"]:
                return
        time.sleep(0.05)


def wait_for(heard: Iterator[tuple[str, dict[str, Any]]], kind: str, at_least: int = 0) -> dict[str, Any]:
    """Return the data of the next event of a kind, of this revision or a later one."""
    return next(data for each, data in heard if each == kind and data["revision"] >= at_least)


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
