"""Measures how much of CommonMark is read as its specification has it.

Run: .venv/bin/python bench/commonmark.py PATH/TO/spec.md

The specification's own text has the examples; markdown-it-py's source distribution carries it, as
tests/test_cmark_spec/spec.md. Nothing of it is in this project: tests/fixtures/commonmark.md has examples of our own.
Examples with HTML are left out, since HTML in a text is text here. What differs must say so in `Document.problems`.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from markdown_it import MarkdownIt  # noqa: E402 - the project's folder is not on the path before

from cardpress.markdown import parse, to_html  # noqa: E402
from tests.helpers.html_structure import read_structure  # noqa: E402

_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$|^#{1,6} *([^\n]*)$", re.MULTILINE | re.DOTALL)


def list_examples(specification: str) -> Iterator[tuple[str, str, str]]:
    """Yield the section, the text and the HTML of each example."""
    section = ""
    for found in _EXAMPLE.finditer(specification):
        if found[3] is not None:
            section = found[3]
        else:
            yield section, found[1].replace("→", "\t"), found[2].replace("→", "\t")


def has_html(text: str) -> bool:
    """Return whether CommonMark finds HTML in a text."""
    tokens = MarkdownIt("commonmark").parse(text)
    return any(
        token.type == "html_block" or any(child.type == "html_inline" for child in token.children or [])
        for token in tokens
    )


def main() -> int:
    """Print the figure for each section and for all, and the examples that differ."""
    same: Counter[str] = Counter()
    total: Counter[str] = Counter()
    silent = 0
    for section, text, html in list_examples(Path(sys.argv[1]).read_text(encoding="utf-8")):
        if has_html(text):
            continue
        total[section] += 1
        document = parse(text)
        if read_structure(to_html(document)) == read_structure(html):
            same[section] += 1
        else:
            silent += not document.problems
            print(f"differs, {section}: {text!r}", *(f"  {problem.message}" for problem in document.problems), sep="\n")
    for section, count in total.items():
        print(f"{same[section]:4} of {count:3}  {section}")
    print(f"{same.total():4} of {total.total():3}  all; {silent} differ without a problem")
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main())
