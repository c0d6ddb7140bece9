"""Publishing is all or nothing: killed, stopped or refused by the disk at any step, dist/ is the old one or the new."""

from __future__ import annotations

import errno
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cardpress.publish import dist, transaction
from cardpress.publish.dist import publish, put_back
from cardpress.publish.lock import hold_lock
from tests.conftest import ROOT
from tests.helpers.folders import artifacts, contents, names, of

# Publishes into a fresh copy of a situation again and again, and has something go wrong at the first step that it
# takes on the disk, then at the second, and so on, until nothing was left to go wrong.
DRIVER = """
import errno, os, signal, sys
from pathlib import Path
from cardpress.publish import dist, transaction
from tests.helpers.folders import artifacts
fault, situation, root = sys.argv[1], sys.argv[2], Path(sys.argv[3])
STEPS = ("open", "os.", "shutil.", "ctypes.dlsym")
os.fsync = lambda handle: None  # matters when power fails, and takes most of the time

def prepare(out):
    out.parent.mkdir()
    if situation != "new":
        out.mkdir()
        (out / "mine").write_text("mine")
    if situation not in ("new", "foreign"):
        dist.publish(artifacts("old", "a.txt", "gone.txt", "old/gone.txt", "site/a.txt"), out)

def go(out, fatal):
    steps, happened = 0, False
    def watch(event, arguments):
        nonlocal steps, happened
        if happened or not event.startswith(STEPS):
            return
        steps += 1
        if steps == fatal:
            happened = True
            if fault == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            raise KeyboardInterrupt if fault == "stop" else OSError(errno.ENOSPC, "No space left on device")
    if situation == "plain":
        transaction.exchange = lambda first, second: False
    sys.addaudithook(watch)
    try:
        dist.publish(artifacts("new", "a.txt", "b.txt", "new/b.txt", "site/a.txt"), out)
    except (OSError, KeyboardInterrupt):
        pass
    os._exit(0 if happened else 20)

for fatal in range(1, 1000):
    out = root / str(fatal) / "dist"
    prepare(out)
    child = os.fork()
    if child == 0:
        go(out, fatal)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 20:
        break
"""
MINE = {"mine": "mine"}
OLD, NEW = (
    of(artifacts("old", "a.txt", "gone.txt", "old/gone.txt", "site/a.txt")),
    of(artifacts("new", "a.txt", "b.txt", "new/b.txt", "site/a.txt")),
)
NEXT = of(artifacts("next", "c.txt"))


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda handle: None)


