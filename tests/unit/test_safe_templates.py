"""Templates of a deck that is taken over: what would run or load is taken out, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.adopt.safe_templates import make_style_safe, make_template_safe
from cardpress.note_types.template_parts import TemplateError, read_template
from cardpress.source.templates.adopted_templates import read_adopted
from cardpress.source.templates.style_sheets import find_style_flaws, list_harmless_sheets

VALUES = {
    "Front": ['a "q" <b>x</b>', "犬"],
    "Word": ["犬", "cat"],
    "Link": ["https://example.org/c?d=1&amp;e", ""],
    "Picture": ["a b.jpg", "犬.png", ""],
    "Markup": ["&lt;script&gt;"],
    "Width": ["12"],
    "Tags": ["a::b c"],
}
MASKS = """\
<script>
try {
    anki.imageOcclusion.setup();
} catch (exc) {
    document.getElementById("err").innerHTML = `Votre version d'Anki est-elle à jour ?<br><br>${exc}`;
}
</script>
"""


def find_values(name: str) -> Iterable[str]:
    return VALUES.get(name, ())


@pytest.mark.parametrize(
    "template",
    [
        "",
        "{{Front}}",
        "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}",
        "<div class='a'id=q>{{Front}}</div><br/ ><p align=center>",
        "5 < 6 & 7 > 3 {{Front}} <3",
        '<img src="_logo.png"><img src="{{Picture}}"><audio src=_a.mp3 autoplay></audio>',
        '<a href="{{Link}}">more</a><a href="https://example.org/{{Word}}">search</a><a href="#">top</a>',
        '<a href="plecoapi://x-callback-url/s?q={{Word}}">a</a><a href="dict://{{text:Word}}">b</a><a href=tel:1></a>',
        '<div class="card {{Tags}} {{Word}}" style="width: {{Width}}px" title="{{Link}}">{{Front}}</div>',
        '<div class="{{#Word}}has-word{{/Word}}">{{Front}}</div>',
        "<!-- <div class=old>{{Front}}</div> {{#A}} -->{{Front}}",
        "<style>.a { background: url('_paper.jpg') } @font-face { src: url(_font.woff2) }</style>{{Front}}",
        "{{text:Front}}<button>Show</button><input type=text>{{type:Front}}",
        '<svg viewBox="0 0 9 9"><path d="M0 0"/></svg>{{Front}}',
        MASKS,
        MASKS.replace("imageOcclusion.setup", "setupImageCloze").replace("Votre", '画像"'),
    ],
)
def test_what_does_no_harm_stays_to_the_byte(template: str) -> None:
    assert make_template_safe(template, find_values) == (template, ())


@pytest.mark.parametrize(
    ("template", "safe"),
    [
        ("a<script>alert(1)</script>{{Front}}", "a{{Front}}"),
        ("{{#A}}<script>x = '{{A}}'{{/A}}</script>{{Front}}", "{{#A}}{{/A}}{{Front}}"),
        ("<script>show('{{Front}}')</script><p id=x>", "<p id=x>{{Front}}"),
        ('<div onclick="x()" class=a>{{Front}}</div>', "<div class=a>{{Front}}</div>"),
        ('<a href="https://example.org/{{Front}}">more</a>{{Front}}', "<a>more</a>{{Front}}"),
        ('<img src="https://example.org/a.png" alt=a>{{Front}}', "<img alt=a>{{Front}}"),
        ("<!-- {{Front}} <script>x</script> -->{{Front}}", "{{Front}}"),
        ('<!-- <p title="{{Front}} <script>x</script>"> -->{{Front}}', "{{Front}}"),
        ('<iframe src="https://example.org/"><p></iframe>{{Front}}', "{{Front}}"),
        ('<link rel=stylesheet href="_a.css">{{Front}}', "{{Front}}"),
        ("{{text:Markup}}", "{{Markup}}"),
        ("{{text:FrontSide}}", "{{FrontSide}}"),
        ("{{hint:<img src=x onerror=alert(1)>}}", "{{<img src=x onerror=alert(1)>}}"),
        ('<p title="{{Front}}>{{Front}}', '&lt;p title="{{Front}}>{{Front}}'),
        ("<div {{Front}}>{{Front}}</div>", "<div>{{Front}}</div>"),
        ('<a href="dict://{{Front}}">more</a>{{Front}}', "<a>more</a>{{Front}}"),
        ('<a href="{{Word}}:alert(1)">more</a>{{Front}}', "<a>more</a>{{Front}}"),
        ('<a href="a{{Word}}:alert(1)">more</a>{{Front}}', "<a>more</a>{{Front}}"),
        ('<a href="{{Word}}script&colon;alert(1)">more</a>{{Front}}', "<a>more</a>{{Front}}"),
        ('<a href="{{Word}}{{Word}}:alert(1)">more</a>{{Front}}', "<a>more</a>{{Front}}"),
        ('<a href="java&#9;script:void(0)">more</a>{{Front}}', "<a>more</a>{{Front}}"),
        ('<a href="intent://a#Intent;end">more</a>{{Front}}', "<a>more</a>{{Front}}"),
        ('<a href="dict:{{#Word}}javascript:x{{/Word}}">more</a>{{Front}}', "<a>more</a>{{Front}}"),
        ('<img src="dict://a"><link href="dict://a">{{Front}}', "<img>{{Front}}"),
        ('<a href="javascript:void(0)" class=b>{{Front}}</a>', "<a class=b>{{Front}}</a>"),
        ("{{=<% %>=}}<%Front%><%#A%>x<%/A%>", "{{Front}}{{#A}}x{{/A}}"),
        ("\\(\\href{x}{{{Front}}}\\)", "\\(href{x}{{{Front}}}\\)"),
        ("{{Front}}<", "{{Front}}&lt;"),
        ("{{Front}}<{{Word}}>", "{{Front}}"),
        ("<style>@import url('https://example.org/a;b'); a {}</style>{{Front}}", "<style> a {}</style>{{Front}}"),
        (MASKS.replace("${exc}", "${exc}${alert(1)}") + "{{Front}}", "\n{{Front}}"),
        (MASKS.replace("Votre", "` + alert(1) + `") + "{{Front}}", "\n{{Front}}"),
        (MASKS.replace("Votre", "<img src=x onerror=alert(1)>") + "{{Front}}", "\n{{Front}}"),
    ],
)
def test_what_would_run_or_load_is_taken_out(template: str, safe: str) -> None:
    found = make_template_safe(template, find_values)
    assert found.text == safe
    assert found.dropped


@pytest.mark.parametrize(
    ("css", "safe"),
    [
        ("@import url('https://example.org/css2?a:400;700'); .card { color: red }", " .card { color: red }"),
        ("a { background: url(https://example.org/a.png) }", 'a { background: url("data:,") }'),
        ("a { src: url(_a.ttf), url('b.woff') }", "a { src: url(_a.ttf), url('b.woff') }"),
        ("a { width: expression(1) }", "a { width: no-expression(1) }"),
        ("a { behavior: url(x.htc) }", "a { no-behavior: url(x.htc) }"),
        ("<!-- a { color: red } -->", "!-- a { color: red } -->"),
        ("a { background: u\\72l(//example.org/x) }", 'a { background: url("data:,") }'),
    ],
)
def test_a_style_loads_nothing_from_elsewhere(css: str, safe: str) -> None:
    assert make_style_safe(css).text == safe
    assert bool(make_style_safe(css).dropped) is (css != safe)


def test_what_is_left_out_is_told() -> None:
    template = "<script>a()</script><p onclick='b()'>{{Front}}</p><img src=//example.org/a.png>\\href{}"
    assert make_template_safe(template, find_values).dropped == (
        "`<script>`",
        "`onclick='b()'`",
        "`src=//example.org/a.png`",
        "the command `\\href`",
    )
    css = "@import url(a.css); a { background: url(https://example.org/a.png) }"
    assert make_style_safe(css).dropped == ("`@import url(a.css);`", "`url(https://example.org/a.png)`")


def test_a_style_may_take_in_another_of_the_deck_that_does_no_harm() -> None:
    media = {"_own.css": b"a { color: red }", "_bad.css": b"@import 'x.css';", "_odd.css": b"\xff", "a.png": b""}
    sheets = list_harmless_sheets(media)
    assert sheets == {"_own.css"}
    for css in ("@import '_own.css';", '@import url("_own.css"); a {}', "@import url(_own.css) screen;"):
        assert make_style_safe(css, sheets) == (css, ())
        assert make_style_safe(css).dropped
    for css in ("@import '_bad.css';", "@import '_own.css' '//example.org/a.css';", "@import url(//a/_own.css);"):
        assert make_style_safe(css, sheets).dropped


PIECES = (
    *("<script>", "</script>", "<style>", "</style>", "<!--", "-->", "<", ">", '"', "'", "=", "/", " ", "\\", "&", "x"),
    *("<div ", "<a href=", "<img src=", "onclick=", "style=", "class=", "javascript:", "//", "https://a/", "url(", ")"),
    *("{{Front}}", "{{Word}}", "{{text:Markup}}", "{{#Word}}", "{{/Word}}", "{{^Word}}", "{{Link}}", "{{Picture}}"),
    *("<svg>", "</svg>", "<iframe>", "<noscript>", "</noscript>", "<textarea>", "@import", ";", "{", "}", "\\href"),
    *("{{FrontSide}}", "<%Word%>", "{{=<% %>=}}", "<math>", "<base>", "\ue000", "&lt;", "<br>", MASKS),
)


def _is_read(template: str) -> bool:
    try:
        read_template(template)
    except TemplateError:
        return False
    return True


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_whatever_stands_in_a_template_what_comes_out_is_safe(template: str) -> None:
    safe = make_template_safe(template, find_values)
    assert read_adopted(safe.text, find_values).flaws == []
    assert make_template_safe(safe.text, find_values) == (safe.text, ())
    assert (safe.text == template) or safe.dropped
    if _is_read(template):
        assert _is_read(safe.text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from((*PIECES, "a{", "}", "expression(", "behavior:", "\\75rl(", "/*", "*/")), max_size=14))
def test_whatever_stands_in_a_style_what_comes_out_is_safe(pieces: list[str]) -> None:
    safe = make_style_safe("".join(pieces))
    assert list(find_style_flaws(safe.text, has_files=True)) == []


@pytest.mark.parametrize(
    ("begin", "part", "end"),
    [
        ("{{Front}}", "<script></script>", ""),
        ("{{Front}}", "<script>", ""),
        ("{{Front}}", "<noscript>", ""),
        ("{{Front}}", "<iframe>", ""),
        ("{{Front}}<b ", "onx=1 ", ">"),
        ("{{Front}}<b ", "a='{{Front}}' ", ">"),
        ("", "{{#Front}}<script></script>{{/Front}}", ""),
        ("{{Front}}", "<!--{{Front}}<b>-->", ""),
    ],
)
def test_a_long_template_is_made_safe_in_a_time_that_grows_as_it_does(begin: str, part: str, end: str) -> None:
    def spend(length: int) -> float:
        template = begin + part * (length // len(part)) + end
        start = time.process_time()
        make_template_safe(template, lambda _: ("a word",))
        return time.process_time() - start

    assert spend(100_000) < 15 * (spend(20_000) + 0.05)


@pytest.mark.parametrize("part", ["@import 'x' ", "@import 'x';", "a{background:url(http://x/)}"])
def test_a_long_style_is_made_safe_in_a_time_that_grows_as_it_does(part: str) -> None:
    def spend(length: int) -> float:
        start = time.process_time()
        make_style_safe(part * (length // len(part)))
        return time.process_time() - start

    assert spend(100_000) < 15 * (spend(20_000) + 0.05)
