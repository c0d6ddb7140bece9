"""Makes highlighted code smaller: it keeps only the pieces that look different under a style sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from cardpress.markdown.tree import Piece
from cardpress.source.templates.css import CLASS, drop_comments, list_rules


def make_color_merger(style: str) -> Callable[[Sequence[Piece]], tuple[Piece, ...]]:
    """Return a function that joins pieces of code that look the same under a style sheet.

    A kind that no rule names has no color. Of kinds that are in exactly the same rules, the first replaces the others.
    White space belongs to the pieces around it where these look the same. So colors are known to the style sheet alone.
    """
    representatives = _representatives(style)

    def merge(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
        merged: list[Piece] = []
        for kind, text in _lines(pieces):
            look = representatives.get(kind, "") if text.strip() else ""
            if not merged or merged[-1].kind == look:
                before = merged.pop().text if merged else ""
            elif len(merged) > 1 and not merged[-1].text.strip() and merged[-2].kind == look:
                space = merged.pop().text
                before = merged.pop().text + space
            else:
                before = ""
            merged.append(Piece(look, before + text))
        return tuple(merged)

    return merge


def _lines(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield pieces cut at their line ends, which have no color."""
    for kind, text in pieces:
        for number, line in enumerate(text.split("\n")):
            if number:
                yield Piece("", "\n")
            if line:
                yield Piece(kind, line)


def _representatives(style: str) -> dict[str, str]:
    """Return each class of a style sheet with the first class that is drawn the same."""
    uses: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, (selectors, _) in enumerate(list_rules(drop_comments(style))):
        for selector in selectors.rpartition(";")[2].split(","):
            for name in CLASS.findall(selector):
                uses[name].append((number, selector.strip().replace(f".{name}", ".")))
    first: dict[tuple[tuple[int, str], ...], str] = {}
    return {name: first.setdefault(tuple(places), name) for name, places in uses.items()}
