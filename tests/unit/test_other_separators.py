"""A row whose cells another sign parts than those of the first row is told so."""

from __future__ import annotations

import pytest

from tests.conftest import DECK, WriteProject
from tests.helpers.diagnostics import problems


@pytest.mark.parametrize(
    ("name", "sign", "row", "hint"),
    [
        (
            "first.csv",
            ",",
            "two;What?;That.",
            "part its cells with commas as in the first row, and not with semicolons",
        ),
        ("first.csv", ",", "two\tWhat?\tThat.", "part its cells with commas as in the first row, and not with tabs"),
        (
            "first.csv",
            ";",
            "two,What?,That.",
            "part its cells with semicolons as in the first row, and not with commas",
        ),
        ("first.tsv", "\t", "two;What?;That.", "part its cells with tabs as in the first row, and not with semicolons"),
        ("first.csv", ",", "two", "add the cells that are missing, though they are empty"),
        ("first.csv", ",", '"two;What?;That."', "add the cells that are missing, though they are empty"),
        ("first.csv", ",", "two,What? One; two; three", "add the cells that are missing, though they are empty"),
    ],
)
def test_a_row_with_another_sign_is_told_the_one_of_the_first_row(
    name: str, sign: str, row: str, hint: str, write_project: WriteProject
) -> None:
    table = "id,question,answer\none,Which?,This.\n".replace(",", sign) + f"{row}\n"
    project = write_project({"deck.yaml": f"{DECK}    table: {name}\n", name: table})
    (project / "source" / "first.yaml").unlink(missing_ok=True)
    assert [(each.span.line, each.help) for each in problems(project) if each.code == "ragged-row"] == [(3, hint)]
