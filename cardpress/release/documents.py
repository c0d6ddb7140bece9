"""What a release writes beside the artifacts: history, deck.yaml's version and date, changelog, release notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cardpress.anki.stamps import list_shipped, make_record, make_type_record
from cardpress.deck.notes import Deck
from cardpress.history.digests import digest_file
from cardpress.history.records import A_DAY, History, NoteRecord, Release, RetiredRecord, TypeRecord
from cardpress.release.change_reports import as_markdown
from cardpress.release.changes import Changes
from cardpress.release.refusals import RefusedError
from cardpress.source.bank import DeckInfo, Text
from cardpress.source.contents import CHANGELOG
from cardpress.source.media.adopted import is_named, list_texts
from cardpress.source.traces import mark_release
from cardpress.wording import join_words

# What tests/anki/test_personal_fields.py has tried.
_PERSONAL = """\
If you have filled {fields}, import `{file}` first, and then the package (Anki 23.10 or later; change nothing in its
dialog). In notes that changed, the package alone takes away what you wrote there. Like the package, the file replaces
your other edits of these notes, and their tags."""
# What tests/anki/test_what_stops_updates.py has tried.
_STOPS = """\
In notes that are updated, your own text and tags (*marked* is one) give way to the deck's; schedules, flags and decks
stay. An update passes by what was edited after {date}, by you, or by Anki when a note was marked or became a leech. To
take it all the same, set *Update notes* to *Always* when you import, and then back to *If newer*; your own text and
tags in such notes are replaced, too. If you have added a field or a card to a note type of this deck, tick
*Merge note types*."""

# What tests/anki/test_crowdanki.py has tried.
_CROWDANKI = """\
Who has this deck through the add-on CrowdAnki goes on with CrowdAnki, and imports the folder `crowdanki/` there. The
package can update none of their notes, and brings a second note type beside theirs. Notes that are retired are not in
the folder."""
# What tests/anki/test_retired.py has tried.
_RETIRED = """\
Retired notes are not deleted: their cards say why they are asked no more. To find them all, search for
`tag:{deck_id}::retired` in Anki's browser, and suspend or delete what you do not want to keep."""
_DESIGN = """\
The new design replaces what you have changed in the style or the templates of these cards: keep a copy of it."""

# What tests/anki/test_what_stops_updates.py has tried of new cards.
_BLANK = """\
A new card of such a note comes all the same, and has a blank front or no gap until you take the note's text so."""


def set_release(info: DeckInfo, version: str, date: str) -> DeckInfo:
    """Return a deck's facts with the version and date of its release."""
    return replace(info, version=Text(version, info.version.span), date=Text(date, info.date.span))


def update_deck_yaml(info: DeckInfo) -> bytes:
    """Return the content of deck.yaml with the new version and date, and all else as the author wrote it.

    The rule `version-not-plain` has seen that both are plain values.
    """
    text = info.version.span.file.text
    for value in sorted((info.version, info.date), key=lambda each: each.span.start, reverse=True):
        text = text[: value.span.start] + value.value + text[value.span.end :]
    return text.encode()


