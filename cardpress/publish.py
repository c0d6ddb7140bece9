"""Puts artifacts into dist/: all of them or none, with whatever else lies there left alone."""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import os
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cardpress.deck import Artifact
from cardpress.manifest import listed

# What a killed build may have left beside dist/ is swept away once it is older than any build takes, in seconds.
_ABANDONED = 3600
_AT_FDCWD = -100
_EXCHANGE = 2


class PathClashError(Exception):
    """Two artifacts want the same file, or one wants a name that is a folder."""


def publish(artifacts: Iterable[Artifact], out: Path) -> None:
    """Make `out` hold these artifacts.

    The new folder is made beside the old one and takes its place in one step, so that a kill at any moment leaves the
    old files or the new. Files that an earlier manifest listed and that are no longer made go; others stay. Raises
    OSError when the disk says no, PathClashError when names clash; `out` is then as it was.
    """
    made = tuple(artifacts)
    out = out.resolve()
    _refuse_clashes(made, out)
    out.parent.mkdir(parents=True, exist_ok=True)
    recover(out)
    stage = out.parent / f".{out.name}.{os.getpid()}.new"
    _remove(stage)
    try:
        stage.mkdir()
        _sweep(out, stage)
        for artifact in made:
            _write(stage / artifact.name, artifact.data)
        if _is_ours(out):
            _keep_unlisted(out, stage, {artifact.name for artifact in made})
            _swap(stage, out)
        else:
            _move_in(stage, out)
    finally:
        _remove(stage)


def recover(out: Path) -> None:
    """Put dist/ back where a build was killed between taking the old one away and putting the new one there."""
    if not out.exists():
        for kept in sorted(out.parent.glob(f".{out.name}.*.old")):
            kept.rename(out)
            return


def _refuse_clashes(artifacts: tuple[Artifact, ...], out: Path) -> None:
    folded: dict[str, str] = {}
    for artifact in artifacts:
        key = artifact.name.casefold()  # the same file on Windows and macOS
        if key in folded:
            raise PathClashError(f"two outputs want to be {out.name}/{artifact.name}")
        if (out / artifact.name).is_dir():
            raise PathClashError(f"{out.name}/{artifact.name} is a folder; move it away")
        folded[key] = artifact.name


def _is_ours(out: Path) -> bool:
    """Tell whether the whole folder may be replaced: it is new, empty, or one that an earlier build made."""
    if not out.exists():
        return True
    return bool(listed(out)) or not any(out.iterdir())


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _keep_unlisted(out: Path, stage: Path, made: set[str]) -> None:
    """Bring along what nobody listed, as the very same files where the file system can."""
    if not out.exists():
        return
    shutil.copymode(out, stage)
    gone = listed(out) | made
    for entry in sorted(out.iterdir()):
        if entry.name in gone:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, stage / entry.name, symlinks=True, copy_function=_link)
        else:
            _link(str(entry), str(stage / entry.name))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(source, target, follow_symlinks=False)


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
    except OSError as error:
        if error.errno in (errno.EBUSY, errno.EXDEV):  # dist/ is where another disk is mounted
            _move_in(stage, out)
            return
        raise
    try:
        stage.rename(out)
    except BaseException:
        old.rename(out)
        raise
    _remove(old)


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
    earlier = listed(out)
    made = sorted(path.name for path in stage.iterdir())
    for name in made:
        try:
            (stage / name).replace(out / name)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            near = out / f".{name}.new"
            shutil.copyfile(stage / name, near)
            near.replace(out / name)
    for name in earlier - set(made):
        (out / name).unlink(missing_ok=True)


def _sweep(out: Path, stage: Path) -> None:
    """Remove what killed builds left, by the file system's own clock."""
    now = stage.stat().st_mtime
    for left in out.parent.glob(f".{out.name}.*.new"):
        if left != stage:
            with suppress(OSError):
                if now - left.stat().st_mtime > _ABANDONED:
                    _remove(left)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
