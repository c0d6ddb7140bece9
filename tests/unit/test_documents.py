"""The documents say what is true: every command, option, code, key and package is in them, and nothing else."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click

from cardpress.cli.main import main, run
from cardpress.diagnostics.codes import CODES
from cardpress.source import load
from cardpress.source.questions import CLOZE, QUESTION, RECALL
from cardpress.writers import NAMES
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """Give the README's text under a heading."""
    return re.split(r"^#+ ", README.partition(f"# {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(text: str) -> list[str]:
    return re.findall(r"^\| `([a-z][a-z-]*)[ A-Z]*`", text, re.MULTILINE)


def test_every_command_is_documented() -> None:
    rows = first_cells(section("Commands and options"))
    assert sorted(rows) == sorted(main.commands)


def test_every_option_is_documented() -> None:
    have = {
        option
        for command in main.commands.values()
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    }
    documented = set(re.findall(r"--[a-z][a-z-]*", section("Commands and options")))
    assert documented == have | {"--version", "--help"}


def test_every_code_is_documented_as_it_is() -> None:
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (error|warning) \| (.+) \|$", README, re.MULTILINE)
    assert rows == [(code, entry.severity.value, entry.meaning) for code, entry in CODES.items()]


def test_every_key_is_documented() -> None:
    keys = {"deck.yaml": load.DECK.keys + load.SECTION.keys, "A question": QUESTION.keys + RECALL.keys + CLOZE.keys}
    for title, wanted in keys.items():
        named = set(re.findall(r"\b[a-z_]+\b", " ".join(re.findall(r"`([^`]+)`", section(title)))))
        assert [key for key in wanted if key not in named] == []


def test_every_output_is_documented() -> None:
    option = re.search(r"`--only ([a-z,]+)`", README)
    assert option is not None
    assert sorted(option[1].split(",")) == list(NAMES)


def test_every_room_of_the_engine_is_named() -> None:
    names = {path.name for path in (ROOT / "cardpress").glob("*.py")} - {"__init__.py"}
    folders = {f"{path.parent.name}/" for path in (ROOT / "cardpress").glob("*/__init__.py")}
    table = CONTRIBUTING.partition("| in `cardpress/` | holds |")[2]
    assert sorted(name for name in names | folders if f"`{name}`" not in table) == []


def test_every_package_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = {re.split(r"[>=\[]", line)[0] for line in project["dependencies"]}
    rows = re.findall(r"^\| ([a-z0-9, ]+) \|", CONTRIBUTING.partition("| at run time |")[2], re.MULTILINE)
    assert packages == {name.strip() for row in rows for name in row.split(",")}


def test_the_smallest_deck_of_the_readme_builds(tmp_path: Path) -> None:
    deck, questions = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    source = tmp_path / "source"
    source.mkdir()
    (source / "deck.yaml").write_text(deck, encoding="utf-8")
    (source / "basics.yaml").write_text(questions, encoding="utf-8")
    assert run(["build", "--project", str(tmp_path), "--only", "json", "--quiet"]) == 0
    assert (tmp_path / "dist" / "my-deck.json").exists()


def test_help_has_an_example_for_every_command() -> None:
    for command in main.commands.values():
        assert "Example: python3 build.py" in (command.epilog or "")


def test_no_file_names_a_registry_or_a_path_of_a_machine() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text or name.endswith(".md")
        assert "pypi.org" not in text
