"""Every command of docs/moving.md does what it says, one after another, with sources of the names that it has."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

import pytest

from cardpress.cli.main import run
from tests.conftest import ROOT
from tests.helpers.anki_collection import learning
from tests.helpers.crowdanki_folders import make_deck, make_note, make_root, write_folder
from tests.helpers.originals import Form, anki_package, fill_with_everything

BLOCKS: Mapping[str, list[str]] = {
    section.partition("\n")[0]: [
        line
        for block in re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
        for line in block.split("\n")
    ]
    for section in re.split(r"^## ", (ROOT / "docs" / "moving.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
}
QUESTIONS = """\
# Interviews

## HTTP

### What is idempotent?

A request that may be sent *twice*:

- `GET`
- `PUT`

### What does 304 say?

That what you have is [still good](https://example.org/304).
"""


def write_text(path: Path) -> None:
    with learning(path.parent / "author") as author:
        fill_with_everything(author.collection)
        author.collection.export_note_csv(
            out_path=str(path),
            limit=None,
            with_html=True,
            with_tags=True,
            with_deck=True,
            with_notetype=True,
            with_guid=True,
        )


def write_source(folder: Path, name: str) -> None:
    match name:
        case "Spanish.apkg":
            (folder / name).write_bytes(anki_package(Form.LATEST))
        case "spanish-crowdanki":
            children = (make_deck("Verbs", make_note("ir", "ir", "to go")),)
            write_folder(folder / name, make_root("Spanish", make_note("sol", "el sol", "the sun"), children=children))
        case "Spanish.txt":
            write_text(folder / name)
        case "words.csv":
            (folder / name).write_text("Spanish,English,Example\nel sol,the sun,*El sol* sale.\n", encoding="utf-8")
        case "questions.md":
            (folder / name).write_text(QUESTIONS, encoding="utf-8")
        case _:
            raise ValueError(name)


@pytest.mark.parametrize("section", [name for name in BLOCKS if BLOCKS[name]])
def test_the_commands_work(section: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    commands = [shlex.split(line) for line in BLOCKS[section] if line]
    if commands[0][1] == "import":
        write_source(tmp_path, commands[0][2])
    else:
        write_source(tmp_path, "spanish-crowdanki")
        assert run(["import", "spanish-crowdanki", "spanish"]) == 0
        monkeypatch.chdir(tmp_path / "spanish")
    for program, *arguments in commands:
        assert program == "cardpress"
        assert run(arguments) == 0, arguments
    made = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    if section == "Hand a deck on":
        assert {"spanish/shared/spanish-update.csv", "spanish/shared/crowdanki/deck.json"} <= made
    elif section == "A CrowdAnki folder":
        assert "spanish/dist/crowdanki/deck.json" in made
    else:
        assert f"{commands[0][3]}/import-report.md" in made
