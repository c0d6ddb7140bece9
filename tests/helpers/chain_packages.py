"""Makes the packages that `update_chain.py` imports: four decks, each as learners get it from release to release.

Run: python -m tests.helpers.chain_packages FOLDER      (a folder for each deck, its packages in order)
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from cardpress.engine import ROOT
from tests.helpers.author import Author, question, recall
from tests.helpers.masked_pictures import AORTA, APEX, HEART, VEIN, note
from tests.helpers.own_note_types import CAT, DOG, LOOSE_WORD, WORD
from tests.helpers.pictures import png
from tests.helpers.sample_project import SVG
from tests.helpers.sounds import tone


def small_packages(folder: Path, project: Path) -> None:
    """Write a small deck's releases and a preview, in which happens all that may happen to a deck."""
    folder.mkdir(parents=True)
    author = Author(project)
    author.style("note-types/word/note-type.yaml", LOOSE_WORD)
    bare = {"id": "pez", "word": "el pez"}  # one of its two cards has nothing to ask yet
    author.sections["words"] = [{**word, "note_type": "word"} for word in (DOG, CAT, bare)]
    author.titles["words"] = "Words"
    _picture(author, "dot.png", png(1, 1))
    author.find("copper")["answer"] = "In the wires:\n\n![a dot](dot.png)"
    author.find("iron")["recall"].append({"id": "iron-two", "cloze": "{{c1::Iron}} is {{c2::heavy::how?}}."})
    (folder / "1-first.apkg").write_bytes(author.release("1.0.0", "2026-01-01"))

    author.find("neon")["answer"] = "Orange, at first sight."
    _picture(author, "lines.svg", SVG)
    author.find("copper")["answer"] = "In the wires:\n\n![a dot](dot.png)\n\n![lines](lines.svg)"
    (folder / "2-preview.apkg").write_bytes(author.build(project.parent / "preview"))

    author.find("neon")["answer"] = "Red, and nothing but red."
    author.find("iron").update(question="What makes iron rust?", tags=["metals::heavy"])
    author.find("iron-gaps")["cloze"] = "Iron becomes liquid at {{c1::1538}} {{c2::degrees}}."
    author.find("perro")["meaning"] = "a dog"
    author.find("pez")["meaning"] = "the fish"
    author.find("copper")["recall"] = [recall("copper-symbol", "What is the symbol of copper?", "Cu.")]
    author.sections["metals"].append(question("tin", "What is a tin can made of?", "Steel, with a little tin."))
    (folder / "3-reworded.apkg").write_bytes(author.release("1.1.0", "2026-02-01"))

    author.sections["salts"] = [question("salt", "What is table salt made of?", "Sodium and chlorine.")]
    author.titles |= {"salts": "Salts", "gases": "Gases and vapours"}
    author.sections["gases"].insert(0, author.remove("gold"))
    author.sections["metals"].reverse()
    (folder / "4-moved.apkg").write_bytes(author.release("2.0.0", "2026-03-01"))

    # A field gets another use. Its name in Anki stays: any Anki takes that, and only newer ones take another name.
    reused = LOOSE_WORD.replace("{key: sentence,", "{key: example, name: Sentence,").replace("sentence]", "example]")
    author.style("note-types/word/note-type.yaml", reused)
    author.find("perro")["example"] = author.find("perro").pop("sentence")
    author.find("pez")["example"] = "*El pez* nada."
    author.find("neon")["retired"] = {"reason": "LEDs have replaced <neon> lamps", "replaced_by": "argon"}
    author.find("helium-name")["retired"] = {"reason": "Nobody asks."}
    author.style("note-types/interview/style.css", ".card { color: teal }\n")
    (folder / "5-retired.apkg").write_bytes(author.release("3.0.0", "2026-04-01"))

    author.find("gold")["extra"] = "It is soft, and heavy."
    author.find("helium-boils")["answer"] = "At four kelvin."
    (folder / "6-after.apkg").write_bytes(author.release("3.0.1", "2026-05-01"))

    # A new field and a new card, in spare ones whose names stay, so that any Anki takes them.
    more = reused.replace("cards:\n", "  - {key: origin, holds: text, name: Spare1, label: Origin}\ncards:\n")
    more += "  - {name: Spare1, asks: [origin], answers: [word]}\n"
    author.style("note-types/word/note-type.yaml", more)
    author.find("perro")["origin"] = "Nobody knows."
    (folder / "7-spare.apkg").write_bytes(author.release("4.0.0", "2026-06-01"))