def extend_history(history: History | None, deck: Deck, this: Release) -> History:
    """Return the history with this release added. Notes and note types that changed get its version and date."""
    notes: dict[str, NoteRecord] = dict(history.notes) if history else {}
    retired: dict[str, RetiredRecord] = dict(history.retired) if history else {}
    for each in list_shipped(deck):
        now = make_record(deck, each)
        before = notes.get(now.guid)
        if before is not None:
            # A retired note ships without cards, but learners keep theirs.
            now = replace(now, more_cards=tuple(sorted({*before.more_cards, *now.more_cards})))
        if before is None:
            notes[now.guid] = now
        elif before.digest != now.digest:
            notes[now.guid] = replace(now, is_updated=True, modified=_pass(before, this))
        else:
            # What Anki has is the same, so the note is as old as it was.
            notes[now.guid] = replace(
                now,
                version=before.version,
                date=before.date,
                is_updated=before.is_updated,
                modified=before.modified,
            )
        if each.is_retired and now.guid not in retired:
            retired[now.guid] = RetiredRecord(now.guid, now.id, this.version, this.date)
    # A note type or a section that the deck has no more stays in the collections of those who have it.
    types: dict[str, TypeRecord] = dict(history.note_types) if history else {}
    for note_type in deck.note_types:
        type_now = make_type_record(deck, note_type)
        type_before = types.get(note_type.kind)
        if type_before is None or type_before.digest != type_now.digest:
            types[note_type.kind] = replace(type_now, modified=_pass(type_before, this))
        else:
            types[note_type.kind] = replace(type_before, asks=type_now.asks)
    sections = dict(history.sections) if history else {}
    sections |= {section.id: section.names for section in deck.sections}
    releases = (*(history.releases if history else ()), this)
    media = dict(history.media) if history else {}
    texts = [text for each in deck.note_types if each.is_adopted for text in list_texts(each)]
    media |= {file.name: digest_file(file.data) for file in deck.list_media_of_anki() if is_named(file.name, texts)}
    return History(releases, types, notes, retired, deck.names, sections, media=media)


def _pass(before: NoteRecord | TypeRecord | None, this: Release) -> int | None:
    """Return the time of what a release changes, where learners have it from a time that is later than the release.

    A package may have such times, in milliseconds, say. None where the release's own moment is newer.
    """
    late = before.modified if before else None
    return late + A_DAY if late is not None and late >= this.moment else None


def write_release_notes(
    deck_id: str,
    version: str,
    date: str,
    found: Changes,
    personal: Sequence[str] = (),
    text_file: str = "",
    *,
    for_crowdanki: bool = False,
) -> bytes:
    """Return the release notes for learners, in Markdown. If notes update, they say what in Anki stops that.

    They also say how retired notes are found, and what a new design replaces.

    `personal` are the names of the fields that learners fill, which `text_file` updates notes without. With
    `for_crowdanki`, there are learners who have the deck through that add-on.
    """
    stops = f"\n{_STOPS.format(date=date)}\n" if found.updates else ""
    stops += f"\n{_BLANK}\n" if stops and found.new_cards else ""
    first = ""
    if personal and text_file:
        fields = join_words([f"*{name}*" for name in personal])
        first = f"\n{_PERSONAL.format(fields=fields, file=text_file)}\n"
    kept = f"\n{_CROWDANKI}\n" if for_crowdanki else ""
    kept += f"\n{_DESIGN}\n" if found.designs else ""
    kept += f"\n{_RETIRED.format(deck_id=deck_id)}\n" if found.count("retired") else ""
    return f"# {version}\n\n{date}\n\n{as_markdown(found)}{first}{kept}{stops}\n{mark_release(deck_id)}\n".encode()


def update_changelog(before: bytes | None, deck_id: str, version: str, date: str, found: Changes) -> bytes:
    """Return the changelog with a section for this release above the older ones.

    The section takes over what is under `Unreleased`. `before` is the present changelog, None when there is none.
    Raises RefusedError when it is not UTF-8.
    """
    try:
        text = before.decode("utf-8-sig") if before is not None else "# Changelog\n"
    except UnicodeDecodeError as error:
        raise RefusedError(f"{CHANGELOG} is not UTF-8; save it so") from error
    heading = re.search(r"^## .*(\n|\Z)", text, re.MULTILINE)
    top, own, older = (text, "", "") if heading is None else (text[: heading.start()], "", text[heading.start() :])
    if heading and heading[0].strip().strip("[]# ").casefold() == "unreleased":
        rest = text[heading.end() :]
        following = re.search(r"^## ", rest, re.MULTILINE)
        own, older = (rest[: following.start()], rest[following.start() :]) if following else (rest, "")
    parts = (
        top.strip(),
        f"## {version}, {date}",
        mark_release(deck_id),
        as_markdown(found).strip(),
        own.strip(),
        older.strip(),
    )
    return ("\n\n".join(part for part in parts if part) + "\n").encode()
