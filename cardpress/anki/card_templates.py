"""Card templates and CSS as a deck ships them: with the deck's own facts filled in, and Anki's fields left open."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from html import escape
from itertools import chain, starmap

from cardpress.anki.fields import write_section
from cardpress.anki.mask_templates import write_masked
from cardpress.deck.names import disarm_signs
from cardpress.deck.notes import Deck
from cardpress.deck.section_colors import choose_color
from cardpress.markdown.entities import unescape
from cardpress.note_types import CLOZES, OF_READINGS, CardTemplate, Fact, Field, Holds, NoteType
from cardpress.source.languages import is_right_to_left
from cardpress.source.media.transparency import has_dark_scheme, needs_light_ground
from cardpress.source.strings import LABEL, fill_style
from cardpress.source.templates.template_files import (
    CARD_SCRIPTS,
    CARD_STYLE,
    CARD_STYLES,
    FORMULA_STYLE,
    MASK_STYLE,
    PICTURE_STYLE,
    TYPED_STYLE,
)

# A back whose answer is one fact, and has a headline.
_HEADED = re.compile(r"class=\"sheet lean\b[^>]*>.*class=\"answer\"", re.DOTALL)
_PLACE = re.compile(rf"@@(language|direction|report|script)@@|{LABEL.pattern}")


def fill_card_template(deck: Deck, note_type: NoteType, card: CardTemplate) -> tuple[str, str]:
    """Return the front and the back of a card template: the author's files, or what the engine writes.

    Nothing is filled in into those of an adopted note type, which learners have as they are.
    """
    if note_type.is_adopted:
        return card.front.text if card.front else "", card.back.text if card.back else ""
    front = card.front.text if card.front else _name(deck, card, write_front(note_type, card))
    back = card.back.text if card.back else _name(deck, card, write_back(note_type, card))
    sides = ((card.front, front), (card.back, back))
    filled = [_filled(deck, note_type, text, is_ours=file is None) for file, text in sides]
    return filled[0], filled[1]


def _name(deck: Deck, card: CardTemplate, text: str) -> str:
    """Return a template with the card's name in the deck's language, if that has another word for it."""
    name = deck.strings(card.name)
    return text if name == card.name else text.replace(_CARD, f"<bdi>{_write_label(name)}</bdi>")


def join_css(deck: Deck, note_type: NoteType) -> str:
    """Return the CSS of a note type's cards: ours, then the project's, which all of its cards share, and its own.

    An adopted one has its own alone.
    """
    if note_type.is_adopted:
        return note_type.style.text if note_type.style else ""
    is_typed = any(card.typed for card in note_type.cards)
    without = {CARD_STYLE, *(() if is_typed else (TYPED_STYLE,)), *(() if note_type.has_masks else (MASK_STYLE,))}
    without |= set() if deck.has_formulas() else {FORMULA_STYLE}
    names = (name for name in CARD_STYLES if name not in without)
    ours = chain.from_iterable(
        _list_picture_rules(deck) if name == PICTURE_STYLE else (deck.templates[name].text,) for name in names
    )
    shared = deck.templates.get(CARD_STYLE)
    own = (file.text for file in (shared, note_type.style) if file is not None)
    made = (*_color_sections(deck), *_label_parts(deck, note_type))
    return fill_style(deck.strings, "\n".join((*ours, *made, *own)))


def _color_sections(deck: Deck) -> Iterator[str]:
    """Yield what gives the cards of each section its color, by its title, which a card has in an attribute."""
    for index, section in enumerate(deck.sections if len(deck.sections) > 1 else ()):
        title, color = _write_css(unescape(write_section(section))), choose_color(index)
        yield f'.sheet[data-section="{title}"] {{ --section-day: {color.day}; --section-night: {color.night}; }}'


def _list_picture_rules(deck: Deck) -> Iterator[str]:
    """Yield the style of pictures, where some have to lie on light paper at night, and which of them need not."""
    media = deck.list_media_of_cards()
    if not any(needs_light_ground(each.data) for each in media):
        return
    yield deck.templates[PICTURE_STYLE].text
    dark = [each for each in media if has_dark_scheme(each.data)]
    others = sorted({each.name for each in media if each.name.endswith(".svg")} - {each.name for each in dark})
    for each in dark:
        begin = f"{_stem(each.name)}-"
        # Other drawings whose names begin so.
        alike = others[bisect_left(others, begin) : bisect_right(others, f"{begin}\U0010ffff")]
        names = dict.fromkeys(name if f"{_stem(name)}-" == begin else f"{_stem(name)}-" for name in alike)
        without = "".join(f':not([src*="{name}"])' for name in names)
        yield f'.card img[src*="{begin}"][src$=".svg"]{without} {{ background: none; color-scheme: inherit; }}'


def _stem(name: str) -> str:
    """Return the name of a picture without what changes with the drawing."""
    return name.rpartition("-")[0]


def _label_parts(deck: Deck, note_type: NoteType) -> Iterator[str]:
    """Yield rules that write the labels of pairs, for cards whose templates the engine writes.

    Beside an author's own cards they name these by the class that Anki gives each card.
    """
    ours = [number for number, card in enumerate(note_type.cards, 1) if not card.back]
    cards = [""] if len(ours) == len(note_type.cards) else [f".card{number} " for number in ours]
    for part in (part for field in note_type.keyed for part in field.parts):
        label = _write_css(deck.strings(part.label))
        which = ", ".join(f"{card}.{part.key}::before" for card in cards)
        if which:
            yield f'{which} {{ content: "{label}"; display: block; font-size: .78em; font-weight: 650; }}'


def _write_css(text: str) -> str:
    """Return a text for quotes in CSS, every character but letters and digits of ASCII as CSS escapes it."""
    return "".join(each if each.isascii() and each.isalnum() else f"\\{ord(each):x} " for each in text)


# --- card templates that no author wrote, in the design of those in templates/note-types/

# The name of a card, which Anki fills in unless the deck's language has another word for it. It says what is asked,
# where a note can be asked in several ways.
_CARD = "<bdi>{{Card}}</bdi>"
_NOTICE = '{{#Notice}}<div class="notice" role="note" dir="@@direction@@">{{Notice}}</div>{{/Notice}}'
# A front that has nothing to show, whatever a note holds: a field cannot be both filled and empty.
_SPARE_FRONT = "{{{{#{gate}}}}}{{{{^{gate}}}}}{name}: {{{{{gate}}}}}{{{{/{gate}}}}}{{{{/{gate}}}}}"
# Those whose text is code or its output, which stands from left to right in every language.
_AS_TYPED: dict[object, str] = {Holds.SNIPPET: "code", Holds.OUTPUT: "output"}


def write_front(note_type: NoteType, card: CardTemplate) -> str:
    """Return a front: the section, and what is asked. A note that does not meet its conditions has no such card."""
    asked = "".join(_asked(note_type, card, class_name="question")) + _typed(note_type, card)
    front = _sheet(note_type, asked, is_back=False)
    for each in () if note_type.is_cloze else note_type.conditions(card):
        front = front if each.is_required else f"{{{{#{each.name}}}}}{front}{{{{/{each.name}}}}}"
    return front


def write_back(note_type: NoteType, card: CardTemplate) -> str:
    """Return a back: what was asked, a rule, the answer, and everything else under its label."""
    asked = "".join(_asked(note_type, card, class_name="question asked", is_back=True))
    answers = [_choose_filter(note_type, key, card.answers_through) for key in card.answers]
    told = _typed(note_type, card)
    if answers and not note_type.is_cloze:
        told = f'<hr id="answer">\n{told}{_shown(*answers.pop(0), "answer")}'
    return _sheet(note_type, asked + told + "".join(starmap(_detail, answers)), is_back=True)


def write_spare_card(note_type: NoteType, name: str) -> tuple[str, str]:
    """Return the front and the back of a card template that makes no card, until a later release uses it.

    Each front is another, since Anki takes no two that are equal.
    """
    return _SPARE_FRONT.format(gate=note_type.fields[0].name, name=name), "{{FrontSide}}"


def _sheet(note_type: NoteType, inside: str, *, is_back: bool) -> str:
    names = {field.holds: field.name for field in note_type.fields}
    about = [f"{{{{{names[Fact.SECTION]}}}}}"] if Fact.SECTION in names else []
    about += [_CARD] if len(note_type.cards) > 1 else []
    context = f'<p class="context">{" · ".join(about)}</p>' if about else ""
    notice = _NOTICE.replace("Notice", names[Fact.NOTICE]) if Fact.NOTICE in names else ""
    marked = f' data-card="{{{{{names[Fact.ID]}}}}}"' if is_back and Fact.ID in names else ""
    shown = f"<bdi>{{{{{names[Fact.ID]}}}}}</bdi>" if Fact.ID in names else ""
    shown += f" <bdi>@@label:Version@@ {{{{{names[Fact.VERSION]}}}}}</bdi>" if Fact.VERSION in names else ""
    foot = f"<footer>@@report@@ {shown}</footer>\n" if is_back else ""
    section = f' data-section="{{{{{names[Fact.SECTION]}}}}}"' if Fact.SECTION in names else ""
    lines = f"{context}\n{notice}\n{inside}{foot}"
    # Our script enlarges pictures, also what is under the masks; Anki's own draws them.
    kind, script = ("sheet masked", "") if note_type.has_masks else ("sheet brief", "@@script@@\n")
    return f'<div class="{kind}"{section} lang="@@language@@" dir="@@direction@@"{marked}>\n{lines}</div>\n{script}'


def _asked(note_type: NoteType, card: CardTemplate, class_name: str, *, is_back: bool = False) -> Iterator[str]:
    for key in card.asks:
        field, shown_through = _choose_filter(note_type, key, card.asks_through)
        if field.holds is Holds.OCCLUSION:
            yield write_masked(note_type, is_back=is_back)
            continue
        yield _shown(field, shown_through, class_name, role=' role="heading" aria-level="1"')


def _choose_filter(note_type: NoteType, key: str, through: Mapping[str, str]) -> tuple[Field, str]:
    """Return a field and the filter that a side shows it through: its own, or one that reads Anki's notation in it."""
    field = note_type.field(key)
    chosen = through.get(key, "")
    if field.name in note_type.apart and chosen not in OF_READINGS:
        chosen = f"{chosen}:furigana" if chosen else "furigana"
    return field, chosen


