"""Reads a folder that CrowdAnki made, or a program for it: `deck.json` with the notes, and `media/` beside it.

CrowdAnki knows decks, presets and note types by ids of its own, and notes by their GUIDs. It keeps no times, and no
numbers of note types. The folder may come from a stranger: nothing outside it is read, and what is read has a bound.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unicodedata import normalize

from cardpress.anki.original import (
    Original,
    OriginalCard,
    OriginalDeck,
    OriginalError,
    OriginalField,
    OriginalNote,
    OriginalType,
)
from cardpress.disk.reading import MAX_SOUND_BYTES, Refusal, UnreadableError, list_files, read_file
from cardpress.markdown.html_deletions import list_cards
from cardpress.note_types import number_cards
from cardpress.note_types.in_anki import USUAL_FONT, USUAL_LATEX_AFTER, USUAL_LATEX_BEFORE, USUAL_SIZE, find_unusual
from cardpress.note_types.template_parts import is_blank, read_front
from cardpress.source.yaml.reading import MAX_CHARACTERS

FORM = "a CrowdAnki folder"
_FILE, _MEDIA = "deck.json", "media"
# Bytes of deck.json. The largest that was found has half of it, and JSON takes many times its size in memory.
_LONGEST = 64 * 1024 * 1024
_MOST_NOTES = 500_000
_MOST_DECKS = 10_000
# Levels of decks in each other, as in a deck's name.
_DEEPEST = 50
# Fields or card templates of a note type.
_MOST_PARTS = 1_000
# Characters of a name or an id.
_LONGEST_NAME = 2_000
# What stands between two fields of a note in Anki's table.
_SEPARATOR = "\x1f"
_LEVELS = "::"
# Anki's numbers have 64 bits.
_NUMBERS = range(-(2**63), 2**63)
# Sizes of a font in Anki's editor.
_SIZES = range(1, 1_000)
_CLOZE = 1
# Remarks, and characters of a name that one of them quotes.
_MOST_REMARKS = 1_000
_LONGEST_QUOTE = 60

JsonObject = dict[str, Any]


def find_deck_file(folder: Path) -> Path | None:
    """Return the file with the notes of a CrowdAnki folder, None where there is none.

    It is `deck.json`, else one that is called as the folder is, as CrowdAnki itself finds it.
    """
    for name in (_FILE, f"{folder.resolve().name}.json"):
        try:
            read_file(folder / name, folder, limit=0)
        except UnreadableError as error:
            if error.reason is Refusal.MISSING:
                continue
        return folder / name
    return None


def read_crowdanki(folder: Path) -> Original:
    """Return the deck of a CrowdAnki folder. Its media are read when they are asked for.

    Raises OriginalError for what cannot be taken over, and OSError when the disk fails.
    """
    path = find_deck_file(folder)
    if path is None:
        raise OriginalError(f"it holds neither `{_FILE}` nor a file with its own name, as CrowdAnki's folders do")
    content = _parse(_read(path, folder), path.name)
    if not isinstance(content, dict) or not isinstance(content.get("notes"), list) or "children" not in content:
        raise OriginalError(f"its `{path.name}` is not what CrowdAnki writes: it has no lists `notes` and `children`")
    reading = _Reading()
    reading.read_types(content)
    reading.read_decks(content, path.name)
    notes = reading.list_notes()
    if not notes:
        raise OriginalError(f"no note in its `{path.name}` can be taken over")
    types, decks = tuple(reading.note_types.values()), tuple(reading.decks)
    return Original(FORM, decks, types, notes, _list_media(folder), reading.list_remarks())


def _read(path: Path, folder: Path) -> bytes:
    try:
        return read_file(path, folder, _LONGEST)
    except UnreadableError as error:
        match error.reason:
            case Refusal.TOO_LARGE:
                raise OriginalError(f"its `{path.name}` has more than {_LONGEST:,} bytes") from None
            case Refusal.OUTSIDE:
                raise OriginalError(f"its `{path.name}` is a link that leads out of it") from None
            case _:
                raise OriginalError(f"its `{path.name}` is no regular file") from None


def _parse(data: bytes, name: str) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise OriginalError(f"its `{name}` is nested too deep") from None
    except UnicodeDecodeError:
        raise OriginalError(f"its `{name}` is not in UTF-8") from None
    except json.JSONDecodeError as error:
        raise OriginalError(f"its `{name}` is no JSON: {error.msg} in line {error.lineno}") from None
    except ValueError:  # a number of thousands of digits
        raise OriginalError(f"its `{name}` has a number that is too long") from None


class _Reading:
    """What was read of a folder, and what was passed over, a sentence each."""

    def __init__(self) -> None:
        self.note_types: dict[str, OriginalType] = {}
        self.decks: list[OriginalDeck] = []
        # The notes of each deck, with its full name, in the order in which a reader sees them.
        self._found: list[tuple[str, list[Any]]] = []
        # The decks in the order in which CrowdAnki imports them: each after those in it.
        self._import_order: list[int] = []
        self._remarks: list[str] = []

    def list_remarks(self) -> tuple[str, ...]:
        """Return what was passed over, no more than somebody reads."""
        more = len(self._remarks) - _MOST_REMARKS
        return (*self._remarks[:_MOST_REMARKS], *([f"And so on: {more:,} more of these."] if more > 0 else []))

    # --- note types

    def read_types(self, content: JsonObject) -> None:
        """Read the note types. Of two with the same id the last one counts, as for CrowdAnki."""
        for entry in _list(content.get("note_models")):
            uuid = _id(entry.get("crowdanki_uuid")) if isinstance(entry, dict) else None
            name = _name(entry.get("name")) if isinstance(entry, dict) else None
            note_type = _read_type(uuid, name, entry) if uuid and name else None
            if note_type:
                self.note_types[note_type.key] = note_type
            else:
                said = f"The note type {_quote(name)}" if name else "A note type without a name"
                self._remarks.append(f"{said} was passed over: it lacks an id, fields or card templates.")

    # --- decks

    def read_decks(self, content: JsonObject, file_name: str) -> None:
        """Read the decks, each before those in it."""
        presets = _read_presets(content)
        waiting: list[tuple[JsonObject, str, int]] = [(content, "", 1)]
        above: list[int] = []
        while waiting:
            entry, parent, level = waiting.pop()
            name = _name(entry.get("name"))
            if not name:
                raise OriginalError(f"a deck in its `{file_name}` has no name")
            if level > _DEEPEST or len(self.decks) >= _MOST_DECKS:
                raise OriginalError(f"its `{file_name}` has too many decks, or too many in each other")
            full_name = f"{parent}{_LEVELS}{name}" if parent else name
            self._import_order += reversed(above[level - 1 :])
            above[level - 1 :] = [len(self._found)]
            self._found.append((full_name, _list(entry.get("notes"))))
            self.decks.append(_read_deck(full_name, entry, presets))
            children = _list(entry.get("children"))
            waiting += ((child, full_name, level + 1) for child in reversed(children) if isinstance(child, dict))
        self._import_order += reversed(above)

    # --- notes

    def list_notes(self) -> tuple[OriginalNote, ...]:
        """Return the notes in the order of their decks.

        One that is in several decks, as its cards are, is in that of the last import, into which CrowdAnki puts them.
        """
        if sum(len(notes) for _, notes in self._found) > _MOST_NOTES:
            raise OriginalError(f"it has more than {_MOST_NOTES:,} notes")
        places: dict[str, int] = {}
        read: dict[int, dict[str, OriginalNote]] = {}
        for index in self._import_order:
            deck, entries = self._found[index]
            read[index] = {}
            for number, entry in enumerate(entries, 1):
                note = self._read_note(deck, number, entry)
                if note is None:
                    continue
                if note.guid in read[index]:
                    self._remarks.append(
                        f"Two notes of {_quote(deck)} have the GUID `{note.guid}`: the last one counts."
                    )
                elif note.guid in places:
                    what = f"is in several decks, and in Anki in {_quote(deck)} once CrowdAnki has imported it"
                    self._remarks.append(f"The note with the GUID `{note.guid}` {what}.")
                places[note.guid] = index
                read[index][note.guid] = note
        return tuple(
            note for index, _ in enumerate(self._found) for note in read[index].values() if places[note.guid] == index
        )

    def _read_note(self, deck: str, number: int, entry: Any) -> OriginalNote | None:
        """Return a note, None after a remark on what cannot be one in Anki."""
        try:
            return _read_note(entry, self.note_types, deck)
        except _NoNoteError as error:
            guid = _id(entry.get("guid")) if isinstance(entry, dict) else None
            said = f"with the GUID `{guid}`" if guid else f"number {number}"
            self._remarks.append(f"The note {said} of {_quote(deck)} was passed over: {error}.")
            return None


class _NoNoteError(Exception):
    """What cannot be a note in Anki. The message says why."""


def _read_note(entry: Any, note_types: Mapping[str, OriginalType], deck: str) -> OriginalNote:
    if not isinstance(entry, dict):
        raise _NoNoteError("it is no object")
    guid, key = _id(entry.get("guid")), entry.get("note_model_uuid")
    note_type = note_types.get(key) if isinstance(key, str) else None
    fields, tags = _list_texts(entry.get("fields")), _list_texts(entry.get("tags", []))
    if not guid:
        raise _NoNoteError("it has no GUID")
    if note_type is None:
        raise _NoNoteError("its note type is not there")
    if fields is None or tags is None:
        raise _NoNoteError("its fields or tags are no texts")
    if len(fields) > len(note_type.fields):
        raise _NoNoteError("it has more fields than its note type")
    if any(_SEPARATOR in each for each in fields):
        raise _NoNoteError("a field has the sign in it that stands between two fields in Anki")
    values = (*(normalize("NFC", each) for each in fields), *[""] * (len(note_type.fields) - len(fields)))
    # Anki splits tags at spaces.
    words = tuple(dict.fromkeys(word for tag in tags for word in normalize("NFC", tag).split()))
    cards = tuple((number, deck) for number in _number_cards(note_type, values, is_tagged=bool(words)))
    return OriginalNote(guid, note_type.key, values, words, None, cards)


def _number_cards(note_type: OriginalType, values: Iterable[str], *, is_tagged: bool) -> tuple[int, ...]:
    """Return the numbers of the cards that Anki made of a note when CrowdAnki imported it."""
    if note_type.is_cloze:
        return tuple(sorted({number for value in values for number in list_cards(value)})) or (1,)
    names = [each.name for each in note_type.fields]
    filled = frozenset(name for name, value in zip(names, values, strict=True) if not is_blank(value))
    return number_cards(map(read_front, (card.front for card in note_type.cards)), names, filled, is_tagged=is_tagged)


def _read_type(uuid: str, name: str, entry: JsonObject) -> OriginalType | None:
    """Return a note type, None when it lacks what Anki needs."""
    fields, cards = _list(entry.get("flds")), _list(entry.get("tmpls"))
    if not 0 < len(fields) <= _MOST_PARTS or not 0 < len(cards) <= _MOST_PARTS:
        return None
    read_fields = [field for each in fields if (field := _read_field(each))]
    read_cards = [card for each in cards if (card := _read_card(each))]
    if len(read_fields) < len(fields) or len(read_cards) < len(cards):
        return None
    sort_field = _number(entry.get("sortf")) or 0
    unusual = find_unusual(fields, cards).to_text()
    return OriginalType(
        key=uuid,
        id=None,
        name=name,
        is_cloze=entry.get("type") == _CLOZE,
        fields=tuple(read_fields),
        cards=tuple(read_cards),
        css=_text(entry.get("css")) or "",
        modified=0,
        sort_field=sort_field if sort_field in range(len(fields)) else 0,
        latex_before=_latex(entry, "latexPre", USUAL_LATEX_BEFORE),
        latex_after=_latex(entry, "latexPost", USUAL_LATEX_AFTER),
        is_latex_svg=entry.get("latexsvg") is True,
        stock_kind=_number(entry.get("originalStockKind")) or 0,
        uuid=uuid,
        crowdanki=unusual if len(unusual) <= MAX_CHARACTERS else "",
    )


def _latex(entry: JsonObject, key: str, usual: str) -> str:
    """Return what stands around LaTeX. Where that is not said, CrowdAnki takes it from Anki's own note types."""
    text = _text(entry.get(key))
    return usual if text is None else text


