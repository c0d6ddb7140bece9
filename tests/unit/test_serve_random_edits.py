"""Whatever an author does to a project, in whatever order: what is shown is what a first look at it would show."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cardpress.anki.card_window import Side, Window, show_card
from cardpress.pipeline import check_project
from cardpress.serve.changes import find_changed
from cardpress.serve.state import Shown, State, Told, describe
from cardpress.serve.workshop import Workshop, show_check, show_draft
from tests.conftest import WriteProject
from tests.helpers.pictures import png
from tests.helpers.sample_project import EVERYTHING
from tests.unit.test_serve_workshop import WORDS, orders
from tests.unit.test_serve_workshop import describe as describe_deck

# How many edits, and how often from other beginnings. More are tried by hand: `CARDPRESS_EDITS=300 CARDPRESS_SEEDS=6`.
EDITS = int(os.environ.get("CARDPRESS_EDITS", "30"))
SEEDS = range(int(os.environ.get("CARDPRESS_SEEDS", "1")))

Chance = random.Random
Edit = Callable[[Chance, Path], None]

PIECES = (
    "*one*",
    "`two`",
    "\\(x^2\\)",
    "{{c1::three}}",
    "{{c2::four::hint}}",
    "![a dot](dot.png)",
    "![lines](lines.svg)",
    "&amp;",
    "<b>",
    "$5",
    "'",
    '"',
    ": ",
    "# no",
    "- a",
    "\n",
    "[[one]]",
    "é",
    "e\u0301",
    "[link](https://example.org/)",
)
LINES = (
    "  level: senior",
    "  level: beginner",
    "  tags: [numbers, other]",
    "  tags: [bad tag]",
    "  see_also: [two]",
    "  see_also: [nobody]",
    "  number: 7",
    "  number: 1",
    "  extra: More of it.",
    "  unknown: yes",
    "  gist: [A point.]",
    "  key_points: [One., Two.]",
    "  snippet: one.py",
    "  snippet: none.py",
    "  html: <b>bold</b>",
    "  - [",
    "  id: two",
    "  sources: [https://example.org/x]",
    "  sources: []",
    "  allow: [missing-source]",
    "  recall: [{id: again, question: Again?, answer: Yes.}]",
)
DECK_LINES = (
    "language: de",
    "language: en",
    "language: ar",
    "language: xx",
    "outputs: [anki, page]",
    "outputs: [anki]",
    "outputs: [anki, site, page]",
    "checks: {missing-source: error}",
    "checks: {missing-source: off}",
    "dollars: true",
    "version: 1.3.0",
    "date: 2026-02-03",
    "title: Other",
    "id: other",
    "tags: [all]",
    "license: MIT",
    "formulas: dollars",
    "homepage: https://example.org/<b>",
    "  - {id: third, title: Third}",
    "names: {deck: Other name}",
    "math: dollars",
)
TEMPLATES = (
    ("note-types/interview/back.html", "{{FrontSide}}<hr id=answer>{{Answer}}"),
    ("note-types/interview/back.html", "{{FrontSide}}<hr id=answer>{{Answer}}<p>{{Sources}}</p>"),
    ("note-types/interview/front.html", "{{Question}}{{#Extra}}x{{/Extra}}"),
    ("note-types/interview/front.html", "{{Question}}{{#Extra}}x"),
    ("note-types/interview/style.css", ".card { color: red }"),
    ("web/page.css", "body { color: red }"),
    ("strings/en.yaml", "answer: Reply\n"),
    ("window/window.css", "body { color: red }"),
    ("nothing.html", "x"),
)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")


def pick(chance: Chance, project: Path, pattern: str) -> Path | None:
    found = sorted(path for path in project.glob(pattern) if path.is_file())
    return chance.choice(found) if found else None


def change_text(chance: Chance, project: Path) -> None:
    """Put a piece of text somewhere, or take some out."""
    if path := pick(chance, project, "source/*.*"):
        text = read(path)
        at = chance.randrange(len(text) + 1)
        out = chance.choice((0, 0, 1, 5))
        write(path, text[:at] + chance.choice((*PIECES, "")) + text[at + out :])


def change_value(chance: Chance, project: Path) -> None:
    """Put a piece at the end of a value, which mostly stays one."""
    if path := pick(chance, project, "source/*.*"):
        lines = read(path).split("\n")
        at = chance.randrange(len(lines))
        lines[at] += chance.choice((" ", "")) + chance.choice(PIECES)
        write(path, "\n".join(lines))


def change_lines(chance: Chance, project: Path) -> None:
    """Add a line, move one, take one away, or write one twice."""
    if path := pick(chance, project, "source/*.*"):
        lines = read(path).split("\n")
        at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(4):
            case 0:
                lines.insert(at, chance.choice(DECK_LINES if path.name == "deck.yaml" else LINES))
            case 1:
                lines.insert(to, lines.pop(at))
            case 2:
                del lines[at]
            case _:
                lines.insert(at, lines[at])
        write(path, "\n".join(lines))


def change_notes(chance: Chance, project: Path) -> None:
    """Turn notes around, move one to another file, write one twice under another id, or take one away."""
    paths = [path for path in (pick(chance, project, "source/*.yaml") for _ in range(2)) if path]
    if not paths or paths[0].name == "deck.yaml":
        return
    notes = read(paths[0]).split("\n- id: ")
    at = chance.randrange(len(notes))
    match chance.randrange(4):
        case 0:
            chance.shuffle(notes)
        case 1 if paths[1].name != "deck.yaml":
            moved = notes.pop(at)
            write(paths[1], f"{read(paths[1])}\n- id: {moved}")
            if paths[0] == paths[1]:
                return
        case 2:
            notes.append(f"n{chance.randrange(50)}-{notes[at].removeprefix('- id: ')}")
        case _:
            del notes[at]
    write(paths[0], "\n- id: ".join(notes))


def change_deck(chance: Chance, project: Path) -> None:
    """Set an option of the deck."""
    path = project / "source/deck.yaml"
    if path.is_file():
        line = chance.choice(DECK_LINES)
        kept = [each for each in read(path).split("\n") if not each.startswith(line.split(":")[0] + ":")]
        write(path, "\n".join((line, *kept)))


def change_template(chance: Chance, project: Path) -> None:
    """Write a template of the project's own, or take one away."""
    name, text = chance.choice(TEMPLATES)
    path = project / "templates" / name
    if path.is_file() and chance.random() < 0.5:
        path.unlink()
    elif chance.random() < 0.1:
        shutil.rmtree(project / "templates", ignore_errors=True)
    else:
        write(path, text)


