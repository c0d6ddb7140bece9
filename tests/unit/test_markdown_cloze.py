"""A cloze deletion may hold anything and stand anywhere; Anki gets each of them whole, and no other signs."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cardpress.anki.field_html import FieldWriter
from cardpress.markdown import Document, parse
from cardpress.markdown.card_html import CardWriter
from cardpress.markdown.plain_text import join_text, to_plain_text


def read(text: str) -> Document:
    return parse(text, with_deletions=True)


def field(text: str) -> str:
    """Return a cloze text as Anki gets it, as the field of a note has it."""
    return FieldWriter(is_cloze=True).line(read(text))


def problems(text: str) -> list[tuple[str | None, str]]:
    """Return the code of each problem in a text, and the words that it is about."""
    return [(each.code, text[each.place.start : each.place.end]) for each in read(text).problems]


# --- what is a deletion, and where it ends ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{c1::a}}", [(1, "a", "")]),
        ("{{c1::a::b}} {{c12::c}}", [(1, "a", "b"), (12, "c", "")]),
        ("{{c1::a::b::c}}", [(1, "a::b", "c")]),
        ("{{c1::a::b::}}", [(1, "a::b", "")]),
        ("`{{c1::a::b::}} {{c2::c::d::e?}}`", [(1, "a::b", ""), (2, "c::d", "e?")]),
        ("{{c1::{{c2::a::b}} c::d}}", [(1, "a c", "d"), (2, "a", "b")]),
        ("{{c1::{{ user }}}}", [(1, "{{ user }}", "")]),
        ("{{c1::{{ a::b }}::hint}}", [(1, "{{ a::b }}", "hint")]),
        ("{{c1::{}}}", [(1, "{}", "")]),
        ('{{c1::{"a": {"b": {}}}}}', [(1, '{"a": {"b": {}}}', "")]),
        ("{{c1::`a::b`}}", [(1, "a::b", "")]),
        ("{{c1::`a::b`::hint}}", [(1, "a::b", "hint")]),
        ("{{c1::`}}`}}", [(1, "}}", "")]),
        ("{{c1::`{`}} `}}`", [(1, "{", "")]),
        ("{{c1::a {{c2::b}}}}", [(1, "a b", ""), (2, "b", "")]),
        ("{{c1::a {{c2::b::x}} c::y}}", [(1, "a b c", "y"), (2, "b", "x")]),
        ("{{{c1::a}}}", [(1, "a", "")]),
        ("{{{{c1::a}}}}", [(1, "a", "")]),
        ("{{c1::{a}} and {{c2::b}}", [(1, "{a", ""), (2, "b", "")]),
        ("{{c1::a\n\nb}}", [(1, "a\nb", "")]),
        ("{{c1::}}", [(1, "", "")]),
        ("{{c9999::a}} {{c01::b}}", [(9999, "a", ""), (1, "b", "")]),
        ("{{c1::*a* [b](/c) ![d](e.png)}}", [(1, "a b d", "")]),
        ("{{c1::a:b}} {{c2::a: :b}} {{c3::a:::b}}", [(1, "a:b", ""), (2, "a: :b", ""), (3, "a", ":b")]),
        ("{{c1::http://[::1]:80::address}}", [(1, "http://[::1]:80", "address")]),
        ("{{c1::\\{\\}\\:\\:}}", [(1, "{}::", "")]),
        ("{{c1::a}", []),
        ("{{c1:a}} {{C1::a}} {{c::a}} { {c1::a}} {{c12345::a}}", []),
        ("{{c1::a", []),
        ("\\{{c1::a}}", []),
    ],
)
def test_deletions_are_read_with_their_hints(text: str, found: list[tuple[int, str, str]]) -> None:
    deletions = read(text).deletions()
    assert [(each.number, join_text(each.children), each.hint) for each in deletions] == found
    for each in deletions:
        assert text[each.place.start : each.place.start + 3] == "{{c"
        assert text[each.place.end - 2 : each.place.end] == "}}"


@pytest.mark.parametrize(
    ("text", "answer", "hint", "help_line"),
    [
        ("{{c1::std::sort}}", "std", "sort", "if that is all one answer, write `{{c1::`std::sort`}}`"),
        (
            "{{c1::a::b::c d}}",
            "a::b",
            "c d",
            "if that is all one answer, write `{{c1::`a::b::c d`}}`; else `{{c1::`a::b`::c d}}`",
        ),
        ("{{c1::Foo::bar()}}", "Foo", "bar()", "if that is all one answer, write `{{c1::`Foo::bar()`}}`"),
        ("{{c1::Vec<T>::new}}", "Vec<T>", "new", "if that is all one answer, write `{{c1::`Vec<T>::new`}}`"),
        ("{{c1::Foo::a_b}}", "Foo", "a_b", "if that is all one answer, write `{{c1::`Foo::a_b`}}`"),
        (
            "`x = {{c1::std::sort}}`",
            "std",
            "sort",
            "if that is all one answer, write `{{c1::std::sort::}}`: the last `::` begins a hint",
        ),
        (
            "```cpp\n{{c1::std::fs::path}}\n```",
            "std::fs",
            "path",
            "if that is all one answer, write `{{c1::std::fs::path::}}`: the last `::` begins a hint",
        ),
        (
            "{{c1::a::b\n\nc}}",
            "a",
            "b…",
            "the last `::` begins the hint; put an answer that holds `::` in backticks, or write `::}}` at its end",
        ),
    ],
)
def test_a_hint_that_may_be_a_part_of_the_answer_is_reported(text: str, answer: str, hint: str, help_line: str) -> None:
    (problem,) = read(text).problems
    assert (problem.code, problem.message, problem.help) == (
        "doubtful-hint",
        f"`{hint}` is the hint here, and `{answer}` the answer",
        help_line,
    )
    assert problem.place.start == text.rindex("::")


@pytest.mark.parametrize(
    "text",
    [
        "{{c1::Paris::city}}",
        "{{c1::standard::extra}} `{{c2::standard::extra}}`",
        "{{c1::run_in_threadpool::FastAPI's helper}}",
        "{{c1::two::how many?}} {{c2::`a::b`::c}} {{c3::`std::sort`}}",
        "`{{c1::std::sort::}} {{c2::std::sort::what?}}`",
        "{{c1::[a](https://example.org/b::c)}} {{c2::<https://example.org/b::c>::d}}",
        "std::sort is {{c1::fast}}",
        "```cpp\nstd::sort(a);\n```\n{{c1::b}}",
    ],
)
def test_a_hint_that_is_one_is_not_reported(text: str) -> None:
    assert problems(text) == []


def test_an_address_that_a_hint_would_cut_is_reported() -> None:
    text = "{{c1::https://example.org/a::b}}"
    (problem,) = [each for each in read(text).problems if each.code]
    assert (problem.code, problem.message, problem.help) == (
        "doubtful-hint",
        "`https://example.org/a` ends here: in a cloze text, `::` begins a hint",
        "put the address in `<` and `>`, as in `<https://example.org/a>`; what is inside is no sign",
    )
    (deletion,) = read("{{c1::<https://example.org/a::b>}}").deletions()
    assert (join_text(deletion.children), deletion.hint) == ("https://example.org/a::b", "")


def test_a_text_that_is_no_cloze_text_has_no_deletions() -> None:
    document = parse("{{c1::a}} *b*")
    assert document.deletions() == ()
    assert to_plain_text(document) == "{{c1::a}} b"
    # In any field of a cloze note it would make a card.
    assert FieldWriter().line(document) == "<span>{</span>{c1::a}} <em>b</em>"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("{{c1::a::two words}}", "two words"),
        ("{{c1::a::*b* `c` [d](e)}}", "*b* `c` [d](e)"),
        ("{{c1::`a`::`b::c`}}", "`b::c`"),
        ("{{c1::a::b\nc}}", "b c"),
        ("> {{c1::a::b\n> c}}", "b c"),
        ("- {{c1::a::b\n  c}}", "b c"),
        ("{{c1::a\n\nb::c}}", "c"),
        ("{{c1::\n- a\n- b\n::c}}", "c"),
        ("{{c1::```\na\n```::c}}", "c"),
        ('{{c1::a::<b> & "c"}}', '<b> & "c"'),
        ("{{c1::a::{b} c}}", "{b} c"),
        ("{{c1::*a*::b}}", "b"),
        ("{{c1::a::}}", ""),
    ],
)
def test_a_hint_is_what_was_typed_on_one_line(text: str, hint: str) -> None:
    (deletion,) = read(text).deletions()
    assert deletion.hint == hint
    assert problems(text) == []


# --- what a deletion holds, and what holds it -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        # Everything is in the deletion.
        ("{{c1::a *b*\nc}}", "{{c1::a <em>b</em>\nc}}"),
        ("{{c1::a\n\nb}}", "{{c1::<p>a</p>\n<p>b</p>}}"),
        ("{{c1::- a\n- b}}", "{{c1::<ul>\n<li>a</li>\n<li>b</li>\n</ul>}}"),
        ("{{c1::\n- a\n- b\n}}", "{{c1::<ul>\n<li>a</li>\n<li>b</li>\n</ul>}}"),
        ("{{c1::1. a\n2. b::numbers}}", "{{c1::<ol>\n<li>a</li>\n<li>b</li>\n</ol>::numbers}}"),
        ("{{c1::```py\nx\n```}}", '{{c1::<pre><code class="language-py">x</code></pre>}}'),
        ("{{c1::\n\n    x\n\n}}", '{{c1::<pre><code class="language-text">x</code></pre>}}'),
        ("{{c1::> a\n> b}}", "{{c1::<blockquote>\n<p>a\nb</p>\n</blockquote>}}"),
        ("{{c1::# a\nb}}", "{{c1::<h1>a</h1>\n<p>b</p>}}"),
        ("{{c1::a\n\n---\n\nb}}", "{{c1::<p>a</p>\n<hr>\n<p>b</p>}}"),
        (
            "{{c1::| a | b |\n|---|---|\n| c | d |}}",
            "{{c1::<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n"
            "<tbody>\n<tr>\n<td>c</td>\n<td>d</td>\n</tr>\n</tbody>\n</table>}}",
        ),
        # It opens in one block and closes in another.
        ("a {{c1::b\n\nc}} d", "<p>a</p>\n{{c1::<p>b</p>\n<p>c</p>}}\n<p>d</p>"),
        ("a {{c1::\n\nb}}", "<p>a</p>\n{{c1::<p>b</p>}}"),
        ("# {{c1::a\n\nb}} c", "{{c1::<h1>a</h1>\n<p>b</p>}}\n<p>c</p>"),
        ("a {{c1::b\n\n- c}}\n- d", "<p>a</p>\n{{c1::<p>b</p>\n<ul>\n<li>c</li>\n</ul>}}\n<ul>\n<li>d</li>\n</ul>"),
        (
            "> a {{c1::b\n\nc}}",
            "<blockquote>\n<p>a</p>\n</blockquote>\n{{c1::<blockquote>\n<p>b</p>\n</blockquote>\n<p>c</p>}}",
        ),
        ("*a {{c1::b\n\nc*}} d", "<p>*a</p>\n{{c1::<p>b</p>\n<p>c*</p>}}\n<p>d</p>"),
        # In a list.
        ("- {{c1::a}}\n- b", "<ul>\n<li>{{c1::a}}</li>\n<li>b</li>\n</ul>"),
        ("- a {{c1::b}} c", "<ul>\n<li>a {{c1::b}} c</li>\n</ul>"),
        ("- {{c1::a\n\n  b}}\n- c", None),
        ("- a\n  - {{c1::b}}\n- [x] {{c2::c::d}}", None),
        ("- {{c1::\n  ```\n  x\n  ```}}\n- a", None),
        ("1. a {{c1::- b\n   - c}}", None),
        # In a quotation, a heading, a table.
        ("> {{c1::a}} b", "<blockquote>\n<p>{{c1::a}} b</p>\n</blockquote>"),
        ("> {{c1::a\n>\n> b}} c", "<blockquote>\n{{c1::<p>a</p>\n<p>b</p>}}\n<p>c</p>\n</blockquote>"),
        ("> {{c1::- a\n> - b}}", "<blockquote>\n{{c1::<ul>\n<li>a</li>\n<li>b</li>\n</ul>}}\n</blockquote>"),
        ("# a {{c1::b}}", "<h1>a {{c1::b}}</h1>"),
        (
            "| {{c1::a}} | b |\n|---|---|\n| c | d {{c2::e::f}} |",
            "<table>\n<thead>\n<tr>\n<th>{{c1::a}}</th>\n<th>b</th>\n</tr>\n</thead>\n"
            "<tbody>\n<tr>\n<td>c</td>\n<td>d {{c2::e::f}}</td>\n</tr>\n</tbody>\n</table>",
        ),
        # In what stands in a line.
        ("*a {{c1::b}} c*", "<em>a {{c1::b}} c</em>"),
        ("**{{c1::a}}**", "<strong>{{c1::a}}</strong>"),
        ("<kbd>{{c1::a}}</kbd>", "<kbd>{{c1::a}}</kbd>"),
        ("~~{{c1::a}}~~", "<del>{{c1::a}}</del>"),
        ("[{{c1::a}} b](/c)", '<a href="/c" rel="noopener noreferrer">{{c1::a}} b</a>'),
        ("{{c1::[a](/b)}}", '{{c1::<a href="/b" rel="noopener noreferrer">a</a>}}'),
        ("{{c1::![a](b.png)}}", '{{c1::<img alt="a" src="b.png">}}'),
        ("{{c1::a<br>b}}", "{{c1::a<br>b}}"),
        # It cuts that in two.
        ("*a {{c1::b* c}}", "<em>a </em>{{c1::<em>b</em> c}}"),
        ("{{c1::a *b}} c*", "{{c1::a <em>b</em>}}<em> c</em>"),
        ("[a {{c1::b](/c) d}}", None),
        # In each other.
        ("{{c1::a {{c2::b}} c}}", "{{c1::a {{c2::b}} c}}"),
        ("{{c1::a {{c2::b::c}}::d}}", "{{c1::a {{c2::b::c}}::d}}"),
        ("{{c1::{{c2::a}} {{c3::b}}}}", "{{c1::{{c2::a}} {{c3::b}}}}"),
        ("{{c1::a\n\n- {{c2::b}}\n- c}}", "{{c1::<p>a</p>\n<ul>\n<li>{{c2::b}}</li>\n<li>c</li>\n</ul>}}"),
        ("{{c1::{{c2::a\n\nb}}}}", "{{c1::{{c2::<p>a</p>\n<p>b</p>}}}}"),
    ],
)
def test_a_deletion_holds_anything_and_stands_anywhere(text: str, html: str | None) -> None:
    found = field(text)
    assert html is None or found == html
    assert problems(text) == []
    assert_whole(text)


def test_a_deletion_in_an_entry_holds_what_the_entry_does() -> None:
    assert field("- {{c1::a\n\n  b}} c\n- d") == (
        "<ul>\n<li>\n{{c1::<p>a</p>\n<p>b</p>}}\n<p>c</p>\n</li>\n<li>\n<p>d</p>\n</li>\n</ul>"
    )
    assert field("- a\n  - {{c1::b}}\n- c") == "<ul>\n<li>a<ul>\n<li>{{c1::b}}</li>\n</ul>\n</li>\n<li>c</li>\n</ul>"


def test_the_example_of_the_documents_holds() -> None:
    text = "A release takes three steps: {{c1::\n\n1. `check`\n2. `rehearse`\n3. `release` }}\n"
    steps = "".join(f"<li><code>{step}</code></li>\n" for step in ("check", "rehearse", "release"))
    assert field(text) == f"<p>A release takes three steps:</p>\n{{{{c1::<ol>\n{steps}</ol>}}}}"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("{{c1::a\n\nb}} c", "a\nb\nc"),
        ("{{c1::- a\n- b}}", "- a\n- b"),
        ("- {{c1::a\n\n  b}}", "- a\n  b"),
        ("{{c1::a::b}} c", "a c"),
        ("{{c1::```\na\n b\n```}}\n\nc", "a\n b\nc"),
        ("| {{c1::a}} | b |\n|---|---|", "a\tb"),
        ("{{c1::a {{c2::b}}}} `{{c3::c}}`", "a b c"),
    ],
)
def test_the_plain_text_shows_answers_where_they_stand(text: str, plain: str) -> None:
    assert to_plain_text(read(text)) == plain


def test_cards_mark_deletions_with_their_numbers_and_hints() -> None:
    html = CardWriter().line(read('{{c1::a::b "c"}} {{c2::`d`}}'))
    assert html == (
        '<mark class="cloze" data-cloze="1" data-hint="b &quot;c&quot;">a</mark> '
        '<mark class="cloze" data-cloze="2"><code>d</code></mark>'
    )


# --- code is a world of its own ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("`{{c1::a}} b`", "<code>{{c1::a}} b</code>"),
        ("`a {{c1::b::c}}`", "<code>a {{c1::b::c}}</code>"),
        ("{{c1::`a::b`}}", "{{c1::<code>a:<!-- -->:b</code>}}"),
        ("{{c1::`{{ a }}`}}", "{{c1::<code>{<!-- -->{ a }<!-- -->}</code>}}"),
        ("{{c1::`{` and `}}`}}", "{{c1::<code>{</code> and <code>}<!-- -->}</code>}}"),
        ("`` {{c1::`}} ``", "<code>{{c1::`}}</code>"),
        ("`{{c1::{}}}`", "<code>{{c1::{}<!-- -->}}</code>"),
        ("```\n{{c1::a\nb}} {{c2::c}}\n```", '<pre><code class="language-text">{{c1::a\nb}} {{c2::c}}</code></pre>'),
        ("```\na = {{b}}\n```\n{{c1::c}}", None),
        ("    {{c1::a}}\n    b", '<pre><code class="language-text">{{c1::a}}\nb</code></pre>'),
        (
            "{{c1::\n```\na {{b}} ::c}}\n```\n}}",
            '{{c1::<pre><code class="language-text">a {<!-- -->{b}<!-- -->} :<!-- -->:c}<!-- -->}</code></pre>}}',
        ),
        (
            "{{c1::```\n{{c2::a}} b::c\n```::d}}",
            '{{c1::<pre><code class="language-text">{{c2::a}} b:<!-- -->:c</code></pre>::d}}',
        ),
        ("- ```\n  {{c1::a}}\n  ```", None),
        ("> `{{c1::a\n> b}}`", None),
    ],
)
def test_code_has_deletions_of_its_own_and_its_signs_are_no_others(text: str, html: str | None) -> None:
    found = field(text)
    assert html is None or found == html
    assert problems(text) == []
    assert_whole(text)


def test_a_deletion_in_code_says_where_it_stands() -> None:
    for text in (
        "a `b {{c1::c}}`",
        "```\na\n  {{c1::c}} b\n```",
        "> - ```\n>   x\n>   {{c1::c}}\n>   ```",
        "a\n\n\t{{c1::c}}",
    ):
        (deletion,) = read(text).deletions()
        assert deletion.place.start == text.index("{{c1")
        assert text[deletion.place.start : deletion.place.end] == "{{c1::c}}"


# --- what is no deletion is told to the author ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{c1::a", "{{c1::"),
        ("a {{c12::b} c", "{{c12::"),
        ("{{c1::a}} {{c2::b", "{{c2::"),
        ("a\n\n- b\n- {{c1::c", "{{c1::"),
        ("`{{c1::a` b}}", "{{c1::"),
        ("```\n{{c1::a\n```\n}}", "{{c1::"),
        ("{{c1::a `}}`", "{{c1::"),
        ("> a\n>\n> | {{c1::b |\n> |---|", "{{c1::"),
        ("a\r\n\r\n{{c1::b", "{{c1::"),
    ],
)
def test_a_deletion_that_is_never_closed_is_reported_at_its_place(text: str, words: str) -> None:
    assert problems(text) == [("cloze-without-deletion", words)]
    (found,) = read(text).problems
    assert found.place.start == text.rindex(words)
    assert "}}" in found.help
    assert_whole(text)


@pytest.mark.parametrize(
    "text",
    [
        "![{{c1::a}}](b.png)",
        "[a](/{{c1::b}})",
        "[a](/b '{{c1::c}}')",
        "![a]({{c1::b}}.png)",
        "> a\n>\n> - *b* ![c\n>   {{c1::d}}](e.png)",
    ],
)
def test_a_deletion_where_anki_can_hide_nothing_is_reported_at_its_sign(text: str) -> None:
    assert problems(text) == [("cloze-without-deletion", "{{c1::")]
    assert read(text).problems[0].place.start == text.index("{{c1::")
    assert read(text).deletions() == ()
    assert_whole(text)


def test_a_deletion_with_two_numbers_is_reported_since_old_ankis_read_none() -> None:
    (problem,) = read("{{c1::a}} {{c1,2::b}}").problems
    assert (problem.code, problem.message, problem.help) == (
        "cloze-without-deletion",
        "`{{c1,2::` opens no deletion",
        "write `{{c1::`: a deletion has one number",
    )


def test_an_escaped_sign_is_text_and_no_sign_for_anki() -> None:
    assert problems("\\{{c1::a}}") == []
    assert "{{" not in field("\\{{c1::a}} {\\{c2::b}}")


def test_deletions_in_each_other_are_followed_as_far_as_anyone_could() -> None:
    assert [code for code, _ in problems("{{c1::" * 50 + "a" + "}}" * 50)] == ["too-deep"]
    text = "{{c1::" * 10 + "a" + "}}" * 10
    assert problems(text) == []
    assert len(read(text).deletions()) == 10
    assert field(text) == text


# --- what Anki gets ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("{{{c1::a}}}", "{<!-- -->{{c1::a}}}"),
        ("{{c1::{a}}}", "{{c1::{a}<!-- -->}}"),
        ("{{c1::a:}}", "{{c1::a:<!-- -->}}"),
        ("{{c1::*{a}*}}", "{{c1::<em>{a}</em>}}"),
        ("{{ a }} {{c1::b}}", "{<!-- -->{ a }<!-- -->} {{c1::b}}"),
        ("{{c1::a}} b::c", "{{c1::a}} b:<!-- -->:c"),
        (r"{{c1::\(a\)}}", r"{{c1::\(a\)}}"),
        ("{{c1::[sound:a.mp3]}}", "{{c1::<span>[</span>sound:a.mp3]}}"),
        ("{{c1::[[type:a]]::[type:b]}}", "{{c1::<span>[</span>[type:a]]::<!-- -->[type:b]}}"),
        ("{{c1::image-occlusion:rect}}", "{{c1::i<!-- -->mage-occlusion:rect}}"),
        ("{{c1::{{c2::a}}image-occlusion:b}}", "{{c1::{{c2::a}}i<!-- -->mage-occlusion:b}}"),
        (r"{{c1::![image-occlusion:](a.png)}}", '{{c1::<img alt="&#105;mage-occlusion:" src="a.png">}}'),
        (r"\\{{c1::(a}}\\)", r"<span>\</span>{{c1::(a}}\)"),
        ("[{{c1::sound:a.mp3]}}", "<span>[</span>{{c1::sound:a.mp3]}}"),
        ("[so{{c1::und:a.mp3]}}", "<span>[</span>so{{c1::und:a.mp3]}}"),
        ("{{c1::[latex}}]a[/latex]", "{{c1::<span>[</span>latex}}]a<span>[</span>/latex]"),
        ("[[ty{{c1::pe:a]]}}", "<span>[</span>[ty{{c1::pe:a]]}}"),
        ("{{c1::a}} {{c1,2\\::b}}", "{{c1::a}} {<!-- -->{c1,2:<!-- -->:b}<!-- -->}"),
        ("{{c1::a::<b> & [sound:c]}}", "{{c1::a::&lt;b&gt; &amp; <span>[</span>sound:c]}}"),
        ("{{c1::![{{a}}](b.png)}}", '{{c1::<img alt="&#123;{a&#125;}" src="b.png">}}'),
        ("{{c1::[a](/b 'c::d')}}", '{{c1::<a href="/b" title="c&#58;:d" rel="noopener noreferrer">a</a>}}'),
    ],
)
def test_anki_sees_the_signs_of_deletions_alone(text: str, html: str) -> None:
    assert field(text) == html
    assert_whole(text)


_TOKENS = re.compile(r"\{\{c([0-9]+)::|\}\}|<(/?)([a-z0-9]+)[^>]*>")


def assert_whole(text: str) -> None:
    """Anki finds the deletions of a text, all of them and no others, and they nest as elements do."""
    document = read(text)
    found: list[int] = []
    stack: list[str] = []
    for token in _TOKENS.finditer(FieldWriter(is_cloze=True).document(document)):
        match token.groups():
            case number, _, None if number:
                found.append(int(number))
                stack.append("}}")
            case None, _, None:
                assert stack.pop() == "}}"
            case None, "/", name:
                assert stack.pop() == name
            case None, _, name if name not in ("br", "hr", "img"):
                stack.append(name)
    assert stack == []
    assert found == [each.number for each in document.deletions()]


PIECES = st.sampled_from(
    [
        *(
            "{{c1::",
            "{{c1::",
            "{{c2::",
            "}}",
            "}}",
            "}}",
            "::",
            "{",
            "}",
            "word",
            "word",
            "word",
            " ",
            "`",
            "```\n",
            "*",
        ),
        *("**", "_", "[", "](/x)", "<kbd>", "</kbd>", "~~", "\n", "\n", "\n\n", "\n\n", "- ", "1. ", "> ", "# ", "  "),
        *(
            "    ",
            "\n- ",
            "\n> ",
            "\n\n| word | ",
            " |\n|---|---|\n| ",
            "  \n",
            "<br>",
            "\\{",
            "- [x] ",
            "---\n",
            "\r\n",
            "\n| word | {{c1::word |\n|---|---|\n| word}} | word |\n",
        ),
    ]
)


@settings(derandomize=True, deadline=None, database=None, max_examples=1000)
@given(st.lists(PIECES, max_size=24))
@example(["{{c1::", "word", "\n\n", "- ", "word", "}}", "\n- ", "{{c2::", "word", "}}"])
@example(["- ", "{{c1::", "word", "\n- ", "word", "}}"])
@example(["| ", "{{c1::", "word", " | ", "word", "}}", "\n|---|---|\n"])
@example(["> ", "{{c1::", "*", "word", "\n\n", "}}", "*", "word"])
def test_whatever_is_typed_deletions_are_whole_and_no_word_is_lost(pieces: list[str]) -> None:
    text = "".join(piece.replace("word", f"w{number}w") for number, piece in enumerate(pieces))
    assert_whole(text)
    document = read(text)
    for each in document.deletions():
        assert text[each.place.start :].startswith(f"{{{{c{each.number}::")
        assert text[each.place.end - 2 : each.place.end] == "}}"
    shown = to_plain_text(document) + " ".join(each.hint for each in document.deletions())
    # The name of a fence is not shown, and a cell that a table has no column for is not either.
    hides = set("|`~") & set(text)
    wanted = to_plain_text(parse(text)) if hides else text
    assert set(re.findall(r"w\d+w", wanted)) <= set(re.findall(r"w\d+w", shown))
