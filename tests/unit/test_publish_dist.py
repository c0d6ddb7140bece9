"""Publishing keeps what is not ours, takes away what was, and refuses what it would have to break."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cardpress.publish.artifact import Artifact
from cardpress.publish.dist import PathClashError, publish
from cardpress.publish.manifest import SUMS
from tests.helpers.folders import artifacts, contents, names, of


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "place" / "dist"


def test_the_first_release_makes_the_folder_and_those_above(out: Path) -> None:
    publish(artifacts("one"), out)
    assert contents(out) == of(artifacts("one"))
    assert names(out.parent) == ["dist"]


def test_what_was_published_passes_sha256sum(out: Path) -> None:
    publish(artifacts("one", "a.txt", "größe.txt"), out)
    done = subprocess.run(["sha256sum", "--strict", "-c", SUMS], cwd=out, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(": OK\n") == 3


def test_files_of_an_earlier_release_go_and_all_else_stays_as_it_is(out: Path) -> None:
    publish(artifacts("one", "a.txt", "gone.txt"), out)
    (out / "CNAME").write_text("mine", encoding="utf-8")
    (out / "notes" / "deep").mkdir(parents=True)
    (out / "notes" / "deep" / "x").write_text("x", encoding="utf-8")
    (out / "link").symlink_to("notes")
    (out / "dangling").symlink_to("nowhere")
    (out / ".hidden").touch(mode=0o600)
    before = (out / "CNAME").stat()
    publish(artifacts("two", "a.txt"), out)
    kept = {"CNAME": "mine", "notes/deep/x": "x", ".hidden": ""}
    assert contents(out) == of(artifacts("two", "a.txt")) | kept
    assert (out / "link").readlink() == Path("notes")
    assert (out / "dangling").readlink() == Path("nowhere")
    assert stat.S_IMODE((out / ".hidden").stat().st_mode) == 0o600
    after = (out / "CNAME").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)  # the very same file


def test_the_folder_keeps_its_mode(out: Path) -> None:
    publish(artifacts("one"), out)
    out.chmod(0o2770)
    publish(artifacts("two"), out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o2770


ELSEWHERE = [
    "../outside",
    "notes/../../outside",
    "notes/../notes/x",
    "link/x",
    "/etc/hostname",
    "..",
    "",
    "notes",
    "notes/",
]
ELSEWHERE += ["notes//x", "./notes/x", ".git/x", "notes\\x", "C:notes/x", "a\0b"]


@pytest.mark.parametrize("path", [*ELSEWHERE, ["x"], None])
def test_a_manifest_written_by_someone_else_removes_nothing_but_files_in_the_folder(out: Path, path: object) -> None:
    publish(artifacts("one"), out)
    (out.parent / "outside").write_text("outside", encoding="utf-8")
    for folder in (out / "notes", out / ".git", out.parent / "victim"):
        folder.mkdir()
        (folder / "x").write_text("x", encoding="utf-8")
    (out / "link").symlink_to(out.parent / "victim")
    (out / "manifest.json").write_text(json.dumps({"artifacts": [{"path": path}]}), encoding="utf-8")
    publish(artifacts("two"), out)
    assert contents(out.parent)["outside"] == "outside"
    assert contents(out.parent)["victim/x"] == "x"
    kept = {"notes/x": "x", ".git/x": "x", "link/x": "x"}
    assert contents(out) | kept == of(artifacts("two")) | kept
    assert contents(out).items() >= {"notes/x": "x", ".git/x": "x"}.items()


# --- folders


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_folder_is_made_and_goes_again_with_what_was_made_in_it(out: Path, *, is_ours: bool) -> None:
    if not is_ours:
        out.mkdir(parents=True)
        (out / "thesis.txt").write_text("mine", encoding="utf-8")
    mine = {} if is_ours else {"thesis.txt": "mine"}
    publish(artifacts("one", "a.txt", "site/index.html", "site/deep/x.html"), out)
    assert contents(out) == of(artifacts("one", "a.txt", "site/index.html", "site/deep/x.html")) | mine
    assert publish(artifacts("two", "a.txt"), out) == ("site/deep/x.html", "site/index.html")
    assert contents(out) == of(artifacts("two", "a.txt")) | mine
    assert not (out / "site").exists()


def test_in_a_folder_that_was_made_all_else_stays(out: Path) -> None:
    publish(artifacts("one", "a.txt", "site/index.html", "site/gone.html"), out)
    (out / "site" / "CNAME").write_text("mine", encoding="utf-8")
    (out / "site" / "empty").mkdir()
    before = (out / "site" / "CNAME").stat().st_ino
    publish(artifacts("two", "a.txt", "site/index.html"), out)
    assert contents(out) == of(artifacts("two", "a.txt", "site/index.html")) | {"site/CNAME": "mine"}
    assert (out / "site" / "CNAME").stat().st_ino == before
    publish(artifacts("three", "a.txt"), out)
    assert contents(out) == of(artifacts("three", "a.txt")) | {"site/CNAME": "mine"}
    assert (out / "site" / "empty").is_dir()


def test_what_was_published_in_folders_passes_sha256sum(out: Path) -> None:
    publish(artifacts("one", "a.txt", "site/index.html"), out)
    done = subprocess.run(["sha256sum", "--strict", "-c", SUMS], cwd=out, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "site/index.html: OK\n" in done.stdout


def test_a_link_in_a_folders_place_stops_it(out: Path) -> None:
    publish(artifacts("one"), out)
    victim = out.parent / "victim"
    victim.mkdir()
    (out / "site").symlink_to(victim)
    with pytest.raises(PathClashError, match="dist/site is a link; move it away"):
        publish(artifacts("two", "a.txt", "site/index.html"), out)
    assert contents(victim) == {}
    assert (out / "a.txt").read_text(encoding="utf-8") == "one"


def test_a_file_in_a_folders_place_stops_it(out: Path) -> None:
    publish(artifacts("one"), out)
    (out / "site").write_text("mine", encoding="utf-8")
    with pytest.raises(PathClashError, match="dist/site is a file; move it away"):
        publish(artifacts("two", "a.txt", "site/index.html"), out)
    assert contents(out) == of(artifacts("one")) | {"site": "mine"}


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_link_that_took_a_folders_place_is_left_alone(out: Path, *, is_ours: bool) -> None:
    if not is_ours:
        out.mkdir(parents=True)
        (out / "thesis.txt").write_text("mine", encoding="utf-8")
    publish(artifacts("one", "a.txt", "site/index.html"), out)
    (out / "site").rename(out.parent / "victim")
    (out / "site").symlink_to(out.parent / "victim")
    (out.parent / "victim" / ".index.html.00.cardpress-new").write_text("mine", encoding="utf-8")
    assert publish(artifacts("two", "a.txt"), out) == ()
    assert contents(out.parent / "victim") == {"index.html": "one", ".index.html.00.cardpress-new": "mine"}
    assert (out / "site").is_symlink()


@pytest.mark.parametrize(
    ("one", "other"), [("site/a", "Site/b"), ("site", "site/a"), ("Site", "site/a"), ("a/B", "a/b")]
)
def test_paths_that_a_mac_takes_for_one_stop_it(out: Path, one: str, other: str) -> None:
    with pytest.raises(PathClashError, match="two outputs want to be"):
        publish((Artifact(one, b"", "", ""), Artifact(other, b"", "", "")), out)
    assert not out.exists()


def test_where_letters_have_no_case_a_file_under_the_new_name_is_the_new_one(out: Path, monkeypatch: Any) -> None:
    publish(artifacts("one"), out)
    (out / "A.TXT").write_text("old", encoding="utf-8")
    there = os.path.lexists
    # As on macOS, where A.TXT is there as soon as a.txt is.
    monkeypatch.setattr("os.path.lexists", lambda path: there(path) or there(Path(path).with_name("a.txt")))
    publish(artifacts("two"), out)
    assert (out / "a.txt").read_text(encoding="utf-8") == "two"
    assert not there(out / "A.TXT")


@pytest.mark.parametrize("manifest", ["", "<<<<<<< HEAD", "[" * 9000, '{"artifacts": 1}', '{"artifacts": [1]}'])
def test_a_manifest_that_nothing_can_read_is_replaced(out: Path, manifest: str) -> None:
    publish(artifacts("one"), out)
    (out / "manifest.json").write_text(manifest, encoding="utf-8")
    publish(artifacts("two"), out)
    assert contents(out) == of(artifacts("two"))


def test_another_programs_manifest_is_not_replaced(out: Path) -> None:
    out.mkdir(parents=True)
    (out / "manifest.json").write_text('{"name": "My web application"}', encoding="utf-8")
    with pytest.raises(PathClashError, match="made by another program"):
        publish(artifacts("one"), out)
    assert contents(out) == {"manifest.json": '{"name": "My web application"}'}


def test_a_folder_with_other_files_gets_the_artifacts_and_keeps_its_files(out: Path) -> None:
    out.mkdir(parents=True)
    (out / "thesis.txt").write_text("mine", encoding="utf-8")
    inode = out.stat().st_ino
    publish(artifacts("one"), out)
    assert contents(out) == of(artifacts("one")) | {"thesis.txt": "mine"}
    assert out.stat().st_ino == inode  # a folder that is not ours is not replaced
    assert names(out.parent) == ["dist"]


def test_a_folder_with_an_artifacts_name_stops_it(out: Path) -> None:
    publish(artifacts("one"), out)
    (out / "c.txt").mkdir()
    with pytest.raises(PathClashError, match=r"dist/c\.txt is a folder"):
        publish(artifacts("two", "a.txt", "c.txt"), out)
    assert contents(out) == of(artifacts("one"))


def test_two_artifacts_that_a_mac_takes_for_one_stop_it(out: Path) -> None:
    with pytest.raises(PathClashError, match=r"two outputs want to be dist/A\.txt"):
        publish((Artifact("a.txt", b"", "", ""), Artifact("A.txt", b"", "", "")), out)
    assert not out.exists()


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_a_link_to_the_folder_that_gets_the_artifacts(out: Path, *, there: bool) -> None:
    target = out.parent.parent / "target"
    out.parent.mkdir()
    if there:
        publish(artifacts("one"), target)
    out.symlink_to(target)
    publish(artifacts("two"), out)
    assert out.readlink() == target
    assert contents(target) == of(artifacts("two"))


def test_a_write_protected_folder_is_left_alone(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(artifacts("one"), out)
    monkeypatch.setattr("os.access", lambda path, mode: (path, mode) != (out, os.W_OK))  # root may write anywhere
    with pytest.raises(PermissionError, match="dist"):
        publish(artifacts("two"), out)
    assert contents(out) == of(artifacts("one"))


def test_a_file_in_the_folders_place_is_left_alone(out: Path) -> None:
    out.parent.mkdir()
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(OSError, match=f"Not a directory: '{out}'"):
        publish(artifacts("one"), out)
    assert out.read_text(encoding="utf-8") == "mine"
    assert names(out.parent) == ["dist"]


def test_folders_of_like_names_do_not_mix(out: Path) -> None:
    other = out.with_name("dist.web")
    publish(artifacts("web"), other)
    other.rename(out.with_name(".dist.web.77.cardpress-old"))  # as a kill would leave it
    publish(artifacts("one"), out)
    publish(artifacts("[x]"), out.with_name("[x]"))
    assert names(out.parent) == [".dist.web.77.cardpress-old", "[x]", "dist"]


def test_a_folder_with_the_name_of_an_unlisted_file_stops_it(out: Path) -> None:
    publish(artifacts("one"), out)
    (out / "RELEASE_NOTES.md").mkdir()
    with pytest.raises(PathClashError, match=r"dist/RELEASE_NOTES\.md is a folder"):
        publish(artifacts("two"), out, unlisted={"RELEASE_NOTES.md": b"new"})
    assert contents(out) == of(artifacts("one"))


def nest(folder: Path, levels: int = 1_500) -> None:
    """Make folders in each other, with a path that is longer than a system takes at once."""
    here = Path.cwd()
    try:
        folder.mkdir(parents=True)
        os.chdir(folder)
        for _ in range(levels):
            Path("a").mkdir()
            os.chdir("a")
    finally:
        os.chdir(here)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such long paths")
@pytest.mark.parametrize("name", ["dist/.deep", "dist/deep", ".dist.00.cardpress-new", "dist/.x.00.cardpress-old"])
def test_folders_that_are_deep_in_each_other_do_not_stop_it(out: Path, name: str) -> None:
    publish(artifacts("one"), out)
    try:
        nest(out.parent / name)
        publish(artifacts("two"), out)
        made = {artifact.name: (out / artifact.name).read_text(encoding="utf-8") for artifact in artifacts("two")}
    finally:  # pytest itself could not remove them
        subprocess.run(["rm", "-rf", str(out.parent)], check=True)
    assert made == of(artifacts("two"))
