"""What looks at one note at a time is not asked again of a file in which it found nothing, and of no other file."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cardpress.check import code_width, rules
from cardpress.check.clean_files import CleanFiles
from cardpress.check.rules import OF_ONE_NOTE, RULES, Rule, check, name_rule
from cardpress.diagnostics import Diagnostic, SourceFile
from cardpress.diagnostics.reports import REPORTS
from cardpress.pipeline import load_and_check, load_project
from cardpress.publish.question_shelf import QuestionShelf
from cardpress.publish.store import Store
from cardpress.source.bank import Bank, Section
from cardpress.source.facts import Facts
from tests.conftest import DECK, ROOT, TESTS, WriteProject
from tests.helpers.yaml_text import question

PROJECTS = (
    ROOT,
    *sorted(path.parent for path in (ROOT / "examples").glob("*/source")),
    *sorted(path.parent for path in (TESTS / "cases").glob("*/source")),
)
TWO = DECK + "  - {id: second, title: Second section}\n"


def order(found: Iterable[Diagnostic]) -> Counter[tuple[object, ...]]:
    return Counter((each.order, each.help) for each in found)


class _Poison:
    """What no such rule may look at."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a rule on one note alone looks at {name}")

    def __iter__(self) -> Any:
        raise AssertionError("a rule on one note alone looks at what is not its note's")

    __len__ = __bool__ = __getitem__ = __contains__ = __iter__


def hide_the_rest(bank: Bank) -> Bank:
    """Return a bank of which only that can be seen which decides whether a file is known to be clean."""
    poison: Any = _Poison()
    media = {name: replace(each, data=b"") for name, each in bank.media.items()}
    hidden = dict.fromkeys(("fonts", "engine_fonts", "web_fonts", "replaced_templates", "schema", "traces"), poison)
    return replace(bank, media=media, **hidden)


def keep_questions(bank: Bank, wanted: Section | None) -> Bank:
    sections = (section if section is wanted else replace(section, questions=()) for section in bank.sections)
    return replace(bank, sections=tuple(sections))


def split_notes(bank: Bank) -> Bank:
    """Return a bank with a section for each question, as if each stood in a file of its own."""
    sections = (replace(section, questions=(each,)) for section in bank.sections for each in section.questions)
    return replace(bank, sections=tuple(sections))


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_such_a_rule_finds_in_files_alone_what_it_finds_in_all(project: Path) -> None:
    bank = hide_the_rest(load_project(project)[0])
    banks = [bank]
    if sum(1 for _ in bank.questions()) < 30:
        banks.append(split_notes(bank))
    for each in banks:
        for rule in (rule for rule in RULES if rule in OF_ONE_NOTE):
            beside = order(rule(keep_questions(each, None)))
            apart: Counter[tuple[object, ...]] = Counter(beside)
            for section in each.sections:
                found = list(rule(keep_questions(each, section)))
                assert not beside - order(found)
                own = order(found) - beside
                apart += own
                # So that who knows a place in a file of questions knows whose it is.
                paths = {question.span.path for question in section.questions}
                others = {question.span.path for question in each.questions()} - paths
                new = [one for one in found if (one.order, one.help) in own]
                assert not others & {one.span.path for one in new}
            assert apart == order(rule(each)), rule.__name__


