"""The folder for CrowdAnki has what the package has, in CrowdAnki's words, and is read back as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml

from cardpress.adopt.crowdanki import read_crowdanki
from cardpress.anki.models import write_name
from cardpress.anki.original import Original
from cardpress.anki.stamps import list_shipped
from cardpress.cli.main import run
from cardpress.deck.notes import Deck
from cardpress.engine import ROOT
from cardpress.publish.artifact import Artifact
from cardpress.writers.crowdanki import write
from tests.conftest import DECK
from tests.helpers.author import Author
from tests.helpers.decks import deck_from, deck_of
from tests.helpers.own_note_types import WORD
from tests.helpers.pictures import png
from tests.helpers.sample_project import EVERYTHING
from tests.helpers.yaml_text import question

EXAMPLES = ROOT / "examples"
UUID_OF_DECK, UUID_OF_VERBS, UUID_OF_PRESET = (f"3{number}b1f4ac-5b1e-11ee-8c99-0242ac120002" for number in range(3))


def made(deck: Deck) -> dict[str, Artifact]:
    return {each.name: each for each in write(deck).artifacts}


def content_of(deck: Deck, folder: str = "crowdanki") -> dict[str, Any]:
    content = json.loads(made(deck)[f"{folder}/deck.json"].data)
    assert isinstance(content, dict)
    return content


def put(deck: Deck, folder: Path) -> Path:
    """Write the deck's folder below another one, and return it."""
    for name, artifact in made(deck).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.data)
    return folder / "crowdanki"


def read_back(deck: Deck, folder: Path) -> Original:
    return read_crowdanki(put(deck, folder))


def names_of(entry: dict[str, Any]) -> dict[str, list[str]]:
    """Return the decks below one by their names there, with the names of those below each."""
    return {child["name"]: list(names_of(child)) for child in entry["children"]}


def test_every_note_is_read_back_as_the_package_has_it(tmp_path: Path) -> None:
    for name in ("heart", "spanish", "countries", "calculus"):
        deck = deck_of(EXAMPLES / name)
        original = read_back(deck, tmp_path / name)
        shipped = {each.note.guid: each for each in list_shipped(deck)}
        assert {note.guid for note in original.notes} == shipped.keys()
        for note in original.notes:
            each = shipped[note.guid]
            assert note.fields == tuple(each.fields.values())
            assert note.tags == each.note.tags
            assert {place for _, place in note.cards} == {each.section.names.name}
        media = {picture.name: picture.data for picture in deck.list_media_of_cards()}
        assert dict(original.media) == media
        types = {each.name: each for each in original.note_types}
        assert types.keys() == {write_name(deck, each) for each in deck.list_used_types()}
        assert all(each.fields[0].id and each.cards[0].id and each.css for each in types.values())
        assert original.remarks == ()


def test_ids_are_made_of_permanent_ids_and_stay(tmp_path: Path) -> None:
    files = {"first.yaml": question(), "deck.yaml": DECK}
    first = content_of(deck_from(tmp_path / "first", files))
    reworded = {"first.yaml": question(question="What is it?"), "deck.yaml": DECK.replace("First section", "Beginning")}
    second = content_of(deck_from(tmp_path / "second", reworded))
    (child,) = first["children"]
    ids = [first["crowdanki_uuid"], first["deck_config_uuid"], child["crowdanki_uuid"], child["deck_config_uuid"]]
    ids.append(first["note_models"][0]["crowdanki_uuid"])
    assert [str(UUID(each)) for each in ids] == ids
    assert len(set(ids)) == 4  # there is one preset
    (other,) = second["children"]
    assert ids[:3] == [second["crowdanki_uuid"], second["deck_config_uuid"], other["crowdanki_uuid"]]
    assert ids[4] == second["note_models"][0]["crowdanki_uuid"]
    assert ids[0] == "608008d4-325c-8639-8faa-9d9b51f2c0c3"  # for ever


def test_a_preset_is_its_name_alone_so_that_a_learner_keeps_its_options(tmp_path: Path) -> None:
    content = content_of(deck_from(tmp_path, {"first.yaml": question()}))
    assert content["deck_configurations"] == [
        {"__type__": "DeckConfig", "crowdanki_uuid": content["deck_config_uuid"], "name": "Sample deck"}
    ]


def test_fields_and_card_templates_have_every_key_that_anki_gives_them(tmp_path: Path) -> None:
    """CrowdAnki compares them to the letter, and asks about each that differs."""
    (note_type,) = content_of(deck_from(tmp_path, {"first.yaml": question()}))["note_models"]
    keys = "collapsed description excludeFromSearch font id name ord plainText preventDeletion rtl size sticky tag"
    assert all(sorted(each) == keys.split() for each in note_type["flds"])
    keys = "afmt bafmt bfont bqfmt bsize did id name ord qfmt"
    assert all(sorted(each) == keys.split() for each in note_type["tmpls"])
    for part in ("flds", "tmpls"):
        assert [each["ord"] for each in note_type[part]] == list(range(len(note_type[part])))
    assert "id" not in note_type
    assert note_type["latexPre"].startswith("\\documentclass[12pt]{article}\n")


def test_sections_are_decks_in_the_deck_and_levels_between_stay_in_their_names(tmp_path: Path) -> None:
    sections = """\
  - {id: deep, title: Deep, deck_name: "A::B"}
  - {id: deeper, title: Deeper, deck_name: "A::B::C"}
  - {id: same, title: Same, deck_name: false}
"""
    notes = {f"{name}.yaml": question(id=name, question=f"What is {name}?") for name in ("deep", "deeper", "same")}
    files = {"first.yaml": question(), "deck.yaml": DECK + sections, **notes}
    content = content_of(deck_from(tmp_path, files))
    assert content["name"] == "Sample deck"
    assert names_of(content) == {"01 First section": [], "A::B": ["C"]}
    assert [note["fields"][0] for note in content["notes"]] == ["What is same?"]


