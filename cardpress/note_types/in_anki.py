"""What an adopted note type has in Anki already: its number and name, and how Anki's editor shows its fields.

A project writes it down when it takes over a deck that learners have. Nothing else makes anything of it.
"""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class TypeInAnki:
    """What Anki knows of an adopted note type.

    `id` is its number, None for one that is made as for other note types; so is `name`, its whole name. `sort_field` is
    the key of the field that Anki's browser sorts by, "" for the first one. `latex_before` and `latex_after` stand
    around LaTeX, and are None where they are those of Anki's own note types. `stock_kind` is the kind of Anki's own
    note types that it was made as, 0 for none. `uuid` is what CrowdAnki knows it by, "" for none.
    """

    id: int | None = None
    name: str | None = None
    sort_field: str = ""
    latex_before: str | None = None
    latex_after: str | None = None
    is_latex_svg: bool = False
    stock_kind: int = 0
    uuid: str = ""
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
