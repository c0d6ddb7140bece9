"""What changed since a release is told rightly: which notes, which fields, how large a step, and in which words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cardpress.anki.package import read_package
from cardpress.pipeline import load_and_check, render_deck
from cardpress.release.change_reports import as_json, as_markdown, as_text, summarize
from cardpress.release.changes import Change, Changes, add_texts, find_changes
from cardpress.release.refusals import RefusedError
from tests.helpers.author import Author, question, recall
from tests.helpers.pictures import png

Told = dict[str, tuple[tuple[str, ...], list[str], bool]]


def found_in(author: Author, *, texts: bool = False) -> Changes:
    author.write()
    bank, result = load_and_check(author.project)
    assert not result.diagnostics
    deck = render_deck(bank, author.options())
    found = find_changes(deck, bank.history)
    return add_texts(found, deck, read_package(author.package)) if texts else found


def told(found: Changes) -> Told:
    return {each.id: (each.what, [field.name for field in each.fields], each.updates) for each in found.notes}


def move(author: Author) -> None:
    author.sections["metals"].append(author.remove("neon"))


def retire(author: Author) -> None:
    author.find("helium")["retired"] = {"reason": "Old."}


RETIRED: Told = {
    note_id: (("retired",), ["Notice", "tags"], True) for note_id in ("helium", "helium-name", "helium-boils")
}
HAPPENINGS: dict[str, tuple[Callable[[Author], object], str, Told]] = {
    "nothing": (lambda a: None, "patch", {}),
    "a rewording": (
        lambda a: a.find("neon").update(question="Which colour?"),
        "patch",
        {"neon": (("reworded",), ["Question"], True)},
    ),
    "a reworded cloze": (
        lambda a: a.find("iron-gaps").update(cloze="It melts at *{{c1:: 1538::a number}}*."),
        "patch",
        {"iron-gaps": (("reworded",), ["Text"], True)},
    ),
    "a deletion more": (
        lambda a: a.find("iron-gaps").update(cloze="Iron {{c2::melts}} at {{c1::1538}} degrees."),
        "patch",
        {"iron-gaps": (("reworded",), ["Text"], True)},
    ),
    "another answer of a cloze": (
        lambda a: a.find("iron-gaps").update(cloze="Iron melts at {{c1::1540}} degrees."),
        "patch",
        {"iron-gaps": (("answer changed",), ["Text"], True)},
    ),
    "both sides": (
        lambda a: a.find("iron-symbol").update(question="Symbol?", answer="Fe!"),
        "patch",
        {"iron-symbol": (("reworded", "answer changed"), ["Question", "Answer"], True)},
    ),
    "a tag": (
        lambda a: a.find("neon").update(tags=["red"]),
        "patch",
        {"neon": (("details changed",), ["tags"], True)},
    ),
    "something less": (
        lambda a: a.find("gold").pop("extra"),
        "patch",
        {"gold": (("details changed",), ["Extra"], True)},
    ),
    "a move": (move, "patch", {"neon": (("moved",), ["Section"], True)}),
    "another order": (lambda a: a.sections["gases"].reverse(), "patch", {}),
    "a new recall note": (
        lambda a: a.find("neon").update(recall=[recall("neon-symbol", "Symbol of neon?", "Ne.")]),
        "minor",
        {"neon-symbol": (("new",), [], False)},
    ),
    "a retired question with its notes": (retire, "minor", RETIRED),
}


@pytest.mark.parametrize("name", HAPPENINGS)
def test_what_happened_is_told(author: Author, name: str) -> None:
    edit, size, wanted = HAPPENINGS[name]
    edit(author)
    found = found_in(author)
    assert told(found) == wanted
    assert (found.size, found.note_types, found.since) == (size, (), "1.0.0")


def test_a_retitled_section_changes_no_note(author: Author) -> None:
    author.titles["gases"] = "*Noble* gases"
    found = found_in(author)
    assert (found.notes, found.note_types, found.size) == ((), (), "patch")
    assert [(each.id, each.old, each.new, each.name) for each in found.titles] == [
        ("gases", "Gases", "*Noble* gases", "Sample deck::02 Gases")
    ]
    said = 'no note changes, section "Gases" is renamed "{}" (in Anki its name stays), 0 schedules lost'
    assert summarize(found) == said.format("*Noble* gases")
    assert as_markdown(found) == f"For those who have 1.0.0: {said.format(chr(92) + '*Noble' + chr(92) + '* gases')}.\n"


def test_many_new_titles_of_sections_are_counted(author: Author) -> None:
    for number in range(4):
        author.sections[f"more-{number}"] = [question(f"more-{number}-one", f"What more is in {number}?", "This.")]
        author.titles[f"more-{number}"] = f"More {number}"
    author.release("1.1.0", "2026-02-01")
    author.titles |= {f"more-{number}": f"Still more {number}" for number in range(4)}
    words = "no note changes, 4 sections are renamed (in Anki their names stay), 0 schedules lost"
    assert summarize(found_in(author)) == words


def test_a_retitled_deck_is_called_so_and_wants_a_minor_version(author: Author) -> None:
    author.facts["title"] = "Elements"
    found = found_in(author)
    assert (found.notes, found.note_types, found.size) == ((), (), "minor")
    assert summarize(found) == (
        'no note changes, the deck is renamed "Elements" (in Anki it stays "Sample deck"), 0 schedules lost'
    )
    assert as_text(found).startswith(
        "since 1.0.0:\n  the deck is renamed  Sample deck → Elements  (in Anki: Sample deck)\n"
    )
    assert json.loads(as_json(found))["titles"] == [
        {"of": "deck", "id": "sample", "old": "Sample deck", "new": "Elements", "name_in_anki": "Sample deck"}
    ]
    author.release("1.1.0", "2026-02-01")
    assert found_in(author).titles == ()


def test_another_card_design_wants_a_minor_version(author: Author) -> None:
    author.style("note-types/recall/back.html", "{{FrontSide}}<hr>{{Answer}} {{Notice}}")
    found = found_in(author)
    assert (found.note_types, found.size, found.notes) == (("recall",), "minor", ())
    assert summarize(found) == "the design of recall cards is updated, 0 schedules lost"


def test_a_retirement_is_told_once(author: Author) -> None:
    retire(author)
    author.release("2.0.0", "2026-02-01")
    assert told(found_in(author)) == {}
    author.release("2.0.1", "2026-03-01")
    assert told(found_in(author)) == {}
    assert {each.version for each in author.history.retired.values()} == {"2.0.0"}


def test_another_reason_for_a_retirement_is_a_change_of_its_own(author: Author) -> None:
    retire(author)
    author.release("2.0.0", "2026-02-01")
    author.find("helium")["retired"]["reason"] = "Very old."
    reason = (("details changed",), ["Notice"], True)
    assert told(found_in(author)) == dict.fromkeys(RETIRED, reason)
    author.release("2.0.1", "2026-03-01")
    assert told(found_in(author)) == {}
    assert {each.version for each in author.history.retired.values()} == {"2.0.0"}


def test_where_a_retired_question_stands_changes_nothing(author: Author) -> None:
    retire(author)
    author.release("2.0.0", "2026-02-01")
    author.sections["gases"].reverse()
    assert told(found_in(author)) == {}


def test_before_the_first_release_all_is_new(tmp_path: Path) -> None:
    found = found_in(Author(tmp_path / "project"))
    assert (found.since, found.size, found.count("new"), found.updates) == (None, "minor", 10, 0)
    assert as_text(found).startswith("nothing was released yet; everything is new:\n  new: iron  Why does iron rust")
    assert (
        as_markdown(found) == "The first release: 6 questions, 3 recall notes and 1 cloze note; 10 cards.\n"
    )  # and no list of all


# --- in words -------------------------------------------------------------------------------------------------------


def change(*what: str, updates: bool = True) -> Change:
    return Change("one", "guid", "recall", "What is one?", what, updates)


@pytest.mark.parametrize(
    ("notes", "words"),
    [
        ([], "no note changes, 0 schedules lost"),
        ([change("new", updates=False)], "1 new note, 0 schedules lost"),
        ([change("reworded")] * 14, "14 notes are updated, 0 schedules lost"),
        ([change("reworded"), change("retired")], "1 note is updated, 1 note is retired, 0 schedules lost"),
        ([change("retired")] * 2, "2 notes are retired, 0 schedules lost"),
        (
            [change("moved"), change("new", updates=False), change("new", updates=False)],
            "2 new notes, 1 note is updated, 1 note is moved (cards stay where a learner has them), 0 schedules lost",
        ),
    ],
)
def test_the_summary_counts_in_whole_words(notes: list[Change], words: str) -> None:
    assert summarize(Changes("1.0.0", tuple(notes), ())) == words


def test_a_new_deletion_of_a_released_note_is_a_new_card(author: Author) -> None:
    author.find("iron-gaps")["cloze"] = "{{c5::Iron}} {{c5::melts}} at {{c1::1538}} degrees."
    assert summarize(found_in(author)) == "1 note is updated, 1 new card in a released note, 0 schedules lost"
    author.find("neon")["answer"] = "Red."
    author.find("iron-gaps")["cloze"] = "{{c5::Iron}} {{c2::melts}} at {{c1::1540}} degrees."
    assert summarize(found_in(author)) == "2 notes are updated, 2 new cards in released notes, 0 schedules lost"
    author.find("iron-gaps")["retired"] = {"reason": "Old."}  # which ships without cards
    assert summarize(found_in(author)) == "1 note is updated, 1 note is retired, 0 schedules lost"


@pytest.fixture
def busy(author: Author) -> Author:
    author.find("iron")["question"] = "What makes `iron` *rust*?"
    author.find("copper")["answer"] = "In the wires.\n\nAnd in pipes."
    author.find("helium-name")["retired"] = {"reason": "Too easy", "replaced_by": "neon"}
    author.sections["metals"].append(question("zinc", "Where is zinc used?", "On roofs."))
    return author


def test_people_read_what_changed(busy: Author) -> None:
    assert as_text(found_in(busy, texts=True), fields=True) == (
        "since 1.0.0:\n"
        "  new: zinc  Where is zinc used?\n"
        "  reworded: iron  What makes iron rust?\n"
        "    Question\n"
        "      - Why does iron rust in wet air?\n"
        "      + What makes iron rust?\n"
        "  answer changed: copper  Where is copper used at home?\n"
        "    Answer\n"
        "      + And in pipes.\n"
        "  retired: helium-name  Whom is helium named after?\n"
        "    Notice\n"
        "      + Retired. Too easy. See “What colour has a neon lamp?” instead.\n"
        "    tags\n"
        "      + sample::retired\n"
        "1 new note with 1 card, 2 notes are updated, 1 note is retired, 0 schedules lost\n"
        "except where a learner or Anki edited the note after the day of the release, or they added a field or a card\n"
    )


def test_without_the_old_package_fields_are_named_alone(busy: Author) -> None:
    assert "  reworded: iron  What makes iron rust?\n    Question\n  answer" in as_text(found_in(busy), fields=True)
    assert "Question\n" not in as_text(found_in(busy))


def test_a_changelog_lists_questions_and_counts_recall_notes(busy: Author) -> None:
    busy.find("gold")["question"] = "What *keeps* `<gold>` from a_b tarnishing?"
    assert as_markdown(found_in(busy)) == (
        "For those who have 1.0.0: 1 new note with 1 card, 3 notes are updated, 1 note is retired, 0 schedules lost.\n"
        "\n"
        "- New: 1 question.\n"
        "  - Where is zinc used?\n"
        "- Reworded: 2 questions.\n"
        "  - What makes iron rust?\n"
        "  - What keeps \\<gold> from a\\_b tarnishing?\n"
        "- Answer changed: 1 question.\n"
        "  - Where is copper used at home?\n"
        "- Retired: 1 recall note.\n"
    )


def test_markdown_shows_old_and_new_of_each_field(busy: Author) -> None:
    text = as_markdown(found_in(busy, texts=True), fields=True)
    shown = "  - What makes iron rust?\n    - Question\n      ```diff\n      - Why does iron rust in wet air?\n"
    assert f"{shown}      + What makes iron rust?\n      ```\n" in text
    assert "  - Whom is helium named after?\n    - Notice\n" in text


def test_programs_read_what_changed(busy: Author) -> None:
    content = json.loads(as_json(found_in(busy, texts=True), fields=True))
    assert {key: content[key] for key in ("version", "since", "step", "note_types")} == {
        "version": 1,
        "since": "1.0.0",
        "step": "minor",
        "note_types": [],
    }
    iron = next(note for note in content["notes"] if note["id"] == "iron")
    old, new = "Why does iron rust in wet air?", "What makes iron rust?"
    assert (iron["what"], iron["fields"]) == (["reworded"], [{"name": "Question", "old": old, "new": new}])
    assert "fields" not in json.loads(as_json(found_in(busy)))["notes"][0]


def test_a_changelog_lists_no_more_than_anyone_reads(author: Author) -> None:
    for number in range(1, 16):
        author.sections["gases"].append(
            question(f"new-{number}", f"What is the boiling point of gas {number}?", "Low.")
        )
    author.write()
    lines = as_markdown(found_in(author)).splitlines()
    assert "- New: 15 questions." in lines
    listed = [line for line in lines if line.startswith("  - What is the boiling point of gas ")]
    assert len(listed) == 12
    assert lines[-1] == "  - and 3 more"
    in_full = as_markdown(found_in(author), fields=True).splitlines()
    assert len([line for line in in_full if line.startswith("  - What is the boiling point of gas ")]) == 15


def test_another_picture_is_called_so(tmp_path: Path) -> None:
    declared = (
        "title: Flag\nfields:\n  - {key: country, holds: line}\n  - {key: flag, holds: picture}\n"
        "cards:\n  - {asks: [country], answers: [flag]}\n"
    )
    flags = [{"id": "france", "note_type": "flag", "country": "France", "flag": "france.png"}]
    author = Author(tmp_path / "project", {"flags": flags})
    author.style("note-types/flag/note-type.yaml", declared)
    media = author.project / "source" / "media"
    media.mkdir()
    (media / "france.png").write_bytes(png(3, 2))
    author.release("1.0.0")
    (media / "france.png").write_bytes(png(6, 4))
    (change,) = found_in(author).notes
    assert (change.what, [field.name for field in change.fields]) == (("picture changed",), ["Flag"])


# --- exchanged ids --------------------------------------------------------------------------------------------------


@pytest.fixture
def listening(tmp_path: Path) -> Author:
    """Three words that ask the same, and differ in their answers."""
    answers = {"dog": "It barks.", "cat": "It purrs.", "cow": "It moos in a field."}
    words = [
        {"id": name, "note_type": "basic", "question": "Listen!", "answer": text} for name, text in answers.items()
    ]
    author = Author(tmp_path / "project", {"words": words})
    author.facts["checks"] = {"near-duplicate-question": "off"}
    author.release("1.0.0")
    return author


def test_notes_that_ask_the_same_and_exchanged_their_ids_are_found(listening: Author) -> None:
    for old, new in (("dog", "x"), ("cat", "dog"), ("x", "cat")):
        listening.find(old)["id"] = new
    found = found_in(listening)
    assert dict(found.exchanged) == {"dog": "cat", "cat": "dog"}
    told = "`dog` holds what was released as `cat`, and learners' schedules would go on with it; write `id: cat`"
    assert told in as_text(found)
    assert json.loads(as_json(found))["exchanged"] == {"cat": "dog", "dog": "cat"}
    with pytest.raises(RefusedError, match="`cat` holds what was released as `dog`"):
        listening.try_release("1.0.1")


def test_notes_that_ask_the_same_and_were_shifted_are_found(listening: Author) -> None:
    words = listening.sections["words"]
    words.append({**words[0], "id": "owl"})
    answers = ["It hoots.", *(word["answer"] for word in words[:3])]
    for word, answer in zip(words, answers, strict=True):
        word["answer"] = answer
    assert found_in(listening).exchanged == {"cat": "dog", "cow": "cat", "owl": "cow"}
    with pytest.raises(RefusedError, match="`owl` holds what was released as `cow`"):
        listening.try_release("1.1.0")


def test_what_a_retired_note_held_is_free(listening: Author) -> None:
    listening.sections["words"].append({**listening.find("dog"), "id": "owl"})
    assert found_in(listening).exchanged == {}
    listening.find("dog").update(answer="A dog.", retired={"reason": "Owls are better."})
    assert found_in(listening).exchanged == {}


def test_another_answer_is_no_exchange(listening: Author) -> None:
    listening.find("dog")["answer"] = "It purrs."
    listening.find("cat")["answer"] = "It meows."
    assert found_in(listening).exchanged == {}
    listening.release("1.0.1")
