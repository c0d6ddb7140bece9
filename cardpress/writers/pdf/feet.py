"""What stands at the foot of a printed card."""

from __future__ import annotations

from cardpress.writers.pdf.heights import BOLD, BREAK, JsonObject, advance, advances

# Behind a text that is cut.
_MISSING = "…"
# The size of a card's foot, in points, and what stands between its parts, and around its number, in ems.
_FOOT_SIZE = 6.5
# How much narrower than the estimate words are; a template cuts off what is not.
_LOOSE = 1.12
_BETWEEN = 1.5
_NUMBER = 1.6
# How much of a line may be taken by the estimate so that nothing has to be measured.
_SURE = 0.95


def make_foot(note: JsonObject, section: str, parts: int, width: float) -> JsonObject:
    """Return what stands at the foot of a note's cards, cut where a line of `width` points has no room for it.

    The section's title goes before the words of the question, which tell on a back what is in front of it.
    """
    room = _LOOSE * width / _FOOT_SIZE
    number = None if note["number"] is None else str(note["number"])
    room -= sum(advances(number)) + _NUMBER if number else 0
    room -= 7 if parts > 1 else 0
    card = _shorten(note["card"], room * 0.4) if note["card"] else None
    room -= sum(advances(card)) + _BETWEEN if card else 0
    title = _shorten(section, (room - _BETWEEN) / BOLD)
    room -= sum(advances(title)) * BOLD + _BETWEEN
    name = _shorten(note["short"].replace(BREAK, ""), room) if room > 6 and note["is_said"] else ""
    words = [each for each in (card, name) if each]
    told = sum(sum(advances(each)) + _BETWEEN for each in words) + (7 if parts > 1 else 0)
    told += sum(advances(number)) + _NUMBER if number else 0
    # The estimate is careful: what it has room for is not cut.
    fits = told + _BETWEEN + sum(advances(title)) * BOLD <= _SURE * width / _FOOT_SIZE
    return {"number": number, "card": card, "section": title, "name": name, "fits": fits}


def _shorten(text: str, room: float) -> str:
    """Return a text as far as a line has room for it."""
    if sum(advances(text)) <= room:
        return text
    used = 0.8
    for index, character in enumerate(text):
        used += advance(character)
        if used > room:
            return text[:index].rstrip() + _MISSING
    return text
