"""An author with a small deck, who changes it and releases it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from cardpress.diagnostics import Diagnostic, SourceFile
from cardpress.diagnostics.reports.text import as_text
from cardpress.history.records import History, parse
from cardpress.pipeline import Options, build_project
from cardpress.progress import NoProgress
from cardpress.release.make import Outcome, Request, make_release

Question = dict[str, Any]
FIRST_DAY = "2026-01-01"


def question(note_id: str, asks: str, answer: str, **more: object) -> Question:
    """Return a question that every check accepts. Further keys are added as they are."""
    return {"id": note_id, "question": asks, "answer": answer, "sources": ["https://example.org/"], **more}


def recall(note_id: str, asks: str, answer: str, **more: object) -> Question:
    """Return a recall note."""
    return {"id": note_id, "question": asks, "answer": answer, **more}


def small_deck() -> dict[str, list[Question]]:
    """Return six questions, some with recall and cloze notes, by the ids of their sections."""
    metal = [
        question(
            "iron",
            "Why does iron rust in wet air?",
            "It gives electrons to oxygen.",
            tags=["metals", "metals::common"],
            pitfalls=[{"claim": "Paint stops rust for ever.", "truth": "A scratch lets it start again."}],
            recall=[
                recall("iron-symbol", "Which letters stand for iron?", "Fe, from *ferrum*."),
                {"id": "iron-gaps", "cloze": "Iron melts at {{c1::1538}} degrees."},
            ],
        ),
        question("copper", "Where is copper used at home?", "In the wires.", level="beginner"),
        question("gold", "What keeps gold from tarnishing?", "It binds nothing in the air.", extra="It is soft."),
    ]
    gas = [
        question(
            "helium",
            "How was helium discovered?",
            "In the light of the sun.",
            recall=[
                recall("helium-boils", "At what temperature does helium boil?", "At 4.2 kelvin.", tags=["cold"]),
                recall("helium-name", "Whom is helium named after?", "The sun god."),
            ],
        ),
        question("neon", "What colour has a neon lamp?", "Red and orange."),
        question("argon", "Which gas fills old light bulbs?", "Argon, mostly."),
    ]
    return {"metals": metal, "gases": gas}


class Author:
    """The author of a deck. Tests change `sections` and `titles`, and then write, build or release the deck."""

    def __init__(self, project: Path, sections: Mapping[str, list[Question]] | None = None) -> None:
        self.project = project
        self.sections = dict(copy.deepcopy(sections or small_deck()))
        self.titles = {name: name.capitalize() for name in self.sections}
        # Further keys of sections, by their ids.
        self.headings: dict[str, dict[str, Any]] = {}
        # The tables of sections that have one in place of questions, by the names of their files.
        self.tables: dict[str, str] = {}
        self.facts: dict[str, Any] = {"id": "sample", "title": "Sample deck", "version": "0.1.0", "date": FIRST_DAY}
        self.only: tuple[str, ...] | None = ("apkg",)
        self.released = self.package if self.out.exists() else b""
        self.write()

    @classmethod
    def of(cls, project: Path) -> Author:
        """Return the author of a project, with the sections that are saved in it."""
        deck = yaml.safe_load((project / "source" / "deck.yaml").read_text(encoding="utf-8"))
        names = [section["id"] for section in deck["sections"]]
        texts = {name: (project / "source" / f"{name}.yaml").read_text(encoding="utf-8") for name in names}
        return cls(project, {name: yaml.safe_load(text) for name, text in texts.items()})

    @property
    def out(self) -> Path:
        """The folder of the last release."""
        return self.project / "dist"

    @property
    def package(self) -> bytes:
        """The package in dist/."""
        return (self.out / "sample.apkg").read_bytes()

    @property
    def history(self) -> History:
        """The history of releases. It must be valid."""
        path = self.project / "source" / "history.json"
        read = parse(SourceFile("source/history.json", path.read_text(encoding="utf-8")))
        assert not isinstance(read, Diagnostic), read.message
        return read

    def find(self, note_id: str) -> Question:
        """Return a question or recall note of `sections`, to be changed in place."""
        questions = [each for section in self.sections.values() for each in section]
        notes = [note for each in questions for note in each.get("recall", ())]
        return next(each for each in (*questions, *notes) if each["id"] == note_id)

    def remove(self, note_id: str) -> Question:
        """Remove a question or recall note from `sections` and return it."""
        gone = self.find(note_id)
        lists = [
            *self.sections.values(),
            *(each["recall"] for s in self.sections.values() for each in s if "recall" in each),
        ]
        for each in lists:
            if gone in each:
                each.remove(gone)
        return gone

    def write(self) -> None:
        """Write the source, with the version and date that the last release wrote to it."""
        source = self.project / "source"
        source.mkdir(parents=True, exist_ok=True)
        deck = source / "deck.yaml"
        if deck.exists():
            kept = yaml.safe_load(deck.read_text(encoding="utf-8"))
            self.facts |= {"version": kept["version"], "date": str(kept["date"])}
        headings = [{"id": name, "title": self.titles[name], **self.headings.get(name, {})} for name in self.sections]
        facts = {key: value for key, value in self.facts.items() if key != "date"}
        text = yaml.safe_dump(facts, sort_keys=False) + f"date: {self.facts['date']}\n"
        deck.write_text(text + yaml.safe_dump({"sections": headings}, sort_keys=False), encoding="utf-8")
        for name, questions in self.sections.items():
            path = source / f"{name}.yaml"
            if "table" in self.headings.get(name, {}):
                path.unlink(missing_ok=True)
            else:
                path.write_text(yaml.safe_dump(questions, sort_keys=False), encoding="utf-8")
        for name, text in self.tables.items():
            (source / name).write_text(text, encoding="utf-8")

    def style(self, name: str, text: str) -> None:
        """Write a template of the project's own, by its name below `templates/`."""
        path = self.project / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def options(self, out: Path | None = None) -> Options:
        """Return the options of a build, into dist/ by default."""
        return Options(self.project, out or self.out, self.only, strict=True)

    def request(self, version: str, date: str, **more: Any) -> Request:
        """Return the request for a release of what is saved."""
        return Request(self.options(), version, date, **more)

    def try_release(self, version: str, date: str = FIRST_DAY, **more: Any) -> Outcome:
        """Save and release, and return the outcome, refused or not."""
        self.write()
        return make_release(self.request(version, date, **more), NoProgress())

    def release(self, version: str, date: str = FIRST_DAY, **more: Any) -> bytes:
        """Save and release, and return the package. The release must succeed."""
        outcome = self.try_release(version, date, **more)
        assert outcome.released, (as_text(outcome.diagnostics), [row for row in outcome.rehearsal if row.broken])
        return self.package

    def build(self, out: Path) -> bytes:
        """Save and build into another folder, and return the package. The build must succeed without warnings."""
        self.write()
        result = build_project(self.options(out), NoProgress())
        assert not result.failed(strict=True), as_text(result.diagnostics)
        return (out / "sample.apkg").read_bytes()


def tree(folder: Path) -> dict[str, bytes]:
    """Return the content of every file in a folder, by path, and `/` for folders, without git's files."""
    found = {path.relative_to(folder): path for path in sorted(folder.rglob("*"))}
    kept = {name: path for name, path in found.items() if name.parts[0] != ".git"}
    return {name.as_posix(): path.read_bytes() if path.is_file() else b"/" for name, path in kept.items()}
