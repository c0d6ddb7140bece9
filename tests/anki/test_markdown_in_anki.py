"""What an author writes is what Anki's cards show, in words and in elements."""

from __future__ import annotations

import re
from pathlib import Path

from cardpress.note_types.identity import make_guid
from tests.helpers.anki_collection import learning
from tests.helpers.decks import deck_from, package_of
from tests.helpers.markdown_texts import TEXTS, files_with_markdown
from tests.helpers.visible_text import visible


def test_cards_show_what_was_written(tmp_path: Path) -> None:
    with learning(tmp_path / "learner") as learner:
        learner.take(package_of(deck_from(tmp_path / "project", files_with_markdown())))
        for number, (name, shown) in enumerate(TEXTS.items(), 1):
            (card,) = learner.cards_of(make_guid("sample", f"text-{number}"))
            output = card.render_output()
            assert not output.answer_av_tags, name
            # `visible` knows no line breaks.
            assert "".join(shown.words.split()) in "".join(visible(output.answer_text).split()), name
            html = re.sub(r"<span>([\[{\\])</span>", r"\1", card.note()["Answer"])
            elements = re.findall(r"<(?!/|thead|tbody|tr|span)([a-z0-9]+)", html)
            assert " ".join(elements) in (shown.elements, shown.elements.removeprefix("p ")), name
