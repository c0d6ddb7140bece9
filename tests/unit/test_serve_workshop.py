"""What is shown of a project that changes again and again is what a first look at it would show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from cardpress.deck.notes import Deck
from cardpress.diagnostics import Diagnostic, has_errors
from cardpress.pipeline import check_project
from cardpress.serve.changes import find_changed
from cardpress.serve.state import Shown, State
from cardpress.serve.workshop import Draft, Workshop, show_check, show_draft
from cardpress.writers.json import write as write_json
from tests.conftest import WriteProject
from tests.helpers.sample_project import EVERYTHING

# A change of a file: its path, and what makes the new text of the old one; None deletes it.
Change = tuple[str, Callable[[str], str] | None]


def swap(old: str, new: str) -> Callable[[str], str]:
    """Return what puts one text into the place of another that is there."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


CHANGES: tuple[Change, ...] = (
    ("source/first.yaml", swap("The second number.", "The *second* number.")),
    ("source/first.yaml", swap("- id: one\n", "# a line above all\n- id: one\n")),
    ("source/first.yaml", swap("question: What is two?", "question: 'What is two?")),  # broken
    ("source/first.yaml", swap("question: 'What is two?", "question: What is two?")),
    ("source/snippets/one.py", swap("print(one)", "print(one, one)")),
    ("source/deck.yaml", swap("title: Sample deck", "title: Another deck")),
    ("source/deck.yaml", swap("    title: First section", "    title: First section\n    tags: [first]")),
    ("source/first.yaml", swap("tags: [gaps]", "tags: [gaps, holes]")),
    (
        "source/first.yaml",
        swap("sources: [https://example.org/two]", "sources: [https://example.org/two]\n  surces: no"),
    ),
    ("source/first.yaml", swap("\n  surces: no", "")),
    ("source/first.yaml", swap("see_also: [two]", "see_also: [thrice]")),  # a rule finds it
    ("source/first.yaml", swap("see_also: [thrice]", "see_also: [two]")),
    ("source/snippets/one.py", None),
    ("source/snippets/one.py", lambda _: "print(1)\n"),
    ("templates/note-types/interview/back.html", lambda _: "{{FrontSide}}<hr id=answer>{{Answer}}"),
    ("templates/note-types/interview/back.html", lambda text: text + "<p>{{Sources}}</p>"),
    ("templates/note-types/interview/back.html", None),
    ("source/deck.yaml", swap("version: 1.2.0", "version: 1.3.0")),
    ("source/deck.yaml", swap("date: 2026-01-02", "date: 2026-01-02\nlanguage: de")),
    ("source/media/dot.png", None),
)


WORDS: dict[str, str | bytes] = {
    "deck.yaml": """\
id: words
title: Words
version: 1.0.0
date: 2026-01-02
sections:
  - {id: words, title: Words, table: words.csv, ids: {from: question}, note_type: basic, tags: [first]}
""",
    "words.csv": "question,answer,sources\nred,rot,https://example.org/\nblue,blau,https://example.org/\n",
}
CHANGES_OF_WORDS: tuple[Change, ...] = (
    ("source/words.csv", swap("rot", "*rot*")),
    (
        "source/words.csv",
        swap("question,answer,sources\n", "question,answer,sources\ngreen,grün,https://example.org/\n"),
    ),
    ("source/words.csv", swap("blue,blau", "red,blau")),  # the same id twice
    ("source/words.csv", swap("red,blau", "blue,blau")),
    ("source/words.csv", swap("question,answer", "front,bakc")),
    ("source/words.csv", swap("front,bakc", "question,answer")),
    ("source/deck.yaml", swap("tags: [first]", "tags: [second]")),
    ("source/deck.yaml", swap("{from: question}", "{from: answer}")),
    ("source/words.csv", None),
)


def describe(deck: Deck | None) -> Any:
    """Return all that a deck prints, and where its notes stand."""
    if deck is None:
        return None
    bundle = {each.name: each.data for each in write_json(deck).artifacts}
    notes = [
        (each.id, each.guid, each.stamp, each.tags, dict(each.fields), places(each.places))
        for note in deck.notes()
        for each in (note, *note.recall)
    ]
    return bundle, notes, [(each.name, each.data) for each in deck.media], deck.updated, deck.on_paper_alone