def change_media(chance: Chance, project: Path) -> None:
    """Replace a picture or a snippet by another of the same name, or take it away."""
    folder = project / "source/media"
    folder.mkdir(exist_ok=True)
    match chance.randrange(5):
        case 0 | 1:
            (folder / "dot.png").write_bytes(png(chance.randrange(1, 9), chance.randrange(1, 9)))
        case 2:
            (folder / "dot.png").unlink(missing_ok=True)
        case 3:
            shape = f'<path d="M0 {chance.randrange(9)}h8"/>'
            write(folder / "lines.svg", f'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">{shape}</svg>\n')
        case _:
            write(project / "source/snippets/one.py", f"# card:\nprint({chance.randrange(9)})\n# end\n")


def change_file(chance: Chance, project: Path) -> None:
    """Take a file away, give it another name, empty it, or add one."""
    path = pick(chance, project, "source/*.*")
    match chance.randrange(4):
        case 0 if path:
            path.unlink()
        case 1 if path:
            path.rename(path.with_name(chance.choice(("first.yaml", "second.yaml", "third.yaml", "words.csv"))))
        case 2 if path:
            write(path, "")
        case _:
            write(project / "source" / chance.choice(("third.yaml", "history.json", "x.txt")), "- id: x\n")


EDITS_KNOWN: tuple[tuple[Edit, int], ...] = (
    (change_text, 3),
    (change_value, 6),
    (change_lines, 6),
    (change_notes, 4),
    (change_deck, 3),
    (change_template, 4),
    (change_media, 4),
    (change_file, 1),
)


def read_all(project: Path) -> dict[str, bytes]:
    files = (path for path in project.rglob("*") if path.is_file())
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in files}


def write_all(project: Path, files: Mapping[str, bytes]) -> None:
    for path in [each for each in project.rglob("*") if each.is_file()]:
        if path.relative_to(project).as_posix() not in files:
            path.unlink()
    for name, data in files.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)


def draw(shown: Shown) -> dict[str, object]:
    """Return the documents of the cards of each note, by its id, with the media that they show."""
    media = {each.name: each.data for each in shown.deck.media}
    drawn: dict[str, object] = {}
    for note in shown.notes():
        cards = shown.maker.make(note)
        documents = [show_card(shown.deck, card, side, Window()) for card in cards for side in Side]
        used = {name: data for name, data in media.items() if any(name in each for each in documents)}
        drawn[note.id] = documents, used
    return drawn


@pytest.mark.parametrize("files", [EVERYTHING, WORDS], ids=["everything", "words"])
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_kept_shows_the_same_as_a_first_look_after_any_edits(
    files: Mapping[str, str | bytes], seed: int, write_project: WriteProject
) -> None:
    chance = Chance(seed)
    project = write_project(files)
    for added in {"first.yaml"} - files.keys():
        (project / "source" / added).unlink()
    good = read_all(project)
    workshop, state, told = Workshop(project), State(), Told()
    before, drawn = None, dict[str, object]()
    for number in range(EDITS):
        done = []
        for edit in chance.choices(*zip(*EDITS_KNOWN, strict=True), k=chance.choice((1, 1, 1, 2))):
            edit(chance, project)
            done.append(edit.__name__)
        what = f"edit {number}: {', '.join(done)}"
        draft = workshop.read()
        fresh = Workshop(project).read()
        state = show_check(show_draft(state, draft), draft, workshop.check(draft, lambda: None))
        assert describe_deck(draft.deck) == describe_deck(fresh.deck), what
        assert (draft.is_broken, type(draft.failure)) == (fresh.is_broken, type(fresh.failure)), what
        assert orders(state.diagnostics) == orders(check_project(project).diagnostics), what
        if draft.deck is not None:
            shown, first = draft.shown(), fresh.shown()
            assert shown is not None
            assert first is not None
            now = draw(shown)
            assert now == draw(first), what
            changed = find_changed(before, shown)
            others = {each for each in now if now[each] != drawn.get(each)}
            assert changed is None or others <= changed, what
            before, drawn = shown, now
            alone = show_check(show_draft(State(), fresh), fresh, state.diagnostics)
            listed = describe(state, "x", str, None, told)["sections"]
            assert listed == describe(alone, "x", str)["sections"], what
        # What is broken is mostly mended, so that there are cards again.
        if state.printed is not None and draft.deck is not None and chance.random() < 0.5:
            good = read_all(project)
        elif draft.deck is None and chance.random() < 0.6:
            write_all(project, good)
        if chance.random() < 0.02:
            shutil.rmtree(project / "templates", ignore_errors=True)
