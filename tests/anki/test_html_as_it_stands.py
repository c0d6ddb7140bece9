"""The real Anki stores HTML and files of a deck that was taken over to the byte; its filters make nothing that acts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cardpress.markdown.safe_html import clean
from cardpress.note_types.identity import make_guid
from tests.helpers.adopted_media import ADOPTED, BACK, FRONT, adopted, history_of
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.decks import deck_from, package_of
from tests.helpers.odd_html import HARMFUL, HARMLESS
from tests.helpers.own_note_types import Files

_LACKED = ("paste-0123abcd.jpg", "a b.png", "img_1.jpg", "rec 1.3gp", "yomitan_1.png", "x.png", "a.mp3", "b.mp4")


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


def test_fields_and_files_are_as_they_were(tmp_path: Path, learner: Learner) -> None:
    learner.take(package_of(deck_from(tmp_path, adopted())))
    (card,) = learner.cards_of(make_guid("sample", "one"))
    assert card.note().fields[:2] == [FRONT, BACK]
    folder = Path(learner.collection.media.dir())
    # Anki shows a file that a note calls `my%20map.png`, but does not take it out of a package: so it was before, too.
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        name: data for name, data in ADOPTED.items() if name != "my map.png"
    }
    assert '<img src="my%20map.png">' in card.question()


def test_what_does_no_harm_is_in_anki_to_the_byte(tmp_path: Path, learner: Learner) -> None:
    notes = [json.dumps({"id": f"n{number}", "front": html}) for number, html in enumerate(HARMLESS)]
    files: Files = adopted("x", "y", {}) | {
        "first.yaml": "".join(f"- {note}\n" for note in notes),
        "history.json": history_of({}, *_LACKED),
    }
    learner.take(package_of(deck_from(tmp_path, files)))
    for number, html in enumerate(HARMLESS):
        (card,) = learner.cards_of(make_guid("sample", f"n{number}"))
        assert card.note().fields[0] == html


class _Acting(HTMLParser):
    """Finds elements and attributes that act, but for those that Anki itself adds."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        acting = [name for name, value in attrs if name.startswith("on") and "alert" in (value or "")]
        self.found += acting + [tag] * (tag in ("script", "iframe", "object", "embed", "form", "link", "base"))


def test_nothing_acts_in_what_its_filters_leave(learner: Learner) -> None:
    models = learner.collection.models
    shown = "{{Front}}<p>{{kanji:Front}}</p>{{kana:Front}}<p>{{furigana:Front}}</p>{{hint:Front}}{{cloze:Front}}"
    for name, template in (("Basic", shown.replace("{{cloze:Front}}", "")), ("Cloze", shown.replace("Front", "Text"))):
        model = models.by_name(name)
        assert model is not None
        model["tmpls"][0]["qfmt"] = model["tmpls"][0]["afmt"] = template
        models.update_dict(model)
        for html in (*HARMFUL, *HARMLESS):
            note = learner.collection.new_note(models.by_name(name))  # type: ignore[arg-type] # it was found above
            note.fields[0] = f"{clean(html)}{'{{c1::x}}' if name == 'Cloze' else ''}" or "x"
            learner.collection.add_note(note, 1)  # type: ignore[arg-type] # numbers of decks are whole numbers
            card = note.cards()[0]
            for side in (card.question(), card.answer()):
                acting = _Acting()
                acting.feed(side)
                acting.close()
                assert acting.found == [], html