def _typed(note_type: NoteType, card: CardTemplate) -> str:
    """Return where Anki has the box to type in, and on the back what was typed beside what is right."""
    if not card.typed:
        return ""
    field = note_type.field(card.typed)
    cloze = "cloze:" if field.holds in CLOZES else ""
    element = f'<div class="typed"{_speak(field)}>{{{{type:{cloze}{field.name}}}}}</div>'
    needed = {field.name} if not field.is_required else set()
    needed |= {note_type.field(card.typed_when).name} if card.typed_when else set()
    for name in sorted(needed):
        element = f"{{{{#{name}}}}}{element}{{{{/{name}}}}}"
    return f"{element}\n"


def _shown(field: Field, shown_through: str, class_name: str, role: str = "") -> str:
    """Return a field in an element of its own, which is not there when the field is empty."""
    if field.holds in _AS_TYPED:
        class_name, role = _AS_TYPED[field.holds], ""
    element = f'<div class="{class_name}"{role}{_speak(field)}>{_place(field, shown_through)}</div>\n'
    return element if field.is_required else f"{{{{#{field.name}}}}}{element}{{{{/{field.name}}}}}"


def _speak(field: Field) -> str:
    """Return the attributes that say in which direction a field runs, and in which language if that is its own."""
    if field.holds in _AS_TYPED:
        return ' dir="ltr"'
    if field.language:
        return f' lang="{field.language}" dir="{_direction(field.language)}"'
    return ' dir="@@direction@@"'


