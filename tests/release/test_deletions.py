"""The numbers of released cloze deletions are permanent: each goes on asking for what it asked for."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest

from cardpress.anki.deletions import list_deletions, read_deletions
from cardpress.anki.field_html import FieldWriter
from cardpress.diagnostics import Diagnostic
from cardpress.history.digests import digest_short
from cardpress.markdown import parse
from cardpress.release.changes import find_changes
from tests.helpers.author import Author
from tests.helpers.decks import deck_of
from tests.helpers.diagnostics import codes, problems
from tests.helpers.first_format import make_first_format

MISSING, MOVED = "released-deletion-missing", "released-deletion-moved"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of a deck whose note `iron-gaps` was released with four deletions under three numbers."""
    author = Author(tmp_path_factory.mktemp("cloze") / "project")
    author.find("iron-gaps")["cloze"] = "{{c1::Iron}} melts at {{c2::1538}} {{c3::degrees::of what}} {{c3::Celsius}}."
    author.release("1.0.0")
    return author.project


@pytest.fixture
def cloze(tmp_path: Path, released: Path) -> Author:
    """The author of a copy of `released`."""
    return Author.of(shutil.copytree(released, tmp_path / "project"))


def found(author: Author, text: str) -> list[Diagnostic]:
    author.find("iron-gaps")["cloze"] = text
    author.write()
    return problems(author.project)


FREE = {
    "other words around": "In a furnace {{c1::iron}} melts at {{c2::1538}} {{c3::degrees}} {{c3::Celsius}}.",
    "other words in one": "{{c1::Iron}} melts at {{c2::1540}} {{c3::degrees}} {{c3::Celsius}}.",
    "other words in all": "{{c1::One}} {{c2::two}} {{c3::three}}",
    "markup and spacing": "*{{c1:: **Iron** }}* melts at {{c2::`1538`}} {{c3::degrees}} {{c3::Celsius}}.",
    "another order": "At {{c2::1538}} {{c3::degrees}} {{c3::Celsius}} melts {{c1::iron}}.",
    "a new one in front": "{{c4::Heat}}: {{c1::Iron}} melts at {{c2::1538}} {{c3::degrees}} {{c3::Celsius}}.",
    "a skipped number": "{{c1::Iron}} {{c7::melts}} at {{c2::1538}} {{c3::degrees}} {{c3::Celsius}}.",
    "one around another": "{{c4::{{c1::Iron}} melts}} at {{c2::1538}} {{c3::degrees}} {{c3::Celsius}}.",
    "one inside another": "{{c1::Iron}} melts at {{c2::1538}} {{c3::de{{c4::grees}}}} {{c3::Celsius}}.",
    "one number less often": "{{c1::Iron}} melts at {{c2::1538}} {{c3::degrees}} Celsius.",
    "one gets a number of its own": "{{c1::Iron}} melts at {{c2::1538}} {{c3::degrees}} {{c4::Celsius}}.",
    "the answer of another, twice": "{{c1::Iron}} melts at {{c2::1538}} {{c3::degrees}} {{c3::Celsius}}, {{c4::iron}}!",
}


@pytest.mark.parametrize("name", FREE)
def test_what_may_change_in_a_cloze_text(cloze: Author, name: str) -> None:
    assert found(cloze, FREE[name]) == []


