"""manifest.json and SHA256SUMS: which files a build made, and checksums by which anyone can check them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from threading import Event
from typing import Any

from cardpress.disk.reading import (
    MAX_PACKAGE_BYTES,
    Refusal,
    UnreadableError,
    read_file,
    read_if_there,
    read_in_parts,
)
from cardpress.engine import Engine
from cardpress.history.digests import digest_file, digest_parts
from cardpress.publish.artifact import Artifact

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
FORMAT = 1
# Folders in each other that a file may lie in. The outputs make one.
_MOST_FOLDERS = 4
# What Windows takes for a device, whatever the ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)


def add_manifest(
    artifacts: Iterable[Artifact], deck_id: str, version: str, date: str, engine: Engine
) -> tuple[Artifact, ...]:
    """Return the artifacts, sorted by name, followed by `manifest.json` and `SHA256SUMS`, which describe them."""
    made = sorted(artifacts, key=lambda artifact: artifact.name)
    content = {
        "format": FORMAT,
        "deck": {"id": deck_id, "version": version, "date": date},
        "engine": {"version": engine.version, "digest": engine.digest},
        "artifacts": [
            {
                "path": artifact.name,
                "bytes": len(artifact.data),
                "sha256": digest_file(artifact.data),
                "media_type": artifact.media_type,
                "holds": artifact.holds,
            }
            for artifact in made
        ],
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    manifest = Artifact(MANIFEST, text.encode(), "application/json", "what is here")
    # Two spaces, and paths from dist/: `sha256sum -c` reads this form, when run there.
    sums = "".join(f"{digest_file(artifact.data)}  {artifact.name}\n" for artifact in (*made, manifest))
    return (*made, manifest, Artifact(SUMS, sums.encode(), "text/plain", "checksums"))


def list_digests(manifest: bytes) -> dict[str, str]:
    """Return the digests of what a manifest of ours lists, by their paths."""
    return {entry["path"]: entry["sha256"] for entry in json.loads(manifest)["artifacts"]}


def list_published(folder: Path) -> frozenset[str]:
    """Return the paths of the files that an earlier build made, from its manifest; none without a readable manifest.

    Raises OSError when the disk cannot read the manifest.
    """
    try:
        names = {entry["path"] for entry in _read_manifest(folder)["artifacts"]}
    except (UnreadableError, ValueError, KeyError, TypeError, RecursionError):
        return frozenset()  # no OSError: without the manifest nobody knows which files are ours
    # Only paths in this folder count, so that no manifest, whoever wrote it, makes us remove a file elsewhere.
    return frozenset(name for name in names if isinstance(name, str) and is_path(name)) | {MANIFEST, SUMS}


def _read_manifest(folder: Path) -> Any:
    return json.loads(read_file(folder / MANIFEST, folder))


def is_path(text: str) -> bool:
    """Return whether a text is the path of a file that a build makes: its name, or that below a few plain folders.

    It then leads nowhere else on any system. A folder is no hidden one: those belong to programs, such as `.git`.
    """
    *folders, name = text.split("/")
    is_plain = all(map(is_folder_name, folders)) and len(folders) <= _MOST_FOLDERS
    return _is_name(name) and is_plain


def list_folders(names: Iterable[str]) -> tuple[str, ...]:
    """Return the folders that these paths lead through, as paths, sorted: each after the one that it is in."""
    return tuple(sorted({parent.as_posix() for name in names for parent in PurePosixPath(name).parents} - {"."}))


def has_link(out: Path, name: str) -> bool:
    """Return whether a path leads through a link: then what is there is somewhere else."""
    return any((out / folder).is_symlink() for folder in list_folders((name,)))


def is_folder_name(text: str) -> bool:
    """Return whether a text can be the name of a folder that a build makes, on any system."""
    return _is_name(text) and not text.startswith(".") and not text.endswith((".", " ")) and not _is_device(text)


def _is_device(text: str) -> bool:
    return _DEVICE.fullmatch(text.rstrip(" .")) is not None


def _is_name(text: str) -> bool:
    return text not in ("", ".", "..") and not set(text) & set("/\\:\0")


def is_of_another_program(folder: Path) -> bool:
    """Return whether a folder has a `manifest.json` that no build of ours wrote, such as a web application's."""
    try:
        content = _read_manifest(folder)
    except UnreadableError as error:
        return error.reason is not Refusal.MISSING
    except (ValueError, RecursionError):
        return False  # an unreadable one, such as one with a merge conflict, is no loss
    return not (isinstance(content, dict) and "artifacts" in content)


def is_intact(folder: Path, must_stop: Event | None = None) -> bool:
    """Return whether every file that a folder's SHA256SUMS lists is there, can be read and has that checksum.

    Nobody waits for the answer any more once it `must_stop`.
    """
    from concurrent.futures import ThreadPoolExecutor  # for who has built before

    def is_as_it_was(line: str) -> bool:
        digest, name = line.split("  ", 1)
        return not (must_stop and must_stop.is_set()) and is_path(name) and _digest(folder, name) == digest

    try:
        lines = (read_if_there(folder / SUMS, folder) or b"").decode().splitlines()
        # To read and digest a file needs no Python.
        with ThreadPoolExecutor(2) as pool:
            return bool(lines) and all(pool.map(is_as_it_was, lines))
    except (ValueError, OSError):
        return False


def _digest(folder: Path, name: str) -> str | None:
    try:
        return digest_parts(read_in_parts(folder / name, folder, MAX_PACKAGE_BYTES))
    except UnreadableError:
        return None