def places(fault: str, situation: str, root: Path) -> list[Path]:
    """Return every dist/ that a fault has left behind."""
    command = [sys.executable, "-c", DRIVER, fault, situation, str(root)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    outs = [folder / "dist" for folder in sorted(root.iterdir(), key=lambda path: int(path.name))]
    assert len(outs) > 12
    return outs


@pytest.mark.parametrize("fault", ["kill", "stop", "full"])
@pytest.mark.parametrize("situation", ["ours", "plain"])
def test_whatever_happens_dist_is_the_old_one_or_the_new(tmp_path: Path, fault: str, situation: str) -> None:
    seen = set()
    for out in places(fault, situation, tmp_path):
        # Without a way to exchange two folders there is a moment with none, which the next build mends first.
        assert out.exists() or (fault, situation) == ("kill", "plain")
        put_back(out)
        now = contents(out)
        assert now in (OLD | MINE, NEW | MINE)
        seen.add("b.txt" in now)
        publish(artifacts("next", "c.txt"), out)
        assert contents(out) == NEXT | MINE
        assert names(out.parent) == ["dist"]
    assert seen == {True, False}


@pytest.mark.parametrize("fault", ["kill", "stop", "full"])
def test_the_first_release_is_there_or_not(tmp_path: Path, fault: str) -> None:
    for out in places(fault, "new", tmp_path):
        assert not out.exists() or contents(out) == NEW
        publish(artifacts("next", "c.txt"), out)
        assert contents(out) == NEXT
        assert names(out.parent) == ["dist"]


@pytest.mark.parametrize("fault", ["kill", "stop", "full"])
def test_in_a_folder_with_other_files_each_file_is_whole_and_the_next_build_completes_them(
    tmp_path: Path, fault: str
) -> None:
    for out in places(fault, "foreign", tmp_path):
        now = {name: text for name, text in contents(out).items() if "cardpress-" not in name}
        assert now.items() <= (NEW | MINE).items()
        assert now["mine"] == "mine"
        publish(artifacts("next", "c.txt"), out)
        assert contents(out) == NEXT | MINE
        assert names(out.parent) == ["dist"]


def test_a_disk_that_is_full_leaves_nothing_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "dist"
    publish(artifacts("old"), out)
    calls = iter(range(100))

    def full(handle: int) -> None:
        if next(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        publish(artifacts("new"), out)
    assert contents(out) == of(artifacts("old"))
    assert names(tmp_path) == ["dist"]


@pytest.mark.parametrize("other_disk", [True, False])
def test_where_a_disk_is_mounted_the_files_are_replaced_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, other_disk: bool
) -> None:
    out = tmp_path / "dist"
    publish(artifacts("old", "a.txt", "gone.txt", "old/gone.txt", "site/a.txt"), out)
    (out / "mine").write_text("mine", encoding="utf-8")
    inode, rename = out.stat().st_ino, Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path == out:
            raise OSError(errno.EBUSY, "Device or resource busy")
        if other_disk and path.parent == tmp_path:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(path, target)

    monkeypatch.setattr(transaction, "exchange", lambda first, second: False)
    monkeypatch.setattr(Path, "rename", refuse)
    publish(artifacts("new", "a.txt", "b.txt", "new/b.txt", "site/a.txt"), out)
    assert contents(out) == NEW | MINE
    assert out.stat().st_ino == inode
    assert names(tmp_path) == ["dist"]


@pytest.mark.parametrize("place", ["disk", "keep/disk", "site/disk"])
def test_a_disk_that_is_mounted_in_the_folder_stays_where_it_is(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "dist"
    publish(artifacts("old", "a.txt", "gone.txt", "old/gone.txt", "site/a.txt"), out)
    (out / place).mkdir(parents=True)
    (out / place / "mine").write_text("mine", encoding="utf-8")
    inode = (out / place).stat().st_ino
    monkeypatch.setattr("os.path.ismount", lambda path: path == out / place)
    publish(artifacts("new", "a.txt", "b.txt", "new/b.txt", "site/a.txt"), out)
    assert contents(out) == NEW | {f"{place}/mine": "mine"}
    assert (out / place).stat().st_ino == inode
    assert names(tmp_path) == ["dist"]


def test_without_locks_what_may_belong_to_another_build_is_left_until_it_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cardpress.publish.lock._acquired", lambda path, waiting: None)
    left = tmp_path / ".dist.77.cardpress-new"
    left.mkdir()
    publish(artifacts("new"), tmp_path / "dist")
    assert left.exists()
    monkeypatch.setattr(dist, "_ABANDONED", -1)
    publish(artifacts("next"), tmp_path / "dist")
    assert not left.exists()


def test_builds_into_one_folder_take_turns(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    failed: list[BaseException] = []

    def build(number: int) -> None:
        try:
            for turn in range(6):
                publish(artifacts(f"{number} {turn}", "all.txt", f"{number}.txt"), out)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=build, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    number, turn = (out / "all.txt").read_text(encoding="utf-8").split()
    assert contents(out) == of(artifacts(f"{number} {turn}", "all.txt", f"{number}.txt"))
    assert names(tmp_path) == ["dist"]


def test_a_build_waits_for_another_that_publishes(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    thread = threading.Thread(target=publish, args=(artifacts("new"), out))
    with hold_lock(tmp_path):
        thread.start()
        thread.join(0.1)
        assert not out.exists()
    thread.join()
    assert contents(out) == of(artifacts("new"))
