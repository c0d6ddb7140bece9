"""Measures how long builds take, and compares them with `baseline.py`, the script that people write today.

Run: python3 bench/measure.py [--large 2000] [--rounds 5] [--tables] [--imports]   (with .venv/bin/python, on a quiet
machine)
Each round runs every command once, in turn, so that other work of the machine slows all of them alike.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.generate import generate, generate_package, generate_table  # noqa: E402 - the project's folder is not on the path before

Command = list[str]


def seconds(command: Command) -> float:
    """Run a command and return how long it took, in seconds."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    return time.perf_counter() - started


def peak_memory(command: Command) -> int:
    """Run a command and return the most memory that it and its children held, in MB (proportional set size, Linux)."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT, start_new_session=True)
    peak = 0

    def watch() -> None:
        nonlocal peak
        while process.poll() is None:
            peak = max(peak, sum(memory(pid) for pid in session(process.pid)))
            time.sleep(0.05)

    watcher = threading.Thread(target=watch)
    watcher.start()
    process.wait()
    watcher.join()
    return peak // 1024


def session(leader: int) -> list[int]:
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


def memory(pid: int) -> int:
    """Return the memory of a process, in KB (proportional set size), or 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def ratios(commands: Mapping[str, Command], prepare: Mapping[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Run all commands in turn, several times, and return the median time of each, in seconds."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            prepare.get(name, lambda: None)()
            taken[name].append(seconds(command))
    return {name: statistics.median(times) for name, times in taken.items()}


def measure(project: Path, rounds: int, work: Path) -> dict[str, float]:
    """Measure one project and print a table. Return the median time of each command, in seconds."""
    build = [sys.executable, str(ROOT / "build.py")]
    cache = work / "cache"
    os.environ["XDG_CACHE_HOME"] = str(cache)

    def forget() -> None:
        shutil.rmtree(cache, ignore_errors=True)
        shutil.rmtree(work / "out", ignore_errors=True)

    where = ["--project", str(project), "--out", str(work / "out")]
    commands = {
        "baseline": [sys.executable, "bench/baseline.py", str(project / "source"), str(work / "baseline.apkg")],
        "only apkg": [*build, *where, "--only", "apkg"],
        "everything": [*build, *where],
        "nothing changed": [*build, *where],
        "check": [*build, "check", "--project", str(project)],
    }
    medians = ratios(commands, {"only apkg": forget, "everything": forget}, rounds)
    for name, median in medians.items():
        print(f"  {name:<16} {median:7.2f} s   {median / medians['baseline']:5.2f} ×")
    return medians


def measure_tables(rounds: int, work: Path) -> None:
    """Measure tables of 10,000, 20,000 and 40,000 rows with two cards each, and print the medians and their ratios."""
    os.environ["XDG_CACHE_HOME"] = str(work / "cache")
    build = [sys.executable, str(ROOT / "build.py")]
    commands: dict[str, Command] = {}
    for count in (10_000, 20_000, 40_000):
        project = work / f"table-{count}"
        generate_table(count, project)
        if not commands:
            where = ["--project", str(project), "--out", str(work / "out"), "--no-cache", "--only", "apkg"]
            commands["baseline"] = [
                *(sys.executable, "bench/baseline.py", str(project / "source"), str(work / "b.apkg"))
            ]
            commands["only apkg"] = [*build, *where]
        commands[f"check {count}"] = [*build, "check", "--project", str(project)]
    medians = ratios(commands, {}, rounds)
    print("tables of 10,000, 20,000 and 40,000 rows, two cards each:")
    for name, median in medians.items():
        print(f"  {name:<16} {median:7.2f} s   {median / medians['baseline']:5.2f} ×")


def measure_imports(rounds: int, work: Path) -> None:
    """Measure the import of 20,000 notes of HTML against the build of what it makes, and print both and its memory."""
    os.environ["XDG_CACHE_HOME"] = str(work / "cache")
    build = [sys.executable, str(ROOT / "build.py")]
    package, project = work / "original.apkg", work / "imported"
    package.write_bytes(generate_package(20_000))
    importing = [*build, "import", str(package), str(project)]

    def forget() -> None:
        shutil.rmtree(project, ignore_errors=True)

    commands: dict[str, Command] = {
        "import": importing,
        "only apkg": [*(*build, "--project", str(project), "--out", str(work / "out"), "--no-cache", "--only", "apkg")],
    }
    medians = ratios(commands, {"import": forget}, rounds)
    print("a package of 20,000 notes:")
    for name, median in medians.items():
        print(f"  {name:<16} {median:7.2f} s   {median / medians['only apkg']:5.2f} ×")
    forget()
    print(f"  peak memory, import: {peak_memory(importing)} MB")


def main() -> None:
    """Measure the deck of this project, a large one, and one twice as large."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--large", type=int, default=2000)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--tables", action="store_true", help="measure tables alone")
    arguments.add_argument("--imports", action="store_true", help="measure the import of a package alone")
    options = arguments.parse_args()
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if options.imports:
            measure_imports(options.rounds, work)
            return
        measure_tables(options.rounds, work)
        if options.tables:
            return
        small = work / "small"
        shutil.copytree(ROOT / "source", small / "source")
        print("the FastAPI deck:")
        measure(small, options.rounds, work)
        times = []
        for count in (options.large, 2 * options.large):
            project = work / f"generated-{count}"
            generate(count, project)
            print(f"{count} generated questions:")
            times.append(measure(project, max(1, options.rounds // 2), work))
            where = ["--project", str(project), "--out", str(work / "out"), "--no-cache"]
            print(f"  peak memory, all processes: {peak_memory([sys.executable, 'build.py', *where])} MB")
        for name in ("only apkg", "everything", "check"):
            print(f"twice as many, {name}: {times[1][name] / times[0][name]:.2f} ×")


if __name__ == "__main__":
    main()
