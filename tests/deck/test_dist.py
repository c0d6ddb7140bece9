"""dist/ is the last release: what its checksums say, and what its source makes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from cardpress.cli.main import run
from cardpress.diagnostics import Diagnostic, SourceFile
from cardpress.history.records import NAME, History, parse
from cardpress.publish.manifest import is_intact, list_published
from cardpress.source.contents import digest_source
from tests.conftest import ROOT

DIST = ROOT / "dist"


@cache
def history() -> History | None:
    path = ROOT / "source" / NAME
    if not path.exists():
        return None
    read = parse(SourceFile.of(f"source/{NAME}", path.read_text(encoding="utf-8")))
    assert not isinstance(read, Diagnostic)
    return read


def test_dist_holds_what_its_checksums_say() -> None:
    assert is_intact(DIST)


def test_a_released_source_makes_dist_to_the_byte(tmp_path: Path) -> None:
    released = history()
    if released is not None and released.last.source != digest_source(ROOT):
        return  # the source has gone on since; what it makes is the next release's matter
    assert (
        run(["build", "--strict", "--no-cache", "--quiet", "--project", str(ROOT), "--out", str(tmp_path / "out")]) == 0
    )
    names = list_published(tmp_path / "out")
    assert names == list_published(DIST)
    differing = [name for name in sorted(names) if (tmp_path / "out" / name).read_bytes() != (DIST / name).read_bytes()]
    assert differing == [], "the engine makes other files than were released: release a version with it"


def test_dist_is_small_enough_to_download_without_a_thought() -> None:
    assert sum(path.stat().st_size for path in DIST.iterdir()) <= 4_000_000
