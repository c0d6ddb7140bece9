"""A runner of GitHub's, as far as a step of a workflow or an action sees it: bash, its environment and its files."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from cardpress.engine import ROOT

# A program that writes down what it was called with, one call a line.
_RECORDER = '#!/usr/bin/env bash\nprintf "%q " "$0" "$@" >> "{log}"\necho >> "{log}"\n'
_CARDPRESS = '#!/usr/bin/env bash\nPYTHONPATH="{root}" exec "{python}" -m cardpress "$@"\n'


def read_workflow(path: Path) -> dict[str, Any]:
    """Return a workflow or an action, whose key `on` YAML 1.1 reads as true."""
    content: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {("on" if key is True else key): value for key, value in content.items()}


class Runner:
    """Runs steps in a folder. Its `cardpress` is the one under test, and its `gh` notes its calls alone."""

    def __init__(self, workspace: Path, scratch: Path) -> None:
        self.workspace = workspace
        self.temp = scratch / "temp"
        self.summary = scratch / "summary.md"
        self.output = scratch / "output"
        self.calls = scratch / "calls"
        self._tools = scratch / "tools"
        for folder in (self.temp, self._tools, scratch / "home"):
            folder.mkdir(parents=True)
        self._home = scratch / "home"
        for file in (self.summary, self.output, self.calls):
            file.touch()
        self.add_program("cardpress", _CARDPRESS.format(root=ROOT, python=sys.executable))
        self.add_program("gh", _RECORDER.format(log=self.calls))

    def add_program(self, name: str, script: str) -> Path:
        """Put a program on the path."""
        file = self._tools / name
        file.write_text(script, encoding="utf-8")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        return file

    def run(self, script: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a script as a runner runs a step with `shell: bash`."""
        given = {
            "PATH": f"{self._tools}{os.pathsep}{os.defpath}",
            "HOME": str(self._home),
            "LANG": "C.UTF-8",
            "RUNNER_TEMP": str(self.temp),
            "RUNNER_OS": "Linux",
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_OUTPUT": str(self.output),
            **(environment or {}),
        }
        bash = shutil.which("bash") or "bash"
        command = [bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        return subprocess.run(command, cwd=self.workspace, env=given, capture_output=True, text=True, check=False)

    @property
    def outputs(self) -> dict[str, str]:
        """What the steps gave as outputs."""
        lines = self.output.read_text(encoding="utf-8").splitlines()
        return dict(line.partition("=")[::2] for line in lines)
