"""What a card template of an adopted note type could do: it stays as learners have it, as far as that is harmless.

Anki fills in what notes have. So whether a field may stand in an attribute, or as text of which HTML is made, is
for the notes to say: it may where none of them could end the attribute, or write a tag.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from cardpress.formulas.commands import ACTS, SCRIPTED
from cardpress.markdown.entities import unescape
from cardpress.source.templates.style_sheets import Flaw, Harm, is_file
from cardpress.source.templates.template_html import Findings, Mark, Marks, read_html

# Returns what all notes have of a field, or of what Anki knows of a card, by its name: HTML, as Anki stores it.
FindValues = Callable[[str], Iterable[str]]

# What Anki's own image occlusion has to draw its masks (its `rslib/src/image_occlusion/notetype.rs`), in any language.
# What it shows where that fails is a plain text, and the name of the error alone is filled in.
_DRAWS_MASKS = re.compile(
    r"<script>\s*+try\s*+\{\s*+anki\.(?:imageOcclusion\.setup|setupImageCloze)\(\);?+\s*+\}\s*+catch\s*+\((\w{1,10})\)\s*+\{"
    r"\s*+document\.getElementById\(\"err\"\)\.innerHTML\s*+=\s*+`[^`$\\<>{}]{0,300}+(?:<br>){0,3}+[^`$\\<>{}]{0,300}+"
    r"\$\{\1\}`;?+\s*+\}\s*+</script>"
)
# With which old templates begin whose tags are `<%Field%>`.
OTHER_BRACES = re.compile(r"\s*\{\{=<% %>=\}\}")
# What begins a tag, also together with what follows.
_OPENS = re.compile(r"<(?:[A-Za-z/!?]|\Z)")
_WORD = re.compile(r"[\w .+#%-]*")
_ADDRESS = re.compile(r"\s*(?:(?:https?://|mailto:|#)[^\s\"'<>]*\s*)?", re.IGNORECASE)
_TEXT = re.compile(r"[^\"'<>]*")
_ELEMENT = re.compile(r"<[^<>]*+>")
# What MathJax reads over in a formula, and what Anki leaves nothing of.
_READ_OVER = re.compile(r"<wbr\b[^<>]*>|\{\{[#^/][^{}]*\}\}", re.IGNORECASE)
# A command that goes on in a field.
_BEGUN = re.compile(
    rf"\\(?:{'|'.join(sorted({name[:end] for name in SCRIPTED for end in range(len(name))}))})(?=\{{\{{)"
)
_NAME = re.compile(r"\\[A-Za-z]*")
# The whole side, from the field's HTML.
_SIDE = "FrontSide"


def read_adopted(text: str, find_values: FindValues) -> Findings:
    """Return what a card template could do, and the parts of it."""
    text = _DRAWS_MASKS.sub(lambda found: " " * len(found[0]), text)
    if directive := OTHER_BRACES.match(text):
        message = "`{{=<% %>=}}` makes other signs the braces of fields"
        return Findings(
            [Flaw(Harm.UNCLEAR, message, *directive.span(), "write `{{Field}}` in the place of `<%Field%>`")]
        )
    tags = [_read_tag(text, start, end) for start, end in find_places(text)]
    found = read_html(text, marks=_mark(tags, None), is_adopted=True)
    if found.flaws:  # only then it matters what notes have
        found = read_html(text, marks=_mark(tags, find_values), is_adopted=True)
    found.flaws += (*_judge_texts(tags, find_values), *_judge_hints(tags), *find_acting(text))
    return found


class _Tag(NamedTuple):
    """What is filled in: its place, the field, its filters, and whether it opens or closes a section."""

    start: int
    end: int
    written: str
    field: str
    filters: frozenset[str]
    is_section: bool


def _read_tag(text: str, start: int, end: int) -> _Tag:
    inside = text[start + 2 : end - 2].lstrip("{").strip()
    *filters, field = inside.split(":")
    return _Tag(start, end, text[start:end], field, frozenset(filters) - {""}, inside[:1] in ("#", "^", "/"))


def _mark(tags: Iterable[_Tag], find_values: FindValues | None) -> Marks:
    """Return what comes to each place: HTML, but for what all that notes have there is known to be."""
    judged: dict[tuple[str, bool], Mark] = {}
    marks: dict[int, tuple[int, Mark]] = {}
    for tag in tags:
        mark = Mark.SWITCH if tag.is_section else Mark.HTML
        # What another filter makes of a field is HTML.
        if find_values and not tag.is_section and tag.field != _SIDE and tag.filters <= {"text"}:
            key = (tag.field, bool(tag.filters))
            if key not in judged:
                judged[key] = judge_values(find_values(tag.field), as_text=key[1])
            mark = judged[key]
        marks[tag.start] = (tag.end, mark)
    return marks


def find_places(text: str) -> Iterator[tuple[int, int]]:
    """Yield where what is filled in begins and ends, also in comments, where an Anki of old filled it in, too."""
    start, last = text.find("{{"), text.rfind("}}")
    while 0 <= start < last - 1:
        end = text.index("}}", start + 2) + 2
        yield start, end
        start = text.find("{{", end)


def judge_values(values: Iterable[str], *, as_text: bool = False) -> Mark:
    """Return what may be done with a field that has these values, HTML as it stands or the text of it."""
    kinds = {Mark.WORD: True, Mark.FILE: True, Mark.ADDRESS: True, Mark.TEXT: True}
    for value in values:
        shown = to_text(value) if as_text else value
        decoded = unescape(shown)
        kinds[Mark.WORD] = kinds[Mark.WORD] and _WORD.fullmatch(shown) is not None
        kinds[Mark.TEXT] = kinds[Mark.TEXT] and _TEXT.fullmatch(shown) is not None
        is_quiet = kinds[Mark.TEXT] and _TEXT.fullmatch(decoded) is not None
        kinds[Mark.FILE] = kinds[Mark.FILE] and is_quiet and is_file(decoded)
        kinds[Mark.ADDRESS] = kinds[Mark.ADDRESS] and is_quiet and _ADDRESS.fullmatch(decoded) is not None
        if not kinds[Mark.TEXT]:
            return Mark.HTML
    return next(mark for mark, holds in kinds.items() if holds)


def to_text(html: str) -> str:
    """Return what Anki's filter `text` makes of HTML: no tags, and entities decoded, of which tags can come again."""
    return unescape(_ELEMENT.sub("", html)) if "<" in html or "&" in html else html