REFUSED = {
    "one is gone": ("{{c1::Iron}} melts at 1538 {{c3::degrees}}.", [(MISSING, "c2")]),
    "all are gone but one": ("Iron {{c4::melts}}.", [(MISSING, "c1"), (MISSING, "c2"), (MISSING, "c3")]),
    "a new one in front": (
        "{{c1::Heat}}: {{c2::Iron}} melts at {{c3::1538}} {{c4::degrees}} {{c4::Celsius}}.",
        [(MOVED, "c1"), (MOVED, "c2"), (MOVED, "c3")],
    ),
    "two are exchanged": (
        "{{c2::Iron}} melts at {{c1::1538}} {{c3::degrees}} {{c3::Celsius}}.",
        [(MOVED, "c1"), (MOVED, "c2")],
    ),
    "one goes into another": ("{{c1::Iron}} melts at {{c1::1538}} {{c3::degrees}} {{c3::Celsius}}.", [(MOVED, "c2")]),
    "a free number": ("{{c1::Iron}} melts at {{c4::1538}} {{c3::degrees}} {{c3::Celsius}}.", [(MOVED, "c2")]),
    "moved and reworded": ("{{c1::1538}} is when {{c2::Fe}} melts, in {{c3::degrees}}.", [(MOVED, "c2")]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_may_not_change_in_a_cloze_text(cloze: Author, name: str) -> None:
    text, wanted = REFUSED[name]
    reported = found(cloze, text)
    said = [(each.code, f"c{each.message.split('as c' if each.code == MOVED else 'a c')[1][0]}") for each in reported]
    assert sorted(said) == wanted


def test_the_report_says_what_to_type(cloze: Author) -> None:
    (problem,) = found(cloze, "{{c1::Iron}} melts at {{c4::1538}} {{c3::degrees}} {{c3::Celsius}}.")
    assert problem.span.file.text[problem.span.start : problem.span.end] == "{{c4::1538}}"
    assert problem.help == "write `{{c2::` here; a new deletion takes a new number, such as c4"
    (problem,) = found(cloze, "{{c1::Iron}} melts at 1538 {{c3::degrees}}.")
    assert problem.help.startswith("put `{{c2::…}}` back, whatever it holds; to ask it no more, retire the note")


def test_a_new_note_is_numbered_without_a_gap(cloze: Author) -> None:
    cloze.find("iron")["recall"].append({"id": "iron-rust", "cloze": "Rust is {{c1::red}} and {{c3::brown}}."})
    cloze.write()
    assert codes(problems(cloze.project)) == ["cloze-numbering"]


def test_no_number_is_higher_than_anki_reads(cloze: Author) -> None:
    (problem,) = found(cloze, FREE["a skipped number"].replace("c7", "c501"))
    assert (problem.code, problem.message[:5]) == ("cloze-numbering", "c501;")


def test_a_retired_note_keeps_its_numbers_too(cloze: Author) -> None:
    cloze.find("iron-gaps")["retired"] = {"reason": "Old."}
    assert [each.code for each in found(cloze, "{{c1::Iron}} melts.")] == [MISSING, MISSING]
    cloze.find("iron-gaps")["cloze"] = FREE["other words in one"]
    cloze.release("1.1.0", "2026-03-01")
    assert [each.code for each in found(cloze, "{{c1::Iron}} melts.")] == [MISSING, MISSING]


def test_a_note_of_a_history_of_the_first_format_has_its_deletions_from_the_package(cloze: Author) -> None:
    released = cloze.history
    make_first_format(cloze.project)
    assert [each.code for each in found(cloze, REFUSED["two are exchanged"][0])] == [MOVED, MOVED]
    assert found(cloze, FREE["a new one in front"]) == []
    cloze.release("1.0.2", "2026-03-01")
    guid = next(guid for guid, each in released.notes.items() if each.id == "iron-gaps")
    before, after = released.notes[guid].deletions, cloze.history.notes[guid].deletions
    assert {number: after[number] for number in before} == before
    assert sorted(after) == [1, 2, 3, 4]


HARD = [
    "{{c1::One}} and {{c2::two::a *hint*}}",
    "{{c1::a {{c2::b {{c1::c}}}} d::hint}}",
    "{{c1::`std::sort`}} and `{{c2::x::y}}` and \\{{c3::z}}",
    "{{c1::{}}} {{c2::}}} {{ {{c3::a}} }}",
    "{{c1::**bold** <kbd>Ctrl</kbd> & <b>&lt;}} {{c2::![a picture](dot.png)}}",
    "{{c1::\n- one\n- two\n  1. three\n}}\n\n{{c2::\n```python\na::b\n```\n}}\n\n{{c3::\n> quoted\n}}",
    "{{c1::\n| a | b |\n|---|---|\n| 1 | {{c2::2}} |\n}}",
    "{{c12::twelve}} {{c1::[a link](https://example.org/::x)}} {{c500::last}}",
    "\\({{c1::x}}\\) [sound:{{c2::a.mp3}}] {{c3::a  \nb}}",
    "{{c1::\\(\\frac{a}{b^{2}}\\)}} is {{c2::\\[\\Gamma::x\\]}}, and {{c3::One \\(x\\)}}",
]


@pytest.mark.parametrize("text", HARD)
def test_a_package_says_the_same_of_deletions_as_the_text(text: str) -> None:
    document = parse(text, with_deletions=True)
    writer = FieldWriter(is_cloze=True)
    for html in (writer.document(document), writer.line(document)):
        assert read_deletions(html) == list_deletions([document])
    assert list_deletions([document])


def test_capitals_are_other_letters_in_formulas_alone() -> None:
    def answer(text: str) -> tuple[str, ...]:
        return list_deletions([parse(f"{{{{c1::{text}}}}}", with_deletions=True)])[1]

    assert answer(r"The \(\gamma\)") == answer(r"the \(\gamma\)")
    assert answer(r"\(\gamma\)") != answer(r"\(\Gamma\)")
    assert answer(r"\[x\]") != answer(r"\[X\]")


def test_many_numbers_and_deletions_are_compared_in_time(cloze: Author) -> None:
    history = cloze.project / "source" / "history.json"
    content = json.loads(history.read_text(encoding="utf-8"))
    note = next(each for each in content["notes"] if each["id"] == "iron-gaps")
    note["deletions"] = {str(number): ["7"] * 200 for number in range(1, 501)}
    history.write_text(json.dumps(content), encoding="utf-8")
    started = time.monotonic()
    reported = found(cloze, "{{c1::a}}" * 2_000)
    assert time.monotonic() - started < 20
    assert {each.code for each in reported} >= {MISSING}


def test_a_hostile_field_is_read_in_time() -> None:
    for text in (
        "{{c1::" * 50_000,
        "{{c1::a}}" * 50_000,
        "{{c1::" * 50_000 + "}}" * 50_000,
        "::" * 100_000,
        "{{c1::" + "\\(" * 100_000 + "}}",
    ):
        assert set(read_deletions(text)) <= {1}
    assert read_deletions("{{c0::a}} {{c501::b}} {{c999::c}}") == {}


def test_a_deletion_in_a_formula_keeps_its_number(tmp_path: Path) -> None:
    author = Author(tmp_path / "project")
    author.find("iron-gaps")["cloze"] = r"So \({{c1::a}} + {{c2::b}}\)."
    author.release("1.0.0")
    assert found(author, r"So \({{c1::a^2}} + {{c2::b}} + {{c3::c}}\).") == []
    assert found(author, r"So {{c1::\(a\)}}\( + {{c2::b}}\).") == []
    assert codes(found(author, r"So \({{c1::b}} + {{c2::a}}\).")) == [MOVED, MOVED]
    assert codes(found(author, r"So \({{c1::a}} + b\).")) == [MISSING]


SAME = {
    "spaces": (r"\({{c1::x+1}} = {{c2::y+1}}\)", r"\({{c1::x + 1}} = {{c2:: y + 1 }}\)"),
    "signs": (r"{{c1::\(x\)}} is {{c2::\(y\)}}", r"{{c1::\[x\]}} is {{c2::\[y\]}}"),
    "braces": (r"\({{c1::x^2}} = {{c2::\frac12}}\)", r"\({{c1::x^{2} }} = {{c2::\frac{1}{2} }}\)"),
    "words": (r"\({{c1::\text{abc}}} = {{c2::\text{def}}}\)", "{{c1::abc}} = {{c2::def}}"),
    "in words": (r"{{c1::a \(x\)}} = {{c2::b \(\pi y\)}}", r"{{c1::a \( x \)}} = {{c2::b \( \pi   y \)}}"),
}


def exchange(text: str) -> str:
    return text.replace("c1::", "c~::").replace("c2::", "c1::").replace("c~::", "c2::")


@pytest.mark.parametrize("name", SAME)
def test_markup_of_formulas_hides_no_exchange(tmp_path: Path, name: str) -> None:
    author = Author(tmp_path / "project")
    before, after = SAME[name]
    author.find("iron-gaps")["cloze"] = before
    author.release("1.0.0")
    assert found(author, after) == []
    assert codes(found(author, exchange(after))) == [MOVED, MOVED]
    author.find("iron-gaps")["cloze"] = after
    author.release("1.1.0")
    assert codes(found(author, exchange(before))) == [MOVED, MOVED]


def test_what_makes_a_formula_another_one_stays() -> None:
    def answer(latex: str) -> tuple[str, ...]:
        return list_deletions([parse(f"{{{{c1::\\({latex}\\)}}}}", with_deletions=True)])[1]

    texts = [r"\alpha x", r"\alphax", "x^{23}", "x^23", "x_2", r"\{x\}", "x", "{{}", "{}", r"a\ b", "ab", r"\text{a}b"]
    assert len({answer(text) for text in texts}) == len(texts)


def test_digests_of_formulas_in_older_histories_are_known(tmp_path: Path) -> None:
    author = Author(tmp_path / "project")
    text = r"\({{c1::x + 1}} = {{c2::y^{2} }}\) is {{c3::\[z\]}}"
    author.find("iron-gaps")["cloze"] = text
    author.release("1.0.0")
    history = author.project / "source" / "history.json"
    content = json.loads(history.read_text(encoding="utf-8"))
    note = next(each for each in content["notes"] if each["id"] == "iron-gaps")
    typed = (r"\(x + 1\)", r"\(y^{2}\)", r"\[z\]")
    note["deletions"] = {str(number): [digest_short(each)[:8]] for number, each in enumerate(typed, 1)}
    history.write_text(json.dumps(content), encoding="utf-8")
    assert found(author, text) == []
    assert find_changes(deck_of(author.project), author.history).notes == ()
    assert codes(found(author, exchange(text))) == [MOVED, MOVED]
    author.find("iron-gaps").update(cloze=text, extra="Sums.")
    author.write()
    (change,) = find_changes(deck_of(author.project), author.history).notes
    assert change.what == ("details changed",)
    author.find("iron-gaps")["cloze"] = text.replace("x + 1", "x + 2")
    author.write()
    (change,) = find_changes(deck_of(author.project), author.history).notes
    assert change.what == ("answer changed",)