def test_rules_have_names_of_their_own() -> None:
    assert set(RULES) >= OF_ONE_NOTE
    assert len({name_rule(rule) for rule in RULES}) == len(RULES)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The ids of the questions that the rule on the width of code was asked of, each time."""
    seen: list[tuple[str, ...]] = []

    def look(bank: Bank) -> Any:
        seen.append(tuple(each.id.value for each in bank.questions()))
        return code_width.check_code_width(bank)

    look.__module__, look.__qualname__ = "a", "rule"
    replaced = {rule: look if rule is code_width.check_code_width else rule for rule in RULES}
    monkeypatch.setattr(rules, "RULES", tuple(replaced.values()))
    for table in ("_ADVISES", "_ABOUT"):
        monkeypatch.setattr(rules, table, {replaced[rule]: what for rule, what in vars(rules)[table].items()})
    monkeypatch.setattr(rules, "OF_ONE_NOTE", frozenset(replaced[rule] for rule in OF_ONE_NOTE))
    return seen


WIDE = f"```python\n{'x' * 57}\n```"


@pytest.fixture
def project(write_project: WriteProject) -> Path:
    source = {"sources": ["https://example.org"]}
    files = {
        "deck.yaml": TWO,
        "first.yaml": question(**source, snippet="a.py"),
        "second.yaml": question(**source, id="two", question="What is two?"),
        "snippets/a.py": "x = 1\n",
    }
    return write_project(files)


def report(project: Path, cache: Path | None, only: tuple[str, ...] | None = None) -> str:
    return REPORTS["json"](load_and_check(project, only, store=Store(cache, project))[1].diagnostics)


def rewrite(project: Path, name: str, change: Callable[[str], str]) -> None:
    file = project / "source" / name
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")


def test_only_the_file_that_was_edited_is_looked_at(
    project: Path, tmp_path: Path, asked: list[tuple[str, ...]]
) -> None:
    for _ in range(2):
        report(project, tmp_path / "kept")
    assert asked == [("one", "two"), ()]
    rewrite(project, "second.yaml", lambda text: text.replace("What is two?", "What is it?"))
    report(project, tmp_path / "kept")
    assert asked[2:] == [("two",)]
    report(project, None)
    assert asked[3:] == [("one", "two")]


def test_a_file_with_a_problem_is_looked_at_each_time(
    project: Path, tmp_path: Path, asked: list[tuple[str, ...]]
) -> None:
    rewrite(project, "second.yaml", lambda text: text.replace('"The first."', f'"{WIDE}"'.replace("\n", "\\n")))
    reports = {report(project, cache) for cache in (None, tmp_path / "kept", tmp_path / "kept", tmp_path / "kept")}
    assert len(reports) == 1
    assert "code-too-wide" in reports.pop()
    assert asked[1:] == [("one", "two"), ("two",), ("two",)]


def test_a_problem_that_is_allowed_is_one(project: Path, tmp_path: Path) -> None:
    wide = f'"{WIDE}", "allow": ["code-too-wide"]'.replace("\n", "\\n")
    rewrite(project, "second.yaml", lambda text: text.replace('"The first."', wide))
    reports = {report(project, cache) for cache in (None, tmp_path / "kept", tmp_path / "kept")}
    assert len(reports) == 1
    assert "code" not in reports.pop()  # nor `unused-allow`


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("snippets/a.py", lambda text: f"y = '{'x' * 60}'\n"),
        ("deck.yaml", lambda text: text + "math: dollars\n"),
        ("deck.yaml", lambda text: text + "language: de\n"),
        ("deck.yaml", lambda text: text + "checks: {no-source: error}\n"),
        ("first.yaml", lambda text: "# more\n" + text),
        ("first.yaml", lambda text: text.replace('"The first."', f'"{WIDE}"'.replace("\n", "\\n"))),
    ],
)
def test_what_changes_is_looked_at_again(
    name: str, change: Callable[[str], str], project: Path, tmp_path: Path, asked: list[tuple[str, ...]]
) -> None:
    report(project, tmp_path / "kept")
    rewrite(project, name, change)
    asked.clear()
    changed = report(project, tmp_path / "kept")
    assert "one" in asked[0]
    assert changed == report(project, None)


def test_a_rule_that_was_not_asked_vouches_for_nothing(
    project: Path, tmp_path: Path, asked: list[tuple[str, ...]]
) -> None:
    rewrite(project, "second.yaml", lambda text: text.replace('"The first."', f'"{WIDE}"'.replace("\n", "\\n")))
    assert "code-too-wide" not in report(project, tmp_path / "kept", ("json",))
    assert asked == []
    assert "code-too-wide" in report(project, tmp_path / "kept")
    assert report(project, tmp_path / "kept", ("json",)) == report(project, None, ("json",))
    report(project, tmp_path / "kept")
    assert asked == [("one", "two"), ("two",)]


@pytest.mark.parametrize("case", ["released-deletion-missing", "released-deletion-moved"])
def test_what_was_released_since_is_seen(case: str, tmp_path: Path) -> None:
    shutil.copytree(TESTS / "cases" / case / "source", tmp_path / "deck" / "source")
    history = tmp_path / "deck" / "source" / "history.json"
    text = history.read_bytes()
    history.unlink()
    assert case not in report(tmp_path / "deck", tmp_path / "kept")
    history.write_bytes(text)
    assert case in report(tmp_path / "deck", tmp_path / "kept")


def list_keys(bank: Bank, read_by: str = "engine") -> list[str]:
    facts = Facts()
    clean = CleanFiles.of(replace(bank, facts=facts), read_by)
    assert clean is not None
    clean.keep()
    return sorted(facts.asked)


def test_all_that_can_be_seen_is_in_the_key(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bank = load_project(project)[0]
    keys = list_keys(bank)
    assert len(keys) == 2
    assert keys == list_keys(load_project(project)[0])
    snippet = bank.snippets["a.py"]
    history = load_project(TESTS / "cases" / "released-deletion-missing")[0].history
    media = load_project(ROOT)[0].media
    others = [
        replace(bank, snippets={"a.py": replace(snippet, file=SourceFile("source/snippets/a.py", "x = 2\n"))}),
        replace(bank, history=history),
        replace(bank, media=media),
        replace(bank, media=dict(list(media.items())[1:])),
        replace(bank, unread_media=frozenset({"a.svg"})),
        replace(bank, broken_ids=frozenset({"a"})),
    ]
    seen = [keys, list_keys(bank, "another"), *map(list_keys, others)]
    monkeypatch.setattr("cardpress.check.clean_files.find_version", lambda name: "another")
    seen.append(list_keys(bank))
    assert len({key for each in seen for key in each}) == 2 * len(seen)
    assert CleanFiles.of(replace(bank, complete=False), "engine") is None
    assert CleanFiles.of(replace(bank, info=None), "engine") is None


def test_templates_of_the_project_are_seen(project: Path, tmp_path: Path) -> None:
    before = QuestionShelf(Store(tmp_path / "kept", project), project).read_by
    (project / "templates" / "anki").mkdir(parents=True)
    (project / "templates" / "anki" / "card.css").write_text(".card {}", encoding="utf-8")
    assert QuestionShelf(Store(tmp_path / "kept", project), project).read_by != before


def test_where_there_are_too_many_problems_nothing_is_known(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardpress.check.clean_files.MAX_PROBLEMS", 1)
    bank = load_project(project)[0]

    def rule(bank: Bank) -> Any:
        for each in bank.questions():
            yield Diagnostic("no-source", bank.sections[0].questions[0].span, f"{each.id.value}", "")

    known: Rule = rule
    clean = CleanFiles.of(bank, "engine")
    assert clean is not None
    assert not clean.ask("rule", known).is_whole
    clean.keep()
    assert set(bank.facts.asked.values()) == {""}


def test_without_it_all_rules_are_asked(project: Path, asked: list[tuple[str, ...]]) -> None:
    bank = load_project(project)[0]
    check(bank)
    check(bank, clean=CleanFiles.of(bank, "engine"))
    check(bank)
    assert asked == [("one", "two")] * 3
