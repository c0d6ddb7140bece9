"""Measures how long builds take, and compares them with `baseline.py`, the script that people write today.

Run: python3 bench/measure.py [ROW …] [--rounds 5] [--large-rounds 5] [--program ../before/build.py] [--list]
(with .venv/bin/python, on Linux, on a quiet machine). A row is named as `--list` names it; `fastapi.*` means all of a
group. Each round runs every command of a group once, in turn: other work of the machine then slows all of them alike.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.commands import Figure  # noqa: E402 - the project's folder is not on the path before
from bench.groups import GROUPS, Bench, Group  # noqa: E402
from bench.table import HEAD, Row, write_rows  # noqa: E402


def choose_rows(group: Group, wanted: Sequence[str]) -> tuple[Row, ...]:
    """Return the rows of a group that are asked for, all when none is."""
    return tuple(
        row for row in group.rows if not wanted or any(fnmatchcase(group.row_name(row), each) for each in wanted)
    )


def measure(group: Group, rows: Sequence[Row], rounds: int, bench: Bench) -> dict[str, list[Figure]]:
    """Return the figures of the runs that rows of a group need, and say on standard error how far it is."""
    needed = {run for row in rows for run in row.runs}
    runs = {name: run for name, run in group.prepare(bench).items() if name in needed}
    figures: dict[str, list[Figure]] = {name: [] for name in runs}
    for number in range(1, rounds + 1):
        for name, run in runs.items():
            figures[name].append(run(number))
            print(f"{group.name}, round {number}, {name}: {figures[name][-1].value:,.2f}", file=sys.stderr, flush=True)
    return figures


def main() -> None:
    """Measure what is asked for, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("rows", nargs="*", metavar="ROW", help="rows to measure, all when none is named")
    arguments.add_argument("--rounds", type=int, default=5, help="how often each command runs")
    arguments.add_argument("--large-rounds", type=int, default=5, help="how often those run that take minutes")
    arguments.add_argument("--program", type=Path, default=ROOT / "build.py", help="the build.py that is measured")
    arguments.add_argument("--scale", type=float, default=1.0, help="such as 0.05, to try this script on small decks")
    arguments.add_argument("--list", action="store_true", help="name all rows, and measure nothing")
    options = arguments.parse_args()
    chosen = [(group, rows) for group in GROUPS if (rows := choose_rows(group, options.rows))]
    if not chosen:
        arguments.error(f"no row is called {' or '.join(options.rows)}; --list names all of them")
    if options.list:
        for group, rows in chosen:
            for row in rows:
                print(f"{group.row_name(row):<28} {group.says}: {row.says}")
        return
    print(f"{options.program.resolve()}; {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    if options.scale != 1:
        print(f"decks of {options.scale:g} × their size")
    for group, rows in chosen:
        rounds = options.large_rounds if group.is_large else options.rounds
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            figures = measure(group, rows, rounds, Bench(Path(folder), options.program.resolve(), options.scale, stack))
        print(f"\n{group.says} (medians of {rounds}):\n", *HEAD, *write_rows(rows, figures), sep="\n", flush=True)


if __name__ == "__main__":
    main()
