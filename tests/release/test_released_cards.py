"""Cards that learners have of a note stay: whatever a card asks or waits for now, no note loses one."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardpress.pipeline import load_and_check, render_deck
from cardpress.release.change_reports import summarize
from cardpress.release.changes import find_changes
from tests.helpers.anki_collection import learning
from tests.helpers.author import Author
from tests.helpers.branches import commit, git, merge_branches, release_on_branch, settle
from tests.helpers.diagnostics import problems
from tests.helpers.own_note_types import CAT, DOG, WORD

DECLARATION = "note-types/word/note-type.yaml"
FLAG = WORD.replace("cards:\n", "  - {key: reverse, holds: flag}\ncards:\n")
WAITING = FLAG.replace("{name: Recall,", "{name: Recall, when: reverse,")


def author_of(project: Path, declared: str) -> Author:
    author = Author(project, {"metals": [{**word, "note_type": "word"} for word in (DOG, CAT)]})
    author.style(DECLARATION, declared)
    return author


def report(author: Author) -> list[tuple[str, str, str]]:
    author.write()
    return [(each.code, each.message, each.help) for each in problems(author.project)]


def summary(author: Author) -> str:
    author.write()
    bank, result = load_and_check(author.project)
    assert not result.diagnostics
    return summarize(find_changes(render_deck(bank, author.options()), bank.history))


def test_the_history_knows_which_cards_each_note_has(tmp_path: Path) -> None:
    author = author_of(tmp_path / "project", WAITING)
    author.find("perro")["reverse"] = True
    author.release("1.0.0", "2026-01-01")
    assert {each.id: each.more_cards for each in author.history.notes.values()} == {"perro": (2,), "gato": ()}
    author.find("perro")["retired"] = {"reason": "Dogs are out."}
    author.release("1.1.0", "2026-02-01")
    assert {each.id: each.more_cards for each in author.history.notes.values()} == {"perro": (2,), "gato": ()}


def test_a_card_that_asks_something_else_wants_it_of_every_note_that_has_the_card(tmp_path: Path) -> None:
    author = author_of(tmp_path / "project", WORD)
    author.release("1.0.0", "2026-01-01")
    author.style(
        DECLARATION, WORD.replace("asks: [meaning], answers: [word, sentence]", "asks: [sentence], answers: [word]")
    )
    assert report(author) == [
        (
            "released-card-missing",
            "`gato` was released with its card `Recall`, which wants a `sentence` now, and the note has none",
            "give it a `sentence`; or let the card be as it was, and declare a new one, which takes a spare one",
        )
    ]
    author.find("gato")["sentence"] = "El gato duerme."
    assert report(author) == []


def test_the_first_card_may_not_ask_what_a_note_lacks_either(tmp_path: Path) -> None:
    author = author_of(tmp_path / "project", WORD.replace("word, holds: line, required: true", "word, holds: line"))
    author.release("1.0.0", "2026-01-01")
    author.style(
        DECLARATION, WORD.replace("asks: [word], answers: [meaning, sentence]", "asks: [sentence], answers: [word]")
    )
    assert [each[0] for each in report(author)] == ["missing-key"]


def test_a_card_that_waits_for_a_flag_now_wants_it_of_every_note_that_has_the_card(tmp_path: Path) -> None:
    author = author_of(tmp_path / "project", WORD)
    author.release("1.0.0", "2026-01-01")
    author.style(DECLARATION, WAITING)
    author.find("gato")["reverse"] = False
    assert [message for _, message, _ in report(author)] == [
        f"`{each}` was released with its card `Recall`, which wants `reverse: true` now" for each in ("perro", "gato")
    ]
    for each in ("perro", "gato"):
        author.find(each)["reverse"] = True
    assert report(author) == []
    assert summary(author) == (
        "2 notes are updated, Word gets the field Reverse (in place of Spare1), the design of Word cards is updated, "
        "0 schedules lost"
    )


def test_a_card_that_waits_no_more_is_new_to_the_notes_that_had_none(tmp_path: Path) -> None:
    author = author_of(tmp_path / "project", WAITING)
    author.find("perro")["reverse"] = True
    first = author.release("1.0.0", "2026-01-01")
    author.style(DECLARATION, FLAG)  # no card waits for it any more
    assert summary(author).startswith("1 new card in a released note (Recall), ")
    second = author.release("1.1.0", "2026-02-01")
    with learning(tmp_path / "learner") as learner:
        learner.take(first)
        assert len(learner.cards()) == 3
        learner.take(second)
        assert len(learner.cards()) == 4


def test_a_field_that_learners_have_may_be_on_no_card_once_no_note_has_it(tmp_path: Path) -> None:
    author = author_of(tmp_path / "project", FLAG)
    flag = ("unshown-field", "no card waits for `reverse`", "write `when: reverse` in a card; or remove it")
    assert report(author) == [flag]
    author.style(DECLARATION, WORD)
    author.release("1.0.0", "2026-01-01")
    author.style(DECLARATION, WORD.replace(", sentence]", "]"))
    shown = "name it in `answers`, or put `{{Sentence}}` in a template"
    assert report(author) == [("unshown-field", "no card shows `sentence`", shown)]
    author.find("perro").pop("sentence")
    assert report(author) == []
    author.release("1.1.0", "2026-02-01")


def test_what_stands_above_a_cloze_text_may_go(tmp_path: Path) -> None:
    """Anki makes these cards of the deletions alone."""
    author = author_of(tmp_path / "project", WORD)
    gaps = "title: Gap\nfields:\n  - {key: head, holds: line}\n  - {key: text, holds: cloze, required: true}\n"
    author.style("note-types/gap/note-type.yaml", f"{gaps}cards:\n  - {{asks: [head, text], answers: []}}\n")
    author.sections["metals"].append({"id": "gap", "note_type": "gap", "head": "Dogs", "text": "They {{c1::bark}}."})
    author.release("1.0.0", "2026-01-01")
    author.find("gap").pop("head")
    assert report(author) == []
    author.release("1.0.1", "2026-02-01")


@pytest.mark.parametrize("other", ["the same note", "another note"])
def test_a_card_that_one_branch_made_is_not_lost_when_branches_merge(
    tmp_path: Path, other: str, capsys: pytest.CaptureFixture[str]
) -> None:
    author = author_of(tmp_path / "project", WAITING)
    author.sections["gases"] = [{"id": "pez", "word": "el pez", "meaning": "the fish", "note_type": "word"}]
    author.titles["gases"] = "More"
    author.release("1.0.0", "2026-01-01")
    git(author.project, "init", "-q", "-b", "main")
    commit(author.project, "Release 1.0.0")
    changed = "perro" if other == "the same note" else "pez"
    release_on_branch(author.project, "ours", "1.1.0", "2026-02-01", lambda a: a.find("perro").update(reverse=True))
    release_on_branch(
        author.project, "theirs", "1.2.0", "2026-02-01", lambda a: a.find(changed).update(sentence="Nueva.")
    )
    merge_branches(author.project, "ours", "theirs")
    settle(author.project, capsys)
    merged = Author.of(author.project)
    merged.sections["metals"] = [{**DOG, "note_type": "word"}, {**CAT, "note_type": "word"}]
    merged.find(changed)["sentence"] = "Nueva."
    assert [each[0] for each in report(merged)] == ["released-card-missing"]
    merged.find("perro")["reverse"] = True
    assert summary(merged).count("1 new card in a released note (Recall)") == 1
    merged.release("1.3.0", "2026-02-02", allow_dirty=True)


TEXT = """\
title: Gap
fields:
  - {key: text, holds: text, required: true}
  - {key: extra, holds: text}
