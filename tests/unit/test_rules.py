"""Each rule finds what it is for, where it is, and leaves its neighbors alone."""

from __future__ import annotations

import pytest

from cardpress.pipeline import check_project
from tests.conftest import DECK, QUESTION, WriteProject
from tests.helpers.diagnostics import codes, places, problems
from tests.helpers.pictures import png
from tests.helpers.yaml_text import block, question

SOURCE = {"sources": ["https://example.org/"]}


@pytest.mark.parametrize("name", ["one", "1", "a-b-c", "0-9", "x" * 64])
def test_an_id_is_a_slug(name: str, write_project: WriteProject) -> None:
    assert problems(write_project({"first.yaml": question(id=name)})) == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("One", "one"),
        ("a_b", "a-b"),
        ("-a", "a"),
        ("a--b", "a-b"),
        ("What is one?", "what-is-one"),
        ("é", "e"),
        ("café_2", "cafe-2"),
        ("Smørrebrød", "smorrebrod"),
        ("Größe", "grosse"),
        ("ＡＢ", "ab"),
        ("日本", "my-id"),
        ("x" * 65, "x" * 64),
        ("a\n", "a"),
        ("١", "my-id"),
    ],
)
def test_an_id_that_is_none_is_guessed(name: str, meant: str, write_project: WriteProject) -> None:
    (found,) = problems(write_project({"first.yaml": question(id=name)}))
    assert (found.code, found.help) == ("bad-id", f"write `{meant}`")


@pytest.mark.parametrize("name", ["con", "nul", "com1", "lpt9", "aux"])
def test_a_section_has_a_name_that_any_system_can_keep(name: str, write_project: WriteProject) -> None:
    deck = DECK.replace("id: first", f"id: {name}")
    project = write_project({"deck.yaml": deck, f"{name}.yaml": QUESTION})
    (project / "source" / "first.yaml").unlink()
    assert places(problems(project)) == ["source/deck.yaml:6:9 bad-id"]


@pytest.mark.parametrize("name", ["con", "deck"])
def test_a_question_may_have_a_name_that_a_section_may_not(name: str, write_project: WriteProject) -> None:
    assert problems(write_project({"first.yaml": question(id=name)})) == []


def test_sections_and_questions_have_ids_of_their_own(write_project: WriteProject) -> None:
    assert problems(write_project({"first.yaml": question(id="first", question="What?", answer="That.")})) == []


@pytest.mark.parametrize("tag", ["a", "a::b", "since::0.95", "2,4-D", "C++", "a-b_c", "日本", "x" * 60])
def test_a_tag_is_what_anki_takes_for_one(tag: str, write_project: WriteProject) -> None:
    assert [
        code for code in codes(problems(write_project({"first.yaml": question(tags=[tag])}))) if code == "bad-tag"
    ] == []


@pytest.mark.parametrize(
    ("tag", "meant"), [("a b", "a-b"), ("a:b", "a-b"), ("::a", "a"), ("a::::b", "a::b"), ("_a", "a"), ("*", "topic")]
)
def test_a_tag_that_anki_would_break_is_guessed(tag: str, meant: str, write_project: WriteProject) -> None:
    for content in (question(tags=[tag]), question(recall=[{"id": "two", "cloze": "{{c1::x}}", "tags": [tag]}])):
        (found,) = problems(write_project({"first.yaml": content}))
        assert (found.code, found.help) == ("bad-tag", f"write `{meant}`")


@pytest.mark.parametrize(
    ("tag", "meant"), [("“x”", "x"), ("‘y z’", "y-z"), ("„x“", "x"), ("“a", "a"), ("b”", "b"), ("“a::b”", "a::b")]
)
def test_curly_quotes_around_a_tag_are_refused(tag: str, meant: str, write_project: WriteProject) -> None:
    (found,) = problems(write_project({"first.yaml": QUESTION + f"  tags: [{tag}]\n"}))
    assert (found.code, found.message) == ("bad-tag", f"the curly quotes are part of the tag `{tag}`")
    assert found.help == f"write `{meant}`"


@pytest.mark.parametrize(
    ("tag", "hint"),
    [
        ("a,", "write `a`"),
        (",a", "write `a`"),
        ("c,d", "write several tags as `[c, d]`, one as `c-d`"),
        ("b;c", "write several tags as `[b, c]`, one as `b-c`"),
        ("a::b,2", "write several tags as `[a::b, 2]`, one as `a::b-2`"),
        (",;", "remove it"),
    ],
)
def test_a_comma_or_semicolon_parts_no_tags(tag: str, hint: str, write_project: WriteProject) -> None:
    (found,) = problems(write_project({"first.yaml": question(tags=[tag])}))
    assert (found.code, found.help) == ("bad-tag", hint)


