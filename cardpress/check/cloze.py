"""Rules on cloze texts: each has a deletion that Anki can see, and numbers them from c1 without a gap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cardpress.diagnostics import Diagnostic
from cardpress.markdown.tree import Deletion, Node, Picture, RawTag, Text, ThematicBreak, walk
from cardpress.note_types import Holds
from cardpress.source.bank import Bank, MarkdownText

# Tried with Anki 26.9: it does not see a deletion that is nested deeper.
_DEEPEST = 10
# Tried with Anki 26.9: it makes no card for a higher number.
_MOST = 500


def check_deletions(bank: Bank) -> Iterator[Diagnostic]:
    """Every cloze text makes cards, and the numbers of its deletions have no gap."""
    for note in bank.notes():
        for _, cloze in note.each(Holds.CLOZE):
            yield from _cloze(cloze)


def _cloze(cloze: MarkdownText) -> Iterator[Diagnostic]:
    found = cloze.document.deletions()
    help_line = "put what the learner recalls in `{{c1::…}}`"
    if not found:
        if not cloze.document.problems:
            message = "nothing is deleted, so Anki would make no card"
            yield Diagnostic("cloze-without-deletion", cloze.span, message, help_line)
        return
    for deletion in found:
        if not has_content(deletion.children):
            place = cloze.find(deletion.place)
            yield Diagnostic("cloze-without-deletion", place, "a deletion with nothing in it", help_line)
    yield from _too_deep(cloze, found)
    numbers = {deletion.number for deletion in found}
    if len(numbers) > _MOST:
        message = f"{len(numbers)} numbers; Anki makes no cards for those above {_MOST}"
        yield Diagnostic("cloze-numbering", cloze.span, message, "make several notes of it")
    wanted = set(range(1, len(numbers) + 1))
    if numbers != wanted:
        first = next(deletion for deletion in found if deletion.number not in wanted)
        have = ", ".join(f"c{number}" for number in sorted(numbers))
        message = f"the deletions are numbered {have}: Anki makes a card for each, and a gap is a slip"
        yield Diagnostic("cloze-numbering", cloze.find(first.place), message, f"write c{min(wanted - numbers)} here")


def has_content(nodes: Sequence[Node]) -> bool:
    """Return whether nodes show anything: a text, a picture, a line."""
    return any(
        isinstance(node, Picture | ThematicBreak | RawTag) or (isinstance(node, Text) and bool(node.value.strip()))
        for node in walk(nodes)
    )


def _too_deep(cloze: MarkdownText, found: Sequence[Deletion]) -> Iterator[Diagnostic]:
    """Deletions are nested no deeper than Anki reads them."""
    around: list[int] = []  # the ends of the deletions that are still open
    for deletion in found:
        while around and around[-1] <= deletion.place.start:
            around.pop()
        around.append(deletion.place.end)
        if len(around) > _DEEPEST:
            message = f"a deletion inside {_DEEPEST} others; Anki would show an error instead"
            yield Diagnostic("too-deep", cloze.find(deletion.place), message, "nest fewer of them")
            return
