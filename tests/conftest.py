"""What all layers of the tests share: their markers, how they are run in parallel, and fixtures.

Every test carries the marker of the folder it is in. Tests of `unit` and `outputs` are also `quick` unless they are
marked `slow`.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.helpers.author import Author
from tests.helpers.fake_checkout import FakeCheckout

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent

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

# The folders whose tests can be quick. The others need Anki or a browser, or take long.
_QUICK_LAYERS = {"unit", "outputs"}
_SLOW_FILES = {"test_publish_faults.py", "test_transaction.py"}  # each step of a change is made to fail
_QUICK_DOES_WITHOUT = {"anki", "playwright"}

WriteProject = Callable[[Mapping[str, str | bytes]], Path]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write what golden tests got as what they expect")


class _Blocker:
    """Makes the import of some packages fail as if they were not installed."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        """Raise an error for a blocked package, and leave others to the next finder."""
        if name.partition(".")[0] in _QUICK_DOES_WITHOUT:
            raise ModuleNotFoundError(f"a quick test must not need {name}", name=name)
        return None


def _is_quick(config: pytest.Config) -> bool:
    return bool(config.option.markexpr == "quick")


def pytest_configure(config: pytest.Config) -> None:
    """Prove in every quick run that it needs neither Anki nor a browser."""
    if _is_quick(config):
        sys.meta_path.insert(0, _Blocker())


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave folders without quick tests alone in a quick run: even importing them would need Anki and a browser."""
    if _is_quick(config) and collection_path.parent == TESTS and collection_path.is_dir():
        return collection_path.name not in _QUICK_LAYERS or None
    return None


@pytest.hookimpl(tryfirst=True)  # before `-m` selects by marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with its layer, and with `quick` where it is."""
    for item in items:
        if TESTS in item.path.parents:
            layer = item.path.relative_to(TESTS).parts[0]
            item.add_marker(layer)
            if item.path.name in _SLOW_FILES:
                item.add_marker("slow")
            if layer in _QUICK_LAYERS and not item.get_closest_marker("slow"):
                item.add_marker("quick")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Run small selections in this process, which is sooner done than starting workers; so too what `-s` shows."""
    option = config.option
    only_files = all(argument.partition("::")[0].endswith(".py") for argument in config.args)
    return 0 if only_files or option.keyword or option.lf or option.capture == "no" else None


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in which a test was skipped: such a test protects nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")  # where the results of all workers arrive
    if reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True, scope="session")
def _cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what commands keep for the next build out of the cache folder of whoever runs the tests."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(autouse=True)
def _own_environment() -> Iterator[None]:
    """Take back what the front door sets for the processes that it starts: those of tests are others."""
    yield
    os.environ.pop("PYTHONSAFEPATH", None)


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written."""
    return bool(request.config.getoption("--accept"))


@pytest.fixture
def write_project(tmp_path: Path) -> WriteProject:
    """A function that writes a project and returns its folder.

    It takes files by their paths below `source/`, and adds a deck with one section and one question to them.
    """

    def write(files: Mapping[str, str | bytes]) -> Path:
        project = tmp_path / "project"
        for name, content in ({"deck.yaml": DECK, "first.yaml": QUESTION} | dict(files)).items():
            path = project / "source" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return project

    return write


def golden(path: Path, got: str, *, accept: bool) -> None:
    """Compare a text with a golden file; with `accept`, write it there first."""
    if accept:
        path.write_text(got, encoding="utf-8", newline="\n")
    assert path.exists(), f"{path} does not exist; look at the output and run with --accept"
    assert got == path.read_text(encoding="utf-8")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeCheckout:
    """A checkout with a fake venv and pip, in a folder whose name has a space and letters beyond ASCII."""
    made = FakeCheckout(tmp_path / "my häuschen 日本")
    made.open(monkeypatch)
    return made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    from tests.helpers.browser_pages import chromium  # quick tests run where Playwright is not installed

    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def released_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small deck that was released as 1.0.0 on 2026-01-01. Tests must not change it."""
    author = Author(tmp_path_factory.mktemp("released") / "project")
    author.release("1.0.0", "2026-01-01")
    return author.project


@pytest.fixture
def author(tmp_path: Path, released_project: Path) -> Author:
    """The author of a copy of `released_project`."""
    return Author.of(shutil.copytree(released_project, tmp_path / "project"))
