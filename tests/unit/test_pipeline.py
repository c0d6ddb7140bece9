"""A build with nothing changed renders nothing; anything that decides what it makes makes it work again."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from cardpress import engine, pipeline, writers
from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.main import run
from cardpress.diagnostics.reports.text import as_text
from cardpress.pipeline import Options, Result, build_project
from cardpress.publish import lock, manifest, store
from cardpress.publish.last_build import LastBuild
from cardpress.publish.manifest import MANIFEST, SUMS
from tests.conftest import ROOT, WriteProject
from tests.helpers.folders import contents, names

Change = Callable[[Path], object]


class Stages:
    """Notes down which stages a build goes through."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.writers = 0
        self.counts: list[tuple[str, int, int, str]] = []

    def expect(self, stages: int) -> None:
        self.writers += stages

    def start(self, stage: str) -> None:
        self.started.append(stage)

    def count(self, stage: str, done: int, of: int, noun: str) -> None:
        assert stage in self.started
        self.counts.append((stage, done, of, noun))

    def end(self, stage: str) -> None:
        assert stage in self.started

    def wait(self, reason: str) -> None:
        raise AssertionError(f"nobody else is at work: {reason}")


def build(options: Options) -> tuple[Result, list[str]]:
    stages = Stages()
    return build_project(options, stages), stages.started


def test_the_sheets_say_how_many_of_them_are_made(write_project: WriteProject) -> None:
    project = write_project({})
    stages = Stages()
    made = build_project(Options(project, project / "dist", ("flashcards", "study-notes")), stages).artifacts
    number = sum(artifact.name.endswith(".pdf") for artifact in made)
    assert number == 4
    assert stages.counts == [("pdf", done, number, "PDF") for done in range(number + 1)]


ALL = ["check", "render", "json", "publish"]


@pytest.fixture
def options(write_project: WriteProject) -> Options:
    """A project that was built a moment ago."""
    project = write_project({})
    options = Options(project, project / "dist", ("json",), cache=project.parent / "cache")
    assert build(options)[1] == ALL
    return options


