"""history.json: the releases, each released note and note type with its last change, and the names that Anki has.

Only `release` writes it, in format 2. Format 1, up to version 1.0 of cardpress, lacks the names in Anki and the cloze
deletions of notes: `anki/first_format.py` takes them from the package that was released.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.history.versions import rank

NAME = "history.json"
FORMAT = 2
# The format before names in Anki and cloze deletions were recorded.
FIRST_FORMAT = 1
# The key for a note's tags among its fields: see `name_text`.
TAGS = "tags"
# Stands for the digests of a release that is still being made.
NOT_YET = ""
# A zip archive, and so an Anki package, cannot hold older dates.
FIRST_YEAR = 1980
# Seconds.
A_DAY = 24 * 60 * 60
# Seconds between two releases of one day.
_A_MINUTE = 60
# Seconds since 1970 fit into 32 bits until 2106.
_MOMENTS = range(2**32)
# Anki's numbers have 64 bits.
_NUMBERS_IN_ANKI = range(-(2**63), 2**63)
# Anki makes no card for a higher number of a deletion.
LAST_DELETION = 500
_NUMBERS = {str(number): number for number in range(1, LAST_DELETION + 1)}
# No name in Anki has these: a title's are replaced.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
# Characters of a value that a message quotes.
_LONGEST_QUOTE = 100
# Characters of a text. A version or a title is on every note: a long one would be there thousands of times.
_LONGEST = 2_000
# Levels of a deck's name.
DEEPEST_NAME = 50
# Branches that a merge brought together. Each is compared with every note.
_MOST_SIDES = 20

Record = TypeVar("Record")


def to_moment(date: str) -> int:
    """Return the start of a day such as `2026-01-31`, in seconds since 1970 UTC."""
    return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp())


# Seconds since 1970 UTC.
Moment = int
# A note's cloze deletions: by number, digests of what is deleted under it, in the order of the text.
Deletions = Mapping[int, tuple[str, ...]]


def name_text(field: str) -> str:
    """Return the name under which a note's record has the text of a field that was first released as `field`.

    Of a deck that was taken over, a field may be called as its tags are here; no field in Anki has a colon in its name.
    """
    return f"{TAGS}:" if field == TAGS else field


class MaskRecord(NamedTuple):
    """A released mask of a picture: digests of its label, "" where it had none, and of where it lay."""

    label: str
    place: str


class DeckRecord(NamedTuple):
    """A released deck: its full name in Anki, and its number there; None for one that is made of ids."""

    name: str
    number: int | None


# Decks of the cards that card templates make, by the names under which these were first released.
CardDecks = Mapping[str, DeckRecord]
# A note's masks by their ids.
Masks = Mapping[str, MaskRecord]


@dataclass(frozen=True, slots=True)
class Release:
    """A release: its version, its date, the digest of its source, and the digest of the package that shipped.

    `moment`, in seconds since 1970 UTC, is the time of change of what it changed. Where two branches have released the
    same version, a merge adds the start of the package's digest to that of one of them, such as `1.1.0+4a4aa4c`.
    """

    version: str
    date: str
    source: str
    package: str
    moment: int

    @property
    def twin_version(self) -> str:
        """The version that a merge gives it when there is another release of the same version."""
        return f"{self.version}{'.' if '+' in self.version else '+'}{self.package[:7]}"

    @property
    def shipped_version(self) -> str:
        """The version that learners know it by, which is on its notes."""
        mark = self.package[:7]
        return self.version.removesuffix(f"+{mark}").removesuffix(f".{mark}") if mark else self.version


@dataclass(frozen=True, slots=True)
class NameRecord:
    """What a deck or section is called: its full name in Anki, for ever, and its titles in its first and last release.

    Notes show the first title, as the name in Anki does, so that another title updates no note. `number` is the deck's
    in Anki where it was taken over, None for one that is made of ids. `card_decks` are those of a section's cards that
    are in no deck of its name.
    """

    id: str
    name: str
    first_title: str
    title: str
    number: int | None = None
    card_decks: CardDecks = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A released note: digests of what Anki received, and the version and date at which that last changed.

    `fields` uses the names that fields were first released under, so that a renamed field does not change its notes.
    `deletions` has the cloze deletions that learners have cards of, `more_cards` the numbers of their cards after the
    first where Anki makes these from card templates. `masks` has the masks of its picture, whose ids `deletions` has
    as digests. `is_updated` says whether it changed after the release that it came with. `modified` is its time of
    change before cardpress took the deck over, in seconds since 1970 UTC, for as long as it has not changed since. If
    that is later than a release which changes the note, it is a day more from then on: Anki takes nothing older.
    """

    guid: str
    id: str
    kind: str
    section: str
    version: str
    date: str
    digest: str
    asked: str
    fields: Mapping[str, str]
    deletions: Deletions = field(default_factory=dict)
    more_cards: tuple[int, ...] = ()
    masks: Masks = field(default_factory=dict)
    is_updated: bool = False
    modified: Moment | None = None

    def has_card(self, number: int) -> bool:
        """Return whether learners have a card of this number, which Anki makes from a card template."""
        return number == 1 or number in self.more_cards


