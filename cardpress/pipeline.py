"""The stages in a row: load → check → render → write → publish, each given what the one before it made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cardpress.check.rules import check
from cardpress.deck.cache import FOLDER, RenderedTexts, Store, digest
from cardpress.deck.notes import Artifact, Deck
from cardpress.diagnostics import Diagnostic, has_errors, sort_diagnostics
from cardpress.publish.manifest import SUMS, add_manifest, is_intact
from cardpress.publish.transaction import recover
from cardpress.source.bank import Bank
from cardpress.source.files import MAX_BYTES
from cardpress.source.load import load, load_templates
from cardpress.writers import Written, load_writer

ENGINE = Path(__file__).resolve().parent.parent


class Progress(Protocol):
    """Is told which stage starts and ends; writers may overlap."""

    def start(self, stage: str) -> None:
        """A stage starts."""

    def end(self, stage: str) -> None:
        """A stage has ended."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a build is asked for: the project's folder, where to put what is made, which outputs, how."""

    project: Path
    out: Path
    only: tuple[str, ...]
    strict: bool = False
    jobs: int = 1
    use_cache: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it. `artifacts` is empty when problems stopped it; `unchanged` when dist/ already had it all."""

    diagnostics: tuple[Diagnostic, ...]
    artifacts: tuple[Artifact, ...] = ()
    unchanged: bool = False
    # Which writer made an artifact, by the artifact's name.
    writers: Mapping[str, str] = field(default_factory=dict)

    def failed(self, *, strict: bool) -> bool:
        """Tell whether problems stop a build: errors always, warnings when strict."""
        return has_errors(self.diagnostics) or (strict and bool(self.diagnostics))


def check_project(project: Path) -> Result:
    """Load and check a project's source."""
    return load_and_check(project)[1]


def load_and_check(project: Path) -> tuple[Bank, Result]:
    """Load and check a project's source; gives the bank, too."""
    recover(project)
    roots = (ENGINE,) if project.resolve() == ENGINE else (ENGINE, project)
    templates, template_problems = load_templates(*roots)
    loaded = load(project / "source", templates)
    problems = (*template_problems, *loaded.diagnostics, *check(loaded.bank))
    return loaded.bank, Result(sort_diagnostics(problems))


def build_project(options: Options, progress: Progress) -> Result:
    """Build a project into its output folder. Nothing there is touched unless every artifact was made."""
    recover(options.project)
    if not options.out.exists():
        _put_back(options.out)
    store = Store(options.project / FOLDER if options.use_cache else None)
    engine = engine_digest()
    inputs = digest([engine.encode(), *_inputs(options)])
    if _is_current(options.out, store.read("build", inputs)):
        return Result((), unchanged=True)
    with _stage(progress, "check"):
        bank, result = load_and_check(options.project)
    if result.failed(strict=options.strict):
        return result
    with _stage(progress, "render"):
        deck = render_deck(bank, options)
    result = write_artifacts(deck, options, progress, result.diagnostics)
    if result.failed(strict=options.strict):
        return Result(result.diagnostics)
    with _stage(progress, "publish"):
        _published(options.out, result.artifacts)
    if not result.diagnostics:  # a problem must be reported each time, so its build is never skipped
        store.write("build", inputs, digest([next(a.data for a in result.artifacts if a.name == SUMS)]))
    return result


def render_deck(bank: Bank, options: Options) -> Deck:
    """Render a bank without errors, with what the cache has, and stamp its notes from what was released."""
    from cardpress.anki.stamps import stamp
    from cardpress.deck.render import render  # with it come Markdown and the highlighter, which `check` does not need

    store, engine = Store(options.project / FOLDER if options.use_cache else None), engine_digest()
    texts = RenderedTexts.from_json(store.read("texts", engine))
    deck = render(bank, texts, options.jobs)
    if texts.changed:
        store.write("texts", engine, texts.to_json())
    return stamp(deck, bank.history)


def write_artifacts(deck: Deck, options: Options, progress: Progress, problems: tuple[Diagnostic, ...] = ()) -> Result:
    """Make every artifact of a deck, the manifest included, and add what could not be printed to the problems."""
    made = _run_writers(deck, options, progress)
    artifacts = add_manifest((a for w in made.values() for a in w.artifacts), deck.id, deck.version, deck.date)
    diagnostics = sort_diagnostics((*problems, *(problem for w in made.values() for problem in w.diagnostics)))
    return Result(diagnostics, artifacts, writers={a.name: name for name, w in made.items() for a in w.artifacts})


def _run_writers(deck: Deck, options: Options, progress: Progress) -> dict[str, Written]:
    """Run the writers, at the same time where there are jobs for it; what they made comes back in a fixed order."""

    def run(name: str) -> Written:
        with _stage(progress, name):
            return load_writer(name)(deck)

    # The PDF takes longest and leaves Python alone meanwhile: it goes first.
    names = sorted(options.only, key=lambda name: name != "pdf")
    with ThreadPoolExecutor(options.jobs) as pool:
        return dict(sorted(zip(names, pool.map(run, names), strict=True)))


@contextmanager
def _stage(progress: Progress, name: str) -> Iterator[None]:
    progress.start(name)
    try:
        yield
    finally:
        progress.end(name)


def _published(out: Path, artifacts: tuple[Artifact, ...]) -> None:
    from cardpress.publish.dist import publish

    publish(artifacts, out)


def _put_back(out: Path) -> None:
    from cardpress.publish.dist import recover

    recover(out)


def _is_current(out: Path, sums_digest: object) -> bool:
    if not isinstance(sums_digest, str):
        return False
    try:
        return digest([(out / SUMS).read_bytes()]) == sums_digest and is_intact(out)
    except OSError:
        return False


def engine_digest() -> str:
    """Give a digest of everything but the deck that decides what a build makes: code, templates, pinned packages."""
    files = [
        *sorted((ENGINE / "cardpress").rglob("*.py")),
        *sorted(path for path in (ENGINE / "templates").rglob("*") if path.is_file()),
        ENGINE / "requirements.txt",
    ]
    return digest(part for path in files for part in (path.name.encode(), path.read_bytes()))


def _inputs(options: Options) -> Iterator[bytes]:
    """Give everything of the deck that decides what a build makes."""
    yield json.dumps([sorted(options.only), options.strict]).encode()
    roots = [options.project / "source"]
    if options.project.resolve() != ENGINE:
        roots.append(options.project / "templates")
    for root in roots:
        for name, data in folder_contents(root):
            yield name.encode()
            yield data


def folder_contents(root: Path) -> Iterator[tuple[str, bytes]]:
    """Give the name and bytes of every file below a folder, sorted; of a file too large to be read, no bytes."""
    for path in sorted(root.rglob("*")):
        if path.is_file():
            name = path.relative_to(root).as_posix()
            yield name, path.read_bytes() if path.stat().st_size <= MAX_BYTES else b""
