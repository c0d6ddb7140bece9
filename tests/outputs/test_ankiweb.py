"""AnkiWeb's form gets what it takes: within its limits, in the deck's language, with no sign that acts."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from cardpress.check.titles import check_listed_title
from cardpress.deck.listing import LONGEST_DESCRIPTION, LONGEST_TAGS, LONGEST_TITLE, cut
from cardpress.deck.notes import Deck
from cardpress.pipeline import check_project, load_and_check
from cardpress.writers.ankiweb import choose_tags, describe, escape, write
from tests.conftest import DECK, QUESTION, WriteProject
from tests.helpers.author import Author, question
from tests.helpers.decks import deck_from
from tests.helpers.sample_project import EVERYTHING
from tests.unit.test_strings import TEXTS

ASKED = "- {{id: {id}, question: 'What is {id}?', answer: A., tags: [{tags}], sources: ['https://example.org/']}}\n"


def parts_of(deck: Deck) -> dict[str, str]:
    """Return the parts of the text by their names, without what is said of their length."""
    (artifact,) = write(deck).artifacts
    assert artifact.name == f"{deck.id}.ankiweb.txt"
    found = re.split(r"^=== (.+?) \(.+\) ===\n\n", artifact.data.decode(), flags=re.MULTILINE)
    return {name: text.strip("\n") for name, text in zip(found[1::2], found[2::2], strict=True)}


def tagged(tmp_path: Path, tags: Mapping[str, str]) -> Deck:
    notes = "".join(ASKED.format(id=name, tags=tags) for name, tags in tags.items())
    return deck_from(tmp_path, {"deck.yaml": DECK, "first.yaml": notes})


def test_it_says_what_the_deck_is_whose_it_is_and_how_it_is_updated(tmp_path: Path) -> None:
    parts = parts_of(deck_from(tmp_path, EVERYTHING))
    assert list(parts) == ["Title", "Tags", "Support page", "Description"]
    assert parts["Title"] == "Sample deck"
    assert parts["Support page"] == "https://example.org/"
    description = parts["Description"]
    for text in (
        "A deck for tests.\n\nSome words first.\n\n**What is inside**\n\n- First section: ",
        "**How to update**\n\nImport the new version as you imported the first one: your progress stays.",
        "Version 1.2.0, 2026-01-02. By Ada, Grace. License: CC-BY-4.0.",
        "- [Homepage](https://example.org/)",
        "- [Report a mistake](https://example.org/report?card=sample&version=1.2.0)",
    ):
        assert text in description
    assert not re.search(r"^#|^\|", description, re.MULTILINE)


def test_a_part_that_is_empty_says_what_would_fill_it(tmp_path: Path) -> None:
    parts = parts_of(deck_from(tmp_path, {"first.yaml": QUESTION}))
    assert parts["Tags"] == "(none: write tags in source/*.yaml)"
    assert parts["Support page"] == "(none: write homepage, report_url in source/deck.yaml)"
    (artifact,) = write(deck_from(tmp_path, {"first.yaml": QUESTION})).artifacts
    assert b"=== Tags (0 of 60) ===" in artifact.data


def test_what_a_version_brought_is_counted_and_a_first_one_has_nothing_new(tmp_path: Path) -> None:
    author = Author(tmp_path / "project")
    author.facts["outputs"] = {"ankiweb": True, "pdf": False}
    author.only = None
    author.release("1.0.0")
    listing = author.out / "sample.ankiweb.txt"
    assert "New" not in listing.read_text(encoding="utf-8")
    author.find("iron")["answer"] = "Another answer."
    author.find("neon")["retired"] = {"reason": "No longer asked."}
    author.sections["metals"].append(question("lead", "What is heavy, soft and poisonous?", "Lead."))
    author.release("1.1.0", "2026-03-01")
    said = listing.read_text(encoding="utf-8")
    assert "**New in version 1.1.0**\n\n- New notes: 1\n- Changed notes: 1\n- Retired notes: 1\n" in said


def test_tags_are_those_that_most_notes_have_and_none_has_a_space(tmp_path: Path) -> None:
    deck = tagged(tmp_path, {"a": "iron::oxide, since::1.2", "b": "iron", "c": "rare", "d": "rare, iron::ore"})
    assert choose_tags(deck) == "iron rare ore oxide"


def test_tags_that_have_no_room_give_theirs_to_shorter_ones(tmp_path: Path) -> None:
    names = [f"{'long' * 5}{letter}" for letter in "abcd"]
    deck = tagged(tmp_path, {"a": ", ".join(names), "b": ", ".join(names), "c": "short"})
    tags = choose_tags(deck)
    assert tags.split() == [*names[:2], "short"]
    assert len(tags) <= LONGEST_TAGS


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Short", "Short"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("word " * 20, "word " * 11 + "word…"),
        (
            "the capital of each country, its flag, and where on earth one finds it",
            "the capital of each country, its flag, and where on earth…",
        ),
        ("漢" * 80, "漢" * 59 + "…"),
        ("e\u0301" * 40, "e\u0301" * 29 + "…"),
    ],
)
def test_a_title_is_cut_at_a_word(title: str, expected: str) -> None:
    assert cut(title, LONGEST_TITLE) == expected
    assert len(cut(title, LONGEST_TITLE)) <= LONGEST_TITLE


def test_a_title_that_is_too_long_is_warned_of_at_its_place_where_the_listing_is_made(
    write_project: WriteProject,
) -> None:
    files = {"deck.yaml": DECK.replace("title: Sample deck", f"title: {'word ' * 20}") + "outputs: {ankiweb: true}\n"}
    project = write_project(files)
    (found,) = check_project(project).diagnostics
    assert (found.code, found.span.path, found.span.line, found.span.column) == ("long-title", "source/deck.yaml", 2, 8)
    assert check_project(write_project({"deck.yaml": files["deck.yaml"].replace("true", "false")})).diagnostics == ()
    bank, _ = load_and_check(write_project({}))
    assert list(check_listed_title(bank)) == []


def test_signs_of_markdown_and_html_are_what_they_are() -> None:
    text = "1. <b>*a*</b> [x](y) `c` _d_ & e\n- f\n# g"
    assert html.unescape(escape(text)) == "1. <b>*a*</b> [x](y) `c` _d_ & e\n\n- f\n\n# g"
    assert not set(escape(text).replace("&#", "").replace(";", "")) & set("*_`<>[]#")
    assert not re.search(r"^(?:[-+]|\d+[.)]) ", escape(text), re.MULTILINE)


def test_a_description_has_room_however_large_the_deck_is(tmp_path: Path) -> None:
    sections = "".join(f"  - {{id: s{n}, title: '{'*' * 150}{n}'}}\n" for n in range(150))
    notes = {f"s{n}.yaml": ASKED.format(id=f"q{n}", tags="") for n in range(150)}
    head = DECK[: DECK.index("sections:")] + "introduction: |\n" + f"  {'[brackets] ' * 80}\n\n" * 20
    deck = deck_from(tmp_path, {"deck.yaml": f"{head}sections:\n{sections}", **notes})
    description = describe(deck)
    assert LONGEST_DESCRIPTION // 2 < len(description) <= LONGEST_DESCRIPTION
    assert "\n- …\n" in description
    assert "**How to update**" in description


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_each_language_has_its_own_words(tmp_path: Path, language: str) -> None:
    deck = deck_from(
        tmp_path, {"deck.yaml": DECK.replace("sections:", f"language: {language}\nsections:"), "first.yaml": QUESTION}
    )
    said = write(deck).artifacts[0].data.decode()
    texts = TEXTS["pt"] | TEXTS[language] if language == "pt-PT" else TEXTS[language]
    for label in ("Title", "Tags", "Description", "What is inside", "How to update"):
        assert texts[label] in said
