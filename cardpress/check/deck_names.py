"""Rules on `deck_name`, which fixes a deck's or a section's name in Anki."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator

from cardpress.deck.names import DEFAULT, LEVELS, disarm_name, find_released_names, name_deck, name_sections, read_name
from cardpress.diagnostics import Diagnostic, Span
from cardpress.diagnostics.suggest import propose
from cardpress.diagnostics.unusual import HIDDEN, name_character
from cardpress.history.records import DEEPEST_NAME, History, NameRecord
from cardpress.note_types import ONLY_CARD
from cardpress.source.bank import Bank, CardDeck, DeckInAnki, Section, Text
from cardpress.source.yaml.syntax import quote

# Levels of one `deck_name`. Anki 26.09 refuses a package of a deck below more than ten others that are not in it.
MOST_LEVELS = 10
# What Anki takes out of a name, in all versions or in old ones.
_DROPPED = re.compile(r'[\x00-\x1f\x7f-\x9f"]')
_HIDDEN = re.compile(f"[{HIDDEN}]")
# Names that a message has.
_MOST_NAMED = 8
# A name that YAML reads as it stands.
_PLAIN = re.compile(r"(?!(?i:yes|no|on|off|true|false|null|y|n)\Z)[A-Za-z](?:[\w ()'.,+&-]|:(?! |\Z))*", re.ASCII)


def check_deck_names(bank: Bank) -> Iterator[Diagnostic]:
    """A `deck_name` is a name that Anki keeps as it is, and the one that was released."""
    if bank.info is None:
        return
    history = bank.history
    deck = name_deck(bank.info, history)
    if adopted := _get_full_name(bank.info.anki):
        if history is None or history.deck is None:
            yield from _check_adopted(adopted)
        elif read_name(adopted.value) != history.deck.name:
            yield _differs(adopted.span, "deck", history.deck.name, f"`name: {_quote(history.deck.name)}`")
    elif named := bank.info.deck_name:
        if history is None or history.deck is None:
            yield from _check_form(named)
        elif read_name(named.value) != history.deck.name:
            yield _differs(named.span, "deck", deck.name, _write(deck.name))
    elif (history is None or history.deck is None) and deck.name.casefold() == DEFAULT:
        message = "a deck that is called so has the name of Anki's own deck, and would be mixed with it"
        hint = "write another title, or keep it and add a `deck_name`, the name in Anki"
        yield Diagnostic("bad-deck-name", bank.info.title.span, message, hint)
    names = name_sections(deck, bank.sections, history)
    for section in bank.sections:
        yield from _check_section(bank, section, deck, names[section.id.value])
        for each in section.anki.card_decks if section.anki else ():
            yield from _check_card_deck(bank, section, each)
    yield from _check_capitals(bank, deck, names)


def _check_section(bank: Bank, section: Section, deck: NameRecord, name: NameRecord) -> Iterator[Diagnostic]:
    is_released = bank.history is not None and section.id.value in bank.history.sections
    adopted = _get_full_name(section.anki)
    if adopted and is_released and name.name != read_name(adopted.value):
        yield _differs(adopted.span, "section", name.name, f"`name: {_quote(name.name)}`")
    elif adopted and not is_released:
        yield from _check_adopted(adopted)
    elif is_released and section.wants_own_name and name.name != name_sections(deck, [section], None)[name.id].name:
        start = f"{deck.name}{LEVELS}"
        if name.name == deck.name:
            wanted = "`deck_name: false`"
        elif name.name.startswith(start):
            wanted = _write(name.name.removeprefix(start))
        else:
            wanted = None
        place = section.deck_name.span if section.deck_name else section.id.span
        yield _differs(place, "section", name.name, wanted)
    elif section.deck_name and not is_released:
        yield from _check_form(section.deck_name)


def _check_card_deck(bank: Bank, section: Section, written: CardDeck) -> Iterator[Diagnostic]:
    """Yield what is wrong with the deck of some cards of a section: its card template, its name, or that it is new."""
    template = written.template
    known = dict.fromkeys(card.name for note_type in bank.note_types.values() for card in note_type.cards)
    if template.value not in known:
        hint = propose(template.value, known, f"write the name of a card of this deck: {_list_names(known)}")
        yield Diagnostic("unknown-key", template.span, f"no note type has a card `{template.value}`", hint)
        return
    released = bank.history.sections.get(section.id.value) if bank.history else None
    names = find_released_names(section, template.value)
    decks = [released.card_decks[name].name for name in names if name in released.card_decks] if released else []
    wanted = read_name(written.name.value)
    if not decks and not (released and bank.history and _had_cards(bank.history, section, names)):
        yield from _check_adopted(written.name)
    elif was := next((name for name in decks or [released.name if released else ""] if name != wanted), ""):
        message = f"cards `{template.value}` of this section were released in `{was}`"
        message += "; under another name, new cards would go into a second deck"
        hint = f"write `name: {_quote(was)}`, or remove it" if decks else "remove it"
        yield Diagnostic("released-name-changed", written.name.span, message, hint)


def _list_names(names: Iterable[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return ", ".join((*quoted[:_MOST_NAMED], "…") if len(quoted) > _MOST_NAMED else quoted)


def _had_cards(history: History, section: Section, templates: Collection[str]) -> bool:
    """Return whether learners have cards of one of these card templates in a section."""
    numbers = {
        kind: [
            number
            for number, name in enumerate((record.first_card or ONLY_CARD, *record.more), 1)
            if record.cards_from_spares.get(name, name) in templates or name in templates
        ]
        for kind, record in history.note_types.items()
    }
    return any(
        note.section == section.id.value and any(map(note.has_card, numbers.get(note.kind, ())))
        for note in history.notes.values()
    )


def _differs(place: Span, what: str, name: str, wanted: str | None) -> Diagnostic:
    message = f"this {what} was released as `{name}`; under another name, new cards would go into a second deck"
    return Diagnostic(
        "released-name-changed", place, message, f"write {wanted}, or remove it" if wanted else "remove it"
    )


def _write(name: str) -> str:
    return f"`deck_name: {_quote(name)}`"


def _quote(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else quote(name)


def _get_full_name(anki: DeckInAnki | None) -> Text | None:
    """Return the full name that learners have of a deck or section already."""
    return anki.name if anki else None


def _check_adopted(named: Text) -> Iterator[Diagnostic]:
    """Yield what keeps a name from being that of a deck that learners have: what Anki itself would change in it."""
    levels = read_name(named.value).split(LEVELS)
    place, hint = named.span, "write the full name as it stands in Anki"
    if found := _DROPPED.search(named.value):
        sign = '`"`' if found[0] == '"' else name_character(found[0])
        place = named.place(found.start(), found.end())
        message = f"a name in Anki has no {sign.removeprefix('a ').removeprefix('an ')}"
    elif any(not level.strip() or level.startswith(":") for level in levels):
        message = "`::` stands between two levels of a name, and here one of them is empty"
    elif len(levels) > DEEPEST_NAME:
        message = f"a name has at most {DEEPEST_NAME} levels, and this has {len(levels)}"
    elif disarm_name(named.value) != named.value:
        message = "Anki puts a name into HTML as it is, where this would do something"
        hint = "leave out the `<`, or what stands in `[…]` or behind a backslash; it is a new deck then"
    else:
        return
    yield Diagnostic("bad-deck-name", place, message, hint)


def _check_form(named: Text) -> Iterator[Diagnostic]:
    """Yield what Anki would change in a name, or what it cannot have."""
    name = read_name(named.value)
    levels = re.split("::", name)
    cleaned = LEVELS.join(filter(None, (_clean(level) for level in re.split("::+", name))))
    hint = f"write {_write(cleaned)}" if cleaned else "remove it"
    place = named.span
    if found := _DROPPED.search(named.value) or _HIDDEN.search(named.value):
        sign = '`"`' if found[0] == '"' else name_character(found[0])
        place = named.place(found.start(), found.end())
        message = f"a name in Anki has no {sign.removeprefix('a ').removeprefix('an ')}"
    elif "" in levels or any(level.startswith(":") for level in levels):
        message = "`::` stands between two levels of a name, and here one of them is empty"
    elif any(level != level.strip() for level in levels):
        message = "Anki drops the space around a level of a name"
    elif len(levels) > MOST_LEVELS:
        message = f"a `deck_name` has at most {MOST_LEVELS} levels, and this has {len(levels)}"
        hint = "leave out levels"
    elif disarm_name(name) != name:
        message = "Anki puts a name into HTML as it is, where this would begin an element"
        hint = "leave out the `<`"
        if "<" not in name:
            message = "Anki puts a name into HTML as it is, where it would take a sign in this for one of its own"
            hint = "leave out what stands in `[…]`, or behind a backslash"
    elif name.casefold() == DEFAULT:
        message = "`Default` is Anki's own deck, beside which this would have another name"
        hint = "write the name of your deck"
    else:
        return
    yield Diagnostic("bad-deck-name", place, message, hint)


def _clean(level: str) -> str:
    return " ".join(_HIDDEN.sub("", _DROPPED.sub(" ", level.replace('"', "”"))).split())


def _check_capitals(bank: Bank, deck: NameRecord, names: dict[str, NameRecord]) -> Iterator[Diagnostic]:
    """Yield a section whose name differs from that of another in capitals alone: in Anki both are one deck."""
    seen: dict[str, tuple[str, str]] = {}
    released = bank.history.sections if bank.history else {}
    for section in bank.sections:
        own = _get_full_name(section.anki) or section.deck_name
        cards = section.anki.card_decks if section.anki else ()
        written = [(names[section.id.value].name, own), *((read_name(each.name.value), each.name) for each in cards)]
        for name, place in written:
            other, title = seen.setdefault(unicodedata.normalize("NFC", name).casefold(), (name, section.id.value))
            if other != name and place and section.id.value not in released:
                message = f"this name and that of section `{title}` differ in capitals alone, and are one deck in Anki"
                hint = f"write {_write(other.removeprefix(f'{deck.name}{LEVELS}'))}"
                if place is not section.deck_name:
                    hint = f"write `name: {_quote(other)}`"
                yield Diagnostic("bad-deck-name", place.span, message, hint)
