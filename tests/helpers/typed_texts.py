"""A deck whose texts hold everything that an output could misread, for tests that each comes out as typed."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import DECK

# Each stands for itself in prose and in code alike.
TYPED = (
    "$5 and $6",
    "{{ user }}",
    "{{{x}}}",
    "{% raw %}",
    "List<int> <T> </b2>",
    "a & b && c",
    "std::vector::size",
    "[sound:x.mp3]",
    "[Sound:y.mp3]",
    "[latex]x[/latex]",
    "[$]x[/$] [$$]y[/$$]",
    "[anki:tts lang=en_US]x[/anki:tts]",
    "[[type:Question]] [[type:cloze:Text]]",
    "{{c1::typed}} {{c7,8::y::z}}",
    "image-occlusion:rect:left=.1",
    r"\begin{align}x\end{align}",
    "\"double\" 'single' “curly”",
    r"C:\dir\new",
    "#let x = #y @z",
    "@@language@@ @@report@@",
    "🎉 👩‍💻",
    "中文字",
    "العربية",
    "naïve → café",
)
# Markdown gives these a meaning in prose; in code they stand for themselves.
TYPED_AS_CODE = (
    r"\(x\)",
    r"\[x\]",
    r"a\\b",
    "&amp; &lt;",
    "*x* _y_",
    "<b>x</b>",
    "<script>alert(1)</script>",
    "![x](y.png)",
    "<!-- [sound:z.mp3] -->",
)
# What Markdown makes of an escape in prose must not become a formula either.
ESCAPED = {r"\\[x\\]": r"\[x\]", r"\\(z\\)": r"\(z\)", "&amp; &lt;": "& <", "&#91;sound:z.mp3]": "[sound:z.mp3]"}

# A question's texts: the answer and its like thrice (prose, fence, backticks), the output and the snippet once.
BACK_OF_ONE = 3 * 8 + 2
BACK_OF_TWO = 3 * 3 + 1

_PLACES = ("question", "answer", "point", "claim", "truth", "how", "example", "extra", "asked", "recalled", "more")


def _yaml_block(text: str, indent: int) -> str:
    return "|\n" + "\n".join(" " * indent + line for line in text.split("\n"))


def _write(folder: Path, texts: dict[str, str], verbatim: str) -> None:
    block = {place: _yaml_block(texts[place], 10) for place in _PLACES}
    lines = f"""\
- id: one
  sources:
    - title: {_yaml_block(verbatim.splitlines()[0], 10)}
      url: https://example.org/[sound:u.mp3]
  question: {block["question"]}
  answer: {block["answer"]}
  key_points:
    - {block["point"]}
  snippet: typed.txt
  output: {_yaml_block(verbatim, 10)}
  how_to_answer: {block["how"]}
  example_answer: {block["example"]}
  pitfalls:
    - claim: {block["claim"]}
      truth: {block["truth"]}
  extra: {block["extra"]}
  recall:
    - id: two
      question: {block["asked"]}
      answer: {block["recalled"]}
      extra: {block["more"]}
      snippet: typed.txt
"""
    source = folder / "source"
    (source / "snippets").mkdir(parents=True)
    (source / "deck.yaml").write_text(DECK, encoding="utf-8")
    (source / "first.yaml").write_text(lines, encoding="utf-8")
    (source / "snippets" / "typed.txt").write_text(verbatim, encoding="utf-8")


def typed_project(folder: Path) -> Path:
    """Write a project into a folder and return the folder.

    The question `one` and its recall note `two` have all of TYPED in every text, in prose, in a fence and in
    backticks; TYPED_AS_CODE in the latter two; and ESCAPED in prose. Its snippet and output hold the first two.
    """
    verbatim = "\n".join((*TYPED, *TYPED_AS_CODE))
    fence = f"```text\n{verbatim}\n```"
    code = " ".join(f"`{typed}`" for typed in (*TYPED, *TYPED_AS_CODE))
    prose = "\n".join((*TYPED, *ESCAPED))
    _write(folder, {place: f"In {place}: {prose}\n\n{fence}\n\n{code}\n" for place in _PLACES}, verbatim)
    return folder


def flat(text: str) -> str:
    """Return a text with each run of white space made one space, without any around it."""
    return re.sub(r"\s+", " ", text).strip()
