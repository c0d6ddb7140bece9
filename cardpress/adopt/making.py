"""Writes an adopted project: all of it or nothing, with its history, and looks at what was made as `check` does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cardpress.adopt.adopted import Adopted, Loss
from cardpress.adopt.first_history import Compared, begin_history, compare
from cardpress.adopt.plans import Plan, name_note
from cardpress.adopt.report import REPORT, write_report
from cardpress.diagnostics import Diagnostic, SourceFile, has_errors
from cardpress.disk.new_files import StagedFolder, stage_folder
from cardpress.history.digests import digest_file
from cardpress.history.records import NAME, History, to_text
from cardpress.new_project import BESIDE, make_common
from cardpress.pipeline import Options, check_bank, load_project, render_deck, write_artifacts
from cardpress.progress import NoProgress, Progress, stage
from cardpress.source.bank import Bank
from cardpress.source.contents import SCHEMA, digest_source
from cardpress.source.source_schema import make_schema
from cardpress.wording import join_words

_HISTORY = f"source/{NAME}"


@dataclass(frozen=True, slots=True)
class Made:
    """A project that was written: what it was made from, and what `check` says of it."""

    adopted: Adopted
    diagnostics: tuple[Diagnostic, ...]


def write_project(folder: Path, adopted: Adopted, progress: Progress | None = None) -> Made:
    """Write a project into a folder that is new, or holds nothing but what a new project may find. What fails leaves
    nothing. Raises OccupiedError, and OSError when the disk fails.
    """
    told = progress or NoProgress()
    with stage_folder(folder, BESIDE) as staged:
        with stage(told, "write"):
            for name, data in {**make_common(adopted.id, adopted.title), **adopted.files}.items():
                staged.write(name, data)
            for name, data in adopted.media.items():
                staged.write(f"source/media/{name}", data)
        with stage(told, "check"):
            adopted, diagnostics = _complete(staged, adopted)
        staged.write(REPORT, write_report(adopted).encode())
    return Made(adopted, diagnostics)


def _complete(staged: StagedFolder, adopted: Adopted) -> tuple[Adopted, tuple[Diagnostic, ...]]:
    """Write the schema and the history of a project whose source is there, and return what `check` says."""
    plan = adopted.plan
    history = None
    if plan is not None:
        history = begin_history(plan, digest_source(staged.path))
        staged.write(_HISTORY, to_text(history).encode())
    bank, found = load_project(staged.path)
    staged.write(f"source/{SCHEMA}", make_schema(bank.known_note_types).encode())
    if history is not None and plan is not None and bank.info is not None and not has_errors(found):
        adopted, history = _compare(staged, adopted, bank, history)
        text = to_text(history)
        staged.overwrite(_HISTORY, text.encode())
        bank = replace(bank, history=replace(history, file=SourceFile(_HISTORY, text)))
    return adopted, check_bank(bank, found)


def _compare(staged: StagedFolder, adopted: Adopted, bank: Bank, history: History) -> tuple[Adopted, History]:
    """Return what was adopted, with what the project makes otherwise, and the history with all notes."""
    plan = adopted.plan
    if plan is None:
        raise ValueError("what nobody has in Anki is compared with nothing")
    options = Options(staged.path, staged.path / "dist", ("apkg",))
    deck = render_deck(bank, options)
    compared = compare(plan, deck)
    history = replace(history, notes=compared.notes, note_types=compared.note_types)
    package = adopted.package
    if package is None:  # what learners get is what the project makes
        bank = replace(bank, history=history)
        made = write_artifacts(render_deck(bank, options), options, NoProgress(), bank.checks, ()).artifacts
        package = next(each.data for each in made if each.name.endswith(".apkg"))
        staged.write(f"dist/{adopted.id}.apkg", package)
    release = replace(history.last, package=digest_file(package))
    losses = (*adopted.losses, *_list_changes(plan, compared))
    return replace(adopted, losses=losses, package=package), replace(history, releases=(release,))


def _list_changes(plan: Plan, compared: Compared) -> Iterator[Loss]:
    """Yield what the project makes otherwise than learners have it, and so updates."""
    for kind in plan.kinds.values():
        if kind.name in compared.changed_types:
            dropped = plan.safe.of_types.get(kind.original.key, ())
            yield Loss(f"note type {kind.original.name}", _say_changed(dropped, "its card templates or its style"))
    for note in plan.original.notes:
        if parts := compared.changed.get(note.guid):
            yield Loss(name_note(note), _say_changed(plan.safe.of_notes.get(note.guid, ()), join_words(parts)))


def _say_changed(dropped: tuple[str, ...], parts: str) -> str:
    what = f"without {'; '.join(dropped)}" if dropped else f"{parts} are made anew"
    return f"{what}: the next release updates it"
