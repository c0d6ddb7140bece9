"""HTML for cards, the page and the JSON bundle: with code in colors, and links that tell no page where they were."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from cardpress.formulas import elements as mathml
from cardpress.formulas import read, to_mathml
from cardpress.markdown.html_writer import HtmlWriter
from cardpress.markdown.simple_trees import is_simple
from cardpress.markdown.tree import (
    Code,
    CodeBlock,
    Deletion,
    Document,
    Formula,
    Link,
    Paragraph,
    Piece,
    Place,
    Text,
    list_cuts,
    map_links,
)

if TYPE_CHECKING:
    import nh3

_TAGS = (
    set(
        "a audio blockquote br code del em h1 h2 h3 h4 h5 h6 hr img kbd li mark ol p pre rp rt ruby span strong sub "
        "sup table tbody td th thead tr ul".split()
    )
    | mathml.ELEMENTS
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "audio": {"aria-label", "controls", "src"},
    "code": {"class"},
    "img": {"alt", "src", "title"},
    "mark": {"class", "data-cloze", "data-hint"},
    "ol": {"start"},
    "span": {"class"},
    "td": {"style"},
    "th": {"style"},
    **mathml.ATTRIBUTES,
}


# Made once: to make one takes ten times as long as to read a text with it.
@cache
def _cleaner() -> nh3.Cleaner:
    import nh3  # for decks with texts alone that are not simple

    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        filter_style_properties={"text-align"},
        link_rel="noopener noreferrer",
    )


class CardWriter(HtmlWriter):
    """Writes documents as HTML for cards."""

    link_attributes = ' rel="noopener noreferrer"'

    def keeps(self, html: str) -> bool:
        """Return whether this writer, too, has this HTML for a simple tree (`simple_trees`) of which that was made."""
        return True

    def attribute(self, text: str) -> str:
        """Return a text in an attribute, on one line."""
        return super().attribute(text.replace("\n", " "))

    def address(self, address: str) -> str:
        """Return the value of `href`: as it was written, which browsers understand and people can read."""
        return self.attribute(address)

    def code_class(self, language: str) -> str:
        """Return the class of code in a language, as an attribute."""
        return f' class="language-{re.sub(r"[^a-z0-9+#-]", "", language.lower()) or "text"}"'

    def code(self, block: CodeBlock) -> str:
        """Return code in its colors."""
        if not block.pieces:
            return self.code_content(block.content)
        return "".join(self.pieces(block.pieces, block))

    def code_span(self, content: Sequence[Code]) -> str:
        """Return code in a line. Its line ends stay, as those of the text around it do."""
        return f"<code>{self.code_content(content)}</code>"

    def formula(self, formula: Formula) -> str:
        """Return a formula as MathML; one that this cannot set as its LaTeX."""
        tree = read(formula.source, formula.gaps).tree
        if tree is None:
            return f"<code>{self.text(formula.signed)}</code>"
        return to_mathml(tree, is_display=formula.is_display, latex=formula.source)

    def pieces(self, pieces: Sequence[Piece], block: CodeBlock) -> Iterable[str]:
        """Return colored pieces, cut where deletions open and close."""
        cuts = list_cuts(block.content)
        return self._cut(pieces, cuts) if cuts else [self.piece(kind, text) for kind, text in pieces]

    def _cut(self, pieces: Sequence[Piece], cuts: Sequence[tuple[int, Deletion, bool]]) -> Iterator[str]:
        position = cut = 0
        for kind, text in pieces:
            start = position
            position += len(text)
            while cut < len(cuts) and cuts[cut][0] < position:
                place, deletion, opens = cuts[cut]
                yield self.piece(kind, text[: place - start])
                yield self.opening(deletion) if opens else self.closing(deletion)
                text, start, cut = text[place - start :], place, cut + 1  # noqa: PLW2901 - what is left of it
            yield self.piece(kind, text)
        for _, deletion, opens in cuts[cut:]:
            yield self.opening(deletion) if opens else self.closing(deletion)

    def piece(self, kind: str, text: str) -> str:
        """Return a piece of code. Each of its lines is an element of its own."""
        if not kind or not text:
            return self.text(text)
        if "\n" not in text:
            return f'<span class="{kind}">{self.text(text)}</span>'
        lines = (f'<span class="{kind}">{self.text(line)}</span>' if line else "" for line in text.split("\n"))
        return "\n".join(lines)


def guard(document: Document, source: str) -> Document:
    """Return a document as it is, or as plain text when a well-kept sanitizer would take anything out of its HTML.

    That never happens to what `CardWriter` writes, as long as it has no fault; this is the guard against one.
    """
    if is_simple(document, or_code=True):
        return document  # there is nothing in it that could be taken out
    if _is_safe(document):
        return document
    # An address that the sanitizer cannot read leads nowhere; the text of its link stays.
    unlinked = map_links(document, lambda link: link if _is_safe(_alone(link)) else replace(link, is_broken=True))
    if _is_safe(unlinked):
        return unlinked
    return Document((Paragraph((Text(source),), Place(0, len(source))),), document.problems)


def _is_safe(document: Document) -> bool:
    html = CardWriter().document(document)
    return sanitize(html) == html


def _alone(link: Link) -> Document:
    return Document((Paragraph((replace(link, children=()),), link.place),))


def sanitize(html: str) -> str:
    """Return HTML with none but the safe elements, attributes and addresses."""
    return _cleaner().clean(html)
