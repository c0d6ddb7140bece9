"""Code is colored once, kept for the next build, and what was kept is used only where it cannot be wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import wait
from pathlib import Path
from typing import Any

import pytest

from cardpress.deck import colors as module
from cardpress.deck.assemble import assemble
from cardpress.deck.colors import Colors
from cardpress.deck.notes import Deck, RichText
from cardpress.engine import ROOT
from cardpress.markdown.card_html import CardWriter, guard
from cardpress.markdown.highlighting import highlight
from cardpress.markdown.tree import CodeBlock, Piece
from cardpress.pipeline import load_and_check
from cardpress.publish.store import Store
from cardpress.source.bank import Bank
from cardpress.source.load import load
from cardpress.source.templates.loading import load_templates
from cardpress.source.texts import list_markdown_texts
from tests.conftest import QUESTION, WriteProject
from tests.helpers.sample_project import EVERYTHING, SECOND

KEY = ("python", "x = 1")
PIECES = [["n", "x"], ["w", " "], ["o", "="], ["w", " "], ["mi", "1"]]
FENCE = QUESTION.replace("The first number.", '"```python\\nx = 1\\n```"')


def bank_of(project: Path) -> Bank:
    return load(project / "source", load_templates(ROOT)[0]).bank


@pytest.fixture
def bank(write_project: WriteProject) -> Bank:
    return bank_of(write_project(EVERYTHING | {"second.yaml": SECOND + FENCE.replace("one", "five")}))


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be colored any more."""

    def never(code: str, language: str) -> tuple[Piece, ...]:
        raise AssertionError(f"colored again: {code}")

    monkeypatch.setattr(module, "highlight", never)


