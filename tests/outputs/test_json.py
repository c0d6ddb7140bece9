"""The bundle holds the whole deck under the names of its YAML keys, and its schema says so."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from cardpress.source.load import DECK as DECK_KEYS
from cardpress.source.load import SECTION
from cardpress.source.note_types.folders import make_pair_shape, make_shape
from cardpress.source.questions import LINK
from cardpress.source.templates.loading import load_templates
from cardpress.writers.json import make_bundle, write
from tests.conftest import DECK, ROOT, golden
from tests.helpers.decks import deck_from, deck_of
from tests.helpers.json_bundle import valid
from tests.helpers.own_note_types import CAT, DOG, TYPED_WORD, with_words
from tests.helpers.sample_project import EVERYTHING, NOTES, PNG, SVG
from tests.helpers.yaml_text import indented

GOLDEN = Path(__file__).parent.parent / "golden" / "sample.json"
MARKDOWN = {"markdown", "html", "text"}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return valid(deck_from(tmp_path_factory.mktemp("deck"), EVERYTHING))


def test_a_deck_with_everything_makes_this_bundle(bundle: dict[str, Any], accept: bool) -> None:
    golden(GOLDEN, json.dumps(bundle, ensure_ascii=False, indent=1) + "\n", accept=accept)


def test_each_question_has_a_line_of_its_own(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, EVERYTHING)
    bundle = make_bundle(deck)
    lines = write(deck).artifacts[0].data.decode().splitlines()
    read = [json.loads(line.removesuffix(",")) for line in lines if line.startswith('{"id":')]
    assert read == [*bundle["sections"], *bundle["questions"]]
    assert json.loads("".join(lines)) == bundle
    assert not any(line.startswith(" ") for line in lines)


@pytest.mark.slow
def test_the_flagship_deck_fits_the_schema() -> None:
    assert len(valid(deck_of(ROOT))["questions"]) >= 24


def test_every_key_of_the_source_is_there_under_its_name(bundle: dict[str, Any]) -> None:
    one = bundle["questions"][0]
    recall, cloze = one["recall"]
    note_types = load_templates(ROOT)[0].declared.note_types
    shapes = {kind: make_shape(note_type) for kind, note_type in note_types.items()}
    elsewhere = {"retired", "note_type", "allow"}
    keys = {kind: {*shape.required, *shape.optional} - elsewhere for kind, shape in shapes.items()}
    pitfall = make_pair_shape(note_types["interview"].field("pitfalls"))
    # What is retired is not in the bundle; `sections` are a list of their own, as the questions are.
    deck_keys = {*DECK_KEYS.required, *DECK_KEYS.optional} - {
        "sections",
        "anki",
        "checked",
        "checks",
        "deck_name",
        "inherit_tags",
        "math",
        "note_type",
        "outputs",
        "trusted_templates",
    }
    assert set(bundle["deck"]) >= deck_keys
    assert set(bundle["sections"][0]) == {*SECTION.required, *SECTION.optional} - {
        "note_type",
        "allow",
        "anki",
        "tags",
        "table",
        "deck_name",
        "ids",
    }
    assert set(one) == keys["interview"] | {"guid", "section", "note_type", "cards"}
    assert set(recall) == keys["recall"] - {"gist"} | {"guid", "note_type", "cards"}
    assert set(one["pitfalls"][0]) == {*pitfall.required, *pitfall.optional} == {"claim", "truth"}
    assert set(one["sources"][0]) == {*LINK.required, *LINK.optional}
    assert set(cloze) >= {*shapes["cloze"].required, "guid", "tags"}


def test_what_a_deck_does_not_have_is_not_there(tmp_path: Path) -> None:
    files = {"first.yaml": "- {id: q, question: Q?, answer: A., recall: [{id: r, cloze: '{{c1::x}}'}], tags: []}\n"}
    found = valid(deck_from(tmp_path, files))
    assert set(found["deck"]) == {"id", "title", "version", "date", "language"}
    assert set(found["sections"][0]) == {"id", "title"}
    assert set(found["questions"][0]) == {
        *("id", "guid", "note_type", "section", "question", "answer", "cards", "recall"),
    }
    assert set(found["questions"][0]["recall"][0]) == {"id", "guid", "note_type", "cloze", "cards"}
    assert [each["kind"] for each in found["note_types"]] == ["interview", "cloze"]
    assert found["media"] == []


def test_a_program_makes_every_card_of_the_bundle_alone(tmp_path: Path) -> None:
    notes = (DOG | {"reverse": True, "spelled": True}, CAT)
    found = valid(deck_from(tmp_path, with_words(*notes, declared=TYPED_WORD)))
    (word,) = found["note_types"]
    assert (word["kind"], word["title"], word["noun"]) == ("word", "Word", "a word")
    assert [(each["key"], each["holds"], each.get("required")) for each in word["fields"]] == [
        ("word", "line", True),
        ("meaning", "line", True),
        ("sentence", "text", None),
        ("reverse", "flag", None),
        ("spelled", "flag", None),
    ]
    recognise, recall = word["cards"]
    assert recognise == {
        "name": "Recognise",
        "asks": [{"key": "word"}],
        "answers": [{"key": "meaning"}, {"key": "sentence"}],
    }
    assert recall == {
        "name": "Recall",
        "asks": [{"key": "meaning"}, {"key": "sentence", "through": "hint"}],
        "answers": [{"key": "word"}],
        "when": "reverse",
        "typed": "word",
        "typed_when": "spelled",
    }
    dog, cat = found["questions"]
    assert dog["cards"] == [{"number": 1, "name": "Recognise"}, {"number": 2, "name": "Recall", "typed": "word"}]
    assert cat["cards"] == [{"number": 1, "name": "Recognise"}]


def test_a_text_with_gaps_has_a_card_for_each_number(tmp_path: Path) -> None:
    files = {"first.yaml": "- {id: q, cloze: '{{c2::x}} and {{c1::y}} and {{c2::z}}'}\n"}
    found = valid(deck_from(tmp_path, files))
    assert found["questions"][0]["cards"] == [{"number": 1, "name": "Card"}, {"number": 2, "name": "Card"}]
    assert found["note_types"][0]["gaps"] is True


def test_questions_are_in_the_decks_order_each_with_its_section(bundle: dict[str, Any]) -> None:
    assert [section["id"] for section in bundle["sections"]] == ["first", "second"]
    places = [(question["id"], question["section"]) for question in bundle["questions"]]
    assert places == [("one", "first"), ("two", "first"), ("three", "second"), ("four", "second")]
    notes = [note["id"] for question in bundle["questions"] for note in (question, *question.get("recall", ()))]
    assert notes == list(NOTES)


def test_pictures_are_there_byte_for_byte_under_the_name_that_the_html_uses(bundle: dict[str, Any]) -> None:
    found = {media["name"]: base64.b64decode(media["base64"], validate=True) for media in bundle["media"]}
    assert list(found.values()) == [PNG, SVG]
    assert [media["media_type"] for media in bundle["media"]] == ["image/png", "image/svg+xml"]
    assert [media["sha256"] for media in bundle["media"]] == [hashlib.sha256(data).hexdigest() for data in (PNG, SVG)]
    html = bundle["questions"][0]["answer"]["html"], bundle["questions"][2]["answer"]["html"]
    assert [f'src="{name}"' in text for name, text in zip(found, html, strict=True)] == [True, True]


def test_snippets_and_output_are_text_as_typed(tmp_path: Path) -> None:
    code = "if a < b && c:\n\treturn '<b>'  # ü 中\n"
    file = '- {id: q, question: Q?, answer: A., snippet: x.txt, output: "a\\n  <b> & \\tc"}\n'
    found = valid(deck_from(tmp_path, {"first.yaml": file, "snippets/x.txt": code}))["questions"][0]
    assert found["snippet"] == code.rstrip("\n")
    assert found["output"] == "a\n  <b> & \tc"


ODD = {
    "nothing but a line": "---",
    "other letters": "中文 العربية 😀",
    "a list from a large number": "999999999999. x",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_texts_fit_the_schema(tmp_path: Path, text: str) -> None:
    file = f"- id: q\n  question: {indented(text)}  answer: {indented(text)}"
    deck = f"homepage: https://example.org/%C3%A9?a=1#b\n{DECK}"
    found = valid(deck_from(tmp_path, {"deck.yaml": deck, "first.yaml": file}))["questions"][0]
    assert set(found["answer"]) == MARKDOWN
    assert found["answer"]["markdown"].strip() == text
