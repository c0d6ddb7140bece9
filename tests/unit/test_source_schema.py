"""The schema of the source: what is right is valid under it, typical mistakes are not, and it does not grow stale."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from cardpress.cli.main import run
from cardpress.cli.reports import find_folder
from cardpress.note_types import DELETED, Holds
from cardpress.pipeline import check_project, load_and_check
from cardpress.source.load import DECK
from cardpress.source.source_schema import make_schema
from cardpress.source.templates.loading import load_templates
from tests.conftest import DECK as DECK_YAML
from tests.conftest import QUESTION, ROOT, WriteProject
from tests.helpers.diagnostics import codes, problems
from tests.helpers.own_note_types import WORD, place_of

SCHEMA = "source/source.schema.json"
# Those that `check` accepts: what it refuses need not be valid here.
EXAMPLES = [
    path
    for path in sorted((ROOT / "examples").iterdir())
    if (path / "source").is_dir() and not check_project(path).failed(strict=False)
]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # as `check` chooses
    """Reads YAML as editors do, in version 1.2: dates and `off` are texts."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith((":timestamp", ":bool"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _first in "tf":
    _Loader.yaml_implicit_resolvers.setdefault(_first, []).insert(
        0, ("tag:yaml.org,2002:bool", re.compile("true|false"))
    )


def parse(text: str) -> Any:
    return yaml.load(text, Loader=_Loader)


@lru_cache
def validator(project: Path | None = None) -> Draft7Validator:
    schema = json.loads(make_schema(load_templates(ROOT, project)[0].declared.note_types))
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def is_valid(text: str, project: Path | None = None) -> bool:
    return bool(validator(project).is_valid(parse(text)))


def explain(text: str, project: Path | None = None) -> list[str]:
    return [f"{list(each.absolute_path)}: {each.message}" for each in validator(project).iter_errors(parse(text))]


@pytest.mark.parametrize("project", [ROOT, *EXAMPLES], ids=lambda project: project.name)
def test_a_deck_that_is_right_is_valid(project: Path) -> None:
    own = None if project == ROOT else project
    for path in sorted((project / "source").glob("*.yaml")):
        assert explain(path.read_text(encoding="utf-8"), own) == [], path.name


def test_what_only_causes_warnings_is_valid() -> None:
    seen = 0
    for case in sorted((ROOT / "tests/cases").iterdir()):
        bank, result = load_and_check(case)
        if result.failed(strict=False):
            continue
        schema = Draft7Validator(json.loads(make_schema(bank.known_note_types)))
        for name in ("deck", *(section.id.value for section in bank.sections if not section.table)):
            text = (case / f"source/{name}.yaml").read_text(encoding="utf-8")
            assert [each.message for each in schema.iter_errors(parse(text))] == [], f"{case.name}: {name}.yaml"
            seen += 1
    assert seen > 50


