"""Rules on cloze texts: each has a deletion that Anki can see, and numbers them from c1 without a gap."""

from __future__ import annotations

from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic
from cardpress.markdown import markup
from cardpress.markdown.addresses import Target, find_targets
from cardpress.source.bank import Bank, Text

# Tried with Anki 26.9: it does not see a deletion that is nested deeper.
_DEEPEST = 10


def check_deletions(bank: Bank) -> Iterator[Diagnostic]:
    """Every cloze text makes cards, and the numbers of its deletions have no gap."""
    for question in bank.questions():
        for recall in question.recall:
            if recall.cloze:
                yield from _cloze(recall.cloze)


def _cloze(cloze: Text) -> Iterator[Diagnostic]:
    found = markup.find_deletions(cloze.value)
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
    yield from _unseen(cloze, found)
    yield from _too_deep(cloze, found)
    numbers = {deletion.number for deletion in found}
    wanted = set(range(1, len(numbers) + 1))
    if numbers != wanted:
        first = next(deletion for deletion in found if deletion.number not in wanted)
        have = ", ".join(f"c{number}" for number in sorted(numbers))
        message = f"the deletions are numbered {have}: Anki makes a card for each, and a gap is a slip"
        place = cloze.place(first.start, first.end)
        yield Diagnostic("cloze-numbering", place, message, f"write c{min(wanted - numbers)} here")


def _unseen(cloze: Text, found: tuple[markup.Deletion, ...]) -> Iterator[Diagnostic]:
    """Deletions start and end in text that is shown, not in a picture's description, an address or a link's title."""
    hidden = [_unshown(cloze.value, target) for target in find_targets(cloze.value)]
    for deletion in found:
        signs = ((deletion.start, deletion.answer_start), (deletion.end - 2, deletion.end))
        if any(start < last and end > first for start, end in signs for first, last in hidden):
            message = "a deletion starts or ends inside a picture or an address, where Anki cannot hide anything"
            place = cloze.place(deletion.start, deletion.end)
            yield Diagnostic("cloze-without-deletion", place, message, "put the whole link or picture into it")


def _unshown(text: str, target: Target) -> tuple[int, int]:
    """Return the start and the end of the part of a link or picture that is not shown as text."""
    start = target.start - len(f"![{target.label}](") if target.is_image else target.start
    is_inline = text[: target.start].rstrip().endswith("(")
    return start, (text.find(")", target.end) + 1 if is_inline else 0) or target.end


def _too_deep(cloze: Text, found: tuple[markup.Deletion, ...]) -> Iterator[Diagnostic]:
    """Deletions are nested no deeper than Anki reads them."""
    around: list[int] = []  # the ends of the deletions that are still open
    for deletion in found:
        while around and around[-1] <= deletion.start:
            around.pop()
        around.append(deletion.end)
        if len(around) > _DEEPEST:
            message = f"a deletion inside {_DEEPEST} others; Anki would show an error instead"
            yield Diagnostic("too-deep", cloze.place(deletion.start, deletion.end), message, "nest fewer of them")
            return
