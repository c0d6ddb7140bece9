"""Texts that are hard to set in a column: too long, too wide, too deep, or too high."""

from __future__ import annotations

LINE = "value = " + " + ".join(f"number_{count}" for count in range(40))
HARD = {
    "a long line of code": f"```python\n{LINE}\n```",
    "a line without a space": f"```python\n{'call(a.b(c)).' * 20}\n```",
    "a long word": f"{'response_model_exclude_unset_' * 8} {'W' * 100} `{'w' * 100}`",
    "an address": f"<https://example.org/{'path/' * 40}>",
    "a wide table": f"|{'a|' * 12}\n|{'-|' * 12}\n|{'response_model_exclude_unset|' * 12}",
    "a long list": "\n".join(f"- point {count}" for count in range(150)),
    # As deep as a text may be: see `DEEPEST` in cardpress/markdown/grammar.py.
    "a deep list": "\n".join("  " * depth + f"- {'word ' * 10}" for depth in range(19)),
    "a deep quotation": "> " * 38 + "said",
    "a long quotation": "\n".join(f"> line {count}\n>" for count in range(150)),
}
