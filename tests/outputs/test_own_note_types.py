"""A field or a note type is declared in one file, and every check and every output has it from there."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cardpress.anki.card_templates import fill_card_template, join_css
from cardpress.anki.fields import list_card_numbers
from cardpress.anki.package import read_package
from cardpress.anki.stamps import stamp
from cardpress.deck.notes import Deck, Note
from cardpress.diagnostics import SourceFile
from cardpress.engine import ROOT
from cardpress.history.records import History, Release, parse, to_moment, to_text
from cardpress.note_types import NoteType
from cardpress.note_types.identity import make_guid
from cardpress.pipeline import check_project
from cardpress.release.changes import Change, add_texts, find_changes
from cardpress.release.documents import extend_history
from cardpress.source.note_types.folders import make_shape
from cardpress.source.templates.loading import load_templates
from cardpress.writers import load_writer
from tests.conftest import DECK, WriteProject
from tests.helpers.decks import deck_from, deck_of, package_of, page_of
from tests.helpers.diagnostics import codes, places, problems
from tests.helpers.json_bundle import bundle_and_schema, problems_of, valid
from tests.helpers.own_note_types import (
    ASKING_TWO,
    CAT,
    DECK_OF_WORDS,
    DOG,
    LOOSE_WORD,
    SENTENCE,
    WORD,
    place_of,
    with_below,
    with_follow_up,
    with_words,
)
from tests.helpers.pdf_pages import glyphs, sheets, words
from tests.helpers.sample_project import EVERYTHING, SNIPPET
from tests.helpers.visible_text import visible
from tests.helpers.yaml_text import indented, question

NEXT = "A *harder* one, in `x < y`: [here](https://example.org/harder)."
NEXT_HTML = (
    '<p>A <em>harder</em> one, in <code>x &lt; y</code>: <a href="https://example.org/harder" '
    'rel="noopener noreferrer">here</a>.</p>'
)
NEXT_TEXT = "A harder one, in x < y: here."


def only(deck: Deck) -> Note:
    (note,) = deck.notes()
    return note


def kind(deck: Deck, name: str) -> NoteType:
    return next(each for each in deck.note_types if each.kind == name)


def models(package: bytes) -> list[dict[str, Any]]:
    """Return the note types of a package, as Anki stores them."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive, closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(archive.read("collection.anki2"))
        return list(json.loads(connection.execute("select models from col").fetchone()[0]).values())


