"""The first help line is the right one: who types it has no second report of the same slip."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardpress.pipeline import check_project
from tests.conftest import WriteProject
from tests.helpers.diagnostics import problems

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200">
  <rect id="linse" width="40" height="20"/><rect id="hornhaut" x="90" width="40" height="20"/>
</svg>
"""
DECK = """\
id: sample
title: Sample deck
version: 0.1.0
date: 2026-01-01
note_type: basic
checks: {no-source: "off", "english-labels": "off"}
sections:
  - id: first
    title: First
"""
EYE = "- id: eye\n  header: What?\n  occlude:\n    image: eye.svg\n    masks:\n"
LABELLED = f"{EYE}      - {{id: m, shape: linse, label: lens}}\n"
CARD = "- {id: a, question: What?, answer: That.}\n"
TABLE = f"{DECK}    table: first.csv\n"


def project_of(write_project: WriteProject, files: dict[str, str]) -> Path:
    project = write_project({"deck.yaml": DECK, "first.yaml": CARD, "media/eye.svg": SVG, **files})
    if "first.csv" in files:
        (project / "source/first.yaml").unlink()
    return project


# The files, and for each report its code, what its message has, and its help line.
FIRST: dict[str, tuple[dict[str, str], str, str, str]] = {
    "a bracket between braces": (
        {"first.yaml": "- {id: a, question: \u98df\u3079\u308b[\u305f\u3079\u308b], answer: essen}\n"},
        "yaml-syntax",
        "an unquoted text between `{` and `}` cannot hold `[`",
        'quote it: "\u98df\u3079\u308b[\u305f\u3079\u308b]"',
    ),
    "a brace in a list": (
        {"first.yaml": "- {id: a, question: b, answer: c, tags: [x, y{z} w]}\n"},
        "yaml-syntax",
        "an unquoted text between `[` and `]` cannot hold `{`",
        'quote it: "y{z} w"',
    ),
    "a level with space around": (
        {"deck.yaml": DECK.replace("title: Sample deck", "title: Sample deck\ndeck_name: A :: B")},
        "yaml-syntax",
        "an unquoted text cannot hold `: `",
        'write deck_name: "A::B": Anki drops the space around a level of a name',
    ),
    "paper in capitals": (
        {"deck.yaml": f"{DECK}outputs: {{study-notes: {{papers: A4}}}}\n"},
        "wrong-type",
        "expected a list for `papers`",
        "write `papers: [a4]`",
    ),
    "a section's name that is null": (
        {"deck.yaml": f"{DECK}    deck_name: null\n"},
        "text-expected",
        "`deck_name: null` is no name",
        "write `deck_name: false` for no subdeck, or remove it for one with the section's title",
    ),
    "the deck's name that is null": (
        {"deck.yaml": DECK.replace("title: Sample deck", "title: Sample deck\ndeck_name: null")},
        "text-expected",
        "`deck_name: null` is no name",
        "remove it, and the deck is called as its title; or write a name",
    ),
    "other columns": (
        {"deck.yaml": TABLE, "first.csv": "Frage;Antwort\nHund;c\u00e3o\n"},
        "missing-key",
        "the first row names no columns",
        "write the names of the columns in the first row, such as `question;answer`",
    ),
    "three other columns": (
        {"deck.yaml": TABLE, "first.csv": "Nummer;Frage;Antwort\n1;Hund;c\u00e3o\n"},
        "missing-key",
        "the first row names no columns",
        "write the names of the columns in the first row, such as `id;question;answer`",
    ),
    "four other columns and tabs": (
        {"deck.yaml": TABLE, "first.csv": "Nummer\tFrage\tAntwort\tArt\n1\tHund\tc\u00e3o\tx\n"},
        "missing-key",
        "the first row names no columns",
        "write the names of the columns in the first row, such as `id`, `question`, `answer`, `\u2026`, with tabs "
        "between them",
    ),
    "equal answers that ids are made from": (
        {
            "deck.yaml": f"{TABLE}    ids: {{from: answer}}\n",
            "first.csv": "question;answer\nHund;c\u00e3o\nDogge;c\u00e3o\n",
        },
        "duplicate-id",
        "`cao` is that of another row",
        "write another text, or add a column `id` and fill it in this row; other rows keep theirs",
    ),
    "one shape in a list's place": (
        {"first.yaml": f"{EYE}      - {{id: m, shapes: linse, label: lens}}\n"},
        "wrong-type",
        "expected a list for `shapes`",
        "write `shapes: [linse]`",
    ),
    "several shapes in one's place": (
        {"first.yaml": f"{EYE}      - {{id: m, shape: [linse, hornhaut], label: lens}}\n"},
        "wrong-type",
        "expected a text for `shape`",
        "write `shapes: [linse, hornhaut]`",
    ),
    "shapes that want quotes": (
        {"first.yaml": f"{EYE}      - {{id: m, shape: ['1', linse], label: lens}}\n"},
        "wrong-type",
        "expected a text for `shape`",
        "write `shapes` in place of `shape`",
    ),
    "a question above a picture": (
        {"first.yaml": LABELLED.replace("header", "question")},
        "unknown-key",
        "has no key `question`",
        "write `header` in place of `question`, above a picture with masks",
    ),
    "an answer below a picture": (
        {"first.yaml": LABELLED.replace("  header: What?", "  answer: It is round.")},
        "unknown-key",
        "has no key `answer`",
        "remove it; what a mask hides is its `label`",
    ),
    "masks in a whole question": (
        {"first.yaml": LABELLED.replace("header: What?", "question: What?\n  answer: That.")},
        "unknown-key",
        "a basic note has no key `occlude`",
        "a picture with masks asks by itself: write what stands above it under `header`",
    ),
    "a sound with another name": (
        {"first.yaml": CARD.replace("What?", "'Which? ![a lion](leao.svg)'")},
        "missing-media",
        "no file source/media/leao.svg",
        "create source/media/leao.svg",
    ),
    "a sound with a near name": (
        {"first.yaml": CARD.replace("What?", "'Which? ![an eye](eyes.svg)'")},
        "missing-media",
        "no file source/media/eyes.svg",
        "did you mean `eye.svg`?",
    ),
    "code in the place of its file's name": (
        {"first.yaml": "- id: a\n  question: What?\n  answer: That.\n  snippet: |\n    SELECT 1\n    FROM t;\n"},
        "missing-snippet",
        "this is code, and no name of a file in source/snippets/",
        "put it into a file there, such as source/snippets/example.py, and write `example.py` here",
    ),
    "a line of code in the place of its file's name": (
        {"first.yaml": '- {id: a, question: What?, answer: That., snippet: "print(1)"}\n'},
        "missing-snippet",
        "this is code, and no name of a file in source/snippets/",
        "put it into a file there, such as source/snippets/example.py, and write `example.py` here",
    ),
    "a snippet's name with a space": (
        {"first.yaml": "- {id: a, question: What?, answer: That., snippet: my code.py}\n"},
        "missing-snippet",
        "no file source/snippets/my code.py",
        "create source/snippets/my code.py",
    ),
    "a table without the sign that keeps its lines": (
        {"deck.yaml": f"{DECK}comparisons:\n  - title: A\n    table:\n      | a | b |\n      |---|---|\n"},
        "yaml-syntax",
        "an unquoted text cannot start with `|`",
        "write `table: |` in the line above, which keeps the lines below it",
    ),
    "a text in backticks without that sign": (
        {"first.yaml": "- id: a\n  question: What?\n  answer:\n    `x` is one,\n    and `y` another.\n"},
        "yaml-syntax",
        "an unquoted text cannot start with a backtick",
        "write `answer: |` in the line above, which keeps the lines below it",
    ),
    "a line in backticks below its key": (
        {"first.yaml": "- id: a\n  question: What?\n  answer:\n    `x`\n  extra: More.\n"},
        "yaml-syntax",
        "an unquoted text cannot start with a backtick",
        'quote it: "`x`"',
    ),
    "a list without entries": (
        {"first.yaml": "- id: a\n  question: What?\n  answer: That.\n  gist:\n"},
        "wrong-type",
        "expected a list for `gist`, found nothing",
        "put each entry on a line of its own below `gist:`, after `- `; or remove it",
    ),
    "a mapping without keys": (
        {"deck.yaml": f"{DECK}outputs:\n"},
        "wrong-type",
        "expected a mapping for `outputs`, found nothing",
        "write what differs from a build without it, such as `outputs: {booklet: false}`",
    ),
    "parts as a key": (
        {"first.yaml": CARD.replace("}", ", parts: [Which?]}")},
        "unknown-key",
        "has no key `parts`",
        "number them below its sentence, in `question: |`: `1. \u2026`, `2. \u2026`",
    ),
    "a gist by another name": (
        {"first.yaml": CARD.replace("}", ", cheatsheet: [This]}")},
        "unknown-key",
        "has no key `cheatsheet`",
        "did you mean `gist`?",
    ),
    "a comparison in a question": (
        {"first.yaml": CARD.replace("}", ", comparison: [This]}")},
        "unknown-key",
        "has no key `comparison`",
        "write it in deck.yaml, under `comparisons`",
    ),
    "a gist below a question": (
        {
            "first.yaml": "- id: a\n  note_type: interview\n  question: What?\n  answer: That.\n"
            "  recall: [{id: b, question: Which?, answer: This., gist: [this]}]\n"
        },
        "unknown-key",
        "a recall note has no key `gist`",
        "write it at the question, beside `recall`",
    ),
    "a table without a line below its first row": (
        {"deck.yaml": f"{DECK}comparisons:\n  - title: A\n    table: |\n      | a | b |\n      | c | d |\n"},
        "comparison-without-table",
        "a table of 2 columns has a line `|---|---|` below its first row",
        "write `|---|---|` as its second line",
    ),
    "comparisons without a list": (
        {"deck.yaml": f"{DECK}comparisons:\n  A against B: |\n    | a | b |\n    |---|---|\n    | c | d |\n"},
        "wrong-type",
        "expected a list for `comparisons`, found a mapping",
        'write `- title: "A against B"`, and below it `table: |` with the table',
    ),
    "a table in a text, without that line": (
        {"first.yaml": "- id: a\n  question: What?\n  answer: |\n    This:\n\n    | a | b |\n    | c | d |\n"},
        "unsupported-markdown",
        "`| a | b |` begins no table, and is shown as typed",
        "write `|---|---|` as its second line, with a part for each column",
    ),
    "the package by another name": (
        {"deck.yaml": f"{DECK}outputs: {{anki: true}}\n"},
        "bad-output",
        "there is no output `anki`",
        "did you mean `apkg`?",
    ),
    "the page by another name": (
        {"deck.yaml": f"{DECK}outputs: {{HTML: true}}\n"},
        "bad-output",
        "there is no output `HTML`",
        "did you mean `page`?",
    ),
    "an option of sheets outside of one": (
        {"deck.yaml": f"{DECK}outputs: {{papers: [a4]}}\n"},
        "bad-output",
        "there is no output `papers`",
        "it is an option: write `pdf: {papers: \u2026}`",
    ),
}