def test_an_apostrophe_in_a_tag_is_none_of_them(write_project: WriteProject) -> None:
    assert problems(write_project({"first.yaml": QUESTION + "  tags: [O’Reilly, dogs’]\n"})) == []


@pytest.mark.parametrize("tag", ["marked", "Leech", "sample::retired", "Sample::Retired"])
def test_a_tag_that_means_something_to_anki_or_to_learners_is_refused(tag: str, write_project: WriteProject) -> None:
    assert codes(problems(write_project({"first.yaml": question(tags=[tag])}))) == ["bad-tag"]


@pytest.mark.parametrize(
    ("tags", "helps"),
    [
        (["a", "A"], ["write `a`"]),
        (["A::b", "a::b"], ["write `A::b`"]),
        (["A", "a::b", "a::c"], ["write `A::b`", "write `A::c`"]),
        (["a::b", "a::B::c"], ["write `a::b::c`"]),
        (["straße", "STRASSE"], ["write `straße`"]),
        (["a::b", "b::a", "B::A"], ["write `b::A`"]),
        (["caf\N{LATIN SMALL LETTER E WITH ACUTE}", "cafe\N{COMBINING ACUTE ACCENT}"], []),
    ],
)
def test_tags_that_are_one_to_anki_are_spelled_alike(
    tags: list[str], helps: list[str], write_project: WriteProject
) -> None:
    found = problems(write_project({"first.yaml": question(tags=tags)}))
    assert [(each.code, each.help) for each in found] == [("bad-tag", hint) for hint in helps]


@pytest.mark.parametrize(
    ("language", "fine"), [("en", True), ("pt-BR", True), ("zh-Hant-TW", True), ("English", False), ("e", False)]
)
def test_a_language_is_a_tag(language: str, fine: bool, write_project: WriteProject) -> None:
    found = problems(write_project({"deck.yaml": DECK + f"language: {language}\n"}))
    # Labels in Chinese have characters that no print font of ours has.
    others = [code for code in codes(found) if (code, language) != ("missing-glyph", "zh-Hant-TW")]
    assert others == ([] if fine else ["bad-language"])


@pytest.mark.parametrize(
    ("level", "hint"), [("Beginner", "`beginner`"), ("advance", "`advanced`"), ("hard", "write one of beginner")]
)
def test_a_level_is_guessed(level: str, hint: str, write_project: WriteProject) -> None:
    (found,) = problems(write_project({"first.yaml": question(level=level)}))
    assert found.code == "unknown-level"
    assert hint in found.help


def test_a_number_that_is_taken_gets_a_free_one(write_project: WriteProject) -> None:
    content = "".join(question(id=f"q{n}", number=number) for n, number in enumerate((3, 9, 3)))
    (found,) = problems(write_project({"first.yaml": content}))
    assert (found.code, found.help, found.span.line) == ("duplicate-number", "write 10, which is free", 3)


@pytest.mark.parametrize(
    ("cloze", "code"),
    [
        ("{{c1::a}} {{c2::b}} {{c1::c}}", None),
        ("{{c1::a}} {{c3::b}}", "cloze-numbering"),
        ("{{c2::a}}", "cloze-numbering"),
        ("{{c0::a}}", "cloze-numbering"),
        ("{{c9999::a}}", "cloze-numbering"),
        ("none", "cloze-without-deletion"),
        ("{{c1::}}", "cloze-without-deletion"),
        ("{{c1:: }}", "cloze-without-deletion"),
        ("{{c1::<br>}}", "cloze-without-deletion"),
        ("2 {{c1::**}} 3", None),
        ("{{c1::::hint}}", "cloze-without-deletion"),
        (f"{{{{c{'9' * 5000}::a}}}}", "cloze-without-deletion"),
    ],
)
def test_a_cloze_text_makes_cards(cloze: str, code: str | None, write_project: WriteProject) -> None:
    found = problems(write_project({"first.yaml": question(recall=[{"id": "two", "cloze": cloze}])}))
    assert codes(found) == ([code] if code else [])


@pytest.mark.parametrize(("most", "is_reported"), [(500, False), (501, True)])
def test_a_cloze_text_has_no_more_numbers_than_anki_makes_cards_for(
    most: int, is_reported: bool, write_project: WriteProject
) -> None:
    cloze = " ".join(f"{{{{c{number}::a}}}}" for number in range(1, most + 1))
    found = problems(write_project({"first.yaml": question(recall=[{"id": "two", "cloze": cloze}])}))
    assert ("cloze-numbering" in codes(found)) == is_reported


