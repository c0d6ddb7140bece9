"""Card templates and styles of a deck that is taken over → what cards can have of them: all but what would run or load.

What goes is as little as possible, each part with a word on it: an element that runs something, an attribute, an
address. A template of which no field is left shows those that it had, so that notes keep their cards.
"""

from __future__ import annotations

import re
import string
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from html import escape
from typing import NamedTuple

from cardpress.anki.original import Original, OriginalType
from cardpress.markdown.entities import unescape
from cardpress.note_types.template_parts import TemplateError, read_template
from cardpress.source.templates.adopted_templates import (
    OTHER_BRACES,
    FindValues,
    find_places,
    judge_values,
    read_adopted,
)
from cardpress.source.templates.css import BARE_ADDRESS, TOKEN
from cardpress.source.templates.style_sheets import Flaw, find_style_flaws
from cardpress.source.templates.template_html import Findings, HtmlPart, Mark, PartKind

# Rounds in which parts are taken out. What one hides is found in the next.
_MOST_ROUNDS = 30
# Elements whose content goes with them: browsers show it, if at all, where the element cannot be.
_WITH_CONTENT = frozenset("iframe object applet portal fencedframe frameset noembed noframes xmp".split())
# Elements of HTML that look like something, and load nothing by themselves.
_PLAIN = frozenset(
    "a abbr b bdi bdo big blockquote br caption center cite code col colgroup dd del details div dl dt em figcaption "
    "figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rb rp rt rtc ruby s samp "
    "section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr".split()
)
_NO_ADDRESS = "data:,"
_SIGNS = re.compile("[\ue000\ue001]")
_COMMAND = re.compile(r"\\[A-Za-z]*")
# Characters of what is left out, as people are told of it.
_LONGEST_QUOTED = 80


class Safe(NamedTuple):
    """A text that does no harm, and what it lacks of the original, each as a thing: it is `without` them."""

    text: str
    dropped: tuple[str, ...]


def find_values_of(original: Original, note_type: OriginalType) -> FindValues:
    """Return what finds all that the notes of a type have in a field, by its name, or on a card that Anki fills in."""
    notes = [note for note in original.notes if note.type_key == note_type.key]
    places = {field.name: place for place, field in enumerate(note_type.fields)}
    known: dict[str, Callable[[], Iterable[str]]] = {
        "Tags": lambda: (" ".join(note.tags) for note in notes),
        "Type": lambda: (note_type.name,),
        "Deck": lambda: (deck.name for deck in original.decks),
        "Subdeck": lambda: (deck.name.rpartition("::")[2] for deck in original.decks),
        "Card": lambda: (card.name for card in note_type.cards),
    }

    def find(name: str) -> Iterable[str]:
        if name in places:
            return (note.fields[places[name]] for note in notes if len(note.fields) > places[name])
        return known[name]() if name in known else ()

    return find


def make_template_safe(template: str, find_values: FindValues) -> Safe:
    """Return a card template that `check` accepts as one of an adopted note type.

    `find_values` finds what all notes have of a field: whether it may stand in an attribute depends on that.
    """
    text, dropped = template, dict[str, None]()
    known = _keep(find_values)
    for _ in range(_MOST_ROUNDS):
        while directive := OTHER_BRACES.match(text):
            dropped["`{{=<% %>=}}`, and with double braces in its place"] = None
            text = re.sub(r"<%([^<>%]*)%>", r"{{\1}}", text[directive.end() :])
        found = read_adopted(text, known)
        if not found.flaws:
            break
        edits = _choose(_list_edits(text, found, known))
        dropped |= dict.fromkeys(edit.what for edit in edits if edit.what)
        changed = _replace(text, edits)
        if changed == text or (_is_read(text) and not _is_read(changed)):
            break
        text = changed
    if read_adopted(text, known).flaws:
        dropped["all but plain elements"] = None
        text = _keep_plain(text, known)
    return Safe(_show_again(template, text) if dropped else text, tuple(dropped))


