"""Makes highlighted code smaller: it keeps only the pieces that look different under a style sheet."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from cardpress.markdown.tree import Piece
from cardpress.source.templates.css import CLASS, drop_comments, list_rules

# It is a part of what is split by it.
_LINE_END = re.compile(r"(\n)")


def make_color_merger(style: str) -> Callable[[Sequence[Piece]], tuple[Piece, ...]]:
    """Return a function that joins pieces of code that look the same under a style sheet.

    A kind that no rule names has no color. Of kinds that are in exactly the same rules, the first replaces the others.
    White space belongs to the pieces around it where these look the same. So colors are known to the style sheet alone.
    """
    representatives = _representatives(style)

    def merge(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
        looks: list[str] = []
        texts: list[str] = []
        for kind, text in pieces:
            look = representatives.get(kind, "")
            # Line ends have no color, nor has any other white space.
            for part in _LINE_END.split(text) if "\n" in text else (text,):
                if not part:
                    continue
                own = "" if part.isspace() else look
                if looks and looks[-1] == own:
                    texts[-1] += part
                elif len(looks) > 1 and looks[-2] == own and texts[-1].isspace():
                    looks.pop()
                    texts[-2:] = [f"{texts[-2]}{texts[-1]}{part}"]
                else:
                    looks.append(own)
                    texts.append(part)
        return tuple(map(Piece, looks, texts))

    return merge


def _representatives(style: str) -> dict[str, str]:
    """Return each class of a style sheet with the first class that is drawn the same."""
    uses: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, (selectors, _) in enumerate(list_rules(drop_comments(style))):
        for selector in selectors.rpartition(";")[2].split(","):
            for name in CLASS.findall(selector):
                uses[name].append((number, selector.strip().replace(f".{name}", ".")))
    first: dict[tuple[tuple[int, str], ...], str] = {}
    return {name: first.setdefault(tuple(places), name) for name, places in uses.items()}
