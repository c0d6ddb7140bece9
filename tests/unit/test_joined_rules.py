"""Rules that are joined make the tokens that Pygments makes of them one by one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.lexers import get_lexer_by_name

from cardpress.engine import ROOT
from cardpress.markdown import joined_rules
from cardpress.markdown.joined_rules import join_rules

LANGUAGES = (
    *(
        "bash",
        "c",
        "cpp",
        "css",
        "diff",
        "docker",
        "go",
        "haskell",
        "html",
        "ini",
        "java",
        "javascript",
        "json",
        "kotlin",
    ),
    *(
        "lua",
        "make",
        "perl",
        "php",
        "postgresql",
        "python",
        "pycon",
        "r",
        "ruby",
        "rust",
        "scala",
        "sql",
        "swift",
        "toml",
    ),
    *("typescript", "xml", "yaml", "console", "latex", "elixir", "powershell", "nginx", "http", "csharp", "inform7"),
)
WORDS = (
    *(
        "def ",
        "class ",
        "f(x)",
        "return",
        "if",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        ";",
        ":",
        ",",
        ".",
        "\n",
        "\n  ",
        " ",
        "\t",
    ),
    *(
        "'",
        '"',
        '"""',
        "'a'",
        '"b"',
        'f"{x}"',
        "`",
        "#",
        "//",
        "/*",
        "*/",
        "--",
        "<!--",
        "-->",
        "<a b='c'>",
        "</a>",
        "&lt;",
    ),
    *(
        "0x1F",
        "1.5e3",
        "12",
        "$x",
        "${x}",
        "@x",
        "%",
        "=",
        "==",
        "=>",
        "->",
        "\\",
        "\\n",
        "|",
        "&&",
        "!",
        "?",
        "<<EOF\n",
        "EOF\n",
    ),
    *(
        "SELECT ",
        "FROM t",
        "let ",
        "const ",
        "fn ",
        "func ",
        "import a",
        "public ",
        "#include <a>",
        "x: 1",
        "[a]\n",
        "\u00e9",
        "\x00",
    ),
)
CODE = st.lists(st.sampled_from(WORDS), max_size=30).map("".join)
FILES = (
    *("cardpress/markdown/tree.py", "templates/web/page.html", "templates/web/search.js", "templates/web/page.css"),
    *("pyproject.toml", "templates/strings/ja.yaml", "docs/architecture.md", "templates/print/booklet.typ"),
)


@pytest.fixture(autouse=True)
def _joined_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joined_rules, "_WORTH_JOINING", 1)


def compare(language: str, code: str) -> None:
    one_by_one, joined = get_lexer_by_name(language, stripnl=False), get_lexer_by_name(language, stripnl=False)
    join_rules(joined)
    for _ in range(2):  # at first each state is new
        assert list(joined.get_tokens(code)) == list(one_by_one.get_tokens(code))


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_is_typed_has_the_same_tokens(language: str) -> None:
    @settings(derandomize=True, deadline=None, database=None, max_examples=40)
    @given(CODE)
    def check(code: str) -> None:
        compare(language, code)

    check()


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_have_the_same_tokens(language: str) -> None:
    for name in FILES:
        path = ROOT / name
        compare(language, path.read_text(encoding="utf-8")[:2_000] if path.exists() else name)


def test_the_rules_of_python_are_few_expressions() -> None:
    lexer: Any = get_lexer_by_name("python")
    assert len(list(joined_rules._join(lexer._tokens["root"]))) < len(lexer._tokens["root"]) / 10
