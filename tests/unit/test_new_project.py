"""`init` makes a project that is clean at once, called after its folder, and writes nothing over."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress import __version__, new_project
from cardpress.cli.init_command import TEMPLATES
from cardpress.cli.main import main, run
from cardpress.disk import writing
from cardpress.disk.reading import MAX_BYTES
from cardpress.engine import ROOT
from cardpress.new_project import make_project, make_title
from cardpress.pipeline import check_project
from cardpress.source.templates.loading import load_templates
from tests.conftest import WriteProject

DAY = "2026-11-27"
FONTS = load_templates(ROOT)[0].engine_fonts


def tree(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder, and of every folder none."""
    found = sorted(folder.rglob("*"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"" for path in found}


def init(folder: Path, *more: str) -> int:
    return run(["init", str(folder), *more])


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_new_project_has_no_problem(template: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(tmp_path / "my-deck", "--template", template) == 0
    capsys.readouterr()
    assert run(["check", "--strict", "--project", str(tmp_path / "my-deck")]) == 0
    assert capsys.readouterr().out == "no problems\n"
    assert run(["schema", "--project", str(tmp_path / "my-deck")]) == 0
    said = capsys.readouterr().out
    assert "is as it should be" in said
    assert "to use it" not in said  # each file does


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_new_project_has_what_git_github_and_editors_want(template: str, tmp_path: Path) -> None:
    assert init(tmp_path / "my-deck", "--template", template) == 0
    files = tree(tmp_path / "my-deck")
    assert {".gitattributes", ".gitignore", ".github/workflows/deck.yml", "README.md"} <= files.keys()
    assert json.loads(files[".vscode/extensions.json"]) == {"recommendations": ["redhat.vscode-yaml"]}
    (schema,) = json.loads(files[".vscode/settings.json"])["yaml.schemas"]
    assert (tmp_path / "my-deck" / schema).is_file()
    sources = [data for name, data in files.items() if re.fullmatch(r"source/[^/]+\.yaml", name)]
    assert len(sources) >= 1
    assert all(data.startswith(b"# yaml-language-server: $schema=source.schema.json\n") for data in sources)
    assert not any(b"@@" in data or b"\r" in data for data in files.values())
    readme = files["README.md"].decode()
    assert "As committed, it is the last release.\n" in readme
    assert "`dist/my-deck.apkg` and what lies beside it.\n" in readme
    assert f'"cardpress=={__version__}"'.encode() in files[".github/workflows/deck.yml"]


@pytest.mark.parametrize("name", ["con", "aux", "manifest"])
def test_a_folder_may_be_called_as_no_deck_can_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert init(tmp_path / name) == 0
    assert f"its id is `{name}-deck`" in capsys.readouterr().out
    assert run(["check", "--strict", "--project", str(tmp_path / name)]) == 0


def test_the_deck_is_called_after_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(tmp_path / "spanish-words") == 0
    said = capsys.readouterr().out
    deck = yaml.safe_load((tmp_path / "spanish-words/source/deck.yaml").read_text(encoding="utf-8"))
    assert (deck["id"], deck["title"], deck["version"]) == ("spanish-words", "Spanish words", "1.0.0")
    assert "“Spanish words”" in said
    assert "its id is" not in said


def test_the_schema_is_written_beside_a_file_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(tmp_path / "my-deck") == 0
    (tmp_path / "my-deck" / "source" / "planets.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    assert run(["schema", "--project", str(tmp_path / "my-deck")]) == 0
    assert "to use it, begin each YAML file with" in capsys.readouterr().out


def test_it_says_what_was_made_and_what_to_type_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert init(Path("my-deck")) == 0
    head, *files, last = capsys.readouterr().out.splitlines()
    assert head == f"my-deck: {len(files)} files of the deck “My deck”"
    assert sorted(each.strip() for each in files) == sorted(
        path.relative_to("my-deck").as_posix() for path in Path("my-deck").rglob("*") if path.is_file()
    )
    assert last == "next: `cardpress build --project my-deck`, then `cardpress release 1.0.0 --project my-deck`"


def test_the_present_folder_becomes_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rivers" / ".git").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "rivers")
    assert init(Path()) == 0
    assert capsys.readouterr().out.endswith("next: `cardpress build`, then `cardpress release 1.0.0`\n")
    assert "id: rivers " in Path("source/deck.yaml").read_text(encoding="utf-8")


def fill(folder: Path) -> None:
    folder.mkdir()
    (folder / ".git").mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "pictures").mkdir()


def make_file(path: Path) -> None:
    path.write_text("mine", encoding="utf-8")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (fill, "my-deck holds notes.txt and 1 more; name a folder that is new or empty"),
        (make_file, "my-deck is a file; name a folder that is new or empty"),
        (lambda path: path.symlink_to("nowhere"), "my-deck is a link that leads to no folder;"),
        (lambda path: (path.mkdir(), (path / "source").mkdir()), "my-deck holds source;"),
        (lambda path: (path.mkdir(), (path / "README.md").mkdir()), "my-deck holds README.md;"),
    ],
)
def test_nothing_is_written_over(make: object, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(make)
    make(tmp_path / "my-deck")
    before = tree(tmp_path)
    assert init(tmp_path / "my-deck") == 2
    assert said in capsys.readouterr().err
    assert tree(tmp_path) == before


def test_what_a_new_repository_and_a_file_manager_put_there_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "my-deck"
    mine = (
        "LICENSE",
        "COPYING.txt",
        "Readme.md",
        ".gitignore",
        ".gitattributes",
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
    )
    (folder / ".git").mkdir(parents=True)
    for name in mine:
        make_file(folder / name)
    before = tree(folder)
    assert init(folder) == 0
    after = tree(folder)
    assert before.items() <= after.items()
    assert "README.md" not in after
    assert {"source/deck.yaml", ".github/workflows/deck.yml"} <= after.keys()
    head, *files, kept, _ = capsys.readouterr().out.splitlines()
    assert head == f"{folder}: {len(files)} files of the deck “My deck”"
    assert not {"README.md", ".gitignore", ".gitattributes"} & {each.strip() for each in files}
    assert kept == (
        ".gitattributes, .gitignore and README.md were there: ours are not written; "
        "write `dist/** -text` into .gitattributes and see that .gitignore does not name dist/"
    )
    assert run(["check", "--strict", "--project", str(folder)]) == 0


def test_a_readme_that_is_there_is_told_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "my-deck").mkdir()
    make_file(tmp_path / "my-deck" / "README.md")
    assert init(tmp_path / "my-deck") == 0
    assert "\nREADME.md was there: ours is not written\n" in capsys.readouterr().out
    assert (tmp_path / "my-deck" / "README.md").read_text(encoding="utf-8") == "mine"


