"""HTML in which Anki sees its own signs where they are meant, and nowhere else.

In a field, Anki looks for cloze deletions, formulas, LaTeX and sounds anywhere, even in code and in attributes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cardpress.markdown.card_html import CardWriter
from cardpress.markdown.tree import CodeBlock, Deletion, Piece

# Where a formula, a sound or LaTeX begins for Anki.
_SIGNS = re.compile(r"\\(?=[(\[])|\[(?=sound:|anki:|latex\]|/latex\]|\$\$?\]|/\$\$?\])", re.IGNORECASE)
_CLOZE_SIGNS = re.compile(r"\{(?=\{)|\}(?=\})|:(?=:)")
_BRACES = re.compile(r"\{(?=\{)|\}(?=\})|\}$")
_SIGN_OF_HINT = re.compile(r"sound:|anki:|/?latex\]|/?\$\$?\]", re.IGNORECASE)
_END_OF_HINT = re.compile(r"\[/?(?:latex|\$\$?)$", re.IGNORECASE)
# An empty comment between two characters shows nothing, and Anki sees no sign in them any more.
_GAP = "<!-- -->"


class FieldWriter(CardWriter):
    """Writes documents as the HTML of a field. `is_cloze` is for fields in which Anki looks for deletions."""

    def __init__(self, *, is_cloze: bool = False) -> None:
        self.is_cloze = is_cloze

    def text(self, text: str) -> str:
        """Return a text in which Anki sees no sign of its own."""
        html = super().text(text)
        if self.is_cloze:
            html = _CLOZE_SIGNS.sub(rf"\g<0>{_GAP}", html)
        return _SIGNS.sub(r"<span>\g<0></span>", html) if "\\" in html or "[" in html else html

    def attribute(self, text: str) -> str:
        """Return a text in an attribute. There, only an entity can break up a sign."""
        html = super().attribute(text)
        if self.is_cloze:
            html = _CLOZE_SIGNS.sub(_as_entity, html)
        return _SIGNS.sub(_as_entity, html)

    def opening(self, deletion: Deletion) -> str:
        """Return what begins a cloze deletion for Anki."""
        return f"{{{{c{deletion.number}::"

    def closing(self, deletion: Deletion) -> str:
        """Return what ends a cloze deletion for Anki: its hint, and two braces."""
        return f"::{self.hint(deletion.hint)}}}}}" if deletion.hint else "}}"

    def hint(self, hint: str) -> str:
        """Return a hint. Anki ends it at the first two braces."""
        html = _BRACES.sub(rf"\g<0>{_GAP}", super().text(hint))
        html = _SIGNS.sub(r"<span>\g<0></span>", html)
        # Anki shows a hint in brackets, and reads its signs only then.
        before = _GAP if _SIGN_OF_HINT.match(html) else ""
        return f"{before}{html}{_GAP if _END_OF_HINT.search(html) else ''}"

    def deletion(self, deletion: Deletion, before: str = "") -> str:
        """Return a cloze deletion whose braces do not run into those around it."""
        gap = _GAP if before.endswith("{") else ""
        return gap + super().deletion(deletion)

    def inside(self, deletion: Deletion) -> str:
        """Return what a cloze deletion holds, apart from the braces that end it."""
        html = super().inside(deletion)
        ends_in_deletion = bool(deletion.children) and isinstance(deletion.children[-1], Deletion)
        return html + _GAP if html.endswith(("}", ":")) and not ends_in_deletion else html

    def pieces(self, pieces: Sequence[Piece], block: CodeBlock) -> Iterator[str]:
        """Yield colored pieces. A brace or colon without a color keeps its distance from a deletion's own."""
        before = ""
        for html in super().pieces(pieces, block):
            is_open, is_close = html.startswith("{{c"), html.startswith(("}}", "::"))
            if (is_open and before.endswith("{")) or (is_close and before.endswith(("}", ":"))):
                yield _GAP
            yield html
            before = html or before


def _as_entity(sign: re.Match[str]) -> str:
    """Return a matched character as an HTML entity, in which Anki sees no sign of its own."""
    return f"&#{ord(sign[0])};"
