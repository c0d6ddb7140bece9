"""How much code of a language is colored. Some of Pygments' lexers take minutes for what a hostile text can hold.

A lexer is a list of regular expressions, and nobody can stop one that searches. So the length of the code decides,
which is the same on every machine: each lexer was measured with texts that make such expressions slow
(`bench/lexers.py`).
"""

from __future__ import annotations

from functools import cache

from cardpress.markdown.languages import find_lexer_name

# Characters of code that is colored: in languages with a quick lexer, in most, and in those with a slow one.
LONGEST = 5_000
_LONGEST_IN_OTHERS = 2_000
LONGEST_IN_SLOW = 300
# Measured: no more than 40 microseconds a character for 5,000 characters.
_FAST = frozenset(
    """
    bash css diff docker go haskell json kotlin mysql php postgresql python ruby rust scala scss splus sql swift toml
    """.split()
)
# Measured: more than 100 microseconds a character for 1,000 characters.
_SLOW = frozenset(
    "antlr-csharp autohotkey autoit csharp devicetree easytrieve fan gherkin jlcon kal mcschema nemerle pug xpp".split()
)


def find_longest(language: str) -> int:
    """Return how many characters of code in a language are colored."""
    known = find_lexer_name(language)
    name = _first_names().get(known, known) if known else None
    if name in _FAST:
        return LONGEST
    return LONGEST_IN_SLOW if name in _SLOW else _LONGEST_IN_OTHERS


@cache
def _first_names() -> dict[str, str]:
    """Return the first of a lexer's names, by each of them."""
    from pygments.lexers._mapping import LEXERS  # the table alone: its lexers stay unloaded

    return {name: names[0] for _, _, names, _, _ in LEXERS.values() for name in names}
