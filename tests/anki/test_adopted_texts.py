"""The text for who fills personal fields finds the notes of an adopted deck by their GUIDs, whatever these are."""

from __future__ import annotations

from pathlib import Path

from anki.collection import ImportCsvRequest

from cardpress.cli.main import run
from tests.helpers.anki_collection import learning
from tests.helpers.originals import Hand, HandNote, by_hand

GUIDS = ("|\"%  '<&> \N{SNOWMAN}", "#a comment", "a,b;c", "'", " ahead")


def test_it_updates_what_learners_have_and_adds_nothing(tmp_path: Path) -> None:
    original = by_hand(Hand([HandNote(guid, [f"word {place}", "meaning"]) for place, guid in enumerate(GUIDS)]))
    (tmp_path / "original.apkg").write_bytes(original)
    project, out = tmp_path / "project", tmp_path / "out"
    assert run(["import", str(tmp_path / "original.apkg"), str(project)]) == 0
    for path in (project / "source").glob("by-hand.*"):
        path.write_text(path.read_text(encoding="utf-8").replace("meaning", "other meaning"), encoding="utf-8")
    assert run(["build", "--project", str(project), "--only", "csv", "--out", str(out)]) == 0
    text = (out / "project-update.csv").read_text(encoding="utf-8")
    with learning(tmp_path / "learner") as learner:
        learner.take(original)
        cards = learner.rows("select id, nid, did, ord from cards order by id")
        path = learner.folder / "update.csv"
        path.write_text(text, encoding="utf-8")
        metadata = learner.collection.get_csv_metadata(path=str(path), delimiter=None)
        learner.collection.import_csv(ImportCsvRequest(path=str(path), metadata=metadata))
        fields = {guid: flds.split("\x1f")[1] for guid, flds in learner.rows("select guid, flds from notes")}
        assert fields == dict.fromkeys(GUIDS, "other meaning")
        assert learner.rows("select id, nid, did, ord from cards order by id") == cards
