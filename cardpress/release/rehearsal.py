"""Rehearses an update in the real Anki: learners study the last release, import the new one, and lose nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cardpress.anki.package import Content, Package, PackageError, pack_anew, read_package
from cardpress.anki.stamps import list_shipped
from cardpress.deck.notes import Deck
from cardpress.progress import Count, NoProgress, Progress, stage
from cardpress.publish.artifact import Artifact
from cardpress.release.learners import (
    CARD,
    LEARNERS,
    Learner,
    State,
    fill_personal_fields,
    import_package,
    import_text,
    make_it_their_own,
    open_collection,
    read_notes,
    read_state,
    say_error,
    study,
)
from cardpress.release.refusals import RefusedError

if TYPE_CHECKING:
    from anki.import_export_pb2 import ImportResponse

# The promise that a release of a day to come breaks: Anki takes its notes for newer than a text file imported today.
OWN_WORDS_KEPT = "personal fields keep what is in them, text file first"


class _Step(StrEnum):
    """What a learner does, as a bar names it. The last one is for decks with personal fields alone."""

    IMPORT = "import the release"
    STUDY = "study"
    EDIT = "make it their own"
    UPDATE = "import the update"
    COMPARE = "compare"
    OWN_WORDS = "keep their own words"


@dataclass(frozen=True, slots=True)
class Row:
    """The result for one promise: how many cases were checked, and which of them broke it, by the learner's name."""

    promise: str
    held: int
    broken_for: Mapping[str, tuple[str, ...]]
    # What could not be tried, a sentence each.
    remarks: tuple[str, ...] = ()

    @property
    def broken(self) -> tuple[str, ...]:
        """Every case that broke the promise for any learner."""
        return tuple(dict.fromkeys(case for cases in self.broken_for.values() for case in cases))


@dataclass(frozen=True, slots=True)
class _Result:
    """What one learner saw of a promise."""

    promise: str
    held: int
    broken: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextUpdate:
    """The text file for learners who fill personal fields, and how many each note type has, by its number."""

    text: bytes
    personal: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class _Update:
    """A learner's collection before and after the import, and what is in the package. `name` names a note's GUID."""

    before: State
    after: State
    package: Package
    name: Callable[[str], str]

    def card(self, card: int) -> str:
        """Return the name of a card: its note's, and its number when that says more."""
        shown = self.after.shown.get(card) or self.before.shown[card]
        number = f" c{shown.number}" if shown.is_cloze else f" card {shown.number}" if shown.number > 1 else ""
        note = (self.after.cards.get(card) or self.before.cards[card])[1]
        return self.name(self.after.guids.get(note) or self.before.guids[note]) + number


def rehearse(
    old: bytes | None,
    new: bytes,
    names: Mapping[str, str] | None = None,
    text: TextUpdate | None = None,
    learners: Sequence[Learner] = LEARNERS,
    progress: Progress | None = None,
) -> tuple[Row, ...]:
    """Let each of the `learners` study `old` and import `new` over it, and return a row for each promise.

    When `old` is None, they study `new` instead. `names` has what rows call notes, by their GUIDs. Where there is a
    `text`, they also fill personal fields and import it before the package, for a row of its own. Raises PackageError
    when `old` cannot be read or Anki does not take it, RefusedError when that is so of `new`.
    """
    known = names or {}
    told = progress or NoProgress()
    told.expect(len(learners) * (len(_Step) if text else len(_Step) - 1))
    with _naming_errors(is_new=True):
        package = read_package(new)
    if old is not None:
        read_package(old)  # Anki gets nothing that is refused here
    studied = pack_anew(old) if old is not None else new

    def name(guid: str) -> str:
        return known.get(guid, guid)

    found = []
    for number, learner in enumerate(learners, start=1):
        who = f"rehearse {learner.name}{f' ({number} of {len(learners)})' if len(learners) > 1 else ''}"

        def step(name: _Step, who: str = who) -> AbstractContextManager[Count]:
            return stage(told, f"{who}: {name}")

        results = [*_rehearse(learner, studied, new, package, name, step, is_first=old is None)]
        if text:
            with step(_Step.OWN_WORDS):
                results.append(_keep_own_words(learner, studied, new, package, name, text))
        found.append(results)
    return tuple(
        Row(
            results[0].promise,
            max(result.held for result in results),
            {learner.name: result.broken for learner, result in zip(learners, results, strict=True)},
            tuple(dict.fromkeys(remark for result in results for remark in result.remarks)),
        )
        for results in zip(*found, strict=True)
    )


