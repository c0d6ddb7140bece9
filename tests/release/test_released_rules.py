"""Nothing that learners have goes away in silence, changes its identity, or comes back as something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import yaml

from cardpress.diagnostics.reports.text import as_text
from tests.conftest import ROOT
from tests.helpers.author import Author, question, recall
from tests.helpers.diagnostics import codes, places, problems
from tests.helpers.own_note_types import DOG, LOOSE_WORD

RECALL = ROOT / "templates" / "note-types" / "recall"


def found(author: Author) -> list[tuple[str, str]]:
    """Return each problem's code and the id that its message begins with."""
    author.write()
    return [(each.code, each.message.split("`")[1]) for each in problems(author.project)]


def test_a_deck_that_was_just_released_is_clean(author: Author) -> None:
    assert found(author) == []


Edit = Callable[[Author], object]
FREE: dict[str, Edit] = {
    "a question's text": lambda a: a.find("iron").update(question="What makes iron rust?"),
    "every text of a recall note": lambda a: a.find("iron-symbol").update(question="Symbol?", answer="Fe!"),
    "the section": lambda a: a.sections["metals"].append(a.remove("neon")),
    "the order": lambda a: a.sections["gases"].reverse(),
    "a recall note's question": lambda a: a.find("neon").update(recall=[a.remove("helium-name")]),
    "a section's title": lambda a: a.titles.update(gases="Air"),
    "the titles of two sections": lambda a: a.titles.update(gases="Metals", metals="Gases"),
    "the order of sections": lambda a: a.sections.update(metals=a.sections.pop("metals")),
    "the deck's title": lambda a: a.facts.update(title="Elements"),
    "a new question": lambda a: a.sections["gases"].append(question("xenon", "Where is xenon used?", "In lamps.")),
    "a retirement": lambda a: a.find("helium").update(retired={"reason": "Old.", "replaced_by": "neon"}),
}


@pytest.mark.parametrize("name", FREE)
def test_what_may_change_freely(author: Author, name: str) -> None:
    FREE[name](author)
    assert found(author) == []


def rename_section(author: Author, old: str, new: str) -> None:
    author.sections[new] = author.sections.pop(old)
    author.titles[new] = author.titles[old]
    (author.project / "source" / f"{old}.yaml").unlink()


def test_a_released_section_keeps_its_id(author: Author) -> None:
    rename_section(author, "gases", "air")
    author.titles["air"] = "Air"
    author.sections["metals"].append(author.remove("argon"))  # of what is left, all is in one new section
    author.remove("argon")
    author.sections["air"].append(question("xenon", "Where is xenon used?", "In lamps."))
    author.sections["air"].append(author.find("neon") | {"id": "radon", "question": "Where is radon found?"})
    author.write()
    assert "released-question-missing" in codes(problems(author.project))
    author.sections["air"].append(question("argon", "Which gas fills old light bulbs?", "Argon, mostly."))
    author.write()
    (problem,) = problems(author.project)
    assert (problem.code, problem.span.path, problem.span.excerpt) == (
        "released-id-changed",
        "source/deck.yaml",
        "- id: air",
    )
    assert problem.help == "write `id: gases` and name the file source/gases.yaml; its title may be any"


def test_a_section_may_be_split_or_go_into_another(author: Author) -> None:
    gases = author.sections["gases"]
    rename_section(author, "gases", "air")
    author.sections["lamps"] = [gases.pop()]
    author.titles["lamps"] = "Lamps"
    assert found(author) == []
    author.sections["metals"] += [*author.sections.pop("air"), *author.sections.pop("lamps")]
    for name in ("air", "lamps"):
        (author.project / "source" / f"{name}.yaml").unlink()
    assert found(author) == []
    author.release("1.1.0", "2026-02-01")  # as sections have colors
    assert [each.name for each in author.history.sections.values()] == [
        "Sample deck::02 Gases",
        "Sample deck::01 Metals",
    ]


def test_what_is_left_of_a_section_may_go_into_a_large_new_one(author: Author) -> None:
    rename_section(author, "gases", "air")
    for number in range(4):
        author.sections["air"].append(question(f"air-{number}", f"What flies at {number} kilometres?", "A bird."))
    assert found(author) == []


def test_a_question_that_is_gone_is_missed_with_its_recall_notes(author: Author) -> None:
    author.remove("helium")
    missing = "released-question-missing"
    assert sorted(found(author)) == [(missing, "helium"), (missing, "helium-boils"), (missing, "helium-name")]
    text = as_text(tuple(problems(author.project)))
    assert "add `retired: {reason: …}` below `id: helium`" in text


