"""What a style sheet loads is found, whatever hides it; what it does not load is left alone."""

from __future__ import annotations

import pytest

from cardpress.source.templates.style_sheets import Harm, find_style_flaws


def harms(css: str) -> list[Harm]:
    return [flaw.harm for flaw in find_style_flaws(css, fonts={"Mine.woff2"})]


@pytest.mark.parametrize(
    "css",
    [
        '@import "https://example.org/a.css";',
        "@import url(a.css);",
        "@IMPORT 'a.css'",
        "@\\69mport 'a.css'",
        "@\\000069 mport 'a.css'",
        "a { background: url(https://example.org/a.png) }",
        "a { background: url( 'https://example.org/a.png' ) }",
        "a { background: URL(//example.org/a.png) }",
        "a { background: u\\72l(//example.org/a.png) }",
        "a { background: \\75\r\nrl(//example.org/a.png) }",
        "a { background: url(a.png) }",
        "a { background: url(\\2f\\2f example.org) }",
        "a { background: url(/**/x) }",
        'a { content: "/*"; background: url(//example.org/a.png); } /* " */',
        "a { content: '\\'/*'; background: url(//example.org/a.png); } /* */",
        "a { content: 'unclosed\n; background: url(//example.org/a.png); }",
        "a { background: image-set('https://example.org/a.png' 1x) }",
        "a { background: -webkit-image-set(url(a.png) 1x) }",
        "a { background: src('//example.org/a.png') }",
        "a { --away: 'https://example.org/a.png'; background: image-set(var(--away)) }",
        "a { --away: 'h\\a ttps:example.org/a.png' }",
        "@font-face { font-family: x; src: url('https://example.org/x.woff2') }",
        "@font-face { font-family: x; src: url('fonts/Other.woff2') }",
        "a { cursor: url(a.cur), auto }",
        "@namespace url(https://example.org/x);",
        'a { color: url(#"#); background: url(//example.org/a.png); color: url(#") }',
        "a { color: url(#'#); background: url(//example.org/a.png); color: url(#') }",
        "a { color: url(#/*); background: url(//example.org/a.png); color: url(#*/) }",
        "a { color: url(#\\)/*); background: url(//example.org/a.png); color: url(#*/) }",
        'a { color: #url(#")"); background: url(//example.org/a.png); content: "" }',
    ],
)
def test_what_would_be_loaded_is_found(css: str) -> None:
    assert harms(css) == [Harm.REMOTE]


@pytest.mark.parametrize(
    "css",
    [
        "a { width: expression(alert(1)) }",
        "a { width: EXPR\\45SSION(alert(1)) }",
        "a { -moz-binding : x }",
        "a { behavior/**/: x }",
        "a { filter: progid:DXImageTransform.Microsoft.Alpha() }",
        "a { background: url(javascript:alert(1)) }",
        "a { background: url('data:text/html,x') }",
        "</style>",
    ],
)
def test_tricks_are_script(css: str) -> None:
    assert harms(css) == [Harm.SCRIPT]


@pytest.mark.parametrize(
    "css",
    [
        "",
        "/* @import 'a.css'; url(https://example.org/) */ a { color: red }",
        "a::before { content: 'see @import, url(x) and expression(1)' }",
        "a { background: url(data:image/png;base64,AAAA) }",
        "a { background: url('data:image/svg+xml,%3Csvg/%3E') }",
        "a { mask: url(#shape) }",
        "@font-face { font-family: x; src: url('fonts/Mine.woff2') format('woff2') }",
        "@media (width < 600px) { a { scroll-behavior: smooth } }",
        ".url, .import, #expression { grid-area: image; transition: src }",
        'a { width: calc((1px + 2px) * 3) } b::after { content: "Note: it\'s (here)" }',
    ],
)
def test_what_loads_nothing_is_left_alone(css: str) -> None:
    assert harms(css) == []


def test_the_place_is_that_of_the_address() -> None:
    css = "a { color: red;\n  background: url(//example.org) }"
    (flaw,) = find_style_flaws(css)
    assert css[flaw.start : flaw.end] == "url(//example.org)"
