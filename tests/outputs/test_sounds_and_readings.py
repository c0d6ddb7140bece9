"""Sounds, pictures in fields and readings are in every output: Anki, the page, paper and the JSON bundle."""

from __future__ import annotations

import base64
import json
import re
from io import BytesIO
from pathlib import Path

import jsonschema
import pytest
from pypdf import PdfReader

from cardpress.anki.card_templates import fill_card_template
from cardpress.anki.fields import get_fields
from cardpress.diagnostics import Diagnostic
from cardpress.disk.reading import MAX_SOUND_BYTES
from cardpress.pipeline import check_project
from cardpress.writers import pdf
from cardpress.writers.json import make_bundle, make_schema
from cardpress.writers.pdf.nodes import make_nodes
from tests.conftest import ROOT, WriteProject
from tests.helpers.decks import deck_from, page_of
from tests.helpers.diagnostics import places
from tests.helpers.media_deck import GAPS, LINES, LISTEN, WORD, with_media
from tests.helpers.own_note_types import place_of
from tests.helpers.sounds import ENDINGS, tone

RUBY = "<ruby>犬<rp>(</rp><rt>いぬ</rt><rp>)</rp></ruby>"


def bare(text: str) -> str:
    """Return a text without the digests in names of files."""
    return re.sub("-[0-9a-f]{8}(?=[.])", "", text)


def problems(project: Path) -> list[Diagnostic]:
    """Return what is wrong with a project, but for characters that no font has."""
    return [each for each in check_project(project).diagnostics if each.code != "missing-glyph"]


def test_fields_in_anki(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, with_media())
    note = next(deck.notes())
    values = {name: bare(value) for name, value in get_fields(deck.sections[0], note, note).items()}
    assert values["Word"] == "この 犬[いぬ]と お茶[おちゃ]"
    assert values["Sound"] == "[sound:sample-animals-inu.mp3]"
    assert values["Flag"] == '<img alt="a red flag" src="sample-flag.svg">'
    assert values["Remark"].startswith("<p>[sound:sample-bark.ogg]<ruby>東京")


def test_without_a_filter_a_field_has_html(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, with_media(declared=LINES))
    note = next(deck.notes())
    assert get_fields(deck.sections[0], note, note)["Word"].startswith(f"この{RUBY}と")


def test_templates_of_the_engine_read_the_notation_everywhere(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, with_media())
    (listen,) = deck.note_types
    sides = ["".join(fill_card_template(deck, listen, card)) for card in listen.cards]
    assert "{{kanji:Word}}" in sides[0]
    assert "{{furigana:Word}}" in sides[0]
    assert "{{kana:Word}}" in sides[1]
    assert "{{furigana:Word}}" in sides[2]
    assert not any("{{Word}}" in side for side in sides)
    assert "{{Sound}}" in sides[0]


def test_each_card_shows_what_its_filters_leave(tmp_path: Path) -> None:
    hear, read, which = next(deck_from(tmp_path, with_media()).notes()).cards()
    assert hear.asked[0][1].plain == "この犬とお茶"
    assert hear.answered[1][1].plain == "この犬(いぬ)とお茶(おちゃ)"
    assert read.answered[0][1].plain == "このいぬとおちゃ"
    assert which.answered[0][1].plain == "この犬(いぬ)とお茶(おちゃ)"


def test_the_page_has_players_and_readings_and_its_policy_lets_only_them_play(tmp_path: Path) -> None:
    page = page_of(tmp_path, with_media()).read_text(encoding="utf-8")
    coded = base64.b64encode(tone("mp3")).decode()
    assert f'<audio controls preload="none" aria-label="Sound" src="data:audio/mpeg;base64,{coded}"></audio>' in page
    assert '<audio controls preload="none" aria-label="a bark" src="data:audio/ogg;base64,' in page
    assert "<span>a bark</span>" in page
    assert '<img alt="a red flag" src="data:image/svg+xml' in page
    assert RUBY in page
    assert "media-src data:;" in page.replace("&#39;", "'")


def test_a_page_without_sounds_may_play_none(tmp_path: Path) -> None:
    files = with_media({"id": "dog", "word": "犬[いぬ]", "meaning": "dog"})
    assert "media-src" not in page_of(tmp_path, files).read_text(encoding="utf-8")


def test_paper_has_a_sign_and_the_words_of_a_sound_and_the_reading_behind_its_characters(tmp_path: Path) -> None:
    word = {**WORD, "word": "毎日[まいにち]", "remark": "![a bark](bark.ogg) 日本人[にほんじん]"}
    font = (ROOT / "examples/kanji/source/fonts/NotoSansCJKjp-Part.otf").read_bytes()
    files = with_media(word, declared=LINES) | {"fonts/Part.otf": font}
    booklet = next(each.data for each in pdf.write(deck_from(tmp_path, files)).artifacts if "booklet-a4" in each.name)
    text = "".join("".join(page.extract_text() for page in PdfReader(BytesIO(booklet)).pages).split())
    assert "毎日まいにち" in text
    assert "abark日本人にほんじん" in text


def test_long_readings_stand_in_parentheses_on_paper(tmp_path: Path) -> None:
    word = {"id": "dog", "word": "x", "remark": "漢" * 13 + "[かん]"}
    made = make_nodes(next(deck_from(tmp_path, with_media(word)).notes()).contents["remark"])
    assert made[0] == {"t": "p", "c": [{"t": "in-parentheses", "c": ["漢" * 13, "かん"]}]}


