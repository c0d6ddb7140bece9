"""Folders as CrowdAnki writes them, by hand: its keys, with values of our own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

WORD, GAP = "6f2b0c34-5b1e-11ee-8c99-0242ac120002", "6f2b0f5e-5b1e-11ee-8c99-0242ac120002"
PRESET = "70a1d0ba-5b1e-11ee-8c99-0242ac120002"


def make_field(name: str, **more: Any) -> dict[str, Any]:
    return {"font": "Arial", "media": [], "name": name, "ord": 0, "rtl": False, "size": 20, "sticky": False, **more}


def make_card(name: str, front: str, back: str, **more: Any) -> dict[str, Any]:
    return {"afmt": back, "bafmt": "", "bqfmt": "", "did": None, "name": name, "ord": 0, "qfmt": front, **more}


def make_type(uuid: str = WORD, name: str = "Word", **more: Any) -> dict[str, Any]:
    return {
        "__type__": "NoteModel",
        "crowdanki_uuid": uuid,
        "css": ".card { color: black; }",
        "flds": [make_field("Word", id=-77), make_field("Meaning", size=30, rtl=True, plainText=True)],
        "latexPost": "\\end{document}",
        "latexPre": "\\begin{document}",
        "name": name,
        "req": [[0, "all", [0]]],
        "sortf": 1,
        "tags": [],
        "tmpls": [make_card("Recognise", "{{Word}}", "{{Meaning}}"), make_card("Recall", "{{Meaning}}", "{{Word}}")],
        "type": 0,
        "vers": [],
        **more,
    }


def make_note(guid: str, *fields: str, uuid: str = WORD, tags: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    note = {"__type__": "Note", "data": "", "fields": list(fields), "flags": 0, "guid": guid, "note_model_uuid": uuid}
    return {**note, "tags": list(tags), **more}


def make_deck(name: str, *notes: Any, children: tuple[Any, ...] = (), **more: Any) -> dict[str, Any]:
    return {
        "__type__": "Deck",
        "children": list(children),
        "crowdanki_uuid": f"uuid of {name}",
        "deck_config_uuid": PRESET,
        "desc": "",
        "dyn": 0,
        "extendNew": 10,
        "extendRev": 50,
        "media_files": [],
        "name": name,
        "notes": list(notes),
        **more,
    }


def make_root(name: str, *notes: Any, **more: Any) -> dict[str, Any]:
    presets = [{"__type__": "DeckConfig", "crowdanki_uuid": PRESET, "name": "Ours", "new": {"perDay": 7}}]
    return make_deck(name, *notes, **{"note_models": [make_type()], "deck_configurations": presets, **more})


def write_folder(folder: Path, content: Any, media: Mapping[str, bytes] | None = None, name: str = "deck.json") -> Path:
    """Write a folder. `content` is what the file holds, as JSON unless it is bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    data = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False, indent=4).encode()
    (folder / name).write_bytes(data)
    for file_name, bytes_of_file in (media or {}).items():
        (folder / "media").mkdir(exist_ok=True)
        (folder / "media" / file_name).write_bytes(bytes_of_file)
    return folder
