"""The pictures of a deck as paper shows them, and with no more pixels than a sheet prints."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from cardpress.deck.notes import Deck
from cardpress.deck.pictures import TooManyPixelsError, shrink
from cardpress.outputs import OUTPUTS
from cardpress.source.bank import Media
from cardpress.source.media.metadata import drop_metadata
from cardpress.source.media.rasters import is_raster
from cardpress.source.media.svg_colors import settle_colors
from cardpress.writers.pdf.formats import choose_format
from cardpress.writers.pdf.heights import JsonObject
from cardpress.writers.pdf.rooms import find_pictures, fit_pictures, room_on
from cardpress.writers.pdf.selecting import select
from cardpress.writers.pdf.templates import find_own_template

# Each of them may have 64 million pixels while it is made smaller.
_PICTURES_AT_A_TIME = 2


def shrink_pictures(deck: Deck) -> tuple[Deck, dict[str, str]]:
    """Return a deck with pictures as paper shows them, and why some cannot be printed, by their names."""
    too_large: dict[str, str] = {}

    def shrunk(picture: Media) -> Media:
        try:
            return replace(picture, data=_ready(picture))
        except TooManyPixelsError as error:
            too_large[picture.name] = f"it has {error}"
            return replace(picture, data=b"")

    with ThreadPoolExecutor(_PICTURES_AT_A_TIME) as pool:
        return replace(deck, media=tuple(pool.map(shrunk, deck.media))), too_large


def _ready(picture: Media) -> bytes:
    return settle_colors(drop_metadata(picture.data)) if picture.name.lower().endswith(".svg") else shrink(picture.data)


def shrink_for_sheets(
    deck: Deck, data: JsonObject, pictures: Mapping[str, bytes]
) -> tuple[dict[str, JsonObject], dict[str, bytes]]:
    """Return, by sheet, the pictures with no more pixels than that prints, and their files by their paths."""
    fitted: dict[str, JsonObject] = {}
    files: dict[str, bytes] = {}
    for sheet in deck.printed if any(map(is_raster, pictures.values())) else ():
        output = OUTPUTS[sheet.name]
        # A template of the project's own may show them larger.
        if not find_own_template(deck, sheet.name):
            names = find_pictures(select(data, output))
            room = room_on(sheet.name, choose_format(sheet))
            fitted[sheet.name], made = fit_pictures(data, pictures, names, room, _PICTURES_AT_A_TIME)
            files |= made
    return fitted, files
