"""Studying works by keyboard alone, goes by boxes and days, and remembers what one knew."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import DECK, QUESTION
from tests.helpers.browser_pages import Opened, opened
from tests.helpers.decks import page_of
from tests.helpers.sample_project import EVERYTHING
from tests.helpers.studying import asked, begin, choose, kept, press, progress, visit_again


def test_a_round_goes_by_keyboard_alone(reader: Opened) -> None:
    page, answer = reader.page, reader.page.locator("#page_card .answer")
    begin(page)
    assert asked(page) == "1 What is one?"
    assert not answer.is_visible()
    press(page, "3")  # nobody knows before having seen
    assert asked(page) == "1 What is one?"
    press(page, " ")
    assert answer.is_visible()
    press(page, "3")
    assert asked(page) == "What is two?"
    press(page, "jk")
    assert asked(page) == "What is two?"
    press(page, " 1 2")
    assert progress(page) == "4 of 5 · Known: 2 · Missed: 1"


@pytest.mark.parametrize("keys", [" 3", "  ", " 4", " 2", "\n\n", "\n3"])
def test_ankis_keys_show_and_grade(reader: Opened, keys: str) -> None:
    page = reader.page
    begin(page)
    for key in keys:
        page.keyboard.press("Enter" if key == "\n" else key)
    assert asked(page) == "What is two?"
    assert progress(page) == "2 of 4 · Known: 1 · Missed: 0"


def test_what_was_missed_comes_again_in_the_round(reader: Opened) -> None:
    page = reader.page
    begin(page)
    press(page, " 1 3 3 3")
    assert asked(page) == "1 What is one?"
    assert progress(page) == "5 of 5 · Known: 3 · Missed: 1"
    press(page, " 1")
    assert asked(page) == "1 What is one?"
    press(page, " 3")
    assert page.locator("#page_over").inner_text() == "That was all · Known: 3 · Missed: 1"
    assert kept(page)["one"][0] == 1  # not in the box that it would be in, had it been known
    page.locator("#page_again").press("Enter")
    assert asked(page) == "1 What is one?"
    press(page, " 3")
    assert page.locator("#page_over").inner_text() == "That was all · Known: 1 · Missed: 0"
    assert not page.locator("#page_again").is_visible()


def test_a_missed_card_waits_for_five_others(browser: Browser, tmp_path: Path) -> None:
    questions = "".join(f"- {{id: q{n}, question: 'Q{n}?', answer: A.}}\n" for n in range(9))
    with opened(browser, page_of(tmp_path, {"first.yaml": questions})) as reader:
        begin(reader.page)
        press(reader.page, " 1" + " 3" * 5)
        assert asked(reader.page) == "Q0?"


def test_one_goes_back_and_grades_again(reader: Opened) -> None:
    page = reader.page
    begin(page)
    press(page, " 3")
    assert kept(page)["one"][0] == 1
    press(page, "u 3")  # which does not count twice
    assert kept(page)["one"][0] == 1
    press(page, "k 1")
    assert kept(page)["one"][0] == 0
    assert progress(page) == "2 of 5 · Known: 0 · Missed: 1"
    press(page, "k 4")  # and so it need not come again
    assert kept(page)["one"][0] == 2
    assert progress(page) == "2 of 4 · Known: 1 · Missed: 0"


MONDAY = datetime.datetime(2026, 3, 2, 12, 0)


def sleep(page: Page, days: int) -> None:
    page.clock.set_fixed_time(MONDAY + datetime.timedelta(days=days))
    visit_again(page)


def test_what_one_knows_comes_back_when_it_is_due_and_later_each_time(reader: Opened) -> None:
    page = reader.page
    sleep(page, 0)
    choose(page, section="second", kind="questions")
    start, standing = page.locator("#page_study"), page.locator("#page_standing")
    assert start.inner_text() == "Start"
    start.click()
    press(page, " 3 3")
    assert page.locator("#page_then").inner_text() == "New: 0 · Due tomorrow: 2"
    assert page.locator("#page_boxes").inner_text().split() == "2 1d 0 3d 0 7d 0 16d 0 35d".split()
    press(page, "")
    page.keyboard.press("Escape")
    assert start.inner_text() == "Continue: 2 of 2"
    assert standing.inner_text() == "Due today: 0 · New: 0 · Due tomorrow: 2"
    day = 0
    for box, wait in enumerate((1, 3, 7, 16, 35, 35), 1):
        sleep(page, day + wait - 1)
        assert start.inner_text() == "Continue: 2 of 2"
        start.click()
        assert page.locator("#page_over").inner_text() == "Nothing is due today"
        page.keyboard.press("Escape")
        day += wait
        sleep(page, day)
        assert start.inner_text() == "Continue: 2 of 2, 2 to repeat"
        start.click()
        press(page, " 3 3")
        assert {box for box, _ in kept(page).values()} == {min(box + 1, 5)}
    sleep(page, day + 1000)
    start.click()
    press(page, " 1 2 3")
    assert {name: box for name, (box, _) in kept(page).items()} == {"three": 1, "four": 5}


def test_who_looks_early_moves_nothing_on(reader: Opened) -> None:
    page = reader.page
    sleep(page, 0)
    begin(page)
    press(page, " 3 3 4 3")
    page.locator("#page_all").click()
    press(page, " 3 1 4 2")
    assert [box for box, _ in kept(page).values()] == [1, 0, 3, 1]


def test_a_day_begins_at_four_in_the_morning(reader: Opened) -> None:
    page = reader.page
    page.clock.set_fixed_time(datetime.datetime(2026, 3, 2, 23, 30))
    begin(page)
    press(page, " 3")
    page.keyboard.press("Escape")
    for hour, due in ((3, "Continue: 1 of 4"), (5, "Continue: 1 of 4, 1 to repeat")):
        page.clock.set_fixed_time(datetime.datetime(2026, 3, 3, hour, 30))
        visit_again(page)
        assert page.locator("#page_study").inner_text() == due


def test_a_page_that_stays_open_sees_the_next_day(reader: Opened) -> None:
    page = reader.page
    page.clock.set_fixed_time(MONDAY)
    begin(page)
    press(page, " 3")
    page.keyboard.press("Escape")
    page.clock.set_fixed_time(MONDAY + datetime.timedelta(days=1))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert page.locator("#page_study").inner_text() == "Continue: 1 of 4, 1 to repeat"


def test_a_clock_that_was_wrong_hides_nothing_for_ever(reader: Opened) -> None:
    page = reader.page
    page.clock.set_fixed_time(datetime.datetime(2126, 1, 1, 12))
    begin(page)
    press(page, " 4")
    for day, due in ((0, 0), (2, 0), (3, 1)):
        sleep(page, day)
        if day == 0:  # the first visit with a right clock
            begin(page)
            press(page, "j 3")
            sleep(page, day)
        expected = f", {due + (day >= 1)} to repeat" if due + (day >= 1) else ""
        assert page.locator("#page_study").inner_text() == f"Continue: 2 of 4{expected}"


def test_a_round_has_what_is_due_and_twenty_new_cards(browser: Browser, tmp_path: Path) -> None:
    questions = "".join(f"- {{id: q{n}, question: 'Q{n}?', answer: A.}}\n" for n in range(50))
    with opened(browser, page_of(tmp_path, {"first.yaml": questions})) as reader:
        page = reader.page
        begin(page)
        assert progress(page).startswith("1 of 20 ")
        press(page, " 3" * 20)
        assert page.locator("#page_then").inner_text() == "New: 30 · Due tomorrow: 20"
        page.locator("#page_on").click()
        assert asked(page) == "Q20?"
        press(page, " 1")
        page.keyboard.press("Escape")
        page.locator("#page_study").click()
        assert asked(page) == "Q20?"
        assert progress(page).startswith("1 of 21 ")


def test_a_shuffled_round_has_the_same_cards_in_another_order(browser: Browser, tmp_path: Path) -> None:
    questions = "".join(f"- {{id: q{n}, question: 'Q{n}?', answer: A.}}\n" for n in range(20))
    with opened(browser, page_of(tmp_path, {"first.yaml": questions})) as reader:
        page = reader.page
        choose(page, shuffle="yes")
        visit_again(page)
        assert page.evaluate("document.getElementById('page_shuffle').checked")
        begin(page)
        seen = []
        for _ in range(20):
            seen.append(asked(page))
            press(page, "j")
        in_order = [f"Q{n}?" for n in range(20)]
        assert seen != in_order
        assert sorted(seen) == sorted(in_order)


def test_progress_is_there_at_the_next_visit_until_it_is_forgotten(reader: Opened) -> None:
    page = reader.page
    begin(page)
    press(page, " 3")
    visit_again(page)
    page.locator("#page_study").press("Enter")
    assert asked(page) == "What is two?"
    assert progress(page) == "1 of 3 · Known: 0 · Missed: 0"
    page.locator("#page_pause").press("Enter")
    page.locator("#page_forget").press("Enter")
    assert page.locator("#page_over").is_visible()  # it asks first
    page.locator("#page_forget").press("Enter")
    assert asked(page) == "1 What is one?"
    assert kept(page) is None


def test_what_is_studied_is_remembered(reader: Opened) -> None:
    page = reader.page
    choose(page, kind="recall", section="first")
    visit_again(page)
    assert page.evaluate("['kind', 'section'].map(each => document.getElementById(`page_${each}`).value)") == [
        "recall",
        "first",
    ]
    assert page.locator("#page_found").inner_text() == "2 of 4"
    page.locator("#page_study").click()
    assert asked(page) == "What comes after one?"
    page.keyboard.press("Escape")
    page.locator("#page_clear").click()
    visit_again(page)
    assert page.locator("#page_found").inner_text() == ""
    assert page.evaluate("document.getElementById('page_kind').value") == "recall"


def test_progress_outlives_a_new_version_and_is_the_decks_own(browser: Browser, tmp_path: Path) -> None:
    deck = str(EVERYTHING["deck.yaml"])
    path = page_of(tmp_path, EVERYTHING)
    with opened(browser, path) as reader:
        begin(reader.page)
        press(reader.page, " 3")
        newer = {"deck.yaml": deck.replace("1.2.0", "2.0.0")}
        newer["first.yaml"] = str(EVERYTHING["first.yaml"]).replace("What is `one`?", "What is one, then?")
        page_of(tmp_path, EVERYTHING | newer)
        visit_again(reader.page)
        begin(reader.page)
        assert asked(reader.page) == "What is two?"
        other = page_of(tmp_path, EVERYTHING | {"deck.yaml": deck.replace("id: sample", "id: other")})
        reader.page.goto(other.as_uri())
        begin(reader.page)
        assert asked(reader.page) == "1 What is one?"


def test_the_progress_of_a_page_of_release_1_0_0_goes_on(reader: Opened) -> None:
    page = reader.page
    page.clock.set_fixed_time(MONDAY)
    old = '{"one":1,"two":2,"one-successor":1,"gone":1,"three":"x"}'
    page.evaluate("old => localStorage.setItem('cardpress:sample:progress', old)", old)
    visit_again(page)
    today = kept(page)["two"][1]
    assert kept(page) == {
        "one": [2, today + 3],
        "two": [0, today],
        "one-successor": [2, today + 3],
        "gone": [2, today + 3],
    }
    assert kept(page, "progress") is None
    choose(page, kind="questions")
    assert page.locator("#page_study").inner_text() == "Continue: 2 of 4, 1 to repeat"
    # What has been studied since counts more than an old page that was opened once more.
    page.locator("#page_study").click()
    press(page, " 3")
    page.evaluate("localStorage.setItem('cardpress:sample:progress', '{\"two\":2,\"four\":2}')")
    visit_again(page)
    assert (kept(page)["two"][0], kept(page)["four"][0]) == (1, 0)


def test_two_windows_lose_nothing_of_each_other(browser: Browser, path: Path) -> None:
    with opened(browser, path) as reader:
        one, other = reader.page, reader.page.context.new_page()
        other.goto(path.as_uri())
        for page in (one, other):
            begin(page)
        press(one, " 3")
        press(other, "j 3")
        assert set(kept(other)) == {"one", "two"}


def test_what_is_forgotten_in_one_window_does_not_come_back_from_another(browser: Browser, path: Path) -> None:
    with opened(browser, path) as reader:
        one, other = reader.page, reader.page.context.new_page()
        begin(one)
        press(one, " 3")
        other.goto(path.as_uri())
        begin(other)
        one.locator("#page_pause").press("Enter")
        for _ in range(2):
            one.locator("#page_forget").press("Enter")
        press(other, " 3")
        assert set(kept(other)) == {"two"}


def test_a_look_at_the_summary_ends_no_round(reader: Opened) -> None:
    page = reader.page
    begin(page)
    press(page, " 1")
    page.locator("#page_pause").press("Enter")
    assert page.locator("#page_over").inner_text() == "So far · Known: 0 · Missed: 1 · To go: 3"
    page.locator("#page_on").press("Enter")
    assert asked(page) == "What is two?"
    press(page, "jjjj")
    assert page.locator("#page_over").inner_text() == "That was all · Known: 0 · Missed: 1 · Skipped: 3"
    press(page, "k")
    assert asked(page) == "1 What is one?"


@pytest.mark.parametrize("way", ["j", "k", "#page_next", "#page_back"])
def test_back_and_next_lead_from_the_summary_to_where_one_was(reader: Opened, way: str) -> None:
    page = reader.page
    begin(page)
    page.locator("#page_pause").click()
    if way.startswith("#"):
        page.locator(way).click()
    else:
        page.keyboard.press(way)
    assert asked(page) == "1 What is one?"
    assert progress(page).startswith("1 of 4")


def test_a_key_that_is_held_down_forgets_nothing(reader: Opened) -> None:
    page = reader.page
    begin(page)
    press(page, " 3")
    page.locator("#page_pause").click()
    page.locator("#page_forget").focus()
    for _ in range(3):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    assert set(kept(page)) == {"one"}
    assert page.locator("#page_forget").inner_text() == "Really forget it? Press again"


def test_the_summary_documents_the_keys(reader: Opened) -> None:
    page = reader.page
    begin(page)
    page.locator("#page_pause").click()
    keys = page.locator(".keys > div").all_inner_texts()
    assert [" ".join(each.split()) for each in keys[:5]] == [
        "space ↵ Show answer",
        "1 Again",
        "2 Hard",
        "3 space ↵ Good",
        "4 Easy",
    ]


def test_recall_notes_are_studied_too(reader: Opened) -> None:
    page = reader.page
    begin(page, "recall")
    assert asked(page) == "What comes after one?"
    assert page.locator("#page_card pre").is_visible()  # code belongs to what is asked
    assert page.locator("#page_card .told").count() == 0
    press(page, " ")
    assert page.locator("#page_card .told").all_inner_texts() == ["Two.", "And then three."]
    press(page, "j")
    assert asked(page) == "[…] comes before two."
    press(page, " ")
    assert asked(page) == "One comes before two."
    press(page, "j")
    assert asked(page) == "One comes before [a number]."


def test_both_kinds_are_studied_together(reader: Opened) -> None:
    page = reader.page
    begin(page, "both")
    assert progress(page).startswith("1 of 8 ")
    press(page, "j")
    assert asked(page) == "What comes after one?"


LISTS = """\
- id: one
  question: What is one?
  answer: The first.
  recall:
    - id: listed
      question: What comes after one?
      answer: |
        - Two:
          - a prime,
          - and even.
        - Three.
    - id: gaps
      cloze: |
        Both are primes:

        1. {{c1::two}},
        2. three.