def cards(package: bytes) -> list[list[int]]:
    """Return the numbers, from 0, of each note's cards in a package."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive, closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(archive.read("collection.anki2"))
        rows = connection.execute("select group_concat(ord) from cards group by nid order by due, nid").fetchall()
        return [sorted(map(int, row[0].split(","))) for row in rows]


def released(deck: Deck) -> History:
    return extend_history(None, deck, Release("1.0.0", "2026-01-02", "", "", to_moment("2026-01-02")))


def changed(before: Deck, after: Deck) -> list[Change]:
    """Return what `diff` tells of two decks, the first of which was released, with the texts of both."""
    history = released(before)
    found = find_changes(stamp(after, history), history)
    return list(add_texts(found, after, read_package(package_of(before))).notes)


def html_of(deck: Deck) -> str:
    return load_writer("page")(deck).artifacts[0].data.decode()


def text_of(deck: Deck, sheet: str) -> str:
    return "".join(words(glyphs(page)) for page in sheets(deck)[sheet].pages)


# --- a field more ---------------------------------------------------------------------------------------------------


def test_the_line_that_declares_a_field_makes_it_a_key(write_project: WriteProject) -> None:
    assert codes(check_project(write_project({"first.yaml": question(follow_up=NEXT)})).diagnostics) == [
        "no-source",
        "unknown-key",
    ]
    assert check_project(write_project(with_follow_up(follow_up=NEXT))).diagnostics == ()


def test_the_declaration_alone_says_what_the_key_means(write_project: WriteProject) -> None:
    note_type = kind(deck_of(write_project(with_follow_up())), "interview")
    assert make_shape(note_type).optional["follow_up"] == "What comes next (Markdown)."


def test_without_it_a_question_is_as_it_was(write_project: WriteProject) -> None:
    note = only(deck_of(write_project(with_follow_up())))
    assert "follow_up" not in note.contents
    assert note.fields["FollowUp"] == ""


@pytest.mark.parametrize(
    ("lines", "place", "code"),
    [
        ("See [that](htp://example.org).", "5:16", "bad-url"),
        ("See [that](javascript:x).", "5:16", "unsafe-html"),
        ("Like this:\n\n```python\nx = 1", "7:5", "unclosed-fence"),
        ("Like this:\n\n```pyton\nx = 1\n```", "7:8", "unknown-language"),
        ("One\n<center>two</center>", "6:5", "unsupported-html"),
        ("One <script>", "5:9", "unsafe-html"),
        ("![A dot](dott.png)", "5:14", "missing-media"),
        ("![A dot](../../dot.png)", "5:14", "path-outside-source"),
        ("![](dot.png)", "5:9", "missing-description"),
        ("401. The status", "5:5", "number-becomes-list"),
        ("One 日", "5:9", "missing-glyph"),
    ],
)
def test_a_mistake_in_its_text_is_reported_where_it_is(
    write_project: WriteProject, lines: str, place: str, code: str
) -> None:
    first = f"- id: one\n  question: What is one?\n  answer: The first.\n  follow_up: {indented(lines)}"
    project = write_project(EVERYTHING | with_follow_up() | {"deck.yaml": DECK, "first.yaml": first})
    (project / "source" / "second.yaml").unlink()
    assert places(problems(project)) == [f"source/first.yaml:{place} {code}"]


@pytest.mark.parametrize(
    ("value", "code"), [("", "empty-text"), ("[a]", "wrong-type"), ("{a: b}", "wrong-type"), ("yes", "text-expected")]
)
def test_a_value_of_another_kind_is_reported_where_it_is(write_project: WriteProject, value: str, code: str) -> None:
    first = f"- id: one\n  question: What is one?\n  answer: The first.\n  follow_up: {value}\n"
    found = problems(write_project(with_follow_up() | {"first.yaml": first}))
    assert codes(found) == [code]
    assert (found[0].span.path, found[0].span.line) == ("source/first.yaml", 4)


def test_it_is_a_field_in_anki_with_a_number_of_its_own(write_project: WriteProject) -> None:
    deck = deck_of(write_project(with_follow_up(follow_up=NEXT)))
    ours, theirs = load_templates(ROOT)[0].declared.note_types["interview"], kind(deck, "interview")
    (model,) = models(package_of(deck))
    names = [field["name"] for field in model["flds"]]
    spares = [field.name for field in theirs.spares]
    assert [name for name in names if name != "FollowUp"] == [*(field.name for field in ours.fields), *spares]
    numbers = {field["name"]: field["id"] for field in model["flds"]}
    assert numbers == {field.name: theirs.field_id("sample", field) for field in theirs.fields}
    assert numbers.items() >= {field.name: ours.field_id("sample", field) for field in ours.fields}.items()
    assert len(set(numbers.values())) == len(numbers)
    (note,) = read_package(package_of(deck)).notes.values()
    assert note.fields[names.index("FollowUp")] == only(deck).fields["FollowUp"] == NEXT_HTML


def test_it_stands_on_the_card_where_its_author_put_it(write_project: WriteProject) -> None:
    deck = deck_of(write_project(with_follow_up(follow_up=NEXT)))
    (model,) = models(package_of(deck))
    template, *_ = model["tmpls"]
    assert "{{#FollowUp}}<section><h2>Follow-up</h2><div>{{FollowUp}}</div></section>{{/FollowUp}}" in template["afmt"]
    assert "FollowUp" not in template["qfmt"]


def test_a_card_that_the_engine_writes_has_it_under_its_label(write_project: WriteProject) -> None:
    files = with_follow_up(follow_up=NEXT)
    declared = str(files[place_of("interview")]).replace("    front: front.html\n    back: back.html\n", "")
    deck = deck_of(write_project(files | {place_of("interview"): declared}))
    note_type = kind(deck, "interview")
    front, back = fill_card_template(deck, note_type, note_type.cards[0])
    assert re.search(r"\{\{#FollowUp\}\}<section><h2>Follow-up</h2><div[^>]*>\{\{FollowUp\}\}</div></section>", back)
    assert "{{Question}}" in front
    assert "FollowUp" not in front


def test_its_signs_are_no_signs_to_anki(write_project: WriteProject) -> None:
    deck = deck_of(write_project(with_follow_up(follow_up="[sound:x.mp3]")))
    assert only(deck).fields["FollowUp"] == "<p><span>[</span>sound:x.mp3]</p>"


def test_its_pictures_ship_and_its_code_is_in_colors(tmp_path: Path) -> None:
    text = "![A dot](dot.png)\n\n```python\nx = 1\n```"
    deck = deck_from(tmp_path, with_follow_up(follow_up=text))
    (picture,) = deck.media
    assert picture.origin == "dot.png"
    assert f'src="{picture.name}"' in only(deck).fields["FollowUp"]
    assert '<span class="mi">1</span>' in only(deck).fields["FollowUp"]


def test_the_bundle_has_it_and_the_schema_knows_it(write_project: WriteProject) -> None:
    deck = deck_of(write_project(with_follow_up(follow_up=NEXT)))
    (found,) = valid(deck)["questions"]
    assert found["follow_up"] == {"markdown": NEXT, "html": NEXT_HTML, "text": NEXT_TEXT}
    bundle, schema = bundle_and_schema(deck)
    bundle["questions"][0]["follow_up"] = "a plain text"
    assert problems_of(bundle, schema) != []


def test_the_schema_of_a_project_without_it_refuses_it(write_project: WriteProject) -> None:
    bundle, _ = bundle_and_schema(deck_of(write_project(with_follow_up(follow_up=NEXT))))
    assert problems_of(bundle, bundle_and_schema(deck_of(ROOT))[1]) != []


def test_the_page_has_it_under_its_label(tmp_path: Path) -> None:
    page = page_of(tmp_path, with_follow_up(follow_up=NEXT)).read_text(encoding="utf-8")
    html = NEXT_HTML.replace(' rel="noopener noreferrer"', "")
    assert f"<h4>Follow-up</h4>\n<div>{html}</div>" in page
    (tmp_path / "without").mkdir()
    assert "Follow-up" not in page_of(tmp_path / "without", with_follow_up()).read_text(encoding="utf-8")


def test_the_booklet_has_it_under_its_label(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, with_follow_up(follow_up=NEXT))
    for paper in ("a4", "letter"):
        assert f"Follow-up{''.join(NEXT_TEXT.split())}" in text_of(deck, f"booklet-{paper}")


def test_readers_have_it_last_when_no_card_names_it(tmp_path: Path) -> None:
    files = with_follow_up(follow_up=NEXT, how_to_answer="Briefly.")
    declared = str(files[place_of("interview")]).replace("      - follow_up\n", "")
    deck = deck_from(tmp_path, files | {place_of("interview"): declared})
    assert [field.key for field, _ in only(deck).back()][-1] == "follow_up"
    assert f"Briefly. Follow-up {NEXT_TEXT}" in visible(html_of(deck))
    assert f"Follow-up{''.join(NEXT_TEXT.split())}" in text_of(deck, "booklet-a4")


def test_a_change_of_it_is_told_as_a_change_of_that_detail(tmp_path: Path) -> None:
    before = deck_from(tmp_path, with_follow_up(follow_up="An *old* one."))
    after = deck_from(tmp_path, with_follow_up(follow_up=NEXT))
    (change,) = changed(before, after)
    assert (change.id, change.what, change.updates) == ("one", ("details changed",), True)
    assert [(field.name, field.old, field.new) for field in change.fields] == [
        ("FollowUp", "An old one.", "A harder one, in x < y: here.")
    ]
    assert changed(before, before) == []


# --- a note type that is not ours -----------------------------------------------------------------------------------


@pytest.fixture
def deck(tmp_path: Path) -> Deck:
    return deck_from(tmp_path, with_words())


def test_a_declaration_is_all_that_a_note_type_needs(write_project: WriteProject) -> None:
    assert check_project(write_project(with_words())).diagnostics == ()


def test_its_package_has_one_note_type_with_a_template_for_each_card(deck: Deck) -> None:
    (model,) = models(package_of(deck))
    assert model["name"] == "Sample deck · Word"
    assert [template["name"] for template in model["tmpls"]] == ["Recognise", "Recall", "Spare1", "Spare2"]
    assert [field["name"] for field in model["flds"]] == [
        *("Word", "Meaning", "Sentence"),
        *("Notice", "About", "Section", "Id", "Version"),
        *("Spare1", "Spare2", "Spare3", "Spare4", "Spare5"),
    ]


def test_a_note_has_the_guid_of_its_id_whatever_its_type(deck: Deck) -> None:
    assert [note.guid for note in deck.notes()] == [make_guid("sample", name) for name in ("perro", "gato")]


def test_each_note_has_a_card_for_each_template(deck: Deck) -> None:
    assert [list_card_numbers(note) for note in deck.notes()] == [(1, 2), (1, 2)]
    assert cards(package_of(deck)) == [[0, 1], [0, 1]]


def test_its_cards_ask_and_answer_what_they_say(deck: Deck) -> None:
    note_type = kind(deck, "word")
    (front, back), (second_front, second_back) = (fill_card_template(deck, note_type, c) for c in note_type.cards)
    assert [name in front for name in ("{{Word}}", "{{Meaning}}", "{{Sentence}}")] == [True, False, False]
    assert [name in second_front for name in ("{{Word}}", "{{Meaning}}", "{{Sentence}}")] == [False, True, False]
    answered = re.compile(r'<hr id="answer">\s*<div class="answer"[^>]*>\{\{(\w+)\}\}</div>')
    for text, answer in ((back, "Meaning"), (second_back, "Word")):
        assert answered.findall(text) == [answer]
        assert text.index("{{#Sentence}}") > text.index('<hr id="answer">')
    for text in (front, back, second_front, second_back):
        assert "@@" not in text


def test_its_numbers_are_permanent(tmp_path: Path) -> None:
    """When this fails, do not change what it expects: learners' collections have these numbers."""
    built = [package_of(deck_from(tmp_path / name, with_words(words))) for name, words in (("a", DOG), ("b", CAT))]
    for package in built:
        (model,) = models(package)
        assert model["id"] == "1207070539322219"
        assert [template["id"] for template in model["tmpls"]] == [
            *(8647150130340590, 8737139649646093),
            *(7583176633898520, 8631081064548260),
        ]
        assert [field["id"] for field in model["flds"]] == [
            *(3443296755082869, 2428912927776030, 457556074601323),
            *(8618693210157212, 1020585246551870, 8594972447049971, 5416970531670002, 4279206816370872),
            *(598347791487102, 2147699150205407, 8640045907992183, 7764544479202152, 5661551745825402),
        ]


