"""A release: checked, rehearsed, and then written as one, artifacts, history and changelog together, or not at all."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cardpress import transaction
from cardpress.cache import digest
from cardpress.changes import Changes, as_markdown, changes
from cardpress.deck import Artifact, Deck
from cardpress.diagnostics import Diagnostic
from cardpress.history import NAME, History, NoteRecord, Release, RetiredRecord, TypeRecord, to_text
from cardpress.model import DeckInfo, Text
from cardpress.note_types import NOTE_TYPES
from cardpress.pipeline import Options, Progress, checked, folder_contents, rendered, written
from cardpress.rehearsal import Row, rehearse
from cardpress.stamps import record_of, shipped, type_record_of
from cardpress.versions import next_after, precedence

NOTES = "RELEASE_NOTES.md"
_CHANGELOG = "CHANGELOG.md"


class RefusedError(Exception):
    """The release would break a promise; the message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be released, from where, as what."""

    options: Options
    version: str
    date: str
    old_package: Path | None = None
    allow_dirty: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: problems that stopped it, or what changed and how the rehearsal went."""

    diagnostics: tuple[Diagnostic, ...] = ()
    changes: Changes | None = None
    rehearsal: tuple[Row, ...] = ()

    @property
    def released(self) -> bool:
        """Tell whether the release was made."""
        return not self.diagnostics and not any(row.broken for row in self.rehearsal)


def release(request: Request, progress: Progress) -> Outcome:
    """Make a release, or leave every file as it was. Raises RefusedError where the request itself is wrong."""
    options = request.options
    if not request.allow_dirty:
        _refuse_dirty(options)
    bank, result = checked(options.project)
    if result.diagnostics:
        return Outcome(result.diagnostics)
    if bank.info is None:
        raise RefusedError("deck.yaml could not be read")
    _refuse_order(bank.history, request)
    info = _as_released(bank.info, request)
    bank = replace(bank, info=info)
    deck = rendered(bank, options)
    found = changes(deck, bank.history)
    _refuse_small_step(bank.history, found, request.version)
    deck_yaml = _new_deck_yaml(info, request)
    # The source's digest and the package's come last: nothing that ships depends on them.
    history = _next_history(bank.history, deck, Release(request.version, request.date, "", ""))
    deck = rendered(replace(bank, history=history), options)
    made = written(deck, options, progress)
    if made.diagnostics:
        return Outcome(made.diagnostics)
    package = next(a.data for a in made.artifacts if a.name == f"{deck.id}.apkg")
    old = released_package(options, bank.history, deck.id, request.old_package) if bank.history else None
    progress.start("rehearse")
    rows = rehearse(old, package)
    progress.end("rehearse")
    outcome = Outcome((), found, rows)
    if outcome.released:
        _commit(request, made.artifacts, _closed(history, options, deck_yaml, package), deck_yaml, found)
    return outcome


# --- what is refused ---------------------------------------------------------------------------------------------