def places(found: Mapping[str, Any]) -> dict[str, tuple[str, int, int]]:
    return {key: (span.path, span.line, span.column) for key, span in found.items()}


def orders(diagnostics: tuple[Diagnostic, ...]) -> list[Any]:
    return [(*each.order, each.help) for each in diagnostics]


def look(workshop: Workshop, state: State) -> tuple[Draft, State]:
    draft = workshop.read()
    return draft, show_check(show_draft(state, draft), draft, workshop.check(draft, lambda: None))


@pytest.mark.parametrize(("files", "changes"), [(EVERYTHING, CHANGES), (WORDS, CHANGES_OF_WORDS)])
def test_what_is_kept_changes_nothing_but_how_long_it_takes(
    files: Mapping[str, str | bytes], changes: Sequence[Change], write_project: WriteProject
) -> None:
    project = write_project(files)
    for added in {"first.yaml"} - files.keys():
        (project / "source" / added).unlink()
    workshop, state = Workshop(project), State()
    assert look(workshop, state)[0].deck is not None
    for path, change in changes:
        apply(project / path, change)
        draft, state = look(workshop, state)
        fresh, _ = look(Workshop(project), State())
        assert describe(draft.deck) == describe(fresh.deck), path
        assert orders(state.diagnostics) == orders(check_project(project).diagnostics), path
        assert (draft.is_broken, type(draft.failure)) == (fresh.is_broken, type(fresh.failure)), path


def apply(file: Path, change: Callable[[str], str] | None) -> None:
    if change is None:
        file.unlink()
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(change(text), encoding="utf-8")


def changed_by(write_project: WriteProject, *changes: Change) -> frozenset[str] | None:
    """Return the notes whose cards are new after these changes of the sample."""
    project = write_project(EVERYTHING)
    workshop = Workshop(project)
    before = workshop.read().shown()
    for path, change in changes:
        apply(project / path, change)
    now = workshop.read().shown()
    assert isinstance(now, Shown)
    return find_changed(before, now)


def test_an_edited_answer_is_the_only_new_card(write_project: WriteProject) -> None:
    assert changed_by(write_project, CHANGES[0]) == frozenset({"two"})


def test_what_moves_in_its_file_has_no_new_card(write_project: WriteProject) -> None:
    assert changed_by(write_project, CHANGES[1]) == frozenset()


def test_a_snippet_changes_the_notes_that_show_it(write_project: WriteProject) -> None:
    assert changed_by(write_project, CHANGES[4]) == frozenset({"one", "one-successor"})


def test_a_card_template_changes_the_notes_of_its_type(write_project: WriteProject) -> None:
    assert changed_by(write_project, CHANGES[14]) == frozenset({"one", "two", "three", "four"})


def test_a_point_for_the_cheat_sheet_changes_no_card(write_project: WriteProject) -> None:
    change = swap("    - The first *number*.", "    - The very first *number*.")
    assert changed_by(write_project, ("source/first.yaml", change)) == frozenset()


def test_the_deck_s_own_facts_may_change_all_cards(write_project: WriteProject) -> None:
    assert changed_by(write_project, ("source/deck.yaml", swap("id: sample", "id: other"))) is None


def test_broken_yaml_leaves_the_cards_and_says_why(write_project: WriteProject) -> None:
    project = write_project(EVERYTHING)
    workshop = Workshop(project)
    _, good = look(workshop, State())
    apply(project / "source/first.yaml", lambda text: text + "- [\n")
    draft = workshop.read()
    early = show_draft(good, draft)
    assert early.shown is good.shown
    assert early.is_stale
    assert [each.code for each in early.diagnostics] == ["yaml-syntax"]
    late = show_check(early, draft, workshop.check(draft, lambda: None))
    assert (late.is_stale, late.printed, late.revision) == (True, good.printed, good.revision)
    apply(project / "source/first.yaml", lambda text: text.removesuffix("- [\n"))
    _, mended = look(workshop, late)
    assert (mended.is_stale, mended.diagnostics) == (False, good.diagnostics)
    assert mended.revision == good.revision + 1


