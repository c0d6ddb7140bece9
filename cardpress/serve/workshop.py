"""Makes what is shown of a project from its files, in steps: first its cards, then what all rules say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from cardpress.anki.card_rendering import CardMaker
from cardpress.anki.stamps import KeptStamps, stamp
from cardpress.deck.assemble import assemble
from cardpress.deck.colors import Colors
from cardpress.deck.kept_notes import KeptNotes
from cardpress.deck.notes import Deck
from cardpress.diagnostics import Diagnostic, has_errors, sort_diagnostics
from cardpress.diagnostics.checks import apply
from cardpress.engine import this_engine
from cardpress.pipeline import check_bank, check_late, load_project
from cardpress.publish.store import Store
from cardpress.serve.state import Shown, State
from cardpress.source.bank import Bank
from cardpress.source.facts import Facts
from cardpress.source.kept import Kept


class OvertakenError(Exception):
    """The files have changed again, so that nobody wants to know any more what was being found out."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was read of a project: its bank and the problems found so far, and the deck that was made of it.

    The deck is None where the source cannot be read, and where rules have to say first why nothing can be made of it:
    `failure` is what happened then.
    """

    bank: Bank
    found: tuple[Diagnostic, ...]
    deck: Deck | None = None
    failure: Exception | None = None

    @property
    def is_broken(self) -> bool:
        """Whether the source cannot be read."""
        return not self.bank.complete or self.bank.info is None or has_errors(self.found)

    def shown(self) -> Shown | None:
        """Return what is shown of it."""
        if self.deck is None:
            return None
        return Shown.of(self.deck, {note.id.value: note.span for note in self.bank.notes()})


class Workshop:
    """Reads one project again and again. What it knows from the time before decides nothing but how long that takes."""

    def __init__(self, project: Path, cache: Path | None = None) -> None:
        """Work on a project. `cache` is the user's cache folder, where builds leave code in its colors."""
        self._project = project
        self._kept, self._notes, self._stamps = Kept(), KeptNotes(), KeptStamps()
        self._facts = Facts()
        self._colors = Colors.from_json(Store(cache, project).read("colors", this_engine().digest))

    def read(self) -> Draft:
        """Return the project as it is now. It is not known yet whether it can be built."""
        bank, found = load_project(self._project, kept=self._kept)
        draft = Draft(bank, found)
        if draft.is_broken:
            return draft
        self._colors = self._colors.renew()
        # A deck is made of a bank without errors, and only rules know these; so what fails here is told by them.
        try:
            deck = stamp(assemble(bank, self._colors, kept=self._notes), bank.history, kept=self._stamps)
            CardMaker(deck).read_templates()
            return replace(draft, deck=deck)
        except Exception as failure:
            return replace(draft, failure=failure)

    def check(self, draft: Draft, before_each: Callable[[], object]) -> tuple[Diagnostic, ...]:
        """Return every problem of the project, as `check` does, sorted. `before_each` is called before each rule.

        Raises what `before_each` raises, and what has kept a deck from being made if no mistake of the author has.
        """
        facts = Facts(self._facts.asked)
        diagnostics = check_bank(replace(draft.bank, facts=facts), draft.found, before_each=before_each)
        self._facts = facts  # of a check that went to its end
        if draft.failure is not None and not has_errors(diagnostics):
            raise draft.failure
        before_each()
        return check_late(draft.bank, diagnostics, self._project)


def show_draft(state: State, draft: Draft) -> State:
    """Return the state that follows when a project was read, before its rules were asked.

    What cannot be read leaves the cards as they were, and its problems are all that is known of them.
    """
    if draft.is_broken:
        early = sort_diagnostics(apply(draft.bank.checks, draft.found).diagnostics)
        return replace(state, diagnostics=early, failure="", is_stale=True, is_checked=False)
    if draft.deck is None:
        return replace(state, is_checked=False)
    shown = draft.shown()
    return replace(state, revision=state.revision + 1, shown=shown, failure="", is_stale=False, is_checked=False)


def show_check(state: State, draft: Draft, diagnostics: tuple[Diagnostic, ...]) -> State:
    """Return the state that follows when the rules have been asked. `state` is that of the same draft."""
    is_new = draft.deck is not None and not has_errors(diagnostics) and draft.deck != state.printed
    return replace(
        state,
        diagnostics=diagnostics,
        failure="",
        is_stale=draft.deck is None,
        is_checked=True,
        printed=draft.deck if is_new else state.printed,
        made_of=state.revision if is_new else state.made_of,
    )


def show_failure(state: State, failure: str) -> State:
    """Return the state that follows when a project could not be read at all, as when the disk fails."""
    return replace(state, diagnostics=(), failure=failure, is_stale=True, is_checked=True)
