"""Rules on a project's own templates and styles: no script unless it is trusted, and nothing from the network, ever.

The page is judged once more when it is made (`writers/page/`): what a page template writes is not known before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from itertools import chain
from typing import TYPE_CHECKING

from cardpress.diagnostics import Diagnostic, Related, SourceFile, Span
from cardpress.markdown.tree import Paragraph
from cardpress.markdown.tree import Text as TextNode
from cardpress.note_types import WORD_NAMES, Fact, Field, Holds, NoteType
from cardpress.source.bank import Bank, HtmlText, MarkdownText
from cardpress.source.templates.style_sheets import (
    TEMPLATE_CODES,
    TEMPLATE_HELP,
    Flaw,
    Harm,
    find_style_flaws,
    list_harmless_sheets,
)
from cardpress.source.templates.template_files import (
    CARD_SCRIPTS,
    CARD_STYLES,
    PAGE_SCRIPTS,
    PAGE_STYLES,
    is_page_template,
)

# What reads templates is loaded by the functions that need it: most projects have none of their own.
if TYPE_CHECKING:
    from cardpress.source.templates.adopted_templates import FindValues
    from cardpress.source.templates.template_html import Mark, Marks

_FILLED = re.compile(r"\{\{([#^/]?)([^{}]*)\}\}|@@(language|direction|report|script|label:[^@{}<>]+)@@")
_JINJA = re.compile(r"\{[{%#]")
_JINJA_ENDS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_PLAIN_VALUE = re.compile(r"[\w .+-]*")
# Fields that hold letters, digits, dots and hyphens alone, and one that is written for attributes.
_WORDS = frozenset({Fact.ID, Fact.ABOUT, Fact.VERSION, Fact.SECTION, Holds.NUMBER, Holds.FLAG})
# A script's way to load another one.
_IMPORT = re.compile(r"\b(?:import|importScripts)\b[^;\n]{0,200}?[\"'`]\s*(?:https?:)?//", re.IGNORECASE)
_CLOSING = re.compile(r"</script|<!--", re.IGNORECASE)
# What a field may hold of which nothing better is known.
_ANYTHING = "<\"'>"


def check_template_safety(bank: Bank) -> Iterator[Diagnostic]:
    """Card templates, styles and scripts of a project load nothing, and run nothing unless they are trusted."""
    trusted = _is_trusted(bank)
    for file, flaw in _find_flaws(bank):
        if flaw.harm is not Harm.SCRIPT or not trusted:
            span = Span(file, flaw.start, flaw.end)
            hint = flaw.help or TEMPLATE_HELP[flaw.harm]
            yield Diagnostic(TEMPLATE_CODES[flaw.harm], span, flaw.message, hint)


def check_trust(bank: Bank) -> Iterator[Diagnostic]:
    """A deck whose own templates may hold script says so each time."""
    if bank.info is None or bank.info.trust is None:
        return
    found = [(file, flaw) for file, flaw in chain(_find_flaws(bank), _find_in_pages(bank)) if flaw.harm is Harm.SCRIPT]
    places: dict[str, Span] = {}
    for file, flaw in found:
        places.setdefault(file.path, Span(file, flaw.start, flaw.end))
    related = tuple(Related(span, "script") for _, span in sorted(places.items()))
    message = f"script runs from {', '.join(sorted(places))}" if places else "no template of this project has script"
    hint = "read these files before you trust the deck" if places else "remove `trusted_templates`"
    yield Diagnostic("trusted-templates", bank.info.trust, message, hint, related)


def _is_trusted(bank: Bank) -> bool:
    return bank.info is not None and bank.info.trust is not None


def _find_flaws(bank: Bank) -> Iterator[tuple[SourceFile, Flaw]]:
    """Yield each harmful part of card templates, styles and scripts, with its file."""
    fonts = {font.name for font in bank.web_fonts}
    has_adopted = any(each.is_adopted for each in bank.note_types.values())
    sheets = list_harmless_sheets({name: each.data for name, each in bank.media.items()} if has_adopted else {})
    own = {name: bank.templates[name] for name in sorted(bank.own_templates & set(bank.templates))}
    for note_type in bank.note_types.values():
        for card in note_type.cards:
            for file in (card.front, card.back):
                if file is not None and _is_own(file, own):
                    from cardpress.source.templates.adopted_templates import read_adopted

                    found = (
                        read_adopted(file.text, _make_finder(bank, note_type)).flaws
                        if note_type.is_adopted
                        else read_card_template(file.text, note_type)
                    )
                    yield from ((file, flaw) for flaw in found)
        if note_type.style is not None and _is_own(note_type.style, own):
            flaws = find_style_flaws(note_type.style.text, has_files=note_type.is_adopted, sheets=sheets)
            yield from ((note_type.style, flaw) for flaw in flaws)
    for name, file in own.items():
        if name in (*CARD_STYLES, *PAGE_STYLES):
            known = () if name in CARD_STYLES else fonts
            yield from ((file, flaw) for flaw in find_style_flaws(file.text, fonts=known))
        elif name in (*CARD_SCRIPTS, *PAGE_SCRIPTS):
            yield from ((file, flaw) for flaw in _read_script(file.text))


def _is_own(file: SourceFile, own: Mapping[str, SourceFile]) -> bool:
    return file.path.removeprefix("templates/") in own


def _read_script(text: str) -> Iterator[Flaw]:
    yield Flaw(Harm.SCRIPT, "this script takes the place of ours", 0, 0)
    for found in _IMPORT.finditer(text):
        yield Flaw(Harm.REMOTE, "the script loads another from elsewhere", found.start(), found.end())
    for found in _CLOSING.finditer(text):
        yield Flaw(Harm.UNCLEAR, f"`{found[0]}` in a script ends it for browsers", found.start(), found.end())


def _find_in_pages(bank: Bank) -> Iterator[tuple[SourceFile, Flaw]]:
    """Yield what stands as script in the files of a page template; what they work out is judged in the page."""
    for name, file in sorted(bank.templates.items()):
        if name in bank.own_templates and is_page_template(name):
            from cardpress.source.templates.template_html import read_html

            ours = re.sub(r"<script type=\"module\">\{\{ script \}\}</script>", lambda m: "x" * len(m[0]), file.text)
            found = read_html(_blank_out(ours)).flaws
            yield from ((file, flaw) for flaw in found if "http-equiv" not in flaw.message)


def _blank_out(template: str) -> str:
    """Return a page template with letters in the place of what Jinja replaces."""
    last = {end: template.rfind(end) for end in _JINJA_ENDS.values()}  # so that none is looked for in vain
    pieces, position = [], 0
    for found in _JINJA.finditer(template):
        end = _JINJA_ENDS[found[0]]
        if position <= found.start() and found.end() <= last[end]:
            stop = template.index(end, found.end()) + len(end)
            pieces += [template[position : found.start()], "x" * (stop - found.start())]
            position = stop
    return "".join((*pieces, template[position:]))


def read_card_template(text: str, note_type: NoteType) -> tuple[Flaw, ...]:
    """Return the harmful parts of a card template."""
    from cardpress.source.templates.adopted_templates import find_acting
    from cardpress.source.templates.template_html import read_html

    fields = {field.name: field for field in note_type.fields}
    marks: Marks = {found.start(): (found.end(), _mark(found, fields)) for found in _FILLED.finditer(text)}
    flaws = list(read_html(text, marks=marks).flaws)
    for found in _FILLED.finditer(text):
        filters, _, name = (found[2] or "").strip().rpartition(":")
        field = fields.get(name.strip())
        if "text" in filters.split(":") and field is not None and not _is_word(field):
            message = f"`{found[0]}` makes HTML of what is text: `&lt;b&gt;` becomes `<b>`"
            hint = f"write `{{{{{name.strip()}}}}}`"
            flaws.append(Flaw(Harm.UNCLEAR, message, found.start(), found.end(), hint))
    return (*flaws, *find_acting(text))


def _make_finder(bank: Bank, note_type: NoteType) -> FindValues:
    """Return what finds all that the notes of an adopted type have in a field, or on a card that Anki fills in."""
    notes = [note for note in bank.notes() if note.note_type.kind == note_type.kind]
    fields = {field.name: field for field in note_type.fields}
    decks = tuple(_list_decks(bank))

    def find(name: str) -> Iterator[str]:
        if name in fields:
            yield from (_write(note.values.get(fields[name].key)) for note in notes)
        elif name == "Tags":
            yield from (" ".join(tag.value for tag in note.tags) for note in notes)
        elif name == "Card":
            yield from (card.name for card in note_type.cards)
        elif name == "Type":
            yield from (note_type.title, note_type.anki.name or "" if note_type.anki else "")
        elif name in ("Deck", "Subdeck"):
            yield from decks

    return find


def _list_decks(bank: Bank) -> Iterator[str]:
    """Yield all that Anki may call the decks of notes."""
    for each in (*((bank.info,) if bank.info else ()), *bank.sections):
        names = (each.title, each.deck_name, each.anki.name if each.anki else None)
        yield from (name.value for name in names if name)
    if bank.history:
        yield from (record.name for record in bank.history.sections.values())
        yield from (bank.history.deck.name,) if bank.history.deck else ()


def _write(value: object) -> str:
    """Return what Anki has of a value, or what could do at least as much."""
    match value:
        case None:
            return ""
        case HtmlText():
            return value.value
        case MarkdownText():
            is_plain = all(isinstance(node, Paragraph | TextNode) for node in value.document.walk())
            return escape(value.value, quote=False) if is_plain else _ANYTHING
        case _:
            return _ANYTHING


def _mark(found: re.Match[str], fields: dict[str, Field]) -> Mark:
    from cardpress.source.templates.template_html import Mark

    if found[3]:
        return {"report": Mark.HTML, "script": Mark.SCRIPT}.get(found[3], Mark.WORD)
    if found[1]:
        return Mark.SWITCH
    name = found[2].strip()
    return Mark.WORD if name in WORD_NAMES or (name in fields and _is_word(fields[name])) else Mark.HTML


def _is_word(field: Field) -> bool:
    """Return whether what a field holds can end no attribute, so that it may stand in one."""
    if field.holds is Holds.ONE_OF:
        return all(_PLAIN_VALUE.fullmatch(value) for value in field.values)
    return field.holds in _WORDS
