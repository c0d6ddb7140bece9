"""Where everything of an original stands in the project: its note types, its decks as sections, its notes with ids."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import chain
from unicodedata import normalize
from urllib.parse import unquote

from cardpress.adopt.blank_notes import find_blank
from cardpress.adopt.kinds import Kind, plan_kinds
from cardpress.adopt.long_notes import find_too_long, refuse_long_types
from cardpress.adopt.safety import SafeOriginal, make_original_safe
from cardpress.adopt.wishes import Wish
from cardpress.adopt.writing import Ids
from cardpress.anki.field_text import to_plain_text
from cardpress.anki.original import Original, OriginalDeck, OriginalError, OriginalNote, OriginalType
from cardpress.anki.package import TAGS_OF_LEARNERS
from cardpress.deck.names import LEVELS, to_line
from cardpress.history.records import FIRST_YEAR, to_moment
from cardpress.markdown.entities import unescape
from cardpress.source.slugs import NO_SECTIONS
from cardpress.source.tables.cells import MAX_ROWS

# Characters of a file of questions, and notes in it: what can still be read, edited and compared.
_LONGEST_FILE = 12 * 1024 * 1024
_MOST_NOTES = MAX_ROWS
# Characters of a title, and of a text that says what a note is.
_LONGEST_TITLE, _LONGEST_NAME = 300, 60
# Characters of a field that are read for a note's first words, and of these.
_SAID, _LONGEST_WORDS = 2_000, 200
# Characters of the name of a file that a history can have. No system has files with longer ones.
_LONGEST_FILE_NAME = 1_000
# The part of the cards of a template that lie in a deck which is then said to be theirs.
_NEARLY_ALL = 0.9
_LEFT_OUT = "left out, so that it stays as it is"
# Seconds that clocks may be ahead of the day of the import: the longest way around the earth, and a day.
_AHEAD = 2 * 24 * 60 * 60
_NAMED = re.compile(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))|\[sound:([^\[\]]+)\]""", re.IGNORECASE)
# What stands around what a deletion hides.
_DELETION = re.compile(r"\{\{c[0-9,]+::|(?:::[^{}:]*)?\}\}")
_MASK = re.compile(r"\{\{c[0-9]+::image-occlusion:[^{}]*\}\}")
# Another server. What is on a drive, or in another folder, is a file that is not there.
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:|[/\\]{2}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PlannedSection:
    """A section of the project: a part of one deck's notes, each with its id. `deck` has their first cards."""

    id: str
    title: str
    deck: OriginalDeck
    notes: tuple[tuple[str, OriginalNote], ...]
    # The decks of cards that are in another one, by the names of their card templates.
    card_decks: Mapping[str, OriginalDeck] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything of an original stands in the project. `safe` is what the project has of it."""

    original: Original
    safe: SafeOriginal
    id: str
    title: str
    # Its language tag, "" where nobody has said one.
    language: str
    root: OriginalDeck
    kinds: Mapping[str, Kind]
    sections: tuple[PlannedSection, ...]
    # The kind of most notes.
    kind: str
    # The day of its last change, and its moment in seconds since 1970 UTC. Times that are still to come do not count:
    # some programs write milliseconds.
    date: str
    moment: int
    # How many notes begin as another one of their type does.
    alike: int
    # The files that its notes name and that it lacks, with the notes that do.
    missing_media: Mapping[str, tuple[OriginalNote, ...]]
    # Its files. Of those whose names differ in capitals alone, which no Mac and no Windows can hold, the first.
    media: Mapping[str, bytes]
    # The notes that it leaves out, each with why: a card of them would show nothing, or a field is too long.
    left_out: tuple[tuple[OriginalNote, str], ...] = ()

    def list_ids(self) -> dict[str, str]:
        """Return the ids of its notes by their GUIDs."""
        return {note.guid: note_id for section in self.sections for note_id, note in section.notes}


def make_plan(original: Original, wish: Wish, taken: Iterable[str] = ()) -> Plan:
    """Return where everything of an original stands in a project. `taken` are names that none of its kinds gets."""
    refuse_long_types(original)
    long = find_too_long(original)
    original = _without_long(original, long)
    safe = make_original_safe(original)
    # What has to go may be written with more characters than it had.
    if longer := find_too_long(safe.original):
        guids = frozenset(note.guid for note, _ in longer)
        safe = replace(safe, original=_without_long(safe.original, longer))
        original = _without(original, guids)
    long = tuple((note, f"{_LEFT_OUT}: {why}") for note, why in (*long, *longer))
    if blank := find_blank(original, safe):
        guids = frozenset(note.guid for note, _ in blank)
        original, safe = _without(original, guids), replace(safe, original=_without(safe.original, guids))
        if not original.notes:
            raise OriginalError("no card of its notes would show anything in Anki")
    kinds = plan_kinds(safe.original.note_types, safe.original.notes, taken)
    media = _choose_media(original.media)
    decks = {each.name: each for each in original.decks}
    by_deck: dict[str, list[OriginalNote]] = {}
    for note in safe.original.notes:
        by_deck.setdefault(_find_deck(note, original), []).append(note)
    # A folder of CrowdAnki is in git, where another order of its decks would be a change of all their notes.
    order = {each.name: number for number, each in enumerate(original.decks) if each.uuid}
    names = sorted(by_deck, key=lambda name: (order.get(name, -1), [part.casefold() for part in name.split(LEVELS)]))
    card_decks = {name: _find_card_decks(name, by_deck[name], original) for name in names}
    root = _find_root([*names, *(deck for found in card_decks.values() for deck in found.values())])
    titles = _name_sections(names, root)
    ids, note_ids = Ids("section", NO_SECTIONS), Ids("note")
    sections: list[PlannedSection] = []
    begun: Counter[tuple[str, str]] = Counter()
    for name in names:
        of_deck = []
        for note in by_deck[name]:
            words = _say_words(note)
            first = next(words, "")
            begun[note.type_key, first.casefold()] += 1
            of_deck.append((note_ids.make("", chain([first] if first else [], words)), note))
        for number, part in enumerate(_part(of_deck), 1):
            title = titles[name] if number == 1 else f"{titles[name]} ({number})"
            of_cards = {card: decks.get(deck) or OriginalDeck(deck) for card, deck in card_decks[name].items()}
            deck = decks.get(name) or OriginalDeck(name)
            sections.append(PlannedSection(ids.make(title), title, deck, part, of_cards))
    named = Counter(kinds[note.type_key].name for note in original.notes)
    latest = _find_latest(original, wish.date)
    date = _find_date(latest, wish.date)
    return Plan(
        original=original,
        safe=safe,
        id=wish.id,
        title=_name_title(root) or wish.title,
        language=wish.language,
        root=decks.get(root) or OriginalDeck(root or wish.title),
        kinds=kinds,
        sections=tuple(sections),
        kind=named.most_common(1)[0][0] if named else "",
        date=date,
        moment=max(to_moment(date), latest),
        alike=begun.total() - len(begun),
        missing_media=_find_missing(original, media),
        media=media,
        left_out=(*long, *blank),
    )


def _without(original: Original, guids: frozenset[str]) -> Original:
    return replace(original, notes=tuple(note for note in original.notes if note.guid not in guids))


def _without_long(original: Original, long: Sequence[tuple[OriginalNote, str]]) -> Original:
    """Return an original without notes that are too long. Raises OriginalError where there is no other."""
    if len(long) == len(original.notes):
        note, why = long[0]
        raise OriginalError(f"{name_note(note)}: {why}")
    return _without(original, frozenset(note.guid for note, _ in long)) if long else original


def leave_out(plan: Plan, note_ids: Collection[str]) -> Plan:
    """Return a plan without some notes, and without sections that have no other."""
    parts = (
        replace(section, notes=tuple(pair for pair in section.notes if pair[0] not in note_ids))
        for section in plan.sections
    )
    return replace(plan, sections=tuple(section for section in parts if section.notes))


def _find_latest(original: Original, today: str) -> int:
    """Return when a note or note type was last changed, in seconds since 1970 UTC; 0 where nothing says so."""
    times = [*(note.modified or 0 for note in original.notes), *(each.modified for each in original.note_types)]
    until = to_moment(today) + _AHEAD
    return max((time for time in times if 0 < time <= until), default=0)


def _find_date(latest: int, today: str) -> str:
    """Return the day of the last change of an original, today at the latest, and the first that a deck can have."""
    if not latest:
        return today
    day = date(1970, 1, 1) + timedelta(seconds=latest)
    return max(min(day.isoformat(), today), f"{FIRST_YEAR}-01-01")


def list_tags(note: OriginalNote) -> tuple[str, ...]:
    """Return the tags that learners have of a note, each once, in their order."""
    composed = dict.fromkeys(normalize("NFC", tag) for tag in note.tags)
    return tuple(tag for tag in composed if tag.casefold() not in TAGS_OF_LEARNERS)


class _Chosen(Mapping[str, bytes]):
    """Some files of several, each read when it is asked for."""

    def __init__(self, media: Mapping[str, bytes], names: Iterable[str]) -> None:
        self._media, self._names = media, dict.fromkeys(names)

    def __getitem__(self, name: str) -> bytes:
        if name not in self._names:
            raise KeyError(name)
        return self._media[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _choose_media(media: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return files that can lie in one folder on any system."""
    chosen: dict[str, str] = {}
    for name in media:
        chosen.setdefault(name.casefold(), name)
    return media if len(chosen) == len(media) else _Chosen(media, chosen.values())


