"""Files of a deck that was taken over: those that learners have already keep their names in Anki, whatever they are.
So do those that adopted templates and styles name.

All other outputs show those that they can, and have the names of the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from html import escape
from unicodedata import normalize
from urllib.parse import quote

from cardpress.history.digests import digest_file
from cardpress.history.records import History
from cardpress.markdown.sounds import is_sound
from cardpress.note_types import NoteType
from cardpress.source.bank import Media
from cardpress.source.media.formats import guess_media_type, sniff
from cardpress.source.media.kinds import explain
from cardpress.source.media.rasters import find_fault
from cardpress.source.media.sounds import find_sound_fault, sniff_sound

_DRAWING = "image/svg+xml"


def mark_adopted(
    media: Mapping[str, Media], history: History | None, note_types: Iterable[NoteType] = ()
) -> dict[str, Media]:
    """Return the files of source/media/, those marked that keep their names in Anki: what is as learners had it before
    cardpress, and what the templates or styles of adopted note types name, which reach Anki as they are.
    """
    released = history.media if history else {}
    texts = [text for each in note_types if each.is_adopted for text in list_texts(each)]
    if not (released or texts):
        return dict(media)
    kept = {
        name
        for name, each in media.items()
        if released.get(normalize("NFC", name)) == digest_file(each.data) or is_named(name, texts)
    }
    return {
        name: replace(each, is_adopted=True, fault=_find_fault(name, each.data)) if name in kept else each
        for name, each in media.items()
    }


def find_replaced(media: Mapping[str, Media], history: History, note_types: Iterable[NoteType]) -> Iterator[str]:
    """Yield the files that templates or styles name and that learners have under the same name with other bytes.

    Anki keeps theirs. A file that only notes show ships under a name that its bytes make, and so is no matter.
    """
    texts = [text for each in note_types if each.is_adopted for text in list_texts(each)]
    for name, each in media.items():
        learners = history.media.get(normalize("NFC", name))
        if learners and learners != digest_file(each.data) and is_named(name, texts):
            yield name


def is_named(name: str, texts: Iterable[str]) -> bool:
    """Return whether templates or style sheets have the name of a file in them, in any of the ways to write it."""
    forms = {name, normalize("NFC", name)}
    names = forms.union(map(escape, forms), (quote(form, errors="replace") for form in forms))
    return any(_holds(text, written) for text in texts for written in names)


def _holds(text: str, name: str) -> bool:
    """Return whether a text has a name in it that is not the end or the beginning of a longer one."""
    return name in text and re.search(rf"(?<![\w.%-]){re.escape(name)}(?![\w.%-])", text) is not None


def list_texts(note_type: NoteType) -> Iterator[str]:
    """Yield the templates and the style of a note type."""
    files = (note_type.style, *(side for card in note_type.cards for side in (card.front, card.back)))
    return (file.text for file in files if file is not None)


def _find_fault(name: str, data: bytes) -> str:
    """Return why nothing but Anki can show or play a file, "" for one that all outputs have.

    A picture may have the name of another kind, as browsers tell pictures by their bytes.
    """
    if is_sound(name):
        fault = find_sound_fault(data) if sniff_sound(data) else ""
    elif (kind := sniff(data)) is None or (kind == _DRAWING) != (guess_media_type(name) == _DRAWING):
        fault = ""
    elif kind == _DRAWING:
        from cardpress.source.media.svg import examine

        found = examine(data)
        flaw = next((each.message for each in found.flaws), None)
        return flaw or ("" if found.work else f"source/media/{name} cannot be drawn")
    else:
        fault = find_fault(data)
    if fault == "":
        return explain(name, data)[0].partition(", which cards")[0]
    return f"source/media/{name} {fault}" if fault else ""