def list_blocks(page: str) -> list[str]:
    blocks = re.findall(
        r"^```yaml\n(.*?)^```$", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return [block for block in blocks if re.match(r"(?:- )?id: ", block)]


@pytest.mark.parametrize("block", list_blocks("format.md"))
def test_what_the_documentation_shows_is_valid(block: str) -> None:
    assert explain(block) == []


@pytest.mark.parametrize(
    "text",
    [
        QUESTION.replace("answer:", "anwser:"),
        QUESTION.replace("answer: The first number.", "answer: 1"),
        QUESTION + "  level: hard\n",
        QUESTION + "  tags: numbers\n",
        QUESTION + "  number: seven\n",
        QUESTION + "  recall: [{id: two, question: 'What is two?'}]\n",
        QUESTION + "  pitfalls: [{claim: x}]\n",
        QUESTION + "  retired: It changed.\n",
        QUESTION + "  allow: [no-sorce]\n",
        QUESTION + "  note_type: recal\n",
        QUESTION.replace("id: one", "id: Number One"),
        "- question: What is one?\n  answer: The first.\n",
        "- {id: iron, cloze: '{{c1::Iron}}', recall: []}\n",
        "id: sample\ntitle: Sample deck\n",
        DECK_YAML.replace("title: Sample", "titel: Sample"),
        "- {id: iron, cloze: Iron}\n",
        "- {id: heart, occlude: {image: heart.svg, masks: [{id: vein}]}}\n",
        "- {id: heart, occlude: {image: heart.svg}}\n",
        DECK_YAML + "    colour: red\n",
        DECK_YAML + "    note_type: wrd\n",
        DECK_YAML + "    ids: word\n",
        DECK_YAML + "inherit_tags: maybe\n",
        DECK_YAML + "checks: {no-source: never}\n",
        DECK_YAML + "checks: {no-sorce: off}\n",
        DECK_YAML + "outputs: {flashcards: {per_page: 7}}\n",
        DECK_YAML + "outputs: {flash: true}\n",
        DECK_YAML + "outputs: {pdf: {papers: []}}\n",
        DECK_YAML + "    ids: {from: word}\n",
        DECK_YAML + "deck_name: 'A:: B'\n",
        DECK_YAML + "deck_name: 'A::::B'\n",
        DECK_YAML + "homepage: example.org\n",
        re.sub(r"date: .*", "date: 20.11.2026", DECK_YAML),
        DECK_YAML.replace("1.0.0", "v1"),
        "id: sample\ntitle: S\nversion: 1.0.0\ndate: 2026-01-02\nsections: []\n",
        QUESTION + "  extra: ' '\n",
        QUESTION + "  sources: [{}]\n",
        QUESTION + "  sources: [{url: 'a b'}]\n",
        QUESTION + "  recall: [{id: two, cloze: No gap.}]\n",
        "- {id: eye, occlude: {image: eye.png}}\n",
        "- {id: eye, occlude: {image: eye.png, masks: [{id: lens}]}}\n",
        "- {id: eye, occlude: {image: eye.png, masks: [{id: lens, rect: [1, 2, 3]}]}}\n",
        "- {id: eye, occlude: {image: eye.png, masks: [{id: lens, rect: [1, 2, 3, 0]}]}}\n",
        "- {id: eye, occlude: {image: eye.png, masks: [{id: lens, rect: [1, 2, 3, 4], shape: lens}]}}\n",
        "- {id: eye, occlude: {image: eye.png, masks: [{id: lens, shapes: []}]}}\n",
    ],
)
def test_a_typical_mistake_is_not_valid(text: str) -> None:
    assert not is_valid(text)


def test_what_the_mistakes_are_made_of_is_valid() -> None:
    assert is_valid(QUESTION)
    assert is_valid(DECK_YAML)
    assert is_valid(DECK_YAML + "checks: {no-source: off}\noutputs: {flashcards: {papers: [a4], per_page: 8}}\n")
    assert is_valid(DECK_YAML + "    table: first.csv\n    ids: {from: word}\n")
    assert is_valid(DECK_YAML.replace("id: first", "id: {from: word}") + "    table: first.csv\n")
    assert is_valid(DECK_YAML + "deck_name: Languages::Spanish (A1)\nhomepage: https://example.org/a?b=c\n")
    assert is_valid("- {id: eye, occlude: {image: eye.png, shapes: [iris, lens]}}\n")
    masks = "{id: lens, rect: [0.1, -2, 3, .4]}, {id: 1, shape: lens}, {id: iris, shapes: [a, b], label: iris}"
    assert is_valid(f"- {{id: eye, occlude: {{image: eye.png, hide: one, masks: [{masks}]}}}}\n")
    assert is_valid("- {id: perro, question: dog, answer: perro, typed: yes, reverse: Off}\n")
    assert is_valid(QUESTION + "  number: '7'\n  sources: [{title: A book}, 'https://example.org']\n")


def test_a_decks_own_note_types_are_in_its_schema(write_project: WriteProject) -> None:
    project = write_project({})
    path = project / "templates/note-types/word/note-type.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(
        WORD.replace("{key: sentence,", "{key: sentence, meaning: An example (Markdown).,"), encoding="utf-8"
    )
    assert is_valid("- {id: dog, word: el perro, meaning: the dog}\n", project)
    assert is_valid(DECK_YAML + "    note_type: word\n", project)
    assert not is_valid("- {id: dog, word: el perro, meening: the dog}\n", project)
    found = validator(project).schema["definitions"]["question-word"]["properties"]["sentence"]
    assert found == {"description": "An example (Markdown).", "type": "string", "pattern": r"\S"}


