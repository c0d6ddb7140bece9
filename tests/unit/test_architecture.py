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

# Who may use what is not a value: the disk, other programs, the clock, the environment, chance.
TOUCHES = {
    "disk": "adopt.sources bootstrap cli.build_commands cli.main cli.project disk.mounts disk.new_files disk.private "
    "disk.reading disk.writing engine cli.push_commands cli.release_commands cli.reports cli.serve_commands "
    "publish.dist publish.kept_package publish.last_check publish.lock publish.preview_count publish.recovery "
    "publish.store publish.transaction release.git release.learners serve.following source.contents "
    "pdf.processes",
    # The contents of files. For those of a project there is one opener.
    "contents": "bootstrap cli.explain_command cli.main disk.mounts disk.private disk.reading disk.writing engine "
    "publish.lock release.learners pdf.processes",
    # The server's port is one, too, and so is that of Anki's add-on.
    "programs": "bootstrap cli.build_commands push.connection release.git serve.running",
    # A stranger's print template has a bound in time, and a proxy that leads nowhere.
    "clock": "cli.console cli.import_command cli.init_command cli.release_commands cli.serve_commands pdf.processes",
    "environment": "bootstrap cli.build_commands release.git pdf.processes",
    "chance": "disk.writing",  # for names that nobody can guess, of files that do not stay
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
METHODS = (
    dict.fromkeys("iterdir glob rglob mkdir rmdir unlink rename symlink_to touch chmod samefile".split(), "disk")
    | dict.fromkeys("is_file is_dir exists stat".split(), "disk")
    | dict.fromkeys("read_text read_bytes write_text write_bytes open".split(), "contents")
    | {"now": "clock", "today": "clock", "utcnow": "clock", "getenv": "environment", "environ": "environment"}
)


def name_of(path: Path) -> str:
    """Return a module's name inside cardpress, `cardpress` for the package itself."""
    parts = path.relative_to(ENGINE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "cardpress"


FILES = {name_of(path): path for path in sorted(ENGINE.rglob("*.py"))}


@cache
def parsed(name: str) -> ast.Module:
    return ast.parse(FILES[name].read_text(encoding="utf-8"))


def test_a_stage_knows_only_those_before_it() -> None:
    """The contracts stand in pyproject.toml."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def touched(name: str) -> Iterator[tuple[str, int]]:
    """Yield what a module touches that is not a value, such as the disk or a clock, with the line."""
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.Import):
            yield from ((MODULES[alias.name], node.lineno) for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            if node.module in MODULES:
                yield MODULES[node.module], node.lineno
        elif isinstance(node, ast.Attribute):
            # The project's folder is a value with a boundary, for which files.py reads; `self.open` is of the class,
            # and a formatter writes into a text.
            if node.attr in METHODS and not re.search(r"folder$|^self$|^Folder|^formatter$", ast.unparse(node.value)):
                yield METHODS[node.attr], node.lineno
        elif isinstance(node, ast.Name) and node.id == "open":
            yield "contents", node.lineno


@pytest.mark.parametrize("name", FILES)
def test_only_the_edges_touch_the_disk_the_clock_and_the_environment(name: str) -> None:
    wrong = [f"{what} in line {line}" for what, line in touched(name) if name not in TOUCHES[what].split()]
    assert not wrong


@pytest.mark.parametrize("what", TOUCHES)
def test_whoever_may_touch_something_does(what: str) -> None:
    assert {name for name in FILES if what in {found for found, _ in touched(name)}} == set(TOUCHES[what].split())


def test_check_needs_none_of_the_packages_that_write() -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from cardpress import pipeline\nfrom cardpress.diagnostics import reports\n"
        f"pipeline.check_project(Path({str(ROOT)!r}))\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {
        *("genanki", "jinja2", "typst", "rich", "nh3", "deflate", "anki", "PIL"),
        *("starlette", "uvicorn", "watchfiles", "anyio"),
    }


def test_help_and_completion_load_little() -> None:
    """A shell waits for them at each press of the Tab key."""
    code = "import sys; from cardpress.cli import main; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    ours = {name.split(".")[1] for name in done.stdout.split() if name.startswith("cardpress.")}
    heavy = ("pipeline", "check", "writers", "anki", "deck", "source", "markdown", "formulas", "serve", "release")
    assert not ours & set(heavy)
    packages = ("markdown_it", "yaml", "rich", "rapidfuzz", "pygments", "starlette", "importlib.metadata")
    assert not set(done.stdout.split()) & set(packages)


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


def test_the_engine_knows_nothing_of_the_deck() -> None:
    pages = [path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".css", ".typ"}]
    for path in [*FILES.values(), *pages]:
        assert "fastapi" not in path.read_text(encoding="utf-8").lower(), path


@pytest.mark.parametrize("name", FILES)
def test_no_pattern_has_a_possessive_group(name: str) -> None:
    """Before Python 3.11.5 such a group goes on behind a try that failed (gh-106052). `(?>(?:…)*)` says the same."""
    texts = [node.value for node in ast.walk(parsed(name)) if isinstance(node, ast.Constant)]
    written = [text.decode("latin-1") if isinstance(text, bytes) else str(text) for text in texts]
    assert not [text for text in written if re.search(r"(?<!\()\)[*+?]\+", text)]
