"""Reads any .apkg as an `Original`: what learners have in Anki once they have imported it, to the byte.

Anki itself is not needed for that. What is refused is told in a line; what is odd is passed over, with a remark.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from cardpress.anki.original import Original, OriginalDeck, OriginalError, OriginalNote
from cardpress.anki.packages.archive import MediaFile, PackageError, PackageFiles, PackageForm, open_package, read_json
from cardpress.anki.packages.database import MOST_ROWS, MOST_TAGS, has_tables_of_types, open_database
from cardpress.anki.packages.declarations import PackedDeck, PackedType, read_decks, read_note_types
from cardpress.anki.packages.media_names import rename_media
from cardpress.anki.packages.mending import mend_fields
from cardpress.anki.packages.names import clean_file_name, clean_text, has_endless_marks, split_tags
from cardpress.diagnostics.visible import make_visible
from cardpress.wording import say_count

_FORMS = {
    PackageForm.FIRST: "an Anki package (.apkg, collection.anki2)",
    PackageForm.SECOND: "an Anki package (.apkg, collection.anki21)",
    PackageForm.LATEST: "an Anki package (.apkg, collection.anki21b, 2022 and newer)",
}
# Where cards are whose deck is not in the package, as Anki has it after its database check.
_DEFAULT = OriginalDeck("Default", 1)
# What Anki keeps in a collection of what was studied and added last, and never in a package of a deck.
_TRACE = re.compile(r"_deck_[0-9]+_lastNotetype|_nt_[0-9]+_lastDeck")
_WHOLE_COLLECTION = (
    "it is a whole collection (.colpkg), with all that somebody studies; export one deck from Anki as .apkg"
)
# A card's number in Anki is below this.
_MOST_CARDS = 1 << 16
_MOST_REMARKS = 1_000
# Characters of a GUID. Anki's own have ten.
_LONGEST_GUID = 1_000
# Seconds since 1970. Some programs write milliseconds in their place, which a change can pass as it can
# all that is below this.
_NO_TIME = 1 << 60
_SHOWN = 40


def read_original(data: bytes) -> Original:
    """Return the deck that a package holds. Raises OriginalError when it cannot be taken over at all."""
    try:
        files = open_package(data)
        with open_database(files.database) as connection:
            _refuse_collection(connection)
            return _read(files, connection)
    except PackageError as error:
        raise OriginalError(str(error)) from error


@dataclass(slots=True)
class _Remarks:
    """Sentences on what was passed over, up to a number."""

    told: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, sentence: str) -> None:
        self.count += 1
        if self.count <= _MOST_REMARKS:
            self.told.append(sentence)

    def all(self) -> tuple[str, ...]:
        more = self.count - len(self.told)
        return (*self.told, *((f"{more:,} more such remarks are left out.",) if more else ()))


class _Media(Mapping[str, bytes]):
    """What media files hold, by their names in Anki; each is unpacked when it is asked for."""

    def __init__(self, files: PackageFiles, names: Mapping[str, MediaFile]) -> None:
        self._files, self._names = files, names

    def __getitem__(self, name: str) -> bytes:
        try:
            return self._files.read(self._names[name])
        except PackageError as error:
            raise OriginalError(str(error)) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _read(files: PackageFiles, connection: sqlite3.Connection) -> Original:
    remarks = _Remarks()
    types, decks = read_note_types(connection), read_decks(connection)
    cards = _read_cards(connection, decks, remarks)
    notes = tuple(_read_notes(connection, types, cards, remarks).values())
    if not notes:
        raise PackageError("it has no notes")
    used = {note.type_key for note in notes}
    note_types = [each for each in types.values() if each.type.key in used]
    kept = _choose_decks(decks.values(), {deck for note in notes for _, deck in note.cards})
    for each in note_types:
        if each.type.modified >= _NO_TIME:
            remarks.add(
                f"Of the note type `{make_visible(each.type.name)}` the time of change is so far ahead that Anki takes "
                "no change of its templates and style."
            )
        for what in each.left_out:
            remarks.add(f"Of the note type `{make_visible(each.type.name)}`, {what} are not taken over.")
    for deck in kept:
        if deck.is_markdown:
            remarks.add(f"The description of the deck `{make_visible(deck.deck.name)}` is Markdown to Anki.")
    return Original(
        form=_FORMS[files.form],
        decks=tuple(each.deck for each in kept),
        note_types=tuple(
            each.type if each.type.modified < _NO_TIME else replace(each.type, modified=0) for each in note_types
        ),
        notes=notes,
        media=_Media(files, _name_media(files, remarks)),
        remarks=remarks.all(),
    )


def _refuse_collection(connection: sqlite3.Connection) -> None:
    """Raise PackageError for somebody's whole collection, known by what Anki keeps in one alone."""
    synced = connection.execute("select 1 from col where ls != 0").fetchone()
    if has_tables_of_types(connection):
        keys: Iterable[object] = (row[0] for row in connection.execute("select key from config limit 100000"))
    else:
        row = connection.execute("select conf from col limit 1").fetchone()
        try:
            conf = read_json(row[0]) if row and isinstance(row[0], str) and row[0] else {}
        except (ValueError, RecursionError):
            conf = {}
        keys = conf if isinstance(conf, dict) else ()
    if synced or any(isinstance(key, str) and _TRACE.fullmatch(key) for key in keys):
        raise PackageError(_WHOLE_COLLECTION)


