"""Each code has a case in tests/cases/: a small project, and the exact report that its author gets."""

from __future__ import annotations

import os
import shutil
import struct
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import pytest

from cardpress.diagnostics import Diagnostic
from cardpress.diagnostics.codes import CODES
from cardpress.diagnostics.reports.text import as_text
from cardpress.disk.reading import MAX_BYTES, MAX_LEVELS
from cardpress.pipeline import Options, build_project, check_project
from cardpress.progress import NoProgress
from cardpress.publish.recovery import JOURNAL
from cardpress.source.yaml.reading import MAX_CHARACTERS
from tests.conftest import DECK, QUESTION, ROOT, golden
from tests.helpers.sounds import silence

CASES = ROOT / "tests" / "cases"
FOLDERS = sorted(path.name for path in CASES.iterdir())


def _write(project: Path, files: Mapping[str, str]) -> None:
    for name, content in ({"deck.yaml": DECK, "first.yaml": QUESTION} | dict(files)).items():
        path = project / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def _too_large(project: Path) -> None:
    _write(project, {})
    with (project / "source" / "first.yaml").open("r+b") as file:
        file.truncate(MAX_BYTES + 1)


def _large_sound(project: Path) -> None:
    """Write a WAV of silence that is larger than AnkiWeb takes, most of it a hole in the file."""
    _write(project, {"first.yaml": QUESTION + '  extra: "![a long silence](long.wav)"\n'})
    path = project / "source" / "media" / "long.wav"
    path.parent.mkdir()
    size = 101 * 1024 * 1024
    path.write_bytes(silence(0)[:40] + struct.pack("<I", size - 44))
    with path.open("r+b") as file:
        file.truncate(size)


def _too_long(project: Path) -> None:
    _write(project, {"first.yaml": QUESTION + f"  extra: {'word ' * (MAX_CHARACTERS // 5)}and one\n"})


def _crowded(project: Path) -> None:
    """Write 11,000 cells in two texts."""
    text = "".join(f"    {cell * 12}|\n" for cell in ("| a", "|---", *["|a"] * 460))
    _write(project, {"first.yaml": f"{QUESTION}  how_to_answer: |\n{text}  extra: |\n{text}"})


def _long(project: Path) -> None:
    """Write as many gists as three pages hold."""
    line = "what one looks up, as long as a line of a gist may well be"
    one = QUESTION.replace("one", "q{}") + "  gist:\n" + f"    - {line}\n" * 5
    _write(project, {"first.yaml": "".join(one.replace("{}", str(number)) for number in range(120))})


def _links(project: Path) -> None:
    """Put links that lead out of source/ where a section, a snippet and a picture are read."""
    outside = project / "secret.txt"
    _write(project, {"first.yaml": QUESTION + "  snippet: one.py\n"})
    outside.write_text("- id: secret\n", encoding="utf-8")
    second = "  - id: second\n    title: Second section\n"
    (project / "source" / "deck.yaml").write_text(DECK + second, encoding="utf-8")
    for name in ("second.yaml", "snippets/one.py", "media/one.png"):
        link = project / "source" / name
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(outside)


def _too_deep(project: Path) -> None:
    _write(project, {"/".join(f"folder-{level}" for level in range(MAX_LEVELS)) + "/notes.txt": ""})


def _pipes(project: Path) -> None:
    """Put a pipe where a snippet is read, and one that nothing names."""
    _write(project, {"first.yaml": QUESTION + "  snippet: one.py\n", "snippets/two.py": ""})
    os.mkfifo(project / "source" / "snippets" / "one.py")
    os.mkfifo(project / "source" / "pipe")


def _interrupted(project: Path) -> None:
    _write(project, {})
    (project / JOURNAL).mkdir()


def _linked(project: Path) -> None:
    _write(project, {})
    (project / "published").mkdir()
    (project / "dist").symlink_to("published")


# Sources that are no files to commit: too large, or links, or hidden.
MADE: Mapping[str, tuple[str, Callable[[Path], None]]] = {
    "crowded-print": ("report.txt", _crowded),
    "folder-too-large": ("report.txt", _too_deep),
    "long-cheat-sheet": ("report.txt", _long),
    "interrupted-release": ("report.txt", _interrupted),
    "link-in-the-way": ("report.txt", _linked),
    "special-file": ("report.txt", _pipes),
    "file-too-large": ("report.txt", _too_large),
    "large-sound": ("report.txt", _large_sound),
    "text-too-long": ("report.txt", _too_long),
    "path-outside-source": ("report-links.txt", _links),
}
# Codes that only a writer can give.
BUILT = {code for code, entry in CODES.items() if entry.is_found_late}


def test_every_code_has_a_case_and_every_case_a_code() -> None:
    assert sorted(CODES) == FOLDERS


def _diagnostics(project: Path, code: str, out: Path) -> tuple[Diagnostic, ...]:
    if code in BUILT:
        return build_project(Options(project, out, ("pdf",)), NoProgress()).diagnostics
    return check_project(project).diagnostics


def _assert_report(diagnostics: tuple[Diagnostic, ...], code: str, report: str, *, accept: bool) -> None:
    assert code in {diagnostic.code for diagnostic in diagnostics}
    if code == "more-problems":  # the report of hundreds of others is long
        diagnostics = tuple(diagnostic for diagnostic in diagnostics if diagnostic.code == code)
    golden(CASES / code / report, click.unstyle(as_text(diagnostics, folds=False)), accept=accept)


@pytest.mark.parametrize("code", [code for code in FOLDERS if (CASES / code / "source").exists()])
def test_the_report_on_a_case_is_exact(code: str, tmp_path: Path, accept: bool) -> None:
    project = shutil.copytree(CASES / code, tmp_path / "project")
    diagnostics = _diagnostics(project, code, tmp_path / "out")
    # A writer's problems are warnings: everything is made all the same.
    assert (tmp_path / "out").exists() == (code in BUILT)
    _assert_report(diagnostics, code, "report.txt", accept=accept)


@pytest.mark.parametrize("code", sorted(MADE))
def test_the_report_on_a_made_case_is_exact(code: str, tmp_path: Path, accept: bool) -> None:
    report, make = MADE[code]
    make(tmp_path / "project")
    _assert_report(_diagnostics(tmp_path / "project", code, tmp_path / "out"), code, report, accept=accept)


@pytest.mark.parametrize("code", FOLDERS)
def test_a_report_says_what_to_type_in_plain_words(code: str) -> None:
    for report in (CASES / code).glob("report*.txt"):
        for line in report.read_text(encoding="utf-8").splitlines():
            assert "None" not in line
            assert "tag:yaml.org" not in line
            assert not line.endswith(("help: ", "] "))
