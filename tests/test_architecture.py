"""The house keeps its order: which room may import which, and who may touch the disk, the clock and the environment."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

ENGINE = ROOT / "cardpress"

# Each room's modules. A module that is new goes into one of them, or into a room of its own.
ROOMS = {
    "the package": "cardpress",
    # Know nothing of the engine.
    "foundations": "archive cache codes direction git html_tree identity lock markup media pdf_packing suggest "
    "svg versions",
    "diagnostics": "diagnostics",
    "history": "history",
    "model": "model",
    "note types": "note_types",
    "load": "files syntax nodes reading snippets entries load",
    "printable": "fonts missing_glyphs",
    "addresses": "addresses",
    "rules": "rules rules.*",
    "check": "check",
    "reports": "reports",
    "deck": "deck",
    "render": "markdown_html assemble render",
    "anki": "anki anki.*",
    "print": "fitting print_data",
    "web": "web web.*",
    "writers": "writers writers.*",
    "publish": "disk manifest publish transaction",
    "pipeline": "pipeline",
    "released": "stamps package changes change_reports",
    "release": "refusals rehearsal release_files release",
    "command line": "command_options release_commands console cli",
    "front door": "front_door __main__",
}

# What a room may import besides itself and the foundations.
MAY_IMPORT = {
    "the package": "",
    "foundations": "",
    "diagnostics": "",
    "history": "diagnostics",
    "model": "diagnostics, history",
    "note types": "",
    "load": "diagnostics, history, model",
    "printable": "model",
    "addresses": "",
    "rules": "diagnostics, history, model, note types, load, printable, addresses",
    "check": "diagnostics, model, rules",
    "reports": "the package, diagnostics",
    "deck": "diagnostics, model",
    "render": "history, model, deck, rules",
    "anki": "deck, note types, render",
    "print": "deck",
    "web": "model",
    "writers": "diagnostics, model, deck, note types, anki, print, printable, web",
    "publish": "deck",
    "pipeline": "diagnostics, model, load, check, deck, render, writers, publish, released",
    "released": "deck, history, note types, anki",
    "release": "diagnostics, history, model, note types, deck, publish, pipeline, released",
    "command line": "the package, reports, writers, publish, pipeline, released, release, front door",
    "front door": "command line",
}

# No way leads from these to those, however long.
NEVER = {
    "diagnostics": "model load rules render writers",
    "model": "load rules deck render writers reports",
    "load": "rules deck render writers publish",
    "check": "deck render writers publish",
    "deck": "load rules render writers",
    "render": "writers publish",
    "writers": "check publish pipeline",
    "reports": "model load check render writers",
    "publish": "render writers",
}

# Who may use what is not a value: the disk, other programs, the clock, the environment. Nobody asks for chance.
TOUCHES = {
    "disk": "cache command_options disk files front_door git load lock manifest package pipeline publish rehearsal "
    "release release_commands transaction cli",
    "programs": "front_door git",
    "clock": "console release_commands",
    "environment": "git",
    "chance": "",
}
MODULES = {
    "os": "disk",
    "shutil": "disk",
    "tempfile": "disk",
    "subprocess": "programs",
    "time": "clock",
    "random": "chance",
    "secrets": "chance",
    "uuid": "chance",
    "socket": "programs",
    "urllib.request": "programs",
    "http.client": "programs",
}
METHODS = dict.fromkeys(
    "read_text read_bytes write_text write_bytes iterdir glob rglob mkdir rmdir unlink rename symlink_to touch chmod "
    "is_file is_dir exists stat samefile open".split(),
    "disk",
) | {"now": "clock", "today": "clock", "utcnow": "clock", "getenv": "environment", "environ": "environment"}


def name_of(path: Path) -> str:
    """Give a module's name inside cardpress, `cardpress` for the package."""
    parts = path.relative_to(ENGINE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "cardpress"


FILES = {name_of(path): path for path in sorted(ENGINE.rglob("*.py"))}


@cache
def parsed(name: str) -> ast.Module:
    return ast.parse(FILES[name].read_text(encoding="utf-8"))


def room_of(name: str) -> str:
    wildcard = f"{name.partition('.')[0]}.*" if "." in name else name
    found = [room for room, names in ROOMS.items() if {name, wildcard} & set(names.split())]
    assert len(found) == 1, f"{name} belongs to no room of tests/test_architecture.py, or to several: {found}"
    return found[0]


def imported(name: str) -> Iterator[str]:
    """Give every module of the engine that a module imports, wherever in it."""
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.Import):
            assert not [alias for alias in node.names if alias.name.startswith("cardpress")], (
                f"{name}: use from … import"
            )
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "cardpress":
            base = (node.module or "").removeprefix("cardpress").lstrip(".")
            for alias in node.names:
                inner = f"{base}.{alias.name}".lstrip(".")
                yield inner if inner in FILES else base or "cardpress"


