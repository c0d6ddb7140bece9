"""`import --rehearse` imports what the project makes over the deck that learners have, in the real Anki."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardpress.cli.main import run
from cardpress.release import rehearsal
from tests.helpers.originals import ORIGINALS


@pytest.mark.parametrize("name", ["Anki, collection.anki21b", "genanki", "ankiforge"])
def test_nothing_is_lost_by_the_move(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "original.apkg"
    source.write_bytes(ORIGINALS[name]())

    assert run(["import", str(source), str(tmp_path / "deck"), "--rehearse"]) == 0
    said = capsys.readouterr().out
    assert "0.1.0 was studied, and this build imported over it:" in said
    rows = [line for line in said.splitlines() if "kept" in line]
    assert len(rows) > 8
    assert "release 1.0.0" in said.splitlines()[-1]
    assert run(["rehearse", "--from", str(source), "--project", str(tmp_path / "deck"), "--as", "default"]) == 0


def test_a_broken_promise_fails_the_import(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = rehearsal.Row("every card keeps its schedule", 1, {"default": ("one",)})
    monkeypatch.setattr(rehearsal, "rehearse", lambda *_: (row,))
    source = tmp_path / "original.apkg"
    source.write_bytes(ORIGINALS["genanki"]())

    assert run(["import", str(source), str(tmp_path / "deck"), "--rehearse"]) == 1
    said = capsys.readouterr().out
    assert "every card keeps its schedule" in said
    assert "release 1.0.0" not in said
    last = said.splitlines()[-1]
    assert last.startswith("the rehearsal failed, and a release would be refused: ")
    assert "cardpress rehearse --project " in last
    assert (tmp_path / "deck" / "source" / "deck.yaml").is_file()
