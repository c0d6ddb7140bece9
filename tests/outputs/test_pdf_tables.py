"""No word of a printed table stands on another's: columns are as wide as their longest words need, or words break."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from tests.helpers.decks import deck_from
from tests.helpers.pdf_pages import glyphs, printed
from tests.helpers.yaml_text import indented


def table(*rows: str) -> str:
    head, *others = rows
    return "\n".join([head, "|" + "---|" * (head.count("|") - 1), *others])


JOINS = table(
    "| join | left unmatched | right unmatched | rows at least | note |",
    "| inner | dropped | dropped | none | the default of most |",
    "| left outer | kept, with nulls | dropped | as many as left | |",
    "| full outer | kept, with nulls | kept, with nulls | as many as the larger | rarely what is meant |",
)
# A name, a table, and words of it that must not be broken.
TABLES = {
    "headings of two words": (JOINS, ["unmatched", "dropped", "default"]),
    "one long column": (
        table("| key | required | meaning |", f"| response_model | optionally | {'and more words ' * 12} |"),
        ["optionally", "required", "response_model"],
    ),
    "six columns": (
        table("| isolation | dirty | nonrepeatable | phantom | write skew | locks |", "| a | b | c | d | e | f |"),
        ["isolation", "nonrepeatable", "phantom"],
    ),
    "wide letters": (table("| mmmmmmmmm | wwwwwwwwww | MMMMMMMM | WWWWWWWWW |", "| **mmmmmmmmm** | a | b | c |"), []),
    "code": (
        table("| `response_model` | `status_code` | `dependencies` | `tags` |", "| a | `include_in` | c | d |"),
        ["include_in"],
    ),
    "too wide for whole words": (table("| a | b | c | d | e |", "|" + "response_model_exclude_unset|" * 5), []),
    "twelve columns": (table("|" + "unmatched |" * 12, "|" + "exclude|" * 12), []),
}


@pytest.mark.parametrize("place", ["answer", "question"])
@pytest.mark.parametrize("name", TABLES)
def test_no_word_of_a_table_stands_on_another(tmp_path: Path, name: str, place: str) -> None:
    text, whole = TABLES[name]
    texts = {"question": "Q?", "answer": "A.", place: indented(text)}
    source = f"- id: q\n  question: {texts['question']}\n  answer: {texts['answer']}\n"
    for sheet, artifact in printed(deck_from(tmp_path, {"first.yaml": source})).items():
        drawn = ""
        for page in pikepdf.open(io.BytesIO(artifact.data)).pages:
            found = [glyph for glyph in glyphs(page) if glyph.text.strip()]
            for one, other in pairwise(sorted(found, key=lambda glyph: (glyph.y, glyph.left))):
                overlap = one.right - other.left if one.y == other.y else 0
                assert overlap < 0.12 * one.size, (sheet, one, other)  # pairs of letters are kerned
            for before, after in pairwise([found[0], *found]):
                drawn += after.text if before.y == after.y else f"\n{after.text}"
        for word in whole:
            assert word in drawn, (sheet, word)