SOUND_WORD = """\
title: Word
noun: a word
fields:
  - {key: word, holds: line, required: true}
  - {key: meaning, holds: line, required: true}
  - {key: sound, holds: audio}
  - {key: reverse, holds: flag}
cards:
  - {name: Recognise, asks: [word, sound], answers: [meaning]}
  - {name: Recall, asks: [meaning], answers: [word, sound], typed: word, when: reverse}
"""
ROWS = """\
id,word,meaning,sound,reverse
perro,el perro,the dog,perro.mp3,true
gato,el gato,the cat,,
pez,el pez,the fish,,true
"""


def any_packages(folder: Path, project: Path) -> None:
    """Write releases of a deck with what any deck may have: masks, typed cards, both directions, a table, sounds."""
    folder.mkdir(parents=True)
    basics: list[dict[str, Any]] = [
        {"id": "france", "question": "What is the capital of France?", "answer": "Paris", "reverse": True},
        {"id": "spain", "question": "What is the capital of Spain?", "answer": "Madrid", "typed": True},
        {"id": "norway", "question": "What is the capital of Norway?", "answer": "Oslo"},
    ]
    author = Author(project, {"heart": [note()], "words": [], "capitals": basics})
    author.facts |= {"title": "Any deck", "deck_name": "Any::Deck", "note_type": "basic"}
    author.headings = {
        "heart": {"deck_name": "Pictures", "note_type": "occlusion"},
        "words": {"deck_name": "Words", "note_type": "word", "table": "words.csv"},
        "capitals": {"deck_name": False},
    }
    author.tables["words.csv"] = ROWS
    author.style("note-types/word/note-type.yaml", SOUND_WORD)
    _picture(author, "heart.svg", HEART.encode())
    _picture(author, "perro.mp3", tone())
    (folder / "1-first.apkg").write_bytes(author.release("1.0.0", "2026-01-01"))

    author.find("france")["question"] = "Which city is the capital of France?"
    author.find("spain")["answer"] = "Madrid, of course"
    author.tables["words.csv"] = ROWS.replace("the dog", "a dog")
    author.find("heart")["header"] = "What is *that*?"
    (folder / "2-reworded.apkg").write_bytes(author.release("1.0.1", "2026-02-01"))

    apex = {**APEX, "label": "the apex"}
    author.find("heart").update(note(apex, {**AORTA, "rect": [0, 0, 100, 60]}, VEIN, header="What is *that*?"))
    (folder / "3-masks.apkg").write_bytes(author.release("1.0.2", "2026-03-01"))

    author.find("norway").update(reverse=True, typed=True)
    author.tables["words.csv"] = author.tables["words.csv"].replace("the cat,,", "the cat,perro.mp3,true")
    (folder / "4-flags.apkg").write_bytes(author.release("1.0.3", "2026-04-01"))

    # In spare ones whose names stay, so that any Anki takes them.
    more = SOUND_WORD.replace("cards:\n", "  - {key: origin, holds: text, name: Spare1, label: Origin}\ncards:\n")
    more += "  - {name: Spare1, asks: [origin], answers: [word]}\n"
    author.style("note-types/word/note-type.yaml", more)
    rows = author.tables["words.csv"].splitlines()
    author.tables["words.csv"] = "\n".join(
        (f"{rows[0]},origin", f"{rows[1]},Nobody knows.", *(f"{r}," for r in rows[2:]))
    )
    (folder / "5-spare.apkg").write_bytes(author.release("1.1.0", "2026-05-01"))

    author.titles |= {"heart": "The heart, in pictures", "words": "Animals"}
    author.sections["capitals"].append({"id": "italy", "question": "What is the capital of Italy?", "answer": "Rome"})
    (folder / "6-titles.apkg").write_bytes(author.release("1.2.0", "2026-06-01"))

    # Other names in Anki: older ones need them by hand first, as the release notes say.
    named = more.replace("name: Spare1, label", "name: Origin, was: Spare1, label").replace(
        "{name: Spare1, asks", "{name: Origins, was: Spare1, asks"
    )
    author.style("note-types/word/note-type.yaml", named.replace("{name: Recall,", "{name: Produce, was: Recall,"))
    author.tables["words.csv"] = author.tables["words.csv"].replace("Nobody knows.", "Nobody knows it.")
    (folder / "7-names.apkg").write_bytes(author.release("1.3.0", "2026-07-01"))