def test_its_numbers_do_not_depend_on_names_that_readers_see(write_project: WriteProject) -> None:
    renamed = (
        WORD.replace("{key: sentence,", "{key: sentence, name: Example, was: Sentence,")
        .replace("{name: Recall,", "{name: Back, was: Recall,")
        .replace("title: Word", "title: Vocabulary")
    )
    (before,), (after,) = (
        models(package_of(deck_of(write_project(with_words(declared=each))))) for each in (WORD, renamed)
    )
    assert [template["name"] for template in after["tmpls"]] == ["Recognise", "Back", "Spare1", "Spare2"]
    assert after["flds"][2]["name"] == "Example"
    for part in ("tmpls", "flds"):
        assert [each["id"] for each in after[part]] == [each["id"] for each in before[part]]
    assert after["id"] == before["id"]


def test_no_two_of_its_numbers_are_the_same(deck: Deck) -> None:
    numbers = [
        number
        for each in deck.note_types
        for number in (
            each.id("sample"),
            *(each.template_id("sample", card) for card in each.cards),
            *(each.spare_card_id("sample", name) for name in each.spare_cards),
            *(each.field_id("sample", field) for field in each.fields),
        )
    ]
    assert len(set(numbers)) == len(numbers)


def test_a_card_that_has_nothing_to_ask_is_not_made(tmp_path: Path) -> None:
    word = {"id": "ay", "word": "¡ay!", "sentence": "¡Ay, mi *perro*!"}
    assert cards(package_of(deck_from(tmp_path, with_words(word, DOG, declared=LOOSE_WORD)))) == [[0], [0, 1]]


