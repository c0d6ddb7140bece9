"""Highlighted code keeps its colors and loses every span that a style sheet does not need."""

from __future__ import annotations

from cardpress.writers.page.code_colors import make_color_merger

STYLE = "/* .n { } */ .k, .kn { color: red } .s { color: blue } @media print { .s { color: navy } .c { color: gray } }"


def slim(html: str) -> str:
    return make_color_merger(STYLE)(html)


def test_what_has_no_color_has_no_span() -> None:
    assert slim('<span class="n">a</span><span class="o">=</span>') == "a="
    assert slim('<span class="k"> </span>') == " "


def test_neighbors_of_one_color_share_a_span() -> None:
    html = '<span class="kn">from</span> <span class="k">a</span><span class="w"> </span>\n<span class="kn">b</span>'
    assert slim(html) == '<span class="k">from a \nb</span>'


def test_neighbors_of_two_colors_do_not() -> None:
    html = '<span class="s">a</span><span class="k">b</span>x<span class="k">c</span>'
    assert slim(html) == html


def test_a_rule_more_makes_another_color() -> None:
    html = '<span class="s">a</span><span class="c">b</span>'
    assert slim(html) == html


def test_a_deletion_inside_code_stays() -> None:
    html = '<span class="n">a<mark class="cloze">b</mark></span><mark class="cloze"><span class="k">c</span></mark>'
    assert slim(html) == 'a<mark class="cloze">b</mark><mark class="cloze"><span class="k">c</span></mark>'


def test_the_page_without_color_rules_has_no_spans() -> None:
    assert make_color_merger("p { margin: 0 }")('<p><span class="k">a</span></p>') == "<p>a</p>"
