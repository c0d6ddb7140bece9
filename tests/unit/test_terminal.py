"""Nothing that a project holds reaches a terminal as anything but text: one place makes it visible."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardpress.cli.main import run
from cardpress.diagnostics.visible import make_lines_visible, make_visible, to_json
from tests.conftest import ROOT, WriteProject
from tests.helpers.author import Author

ACTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|##[a-z]*\\[")
# Colors a terminal, moves its cursor, sets its title, reverses text, isolates it; C1, a line separator. The rest are
# commands for the runners of GitHub and Azure.
EVIL = "\x1b[31m\x1b[2K\x1b]0;title\x07\r\u202e\u2066\x9b31m\u2028##[set-output name=a]b##vso[a]###[c]"


@given(st.text())
def test_a_message_has_no_active_character(text: str) -> None:
    assert not ACTIVE.search(make_visible(text))
    assert "\n" not in make_visible(text)
    assert make_lines_visible(text).count("\n") == text.count("\n")


def test_no_line_begins_with_a_command_for_a_runner() -> None:
    shown = make_lines_visible("a::b\n  ::set-output name=a::b\n::stop-commands::a")
    assert shown == "a::b\n  \uff1a\uff1aset-output name=a::b\n\uff1a\uff1astop-commands::a"


VALUES = st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.dictionaries(st.text(), inner))


@given(VALUES)
def test_json_has_no_active_character_and_means_the_same(value: object) -> None:
    text = to_json(value)
    assert not ACTIVE.search(text)
    assert json.loads(text) == value


PRINTERS = ("click.echo", "click.secho", "sys.stdout.write")


def test_only_one_module_prints() -> None:
    """`cardpress/bootstrap.py` prints before packages are there, and nothing of a project."""
    printing = set()
    for path in (ROOT / "cardpress").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in PRINTERS:
                printing.add(path.name)
    assert printing == {"console.py"}


@pytest.mark.parametrize("report_format", ["text", "json", "github", "sarif"])
def test_a_report_on_names_and_texts_is_plain(
    write_project: WriteProject, capsys: pytest.CaptureFixture[str], report_format: str
) -> None:
    name = EVIL.replace("\0", "").replace("/", "")
    project = write_project({f"{name}.yaml": "- id: x\n", f"media/{name}.png": b"", "first.yaml": f"- id: '{name}'\n"})
    (project / "source" / f"{name}.txt").symlink_to("/etc/hostname")
    assert run(["check", "--project", str(project), "--format", report_format]) == 1
    printed = capsys.readouterr()
    plain = re.sub(r"\x1b\[[0-9;]*m", "", printed.out) if report_format == "text" else printed.out
    assert not ACTIVE.search(plain)
    assert not ACTIVE.search(printed.err)


def test_a_failure_quotes_a_path_as_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["--project", EVIL],
        [EVIL],
        ["--only", EVIL],
        ["rehearse", "--from", EVIL],
        ["release", EVIL],
        ["explain", EVIL],
    ):
        assert run(arguments) == 2
    project = tmp_path / EVIL.replace("/", "")
    (project / "source").mkdir(parents=True)
    (project / "dist").symlink_to("/etc")
    assert run(["--project", str(project)]) == 2
    printed = capsys.readouterr()
    assert not ACTIVE.search(printed.out + printed.err)


@pytest.mark.slow  # a deck is released first
def test_a_refusal_quotes_a_file_as_text(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["git", "init", "-q", str(author.project)], check=True)
    (author.project / EVIL.replace("/", "")).touch()
    assert run(["release", "1.0.1", "--project", str(author.project)]) == 1
    printed = capsys.readouterr().err
    assert "not committed" in printed
    assert not ACTIVE.search(printed)


@pytest.mark.slow
@pytest.mark.parametrize("diff_format", ["text", "json", "markdown"])
def test_a_difference_quotes_a_text_as_text(
    author: Author, capsys: pytest.CaptureFixture[str], diff_format: str
) -> None:
    author.find("neon")["question"] = "What \u202ecolour\u202c has \u2066a neon lamp\u2069 ##[add-mask]a?"
    author.find("neon")["answer"] = "Red\u2028and \u200forange."
    author.write()
    assert run(["diff", "--fields", "--format", diff_format, "--project", str(author.project)]) == 0
    printed = capsys.readouterr().out
    assert "neon lamp" in printed
    assert not ACTIVE.search(printed)
