"""The documents say what is true: what the code knows is in them, every link leads somewhere, every example builds."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path

import click
import pytest

from cardpress.anki.package import read_package
from cardpress.cli.exit_status import ExitStatus
from cardpress.cli.main import main, run
from cardpress.diagnostics.codes import CODES
from cardpress.outputs import NAMES
from docs import generate
from tests.conftest import DECK, ROOT, WriteProject, golden

PAGES = sorted((ROOT / "docs").glob("*.md"))
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")] + PAGES
DOCUMENTS += [ROOT / "examples" / "README.md", *sorted((ROOT / "examples").glob("*/README.md"))]


def read(name: str) -> str:
    """Return a document as it is now: under `--accept` a test before may have written it."""
    return (ROOT / name).read_text(encoding="utf-8")


def list_code(name: str, language: str) -> list[str]:
    """Return the code of a language in a document."""
    return re.findall(rf"^```{language}\n(.*?)^```$", read(name), re.MULTILINE | re.DOTALL)


def list_first_cells(text: str, head: str) -> list[str]:
    """Return the first cell of each row of the table whose head begins so, without backticks."""
    rows = text.partition(f"\n| {head} |")[2].partition("\n\n")[0]
    return [cell.replace("`", "") for cell in re.findall(r"^\| (.+?) \|", rows, re.MULTILINE)][1:]


def test_the_examples_of_codes_that_ship_are_those_of_the_cases(accept: bool) -> None:
    golden(generate.EXAMPLES, generate.make_examples(), accept=accept)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_not_stale(page: Path, accept: bool) -> None:
    golden(page, generate.fill(page.read_text(encoding="utf-8")), accept=accept)


def test_every_generated_part_has_its_place() -> None:
    places = [name for page in PAGES for name in generate.list_blocks(page.read_text(encoding="utf-8"))]
    assert sorted(places) == sorted(generate.BLOCKS)


def test_every_command_and_option_is_documented() -> None:
    for name, command in main.commands.items():
        section = read("docs/commands.md").partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
        assert sorted(re.findall(r"^\| `(--[a-z-]+)", section, re.MULTILINE)) == sorted(o.opts[0] for o in options)
        assert all(option.help in section for option in options if option.help and "[default" not in option.help)
        example = (command.epilog or "").removeprefix("Example: ")
        assert (f"python3 build.py {example.partition(' ')[2]}" if name == "test" else example) in section


def test_a_command_that_only_a_clone_has_is_not_told_to_who_has_installed_cardpress() -> None:
    page = read("docs/commands.md")
    assert "cardpress test" not in page
    assert page.count("Only in a clone: `python3 build.py test`.") == 2


def test_help_has_an_example_for_every_command() -> None:
    for command in main.commands.values():
        assert "Example: cardpress" in (command.epilog or "")


def test_every_output_and_exit_status_is_documented() -> None:
    assert list_first_cells(read("docs/format.md"), "output") == list(NAMES)
    assert list_first_cells(read("docs/commands.md"), "status") == [str(int(status)) for status in ExitStatus]


def test_every_code_is_documented_with_a_report_and_a_mend() -> None:
    page = read("docs/problems.md")
    assert list_first_cells(page, "code") == [f"[{code}](#{code})" for code in CODES]
    for code, entry in CODES.items():
        section = page.partition(f"\n### {code}\n")[2].partition("\n### ")[0]
        assert f"**{entry.severity.value.capitalize()}.** {entry.meaning}\n" in section
        assert f"[{code}]" in section
        assert section.rstrip().removesuffix("<!-- end -->").rstrip().endswith(f"\n**Mend:** {entry.mend}")


def test_a_mend_is_a_sentence() -> None:
    for entry in CODES.values():
        assert re.match(r"[A-Z].+[.`]$", entry.mend)
        assert entry.mend != entry.meaning


def test_every_key_is_documented_once_for_its_mapping() -> None:
    pages = read("docs/format.md") + read("docs/note-types.md")
    for shape in generate.SHAPES:
        part = pages.partition(f"<!-- generated: the keys of {shape.name} -->")[2].partition("<!-- end -->")[0]
        assert list_first_cells(part, "key") == list(shape.keys)


def test_the_readme_takes_two_minutes() -> None:
    assert len(read("README.md").encode()) <= 5_500


def list_anchors(text: str) -> set[str]:
    """Return what GitHub names the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file_and_a_heading(path: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`(?!\])", "", text)):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name) if name else path
        assert file.exists(), f"{path.name} links to {target}"
        assert not anchor or anchor in list_anchors(file.read_text(encoding="utf-8")), f"{path.name} links to {target}"


def test_every_room_of_the_engine_is_named() -> None:
    names = {path.name for path in (ROOT / "cardpress").glob("*.py")} - {"__init__.py"}
    folders = {f"{path.parent.name}/" for path in (ROOT / "cardpress").glob("*/__init__.py")}
    table = read("docs/architecture.md").partition("| in `cardpress/` | holds |")[2]
    assert sorted(name for name in names | folders if f"`{name}`" not in table) == []


def test_every_package_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = {re.split(r"[>=\[]", line)[0] for line in project["dependencies"]}
    rows = re.findall(r"^\| ([a-z0-9., -]+) \|", read("CONTRIBUTING.md").partition("| at run time |")[2], re.MULTILINE)
    assert packages == {name.strip() for row in rows for name in row.split(",")}


def write_smallest_deck(project: Path, change: Mapping[str, str] | None = None) -> Path:
    """Write the deck of the README, with some of its words changed."""
    deck, questions = list_code("README.md", "yaml")
    for old, new in (change or {}).items():
        questions = questions.replace(old, new)
    source = project / "source"
    source.mkdir(parents=True)
    (source / "deck.yaml").write_text(deck, encoding="utf-8")
    (source / "basics.yaml").write_text(questions, encoding="utf-8")
    return project


def test_the_smallest_deck_of_the_readme_builds(tmp_path: Path) -> None:
    project = write_smallest_deck(tmp_path)
    assert run(["build", "--project", str(project), "--only", "json", "--quiet"]) == 0
    assert (project / "dist" / "my-deck.json").exists()


def test_a_mistake_in_the_smallest_deck_gives_the_report_of_the_readme(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_smallest_deck(tmp_path, {"answer:": "anwser:"})
    monkeypatch.chdir(tmp_path)
    assert run(["check"]) == 1
    (report,) = list_code("README.md", "text")
    assert capsys.readouterr().out == report


def test_the_whole_question_of_the_format_passes_every_rule(write_project: WriteProject) -> None:
    questions = next(block for block in list_code("docs/format.md", "yaml") if block.startswith("- id:"))
    (snippet,) = list_code("docs/format.md", "python")
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"/>'
    files = {"first.yaml": questions, "snippets/prefix.py": snippet, "media/folders.svg": picture}
    project = write_project(files)
    assert run(["check", "--project", str(project), "--strict"]) == 0
    for key in next(shape for shape in generate.SHAPES if shape.name == "a question").keys:
        assert key in ("retired", "note_type", "guid") or re.search(rf"^(- |  ){key}:", questions, re.MULTILINE), key


def test_the_deck_of_the_format_is_one(write_project: WriteProject) -> None:
    deck = next(block for block in list_code("docs/format.md", "yaml") if block.startswith("id: my-deck"))
    project = write_project({"deck.yaml": deck})
    shutil.move(project / "source" / "first.yaml", project / "source" / "basics.yaml")
    assert run(["check", "--project", str(project), "--strict"]) == 0


def test_the_deck_of_words_of_the_format_is_one(write_project: WriteProject) -> None:
    deck = next(block for block in list_code("docs/format.md", "yaml") if block.startswith("id: spanish-words"))
    table = next(block for block in list_code("docs/format.md", "text") if block.startswith("id,question"))
    project = write_project({"deck.yaml": deck, "words.csv": table})
    (project / "source" / "first.yaml").unlink()
    assert run(["check", "--project", str(project), "--strict"]) == 0


def test_the_outputs_and_names_of_the_documents_are_some(write_project: WriteProject) -> None:
    outputs = next(block for block in list_code("docs/format.md", "yaml") if block.startswith("outputs:"))
    assert run(["check", "--project", str(write_project({"deck.yaml": outputs + DECK}))]) == 0
    deck = next(block for block in list_code("docs/releases.md", "yaml") if block.startswith("id: geography"))
    sections = ("flags", "rivers", "capitals", "peaks")
    asked = {
        f"{name}.yaml": f"- {{id: {name}-one, question: Which {name}?, answer: These {name}.}}" for name in sections
    }
    facts = "version: 1.0.0\ndate: 2026-01-02\nchecks: {no-source: off, near-duplicate-question: off}\n"
    project = write_project({"deck.yaml": facts + deck, **asked})
    (project / "source" / "first.yaml").unlink()
    assert run(["check", "--project", str(project), "--strict"]) == 0
    assert run(["build", "--project", str(project), "--only", "apkg", "--quiet"]) == 0
    package = read_package((project / "dist" / "geography.apkg").read_bytes())
    names = {name for name in package.decks.values() if name != "Default"}
    comments = {found[1] for found in re.finditer(r"# (Geo::.+)", deck)}
    assert names == {*comments, "Geo::Europe", "Geo::Europe::01 Peaks"}


def test_no_file_names_a_registry_or_a_path_of_a_machine() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        assert "pypi.org" not in text, path.name
        assert not re.search(r"(?<![\w.])/(?:home|root|work|Users)/", text), path.name