def _read_field(entry: Any) -> OriginalField | None:
    name = _name(entry.get("name")) if isinstance(entry, dict) else None
    if not name:
        return None
    size = _number(entry.get("size"))
    return OriginalField(
        name=name,
        id=_number(entry.get("id")),
        font=_name(entry.get("font")) or USUAL_FONT,
        size=size if size and size in _SIZES else USUAL_SIZE,
        is_right_to_left=entry.get("rtl") is True,
        description=_text(entry.get("description")) or "",
        is_collapsed=entry.get("collapsed") is True,
        is_plain_text=entry.get("plainText") is True,
    )


def _read_card(entry: Any) -> OriginalCard | None:
    name = _name(entry.get("name")) if isinstance(entry, dict) else None
    front, back = (_text(entry.get(key)) for key in ("qfmt", "afmt")) if name else (None, None)
    if not name or front is None or back is None:
        return None
    return OriginalCard(name, front, back, _number(entry.get("id")))


def _read_deck(full_name: str, entry: JsonObject, presets: Mapping[str, str]) -> OriginalDeck:
    preset = _id(entry.get("deck_config_uuid")) or ""
    return OriginalDeck(
        full_name,
        description=_text(entry.get("desc")) or "",
        uuid=_id(entry.get("crowdanki_uuid")) or "",
        preset_uuid=preset if preset in presets else "",
        preset_name=presets.get(preset, ""),
    )


