"""What a project has in its files is told apart by their bytes, and by whether anybody has written to them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from cardpress.disk import reading
from cardpress.history.digests import digest_file
from cardpress.source import contents
from cardpress.source.contents import digest_source, look_at_project
from tests.conftest import WriteProject

LARGE = reading.MAX_BYTES + 1


@pytest.fixture
def project(write_project: WriteProject) -> Path:
    return write_project({"first.yaml": "[]\n", "media/sound.wav": bytes(LARGE)})


def write_with_same_times(path: Path, data: bytes) -> None:
    before = path.stat()
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_large_file_counts_by_its_bytes(project: Path) -> None:
    before = look_at_project(project, own_templates=True).digest, digest_source(project)
    write_with_same_times(project / "source" / "media" / "sound.wav", b"\x01" + bytes(LARGE - 1))
    after = look_at_project(project, own_templates=True).digest, digest_source(project)
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_a_small_file_with_the_digest_of_a_large_one_is_another(project: Path) -> None:
    path = project / "source" / "media" / "sound.wav"
    before = look_at_project(project, own_templates=True).digest
    path.write_text(digest_file(bytes(LARGE)), encoding="utf-8")
    assert look_at_project(project, own_templates=True).digest != before


def test_what_is_changed_and_changed_back_has_the_same_bytes_and_other_stamps(project: Path) -> None:
    path = project / "source" / "first.yaml"
    before = look_at_project(project, own_templates=True)
    assert look_at_project(project, own_templates=True) == before
    for text in (b"{}\n", b"[]\n"):
        write_with_same_times(path, text)
    after = look_at_project(project, own_templates=True)
    assert after.digest == before.digest
    assert after != before


def test_what_is_added_and_removed_again_changes_the_stamps(project: Path) -> None:
    before = look_at_project(project, own_templates=True)
    for name in ("added.yaml", "media/added.svg"):
        (project / "source" / name).write_text("[]", encoding="utf-8")
        (project / "source" / name).unlink()
        after = look_at_project(project, own_templates=True)
        assert after.digest == before.digest
        assert after != before
        before = after


def test_hidden_files_count_and_are_not_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = project / "source" / ".bin" / "film.mkv"
    hidden.parent.mkdir()
    hidden.write_bytes(b"film")
    read: list[str] = []
    read_all = reading.read_all

    def note(root: Path, names: Iterable[str], boundary: Path) -> Iterator[bytes | None]:
        read.extend(taken := list(names))
        return read_all(root, taken, boundary)

    monkeypatch.setattr(contents, "read_all", note)
    before = look_at_project(project, own_templates=True).digest
    assert sorted(read) == ["deck.yaml", "first.yaml", "media/sound.wav"]
    write_with_same_times(hidden, b"else")
    assert look_at_project(project, own_templates=True).digest != before
    hidden.unlink()
    assert look_at_project(project, own_templates=True).digest != before


def test_a_digest_of_the_source_leaves_out_what_follows_from_it_and_takes_what_is_written_instead(
    project: Path,
) -> None:
    before = digest_source(project)
    for name in ("history.json", "source.schema.json"):
        (project / "source" / name).write_text("{}", encoding="utf-8")
    assert digest_source(project) == before
    assert digest_source(project, {"first.yaml": b"[]\n", "history.json": b"[]"}) == before
    planned = digest_source(project, {"first.yaml": b"{}\n", "added.yaml": b"[]"})
    (project / "source" / "first.yaml").write_bytes(b"{}\n")
    (project / "source" / "added.yaml").write_bytes(b"[]")
    assert digest_source(project) == planned != before


def test_a_file_that_goes_from_one_folder_to_the_other_counts(project: Path) -> None:
    """Of two folders one after the other, the names and bytes would be the same."""
    (project / "templates").mkdir()
    (project / "source" / "x.txt").write_bytes(b"x")
    before = look_at_project(project, own_templates=True).digest
    (project / "source" / "x.txt").rename(project / "templates" / "x.txt")
    assert look_at_project(project, own_templates=True).digest != before


def test_what_is_more_than_bytes_is_told(project: Path) -> None:
    assert look_at_project(project, own_templates=True).is_plain
    large = project / "source" / "large.bin"
    with large.open("wb") as file:
        file.truncate(reading.MAX_SOUND_BYTES + 1)
    assert not look_at_project(project, own_templates=True).is_plain
    large.unlink()
    (project / "source" / "link.yaml").symlink_to("first.yaml")
    assert not look_at_project(project, own_templates=True).is_plain
