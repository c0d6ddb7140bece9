"""We read Markdown as CommonMark does, but for a few things on purpose, and those are told to the author."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from markdown_it import MarkdownIt

from cardpress.markdown import parse, to_html
from cardpress.pipeline import load_and_check
from cardpress.source.texts import list_markdown_texts
from tests.conftest import ROOT, TESTS
from tests.helpers.html_structure import Element, read_structure

set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "cardpress-hypothesis")

REFERENCE = MarkdownIt("commonmark", {"html": False, "tasklists": True})
REFERENCE.enable(["table", "strikethrough"]).disable(["html_inline", "html_block"])

SECTIONS = """
Tabs, Backslash escapes, Entity and numeric character references, Precedence, Thematic breaks, ATX headings,
Setext headings, Indented code blocks, Fenced code blocks, Link reference definitions, Paragraphs, Blank lines,
Block quotes, List items, Lists, Code spans, Emphasis and strong emphasis, Links, Images, Autolinks, Hard line breaks,
Soft line breaks, Textual content, Tables, Strikethrough, Task list items
"""


def ours(text: str) -> Element:
    return read_structure(to_html(parse(text)))


def theirs(text: str) -> Element:
    return read_structure(REFERENCE.render(text))


# --- as CommonMark has it ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Example:
    """An example of a file: its section, the sentence above it, and the text."""

    section: str
    name: str
    text: str


def read_examples(path: Path) -> list[Example]:
    """Return the examples of a file. Its first lines say how they are written."""
    section, found = "", []
    outside, *rest = re.split(r"^\.{10,}\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(rest) % 2 == 0, "an example is not closed"
    for text, after in zip(rest[::2], rest[1::2], strict=True):
        *_, heading = ["", *re.findall(r"^## (.+)$", outside, re.MULTILINE)]
        section = heading or section
        name = " ".join(outside.rpartition("\n## ")[2].removeprefix(heading).split())
        found.append(Example(section, name, text.removesuffix("\n").replace("→", "\t").replace("·", " ")))
        outside = after
    return found


EXAMPLES = read_examples(TESTS / "fixtures" / "commonmark.md")


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: f"{case.section}: {case.name}")
def test_an_example_means_what_it_means_in_commonmark(case: Example) -> None:
    assert ours(case.text) == theirs(case.text)


def test_every_section_of_the_specification_has_examples() -> None:
    sections = [each.section for each in EXAMPLES]
    assert list(dict.fromkeys(sections)) == [" ".join(name.split()) for name in SECTIONS.split(",")]
    assert all(sections.count(section) >= 3 for section in sections)
    assert all(each.name.endswith(".") for each in EXAMPLES)
    assert len({each.text for each in EXAMPLES}) == len(EXAMPLES)


def test_every_text_of_the_fastapi_deck_means_what_it_means_in_commonmark() -> None:
    bank, _ = load_and_check(ROOT)
    texts = [text.value for text in list_markdown_texts(bank)]
    assert len(texts) > 1000
    assert [text for text in texts if ours(text) != theirs(text)] == []


# Pieces of Markdown, without those that mean something else here.
PIECES = st.sampled_from(
    [
        *("*", "_", "**", "`", "``", "```\n", "~~~\n", "~~", "[", "]", "](", "(", ")", "![", "<", ">", "<b>"),
        *("\n", "\n\n", "  \n", "\\\n", "\t", "    ", "  ", " ", "- ", "+ ", "> ", "1. ", "2) ", "#", "# "),
        *("---\n", "===\n", "|", "|-|-|\n", "[ ] ", "[x] ", "\\", "&", "&amp;", "!", '"', "'", ":", "word", "é", "7"),
        *("[a]", "\n[a]: /u\n", "[a]:", "/u", "e.html", '"t"', "<me@a.example>", "<ftp://a.example>"),
    ]
)
# A formula, code in a picture's description, and a definition in a quote, where the judge loses the line below it.
ON_PURPOSE = re.compile(r"\\\(.*\\\)|\\\[.*\\\]|!\[.*`.*\]|>[^\n]*\]:", re.DOTALL)


@settings(derandomize=True, deadline=None, database=None, max_examples=1000)
@given(st.lists(PIECES, max_size=24).map("".join).filter(lambda text: not ON_PURPOSE.search(text)))
@example("> - 1. a\nb\n\n      c")
@example("*a `*` **b* c**")
@example("[a](/u '[a]: /u')\n[a]:\n/u 't\nt'\n")
def test_whatever_is_typed_means_what_it_means_in_commonmark(text: str) -> None:
    assert ours(text) == theirs(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a</p>", "<p>b</p>"),
        ("<p>a b</p>", "<p>a  b</p>"),
        ("<ul><li>a</li></ul>", "<ul><li><p>a</p></li></ul>"),
        ('<ol start="2"></ol>', "<ol></ol>"),
        ('<a href="/a">x</a>', '<a href="/b">x</a>'),
        ('<a href="/a">x</a>', '<a href="/a" title="">x</a>'),
        ("<pre><code>a\n\n</code></pre>", "<pre><code>a\n</code></pre>"),
        ('<code class="language-a">x</code>', '<code class="language-b">x</code>'),
        ("a<br>b", "a b"),
        ("<em><strong>a</strong></em>", "<strong><em>a</em></strong>"),
        ('<img alt="a b">', '<img alt="ab">'),
    ],
)
def test_the_comparison_sees_what_differs(one: str, other: str) -> None:
    assert read_structure(one) != read_structure(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a</p>\n", "<p>a</p>"),
        ("a<br />\nb", "a<br>b"),
        ("<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ('<a href="/ä" rel="noopener">x</a>', '<a href="/%C3%A4">x</a>'),
        ("<s>a</s>", "<del>a</del>"),
    ],
)
def test_the_comparison_does_not_see_how_it_is_written(one: str, other: str) -> None:
    assert read_structure(one) == read_structure(other)


# --- as CommonMark does not have it, on purpose -----------------------------------------------------------------------


def problems(text: str, *, with_deletions: bool = False) -> list[tuple[str | None, str]]:
    """Return the code of each problem in a text, and the words that it is about."""
    found = parse(text, with_deletions=with_deletions).problems
    return [(each.code, text[each.place.start : each.place.end]) for each in found]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.org", "https://example.org"),
        ("See http://example.org/a_b*c, please.", "http://example.org/a_b*c"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("*https://example.org*", "https://example.org"),
        ("**Read**: https://example.org/?a=1&b=2#c!", "https://example.org/?a=1&b=2#c"),
        ("at http://[::1]:8000/docs.", "http://[::1]:8000/docs"),
        ("- > https://example.org", "https://example.org"),
    ],
)
def test_a_bare_address_becomes_a_link_and_that_is_no_mistake(text: str, address: str) -> None:
    html = address.replace("&", "&amp;")
    assert f'<a href="{html}">{html}</a>' in to_html(parse(text))
    assert problems(text) == [(None, address)]
    (found,) = parse(text).problems
    assert found.help == f"write `<{address}>` to have a link everywhere"


@pytest.mark.parametrize(
    "text",
    [
        "`https://example.org`",
        "    https://example.org",
        "www.example.org",
        "me@example.org",
        "https://",
        "xhttps://a.b",
    ],
)
def test_what_only_looks_like_an_address_stays_text(text: str) -> None:
    assert "<a" not in to_html(parse(text))
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a<br>b<BR/>c", "a<br>b<br>c"),
        ("<kbd>Ctrl</kbd>+<kbd>*C*</kbd>", "<kbd>Ctrl</kbd>+<kbd><em>C</em></kbd>"),
        ("H<sub>2</sub>O, x<sup>2</sup>", "H<sub>2</sub>O, x<sup>2</sup>"),
        ("<mark>a `b`</mark>", "<mark>a <code>b</code></mark>"),
        ("**<mark>a</mark>**", "<strong><mark>a</mark></strong>"),
        ("<SUP>a</sup >", "<sup>a</sup>"),
        ("`<kbd>` \\<br>", "<code>&lt;kbd&gt;</code> &lt;br&gt;"),
    ],
)
def test_five_elements_are_elements(text: str, html: str) -> None:
    assert to_html(parse(text)) == f"<p>{html}</p>"
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a <kbd>b", "<kbd>"),
        ("a </sub> b", "</sub>"),
        ("<mark>a\n\nb", "<mark>"),
        ("*<sup>a* b", "<sup>"),
        ("- <kbd>x\n- y", "<kbd>"),
    ],
)
def test_an_element_without_its_partner_is_shown_as_typed_and_reported(text: str, words: str) -> None:
    assert words.replace("<", "&lt;").replace(">", "&gt;") in to_html(parse(text))
    assert problems(text) == [("unsupported-html", words)]


@pytest.mark.parametrize(
    ("text", "html", "reported"),
    [
        (r"\(x\)", r"\(x\)", []),
        (r"so \(a + b\) is \(c\).", r"so \(a + b\) is \(c\).", []),
        (r"*\(x\)*", r"<em>\(x\)</em>", []),
        (r"\(x", "(x", [("bad-formula", r"\(")]),
        (r"x\)", "x)", []),
        (r"\( x\)", r"\( x\)", []),
        (r"\\(x\\)", r"\(x\)", [("looks-like-math", r"\\(x\\)")]),
        (r"\[x\]", r"\[x\]", []),
        (r"\[x](y)", "[x](y)", []),
    ],
)
def test_a_formula_keeps_its_signs_and_other_backslashes_are_escapes(
    text: str, html: str, reported: list[tuple[str, str]]
) -> None:
    assert to_html(parse(text)) == f"<p>{html}</p>"
    assert problems(text) == reported


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a[^1]", ["[^1]"]),
        ("a[^note] and\nb[^2].", ["[^note]", "[^2]"]),
        ("a[^1]\n\n[^1]: The note.", ["[^1]", "[^1]"]),
        ("> - *a[^1]*", ["[^1]"]),
        ("![a[^1]](b.png)", ["[^1]"]),
        ("`[^1]` and \\[^1] and [^ 1] and [^]", []),
    ],
)
def test_a_footnote_stays_text_and_is_reported(text: str, words: list[str]) -> None:
    assert problems(text) == [("unsupported-markdown", each) for each in words]
    html = to_html(parse(text))
    assert all(each in html for each in words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a ==b== c", ["==b=="]),
        ("==a *b*== and ==c==", ["==a *b*==", "==c=="]),
        ("- ==a==", ["==a=="]),
        ("`==a==` and a==b==c and == a == and a == b", []),
        ("===a===\n\n====\n\n==", []),
    ],
)
def test_marked_text_of_other_programs_stays_text_and_is_reported(text: str, words: list[str]) -> None:
    assert problems(text) == [("unsupported-markdown", each) for each in words]
    for each in parse(text).problems:
        assert each.help.startswith("write `<mark>")


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("> [a]: /u\nb [a]\nc\n\nd", '<p>b <a href="/u">a</a>\nc</p>'),
        ("> [a]: /u\n[b]: /v\n[a] [b]\n\nd", '<p><a href="/u">a</a> <a href="/v">b</a></p>'),
        ("> [a]: /u\n        ```\nb\n> c\n\nd", "<p>```\nb\nc</p>"),
        ("> - [a]: /u\nb\n\nd", "<ul>\n<li>b</li>\n</ul>"),
    ],
)
def test_a_line_without_a_mark_goes_on_after_a_definition_in_a_quote(text: str, inside: str) -> None:
    """As CommonMark has it, where a paragraph of definitions is a paragraph until it ends."""
    assert to_html(parse(text)) == f"<blockquote>\n{inside}\n</blockquote>\n<p>d</p>"


def test_emphasis_beside_a_wide_character_needs_no_space() -> None:
    assert to_html(parse("これは**「強い」**です")) == "<p>これは<strong>「強い」</strong>です</p>"
    assert to_html(parse("文*(字)*と~~「線」~~。")) == "<p>文<em>(字)</em>と<del>「線」</del>。</p>"
    assert to_html(parse("日 ** 本 **")) == "<p>日 ** 本 **</p>"


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("/ä b", "/%C3%A4%20b"),
        ("/a%20b", "/a%20b"),
        ("/100%", "/100%25"),
        ("/%zz%4", "/%25zz%254"),
        ('/"`{|}^[]', "/%22%60%7B%7C%7D%5E%5B%5D"),
        ("https://[::1]:80/[a]", "https://[::1]:80/%5Ba%5D"),
        ("https://äpfel.example/日", "https://%C3%A4pfel.example/%E6%97%A5"),
        ("/?a=1&b=(2)#~c", "/?a=1&amp;b=(2)#~c"),
    ],
)
def test_an_address_is_written_in_the_characters_that_addresses_have(address: str, href: str) -> None:
    assert to_html(parse(f"[x](<{address}>)")) == f'<p><a href="{href}">x</a></p>'
    assert to_html(parse(f"![x](<{address}>)")) == f'<p><img alt="x" src="{href}"></p>'


@pytest.mark.parametrize(
    "address", ["javascript:x", " JavaScript:x", "java&#115;cript:x", "vbscript:x", "data:x", "file:x"]
)
def test_a_link_that_would_act_leads_nowhere(address: str) -> None:
    assert to_html(parse(f"[a](<{address}>) ![b](<{address}>)")) == '<p><a>a</a> <img alt="b"></p>'


def test_a_pictures_description_has_the_code_in_it() -> None:
    assert to_html(parse("![the *loop* of `run()`](a.png)")) == '<p><img alt="the loop of run()" src="a.png"></p>'


@pytest.mark.parametrize("info", ["python", "{python}", "{.python}", "python hl_lines=1", ".python"])
def test_a_language_may_stand_in_braces(info: str) -> None:
    assert to_html(parse(f"```{info}\nx\n```")) == '<pre><code class="language-python">x\n</code></pre>'


@pytest.mark.parametrize(
    "text",
    ["> " * 100 + "a", "- " * 100 + "a", "[" * 3000, "<sub>" * 50 + "a" + "</sub>" * 50, "> # a\nb\n" * 500],
    ids=range(5),
)
def test_what_is_nested_deeper_than_anyone_follows_is_reported_once(text: str) -> None:
    assert [code for code, _ in problems(text)] == ["too-deep"]


@pytest.mark.parametrize("text", ["> " * 30 + "a", "[" * 50, "`" + "[" * 3000 + "`", "> # a\nb\n" * 50], ids=range(4))
def test_what_a_person_may_write_is_not_too_deep(text: str) -> None:
    assert problems(text) == []


def test_problems_come_in_the_order_of_the_text() -> None:
    text = "- a[^1] <kbd>\n- ==b== https://example.org\n\n![c[^2]](d.png) </sub>"
    words = ["[^1]", "<kbd>", "==b==", "https://example.org", "[^2]", "</sub>"]
    assert [each for _, each in problems(text)] == words
