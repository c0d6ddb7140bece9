"""Writes an adopted project: all of it or nothing, with its history, and looks at what was made as `check` does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cardpress.adopt.adopted import Adopted, Loss
from cardpress.adopt.first_history import Compared, begin_history, compare
from cardpress.adopt.leaving_out import find_refused, say_problem, say_refused
from cardpress.adopt.original_projects import say_taken, write_files
from cardpress.adopt.plans import Plan, leave_out, name_note
from cardpress.adopt.printing import name_lacking_font, write_without_sheets
from cardpress.adopt.report import REPORT, write_report
from cardpress.anki.original import OriginalError
from cardpress.check.released import check_cards, check_field_lists, check_notes, check_sections
from cardpress.deck.assemble import assemble
from cardpress.deck.colors import Colors
from cardpress.diagnostics import Diagnostic, SourceFile, has_errors, sort_diagnostics
from cardpress.disk.new_files import StagedFolder, stage_folder
from cardpress.history.digests import digest_file
from cardpress.history.records import NAME, History, parse, to_text
from cardpress.new_project import BESIDE, make_common
from cardpress.pipeline import Options, check_bank, load_project, render_deck, write_artifacts
from cardpress.progress import NoProgress, Progress, stage
from cardpress.source.bank import Bank
from cardpress.source.contents import SCHEMA, digest_source
from cardpress.source.source_schema import make_schema
from cardpress.wording import join_words

_DECK, _README = "source/deck.yaml", "README.md"
_UNTIL_THEN = ";\n  until the first one, the deck as it was taken over, with which a release is compared"
_TO_OTHERS = ", to people who do not have the deck from CrowdAnki"
_FOR_CROWDANKI = b"""
## Learners who use CrowdAnki

