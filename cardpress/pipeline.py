"""Runs the stages in order: load → check → render → write → publish. Each gets what the one before it made."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cardpress.diagnostics import Diagnostic, has_errors, sort_diagnostics
from cardpress.diagnostics.checks import Checks, apply
from cardpress.engine import ROOT, this_engine
from cardpress.history.digests import digest
from cardpress.memory import give_back_large_values
from cardpress.outputs import SHEETS, SITE, Wanted
from cardpress.progress import NoProgress, Progress, stage
from cardpress.publish.artifact import Artifact
from cardpress.publish.recovery import DIST, find_interrupted, report_links
from cardpress.publish.store import Store
from cardpress.source.contents import Contents, look_at_project, read_history_text

# What reads and checks a source is loaded by the functions that do it: a build with nothing to do needs none of it.
if TYPE_CHECKING:
    from cardpress.check.clean_files import CleanFiles
    from cardpress.check.missing_history import FindPackage
    from cardpress.deck.notes import Deck
    from cardpress.history.previews import Preview
    from cardpress.history.records import History
    from cardpress.publish.last_check import LastCheck
    from cardpress.source.bank import Bank
    from cardpress.source.kept import Kept

# Bytes of pictures and sounds that are worth some care: every output has a copy of them.
_MUCH_MEDIA = 8_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """What a build is asked for.

    `project` is the folder that holds source/, `out` the folder for the artifacts, and `only` names the outputs to
    make, None those that deck.yaml wants. `jobs` says how many threads or processes may work at the same time. With
    `strict`, warnings stop a build as errors do. `cache` is the user's cache folder, None to render
    everything anew and keep nothing. With `preview`, a build is numbered, so that Anki imports it over the one before.
    """

    project: Path
    out: Path
    only: tuple[str, ...] | None = None
    strict: bool = False
    jobs: int = 1
    cache: Path | None = None
    preview: bool = False

    @property
    def store(self) -> Store:
        """The store of values for the next build."""
        return Store(self.cache, self.project)


@dataclass(frozen=True, slots=True)
class Result:
    """What a check or a build found and made.

    `artifacts` is empty when problems stopped a build, and when `unchanged` says that `out` was up to date already.
    `preview` says which preview was made, `advice` what to do before handing out a package, and `removed` names files
    that an earlier build made and this one did not. `found_late` are those of the diagnostics that the writers found.
    """

    diagnostics: tuple[Diagnostic, ...]
    artifacts: tuple[Artifact, ...] = ()
    unchanged: bool = False
    # The name of the writer that made an artifact, by the artifact's name.
    writers: Mapping[str, str] = field(default_factory=dict)
    preview: str = ""
    advice: str = ""
    removed: tuple[str, ...] = ()
    found_late: tuple[Diagnostic, ...] = ()

    def failed(self, *, strict: bool) -> bool:
        """Return whether problems stop a build: errors always do, warnings when `strict`."""
        return has_errors(self.diagnostics) or (strict and bool(self.diagnostics))


@dataclass(frozen=True, slots=True)
class PreviewBuild:
    """A preview that is in no folder yet: its deck, what was made, the releases and previews before it.

    `noted` is for the next one, by `counted_by`.
    """

    deck: Deck
    result: Result
    history: History | None
    before: Preview
    counted_by: str
    noted: Preview


class OvertakenError(Exception):
    """A release was made while this build was at work. The message says what to do."""


def check_project(
    project: Path, *, strict: bool = False, progress: Progress | None = None, last: LastCheck | None = None
) -> Result:
    """Load and check a project's source. The result holds every problem, sorted, and no artifacts.

    What stops a build, or a strict one, is among the problems, even if it is only found while outputs are made. `last`
    keeps them for the next check.
    """
    told = progress or NoProgress()
    with stage(told, "check"):
        bank, result = load_and_check(project, store=last.store if last else None)
    if last is not None:
        _keep_trees(bank, last.store)
    _remember(last, bank, result.diagnostics)
    return Result(check_late(bank, result.diagnostics, project, strict=strict, progress=told))


def _remember(last: LastCheck | None, bank: Bank, diagnostics: tuple[Diagnostic, ...]) -> None:
    """Keep the problems of a check, where they are all that `check` tells, and follow from what `last` has looked at.

    A history of the first format is completed from a package, which can be anywhere.
    """
    is_of_first_format = bank.history is not None and (bank.history.deck is None or bank.history.is_completed)
    is_all = has_errors(diagnostics) or not _list_late(bank, strict=False)
    if last is not None and is_all and not is_of_first_format:
        last.remember(diagnostics)


def check_late(
    bank: Bank,
    diagnostics: tuple[Diagnostic, ...],
    project: Path,
    *,
    strict: bool = False,
    progress: Progress | None = None,
) -> tuple[Diagnostic, ...]:
    """Return these problems, and where none is an error those that are only found while outputs are made, sorted."""
    late = _list_late(bank, strict=strict)
    if has_errors(diagnostics) or not late:
        return diagnostics
    options = Options(project, project / DIST, late)
    told = progress or NoProgress()
    told.expect(1)
    with stage(told, "render"):
        deck = render_deck(bank, options)
    return write_artifacts(deck, options, told, bank.checks, diagnostics).diagnostics


def _list_late(bank: Bank, *, strict: bool) -> tuple[str, ...]:
    """Return the outputs that are made to see what is only found then."""
    from cardpress.source.templates.template_files import has_own_page

    looks_at_sheets = strict or bank.checks.must_look_late()
    # Of a site, the picture is looked at, which needs the project's fonts as sheets do.
    printed = (*SHEETS, *([SITE] if bank.fonts != bank.engine_fonts else []))
    return tuple(
        output
        for output in bank.choose_outputs()
        if (output == "page" and has_own_page(bank)) or (output in printed and looks_at_sheets)
    )


def load_and_check(
    project: Path,
    only: Collection[str] | None = None,
    find_package: FindPackage | None = None,
    store: Store | None = None,
) -> tuple[Bank, Result]:
    """Load and check a project's source. Return the bank, without what could not be read, and every problem.

    What is about outputs that are not made is left out: `only` names those to make, None those that deck.yaml wants. A
    history of the first format is completed from the released package, which `find_package` finds: by default in the
    project's dist/. What is read of files without problems is kept in the `store`.
    """
    if store is None or store.cache is None:
        bank, found = load_project(project, find_package)
        return bank, Result(check_bank(bank, found, only))
    from cardpress.check.clean_files import CleanFiles
    from cardpress.publish.question_shelf import QuestionShelf
    from cardpress.source.facts import Facts
    from cardpress.source.kept import Kept
    from cardpress.source.known_trees import KnownTrees
    from cardpress.source.texts import list_markdown_texts

    shelf = QuestionShelf(store, project)
    bank, found = load_project(project, find_package, Kept(shelf))
    is_as_read = shelf.close()
    kept = store.read("facts", _name_reader())
    facts = Facts(kept if isinstance(kept, dict) else {})
    bank = replace(bank, facts=facts, trees=KnownTrees.from_json(store.read("trees", _name_reader())))
    bank.trees.tell(list_markdown_texts(bank))
    diagnostics = check_bank(bank, found, only, clean=CleanFiles.of(bank, shelf.read_by) if is_as_read else None)
    if facts.have_changed:
        store.write("facts", _name_reader(), facts.asked)
    return bank, Result(diagnostics)


def _name_reader() -> str:
    """Return a digest of who reads: what a new Python or engine says of the same contents may be something else."""
    return digest((this_engine().digest.encode(), sys.version.encode()))


def _keep_trees(bank: Bank, store: Store) -> None:
    """Keep the trees of texts that were made, for the next command."""
    from cardpress.source.texts import list_markdown_texts

    if store.cache is not None:
        trees = bank.trees.collect(list_markdown_texts(bank))
        if trees.keys() != bank.trees.kept.keys():
            store.write("trees", _name_reader(), trees)


def load_project(
    project: Path, find_package: FindPackage | None = None, kept: Kept | None = None
) -> tuple[Bank, tuple[Diagnostic, ...]]:
    """Load a project's source. Return the bank as `load_and_check` does, and the problems that were found so far.

    `kept` is what was read of it before, and decides nothing but how long this takes.
    """
    from cardpress.check.missing_history import complete_history
    from cardpress.source.load import check_changelog, load
    from cardpress.source.templates.loading import load_templates

    templates, template_problems = load_templates(ROOT, None if project.resolve() == ROOT else project, kept)
    loaded = load(project / "source", templates, kept)
    bank, history_problems = complete_history(loaded.bank, project, find_package)
    interrupted = find_interrupted(project)
    beside = (*((interrupted,) if interrupted else ()), *check_changelog(project), *report_links(project))
    return bank, (*beside, *template_problems, *loaded.diagnostics, *history_problems)


def check_bank(
    bank: Bank,
    found: tuple[Diagnostic, ...],
    only: Collection[str] | None = None,
    before_each: Callable[[], object] = lambda: None,
    *,
    with_advice: bool = True,
    clean: CleanFiles | None = None,
) -> tuple[Diagnostic, ...]:
    """Return every problem of a bank that was loaded, sorted: those that were `found`, and those of all rules.

    `before_each` is called before each rule; what it raises ends the check. Without advice, rules that find nothing but
    warnings are not asked. `clean` knows in which of its files rules found nothing before.
    """
    from cardpress.check.printing import check_asked_booklet, check_asked_sheets
    from cardpress.check.rules import check

    asked = (*check_asked_booklet(bank, only), *check_asked_sheets(bank, only))
    return sort_diagnostics(check(bank, (*found, *asked), only, before_each, with_advice=with_advice, clean=clean))


def build_project(options: Options, progress: Progress) -> Result:
    """Build a project into its output folder. Nothing there is touched unless every artifact was made.

    The source is always read. Where that and `out` are as after the last build, nothing is rendered, and what a check
    found in the same source is told again.
    """
    from cardpress.history.previews import advise_release
    from cardpress.publish.dist import mend, refuse_unwritable
    from cardpress.publish.last_build import LastBuild
    from cardpress.publish.last_check import LastCheck

    mend(options.out, partial(say_waiting, options, progress))
    last = LastBuild(options.store, options.project, options.out)
    with last.look() as find_problems, stage(progress, "check"):
        before = look_at_inputs(options)
        key = _make_key(options, before)
        last_check = LastCheck(options.store, options.project, options.only, before)
        known = None if options.preview else last_check.find()
        if known is not None and not Result(known).failed(strict=options.strict):
            found = find_problems(key)
            if found is not None:
                return Result(sort_diagnostics((*known, *found)), unchanged=True)
        bank, checked = load_and_check(options.project, options.only, store=options.store)
        _remember(last_check, bank, checked.diagnostics)
        if checked.failed(strict=options.strict):
            return checked
        found = None if options.preview else find_problems(key)
    if options.preview:
        return _build_preview(bank, checked, options, progress)
    if found is not None:
        return Result(sort_diagnostics((*checked.diagnostics, *found)), unchanged=True)
    refuse_unwritable(options.out)
    with stage(progress, "render"):
        deck = render_deck(bank, options)
    result = write_artifacts(deck, options, progress, bank.checks, checked.diagnostics)
    if result.failed(strict=options.strict):
        return Result(result.diagnostics)
    with stage(progress, "publish"):
        removed = _publish(bank, deck, result.artifacts, options, progress)
    # A file that was changed in between, and be it back again, may or may not be in what was made.
    if look_at_inputs(options) == before:
        last.remember(key, result.artifacts, result.found_late)
    made_package = "apkg" in bank.list_made(options.only)
    advice = advise_release(deck.version) if bank.history is None and made_package else ""
    return replace(result, removed=removed, advice=advice)


def _build_preview(bank: Bank, checked: Result, options: Options, progress: Progress) -> Result:
    made = make_preview(bank, checked, options, progress)
    if made.result.failed(strict=options.strict):
        return Result(made.result.diagnostics)
    with stage(progress, "publish"):
        keep_preview(made, options)
        removed = _publish(bank, made.deck, made.result.artifacts, options, progress)
    return replace(made.result, removed=removed)


def make_preview(
    bank: Bank, checked: Result, options: Options, progress: Progress, *, is_taken: bool = True
) -> PreviewBuild:
    """Return the next preview of a bank without errors. It is in no folder, and changes nothing for the one after it.

    With `is_taken`, no other preview gets its number; without, that is for `take_preview`. Raises PreviewError when it
    cannot be numbered.
    """
    from cardpress.anki.stamps import note_preview
    from cardpress.history.previews import describe, identify
    from cardpress.publish.preview_count import foresee_number, take_number

    if bank.info is None:
        raise ValueError("a bank whose deck.yaml could not be read has no preview")
    counted_by = identify(bank.info.id.value, bank.history)
    preview = (take_number if is_taken else foresee_number)(options.store.cache, counted_by)
    with stage(progress, "render"):
        deck = render_deck(bank, options, preview)
    result = write_artifacts(deck, options, progress, bank.checks, checked.diagnostics)
    said = describe(bank.history, bank.info.version.value, preview.number)
    noted = note_preview(deck, bank.history, preview)
    return PreviewBuild(deck, replace(result, preview=said), bank.history, preview, counted_by, noted)


def take_preview(made: PreviewBuild, options: Options) -> bool:
    """Take the number of a preview that was made without, and return whether no other one has taken it since."""
    from cardpress.publish.preview_count import take_number

    return take_number(options.store.cache, made.counted_by).number == made.before.number


def keep_preview(made: PreviewBuild, options: Options) -> None:
    """Let the next preview know what this one changed.

    Call it before anybody gets the preview: one that nobody has does less harm than one that the next does not know of.
    """
    from cardpress.publish.preview_count import remember

    remember(options.store.cache, made.counted_by, made.noted)


def render_deck(bank: Bank, options: Options, preview: Preview | None = None) -> Deck:
    """Return the deck of a bank without errors. Its notes have their stamps from the history, or those of a preview.

    Reads code in its colors from the cache, and adds new code to it.
    """
    from cardpress.anki.stamps import stamp  # loads Pygments, which `check` does not need
    from cardpress.deck.assemble import assemble
    from cardpress.deck.colors import Colors

    store, engine = options.store, this_engine().digest
    colors = Colors.from_json(store.read("colors", engine))
    deck = assemble(bank, colors, options.jobs)
    if colors.changed and store.cache is not None:
        store.write("colors", engine, colors.to_json())
    _keep_trees(bank, store)
    return stamp(deck, bank.history, preview)


def write_artifacts(
    deck: Deck, options: Options, progress: Progress, checks: Checks, problems: tuple[Diagnostic, ...]
) -> Result:
    """Return every artifact of a deck, the manifest included, and the writers' problems added to `problems`.

    `checks` is what the author wants of the writers' problems.
    """
    from cardpress.publish.manifest import add_manifest
    from cardpress.writers import run_writers

    if sum(len(each.data) for each in deck.media) >= _MUCH_MEDIA:
        give_back_large_values()
    outputs = deck.outputs if options.only is None else Wanted().choose(options.only)
    store = options.store
    made = run_writers(deck, outputs, options.jobs, progress, store)
    store.drop_old_parts()
    artifacts = add_manifest(
        (artifact for written in made.values() for artifact in written.artifacts),
        deck.id,
        deck.version,
        deck.date,
        this_engine(),
    )
    written_problems = apply(checks, (found for written in made.values() for found in written.diagnostics)).diagnostics
    diagnostics = sort_diagnostics((*problems, *written_problems))
    makers = {artifact.name: name for name, written in made.items() for artifact in written.artifacts}
    return Result(diagnostics, artifacts, writers=makers, found_late=written_problems)


def _publish(
    bank: Bank, deck: Deck, artifacts: tuple[Artifact, ...], options: Options, progress: Progress
) -> tuple[str, ...]:
    """Put the artifacts into the output folder. Return what an earlier build made and this one removed."""
    from cardpress.publish.dist import publish
    from cardpress.publish.kept_package import keep_package

    def refuse_to_overtake() -> None:
        if read_history_text(options.project) != (bank.history.file.text if bank.history else None):
            raise OvertakenError("a release was made during this build, which left dist/ as it is; build again")

    last = bank.history.last if bank.history else None
    kept = keep_package(options.out, deck.id, last, artifacts) if last else {}
    waiting = partial(say_waiting, options, progress)
    return publish(artifacts, options.out, unlisted=kept, guard=refuse_to_overtake, waiting=waiting)


def say_waiting(options: Options, progress: Progress) -> None:
    """Say that another program holds the lock that builds take turns by."""
    progress.wait(f"another build into a folder of {options.out.parent}, or a program that has locked that")


def look_at_inputs(options: Options) -> Contents:
    """Return what a build is made of, as it is now."""
    return look_at_project(options.project, own_templates=options.project.resolve() != ROOT)


def _make_key(options: Options, contents: Contents) -> str:
    """Return a digest of everything that decides what a build makes."""
    asked = json.dumps([options.only and sorted(options.only), options.strict])
    return digest((this_engine().digest.encode(), asked.encode(), contents.digest.encode()))
