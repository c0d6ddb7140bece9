"""Write questions as the YAML text of a section file."""

from __future__ import annotations

import json


def question(**keys: object) -> str:
    """Return a question with these keys; without them it has the id `one`, a question and an answer."""
    # JSON is YAML, and its escapes can express any text.
    return f"- {json.dumps({'id': 'one', 'question': 'What is one?', 'answer': 'The first.', **keys})}\n"


def block(*lines: str) -> str:
    """Return a question whose answer is these lines. The first is on line 4 of the text and begins at column 5."""
    answer = "".join(f"    {line}\n" if line else "\n" for line in lines)
    return f"- id: one\n  question: What is one?\n  answer: |\n{answer}"


def indented(text: str, columns: int = 4) -> str:
    """Return a text as a YAML block that can follow `key: `, indented by a number of columns."""
    return "|\n" + "".join(f"{' ' * columns}{line}\n" for line in text.split("\n"))