def test_it_is_missed_in_its_sections_file_which_an_author_may_edit(author: Author) -> None:
    author.remove("helium")
    author.write()
    missed = ["source/gases.yaml:1:1 released-question-missing"] * 3
    assert places(problems(author.project)) == missed


def test_a_question_of_a_section_that_is_gone_is_missed_in_the_deck(author: Author) -> None:
    for each in list(author.sections["gases"]):
        author.remove(each["id"])
    del author.sections["gases"]
    author.write()
    (author.project / "source" / "gases.yaml").unlink()
    found = problems(author.project)
    assert set(places(found)) == {"source/deck.yaml:1:1 released-question-missing"}
    assert found[0].help.startswith("put it back, with its section `gases`; to retire it, ")


def test_a_changed_id_is_found_by_the_text_whatever_its_spacing(author: Author) -> None:
    author.find("neon").update(id="neon-lamp", question="What colour  has a NEON lamp?")
    author.find("iron-gaps")["id"] = "iron-melts"
    assert sorted(found(author)) == [("released-id-changed", "iron-melts"), ("released-id-changed", "neon-lamp")]


@pytest.mark.parametrize("ids", [("iron", "gold"), ("iron-symbol", "helium-boils"), ("iron", "gold", "argon")])
def test_ids_that_were_exchanged_are_named(author: Author, ids: tuple[str, ...]) -> None:
    notes = [author.find(each) for each in ids]
    for note, new in zip(notes, (*ids[1:], ids[0]), strict=True):
        note["id"] = new
        note["answer"] = "Other words."
    assert sorted(found(author)) == [("released-id-changed", each) for each in sorted(ids)]
    for problem in problems(author.project):
        wrong, right = problem.message.split("`")[1], problem.help.split("`")[1]
        next(note for note in notes if note["id"] == wrong).update(right=right.removeprefix("id: "))
    for note in notes:
        note["id"] = note.pop("right")
    assert found(author) == []


# Which note asks what another one asked when it was released; what asked that asks something new.
SHIFTED = {
    "to a released id": {"gold": "iron"},
    "to a new id": {"xenon": "iron"},
    "in a chain": {"copper": "gold", "gold": "iron"},
    "of recall notes": {"helium-boils": "helium-name"},
}


def shift(author: Author, leads: Mapping[str, str]) -> None:
    asked = {each: author.find(each)["question"] for each in leads.values()}
    for each in leads.values():
        author.find(each)["question"] = f"What is new of {each}?"
    author.sections["gases"] += [question("xenon", "", "In lamps.")] if "xenon" in leads else []
    for each, was in leads.items():
        author.find(each)["question"] = asked[was]


@pytest.mark.parametrize("name", SHIFTED)
def test_a_text_that_went_on_to_another_id_is_named(author: Author, name: str) -> None:
    leads = SHIFTED[name]
    shift(author, leads)
    assert sorted(found(author)) == [("released-id-changed", each) for each in sorted(leads)]
    ends = {each.message.split("`")[1]: each.help.split("`")[1] for each in problems(author.project)}
    assert ends == {each: f"id: {was}" for each, was in leads.items()}
    assert sum("another id where" in each.help for each in problems(author.project)) == 1


def test_what_a_retired_or_a_lasting_note_asks_may_be_asked_by_another(author: Author) -> None:
    author.find("gold").update(question=author.find("iron")["question"], answer="Both.")
    assert "released-id-changed" not in dict(found(author))
    author.find("iron").update(question="Nothing.", retired={"reason": "Gold asks it."})
    assert "released-id-changed" not in dict(found(author))
    author.release("1.1.0", "2026-02-01")
    author.sections["gases"].append(question("xenon", author.find("gold")["question"], "Both."))
    author.find("gold").update(question="Where is gold?", answer="In hills.")
    assert dict(found(author)) == {"released-id-changed": "xenon"}


def test_an_equal_text_of_another_kind_of_note_is_no_other_id(author: Author) -> None:
    asked = author.find("iron")["question"]
    author.find("iron")["question"] = "How does rust come about, in steps?"
    author.find("iron")["recall"].append(recall("iron-rusts", asked, "Oxygen."))
    assert found(author) == []


