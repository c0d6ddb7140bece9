"""`import` takes over note types as learners have them: names with spaces, gaps to type into, blank fronts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cardpress.cli.main import run
from tests.helpers.adopting import adopt, build_package, import_into_anki
from tests.helpers.originals import Hand, HandNote, by_hand, hand_type

DECK = 1_500_000_000_101


def make_card(name: str, front: str, back: str, place: int = 0) -> dict[str, Any]:
    return {"name": name, "ord": place, "qfmt": front, "afmt": back, "bqfmt": "", "bafmt": "", "did": None}


def make_package(notes: Sequence[HandNote], *cards: tuple[str, str], names: Sequence[str] = (), **more: Any) -> bytes:
    """Return a package of one note type with these sides of cards."""
    called = names or [f"Card {place}" for place in range(1, len(cards) + 1)]
    made = [make_card(name, *sides, place) for place, (name, sides) in enumerate(zip(called, cards, strict=True))]
    return by_hand(Hand(notes, types=(hand_type(tmpls=made, **more),)))


def test_names_of_cards_and_note_types_keep_spaces_at_their_ends(tmp_path: Path) -> None:
    cards = (("{{Front}}", "{{Back}}"), ("{{Back}}", "{{Front}}"))
    notes = [HandNote("a", ["one", "two"], cards=((0, DECK), (1, DECK)))]
    package = make_package(notes, *cards, names=["| ", "Back  "], name="Words ")
    made = adopt(package, tmp_path / "deck")

    assert made.diagnostics == ()
    assert made.adopted.losses == ()
    was, now = (
        import_into_anki(tmp_path / "was", package),
        import_into_anki(tmp_path / "now", build_package(tmp_path / "deck")),
    )
    assert now.note_types == was.note_types
    assert [name for name, _, _ in now.note_types["Words "]["cards"]] == ["| ", "Back  "]


def test_gaps_to_type_into_are_taken_over(tmp_path: Path) -> None:
    notes = [HandNote("a", ["{{c1::one}} {{c2::two}}", "more"], cards=((0, DECK), (1, DECK)))]
    for number, front in enumerate(("{{type:cloze:Front}}", "{{cloze:Front}}{{type:cloze:Front}}")):
        package = make_package(notes, (front, f"{front}{{{{Back}}}}"), type=1)
        project = tmp_path / f"deck-{number}"
        made = adopt(package, project)
        assert made.adopted.losses == ()
        assert run(["check", "--strict", "--project", str(project)]) == 0
        was = import_into_anki(tmp_path / f"was-{number}", package)
        assert import_into_anki(tmp_path / f"now-{number}", build_package(project)) == was