def test_a_front_shows_nothing_to_a_note_without_the_first_of_what_it_asks(deck: Deck, tmp_path: Path) -> None:
    optional = kind(deck_from(tmp_path / "optional", with_words(declared=ASKING_TWO)), "word")
    fronts = [fill_card_template(deck, optional, card)[0].strip() for card in optional.cards]
    assert [(front.startswith("{{#Meaning}}<div"), front.endswith("{{/Meaning}}")) for front in fronts] == [
        (False, False),
        (True, True),
    ]
    required = kind(deck, "word")
    assert all(fill_card_template(deck, required, card)[0].startswith("<div") for card in required.cards)


def test_a_note_has_a_card_when_it_has_the_first_of_what_the_card_asks(tmp_path: Path) -> None:
    bare = {"id": "ay", "word": "¡ay!", "sentence": "¡Ay, mi *perro*!"}
    deck = deck_from(tmp_path, with_words(bare, CAT, DOG, declared=ASKING_TWO))
    assert cards(package_of(deck)) == [[0], [0, 1], [0, 1]]


def test_what_it_needs_is_missed_where_it_should_be(write_project: WriteProject) -> None:
    found = problems(write_project(with_words({"id": "perro", "word": "el perro"})))
    assert codes(found) == ["missing-key"]
    assert "a word has no `meaning`" in found[0].message


