"""What a check found is told again where all that it reads is as it was, and nowhere else."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from cardpress import pipeline
from cardpress.cli.main import run
from cardpress.diagnostics.reports import REPORTS
from cardpress.engine import Engine
from cardpress.pipeline import Options, build_project, check_project
from cardpress.progress import NoProgress
from cardpress.publish import last_check
from cardpress.publish.last_check import LastCheck
from cardpress.publish.store import Store
from tests.conftest import ROOT, WriteProject
from tests.helpers.yaml_text import question

TYPED = "It is ==marked==, and longer than it looks.\n"


@pytest.fixture
def project(write_project: WriteProject) -> Path:
    return write_project(
        {
            "first.yaml": question(answer=TYPED, snippet="one.py"),
            "snippets/one.py": "x = 1\n",
            "snippets/two.txt": "a\n",
        }
    )


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def look(project: Path, cache: Path) -> LastCheck:
    return LastCheck(Store(cache, project), project)


def check_once(project: Path, cache: Path) -> str:
    """Check a project as the command does, and return the report."""
    last = look(project, cache)
    found = last.find()
    assert found is None
    return REPORTS["json"](check_project(project, last=last).diagnostics)


def write(name: str, text: str) -> Callable[[Path], object]:
    def change(project: Path) -> None:
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return change


CHANGES: dict[str, Callable[[Path], object]] = {
    **{
        f"another {name}": write(name, "# other\n")
        for name in (
            *("source/first.yaml", "source/deck.yaml", "source/snippets/one.py", "source/snippets/two.txt"),
            *("source/second.yaml", "source/.hidden", "source/history.json", "source/source.schema.json"),
            *("templates/web/page.html", "templates/.hidden", "CHANGELOG.md"),
            *("dist/RELEASE_NOTES.md", "dist/.released-1.0.0.apkg", ".cardpress-release/journal"),
        )
    },
    "a file less": lambda project: (project / "source/snippets/two.txt").unlink(),
    "a file under another name": lambda project: (project / "source/snippets/two.txt").rename(
        project / "source/snippets/three.txt"
    ),
    "a file in another folder": lambda project: (project / "source/snippets/two.txt").rename(
        project / "source/one.txt"
    ),
    "a link in source/": lambda project: (project / "source/snippets/three.txt").symlink_to("two.txt"),
    "dist/ is a link": lambda project: (project / "dist").symlink_to("elsewhere"),
    "the changelog is a link": lambda project: (project / "CHANGELOG.md").symlink_to("source/deck.yaml"),
}


def test_the_same_is_told_again(project: Path, cache: Path) -> None:
    told = check_once(project, cache)
    assert "==marked==" in told
    again = look(project, cache).find()
    assert again is not None
    for name, report in REPORTS.items():
        assert report(again) == report(check_project(project).diagnostics), name


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_anything_that_is_read_is_seen(name: str, project: Path, cache: Path) -> None:
    check_once(project, cache)
    assert look(project, cache).find() is not None
    CHANGES[name](project)
    assert look(project, cache).find() is None


def test_release_notes_are_looked_at_with_the_manifest_that_says_whose_they_are(project: Path, cache: Path) -> None:
    write("dist/RELEASE_NOTES.md", "# 1.0.0\n")(project)
    check_once(project, cache)
    write("dist/manifest.json", "{}")(project)
    assert look(project, cache).find() is None


def test_another_engine_or_another_choice_of_outputs_is_another_check(
    project: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_once(project, cache)
    assert LastCheck(Store(cache, project), project, ("apkg",)).find() is None
    monkeypatch.setattr(last_check, "this_engine", lambda: Engine("1", "another"))
    assert look(project, cache).find() is None


def test_a_change_while_it_checks_keeps_nothing(project: Path, cache: Path) -> None:
    last = look(project, cache)
    found = check_project(project).diagnostics
    write("source/first.yaml", question(answer="Another."))(project)
    last.remember(found)
    assert look(project, cache).find() is None


def test_a_change_that_is_undone_while_it_checks_keeps_nothing(project: Path, cache: Path) -> None:
    """What was read may be what was there in between."""
    before = (project / "source/first.yaml").read_text(encoding="utf-8")
    write("source/first.yaml", "titel: broken\n")(project)
    last = look(project, cache)
    write("source/first.yaml", before)(project)
    found = check_project(project).diagnostics
    write("source/first.yaml", "titel: broken\n")(project)
    last.remember(found)
    assert look(project, cache).find() is None


def test_large_files_are_read_in_parts(project: Path, cache: Path) -> None:
    for name in ("source/media/sound.wav", "dist/.released-1.0.0.apkg"):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_bytes(bytes(40_000_000))
    tracemalloc.start()
    try:
        last = look(project, cache)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000
    last.remember(())
    assert look(project, cache).find() == ()
    (project / "source/media/sound.wav").write_bytes(b"\x01" + bytes(39_999_999))
    assert look(project, cache).find() is None


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"key": 1}', b"\xff\xfe", b'{"key": "%s", "value": {"problems": 1}}']
)
def test_what_is_damaged_is_looked_at_anew(damage: bytes, project: Path, cache: Path) -> None:
    told = check_once(project, cache)
    (entry,) = cache.glob("*/check.json")
    key = entry.read_text(encoding="utf-8").split('"')[3]
    entry.write_bytes(damage.replace(b"%s", key.encode()))
    assert check_once(project, cache) == told
    assert look(project, cache).find() is not None


def test_what_only_outputs_show_is_never_left_out(project: Path, cache: Path) -> None:
    deck = project / "source/deck.yaml"
    deck.write_text(deck.read_text(encoding="utf-8") + "checks: {card-overflow: error}\n", encoding="utf-8")
    write("source/first.yaml", question(answer="It is.", sources=["https://example.org"]))(project)
    check_once(project, cache)
    assert look(project, cache).find() is None


def run_check(project: Path, cache: Path, *options: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys\nfrom cardpress.cli.main import run\n"
        f"status = run(['check', '--project', {str(project)!r}, *{options!r}])\n"
        "print('loaded' if 'cardpress.pipeline' in sys.modules else 'told', file=sys.stderr)\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"XDG_CACHE_HOME": str(cache), "PATH": "", "HOME": str(cache), "LOCALAPPDATA": str(cache)},
        capture_output=True,
        text=True,
        check=True,
    )


def test_the_command_tells_it_again_without_loading_what_checks(project: Path, cache: Path) -> None:
    first = run_check(project, cache)
    again = run_check(project, cache)
    assert (first.stderr, again.stderr) == ("loaded\n", "told\n")
    assert first.stdout == again.stdout
    assert run_check(project, cache, "--no-cache").stderr == "loaded\n"
    assert run_check(project, cache, "--strict").stderr.endswith("loaded\n")


def test_without_a_cache_nothing_is_kept(project: Path, cache: Path) -> None:
    run_check(project, cache, "--no-cache")
    assert not list(cache.rglob("*.json"))


def test_two_at_the_same_time_do_not_disturb_each_other(project: Path, cache: Path) -> None:
    one, other = look(project, cache), look(project, cache)
    found = check_project(project).diagnostics
    one.remember(found)
    other.remember(found)
    assert look(project, cache).find() is not None
    assert [path.name for path in cache.glob("*/*")] == ["check.json"]


def test_a_build_with_nothing_changed_tells_it_again(
    project: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("source/first.yaml", question(answer="It is. " * 60))(project)
    options = Options(project, project / "dist", ("json",), cache=cache)
    made = build_project(options, NoProgress())
    assert made.artifacts

    def fail(*_: object) -> None:
        raise AssertionError("nothing has changed")

    monkeypatch.setattr(pipeline, "load_and_check", fail)
    again = build_project(options, NoProgress())
    assert again.unchanged
    assert REPORTS["json"](again.diagnostics) == REPORTS["json"](made.diagnostics)


def test_the_command_reports_as_before(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for _ in range(2):
        status = run(["check", "--project", str(project), "--format", "json"])
        told.append((status, capsys.readouterr().out))
    assert told[0] == told[1]
    assert "==marked==" in told[0][1]
