"""A run of these tests fails where it must: with skipped tests, and with quick tests that are not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow  # each test runs pytest


def run(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on a file with this text, set up as for these tests."""
    test = folder / "test_one.py"
    test.write_text(text, encoding="utf-8")
    settings = ["-p", "tests.conftest", "-c", str(ROOT / "pyproject.toml"), "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *settings, *options, str(test)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_skipped_test_fails_the_run(tmp_path: Path, workers: str) -> None:
    done = run(tmp_path, "import pytest\n\ndef test_one():\n    pytest.skip()\n", "-n", workers)
    assert "1 skipped" in done.stdout
    assert done.returncode == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize("package", ["anki", "playwright"])
def test_a_quick_run_fails_where_it_needs_anki_or_a_browser(tmp_path: Path, package: str) -> None:
    text = f"import {package}\n\ndef test_one():\n    pass\n"
    done = run(tmp_path, text, "-m", "quick", "-n", "0")
    assert done.returncode == pytest.ExitCode.INTERRUPTED
    assert f"a quick test must not need {package}" in done.stdout