def _find_missing(original: Original, media: Mapping[str, bytes]) -> dict[str, tuple[OriginalNote, ...]]:
    """Return the files that notes name and the project lacks, each with its notes."""
    missing: dict[str, dict[str, OriginalNote]] = {}
    has = frozenset(normalize("NFC", name) for name in media)
    for note in original.notes:
        for value in note.fields:
            if "src" not in value.lower() and "[sound:" not in value.lower():
                continue
            for found in _NAMED.finditer(value):
                name = normalize("NFC", unescape(next(filter(None, found.groups()), "")))
                is_file = 0 < len(name) <= _LONGEST_FILE_NAME and not _ADDRESS.match(name)
                if is_file and not {name, unquote(name)} & has:
                    missing.setdefault(unquote(name), {})[note.guid] = note
    return {name: tuple(notes.values()) for name, notes in sorted(missing.items())}


def _find_deck(note: OriginalNote, original: Original) -> str:
    """Return the name of the deck of a note's first card; of a note without cards, that of the first deck."""
    if note.cards:
        return min(note.cards)[1]
    return original.decks[0].name if original.decks else "Default"


def name_card(note_type: OriginalType, number: int) -> str:
    """Return the name of the card template that makes a card, "" where there is none. Numbers are from 1."""
    place = 0 if note_type.is_cloze else number - 1
    return note_type.cards[place].name if place < len(note_type.cards) else ""


