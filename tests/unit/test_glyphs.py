"""The print fonts have what decks are written in, and it is known which characters they have."""

from __future__ import annotations

from cardpress.engine import ROOT
from cardpress.source.glyphs import read_coverage
from cardpress.source.templates.loading import load_templates


def test_the_print_fonts_have_what_technical_english_needs() -> None:
    templates, _ = load_templates(ROOT)
    have = read_coverage(templates.fonts)
    wanted = [*map(chr, range(0x21, 0x7F)), *"äöüßéñçøåœ“”‘’„«»–—…•·×÷±≤≥≠≈→←↔⇒∈∀✔✘€£©®™°µ½²□"]
    assert [character for character in wanted if ord(character) not in have] == []
    assert ord("中") not in have


def test_no_font_has_nothing() -> None:
    assert read_coverage([]) == frozenset()
