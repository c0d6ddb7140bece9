"""Whoever runs a command on a stranger's folder is as safe as if they had only read it.

Each attack is put into a project; then every command runs on it in a process that is watched: Python tells an audit
hook of each file before it is opened, renamed or removed. Beside the project there is a victim, which must stay as it
was, and must not be read.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.helpers.author import Author, tree
from tests.helpers.pictures import png

pytestmark = pytest.mark.slow

# Answers each line, a victim and commands, by the paths at or below the victim that the commands touch.
WATCH = """
import contextlib, io, json, os, sys
LOOKED_INTO = {"open", "os.listdir", "os.scandir", "os.truncate", "os.utime", "os.chmod"}
CHANGED = {"os.rename": (0, 1), "os.remove": (0,), "os.rmdir": (0,), "os.mkdir": (0,), "os.link": (0, 1),
    "os.symlink": (1,), "shutil.copyfile": (0, 1), "shutil.rmtree": (0,)}
victim, touched = "-", []
def watch(event, arguments):
    for place in (0,) if event in LOOKED_INTO else CHANGED.get(event, ()):
        path = arguments[place]
        if not isinstance(path, (str, bytes, os.PathLike)):
            continue
        path = os.fsdecode(path)
        # A link that is renamed or removed is changed itself; one that is opened leads to something else.
        real = os.path.realpath(path) if event in LOOKED_INTO else os.path.join(
            os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        if real == victim or real.startswith(victim + os.sep):
            touched.append(f"{event} {real}")
sys.addaudithook(watch)
from cardpress.cli.main import run
for line in sys.stdin:
    asked = json.loads(line)
    os.chdir(asked["project"])
    victim, touched, errors = os.path.realpath(asked["victim"]), [], io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(errors):
        for command in asked["commands"]:
            run([*command, "--project", asked["project"]])
    seen, victim = touched, "-"
    print(json.dumps({"touched": seen, "errors": errors.getvalue()}), flush=True)
"""
COMMANDS = (
    ["check"],
    ["check", "--format", "json"],
    ["ids"],
    ["schema"],
    ["build", "--only", "apkg,csv,json,page"],
    ["build", "--only", "json", "--out", "dist"],
    ["diff", "--fields"],
    ["rehearse"],
    ["release", "1.0.1", "--allow-dirty"],
    ["release", "--recover"],
)


class Watcher:
    """Runs every command on a project in a process that is watched."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def touched(self, project: Path, victim: Path) -> list[str]:
        """Return what of the victim was touched. No command may end in a traceback."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        asked = {"project": str(project), "victim": str(victim), "commands": COMMANDS}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert "Traceback" not in answer["errors"], answer["errors"]
        touched: list[str] = answer["touched"]
        return touched


@pytest.fixture(scope="module")
def watcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watcher]:
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache")), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", WATCH], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    with process:
        yield Watcher(process)
        process.terminate()


Put = Callable[[Path, Path], object]


def _free(path: Path) -> Path:
    """Return a path at which there is nothing any more, in a folder that is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _link(name: str, to: str = "") -> Put:
    """Return an attack: a link of this name in the project that leads to the victim, or to a part of it."""
    return lambda project, victim: _free(project / name).symlink_to(victim / to if to else victim)


def _pipe(name: str) -> Put:
    return lambda project, victim: os.mkfifo(_free(project / name))


def _device(name: str) -> Put:
    return lambda project, victim: _free(project / name).symlink_to("/dev/zero")


def _journal(state: str) -> Put:
    def put(project: Path, victim: Path) -> None:
        steps = [
            {"path": path, "kind": kind, "was_there": was_there}
            for path in (str(victim / "diary.txt"), "../victim/diary.txt", "../victim", str(victim))
            for kind in ("file", "folder", "removal")
            for was_there in (True, False)
        ]
        content = {"token": "0" * 16, "steps": steps}
        path = _free(project / ".cardpress-release" / f"{state}.json")
        path.write_text(json.dumps(content), encoding="utf-8")

    return put


def _old_journal(project: Path, victim: Path) -> None:
    """Put the journal that release 1.0.0 would have obeyed."""
    step = {"target": str(victim / "diary.txt"), "kind": "removal", "was_there": True, "made_folder": "/", "owner": 1}
    path = _free(project / ".cardpress-release" / "journal.json")
    path.write_text(json.dumps([step]), encoding="utf-8")


def _manifest(project: Path, victim: Path) -> None:
    paths = ["../../victim/diary.txt", str(victim / "diary.txt"), "../victim", ".."]
    content = {"artifacts": [{"path": path} for path in paths]}
    (project / "dist" / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    sums = "".join(f"{'0' * 64}  {path}\n" for path in paths)
    (project / "dist" / "SHA256SUMS").write_text(sums, encoding="utf-8")


def _linked_folder(project: Path, victim: Path) -> None:
    """Put a link in the place of a folder that a manifest and a journal say an earlier build made."""
    _free(project / "dist" / "site").symlink_to(victim)
    entry = {"path": "site/diary.txt"}
    (project / "dist" / "manifest.json").write_text(json.dumps({"artifacts": [entry]}), encoding="utf-8")
    (project / "dist" / "SHA256SUMS").write_text(f"{'0' * 64}  site/diary.txt\n", encoding="utf-8")
    steps = [
        {"path": "dist/site/diary.txt", "kind": kind, "was_there": was_there, "made": 1}
        for kind in ("file", "removal")
        for was_there in (True, False)
    ]
    path = _free(project / ".cardpress-release" / "journal.json")
    path.write_text(json.dumps({"token": "0" * 16, "steps": steps}), encoding="utf-8")


def _old_dist(project: Path, victim: Path) -> None:
    shutil.rmtree(project / "dist")
    for number in ("1", "0123456789abcdef"):
        (project / f".dist.{number}.cardpress-old").symlink_to(victim)
        (project / f".dist.{number}.cardpress-new").symlink_to(victim)


def _linked_artifacts(project: Path, victim: Path) -> None:
    for path in [*(project / "dist").iterdir(), project / "dist" / "sample.html"]:
        _free(path).symlink_to(victim / "diary.txt")


def _cache(project: Path, victim: Path) -> None:
    for name in (".cardpress-cache", ".cache", "cache"):
        for file in (".gitignore", "build.json", "colors.json"):
            _free(project / name / file).symlink_to(victim / "diary.txt")


def _git(project: Path, victim: Path) -> None:
    (project / ".git").write_text(f"gitdir: {victim}/.git\n", encoding="utf-8")


def _fonts(project: Path, victim: Path) -> None:
    for name in ("source/fonts", "templates/print/fonts"):
        _free(project / name / "more").symlink_to(victim)
        _free(project / name / "one.ttf").symlink_to(victim / "font.ttf")


def _table(put: Put) -> Put:
    """Return an attack on a table that a section names, and into which a command would write ids."""

    def both(project: Path, victim: Path) -> None:
        deck = project / "source" / "deck.yaml"
        section = "  - {id: rows, title: Rows, table: rows.csv, note_type: basic}\n"
        deck.write_text(deck.read_text(encoding="utf-8") + section, encoding="utf-8")
        put(project, victim)

    return both


# What a deck has besides since any note type can be declared.
_OF_ANY_DECK = (
    *("source/source.schema.json", "source/media/a.mp3", "templates/note-types/word/note-type.yaml"),
    *("templates/note-types/word/front.html", "templates/note-types/word/style.css", "templates/strings/en.yaml"),
)
ATTACKS: dict[str, Put] = {
    **{f"{name} is a link to a file": _link(name, "diary.txt") for name in _OF_ANY_DECK},
    **{f"{name} is a pipe": _pipe(name) for name in _OF_ANY_DECK},
    **{f"{name} is a device": _device(name) for name in _OF_ANY_DECK},
    **{f"{name} is a link": _link(name) for name in ("templates/strings", "templates/note-types")},
    "a table is a link to a file": _table(_link("source/rows.csv", "rows.csv")),
    "a table is a link": _table(_link("source/rows.csv")),
    "a table is a pipe": _table(_pipe("source/rows.csv")),
    "a table is a device": _table(_device("source/rows.csv")),
    "a table has two names": _table(
        lambda project, victim: os.link(victim / "rows.csv", _free(project / "source/rows.csv"))
    ),
    **{
        f"{name} is a link": _link(name)
        for name in (
            *("source", "source/media", "source/snippets", "source/fonts", "templates", "templates/web"),
            *("templates/print", "templates/print/fonts", "dist", ".cardpress-release", "source/deck.yaml"),
        )
    },
    **{
        f"{name} is a link to a file": _link(name, "diary.txt")
        for name in (
            *("source/deck.yaml", "source/metals.yaml", "source/history.json", "source/media/one.png", "CHANGELOG.md"),
            *("source/snippets/one.py", "templates/web/page.html", "templates/style.css", "source/notes.txt"),
            *("dist/manifest.json", "dist/SHA256SUMS", "dist/sample.apkg", "dist/.released-1.0.0.apkg"),
        )
    },
    **{
        f"{name} is a pipe": _pipe(name)
        for name in (
            *("source/deck.yaml", "source/metals.yaml", "source/history.json", "source/media/one.png", "CHANGELOG.md"),
            *("source/any", "templates/web/page.html", "dist/manifest.json", "dist/SHA256SUMS", "dist/sample.apkg"),
            ".cardpress-release",
        )
    },
    **{
        f"{name} is a device": _device(name)
        for name in (
            *("source/deck.yaml", "source/history.json", "source/media/one.png", "source/any", "CHANGELOG.md"),
            *("templates/web/page.html", "dist/manifest.json", "dist/SHA256SUMS", "dist/.released-1.0.0.apkg"),
            *("source/fonts/one.ttf", ".cardpress-release/journal.json"),
        )
    },
    **{f"a forged {state}": _journal(state) for state in ("plan", "journal", "undo", "done")},
    "the journal of release 1.0.0": _old_journal,
    "a forged manifest": _manifest,
    "a link in a folder's place": _linked_folder,
    "an old dist that leads out": _old_dist,
    "artifacts that are links": _linked_artifacts,
    "caches in the project": _cache,
    "a repository elsewhere": _git,
    "fonts elsewhere": _fonts,
}


@pytest.mark.parametrize("name", ATTACKS)
def test_no_command_touches_anything_outside(watcher: Watcher, author: Author, tmp_path: Path, name: str) -> None:
    victim = tmp_path / "victim"
    (victim / ".git").mkdir(parents=True)
    for file, data in {
        "diary.txt": b"mine",
        "one.png": png(2, 2),
        "deck.yaml": b"id: x",
        "font.ttf": b"mine",
        "rows.csv": b"question,answer\na,b\n",
    }.items():
        (victim / file).write_bytes(data)
    before = tree(victim)
    ATTACKS[name](author.project, victim)
    beside = sorted(path.name for path in tmp_path.iterdir())
    assert watcher.touched(author.project, victim) == []
    assert tree(victim) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == beside


def test_the_watcher_sees_what_is_touched(watcher: Watcher, author: Author) -> None:
    """So that the others prove something."""
    seen = watcher.touched(author.project, author.project / "source")
    assert any(line.startswith("open") for line in seen)
    assert any(line.startswith("os.scandir") for line in seen)
    assert any(line.startswith("os.mkdir") for line in watcher.touched(author.project, author.project))
