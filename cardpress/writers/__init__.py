"""The writers: one module or package for each output, named after it; `pdf` makes all printed sheets.

Each has a function `write(deck)` that returns `Written`: the artifacts, and the problems with what could not be
printed. It uses nothing but the deck, and writes no files. `site` comes after all others: its `compose(deck, made)`
gets what they made, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from threading import Event
from typing import TYPE_CHECKING

from cardpress.diagnostics import Diagnostic
from cardpress.outputs import ALL_SHEETS, SHEETS, SITE, leave_usual
from cardpress.progress import Progress, stage
from cardpress.publish.artifact import Artifact

if TYPE_CHECKING:
    from cardpress.deck.notes import Deck
    from cardpress.pdf.keeping import Keep


@dataclass(frozen=True, slots=True)
class Written:
    """What a writer made, and the problems with what it could not print."""

    artifacts: tuple[Artifact, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


Writer = Callable[["Deck"], Written]


@dataclass(frozen=True, slots=True)
class Course:
    """What writers that run at the same time tell each other: that Typst is at work, and that all are to stop."""

    is_typst_at_work: Event = field(default_factory=Event)
    is_stopped: Event = field(default_factory=Event)

    def go_on(self) -> None:
        """Raise KeyboardInterrupt if all are to stop."""
        if self.is_stopped.is_set():
            raise KeyboardInterrupt


Composer = Callable[["Deck", Iterable[Artifact]], Written]


def find_writer(output: str) -> str:
    """Return the name of the writer that makes an output."""
    return ALL_SHEETS if output in SHEETS else output


def load_writer(name: str) -> Writer:
    """Import and return the writer of this name: a build of one output loads only its writer."""
    write: Writer = import_module(f"{__name__}.{name}").write
    return write


def load_composer() -> Composer:
    """Import and return what makes the site."""
    compose: Composer = import_module(f"{__name__}.{SITE}").compose
    return compose


def run_writers(
    deck: Deck, outputs: Iterable[str], jobs: int, progress: Progress, keep: Keep | None = None
) -> dict[str, Written]:
    """Make outputs with their writers in up to `jobs` threads. Return what each writer made, by its name, sorted.

    `keep` has parts of sheets that were made before.
    """
    outputs = tuple(sorted(outputs))
    # The page links what lies beside it.
    beside = replace(deck, outputs=leave_usual(outputs))
    made = _run(beside, (name for name in outputs if name != SITE), jobs, progress, keep)
    if SITE in outputs:
        made[SITE] = _compose_site(replace(deck, outputs=leave_usual(deck.outputs)), beside, made, jobs, progress, keep)
    return dict(sorted(made.items()))


def _run(deck: Deck, outputs: Iterable[str], jobs: int, progress: Progress, keep: Keep | None) -> dict[str, Written]:
    """Return what each writer makes of these outputs, by its name."""
    # Not needed by commands that only list the outputs.
    from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

    # The PDFs go first: they take longest. The others wait until Typst is at work, as only one thread runs Python.
    course = Course()
    ordered = sorted(dict.fromkeys(map(find_writer, outputs)), key=lambda name: name != ALL_SHEETS)
    progress.expect(len(ordered))

    def run(name: str) -> Written:
        if name != ALL_SHEETS and ALL_SHEETS in ordered:
            course.is_typst_at_work.wait()
            course.go_on()
        with stage(progress, name) as count:
            if name != ALL_SHEETS:
                return load_writer(name)(deck)
            try:
                print_sheets: Callable[..., Written] = load_writer(name)
                # What takes longest says how far it is.
                return print_sheets(deck, count, keep, course)
            finally:
                course.is_typst_at_work.set()

    with ThreadPoolExecutor(jobs) as pool:
        made = {name: pool.submit(run, name) for name in ordered}
        try:
            for future in wait(made.values(), return_when=FIRST_EXCEPTION).done:
                future.result()
            return {name: future.result() for name, future in made.items()}
        except BaseException:
            # Nobody waits for sheets that nobody will have.
            course.is_stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _compose_site(
    deck: Deck, beside: Deck, made: Mapping[str, Written], jobs: int, progress: Progress, keep: Keep | None
) -> Written:
    """Return the site, which has all that `deck.outputs` says, whichever outputs are made beside it."""
    is_made = deck.outputs == beside.outputs
    parts = made if is_made else _run(deck, deck.outputs, jobs, progress, keep)
    writers = sorted(set(map(find_writer, deck.outputs)))
    progress.expect(1)
    with stage(progress, SITE):
        site = load_composer()(deck, [each for name in writers for each in parts[name].artifacts])
    said = [problem for written in made.values() for problem in written.diagnostics]
    others = (problem for name in writers for problem in parts[name].diagnostics if problem not in said)
    return Written(site.artifacts, (*others, *site.diagnostics))
