"""Messages name the cause that an author does not see: characters that look alike, encodings, pointers, merges.

`SOURCES` has a project for each cause; `tests/golden/messages-on-characters.txt` has all of their reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click
import pytest

from cardpress.diagnostics.reports.text import as_text
from cardpress.pipeline import check_project
from tests.conftest import DECK, QUESTION, ROOT, WriteProject, golden

GOLDEN = ROOT / "tests" / "golden" / "messages-on-characters.txt"
N = "\u00a0"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><text>caf\u00e9</text></svg>'
PIC = "  extra: '![x](%s)'\n"
LFS = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'4d7a' * 16}\nsize 12345\n"
OPEN = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"'
DRAW_IO = (
    f'{OPEN} content="&lt;mxfile host=&quot;app.diagrams.net&quot;"><switch><foreignObject width="1" height="1">'
    '<div xmlns="http://www.w3.org/1999/xhtml">a</div></foreignObject><text>a</text></switch></svg>'
)
INKSCAPE = (
    f'{OPEN} xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" xmlns:xlink="http://www.w3.org/1999/xlink">\n'
    '<image xlink:href="file:///home/me/a.png" inkscape:svg-dpi="96"/>\n'
    "<flowRoot><flowPara>a</flowPara></flowRoot></svg>"
)
ILLUSTRATOR = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd" [\n'
    '<!ENTITY ns_svg "http://www.w3.org/2000/svg">\n]>\n<svg xmlns="&ns_svg;" width="1" height="1"/>'
)
SOURCES: Mapping[str, Mapping[str, str | bytes]] = {
    "nbsp indentation": {"first.yaml": QUESTION.replace("  answer", N + N + "answer")},
    "nbsp one of two": {"first.yaml": QUESTION.replace("  answer", " " + N + "answer")},
    "nbsp after colon": {"first.yaml": QUESTION.replace("answer: ", "answer:" + N)},
    "nbsp before colon": {"first.yaml": QUESTION.replace("answer: ", "answer" + N + ": ")},
    "nbsp after dash": {"first.yaml": QUESTION.replace("- id", "-" + N + "id")},
    "nbsp in id": {"first.yaml": QUESTION.replace("id: one", "id: one" + N + "two")},
    "nbsp in fence": {
        "first.yaml": QUESTION + "  extra: |\n    ```python\n    if x:\n    " + N * 4 + "y = 1\n    ```\n"
    },
    "nbsp in backticks": {"first.yaml": QUESTION + "  extra: 'Use `a" + N + "= 1` now.'\n"},
    "nbsp list mark": {"first.yaml": QUESTION + "  extra: |\n    -" + N + "a\n    -" + N + "b\n"},
    "nbsp heading": {"first.yaml": QUESTION + "  extra: |\n    #" + N + "a\n"},
    "nbsp in tag": {"first.yaml": QUESTION + "  tags: [a" + N + "b]\n"},
    "nbsp in snippet": {"first.yaml": QUESTION + "  snippet: a.py\n", "snippets/a.py": "if 1:\n" + N * 4 + "x = 1\n"},
    "ideographic space indentation": {"first.yaml": QUESTION.replace("  answer", "\u3000answer")},
    "em space colon": {"first.yaml": QUESTION.replace("answer: ", "answer:\u2003")},
    "2028 in text": {"first.yaml": QUESTION + "  extra: a\u2028b\n"},
    "2028 in quoted": {"first.yaml": QUESTION + "  extra: 'a\u2028b'\n"},
    "2028 in block": {"first.yaml": QUESTION + "  extra: |\n    a\u2028    b\n"},
    "0085": {"first.yaml": QUESTION + "  extra: |\n    a\u0085b\n    c\n"},
    "zw in key": {"first.yaml": QUESTION.replace("answer:", "ans\u200bwer:")},
    "zw in id": {"first.yaml": QUESTION.replace("id: one", "id: on\u200be")},
    "zw in see_also": {
        "first.yaml": QUESTION + "  see_also: [\u200btwo]\n" + QUESTION.replace("one", "two").replace("The", "That")
    },
    "zw in picture": {"first.yaml": QUESTION + PIC % "a\u200b.svg", "media/a.svg": SVG},
    "soft hyphen in id": {"first.yaml": QUESTION.replace("id: one", "id: on\u00ade")},
    "NFD picture": {"first.yaml": QUESTION + PIC % "cafe\u0301.svg", "media/caf\u00e9.svg": SVG},
    "NFC picture nfd file": {"first.yaml": QUESTION + PIC % "caf\u00e9.svg", "media/cafe\u0301.svg": SVG},
    "NFD snippet": {"first.yaml": QUESTION + "  snippet: cafe\u0301.txt\n", "snippets/caf\u00e9.txt": "x\n"},
    "smart quotes": {"first.yaml": QUESTION.replace("The first number.", "\u201cThe first: number.\u201d")},
    "smart single backtick": {"first.yaml": QUESTION.replace("The first number.", "\u2018x: y\u2019")},
    "smart in code": {
        "first.yaml": QUESTION
        + "  extra: |\n    `print(\u201chi\u201d)`\n\n    ```python\n    print(\u2018a\u2019)\n    ```\n"
    },
    "full-width colon": {"first.yaml": QUESTION.replace("answer: ", "answer\uff1a ")},
    "full-width colon nospace": {"first.yaml": QUESTION.replace("answer: ", "answer\uff1a")},
    "en dash list": {"first.yaml": QUESTION.replace("- id", "\u2013 id")},
    "latin1 svg": {
        "first.yaml": QUESTION + PIC % "a.svg",
        "media/a.svg": ('<?xml version="1.0" encoding="ISO-8859-1"?>' + SVG).encode("latin-1"),
    },
    "latin1 svg no decl": {"first.yaml": QUESTION + PIC % "a.svg", "media/a.svg": SVG.encode("latin-1")},
    "utf16 svg": {
        "first.yaml": QUESTION + PIC % "a.svg",
        "media/a.svg": ('<?xml version="1.0" encoding="UTF-16"?>' + SVG).encode("utf-16"),
    },
    "sjis svg": {
        "first.yaml": QUESTION + PIC % "a.svg",
        "media/a.svg": ('<?xml version="1.0" encoding="Shift_JIS"?>' + SVG.replace("\u00e9", "\u65e5")).encode(
            "shift_jis"
        ),
    },
    "utf16 yaml": {"first.yaml": QUESTION.encode("utf-16")},
    "utf16le nobom yaml": {"first.yaml": QUESTION.encode("utf-16-le")},
    "utf32 yaml": {"first.yaml": QUESTION.encode("utf-32")},
    "latin1 yaml": {"first.yaml": QUESTION.replace("first", "f\u00efrst").encode("latin-1")},
    "utf16 snippet": {"first.yaml": QUESTION + "  snippet: a.py\n", "snippets/a.py": "x = 1\n".encode("utf-16")},
    "binary snippet": {"first.yaml": QUESTION + "  snippet: a.png\n", "snippets/a.png": b"\x89PNG\r\n\x1a\n\x00"},
    "lfs yaml": {"first.yaml": LFS},
    "lfs picture": {"first.yaml": QUESTION + PIC % "a.png", "media/a.png": LFS},
    "lfs font": {"fonts/a.ttf": LFS},
    "lfs snippet": {"first.yaml": QUESTION + "  snippet: a.py\n", "snippets/a.py": LFS},
    "merge yaml": {"first.yaml": QUESTION + "<<<<<<< HEAD\n  extra: a\n=======\n  extra: b\n>>>>>>> branch\n"},
    "merge in block": {
        "first.yaml": QUESTION + "  extra: |\n    x\n<<<<<<< HEAD\n    a\n=======\n    b\n>>>>>>> branch\n"
    },
    "merge deck": {
        "deck.yaml": DECK.replace("version: 1.0.0", "<<<<<<< HEAD\nversion: 1.0.0\n=======\nversion: 1.0.1\n>>>>>>> x")
    },
    "merge snippet": {
        "first.yaml": QUESTION + "  snippet: a.txt\n",
        "snippets/a.txt": "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n",
    },
    "merge svg": {
        "first.yaml": QUESTION + PIC % "a.svg",
        "media/a.svg": "<<<<<<< HEAD\n" + SVG + "\n=======\n" + SVG + "\n>>>>>>> x\n",
    },
    "backslash picture": {"first.yaml": QUESTION + PIC % "pics\\a.svg", "media/pics/a.svg": SVG},
    "media backslash": {"first.yaml": QUESTION + PIC % "media\\a.svg", "media/a.svg": SVG},
    "windows path": {"first.yaml": QUESTION + PIC % "C:\\Users\\me\\a.svg", "media/a.svg": SVG},
    "backslash snippet": {"first.yaml": QUESTION + "  snippet: x\\a.txt\n", "snippets/x/a.txt": "x\n"},
    "case picture": {"first.yaml": QUESTION + PIC % "Picture.PNG", "media/picture.png": b"\x89PNG\r\n\x1a\n"},
    "percent picture": {"first.yaml": QUESTION + PIC % "my%20picture.svg", "media/my picture.svg": SVG},
    "tab indentation": {"first.yaml": QUESTION.replace("  answer", "\tanswer")},
    "tab in id": {"first.yaml": QUESTION.replace("id: one", "id: one\ttwo")},
    "drawio": {
        "first.yaml": QUESTION + PIC % "a.svg",
        "media/a.svg": DRAW_IO,
    },
    "inkscape": {
        "first.yaml": QUESTION + PIC % "a.svg",
        "media/a.svg": INKSCAPE,
    },
    "illustrator": {
        "first.yaml": QUESTION + PIC % "a.svg",
        "media/a.svg": ILLUSTRATOR,
    },
    "svg no ns": {"first.yaml": QUESTION + PIC % "a.svg", "media/a.svg": '<svg width="1" height="1"/>'},
    "jpg named png": {"first.yaml": QUESTION + PIC % "a.png", "media/a.png": b"\xff\xd8\xff\xe0"},
    "html as svg": {"first.yaml": QUESTION + PIC % "a.svg", "media/a.svg": "<!DOCTYPE html><html>404</html>"},
    "heic": {"first.yaml": QUESTION + PIC % "a.heic", "media/a.heic": b"\x00\x00\x00\x18ftypheic"},
    "foo emphasis": {"first.yaml": QUESTION + "  extra: 'a <foo x=\"*a*\"> b'\n"},
    "required br": {"first.yaml": QUESTION.replace("The first number.", "<br>")},
    "required zw": {"first.yaml": QUESTION.replace("The first number.", "'\u200b'")},
    "required comment": {"first.yaml": QUESTION.replace("The first number.", "'[x]: https://e.org'")},
    "nul": {"first.yaml": QUESTION.replace("The first number.", '"a\\0 *b* <script>"')},
}


def test_each_report_names_its_cause(tmp_path: Path, accept: bool) -> None:
    reports = []
    for number, (cause, files) in enumerate(SOURCES.items()):
        project = tmp_path / str(number)
        for name, content in ({"deck.yaml": DECK, "first.yaml": QUESTION} | dict(files)).items():
            path = project / "source" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        reports.append(f"--- {cause}\n{click.unstyle(as_text(check_project(project).diagnostics))}")
    golden(GOLDEN, "\n".join(reports), accept=accept)


@pytest.mark.parametrize(
    "text",
    [
        # What languages need: spaces before signs in French, joiners in Persian and in signs, marks of direction.
        "Combien\u00a0? 5\u202fkm, «\u00a0oui\u00a0».",
        "می\u200cخواهم \u200fو\u200e",
        "👩\u200d💻 and 日本\u200b語",
        "Dampf\u00adschiff",
        "“Curly” quotes, it’s prose.",
    ],
)
def test_characters_that_have_a_use_are_left_alone(text: str, write_project: WriteProject) -> None:
    lines = QUESTION.replace("The first number.", "|\n    " + text)
    codes = {each.code for each in check_project(write_project({"first.yaml": lines})).diagnostics}
    assert codes <= {"missing-glyph"}


def test_a_text_in_prose_or_data_keeps_its_curly_quotes(write_project: WriteProject) -> None:
    fence = "  extra: |\n    ```text\n    say: “a”, (“b”)\n    ```\n\n    ```json\n    {“a”: 1}\n    ```\n"
    assert check_project(write_project({"first.yaml": QUESTION + fence})).diagnostics == ()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("“The first.”", 'write "The first."; if it is meant, write "“The first.”"'),
        ("‘A’", 'write "A"; if it is meant, write "‘A’"'),
        ("„Eins“", 'write "Eins"; if it is meant, write "„Eins“"'),
        (f"“{'long ' * 20}text”", "write straight quotes, or none; if it is meant, put straight quotes around it"),
    ],
)
def test_curly_quotes_around_a_text_are_not_taken_for_quotes_of_yaml(
    text: str, hint: str, write_project: WriteProject
) -> None:
    for written in (
        QUESTION.replace("The first number.", text),
        QUESTION.replace("https://example.org/one", f"{{title: {text}}}"),
    ):
        (found,) = check_project(write_project({"first.yaml": written})).diagnostics
        assert (found.code, found.help) == ("odd-character", hint)


@pytest.mark.parametrize(
    "text", ["“A” or “B”", "‘it’s one’", "“One” is first.", '"“One.”"', "|\n    “One.”", "’tis one", "“”"]
)
def test_curly_quotes_that_are_meant_are_left_alone(text: str, write_project: WriteProject) -> None:
    assert check_project(write_project({"first.yaml": QUESTION.replace("The first number.", text)})).diagnostics == ()