def _judge_texts(tags: Iterable[_Tag], find_values: FindValues) -> Iterator[Flaw]:
    """Yield a flaw for each place that makes tags of the text of a note."""
    known: dict[str, bool] = {_SIDE: True}
    for tag in tags:
        if "text" not in tag.filters or tag.is_section:
            continue
        if tag.field not in known:
            known[tag.field] = any(_OPENS.search(to_text(value)) for value in find_values(tag.field))
        if known[tag.field]:
            message = f"`{tag.written}` makes HTML of what is text: `&lt;b&gt;` becomes `<b>`"
            yield Flaw(Harm.UNCLEAR, message, tag.start, tag.end, f"write `{{{{{tag.field}}}}}`")


def _judge_hints(tags: Iterable[_Tag]) -> Iterator[Flaw]:
    """Yield a flaw for each hint whose field has HTML for a name, which Anki writes into the link."""
    for tag in tags:
        if "hint" in tag.filters and "<" in tag.field:
            message = f"`{tag.written}` shows the name of the field as HTML"
            yield Flaw(Harm.SCRIPT, message, tag.start, tag.end, f"write `{{{{{tag.field}}}}}`")


def find_acting(text: str) -> Iterator[Flaw]:
    """Yield the first command by which a formula could act, also one in pieces that Anki or MathJax puts together."""
    if "\\" not in text and "&" not in text:
        return
    for search in (ACTS, _BEGUN):
        found = search.search(text) or search.search(unescape(_READ_OVER.sub("", _leave_out_comments(text))))
        if found:
            inside = found if found.string is text else None
            name = _NAME.match(found.string[found.start() : found.start() + 20])
            message = f"`{name[0] if name else ''}` in a formula can run a script, or load something"
            if search is _BEGUN:
                message = "a backslash before a field makes a command of what the field holds"
            place = inside.span() if inside else (0, 0)
            yield Flaw(Harm.SCRIPT, message, *place, "remove it; a formula stands in a field as a whole, in `\\(…\\)`")
            return


def _leave_out_comments(text: str) -> str:
    pieces, position = [], 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start)) >= 0:
        pieces.append(text[position:start])
        position = end + 3
    return "".join((*pieces, text[position:]))
