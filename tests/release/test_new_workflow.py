"""The workflow of a new project: it checks pull requests, publishes a release's tag and no other, and may do little."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from cardpress import __version__
from cardpress.cli.main import run
from tests.helpers.runner import Runner, read_workflow

GIT = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project in git, released as 1.0.0 and committed. Tests must not change it."""
    project = tmp_path_factory.mktemp("published") / "my-deck"
    assert run(["init", str(project)]) == 0
    commit(project, "A new deck")
    assert run(["release", "1.0.0", "--project", str(project)]) == 0
    commit(project, "Release 1.0.0")
    return project


@pytest.fixture
def runner(released: Path, tmp_path: Path) -> Runner:
    """A runner that has checked out a copy of `released`."""
    return Runner(shutil.copytree(released, tmp_path / "work"), tmp_path / "runner")


def commit(project: Path, message: str) -> None:
    for arguments in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", message]):
        subprocess.run([*GIT, "-C", str(project), *arguments], check=True, capture_output=True)


def workflow(runner: Runner) -> dict[str, Any]:
    return read_workflow(runner.workspace / ".github" / "workflows" / "deck.yml")


def script(runner: Runner, job: str, name: str) -> str:
    (found,) = (step["run"] for step in workflow(runner)["jobs"][job]["steps"] if step.get("name") == name)
    assert isinstance(found, str)
    return found


CHECK, DIFF = ("check", "Check the source"), ("check", "Say what learners would get")
GUARD, PUBLISH = ("publish", "Refuse a tag that is not the release's"), ("publish", "Publish what dist/ holds")


def test_it_may_read_and_only_what_publishes_may_write(runner: Runner) -> None:
    content = workflow(runner)
    assert content["on"] == {"pull_request": None, "push": {"tags": ["v*"]}}
    assert content["permissions"] == {"contents": "read"}
    rights = {name: job.get("permissions") for name, job in content["jobs"].items()}
    assert rights == {"check": None, "publish": {"contents": "write"}}
    conditions = {name: job["if"] for name, job in content["jobs"].items()}
    assert conditions == {"check": "github.event_name == 'pull_request'", "publish": "github.event_name == 'push'"}


def test_no_script_holds_an_expression(runner: Runner) -> None:
    steps = [step for job in workflow(runner)["jobs"].values() for step in job["steps"]]
    assert not any("${{" in step.get("run", "") for step in steps)
    assert [step["env"] for step in steps if "env" in step] == [{"GH_TOKEN": "${{ github.token }}"}]


