"""GUIDs and numbers never change: a learner's schedule hangs on them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardpress.note_types.identity import make_guid, make_number

SLUGS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)


@pytest.mark.parametrize(
    ("deck_id", "note_id", "guid"),
    [
        ("sample", "one", "OwvvoozpqVAZGhhj"),
        ("fastapi-interview", "what-fastapi-is", "aybIkTprjgMqX0i9"),
        ("fastapi-interview", "advantages", "9D0yOnac8unOUs6b"),
        ("fastapi-interview", "when-to-choose-fastapi", "u6vjWz12FO0YWNJS"),
    ],
)
def test_a_guid_is_the_same_for_ever(deck_id: str, note_id: str, guid: str) -> None:
    assert make_guid(deck_id, note_id) == guid


@pytest.mark.parametrize(
    ("parts", "number"),
    [(("sample", "deck"), 8111116335217024), (("sample", "note-type", "interview"), 661880007291223)],
)
def test_a_number_is_the_same_for_ever(parts: tuple[str, ...], number: int) -> None:
    assert make_number(*parts) == number


@given(SLUGS, SLUGS, SLUGS)
def test_ids_that_join_to_the_same_letters_are_not_the_same(deck_id: str, note_id: str, other: str) -> None:
    assert make_guid(deck_id, f"{note_id}-{other}") != make_guid(f"{deck_id}-{note_id}", other)
    assert (make_guid(deck_id, note_id) == make_guid(deck_id, other)) == (note_id == other)


@given(SLUGS, SLUGS)
def test_guids_are_what_the_schema_promises_and_numbers_what_javascript_holds(deck_id: str, note_id: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{16}", make_guid(deck_id, note_id))
    assert 2**40 <= make_number(deck_id, note_id) < 2**53