def test_keys_of_another_note_type_are_not_its_keys(write_project: WriteProject) -> None:
    found = problems(write_project(with_words({**DOG, "anser": "x", "meanin": "x"})))
    assert [(each.code, each.help.startswith("did you mean `meaning`")) for each in found] == [
        ("unknown-key", False),
        ("unknown-key", True),
    ]


def test_the_page_has_all_of_it(tmp_path: Path) -> None:
    page = visible(page_of(tmp_path, with_words()).read_text(encoding="utf-8"))
    assert "el perro # Show answer the dog El perro duerme. el gato # Show answer the cat" in page


def test_a_key_that_is_called_as_a_class_of_the_page_is_not_hidden_with_it(tmp_path: Path) -> None:
    declared = WORD.replace("key: sentence", "key: tools").replace("sentence]", "tools]")
    page = page_of(tmp_path, with_words({**CAT, "tools": "a sentence"}, declared=declared)).read_text(encoding="utf-8")
    assert '<div class="extra"><p>a sentence</p></div>' in page


def test_every_sheet_has_what_it_asks_and_answers(deck: Deck) -> None:
    made = sheets(deck)
    assert sorted(made) == [
        f"{sheet}-{paper}" for sheet in ("booklet", "flashcards", "study-notes") for paper in ("a4", "letter")
    ]
    for name, pdf in made.items():
        text = "".join(words(glyphs(page)) for page in pdf.pages)
        for expected in ("elperro", "thedog", "elgato", "thecat"):
            assert expected in text, name
    for paper in ("a4", "letter"):
        assert "Elperroduerme." in text_of(deck, f"booklet-{paper}")


def test_its_notes_are_in_the_bundle_under_their_keys(deck: Deck) -> None:
    dog, cat = valid(deck)["questions"]
    assert list(dog) == ["id", "guid", "note_type", "section", "word", "meaning", "sentence", "cards"]
    assert dog["sentence"] == {
        "markdown": "*El perro* duerme.",
        "html": "<p><em>El perro</em> duerme.</p>",
        "text": "El perro duerme.",
    }
    assert (cat["word"]["text"], "sentence" in cat) == ("el gato", False)
    _, schema = bundle_and_schema(deck)
    assert schema["$defs"]["question-word"]["required"] == [
        "id",
        "guid",
        "note_type",
        "section",
        "word",
        "meaning",
    ]


@pytest.mark.parametrize(
    ("keys", "what", "field"),
    [
        ({"word": "la perra"}, ("reworded",), "Word"),
        ({"meaning": "a dog"}, ("answer changed",), "Meaning"),
        ({"sentence": "Duerme."}, ("details changed",), "Sentence"),
    ],
)
def test_a_change_of_a_note_is_told_by_what_its_first_card_asks(
    tmp_path: Path, keys: dict[str, str], what: tuple[str, ...], field: str
) -> None:
    before, after = (deck_from(tmp_path, with_words({**DOG, **each})) for each in ({}, keys))
    (change,) = changed(before, after)
    assert (change.kind, change.what, [each.name for each in change.fields]) == ("word", what, [field])


def test_another_design_of_any_of_its_cards_is_told(tmp_path: Path) -> None:
    history = released(deck_from(tmp_path, with_words()))
    declared = WORD.replace("asks: [meaning], answers: [word, sentence]", "asks: [meaning], answers: [word]")
    deck = deck_from(tmp_path, with_words(declared=declared))
    assert find_changes(stamp(deck, history), history).note_types == ("word",)
    assert find_changes(stamp(deck_from(tmp_path, with_words()), history), history).note_types == ()


def test_history_keeps_the_numbers_of_all_its_cards(deck: Deck) -> None:
    written = released(deck)
    read = parse(SourceFile("source/history.json", to_text(written)))
    assert isinstance(read, History)
    assert read.note_types == written.note_types
    assert read.note_types["word"].list_cards() == [8647150130340590, 8737139649646093]


def test_a_label_is_words_and_no_template(tmp_path: Path) -> None:
    declared = WORD.replace(SENTENCE, "{key: sentence, holds: text, label: 'The {{Word}} <in> use'}")
    deck = deck_from(tmp_path, with_words(declared=declared))
    note_type = kind(deck, "word")
    back = fill_card_template(deck, note_type, note_type.cards[1])[1]
    assert back.count("{{Word}}") == 1
    assert "<in>" not in back
    assert "The {{Word}} <in> use" in visible(back)