def looks(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what a write to a file would change."""
    return {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in [folder, *folder.iterdir()]}


def test_nothing_changed_means_nothing_rendered(options: Options) -> None:
    before = looks(options.out)
    result, stages = build(options)
    assert result.unchanged
    assert stages == ["check"]
    assert looks(options.out) == before
    assert build(replace(options, jobs=3))[0].unchanged


@pytest.mark.parametrize(
    "change",
    [
        lambda source: (source / "first.yaml").write_bytes((source / "first.yaml").read_bytes() + b"\n"),
        lambda source: (source / "notes.txt").touch(),
        lambda source: (source / "deck.yaml").rename(source / "moved.yaml").rename(source / "deck.yaml").touch(),
    ],
    ids=["edited", "added", "touched"],
)
def test_a_changed_source_is_built_again_and_a_touched_one_is_not(options: Options, change: Change) -> None:
    before = contents(options.project / "source")
    change(options.project / "source")
    assert build(options)[0].unchanged is (contents(options.project / "source") == before)


@pytest.mark.parametrize("name", ["sample.json", "sample.schema.json", MANIFEST, SUMS])
@pytest.mark.parametrize("how", ["cut", "gone"])
def test_a_damaged_artifact_is_made_again(options: Options, name: str, how: str) -> None:
    before = contents(options.out)
    path = options.out / name
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: path.read_bytes().index(b"\n") + 1])  # its lines may still be true
    result, stages = build(options)
    assert stages == ALL
    assert not result.unchanged
    assert contents(options.out) == before


def test_a_file_of_the_users_own_in_dist_is_no_reason_to_build(options: Options) -> None:
    (options.out / "CNAME").touch()
    assert build(options)[0].unchanged


@pytest.mark.parametrize("other", [{"only": ("json", "page")}, {"strict": True}, {"cache": None}])
def test_other_options_build_again(options: Options, other: dict[str, object]) -> None:
    assert not build(replace(options, **other))[0].unchanged  # type: ignore[arg-type]  # each has its own type


def test_another_folder_is_filled_and_the_first_stays_known(options: Options) -> None:
    assert not build(replace(options, out=options.project / "elsewhere"))[0].unchanged
    assert build(options)[0].unchanged
    assert contents(options.project / "elsewhere") == contents(options.out)


def test_a_build_into_another_folder_is_known_beside_that_into_dist(options: Options) -> None:
    elsewhere = replace(options, out=options.project / "elsewhere", only=("json",))
    assert not build(elsewhere)[0].unchanged
    for each in (options, elsewhere, options):
        assert build(each)[0].unchanged


def test_an_output_that_cannot_be_read_is_made_again(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: object) -> Iterator[bytes]:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(manifest, "read_in_parts", refuse)
        assert build(options)[1] == ALL
    assert build(options)[0].unchanged


def test_a_change_that_is_undone_during_a_build_is_not_taken_for_what_was_built(
    options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = options.project / "source" / "first.yaml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before + "\n", encoding="utf-8")  # so that there is something to build
    wanted, load = path.read_text(encoding="utf-8"), pipeline.load_and_check

    def load_another(*arguments: Any, **named: Any) -> Any:
        path.write_text(wanted.replace("question: ", "question: In between, "), encoding="utf-8")
        try:
            return load(*arguments, **named)
        finally:
            path.write_text(wanted, encoding="utf-8")

    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "load_and_check", load_another)
        build(options)
    assert "In between" in (options.out / "sample.json").read_text(encoding="utf-8")
    assert not build(options)[0].unchanged
    assert "In between" not in (options.out / "sample.json").read_text(encoding="utf-8")


def test_whoever_waits_for_another_build_is_told(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    class Waiting(Stages):
        def wait(self, reason: str) -> None:
            told.append(reason)

    (options.project / "source" / "notes.txt").touch()
    monkeypatch.setattr(lock, "_acquired", lambda path, waiting: waiting())  # as if somebody held it
    build_project(options, Waiting())
    assert told == [f"another build into a folder of {options.out.parent}, or a program that has locked that"]


def test_the_projects_own_templates_count(options: Options) -> None:
    own = options.project / "templates" / "web"
    own.mkdir(parents=True)
    (own / "page.css").write_text("/* mine */", encoding="utf-8")
    assert not build(options)[0].unchanged
    assert build(options)[0].unchanged


@pytest.mark.parametrize("what", ["cardpress/deck/render.py", "templates/web/added.css", "a package"])
def test_another_engine_builds_again(options: Options, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    copy = options.project.parent / "engine"
    for folder in ("cardpress", "templates"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(engine, "ROOT", copy)
    monkeypatch.setattr(engine, "_PACKAGE", copy / "cardpress")
    engine.this_engine.cache_clear()
    build(options)
    assert build(options)[0].unchanged
    if what == "a package":
        monkeypatch.setattr(engine, "find_version", lambda name: f"{version(name)}{'.1' * (name == 'typst')}")
    else:
        with (copy / what).open("a", encoding="utf-8") as opened:
            opened.write("\n")
    engine.this_engine.cache_clear()
    assert build(options)[1] == ALL
    engine.this_engine.cache_clear()


def test_what_editors_and_systems_put_between_the_engines_files_is_not_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("cardpress", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(engine, "ROOT", tmp_path)
    monkeypatch.setattr(engine, "_PACKAGE", tmp_path / "cardpress")
    digest = engine.this_engine.__wrapped__().digest
    for name in (".DS_Store", "web/.page.css.swp", "web/page.css~", "web/#page.css#", "projects/.git/config"):
        path = tmp_path / "templates" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    (tmp_path / "cardpress" / "._engine.py").write_bytes(b"x")
    for name in ("cardpress/.#engine.py", "templates/web/.#page.css", "cardpress/gone.py"):  # Emacs has such locks
        (tmp_path / name).symlink_to("nowhere")
    assert engine.this_engine.__wrapped__().digest == digest


@pytest.mark.parametrize("cache", ["gone", "garbage", "file", "folders", "link to nowhere"])
def test_the_cache_may_be_anything(options: Options, cache: str) -> None:
    before, folder = contents(options.out), options.project.parent / "cache"
    kept = [path.relative_to(folder) for path in folder.rglob("*.json")]
    assert kept
    shutil.rmtree(folder)
    if cache == "file":
        folder.touch()
    elif cache == "link to nowhere":
        folder.symlink_to("nowhere")
    elif cache != "gone":
        for name in kept:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).mkdir() if cache == "folders" else (folder / name).write_bytes(b"\xff{[")
    assert build(options)[1] == ALL
    assert contents(options.out) == before


def test_a_cache_that_cannot_be_written_is_no_reason_to_fail(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, data: bytes, **_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    shutil.rmtree(options.project.parent / "cache")
    monkeypatch.setattr(store, "write_over", refuse)
    assert build(options)[1] == ALL


@pytest.mark.parametrize("is_there", [True, False])
def test_a_write_protected_folder_is_told_before_anything_is_made(
    write_project: WriteProject, monkeypatch: pytest.MonkeyPatch, *, is_there: bool
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("made something")

    project = write_project({}).resolve()
    options = Options(project, project / "dist" / "here", ("json",))
    protected = options.out if is_there else project
    if is_there:
        protected.mkdir(parents=True)
    monkeypatch.setattr(writers, "run_writers", never)
    monkeypatch.setattr(
        "os.access", lambda path, mode: (Path(path), mode) != (protected, os.W_OK)
    )  # root may write anywhere
    with pytest.raises(PermissionError) as raised:
        build(options)
    assert raised.value.filename == str(protected)


def test_without_a_cache_nothing_is_kept(write_project: WriteProject) -> None:
    project = write_project({})
    options = Options(project, project / "dist", ("json",))
    assert build(options)[1] == build(options)[1] == ALL
    assert names(project) == ["dist", "source"]
    assert names(project.parent) == ["project"]


def test_a_cache_that_lies_does_not_make_a_tampered_dist_up_to_date(options: Options) -> None:
    """Only the very bytes that a build of these inputs made are left as they are."""
    for name in ("sample.json", SUMS):
        path = options.out / name
        path.write_bytes(path.read_bytes().replace(b"sample", b"forged"))
    assert build(options)[1] == ALL


def test_a_source_with_errors_is_never_up_to_date(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if everything that is kept says so."""
    monkeypatch.setattr(LastBuild, "look", lambda last: nullcontext(lambda _: ()))
    assert build(options)[0].unchanged
    (options.project / "source" / "first.yaml").write_text("{", encoding="utf-8")
    assert build(options)[0].diagnostics


@pytest.mark.parametrize(("line", "strict"), [("  answer:", False), ("  answer: It is.", True)])
def test_problems_leave_dist_as_it_is(options: Options, line: str, *, strict: bool) -> None:
    before = looks(options.out)
    (options.project / "source" / "first.yaml").write_text(f"- id: one\n  question: What?\n{line}\n", encoding="utf-8")
    result, stages = build(replace(options, strict=strict))
    assert result.diagnostics
    assert not result.artifacts
    assert stages == ["check"]
    assert looks(options.out) == before


def test_a_writer_that_fails_leaves_dist_as_it_is(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    before = looks(options.out)
    (options.project / "source" / "notes.txt").touch()

    def fail(name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(writers, "load_writer", fail)
    with pytest.raises(KeyboardInterrupt):
        build(options)
    assert looks(options.out) == before


def test_warnings_are_reported_each_time(options: Options) -> None:
    text = "- id: one\n  question: What?\n  answer: It is.\n"
    (options.project / "source" / "first.yaml").write_text(text, encoding="utf-8")
    for _ in range(2):
        assert [problem.code for problem in build(options)[0].diagnostics] == ["no-source"]


@pytest.fixture
def unprintable(tmp_path: Path) -> Options:
    """A project with a picture that no sheet can show, which only who prints it finds."""
    project = shutil.copytree(ROOT / "tests" / "cases" / "unprintable-picture", tmp_path / "project")
    options = Options(project, project / "dist", ("study-notes",), cache=tmp_path / "cache")
    result, _ = build(options)
    assert [each.code for each in result.found_late] == ["unprintable-picture"]
    assert not result.unchanged
    return options


def test_what_a_writer_found_is_told_again_when_nothing_changed(unprintable: Options) -> None:
    told = [as_text(build(replace(unprintable, cache=cache))[0].diagnostics) for cache in (None, unprintable.cache)]
    result, stages = build(unprintable)
    assert result.unchanged
    assert stages == ["check"]
    assert "unprintable-picture" in told[0]
    assert {*told, as_text(result.diagnostics)} == {told[0]}


@pytest.mark.parametrize("problems", [None, [], {}, {"problems": [{}], "lines": {}}, {"problems": 1, "lines": {}}])
def test_problems_that_are_kept_and_damaged_are_found_anew(unprintable: Options, problems: object) -> None:
    (kept,) = (unprintable.cache or Path()).rglob("build.json")
    value = json.loads(kept.read_text(encoding="utf-8"))
    value["value"]["problems"] = problems
    kept.write_text(json.dumps(value), encoding="utf-8")
    result, _ = build(unprintable)
    assert not result.unchanged
    assert [each.code for each in result.found_late] == ["unprintable-picture"]


def test_a_dist_that_was_put_aside_by_a_killed_build_comes_back_even_when_the_source_has_errors(
    options: Options,
) -> None:
    before = contents(options.out)
    options.out.rename(options.project / ".dist.77.cardpress-old")
    (options.project / "source" / "first.yaml").write_text("{", encoding="utf-8")
    assert run(["--project", str(options.project), "--only", "json"]) == ExitStatus.PROBLEMS
    assert contents(options.out) == before
