"""The rows of what is measured: what each compares, what is wanted of it, and how it is printed."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.commands import Figure

# What was measured of each run, by the run's name.
Figures = Mapping[str, Sequence[Figure]]

HEAD = (
    "| | wanted | now | now, of the processor | min / median / max | compared with |",
    "|---|---|---|---|---|---|",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the figures of a run, as the ratio of medians to another run, or as they are.

    `wanted` is that ratio, or milliseconds or megabytes; with `plus`, the ratio of that run is added to it.
    """

    name: str
    says: str
    run: str
    wanted: float
    against: str = ""
    unit: str = "s"
    plus: str = ""

    @property
    def runs(self) -> tuple[str, ...]:
        """The runs that this row needs."""
        return tuple(each for each in (self.against, self.run, self.plus) if each)

    def write(self, figures: Figures) -> str:
        """Return the row in Markdown."""
        taken = figures[self.run]
        spread = " / ".join(f"{value:,.{_DIGITS[self.unit]}f}" for value in _spread(taken)) + f" {self.unit}"
        if not self.against:
            wanted, now = f"{self.wanted:,.0f} {self.unit}", f"{_spread(taken)[1]:,.0f} {self.unit}"
            return f"| {self.says} | ≤ {wanted} | {now} | | {spread} | |"
        wanted_ratio = self.wanted + (_ratio(figures, self.plus, self.against) or 0.0 if self.plus else 0.0)
        by_processor = _ratio(figures, self.run, self.against, _processor)
        of_processor = "" if by_processor is None else f"{by_processor:.2f} ×"
        now = f"{_ratio(figures, self.run, self.against):.2f} ×"
        other = f"{_spread(figures[self.against])[1]:.2f} s ({self.against})"
        return f"| {self.says} | ≤ {wanted_ratio:.2f} × | {now} | {of_processor} | {spread} | {other} |"


_DIGITS = {"s": 2, "ms": 0, "MB": 0}


def _spread(figures: Sequence[Figure]) -> tuple[float, float, float]:
    values = [figure.value for figure in figures]
    return min(values), statistics.median(values), max(values)


def _value(figure: Figure) -> float | None:
    return figure.value


def _processor(figure: Figure) -> float | None:
    return figure.processor


def _ratio(figures: Figures, run: str, against: str, read: Callable[[Figure], float | None] = _value) -> float | None:
    """Return the ratio of the medians of two runs, None where there is nothing to compare."""
    values, others = ([read(figure) for figure in figures[name]] for name in (run, against))
    known, known_others = ([value for value in each if value is not None] for each in (values, others))
    return statistics.median(known) / statistics.median(known_others) if known and known_others else None


def write_rows(rows: Sequence[Row], figures: Figures) -> Iterator[str]:
    """Yield the rows of which everything was measured, in Markdown."""
    yield from (row.write(figures) for row in rows if all(figures.get(run) for run in row.runs))