def test_its_own_style_comes_after_ours_and_on_its_cards_alone(tmp_path: Path) -> None:
    style = ".sheet { color: teal }\n"
    second = f"{DECK_OF_WORDS}  - {{id: second, title: Second, note_type: interview}}\n"
    files = with_words(deck=second) | {"second.yaml": question(), place_of("word", "style.css"): style}
    deck = deck_from(tmp_path, files)
    plain = join_css(deck, kind(deck, "interview"))
    assert "teal" not in plain
    assert join_css(deck, kind(deck, "word")) == f"{plain}\n{style}"


def test_its_own_templates_take_the_place_of_what_the_engine_writes(write_project: WriteProject) -> None:
    declared = WORD.replace("{name: Recognise,", "{name: Recognise, front: front.html, back: back.html,")
    files = with_words(declared=declared)
    files |= {place_of("word", "front.html"): "<b>{{Word}}</b>", place_of("word", "back.html"): "{{Meaning}}"}
    deck = deck_of(write_project(files))
    note_type = kind(deck, "word")
    assert fill_card_template(deck, note_type, note_type.cards[0]) == ("<b>{{Word}}</b>", "{{Meaning}}")
    assert "{{Meaning}}" in fill_card_template(deck, note_type, note_type.cards[1])[0]


def test_its_own_template_is_checked_against_its_fields(write_project: WriteProject) -> None:
    declared = WORD.replace("{name: Recognise,", "{name: Recognise, front: front.html,")
    files = with_words(declared=declared) | {place_of("word", "front.html"): "<b>\n{{Wrod}}</b>"}
    (found,) = problems(write_project(files))
    assert places([found]) == ["templates/note-types/word/front.html:2:1 template-field"]
    assert found.help == "did you mean `Word`?"


def test_a_template_that_is_not_there_is_missed_where_it_is_named(write_project: WriteProject) -> None:
    declared = WORD.replace("{name: Recall,", "{name: Recall, back: back.html,")
    found = problems(write_project(with_words(declared=declared)))
    assert places(found) == ["templates/note-types/word/note-type.yaml:9:26 missing-file"]


# --- where a kind is named ------------------------------------------------------------------------------------------


def test_the_deck_can_name_the_kind_of_all_its_questions(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, with_words(deck=f"note_type: word\n{DECK}"))
    assert [note.note_type.kind for note in deck.notes()] == ["word", "word"]
    assert [each.kind for each in deck.note_types] == ["word"]


def test_a_section_or_a_question_can_name_another_kind(tmp_path: Path) -> None:
    second = "  - {id: second, title: Second, note_type: interview}\n  - {id: third, title: Third}\n"
    files = with_words(DOG, deck=f"note_type: word\n{DECK}{second}")
    files |= {
        "second.yaml": question(id="two", sources=["https://example.org/"])
        + json.dumps([CAT | {"note_type": "word"}])[1:-1].join(("- ", "\n")),
        "third.yaml": f"- {json.dumps({**DOG, 'id': 'gato-2'})}\n",
    }
    deck = deck_from(tmp_path, files)
    kinds = [(note.id, note.note_type.kind) for note in deck.notes()]
    assert kinds == [("perro", "word"), ("two", "interview"), ("gato", "word"), ("gato-2", "word")]
    assert {each["name"] for each in models(package_of(deck))} == {"Sample deck · Word", "Sample deck · interview"}
    assert len(valid(deck)["questions"]) == 4


@pytest.mark.parametrize("name", ["my-word", "my_word", "2nd", "w"])
def test_a_kind_of_any_name_that_is_allowed_fits_the_schema(tmp_path: Path, name: str) -> None:
    files = with_words(DOG, deck=f"note_type: {name}\n{DECK}") | {place_of(name): WORD}
    assert [note["id"] for note in valid(deck_from(tmp_path, files))["questions"]] == ["perro"]


@pytest.mark.parametrize(
    ("deck", "place"),
    [
        (DECK_OF_WORDS.replace("note_type: word", "note_type: wrod"), "8:16"),
        (f"note_type: wrod\n{DECK_OF_WORDS}", "1:12"),
    ],
)
def test_a_kind_that_nothing_declares_is_reported_where_it_is_named(
    write_project: WriteProject, deck: str, place: str
) -> None:
    found = problems(write_project(with_words(deck=deck)))
    assert places(found) == [f"source/deck.yaml:{place} unknown-note-type"]
    assert (found[0].message, found[0].help) == ("no note type `wrod`", "did you mean `word`?")


