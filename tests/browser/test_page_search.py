"""Search forgives slips and lists the best first; filters stand in the address; permalinks show what they name."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.helpers.browser_pages import Opened, opened
from tests.helpers.decks import page_of
from tests.helpers.sample_project import EVERYTHING
from tests.helpers.studying import choose

MORE = """\
- id: constructor
  level: advanced
  question: How are dependencies of an endpoint resolved?
  answer: By their signature; a café is no help.
  tags: [numbers::even]
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = EVERYTHING | {"second.yaml": str(EVERYTHING["second.yaml"]) + MORE}
    return page_of(tmp_path_factory.mktemp("page"), files)


def found(reader: Opened, query: str) -> list[str]:
    reader.page.locator("#page_search").fill(query)
    if not query:
        return reader.shown("article.question")
    hashes: list[str] = reader.page.locator("#page_results a").evaluate_all("all => all.map(each => each.hash)")
    return [each.removeprefix("#") for each in hashes]


@pytest.mark.parametrize(
    "query",
    [
        "dependncies endpoint",  # a letter missing
        "dependenccies endpoint",  # one too many
        "dependancies endpoint",  # a wrong one
        "depned endpoint",  # two swapped, which is one slip where only one is forgiven
        "endpoint dependencies",  # in another order
        "endpiont depend",  # not typed to its end yet
        "ENDPOINT RESOLVED",
        "cafe signature",  # without its accent
    ],
)
def test_search_forgives_a_slip_in_a_word_and_any_order(reader: Opened, query: str) -> None:
    assert found(reader, query) == ["constructor"]


def test_a_word_that_is_there_stands_for_itself_alone(reader: Opened) -> None:
    assert found(reader, "too") == []  # which is not `two`: short words are typed right
    assert found(reader, "third") == ["three"]  # and not what has `three`, too


def excerpts(reader: Opened) -> list[str]:
    return reader.page.locator("#page_results .excerpt").all_inner_texts()


def marked(reader: Opened, within: str) -> list[str]:
    return reader.page.locator(f"#page_results {within} mark").all_inner_texts()


RANKED = """\
- {id: elsewhere, question: What?, answer: This., pitfalls: [{claim: A heron swims., truth: It does not.}]}
- {id: inside, question: What?, answer: A superheron.}
- {id: answered, question: What?, answer: A heron.}
- {id: below, question: What?, answer: This., recall: [{id: below-one, question: A bird?, answer: The Heron flies.}]}
- {id: asked, question: What is a heron?, answer: A bird.}
- {id: both, question: Which bird is a heron?, answer: This one.}
"""


def test_matches_in_the_question_come_before_those_in_the_answer_and_the_rest(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, page_of(tmp_path, {"first.yaml": RANKED})) as reader:
        assert found(reader, "heron") == ["asked", "both", "answered", "inside", "elsewhere", "below-one"]
        assert found(reader, "bird heron") == ["both", "asked", "below-one"]
        assert marked(reader, "a") == ["bird", "heron", "heron"]


def test_an_excerpt_shows_the_words_around_a_match(browser: Browser, tmp_path: Path) -> None:
    words = "Some words that stand here and say nothing. " * 12
    answer = f"{words} The **h\u00e9ron** stands here. {words}"
    first = f"- {{id: q, question: 'Where is it, at the caf\u00e9?', answer: '{answer}'}}\n"
    with opened(browser, page_of(tmp_path, {"first.yaml": first})) as reader:
        assert found(reader, "heron cafe") == ["q"]
        assert marked(reader, "a") == ["caf\u00e9"]
        assert marked(reader, ".excerpt") == ["h\u00e9ron"]
        (text,) = excerpts(reader)
        assert len(text) < 170
        assert text.startswith("\u2026 ")
        assert text.endswith(" \u2026")
        assert " The h\u00e9ron stands here. Some " in text
        assert reader.page.locator("#page_results .from").inner_text() == "First section"
        # Where the question itself has all that was looked for, its answer begins.
        found(reader, "cafe")
        assert excerpts(reader)[0].startswith("Some words")
        assert marked(reader, ".excerpt") == []


def test_an_excerpt_of_code_is_its_line(browser: Browser, tmp_path: Path) -> None:
    code = "    ```python\n    import heron\n\n    heron.fly()\n    ```\n"
    first = f"- id: q\n  question: What?\n  answer: |\n    This:\n\n{code}"
    with opened(browser, page_of(tmp_path, {"first.yaml": first})) as reader:
        assert found(reader, "heron") == found(reader, "heron fly") == ["q"]
        assert excerpts(reader) == ["heron.fly()"]
        assert found(reader, "import fly") == ["q"]


