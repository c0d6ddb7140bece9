"""Draws source/media/flags/ and source/media/maps/: flags from shapes, and Europe as a map of tiles.

The map shows each country as one tile, near its neighbours, and the country that a card asks for in another color.
Flags have the proportions and colors that their laws name, as far as a small picture shows them; Spain's is the civil
flag, which has no coat of arms.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

FOLDER = Path(__file__).parent / "source"
TILE, GAP = 28, 2


def rectangle(x: float, y: float, width: float, height: float, color: str) -> str:
    """Return a rectangle."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{color}"/>'


def upright(width: float, height: float, *colors: str) -> str:
    """Return stripes beside each other."""
    step = width / len(colors)
    return "".join(rectangle(index * step, 0, step, height, color) for index, color in enumerate(colors))


def level(width: float, height: float, *stripes: str | tuple[str, float]) -> str:
    """Return stripes below each other: colors, or colors with their share of the height."""
    parts = [each if isinstance(each, tuple) else (each, 1.0) for each in stripes]
    total = sum(share for _, share in parts)
    drawn, y = [], 0.0
    for color, share in parts:
        drawn.append(rectangle(0, y, width, height * share / total, color))
        y += height * share / total
    return "".join(drawn)


def cross(width: float, height: float, at: float, ground: str, *arms: tuple[str, float]) -> str:
    """Return a Nordic cross: its arms, wide ones first, meet at `at` from the left."""
    drawn = [rectangle(0, 0, width, height, ground)]
    for color, wide in arms:
        drawn.append(rectangle(0, (height - wide) / 2, width, wide, color))
        drawn.append(rectangle(at - wide / 2, 0, wide, height, color))
    return "".join(drawn)


def star(x: float, y: float, radius: float, color: str, turn: float = 0) -> str:
    """Return a star with five points, the first of them upwards, turned by degrees."""
    points = []
    for index in range(10):
        length = radius if index % 2 == 0 else radius * 0.382
        angle = math.radians(turn + index * 36 - 90)
        points.append(f"{x + length * math.cos(angle):.2f},{y + length * math.sin(angle):.2f}")
    return f'<polygon points="{" ".join(points)}" fill="{color}"/>'


def union_jack() -> str:
    """Return the flag of the United Kingdom, of 60 by 30, in which the red of Saint Patrick stands off the middle."""
    white = '<path d="M0 0 60 30M60 0 0 30" stroke="#fff" stroke-width="6"/>'
    halves = (
        '<path d="M0 0 30 15h-4.47L0 2.24Z M30 15 60 30v-2.24L34.47 15Z" fill="#c8102e"/>'
        '<path d="M60 0 30 15h-4.47L55.53 0Z M30 15 0 30h4.47L34.47 15Z" fill="#c8102e"/>'
    )
    middle = (
        rectangle(25, 0, 10, 30, "#fff") + rectangle(0, 10, 60, 10, "#fff")
        + rectangle(27, 0, 6, 30, "#c8102e") + rectangle(0, 12, 60, 6, "#c8102e")
    )  # fmt: skip
    return rectangle(0, 0, 60, 30, "#012169") + white + halves + middle


def greece() -> str:
    """Return the flag of Greece, of 54 by 36: nine stripes and a cross."""
    blue = "#0d5eaf"
    stripes = level(54, 36, *(blue if index % 2 == 0 else "#fff" for index in range(9)))
    canton = rectangle(0, 0, 20, 20, blue) + rectangle(8, 0, 4, 20, "#fff") + rectangle(0, 8, 20, 4, "#fff")
    return stripes + canton


def turkey() -> str:
    """Return the flag of Türkiye, of 54 by 36."""
    moon = '<circle cx="18" cy="18" r="9" fill="#fff"/><circle cx="20.25" cy="18" r="7.2" fill="#e30a17"/>'
    return rectangle(0, 0, 54, 36, "#e30a17") + moon + star(29.5, 18, 4.5, "#fff", -90)


def bosnia() -> str:
    """Return the flag of Bosnia and Herzegovina, of 60 by 30: a triangle, and stars that run off the edges."""
    triangle = '<path d="M16 0H46V30Z" fill="#fecb00"/>'
    stars = "".join(star(11 + index * 4.3, -0.6 + index * 4.4, 2.2, "#fff") for index in range(8))
    return rectangle(0, 0, 60, 30, "#002395") + triangle + stars


def macedonia() -> str:
    """Return the flag of North Macedonia, of 60 by 30: a sun with eight rays that widen to the edges."""
    yellow = "#f8e92e"
    rays = (
        "M0 0 30 15 9 0Z M30 15 60 0H51Z M0 30 30 15 9 30Z M30 15 60 30H51Z "
        "M26.5 0H33.5L30 15Z M26.5 30H33.5L30 15Z M0 12V18L30 15Z M60 12V18L30 15Z"
    )
    sun = f'<circle cx="30" cy="15" r="5.2" fill="#d82126"/><circle cx="30" cy="15" r="4.3" fill="{yellow}"/>'
    return rectangle(0, 0, 60, 30, "#d82126") + f'<path d="{rays}" fill="{yellow}"/>' + sun


def switzerland() -> str:
    """Return the flag of Switzerland, of 32 by 32."""
    return rectangle(0, 0, 32, 32, "#da291c") + rectangle(13, 6, 6, 20, "#fff") + rectangle(6, 13, 20, 6, "#fff")


def czechia() -> str:
    """Return the flag of Czechia, of 54 by 36."""
    return level(54, 36, "#fff", "#d7141a") + '<path d="M0 0 27 18 0 36Z" fill="#11457e"/>'