def test_many_ids_that_were_shifted_are_one_report(author: Author) -> None:
    notes = [each for section in author.sections.values() for each in section]
    author.sections = {"metals": notes, "gases": [question("last", "", "")]}
    author.write()
    texts = [{key: each[key] for key in ("question", "answer")} for each in notes]
    notes[0].update(question="What is new?", answer="This.")
    for note, text in zip([*notes[1:], author.find("last")], texts, strict=True):
        note.update(text)
    author.write()
    (one, many) = (each for each in problems(author.project) if each.code == "released-id-changed")
    assert many.span.path == "source/metals.yaml"
    assert many.message == (
        "5 notes ask what was released under other ids, the first as `iron`; learners' schedules would go on with "
        "other questions"
    )
    lines = [
        author.project.joinpath("source/metals.yaml").read_text().splitlines().index(f"- id: {each}") + 1
        for each in ("gold", "helium")
    ]
    assert many.help == (
        "move the ids along with what they were released with: write `iron` as `id` here, "
        f"`copper` in line {lines[0]}, `gold` in line {lines[1]}, and so on; what is new takes a new id"
    )
    assert one.span.path == "source/gases.yaml"


@pytest.mark.parametrize("is_retired", [False, True])
def test_a_card_keeps_what_it_asks(author: Author, *, is_retired: bool) -> None:
    kind = author.project / "templates" / "note-types" / "word" / "note-type.yaml"
    kind.parent.mkdir(parents=True)
    kind.write_text(LOOSE_WORD, encoding="utf-8")
    author.sections["metals"] += [{**word, "note_type": "word"} for word in (DOG, {"id": "vaca", "word": "la vaca"})]
    author.release("1.1.0", "2026-01-15")
    author.find("vaca")["meaning"] = "the cow"  # a card that had nothing to ask may come later
    assert found(author) == []
    meaning = author.find("perro").pop("meaning")
    if is_retired:
        author.find("perro")["retired"] = {"reason": "Nobody says so."}
    assert found(author) == [("released-card-missing", "perro")]
    (problem,) = problems(author.project)
    assert problem.message == "`perro` was released with a card that asks its `meaning`, which is gone"
    author.find("perro")["meaning"] = f"{meaning}, in Spanish"
    assert found(author) == []


def test_a_changed_id_and_text_is_a_missing_question(author: Author) -> None:
    author.find("neon").update(id="neon-lamp", question="Which light does neon give?")
    assert found(author) == [("released-question-missing", "neon")]


def test_while_a_file_cannot_be_read_nothing_in_it_is_missed(author: Author) -> None:
    author.write()
    (author.project / "source" / "gases.yaml").write_text("- id: neon\n  question: [", encoding="utf-8")
    assert codes(problems(author.project)) == ["yaml-syntax"]


def test_nor_is_anything_while_a_note_type_cannot_be_read(author: Author) -> None:
    author.style("note-types/interview/note-type.yaml", "title: Interview\ntitle: Again\n")
    assert "released-question-missing" not in codes(problems(author.project))


def test_another_id_of_the_deck_itself_is_named_once(author: Author) -> None:
    author.facts["id"] = "another"
    author.write()
    (only,) = problems(author.project)
    assert (only.code, only.span.path, only.span.line) == ("released-id-changed", "source/deck.yaml", 1)
    assert "the deck was released under another id" in only.message


def test_a_recall_note_cannot_become_a_cloze_note_or_a_question(author: Author) -> None:
    author.find("iron-symbol").pop("question")
    author.find("iron-symbol").pop("answer")
    author.find("iron-symbol")["cloze"] = "Iron is {{c1::Fe}}."
    author.remove("helium-name")
    author.sections["gases"].append(question("helium-name", "Whom is helium named after?", "The sun god."))
    assert sorted(found(author)) == [("released-kind-changed", "helium-name"), ("released-kind-changed", "iron-symbol")]


# --- retired --------------------------------------------------------------------------------------------------------


@pytest.fixture
def retired(author: Author) -> Author:
    author.find("neon")["retired"] = {"reason": "Old.", "replaced_by": "argon"}
    author.find("helium-name")["retired"] = {"reason": "Nobody asks."}
    author.release("2.0.0", "2026-02-01")
    return author


def test_a_retired_note_stays_in_the_source(retired: Author) -> None:
    assert found(retired) == []
    retired.remove("neon")
    retired.remove("helium-name")
    assert found(retired) == [("released-question-missing", "helium-name"), ("released-question-missing", "neon")]
    text = as_text(tuple(problems(retired.project)))
    assert "`neon`, retired in 2.0.0, is gone, but learners have it" in text
    assert "put it back with its `retired`" in text
    paths = {each.message.split("`")[1]: each.span.path for each in problems(retired.project)}
    assert paths == {"neon": "source/gases.yaml", "helium-name": "source/gases.yaml"}