def test_a_link_in_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "my-deck").mkdir()
    (tmp_path / "my-deck" / ".gitignore").symlink_to(tmp_path / "elsewhere")
    assert init(tmp_path / "my-deck") == 0
    assert (tmp_path / "my-deck" / ".gitignore").is_symlink()
    assert [each.name for each in tmp_path.iterdir()] == ["my-deck"]


def test_a_file_on_the_way_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert init(tmp_path / "notes.txt" / "my-deck") == 2
    assert "notes.txt is no folder; name a folder that is new or empty" in capsys.readouterr().err


def test_what_fails_halfway_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_project("my-deck", "words", DAY)
    count = len(project.files)
    (tmp_path / "empty" / ".git").mkdir(parents=True)
    before = tree(tmp_path)
    write, written = writing.write_new, 0

    def fail_at(last: int) -> None:
        def fail(path: Path, data: bytes) -> None:
            nonlocal written
            written += 1
            if written == last:
                path.write_bytes(data[:5])
                raise OSError(28, "No space left on device", str(path))
            write(path, data)

        monkeypatch.setattr("cardpress.disk.new_files.write_new", fail)

    for folder in ("empty", "far/away/my-deck"):
        for last in range(1, count + 1):
            written = 0
            fail_at(last)
            with pytest.raises(OSError, match="No space left"):
                new_project.write_project(tmp_path / folder, project)
            assert tree(tmp_path) == before
    assert written == count


def test_what_another_program_puts_there_meanwhile_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = writing.write_new

    def overtake(path: Path, data: bytes) -> None:
        if path.name == "README.md":
            path.write_text("mine", encoding="utf-8")
        write(path, data)

    monkeypatch.setattr("cardpress.disk.new_files.write_new", overtake)
    assert init(tmp_path / "my-deck") == 3
    assert tree(tmp_path / "my-deck") == {"README.md": b"mine"}


def test_a_template_that_there_is_not_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(tmp_path / "my-deck", "--template", "word") == 2
    assert "words" in capsys.readouterr().err
    assert tree(tmp_path) == {}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("spanish-words", "Spanish words"),
        ("Spanish Words", "Spanish Words"),
        ("spanish_words", "Spanish words"),
        ("deck.v2.1", "Deck v2.1"),
        (".hidden", "Hidden"),
        ("iPhone-notes", "iPhone notes"),
        ("Les châteaux de l'île", "Les châteaux de l'île"),
        ("Реки", "Реки"),
        ("漢字", "My deck"),
        ("2026", "My deck"),
        ("", "My deck"),
        ("...", "My deck"),
        ("default", "Default deck"),
        ("a::b", "A b"),
        ('<img src=x onerror="alert(1)">', "Img src x onerror alert(1)"),
        ("rivers (2nd)", "Rivers (2nd)"),
        ("\udcff\udcfe", "My deck"),
        ("word " * 50, " ".join(["Word", *["word"] * 11])),
        ("x" * 250, "X" + "x" * 59),
    ],
)
def test_a_title_is_a_folders_name_in_words(name: str, title: str) -> None:
    assert make_title(name, FONTS) == title