def make_style_safe(css: str, sheets: Container[str] = ()) -> Safe:
    """Return a style sheet that `check` accepts as that of an adopted note type.

    It may take in `sheets`, files of the deck that do no harm (`list_harmless_sheets`).
    """
    text, dropped = css, dict[str, None]()
    for _ in range(_MOST_ROUNDS):
        flaws = tuple(find_style_flaws(text, has_files=True, sheets=sheets))
        if not flaws:
            return Safe(text, tuple(dropped))
        edits = _choose(_list_style_edits(text, flaws))
        dropped |= dict.fromkeys(edit.what for edit in edits if edit.what)
        text = _replace(text, edits)
    return Safe("", (*dropped, "all of it"))


def _keep(find_values: FindValues) -> FindValues:
    """Return what finds the same, and looks through all notes once."""
    kept: dict[str, tuple[str, ...]] = {}

    def find(name: str) -> tuple[str, ...]:
        if name not in kept:
            kept[name] = tuple(dict.fromkeys(find_values(name)))
        return kept[name]

    return find


def _is_read(template: str) -> bool:
    try:
        read_template(template)
    except TemplateError:
        return False
    return True


def _show_again(before: str, after: str) -> str:
    """Return a template with the fields that it showed, where none of them is left."""
    if _list_shown(after):
        return after
    return after + "<br>".join(dict.fromkeys(_list_shown(before)))


def _list_shown(template: str) -> list[str]:
    tags = (template[start + 2 : end - 2].lstrip("{").strip() for start, end in find_places(template))
    return [f"{{{{{tag.rpartition(':')[2].strip()}}}}}" for tag in tags if tag[:1] not in ("#", "^", "/", "=", "")]


# --- templates


class _Edit(NamedTuple):
    """What takes the place of a part of a text, and what that was, for people."""

    start: int
    end: int
    instead: str
    what: str = ""


def _choose(edits: Iterable[_Edit]) -> tuple[_Edit, ...]:
    """Return edits in their order; of two that touch the same, the larger one counts."""
    chosen: list[_Edit] = []
    for edit in sorted(edits, key=lambda each: (each.start, -each.end)):
        if not chosen or edit.start >= chosen[-1].end:
            chosen.append(edit)
    return tuple(chosen)


def _replace(text: str, edits: Iterable[_Edit]) -> str:
    """Return a text with other parts, which stand in order."""
    pieces, position = [], 0
    for edit in edits:
        pieces += [text[position : edit.start], edit.instead]
        position = edit.end
    return "".join((*pieces, text[position:]))


def _quote(text: str) -> str:
    """Return the beginning of a text as it stands, in a line."""
    line = " ".join(text.split())
    return f"`{line if len(line) <= _LONGEST_QUOTED else line[:_LONGEST_QUOTED] + '…'}`"


def _list_edits(text: str, found: Findings, find_values: FindValues) -> Iterator[_Edit]:
    mending = _Mending(text, find_values)
    parts = deque(sorted(found.parts, key=lambda part: part.start))
    open_parts: list[HtmlPart] = []
    for flaw in sorted(found.flaws, key=lambda flaw: flaw.start):
        while parts and parts[0].start <= flaw.start:
            open_parts.append(parts.popleft())
        # Parts stand in each other or beside each other, so that few are open.
        open_parts = [each for each in open_parts if each.end > flaw.start]
        end = max(flaw.end, flaw.start + 1)
        around = [each for each in open_parts if end <= each.end]
        yield from mending.mend(flaw, min(around, key=_rank, default=None))


def _rank(part: HtmlPart) -> tuple[bool, int]:
    """Return what comes first of parts around a flaw: a script, which goes as a whole, or else the smallest one."""
    return part.kind is not PartKind.SCRIPT, part.end - part.start


