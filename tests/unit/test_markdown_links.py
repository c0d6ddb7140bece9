"""Every way of writing a link or a picture is seen with its place, and none reaches a learner that leads elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.common.utils import unescapeAll

from cardpress.markdown import parse
from cardpress.markdown.tree import Link, Picture, Place
from tests.conftest import DECK, WriteProject
from tests.helpers.diagnostics import codes, places, problems
from tests.helpers.yaml_text import block, question

REMOTE = "https://example.org/one.png"


def seen(text: str, *, with_deletions: bool = False) -> list[tuple[str, str, Place]]:
    """Return links and pictures: which of both it is, its address, and the place of that."""
    found = []
    for node in parse(text, with_deletions=with_deletions).walk():
        if isinstance(node, Link):
            found.append(("link", node.address, node.address_place))
        elif isinstance(node, Picture):
            found.append(("picture", node.name, node.name_place))
    return found


def addresses(text: str) -> list[tuple[str, str]]:
    return [(kind, address) for kind, address, _ in seen(text)]


@pytest.mark.parametrize(
    "text",
    [
        f"![one]({REMOTE})",
        f"![one](<{REMOTE}>)",
        f"![one]( {REMOTE} 'a title' )",
        f"![one](\n{REMOTE})",
        f"[![one]({REMOTE})](https://example.org)",
        f"- item\n    ![one]({REMOTE})",
        f"> ![one]({REMOTE})",
        f"|a|\n|-|\n|![one]({REMOTE})|",
        f"![one [two]]({REMOTE})",
        f"![one\\]]({REMOTE})",
        f"\\\\![one]({REMOTE})",
        f"![a][one]\n\n[one]: {REMOTE}",
        f"![a][One]\n\n[oNE]: <{REMOTE}>",
        f"![one][]\n\n[one]: {REMOTE} 'title'",
        f"![one]\n\n[one]: {REMOTE}",
        f"![one]\n\n[one]:\n  {REMOTE}",
        f"![one]\n\n> [one]: {REMOTE}",
        f"![one]\n\n- [one]: {REMOTE}",
        f"![a\nb]\n\n[a b]: {REMOTE}",
        f"` `` ![one]({REMOTE})",
        f"![one]({REMOTE.replace(':', '&#58;')})",
        f"![one]({REMOTE.replace(':', chr(92) + ':')})",
        f"# ![one]({REMOTE})",
        f"**![one]({REMOTE})**",
        f"<kbd>![one]({REMOTE})</kbd>",
        f"- [ ] ![one]({REMOTE})",
    ],
)
def test_a_remote_picture_is_seen_in_every_disguise(text: str, write_project: WriteProject) -> None:
    assert ("picture", REMOTE) in addresses(text)
    assert "remote-media" in codes(problems(write_project({"first.yaml": question(answer=text)})))


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JavaScript:alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x]( \n javascript:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x](javascript&colon;alert(1))",
        "[x](&#x6A;avascript:alert(1))",
        "[x](<java\tscript:alert(1)>)",
        "[x](javascript\\:alert(1))",
        "[x](vbscript:x)",
        "[x](data:text/html,<b>)",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "[y]\n\n> [y]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "<a href=javascript:alert(1)>x</a>",
        "<a href=' java\nscript:alert(1)'>x</a>",
        "<a href=java&#115;cript:alert(1)>x</a>",
        "<script>alert(1)</script>",
        "<ScRiPt\nsrc=//x>",
        "<script",
        "<img src=x onerror=alert(1)>",
        "<IMG/SRC=x/onError = alert(1)>",
        "<svg/onload=alert(1)>",
        "<svg><animate onbegin=alert(1)>",
        "<iframe srcdoc='x'>",
        "<math><mi>x</mi></math>",
        "<style>@import 'x'</style>",
        "<base href=//x>",
        "<form action=//x><input>",
        "<meta http-equiv=refresh>",
        "<b on&#99;lick=x>",
        "<kbd onclick=x>a</kbd>",
        "a `b` <script>",
        "*<script>*",
        "|a|\n|-|\n|<script>|",
        "\\\\<b onclick=x>",
    ],
)
def test_script_is_refused_in_every_disguise(text: str, write_project: WriteProject) -> None:
    assert "unsafe-html" in codes(problems(write_project({"first.yaml": question(answer=text)})))


@pytest.mark.parametrize(
    "text",
    [
        "`<script>`",
        "```html\n<script>\n```",
        "    <script>",
        "\\<script>",
        "&lt;script>",
        "a < b > c",
        "List[int] and <int>",
        "x <- y",
        "<br> and <kbd>Esc</kbd>",
        "`[x](javascript:alert(1))`",
        "\\[x](javascript:alert)",
        "[x](java\tscript:alert)",
    ],
)
def test_code_and_plain_text_are_left_in_peace(text: str, write_project: WriteProject) -> None:
    assert codes(problems(write_project({"first.yaml": question(answer=text)}))) == []


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("[a](https://x.org/a_(b))", "https://x.org/a_(b)"),
        ("[a](https://x.org/a\\_b)", "https://x.org/a_b"),
        ("[a](<https://x.org>)", "https://x.org"),
        ("<https://x.org/?a=1&b=2>", "https://x.org/?a=1&b=2"),
        ("[a](mailto:a@x.org)", "mailto:a@x.org"),
        ("<a@x.org>", "mailto:a@x.org"),
        ('[a](https://x.org "(title)")', "https://x.org"),
        ("[a](https://x.org/?b&amp;c)", "https://x.org/?b&c"),
        ("[a](https://x.org/%C3%A4)", "https://x.org/%C3%A4"),
        ("see https://x.org/a_b.", "https://x.org/a_b"),
    ],
)
def test_an_address_is_read_as_markdown_reads_it(text: str, url: str, write_project: WriteProject) -> None:
    assert addresses(text) == [("link", url)]
    assert problems(write_project({"first.yaml": question(answer=text)})) == []


@pytest.mark.parametrize(
    "text",
    [
        "`![a](b)`",
        "```\n![a](b)\n```",
        "    [a](b)",
        "a[0] (see)",
        "\\[a](b)",
        "`` ` ![a](b) ``",
        "[a](b c)",
        "[a](\n\nb)",
        "[a]\n\n`[a]: b`",
        "[a][b]",
        "[a] (b)",
        "[a](<b\nc>)",
        "[a](b 'c)",
        "[^1]\n\n[^1]: https:/x.org",
        "`https://x.org`",
    ],
)
def test_code_and_brackets_hold_no_address(text: str) -> None:
    assert seen(text) == []


def test_an_escaped_exclamation_mark_makes_no_picture() -> None:
    assert addresses("Wow\\![a](https://x.org)") == [("link", "https://x.org")]
    assert addresses("![a] [b]\n\n[b]: https://x.org") == [("link", "https://x.org")]


@pytest.mark.parametrize(
    ("text", "typed", "address"),
    [
        ("[a](bad.html)", "bad.html", "bad.html"),
        ("[a](  bad.html  'title' )", "bad.html", "bad.html"),
        ("[a](\n bad.html\n'title')", "bad.html", "bad.html"),
        ("[a](<bad page.html>)", "<bad page.html>", "bad page.html"),
        ("[a](b\\_\\)d.html)", "b\\_\\)d.html", "b_)d.html"),
        ("[a](b&auml;d.html)", "b&auml;d.html", "bäd.html"),
        ("[a](bad(1).html)", "bad(1).html", "bad(1).html"),
        ("[a [b] `]` \\]](bad.html)", "bad.html", "bad.html"),
        ("*a [b\nc](bad.html)*", "bad.html", "bad.html"),
        ("> a\n> [b](bad.html)", "bad.html", "bad.html"),
        ("> a\n[b](bad.html)", "bad.html", "bad.html"),
        ("> - a\n>\n>   [b](bad.html)", "bad.html", "bad.html"),
        ("1. a\n   - [b\n     c](bad.html)", "bad.html", "bad.html"),
        ("-\ta\n\n\t[b](bad.html)", "bad.html", "bad.html"),
        ("- [x] a [b](bad.html)", "bad.html", "bad.html"),
        ("# [a](bad.html) #", "bad.html", "bad.html"),
        ("[a](bad.html)\n===", "bad.html", "bad.html"),
        ("| a | [b](bad.html) |\n|---|---|", "bad.html", "bad.html"),
        ("a | b\n--|--\nb | b [b](bad.html) | c", "bad.html", "bad.html"),
        ("> | a |\n> |---|\n> | [b](bad.html) |", "bad.html", "bad.html"),
        ("![a](bad.png)", "bad.png", "bad.png"),
        ("![a [b](c)](bad.png)", "bad.png", "bad.png"),
        ("a\r\n[b](bad.html)\r\n", "bad.html", "bad.html"),
        ("a\r\r> [b]\r\r[b]: bad.html", "bad.html", "bad.html"),
        ("[a]\n\n[a]: bad.html", "bad.html", "bad.html"),
        ("[A][]\n\n[a]:\n   <bad page.html>\n   'title'", "<bad page.html>", "bad page.html"),
        ("[a][b\nc]\n\n[b   C]: bad.html", "bad.html", "bad.html"),
        ("> [a]: bad.html\n\n[a]", "bad.html", "bad.html"),
        ("> [a]:\n> bad.html\n\n[a]", "bad.html", "bad.html"),
        ("- b\n- [a]: bad.html\n\n[a]", "bad.html", "bad.html"),
        ("[a\\]b]: bad.html\n\n[a\\]b]", "bad.html", "bad.html"),
        ("[c]: other.html\n[a]: bad.html\n[a]", "bad.html", "bad.html"),
        ("![a]\n\n[a]: b\\_d.png", "b\\_d.png", "b_d.png"),
        ("<bad:page>", "bad:page", "bad:page"),
        ("**<bad@page.example>**", "bad@page.example", "mailto:bad@page.example"),
        ("- > a <bad:page>", "bad:page", "bad:page"),
        ("a\n(https://x.org/b).", "https://x.org/b", "https://x.org/b"),
        ("| a | https://x.org/b |\n|---|---|", "https://x.org/b", "https://x.org/b"),
    ],
)
def test_an_address_is_found_where_it_was_typed(text: str, typed: str, address: str) -> None:
    ((_, seen_address, place),) = seen(text)
    assert seen_address == address
    assert text.count(typed) == 1
    assert (place.start, text[place.start : place.end]) == (text.index(typed), typed)


@pytest.mark.parametrize(
    "text",
    [
        "{{c1::[a](bad.html)}}",
        "{{c1::a {{c2::[b](bad.html)::hint}}}}",
        "[{{c1::a}}](bad.html)",
        "{{c1::- a\n- [b](bad.html)\n- c}}",
        "- {{c1::a\n\n  [b](bad.html)}}",
        "{{c1::```py\nx\n```}}\n\n[a](bad.html)",
        "[a]\n\n{{c1::b}}\n\n[a]: bad.html",
    ],
)
def test_an_address_in_a_cloze_text_is_found_where_it_was_typed(text: str) -> None:
    ((_, address, place),) = seen(text, with_deletions=True)
    assert address == "bad.html"
    assert place.start == text.index("bad.html")
    assert text[place.start : place.end] == "bad.html"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("{{c1::https://x.org}}", "https://x.org"),
        ("{{c1::https://x.org/a::hint}}", "https://x.org/a"),
        ("https://x.org/a{{c1::b}}", "https://x.org/a"),
        ("{{c1::http://[::1]:80/a}}", "http://[::1]:80/a"),
        ("{{c1::https://x.org/{a}}}", "https://x.org/{a"),
    ],
)
def test_a_bare_address_ends_where_its_deletion_does(text: str, address: str) -> None:
    assert [each for _, each, _ in seen(text, with_deletions=True)] == [address]


def test_the_address_itself_is_underlined(write_project: WriteProject) -> None:
    text = block("[a]( https://x.org/ok 'title' ) [b](", "  bad.html )", "", "[c][d] and [d]", "", "[d]: worse.html")
    found = problems(write_project({"first.yaml": text}))
    assert places(found) == ["source/first.yaml:5:7 bad-url", "source/first.yaml:9:10 bad-url"]
    assert [each.span.width for each in found] == [8, 10]


WHOLE = "write the whole address: `https://example.org/page`"


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("htp://example.org/a", "write `https://example.org/a`"),
        ("http:/example.org", "write `https://example.org`"),
        ("https//example.org/a", "write `https://example.org/a`"),
        ("example.co.uk/page", "write `https://example.co.uk/page`"),
        ("docs.python.org", "write `https://docs.python.org`"),
        ("see https://example.org", f"{WHOLE}; of a book, write the title alone"),
        ("ftp://example.org/a", f"{WHOLE}; of a book, write the title alone"),
        ("www.example.org", "write `https://www.example.org`"),
        ("example.dev/a?b#c", "write `https://example.dev/a?b#c`"),
        ("a@example.org", "write `mailto:a@example.org`"),
        ("guide.html", f"{WHOLE}; of a book, write the title alone"),
        ("#part", f"{WHOLE}; of a book, write the title alone"),
        ("http://", f"{WHOLE}; of a book, write the title alone"),
        ("https://a b.org", f"{WHOLE}; of a book, write the title alone"),
        ("https://x.org:port", f"{WHOLE}; of a book, write the title alone"),
    ],
)
def test_what_lacks_a_scheme_is_shown_with_it(typed: str, hint: str, write_project: WriteProject) -> None:
    (found,) = problems(write_project({"first.yaml": question(sources=[typed])}))
    assert (found.code, found.help) == ("bad-url", hint)


@pytest.mark.parametrize(
    "title",
    [
        "Fluent Python, chapter 5",
        "Refactoring: improving the design of code",
        "ISBN 978-1-4920-5635-5",
        "isbn:9781492056355",
        "doi:10.1000/182",
        "RFC 7231, section 6.5.1",
        "Node.js in Action",
        "Node.js",
        "TCP/IP Illustrated",
        "HTTP/1.1",
        "https",
        "C++",
        "vol.",
        "Über den Himmel",
        "p. 12/13",
    ],
)
def test_the_title_of_a_book_is_a_source(title: str, write_project: WriteProject) -> None:
    assert problems(write_project({"first.yaml": question(sources=[title])})) == []
    assert problems(write_project({"first.yaml": question(sources=[{"title": title}])})) == []


def test_a_title_that_is_an_address_is_read_as_one(write_project: WriteProject) -> None:
    assert problems(write_project({"first.yaml": question(sources=[{"title": "https://example.org"}])})) == []
    (found,) = problems(write_project({"first.yaml": question(sources=[{"title": "www.example.org"}])}))
    assert (found.code, found.help) == ("bad-url", "write `https://www.example.org`")


@pytest.mark.parametrize(
    ("url", "fine"), [("https://x.org/{id}/{version}", True), ("https://x.org/{Id}", False), ("{id}", False)]
)
def test_a_report_address_knows_two_names(url: str, fine: bool, write_project: WriteProject) -> None:
    found = problems(write_project({"deck.yaml": DECK + f"report_url: '{url}'\n"}))
    assert codes(found) == ([] if fine else ["bad-url"])


def test_brackets_may_stand_open_in_any_number_of_paragraphs() -> None:
    text = "\n\n".join(f"half-open [0, {number})" for number in range(500))
    assert parse(text).problems == ()
    assert len(parse(text).blocks) == 500
    assert parse("`[[[`" * 100).problems == ()


# Pieces of links in all that can stand around them. A backslash or a bar by itself is left out, so that each address
# stands in the text as it is read.
PIECES = st.sampled_from(
    [
        *("[a](/u)", "[b](</v w> 't')", "![c](d.png)", "[e](f\\_\\(g)", "[h](i&amp;j (t))", "<k:l>", "<m@n.example>"),
        *("[o]", "![p][o]", "[q][]", "\n\n[o]: /r\n", "\n\n[q]:\n  <s> 't'\n", "\n> [o]: /x\n", "https://y.example/z"),
        *("[", "](", "]", "(", ")", "![", "*", "**", "`", "<", ">", "\\[", "<kbd>", "</kbd>", "word", "é", "\t"),
        *(
            "\n",
            "\n\n",
            "\r\n",
            "- ",
            "> ",
            "1. ",
            "  ",
            "    ",
            "# ",
            "```\n",
            "- [x] ",
            "\n| 1 | 2 |\n|---|---|\n| 3 | ",
        ),
        " ",
    ]
)


@settings(derandomize=True, deadline=None, database=None, max_examples=500)
@given(st.lists(PIECES, max_size=24).map("".join))
def test_whatever_is_typed_an_address_stands_at_its_place(text: str) -> None:
    for _, address, place in seen(text):
        typed = text[place.start : place.end]
        bare = typed[1:-1] if typed.startswith("<") else typed
        assert address in (typed, unescapeAll(bare), f"mailto:{bare}")
