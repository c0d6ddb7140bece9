"""Every text on a card can be read, by day and by night: WCAG 2.2 level AA, computed from the cards' own CSS."""

from __future__ import annotations

import itertools
import re

import pytest

from cardpress.deck.section_colors import SECTION_COLORS
from tests.conftest import ROOT

FOLDER = ROOT / "templates" / "anki"
TEXT, GRAPHIC = 4.5, 3.0
# Lines that only decorate: nothing is lost to who does not see them.
DECORATION = {"line"}

Colors = dict[str, str]


def rules(css: str) -> list[tuple[str, dict[str, str]]]:
    """Return the rules of a style sheet, those inside `@media` too: selector and declarations."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    found = []
    for selector, body in re.findall(r"([^{};]+)\{([^{}]*)\}", bare):
        pairs = (part.split(":", 1) for part in body.split(";") if ":" in part)
        found.append((" ".join(selector.split()), {name.strip(): value.strip() for name, value in pairs}))
    return found


CSS = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in ("code.css", "card.css"))
RULES = rules(CSS)


def themes(found: list[tuple[str, dict[str, str]]]) -> dict[str, Colors]:
    """Return the colors that each theme's names stand for. `var(--name, #color)` names one of the light theme."""
    day: Colors = {}
    night: Colors = {}
    for selector, declared in found:
        target = night if re.search(r"\.night_?mode", selector, re.IGNORECASE) else day
        for name, value in declared.items():
            if name.startswith("--") and value.startswith("#"):
                target[name[2:]] = value
            for inner, color in re.findall(r"var\(--([\w-]+), (#\w+)\)", value):
                day.setdefault(inner, color)
    # A deck of one section has the accent for it; the colors of several are measured by themselves.
    day["section"], night["section"] = day.get("accent", ""), night.get("accent", "")
    return {"day": day, "night": day | night}


def luminance(color: str) -> float:
    """Return a color's relative luminance, as WCAG defines it."""
    assert re.fullmatch(r"#[0-9a-f]{6}", color), color
    channels = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def used(*properties: str) -> set[str]:
    """Return the names of the colors that properties use."""
    values = " ".join(value for _, declared in RULES for name, value in declared.items() if name in properties)
    return set(re.findall(r"var\(--([\w-]+)", values))


def weak(colors: Colors) -> list[str]:
    """Name every pair of a theme that is too weak, as any text may come to stand on any background."""
    texts, papers = used("color"), used("background") - DECORATION - {"section"}  # which lies behind no text
    graphics = used("border-top", "outline", "border-inline-start", "border-left", "border") - DECORATION
    pairs = [(each, TEXT) for each in sorted(texts)] + [(each, GRAPHIC) for each in sorted(graphics)]
    return [
        f"{text} on {paper}: {contrast(colors[text], colors[paper]):.2f}, needs {least}"
        for (text, least), paper in itertools.product(pairs, sorted(papers))
        if text != paper and contrast(colors[text], colors[paper]) < least
    ]


@pytest.mark.parametrize("theme", ["day", "night"])
def test_every_text_reads_on_every_background(theme: str) -> None:
    assert weak(themes(RULES)[theme]) == []


@pytest.mark.parametrize("theme", ["day", "night"])
def test_a_weakened_color_is_noticed(theme: str) -> None:
    colors = themes(RULES)[theme]
    for name in sorted(used("color", "outline")):
        assert weak(colors | {name: colors["panel"]}), name


@pytest.mark.parametrize("theme", ["day", "night"])
def test_every_color_of_a_section_reads_on_every_background(theme: str) -> None:
    colors = themes(RULES)[theme]
    papers = used("background") - DECORATION - {"section"}
    sections = [color.night if theme == "night" else color.day for color in SECTION_COLORS]
    assert [each for each in sections for paper in papers if contrast(each, colors[paper]) < TEXT] == []


def test_the_colors_that_cards_are_made_of_are_all_measured() -> None:
    assert {"ink", "soft", "accent", "claim", "mark"} <= used("color")
    assert {f"code-{name}" for name in ("key", "value", "text", "name", "note")} <= used("color")
    assert {"paper", "panel"} <= used("background")


def test_night_has_a_color_of_its_own_for_every_color_of_the_day() -> None:
    both = themes(RULES)
    assert [name for name, color in both["day"].items() if both["night"][name] == color] == []


def test_colors_are_named_once_and_used_by_name() -> None:
    literal = [
        f"{selector}: {name}: {value}"
        for selector, declared in RULES
        for name, value in declared.items()
        if not name.startswith("--")
        and re.search(r"#[0-9a-fA-F]{3,8}\b|\b(rgba?|hsla?)\(|\b(white|black)\b", re.sub(r"var\([^()]*\)", "", value))
    ]
    assert literal == []
    assert "opacity" not in CSS  # it would weaken what is measured here


def test_night_is_known_by_both_names_on_the_card_and_around_it() -> None:
    night = next(selector for selector, declared in RULES if "night" in selector and "--paper" in declared)
    wanted = {f"{a}{b}" for a in (".nightMode", ".night_mode") for b in (" .card",)}
    assert set(night.split(", ")) == wanted | {".card.nightMode", ".card.night_mode"}


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_the_style_is_small_and_asks_nobody_for_anything() -> None:
    assert len(CSS.encode()) < 12_000
    for file in sorted(FOLDER.iterdir()):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"https?:|//\w+\.\w|@import|@font-face|url\(|\bfetch\(|XMLHttpRequest|src=", text), (
            file.name
        )


def test_the_style_ends_with_a_place_for_the_learner() -> None:
    last = re.findall(r"/\*.*?\*/", CSS, re.DOTALL)[-1]
    assert "Your own style goes below this line" in last
    assert CSS.rstrip().endswith(last)
