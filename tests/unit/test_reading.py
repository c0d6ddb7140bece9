"""Values are read as what the format wants, and what is not that is reported with what to type instead."""

from __future__ import annotations

import pytest

from cardpress.diagnostics import Diagnostic
from cardpress.source.yaml.reading import MAX_CHARACTERS, MAX_ENTRIES
from tests.conftest import DECK, QUESTION, WriteProject
from tests.helpers.diagnostics import codes, places, problems
from tests.helpers.yaml_text import question


def only(found: list[Diagnostic]) -> Diagnostic:
    assert len(found) == 1, places(found)
    return found[0]


@pytest.mark.parametrize(
    "typed", ["no", "3.10", "2024-01-01", "null", "~", "7", "yes", "1_000", "0o7", "12:30:45", ".nan"]
)
@pytest.mark.parametrize(
    ("before", "line"), [("  extra: ", 5), ("  key_points:\n    - ", 6), ("  sources:\n    - ", 6)]
)
def test_an_unquoted_value_that_is_no_text_is_shown_quoted(
    typed: str, before: str, line: int, write_project: WriteProject
) -> None:
    content = QUESTION.replace("  sources: [https://example.org/one]\n", "") + f"  level: beginner\n{before}{typed}\n"
    found = problems(write_project({"first.yaml": content}))
    if typed == "0o7":  # YAML 1.1 takes it for a text, as we do
        assert "text-expected" not in codes(found)
        return
    problem = only(found)
    assert (problem.code, problem.help) == ("text-expected", f'quote it: "{typed}"')
    assert problem.span.line == line
    assert problem.span.excerpt[problem.span.column - 1 :] == typed


COLON = "Depends: it runs"


@pytest.mark.parametrize(
    ("content", "place", "help_part"),
    [
        (f"  key_points:\n    - {COLON}\n", "6:7", f'`- "{COLON}"`'),
        (f"  tags:\n    - {COLON}\n", "6:7", f'`- "{COLON}"`'),
        (f"  key_points: [{COLON}]\n", "5:16", f'`- "{COLON}"`'),
        (f"  extra:\n    {COLON}\n", "6:5", f'`extra: "{COLON}"`'),
        (f"  pitfalls:\n    - {COLON}\n", "6:7", "claim: …, truth: …"),
        (f"  pitfalls:\n    - claim:\n        {COLON}\n      truth: No.\n", "7:9", f'`claim: "{COLON}"`'),
        (f"  sources:\n    - {COLON}\n", "6:7", "url: …"),
        (f"  recall:\n    - {COLON}\n", "6:7", "id: …, question: …, answer: …"),
        (f"  output:\n    {COLON}\n", "6:5", f'`output: "{COLON}"`'),
    ],
)
def test_a_colon_in_an_unquoted_text_is_one_problem_with_its_fix(
    content: str, place: str, help_part: str, write_project: WriteProject
) -> None:
    base = QUESTION.replace("sources: [https://example.org/one]", "level: beginner")
    problem = only(problems(write_project({"first.yaml": base + content})))
    assert f"{problem.span.line}:{problem.span.column}" == place
    assert problem.code == "wrong-type"
    assert help_part in problem.help


def test_a_colon_after_a_key_on_the_same_line_is_shown_quoted(write_project: WriteProject) -> None:
    for key in ("question", "answer", "extra", "how_to_answer"):
        problem = only(problems(write_project({"first.yaml": f"- id: one\n  {key}: {COLON}\n"})))
        assert problem.help == f'quote it: {key}: "{COLON}"'


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("anser", "answer"),
        ("Answer", "answer"),
        ("example-answer", "example_answer"),
        ("Example Answer", "example_answer"),
        ("exampleanswer", "example_answer"),
        ("keypoints", "key_points"),
        ("see also", "see_also"),
        ("source", "sources"),
        ("tag", "tags"),
    ],
)
def test_a_mistyped_key_is_guessed(typed: str, meant: str, write_project: WriteProject) -> None:
    found = problems(write_project({"first.yaml": QUESTION + f"  {typed}: x\n"}))
    assert [each.help for each in found if each.code == "unknown-key"] == [
        f"did you mean `{meant}`?{' Upper and lower case differ' if typed.lower() == meant else ''}"
    ]


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("picture", "write `![what it shows](file.png)` in a text"),
        ("Image", "write `![what it shows](file.png)` in a text"),
        ("code", "put it into a file of source/snippets/, and write the file's name under `snippet`"),
    ],
)
def test_a_key_that_authors_look_for_is_told_what_stands_for_it(
    typed: str, hint: str, write_project: WriteProject
) -> None:
    (found,) = problems(write_project({"first.yaml": QUESTION + f"  {typed}: x.png\n"}))
    assert (found.code, found.help) == ("unknown-key", hint)


