"""An SVG that takes more work than any drawing needs is refused at the element that asks for it."""

from __future__ import annotations

import base64
import random
import time

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from cardpress.check.picture_filters import measure_filters
from cardpress.source.media.svg import examine
from tests.conftest import QUESTION, WriteProject
from tests.helpers.diagnostics import places, problems
from tests.helpers.pictures import png
from tests.unit.test_any_input import steady

BOX = '<rect width="9" height="9"/>'


def svg(inside: str, attributes: str = 'viewBox="0 0 100 100" width="100" height="100"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


def levels(start: str, level: str, use: str, count: int = 7) -> str:
    """Return elements of which each repeats the one before it ten times."""
    made = [start]
    made += [level.format(number=number, inside=use.format(number=number - 1) * 10) for number in range(1, count)]
    return "".join(made)


BLUR = '<filter id="f"><feGaussianBlur stdDeviation="3"/></filter>'
BOMBS = {
    "many octaves": '<filter id="f"><feTurbulence numOctaves="60" baseFrequency="0.1"/></filter>',
    "octaves as an entity": '<filter id="f"><feTurbulence numOctaves="&#57;9"/></filter>',
    "a wide morphology": '<filter id="f"><feMorphology operator="dilate" radius="400"/></filter>',
    "a large kernel": '<filter id="f"><feConvolveMatrix order="200" kernelMatrix="1"/></filter>',
    "a kernel of two sides": '<filter id="f"><feConvolveMatrix order="2 100" kernelMatrix="1"/></filter>',
    "many parts of a filter": '<filter id="f">' + "<feOffset/>" * 40 + "</filter>",
    "many filters": BLUR + '<rect width="9" height="9" filter="url(#f)"/>' * 40,
    "many filters by style": f"<style>rect {{ filter: url(#f) }}</style>{BLUR}{BOX * 40}",
    "many filters by an escaped style": f"<style>rect {{ f\\69lter: url(#f) }}</style>{BLUR}{BOX * 40}",
    "many functions": '<rect style="filter: blur(3px) blur(3px)" width="9" height="9"/>' * 4,
    "a filter over many shapes": BLUR + f'<g filter="url(#f)">{BOX * 1_000}</g>',
    "uses": levels('<g id="a0"><path d="M0 0h9"/></g>', '<g id="a{number}">{inside}</g>', '<use href="#a{number}"/>'),
    "masks": levels(
        f'<mask id="a0">{BOX}</mask>', '<mask id="a{number}">{inside}</mask>', '<path mask="url(#a{number})" d="M0"/>'
    ),
    "patterns": levels(
        f'<pattern id="a0">{BOX}</pattern>',
        '<pattern id="a{number}">{inside}</pattern>',
        '<path fill="url(#a{number})" d="M0"/>',
    ),
    "clips": levels(
        f'<clipPath id="a0">{BOX}</clipPath>',
        '<clipPath id="a{number}">{inside}</clipPath>',
        '<path style="clip-path: url(\'#a{number}\')" d="M0"/>',
    ),
    "an inherited pattern": f'<pattern id="p">{BOX * 2_000}</pattern><g fill="url(#p)">{BOX * 2_000}</g>',
    **{
        f"an inherited pattern for {selector}": f'<pattern id="p">{BOX * 2_000}</pattern>'
        f"<style>{selector}{{fill:url(#p)}}</style>{BOX * 2_000}"
        for selector in ('rect[a="]"]', "rect[a='[']", 'rect[a=","]', "rect:not(:is(g))", 'rect:not([a=")"])')
    },
    "a repeated fill": f'<pattern id="p">{BOX * 2_000}</pattern><g id="g">{BOX * 2_000}</g>'
    '<use fill="url(#p)" href="#g"/>',
    "markers": f'<marker id="m">{BOX * 1_000}</marker><path marker-mid="url(#m)" d="M0 0{"l1 1" * 2_000}"/>',
    "itself": '<g id="a"><use href="#a"/></g>',
    "a long chain": '<path id="a0" d="M0"/>'
    + "".join(f'<g id="a{n}"><use href="#a{n - 1}"/></g>' for n in range(1, 400)),
    "a long text": f"<text>{'word ' * 40_000}</text>",
    "a text of many parts": f"<text>{'<tspan>x</tspan>' * 9_000}</text>",
    "a large picture": '<image href="data:image/png;base64,'
    + base64.b64encode(png(20_000, 20_000, b"x")).decode()
    + '"/>',
    "many elements": "<g/>" * 200_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_an_element(name: str) -> None:
    started = time.process_time()
    flaws = examine(svg(BOMBS[name])).flaws
    assert [flaw.code for flaw in flaws] == ["unsupported-media"]
    assert time.process_time() - started < 10


DRAWINGS = {
    "a shadow": '<filter id="f"><feDropShadow dx="1" dy="1" stdDeviation="1"/></filter><g filter="url(#f)">'
    + BOX
    + "</g>",
    "shadows as Figma makes them": "".join(
        f'<g filter="url(#f{n})"><rect x="{n}" y="9" width="9" height="9"/></g><filter id="f{n}" x="{n}" y="8" '
        'width="12" height="12" filterUnits="userSpaceOnUse"><feFlood result="a"/><feColorMatrix in="SourceAlpha" '
        'values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 127 0"/><feOffset dy="1"/><feGaussianBlur stdDeviation="1"/>'
        '<feBlend in2="a" result="b"/><feBlend in="SourceGraphic" in2="b"/></filter>'
        for n in range(20)
    ),
    "arrows": f'<marker id="m"><path d="M0 0l1 1"/></marker><path marker-end="url(#m)" d="M0 0{"l1 1" * 900}"/>' * 50,
    "symbols": f'<symbol id="s">{BOX * 20}</symbol>' + '<use href="#s"/>' * 1_000,
    "many shapes": BOX * 30_000,
    "a map": f'<path d="M0 0{"l1.25 1.5" * 200_000}"/>',
    "classes": "<style>.a,.b{fill:url(#g)}</style><linearGradient id='g'/>" + '<path class="a" d="M0 0h9"/>' * 5_000,
    "a photograph": '<image href="data:image/png;base64,' + base64.b64encode(png(1_000, 800)).decode() + '"/>',
    "labels": "<text x='1'>one <tspan>two</tspan></text>" * 2_000,
    "a link to a part of it": '<g id="a"><a href="#a"><path d="M0"/></a></g>',
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_accepted(name: str, write_project: WriteProject) -> None:
    project = write_project({"media/one.svg": svg(DRAWINGS[name])})
    assert [each.message for each in problems(project)] == []


def test_a_filter_that_covers_too_much_is_refused(write_project: WriteProject) -> None:
    wide = '<filter id="f" x="-1000" y="-1000" width="20000" height="20000"><feGaussianBlur stdDeviation="2"/></filter>'
    shape = '<rect width="100" height="100" filter="url(#f)"/>'
    found = problems(write_project({"media/one.svg": svg(wide + shape * 3)}))
    assert places(found) == ["source/media/one.svg:1:1 unsupported-media"]
    assert "cover too much" in found[0].message


def test_all_pictures_together_have_a_bound(write_project: WriteProject) -> None:
    half = levels('<g id="a0"><path d="M0 0h9"/></g>', '<g id="a{number}">{inside}</g>', '<use href="#a{number}"/>', 5)
    found = problems(write_project({f"media/{number}.svg": svg(half) for number in range(9)}))
    assert {each.code for each in found} == {"unsupported-media"}
    assert 1 <= len(found) < 9


def test_flaws_are_reported_as_far_as_anyone_reads(write_project: WriteProject) -> None:
    project = write_project({"media/one.svg": svg('<a href="x"/>' * 80_000)})
    assert len([each for each in problems(project) if each.code == "remote-media"]) == 20


def test_a_huge_svg_is_refused() -> None:
    flaws = examine(svg("") + b" " * (8 << 20)).flaws
    assert [flaw.code for flaw in flaws] == ["unsupported-media"]


@pytest.mark.parametrize(
    "attribute",
    [
        'fill="u\\72l(http://x.org/#a)"',
        'fill="u\\rl(http://x.org/#a)"',
        'fill="u&#92;72l(http://x.org/#a)"',
        'fill="u&#114;l(http://x.org/#a)"',
        'mask="url(/**/&#x2f;&#x2f;x.org/#a)"',
        'style="fill: ur/**/l(//x.org)"',
    ],
)
def test_escapes_and_entities_hide_nothing(attribute: str) -> None:
    assert [flaw.code for flaw in examine(svg(f"<path {attribute}/>")).flaws] == ["remote-media"]


def test_an_escape_cannot_hide_a_script() -> None:
    flaws = examine(svg('<a fill="java\\73 cript:alert(1)"/>')).flaws
    assert [flaw.code for flaw in flaws] == ["unsafe-html"]


# --- what is accepted is printed within bounds --------------------------------------------------------------------

parts = st.sampled_from(
    [
        BOX,
        '<use href="#a"/>',
        '<use href="#b"/>',
        '<g id="a">',
        '<g id="b" opacity=".5">',
        "</g>",
        '<mask id="a">',
        "</mask>",
        '<path fill="url(#a)" d="M0 0h9v9"/>',
        '<path mask="url(#b)" d="M0 0h9v9"/>',
        '<g filter="url(#f)">',
        '<filter id="f"><feGaussianBlur stdDeviation="9"/></filter>',
        '<filter id="f" x="-9" y="-9" width="20" height="20"><feTurbulence numOctaves="8"/></filter>',
        '<pattern id="b" width="1" height="1">',
        "</pattern>",
        '<marker id="b">',
        "</marker>",
        '<path marker-mid="url(#b)" d="M0 0l1 1l2 2l3 3"/>',
        '<g transform="scale(100)">',
        '<text style="filter: blur(2px)">word</text>',
    ]
)


@steady
@given(st.lists(parts, min_size=1, max_size=12), st.sampled_from([1, 3, 30, 300]))
def test_what_is_accepted_is_printed_in_seconds(found: list[str], times: int) -> None:
    text = "".join(part * (times if part.startswith(("<use", "<path", "<rect")) else 1) for part in found)
    opened: list[str] = []
    for piece in text.split("<")[1:]:
        name = piece.split(">")[0].split()[0]
        if name.startswith("/"):
            if not opened or opened.pop() != name[1:]:
                return
        elif not piece.split(">")[0].endswith("/") and f"</{name}>" not in text.partition(piece)[2][:80]:
            opened.append(name)
    data = svg(text + "".join(f"</{name}>" for name in reversed(opened)))
    examined = examine(data)
    if examined.work is None or (examined.work.filters and measure_filters(data, examined.work) > 5e9):
        return
    source = f'#set document(title: "x")\n#image(bytes(({", ".join(map(str, data))},)), format: "svg", width: 560pt)'
    started = time.process_time()
    try:
        typst.Compiler(source.encode()).compile()
    except typst.TypstError:
        return
    assert time.process_time() - started < 20


def test_the_same_drawing_weighs_the_same() -> None:
    pieces = [BOX, '<use href="#a"/>', f'<g id="a">{BOX}</g>'] * 30
    random.Random(1).shuffle(pieces)
    data = svg("".join(pieces))
    first, second = examine(data).work, examine(data).work
    assert first is not None
    assert second is not None
    assert first.work == second.work > 0


def test_the_page_still_shows_a_picture(write_project: WriteProject) -> None:
    text = QUESTION.replace("The first number.", "'![one](one.svg)'")
    assert problems(write_project({"first.yaml": text, "media/one.svg": svg(BOX)})) == []
