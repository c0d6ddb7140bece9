"""A deck in a script that no print font of ours has is made without printed sheets, and its deck.yaml says why.

Sheets would be full of boxes. A few letters of another script are no reason to do without: `check` tells of those.
"""

from __future__ import annotations

import re
import unicodedata

from cardpress.check.characters import name_font
from cardpress.markdown import to_plain_text
from cardpress.outputs import SHEETS
from cardpress.source.bank import Bank
from cardpress.source.glyphs import find_missing
from cardpress.source.strings import list_printed
from cardpress.source.texts import list_markdown_texts, list_plain_texts

# Texts that no font can print, for each note: from this on sheets are of no use.
_MANY = 0.1
# What `write_yaml` makes of a deck's outputs, and the key that stands behind them.
_OUTPUTS = re.compile(r"^outputs: \{(.*)\}$", re.MULTILINE)
_SECTIONS = re.compile(r"^sections:", re.MULTILINE)
_WHY = """\
# No sheets are printed: the fonts that come with cardpress lack letters of this deck. To have sheets, put a font that
# has them in source/fonts/{fonts}, and remove `pdf`.
"""
_OF_SHEETS = ("booklet", "pdf")


def name_lacking_font(bank: Bank) -> str | None:
    """Return words that name free fonts which a deck's sheets need, if such are known; None where it needs none."""
    if {*SHEETS}.isdisjoint(bank.choose_outputs()):
        return None
    labels = "".join(list_printed(bank.strings, bank.templates, bank.note_types.values()).values())
    texts = [text.value for text in list_plain_texts(bank) if not text.value.isascii()]
    texts += [to_plain_text(text.document) for text in list_markdown_texts(bank) if not text.value.isascii()]
    missing = frozenset(filter(_is_letter, find_missing("".join((labels, *texts)), bank.fonts)))
    count = sum(not missing.isdisjoint(text) for text in texts) if missing else 0
    is_lacking = count > 0 and count >= _MANY * sum(1 for _ in bank.questions())
    return name_font(missing, bank) if is_lacking or not missing.isdisjoint(labels) else None


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM"


def write_without_sheets(deck: str, fonts: str) -> str:
    """Return the text of a new deck.yaml in which no sheets are made, with the reason, and how to have them."""
    found = _OUTPUTS.search(deck)
    kept = [each for each in found[1].split(", ") if each.partition(":")[0] not in _OF_SHEETS] if found else []
    text = f"{_WHY.format(fonts=fonts)}outputs: {{{', '.join([*kept, 'pdf: false'])}}}"
    if found:
        return f"{deck[: found.start()]}{text}{deck[found.end() :]}"
    return _SECTIONS.sub(lambda sections: f"{text}\n{sections[0]}", deck, count=1)
