"""Rules on cloze texts: something is deleted, and the deletions are numbered from c1 without a gap."""

from __future__ import annotations

from collections.abc import Iterator

from cardpress import markup
from cardpress.diagnostics import Diagnostic
from cardpress.model import Bank, Text


def deletions(bank: Bank) -> Iterator[Diagnostic]:
    """Every cloze text makes cards, and the numbers of its deletions have no gap."""
    for question in bank.questions():
        for recall in question.recall:
            if recall.cloze:
                yield from _cloze(recall.cloze)


def _cloze(cloze: Text) -> Iterator[Diagnostic]:
    found = markup.deletions(cloze.value)
    help_line = "put what the learner recalls in `{{c1::…}}`"
    if not found:
        yield Diagnostic(
            "cloze-without-deletion", cloze.span, "nothing is deleted, so Anki would make no card", help_line
        )
        return
    for deletion in found:
        if not deletion.answer.strip(" `*_\n"):
            place = cloze.place(deletion.start, deletion.end)
            yield Diagnostic("cloze-without-deletion", place, "a deletion with nothing in it", help_line)
    numbers = {deletion.number for deletion in found}
    wanted = set(range(1, len(numbers) + 1))
    if numbers != wanted:
        first = next(deletion for deletion in found if deletion.number not in wanted)
        have = ", ".join(f"c{number}" for number in sorted(numbers))
        message = f"the deletions are numbered {have}: Anki makes a card for each, and a gap is a slip"
        place = cloze.place(first.start, first.end)
        yield Diagnostic("cloze-numbering", place, message, f"write c{min(wanted - numbers)} here")
