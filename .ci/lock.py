"""Compiles the pins from pyproject.toml and .ci/*.in, and records what each pinned package requires.

Run: python3 .ci/lock.py      (needs `uv`, and a network)

What is pinned stays pinned: to take a newer version, delete its lines from requirements-dev.txt (and requirements.txt)
first. The older engines of Anki, for .ci/try_ankis, and what makes the wheel have pins of their own.
requirements-metadata.json holds the requirements of every pinned package, of those for other systems too: from it
tests/unit/test_requirements.py proves that the pins are complete.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RUN_TIME, DEVELOPMENT, METADATA = "requirements.txt", "requirements-dev.txt", "requirements-metadata.json"
BESIDE = (".ci/anki-oldest.txt", ".ci/anki-2024.txt", ".ci/wheel.txt")
_COMPILE = (
    "uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url "
    "--no-annotate"
).split()
_PIN = re.compile(r"^([a-z0-9-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)


def compile_pins() -> None:
    """Write both files of pins. The development pins include the run-time pins, at the same versions."""
    extras = ["--all-extras", "--group", "test", "--group", "deck", "-c", RUN_TIME]
    run([*_COMPILE, "pyproject.toml", "-o", RUN_TIME])
    run([*_COMPILE, *extras, "pyproject.toml", "-o", DEVELOPMENT])
    for file in BESIDE:
        run([*_COMPILE, str(Path(file).with_suffix(".in")), "-o", file])


def run(command: list[str]) -> str:
    """Run a command in the project's folder and return what it prints."""
    return subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout


def metadata_of(name: str, version: str) -> dict[str, Any]:
    """Return the metadata of a package at a version, from the wheel or source archive that pip picks."""
    # Nothing is installed, so the package need not support this Python or system.
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--no-deps"]
    done = run([*pip, "--ignore-requires-python", "--report", "-", f"{name}=={version}"])
    (found,) = json.loads(done)["install"]
    metadata: dict[str, Any] = found["metadata"]
    return metadata


def record_metadata() -> None:
    """Write the requirements of each pinned package, and the Python versions that it supports."""
    texts = [(ROOT / file).read_text(encoding="utf-8") for file in (DEVELOPMENT, *BESIDE)]
    pins = sorted({pin for text in texts for pin in _PIN.findall(text)})
    path = ROOT / METADATA
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    facts = {}
    for name, version in pins:
        key = f"{name}=={version}"
        if key not in known:
            metadata = metadata_of(name, version)
            known[key] = {
                "requires_python": metadata.get("requires_python", ""),
                "requires": metadata.get("requires_dist", []),
            }
        facts[key] = known[key]
    path.write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    compile_pins()
    record_metadata()
