"""Cloze cards in the real Anki: each number hides its own deletions, and what is in them comes out as typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

from cardpress.note_types.identity import make_guid
from cardpress.pipeline import check_project
from tests.conftest import DECK, QUESTION, WriteProject
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.cloze_texts import HELD, files_with_held
from tests.helpers.decks import deck_from, deck_of, package_of
from tests.helpers.sample_project import PNG
from tests.helpers.visible_text import visible


@dataclass(frozen=True)
class Shown:
    """What a cloze note's cards show, front and back, in the order of their numbers."""

    fronts: list[str]
    backs: list[str]
    html: list[str]
    hidden: list[list[str]]


Show = Callable[[str], Shown]


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


def files_with(text: str) -> dict[str, str | bytes]:
    lines = "".join(f"        {line}\n" for line in text.split("\n"))
    cloze = f"  recall:\n    - id: gap\n      cloze: |\n{lines}"
    return {"first.yaml": QUESTION + cloze, "media/dot.png": PNG}


@pytest.fixture
def show(write_project: WriteProject, learner: Learner) -> Show:
    def shown(text: str) -> Shown:
        learner.take(package_of(deck_of(write_project(files_with(text)))))
        outputs = [card.render_output() for card in learner.cards_of(make_guid("sample", "gap"))]
        assert [card.ord for card in learner.cards_of(make_guid("sample", "gap"))] == list(range(len(outputs)))
        assert not any(output.question_av_tags or output.answer_av_tags for output in outputs)
        return Shown(
            fronts=[question_of(output.question_text) for output in outputs],
            backs=[question_of(output.answer_text) for output in outputs],
            html=[output.answer_text for output in outputs],
            hidden=[re.findall(r'class="cloze" data-cloze="([^"]*)"', output.question_text) for output in outputs],
        )

    return shown


def question_of(card: str) -> str:
    found = re.search(r'<div class="question[^"]*"[^>]*>(.*)</div>', card, re.DOTALL)
    assert found
    return visible(found[1].partition("<footer>")[0].partition("<script>")[0]).removesuffix("first").strip()


def test_each_number_hides_its_own_deletions(show: Show) -> None:
    shown = show("{{c1::One}} and {{c2::two}} and {{c1::three}}.")
    assert shown.fronts == ["[...] and two and [...].", "One and [...] and three."]
    assert shown.backs == ["One and two and three."] * 2


def test_a_hint_stands_in_for_what_is_hidden(show: Show) -> None:
    shown = show("A {{c1::word::one <int> & *two* \\(x\\)}} and {{c2::`code`::hint}}.")
    assert shown.fronts == [r"A [one <int> & *two* \(x\)] and code.", "A word and [hint]."]
    assert shown.backs == ["A word and code."] * 2


def test_deletions_nest(show: Show) -> None:
    shown = show("{{c1::a {{c2::b {{c3::c}} d}} e}} f")
    assert shown.fronts == ["[...] f", "a [...] e f", "a b [...] d e f"]
    assert shown.backs == ["a b c d e f"] * 3


def test_hints_of_nested_deletions_are_their_own(show: Show) -> None:
    shown = show("{{c1::a {{c2::b {{c3::c::three}} d::two}} e::one}} f")
    assert shown.fronts == ["[one] f", "a [two] e f", "a b [three] d e f"]
    assert shown.backs == ["a b c d e f"] * 3


def nested(depth: int) -> str:
    return "".join(f"{{{{c{number}::{number} " for number in range(1, depth + 1)) + "x" + "}}" * depth


def test_deletions_nest_as_deep_as_anki_reads_and_no_deeper(show: Show, write_project: WriteProject) -> None:
    assert show(nested(10)).fronts[-1] == "1 2 3 4 5 6 7 8 9 [...]"
    problems = check_project(write_project(files_with(nested(11)))).diagnostics
    assert [problem.code for problem in problems] == ["too-deep"]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("`a::b`", "a::b"),
        ("`::`", "::"),
        ("`a:::b`", "a:::b"),
        ("`x:`", "x:"),
        ("{{ user }}", "{{ user }}"),
        ("`{{ user }}`", "{{ user }}"),
        ("{}", "{}"),
        ("`{x}`", "{x}"),
        ("`{`", "{"),
        ('`{"a": {"b": 1}}`', '{"a": {"b": 1}}'),
        ("`f'{{x}}'`", "f'{{x}}'"),
        ("`fastapi[standard]`", "fastapi[standard]"),
        ("`[sound:x.mp3]`", "[sound:x.mp3]"),
        ("[[type:Text]]", "[[type:Text]]"),
        ("`image-occlusion:rect:left=.1`", "image-occlusion:rect:left=.1"),
        ("image-occlusion:rect:left=.1", "image-occlusion:rect:left=.1"),
        ("[latex]x[/latex]", "[latex]x[/latex]"),
        (r"\(x\)", r"\(x\)"),
        ("**bold** *x*", "bold x"),
        ("List<int> & more", "List<int> & more"),
        ("🎉 中文 العربية", "🎉 中文 العربية"),
        ("\"quoted\" 'so'", "\"quoted\" 'so'"),
        (r"C:\dir", r"C:\dir"),
        ("$5", "$5"),
    ],
)
def test_an_answer_comes_out_as_typed(show: Show, typed: str, answer: str) -> None:
    shown = show(f"Before {{{{c1::{typed}}}}} after {{{{c2::x}}}}.")
    assert shown.fronts == ["Before [...] after x.", f"Before {answer} after [...]."]
    assert shown.backs == [f"Before {answer} after x."] * 2


