"""The HTML of templates: what could run or load is found, in any disguise, and plain HTML is left alone."""

from __future__ import annotations

import re
import string

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.source.templates.style_sheets import Harm
from cardpress.source.templates.template_html import Mark, read_html


def harms(html: str) -> set[Harm]:
    return {flaw.harm for flaw in read_html(html).flaws}


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<ScRiPt>alert(1)</sCrIpT>",
        "<script src='data:text/javascript,alert(1)'></script>",
        "<p onclick='alert(1)'>",
        "<p ONCLICK=alert(1)>",
        "<p\nonpointerrawupdate\n=\n'alert(1)'>",
        "<a href='javascript:alert(1)'>",
        "<a href=' jAvAsCrIpT:alert(1)'>",
        "<a href='java&#x09;script:alert(1)'>",
        "<a href='java\nscript&colon;alert(1)'>",
        "<a href='\x01javascript:alert(1)'>",
        "<a href='vbscript:x'>",
        "<a href='data:text/html,x'>",
        "<a href='ms-msdt:x'>",
        "<img src='data:text/html,x'>",
        "<iframe></iframe>",
        "<iframe srcdoc='&lt;script>'></iframe>",
        "<object></object>",
        "<embed>",
        "<base>",
        "<meta http-equiv=refresh>",
        "<link rel=modulepreload>",
        "<svg><script>alert(1)</script></svg>",
        "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
        "<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
        "<svg><set attributeName='onclick' to='alert(1)' /></svg>",
        "<form action='javascript:alert(1)'>",
        "<button formaction='javascript:alert(1)'>",
        "<p style='width: expression(alert(1))'>",
        "<style>a { -moz-binding: x }</style>",
        "<details ontoggle=alert(1) open>",
    ],
)
def test_script_is_found(html: str) -> None:
    assert Harm.SCRIPT in harms(html)


@pytest.mark.parametrize(
    "html",
    [
        "<img src=https://example.org/a.png>",
        "<img src='a.png'>",
        "<img srcset='data:image/png;base64,AA 1x, https://example.org/a.png 2x'>",
        "<video poster=//example.org/a.png></video>",
        "<audio src=a.mp3></audio>",
        "<table background=a.png>",
        "<link rel=icon href=https://example.org/a.png>",
        "<p style='background: url(//example.org/a.png)'>",
        "<p style='background&colon; u&#x72;l(//example.org/a.png)'>",
        "<style>@import 'a.css';</style>",
        "<svg><image href='https://example.org/a.png' /></svg>",
        "<svg><use xlink:href='a.svg#x' /></svg>",
        "<svg><rect fill='url(https://example.org/a.svg#x)' /></svg>",
        "<form action='https://example.org/'>",
        "<a href='#x' ping='https://example.org/'>",
        "<base href='https://example.org/'>",
        "<meta http-equiv=refresh content='0; url=https://example.org/'>",
        "<script src='https://example.org/a.js'></script>",
        "<iframe src='https://example.org/'></iframe>",
    ],
)
def test_what_would_be_loaded_is_found(html: str) -> None:
    assert Harm.REMOTE in harms(html)


@pytest.mark.parametrize(
    "html",
    [
        "<svg/onload=alert(1)>",
        "<p\x85onclick=alert(1)>",
        "<p title='a'onclick=alert(1)>",
        "<p title='a",
        '<p title="a>b',
        "<!-->alert<script>",
        "<!--->x",
        "<!-- a --!><p>",
        "<!-- never closed",
        "<?xml version='1.0'?>",
        "<![CDATA[x]]>",
        "<style>a",
        "<title><p></title>",
        "<textarea></p></textarea>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<noscript>",
        "<xmp></xmp>",
        "<math></math>",
        "<plaintext>",
        "a <b",
        "a < <p",
        "</p title=<x>",
        "<scr\x00ipt>",
    ],
)
def test_what_programs_read_differently_is_refused(html: str) -> None:
    assert harms(html) & {Harm.UNCLEAR, Harm.SCRIPT}