@pytest.mark.parametrize("name", FIRST)
def test_the_first_help_is_the_right_one(write_project: WriteProject, name: str) -> None:
    files, code, message, help_line = FIRST[name]
    (problem,) = problems(project_of(write_project, files))
    assert (problem.code, problem.help) == (code, help_line)
    assert message in problem.message


def test_a_note_type_whose_declaration_is_broken_is_meant_all_the_same(write_project: WriteProject) -> None:
    project = project_of(write_project, {"deck.yaml": DECK.replace("note_type: basic", "note_type: Parola")})
    declared = project / "templates/note-types/parola/note-type.yaml"
    declared.parent.mkdir(parents=True)
    declared.write_text("title: Parola\nfields: none\n", encoding="utf-8")
    (problem,) = (each for each in problems(project) if each.code == "unknown-note-type")
    assert problem.help.startswith("did you mean `parola`?")


@pytest.mark.parametrize("first", ["", "Answer: Risposta\n"])
def test_a_placeholder_in_a_file_of_labels_is_quoted_on_both_sides(write_project: WriteProject, first: str) -> None:
    project = project_of(write_project, {"deck.yaml": f"language: it\n{DECK}"})
    strings = project / "templates/strings/it.yaml"
    strings.parent.mkdir(parents=True)
    strings.write_text(f"{first}{{n}} of {{all}}: {{n}} di {{all}}\n", encoding="utf-8")
    (problem,) = (each for each in problems(project) if each.code != "english-labels")
    assert (problem.code, problem.help) == ("yaml-syntax", 'quote both: "{n} of {all}": "{n} di {all}"')


