"""What is mounted below a folder is found, wherever it is and whatever its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardpress.disk import mounts
from cardpress.disk.mounts import has_mount_below

LINE = r"36 35 98:0 /mnt1 {place} rw,noatime master:1 - ext3 /dev/root rw,errors=continue"


@pytest.mark.parametrize(
    ("place", "is_below"),
    [
        ("{folder}/keep/sub", True),
        (r"{folder}/a\040b\134c", True),
        ("{folder}", False),
        ("{folder}x", False),
        ("/", False),
    ],
)
def test_the_list_of_the_system_is_asked(
    place: str, is_below: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = tmp_path / "mountinfo"
    folder = tmp_path / "dist"
    folder.mkdir()
    lines = (LINE.format(place="/proc"), LINE.format(place=place.format(folder=folder)), "", "cut short")
    listed.write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(mounts, "_MOUNTED", listed)
    assert has_mount_below(folder) is is_below


def test_without_a_list_folders_are_asked_at_any_depth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = tmp_path / "keep" / "sub"
    disk.mkdir(parents=True)
    monkeypatch.setattr(mounts, "_MOUNTED", tmp_path / "not there")
    assert not has_mount_below(tmp_path)
    monkeypatch.setattr("os.path.ismount", lambda path: path == disk)
    assert has_mount_below(tmp_path)
