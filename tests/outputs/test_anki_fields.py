"""A note's fields hold content that Anki shows as it is, in the order that its note type has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cardpress.anki.card_templates import fill_card_template
from cardpress.anki.field_html import FieldWriter
from cardpress.anki.fields import list_card_numbers, render_fields, write_description
from cardpress.deck.notes import Deck
from cardpress.markdown import parse
from tests.conftest import QUESTION, WriteProject
from tests.helpers.decks import deck_from, deck_of
from tests.helpers.sample_project import EVERYTHING


@pytest.fixture
def deck(write_project: WriteProject) -> Deck:
    return deck_of(write_project(EVERYTHING))


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("plain <b> {{ x }} $5", "plain &lt;b&gt; {{ x }} $5"),
        (r"\(x\)", r"<span>\</span>(x\)"),
        (r"\[x\]", r"<span>\</span>[x\]"),
        (r"C:\dir", r"C:\dir"),
        ("[sound:x.mp3]", "<span>[</span>sound:x.mp3]"),
        ("[SOUND:x.mp3]", "<span>[</span>SOUND:x.mp3]"),
        ("[latex]x[/latex]", "<span>[</span>latex]x<span>[</span>/latex]"),
        ("[$]x[/$][$$]y[/$$]", "<span>[</span>$]x<span>[</span>/$]<span>[</span>$$]y<span>[</span>/$$]"),
        ("[anki:play:q:0]", "<span>[</span>anki:play:q:0]"),
        ("a[0] [x] [soundless]", "a[0] [x] [soundless]"),
    ],
)
def test_what_anki_would_act_on_is_parted(text: str, field: str) -> None:
    assert FieldWriter().text(text) == field


@pytest.mark.parametrize(
    ("attribute", "field"),
    [
        ("[sound:x.mp3]", "&#91;sound:x.mp3]"),
        (r"[latex]y[/latex] \(z\)", r"&#91;latex]y&#91;/latex] &#92;(z\)"),
        ('"a" & <b> [x]', "&quot;a&quot; &amp; &lt;b&gt; [x]"),
    ],
)
def test_what_anki_would_act_on_in_an_attribute_is_an_entity(attribute: str, field: str) -> None:
    assert FieldWriter().attribute(attribute) == field


@pytest.mark.parametrize(
    ("markdown", "field"),
    [
        ("![[sound:x.mp3]](x.png)", '<img alt="&#91;sound:x.mp3]" src="x.png">'),
        (
            r'[a](https://e.org "[latex]y[/latex] \\(z)")',
            r'<a href="https://e.org" title="&#91;latex]y&#91;/latex] &#92;(z)" rel="noopener noreferrer">a</a>',
        ),
        (r"`\(x\) [sound:x]`", r"<code><span>\</span>(x\) <span>[</span>sound:x]</code>"),
        ("```\n[latex]x\n```", '<pre><code class="language-text"><span>[</span>latex]x</code></pre>'),
    ],
)
def test_nothing_in_a_field_is_a_sign_to_anki(markdown: str, field: str) -> None:
    assert FieldWriter().line(parse(markdown)) == field


def test_fields_come_in_the_order_of_the_note_type(deck: Deck) -> None:
    section, note = deck.sections[0], deck.sections[0].notes[0]
    values = render_fields(section, note, note)
    assert list(values) == [field.released_name for field in note.note_type.fields]
    assert values == note.fields
    picture = next(each.name for each in deck.media if each.name.endswith(".png"))
    assert values["Question"] == "What is <code>one</code>?"
    assert f'<img alt="one dot" src="{picture}">' in values["Answer"]
    assert values["KeyPoints"] == "<ul><li>It is odd.</li><li>It divides everything.</li></ul>"
    assert values["Output"] == "<pre>1</pre>"
    assert values["SeeAlso"] == "<ul><li>two</li></ul>"
    assert '<div class="claim">It is prime.</div>' in values["Pitfalls"]
    assert values["Sources"].count("<a href=") == 2
    assert "<table>" in values["Extra"]
    assert [values[name] for name in ("Notice", "Number", "Section", "Level", "Id", "Version")] == [
        "",
        "1",
        "First section",
        "beginner",
        "one",
        "1.2.0",
    ]


def test_recall_notes_name_the_question_that_they_are_about(deck: Deck) -> None:
    section, note = deck.sections[0], deck.sections[0].notes[0]
    named, gaps = (render_fields(section, note, each) for each in note.recall)
    assert (named["Question"], named["Answer"], named["About"]) == ("What comes after one?", "Two.", "one")
    assert (gaps["Text"], gaps["About"]) == ("{{c1::One}} comes before {{c2::two::a number}}.", "one")


def test_a_note_that_stands_alone_is_about_no_other(tmp_path: Path) -> None:
    alone = "- id: gaps\n  cloze: One {{c1::gap}}.\n"
    deck = deck_from(tmp_path, {"first.yaml": alone})
    section = deck.sections[0]
    assert render_fields(section, section.notes[0], replace(section.notes[0]))["About"] == ""


def test_cards_show_no_ids_but_their_own_in_the_line_for_reports(deck: Deck) -> None:
    for note_type in deck.note_types:
        for card in note_type.cards:
            front, back = fill_card_template(deck, note_type, card)
            assert "{{About}}" not in front + back
            assert "{{SeeAlso}}" not in front + back
            above, footer = back.split("<footer>")
            assert "{{Id}}" not in above.replace('data-card="{{Id}}"', "")
            assert footer.index("{{Id}}") < footer.index("{{Version}}")


def test_a_title_of_a_section_ends_no_attribute(tmp_path: Path) -> None:
    title = 'Say "yes" & <no> {{Id}}'
    sections = f"sections: [{{id: first, title: '{title}'}}, {{id: second, title: Second}}]\n"
    head = "id: sample\ntitle: Sample\nversion: 1.0.0\ndate: 2026-01-02\n"
    deck = deck_from(tmp_path, {"deck.yaml": head + sections, "first.yaml": QUESTION, "second.yaml": "[]\n"})
    section = deck.sections[0]
    shown = render_fields(section, section.notes[0], section.notes[0])["Section"]
    assert shown.startswith("Say &quot;yes&quot; &amp; &lt;no&gt; ")
    assert '"' not in shown


def test_a_bare_questions_other_fields_are_empty(write_project: WriteProject) -> None:
    deck = deck_of(write_project({}))
    note = deck.sections[0].notes[0]
    values = render_fields(deck.sections[0], note, note)
    filled = {name for name, value in values.items() if value}
    assert filled == {"Question", "Answer", "Sources", "Section", "Id", "Version"}


def test_a_note_makes_one_card_and_a_cloze_note_one_for_each_number(deck: Deck, write_project: WriteProject) -> None:
    recall, cloze = deck.sections[0].notes[0].recall
    assert list_card_numbers(deck.sections[0].notes[0]) == list_card_numbers(recall) == (1,)
    assert list_card_numbers(cloze) == (1, 2)
    nested = QUESTION + "  recall:\n    - {id: n, cloze: '{{c2::a {{c1::b}} {{c3::c}}}} {{c1::d}}'}\n"
    other = deck_of(write_project(EVERYTHING | {"first.yaml": nested.replace("id: one", "id: other")}))
    assert list_card_numbers(other.sections[0].notes[0].recall[0]) == (1, 2, 3)


def test_the_decks_description_leaves_out_what_is_not_there(deck: Deck, write_project: WriteProject) -> None:
    lines = write_description(deck).split("<br>")
    assert lines[0] == "A deck for tests."
    assert {"Version 1.2.0, 2026-01-02.", "Ada, Grace", "CC-BY-4.0"} <= set(lines)
    assert lines[-1] == '<a href="https://example.org/">https://example.org/</a>'
