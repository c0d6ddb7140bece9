"""Rules on cloze texts: each has a deletion that Anki can see, and numbers them from c1 without a gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from cardpress.anki.deletions import digest_deleted, digest_html
from cardpress.check.adopted import is_new
from cardpress.check.card_template_tags import list_tags
from cardpress.diagnostics import Diagnostic
from cardpress.history.records import LAST_DELETION, NoteRecord
from cardpress.markdown.tree import Deletion, Latex, Place, has_content
from cardpress.note_types import Holds, NoteType
from cardpress.source.bank import Bank, HtmlText, MarkdownText, Question

# Errors of signs that are to delete something, and errors that keep such signs from being read.
_OF_DELETIONS = frozenset({"cloze-without-deletion", "deletion-in-formula"})
_HIDING_THEM = frozenset({"bad-formula", "too-deep"})
# Tried with Anki 26.9: it does not see a deletion that is nested deeper.
_DEEPEST = 10
_DELETE = "put what the learner recalls in `{{c1::…}}`"


def check_deletions(bank: Bank) -> Iterator[Diagnostic]:
    """Every cloze text makes cards; a new one's numbers have no gap, and released ones keep what they stand for.

    Anki makes cards of the deletions in all fields together. What a deck that was taken over has of them is right.
    """
    for note in bank.notes():
        is_adopted = note.note_type.is_adopted
        of_html = (Holds.HTML_CLOZE, *((Holds.HTML,) if is_adopted and note.note_type.is_cloze else ()))
        markdown = [text for _, text in note.each(Holds.CLOZE)]
        html = [text for _, text in note.each(*of_html)]
        texts = [*markdown, *html]
        if not texts:
            continue
        released = _find_released(bank, note)
        for text in markdown:
            if text.document.deletions() or not is_adopted:
                yield from _cloze(text, is_released=released is not None)
        found = [each for text in texts for each in _list_found(text)] if released else []
        if released and (found or is_adopted or not markdown):
            yield from _kept(note, texts[0], found, released)
        # An adopted note may have none that learners have: they keep what they have of it.
        is_free = is_adopted and not is_new(bank, note)
        if not is_free and not markdown and not _deletes_any(html):
            message = "nothing is deleted, so Anki would make no card"
            yield Diagnostic("cloze-without-deletion", html[0].span, message, _DELETE)


def _deletes_any(html: Sequence[MarkdownText]) -> bool:
    """Return whether texts of HTML have a deletion that makes a card."""
    from cardpress.markdown.html_deletions import list_numbers

    return any(list_numbers(text.value) for text in html)


class _Found(NamedTuple):
    """A deletion: its number, the text that it stands in and its place there, and the digest of what it hides."""

    number: int
    text: MarkdownText
    place: Place
    answer: str


def _list_found(text: MarkdownText) -> Iterator[_Found]:
    """Yield the deletions of a text, each as a release records it, and as older ones did."""
    if isinstance(text, HtmlText):
        yield from (_Found(number, text, place, answer) for number, place, answer in digest_html(text.value))
        return
    for deletion in text.document.deletions():
        for form in (False, True):
            yield _Found(deletion.number, text, deletion.place, digest_deleted(deletion, as_before=form))


def check_gaps_alone(bank: Bank) -> Iterator[Diagnostic]:
    """No template shows a gap by itself that is a part of a formula: it would be LaTeX, as typed."""
    alone = {kind: set(_list_alone(note_type)) for kind, note_type in bank.note_types.items()}
    for note in bank.active_notes():
        for field, cloze in note.each(Holds.CLOZE):
            if field.name not in alone.get(note.note_type.kind, ()):
                continue
            for deletion in cloze.document.deletions():
                if any(isinstance(each, Latex) for each in deletion.children):
                    message = f"`{{{{cloze-only:{field.name}}}}}` shows this gap without its formula, as LaTeX"
                    whole = f"`{{{{c{deletion.number}::\\(…\\)}}}}`"
                    hint = f"put the whole formula into it, {whole}; or show `{{{{cloze:{field.name}}}}}`"
                    yield Diagnostic("deletion-in-formula", cloze.find(deletion.place), message, hint)


def _list_alone(note_type: NoteType) -> Iterator[str]:
    """Yield the names of the fields of which a template shows the gaps alone."""
    for file in chain.from_iterable((card.front, card.back) for card in note_type.cards):
        if file is not None:
            yield from (tag.field for tag in list_tags(file.text) if "cloze-only" in tag.filters)


def _find_released(bank: Bank, note: Question) -> NoteRecord | None:
    """Return the record of a cloze note that learners have, None for one that is new or was of another kind."""
    if bank.history is None or bank.history.deck is None or bank.info is None:
        return None
    record = bank.history.notes.get(note.identify(bank.info.id.value))
    return record if record and record.kind == note.note_type.kind and record.deletions else None


def _kept(note: Question, cloze: MarkdownText, found: Sequence[_Found], released: NoteRecord) -> Iterator[Diagnostic]:
    """Each released number is still there, and no other one has taken over what it asked for.

    A number is the identity of a card: under another number, a learner's schedule would go on with another answer.
    """
    now: dict[int, set[str]] = {}
    places: dict[str, dict[int, _Found]] = {}  # where each answer is, by the numbers that it has
    for each in found:
        now.setdefault(each.number, set()).add(each.answer)
        places.setdefault(each.answer, {}).setdefault(each.number, each)
    free = max(released.deletions) + 1
    for number, answers in released.deletions.items():
        if now.get(number, set()).isdisjoint(answers):
            moved = _find_moved(answers, places, released)
            if moved or number not in now:
                yield _lost(note, cloze, number, free, moved)


def _find_moved(
    answers: Sequence[str], places: Mapping[str, Mapping[int, _Found]], released: NoteRecord
) -> _Found | None:
    """Return a deletion that hides one of these answers now, under a number that did not hide it when released."""
    for answer in answers:
        for number, found in places.get(answer, {}).items():
            if answer not in released.deletions.get(number, ()):
                return found
    return None


def _lost(note: Question, cloze: MarkdownText, number: int, free: int, moved: _Found | None) -> Diagnostic:
    name = f"`{note.id.value}`"
    if moved:
        message = f"{name} was released with this as c{number}, whose card learners have; it is c{moved.number} now"
        hint = f"write `{{{{c{number}::` here; a new deletion takes a new number, such as c{free}"
        return Diagnostic("released-deletion-moved", moved.text.find(moved.place), message, hint)
    message = f"{name} was released with a c{number}, whose card learners have; it is gone"
    hint = (
        f"put `{{{{c{number}::…}}}}` back, whatever it holds; to ask it no more, retire the note and write a new one "
        f"with another id, such as `{note.id.value}-2`"
    )
    return Diagnostic("released-deletion-missing", cloze.span, message, hint)


def _cloze(cloze: MarkdownText, *, is_released: bool) -> Iterator[Diagnostic]:
    found = cloze.document.deletions()
    forgotten = next((each for each in cloze.document.problems if "`{{c" in each.help), None)
    if not found:
        if not _says_why(cloze):
            message = "nothing is deleted, so Anki would make no card"
            place = cloze.find(forgotten.place) if forgotten else cloze.span
            yield Diagnostic("cloze-without-deletion", place, message, forgotten.help if forgotten else _DELETE)
        return
    for deletion in found:
        if not has_content(deletion.children):
            place = cloze.find(deletion.place)
            yield Diagnostic("cloze-without-deletion", place, "a deletion with nothing in it", _DELETE)
    yield from _too_deep(cloze, found)
    numbers = {deletion.number for deletion in found}
    if len(numbers) > LAST_DELETION or (is_released and max(numbers) > LAST_DELETION):
        message = f"c{max(numbers)}; Anki makes no cards for numbers above {LAST_DELETION}"
        yield Diagnostic("cloze-numbering", cloze.span, message, "make several notes of it")
    wanted = set(range(1, len(numbers) + 1))
    # In a note that was released, a gap is where a number is not used any more, or not yet in this branch. One that was
    # mistyped may be the one that is missing.
    is_mistyped = any(problem.code == "cloze-without-deletion" for problem in cloze.document.problems)
    if numbers != wanted and not is_released and not is_mistyped:
        first = next(deletion for deletion in found if deletion.number not in wanted)
        have = ", ".join(f"c{number}" for number in sorted(numbers))
        message = f"the deletions are numbered {have}: Anki makes a card for each, and a gap is a slip"
        place, hint = cloze.find(first.place), f"write c{min(wanted - numbers)} here"
        if forgotten and forgotten.code == "looks-like-cloze":
            place, hint = cloze.find(forgotten.place), forgotten.help
        yield Diagnostic("cloze-numbering", place, message, hint)


def _says_why(cloze: MarkdownText) -> bool:
    """Return whether a problem of a text without deletions is an error that says why it has none.

    What is only a warning, or may be switched off, must not stand for this error: the note would ship without a card.
    """
    from cardpress.markdown.cloze import OPENING

    has_sign = OPENING.search(cloze.value) is not None
    problems = cloze.document.problems
    return any(each.code in _OF_DELETIONS or (has_sign and each.code in _HIDING_THEM) for each in problems)


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