Who has the deck from CrowdAnki goes on with it. Each release makes `dist/crowdanki/` for them, which is `crowdanki.zip`
beside a release on GitHub: put what is in it where they import from, such as the repository that they know. Do not give
them the package: it can update none of their notes, and brings a second note type beside theirs.
"""
_HISTORY, _SCHEMA = f"source/{NAME}", f"source/{SCHEMA}"
# Times that notes are left out. What is wrong with one may be found when others are right.
_MOST_ROUNDS = 4
# Characters of what is said of a note.
_LONGEST_MESSAGE = 160
# What only a history with notes can break.
_OF_HISTORY = (check_sections, check_notes, check_cards, check_field_lists)


@dataclass(frozen=True, slots=True)
class Made:
    """A project that was written: what it was made from, and what `check` says of it."""

    adopted: Adopted
    diagnostics: tuple[Diagnostic, ...]


def write_project(folder: Path, adopted: Adopted, progress: Progress | None = None) -> Made:
    """Write a project into a folder that is new, or holds nothing but what a new project may find. What fails leaves
    nothing. Raises OccupiedError, OriginalError where no project can be made, and OSError when the disk fails.
    """
    told = progress or NoProgress()
    with stage_folder(folder, BESIDE) as staged:
        with stage(told, "write"):
            is_from_crowdanki = adopted.is_from_crowdanki
            to_whom = _TO_OTHERS if is_from_crowdanki else ""
            common = dict(make_common(adopted.id, adopted.title, to_whom, _UNTIL_THEN if adopted.plan else ""))
            if is_from_crowdanki:
                common[_README] += _FOR_CROWDANKI
            for name, data in {**common, **adopted.files}.items():
                staged.write(name, data)
            media = dict(_write_media(staged, adopted))
        with stage(told, "check"):
            adopted, diagnostics = _complete(staged, adopted, media)
        staged.write(REPORT, write_report(adopted).encode())
    return Made(adopted, diagnostics)


def _write_media(staged: StagedFolder, adopted: Adopted) -> Iterator[tuple[str, str]]:
    """Write the files of a deck one after another, and yield the name and the digest of each."""
    for name, data in adopted.media.items():
        staged.write(f"source/media/{name}", data)
        yield name, digest_file(data)


def _complete(
    staged: StagedFolder, adopted: Adopted, media: Mapping[str, str]
) -> tuple[Adopted, tuple[Diagnostic, ...]]:
    """Write the schema and the history of a project whose source is there, and return what `check` says."""
    if adopted.plan is None:
        bank, found = load_project(staged.path)
        if (fonts := name_lacking_font(bank)) is not None:
            deck = adopted.files[_DECK].decode()
            staged.overwrite(_DECK, write_without_sheets(deck, fonts).encode())
            bank, found = load_project(staged.path)
        staged.write(_SCHEMA, make_schema(bank.known_note_types).encode())
        return adopted, check_bank(replace(bank, schema=None), found)
    return _complete_original(staged, adopted, adopted.plan, media)


def _complete_original(
    staged: StagedFolder, adopted: Adopted, plan: Plan, media: Mapping[str, str]
) -> tuple[Adopted, tuple[Diagnostic, ...]]:
    """Write schema and history of a deck that people study. Notes that `check` refuses are left out, and told."""
    losses: list[Loss] = []
    history, bank, found = _load(staged, plan, media)
    fonts = name_lacking_font(bank)
    if fonts is not None:
        staged.overwrite(_DECK, _write_files(plan, fonts)[_DECK].encode())
        history, bank, found = _load(staged, plan, media)
    notes = dict(pair for section in plan.sections for pair in section.notes)
    for _ in range(_MOST_ROUNDS):
        diagnostics = check_bank(bank, found, with_advice=False)  # what is advised of it is for its author, later
        if not has_errors(diagnostics):
            break
        refused = find_refused(plan, diagnostics)
        said = _cut(say_refused(plan, next(each for each in diagnostics if has_errors([each]))))
        if not refused or len(refused) == sum(len(section.notes) for section in plan.sections):
            raise OriginalError(said)
        losses += [
            Loss(name_note(note), f"left out, so that it stays as it is: {_cut(say_problem(plan, note, problem))}")
            for note, problem in ((notes[name], problem) for name, problem in refused.items())
        ]
        for path in write_files(plan):
            staged.remove(path)
        plan = leave_out(plan, refused.keys())
        for path, text in _write_files(plan, fonts).items():
            staged.write(path, text.encode())
        history, bank, found = _load(staged, plan, media)
    else:
        raise OriginalError(said)
    staged.write(_SCHEMA, make_schema(bank.known_note_types).encode())
    completed, history = _compare(staged, replace(adopted, losses=(*adopted.losses, *losses)), plan, bank, history)
    text = to_text(history)
    if isinstance(read := parse(SourceFile(_HISTORY, text)), Diagnostic):
        raise OriginalError(f"of what learners have, {read.message}")
    staged.overwrite(_HISTORY, text.encode())
    bank = replace(bank, history=replace(history, file=SourceFile(_HISTORY, text)))
    released = (problem for rule in _OF_HISTORY for problem in rule(bank))
    return completed, sort_diagnostics((*diagnostics, *released))


def _load(staged: StagedFolder, plan: Plan, media: Mapping[str, str]) -> tuple[History, Bank, tuple[Diagnostic, ...]]:
    """Write the first history of a deck whose source is there, and return it with what is loaded then."""
    history = begin_history(plan, digest_source(staged.path), media)
    staged.overwrite(_HISTORY, to_text(history).encode())
    return history, *load_project(staged.path)


def _write_files(plan: Plan, fonts: str | None) -> dict[str, str]:
    """Return the files of a plan, without sheets in its deck.yaml where these lack `fonts`."""
    files = write_files(plan)
    return files if fonts is None else files | {_DECK: write_without_sheets(files[_DECK], fonts)}


def _compare(
    staged: StagedFolder, adopted: Adopted, plan: Plan, bank: Bank, history: History
) -> tuple[Adopted, History]:
    """Return what was adopted, with what the project makes otherwise, and the history with all notes."""
    options = Options(staged.path, staged.path / "dist", ("apkg",))
    compared = compare(plan, assemble(bank, Colors()))
    history = replace(history, notes=compared.notes, note_types=compared.note_types)
    package = adopted.package
    if package is None:  # what learners get is what the project makes
        bank = replace(bank, history=history)
        made = write_artifacts(render_deck(bank, options), options, NoProgress(), bank.checks, ()).artifacts
        package = next(each.data for each in made if each.name.endswith(".apkg"))
        staged.write(f"dist/{adopted.id}.apkg", package)
    release = replace(history.last, package=digest_file(package))
    losses = (*adopted.losses, *_list_changes(plan, compared))
    taken = tuple(say_taken(plan))
    return replace(adopted, taken=taken, losses=losses, package=package, plan=plan), replace(
        history, releases=(release,)
    )


def _list_changes(plan: Plan, compared: Compared) -> Iterator[Loss]:
    """Yield what the project makes otherwise than learners have it, and so updates."""
    for kind in plan.kinds.values():
        if kind.name in compared.changed_types:
            dropped = plan.safe.of_types.get(kind.original.key, ())
            yield Loss(f"note type {kind.original.name}", _say_changed(dropped, "its card templates or its style"))
    note_ids = plan.list_ids()
    for note in plan.safe.original.notes:
        if parts := compared.changed.get(note.guid):
            what = _say_changed(plan.safe.of_notes.get(note.guid, ()), join_words(parts))
            yield Loss(name_note(note), what, note_ids.get(note.guid, ""))
        if new := compared.new_cards.get(note.guid):
            what = f"the source lacks {_name_cards(new)}, which Anki makes of such a note"
            yield Loss(name_note(note), what, note_ids.get(note.guid, ""))
        if lost := compared.lost_cards.get(note.guid):
            what = f"{_name_cards(lost)} asks nothing: new learners do not get it, and who has it keeps it"
            if len(lost) > 1:
                what = f"{_name_cards(lost)} ask nothing: new learners do not get them, and who has them keeps them"
            yield Loss(name_note(note), what, note_ids.get(note.guid, ""))


def _name_cards(numbers: tuple[int, ...]) -> str:
    return f"card{'s' if len(numbers) > 1 else ''} {join_words([str(number) for number in numbers])}"


def _say_changed(dropped: tuple[str, ...], parts: str) -> str:
    what = f"without {'; '.join(dropped)}" if dropped else f"{parts} are made anew"
    return f"{what}: the next release updates it"


def _cut(message: str) -> str:
    """Return a message without most of a long text that it quotes."""
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[:_LONGEST_MESSAGE]}…"
