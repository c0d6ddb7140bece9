"""What an adopted note type has in Anki already: its number and name, and how Anki's editor shows its fields.

A project writes it down when it takes over a deck that learners have. Nothing else makes anything of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cardpress.diagnostics import Span

# What a field of Anki's own note types has, until somebody chooses otherwise.
USUAL_FONT, USUAL_SIZE = "Arial", 20
# What stands around LaTeX in Anki's own note types.
USUAL_LATEX_BEFORE = (
    "\\documentclass[12pt]{article}\n\\special{papersize=3in,5in}\n\\usepackage[utf8]{inputenc}\n"
    "\\usepackage{amssymb,amsmath}\n\\pagestyle{empty}\n\\setlength{\\parindent}{0in}\n\\begin{document}\n"
)
USUAL_LATEX_AFTER = "\\end{document}"
# The kinds of Anki's own note types that have deletions, and masks on pictures (`rslib/src/notetype/stock.rs`).
CLOZE_KIND, OCCLUSION_KIND = 5, 6
# What older programs, or an author's choice, say of a field or card otherwise than Anki of today. The note types of
# learners have it, and CrowdAnki compares them to the letter.
_UNUSUAL_OF_FIELDS: Mapping[str, type] = {"media": list, "sticky": bool, "excludeFromSearch": bool}
_UNUSUAL_OF_CARDS: Mapping[str, type] = {"bqfmt": str, "bafmt": str, "bfont": str, "bsize": int, "did": int}
# Characters of a text of these, in which nothing is an element.
_LONGEST_UNUSUAL = 500
JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class UnusualParts:
    """What a folder for CrowdAnki says of each field and each card of a note type that is not as usual."""

    fields: tuple[JsonObject, ...]
    cards: tuple[JsonObject, ...]

    def to_text(self) -> str:
        """Return it as JSON in a line, "" where all is as usual."""
        if not any((*self.fields, *self.cards)):
            return ""
        return json.dumps([self.fields, self.cards], separators=(",", ":"))


def find_unusual(fields: Iterable[Any], cards: Iterable[Any]) -> UnusualParts:
    """Return what JSON of Anki's says of fields and cards that is not as usual."""
    return UnusualParts(
        tuple(_keep(each, _UNUSUAL_OF_FIELDS) for each in fields),
        tuple(_keep(each, _UNUSUAL_OF_CARDS) for each in cards),
    )


def _keep(entry: Any, known: Mapping[str, type]) -> JsonObject:
    found = entry if isinstance(entry, dict) else {}
    return {
        key: found[key]
        for key, kind in known.items()
        if type(found.get(key)) is kind and (found[key] or kind is list) and _is_plain(found[key])
    }


def is_plain_look(text: str) -> bool:
    """Return whether Anki's browser can show a card by a text, in which nothing is an element."""
    return len(text) <= _LONGEST_UNUSUAL and "<" not in text and text.isprintable()


def _is_plain(value: Any) -> bool:
    match value:
        case list():
            return not value
        case str():
            return is_plain_look(value)
        case _:
            return bool(abs(value) < 2**63)


def read_unusual(text: str) -> UnusualParts | None:
    """Return what `to_text` wrote, None for anything else."""
    try:
        fields, cards = json.loads(text)
        found = find_unusual(fields, cards)
    except (ValueError, TypeError, RecursionError):
        return None
    return found if found.to_text() == text else None


@dataclass(frozen=True, slots=True)
class TypeInAnki:
    """What Anki knows of an adopted note type.

    `id` is its number, None for one that is made as for other note types; so is `name`, its whole name. `sort_field` is
    the key of the field that Anki's browser sorts by, "" for the first one. `latex_before` and `latex_after` stand
    around LaTeX, and are None where they are those of Anki's own note types. `stock_kind` is the kind of Anki's own
    note types that it was made as, 0 for none. `uuid` is what CrowdAnki knows it by, "" for none; `crowdanki` has what
    else a folder for CrowdAnki says of fields and cards.
    """

    id: int | None = None
    name: str | None = None
    sort_field: str = ""
    latex_before: str | None = None
    latex_after: str | None = None
    is_latex_svg: bool = False
    stock_kind: int = 0
    uuid: str = ""
    crowdanki: UnusualParts | None = None
    # Where the key stands, and the number.
    place: Span | None = None
    id_place: Span | None = None


@dataclass(frozen=True, slots=True)
class FieldInAnki:
    """What Anki knows of a field: its number, None for one that is made, and how its editor shows the field."""

    id: int | None = None
    font: str = USUAL_FONT
    size: int = USUAL_SIZE
    is_right_to_left: bool = False
    description: str = ""
    is_collapsed: bool = False
    is_plain_text: bool = False


@dataclass(frozen=True, slots=True)
class CardInAnki:
    """What Anki knows of a card template: its number, None for one that is made, and what its browser lists.

    `browser_front` and `browser_back` are "" where that is the sides themselves.
    """

    id: int | None = None
    browser_front: str = ""
    browser_back: str = ""