@dataclass(frozen=True, slots=True)
class TypeRecord:
    """A released note type: its frozen ids, and the version in which its card templates or CSS last changed.

    `template` is the number of its first card template, and `first_card` its name, "" where it needs none; `more` has
    the numbers of the others, by their names. `name` is its name in Anki as it was first released. `spare_fields` and
    `spare_cards` are those that ship without a use, to be renamed and used later, and `personal_fields` those that ship
    empty. In Anki, spare fields stand between the others and these, spare cards last. `from_spares` and
    `cards_from_spares` have, for what took a spare under a name of its own, that name and the spare's, from which its
    number was made. `former_names` has the names that fields had in an earlier release and have no more, with the
    numbers of these fields: who skipped releases may have them. `asks` has, where there are several cards, the fields
    that each asks, with a filter where there is one: by the names from which numbers are made, with `/` between two.
    `modified` is as that of a note.
    """

    kind: str
    id: int
    fields: Mapping[str, int]
    template: int
    version: str
    date: str
    digest: str
    name: str
    first_card: str = ""
    more: Mapping[str, int] = field(default_factory=dict)
    spare_fields: Mapping[str, int] = field(default_factory=dict)
    spare_cards: Mapping[str, int] = field(default_factory=dict)
    personal_fields: Mapping[str, int] = field(default_factory=dict)
    from_spares: Mapping[str, str] = field(default_factory=dict)
    cards_from_spares: Mapping[str, str] = field(default_factory=dict)
    former_names: Mapping[str, int] = field(default_factory=dict)
    asks: Mapping[str, str] = field(default_factory=dict)
    modified: Moment | None = None

    def list_names(self) -> dict[str, int]:
        """Return every name that it knows one of its fields to have, or to have had, with the number of the field."""
        return {**self.former_names, **self.fields, **self.spare_fields, **self.personal_fields}

    def name_parts(self) -> dict[int, str]:
        """Return the names of its fields and cards, spare ones too, by their numbers."""
        first = {self.first_card: self.template} if self.first_card else {}
        named = (self.fields, self.spare_fields, self.personal_fields, first, self.more, self.spare_cards)
        return {number: name for each in named for name, number in each.items()}

    def list_fields(self) -> list[int]:
        """Return the numbers of its fields, in Anki's order."""
        return [*self.fields.values(), *self.spare_fields.values(), *self.personal_fields.values()]

    def list_cards(self) -> list[int]:
        """Return the numbers of its card templates, in order."""
        return [self.template, *self.more.values()]


@dataclass(frozen=True, slots=True)
class RetiredRecord:
    """A retired note, and the release that first told learners so."""

    guid: str
    id: str
    version: str
    date: str