def test_a_question_that_names_a_kind_that_nothing_declares_is_reported(write_project: WriteProject) -> None:
    (found,) = problems(write_project(with_words({**DOG, "note_type": "wrod"})))
    assert (found.code, found.span.path, found.help) == (
        "unknown-note-type",
        "source/first.yaml",
        "did you mean `word`?",
    )


def test_its_notes_can_stand_below_a_question(tmp_path: Path) -> None:
    recall = [DOG, {"id": "r", "question": "R?", "answer": "It *is*."}, {"id": "c", "cloze": "A {{c1::gap}}."}]
    files = with_below("recall, cloze, word", recall)
    deck = deck_from(tmp_path, files)
    assert [note.note_type.kind for note in only(deck).recall] == ["word", "recall", "cloze"]
    assert [note["id"] for note in valid(deck)["questions"][0]["recall"]] == ["perro", "r", "c"]
    assert cards(package_of(deck)) == [[0], [0, 1], [0], [0]]
    page = visible(page_of(tmp_path, files).read_text(encoding="utf-8"))
    assert "Recall notes: 3 el perro the dog El perro duerme. R? It is. A gap." in page
    for paper in ("a4", "letter"):
        assert "elperrothedogElperroduerme." in text_of(deck, f"booklet-{paper}")


def test_notes_fit_the_schema_when_two_kinds_have_the_same_keys(tmp_path: Path) -> None:
    fact = {"id": "r", "question": "R?", "answer": "B."}
    twice = with_below("recall, cloze, fact", [fact])
    twice["first.yaml"] = str(twice["first.yaml"]) + question(id="two", note_type="fact", question="Else?")
    deck = deck_from(tmp_path, twice)
    assert [note.note_type.kind for note in deck.notes()] == ["interview", "fact"]
    one, two = valid(deck)["questions"]
    assert (one["recall"][0]["id"], two["id"]) == ("r", "two")
    _, schema = bundle_and_schema(deck)
    kinds = schema["$defs"]["question-interview"]["properties"]["recall"]["items"]["anyOf"]
    assert [kind["$ref"] for kind in kinds] == [f"#/$defs/note-{kind}" for kind in ("recall", "cloze", "fact")]


@pytest.mark.parametrize("place", ["question", "recall note"])
def test_a_note_that_fits_none_of_several_kinds_does_not_fit_the_schema(tmp_path: Path, place: str) -> None:
    files = with_below("recall, cloze, fact", [{"id": "r", "question": "R?", "answer": "B."}])
    files["first.yaml"] = str(files["first.yaml"]) + question(id="two", note_type="fact", question="Else?")
    bundle, schema = bundle_and_schema(deck_from(tmp_path, files))
    first = bundle["questions"][0]
    del (first if place == "question" else first["recall"][0])["question"]
    assert problems_of(bundle, schema) != []


# --- every kind of value --------------------------------------------------------------------------------------------

EVERY_KIND = """\
title: everything
noun: an entry
fields:
  - {key: asked, holds: line, required: true}
  - {key: told, holds: text, required: true}
  - {key: a_line, holds: line, label: A line}
  - {key: a_text, holds: text, label: A text}
  - {key: folded, holds: text, label: Folded text, folded: true}
  - {key: many, holds: lines, label: Many lines}
  - key: both
    holds: pairs
    label: Two by two
    noun: a couple
    parts: [{key: one, label: One}, {key: two, label: Two}]
  - {key: code, holds: snippet, label: Some code}
  - {key: prints, holds: output, label: Prints}
  - {key: reading, holds: links, label: Reading}
  - {key: year, holds: number, label: Year}
  - {key: mood, holds: one-of, values: [merry, gloomy], label: Mood}
  - {key: others, holds: ids, label: Others}
cards:
  - asks: [asked]
    answers: [told, a_line, a_text, folded, many, both, code, prints, reading, year, mood, others]
"""
# By key: what is written, what Anki's field has of it, and what a reader sees.
VALUES: dict[str, tuple[Any, str, str]] = {
    "a_line": ("a *short* line", "a <em>short</em> line", "a short line"),
    "a_text": ("a **long** text", "<p>a <strong>long</strong> text</p>", "a long text"),
    "folded": ("put *away*", "<p>put <em>away</em></p>", "put away"),
    "many": (["first of", "second *of*"], "<ul><li>first of</li><li>second <em>of</em></li></ul>", "second of"),
    "both": (
        [{"one": "left *side*", "two": "right side"}],
        '<ul><li><div class="one">left <em>side</em></div><div class="two">right side</div></li></ul>',
        "left side",
    ),
    "code": ("one.py", "<pre><code", "print(one)"),
    "prints": ("a  <b>\n  c", "<pre>a  &lt;b&gt;\n  c</pre>", "<b> c"),
    "reading": (
        [{"title": "That & this", "url": "https://example.org/?a&b"}],
        '<ul><li><a href="https://example.org/?a&amp;b">That &amp; this</a></li></ul>',
        "That & this",
    ),
    "year": (1859, "1859", "1859"),
    "mood": ("gloomy", "gloomy", "gloomy"),
    "others": (["another"], "<ul><li>another</li></ul>", "another"),
}


