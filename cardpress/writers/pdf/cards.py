"""What stands on each printed card: estimated first, then mended by what Typst measures.

An answer has its key points below it. Where they do not fit together, these have a card of their own behind that of the
answer. What cannot be printed as it is written is a warning.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from cardpress.deck.notes import Deck, Note
from cardpress.diagnostics import Diagnostic
from cardpress.note_types import Holds
from cardpress.pdf.typesetting import Overflow
from cardpress.writers.pdf.data import list_field_nodes
from cardpress.writers.pdf.feet import make_foot
from cardpress.writers.pdf.fitting import MOST_CARDS, Printed, Side, make_flow
from cardpress.writers.pdf.formats import Format
from cardpress.writers.pdf.heights import BOLD, JsonObject, Node, is_block
from cardpress.writers.pdf.in_parts import list_letters
from cardpress.writers.pdf.narrowing import narrow

# Notes that are measured together.
_GROUP = 200
# Points. The size of a question's name on its further cards, as `flashcards.typ` has it.
_NAME = 11.0
# A last page with no more than this share of its cards is saved, if notes can be pressed onto fewer. So many times that
# is tried.
_FEW = 0.25
_ROUNDS = 3


class Cards:
    """The cards of a deck's notes. They start from an estimate; `refine` changes those that did not fit."""

    def __init__(self, deck: Deck, data: JsonObject, form: Format, *, of_recall: bool = False) -> None:
        self.data = data
        self.of_recall = of_recall
        self.form = form
        self.notes = {each.id: each for note in deck.notes() for each in (note, *note.recall)}
        self._entries = [
            (section, [entry for made in section["notes"] for entry in _list_entries(made)])
            for section in data["sections"]
        ]
        self.keys = [entry["key"] for _, entries in self._entries for entry in entries]
        self._rounds = 0
        self._sides = {
            (entry["key"], side): _front(entry, form) if side == "front" else _back(entry, form)
            for _, entries in self._entries
            for entry in entries
            for side in ("front", "back")
        }

    def refine(self, found: Iterable[Overflow]) -> frozenset[str]:
        """Change the sides that did not fit. Return the ids of the notes for which something is left to try."""
        needs: dict[tuple[str, str], dict[int, float]] = {}
        for note_id, part, side, need in found:
            needs.setdefault((note_id, side), {})[part] = need
        # A template of an older deck's knows no cards but a note's only one.
        changed = {key: self._sides[key].refine(of_parts) for key, of_parts in needs.items() if key in self._sides}
        return frozenset(key for (key, _), has_changed in changed.items() if has_changed)

    def fill(self) -> frozenset[str]:
        """Save the few cards that would be alone on a last page. Return the notes to measure, none when that is done.

        Where too few notes can be pressed onto fewer cards, all stay as they were.
        """
        rest = sum(self._count(key) for key in self.keys) % (self.form.across * self.form.down)
        pressed: list[str] = []
        if 0 < rest <= _FEW * self.form.across * self.form.down and self._rounds < _ROUNDS:
            self._rounds += 1
            for key in sorted(self.keys, key=self._count, reverse=True):
                front, back = self._sides[key, "front"], self._sides[key, "back"]
                if rest > 0 and front.count < (before := back.count) and back.press():
                    rest -= before - max(front.count, back.count)
                    pressed.append(key)
        if rest > 0:
            for side in self._sides.values():
                side.pressed = None
        return frozenset(pressed) if rest <= 0 else frozenset()

    def _count(self, key: str) -> int:
        return max(self._sides[key, "front"].count, self._sides[key, "back"].count)

    def list_groups(self) -> list[frozenset[str]]:
        """Return the ids of all notes in groups to measure, each of as many as are measured together."""
        groups: list[list[str]] = [[]]
        for _, entries in self._entries:
            for start in range(0, len(entries), _GROUP):
                some = [entry["key"] for entry in entries[start : start + _GROUP]]
                if len(groups[-1]) + len(some) > _GROUP:
                    groups.append([])
                groups[-1] += some
        return [frozenset(group) for group in groups if group]

    def data_to_measure(self, keys: frozenset[str]) -> JsonObject:
        """Return the data for the template, in which each card is a note, to measure the notes with some keys.

        Cards that surely fit are left out.
        """
        sections = [
            {
                **section,
                "notes": [
                    card
                    for entry in entries
                    if entry["key"] in keys
                    for card in self._cards(entry, section["title"], measures=True)
                ],
            }
            for section, entries in self._entries
        ]
        return {**self.data, "sections": sections, "cards": self._describe(measures=True)}

    def list_parts(self, pages: int) -> list[JsonObject]:
        """Return the data to set all cards, in parts of so many pages of fronts. Several have the letters of all.

        What is on a page is in one part, and pages are full but for the last.
        """
        cards = [
            (index, card)
            for index, (section, entries) in enumerate(self._entries)
            for entry in entries
            for card in self._cards(entry, section["title"])
        ]
        size = pages * self.form.across * self.form.down
        slices = [cards[start : start + size] for start in range(0, len(cards), size)] or [[]]
        letters = list_letters(json.dumps([card for _, card in cards], ensure_ascii=False)) if len(slices) > 1 else ""
        made = []
        for some in slices:
            sections = [
                {**section, "notes": [card for number, card in some if number == index]}
                for index, (section, _) in enumerate(self._entries)
            ]
            made.append({**self.data, "sections": sections, "cards": self._describe(letters=letters)})
        return made

    def _describe(self, *, measures: bool = False, letters: str = "") -> JsonObject:
        return {**self.form.describe(), "of-recall": self.of_recall, "measures": measures, "letters": letters}

    def _cards(self, note: JsonObject, section: str, *, measures: bool = False) -> Iterator[JsonObject]:
        front, back = self._sides[note["key"], "front"], self._sides[note["key"], "back"]
        count = self._count(note["key"])
        foot = make_foot(note, section, count, self.form.width)
        (name,) = narrow([note["short"]], self.form.width / _NAME, self.form.width / _NAME).nodes
        sides = zip_longest(front.print_parts(), back.print_parts(), fillvalue=Printed())
        for number, both in enumerate(sides, 1):
            asked, told = (side._replace(nodes=()) if measures and side.fits else side for side in both)
            # A front without a text names its question.
            if measures and both[0].nodes and asked.fits and told.fits:
                continue
            yield {
                **{key: each for key, each in note.items() if key != "lead"},
                "question": asked.nodes,
                "answer": told.nodes,
                "short": name,
                "about": told.about,
                # Points are in the answer. A project's own template of an older version would add them.
                "fit": {"front": {"size": asked.size}, "back": {"size": told.size, "points": False}},
                "foot": foot,
                "part": number,
                "parts": count,
            }

    def problems(self) -> Iterator[Diagnostic]:
        """Yield a warning for each text that is not printed as it is written."""
        ids = {entry["key"]: entry for _, entries in self._entries for entry in entries}
        for (entry_key, side), state in self._sides.items():
            note_id, number = ids[entry_key]["id"], ids[entry_key]["number_of_card"]
            note = self.notes[note_id]
            shown = note.note_type.asked if side == "front" else note.note_type.answered
            if number is not None:
                card = next(each for each in note.cards() if each.number == number)
                shown = tuple(field for field, _ in (card.asked if side == "front" else card.answered))
            key = next((each.key for each in (*shown, *note.note_type.known_by) if each.key in note.places), "id")
            place = note.places[key]
            is_cut = any(flow.is_cut for flow in state.flows)
            if all(flow.about or not flow.is_cut for flow in state.flows):  # key points by themselves
                key = next((each.key for each, _ in note.each(Holds.LINES) if is_cut), key)
            if any(flow.in_words for flow in state.flows) and not is_cut:
                message = f"a part of the {key} of `{note_id}` fits no printed card: its words are printed in its place"
                yield Diagnostic("card-overflow", place, message, "write it as shorter lines, or as a list")
            if is_cut:
                message = f"the {key} of `{note_id}` is longer than {MOST_CARDS} printed cards, and cut off there"
                yield Diagnostic("card-overflow", place, message, _shorter(note, key))