"""


def test_a_recall_note_with_lists_in_it_is_one_card(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, page_of(tmp_path, {"first.yaml": LISTS})) as reader:
        page = reader.page
        begin(page, "recall")
        assert progress(page) == "1 of 2 · Known: 0 · Missed: 0"
        assert asked(page) == "What comes after one?"
        press(page, " ")
        told = page.locator("#page_card .told")
        assert told.locator("li").all_inner_texts() == ["Two:\na prime,\nand even.", "a prime,", "and even.", "Three."]
        press(page, "3")
        assert asked(page).split() == ["Both", "are", "primes:", "[…],", "three."]
        press(page, "j")
        assert page.locator("#page_over").inner_text() == "That was all · Known: 1 · Missed: 0 · Skipped: 1"
        assert reader.complaints == []


def test_what_is_studied_is_what_the_filters_leave(reader: Opened) -> None:
    page = reader.page
    choose(page, section="second")
    begin(page)
    assert asked(page) == "What is three?"
    assert progress(page).startswith("1 of 2")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "page_study"
    page.locator("#page_search").fill("zzzz")
    begin(page)
    assert "nothing to study" in page.locator("#page_over").inner_text()


def test_a_link_of_a_card_leads_to_its_question_wherever_one_came_from(browser: Browser, tmp_path: Path) -> None:
    first = "- {id: a, question: A?, answer: A., see_also: [b]}\n- {id: b, question: B?, answer: B.}\n"
    with opened(browser, page_of(tmp_path, {"first.yaml": first}), "#b") as reader:
        page = reader.page
        page.locator("#page_study").press("Enter")
        page.keyboard.press(" ")
        page.locator("#page_card .also a").click()
        assert not page.locator(".study").is_visible()
        assert page.locator("#b .answer").is_visible()


def test_a_section_is_studied_alone(reader: Opened) -> None:
    page = reader.page
    choose(page, kind="questions")
    button = page.locator("#section_second .study-part")
    button.click()
    assert asked(page) == "What is three?"
    assert progress(page).startswith("1 of 2")
    page.keyboard.press("Escape")
    assert button.evaluate("each => each === document.activeElement")
    assert len(reader.shown("article.question")) == 4
    begin(page)
    assert progress(page).startswith("1 of 4")


def test_the_mouse_does_what_the_keys_do(reader: Opened) -> None:
    page = reader.page
    choose(page, kind="questions")
    page.locator("#page_study").click()
    page.locator("#page_show").click()
    page.locator("#page_grade1").click()
    page.locator("#page_next").click()
    page.locator("#page_back").click()
    assert asked(page) == "What is two?"
    page.locator("#page_leave").click()
    assert not page.locator(".study").is_visible()
    assert page.locator("main").is_visible()


def test_buttons_say_when_a_card_comes_back(reader: Opened) -> None:
    page = reader.page
    begin(page)
    press(page, " ")
    assert page.locator(".marks small").all_inner_texts() == ["", "1d", "1d", "3d"]


def keeping(name: str, text: str) -> str:
    return f"localStorage.setItem('cardpress:sample:{name}', '{text}');"


BROKEN_STORES = {
    "refused": "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})",
    "full": "Storage.prototype.setItem = () => { throw new Error('full') }",
    "another's": keeping("boxes", '{"one":"x","two":[1],"three":[9,1],"four":[1,-1]}'),
    "an old one": keeping("progress", '{"one":"x","two":[1]}'),
    "no JSON": keeping("boxes", "{") + keeping("study", "{"),
    "null": keeping("boxes", "null") + keeping("study", "null"),
}


PRESS = """([key, code, shiftKey]) =>
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, code, shiftKey, bubbles: true}))
"""


@pytest.mark.parametrize(
    ("key", "code", "shift", "said"),
    [
        ("&", "Digit1", False, "2 of 5 · Known: 0 · Missed: 1"),  # French
        ("é", "Digit2", False, "2 of 4 · Known: 1 · Missed: 0"),
        ("\u0661", "Digit1", False, "2 of 5 · Known: 0 · Missed: 1"),  # Arabic
        ("о", "KeyJ", False, "2 of 4 · Known: 0 · Missed: 0"),  # Russian
        ("1", "Digit1", True, "2 of 5 · Known: 0 · Missed: 1"),  # French with Shift
        ("!", "Digit1", True, "1 of 4 · Known: 0 · Missed: 0"),  # English
        ("h", "KeyJ", False, "1 of 4 · Known: 0 · Missed: 0"),  # Dvorak
        ("j", "KeyC", False, "2 of 4 · Known: 0 · Missed: 0"),
    ],
)
def test_keys_are_found_on_any_keyboard(reader: Opened, key: str, code: str, shift: bool, said: str) -> None:
    begin(reader.page)
    press(reader.page, " ")
    reader.page.evaluate(PRESS, [key, code, shift])
    assert progress(reader.page) == said


@pytest.mark.parametrize("store", BROKEN_STORES)
def test_studying_does_without_a_store(browser: Browser, path: Path, store: str) -> None:
    with opened(browser, path) as reader:
        reader.page.add_init_script(f"try {{ {BROKEN_STORES[store]} }} catch {{}}")
        visit_again(reader.page)
        begin(reader.page)
        press(reader.page, " 1 3 3")
        assert progress(reader.page) == "4 of 5 · Known: 2 · Missed: 1"
        press(reader.page, " 3 3")
        is_told = ["does not keep your progress" in reader.page.locator("#page_then").inner_text()]
        reader.page.keyboard.press("Escape")
        assert reader.page.locator("#page_study").inner_text() == "Continue: 4 of 4"
        is_told.append("does not keep your progress" in reader.page.locator("#page_standing").inner_text())
        assert is_told == [store in ("refused", "full")] * 2
        assert reader.complaints == []


LANGUAGES = ["ar", "de", "en", "es", "fr", "ja", "pt", "pt-PT", "zh", "zh-Hant"]
RECALL = "  recall: [{id: two, question: What is two?, answer: The second.}]\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bars_keep_their_lines_in_every_language(browser: Browser, tmp_path: Path, language: str) -> None:
    page = browser.new_page()
    files = {"deck.yaml": f"language: {language}\n{DECK}", "first.yaml": QUESTION + RECALL}
    page.goto(page_of(tmp_path, files).as_uri())
    page.click("#page_study")
    page.keyboard.press("Space")
    for width in (320, 390, 800, 1000):
        page.set_viewport_size({"width": width, "height": 600})
        for bar, number in ((".marks", 4), (".bar:first-child", 4)):
            tops = page.eval_on_selector_all(
                f"{bar} button:not([hidden])", "all => all.map(each => Math.round(each.getBoundingClientRect().top))"
            )
            assert len(tops) == number
            assert len(set(tops)) == 1 or width == 320, (bar, width)
        assert page.eval_on_selector("#page_progress", "each => each.getBoundingClientRect().height") < 30
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_recall_notes_there_is_no_choice_of_what_to_study(browser: Browser, tmp_path: Path) -> None:
    nothing = "There is nothing to study here. Clear the filters"
    for recall, shown in (("", False), (RECALL, True)):
        page = browser.new_page()
        page.goto(page_of(tmp_path, {"first.yaml": QUESTION + recall}).as_uri())
        page.click(".options summary")
        assert page.locator("#page_kind").is_visible() is shown
        page.click("#page_study")
        assert page.locator("#page_show").is_visible()
        page.keyboard.press("Escape")
        page.fill("#page_search", "qwxyz")
        page.click("#page_study")
        assert page.inner_text("#page_over") == nothing + (", or study the other kind." if shown else ".")
        assert not page.locator("#page_on").is_visible()
