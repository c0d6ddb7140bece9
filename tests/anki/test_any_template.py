"""Whatever stands in fields and templates, what a card shows is what the real Anki makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cardpress.anki.card_rendering import Sides, render_sides
from cardpress.anki.card_sounds import Sound, Speech
from cardpress.note_types.template_parts import read_template
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.anki_html import name_hints

if TYPE_CHECKING:
    from anki.sound import AVTag


FIELDS = ("A", "B", "C")
# What Anki shows in the place of a card that is empty, or whose template has a mistake.
_MISTAKE = "docs.ankiweb.net/templates/errors.html"
PIECES = [
    *(
        "a",
        "漢字",
        "é",
        "ß",
        "[か]",
        "漢[か]",
        "[",
        "]",
        " ",
        "\t",
        "\n",
        "\u3000",
        "&nbsp;",
        "&amp;",
        "&lt;b&gt;",
        "&",
        "&#65;",
    ),
    *("&#x41;", "&bogus;", "&#;", "<b>", "</b>", "<br>", "<div>", "</div>", "<br/>", "<", ">", '"', "'", "=", "{", "}"),
    *(
        "{{c1::",
        "{{c2::",
        "{{c1,2::",
        "{{c0::",
        "{{c::",
        "{{c99999::",
        "}}",
        "::",
        "hint",
        "...",
        "\\(",
        "\\)",
        "\\[",
        "\\]",
    ),
    *(
        "[sound:a.mp3]",
        "[sound:b/x&amp;y.ogg]",
        "[sound:]",
        "[anki:tts lang=de_DE]",
        "[/anki:tts]",
        '[anki:odd a="x y"]',
    ),
    *("[/anki:odd]", "[anki:play:q:0]", "<!-- ", "-->", "<script>", "</script>", "<style>", "</style>", "<script"),
    *(
        "image-occlusion:rect:left=.1:top=.2:width=.3:height=0:oi=1",
        "image-occlusion:",
        "image-occlusion:text:text=a\\:b",
    ),
    *("image-occlusion:polygon:points=.1,.2 3 .3,.4:fill=#fff", "image-occlusion:ellipse:rx=0:ry=.1:angle="),
]
FILTERS = ["cloze", "cloze-only", "type", "hint", "text", "furigana", "kana", "kanji", "nc", "", "odd", "tts en_US"]
texts = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)
names = st.sampled_from([*FIELDS, *FIELDS, *FIELDS, "FrontSide", "Tags", "Card", "CardFlag"])
filters = st.lists(st.sampled_from([*FILTERS, "tts ja_JP voices=A,B speed=0.8"]), max_size=3)
places = st.builds(lambda chain, name: "{{" + "".join(f"{each}:" for each in chain) + name + "}}", filters, names)
plain = st.sampled_from(
    ["<p>", "{", "}", " ", "{{{A}}}", "{{ A }}", "<!--{{A}}-->", "<!--", "-->", "[sound:t.mp3]", "[anki:tts lang=en]"]
)
templates = st.recursive(
    st.one_of(places, places, plain),
    lambda inside: st.one_of(
        st.lists(inside, max_size=4).map("".join),
        st.builds(
            lambda sign, name, part: f"{{{{{sign}{name}}}}}{part}{{{{/{name}}}}}",
            st.sampled_from("#^"),
            st.sampled_from([*FIELDS, *FIELDS, "Card", "Tags", "c1", "c2"]),
            inside,
        ),
    ),
    max_leaves=8,
)


@dataclass(frozen=True)
class Engine:
    """The real engine, with a note type of three fields, and another that has deletions."""

    learner: Learner
    note_types: dict[bool, Any]

    def render(self, front: str, back: str, fields: dict[str, str], place: int, *, is_cloze: bool) -> Any:
        """Return what it makes of two templates. `place` is the card's, from 0."""
        from anki.cards import Card  # its module cannot be the first of Anki's to be imported
        from anki.template import TemplateRenderContext

        note_type = self.note_types[is_cloze]
        note = self.learner.collection.new_note(note_type)
        for name, value in fields.items():
            note[name] = value
        card = Card(self.learner.collection)
        card.ord = place
        template = note_type["tmpls"][0] | {"qfmt": front, "afmt": back, "ord": place}
        return TemplateRenderContext.from_card_layout(note, card, note_type, template, False).render()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with learning(tmp_path_factory.mktemp("engine") / "learner") as learner:
        models = learner.collection.models
        note_types = {}
        for is_cloze in (False, True):
            made = models.new(f"Cloze: {is_cloze}")
            made["type"] = int(is_cloze)
            for name in FIELDS:
                models.add_field(made, models.new_field(name))
            template = models.new_template("Card")
            template["qfmt"] = template["afmt"] = "{{cloze:A}}" if is_cloze else "{{A}}"
            models.add_template(made, template)
            models.add(made)
            note_types[is_cloze] = models.by_name(made["name"])
        yield Engine(learner, note_types)