ADOPTED = f"""\
anki: {{id: 7, name: "Languages::Spanish", uuid: {UUID_OF_DECK}, preset: {{uuid: {UUID_OF_PRESET}, name: Ours}}}}
sections:
  - {{id: first, title: First, anki: {{name: "Languages::Spanish::Verbs", uuid: {UUID_OF_VERBS}}}}}
"""


def test_an_adopted_deck_has_what_learners_have(tmp_path: Path) -> None:
    files = {"first.yaml": question(guid='a"|%'), "deck.yaml": DECK.partition("sections:")[0] + ADOPTED}
    original = read_back(deck_from(tmp_path / "project", files), tmp_path / "out")
    decks = [(each.name, each.uuid, each.preset_uuid, each.preset_name) for each in original.decks]
    assert decks == [
        ("Languages::Spanish", UUID_OF_DECK, UUID_OF_PRESET, "Ours"),
        ("Languages::Spanish::Verbs", UUID_OF_VERBS, UUID_OF_PRESET, "Ours"),
    ]
    assert [note.guid for note in original.notes] == ['a"|%']


def test_decks_that_are_not_in_the_first_one_have_folders_of_their_own(tmp_path: Path) -> None:
    sections = """\
  - {id: second, title: Second, anki: {name: French}}
  - {id: third, title: Third, anki: {name: "French::Verbs"}}
"""
    picture = {name: question(id=name, question=f"What is {name}?", answer=f"![{name}]({name}.png)") for name in "ab"}
    files: dict[str, str | bytes] = {
        "deck.yaml": DECK + sections,
        "first.yaml": picture["a"],
        "second.yaml": picture["b"],
        "third.yaml": question(id="c", question="What is c?"),
        "media/a.png": png(2, 2),
        "media/b.png": png(3, 3),
    }
    deck = deck_from(tmp_path, files)
    names = sorted(made(deck))
    assert [name for name in names if name.endswith("deck.json")] == ["crowdanki/2/deck.json", "crowdanki/deck.json"]
    assert [name.split("-")[1] for name in names if name.startswith("crowdanki/2/media/")] == ["b"]
    content = content_of(deck, "crowdanki/2")
    assert (content["name"], names_of(content)) == ("French", {"Verbs": []})
    assert [len(content["media_files"]), len(content["children"][0]["media_files"])] == [1, 0]
    everywhere = content_of(deck)
    assert (everywhere["name"], names_of(everywhere)) == ("Sample deck", {"01 First section": []})


def test_a_deck_without_notes_of_its_own_is_none_when_its_sections_are_elsewhere(tmp_path: Path) -> None:
    files = {
        "deck.yaml": DECK.replace("title: First section", "title: First section\n    anki: {name: French}"),
        "first.yaml": question(),
    }
    assert content_of(deck_from(tmp_path, files))["name"] == "French"


def test_what_is_the_learner_s_own_stays_theirs(tmp_path: Path) -> None:
    """CrowdAnki proposes what `import_config.yaml` says."""
    own = WORD.replace("title: Word", "title: 'W: ö 🍋 \\ #”'", 1)
    own = own.replace("cards:", "  - {key: mine, holds: text, personal: true}\ncards:")
    files = {
        "deck.yaml": DECK + "    note_type: word\n",
        "first.yaml": "- {id: dog, word: el perro, meaning: the dog}\n",
        "../templates/note-types/word/note-type.yaml": own,
    }
    deck = deck_from(tmp_path, files)
    options = yaml.safe_load(made(deck)["crowdanki/import_config.yaml"].data)
    (note_type,) = content_of(deck)["note_models"]
    assert options == {"note_models": {note_type["name"]: {"personal_fields": ["Mine"]}}}
    assert "crowdanki/import_config.yaml" not in made(deck_from(tmp_path / "other", {"first.yaml": question()}))


def test_a_retired_question_is_left_out_since_everybody_would_get_its_cards(tmp_path: Path) -> None:
    author = Author(tmp_path / "project")
    author.only = ("apkg", "crowdanki")
    author.release("1.0.0")
    before = json.loads((author.out / "crowdanki" / "deck.json").read_text(encoding="utf-8"))
    author.sections["metals"][1]["retired"] = {"reason": "Copper is not asked any more."}
    author.release("1.1.0")
    after = json.loads((author.out / "crowdanki" / "deck.json").read_text(encoding="utf-8"))
    counts = [[len(child["notes"]) for child in content["children"]] for content in (before, after)]
    assert counts[0][0] - counts[1][0] == 1
    assert counts[0][1] == counts[1][1]


def test_it_is_made_where_it_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deck = deck_from(tmp_path, EVERYTHING)
    assert "crowdanki" not in deck.outputs
    out = tmp_path / "out"
    assert run(["--project", str(tmp_path), "--only", "crowdanki", "--out", str(out)]) == 0
    # A line for all of them: there may be thousands.
    assert f"{out / 'crowdanki' / 'media'}  " in (said := capsys.readouterr().out)
    assert sum("media" in line for line in said.splitlines()) == 1
    content = json.loads((out / "crowdanki" / "deck.json").read_text(encoding="utf-8"))
    media = {path.name for path in (out / "crowdanki" / "media").iterdir()}
    assert media == {each.name for each in deck.list_media_of_cards()}
    listed = {name for entry in (content, *content["children"]) for name in entry["media_files"]}
    assert listed == media
