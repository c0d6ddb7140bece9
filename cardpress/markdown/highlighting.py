"""Colors code: Pygments says what kind of thing each piece of it is."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import STANDARD_TYPES, Token, _TokenType
from pygments.util import ClassNotFound

from cardpress.markdown.joined_rules import join_rules
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
        pieces = _merge(lexer.get_tokens(code))
    except Exception:  # of hundreds of lexers, some fail on what is no code of their language
        return (Piece("", code),)
    # Pygments reads code with a line end at its end, and mends other line ends. Code stays as it was written.
    *before, last = pieces
    whole = (*before, *([Piece(last.kind, text)] if (text := last.text.removesuffix("\n")) else []))
    return whole if "".join(piece.text for piece in whole) == code else (Piece("", code),)


def _merge(tokens: Iterable[tuple[_TokenType, str]]) -> tuple[Piece, ...]:
    """Return tokens as pieces, those of one kind that follow each other as one."""
    kinds: list[str] = []
    texts: list[str] = []
    for token, text in tokens:
        kind = _name(token)
        if not text:
            continue
        if kinds and kinds[-1] == kind:
            texts[-1] += text
        else:
            kinds.append(kind)
            texts.append(text)
    return tuple(map(Piece, kinds, texts))


@lru_cache(maxsize=1_024)
def _name(kind: _TokenType) -> str:
    """Return the short name of a kind, or of the nearest kind above it that has one."""
    while kind not in STANDARD_TYPES:
        kind = kind.parent or Token
    return STANDARD_TYPES[kind]


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    if language == PLAIN:
        return None
    try:
        lexer: Lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
    join_rules(lexer)
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