def _read_cards(
    connection: sqlite3.Connection, decks: Mapping[int, PackedDeck], remarks: _Remarks
) -> dict[int, list[tuple[int, str]]]:
    """Return for each note the numbers of its cards from 1 and the decks that they are in, in the numbers' order."""
    rows = connection.execute(
        "select nid, ord, did, odid from cards order by nid, ord, id limit ?", (MOST_ROWS + 1,)
    ).fetchall()
    if len(rows) > MOST_ROWS:
        raise PackageError(f"it has more than {MOST_ROWS:,} cards")
    found: dict[int, list[tuple[int, str]]] = {}
    lost = 0
    for note, number, deck, home in rows:
        if not isinstance(number, int) or not 0 <= number < _MOST_CARDS:
            raise PackageError("a card in it has no number")
        of_note = found.setdefault(note, [])
        if of_note and of_note[-1][0] == number + 1:
            continue  # Anki keeps one card of a number, too
        # A filtered deck has cards for a time; an old package may have that deck and not the other.
        place = decks.get(home) or decks.get(deck)
        lost += place is None
        of_note.append((number + 1, place.deck.name if place else _DEFAULT.name))
    if lost:
        remarks.add(f"Of {say_count(lost, 'card')} the package does not have the deck: taken as of `{_DEFAULT.name}`.")
    return found


def _read_notes(
    connection: sqlite3.Connection,
    types: Mapping[int, PackedType],
    cards: Mapping[int, list[tuple[int, str]]],
    remarks: _Remarks,
) -> dict[str, OriginalNote]:
    """Return the notes by their GUIDs, in the order of their numbers, in which they were made."""
    notes: dict[str, OriginalNote] = {}
    blank = 0
    query = "select id, guid, mid, mod, tags, flds from notes order by id limit ?"
    for count, (number, guid, type_id, modified, tags, fields) in enumerate(
        connection.execute(query, (MOST_ROWS + 1,))
    ):
        if count == MOST_ROWS:
            raise PackageError(f"it has more than {MOST_ROWS:,} notes")
        if not (isinstance(guid, str) and isinstance(tags, str) and isinstance(fields, str)):
            raise PackageError("a note in it has no text where text should be")
        if len(tags) > MOST_TAGS:
            raise PackageError(f"a note in it has more than {MOST_TAGS:,} characters of tags")
        packed = types.get(type_id)
        if len(guid) > _LONGEST_GUID:
            remarks.add(f"{_name(guid, fields)} has a GUID of {len(guid):,} characters, and was left out.")
            continue
        if packed is None:
            remarks.add(f"{_name(guid, fields)} is of a note type that the package does not have, and was left out.")
            continue
        if has_endless_marks(fields):
            remarks.add(f"{_name(guid, fields)} has more than a thousand accents on one letter, and was left out.")
            continue
        whole = mend_fields(fields, len(packed.type.fields))
        if whole != fields:
            remarks.add(f"{_name(guid, fields)} had another number of fields than its note type, as Anki mends it.")
        if isinstance(modified, (int, float)) and not -_NO_TIME < modified < _NO_TIME:
            remarks.add(f"{_name(guid, fields)} has a time of change that nothing can pass, and was left out.")
            continue
        if guid in notes:
            remarks.add(f"{_name(guid, fields)} has the GUID of a note before it, which was left out.")
            del notes[guid]  # Anki knows one of them by the GUID, the last
        shown = [card for card in cards.get(number, ()) if packed.type.is_cloze or card[0] <= len(packed.type.cards)]
        blank += len(cards.get(number, ())) - len(shown)
        notes[guid] = OriginalNote(
            guid=guid,
            type_key=packed.type.key,
            fields=tuple(map(rename_media, clean_text(whole).split("\x1f"))),
            tags=tuple(split_tags(tags)),
            modified=int(modified) if isinstance(modified, (int, float)) else None,
            cards=tuple(shown),
        )
    if blank:
        remarks.add(f"Without a card template, {say_count(blank, 'card')} was left out: Anki shows nothing of it.")
    return notes


def _name(guid: str, fields: str) -> str:
    """Return what a remark calls a note: its GUID, and how its text begins."""
    start = " ".join(fields[: _SHOWN + 1].replace("\x1f", " ").split())
    shown = f"{start[:_SHOWN]}…" if len(start) > _SHOWN else start
    return make_visible(f"The note {json.dumps(guid[:100], ensure_ascii=False)} ({shown})")


def _choose_decks(decks: Collection[PackedDeck], used: Collection[str]) -> list[PackedDeck]:
    """Return the decks that have cards, and those above them, in the order of their names."""
    wanted = {name.rsplit("::", level)[0] for name in used for level in range(name.count("::") + 1)}
    found: dict[str, PackedDeck] = {}
    for deck in decks:
        if deck.deck.name in wanted and (not deck.is_filtered or deck.deck.name in used):
            found.setdefault(deck.deck.name, deck)
    if _DEFAULT.name in used:
        found.setdefault(_DEFAULT.name, PackedDeck(_DEFAULT, is_filtered=False, is_markdown=False))
    return sorted(found.values(), key=lambda deck: [level.casefold() for level in deck.deck.name.split("::")])


def _name_media(files: PackageFiles, remarks: _Remarks) -> dict[str, MediaFile]:
    """Return the media files by their names in Anki, in the order of these."""
    found: dict[str, MediaFile] = {}
    for each in files.media:
        name, shown = clean_file_name(each.name), make_visible(each.name[:100])
        if name is None:
            remarks.add(f"The media file `{shown}` has a name that leads out of Anki's folder, and was left out.")
        elif name in found:
            remarks.add(f"The media file `{shown}` has the name of another one, and was left out.")
        else:
            found[name] = each
    for lost in files.lost:
        remarks.add(f"The media file `{make_visible(lost[:100])}` is in the package's list and not in the package.")
    return dict(sorted(found.items()))
