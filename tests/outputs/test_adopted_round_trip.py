"""Whatever a deck holds, the package that its project makes has the same notes, note types and decks."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cardpress.adopt.plans import list_tags
from cardpress.anki.original import Original, OriginalCard, OriginalDeck, OriginalField, OriginalNote, OriginalType
from cardpress.anki.original_package import read_original
from cardpress.diagnostics import has_errors
from tests.helpers.adopting import adopt_original, build_package

MOMENT = 1_715_000_000
PIECES = st.sampled_from(
    [
        *"aéß日א \t\n'\"<>&;:,#-*_[](){}|\\/!%@`=+.$~^1",
        *("the dog", "el perro", "  ", "&nbsp;", "&lt;", "&amp;", "<br>", "<b>bold</b>", "<i>it", "</i>"),
        *('<span style="color: red">', "</span>", "<div>one</div>", "<ul><li>a</li></ul>", "<p>par</p>", "x" * 200),
        *("<table><tr><td>x</td></tr></table>", r"\(x^2\)", r"\[\frac{1}{2}\]", "[latex]x[/latex]", "[$]y[/$]"),
        *("https://example.org/a?b=c", "**bold**", "- a", "1. b", "{{c1::gap}}", "{{c2::gap::hint}}", "::", "}}", "{{"),
        *(
            "漢字[かんじ]",
            "\u200b",
            "\u00ad",
            "\u2028",
            "e\u0301",
            "\U0001f600",
            "yes",
            "null",
            "2026-11-27",
            "# heading",
        ),
        *("```", "<!-- note -->"),
    ]
)
VALUES = st.lists(PIECES, max_size=8).map("".join)
GUIDS = st.text(st.sampled_from("abc123!#$%&()*+,-./:;<=>?@[]^_`{|}~'\" "), min_size=1, max_size=12)
TAGS = st.lists(
    st.sampled_from(["b", "A::deep", "a", "B", "x,y", "it's", "leech", "日本", "1.5", "yes", "-"]),
    max_size=4,
    unique_by=str.casefold,
)
BASIC = OriginalType(
    "basic",
    1_500_000_000_001,
    "Basic",
    False,
    (OriginalField("Front", 11), OriginalField("Back", 12, "Noto", 30, True, "what it means", True, True)),
    (OriginalCard("Card 1", "{{Front}}", "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}", 21),),
    ".card { color: red; }\n",
    MOMENT,
    1,
    "\\before",
    "\\after",
    True,
)
CLOZE = OriginalType(
    "cloze",
    1_500_000_000_002,
    "Cloze (ü)",
    True,
    (OriginalField("Text", 13), OriginalField("Back Extra", 14)),
    (OriginalCard("Cloze", "{{cloze:Text}}", "{{cloze:Text}}<br>{{Back Extra}}", 22),),
    "",
    MOMENT + 1,
)
DECKS = (OriginalDeck("Spanish", 1_500_000_000_101), OriginalDeck("Spanish::One two", 1_500_000_000_102))


def make_original(notes: list[tuple[str, str, str, list[str], bool, int]]) -> Original:
    made = []
    for place, (guid, first, second, tags, is_cloze, deck) in enumerate(notes):
        note_type = CLOZE if is_cloze else BASIC
        made.append(
            OriginalNote(guid, note_type.key, (first, second), tuple(tags), MOMENT + place, ((1, DECKS[deck].name),))
        )
    return Original("an Anki package", DECKS, (BASIC, CLOZE), tuple(made), {})


NOTES = st.lists(
    st.tuples(GUIDS, VALUES, VALUES, TAGS, st.booleans(), st.integers(0, 1)),
    min_size=1,
    max_size=40,
    unique_by=lambda note: note[0],
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NOTES)
@example([("a", "the dog", "el perro", ["b", "a"], False, 1), ("b", "", "only a back", [], False, 0)])
def test_an_adopted_deck_makes_the_same_notes(notes: list[tuple[str, str, str, list[str], bool, int]]) -> None:
    original = make_original(notes)
    with tempfile.TemporaryDirectory(prefix="cardpress-adopted-") as folder:
        made = adopt_original(original, b"what learners have", Path(folder) / "project")
        again = read_original(build_package(Path(folder) / "project"))

    assert not has_errors(made.diagnostics)
    told = {loss.where for loss in made.adopted.losses}
    plan = made.adopted.plan
    assert plan is not None
    safe = {note.guid: note for note in plan.safe.original.notes}
    kept = {note.guid: note for section in plan.sections for _, note in section.notes}
    has = {note.guid: note for note in again.notes}
    assert has.keys() == kept.keys()
    for note in original.notes:
        if note.guid not in kept:
            assert told  # it was left out
            continue
        now = has[note.guid]
        wanted = tuple(normalize("NFC", value) for value in safe[note.guid].fields)
        assert (now.fields, now.tags) == (wanted, list_tags(note))
        if safe[note.guid] == note:
            assert (now.modified, note) == (note.modified, note)
        assert {deck for _, deck in now.cards} <= {deck for _, deck in note.cards}, (now, note)
    types = {each.name: replace(each, key="") for each in again.note_types}
    for each in original.note_types:
        if each.name in types:
            assert types[each.name] == replace(each, key="")