def test_what_was_kept_is_not_colored_again(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    colors = Colors()
    deck = assemble(bank, colors)
    assert colors.changed
    kept = Colors.from_json(json.loads(json.dumps(colors.to_json())))
    forbid(monkeypatch)
    assert assemble(bank, kept) == deck
    assert not kept.changed
    assert kept.to_json() == colors.to_json()


def test_code_is_colored_once_wherever_it_stands(write_project: WriteProject, monkeypatch: pytest.MonkeyPatch) -> None:
    colored: list[str] = []

    def counted(code: str, language: str) -> tuple[Piece, ...]:
        colored.append(code)
        return highlight(code, language)

    monkeypatch.setattr(module, "highlight", counted)
    assemble(bank_of(write_project({"first.yaml": FENCE + FENCE.replace("one", "two")})), Colors())
    assert colored == ["x = 1"]


def list_code(count: int) -> list[tuple[str, str]]:
    return [(f"name_{number} = '…'  # {'long ' * 500}", "python") for number in range(count)]


def test_much_code_is_colored_in_other_processes_as_it_is_in_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    code = list_code(150)
    wanted = [highlight(text, language) for text, language in code]
    forbid(monkeypatch)
    colors = Colors()
    with colors.coloring_ahead(jobs=3) as ahead:
        ahead.add(iter([*code, code[0]]))
        assert len(ahead.places) == len(code)
        wait({future for future, _ in ahead.places.values()})
        assert [colors.color(text, language) for text, language in code] == wanted
    assert colors.changed
    kept = Colors.from_json(colors.to_json())
    with kept.coloring_ahead(jobs=3) as ahead:
        ahead.add(iter(code))
        ahead.add_last()
        assert not ahead.places
        assert [kept.color(text, language) for text, language in code] == wanted
    assert not kept.changed


def test_what_no_other_process_has_begun_is_colored_in_this_one() -> None:
    code = list_code(1_000)
    colors = Colors()
    with colors.coloring_ahead(jobs=2) as ahead:
        for each in code:
            ahead.add([each])
        ahead.add_last()
        assert [colors.color(text, language) for text, language in code] == [highlight(*each) for each in code]
        assert any(future.cancelled() for future, _ in ahead.places.values())


def test_code_is_colored_when_the_other_processes_are_gone() -> None:
    code = list_code(150)
    colors = Colors()
    with colors.coloring_ahead(jobs=3) as ahead:
        ahead.add(code)
        for helper in ahead._helpers:
            helper.process.kill()
        assert [colors.color(text, language) for text, language in code] == [highlight(*each) for each in code]


def test_code_in_texts_is_colored_in_other_processes_too(
    write_project: WriteProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WORTH_A_PROCESS", 1)
    added: list[str] = []
    add = module.Ahead.add

    def added_too(ahead: module.Ahead, code: Iterable[tuple[str, str]]) -> None:
        code = list(code)
        added.extend(text for text, _ in code)
        add(ahead, code)

    monkeypatch.setattr(module.Ahead, "add", added_too)
    bank = bank_of(write_project({"first.yaml": FENCE + FENCE.replace("one", "two").replace("x = 1", "x = 2")}))
    deck = assemble(bank, Colors(), jobs=2)
    assert added == ["x = 1", "x = 2"]
    assert deck == assemble(bank, Colors())


@pytest.mark.parametrize(("count", "jobs"), [(150, 1), (3, 3)])
def test_little_code_and_a_single_job_start_no_process(count: int, jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr("cardpress.processes.start_helper", never)
    colors = Colors()
    with colors.coloring_ahead(jobs) as ahead:
        ahead.add(list_code(count))
        ahead.add_last()
    assert not colors.changed


def test_only_what_the_last_build_used_is_kept() -> None:
    colors = Colors()
    for code in ("a", "b"):
        colors.color(code, "python")
    kept = Colors.from_json(colors.to_json())
    kept.color("b", "python")
    assert [code for _, code, _ in kept.to_json()] == ["b"]
    assert not kept.changed
    kept.color("c", "python")
    assert [code for _, code, _ in kept.to_json()] == ["b", "c"]
    assert kept.changed


def test_code_is_known_by_its_language_too() -> None:
    colors = Colors()
    text, python = colors.color("if", "text"), colors.color("if", "python")
    assert text == (Piece("", "if"),)
    assert python[0] == Piece("k", "if")
    kept = Colors.from_json(colors.to_json())
    assert (kept.color("if", "python"), kept.color("if", "text")) == (python, text)
    assert not kept.changed


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [["n", "x = 2"]],
        [["n", "x = 1"], ["n", "!"]],
        [["n", "x ="]],
        [['n"><script>alert(1)</script>', "x = 1"]],
        [["n onclick", "x = 1"]],
        [["N", "x = 1"]],
        [["n", ["x = 1"]]],
        [["n", "x = "], ["n", 1]],
        [["n", "x = 1"], ["n", None]],
        [["n", "x = 1"], ["n", ""], ["?", ""]],
    ],
)
def test_pieces_that_are_not_the_code_are_not_used(pieces: Any) -> None:
    colors = Colors.from_json([[*KEY, pieces]])
    assert colors.color("x = 1", "python") == highlight("x = 1", "python")
    assert colors.changed
    assert Colors.from_json(colors.to_json()).color("x = 1", "python") == highlight("x = 1", "python")


@pytest.mark.parametrize(
    "kept",
    [
        None,
        "x",
        1,
        {"a": 1},
        [1],
        [["python"]],
        [["python", "x = 1"]],
        [["python", "x = 1", 1]],
        [["python", "x = 1", [["n"]]]],
        [["python", "x = 1", [["n", "x", "= 1"]]]],
        [["python", "x = 1", [1]]],
        [[[], "x = 1", PIECES]],
        [["python", {}, PIECES]],
        [["python", "x = 1", PIECES], None],
    ],
)
def test_colors_of_another_shape_count_as_none(kept: Any) -> None:
    colors = Colors.from_json(kept)
    assert colors.to_json() == []
    assert colors.color("x = 1", "python") == highlight("x = 1", "python")
    assert colors.changed


def test_colors_survive_the_way_through_a_file(tmp_path: Path) -> None:
    colors, code = Colors(), "x = '\\n…\u2028'\n\ty\r"
    pieces = colors.color(code, "python")
    Store(tmp_path / "kept", tmp_path / "project").write("colors", "key", colors.to_json())
    again = Colors.from_json(Store(tmp_path / "kept", tmp_path / "project").read("colors", "key"))
    assert again.color(code, "python") == pieces
    assert not again.changed


def test_what_was_kept_is_used_as_it_is() -> None:
    colors = Colors.from_json([[*KEY, PIECES]])
    assert colors.color("x = 1", "python") == tuple(Piece(*piece) for piece in PIECES)
    assert not colors.changed
    assert colors.to_json() == [[*KEY, PIECES]]


# --- in a deck --------------------------------------------------------------------------------------------------------


def texts_of(deck: Deck) -> list[RichText]:
    """Return the texts of the questions and recall notes that are asked."""
    return [each.asked for note in deck.notes() for each in (note, *note.recall)]


def test_colors_that_came_with_a_deck_cannot_put_script_on_cards(write_project: WriteProject) -> None:
    bank = bank_of(write_project({"first.yaml": FENCE}))
    clean = assemble(bank, Colors())
    for piece in (["n", "<img src=x onerror=alert(1)>"], ['n"><script>alert(1)</script><b x="', "x = 1"]):
        assert assemble(bank, Colors.from_json([[*KEY, [piece]]])) == clean
    (note,) = clean.notes()
    assert note.answer is not None
    assert "alert" not in note.answer.html(CardWriter())


def test_every_block_of_code_is_in_its_colors_and_nothing_else_is(bank: Bank) -> None:
    deck = assemble(bank, Colors())
    answers = [note.answer.document for note in deck.notes() if note.answer]
    blocks = [node for document in answers for node in document.walk() if isinstance(node, CodeBlock)]
    blocks += [note.contents["snippet"].block for note in deck.notes() if "snippet" in note.contents]
    assert blocks
    for block in blocks:
        assert block.pieces == highlight(block.text, block.language)


def test_code_with_gaps_is_colored_as_if_it_had_none(write_project: WriteProject) -> None:
    cloze = '"```python\\n{{c1::x}} = {{c2::1::a number}}\\n```"'
    content = FENCE + f"  recall:\n    - {{id: gap, cloze: {cloze}}}\n"
    colors = Colors()
    (note,) = assemble(bank_of(write_project({"first.yaml": content})), colors).notes()
    assert [code for _, code, _ in colors.to_json()] == ["x = 1"]
    (block,) = note.recall[0].asked.document.blocks
    assert isinstance(block, CodeBlock)
    assert block.pieces == highlight("x = 1", "python")
    assert [deletion.hint for deletion in note.recall[0].asked.document.deletions()] == ["", "a number"]


def test_a_text_has_gaps_only_where_it_is_a_cloze_text(write_project: WriteProject) -> None:
    same = "{{c1::x}} and `y`"
    recall = f"  recall:\n    - {{id: gap, cloze: '{same}'}}\n    - {{id: qa, question: '{same}', answer: '{same}'}}\n"
    deck = assemble(bank_of(write_project({"first.yaml": QUESTION + recall})), Colors())
    _, gap, other = texts_of(deck)
    writer = CardWriter()
    assert gap.html(writer) == '<mark class="cloze" data-cloze="1">x</mark> and <code>y</code>'
    assert other.html(writer) == "{{c1::x}} and <code>y</code>"
    assert (gap.plain, other.plain) == ("x and y", "{{c1::x}} and y")
    assert gap.markdown == other.markdown == same


def test_texts_with_an_unknown_language_are_shown_without_colors() -> None:
    assert Colors().color("x = 1", "no-such-language") == (Piece("", "x = 1"),)
    assert Colors().color("", "python") == (Piece("", ""),)


def test_the_fastapi_deck_needs_no_guard_and_no_second_coloring(monkeypatch: pytest.MonkeyPatch) -> None:
    bank, _ = load_and_check(ROOT)
    assert [
        text.value for text in list_markdown_texts(bank) if guard(text.document, text.value) is not text.document
    ] == []
    colors = Colors()
    deck = assemble(bank, colors)
    kept = Colors.from_json(colors.to_json())
    forbid(monkeypatch)
    assert assemble(bank, kept) == deck
    assert not kept.changed