def newer_packages(folder: Path, project: Path) -> None:
    """Write releases that need a newer Anki: deletions in one another (2.1.56), and names that changed (23.10)."""
    folder.mkdir(parents=True)
    author = Author(project)
    author.style("note-types/word/note-type.yaml", WORD)
    author.sections["words"] = [{**word, "note_type": "word"} for word in (DOG, CAT)]
    author.titles["words"] = "Words"
    author.find("iron-gaps")["cloze"] = "Iron {{c1::melts at {{c2::1538}} degrees}} and {{c3::rusts}}."
    (folder / "1-first.apkg").write_bytes(author.release("1.0.0", "2026-01-01"))

    renamed = WORD.replace("{key: sentence,", "{key: sentence, name: Example, was: Sentence,")
    author.style("note-types/word/note-type.yaml", renamed.replace("{name: Recall,", "{name: Produce, was: Recall,"))
    author.find("perro")["meaning"] = "a dog"
    (folder / "2-renamed.apkg").write_bytes(author.release("2.0.0", "2026-02-01"))

    author.find("gato")["meaning"] = "a cat"
    author.sections["words"].append({"id": "pez", "word": "el pez", "meaning": "the fish", "note_type": "word"})
    (folder / "3-after.apkg").write_bytes(author.release("3.0.0", "2026-03-01"))

    # A new field and a new card in spare ones, which get names of their own; and no note of the others changes.
    renamed = renamed.replace("cards:\n", "  - {key: origin, holds: text, label: Origin}\ncards:\n")
    renamed = renamed.replace("{name: Recall,", "{name: Produce, was: Recall,")
    renamed += "  - {name: Origins, asks: [origin], answers: [word]}\n"
    renamed += "  - {name: Examples, asks: [sentence], answers: [word]}\n"
    author.style("note-types/word/note-type.yaml", renamed)
    author.find("gato")["origin"] = "Nobody knows."
    (folder / "4-spare.apkg").write_bytes(author.release("4.0.0", "2026-04-01"))


def _picture(author: Author, name: str, data: bytes) -> None:
    path = author.project / "source" / "media" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def fastapi_packages(folder: Path, project: Path) -> None:
    """Copy the released FastAPI deck, and build what could be the next release of it."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "dist" / "fastapi-interview.apkg", folder / "1-released.apkg")
    shutil.copytree(ROOT / "source", project / "source")
    (project / "dist").mkdir()  # an old history lacks what the released package has
    shutil.copy(ROOT / "dist" / "fastapi-interview.apkg", project / "dist")
    first, second = (_section(project, name) for name in ("foundations", "routing"))
    first[0]["question"] = "What makes FastAPI another framework than Flask and Django?"
    first[0]["recall"].append(recall("chain-new", "What did this update bring?", "A recall note."))
    first[1]["recall"][0]["retired"] = {"reason": "Nobody asks this any more."}
    second += [first.pop(2), question("chain-question", "What else came with this update?", "A question.")]
    _section(project, "foundations", first)
    _section(project, "routing", second)
    style = project / "templates" / "note-types" / "recall" / "style.css"
    style.parent.mkdir(parents=True)
    style.write_text(".card { color: teal }\n", encoding="utf-8")
    command = [sys.executable, "-m", "cardpress", "build", "--only", "apkg", "--no-cache", "--quiet"]
    out = project / "out"
    done = subprocess.run([*command, "--project", project, "--out", out], cwd=ROOT, check=False, capture_output=True)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    shutil.copy(out / "fastapi-interview.apkg", folder / "2-update.apkg")


def _section(project: Path, name: str, questions: list[Any] | None = None) -> list[Any]:
    """Return the questions of a section's file, or write them to it."""
    path = project / "source" / f"{name}.yaml"
    if questions is not None:
        path.write_text(yaml.safe_dump(questions, sort_keys=False, allow_unicode=True), encoding="utf-8")
    read: list[Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


if __name__ == "__main__":
    target = Path(sys.argv[1]).resolve()
    for make in (small_packages, any_packages, newer_packages, fastapi_packages):
        name = make.__name__.partition("_")[0]
        make(target / name, target / "projects" / name)