@pytest.mark.parametrize(
    "typed", ["std::vector", "{{ user }}", "{{{x}}}", "`{{ x }}`", "}} {{", "a:::b", "::", "`}}`", "{%x%}", "\\(y\\)"]
)
def test_the_text_around_comes_out_as_typed(show: Show, typed: str) -> None:
    shown = show(f"{typed} {{{{c1::x}}}} {typed}")
    plain = typed.strip("`")
    assert shown.fronts == [f"{plain} [...] {plain}"]
    assert shown.backs == [f"{plain} x {plain}"]


def test_no_field_but_the_cloze_text_makes_cards(write_project: WriteProject, learner: Learner) -> None:
    # Tried with Anki 2.1.49 to 26.9: a deletion in any field of a cloze note makes a card, and that card is empty.
    files = files_with("{{c1::One}}.") | {"snippets/a.txt": "{{c3::x}}\n"}
    files["first.yaml"] = str(files["first.yaml"]) + ("\n      extra: '{{c2::y}}, `{{c4::y}}`'\n      snippet: a.txt\n")
    files["deck.yaml"] = DECK.replace("First section", '"First {{c5::z}}"')
    learner.take(package_of(deck_of(write_project(files))))
    learner.collection.fix_integrity()
    (card,) = learner.cards_of(make_guid("sample", "gap"))
    assert question_of(card.render_output().question_text) == "[...]. {{c3::x}}"
    assert "{{c2::y}}, {{c4::y}}" in visible(card.render_output().answer_text)
    note = card.note()
    note["Extra"] += "."
    learner.collection.update_note(note)  # makes the cards of a note that a learner edits
    assert len(learner.cards_of(make_guid("sample", "gap"))) == 1


def test_deletions_inside_code_hide_part_of_it(show: Show) -> None:
    shown = show('```python\n{{c1::async def}} read(x: {{c2::int}}):\n    return "{{c3::a::b}}"\n```')
    assert shown.fronts == [
        '[...] read(x: int): return "a"',
        'async def read(x: [...]): return "a"',
        'async def read(x: int): return "[b]"',
    ]
    assert shown.backs == ['async def read(x: int): return "a"'] * 3
    assert all("<pre>" in html for html in shown.html)


def test_deletions_inside_backticks_hide_part_of_it(show: Show) -> None:
    shown = show("Use `pip install {{c1::fastapi[standard]}}` for it.")
    assert shown.fronts == ["Use pip install [...] for it."]
    assert shown.backs == ["Use pip install fastapi[standard] for it."]


def test_links_in_and_around_deletions_lead_where_they_should(show: Show) -> None:
    shown = show('{{c1::[a](http://[::1]:8000/x)}} [b](http://127.0.0.1/y::z "{{t}} ::") {{c2::c}}')
    assert shown.fronts == ["[...] b c", "a b [...]"]
    for html in shown.html:
        links = re.findall(r'<a href="([^"]*)"(?: title="([^"]*)")?', html)
        assert [tuple(map(unescape, link)) for link in links] == [
            ("http://[::1]:8000/x", ""),
            ("http://127.0.0.1/y::z", "{{t}} ::"),
        ]


@pytest.mark.parametrize(
    "text",
    [
        "![{{c1::a dot}}](dot.png)",
        "{{c1::x ![a}} dot](dot.png)",
        '![a dot](dot.png "{{c1::title}}")',
        "[x](https://e.org/{{c1::y}})",
        '[x](https://e.org "{{c1::y}}")',
    ],
)
def test_a_deletion_that_anki_could_not_hide_is_refused(write_project: WriteProject, text: str) -> None:
    problems = check_project(write_project(files_with(text))).diagnostics
    place = ("cloze-without-deletion", 8, text.index("{{c1") + 9)
    assert place in [(problem.code, problem.span.line, problem.span.column) for problem in problems]


def test_a_whole_picture_may_be_deleted(write_project: WriteProject, learner: Learner) -> None:
    text = "Before {{c1::![a dot](dot.png)}} and {{c2::x}}"
    learner.take(package_of(deck_of(write_project(files_with(text)))))
    fronts = [question_of(card.render_output().question_text) for card in learner.cards_of(make_guid("sample", "gap"))]
    assert fronts == ["Before [...] and x", "Before a dot and [...]"]


def test_deletions_span_paragraphs_and_lists(show: Show) -> None:
    shown = show("Say:\n\n- {{c1::one}}\n- {{c2::two}}\n\n{{c1::More.\n\nAnd more.}}")
    assert shown.fronts == ["Say: [...] two [...]", "Say: one [...] More. And more."]
    assert len(shown.hidden[0]) == 2


def test_a_deletion_holds_anything_that_a_text_may(tmp_path: Path, learner: Learner) -> None:
    learner.take(package_of(deck_from(tmp_path / "held", files_with_held())))
    for number, (name, held) in enumerate(HELD.items(), 1):
        (card,) = learner.cards_of(make_guid("sample", f"gap-{number}"))
        output = card.render_output()
        front, back = question_of(output.question_text), question_of(output.answer_text)
        pictures = "dew elf gem".split()
        assert back == held.shown, name
        assert "[...]" in front, name
        assert not set(held.hidden.split()) & set(front.split()) - {"[...]"}, name
        assert [each for each in pictures if f'alt="{each}"' in output.answer_text] == [
            each for each in pictures if each in held.shown.split()
        ]


def test_what_is_hidden_is_not_in_the_open_on_the_front(show: Show) -> None:
    shown = show("The {{c1::secret::hint}} of `{{c1::hidden}}`.")
    assert "secret" not in shown.fronts[0]
    assert "hidden" not in shown.fronts[0]
