"""Make a project, its deck, and the deck's package and page. Needs neither Anki nor a browser."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cardpress.anki.stamps import stamp
from cardpress.check.rules import check
from cardpress.deck.assemble import assemble
from cardpress.deck.colors import Colors
from cardpress.deck.notes import Deck
from cardpress.diagnostics import has_errors
from cardpress.engine import ROOT
from cardpress.source.load import load
from cardpress.source.templates.loading import load_templates
from cardpress.writers import load_writer
from tests.conftest import DECK
from tests.helpers.sample_project import PNG, SNIPPET, SVG

_ALWAYS: dict[str, str | bytes] = {
    "deck.yaml": DECK,
    "snippets/one.py": SNIPPET,
    "media/dot.png": PNG,
    "media/lines.svg": SVG,
}


def deck_of(project: Path) -> Deck:
    """Load, check and render a project. Its source must have no errors."""
    templates, problems = load_templates(ROOT, None if project == ROOT else project)
    loaded = load(project / "source", templates)
    problems = (*problems, *loaded.diagnostics, *check(loaded.bank))
    assert not has_errors(problems), [f"{p.span.path}:{p.span.line} {p.code} {p.message}" for p in problems]
    return stamp(assemble(loaded.bank, Colors()), None)


def deck_from(folder: Path, files: Mapping[str, str | bytes]) -> Deck:
    """Write a project with these files below `source/` into a folder, and return its deck.

    `deck.yaml`, with one section `first`, a snippet and two pictures are added unless the files include them.
    """
    for name, content in (_ALWAYS | dict(files)).items():
        path = folder / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return deck_of(folder)


def package_of(deck: Deck) -> bytes:
    """Return the Anki package of a deck."""
    return load_writer("apkg")(deck).artifacts[0].data


def page_of(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write a project with these files as `deck_from` does, build its page into the folder, and return its path."""
    (artifact,) = load_writer("page")(deck_from(folder, files)).artifacts
    page = folder / artifact.name
    page.write_bytes(artifact.data)
    return page
