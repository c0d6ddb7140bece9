"""Markdown that was read otherwise once, or is in other programs: for tests that every output shows the same."""

from __future__ import annotations

from typing import NamedTuple

from tests.conftest import QUESTION


class Shown(NamedTuple):
    """A Markdown text, the words that a person reads in it, and elements that its HTML has, in their order."""

    text: str
    words: str
    elements: str


TEXTS = {
    "a table below a line": Shown(
        "ant\n| bee | cat |\n|---|---|\n| dog | elk |", "ant bee cat dog elk", "p table th th td td"
    ),
    "three lists": Shown("- ant\n  - bee\n    - cat\n      - dog", "ant bee cat dog", "ul li ul li ul li ul li"),
    "mixed lists": Shown("1. ant\n   - bee\n     1. cat", "ant bee cat", "ol li ul li ol li"),
    "mixed indentation": Shown("- ant\n    - bee\n  - cat", "ant bee cat", "ul li ul li li"),
    "a fence in a quotation": Shown("> ```py\n> ant\n> ```", "ant", "blockquote pre code"),
    "a list in a quotation": Shown("> - ant\n> - bee", "ant bee", "blockquote ul li li"),
    "numbers with parentheses": Shown("1) ant\n2) bee", "ant bee", "ol li li"),
    "a backslash at the end": Shown("ant\\\nbee", "ant bee", "p br"),
    "a bar in code in a table": Shown(
        "| `ant\\|bee` | cat |\n|---|---|\n| dog | elk |", "ant|bee cat dog elk", "table th code th td td"
    ),
    "code by indentation": Shown("ant\n\n    bee", "ant bee", "p pre code"),
    "struck": Shown("~~ant~~", "ant", "p del"),
    "tasks": Shown("- [ ] ant\n- [x] bee", "☐ ant ☑ bee", "ul li li"),
    "a bare address": Shown("ant https://bee.org/cat.", "ant https://bee.org/cat.", "p a"),
    "a paragraph below a list": Shown("- ant\n    - bee\n\n  cat", "ant bee cat", "ul li p ul li p"),
    "a footnote": Shown("ant[^1]\n\n[^1]: bee", "ant[^1] [^1]: bee", "p p"),
    "dollars": Shown("ant $x^2$ $5 and $6", "ant $x^2$ $5 and $6", "p"),
    "a display": Shown("ant $$x_1 * y_1 * z$$", "ant $$x_1 * y_1 * z$$", "p"),
    "a formula by fence": Shown("```math\nx^2\n```", "x^2", "pre code"),
    "a sound": Shown("ant [sound:bee.mp3]", "ant [sound:bee.mp3]", "p"),
    "a picture of Obsidian": Shown("![[ant.png]] [[bee]]", "![[ant.png]] [[bee]]", "p"),
    "a deletion": Shown("ant {{c1::bee}}", "ant {{c1::bee}}", "p"),
    "a box to type in": Shown("ant [[type:Answer]]", "ant [[type:Answer]]", "p"),
    "a callout": Shown("> [!NOTE]\n> ant", "[!NOTE] ant", "blockquote p"),
    "a container": Shown(":::ant\nbee\n:::", ":::ant bee :::", "p"),
    "tags": Shown("#ant #bee", "#ant #bee", "p"),
    "front matter": Shown("---\nant: bee\n---", "ant: bee", "hr h2"),
}


def files_with_markdown() -> dict[str, str | bytes]:
    """Return the files of a project whose questions `text-1`, … have these texts as their answers."""
    questions = ""
    for number, shown in enumerate(TEXTS.values(), 1):
        lines = "".join(f"    {line}\n" for line in shown.text.split("\n"))
        questions += (
            f"- id: text-{number}\n  question: What is {number} of all?\n  answer: |\n{lines}"
            f"  sources: [https://example.org/{number}]\n"
        )
    return {"first.yaml": QUESTION + questions}
