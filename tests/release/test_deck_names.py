"""`deck_name` fixes what a deck and its sections are called in Anki; titles stay free."""

from __future__ import annotations

from typing import Any

import pytest

from cardpress.anki.package import read_package
from cardpress.deck.notes import Deck
from cardpress.diagnostics import Diagnostic
from cardpress.pipeline import load_and_check, render_deck
from cardpress.writers import load_writer
from tests.helpers.author import Author, question
from tests.helpers.diagnostics import problems


def deck_of(author: Author) -> Deck:
    author.write()
    bank, result = load_and_check(author.project)
    assert not result.diagnostics
    return render_deck(bank, author.options())


def names(author: Author) -> list[str]:
    """Return the names of the decks that the package has now, in the order of the source."""
    deck = deck_of(author)
    return [deck.names.name, *(section.names.name for section in deck.sections)]


def shipped(author: Author) -> set[str]:
    """Return the names of the decks that are in the package."""
    package = read_package(load_writer("apkg")(deck_of(author)).artifacts[0].data)
    return {name for name in package.decks.values() if name != "Default"}


def found(author: Author) -> Diagnostic:
    author.write()
    (problem,) = problems(author.project)
    return problem


@pytest.fixture
def new(tmp_path_factory: pytest.TempPathFactory) -> Author:
    return Author(tmp_path_factory.mktemp("new") / "project")


# --- before the first release ---------------------------------------------------------------------------------------


def test_a_deck_name_is_a_tree_and_a_sections_is_below_it(new: Author) -> None:
    new.facts["deck_name"] = "Geo::Europe"
    new.headings = {"metals": {"deck_name": "Flags::Old ones"}}
    assert names(new) == ["Geo::Europe", "Geo::Europe::Flags::Old ones", "Geo::Europe::01 Gases"]
    assert shipped(new) == set(names(new))
    assert deck_of(new).title == "Sample deck"
    assert [section.title for section in deck_of(new).sections] == ["Metals", "Gases"]


@pytest.mark.parametrize("title", ["Default", "default"])
def test_a_deck_is_not_called_like_ankis_own(new: Author, title: str) -> None:
    new.facts["title"] = title
    problem = found(new)
    assert (problem.code, problem.span.path) == ("bad-deck-name", "source/deck.yaml")
    assert problem.help == "write another title, or keep it and add a `deck_name`, the name in Anki"
    new.facts["deck_name"] = "Standard"
    assert names(new)[0] == "Standard"


def test_numbers_go_on_beside_names(new: Author) -> None:
    new.sections["salts"] = [question("salt", "What is table salt made of?", "Sodium and chlorine.")]
    new.titles["salts"] = "Salts"
    new.headings = {"gases": {"deck_name": "Gases"}}
    assert names(new)[1:] == ["Sample deck::01 Metals", "Sample deck::Gases", "Sample deck::02 Salts"]


def test_sections_may_share_a_deck(new: Author) -> None:
    new.headings = {"metals": {"deck_name": "All"}, "gases": {"deck_name": "All"}}
    assert shipped(new) == {"Sample deck", "Sample deck::All"}
    package = read_package(load_writer("apkg")(deck_of(new)).artifacts[0].data)
    assert len(package.notes) == 10


def test_a_flat_deck_has_no_subdecks(new: Author) -> None:
    new.headings = {"metals": {"deck_name": False}, "gases": {"deck_name": False}}
    assert names(new) == ["Sample deck"] * 3
    assert shipped(new) == {"Sample deck"}
    made = load_writer("apkg")(deck_of(new)).artifacts[0]
    assert made.holds.startswith("10 notes")


def test_letters_are_in_the_form_that_anki_stores(new: Author) -> None:
    new.facts["deck_name"] = "Cafe\u0301s"
    assert names(new)[0] == "Caf\xe9s"


def test_a_title_may_have_any_sign_beside_a_deck_name(new: Author) -> None:
    new.facts |= {"title": 'The "sample"', "deck_name": "Sample"}
    new.titles["metals"] = "std::metals"
    new.headings = {"metals": {"deck_name": "Metals"}}
    assert names(new)[:2] == ["Sample", "Sample::Metals"]