@pytest.fixture(scope="module")
def every_kind(tmp_path_factory: pytest.TempPathFactory) -> Deck:
    written = {key: value for key, (value, _, _) in VALUES.items()}
    entries = [
        {"id": "whole", "asked": "What is whole?", "told": "All.", **written},
        {"id": "another", "asked": "Who else?", "told": "Nobody."},
    ]
    files: dict[str, str | bytes] = {
        "deck.yaml": f"note_type: every\n{DECK}",
        place_of("every"): EVERY_KIND,
        "first.yaml": "".join(f"- {json.dumps(entry)}\n" for entry in entries),
        "snippets/one.py": SNIPPET,
    }
    return deck_from(tmp_path_factory.mktemp("every"), files)


@pytest.mark.parametrize("key", VALUES)
def test_every_kind_of_value_is_in_its_anki_field(every_kind: Deck, key: str) -> None:
    note = next(every_kind.notes())
    name = note.note_type.field(key).name
    assert name == key.title().replace("_", "")
    assert VALUES[key][1] in note.fields[name]
    back = fill_card_template(every_kind, note.note_type, note.note_type.cards[0])[1]
    label = note.note_type.field(key).label
    assert re.search(rf"\{{\{{#{name}\}}\}}<(details|section)>.*{label}.*\{{\{{{name}\}}\}}.*\{{\{{/{name}\}}\}}", back)


def test_every_kind_of_value_is_in_the_bundle(every_kind: Deck) -> None:
    whole, another = valid(every_kind)["questions"]
    assert list(whole) == ["id", "guid", "note_type", "section", "asked", "told", *VALUES, "cards"]
    assert list(another) == ["id", "guid", "note_type", "section", "asked", "told", "cards"]
    for key in ("prints", "reading", "year", "mood", "others"):
        assert whole[key] == VALUES[key][0]
    assert [line["markdown"] for line in whole["many"]] == VALUES["many"][0]
    assert whole["both"][0]["one"]["html"] == "left <em>side</em>"
    assert whole["code"].endswith("print(one)")


def test_every_kind_of_value_is_on_the_page_and_in_the_booklet(every_kind: Deck) -> None:
    shown = visible(html_of(every_kind))
    booklet = text_of(every_kind, "booklet-a4")
    for key, (_, _, seen) in VALUES.items():
        assert (seen if key != "others" else "Who else?") in shown, key
        assert "".join((seen if key != "others" else "Who else?, page").split()) in booklet, key


@pytest.mark.parametrize("key", VALUES)
def test_every_label_is_on_the_page_and_in_the_booklet(every_kind: Deck, key: str) -> None:
    label = next(every_kind.notes()).note_type.field(key).label
    assert label in visible(html_of(every_kind))
    assert label.replace(" ", "") in text_of(every_kind, "booklet-a4")


def test_pairs_stand_below_their_label(every_kind: Deck) -> None:
    assert '<h4>Two by two</h4>\n<dl class="pairs">' in html_of(every_kind)


@pytest.mark.parametrize("key", [key for key in VALUES if key != "others"])
def test_a_first_answer_of_any_kind_is_on_the_page_and_in_the_booklet(tmp_path: Path, key: str) -> None:
    value, _, seen = VALUES[key]
    files: dict[str, str | bytes] = {
        "deck.yaml": f"note_type: every\n{DECK}",
        place_of("every"): re.sub(rf", {key}(?=[],])", "", EVERY_KIND).replace(
            "answers: [told", f"answers: [{key}, told"
        ),
        "first.yaml": f"- {json.dumps({'id': 'a', 'asked': 'What?', 'told': 'All.', key: value})}\n",
    }
    deck = deck_from(tmp_path, files)
    assert seen in visible(html_of(deck))
    assert "".join(seen.split()) in text_of(deck, "booklet-a4")
