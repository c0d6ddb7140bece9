"""The page that most of these tests read. A module with another deck has a fixture `path` of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.helpers.browser_pages import Opened, opened
from tests.helpers.decks import page_of
from tests.helpers.sample_project import EVERYTHING


@pytest.fixture(scope="session")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the deck with everything. Tests must not change it."""
    return page_of(tmp_path_factory.mktemp("page"), EVERYTHING)


@pytest.fixture
def reader(browser: Browser, path: Path) -> Iterator[Opened]:
    """The page, opened. Whatever a test does with it, its console stays empty."""
    with opened(browser, path) as reader:
        yield reader
        assert reader.complaints == []
