"""What says of dist/ which files are in it, and lets anyone check them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from cardpress.deck.notes import Artifact

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
FORMAT = 1


def add_manifest(artifacts: Iterable[Artifact], deck_id: str, version: str, date: str) -> tuple[Artifact, ...]:
    """Add `manifest.json` and `SHA256SUMS` to the artifacts, all sorted by name."""
    made = sorted(artifacts, key=lambda artifact: artifact.name)
    content = {
        "format": FORMAT,
        "deck": {"id": deck_id, "version": version, "date": date},
        "artifacts": [
            {
                "path": artifact.name,
                "bytes": len(artifact.data),
                "sha256": _sha256(artifact.data),
                "media_type": artifact.media_type,
                "holds": artifact.holds,
            }
            for artifact in made
        ],
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    manifest = Artifact(MANIFEST, text.encode(), "application/json", "what is here")
    # Two spaces and no path: the form that `sha256sum -c` reads, from inside dist/.
    sums = "".join(f"{_sha256(artifact.data)}  {artifact.name}\n" for artifact in (*made, manifest))
    return (*made, manifest, Artifact(SUMS, sums.encode(), "text/plain", "checksums"))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def list_published(folder: Path) -> frozenset[str]:
    """Give the names that the manifest of an earlier build lists, with its own; nothing when there is none."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        names = {entry["path"] for entry in content["artifacts"]}
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError, RecursionError):
        return frozenset()  # but where there is one that the disk does not give, it is not known what is ours
    # A path is a name in this folder: whoever wrote the manifest, nothing else is ever removed.
    return frozenset(name for name in names if isinstance(name, str) and _is_name(name)) | {MANIFEST, SUMS}


def _is_name(text: str) -> bool:
    return text not in ("", "..") and "\0" not in text and Path(text).name == text


def is_of_another_program(folder: Path) -> bool:
    """Tell whether a folder has a `manifest.json` that no build of ours wrote, such as a web application's."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError, RecursionError):
        return False  # what nothing can read, such as a merge conflict, is no loss
    return not (isinstance(content, dict) and "artifacts" in content)


def is_intact(folder: Path) -> bool:
    """Tell whether a folder holds exactly what its checksums say."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        pairs = [line.split("  ", 1) for line in lines]
        return bool(pairs) and all(_sha256((folder / name).read_bytes()) == digest for digest, name in pairs)
    except (OSError, ValueError):
        return False