@dataclass(frozen=True, slots=True)
class MediaRecord:
    """A file of a deck that was taken over: its name in Anki, and its digest, "" where the deck itself lacked it."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Side:
    """What learners of one branch have, where it is not what the merged history has of both.

    `version` is that branch's last release, as its learners know it. `notes` are its own records, by GUID, `lacks` the
    GUIDs of notes that it never released, and `note_types` the kinds that look otherwise there. `names` are those of
    fields and cards that have another name there, by kind and number.
    """

    version: str
    notes: Mapping[str, NoteRecord] = field(default_factory=dict)
    lacks: frozenset[str] = frozenset()
    note_types: tuple[str, ...] = ()
    names: Mapping[str, Mapping[int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """Everything that was released, oldest release first.

    `deck` and `sections` have the names in Anki; `deck` is None while a history of the first format lacks them.
    `sides` are those of a merge, until the next release brings them together. `media` are the files of a deck that was
    taken over, by their names in Anki: the digest of each as learners have it, "" for one that the deck never had.
    """

    releases: tuple[Release, ...]
    note_types: Mapping[str, TypeRecord]
    notes: Mapping[str, NoteRecord]
    retired: Mapping[str, RetiredRecord]
    deck: NameRecord | None = None
    sections: Mapping[str, NameRecord] = field(default_factory=dict)
    sides: tuple[Side, ...] = ()
    media: Mapping[str, str] = field(default_factory=dict)
    file: SourceFile = field(default_factory=lambda: SourceFile(f"source/{NAME}", ""))
    # Whether a package had to say what a history of the first format lacks.
    is_completed: bool = field(default=False, compare=False)
    _by_version: dict[str, Release] = field(init=False, compare=False, repr=False)
    # Asked for each note, and there may be many releases.
    _last_moment: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_version", {release.version: release for release in self.releases})
        object.__setattr__(self, "_last_moment", max((release.moment for release in self.releases), default=0))

    @property
    def last(self) -> Release:
        """The newest release."""
        return self.releases[-1]

    @property
    def is_taken_over(self) -> bool:
        """Whether nothing was released since the deck was taken over from another program."""
        times = (each.modified for records in (self.notes, self.note_types) for each in records.values())
        return len(self.releases) == 1 and any(time is not None for time in times)

    def find_moment_before(self, record: NoteRecord | TypeRecord | None) -> int:
        """Return the moment that a change has to pass: that of the last release, or the later one of a record."""
        modified = record.modified if record else None
        return self.last_moment if modified is None else max(self.last_moment, modified)

    @property
    def last_date(self) -> str:
        """The latest day of a release, which after a merge need not be that of the last one."""
        return max(release.date for release in self.releases)

    @property
    def last_moment(self) -> int:
        """The latest moment of a release, in seconds since 1970 UTC."""
        return self._last_moment

    def find(self, version: str) -> Release:
        """Return the release of a version. Raises ValueError when there is none."""
        if version not in self._by_version:
            raise ValueError(f"{version} is not one of the releases")
        return self._by_version[version]

    def moment_of(self, version: str) -> int:
        """Return the moment of a release, in seconds since 1970 UTC. Raises ValueError when there is none."""
        return self.find(version).moment

    def ships_retired(self, guid: str) -> bool:
        """Return whether a retired note is in the package: each one that learners may have, whatever they skipped."""
        return guid in self.notes

    def place(self, key: str, value: str) -> Span:
        """Return the place of a key's value, such as a note's id; the start of the file when it is not there."""
        quoted = json.dumps(value, ensure_ascii=False)
        pair = f"{json.dumps(key)}: {quoted}"
        start = self.file.text.find(pair)
        end = start + len(pair)
        return Span(self.file, end - len(quoted), end) if start >= 0 else Span(self.file)


def find_moment(history: History | None, date: str) -> int:
    """Return the moment of a release on this day that comes after those of the history, in seconds since 1970 UTC.

    It is the start of the day, or a minute after the release before it, whichever is later.
    """
    return max(to_moment(date), history.last_moment + _A_MINUTE) if history else to_moment(date)


def parse(file: SourceFile) -> History | Diagnostic:
    """Return what history.json holds, or the diagnostic that says why it cannot be read."""
    try:
        return _history(file, json.loads(file.text))
    except json.JSONDecodeError as error:
        return _bad(file, error.pos, error.msg)
    except KeyError as error:
        return _bad(file, 0, f"`{error.args[0]}` is not in it")
    except (ValueError, TypeError, AttributeError) as error:
        return _bad(file, 0, f"{error}")
    except RecursionError:
        return _bad(file, 0, "it is nested too deep")


def _history(file: SourceFile, content: Any) -> History:
    if not isinstance(content, dict):
        raise TypeError("it is no object")
    version = content["format"]
    if version not in (FIRST_FORMAT, FORMAT) or isinstance(version, bool):
        raise ValueError(f"format {version} is not {FORMAT}; a newer cardpress may have written it")
    history = _first_format(file, content) if version == FIRST_FORMAT else _format(file, content)
    if not history.releases:
        raise ValueError("no release is in it")
    steps = [rank(release.version) for release in history.releases]
    if any(later < earlier for earlier, later in pairwise(steps)):
        raise ValueError("its releases are not in the order of their versions")
    versions = {release.version for release in history.releases}
    if len(versions) < len(history.releases) or (version == FIRST_FORMAT and len(set(steps)) < len(steps)):
        raise ValueError("two of its releases have the same version")
    named = {each.version for each in history.notes.values()} | {each.version for each in history.note_types.values()}
    for each in sorted(named - versions):
        raise ValueError(f"{each} is not one of the releases")
    return history


def _format(file: SourceFile, content: Mapping[str, Any]) -> History:
    known = {"format", "deck", "releases", "sections", "note_types", "notes", "retired", "sides", "media"}
    unknown = sorted(set(content) - known)
    if unknown:
        raise TypeError(f"`{unknown[0]}` is not known")
    deck = _read(NameRecord, content["deck"])
    sections = _by("id", _read_each(NameRecord, content["sections"]))
    for each in (deck, *sections.values()):
        for name in (each.name, *(record.name for record in each.card_decks.values())):
            if not name or _CONTROL.search(name) or name.count("::") >= DEEPEST_NAME:
                raise ValueError(f"{_quote(name)} is no name in Anki")
    releases = tuple(_read_each(Release, content["releases"]))
    for release in releases:
        to_moment(release.date)
        if release.moment not in _MOMENTS:
            raise ValueError(f"{release.moment} is no `moment`")
    sides = tuple(map(_read_side, content.get("sides", [])))
    if len(sides) > _MOST_SIDES:
        raise ValueError(f"it has more than {_MOST_SIDES} `sides`")
    media = {each.name: each.digest for each in _by("name", _read_each(MediaRecord, content.get("media", []))).values()}
    return replace(_common(file, content, releases), deck=deck, sections=sections, sides=sides, media=media)


def _read_side(entry: Any) -> Side:
    version, lacks, kinds = entry["version"], entry["lacks"], entry["note_types"]
    if not isinstance(version, str) or not isinstance(lacks, list) or not isinstance(kinds, list):
        raise TypeError("one of its `sides` is no side")
    if not all(isinstance(each, str) for each in (*lacks, *kinds)):
        raise TypeError("one of its `sides` names what is no text")
    if len(version) > _LONGEST:
        raise ValueError("the version of one of its `sides` is too long")
    rank(version)
    names = {}
    for kind, named in entry.get("names", {}).items():
        if _read_texts(named) is None:
            raise TypeError("one of its `sides` names what is no text")
        names[kind] = {int(number): name for number, name in named.items()}
    return Side(version, _by("guid", _read_each(NoteRecord, entry["notes"])), frozenset(lacks), tuple(kinds), names)


def _first_format(file: SourceFile, content: Mapping[str, Any]) -> History:
    """Return a history of format 1: moments follow from days, and note types have no names."""
    releases: list[Release] = []
    moment = 0
    for entry in content["releases"]:
        moment = max(to_moment(str(entry["date"])), moment + _A_MINUTE)
        releases.append(_read(Release, {**entry, "moment": moment}))
    unnamed = [{**entry, "name": ""} for entry in content["note_types"]]
    return _common(file, {**content, "note_types": unnamed}, tuple(releases))


def _common(file: SourceFile, content: Mapping[str, Any], releases: tuple[Release, ...]) -> History:
    return History(
        releases=releases,
        note_types=_by("kind", _read_each(TypeRecord, content["note_types"])),
        notes=_by("guid", _read_each(NoteRecord, content["notes"])),
        retired=_by("guid", _read_each(RetiredRecord, content["retired"])),
        file=file,
    )


def _read_each(kind: type[Record], entries: Any) -> Iterable[Record]:
    if not isinstance(entries, list):
        raise TypeError("one of its lists is no list")
    return (_read(kind, entry) for entry in entries)


def _read(kind: type[Record], entry: Any) -> Record:
    """Return the record in a JSON value.

    Raises TypeError when a key is unknown or a value is of the wrong type, KeyError when a key is missing.
    """
    if not isinstance(entry, dict):
        raise TypeError(f"{_quote(entry)} is no object")
    parts = fields(kind)  # type: ignore[arg-type]  # every kind of record is a dataclass
    unknown = sorted(set(entry).difference(part.name for part in parts))
    if unknown:
        raise TypeError(f"`{unknown[0]}` is not known")
    values: dict[str, Any] = {}
    for each in parts:
        if each.name in entry or (each.default_factory is MISSING and each.default is MISSING):
            read = _READERS[str(each.type)](entry[each.name])
            if read is None:
                raise TypeError(f"{_quote(entry[each.name])} is no `{each.name}`")
            values[each.name] = read
    return kind(**values)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _read_numbers(value: Any) -> dict[str, int] | None:
    return value if isinstance(value, dict) and all(map(_is_number, value.values())) else None


def _read_texts(value: Any) -> dict[str, str] | None:
    return value if isinstance(value, dict) and all(isinstance(text, str) for text in value.values()) else None


def _read_deletions(value: Any) -> dict[int, tuple[str, ...]] | None:
    if not isinstance(value, dict) or not value.keys() <= _NUMBERS.keys():
        return None
    if not all(isinstance(answers, list) for answers in value.values()):
        return None
    if not all(isinstance(answer, str) for answers in value.values() for answer in answers):
        return None
    return {_NUMBERS[number]: tuple(answers) for number, answers in value.items()}


def _read_masks(value: Any) -> dict[str, MaskRecord] | None:
    if not isinstance(value, dict) or not all(isinstance(each, list) and len(each) == 2 for each in value.values()):
        return None
    if not all(isinstance(text, str) for each in value.values() for text in each):
        return None
    return {mask: MaskRecord(*each) for mask, each in value.items()}


def _read_card_decks(value: Any) -> dict[str, DeckRecord] | None:
    if not isinstance(value, dict) or not all(isinstance(each, list) and len(each) == 2 for each in value.values()):
        return None
    for name, number in value.values():
        is_number = _is_number(number) and number in _NUMBERS_IN_ANKI
        if not isinstance(name, str) or len(name) > _LONGEST or not (number is None or is_number):
            return None
    return {template: DeckRecord(*each) for template, each in value.items()}


def _read_cards(value: Any) -> tuple[int, ...] | None:
    return tuple(value) if isinstance(value, list) and all(_is_number(each) and each > 1 for each in value) else None


# How a value of each type is read: None stands for one that is not of the type.
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "str": lambda value: value if isinstance(value, str) and len(value) <= _LONGEST else None,
    "int": lambda value: value if _is_number(value) else None,
    "int | None": lambda value: value if _is_number(value) and value in _NUMBERS_IN_ANKI else None,
    # An old deck may have times before 1970, and others milliseconds: Anki compares them like others.
    "Moment | None": lambda value: value if _is_number(value) and value in _NUMBERS_IN_ANKI else None,
    "bool": lambda value: value if isinstance(value, bool) else None,
    "Mapping[str, str]": _read_texts,
    "Mapping[str, int]": _read_numbers,
    "Deletions": _read_deletions,
    "Masks": _read_masks,
    "CardDecks": _read_card_decks,
    "tuple[int, ...]": _read_cards,
}


def _quote(value: Any) -> str:
    """Return a value as a message quotes it. Nobody reads a long one, and a hostile one may be long."""
    text = repr(value)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def _by(key: str, records: Iterable[Record]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for record in records:
        name = getattr(record, key)
        if name in found:
            raise ValueError(f"it has two lines for {getattr(record, 'id', name) if key == 'guid' else name}")
        found[name] = record
    return found


def _bad(file: SourceFile, start: int, problem: str) -> Diagnostic:
    message = f"{file.path} cannot be read: {problem}"
    help_line = (
        "take it back from version control, since only `release` writes it; while git merges two branches that both "
        "released, run `cardpress release --merge`"
    )
    return Diagnostic("bad-history", Span(file, start, start + 1), message, help_line)


def to_text(history: History) -> str:
    """Return the text of history.json: sorted, each entry on a line of its own, and each comma too.

    For git, changes of neighboring lines are a conflict. The commas keep entries apart, so that git can merge two
    branches that change different notes. Raises ValueError for a history of the first format that lacks its names.
    """
    if history.deck is None:
        raise ValueError("a history of format 1 is completed before it is written")
    parts = {
        "releases": map(_entry, history.releases),
        "sections": (_entry(record) for _, record in sorted(history.sections.items())),
        "note_types": (_entry(record) for _, record in sorted(history.note_types.items())),
        "notes": map(_entry, sorted(history.notes.values(), key=lambda record: record.id)),
        "retired": map(_entry, sorted(history.retired.values(), key=lambda record: record.id)),
    }
    if history.media:
        parts["media"] = (_entry(MediaRecord(name, digest)) for name, digest in sorted(history.media.items()))
    if history.sides:
        parts["sides"] = map(_side_entry, history.sides)
    lists = ",\n".join(f'"{name}": [\n{_lines(entries)}]' for name, entries in parts.items())
    return f'{{\n"format": {FORMAT},\n"deck":\n{_entry(history.deck)}\n,\n{lists}\n}}\n'


def _lines(entries: Iterable[str]) -> str:
    joined = "\n,\n".join(entries)
    return f"{joined}\n" if joined else ""


def _side_entry(side: Side) -> str:
    notes = [_list_values(note) for note in side.notes.values()]
    values: dict[str, Any] = {
        "version": side.version,
        "notes": notes,
        "lacks": sorted(side.lacks),
        "note_types": side.note_types,
    }
    return json.dumps({**values, "names": side.names} if side.names else values, ensure_ascii=False)


def _entry(record: Any) -> str:
    return json.dumps(_list_values(record), ensure_ascii=False)


def _list_values(record: Any) -> dict[str, Any]:
    values = {part.name: getattr(record, part.name) for part in fields(record)}
    return {part.name: values[part.name] for part in fields(record) if not _is_default(part, values[part.name])}


def _is_default(part: Field[Any], value: Any) -> bool:
    """Return whether a value is what is read where none is written."""
    made = part.default_factory() if part.default_factory is not MISSING else part.default
    return made is not MISSING and bool(value == made)