def test_a_retired_id_is_not_used_again(retired: Author) -> None:
    retired.remove("neon")
    retired.sections["metals"].append(question("neon", "Is neon a metal?", "No."))
    retired.find("helium-name").pop("retired")
    assert sorted(found(retired)) == [("retired-id-reused", "helium-name"), ("retired-id-reused", "neon")]
    helps = {each.message.split("`")[1]: each.help for each in problems(retired.project)}
    assert helps["neon"] == "give it another id, such as `neon-2`; if it is still that note, put its `retired` back"


def test_not_even_by_another_kind_of_note(retired: Author) -> None:
    retired.remove("neon")
    retired.find("argon")["recall"] = [recall("neon", "What comes before argon?", "Neon.")]
    assert found(retired) == [("retired-id-reused", "neon")]


def test_a_retirement_that_was_not_released_can_be_taken_back(author: Author) -> None:
    author.find("neon")["retired"] = {"reason": "Old."}
    assert found(author) == []
    author.find("neon").pop("retired")
    assert found(author) == []


@pytest.mark.parametrize("name", ["nothing", "neon", "helium-boils", "copper"])
def test_what_replaces_a_question_is_a_question_that_is_asked(author: Author, name: str) -> None:
    author.find("copper")["retired"] = {"reason": "Old."}
    author.find("neon")["retired"] = {"reason": "Old.", "replaced_by": name}
    author.write()
    assert codes(problems(author.project)) == ["unknown-reference"]


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("coper", "no question `coper`", "did you mean `copper`?"),
        ("neon", "`neon` is retired itself", "name the `id` of a question that is asked, or remove `replaced_by`"),
    ],
)
def test_the_report_says_what_is_wrong_with_a_replacement(author: Author, name: str, message: str, hint: str) -> None:
    author.find("neon")["retired"] = {"reason": "Old.", "replaced_by": name}
    author.write()
    (problem,) = problems(author.project)
    assert (problem.message, problem.help) == (message, hint)


def test_a_retirement_says_why(author: Author) -> None:
    author.find("neon")["retired"] = {"replaced_by": "argon"}
    author.write()
    assert codes(problems(author.project)) == ["missing-key"]


Change = Callable[[dict[str, Any]], object]


def declare(author: Author, change: Change) -> None:
    """Give the author's project a changed declaration of the note type of recall notes."""
    declared = yaml.safe_load((RECALL / "note-type.yaml").read_text(encoding="utf-8"))
    change(declared)
    author.style("note-types/recall/note-type.yaml", yaml.safe_dump(declared, sort_keys=False))


OTHER_FIELDS: dict[str, Change] = {
    "one less": lambda declared: declared["fields"].pop(),
    "another name": lambda declared: declared["fields"][3].update(name="More"),
}
OTHER_CARDS: dict[str, Change] = {
    "another name": lambda declared: declared["cards"][0].update(name="Only"),
}


@pytest.mark.parametrize("name", OTHER_FIELDS)
def test_a_field_that_was_released_is_still_there(author: Author, name: str) -> None:
    declare(author, OTHER_FIELDS[name])
    author.write()
    assert "field-list-changed" in codes(problems(author.project))


@pytest.mark.parametrize("name", OTHER_CARDS)
def test_the_cards_that_were_released_are_those_of_the_note_type(author: Author, name: str) -> None:
    declare(author, OTHER_CARDS[name])
    author.write()
    (problem,) = problems(author.project)
    place = (problem.span.path, problem.span.line)
    assert (problem.code, place) == ("field-list-changed", ("templates/note-types/recall/note-type.yaml", 1))
    assert problem.message == "the first card of the recall note type was released and is gone, but learners have it"
    assert problem.help == "put it back; if it has another name now, add `was`, its first name"


def test_fields_and_cards_keep_their_ids_under_other_names(author: Author) -> None:
    def rename(declared: dict[str, Any]) -> None:
        declared["fields"][3].update(name="More", was="Extra")
        declared["cards"][0].update(name="Only", was="Card")

    declare(author, rename)
    back = (RECALL / "back.html").read_text(encoding="utf-8")
    author.style("note-types/recall/back.html", back.replace("Extra}}", "More}}"))
    assert found(author) == []