@pytest.mark.parametrize("words", [("WAHR", "FALSCH"), ("VRAI", "faux"), ("Verdadero", "FALSO"), ("VERDADEIRO", "0")])
def test_a_flag_is_read_as_spreadsheets_write_it(write_project: WriteProject, words: tuple[str, str]) -> None:
    rows = f"id;question;answer;reverse\na;Hund;c\u00e3o;{words[0]}\nb;Katze;gato;{words[1]}\n"
    assert problems(project_of(write_project, {"deck.yaml": TABLE, "first.csv": rows})) == []


@pytest.mark.parametrize("outputs", ["recall-cards: true", "cheatsheet: true", "recall-cards: {papers: [a4]}"])
def test_a_sheet_is_not_called_empty_where_a_file_cannot_be_read(write_project: WriteProject, outputs: str) -> None:
    project = project_of(
        write_project, {"deck.yaml": f"{DECK}outputs: {{{outputs}}}\n", "first.yaml": "- {id: a, question: `}\n"}
    )
    assert [each.code for each in problems(project)] == ["yaml-syntax"]


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|---|\n| c | d |",
        "Of |x| and |y|\nthe larger.",
        "|x| is 1,\nand |y| is 2",
        "`| a |`\n`| b |`",
        "```text\n| a | b |\n| c | d |\n```",
    ],
)
def test_what_is_a_table_or_none_is_left_alone(write_project: WriteProject, text: str) -> None:
    answer = "\n".join(f"    {line}" for line in text.split("\n"))
    first = f"- id: a\n  question: What?\n  answer: |\n{answer}\n"
    assert problems(project_of(write_project, {"first.yaml": first})) == []


def test_each_table_without_its_line_is_reported_in_lists_and_quotations_too(write_project: WriteProject) -> None:
    rows = "| a | b |\n| c | d |"
    text = f"{rows}\n\n- {rows.replace(chr(10), chr(10) + '  ')}\n\n> {rows.replace(chr(10), chr(10) + '> ')}"
    answer = "\n".join(f"    {line}" for line in text.split("\n"))
    first = f"- id: a\n  question: What?\n  answer: |\n{answer}\n"
    found = problems(project_of(write_project, {"first.yaml": first}))
    assert [(each.code, each.span.line, each.span.column) for each in found] == [
        ("unsupported-markdown", 4, 5),
        ("unsupported-markdown", 7, 7),
        ("unsupported-markdown", 10, 7),
    ]


def test_no_warning_that_deck_yaml_may_switch_off_is_given_where_it_cannot_be_read(write_project: WriteProject) -> None:
    project = project_of(write_project, {"deck.yaml": f"{DECK}comparisons: `\n"})
    assert [each.code for each in check_project(project).diagnostics] == ["yaml-syntax"]