def test_the_deletion_that_skips_a_number_is_placed(write_project: WriteProject) -> None:
    text = "  recall:\n    - id: two\n      cloze: |\n        {{c1::a}}\n        and {{c4::b}}\n"
    (found,) = problems(write_project({"first.yaml": QUESTION + text}))
    assert (found.span.line, found.span.column, found.help) == (9, 13, "write c2 here")


def asks(*questions: str) -> str:
    return "".join(question(id=f"q{n}", question=text, **SOURCE) for n, text in enumerate(questions))


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("How does FastAPI read a request body?", "How does FastAPI read the request body?", True),
        ("What is a dependency?", "What is a dependency", True),
        ("Which status code means not found?", "Which status code means forbidden?", False),
        ("What does `Query` do here?", "What does `Path` do here?", False),
        ("What came with version 0.95?", "What came with version 0.96?", False),
        ("日本語の質問は何ですか", "日本語の質問は何ですか", True),
        ("?", "!", True),
    ],
)
def test_questions_that_ask_the_same_are_both_named(
    first: str, second: str, alike: bool, write_project: WriteProject
) -> None:
    project = write_project({"first.yaml": asks(first, second)})
    found = [each for each in check_project(project).diagnostics if each.code == "near-duplicate-question"]
    assert len(found) == alike
    for each in found:
        assert (each.span.line, each.related[0].span.line) == (2, 1)
        assert "`q1`" in each.message
        assert "`q0`" in each.message


@pytest.mark.parametrize(
    ("answer", "line", "column", "code"),
    [
        (("```python", "x"), 4, 5, "unclosed-fence"),
        (("- a", "  ```python", "  x"), 5, 7, "unclosed-fence"),
        (("```pyhton", "x", "```"), 4, 8, "unknown-language"),
        (("~~~ nope~", "x", "~~~"), 4, 9, "unknown-language"),
        (("a <b>c</b>",), 4, 7, "unsupported-html"),
        (("a", "", "b <div", "class=x>"), 6, 7, "unsupported-html"),
        (("![](one.svg)",), 4, 9, "missing-media"),
    ],
)
def test_a_mistake_in_markdown_is_placed(
    answer: tuple[str, ...], line: int, column: int, code: str, write_project: WriteProject
) -> None:
    found = problems(write_project({"first.yaml": block(*answer)}))
    assert f"source/first.yaml:{line}:{column} {code}" in places(found)


@pytest.mark.parametrize(
    "key",
    [
        "question",
        "answer",
        "how_to_answer",
        "example_answer",
        "extra",
        "key_points",
        "claim",
        "truth",
        "introduction",
        "cloze",
    ],
)
def test_every_markdown_key_is_looked_through(key: str, write_project: WriteProject) -> None:
    bad = "<script> {{c1::x}}" if key == "cloze" else "<script>"
    keys: dict[str, object] = {
        "key_points": {"key_points": [bad]},
        "claim": {"pitfalls": [{"claim": bad, "truth": "x"}]},
        "truth": {"pitfalls": [{"claim": "x", "truth": bad}]},
        "cloze": {"recall": [{"id": "two", "cloze": bad}]},
    }
    chosen = keys.get(key, {key: bad})
    assert isinstance(chosen, dict)
    files = (
        {"deck.yaml": DECK + f"introduction: '{bad}'\n"}
        if key == "introduction"
        else {"first.yaml": question(**chosen)}
    )
    assert codes(problems(write_project(files))) == ["unsafe-html"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("What are the three colors?", "recall-asks-for-a-list"),
        ("List all the ways to say no.", "recall-asks-for-a-list"),
        ("Name two of its parts.", "recall-asks-for-a-list"),
        ("What is a list?", None),
        ("What are path operations?", None),
    ],
)
def test_a_recall_note_that_asks_for_a_list_is_warned_of(
    text: str, code: str | None, write_project: WriteProject
) -> None:
    content = question(recall=[{"id": "two", "question": text, "answer": "x"}])
    assert codes(problems(write_project({"first.yaml": content}))) == ([code] if code else [])
    # How other languages ask for a list, these words do not tell.
    assert codes(problems(write_project({"first.yaml": content, "deck.yaml": DECK + "language: de\n"}))) == []


