"""Notes that name no file, or one that cannot be there, are taken over; sounds of other places become links."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardpress.markdown.safe_html import make_safe
from tests.helpers.adopting import adopt
from tests.helpers.originals import Hand, HandNote, by_hand
from tests.helpers.pictures import png

NAMELESS = ('<img src="">', "<img src= >", "<img src>", '<img src=" ">', "[sound: ]", '<audio src=""></audio>')
NOWHERE = ('<img src="C:/x.png">', '<img src="/x.png">', '<img src="./x.png">', "[sound:C:/x.mp3]", "[sound:a/x.mp3]")
ELSEWHERE = ("[sound:https://example.org/x.mp3?a=b&amp;c]", '<img src="https://example.org/x.png">')


@pytest.mark.parametrize("media", [{}, {"a.png": png(1, 1)}])
def test_a_note_that_names_no_file_or_one_of_elsewhere_is_taken_over(media: dict[str, bytes], tmp_path: Path) -> None:
    values = (*NAMELESS, *NOWHERE, *ELSEWHERE)
    notes = [HandNote(f"note-{place}", [f"note {place}", f"{value} text"]) for place, value in enumerate(values)]
    made = adopt(by_hand(Hand(notes, media=media)), tmp_path / "deck")
    assert made.adopted.taken[0] == f"{len(values)} notes with {len(values)} cards"
    assert not [loss for loss in made.adopted.losses if "left out" in loss.what]
    told = {loss.where for loss in made.adopted.losses}
    assert told >= {f"note {values.index(value)}" for value in (*NOWHERE, *ELSEWHERE)}


@pytest.mark.parametrize("value", [f'<img src="{"a/b" * 1_000}">', f"[sound:{'a' * 3_000}.mp3]"])
def test_a_name_that_no_file_can_have_refuses_its_note_at_most(value: str, tmp_path: Path) -> None:
    notes = [HandNote("word", ["palabra", "word"]), HandNote("long", ["long", value])]
    made = adopt(by_hand(Hand(notes)), tmp_path / "deck")
    assert made.adopted.taken[0] in ("1 note with 1 card", "2 notes with 2 cards")
    assert {loss.where for loss in made.adopted.losses} <= {"long"}


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("a [sound:http://x/y.mp3] b", 'a <a href="http://x/y.mp3">http://x/y.mp3</a> b'),
        ("[sound:http&colon;//x/y][sound:b.mp3]", '<a href="http://x/y">http://x/y</a>[sound:b.mp3]'),
        ("{{c1::[sound:http://x/y]}}", '{{c1::<a href="http://x/y">http://x/y</a>}}'),
        ("[sound:\\\\server\\a.mp3]", "\\\\server\\a.mp3"),
        ("[sound:file:///x]", "file:///x"),
        ('[sound:http://x/"y"]', 'http://x/"y"'),
        ("[sound:http://x/<b>y</b>]", "http://x/<b>y</b>"),
        ("[sound:\nhttp://x]", "[\u2060sound:\nhttp://x]"),
        ("[sound:http://x/[y]", "[\u2060sound:http://x/[y]"),
        (f"[sound:http://x/{'y' * 400}]", f"[\u2060sound:http://x/{'y' * 400}]"),
    ],
)
def test_sounds_of_other_places_are_links_or_words(html: str, kept: str) -> None:
    made, told = make_safe(html)
    assert made == kept
    assert told
    assert make_safe(made) == (made, ())


@pytest.mark.parametrize("html", ["[sound:a.mp3]", "[sound:a: b.mp3]", "[sound:", "[sound:a b/c.mp3]"])
def test_sounds_of_the_deck_stay(html: str) -> None:
    assert make_safe(html) == (html, ())
