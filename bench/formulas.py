"""How long formulas take, each of a thousand another one, and which of them no output can set.

Run: .venv/bin/python -m bench.formulas [FILE]     (a formula a line; by default those of the tests, varied)
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cardpress.formulas import read, to_mathml
from cardpress.markdown import parse
from cardpress.markdown.card_html import CardWriter, guard
from cardpress.writers import load_writer
from cardpress.writers.pdf.formulas import write_formula
from tests.helpers.decks import deck_from

ROOT = Path(__file__).resolve().parent.parent
COUNT = 1_000
Made = TypeVar("Made")


def list_formulas(path: Path) -> list[str]:
    """Return so many different formulas."""
    known = [line for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [f"{known[number % len(known)]} \\quad {number}" for number in range(COUNT)]


def take_time(what: str, work: Callable[[], Made]) -> Made:
    """Print how long something takes for each formula."""
    start = time.perf_counter()
    made = work()
    print(f"{what}: {(time.perf_counter() - start) / COUNT * 1e6:.0f} µs a formula")
    return made


def main() -> None:
    """Measure each step."""
    formulas = list_formulas(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "tests" / "fixtures" / "formulas.txt")
    readings = take_time("read", lambda: [read(each) for each in formulas])
    trees = [each.tree for each in readings if each.tree is not None]
    print(f"set in every output: {len(trees)} of {COUNT}")
    take_time("MathML", lambda: [to_mathml(each, is_display=False) for each in trees])
    take_time("print data", lambda: [write_formula(each) for each in trees])
    documents = take_time("Markdown", lambda: [parse(f"\\({each}\\)") for each in formulas])
    take_time("guard", lambda: [guard(each, "") for each in documents])
    take_time("HTML", lambda: [CardWriter().document(each) for each in documents])
    questions = (
        f"- id: q{n}\n  question: |\n    What is \\({each}\\)?\n  answer: That.\n" for n, each in enumerate(formulas)
    )
    with tempfile.TemporaryDirectory() as folder:
        deck = deck_from(Path(folder), {"first.yaml": "".join(questions)})
        take_time("cheat sheet and flashcards on A4 and Letter", lambda: load_writer("pdf")(deck))
        take_time("package", lambda: load_writer("apkg")(deck))


if __name__ == "__main__":
    main()
