"""Style sheets that dictionaries put into fields stay; those that would load or cover something do not."""

from __future__ import annotations

import re
import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.anki.template_filters import apply_filters
from cardpress.markdown.html_styles import LOADING, SELECTING, is_safe_sheet, is_safe_style
from cardpress.markdown.safe_html import clean, make_safe

OF_DICTIONARIES = (
    # Rules in rules, and names of dictionaries with brackets and parentheses.
    '.g [data-dictionary="A.org [2025-12-02]"] li[data-c="a"] {\n  padding: 0;\n  & ul[data-c="b"] { margin: 0 }\n}',
    '.g [data-dictionary="A (English)"] td[data-c="form"] > i { color: #fff; &::before { content: "△" } &:hover{} }',
    '.g [data-dictionary="B"] { & td { & > span { clip-path: circle(); } } &.wide + &[open] { width: fit-content } }',
    'ul[data-c="groups"] { list-style-type: "＊"; } ol > li::marker { content: counter(list-item) " " }',
    "i { border: solid calc(3em / var(--size, 14)) color-mix(in srgb, green 5%, transparent) }",
    "@media(min-width: 9px) and (max-width: 99px) { a { color: red } } @supports (display: grid) { b { gap: 0 } }",
    "/* position: fixed (url) */ a { color: red }".replace("position: fixed ", ""),
    'li::before { content: "\\25B6 \\00a0" } i::after { content: "\\2192" }',
    "table { table-layout: fixed; position: relative } a { background: radial-gradient(green 50%, white) }",
)


@pytest.mark.parametrize("sheet", OF_DICTIONARIES)
def test_what_dictionaries_bring_ships_to_the_byte(sheet: str) -> None:
    html = f"<div class=g>word</div><style>{sheet}</style>"
    assert make_safe(html) == (html, ())


@pytest.mark.parametrize(
    "sheet",
    [
        "*{background:url(//example.org)}",
        "*{background:\\75rl(//example.org)}",
        "*{background:\\000075 rl(//example.org)}",
        "*{background:u\\72l(//example.org)}",
        "*{background:\\25B6 url(//example.org)}",
        "*{\\70osition:fixed}",
        'i { content: "\\a\\" }',
        "\\40import 'x'",
        "*{background:url (//example.org)[a]}",
        # Which `{{kanji:…}}` or `{{kana:…}}` would leave of it.
        "*{background:url[x](//example.org)}",
        "*{background:x[url](//example.org)}",
        "*{background:url y[(//example.org)]}",
        "*{background:url y[ (//example.org)]}",
        "*{background:ur[x]l(//example.org)}",
        "a{posi[x]tion:fixed}",
        "a{position: absolute[fixed]}",
        "a{posi tion[x]:fixed}",
        "a{position/**/:fixed}",
        "a{position/**/:var(--a)}",
        "a{} b[",
        "a[]{} b[c]{}",
        # Where it stands in a drawing, an entity is the character that it means.
        "&lt;/style&gt;{}",
        "&#117;rl(//example.org)",
        "@import '//example.org';",
        "@media-x{} @font-face{src:local(x)}",
        "a{background:\\75rl(//example.org)}",
    ],
)
def test_what_could_load_or_cover_something_does_not(sheet: str) -> None:
    assert not is_safe_sheet(sheet)
    kept = clean(f"a<style>{sheet}</style>b")
    assert "<style" not in kept


def test_no_function_that_is_known_ends_the_name_of_one_that_loads() -> None:
    assert not [(one, other) for one, other in product(SELECTING, LOADING) if other.endswith(one)]


_PIECES = st.sampled_from(
    [
        *(
            "url",
            "ur",
            "l",
            "image",
            "-set",
            "src",
            "expression",
            "rgb",
            "(",
            ")",
            "[",
            "]",
            " ",
            "  ",
            ">",
            "\n",
            "{",
            "}",
        ),
        *(
            "position",
            "posi",
            "tion",
            ":",
            "fixed",
            "fi",
            "xed",
            "absolute",
            "static",
            ";",
            "@",
            "media",
            "import",
            "&",
        ),
        *("a", "x[y]", "/*", "*/", ",", '"', "-", "&nbsp;", "//example.org", "sticky"),
    ]
)
_LOADS = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(LOADING)))})\(|@import", re.IGNORECASE)


@settings(max_examples=1000, deadline=None)
@given(st.lists(_PIECES, max_size=16).map("".join), st.sampled_from(["", "a ", "x[", " 漢[", "a] "]))
def test_whatever_the_filters_of_readings_leave_it_loads_nothing(sheet: str, before: str) -> None:
    if not is_safe_sheet(sheet):
        return
    field = f"{before}<style>{sheet}</style>b[c]"
    for chain in product(("kana", "kanji", "furigana"), repeat=2):
        left = apply_filters(chain, field, "Front", 1, is_front=True)
        assert not _LOADS.search(left), (chain, left)
        assert left.count("</style>") <= 1


@pytest.mark.parametrize(
    "part", ["[", "]", "a[", "a[b", "a(", " (", "position", "position:", "/*", "&", "a[b]", "@media", "-"]
)
def test_it_takes_time_that_grows_with_the_length(part: str) -> None:
    start = time.process_time()
    is_safe_sheet(part * (200_000 // len(part)))
    is_safe_style(part * (200_000 // len(part)))
    assert time.process_time() - start < 3