def _refuse_dirty(options: Options) -> None:
    git = shutil.which("git")
    if git is None:
        return
    command = [git, "-C", str(options.project), "status", "--porcelain", "--", ".", f":!{options.out.name}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - git, on this project
    if done.returncode == 0 and done.stdout.strip():
        first = done.stdout.splitlines()[0][3:]
        raise RefusedError(f"there are changes that are not committed ({first}); commit them, or add --allow-dirty")


def _refuse_order(history: History | None, request: Request) -> None:
    if history is None:
        return
    last = history.last
    if precedence(request.version) <= precedence(last.version):
        raise RefusedError(f"{request.version} does not come after {last.version}, the last release")
    if request.date < last.date:
        raise RefusedError(f"{request.date} is before {last.date}, the day of the last release")


def _refuse_small_step(history: History | None, found: Changes, version: str) -> None:
    if history is None:
        return
    least = next_after(history.last.version, found.size)
    if precedence(version) < precedence(least) and not version.startswith(f"{least}-"):
        why = {"major": "notes retire or a note type changes", "minor": "there are new notes", "patch": "texts change"}
        raise RefusedError(f"{version} is too small a step: {why[found.size]}, which wants {least} or more")


# --- what is made ------------------------------------------------------------------------------------------------


def _as_released(info: DeckInfo, request: Request) -> DeckInfo:
    version, date = Text(request.version, info.version.span), Text(request.date, info.date.span)
    return replace(info, version=version, date=date)


def _new_deck_yaml(info: DeckInfo, request: Request) -> bytes:
    """Write the version and date into deck.yaml, where they stand; all else stays as the author has it."""
    text = info.version.span.file.text
    for span, value in sorted(
        [(info.version.span, request.version), (info.date.span, request.date)],
        key=lambda each: each[0].start,
        reverse=True,
    ):
        text = text[: span.start] + value + text[span.end :]
    return text.encode()


def _next_history(history: History | None, deck: Deck, this: Release) -> History:
    notes: dict[str, NoteRecord] = dict(history.notes) if history else {}
    retired: dict[str, RetiredRecord] = dict(history.retired) if history else {}
    for each in shipped(deck):
        now = record_of(deck, each)
        before = notes.get(now.guid)
        if before is None or before.digest != now.digest:
            notes[now.guid] = now
            if each.note.notice:
                retired[now.guid] = RetiredRecord(now.guid, now.id, this.version, this.date)
        elif before.section != now.section:
            notes[now.guid] = replace(before, section=now.section)
    types: dict[str, TypeRecord] = {}
    for note_type in NOTE_TYPES:
        type_now = type_record_of(deck, note_type)
        type_before = history.note_types.get(note_type.kind) if history else None
        types[note_type.kind] = type_before if type_before and type_before.digest == type_now.digest else type_now
    return History((*(history.releases if history else ()), this), types, notes, retired)


def _closed(history: History, options: Options, deck_yaml: bytes, package: bytes) -> History:
    """Note in the new release what it was made from, and what it shipped."""
    source = source_digest(options.project, {"deck.yaml": deck_yaml})
    this = replace(history.last, source=source, package=hashlib.sha256(package).hexdigest())
    return replace(history, releases=(*history.releases[:-1], this))


def source_digest(project: Path, instead: Mapping[str, bytes] | None = None) -> str:
    """Give a digest of source/ but for its history, with some files' contents taken as given."""
    contents = dict(folder_contents(project / "source")) | dict(instead or {})
    return digest(part for name, data in sorted(contents.items()) if name != NAME for part in (name.encode(), data))


def released_package(options: Options, history: History, deck_id: str, given: Path | None) -> bytes:
    """Find the package of the last release: the given file, the one in dist/, or the one in dist/ that is committed."""
    if given is not None:
        return given.read_bytes()
    path = options.out / f"{deck_id}.apkg"
    candidates = [path.read_bytes()] if path.is_file() else []
    if git := shutil.which("git"):
        command = [git, "-C", str(options.out.parent), "show", f"HEAD:./{options.out.name}/{path.name}"]
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - git, on this project
        candidates.append(done.stdout)
    for data in candidates:
        if hashlib.sha256(data).hexdigest() == history.last.package:
            return data
    raise RefusedError(f"{path} is not the package of {history.last.version}; name that with --from")


def _commit(
    request: Request, artifacts: tuple[Artifact, ...], history: History, deck_yaml: bytes, found: Changes
) -> None:
    project = request.options.project
    notes = f"# {request.version}\n\n{request.date}\n\n{as_markdown(found)}"
    path = project / _CHANGELOG
    changelog = path.read_text(encoding="utf-8") if path.exists() else "# Changelog\n"
    files = {
        f"source/{NAME}": to_text(history).encode(),
        "source/deck.yaml": deck_yaml,
        _CHANGELOG: _with_section(changelog, request, as_markdown(found)).encode(),
    }
    transaction.commit(project, files, artifacts, request.options.out, {NOTES: notes.encode()})


def _with_section(changelog: str, request: Request, body: str) -> str:
    """Turn what stands under `Unreleased` into this release's section, or start one on top."""
    heading = f"## {request.version}, {request.date}\n"
    before, mark, after = changelog.partition("## Unreleased\n")
    if mark:
        own, next_heading, older = after.partition("\n## ")
        return f"{before}{heading}\n{body}{own.rstrip()}\n{next_heading}{older}"
    title, next_heading, older = changelog.partition("\n## ")
    return f"{title.rstrip()}\n\n{heading}\n{body}{next_heading}{older}"