@pytest.mark.parametrize(
    ("name", "message", "help_line"),
    [
        ("::Geo", "one of them is empty", "write `deck_name: Geo`"),
        ("Geo::", "one of them is empty", "write `deck_name: Geo`"),
        ("Geo::::Flags", "one of them is empty", "write `deck_name: Geo::Flags`"),
        ("Geo:::Flags", "one of them is empty", "write `deck_name: Geo::Flags`"),
        ("::", "one of them is empty", "remove it"),
        ("Geo :: Flags", "drops the space around a level", "write `deck_name: Geo::Flags`"),
        (" Geo", "drops the space around a level", "write `deck_name: Geo`"),
        ('Geo "old"', 'a name in Anki has no `"`', 'write `deck_name: "Geo ”old”"`'),
        ("Geo\tFlags", "has no control character (U+0009)", "write `deck_name: Geo Flags`"),
        ("Geo\u200bFlags", "has no zero width space (U+200B)", "write `deck_name: GeoFlags`"),
        ("::".join(f"l{number}" for number in range(60)), "at most 10 levels, and this has 60", "leave out levels"),
        ("<script>x", "would begin an element", "leave out the `<`"),
        ("default", "is Anki's own deck", "write the name of your deck"),
    ],
)
@pytest.mark.parametrize("is_section", [False, True])
def test_a_name_that_anki_would_change_is_an_error(
    new: Author, name: str, message: str, help_line: str, *, is_section: bool
) -> None:
    if is_section and name == "default":
        return  # below another deck it is a name as any other
    if is_section:
        new.headings = {"metals": {"deck_name": name}}
    else:
        new.facts["deck_name"] = name
    problem = found(new)
    assert (problem.code, problem.span.path) == ("bad-deck-name", "source/deck.yaml")
    assert message in problem.message
    assert problem.help == help_line


def test_a_very_long_name_is_an_error(new: Author) -> None:
    new.facts["deck_name"] = "long " * 70 + "name"
    problem = found(new)
    assert (problem.code, problem.message) == ("text-too-long", "`deck_name` has 354 characters; 300 are allowed")


@pytest.mark.parametrize(("name", "code"), [("", "empty-text"), (7, "text-expected"), (["a"], "wrong-type")])
def test_a_name_that_is_no_text_is_an_error(new: Author, name: Any, code: str) -> None:
    new.facts["deck_name"] = name
    assert found(new).code == code
    del new.facts["deck_name"]
    new.headings = {"metals": {"deck_name": name}}
    assert found(new).code == code


def test_true_is_no_name(new: Author) -> None:
    new.headings = {"metals": {"deck_name": True}}
    assert found(new).code == "text-expected"


def test_names_that_differ_in_capitals_alone_are_an_error(new: Author) -> None:
    new.headings = {"metals": {"deck_name": "All::Of it"}, "gases": {"deck_name": "all::of it"}}
    problem = found(new)
    assert problem.code == "bad-deck-name"
    assert "section `metals` differ in capitals alone" in problem.message
    assert problem.help == "write `deck_name: All::Of it`"


# --- from the first release on --------------------------------------------------------------------------------------


def test_a_released_name_stays_whatever_the_titles_are(new: Author) -> None:
    new.facts["deck_name"] = "Geo::Europe"
    new.headings = {"metals": {"deck_name": "Flags"}, "gases": {"deck_name": False}}
    before = names(new)
    new.release("1.0.0")
    new.facts["title"] = "All of Europe"
    new.titles = {"metals": "Banners", "gases": "Air"}
    assert names(new) == before
    new.release("1.1.0", "2026-02-01")
    del new.facts["deck_name"]
    new.headings = {}
    assert names(new) == before
    assert [each.name for each in new.history.sections.values()] == ["Geo::Europe", "Geo::Europe::Flags"]


def test_another_name_than_the_released_one_is_an_error_that_says_what_to_write(author: Author) -> None:
    author.facts["deck_name"] = "Samples"
    problem = found(author)
    assert (problem.code, problem.help) == ("released-name-changed", "write `deck_name: Sample deck`, or remove it")
    assert "released as `Sample deck`" in problem.message
    author.facts["deck_name"] = "Sample deck"
    author.headings = {"metals": {"deck_name": "Metals"}}
    problem = found(author)
    assert problem.help == 'write `deck_name: "01 Metals"`, or remove it'
    assert problem.span.file.text[problem.span.start : problem.span.end] == "Metals"
    author.headings = {"metals": {"deck_name": False}}
    problem = found(author)
    assert problem.help == 'write `deck_name: "01 Metals"`, or remove it'
    author.headings = {"metals": {"deck_name": "01 Metals"}}
    assert names(author) == ["Sample deck", "Sample deck::01 Metals", "Sample deck::02 Gases"]


def test_what_was_released_without_a_subdeck_stays_so(new: Author) -> None:
    new.headings = {"metals": {"deck_name": False}}
    new.release("1.0.0")
    new.headings = {"metals": {"deck_name": "Metals"}}
    assert found(new).help == "write `deck_name: false`, or remove it"


def test_a_new_section_of_a_released_deck_may_have_a_name(author: Author) -> None:
    author.sections["salts"] = [question("salt", "What is table salt made of?", "Sodium and chlorine.")]
    author.titles["salts"] = "Salts"
    author.headings = {"salts": {"deck_name": "02 Gases::Salts"}}
    assert names(author)[-1] == "Sample deck::02 Gases::Salts"
    author.release("1.1.0", "2026-02-01")
    assert names(author)[-1] == "Sample deck::02 Gases::Salts"