cards:
  - {asks: [text], answers: [extra]}
"""
CLOZE = TEXT.replace("holds: text, required", "holds: cloze, required")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (TEXT, CLOZE, "cards of its card templates, and has cards of the deletions or masks of a note now"),
        (CLOZE, TEXT, "cards of the deletions or masks of a note, and has cards of its card templates now"),
    ],
)
def test_a_note_type_never_begins_or_ends_to_have_cards_of_deletions(
    tmp_path: Path, before: str, after: str, message: str
) -> None:
    author = author_of(tmp_path / "project", WORD)
    author.style("note-types/gap/note-type.yaml", before)
    text = "They {{c1::bark}}." if before == CLOZE else "They bark."
    author.sections["metals"].append({"id": "gap", "note_type": "gap", "text": text, "extra": "Loud."})
    author.release("1.0.0", "2026-01-01")
    author.style("note-types/gap/note-type.yaml", after)
    author.find("gap")["text"] = "They {{c1::bark}}." if after == CLOZE else "They bark."
    assert report(author) == [
        (
            "released-kind-changed",
            f"the gap note type was released with {message}, which Anki refuses",
            "let its fields hold what they held, and make a note type of its own for what is new",
        )
    ]


@pytest.mark.parametrize(
    "declared",
    [
        FLAG,  # the card waits for the flag no more
        WAITING + "  - {name: Recall 2, asks: [meaning], answers: [word]}\n",  # a spare one is used
    ],
)
def test_what_a_new_card_asks_does_not_go_in_the_release_that_brings_it(tmp_path: Path, declared: str) -> None:
    """Anki makes new cards of the notes as they were, and then updates these."""
    loose = ("meaning, holds: line, required: true", "meaning, holds: line")
    author = author_of(tmp_path / "project", WAITING.replace(*loose))
    author.release("1.0.0", "2026-01-01")
    meaning = author.find("perro").pop("meaning")
    author.style(DECLARATION, declared.replace(*loose))
    name = "Recall" if declared == FLAG else "Recall 2"
    assert report(author) == [
        (
            "released-card-missing",
            f"`perro` loses its `meaning` as the card `{name}` comes, and Anki would make that of the old note, empty",
            f"put its `meaning` back, or release the note as it is now before you change the card `{name}`",
        )
    ]
    author.style(DECLARATION, WAITING.replace(*loose))
    assert report(author) == []
    author.release("1.1.0", "2026-02-01")
    author.style(DECLARATION, declared.replace(*loose))
    author.release("1.2.0", "2026-03-01")
    author.find("perro")["meaning"] = meaning
    author.release("1.3.0", "2026-04-01")
