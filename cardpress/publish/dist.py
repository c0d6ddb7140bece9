"""Puts artifacts into dist/, all of them or none. Other files there stay as they are."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path

from cardpress.disk.mounts import has_mount_below
from cardpress.disk.reading import list_files
from cardpress.disk.writing import make_token, remove, write_new
from cardpress.publish.artifact import Artifact
from cardpress.publish.lock import hold_lock
from cardpress.publish.manifest import MANIFEST, has_link, is_of_another_program, list_folders, list_published
from cardpress.publish.transaction import Content, NewFolder, commit, list_left

# Seconds, longer than any build takes. Where locks do not work, an older hidden file or folder counts as left by a
# killed build.
_ABANDONED = 3600


class PathClashError(Exception):
    """Two artifacts have the same name, or one has the name of a folder or of another program's file."""


def publish(
    artifacts: Iterable[Artifact],
    out: Path,
    *,
    beside: Mapping[Path, bytes] | None = None,
    journal: Path | None = None,
    unlisted: Mapping[str, bytes] | None = None,
    drop: Iterable[str] = (),
    guard: Callable[[], object] = lambda: None,
    waiting: Callable[[], object] = lambda: None,
) -> tuple[str, ...]:
    """Make `out` hold these artifacts, and change the files in `beside` with it, as one. Return what was removed.

    When a build is killed, `out` is the old folder or the new one, never a mixture. For changes with `beside` that
    needs a `journal`: a folder that exists only while they are made. Files that an earlier manifest lists and that are
    not made any more are removed, and so are those in `drop`; all others stay. `unlisted` files are written, but the
    manifest does not list them. `guard` is called, and may raise, when nobody else can publish into `out` any more, and
    again at the last moment, for systems without locks. `waiting` is called when this has to wait for somebody else.
    Raises OSError when the disk fails, PathClashError when names clash; everything is then as it was.
    """
    made = tuple(artifacts)
    out = out.resolve()
    refuse_clashes([*(artifact.name for artifact in made), *(unlisted or ())], out)
    if not out.parent.is_dir():
        out.parent.mkdir(parents=True, exist_ok=True)
    with hold_lock(out.parent, waiting) as lock:
        guard()
        put_back(out)
        files = {artifact.name: artifact.data for artifact in made} | dict(unlisted or {})
        gone = (list_published(out) | set(drop)) - files.keys()
        _sweep(out, alone=lock is not None)
        removed = tuple(name for name in sorted(gone) if _is_file_there(out, name))
        others: dict[Path, Content] = dict(beside or {})
        if is_ours(out):
            with suppress(_CannotBeReplacedError):
                _commit_folder({out: NewFolder(files, gone), **others}, journal, guard)
                return removed
        there = {out / name: None for name in removed}
        # The manifest goes first: after a kill halfway, the next build still knows these files as ours.
        ordered = sorted(files.items(), key=lambda item: (item[0] != MANIFEST, item[0]))
        commit({**{out / name: data for name, data in ordered}, **there, **others}, journal, guard)
        _remove_empty_folders(out, removed)
        return removed


class _CannotBeReplacedError(Exception):
    """The folder is a mount point, which cannot be renamed. Its files can still be replaced one by one."""


def _commit_folder(contents: Mapping[Path, Content], journal: Path | None, guard: Callable[[], object]) -> None:
    try:
        commit(contents, journal, guard)
    except OSError as error:
        if error.errno in (errno.EBUSY, errno.EXDEV):
            raise _CannotBeReplacedError from error
        raise


def put_back(out: Path) -> None:
    """Put the old dist/ back if a build was killed after it renamed it and before the new one was in its place.

    Whoever calls it holds the lock of the folder above.
    """
    if not out.exists():
        folders = (old for old in list_left(out.parent, "old", out.name) if _is_folder(old))
        for old in islice(folders, 1):
            old.rename(out)