def _place(field: Field, shown_through: str) -> str:
    """Return where Anki puts what a field holds, through its filters."""
    filters = ("cloze",) if field.holds in CLOZES else ()
    return f"{{{{{':'.join((*filters, *filter(None, (shown_through,)), field.name))}}}}}"


def _detail(field: Field, shown_through: str) -> str:
    """Return a field below the answer, under its label, folded when it is one that readers ask for."""
    if not field.label:
        return _shown(field, shown_through, "extra")
    title = f"@@label:{_write_label(field.label).replace('}', '&#125;')}@@"
    content = f"<div{_speak(field)}>{_place(field, shown_through)}</div>"
    section = (
        f"<details><summary><h2>{title}</h2></summary>{content}</details>"
        if field.is_folded
        else f"<section><h2>{title}</h2>{content}</section>"
    )
    return f"{{{{#{field.name}}}}}{section}{{{{/{field.name}}}}}\n"


def _write_label(label: str, *, quote: bool = False) -> str:
    """Return a label as HTML, which in quotes may stand in an attribute. It holds no sign of Anki's, and no formula."""
    html = escape(disarm_signs(label), quote=quote)
    return html.replace("{", "&#123;").replace("@", "&#64;").replace("[", "&#91;")


def _filled(deck: Deck, note_type: NoteType, text: str, *, is_ours: bool) -> str:
    names = {field.holds: f"{{{{{field.name}}}}}" for field in note_type.fields}
    url = escape(deck.report_url)
    for key, fact in (("{id}", Fact.ID), ("{version}", Fact.VERSION)):
        url = url.replace(key, names.get(fact, ""))
    report = f'<a class="report" href="{url}">{_write_label(deck.strings("Report a mistake"))}</a>' if url else ""
    wanted = CARD_SCRIPTS if _HEADED.search(text) else CARD_SCRIPTS[:1]
    scripts = "".join(deck.templates[name].text for name in wanted if name in deck.templates)
    script = f"<script>\n{scripts}</script>" if scripts else ""
    facts = {"language": deck.language, "direction": _direction(deck.language), "report": report, "script": script}

    def label(english: str) -> str:
        # Where an author put it may be an attribute, which quotes in it would end.
        return _write_label(deck.strings(unescape(english)), quote=not is_ours)

    # All at once: what is filled in, such as an address, may itself look like a place to fill.
    return _PLACE.sub(lambda place: facts[place[1]] if place[1] else label(place[2]), text)


def _direction(language: str) -> str:
    """Return the HTML `dir` for texts in a language.

    For an Arabic text that begins with a Latin name, `auto` would choose left to right.
    """
    return "rtl" if is_right_to_left(language) else "auto"
