"""What cannot be taken over is one line, exit 2, and nothing is written."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from anki.collection import Collection

from cardpress.cli.main import run
from tests.helpers.originals import (
    Form,
    Hand,
    HandNote,
    add,
    ankiforge_package,
    by_hand,
    everything_package,
    fill_with_everything,
    unzip,
    zipped,
)

USAGE = 2
NOTES = (HandNote("one", ["What is one?", "1"]), HandNote("two", ["What is two?", "2"]))


def whole_collection(*, is_legacy: bool, fill: Callable[[Collection], object] = fill_with_everything) -> bytes:
    """Return what the real Anki exports as a collection package."""
    with tempfile.TemporaryDirectory(prefix="cardpress-collection-") as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        fill(collection)
        path = Path(folder) / "all.colpkg"
        collection.export_collection_package(str(path), include_media=True, legacy=is_legacy)
        return path.read_bytes()


def add_one(collection: Collection) -> None:
    add(collection, "Basic", "Default", "one", "1")


REFUSED: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "a whole collection": ("all.colpkg", lambda: whole_collection(is_legacy=False)),
    "a whole collection of the older format": ("all.colpkg", lambda: whole_collection(is_legacy=True)),
    "a whole collection with another name": ("all.apkg", lambda: whole_collection(is_legacy=False)),
    "a small collection with another name": ("all.apkg", lambda: whole_collection(is_legacy=True, fill=add_one)),
    "an empty collection": ("all.colpkg", lambda: whole_collection(is_legacy=False, fill=lambda collection: None)),
    "no bytes": ("deck.apkg", lambda: b""),
    "half a package": ("deck.apkg", lambda: everything_package(Form.LATEST, with_scheduling=False)[:-2000]),
    "a bomb": (
        "deck.apkg",
        lambda: zipped(unzip(ankiforge_package()) | {"0": b"\x28\xb5\x2f\xfd\x04\x00" + bytes(99)}),
    ),
    "a trigger": (
        "deck.apkg",
        lambda: by_hand(Hand(NOTES, statements=["create trigger t after update on notes begin select 1; end"])),
    ),
    "no notes": ("deck.apkg", lambda: by_hand(Hand())),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_over_is_one_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, make = REFUSED[name]
    (tmp_path / file).write_bytes(make())
    assert run(["import", str(tmp_path / file), str(tmp_path / "deck")]) == USAGE
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith(f"cardpress: {tmp_path / file} cannot be taken over: ")
    assert ("whole collection" in said) == ("collection" in name)
    assert [path.name for path in tmp_path.iterdir()] == [file]