def find_text_update(deck: Deck, artifacts: Iterable[Artifact]) -> TextUpdate | None:
    """Return the text file among what a build made, None where no note type has personal fields, or no note changed."""
    personal = {each.id(deck.id): len(each.personal) for each in deck.note_types if each.personal}
    text = next((each.data for each in artifacts if each.name == f"{deck.id}-update.csv"), None)
    return TextUpdate(text, personal) if text is not None and personal else None


def name_notes(deck: Deck) -> dict[str, str]:
    """Return what authors call the notes of a deck: their ids, by their GUIDs."""
    return {each.note.guid: each.note.id for each in list_shipped(deck)}


@contextmanager
def _naming_errors(*, is_new: bool) -> Iterator[None]:
    """Raise PackageError for what Anki does not take, RefusedError when that is the new package."""
    from anki.errors import AnkiException

    try:
        yield
    except (AnkiException, PackageError) as error:
        why = say_error(error)
        if is_new:
            raise RefusedError(f"what the source makes now cannot be rehearsed: {why}") from error
        raise PackageError(why) from error


def _rehearse(
    learner: Learner,
    old: bytes,
    new: bytes,
    package: Package,
    name: Callable[[str], str],
    step: Callable[[_Step], AbstractContextManager[Count]],
    *,
    is_first: bool,
) -> Iterator[_Result]:
    with open_collection() as collection:
        with _naming_errors(is_new=is_first):
            with step(_Step.IMPORT):
                import_package(collection, old, learner)
                released = read_notes(collection)
            changed = _find_changed(package, released)
            unchanged = sorted(guid for guid in released if guid in package.notes and guid not in changed)
            with step(_Step.STUDY) as count:
                study(collection, count)
            with step(_Step.EDIT) as count:
                own = make_it_their_own(collection, learner, unchanged)
                before = read_state(collection, count)
        with _naming_errors(is_new=True):
            with step(_Step.UPDATE):
                log = import_package(collection, new, learner)
            with step(_Step.COMPARE) as count:
                after = read_state(collection, count)
    update = _Update(before, after, package, name)
    yield from _cards_kept(update)
    yield _presets_kept(before, after)
    yield _edits_kept(update, own.edited)
    yield _texts_shown(update, changed)
    yield _sides_shown(update)
    yield _gaps_kept(update)
    forks = _find_forks(before, after, package.note_types)
    no_field = tuple(f"{learner.name}: no field was added to {each}, which Anki does not save" for each in own.refused)
    yield _Result("no note type forks", len(package.note_types), forks, no_field)
    yield _Result("no update conflicts", len(package.notes), _find_conflicts(update, log))
    yield _Result("no full sync is forced", 1, () if after.schema == before.schema else ("the next sync",))


def _keep_own_words(
    learner: Learner, old: bytes, new: bytes, package: Package, name: Callable[[str], str], text: TextUpdate
) -> _Result:
    """Let a learner fill personal fields, and import the text file before the package."""
    with open_collection() as collection:
        import_package(collection, old, learner)
        filled = fill_personal_fields(collection, text.personal)
        with _naming_errors(is_new=True):
            import_text(collection, text.text)
            import_package(collection, new, learner)
        after = read_notes(collection)

    def is_kept(guid: str, words: tuple[str, ...]) -> bool:
        if guid not in after or after[guid].fields[-len(words) :] != words:
            return False
        shipped = package.notes.get(guid)
        return shipped is None or after[guid].fields[: -len(words)] == shipped.fields[: -len(words)]

    broken = tuple(sorted(name(guid) for guid, words in filled.items() if not is_kept(guid, words)))
    return _Result(OWN_WORDS_KEPT, len(filled), broken)


# --- the promises -------------------------------------------------------------------------------------------------


