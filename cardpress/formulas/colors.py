"""Colors of formulas: their names, and the other ways in which LaTeX writes them."""

from __future__ import annotations

import re

_WORDS = (
    # As LaTeX has them, which begin with a capital.
    "Apricot fbb982 Aquamarine 00b5be Bittersweet c04f17 Black 221e1f Blue 2d2f92 BlueGreen 00b3b8 BlueViolet "
    "473992 BrickRed b6321c Brown 792500 BurntOrange f7921d CadetBlue 74729a CarnationPink f282b4 Cerulean 00a2e3 "
    "CornflowerBlue 41b0e4 Cyan 00aeef Dandelion fdbc42 DarkOrchid a4538a Emerald 00a99d ForestGreen 009b55 "
    "Fuchsia 8c368c Goldenrod ffdf42 Gray 949698 Green 00a64f GreenYellow dfe674 JungleGreen 00a99a Lavender "
    "f49ec4 LimeGreen 8dc73e Magenta ec008c Mahogany a9341f Maroon af3235 Melon f89e7b MidnightBlue 006795 "
    "Mulberry a93c93 NavyBlue 006eb8 OliveGreen 3c8031 Orange f58137 OrangeRed ed135a Orchid af72b0 Peach f7965a "
    "Periwinkle 7977b8 PineGreen 008b72 Plum 92268f ProcessBlue 00b0f0 Purple 99479b RawSienna 974006 Red ed1b23 "
    "RedOrange f26035 RedViolet a1246b Rhodamine ef559f RoyalBlue 0071bc RoyalPurple 613f99 RubineRed ed017d "
    "Salmon f69289 SeaGreen 3fbc9d Sepia 671800 SkyBlue 46c5dd SpringGreen c6dc67 Tan da9d76 TealBlue 00aeb3 "
    "Thistle d883b7 Turquoise 00b4ce Violet 58429b VioletRed ef58a0 White ffffff WildStrawberry ee2967 Yellow "
    "fff200 YellowGreen 98cc70 YellowOrange faa21a "
    # As web pages have them: those that anybody types.
    "aqua 00ffff black 000000 blue 0000ff brown a52a2a coral ff7f50 crimson dc143c cyan 00ffff darkblue 00008b "
    "darkcyan 008b8b darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9 darkmagenta 8b008b darkorange ff8c00 "
    "darkred 8b0000 deepskyblue 00bfff dodgerblue 1e90ff firebrick b22222 forestgreen 228b22 fuchsia ff00ff gold "
    "ffd700 gray 808080 green 008000 grey 808080 hotpink ff69b4 indigo 4b0082 lightblue add8e6 lightgray d3d3d3 "
    "lightgreen 90ee90 lightgrey d3d3d3 lightyellow ffffe0 lime 00ff00 limegreen 32cd32 magenta ff00ff maroon "
    "800000 navy 000080 olive 808000 orange ffa500 orangered ff4500 orchid da70d6 pink ffc0cb plum dda0dd purple "
    "800080 red ff0000 royalblue 4169e1 salmon fa8072 seagreen 2e8b57 silver c0c0c0 skyblue 87ceeb steelblue "
    "4682b4 tan d2b48c teal 008080 tomato ff6347 turquoise 40e0d0 violet ee82ee white ffffff yellow ffff00 "
).split()
_NAMES = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))
_HEX = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
# What stands in brackets before a color, and the number that means all of a part.
_MODELS = {"rgb": (3, 1.0), "RGB": (3, 255.0), "gray": (1, 1.0)}


def read_color(model: str, words: str) -> str | None:
    """Return a color as `#rrggbb`, None for one that is not known here."""
    words = words.strip()
    if model in ("", "named"):
        if _HEX.fullmatch(words):
            return ("#" + "".join(2 * each for each in words[1:]) if len(words) == 4 else words).lower()
        return f"#{_NAMES[words]}" if words in _NAMES else None
    if model not in _MODELS:
        return None
    count, most = _MODELS[model]
    parts = words.split(",")
    try:
        numbers = [float(each) / most for each in parts]
    except ValueError:
        return None
    if len(numbers) != count or not all(0 <= each <= 1 for each in numbers):
        return None
    return "#" + "".join(f"{int(each * 255 + 0.5):02x}" for each in numbers * (3 // count))