@pytest.mark.parametrize(
    ("reason", "shown"), [("Not in the exam", "Not in the exam"), ("Old, and wrong", '"Old, and wrong"')]
)
def test_a_bare_reason_is_shown_in_its_mapping(reason: str, shown: str, write_project: WriteProject) -> None:
    (found,) = problems(write_project({"first.yaml": QUESTION + f"  retired: {reason}\n"}))
    assert (found.code, found.help) == ("wrong-type", f"write `retired: {{reason: {shown}}}`")


def test_a_key_like_none_gets_the_list_of_keys(write_project: WriteProject) -> None:
    problem = only(problems(write_project({"first.yaml": QUESTION + "  zzz: x\n"})))
    assert problem.help.startswith("it may have: id, question, answer, key_points")


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "first", "'007'", "1234567890", "[1]", "{a: 1}", "~"])
def test_a_number_is_a_whole_number_from_1_up(number: str, write_project: WriteProject) -> None:
    problem = only(problems(write_project({"first.yaml": QUESTION + f"  number: {number}\n"})))
    assert problem.code == "bad-number"


@pytest.mark.parametrize("number", ["1", "'7'", "123456789"])
def test_a_number_may_stand_in_quotes(number: str, write_project: WriteProject) -> None:
    assert problems(write_project({"first.yaml": QUESTION + f"  number: {number}\n"})) == []


@pytest.mark.parametrize("value", ["''", "'  '", '"\\n"', "", "|\n"])
def test_an_empty_text_is_no_text(value: str, write_project: WriteProject) -> None:
    problem = only(problems(write_project({"first.yaml": QUESTION + f"  extra: {value}\n"})))
    assert problem.code == "empty-text"


def test_a_text_may_be_as_long_as_any_answer_and_no_longer(write_project: WriteProject) -> None:
    fits = question(answer="x" * MAX_CHARACTERS)
    assert problems(write_project({"first.yaml": fits})) == []
    assert codes(problems(write_project({"first.yaml": question(answer="x" * (MAX_CHARACTERS + 1))}))) == [
        "text-too-long"
    ]


@pytest.mark.parametrize(("key", "entry"), [("sources", "https://e.org/{}"), ("key_points", "p{}"), ("tags", "t{}")])
def test_a_list_may_be_as_long_as_any_and_no_longer(key: str, entry: str, write_project: WriteProject) -> None:
    entries = [entry.format(number) for number in range(MAX_ENTRIES + 1)]
    assert problems(write_project({"first.yaml": question(**{key: entries[:-1]})})) == []
    problem = only(problems(write_project({"first.yaml": question(**{key: entries})})))
    assert (problem.code, problem.message) == ("text-too-long", f"`{key}` has 1,001 entries; 1,000 are allowed")
    assert problem.span.file.text[problem.span.start : problem.span.end].strip('"') == entries[-1]


@pytest.mark.parametrize(
    ("typed", "cut"),
    [
        ("It closes #5 today.", True),
        ("It closes  # five", False),
        ("C# is one", False),
        ("'quoted' # five", False),
        ("a\n    b #5", True),
    ],
)
def test_a_text_that_a_comment_cuts_is_warned_of(typed: str, cut: bool, write_project: WriteProject) -> None:
    found = problems(write_project({"first.yaml": QUESTION + f"  extra: {typed}\n"}))
    assert ("text-cut-by-comment" in codes(found)) is cut


@pytest.mark.parametrize(
    ("version", "meant"),
    [("1", "1.0.0"), ("1.10", "1.10.0"), ("v2.3.4", "2.3.4"), ("01.2.3", "1.2.3"), ("next", "1.0.0")],
)
def test_a_version_is_guessed(version: str, meant: str, write_project: WriteProject) -> None:
    problem = only(problems(write_project({"deck.yaml": DECK.replace("1.0.0", version)})))
    assert (problem.code, problem.help) == ("bad-version", f"write three numbers: `version: {meant}`")


@pytest.mark.parametrize(
    "date", ["2026", "2026-13-01", "1979-12-31", "2026-1-2", "2026-01-02T00:00:00", "tomorrow", "２０２６-01-02"]
)
def test_a_date_is_a_day_that_a_package_can_have(date: str, write_project: WriteProject) -> None:
    assert codes(problems(write_project({"deck.yaml": DECK.replace("2026-01-02", date)}))) == ["bad-date"]


