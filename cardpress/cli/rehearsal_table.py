"""A rehearsal as a table: a row for each promise, a column for each learner, and below a row what broke it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cardpress.diagnostics.visible import make_visible

if TYPE_CHECKING:
    from cardpress.release.rehearsal import Row

# How many cases a line names of those that broke a promise.
_MOST_NAMES = 5


def write_table(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of a rehearsal's table."""
    learners = tuple(rows[0].broken_for)
    wide = max(len(row.promise) for row in rows)
    yield f"  {'promise':<{wide}}  {'cases':>6}  {'  '.join(f'{name:<6}' for name in learners)}".rstrip()
    for row in rows:
        verdicts = "  ".join(f"{_verdict(row.broken_for[name]):<{max(6, len(name))}}" for name in learners)
        yield f"  {row.promise:<{wide}}  {row.held:>6,}  {verdicts}".rstrip()
        for broken, names in _group(row):
            more = ", …" if len(broken) > _MOST_NAMES else ""
            yield f"    {', '.join(names)}: BROKEN for {len(broken):,}: {', '.join(broken[:_MOST_NAMES])}{more}"
        for remark in row.remarks[:_MOST_NAMES]:
            yield f"    {make_visible(remark)}"
        if len(row.remarks) > _MOST_NAMES:
            yield f"    … and {len(row.remarks) - _MOST_NAMES:,} more"


def _verdict(broken: Sequence[str]) -> str:
    return "BROKEN" if broken else "kept"


def _group(row: Row) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Yield the cases that broke a promise, with the names of the learners for whom they are the same."""
    for broken in dict.fromkeys(filter(None, row.broken_for.values())):
        yield broken, [name for name, cases in row.broken_for.items() if cases == broken]