def test_the_bundle_names_files_and_has_them(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, with_media())
    bundle = json.loads(json.dumps(make_bundle(deck)))
    jsonschema.validate(bundle, make_schema(deck))
    (question,) = bundle["questions"]
    content = question.get("fields", question)
    media = {bare(each["name"]): each["media_type"] for each in bundle["media"]}
    assert bare(content["sound"]["file"]) == "sample-animals-inu.mp3"
    assert content["sound"]["description"] == "Sound"
    assert content["flag"]["description"] == "a red flag"
    assert media == {
        "sample-animals-inu.mp3": "audio/mpeg",
        "sample-bark.ogg": "audio/ogg",
        "sample-flag.svg": "image/svg+xml",
    }
    assert RUBY in content["word"]["html"]
    assert 'aria-label="a bark"' in content["remark"]["html"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_format_ships(tmp_path: Path, ending: str) -> None:
    word = {**WORD, "sound": f"x.{ending}"}
    deck = deck_from(tmp_path, with_media(word) | {f"media/x.{ending}": tone(ending)})
    assert {each.origin for each in deck.media} == {f"x.{ending}", "bark.ogg", "flag.svg"}


@pytest.mark.parametrize(
    ("change", "report"),
    [
        ({"sound": "flag.svg"}, "unsupported-media"),
        ({"flag": "bark.ogg"}, "unsupported-media"),
        ({"sound": "animals/inu.mp"}, "missing-media"),
        ({"sound": "../inu.mp3"}, "path-outside-source"),
        ({"flag": "https://example.org/a.png"}, "remote-media"),
        ({"flag": {"description": "no file"}}, "missing-key"),
        ({"flag": {"file": "flag.svg", "alt": "x"}}, "unknown-key"),
        ({"sound": ["animals/inu.mp3"]}, "wrong-type"),
        ({"flag": {"file": "flag.svg", "description": "a\u0007b"}}, "control-character"),
        ({"remark": "![](bark.ogg)"}, "missing-description"),
        ({"remark": "![a](bark.ogg 'a title')"}, "unsupported-markdown"),
        ({"remark": "![a](barks.ogg)"}, "missing-media"),
        ({"remark": "[sound:bark.ogg]"}, "looks-like-sound"),
    ],
)
def test_mistakes_are_found_at_their_place(write_project: WriteProject, change: dict[str, object], report: str) -> None:
    found = problems(write_project(with_media({**WORD, **change})))
    assert [each.code for each in found] == [report]
    assert found[0].span.file.path == "source/first.yaml"


def test_a_field_that_is_taken_apart_is_shown_so_everywhere_and_is_not_typed(write_project: WriteProject) -> None:
    declared = LISTEN.replace('answers: ["kana:word"]}', "answers: [word], typed: word}").replace(
        "{name: Which, asks: [flag], answers: [word]}",
        "{name: Which, asks: [flag], answers: [word], front: f.html, back: b.html}",
    )
    files = with_media(declared=declared) | {
        place_of("listen", "f.html"): "{{#Flag}}{{Flag}}{{/Flag}}",
        place_of("listen", "b.html"): "<p>{{Word}} {{kana:Word}}</p>\n<p>{{hint:Word}}</p>",
    }
    found = problems(write_project(files))
    assert places(found) == [
        "templates/note-types/listen/b.html:1:4 template-field",
        "templates/note-types/listen/b.html:2:4 template-field",
        "templates/note-types/listen/note-type.yaml:3:11 bad-note-type",
    ]
    assert "shows `Word` as Anki's notation" in found[0].message
    assert "to be typed" in found[2].message
    assert found[1].help == "write `{{hint:furigana:Word}}`"


def test_sounds_have_bounds(write_project: WriteProject, monkeypatch: pytest.MonkeyPatch) -> None:
    files = with_media({"id": "dog", "text": "{{c1::![a bark](bark.ogg)}}"}, declared=GAPS, kind="gaps")
    monkeypatch.setattr("cardpress.check.pictures.MOST_OF_SOUNDS", 3_000)
    (found,) = problems(write_project(files))
    assert (found.code, found.span.file.path) == ("file-too-large", "source/media/bark.ogg")
    monkeypatch.setattr("cardpress.source.files.MAX_SOUND_BYTES", 1_000)
    (found,) = problems(write_project(files))
    assert found.message == "source/media/bark.ogg has 2,747 bytes; 1,000 are allowed"
    assert MAX_SOUND_BYTES > 100 * 1024 * 1024


@pytest.mark.parametrize(
    ("sound", "label", "headings", "said"),
    [
        ("animals/inu.mp3", "Sound", 0, "Sound"),
        ({"file": "animals/inu.mp3", "description": "inu, slowly"}, "Sound", 1, "inu, slowly"),
    ],
)
def test_a_sound_that_is_called_what_its_field_is_is_named_once_on_the_page(
    tmp_path: Path, sound: object, label: str, headings: int, said: str
) -> None:
    declared = LINES.replace("holds: audio", f"holds: audio, label: {label}").replace("[word, sound]", "[word]")
    declared = declared.replace("[meaning, ", "[meaning, sound, ")
    page = page_of(tmp_path, with_media(WORD | {"sound": sound}, declared=declared)).read_text(encoding="utf-8")
    assert page.count(f"<h4>{label}</h4>") == headings
    assert page.count(f"<span>{said}</span>") == 1
