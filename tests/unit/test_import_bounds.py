"""A small package with a great deal in it is taken over, or refused, in time that grows with what it holds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cardpress.cli.main import run
from cardpress.markdown.safe_html import make_safe
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


@pytest.mark.parametrize("part", ["<div>", "<ul><li>", "<b>", "<svg>"])
def test_elements_without_end_in_each_other_keep_nobody_waiting(part: str) -> None:
    field = part * (400_000 // len(part)) + "words<script>x</script>"
    start = time.process_time()
    kept, dropped = make_safe(field)
    assert time.process_time() - start < 4
    assert "words" in kept
    assert "<" not in kept
    assert dropped


def test_many_elements_beside_each_other_stay() -> None:
    field = "<p>a<br><i>b</i>" * 5_000 + "<script></script>"
    kept, _ = make_safe(field)
    assert kept.count("<i>") == kept.count("<br>") == 5_000