# The id of a country → the width and height of its flag, and what is on it.
FLAGS = {
    "austria": (54, 36, level(54, 36, "#c8102e", "#fff", "#c8102e")),
    "armenia": (60, 30, level(60, 30, "#d90012", "#0033a0", "#f2a800")),
    "belgium": (45, 39, upright(45, 39, "#000", "#fdda24", "#ef3340")),
    "bosnia-and-herzegovina": (60, 30, bosnia()),
    "bulgaria": (50, 30, level(50, 30, "#fff", "#00966e", "#d62612")),
    "czechia": (54, 36, czechia()),
    "denmark": (37, 28, cross(37, 28, 14, "#c8102e", ("#fff", 4))),
    "estonia": (55, 35, level(55, 35, "#0072ce", "#000", "#fff")),
    "finland": (54, 33, cross(54, 33, 19.5, "#fff", ("#002f6c", 9))),
    "france": (54, 36, upright(54, 36, "#000091", "#fff", "#e1000f")),
    "germany": (50, 30, level(50, 30, "#000", "#d00", "#ffce00")),
    "greece": (54, 36, greece()),
    "hungary": (60, 30, level(60, 30, "#ce2939", "#fff", "#477050")),
    "iceland": (50, 36, cross(50, 36, 18, "#02529c", ("#fff", 8), ("#dc1e35", 4))),
    "ireland": (60, 30, upright(60, 30, "#169b62", "#fff", "#ff883e")),
    "italy": (54, 36, upright(54, 36, "#008c45", "#f4f9ff", "#cd212a")),
    "latvia": (60, 30, level(60, 30, ("#9e1b34", 2), ("#fff", 1), ("#9e1b34", 2))),
    "lithuania": (50, 30, level(50, 30, "#fdb913", "#006a44", "#c1272d")),
    "luxembourg": (50, 30, level(50, 30, "#ea141d", "#fff", "#51adda")),
    "netherlands": (54, 36, level(54, 36, "#ad1d25", "#fff", "#1e4785")),
    "north-macedonia": (60, 30, macedonia()),
    "norway": (44, 32, cross(44, 32, 16, "#ba0c2f", ("#fff", 8), ("#00205b", 4))),
    "poland": (48, 30, level(48, 30, "#fff", "#dc143c")),
    "romania": (54, 36, upright(54, 36, "#002b7f", "#fcd116", "#ce1126")),
    "spain": (54, 36, level(54, 36, ("#ad1519", 1), ("#fabd00", 2), ("#ad1519", 1))),
    "sweden": (48, 30, cross(48, 30, 18, "#006aa7", ("#fecc02", 6))),
    "switzerland": (32, 32, switzerland()),
    "turkey": (54, 36, turkey()),
    "ukraine": (54, 36, level(54, 36, "#0057b7", "#ffd700")),
    "united-kingdom": (60, 30, union_jack()),
}

# Europe in tiles: a row of the map in each line, a country's two letters in each tile. Those in small letters are on
# the map, and no card asks for them.
MAP = """
IS .  .  NO SE FI .  .
.  .  .  .  .  EE ru .
IE UK .  DK .  LV ru .
.  NL DE PL LT by .  .
.  BE LU CZ sk UA .  .
.  FR CH AT HU RO md .
pt ES IT si hr rs BG .
.  .  .  .  BA MK TR AM
.  .  .  me al GR cy .
"""
LETTERS = dict(
    zip(
        "austria armenia belgium bosnia-and-herzegovina bulgaria czechia denmark estonia finland france germany greece "
        "hungary iceland ireland italy latvia lithuania luxembourg netherlands north-macedonia norway poland romania "
        "spain sweden switzerland turkey ukraine united-kingdom".split(),
        "AT AM BE BA BG CZ DK EE FI FR DE GR HU IS IE IT LV LT LU NL MK NO PL RO ES SE CH TR UA UK".split(),
        strict=True,
    )
)


def draw_flag(country: str) -> str:
    """Return a flag with a thin line around it, so that white ends where the flag does."""
    width, height, inside = FLAGS[country]
    edge = f'<rect width="{width}" height="{height}" fill="none" stroke="#8a8f94" stroke-width=".6"/>'
    size = f'viewBox="0 0 {width} {height}" width="{width * 4}" height="{height * 4}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{inside}{edge}</svg>\n'


def draw_map(country: str) -> str:
    """Return the map with the tile of a country marked."""
    rows = [line.split() for line in MAP.strip().splitlines()]
    width, height = len(rows[0]) * (TILE + GAP) + GAP, len(rows) * (TILE + GAP) + GAP
    tiles = []
    for y, row in enumerate(rows):
        for x, letters in enumerate(row):
            if letters != ".":
                is_asked = letters == LETTERS[country]
                color = "#c2410c" if is_asked else "#cfd6da" if letters.isupper() else "#e6e9eb"
                place = f'x="{GAP + x * (TILE + GAP)}" y="{GAP + y * (TILE + GAP)}"'
                tiles.append(f'<rect {place} width="{TILE}" height="{TILE}" rx="3" fill="{color}"/>')
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(tiles)}</svg>\n'


def main() -> None:
    """Draw a flag and a map for each row of the table."""
    with (FOLDER / "europe.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            (FOLDER / "media" / row["flag"]).write_text(draw_flag(row["id"]), encoding="utf-8", newline="\n")
            (FOLDER / "media" / row["map"]).write_text(draw_map(row["id"]), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
