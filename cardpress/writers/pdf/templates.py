"""The templates that print a sheet: the engine's, or the project's own."""

from __future__ import annotations

from collections.abc import Mapping

from cardpress.deck.notes import Deck
from cardpress.diagnostics import SourceFile
from cardpress.outputs import OUTPUTS


def find_own_template(deck: Deck, sheet: str) -> str | None:
    """Return the project's own template that decides how a sheet looks, None when it has none."""
    names = (f"print/{OUTPUTS[sheet].template}.typ", "print/common.typ")
    return next((name for name in names if name in deck.replaced_templates), None)


def join_template(deck: Deck, sheet: str, replaced: Mapping[str, SourceFile]) -> str:
    """Return the Typst source of a sheet: from these templates where they have it, else from the deck's."""
    templates = {**deck.templates, **replaced}
    return f"{templates['print/common.typ'].text}\n{templates[f'print/{OUTPUTS[sheet].template}.typ'].text}"
