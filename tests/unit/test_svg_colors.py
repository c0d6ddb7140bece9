"""An SVG is printed in the colors that browsers show on white; a color that cannot be printed gets a warning."""

from __future__ import annotations

import io

import pytest
import typst
from PIL import Image

from cardpress.source.media.svg_colors import find_unknown_color, settle_colors
from tests.conftest import WriteProject
from tests.helpers.diagnostics import places, problems

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">'
DRAW_IO = "fill: light-dark(#ffffff, #121212); stroke: light-dark(rgb(0,0,0), rgb(255,255,255));"


def svg(style: str, more: str = "") -> bytes:
    return f'{HEAD}{more}<rect width="20" height="20" fill="#ffffff" style="{style}"/></svg>'.encode()


def printed(picture: bytes) -> object:
    """Return the color in the middle of a picture, as Typst sets it."""
    source = '#set page(width: 20pt, height: 20pt, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    png = typst.compile(source.encode(), format="png", ppi=72, sys_inputs={"svg": picture.decode()})
    assert isinstance(png, bytes)
    return Image.open(io.BytesIO(png)).convert("RGB").getpixel((10, 10))


@pytest.mark.parametrize(
    ("style", "more"),
    [
        (DRAW_IO, ""),
        ("fill: var(--x, #ffffff)", ""),
        ("fill:VAR( --x , rgb(255, 255, 255) )", ""),
        ("fill: light-dark(var(--ge-light, #ffffff), var(--ge-dark, rgb(18, 18, 18)))", ""),
        ("fill: var(--x, var(--y, light-dark(rgb(255, 255, 255), black)))", ""),
        ("fill: var(--x, #000000)", "<style>svg { --x: #ffffff; }</style>"),
        ("", "<style>rect { fill: light-dark(white, black); }</style>"),
        ("", "<style><![CDATA[rect { fill: light-dark(white, black); }]]></style>"),
    ],
)
def test_what_is_light_on_a_screen_is_light_in_print(style: str, more: str) -> None:
    assert printed(settle_colors(svg(style, more))) == (255, 255, 255)
    assert find_unknown_color(svg(style, more)) is None


def test_an_attribute_and_a_style_are_changed_and_no_text_is() -> None:
    text = "<text>light-dark(a, b)</text><!-- var(--x, y) --><text fill='light-dark(#fff, #000)'/>"
    changed = text.replace("'light-dark(#fff, #000)'", "'#fff'")
    assert settle_colors(f"{HEAD}{text}</svg>".encode()) == f"{HEAD}{changed}</svg>".encode()


def test_what_has_no_such_color_stays_as_it_is() -> None:
    picture = svg("fill: rgb(1 2 3)")
    assert settle_colors(picture) is picture


@pytest.mark.parametrize(
    "color",
    [
        "var(--x)",
        "oklch(100% 0 0)",
        "lab(100% 0 0)",
        "color(srgb 1 1 1)",
        "color-mix(in srgb, white, white)",
        "rgb(255 255 255 / 100%)",
        "rgb(from white r g b)",
        "rgba(255,255,255,100%)",
        "hsl(from white h s l)",
    ],
)
@pytest.mark.parametrize(
    "where", ['<rect style="fill: {}"/>', "<rect stroke='{}'/>", "<style>rect {{ fill: {} }}</style>"]
)
def test_a_color_that_would_be_black_is_reported(color: str, where: str) -> None:
    found = find_unknown_color(f"{HEAD}{where.format(color)}</svg>".encode())
    assert found is not None
    assert found[:2] == (color, len(HEAD))
    assert printed(svg(f"fill: {color}")) == (0, 0, 0)


@pytest.mark.parametrize(
    "color",
    ["rgb(1 2 3)", "rgba(1, 2, 3, 0.5)", "rgb(9%, 9%, 9%)", "hsl(0 0% 9% / 1)", "url(#g)", "none", "currentColor"],
)
def test_a_color_that_is_printed_is_not_reported(color: str) -> None:
    assert find_unknown_color(f'{HEAD}<g font-family="var(--f)"/><rect fill="{color}"/></svg>'.encode()) is None


def test_two_values_of_a_variable_are_left_to_the_author() -> None:
    style = "<style>svg { --x: #fff; } @media (prefers-color-scheme: dark) { svg { --x: #000; } }</style>"
    found = find_unknown_color(svg("fill: var(--x)", style))
    assert found is not None
    assert found[0] == "var(--x)"


def test_check_says_where_the_color_is(write_project: WriteProject) -> None:
    picture = f'{HEAD}\n  <rect style="fill: oklch(100% 0 0)"/>\n</svg>'
    (found,) = problems(write_project({"media/one.svg": picture}))
    assert places([found]) == ["source/media/one.svg:2:3 unprintable-picture"]
    assert found.message == "`oklch(100% 0 0)` is a color that sheets do not know: they have black in its place"
    assert found.help == "write the color as `#rrggbb`, or export it as a PNG"


def test_a_drawing_of_draw_io_is_no_problem(write_project: WriteProject) -> None:
    assert problems(write_project({"media/one.svg": svg(DRAW_IO)})) == []
