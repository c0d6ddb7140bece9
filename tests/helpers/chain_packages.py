"""Makes the packages that `update_chain.py` imports: three decks, each as learners get it from release to release.

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
from tests.helpers.own_note_types import CAT, DOG, LOOSE_WORD, WORD
from tests.helpers.pictures import png
from tests.helpers.sample_project import SVG


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
    for make in (small_packages, newer_packages, fastapi_packages):
        name = make.__name__.partition("_")[0]
        make(target / name, target / "projects" / name)