def _cards_kept(update: _Update) -> Iterator[_Result]:
    before, after = update.before, update.after
    columns = CARD.split(", ")
    promises = {
        "every card keeps its schedule": ("type", "due", "ivl", "factor", "reps", "lapses", "left", "odue", "data"),
        "what is suspended or buried stays so": ("queue",),
        "every card keeps its flag": ("flags",),
        "every card stays in its deck": ("did", "odid"),
    }
    for promise, names in promises.items():
        picked = [columns.index(name) for name in names]
        old = {card: tuple(row[column] for column in picked) for card, row in before.cards.items()}
        new = {card: tuple(row[column] for column in picked) for card, row in after.cards.items()}
        yield _Result(promise, len(old), _sorted(update, (card for card in old if old[card] != new.get(card))))
    lost = tuple(str(review[0]) for review in sorted(before.reviews - after.reviews))
    yield _Result("no review is lost", len(before.reviews), lost)


def _presets_kept(before: State, after: State) -> _Result:
    broken = tuple(sorted(deck for deck, preset in before.presets.items() if after.presets.get(deck) != preset))
    return _Result("every deck keeps its preset", len(before.presets), broken)


def _edits_kept(update: _Update, edited: Iterable[str]) -> _Result:
    kept = {guid: update.before.notes[guid] for guid in edited}
    broken = tuple(update.name(guid) for guid in kept if update.after.notes.get(guid) != kept[guid])
    return _Result("unchanged notes keep a learner's edits and tags", len(kept), broken)


def _find_changed(package: Package, released: Mapping[str, Content]) -> dict[str, Content]:
    """Return the notes that are new or have changed, by GUID, as the package has them.

    Tags that Anki takes off, or not, by the options of an import are no part of what changes.
    """
    notes = {guid: note.without_tags_of_learners() for guid, note in package.notes.items()}
    before = {guid: note.without_tags_of_learners() for guid, note in released.items()}
    return {guid: note for guid, note in notes.items() if before.get(guid) != note}


def _texts_shown(update: _Update, changed: Mapping[str, Content]) -> _Result:
    """Every note that is new or has changed is as the package has it. A learner's own fields come after those."""

    def shows(guid: str, wanted: Content) -> bool:
        note = update.after.notes.get(guid)
        if note is None or note.fields[: len(wanted.fields)] != wanted.fields:
            return False
        # A tag that a learner has in other capitals keeps them: to Anki it is the same.
        had = {tag.casefold() for tag in note.without_tags_of_learners().tags}
        return had == {tag.casefold() for tag in wanted.tags}

    hidden = tuple(update.name(guid) for guid, note in changed.items() if not shows(guid, note))
    return _Result("every changed note shows its new text", len(changed), hidden)


def _sides_shown(update: _Update) -> _Result:
    """Cards that were empty or showed an error before the update are as they were: decks of others have such."""
    before = update.before.shown
    shown = {card: each for card, each in update.after.shown.items() if card not in before or not before[card].problem}
    broken = _sorted(update, (card for card in shown if shown[card].problem))
    return _Result("no card is empty or shows an error", len(shown), broken)


def _gaps_kept(update: _Update) -> _Result:
    """A cloze card asks for what it asked for before, if that is still asked: other words, but no other gap."""
    before, after = update.before, update.after
    gaps = {card: shown.gap for card, shown in before.shown.items() if shown.is_cloze}
    elsewhere = {
        (row[1], after.shown[card].gap) for card, row in after.cards.items() if after.shown[card].gap != gaps.get(card)
    }
    moved = (
        card
        for card, gap in gaps.items()
        if gap and card in after.shown and after.shown[card].gap != gap and (before.cards[card][1], gap) in elsewhere
    )
    return _Result("every cloze card asks for the same gap", len(gaps), _sorted(update, moved))


def _find_conflicts(update: _Update, log: ImportResponse.Log) -> tuple[str, ...]:
    """Return the names of the notes that Anki calls conflicting. It gives them the ids that the package has."""
    return tuple(sorted(update.name(update.package.guids[note.id.nid]) for note in log.conflicting))


def _find_forks(before: State, after: State, shipped: Iterable[int]) -> tuple[str, ...]:
    """Return the names of note types that are neither the learner's nor the package's: Anki made them on a conflict."""
    return tuple(
        sorted(name for number, name in after.note_types.items() if number not in {*before.note_types, *shipped})
    )


def _sorted(update: _Update, cards: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted(map(update.card, cards)))
