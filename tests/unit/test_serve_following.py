"""A project's files are followed, and nothing else on the disk."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from cardpress.serve.following import follow
from tests.conftest import WriteProject

# Seconds after which what has not been told will not be told.
_LONG_ENOUGH = 1.5
_PATIENCE = 20.0


class Told:
    """Counts how often it was told that files have changed."""

    def __init__(self) -> None:
        self.count = 0

    def settle(self) -> int:
        """Return how often, when nothing has been told for a while."""
        while True:
            before = self.count
            time.sleep(_LONG_ENOUGH)
            if self.count == before:
                return before

    def wait_for_more(self, before: int) -> None:
        end = time.monotonic() + _PATIENCE
        while self.count == before and time.monotonic() < end:
            time.sleep(0.01)
        assert self.count > before


@contextmanager
def following(project: Path) -> Iterator[Told]:
    told, stop = Told(), Event()

    def count() -> None:
        for _ in follow(project, stop):
            told.count += 1

    thread = Thread(target=count)
    thread.start()
    try:
        yield told
    finally:
        stop.set()
        thread.join(_PATIENCE)
    assert not thread.is_alive()


def link(path: Path, target: Path) -> None:
    path.symlink_to(target, target_is_directory=True)


@pytest.mark.parametrize("comes_later", [False, True])
def test_a_link_out_of_the_project_is_not_followed(
    comes_later: bool, write_project: WriteProject, tmp_path: Path
) -> None:
    project = write_project({"notes/second.yaml": ""})
    outside = tmp_path / "outside"
    (outside / "below").mkdir(parents=True)
    if not comes_later:
        link(project / "source" / "notes" / "out", outside)
    with following(project) as told:
        before = told.settle()
        if comes_later:
            # A folder that is moved here with a link in it.
            (tmp_path / "made").mkdir()
            link(tmp_path / "made" / "out", outside)
            (tmp_path / "made").rename(project / "source" / "made")
            told.wait_for_more(before)
            before = told.settle()
        (outside / "x.yaml").write_text("x", encoding="utf-8")
        (outside / "below" / "x.yaml").write_text("x", encoding="utf-8")
        assert told.settle() == before
        for name in ("first.yaml", "notes/second.yaml", "new/third.yaml", "new/below/fourth.yaml"):
            before = told.settle()
            (project / "source" / name).parent.mkdir(exist_ok=True)
            (project / "source" / name).write_text("# other\n", encoding="utf-8")
            told.wait_for_more(before)
        before = told.settle()
        (project / "source" / "new" / "below" / "fourth.yaml").write_text("# another\n", encoding="utf-8")
        told.wait_for_more(before)


def test_a_source_folder_that_is_a_link_out_of_the_project_is_not_followed(
    write_project: WriteProject, tmp_path: Path
) -> None:
    project = write_project({})
    outside = tmp_path / "outside"
    (project / "source").rename(outside)
    link(project / "source", outside)
    with following(project) as told:
        before = told.settle()
        (outside / "x.yaml").write_text("x", encoding="utf-8")
        assert told.settle() == before
        (project / "source").unlink()
        outside.rename(project / "source")
        told.wait_for_more(before)


def test_the_changelog_beside_the_source_is_followed(write_project: WriteProject) -> None:
    project = write_project({})
    changelog = project / "CHANGELOG.md"
    with following(project) as told:
        for change in (
            lambda: changelog.write_text("# Changes\n", encoding="utf-8"),
            lambda: changelog.write_text("<<<<<<< HEAD\n", encoding="utf-8"),
            changelog.unlink,
        ):
            before = told.settle()
            change()
            told.wait_for_more(before)
        before = told.settle()
        (project / "README.md").write_text("Nobody reads it.", encoding="utf-8")
        assert told.settle() == before