@pytest.mark.parametrize(
    ("around", "sought"),
    [("漢字かな混じりの文。" * 60, "桜"), ("\U00020b9f" * 301, "桜"), ("x" * 300, "heron"), ("a " * 300, "heron")],
)
def test_an_excerpt_of_a_text_without_spaces_shows_both_sides_of_a_match(
    browser: Browser, tmp_path: Path, around: str, sought: str
) -> None:
    first = f"- {{id: q, question: 'What?', answer: '{around}{sought}{around}'}}\n"
    with opened(browser, page_of(tmp_path, {"first.yaml": first})) as reader:
        assert found(reader, sought) == ["q"]
        (text,) = excerpts(reader)
        assert text.isprintable()  # no half of a sign, which would be shown as a box
        before, after = text.strip(" \u2026").split(sought)
        assert len(before) > 20
        assert len(after) > 30
        assert len(text.encode("utf-16-le")) // 2 < 165


def test_one_letter_is_found_in_long_lines_at_once(browser: Browser, tmp_path: Path) -> None:
    first = "".join(f"- {{id: q{n}, question: 'What?', answer: '{'e' * 19_000}'}}\n" for n in range(5))
    with opened(browser, page_of(tmp_path, {"first.yaml": first})) as reader:
        script = """() => {
          const began = performance.now(), box = document.getElementById("page_search");
          box.value = "e";
          box.dispatchEvent(new Event("input", {bubbles: true}));
          return performance.now() - began;
        }"""
        reader.page.locator("#page_search").fill("what")  # by which the index is made
        assert reader.page.evaluate(script) < 1500


def test_what_is_too_much_to_list_is_counted(browser: Browser, tmp_path: Path) -> None:
    first = "".join(f"- {{id: q{n}, question: 'Heron {n}?', answer: A.}}\n" for n in range(60))
    with opened(browser, page_of(tmp_path, {"first.yaml": first})) as reader:
        assert len(found(reader, "heron")) == 50
        assert reader.page.locator("#page_results > p").inner_text() == "50 of 60"
        assert len(found(reader, "heron 7")) < 50
        assert reader.page.locator("#page_results > p").count() == 0


def test_the_first_result_opens_by_enter_and_what_was_found_is_marked_there(reader: Opened) -> None:
    page = reader.page
    page.locator("#page_search").fill("dependancies")
    page.keyboard.press("Enter")
    expect(page.locator("#constructor .answer")).to_be_visible()
    assert page.url.endswith("#constructor")
    assert page.locator("#page_search").input_value() == ""
    assert len(reader.shown("article.question")) == 5
    words = "range => range.startContainer.data.slice(range.startOffset, range.endOffset)"
    for _ in range(50):  # the page's policy lets no other way wait for it
        if page.evaluate("CSS.highlights.get('page-found')?.size > 0"):
            break
        page.wait_for_timeout(100)
    assert set(page.evaluate(f"[...CSS.highlights.get('page-found')].map({words})")) == {"dependencies"}
    page.go_back()
    page.wait_for_selector("#page_results a")
    assert page.locator("#page_search").input_value() == "dependancies"


def test_searching_leaves_the_page_alone(reader: Opened) -> None:
    before = reader.page.locator("main").inner_html()
    found(reader, "dependancies")
    assert found(reader, "") == ["one", "two", "three", "four", "constructor"]
    assert reader.page.evaluate("CSS.highlights.size") == 0
    assert reader.page.locator("main").inner_html().replace("<ol></ol>", "") == before.replace("<ol></ol>", "")


def test_keys_go_down_to_the_results(reader: Opened) -> None:
    found(reader, "number")
    reader.page.keyboard.press("ArrowDown")
    assert reader.page.evaluate("document.activeElement === document.querySelector('#page_results a')")


def test_a_match_below_a_question_leads_to_its_note(reader: Opened) -> None:
    assert found(reader, "comes after one") == ["one-successor"]
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator("#one-successor")).to_be_visible()
    assert reader.page.locator("#one details.recall").evaluate("each => each.open")


def test_where_a_match_is_folded_away_the_fold_says_so(browser: Browser, tmp_path: Path) -> None:
    first = "- {id: q, question: Q?, answer: The heron., how_to_answer: A heron., example_answer: A bird.}\n"
    with opened(browser, page_of(tmp_path, {"first.yaml": first})) as reader:
        found(reader, "heron")
        reader.page.keyboard.press("Enter")
        reader.page.wait_for_selector("#q details.matches")
        assert reader.page.locator("#q details.matches").count() == 1


def test_what_is_said_of_another_question_does_not_find_this_one(browser: Browser, tmp_path: Path) -> None:
    first = "- {id: a, question: A heron?, answer: Yes.}\n- {id: b, question: A bird?, answer: No., see_also: [a]}\n"
    with opened(browser, page_of(tmp_path, {"first.yaml": first})) as reader:
        assert reader.page.locator("#b .also a").text_content() == "A heron?"
        assert found(reader, "heron") == ["a"]