def test_every_kind_of_value_is_described(tmp_path: Path) -> None:
    more = {Holds.ONE_OF: ", values: [x]", Holds.PAIRS: ", parts: [{key: a, label: A}]"}
    fields = "".join(
        f"  - {{key: f{number}, holds: {holds}{more.get(holds, '')}}}\n"
        for number, holds in enumerate(Holds)
        if holds not in DELETED
    )
    path = tmp_path / "templates/note-types/all/note-type.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(f"title: All\nfields:\n{fields}cards: [{{asks: [f0], answers: [f1]}}]\n", encoding="utf-8")
    assert explain("- {id: x, f0: y}\n", tmp_path) == []


def test_meanings_lead_nowhere_else() -> None:
    text = json.dumps(validator().schema)
    assert "](" not in text
    assert DECK.optional["language"].replace("`", "") in text


# --- the command, and a schema that is stale


def test_the_command_writes_it_and_then_leaves_it(
    write_project: WriteProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = write_project({})
    assert run(["schema", "--project", str(project)]) == 0
    assert capsys.readouterr().out.startswith(f"{find_folder(project)}/{SCHEMA} written\n")
    written = (project / SCHEMA).read_bytes()
    assert json.loads(written) == validator().schema
    assert problems(project) == []
    assert run(["schema", "--project", str(project)]) == 0
    assert capsys.readouterr().out.startswith(f"{find_folder(project)}/{SCHEMA} is as it should be\n")
    assert (project / SCHEMA).read_bytes() == written


def test_a_stale_one_is_a_warning(write_project: WriteProject) -> None:
    project = write_project({"source.schema.json": "{}\n"})
    found = problems(project)
    assert codes(found) == ["stale-schema"]
    assert not check_project(project).failed(strict=False)
    assert run(["schema", "--project", str(project)]) == 0
    assert problems(project) == []


def test_a_deck_with_mistakes_gets_its_schema_too(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": "- {id: one, qestion: What?}\n"})
    assert run(["schema", "--project", str(project)]) == 0
    assert json.loads((project / SCHEMA).read_bytes()) == validator().schema


def test_it_is_not_written_through_a_link(write_project: WriteProject, capsys: pytest.CaptureFixture[str]) -> None:
    project = write_project({"other.json": "kept"})
    (project / SCHEMA).symlink_to("other.json")
    assert run(["schema", "--project", str(project)]) == 1
    assert "behind a link" in capsys.readouterr().err
    assert (project / "source/other.json").read_text() == "kept"


BROKEN = {
    "bad-note-type": WORD.replace("holds: line", "holds: lyne", 1),
    "missing-key": WORD.replace("title: Word\n", ""),
    "unknown-key": f"{WORD}colour: red\n",
    "yaml-syntax": f"{WORD}colour: [\n",
    "missing-file": WORD.replace("name: Recall,", "name: Recall, front: f.html,"),
    "empty-text": "",
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_note_type_stops_it(
    write_project: WriteProject, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    project = write_project({place_of("word"): BROKEN[code]})
    assert run(["schema", "--project", str(project)]) == 1
    assert f"error[{code}]" in capsys.readouterr().out
    assert not (project / SCHEMA).exists()


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("language: {}\n", ("en", "pt-BR", "zh-Hant-TW"), ("German (DE)", "de_DE", "")),
        ("date: '{}'\n", ("2026-11-20",), ("20.11.2026", "2026-11", "")),
        ("version: '{}'\n", ("1.0.0", "1.0.0-rc.1+b"), ("1.0", "one")),
        ("deck_name: '{}'\n", ("A::B c", "A", "1 A::2 B"), ("A:: B", "A ::B", " A", 'A "b"', "")),
        ("sections: [{{id: a, title: A, deck_name: '{}'}}]\n", ("A::B",), ("A:: B",)),
        ("sections: [{{id: a, title: A, tags: ['{}']}}]\n", ("a::b", "C++", "2,4-D"), ("a b", "a;b", "x" * 61)),
    ],
)
def test_what_check_asks_of_texts_has_patterns(text: str, right: tuple[str, ...], wrong: tuple[str, ...]) -> None:
    schema = validator()
    facts = yaml.safe_load(DECK_YAML) | {"date": "2026-01-02"}
    for value in (*right, *wrong):
        deck = {**facts, **yaml.safe_load(text.format(value))}
        assert schema.is_valid(deck) is (value in right), value