@pytest.mark.parametrize("date", ["'2026-01-02'", "2028-02-29", "1980-01-01"])
def test_a_date_may_stand_in_quotes(date: str, write_project: WriteProject) -> None:
    assert problems(write_project({"deck.yaml": DECK.replace("2026-01-02", date)})) == []


@pytest.mark.parametrize(
    ("entry", "code", "hint"),
    [
        ("{id: r, question: What is it, really?, answer: x}", "text-expected", 'quote it: "What is it, really?"'),
        ("{id: r, question: Q?, answer: a, b, c}", "text-expected", 'quote it: "a, b, c"'),
        ("{id: r, question: Q?, answer: 1, 2}", "text-expected", 'quote it: "1, 2"'),
        ("{id: r, question: Q?, answer: x, tags: one, two}", "wrong-type", "write `tags: [one, two]`"),
        ("{id: r, question: Q?, answer: x, tags: one}", "wrong-type", "write `tags: [one]`"),
        ('{id: r, question: "Q?", really, answer: x}', "unknown-key", "it may have: "),
    ],
)
def test_a_comma_in_braces_that_cuts_a_text_is_one_problem_with_its_fix(
    entry: str, code: str, hint: str, write_project: WriteProject
) -> None:
    found = problems(write_project({"first.yaml": f"{QUESTION}  recall:\n    - {entry}\n"}))
    assert codes(found) == [code]
    assert found[0].help.startswith(hint)


def test_many_commas_in_braces_are_read_quickly(write_project: WriteProject) -> None:
    found = problems(write_project({"first.yaml": f"- {{id: one, answer: x{', word' * 20_000}{' ' * 20_000}}}\n"}))
    assert {"text-expected", "unknown-key", "duplicate-key"} >= {each.code for each in found[:50]}


def test_a_forgotten_dash_is_one_problem_with_its_fix(write_project: WriteProject) -> None:
    second = QUESTION.replace("- id: one", "  id: two")
    (found,) = problems(write_project({"first.yaml": QUESTION + second}))
    assert (found.code, found.span.line) == ("duplicate-key", 5)
    assert found.help.startswith("if this begins the next entry, put `- ` before it: `- id: …`; if not, keep one of")
    twice = QUESTION + "  answer: Again.\n  sources: [https://example.org/two]\n"
    found_twice = problems(write_project({"first.yaml": twice}))
    assert [each.help for each in found_twice] == [f"keep one of the two; the first is in line {n}" for n in (3, 4)]
    assert "- id" not in problems(write_project({"deck.yaml": DECK + "id: other\n"}))[0].help


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("tags", "\n    -a"),
        ("tags", "\n    -a\n    -b"),
        ("sources", "\n    -https://x.org/"),
        ("see_also", "\n    -b: c"),
    ],
)
def test_a_dash_without_a_space_in_a_list_is_said_to_want_one(
    key: str, value: str, write_project: WriteProject
) -> None:
    text = f"- id: one\n  question: What?\n  answer: That.\n  {key}:{value}\n"
    (found,) = problems(write_project({"first.yaml": text}))
    assert (found.code, found.help) == ("wrong-type", "put a space after the dash")


def test_a_dash_without_a_space_at_the_start_of_a_section_is_said_to_want_one(write_project: WriteProject) -> None:
    (found,) = problems(write_project({"first.yaml": "-id: venv\nquestion: What?\nanswer: That.\n"}))
    assert places([found]) == ["source/first.yaml:1:1 wrong-type"]
    assert found.help == "put a space after the dash"


@pytest.mark.parametrize("value", ["-5", "a - b"])
def test_a_dash_beside_its_key_may_be_a_sign(value: str, write_project: WriteProject) -> None:
    (found,) = problems(write_project({"first.yaml": f"{QUESTION}  tags: {value}\n"}))
    assert found.help != "put a space after the dash"


@pytest.mark.parametrize(("key", "typed"), [("answer", "anwser"), ("question", "Question"), ("id", "ids")])
def test_a_mistyped_key_is_not_missing_as_well(key: str, typed: str, write_project: WriteProject) -> None:
    (found,) = problems(write_project({"first.yaml": QUESTION.replace(f"{key}:", f"{typed}:", 1)}))
    assert (found.code, found.help.split("?")[0]) == ("unknown-key", f"did you mean `{key}`")


def test_a_key_that_is_like_another_is_missing_all_the_same(write_project: WriteProject) -> None:
    found = problems(write_project({"first.yaml": QUESTION.replace("answer:", "tagz:", 1)}))
    assert sorted(codes(found)) == ["missing-key", "unknown-key"]
