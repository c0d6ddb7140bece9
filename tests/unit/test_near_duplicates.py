"""Near duplicates: whatever makes another question is none, and all other ways to say the same are."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.check.near_duplicates import check_near_duplicates
from cardpress.pipeline import check_project, load_and_check
from tests.conftest import DECK, ROOT, WriteProject
from tests.helpers.yaml_text import question

SOURCE = {"sources": ["https://example.org/one"]}
SAME = "The first number."


def pairs(project: Path) -> list[str]:
    """Return the messages of the near duplicates in a project."""
    return [each.message for each in check_project(project).diagnostics if each.code == "near-duplicate-question"]


def ask(*notes: tuple[str, str]) -> str:
    return "".join(question(id=f"q{n}", question=asked, answer=told, **SOURCE) for n, (asked, told) in enumerate(notes))


# --- what makes another question ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("What is the capital of Niger?", "What is the capital of Nigeria?"),
        ("What is the capital of the Republic of the Congo?", "What is the capital of Congo?"),
        ("In which year did World War I begin?", "In which year did World War II begin?"),
        ("What is (f·g)′?", "What is (f/g)′?"),
        ("What is the derivative of f(x)?", "What is the derivative of f'(x)?"),
        ("What is the value of n!?", "What is the value of n?"),
        ("What is the value of 3 + 4?", "What is the value of 3 − 4?"),
        ("What is the value of 5 - 3?", "What is the value of 3 - 5?"),
        ("What is the value of -5?", "What is the value of 5?"),
        ("What follows from p → q here?", "What follows from q → p here?"),
        ("How large is x<sup>2</sup> at 3?", "How large is x<sub>2</sub> at 3?"),
        ("How many watts is one mW?", "How many watts is one MW?"),
        ("What came with version 0.95?", "What came with version 0.96?"),
        ("What does C++ call a destructor?", "What does C# call a destructor?"),
        ("What does `Query` do here?", "What does `Path` do here?"),
        ("What does this print?\n\n```python\nprint(1)\n```", "What does this print?\n\n```python\nprint(2)\n```"),
        ("![A flag](france.svg)", "![A flag](italy.svg)"),
        ("Which flag is this? ![A flag](france.svg)", "Which flag is this? ![A flag](italy.svg)"),
        ("Is a list ordered?", "Is a list not ordered?"),
        ("生", "主"),
        ("यह कि क्या है", "यह का क्या है"),
        ("What does € stand for?", "What does £ stand for?"),
        ("to do", "do"),
    ],
)
def test_another_word_sign_number_picture_or_code_is_another_question(
    first: str, second: str, write_project: WriteProject
) -> None:
    assert pairs(write_project({"first.yaml": ask((first, SAME), (second, SAME))})) == []


@pytest.mark.parametrize(
    ("asked", "first", "second"),
    [
        ("right", "richtig", "rechts"),
        ("What is the capital?", "Niamey", "Abuja"),
        ("What is the root?", "2", "−2"),
        ("What is it called in Go?", "`len(x)`", "`cap(x)`"),
        ("Which is it?", "![A flag](france.svg)", "![A flag](italy.svg)"),
        ("Is it true of lists?", "Yes, since they keep their order.", "No, as nothing in them is ever copied."),
    ],
)
def test_another_answer_is_another_question(asked: str, first: str, second: str, write_project: WriteProject) -> None:
    assert pairs(write_project({"first.yaml": ask((asked, first), (asked, second))})) == []


def test_another_snippet_is_another_question(write_project: WriteProject) -> None:
    recall = [
        {"id": f"r{n}", "question": "What does this print?", "answer": "A number.", "snippet": f"{n}.py"}
        for n in range(3)
    ]
    files = {"snippets/0.py": "print(1)\n", "snippets/1.py": "print(2)\n", "snippets/2.py": "print(1)\n"}
    project = write_project({"first.yaml": question(recall=recall, **SOURCE), **files})
    assert pairs(project) == ["`r2` asks nearly the same as `r0`"]


def test_parts_below_a_name_make_no_other_question(write_project: WriteProject) -> None:
    parts = ("What is a lock?\n\n1. What for?\n2. How long?", "What is a lock?\n\n1. Why?\n2. Who holds it?")
    answer = "A lock lets one thread in at a time."
    one, other = ((each, answer) for each in parts)
    assert pairs(write_project({"first.yaml": ask(one, other)})) == ["`q1` asks nearly the same as `q0`"]
    bullets = (parts[1].replace("1. ", "- ").replace("2. ", "- "), answer)
    assert pairs(write_project({"first.yaml": ask(one, bullets)})) == []


# --- what does not --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("How does FastAPI read a request body?", "How does FastAPI read the request body?"),
        ("What is a dependency?", "What is a dependency"),
        ("What is a closure?", "What's a closure?"),
        ("What is a closure?", "What are closures?"),
        ("What is a closure?", "Please explain what a closure is."),
        ("What do classes inherit?", "what does a CLASS inherit"),
        ("What is the difference between TCP and UDP?", "What is the difference between UDP & TCP?"),
        ("What is the difference between `list` and `tuple`?", "What's the difference between `tuple` and `list`?"),
        ("What is state-of-the-art in parsing?", "In parsing, what is “state of the art”?"),
        ("What does a `Depends` parameter do?", "What does a parameter `Depends` do?"),
        ("What is UTF-8 for?", "what is utf-8 for?"),
        ("Don’t lists copy?", "Don't lists copy!"),
        ("What is **bold** text?", "What is bold text?"),
        ("日本語の質問は何ですか", "日本語の質問は何ですか？"),
        ("Caf\u00e9 au lait", "Cafe\u0301 au lait"),
        ("What is 2 + 2?", "What's 2 + 2?"),
        ("?", "!"),
    ],
)
def test_order_case_punctuation_and_small_words_make_no_difference(
    first: str, second: str, write_project: WriteProject
) -> None:
    project = write_project({"first.yaml": ask((first, SAME), (second, SAME))})
    (found,) = [each for each in check_project(project).diagnostics if each.code == "near-duplicate-question"]
    assert found.message == "`q1` asks nearly the same as `q0`"
    assert found.related[0].span.line == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Paris", "paris."),
        ("Paris", "Paris, on the Seine"),
        (
            "A folder with a Python and packages of its own.",
            "It is a folder; it has packages of its own, and a Python.",
        ),
        ("It runs code when the block ends, even after an error.", "It runs the code when its block ends by an error."),
    ],
)
def test_an_answer_in_other_words_is_the_same_answer(first: str, second: str, write_project: WriteProject) -> None:
    asked = ("What is a virtual environment?", "What's a virtual environment?")
    assert len(pairs(write_project({"first.yaml": ask((asked[0], first), (asked[1], second))}))) == 1


def test_small_words_are_those_of_english(write_project: WriteProject) -> None:
    both = ask(("Was heißt or auf Deutsch", SAME), ("Was heißt on auf Deutsch", SAME))
    assert len(pairs(write_project({"first.yaml": both}))) == 1
    assert pairs(write_project({"deck.yaml": f"language: fr\n{DECK}", "first.yaml": both})) == []


def test_of_three_each_is_held_against_the_first(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": ask(("What is one?", SAME), ("What's one?", SAME), ("one is what", SAME))})
    assert pairs(project) == [f"`q{n}` asks nearly the same as `q0`" for n in (1, 2)]


# --- real decks -----------------------------------------------------------------------------------------------------

_CAPITALS = """Kabul Afghanistan|Tirana Albania|Algiers Algeria|Luanda Angola|Buenos Aires Argentina|Yerevan Armenia|
Canberra Australia|Vienna Austria|Baku Azerbaijan|Nassau Bahamas|Manama Bahrain|Dhaka Bangladesh|Minsk Belarus|
Brussels Belgium|Thimphu Bhutan|Sofia Bulgaria|Bissau Guinea-Bissau|Conakry Guinea|Malabo Equatorial Guinea|
Port Moresby Papua New Guinea|Niamey Niger|Abuja Nigeria|Juba South Sudan|Khartoum Sudan|Seoul South Korea|
Pyongyang North Korea|Kinshasa Democratic Republic of the Congo|Brazzaville Republic of the Congo|Bern Switzerland|
Stockholm Sweden|Bratislava Slovakia|Ljubljana Slovenia|Port Louis Mauritius|Nouakchott Mauritania|Roseau Dominica|
Santo Domingo Dominican Republic|Tallinn Estonia|Riga Latvia|Vilnius Lithuania"""


def test_capitals_cause_no_warning(write_project: WriteProject) -> None:
    both = [entry.strip().rpartition(" ")[::2] for entry in _CAPITALS.split("|")]
    notes = [(f"What is the capital of {country}?", city) for city, country in both]
    back = [(f"Which country has {city} as its capital?", country) for city, country in both]
    assert pairs(write_project({"first.yaml": ask(*notes, *back)})) == []


def test_formulas_cause_no_warning(write_project: WriteProject) -> None:
    functions = ("sin", "cos", "tan", "sinh", "cosh", "tanh", "ln", "exp")
    derivatives = [(f"What is the derivative of {name} x?", f"See page {n}.") for n, name in enumerate(functions)]
    rules = [(f"What is (f{sign}g)′?", "By its rule.") for sign in "+-·/∘"]
    powers = [(f"What is the integral of x{power}?", "By its rule.") for power in "²³⁴⁵⁶⁷"]
    sums = [(f"What is {a} {sign} {b}?", "A number.") for a in range(1, 6) for b in range(1, 6) for sign in "+−×÷"]
    assert pairs(write_project({"first.yaml": ask(*derivatives, *rules, *powers, *sums)})) == []


def test_words_and_characters_of_a_language_cause_no_warning(write_project: WriteProject) -> None:
    kanji = [(f"How is {chr(0x4E00 + n)} read?", f"like {n} others") for n in range(600)]
    words = [
        (word, f"{word} in another language") for word in ("the", "a", "to do", "do", "can", "the can", "on", "in")
    ]
    kana = [(chr(0x3042 + n), chr(0x3042 + n) * 2) for n in range(60)]
    assert pairs(write_project({"first.yaml": ask(*kanji, *words, *kana)})) == []


def test_the_deck_of_this_repository_has_none() -> None:
    bank, _ = load_and_check(ROOT)
    assert list(check_near_duplicates(bank)) == []


def test_questions_of_a_real_deck_are_found_again_in_other_words(write_project: WriteProject) -> None:
    chance = random.Random(7)
    bank, _ = load_and_check(ROOT)
    asked = [question.asked.value for question in bank.active() if question.asked.value.isprintable()]
    notes = []
    for text in asked:
        words = text.rstrip("?").split()
        if any("`" in word for word in words):  # code stays in one piece
            notes.append((text, text.replace("What is the ", "What is a ").rstrip("?") + " ?"))
        else:
            chance.shuffle(words)
            notes.append((text, " ".join(words).upper()))
    for text, other in notes:
        project = write_project({"first.yaml": ask((text, SAME), (other, SAME))})
        assert len(pairs(project)) == 1, (text, other)


# --- bounds ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "What is {n}?",
        "What is the same for all of them?",
        "+ " * 9_000,
        "a" * 19_000,
        "f'" * 9_000,
        "((((" * 4_500,
        "- " * 9_000,
        "e\u0301" * 9_000,
        "·" * 19_000,
        "x!" * 9_000,
    ],
)
def test_many_and_hostile_questions_are_compared_quickly(text: str, write_project: WriteProject) -> None:
    count = 5_000 if len(text) < 100 else 60
    notes = "".join(
        f"- {{id: q{n}, question: '{text.replace(chr(39), chr(39) * 2).format(n=n)}', answer: A {n * 7}}}\n"
        for n in range(count)
    )
    bank, _ = load_and_check(
        write_project({"deck.yaml": f"checks: {{near-duplicate-question: off}}\n{DECK}", "first.yaml": notes})
    )
    for note in bank.notes():
        assert note.asked.document  # its time is not that of the rule
    start = time.process_time()
    list(check_near_duplicates(bank))
    assert time.process_time() - start < 3


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_asked_is_compared(first: str, second: str) -> None:
    from cardpress.check.near_duplicates import _read_prose

    for text in (first, second):
        words: list[str] = []
        exact: list[str] = []
        _read_prose(text, words, exact)
        again: list[str] = []
        _read_prose(f"  {text}\n", again, [])
        assert words == again
