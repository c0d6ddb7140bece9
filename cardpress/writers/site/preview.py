"""The picture of a deck for links to its site, set by Typst in the fonts of the sheets."""

from __future__ import annotations

import json
from pathlib import PurePosixPath

import typst

from cardpress.deck.listing import cut
from cardpress.deck.notes import Deck
from cardpress.deck.overview import count_cards, count_questions
from cardpress.deck.section_colors import choose_color
from cardpress.diagnostics import Diagnostic, Span
from cardpress.disk.private import make_private_folder
from cardpress.source.bank import Media
from cardpress.source.glyphs import find_missing
from cardpress.source.languages import is_right_to_left

_FONTS, _PACKAGES = "fonts", "packages"
# Characters that the picture has room for.
_LONGEST_TITLE, _LONGEST_DESCRIPTION = 140, 220
# Pixels for 72 points: a point of the template is a pixel.
_RESOLUTION = 72.0
# Scripts whose letters are not set closer in large type.
_NOT_SPACED = frozenset(("ja", "zh", "ko", "ar", "fa", "ur", "he"))


def draw_preview(deck: Deck) -> tuple[bytes, tuple[Diagnostic, ...]]:
    """Return the picture as a PNG of 1200 × 630 pixels, and the problem with the project's fonts, if there is one."""
    try:
        return _draw(deck, deck.fonts), ()
    except RuntimeError as error:  # a TypstError is one
        if deck.fonts == deck.engine_fonts:
            raise
        message = f"the fonts of the project cannot be used, and the engine's are in preview.png: {error}"
        hint = "remove the fonts that are not needed"
        problem = Diagnostic("bad-print-font", Span.of_file("source/fonts"), " ".join(message.split()), hint)
        return _draw(deck, deck.engine_fonts), (problem,)


def _draw(deck: Deck, fonts: tuple[Media, ...]) -> bytes:
    files = {
        f"{_FONTS}/{index:04}{PurePosixPath(font.name).suffix.lower()}": font.data for index, font in enumerate(fonts)
    }
    template = {**deck.templates, **deck.replaced_templates}["site/preview.typ"].text
    with make_private_folder((_FONTS, _PACKAGES), files) as folder:
        compiler = typst.Compiler(
            template.encode(),
            font_paths=typst.Fonts(
                include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder / _FONTS)]
            ),
            root=str(folder),
            ignore_system_fonts=True,
            sys_inputs={"deck": json.dumps(_collect(deck, fonts), ensure_ascii=False)},
            package_path=str(folder / _PACKAGES),
            package_cache_path=str(folder / _PACKAGES),
        )
        picture = compiler.compile(format="png", ppi=_RESOLUTION)
    if not isinstance(picture, bytes):
        raise TypeError("Typst makes one picture of a page")
    return picture


def _collect(deck: Deck, fonts: tuple[Media, ...]) -> dict[str, object]:
    """Return what the picture shows. A text that the fonts cannot show is left out, and the title is then the id."""
    name, _, region = deck.language.lower().partition("-")
    say = deck.strings
    total = max(sum(map(count_questions, deck.sections)), 1)

    def shown(text: str) -> str:
        return "" if find_missing(text, fonts) else text

    counts = [say("Questions: {n}", n=total), say("Cards: {n}", n=count_cards(deck))]
    return {
        "title": shown(cut(deck.title, _LONGEST_TITLE)) or deck.id,
        "description": shown(cut(deck.description, _LONGEST_DESCRIPTION)),
        "counts": shown(" · ".join(counts)),
        "edition": shown(say("Version {version}, {date}", version=deck.version, date=deck.date)),
        "lang": name,
        "region": region.upper() if len(region) == 2 and region.isalpha() else None,
        "rtl": is_right_to_left(deck.language),
        "spaced": name not in _NOT_SPACED,
        "sections": [
            {"share": count_questions(section) / total, "color": choose_color(index).day}
            for index, section in enumerate(deck.sections)
            if section.notes
        ],
    }