def _find_card_decks(name: str, notes: Sequence[OriginalNote], original: Original) -> dict[str, str]:
    """Return the decks in which nearly all cards of a template lie, by the template's name, where these are no others.

    `name` is the deck of the first cards of the notes.
    """
    types = {each.key: each for each in original.note_types}
    found: dict[str, Counter[str]] = {}
    for note in notes:
        for number, deck in note.cards:
            found.setdefault(name_card(types[note.type_key], number), Counter())[deck] += 1
    most = {card: counts.most_common(1)[0] for card, counts in found.items() if card}
    return {
        card: deck
        for card, (deck, count) in most.items()
        if deck != name and count >= _NEARLY_ALL * sum(found[card].values())
    }


def _find_root(names: Sequence[str]) -> str:
    """Return the name of the deck that all others lie below, "" where there is none."""
    parted = [name.split(LEVELS) for name in names]
    shared = 0
    while parted and all(len(each) > shared and each[shared] == parted[0][shared] for each in parted):
        shared += 1
    return LEVELS.join(parted[0][:shared]) if parted else ""


def _name_title(name: str) -> str:
    return to_line(name.rpartition(LEVELS)[2]).strip()[:_LONGEST_TITLE]


def _name_sections(names: Sequence[str], root: str) -> dict[str, str]:
    """Return the titles of decks' sections: the last name of each, with those above it where two have the same."""
    counts = Counter(map(_name_title, names))
    titles = {}
    for name in names:
        below = name.removeprefix(root).removeprefix(LEVELS)
        whole = to_line(" · ".join(below.split(LEVELS)))[-_LONGEST_TITLE:]
        titles[name] = (_name_title(name) if counts[_name_title(name)] == 1 else whole) or _name_title(name) or "Deck"
    return titles


def _part(notes: Sequence[tuple[str, OriginalNote]]) -> Iterator[tuple[tuple[str, OriginalNote], ...]]:
    """Yield the notes of a deck in parts, each of which makes a file that can be read."""
    part: list[tuple[str, OriginalNote]] = []
    size = 0
    for note_id, note in notes:
        weight = 200 + sum(len(each.encode()) + each.count("\n") * 4 for each in note.fields)
        if part and (size + weight > _LONGEST_FILE or len(part) >= _MOST_NOTES):
            yield tuple(part)
            part, size = [], 0
        part.append((note_id, note))
        size += weight
    yield tuple(part)


def say_first_words(note: OriginalNote) -> str:
    """Return the first words of a note, "" where it has none. Masks on a picture are none."""
    return next(_say_words(note), "")


def _say_words(note: OriginalNote) -> Iterator[str]:
    """Yield the first words of each field of a note that has some."""
    for value in note.fields:
        words = " ".join(to_plain_text(_DELETION.sub("", _MASK.sub("", value[:_SAID]))).split())
        if words:
            yield words[:_LONGEST_WORDS]


def name_note(note: OriginalNote) -> str:
    """Return what a report calls a note: its first words, or else its GUID."""
    words = say_first_words(note)
    cut = words if len(words) <= _LONGEST_NAME else f"{words[:_LONGEST_NAME].rstrip()}…"
    return cut or note.guid