def test_a_number_finds_its_question(reader: Opened) -> None:
    assert "one" in found(reader, "1")


def test_the_contents_list_what_was_found(reader: Opened) -> None:
    found(reader, "signature")
    listed = "all => all.filter(each => each.checkVisibility()).map(each => each.hash)"
    assert reader.page.locator(".contents li a").evaluate_all(listed) == ["#constructor"]


def test_escape_clears_the_search(reader: Opened) -> None:
    found(reader, "signature")
    reader.page.keyboard.press("Escape")
    assert reader.page.locator("#page_search").input_value() == ""
    assert len(reader.shown("article.question")) == 5


def test_filters_narrow_down_and_survive_a_reload(reader: Opened) -> None:
    page = reader.page
    page.locator(".options summary").click()
    page.locator("#page_tag").select_option("numbers")  # a tag stands for those below it
    assert reader.shown("article.question") == ["one", "constructor"]
    page.locator("#page_level").select_option("advanced")
    assert reader.shown("article.question") == ["constructor"]
    page.locator("#page_section").select_option("first")
    assert reader.shown("article.question") == []
    assert page.locator(".nothing").is_visible()
    page.locator("#page_section").select_option("second")
    found(reader, "resolved")
    page.reload()
    assert page.locator("#page_search").input_value() == "resolved"
    assert page.locator("#page_results a").count() == 1
    page.locator("#page_clear").click()
    assert len(reader.shown("article.question")) == 5
    assert "#" not in page.url


def test_tags_are_words(reader: Opened) -> None:
    assert reader.page.locator("#page_tag option").all_text_contents() == [
        "All",
        "numbers (2)",
        "numbers \u203a even (1)",
        "numbers \u203a odd (1)",
    ]
    assert reader.page.locator("#constructor .context").inner_text() == "advanced · numbers \u203a even"


def test_an_address_with_filters_can_be_sent_and_gone_back_to(browser: Browser, path: Path) -> None:
    with opened(browser, path, "#?level=advanced&tag=numbers%3A%3Aeven&section=gone") as reader:
        assert reader.shown("article.question") == ["constructor"]
        reader.page.locator("#constructor .permalink").click()
        assert reader.page.url.endswith("#constructor")
        reader.page.go_back()
        expect(reader.page.locator("#page_level")).to_have_value("advanced")
        assert reader.shown("article.question") == ["constructor"]


def test_a_permalink_opens_what_is_filtered_out_closed_and_folded_away(browser: Browser, path: Path) -> None:
    with opened(browser, path) as reader:
        found(reader, "signature")
        reader.page.evaluate("location.hash = '#one-successor'")
        expect(reader.page.locator("#one-successor")).to_be_visible()
        assert reader.page.locator("#one .answer").is_visible()
        assert not reader.page.locator("#two .answer").is_visible()
        box = reader.page.locator("#one-successor").bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 600
        choose(reader.page, section="second")
        reader.page.evaluate("location.hash = '#one'")
        expect(reader.page.locator("#one")).to_be_visible()


@pytest.mark.parametrize("place", ["#%E0%A4%A", "#no-such-question", "#?level=none&q=%ZZ", "#?"])
def test_an_address_that_names_nothing_does_no_harm(browser: Browser, path: Path, place: str) -> None:
    with opened(browser, path, place) as reader:
        assert reader.complaints == []
        assert reader.page.locator("#page_study").is_visible()


LETTERS = """\
- id: mueller
  question: Wer ist Müller?
  answer: Er isst Käse mit Öl in der großen Straße, sagt Søren aus Łódź.
- id: other
  question: Other?
  answer: Something else.
"""


@pytest.mark.parametrize(
    "query",
    [
        "mueller",
        "Müller",
        "muller",
        "kaese",
        "oel",
        "Öl",
        "ol",
        "Strasse",
        "straße",
        "grossen",
        "soren",
        "lodz",
        "Łódź",
    ],
)
def test_letters_are_found_as_people_type_them(browser: Browser, tmp_path: Path, query: str) -> None:
    with opened(browser, page_of(tmp_path, {"first.yaml": LETTERS})) as reader:
        assert found(reader, query) == ["mueller"]


@pytest.mark.parametrize(
    "query", ["pitfalls", "often said", "recall notes", "see also", "example answer", "copy", "report"]
)
def test_what_every_question_has_is_not_what_one_looks_for(reader: Opened, query: str) -> None:
    assert found(reader, query) == []


def test_a_heading_of_the_authors_own_is_found(browser: Browser, tmp_path: Path) -> None:
    text = "- id: q\n  question: Q?\n  answer: |\n    #### Chameleon\n\n    It changes.\n"
    with opened(browser, page_of(tmp_path, {"first.yaml": text})) as reader:
        assert found(reader, "chameleon") == ["q"]
