"""Strings files: ours are complete and right, and those of a project go over ours, with every mistake at its place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from cardpress.diagnostics import Diagnostic
from cardpress.engine import ROOT
from cardpress.pipeline import check_project
from cardpress.source.strings import Strings, fill_style, list_files, list_placeholders
from tests.conftest import DECK, WriteProject
from tests.helpers.decks import deck_from

FOLDER = ROOT / "templates" / "strings"
TEXTS: dict[str, dict[str, str]] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.iterdir())
}
ENGLISH = TEXTS["en"]
# What is the same word in English and in another language, so that nobody has forgotten it.
SAME = frozenset(
    {"Version", "Version {version}, {date}", "Sources", "Question", "Questions", "Section", "Introduction"}
)
SAME |= {"System", "{label}:", "{sentence}.", "{question}, page {n}", "{n} KB", "{n} MB"}


def written_as(language: str, strings: str, name: str = "") -> dict[str, str | bytes]:
    return {
        "deck.yaml": DECK.replace("sections:", f"language: {language}\nsections:"),
        "first.yaml": "- {id: q, question: Q?, answer: A., sources: ['https://example.org/']}",
        f"../templates/strings/{name or language}.yaml": strings,
    }


def problems_of(write_project: WriteProject, files: Mapping[str, str | bytes]) -> list[str]:
    def said(each: Diagnostic) -> str:
        return f"{each.span.path}:{each.span.line}:{each.span.column} {each.code}"

    return sorted(map(said, check_project(write_project(files)).diagnostics))


# --- ours


def test_nine_languages_come_with_it() -> None:
    assert set(TEXTS) == {"ar", "de", "en", "es", "fr", "ja", "pt", "pt-PT", "zh", "zh-Hant"}
    assert {key for key, text in ENGLISH.items() if text != key} == set()


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_a_language_has_every_text_with_its_placeholders(language: str) -> None:
    texts = TEXTS[language]
    assert set(texts) == set(ENGLISH) or (language == "pt-PT" and set(texts) < set(ENGLISH))
    for english, text in texts.items():
        assert list_placeholders(text) == list_placeholders(english), english
        assert text
        assert text == text.strip()
        assert len(text) <= 120
        assert language in ("en", "pt-PT") or text != english or english in SAME


@pytest.mark.parametrize(
    ("language", "wrong"),
    [
        ("ja", "[:?!,]( |$)"),
        ("zh", "[:?!,]( |$)"),
        ("zh-Hant", "[:?!,]( |$)"),
        ("fr", r"(?<![\u00a0\u202f])[:?!;]( |$)"),
        ("ar", "[,?;]"),
    ],
)
def test_a_language_has_its_own_typography(language: str, wrong: str) -> None:
    assert [text for text in TEXTS[language].values() if re.search(wrong, text)] == []


def test_traditional_chinese_has_no_simplified_characters() -> None:
    simplified = set("问题显隐记录数据图页择单标签见难关统级误报码许证继续确设过学习")
    assert len(simplified & set("".join(TEXTS["zh"].values()))) > 20
    assert simplified & set("".join(TEXTS["zh-Hant"].values())) == set()


# How texts are asked for in templates, styles, scripts and code.
_ASKED = re.compile(
    r"'([^'\n]+)'\|(?:label|lang)|\bsay\(\s*\"([^\"\n]+)\"|@@label:([^@{}<>]+)@@|strings\([\"']([^\"'\n]+)[\"']"
)
# Texts in scripts: a capital and small letters. The rest are names of keys, elements and events.
_IN_SCRIPTS = re.compile(r'"([A-Z][a-z]+(?: [^"\n]*)?|\{[a-z]+\} [^"\n]*)"')
NO_TEXTS = frozenset({"Enter", "Escape", "Highlight"})


def read_all() -> dict[str, str]:
    folders = ((ROOT / "templates", (".html", ".css", ".js", ".typ", ".yaml")), (ROOT / "cardpress", (".py",)))
    paths = [path for root, endings in folders for path in sorted(root.rglob("*")) if path.suffix in endings]
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths if FOLDER not in path.parents
    }


def test_every_text_that_is_asked_for_is_in_the_list() -> None:
    asked = {
        (name, next(filter(None, found)))
        for name, text in read_all().items()
        if not name.startswith(("cardpress/cli", "cardpress/source/string"))
        for found in _ASKED.findall(text)
    }
    assert len(asked) > 80
    assert {(name, text) for name, text in asked if text not in ENGLISH and not text.isupper()} == set()


def test_every_text_of_a_script_is_in_the_list() -> None:
    # The tool for authors is in English.
    scripts = {
        name: text
        for name, text in read_all().items()
        if name.endswith(".js") and not name.startswith("templates/serve/")
    }
    found = {text for script in scripts.values() for text in _IN_SCRIPTS.findall(script)}
    assert found - NO_TEXTS - set(ENGLISH) == set()


def test_every_label_of_our_note_types_is_in_the_list() -> None:
    for path in (ROOT / "templates" / "note-types").glob("*/note-type.yaml"):
        fields = yaml.safe_load(path.read_text(encoding="utf-8"))["fields"]
        labels = [each["label"] for field in fields for each in (field, *field.get("parts", ())) if "label" in each]
        values = [value for field in fields for value in field.get("values", ())]
        assert [text for text in (*labels, *values) if text not in ENGLISH] == []


def test_nothing_is_in_the_list_that_nobody_asks_for() -> None:
    everything = "\n".join(read_all().values())
    assert [text for text in ENGLISH if text not in everything] == []


# --- which files a language has


@pytest.mark.parametrize(
    ("language", "files"),
    [
        ("de", ["de"]),
        ("pt-BR", ["pt", "pt-br"]),
        ("zh", ["zh"]),
        ("zh-CN", ["zh", "zh-cn"]),
        ("zh-Hans-CN", ["zh", "zh-hans", "zh-hans-cn"]),
        ("zh-Hant", ["zh-hant"]),
        ("zh-Hant-TW", ["zh-hant", "zh-hant-tw"]),
        ("zh-TW", ["zh-hant", "zh-tw"]),
        ("zh-HK", ["zh-hant", "zh-hk"]),
        ("ar-Latn", ["ar-latn"]),
        ("ja-Latn-JP", ["ja-latn", "ja-latn-jp"]),
        ("de-Latn", ["de", "de-latn"]),
        ("sr-Latn", ["sr", "sr-latn"]),
        ("de-1996", ["de", "de-1996"]),
    ],
)
def test_a_tag_takes_the_files_of_its_language_and_script(language: str, files: list[str]) -> None:
    assert list(list_files(language)) == files


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("en", "Sources"),
        ("de", "Quellen"),
        ("DE-at", "Quellen"),
        ("zh-TW", "來源"),
        ("zh", "来源"),
        ("zh-Latn", "Sources"),
        ("it", "Sources"),
    ],
)
def test_a_deck_has_the_labels_of_its_language(tmp_path: Path, language: str, label: str) -> None:
    deck = deck_from(tmp_path, written_as(language, "Homework: x\n", name="README"))
    assert deck.strings("Sources") == label
    assert ("Sources" in deck.strings.untranslated) is (language in ("zh-Latn", "it"))


def test_portugal_has_its_own_words_over_those_of_all(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, written_as("pt-PT", "Sources: Referências\n", name="pt"))
    assert [deck.strings(each) for each in ("Section", "Search", "Sources")] == ["Secção", "Pesquisar", "Referências"]


# --- a project's own


def test_a_part_of_a_language_goes_over_ours_entry_by_entry(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, written_as("de", 'Sources: " Belege "\n'))
    assert (deck.strings("Sources"), deck.strings("See also")) == ("Belege", "Siehe auch")


def test_english_can_have_other_words(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, written_as("en", "Sources: Read on\n"))
    assert (deck.strings("Sources"), deck.strings.untranslated) == ("Read on", frozenset())


def test_another_language_is_english_where_its_file_has_nothing(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, written_as("it", "Sources: Fonti\n"))
    assert (deck.strings("Sources"), deck.strings("See also")) == ("Fonti", "See also")
    assert deck.strings.untranslated == set(ENGLISH) - {"Sources"}


@pytest.mark.parametrize(
    ("language", "codes"),
    [
        ("it", ["english-labels"]),
        ("zh-Latn", ["english-labels"]),
        ("sr-Latn", ["english-labels"]),
        ("en-GB", []),
        ("de-AT", []),
        ("pt-BR", []),
        ("italian", ["bad-language"]),
    ],
)
def test_who_writes_in_a_language_without_labels_is_told(
    write_project: WriteProject, language: str, codes: list[str]
) -> None:
    files = written_as(language, "")
    del files[f"../templates/strings/{language}.yaml"]
    found = check_project(write_project(files)).diagnostics
    assert [each.code for each in found] == codes
    assert all(each.span.file.text[each.span.start : each.span.end] == language for each in found)


def italian(*lacking: str) -> str:
    """Return a file that has all labels but these."""
    return "".join(f"{json.dumps(each)}: {json.dumps(f'{each} (it)')}\n" for each in ENGLISH if each not in lacking)


@pytest.mark.parametrize(
    ("language", "strings", "message"),
    [
        (
            "it",
            "Search: Cerca\n",
            f"{len(ENGLISH) - 1} of {len(ENGLISH)} labels, buttons and hints are English: this file lacks "
            + ", ".join(f"`{each}`" for each in sorted({*ENGLISH} - {"Search"})[:3])
            + ", and others",
        ),
        (
            "it",
            italian("Search", "Sources"),
            f"2 of {len(ENGLISH)} labels, buttons and hints are English: this file lacks `Search`, `Sources`",
        ),
        (
            "it",
            italian("Search"),
            f"1 of {len(ENGLISH)} labels, buttons and hints is English: this file lacks `Search`",
        ),
        ("it", italian(), None),
        ("de", "Search: Finden\n", None),
        ("de-AT", "Search: Finden\n", None),
        ("en", "Search: Find\n", None),
        ("en-GB", "Search: Find\n", None),
        ("zh-Latn", "Search: Zhao\n", "english-labels"),
    ],
)
def test_who_has_translated_some_labels_is_told_how_many_are_missing(
    write_project: WriteProject, language: str, strings: str, message: str | None
) -> None:
    found = check_project(write_project(written_as(language, strings))).diagnostics
    assert [each.code for each in found] == (["english-labels"] if message else [])
    for each in found:
        assert each.span.path == f"templates/strings/{language}.yaml"
        assert message in (each.message, each.code)


def test_english_labels_are_no_problem_where_none_are_shown_a_file_has_all_or_the_author_knows(
    write_project: WriteProject,
) -> None:
    file = "../templates/strings/it.yaml"
    written = written_as("it", italian())
    bare = {name: text for name, text in written.items() if name != file}
    deck = str(bare["deck.yaml"])
    json = {**bare, "deck.yaml": f"{deck}outputs: {{apkg: false, page: false, pdf: false}}\n"}
    off = {**bare, "deck.yaml": f"{deck}checks: {{english-labels: off}}\n"}
    broken = {**written, file: "- Fonti\n"}
    assert [problems_of(write_project, each) for each in (written, json, off, broken)] == [
        *([],) * 3,
        ["templates/strings/it.yaml:1:1 wrong-type"],
    ]


@pytest.mark.parametrize(
    ("strings", "found"),
    [
        ("", "1:1 empty-text"),
        ("- Sources\n", "1:1 wrong-type"),
        ("Sources\n", "1:1 wrong-type"),
        ("Sources: [a]\n", "1:10 wrong-type"),
        ("Sources: {a: b}\n", "1:11 wrong-type"),
        ("Sources:\n", "1:9 empty-text"),
        ("Sources: no\n", "1:10 text-expected"),
        ("Sources: 12\n", "1:10 text-expected"),
        (f"Sources: {'x' * 201}\n", "1:10 text-too-long"),
        (f"? {'x' * 201}\n: x\n", "1:3 text-too-long"),
        ("Sources: a\nSources: b\n", "2:1 duplicate-key"),
        ("Sources: 'a\n", "1:10 yaml-syntax"),
        ("Sources: *a\n", "1:10 yaml-syntax"),
        ("Sources: a # b\n", "1:12 text-cut-by-comment"),
        ("'{n} of {all}': '{n}'\n", "1:17 label-placeholder"),
        ("Sources: '{n}'\n", "1:10 label-placeholder"),
        ("Suorces: Fonti\n", "1:1 unused-label"),
        ('Sources: "a\\x07b"\n', "1:12 control-character"),
        (f"Sources: a{chr(0x301) * 31}\n", "1:11 too-many-marks"),
    ],
)
def test_a_mistake_is_reported_at_its_place(write_project: WriteProject, strings: str, found: str) -> None:
    said = problems_of(write_project, written_as("it", strings))
    assert [each for each in said if "english-labels" not in each] == [f"templates/strings/it.yaml:{found}"]


def test_all_mistakes_are_reported_at_once(write_project: WriteProject) -> None:
    strings = "Sources: [a]\nSuorces: x\n'{n} of {all}': x\n"
    found = problems_of(write_project, written_as("it", strings))
    assert {each.split()[1] for each in found} - {"english-labels"} == {
        "label-placeholder",
        "unused-label",
        "wrong-type",
    }


def test_a_very_long_file_is_bounded(write_project: WriteProject) -> None:
    strings = "".join(f"k{number}: x\n" for number in range(1500))
    found = problems_of(write_project, written_as("it", strings))
    assert "templates/strings/it.yaml:1001:1 text-too-long" in found


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("fr", "unused-template"),
        ("it", ""),
        ("it-CH", "unused-template"),
        ("italian", "unused-template"),
        ("x", "unused-template"),
    ],
)
def test_a_file_of_another_language_is_unused(write_project: WriteProject, name: str, code: str) -> None:
    found = problems_of(write_project, written_as("it", "Sources: Fonti\n", name=name))
    assert [each.split()[1] for each in found if "english-labels" not in each] == ([code] if code else [])


def test_a_file_of_another_ending_says_where_it_goes(write_project: WriteProject) -> None:
    files = written_as("it", italian()) | {"../templates/strings/it.yml": "Sources: Fonti\n"}
    (found,) = check_project(write_project(files)).diagnostics
    assert (found.code, found.help) == (
        "unused-template",
        "texts in a language stand in a file with its tag, such as templates/strings/pt-BR.yaml",
    )


def test_a_label_of_a_note_type_of_ones_own_is_known(write_project: WriteProject) -> None:
    note_type = "title: Word\nfields: [{key: a, holds: line}, {key: b, holds: text, label: Homework}]\n"
    note_type += "cards: [{asks: [a], answers: [b]}]\n"
    files = written_as("it", f"{italian()}Homework: Compiti\n") | {
        "../templates/note-types/word/note-type.yaml": note_type,
        "first.yaml": "- {id: q, note_type: word, a: A, b: B}",
    }
    assert problems_of(write_project, files) == []


# --- what is filled in


def test_values_keep_their_own_direction_in_a_text_from_right_to_left() -> None:
    arabic = Strings("ar", {"{n} of {all}": "{n} من {all}"})
    assert arabic("{n} of {all}", n=3, all=8) == "\u20683\u2069 من \u20688\u2069"
    assert Strings("de", {"{n} of {all}": "{n} von {all}"})("{n} of {all}", n=3, all=8) == "3 von 8"
    assert Strings()("{n} of {all}", n="{all}", all=8) == "{all} of 8"
    assert Strings()("{n} of {all}") == "{n} of {all}"


def test_a_label_ends_no_text_in_a_style() -> None:
    strings = Strings("it", {"Sources": '"; } * { color: url(//x) \\ </style>'})
    style = fill_style(strings, 'a::before { content: "@@label:Sources@@"; }')
    assert re.fullmatch(r'a::before \{ content: "[\w\\ ]*"; \}', style)
    assert fill_style(Strings(), "@@label:In fact@@") == "In fact"
