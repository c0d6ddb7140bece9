"""Pictures and fonts stand in the page itself, as short as they can be and just as they were."""

from __future__ import annotations

import base64
import html
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import pytest

from cardpress.source.bank import Media
from cardpress.writers.page.embedding import escape_address, make_address
from cardpress.writers.web_fonts import embed_fonts
from tests.helpers.decks import page_of
from tests.helpers.sample_project import PNG

SVG = """<?xml version="1.0"?>
<!-- drawn by hand -->
<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">
  <text x="1" y="2" font-family="a &gt; b, 'c'" fill="#f00">"100%" &amp; <tspan>ä→</tspan></text>
  <path d="M0 2h8
    M0 4h8"/>
</svg>
"""


def decoded(address: str) -> bytes:
    head, _, data = address.partition(",")
    return base64.b64decode(data) if head.endswith(";base64") else unquote_to_bytes(data)


def test_a_drawing_is_text_and_the_same_drawing() -> None:
    address = make_address(Media("a.svg", SVG.encode()))
    assert address.startswith("data:image/svg+xml,<")
    assert not set(address) & set('"#\n')
    got, expected = (ElementTree.fromstring(data) for data in (decoded(address), SVG.encode()))
    assert [(each.tag, each.attrib, (each.text or "").split()) for each in got.iter()] == [
        (each.tag, {key: " ".join(value.split()) for key, value in each.attrib.items()}, (each.text or "").split())
        for each in expected.iter()
    ]


@pytest.mark.parametrize(
    "svg",
    [
        '<svg xmlns="http://www.w3.org/2000/svg"><style>a::after { content: "  " }</style></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><text xml:space="preserve">a  b</text></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><text><![CDATA[<!--  -->]]></text></svg>',
    ],
)
def test_where_white_space_may_mean_something_it_stays(svg: str) -> None:
    assert decoded(make_address(Media("a.svg", svg.encode()))) == svg.encode()


def test_a_style_is_made_smaller_too() -> None:
    style = "<style>\n  .a {\n    font-family: 'A B', \"C\"\n  }\n</style>"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">\n  {style}\n</svg>'
    small = """<svg xmlns='http://www.w3.org/2000/svg'> <style>.a{font-family:'A B',"C"}</style> </svg>"""
    assert decoded(make_address(Media("a.svg", svg.encode()))).decode() == small


@pytest.mark.parametrize(
    ("style", "small"),
    [
        (".a, .b { fill: #fff; }  .c > d { x: 1 } /* no */", ".a,.b{fill:#fff}.c > d{x:1}"),
        (
            "@media (prefers-color-scheme: dark) { .a { fill: #000; stroke: #111 } }",
            "@media (prefers-color-scheme:dark){.a{fill:#000;stroke:#111}}",
        ),
        ("g :hover { fill: #000 }", "g :hover{fill:#000}"),
        (".a { font-family: 'One; two', \"Three { four\" }", ".a{font-family:'One; two',\"Three { four\"}"),
    ],
)
def test_rules_lose_the_space_that_means_nothing(style: str, small: str) -> None:
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'><style>{style}</style></svg>"
    assert decoded(make_address(Media("a.svg", svg.encode()))).decode() == svg.replace(style, small)


def test_a_drawing_loses_the_words_that_no_browser_shows_of_a_picture() -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><title>A</title> <desc id='b'>B &amp; c</desc><text>D</text></svg>"
    small = "<svg xmlns='http://www.w3.org/2000/svg'><text>D</text></svg>"
    assert decoded(make_address(Media("a.svg", svg.encode()))).decode() == small


def test_what_we_wrote_for_its_readers_stays_at_home(tmp_path: Path) -> None:
    own = "/* Mine. */\n  .mine { color: red }\n"
    page = page_of(tmp_path, {"first.yaml": "- {id: q, question: Q?, answer: A.}\n", "../templates/web/style.css": own})
    text = page.read_text(encoding="utf-8")
    assert own in text
    assert text.count("/*") == 1
    assert not re.search(r"^\s*//", text, re.MULTILINE)


def test_a_drawing_with_a_sign_in_its_attributes_stays_well_formed() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><path id="a>b" class="c>d" d="M0 0"/></svg>'
    root = ElementTree.fromstring(decoded(make_address(Media("a.svg", svg.encode()))))
    assert root[0].attrib == {"id": "a>b", "class": "c>d", "d": "M0 0"}


def test_other_pictures_and_other_encodings_keep_their_bytes() -> None:
    assert decoded(make_address(Media("a.png", PNG))) == PNG
    latin = '<?xml version="1.0" encoding="iso-8859-1"?><svg xmlns="http://www.w3.org/2000/svg"><title>ä</title></svg>'
    data = latin.encode("iso-8859-1")
    assert decoded(make_address(Media("a.svg", data))) == data


def test_an_address_is_safe_in_an_attribute(tmp_path: Path) -> None:
    question = "- {id: q, question: Q?, answer: '![a](a.svg)'}\n"
    page = page_of(tmp_path, {"first.yaml": question, "media/a.svg": SVG}).read_text(encoding="utf-8")
    (address,) = re.findall(r'<img alt="a" src="([^"]*)" class="paper" loading="lazy">', page)
    made = make_address(Media("a.svg", SVG.encode()))
    assert "&" in made
    assert '"' not in made
    assert address == escape_address(made)
    assert html.unescape(address) == made


def test_fonts_take_the_place_of_their_names() -> None:
    style = '@font-face { src: url("fonts/a.woff2") } p { src: url(fonts/b.woff2) }'
    coded = base64.b64encode(b"wOF2").decode()
    got = embed_fonts(style, [Media("a.woff2", b"wOF2")])
    assert got == f'@font-face {{ src: url("data:font/woff2;base64,{coded}") }} p {{ src: url(fonts/b.woff2) }}'


def test_a_font_is_not_embedded_without_end() -> None:
    font = Media("a.woff2", b"wOF2" + bytes(10_000))
    assert len(embed_fonts('a { src: url("fonts/a.woff2") }' * 1_000, [font])) < 200_000
    assert "fonts/" not in embed_fonts('a { src: url("fonts/a.woff2") }' * 9, [font])