@pytest.mark.parametrize(
    ("words", "recall", "warned"), [(40, True, False), (41, True, True), (150, False, False), (151, False, True)]
)
def test_texts_are_as_long_as_their_use_allows(
    words: int, recall: bool, warned: bool, write_project: WriteProject
) -> None:
    text = "word - " * words
    notes = [{"id": "two", "question": "Which one?", "answer": text}]
    content = question(recall=notes) if recall else question(example_answer=text)
    assert bool(codes(problems(write_project({"first.yaml": content})))) is warned


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("{{Question}} {{FrontSide}} {{#Code}}{{Code}}{{/Code}}", None),
        ("{{hint:Question}} {{^Code}}x{{/Code}}", None),
        ("{{Qestion}}", "template-field"),
        ("{{#Code}}x", "template-section"),
        ("x{{/Code}}", "template-section"),
        ("{{#Code}}{{#Extra}}x{{/Code}}{{/Extra}}", "template-section"),
        ("{{Question}}{{Tags}}", None),
        ("{{Question}}{{tags}}", "template-field"),
        ("{{#FrontSide}}x{{/FrontSide}}", "template-field"),
        ("{{^FrontSide}}x{{/FrontSide}}", "template-field"),
    ],
)
def test_a_card_template_that_anki_would_refuse_is_an_error(
    template: str, code: str | None, write_project: WriteProject
) -> None:
    project = write_project({})
    path = project / "templates" / "note-types" / "recall" / "back.html"
    path.parent.mkdir(parents=True)
    path.write_text(template, encoding="utf-8")
    assert set(codes(problems(project))) == ({code} if code else set())


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("{{Question}}<!-- {{Nothing}} -->", None),
        ("{{Question}}<!-- {{#Code}} -->x{{/Code}}", "template-section"),
        ("{{Question}}<!-- a --><!-- {{#Code}} --><!-- b -->", None),
    ],
)
def test_what_stands_in_a_comment_is_no_tag(template: str, code: str | None, write_project: WriteProject) -> None:
    project = write_project({"deck.yaml": f"trusted_templates: true\n{DECK}"})
    path = project / "templates" / "note-types" / "recall" / "back.html"
    path.parent.mkdir(parents=True)
    path.write_text(template, encoding="utf-8")
    assert set(codes(problems(project))) - {"trusted-templates"} == ({code} if code else set())


def test_a_font_that_is_none_does_not_end_the_check(write_project: WriteProject) -> None:
    files: dict[str, str | bytes] = {
        "fonts/a.ttf": b"no font",
        "fonts/b.ttf": b"\x00\x01\x00\x00" + b"\xff" * 99,
        "first.yaml": question(answer="日"),
    }
    assert codes(problems(write_project(files))) == ["missing-glyph", "unsupported-font"]


@pytest.mark.parametrize(
    ("name", "there"), [("Pic.PNG", "pic.png"), ("media/PIC.png", "pic.png"), ("pic.png", "Pic.PNG")]
)
def test_a_picture_in_another_case_is_suggested(name: str, there: str, write_project: WriteProject) -> None:
    project = write_project({"first.yaml": block(f"![A thing]({name})"), f"media/{there}": png(8, 8)})
    (found,) = problems(project)
    assert found.code == "missing-media"
    assert found.help.startswith(f"did you mean `{there}`?")
    assert ("Upper and lower case differ" in found.help) == ("/" not in name)


def test_a_question_that_stands_there_twice_is_not_a_near_duplicate_as_well(write_project: WriteProject) -> None:
    found = check_project(write_project({"first.yaml": QUESTION + QUESTION})).diagnostics
    assert [code for code in codes(found) if code != "no-source"] == ["duplicate-id"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cafÃ©", "é"),
        ("naÃ¯ve", "ï"),
        ("itâ€™s", "’"),
        ("5 Â°C", "°"),
        ("Ã\u00a0 la", "à"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
        ("æ—¥æœ¬", "日本"),
        ("ðŸ˜€", "😀"),
        ("a \u00e2\u0080\u0093 b", "–"),
    ],
)
def test_letters_that_were_read_in_another_encoding_are_reported(
    typed: str, meant: str, write_project: WriteProject
) -> None:
    found = [
        each
        for each in problems(write_project({"first.yaml": question(answer=f"It: {typed}.")}))
        if "took" in each.message
    ]
    assert codes(found) == ["odd-character"]
    assert f"is how `{meant}` looks after a program took UTF-8 for another encoding" in found[0].message
    assert found[0].help == f"write `{meant}`; if there are many, open the file that it came from as UTF-8"


@pytest.mark.parametrize("text", ["« CAFÉ»", "São João", "Ã", "Å°", "ÂNGELO", "Ñ°", "Über «Ä» «Ö»", "10 µm ± 2 °C"])
def test_letters_beside_signs_are_no_encoding(text: str, write_project: WriteProject) -> None:
    assert "odd-character" not in codes(problems(write_project({"first.yaml": question(answer=f"It: {text}.")})))
