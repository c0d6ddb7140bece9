"""What is measured together: the shapes of decks, each with its rows, and with the runs that these need."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.commands import Command, Figure, in_cache, time_command
from bench.edits import RECALL, edit
from bench.generate import generate, generate_package, generate_photographs, generate_plain, generate_table
from bench.memory import measure_memory
from bench.saves import Served
from bench.table import Row

ROOT = Path(__file__).resolve().parent.parent

# Measures once, in the round of this number.
Run = Callable[[int], Figure]
SOME = ("--only", "apkg,page,json")


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a group works, which program it measures, and how many notes there are of each thousand."""

    folder: Path
    program: Path
    scale: float = 1.0
    stack: ExitStack = field(default_factory=ExitStack)

    def count(self, whole: int) -> int:
        """Return how many of something a shape has."""
        return max(1, round(whole * self.scale))

    def made(self, name: str, make: Callable[[Path], object]) -> Path:
        """Return the folder of this name, which `make` fills when it is first asked for."""
        place = self.folder / name
        if not place.exists():
            make(place)
        return place

    def command(self, *words: str | Path) -> Command:
        """Return a command line of the program."""
        return [sys.executable, *map(str, (self.program, *words))]

    def build(self, project: Path, *options: str) -> Run:
        """Return a run that builds a project and keeps nothing."""
        command = self.command("--project", project, "--out", self.folder / "out", "--no-cache", *options)
        return lambda _: time_command(command)

    def check(self, project: Path) -> Run:
        """Return a run that checks a project, of which nothing is known from before."""
        command, cache = self.command("check", "--project", project), self.folder / "cache-of-check"

        def run(_: int) -> Figure:
            shutil.rmtree(cache, ignore_errors=True)
            return time_command(command, in_cache(cache))

        return run

    def check_again(self, name: str, project: Path) -> Run:
        """Return a run that checks a project again, of which nothing has changed."""
        command, cache = self.command("check", "--project", project), self.folder / f"{name}-cache-of-check"

        def run(_: int) -> Figure:
            if not cache.exists():
                cache.mkdir()
                time_command(command, in_cache(cache))
            return time_command(command, in_cache(cache))

        return run

    def baseline(self, project: Path) -> Run:
        """Return a run of the script that people write today."""
        package = self.folder / "baseline.apkg"
        command = [*map(str, (sys.executable, ROOT / "bench" / "baseline.py", project / "source", package))]
        return lambda _: time_command(command)

    def unchanged(self, name: str, project: Path) -> Run:
        """Return a run that builds a project of which everything is made already."""
        folder = self.folder / f"{name}-kept"
        command, cache = self.command("--project", project, "--out", folder / "out"), in_cache(folder / "cache")

        def run(_: int) -> Figure:
            if not folder.exists():
                time_command(command, cache)
            return time_command(command, cache)

        return run

    def edited(self, name: str, project: Path, *options: str) -> Run:
        """Return a run that builds a project after a word of it was edited, another one in each round.

        The cache and the outputs are always those of a build without the edit.
        """
        folder, kept = self.folder / f"{name}-edited", self.folder / f"{name}-kept-of-edited"
        place, cache = folder / "project", in_cache(folder / "cache")
        return self._with_edits(
            folder, kept, project, self.command("--project", place, "--out", folder / "out", *options), cache
        )

    def check_edited(self, name: str, project: Path) -> Run:
        """Return a run that checks a project after a word was edited, of which the rest was checked before."""
        folder, kept = self.folder / f"{name}-check-edited", self.folder / f"{name}-kept-of-check"
        command = self.command("check", "--project", folder / "project")
        return self._with_edits(folder, kept, project, command, in_cache(folder / "cache"))

    def _with_edits(self, folder: Path, kept: Path, project: Path, command: Command, cache: Mapping[str, str]) -> Run:
        place = folder / "project"

        def run(number: int) -> Figure:
            if not kept.exists():
                shutil.copytree(project, place)
                time_command(command, cache)
                shutil.copytree(folder, kept)
            for part in ("cache", "out"):
                shutil.rmtree(folder / part, ignore_errors=True)
                if (kept / part).exists():
                    shutil.copytree(kept / part, folder / part)
            made = edit(place, number, RECALL)
            try:
                return time_command(command, cache)
            finally:
                made.undo()

        return run

    def served(self, name: str, project: Path) -> Run:
        """Return a run that saves an edit, and waits until the server has told a browser which card is new."""
        folder = self.folder / f"{name}-served"
        servers: list[Served] = []

        def run(number: int) -> Figure:
            if not servers:
                shutil.copytree(project, folder / "project")
                command = self.command("serve", "--project", folder / "project")
                servers.append(self.stack.enter_context(Served(command, in_cache(folder / "cache"))))
            return Figure(servers[0].save(folder / "project", number).shown * 1000)

        return run


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that are measured together, each run of them once in each round.

    `prepare` makes the projects and returns all runs by their names. A large group takes minutes for each round.
    """

    name: str
    says: str
    rows: tuple[Row, ...]
    prepare: Callable[[Bench], Mapping[str, Run]]
    is_large: bool = False

    def row_name(self, row: Row) -> str:
        """Return the name by which a row is asked for."""
        return f"{self.name}.{row.name}"


def _fastapi(bench: Bench) -> Mapping[str, Run]:
    project = bench.made("fastapi", lambda place: shutil.copytree(ROOT / "source", place / "source"))
    return {
        "baseline": bench.baseline(project),
        "everything": bench.build(project),
        "edited": bench.edited("everything", project),
        "edited-some": bench.edited("some", project, *SOME),
        "unchanged": bench.unchanged("everything", project),
        "check": bench.check(project),
        "check-again": bench.check_again("fastapi", project),
        "check-edited": bench.check_edited("fastapi", project),
        "served": bench.served("fastapi", project),
    }


def _pictures(bench: Bench) -> Mapping[str, Run]:
    project = bench.made("pictures", lambda place: generate_photographs(bench.count(40), place))
    return {
        "baseline": bench.baseline(project),
        "unchanged": bench.unchanged("pictures", project),
        "check": bench.check(project),
        "check-again": bench.check_again("pictures", project),
    }


def _plain_small(bench: Bench) -> Mapping[str, Run]:
    project = bench.made("plain", lambda place: generate_plain(bench.count(600), place))
    return {"baseline": bench.baseline(project), "everything": bench.build(project)}


def _plain_large(bench: Bench) -> Mapping[str, Run]:
    project = bench.made("plain", lambda place: generate_plain(bench.count(2_000), place))
    return {
        "baseline": bench.baseline(project),
        "apkg": bench.build(project, "--only", "apkg"),
        "everything": bench.build(project),
    }


def _rich(bench: Bench) -> Mapping[str, Run]:
    project = bench.made("rich", lambda place: generate(bench.count(2_000), place))
    twice = bench.made("rich-twice", lambda place: generate(2 * bench.count(2_000), place))
    runs: dict[str, Run] = {"baseline": bench.baseline(project)}
    for of, place in (("", project), ("-twice", twice)):
        runs[f"apkg{of}"] = bench.build(place, "--only", "apkg")
        runs[f"everything{of}"] = bench.build(place)
        runs[f"check{of}"] = bench.check(place)
    return runs


def _served_large(bench: Bench) -> Mapping[str, Run]:
    return {"served": bench.served("rich", bench.made("rich", lambda place: generate(bench.count(2_000), place)))}


def _table(bench: Bench) -> Mapping[str, Run]:
    project = bench.made("table", lambda place: generate_table(bench.count(10_000), place))
    return {"baseline": bench.baseline(project), "apkg": bench.build(project, "--only", "apkg")}


def _import(bench: Bench) -> Mapping[str, Run]:
    project, package = bench.folder / "imported", bench.folder / "by-hand.apkg"
    package.write_bytes(generate_package(bench.count(20_000)))
    command = bench.command("import", package, project)

    def run(_: int) -> Figure:
        shutil.rmtree(project, ignore_errors=True)
        return time_command(command)

    return {"import": run, "apkg": bench.build(project, "--only", "apkg")}


def _memory(bench: Bench) -> Mapping[str, Run]:
    def build(name: str, make: Callable[[Path], None]) -> Run:
        def run(_: int) -> Figure:  # most of them take long to make, and may not be asked for
            project = bench.made(name, make)
            return measure_memory(bench.command("--project", project, "--out", bench.folder / "out", "--no-cache"))

        return run

    return {
        "rich": build("rich", lambda place: generate(bench.count(2_000), place)),
        "table": build("table", lambda place: generate_table(bench.count(10_000), place)),
        "pictures": build("pictures", lambda place: generate_photographs(8, place)),
    }


GROUPS: Sequence[Group] = (
    Group(
        "fastapi",
        "the FastAPI deck",
        (
            Row("everything", "everything, nothing kept", "everything", 1.8, "baseline"),
            Row("edited", "one word edited in a recall note: everything", "edited", 1.0, "baseline"),
            Row("edited-some", f"one word edited in a recall note: `{' '.join(SOME)}`", "edited-some", 0.5, "baseline"),
            Row(
                "unchanged",
                "nothing changed (that `check` and 0.05 ×)",
                "unchanged",
                0.05,
                "baseline",
                plus="check-again",
            ),
            Row("check", "`check`, nothing kept", "check", 0.2, "baseline"),
            Row("check-again", "`check`, nothing changed since the last one", "check-again", 0.2, "baseline"),
            Row("check-edited", "`check`, one word edited since", "check-edited", 0.2, "baseline"),
            Row("served", "`serve`: from an edit until the card shows", "served", 200, unit="ms"),
        ),
        _fastapi,
    ),
    Group(
        "pictures",
        "40 photographs of 3.8 MB",
        (
            Row(
                "unchanged",
                "nothing changed (that `check` and 0.05 ×)",
                "unchanged",
                0.05,
                "baseline",
                plus="check-again",
            ),
            Row("check", "`check`, nothing kept", "check", 0.2, "baseline"),
            Row("check-again", "`check`, nothing changed since the last one", "check-again", 0.2, "baseline"),
        ),
        _pictures,
    ),
    Group(
        "plain-600",
        "600 questions without recall notes",
        (Row("everything", "everything", "everything", 2.0, "baseline"),),
        _plain_small,
    ),
    Group(
        "plain-2000",
        "2,000 questions without recall notes",
        (
            Row("apkg", "`--only apkg`", "apkg", 0.45, "baseline"),
            Row("everything", "everything", "everything", 2.0, "baseline"),
        ),
        _plain_large,
        is_large=True,
    ),
    Group(
        "rich-2000",
        "2,000 questions, 12,000 recall notes; then twice as many",
        (
            Row("apkg", "`--only apkg`", "apkg", 0.35, "baseline"),
            Row("everything", "everything", "everything", 1.2, "baseline"),
            Row("check", "`check`, nothing kept", "check", 0.2, "baseline"),
            Row("apkg-twice", "4,000 against 2,000: `--only apkg`", "apkg-twice", 2.1, "apkg"),
            Row("everything-twice", "4,000 against 2,000: everything", "everything-twice", 2.1, "everything"),
            Row("check-twice", "4,000 against 2,000: `check`", "check-twice", 2.1, "check"),
        ),
        _rich,
        is_large=True,
    ),
    Group(
        "served-2000",
        "2,000 questions in `serve`",
        (Row("served", "from an edit until the card shows", "served", 500, unit="ms"),),
        _served_large,
    ),
    Group(
        "table-10000",
        "a table of 10,000 rows, two cards each",
        (Row("apkg", "`--only apkg`", "apkg", 0.5, "baseline"),),
        _table,
    ),
    Group(
        "import-20000",
        "a package of 20,000 notes",
        (Row("import", "`import`, against `--only apkg` of what it makes", "import", 1.5, "apkg"),),
        _import,
    ),
    Group(
        "memory",
        "peak memory of all processes, everything",
        (
            Row("rich-2000", "2,000 questions, 12,000 recall notes", "rich", 800, unit="MB"),
            Row("table-10000", "a table of 10,000 rows", "table", 800, unit="MB"),
            Row("pictures-8", "8 pictures of 3.8 MB", "pictures", 500, unit="MB"),
        ),
        _memory,
        is_large=True,
    ),
)
