"""Puts artifacts into dist/: all of them or none, with whatever else lies there left alone."""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import os
import re
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cardpress.deck.notes import Artifact
from cardpress.publish.disk import link_or_copy, write_durably
from cardpress.publish.lock import hold_lock
from cardpress.publish.manifest import MANIFEST, is_of_another_program, list_published

# Where nothing can be locked, what lies beside dist/ is taken for a killed build's once it is older than this, in
# seconds: longer than any build takes.
_ABANDONED = 3600
_AT_FDCWD = -100
_EXCHANGE = 2


class PathClashError(Exception):
    """Two artifacts want the same file, or one wants a name that is a folder or another program's."""


def publish(artifacts: Iterable[Artifact], out: Path) -> None:
    """Make `out` hold these artifacts.

    The new folder is made beside the old one and takes its place in one step, so that a kill at any moment leaves the
    old files or the new. Files that an earlier manifest listed and that are no longer made go; others stay. Raises
    OSError when the disk says no, PathClashError when names clash; `out` is then as it was.
    """
    made = tuple(artifacts)
    out = out.resolve()
    refuse_clashes(made, out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with hold_lock(out.parent) as lock:
        _put_back(out)
        _publish(made, out, alone=lock is not None)


def recover(out: Path) -> None:
    """Put dist/ back where a build was killed between taking the old one away and putting the new one there."""
    out = out.resolve()
    if out.parent.is_dir():
        with hold_lock(out.parent):
            _put_back(out)


def _put_back(out: Path) -> None:
    if not out.exists():
        for kept in _left(out.parent, out.name, "old")[:1]:
            kept.rename(out)


def _publish(made: tuple[Artifact, ...], out: Path, *, alone: bool) -> None:
    stage = out.parent / f".{out.name}.{os.getpid()}.new"
    _remove(stage)
    try:
        stage.mkdir()
        _sweep(out, stage, alone=alone)
        for artifact in made:
            write_durably(stage / artifact.name, artifact.data)
        if _is_ours(out):
            _keep_unlisted(out, stage, {artifact.name for artifact in made})
            _swap(stage, out)
        else:
            _move_in(stage, out)
    finally:
        _remove(stage)


def refuse_clashes(artifacts: tuple[Artifact, ...], out: Path) -> None:
    """Raise PathClashError when names clash, OSError when the folder must not be written to."""
    folded: dict[str, str] = {}
    for artifact in artifacts:
        key = artifact.name.casefold()  # the same file on Windows and macOS
        if key in folded:
            raise PathClashError(f"two outputs want to be {out.name}/{artifact.name}")
        if (out / artifact.name).is_dir():
            raise PathClashError(f"{out.name}/{artifact.name} is a folder; move it away")
        folded[key] = artifact.name
    if is_of_another_program(out):
        raise PathClashError(f"{out.name}/{MANIFEST} was made by another program; name another folder with --out")
    if out.is_dir() and not os.access(out, os.W_OK):
        # It could be replaced all the same; whoever write-protected it does not want that.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(out))


def _is_ours(out: Path) -> bool:
    """Tell whether the whole folder may be replaced: it is new, empty, or one that an earlier build made."""
    if not out.exists():
        return True
    return bool(list_published(out)) or not any(out.iterdir())


def _keep_unlisted(out: Path, stage: Path, made: set[str]) -> None:
    """Bring along what nobody listed, as the very same files where the file system can."""
    if not out.exists():
        return
    gone = list_published(out) | made
    for entry in sorted(out.iterdir()):
        if entry.is_dir() and not entry.is_symlink():  # no build makes folders, whatever a manifest says
            shutil.copytree(entry, stage / entry.name, symlinks=True, copy_function=link_or_copy)
        elif entry.name not in gone:
            link_or_copy(entry, stage / entry.name)
    shutil.copymode(out, stage)


def _swap(stage: Path, out: Path) -> None:
    """Let the new folder take the old one's place; the old one ends up under the stage's name."""
    if not out.exists():
        stage.rename(out)
        return
    if _exchange(stage, out):
        return
    old = out.parent / f".{out.name}.{os.getpid()}.old"
    _remove(old)
    try:
        out.rename(old)
        stage.rename(out)
    except OSError as error:
        _restore(old, out)
        if error.errno not in (errno.EBUSY, errno.EXDEV):
            raise
        _move_in(stage, out)  # dist/ is where another disk is mounted
    except BaseException:
        _restore(old, out)
        raise
    _remove(old)


def _restore(old: Path, out: Path) -> None:
    if not out.exists() and old.exists():
        old.rename(out)


def _exchange(first: Path, second: Path) -> bool:
    """Exchange two folders in one step, where the system has a call for it (Linux, macOS)."""
    name = {"linux": "renameat2", "darwin": "renamex_np"}.get(sys.platform)
    call = getattr(ctypes.CDLL(None, use_errno=True), name, None) if name else None
    if call is None:
        return False
    paths = (os.fsencode(first), os.fsencode(second))
    if sys.platform == "darwin":
        return bool(call(*paths, ctypes.c_uint(_EXCHANGE)) == 0)
    return bool(call(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], ctypes.c_uint(_EXCHANGE)) == 0)


def _move_in(stage: Path, out: Path) -> None:
    """Move file by file into a folder that is not ours to replace; each file is whole at any moment."""
    gone = list_published(out)
    near = out / stage.name
    try:
        try:
            stage.rename(near)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            shutil.copytree(stage, near)  # all of it before any file is replaced: the disk may be full
        # The manifest first: were this killed half way, the next build would know the files for ours.
        made = sorted((path.name for path in near.iterdir()), key=lambda name: (name != MANIFEST, name))
        for name in made:
            (near / name).replace(out / name)
        for name in gone.difference(made):
            if not (out / name).is_dir() or (out / name).is_symlink():
                (out / name).unlink(missing_ok=True)
    finally:
        _remove(near)


def _left(folder: Path, name: str, kind: str) -> list[Path]:
    """List the folders that builds into `name` have put aside in a folder, by their kind: `new` or `old`."""
    pattern = re.compile(rf"\.{re.escape(name)}\.\d+\.{kind}")
    return sorted(path for path in folder.iterdir() if pattern.fullmatch(path.name)) if folder.is_dir() else []


def _sweep(out: Path, stage: Path, *, alone: bool) -> None:
    """Remove what killed builds left. When others may be at work, only what is old by the file system's own clock."""
    now = stage.stat().st_mtime
    aside = [*_left(out.parent, out.name, "new"), *_left(out, out.name, "new")]
    if out.exists():  # else an old dist/ is still to be put back
        aside += _left(out.parent, out.name, "old")
    for left in aside:
        if left != stage:
            with suppress(OSError):
                if alone or now - left.stat().st_mtime > _ABANDONED:
                    _remove(left)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