def _shorter(note: Note, key: str) -> str:
    """Return the help line for a text that is too long."""
    lists = [each.key for each in note.note_type.keyed if each.holds is Holds.LINES]
    if key not in lists and any(each in note.contents for each in lists):  # which may be what is too long
        return f"shorten `{key}` and `{lists[0]}`"
    return f"shorten `{key}`" + (f"; what explains it can go to `{lists[0]}`" if lists and key not in lists else "")


def _list_entries(note: JsonObject) -> Iterator[JsonObject]:
    """Yield what is printed on cards of their own: the note, or each of its cards. Each has a key of its own."""
    if "sides" not in note:
        yield {**note, "key": note["id"], "card": None, "number_of_card": None}
    for side in note.get("sides", ()):
        yield {
            **{key: each for key, each in note.items() if key != "sides"},
            "key": f"{note['id']}:{side['card']}",
            "card": side["name"],
            "number_of_card": side["card"],
            "question": side["question"],
            "answer": side["answer"],
            "short": side["short"],
            "fields": [],
        }


def _front(data: JsonObject, form: Format) -> Side:
    return Side([[make_flow(data["question"], form.front, form, is_bold=True)]], BOLD)


def _back(data: JsonObject, form: Format) -> Side:
    if data["number_of_card"] is not None:
        return Side([[make_flow(data["answer"], form.back, form)]])
    # What answers in another way than by a text is printed in its place.
    answer = data["answer"] or [node for each in data["fields"] for node in list_field_nodes(each)]
    answer = data.get("lead") or answer
    lists = [each for each in data["fields"] if each["holds"] == Holds.LINES and each["value"]]
    if not lists or not data["answer"]:
        return Side([[make_flow(answer, form.back, form)]])
    points = {"t": "ticks", "c": [{"t": "li", "c": line} for each in lists for line in each["value"]]}
    about = lists[0]["label"] if len(lists) == 1 else None
    whole = [*_put_in_paragraphs(answer), points]
    return Side(
        [
            [make_flow(whole, form.with_points, form, whole=True)],
            # Each of the two can be asked and answered by itself.
            [make_flow(answer, form.back, form, whole=True), make_flow([points], form.points, form, about=about)],
            # Behind an answer that is longer than a card they follow at once.
            [make_flow(whole, form.with_points, form)],
        ]
    )


def _put_in_paragraphs(nodes: Sequence[Node]) -> Sequence[Node]:
    return nodes if all(map(is_block, nodes)) else [{"t": "p", "c": nodes}]
