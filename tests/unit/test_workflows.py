"""The public workflows can pass: what they run, but for .ci/run itself and uploads, is run here in a fresh clone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

WORKFLOWS = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in ROOT.glob(".github/workflows/*")}
Job = dict[str, Any]
# What is not run here: this very run, what needs an account, and the installed command, which .ci/try_wheel tries.
ELSEWHERE = re.compile(r"bash \.ci/run|gh release create |pip install ")


def jobs() -> Iterator[tuple[str, str]]:
    for name, workflow in sorted(WORKFLOWS.items()):
        yield from ((name, job) for job in workflow["jobs"])


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of what git has of the working tree, as a stranger gets it."""
    clone = tmp_path_factory.mktemp("stranger") / "clone"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists():
            shutil.copy2(ROOT / name, clone / name, follow_symlinks=False)
    return clone


def run(command: str, folder: Path) -> None:
    """Run a step as a workflow does: `python` is the one that was set up, outside of any environment."""
    tools = folder.parent / "tools"
    tools.mkdir(exist_ok=True)
    if not (tools / "python").exists():
        (tools / "python").symlink_to(getattr(sys, "_base_executable", sys.executable))
    kept = {name: os.environ[name] for name in os.environ if name.startswith("PIP_")}  # where packages come from
    environment = kept | {"PATH": f"{tools}:/usr/bin:/bin", "HOME": str(Path.home()), "LANG": "C.UTF-8"}
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command]
    done = subprocess.run(shell, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def matrix(job: Job) -> list[dict[str, str]]:
    """Return two of the systems that a job is for; a job without a matrix is for one."""
    systems = job.get("strategy", {}).get("matrix", {})
    return [{name: values[at] for name, values in systems.items()} for at in (0, -1)] if systems else [{}]


def filled(text: str, values: dict[str, str]) -> str:
    return re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda found: values[found[1]], text)


def play(job: Job, folder: Path, artifacts: Path) -> list[str]:
    """Take a job's steps in turn, with an artifact store that is a folder. Return what was run."""
    ran = []
    for values in matrix(job):
        for step in job["steps"]:
            action, options = step.get("uses", "").partition("@")[0], step.get("with", {})
            if action == "actions/upload-artifact":
                kept = folder / options["path"]
                target = artifacts / filled(options["name"], values) / kept.name
                target.parent.mkdir(parents=True)
                shutil.copy2(kept, target)
            elif action == "actions/download-artifact":
                shutil.copytree(artifacts, folder / options["path"])
            elif "run" in step and not ELSEWHERE.search(step["run"]):
                run(filled(step["run"], values), folder)
                ran.append(step["run"])
    return ran


@pytest.mark.slow
def test_every_step_of_the_workflows_runs_in_a_fresh_clone(clone: Path, tmp_path: Path) -> None:
    ran = [line for name, job in jobs() for line in play(WORKFLOWS[name]["jobs"][job], clone, tmp_path / "artifacts")]
    assert len(ran) >= 4
    assert any("build.py" in line for line in ran)
    assert (clone / "out" / "manifest.json").exists()


def test_builds_that_differ_fail_the_comparison(tmp_path: Path) -> None:
    (step,) = (step for step in WORKFLOWS["ci.yml"]["jobs"]["compare"]["steps"] if "run" in step)
    for name, text in (("one", "a  x\n"), ("two", "b  x\n")):
        (tmp_path / "sums" / name).mkdir(parents=True)
        (tmp_path / "sums" / name / "SHA256SUMS").write_text(text, encoding="utf-8")
    with pytest.raises(AssertionError):
        run(step["run"], tmp_path)
    shutil.copy2(tmp_path / "sums/one/SHA256SUMS", tmp_path / "sums/two/SHA256SUMS")
    run(step["run"], tmp_path)


def test_a_release_uploads_the_files_of_dist_and_what_changed_as_its_text(tmp_path: Path) -> None:
    (step,) = (
        step for step in WORKFLOWS["release.yml"]["jobs"]["release"]["steps"] if "GH_TOKEN" in step.get("env", {})
    )
    for name in ("deck.apkg", "RELEASE_NOTES.md", "a sheet.pdf", ".released-1.0.0.apkg", "site/index.html"):
        (tmp_path / "dist" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "dist" / name).write_text("", encoding="utf-8")
    gh = tmp_path / "gh"
    gh.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > said\nexit "$(cat status)"\n', encoding="utf-8")
    gh.chmod(0o755)
    (tmp_path / "status").write_text("0", encoding="utf-8")
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "GITHUB_REF_NAME": "v1.2.0"}
    shell = ["bash", "-e", "-c", step["run"]]
    subprocess.run(shell, cwd=tmp_path, env=environment, check=True)
    said = (tmp_path / "said").read_text(encoding="utf-8").splitlines()
    assert said[:4] == ["release", "create", "v1.2.0", "--verify-tag"]
    assert said[said.index("--notes-file") + 1] == "dist/RELEASE_NOTES.md"
    files = said[said.index("--notes-file") + 2 :]
    assert sorted(files) == ["dist/RELEASE_NOTES.md", "dist/a sheet.pdf", "dist/deck.apkg"]
    (tmp_path / "status").write_text("1", encoding="utf-8")
    assert subprocess.run(shell, cwd=tmp_path, env=environment, check=False).returncode != 0


def test_only_our_own_actions_at_a_fixed_version_are_used() -> None:
    used = {step["uses"] for name, job in jobs() for step in WORKFLOWS[name]["jobs"][job]["steps"] if "uses" in step}
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", each) for each in used)
