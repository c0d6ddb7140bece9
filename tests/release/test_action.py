"""The action and the hooks: each step's script runs as a runner runs it, and nothing that it is given is a script."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from cardpress.cli.main import main, run
from cardpress.engine import ROOT
from tests.helpers.runner import Runner, read_workflow

ACTION = read_workflow(ROOT / "action.yml")
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
# In the place of a Python: it notes what is asked of it, and its environments have the `cardpress` under test.
_PYTHON = """\
#!/usr/bin/env bash
printf '%s\\n' "$*" >> "{log}"
if [ "$3" = venv ]; then mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; cp "{cardpress}" "$4/bin/cardpress"; fi
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A repository with a deck in the folder `my deck`."""
    assert run(["init", str(tmp_path / "work" / "my deck")]) == 0
    return tmp_path / "work"


class Action:
    """Runs the action in a workspace. `ran` are the names of the steps whose scripts ran."""

    def __init__(self, workspace: Path, scratch: Path) -> None:
        self.runner = Runner(workspace, scratch)
        program = shutil.which("cardpress", path=str(scratch / "tools"))
        script = _PYTHON.format(log=self.runner.calls, cardpress=program)
        self._known = {
            "github.action_path": "/the action's/folder",
            "steps.python.outputs.python-path": str(self.runner.add_program("some-python", script)),
        }
        self.ran: list[str] = []
        self.said = ""

    def play(self, **given: str) -> int:
        """Run the steps in turn until one fails, and return its status, otherwise 0."""
        inputs = {name: each["default"] for name, each in ACTION["inputs"].items()} | {"project": "my deck"} | given
        known = self._known | {f"inputs.{name}": value for name, value in inputs.items()}
        for step in STEPS:
            name, _, wanted = step.get("if", "").partition(" == ")
            if "uses" in step or (name and known[name] != wanted.strip("'")):
                continue
            # Each is one expression, and no words around it.
            environment = {
                key: known[value.removeprefix("${{ ").removesuffix(" }}")] for key, value in step["env"].items()
            }
            self.runner.output.write_text("", encoding="utf-8")
            done = self.runner.run(step["run"], environment)
            self.said += done.stdout + done.stderr
            if done.returncode:
                return done.returncode
            known |= {f"steps.{step.get('id')}.outputs.{each}": value for each, value in self.runner.outputs.items()}
            self.ran.append(step["name"])
        self.dist = known.get("steps.build.outputs.dist", "")
        return 0


@pytest.fixture
def action(workspace: Path, tmp_path: Path) -> Action:
    return Action(workspace, tmp_path / "runner")


def test_a_deck_is_checked_and_built_and_the_summary_says_what_learners_would_get(action: Action) -> None:
    assert action.play() == 0, action.said
    assert action.ran == [
        "Read the inputs",
        "Install cardpress",
        "Check the source",
        "Say what learners would get",
        "Build",
    ]
    assert action.dist == "my deck/dist"
    assert (action.runner.workspace / action.dist / "my-deck.apkg").is_file()
    assert "2 basic notes and 1 cloze note; 4 cards" in action.runner.summary.read_text(encoding="utf-8")


def test_an_update_is_rehearsed_when_that_is_asked_for(action: Action) -> None:
    assert action.play(rehearse="true", build="false", diff="false") == 0, action.said
    assert "every card keeps its schedule" in action.said
    assert action.dist == ""
    assert action.runner.summary.read_text(encoding="utf-8") == ""
    assert "/the action's/folder[rehearse]" in action.runner.calls.read_text(encoding="utf-8")


@pytest.mark.parametrize(("version", "wanted"), [("", "/the action's/folder"), ("1.2.0", "cardpress==1.2.0")])
def test_the_version_that_is_named_is_installed_otherwise_the_actions_own(
    version: str, wanted: str, action: Action
) -> None:
    assert action.play(version=version, build="false") == 0, action.said
    made, installed = action.runner.calls.read_text(encoding="utf-8").splitlines()
    assert made.startswith("-I -m venv ")  # -I: nothing of the repository is a module
    assert installed == f"-I -m pip install --quiet --disable-pip-version-check {wanted}"


def test_what_is_wrong_stands_at_its_line_from_the_top_of_the_repository(action: Action) -> None:
    questions = action.runner.workspace / "my deck" / "source" / "planets.yaml"
    questions.write_text(questions.read_text(encoding="utf-8").replace("  answer: Venus", "  anwser: Venus"), "utf-8")
    assert action.play() == 1
    assert "::error file=my deck/source/planets.yaml,line=4,col=3," in action.said
    assert action.ran[-1] == "Install cardpress"


@pytest.mark.parametrize(("strict", "status"), [("true", 1), ("false", 0)])
def test_warnings_fail_unless_they_may_not(strict: str, status: int, action: Action) -> None:
    deck = action.runner.workspace / "my deck" / "source" / "deck.yaml"
    deck.write_text(deck.read_text(encoding="utf-8").replace("My deck", "'My \"deck\"'"), encoding="utf-8")
    assert action.play(strict=strict, build="false") == status
    assert "::warning file=my deck/source/deck.yaml" in action.said


@pytest.mark.parametrize("name", ["strict", "diff", "rehearse", "build"])
@pytest.mark.parametrize("value", ["yes", "", "True", "true; touch x"])
def test_a_switch_is_true_or_false(name: str, value: str, action: Action) -> None:
    assert action.play(**{name: value}) == 1
    assert action.ran == []
    assert f"::error::{name.upper()} is true or false" in action.said


@pytest.mark.parametrize(
    "project", ["nowhere", "", "$(touch x)", "my deck\ndist=elsewhere", '"; touch x; "', "--help", "my deck/source"]
)
def test_a_project_is_a_folder_and_never_a_script(project: str, action: Action) -> None:
    assert action.play(project=project) == 1
    assert "::error::PROJECT is a folder that holds source/" in action.said
    assert not list(action.runner.workspace.rglob("x"))


def test_a_project_whose_name_looks_like_an_option_is_one(workspace: Path, action: Action) -> None:
    (workspace / "my deck").rename(workspace / "--help")
    assert action.play(project="--help") == 0, action.said
    assert (workspace / "--help" / "dist" / "manifest.json").is_file()


def test_no_script_holds_an_expression_and_other_actions_are_named_by_a_commit() -> None:
    assert not any("${{" in step.get("run", "") for step in STEPS)
    assert all(step["shell"] == "bash" for step in STEPS if "run" in step)
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", each) for each in used)


def test_every_input_is_used_and_described() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "automation.md").read_text(encoding="utf-8")
    for name, each in ACTION["inputs"].items():
        assert f"inputs.{name}" in text
        assert each["description"].endswith(".")
        assert f"| `{name}` |" in page


def test_hooks_run_commands_that_there_are_when_source_or_templates_change() -> None:
    for hook in HOOKS:
        program, command = hook["entry"].split()
        assert program == "cardpress"
        assert command in main.commands
        assert hook["pass_filenames"] is False
        for name in ("source/deck.yaml", "templates/web/page.html", "decks/one/source/media/a.png"):
            assert re.search(hook["files"], name)
        for name in ("README.md", "dist/my-deck.apkg", "resource/a.yaml", "src/source.py"):
            assert not re.search(hook["files"], name)
    assert f"id: {HOOKS[0]['id']}" in (ROOT / "docs" / "automation.md").read_text(encoding="utf-8")