def test_a_rule_s_error_shows_the_cards_and_prints_the_last_deck_without_one(write_project: WriteProject) -> None:
    project = write_project(EVERYTHING)
    workshop = Workshop(project)
    _, good = look(workshop, State())
    apply(project / "source/first.yaml", swap("see_also: [two]", "see_also: [thrice]"))
    _, state = look(workshop, good)
    assert state.shown is not None
    assert state.shown is not good.shown
    assert (state.is_stale, state.printed) == (False, good.printed)
    assert "unknown-reference" in {each.code for each in state.diagnostics}


def test_page_and_sheets_are_of_the_last_revision_that_all_rules_found_right(write_project: WriteProject) -> None:
    project = write_project(EVERYTHING)
    workshop = Workshop(project)
    _, good = look(workshop, State())
    assert (good.revision, good.made_of) == (1, 1)
    apply(project / "source/first.yaml", swap("- The first *number*.", "- The very first *number*."))
    draft = workshop.read()
    early = show_draft(good, draft)
    assert (early.revision, early.made_of) == (2, 1), "the cards do not wait for the rules, and what is made does"
    late = show_check(early, draft, workshop.check(draft, lambda: None))
    assert (late.made_of, late.printed) == (2, draft.deck)
    (project / "source/first.yaml").touch()
    _, same = look(workshop, late)
    assert (same.revision, same.made_of) == (3, 2), "nothing has changed that anything is made of"
    assert same.printed is late.printed
    apply(project / "source/first.yaml", swap("see_also: [two]", "see_also: [thrice]"))
    _, wrong = look(workshop, same)
    assert (wrong.revision, wrong.made_of) == (4, 2)


def test_what_no_deck_can_be_made_of_waits_for_the_rules(write_project: WriteProject) -> None:
    project = write_project(EVERYTHING)
    workshop = Workshop(project)
    _, good = look(workshop, State())
    (project / "source/media/dot.png").unlink()
    draft, state = look(workshop, good)
    assert draft.failure is not None
    assert (state.is_stale, state.shown) == (True, good.shown)
    assert "missing-media" in {each.code for each in state.diagnostics}


@pytest.mark.parametrize("more", ["{{#Extra}}more", "{{/Extra}}", "{{#Extra}}" * 3000 + "{{/Extra}}" * 3000])
def test_a_card_template_that_makes_no_card_leaves_the_cards_as_they_were(
    more: str, write_project: WriteProject
) -> None:
    project = write_project(EVERYTHING)
    workshop = Workshop(project)
    _, good = look(workshop, State())
    apply(project / "templates/note-types/interview/front.html", lambda _: "{{Question}}" + more)
    draft, state = look(workshop, good)
    assert draft.deck is None
    assert (state.is_stale, state.shown) == (True, good.shown)
    assert has_errors(state.diagnostics)


def test_a_failure_that_no_rule_explains_is_told(write_project: WriteProject) -> None:
    workshop = Workshop(write_project(EVERYTHING))
    draft = workshop.read()
    broken = Draft(draft.bank, draft.found, None, KeyError("ours"))
    with pytest.raises(KeyError, match="ours"):
        workshop.check(broken, lambda: None)


def test_a_check_ends_when_it_is_overtaken(write_project: WriteProject) -> None:
    workshop = Workshop(write_project(EVERYTHING))
    draft = workshop.read()
    asked = 0

    def overtake() -> None:
        nonlocal asked
        asked += 1
        if asked == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        workshop.check(draft, overtake)
    assert asked == 3


def test_nothing_is_written(write_project: WriteProject) -> None:
    project = write_project(EVERYTHING)
    before = sorted(path.as_posix() for path in project.rglob("*"))
    look(Workshop(project), State())
    assert sorted(path.as_posix() for path in project.rglob("*")) == before
