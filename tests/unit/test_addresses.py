"""Every way of writing a link or a picture is seen, and none reaches a learner that leads where it must not."""

from __future__ import annotations

import pytest
from cardpress.markdown.addresses import find_targets, find_too_deep

from tests.conftest import WriteProject
from tests.helpers.diagnostics import codes, places, problems
from tests.helpers.yaml_text import block, question

REMOTE = "https://example.org/one.png"


def seen(text: str) -> list[tuple[str, bool]]:
    return [(target.url, target.is_image) for target in find_targets(text)]


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
        f"![a] [One]\n\n[oNE]: <{REMOTE}>",
        f"![one][]\n\n[one]: {REMOTE} 'title'",
        f"![one]\n\n[one]: {REMOTE}",
        f"![one]\n\n[one]:\n  {REMOTE}",
        f"![one]\n\n> [one]: {REMOTE}",
        f"![one]\n\n- [one]: {REMOTE}",
        f"![a\nb]\n\n[a b]: {REMOTE}",
        f"` `` ![one]({REMOTE})",
        f"![one]({REMOTE.replace(':', '&#58;')})",
    ],
)
def test_a_remote_picture_is_seen_in_every_disguise(text: str, write_project: WriteProject) -> None:
    assert (REMOTE, True) in seen(text)
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
        "[x](java\tscript:alert(1))",
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
        "\\<b onclick=x>",
    ],
)
def test_script_is_refused_in_every_disguise(text: str, write_project: WriteProject) -> None:
    assert "unsafe-html" in codes(problems(write_project({"first.yaml": question(answer=text)})))


@pytest.mark.parametrize(
    "text",
    ["`<script>`", "```html\n<script>\n```", "a < b > c", "List[int] and <int>", "x <- y", "<br> and <kbd>Esc</kbd>"],
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
        ('[a](https://x.org "(title)")', "https://x.org"),
    ],
)
def test_an_address_is_read_as_markdown_reads_it(text: str, url: str, write_project: WriteProject) -> None:
    assert (url, False) in seen(text)
    assert problems(write_project({"first.yaml": question(answer=text)})) == []


@pytest.mark.parametrize("text", ["`![a](b)`", "```\n![a](b)\n```", "a[0] (see)", "\\[a](b)", "`` ` ![a](b) ``"])
def test_code_and_brackets_hold_no_address(text: str) -> None:
    assert seen(text) == []


def test_an_escaped_exclamation_mark_makes_no_picture() -> None:
    assert seen("Wow\\![a](https://x.org)") == [("https://x.org", False)]


def test_the_address_itself_is_underlined(write_project: WriteProject) -> None:
    text = block("[a]( https://x.org/ok 'title' ) [b](", "  bad.html )", "", "[c][d]", "", "[d]: worse.html")
    found = problems(write_project({"first.yaml": text}))
    assert places(found) == ["source/first.yaml:5:7 bad-url", "source/first.yaml:9:10 bad-url"]
    assert [each.span.width for each in found] == [8, 10]


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("www.example.org", "write `https://www.example.org`"),
        ("example.dev/a?b#c", "write `https://example.dev/a?b#c`"),
        ("a@example.org", "write `mailto:a@example.org`"),
        ("guide.html", "write the whole address: `https://example.org/page`"),
        ("#part", "write the whole address: `https://example.org/page`"),
        ("http://", "write the whole address: `https://example.org/page`"),
        ("https://a b.org", "write the whole address: `https://example.org/page`"),
        ("https://x.org:port", "write the whole address: `https://example.org/page`"),
    ],
)
def test_what_lacks_a_scheme_is_shown_with_it(typed: str, hint: str, write_project: WriteProject) -> None:
    (found,) = problems(write_project({"first.yaml": question(sources=[typed])}))
    assert (found.code, found.help) == ("bad-url", hint)


@pytest.mark.parametrize(
    ("url", "fine"), [("https://x.org/{id}/{version}", True), ("https://x.org/{Id}", False), ("{id}", False)]
)
def test_a_report_address_knows_two_names(url: str, fine: bool, write_project: WriteProject) -> None:
    from tests.conftest import DECK

    found = problems(write_project({"deck.yaml": DECK + f"report_url: '{url}'\n"}))
    assert codes(found) == ([] if fine else ["bad-url"])


def test_brackets_may_stand_open_in_any_number_of_paragraphs() -> None:
    assert find_too_deep("half-open [0, 1)\n\n" * 500) is None
    assert find_too_deep("`[[[`" * 100) is None
    assert find_too_deep("[" * 50) is None
    assert find_too_deep("[" * 51) == 50
