"""Every file of source/snippets/ runs, and prints what the card beside it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from cardpress.source.bank import Bank
from cardpress.source.load import load, load_templates
from tests.conftest import ROOT

SNIPPETS = sorted((ROOT / "source" / "snippets").glob("*.py"))
MAX_SHOWN, MAX_SHOWN_RECALL, MAX_WIDTH = 20, 12, 64


@cache
def bank() -> Bank:
    templates, _ = load_templates(ROOT)
    return load(ROOT / "source", templates).bank


def run(snippet: Path) -> subprocess.CompletedProcess[str]:
    # Safe path: a snippet called like a library must not hide it from the others. The clock and locale are pinned.
    environment = os.environ | {"PYTHONIOENCODING": "utf-8", "TZ": "UTC"}
    command = [sys.executable, "-P", "-W", "error", str(snippet)]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=120
    )


@pytest.fixture(scope="module")
def runs() -> dict[str, subprocess.CompletedProcess[str]]:
    """Run every snippet once, two at a time."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip((path.name for path in SNIPPETS), pool.map(run, SNIPPETS), strict=True))


@pytest.mark.parametrize("name", [path.name for path in SNIPPETS])
def test_a_snippet_keeps_every_claim_it_makes(name: str, runs: dict[str, subprocess.CompletedProcess[str]]) -> None:
    done = runs[name]
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_a_question_shows_what_its_snippet_prints(runs: dict[str, subprocess.CompletedProcess[str]]) -> None:
    for question in bank().questions():
        if question.snippet:
            assert question.output, f"{question.id.value} has a snippet and no output"
            printed = runs[question.snippet.value].stdout
            assert printed.strip("\n") == question.output.value.strip("\n"), question.id.value


def said(answer: str) -> list[str]:
    """Give what an answer says is printed: a status it begins with, else its first code; `None` for a plain no."""
    status = re.match(r"[1-5][0-9][0-9]\b", answer)
    code = re.search(r"`([^`]+)`", answer)
    if answer.startswith("No."):
        return ["None"]
    return [status[0]] if status else [code[1]] if code else []


def test_an_output_note_prints_what_its_answer_says(runs: dict[str, subprocess.CompletedProcess[str]]) -> None:
    differing = []
    for question in bank().questions():
        for recall in question.recall:
            if recall.snippet and recall.answer:
                printed = plain(runs[recall.snippet.value].stdout)
                expected = said(recall.answer.value)
                if not expected or any(plain(each) not in printed for each in expected):
                    differing.append(f"{recall.id.value}: {recall.answer.value} | {printed}")
    assert differing == []


def plain(text: str) -> str:
    """Make Python's and JSON's way of printing a value alike."""
    return re.sub(r"\s", "", text).replace("'", '"')


def test_every_snippet_is_on_a_card() -> None:
    assert {path.name for path in SNIPPETS} == set(bank().snippets)


def test_shown_code_fits_a_card_and_a_column() -> None:
    for question in bank().questions():
        pairs = [(question.snippet, MAX_SHOWN), *((recall.snippet, MAX_SHOWN_RECALL) for recall in question.recall)]
        for name, most in pairs:
            if name:
                lines = bank().snippets[name.value].shown.split("\n")
                assert len(lines) <= most, f"{name.value} shows {len(lines)} lines"
                assert max(map(len, lines)) <= MAX_WIDTH, f"{name.value} shows a line wider than {MAX_WIDTH}"
