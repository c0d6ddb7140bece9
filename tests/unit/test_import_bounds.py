"""A small package with a great deal in it is taken over, or refused, in time that grows with what it holds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cardpress.cli.main import run
from tests.helpers.originals import Hand, HandNote, by_hand


@pytest.mark.parametrize("part", ["[sound:a.mp3]", "<img src=a.png>", "<br>\n[sound:a.mp3]"])
def test_very_many_files_in_a_field_take_time_that_grows_with_the_length(part: str, tmp_path: Path) -> None:
    field = part * (200_000 // len(part))
    source = tmp_path / "original.apkg"
    source.write_bytes(
        by_hand(Hand([HandNote("short", ["a short one", "x"]), HandNote("long", ["a long one", field])]))
    )
    start = time.process_time()
    assert run(["import", str(source), str(tmp_path / "deck")]) == 0
    assert time.process_time() - start < 12
