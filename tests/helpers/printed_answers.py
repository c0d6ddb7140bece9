"""What cards on paper have of the answers behind them, read back from the sheets."""

from __future__ import annotations

import io
import re

import pikepdf

from cardpress.deck.notes import Deck, Note, RichText
from cardpress.markdown.plain_text import join_text
from cardpress.markdown.tree import Cell, CodeBlock, Formula, Node, Paragraph, Picture, Ruby, Sound, walk
from cardpress.note_types import Holds
from cardpress.outputs import Sheet
from cardpress.writers import pdf
from tests.helpers.pdf_pages import glyphs, words

# The size of the feet of cards.
_FOOT = 6.5


def list_unprinted(deck: Deck, sheet: str, paper: str) -> list[tuple[str, str]]:
    """Return the paragraphs of answers and key points, with their notes, that are on no back of a sheet's cards.

    Code counts as a paragraph. What has formulas, pictures, sounds or readings in it is not looked for.
    """
    with pdf.open_press(deck) as press:
        made = press.make(Sheet(sheet), (paper,))
    assert made.diagnostics == ()
    with pikepdf.open(io.BytesIO(made.artifacts[0].data)) as opened:
        backs = [words([glyph for glyph in glyphs(page) if glyph.size != _FOOT]) for page in opened.pages[1::2]]
    printed = _plain("".join(backs))
    notes = list(deck.notes()) if sheet == "flashcards" else [e for n in deck.notes() for e in n.recall]
    told = [(note.id, text) for note in notes for text in _list_told(note)]
    assert told or any(note.occlusion for note in notes)
    return [(note_id, text) for note_id, text in told if _plain(text) not in printed]


def _list_told(note: Note) -> list[str]:
    texts = [note.answer] if note.answer else []
    texts += [point for _, points in note.each(Holds.LINES) for point in points]
    return [text for each in texts for text in _list_paragraphs(each)]


def _list_paragraphs(text: RichText) -> list[str]:
    blocks: list[Node] = [node for node in text.document.walk() if isinstance(node, Paragraph | CodeBlock | Cell)]
    unseen = Formula | Picture | Sound | Ruby
    return [join_text((block,)) for block in blocks if not any(isinstance(node, unseen) for node in walk((block,)))]


def _plain(text: str) -> str:
    """Return the characters of a text without white space, nor the colon of a headline, which paper does without."""
    return re.sub(r"[\s\u200b\u2060:：□]", "", text)
