"""Nothing in the folder that a command is run in is a program to it, whatever its name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cardpress import bootstrap
from tests.conftest import DECK, ROOT, WriteProject

MODULES = (
    "anki cardpress click concurrent encodings genanki jinja2 json markdown multiprocessing pip platformdirs pygments "
    "site sitecustomize typst usercustomize venv yaml"
).split()
# Much code, so that other processes help to color it.
QUESTION = "- {{id: q{0}, question: What is {0}?, answer: It is., snippet: s{0}.py, sources: [https://example.org/]}}\n"


@pytest.fixture
def project(write_project: WriteProject) -> Path:
    """A project with a module for every name that might be imported; each leaves the file `ran` when it is."""
    count = 25
    snippets = {f"snippets/s{n}.py": "".join(f"x = {i + n * 10_000}\n" for i in range(1_500)) for n in range(count)}
    project = write_project({"deck.yaml": DECK, "first.yaml": "".join(map(QUESTION.format, range(count))), **snippets})
    for name in MODULES:
        (project / f"{name}.py").write_text("open('ran', 'w').close()\n", encoding="utf-8")
    return project


# What build.py does when its environment is there.
FRONT_DOOR = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from cardpress.bootstrap import import_command_line
if __name__ == "__main__":
    sys.exit(import_command_line()(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("environment", [{}, {"PYTHONSAFEPATH": ""}])
def test_a_build_in_a_strangers_folder_imports_nothing_of_it(
    project: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "front_door.py").write_text(FRONT_DOOR, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "front_door.py"), "build", "--only", "json", "--jobs", "2", "--no-cache"]
    subprocess.run(command, cwd=project, env=os.environ | environment, check=True, capture_output=True)
    assert (project / "dist" / "sample.json").exists()
    assert not (project / "ran").exists()


def test_the_module_imports_nothing_of_the_present_folder(project: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    installed.mkdir()
    for folder in ("cardpress", "templates"):
        (installed / folder).symlink_to(ROOT / folder)
    (project / "cardpress.py").unlink()  # which Python itself takes for what `-m` names
    for name in ("hashlib", "subprocess", "threading"):
        (project / f"{name}.py").write_text("open('ran', 'w').close()\n", encoding="utf-8")
    command = [sys.executable, "-m", "cardpress", "check"]
    subprocess.run(command, cwd=project, env=os.environ | {"PYTHONPATH": str(installed)}, check=True)
    assert not (project / "ran").exists()


def test_the_set_up_imports_nothing_of_the_present_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    for module in ("pip", "venv"):
        bootstrap._run([sys.executable, "-m", module, "--help"], "no help", None)
    assert not (project / "ran").exists()
