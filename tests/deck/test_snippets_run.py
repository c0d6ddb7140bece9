"""Every file of source/snippets/ runs, and prints what the card beside it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from cardpress.note_types import Holds
from cardpress.source.bank import Bank, Question, Text
from cardpress.source.load import load
from cardpress.source.templates.loading import load_templates
from tests.conftest import ROOT

SNIPPETS = ROOT / "source" / "snippets"
NAMES = sorted(path.name for path in SNIPPETS.glob("*.py"))
MAX_SHOWN, MAX_SHOWN_RECALL = 20, 12


@cache
def bank() -> Bank:
    templates, _ = load_templates(ROOT)
    return load(ROOT / "source", templates).bank


def shown(note: Question) -> list[str]:
    """Return the names of the snippets that a note shows."""
    return [name.value for _, name in note.each(Holds.SNIPPET)]


@dataclass(frozen=True)
class Run:
    """How a snippet ended, and what it printed."""

    status: int
    out: str
    err: str


class Runs:
    """Runs snippets. Each runs once, even if several workers of pytest want to know what it prints."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self.process = process
        self.folder = folder

    def __getitem__(self, name: str) -> Run:
        """Return how a snippet ran, after running it if no worker has."""
        done = self.folder / name
        if not done.exists():
            with tempfile.TemporaryDirectory(dir=self.folder) as parts:
                path = Path(parts)
                status = self._ask(SNIPPETS / name, path)
                texts = ((path / part).read_text(encoding="utf-8") for part in ("out", "err"))
                (path / "run").write_text(json.dumps([status, *texts]), encoding="utf-8")
                (path / "run").replace(done)
        return Run(*json.loads(done.read_text(encoding="utf-8")))

    def _ask(self, snippet: Path, folder: Path) -> int:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([str(snippet), str(folder)]) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Runs]:
    """What runs snippets, as the command `python -P -W error` does."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if hasattr(request.config, "workerinput") else base) / "snippets"
    folder.mkdir(exist_ok=True)
    # Safe path: a snippet called like a library must not hide it from the others. The clock and locale are pinned.
    environment = os.environ | {"PYTHONIOENCODING": "utf-8", "TZ": "UTC"}
    command = [sys.executable, "-P", "-W", "error", str(ROOT / "tests" / "helpers" / "snippet_server.py")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, encoding="utf-8", env=environment) as process:
        yield Runs(process, folder)


@pytest.mark.parametrize("name", NAMES)
def test_a_snippet_keeps_every_claim_it_makes(name: str, runs: Runs) -> None:
    assert runs[name].status == 0, runs[name].err
    assert runs[name].err == ""


def test_a_question_shows_what_its_snippet_prints(runs: Runs) -> None:
    for question in bank().questions():
        for snippet in shown(question):
            output = next((output for _, output in question.each(Holds.OUTPUT)), None)
            assert output, f"{question.id.value} has a snippet and no output"
            assert runs[snippet].out.strip("\n") == output.value.strip("\n"), question.id.value


def said(answer: str) -> list[str]:
    """Return what an answer says is printed: the status it begins with, else its first code; None for a plain no."""
    status = re.match(r"[1-5][0-9][0-9]\b", answer)
    code = re.search(r"`([^`]+)`", answer)
    if answer.startswith("No."):
        return ["None"]
    return [status[0]] if status else [code[1]] if code else []


def test_an_output_note_prints_what_its_answer_says(runs: Runs) -> None:
    differing = []
    for question in bank().questions():
        for recall in question.recall:
            answer = recall.values.get("answer")
            if not isinstance(answer, Text):
                continue
            for snippet in shown(recall):
                printed = plain(runs[snippet].out)
                expected = said(answer.value)
                if not expected or any(plain(each) not in printed for each in expected):
                    differing.append(f"{recall.id.value}: {answer.value} | {printed}")
    assert differing == []


def plain(text: str) -> str:
    """Make Python's and JSON's way of printing a value alike."""
    return re.sub(r"\s", "", text).replace("'", '"')


def test_every_snippet_is_on_a_card() -> None:
    assert set(NAMES) == set(bank().snippets)


def test_shown_code_is_no_longer_than_a_card_has_room_for() -> None:
    for question in bank().questions():
        pairs = [(question, MAX_SHOWN), *((recall, MAX_SHOWN_RECALL) for recall in question.recall)]
        for name, most in [(name, most) for note, most in pairs for name in shown(note)]:
            lines = bank().snippets[name].shown.split("\n")
            assert len(lines) <= most, f"{name} shows {len(lines)} lines"