class _Mending:
    """Takes flaws out of a template, in a time that grows as it does."""

    def __init__(self, text: str, find_values: FindValues) -> None:
        self.text, self.find_values = text, find_values
        self.places = list(find_places(text))
        self.ends: dict[str, list[re.Match[str]]] = {}

    def mend(self, flaw: Flaw, part: HtmlPart | None) -> Iterator[_Edit]:
        """Yield how to be rid of a flaw: without the part that it stands in."""
        text, written = self.text, self.text[flaw.start : flaw.end]
        if part is None:
            yield _mend_text(text, flaw)
        elif part.kind is PartKind.ATTRIBUTE and (shown := _show_as_text(written, self.find_values)):
            yield _Edit(flaw.start, flaw.end, shown, f"tags in {_quote(written)}")
        elif part.name == "style" and part.kind is PartKind.ATTRIBUTE and not _has_fields(text, part):
            yield from _mend_style_attribute(text, part)
        elif part.name == "style" and part.kind is PartKind.STYLE and not _has_fields(text, part):
            start = text.index(">", part.start) + 1
            stop = text.rindex("<", start, part.end)
            safe = make_style_safe(text[start:stop])
            yield _Edit(start, stop, safe.text)
            yield from (_Edit(stop, stop, "", each) for each in safe.dropped)
        else:
            end = part.end
            if part.kind is PartKind.TAG and part.name in _WITH_CONTENT:
                end = self.find_end(part.name, end)
            yield _Edit(part.start, end, self.list_open_sections(part.start, end), _name(text, part))

    def find_end(self, name: str, start: int) -> int:
        """Return where the element of a tag that ends at `start` is closed; there, where it never is."""
        if name not in self.ends:
            self.ends[name] = list(re.finditer(rf"</{re.escape(name)}\s*>", self.text, re.IGNORECASE))
        at = bisect_left(self.ends[name], start, key=re.Match.start)
        return self.ends[name][at].end() if at < len(self.ends[name]) else start

    def list_open_sections(self, start: int, end: int) -> str:
        """Return the tags that open or close a section in a part, where the other one stands elsewhere."""
        kept: list[tuple[str, str]] = []
        for at, stop in self.places[bisect_left(self.places, (start, 0)) : bisect_left(self.places, (end, 0))]:
            tag = self.text[at + 2 : stop - 2].lstrip("{").strip()
            if stop > end or tag[:1] not in ("#", "^", "/"):
                continue
            name = tag[1:].strip()
            if tag[0] == "/" and kept and kept[-1][1][:1] in ("#", "^") and kept[-1][1][1:].strip() == name:
                kept.pop()
            else:
                kept.append((self.text[at:stop], tag))
        return "".join(written for written, _ in kept)


def _name(text: str, part: HtmlPart) -> str:
    match part.kind:
        case PartKind.ATTRIBUTE:
            return _quote(text[part.start : part.end])
        case PartKind.COMMENT:
            return "a comment"
        case _:
            return f"`<{part.name}>`"


def _has_fields(text: str, part: HtmlPart) -> bool:
    return "{{" in text[part.start : part.end]


def _mend_text(text: str, flaw: Flaw) -> _Edit:
    """Return how to be rid of a flaw between tags: what begins a tag, a field as text, a command in a formula."""
    written = text[flaw.start : flaw.end]
    if written.startswith("<"):
        return _Edit(flaw.start, flaw.start + 1, "&lt;", f"the element that {_quote(written)} begins")
    if written.startswith("{{"):
        name = written.strip("{}").rpartition(":")[2].strip()
        return _Edit(flaw.start, flaw.end, f"{{{{{name}}}}}", f"the filter of {_quote(written)}")
    if written.startswith("\\"):
        command = _COMMAND.match(text, flaw.start)
        return _Edit(flaw.start, flaw.start + 1, "", f"the command {_quote(command[0] if command else written)}")
    return _Edit(0, 0, "")


def _show_as_text(written: str, find_values: FindValues) -> str:
    """Return a field in an attribute as the text of it, where its tags alone are in the way; else nothing."""
    name = written.strip("{}").strip()
    if not written.startswith("{{") or name[:1] in ("#", "^", "/", "") or ":" in name or name == "FrontSide":
        return ""
    return f"{{{{text:{name}}}}}" if judge_values(find_values(name), as_text=True) is not Mark.HTML else ""


