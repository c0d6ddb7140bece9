"""`import` leaves out what is too long for a project, and reads many names in a time that grows as they do."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cardpress.adopt.written_notes import decode_text
from cardpress.anki.original import OriginalError
from cardpress.anki.packages.names import make_unique
from tests.helpers.adopting import adopt
from tests.helpers.originals import Hand, HandNote, by_hand, hand_type

WORD = HandNote("word", ["palabra", "word"])


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        ("t" * 20_001, "a tag of it has 20,001 characters; 20,000 are allowed"),
        (" ".join(map(str, range(1_001))), "it has 1,001 tags; 1,000 are allowed"),
    ],
)
def test_a_note_with_more_tags_than_a_project_can_hold_is_left_out_and_told(
    tags: str, why: str, tmp_path: Path
) -> None:
    made = adopt(by_hand(Hand([WORD, HandNote("long", ["q", "a"], tags=tags)])), tmp_path / "deck")
    (loss,) = made.adopted.losses
    assert (loss.where, loss.what) == ("q", f"left out, so that it stays as it is: {why}")


def spend(work: Callable[[], object]) -> float:
    """Return the seconds that the processor works."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def test_same_names_get_signs_in_a_time_that_grows_as_they_do() -> None:
    assert make_unique(["a", "A", "a+", "a", "b", "a++", "B"]) == ["a", "A+", "a++", "a+++", "b", "a++++", "B+"]
    assert spend(lambda: make_unique(["a"] * 4_000)) < 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"qfmt": "{{Front}}" + "<b>" * 1_000_000}, "the front of Card 1 has 3,000,009 characters"),
        ({"afmt": "{{Back}}" + "<script>" * 200_000}, "the back of Card 1 has 1,600,008 characters"),
        ({}, "its style has 2,600,000 characters"),
    ],
)
def test_a_card_template_or_a_style_that_is_too_long_is_refused_before_it_is_read(
    change: dict[str, str], why: str, tmp_path: Path
) -> None:
    note_type = hand_type(css="" if change else "@import 'x';\n" * 200_000)
    note_type["tmpls"][0].update(change)
    package = by_hand(Hand([WORD], types=[note_type]))

    def refuse() -> None:
        with pytest.raises(OriginalError, match=rf"^note type By hand: {why}; 500,000 are allowed$"):
            adopt(package, tmp_path / "deck")

    assert spend(refuse) < 2


def test_a_character_of_thousands_of_digits_leaves_out_its_note_and_refuses_its_template(tmp_path: Path) -> None:
    endless = f"&#{'1' * 5_000};"
    made = adopt(by_hand(Hand([WORD, HandNote("long", ["q", endless])])), tmp_path / "deck")
    (loss,) = made.adopted.losses
    assert loss.what.endswith("`Back` has a character whose number has more than 1,000 digits")

    note_type = hand_type()
    note_type["tmpls"][0]["qfmt"] = f"{{{{Front}}}}<b title='{endless}'>x</b>"
    with pytest.raises(OriginalError, match=r"^note type By hand: the front of Card 1 has a character whose number"):
        adopt(by_hand(Hand([WORD], types=[note_type])), tmp_path / "other")


@pytest.mark.parametrize("text", ["a,&#{}\nb,c\n", "#html:true\n#separator:comma\na,&#{};\n", "Q: &#{};\nA: b\n"])
def test_a_text_with_a_character_of_thousands_of_digits_is_refused_in_a_line(text: str) -> None:
    with pytest.raises(OriginalError, match="a character whose number has more than 1,000 digits"):
        decode_text(text.format("1" * 5_000).encode())


def test_a_note_with_thousands_of_accents_on_a_letter_is_left_out_before_they_are_put_in_order(tmp_path: Path) -> None:
    marks = "a" + "\N{COMBINING ACUTE ACCENT}\N{COMBINING GRAVE ACCENT BELOW}" * 60_000
    package = by_hand(Hand([WORD, HandNote("long", ["q", marks]), HandNote("few", ["r", marks[:20]])]))
    assert spend(lambda: adopt(package, tmp_path / "deck")) < 4
    report = (tmp_path / "deck" / "import-report.md").read_text(encoding="utf-8")
    assert "has more than a thousand accents on one letter, and was left out." in report
    assert "2 notes with 2 cards" in report
