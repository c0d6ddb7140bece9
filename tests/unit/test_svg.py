"""An SVG that could act, or fetch anything, is refused at the element that does; one that only shows is left alone."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardpress.source.media import svg
from cardpress.source.media.svg import examine
from tests.conftest import WriteProject
from tests.helpers.diagnostics import places, problems

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 8 8">'


def found(inside: str) -> list[str]:
    return [flaw.code for flaw in examine(f"{HEAD}{inside}</svg>".encode()).flaws]


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<SCRIPT/>",
        '<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>',
        '<script href="data:text/javascript,alert(1)"/>',
        '<g onclick="alert(1)"/>',
        '<g OnLoad = "alert(1)"/>',
        '<a href="javascript:alert(1)"><path d="M0 0"/></a>',
        '<a xlink:href="&#106;ava&#10;script:alert(1)"/>',
        '<set attributeName="x" to="javascript:alert(1)"/>',
        '<animate values="a;javascript:alert(1)"/>',
        '<image href="data:image/svg+xml;base64,AAAA"/>',
        '<image href="data:text/html,x"/>',
        "<foreignObject><div/></foreignObject>",
        '<iframe src="#x"/>',
        '<h:body xmlns:h="http://www.w3.org/1999/xhtml"><h:object/></h:body>',
    ],
)
def test_what_could_act_is_refused(inside: str) -> None:
    assert "unsafe-html" in found(inside)


@pytest.mark.parametrize(
    "inside",
    [
        '<image href="https://x.org/a.png"/>',
        '<image xlink:href="//x.org/a.png"/>',
        '<image href="other.png"/>',
        '<image href="file:///etc/passwd"/>',
        '<use href="other.svg#a"/>',
        '<path fill="url(https://x.org/#a)"/>',
        '<path style="fill: url( &quot;//x.org&quot; )"/>',
        '<path style="fill: u\\72l(//x.org)"/>',
        '<path fill="u\\72l(//x.org)"/>',
        "<style>a { content: '/*'; fill: url(x.png) } b { content: '*/' }</style>",
        "<style>@import 'x.css';</style>",
        "<style>@\\69mport 'x.css';</style>",
        "<style>a { b: url(x.png) }</style>",
        "<style>a { b: u/**/rl(x) } c { d: image-set('https://x.org/a.png') }</style>",
        "<style><![CDATA[@font-face { src: url(//x.org/a.woff) }]]></style>",
        '<set attributeName="href" to="https://x.org/a.png"/>',
        '<?xml-stylesheet href="x.css"?>',
    ],
)
def test_what_would_be_fetched_is_refused(inside: str) -> None:
    assert "remote-media" in found(inside)


@pytest.mark.parametrize(
    "inside",
    [
        "",
        '<path fill="url(#a)" marker-end="url(\'#b\')"/>',
        '<use href="#a"/><use xlink:href="#b"/>',
        '<image href="data:image/png;base64,AAAA"/>',
        "<style>/* https://x.org */ text { fill: url(#a); font-family: Inter }</style>",
        "<text>javascript: and onclick= and http://x.org are words here</text>",
        '<metadata><a xmlns="urn:a" about="http://creativecommons.org/">x</a></metadata>',
        "<script2/><title>script</title><desc>on</desc>",
    ],
)
def test_a_picture_that_only_shows_is_left_alone(inside: str) -> None:
    assert found(inside) == []


@pytest.mark.parametrize(
    "data",
    [
        b"<svg/>",
        b"<svg",
        HEAD.encode(),
        HEAD.encode() + b"&nothing;</svg>",
        HEAD.encode() + b"\xff</svg>",
        HEAD.encode() + b"<g>" * 200 + b"</g>" * 200 + b"</svg>",
    ],
)
def test_what_no_reader_can_show_is_refused(data: bytes) -> None:
    assert [flaw.code for flaw in examine(data).flaws] == ["unsupported-media"]


def test_entities_are_refused_before_they_grow() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x"}">' for n in range(30))
    data = f"<!DOCTYPE svg [{bomb}]>{HEAD}&e29;</svg>".encode()
    assert [flaw.code for flaw in examine(data).flaws] == ["unsafe-html"]


def test_the_element_is_underlined_after_wide_characters_too(write_project: WriteProject) -> None:
    picture = f"{HEAD}\n  <title>日本</title><script>x</script>\n</svg>\n"
    (problem,) = problems(write_project({"media/one.svg": picture}))
    assert places([problem]) == ["source/media/one.svg:2:20 unsafe-html"]
    assert problem.span.width == len("<script>")


@pytest.mark.parametrize("name", ["one.png", "one.jpg", "one.gif", "one.webp", "one.svg", "one.txt", "one"])
def test_a_picture_is_what_its_name_says(name: str, write_project: WriteProject) -> None:
    (problem,) = problems(write_project({f"media/{name}": b"GIF89" if name != "one.gif" else b"\x89PNG"}))
    assert places([problem]) == [f"source/media/{name}:1:1 unsupported-media"]


DRAW_IO_LINK = '<a xlink:href="https://www.drawio.com/doc/faq/svg" target="_blank"><text/></a>'


@pytest.mark.parametrize("link", [DRAW_IO_LINK, '<a href="http://x.org"/>', '<a href="mailto:a@x.org"/>'])
def test_a_link_loads_nothing(link: str) -> None:
    assert found(link) == []


@pytest.mark.parametrize(
    "link",
    [
        '<a href="other.svg"/>',
        '<a href="file:///etc/passwd"/>',
        '<a href="//x.org"/>',
        '<a xmlns="http://www.w3.org/1999/xhtml" href="https://x.org"/>',
        '<use href="https://x.org/#a"/>',
    ],
)
def test_what_is_no_plain_link_is_still_refused(link: str) -> None:
    assert found(link) == ["remote-media"]


def test_labels_of_draw_io_are_said_to_be_two_ticks() -> None:
    (flaw,) = examine(f"{HEAD}<foreignObject/></svg>".encode()).flaws
    ticks = "untick `Formatted Text` and `Word Wrap` on the tab `Text`"
    assert flaw.help == f"in draw.io, select everything, and {ticks}; else remove it"


NAMES = ["href", "http://www.w3.org/1999/xlink href", "src", "attributeName", "onload", "fill", "style", "d", "filter"]
SIGNS = "aurlsechtpjvij:/()#@\\\\ .,%+-;'\"\n\u00e9%6A"


@given(
    attributes=st.dictionaries(
        st.sampled_from(NAMES), st.one_of(st.text(SIGNS, max_size=12), st.sampled_from(["url(x)", "href"]))
    ),
    is_link=st.booleans(),
)
def test_a_value_without_signs_is_passed_by_only_where_it_does_nothing(
    attributes: dict[str, str], *, is_link: bool
) -> None:
    found = list(svg._attributes(attributes, is_link=is_link))
    with patch.object(svg, "_PLAIN", re.compile(r"(?!)")):
        assert found == list(svg._attributes(attributes, is_link=is_link))
