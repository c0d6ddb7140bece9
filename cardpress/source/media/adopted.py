"""Files of a deck that was taken over: those that learners have already keep their names in Anki, whatever they are.

All other outputs show those that they can, and have the names of the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from unicodedata import normalize

from cardpress.history.digests import digest_file
from cardpress.history.records import History
from cardpress.markdown.sounds import is_sound
from cardpress.source.bank import Media
from cardpress.source.media.formats import guess_media_type, sniff
from cardpress.source.media.kinds import explain
from cardpress.source.media.rasters import find_fault
from cardpress.source.media.sounds import find_sound_fault, sniff_sound
from cardpress.source.media.svg import examine

_DRAWING = "image/svg+xml"


def mark_adopted(media: Mapping[str, Media], history: History | None) -> dict[str, Media]:
    """Return the files of source/media/, those marked that are as learners had them before cardpress."""
    released = history.media if history else {}
    return (
        {
            name: replace(each, is_adopted=True, fault=_find_fault(name, each.data))
            if released.get(normalize("NFC", name)) == digest_file(each.data)
            else each
            for name, each in media.items()
        }
        if released
        else dict(media)
    )


def _find_fault(name: str, data: bytes) -> str:
    """Return why nothing but Anki can show or play a file, "" for one that all outputs have.

    A picture may have the name of another kind, as browsers tell pictures by their bytes.
    """
    if is_sound(name):
        fault = find_sound_fault(data) if sniff_sound(data) else ""
    elif (kind := sniff(data)) is None or (kind == _DRAWING) != (guess_media_type(name) == _DRAWING):
        fault = ""
    elif kind == _DRAWING:
        found = examine(data)
        flaw = next((each.message for each in found.flaws), None)
        return flaw or ("" if found.work else f"source/media/{name} cannot be drawn")
    else:
        fault = find_fault(data)
    if fault == "":
        return explain(name, data)[0].partition(", which cards")[0]
    return f"source/media/{name} {fault}" if fault else ""