def mend(out: Path, waiting: Callable[[], object] = lambda: None) -> None:
    """Put the old dist/ back as `put_back` does, when no other build is at work. `waiting` is called when one is."""
    out = out.resolve()
    if not out.exists() and out.parent.is_dir():
        with hold_lock(out.parent, waiting):
            put_back(out)


def refuse_unwritable(out: Path) -> None:
    """Raise PermissionError when nothing can be written into a folder, before anybody waits for what would go there."""
    folder = next(each for each in (out, *out.resolve().parents) if each.exists())
    if not os.access(folder, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def refuse_clashes(names: Iterable[str], out: Path) -> None:
    """Raise PathClashError when names clash, OSError when `out` is no folder or is write-protected."""
    if out.exists() and not out.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(out))
    names = tuple(names)
    folders = list_folders(names)
    for folder in folders:
        if (out / folder).is_symlink():
            raise PathClashError(f"{out.name}/{folder} is a link; move it away")
        if os.path.lexists(out / folder) and not (out / folder).is_dir():
            raise PathClashError(f"{out.name}/{folder} is a file; move it away")
    folded = {folder.casefold() for folder in folders}
    if len(folded) < len(folders):
        raise PathClashError(f"two outputs want to be in {out.name}/{folders[0]}, which they write in two ways")
    for name in names:
        key = name.casefold()  # the same file on Windows and macOS
        if key in folded:
            raise PathClashError(f"two outputs want to be {out.name}/{name}")
        if (out / name).is_dir():
            raise PathClashError(f"{out.name}/{name} is a folder; move it away")
        folded.add(key)
    if is_of_another_program(out):
        raise PathClashError(f"{out.name}/{MANIFEST} was made by another program; name another folder with --out")
    if out.is_dir() and not os.access(out, os.W_OK):
        # A rename could still replace it, but whoever write-protected it does not want that.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(out))


def is_ours(out: Path) -> bool:
    """Return whether the whole folder may be replaced: it is new, empty, or one that an earlier build made."""
    if not out.is_dir():
        return True
    entries = list(out.iterdir())
    if not entries:
        return True
    # A disk that is mounted in it would be copied, and go away with the old folder. And too much is not copied.
    return bool(list_published(out)) and list_files(out, out, hidden=True).is_whole and not has_mount_below(out)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_file_there(out: Path, name: str) -> bool:
    """Return whether there is a file of this path, or a link in its place, in the folder itself."""
    return not has_link(out, name) and os.path.lexists(out / name) and not _is_folder(out / name)


def _remove_empty_folders(out: Path, removed: Iterable[str]) -> None:
    """Remove the folders that files were removed from, where nothing else is in them."""
    for folder in reversed(list_folders(removed)):
        with suppress(OSError):  # something is in it
            (out / folder).rmdir()


def _sweep(out: Path, *, alone: bool) -> None:
    """Remove what killed builds left. Unless this build is `alone`, remove only what is older than `_ABANDONED`."""
    # Outputs make folders in `out`, and none in those.
    inside = [out, *(each for each in (out.iterdir() if out.is_dir() else ()) if _is_folder(each))]
    left = [*list_left(out.parent, "new", out.name)]
    for folder in inside:
        with suppress(PermissionError):  # one that nobody may look into is nobody's build
            left += [path for kind in ("new", "old") for path in list_left(folder, kind)]
    if out.exists():  # otherwise the old dist/ must be put back first
        left += list_left(out.parent, "old", out.name)
    now = None if alone else _read_clock(out.parent)
    for path in left:
        with suppress(OSError):
            if now is None or now - path.lstat().st_mtime > _ABANDONED:
                remove(path)


def _read_clock(folder: Path) -> float:
    """Return the time by the file system's own clock, in seconds since 1970 UTC: that of a file made now."""
    made_now = folder / f".{make_token()}.cardpress-clock"
    write_new(made_now, b"")
    try:
        return made_now.stat().st_mtime
    finally:
        made_now.unlink()
