"""A page that a project's own template made: what it must not hold, and what its policy must allow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import escape

from cardpress.deck.notes import Deck
from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.source.templates.style_sheets import TEMPLATE_CODES, TEMPLATE_HELP, Flaw, Harm
from cardpress.source.templates.template_files import PAGE, is_page_template
from cardpress.source.templates.template_html import read_html
from cardpress.writers.page.rendering import Failure

if TYPE_CHECKING:
    from cardpress.writers.page.isolation import Rendered


@dataclass(frozen=True, slots=True)
class Judged:
    """A page without a policy of its own, the problems with it, and what its policy must allow beside ours."""

    html: str
    diagnostics: tuple[Diagnostic, ...]
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    # The values of `style` attributes, and those of attributes that are scripts.
    style_attributes: tuple[str, ...] = ()
    handlers: tuple[str, ...] = ()


def write_policy(policy: str) -> str:
    """Return the element that holds a policy."""
    return f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'


def judge(made: Rendered, deck: Deck, script: str, policy: str) -> Judged:
    """Return a page as it may ship, or the problems with it. It may hold our script, and our policy once more."""
    found = read_html(made.html, allowed=(script, policy))
    flaws = [flaw for flaw in found.flaws if flaw.harm is not Harm.SCRIPT or not deck.trusted]
    problems = tuple(_problem(flaw, made, deck) for flaw in flaws)
    # Ours goes first, and allows what follows from the page as a whole.
    page = re.sub(re.escape(write_policy(policy)) + r"\n?", "", made.html)
    return Judged(
        page,
        problems,
        styles=tuple(dict.fromkeys(found.styles)),
        scripts=tuple(dict.fromkeys(found.scripts)),
        style_attributes=tuple(dict.fromkeys(found.style_attributes)),
        handlers=tuple(dict.fromkeys(found.handlers)),
    )


def explain_failure(failure: Failure, deck: Deck) -> Diagnostic:
    """Return the problem that a template makes no page."""
    file = deck.templates.get(failure.template, deck.templates[PAGE])
    hint = "correct the template; docs/note-types.md of cardpress's repository says what it has"
    return Diagnostic("template-error", _find_line(file, failure.line), failure.message, hint)


def _problem(flaw: Flaw, made: Rendered, deck: Deck) -> Diagnostic:
    hint = flaw.help or TEMPLATE_HELP[flaw.harm]
    return Diagnostic(TEMPLATE_CODES[flaw.harm], _find_place(flaw, made, deck), flaw.message, hint)


def _find_place(flaw: Flaw, made: Rendered, deck: Deck) -> Span:
    """Return where a template has what a page has; where it does not stand there as such, the line that made it."""
    page = deck.templates[PAGE]
    line = made.find_line(flaw.start)
    words = made.html[flaw.start : flaw.end]
    start = page.line_starts[min(line, len(page.line_starts)) - 1]
    names = sorted(name for name in deck.own_templates if is_page_template(name))
    places = ((page, start), *((deck.templates[name], 0) for name in (PAGE, *names)))
    for sought in dict.fromkeys((words, words.partition("=")[0], words.split(" ")[0])):
        if len(sought) < 3:
            continue
        for file, after in places:
            if (found := file.text.find(sought, after)) >= 0:
                return Span(file, found, found + len(sought))
    return _find_line(page, line)


def _find_line(file: SourceFile, line: int) -> Span:
    number = min(max(line, 1), len(file.line_starts))
    start, text = file.line_starts[number - 1], file.line(number)
    return Span(file, start + len(text) - len(text.lstrip()), start + len(text.rstrip()))
