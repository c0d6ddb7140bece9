"""A file to which no link leads is read in the shortest way; any other is told apart where links are followed."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from cardpress.disk.reading import Refusal, UnreadableError, _read_directly, read_all, read_file, read_if_there


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "one.txt").write_bytes(b"one")
    (tmp_path / "in" / "same" / "same").mkdir(parents=True)
    (tmp_path / "in" / "same" / "same" / "same").write_bytes(b"two")
    (tmp_path / "in" / "empty.txt").write_bytes(b"")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    return (tmp_path / "in").resolve()


def test_plain_files_are_read_directly(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    can_open_from_folder = os.open in os.supports_dir_fd  # not on Windows
    monkeypatch.chdir(folder.parent)
    for path, data in (
        (folder / "deep" / "one.txt", b"one"),
        (folder / "empty.txt", b""),
        (Path("in/deep/one.txt"), b"one"),
        (folder / "same" / "same" / "same", b"two"),
    ):
        assert _read_directly(path, folder, 3) == (data if can_open_from_folder else None)
        assert read_file(path, folder, 3) == data


@pytest.mark.parametrize(
    "name",
    ["deep", "deep/none.txt", "../secret.txt", "deep/../empty.txt", "link.txt", "linked/one.txt", "a\0b", "pipe"],
)
def test_all_others_are_left_to_who_follows_links(name: str, folder: Path) -> None:
    (folder / "link.txt").symlink_to(folder / "deep" / "one.txt")
    (folder / "linked").symlink_to(folder / "deep")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe")
    assert _read_directly(folder / name, folder, 100) is None


def test_a_limit_and_a_boundary_hold(folder: Path) -> None:
    assert _read_directly(folder / "deep" / "one.txt", folder, 2) is None
    with pytest.raises(UnreadableError) as large:
        read_file(folder / "deep" / "one.txt", folder, 2)
    assert (large.value.reason, large.value.size) == (Refusal.TOO_LARGE, 3)
    (folder / "out.txt").symlink_to(folder.parent / "secret.txt")
    with pytest.raises(UnreadableError) as outside:
        read_file(folder / "out.txt", folder)
    assert outside.value.reason is Refusal.OUTSIDE
    assert _read_directly(folder.parent / "secret.txt", folder, 100) is None
    assert _read_directly(folder.parent / "inside.txt", folder, 100) is None


def test_files_of_a_folder_are_read_as_each_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "deep" / "link.txt").symlink_to(folder / "empty.txt")
    (folder / "deep" / "out.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "linked").symlink_to(folder / "deep")
    names = [
        *("deep/one.txt", "deep/link.txt", "deep/none.txt", "deep/out.txt", "deep", "empty.txt", "../secret.txt"),
        *("deep/../empty.txt", "linked/one.txt", "none/one.txt", "same/same/same", "deep/one.txt", "a\0b"),
    ]
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe")
        names.append("pipe")
    expected = [read_if_there(folder / name, folder, 3) for name in names]
    assert expected.count(None) == (7 if hasattr(os, "mkfifo") else 6)
    assert list(read_all(folder, names, folder, 3)) == expected
    assert list(read_all(folder / "deep", ["one.txt"], folder, 2)) == [None]
    monkeypatch.chdir(folder.parent)
    assert list(read_all(Path("in/deep"), ["one.txt"], folder, 3)) == [b"one"]
    assert list(read_all(folder, ["secret.txt"], folder / "deep", 3)) == [None]


def test_a_folder_that_becomes_a_link_is_not_followed_out(folder: Path) -> None:
    reading = read_all(folder, ["deep/one.txt", "same/same/same"], folder, 3)
    assert next(reading) == b"one"
    (folder / "same").rename(folder / "other")
    (folder.parent / "away" / "same").mkdir(parents=True)
    (folder.parent / "away" / "same" / "same").write_bytes(b"no")
    (folder / "same").symlink_to(folder.parent / "away")
    assert list(reading) == [None]


def test_a_file_that_may_not_be_read_is_named_with_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "below" / "file.txt"
    path.parent.mkdir()
    path.write_bytes(b"x")
    opened = os.open

    def refuse(name: str | Path, flags: int, *rest: int, **named: int) -> int:
        if Path(name).name == "file.txt":
            raise PermissionError(errno.EACCES, "Permission denied", str(name))
        return opened(name, flags, *rest, **named)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PermissionError) as caught:
        read_file(path, tmp_path)
    assert caught.value.filename == str(path)
