"""Diagnostics → a report for people, with the line, a caret under the place, and what to type instead.

Many warnings of one code are folded: a few examples, and how many more there are.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

import click

from cardpress.diagnostics import Diagnostic, Span
from cardpress.diagnostics.codes import CODES, Severity
from cardpress.diagnostics.visible import make_visible
from cardpress.wording import say_count

# Characters. Of a longer line only the part around the place is shown, so that the caret stays on the screen.
_WIDEST = 160
# Of more warnings of one code than this, only some are shown.
_MOST = 5
_EXAMPLES = 3


def as_text(diagnostics: Sequence[Diagnostic], *, folds: bool = True) -> str:
    """Return a report for people: the place, the line, a caret, and what to type instead. Empty without problems.

    All errors are in it, and of many warnings of one code the first, unless it `folds` nothing.
    """
    warnings = Counter(each.code for each in diagnostics if each.severity is Severity.WARNING)
    folded = {code: count - _EXAMPLES for code, count in warnings.items() if folds and count > _MOST}
    seen: Counter[str] = Counter()
    blocks = []
    for diagnostic in diagnostics:
        if diagnostic.code not in folded or seen[diagnostic.code] < _EXAMPLES:
            blocks.append(_text_block(diagnostic))
        seen[diagnostic.code] += 1
    blocks += [_fold(code, count) for code, count in sorted(folded.items())]
    return "\n".join((*blocks, summarize(diagnostics) + "\n")) if blocks else ""


def summarize(diagnostics: Sequence[Diagnostic]) -> str:
    """Return how many errors and warnings there are, in words."""
    counts = {severity: sum(each.severity is severity for each in diagnostics) for severity in Severity}
    return ", ".join(say_count(count, severity) for severity, count in counts.items() if count) or "no problems"


def _fold(code: str, more: int) -> str:
    label = click.style(f"{Severity.WARNING}[{code}]", fg="yellow", bold=True)
    hint = "`check --format json` lists all of them"
    if CODES[code].can_be_lowered:
        hint += f"; to switch them off, write `checks: {{{code}: off}}` in deck.yaml"
    return f"… and {more} more: {label}\n  {click.style('help:', fg='cyan')} {hint}\n"


def _text_block(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    color = "red" if diagnostic.severity is Severity.ERROR else "yellow"
    place = click.style(f"{make_visible(span.path)}:{span.line}:{span.column}:", bold=True)
    label = click.style(f"{diagnostic.severity}[{diagnostic.code}]", fg=color, bold=True)
    lines = [f"{place} {label} {make_visible(diagnostic.message)}", *_excerpt(span, color)]
    for related in diagnostic.related:
        other = related.span
        lines.append(f"  {make_visible(other.path)}:{other.line}:{other.column}: {make_visible(related.message)}")
    lines.append(f"  {click.style('help:', fg='cyan')} {make_visible(diagnostic.help)}")
    return "\n".join(lines) + "\n"


def _excerpt(span: Span, color: str) -> list[str]:
    excerpt, column, width = span.excerpt, span.column - 1, span.width
    cut = max(0, column - _WIDEST // 2) if len(excerpt) > _WIDEST else 0
    shown = make_visible(excerpt[cut : cut + _WIDEST])
    if not shown.strip():
        return []
    column -= cut
    # Tabs stay tabs, so that the caret stands right at any tab width; wide characters take two columns.
    before = "".join("\t" if character == "\t" else " " * _columns(character) for character in shown[:column])
    marked = shown[column : column + width]
    caret = "^" * max(1, sum(_columns(character) for character in marked))
    gutter = f"{span.line:>5} | "
    return [gutter + shown, " " * (len(gutter) - 2) + "| " + before + click.style(caret, fg=color, bold=True)]


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
