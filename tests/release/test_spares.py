"""A field or card that comes after a first release takes a spare one, and nothing else about it changes."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cardpress.cli.main import run
from cardpress.diagnostics import Diagnostic, SourceFile
from cardpress.history.merging import CannotMergeError, merge
from cardpress.history.records import History, TypeRecord, parse, to_text
from cardpress.note_types.identity import make_number
from cardpress.pipeline import load_and_check, render_deck
from cardpress.release.change_reports import as_json, as_markdown, as_text, summarize
from cardpress.release.changes import Changes, find_changes
from tests.helpers.author import Author
from tests.helpers.branches import Change, commit, git, merge_branches, release_on_branch
from tests.helpers.diagnostics import problems
from tests.helpers.own_note_types import CAT, DOG, WORD

DECLARATION = "note-types/word/note-type.yaml"
SPARE_FIELDS = tuple(f"Spare{number}" for number in range(1, 6))
SENTENCE = "  - {key: sentence, holds: text}\n"
ORIGIN = "  - {key: origin, holds: text, label: Origin}\n"
ORIGINS = "  - {name: Origins, asks: [origin], answers: [word]}\n"


def with_fields(*lines: str, declared: str = WORD) -> str:
    """Return the declaration with more fields before the last, all of which its first card answers."""
    keys = [line.partition("key: ")[2].partition(",")[0] for line in lines]
    answers = "".join(f", {key}" for key in keys)
    return declared.replace(SENTENCE, "".join(lines) + SENTENCE).replace("sentence]}", f"sentence{answers}]}}", 1)


WITH_ORIGIN = with_fields(ORIGIN) + ORIGINS


def author_of(project: Path, declared: str = WORD) -> Author:
    author = Author(project, {"words": [{**word, "note_type": "word"} for word in (DOG, CAT)]})
    author.facts["note_type"] = "word"
    author.style(DECLARATION, declared)
    author.write()
    return author


@pytest.fixture
def author(tmp_path: Path) -> Author:
    made = author_of(tmp_path / "project")
    made.release("1.0.0", "2026-01-01")
    return made


def record_of(author: Author) -> TypeRecord:
    return author.history.note_types["word"]


def found(author: Author, declared: str) -> list[Diagnostic]:
    author.style(DECLARATION, declared)
    author.write()
    return problems(author.project)


def test_a_first_release_ships_some_and_records_them(author: Author) -> None:
    record = record_of(author)
    assert tuple(record.spare_fields) == SPARE_FIELDS
    assert tuple(record.spare_cards) == ("Spare1", "Spare2")
    assert record.spare_fields["Spare1"] == make_number("sample", "field", "word", "Spare1")


def test_a_new_field_and_a_new_card_take_the_next_and_keep_its_number(author: Author) -> None:
    before = record_of(author)
    author.style(DECLARATION, WITH_ORIGIN)
    author.find("perro")["origin"] = "Nobody knows."
    author.release("1.1.0", "2026-02-01")
    record = record_of(author)
    assert record.fields == {**before.fields, "Origin": before.spare_fields["Spare1"]}
    assert record.more == {**before.more, "Origins": before.spare_cards["Spare1"]}
    assert tuple(record.spare_fields) == SPARE_FIELDS[1:]
    assert tuple(record.spare_cards) == ("Spare2",)
    assert record.list_fields() == before.list_fields()
    assert (record.from_spares, record.cards_from_spares) == ({"Origin": "Spare1"}, {"Origins": "Spare1"})


PLURAL = WORD.replace(", required: true", "").replace("cards:", "  - {key: plural, holds: line}\ncards:")
READ, ASK_PLURAL = PLURAL.partition("cards:\n")[2].splitlines(True)[0], "  - {asks: [plural], answers: [word]}\n"


def with_cards(*cards: str) -> str:
    return PLURAL.partition("cards:\n")[0] + "cards:\n" + "".join(cards)


def test_cards_of_a_released_note_type_may_stand_in_another_order(tmp_path: Path) -> None:
    author = author_of(tmp_path / "project", with_cards(READ, ASK_PLURAL))
    author.find("perro")["plural"] = "los perros"
    author.release("1.0.0", "2026-01-01")
    # The first card is still that of the release, so that a note needs no plural.
    assert found(author, with_cards(ASK_PLURAL, READ)) == []
    assert changes_in(author, with_cards(ASK_PLURAL, READ)).note_types == ()


def test_before_a_release_a_note_without_what_the_first_card_asks_is_told_so(tmp_path: Path) -> None:
    lost = found(author_of(tmp_path / "project"), with_cards(ASK_PLURAL, READ))
    assert [(each.code, each.message) for each in lost] == [
        ("missing-key", "a word has no `plural`, which the first card asks")
    ] * 2


def test_what_took_one_can_be_renamed_again_and_again(author: Author) -> None:
    author.style(DECLARATION, WITH_ORIGIN)
    author.release("1.1.0", "2026-02-01")
    before = record_of(author)
    for version, name in (("1.2.0", "Etymology"), ("1.3.0", "Roots")):
        renamed = WITH_ORIGIN.replace("{key: origin,", f"{{key: origin, name: {name}, was: Origin,")
        author.style(DECLARATION, renamed.replace("{name: Origins,", f"{{name: My {name}, was: Origins,"))
        author.release(version, "2026-03-01")
        record = record_of(author)
        assert record.fields[name] == before.fields["Origin"]
        assert record.more[f"My {name}"] == before.more["Origins"]
        assert record.list_fields() == before.list_fields()


def test_a_field_can_keep_the_name_of_its_spare_and_get_another_later(author: Author) -> None:
    before = record_of(author)
    kept = with_fields("  - {key: origin, holds: text, name: Spare1}\n")
    author.style(DECLARATION, kept)
    author.find("perro")["origin"] = "Nobody knows."
    author.release("1.1.0", "2026-02-01")
    assert record_of(author).fields["Spare1"] == before.spare_fields["Spare1"]
    assert tuple(record_of(author).spare_fields) == SPARE_FIELDS[1:]
    author.style(DECLARATION, kept.replace("name: Spare1", "name: Origin, was: Spare1"))
    author.release("1.2.0", "2026-03-01")
    assert record_of(author).fields["Origin"] == before.spare_fields["Spare1"]


def test_two_at_once_take_them_in_the_order_of_the_declaration_but_a_name_comes_first(author: Author) -> None:
    before = record_of(author)
    first, second = ("  - {key: first, holds: text}\n", "  - {key: second, holds: text, name: Spare1}\n")
    author.style(DECLARATION, with_fields(first, second))
    author.release("1.1.0", "2026-02-01")
    now = record_of(author)
    assert now.fields["Spare1"] == before.spare_fields["Spare1"]
    assert now.fields["First"] == before.spare_fields["Spare2"]


def test_where_a_field_is_declared_does_not_matter_once_it_was_released(author: Author) -> None:
    before = record_of(author).list_fields()
    lines = WORD.splitlines(keepends=True)
    assert found(author, "".join([*lines[:3], *lines[5:2:-1], *lines[6:]])) == []
    author.release("1.0.1", "2026-02-01")
    assert record_of(author).list_fields() == before


def test_a_field_that_is_removed_again_before_a_release_leaves_its_spare_free(author: Author) -> None:
    before = record_of(author)
    assert found(author, WITH_ORIGIN) == []
    assert found(author, WORD) == []
    author.release("1.0.1", "2026-02-01")
    assert record_of(author) == before


@pytest.mark.parametrize(
    ("declared", "code", "place", "message"),
    [
        (
            with_fields(*(f"  - {{key: new{n}, holds: text}}\n" for n in range(6))),
            "no-spare-left",
            "  - {key: new5",
            "field `New5` is new, and no spare field of the word note type is left for it",
        ),
        (
            WORD + "".join(f"  - {{name: More {n}, asks: [word], answers: [meaning]}}\n" for n in range(3)),
            "no-spare-left",
            "  - {name: More 2",
            "card `More 2` is new, and no spare card of the word note type is left for it",
        ),
        (
            with_fields("  - {key: origin, holds: text, name: Spare3}\n"),
            "spare-out-of-turn",
            "  - {key: origin",
            "field `Spare3` is called like a spare field that is not the next one",
        ),
        (
            WORD.replace("{key: sentence,", "{key: sentence, name: spare2, was: Sentence,"),
            "spare-out-of-turn",
            "  - {key: sentence",
            "a spare field is called `spare2` in Anki, so no other field can be",
        ),
        (
            WORD.replace("{key: sentence,", "{key: sentence, name: Example, was: sentence,"),
            "field-list-changed",
            "  - {key: sentence",
            "`was: sentence` is no name that was released; upper and lower case differ",
        ),
        (
            WORD.replace(SENTENCE, "").replace(", sentence]", "]"),
            "field-list-changed",
            "",
            "field `Sentence` of the word note type was released and is gone, but learners have it",
        ),
        (
            "".join(line for line in WORD.splitlines(keepends=True) if "Recall" not in line),
            "field-list-changed",
            "",
            "card `Recall` of the word note type was released and is gone, but learners have it",
        ),
        (
            WORD.replace("holds: text}", "holds: text, personal: true}"),
            "field-list-changed",
            "  - {key: sentence",
            "field `Sentence` was released with what you write in it",
        ),
    ],
)
def test_what_does_not_fit_is_reported_at_its_place(
    author: Author, declared: str, code: str, place: str, message: str
) -> None:
    author.find("perro").pop("sentence")
    reports = [each for each in found(author, declared) if each.code == code]
    assert [each.message for each in reports] == [message]
    assert reports[0].help
    if place:
        assert reports[0].span.excerpt.startswith(place)
    assert reports[0].span.path == f"templates/{DECLARATION}"


MEANING = "{key: meaning, holds"
ENGLISH = WORD.replace(MEANING, "{key: meaning, name: English, was: Meaning, holds")
SHIFTED = ENGLISH.replace("{key: sentence,", "{key: sentence, name: Meaning, was: Sentence,")
EXCHANGED = WORD.replace(MEANING, "{key: meaning, name: Word, was: Meaning, holds").replace(
    "{key: word,", "{key: word, name: Meaning, was: Word,"
)


def marked(report: Diagnostic) -> str:
    """Return the words that a report is about."""
    return report.span.file.text[report.span.start : report.span.end]


def names_of_others(author: Author, declared: str) -> list[tuple[str, str]]:
    """Return the name that each report is about, and what it proposes."""
    reports = found(author, declared)
    assert {each.code for each in reports} <= {"released-name-reused"}
    return [(marked(each), each.help.partition(",")[0]) for each in reports]


def test_the_name_of_another_field_is_refused_in_the_release_that_renames_that_one(author: Author) -> None:
    assert names_of_others(author, ENGLISH) == []
    assert names_of_others(author, SHIFTED) == [("Meaning", "write `name: Sentence`")]
    assert names_of_others(author, EXCHANGED) == [("Meaning", "write `name: Word`"), ("Word", "write `name: Meaning`")]
    (report,) = found(author, SHIFTED)
    assert report.span.excerpt.startswith("  - {key: sentence")
    assert report.message == (
        "learners know field `English` as `Meaning`, too, and in their cards Anki would put it in the place of this one"
    )


def test_a_name_that_another_field_had_is_refused_for_ever(author: Author) -> None:
    for version, name in (("1.1.0", "English"), ("1.2.0", "Translation")):
        author.style(DECLARATION, ENGLISH.replace("English", name))
        author.release(version, "2026-02-01")
    record = record_of(author)
    number = record.fields["Translation"]
    assert record.former_names == {"Meaning": number, "English": number}
    read = parse(SourceFile("source/history.json", to_text(author.history)))
    assert isinstance(read, History)
    assert read.note_types == author.history.note_types
    now = ENGLISH.replace("English", "Translation")
    for name in ("Meaning", "English"):
        shifted = now.replace("{key: sentence,", f"{{key: sentence, name: {name}, was: Sentence,")
        assert names_of_others(author, shifted) == [(name, "write `name: Sentence`")]
        from_spare = with_fields(f"  - {{key: origin, name: {name}, was: Origin, holds: text}}\n", declared=now)
        assert names_of_others(author, from_spare) == [(name, "write `name: Origin`")]
    # Its own former names are its own.
    assert names_of_others(author, ENGLISH) == names_of_others(author, WORD) == []
    # Anki tells upper from lower case here.
    assert (
        names_of_others(author, now.replace("{key: sentence,", "{key: sentence, name: english, was: Sentence,")) == []
    )


def test_the_names_of_spare_ones_that_were_taken_are_refused_too(author: Author) -> None:
    named = WITH_ORIGIN.replace("{key: sentence,", "{key: sentence, name: Spare1, was: Sentence,")
    assert names_of_others(author, named) == [("Spare1", "write `name: Sentence`")]
    author.style(DECLARATION, WITH_ORIGIN)
    author.release("1.1.0", "2026-02-01")
    assert names_of_others(author, named) == [("Spare1", "write `name: Sentence`")]
    etymology = WITH_ORIGIN.replace("{key: origin,", "{key: origin, name: Etymology, was: Origin,")
    author.style(DECLARATION, etymology)
    author.release("1.2.0", "2026-03-01")
    # A history that does not have former names has the first ones, and those of spare ones.
    path = author.project / "source" / "history.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(', "former_names": [{][^}]*[}]', "", text), encoding="utf-8")
    assert record_of(author).former_names == {}
    for name in ("Spare1", "Origin"):
        shifted = etymology.replace("{key: sentence,", f"{{key: sentence, name: {name}, was: Sentence,")
        assert names_of_others(author, shifted) == [(name, "write `name: Sentence`")]


NEW_FIELD, NEW_CARD = "  - {key: new, name: X, holds: text}\n", "  - {name: New, asks: [sentence], answers: [word]}\n"


@pytest.mark.parametrize(
    ("declared", "place", "text", "message"),
    [
        (
            with_fields(ORIGIN, NEW_FIELD.replace("name: X", "name: Spare1")) + ORIGINS,
            "  - {key: new",
            "Spare1",
            "the spare field `Spare1` is in use for `Origin`, so no other field can be called so",
        ),
        (
            with_fields(NEW_FIELD.replace("name: X", "name: X, was: Spare1"), ORIGIN) + ORIGINS,
            "  - {key: new",
            "Spare1",
            "the spare field `Spare1` is in use for `Origin`, so field `X` cannot have it",
        ),
        (
            WITH_ORIGIN + NEW_CARD.replace("name: New", "name: New, was: Spare1"),
            "  - {name: New",
            "Spare1",
            "the spare card `Spare1` is in use for `Origins`, so card `New` cannot have it",
        ),
        (
            WITH_ORIGIN.replace(ORIGINS, NEW_CARD.replace("name: New", "name: Spare1") + ORIGINS),
            "  - {name: Spare1",
            "Spare1",
            "the spare card `Spare1` is in use for `Origins`, so no other card can be called so",
        ),
    ],
)
def test_a_spare_one_that_is_in_use_is_not_given_away_again(
    author: Author, declared: str, place: str, text: str, message: str
) -> None:
    author.style(DECLARATION, WITH_ORIGIN)
    author.find("perro")["origin"] = "Nobody knows."
    author.release("1.1.0", "2026-02-01")
    (report,) = found(author, declared)
    assert (report.code, report.message, marked(report)) == ("spare-out-of-turn", message, text)
    assert report.span.excerpt.startswith(place)
    assert report.help.startswith(("write another `name`; a new ", "remove `was: Spare1`; a new "))


MINE = "  - {key: mine, holds: text, personal: true}\n"


@pytest.mark.parametrize("other", ["  - {key: x, name: X, was: Spare5, holds: text, personal: true}\n", NEW_FIELD])
def test_a_personal_field_keeps_its_spare_one(author: Author, other: str) -> None:
    author.style(DECLARATION, with_fields(MINE))
    author.release("1.1.0", "2026-02-01")
    taking = other.replace("name: X, holds", "name: X, was: Spare5, holds")
    for declared in (with_fields(MINE, taking), with_fields(taking, MINE)):
        (report,) = found(author, declared)
        assert report.message == "the spare field `Spare5` is in use for `Mine`, so field `X` cannot have it"


def test_a_spare_one_that_is_taken_in_this_release_is_not_taken_twice(author: Author) -> None:
    (report,) = found(author, with_fields(ORIGIN, MINE.replace("holds", "name: X, was: Spare1, holds")))
    assert report.message == "the spare field `Spare1` is in use for `Origin`, so field `X` cannot have it"


@pytest.mark.parametrize(
    "exchanged",
    [
        WORD.replace("Recognise", "~").replace("Recall", "Recognise").replace("~", "Recall"),
        WORD.replace("asks: [word], answers: [meaning,", "asks: [~], answers: [word,")
        .replace("asks: [meaning], answers: [word,", "asks: [word], answers: [meaning,")
        .replace("[~]", "[meaning]"),
    ],
)
def test_cards_that_exchange_what_they_ask_are_refused(author: Author, exchanged: str) -> None:
    assert record_of(author).asks == {"Recognise": "Word", "Recall": "Meaning"}
    reports = {marked(each): each for each in found(author, exchanged)}
    assert reports.keys() == {"Recognise", "Recall"}
    assert {each.code for each in reports.values()} == {"released-cards-exchanged"}
    assert reports["Recall"].message == (
        "card `Recall` asks what `Recognise` was released with; learners' schedules would go on with it"
    )
    assert reports["Recall"].help == (
        "let each ask what it did; where only names are exchanged, write `was: Recognise` here"
    )
    named = WORD.replace("{name: Recognise,", "{name: ~, was: Recognise,").replace(
        "{name: Recall,", "{name: Recognise, was: Recall,"
    )
    assert found(author, named.replace("~", "Recall")) == []
    assert (
        found(
            author,
            WORD.replace("asks: [meaning], answers: [word, sentence]", "asks: [meaning, sentence], answers: [word]"),
        )
        == []
    )


def test_a_note_type_that_was_released_without_any_takes_no_new_field(author: Author) -> None:
    history = author.project / "source" / "history.json"
    text = history.read_text(encoding="utf-8")
    start, end = text.index(', "spare_fields"'), text.index("}\n],", text.index(', "spare_fields"'))
    history.write_text(text[:start] + text[end:], encoding="utf-8")
    assert found(author, WORD) == []
    (field, card) = found(author, WITH_ORIGIN)
    assert (field.code, card.code) == ("field-list-changed", "field-list-changed")
    assert field.message == "field `Origin` is new, and the word note type was released without spare fields"
    assert field.help.startswith("remove it and put what it holds into another field; if it only has another name now")
    assert card.message == "card `Origins` is new, and the word note type was released without spare cards"


def test_names_that_an_author_has_taken_are_not_those_of_spares(tmp_path: Path) -> None:
    author = author_of(tmp_path / "project", WORD.replace("{key: sentence,", "{key: sentence, name: spare2,"))
    author.release("1.0.0", "2026-01-01")
    assert tuple(record_of(author).spare_fields) == ("Spare1", "Spare3", "Spare4", "Spare5", "Spare6")


def test_a_note_type_that_comes_later_ships_some_too(author: Author) -> None:
    author.sections["words"].append({"id": "gaps", "cloze": "{{c1::Iron}} rusts.", "note_type": "cloze"})
    author.release("1.1.0", "2026-02-01")
    record = author.history.note_types["cloze"]
    assert tuple(record.spare_fields) == SPARE_FIELDS
    assert not record.spare_cards  # Anki makes the cards of a cloze text itself


# --- two branches -------------------------------------------------------------------------------------------------


def released_on(project: Path, declared: str, version: str) -> History:
    """Release a declaration in a copy of the project, as a branch would, and return the history."""
    copy = project.parent / version
    shutil.copytree(project, copy)
    branch = author_of(copy, declared)
    branch.release(version, "2026-02-01")
    return branch.history


@pytest.mark.parametrize(
    ("ours", "theirs", "names"),
    [
        (
            WITH_ORIGIN,
            WITH_ORIGIN.replace("origin", "tone"),
            "field `Spare1` of the note type `word`, for `Origin` and `Tone`",
        ),
        (WITH_ORIGIN, with_fields("  - {key: tone, holds: text, name: Spare1}\n"), "for `Origin` and `Spare1`"),
        (
            WITH_ORIGIN,
            with_fields(ORIGIN) + ORIGINS.replace("Origins", "Roots"),
            "card `Spare1` of the note type `word`",
        ),
    ],
)
def test_two_branches_that_use_one_for_different_things_are_not_merged(
    author: Author, ours: str, theirs: str, names: str
) -> None:
    one, other = released_on(author.project, ours, "1.1.0"), released_on(author.project, theirs, "1.2.0")
    for pair in ((one, other), (other, one)):
        with pytest.raises(CannotMergeError) as refused:
            merge(*pair)
        assert names in str(refused.value)


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        (with_fields(MINE), with_fields(MINE.replace(", personal: true", "")), "a field `Mine`"),
        (
            WORD.replace("{key: sentence,", "{key: sentence, name: Origin, was: Sentence,"),
            WITH_ORIGIN,
            "a field `Origin`",
        ),
        (
            WORD.replace("{name: Recall,", "{name: Origins, was: Recall,"),
            WITH_ORIGIN,
            "a card `Origins`",
        ),
    ],
)
def test_two_branches_that_give_one_name_to_different_things_are_not_merged(
    author: Author, ours: str, theirs: str, said: str
) -> None:
    one, other = released_on(author.project, ours, "1.1.0"), released_on(author.project, theirs, "1.2.0")
    for pair in ((one, other), (other, one)):
        with pytest.raises(CannotMergeError) as refused:
            merge(*pair)
        assert str(refused.value).startswith(f"both sides released {said} of the note type `word`, each another one; ")
        assert "a name that neither side has had" in str(refused.value)


def test_what_is_personal_on_one_side_alone_is_not_merged(author: Author) -> None:
    others = [f"  - {{key: new{n}, holds: text}}\n" for n in range(1, 5)]
    author.style(DECLARATION, with_fields(*others))
    author.release("1.1.0", "2026-01-02")
    both = with_fields(*others, MINE), with_fields(*others, MINE.replace(", personal: true", ""))
    one, other = (released_on(author.project, each, f"1.{n}.0") for n, each in enumerate(both, 2))
    with pytest.raises(CannotMergeError, match="the field `Mine` of the note type `word` is `personal` on one side"):
        merge(one, other)


def test_a_card_that_both_sides_released_and_that_asks_something_else_on_each_is_named(author: Author) -> None:
    ours = WORD + "  - {name: Third, asks: [sentence], answers: [word]}\n"
    theirs = WORD + "  - {name: Third, asks: [word, meaning], answers: [sentence]}\n"
    one, other = released_on(author.project, ours, "1.1.0"), released_on(author.project, theirs, "1.2.0")
    for pair in ((one, other), (other, one)):
        assert merge(*pair).cards == (("word", "Third"),)
    assert merge(one, one).cards == ()


def declare(text: str) -> Change:
    return lambda author: author.style(DECLARATION, text)


def test_release_merge_says_which_cards_ask_something_else_on_each_side(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    git(author.project, "init", "-q", "-b", "main")
    commit(author.project, "Release 1.0.0")
    for branch, version, asks in (("ours", "1.1.0", "sentence"), ("theirs", "1.2.0", "word, meaning")):
        declared = WORD + f"  - {{name: Third, asks: [{asks}], answers: []}}\n"
        release_on_branch(author.project, branch, version, "2026-02-01", declare(declared))
    merge_branches(author.project, "ours", "theirs")
    capsys.readouterr()
    assert run(["release", "--merge", "--project", str(author.project)]) == 0
    assert (
        "card `Third` of the note type word asks something else on each side, and for learners of one it changes; keep "
        "it as one side has it, and declare that of the other as a new card\n"
    ) in capsys.readouterr().out


def test_after_a_merge_new_names_are_told_to_learners_of_each_side(author: Author) -> None:
    theirs = WORD.replace("{key: sentence,", "{key: sentence, name: Phrase, was: Sentence,")
    both = ENGLISH.replace("{key: sentence,", "{key: sentence, name: Phrase, was: Sentence,")
    one, other = released_on(author.project, ENGLISH, "1.1.0"), released_on(author.project, theirs, "1.2.0")
    for pair in ((one, other), (other, one)):
        text = to_text(merge(*pair).history)
        (author.project / "source" / "history.json").write_text(text, encoding="utf-8")
        author.facts |= {"version": "1.2.0", "date": "2026-02-01"}
        found = changes_in(author, both)
        assert [(each.old, each.new) for each in found.names] == [("Meaning", "English"), ("Sentence", "Phrase")]
        assert to_text(author.history) == text


def test_former_names_of_both_sides_stay_refused_after_a_merge(author: Author) -> None:
    ours = ENGLISH
    theirs = WORD.replace("{key: sentence,", "{key: sentence, name: Phrase, was: Sentence,")
    again = theirs.replace("Phrase", "Example")
    one = released_on(author.project, ours, "1.1.0")
    released_on(author.project, theirs, "1.2.0")
    branch = author_of(author.project.parent / "1.2.0", again)
    branch.release("1.3.0", "2026-02-02")
    for merged in (merge(one, branch.history), merge(branch.history, one)):
        record = merged.history.note_types["word"]
        names = record.list_names()
        assert names["English"] == names["Meaning"]
        assert names["Sentence"] == names["Phrase"] == names["Example"]
        assert record.former_names.keys() | record.fields.keys() >= {"English", "Phrase", "Sentence", "Meaning"}


def test_two_branches_that_use_one_for_the_same_or_one_of_which_uses_none_become_one(author: Author) -> None:
    plain = WORD.replace("title: Word", "title: Words")
    changed = with_fields(ORIGIN)
    both = [released_on(author.project, each, f"1.{n}.0") for n, each in enumerate((WITH_ORIGIN, changed, plain), 1)]
    for other in both[1:]:
        for pair in ((both[0], other), (other, both[0])):
            merged = merge(*pair).history.note_types["word"]
            theirs = both[0].note_types["word"]
            assert merged == replace(
                theirs, version=merged.version, name=merged.name, digest=merged.digest, date=merged.date
            )


# --- in words -----------------------------------------------------------------------------------------------------


def changes_in(author: Author, declared: str) -> Changes:
    author.style(DECLARATION, declared)
    author.write()
    bank, result = load_and_check(author.project)
    assert not result.diagnostics
    return find_changes(render_deck(bank, author.options()), bank.history)


def test_diff_says_which_spare_ones_are_used_and_which_cards_come(author: Author) -> None:
    author.find("perro")["origin"] = "Nobody knows."
    found = changes_in(author, WITH_ORIGIN)
    assert summarize(found) == (
        "1 note is updated, 1 new card in a released note (Origins), Word gets the field Origin (in place of Spare1) "
        "and the card Origins (in place of Spare1), the design of Word cards is updated, 0 schedules lost"
    )
    assert [(each.name, each.spare, each.is_card) for each in found.additions] == [
        ("Origin", "Spare1", False),
        ("Origins", "Spare1", True),
    ]
    assert found.size == "minor"
    author.release("1.1.0", "2026-02-01")
    assert changes_in(author, WITH_ORIGIN).additions == ()


def test_a_new_card_of_notes_that_do_not_change_is_told(author: Author) -> None:
    found = changes_in(author, WORD + "  - {name: Example, asks: [sentence], answers: [word]}\n")
    assert [(each.id, each.what, each.cards, each.updates) for each in found.notes] == [
        ("perro", ("new cards",), ("Example",), False)
    ]
    assert summarize(found).startswith("1 new card in a released note (Example), Word gets the card Example")
    assert "\n- New cards: 1 word.\n  - el perro\n" in as_markdown(found)


def test_words_are_counted_as_words(author: Author, tmp_path: Path) -> None:
    first = author_of(tmp_path / "first")
    bank, _ = load_and_check(first.project)
    assert (
        as_markdown(find_changes(render_deck(bank, first.options()), None)) == "The first release: 2 words; 4 cards.\n"
    )
    author.find("perro")["meaning"] = "a dog"
    author.sections["words"].append({"id": "pez", "word": "el pez", "meaning": "the fish", "note_type": "word"})
    assert as_markdown(changes_in(author, WORD)) == (
        "For those who have 1.0.0: 1 new note with 2 cards, 1 note is updated, 0 schedules lost.\n\n"
        "- New: 1 word.\n  - el pez\n"
        "- Answer changed: 1 word.\n  - el perro\n"
    )


# --- names in Anki ----------------------------------------------------------------------------------------------------

RENAMED = WORD.replace("{key: sentence,", "{key: sentence, name: An_example, was: Sentence,").replace(
    "{name: Recognise,", "{name: Read, was: Recognise,"
)


def test_another_name_of_a_field_or_card_is_told_with_what_older_ankis_make_of_it(author: Author) -> None:
    changed = changes_in(author, RENAMED)
    told = "Word renames the field Sentence to An_example and the card Recognise to Read"
    assert summarize(changed) == f"{told}, the design of Word cards is updated, 0 schedules lost"
    assert as_text(changed).endswith(
        "names in Anki change: who has the deck from an Anki before 23.10 gets no more updates of Word notes, unless "
        "they rename these by hand first, as the release notes tell them; `name: Sentence` and `name: Recognise` would "
        "keep them\n"
    )
    assert (
        "If you have this deck from an Anki before 23.10: in *Tools → Manage Note Types*, choose *Sample deck · Word*, "
        "and rename the field *Sentence* to *An\\_example* and the card *Recognise* to *Read* before you import"
    ) in as_markdown(changed)
    assert "renames the field Sentence to An\\_example and" in as_markdown(changed)
    assert json.loads(as_json(changed))["names"] == [
        {"note_type": "Sample deck · Word", "is_card": False, "old": "Sentence", "new": "An_example"},
        {"note_type": "Sample deck · Word", "is_card": True, "old": "Recognise", "new": "Read"},
    ]


def test_release_notes_and_changelog_tell_new_names_once(author: Author) -> None:
    author.style(DECLARATION, RENAMED)
    author.release("1.1.0", "2026-02-01")
    for path in (author.out / "RELEASE_NOTES.md", author.project / "CHANGELOG.md"):
        assert path.read_text(encoding="utf-8").count("rename the field *Sentence*") == 1
    assert record_of(author).first_card == "Read"
    assert changes_in(author, RENAMED).names == ()
    again = RENAMED.replace("name: Read,", "name: See,")
    assert [(each.old, each.new) for each in changes_in(author, again).names] == [("Read", "See")]


def test_a_spare_that_is_taken_is_a_new_name_too_unless_it_keeps_its_own(author: Author) -> None:
    changed = changes_in(author, WITH_ORIGIN)
    assert [(each.old, each.new, each.is_card) for each in changed.names] == [
        ("Spare1", "Origin", False),
        ("Spare1", "Origins", True),
    ]
    assert "`name: Spare1` would keep them" in as_text(changed)
    kept = WITH_ORIGIN.replace("key: origin,", "key: origin, name: Spare1,").replace("name: Origins", "name: Spare1")
    changed = changes_in(author, kept)
    assert changed.names == ()
    assert "names in Anki" not in as_text(changed)
    assert "Word gets the field Origin (Spare1 in Anki) and the card Spare1, the design" in summarize(changed)


def test_a_history_that_does_not_name_the_first_card_is_of_its_first_name(author: Author) -> None:
    path = author.project / "source" / "history.json"
    text = path.read_text(encoding="utf-8")
    assert text.count(', "first_card": "Recognise"') == 1
    path.write_text(text.replace(', "first_card": "Recognise"', ""), encoding="utf-8")
    assert changes_in(author, WORD).names == ()
    assert [(each.old, each.new) for each in changes_in(author, RENAMED).names][1:] == [("Recognise", "Read")]
