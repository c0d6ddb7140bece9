"""A reading in brackets belongs to the characters that an author, and Anki, mean; other brackets stay what they are."""

from __future__ import annotations

import time

import pytest

from cardpress.markdown import parse
from cardpress.markdown.plain_text import to_plain_text
from cardpress.markdown.tree import Ruby


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("漢字[かんじ]です", "漢字(かんじ)です"),
        ("これは漢字[かんじ]", "これは漢字(かんじ)"),  # kana before it are none of it
        ("この お茶[おちゃ]を", "このお茶(おちゃ)を"),  # but behind a space, as in Anki
        ("お茶[おちゃ]を飲[の]む", "お茶(おちゃ)を飲(の)む"),  # at the start the reading tells
        ("買い物[かいもの]する", "買い物(かいもの)する"),
        ("お母[かあ]さん", "お母(かあ)さん"),
        ("は母[はは]", "は母(はは)"),
        ("私は母[はは]です", "私は母(はは)です"),
        ("。 お茶[おちゃ]", "。お茶(おちゃ)"),
        ("the word 漢字[かんじ] here", "the word漢字(かんじ) here"),  # as in Anki, whatever stands before it
        ("the word  漢字[かんじ] here", "the word 漢字(かんじ) here"),
        ("한자 漢字[한자]", "한자漢字(한자)"),
        ("ABC 漢字[かんじ]", "ABC漢字(かんじ)"),
        ("毎日[まいにち] 花[はな]を", "毎日(まいにち)花(はな)を"),
        ("*この* お茶[おちゃ]", "このお茶(おちゃ)"),
        ("`x` 漢字[かんじ]", "x漢字(かんじ)"),
        ("漢[hàn]字[zì]", "漢(hàn)字(zì)"),
        ("漢[han4]字[zi4]", "漢(han4)字(zi4)"),
        ("人々[ひとびと]", "人々(ひとびと)"),
        ("𠮷[よし]", "𠮷(よし)"),
        ("**漢字[かんじ]**", "漢字(かんじ)"),
        ("[漢字[かんじ]](https://example.org)", "漢字(かんじ)"),
        ("- 漢字[かんじ]", "- 漢字(かんじ)"),
        ("学校[がっ こう]", "学校(がっ こう)"),
    ],
)
def test_characters_have_their_reading(text: str, shown: str) -> None:
    document = parse(text)
    assert to_plain_text(document) == shown
    assert any(isinstance(node, Ruby) for node in document.walk())
    assert not [problem for problem in document.problems if problem.code]


@pytest.mark.parametrize(
    "text",
    [
        "漢字\\[かんじ]",
        "漢字[1]",
        "漢字[^1]",
        "漢字[]",
        "漢字[かんじ](https://example.org)",
        "漢字[かんじ][a]\n\n[a]: https://example.org",
        "漢字[a:b]",
        "漢字[a.b]",
        "かな[かな]",
        "word[reading]",
        "漢字 [かんじ]",
        "`漢字[かんじ]`",
        "漢字[" + "か" * 41 + "]",
        "漢字[かんじ",
    ],
)
def test_other_brackets_are_no_readings(text: str) -> None:
    assert not any(isinstance(node, Ruby) for node in parse(text).walk())


def test_a_readings_place_is_exact() -> None:
    text = "*この* お茶[おちゃ]と 漢字[かんじ]"
    found = [node.place for node in parse(text).walk() if isinstance(node, Ruby)]
    assert [text[start:end] for start, end in found] == ["お茶[おちゃ]", "漢字[かんじ]"]


@pytest.mark.parametrize(
    ("text", "words", "meant"),
    [
        ("花{{c1::漢字}}[かんじ]です", "花{{c1::漢字}}[かんじ]", "{{c1::花漢字[かんじ]}}"),
        ("{{c1::漢字}}[かんじ]", "{{c1::漢字}}[かんじ]", "{{c1::漢字[かんじ]}}"),
        ("漢{{c1::字}}[かんじ]", "漢{{c1::字}}[かんじ]", "{{c1::漢字[かんじ]}}"),
        ("私{{c2::は漢字::what?}}[かんじ]", "{{c2::は漢字::what?}}[かんじ]", "{{c2::は漢字[かんじ]::what?}}"),
    ],
)
def test_a_reading_behind_the_deletion_of_its_characters_is_reported(text: str, words: str, meant: str) -> None:
    (problem,) = parse(text, with_deletions=True).problems
    assert (problem.code, text[problem.place.start : problem.place.end]) == ("unsupported-markdown", words)
    assert problem.help == f"put the reading into the deletion: `{meant}`"


@pytest.mark.parametrize(
    "text",
    [
        "{{c1::漢字[かんじ]}}",
        "{{c1::word}}[note]",
        "{{c1::漢字}}[1]",
        "{{c1::漢字}}[a](https://e.org)",
        "{{c1::漢字}} [か]",
    ],
)
def test_other_brackets_behind_a_deletion_are_not_reported(text: str) -> None:
    assert not [each for each in parse(text, with_deletions=True).problems if each.code]


def test_readings_are_in_deletions_and_descriptions() -> None:
    (deletion,) = parse("{{c1::漢字[かんじ]::字}}", with_deletions=True).deletions()
    assert [type(each) for each in deletion.children] == [Ruby]
    assert to_plain_text(parse("![漢字[かんじ]](a.png)")) == "漢字(かんじ)"


@pytest.mark.parametrize(
    "text",
    [
        "漢[",
        "漢[か",
        "漢[か]",
        "{{c1::漢}}[か]",
        "か漢" * 20 + "[か]",
        " あ漢" * 10 + f"[{'あ' * 40}]",
        "[漢[か]",
        "漢[" + "か" * 41,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    whole = text * (20_000 // len(text))
    start = time.process_time()
    parse(whole)
    assert time.process_time() - start < 5
