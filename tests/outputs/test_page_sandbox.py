"""A page template of a stranger ends in bounded time and memory, in one problem at its place, whatever it does."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from cardpress.writers import load_writer
from cardpress.writers.page import isolation
from cardpress.writers.page.rendering import render, render_strange
from tests.helpers.decks import deck_from
from tests.helpers.sample_project import EVERYTHING

pytestmark = pytest.mark.slow

# The template, the place of the problem, and words of it.
ATTEMPTS: Mapping[str, tuple[str, str, str]] = {
    "classes": ("{{ ''.__class__.__mro__ }}", "1:1", "unsafe"),
    "classes by a filter": ("\n{{ deck|attr('__class__') }}", "2:1", "unsafe"),
    "classes by a format": ("{{ '{0.__class__.__mro__}'.format(deck) }}", "1:1", "unsafe"),
    "globals": ("{{ cycler.__init__.__globals__ }}", "1:1", "unsafe"),
    "what Jinja has by chance": ("{{ lipsum() }}", "1:1", "'lipsum' is undefined"),
    "a function": ("{{ range }}", "1:1", "cannot show"),
    "a file": ("{% include '/etc/passwd' %}", "1:1", "no template"),
    "a change": ("{{ questions.update({}) }}", "1:1", "unsafe"),
    "a long range": ("{% for each in range(10**12) %}x{% endfor %}", "1:1", "too big"),
    "a long text": ("{{ 'a' * 10**10 }}", "1:1", "characters"),
    "a long text by format": ('{{ "%1000000000s" % 1 }}', "1:1", "characters"),
    "a long text by another format": ("{{ '{:10000000000}'.format(1) }}", "1:1", "memory"),
    "a long text by a filter": ("{{ 'a'|center(10**10) }}", "1:1", "memory"),
    "a long text, doubled": (
        "{% set all = namespace(x='a') %}\n{% for each in range(60) %}\n{% set all.x = all.x ~ all.x %}\n{% endfor %}",
        "3:1",
        "memory",
    ),
    "a long page": ("{% for each in range(99999) %}{{ 'a' * 10000 }}{% endfor %}", "1:1", "characters"),
    "a large number": ("{{ 10 ** (10 ** 10) }}", "1:1", "bits"),
    "loops": (
        "<p>\n" + "{% for each in range(99999) %}" * 3 + "{% endfor %}" * 3,
        "2:1",
        "longer than",
    ),
    "a macro in itself": ("\n{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "2:1", "without end"),
    "a page in itself": ("\n\n{% include 'web/page.html' %}", "3:1", "without end"),
    "brackets": ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "1:1", "too deep"),
    "syntax": ("<p>\n{{ deck.title ", "2:1", "unexpected end"),
    "an unknown name": ("<p>\n\n  {{ dekc.title }}", "3:3", "'dekc' is undefined"),
    "an unknown attribute": ("<p>\n{{ deck.titel }}", "2:1", "a deck has no attribute 'titel'"),
    "an unknown filter": ("{{ 1|nothing }}", "1:1", "nothing"),
    "a division": ("<p>\n{{ 1 / 0 }}", "2:1", "division"),
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_an_attempt_ends_in_one_problem(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_SECONDS", 2.0 if name == "loops" else 30.0)  # others end by themselves
    template, place, words = ATTEMPTS[name]
    deck = deck_from(tmp_path, {**EVERYTHING, "../templates/web/page.html": template})
    started = time.monotonic()
    made = load_writer("page")(deck)
    assert time.monotonic() - started < 90
    assert made.artifacts == ()
    (problem,) = made.diagnostics
    assert (problem.code, f"{problem.span.line}:{problem.span.column}") == ("template-error", place)
    assert words in problem.message
    assert problem.span.path == "templates/web/page.html"


def test_a_process_that_dies_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_MEMORY", 1 << 20)  # less than it has when it begins
    deck = deck_from(tmp_path, {**EVERYTHING, "../templates/web/page.html": "{{ 'a' * 9999999 }}" * 20})
    (problem,) = load_writer("page")(deck).diagnostics
    assert problem.code == "template-error"


def test_our_template_is_made_alike_in_both_ways(tmp_path: Path) -> None:
    from cardpress.writers.page.html import PageWriter
    from cardpress.writers.page.view import View

    deck = deck_from(tmp_path, EVERYTHING)
    writer = PageWriter({}, lambda pieces: pieces)
    templates = {"web/page.html": deck.templates["web/page.html"].text}
    others = dict.fromkeys(("style", "script", "without_script", "policy"), "")
    light, whole = (View(deck, writer, complete=complete) for complete in (False, True))
    strange = "".join(piece for piece, _ in render_strange(templates, whole.names | others, 1 << 24))
    assert strange == render(templates, light.names | others, light.arrange)
