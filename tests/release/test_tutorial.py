"""The tutorial is true: its files are written and its commands run, in order, and print what the page says.

`--accept` writes into the page what they print now.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from cardpress.cli.main import run
from tests.conftest import ROOT, golden

TUTORIAL = ROOT / "docs" / "tutorial.md"
# What stands before a block ends with where it goes: `Write`, `Add to`, or `In` a file.
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"(Write|Add to|In)\s+`(source/[^`]+)`[^`]*:\n\n\Z")
# Sizes change with every change of a template, and say nothing.
_SIZE = re.compile(r"\d+ bytes")


def write(path: Path, how: str, text: str) -> None:
    """Do to a file what the page says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if how == "In":
        old, new = (re.findall(rf"^\{sign}(.*\n)", text, re.MULTILINE) for sign in "-+")
        assert before.count("".join(old)) == 1
        text = before.replace("".join(old), "".join(new))
    path.write_text(before + text if how == "Add to" else text, encoding="utf-8")


def play(text: str, capfd: pytest.CaptureFixture[str]) -> str:
    """Run the commands of a block, and give the block as it is then."""
    said = ""
    for command in re.findall(r"^\$ (.*)$", text, re.MULTILINE):
        capfd.readouterr()
        if command.startswith("cardpress "):
            run(command.split()[1:])
        elif command.startswith("cd "):
            os.chdir(command.split()[1])
        else:
            subprocess.run(command, shell=True, check=True)
        out, err = capfd.readouterr()
        said += f"$ {command}\n{out}{err}"
    return said


def test_the_tutorial_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], accept: bool
) -> None:
    monkeypatch.chdir(tmp_path)  # and back again, wherever the page goes
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # previews are counted there
    for person in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{person}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{person}_EMAIL", "ada@example.org")
    page = TUTORIAL.read_text(encoding="utf-8")
    pieces, position = [], 0
    for block in _BLOCK.finditer(page):
        place = _FILE.search(page[: block.start()])
        if place:
            write(Path(place[2]), place[1], block[2])
        elif block[1] == "console":
            pieces += [page[position : block.start(2)], play(block[2], capfd)]
            position = block.end(2)
    got = "".join((*pieces, page[position:]))
    if _SIZE.sub("", got) != _SIZE.sub("", page):
        golden(TUTORIAL, got, accept=accept)