def _read_presets(content: JsonObject) -> dict[str, str]:
    """Return the names of presets of options by CrowdAnki's ids. Nothing else of them is taken over."""
    entries = (each for each in _list(content.get("deck_configurations")) if isinstance(each, dict))
    named = ((_id(each.get("crowdanki_uuid")), _name(each.get("name"))) for each in entries)
    return {uuid: name for uuid, name in named if uuid and name}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    """Return a text, None for what is none. Half of a character, as JSON may have it, is no text."""
    if not isinstance(value, str):
        return None
    try:
        value.encode()
    except UnicodeEncodeError:
        return None
    return value


def _id(value: Any) -> str | None:
    """Return an id, exactly as it is; None for what is none, or is too long."""
    text = _text(value)
    return text if text and len(text) <= _LONGEST_NAME else None


def _name(value: Any) -> str | None:
    """Return a name in the form in which Anki stores letters, None for what is none, or is too long."""
    text = _id(value)
    return normalize("NFC", text) if text else None


def _list_texts(value: Any) -> list[str] | None:
    texts = [text for each in _list(value) if (text := _text(each)) is not None]
    return texts if isinstance(value, list) and len(texts) == len(value) else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value in _NUMBERS else None


def _quote(name: str) -> str:
    return f"“{name if len(name) <= _LONGEST_QUOTE else f'{name[:_LONGEST_QUOTE]}…'}”"


# --- media


def _list_media(folder: Path) -> Mapping[str, bytes]:
    """Return the files of `media/` by their names in Anki, none of those in folders below it."""
    listing = list_files(folder / _MEDIA, folder)
    if not listing.is_whole:
        raise OriginalError(f"its folder `{_MEDIA}` holds too many files, or too many folders in each other")
    # Anki's own form of letters; a system may have another.
    return _Media(folder, {normalize("NFC", name): name for name in listing.files if "/" not in name})


class _Media(Mapping[str, bytes]):
    """The files of a folder, each read when it is asked for."""

    def __init__(self, folder: Path, names: Mapping[str, str]) -> None:
        self._folder, self._names = folder, names

    def __getitem__(self, name: str) -> bytes:
        try:
            return read_file(self._folder / _MEDIA / self._names[name], self._folder, MAX_SOUND_BYTES)
        except UnreadableError:
            raise OriginalError(f"the file `{name}` of its folder `{_MEDIA}` cannot be read, or is too large") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
