"""The real Anki plays the sounds of a deck, shows its pictures, and takes characters and readings apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cardpress.note_types.identity import make_guid
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.decks import deck_from, package_of
from tests.helpers.media_deck import GAPS, MEDIA, with_media
from tests.helpers.own_note_types import place_of
from tests.helpers.visible_text import visible

if TYPE_CHECKING:
    from anki.cards import Card

DOG = make_guid("sample", "dog")


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


def played(card: Card, *, answer: bool = False) -> list[str]:
    """Return the files that Anki plays on a side of a card, without the digests in their names."""
    tags = card.answer_av_tags() if answer else card.question_av_tags()
    return [re.sub("-[0-9a-f]{8}(?=[.])", "", tag.filename) for tag in tags if hasattr(tag, "filename")]


def test_sounds_play_and_pictures_show(tmp_path: Path, learner: Learner) -> None:
    learner.take(package_of(deck_from(tmp_path, with_media())))
    hear, read, which = learner.cards_of(DOG)
    assert (played(hear), played(read), played(which)) == (["sample-animals-inu.mp3"], [], [])
    assert played(hear, answer=True) == ["sample-animals-inu.mp3", "sample-bark.ogg"]
    folder = Path(learner.collection.media.dir())
    names = sorted(path.name for path in folder.iterdir())
    assert [re.sub("-[0-9a-f]{8}", "", name) for name in names] == [
        "sample-animals-inu.mp3",
        "sample-bark.ogg",
        "sample-flag.svg",
    ]
    assert (folder / names[0]).read_bytes() == MEDIA["media/animals/inu.mp3"]
    assert f'<img alt="a red flag" src="{names[2]}">' in which.question()
    assert not learner.collection.media.check().missing
    assert not learner.collection.media.check().unused


def test_each_filter_shows_its_part(tmp_path: Path, learner: Learner) -> None:
    learner.take(package_of(deck_from(tmp_path, with_media())))
    hear, read, which = (card.render_output() for card in learner.cards_of(DOG))
    assert "この犬とお茶" in visible(hear.question_text)
    assert "このいぬとおちゃ" in visible(read.answer_text)
    ruby = "この<ruby><rb>犬</rb><rt>いぬ</rt></ruby>と<ruby><rb>お茶</rb><rt>おちゃ</rt></ruby>"
    assert ruby in hear.answer_text
    # A card that names no filter shows both, too: the field has Anki's notation.
    assert ruby in which.answer_text
    assert learner.field(DOG, "Word") == "この 犬[いぬ]と お茶[おちゃ]"
    # A field that no card takes apart has HTML.
    assert learner.field(DOG, "Remark").endswith("<ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby> a[b]</p>")


def test_what_only_looks_like_a_reading_is_shown_as_typed(tmp_path: Path, learner: Learner) -> None:
    word = {"id": "dog", "word": "a\\[b] `c[0]` ![x[y]](flag.svg) 犬[いぬ]", "meaning": "m"}
    learner.take(package_of(deck_from(tmp_path, with_media(word))))
    front = learner.cards_of(DOG)[0].render_output().question_text
    assert visible(front).endswith("a[b] c[0] x[y]犬")
    assert 'alt="x&#91;y]"' in front


def test_sounds_and_readings_in_deletions(tmp_path: Path, learner: Learner) -> None:
    text = "{{c1::![a bark](bark.ogg)}} {{c2::犬[いぬ]::animal}} ![inu](animals/inu.mp3)"
    files = with_media({"id": "dog", "text": text}, declared=GAPS, kind="gaps")
    learner.take(package_of(deck_from(tmp_path, files)))
    first, second = learner.cards_of(DOG)
    assert played(first) == ["sample-animals-inu.mp3"]
    assert played(first, answer=True) == ["sample-bark.ogg", "sample-animals-inu.mp3"]
    assert played(second) == ["sample-bark.ogg", "sample-animals-inu.mp3"]
    assert "[animal]" in visible(second.question())
    assert "犬" in visible(second.answer())


def test_html_is_as_it_was_in_anki(tmp_path: Path, learner: Learner) -> None:
    declared = "title: Old\nfields: [{key: front, holds: html}]\ncards: [{asks: [front], answers: []}]\n"
    front = '<font color="#c00">a</font> [sound:bark.ogg] \\(x^2\\)<script>alert(1)</script>'
    files = with_media({"id": "dog", "front": front}, declared=declared, kind="old")
    learner.take(package_of(deck_from(tmp_path, files)))
    (card,) = learner.cards_of(DOG)
    assert played(card) == ["sample-bark.ogg"]
    assert '<font color="#c00">a</font>' in card.question()
    assert "\\(x^2\\)" in card.question()
    assert "alert(1)" not in card.question()


def test_an_authors_template_takes_readings_apart(tmp_path: Path, learner: Learner) -> None:
    declared = """\
title: Own
fields: [{key: word, holds: line, required: true}, {key: meaning, holds: line, required: true}]
cards: [{asks: [word], answers: [meaning], front: front.html, back: back.html}]
"""
    files = with_media({"id": "dog", "word": "この 犬[いぬ]", "meaning": "dog"}, declared=declared, kind="own")
    files[place_of("own", "front.html")] = "<p>{{kanji:Word}}</p>"
    files[place_of("own", "back.html")] = "<p>{{kana:Word}} {{furigana:Word}} {{Meaning}}</p>"
    learner.take(package_of(deck_from(tmp_path, files)))
    (card,) = learner.cards_of(DOG)
    assert "この犬" in visible(card.question())
    assert "<rt>いぬ</rt>" in card.answer()