def _mend_style_attribute(text: str, part: HtmlPart) -> Iterator[_Edit]:
    name, _, value = text[part.start : part.end].partition("=")
    safe = make_style_safe(unescape(value.strip().strip("\"'")))
    yield _Edit(part.start, part.end, f'{name.rstrip()}="{escape(safe.text)}"')
    yield from (_Edit(part.end, part.end, "", each) for each in safe.dropped)


def _keep_plain(text: str, find_values: FindValues) -> str:
    """Return the plain elements of a template, with all of its fields and sections between them."""
    import nh3  # hardly any template needs it

    text = _SIGNS.sub("", text)
    places = list(find_places(text))
    # Signs that stand for nothing, in the place of fields, so that a sanitizer takes these for text.
    signs = {f"\ue000{number}\ue001": text[start:end] for number, (start, end) in enumerate(places)}
    edits = (_Edit(*place, sign) for place, sign in zip(places, signs, strict=True))
    written = _replace(text, edits)
    cleaned = nh3.clean(
        written,
        tags=set(_PLAIN),
        attributes={"*": {"class", "dir", "id", "lang", "title"}, "img": {"alt", "src"}},
        attribute_filter=lambda tag, name, value: None if "\ue000" in value or (name == "src") else value,
        link_rel=None,
    )
    plain = _fill(cleaned, signs)
    if _is_read(plain) is _is_read(text) and not read_adopted(plain, find_values).flaws:
        return plain
    # Words, fields and sections are all that is left.
    words = _fill(re.sub(r"[<>&\\]", " ", re.sub(r"<[^<>]*>", " ", written)), signs)
    if _is_read(words) is _is_read(text) and not read_adopted(words, find_values).flaws:
        return words
    return "<br>".join(dict.fromkeys(each for each in signs.values() if each[2:3] not in ("#", "^", "/")))


def _fill(text: str, signs: Mapping[str, str]) -> str:
    return re.sub("\ue000[0-9]+\ue001", lambda found: signs.get(found[0], ""), text)


# --- styles


def _list_style_edits(css: str, flaws: Iterable[Flaw]) -> Iterator[_Edit]:
    edit = _Edit(0, 0, "")
    for flaw in sorted(flaws, key=lambda flaw: flaw.start):
        if edit.start < flaw.start < edit.end:
            continue  # it goes with the one before
        edit = _mend_style(css, flaw)
        yield edit


def _mend_style(css: str, flaw: Flaw) -> _Edit:
    written = css[flaw.start : flaw.end]
    if written.startswith("<"):
        return _Edit(flaw.start, flaw.start + 1, "", _quote(written))
    if written.startswith(('"', "'")):
        return _Edit(flaw.start, flaw.end, f'"{_NO_ADDRESS}"', _quote(written))
    if written.endswith(")") or "(" in written:
        return _Edit(flaw.start, flaw.end, f'url("{_NO_ADDRESS}")', _quote(written))
    if _begins_at_rule(written):
        end = _find_end_of_rule(css, flaw.end)
        return _Edit(flaw.start, end, "", _quote(css[flaw.start : end]))
    return _Edit(flaw.start, flaw.start, "no-", _quote(written))


def _begins_at_rule(written: str) -> bool:
    return written[:1] == "@" or (written[:1] == "\\" and written[-1:] not in string.punctuation)


def _find_end_of_rule(css: str, position: int) -> int:
    """Return where an `@import` ends: behind its semicolon, which may stand in its address, too."""
    while token := TOKEN.match(css, position):
        position = token.end()
        if token["sign"] == ";":
            return position
        if token["sign"] in ("{", "}"):
            return token.start()
        if token["call"] and token["name"].lower() == "url" and (bare := BARE_ADDRESS.match(css, position)):
            position = bare.end()
    return len(css)
