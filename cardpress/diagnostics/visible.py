"""Makes what acts on a reader visible: the one place for it, for every message, report and difference that is printed.

That is what a terminal obeys, control characters, and what the runner of a CI service obeys, `##[…]` on any line.
"""

from __future__ import annotations

import json
import re
from typing import Any

# Terminals act on these: C0 except the tab, DEL and C1, marks of the direction of writing, line separators.
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

# A command for a runner, wherever it stands in a line: `##[…]` of GitHub and Azure, `##vso[…]`, `##teamcity[…]`.
_COMMAND = re.compile(r"##(?=[A-Za-z]*\[)")


def make_visible(text: str) -> str:
    """Return a text with visible signs in place of control characters, which could move the cursor or reverse text.

    Line breaks are control characters, too: what an author wrote never looks like a line of ours.
    """
    shown = _CONTROL.sub(lambda found: chr(0x2400 + ord(found[0])) if found[0] < " " else "�", text)
    return _COMMAND.sub("\uff03\uff03", shown) if "##" in shown else shown


def make_lines_visible(text: str) -> str:
    """Return a text of several lines as `make_visible` does, apart from the line breaks between them."""
    lines = map(make_visible, text.split("\n"))
    # At the beginning of a line, `::` is a command of GitHub's, too.
    return "\n".join(
        line.replace("::", "\uff1a\uff1a", 1) if line.lstrip().startswith("::") else line for line in lines
    )


def to_json(content: Any) -> str:
    """Return a value as JSON for people and programs, indented, with an escape for each control character."""
    text = json.dumps(content, ensure_ascii=False, indent=2)
    # JSON has a line break between values only, and inside texts its own escapes for those below the space.
    lines = (_CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", line) for line in text.split("\n"))
    return "\n".join(_COMMAND.sub(r"\\u0023#", line) for line in lines) + "\n"
