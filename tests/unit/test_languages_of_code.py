"""Names behind code fences: those that other programs know have colors or none, and an unknown one stops nothing."""

from __future__ import annotations

import pytest
from pygments.lexers import get_lexer_by_name
from pygments.lexers._mapping import LEXERS

from cardpress.cli.main import run
from cardpress.markdown import languages
from cardpress.markdown.highlighting import highlight
from cardpress.markdown.languages import find_lexer_name, list_languages
from cardpress.pipeline import check_project
from tests.conftest import WriteProject
from tests.helpers.diagnostics import places
from tests.helpers.yaml_text import block

PYGMENTS = {alias for _, _, aliases, _, _ in LEXERS.values() for alias in aliases}


@pytest.mark.parametrize(
    ("name", "lexer"),
    [
        ("mermaid", "text"),
        ("plaintext", "text"),
        ("csv", "text"),
        ("jsonc", "json"),
        ("dotenv", "bash"),
        ("txt", "text"),
        ("shellscript", "bash"),
        ("javascriptreact", "jsx"),
        ("cjs", "javascript"),
        ("svg", "xml"),
        ("kt", "kotlin"),
        ("hpp", "cpp"),
        ("objective-cpp", "objective-c++"),
        ("dockercompose", "yaml"),
        ("postgresql", "postgresql"),
        ("patch", "diff"),
        ("gitignore", "text"),
        ("console", "console"),
        ("Python", "python"),
        ("JSONC", "json"),
        ("rust,ignore", "rust"),
        ("python{1,3}", "python"),
        ("{.python}", "python"),
        ("{.python", "python"),
        ("{r}", "r"),
        ("js:app.js", "js"),
        ("c++", "c++"),
        ("", None),
        (",", None),
        ("pyhton", None),
    ],
)
def test_a_name_leads_to_a_lexer(name: str, lexer: str | None) -> None:
    assert find_lexer_name(name) == lexer


def test_every_lexer_in_the_table_is_one_of_pygments() -> None:
    for name, lexer in languages._other_names().items():
        assert get_lexer_by_name(lexer), name
        assert name == name.lower()


def test_no_name_is_there_twice() -> None:
    other, plain = set(languages._other_names()), languages._without_colors()
    words = languages._WITHOUT_COLORS.split()
    assert len(words) == len(plain)
    assert not other & PYGMENTS
    assert not other & plain
    assert not plain & PYGMENTS
    assert len(list_languages()) == len(other) + len(plain) + len(PYGMENTS)
    assert sorted(words) == words


@pytest.mark.parametrize("name", ["jsonc", "dotenv", "svg", "kt"])
def test_code_under_another_name_has_colors(name: str) -> None:
    code = '{"a": 1} // a' if name == "jsonc" else "A=1 <a> fun"
    pieces = highlight(code, name)
    assert len(pieces) > 1
    assert "".join(piece.text for piece in pieces) == code


@pytest.mark.parametrize("name", ["mermaid", "csv", "nonsense", "text"])
def test_code_without_a_lexer_has_no_colors(name: str) -> None:
    assert [piece.kind for piece in highlight("a,b\n1,2", name)] == [""]


def test_an_unknown_language_is_a_warning_and_plain_text(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": block("```pyhton", "x = 1", "```", "", "```mermaid", "graph TD", "```")})
    found = [each for each in check_project(project).diagnostics if each.code != "no-source"]
    assert places(found) == ["source/first.yaml:4:8 unknown-language"]
    assert found[0].help == "did you mean `python`?"
    assert found[0].severity == "warning"
    assert run(["build", "--only", "apkg,json,page", "--project", str(project)]) == 0