def reached(names: set[str]) -> set[str]:
    """Give all that modules import, and what that imports, and so on."""
    found: set[str] = set()
    while names - found:
        name = (names - found).pop()
        found.add(name)
        names = names | set(imported(name))
    return found


def members(room: str) -> set[str]:
    return {name for name in FILES if room_of(name) == room}


@pytest.mark.parametrize("name", FILES)
def test_a_module_imports_only_what_its_room_may(name: str) -> None:
    room = room_of(name)
    allowed = {room, *MAY_IMPORT[room].split(", ")} | ({"foundations"} - {room})
    wrong = {other for other in imported(name) if room_of(other) not in allowed}
    assert not wrong


def test_the_tables_name_what_is_there() -> None:
    assert ROOMS.keys() == MAY_IMPORT.keys()
    listed = {name for names in ROOMS.values() for name in names.split() if not name.endswith("*")}
    assert listed <= FILES.keys()
    for room, names in MAY_IMPORT.items():
        used = {room_of(other) for name in members(room) for other in imported(name)} - {room, "foundations"}
        assert used == set(filter(None, names.split(", "))), f"{room}: the table allows what nobody uses"
    assert {name for names in TOUCHES.values() for name in names.split()} <= FILES.keys()


@pytest.mark.parametrize("room", NEVER)
def test_no_way_leads_back(room: str) -> None:
    rooms = {room_of(name) for name in reached(members(room))}
    assert not rooms & set(NEVER[room].split())


@pytest.mark.parametrize("name", sorted(name for name in FILES if name.startswith("writers.")))
def test_no_writer_imports_another(name: str) -> None:
    assert not {other for other in imported(name) if other.startswith("writers.")}


def touched(name: str) -> Iterator[tuple[str, int]]:
    """Give what a module touches that is not a value, with the line."""
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.Import):
            yield from ((MODULES[alias.name], node.lineno) for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            if node.module in MODULES:
                yield MODULES[node.module], node.lineno
        elif isinstance(node, ast.Attribute):
            # The project's folder is a value with a boundary, for which files.py reads; `self.open` is of the class.
            if node.attr in METHODS and not re.search(r"folder$|^self$", ast.unparse(node.value)):
                yield METHODS[node.attr], node.lineno
        elif isinstance(node, ast.Name) and node.id == "open":
            yield "disk", node.lineno


@pytest.mark.parametrize("name", FILES)
def test_only_the_edges_touch_the_disk_the_clock_and_the_environment(name: str) -> None:
    wrong = [f"{what} in line {line}" for what, line in touched(name) if name not in TOUCHES[what].split()]
    assert not wrong


@pytest.mark.parametrize("what", TOUCHES)
def test_whoever_may_touch_something_does(what: str) -> None:
    assert {name for name in FILES if what in {found for found, _ in touched(name)}} == set(TOUCHES[what].split())


def test_check_needs_none_of_the_packages_that_write() -> None:
    code = (
        "import sys; from pathlib import Path; from cardpress import pipeline, reports\n"
        f"pipeline.check_project(Path({str(ROOT)!r}))\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"genanki", "jinja2", "typst", "rich", "nh3", "sqlite3", "deflate", "anki"}


@pytest.mark.parametrize("name", FILES)
def test_what_others_use_says_what_it_does(name: str) -> None:
    bare = [] if ast.get_docstring(parsed(name)) else ["the module"]
    scopes: list[tuple[str, ast.AST]] = [("", parsed(name))]
    while scopes:
        prefix, scope = scopes.pop()
        for node in ast.iter_child_nodes(scope):
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                if not ast.get_docstring(node) and not prefix.startswith("_"):
                    bare.append(prefix + node.name)
                if isinstance(node, ast.ClassDef):
                    scopes.append((f"{prefix}{node.name}.", node))
    assert not bare


@pytest.mark.parametrize("name", FILES)
def test_no_file_is_too_long_to_read_at_once(name: str) -> None:
    assert len(FILES[name].read_text(encoding="utf-8").splitlines()) <= 260


def test_the_engine_knows_nothing_of_the_deck() -> None:
    pages = [path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".css", ".typ"}]
    for path in [*FILES.values(), *pages]:
        assert "fastapi" not in path.read_text(encoding="utf-8").lower(), path