def render(front: str, back: str, fields: dict[str, str], place: int) -> Sides:
    known = {"Tags": "", "Card": "Card", "CardFlag": "flag0", f"c{place + 1}": "1"}
    return render_sides(read_template(front), read_template(back), known | fields, place + 1)


def list_theirs(tags: list[AVTag]) -> list[Any]:
    return [
        each.filename if hasattr(each, "filename") else (each.field_text, each.lang, each.voices, round(each.speed, 3))
        for each in tags
    ]


def list_ours(sounds: tuple[Sound | Speech, ...]) -> list[Any]:
    return [
        each.name if isinstance(each, Sound) else (each.text, each.language, list(each.voices), each.speed)
        for each in sounds
    ]


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.tuples(templates, templates), st.tuples(texts, texts, texts), st.booleans(), st.sampled_from([0, 1]))
def test_a_card_is_as_in_anki(
    engine: Engine, sides: tuple[str, str], values: tuple[str, ...], is_cloze: bool, place: int
) -> None:
    front, back = "{{A}}" + sides[0], sides[1]
    fields = dict(zip(FIELDS, values, strict=True)) | {"A": f"{values[0]}x{{{{c1::y}}}}{{{{c2::z}}}}"}
    place = place if is_cloze else 0
    theirs = engine.render(front, back, fields, place, is_cloze=is_cloze)
    # The checks let no such template through, and no note of which Anki makes no such card.
    assume(_MISTAKE not in theirs.question_text + theirs.answer_text)
    ours = render(front, back, fields, place)
    assert name_hints(ours.front) == name_hints(theirs.question_text)
    assert name_hints(ours.back) == name_hints(theirs.answer_text)
    if "hint:" not in front + back:  # whose mark may stand in what plays
        assert list_ours(ours.front_sounds) == list_theirs(theirs.question_av_tags)
        assert list_ours(ours.back_sounds) == list_theirs(theirs.answer_av_tags)


def test_entities_are_those_that_anki_knows(engine: Engine) -> None:
    odd = ("#0", "#128", "#xD800", "#1114112", "#x10FFFF", "#X41", "# 65", "#00000000000000000065", "#x", "", "a b")
    known = sorted({name.rstrip(";") for name in html5})
    for name in (*known, *odd):
        text = {"A": f"x&{name};", "B": "", "C": ""}
        theirs = engine.render("{{text:A}}", "", text, 0, is_cloze=False).question_text
        assert render("{{text:A}}", "", text, 0).front == theirs, name


def test_every_character_that_a_front_hides_is_escaped_as_in_anki(engine: Engine) -> None:
    characters = "".join(map(chr, (*range(9, 11), *range(32, 127), *range(128, 0x180))))
    text = {"A": f"{{{{c1::{characters}}}}}", "B": "", "C": ""}
    theirs = engine.render("{{cloze:A}}", "", text, 0, is_cloze=True).question_text
    assert render("{{cloze:A}}", "", text, 0).front == theirs
