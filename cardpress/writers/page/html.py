"""The HTML of texts on the page: pictures and sounds are in it, and it has no attribute that the page does not use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set

from cardpress.deck.notes import RichText
from cardpress.markdown.card_html import CardWriter
from cardpress.markdown.html_writer import escape
from cardpress.markdown.tree import (
    Cell,
    CodeBlock,
    Deletion,
    Formula,
    Inline,
    Link,
    Picture,
    Piece,
    Sound,
    Styled,
    Text,
    is_block,
    walk,
)

# What belongs to the word before it.
_CLOSING = re.compile(r"[.,:;!?)\]}…’”»%]+|-(?=\w)")


class PageWriter(CardWriter):
    """Writes documents as HTML for the page.

    The page's policy forbids `style`. Its head has one line against referrers, so that links need no `rel`.
    """

    link_attributes = ""

    def __init__(
        self,
        media: Mapping[str, str],
        merge: Callable[[Sequence[Piece]], Sequence[Piece]],
        on_paper: Set[str] = frozenset(),
    ) -> None:
        # `media` has the address of each file as it stands in an attribute; `merge` joins code that looks alike;
        # `on_paper` are the pictures that need a light ground at night, too.
        self._media = media
        self._on_paper = on_paper
        self._merge = merge

    def picture_address(self, name: str) -> str:
        """Return the `data:` address of a picture or sound, in the form that an attribute has."""
        return self._media.get(name, "")

    def picture(self, picture: Picture) -> str:
        """Return a picture."""
        # Most stand in answers that are closed: browsers that run our script read each when it is to be seen.
        paper = ' class="paper"' if picture.name in self._on_paper else ""
        return f'{super().picture(picture)[:-1]}{paper} loading="lazy">'

    def sound(self, sound: Sound) -> str:
        """Return a player, and behind it the description, which those who cannot hear it can read."""
        label, src = self.attribute(sound.description), self.picture_address(sound.name)
        player = f'<audio controls preload="none" aria-label="{label}" src="{src}"></audio>'
        return f'<span class="sound">{player} <span>{self.text(sound.description)}</span></span>'

    def inline(self, nodes: Sequence[Inline]) -> str:
        """Return what stands in a line. A sign behind a formula stays in its line, which browsers do not see to."""
        pieces: list[str] = []
        waiting: list[Inline] = []
        for node in nodes:
            sign = _CLOSING.match(node.value) if isinstance(node, Text) and waiting else None
            if isinstance(node, Text) and sign and _ends_in_formula(waiting[-1]):
                kept = super().inline((waiting.pop(), Text(sign[0])))
                pieces += [super().inline(waiting), f'<span class="together">{kept}</span>']
                waiting = [Text(node.value[sign.end() :])]
            else:
                waiting.append(node)
        return "".join(pieces) + super().inline(waiting)

    def code_class(self, language: str) -> str:
        """Return no class."""
        return ""

    def code(self, block: CodeBlock) -> str:
        """Return code in the colors that the page's style sheet has."""
        return "".join(self.pieces(self._merge(block.pieces), block))

    def piece(self, kind: str, text: str) -> str:
        """Return a piece of code, which may have several lines, in the shortest element: there are thousands."""
        return f"<i class={kind}>{self.text(text)}</i>" if kind and text else self.text(text)

    def alignment(self, cell: Cell) -> str:
        """Return the class that aligns a cell of a table."""
        return f' class="{cell.alignment}"' if cell.alignment else ""

    def opening(self, deletion: Deletion) -> str:
        """Return what begins a cloze deletion. Studying hides one number at a time; most texts have one alone."""
        number = f' data-cloze="{deletion.number}"' if deletion.number > 1 else ""
        hint = f' data-hint="{self.attribute(deletion.hint)}"' if deletion.hint else ""
        return f'<mark class="cloze"{number}{hint}>'

    def link_text(self, text: RichText, html: str) -> str:
        """Return the name of a text, whose HTML is `html`, as one line for use inside a link.

        It is plain text where it has blocks, links, pictures or sounds.
        """
        name = text.name
        if any(is_block(node) or isinstance(node, Link | Picture | Sound) for node in walk(name.nodes)):
            return escape(name.one_line)
        return html if name is text else name.html(self)


def _ends_in_formula(node: Inline) -> bool:
    """Return whether a node ends in a formula that stands in a line."""
    if isinstance(node, Formula):
        return not node.is_display
    last = node.children[-1:] if isinstance(node, Deletion | Styled) else ()
    return any(isinstance(each, Formula) and not each.is_display for each in last)