@pytest.mark.parametrize(
    "html",
    [
        "",
        "1 &lt; 2 > 1",
        "<p class=a id='b' data-x=\"c > d\" hidden>text<br/><hr></p>",
        "<a href='https://example.org/'>x</a><a href=mailto:a@example.org>x</a><a href='#one'>x</a>",
        "<a href='a.apkg'>x</a>",
        "<img src='data:image/png;base64,AA' alt='a &quot;b&quot;'>",
        "<!-- a comment > with <b> -->",
        "<style>a > b { color: red }</style>",
        "<svg viewBox='0 0 1 1'><path d='M0 0' fill='url(#a)'/><style>a{fill:red}</style><use href='#a'/></svg>",
        "<link rel='icon' href='data:image/png;base64,AA'>",
        "<meta name=viewport content='width=device-width'><title>a &lt; b</title>",
        "<noscript><p>Off.</p></noscript>",
        "<details><summary>One</summary>two</details>",
        "<p>on click=1, onclick = 2, javascript:alert(1), url(https://example.org/)</p>",
    ],
)
def test_plain_html_is_left_alone(html: str) -> None:
    assert read_html(html).flaws == []


def test_a_script_is_allowed_only_as_it_is() -> None:
    assert read_html("<script>ours()</script>", allowed=("ours()",)).flaws == []
    for html in ("<script>ours() </script>", "<svg><script>ours()</script></svg>", "<script src=x>ours()</script>"):
        assert read_html(html, allowed=("ours()",)).flaws


@pytest.mark.parametrize(
    ("template", "is_safe"),
    [
        ("<p>@</p>", True),
        ("@", True),
        ("<p title='@'>", False),
        ("<p title=@>", False),
        ("<p @>", False),
        ("<@>", False),
        ("<p>@</@>", False),
        ("<style>@</style>", False),
        ("<!-- @ -->", False),
        ("<title>@</title>", False),
        ("<textarea>@</textarea>", False),
        ("<a href='@'>", False),
    ],
)
def test_what_is_filled_in_stays_between_tags(template: str, is_safe: bool) -> None:
    at = template.index("@")
    for mark in (Mark.HTML, Mark.SCRIPT):
        assert (read_html(template, marks={at: (at + 1, mark)}).flaws == []) is is_safe


@pytest.mark.parametrize(
    ("template", "is_safe"),
    [
        ("<p class='a @ b'>", True),
        ("<a href='https://example.org/@'>", True),
        ("<a href='#@'>", True),
        ("<a href='@'>", False),
        ("<a href='https://@'>", False),
        ("<a href='java@script:x'>", False),
        ("<p onclick='@'>", False),
        ("<p style='@'>", False),
        ("<img src='@'>", False),
        ("<p class=@>", False),
    ],
)
def test_a_word_may_stand_in_an_attribute(template: str, is_safe: bool) -> None:
    at = template.index("@")
    flaws = read_html(template, marks={at: (at + 1, Mark.WORD)}).flaws
    assert (not [flaw for flaw in flaws if flaw.harm is not Harm.REMOTE]) is is_safe or "src" in template


# --- what passes, a browser's parser finds nothing in ----------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<p title='", "'>", '"', "'", ">", "<", "/", "=", " ", "\n", "\t", "x", "&lt;", "<!--", "-->"),
        *("<svg>", "</svg>", "<style>", "</style>", "<title>", "</title>", "<noscript>", "</noscript>", "<math>"),
        *(
            "<script>",
            "</script>",
            "<img src=x onerror=y>",
            "onerror",
            "<a href='java",
            "script:y'>",
            "--!>",
            "<![CDATA[",
        ),
        *("]]>", "<select>", "</select>", "<template>", "</template>", "<table>", "<td>", "<textarea>", "</textarea>"),
        *("<foreignObject>", "<desc>", "<mi>", "<iframe>", "<xmp>", "<plaintext>", "</", "\x00", "\x0c", "&#x6a;", "`"),
    ]
)


@settings(max_examples=2000, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_what_passes_has_no_script_for_a_browser(html: str) -> None:
    flaws = read_html(html).flaws
    assert not [flaw.message for flaw in flaws if flaw.message.startswith("a browser finds")]
    if flaws:
        return
    seen: list[str] = []
    nh3.clean(
        html,
        tags={name.lower() for name in re.findall(r"<([A-Za-z][^\s/>]*)", html)} | {"p"},
        clean_content_tags=set(),
        attributes={},
        generic_attribute_prefixes=set(string.ascii_lowercase),
        attribute_filter=lambda tag, name, value: seen.append(f"{name}={value}") or value,  # type: ignore[func-returns-value]
        url_schemes={"javascript", "data", "http", "https"},
        link_rel=None,
    )
    assert not [each for each in seen if each.startswith("on") or "javascript:" in each]
    assert "<script" not in nh3.clean(html, tags={"script"}, clean_content_tags=set())
