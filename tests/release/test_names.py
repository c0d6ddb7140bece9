"""Names in Anki: the first release fixes a deck's and a section's, and a new section takes the next number."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from cardpress.anki.package import read_package
from cardpress.deck.names import clean_name, find_next_number
from cardpress.deck.notes import Deck
from cardpress.pipeline import load_and_check, render_deck
from cardpress.writers import load_writer
from cardpress.writers.json import make_bundle
from tests.conftest import ROOT
from tests.helpers.author import Author, question
from tests.helpers.diagnostics import problems
from tests.helpers.first_format import make_first_format


def deck_of(author: Author) -> Deck:
    author.write()
    bank, result = load_and_check(author.project)
    assert not result.diagnostics
    return render_deck(bank, author.options())


def names(author: Author) -> list[str]:
    """Return the names of the decks that the package has now, in the order of the source."""
    deck = deck_of(author)
    return [deck.names.name, *(section.names.name for section in deck.sections)]


def open_section(author: Author, name: str, *, first: bool = False) -> None:
    section = {name: [question(f"{name}-one", f"What is the matter with {name}?", "This.")]}
    author.sections = section | author.sections if first else author.sections | section
    author.titles[name] = name.capitalize()


# --- numbers --------------------------------------------------------------------------------------------------------


def test_numbers_grow_as_anki_sorts_them() -> None:
    numbers = ["01"]
    for _ in range(2_000):
        numbers.append(find_next_number(numbers[-1]))
    assert numbers[:10] == [f"{number:02}" for number in range(1, 11)]
    assert numbers[97:109] == ["98", "99", "990", "991", "992", "993", "994", "995", "996", "997", "998", "999"]
    assert numbers[109] == "9990"
    assert all(int(first) < int(second) for first, second in pairwise(numbers))
    assert sorted(f"{number} Title" for number in numbers) == [f"{number} Title" for number in numbers]


def test_a_first_release_of_many_sections_has_wide_numbers(tmp_path_factory: pytest.TempPathFactory) -> None:
    author = Author(tmp_path_factory.mktemp("many") / "project")
    for number in range(120):
        open_section(author, f"more-{number}")
    assert names(author)[1] == "Sample deck::001 Metals"
    assert names(author)[-1] == "Sample deck::122 More-119"


# --- what was released stays ----------------------------------------------------------------------------------------


def test_titles_and_order_change_no_name_in_anki(author: Author) -> None:
    before = names(author)
    author.facts["title"] = "Elements: all"
    author.titles = {"metals": "Gases", "gases": "Metals"}
    author.sections = dict(reversed(author.sections.items()))
    assert names(author) == [before[0], before[2], before[1]]
    deck = deck_of(author)
    package = read_package(load_writer("apkg")(deck).artifacts[0].data)
    assert {name for name in package.decks.values() if name != "Default"} == set(before)
    assert set(package.note_types.values()) == {f"Sample deck · {kind}" for kind in ("interview", "recall", "cloze")}
    assert package.notes == read_package(author.package).notes


def test_page_and_sheets_have_the_present_titles_in_the_present_order(author: Author) -> None:
    author.facts["title"] = "Elements"
    author.titles = {"metals": "Heavy ones", "gases": "Light ones"}
    author.sections = dict(reversed(author.sections.items()))
    deck = deck_of(author)
    bundle = make_bundle(deck)
    assert json.dumps(bundle).index("Light ones") < json.dumps(bundle).index("Heavy ones")
    page = load_writer("page")(deck).artifacts[0].data.decode()
    assert "<title>Elements</title>" in page
    assert page.index("Light ones") < page.index("Heavy ones")
    assert "Gases" not in page


def test_a_new_section_takes_the_next_number_wherever_it_stands(author: Author) -> None:
    open_section(author, "salts", first=True)
    open_section(author, "acids")
    assert names(author)[1:] == [f"Sample deck::{name}" for name in ("03 Salts", "01 Metals", "02 Gases", "04 Acids")]
    author.facts["title"] = "Elements"
    author.release("1.1.0", "2026-02-01")
    open_section(author, "oils")
    assert names(author)[-1] == "Sample deck::05 Oils"


def test_the_number_of_a_section_that_was_removed_is_not_used_again(author: Author) -> None:
    author.sections["metals"] += author.sections.pop("gases")
    (author.project / "source" / "gases.yaml").unlink()
    author.release("1.1.0", "2026-02-01")
    open_section(author, "salts")
    assert names(author)[1:] == ["Sample deck::01 Metals", "Sample deck::03 Salts"]
    author.release("1.2.0", "2026-03-01")
    author.sections["gases"] = [author.remove("neon")]
    author.titles["gases"] = "Lamps"
    assert names(author)[1:] == [f"Sample deck::{name}" for name in ("01 Metals", "03 Salts", "02 Gases")]


def test_a_note_type_keeps_its_name_when_its_own_title_changes(author: Author) -> None:
    declared = (ROOT / "templates/note-types/recall/note-type.yaml").read_text(encoding="utf-8")
    assert "title: recall\n" in declared
    author.style("note-types/recall/note-type.yaml", declared.replace("title: recall\n", "title: Fact\n"))
    deck = deck_of(author)
    assert deck.type_names["recall"] == "Sample deck · recall"
    assert deck.type_moments["recall"] == author.history.moment_of("1.0.0")


def test_a_preview_numbers_as_the_release_will(author: Author) -> None:
    open_section(author, "salts")
    author.build(author.project.parent / "preview")
    before = names(author)
    author.release("1.1.0", "2026-02-01")
    assert names(author) == before


# --- histories of the first format ----------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["Sample deck", 'A "quoted" deck', "A::B", "A”B"])
def test_a_history_of_the_first_format_takes_names_from_the_package(
    tmp_path_factory: pytest.TempPathFactory, title: str
) -> None:
    author = Author(tmp_path_factory.mktemp("first") / "project")
    author.facts["title"] = title
    author.titles = {"metals": f"{title} one", "gases": "Gases"}
    author.facts["checks"] = {"altered-name": "off"}
    author.release("1.0.0")
    released, before = author.history, read_package(author.package).notes
    make_first_format(author.project)
    deck = deck_of(author)
    assert read_package(load_writer("apkg")(deck).artifacts[0].data).notes == before
    assert {section.id: section.names for section in deck.sections} == released.sections
    author.titles = {"metals": "Heavy", "gases": "Light"}
    author.facts["title"] = "Elements"
    assert names(author) == [deck.names.name, *(section.names.name for section in deck.sections)]
    author.release("1.1.0", "2026-02-01")
    assert json.loads((author.project / "source" / "history.json").read_text(encoding="utf-8"))["format"] == 2
    assert {each.version for each in author.history.notes.values()} == {"1.0.0"}
    # The name of a note type does not tell which quotes its title had, so that its time moves once.
    moved = "1.1.0" if '"' in title else "1.0.0"
    assert {each.version for each in author.history.note_types.values()} == {moved}


def test_without_the_package_a_history_of_the_first_format_is_an_error(author: Author) -> None:
    make_first_format(author.project)
    package = author.package
    (author.out / "sample.apkg").write_bytes(b"another")
    author.write()
    (problem,) = problems(author.project)
    assert (problem.code, problem.span.path) == ("released-package-missing", "source/history.json")
    (author.out / ".released-1.0.0.apkg").write_bytes(package)
    assert problems(author.project) == []


def test_a_build_before_the_next_release_keeps_what_the_history_lacks(author: Author) -> None:
    make_first_format(author.project)
    author.find("neon")["answer"] = "Red."
    author.build(author.out)
    author.build(author.out)
    author.release("1.0.1", "2026-02-01")
    assert author.history.deck


def test_what_anki_drops_from_a_name_is_replaced() -> None:
    assert clean_name('"a" b::c:::d') == "”a” b:\N{WORD JOINER}:c:\N{WORD JOINER}:\N{WORD JOINER}:d"


def test_a_title_that_names_nothing_in_anki_may_have_any_sign(author: Author) -> None:
    author.facts["title"] = 'The "sample"'
    author.titles["gases"] = "std::gas"
    author.sections["salts"] = [question("salt", "What is table salt made of?", "Sodium and chlorine.")]
    author.titles["salts"] = "std::salt"
    author.write()
    (problem,) = problems(author.project)
    assert (problem.code, problem.span.file.text[problem.span.start - 3 : problem.span.end + 4]) == (
        "altered-name",
        "std::salt",
    )
