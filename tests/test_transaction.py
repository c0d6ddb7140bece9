"""A change of several files is made whole or not at all, at whichever step it fails, is stopped, or dies."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from cardpress import transaction
from cardpress.pipeline import check_project
from tests.conftest import DECK, QUESTION, ROOT
from tests.releasing import tree

BEFORE = {
    "source/deck.yaml": DECK.encode(),
    "source/first.yaml": QUESTION.encode(),
    "dist/manifest.json": b"old manifest",
    "dist/gone.txt": b"no longer made",
    "CHANGELOG.md": b"# Changelog\n",
}
CHANGE: Mapping[str, bytes | None] = {
    "dist/gone.txt": None,
    "dist/manifest.json": b"new manifest",
    "dist/new.txt": b"made now",
    "notes/deep/RELEASE.md": b"in a folder that was not there",
    "source/history.json": b"{}",
    "source/deck.yaml": DECK.replace("1.0.0", "1.1.0").encode(),
    "CHANGELOG.md": b"# Changelog\n\n## 1.1.0\n",
}
MOST_STEPS = 200


def _reset(project: Path) -> dict[str, bytes]:
    shutil.rmtree(project, ignore_errors=True)
    for name, data in BEFORE.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_bytes(data)
    return tree(project)


def _contents(project: Path) -> dict[Path, bytes | None]:
    return {project / name: data for name, data in CHANGE.items()}


def _changed(project: Path) -> dict[str, bytes]:
    _reset(project)
    transaction.commit(project, _contents(project))
    return tree(project)


def _strike(project: Path, number: int, how: str) -> int:
    coded = {str(path): data and base64.b64encode(data).decode() for path, data in _contents(project).items()}
    asked = {"project": str(project), "contents": coded, "number": number, "how": how}
    command = [sys.executable, "-m", "tests.killing"]
    return subprocess.run(command, input=json.dumps(asked), text=True, cwd=ROOT, check=False).returncode


def test_a_change_is_made_and_leaves_nothing_else(tmp_path: Path) -> None:
    changed = _changed(tmp_path / "project")
    files = {name: data for name, data in changed.items() if data != b"/"}
    wanted = {**BEFORE, **CHANGE}
    assert files == {name: data for name, data in wanted.items() if data is not None}


@pytest.mark.parametrize("how", ["kill", "full", "interrupt"])
def test_wherever_a_change_ends_all_is_old_or_all_is_new(tmp_path: Path, how: str) -> None:
    project = tmp_path / "project"
    new = _changed(project)
    outcomes = []
    for number in range(1, MOST_STEPS):
        old = _reset(project)
        status = _strike(project, number, how)
        at_once = tree(project)
        if how != "kill":
            assert at_once == (new if status == 0 else old), number
        check_project(project)  # any command puts right what a killed one left
        after = tree(project)
        assert after in (old, new), number
        assert (status == 0) <= (after == new), number
        outcomes.append(after == new)
        if status == 0 and how == "kill":
            break
    assert outcomes == sorted(outcomes)  # once the change counts as made, it is made
    assert 25 < len(outcomes)
    assert not outcomes[0]
    assert outcomes[-1]
