"""What tests share: projects made from a few lines, and golden files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.helpers.author import Author
from tests.helpers.fake_checkout import House

ROOT = Path(__file__).resolve().parent.parent

DECK = """\
id: sample
title: Sample deck
version: 1.0.0
date: 2026-01-02
sections:
  - id: first
    title: First section
"""

QUESTION = """\
- id: one
  question: What is one?
  answer: The first number.
  sources: [https://example.org/one]
"""

_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")

WriteProject = Callable[[Mapping[str, str | bytes]], Path]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write what golden tests got as what they expect")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A test that is skipped protects nothing: the run fails."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--accept"))


@pytest.fixture
def write_project(tmp_path: Path) -> WriteProject:
    """Write files below a new project's source/, on top of a deck with one section and one question; give it."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        project = tmp_path / "project"
        for name, content in ({"deck.yaml": DECK, "first.yaml": QUESTION} | dict(files)).items():
            path = project / "source" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return project

    return write


def golden(path: Path, got: str, *, accept: bool) -> None:
    """Compare a text with a golden file, or write it there under `--accept`."""
    if accept:
        path.write_text(got, encoding="utf-8", newline="\n")
    assert path.exists(), f"{path} does not exist; look at the output and run with --accept"
    assert got == path.read_text(encoding="utf-8")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A checkout in a folder with a space and other letters, with a fake venv and pip."""
    made = House(tmp_path / "my häuschen 日本")
    made.open(monkeypatch)
    return made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's chromium, open for every test that looks at a page."""
    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if path is None:
        pytest.fail("there is no browser to open the page in: apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        # In a container chromium has no sandbox to be in, and little shared memory.
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def released_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small deck that was released as 1.0.0 on 2026-01-01; not to be changed."""
    author = Author(tmp_path_factory.mktemp("released") / "project")
    author.release("1.0.0", "2026-01-01")
    return author.project


@pytest.fixture
def author(tmp_path: Path, released_project: Path) -> Author:
    """Somebody who has just released a small deck as 1.0.0."""
    return Author.of(shutil.copytree(released_project, tmp_path / "project"))