@pytest.mark.parametrize(
    ("name", "deck_id"),
    [
        ("Les châteaux", "les-chateaux"),
        ("my.deck.v2", "my-deck-v2"),
        ("漢字", "my-deck"),
        ("-", "my-deck"),
        ("x" * 250, "x" * 64),
        # These are no texts to YAML where they have no quotes.
        ("no", "no"),
        ("null", "null"),
        ("2026", "2026"),
        ("1e5", "1e5"),
    ],
)
def test_an_id_is_the_folders_name_as_far_as_that_has_letters_for_one(name: str, deck_id: str, tmp_path: Path) -> None:
    project = make_project(name, "basic", DAY)
    new_project.write_project(tmp_path / "project", project)
    assert project.id == deck_id
    assert check_project(tmp_path / "project").diagnostics == ()
    assert yaml.safe_load(project.files["source/deck.yaml"])["id"] == deck_id


def test_it_is_told_when_the_id_is_not_made_from_the_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(tmp_path / "漢字") == 0
    said = (
        "its id is `my-deck` and its title is “My deck”: write your own into source/deck.yaml before the first release"
    )
    assert said in capsys.readouterr().out
    assert init(tmp_path / "2024") == 0
    assert "\nits title is “My deck”: write your own into source/deck.yaml" in capsys.readouterr().out
    assert init(tmp_path / "my-deck") == 0
    assert "write your own" not in capsys.readouterr().out


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    st.text(max_size=80) | st.text("-_.'\"&<>[]{}()*`$\\:#!%@|~ aAéßΩя漢", max_size=30), st.sampled_from([*TEMPLATES])
)
def test_a_folder_of_any_name_becomes_a_clean_project(
    tmp_path_factory: pytest.TempPathFactory, name: str, template: str
) -> None:
    folder = tmp_path_factory.mktemp("named") / "project"
    project = make_project(name, template, DAY)
    new_project.write_project(folder, project)
    assert check_project(folder).diagnostics == ()
    assert project.title in unicodedata.normalize("NFC", (folder / "README.md").read_text(encoding="utf-8")).replace(
        "\\", ""
    )


@pytest.mark.parametrize(
    "name",
    [
        "-",
        "a b",
        "x" * 300,
        "é" * 127,
        "日本語",
        "'; rm -rf ~ #",
        "$(touch pwned)",
        "a\nb",
        ".x",
        "con.txt",
        "%s{}",
        "\x1b[2J",
    ],
)
def test_an_odd_folder_becomes_a_project_or_is_refused_in_a_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = init(tmp_path / name)
    said = capsys.readouterr()
    assert status == (2 if len(os.fsencode(name)) > 255 else 0), said.err
    assert "\x1b" not in said.out + said.err
    if status:
        assert said.err.rstrip().splitlines()[-1].startswith("Error: Invalid value for DIR: there can be no folder ")
        assert tree(tmp_path) == {}
    else:
        assert run(["check", "--project", str(tmp_path / name)]) == 0
        assert [each.name for each in tmp_path.iterdir()] == [name]


def test_the_snippet_of_an_interview_prints_what_its_question_says(tmp_path: Path) -> None:
    assert init(tmp_path / "my-deck", "--template", "interview") == 0
    source = tmp_path / "my-deck" / "source"
    (question, *_) = yaml.safe_load((source / "generators.yaml").read_text(encoding="utf-8"))
    command = [sys.executable, str(source / "snippets" / question["snippet"])]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == question["output"]


def test_the_readme_of_a_project_names_commands_that_there_are() -> None:
    text = make_project("my-deck", "basic", DAY).files["README.md"].decode()
    named = re.findall(r"^cardpress ([a-z]+)", text, re.MULTILINE)
    assert len(named) >= 4
    assert set(named) <= main.commands.keys()


def test_the_readme_of_a_project_says_how_a_wheel_file_is_installed() -> None:
    text = make_project("my-deck", "basic", DAY).files["README.md"].decode()
    assert f'pipx install "./cardpress-{__version__}-py3-none-any.whl[rehearse,serve]"' in text
    assert "name it in `.github/workflows/deck.yml`" in text


def test_what_new_projects_begin_with_is_no_template() -> None:
    templates, problems = load_templates(ROOT)
    assert problems == ()
    assert not any(name.startswith("projects/") for name in templates.texts)
    assert "word" not in templates.declared.note_types


def test_a_projects_own_templates_for_projects_are_told_as_unused(
    write_project: WriteProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = write_project({})
    for name in ("basic/source/deck.yaml", "basic/front.html", "words/templates/note-types/word/note-type.yaml"):
        path = project / "templates" / "projects" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("title: Word\n", encoding="utf-8")
    assert run(["check", "--strict", "--project", str(project)]) == 1
    assert capsys.readouterr().out.count("[unused-template]") == 3
