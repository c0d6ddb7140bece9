"""The decks in examples/: what each of them holds, and copies of them to change."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.main import run
from cardpress.engine import ROOT
from cardpress.pipeline import Options, build_project
from cardpress.progress import NoProgress
from cardpress.release.make import Request, make_release

FOLDER = ROOT / "examples"


@dataclass(frozen=True)
class Example:
    """A deck of examples/: its folder's name, its id, and how many notes, cards and files of media learners get."""

    name: str
    id: str
    notes: int
    cards: int
    media: int = 0

    @property
    def project(self) -> Path:
        """Its folder."""
        return FOLDER / self.name

    def copy(self, folder: Path) -> ExampleCopy:
        """Return a copy of it in a folder, to be changed."""
        return ExampleCopy(shutil.copytree(self.project, folder / self.name), self.id)


@dataclass(frozen=True)
class ExampleCopy:
    """A copy of an example that a test changes and builds."""

    project: Path
    id: str

    def change(self, name: str, *pairs: tuple[str, str]) -> None:
        """Replace texts in one of its files. Each must be there."""
        path = self.project / name
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, (name, old)
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8", newline="\n")

    def build(self) -> bytes:
        """Return its Anki package as it is now."""
        self.write_schema()
        return (build(self.project, self.project.parent / "built", ("apkg",)) / f"{self.id}.apkg").read_bytes()

    def write_schema(self) -> None:
        """Write the schema for editors anew, as an author does who has changed a note type."""
        assert run(["schema", "--project", str(self.project)]) == ExitStatus.CLEAN

    def release(self, version: str, day: str) -> bytes:
        """Release it, and return the package that learners get."""
        options = Options(self.project, self.project / "dist", ("apkg",), strict=True)
        outcome = make_release(Request(options, version, day, None, allow_dirty=True), NoProgress())
        assert outcome.released, (outcome.reasons, [each.message for each in outcome.diagnostics])
        return (self.project / "dist" / f"{self.id}.apkg").read_bytes()


def build(project: Path, out: Path, only: tuple[str, ...]) -> Path:
    """Build some outputs of a project into a folder, and return that. Nothing may be reported."""
    result = build_project(Options(project, out, only, strict=True), NoProgress())
    assert not result.diagnostics, [
        f"{each.span.path}:{each.span.line} {each.code} {each.message}" for each in result.diagnostics
    ]
    return out


EXAMPLES = (
    Example("calculus", "calculus", 25, 29),
    Example("countries", "countries-of-europe", 30, 120, 60),
    Example("heart", "heart", 1, 10, 1),
    Example("kanji", "kanji", 30, 60),
    Example("spanish", "spanish-words", 40, 80, 40),
    Example("terms", "terms-of-computing", 300, 300),
)
