"""`check` as a command: what makes it fail, what it says, and what it does without."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cardpress.check.rules import RULES
from cardpress.cli.main import main
from tests.conftest import QUESTION, ROOT, WriteProject

WARNING = QUESTION.replace("  sources: [https://example.org/one]\n", "")
ERROR = QUESTION + "  level: hard\n"


def run(project: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["check", "--project", str(project), *options])
    return result.exit_code, result.stdout


@pytest.mark.parametrize(
    ("content", "options", "status"),
    [
        (QUESTION, (), 0),
        (QUESTION, ("--strict",), 0),
        (WARNING, (), 0),
        (WARNING, ("--strict",), 1),
        (ERROR, (), 1),
        (ERROR, ("--strict",), 1),
        (WARNING, ("--format", "json"), 0),
        (WARNING, ("--format", "json", "--strict"), 1),
        (QUESTION, ("--format", "yaml"), 2),
    ],
)
def test_warnings_count_only_when_strict(
    content: str, options: tuple[str, ...], status: int, write_project: WriteProject
) -> None:
    assert run(write_project({"first.yaml": content}), *options)[0] == status


def test_a_clean_source_is_said_to_be_clean(write_project: WriteProject) -> None:
    project = write_project({})
    assert run(project) == (0, "no problems\n")
    assert run(project, "--quiet") == (0, "")
    assert json.loads(run(project, "--format", "json")[1]) == {"version": 1, "diagnostics": []}


def test_a_folder_without_a_source_is_wrong_usage(tmp_path: Path) -> None:
    assert run(tmp_path)[0] == 2
    assert run(tmp_path / "nowhere")[0] == 2


def test_a_check_writes_nothing(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": ERROR})
    before = sorted(project.rglob("*"))
    run(project)
    assert sorted(project.rglob("*")) == before


def test_a_check_needs_none_of_the_writers(write_project: WriteProject) -> None:
    everything = QUESTION + "  extra: |\n    ```python\n    x = 1\n    ```\n    é → 日\n"
    project = write_project({"first.yaml": everything})
    code = (
        "import sys; from cardpress.cli.main import run; run(sys.argv[1:]);"
        "print(sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'genanki', 'typst', 'jinja2', 'nh3', 'rich', 'anki'}),"
        " [name for name in sys.modules if name.startswith('cardpress.writers.')])"
    )
    command = [sys.executable, "-c", code, "check", "--project", str(project)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[] []", done.stdout


def test_a_check_without_mistakes_does_not_load_what_compares_words(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": QUESTION})
    code = (
        "import sys; from pathlib import Path; from cardpress.pipeline import check_project;"
        "check_project(Path(sys.argv[1])); print('rapidfuzz' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(project)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_every_rule_of_the_house_is_in_the_list() -> None:
    import importlib
    import inspect

    rules = {rule.__qualname__ for rule in RULES}
    for path in sorted((ROOT / "cardpress" / "check").glob("*.py")):
        module = importlib.import_module(f"cardpress.check.{path.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                takes = list(inspect.signature(function).parameters.values())
                gives = inspect.signature(function).return_annotation
                if [each.annotation for each in takes] == ["Bank"] and gives == "Iterator[Diagnostic]":
                    assert name in rules, f"{module.__name__}.{name} is not in cardpress.check.rules.RULES"
