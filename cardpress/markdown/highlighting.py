"""Colors code: Pygments says what kind of thing each piece of it is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import STANDARD_TYPES, Token
from pygments.util import ClassNotFound

from cardpress.markdown.languages import PLAIN, find_lexer_name
from cardpress.markdown.lexers import find_longest
from cardpress.markdown.tree import Piece

# Every kind that a piece can have.
KINDS = frozenset(STANDARD_TYPES.values())


def highlight(code: str, language: str) -> tuple[Piece, ...]:
    """Return code as pieces of one kind each.

    It is one piece without a kind when its language is not known, or when there is too much of it: see `lexers.py`.
    """
    name = find_lexer_name(language) if language else None
    lexer = _lexer(name) if name is not None and len(code) <= find_longest(name) else None
    if lexer is None or not code:
        return (Piece("", code),)
    try:
        pieces = tuple(
            Piece(kind, "".join(text for _, text in group))
            for kind, group in groupby(_pieces(lexer, code), lambda each: each[0])
        )
    except Exception:  # of hundreds of lexers, some fail on what is no code of their language
        return (Piece("", code),)
    # Pygments reads code with a line end at its end, and mends other line ends. Code stays as it was written.
    *before, last = pieces
    whole = (*before, *([Piece(last.kind, text)] if (text := last.text.removesuffix("\n")) else []))
    return whole if "".join(piece.text for piece in whole) == code else (Piece("", code),)


def _pieces(lexer: Lexer, code: str) -> Iterator[tuple[str, str]]:
    for kind, text in lexer.get_tokens(code):
        while kind not in STANDARD_TYPES:
            kind = kind.parent or Token  # noqa: PLW2901 - the nearest kind that has a name
        if text:
            yield STANDARD_TYPES[kind], text


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    if language == PLAIN:
        return None
    try:
        lexer: Lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
    return lexer


@lru_cache(maxsize=256)
def guess_language(name: str) -> str:
    """Return the language of a file by its name, as Pygments calls it; `text` when Pygments does not know it."""
    if name.endswith(".py"):
        return "python"
    try:
        lexer: Lexer = get_lexer_for_filename(name)
    except ClassNotFound:
        return "text"
    return str(lexer.aliases[0]) if lexer.aliases else "text"
