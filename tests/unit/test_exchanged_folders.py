"""A folder that another program exchanges for a link, while a file in it is opened, is not left."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cardpress.disk import reading
from cardpress.disk.reading import Refusal, UnreadableError, read_file


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a file in folders, beside a folder with a secret of the same name."""
    (tmp_path / "secret" / "below").mkdir(parents=True)
    (tmp_path / "secret" / "below" / "a.txt").write_bytes(b"secret")
    (tmp_path / "project" / "source" / "below").mkdir(parents=True)
    (tmp_path / "project" / "source" / "below" / "a.txt").write_bytes(b"own")
    return tmp_path / "project"


@pytest.mark.parametrize("exchanged", ["source", "source/below", "source/below/a.txt"])
@pytest.mark.parametrize("from_folder", [True, False])
def test_a_folder_that_has_become_a_link_is_not_followed(
    project: Path, monkeypatch: pytest.MonkeyPatch, exchanged: str, from_folder: bool
) -> None:
    opening, exchanges = os.open, [exchanged]

    def open_late(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        for name in exchanges[:]:
            exchanges.clear()
            (project / name).rename(project / "gone")
            (project / name).symlink_to(project.parent / name.replace("source", "secret", 1))
        return opening(path, flags, mode, dir_fd=dir_fd)

    if not from_folder:  # as on Windows
        monkeypatch.setattr(reading, "_CAN_OPEN_FROM_FOLDER", False)
        if exchanged.endswith(".txt"):
            monkeypatch.setattr(reading, "_FLAGS", os.O_RDONLY)
    monkeypatch.setattr(os, "open", open_late)
    with pytest.raises(UnreadableError) as caught:
        read_file(project / "source" / "below" / "a.txt", project)
    assert not exchanges
    assert caught.value.reason is Refusal.OUTSIDE


def test_no_handle_stays_open(project: Path) -> None:
    file = project / "source" / "below" / "a.txt"
    handle = os.open(file, os.O_RDONLY)
    os.close(handle)
    for _ in range(3):
        assert read_file(file, project) == b"own"
    following = os.open(file, os.O_RDONLY)
    os.close(following)
    assert following == handle
