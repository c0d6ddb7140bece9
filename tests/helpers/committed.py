"""The FastAPI deck's last release, as it is committed: a build may have replaced dist/ in the working tree."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

from cardpress.engine import ROOT


def put_committed_dist(project: Path) -> None:
    """Put dist/ as it is committed into a project."""
    done = subprocess.run(["git", "archive", "--format=zip", "HEAD", "dist"], cwd=ROOT, capture_output=True, check=True)
    with zipfile.ZipFile(io.BytesIO(done.stdout)) as archive:
        archive.extractall(project)
