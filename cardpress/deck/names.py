"""Names in Anki: a deck's and a section's first release fixes what they are called there, for ever.

Anki knows decks by their names alone. Under another name, new cards would go into a second tree, and those that a
learner has would stay in the first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cardpress.formulas.commands import ACTS
from cardpress.history.records import CardDecks, DeckRecord, History, NameRecord
from cardpress.note_types import NoteType
from cardpress.source.bank import DeckInfo, Section

# What begins an element with attributes, or one that does something without any.
_ARMED = re.compile(
    r"<(?=[!?]|[A-Za-z][^<]*=|/?(?:script|style|iframe|object|embed|base|link|meta|math|svg|plaintext|xmp|textarea|title|"
    r"noscript|noembed|noframes|frameset|template)\b)",
    re.IGNORECASE,
)
# What Anki makes something of in any HTML: sounds, speech, LaTeX, boxes to type in, and commands of formulas that act.
_SIGN = re.compile(rf"\[(?=\[type:|sound:|anki:|/?latex\]|/?\$\$?\])|{ACTS.pattern}")
_FORMULA = re.compile(r"\\(?=[(\[])")
# Stands between two levels of a name.
LEVELS = "::"
# What Anki's own deck is called, in small letters.
DEFAULT = "default"
_NUMBER = re.compile(r"::([0-9]{1,9}) [^:]*\Z")


def clean_name(title: str) -> str:
    """Return a title as a name that Anki keeps, in a line.

    Anki drops straight double quotes, and splits deck names at `::`.
    """
    return re.sub(r":(?=:)", ":\N{WORD JOINER}", to_line(title)).replace('"', "”")


def read_name(text: str) -> str:
    """Return a name in Anki that an author wrote, in the form in which Anki stores letters."""
    return unicodedata.normalize("NFC", text)


def to_line(text: str) -> str:
    """Return a text with a space for each run of control characters."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text)


def disarm_name(name: str) -> str:
    """Return a name that is no script when Anki puts it into HTML as it is, as `{{Deck}}` and `{{Card}}` do.

    An invisible joiner after `<` keeps an element that could do anything from being one, and one in a sign of Anki's
    keeps that from meaning something. Names without such stay, since those that were released must.
    """
    return _SIGN.sub("\\g<0>\N{WORD JOINER}", _ARMED.sub("<\N{WORD JOINER}", name))


def disarm_signs(text: str) -> str:
    """Return a text in which Anki sees no sign of its own, and no formula, when it stands in a card template."""
    return _FORMULA.sub("\\\\\N{WORD JOINER}", _SIGN.sub("\\g<0>\N{WORD JOINER}", text))


def name_deck(info: DeckInfo, history: History | None) -> NameRecord:
    """Return the deck's names: in Anki as it was first released, and its titles.

    Before that it is its `deck_name`, or what learners have of it already, else its title.
    """
    title = info.title.value.strip()
    released = history.deck if history else None
    if released is None:
        own = info.anki.name if info.anki and info.anki.name else info.deck_name
        name = read_name(own.value) if own else clean_name(title)
        return NameRecord(info.id.value, name, title, title, info.anki.id if info.anki else None)
    return NameRecord(info.id.value, released.name, released.first_title, title, released.number)


def name_sections(deck: NameRecord, sections: Sequence[Section], history: History | None) -> dict[str, NameRecord]:
    """Return the names of the sections by their ids: those that were released, and the next numbers for new ones.

    Anki sorts decks by name and offers new cards in that order: the number keeps the order of a first release. A
    section with a `deck_name` has that instead, below the deck's, and one that learners have already its full name.
    """
    released = history.sections if history else {}
    number = _find_last_number(released)
    width = len(number) if number else max(2, len(str(len(sections))))
    names: dict[str, NameRecord] = {}
    for section in sections:
        title, before = section.title.value.strip(), released.get(section.id.value)
        in_anki = section.anki.id if section.anki else None
        if before:
            names[section.id.value] = NameRecord(before.id, before.name, before.first_title, title, before.number)
        elif section.anki and section.anki.name:
            name = read_name(section.anki.name.value)
            names[section.id.value] = NameRecord(section.id.value, name, title, title, in_anki)
        elif not section.has_subdeck:
            names[section.id.value] = NameRecord(section.id.value, deck.name, title, title, in_anki)
        elif section.deck_name:
            name = f"{deck.name}{LEVELS}{read_name(section.deck_name.value)}"
            names[section.id.value] = NameRecord(section.id.value, name, title, title, in_anki)
        else:
            number = find_next_number(number) if number else "1".zfill(width)
            name = f"{deck.name}::{number} {clean_name(title)}"
            names[section.id.value] = NameRecord(section.id.value, name, title, title, in_anki)
        if card_decks := name_card_decks(section, before):
            names[section.id.value] = replace(names[section.id.value], card_decks=card_decks)
    return names


def name_card_decks(section: Section, released: NameRecord | None) -> CardDecks:
    """Return the decks of those cards of a section that are in another one: as released, and those of new templates.

    They are by the names under which card templates were first released.
    """
    written = section.anki.card_decks if section.anki else ()
    wanted = {
        template: DeckRecord(read_name(each.name.value), each.id)
        for each in written
        for template in find_released_names(section, each.template.value)
    }
    return {**wanted, **(released.card_decks if released else {})}


def find_released_names(section: Section, template: str) -> tuple[str, ...]:
    """Return the names under which the card templates of a section's notes that are called so were first released."""
    notes = (note for question in section.questions for note in (question, *question.recall))
    note_types = {note.note_type.kind: note.note_type for note in notes}
    cards = (card for note_type in note_types.values() for card in note_type.cards if card.name == template)
    return tuple(dict.fromkeys(card.released_name for card in cards)) or (template,)


def name_note_types(deck: NameRecord, note_types: Mapping[str, NoteType], history: History | None) -> dict[str, str]:
    """Return the note types' names in Anki by their kinds: those that were released, and such names for new ones.

    One that learners have already keeps the name that it has there.
    """
    released = history.note_types if history else {}

    def name(kind: str, each: NoteType) -> str:
        if kind in released and released[kind].name:
            return released[kind].name
        return each.anki.name if each.anki and each.anki.name else f"{deck.first_title} · {each.title}"

    return {kind: name(kind, each) for kind, each in note_types.items()}


def _find_last_number(released: Mapping[str, NameRecord]) -> str | None:
    """Return the highest number of a section that was ever released, None when none has a number."""
    found = (_NUMBER.search(each.name) for each in released.values())
    return max((match[1] for match in found if match), key=lambda number: (int(number), number), default=None)


def find_next_number(number: str) -> str:
    """Return the next number that Anki sorts behind one of a section: 99 is followed by 990, since 100 is before 11."""
    following = str(int(number) + 1).zfill(len(number))
    return following if len(following) == len(number) else f"{number}0"
