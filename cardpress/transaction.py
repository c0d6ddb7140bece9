"""Changes several files of a project as one: all of them or, whatever happens in between, none.

The new content is put aside first, then a journal is written that names it all. From that moment on the change counts
as made: should the process die, the next command finds the journal and finishes. Before it, nothing has happened.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from cardpress.deck import Artifact
from cardpress.publish import publish

FOLDER = ".cardpress-release"
_JOURNAL = "journal.json"


def commit(
    project: Path,
    files: Mapping[str, bytes],
    artifacts: Iterable[Artifact],
    out: Path,
    extra: Mapping[str, bytes],
) -> None:
    """Write files of the project, by their paths in it, and publish artifacts, with `extra` files beside them."""
    stage = project / FOLDER
    shutil.rmtree(stage, ignore_errors=True)
    try:
        journal = {
            "out": str(out.resolve()),
            "files": _put_all(stage / "files", files),
            "made": _put_all(stage / "made", {artifact.name: artifact.data for artifact in artifacts}),
            "beside": _put_all(stage / "beside", extra),
        }
        _write(stage / "journal.new", json.dumps(journal).encode())
        (stage / "journal.new").replace(stage / _JOURNAL)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise
    recover(project)


def recover(project: Path) -> None:
    """Finish a change that was committed and not carried out; forget one that was not committed."""
    stage = project / FOLDER
    if (stage / _JOURNAL).exists():
        journal = json.loads((stage / _JOURNAL).read_text(encoding="utf-8"))
        out = Path(journal["out"])
        made = (Artifact(name, (stage / "made" / kept).read_bytes(), "", "") for kept, name in journal["made"])
        publish(made, out)
        for kept, name in journal["beside"]:
            _replace(out / name, (stage / "beside" / kept).read_bytes())
        for kept, name in journal["files"]:
            _replace(project / name, (stage / "files" / kept).read_bytes())
        (stage / _JOURNAL).unlink()
    shutil.rmtree(stage, ignore_errors=True)


def _put_all(folder: Path, contents: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Put contents aside under numbers; gives each with the name that it is for."""
    folder.mkdir(parents=True)
    kept = [(str(number), name) for number, name in enumerate(contents)]
    for number, name in kept:
        _write(folder / number, contents[name])
    return kept


def _replace(path: Path, data: bytes) -> None:
    new = path.with_name(f".{path.name}.new")
    _write(new, data)
    new.replace(path)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
