"""A side of a card as a document, whatever its author writes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from cardpress.anki.card_rendering import RenderedCard, Sides
from cardpress.anki.card_sounds import extract_sounds
from cardpress.anki.card_window import Side, show_card
from tests.conftest import ROOT
from tests.helpers.decks import deck_of


def read_facts(html: str) -> dict[str, Any]:
    """Return what the script of a document is told of a side with this HTML."""
    front, sounds = extract_sounds(html, "q")
    card = RenderedCard(1, "Card", Sides(front, "", "", sounds))
    document = show_card(deck_of(ROOT / "examples" / "terms"), card, Side.FRONT)
    found = re.search(r'<script type="application/json" id="side">(.*?)</script>', document, re.DOTALL)
    assert found is not None

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    facts: dict[str, Any] = json.loads(found[1], parse_constant=refuse)
    return facts


def test_a_voice_is_as_fast_as_browsers_can() -> None:
    for speed in ("9" * 400, "1" + "0" * 40, "11"):
        facts = read_facts(f"[anki:tts lang=de_DE speed={speed}]Hallo[/anki:tts]")
        assert facts["sounds"]["play:q:0"]["speed"] == 10
    facts = read_facts("[anki:tts lang=de_DE speed=0.5]Hallo[/anki:tts]")
    assert facts["sounds"]["play:q:0"]["speed"] == 0.5


def test_what_ends_a_script_in_a_card_ends_none_of_its_document() -> None:
    html = "</script><!--<script>]]>&lt;/script&gt;"
    assert html in read_facts(html)["html"]


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (r"a [$]x &lt; y[/$] b", r"a \(x &lt; y\) b"),
        (r"[$$]\frac{1}{2}[/$$]", r"\[\frac{1}{2}\]"),
        (r"[latex]$x$<br>[/latex] [LATEX]\[y\][/LATEX]", r"\(x\) \[y\]"),
        ('[$]<span class="cloze" data-ordinal="1">[...]</span>^2[/$]', r"\([...]^2\)"),
        # What is no formula that can be set stays its text.
        (r"[latex]\textbf{x}[/latex]", r"[latex]\textbf{x}[/latex]"),
        (r"[$]\nosuch[/$] [$]x", r"[$]\nosuch[/$] [$]x"),
    ],
)
def test_latex_of_old_decks_is_a_formula_where_it_can_be(html: str, shown: str) -> None:
    facts = read_facts(html)
    assert facts["html"].endswith(f"</style>{shown}")
    assert bool(facts["formulas"]) is (shown != html)