def test_actions_are_named_by_a_commit_and_leave_no_credentials_behind(runner: Runner) -> None:
    steps = [step for job in workflow(runner)["jobs"].values() for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/(checkout|setup-python)@[0-9a-f]{40}", step["uses"]) for step in steps)
    checkouts = [step["with"] for step in steps if "checkout" in step["uses"]]
    assert [each["persist-credentials"] for each in checkouts] == [False, False]
    assert checkouts[0]["fetch-depth"] == 0  # the released package may be in any commit


def test_cardpress_is_installed_at_the_version_that_made_the_project(runner: Runner) -> None:
    assert script(runner, "check", "Install cardpress").endswith(f' "cardpress=={__version__}"')


def test_nothing_of_the_repository_is_a_module_to_python(runner: Runner) -> None:
    for name in ("json", "pip", "sitecustomize"):
        (runner.workspace / f"{name}.py").write_text("open('ran', 'w').close()\n", encoding="utf-8")
    runner.add_program("python", f'#!/usr/bin/env bash\nexec "{sys.executable}" "$@" --help\n')
    assert runner.run(script(runner, "check", "Install cardpress")).returncode == 0
    assert publish(runner, "v1.0.0").returncode == 0
    assert not (runner.workspace / "ran").exists()


def test_a_pull_request_gets_what_is_wrong_at_its_line(runner: Runner) -> None:
    assert runner.run(script(runner, *CHECK)).returncode == 0
    questions = runner.workspace / "source" / "planets.yaml"
    text = questions.read_text(encoding="utf-8").replace("answer: Venus", "anwser: Venus")
    questions.write_text(text, encoding="utf-8")
    done = runner.run(script(runner, *CHECK))
    assert done.returncode == 1
    assert "::error file=source/planets.yaml,line=4,col=3," in done.stdout


def test_a_pull_request_gets_what_learners_would_get(runner: Runner) -> None:
    questions = runner.workspace / "source" / "planets.yaml"
    text = questions.read_text(encoding="utf-8").replace("88 days", "88 of our days")
    questions.write_text(text, encoding="utf-8")
    assert runner.run(script(runner, *DIFF)).returncode == 0
    summary = runner.summary.read_text(encoding="utf-8")
    assert "1 note is updated, 0 schedules lost" in summary
    assert "planet with the shortest year" in summary


def publish(runner: Runner, tag: str) -> subprocess.CompletedProcess[str]:
    """Run the steps of a tag, up to the first that fails."""
    for step in (GUARD, PUBLISH):
        done = runner.run(script(runner, *step), {"GITHUB_REF_NAME": tag, "GH_TOKEN": "secret"})
        if done.returncode:
            break
    return done


def test_the_tag_of_the_release_publishes_dist_with_its_notes(runner: Runner) -> None:
    (runner.workspace / "dist" / "site").mkdir()  # an output may be a folder, which is no file to upload
    done = publish(runner, "v1.0.0")
    assert done.returncode == 0, done.stderr
    (call,) = runner.calls.read_text(encoding="utf-8").splitlines()
    words = call.split()[1:]
    files = [word for word in words if word.startswith("dist/") and word != "dist/RELEASE_NOTES.md"]
    manifest = json.loads((runner.workspace / "dist" / "manifest.json").read_text(encoding="utf-8"))
    made = [f"dist/{each['path']}" for each in manifest["artifacts"]]
    assert sorted(files) == sorted([*made, "dist/manifest.json", "dist/SHA256SUMS"])
    assert words[:3] == ["release", "create", "v1.0.0"]
    assert words[-5:] == ["--verify-tag", "--title", "v1.0.0", "--notes-file", "dist/RELEASE_NOTES.md"]
    assert "--prerelease" not in words


def test_the_folder_for_crowdanki_is_published_as_an_archive(runner: Runner) -> None:
    folder = runner.workspace / "dist" / "crowdanki"
    folder.mkdir()
    (folder / "deck.json").write_text("{}", encoding="utf-8")
    done = publish(runner, "v1.0.0")
    assert done.returncode == 0, done.stderr
    (call,) = runner.calls.read_text(encoding="utf-8").splitlines()
    (archive,) = (Path(word) for word in call.split() if word.endswith("/crowdanki.zip"))
    with zipfile.ZipFile(archive) as packed:
        assert packed.read("crowdanki/deck.json") == b"{}"


@pytest.mark.parametrize("tag", ["v1.0.1", "v1.0", "v1.0.0-rc.1", "v", "v1.0.0 ", 'v1.0.0"; touch x; "', "v$(touch x)"])
def test_another_tag_publishes_nothing(runner: Runner, tag: str) -> None:
    done = publish(runner, tag)
    assert done.returncode == 1
    assert "::error::dist/ holds the release 1.0.0, whose tag is v1.0.0" in done.stdout
    assert runner.calls.read_text(encoding="utf-8") == ""
    assert not (runner.workspace / "x").exists()


def test_a_version_before_its_release_is_marked_as_one(runner: Runner) -> None:
    manifest = runner.workspace / "dist" / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("1.0.0", "1.0.0-rc.1"), encoding="utf-8")
    done = runner.run(script(runner, *PUBLISH), {"GITHUB_REF_NAME": "v1.0.0-rc.1"})
    assert done.returncode == 0
    assert " --prerelease " in runner.calls.read_text(encoding="utf-8")


@pytest.mark.parametrize("damage", ["my-deck.apkg", "manifest.json"])
def test_a_damaged_or_missing_file_publishes_nothing(runner: Runner, damage: str) -> None:
    (runner.workspace / "dist" / damage).unlink()
    assert publish(runner, "v1.0.0").returncode != 0
    assert runner.calls.read_text(encoding="utf-8") == ""
