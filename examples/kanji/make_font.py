"""Makes source/fonts/NotoSansCJKjp-Part.otf: the glyphs of Noto Sans CJK that this deck needs, for the sheets.

Run it with the font's collection after new characters have come into the deck:
`python3 make_font.py /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

SOURCE = Path(__file__).parent / "source"
# Its place among the fonts of the collection: the Japanese one.
JAPANESE = 0


def main() -> None:
    """Write the font."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(SOURCE.glob("*.yaml")))
    characters = {character for text in texts for character in text if ord(character) > 0x2E00}
    font = TTCollection(sys.argv[1])[JAPANESE]
    options = subset.Options(
        layout_features=["kern", "palt", "vert"], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(character) for character in characters])
    cutter.subset(font)
    font["head"].modified = font["head"].created  # so that the same characters make the same bytes
    font.save(SOURCE / "fonts" / "NotoSansCJKjp-Part.otf")


if __name__ == "__main__":
    main()
