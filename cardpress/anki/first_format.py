"""Completes a history of the first format: names in Anki and cloze deletions come from the package that was released.

The history has that package's digest, which proves that this is the package that learners have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from cardpress.anki.deletions import read_deletions
from cardpress.anki.package import Package, PackageError, read_package
from cardpress.deck.names import clean_name, to_line
from cardpress.history.digests import digest_short
from cardpress.history.records import History, NameRecord, NoteRecord, TypeRecord
from cardpress.note_types import Holds
from cardpress.note_types.identity import make_number
from cardpress.source.bank import Bank, DeckInfo

_NUMBER = re.compile(r"[0-9]+ ")


def complete(history: History, bank: Bank, info: DeckInfo, package: Package) -> History:
    """Return a history of the first format with what it lacks, from the package of its last release."""
    deck = _name_deck(info, package)
    return replace(
        history,
        is_completed=True,
        deck=deck,
        sections={each.id: each for each in _name_sections(history, bank, info, package)},
        note_types={kind: _name_type(each, bank, deck, package) for kind, each in history.note_types.items()},
        notes={guid: _with_deletions(each, history, bank, info, package) for guid, each in history.notes.items()},
    )


def is_package_of(deck_id: str, data: bytes) -> bool:
    """Return whether a package has the deck with this id."""
    try:
        return make_number(deck_id, "deck") in read_package(data).decks
    except PackageError:
        return False


def _name_deck(info: DeckInfo, package: Package) -> NameRecord:
    title = info.title.value.strip()
    name = to_line(package.decks.get(make_number(info.id.value, "deck"), "")) or clean_name(title)
    first = title if clean_name(title) == name else _read_title(name)
    return NameRecord(info.id.value, name, first, first)


def _name_sections(history: History, bank: Bank, info: DeckInfo, package: Package) -> Iterator[NameRecord]:
    titles = {section.id.value: section.title.value.strip() for section in bank.sections}
    shown: dict[str, set[str]] = {}
    for note in history.notes.values():
        shown.setdefault(note.section, set()).update(note.fields.values())
    for section in sorted({*titles, *shown}):
        name = to_line(package.decks.get(make_number(info.id.value, "section", section), ""))
        if not name:  # it was not released yet, or has been removed since
            continue
        title = _NUMBER.sub("", name.partition("::")[2], count=1)
        likely = (titles.get(section, ""), _read_title(title), _read_title(title).replace("”", '"'))
        fits = [each for each in likely if clean_name(each) == title]
        first = fits[0] if len(set(fits)) == 1 else _find_proven(fits, shown.get(section, set()))
        yield NameRecord(section, name, first, first)


def _find_proven(titles: Sequence[str], digests: Set[str]) -> str:
    """Return the title whose digest a note has. A straight quote in a title is another one in a name."""
    from cardpress.anki.field_html import FieldWriter  # needs nh3, and `check` hardly ever this

    writer = FieldWriter()
    # Earlier versions wrote straight quotes as they are.
    proven = (
        each for each in titles for write in (writer.attribute, writer.text) if digest_short(write(each))[:8] in digests
    )
    return next(proven, titles[0])


def _read_title(name: str) -> str:
    """Return a title as it was before `clean_name`, but for its quotes."""
    return name.replace("\N{WORD JOINER}", "")


def _name_type(record: TypeRecord, bank: Bank, deck: NameRecord, package: Package) -> TypeRecord:
    title = bank.note_types[record.kind].title if record.kind in bank.note_types else record.kind.capitalize()
    name = f"{deck.first_title} · {title}"
    released = package.note_types.get(record.id, name)
    return replace(record, name=name if clean_name(name) == released else _read_title(released))


def _with_deletions(record: NoteRecord, history: History, bank: Bank, info: DeckInfo, package: Package) -> NoteRecord:
    note_type, content = bank.note_types.get(record.kind), package.notes.get(record.guid)
    if note_type is None or content is None or record.kind not in history.note_types:
        return record
    clozes = {note_type.field_id(info.id.value, each) for each in note_type.fields if each.holds is Holds.CLOZE}
    released = zip(history.note_types[record.kind].fields.values(), content.fields, strict=False)
    text = next((text for number, text in released if number in clozes), "")
    return replace(record, deletions=read_deletions(text))
