"""What a deck holds at a glance: counts, what its version brought, and a few notes to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cardpress.deck.listing import cut
from cardpress.deck.notes import Deck, DeckSection, Note, RichText, is_heard_alone
from cardpress.markdown.tree import CodeBlock, List, Picture, Sound, Table

# Notes that are shown, and characters of what they ask and answer.
_MOST_SAMPLES = 4
_LONGEST_QUESTION = 160
_LONGEST_ANSWER = 280


@dataclass(frozen=True, slots=True)
class News:
    """How many notes are new, changed and retired in the deck's version."""

    new: int
    changed: int
    retired: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A note in plain words: what it asks, and the answer, empty where there are none. `section` is its index.

    `language` and `answer_language` are those of the texts, empty for the deck's.
    """

    asked: str
    answer: str
    section: int
    language: str = ""
    answer_language: str = ""


def count_questions(section: DeckSection) -> int:
    """Return how many questions a section has."""
    return len(section.notes)


def count_cards(deck: Deck) -> int:
    """Return how many cards Anki makes of a deck."""
    return sum(len(each.cards()) for note in deck.notes() for each in (note, *note.recall))


def find_news(deck: Deck) -> News | None:
    """Return what the deck's version brought; None when it is the first, or brought nothing."""
    notes = [each for note in deck.notes() for each in (note, *note.recall)]
    retired = [each.note for section in deck.sections for each in section.retired]
    now = [each for each in notes if each.stamp.version == deck.version]
    if len(now) == len(notes) and not retired:
        return None
    changed = sum(each.guid in deck.updated for each in now)
    gone = sum(each.stamp.version == deck.version for each in retired)
    found = News(len(now) - changed, changed, gone)
    return found if found.new or found.changed or found.retired else None


def choose_samples(deck: Deck) -> tuple[Sample, ...]:
    """Return the first notes that words alone can show, of as many sections as there are, in the deck's order."""
    by_section = [
        [sample for note in section.notes if (sample := _show(note, index, deck.language))]
        for index, section in enumerate(deck.sections)
    ]
    chosen: list[tuple[int, int]] = []
    for place in range(_MOST_SAMPLES):
        chosen += [(index, place) for index, samples in enumerate(by_section) if place < len(samples)]
        if len(chosen) >= _MOST_SAMPLES:
            break
    return tuple(by_section[index][place] for index, place in sorted(chosen[:_MOST_SAMPLES]))


def _show(note: Note, section: int, language: str) -> Sample | None:
    """Return a note in words; None for one that words alone do not show, or that has no short answer."""
    asked = note.asked.one_line
    answer = next(_list_answers(note), None)
    # The gaps of a cloze text have their answers in them.
    is_shown = asked and _is_words(note.asked) and _is_running(note.asked) and len(asked) <= _LONGEST_QUESTION
    if not is_shown or answer is None or note.occlusion or note.note_type.is_cloze:
        return None
    core = None if note.note_type.is_adopted else answer.headline(language, sentence=True)
    shown = core[0] if core else answer
    if not _is_running(shown):
        return None
    words = cut(shown.plain, _LONGEST_ANSWER)
    return Sample(asked, words, section, note.asked.language, answer.language) if words else None


def _list_answers(note: Note) -> Iterator[RichText]:
    """Yield the texts that answer the note's first card and that words alone can show."""
    first = [note.answer] if note.answer else []
    texts = (content for _, content in note.back() if isinstance(content, RichText))
    yield from (text for text in (*first, *texts) if text.plain and _is_words(text))


def _is_running(text: RichText) -> bool:
    """Return whether a text is the same in one line: cells, items and code would run together there."""
    return not any(isinstance(node, Table | List | CodeBlock) for node in text.document.walk())


def _is_words(text: RichText) -> bool:
    if text.raw or text.has_formulas() or is_heard_alone(text):
        return False
    return not any(isinstance(node, Picture | Sound) for node in text.document.walk())
