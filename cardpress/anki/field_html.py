"""HTML in which Anki sees its own signs where they are meant, and nowhere else.

In a field, Anki looks for cloze deletions, formulas, LaTeX, sounds and boxes to type in anywhere, even in code and in
attributes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from cardpress.formulas import find_texts, part_from, write_hint
from cardpress.formulas.commands import ACTS
from cardpress.markdown.card_html import CardWriter
from cardpress.markdown.html_writer import escape
from cardpress.markdown.tree import CodeBlock, Deletion, Document, Formula, Latex, Piece, Ruby, Sound

# What Anki knows in brackets: boxes to type in, sounds and speech, LaTeX.
_WORDS = ("[type:", "sound:", "anki:", "latex]", "/latex]", "$]", "$$]", "/$]", "/$$]")
_BRACKET = "|".join(map(re.escape, _WORDS))
# Where a formula, a command that could act in one, or one of these begins for Anki. A deletion, in whatever field of a
# cloze note, makes a card.
_SIGNS = re.compile(rf"\\(?=[(\[])|(?-i:{ACTS.pattern})|\[(?={_BRACKET})|\{{(?=\{{c[0-9,]+::)", re.IGNORECASE)
_OPENINGS = re.compile(r"\{(?=\{c[0-9,]+::)")
_BRACKETS = re.compile(rf"\[(?={_BRACKET})", re.IGNORECASE)
_ANY_BRACKET = re.compile(r"\[")
# What is left of such a sign before a deletion that cuts it in two. Up to 2.1.55, Anki put nothing around deletions
# that it did not ask for, so that the sign was whole again.
_BEGUN = "|".join(sorted({re.escape(word[:length]) for word in _WORDS for length in range(1, len(word))}))
_CUT_SIGNS = re.compile(rf"\\\Z|\[(?=(?:{_BEGUN})?\Z)", re.IGNORECASE)
# Anki takes a deletion that begins with these words for a mask on a picture.
_CLOZE_SIGNS = re.compile(r"\{(?=\{)|\}(?=\})|:(?=:)|^i(?=mage-occlusion:)")
_AT_SIGNS = ("{", "}", ":", "")
_BRACES = re.compile(r"\{(?=\{)|\}(?=\})|\}$")
_SIGN_OF_HINT = re.compile(_BRACKET, re.IGNORECASE)
_END_OF_HINT = re.compile(r"\[/?(?:latex|\$\$?)$", re.IGNORECASE)
# A sound that is meant: all others are broken up.
_OF_SOUNDS = re.compile(r"\[sound:[^\[\]]+\]")
# The signs of deletions that are meant.
_OF_DELETIONS = re.compile(r"\{\{c[0-9]+::|::(?:(?!\}\}).)*\}\}|\}\}", re.DOTALL)
# A line's end in a formula, and the bracket behind it, in which Anki sees the formula's end.
_LINE_END = re.compile(r"(?<!\\)(?:\\\\)+(?=[)\]])")
# What shows nothing in a text in a formula.
_NOTHING = "${}$"
# An empty comment between two characters shows nothing, and Anki sees no sign in them any more.
_GAP = "<!-- -->"


class FieldWriter(CardWriter):
    """Writes documents as the HTML of a field.

    `is_cloze` is for fields in which Anki looks for deletions, `has_cuts` for texts where these cut a sign in two.
    `has_notation` is for fields from which a card template takes characters or readings with a filter: they have
    Anki's own signs, as in ` 漢字[かんじ]`, where the space says how far the characters reach.
    """

    def __init__(self, *, is_cloze: bool = False, has_cuts: bool = False, has_notation: bool = False) -> None:
        self.is_cloze = is_cloze
        self.has_cuts = has_cuts
        self.has_notation = has_notation

    def keeps(self, html: str) -> bool:
        """Return whether there is no sign of Anki in the HTML of a simple tree."""
        return not (self.is_cloze or "\\" in html or "[" in html or "{{c" in html)

    def document(self, document: Document) -> str:
        """Return all of a document."""
        html = super().document(document)
        return _WITH_CUTS[self.has_notation].document(document) if self._cuts(html) else html

    def line(self, document: Document) -> str:
        """Return a document for use inside a line."""
        html = super().line(document)
        return _WITH_CUTS[self.has_notation].line(document) if self._cuts(html) else html

    def _cuts(self, html: str) -> bool:
        if not self.is_cloze or self.has_cuts:
            return False
        # Behind the last end of a deletion none is looked for, as each `::` would be in vain.
        html = _OF_SOUNDS.sub(" ", html)
        end = html.rfind("}}") + 2 if "}}" in html else 0
        return _SIGNS.search(_OF_DELETIONS.sub("", html[:end]) + html[end:]) is not None

    def text(self, text: str) -> str:
        """Return a text in which Anki sees no sign of its own."""
        html = escape(text)
        if self.is_cloze:
            html = _CLOZE_SIGNS.sub(rf"\g<0>{_GAP}", html)
        if "\\" in html or "[" in html or "{{c" in html:
            html = _SIGNS.sub(r"<span>\g<0></span>", html)
            # An element of its own, since a formula may go on behind a comment.
            html = _CUT_SIGNS.sub(r"<span>\g<0></span>", html) if self.has_cuts else html
        return html.replace("[", "&#91;") if self.has_notation else html

    def attribute(self, text: str) -> str:
        """Return a text in an attribute. There, only an entity can break up a sign."""
        html = super().attribute(text)
        if self.is_cloze:
            html = _CLOZE_SIGNS.sub(_as_entity, html)
        html = _SIGNS.sub(_as_entity, html)
        return html.replace("[", "&#91;") if self.has_notation else html

    def sound(self, sound: Sound) -> str:
        """Return what plays a sound in Anki. Its name was made by us, and has no sign that would end it."""
        return f"[sound:{sound.name}]"

    def ruby(self, ruby: Ruby) -> str:
        """Return characters with their reading."""
        return super().ruby(ruby) if not self.has_notation else f" {ruby.base}[{ruby.reading}]"

    def formula(self, formula: Formula) -> str:
        """Return a formula for Anki's MathJax: its LaTeX as it is, with nothing in between but what TeX passes over.

        Two braces would end a deletion, and two colons begin its hint, so that a space stands between them.
        """
        # A sign that a deletion cuts in two is whole in Anki, once it has put the deletion's text there.
        brackets = _ANY_BRACKET if formula.gaps and _BRACKETS.search(formula.source) else _BRACKETS
        latex = ""
        for each in formula.content:
            if isinstance(each, Deletion):
                # Anki takes a formula to end at `\\)`, too, and does not know that what is behind it stands in one.
                latex = _LINE_END.sub(r"\g<0>{}", latex)
                latex += part_from(latex)
                latex += self._hidden_latex(each, brackets)
            else:
                latex += self._latex(each.source, brackets)
        html = f"\\[{latex}\\]" if formula.is_display else f"\\({latex}\\)"
        return html.replace("[", "&#91;") if self.has_notation else html

    def _latex(self, source: str, brackets: re.Pattern[str]) -> str:
        latex = escape(source)
        if self.is_cloze:
            latex = self._part_signs(latex)
        return brackets.sub("[{}", _OPENINGS.sub("{ ", latex))

    def _part_signs(self, latex: str) -> str:
        """Return LaTeX without two braces or colons in a row: a space stands between them, or nothing where that shows.

        That nothing is an empty formula in a text, which cannot stand in braces there.
        """
        if not _CLOZE_SIGNS.search(latex):
            return latex
        places = find_texts(latex)
        return _CLOZE_SIGNS.sub(lambda sign: sign[0] + (_NOTHING if sign.end() in places else " "), latex)

    def _hidden_latex(self, deletion: Deletion, brackets: re.Pattern[str]) -> str:
        """Return a deletion in a formula, from which Anki takes the element that it puts around others."""
        latex = self._latex("".join(each.source for each in deletion.children if isinstance(each, Latex)), brackets)
        latex = _LINE_END.sub(r"\g<0>{}", latex)
        before = " " if latex.startswith(":") else ""
        behind = " " if latex.endswith(("}", ":")) else ""
        hint = f"::{escape(write_hint(deletion.hint))}" if deletion.hint else ""
        return f"{{{{c{deletion.number}::{before}{latex}{behind}{hint}}}}}"

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

    def piece(self, kind: str, text: str) -> str:
        """Return a piece of code. Most are the same words again and again."""
        return _write_piece(self, kind, text)

    def pieces(self, pieces: Sequence[Piece], block: CodeBlock) -> Iterable[str]:
        """Return colored pieces. A brace or colon without a color keeps its distance from a deletion's own."""
        written = super().pieces(pieces, block)
        if isinstance(written, list) and not any(not kind and text[:1] in _AT_SIGNS for kind, text in pieces):
            return written
        return self._keep_apart(written)

    def _keep_apart(self, pieces: Iterable[str]) -> Iterator[str]:
        before = ""
        for html in pieces:
            is_open, is_close = html.startswith("{{c"), html.startswith(("}}", "::"))
            # No text ends in two of them, so a sign is before it.
            is_sign = is_open or is_close or before.endswith(("}}", "::")) or not self.is_cloze
            goes_on = not is_sign and html.startswith(("{", "}", ":")) and before.endswith(html[0])
            if goes_on or (is_open and before.endswith("{")) or (is_close and before.endswith(("}", ":"))):
                yield _GAP
            yield html
            before = html or before


@lru_cache(maxsize=8_192)
def _write_piece(writer: FieldWriter, kind: str, text: str) -> str:
    return CardWriter.piece(writer, kind, text)


_WITH_CUTS = {each: FieldWriter(is_cloze=True, has_cuts=True, has_notation=each) for each in (False, True)}


def _as_entity(sign: re.Match[str]) -> str:
    """Return a matched character as an HTML entity, in which Anki sees no sign of its own."""
    return f"&#{ord(sign[0])};"
